"""Orders that contradict themselves, each other or the map are refused, each in one sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..core.state import NOBODY
from ..country.councils import TIERS, Councils
from ..declared.scenario import Scenario
from ..errors import InputError
from .places import row_of
from .successors import Named, Written, is_county

WHOLE = 1e-9
"""By how much shares may miss one: what rounding leaves."""


def check_facts(scenario: Scenario, table: Councils) -> None:
    """Raise InputError where two [[council]] tell of one council."""
    seen: dict[int, str] = {}
    for fact in scenario.council:
        row = row_of(table, fact.council, "[[council]]")
        if row in seen:
            raise InputError(
                f"[[council]] '{fact.council}' and [[council]] '{seen[row]}' are one council; "
                "say all in one of them, under the name that the base uses if it has one"
            )
        seen[row] = fact.council


def check_orders(orders: Sequence[Written], table: Councils) -> None:
    """Raise InputError for the first contradiction among orders, as they stand by quarter."""
    check_codes(orders, table)
    check_names(orders, table)
    became: dict[Named, int] = {}
    for quarter in sorted({each.quarter for each in orders}):
        today = [each for each in orders if each.quarter == quarter]
        for each in today:
            _check_own(each, table, became)
        _check_between(today, table, became)
        _check_parts(today, became)
        parted: dict[Named, tuple[float, int]] = {}
        for each in today:
            _carry_out(each, table, became, parted)
        became |= {key: group for key, (_, group) in parted.items()}
    _check_counties(orders, table)
    _check_map(orders, table, became)


def check_codes(orders: Sequence[Written], table: Councils) -> None:
    """Raise InputError where the code of a new council is another's, in any case."""
    taken = {code.lower(): f"the code of {name}" for code, name in zip(*table[:2], strict=True)}
    for each in orders:
        code = each.order.code
        if code.lower() in taken:
            raise InputError(
                f"[[order]] {each.order.name}: code '{code}' is {taken[code.lower()]} already; "
                "every council needs one of its own (upper and lower case are one)"
            )
        if "+" in code:
            raise InputError(
                f"[[order]] {each.order.name}: code '{code}' holds a +, which joins the codes of "
                "councils that merge; leave it out"
            )
        taken[code.lower()] = f"the code of [[order]] {each.order.name}"


def check_names(orders: Sequence[Written], table: Councils) -> None:
    """Raise InputError where two new councils have one name, or one has that of one that stays."""
    given: set[str] = set()
    for each in orders:
        name, where = each.order.name.lower(), f"[[order]] {each.order.name}"
        if name in given:
            raise InputError(f"{where}: two orders give this name; every council needs its own")
        given.add(name)
        gone = {
            named.row
            for other in orders
            if other.quarter <= each.quarter
            for named in (*other.wholes, *(part for part, _ in other.parts), other.county)
            if named is not None
        }
        for row, known in enumerate(table.name):
            if known.lower() == name and row not in gone:
                raise InputError(
                    f"{where}: a council of this name goes on; give the new one a name of its own"
                )


def _now(named: Named, became: dict[Named, int]) -> Named:
    """Return what a council has become by earlier orders."""
    key = named if named.made == NOBODY else Named(NOBODY, named.made)
    while key in became:
        key = Named(NOBODY, became[key])
    return key


def _check_own(each: Written, table: Councils, became: dict[Named, int]) -> None:
    """Refuse an order that names a council twice, or that changes nothing."""
    where, order = f"[[order]] {each.order.name}", each.order
    texts = [*order.councils, *(part.council for part in order.parts)]
    named = [*each.wholes, *(part for part, _ in each.parts)]
    seen: dict[Named, str] = {}
    for text, council in zip(texts, named, strict=True):
        key = _now(council, became)
        if key in seen:
            raise InputError(
                f"{where}: '{text}' and '{seen[key]}' are one council by then; name it once"
            )
        seen[key] = text
    if each.county is not None and _now(each.county, became) in seen:
        raise InputError(
            f"{where}: '{order.county}' is among its councils and its county; name it as the "
            "county only"
        )
    if each.county is not None and not is_county(table, each.county):
        raise InputError(f"{where}: '{order.county}' is no county council; name it in councils")
    for part, _ in each.parts:
        if is_county(table, part):
            raise InputError(f"{where}: a part of a county goes into county and share, not parts")
    wholes = [council for council in each.wholes if not is_county(table, council)]
    if not wholes:
        raise InputError(
            f"{where}: it names no district or unitary as a whole; the new council needs one to "
            "begin from"
        )
    alone = len(wholes) == len(each.wholes) == 1 and not each.parts and each.county is None
    if alone:
        raise InputError(
            f"{where}: it names one council and no county, so it changes nothing; name what the "
            "council is to be united with, or leave the order out"
        )


