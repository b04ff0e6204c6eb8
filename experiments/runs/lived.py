"""Runs lived and made into the tables that are stored, a few at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ...sim.measured import measured_to_end
from ...sim.ready.world import Prepared
from ...sim.running import Raw, luck_of, run_arrays
from ...sim.tables.columns import Columns
from ...sim.tables.lived import Lived as Arrays
from ..stored.decided import sum_decisions
from ..stored.events import NONE, Kept, thinned
from .pairs import Counts, count_pairs

AT_ONCE = 8 << 20
"""Bytes of runs (their records and events) that are made into tables together."""

Columned = dict[str, Columns]
"""Tables as columns, by name."""


class Lived(NamedTuple):
    """The tables of some runs, their counts of pairs, and the seconds that one run took."""

    tables: Columned
    pairs: Counts
    seconds: float


def live_some(ready: Prepared, seed: int, replicates: range, kept: Kept) -> Iterator[Lived]:
    """Yield the tables of replicates, in order, as many at a time as fit in little memory."""
    live: Callable[..., Raw] = measured_to_end if kept == NONE else run_arrays
    raws: list[Raw] = []
    start, clock = replicates.start, time.perf_counter()
    for replicate in replicates:
        raws.append(live(ready, luck=luck_of(seed, replicate)))
        done = replicate + 1
        if done == replicates.stop or sum(map(_bytes, raws)) >= AT_ONCE:
            lived = _tabled(Arrays(ready, seed, range(start, done), raws), kept)
            seconds = (time.perf_counter() - clock) / len(raws)
            yield lived._replace(seconds=seconds)
            raws, start, clock = [], done, time.perf_counter()


def _bytes(raw: Raw) -> int:
    return int(raw.events.nbytes + raw.record.nbytes)


def _tabled(arrays: Arrays, kept: Kept) -> Lived:
    tables = {"runs": arrays.runs(), "quarters": arrays.quarters()}
    if kept == NONE:
        return Lived(tables | {"councils": arrays.councils()}, {}, 0.0)
    events = arrays.events()
    tables["events"] = thinned(events, kept)
    tables["councils"], tables["agreements"] = arrays.councils(), arrays.agreements()
    tables["decisions"] = sum_decisions(events)
    return Lived(tables, count_pairs(events), 0.0)
