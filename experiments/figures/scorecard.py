"""A scorecard as a picture: a row an outcome, each on its own scale, a mark a policy."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .frame import BLUE, GREY, INK, SMALL, Note, make_frame, style_axes

OUTCOME, MARK, MARGIN = 0.72, 0.27, 1.9
"""Inches of the heading and scale of an outcome, of a mark in it, and of all that is neither."""
WIDE, LINE = 24, 92
"""Characters of the name of a policy, and of a heading."""
BESIDE = 1.02
"""Where the verdict stands, as a share of the width of the axes."""


class Mark(NamedTuple):
    """What one policy changes in one outcome: mean and interval; not a number without one."""

    name: str  # of the policy
    mean: float
    low: float
    high: float
    verdict: str


class Row(NamedTuple):
    """One outcome and what each policy changes in it."""

    title: str
    unit: str
    marks: Sequence[Mark]


def draw_scorecard(rows: Sequence[Row], note: Note, *, about: str) -> Figure:
    """Return a row an outcome; zero, which is no change, is a line through the middle of each."""
    many = max(len(row.marks) for row in rows)
    height = MARGIN + len(rows) * (OUTCOME + MARK * many)
    figure = make_frame("What the policies change, outcome by outcome", note, about, height=height)
    for axes, row in zip(figure.subplots(len(rows), 1, squeeze=False)[:, 0], rows, strict=True):
        style_axes(axes)
        heading = textwrap.fill(f"{row.title} ({row.unit})", LINE)
        axes.set_title(heading, loc="left", size=SMALL, color=INK)
        axes.axvline(0, color=GREY, linewidth=1)
        reach = _reach(row)
        axes.set_xlim(-reach, reach)
        axes.set_ylim(len(row.marks) - 0.4, -0.6)
        names = [textwrap.shorten(each.name, WIDE) for each in row.marks]
        axes.set_yticks(range(len(row.marks)), names, size=SMALL)
        for place, each in enumerate(row.marks):
            _draw_mark(axes, place, each)
    return figure


def _draw_mark(axes: Axes, place: int, each: Mark) -> None:
    axes.text(
        BESIDE, place, each.verdict, transform=axes.get_yaxis_transform(), va="center", size=SMALL,
        color=INK,
    )  # fmt: skip
    if np.isfinite([each.low, each.high]).all():
        axes.hlines(place, each.low, each.high, color=BLUE, linewidth=2.4)
        axes.plot(each.mean, place, marker="D", markersize=6, color=INK)
    elif np.isfinite(each.mean):  # hollow: its mean is not settled, or is the same in all
        axes.plot(each.mean, place, marker="D", markersize=6, markerfacecolor="none", color=INK)


def _reach(row: Row) -> float:
    values = [abs(value) for each in row.marks for value in each[1:4] if np.isfinite(value)]
    return 1.15 * max(values, default=0.0) or 1.0
