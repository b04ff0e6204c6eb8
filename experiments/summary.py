"""The main outcomes of many runs: means, how sure they are, and how much runs differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..sim.declared.measures import MEASURES
from .estimates import mean_of

MAIN = (
    "talks_begun", "talks_failed", "formed", "ended", "mergers", "services", "managements",
    "sharing", "promised", "reported", "true_saving", "true_total", "grants", "support",
    "tax_support", "study_cost", "setup_cost", "coordination_cost", "exit_cost", "net_saving",
    "government_spending", "tax_paid", "public_net", "gap", "distressed",
)  # fmt: skip
"""The measures that a summary shows unless others are asked for; the parts of the net saving stand
before it."""
MIDDLE = 0.90
DECLARED = {measure.name: measure for measure in MEASURES}


def summarise(runs: Mapping[str, Any], names: Sequence[str] = MAIN) -> list[dict[str, Any]]:
    """Return a row a measure from the final values of runs, by measure.

    Each has: name, title, unit, runs (that have a value), mean, low and high (the 95% interval of
    the mean, by Student's t, cut off where the measure itself ends: no number of mergers is below
    0; missing for fewer than two runs), q05 and q95 (the middle 90% of
    runs). A measure that runs of an earlier version do not have is left out.
    """
    kept = [name for name in names if name in runs]
    return [_row(name, np.asarray(runs[name], dtype=float)) for name in kept]


def _row(name: str, values: np.ndarray) -> dict[str, Any]:
    known = values[np.isfinite(values)]
    count = len(known)
    mean = mean_of(values)
    least, most = DECLARED[name].bounds
    edges = ((1 - MIDDLE) / 2, (1 + MIDDLE) / 2)
    q05, q95 = np.quantile(known, edges) if count else (np.nan, np.nan)
    return {
        "name": name,
        "title": DECLARED[name].title,
        "unit": DECLARED[name].unit,
        "runs": count,
        "mean": mean.value,
        "low": float(np.maximum(mean.low, least)),  # which keeps what is not a number
        "high": float(np.minimum(mean.high, most)),
        "q05": float(q05),
        "q95": float(q95),
    }
