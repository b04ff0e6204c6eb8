"""Stopping in an orderly way: what Ctrl-C and a polite kill do, and when they have to wait."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def deferred() -> Iterator[None]:
    """Let signals to stop wait until the block is over."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is ever stopped
        return
    waiting: list[int] = []
    before = {number: signal.getsignal(number) for number in STOPPING}
    for number in STOPPING:
        signal.signal(number, lambda number, frame: waiting.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for late in waiting:
            signal.raise_signal(late)


@contextmanager
def kept_from_children() -> Iterator[None]:
    """Let processes that are started in the block never get Ctrl-C; it waits for us meanwhile."""
    with deferred():
        if not hasattr(signal, "pthread_sigmask"):
            yield  # Windows: workers see to it themselves once they run
            return
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def stop_on_terminate() -> None:
    """Make a polite kill (SIGTERM) end the command as Ctrl-C does."""
    signal.signal(signal.SIGTERM, _stop)


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
