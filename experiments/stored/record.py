"""The record of a kept result: what was asked, with what it was made, its files, what came out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from ...sim.errors import InputError
from ...sim.label import Label, labelled
from ...sim.whole import write_whole
from ..terminal import plain
from .asked import fingerprint
from .folder import RECORD

FORMAT = "council-partnering record 1"
"""How a record is recognised; the number changes when its form does."""
Kind = Literal["run", "comparison", "scorecard", "study", "sensitivity"]
WHAT = {
    "run": "result of councils run",
    "comparison": "comparison",
    "scorecard": "scorecard",
    "study": "study",
    "sensitivity": "sensitivity of a study",
}
"""How each kind is called in a sentence."""
SEAL = "sha256_of_all_this"
"""Under this name a record holds a hash of all else that it says."""
PARTS = ("asked", "made", "question", "answer", "files")
NEEDED: dict[str, dict[str, tuple[str, ...]]] = {
    "run": {
        "asked": ("scenario", "seed", "runs", "code", "data"),
        "question": ("scenario",),
        "answer": ("tables", "figures"),
    },
    "comparison": {
        "asked": ("base", "policies", "outcome", "matters", "budget", "block", "seed", "code",
                  "data"),
        "question": ("scenarios",),
        "answer": ("outcome", "error", "error_each", "results", "failures", "flips",
                   "mechanisms"),
    },
    "scorecard": {
        "asked": ("base", "policies", "outcomes", "replicates", "seed", "code", "data"),
        "question": ("scenarios",),
        "answer": ("outcomes", "error", "error_each", "results", "policies", "rankings",
                   "failures", "in_words", "basis", "next"),
    },
    "study": {
        "asked": ("study", "points", "replicates", "shard", "columns", "scenarios", "code", "data",
                  "libraries"),
        "made": ("anyway",),
        "question": ("plan", "ground"),
    },
    "sensitivity": {"asked": ("format", "of"), "answer": ("of", "outcomes", "intervals")},
}  # fmt: skip
"""What the parts of a record must hold to be read, by kind."""


@labelled
class Record(NamedTuple):
    """Everything that a kept result says of itself, whatever its kind."""

    kind: Kind
    asked: dict[str, Any]  # all that decides what comes out
    made: dict[str, Any]  # program, libraries, machine, commit, command, workers, time
    question: dict[str, Any]  # scenarios or plan in full: enough to live it again
    answer: dict[str, Any]  # what came out; nothing yet of a study that is not finished
    files: dict[str, dict[str, Any]]  # size and hash of each, by its path in the folder
    former: str | None = None  # the file in which an earlier version said all this

    def _label(self) -> Label:
        facts = {"files": len(self.files), "fingerprint": self.fingerprint[:12]}
        return Label(f"Record of a {WHAT[self.kind]}", facts, self._fields)

    @property
    def fingerprint(self) -> str:
        """A hash of what was asked."""
        return fingerprint(self.asked)

    @property
    def file(self) -> str:
        """The name of the file that says all this."""
        return self.former or RECORD


def write_record(folder: Path, record: Record) -> Record:
    """Write the record of a folder, whole or not at all, and return it as it will be read."""
    document = plain({
        "format": FORMAT,
        "kind": record.kind,
        "fingerprint": record.fingerprint,
        **{part: getattr(record, part) for part in PARTS},
    })  # fmt: skip
    sealed = document | {SEAL: fingerprint(document)}
    text = json.dumps(sealed, indent=1, ensure_ascii=False, allow_nan=False)
    with write_whole(folder / RECORD, replace=True) as file:
        file.write(text.encode() + b"\n")
    return _record(document)


def parse_record(path: Path) -> Record:
    """Return the record that a file holds.

    Raises:
        InputError: it is damaged, or of another version.
    """
    document = read_document(path)
    if document.get("format") != FORMAT or document.get("kind") not in WHAT:
        raise InputError(f"'{path}' is not the record of a result that this version can read")
    for part in PARTS:
        if not isinstance(document.get(part), dict):
            raise lacking(path, part)
    record = _record(document)
    check_record(path, record)
    if document.pop(SEAL, None) != fingerprint(document):
        raise InputError(
            f"'{path}' is not as it was written: it was changed by hand or is damaged, so nothing "
            "in it can be trusted: make the result again"
        )
    return record


def check_record(path: Path, record: Record) -> None:
    """Raise InputError where a record lacks what its kind needs."""
    for part, keys in NEEDED.get(record.kind, {}).items():
        for key in keys:
            if key not in getattr(record, part):
                raise lacking(path, f"{part}.{key}")
    for name, known in dict[str, Any](record.files).items():
        if not isinstance(known, dict) or "sha256" not in known:
            raise lacking(path, f"files.{name}.sha256")


def read_document(path: Path) -> dict[str, Any]:
    """Return the JSON object of a file that tells of a result; raises InputError without one."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"'{path}' cannot be read ({error}), so it is no complete result: make it again"
        ) from None
    if not isinstance(document, dict):
        raise InputError(f"'{path}' is not the record of a result that this version can read")
    return document


def lacking(path: Path, key: str) -> InputError:
    """Return the error that says what a record lacks."""
    return InputError(f"'{path}' lacks '{key}', so it is no complete result: make it again")


def _record(document: Mapping[str, Any]) -> Record:
    return Record(document["kind"], *(document[part] for part in PARTS))
