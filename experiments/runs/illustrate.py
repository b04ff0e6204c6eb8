"""The figures of a result, drawn from its stored tables and from the councils of its scenario."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from ...sim.declared.scenario import Scenario
from ...sim.errors import InputError
from ...sim.story.decisions import NAMES_REASON
from .. import figures
from ..durations import KNOWN
from ..figures.boundaries import read_outlines, without_outline
from ..stored.folder import FIGURES
from ..stored.tables import columns_of, read_table
from ..vignette import COUPLE
from .places import starting_councils

FOR_REASONS = "because_"
"""Begins the columns of events that only decisions need; they are the larger part."""


def illustrate(folder: Path, scenario: Scenario, *, seed: int, boundaries: Path | None) -> None:
    """Draw every figure that suits the scenario into the folder's own folder of figures."""
    events = folder / "events.parquet"
    wanted = [name for name in columns_of(events) if not name.startswith(FOR_REASONS)]
    councils, adjacency = starting_councils(scenario)
    tables = figures.FigureTables(
        quarters=read_table(folder / "quarters.parquet"),
        events=read_table(events, wanted),
        agreements=read_table(folder / "agreements.parquet", KNOWN),
        pairs=read_table(folder / "pairs.parquet"),
        councils=councils,
        adjacency=adjacency,
        decisions=read_table(events, kinds=NAMES_REASON),
    )
    note = figures.Note(
        title=scenario.title or scenario.name,
        runs=tables.quarters["replicate"].nunique(),
        seed=seed,
        first=scenario.start,
        last=scenario.first_day(scenario.quarters - 1),
    )
    drawing = figures.ALL | {"map": partial(figures.draw_map, boundaries=boundaries)}
    if not set(COUPLE) <= set(councils["code"]):
        del drawing["first_contact"]
    for name, draw in drawing.items():
        figures.write({name: draw(tables, note)}, folder / FIGURES)


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
