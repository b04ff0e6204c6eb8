"""What two councils had to do with each other, with what decided each step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from .deals import members
from .decisions import BECAUSE, KINDS, LEFT_OUT, Decision, account_of
from .joining import follow
from .known import NOTHING, Known
from .order import in_telling_order
from .reasons import HOW_TO_READ, in_words
from .sentences import sentence
from .wording import Event, amount, capital, count, deal_of, joined, quarter_name, records, text

if TYPE_CHECKING:
    import pandas as pd

PARTS = ("walks_away", "votes_no", "leaves")
"""What takes a council out of a deal."""

AFTERWARDS = ("votes_yes", "votes_no", "talks_fail", "learns", "survives", "ends")
"""What still concerns two councils in the quarter in which one of them left their deal."""


class Step(NamedTuple):
    """One step of a history: the dated sentence, and the account where it was a decision."""

    quarter: int | None  # None where it has no date
    said: str
    account: Decision | None = None
    deal: int | None = None  # which deal it is about, if any

    @property
    def line(self) -> str:
        """The sentence with the account in words."""
        why = in_words(self.account)
        return f"{self.said} {capital(why)}." if why else self.said


def pair_history(
    events: pd.DataFrame, names: Mapping[str, str], a: str, b: str, *, known: Known = NOTHING
) -> list[str]:
    """Return all that two councils had to do with each other, one dated line a step.

    Parameters: the event table of one run, the names of councils by code, two codes, and what is
    known beside the events. Told are the steps from one to the other and what happened in deals
    while both were members, with what decided each; a pair that never met gets one sentence.
    """
    steps = pair_steps(events, names, a, b, known=known)
    lines = [step.line for step in steps]
    weighed = any(str(name).startswith(BECAUSE) for name in events)
    if not weighed and events["kind"].isin([*KINDS]).any():
        return [*lines, f"What decided each step is not told: these events were {LEFT_OUT}."]
    return [*lines, HOW_TO_READ] if any(step.account for step in steps) else lines


def pair_steps(
    events: pd.DataFrame, names: Mapping[str, str], a: str, b: str, *, known: Known = NOTHING
) -> list[Step]:
    """Return the same steps, each with its account, and not how to read the numbers."""
    if a == b:
        return [Step(None, f"{names.get(a, a)} is one council; a history needs two.")]
    rows = in_telling_order(follow(records(events), known))
    steps = _steps(rows, {a, b})
    if not steps:
        return [Step(None, _never_met(rows, names, a, b))]
    return [_told(step, names, known) for step in steps]


def _told(step: Event, names: Mapping[str, str], known: Known) -> Step:
    quarter = amount(step, "quarter")
    said = f"{quarter_name(step)}: {sentence(step, names)}"
    when = None if quarter is None else int(quarter)
    return Step(when, said, account_of(step, known), deal_of(step))


def _steps(rows: Sequence[Event], pair: set[str]) -> list[Event]:
    """Return the events that concern both, following who is in which deal at the time."""
    inside: dict[int, set[str]] = defaultdict(set)
    parted: dict[int, float | None] = {}
    fates = _common_fates(rows, pair)
    steps = []
    for row in rows:
        kind, council, deal = text(row, "kind"), text(row, "council"), deal_of(row)
        concerns = pair <= {council, text(row, "other")} or _fate(row) in fates
        if deal is not None:
            inside[deal].update(members(row))
            together = pair <= inside[deal]
            touched = not pair.isdisjoint({council, text(row, "other")})
            just_parted = deal in parted and parted[deal] == amount(row, "quarter")
            concerns = concerns or together or (kind in AFTERWARDS and touched and just_parted)
            if kind in PARTS:
                parted.update({deal: amount(row, "quarter")} if together else {})
                inside[deal].discard(council)
        if concerns:
            steps.append(row)
    return steps


def _fate(event: Event) -> tuple[str, str]:
    """Return in what way a council ceased to be and what it became part of."""
    kind = text(event, "kind")
    keys = {"merges": "council", "abolished": "other"}
    return kind, text(event, keys[kind]) if kind in keys else ""


def _common_fates(rows: Sequence[Event], pair: set[str]) -> set[tuple[str, str]]:
    """Return the successors that both councils became part of in the same way."""
    gone: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        kind, successor = _fate(row)
        if successor:
            gone[kind, successor].add(text(row, "other" if kind == "merges" else "council"))
    return {fate for fate, councils in gone.items() if pair <= councils}


def _never_met(rows: Sequence[Event], names: Mapping[str, str], a: str, b: str) -> str:
    both = joined([names.get(code, code) for code in (a, b)])
    each = [f"{names.get(code, code)} {_deeds(rows, code)}" for code in (a, b)]
    return f"{both} never met in this run: {'; '.join(each)}."


def _deeds(rows: Sequence[Event], code: str) -> str:
    """Return how often a council approached somebody, talked and signed."""
    mine = [row for row in rows if text(row, "council") == code]
    approaches = sum(text(row, "kind") == "approaches" for row in mine)
    signed = len({deal_of(row) for row in mine if text(row, "kind") == "signs"})
    talks = {
        deal_of(row)
        for row in rows
        if text(row, "kind") in ("talks_begin", "invited") and code in members(row)
    }
    return (
        f"made {count(approaches, 'approach', 'approaches')}, took part in "
        f"{count(len(talks), 'round of talks', 'rounds of talks')} and signed "
        f"{count(signed, 'agreement', 'agreements')}"
    )
