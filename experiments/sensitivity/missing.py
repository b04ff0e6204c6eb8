"""Runs that failed or had nothing to measure: what has to be left out with them, and no more.

Points are compared on the same luck, so a run cannot go alone: either its replicate is left out
at every point, or the points that were drawn together are left out in all their replicates.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

LEAST_LEFT = 0.5
"""Of a grid or a table, whose points are all wanted, replicates go first while so many stay."""


class Kept(NamedTuple):
    """Which points and replicates of an outcome are left."""

    points: np.ndarray  # (points,) of bool
    replicates: np.ndarray  # (replicates,) of bool

    @property
    def runs(self) -> int:
        """How many runs are left."""
        return int(self.points.sum() * self.replicates.sum())


def kept_of(values: np.ndarray, clusters: np.ndarray, *, sampled: bool) -> Kept:
    """Return which points and replicates to keep so that no value is missing.

    Args:
        values: by point and replicate; not a number where one is missing.
        clusters: for each point, the cluster that was drawn with it.
        sampled: whether the points are a sample, which can do without some of them.
    """
    lacking = ~np.isfinite(values)
    if not sampled:
        replicates = ~lacking.any(axis=0)
        if replicates.mean() >= LEAST_LEFT:
            return Kept(np.ones(len(values), dtype=bool), replicates)
    names, places = np.unique(clusters, return_inverse=True)
    holes = np.zeros((len(names), values.shape[1]), dtype=bool)
    np.logical_or.at(holes, places, lacking)
    rows, columns = _thinned(holes)
    return Kept(rows[places], columns)


def _thinned(holes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which rows and columns are left when the emptiest go first, one after the other."""
    rows, columns = (np.ones(size, dtype=bool) for size in holes.shape)
    holes = holes.copy()
    while holes.any():
        by_row = holes.sum(axis=1) / max(columns.sum(), 1)
        by_column = holes.sum(axis=0) / max(rows.sum(), 1)
        if by_row.max() > by_column.max():
            worst = int(by_row.argmax())
            rows[worst], holes[worst] = False, False
        else:
            worst = int(by_column.argmax())
            columns[worst], holes[:, worst] = False, False
    return rows, columns
