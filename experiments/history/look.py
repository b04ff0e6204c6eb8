"""A look over the declared ranges: many points, each lived a few times and held against England."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from ...sim.declared.parameters import Declaration, declarations
from ...sim.declared.scenario import load
from ...sim.measured import measured
from ...sim.ready.kept import prepared
from ...sim.ready.varied import vary
from ...sim.ready.world import Prepared
from ...sim.running import luck_of
from ..executors.ordered import Hands, ordered
from .targets import statistics

SCENARIO, SEED = "england", 1
BATCH = 8
"""Points a job."""

Point = Mapping[str, float]
Ranges = Mapping[str, tuple[float, float]]
"""By the name of a number: from where to where it is looked at."""


class Job(NamedTuple):
    """A few points, and with which luck they are lived."""

    points: tuple[Point, ...]
    replicates: range
    seed: int


def uncertain() -> list[Declaration]:
    """Return the declared numbers that nobody knows and nobody decides, with their ranges."""
    return [each for each in declarations() if each.role == "uncertainty" and each.plausible]


def ranges(
    factors: Sequence[Declaration], others: Ranges | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return from where and to where some numbers are plausible, one value a number.

    `others` are ranges in place of the declared ones.
    """
    told = others or {}
    known = np.array([told.get(e.name, e.plausible) for e in factors], dtype=float).reshape(-1, 2)
    return known[:, 0], known[:, 1]


def points_at(
    factors: Sequence[Declaration], unit: np.ndarray, others: Ranges | None = None
) -> list[dict[str, float]]:
    """Return the points of a unit cube, (points, factors), over the plausible ranges.

    `others` are ranges in place of the declared ones.
    """
    low, high = ranges(factors, others)
    names = [each.name for each in factors]
    values = low + unit * (high - low)
    return [dict(zip(names, map(float, row), strict=True)) for row in values]


def drawn(factors: Sequence[Declaration], count: int, seed: int) -> np.ndarray:
    """Return a Latin hypercube in the unit cube, (points, factors)."""
    from scipy.stats import qmc

    chance = np.random.Generator(np.random.PCG64(seed))
    sample: np.ndarray = qmc.LatinHypercube(len(factors), seed=chance).random(count)
    return sample


def lived(
    points: Iterable[Point], replicates: range, hands: Hands, *, seed: int = SEED
) -> pd.DataFrame:
    """Return the statistics of each point, the mean over replicates, one row a point."""
    todo = list(points)
    jobs = [Job(tuple(todo[k : k + BATCH]), replicates, seed) for k in range(0, len(todo), BATCH)]
    return pd.DataFrame([row for rows in ordered(_live, jobs, hands) for row in rows])


def _live(job: Job) -> list[dict[str, float]]:
    """Return the mean statistics of each point of a job."""
    ready = prepared(load(SCENARIO))
    found = []
    for point in job.points:
        varied = vary(ready, point) if point else ready
        means = runs_of(varied, job.replicates, job.seed).mean()
        found.append({str(name): float(value) for name, value in means.items()})
    return found


def runs_of(ready: Prepared, replicates: range, seed: int = SEED) -> pd.DataFrame:
    """Return the statistics of each replicate, one row a run."""
    rows = []
    for replicate in replicates:
        record = measured(ready, luck=luck_of(seed, replicate))
        rows.append(statistics(record))
    return pd.DataFrame(rows)
