"""What came of living a kept result again, whatever its kind."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..stored.record import Kind
from ..words import as_typed


class Deviation(NamedTuple):
    """Something that does not come out as it is stored."""

    where: str  # a replicate, a table or an outcome
    columns: list[str]
    repeat: str = ""  # the command that lives that run again, where it is one


class Confirmed(NamedTuple):
    """What came of living some of a result again."""

    kind: Kind
    checked: int  # runs, or outcomes of an analysis
    differing: list[Deviation]
    changed: list[str]  # rules by which it was made that are others now
    notes: list[str]  # what could not be checked in this way


def some_of(many: int, sample: int, seed: int) -> list[int]:
    """Return which of the first `many` numbers are in a random sample, in order."""
    chance = np.random.Generator(np.random.PCG64(seed))
    picked = chance.choice(many, size=min(sample, many), replace=False)
    return [int(each) for each in np.sort(picked)]


def repeat_line(folder: Path, replicate: int) -> str:
    """Return the command that lives one replicate of a result again."""
    return as_typed(["councils", "repeat", str(folder), "--replicate", str(replicate)])
