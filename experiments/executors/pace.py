"""How many runs are done at a time, told from how long runs have taken so far."""

from __future__ import annotations

import os
from collections.abc import Iterator

BATCH_SECONDS = 1.0
"""How long a batch should take: long enough to make its dispatch cheap, short enough to stop."""
LONG_SECONDS = 5.0
MANY_BATCHES = 200
"""With more batches than this a worker gets longer ones, so that their files stay few."""
SMALLEST = 4
"""The smallest batch takes one part in so many of that, however few runs are left."""
BATCHES_AHEAD = 2
"""Batches in hand for each worker, so that none waits for work."""
SMOOTHING = 0.3
WARM = 2
"""The first run loads and compiles; only the second tells how long one takes."""


WORTH_SECONDS = 8.0
"""With less work than this a second process is not worth its start, which takes a second."""


def worth(seconds: float) -> int:
    """Return how many processes of this machine are worth so many seconds of work."""
    return cores() if seconds >= WORTH_SECONDS else 1


def cores() -> int:
    """Return how many cores this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)  # not on every system
    return len(allowed(0)) if allowed else os.cpu_count() or 1


class Pace:
    """How long a run takes, and so how many make a batch."""

    def __init__(
        self, workers: int, *, longest: float | None = None, batch: float = BATCH_SECONDS
    ) -> None:
        """Know nothing yet.

        A batch should take `batch` seconds, or `longest` where there are many.
        """
        self.workers, self.batch = workers, batch
        self.longest = batch if longest is None else longest
        self.seconds = 0.0  # of one run; 0 until the first is done
        self.learnt = 0

    def learn(self, seconds: float) -> None:
        """Take note of how long one run of a batch took."""
        self.learnt += 1
        share = 1.0 if self.learnt <= WARM else SMOOTHING
        self.seconds += share * (seconds - self.seconds)

    def size(self, left: int) -> int:
        """Return how many of the runs that are left make the next batch."""
        if self.learnt < WARM:
            return 1
        many = left * self.seconds > MANY_BATCHES * self.workers * self.batch
        aim = self.longest if many else self.batch
        return size_of_batch(self.seconds, left, self.workers, aim=aim)

    def spans(self, runs: int) -> Iterator[range]:
        """Yield the numbers of so many runs, a batch at a time."""
        left = range(runs)
        while left:
            size = self.size(len(left))
            yield left[:size]
            left = left[size:]


def size_of_batch(seconds: float, left: int, workers: int, *, aim: float = BATCH_SECONDS) -> int:
    """Return how many runs to do at once, given the seconds of one and how many runs are left.

    `aim` is how many seconds a batch should take.
    """
    enough = max(1, int(aim / max(seconds, 1e-6)))
    share = left if workers == 1 else left // (workers * BATCHES_AHEAD)
    return min(left, max(share, enough // SMALLEST, 1), enough)
