"""How the runs of a question are spread over workers: batches out, tables back in order."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from ...sim.declared.scenario import Scenario
from ...sim.tables.batch import run_many
from ...sim.tables.columns import Tables
from ..executors.batches import BATCHES_AHEAD, MOST_WORKERS, WorkerDied, size_of_batch
from ..signals import kept_from_children
from .pairs import Counts, count_pairs

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor


class Part(NamedTuple):
    """The tables of some runs, their counts of pairs, and the seconds that one run took."""

    tables: Tables
    pairs: Counts
    seconds: float


def conduct(
    scenario: Scenario, *, seed: int, runs: int, workers: int = 1
) -> Generator[Part, None, None]:
    """Yield the tables of replicates 0 to runs - 1, in order, in parts of any size.

    What is in the tables depends on neither the number of workers nor the sizes of the parts.
    Close the generator to stop early: its workers stop too.

    Raises:
        WorkerDied: a worker process was killed or could not start.
    """
    yield _part(scenario, seed, range(1))  # compiles, for the workers too
    if runs == 1:
        return
    second = _part(scenario, seed, range(1, 2))
    yield second
    if workers == 1 or runs == 2:
        yield from _alone(scenario, seed, range(2, runs), second.seconds)
    else:
        yield from _together(scenario, seed, range(2, runs), second.seconds, workers)


def _part(scenario: Scenario, seed: int, replicates: range) -> Part:
    start = time.perf_counter()
    tables = run_many(scenario, seed=seed, replicates=replicates)
    pairs = count_pairs(tables.events)
    return Part(tables, pairs, (time.perf_counter() - start) / len(replicates))


def _alone(
    scenario: Scenario, seed: int, replicates: range, seconds: float
) -> Generator[Part, None, None]:
    while replicates:
        size = size_of_batch(seconds, len(replicates), 1)
        part = _part(scenario, seed, replicates[:size])
        replicates, seconds = replicates[size:], min(seconds, part.seconds)
        yield part


def _together(
    scenario: Scenario, seed: int, replicates: range, seconds: float, workers: int
) -> Generator[Part, None, None]:
    workers = min(workers, len(replicates), MOST_WORKERS)
    pending: deque[Future[Part]] = deque()
    with workers_of(workers) as pool:
        while replicates or pending:
            while replicates and len(pending) < workers * BATCHES_AHEAD:
                size = size_of_batch(seconds, len(replicates), workers)
                with kept_from_children():
                    pending.append(pool.submit(_part, scenario, seed, replicates[:size]))
                replicates = replicates[size:]
            part = pending.popleft().result()
            seconds = min(seconds, part.seconds)  # the first batch of a worker loads a lot
            yield part


@contextmanager
def workers_of(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Provide the project's worker processes; say it in words when one of them dies."""
    # Here, since it loads a lot and one process does without.
    from concurrent.futures.process import BrokenProcessPool

    from ..executors.pool import pool_of

    try:
        with pool_of(workers) as pool:
            yield pool
    except BrokenProcessPool as error:
        raise WorkerDied(
            "a worker process died: the system may have stopped it for want of memory. "
            "Nothing was written. Give fewer --workers, or run fewer --runs at a time."
        ) from error
