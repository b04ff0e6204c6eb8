"""A plan or the folder of its study: which of the two is given, and what to give else."""

from __future__ import annotations

from pathlib import Path

from ...sim.declared.scenario import SHIPPED
from ...sim.errors import InputError, nearest
from ..stored.reading import holds_result, no_result, read_record, results_in
from ..stored.record import WHAT
from .finding import shipped_plans

TO_GIVE = (
    "give a plan (councils plans lists those of the project) or the folder of a finished study"
)


def study_meant(place: str) -> Path | None:
    """Return the folder of the study that is named in place of a plan; None where a plan is.

    Raises:
        InputError: it is neither; the message says what to give.
    """
    folder = Path(place)
    if not place.strip() or (place in shipped_plans() and not holds_result(folder)):
        return None
    if holds_result(folder):
        kind = read_record(folder).kind
        if kind not in ("study", "sensitivity"):
            raise InputError(
                f"'{place}' holds a {WHAT[kind]} and no study: councils report {place} shows it; "
                f"here {TO_GIVE}"
            )
        return folder if kind == "study" else folder.parent
    if folder.is_dir():
        raise InputError(_of_folder(folder))
    if folder.suffix == ".toml":
        return None
    if folder.is_file():
        raise InputError(f"{no_result(folder, WHAT['study'])}; or give a plan (councils plans)")
    if Path(f"{place}.toml").is_file() or (SHIPPED / f"{place}.toml").is_file():
        return None  # what reads a plan says what is near
    near = nearest(place, list(shipped_plans()))
    said = f"there is no plan '{place}' nor a folder of that name: {near}; {TO_GIVE}"
    raise InputError(f"{said}{results_in(folder.parent)}")


def _of_folder(folder: Path) -> str:
    """Return what to give in place of a folder that holds no study itself."""
    if holds_result(folder.parent):
        return f"'{folder}' is a part of a result, not its folder: give '{folder.parent}'"
    plans = sorted(folder.glob("*.toml"))
    inside = f"; in it is {plans[0]}" if plans else ""
    return f"'{folder}' holds no study: {TO_GIVE}{inside}{results_in(folder)}"
