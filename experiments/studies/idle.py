"""What moved not one bit: factors where points differ in one of them alone, and whole outcomes.

All points have the same luck. So where a value makes no difference, results are the same to the
bit, replicate by replicate, and whatever a variance says beyond that is rounding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..stored.belonging import RUNS
from ..stored.tables import read_table
from .jobs import DIFFERENCE
from .store import Study

NO_MEASURES = ("point", "replicate", "error")

BITS, ROUNDING = "bits", "rounding"
"""How alike points can be: to the bit, or but for what adding up in another order does."""
ROUNDED = 64 * float(np.finfo(float).eps)
"""Results that differ by less, as a share of the largest, differ by rounding alone."""


class Idle(NamedTuple):
    """Factors that moved nothing, by name."""

    here: list[str]  # of the plan's outcomes, though of other measures
    everywhere: list[str]  # of anything that is measured


def how_alike(values: np.ndarray) -> str:
    """Return how alike the rows of an outcome are, column by column; nothing where they differ."""
    if same(values):
        return BITS
    apart = np.ptp(values, axis=0).max()
    return ROUNDING if apart <= ROUNDED * np.abs(values).max() else ""


def same(values: np.ndarray) -> bool:
    """Return whether all rows have the same values; two that are missing are the same."""
    return bool(np.array_equal(values, np.broadcast_to(values[:1], values.shape), equal_nan=True))


def idle_factors(
    points: pd.DataFrame, factors: Sequence[str], outcomes: Iterable[np.ndarray]
) -> list[str]:
    """Return the factors whose value made no difference wherever nothing else differs.

    Args:
        points: a row a point, a column a factor.
        factors: their names.
        outcomes: each (points, replicates), on the same luck; not a number where it has no value.

    A factor of which no two points differ alone (a Latin hypercube has none) is named only where
    all points are the same. One that has a single value is not named: it was not varied.
    """
    codes = np.column_stack([pd.factorize(points[name])[0] for name in factors])
    varied = [k for k in range(len(factors)) if len(np.unique(codes[:, k])) > 1]
    pairs = {k: _differing_alone(codes, k) for k in varied}
    idle = {k for k in varied if len(pairs[k][0])}
    whole = True
    for values in outcomes:
        whole = whole and same(values)
        idle = {k for k in idle if _alike(values, *pairs[k])}
        if not whole and not idle:
            return []
    return [factors[k] for k in varied if whole or k in idle]


def _differing_alone(codes: np.ndarray, place: int) -> tuple[np.ndarray, np.ndarray]:
    """Return points that differ in one factor alone, each beside the first of its group."""
    others = np.delete(codes, place, axis=1)
    _, group = np.unique(others, axis=0, return_inverse=True)
    group = group.reshape(-1)
    _, first = np.unique(group, return_index=True)
    begins = first[group]
    apart = np.zeros(len(first), dtype=bool)
    np.logical_or.at(apart, group, codes[:, place] != codes[begins, place])
    rows = np.flatnonzero(apart[group])
    return rows, begins[rows]


def _alike(values: np.ndarray, rows: np.ndarray, others: np.ndarray) -> bool:
    return bool(np.array_equal(values[rows], values[others], equal_nan=True))


def idle_of(study: Study) -> Idle:
    """Return which factors of a study moved nothing; none of a share, or of one not finished."""
    if not study.finished or study.shard is not None:
        return Idle([], [])
    plan = study.plan
    factors, shape = [factor.name for factor in plan.factors], (study.size, plan.replicates)
    sides = [""] if plan.difference is None else ["", DIFFERENCE]

    def read(names: Sequence[str]) -> Iterator[np.ndarray]:
        for name in names:
            runs = read_table(study.folder / RUNS, [name])  # in order: by point, then replicate
            yield runs[name].to_numpy(dtype=float).reshape(shape)

    shown = [side + name for side in sides for name in plan.outcomes]
    found = idle_factors(study.points, factors, read(shown))
    measured = [name for name in study.columns if name not in NO_MEASURES]
    whole = idle_factors(study.points, factors, read(measured)) if found else []
    return Idle([name for name in found if name not in whole], whole)


def idle_words(idle: Idle) -> list[str]:
    """Return which factors did nothing, in a sentence for each way; none when all did something."""
    said = []
    if idle.everywhere:
        said.append(f"Moved not one bit of anything measured: {', '.join(idle.everywhere)}.")
    if idle.here:
        said.append(
            "Moved not one bit of the outcomes of this plan, though of other measures: "
            f"{', '.join(idle.here)}."
        )
    return said