def _check_between(today: Sequence[Written], table: Councils, became: dict[Named, int]) -> None:
    """Refuse a council in two orders of one quarter, but for its parts."""
    whole: dict[Named, str] = {}
    for each in today:
        for council, text in zip(each.wholes, each.order.councils, strict=True):
            key = _now(council, became)
            if key in whole and not is_county(table, council):
                raise InputError(
                    f"[[order]] {each.order.name}: '{text}' is in [[order]] {whole[key]} of the "
                    "same quarter too; give each council to one order, or split it with parts"
                )
            whole[key] = each.order.name
    for each in today:
        for (council, _), part in zip(each.parts, each.order.parts, strict=True):
            key = _now(council, became)
            if key in whole:
                raise InputError(
                    f"[[order]] {each.order.name}: a part of '{part.council}' is asked for, which "
                    f"goes as a whole with [[order]] {whole[key]} in the same quarter"
                )


def _check_parts(today: Sequence[Written], became: dict[Named, int]) -> None:
    """Refuse parts of a council that do not make up the whole of it."""
    shares: dict[Named, list[float]] = {}
    for each in today:
        for council, share in each.parts:
            shares.setdefault(_now(council, became), []).append(share)
    for key, parts in shares.items():
        total = math.fsum(parts)
        if abs(total - 1.0) > WHOLE:
            holders = [o for o in today if key in {_now(c, became) for c, _ in o.parts}]
            own = next(
                part.council
                for (council, _), part in zip(holders[0].parts, holders[0].order.parts, strict=True)
                if _now(council, became) == key
            )
            advice = "make them smaller" if total > 1.0 else "say who takes the rest"
            raise InputError(
                f"[[order]] {', '.join(o.order.name for o in holders)}: the parts of {own} add up "
                f"to {total:.10g}; the sum must be 1: {advice}"
            )


def _carry_out(
    each: Written,
    table: Councils,
    became: dict[Named, int],
    parted: dict[Named, tuple[float, int]],
) -> None:
    """Note what the councils of an order have become, and who takes the most of one in parts."""
    for council in each.wholes:
        key = _now(council, became)
        if not is_county(table, council) and key.made != each.group:
            became[key] = each.group
    for council, share in each.parts:
        key = _now(council, became)
        if key not in parted or share > parted[key][0]:
            parted[key] = (share, each.group)


def _counties_of(each: Written, table: Councils) -> list[tuple[int, float]]:
    """Return the rows of the counties that an order abolishes, each with the share it takes."""
    among = [(council.row, 1.0) for council in each.wholes if is_county(table, council)]
    return among if each.county is None else [*among, (each.county.row, each.order.of_county)]


def _check_counties(orders: Sequence[Written], table: Councils) -> None:
    """Raise InputError unless a county is abolished at once and as a whole."""
    by_county: dict[int, list[tuple[Written, float]]] = {}
    for each in orders:
        for county, share in _counties_of(each, table):
            by_county.setdefault(county, []).append((each, share))
    for county, takers in by_county.items():
        names = ", ".join(each.order.name for each, _ in takers)
        where = f"[[order]] of {table.name[county]} ({names})"
        days = sorted({each.order.when.isoformat() for each, _ in takers})
        if len(days) > 1:
            raise InputError(
                f"{where}: the county is abolished on {' and '.join(days)}; give all its orders "
                "one date"
            )
        total = math.fsum(share for _, share in takers)
        if abs(total - 1.0) > WHOLE:
            advice = "make them smaller" if total > 1.0 else "add an order for the rest"
            raise InputError(
                f"{where}: the shares of the county add up to {total:.10g}; the sum must be 1: "
                f"{advice}"
            )


def _check_map(orders: Sequence[Written], table: Councils, became: dict[Named, int]) -> None:
    """Refuse a district without its county, and a county without any district of its own."""
    goes = {county: each for each in orders for county, _ in _counties_of(each, table)}
    made: dict[int | None, int] = {each.group: each.quarter for each in orders}
    for county, tier in enumerate(table.tier):
        if TIERS[tier] != "county":
            continue
        own = _districts_of(county, table)
        when = goes[county].quarter if county in goes else None
        left = [k for k in own if when is None or made.get(became.get(Named(k)), when + 1) > when]
        if when is not None and left:
            raise InputError(
                f"[[order]] of {table.name[county]}: the county goes on {goes[county].order.when}, "
                f"but {', '.join(table.name[k] for k in left)} would stay a district without a "
                "county; name it in an order of that day"
            )
        if when is None and own and all(Named(k) in became for k in own):
            raise InputError(
                f"[[order]]: all districts of {table.name[county]} become unitaries, but the "
                f'county stays; name it in their orders: county = "{table.code[county]}", with '
                "shares that add up to 1"
            )


def _districts_of(county: int, table: Councils) -> list[int]:
    """Return the rows of the districts in the area of a county council."""
    return [
        k
        for k, tier in enumerate(table.tier)
        if TIERS[tier] == "district" and table.county[k] == table.county[county]
    ]
