"""England among runs of the worlds that history allows: ranks and scores, pattern by pattern.

A run is taken as it would be told, with error and discrepancy. Where only one side of a target is
judged, all beyond its bound is alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..history.near import rank_of, score_of
from ..history.targets import counted_patterns, counted_targets
from .features import features_of

INSIDE = (0.05, 0.95)
RESAMPLED, SEED, ERRORS = 200, 61, 2.0
"""How often sets are drawn anew for the error of a score, and how many errors count as better."""


class Predicted(NamedTuple):
    """How a pattern stands among runs."""

    pattern: str
    mean: list[float]  # of each target, over worlds
    met: bool  # whether each mean is near England
    many: bool  # whether it is of several numbers
    rank: float  # of one number the share of runs below England, of many of those less far out
    score: float  # continuous ranked probability score, in spreads, the mean over targets
    score_error: float  # its standard error, over sets
    prior_score: float  # of runs over all ranges
    constant_score: float  # of one number: the mean of those runs

    @property
    def inside(self) -> bool:
        """Whether England lies among the middle of runs, or no further out than most."""
        return (self.many or self.rank >= INSIDE[0]) and self.rank <= INSIDE[1]

    @property
    def better(self) -> bool:
        """Whether runs say surely more of England than those over all ranges and one number."""
        least = min(self.prior_score, self.constant_score)
        return self.score + ERRORS * self.score_error < least

    @property
    def worse(self) -> bool:
        """Whether runs say surely less of England than those over all ranges."""
        return self.score - ERRORS * self.score_error > self.prior_score


def predictions(predicted: np.ndarray, prior: np.ndarray) -> list[Predicted]:
    """Return how each pattern that counts stands.

    Args:
        predicted: (sets, lucks, targets that count), runs of the worlds of an ensemble.
        prior: (runs, targets that count), of points over all ranges.
    """
    chance = np.random.Generator(np.random.PCG64(SEED))
    runs = predicted.reshape(-1, predicted.shape[2])
    missed, told = features_of(runs), features_of(runs, chance.normal(size=runs.shape))
    before = features_of(prior)
    drawn = [chance.integers(len(predicted), size=len(predicted)) for _ in range(RESAMPLED)]
    by_set = missed.reshape(*predicted.shape)
    found = []
    for pattern in counted_patterns():
        held = [(k, t) for k, t in enumerate(counted_targets()) if t.pattern == pattern]
        columns = [k for k, _ in held]
        mean = np.nanmean(runs[:, columns], axis=0)
        again = [_score(by_set[some][:, :, columns].reshape(-1, len(columns))) for some in drawn]
        found.append(Predicted(
            pattern,
            [float(value) for value in mean],
            all(t.met(float(value)) for (_, t), value in zip(held, mean, strict=True)),
            len(held) > 1,
            depth_rank(told[:, columns]),
            _score(missed[:, columns]),
            float(np.std(again)),
            _score(before[:, columns]),
            float(np.mean(np.abs(before[:, columns].mean(axis=0)))),
        ))  # fmt: skip
    return found


def _score(missed: np.ndarray) -> float:
    """Return the score of runs, (runs, targets) in spreads from England, the mean over targets."""
    return float(np.mean([score_of(0.0, column) for column in missed.T]))


def depth_rank(missed: np.ndarray) -> float:
    """Return where England lies among runs: of one number its rank, of many how far out it is.

    How far out a run is: its distance from the mean of all by Mahalanobis, so that numbers that go
    together count once. 0.5 is as far out as the middle run.

    missed: (runs, targets), in spreads from England, which is nothing of all.
    """
    if missed.shape[1] == 1:
        return rank_of(0.0, missed[:, 0])
    centre = missed.mean(axis=0)
    inverse = np.linalg.pinv(np.cov(missed.T))
    return rank_of(_out(-centre[None, :], inverse)[0], _out(missed - centre, inverse))


def _out(apart: np.ndarray, inverse: np.ndarray) -> Sequence[float]:
    found: np.ndarray = np.einsum("ij,jk,ik->i", apart, inverse, apart)
    return [float(value) for value in found]
