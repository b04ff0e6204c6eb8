"""Which councils take part, in which order, who could talk to whom, and what stands already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ..country import councils as tables
from ..country.called import row_called
from ..country.councils import Councils, lineage
from ..country.nearness import nearest_places
from ..country.opening import england_in
from ..country.partnerships import MID_YEAR, Partnership, agreed, partnerships
from ..country.rows import from_file
from ..declared.catalogue import SCOPES
from ..declared.scenario import Scenario
from ..errors import InputError, nearest

if TYPE_CHECKING:
    from .council import Identity
    from .model import PlainModel

CELL_KM = 4.0
BITS = 32
AGREED_SINCE = -2
"""The quarter in which what was agreed before the first day was signed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A partnership that stands at the start: members by place, since a quarter before it."""

    scope: int
    since: int
    members: tuple[int, ...]
    at_work: bool = True
    """Else it is agreed, and must be set up."""


def table_of(scenario: Scenario) -> Councils:
    """Return the councils that take part, along a curve on which near councils come together."""
    whole = _whole_table(scenario)
    places = scenario.places
    named = {find(whole, word) for word in places.councils}
    counties = {word.lower() for word in places.counties}
    keep = [
        k
        for k in range(len(whole.code))
        if (not named or k in named)
        and (not places.tiers or tables.TIERS[whole.tier[k]] in places.tiers)
        and (not counties or whole.county[k].lower() in counties)
    ]
    chosen = tables.choose(whole, keep)
    return tables.choose(chosen, _along_curve(chosen))


def _whole_table(scenario: Scenario) -> Councils:
    places = scenario.places
    if places.table == "england":
        return england_in(scenario.start.year)
    if places.table == "synthetic":
        from ..country.synthetic import draw_districts

        return draw_districts(places.number, seed=places.draw, year=scenario.start.year)
    own = Path(places.table)
    return from_file(own, year=scenario.start.year, adjacency=places.adjacency)


def find(table: Councils, word: str) -> int:
    """Return the place of a council by name or code; raises InputError when there is none."""
    place = seek(table, word)
    if place is None:
        raise InputError(f"there is no council '{word}'; {nearest(word, table.name)}")
    return place


def check_names(scenario: Scenario, table: Councils) -> None:
    """Raise InputError where a happening or an order names a council that does not take part."""
    for happening in scenario.happening:
        find(table, happening.council)
        if happening.partner is not None:
            find(table, happening.partner)
    made = {word.lower() for order in scenario.order for word in (order.code, order.name)}
    for order in scenario.order:
        parts = [part.council for part in order.parts]
        for word in (*order.councils, *parts, *([order.county] if order.county else [])):
            if word.strip().lower() not in made:
                find(table, word)


def seek(table: Councils, word: str) -> int | None:
    """Return the place of the council that a name or a code means, None when there is none."""
    return row_called(word, table.code, table.name, table.tier.tolist())


def first_called(model: PlainModel, word: str) -> Identity | None:
    """Return the council of the first day that a name or a code means, as people write it."""
    first = [identity for identity in model.identities if identity.first_day]
    codes, names = ([getattr(each, key) for each in first] for key in ("code", "name"))
    row = row_called(word, codes, names, [tables.TIERS.index(each.tier) for each in first])
    return None if row is None else first[row]


def _along_curve(table: Councils) -> list[int]:
    left, bottom = float(table.x.min()), float(table.y.min())

    def rank(k: int) -> tuple[int, int]:
        column = int((table.x[k] - left) // CELL_KM)
        row = int((table.y[k] - bottom) // CELL_KM)
        return _interleave(column, row), lineage(table.code[k])

    return sorted(range(len(table.code)), key=rank)


def _interleave(even: int, odd: int) -> int:
    bits = (((even >> k & 1) << 2 * k) | ((odd >> k & 1) << 2 * k + 1) for k in range(BITS))
    return sum(bits)


def touching(table: Councils) -> set[tuple[int, int]]:
    """Return the pairs of places that share a border, the lower first."""
    return {(min(a, b), max(a, b)) for a, b in table.links.tolist()}


def neighbours(table: Councils, number: int) -> set[tuple[int, int]]:
    """Return the pairs in which one is among the other's nearest by centre, the lower first."""
    nearest_rows = nearest_places(table.x, table.y, min(number, len(table.code) - 1))
    return {(min(j, k), max(j, k)) for k, near in enumerate(nearest_rows.tolist()) for j in near}


def standing(scenario: Scenario, table: Councils) -> list[Standing]:
    """Return the partnerships of the first day, in the scenario's order, then those agreed."""
    found = []
    of_england = scenario.places.partnerships and scenario.places.table == "england"
    if of_england:
        for known in partnerships(scenario.start.year):
            joined = _joined(table, known)
            if len(joined) > 1:
                begun = sorted(joined.values())[1]
                since = scenario.quarter_of(date(begun, MID_YEAR, 1))
                found.append(_standing(table, known.scope, since, joined))
    for fact in scenario.partnership:
        since = scenario.quarter_of(fact.since)
        together = {find(table, word): fact.since.year for word in fact.councils}
        found.append(_standing(table, fact.scope, since, together))
    if of_england and scenario.at_first("talks.before") > 0:
        found += _agreed(scenario, table, found)
    return found


def _agreed(scenario: Scenario, table: Councils, known: list[Standing]) -> list[Standing]:
    """Return what was agreed but not yet at work, where no member shares that scope already."""
    taken = {(each.scope, k) for each in known for k in each.members}
    found = []
    for each in agreed(scenario.start.year):
        joined = _joined(table, each)
        if len(joined) > 1 and not any((SCOPES.index(each.scope), k) in taken for k in joined):
            found.append(_standing(table, each.scope, AGREED_SINCE, joined, at_work=False))
    return found


def _joined(table: Councils, partnership: Partnership) -> dict[int, int]:
    """Return the members that take part, by place, with the year in which each joined."""
    places = {seek(table, member.code): member.year for member in partnership.members}
    return {k: year for k, year in places.items() if k is not None}


def _standing(
    table: Councils, scope: str, since: int, joined: dict[int, int], *, at_work: bool = True
) -> Standing:
    """Return a partnership whose founders come before those who joined in a later year."""
    in_order = sorted(joined, key=lambda k: (joined[k], lineage(table.code[k])))
    return Standing(SCOPES.index(scope), since, tuple(in_order), at_work)


def linked(
    scenario: Scenario, table: Councils, together: Sequence[Standing]
) -> list[tuple[int, int]]:
    """Return who could talk to whom, ordered by place."""
    found = touching(table) | neighbours(table, scenario.places.neighbours)
    for partnership in together:
        found |= {(a, b) for a in partnership.members for b in partnership.members if a < b}
    for fact in scenario.pair:
        a, b = (find(table, word) for word in fact.between)
        found.add((min(a, b), max(a, b)))
    return sorted(found)
