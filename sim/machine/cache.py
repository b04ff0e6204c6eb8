"""Where machine code is kept, and why it is never older than the rules.

A kept file is named by a fingerprint of everything that it is made from: every file of the rules
and of the machine, the records they share with Python, the compiler, and the processor. Change a
rule anywhere and the next run compiles anew. In the file is a hash of its content: one that is
damaged is never run.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import llvmlite.binding as llvm
import numpy as np

from ..core.world import FIELDS

HERE = Path(__file__).parent
RULES = HERE.parent / "core"
DIGITS = 32
COMPILER = ("numba", "llvmlite", "numpy")
NAME = "council-partnering"
OTHER_RULES = 3
"""What the compiler's process ends with when the rules are not those that were asked for."""
PRIVATE = stat.S_IRWXU
OTHERS = stat.S_IRWXG | stat.S_IRWXO


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
    """Return what is kept under a name, wherever it lies, or nothing; this writes nothing.

    Raises:
        ValueError: something lies there and is damaged, or cannot be read.
    """
    folders = [folder for folder in (usual_folder(), _own_substitute()) if folder is not None]
    for place in folders:
        kept = read(place / name)
        if kept is not None:
            return kept
    for place in folders:
        if (place / name).exists():
            raise ValueError(f"'{place / name}' is damaged or cannot be read")
    return None


def folder() -> Path:
    """Return a folder where machine code can be kept; the usual one, where it can be written."""
    for choice in (usual_folder, substitute):
        place = choice()
        if place is not None and _can_be_written(place):
            return place
    return Path(_last_resort().name)


def usual_folder() -> Path | None:
    """Return where machine code is kept; nothing where that is not said and nobody has a home."""
    said = os.environ.get("COUNCILS_CACHE")
    if said:
        return Path(said)
    try:
        return Path.home() / ".cache" / NAME
    except RuntimeError:
        return None


def substitute() -> Path | None:
    """Return the user's own folder among temporary files; nothing where another could write it."""
    with suppress(OSError):  # it is there already, or cannot be
        _substitute_path().mkdir(mode=PRIVATE)
    return _own_substitute()


def _own_substitute() -> Path | None:
    """Return the substitute where it exists and nobody else can have put code into it."""
    place = _substitute_path()
    try:
        about = place.lstat()
    except OSError:
        return None
    if not stat.S_ISDIR(about.st_mode):
        return None
    if os.name == "posix" and (about.st_uid != os.getuid() or about.st_mode & OTHERS):
        return None
    return place


def _substitute_path() -> Path:
    user = (
        f"-{os.getuid()}" if os.name == "posix" else ""
    )  # elsewhere temporary files are one's own
    return Path(tempfile.gettempdir()) / f"{NAME}{user}"


def _can_be_written(place: Path) -> bool:
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            return True
    except OSError:
        return False


@lru_cache(maxsize=1)
def _last_resort() -> tempfile.TemporaryDirectory[str]:
    """Return a folder that goes when this process ends."""
    return tempfile.TemporaryDirectory(prefix=f"{NAME}-")


def sealed(step: str, code: bytes) -> bytes:
    """Return a file's content: a line with its own hash, one with the step's name, the code."""
    body = step.encode() + b"\n" + code
    return _hash(body) + b"\n" + body


def read(path: Path) -> tuple[str, bytes] | None:
    """Return the name of the step and its code; nothing where the file is missing or damaged.

    Machine code of which a bit is wrong would end the whole process without a word.
    """
    try:
        content = path.read_bytes()
    except OSError:
        return None
    seal, _, body = content.partition(b"\n")
    if seal != _hash(body):
        return None
    step, _, code = body.partition(b"\n")
    return step.decode(), code


def _hash(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()
