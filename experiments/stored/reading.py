"""A folder of results opened: its record, in whatever form, and whether its files are whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ...sim.declared.scenario import Scenario, from_document
from ...sim.errors import InputError
from .belonging import BELONGS
from .events import NONE, OF_EVENTS, kept_in
from .folder import RECORD, TABLES, hash_of
from .former import as_known, former_file, former_record
from .record import WHAT, Kind, Record, parse_record

RESULTS_SHOWN = 5
"""So many results are named that are near a place that is none."""


def holds_result(folder: Path) -> bool:
    """Return whether a folder says that it is a result, of this version or of an earlier one."""
    return (folder / RECORD).is_file() or former_file(folder) is not None


def no_result(folder: Path, what: str) -> InputError:
    """Return the error about a place that holds no result, with the results that are near it."""
    if folder.is_file():
        home = next((each for each in folder.parents[:2] if holds_result(each)), None)
        give = "the folder of a result" if home is None else f"'{home}', the result it belongs to"
        return InputError(f"'{folder}' is a file, not a folder of results: give {give}")
    if not folder.exists():
        near = results_in(folder.parent)
        return InputError(f"there is no folder '{folder}': give the folder of a result{near}")
    return InputError(
        f"'{folder}' holds no {what} ({RECORD} is missing): give a folder that councils run, "
        f"compare, sweep or sensitivity made{results_in(folder)}"
    )


def results_in(folder: Path) -> str:
    """Return some results that a folder holds, as they would be named; nothing for none."""
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    found = [str(each) for each in inside if each.is_dir() and holds_result(each)]
    more = ", ..." if len(found) > RESULTS_SHOWN else ""
    return f"; near it: {', '.join(found[:RESULTS_SHOWN])}{more}" if found else ""


def read_record(folder: Path, kind: Kind | None = None) -> Record:
    """Return the record of a folder; with `kind`, only one of that kind.

    Raises:
        InputError: there is none, it is damaged, or it is of another kind.
    """
    if not holds_result(folder):
        raise no_result(folder, "result" if kind is None else WHAT[kind])
    former = None if (folder / RECORD).is_file() else former_file(folder)
    record = parse_record(folder / RECORD) if former is None else former_record(former)
    if kind is not None and record.kind != kind:
        raise InputError(f"'{folder}' holds a {WHAT[record.kind]} and no {WHAT[kind]}")
    return record


def check_intact(folder: Path, record: Record | None = None) -> Record:
    """Return the record of a folder when every file that it names is there, unchanged.

    Raises:
        InputError: naming the first file that is missing or differs.
    """
    record = record or read_record(folder)
    for name in _tables_of(record):
        if name not in record.files:
            raise InputError(f"'{folder / record.file}' does not list {name}: {DAMAGED}")
    for name, known in record.files.items():
        path = folder / name
        if not path.is_file():
            raise InputError(f"'{path}' is missing: {DAMAGED}")
        size = path.stat().st_size
        if size != known.get("bytes", size):
            raise InputError(
                f"'{path}' has {size} bytes where {known['bytes']} were written: {DAMAGED}"
            )
        if hash_of(path) != known["sha256"]:
            raise InputError(f"'{path}' has changed since it was written: {DAMAGED}")
    return record


def _tables_of(record: Record) -> Sequence[str]:
    """Return the files without which a result is damaged."""
    if record.kind == "run":
        return [f"{name}.parquet" for name in record.answer["tables"]]
    return () if record.kind == "sensitivity" and record.former else BELONGS[record.kind].tables


DAMAGED = "the result is damaged; bring the file back, or make it again"


@contextmanager
def understood(folder: Path) -> Iterator[None]:
    """Say in a line that a scenario or plan is kept that this version does not know, if one is.

    Raises:
        InputError: in the block, what is kept could not be made a scenario or a plan.
    """
    try:
        yield
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"'{folder}' keeps a question that this version does not understand ({place}: "
            f"{first['msg'].lower()}): it is of another version or damaged; make the result again"
        ) from None


def stored_scenario(folder: Path, document: Mapping[str, Any]) -> Scenario:
    """Return the scenario that the record of a folder holds.

    Raises:
        InputError: this version does not understand it.
    """
    with understood(folder):
        return from_document(as_known(document))


def read_result(folder: Path, name: str, columns: Sequence[str] | None = None) -> dict[str, Any]:
    """Return one stored table of runs, or some of its columns: arrays, `Words` where text is.

    Raises:
        InputError: there is no such table in a result, or not in this one.
    """
    from .tables import read_columns

    if name not in TABLES:
        raise InputError(f"a result has no table '{name}': it has {', '.join(TABLES)}")
    check_has(folder, read_record(folder, "run"), name)
    return read_columns(folder / f"{name}.parquet", columns)


def check_has(folder: Path, record: Record, name: str) -> None:
    """Raise InputError where a result of runs was made without one of its tables."""
    if name in record.answer["tables"]:
        return
    if name in OF_EVENTS and kept_in(record.asked) == NONE:
        raise InputError(
            f"'{folder}' has no table '{name}': its runs were made with --no-events, and only "
            "events tell of that; make them again without --no-events"
        )
    raise InputError(
        f"'{folder}' has no table '{name}': an earlier version made it; make the runs again"
    )
