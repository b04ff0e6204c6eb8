"""How runs end: the record of the last quarter of each, or the error that it raised."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..sim.declared.measures import quarter_dtype
from ..sim.ready.world import Prepared
from ..sim.running import luck_of, run_arrays


class Ends(NamedTuple):
    """The records of the last quarter of some replicates; not a number after an error."""

    records: np.ndarray
    errors: dict[int, str]  # by replicate


def ends_of(ready: Prepared, seed: int, replicates: range) -> Ends:
    """Return the record of the last quarter of each replicate, and what others raised instead."""
    rows, errors = np.full(len(replicates), np.nan, dtype=quarter_dtype()), {}
    for row, replicate in enumerate(replicates):
        try:
            luck = luck_of(seed, replicate)
            rows[row] = run_arrays(ready, luck=luck, events=False).record[-1]
        except Exception as error:  # whatever it is, the others go on and it is named
            errors[replicate] = raised(error)
    return Ends(rows, errors)


def finals_of(ready: Prepared, seed: int, replicates: range) -> np.ndarray:
    """Return the record of the last quarter of each replicate, one row each."""
    return ends_of(ready, seed, replicates).records


def raised(error: Exception) -> str:
    """Return an error in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())
