"""How near runs come to England: which patterns are met, and how likely England is among runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from .targets import Target, counted_patterns, targets, targets_of


def rows_of(table: pd.DataFrame) -> list[dict[str, float]]:
    """Return the statistics of each row of a table, by name."""
    names = [str(name) for name in table.columns]
    return [dict(zip(names, map(float, row), strict=True)) for row in table.to_numpy()]


def met_targets(values: Mapping[str, float]) -> dict[str, bool]:
    """Return of each target whether a statistic of its name is near; what is not known is not."""
    return {target.name: target.met(values[target.name]) for target in targets()}


def met_patterns(values: Mapping[str, float]) -> dict[str, bool]:
    """Return of each pattern that counts whether all its targets are met."""
    met = met_targets(values)
    return {
        pattern: all(met[target.name] for target in targets_of(pattern))
        for pattern in counted_patterns()
    }


def joint_count(values: Mapping[str, float]) -> int:
    """Return how many of the patterns that count are met together."""
    return sum(met_patterns(values).values())


def implausibility(target: Target, mean: float, luck: float = 0.0) -> float:
    """Return by how many standard deviations a mean over runs misses; `luck` is its own error."""
    return abs(mean - target.value) / float(np.hypot(target.spread, luck))


def rank_of(value: float, runs: Sequence[float] | np.ndarray) -> float:
    """Return the share of runs below a value, half of those that equal it: 0.5 in the middle."""
    known = np.asarray(runs, dtype=float)
    known = known[~np.isnan(known)]
    if not known.size:
        return float("nan")
    return float(np.mean(known < value) + 0.5 * np.mean(known == value))


def score_of(value: float, runs: Sequence[float] | np.ndarray) -> float:
    """Return the continuous ranked probability score of runs, in the unit of the value: 0 is best.

    Gneiting and Raftery 2007, equation 21, over the runs themselves.
    """
    known = np.sort(np.asarray(runs, dtype=float))
    known = known[~np.isnan(known)]
    if not known.size:
        return float("nan")
    n = len(known)
    apart = 2.0 * np.sum((2.0 * np.arange(1, n + 1) - n - 1.0) * known) / n**2
    return float(np.mean(np.abs(known - value)) - 0.5 * apart)
