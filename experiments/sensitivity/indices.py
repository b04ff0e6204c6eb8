"""How much of an outcome is luck, and how much each factor explains (the indices of Sobol').

Every function works on plain arrays of outcomes, by point and replicate. All points share their
lucks: replicate 3 of one point and replicate 3 of another have the same luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..estimates import Estimate, Growth, LuckShare
from ..studies.idle import how_alike
from .enough import NO_LIMITS, Enough, Limits, enough_for
from .resampling import Spread, product, spread

FEWEST_BASES = 32
"""Below so many base samples indices are not ranked: their intervals cannot be trusted."""
FEWEST_REPLICATES = 4
"""Below so many replicates there is no telling how large an index luck alone would give."""
ALL_LUCK = (
    "all factors together are not told apart from luck: give more replicates, more points or "
    "wider ranges"
)
FIRST, TOTAL = 0, 1
STEPS = 4
"""How many sizes of the study are compared to see whether its indices have settled."""
LEAST_STEP = 8


class Saltelli(NamedTuple):
    """Outcomes of a design of Saltelli: base samples first, replicates last."""

    a: np.ndarray  # (bases, replicates)
    b: np.ndarray  # (bases, replicates)
    ab: np.ndarray  # (bases, factors, replicates): a, with one factor as in b

    def first(self, count: int) -> Saltelli:
        """Return the first base samples alone."""
        return Saltelli(self.a[:count], self.b[:count], self.ab[:count])


class Indices(NamedTuple):
    """First-order and total indices of each factor, and of a dummy that only changes the luck."""

    first: list[Estimate]
    total: list[Estimate]
    dummy_first: Estimate
    dummy_total: Estimate
    told: list[bool]  # whether a factor's total index is told apart from the dummy's
    ranks: list[int | None]  # 1 is the largest; factors that are not told apart share a rank
    refused: str  # why nothing is ranked; empty when it is
    still: list[bool]  # whether a factor moved not one bit
    enough: Enough | None  # what it would take to tell the largest, where none is told


def luck_share(values: np.ndarray, clusters: np.ndarray, *, sampled: bool) -> LuckShare | None:
    """Return what the variance of an outcome is made of; None for one replicate, which cannot say.

    Parameters: outcomes (points, replicates); for each point the cluster that was drawn with it
    (a base sample, a trajectory); whether the points are a sample, or all there are (a grid).
    """
    if values.shape[1] < 2 or len(values) < 2:
        return None
    names, places = np.unique(clusters, return_inverse=True)
    sizes = np.bincount(places)
    alike, still = bool(how_alike(values)), bool(how_alike(values.T))
    values = values - values.mean()  # so that squares lose no digits
    squares = values**2

    def statistic(p: np.ndarray, w: np.ndarray) -> np.ndarray:
        weights = (p / sizes)[places]
        parts = _parts(values, squares, weights / weights.sum(), w, sampled=sampled)
        return _without_rounding(parts, alike=alike, still=still)

    found = spread(statistic, len(names), values.shape[1], vary_clusters=sampled)
    return LuckShare(*(found.estimate(k) for k in range(len(LuckShare._fields))))


def _parts(
    values: np.ndarray, squares: np.ndarray, p: np.ndarray, w: np.ndarray, *, sampled: bool
) -> np.ndarray:
    """Return the numbers of a `LuckShare` for weights of points and replicates.

    All are made of sums over replicates, so that no table as large as the outcomes is made anew for
    each of thousands of weights.
    """
    shared = p @ values  # luck that all points share moves no difference of means
    mean, crossed, crossed_twice = (values @ np.column_stack([w, shared * w, shared * w**2])).T
    square, square_twice = (squares @ np.column_stack([w, w**2])).T
    rest = 1 - (w**2).sum()
    luck = max(p @ (square - mean**2) / rest, 0.0)
    centred = mean - shared @ w
    own = p @ (square - 2 * crossed + shared**2 @ w - centred**2) / rest / len(w)
    same = square_twice - 2 * crossed_twice + shared**2 @ w**2
    between = p @ (centred**2 - same) / rest  # only products of different replicates
    if sampled:
        missing = 1 - (p**2).sum()
        between, own = between / missing, own / missing
    explained, own = max(between, 0.0), max(own, 0.0)
    share = luck / (luck + explained) if luck + explained > 0 else np.nan
    left = own / (own + explained) if own + explained > 0 else np.nan
    return np.array([between, luck, share, left])


def _without_rounding(parts: np.ndarray, *, alike: bool, still: bool) -> np.ndarray:
    """Return the numbers of a `LuckShare` without the rounding that passes for a variance.

    `alike`: all points have the same results; `still`: all replicates have.
    """
    between, luck = 0.0 if alike else parts[0], 0.0 if still else parts[1]
    if alike:
        return np.array([between, luck, 1.0 if luck > 0 else np.nan, np.nan])
    return np.array([between, luck, 0.0, 0.0]) if still else parts


def variance(values: np.ndarray, p: np.ndarray, w: np.ndarray) -> float:
    """Return the variance over points of expected values, without the luck left in their means.

    Luck that all points share (some replicates are livelier everywhere) falls out too.
    """
    centred = values - p @ values
    return float(p @ product(centred, centred, w))


def indices(sample: Saltelli, limits: Limits = NO_LIMITS) -> Indices:
    """Return the indices of a design, ranked as far as luck allows; `limits` of a larger study."""
    found = _spread(sample)
    factors = sample.ab.shape[1]
    first = [found.estimate(FIRST, k) for k in range(factors + 1)]
    total = [found.estimate(TOTAL, k) for k in range(factors + 1)]
    still = [bool((sample.ab[:, k] == sample.a).all()) for k in range(factors)]
    told = [
        not still[k] and found.surely_above((TOTAL, k), (TOTAL, factors)) for k in range(factors)
    ]
    refused = why_refused(sample) or ("" if found.known() else ALL_LUCK)
    if refused:
        told = [False] * factors
    ranks = ranked(found, [(TOTAL, k) for k in range(factors)], told)
    enough = _enough(sample, refused, told, limits)
    return Indices(
        first[:-1], total[:-1], first[-1], total[-1], told, ranks, refused, still, enough
    )


def _enough(sample: Saltelli, refused: str, told: Sequence[bool], limits: Limits) -> Enough | None:
    """Return what it would take to tell one factor from luck; None where one is told."""
    whole = None if any(told) or refused not in ("", ALL_LUCK) else _whole_luck(sample)
    if whole is None:
        return None
    both = np.concatenate([sample.a, sample.b])
    own = float(np.var(both - both.mean(axis=0), axis=1, ddof=1).mean())
    bases, replicates = sample.a.shape
    return enough_for(whole.between, own, points=bases, replicates=replicates, limits=limits)


def _whole_luck(sample: Saltelli) -> LuckShare | None:
    bases = np.tile(np.arange(len(sample.a)), 2)
    return luck_share(np.concatenate([sample.a, sample.b]), bases, sampled=True)


def why_refused(sample: Saltelli) -> str:
    """Return why indices cannot be ranked at all, in words; nothing when they can."""
    bases, replicates = sample.a.shape
    few = too_few(bases, FEWEST_BASES, "base samples", replicates)
    if few:
        return few
    whole = _whole_luck(sample)
    if whole is None or not whole.between.low > 0:
        return ALL_LUCK
    return ""


def too_few(points: int, fewest: int, what: str, replicates: int) -> str:
    """Return of what there are too few for factors to be ranked; nothing where there are enough."""
    found = []
    if points < fewest:
        found.append(f"{points} {what} are too few to rank factors: give {fewest} or more")
    if replicates < FEWEST_REPLICATES:
        found.append(
            f"{replicates} replicates a point are too few to know what luck alone would give: "
            f"give {FEWEST_REPLICATES} or more"
        )
    return "; and ".join(found)


def ranked(
    found: Spread, places: Sequence[tuple[int, ...]], told: Sequence[bool]
) -> list[int | None]:
    """Return ranks of what is told apart from noise: 1 + how many others are surely larger."""
    known = [place for place, tell in zip(places, told, strict=True) if tell]
    return [
        1 + sum(found.surely_above(other, place) for other in known) if tell else None
        for place, tell in zip(places, told, strict=True)
    ]


def convergence(sample: Saltelli) -> list[Growth]:
    """Return the total indices, the dummy's last, of ever larger parts of a design."""
    factors, steps = sample.ab.shape[1], []
    for count in sizes(len(sample.a)):
        found = _spread(sample.first(count))
        estimates = [found.estimate(TOTAL, k) for k in range(factors + 1)]
        steps.append(Growth(count * (factors + 2), estimates))
    return steps


