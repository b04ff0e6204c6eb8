"""The common look of every figure: size, colours, title, and the note that says what was run."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, cast

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ...sim.declared.measures import MEASURES, Measure

WIDTH = 8.54
"""Inches: 1281 pixels at DPI, the width of a small projector."""
DPI = 150
SMALL, PLAIN, LARGE = 11.0, 12.0, 14.5
"""Sizes of type in points; nothing is smaller than SMALL."""
LINE_CHARACTERS = 102
"""Characters of SMALL type that fit in WIDTH."""

INK, GREY, PALE = "#222222", "#6b6b6b", "#d0d0d0"
BLUE, RED, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
"""From the palette of Okabe and Ito, which colour-blind readers can tell apart."""

DECLARED: dict[str, Measure] = {measure.name: measure for measure in MEASURES}

MILLIONS, THOUSAND = "million pounds", 1000.0
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
BANDS = "Line: mean of the runs; darker band: middle 50% of runs; lighter band with dotted edges: "
MIDDLE_BANDS = BANDS + "middle 90% of runs."


class FigureTables(NamedTuple):
    """What a figure may draw on: the tables of one stored set of runs."""

    quarters: pd.DataFrame  # a row a replicate and quarter, a column a measure
    events: pd.DataFrame  # a row an event
    agreements: pd.DataFrame  # a row an agreement that was signed, or stood at the start
    pairs: pd.DataFrame  # a row a pair and scope: probabilities over the replicates
    councils: pd.DataFrame  # a row a council, as at the start
    decisions: pd.DataFrame  # a row a run and kind of decision: sums of what was weighed
    adjacency: pd.DataFrame | None = None  # a row a touching pair


class Note(NamedTuple):
    """What was run, for the note beneath every figure."""

    title: str
    runs: int
    seed: int
    first: date
    last: date


def make_frame(title: str, note: Note, foot: str, *, height: float, key: float = 0.0) -> Figure:
    """Return an empty figure with its title and foot, and a layout that keeps clear of both.

    `key` is the room in inches that is left for a key above the foot, see `draw_key`.
    """
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    lines = textwrap.wrap(foot, LINE_CHARACTERS)
    figure.text(0.012, 1 - 0.08 / height, title, size=LARGE, weight="bold", va="top", color=INK)
    figure.text(0.012, 1 - 0.37 / height, note.title, size=PLAIN, va="top", color=GREY)
    figure.text(
        0.012, 0.08 / height, "\n".join(lines), size=SMALL, va="bottom", color=INK, linespacing=1.15
    )
    bottom = (0.18 + 0.18 * len(lines) + key) / height
    top = 0.66 / height
    figure.set_layout_engine("constrained", rect=(0.0, bottom, 1.0, 1 - bottom - top))
    return figure


def tell_runs(quarters: pd.DataFrame, note: Note, means: str, *, across_runs: bool = True) -> str:
    """Return the note of a figure: period, number of runs, seeds, and what its intervals mean.

    `across_runs` says that the intervals come from differences between runs.
    """
    found = runs_in(quarters)
    runs = f"{len(found)} run" + ("s" if len(found) > 1 else "")
    if len(found) != note.runs:
        runs = f"{len(found)} of {note.runs} runs (the others failed)"
    replicates = f"replicates {found.min()} to {found.max()}"
    if len(found) == 1:
        replicates = f"replicate {found.min()}"
        means += " With one run, the intervals have no width." if across_runs else ""
    period = f"{name_quarter(note.first)} to {name_quarter(note.last)}"
    return f"{period}; {runs}, seed {note.seed}, {replicates}. {means}"


def runs_in(quarters: pd.DataFrame) -> np.ndarray:
    """Return the replicates that were observed, sorted; a run without events counts as a run."""
    found = np.unique(quarters["replicate"].to_numpy())
    if found.size == 0:
        raise ValueError(
            "quarters: the table has no row, so there is no run to draw. A figure needs at least "
            "one finished run; look at the errors of the runs that failed."
        )
    return found


def name_quarter(first_day: date) -> str:
    """Return a quarter in words: 'Apr-Jun 2009'."""
    month = first_day.month - 1
    return f"{MONTHS[month]}-{MONTHS[(month + 2) % 12]} {first_day.year}"


def style_axes(axes: Axes, *, title: str = "", wrap: int = 26) -> None:
    """Give axes the common look: no box, a pale grid behind, type that can be read from afar."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(GREY)
    axes.tick_params(labelsize=SMALL, color=GREY, labelcolor=INK)
    axes.grid(axis="y", color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)
    lines = [textwrap.fill(line, wrap) for line in title.splitlines()]
    axes.set_title("\n".join(lines), size=PLAIN, loc="left", color=INK)


def label_axes(axes: Axes, *, x: str = "", y: str = "") -> None:
    """Write what the axes show, with its unit."""
    axes.set_xlabel(x, size=SMALL, color=INK)
    axes.set_ylabel(y, size=SMALL, color=INK)


def label_amounts(axes: Axes, unit: str, *, billions: bool = True) -> None:
    """Write the unit at the y axis, and its numbers as one reads them: 12,000, not 12000.

    Thousands of millions become billions, unless not wanted. Call it when what is drawn is final.
    """
    ticks = np.asarray(axes.get_yticks(), dtype=float)
    large = billions and unit.startswith(MILLIONS) and np.abs(ticks).max() >= THOUSAND
    axes.set_ylabel(unit.replace("million", "billion", int(large)), size=SMALL, color=INK)
    size = THOUSAND if large else 1.0
    digits = max(len(f"{tick / size:.4f}".rstrip("0").partition(".")[2]) for tick in ticks)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: amount(value / size, digits)))


