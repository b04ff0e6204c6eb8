"""The rules compiled by numba in its ordinary way, rule by rule, in this process.

Slower to compile than `build.py`, and kept nowhere; but it asks little of how numba is made inside.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import intrinsic

from ..core.step import advance
from ..core.world import World
from .form import Step
from .pointer import rows_of, world_at

ARGUMENTS = 7


def compiled_here(theory: np.dtype, record: np.dtype) -> Step:
    """Return the step for these records."""
    numbers_at, measured_at = rows_of(theory), rows_of(record)

    @njit(types.void(*[types.int64] * ARGUMENTS), error_model="numpy", nogil=True)
    def run(world, numbers, luck, start, stop, measured, quarters):  # type: ignore[no-untyped-def]
        rows = numbers_at(place(numbers), quarters)
        record_rows = measured_at(place(measured), quarters)
        advance(world_at(place(world)), rows, luck, start, stop, record_rows)

    def step(
        world: World, theory: np.ndarray, luck: int, start: int, stop: int, record: np.ndarray
    ) -> None:
        where, numbers, measured = (a.ctypes.data for a in (world.where, theory, record))
        run(where, numbers, luck, start, stop, measured, len(record))

    return step


@intrinsic
def place(context: Any, address: Any) -> Any:
    """Return what lies at an address that came from Python as a whole number."""

    def pointed(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.inttoptr(args[0], context.get_value_type(types.voidptr))

    return types.voidptr(types.int64), pointed
