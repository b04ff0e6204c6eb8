"""What government and elections bring at their dates: orders, limits on tax, happenings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core import state as s
from ..country import councils as tables
from ..country.announced import known_from
from ..country.councils import Councils
from ..declared.catalogue import SCOPES
from ..declared.scenario import Scenario
from .blank import records
from .contradictions import check_facts, check_orders
from .places import row_of
from .successors import written

WHAT = {
    "chief_executive_leaves": s.CHIEF_GOES, "control_changes": s.CONTROL_GOES,
    "says_no": s.SAYS_NO, "says_yes": s.SAYS_YES, "walks_out": s.WALKS_OUT,
}  # fmt: skip


def government(scenario: Scenario, table: Councils, years: int) -> dict[str, Any]:
    """Return limits on tax, elections, orders and happenings, `years` from the start on."""
    check_facts(scenario, table)
    first = scenario.start.year - tables.FIRST_YEAR
    happenings = records(len(scenario.happening), s.HAPPENING)
    for row, fact in zip(happenings, by_quarter(scenario, scenario.happening), strict=True):
        row.quarter = scenario.quarter_of(fact.when)
        row.what = WHAT[fact.what]
        row.until = 0 if fact.until is None else scenario.quarter_of(fact.until)
        row.council = row_of(table, fact.council, "[[happening]]")
        row.other = _row_or_nobody(table, fact.partner)
        row.scope = s.NOBODY if fact.scope is None else SCOPES.index(fact.scope)
        row.party = tables.PARTIES.index(fact.control or "NOC")
    return {
        "limits": tables.tax_limits(years + first)[first:].copy(),
        "prices": tables.price_growth(years + first)[first:].copy(),
        "announced": known_from(scenario.start.year, years),
        "swings": tables.party_weights(),
        "calendar": tables.election_calendar(),
        "orders": _orders(scenario, table),
        "happenings": happenings,
    }


def _row_or_nobody(table: Councils, name: str | None) -> int:
    return s.NOBODY if name is None else row_of(table, name, "[[happening]]")


def by_quarter(scenario: Scenario, facts: Sequence[Any]) -> list[Any]:
    """Return dated facts by quarter; those of one quarter keep the scenario's order."""
    return sorted(facts, key=lambda fact: scenario.quarter_of(fact.when))


def _orders(scenario: Scenario, table: Councils) -> Any:
    orders = written(scenario, table, by_quarter(scenario, scenario.order))
    check_orders(orders, table)
    rows = []
    for each in orders:
        place = (each.quarter, each.announced, each.group)
        rows += [(*place, council.row, 1.0, 0, council.made) for council in each.wholes]
        rows += [(*place, council.row, share, 1, council.made) for council, share in each.parts]
        if each.county is not None:
            rows.append((*place, each.county.row, each.order.of_county, 0, s.NOBODY))
    return np.array(rows, dtype=s.ORDER).view(np.recarray)
