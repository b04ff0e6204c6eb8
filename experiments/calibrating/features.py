"""England's numbers as a calibration sees them: misses in units of what error and theory allow."""

from __future__ import annotations

import numpy as np

from ..history.targets import Target, counted_targets, targets

FAR = 8.0
"""A miss is cut off here: beyond it a run is simply far away."""


def places() -> list[int]:
    """Return where the statistics of the targets that count stand among all of them."""
    return [k for k, target in enumerate(targets()) if target.counted]


def features_of(statistics: np.ndarray, noise: np.ndarray | None = None) -> np.ndarray:
    """Return the miss of each target that counts, (runs, targets), in its spread.

    Where only one side is judged, all beyond the bound is alike. What is not known, since nothing
    has happened of which a share could be taken, is England's own number: it tells nothing.

    Args:
        statistics: (runs, targets that count), in their own units.
        noise: the same shape, in spreads: what error and discrepancy may add to a run.
    """
    columns = []
    for k, target in enumerate(counted_targets()):
        values = np.where(np.isnan(statistics[:, k]), target.value, statistics[:, k])
        if noise is not None:
            values = values + noise[:, k] * target.spread
        columns.append(_miss(target, values))
    return np.column_stack(columns)


def england() -> np.ndarray:
    """Return England itself among features, (targets that count,)."""
    seen = np.array([[target.value for target in counted_targets()]])
    found: np.ndarray = features_of(seen)[0]
    return found


def _miss(target: Target, values: np.ndarray) -> np.ndarray:
    centre = target.value
    if not np.isfinite(target.high):
        values, centre = np.minimum(values, target.low), target.low
    elif not np.isfinite(target.low):
        values, centre = np.maximum(values, target.high), target.high
    missed: np.ndarray = np.clip((values - centre) / target.spread, -FAR, FAR)
    return missed
