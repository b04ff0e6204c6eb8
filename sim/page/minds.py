"""What two councils believe of each other at a date, against what is so."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ..ready.world import Prepared
from ..running import Raw
from ..tables.columns import roll_of

Mind = dict[str, Any]
"""How two councils stand: `true`, `trust`, `believed`, `doubt`; see `Minds`."""


class Minds:
    """All that the councils of a run believe of each other at a date."""

    def __init__(self, ready: Prepared, raw: Raw) -> None:
        """Take a run, lived to a quarter."""
        councils, pairs = raw.world.councils, raw.world.pairs
        codes = roll_of(ready, raw.world)[0]
        alive = np.flatnonzero(councils.alive == 1).tolist()
        self.world = raw.world
        self.rows = {codes[int(councils.identity[row])]: row for row in alive}
        ends = zip(pairs.a.tolist(), pairs.b.tolist(), strict=True)
        self.places = {each: place for place, each in enumerate(ends)}

    def pair(self, a: str, b: str) -> tuple[Any, tuple[int, int]] | None:
        """Return the pair of two councils (codes), and which side of it is `a`, which `b`.

        None where one is not on the map, or where the two could never talk.
        """
        one, two = (self.rows.get(code) for code in (a, b))
        turned = (one, two) not in self.places
        place = self.places.get((two, one) if turned else (one, two))
        if one is None or two is None or place is None:
            return None
        return self.world.pairs[place], (1, 0) if turned else (0, 1)

    def of(self, a: str, b: str) -> Mind | None:
        """Return how far two councils (codes) think that they lie apart, and how far they do.

        `true`, `trust` and `believed` lie between 0 and 1; `believed` and `doubt` hold what `a`
        thinks of `b`, then what `b` thinks of `a`, and by how much each may be wrong (a standard
        deviation). None where one is not on the map, or where the two could never talk.
        """
        found = self.pair(a, b)
        if found is None:
            return None
        pair, sides = found
        one, two = (self.world.councils.culture[self.rows[code]] for code in (a, b))
        apart = one - two
        return {
            "true": round(math.sqrt(float((apart**2).mean())), 2),
            "trust": round(float(pair.trust), 2),
            "believed": [round(float(pair.belief[side]), 2) for side in sides],
            "doubt": [round(math.sqrt(float(pair.doubt[side])), 2) for side in sides],
        }


def minds_by_quarter(
    ready: Prepared, at: Callable[[int], Raw], last: int, pairs: Iterable[str]
) -> dict[str, list[tuple[int, Mind | None]]]:
    """Return for each of some pairs ("a|b") how the two stand, whenever that has changed."""
    found: dict[str, list[tuple[int, Mind | None]]] = {pair: [] for pair in pairs}
    for quarter in range(last + 1 if found else 0):
        minds = Minds(ready, at(quarter))
        for pair, told in found.items():
            one, two = pair.split("|")
            now = minds.of(one, two)
            if not told or told[-1][1] != now:
                told.append((quarter, now))
    return found
