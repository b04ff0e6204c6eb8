"""The manifest of a result: what was asked, with what it was made, and what the files are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..stored.asked import fingerprint
from ..stored.folder import FORMAT, MANIFEST, describe_files
from ..stored.provenance import provenance
from .experiment import Experiment


def compose(
    experiment: Experiment, asked: Mapping[str, Any], rows: Mapping[str, int]
) -> dict[str, Any]:
    """Return a manifest but for its files, figures and the time it took."""
    return {
        "format": FORMAT,
        "fingerprint": fingerprint(dict(asked)),
        "asked": dict(asked),
        "seed": experiment.seed,
        "runs": experiment.runs,
        "replicates": {"first": 0, "last": experiment.runs - 1},
        "tables": {name: {"rows": count} for name, count in rows.items()},
        **provenance(),
        "scenario": experiment.scenario.document(),
    }


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Write a manifest with size and hash of every file of its folder, and return it whole."""
    whole = {**manifest, "files": describe_files(folder)}
    text = json.dumps(whole, indent=1, ensure_ascii=False, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return whole
