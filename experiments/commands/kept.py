"""Commands about what is kept, of every kind: whether it can be trusted, one run, one page."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...sim.errors import InputError
from .app import FAILED, Json, app, check_least, check_seed, complain

if TYPE_CHECKING:
    from ..stored.record import Record


@app.command()
def verify(
    place: Annotated[
        str,
        typer.Argument(
            metavar="DIR|FILE.toml|LINK",
            help="The folder of a result, a file that the page wrote, or a link that it copied, "
            "in quotes.",
        ),
    ],
    sample: Annotated[int, typer.Option(help="How many runs to live again.")] = 20,
    seed: Annotated[int, typer.Option(help="Decides which.")] = 1,
    as_json: Json = False,
) -> None:
    """Live some runs of a result, or the run of a shared file or link, again; compare every bit."""
    check_least("--sample", sample, 1)
    check_seed(seed)
    from ..studies.shown import show_link, show_proof

    if "://" in place or place.startswith("#"):
        from ..ensembles.ensemble import CALIBRATED, find_ensemble
        from ..worlds import Worlds
        from .worlds_of_page import worlds_of_page

        # Loaded by name, since nothing else here needs the page.
        link = importlib.import_module("...sim.page.link", __package__)
        policies = sorted((Path(__file__).parents[1] / "policies").glob("*.toml"))
        worlds = worlds_of_page(Worlds(find_ensemble(CALIBRATED)))
        same = show_link(link.verify_link(place, policies, worlds), as_json=as_json)
    elif _shared(place):
        from ...sim.proof import verify_file

        same = show_proof(verify_file(Path(place)), as_json=as_json)
    else:
        same = _verify_folder(Path(place), sample, seed, as_json=as_json)
    if not same:
        raise typer.Exit(FAILED)


def _shared(place: str) -> bool:
    return place.endswith(".toml") and not Path(place).is_dir()


def _verify_folder(folder: Path, sample: int, seed: int, *, as_json: bool) -> bool:
    """Verify the result of a folder, of whatever kind; return whether all bits agree."""
    from ..reliving.shown import show_confirmed
    from ..stored.reading import read_record

    kind = read_record(folder).kind
    if kind == "study":
        from ..studies.shown import show_verdict
        from ..studies.verify import verify as check

        return show_verdict(check(folder, sample=sample, seed=seed), as_json=as_json)
    if kind == "sensitivity":
        from ..reliving.of_sensitivity import verify_sensitivity

        return show_confirmed(verify_sensitivity(folder), as_json=as_json)
    if kind in ("comparison", "scorecard"):
        from ..reliving.of_comparison import verify_comparison

        found = verify_comparison(folder, sample=sample, seed=seed)
        return show_confirmed(found, as_json=as_json)
    from ..reliving.of_run import verify_run

    return show_confirmed(verify_run(folder, sample=sample, seed=seed), as_json=as_json)


@app.command()
def repeat(
    place: Annotated[
        Path,
        typer.Argument(
            metavar="DIR|FILE.toml", help="The folder of a result, or a file that the page wrote."
        ),
    ],
    point: Annotated[
        int | None, typer.Option(help="Which point of a study, from 0.", show_default=False)
    ] = None,
    replicate: Annotated[
        int | None,
        typer.Option(help="Which replicate, from 0; the first if not given.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Live one run of a result again and show its outcomes, or the error that it raises."""
    from ..reliving.repeat import repeat_comparison, repeat_file, repeat_run
    from ..reliving.shown import show_repeated
    from ..stored.reading import read_record

    if _shared(str(place)):
        _refuse(place, "a shared file, which tells of one run",
                **{"--point": point, "--replicate": replicate})  # fmt: skip
        found = repeat_file(place)
        show_repeated(found, as_json=as_json)
        if not found.about["same"]:
            complain(f"This is not the run whose proof '{place}' holds: see councils verify.")
            raise typer.Exit(FAILED)
        return
    record = read_record(place)
    if record.kind in ("study", "sensitivity"):
        folder = place if record.kind == "study" else place.parent
        _repeat_of_study(folder, point, replicate or 0, as_json=as_json)
        return
    _refuse(place, f"{_named(record)}, which has no points", **{"--point": point})
    again = repeat_comparison if record.kind in ("comparison", "scorecard") else repeat_run
    show_repeated(again(place, record, replicate or 0), as_json=as_json)


def _named(record: Record) -> str:
    from ..stored.record import WHAT

    return f"a {WHAT[record.kind]}"


def _refuse(place: Path, what: str, **options: int | None) -> None:
    """Refuse options that do not go with a kind of result, by name."""
    for name, value in options.items():
        if value is not None:
            raise InputError(f"{name} does not go with '{place}': it is {what}. Leave {name} out")


def _repeat_of_study(folder: Path, point: int | None, replicate: int, *, as_json: bool) -> None:
    from ..studies.shown import show_run
    from ..studies.store import open_study
    from ..studies.verify import repeat as again

    if point is None:
        last = open_study(folder).size - 1
        raise InputError(f"'{folder}' is a study: say which point with --point, from 0 to {last}")
    show_run(folder, again(folder, point=point, replicate=replicate), as_json=as_json)


@app.command()
def report(
    place: Annotated[
        Path,
        typer.Argument(
            metavar="DIR|FILE.toml", help="The folder of a result, or a file that the page wrote."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="FILE.html",
                     help="DIR/report.html or FILE.html if not given."),
    ] = None,
    short: Annotated[
        bool, typer.Option("--short", help="For a committee: six printed pages at most.")
    ] = False,
    author: Annotated[
        str | None,
        typer.Option(metavar='"NAME, COUNCIL"', help="Who answers for the report; said in it."),
    ] = None,
    dated: Annotated[
        str | None,
        typer.Option("--date", metavar="YYYY-MM-DD", help="The date of the report; said in it."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a report that differs.")] = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Write one page about a result, for people: it opens anywhere and can be printed."""
    from ..reports.imprint import stamp
    from ..reports.report import report as write, show_report

    said = stamp(author, dated, short=short)
    show_report(write(place, out, force=force, said=said), as_json=as_json)
