"""Runs lived on a cluster of machines through Dask, or by Dask's workers on this machine.

A worker that is killed loses only what it had in hand: Dask gives that to another one, and after
a few deaths the batch becomes rows that say so.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from ...sim.errors import InputError
from .batches import BATCHES_AHEAD, WorkerDied
from .jobs import Done, Job, Jobs, live, lost
from .pool import main_left_alone

LOCAL = "local"
"""The address that stands for a cluster started on this machine."""
CONNECT_SECONDS = 15
WORKERS_SECONDS = 60
CLOSE_SECONDS = 1
TALKATIVE = ("client", "utils", "core", "batched", "comm.tcp")
AWAY = "the cluster went away. What was finished is kept; the same command goes on."


def results(jobs: Jobs, address: str, workers: int) -> Generator[Done, None, None]:
    """Yield what came of every job, in the order in which they end.

    Args:
        jobs: the runs that are left.
        address: of a Dask scheduler ("tcp://..."), or "local".
        workers: how many processes to start, when local.

    Raises:
        InputError: Dask is not installed, or nobody answers at the address.
    """
    _dask()  # sets how loud it is
    with _quiet(), _client(address, workers) as client:
        try:
            yield from _spread(jobs, client)
        except (CancelledError, OSError):  # the scheduler is gone, or nobody can reach it
            client.close(timeout=CLOSE_SECONDS)
            raise WorkerDied(AWAY) from None


def _spread(jobs: Jobs, client: Any) -> Generator[Done, None, None]:
    dask = _dask()
    under_way: dict[Any, Job] = {}
    coming = dask.as_completed()

    def fill() -> None:
        hands = max(sum(client.nthreads().values()), 1)
        while len(under_way) < hands * BATCHES_AHEAD and (job := jobs.take(hands)):
            future = client.submit(live, job, pure=False)
            under_way[future] = job
            coming.add(future)

    fill()
    while under_way:
        future = next(coming)
        job = under_way.pop(future)
        error = future.exception()
        if error is None:
            yield future.result()
        elif isinstance(error, dask.scheduler.KilledWorker):
            times = error.allowed_failures + 1
            yield lost(job, f"WorkerDied: the worker process was killed, {times} times")
        else:
            raise error
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
