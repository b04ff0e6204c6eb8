"""The founding story: what becomes of talks between South Norfolk and Breckland."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from ..estimates import share_of
from ..vignette import COLLAPSE_TARGET, REMATCH_TARGET, WITHIN, Vignette, vignette
from .frame import (
    BLUE,
    GREY,
    INK,
    RED,
    SMALL,
    FigureTables,
    Note,
    label_axes,
    make_frame,
    runs_in,
    say_nothing_to_draw,
    style_axes,
    tell_runs,
)

MEANS = (
    "Black lines: 95% intervals for a share (Wilson). Counted: the first talks in a run between "
    "the two about a shared chief executive, shared management or merger; and deals about the same "
    "that Breckland then signs with others."
)
BEHIND = {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85}
YEARS = WITHIN / 4
TITLE = "South Norfolk and Breckland: talks, collapse, and what comes next"


def draw_first_contact(tables: FigureTables, note: Note) -> Figure:
    """Return how the couple's talks end, and how soon Breckland finds another partner."""
    last = int(tables.quarters["quarter"].max()) if len(tables.quarters) else None
    counts = vignette(tables.events, last_quarter=last)
    foot = tell_runs(tables.quarters, note, MEANS, across_runs=False)
    if counts.cut_short:
        foot += (
            f" Collapses in the last {YEARS:g} years of a run, which count as no new partner "
            f"unless one was found by then: {counts.cut_short} of {counts.collapsed}."
        )
    foot += _causes(counts)
    runs = len(runs_in(tables.quarters))
    figure = make_frame(TITLE, note, foot, height=6.3)
    ends, rematch = figure.subplots(1, 2, width_ratios=(1.0, 1.15))
    title = f"They talk in {counts.talked:,} of {runs:,} runs."
    style_axes(ends, title=title + ("\nThe talks …" if counts.talked else ""), wrap=40)
    style_axes(rematch, title="Breckland finds another partner after a collapse", wrap=32)
    for axes in (ends, rematch):
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.set_ylim(0, 1.3)  # room above for the key, which no interval reaches
        axes.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    if counts.talked:
        _draw_ends(ends, counts)
    else:
        say_nothing_to_draw(ends, "In no run do the two talk about shared management.")
    if counts.collapsed:
        _draw_rematch(rematch, counts)
    else:
        say_nothing_to_draw(rematch, "No talks between the two collapse.")
    return figure


def _causes(counts: Vignette) -> str:
    """Return who ended the talks that collapsed, and how often over what they named in life."""
    jilted = counts.collapsed - counts.left
    if not counts.collapsed:
        return ""
    return (
        f" Of {counts.collapsed} collapses {counts.over_culture} are over culture and trust; in "
        f"{counts.left} Breckland itself walks away, and in the other {jilted} it finds another "
        f"partner in time {counts.found_another} times."
    )


def _draw_ends(axes: Axes, counts: Vignette) -> None:
    bars = (
        ("collapse", counts.collapsed, RED, "////"),
        ("are signed", counts.signed, BLUE, ""),
        ("go on or\nend otherwise", counts.other, GREY, "...."),
    )
    for place, (_, number, colour, hatch) in enumerate(bars):
        share, low, high = share_of(number, counts.talked)
        axes.bar(place, share, width=0.62, color=colour, hatch=hatch, edgecolor="white")
        axes.vlines(place, low, high, color=INK, linewidth=1.8)
        words = f"{share:.0%}\n({number:,})"
        axes.annotate(
            words, (place, high), xytext=(0, 3), textcoords="offset points", size=SMALL,
            ha="center", va="bottom", color=INK, bbox=BEHIND, zorder=6,
        )  # fmt: skip
    axes.set_xlim(-0.5, len(bars) - 0.5)
    axes.set_xticks(range(len(bars)), [words for words, *_ in bars], size=SMALL)
    label_axes(axes, y="share of runs in which they talk")
    _draw_target(axes, COLLAPSE_TARGET)


def _draw_rematch(axes: Axes, counts: Vignette) -> None:
    quarters = range(WITHIN + 1)
    intervals = [share_of(number, counts.collapsed) for number in counts.rematched]
    shares, low, high = zip(*intervals, strict=True)
    axes.vlines(quarters, low, high, color=INK, linewidth=1.5)
    axes.plot(quarters, shares, marker="o", markersize=6, color=BLUE, linewidth=2.2)
    words = f"{shares[-1]:.0%}\n({counts.rematched[-1]:,} of {counts.collapsed:,})"
    axes.annotate(
        words, (WITHIN + 0.3, high[-1]), xytext=(0, 3), textcoords="offset points", size=SMALL,
        ha="right", va="bottom", color=INK, bbox=BEHIND, zorder=6,
    )  # fmt: skip
    axes.set_xlim(-0.5, WITHIN + 0.5)
    ticks = list(quarters)[::2]
    axes.set_xticks(ticks, [*map(str, ticks[:-1]), f"{WITHIN}\n({YEARS:g} years)"])
    label_axes(axes, x="quarters since the collapse", y="share of the collapsed")
    _draw_target(axes, REMATCH_TARGET)


def _draw_target(axes: Axes, share: float) -> None:
    line = axes.axhline(share, color=INK, linewidth=1.4, linestyle=(0, (5, 3)))
    axes.legend(
        [line], [f"target: at least {share:.0%}"], loc="upper left", frameon=False, fontsize=SMALL,
        labelcolor=INK, handlelength=3.2, borderaxespad=0.1,
    )  # fmt: skip
