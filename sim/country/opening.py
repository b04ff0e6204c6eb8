"""England as it opens in a later year: money, reserves and control as of its first day.

The table of councils says how they stood for a start of April 2009 or 2010. What is known of later
years stands in the tables of outturn and of control; what is not is older, and `older` says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from ..errors import InputError
from .councils import DATA, FIRST_YEAR, Councils, england, party, read_rows

LAST_START = 2018
"""The last year in whose April England can start.

The built-in map is that of April 2009 to March 2019. In April 2019 the first of its councils were
merged away, of their own will and by order, and others followed to 2023. Outturn, too, ends in
March 2018.
"""
FIRST_OUTTURN = 2010
LAST_OUTTURN = 2017
CENSUS = 2011
CONTROL_EARLY = 2010
CONTROL_LATE = 2018
LIKELY = (0.65, 1.5)
"""How far spending may lie from settlement and own tax; beyond it is a misprint (SOURCES.md)."""

Outturn = dict[tuple[str, int], dict[str, str]]


def england_in(year: int) -> Councils:
    """Return the councils of England as they stood on 1 April of a year.

    Raises:
        InputError: the year lies beyond the last one that is known.
    """
    if year > LAST_START:
        raise InputError(
            f"start is {year}-04-01: the built-in councils of England are those of April "
            f"{FIRST_YEAR} to March {LAST_START + 1}, and their money is known no longer; start on "
            f"{LAST_START}-04-01 at the latest, or give a table of your own (places.table)"
        )
    return _england_in(max(year, FIRST_YEAR))


@cache
def _england_in(year: int) -> Councils:
    table = england()
    if year <= FIRST_OUTTURN:
        return table
    outturn: Outturn = {
        (row["code"], int(row["year"])): row for row in read_rows(DATA / "outturn.csv")
    }
    band_d = np.array([_latest(outturn, code, "band_d", year) for code in table.code])
    later = table._replace(
        band_d=band_d,
        reserves=np.maximum(table.reserves + _added(outturn, table.code, year), 0.0),
        budget=_budgets(table, outturn, band_d, year),
    )
    return later if year < CONTROL_LATE else later._replace(control_known=_control())


def _latest(outturn: Outturn, code: str, column: str, year: int) -> float:
    """Return the figure of a year, or of the last year before it that has one."""
    for known in range(min(year, LAST_OUTTURN), FIRST_OUTTURN - 1, -1):
        text = outturn[code, known][column]
        if text:
            return float(text)
    raise InputError(f"outturn.csv has no {column} of {code} up to {year}")


def _added(outturn: Outturn, codes: Sequence[str], year: int) -> np.ndarray:
    """Return what each put into its reserves from April 2010 to the start; blank is nothing."""
    years = range(FIRST_OUTTURN, year)
    return np.array(
        [sum(float(outturn[code, y]["to_reserves_gbp_m"] or 0.0) for y in years) for code in codes]
    )


def _budgets(table: Councils, outturn: Outturn, band_d: np.ndarray, year: int) -> np.ndarray:
    """Return net budgets: spending where it is known and can be, else settlement and all tax."""
    place = year - FIRST_YEAR
    budgets: np.ndarray = table.settlement[:, place] + table.bases[:, place] * band_d / 1e6
    for k, code in enumerate(table.code):
        budgets[k] += _latest(outturn, code, "parish_gbp_m", year)
        row = outturn.get((code, year))
        spent = float(row["net_revenue_expenditure_gbp_m"] or 0.0) if row else 0.0
        if LIKELY[0] <= spent / budgets[k] <= LIKELY[1]:
            budgets[k] = spent
    return budgets


def _control() -> np.ndarray:
    rows = read_rows(DATA / "councils.csv")
    return np.array([party(row["control_2018"]) for row in rows])


def older(table: str, year: int) -> dict[str, int]:
    """Return what is taken from a year before a start in April of `year`, and from which.

    Args:
        table: `england`, `synthetic`, or the path of a user's own table.
    """
    ages = {"the parties' weights": CONTROL_LATE}
    if table == "synthetic":
        ages["sizes, budgets, taxes and reserves"] = FIRST_OUTTURN
    if table == "england":
        early = year < CONTROL_LATE
        ages["population and rural shares"] = CENSUS
        ages["Band D"] = LAST_OUTTURN
        ages["party control where known"] = CONTROL_EARLY if early else CONTROL_LATE
    return {what: known for what, known in sorted(ages.items()) if known < year}
