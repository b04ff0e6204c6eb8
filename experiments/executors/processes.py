"""Tasks done by worker processes of this machine.

When a worker is killed, whatever was in hand is done again; a task that was in hand twice when
that happened is tried alone, so that one which kills its workers is found and no other suffers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Generic, TypeVar

from ..signals import kept_from_children
from .died import KILLED, TRIES, died
from .pace import BATCHES_AHEAD
from .pool import pool_of

MOST_WORKERS = 61
"""The most processes that Windows lets one process wait for."""

T = TypeVar("T")
R = TypeVar("R")
Numbered = tuple[int, T]
Lost = Callable[[T, str], R] | None


class _InHand(Generic[T, R]):
    """What is in hand: tasks under way, and those to be done again with how often they failed."""

    def __init__(
        self, function: Callable[[T], R], tasks: Iterator[Numbered[T]], workers: int
    ) -> None:
        """Begin with nothing in hand."""
        self.function, self.tasks, self.workers = function, tasks, workers
        self.under_way: dict[Future[R], tuple[Numbered[T], int]] = {}
        self.again: deque[tuple[Numbered[T], int]] = deque()
        self.finished, self.taken = 0, False  # how many; whether all tasks have been begun

    def fill(self, pool: ProcessPoolExecutor) -> None:
        """Give the pool as much as it should have in hand."""
        while len(self.under_way) < self.workers * BATCHES_AHEAD:
            following = self._next()
            if following is None:
                return
            try:
                with kept_from_children():
                    future = pool.submit(self.function, following[0][1])
            except BrokenProcessPool:
                self.again.append(following)  # it was not to blame
                raise
            self.under_way[future] = following

    def _next(self) -> tuple[Numbered[T], int] | None:
        """Return the next task, None when there is none, or one in hand has to be alone."""
        if any(failed >= TRIES - 1 for _, failed in self.under_way.values()):
            return None
        if self.again:
            alone = self.again[0][1] >= TRIES - 1
            return None if alone and self.under_way else self.again.popleft()
        for task in self.tasks:
            return task, 0
        self.taken = True
        return None

    def gather(self) -> list[tuple[int, R]]:
        """Wait for something to be finished and return it; raises BrokenProcessPool."""
        finished, _ = wait(self.under_way, return_when=FIRST_COMPLETED)
        found = []
        for future in finished:
            if future.exception() is None:
                (number, _), _ = self.under_way.pop(future)
                found.append((number, future.result()))
        self.finished += len(found)
        if not found:
            next(iter(finished)).result()
        return found

    def drop(self, lost: Lost[T, R]) -> Iterator[tuple[int, R]]:
        """Take note that a worker died; yield what stands for tasks that have killed too many."""
        for (number, task), failed in self.under_way.values():
            if failed + 1 < TRIES:
                self.again.append(((number, task), failed + 1))
            elif self.finished and lost is not None:
                yield number, lost(task, KILLED.format(TRIES))
            else:
                raise died()
        self.under_way.clear()


def results(
    function: Callable[[T], R], tasks: Iterator[Numbered[T]], workers: int, lost: Lost[T, R]
) -> Generator[tuple[int, R], None, None]:
    """Yield number and result of every task, in the order in which they end.

    Raises:
        WorkerDied: workers are killed without getting anything done.
    """
    hand = _InHand(function, tasks, min(workers, MOST_WORKERS))
    while not hand.taken or hand.again:
        try:
            with pool_of(hand.workers) as pool:
                hand.fill(pool)
                while hand.under_way:
                    yield from hand.gather()
                    hand.fill(pool)
        except BrokenProcessPool:
            yield from hand.drop(lost)
