"""For which processors machine code is made, and making it of rules that are written down.

This is LLVM's part, and needs no numba. Rules that are written down once become machine code for
the processor here, or for another kind of processor altogether.
"""

from __future__ import annotations

import platform
import sys
from typing import Any, NamedTuple

import llvmlite.binding as llvm

FASTEST = 3  # the optimiser's level
NOT_ALONE = ("numba_", "NRT_", "Py", "_Py")
"""How the names of numba's and Python's own functions begin."""


class Target(NamedTuple):
    """A kind of computer for which a wheel carries machine code."""

    name: str  # in the name of the file
    triple: str  # as LLVM calls the computer
    processor: str  # as LLVM calls the least processor
    system: tuple[str, str]  # as Python calls system and computer
    needs: tuple[str, ...]  # what the processor must be able to do, as LLVM calls it


TARGETS = (
    Target(
        "linux-x86-64-v2", "x86_64-unknown-linux-gnu", "x86-64-v2", ("linux", "x86_64"),
        ("cx16", "popcnt", "sahf", "sse3", "ssse3", "sse4.1", "sse4.2"),
    ),
    # Untested: made on another processor, and run in an emulator alone.
    Target("linux-aarch64", "aarch64-unknown-linux-gnu", "generic", ("linux", "aarch64"), ()),
)  # fmt: skip


def fitting() -> Target | None:
    """Return the target whose machine code runs here, or nothing."""
    here = sys.platform, platform.machine()
    can = llvm.get_host_cpu_features()
    fit = (t for t in TARGETS if t.system == here and all(can.get(need) for need in t.needs))
    return next(fit, None) if sys.maxsize > 2**32 else None


def processor() -> tuple[str, str, str]:
    """Return what LLVM calls this system and its processor, and what the processor can do."""
    features = llvm.get_host_cpu_features().flatten()
    return llvm.get_process_triple(), llvm.get_host_cpu_name(), features


def native() -> Any:
    """Return LLVM's account of the computer that this runs on."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    _, name, features = processor()
    return _machine(llvm.Target.from_default_triple(), name, features)


def another(target: Target) -> Any:
    """Return LLVM's account of another computer."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    return _machine(llvm.Target.from_triple(target.triple), target.processor, "")


def _machine(target: Any, processor: str, features: str) -> Any:
    return target.create_target_machine(
        cpu=processor, features=features, opt=FASTEST, reloc="pic", codemodel="default"
    )


def machine_code(rules: bytes, machine: Any) -> bytes:
    """Return an object file of rules that are written down (LLVM bitcode), and of nothing else."""
    module = llvm.parse_bitcode(rules)
    module.triple, module.data_layout = machine.triple, str(machine.target_data)
    tuning = llvm.create_pipeline_tuning_options(speed_level=FASTEST)
    tuning.loop_vectorization = True
    passes = llvm.create_pass_builder(machine, tuning)
    passes.getModulePassManager().run(module, passes)
    check_alone(module)
    code: bytes = machine.emit_object(module)
    return code


def check_alone(module: Any) -> None:
    """Refuse code that calls what only a process with numba has: without it, it would crash."""
    names = [function.name for function in module.functions if function.is_declaration]
    strange = [name for name in names if name.startswith(NOT_ALONE)]
    if strange:
        raise RuntimeError(f"the machine code needs numba to run: it calls {', '.join(strange)}")
