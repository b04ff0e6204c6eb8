"""Money to come, by the tables: settlements, duties, lost tax, prices, and when it was told."""

from __future__ import annotations

import csv
from datetime import date
from typing import NamedTuple

import numpy as np

from sim.country.councils import DATA, FIRST_YEAR, price_growth, settlements, transfers
from sim.declared.scenario import Scenario
from sim.ready.kept import prepared

A_YEAR = 4
AHEAD = 6
"""Years after the last of a run of which the tables are asked."""


class Paths(NamedTuple):
    """What comes to each council, by calendar year from the first."""

    place: dict[str, int]
    settlement: dict[str, np.ndarray]  # by path: (councils, years)
    duty: np.ndarray
    rebate: np.ndarray
    prices: np.ndarray
    told: dict[int, int]  # year: the quarter in which a review told of it

    def duty_of(self, way: str, k: int, year: int) -> float:
        """Return what comes with a duty, as a share of the settlement of the year before."""
        return self._share(self.duty, way, k, year) if way == "history" else 0.0

    def rebate_of(self, way: str, k: int, year: int) -> float:
        """Return what comes for lost tax, as a share of the settlement of the year before."""
        return self._share(self.rebate, way, k, year)

    def growth(self, way: str, k: int, year: int, depth: float) -> float:
        """Return the growth of a settlement into a year, as a factor."""
        levels = self.settlement[way][k]
        given = self.duty_of(way, k, year) + self.rebate_of(way, k, year)
        return float(1.0 + depth * (levels[year] / levels[year - 1] - 1.0 - given) + given)

    def known(self, way: str, year: int, quarter: int) -> bool:
        """Return whether what a year brings has been announced."""
        return way != "history" or quarter >= self.told.get(year, quarter)

    def _share(self, came: np.ndarray, way: str, k: int, year: int) -> float:
        return float(came[k, year] / self.settlement[way][k, year - 1])


def paths_of(scenario: Scenario) -> Paths:
    """Return what the tables say of the councils of a scenario."""
    table = prepared(scenario).table
    first = scenario.start.year - FIRST_YEAR
    years = -(-scenario.quarters // A_YEAR) + AHEAD + first
    history = settlements(table, years)[:, first:]
    duty, rebate = transfers(table, years)[:, :, first:]
    flat = history[:, :1] + np.cumsum(rebate, axis=1) - rebate[:, :1]
    place = {code: k for k, code in enumerate(table.code)}
    ways = {"history": history, "flat": flat}
    prices = price_growth(years)[first:]
    return Paths(place, ways, duty, rebate, prices, announced(scenario.start.year))


def announced(start: int) -> dict[int, int]:
    """Return for each year of a spending review the quarter in which it was told of."""
    found = {}
    with (DATA / "reviews.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            day = date.fromisoformat(row["announced"])
            quarter = A_YEAR * (day.year - start) + (day.month - 4) // 3
            for year in range(int(row["from_year"]), int(row["to_year"]) + 1):
                found[year - start] = quarter
    return found
