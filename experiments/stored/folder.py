"""What lies in the folder of a result: the names of its files, their sizes and their hashes."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

RECORD = "record.json"
"""What a result says of itself; it stands in the folder of every result."""
TABLES = ("runs", "quarters", "events", "councils", "agreements", "pairs", "decisions")
"""The tables of the runs of a scenario."""
FIGURES = "figures"
REPORT, SHORT_REPORT = "report.html", "short-report.html"
"""The pages about a result, which `councils report` may put beside it."""
PIECE = 1 << 20


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def describe(path: Path) -> dict[str, Any]:
    """Return size and hash of a file."""
    return {"bytes": path.stat().st_size, "sha256": hash_of(path)}


def describe_files(folder: Path) -> dict[str, dict[str, Any]]:
    """Return size and hash of every file in a folder but its record, by its path in there."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): describe(path) for path in files if path.name != RECORD
    }
