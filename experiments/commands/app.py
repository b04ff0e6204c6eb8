"""What all commands share: the program itself, options that mean the same, checks of numbers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from experiments import signals
from sim.errors import InputError

INVALID, FAILED = 2, 1
SEED_MOST = 2**32 - 1
DEFAULT_SCENARIO = "norfolk"


ORDER = (
    "run", "story", "why", "compare", "explain", "sweep", "sensitivity", "report", "merge",
    "verify", "repeat", "page", "replay", "scenarios", "parameters", "measures", "bench",
)  # fmt: skip
"""The commands as --help shows them."""


class Commands(TyperGroup):
    """The commands, and what is said when one cannot go on."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """Return the commands in the order of use."""
        return sorted(super().list_commands(ctx), key=ORDER.index)

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]
        """Run a command; errors of a user are told in one line, without a traceback."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            complain(f"Error: {error}")
            raise typer.Exit(INVALID) from None
        except KeyboardInterrupt:
            complain("Stopped: no half-made result is left behind.")
            raise typer.Exit(signals.STATUS) from None
        except RuntimeError as error:
            if type(error).__name__ != "WorkerDied":  # its module loads what --help must not
                raise
            complain(f"Error: {error}")
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

Out = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder of the study; in results/ if not given."),
]
Cluster = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="A Dask scheduler's, or local: one started here."),
]
Extend = Annotated[bool, typer.Option("--extend", help="Add points or replicates to a study.")]
Anyway = Annotated[
    bool, typer.Option("--anyway", help="Go on although code, data or libraries changed.")
]


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


def again(scenario: str, quarters: int | None, sets: list[str] | None) -> list[str]:
    """Return what another command needs to be about the same scenario: its name first."""
    further = [] if quarters is None else ["--quarters", str(quarters)]
    for text in sets or ():
        further += ["--set", text]
    return [scenario, *further]


def check_luck(seed: int, replicate: int) -> None:
    """Refuse a seed or a replicate that is out of range."""
    check_seed(seed)
    check_least("--replicate", replicate, 0)


def check_seed(seed: int) -> None:
    """Refuse a seed that is out of range."""
    if not 0 <= seed <= SEED_MOST:
        raise InputError(f"--seed is {seed}: give a whole number from 0 to {SEED_MOST}")


def check_quarters(quarters: int | None) -> None:
    """Refuse less than one quarter."""
    if quarters is not None:
        check_least("--quarters", quarters, 1)


def check_least(option: str, value: int, least: int) -> None:
    """Refuse a number below the least that makes sense."""
    if value < least:
        raise InputError(f"{option} is {value}: give a whole number from {least} upwards")


@contextmanager
def what_is_kept() -> Iterator[None]:
    """Say of a study that is stopped that it can go on."""
    try:
        yield
    except KeyboardInterrupt:
        complain("What was finished is kept: the same command goes on from there.")
        raise


def complain(text: str) -> None:
    """Write to stderr."""
    print(text, file=sys.stderr)
