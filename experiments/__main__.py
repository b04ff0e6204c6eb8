"""The command line: `councils`, or `python -m experiments`."""

from __future__ import annotations

import os
import sys

from experiments import signals

# Each adds its commands, in the order in which --help shows them.
from experiments.commands import bench, listings, runs  # noqa: F401
from experiments.commands.app import FAILED, app


def main() -> None:
    """Run the command line."""
    signals.stop_on_terminate()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal may lack the pound sign
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # whoever read our output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(FAILED) from None


if __name__ == "__main__":
    main()
