"""Commands about studies: running a plan, joining stores."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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
    PlanName,
    Workers,
    app,
    check_least,
    tell_plan,
    what_is_kept,
)


@app.command()
def sweep(
    plan: PlanName,
    scenario: Over = None,
    out: Out = None,
    workers: Workers = 1,
    cluster: Cluster = None,
    shard: Annotated[
        str | None, typer.Option(metavar="I/N", help="Run the I-th of N equal shares only.")
    ] = None,
    extend: Extend = False,
    replicates: Annotated[int | None, typer.Option(help="Instead of the plan's.")] = None,
    points: Annotated[int | None, typer.Option(help="Instead of the plan's.")] = None,
    ensemble: InWorlds = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell how many runs, how long, how large.")
    ] = False,
    anyway: Anyway = False,
    as_json: Json = False,
) -> None:
    """Run a plan at all its points and keep every run; the same command again completes it."""
    check_least("--workers", workers, 1)
    share = _share(shard)
    from ..executors.ordered import Hands
    from ..studies.reading import read_plan, with_size
    from ..studies.shown import show_outlook, show_study
    from ..studies.sweep import Way, carry_out
    from ..terminal import progress

    asked = read_plan(plan, scenario=scenario)
    asked = with_size(asked, replicates=replicates, points=points, ensemble=ensemble)
    tell_plan(asked)
    if dry_run:
        show_outlook(asked, workers=workers, shard=share, as_json=as_json)
        return
    way = Way(out, Hands(workers, cluster), share, extend, anyway)
    with what_is_kept():
        study = carry_out(asked, way, progress)
    if show_study(study, as_json=as_json):
        raise typer.Exit(FAILED)


def _share(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    first, slash, second = text.partition("/")
    if not (slash and first.isdecimal() and second.isdecimal() and 1 <= int(first) <= int(second)):
        raise InputError(f"--shard is '{text}': write 1/8 for the first of eight shares")
    return int(first), int(second)


@app.command()
def merge(
    studies: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Two or more studies.")],
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="DIR", help="Folder of the study that is made.")
    ],
    as_json: Json = False,
) -> None:
    """Join stores of one plan, such as shards, into one; the old ones stay."""
    if len(studies) < 2:
        raise InputError("councils merge joins two or more studies: name their folders")
    from ..studies.merging import merge as join
    from ..studies.shown import show_study

    if show_study(join(studies, out), as_json=as_json):
        raise typer.Exit(FAILED)
