"""An emulator of England's numbers: what a run would give in the mean, without running it.

Each of England's numbers is a sum over the numbers that move something: of each its value and its
square, by ridge regression on single runs. What that leaves of a run is luck and what the numbers
do that are left to vary. Products of two numbers, and a Gaussian process on what is left, were
tried on three thousand runs: neither says more of runs that were held out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import norm

SHRINKAGE = (0.1, 1.0, 10.0, 100.0, 1000.0)
"""Penalties among which leave-one-out chooses."""
ALONE = -1
"""In place of the second of two numbers that are multiplied: the first by itself."""
SAME = 1e-6
"""A variance, in squared spreads, below which runs count as the same."""
CHANCE = 0.05
"""How likely a number that moves nothing is to be taken for one that does, of all together."""


class Quadratic(NamedTuple):
    """A ridge regression on standardized numbers and products of two."""

    columns: np.ndarray  # (terms, 2): which two numbers are multiplied, or one and ALONE
    centre: np.ndarray
    scale: np.ndarray
    weights: np.ndarray  # (terms, outputs)
    constant: np.ndarray  # (outputs,)

    def at(self, inputs: np.ndarray) -> np.ndarray:
        """Return the fitted values, (points, outputs)."""
        expanded = (_expanded(inputs, self.columns) - self.centre) / self.scale
        found: np.ndarray = expanded @ self.weights + self.constant
        return found


def linear(count: int) -> np.ndarray:
    """Return the terms of a sum over so many numbers, (terms, 2)."""
    return np.column_stack([np.arange(count), np.full(count, ALONE)])


def additive(count: int) -> np.ndarray:
    """Return the terms of a sum over so many numbers and their squares, (terms, 2)."""
    return np.vstack([linear(count), np.column_stack([np.arange(count)] * 2)])


def pairs_of(count: int) -> np.ndarray:
    """Return the terms of a whole quadratic in so many numbers, (terms, 2)."""
    products = [(i, j) for i in range(count) for j in range(i, count)]
    return np.vstack([linear(count), np.array(products)])


def _expanded(inputs: np.ndarray, columns: np.ndarray) -> np.ndarray:
    first = inputs[:, columns[:, 0]]
    second = np.where(columns[:, 1] == ALONE, 1.0, inputs[:, columns[:, 1]])
    product: np.ndarray = first * second
    return product


def fit_quadratic(inputs: np.ndarray, outputs: np.ndarray, columns: np.ndarray) -> Quadratic:
    """Return the quadratic of outputs, (runs, outputs), in inputs, (runs, numbers)."""
    from sklearn.linear_model import RidgeCV

    expanded = _expanded(inputs, columns)
    centre, scale = expanded.mean(axis=0), np.maximum(expanded.std(axis=0), 1e-9)
    ridge = RidgeCV(SHRINKAGE, alpha_per_target=True)
    ridge.fit((expanded - centre) / scale, outputs)
    weights = np.atleast_2d(ridge.coef_).T
    return Quadratic(columns, centre, scale, weights, np.atleast_1d(ridge.intercept_))


class Emulator(NamedTuple):
    """What stands for runs: the mean of each target, how far single runs lie from it, how well."""

    quadratic: Quadratic
    variance: np.ndarray  # (targets,): of runs that were held out, around what it says of them
    r2: np.ndarray  # (targets,): of the same runs; not a number where all runs are the same

    def at(self, inputs: np.ndarray) -> np.ndarray:
        """Return the means of runs at points, (points, targets)."""
        return self.quadratic.at(inputs)


def fit_emulator(inputs: np.ndarray, outputs: np.ndarray, *, held_out: float = 0.2) -> Emulator:
    """Return the emulator of outputs, (runs, targets), in inputs, (runs, numbers).

    A share of the runs is held out to say how well it does; it is not learnt from.
    """
    cut = int(len(inputs) * (1.0 - held_out))
    found = fit_quadratic(inputs[:cut], outputs[:cut], additive(inputs.shape[1]))
    left = ((outputs[cut:] - found.at(inputs[cut:])) ** 2).mean(axis=0)
    whole = np.var(outputs[cut:], axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        r2 = np.where(whole > SAME, 1.0 - left / whole, np.nan)
    return Emulator(found, left, r2)


def important(unit: np.ndarray, features: np.ndarray, most: int) -> list[int]:
    """Return the places of the numbers that move the targets most, at most so many.

    By a linear regression of all targets on all numbers: the variance of targets, in their
    spreads, that a number accounts for beyond what chance would give any of them.
    """
    fit = fit_quadratic(unit, features, linear(unit.shape[1]))
    left = np.var(features - fit.at(unit), axis=0)
    by_chance = norm.isf(CHANCE / 2 / fit.weights.size) ** 2 * left / len(unit)
    moved = np.maximum(fit.weights**2 - by_chance, 0.0) / (left + 1.0)
    order = np.argsort(-moved.sum(axis=1), kind="stable")[:most]
    return sorted(int(k) for k in order if moved[k].sum() > 0.0)
