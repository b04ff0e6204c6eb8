"""What councils get, year by year: settlement along every funding path, and what they can tax."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..core import state as s
from ..country import councils as tables
from ..country.councils import Councils
from ..country.given import other_ending
from ..declared.scenario import Scenario
from ..errors import InputError
from .growth import steps_of

YEARS_AHEAD = 6
WAYS = ("history", "flat")


def funding_paths(scenario: Scenario, table: Councils) -> tuple[np.ndarray, list[str]]:
    """Return the funding paths in use, (paths, councils, years), and their names."""
    wanted = [scenario.parameters.settlement.path]  # type: ignore[attr-defined]
    wanted += [c.set["settlement.path"] for c in scenario.change if "settlement.path" in c.set]
    ways = [*WAYS, *dict.fromkeys(w for w in wanted if w not in WAYS)]
    years = -(-scenario.quarters // s.QUARTERS) + YEARS_AHEAD
    first = scenario.start.year - tables.FIRST_YEAR
    if first < 0 or scenario.start.month != 4 or scenario.start.day != 1:
        raise InputError(f"start is {scenario.start}: it must be a 1 April, of 2009 or later")
    history = tables.settlements(table, years + first)[:, first:]
    stack, start = [history], scenario.start.year
    rebates = transfers(scenario, table, years)[s.REBATE]
    for way in ways[1:]:
        growth = np.ones(years) if way == "flat" else _user_path(way, start, years)
        stack.append(_along(history[:, 0], growth, rebates))
    return np.ascontiguousarray(stack), ways


def transfers(scenario: Scenario, table: Councils, years: int) -> np.ndarray:
    """Return what comes with duties, and for lost tax, (2, councils, years), million pounds."""
    first = scenario.start.year - tables.FIRST_YEAR
    return tables.transfers(table, years + first)[:, :, first:].copy()


def _along(first: np.ndarray, growth: np.ndarray, rebates: np.ndarray) -> np.ndarray:
    """Return settlements (councils, years) that grow alike; what replaces tax comes on top."""
    levels = [first]
    for year in range(1, len(growth)):
        levels.append(levels[-1] * growth[year] + rebates[:, year])
    return np.array(levels).T


def tax_bases(scenario: Scenario, table: Councils, years: int, most: float) -> np.ndarray:
    """Return the tax base of each council, (councils, years); later it grows by `most` at most."""
    first = scenario.start.year - tables.FIRST_YEAR
    return tables.tax_bases(table, years + first, most)[:, first:].copy()


def _user_path(path: str, start: int, years: int) -> np.ndarray:
    if not path.endswith(".csv"):
        raise InputError(
            f"settlement.path '{path}' is not known: history, flat, or a file in .csv"
            f"{other_ending(path)}"
        )
    steps = steps_of(Path(path))
    return np.array([1.0 + steps.get(year, 0.0) for year in range(start, start + years)])
