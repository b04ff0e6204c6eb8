"""Which factors matter at all: the screening of Morris, by steps of one factor at a time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..estimates import Estimate, Growth
from .enough import NO_LIMITS, Enough, Limits, enough_walks
from .indices import ranked, sizes, too_few
from .resampling import Spread, even, spread

FEWEST_TRAJECTORIES = 8
"""Below so many trajectories factors are not ranked."""
MU, MU_STAR, SIGMA = range(3)
NEARNESS = 1e-3
"""How far from even ones weights of replicates are taken: see `spread`."""


class Steps(NamedTuple):
    """What one factor's steps do: effects, scaled to a step over its whole range."""

    effects: np.ndarray  # (trajectories, factors, replicates)
    starts: np.ndarray  # (trajectories, replicates): the outcome where each trajectory starts
    length: float  # of a usual step, as a share of a factor's range

    def first(self, count: int) -> Steps:
        """Return the first trajectories alone."""
        return Steps(self.effects[:count], self.starts[:count], self.length)


class Screening(NamedTuple):
    """What Morris says of each factor, and of a dummy that only changes the luck."""

    mu: list[Estimate]
    mu_star: list[Estimate]
    sigma: list[Estimate]
    dummy: Estimate  # the mu* of a factor that changes nothing but the luck
    dummy_sigma: Estimate
    told: list[bool]
    ranks: list[int | None]
    refused: str
    still: list[bool]  # whether a factor moved not one bit
    enough: Enough | None  # what it would take to tell the largest, where none is told


def steps_of(values: np.ndarray, moved: np.ndarray, length: np.ndarray) -> Steps:
    """Return the effects of steps.

    Parameters: outcomes (trajectories, factors + 1, replicates); which factor each step moves
    (trajectories, factors); how far, with its sign, as a share of the factor's range (likewise;
    1 for a factor of words, whose steps have no direction).
    """
    change = np.diff(values, axis=1) / length[:, :, None]
    effects = np.empty_like(change)
    rows = np.arange(len(values))[:, None]
    effects[rows, moved] = change
    return Steps(effects, values[:, 0], float(np.median(np.abs(length))))


def screen(steps: Steps, limits: Limits = NO_LIMITS) -> Screening:
    """Return what Morris says, ranked by mu* as far as luck allows; `limits` of a larger study."""
    found = _spread(steps)
    factors = steps.effects.shape[1]
    mu, star, sigma = (
        [found.estimate(row, k) for k in range(factors + 1)] for row in (MU, MU_STAR, SIGMA)
    )
    refused = why_refused(steps)
    still = [not steps.effects[:, k].any() for k in range(factors)]
    told = [
        not refused and not still[k] and found.surely_above((MU_STAR, k), (MU_STAR, factors))
        for k in range(factors)
    ]
    stars = [(MU_STAR, k) for k in range(factors)]
    enough = None
    if not refused and not any(told):
        enough = enough_walks(steps.effects, limits)
    return Screening(
        mu[:-1], star[:-1], sigma[:-1], star[-1], sigma[-1], told, ranked(found, stars, told),
        refused, still, enough,
    )  # fmt: skip


def why_refused(steps: Steps) -> str:
    """Return why factors cannot be ranked at all, in words; nothing when they can."""
    trajectories, _, replicates = steps.effects.shape
    return too_few(trajectories, FEWEST_TRAJECTORIES, "trajectories", replicates)


def convergence(steps: Steps) -> list[Growth]:
    """Return mu*, the dummy's last, of ever larger parts of a screening."""
    factors, found = steps.effects.shape[1], []
    for count in sizes(len(steps.effects)):
        part = _spread(steps.first(count))
        estimates = [part.estimate(MU_STAR, k) for k in range(factors + 1)]
        found.append(Growth(count * (factors + 1), estimates))
    return found


def _spread(steps: Steps) -> Spread:
    trajectories, _, replicates = steps.effects.shape
    middle = even(replicates)

    def near(p: np.ndarray, w: np.ndarray) -> np.ndarray:
        return morris(steps, p, middle + NEARNESS * (w - middle))

    return spread(near, trajectories, replicates, nearness=NEARNESS)


def morris(steps: Steps, p: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Return mu, mu* and sigma (rows) of each factor, the dummy's last."""
    means = np.concatenate([steps.effects @ w, _dummy(steps, p)[:, None]], axis=1)
    mu = p @ means
    missing = 1 - (p**2).sum()
    sigma = np.sqrt(p @ (means - mu) ** 2 / missing) if missing > 0 else np.full(len(mu), np.nan)
    return np.array([mu, p @ np.abs(means), sigma])


def _dummy(steps: Steps, p: np.ndarray) -> np.ndarray:
    """Return the effects (trajectories,) of a factor that changes nothing but the luck.

    The starting points are compared with themselves under other replicates, odd ones with even
    ones, which are half as many as a real factor has: hence the root of two.
    """
    pairs = steps.starts.shape[1] // 2
    if pairs == 0:
        return np.full(len(steps.starts), np.nan)
    parted = steps.starts - p @ steps.starts
    odd, other = parted[:, 0 : 2 * pairs : 2], parted[:, 1 : 2 * pairs : 2]
    found: np.ndarray = (other - odd).mean(axis=1) / np.sqrt(2) / steps.length
    return found
