"""On which numbers a difference hangs, as a tornado: where each is low, and where it is high."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .frame import BLUE, GREY, INK, RED, SMALL, Note, make_frame, style_axes

MARGIN, HEADING, BAR = 2.0, 0.4, 0.5
"""Inches of all that is no bar, of the heading of a policy, and of a bar."""
WIDE = 38
"""Characters of what a number says."""


class Bar(NamedTuple):
    """The mean difference over worlds in which a number is low, and over those where it is high."""

    words: str  # what the number says, and its name
    low: float
    high: float


class Tornado(NamedTuple):
    """The numbers on which the difference of one policy hangs, the one that moves it most first."""

    title: str
    mean: float  # over all worlds
    bars: Sequence[Bar]


def draw_tornado(tornados: Sequence[Tornado], note: Note, *, measured: str, about: str) -> Figure:
    """Return a part a policy, in it a bar a number from its low to its high."""
    heights = [HEADING + BAR * len(each.bars) for each in tornados]
    figure = make_frame("On what the difference hangs", note, about, height=MARGIN + sum(heights))
    rows = figure.subplots(len(tornados), 1, sharex=True, squeeze=False, height_ratios=heights)
    for axes, each in zip(rows[:, 0], tornados, strict=True):
        _draw(axes, each)
    rows[-1, 0].set_xlabel(textwrap.fill(measured, 90), size=SMALL, color=INK)
    return figure


def _draw(axes: Axes, tornado: Tornado) -> None:
    style_axes(axes, title=tornado.title, wrap=90)
    axes.grid(visible=False)
    axes.axvline(0, color=GREY, linewidth=1)
    axes.axvline(tornado.mean, color=INK, linewidth=1, linestyle=":")
    for place, bar in enumerate(tornado.bars):
        for value, colour, hatch in ((bar.low, BLUE, ""), (bar.high, RED, "//")):
            axes.barh(place, value - tornado.mean, 0.6, tornado.mean, color=colour, hatch=hatch,
                      edgecolor="white")  # fmt: skip
    names = [textwrap.fill(bar.words, WIDE) for bar in tornado.bars]
    axes.set_yticks(range(len(names)), names, size=SMALL)
    axes.set_ylim(len(names) - 0.5, -0.5)
