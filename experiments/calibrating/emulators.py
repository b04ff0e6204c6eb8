"""An emulator of each of England's numbers: what a run would give, without running it.

A quadratic in the numbers that move something, by ridge regression, and on what it leaves a
Gaussian process (Rasmussen and Williams 2006, chapter 2) with a nugget. The nugget is luck, and
what the numbers do that are left to vary.
"""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np

from ..executors.ordered import Hands, ordered

MOST_FITTED, MOST_LEARNT = 400, 1000
"""So many runs settle the length and the nugget of a process, and so many give it its values: its
cost grows with their square. The quadratic is of all runs."""
SHRINKAGE = (0.1, 1.0, 10.0, 100.0, 1000.0)
"""Penalties among which leave-one-out chooses."""


class Quadratic(NamedTuple):
    """A ridge regression on standardized numbers, their squares and products."""

    columns: np.ndarray  # (features, 2): which two numbers are multiplied; -1 for one alone
    centre: np.ndarray
    scale: np.ndarray
    weights: np.ndarray  # (features, outputs)
    constant: np.ndarray  # (outputs,)

    def at(self, inputs: np.ndarray) -> np.ndarray:
        """Return the fitted values, (points, outputs)."""
        expanded = (_expanded(inputs, self.columns) - self.centre) / self.scale
        found: np.ndarray = expanded @ self.weights + self.constant
        return found


def pairs_of(count: int) -> np.ndarray:
    """Return the terms of a quadratic in so many numbers, (terms, 2)."""
    alone = [(k, -1) for k in range(count)]
    return np.array(alone + [(i, j) for i in range(count) for j in range(i, count)])


def _expanded(inputs: np.ndarray, columns: np.ndarray) -> np.ndarray:
    first = inputs[:, columns[:, 0]]
    second = np.where(columns[:, 1] < 0, 1.0, inputs[:, columns[:, 1]])
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
    processes: list[Any]  # of scikit-learn, one a target
    variance: np.ndarray  # (targets,): of runs that were held out, around what it says of them
    r2: np.ndarray  # (targets,): of the same runs

    def at(self, inputs: np.ndarray) -> np.ndarray:
        """Return the means of runs at points, (points, targets)."""
        rest = np.column_stack([process.predict(inputs) for process in self.processes])
        found: np.ndarray = self.quadratic.at(inputs) + rest
        return found


class _Task(NamedTuple):
    inputs: np.ndarray
    rest: np.ndarray
    seed: int


def fit_emulator(
    inputs: np.ndarray, outputs: np.ndarray, hands: Hands, *, seed: int, held_out: float = 0.2
) -> Emulator:
    """Return the emulator of outputs, (runs, targets), in inputs, (runs, numbers).

    A share of the runs is held out to say how well it does; it is not learnt from.
    """
    cut = int(len(inputs) * (1.0 - held_out))
    quadratic = fit_quadratic(inputs[:cut], outputs[:cut], pairs_of(inputs.shape[1]))
    rest = outputs[:cut] - quadratic.at(inputs[:cut])
    tasks = [_Task(inputs[:cut], rest[:, k], seed + k) for k in range(outputs.shape[1])]
    processes = list(ordered(_fit_process, tasks, hands))
    found = Emulator(quadratic, processes, np.zeros(len(tasks)), np.zeros(len(tasks)))
    left = np.var(outputs[cut:] - found.at(inputs[cut:]), axis=0)
    whole = np.maximum(np.var(outputs[cut:], axis=0), 1e-12)
    return found._replace(variance=left, r2=1.0 - left / whole)


def _fit_process(task: _Task) -> Any:
    """Return the process of one target: its length and nugget from some runs, its values of all."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

    size = float(np.var(task.rest)) or 1.0
    kernel = ConstantKernel(0.1 * size, (1e-4 * size, 10 * size)) * RBF(
        3.0, (0.5, 50.0)
    ) + WhiteKernel(size, (1e-3 * size, 10 * size))
    few = GaussianProcessRegressor(kernel, random_state=task.seed)
    with warnings.catch_warnings():  # a length at the end of its range is as good as linear
        warnings.simplefilter("ignore", ConvergenceWarning)
        few.fit(task.inputs[:MOST_FITTED], task.rest[:MOST_FITTED])
    whole = GaussianProcessRegressor(few.kernel_, optimizer=None)
    return whole.fit(task.inputs[:MOST_LEARNT], task.rest[:MOST_LEARNT])


def important(unit: np.ndarray, features: np.ndarray, most: int) -> list[int]:
    """Return the places of the numbers that move the targets most, at most so many.

    By a linear regression of all targets on all numbers: the variance of targets, in their
    spreads, that a number accounts for beyond what chance would give it.
    """
    columns = np.column_stack([np.arange(unit.shape[1]), np.full(unit.shape[1], -1)])
    fit = fit_quadratic(unit, features, columns)
    left = np.var(features - fit.at(unit), axis=0)
    by_chance = left / len(unit)
    moved = np.maximum(fit.weights**2 - 4.0 * by_chance, 0.0) / (left + 1.0)
    order = np.argsort(-moved.sum(axis=1), kind="stable")[:most]
    return sorted(int(k) for k in order if moved[k].sum() > 0.0)
