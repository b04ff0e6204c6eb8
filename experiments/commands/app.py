"""What all commands share: the program itself, options that mean the same, checks of numbers."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from ...sim.errors import InputError
from .. import early

if TYPE_CHECKING:
    from ...sim.declared.reading import Layers
    from ...sim.declared.scenario import Scenario as Loaded
    from ..studies.plan import Plan
    from ..worlds import Worlds

INVALID, FAILED = 2, 1
SEED_MOST = 2**32 - 1
DEFAULT_SCENARIO = "norfolk"


ORDER = (
    "run", "story", "why", "find", "compare", "explain", "sweep", "sensitivity", "calibrate",
    "report", "merge", "verify", "repeat", "page", "replay", "scenarios", "plans", "parameters",
    "measures", "bench",
)  # fmt: skip
"""The commands as --help shows them."""

USAGE: type[Exception] = typer.BadParameter.__bases__[0]
"""A wrong number of arguments, or an unknown option; Typer has no name for it."""
ONE_SCENARIO = "one scenario (a path with spaces goes in quotes)"
ONE_FOLDER = "one folder, or one file (with spaces in quotes): type the command once for each"
TAKES = {
    **dict.fromkeys(("run", "story", "page", "replay"), ONE_SCENARIO),
    **dict.fromkeys(("report", "verify", "repeat"), ONE_FOLDER),
    **dict.fromkeys(("sweep", "sensitivity"), "one plan"),
    "why": 'two councils, as in councils why "South Norfolk" Breckland',
    "find": 'one scenario and one sentence, in quotes: councils find norfolk "somebody merges"',
    "explain": "one policy: explain each by itself; councils compare takes several",
    "parameters": "one section",
}
"""What a command takes besides options; nothing where it is not named."""
MANY_WORDS = "councils {} takes {}. All else is an option, as in --runs 10."
UPWARDS = "from {} upwards"
RANGES = {
    "--seed": f"from 0 to {SEED_MOST}",
    "--port": "from 1 to 65535",
    "--quarters": "from 1 to 400",
    "--replicate": UPWARDS.format(0),
    "--point": UPWARDS.format(0),
    "--mechanisms": UPWARDS.format(0),
}
"""What a whole number may be, where that is not from 1 upwards; said to who gives a word."""


NOT_THERE = (
    "this command needs the library {}, which is not installed here: "
    "python -m pip install council-partnering brings all libraries"
)
"""Said where somebody installed only what the page needs (docs/trainers.md)."""


class Commands(TyperGroup):
    """The commands, and what is said when one cannot go on."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """Return the commands in the order of use."""
        return sorted(super().list_commands(ctx), key=ORDER.index)

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]
        """Run a command; errors of a user are told in one line, without a traceback."""
        early.stop_in_order()
        early.WHOLE.clear()
        try:
            return super().invoke(ctx)
        except InputError as error:
            complain(f"Error: {error}")
            raise typer.Exit(INVALID) from None
        except typer.BadParameter as error:
            said = _no_number(error)
            if said is None:
                raise
            complain(f"Error: {said}")
            raise typer.Exit(INVALID) from None
        except USAGE as error:
            if "extra argument" in str(getattr(error, "message", "")):
                complain(_too_many_words(error))
            raise
        except ModuleNotFoundError as error:
            complain(f"Error: {NOT_THERE.format((error.name or '').partition('.')[0])}")
            raise typer.Exit(FAILED) from None
        except KeyboardInterrupt:
            complain(early.stopped())
            raise typer.Exit(early.STATUS) from None
        except RuntimeError as error:
            if type(error).__name__ != "WorkerDied":  # its module loads what --help must not
                raise
            complain(f"Error: {error}")
            raise typer.Exit(FAILED) from None


def _too_many_words(error: Exception) -> str:
    """Return what to say of more words than a command takes."""
    command = str(getattr(getattr(error, "ctx", None), "info_name", ""))
    return MANY_WORDS.format(command, TAKES.get(command, "no word but options"))


def _no_number(error: typer.BadParameter) -> str | None:
    """Return what to say of an option whose value is no number, None of any other mistake."""
    whole, value = _wanted(error)
    if error.param is None or value is None:
        return None
    option = error.param.opts[0]
    allowed = f"a whole number {RANGES.get(option, UPWARDS.format(1))}" if whole else "a number"
    return f"{option} is {value!r}: give {allowed}"


def _wanted(error: typer.BadParameter) -> tuple[bool, str | None]:
    """Return whether a whole number was wanted, and what was given in place of a number."""
    check = getattr(error.__context__, "errors", None)
    if check is not None:  # Typer checks with pydantic
        first = check()[0]
        number = first["type"] in ("int_parsing", "float_parsing")
        return first["type"] == "int_parsing", str(first["input"]) if number else None
    found = re.match(r"'(.*)' is not a valid (integer|float)", error.message)  # older ones
    return (False, None) if found is None else (found[2] == "integer", found[1])


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
InWorlds = Annotated[
    str | None,
    typer.Option(
        "--ensemble",
        metavar="NAME|FILE",
        help="In the worlds of an ensemble ('calibrated', or what councils calibrate wrote), two "
        "replicates in each; at the numbers as declared if not given.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Write JSON to stdout, and nothing else.")]

PlanName = Annotated[
    str,
    typer.Argument(
        metavar="PLAN",
        help="What to vary, how often: a plan's name (see: councils plans) or the path of a .toml.",
    ),
]
Over = Annotated[
    str | None,
    typer.Option(
        "--scenario", help="Lay the plan over this scenario (a name or a .toml), not its own."
    ),
]
Workers = Annotated[int, typer.Option(help="How many processes share the runs.")]
Out = Annotated[
    Path | None,
    typer.Option(
        "-o", "--out", metavar="DIR", help="Folder of the study; in results/ if not given."
    ),
]
OutOfResult = Annotated[
    Path | None,
    typer.Option(
        "-o", "--out", metavar="DIR", help="Folder of the result; in results/ if not given."
    ),
]
Boundaries = Annotated[
    Path | None,
    typer.Option(metavar="FILE.geojson", help="Outlines of councils to draw beneath the map."),
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
        from ...sim import __version__

        print(f"councils {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


def again(
    scenario: str, quarters: int | None, sets: list[str] | None, ensemble: str | None = None
) -> list[str]:
    """Return what another command needs to be about the same scenario: its name first."""
    further = [] if quarters is None else ["--quarters", str(quarters)]
    for text in sets or ():
        further += ["--set", text]
    return [scenario, *further, *([] if ensemble is None else ["--ensemble", ensemble])]


def load_and_tell(
    scenario: str,
    quarters: int | None,
    sets: list[str] | None,
    ensemble: str | None = None,
    replicate: int = 0,
) -> Loaded:
    """Return the scenario that a command is about, and say what is to be noted of it.

    A policy of the project is meant as its file stands, over the base that it names. With an
    ensemble it is the scenario in the world of the replicate.
    """
    from ..worlds import in_world

    loaded, _ = load_with_notes(scenario, quarters, sets)
    return in_world(worlds_asked(ensemble, loaded), loaded, loaded, replicate)


def worlds_asked(ensemble: str | None, loaded: Loaded) -> Worlds | None:
    """Return the worlds that a command is about, and say where they may not be what they seem."""
    from ..worlds import worlds_in

    found = worlds_in(ensemble)
    for note in () if found is None else found.notes(loaded):
        complain(f"Note: {note}")
    return found


def load_with_notes(
    scenario: str, quarters: int | None, sets: list[str] | None
) -> tuple[Loaded, list[str]]:
    """Return the same, with what was said of it."""
    from ...sim.declared.scenario import load
    from ..policies.finding import file_meant

    check_no_result(scenario)
    file = file_meant(scenario)
    loaded = load(file, sets=sets or (), quarters=quarters)
    return loaded, tell_undone(loaded, file, sets)


def check_no_result(scenario: str) -> None:
    """Refuse the folder of a result that is given in place of a scenario, with what shows it."""
    from ..stored.reading import holds_result, read_record
    from ..stored.record import WHAT

    if not scenario or not holds_result(Path(scenario)):
        return
    kind = read_record(Path(scenario)).kind
    tell = f", councils story {scenario} tells one of its runs" if kind == "run" else ""
    raise InputError(
        f"'{scenario}' is the folder of a {WHAT[kind]} and no scenario: councils report {scenario} "
        f"shows it{tell}; here give a scenario (councils scenarios lists them)"
    )


def tell_undone(
    loaded: Loaded,
    scenario: str | Path | Layers,
    sets: list[str] | None = None,
    *,
    told: set[str] | None = None,
) -> list[str]:
    """Say and return what is to be noted of a scenario.

    `scenario` is what it was loaded from. What is in `told` was said of another one already; what
    is said is added to it.
    """
    from ...sim.ready.notes import notes_of

    notes = notes_of(loaded, scenario, sets=sets or (), told=told)
    for note in notes:
        complain(f"Note on {loaded.name}: {note}")
    return notes


def tell_plan(plan: Plan) -> None:
    """Say the same of the scenario of a plan, and of its policies as they are laid over it."""
    from ..studies.notes import notes_on

    for note in notes_on(plan):
        complain(note)


def tell_boundaries(path: Path | None, loaded: Loaded) -> list[str]:
    """Say and return which councils have no outline in a file, if there is one.

    Raises:
        InputError: it is no file of outlines.
    """
    if path is None:
        return []
    from ..runs.illustrate import check_boundaries

    lacking = check_boundaries(path, loaded)
    if not lacking:
        return []
    complain(f"Note on {path}: {lacking}.")
    return [f"{path}: {lacking}."]


def check_luck(seed: int, replicate: int) -> None:
    """Refuse a seed or a replicate that is out of range."""
    check_seed(seed)
    check_least("--replicate", replicate, 0)


def check_seed(seed: int) -> None:
    """Refuse a seed that is out of range."""
    if not 0 <= seed <= SEED_MOST:
        raise InputError(f"--seed is {seed}: give a whole number from 0 to {SEED_MOST}")


def check_quarters(quarters: int | None) -> None:
    """Refuse less than one quarter, and more than there can be."""
    if quarters is None:
        return
    from ...sim.declared.scenario import (
        QUARTERS_MOST,  # here, since it loads what --help does without
    )

    if not 1 <= quarters <= QUARTERS_MOST:
        raise InputError(f"--quarters is {quarters}: give a whole number from 1 to {QUARTERS_MOST}")


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
