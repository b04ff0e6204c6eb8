"""How runs end: the record of the last quarter of each, or the error that it raised.

Of some measures the whole course is kept, a value a quarter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..sim.declared.measures import as_column, quarter_dtype
from ..sim.measured import measured
from ..sim.ready.world import Prepared
from ..sim.running import luck_of


class Ends(NamedTuple):
    """The records of the last quarter of some replicates; not a number after an error."""

    records: np.ndarray
    errors: dict[int, str]  # by replicate
    courses: dict[str, np.ndarray]  # by measure: (replicates, quarters)


def ends_of(ready: Prepared, seed: int, replicates: range, measures: Sequence[str] = ()) -> Ends:
    """Return the record of the last quarter of each replicate, and what others raised instead.

    Of `measures` the value of each quarter is returned too.
    """
    rows, errors = np.full(len(replicates), np.nan, dtype=quarter_dtype()), {}
    quarters = (len(replicates), len(ready.theory))
    courses = {name: np.full(quarters, np.nan) for name in measures}
    for row, replicate in enumerate(replicates):
        try:
            luck = luck_of(seed, replicate)
            record = measured(ready, luck=luck, last=not measures)
            rows[row] = record[-1]
            for name, course in courses.items():
                course[row] = as_column(record, name)
        except Exception as error:  # whatever it is, the others go on and it is named
            errors[replicate] = raised(error)
    return Ends(rows, errors, courses)


def finals_of(ready: Prepared, seed: int, replicates: range) -> np.ndarray:
    """Return the record of the last quarter of each replicate, one row each."""
    return ends_of(ready, seed, replicates).records


def raised(error: Exception) -> str:
    """Return an error in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())
