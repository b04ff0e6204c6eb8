"""By which mechanisms a gap between two policies grows: each one's Shapley value."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from experiments.comparing.compare import finals_of
from experiments.comparing.mechanisms import MECHANISMS, without
from experiments.comparing.sequences import student
from sim.errors import InputError
from sim.measures import as_columns
from sim.world import Prepared

ORDERS = 8
"""Orders in which the mechanisms are switched on, for each of many seeds; an even number."""
ORDERS_ALONE = 20
"""The same for a single seed."""
DIRECT = "direct"
DIRECT_WORDS = "direct, and everything else"
LEAST = 1e-9
"""Contributions that differ by less are the same but for rounding."""


def shares_of(
    pair: tuple[Prepared, Prepared],
    outcome: str,
    since: int,
    seeds: range,
    replicate: int,
    *,
    orders: int | None = None,
) -> list[dict[str, Any]]:
    """Return how much of the gap at the end goes through each mechanism; see `_ranked`.

    The share of a mechanism is its Shapley value: what switching it on adds to the gap, averaged
    over the orders in which the mechanisms can be switched on. So the shares and what is left with
    every mechanism off ("direct") add up to the gap, and nothing is counted twice. Orders are drawn
    anew for each seed, each with its reverse.
    """
    gaps = Gaps(pair, outcome, since)
    orders = orders or (ORDERS if len(seeds) > 1 else ORDERS_ALONE)
    found = []
    for seed in seeds:
        parts = _parts(gaps, seed, replicate, orders)
        if np.isfinite(parts).all():
            found.append(parts)
    if not found:
        raise InputError(
            f"'{outcome}' has no value at the end of these runs: name another --outcome"
        )
    return _ranked(np.array(found))


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


def _ranked(parts: np.ndarray) -> list[dict[str, Any]]:
    """Return a row a mechanism, the largest part first; `parts` is (seeds, mechanisms + 1).

    Each has: mechanism, words, effect (mean part of the gap, in the unit of the outcome) with the
    95% interval over seeds, and share (of the mean gap; missing where there is none).
    """
    gap = float(parts.sum(axis=1).mean())
    known = [(each.name, each.words) for each in MECHANISMS] + [(DIRECT, DIRECT_WORDS)]
    rows = []
    for place, (name, words) in enumerate(known):
        found = student(parts[:, place])
        share = found.mean / gap if abs(gap) > LEAST else np.nan
        rows.append({
            "mechanism": name, "words": words, "effect": found.mean, "low": found.low,
            "high": found.high, "share": share,
        })  # fmt: skip
    return sorted(rows, key=lambda row: -abs(row["effect"]))
