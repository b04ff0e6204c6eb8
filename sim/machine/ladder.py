"""The rules in the fastest form that can be had here; when one fails, the next, and why is said.

The rungs: machine code that was kept; that came with the installation; that is made now, all rules
as one; rules compiled by numba one by one; plain Python. All give the same bits. A way to compile
that fails is tried no more, neither in this process nor in those that it starts: they begin lower,
and do not say it again.
"""

from __future__ import annotations

import os
import re
import sys
import textwrap
import threading
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..core.world import World
from ..errors import InputError
from .form import CARRIED, Step

KEPT, CAME = "kept", "carried"
LEFT = "COUNCILS_RUNG"
"""The environment variable that holds the name of the first rung to try."""
OFF = ("", "0")
ONE_AT_A_TIME = threading.Lock()
LONGEST = 200  # letters of a reason
ERROR = re.compile(r"^[\w.]*(?:Error|Exception)\b.*", re.MULTILINE)
REPAIR = (
    "Reinstall numba and llvmlite so that they fit together (python -m pip install "
    "--force-reinstall numba llvmlite); if that does not help, report this."
)


def advance(
    world: World, theory: np.ndarray, luck: int, start: int, stop: int, record: np.ndarray
) -> None:
    """Live from quarter `start` to before `stop`; see `sim.core.step.advance`.

    `theory` (quarters,) and `record` (quarters,) are records; all arrays of the world and these two
    must be contiguous. Other threads run meanwhile, unless the rules run as plain Python.
    """
    if len(theory) != len(record):
        raise ValueError(f"{len(theory)} quarters of numbers, room to measure {len(record)}")
    machine(theory.dtype, record.dtype)(world, theory, luck, start, stop, record)


def machine(theory: np.dtype, record: np.dtype) -> Step:
    """Return the step for these records, from the highest rung that holds.

    One thread at a time: several that begin together would make, and lose, several linkers.

    Raises:
        InputError: the files of the rules changed since this process read them.
    """
    known = _last.get("step")
    if known is not None and known[0] is theory and known[1] is record:
        return known[2]
    with ONE_AT_A_TIME:
        step = _machine(theory, record)
    _last["step"] = theory, record, step
    return step


_last: dict[str, tuple[np.dtype, np.dtype, Step]] = {}
"""The records that were asked for last and their step: comparing records takes 25 microseconds."""


@lru_cache(maxsize=4)
def _machine(theory: np.dtype, record: np.dtype) -> Step:
    for rung, below in pairwise(RUNGS[_first() :]):
        try:
            step = rung.reach(theory, record)
        except InputError:
            raise
        except Exception as error:  # whatever it is, a lower rung may hold
            print(rung.failed.format(_reason(error)), file=sys.stderr)
            if rung.name not in (KEPT, CAME):  # another is made, and kept
                os.environ[LEFT] = below.name
        else:
            if step is not None:
                return step
    return _uncompiled()


def _first() -> int:
    """Return the place of the first rung to try."""
    if os.environ.get("NUMBA_DISABLE_JIT", "") not in OFF:
        return len(RUNGS) - 1
    names = [rung.name for rung in RUNGS]
    left = os.environ.get(LEFT, "")
    return names.index(left) if left in names else 0


def _reason(error: Exception) -> str:
    """Return the one line of an error, or of all that a compiler wrote, that says most."""
    text = f"{type(error).__name__}: {error}"
    said = ERROR.findall(text)
    return textwrap.shorten(said[-1] if said else text, LONGEST, placeholder=" ...")


# Each rung imports what it needs only when it is tried: that may be what is broken.


def _kept(theory: np.dtype, record: np.dtype) -> Step | None:
    from .engine import kept

    return kept(theory, record)


def _carried(theory: np.dtype, record: np.dtype) -> Step | None:
    if not CARRIED.is_dir():
        return None

    from .engine import carried

    return carried(theory, record)


def _made(theory: np.dtype, record: np.dtype) -> Step:
    from .engine import made

    return made(theory, record)


def _rule_by_rule(theory: np.dtype, record: np.dtype) -> Step:
    from .rule_by_rule import compiled_here

    return compiled_here(theory, record)


def _uncompiled(*records: np.dtype) -> Step:
    from .uncompiled import plain_step

    return plain_step()


class Rung(NamedTuple):
    """One way to have the rules."""

    name: str
    reach: Callable[[np.dtype, np.dtype], Step | None]  # None: nothing is there, and nothing wrong
    failed: str  # what is said when it fails: the reason, what comes instead, what to do


RUNGS = (
    Rung(
        KEPT,
        _kept,
        "The kept machine code cannot be used ({}). It is made again, in about half a minute. If "
        "this is said again, delete the folder ~/.cache/council-partnering, or the one that "
        "COUNCILS_CACHE names.",
    ),
    Rung(
        CAME,
        _carried,
        "The machine code that came with this installation cannot be used ({}). The rules are "
        "compiled here instead, once, in about half a minute; results are the same. Installing "
        "council-partnering again mends it.",
    ),
    Rung(
        "as one",
        _made,
        "The rules cannot be compiled as one ({}). numba compiles them rule by rule, about a "
        f"minute in every process; results are the same. {REPAIR}",
    ),
    Rung(
        "rule by rule",
        _rule_by_rule,
        "numba cannot compile the rules at all ({}). They run as plain Python, thousands of times "
        f"slower; results are the same. {REPAIR}",
    ),
    Rung("plain", _uncompiled, ""),
)
