"""Which files belong to a result, for all kinds: nothing else is ever replaced or built upon."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from ...sim.errors import InputError
from .folder import FIGURES, RECORD, REPORT, SHORT_REPORT, TABLES
from .former import FORMS, SENSITIVITY
from .record import WHAT, Kind


class Belongings(NamedTuple):
    """What lies in a folder of some kind besides its record."""

    tables: tuple[str, ...]  # without one of these it is damaged
    others: tuple[str, ...] = (FIGURES, REPORT, SHORT_REPORT)


RUNS, POINTS, PARTS, SET_ASIDE, LOCK = (
    "runs.parquet", "points.parquet", "parts", "set-aside", ".lock",
)  # fmt: skip
"""What lies in the folder of a study."""
DIFFERENCES = "differences.parquet"
INDICES = "indices.parquet"
BELONGS: dict[str, Belongings] = {
    "run": Belongings(tuple(f"{name}.parquet" for name in TABLES)),
    "comparison": Belongings((DIFFERENCES,)),
    "scorecard": Belongings((DIFFERENCES,)),
    "study": Belongings(
        (), (FIGURES, REPORT, SHORT_REPORT, RUNS, POINTS, PARTS, SET_ASIDE, LOCK, SENSITIVITY,
             "sensitivity.json", "sensitivity.parquet"),
    ),
    "sensitivity": Belongings((INDICES,), (FIGURES,)),
}  # fmt: skip
BEGUN = {PARTS, POINTS, LOCK}
"""What a first attempt at a study may have left that was killed early."""


def foreign_files(folder: Path, kind: Kind) -> list[str]:
    """Return what a folder holds that does not belong to a result of some kind."""
    former = [name for name, form in FORMS.items() if form[0] == kind]
    own = {RECORD, *former, *BELONGS[kind].tables, *BELONGS[kind].others}
    found = [path.name for path in folder.iterdir() if path.name not in own]
    figures = folder / FIGURES
    if figures.is_dir():
        found += [
            f"{FIGURES}/{path.name}"
            for path in figures.iterdir()
            if path.suffix not in (".png", ".svg") or not path.is_file()
        ]
    return sorted(found)


def check_replaceable(target: Path, kind: Kind) -> None:
    """Raise InputError when a folder is or holds what must not be replaced by a result."""
    if Path.cwd().is_relative_to(target):
        raise InputError(
            f"'{target}' is the folder you are in, or above it: name one inside it with --out"
        )
    if not target.exists():
        return
    if not target.is_dir():
        raise InputError(f"'{target}' is a file: name a folder with --out")
    foreign = foreign_files(target, kind)
    if foreign:
        raise InputError(
            f"'{target}' holds files that are not of a {WHAT[kind]} ({', '.join(foreign[:3])}): "
            "move them away, or name another folder with --out"
        )


def check_free(folder: Path) -> None:
    """Raise InputError when a folder in which a study is to begin holds something else."""
    check_holds_only(folder, BEGUN, "a study")


def check_holds_only(folder: Path, own: Collection[str], what: str) -> None:
    """Raise InputError when a folder is a file, or holds anything but some names of its own.

    `what` says of what the folder is to be. What a killed process left half written is no matter.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"'{folder}' is a file: name a folder with --out")
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    foreign = sorted(n for n in names if n not in own and not n.endswith(".partial"))
    if foreign:
        raise InputError(
            f"'{folder}' holds files that are not of {what} ({', '.join(foreign[:3])}): "
            "name another folder with --out"
        )
