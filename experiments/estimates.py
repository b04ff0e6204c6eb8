"""How sure a number is: one estimate with its interval, and the interval of a mean."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..sim.finding.often import wilson

CONFIDENCE = 0.95
ERROR = 0.05
"""The chance that an interval is wrong; several that are to hold together share it."""


class Estimate(NamedTuple):
    """A number and its interval, in the same unit; not a number where there is none."""

    value: float
    low: float
    high: float

    @property
    def half(self) -> float:
        """Half of the width of the interval."""
        return (self.high - self.low) / 2

    @property
    def sure(self) -> bool:
        """Whether the interval does not hold zero."""
        return self.low > 0 or self.high < 0

    def document(self) -> dict[str, float | None]:
        """Return it ready for JSON; what does not exist is null."""
        return {
            name: float(each) if np.isfinite(each) else None
            for name, each in self._asdict().items()
        }


class LuckShare(NamedTuple):
    """What the variance of an outcome is made of."""

    between: Estimate  # variance of expected values over the points: what the factors explain
    luck: Estimate  # variance within a point: what only the seed decides
    share: Estimate  # of luck in the sum of the two
    left: Estimate  # share of the variance of the points' means that is still luck


class Growth(NamedTuple):
    """What a part of a study says already."""

    points: int
    estimates: list[Estimate]


def mean_of(values: np.ndarray, *, error: float = 1 - CONFIDENCE) -> Estimate:
    """Return the mean of the values there are, with Student's interval.

    For a number of values that was fixed before; the interval misses the true mean with
    probability `error` where values are normal. There is none for fewer than two values.
    """
    known = values[np.isfinite(values)]
    if not len(known):
        return Estimate(np.nan, np.nan, np.nan)
    mean, reach = float(known.mean()), _reach(known, error)
    return Estimate(mean, mean - reach, mean + reach)


def _reach(values: np.ndarray, error: float) -> float:
    """Return how far the interval of the mean reaches either way."""
    count = len(values)
    if count < 2:
        return float("nan")
    from scipy.special import stdtrit  # here, since it loads slowly and one value does without

    return float(stdtrit(count - 1, 1 - error / 2) * np.std(values, ddof=1) / np.sqrt(count))


def share_of(successes: int, trials: int) -> Estimate:
    """Return a share and its interval by Wilson's score (1927); 0 to 1 without trials."""
    if trials == 0:
        return Estimate(np.nan, 0.0, 1.0)
    return Estimate(successes / trials, *wilson(successes, trials, CONFIDENCE))
