"""The trajectories of a screening: each drawn once, however few there are.

A trajectory is known by the values along it. Walked backwards it shows the same effects, and a step
of a factor that has one value only leads nowhere; so neither makes a trajectory another one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...sim.errors import InputError
from .plan import MORRIS_LEVELS, Factor

Walk = tuple[tuple[Any, ...], ...]


def places(unit: np.ndarray, factor: Factor) -> np.ndarray:
    """Return which of a factor's listed values numbers of the unit interval stand for."""
    count = len(factor.values)
    return np.minimum((unit * count).astype(np.int64), count - 1)


def how_many_walks(factors: Sequence[Factor], levels: int) -> int:
    """Return how many trajectories there are that differ."""
    at = np.linspace(0, 1, levels)
    half = levels // 2
    ways = []
    for factor in factors:
        known = places(at, factor) if factor.categorical else np.arange(levels)
        pairs = {(int(known[k]), int(known[k + half])) for k in range(half)}
        ways.append(len({way for a, b in pairs if a != b for way in ((a, b), (b, a))}))
    moving = [count for count in ways if count]
    return math.factorial(len(moving)) * math.prod(moving) // 2 if moving else 0


def check_walks(factors: Sequence[Factor], count: int, levels: int | None, where: str) -> None:
    """Refuse to draw more trajectories than there are.

    Raises:
        InputError: with how many there are, and what to do.
    """
    levels = levels or MORRIS_LEVELS
    there = how_many_walks(factors, levels)
    if count <= there:
        return
    fewer = f"give trajectories = {there} or fewer, " if there > 1 else ""
    raise InputError(
        f"{where}: trajectories is {count}, and with these values at {levels} levels there are "
        f'only {there} that differ: {fewer}more levels, or kind = "grid", which tries all '
        "combinations"
    )


def distinct(draw: Callable[[], np.ndarray], factors: Sequence[Factor], count: int) -> np.ndarray:
    """Return so many trajectories of the unit cube, none twice: those that `draw` gives first.

    `draw` returns some points of the unit cube, (trajectories x (factors + 1), factors), others
    each time. `check_walks` has seen that there are so many.
    """
    size = len(factors) + 1
    kept: dict[Walk, np.ndarray] = {}
    while len(kept) < count:
        for path in draw().reshape(-1, size, len(factors)):
            kept.setdefault(_walk(path, factors), path)
    return np.concatenate(list(kept.values())[:count])


def _walk(path: np.ndarray, factors: Sequence[Factor]) -> Walk:
    """Return a trajectory by what is different along it, the same in both directions."""
    columns = [
        places(path[:, k], factor) if factor.categorical else np.round(path[:, k], 9)
        for k, factor in enumerate(factors)
    ]
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    there = tuple(row for k, row in enumerate(rows) if k == 0 or row != rows[k - 1])
    return min(there, there[::-1])
