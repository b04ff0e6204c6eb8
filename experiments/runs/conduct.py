"""How the runs of an experiment are spread over workers: batches out, tables back in order."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import closing
from itertools import islice
from typing import NamedTuple

from ...sim.declared.scenario import Scenario
from ...sim.ready.kept import prepared
from ...sim.ready.world import Prepared
from ...sim.tables.batch import live
from ...sim.tables.columns import Tables
from ..executors.ordered import AS_WORTH, Hands, ordered
from ..executors.pace import WARM, Pace, worth
from ..worlds import Worlds
from .pairs import Counts, count_pairs


class Replicates(NamedTuple):
    """Some replicates of a scenario, to be run together."""

    scenario: Scenario
    seed: int
    replicates: range
    worlds: Worlds | None


class Lived(NamedTuple):
    """The tables of some runs, their counts of pairs, and the seconds that one run took."""

    tables: Tables
    pairs: Counts
    seconds: float


def conduct(
    scenario: Scenario, *, seed: int, runs: int, hands: Hands | None = None,
    worlds: Worlds | None = None,
) -> Generator[Lived, None, None]:  # fmt: skip
    """Yield the tables of replicates 0 to runs - 1, in order, in batches of any size.

    What is in the tables depends on neither the number of workers nor the sizes of the batches.
    Close the generator to stop early: its workers stop too.

    Raises:
        WorkerDied: worker processes are killed again and again, or the cluster went away.
    """
    hands = hands or Hands()
    pace = Pace(max(hands.workers, 1))
    batches = (Replicates(scenario, seed, span, worlds) for span in pace.spans(runs))
    pieces: Iterator[list[Lived]] = ordered(live_all, batches, hands, first=WARM)
    if hands.workers == AS_WORTH and hands.cluster is None:
        pieces = _as_worth(batches, pace, runs)
    for found in pieces:
        for lived in found:
            pace.learn(lived.seconds)
            yield lived


def _as_worth(batches: Iterator[Replicates], pace: Pace, runs: int) -> Iterator[list[Lived]]:
    """Yield the first runs, then the others, with as many processes as these turn out worth."""
    yield from map(live_all, islice(batches, WARM))
    pace.workers = worth(pace.seconds * (runs - WARM))
    with closing(ordered(live_all, batches, Hands(pace.workers), first=0)) as rest:
        yield from rest


def live_all(batch: Replicates) -> list[Lived]:
    """Live the runs of a batch, those of one world together."""
    scenario, seed, replicates, worlds = batch
    if worlds is None:
        return [_lived(prepared(scenario), seed, replicates)]
    over = worlds.over(scenario, scenario)
    return [_lived(over.at(span.start), seed, span) for span in worlds.spans(replicates)]


def _lived(ready: Prepared, seed: int, replicates: range) -> Lived:
    start = time.perf_counter()
    tables = live(ready, seed, replicates).tables()
    pairs = count_pairs(tables.events)
    return Lived(tables, pairs, (time.perf_counter() - start) / len(replicates))
