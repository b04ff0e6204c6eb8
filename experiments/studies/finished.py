"""A finished study that needs no more runs, whatever has become of the program since."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ...sim.errors import InputError
from ..stored.belonging import RUNS
from ..stored.reading import holds_result, understood
from .beginnings import (
    as_begun,
    as_now,
    asked_of,
    changed_inputs,
    changed_scenarios,
    fingerprints,
    ground_of,
    plan_difference,
)
from .design import as_points, points_of
from .jobs import Ground
from .plan import Plan
from .points import stored_points
from .store import Study, held, open_study, write_study

WORDS = ("name", "folder", "title", "about", "outcomes")
"""What a plan may say anew of runs that are there."""


class Finished(NamedTuple):
    """A finished study, and what has changed since its runs were made."""

    study: Study
    changed: list[str]  # code, tables of the project, libraries; never its own scenario


def standing(plan: Plan, folder: Path, *, replicates: int | None) -> Finished | None:
    """Return the finished study of a plan that has at least the runs asked for; None without one.

    Its scenarios have to be those of the plan now, since others are another question. Code and
    libraries may have changed: nothing is run, so nothing is mixed. A study that was extended
    beyond its plan is taken as it is, unless `replicates` asks for a number of its own.
    """
    if not holds_result(folder):
        return None
    study, plan = open_study(folder), as_begun(plan, folder)
    if study.shard or plan_difference(study.plan, plan) or not study.finished:
        return None
    had, now = asked_of(study), fingerprints(ground_of(plan))
    if changed_scenarios(had, now) or not _enough(study, plan, replicates):
        return None
    words = {key: value for key, value in plan.document().items() if key in WORDS}
    question = study.record.question
    question = question | {"plan": question["plan"] | words}
    renamed = study._replace(record=study.record._replace(question=question), reused=True)
    if question != study.record.question and not study.record.former:
        with held(folder):
            write_study(renamed)
    return Finished(renamed, changed_inputs(had, now))


def as_kept(folder: Path) -> Finished:
    """Return the study of a folder as it was kept, with its own scenarios.

    Raises:
        InputError: the folder holds no finished study that this version can read.
    """
    study = open_study(folder)
    check_finished(study)
    with understood(folder):
        ground = as_now(Ground.model_validate(study.ground))
    return Finished(study, changed_inputs(asked_of(study), fingerprints(ground)))


def check_finished(study: Study) -> None:
    """Refuse a study whose runs are not all there, unchanged.

    Raises:
        InputError: it says what to do.
    """
    if study.finished:
        return
    harmed = f"its {RUNS} is gone, or has changed since it was written"
    why = harmed if study.bits else "it is not finished"
    raise InputError(
        f"'{study.folder}' cannot be used as it is, {why}: run the command that began it again, "
        "which goes on from what is whole"
    )


def _enough(study: Study, plan: Plan, replicates: int | None) -> bool:
    """Return whether all points and replicates that are asked for are there."""
    had = study.plan.replicates
    if had < plan.replicates or replicates not in (None, had):
        return False
    points = points_of(plan)
    stored = as_points(stored_points(study.folder, study.plan), study.plan.factors)
    return stored[: study.size][: len(points)] == points
