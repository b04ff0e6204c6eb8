"""Whom an order names: a council of the first day, or one that an earlier order will have made."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import NamedTuple

from ..core.state import NOBODY
from ..country.called import row_called, told_unknown
from ..country.councils import TIERS, Councils
from ..declared.scenario import Order, Scenario
from ..errors import InputError, nearest


class Named(NamedTuple):
    """A council that an order names: its row on the first day, or the order that makes it."""

    row: int  # of the first council of an order's, where an order makes it
    made: int = NOBODY


class Written(NamedTuple):
    """An order as it is written, with whom it names."""

    group: int
    quarter: int
    announced: int  # the quarter in which it becomes known
    order: Order
    wholes: list[Named]
    parts: list[tuple[Named, float]]
    county: Named | None


def written(scenario: Scenario, table: Councils, orders: Sequence[Order]) -> list[Written]:
    """Return the orders, in order of their quarters, with whom each names.

    Raises:
        InputError: an order names a council that is not there on its day.
    """
    found: list[Written] = []
    for group, order in enumerate(orders):
        quarter = scenario.quarter_of(order.when)
        earlier = [each for each in found if each.quarter < quarter]

        def who(text: str, known: Sequence[Written] = earlier, own: Order = order) -> Named:
            return _named(table, text, known, own, orders)

        found.append(
            Written(
                group=group,
                quarter=quarter,
                announced=scenario.quarter_of(order.announced or order.when),
                order=order,
                wholes=[who(text) for text in order.councils],
                parts=[(who(part.council), part.share) for part in order.parts],
                county=None if order.county is None else who(order.county),
            )
        )
    return found


def _named(
    table: Councils, text: str, earlier: Sequence[Written], own: Order, orders: Sequence[Order]
) -> Named:
    """Return who has a code or a name; a council made before goes by its name, if both have it."""
    wanted = text.strip().lower()
    codes = [code.lower() for code in table.code]
    if wanted in codes:
        return Named(codes.index(wanted))
    for each in earlier:
        if each.order.code.lower() == wanted:
            return Named(each.wholes[0].row, each.group)
    for each in reversed(earlier):
        if each.order.name.lower() == wanted:
            return Named(each.wholes[0].row, each.group)
    names = [name.lower() for name in table.name]
    if wanted in names:
        return Named(names.index(wanted))
    later = [order for order in orders if wanted in (order.code.lower(), order.name.lower())]
    if later:
        raise InputError(
            f"[[order]] {own.name}: '{text}' is made on {later[0].when} only; an order can name a "
            "council from the quarter after it was made"
        )
    row = row_called(text, table.code, table.name, table.tier.tolist())
    if row is not None:
        return Named(row)
    made = [each.order.name for each in earlier]
    hint = nearest(text, made) if get_close_matches(text, made) else told_unknown(text, table)
    raise InputError(f"[[order]] {own.name}: unknown council '{text}'; {hint}")


def is_county(table: Councils, named: Named) -> bool:
    """Return True for a county council of the first day; no order makes one."""
    return named.made == NOBODY and TIERS[table.tier[named.row]] == "county"
