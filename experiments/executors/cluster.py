"""Tasks done on a cluster of machines through Dask, or by Dask's workers on this machine.

A worker that is killed loses only what it had in hand: Dask gives that to another one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from importlib import import_module
from itertools import islice
from typing import Any, TypeVar

from ...sim.errors import InputError
from .answers import answer
from .died import KILLED, WorkerDied, died
from .pace import BATCHES_AHEAD
from .pool import main_left_alone

T = TypeVar("T")
R = TypeVar("R")

LOCAL = "local"
"""The address that stands for a cluster started on this machine."""
CONNECT_SECONDS = 15
WORKERS_SECONDS = 60
CLOSE_SECONDS = 1
TALKATIVE = ("client", "utils", "core", "batched", "comm.tcp")
AWAY = "the cluster went away: see to its scheduler, and give the same command again"


def results(
    function: Callable[[T], R],
    tasks: Iterator[tuple[int, T]],
    address: str,
    workers: int,
    lost: Callable[[T, str], R] | None,
) -> Generator[tuple[int, R], None, None]:
    """Yield number and result of every task, in the order in which they end.

    Raises:
        InputError: Dask is not installed, or nobody answers at the address.
        WorkerDied: the cluster went away, or its workers are killed each time at one task.
    """
    _dask()  # sets how loud it is
    with _quiet(), _client(address, workers) as client:
        try:
            yield from _spread(function, tasks, client, lost)
        except (CancelledError, OSError):  # the scheduler is gone, or nobody can reach it
            client.close(timeout=CLOSE_SECONDS)
            raise WorkerDied(AWAY) from None


def _spread(
    function: Callable[[T], R],
    tasks: Iterator[tuple[int, T]],
    client: Any,
    lost: Callable[[T, str], R] | None,
) -> Generator[tuple[int, R], None, None]:
    dask = _dask()
    under_way: dict[Any, tuple[int, T]] = {}
    coming = dask.as_completed()

    def fill() -> None:
        most = max(sum(client.nthreads().values()), 1) * BATCHES_AHEAD
        for number, task in islice(tasks, max(most - len(under_way), 0)):
            future = client.submit(answer, function, task, pure=False)
            under_way[future] = number, task
            coming.add(future)

    fill()
    while under_way:
        future = next(coming)
        number, task = under_way.pop(future)
        error = future.exception()
        if error is None:
            done, found = future.result()
            if not done:
                raise found
            yield number, found
        elif not isinstance(error, dask.scheduler.KilledWorker):
            raise error
        elif lost is None:
            raise died()
        else:
            yield number, lost(task, KILLED.format(error.allowed_failures + 1))
        fill()


def _dask() -> Any:
    """Return Dask's library for clusters, loaded only when somebody asks for one."""
    try:
        return import_module("distributed")
    except ImportError:
        raise InputError(
            "--cluster needs Dask: pip install 'council-partnering[cluster]'"
        ) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's client from telling at length what we say in a line."""
    loggers = [logging.getLogger(f"distributed.{name}") for name in TALKATIVE]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


@contextmanager
def _client(address: str, workers: int) -> Iterator[Any]:
    dask = _dask()
    if address == LOCAL:
        with main_left_alone():
            cluster = dask.LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
            )
        with cluster, dask.Client(cluster) as client:
            yield client
        return
    try:
        client = dask.Client(address, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise InputError(
            f"--cluster '{address}': no Dask scheduler answers ({error}); give its address, such "
            "as tcp://host:8786, or local"
        ) from None
    with client:
        _await_workers(client, address)
        yield client


def _await_workers(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=WORKERS_SECONDS)
    except TimeoutError:
        raise InputError(
            f"--cluster '{address}': it has no workers after {WORKERS_SECONDS} seconds; start some"
        ) from None
