"""What `sim.simulate` costs, as people call it, against the run that is in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from ...sim.ready.kept import prepared
from ...sim.running import luck_of, run_arrays
from ...sim.tables.batch import simulate
from .races import SEED, spread_told

SMALL = ("norfolk-seven", "norfolk")
TIMES = 10
"""How often each is done in a turn; the mean counts."""


def simulations(turns: int) -> dict[str, Any]:
    """Return, for small scenarios, seconds of a run and how many such runs `simulate` costs.

    `run` keeps its events; `simulate` is that by name, of which no table is read, and `all_read`
    the same with every table read. Every turn times all three, and the ratios are those of turns.
    """
    return {name: _simulation(name, turns) for name in SMALL}


def _simulation(name: str, turns: int) -> dict[str, Any]:
    ready = prepared(name)
    works: tuple[Callable[[], object], ...] = (
        lambda: run_arrays(ready, luck=luck_of(SEED, 0)),
        lambda: simulate(name, seed=SEED),
        lambda: _read(name),
    )
    for work in works:
        work()  # loads what is loaded when first used
    found = [[_seconds(work) for work in works] for _ in range(turns)]
    own, asked, read = np.array(found).T
    return {
        "run": float(np.median(own)),
        "simulate": spread_told((asked / own).tolist()),
        "all_read": spread_told((read / own).tolist()),
    }


def _seconds(work: Callable[[], object]) -> float:
    """Return what something takes of a processor: so short that waiting for one would drown it."""
    start = time.process_time()
    for _ in range(TIMES):
        work()
    return (time.process_time() - start) / TIMES


def _read(name: str) -> None:
    run = simulate(name, seed=SEED)
    for table in ("quarters", "events", "councils", "final", "agreements"):
        getattr(run, table)
