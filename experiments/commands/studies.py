"""Commands about studies: running a plan, joining stores, checking that runs can be trusted."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Annotated

import typer

from ...sim.errors import InputError
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
    check_seed,
    what_is_kept,
)

PlanFile = Annotated[Path, typer.Argument(metavar="PLAN.toml", help="What to vary and how often.")]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a study.")]


@app.command()
def sweep(
    plan: PlanFile,
    out: Out = None,
    workers: Workers = 1,
    cluster: Cluster = None,
    shard: Annotated[
        str | None, typer.Option(metavar="I/N", help="Run the I-th of N equal shares only.")
    ] = None,
    extend: Extend = False,
    replicates: Annotated[int | None, typer.Option(help="Instead of the plan's.")] = None,
    points: Annotated[int | None, typer.Option(help="Instead of the plan's.")] = None,
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

    asked = with_size(read_plan(plan), replicates=replicates, points=points)
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
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the study that is made.")],
    as_json: Json = False,
) -> None:
    """Join stores of one plan, such as shards, into one; the old ones stay."""
    if len(studies) < 2:
        raise InputError("councils merge joins two or more studies: name their folders")
    from ..studies.merging import merge as join
    from ..studies.shown import show_study

    if show_study(join(studies, out), as_json=as_json):
        raise typer.Exit(FAILED)


@app.command()
def verify(
    place: Annotated[
        str,
        typer.Argument(
            metavar="DIR|FILE.toml|LINK",
            help="A study, a file that the page wrote, or a link that it copied, in quotes.",
        ),
    ],
    sample: Annotated[int, typer.Option(help="How many runs to live again.")] = 20,
    seed: Annotated[int, typer.Option(help="Decides which.")] = 1,
    as_json: Json = False,
) -> None:
    """Live some runs of a study, or the run of a shared file or link, again; compare every bit."""
    check_least("--sample", sample, 1)
    check_seed(seed)
    from ..studies.shown import show_link, show_proof, show_verdict

    if "://" in place or place.startswith("#"):
        # Loaded by name, since nothing else here needs the page.
        link = importlib.import_module("...sim.page.link", __package__)
        policies = sorted((Path(__file__).parents[1] / "policies").glob("*.toml"))
        same = show_link(link.verify_link(place, policies), as_json=as_json)
    elif place.endswith(".toml"):
        from ...sim.proof import verify_file

        same = show_proof(verify_file(Path(place)), as_json=as_json)
    else:
        from ..studies.verify import verify as check

        same = show_verdict(check(Path(place), sample=sample, seed=seed), as_json=as_json)
    if not same:
        raise typer.Exit(FAILED)


@app.command()
def repeat(
    study: Folder,
    point: Annotated[int, typer.Option(help="Which point, from 0.")],
    replicate: Annotated[int, typer.Option(help="Which replicate, from 0.")] = 0,
    as_json: Json = False,
) -> None:
    """Live one run of a study again and show its outcomes, or the error that it raises."""
    from ..studies.shown import show_run
    from ..studies.verify import repeat as again

    show_run(study, again(study, point=point, replicate=replicate), as_json=as_json)
