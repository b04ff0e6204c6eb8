"""Machine code of the rules: that which is kept, or made now, loaded so that it can be called."""

from __future__ import annotations

import ctypes
import pickle
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numpy as np

from ..core.world import World
from ..errors import InputError
from ..shelf import folder
from .cache import OTHER_RULES, fingerprint, found, read
from .carried import brought
from .form import Step
from .process import command, environment
from .waiting import tell

POINTER, WHOLE = ctypes.c_void_p, ctypes.c_int64
ARGUMENTS = (POINTER, POINTER, POINTER, POINTER, WHOLE, WHOLE, WHOLE, POINTER, WHOLE)
"""Result and error of a call, then what `_one_module` in build.py takes."""


def kept(theory: np.dtype, record: np.dtype) -> Step | None:
    """Return the step from kept machine code, or nothing where none is kept."""
    code = found(_name(theory, record))
    return None if code is None else _loaded(*code)


def carried(theory: np.dtype, record: np.dtype) -> Step | None:
    """Return the step from machine code that came with the installation, or nothing."""
    code = brought(theory, record)
    return None if code is None else _loaded(*code)


def made(theory: np.dtype, record: np.dtype) -> Step:
    """Return the step from machine code that is made now, and kept."""
    return _loaded(*_made(folder() / _name(theory, record), theory, record))


def _name(theory: np.dtype, record: np.dtype) -> str:
    return f"{fingerprint(theory, record)}.o"


def _loaded(name: str, code: bytes) -> Step:
    """Return machine code as a step.

    Raises:
        RuntimeError: there is no step of that name in it.
    """
    address = _linker(code).get_function_address(name)
    if not address:
        raise RuntimeError(f"it holds no {name}")
    function = ctypes.CFUNCTYPE(ctypes.c_int32, *ARGUMENTS)(address)

    def advance(
        world: World, theory: np.ndarray, luck: int, start: int, stop: int, record: np.ndarray
    ) -> None:
        result, error = POINTER(), POINTER()
        status = function(
            ctypes.byref(result), ctypes.byref(error),
            world.where.ctypes.data, theory.ctypes.data, luck, start, stop,
            record.ctypes.data, len(record),
        )  # fmt: skip
        if status != 0:
            raise RuntimeError(
                f"the machine stopped with status {status}: report this as a mistake"
            )

    return advance


def _made(place: Path, theory: np.dtype, record: np.dtype) -> tuple[str, bytes]:
    """Return the step's name and its code, compiled now and kept at `place`."""
    make(place, theory, record)
    kept = read(place)
    if kept is None:
        raise RuntimeError(f"'{place}' was written and is not what was written: see to its disk")
    return kept


def make(place: Path, theory: np.dtype, record: np.dtype) -> None:
    """Compile the rules in a process of its own; how far it is can be seen meanwhile.

    Raises:
        InputError: the files of the rules changed since this process read them.
        RuntimeError: the compiler failed; the message holds what it wrote.
    """
    with tempfile.TemporaryDirectory() as fresh:
        records = Path(fresh, "records")
        records.write_bytes(pickle.dumps((np.dtype(theory), np.dtype(record))))
        # -X: the rules as they stand, not a .pyc of older ones with the same size and time
        words = command("build", str(place), flags=["-X", f"pycache_prefix={fresh}"])
        code, said = _run(words, records, Path(fresh, "said"))
    if code == OTHER_RULES:
        raise InputError(said)
    if code != 0:
        raise RuntimeError(f"the rules could not be compiled, code {code}:\n{said}")


def _run(words: list[str], given: Path, kept: Path) -> tuple[int, str]:
    """Run the compiler and tell how far it is; return its code and what it wrote to stderr."""
    with given.open("rb") as stdin, kept.open("wb") as stderr:
        process = subprocess.Popen(
            words, stdin=stdin, stdout=subprocess.PIPE, stderr=stderr, env=environment()
        )
        with process:
            try:
                for line in process.stdout or ():
                    tell(float(line))
            except BaseException:
                process.kill()
                raise
            finally:
                tell(None)
    return process.returncode, kept.read_text(encoding="utf-8", errors="replace").strip()


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
