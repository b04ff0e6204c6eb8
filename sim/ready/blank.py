"""The arrays of a world in which nothing has happened yet."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core import state as s
from ..core.world import World
from ..country.councils import Councils
from ..declared.scenario import Scenario


def records(count: int, kind: np.dtype) -> Any:
    """Return `count` blank records of a kind, whose fields can be read as attributes."""
    return np.zeros(count, dtype=kind).view(np.recarray)


def new_deals(rows: int) -> dict[str, Any]:
    """Return an empty book of deals with room for so many."""
    return {
        "deals": records(rows, s.DEAL),
        "live": np.zeros(rows, dtype=np.int64),
        "free": np.arange(rows)[::-1].copy(),
    }


def more_deals(world: World, rows: int) -> dict[str, Any]:
    """Return a copy of a book of deals with room for so many, at least as many as it had.

    Rows that are not in use stay as they are in a new book: untouched memory costs nothing.
    """
    book, had = new_deals(rows), len(world.deals)
    used = int(world.tally[0].counts[s.LIVE])
    live = world.live[:used]
    book["deals"][live], book["live"][:used] = world.deals[live], live
    book["free"][: rows - had] = np.arange(rows - 1, had - 1, -1)
    book["free"][rows - had : rows - used] = world.free[: had - used]
    return book


def new_roll(table: Councils, most: int) -> Any:
    """Return the roll of all councils there can ever be, with those of the first day on it."""
    roll, count = records(most, s.ROLL_ENTRY), len(table.code)
    roll.tier[:count] = table.tier
    roll.successor = np.arange(most)
    roll.row[:count] = np.arange(count)
    roll.group = s.NOBODY
    return roll


def new_tally(scenario: Scenario, count: int) -> Any:
    """Return the counts of the first day."""
    tally = records(1, s.TALLY)
    tally.counts[0, s.ROLL] = count
    tally.start_year = scenario.start.year
    tally.mandate = s.NOBODY
    return tally


def new_scratch(count: int, pairs: int, width: int) -> dict[str, np.ndarray]:
    """Return the arrays in which rules work, which say nothing of the first day."""
    return {
        "terms": np.zeros(s.TERMS),
        "options": np.zeros(count),
        "calls": np.zeros((count, 3), dtype=np.int64),
        "chance": np.zeros(count),
        "root": np.zeros(count, dtype=np.int64),
        "first": np.zeros(count, dtype=np.int64),
        "partners": np.zeros((count, s.NEAR_MOST), dtype=np.int32),
        "bonds": np.zeros((count, s.NEAR_MOST), dtype=np.int32),
        "linked": np.zeros(count, dtype=np.int64),
        "traits": np.zeros((count, s.TRAITS)),
        "trusted": np.zeros(pairs),
        "names": np.zeros(width, dtype=np.int64),
        "draws": np.zeros(width),
        "trusting": np.zeros(pairs),
        "signs": np.zeros((count, s.SIGNS_SEEN)),
    }
