"""Commands for the room: the page, and a run as one file to take home."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Annotated, Any

import typer

from ...sim.errors import InputError
from .app import (
    DEFAULT_SCENARIO,
    SEED_MOST,
    Boundaries,
    InWorlds,
    Replicate,
    Scenario,
    Seed,
    app,
    check_luck,
    check_no_result,
    complain,
    tell_undone,
    worlds_asked,
)

HERE, EVERYWHERE = "127.0.0.1", "0.0.0.0"
BROADEST = ("england", "england-districts")
"""Scenarios whose outlines are kept too, since a room may go on to them from any other."""

Host = Annotated[
    str | None,
    typer.Option(
        help="This computer only, unless another address is given: 0.0.0.0 opens the page to the "
        "network, to whoever has its address with the token. --room does so too."
    ),
]
Room = Annotated[
    bool,
    typer.Option("--room", help="Let phones take part: they look, bet, and are a council."),
]
SeedOrFamous = Annotated[
    int | None,
    typer.Option(help=f"Decides every draw: 0 to {SEED_MOST}; 1 if not given.", show_default=False),
]
ReplicateOrFamous = Annotated[
    int | None,
    typer.Option(
        help="Which of the runs of that seed; 0 if not given, and of norfolk without a seed the "
        "one that tells the founding story.",
        show_default=False,
    ),
]


@app.command()
def page(
    scenario: Scenario = DEFAULT_SCENARIO,
    seed: SeedOrFamous = None,
    replicate: ReplicateOrFamous = None,
    ensemble: InWorlds = None,
    port: Annotated[
        int | None, typer.Option(help="Where to listen; 8642 or any free one if not given.")
    ] = None,
    host: Host = None,
    room: Room = False,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Do not open a browser.")
    ] = False,
    boundaries: Boundaries = None,
    lesson: Annotated[
        Path | None, typer.Option(metavar="FILE.toml", help="A lesson of your own to start with.")
    ] = None,
    policy: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="P2.toml",
            help="A scenario of your own to put beside it; may be given several times.",
        ),
    ] = None,
) -> None:
    """Watch a run with a room, understand it, and argue about what to try next."""
    seed, replicate = _luck(seed, replicate, ensemble)
    if port is not None and not 1 <= port <= 65535:
        raise InputError(f"--port is {port}: give a whole number from 1 to 65535")
    scenario, *_ = _told(scenario, *map(str, policy or []))
    _page().serve(
        scenario,
        seed=seed,
        host=host or (EVERYWHERE if room else HERE),
        room=room,
        port=port,
        browser=not no_browser,
        lesson=lesson,
        policies=sorted((Path(__file__).parents[1] / "policies").glob("*.toml")),
        own=policy or [],
        outlines=_outlines(boundaries, scenario, *BROADEST),
        replicate=replicate,
        worlds=_worlds(ensemble, scenario, replicate or 0),
    )


def _luck(
    seed: int | None, replicate: int | None, ensemble: str | None
) -> tuple[int | None, int | None]:
    """Return seed and replicate as they are asked for; of worlds there is no famous run."""
    check_luck(1 if seed is None else seed, replicate or 0)
    return (seed, replicate) if ensemble is None else (1 if seed is None else seed, replicate or 0)


@app.command()
def replay(
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE.html", help="File to write.")],
    scenario: Scenario = DEFAULT_SCENARIO,
    seed: Seed = 1,
    replicate: Replicate = 0,
    policy: Annotated[
        str | None,
        typer.Option(metavar="P2.toml", help="Another scenario, shown beside it on the same luck."),
    ] = None,
    ensemble: InWorlds = None,
    boundaries: Boundaries = None,
) -> None:
    """Write one run as one file that plays in any browser, without this program."""
    check_luck(seed, replicate)
    from ..terminal import say

    scenario, *others = _told(scenario, *filter(None, [policy]))
    size = _page().replay(
        scenario,
        seed=seed,
        replicate=replicate,
        out=out,
        policy=others[0] if others else None,
        outlines=_outlines(boundaries, scenario),
        worlds=_worlds(ensemble, scenario, replicate),
    )
    say(f"Wrote {out} ({size / 1000:,.0f} kB): open it in any browser.")


def _told(*names: str) -> list[str]:
    """Return the names or files that are meant by some names; say what is to be noted of them."""
    from ...sim.declared.scenario import load
    from ..policies.finding import file_meant

    for each in names:
        check_no_result(each)
    files, told = [file_meant(each) for each in names], set[str]()
    for file in files:
        tell_undone(load(file), file, told=told)
    return files


def _worlds(ensemble: str | None, scenario: str, replicate: int) -> Any:
    """Return the worlds in which the page shows scenarios, that of the replicate first."""
    from ...sim.declared.scenario import load
    from .worlds_of_page import worlds_of_page

    worlds = worlds_asked(ensemble, load(scenario))
    return None if worlds is None else worlds_of_page(worlds, replicate)


def _page() -> Any:
    """Return the page's own commands; loaded by name, since nothing else here needs the page."""
    return importlib.import_module("...sim.page.command", __package__)


def _outlines(path: Path | None, *scenarios: str) -> dict[str, Any]:
    """Return the outlines of councils by code: rings of points in km, to the nearest 100 m."""
    if path is None:
        return {}
    import pandas as pd

    from ...sim.ready.kept import prepared
    from ..figures.boundaries import read_outlines, without_outline

    tables = [prepared(scenario).table for scenario in dict.fromkeys(scenarios)]
    places = pd.concat(
        pd.DataFrame({"code": table.code, "x_km": table.x, "y_km": table.y}) for table in tables
    ).drop_duplicates("code")
    try:
        found = read_outlines(path, places)
    except OSError as error:
        raise InputError(f"'{path}' cannot be read ({error.strerror}): check the path") from None
    except ValueError as error:
        raise InputError(str(error)) from None
    first = tables[0]
    lacking = without_outline(found, pd.DataFrame({"code": first.code, "name": first.name}))
    if lacking:
        complain(f"Note on {path}: {lacking}.")
    return {
        code: [_thinned(ring.round(1).tolist()) for ring in rings] for code, rings in found.items()
    }


def _thinned(points: list[list[float]]) -> list[list[float]]:
    """Return a ring without points that fall on the one before."""
    return [point for k, point in enumerate(points) if k == 0 or point != points[k - 1]]
