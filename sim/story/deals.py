"""What became of one deal: who talked, what was promised, who left and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from .decisions import account_of
from .joining import follow, joining
from .known import NOTHING, Known
from .opening import begun_name
from .order import LAPSED, ceases, in_telling_order
from .reasons import in_words, reason_named
from .sentences import YEAR, agreement_words
from .wording import (
    Event,
    amount,
    deal_of,
    duration,
    joined,
    money,
    quarter_name,
    records,
    scope_words,
    text,
)

if TYPE_CHECKING:
    import pandas as pd

OUTSIDE = (
    "considers", "approaches", "refuses", "learns", "control_changes", "leader_falls",
    "chief_leaves", "chief_found", "in_distress", "stance", "abolished", "announced", "promises",
    "overruled",
)  # fmt: skip
"""The kinds of event that do not make anybody a member of a deal."""

Past = Callable[[Event, str], str]

PAST: dict[str, Past] = {
    "walks_away": lambda event, who: f"{who} {'dropped out' if ceases(event) else 'walked away'}",
    "votes_no": lambda event, who: f"{who} voted against",
    "signs": lambda event, who: f"{who} {'signed' if joining(event) is None else 'joined'}",
    "leaves": lambda event, who: f"{who} left{_at_a_cost(event)}",
    "talks_fail": lambda event, who: _talks_over(event),
    "ends": lambda event, who: f"The agreement ended{_after_years(event)}",
    "merges": lambda event, who: "The members merged",
}


def members(event: Event) -> list[str]:
    """Return the codes of the councils that an event shows to be members of its deal."""
    kind = text(event, "kind")
    keys = () if kind in OUTSIDE else ("other",) if kind == "merges" else ("council", "other")
    return [code for code in (text(event, key) for key in keys) if code]


def failed_deal(
    events: pd.DataFrame, names: Mapping[str, str], agreement: int, *, known: Known = NOTHING
) -> str:
    """Return a short paragraph on a deal: who, what, how long, what was promised, who left and why.

    Parameters: the event table of one run, the names of councils by code, the number of the deal,
    and what is known beside the events. A deal that was signed is told to its end; one that has not
    failed is said to go on.
    """
    told_of = in_telling_order(follow(records(events), known))
    rows = [row for row in told_of if deal_of(row) == agreement]
    if not rows:
        return f"No deal in this run has the number {agreement}."
    kinds = {text(row, "kind") for row in rows}
    told = [_opening(rows, names), _study(rows), _promise(rows, names)]
    told += steps_in(rows, names, known)
    if not kinds & {"talks_fail", "ends", "merges"}:
        told.append("It had not failed when the record stops.")
    return " ".join(part for part in told if part)


def _opening(rows: Sequence[Event], names: Mapping[str, str]) -> str:
    who = [names.get(code, code) for code in dict.fromkeys(c for row in rows for c in members(row))]
    partners = f" with {joined(who[1:])}" if who[1:] else ""
    failed = [amount(row, "value") for row in rows if text(row, "kind") == "talks_fail"]
    lasted = f" for {duration(failed[0])}" if failed and failed[0] is not None else ""
    scoped = next((row for row in rows if text(row, "scope")), rows[0])
    signed = any(text(row, "kind") == "signs" for row in rows)
    about = scope_words(scoped) if signed else what_about(scoped, names)
    subject = f"{who[0] if who else 'A council'} talked{partners} about {about}"
    return f"{begun_name(rows[0])}: {subject}{lasted}."


def what_about(event: Event, names: Mapping[str, str]) -> str:
    """Return what talks are about: a scope, or joining an agreement that is at work."""
    joins = joining(event)
    if joins is None or text(event, "kind") == "signs":
        return scope_words(event)
    return f"joining {agreement_words(event, joins, names)}"


def _study(rows: Sequence[Event]) -> str:
    paid = sum(amount(row, "value") or 0.0 for row in rows if text(row, "kind") == "study_grant")
    return f"Government paid {money(paid)} for the study." if paid > 0 else ""


def _promise(rows: Sequence[Event], names: Mapping[str, str]) -> str:
    """Return what the last business case promised each member, and what each thought itself."""
    cases = {text(row, "council"): row for row in rows if text(row, "kind") == "business_case"}
    parts = []
    for code, case in cases.items():
        promise, own = amount(case, "value"), amount(case, "more")
        if promise is None:
            continue
        thought = "" if own is None else f" (its own estimate was {money(own)} a year)"
        parts.append(f"{names.get(code, code) or 'a council'} {money(promise)} a year{thought}")
    if parts:
        return f"The business case promised {joined(parts)}."
    return "" if cases else "It never came to a business case."


def steps_in(rows: Sequence[Event], names: Mapping[str, str], known: Known) -> list[str]:
    """Return who signed, left or voted against, and what ended the deal; a merger is told once."""
    told: list[str] = []
    for row in rows:
        code = text(row, "council")
        past = PAST.get(text(row, "kind"))
        if past is None:
            continue
        body = past(row, names.get(code, code) or "A council")
        why = in_words(account_of(row, known))
        told.append(f"{body} ({quarter_name(row)}){reason_named(row)}{f' ({why})' if why else ''}.")
    return list(dict.fromkeys(told))


def _talks_over(event: Event) -> str:
    lapsed = event.get(LAPSED) is True
    return "The talks came to nothing" if lapsed else "The talks ended without an agreement"


def _at_a_cost(event: Event) -> str:
    cost = amount(event, "value")
    return f" at a cost of {money(cost)}" if cost else ""


def _after_years(event: Event) -> str:
    years = amount(event, "value")
    return "" if years is None else f" after {duration(years * YEAR)}"
