"""A walk from the best points of a look towards points that meet more: is there any?

It says what the theory can do somewhere in its ranges, not where the truth lies: nothing that it
finds is taken over. What it finds is lived again with other luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from ...sim.declared.parameters import Declaration
from ..executors.ordered import Hands
from .look import Point, drawn, lived, points_at
from .near import implausibility, joint_count, met_patterns, rows_of
from .targets import counted_patterns, targets_of

SEED = 11
GENERATIONS, CHILDREN, PARENTS = 14, 200, 40
INHERITED, MOVED, STEP = 0.5, 0.1, 0.25
"""Share of numbers from either parent, share that is moved besides, and how far."""
KEPT = 10
"""How many of the best points are kept."""
REPLICATES, AGAIN = range(4), range(100, 140)
WORST = 6.0


class Walked(NamedTuple):
    """The best points that were found, and how they do with other luck."""

    points: list[dict[str, float]]
    counts: list[int]  # patterns met with the luck of the walk
    again: pd.DataFrame  # statistics of each with other luck


def walk(
    factors: Sequence[Declaration],
    hands: Hands,
    patterns: Sequence[str] = (),
    fixed: Point | None = None,
) -> Walked:
    """Return the best points after some generations, best first.

    `patterns` are those towards which it walks, all that count if none are given; `fixed` are
    numbers that have one value at all points.
    """
    towards = tuple(patterns) or counted_patterns()
    chance = np.random.Generator(np.random.PCG64(SEED))
    places = drawn(factors, CHILDREN, SEED)
    table = lived(_points(factors, places, fixed), REPLICATES, hands)
    for _ in range(GENERATIONS):
        children = _children(places[np.argsort(_losses(table, towards))[:PARENTS]], chance)
        born = lived(_points(factors, children, fixed), REPLICATES, hands)
        places, table = np.vstack([places, children]), pd.concat([table, born], ignore_index=True)
    best = np.argsort(_losses(table, towards), kind="stable")[:KEPT]
    points = _points(factors, places[best], fixed)
    counts = [joint_count(row) for row in rows_of(table.iloc[best])]
    return Walked(points, counts, lived(points, AGAIN, hands))


def _points(
    factors: Sequence[Declaration], places: np.ndarray, fixed: Point | None
) -> list[dict[str, float]]:
    return [point | dict(fixed or {}) for point in points_at(factors, places)]


def _children(parents: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Return points between two parents each, some numbers of which are moved."""
    one, other = (parents[chance.integers(len(parents), size=CHILDREN)] for _ in range(2))
    children = np.where(chance.random(one.shape) < INHERITED, one, other)
    steps = np.where(chance.random(one.shape) < MOVED, chance.normal(0.0, STEP, one.shape), 0.0)
    clipped: np.ndarray = np.clip(children + steps, 0.0, 1.0)
    return clipped


def _losses(table: pd.DataFrame, patterns: Sequence[str]) -> np.ndarray:
    """Return how badly each point misses: the squared implausibility of what is not met."""
    return np.array([_loss(row, patterns) for row in rows_of(table)])


def _loss(values: dict[str, float], patterns: Sequence[str]) -> float:
    met, missed = met_patterns(values), 0.0
    for pattern in patterns:
        if met[pattern]:
            continue
        apart = [
            implausibility(target, values[target.name])
            for target in targets_of(pattern)
            if not target.met(values[target.name])
        ]
        each = [min(misses, WORST) if misses == misses else WORST for misses in apart]
        missed += 1.0 + max(each) ** 2
    return missed
