"""How far policies differ from a base from quarter to quarter: the mean and its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from .frame import BLUE, GREY, Note, label_amounts, make_frame, style_axes


class Line(NamedTuple):
    """A difference over time; not a number where it has no value or no interval."""

    title: str
    years: np.ndarray  # calendar years with fractions, at the end of each quarter
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


def draw_course(lines: Sequence[Line], note: Note, *, unit: str, about: str) -> Figure:
    """Return a panel a policy: the difference at the end of each quarter, and where it is zero."""
    figure = make_frame(
        "How the difference moves over time", note, about, height=2.1 + 2.2 * len(lines)
    )
    rows = figure.subplots(len(lines), 1, sharex=True, squeeze=False)[:, 0]
    for axes, line in zip(rows, lines, strict=True):
        style_axes(axes, title=line.title, wrap=90)
        axes.axhline(0, color=GREY, linewidth=1)
        axes.vlines(line.years, line.low, line.high, color=BLUE, alpha=0.35, linewidth=2.2)
        axes.plot(line.years, line.mean, color=BLUE, linewidth=2.2)
        label_amounts(axes, unit)
    return figure
