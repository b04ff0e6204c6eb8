"""How likely the values of a number are over its range: all equally, unless a plan says otherwise.

Points are drawn in the unit cube, where the place of a value is the share of chances that lies
below it; the inverse distribution function leads from the place to the value. Shares of a study are
joined by their points, so only functions are used here that have the same bits with and without the
instructions that only some processors have. The logarithms and powers of numpy, and with them the
distributions of scipy.stats, differ in the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ...sim.errors import InputError, nearest
from .plan import Design, Distribution, Factor, Given

TOLD: dict[str, tuple[str, ...]] = {
    "uniform": (),
    "loguniform": (),
    "triangular": ("mode",),
    "normal": ("mean", "sd"),
}
"""What each distribution is told; "uniform" is what holds if nothing is said."""
WIDEST = 100
"""So many times as wide as the range a standard deviation may be: then all is equally likely."""
HALF = 0.5


def distribution_of(given: Given, low: float, high: float, where: str) -> Distribution | None:
    """Return what a plan says of how likely the values of a range are; None if all equally.

    Raises:
        InputError: there is no such distribution, or what it is told does not fit the range.
    """
    told = [key for key in ("mode", "mean", "sd") if getattr(given, key) is not None]
    kind = given.distribution
    if kind is None:
        if told:
            needs = next(name for name, keys in TOLD.items() if told[0] in keys)
            raise InputError(
                f'{where}: {told[0]} is said, and no distribution: write distribution = "{needs}" '
                f"too, or leave {told[0]} out"
            )
        return None
    if kind not in TOLD:
        raise InputError(f"{where}: unknown distribution '{kind}'; {nearest(kind, TOLD)}")
    for key in told:
        if key not in TOLD[kind]:
            needed = " and ".join(TOLD[kind]) or "nothing but low and high"
            raise InputError(
                f"{where}: a {kind} distribution is not told '{key}'; it takes {needed}"
            )
    for key in TOLD[kind]:
        if key not in told:
            raise InputError(f"{where}: a {kind} distribution needs '{key}'")
    _check_fits(given, low, high, where)
    if kind == "uniform":
        return None
    return Distribution.model_validate({"kind": kind, **{key: getattr(given, key) for key in told}})


def _check_fits(given: Given, low: float, high: float, where: str) -> None:
    """Refuse numbers of a distribution that do not go with its range."""
    if given.distribution == "loguniform" and low <= 0:
        raise InputError(
            f"{where}: low is {low:g}: a loguniform distribution needs a low above 0; give one, or "
            "another distribution"
        )
    for key in ("mode", "mean"):
        value = getattr(given, key)
        if value is not None and not low <= value <= high:
            raise InputError(
                f"{where}: {key} is {value:g}: it must lie between low and high, {low:g} to "
                f"{high:g}"
            )
    most = WIDEST * (high - low)
    if given.sd is not None and not 0 < given.sd <= most:
        raise InputError(
            f"{where}: sd is {given.sd:g}: it must be above 0, and {most:g} at most, {WIDEST} "
            'times the range; a wider one is distribution = "uniform"'
        )


def check_undistributed(given: Given, what: str, where: str) -> None:
    """Refuse a distribution of what has no range.

    Raises:
        InputError: naming what is to be left out.
    """
    for key in ("distribution", "mode", "mean", "sd"):
        if getattr(given, key) is not None:
            raise InputError(
                f"{where}: {what} are all equally likely: leave {key} out; only a number with low "
                "and high has a distribution"
            )


def check_drawn(design: Design, factors: Sequence[Factor], at: str) -> None:
    """Refuse distributions in a design whose points are not drawn.

    Raises:
        InputError: naming the factor, and what to do.
    """
    if design.kind not in ("grid", "table"):
        return
    why = "has levels" if design.kind == "grid" else "has the points that it lists"
    for factor in factors:
        if factor.distribution is not None:
            raise InputError(
                f"{at}: a {design.kind} design {why} and no chances, and {factor.name} has a "
                f'{factor.distribution.kind} distribution: give kind = "latin", "sobol", '
                '"saltelli" or "morris", or leave the distribution out'
            )


def quantiles(unit: np.ndarray, low: float, high: float, distribution: Distribution) -> np.ndarray:
    """Return the values below which such shares of a distribution lie.

    Args:
        unit: the shares, 0 to 1; (points,).
        low: the value of share 0, in the unit of the number.
        high: the value of share 1.
        distribution: how likely the values between them are.
    """
    if distribution.kind == "loguniform":
        found = _loguniform(unit, low, high)
    elif distribution.kind == "triangular":
        found = _triangular(unit, low, high, _told(distribution.mode))
    else:
        found = _normal(unit, low, high, _told(distribution.mean), _told(distribution.sd))
    found = np.clip(found, low, high)  # rounding must not lead outside
    return np.where(unit <= 0, low, np.where(unit >= 1, high, found))


def _told(value: float | None) -> float:
    if value is None:
        raise ValueError("a distribution lacks a number that it needs")
    return value


def _loguniform(unit: np.ndarray, low: float, high: float) -> np.ndarray:
    from scipy.special import exp10

    begin, end = math.log10(low), math.log10(high)
    return np.asarray(exp10(begin + unit * (end - begin)))


def _triangular(unit: np.ndarray, low: float, high: float, mode: float) -> np.ndarray:
    width = high - low
    rising = low + np.sqrt(unit * width * (mode - low))
    falling = high - np.sqrt((1 - unit) * width * (high - mode))
    return np.where(unit * width < mode - low, rising, falling)


def _normal(unit: np.ndarray, low: float, high: float, mean: float, sd: float) -> np.ndarray:
    """Return quantiles of a normal distribution that is cut to a range around its mean.

    The upper half is reckoned from above, where chances near 1 would lose their digits.
    """
    from scipy.special import ndtr, ndtri

    first, last = (low - mean) / sd, (high - mean) / sd
    below = ndtr(first) + unit * (ndtr(last) - ndtr(first))
    above = ndtr(-last) + (1 - unit) * (ndtr(-first) - ndtr(-last))
    return np.asarray(mean + sd * np.where(unit < HALF, ndtri(below), -ndtri(above)))


def distribution_words(distribution: Distribution) -> str:
    """Return what a distribution is called, with what it is told."""
    if distribution.kind == "triangular":
        return f"triangular with mode {distribution.mode:g}"
    if distribution.kind == "normal":
        return f"normal with mean {distribution.mean:g} and sd {distribution.sd:g}, cut there"
    return distribution.kind
