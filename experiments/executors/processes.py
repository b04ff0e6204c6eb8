"""Runs lived by worker processes of this machine.

When a worker is killed, whatever was in hand is done again; a batch that was in hand twice when
that happened is tried alone, so that one which kills its workers is found and no other suffers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from ..signals import kept_from_children
from .batches import BATCHES_AHEAD, MOST_WORKERS, WorkerDied
from .jobs import Done, Job, Jobs, live, lost
from .pool import pool_of

TRIES = 3
"""How often a batch is tried whose workers are killed; the last times alone."""
KILLED = f"WorkerDied: the worker process was killed, {TRIES} times"


class _Hands:
    """What is in hand: jobs under way, and those to be done again with how often they failed."""

    def __init__(self, jobs: Jobs, workers: int) -> None:
        """Begin with nothing in hand."""
        self.jobs, self.workers = jobs, workers
        self.under_way: dict[Future[Done], tuple[Job, int]] = {}
        self.again: deque[tuple[Job, int]] = deque()
        self.finished = 0

    def fill(self, pool: ProcessPoolExecutor) -> None:
        """Give the pool as much as it should have in hand."""
        while len(self.under_way) < self.workers * BATCHES_AHEAD:
            following = self._next()
            if following is None:
                return
            try:
                with kept_from_children():
                    future = pool.submit(live, following[0])
            except BrokenProcessPool:
                self.again.append(following)  # it was not to blame
                raise
            self.under_way[future] = following

    def _next(self) -> tuple[Job, int] | None:
        """Return the next job, None when there is none, or one in hand has to be alone."""
        if any(failed >= TRIES - 1 for _, failed in self.under_way.values()):
            return None
        if self.again:
            alone = self.again[0][1] >= TRIES - 1
            return None if alone and self.under_way else self.again.popleft()
        job = self.jobs.take(self.workers)
        return None if job is None else (job, 0)

    def gather(self) -> list[Done]:
        """Wait for something to be finished and return it; raises BrokenProcessPool."""
        finished, _ = wait(self.under_way, return_when=FIRST_COMPLETED)
        found = []
        for future in finished:
            if future.exception() is None:
                del self.under_way[future]
                found.append(future.result())
        self.finished += len(found)
        if not found:
            next(iter(finished)).result()
        return found

    def drop(self) -> Iterator[Done]:
        """Take note that a worker died; yield the rows of what has killed too many."""
        for job, failed in self.under_way.values():
            if failed + 1 < TRIES:
                self.again.append((job, failed + 1))
            elif self.finished:
                yield lost(job, KILLED)
            else:
                raise WorkerDied(
                    "worker processes die before they have done anything: the system may stop "
                    "them for want of memory. What was finished before is kept. Give fewer "
                    "--workers, then the same command goes on."
                )
        self.under_way.clear()


def results(jobs: Jobs, workers: int) -> Generator[Done, None, None]:
    """Yield what came of every job, in the order in which they end.

    Raises:
        WorkerDied: workers die without getting anything done.
    """
    hands = _Hands(jobs, min(workers, MOST_WORKERS))
    while jobs.left or hands.again:
        try:
            with pool_of(hands.workers) as pool:
                hands.fill(pool)
                while hands.under_way:
                    yield from hands.gather()
                    hands.fill(pool)
        except BrokenProcessPool:
            yield from hands.drop()
