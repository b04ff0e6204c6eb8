"""Planted numbers found again: whether the intervals of a calibration hold what they promise."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .inference import posterior, quantiles

LEVELS = (0.5, 0.95)
BINS = 20


class Recovery(NamedTuple):
    """What came of planted points, of each number."""

    planted: int
    r2: np.ndarray  # (numbers,): of the posterior mean against the planted value
    coverage: dict[float, np.ndarray]  # by level: (numbers,)
    ranks: np.ndarray  # (numbers, BINS): how often the planted value lies in each part
    width: np.ndarray  # (numbers,): posterior over prior standard deviation, median


def recover(summaries: np.ndarray, unit: np.ndarray, planted: np.ndarray, keep: int) -> Recovery:
    """Plant the runs at some places in turn, and infer their numbers from the others."""
    edges = np.array([(1 - lv) / 2 for lv in LEVELS] + [(1 + lv) / 2 for lv in LEVELS])
    grid = np.linspace(0.0, 1.0, 201)[1:-1]
    means, held, ranks, widths = [], [], [], []
    prior = unit.std(axis=0)
    for place in planted:
        others = np.delete(np.arange(len(unit)), place)
        found = posterior(summaries[others], summaries[place], unit[others], keep)
        mean = found.weights @ found.moved
        spread = np.sqrt(found.weights @ (found.moved - mean) ** 2)
        ends = quantiles(found.moved, found.weights, np.concatenate([edges, grid]))
        low, high = ends[: len(LEVELS)], ends[len(LEVELS) : 2 * len(LEVELS)]
        held.append((low <= unit[place]) & (unit[place] <= high))
        ranks.append((ends[2 * len(LEVELS) :] < unit[place]).mean(axis=0))
        means.append(mean)
        widths.append(spread / prior)
    truth, told = unit[planted], np.array(means)
    left = ((truth - told) ** 2).mean(axis=0)
    inside, place = np.array(held), np.array(ranks)
    return Recovery(
        planted=len(planted),
        r2=1.0 - left / truth.var(axis=0),
        coverage={level: inside[:, k].mean(axis=0) for k, level in enumerate(LEVELS)},
        ranks=np.array(
            [np.histogram(place[:, k], BINS, (0.0, 1.0))[0] for k in range(unit.shape[1])]
        ),
        width=np.median(np.array(widths), axis=0),
    )
