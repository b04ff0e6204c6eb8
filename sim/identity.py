"""What a result was made with: a hash of the code that decides it, and one of each data table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from . import shelf
from .country.councils import DATA
from .errors import InputError

HERE = Path(__file__).parent
DECLARED = "declared"
DECIDING = (DECLARED, "country", "ready", "core", "machine", "tables", "running.py",
            "measured.py", "forks.py")  # fmt: skip
"""All that stands between a scenario and the bytes that are stored.

The others word a mistake, keep a file, prove, tell or show a run: nothing of theirs is in a table.
"""
FOR_PEOPLE = ("why", "source")
"""Arguments of a declaration that explain a number to people."""
HOW = ("identity.py", "syntax.py")
"""What makes the hash."""
LEFT_OUT = ("__pycache__", "installed", "carried")
"""Folders that are not the same in a clone and where it is installed."""


def code_fingerprint(sim: Path = HERE) -> str:
    """Return a hash of what the deciding files of the folder `sim` do.

    Comments, docstrings, and why and source of a declaration do not count. Reading the files as
    Python takes a third of a second, so the hash is kept under one of their bytes.

    Raises:
        InputError: the sources are not there, or are not Python.
    """
    try:
        sources = _sources(sim)
        how = {name: (HERE / name).read_bytes() for name in HOW}
    except OSError as error:
        raise _unreadable(sim, str(error)) from None
    name = f"{_hash([*sources.items(), *how.items()])}.code"
    kept = shelf.found(name)
    if kept is None:
        kept = _hash((place, _told(sim, place, text)) for place, text in sources.items()).encode()
        shelf.keep(name, kept)
    return kept.decode()


def _sources(sim: Path) -> dict[str, bytes]:
    """Return what stands in each deciding file, by its place in the folder."""
    found: dict[str, bytes] = {}
    for name in DECIDING:
        paths = [sim / name] if name.endswith(".py") else sorted((sim / name).rglob("*.py"))
        if not paths:
            raise _unreadable(sim, f"there is no .py in '{sim / name}'")
        found |= {path.relative_to(sim).as_posix(): path.read_bytes() for path in paths}
    return found


def _told(sim: Path, place: str, source: bytes) -> bytes:
    from .syntax import told  # only when the code was changed

    unsaid = FOR_PEOPLE if place.startswith(f"{DECLARED}/") else ()
    try:
        return told(source, unsaid=unsaid).encode()
    except (SyntaxError, ValueError) as error:
        raise _unreadable(sim, f"'{place}' is not Python: {error}") from None


def _unreadable(sim: Path, why: str) -> InputError:
    return InputError(
        f"the code of the simulation in '{sim}' cannot be told from another ({why}), so nothing "
        "can be stored: install the program with its sources, as pip does"
    )


def hash_of_all(*folders: Path) -> str:
    """Return a hash of every file of some folders, to the byte: to be told, not to be compared."""
    files = {
        f"{folder.name}/{path.relative_to(folder).as_posix()}": path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not set(LEFT_OUT) & set(path.relative_to(folder).parts)
    }
    return _hash((name, path.read_bytes()) for name, path in files.items())


def data_hashes() -> dict[str, str]:
    """Return a hash of every data table."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(DATA.glob("*.csv"))
    }


def _hash(named: Iterable[tuple[str, bytes]]) -> str:
    """Return a hash of some contents and of what each is called."""
    digest = hashlib.sha256()
    for name, content in named:
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
