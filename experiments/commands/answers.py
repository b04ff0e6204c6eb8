"""The command that tells what matters in a study, and how much of it is luck."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...sim.errors import InputError
from .app import (
    FAILED,
    Anyway,
    Cluster,
    Extend,
    InWorlds,
    Json,
    Out,
    Over,
    Workers,
    app,
    check_least,
    complain,
    tell_plan,
    what_is_kept,
)

if TYPE_CHECKING:
    from ..executors.ordered import Hands
    from ..studies.finished import Finished
    from ..studies.plan import Plan
    from ..studies.store import Study

PlanOrStudy = Annotated[
    str,
    typer.Argument(
        metavar="PLAN|DIR",
        help="A plan's name (see: councils plans), the path of a .toml, or the folder of a "
        "finished study.",
    ),
]


@app.command()
def sensitivity(
    plan: PlanOrStudy,
    scenario: Over = None,
    out: Out = None,
    workers: Workers = 1,
    cluster: Cluster = None,
    extend: Extend = False,
    replicates: Annotated[int | None, typer.Option(help="Instead of the plan's.")] = None,
    points: Annotated[int | None, typer.Option(help="Instead of the plan's.")] = None,
    ensemble: InWorlds = None,
    anyway: Anyway = False,
    as_json: Json = False,
) -> None:
    """Run or complete a study; tell how much is luck, and which factors matter.

    The folder of a finished study is as good as its plan: nothing is run.
    """
    check_least("--workers", workers, 1)
    from ..studies.meant import study_meant

    folder = study_meant(plan)
    if folder is not None:
        said = {"--scenario": scenario, "--out": out, "--cluster": cluster, "--ensemble": ensemble,
                "--extend": extend or None, "--anyway": anyway or None,
                "--replicates": replicates, "--points": points}  # fmt: skip
        _refuse(folder, said)
        from ..studies.finished import as_kept

        study = _noted(as_kept(folder))
    else:
        from ..executors.ordered import Hands
        from ..studies.reading import read_plan, with_size

        asked = read_plan(plan, scenario=scenario)
        asked = with_size(asked, replicates=replicates, points=points, ensemble=ensemble)
        hands = Hands(workers, cluster)
        study = _studied(asked, out, hands, replicates, extend=extend, anyway=anyway)
    _tell(study, as_json=as_json)


def _studied(
    asked: Plan, out: Path | None, hands: Hands, replicates: int | None, *, extend: bool,
    anyway: bool,
) -> Study:  # fmt: skip
    """Return the finished study of a plan: as it stands, or run now."""
    from ..sensitivity.analysis import check_place
    from ..studies.finished import standing
    from ..studies.sweep import Way, carry_out, default_folder
    from ..terminal import progress

    tell_plan(asked)
    folder = out or default_folder(asked, None)
    check_place(folder)
    finished = standing(asked, folder, replicates=replicates)
    if finished is not None:
        return _noted(finished)
    with what_is_kept():
        return carry_out(asked, Way(folder, hands, None, extend, anyway), progress)


def _noted(finished: Finished) -> Study:
    """Return a finished study, and say what has changed since its runs were made."""
    if finished.changed:
        complain(f"Since these runs were made, {', '.join(finished.changed)} changed.")
    return finished.study


def _refuse(folder: Path, options: Mapping[str, object]) -> None:
    """Refuse options that say what to run, by name, where the folder of a study says it."""
    for name, value in options.items():
        if value is not None:
            raise InputError(
                f"{name} does not go with '{folder}', a study whose runs are there: leave {name} "
                "out, or give the plan"
            )


def _tell(study: Study, *, as_json: bool) -> None:
    """Tell what a finished study says, found now or before; keep it."""
    from ..reports.panels import illustrate_sensitivity
    from ..sensitivity.analysis import analyse, check_place, found_before, store
    from ..sensitivity.shown import show_sensitivity

    check_place(study.folder)
    found = found_before(study)
    reused = found is not None
    if found is None:
        analyses = analyse(study)
        found = store(study, analyses, partial(illustrate_sensitivity, study, analyses))
    if show_sensitivity(study, found.answer, reused=reused, as_json=as_json):
        raise typer.Exit(FAILED)
