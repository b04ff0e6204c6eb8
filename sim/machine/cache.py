"""What kept machine code is called, so that it is never older than the rules.

A kept file is named by a fingerprint of everything that it is made from: every file of the rules
and of the machine, the records they share with Python, the compiler, and the processor. Change a
rule anywhere and the next run compiles anew.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import numpy as np

from .. import shelf
from ..core.world import FIELDS
from .targets import processor

HERE = Path(__file__).parent
RULES = HERE.parent / "core"
DIGITS = 32
COMPILER = ("numba", "llvmlite", "numpy")
OTHER_RULES = 3
"""What the compiler's process ends with when the rules are not those that were asked for."""


def fingerprint(theory: np.dtype, record: np.dtype) -> str:
    """Return a hash of all that decides the machine code that is made here for these records."""
    versions = [f"{name} {version(name)}" for name in COMPILER]
    made_from = digest([rules(theory, record), *versions, *processor()])
    return f"{sys.version_info[0]}{sys.version_info[1]}-{made_from}"


def rules(theory: np.dtype, record: np.dtype) -> str:
    """Return a hash of the rules, of the machine, and of the records that Python shares with them.

    The fields of the world are those that this process loaded: where Python took an old .pyc for
    them, the compiler, which reads the files themselves, finds another fingerprint and refuses.
    """
    paths = [path for folder in (RULES, HERE) for path in sorted(folder.glob("*.py"))]
    files = [part for path in paths for part in (path.name, path.read_bytes())]
    return digest([*files, layout(theory), layout(record), fields()])


def digest(contents: Iterable[str | bytes]) -> str:
    """Return a hash of some contents, as it stands in the names of files."""
    made = hashlib.sha256()
    for each in contents:
        made.update((each.encode() if isinstance(each, str) else each) + b"\0")
    return made.hexdigest()[:DIGITS]


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
        return parts(content)
    damaged = shelf.damaged(name)
    if damaged is not None:
        raise ValueError(f"damaged or not to be read: '{damaged}'")
    return None


def sealed(step: str, code: bytes) -> bytes:
    """Return a file's content: a line with its own hash, one with the step's name, the code."""
    return shelf.sealed(step.encode() + b"\n" + code)


def read(path: Path) -> tuple[str, bytes] | None:
    """Return the name of the step and its code; nothing where the file is missing or damaged.

    Machine code of which a bit is wrong would end the whole process without a word.
    """
    content = shelf.read(path)
    return None if content is None else parts(content)


def parts(content: bytes) -> tuple[str, bytes]:
    """Return the name of the step and its code from the content of a kept file."""
    step, _, code = content.partition(b"\n")
    return step.decode(), code
