"""What an outcome is at each level of a factor, and what a level changes on the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..estimates import Estimate, mean_of

MOST_LEVELS = 12
"""A factor with more values than that has no levels worth a table."""


class Level(NamedTuple):
    """An outcome at one level of a factor, averaged over everything else that was varied."""

    level: Any
    points: int
    mean: Estimate  # 95% interval of the mean by Student's t over the replicates
    change: Estimate | None  # from the first level, paired on the same luck; None for the first


def levels_of(column: Sequence[Any]) -> list[Any]:
    """Return the levels of a factor in order: numbers by size, words as they come."""
    found = list(dict.fromkeys(column))
    numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in found)
    return sorted(found) if numbers else found


def levels(column: Sequence[Any], values: np.ndarray) -> list[Level]:
    """Return an outcome (points, replicates) at each level of a factor.

    The means of levels are compared only if every level meets the same other levels, as in a grid.
    """
    held = np.array([str(each) for each in column])
    found: list[Level] = []
    first = np.empty(0)
    for level in levels_of(column):
        here = values[held == str(level)]
        runs = here.mean(axis=0)
        change = mean_of(runs - first) if len(found) else None
        first = first if len(found) else runs
        found.append(Level(level, len(here), mean_of(runs), change))
    return found
