"""Worker processes of this machine: the one pool of the project.

Workers end when whoever started them ends, however that was.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process, resource_tracker
from multiprocessing.connection import wait

from experiments.signals import deferred


@contextmanager
def pool_of(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Provide worker processes; when anything goes wrong, they are stopped at once.

    Raises:
        BrokenProcessPool: a worker process was killed or could not start.
    """
    before = set(active_children())
    if os.name == "posix":
        resource_tracker.ensure_running()  # here, since it lets signals through again
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin)
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
