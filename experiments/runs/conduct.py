"""How the runs of an experiment are spread over workers: batches out, tables back in order."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from itertools import islice
from typing import NamedTuple

from ...sim.declared.scenario import Scenario
from ...sim.ready.kept import prepared
from ..executors.ordered import AS_WORTH, Hands, ordered
from ..executors.pace import WARM, Pace, worth
from ..stored.events import ALL, Kept
from ..worlds import Worlds
from .lived import Lived, live_some

BATCH_SECONDS = 0.25
"""How long a batch should take: its tables are in memory at once, in a worker and on their way."""


class Replicates(NamedTuple):
    """Some replicates of a scenario, to be run together, and how much of their events is kept."""

    scenario: Scenario
    seed: int
    replicates: range
    worlds: Worlds | None
    kept: Kept


def conduct(
    scenario: Scenario, *, seed: int, runs: int, hands: Hands | None = None,
    worlds: Worlds | None = None, kept: Kept = ALL,
) -> Generator[Lived, None, None]:  # fmt: skip
    """Yield the tables of replicates 0 to runs - 1, in order, in batches of any size.

    What is in the tables depends on neither the number of workers nor the sizes of the batches, and
    how many runs are in memory depends not on how many there are. `kept` is how much of their
    events is.
    Close the generator to stop early: its workers stop too.

    Raises:
        WorkerDied: worker processes are killed again and again, or the cluster went away.
    """
    hands = hands or Hands()
    pace = Pace(max(hands.workers, 1), batch=BATCH_SECONDS)
    batches = (Replicates(scenario, seed, span, worlds, kept) for span in pace.spans(runs))
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
    scenario, seed, replicates, worlds, kept = batch
    if worlds is None:
        return list(live_some(prepared(scenario), seed, replicates, kept))
    over = worlds.over(scenario, scenario)
    return [
        lived
        for span in worlds.spans(replicates)
        for lived in live_some(over.at(span.start), seed, span, kept)
    ]
