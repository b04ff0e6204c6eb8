"""The processes that share the runs of a question: started together, and stopped when one dies."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process, resource_tracker
from multiprocessing.connection import wait

from experiments.signals import deferred


class WorkerDied(RuntimeError):
    """A worker process ended before its work was done; the message says what to do."""


@contextmanager
def pool_of(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Provide worker processes; when anything goes wrong, they are stopped at once."""
    before = set(active_children())
    if os.name == "posix":
        resource_tracker.ensure_running()  # here, since it lets signals through again
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin)
    try:
        yield pool
    except BaseException as error:
        with deferred():
            for process in set(active_children()) - before:
                process.terminate()
            pool.shutdown(wait=True, cancel_futures=True)
        if isinstance(error, BrokenProcessPool):
            raise WorkerDied(
                "a worker process died: the system may have stopped it for want of memory. "
                "Nothing was written. Give fewer --workers, or run fewer --runs at a time."
            ) from error
        raise
    else:
        pool.shutdown(wait=True)


def _begin() -> None:
    """Make a worker end when the process that started it is gone, and leave Ctrl-C to that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_outlive_nobody, daemon=True).start()


def _outlive_nobody() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
