"""Compiling the rules: numba writes them as one module, which is optimised once, as a whole.

Left to itself numba optimises every rule again in every rule that calls it, and wraps each so that
Python could call it: minutes instead of half a minute. This file runs in a process of its own
(`python -m council_partnering.sim.machine.build PLACE`), so what it changes in numba goes with it.
"""

from __future__ import annotations

import gc
import pickle
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import llvmlite.binding as llvm
import numpy as np
from numba import types
from numba.core import codegen, cpu, event
from numba.core.compiler import Flags, compile_extra
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target

from ..core.step import advance
from ..errors import InputError
from ..whole import write_whole
from .cache import OTHER_RULES, fingerprint, sealed
from .pointer import rows_of, world_at
from .targets import machine_code, native

WRITING = 0.8
"""What share of the time it takes until all rules are written down; the rest is LLVM's."""


def written(theory: np.dtype, record: np.dtype) -> tuple[str, bytes]:
    """Return the name of the step, and it with all rules that it calls, as LLVM reads them.

    `theory` and `record` are the records of the numbers in force and of what is measured. Nothing
    is optimised yet, and only the step can be seen from outside.
    """
    name, module = _one_module(theory, record)
    for each in (*module.functions, *module.global_variables):
        if not each.is_declaration and each.name != name:
            each.linkage = "internal"
    return name, module.as_bitcode()


def _one_module(theory: np.dtype, record: np.dtype) -> tuple[str, Any]:
    """Return the step's name, and the step with all rules that it calls."""

    numbers_at, measured_at = rows_of(theory), rows_of(record)

    def run(world, numbers, luck, start, stop, measured, quarters):  # type: ignore[no-untyped-def]
        rows = numbers_at(numbers, quarters)
        advance(world_at(world), rows, luck, start, stop, measured_at(measured, quarters))

    place, whole = types.voidptr, types.int64
    args = (place, place, whole, whole, whole, place, whole)
    flags = Flags()
    flags.no_compile = True
    flags.no_cpython_wrapper = True
    flags.no_cfunc_wrapper = True
    flags.error_model = "numpy"
    target = cpu_target
    with _written_only(), global_compiler_lock:
        made = compile_extra(
            target.typing_context, target.target_context, run, args, types.void, flags, locals={}
        )
        made.library.finalize()
        return made.fndesc.mangled_name, llvm.parse_assembly(made.library.get_llvm_str())


class Progress(event.Listener):
    """Writes what share is done to standard output, a number a line, as rules are written down."""

    def __init__(self) -> None:
        """Count the rules that there are."""
        core = advance.__module__.rpartition(".")[0]
        modules = [module for name, module in sys.modules.items() if name.startswith(f"{core}.")]
        self.left = {id(each) for m in modules for each in vars(m).values() if _is_rule(each)}
        self.all = len(self.left)

    def on_start(self, event: Any) -> None:
        """Wait for the end."""

    def on_end(self, event: Any) -> None:
        """Count a rule, for whatever it is compiled first."""
        self.left.discard(id(event.data["dispatcher"]))
        print(WRITING * (1.0 - len(self.left) / self.all), flush=True)


def _is_rule(each: Any) -> bool:
    return hasattr(each, "py_func")


@contextmanager
def _written_only() -> Iterator[None]:
    """Let numba only write rules down: no optimising, no loading, no wrapping rule by rule."""
    nothing: Any = lambda *args, **named: None  # noqa: E731
    with ExitStack() as stack:
        for owner, name, stand_in in (
            (codegen.CPUCodeLibrary, "_optimize_final_module", nothing),
            (codegen.CPUCodegen, "_add_module", nothing),
            (codegen.JITCodeLibrary, "_finalize_specific", nothing),
            (cpu.CPUContext, "create_cpython_wrapper", nothing),
            (cpu.CPUContext, "create_cfunc_wrapper", nothing),
            (cpu.CPUContext, "get_executable", lambda *args: [].append),  # a callable of its own
        ):
            if hasattr(owner, name):
                stack.enter_context(patch.object(owner, name, stand_in))
        yield


def main(place: Path) -> None:
    """Write the object file to `place`, whole or not at all; the records come on standard input."""
    theory, record = pickle.load(sys.stdin.buffer)
    if fingerprint(theory, record) != place.stem:
        print(
            "the files of the rules are others than those that asked: run again, "
            "and if that does not help, delete the folders `__pycache__` in `sim`",
            file=sys.stderr,
        )
        sys.exit(OTHER_RULES)
    gc.disable()  # a tenth of the time: what is made here is needed to the end
    with event.install_listener("numba:compile", Progress()):
        name, rules = written(theory, record)
    content = sealed(name, machine_code(rules, native()))
    try:
        with write_whole(place, replace=True) as file:
            file.write(content)
    except InputError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
