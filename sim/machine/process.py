"""A process of its own for what takes long or changes much: this Python, and this package."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import council_partnering

HOME = Path(council_partnering.__file__).parents[1]
"""Where the name of the distribution is found."""


def command(module: str, *words: str, flags: Sequence[str] = ()) -> list[str]:
    """Return the command that runs one of the files beside this one.

    -P: the one of this package, not of a folder of its name that happens to lie here.
    """
    return [sys.executable, "-P", "-B", *flags, "-m", f"{__package__}.{module}", *words]


def environment() -> dict[str, str]:
    """Return the environment in which such a process finds this package."""
    paths = os.pathsep.join([str(HOME), *filter(None, [os.environ.get("PYTHONPATH")])])
    return os.environ | {"PYTHONPATH": paths}
