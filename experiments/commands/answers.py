"""The command that tells what matters in a study, and how much of it is luck."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from .app import (
    FAILED,
    Anyway,
    Cluster,
    Extend,
    InWorlds,
    Json,
    Out,
    Over,
    PlanName,
    Workers,
    app,
    check_least,
    complain,
    tell_plan,
    what_is_kept,
)


@app.command()
def sensitivity(
    plan: PlanName,
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
    """Run or complete a study; tell how much is luck, and which factors matter."""
    check_least("--workers", workers, 1)
    from ..executors.ordered import Hands
    from ..reports.panels import illustrate_sensitivity
    from ..sensitivity.analysis import analyse, check_place, found_before, store
    from ..sensitivity.shown import show_sensitivity
    from ..studies.finished import standing
    from ..studies.reading import read_plan, with_size
    from ..studies.sweep import Way, carry_out, default_folder
    from ..terminal import progress

    asked = read_plan(plan, scenario=scenario)
    asked = with_size(asked, replicates=replicates, points=points, ensemble=ensemble)
    tell_plan(asked)
    folder = out or default_folder(asked, None)
    check_place(folder)
    finished = standing(asked, folder, replicates=replicates)
    if finished is not None:
        study = finished.study
        if finished.changed:
            complain(f"Since these runs were made, {', '.join(finished.changed)} changed.")
    else:
        way = Way(folder, Hands(workers, cluster), None, extend, anyway)
        with what_is_kept():
            study = carry_out(asked, way, progress)
    found = found_before(study)
    reused = found is not None
    if found is None:
        analyses = analyse(study)
        found = store(study, analyses, partial(illustrate_sensitivity, study, analyses))
    if show_sensitivity(study, found.answer, reused=reused, as_json=as_json):
        raise typer.Exit(FAILED)
