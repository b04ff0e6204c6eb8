"""How far results lie apart, shared out between luck and assumptions.

Of each world the mean over its lucks is one value. How far values of one world lie apart is luck;
what is left of how far worlds lie apart is what the assumptions do.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .estimates import ERROR, Estimate

RESAMPLES = 1000
ENDS = (ERROR / 2, 1 - ERROR / 2)
NINE_OF_TEN = 1.6449
"""Standard deviations from the middle of a bell between which nine of ten lie."""


class Split(NamedTuple):
    """The variance of single differences: what luck gives and what assumptions give."""

    luck: float
    assumptions: float


def by_world(values: np.ndarray, lucks: int, *, whole_only: bool = False) -> np.ndarray:
    """Return the mean of each world, (worlds,) or (worlds, ...), from values of its replicates.

    Replicates without a value are left out; a world without any has none. With `whole_only` one
    that lacks any has none, so that all points of a study are on the same luck.
    """
    if lucks == 1:
        return values
    whole = len(values) // lucks * lucks
    grouped = values[:whole].reshape(whole // lucks, lucks, *values.shape[1:])
    known = np.isfinite(grouped)
    count = known.sum(axis=1)
    total = np.where(known, grouped, 0.0).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: np.ndarray = np.where(count >= (lucks if whole_only else 1), total / count, np.nan)
    return found


def split_of(values: np.ndarray) -> Split:
    """Return the variance that luck and assumptions give to a single difference, (worlds, lucks).

    One-way analysis of variance with random worlds; what assumptions give is not below nothing.
    """
    whole = values[np.isfinite(values).all(axis=1)]
    if len(whole) < 2:
        return Split(np.nan, np.nan)
    luck = float(np.var(whole, axis=1, ddof=1).mean())
    between = float(np.var(whole.mean(axis=1), ddof=1)) - luck / whole.shape[1]
    return Split(luck, max(between, 0.0))


def luck_alone(values: np.ndarray, lucks: int) -> float | None:
    """Return luck's part of the variance of all runs, (points, replicates), lived in worlds.

    Nothing where a world has one luck, or where all runs are the same.
    """
    if lucks == 1:
        return None
    grouped = values.reshape(len(values), -1, lucks)
    grouped = grouped[np.isfinite(grouped).all(axis=2)]
    whole = float(np.var(grouped)) if len(grouped) else 0.0
    return float(np.var(grouped, axis=-1, ddof=1).mean()) / whole if whole > 0 else None


class Apart(NamedTuple):
    """How worlds lie apart, luck taken out: as if they were spread like a bell (normal)."""

    luck: Estimate  # its share of the variance of single differences
    higher: Estimate  # the share of worlds in which the difference is above zero
    same: float  # the share in which it is zero with every luck: these are no part of the bell
    low: float  # between low and high lie nine of ten worlds
    high: float
    least: float  # and, with as much spread as these worlds may have, between least and most
    most: float


def apart_of(values: np.ndarray, zero: float = 0.0) -> Apart:
    """Return how worlds lie apart, from single values, (worlds, lucks).

    Intervals (95%) by bootstrap over worlds: variances of a few lucks are anything but normal.
    `higher` is the share of worlds above `zero`; those that are `zero` with every luck are counted
    apart, and no part of the bell that tells it.
    """
    whole = values[np.isfinite(values).all(axis=1)]
    found, still = _as_a_bell(whole, zero), (whole == zero).all(axis=1)
    if not still.any():
        return found
    if still.all():
        return found._replace(higher=Estimate(0.0, 0.0, 0.0), same=1.0)
    moving, same = _as_a_bell(whole[~still], zero).higher, float(still.mean())
    higher = Estimate(*((1.0 - same) * each for each in moving))
    return found._replace(higher=higher, same=same)


def _as_a_bell(whole: np.ndarray, zero: float) -> Apart:
    """Return how worlds lie apart, all of them as one bell."""
    if len(whole) < 2 or whole.shape[1] < 2:
        none = Estimate(np.nan, np.nan, np.nan)
        return Apart(none, none, 0.0, np.nan, np.nan, np.nan, np.nan)
    means, within = whole.mean(axis=1), whole.var(axis=1, ddof=1)
    lucks, chance = whole.shape[1], np.random.Generator(np.random.PCG64(len(whole)))
    drawn = chance.integers(len(whole), size=(RESAMPLES, len(whole)))
    shares, middles, spreads = _parts(means[drawn], within[drawn], lucks)
    (share,), (middle,), (spread,) = _parts(means[None], within[None], lucks)
    reach, widest = NINE_OF_TEN * spread, NINE_OF_TEN * float(np.quantile(spreads, ENDS[1]))
    above = float(_above(np.array(middle - zero), np.array(spread)))
    ends = (middle - reach, middle + reach, middle - widest, middle + widest)
    return Apart(
        _estimate(float(share), shares), _estimate(above, _above(middles - zero, spreads)), 0.0,
        *map(float, ends),
    )  # fmt: skip


def _parts(
    means: np.ndarray, within: np.ndarray, lucks: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return luck's share, the mean, and how far worlds lie apart without luck, a row a sample."""
    luck = within.mean(axis=1)
    between = np.maximum(means.var(axis=1, ddof=1) - luck / lucks, 0.0)
    whole = luck + between
    share = np.divide(luck, whole, out=np.full_like(whole, np.nan), where=whole > 0)
    return share, means.mean(axis=1), np.sqrt(between)


def _above(middle: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Return the share of a bell that lies above zero; of one without width all, half or none."""
    from scipy.special import ndtr  # here, since it loads slowly

    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = np.where(spread > 0, middle / spread, np.sign(middle) * np.inf)
    found: np.ndarray = ndtr(np.where(np.isnan(scaled), 0.0, scaled))
    return found


def _estimate(value: float, drawn: np.ndarray) -> Estimate:
    known = drawn[np.isfinite(drawn)]
    low, high = np.quantile(known, ENDS) if len(known) else (np.nan, np.nan)
    return Estimate(value, float(low), float(high))


def over_luck(found: Estimate, means: np.ndarray, split: Split, lucks: int) -> tuple[float, float]:
    """Return the interval that luck alone gives, were these all the worlds there are.

    Args:
        found: the mean over worlds with its interval over luck and worlds.
        means: (worlds,), of which it is the mean.
        split, lucks: the variance of single runs, and how many of them a world has.
    """
    spread = float(np.var(means, ddof=1)) if len(means) > 1 else np.nan
    if not (np.isfinite(found.half) and spread > 0):
        return found.low, found.high
    half = found.half * float(np.sqrt(min(split.luck / lucks / spread, 1.0)))
    return found.value - half, found.value + half
