"""How fast it is, measured here and now: the engine against the plain model, on the same work.

Machines differ and are never quiet, so what is compared is timed in one process, turn by turn, and
what is reported is the ratio with its spread. `docs/speed.md` holds no figure of speed or memory of
the engine, of its start or of studies that is not measured here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from .growing import growth, peak_megabytes
from .outside import shares_outside
from .races import Country, race
from .simulating import simulations
from .starting import compile_seconds, start
from .studying import overhead, workers


class Effort(NamedTuple):
    """How much is lived to measure it all."""

    countries: tuple[Country, ...]  # in which the engine races the plain model
    sizes: tuple[int, ...]  # councils of the synthetic countries that tell how costs grow
    turns: int  # of growth
    starts: int  # of commands
    runs: int  # of the shorter of two studies whose difference tells the pace of workers
    paces: int  # turns of those
    batches: int  # of a study that is compared with the bare loop
    simulations: int  # turns of `sim.simulate` against its run
    compiled: bool  # whether the rules are compiled anew


FULL = Effort(
    countries=(
        Country("norfolk-seven", 7, 24, 7),
        Country("england", 353, 24, 3),
        Country("synthetic", 3_000, 4, 3),
        Country("synthetic", 36_000, 2, 2),
    ),
    sizes=(353, 3_000, 36_000), turns=5, starts=7, runs=4_000, paces=2, batches=9, simulations=25,
    compiled=True,
)  # fmt: skip
QUICK = Effort(
    countries=(Country("norfolk-seven", 7, 24, 3), Country("england", 353, 4, 2)),
    sizes=(353, 1_000), turns=2, starts=1, runs=500, paces=1, batches=2, simulations=5,
    compiled=False,
)  # fmt: skip


def bench(watch: Callable[[str], None], effort: Effort = FULL) -> dict[str, Any]:
    """Measure everything and return it, ready for JSON."""
    found: dict[str, Any] = {"quick": effort == QUICK, "compile_seconds": None}
    if effort.compiled:
        watch("compiling the rules anew")
        found["compile_seconds"] = compile_seconds()
    watch("runs outside the compiled rules")
    found["outside"] = shares_outside(effort.simulations)
    watch("starting warm")
    found["start"] = start(effort.starts)
    watch("a study against the bare loop")
    found["study"] = overhead(effort.batches)
    watch("two workers against one")
    found["workers"] = workers(effort.runs, effort.paces)
    watch("sim.simulate against its run")
    found["simulate"] = simulations(effort.simulations)
    found["growth"] = growth(effort.sizes, effort.turns, watch)
    found["races"] = [race(country, watch)._asdict() for country in effort.countries]
    found["peak_megabytes"] = peak_megabytes()  # after all that needs memory
    return found
