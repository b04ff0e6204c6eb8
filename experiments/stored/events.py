"""How much of the events of runs a result keeps: all, what happened alone, or nothing.

What was weighed in a decision is nearly all of an event table: contributions are numbers of which
no two are alike, and no way of writing them makes them small. They are left out unless asked for,
since every run can be lived again from its scenario, seed and number, to the bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ...sim.story.decisions import BECAUSE, KINDS as DECISIONS
from ...sim.tables.columns import Column, Columns, Words
from .folder import TABLES

if TYPE_CHECKING:
    from .record import Record

Kept = Literal["all", "happened", "none"]
ALL: Kept = "all"
HAPPENED: Kept = "happened"
NONE: Kept = "none"

AMOUNTS = ("value", "more")
WEIGHED = (*DECISIONS, "business_case")
"""The kinds of event whose amounts are sums of what was weighed, or stand beside them."""
PAIRS = "pairs"
OF_EVENTS = ("events", "agreements", PAIRS, "decisions")
"""The tables that are made of events: none of them is there where no event was kept."""


def thinned(events: Columns, kept: Kept) -> Columns:
    """Return of an event table what a result keeps.

    Without what was weighed: no contributions, and amounts only of kinds that weigh nothing.
    """
    if kept == ALL:
        return {name: _alone(each) for name, each in events.items()}
    kinds = events["kind"]
    assert isinstance(kinds, Words)
    weighed = np.logical_or.reduce([kinds.are(kind) for kind in WEIGHED])
    amounts: Columns = {
        name: np.where(weighed, np.nan, np.asarray(events[name])) for name in AMOUNTS
    }
    plain = {name: _alone(each) for name, each in events.items() if not name.startswith(BECAUSE)}
    return plain | amounts


def _alone(column: Column) -> Column:
    """Return a column that keeps nothing else in memory: not the log of which it may be a part."""
    if isinstance(column, Words):
        return column._replace(places=np.ascontiguousarray(column.places))
    return np.ascontiguousarray(column)


def tables_kept(kept: Kept) -> tuple[str, ...]:
    """Return the tables of a result that keeps so much of its events, in order."""
    return tuple(name for name in TABLES if kept != NONE or name not in OF_EVENTS)


def kept_in(asked: Mapping[str, Any]) -> Kept:
    """Return how much of its events a result keeps, from what was asked of it.

    Earlier versions kept all, and did not say so.
    """
    kept: Kept = asked.get("events", ALL)
    return kept


def in_words(record: Record) -> str:
    """Return in a sentence what of its events a result of runs leaves out; "" for nothing."""
    return LEFT_OUT[kept_in(record.asked)]


LEFT_OUT: dict[Kept, str] = {
    ALL: "",
    HAPPENED: "Events are stored without what was weighed in decisions (councils run --full-events "
    "stores that too); councils story and councils why tell it of any run, which they run again.",
    NONE: "No events were kept (--no-events): so no tables of agreements, of pairs that met and of "
    "what was decided, and no figures of these.",
}
"""What is told of a result."""
AS_ASKED: dict[Kept, str] = {ALL: "--full-events", HAPPENED: "as usual", NONE: "--no-events"}
"""By which option of councils run so much is kept."""
