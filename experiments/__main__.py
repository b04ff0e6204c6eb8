"""The command line: run a scenario, read one run as a story, and list what there is."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from experiments import signals
from sim.errors import InputError

INVALID, FAILED = 2, 1
SEED_MOST = 2**32 - 1
DEFAULT_SCENARIO = "norfolk"
DEFAULT_RUNS = 200
OBJECTS_BETWEEN_SEARCHES = 200_000
"""How many new objects Python waits for before it looks for unused ones; loading makes many."""


class Commands(TyperGroup):
    """The commands, and what is said when one cannot go on."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]
        """Run a command; errors of a user are told in one line, without a traceback."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            _complain(f"Error: {error}")
            raise typer.Exit(INVALID) from None
        except KeyboardInterrupt:
            _complain("Stopped: no half-made result is left behind.")
            raise typer.Exit(signals.STATUS) from None
        except RuntimeError as error:
            if type(error).__name__ != "WorkerDied":  # its module loads what --help must not
                raise
            _complain(f"Error: {error}")
            raise typer.Exit(FAILED) from None


app = typer.Typer(
    cls=Commands,
    name="councils",
    help="Simulate how English councils look for partners, share services, merge and break up.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Scenario = Annotated[
    str,
    typer.Argument(help="A scenario's name (see: councils scenarios) or the path of a .toml file."),
]
Seed = Annotated[int, typer.Option(help=f"Decides every draw: 0 to {SEED_MOST}.")]
Replicate = Annotated[int, typer.Option(help="Which of the runs of this seed, from 0.")]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="SECTION.NAME=VALUE", help="Change a number; may be repeated."),
]
Quarters = Annotated[
    int | None, typer.Option(help="How many quarters; as in the scenario if not given.")
]
Json = Annotated[bool, typer.Option("--json", help="Write JSON to stdout, and nothing else.")]


def _version(wanted: bool) -> None:
    if wanted:
        from sim import __version__

        print(f"councils {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


@app.command()
def run(
    scenario: Scenario = DEFAULT_SCENARIO,
    runs: Annotated[int, typer.Option(help="How many runs.")] = DEFAULT_RUNS,
    seed: Seed = 1,
    quarters: Quarters = None,
    sets: Sets = None,
    workers: Annotated[int, typer.Option(help="How many processes share the runs.")] = 1,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of the result; in results/ if not given."),
    ] = None,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Store tables only.")] = False,
    boundaries: Annotated[
        Path | None,
        typer.Option(metavar="FILE.geojson", help="Outlines of councils to draw beneath the map."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a result in that folder.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run a scenario many times; show what came out and store it in a folder."""
    _check_least("--runs", runs, 1)
    _check_least("--workers", workers, 1)
    _check_seed(seed)
    _check_quarters(quarters)
    if no_figures and boundaries is not None:
        raise InputError(
            "--boundaries is for the map, which --no-figures leaves out: give only one"
        )
    from sim.scenario import load

    loaded = load(scenario, sets=sets or (), quarters=quarters)
    from experiments.question import Question
    from experiments.run import Wish
    from experiments.run import run as answer
    from experiments.show import gather, show_json, show_result
    from experiments.terminal import progress

    question = Question(loaded, seed, runs)
    wish = Wish(out, workers, not no_figures, boundaries, force)
    with progress(runs) as watch:
        result = answer(question, wish, watch)
    shown = gather(question, result, _again(scenario, quarters, sets))
    (show_json if as_json else show_result)(question, result, shown)


@app.command()
def story(
    scenario: Scenario = DEFAULT_SCENARIO,
    seed: Seed = 1,
    replicate: Replicate = 0,
    quarters: Quarters = None,
    sets: Sets = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Tell also who starts to look, and what becomes known.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Tell one run in plain words: who courts whom, and why deals die."""
    _check_luck(seed, replicate)
    _check_quarters(quarters)
    from sim.scenario import load

    loaded = load(scenario, sets=sets or (), quarters=quarters)
    from experiments.tell import tell_story

    tell_story(loaded, seed=seed, replicate=replicate, everything=everything, as_json=as_json)


@app.command()
def why(
    a: Annotated[str, typer.Argument(help="A council's name or code.")],
    b: Annotated[str, typer.Argument(help="Another's.")],
    scenario: Annotated[str, typer.Option(help="A scenario's name or path.")] = DEFAULT_SCENARIO,
    seed: Seed = 1,
    replicate: Replicate = 0,
    quarters: Quarters = None,
    sets: Sets = None,
    as_json: Json = False,
) -> None:
    """Tell what two councils had to do with each other in one run, and what decided each step."""
    _check_luck(seed, replicate)
    _check_quarters(quarters)
    from sim.scenario import load

    loaded = load(scenario, sets=sets or (), quarters=quarters)
    from experiments.tell import tell_why

    tell_why(loaded, a, b, seed=seed, replicate=replicate, as_json=as_json)


@app.command()
def scenarios(as_json: Json = False) -> None:
    """List the scenarios that come with the project."""
    from experiments.listings import list_scenarios

    list_scenarios(as_json=as_json)


@app.command()
def parameters(
    section: Annotated[
        str | None,
        typer.Argument(help="A section such as search, or a name such as search.fashion."),
    ] = None,
    as_json: Json = False,
    as_schema: Annotated[
        bool, typer.Option("--schema", help="Write the JSON Schema of a scenario file.")
    ] = False,
) -> None:
    """List every number of the theory: unit, range, why, source and grade of evidence."""
    from experiments.listings import list_parameters, list_schema

    if as_schema and section is not None:
        raise InputError("--schema is of the whole scenario file: leave out the section")
    if as_schema:
        list_schema()
    else:
        list_parameters(section, as_json=as_json)


@app.command()
def measures(as_json: Json = False) -> None:
    """List every outcome that is measured: title, unit and why."""
    from experiments.listings import list_measures

    list_measures(as_json=as_json)


def _again(scenario: str, quarters: int | None, sets: list[str] | None) -> list[str]:
    """Return what another command needs to be about the same scenario: its name first."""
    further = [] if quarters is None else ["--quarters", str(quarters)]
    for text in sets or ():
        further += ["--set", text]
    return [scenario, *further]


def _check_luck(seed: int, replicate: int) -> None:
    _check_seed(seed)
    _check_least("--replicate", replicate, 0)


def _check_seed(seed: int) -> None:
    if not 0 <= seed <= SEED_MOST:
        raise InputError(f"--seed is {seed}: give a whole number from 0 to {SEED_MOST}")


def _check_quarters(quarters: int | None) -> None:
    if quarters is not None:
        _check_least("--quarters", quarters, 1)


def _check_least(option: str, value: int, least: int) -> None:
    if value < least:
        raise InputError(f"{option} is {value}: give a whole number from {least} upwards")


def _complain(text: str) -> None:
    print(text, file=sys.stderr)


def main() -> None:
    """Run the command line."""
    gc.set_threshold(OBJECTS_BETWEEN_SEARCHES)
    signals.stop_on_terminate()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal may lack the pound sign
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
            gc.freeze()  # a process that ends need not look for unused objects
    except BrokenPipeError:  # whoever read our output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(FAILED) from None


if __name__ == "__main__":
    main()
