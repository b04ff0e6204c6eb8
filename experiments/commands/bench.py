"""The command that measures how fast the engine is."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from .app import Json, app

Quick = Annotated[
    bool,
    typer.Option("--quick", help="Half a minute instead of minutes; too short to quote."),
]


@app.command()
def bench(quick: Quick = False, as_json: Json = False) -> None:
    """Time the engine against the plain model, here and now; takes some minutes."""
    from ..bench import FULL, QUICK, bench as measure
    from ..bench.shown import show_bench

    found = measure(lambda doing: print(doing, file=sys.stderr), QUICK if quick else FULL)
    show_bench(found, as_json=as_json)
