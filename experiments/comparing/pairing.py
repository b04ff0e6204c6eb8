"""The same replicates under two policies."""

from __future__ import annotations

import numpy as np

from ...sim.declared.measures import as_column


def paired(base: np.ndarray, policy: np.ndarray, outcome: str) -> tuple[np.ndarray, np.ndarray]:
    """Return an outcome under both, for the replicates that both ran and that have a value."""
    count = min(len(base), len(policy))
    a, b = as_column(base[:count], outcome), as_column(policy[:count], outcome)
    known = np.isfinite(a) & np.isfinite(b)
    return a[known], b[known]
