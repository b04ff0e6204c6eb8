"""Where machine code is kept, and why it is never older than the rules.

A kept file is named by a fingerprint of everything that it is made from: every file of the rules
and of the machine, the records they share with Python, the compiler, and the processor. Change a
rule anywhere and the next run compiles anew.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import llvmlite.binding as llvm
import numpy as np

HERE = Path(__file__).parent
RULES = HERE.parent / "core"
DIGITS = 32
COMPILER = ("numba", "llvmlite", "numpy")


def fingerprint(theory: np.dtype, record: np.dtype) -> str:
    """Return a hash of all that decides the machine code for these records."""
    digest = hashlib.sha256()
    for folder in (RULES, HERE):
        for path in sorted(folder.glob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    versions = [f"{name} {version(name)}" for name in COMPILER]
    processor = [llvm.get_process_triple(), llvm.get_host_cpu_name()]
    features = llvm.get_host_cpu_features().flatten()
    for part in (*versions, *processor, features, layout(theory), layout(record)):
        digest.update(part.encode() + b"\0")
    return f"{sys.version_info[0]}{sys.version_info[1]}-{digest.hexdigest()[:DIGITS]}"


def layout(kind: np.dtype) -> str:
    """Return names, types and places of the fields of a record."""
    fields = dict(kind.fields or {})
    return repr([(name, str(field[0]), field[1]) for name, field in fields.items()])


def folder() -> Path:
    """Return the folder for machine code; where it cannot be written, one for this process."""
    root = os.environ.get("COUNCILS_CACHE") or Path.home() / ".cache" / "council-partnering"
    place = Path(root)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(_own_folder().name)
    return place if os.access(place, os.W_OK) else Path(_own_folder().name)


@lru_cache(maxsize=1)
def _own_folder() -> tempfile.TemporaryDirectory[str]:
    """Return a folder that goes when this process ends."""
    return tempfile.TemporaryDirectory(prefix="council-partnering-")
