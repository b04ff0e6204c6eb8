"""Approximate Bayesian computation on learned summaries, adjusted by regression.

The summaries are what a regression says of each number from England's numbers (Fearnhead and
Prangle 2012); they are learnt from runs that are not used again, since a run that was learnt from
looks nearer than it is. Of the other runs the nearest are kept, weighted by nearness, and moved to
where they would be if they had shown what England did (Beaumont, Zhang and Balding 2002).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .emulators import Quadratic, fit_quadratic, pairs_of

EDGE = 1e-3
"""How near to the ends of its range a number may come when it is moved."""
SHRINKAGE = 1e-3
"""A small penalty, so that the adjustment never breaks down."""


class Learned(NamedTuple):
    """What England's numbers say of each number, and how much."""

    quadratic: Quadratic
    r2: np.ndarray  # (numbers,): of runs that were not learnt from

    def at(self, features: np.ndarray) -> np.ndarray:
        """Return the summaries of runs, (runs, numbers), in units of the range."""
        return self.quadratic.at(features)


class Posterior(NamedTuple):
    """Runs that came near, with their weights and where they were moved to."""

    kept: np.ndarray  # (kept,): places of runs
    weights: np.ndarray  # (kept,), adding up to 1
    moved: np.ndarray  # (kept, numbers): values after the adjustment, in the unit cube


def learn(features: np.ndarray, unit: np.ndarray, *, held_out: float = 0.2) -> Learned:
    """Return the summaries that runs teach: features, (runs, targets), of unit, (runs, numbers)."""
    cut = int(len(features) * (1.0 - held_out))
    columns = pairs_of(features.shape[1])
    first = fit_quadratic(features[:cut], unit[:cut], columns)
    left = ((unit[cut:] - first.at(features[cut:])) ** 2).mean(axis=0)
    r2 = 1.0 - left / np.var(unit[cut:], axis=0)
    return Learned(fit_quadratic(features, unit, columns), r2)


def posterior(summaries: np.ndarray, seen: np.ndarray, unit: np.ndarray, keep: int) -> Posterior:
    """Return the posterior of the numbers where the summaries seen are `seen`.

    Args:
        summaries: (runs, summaries), of runs that nothing was learnt from.
        seen: (summaries,), those of England, or of a planted run.
        unit: (runs, numbers), the values of the runs in the unit cube.
        keep: how many of the nearest runs are kept.
    """
    apart = np.sqrt(((summaries - seen) ** 2).sum(axis=1))
    kept = np.argpartition(apart, keep)[: keep + 1]
    kept = kept[np.argsort(apart[kept], kind="stable")]
    reach = apart[kept[-1]]
    kept = kept[:-1]
    weights = 1.0 - (apart[kept] / reach) ** 2
    weights /= weights.sum()
    return Posterior(kept, weights, _adjusted(summaries[kept] - seen, unit[kept], weights))


def _adjusted(apart: np.ndarray, unit: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return values moved along a local linear regression, on the scale of log odds.

    What the regression leaves is widened by the degrees of freedom that it took: it fits the runs
    that are kept, and would leave more of others.
    """
    inner = EDGE + (1.0 - 2.0 * EDGE) * unit
    odds = np.log(inner / (1.0 - inner))
    design = np.column_stack([np.ones(len(apart)), apart])
    weighted = design * weights[:, None]
    matrix = weighted.T @ design
    matrix[1:, 1:] += np.diag(SHRINKAGE * np.diag(matrix)[1:])
    slopes = np.linalg.solve(matrix, weighted.T @ odds)
    many = 1.0 / (weights**2).sum()
    wider = np.sqrt(many / max(many - design.shape[1], 1.0))
    moved = slopes[0] + wider * (odds - design @ slopes)
    found = (1.0 / (1.0 + np.exp(-moved)) - EDGE) / (1.0 - 2.0 * EDGE)
    clipped: np.ndarray = np.clip(found, 0.0, 1.0)
    return clipped


def quantiles(values: np.ndarray, weights: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return weighted quantiles of each column, (quantiles, columns)."""
    found = np.empty((len(at), values.shape[1]))
    for k in range(values.shape[1]):
        order = np.argsort(values[:, k], kind="stable")
        reached = np.cumsum(weights[order]) - 0.5 * weights[order]
        found[:, k] = np.interp(at, reached, values[order, k])
    return found
