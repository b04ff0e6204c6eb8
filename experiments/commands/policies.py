"""Commands about policies: whether two differ, and why they do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...sim.errors import InputError
from .app import (
    FAILED,
    Cluster,
    InWorlds,
    Json,
    OutOfResult,
    Quarters,
    Replicate,
    Seed,
    Sets,
    Workers,
    app,
    check_least,
    check_luck,
    check_quarters,
    check_seed,
    complain,
    tell_undone,
    worlds_asked,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..comparing.asking import Card, Question
    from ..executors.ordered import Hands
    from ..policies.finding import Found

Base = Annotated[str, typer.Argument(help="A scenario or policy: a name, or the path of a .toml.")]
Policies = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="POLICY...", show_default=False, help="One or more, as for BASE; laid over it."
    ),
]
Outcome = Annotated[
    str | None,
    typer.Option(help="A measure (see: councils measures); a scorecard of eight if not given."),
]
Matters = Annotated[
    str | None,
    typer.Option(
        metavar="NUMBER", help="The smallest difference that matters, in the outcome's unit."
    ),
]
Budget = Annotated[
    int | None,
    typer.Option(
        help="The most replicates: 2000 if not given; of a scorecard, how many: 400.",
        show_default=False,
    ),
]
OverWorlds = Annotated[
    str | None,
    typer.Option(
        "--ensemble",
        metavar="NAME|FILE",
        help="Over the worlds of an ensemble, luck and assumptions apart: 'calibrated' if not "
        "given (but with --flips); 'none' is luck alone, at the numbers as declared.",
        show_default=False,
    ),
]
Flips = Annotated[
    bool,
    typer.Option(
        "--flips/--no-flips",
        help="Find which assumptions turn the answer; takes minutes to half an hour.",
    ),
]
Mechanisms = Annotated[
    int,
    typer.Option(help="Share out the difference by mechanism over so many replicates; 0: not."),
]


@app.command()
def compare(
    base: Base,
    policies: Policies = None,
    outcome: Outcome = None,
    matters: Matters = None,
    sets: Sets = None,
    quarters: Quarters = None,
    budget: Budget = None,
    block: Annotated[int, typer.Option(help="Replicates between two looks.")] = 50,
    seed: Seed = 1,
    workers: Workers = 1,
    cluster: Cluster = None,
    out: OutOfResult = None,
    ensemble: OverWorlds = None,
    flips: Flips = False,
    mechanisms: Mechanisms = 0,
    as_json: Json = False,
) -> None:
    """Compare policies on the same luck: a scorecard, or one outcome until it is clear.

    The scorecard is of eight outcomes; for one, give --outcome and --matters.
    """
    _check_sizes(workers, mechanisms, seed, quarters)
    ensemble = _over_worlds(ensemble, flips=flips)
    from ..comparing.asking import ask, ask_card, matters_alone
    from ..executors.ordered import Hands

    others, hands = policies or [], Hands(workers, cluster)
    window: dict[str, Any] = {"seed": seed, "quarters": quarters, "sets": sets or ()}
    how: dict[str, Any] = {"budget": budget, "block": block, "ensemble": ensemble, **window}
    if outcome is None or matters is None:
        _check_of_one_outcome(outcome, flips=flips, mechanisms=mechanisms)
        if matters is not None:
            raise matters_alone(base, others, matters, ensemble=ensemble, **window)
        card = ask_card(base, others, outcome, **how)
        _tell(card, sets)
        failed = _show_card(card, out, hands, as_json=as_json)
    else:
        question = ask(base, others, outcome, matters, **how)
        _check_mechanisms(mechanisms, question.budget, question.lucks)
        _tell(question, sets)
        failed = _show_one(question, out, flips, mechanisms, hands, as_json=as_json)
    if failed:
        raise typer.Exit(FAILED)


def _check_of_one_outcome(outcome: str | None, *, flips: bool, mechanisms: int) -> None:
    """Refuse what can be found out about one outcome only, where there is a scorecard."""
    for option, given in (("--flips", flips), ("--mechanisms", mechanisms)):
        if given:
            lacking = "--matters" if outcome else "--outcome and --matters"
            raise InputError(
                f"{option} is about one outcome and what matters in it: give {lacking} too"
            )


def _check_sizes(workers: int, mechanisms: int, seed: int, quarters: int | None) -> None:
    """Refuse numbers that are out of range."""
    check_least("--workers", workers, 1)
    check_least("--mechanisms", mechanisms, 0)
    check_seed(seed)
    check_quarters(quarters)


def _over_worlds(ensemble: str | None, *, flips: bool) -> str:
    """Return over which worlds policies are compared, as asked or as usual."""
    from ..ensembles.ensemble import CALIBRATED, NONE

    if not flips:
        return ensemble or CALIBRATED
    if ensemble not in (None, NONE):
        raise InputError(
            "--flips is found out at the numbers as declared, and --ensemble asks over many "
            "worlds, which says itself on what the answer hangs: give one of the two"
        )
    return NONE


def _check_mechanisms(mechanisms: int, budget: int, lucks: int) -> None:
    """Refuse to share a difference out over more replicates than there can be, or part of a world.

    `lucks` is how many replicates a world has.
    """
    if mechanisms % lucks:
        raise InputError(
            f"--mechanisms is {mechanisms}: over an ensemble each world is {lucks} replicates, so "
            f"give a multiple of {lucks}"
        )
    if mechanisms > budget:
        raise InputError(f"--mechanisms is {mechanisms}: give at most --budget, which is {budget}")


def _tell_all(made: Sequence[Found], sets: list[str] | None) -> None:
    """Say what of the base and the policies does not last, or does nothing."""
    told: set[str] = set()
    for found in made:
        for note in found.notes:
            complain(f"Note on {found.scenario.name}: {note}.")
        tell_undone(found.scenario, found.layers, sets, told=told)


def _tell(asked: Card | Question, sets: list[str] | None) -> None:
    """Say what does not last or does nothing, and what is to be said of the worlds."""
    _tell_all(asked.typed.found, sets)
    for note in () if asked.worlds is None else asked.worlds.notes(asked.base):
        complain(f"Note: {note}")


def _show_card(card: Card, out: Path | None, hands: Hands, *, as_json: bool) -> int:
    from ..comparing.scorecard_kept import stored_card
    from ..comparing.scorecard_shown import show_card
    from ..terminal import progress

    with progress(card.replicates) as watch:
        found = stored_card(card, out, hands=hands, watch=watch)
    return show_card(found, as_json=as_json)


def _show_one(
    question: Question, out: Path | None, flips: bool, mechanisms: int, hands: Hands, *,
    as_json: bool,
) -> int:  # fmt: skip
    from ..comparing.archive import Besides, stored
    from ..comparing.shown import show
    from ..terminal import progress

    with progress(question.budget) as watch:
        found = stored(question, Besides(out, flips, mechanisms, hands), watch=watch)
    return show(found, as_json=as_json)


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
    sets: Sets = None,
    quarters: Quarters = None,
    ensemble: InWorlds = None,
    as_json: Json = False,
) -> None:
    """Tell where two policies part, how the difference spreads, and by which mechanisms."""
    check_luck(seed, replicate)
    check_least("--seeds", seeds, 1)
    check_quarters(quarters)
    from ..explaining.explain import explain as find
    from ..explaining.shown import show
    from ..policies.finding import find_all

    made = find_all(base, [policy], quarters=quarters, sets=sets or ())
    _tell_all(made, sets)
    one, two = (each.scenario for each in made)
    worlds = worlds_asked(ensemble, one)
    found = find(
        one, two, outcome=outcome, seed=seed, replicate=replicate, seeds=seeds,
        ensemble=None if worlds is None else worlds.ensemble,
    )  # fmt: skip
    show(found, as_json=as_json)
