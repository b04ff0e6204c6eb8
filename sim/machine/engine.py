"""Running the rules: load the kept machine code, or have it made, and call it."""

from __future__ import annotations

import ctypes
import os
import pickle
import subprocess
import sys
import tempfile
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import council_partnering
import llvmlite.binding as llvm
import numpy as np

from ..core.world import World
from ..shelf import folder
from .cache import fingerprint, found, read

HOME = Path(council_partnering.__file__).parents[1]
"""Where the name of the distribution is found."""
POINTER, WHOLE = ctypes.c_void_p, ctypes.c_int64
ARGUMENTS = (POINTER, POINTER, POINTER, POINTER, WHOLE, WHOLE, WHOLE, POINTER, WHOLE)
"""Result and error of a call, then what `_one_module` in build.py takes."""
OFF = ("", "0")
ONE_AT_A_TIME = threading.Lock()


def advance(
    world: World, theory: np.ndarray, luck: int, start: int, stop: int, record: np.ndarray
) -> None:
    """Live from quarter `start` to before `stop`; see `sim.core.step.advance`.

    `theory` (quarters,) and `record` (quarters,) are records; all arrays of the world and these two
    must be contiguous. Other threads run meanwhile.
    """
    if os.environ.get("NUMBA_DISABLE_JIT", "") not in OFF:
        from ..core.step import advance as plainly

        plainly(world, theory, luck, start, stop, record)
        return
    if len(theory) != len(record):
        raise ValueError(f"{len(theory)} quarters of numbers, room to measure {len(record)}")
    step = machine(theory.dtype, record.dtype)
    result, error = POINTER(), POINTER()
    status = step(
        ctypes.byref(result), ctypes.byref(error),
        world.where.ctypes.data, theory.ctypes.data, luck, start, stop,
        record.ctypes.data, len(record),
    )  # fmt: skip
    if status != 0:
        raise RuntimeError(f"the machine stopped with status {status}: report this as a mistake")


def machine(theory: np.dtype, record: np.dtype) -> Any:
    """Return the compiled step for these records as a C function; made on the first call ever.

    One thread at a time: several that begin together would make, and lose, several linkers.
    """
    with ONE_AT_A_TIME:
        return _machine(theory, record)


@lru_cache(maxsize=4)
def _machine(theory: np.dtype, record: np.dtype) -> Any:
    name = f"{fingerprint(theory, record)}.o"
    step, code = found(name) or _made(folder() / name, theory, record)
    address = _linker(code).get_function_address(step)
    return ctypes.CFUNCTYPE(ctypes.c_int32, *ARGUMENTS)(address)


def _made(place: Path, theory: np.dtype, record: np.dtype) -> tuple[str, bytes]:
    """Return the step's name and its code, compiled now and kept at `place`."""
    make(place, theory, record)
    kept = read(place)
    if kept is None:
        raise RuntimeError(f"'{place}' was written and is not what was written: see to its disk")
    return kept


def make(place: Path, theory: np.dtype, record: np.dtype) -> None:
    """Compile the rules in a process of its own.

    Raises:
        RuntimeError: the compiler failed; the message holds what it wrote.
    """
    paths = os.pathsep.join([str(HOME), *filter(None, [os.environ.get("PYTHONPATH")])])
    # -P: the rules of this package, not of a folder of its name that happens to lie here
    # -X: the rules as they stand, not a .pyc of older ones with the same size and time
    with tempfile.TemporaryDirectory() as fresh:
        done = subprocess.run(
            [sys.executable, "-P", "-B", "-X", f"pycache_prefix={fresh}",
             "-m", f"{__package__}.build", str(place)],
            input=pickle.dumps((np.dtype(theory), np.dtype(record))),
            capture_output=True,
            env=os.environ | {"PYTHONPATH": paths},
        )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"the rules could not be compiled:\n{done.stderr.decode()}")


@lru_cache(maxsize=4)
def _linker(code: bytes) -> Any:
    """Return machine code made ready to be called; it lives as long as the process."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple().create_target_machine()
    linker = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target)
    linker.add_object_file(llvm.ObjectFileRef.from_data(code))
    linker.finalize_object()
    return linker
