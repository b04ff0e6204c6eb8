"""With whom councils pair: how likely England's pairs are, to the model and to a simple rule.

The rule is the shortest that anybody would write down: neighbours, in one county, of like size,
both districts, both free. How likely it makes a pair is learnt from the other pairs, so that it is
not told what it is to say. Pairs of 2009 are put in, so they are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np

from ...sim.country.councils import DATA, TIERS, Councils, read_rows
from ...sim.declared.scenario import load
from ...sim.ready.places import table_of

YEARS = range(2010, 2013)
BLIND = 0.05
"""The share of each guess that goes to all pairs alike, so that none is impossible."""
ALIKE = 1.5
"""Of like size: the larger has at most so many times the people of the smaller."""
THINGS = 5
JOINT = ("chief_executive", "management")

Pair = tuple[int, int]


class Skill(NamedTuple):
    """How much likelier than a pair drawn blindly England's pairs are, in geometric mean."""

    cases: int
    model: float
    rule: float
    error: float  # standard error of the log of their ratio
    pairs: list[tuple[str, str, float, float]]  # names, and how many times likelier to each


def partners_known(years: Iterable[int] = YEARS) -> list[tuple[str, str]]:
    """Return the pairs that began to share managers in some years: the first two members."""
    found = []
    for row in read_rows(DATA / "history.csv"):
        joint = row["kind"] == "partnership" and row["scope"] in JOINT
        if joint and int(row["start_year"]) in years:
            one, two, *_ = row["members"].split(";")
            found.append((one, two))
    return found


def skill(signed: Iterable[tuple[str, str]]) -> Skill:
    """Return how likely England's pairs are, given those that signed in many runs, one a deal."""
    table = table_of(load("england"))
    place = {code: k for k, code in enumerate(table.code)}
    cases = [_ordered(place[a], place[b]) for a, b in partners_known()]
    whole = len(table.code) * (len(table.code) - 1) / 2
    counted = Counter(_ordered(place[a], place[b]) for a, b in signed if a in place and b in place)
    total = sum(counted.values())
    groups = _groups(table, {place[c] for pair in partners_known(range(2007, 2010)) for c in pair})
    sizes = Counter(groups.values())
    model = [BLIND + (1 - BLIND) * counted[case] / total * whole for case in cases]
    rule = [_by_rule(case, cases, groups, sizes, whole) for case in cases]
    apart = np.log(model) - np.log(rule)
    told = [
        (table.name[a], table.name[b], round(m, 1), round(r, 1))
        for (a, b), m, r in zip(cases, model, rule, strict=True)
    ]
    return Skill(
        len(cases), float(np.exp(np.mean(np.log(model)))), float(np.exp(np.mean(np.log(rule)))),
        float(apart.std(ddof=1) / np.sqrt(len(cases))), told,
    )  # fmt: skip


def _by_rule(
    case: Pair,
    cases: list[Pair],
    groups: Mapping[Pair, int],
    sizes: Mapping[int, int],
    whole: float,
) -> float:
    """Return how many times likelier a pair is by its group, as the other pairs tell.

    Each of the five things counts by itself: how much commoner it is among pairs that shared than
    among all, one more of either kind being taken as seen.
    """
    others = [groups[each] for each in cases if each != case]
    ratios = []
    for bit in range(THINGS):
        seen = (sum(group >> bit & 1 for group in others) + 1) / (len(others) + 2)
        common = sum(many for group, many in sizes.items() if group >> bit & 1) / whole
        ratios.append(((1 - seen) / (1 - common), seen / common))
    likely = {
        group: float(np.prod([ratios[bit][group >> bit & 1] for bit in range(THINGS)]))
        for group in sizes
    }
    level = sum(likely[group] * many for group, many in sizes.items()) / whole
    return BLIND + (1 - BLIND) * likely[groups[case]] / level


def _groups(table: Councils, taken: set[int]) -> dict[Pair, int]:
    """Return of each pair which of the five things it is, as bits of a number."""
    touching = {_ordered(int(a), int(b)) for a, b in table.links}
    found = {}
    for a, b in combinations(range(len(table.code)), 2):
        people = sorted((table.population[a], table.population[b]))
        bits = (
            (a, b) in touching, table.county[a] == table.county[b],
            people[1] <= ALIKE * people[0],
            all(TIERS[table.tier[k]] == "district" for k in (a, b)),
            not {a, b} & taken,
        )  # fmt: skip
        found[a, b] = sum(int(bit) << k for k, bit in enumerate(bits))
    return found


def _ordered(a: int, b: int) -> Pair:
    return (a, b) if a < b else (b, a)
