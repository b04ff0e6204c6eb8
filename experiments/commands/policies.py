"""Commands about policies: whether two differ, and why they do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...sim.errors import InputError
from .app import (
    FAILED,
    Cluster,
    Json,
    Quarters,
    Replicate,
    Seed,
    Workers,
    app,
    check_least,
    check_luck,
    check_quarters,
    check_seed,
    tell_undone,
)

Base = Annotated[str, typer.Argument(help="A scenario or policy: a name, or the path of a .toml.")]
Flips = Annotated[
    bool,
    typer.Option(
        "--flips/--no-flips", help="Find which assumptions turn the answer; takes some minutes."
    ),
]
Mechanisms = Annotated[
    int,
    typer.Option(help="Share out the difference by mechanism over so many replicates; 0: not."),
]


@app.command()
def compare(
    base: Base,
    policies: Annotated[
        list[str], typer.Argument(metavar="POLICY...", help="One or more, as for BASE.")
    ],
    outcome: Annotated[str, typer.Option(help="A measure (see: councils measures).")],
    matters: Annotated[
        float, typer.Option(help="The smallest difference that matters, in its unit.")
    ],
    quarters: Quarters = None,
    budget: Annotated[int, typer.Option(help="The most replicates.")] = 2000,
    block: Annotated[int, typer.Option(help="Replicates between two looks.")] = 50,
    seed: Seed = 1,
    workers: Workers = 1,
    cluster: Cluster = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of the result; in results/ if not given."),
    ] = None,
    flips: Flips = False,
    mechanisms: Mechanisms = 0,
    as_json: Json = False,
) -> None:
    """Compare policies on the same luck, until it is clear whether they differ."""
    check_least("--workers", workers, 1)
    check_least("--mechanisms", mechanisms, 0)
    if mechanisms > budget:
        raise InputError(f"--mechanisms is {mechanisms}: give at most --budget, which is {budget}")
    check_seed(seed)
    from ..comparing.archive import Besides, show, stored
    from ..comparing.compare import ask
    from ..executors.ordered import Hands
    from ..policies.finding import file_of
    from ..terminal import progress

    question = ask(
        base, policies, outcome, matters, budget=budget, block=block, seed=seed, quarters=quarters
    )
    for loaded, name in zip((question.base, *question.policies), (base, *policies), strict=True):
        tell_undone(loaded, file_of(name))
    with progress(budget) as watch:
        besides = Besides(out, flips, mechanisms, Hands(workers, cluster))
        found = stored(question, besides, watch=watch)
    if show(found, as_json=as_json):
        raise typer.Exit(FAILED)


@app.command()
def explain(
    base: Base,
    policy: Annotated[str, typer.Argument(help="As for BASE.")],
    outcome: Annotated[str, typer.Option(help="A measure (see: councils measures).")] = (
        "net_saving"
    ),
    seed: Seed = 1,
    replicate: Replicate = 0,
    seeds: Annotated[
        int, typer.Option(help="Share out the gap over so many seeds, from --seed upwards.")
    ] = 1,
    quarters: Quarters = None,
    as_json: Json = False,
) -> None:
    """Tell where two policies part, how the difference spreads, and by which mechanisms."""
    check_luck(seed, replicate)
    check_least("--seeds", seeds, 1)
    check_quarters(quarters)
    from ..explaining.explain import explain as find
    from ..explaining.shown import show
    from ..policies.finding import file_of, find_policy

    for name in (base, policy):
        tell_undone(find_policy(name, quarters), file_of(name))
    found = find(
        base, policy, outcome=outcome, seed=seed, replicate=replicate, seeds=seeds,
        quarters=quarters,
    )  # fmt: skip
    show(found, as_json=as_json)
