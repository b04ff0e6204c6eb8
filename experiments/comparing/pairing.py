"""The same replicates under two policies."""

from __future__ import annotations

import numpy as np

from ...sim.declared.measures import as_column
from ..split import by_world


def paired(
    base: np.ndarray, policy: np.ndarray, outcome: str, lucks: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Return an outcome under both, for the replicates that both ran and that have a value.

    Where a world is lived with several lucks, a value a world: their mean.
    """
    a, b = _both(base, policy, outcome)
    known = np.isfinite(a) & np.isfinite(b)
    if lucks > 1:
        a, b = (by_world(np.where(known, each, np.nan), lucks) for each in (a, b))
        known = np.isfinite(a)
    return a[known], b[known]


def apart(base: np.ndarray, policy: np.ndarray, outcome: str, lucks: int = 1) -> np.ndarray:
    """Return policy less base in an outcome, as `paired` has them; a world's is the mean of its.

    What is stored is the difference of each replicate, so that is what is averaged.
    """
    a, b = _both(base, policy, outcome)
    values = by_world(b - a, lucks)
    found: np.ndarray = values[np.isfinite(values)]
    return found


def by_lucks(base: np.ndarray, policy: np.ndarray, outcome: str, lucks: int) -> np.ndarray:
    """Return policy less base in an outcome, (worlds, lucks), not a number where there is none."""
    a, b = _both(base, policy, outcome)
    whole = len(a) // lucks * lucks
    found: np.ndarray = (b - a)[:whole].reshape(-1, lucks)
    return found


def _both(base: np.ndarray, policy: np.ndarray, outcome: str) -> tuple[np.ndarray, np.ndarray]:
    count = min(len(base), len(policy))
    return as_column(base[:count], outcome), as_column(policy[:count], outcome)
