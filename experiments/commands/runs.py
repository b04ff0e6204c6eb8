"""Commands about runs: many of a scenario, one told as a story, one pair of councils."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...sim.errors import InputError
from .app import (
    DEFAULT_SCENARIO,
    SEED_MOST,
    Boundaries,
    Cluster,
    InWorlds,
    Json,
    OutOfResult,
    Quarters,
    Replicate,
    Scenario,
    Seed,
    Sets,
    again,
    app,
    check_least,
    check_luck,
    check_quarters,
    check_seed,
    complain,
    load_and_tell,
    load_with_notes,
    tell_boundaries,
    worlds_asked,
)

if TYPE_CHECKING:
    from ...sim.declared.scenario import Scenario as Loaded
    from ..executors.ordered import Hands
    from ..stored.events import Kept

DEFAULT_RUNS = 200
AnyWorkers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        help="How many processes share the runs; as many as there are cores, where that saves "
        "time, if not given.",
        show_default=False,
    ),
]
NoEvents = Annotated[
    bool,
    typer.Option(
        "--no-events", help="Keep no events, nor what only they tell (agreements, who met whom)."
    ),
]
FullEvents = Annotated[
    bool,
    typer.Option(
        "--full-events", help="Keep what was weighed in each decision too: eight times the bytes."
    ),
]


@app.command()
def run(
    scenario: Scenario = DEFAULT_SCENARIO,
    runs: Annotated[int, typer.Option(help="How many runs.")] = DEFAULT_RUNS,
    seed: Seed = 1,
    quarters: Quarters = None,
    sets: Sets = None,
    ensemble: InWorlds = None,
    workers: AnyWorkers = None,
    cluster: Cluster = None,
    out: OutOfResult = None,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Store tables only.")] = False,
    boundaries: Boundaries = None,
    no_events: NoEvents = False,
    full_events: FullEvents = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a result in that folder.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run a scenario many times; show what came out and store it in a folder."""
    check_least("--runs", runs, 1)
    if workers is not None:
        check_least("--workers", workers, 1)
    check_seed(seed)
    check_quarters(quarters)
    kept = _kept(no_events=no_events, full_events=full_events)
    _check_drawn(boundaries, {"--no-figures": no_figures, "--no-events": no_events})
    loaded, notes = load_with_notes(scenario, quarters, sets)
    notes += tell_boundaries(boundaries, loaded)
    from ..runs.experiment import Experiment
    from ..runs.result import Delivery, run as answer
    from ..runs.shown import gather, show_json, show_result
    from ..terminal import progress

    worlds = worlds_asked(ensemble, loaded)
    if worlds is not None:
        worlds.check("--runs", runs)
        notes += worlds.notes(loaded)
    experiment = Experiment(loaded, seed, runs, worlds, kept)
    delivery = Delivery(out, _hands(workers, cluster), not no_figures, boundaries, force)
    with progress(runs) as watch:
        result = answer(experiment, delivery, watch)
    shown = gather(experiment, result, again(scenario, quarters, sets, ensemble), notes)
    (show_json if as_json else show_result)(experiment, result, shown)


def _hands(workers: int | None, cluster: str | None) -> Hands:
    """Return who does the work: so many, or as many as are worth it here."""
    from ..executors.ordered import AS_WORTH, Hands

    if workers is None and cluster is None:
        return Hands(AS_WORTH)
    return Hands(workers or 1, cluster)


def _kept(*, no_events: bool, full_events: bool) -> Kept:
    """Return how much of the events is kept."""
    from ..stored.events import ALL, HAPPENED, NONE

    if no_events and full_events:
        raise InputError("--no-events leaves out what --full-events keeps: give only one")
    return NONE if no_events else ALL if full_events else HAPPENED


def _check_drawn(boundaries: Path | None, without: Mapping[str, bool]) -> None:
    """Refuse outlines for a map that an option leaves out."""
    for option, given in without.items():
        if given and boundaries is not None:
            raise InputError(
                f"--boundaries is for the map, which {option} leaves out: give only one"
            )


