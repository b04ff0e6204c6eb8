"""The command that looks for runs in which something happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ...sim.errors import InputError
from .app import (
    DEFAULT_SCENARIO,
    InWorlds,
    Json,
    Quarters,
    Scenario,
    Seed,
    Sets,
    again,
    app,
    check_least,
    check_luck,
    check_quarters,
    load_with_notes,
    worlds_asked,
)

if TYPE_CHECKING:
    from ...sim.finding.sought import Options

RUNS, RUNS_MOST = 200, 1_000_000
Sentence = Annotated[
    str | None,
    typer.Argument(
        metavar="SENTENCE",
        help='What is sought, in quotes: "Breckland and South Holland share management".',
        show_default=False,
    ),
]
Kind = Annotated[
    str | None, typer.Option(help="What happens: signs, leaves, merges, talks_fail, ...")
]
One = Annotated[str | None, typer.Option(help="Who does it: a name or a code.")]
Others = Annotated[
    list[str] | None, typer.Option("--with", help="With whom; may be given several times.")
]
About = Annotated[
    str | None, typer.Option(help="About what: management, merger, services, legal, ...")
]
Why = Annotated[str | None, typer.Option(help="Why: culture, tax, politics, ...")]
First = Annotated[int | None, typer.Option("--from", help="From this year on.")]
Last = Annotated[int | None, typer.Option("--to", help="To the end of this year.")]


@app.command()
def find(
    scenario: Scenario = DEFAULT_SCENARIO,
    sentence: Sentence = None,
    kind: Kind = None,
    council: One = None,
    others: Others = None,
    scope: About = None,
    reason: Why = None,
    first: First = None,
    last: Last = None,
    words: Annotated[
        bool, typer.Option("--words", help="List the words that are known, and do nothing else.")
    ] = False,
    runs: Annotated[int, typer.Option(help="In how many runs to look.")] = RUNS,
    seed: Seed = 1,
    quarters: Quarters = None,
    sets: Sets = None,
    ensemble: InWorlds = None,
    as_json: Json = False,
) -> None:
    """Find the runs in which something happens: how often it does, and which to play."""
    if words:
        from ..runs.found import say_words

        say_words()
        return
    check_least("--runs", runs, 1)
    if runs > RUNS_MOST:
        raise InputError(f"--runs is {runs}: give at most {RUNS_MOST:,}")
    check_luck(seed, runs - 1)
    check_quarters(quarters)
    if sentence is None and " " in scenario and not scenario.endswith(".toml"):
        raise InputError(
            f"'{scenario}' is no scenario: name one first, as in councils find {DEFAULT_SCENARIO} "
            f'"{scenario}"'
        )
    loaded, _ = load_with_notes(scenario, quarters, sets)
    from ..runs.found import Wanted, find_and_tell

    options = _options(kind, council, others, scope, reason, first, last)
    asked = Wanted(loaded, sentence or "", options, seed, runs, worlds_asked(ensemble, loaded))
    find_and_tell(asked, again(scenario, quarters, sets, ensemble), as_json=as_json)


def _options(
    kind: str | None, council: str | None, others: list[str] | None, scope: str | None,
    reason: str | None, first: int | None, last: int | None,
) -> Options:  # fmt: skip
    """Return what options say of what is sought."""
    from ...sim.finding.sought import Options

    return Options(kind, council, others or (), scope, reason, first, last)
