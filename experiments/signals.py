"""Stopping in an orderly way: what Ctrl-C and a polite kill do, and when they have to wait."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM)
STATUS = 128 + signal.SIGINT
"""The exit status of a command that was stopped."""


@contextmanager
def deferred(*numbers: signal.Signals) -> Iterator[None]:
    """Let these signals wait until the block is over; processes started in it never get them.

    On Windows, which has no such masks, nothing is deferred.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, numbers or STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def stop_on_terminate() -> None:
    """Make a polite kill (SIGTERM) end the command as Ctrl-C does."""
    signal.signal(signal.SIGTERM, _stop)


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
