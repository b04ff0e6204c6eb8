"""How far results lie apart, shared out between luck and assumptions.

Of each world the mean over its lucks is one value. How far values of one world lie apart is luck;
what is left of how far worlds lie apart is what the assumptions do.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .estimates import ERROR, Estimate


class Split(NamedTuple):
    """The variance of single differences: what luck gives and what assumptions give."""

    luck: float
    assumptions: float
    ratio: float  # of how far means of worlds lie apart to what luck alone would give; about 1 then


def by_world(values: np.ndarray, lucks: int) -> np.ndarray:
    """Return the mean of each world, (worlds,) or (worlds, ...), from values of its replicates.

    Replicates without a value are left out; a world without any has none.
    """
    if lucks == 1:
        return values
    whole = len(values) // lucks * lucks
    grouped = values[:whole].reshape(whole // lucks, lucks, *values.shape[1:])
    known = np.isfinite(grouped)
    count = known.sum(axis=1)
    total = np.where(known, grouped, 0.0).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: np.ndarray = np.where(count > 0, total / count, np.nan)
    return found


def share_of_luck(split: Split) -> float:
    """Return which part of the variance of single differences luck is."""
    whole = split.luck + split.assumptions
    return split.luck / whole if whole > 0 else np.nan


def split_of(values: np.ndarray) -> Split:
    """Return the variance that luck and assumptions give to a single difference, (worlds, lucks).

    One-way analysis of variance with random worlds; what assumptions give is not below nothing.
    """
    whole = values[np.isfinite(values).all(axis=1)]
    if len(whole) < 2:
        return Split(np.nan, np.nan, np.nan)
    lucks = whole.shape[1]
    luck = float(np.var(whole, axis=1, ddof=1).mean())
    between = float(np.var(whole.mean(axis=1), ddof=1))
    ratio = lucks * between / luck if luck > 0 else np.nan
    return Split(luck, max(between - luck / lucks, 0.0), ratio)


def share_range(split: Split, worlds: int, lucks: int) -> tuple[float, float]:
    """Return the 95% interval of luck's share of the variance, over so many worlds.

    By the F distribution, exact where both are normal (Searle 1971).
    """
    from scipy.stats import f  # here, since it loads slowly

    if not np.isfinite(split.ratio) or worlds < 2:
        return np.nan, np.nan
    free = worlds - 1, worlds * (lucks - 1)
    ratios = (split.ratio / f.ppf(at, *free) for at in (ERROR / 2, 1 - ERROR / 2))
    shares = [lucks / (max(ratio, 1.0) + lucks - 1) for ratio in ratios]
    return shares[0], shares[1]


def shrunken(means: np.ndarray, split: Split, lucks: int) -> np.ndarray:
    """Return the means of worlds without what luck adds to how far they lie apart."""
    share = np.sqrt(split.assumptions / (split.assumptions + split.luck / lucks))
    middle = float(np.mean(means))
    steady: np.ndarray = middle + share * (means - middle)
    return steady


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


def differ(means: np.ndarray, split: Split, lucks: int) -> bool:
    """Return whether worlds surely lie further apart than luck puts them (F test)."""
    from scipy.stats import f  # here, since it loads slowly

    if len(means) < 2 or not split.assumptions > 0 or not split.luck > 0:
        return False
    return bool(f.sf(split.ratio, len(means) - 1, len(means) * (lucks - 1)) <= ERROR)


def share_higher(means: np.ndarray, split: Split, lucks: int) -> float | None:
    """Return in what share of worlds the policy is higher, luck taken out.

    Nothing where worlds are not seen to differ: then all are taken for as the mean is.
    """
    if not differ(means, split, lucks):
        return None
    return float(np.mean(shrunken(means, split, lucks) > 0))


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
