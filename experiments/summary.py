"""The main outcomes of many runs: means, how sure they are, and how much runs differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..sim.declared.measures import MEASURES
from .estimates import mean_of
from .split import by_world, over_luck, split_of

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


def summarise(
    runs: Mapping[str, Any], names: Sequence[str] = MAIN, *, lucks: int = 1
) -> list[dict[str, Any]]:
    """Return a row a measure from the final values of runs, by measure.

    Each has: name, title, unit, runs (that have a value), mean, low and high (the 95% interval of
    the mean, by Student's t, cut off where the measure itself ends: no number of mergers is below
    0; missing for fewer than two runs), q05 and q95 (the middle 90% of
    runs). A measure that runs of an earlier version do not have is left out.

    Where so many runs (`lucks`) are of one world, the interval is over luck and worlds; then each
    row has also luck_low and luck_high, over luck alone in these very worlds.
    """
    kept = [name for name in names if name in runs]
    values = {name: np.asarray(runs[name], dtype=float) for name in kept}
    return [_row(name, each) | _of_luck(name, each, lucks) for name, each in values.items()]


def _of_luck(name: str, values: np.ndarray, lucks: int) -> dict[str, float]:
    """Return the interval over worlds too, and over luck alone; nothing without worlds."""
    if lucks == 1:
        return {}
    means = by_world(values, lucks)
    found, split = mean_of(means), split_of(values.reshape(-1, lucks))
    low, high = over_luck(found, means[np.isfinite(means)], split, lucks)
    ends = {"low": found.low, "high": found.high, "luck_low": low, "luck_high": high}
    return _within(name, ends)


def _within(name: str, ends: Mapping[str, float]) -> dict[str, float]:
    """Return ends of intervals, cut off where the measure itself ends."""
    least, most = DECLARED[name].bounds
    return {key: float(np.clip(value, least, most)) for key, value in ends.items()}


def _row(name: str, values: np.ndarray) -> dict[str, Any]:
    known = values[np.isfinite(values)]
    count = len(known)
    mean = mean_of(values)
    edges = ((1 - MIDDLE) / 2, (1 + MIDDLE) / 2)
    q05, q95 = np.quantile(known, edges) if count else (np.nan, np.nan)
    return {
        "name": name,
        "title": DECLARED[name].title,
        "unit": DECLARED[name].unit,
        "runs": count,
        "mean": mean.value,
        **_within(name, {"low": mean.low, "high": mean.high}),
        "q05": float(q05),
        "q95": float(q95),
    }
