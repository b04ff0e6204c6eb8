"""One run as arrays: lived through, or held between two quarters and taken on from there."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from .core import state
from .core.world import World, fresh
from .declared.measures import quarter_dtype
from .errors import whole
from .machine import advance
from .ready.blank import more_deals
from .ready.world import Prepared

SEED_MOST = 2**32 - 1
REPLICATE_MOST = 2**31 - 1
SEED_SHIFT = 32
EVENTS_LEAST = 256
EVENTS_PER_COUNCIL_QUARTER = 5


class Raw(NamedTuple):
    """One run as arrays, up to the beginning of a quarter; nobody writes to them any more."""

    world: World
    record: np.ndarray  # (quarters,) of quarter_dtype; those not yet lived are not a number
    quarter: int  # the next to be lived

    @property
    def happened(self) -> int:
        """How many events there were, whether kept or not."""
        return int(self.world.tally[0].happened)

    @property
    def events(self) -> np.ndarray:
        """The event log, rows of EVENT; empty where it was not kept."""
        kept: np.ndarray = self.world.log[: self.happened]
        return kept


def luck_of(seed: int, replicate: int) -> int:
    """Return the key of all draws of a run.

    Raises:
        InputError: the seed or the replicate is out of range.
    """
    which = whole("replicate", replicate, 0, REPLICATE_MOST)
    return whole("seed", seed, 0, SEED_MOST) | which << SEED_SHIFT


def new_record(quarters: int) -> np.ndarray:
    """Return room for what is measured in so many quarters."""
    kind = _record_kind()  # of floats only, which are filled much faster as what they are
    return np.full(quarters * (kind.itemsize // 8), np.nan).view(kind).view(np.recarray)


@cache
def _record_kind() -> np.dtype:
    """Return the record of a quarter as one whose fields can be read as attributes."""
    return np.dtype((np.record, quarter_dtype()))


def begin(ready: Prepared) -> Raw:
    """Return a run of which nothing has been lived yet."""
    return Raw(ready.blank, new_record(len(ready.theory)), 0)


def go_on(
    raw: Raw, ready: Prepared, *, luck: int, until: int | None = None, events: bool = True
) -> Raw:
    """Return a run lived on to before quarter `until`, or to its end; `raw` stays as it is.

    When an array turns out too small, the same quarters are lived again with more room.
    """
    until = len(ready.theory) if until is None else until
    rows, room = len(raw.world.deals), _room_for_events(ready) if events else 0
    while True:
        world = _with_room(raw, rows, max(room, raw.happened if events else 0))
        lived = Raw(world, raw.record.copy().view(np.recarray), until)
        advance(world, ready.theory, luck, raw.quarter, until, lived.record)
        if world.tally[0].counts[state.FULL] == 1:
            rows *= 2
        elif events and lived.happened > len(world.log):
            room = lived.happened
        else:
            return lived


def _room_for_events(ready: Prepared) -> int:
    quarters, councils = len(ready.theory), len(ready.table.code)
    return EVENTS_LEAST + EVENTS_PER_COUNCIL_QUARTER * quarters * councils


def _with_room(raw: Raw, rows: int, room: int) -> World:
    """Return a copy of the world that may be written, with room for so many deals and events."""
    log = np.empty(room, state.EVENT).view(np.recarray)  # each is written before it is read
    kept = raw.events[:room]
    log[: len(kept)] = kept
    return fresh(raw.world, log=log, **more_deals(raw.world, rows))


def run_arrays(ready: Prepared, *, luck: int, events: bool = True) -> Raw:
    """Live through a whole scenario."""
    return go_on(begin(ready), ready, luck=luck, events=events)
