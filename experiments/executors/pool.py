"""Worker processes of this machine: one pipe each, and none that outlives who started it.

Python's own pool lets all its workers answer through one pipe. One that is killed in the middle of
an answer leaves half of it there, and whoever started the pool waits for the rest for ever. Here a
pipe has one writer, so that its death is the end of the pipe.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import Pipe, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from queue import SimpleQueue
from types import ModuleType
from typing import Any, Generic, TypeVar

from ..signals import deferred, kept_from_children
from .answers import answer, named, packed, unpacked

MAIN = "__main__"

T = TypeVar("T")
R = TypeVar("R")


class Gone(Exception):
    """The worker process was killed."""


class Worker(Generic[T, R]):
    """A process that does tasks in the order in which they are given."""

    def __init__(self, function: Callable[[T], R]) -> None:
        """Start it; it calls `function`, of a module, with each task."""
        self.connection, theirs = Pipe()
        self.process = _Process(target=_serve, args=(theirs, function), daemon=True)
        if os.name == "posix":
            resource_tracker.ensure_running()  # here, since it lets signals through again
        with kept_from_children():
            self.process.start()
        theirs.close()  # from now on the worker alone can write there

    def give(self, task: T) -> None:
        """Hand it a task; one that is gone is told when its answer is taken."""
        with suppress(OSError):
            self.connection.send_bytes(pickle.dumps(task))

    def take(self) -> R:
        """Return the answer to the first task that has not been answered, or raise its error.

        Raises:
            Gone: the process is dead.
        """
        try:
            data = self.connection.recv_bytes()
        except (EOFError, OSError):
            raise Gone from None
        done, found = unpacked(data)
        if not done:
            raise found
        result: R = found
        return result


def stop(workers: list[Worker[Any, Any]]) -> None:
    """End processes at once, whatever they are doing."""
    with deferred():
        for worker in workers:
            worker.process.terminate()
        for worker in workers:
            worker.connection.close()
            worker.process.join()
            worker.process.close()


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


class _Process(SpawnProcess):
    """A process that knows nothing of the script that started it."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802  its name is Python's
        with main_left_alone():
            return SpawnProcess._Popen(process_obj)


def _serve(connection: Connection, function: Callable[[T], R]) -> None:
    """Do tasks until there is nobody to do them for, and leave Ctrl-C to that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tasks: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_receive, args=(connection, tasks), daemon=True).start()
    while True:
        reply = _reply(function, tasks.get())
        try:
            connection.send_bytes(reply)
        except OSError:
            os._exit(1)


def _reply(function: Callable[[T], R], given: bytes) -> bytes:
    """Return the answer to a task as it came through the pipe."""
    try:
        task: T = pickle.loads(given)
    except Exception as error:
        said = f"a task cannot be read in a worker process: {named(error)}"
        return packed((False, RuntimeError(said)), None)
    return packed(answer(function, task), task)


def _receive(connection: Connection, tasks: SimpleQueue[bytes]) -> None:
    """Take tasks as soon as they come, so that whoever gives them never waits.

    The pipe ends with the process at its other end, however that ended.
    """
    while True:
        try:
            tasks.put(connection.recv_bytes())
        except (EOFError, OSError):
            os._exit(1)
