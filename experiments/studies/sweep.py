"""A study from its plan: every point run with every replicate, kept as it comes.

    from council_partnering.experiments.studies.sweep import sweep
    study = sweep("plan.toml")
    study.runs

Killed at any moment, the same call goes on from where it was, and the result has the same bits.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ...sim.errors import InputError, as_text, given, whole
from ..executors.ordered import Hands, hands_of, ordered
from ..executors.pace import LONG_SECONDS, WARM, Pace
from ..stored.asked import RESULTS
from ..stored.belonging import check_free
from ..stored.reading import holds_result
from ..stored.tables import as_arrow
from ..terminal import Watch, progress as shown
from .beginnings import as_begun, begin, check_ready, ground_of, record_of
from .design import points_of
from .equals import Equals, first_equals
from .finding import told_as_laid
from .jobs import Ground, columns_of, jobs_of, live, lost, made_with, spans_of
from .plan import Plan, Value
from .reading import read_plan, with_size
from .store import (
    STEP,
    Study,
    add_part,
    add_table,
    finish,
    held,
    left,
    numbers_of,
    open_study,
    survey,
    whole_parts,
)

Progress = Callable[[int], AbstractContextManager[Watch]]
"""Shows how many of so many runs are done."""


class Way(NamedTuple):
    """How a study is run and where it goes; nothing here changes a result."""

    out: Path | None = None
    hands: Hands = Hands()
    shard: tuple[int, int] | None = None
    extend: bool = False
    anyway: bool = False


def sweep(
    plan: str | Path | Plan,
    *,
    out: str | Path | None = None,
    workers: int = 1,
    cluster: str | None = None,
    shard: tuple[int, int] | None = None,
    extend: bool = False,
    replicates: int | None = None,
    points: int | None = None,
    ensemble: str | None = None,
    anyway: bool = False,
    progress: Progress | None = None,
) -> Study:
    """Run a plan, or what is left of it, and return its study.

    Args:
        plan: the path of a plan, or a `Plan`.
        out: folder of the study; in results/ under the plan's name if not given.
        workers: how many processes share the runs.
        cluster: the address of a Dask scheduler, or "local" for one that is started here.
        shard: (i, n) runs the i-th of n equal shares; `experiments.studies.merging` joins them.
        extend: add points or replicates to a study that has fewer.
        replicates: instead of the plan's.
        points: instead of the plan's.
        ensemble: each point is lived in the worlds of an ensemble: a name of the project, or a
            file or folder that `councils calibrate` wrote; instead of the plan's.
        anyway: go on although code, data, scenario or libraries have changed; this is recorded.
        progress: shows how far it is; a bar on a terminal, else a line now and then, if not given.

    Raises:
        InputError: the plan or the folder cannot be used; what was finished is kept.
    """
    asked = plan if isinstance(plan, Plan) else read_plan(plan)
    asked = with_size(asked, replicates=replicates, points=points, ensemble=ensemble)
    place = None if out is None else Path(as_text("out", out, "give the path of a folder"))
    way = Way(place, hands_of(workers, cluster), _share(shard), extend, anyway)
    return carry_out(asked, way, progress or shown)


def _share(shard: Any) -> tuple[int, int] | None:
    """Return which of how many equal shares is to be run."""
    if shard is None:
        return None
    try:
        share, shares = shard
        shares = whole("shares", shares, 1)
        return whole("share", share, 1, shares), shares
    except (InputError, TypeError, ValueError):
        raise InputError(
            f"shard is {given(shard)}: give (1, 8) for the first of eight shares"
        ) from None


def carry_out(plan: Plan, way: Way, progress: Progress) -> Study:
    """Run a checked plan in a certain way."""
    folder, clock = way.out or default_folder(plan, way.shard), time.perf_counter()
    plan = as_begun(plan, folder)
    points, ground = points_of(plan), ground_of(plan)
    with told_as_laid(plan.name, None if plan.written is None else plan.scenario):
        check_ready(ground, points)
    asked = record_of(plan, ground, points, way.shard, workers=way.hands.workers)
    if holds_result(folder):
        open_study(folder)  # another kind of result is left as it is
    else:
        check_free(folder)
    with held(folder):
        study = begin(folder, asked, points, extend=way.extend, anyway=way.anyway)
        if study.finished:
            return study._replace(reused=True)
        _run(study, ground, [point.values for point in points], way, progress)
        return finish(study, survey(study), seconds=time.perf_counter() - clock)


def default_folder(plan: Plan, shard: tuple[int, int] | None) -> Path:
    """Return where a study is stored unless told otherwise."""
    ending = "" if shard is None else f"-shard-{shard[0]}-of-{shard[1]}"
    return RESULTS / f"{plan.name}{ending}"


def _run(
    study: Study, ground: Ground, values: list[dict[str, Value]], way: Way, progress: Progress
) -> None:
    """Live all runs that are left, equal ones once, and keep them as they come."""
    equals = _taken_over(study, first_equals(each.values() for each in values))
    spans = spans_of(equals.lived, values, STEP)
    total = count = sum(span.stop - span.first for span in spans)
    pace = Pace(way.hands.workers, longest=LONG_SECONDS)
    work = ordered(live, jobs_of(ground, spans, pace), way.hands, first=WARM, lost=lost)
    with progress(total) as watch, closing(work) as results:
        watch("Running", 0)
        for done in results:
            if done.made != made_with():
                raise InputError(
                    "a worker of the cluster has another version of this program or of its "
                    f"libraries ({done.made}, not {made_with()}): install the same everywhere"
                )
            columns = columns_of(done)
            add_part(study, columns)
            for copied in equals.copies(as_arrow(columns)):
                add_table(study, copied)
            pace.learn(done.seconds / len(done.points))
            count -= len(done.points)
            watch("Running", total - count)


def _taken_over(study: Study, first: np.ndarray) -> Equals:
    """Return what is left of a study once runs that equal a stored one are copied from there.

    One that failed is lived again: it may have been taken out for that.
    """
    missing = left(study, survey(study))
    some = len(np.unique(first)) < len(first)
    for _, table in list(whole_parts(study)) if some else ():
        well = table.filter(table["error"].is_null())
        for part in Equals(missing, first, STEP).copies(well):
            add_table(study, part)
            missing = np.setdiff1d(missing, numbers_of(part))
    return Equals(missing, first, STEP)
