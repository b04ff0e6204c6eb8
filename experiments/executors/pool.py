"""Worker processes of this machine: the one pool of the project.

Workers end when whoever started them ends, however that was.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, parent_process, resource_tracker
from multiprocessing.connection import wait
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import Any

from ..signals import deferred

MAIN = "__main__"


@contextmanager
def main_left_alone() -> Iterator[None]:
    """Let processes that are started in the block not run the main script again.

    Python's own workers do, so that a script without `if __name__ == "__main__":` would start
    workers in its workers, and one that comes through a pipe cannot be found. Nothing that our
    workers are given lives in a script.
    """
    before = sys.modules[MAIN]
    sys.modules[MAIN] = ModuleType(MAIN)
    try:
        yield
    finally:
        sys.modules[MAIN] = before


class _Worker(SpawnProcess):
    """A process that knows nothing of the script that started it."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802  its name is Python's
        with main_left_alone():
            return SpawnProcess._Popen(process_obj)


class _Workers(SpawnContext):
    """Starts such processes."""

    Process = _Worker


@contextmanager
def pool_of(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Provide worker processes; when anything goes wrong, they are stopped at once.

    Raises:
        BrokenProcessPool: a worker process was killed or could not start.
    """
    before = set(active_children())
    if os.name == "posix":
        resource_tracker.ensure_running()  # here, since it lets signals through again
    pool = ProcessPoolExecutor(workers, mp_context=_Workers(), initializer=_begin)
    try:
        yield pool
    except BaseException:
        with deferred():
            for process in set(active_children()) - before:
                process.terminate()
            pool.shutdown(wait=True, cancel_futures=True)
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
