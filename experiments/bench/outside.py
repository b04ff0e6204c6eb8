"""Which part of a run passes outside the compiled rules, and what a kept world costs."""

from __future__ import annotations

import time
from typing import Any

from ...sim.declared.scenario import load
from ...sim.machine import advance
from ...sim.measured import Arena, measured, room_for
from ...sim.ready.world import Prepared, prepare
from ...sim.running import luck_of, new_record, run_arrays
from .races import SEED, seconds, spread, spread_told

SMALL = (("norfolk-seven", 4), ("norfolk-seven", 24), ("norfolk", 24))
RUNS = 100
"""Runs in a turn of each way."""


def shares_outside(turns: int) -> list[dict[str, Any]]:
    """Return a row a small scenario: the share outside the rules, and against a kept world.

    `outside` is of a run of which only what is measured is asked for; `against` is how many such
    runs are lived in the time of one that keeps its world. Both are ratios in the same turn.
    """
    return [_row(name, quarters, turns) for name, quarters in SMALL]


def _row(name: str, quarters: int, turns: int) -> dict[str, Any]:
    ready = prepare(load(name, quarters=quarters))
    arena, found = room_for(ready.blank), []
    for turn in range(turns + 1):  # the first loads the rules, and is not counted
        rules = _rules(ready, arena)
        whole = seconds(lambda: measured(ready, luck=luck_of(SEED, 0)), RUNS)
        kept = seconds(lambda: run_arrays(ready, luck=luck_of(SEED, 0), events=False), RUNS)
        if turn:
            found.append((whole, 1.0 - rules / whole, kept / whole))
    times, shares, gains = (list(each) for each in zip(*found, strict=True))
    return {
        "name": name, "quarters": quarters, "seconds": spread(times)[0],
        "outside": spread_told(shares), "against": spread_told(gains),
    }  # fmt: skip


def _rules(ready: Prepared, arena: Arena) -> float:
    """Return the seconds that the compiled rules take of a run."""
    record, spent = new_record(len(ready.theory)), 0.0
    for _ in range(RUNS):
        arena.begin(ready.blank)
        start = time.perf_counter()
        advance(arena.world, ready.theory, luck_of(SEED, 0), 0, len(record), record)
        spent += time.perf_counter() - start
    return spent / RUNS
