"""Commands that turn results into answers: what matters in a study, and a report of any result."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.commands.app import FAILED, Json, app, check_least, complain


@app.command()
def sensitivity(
    plan: Annotated[Path, typer.Argument(metavar="PLAN.toml", help="What to vary, how often.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of the study; in results/ if not given."),
    ] = None,
    workers: Annotated[int, typer.Option(help="How many processes share the runs.")] = 1,
    as_json: Json = False,
) -> None:
    """Run or complete a study; tell how much is luck, and which factors matter."""
    check_least("--workers", workers, 1)
    from experiments.reports.panels import illustrate_sensitivity
    from experiments.sensitivity.analysis import analyse, check_place, store
    from experiments.sensitivity.ranking import show_sensitivity
    from experiments.studies.plans import read_plan
    from experiments.studies.sweep import Way, carry_out, default_folder
    from experiments.terminal import progress

    asked = read_plan(plan)
    check_place(out or default_folder(asked, None))
    try:
        study = carry_out(asked, Way(out, workers), progress)
    except KeyboardInterrupt:
        complain("What was finished is kept: the same command goes on from there.")
        raise
    analyses = analyse(study)
    found = store(study, analyses)
    illustrate_sensitivity(study, analyses)
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
    from experiments.reports.report import report as write
    from experiments.reports.report import show_report

    show_report(write(folder, out, force=force), as_json=as_json)
