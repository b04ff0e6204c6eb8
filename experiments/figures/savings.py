"""The three savings, always apart: what was promised, what is reported, what reaches the budget."""

from __future__ import annotations

import textwrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .frame import (
    BLUE,
    DECLARED,
    GREEN,
    GREY,
    INK,
    RED,
    FigureTables,
    LineEnd,
    Note,
    amount,
    draw_bands,
    label_amounts,
    label_axes,
    label_ends,
    make_frame,
    style_axes,
    summarise,
    tell_runs,
    use_years,
)

YEARLY: tuple[tuple[str, str, str], ...] = (
    ("promised", RED, "--"),
    ("reported", BLUE, "-."),
    ("true_saving", GREEN, "-"),
)
TOTAL = "net_saving"
MEANS = (
    "Line: mean of the runs; band with dotted edges: middle 90% of runs; darker band (net saving): "
    "middle 50% of runs. Numbers at the right: means in the last quarter."
)


def draw_savings(tables: FigureTables, note: Note) -> Figure:
    """Return promised, reported and true saving by year, and the net saving after all costs."""
    foot = tell_runs(tables.quarters, note, MEANS)
    figure = make_frame("What councils promise, report and really save", note, foot, height=7.6)
    yearly, total = figure.subplots(2, 1, sharex=True, height_ratios=(1.35, 1.0))
    ends = [_draw_measure(yearly, tables, *row, inner=False) for row in YEARLY]
    style_axes(yearly, title="Savings of the agreements in force", wrap=60)
    label_amounts(yearly, DECLARED[YEARLY[0][0]].unit, billions=False)
    ends_total = [_draw_measure(total, tables, TOTAL, INK, "-", inner=True)]
    style_axes(total, title=f"{DECLARED[TOTAL].title}: {DECLARED[TOTAL].why}", wrap=90)
    label_axes(total, x="year")
    label_amounts(total, DECLARED[TOTAL].unit, billions=False)
    for axes, names in ((yearly, ends), (total, ends_total)):
        axes.axhline(0, color=GREY, linewidth=1.0)
        use_years(axes, 8)
        axes.margins(x=0)
        label_ends(axes, names)
    return figure


def _draw_measure(
    axes: Axes, tables: FigureTables, name: str, colour: str, line: str, *, inner: bool
) -> LineEnd:
    table = summarise(tables.quarters, name)
    draw_bands(axes, table, colour=colour, line=line, inner=inner)
    last = table.iloc[-1]
    number = amount(float(last["mean"]), 1)
    words = textwrap.fill(f"{DECLARED[name].title}: {number}", 18)
    return LineEnd(float(last["year"]), float(last["mean"]), words, colour)
