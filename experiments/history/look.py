"""A wide look: many points over the declared ranges, each lived a few times and held to England."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import qmc

from ...sim.declared.parameters import Declaration, declarations
from ...sim.declared.scenario import load
from ...sim.ready.kept import prepared
from ...sim.ready.varied import vary
from ...sim.running import luck_of, run_arrays
from ..executors.ordered import Hands, ordered
from .targets import statistics

SCENARIO, SEED = "england", 1
BATCH = 8  # points a job


class Lived(NamedTuple):
    """What a few points are, and with which luck they are lived."""

    points: tuple[Mapping[str, float], ...]
    replicates: int
    seed: int


def uncertain() -> list[Declaration]:
    """Return the declared numbers that nobody knows and nobody decides, with their ranges."""
    return [each for each in declarations() if each.role == "uncertainty" and each.plausible]


def drawn(factors: Sequence[Declaration], count: int, seed: int) -> list[dict[str, float]]:
    """Return points of a Latin hypercube over the plausible ranges of some numbers."""
    chance = np.random.Generator(np.random.PCG64(seed))
    unit = qmc.LatinHypercube(len(factors), seed=chance).random(count)
    low = np.array([each.plausible[0] for each in factors if each.plausible])
    high = np.array([each.plausible[1] for each in factors if each.plausible])
    values = low + unit * (high - low)
    names = [each.name for each in factors]
    return [dict(zip(names, map(float, row), strict=True)) for row in values]


def lived(
    points: Iterable[Mapping[str, float]], *, replicates: int, seed: int = SEED, hands: Hands
) -> pd.DataFrame:
    """Return the statistics of each point: the mean over replicates, one row a point."""
    todo = list(points)
    jobs = [Lived(tuple(todo[k : k + BATCH]), replicates, seed) for k in range(0, len(todo), BATCH)]
    return pd.DataFrame([row for rows in ordered(live, jobs, hands) for row in rows])


def live(job: Lived) -> list[dict[str, float]]:
    """Return the mean statistics of a few points."""
    ready = prepared(load(SCENARIO))
    found = []
    for point in job.points:
        runs = runs_of(vary(ready, point) if point else ready, job.replicates, job.seed)
        found.append(runs.mean().to_dict())
    return found


def runs_of(ready, replicates: int, seed: int = SEED) -> pd.DataFrame:
    """Return the statistics of each replicate, one row a run."""
    rows = []
    for replicate in range(replicates):
        record = run_arrays(ready, luck=luck_of(seed, replicate), events=False).record
        rows.append(statistics(record))
    return pd.DataFrame(rows)
