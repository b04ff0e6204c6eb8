"""What councils are called, those too that come into being in a run: short, and never two alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..core import state
from ..core.state import NOBODY
from ..core.world import World
from ..ready.world import Prepared

MOST_NAMED = 2
"""A merged council of more councils than this is called after the largest "and 3 others"."""
UNITARY = " (unitary)"
"""Ends the name of a council that a mandate made of a county's districts."""


class Roll(NamedTuple):
    """Of every council there ever was in a run: its row, tier, order, and what it was made of."""

    row: Sequence[int]
    tier: Sequence[int]
    order: Sequence[int]
    parents: Sequence[Sequence[int]]

    def ordered(self, one: int) -> bool:
        """Return True for a council made by a dated order."""
        return self.order[one] != NOBODY

    def mandated(self, one: int) -> bool:
        """Return True for a unitary made of districts only: no merger by choice changes a tier."""
        old = {self.tier[k] for k in self.parents[one]}
        return self.tier[one] == state.UNITARY and old == {state.DISTRICT}

    def made_of(self, one: int) -> list[int]:
        """Return the councils that chose to become this one, that whose row it took over first.

        They are councils of the first day, or made by an order or a mandate.
        """
        if not self.parents[one] or self.ordered(one) or self.mandated(one):
            return [one]
        parents = sorted(self.parents[one], key=lambda k: self.row[k] != self.row[one])
        return [each for parent in parents for each in self.made_of(parent)]


def names_of(ready: Prepared, world: World) -> list[str]:
    """Return the name of every council there ever was in a run, by identity.

    A council made by a dated order has the name that the order gives; one made by a mandate that
    of its county; one that councils chose to become theirs: "Babergh and Mid Suffolk", "South
    Norfolk and 3 others". A county council is called one where another council has its name.
    """
    roll, names = _roll(world), list(ready.table.name)
    for new in range(len(names), len(roll.row)):
        names.append(_new_name(ready, roll, new, names))
    taken = {name.removesuffix(UNITARY) for name in names[len(ready.table.name) :]}
    for k, name in enumerate(ready.table.name):
        if roll.tier[k] == state.COUNTY and name in taken:
            names[k] = f"{name} County Council"
    return _unlike(names)


def _roll(world: World) -> Roll:
    roll = world.roll[: int(world.tally[0].counts[state.ROLL])]
    parents: list[list[int]] = [[] for _ in range(len(roll))]
    for k, successor in enumerate(roll.successor.tolist()):
        if successor != k:
            parents[successor].append(k)
    return Roll(roll.row.tolist(), roll.tier.tolist(), roll.group.tolist(), parents)


def _new_name(ready: Prepared, roll: Roll, new: int, names: Sequence[str]) -> str:
    if roll.ordered(new):
        return ready.orders[roll.order[new]][1]
    county = ready.table.county[roll.row[new]]
    if roll.mandated(new) and county:
        return f"{county}{UNITARY}"
    made_of = roll.made_of(new)
    if len(made_of) <= MOST_NAMED:
        return " and ".join(names[k] for k in sorted(made_of))
    return f"{names[made_of[0]]} and {len(made_of) - 1} others"


def _unlike(names: Sequence[str]) -> list[str]:
    """Return names of which no two are alike: a later one gets a number."""
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        told, number = name, 1
        while told in taken:
            number += 1
            told = f"{name} ({number})"
        found.append(told)
        taken.add(told)
    return found
