"""Ctrl-C before a command has begun its work, and after it: one line, and no traceback.

Little is imported here, so that it is in force as soon as can be.
"""

from __future__ import annotations

import os
import signal
from types import FrameType

STATUS = 128 + signal.SIGINT
"""The exit status of a command that was stopped."""
STOPPED = "Stopped: no half-made result is left behind."
WHOLE: list[str] = []
"""Where this command has put its last result that is whole; empty before there is one."""


def is_whole(place: str | os.PathLike[str]) -> None:
    """Take note that a result is whole, so that it is told of if the command is stopped now."""
    WHOLE[:] = [os.fspath(place).removeprefix(f"{os.getcwd()}{os.sep}")]


def stopped() -> str:
    """Return what is said of a command that was stopped: what of it is left."""
    return f"Stopped: the result was whole already, in {WHOLE[0]}." if WHOLE else STOPPED


def leave_at_once() -> None:
    """Let Ctrl-C end the process there and then, unless somebody else sees to it."""
    _replace(signal.default_int_handler, _leave)


def stop_in_order() -> None:
    """Let Ctrl-C raise KeyboardInterrupt again, so that what has begun is put away."""
    _replace(_leave, signal.default_int_handler)


def _replace(old: object, new: signal._HANDLER) -> None:
    if signal.getsignal(signal.SIGINT) is old:
        try:
            signal.signal(signal.SIGINT, new)
        except ValueError:  # not the main thread, which alone is ever stopped
            return


def _leave(number: int, frame: FrameType | None) -> None:
    os.write(2, f"{stopped()}\n".encode(errors="replace"))
    os._exit(STATUS)
