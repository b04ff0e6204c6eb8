"""Points with the same values: their runs are the same to the bit, so they are lived once.

All points have the same luck, so a run at one of two equal points is the run at the other. The
stored table has a row for each all the same, as a plan's points promise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa

ROWS_AT_ONCE = 50_000
"""So many copied rows are held in memory at a time."""


def first_equals(values: Iterable[Iterable[Any]]) -> np.ndarray:
    """Return for each point the number of the first that has the same values."""
    seen: dict[tuple[Any, ...], int] = {}
    return np.array(
        [seen.setdefault(tuple(each), k) for k, each in enumerate(values)], dtype=np.int64
    )


def count_lived(keys: np.ndarray, first: np.ndarray, step: int) -> int:
    """Return how many of some runs, numbers `point * step + replicate`, differ from all others."""
    return len(np.unique(first[keys // step] * step + keys % step))


class Equals:
    """Which of the runs that are wanted are lived, and which are copies of others."""

    def __init__(self, wanted: np.ndarray, first: np.ndarray, step: int) -> None:
        """Take the runs that are wanted, sorted numbers `point * step + replicate`.

        `first` is, for each point, the first that has the same values.
        """
        self._step, self._first = step, first
        alike = self._alike_of(wanted)
        order = np.argsort(alike, kind="stable")
        self._keys, self._alike = wanted[order], alike[order]
        _, at = np.unique(self._alike, return_index=True)
        self.lived: np.ndarray = np.sort(self._keys[at])
        """The runs to live, sorted; of equal ones that of the first point."""

    def _alike_of(self, keys: np.ndarray) -> np.ndarray:
        return np.asarray(self._first[keys // self._step] * self._step + keys % self._step)

    def copies(self, table: pa.Table) -> Iterator[pa.Table]:
        """Yield rows of all runs that are wanted and equal one of a table, but for itself."""
        points, replicates = (np.asarray(table[name]) for name in ("point", "replicate"))
        own = points * self._step + replicates
        mine = self._alike_of(own)
        low, high = (np.searchsorted(self._alike, mine, side=side) for side in ("left", "right"))
        many = high - low
        rows = np.repeat(np.arange(len(mine)), many)
        within = np.arange(len(rows)) - np.repeat(np.cumsum(many) - many, many)
        keys = self._keys[low[rows] + within]
        other = keys != own[rows]
        rows, keys = rows[other], keys[other]
        place = table.column_names.index("point")
        for start in range(0, len(rows), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            copied = table.take(pa.array(rows[part]))
            yield copied.set_column(place, "point", pa.array(keys[part] // self._step))
