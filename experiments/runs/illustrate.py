"""The figures of a result, drawn from its stored tables and from the councils of its scenario."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from ...sim.declared.catalogue import DEEP
from ...sim.declared.scenario import Scenario
from ...sim.errors import InputError
from .. import figures
from ..durations import KNOWN
from ..figures.boundaries import read_outlines, without_outline
from ..figures.reasons import PANELS
from ..stored.events import Kept, tables_kept
from ..stored.folder import FIGURES
from ..stored.tables import read_table
from ..vignette import COUPLE, TOLD_BY
from .places import starting_councils

OF_EVENT = ("replicate", "quarter", "kind", "council", "other", "agreement", "scope", "reason")
"""What of an event is drawn."""
MADE_FROM = {
    "map": "pairs", "reasons": "events", "decisions": "decisions", "survival": "agreements",
    "first_contact": "events",
}  # fmt: skip
"""The table without which a figure cannot be drawn, where that is not there of every result."""


def illustrate(
    folder: Path, scenario: Scenario, *, seed: int, boundaries: Path | None, kept: Kept
) -> None:
    """Draw every figure that suits the scenario into the folder's own folder of figures.

    `kept` is how much of its events the result keeps.
    """
    known = tables_kept(kept)
    councils, adjacency = starting_councils(scenario)
    couple = set(COUPLE) <= set(councils["code"])
    tables = _read(folder, known, councils, adjacency, couple=couple)
    note = figures.Note(
        title=scenario.title or scenario.name,
        runs=tables.quarters["replicate"].nunique(),
        seed=seed,
        first=scenario.start,
        last=scenario.first_day(scenario.quarters - 1),
    )
    drawing = figures.ALL | {"map": partial(figures.draw_map, boundaries=boundaries)}
    if not couple:
        del drawing["first_contact"]
    for name, draw in drawing.items():
        if MADE_FROM.get(name, "quarters") in known:
            figures.write({name: draw(tables, note)}, folder / FIGURES)


def _read(
    folder: Path, known: tuple[str, ...], councils: pd.DataFrame, adjacency: pd.DataFrame, *,
    couple: bool,
) -> figures.FigureTables:  # fmt: skip
    """Return what is drawn on; of events only those that are, so that many fit in memory."""

    wanted: list[Any] = [[("kind", "in", [kind for kind, *_ in PANELS])]]
    if couple:
        wanted.append([("kind", "in", list(TOLD_BY)), ("scope", "in", list(DEEP))])

    def table(name: str, names: Sequence[str] | None = None, rows: Any = None) -> pd.DataFrame:
        path = folder / f"{name}.parquet"
        return read_table(path, names, rows) if name in known else pd.DataFrame()

    return figures.FigureTables(
        quarters=table("quarters", figures.OF_QUARTER),
        events=table("events", OF_EVENT, wanted),
        agreements=table("agreements", KNOWN),
        pairs=table("pairs"),
        councils=councils,
        decisions=table("decisions"),
        adjacency=adjacency,
    )


def check_boundaries(path: Path, scenario: Scenario) -> str:
    """Return in words which councils of a scenario have no outline in a file; nothing for none.

    Raises:
        InputError: the file cannot be drawn beneath the map of the scenario.
    """
    if not path.is_file():
        what = "it is a folder" if path.is_dir() else "check the path"
        raise InputError(f"there is no file of boundaries '{path}': {what}")
    councils = starting_councils(scenario)[0]
    try:
        return without_outline(read_outlines(path, councils), councils)
    except OSError as error:
        raise InputError(f"'{path}' cannot be read ({error.strerror}): check its rights") from None
    except ValueError as error:
        raise InputError(str(error)) from None
