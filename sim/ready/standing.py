"""The partnerships that stand on the first day: known ones, and those that a scenario states."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core import state as s
from ..country import councils as tables
from ..country.councils import Councils
from ..declared.catalogue import SCOPES
from ..declared.scenario import Scenario, check_scopes
from ..errors import InputError
from .places import row_of


def starting(scenario: Scenario, table: Councils) -> list[tuple[int, list[int], int]]:
    """Return scope, members and signed quarter of each partnership that stands at the start."""
    place = {code: k for k, code in enumerate(table.code)}
    found: list[tuple[int, list[int], int]] = []
    if scenario.places.partnerships and scenario.places.table == "england":
        for known in tables.partnerships():
            members = [place[code] for code in known.members if code in place]
            signed = (known.start_year - scenario.start.year) * s.QUARTERS + 1
            if len(members) >= 2:
                found.append((SCOPES.index(known.scope), members, signed))
    check_scopes(scenario, scenario.name)
    for fact in scenario.partnership:
        members = [row_of(table, text, "[[partnership]]") for text in fact.councils]
        if len(set(members)) < len(members):
            raise InputError("[[partnership]] names a council twice; name each once")
        found.append((SCOPES.index(fact.scope), members, scenario.quarter_of(fact.since)))
    _check_single(found, table)
    return found


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
        for k in sorted(members, key=lambda k: tables.lineage(table.code[k]))
    ]
    return np.array(rows, dtype=np.int64).reshape(-1, 4)
