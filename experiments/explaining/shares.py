"""By which mechanisms a gap between two policies grows: each one's Shapley value."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...sim.declared.measures import as_columns
from ...sim.declared.scenario import Scenario
from ...sim.errors import InputError
from ...sim.ready.kept import prepared
from ...sim.ready.world import Prepared
from ..ends import finals_of
from ..executors.ordered import Hands, ordered
from ..split import by_world
from ..worlds import Worlds, in_world, lucks_of
from .mechanisms import MECHANISMS, without
from .parts import Parts, parts_in

if TYPE_CHECKING:
    from ..terminal import Watch

ORDERS = 8
"""Orders in which the mechanisms are switched on, for each of many seeds; an even number."""
ORDERS_ALONE = 20
"""The same for a single seed."""


def shares_of(
    pair: tuple[Prepared, Prepared],
    outcome: str,
    since: int,
    seeds: range,
    replicate: int,
    *,
    orders: int | None = None,
) -> Parts:
    """Return how much of the gap at the end goes through each mechanism.

    The part of a mechanism is its Shapley value: what switching it on adds to the gap, averaged
    over the orders in which the mechanisms can be switched on. So the parts and what is left with
    every mechanism off ("direct") add up to the gap, and nothing is counted twice. Orders are drawn
    anew for each seed, each with its reverse.
    """
    runs = [(seed, replicate) for seed in seeds]
    return shares_over(pair, outcome, since, runs, orders=orders)


def shares_over(
    pair: tuple[Prepared, Prepared],
    outcome: str,
    since: int,
    runs: Sequence[tuple[int, int]],
    *,
    orders: int | None = None,
    hands: Hands | None = None,
    watch: Watch | None = None,
    worlds: Worlds | None = None,
) -> Parts:
    """Return the parts of `shares_of` over any runs, each a seed and a replicate.

    With `worlds` each run is in the world of its replicate, and intervals are over worlds: runs of
    one stand together.

    Raises:
        InputError: the outcome has no value in any of them.
    """
    orders = orders or (ORDERS if len(runs) > 1 else ORDERS_ALONE)
    found = []
    base, policy = pair[0].scenario, pair[1].scenario
    tasks = [
        Gap(
            (in_world(worlds, base, base, run[1]), in_world(worlds, base, policy, run[1])),
            outcome, since, orders, *run,
        )
        for run in runs
    ]  # fmt: skip
    hands = hands or Hands()
    few = hands._replace(workers=min(hands.workers, len(tasks)))
    with closing(ordered(parts_of, tasks, few)) as coming:
        for done, parts in enumerate(coming, start=1):
            found.append(parts if np.isfinite(parts).all() else np.full(len(parts), np.nan))
            if watch is not None:
                watch("Sharing out", done, len(tasks))
    values = np.array(found)
    valued = np.isfinite(values[:, 0])
    if not valued.any():
        raise InputError(
            f"'{outcome}' has no value at the end of these runs: name another --outcome"
        )
    means = by_world(values, lucks_of(worlds))
    return parts_in(means[np.isfinite(means[:, 0])], without_value=int((~valued).sum()))


class Gap(NamedTuple):
    """One run of a pair of policies, whose gap is to be shared out."""

    pair: tuple[Scenario, Scenario]
    outcome: str
    since: int
    orders: int
    seed: int
    replicate: int


def parts_of(task: Gap) -> np.ndarray:
    """Return the part of each mechanism in one run's gap, and what is left with all off."""
    base, policy = (prepared(scenario) for scenario in task.pair)
    gaps = Gaps((base, policy), task.outcome, task.since)
    return _parts(gaps, task.seed, task.replicate, task.orders)


class Gaps:
    """The gap between two policies at the end, with any mechanisms switched off in both."""

    def __init__(self, pair: tuple[Prepared, Prepared], outcome: str, since: int) -> None:
        """Take base and policy, the outcome, and the quarter from which mechanisms are off."""
        self.pair, self.outcome = pair, outcome
        self.day = pair[0].scenario.first_day(since)
        self.known: dict[tuple[frozenset[str], int, int], float] = {}

    def at(self, off: Collection[str], seed: int, replicate: int) -> float:
        """Return policy less base with these mechanisms off, in the unit of the outcome."""
        key = (frozenset(off), seed, replicate)
        if key not in self.known:
            where = range(replicate, replicate + 1)
            ends = [
                finals_of(without(side, sorted(off), since=self.day), seed, where)
                for side in self.pair
            ]
            base, policy = (float(as_columns(each)[self.outcome][0]) for each in ends)
            self.known[key] = policy - base
        return self.known[key]


def _parts(gaps: Gaps, seed: int, replicate: int, orders: int) -> np.ndarray:
    """Return the part of each mechanism in one run's gap, and what is left with all off."""
    chance = np.random.Generator(np.random.Philox(key=[seed, replicate]))
    parts = np.zeros(len(MECHANISMS) + 1)
    for _ in range(orders // 2):
        order = chance.permutation(len(MECHANISMS))
        for way in (order, order[::-1]):
            off = [mechanism.name for mechanism in MECHANISMS]
            before = gaps.at(off, seed, replicate)
            for place in way.tolist():
                off.remove(MECHANISMS[place].name)
                after = gaps.at(off, seed, replicate)
                parts[place] += (after - before) / orders
                before = after
    parts[-1] = gaps.at([mechanism.name for mechanism in MECHANISMS], seed, replicate)
    return parts
