"""It is here already: the same question is answered from its folder, another one is refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...sim.errors import InputError
from .belonging import check_replaceable
from .events import ALL, AS_ASKED
from .reading import check_intact, holds_result, read_record
from .record import WHAT, Kind, Record

DIFFERENT = {
    "format": "another method",
    "study": "another plan or other scenarios",
    "of": "other runs",
    "scenario": "another scenario or other numbers",
    "base": "another base",
    "policies": "other policies",
    "outcome": "another outcome",
    "outcomes": "other outcomes",
    "title": "another title",
    "matters": "another difference that matters",
    "seed": "another seed",
    "runs": "another number of runs",
    "events": "more or less of the events",
    "budget": "another budget",
    "block": "another block",
    "insist": "another wish to go on with a policy that moves nothing",
    "flips": "another wish for flips",
    "mechanisms": "another number of replicates for mechanisms",
    "points": "another number of points",
    "replicates": "another number of replicates",
    "shard": "another share",
    "code": "another version of the simulation's code",
    "data": "other data tables",
    "libraries": "other libraries",
}
"""In what two questions can differ, in the order in which differences are named."""


OF_CODE = ("scenario", "events", "base", "policies", "study", "of")
"""What another version of the code changes too, by the numbers and measures that it adds, or by
what it keeps."""


def difference(record: Record, asked: Mapping[str, Any]) -> str | None:
    """Return in what a stored result differs from what is asked now, None when it answers it."""
    stored = record.asked
    order = [*(key for key in DIFFERENT if key in asked), *asked]
    if "code" in asked and stored.get("code") != asked["code"]:
        order.sort(key=OF_CODE.__contains__)
    for key in order:
        had, now = stored.get(key), asked[key]
        if had != now:
            if key == "events":
                had, now = (AS_ASKED.get(each, each) for each in (had or ALL, now))
            told = all(isinstance(each, int | float | str) for each in (had, now))
            shown = told and key not in ("scenario", "code", "of", "study")
            return DIFFERENT.get(key, f"another {key}") + (f" ({had}, not {now})" * shown)
    return None


def answering(folder: Path, kind: Kind, asked: Mapping[str, Any]) -> Record | None:
    """Return the record of a folder that answers a question and is whole, None of any other."""
    if not holds_result(folder):
        return None
    try:
        record = check_intact(folder, read_record(folder, kind))
    except InputError:
        return None
    return record if difference(record, asked) is None else None


def here_already(target: Path, kind: Kind, asked: Mapping[str, Any], advice: str) -> Record | None:
    """Return the record of a folder that answers a question, None when nothing is there.

    Raises:
        InputError: the folder is taken by something else, or damaged; `advice` says what to do.
    """
    if not target.is_dir() or not any(target.iterdir()):
        check_replaceable(target, kind)
        return None
    try:
        record = check_intact(target, read_record(target, kind))
    except InputError as error:
        check_replaceable(target, kind)
        raise InputError(f"{error}: {advice}") from None
    differs = difference(record, asked)
    if differs is not None:
        raise InputError(f"'{target}' holds the {WHAT[kind]} for {differs}: {advice}")
    return record
