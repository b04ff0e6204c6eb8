"""What a report is about and where it goes; what is no such place is answered with what helps."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from ...sim.errors import InputError
from ..stored.asked import RESULTS
from ..stored.folder import RECORD, REPORT, SHORT_REPORT
from ..stored.reading import holds_result, read_record
from ..studies.store import Study, open_study
from ..words import as_typed
from .again import of_study

HTML = ".html"
PLAN_KEYS = ("scenario", "design")
"""By these a study's plan is told from a scenario."""
MOST_SHOWN = 5


def shared(place: Path) -> bool:
    """Return whether a place is a scenario file, which may tell of a run, and no folder."""
    return place.suffix == ".toml" and not place.is_dir()


def home_of(place: Path) -> Path:
    """Return the folder whose report it is: that of the study, of its sensitivity too."""
    inside = shared(place) or read_record(place).kind == "sensitivity"
    return place.parent if inside else place


def folder_of(place: Path, commands: Sequence[str]) -> str:
    """Return a result's folder as one types it, the same wherever the report is made.

    It is as a command left it, if that is still its name, else in results/ if it lies there.
    """
    if shared(place):
        return place.name
    home = home_of(place).resolve()
    for command in commands:
        for word, value in pairwise(shlex.split(command)):
            if word in ("--out", "-o") and Path(value).name == home.name:
                return value
    return f"{RESULTS.name}/{home.name}" if home.parent.name == RESULTS.name else home.name


def default_target(place: Path, home: Path, *, short: bool) -> Path:
    """Return where a report goes if nothing is said."""
    if shared(place):
        return place.with_name(f"{place.stem}-short.html") if short else place.with_suffix(HTML)
    return home / (SHORT_REPORT if short else REPORT)


def check_place(place: Path) -> None:
    """Raise InputError, with a command that helps, where a place is no result but near one."""
    if shared(place):
        if place.is_file():
            _check_no_plan(place)
        return
    if place.is_file():
        near = next((folder for folder in place.parents[:2] if holds_result(folder)), None)
        if near is None:
            raise InputError(
                f"'{place}' is a file, not a folder of results: give the folder that holds its "
                f"{RECORD}"
            )
        raise InputError(f"'{place}' is a file of a result, not its folder: {_typed(near)}")
    if place.is_dir() and not holds_result(place):
        if holds_result(place.parent):
            raise InputError(f"'{place}' is a part of a result, not its folder: "
                             f"{_typed(place.parent)}")  # fmt: skip
        _check_folder(place)
    if place.is_dir() and read_record(place).kind == "study":
        _check_finished(open_study(place))


def _check_finished(study: Study) -> None:
    """Raise InputError of a study that is not finished, with the command that goes on with it."""
    if study.finished or study.bits:  # what is finished and harmed is told by who reads it
        return
    (command, *_), _ = of_study(study, analysed=False)
    raise InputError(
        f"the study '{study.folder}' is not finished, and a report is of all its runs: go on with "
        f"{command} {as_typed(['--out', str(study.folder)])}, then {_typed(study.folder)}"
    )


def _check_no_plan(place: Path) -> None:
    from ...sim.declared.reading import parse

    if all(key in parse(place) for key in PLAN_KEYS):
        folder = f"results/{place.stem}"
        sweep = as_typed(["councils", "sweep", str(place), "--out", folder])
        raise InputError(
            f"'{place}' is the plan of a study, not its results: run it with {sweep}, then "
            f"councils report {folder}"
        )


def _check_folder(place: Path) -> None:
    """Raise InputError of a folder that holds no result: which there are in it, or how to make."""
    inside = sorted(folder for folder in place.iterdir() if folder.is_dir())
    found = [folder for folder in inside if holds_result(folder)]
    if found:
        shown = ", ".join(f"'{folder}'" for folder in found[:MOST_SHOWN])
        more = f" and {len(found) - MOST_SHOWN} more" if len(found) > MOST_SHOWN else ""
        raise InputError(
            f"'{place}' holds no result itself, but folders in it do ({shown}{more}): "
            f"{_typed(found[0])}"
        )
    here = Path.cwd().is_relative_to(place.resolve())  # which no result replaces
    target = place / "norfolk" if here else place
    made = as_typed(["councils", "run", "norfolk", "--out", str(target)])
    empty = not any(place.iterdir())
    help_ = f"make one there with {made}" if empty else (
        "give a folder that councils run, compare, sweep or sensitivity made"
    )  # fmt: skip
    state = "is empty" if empty else f"holds no result ({RECORD} is missing)"
    raise InputError(f"'{place}' {state}: {help_}")


def check_target(target: Path, place: Path) -> None:
    """Raise InputError, with a command that helps, where a report cannot be written."""
    if target.is_dir():
        raise InputError(
            f"'{target}' is a folder, and a report is a file: {_typed(place, target / REPORT)}"
        )
    if target.suffix != HTML:
        named = target.with_suffix(HTML)
        raise InputError(f"'{target}' does not end in {HTML}: {_typed(place, named)}")
    if not target.parent.is_dir():
        raise InputError(
            f"there is no folder '{target.parent}': make it first, or leave it out: "
            f"{_typed(place, Path(target.name))}"
        )


def _typed(place: Path, target: Path | None = None) -> str:
    """Return what to type instead."""
    more = [] if target is None else ["-o", str(target)]
    return f"type {as_typed(['councils', 'report', str(place), *more])}"
