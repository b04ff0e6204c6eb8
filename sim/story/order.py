"""The steps of a run in the order in which they are told, and what a step cannot know by itself.

The record has them in the order of the reckoning: a merger stands after the talks that it ends,
and talks that nobody broke off stand there as if their leader had. Both are put right here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from .wording import Event, amount, deal_of, text

Row = dict[Any, Any]
CONSEQUENCES = ("reorganisation", "merger")
"""The reasons of what ends because councils become one."""
LAPSED = "lapsed"
"""The mark of talks that end without anybody having broken them off."""


def in_telling_order(rows: Iterable[Row]) -> list[Row]:
    """Return the rows, ordered by quarter, as they are told.

    Councils become one before the talks and agreements that this ends. Talks that came to nothing
    are told once, marked as `lapsed`, and not as their leader's walking away.
    """
    told: list[Row] = []
    for _, quarter in groupby(rows, key=lambda row: amount(row, "quarter")):
        told += _mergers_first(_settled(list(quarter)))
    return told


def lapses(event: Event) -> bool:
    """Return True for the step that ends talks because nobody has the time to go on.

    It is kept as the leader's walking away with one contribution only, stretched managers: who
    walks away by its own choice has weighed more than that.
    """
    value, busy = amount(event, "value"), amount(event, "because_busy")
    if text(event, "kind") != "walks_away" or text(event, "reason") != "people":
        return False
    return value is not None and busy is not None and math.isclose(value, busy, rel_tol=1e-6)


def ceases(event: Event) -> bool:
    """Return True for a council that is out of talks because it became part of another."""
    gone = text(event, "kind") == "walks_away" and text(event, "reason") in CONSEQUENCES
    return gone and amount(event, "value") == 0.0


def _settled(rows: list[Row]) -> list[Row]:
    """Return the rows of a quarter with talks that came to nothing told once."""
    deals = {deal_of(row) for row in rows if lapses(row)} - {None}
    if not deals:
        return rows
    kept = []
    for row in rows:
        if deal_of(row) in deals and text(row, "kind") == "talks_fail":
            kept.append(row | {LAPSED: True})
        elif not lapses(row):
            kept.append(row)
    return kept


def _mergers_first(rows: list[Row]) -> list[Row]:
    """Return the rows of a quarter with each merger before the first step that follows from it."""
    told = list(rows)
    unions = dict.fromkeys(text(row, "council") for row in rows if text(row, "kind") == "merges")
    for union in unions:
        joining = [row for row in told if _joins(row, union)]
        rest = [row for row in told if not _joins(row, union)]
        parents = {text(row, "other") for row in joining}
        place = next((k for k, row in enumerate(rest) if _follows(row, union, parents)), len(rest))
        first = next(k for k, row in enumerate(told) if _joins(row, union))
        if place < first:
            told = rest[:place] + joining + rest[place:]
    return told


def _joins(row: Row, union: str) -> bool:
    return text(row, "kind") == "merges" and text(row, "council") == union


def _follows(row: Row, union: str, parents: set[str]) -> bool:
    """Return True for a step that happens because councils became one."""
    named = {text(row, "council"), text(row, "other")}
    if union in named:
        return True
    return text(row, "reason") in CONSEQUENCES and bool(parents & named)
