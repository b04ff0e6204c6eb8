"""What government and elections bring at their dates: orders, limits on tax, happenings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core import state as s
from ..country import councils as tables
from ..country.councils import Councils
from ..declared.scenario import Order, Scenario
from ..errors import InputError
from .blank import records
from .places import row_of

WHOLE = 1e-9
"""By how much the shares of a county may miss one: what rounding leaves."""


def government(scenario: Scenario, table: Councils, years: int) -> dict[str, Any]:
    """Return limits on tax, elections, orders and happenings, `years` from the start on."""
    first = scenario.start.year - tables.FIRST_YEAR
    happenings = records(len(scenario.happening), s.HAPPENING)
    for row, fact in zip(happenings, by_quarter(scenario, scenario.happening), strict=True):
        leaves = fact.what == "chief_executive_leaves"
        row.quarter = scenario.quarter_of(fact.when)
        row.what = s.CHIEF_GOES if leaves else s.CONTROL_GOES
        row.until = 0 if fact.until is None else scenario.quarter_of(fact.until)
        row.council = row_of(table, fact.council, "[[happening]]")
        row.party = tables.PARTIES.index(fact.control or "NOC")
    return {
        "limits": tables.tax_limits(years + first)[first:].copy(),
        "prices": tables.price_growth(years + first)[first:].copy(),
        "swings": tables.party_weights(),
        "calendar": tables.election_calendar(),
        "orders": _orders(scenario, table),
        "happenings": happenings,
    }


def by_quarter(scenario: Scenario, facts: Sequence[Any]) -> list[Any]:
    """Return dated facts by quarter; those of one quarter keep the scenario's order."""
    return sorted(facts, key=lambda fact: scenario.quarter_of(fact.when))


def _orders(scenario: Scenario, table: Councils) -> Any:
    rows = []
    _check_shares(scenario, table)
    for group, order in enumerate(by_quarter(scenario, scenario.order)):
        when = scenario.quarter_of(order.when)
        for text in order.councils:
            rows.append((when, group, row_of(table, text, "[[order]]"), 1.0))
        if order.county is not None:
            _check_named_once(order, table)
            county = row_of(table, order.county, "[[order]]")
            rows.append((when, group, county, order.share))
    return np.array(rows, dtype=s.ORDER).view(np.recarray)


def _check_named_once(order: Order, table: Councils) -> None:
    """Raise InputError where an order names a county twice: it would be taken over twice."""
    county = row_of(table, str(order.county), "[[order]]")
    if county in [row_of(table, text, "[[order]]") for text in order.councils]:
        raise InputError(
            f"[[order]] {order.name}: '{order.county}' is among its councils and its county; "
            "name it as the county only"
        )


def _counties_of(order: Order, table: Councils) -> list[int]:
    """Return the rows of the counties that an order abolishes, its own or among its councils."""
    rows = [row_of(table, text, "[[order]]") for text in order.councils]
    named = [] if order.county is None else [row_of(table, order.county, "[[order]]")]
    return [*named, *(row for row in rows if tables.TIERS[table.tier[row]] == "county")]


def _check_shares(scenario: Scenario, table: Councils) -> None:
    """Raise InputError unless a county is abolished at once and as a whole."""
    by_county: dict[int, list[Order]] = {}
    for order in scenario.order:
        for county in _counties_of(order, table):
            by_county.setdefault(county, []).append(order)
    for county, orders in by_county.items():
        where = f"[[order]] of {table.name[county]} ({', '.join(order.name for order in orders)})"
        days = sorted({order.when.isoformat() for order in orders})
        if len(days) > 1:
            raise InputError(
                f"{where}: the county is abolished on {' and '.join(days)}; give all its orders "
                "one date"
            )
        total = math.fsum(1.0 if order.county is None else order.share for order in orders)
        if abs(total - 1.0) > WHOLE:
            advice = "make them smaller" if total > 1.0 else "add an order for the rest"
            raise InputError(
                f"{where}: the shares of the county add up to {total:.10g}; the sum must be 1: "
                f"{advice}"
            )
