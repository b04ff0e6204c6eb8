"""How far policies differ from a base from quarter to quarter: the mean and its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from .frame import BLUE, GREY, Note, label_amounts, make_frame, style_axes


class Path(NamedTuple):
    """A difference over time; not a number where it has no value or no interval."""

    title: str
    years: np.ndarray  # calendar years with fractions, at the end of each quarter
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


def draw_course(paths: Sequence[Path], note: Note, *, unit: str, about: str) -> Figure:
    """Return a panel a policy: the difference at the end of each quarter, and where it is zero."""
    figure = make_frame(
        "How the difference moves over time", note, about, height=2.1 + 2.2 * len(paths)
    )
    rows = figure.subplots(len(paths), 1, sharex=True, squeeze=False)[:, 0]
    for axes, path in zip(rows, paths, strict=True):
        style_axes(axes, title=path.title, wrap=90)
        axes.axhline(0, color=GREY, linewidth=1)
        axes.vlines(path.years, path.low, path.high, color=BLUE, alpha=0.35, linewidth=2.2)
        axes.plot(path.years, path.mean, color=BLUE, linewidth=2.2)
        label_amounts(axes, unit)
    return figure
