"""How much work is done at a time, whoever does it."""

from __future__ import annotations

BATCH_SECONDS = 1.0
"""How long a batch should take: long enough to make its dispatch cheap, short enough to stop."""
SMALLEST = 4
"""The smallest batch takes one part in so many of that, however few runs are left."""
BATCHES_AHEAD = 2
"""Batches in hand for each worker, so that none waits for work."""
MOST_WORKERS = 61
"""The most processes that Windows lets one process wait for."""


class WorkerDied(RuntimeError):
    """A worker process ended before its work was done; the message says what to do."""


def size_of_batch(seconds: float, left: int, workers: int, *, aim: float = BATCH_SECONDS) -> int:
    """Return how many runs to do at once, given the seconds of one and how many runs are left.

    `aim` is how many seconds a batch should take.
    """
    enough = max(1, int(aim / max(seconds, 1e-6)))
    share = left if workers == 1 else left // (workers * BATCHES_AHEAD)
    return min(left, max(share, enough // SMALLEST), enough)
