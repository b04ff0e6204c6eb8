"""Intervals that hold however often one looks: one may stop as soon as the answer is clear.

An ordinary 95% interval is right in 95 of 100 studies if its number of replicates was fixed before.
Who looks again and again, and stops when it pleases, is misled far more often. An always-valid
interval holds at all looks together: the chance that it is ever wrong, at any look, is 5% for
normal values, and near it for others whose rare events have been seen.
"""

from __future__ import annotations

import numpy as np

from ..estimates import ERROR, Estimate

BURN_IN = 100
"""Replicates before the first interval."""
FEW = 30
"""So many replicates must differ from the commonest value before there is an interval."""
LOPSIDED = 25.0
"""There is no interval before this times the squared skewness (Cochran's rule)."""
QUARTILE = 0.6745
"""Standard deviations from the median to a quartile of normal values."""
FAR = 5.0
"""What lies further than so many robust standard deviations from the median is outside the bulk."""
WEIGHTY = 0.25
"""Fewer than FEW values outside the bulk may not make up more than this share of the variance."""
NARROWEST = 300
"""Replicates at which the interval is as narrow as such an interval can be."""


def always_valid(values: np.ndarray, *, error: float = ERROR) -> Estimate:
    """Return the mean of replicates and an interval that may be looked at after any of them.

    The normal mixture of Robbins (1970) with the running variance, as in Waudby-Smith, Arbour,
    Sinha, Kennedy and Ramdas (2024, Annals of Statistics 52(6), "Time-uniform central limit theory
    and asymptotic confidence sequences"). The variance is allowed for as in the t-test of Lai
    (1976) and of Wang and Ramdas (2025, "Anytime-valid t-tests and confidence sequences for
    Gaussian means with unknown variance"), so that it is exact for normal values at every count,
    and the same as the first for many values of any law with a variance.

    Values that are rare or lopsided look normal late only; until then (`too_early`) the interval
    is infinite. So it is while all values are the same: what is rare may not have happened yet.
    Nothing can know of what is large and rare and has not happened once (`unseen`).

    Args:
        values: what was found in each replicate, in their order; all finite.
        error: the chance that the interval is wrong at any count.
    """
    count = len(values)
    mean = float(np.mean(values)) if count else np.nan
    if too_early(values) is not None:
        return Estimate(mean, -np.inf, np.inf)
    half = float(np.std(values, ddof=1) * reach(np.array([count]), error=error)[0])
    return Estimate(mean, mean - half, mean + half)


def too_early(values: np.ndarray) -> str | None:
    """Return why values cannot have an interval yet, in words; None when they can."""
    count = len(values)
    if count < BURN_IN:
        return f"there are {count} replicates, and {BURN_IN} are needed"
    others = differing(values)
    if others < FEW:
        return (
            f"all but {others} of {count:,} replicates are the same, and {FEW} must differ for an "
            "interval"
        )
    if count < LOPSIDED * skewness(values) ** 2:
        return f"a few of {count:,} replicates differ so much that their mean is not settled yet"
    outside, share = outside_the_bulk(values)
    if outside < FEW and share > WEIGHTY:
        return (
            f"{outside} of {count:,} replicates lie far outside the rest and make up {share:.0%} "
            f"of the variance, and {FEW} such are needed for an interval"
        )
    return None


def outside_the_bulk(values: np.ndarray) -> tuple[int, float]:
    """Return how many values lie far outside the rest, and their share of the squares.

    The spread of the rest is told from its quartiles, which a few values far away do not move;
    where more than half are the same, from the others.
    """
    middle = float(np.median(values))
    apart = np.abs(values - middle)
    low, high = np.quantile(values, (0.25, 0.75))
    spread = (high - low) / 2
    if spread == 0:
        spread = float(np.median(apart[apart > 0])) if apart.any() else 0.0
    far = apart > FAR * spread / QUARTILE
    whole = float((apart**2).sum())
    return int(far.sum()), float((apart[far] ** 2).sum()) / whole if whole > 0 else 0.0


def unseen(count: int) -> int:
    """Return n: with 95%, what has not happened in `count` replicates happens in fewer than 1 of n.

    The rule of three.
    """
    return count // 3


def differing(values: np.ndarray) -> int:
    """Return how many values are not the commonest one."""
    return len(values) - int(np.unique(values, return_counts=True)[1].max(initial=0))


def skewness(values: np.ndarray) -> float:
    """Return how lopsided values are: 0 where they are symmetric; they must not be all the same."""
    apart = values - np.mean(values)
    # Divided first: the third power of small numbers may vanish.
    return float(np.mean((apart / np.std(values)) ** 3))


def reach(counts: np.ndarray, *, error: float = ERROR) -> np.ndarray:
    """Return half the width of the interval in standard deviations, for each number of values.

    Infinite where there are too few values to say anything with so small a chance of error.
    """
    doubt = -2 * np.log(error)
    prior = (doubt + np.log(doubt + 1)) / NARROWEST  # the narrowest at that count, in closed form
    grown = 1 + counts * prior
    ratio = np.exp((np.log(grown) + doubt) / counts)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.sqrt((counts - 1) / counts * (ratio - 1) / (1 - ratio / grown))
    return np.where(ratio < grown, found, np.inf)
