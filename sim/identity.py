"""What a result was made with: a hash of the code, and one of each data table."""

from __future__ import annotations

import hashlib
from pathlib import Path

from .country.councils import DATA


def code_fingerprint() -> str:
    """Return a hash of every source file of the simulation."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for path in sorted(here.rglob("*.py")):
        digest.update(str(path.relative_to(here)).encode() + path.read_bytes())
    return digest.hexdigest()


def data_hashes() -> dict[str, str]:
    """Return a hash of every data table."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(DATA.glob("*.csv"))
    }
