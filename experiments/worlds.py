"""Runs over the worlds of an ensemble: each world with a few lucks, the same for all policies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..sim.declared.scenario import Scenario
from ..sim.ready.kept import prepared
from ..sim.ready.varied import vary
from .ends import Ends, ends_of
from .ensembles.ensemble import Ensemble
from .ensembles.laid import laid_over

LUCKS = 2
"""How often a world is lived: twice tells luck and assumptions apart."""


class Worlds(NamedTuple):
    """In which worlds scenarios are lived: replicate r in set r // lucks, with luck r."""

    ensemble: Ensemble
    lucks: int = LUCKS

    def count(self, replicates: int) -> int:
        """Return how many worlds so many replicates are."""
        return min(-(-replicates // self.lucks), len(self.ensemble.sets))

    def used_up(self, replicates: int) -> bool:
        """Return whether so many replicates live each set, so that further ones are no others."""
        return replicates >= self.lucks * len(self.ensemble.sets)

    def spans(self, replicates: range) -> Iterator[tuple[int, range]]:
        """Yield sets, each with those of the replicates that live it, in order."""
        start = replicates.start
        while start < replicates.stop:
            world = start // self.lucks
            stop = min((world + 1) * self.lucks, replicates.stop)
            yield world, range(start, stop)
            start = stop


def ends_over(
    worlds: Worlds | None,
    base: Scenario,
    scenario: Scenario,
    seed: int,
    replicates: range,
    measures: Sequence[str] = (),
) -> Ends:
    """Return how each replicate of a scenario ends, over worlds or at the numbers that it has.

    `base` is the scenario that others are held against: what it sets is laid over each world.
    """
    ready = prepared(scenario)
    if worlds is None:
        return ends_of(ready, seed, replicates, measures)
    over = laid_over(worlds.ensemble, base, scenario)
    found = [
        ends_of(vary(ready, over.values(world)), seed, span, measures)
        for world, span in worlds.spans(replicates)
    ]
    return joined(found)


def joined(found: Sequence[Ends]) -> Ends:
    """Return how runs ended as one, in their order."""
    errors = {replicate: error for each in found for replicate, error in each.errors.items()}
    courses = {
        name: np.concatenate([each.courses[name] for each in found]) for name in found[0].courses
    }
    return Ends(np.concatenate([each.records for each in found]), errors, courses)


def by_world(values: np.ndarray, lucks: int) -> np.ndarray:
    """Return the mean of each world, (worlds,) or (worlds, ...), from values of its replicates.

    Replicates without a value are left out; a world without any has none.
    """
    if lucks == 1:
        return values
    whole = len(values) // lucks * lucks
    grouped = values[:whole].reshape(whole // lucks, lucks, *values.shape[1:])
    known = np.isfinite(grouped)
    count = known.sum(axis=1)
    total = np.where(known, grouped, 0.0).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: np.ndarray = np.where(count > 0, total / count, np.nan)
    return found
