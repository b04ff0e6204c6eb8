"""Which factors of a study moved not one bit, where points differ in one of them alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def idle_factors(
    points: pd.DataFrame, factors: Sequence[str], outcomes: Sequence[np.ndarray]
) -> list[str]:
    """Return the factors whose value made no difference wherever nothing else differs.

    Args:
        points: a row a point, a column a factor.
        factors: their names.
        outcomes: each (points, replicates), on the same luck; not a number where it has no value.

    A factor of which no two points differ alone (a Latin hypercube has none) is not named.
    """
    return [name for name in factors if _idle(points, name, factors, outcomes)]


def _idle(
    points: pd.DataFrame, name: str, factors: Sequence[str], outcomes: Sequence[np.ndarray]
) -> bool:
    others = [each for each in factors if each != name]
    places = pd.Series(range(len(points)))
    alike = [points[each].to_numpy() for each in others] or [np.zeros(len(points))]
    groups = places.groupby(alike)
    compared = False
    for _, group in groups:
        rows = group.to_numpy()
        if points[name].iloc[rows].nunique() < 2:
            continue
        compared = True
        if any(not _alike(values[rows]) for values in outcomes):
            return False
    return compared


def _alike(values: np.ndarray) -> bool:
    """Return whether all points have the same values, replicate by replicate."""
    return bool(np.array_equal(values, np.broadcast_to(values[:1], values.shape), equal_nan=True))
