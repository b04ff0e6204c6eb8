"""How far policies differ from a base on the same luck: each replicate, the mean, its interval."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from .frame import (
    BLUE,
    GREY,
    INK,
    PALE,
    SMALL,
    Note,
    label_axes,
    make_frame,
    style_axes,
)

BINS = 41


class Shift(NamedTuple):
    """What a policy changes: the difference in each replicate, their mean and its interval."""

    title: str
    values: np.ndarray
    mean: float
    low: float
    high: float


def draw_differences(
    shifts: Sequence[Shift], note: Note, *, measured: str, matters: float, about: str,
    each: str = "replicates",
) -> Figure:  # fmt: skip
    """Return a row a policy; the grey band is what would not matter to anybody.

    `each` is of what there is one value: a replicate, or the mean of a world.
    """
    figure = make_frame("What the policies change", note, about, height=2.1 + 1.5 * len(shifts))
    rows = figure.subplots(len(shifts), 1, sharex=True, squeeze=False)[:, 0]
    known = np.concatenate([shift.values[np.isfinite(shift.values)] for shift in shifts])
    edges = np.linspace(min(known.min(), -matters), max(known.max(), matters), BINS)
    for axes, shift in zip(rows, shifts, strict=True):
        style_axes(axes, title=shift.title, wrap=90)
        axes.axvspan(-matters, matters, color=PALE, alpha=0.6, linewidth=0)
        axes.hist(shift.values[np.isfinite(shift.values)], edges, color=BLUE, alpha=0.75)
        axes.axvline(0, color=GREY, linewidth=1)
        top = axes.get_ylim()[1]
        axes.set_ylim(0, top * 1.35)
        axes.plot(shift.mean, top * 1.18, marker="D", markersize=8, color=INK)
        if np.isfinite([shift.low, shift.high]).all():
            axes.hlines(top * 1.18, shift.low, shift.high, color=INK, linewidth=2.4)
        label_axes(axes, y=each)
    rows[-1].set_xlabel(textwrap.fill(measured, 90), size=SMALL, color=INK)
    return figure
