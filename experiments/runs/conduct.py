"""How the runs of an experiment are spread over workers: batches out, tables back in order."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import NamedTuple

from ...sim.declared.scenario import Scenario
from ...sim.tables.batch import run_many
from ...sim.tables.columns import Tables
from ..executors.ordered import Hands, ordered
from ..executors.pace import WARM, Pace
from .pairs import Counts, count_pairs


class Replicates(NamedTuple):
    """Some replicates of a scenario, to be run together."""

    scenario: Scenario
    seed: int
    replicates: range


class Lived(NamedTuple):
    """The tables of some runs, their counts of pairs, and the seconds that one run took."""

    tables: Tables
    pairs: Counts
    seconds: float


def conduct(
    scenario: Scenario, *, seed: int, runs: int, hands: Hands | None = None
) -> Generator[Lived, None, None]:
    """Yield the tables of replicates 0 to runs - 1, in order, in batches of any size.

    What is in the tables depends on neither the number of workers nor the sizes of the batches.
    Close the generator to stop early: its workers stop too.

    Raises:
        WorkerDied: worker processes are killed again and again, or the cluster went away.
    """
    hands = hands or Hands()
    pace = Pace(hands.workers)
    batches = (Replicates(scenario, seed, span) for span in pace.spans(runs))
    for lived in ordered(live, batches, hands, first=WARM):
        pace.learn(lived.seconds)
        yield lived


def live(batch: Replicates) -> Lived:
    """Live the runs of a batch."""
    start = time.perf_counter()
    tables = run_many(batch.scenario, seed=batch.seed, replicates=batch.replicates)
    pairs = count_pairs(tables.events)
    return Lived(tables, pairs, (time.perf_counter() - start) / len(batch.replicates))
