"""Machine code that came with the installation: whoever built its wheel compiled the rules.

A wheel carries code for some kinds of processors, which is used at once, and the rules as LLVM
reads them. Of these a process of its own makes code for the very processor here, while work goes
on; the next command uses that. In a clone there is nothing of the kind.
"""

from __future__ import annotations

import subprocess
from importlib.metadata import version
from pathlib import Path

import numpy as np

from .. import shelf
from .cache import digest, parts, read, rules
from .form import CARRIED
from .process import command, environment
from .targets import Target, fitting, processor

RULES = "bc.xz"
"""How the file of the rules ends, which LLVM reads."""
LATER = "later"
BELOW_NORMAL = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)  # of Windows alone
_STARTED: list[subprocess.Popen[bytes]] = []
"""Processes that nobody waits for; Python would complain of one that nobody knows any more."""


def brought(theory: np.dtype, record: np.dtype) -> tuple[str, bytes] | None:
    """Return the step's name and code from what came with the installation; nothing in a clone.

    Where it has no code for a processor of this kind, that is made now, in some seconds.

    Raises:
        ValueError: what came is damaged.
        RuntimeError: no code could be made of it.
    """
    made_from = rules(theory, record)
    source = CARRIED / f"{made_from}.{RULES}"
    if not source.exists():
        return None
    name = f"{made_from}-{digest([version('llvmlite'), *processor()])}.o"
    kept = shelf.found(name)
    if kept is not None:
        return parts(kept)
    target = fitting()
    if target is None:
        return _whole(make_native(source, shelf.folder() / name))
    code = _whole(CARRIED / file_name(made_from, target))
    make_native_later(source, name)
    return code


def file_name(made_from: str, target: Target) -> str:
    """Return what the file of machine code for a target is called."""
    return f"{made_from}.{target.name}.o"


def _whole(path: Path) -> tuple[str, bytes]:
    code = read(path)
    if code is None:
        raise ValueError(f"missing or damaged: '{path}'")
    return code


def make_native(source: Path, place: Path) -> Path:
    """Make machine code for this processor, and keep it at `place`, which is returned.

    Raises:
        RuntimeError: it could not be made; the message holds what was written.
    """
    words = command("native", str(source), str(place))
    done = subprocess.run(words, capture_output=True, text=True, env=environment())
    if done.returncode != 0:
        raise RuntimeError(f"code for this processor could not be made: {done.stderr.strip()}")
    return place


def make_native_later(source: Path, name: str) -> None:
    """Begin to make machine code for this processor, and wait for nothing; it may fail unheard."""
    folder = shelf.folder()
    if folder not in (shelf.usual_folder(), shelf.substitute()):
        return  # nothing lasts here
    try:
        started = subprocess.Popen(
            command("native", str(source), str(folder / name), LATER),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=environment(), start_new_session=True, creationflags=BELOW_NORMAL,
        )  # fmt: skip
    except OSError:  # no more processes, or no memory: the code that came will do
        return
    _STARTED.append(started)
