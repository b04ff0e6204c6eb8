"""Funding paths: what government pays each year against the year before."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

from ..country.councils import FIRST_YEAR, as_float, read_rows
from ..declared.scenario import Scenario
from .council import Council

HISTORY = "history"
FLAT = "flat"
FURTHEST_AHEAD = 6
"""Years beyond the end of a run that councils may look into."""
QUARTERS = 4


def years_needed(scenario: Scenario) -> int:
    """Return how many years from the first known one the funding tables must reach."""
    lived = math.ceil(scenario.quarters / QUARTERS)
    return scenario.start.year - FIRST_YEAR + lived + FURTHEST_AHEAD


@cache
def own_path(file: str) -> dict[int, float]:
    """Return the yearly growth that a user's table gives."""
    rows = read_rows(Path(file))
    return {int(float(row["year"])): as_float(row, "growth", file) for row in rows}


def growth(council: Council, path: str, year: int, depth: float) -> float:
    """Return the settlement of a year against that of the year before."""
    return 1.0 + depth * (_on_path(council, path, year) - 1.0)


def _on_path(council: Council, path: str, year: int) -> float:
    if path == HISTORY:
        place = year - FIRST_YEAR
        return council.path[place] / council.path[place - 1]
    if path == FLAT:
        return 1.0
    return 1.0 + own_path(path).get(year, 0.0)
