"""What kept machine code is called, so that it is never older than the rules.

A kept file is named by a fingerprint of everything that it is made from: every file of the rules
and of the machine, the records they share with Python, the compiler, and the processor. Change a
rule anywhere and the next run compiles anew.
"""

from __future__ import annotations

import hashlib
import sys
from importlib.metadata import version
from pathlib import Path

import llvmlite.binding as llvm
import numpy as np

from .. import shelf
from ..core.world import FIELDS

HERE = Path(__file__).parent
RULES = HERE.parent / "core"
DIGITS = 32
COMPILER = ("numba", "llvmlite", "numpy")
OTHER_RULES = 3
"""What the compiler's process ends with when the rules are not those that were asked for."""


def fingerprint(theory: np.dtype, record: np.dtype) -> str:
    """Return a hash of all that decides the machine code for these records.

    The fields of the world are those that this process loaded: where Python took an old .pyc for
    them, the compiler, which reads the files themselves, finds another fingerprint and refuses.
    """
    digest = hashlib.sha256()
    for folder in (RULES, HERE):
        for path in sorted(folder.glob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    versions = [f"{name} {version(name)}" for name in COMPILER]
    processor = [llvm.get_process_triple(), llvm.get_host_cpu_name()]
    features = llvm.get_host_cpu_features().flatten()
    for part in (*versions, *processor, features, layout(theory), layout(record), fields()):
        digest.update(part.encode() + b"\0")
    return f"{sys.version_info[0]}{sys.version_info[1]}-{digest.hexdigest()[:DIGITS]}"


def layout(kind: np.dtype) -> str:
    """Return names, types and places of the fields of a record."""
    fields = dict(kind.fields or {})
    return repr([(name, str(field[0]), field[1]) for name, field in fields.items()])


def fields() -> str:
    """Return names and kinds of the arrays of the world."""
    kinds = {name: (np.dtype(kind), dimensions) for name, (kind, dimensions) in FIELDS.items()}
    return repr([(name, str(kind), layout(kind), n) for name, (kind, n) in kinds.items()])


def found(name: str) -> tuple[str, bytes] | None:
    """Return the step's name and code kept under a name, or nothing; this writes nothing.

    Raises:
        ValueError: something lies there and is damaged, or cannot be read.
    """
    content = shelf.found(name)
    if content is not None:
        return _parts(content)
    damaged = shelf.damaged(name)
    if damaged is not None:
        raise ValueError(f"'{damaged}' is damaged or cannot be read")
    return None


def sealed(step: str, code: bytes) -> bytes:
    """Return a file's content: a line with its own hash, one with the step's name, the code."""
    return shelf.sealed(step.encode() + b"\n" + code)


def read(path: Path) -> tuple[str, bytes] | None:
    """Return the name of the step and its code; nothing where the file is missing or damaged.

    Machine code of which a bit is wrong would end the whole process without a word.
    """
    content = shelf.read(path)
    return None if content is None else _parts(content)


def _parts(content: bytes) -> tuple[str, bytes]:
    step, _, code = content.partition(b"\n")
    return step.decode(), code
