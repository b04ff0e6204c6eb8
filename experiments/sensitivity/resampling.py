"""How sure an estimate is: the same sum, many times over, with other weights for points and runs.

Instead of drawing points and replicates again with replacement, each gets a random weight (the
Bayesian bootstrap of Rubin 1981). Both are weighted anew, because both were a sample: another set
of points, or another set of lucks, would have given other numbers. What is of one run alone would
be counted with both (Owen 2007, "The pigeonhole bootstrap"); it is counted once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..estimates import CONFIDENCE, Estimate

RESAMPLES = 1000
KEY = 20090401
"""The key of the draws: the same study gives the same intervals."""

Statistic = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Returns numbers from weights of the clusters of points and of the replicates; each adds to 1."""


class Spread(NamedTuple):
    """A statistic at equal weights, and at each of the random ones (resamples first)."""

    value: np.ndarray
    resampled: np.ndarray

    def estimate(self, *place: int) -> Estimate:
        """Return one number of the statistic with its interval."""
        edges = ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)
        found = self._at(place)
        low, high = np.quantile(found, edges) if np.isfinite(found).all() else (np.nan, np.nan)
        return Estimate(float(self.value[place]), float(low), float(high))

    def _at(self, place: tuple[int, ...]) -> np.ndarray:
        found: np.ndarray = np.moveaxis(self.resampled, 0, -1)[place]
        return found

    def known(self) -> bool:
        """Return whether the statistic has a value at every weight."""
        return bool(np.isfinite(self.value).all() and np.isfinite(self.resampled).all())

    def surely_above(self, one: tuple[int, ...], other: tuple[int, ...]) -> bool:
        """Return whether one number is above another in all but 2.5% of the resamples."""
        apart = self._at(one) - self._at(other)
        return bool(np.quantile(apart, (1 - CONFIDENCE) / 2) > 0)


def spread(
    statistic: Statistic,
    clusters: int,
    replicates: int,
    *,
    vary_clusters: bool = True,
    vary_replicates: bool = True,
    nearness: float = 1.0,
    resamples: int = RESAMPLES,
) -> Spread:
    """Return a statistic with its resamples.

    What is not to be varied is the whole of what is asked about, such as the points of a full grid.
    `nearness`: the statistic takes weights of replicates as only so much away from even ones, and
    what they move is scaled up again. Uneven weights are like fewer replicates, which raise what
    luck raises, such as a mean size; a little away from even ones that vanishes.
    """
    chance = np.random.Generator(np.random.Philox(KEY))
    p, w = even(clusters), even(replicates)
    vary_replicates = vary_replicates and replicates > 1
    value = np.asarray(statistic(p, w))
    moved = np.zeros((3, resamples, *value.shape))  # by points alone, by replicates alone, by both
    for row in range(resamples):
        points = _weights(chance, clusters) if vary_clusters else p
        runs = _weights(chance, replicates) if vary_replicates else w
        if vary_clusters:
            moved[0, row] = statistic(points, w) - value
        if vary_replicates:
            moved[1, row] = statistic(p, runs) - value
        if vary_clusters and vary_replicates:
            moved[2, row] = statistic(points, runs) - value
    if not vary_clusters or not vary_replicates:
        return Spread(value, value + moved[0] + moved[1])
    return Spread(value, value + moved[0] + _not_twice(*moved) * moved[1] / nearness)


def _not_twice(points: np.ndarray, replicates: np.ndarray, both: np.ndarray) -> np.ndarray:
    """Return by how much to shrink what other replicates move, for luck to be counted once.

    A run's own luck moves an estimate when its point is weighted anew, and again when its replicate
    is. How far it does is told by the interplay: what both together move beyond the sum of the two.
    """
    own = np.var(both - points - replicates, axis=0)
    whole = np.var(replicates, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.where(whole > 0, 1 - own / whole, 0.0)
    return np.asarray(np.sqrt(np.clip(left, 0.0, 1.0)))


def even(count: int) -> np.ndarray:
    """Return equal weights that add to 1."""
    return np.full(count, 1 / count)


def _weights(chance: np.random.Generator, count: int) -> np.ndarray:
    drawn = chance.exponential(size=count)
    weights: np.ndarray = drawn / drawn.sum()
    return weights


def product(one: np.ndarray, other: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Return the product of two expected values, from their values by replicate (last axis).

    Only products of different replicates are added up. Luck in one replicate says nothing of luck
    in another, so nothing is left of it on average, whatever the luck of the two has in common
    within a replicate. With one replicate there is nothing to part: the plain product.
    """
    whole: Any = (one @ w) * (other @ w)
    if len(w) == 1:
        return np.asarray(whole)
    squares = w**2
    return np.asarray((whole - (one * other) @ squares) / (1 - squares.sum()))
