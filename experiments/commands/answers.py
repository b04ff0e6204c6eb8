"""Commands that turn results into answers: what matters in a study, and a report of any result."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .app import (
    FAILED,
    Anyway,
    Cluster,
    Extend,
    Json,
    Out,
    Workers,
    app,
    check_least,
    complain,
    what_is_kept,
)


@app.command()
def sensitivity(
    plan: Annotated[Path, typer.Argument(metavar="PLAN.toml", help="What to vary, how often.")],
    out: Out = None,
    workers: Workers = 1,
    cluster: Cluster = None,
    extend: Extend = False,
    replicates: Annotated[int | None, typer.Option(help="Instead of the plan's.")] = None,
    points: Annotated[int | None, typer.Option(help="Instead of the plan's.")] = None,
    anyway: Anyway = False,
    as_json: Json = False,
) -> None:
    """Run or complete a study; tell how much is luck, and which factors matter."""
    check_least("--workers", workers, 1)
    from ..executors.ordered import Hands
    from ..reports.panels import illustrate_sensitivity
    from ..sensitivity.analysis import analyse, check_place, store, whole_answer
    from ..sensitivity.shown import show_sensitivity
    from ..studies.finished import standing
    from ..studies.reading import read_plan, with_size
    from ..studies.sweep import Way, carry_out, default_folder
    from ..terminal import progress

    asked = with_size(read_plan(plan), replicates=replicates, points=points)
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
    analyses = analyse(study)
    with whole_answer(study.folder):
        illustrate_sensitivity(study, analyses)
        found = store(study, analyses)
    if show_sensitivity(study, found, as_json=as_json):
        raise typer.Exit(FAILED)


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a result.")],
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="FILE.html", help="DIR/report.html if not given."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a report that differs.")] = False,
    as_json: Json = False,
) -> None:
    """Write one page about a result, for people: it opens anywhere and can be printed."""
    from ..reports.report import report as write, show_report

    show_report(write(folder, out, force=force), as_json=as_json)
