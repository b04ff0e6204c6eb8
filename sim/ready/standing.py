"""The partnerships that stand on the first day: known ones, and those that a scenario states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from ..country import councils as tables
from ..country.councils import Councils
from ..country.partnerships import MID_YEAR, partnerships
from ..declared.catalogue import SCOPES
from ..declared.scenario import Scenario, check_scopes
from ..errors import InputError
from .places import row_of


def starting(scenario: Scenario, table: Councils) -> list[tuple[int, list[int], int]]:
    """Return scope, members and signed quarter of each partnership that stands at the start."""
    found: list[tuple[int, list[int], int]] = []
    if scenario.places.partnerships and scenario.places.table == "england":
        place = {code: k for k, code in enumerate(table.code)}
        for known in partnerships(scenario.start.year):
            here = [member for member in known.members if member.code in place]
            if len(here) >= 2:
                # there is a deal since there are two: it was signed when the second of them joined
                signed = scenario.quarter_of(date(here[1].year, MID_YEAR, 1))
                joined = [(member.year, place[member.code]) for member in here]
                found.append((SCOPES.index(known.scope), _founders_first(joined, table), signed))
    check_scopes(scenario, scenario.name)
    for fact in scenario.partnership:
        members = [row_of(table, text, "[[partnership]]") for text in fact.councils]
        if len(set(members)) < len(members):
            raise InputError("[[partnership]] names a council twice; name each once")
        ordered = _founders_first([(fact.since.year, k) for k in members], table)
        found.append((SCOPES.index(fact.scope), ordered, scenario.quarter_of(fact.since)))
    _check_single(found, table)
    return found


def _founders_first(members: Sequence[tuple[int, int]], table: Councils) -> list[int]:
    """Return rows of members by year of joining, by lineage those of one year: the first leads."""
    ordered = sorted(members, key=lambda each: (each[0], tables.lineage(table.code[each[1]])))
    return [row for _, row in ordered]


def _check_single(found: Sequence[tuple[int, list[int], int]], table: Councils) -> None:
    seen: set[tuple[int, int]] = set()
    for scope, members, signed in found:
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
    """Return a row for each member of each of them: number, scope, signed quarter, row."""
    rows = [
        (number, scope, signed, k)
        for number, (scope, members, signed) in enumerate(starting(scenario, table))
        for k in members
    ]
    return np.array(rows, dtype=np.int64).reshape(-1, 4)
