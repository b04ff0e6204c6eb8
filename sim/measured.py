"""A run of which only what is measured is asked for: the fastest way, with the bits of any other.

All that a run writes lies in one block that is used again and again, so that between two runs
nothing is allocated: what was there on the first day is copied into it, and the rules are called.
"""

from __future__ import annotations

import ctypes
import threading
from typing import NamedTuple

import numpy as np

from .core import state
from .core.world import FIELDS, SCRATCH, SLOTS, World, assemble, with_arrays
from .machine import advance
from .ready.blank import more_deals
from .ready.world import Prepared
from .running import Raw, new_record

LINE = 64
"""Bytes of a line of the processor's memory; each array begins on one."""
LARGEST = 1_000_000_000
"""Bytes of the largest block that is kept for the next run."""
NOT_READ = (*SCRATCH, "deals", "live")
"""What no rule reads before it is written: a deal is wiped when its row is taken into use."""

AT_THE_END = ("councils", "roll", "tally")
"""The arrays of which the table of councils is made."""


class Arena(NamedTuple):
    """Room for the arrays of a world of one shape."""

    world: World
    size: int  # bytes
    counts: np.ndarray  # those of the tally
    copied: tuple[tuple[int, int, int], ...]  # of each array its row in `where`, place, bytes

    def begin(self, blank: World) -> None:
        """Let the world be what a blank one of the same shape is."""
        origins = blank.where[:, 0].tolist()
        for row, place, size in self.copied:
            ctypes.memmove(place, origins[row], size)


def arena_for(blank: World) -> Arena:
    """Return room for worlds that have the shape of a blank one."""
    arrays = {name: getattr(blank, name) for name in FIELDS}
    sizes = [-(-array.nbytes // LINE) * LINE for array in arrays.values()]
    block = np.zeros(sum(sizes) + LINE, dtype=np.uint8)
    start = -block.ctypes.data % LINE
    made = {}
    for (name, array), size in zip(arrays.items(), sizes, strict=True):
        room = block[start : start + array.nbytes]
        made[name] = room.view(array.dtype).reshape(array.shape).view(type(array))
        start += size
    world = assemble(made)
    places = world.where[:, 0].tolist()
    copied = [
        (row, places[row], each.nbytes)
        for row, (name, each) in enumerate(made.items())
        if each.nbytes and name not in NOT_READ
    ]
    counts = np.asarray(world.tally["counts"])[0]
    return Arena(world, len(block), counts, tuple(copied))


class _Kept(threading.local):
    """The arena of a thread: that of the run before."""

    shape: bytes = b""
    arena: Arena | None = None


_KEPT = _Kept()


def measured(ready: Prepared, *, luck: int, last: bool = False) -> np.ndarray:
    """Return what is measured in each quarter of a run, (quarters,) of `quarter_dtype`.

    The bits are those of `run_arrays(...).record`. Where only the `last` quarter is asked for, the
    network and who gains are measured in that one alone, and are not a number in those before.
    """
    return _lived(ready, luck, last)[1]


def measured_to_end(ready: Prepared, *, luck: int) -> Raw:
    """Return the same run with its councils, their roll and the tally as they are at its end.

    All other arrays of its world are those of the first day: who asks for agreements or events
    lives it with `run_arrays`.
    """
    world, record = _lived(ready, luck, False)
    ends = {name: getattr(world, name).copy() for name in AT_THE_END}
    return Raw(with_arrays(ready.blank, **ends), record, len(record))


def _lived(ready: Prepared, luck: int, last: bool) -> tuple[World, np.ndarray]:
    """Return the world at the end of a run, until the next one, and what was measured."""
    blank = ready.blank
    while True:
        arena = room_for(blank)
        arena.begin(blank)
        record = new_record(len(ready.theory))
        arena.counts[state.ASKED] = len(record) - 1 if last else 0
        advance(arena.world, ready.theory, luck, 0, len(record), record)
        if arena.counts[state.FULL] == 0:
            return arena.world, record
        blank = with_arrays(blank, **more_deals(blank, 2 * len(blank.deals)))


def room_for(blank: World) -> Arena:
    """Return room of the shape of a world: that of the run before if it fits."""
    shape = blank.where[:, 1:SLOTS].tobytes()
    if _KEPT.arena is not None and _KEPT.shape == shape:
        return _KEPT.arena
    made = arena_for(blank)
    if made.size <= LARGEST:
        _KEPT.shape, _KEPT.arena = shape, made
    return made
