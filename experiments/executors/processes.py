"""Tasks done by worker processes of this machine.

When a worker is killed, whatever it had in hand is done again by others; a task at which workers
were killed each time is given up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from multiprocessing.connection import wait
from typing import Generic, TypeVar

from .died import KILLED, TRIES, died
from .pace import BATCHES_AHEAD
from .pool import Gone, Worker, stop

MOST_WORKERS = 61
"""The most processes that Windows lets one process wait for."""

T = TypeVar("T")
R = TypeVar("R")
Numbered = tuple[int, T]
Lost = Callable[[T, str], R] | None


class _Crew(Generic[T, R]):
    """The workers, what each has in hand, and what is to be done again."""

    def __init__(
        self, function: Callable[[T], R], tasks: Iterator[Numbered[T]], most: int, lost: Lost[T, R]
    ) -> None:
        """Begin with nobody: a worker is started when there is something for it to do."""
        self.function, self.tasks, self.most, self.lost = function, tasks, most, lost
        self.in_hand: dict[Worker[T, R], deque[Numbered[T]]] = {}
        self.again: deque[Numbered[T]] = deque()
        self.killed: dict[int, int] = {}  # by number of the task: how many workers died at it
        self.finished = 0

    def fill(self) -> None:
        """Give everybody as much as they should have in hand, whoever has least first."""
        while sum(map(len, self.in_hand.values())) < self.most * BATCHES_AHEAD:
            following = self.again.popleft() if self.again else next(self.tasks, None)
            if following is None:
                return
            worker = self._who_has_least()
            self.in_hand[worker].append(following)
            worker.give(following[1])

    def _who_has_least(self) -> Worker[T, R]:
        least = min(self.in_hand, key=lambda worker: len(self.in_hand[worker]), default=None)
        if least is not None and (not self.in_hand[least] or len(self.in_hand) == self.most):
            return least
        worker: Worker[T, R] = Worker(self.function)
        self.in_hand[worker] = deque()
        return worker

    def gather(self) -> Iterator[tuple[int, R]]:
        """Wait until something is finished and yield it, or what stands for it."""
        ready = set(wait([worker.connection for worker in self.in_hand]))
        for worker in [each for each in self.in_hand if each.connection in ready]:
            try:
                answer = worker.take()
            except Gone:
                yield from self._bury(worker)
            else:
                self.finished += 1
                yield self.in_hand[worker].popleft()[0], answer

    def _bury(self, worker: Worker[T, R]) -> Iterator[tuple[int, R]]:
        """See to what a dead worker had in hand; it was busy with the first."""
        left = self.in_hand.pop(worker)
        stop([worker])
        if left:
            number, task = left[0]
            self.killed[number] = self.killed.get(number, 0) + 1
            if self.killed[number] == TRIES:
                if not self.finished or self.lost is None:
                    raise died()
                left.popleft()
                yield number, self.lost(task, KILLED.format(TRIES))
        self.again.extendleft(reversed(left))


def results(
    function: Callable[[T], R], tasks: Iterator[Numbered[T]], workers: int, lost: Lost[T, R]
) -> Generator[tuple[int, R], None, None]:
    """Yield number and result of every task, in the order in which they end.

    Raises:
        WorkerDied: workers are killed without getting anything done.
    """
    crew = _Crew(function, tasks, min(workers, MOST_WORKERS), lost)
    try:
        crew.fill()
        while any(crew.in_hand.values()):
            yield from crew.gather()
            crew.fill()
    finally:
        stop(list(crew.in_hand))
