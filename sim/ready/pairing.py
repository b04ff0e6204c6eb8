"""Which councils could plausibly talk, and what is known of each pair before the first day."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core import state as s
from ..country.councils import Councils
from ..country.nearness import nearest_places
from ..declared.scenario import Scenario
from ..errors import InputError
from .blank import records
from .places import row_of
from .standing import starting

PAIR_SLACK = 12


def pairs_of(scenario: Scenario, table: Councils) -> tuple[Any, np.ndarray]:
    """Return the pairs that could talk, and (councils, width) the pairs of each council."""
    ends = _candidates(scenario, table)
    a, b = ends[:, 0], ends[:, 1]
    county, means = np.array(table.county), np.log(table.budget * 1e6 / table.population)
    touching = {tuple(sorted(link)) for link in table.links.tolist()}
    pairs = records(len(ends), s.PAIR)
    pairs.a, pairs.b = a, b
    pairs.distance = np.hypot(table.x[a] - table.x[b], table.y[a] - table.y[b])
    pairs.adjacent = [(i, j) in touching for i, j in ends.tolist()]
    pairs.border = county[a] != county[b]
    pairs.tiers = table.tier[a] != table.tier[b]
    pairs.ratio = np.abs(np.log(table.population[a] / table.population[b]))
    pairs.means = np.abs(means[a] - means[b])
    pairs.again, pairs.felt_gap = s.LONG_AGO, 1.0
    pairs.belief, pairs.trust = _pair_facts(scenario, table, ends)
    return pairs, _lists(ends, len(table.code))


def _candidates(scenario: Scenario, table: Councils) -> np.ndarray:
    """Return (pairs, 2): councils that touch, the nearest ones, and those that work together."""
    count = len(table.code)
    near = min(scenario.places.neighbours, count - 1)
    found = nearest_places(table.x, table.y, near)
    wide = np.column_stack([np.repeat(np.arange(count), near), found.ravel()])
    extra = [
        (i, j) for each in starting(scenario, table) for i in each.members for j in each.members
    ]
    extra += [
        (row_of(table, fact.between[0], "[[pair]]"), row_of(table, fact.between[1], "[[pair]]"))
        for fact in scenario.pair
    ]
    both = np.vstack([table.links.reshape(-1, 2), wide, np.array(extra).reshape(-1, 2)])
    both = np.sort(both.astype(np.int64), axis=1)
    both = both[both[:, 0] != both[:, 1]]
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    again = (both[1:] == both[:-1]).all(axis=1)
    once: np.ndarray = both[np.concatenate([[True], ~again])]
    return once


def _lists(ends: np.ndarray, count: int) -> np.ndarray:
    degree = np.bincount(ends.ravel(), minlength=count)
    near = np.full((count, int(degree.max()) + PAIR_SLACK), s.NOBODY, dtype=np.int32)
    filled = [0] * count
    for e, (i, j) in enumerate(ends.tolist()):
        near[i, filled[i]] = near[j, filled[j]] = e
        filled[i] += 1
        filled[j] += 1
    return near


def across(pairs: Any, near: np.ndarray) -> np.ndarray:
    """Return the council on the other side of each pair in `near`."""
    own = np.arange(len(near))[:, None]
    found: np.ndarray = np.where(pairs.a[near] == own, pairs.b[near], pairs.a[near])
    found[near == s.NOBODY] = s.NOBODY
    return found


def _pair_facts(
    scenario: Scenario, table: Councils, ends: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    belief, trust = np.full((len(ends), 2), -1.0), np.full(len(ends), -1.0)
    place = {tuple(end): e for e, end in enumerate(ends.tolist())}
    for fact in scenario.pair:
        i = row_of(table, fact.between[0], "[[pair]]")
        j = row_of(table, fact.between[1], "[[pair]]")
        if i == j:
            raise InputError(f"[[pair]] names '{fact.between[0]}' twice; name two councils")
        e = place[min(i, j), max(i, j)]
        if fact.trust is not None:
            trust[e] = fact.trust
        if fact.belief is not None:
            belief[e] = fact.belief if i < j else fact.belief[::-1]
    return belief, trust
