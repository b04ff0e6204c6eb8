"""Figures from stored tables: each is a pure function from tables and a note to a Figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from matplotlib import rc_context
from matplotlib.figure import Figure

from ..durations import MEASURED
from . import over_time, savings
from .decisions import draw_decisions
from .first_contact import draw_first_contact
from .frame import DPI, FigureTables, Note
from .map import draw_map
from .over_time import draw_over_time
from .reasons import draw_reasons
from .savings import draw_savings
from .survival import draw_survival, survival_table

__all__ = ["ALL", "OF_QUARTER", "FigureTables", "Note", "draw_map", "survival_table", "write"]

ALL: dict[str, Callable[[FigureTables, Note], Figure]] = {
    "over_time": draw_over_time,
    "map": draw_map,
    "reasons": draw_reasons,
    "decisions": draw_decisions,
    "survival": draw_survival,
    "savings": draw_savings,
    "first_contact": draw_first_contact,
}
"""Every figure of a report, by the name of its file."""

OF_QUARTER = tuple(
    dict.fromkeys([
        *MEASURED, "date", *(name for panel in over_time.PANELS for name in panel),
        *(name for name, *_ in savings.YEARLY), savings.TOTAL,
    ])
)  # fmt: skip
"""The columns of a table of quarters that are drawn."""


def write(figures: Mapping[str, Figure], folder: Path) -> list[Path]:
    """Save each figure as PNG and SVG and return the files; the same figure gives the same SVG."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, figure in figures.items():
        png, svg = folder / f"{name}.png", folder / f"{name}.svg"
        figure.savefig(png, dpi=DPI)
        with rc_context({"svg.hashsalt": name}):
            figure.savefig(svg, metadata={"Date": None})
        written += [png, svg]
    return written
