"""A folder of results: its manifest, whether its files are whole, and what it answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...sim.errors import InputError

MANIFEST = "manifest.json"
FORMAT = "council-partnering result 1"
"""How a folder of results is recognised; the number changes when its files do."""
TABLES = ("runs", "quarters", "events", "councils", "agreements", "pairs")
FIGURES = "figures"
REPORT = "report.html"
"""The page about a result, which `councils report` may put beside it."""
KEYS: dict[str, Any] = {
    "asked": dict,
    "figures": dict | None,
    "scenario": dict,
    "seed": int,
    "runs": int,
    "tables": dict,
    "files": dict,
}
"""What a manifest must hold to be read, and of what type."""
QUESTIONS = {
    "scenario": "another scenario or other numbers",
    "seed": "another seed",
    "runs": "another number of runs",
    "code": "another version of the simulation's code",
    "data": "other data tables",
}
"""What a result answers, in the order in which differences are named."""
PIECE = 1 << 20


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def describe_files(folder: Path) -> dict[str, dict[str, Any]]:
    """Return size and hash of every file in a folder but the manifest, by its path in there."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": hash_of(path)}
        for path in files
        if path.name != MANIFEST
    }


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder of results.

    Raises:
        InputError: there is none, or it is not one of this program.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"'{folder}' holds no {MANIFEST}, so it is no complete result") from None
    except NotADirectoryError:
        raise InputError(f"'{folder}' is a file, not a folder of results") from None
    except (OSError, ValueError) as error:
        raise InputError(
            f"'{path}' cannot be read ({error}), so it is no complete result"
        ) from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise InputError(f"'{path}' is not the manifest of a result that this version can read")
    for key, kind in KEYS.items():
        if not isinstance(manifest.get(key), kind):
            raise InputError(f"'{path}' lacks '{key}', so it is no complete result")
    return manifest


def check_intact(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder when every file that it names is there, unchanged.

    Raises:
        InputError: naming the first file that is missing or differs.
    """
    manifest = read_manifest(folder)
    tables = [f"{name}.parquet" for name in TABLES]
    for name in tables:
        if name not in manifest["files"]:
            raise InputError(f"'{folder / MANIFEST}' does not list {name}: the result is damaged")
    for name, known in manifest["files"].items():
        path = folder / name
        if not path.is_file():
            raise InputError(f"'{path}' is missing: the result is damaged")
        size = path.stat().st_size
        if size != known.get("bytes"):
            raise InputError(
                f"'{path}' has {size} bytes where {known.get('bytes')} were written: "
                "the result is damaged"
            )
        if hash_of(path) != known.get("sha256"):
            raise InputError(f"'{path}' has changed since it was written: the result is damaged")
    return manifest


def difference(manifest: Mapping[str, Any], asked: Mapping[str, Any]) -> str | None:
    """Return in what a stored result differs from what is asked now, None when it answers it."""
    stored = manifest["asked"]
    for key, words in QUESTIONS.items():
        if stored.get(key) != asked[key]:
            shown = f" ({stored.get(key)}, not {asked[key]})" if key in ("seed", "runs") else ""
            return words + shown
    return None


def read_result(folder: Path, name: str, columns: Sequence[str] | None = None) -> dict[str, Any]:
    """Return one stored table, or some of its columns: an array each, `Words` where text is.

    Raises:
        InputError: there is no such table in a result.
    """
    from .tables import read_columns

    if name not in TABLES:
        raise InputError(f"a result has no table '{name}': it has {', '.join(TABLES)}")
    read_manifest(folder)
    return read_columns(folder / f"{name}.parquet", columns)


def foreign_files(folder: Path) -> list[str]:
    """Return what a folder holds that this program did not put there, at most a few names."""
    own = {MANIFEST, FIGURES, REPORT, *(f"{name}.parquet" for name in TABLES)}
    found = [path.name for path in folder.iterdir() if path.name not in own]
    figures = folder / FIGURES
    if figures.is_dir():
        found += [
            f"{FIGURES}/{path.name}"
            for path in figures.iterdir()
            if path.suffix not in (".png", ".svg") or not path.is_file()
        ]
    return sorted(found)
