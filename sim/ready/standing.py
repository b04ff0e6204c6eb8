"""The partnerships that stand on the first day: known ones, and those that a scenario states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from ..country import councils as tables
from ..country.councils import Councils
from ..country.partnerships import MID_YEAR, agreed, partnerships
from ..declared.catalogue import SCOPES
from ..declared.scenario import Scenario, check_scopes
from ..errors import InputError
from .places import row_of


class Starting(NamedTuple):
    """A partnership of the first day."""

    scope: int
    members: list[int]  # rows, the founders first
    signed: int  # quarter, before the first
    agreed: bool = False  # agreed, but not yet at work


def starting(scenario: Scenario, table: Councils) -> list[Starting]:
    """Return each partnership that stands at the start; those only agreed come last."""
    found: list[Starting] = []
    if scenario.places.partnerships and scenario.places.table == "england":
        place = {code: k for k, code in enumerate(table.code)}
        for known in partnerships(scenario.start.year):
            here = [member for member in known.members if member.code in place]
            if len(here) >= 2:
                # there is a deal since there are two: it was signed when the second of them joined
                signed = scenario.quarter_of(date(here[1].year, MID_YEAR, 1))
                joined = [(member.year, place[member.code]) for member in here]
                founders = _founders_first(joined, table)
                found.append(Starting(SCOPES.index(known.scope), founders, signed))
    check_scopes(scenario, scenario.name)
    for fact in scenario.partnership:
        members = [row_of(table, text, "[[partnership]]") for text in fact.councils]
        if len(set(members)) < len(members):
            raise InputError("[[partnership]] names a council twice; name each once")
        ordered = _founders_first([(fact.since.year, k) for k in members], table)
        signed = scenario.quarter_of(fact.since)
        found.append(Starting(SCOPES.index(fact.scope), ordered, signed))
    _check_single(found, table)
    return found + _agreed(scenario, table, found)


def _agreed(scenario: Scenario, table: Councils, found: Sequence[Starting]) -> list[Starting]:
    """Return those that were agreed before the first day, but where the scenario says otherwise."""
    places = scenario.places
    if not (places.partnerships and places.table == "england"):
        return []
    if scenario.at_first("talks.before") <= 0.0:
        return []
    place = {code: k for k, code in enumerate(table.code)}
    taken = {(each.scope, k) for each in found for k in each.members}
    more = []
    for known in agreed(scenario.start.year):
        scope = SCOPES.index(known.scope)
        here = [(m.year, place[m.code]) for m in known.members if m.code in place]
        if len(here) < 2 or any((scope, k) in taken for _, k in here):
            continue
        more.append(Starting(scope, _founders_first(here, table), -2, agreed=True))
    return more


def _founders_first(members: Sequence[tuple[int, int]], table: Councils) -> list[int]:
    """Return rows of members by year of joining, by lineage those of one year: the first leads."""
    ordered = sorted(members, key=lambda each: (each[0], tables.lineage(table.code[each[1]])))
    return [row for _, row in ordered]


def _check_single(found: Sequence[Starting], table: Councils) -> None:
    seen: set[tuple[int, int]] = set()
    for scope, members, signed, _ in found:
        if signed >= 0:
            raise InputError("[[partnership]]: since must lie before the start of the scenario")
        for k in members:
            if (scope, k) in seen:
                raise InputError(
                    f"[[partnership]]: {table.name[k]} is in two partnerships about "
                    f"{SCOPES[scope]}; a council can be in one of each kind"
                )
            seen.add((scope, k))


def standing(scenario: Scenario, table: Councils) -> np.ndarray:
    """Return a row for each member of each: number, scope, signed quarter, row, agreed (1)."""
    rows = [
        (number, scope, signed, k, agreed)
        for number, (scope, members, signed, agreed) in enumerate(starting(scenario, table))
        for k in members
    ]
    return np.array(rows, dtype=np.int64).reshape(-1, 5)
