"""The command line: `councils`, or `python -m experiments`."""

from __future__ import annotations

from . import early

early.leave_at_once()  # loading the rest takes a moment
try:
    import gc
    import os
    import sys

    from . import signals
    from .commands import (  # noqa: F401  each adds its commands
        answers,
        bench,
        calibrating,
        finding,
        kept,
        listings,
        page,
        policies,
        runs,
        studies,
    )
    from .commands.app import FAILED, app
finally:
    early.stop_in_order()

OBJECTS_BETWEEN_SEARCHES = 200_000
"""How many new objects Python waits for before it looks for unused ones; loading makes many."""


def main() -> None:
    """Run the command line."""
    early.leave_at_once()
    gc.set_threshold(OBJECTS_BETWEEN_SEARCHES)
    signals.stop_on_terminate()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal may lack the pound sign
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
            early.leave_at_once()
            gc.freeze()  # a process that ends need not look for unused objects
    except BrokenPipeError:  # whoever read our output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(FAILED) from None


if __name__ == "__main__":
    main()
