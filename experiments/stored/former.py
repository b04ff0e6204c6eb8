"""Folders as earlier versions kept them: each kind had a form of its own; all become a record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...sim.errors import InputError
from .record import Kind, Record, check_record, lacking, read_document

SENSITIVITY = "sensitivity"
"""The folder of an analysis, inside that of its study; formerly it was a file with that name."""
MADE = (
    "program",
    "sources",
    "python",
    "libraries",
    "platform",
    "git",
    "command",
    "workers",
    "started",
)
ANSWERS = ("outcome", "error", "error_each", "results", "failures", "flips", "mechanisms")


GONE = {"agreements": ("coordination",)}
"""Numbers that earlier versions declared and later ones do not, by section."""


def as_known(document: Any) -> Any:
    """Return a kept scenario without numbers that are gone; anything else as it is."""
    if not isinstance(document, dict) or "parameters" not in document:
        return document
    parameters = {
        section: {key: value for key, value in values.items() if key not in GONE.get(section, ())}
        for section, values in document["parameters"].items()
    }
    gone = {f"{section}.{key}" for section, keys in GONE.items() for key in keys}
    dated = [
        change | {"set": {k: v for k, v in change["set"].items() if k not in gone}}
        for change in document.get("change", ())
    ]
    return document | {"parameters": parameters, "change": [each for each in dated if each["set"]]}


def former_file(folder: Path) -> Path | None:
    """Return the file in which an earlier version told of a folder; None where there is none."""
    places = [folder / name for name in FORMS]
    if folder.name == SENSITIVITY and not folder.exists():
        places = [folder.with_name(f"{SENSITIVITY}.json")]
    return next((path for path in places if path.is_file()), None)


def former_record(path: Path) -> Record:
    """Return as a record what a file of an earlier version says.

    Raises:
        InputError: it is damaged, or of a version that cannot be read.
    """
    document = read_document(path)
    kind, form, convert = FORMS.get(path.name, (SENSITIVITY, ANALYSIS, _sensitivity))
    if document.get("format") != form:
        raise InputError(f"'{path}' is not of a {kind} that this version can read: make it again")
    try:
        record = convert(document)._replace(former=path.name)
    except (KeyError, TypeError) as error:
        raise lacking(path, str(error).strip("'")) from None
    check_record(path, record)
    return record


def _made(document: dict[str, Any]) -> dict[str, Any]:
    made = {key: document[key] for key in MADE if key in document}
    if "wall_seconds" in document:
        made["seconds"] = document["wall_seconds"]
    return made


def _run(document: dict[str, Any]) -> Record:
    return Record(
        "run",
        asked=document["asked"],
        made=_made(document),
        question={"scenario": document["scenario"]},
        answer={key: document[key] for key in ("tables", "figures")},
        files=document["files"],
    )


def _comparison(document: dict[str, Any]) -> Record:
    return Record(
        "comparison",
        asked=document["asked"],
        made=_made(document),
        question={"scenarios": document["scenarios"]},
        answer={key: document[key] for key in ANSWERS},
        files=document["files"],
    )


def _study(document: dict[str, Any]) -> Record:
    ended = document["finished"]
    asked = {key: document[key] for key in ("points", "shard", "columns")}
    asked |= {"study": document["id"], "replicates": document["plan"]["replicates"]}
    return Record(
        "study",
        asked=asked | document["fingerprints"],
        made=_made(document) | {"anyway": document["anyway"]},
        question={key: document[key] for key in ("plan", "ground")},
        answer={} if ended is None else {key: ended[key] for key in ("runs", "failed")},
        files={} if ended is None else {"runs.parquet": {"sha256": ended["sha256"]}},
    )


def _sensitivity(document: dict[str, Any]) -> Record:
    asked = {key: document[key] for key in ("format", "of")}
    return Record("sensitivity", asked=asked, made={}, question={}, answer=document, files={})


ANALYSIS = "council-partnering sensitivity 2"
FORMS: dict[str, tuple[Kind, str, Callable[[dict[str, Any]], Record]]] = {
    "study.json": ("study", "council-partnering study 1", _study),
    "comparison.json": ("comparison", "council-partnering comparison 3", _comparison),
    "manifest.json": ("run", "council-partnering result 1", _run),
}
"""The file of each kind, how it is recognised, and how it becomes a record."""
