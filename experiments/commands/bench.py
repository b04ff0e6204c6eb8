"""The command that measures how fast the engine is."""

from __future__ import annotations

import sys

from experiments.commands.app import Json, app


@app.command()
def bench(as_json: Json = False) -> None:
    """Time the engine against the plain model, here and now; takes some minutes."""
    from experiments.bench import bench as measure
    from experiments.bench import show_bench

    found = measure(lambda doing: print(doing, file=sys.stderr))
    show_bench(found, as_json=as_json)
