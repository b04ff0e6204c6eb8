"""Work spread over workers, and what came of it in the order of the work: the one way to do it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from itertools import chain, islice
from typing import NamedTuple, TypeVar

from ...sim.errors import as_text, whole

T = TypeVar("T")
R = TypeVar("R")


AS_WORTH = 0
"""So many workers are as many as there are cores, where that saves time."""


class Hands(NamedTuple):
    """Who does the work; it changes nothing but the time."""

    workers: int = 1  # processes of this machine, or to start on a local cluster; see AS_WORTH
    cluster: str | None = None  # address of a Dask scheduler, or "local"


def hands_of(workers: int, cluster: str | None = None) -> Hands:
    """Return who does the work; InputError where that is nobody."""
    if cluster is not None:
        as_text("cluster", cluster, 'give the address of a Dask scheduler, or "local"')
    return Hands(whole("workers", workers, 1), cluster)


def ordered(
    function: Callable[[T], R],
    tasks: Iterable[T],
    hands: Hands | None = None,
    *,
    first: int = 1,
    lost: Callable[[T, str], R] | None = None,
) -> Generator[R, None, None]:
    """Yield `function(task)` for each task, in their order; close the generator to stop early.

    Tasks are taken only when somebody is free to do them, so that a later one may depend on what
    came of earlier ones. A killed worker loses nothing: what it had in hand is done again.

    Args:
        function: of a module, since workers find it by name.
        tasks: what it is called with; anything that can be pickled.
        hands: who does the work; this process if not given.
        first: how many tasks this process does before it starts workers of its own, so that these
            find what the first one makes for good, such as compiled rules.
        lost: what stands for a task at which workers are killed each time; without it, that ends
            the work.

    Raises:
        WorkerDied: workers are killed again and again, or the cluster went away.
        InputError: nobody answers at the address of the cluster.
    """
    hands, left = hands or Hands(), iter(tasks)
    if hands.cluster is None:
        here = left if hands.workers == 1 else islice(left, first)
        yield from map(function, here)
    following = list(islice(left, 1))
    if following:
        rest = enumerate(chain(following, left))
        with closing(_spread(function, rest, hands, lost)) as coming:
            yield from _in_order(coming)


def _spread(
    function: Callable[[T], R],
    numbered: Iterator[tuple[int, T]],
    hands: Hands,
    lost: Callable[[T, str], R] | None,
) -> Generator[tuple[int, R], None, None]:
    """Yield number and result of each task, as they end. Loaded here: one process does without."""
    if hands.cluster is None:
        from . import processes

        return processes.results(function, numbered, hands.workers, lost)
    from . import cluster

    return cluster.results(function, numbered, hands.cluster, hands.workers, lost)


def _in_order(coming: Iterable[tuple[int, R]]) -> Iterator[R]:
    """Hold back what comes before its turn."""
    held: dict[int, R] = {}
    following = 0
    for number, result in coming:
        held[number] = result
        while following in held:
            yield held.pop(following)
            following += 1
