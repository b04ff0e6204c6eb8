"""A finished study that needs no more runs, whatever has become of the program since."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ...sim.errors import InputError
from ..stored.belonging import RUNS
from ..stored.reading import holds_result, understood
from ..words import as_typed
from .again import sweep_typed
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
        InputError: the folder holds no finished study that this version can read, or a share.
    """
    study = open_study(folder)
    check_no_share(study)
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
    folder = study.folder
    go_on = as_typed([*sweep_typed(study), "--out", str(folder)])
    then = f"then councils sensitivity {folder} says what matters in it"
    if study.shard is not None:
        then = "then join all shares with councils merge"
    if study.bits:
        raise InputError(
            f"the study '{folder}' is harmed ({RUNS} is gone, or has changed since it was "
            f"written): {go_on} makes it again from what is whole; {then}"
        )
    raise InputError(f"the study '{folder}' is not finished: go on with {go_on}; {then}")


def check_no_share(study: Study) -> None:
    """Refuse a share of a study where an answer is wanted: it lacks most runs of each point.

    Raises:
        InputError: it says how the shares are joined.
    """
    if study.shard is None:
        return
    share, shares = study.shard
    join = as_typed(["councils", "merge", str(study.folder)])
    raise InputError(
        f"'{study.folder}' is share {share} of {shares} of a study and tells nothing of the whole: "
        f"join all shares with {join} OTHERS... --out WHOLE; then councils sensitivity WHOLE says "
        "what matters in it"
    )


def _enough(study: Study, plan: Plan, replicates: int | None) -> bool:
    """Return whether all points and replicates that are asked for are there."""
    had = study.plan.replicates
    if had < plan.replicates or replicates not in (None, had):
        return False
    points = points_of(plan)
    stored = as_points(stored_points(study.folder, study.plan), study.plan.factors)
    return stored[: study.size][: len(points)] == points
