"""What a result answers, and the folder in which it is looked for."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from ...sim.declared.scenario import Scenario
from .folder import hash_of

SHORT = 8


def fingerprint(asked: dict[str, Any]) -> str:
    """Return a hash of what was asked: the same question to the same code has the same one."""
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def user_tables(scenario: Scenario) -> dict[str, str]:
    """Return the hash of every table of their own that a scenario's author names."""
    return {path.name: hash_of(path) for path in scenario.tables() if path.is_file()}


RESULTS = Path("results")
"""Where results are stored unless told otherwise, in the folder that one is in."""
