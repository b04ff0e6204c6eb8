"""How one deal stands at a date, in words: under way, at work, or as `why` tells its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..core import state as s
from ..story.deals import members, steps_in, what_about
from ..story.known import Known
from ..story.opening import begun_name
from ..story.wording import Event, amount, joined, money, scope_words, text

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
    """A deal that was signed before the run began: about what, and between whom."""

    scope: str
    who: tuple[str, ...]
    before: str  # the day on which the run begins
    agreed: bool = False  # and was not yet at work on it

    @property
    def stood(self) -> str:
        """What its members had done by then."""
        what = scope_words({"scope": self.scope})
        if self.agreed:
            return f"had agreed on {what} and were setting it up"
        return f"were at work on {what} already"


def under_way(rows: Rows, names: Mapping[str, str], now: Stands, known: Known) -> str:
    """Return how a deal stands that was begun in this run and lives."""
    last = next((row for row in reversed(rows) if text(row, "scope")), rows[0])
    who = joined([names.get(code, code) for code in now.who])
    signed = now.stage >= s.TRANSITION
    about = (
        f"have an agreement on {scope_words(last)}"
        if signed
        else f"are in talks about {what_about(last, names)}"
    )
    opening = f"{who} {about}"
    begun = f"the talks began in {begun_name(rows[0])}"
    told = [f"{opening}; {begun}.", _promises(rows, names, now.who, signed),
            *steps_in(rows, names, known)]  # fmt: skip
    return " ".join(part for part in [*told, NOW.get(now.stage, "")] if part)


def founded(
    rows: Rows, names: Mapping[str, str], deal: Founded, now: Stands | None, known: Known
) -> str:
    """Return what became of a deal that was signed when the run began."""
    who = joined([names.get(code, code) for code in deal.who])
    told = [f"{who} {deal.stood} when this run began, on {deal.before}."]
    told += steps_in(rows, names, known)
    if now is not None:
        left = set(now.who) != set(deal.who)
        still = f"In it now: {joined([names.get(code, code) for code in now.who])}." if left else ""
        told += [still, NOW.get(now.stage, "")]
    return " ".join(part for part in told if part)


def over(rows: Rows, names: Mapping[str, str], known: Known) -> str:
    """Return what became of talks that ended neither in failure nor in a deal of their own."""
    who = list(dict.fromkeys(code for row in rows for code in members(row)))
    first = next((row for row in rows if text(row, "scope")), rows[0])
    about = what_about(first, names)
    begun = f"the talks began in {begun_name(rows[0])}"
    told = [f"{joined([names.get(code, code) for code in who])} talked about {about}; {begun}."]
    told += steps_in(rows, names, known)
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
