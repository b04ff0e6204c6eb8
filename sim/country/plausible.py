"""Whether the numbers of a user's own table can be what they say: held against England's councils.

What no council of its tier comes near is refused, for that is a slip of unit; what is only unusual
is a remark, with what would be usual.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..errors import InputError
from .councils import DATA, TIERS
from .given import Line, read_rows

USUAL = (0.05, 0.95)
"""Between which shares of England's councils of a tier a number is usual.

A tier has a few councils that are like no other (City of London, Isles of Scilly): they are no
measure for the rest.
"""
UNUSUAL = 3.0
"""How far beyond what is usual a number is told of, as a factor.

Money about doubled from 2010, the year of the tables, to 2026; districts' councils differ by about
two. A slip between a district's own Band D and an area's, or between the tax base of a district and
of its county, is a factor of seven and more.
"""
IMPOSSIBLE = 100.0
"""How far beyond what is usual a number is refused, as a factor.

City of London, the furthest from any other, spends 13 times what is usual a head; between pounds,
thousands and millions lies a thousand.
"""
SNUG = 1.5
"""Within which factor of what is usual all numbers must lie when two columns change places."""
SLIP = 10.0
"""Within which factor of a slip of unit a number must lie to be taken for it: a thousand or so."""

Numbers = Mapping[str, float]


class Quantity(NamedTuple):
    """What is looked at: a column, by itself or against another, so that size does not count."""

    column: str
    unit: str  # a sentence's part, with {} for the number
    of: Callable[[Numbers], float]
    usual_of: Callable[[Numbers], float]  # of England's councils, against which it is held
    slips: Mapping[float, tuple[str, float]]  # by factor: what it looks like, what to divide by


THOUSANDS = {1000.0: ("thousands of pounds", 1e3), 1e6: ("pounds", 1e6)}
IN_THOUSANDS = {0.001: ("thousands", 1e-3)}


def _people(n: Numbers) -> float:
    return n["population"]


def _base_a_head(n: Numbers) -> float:
    return n["tax_base"] / n["population"]


def _band_d(n: Numbers) -> float:
    return n["band_d"]


def _budget_a_head(n: Numbers) -> float:
    return n["budget_gbp_m"] * 1e6 / n["population"]


def _reserves(n: Numbers) -> float:
    return sum(n[column] for column in RESERVES) / n["budget_gbp_m"]


def _of_budget(column: str) -> Callable[[Numbers], float]:
    return lambda n: n[column] / n["budget_gbp_m"]


RESERVES = ("unallocated_reserves_gbp_m", "earmarked_reserves_gbp_m")
"""Columns of which nothing, or less, is no slip."""
QUANTITIES = (
    Quantity("population", "{} people", _people, _people, IN_THOUSANDS),
    Quantity("tax_base", "{} Band D equivalents a head", _base_a_head, _base_a_head, IN_THOUSANDS),
    Quantity("band_d", "£{}", _band_d, _band_d, {100.0: ("pence", 100.0)}),
    Quantity("budget_gbp_m", "£{} a head", _budget_a_head, _budget_a_head, THOUSANDS),
    *(Quantity(each, "{} budgets", _of_budget(each), _reserves, THOUSANDS) for each in RESERVES),
)  # fmt: skip
COLUMNS = tuple(each.column for each in QUANTITIES)
SIZE = "population"
A_HEAD = tuple(each for each in QUANTITIES if each.column in ("tax_base", "budget_gbp_m"))
"""What tells a small place from a number of people in another unit."""
DIVIDED_BY = ("population", "budget_gbp_m")
"""Columns by which others are divided."""


class Usual(NamedTuple):
    """What is usual of a quantity in a tier of England."""

    low: float
    middle: float
    high: float


class Odd(NamedTuple):
    """A number that is not usual, and by which factor it lies beyond what is."""

    line: int
    name: str
    tier: str
    given: float
    value: float
    usual: Usual
    beyond: float


@cache
def usual() -> dict[tuple[str, str], Usual]:
    """Return what is usual of each quantity, by its column and by tier, in April 2010."""
    found = {}
    rows = read_rows(DATA / "councils.csv")
    for tier in TIERS:
        numbers = [_numbers(row) for row in rows if row["tier"] == tier]
        for each in QUANTITIES:
            values = np.array([each.usual_of(n) for n in numbers])
            low, middle, high = np.quantile(values, [USUAL[0], 0.5, USUAL[1]]).tolist()
            found[each.column, tier] = Usual(low, middle, high)
    return found


def check_plausible(lines: Sequence[Line], path: Path) -> None:
    """Raise InputError where a number cannot be of a council: see IMPOSSIBLE.

    A small place with what is usual a head is only small: it is told of, and not refused.
    """
    swapped = _swapped(lines)
    small = _only_small(lines)
    for each in QUANTITIES:
        found = [odd for odd in _odd(lines, each) if odd.beyond > IMPOSSIBLE]
        if each.column == SIZE:
            found = [odd for odd in found if odd.line not in small]
        if found:
            raise InputError(f"{path.name} {_told(each, found, lines, swapped)}")


def unusual(lines: Sequence[Line], path: Path) -> list[str]:
    """Return remarks on the numbers of a checked table that no council of England comes near."""
    swapped = _swapped(lines)
    found = []
    for each in QUANTITIES:
        odd = _odd(lines, each)
        if odd:
            found.append(f"{path.name} {_told(each, odd, lines, swapped)}")
    return found or _overtaxed(lines, path)


def _numbers(row: Mapping[str, str]) -> dict[str, float]:
    return {column: float(row[column]) for column in COLUMNS}


def _odd(lines: Sequence[Line], quantity: Quantity, most: float = UNUSUAL) -> list[Odd]:
    """Return the rows in which a quantity is further beyond what is usual than a factor."""
    found = []
    for number, row in lines:
        numbers, span = _numbers(row), usual()[quantity.column, row["tier"]]
        value = quantity.of(numbers)
        beyond = _beyond(value, span, low=quantity.column not in RESERVES)
        if beyond > most:
            given = numbers[quantity.column]
            found.append(Odd(number, row["name"], row["tier"], given, value, span, beyond))
    return found


def _beyond(value: float, span: Usual, *, low: bool) -> float:
    """Return by which factor a value lies above what is usual, or below where that counts too."""
    above = value / span.high
    return max(above, span.low / value) if low else above


def _only_small(lines: Sequence[Line]) -> set[int]:
    """Return the lines whose tax base and budget are about those of so many people."""
    odd = {each.line for quantity in A_HEAD for each in _odd(lines, quantity, SLIP)}
    return {line.number for line in lines} - odd


def _told(
    quantity: Quantity, odd: Sequence[Odd], lines: Sequence[Line], swapped: tuple[str, str] | None
) -> str:
    """Return in words which numbers of a column are not usual, what is, and what they look like."""
    first = odd[0]
    all_of_them = "all rows, " if len(odd) == len(lines) > 1 else ""
    also = f" (and {len(odd) - 1} more)" if len(odd) > 1 and not all_of_them else ""
    value = quantity.unit.format(_figure(first.value))
    low, high = (_figure(edge) for edge in (first.usual.low, first.usual.high))
    span = quantity.unit.format(f"{low} to {high}")
    guess = _guess(quantity, first, swapped)
    if quantity.column == SIZE and swapped is None and first.line in _only_small(lines):
        guess = "; its tax base and budget are those of so many people, so it is read as it stands"
    return (
        f"{all_of_them}line {first.line}{also}: {quantity.column} of {first.name} is "
        f"{first.given:.15g} ({value}); usual of a {_tier(first.tier)} in 2010 is {span}"
        f"{guess or ': see to its unit'}"
    )


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2g}"


def _tier(tier: str) -> str:
    return {"metropolitan": "metropolitan council", "london": "London borough"}.get(tier, tier)


def _guess(quantity: Quantity, odd: Odd, swapped: tuple[str, str] | None) -> str:
    """Return what a number looks like, and what to write; empty where that is not to be seen."""
    if swapped is not None and quantity.column in swapped:
        return f": {swapped[0]} and {swapped[1]} look swapped; put each under its own name"
    factor = odd.value / odd.usual.middle
    for slip, (what, divisor) in quantity.slips.items():
        if slip / SLIP < factor < slip * SLIP:
            better = f"{odd.given / divisor:.10g}"
            if quantity.column == "band_d" and _whole_area(odd):
                break
            return f": it looks like {what}; write {better}"
    if quantity.column == "band_d" and _whole_area(odd):
        return (
            ": it looks like the Band D of the whole area, with county, police and parishes; give "
            "the district's own"
        )
    if quantity.column == "tax_base" and _of_county(odd):
        return ": it looks like the tax base of the whole county; give the district's own"
    return ""


def _whole_area(odd: Odd) -> bool:
    """Return whether a district's Band D is like what all councils of an area ask together."""
    area = usual()["band_d", "unitary"]
    return odd.tier == "district" and area.low / UNUSUAL < odd.given < area.high * UNUSUAL