SCENARIO_OR_RESULT = "A scenario's name or path, or the folder of a result of councils run."
SeedOrOwn = Annotated[
    int | None,
    typer.Option(
        help=f"Decides every draw: 0 to {SEED_MOST}; 1 if not given, and of a result its own.",
        show_default=False,
    ),
]

OfCouncil = Annotated[
    str | None, typer.Option("--council", metavar="NAME", help="Only what concerns this council.")
]
OfPair = Annotated[
    tuple[str, str] | None,
    typer.Option("--pair", metavar="A B", help="Only what two councils have with each other."),
]
Short = Annotated[
    bool,
    typer.Option("--short", help="As a story to read: a paragraph a year, of what matters most."),
]


@app.command()
def story(
    scenario: Annotated[str, typer.Argument(help=SCENARIO_OR_RESULT)] = DEFAULT_SCENARIO,
    seed: SeedOrOwn = None,
    replicate: Replicate = 0,
    quarters: Quarters = None,
    sets: Sets = None,
    ensemble: InWorlds = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Tell also who starts to look, and what becomes known.")
    ] = False,
    council: OfCouncil = None,
    pair: OfPair = None,
    short: Short = False,
    as_json: Json = False,
) -> None:
    """Tell one run in plain words: who courts whom, and why deals die."""
    if council is not None and pair is not None:
        raise InputError("--council and --pair say whom the story is about: give only one of them")
    if short and everything:
        raise InputError("--short leaves out what --all tells: give only one of them")
    loaded, seed = _to_tell(scenario, seed, replicate, quarters, sets, ensemble)
    from ..runs.story import How, tell_story

    how = How(everything, short, pair or ([council] if council is not None else ()))
    tell_story(loaded, seed=seed, replicate=replicate, how=how, as_json=as_json)


@app.command()
def why(
    a: Annotated[str, typer.Argument(help="A council's name or code.")],
    b: Annotated[str, typer.Argument(help="Another's.")],
    scenario: Annotated[str, typer.Option(help=SCENARIO_OR_RESULT)] = DEFAULT_SCENARIO,
    seed: SeedOrOwn = None,
    replicate: Replicate = 0,
    quarters: Quarters = None,
    sets: Sets = None,
    ensemble: InWorlds = None,
    as_json: Json = False,
) -> None:
    """Tell what two councils had to do with each other in one run, and what decided each step."""
    loaded, seed = _to_tell(scenario, seed, replicate, quarters, sets, ensemble)
    from ..runs.story import tell_why

    tell_why(loaded, a, b, seed=seed, replicate=replicate, as_json=as_json)


def _to_tell(
    scenario: str, seed: int | None, replicate: int, quarters: int | None, sets: list[str] | None,
    ensemble: str | None,
) -> tuple[Loaded, int]:  # fmt: skip
    """Return the scenario and the seed of the run that is to be told."""
    check_luck(1 if seed is None else seed, replicate)
    check_quarters(quarters)
    from ..stored.reading import holds_result, read_record

    folder = Path(scenario)
    if not scenario or not holds_result(folder) or read_record(folder).kind != "run":
        loaded = load_and_tell(scenario, quarters, sets, ensemble, replicate)
        return loaded, 1 if seed is None else seed
    given = {"--seed": seed, "--quarters": quarters, "--set": sets or None, "--ensemble": ensemble}
    for option, value in given.items():
        if value is not None:
            raise InputError(
                f"{option} does not go with '{scenario}', a result whose runs have their own: "
                f"leave {option} out, or give its scenario"
            )
    from ..reliving.told import run_of_result

    found = run_of_result(folder, replicate)
    if found.changed:
        complain(f"Made by other rules: since it was stored, {', '.join(found.changed)} changed.")
    return found.scenario, found.seed
