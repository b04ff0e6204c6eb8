"""How one deal stands at a date, in words: under way, at work, or as `why` tells its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..core import state as s
from ..story.deals import PAST, members
from ..story.reasons import in_brackets, main_reason
from ..story.wording import Event, amount, joined, money, quarter_name, scope_words, text

Rows = Sequence[Event]

ENDED = ("talks_fail", "ends", "merges")
NOW = {
    s.STUDY: "So far they talk and study it: there is no business case yet.",
    s.CASE: "The business case is on the table; nobody has voted yet.",
    s.VOTING: "The terms are written, and the councils are about to vote.",
    s.TRANSITION: "It is signed and being set up.",
    s.RUNNING: "It is at work at this date.",
}


class Stands(NamedTuple):
    """A deal that is alive at a date: how far it is, and who is in it, the leader first."""

    stage: int
    who: tuple[str, ...]


class Founded(NamedTuple):
    """A deal that was at work before the run began: about what, and between whom."""

    scope: str
    who: tuple[str, ...]
    before: str  # the day on which the run begins


def under_way(rows: Rows, names: Mapping[str, str], now: Stands) -> str:
    """Return how a deal stands that was begun in this run and lives."""
    first = next((row for row in rows if text(row, "scope")), rows[0])
    who = joined([names.get(code, code) for code in now.who])
    signed = now.stage >= s.TRANSITION
    doing = "have an agreement on" if signed else "are in talks about"
    opening = f"{who} {doing} {scope_words(first)}"
    begun = f"the talks began in {quarter_name(rows[0])}"
    told = [f"{opening}; {begun}.", _promises(rows, names, now.who, signed), *_steps(rows, names)]
    return " ".join(part for part in [*told, NOW.get(now.stage, "")] if part)


def founded(rows: Rows, names: Mapping[str, str], deal: Founded, now: Stands | None) -> str:
    """Return what became of a deal that was at work when the run began."""
    who = joined([names.get(code, code) for code in deal.who])
    what = scope_words({"scope": deal.scope})
    told = [f"{who} were at work on {what} already when this run began, on {deal.before}."]
    told += _steps(rows, names)
    if now is not None:
        left = set(now.who) != set(deal.who)
        still = f"In it now: {joined([names.get(code, code) for code in now.who])}." if left else ""
        told += [still, NOW.get(now.stage, "")]
    return " ".join(part for part in told if part)


def over(rows: Rows, names: Mapping[str, str]) -> str:
    """Return what became of talks that ended neither in failure nor in a deal of their own."""
    who = list(dict.fromkeys(code for row in rows for code in members(row)))
    first = next((row for row in rows if text(row, "scope")), rows[0])
    told = [f"{joined([names.get(code, code) for code in who])} talked about {scope_words(first)}; "
            f"the talks began in {quarter_name(rows[0])}.", *_steps(rows, names)]  # fmt: skip
    if any(text(row, "kind") == "votes_yes" for row in rows):
        told.append("The talks are over: they led into an agreement that was at work already.")
    else:
        told.append("The talks are over.")
    return " ".join(told)


def _promises(rows: Rows, names: Mapping[str, str], who: Sequence[str], signed: bool) -> str:
    """Return what the last business case promises each member, and what each thinks itself."""
    cases = {text(row, "council"): row for row in rows if text(row, "kind") == "business_case"}
    parts = []
    for code in who:
        promise = amount(cases[code], "value") if code in cases else None
        own = amount(cases[code], "more") if code in cases else None
        if promise is not None:
            thought = "" if own is None else f" (its own estimate {money(own)})"
            parts.append(f"{names.get(code, code)} {money(promise)} a year{thought}")
    return f"The business case {'promised' if signed else 'promises'} {joined(parts)}." * bool(
        parts
    )


def _steps(rows: Rows, names: Mapping[str, str]) -> list[str]:
    """Return who left, voted against or signed, when and why."""
    told = []
    for row in rows:
        past, code = PAST.get(text(row, "kind")), text(row, "council")
        if past is not None:
            why = main_reason(row) + ("" if text(row, "kind") == "signs" else in_brackets(row))
            said = past(row, names.get(code, code) or "A council")
            told.append(f"{said} ({quarter_name(row)}){why}.")
    return list(dict.fromkeys(told))
