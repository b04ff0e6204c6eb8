"""A scorecard as a picture: a row an outcome, each on its own scale, a mark a policy."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from .frame import BLUE, GREY, INK, SMALL, Note, make_frame, style_axes

ROW, MARGIN = 0.62, 1.9
"""Inches of a row of one policy, and of all that is not rows."""
WIDE = 46
"""Characters of a heading."""


class Mark(NamedTuple):
    """What one policy changes in one outcome: mean and interval; not a number without one."""

    title: str
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
    height = MARGIN + len(rows) * (ROW + 0.16 * (many - 1)) * 1.5
    figure = make_frame("What the policies change, outcome by outcome", note, about, height=height)
    for axes, row in zip(figure.subplots(len(rows), 1, squeeze=False)[:, 0], rows, strict=True):
        style_axes(axes)
        axes.set_title("")
        axes.set_title(
            textwrap.fill(f"{row.title} ({row.unit})", 2 * WIDE), loc="left", size=SMALL, color=INK
        )
        axes.axvline(0, color=GREY, linewidth=1)
        reach = _reach(row)
        axes.set_xlim(-reach, reach)
        axes.set_ylim(len(row.marks) - 0.4, -0.6)
        axes.set_yticks(
            range(len(row.marks)),
            [f"{textwrap.shorten(each.title, WIDE)}\n{each.verdict}" for each in row.marks],
            size=SMALL,
        )
        for place, each in enumerate(row.marks):
            _draw_mark(axes, place, each)
    return figure


def _draw_mark(axes, place: int, each: Mark) -> None:  # type: ignore[no-untyped-def]
    if np.isfinite([each.low, each.high]).all():
        axes.hlines(place, each.low, each.high, color=BLUE, linewidth=2.4)
        axes.plot(each.mean, place, marker="D", markersize=6, color=INK)
    elif np.isfinite(each.mean):  # hollow: its mean is not settled, or is the same in all
        axes.plot(
            each.mean, place, marker="D", markersize=6, markerfacecolor="none", color=INK
        )


def _reach(row: Row) -> float:
    values = [abs(value) for each in row.marks for value in each[1:4] if np.isfinite(value)]
    return 1.15 * max(values, default=0.0) or 1.0
