"""Funding paths: what government pays each year against the year before."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

from ..country.councils import FIRST_YEAR, as_float, read_rows
from ..declared.scenario import Scenario
from .council import Council
from .quarters import A_YEAR

HISTORY = "history"
FLAT = "flat"
FURTHEST_AHEAD = 6
"""Years beyond the end of a run that councils may look into."""


def years_needed(scenario: Scenario) -> int:
    """Return how many years from the first known one the funding tables must reach."""
    lived = math.ceil(scenario.quarters / A_YEAR)
    return scenario.start.year - FIRST_YEAR + lived + FURTHEST_AHEAD


@cache
def own_path(file: str) -> dict[int, float]:
    """Return the yearly growth that a user's table gives."""
    rows = read_rows(Path(file))
    return {int(float(row["year"])): as_float(row, "growth", file) for row in rows}


def growth(council: Council, path: str, year: int, depth: float) -> float:
    """Return the settlement of a year against that of the year before.

    Money that moves with a duty, or that replaces tax, is not made deeper or shallower.
    """
    moves = duty(council, path, year) + rebate(council, path, year)
    cut = _level(council, path, year) / _level(council, path, year - 1) - 1.0 - moves
    return 1.0 + depth * cut + moves


def duty(council: Council, path: str, year: int) -> float:
    """Return what comes with a new duty this year, as a share of last year's settlement."""
    if path != HISTORY:
        return 0.0
    return _in_year(council.duties, year) / _level(council, path, year - 1)


def rebate(council: Council, path: str, year: int) -> float:
    """Return what comes in the place of lost tax, as a share of last year's settlement."""
    return _in_year(council.rebates, year) / _level(council, path, year - 1)


def _in_year(amounts: list[float], year: int) -> float:
    return amounts[year - FIRST_YEAR]


def _level(council: Council, path: str, year: int) -> float:
    """Return what a path gives a council in a year, million pounds."""
    if path == HISTORY:
        return council.path[year - FIRST_YEAR]
    first = council.path_starts
    level = council.path[first - FIRST_YEAR]
    for later in range(first + 1, year + 1):
        if path != FLAT:
            level *= 1.0 + own_path(path).get(later, 0.0)
        level += _in_year(council.rebates, later)
    return level