def sizes(whole: int) -> list[int]:
    """Return the sizes of the parts of a study: each twice the one before, the last all of it."""
    return [n for k in reversed(range(STEPS)) if (n := whole >> k) >= LEAST_STEP or k == 0]


def _spread(sample: Saltelli) -> Spread:
    bases, replicates = sample.a.shape
    return spread(lambda p, w: sobol(sample, p, w), bases, replicates)


def sobol(sample: Saltelli, p: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Return first-order (row 0) and total indices (row 1) of each factor, the dummy's last.

    The estimators of Saltelli et al. (2010) and Jansen (1999), on products of different replicates.
    """
    middle = (p @ sample.a + p @ sample.b) / 2
    a, b, ab = sample.a - middle, sample.b - middle, sample.ab - middle
    whole = variance(np.concatenate([sample.a, sample.b]), np.tile(p / 2, 2), w)
    moved = ab - a[:, None, :]
    first = p @ product(b[:, None, :], moved, w)
    total = p @ product(moved, moved, w) / 2
    found = np.concatenate([[first, total], _dummy(a, b, p, w)[:, None]], axis=1)
    return found / whole if whole > 0 else np.full(found.shape, np.nan)


def _dummy(a: np.ndarray, b: np.ndarray, p: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Return what a factor would get that changes nothing but the luck, before the division.

    The points of `a` are compared with themselves under other replicates: odd ones with even ones.
    There are half as many of these as a real factor has replicates, which is why the results are
    scaled down.
    """
    pairs = a.shape[1] // 2
    if pairs < 2:
        return np.full(2, np.nan)
    parted = a - p @ a
    odd, other = parted[:, 0 : 2 * pairs : 2], parted[:, 1 : 2 * pairs : 2]
    both = (b[:, 0 : 2 * pairs : 2] + b[:, 1 : 2 * pairs : 2]) / 2
    weights = w[0 : 2 * pairs : 2] + w[1 : 2 * pairs : 2]
    weights = weights / weights.sum()
    moved = other - odd
    first = p @ product(both, moved, weights) / np.sqrt(2)
    total = p @ product(moved, moved, weights) / 2 / 2
    return np.array([first, total])
