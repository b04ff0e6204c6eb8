"""The account of a decision as it is drawn: bars by group from a middle line, luck last."""

from __future__ import annotations

from typing import Any

from ..story.decisions import LEAST, Decision, Push
from ..story.reasons import APART, name_of, number, summed, verdict_of, worth_a_word
from ..story.wording import capital

ROWS = 5
"""So many bars are drawn before somebody asks for all, luck among them."""


def bars_of(account: Decision | None) -> dict[str, Any] | None:
    """Return what is drawn of an account, plain for JSON; None where nothing was weighed.

    `ends` are the words left and right, `most` the longest bar, `sum` what all came to, `verdict`
    how near it was, if that is worth a sentence; `open` says that it stopped something, and so is
    drawn before anybody asks. Each of the `rows` has its words
    (`said`), its push, the push as it is written, its parts in words, and where it is so: `more`
    (drawn on demand), `aside`, `luck`. The leading group comes first, luck last.
    """
    if account is None or account.given:
        return None
    groups = [g for g in account.groups if g.key == account.lead or abs(g.push) >= LEAST]
    luck = not account.by_rate
    room = ROWS - luck
    rows = [_row(group, more=place >= room) for place, group in enumerate(groups)]
    if luck:
        rows.append(_bar("luck", account.luck) | {"luck": True})
    if not rows:
        return None
    verdict = verdict_of(account)
    return {
        "ends": list(account.rule.ends),
        "most": round(max(LEAST, *(abs(row["push"]) for row in rows)), 3),
        "rows": rows, "sum": f"{capital(summed(account))}.",
    } | ({"open": True} if account.rule.stops else {}) | (
        {"verdict": f"{capital(verdict)}."} if verdict else {})  # fmt: skip


def _row(group: Push, *, more: bool) -> dict[str, Any]:
    parts = worth_a_word(group)
    row = _bar(name_of(group), group.push)
    if len(parts) > 1:
        row["parts"] = ", ".join(f"{part.words} {number(part.push)}" for part in parts)
    if group.aside:
        row |= {"aside": True, "said": f"{APART}: {row['said']}"}
    return row | ({"more": True} if more else {})


def _bar(said: str, push: float) -> dict[str, Any]:
    return {"said": said, "push": round(push, 3), "number": number(push)}
