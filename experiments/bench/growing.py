"""What the engine costs as a country grows, in time and in memory."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from ...sim.core.world import FIELDS
from ...sim.measured import measured
from ...sim.ready.world import Prepared, prepare
from ...sim.running import luck_of
from .races import SEED, scenario_of, seconds, spread_told

QUARTERS = 24
MEGABYTE = 2**20
KILOBYTES = 2**10  # in a megabyte


def growth(sizes: tuple[int, ...], turns: int, watch: Callable[[str], None]) -> dict[str, Any]:
    """Return what a council and quarter cost in synthetic countries, and how the total grows.

    Each turn lives every country once; the exponent is that of the total cost, least to largest.
    """
    worlds = {}
    for councils in sizes:
        watch(f"growth, making {councils:,} synthetic councils")
        worlds[councils] = prepare(scenario_of("synthetic", councils, QUARTERS))
    _live(worlds[sizes[0]])  # loads the rules
    costs: dict[int, list[float]] = {councils: [] for councils in sizes}
    for turn in range(turns):
        watch(f"growth, turn {turn + 1}")
        for councils, ready in worlds.items():
            whole = seconds(lambda r=ready: _live(r))  # type: ignore[misc]
            costs[councils].append(whole / (councils * QUARTERS))
    least, most = sizes[0], sizes[-1]
    pairs = zip(costs[least], costs[most], strict=True)
    exponents = [1 + math.log(large / small) / math.log(most / least) for small, large in pairs]
    typical = {councils: float(np.median(found)) for councils, found in costs.items()}
    return {
        "microseconds_per_council_quarter": {n: 1e6 * cost for n, cost in typical.items()},
        "council_quarters_per_second": {n: 1 / cost for n, cost in typical.items()},
        "exponent": spread_told(exponents),
        "state_megabytes": {n: _megabytes(ready) for n, ready in worlds.items()},
    }


def _live(ready: Prepared) -> np.ndarray:
    return measured(ready, luck=luck_of(SEED, 0))


def _megabytes(ready: Prepared) -> float:
    size: int = sum(getattr(ready.blank, name).nbytes for name in FIELDS)
    return size / MEGABYTE


def peak_megabytes() -> float | None:
    """Return the most memory that this process has had; None where the system does not tell."""
    if sys.platform == "win32":
        return None
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (MEGABYTE if sys.platform == "darwin" else KILOBYTES)