def _of_county(odd: Odd) -> bool:
    """Return whether a district's tax base is like a county's: some districts' together."""
    share = usual()["tax_base", "county"].middle
    people = usual()["population", "county"]
    return odd.tier == "district" and people.low < odd.given / share < people.high * UNUSUAL


def _swapped(lines: Sequence[Line]) -> tuple[str, str] | None:
    """Return two columns that would both be usual in each other's place, and are not in theirs."""
    if not any(_odd(lines, each) for each in QUANTITIES):
        return None
    for k, one in enumerate(COLUMNS):
        for other in COLUMNS[k + 1 :]:
            turned = [
                Line(number, row | {one: row[other], other: row[one]}) for number, row in lines
            ]
            if _all_positive(turned) and not any(_odd(turned, each, SNUG) for each in QUANTITIES):
                return one, other
    return None


def _all_positive(lines: Sequence[Line]) -> bool:
    return all(float(row[column]) > 0 for _, row in lines for column in DIVIDED_BY)


def _overtaxed(lines: Sequence[Line], path: Path) -> list[str]:
    """Return a remark on councils whose own tax yields more than they spend."""
    found = []
    for number, row in lines:
        n = _numbers(row)
        tax = n["tax_base"] * n["band_d"] / 1e6
        if tax > n["budget_gbp_m"]:
            found.append((number, row["name"], tax, n["budget_gbp_m"]))
    if not found:
        return []
    number, name, tax, budget = found[0]
    also = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return [
        f"{path.name} line {number}{also}: the tax of {name} yields £{tax:,.4g}m (band_d times "
        f"tax_base), more than its budget of £{budget:,.4g}m, so next to nothing is left for its "
        "settlement: see whether band_d and tax_base are its own, and the budget net"
    ]
