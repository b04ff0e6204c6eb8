"""England among runs of the worlds that history allows: ranks and scores, pattern by pattern."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..history.near import rank_of, score_of
from ..history.targets import counted_patterns, targets

INSIDE = (0.05, 0.95)


class Predicted(NamedTuple):
    """How a pattern stands among runs."""

    pattern: str
    mean: list[float]  # of each target, over worlds
    met: bool  # whether each mean is near England
    many: bool  # whether it is of several numbers
    rank: float  # the share of runs that lie less far out than England; half of those as far
    score: float  # continuous ranked probability score, in spreads, the mean over targets
    prior_score: float  # of runs over all ranges
    constant_score: float  # of one number: the mean of those runs

    @property
    def inside(self) -> bool:
        """Whether England lies among the middle of runs, or no further out than most."""
        return (self.many or self.rank >= INSIDE[0]) and self.rank <= INSIDE[1]

    @property
    def better(self) -> bool:
        """Whether runs say more of England than those over all ranges, and than one number."""
        return self.score < min(self.prior_score, self.constant_score)


def predictions(runs: np.ndarray, prior: np.ndarray) -> list[Predicted]:
    """Return how each pattern that counts stands.

    Args:
        runs: (runs, targets), of the worlds of an ensemble.
        prior: the same of points over all ranges.
    """
    found = []
    for pattern in counted_patterns():
        held = [(k, t) for k, t in enumerate(targets()) if t.pattern == pattern]
        columns = [k for k, _ in held]
        mean = np.nanmean(runs[:, columns], axis=0)
        scores = [_scores(t.value, t.spread, runs[:, k], prior[:, k]) for k, t in held]
        own, before, constant = np.mean(scores, axis=0)
        found.append(Predicted(
            pattern,
            [float(value) for value in mean],
            all(t.met(float(value)) for (_, t), value in zip(held, mean, strict=True)),
            len(held) > 1,
            depth_rank(np.array([t.value for _, t in held]), runs[:, columns]),
            float(own), float(before), float(constant),
        ))  # fmt: skip
    return found


def _scores(
    value: float, spread: float, runs: np.ndarray, prior: np.ndarray
) -> tuple[float, float, float]:
    constant = abs(float(np.nanmean(prior)) - value)
    return score_of(value, runs) / spread, score_of(value, prior) / spread, constant / spread


def depth_rank(england: np.ndarray, runs: np.ndarray) -> float:
    """Return where England lies among runs: of one number its rank, of many how far out it is.

    How far out a run is: the root of its squared distance from the mean of all, in standard
    deviations of each number. 0.5 is as far out as the middle run.
    """
    known = runs[~np.isnan(runs).any(axis=1)]
    if runs.shape[1] == 1:
        return rank_of(float(england[0]), known[:, 0])
    centre, spread = known.mean(axis=0), np.maximum(known.std(axis=0), 1e-9)
    out = (((known - centre) / spread) ** 2).sum(axis=1)
    return rank_of(float((((england - centre) / spread) ** 2).sum()), out)
