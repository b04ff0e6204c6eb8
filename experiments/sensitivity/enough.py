"""How large a study would have to be for one factor at least to be told apart from luck."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from ..estimates import Estimate
from .resampling import even, product

SURE, POWER = 1.96, 0.84
"""An effect is told when it is so many standard errors above the dummy; so many more, and it is
told in four of five studies."""
SHARE = 0.5
"""Of what all factors explain, the part of the factor that is to be told."""


class Limits(NamedTuple):
    """How large a study can be made in either way, the other left as it is."""

    points: int  # base samples or trajectories, as the plan says them
    replicates: int


NO_LIMITS = Limits(10**12, 10**12)


class Enough(NamedTuple):
    """Either of two sizes that would do, reckoned from how much is luck.

    None where no study can be so large.
    """

    points: int | None  # base samples or trajectories, as the plan says them
    replicates: int | None
    at_least: bool  # the study suggests that nothing is explained: it would take more than that

    def document(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return self._asdict()


def enough_for(
    between: Estimate,
    own: float,
    *,
    points: int,
    replicates: int,
    limits: Limits = NO_LIMITS,
) -> Enough | None:
    """Return how many points, or how many replicates, would tell one factor from luck.

    Of a factor that explains v, with luck of the variance s within a point (without what all
    points share), the total index less the dummy's has the standard error (2 s / R + v) / sqrt(N)
    over N base samples and R replicates: see docs/sensitivity.md.

    Args:
        between: the variance that all factors explain, with its interval.
        own: s, in the same unit.
        points: base samples of the study, of which there are enough to rank factors at all.
        replicates: of each point.
        limits: of a larger study.

    None where even the upper end of the interval is not above nothing, or neither can be had.
    """
    explained = between.value if between.value > 0 else between.high
    if not (math.isfinite(explained) and explained > 0):
        return None
    v, z = SHARE * explained, SURE + POWER
    root = z * (1 + 2 * own / (replicates * v))
    larger = _at_most(max(root * root, points + 1), limits.points)
    if larger is not None:  # it has to be a power of two
        larger = _at_most(1 << (larger - 1).bit_length(), limits.points)
    many = 2 * own / (v * (math.sqrt(points) / z - 1))
    more = _at_most(max(many, replicates + 1), limits.replicates)
    return either(larger, more, between.value <= 0)


def _at_most(size: float, most: int) -> int | None:
    """Return a size as a whole number; None where it cannot be had."""
    return math.ceil(size) if size <= most else None


def either(points: int | None, replicates: int | None, at_least: bool) -> Enough | None:
    """Return either of two sizes that would do; None where neither can be had."""
    if points is None and replicates is None:
        return None
    return Enough(points, replicates, at_least)


def enough_walks(effects: np.ndarray, limits: Limits = NO_LIMITS) -> Enough | None:
    """Return how many trajectories, or how many replicates, would tell one factor from luck.

    The mean size of an effect m under luck of the variance t in its mean over replicates is above
    the dummy's by about m^2 / sqrt(2 pi t), where m is small, with the standard error of two such
    sizes: sqrt(2 t (1 - 2 / pi) / T) over T trajectories.

    Args:
        effects: of each step, (trajectories, factors, replicates).
        limits: of a larger study.

    None where effects are all the same, so that there is no luck, or neither can be had.
    """
    count, factors, replicates = effects.shape
    own = float(effects.var(axis=2, ddof=1).mean())
    squares = product(effects, effects, even(replicates)).mean(axis=0)
    total = float(squares.sum())
    error = math.sqrt(2 * factors / count) * own / replicates
    explained = total if total > 0 else SURE * error
    if not explained > 0:
        return None
    apart = (SURE + POWER) * math.sqrt(2 * (1 - 2 / math.pi) * 2 * math.pi)
    ratio = apart * own / (SHARE * explained)  # what replicates times root of trajectories must be
    root = ratio / replicates
    walks = _at_most(max(root * root, count + 1), limits.points)
    more = _at_most(max(ratio / math.sqrt(count), replicates + 1), limits.replicates)
    return either(walks, more, total <= 0)