def amount(value: float, digits: int) -> str:
    """Return a number with thousands set apart and a true minus sign, none before a zero."""
    return f"{round(value, digits) + 0.0:,.{digits}f}".replace("-", "\N{MINUS SIGN}")


def use_years(axes: Axes, ticks: int) -> None:
    """Mark whole years, at most about `ticks` of them."""
    axes.xaxis.set_major_locator(MaxNLocator(nbins=ticks, integer=True, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter("{x:.0f}")


def summarise(quarters: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return mean and quantiles of a measure over the runs: a row a quarter.

    Columns: year (decimal), mean, q05, q25, q75, q95. Runs where the measure has no value (no
    partners, so no trust between partners) are left out of that quarter.
    """
    grouped = quarters.groupby("date")[name]
    days = pd.DatetimeIndex(pd.to_datetime(pd.Index(grouped.groups.keys()))).sort_values()
    years = np.asarray(days.year) + (np.asarray(days.month) - 1) / len(MONTHS)
    columns = {"year": years, "mean": grouped.mean().to_numpy()}
    for percent in (5, 25, 75, 95):
        columns[f"q{percent:02d}"] = grouped.quantile(percent / 100).to_numpy()
    return pd.DataFrame(columns)


def draw_bands(axes: Axes, table: pd.DataFrame, *, colour: str, line: str, inner: bool) -> None:
    """Draw a mean line and the bands of `summarise`; edges tell the bands apart without colour.

    Bands without width (a single run) are left out: their edges would blur the line.
    """
    year = table["year"]
    axes.plot(year, table["mean"], color=colour, linewidth=2.2, linestyle=line)
    if table["q05"].equals(table["q95"]):
        return
    axes.fill_between(year, table["q05"], table["q95"], color=colour, alpha=0.14, linewidth=0)
    for edge in ("q05", "q95"):
        axes.plot(year, table[edge], color=colour, linewidth=0.9, linestyle=":")
    if inner:
        axes.fill_between(year, table["q25"], table["q75"], color=colour, alpha=0.30, linewidth=0)


class LineEnd(NamedTuple):
    """The last point of a line, with the words that name the line."""

    x: float
    y: float
    words: str
    colour: str


def label_ends(axes: Axes, ends: Sequence[LineEnd]) -> None:
    """Name lines at their right ends, outside the axes, moved apart where they would overlap.

    Call it when the limits of the axes are final. Lines that have no value are not named.
    """
    figure = cast(Figure, axes.figure)
    figure.draw_without_rendering()  # so that the layout, and with it the height, is known
    known = sorted((end for end in ends if np.isfinite(end.y)), key=lambda end: end.y)
    low, high = axes.get_ylim()
    inches = axes.get_position().height * figure.get_figheight()
    point = (high - low) / (inches * 72)
    heights = [(1 + end.words.count("\n")) * SMALL * 1.45 * point for end in known]
    places = spread_apart([end.y for end in known], heights, low, high)
    for end, place in zip(known, places, strict=True):
        axes.annotate(
            end.words,
            (end.x, end.y),
            xytext=(1.03, (place - low) / (high - low)),
            textcoords="axes fraction",
            size=SMALL,
            va="center",
            color=end.colour,
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": end.colour,
                "linewidth": 0.7,
                "shrinkB": 0,
                "relpos": (0.0, 0.5),  # to where the words begin, not through other words
            },
        )


def spread_apart(
    wanted: Sequence[float], heights: Sequence[float], low: float, high: float
) -> list[float]:
    """Return places near the wanted ones (ascending) that keep the given heights apart."""
    places = list(wanted)
    for k in range(1, len(places)):
        places[k] = max(places[k], places[k - 1] + (heights[k] + heights[k - 1]) / 2)
    top = high
    for k in reversed(range(len(places))):
        places[k] = min(places[k], top - heights[k] / 2)
        top = places[k] - heights[k] / 2
    for k, height in enumerate(heights):
        places[k] = max(places[k], low + height / 2)
        low = places[k] + height / 2
    return places


def draw_key(figure: Figure, handles: Sequence[Artist]) -> None:
    """Draw a key of labelled handles in the room that `make_frame` left for it."""
    engine = figure.get_layout_engine()
    assert engine is not None
    bottom = engine.get()["rect"][1]
    figure.legend(
        handles=list(handles), loc="upper center", bbox_to_anchor=(0.5, bottom), frameon=False,
        ncols=len(handles), fontsize=SMALL, labelcolor=INK,
    )  # fmt: skip


def say_nothing_to_draw(axes: Axes, words: str, *, keep_names: bool = False) -> None:
    """Write plainly that there is nothing to draw, so that an empty panel is not a mystery.

    `keep_names` leaves the names of the rows, for a panel beside it that needs them.
    """
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.xaxis.set_visible(False)
    axes.yaxis.set_visible(keep_names)
    axes.tick_params(length=0)
    axes.text(
        0.5, 0.5, textwrap.fill(words, 30), transform=axes.transAxes, size=PLAIN, color=GREY,
        ha="center", va="center",
    )  # fmt: skip
