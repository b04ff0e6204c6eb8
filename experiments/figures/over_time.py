"""How the main outcomes move over time, one small panel each."""

from __future__ import annotations

from typing import Literal

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from .frame import (
    BLUE,
    DECLARED,
    INK,
    MIDDLE_BANDS,
    RED,
    SMALL,
    FigureTables,
    Note,
    draw_bands,
    label_amounts,
    make_frame,
    style_axes,
    summarise,
    tell_runs,
    use_years,
)

PANELS: tuple[tuple[str, ...], ...] = (
    ("services",),
    ("managements",),
    ("sharing",),
    ("talks",),
    ("gap", "expected_gap"),
    ("reserves",),
    ("net_saving",),
    ("trust",),
)
"""The measures of each panel; a second one is drawn dashed."""

COLUMNS = 3
LOOKS: tuple[tuple[str, Literal["-", "--"]], ...] = ((BLUE, "-"), (RED, "--"))


def draw_over_time(tables: FigureTables, note: Note) -> Figure:
    """Return small multiples of the main outcomes: mean, middle 50% and middle 90% of runs."""
    foot = tell_runs(tables.quarters, note, MIDDLE_BANDS)
    title = "How much councils share, and how their finances move"
    figure = make_frame(title, note, foot, height=8.4)
    grid = figure.subplots(-(-(len(PANELS) + 1) // COLUMNS), COLUMNS, squeeze=False).ravel()
    for axes, names in zip(grid, PANELS, strict=False):
        _draw_panel(axes, tables, names)
    for axes in grid[len(PANELS) :]:
        axes.set_axis_off()
    _draw_key(grid[len(PANELS)])
    return figure


def _draw_panel(axes: Axes, tables: FigureTables, names: tuple[str, ...]) -> None:
    measures = [DECLARED[name] for name in names]
    for measure, (colour, line) in zip(measures, LOOKS, strict=False):
        table = summarise(tables.quarters, measure.name)
        draw_bands(axes, table, colour=colour, line=line, inner=len(names) == 1)
    words = [measure.title for measure in measures]
    style_axes(axes, title=" and ".join([words[0], *(word.lower() for word in words[1:])]))
    use_years(axes, 4)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
    label_amounts(axes, measures[0].unit)
    if len(names) > 1:
        lines = [Line2D([], [], color=colour, linestyle=line, lw=2.2) for colour, line in LOOKS]
        low, high = axes.get_ylim()
        axes.set_ylim(low, high + 0.4 * (high - low))  # room for the key
        axes.legend(lines, words, fontsize=SMALL, frameon=False, loc="upper left", handlelength=1.8)


def _draw_key(axes: Axes) -> None:
    line = Line2D([], [], color=BLUE, linewidth=2.2)
    half = Patch(facecolor=BLUE, alpha=0.42)
    most = Patch(facecolor=BLUE, alpha=0.14)
    edge = Line2D([], [], color=BLUE, linewidth=0.9, linestyle=":")
    handles: list[Artist | tuple[Artist, ...]] = [line, half, (most, edge)]
    words = ["mean of the runs", "middle 50% of runs", "middle 90% of runs\n(dotted edges)"]
    axes.legend(
        handles, words, loc="center left", frameon=False, fontsize=SMALL, labelcolor=INK,
        title="In every panel", title_fontsize=SMALL, alignment="left",
    )  # fmt: skip
