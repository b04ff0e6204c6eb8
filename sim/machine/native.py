"""Machine code for the processor here, made of the rules that came with the installation.

LLVM alone makes it, in some seconds, in a process of its own:
`python -m council_partnering.sim.machine.native SOURCE PLACE [later]`. With `later` the user's own
work goes first, and of several such processes one makes it.
"""

from __future__ import annotations

import lzma
import os
import sys
from pathlib import Path

from filelock import FileLock, Timeout

from ..whole import write_whole
from .cache import read, sealed
from .carried import LATER
from .targets import machine_code, native

NICE = 19
"""The lowest priority there is, where the system knows the word."""


def main(source: Path, place: Path, *, later: bool) -> None:
    """Write the object file to `place`, whole or not at all, unless it is there."""
    if later and hasattr(os, "nice"):
        os.nice(NICE)
    try:
        with FileLock(f"{place}.lock", timeout=0 if later else -1):
            if read(place) is None:
                _make(source, place)
    except Timeout:
        return


def _make(source: Path, place: Path) -> None:
    came = read(source)
    if came is None:
        sys.exit(f"damaged: '{source}'")
    name, rules = came
    code = machine_code(lzma.decompress(rules), native())
    with write_whole(place, replace=True) as file:
        file.write(sealed(name, code))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), later=LATER in sys.argv[3:])
