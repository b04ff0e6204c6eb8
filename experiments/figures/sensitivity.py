"""How much is luck, which factors matter, and whether the study is large enough to say so."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from ..estimates import Estimate, Growth, LuckShare
from .frame import (
    BLUE,
    GREY,
    INK,
    PALE,
    RED,
    SMALL,
    LineEnd,
    Note,
    draw_key,
    label_axes,
    label_ends,
    make_frame,
    style_axes,
)

ROW = 0.42
"""Inches for each bar."""
NAME = 38
MARKS = ("o", "s", "^", "D", "v", "P", "X", "*", "<", ">")
HUES = (BLUE, RED, "#009E73", "#CC79A7", "#56B4E9", "#E69F00", INK)
BY_BOOTSTRAP = "Black lines: 95% intervals by bootstrap over points and replicates."


def draw_luck(shares: Mapping[str, LuckShare], note: Note, *, about: str) -> Figure:
    """Return how much of the variance of each outcome is luck; `shares` by the outcome's title."""
    foot = f"{about} {BY_BOOTSTRAP}"
    figure = make_frame("How much is luck", note, foot, height=2.2 + ROW * len(shares), key=0.35)
    axes = figure.subplots()
    _rows(axes, list(shares))
    for place, share in enumerate(shares.values()):
        luck = share.share
        if not np.isfinite(luck.value):
            axes.text(0.01, place, "the same in every run", size=SMALL, va="center", color=INK)
            continue
        axes.barh(place, luck.value, color=PALE, edgecolor=GREY, hatch="....", height=0.62)
        rest = 1 - luck.value
        axes.barh(place, rest, left=luck.value, color=BLUE, edgecolor="white", height=0.62)
        axes.hlines(place, luck.low, min(luck.high, 1), color=INK, linewidth=2.2)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    label_axes(axes, x="share of the variance over all runs")
    draw_key(figure, [
        _patch("luck: differs between runs of one point", PALE, "...."),
        _patch("the factors: differs between points", BLUE, ""),
    ])  # fmt: skip
    return figure


def draw_effects(
    names: Sequence[str],
    effects: Sequence[Estimate],
    dummy: Estimate,
    told: Sequence[bool],
    note: Note,
    *,
    title: str,
    measured: str,
    about: str,
) -> Figure:
    """Return the effect of each factor against what luck alone would give (the dummy)."""
    height = 2.4 + ROW * (len(names) + 1)
    figure = make_frame(title, note, about, height=height, key=0.35)
    axes = figure.subplots()
    order = sorted(range(len(names)), key=lambda k: (not told[k], -effects[k].value))
    _rows(axes, [*(names[k] for k in order), "dummy: nothing but luck"])
    if np.isfinite(dummy.high):
        axes.axvspan(min(dummy.low, 0.0), dummy.high, color=PALE, alpha=0.55, linewidth=0)
    for place, k in enumerate(order):
        _bar(axes, place, effects[k], told=told[k])
    _bar(axes, len(order), dummy, told=False)
    axes.axvline(0, color=GREY, linewidth=0.8)
    label_axes(axes, x=measured)
    draw_key(figure, [
        _patch("told apart from noise", BLUE, ""),
        _patch("not told apart from noise", "white", "////"),
        _patch("what luck alone gives", PALE, ""),
    ])  # fmt: skip
    return figure


def draw_convergence(
    names: Sequence[str],
    told: Sequence[bool],
    steps: Sequence[Growth],
    note: Note,
    *,
    measured: str,
    size: str,
    about: str,
) -> Figure:
    """Return how estimates settle as the study grows; `size` says what grows.

    What is not told apart from noise is drawn in grey, under one name.
    """
    figure = make_frame("Is the study large enough?", note, about, height=5.6)
    axes = figure.subplots()
    style_axes(axes)
    sizes, ends = [step.points for step in steps], []
    for k, name in enumerate(names):
        found = [step.estimates[k] for step in steps]
        hue, mark = (HUES[k % len(HUES)], MARKS[k % len(MARKS)]) if told[k] else (GREY, ".")
        middle = [each.value for each in found]
        axes.plot(sizes, middle, marker=mark, markersize=7, color=hue, linewidth=1.6)
        if told[k]:
            ends.append(LineEnd(sizes[-1], middle[-1], textwrap.fill(name, 24), INK))
        low, high = [each.low for each in found], [each.high for each in found]
        axes.fill_between(sizes, low, high, color=hue, alpha=0.08, linewidth=0)
    if not all(told):
        last = [e.value for e, tell in zip(steps[-1].estimates, told, strict=True) if not tell]
        words = f"{len(last)} not told apart from noise, one the dummy"
        ends.append(LineEnd(sizes[-1], float(np.mean(last)), textwrap.fill(words, 24), GREY))
    axes.set_xscale("log")
    axes.set_xticks(sizes, [f"{each:,}" for each in sizes], size=SMALL)
    axes.minorticks_off()
    axes.set_xlim(sizes[0] * 0.9, sizes[-1] * 1.05)
    label_axes(axes, x=size, y=measured)
    label_ends(axes, ends)
    return figure


class ChangeRow(NamedTuple):
    """A row of a figure: its words, and a change with its interval."""

    words: str
    change: Estimate


def draw_changes(
    groups: Mapping[str, Sequence[ChangeRow]], note: Note, *, measured: str, about: str
) -> Figure:
    """Return changes with their intervals against zero; `groups` by what they belong to."""
    rows = [(name, row) for name, found in groups.items() for row in found]
    height = 2.0 + 0.36 * len(rows) + 0.34 * len(groups)
    figure = make_frame("What changes", note, about, height=height)
    axes = figure.subplots()
    names: list[str] = []
    places: list[int] = []
    for name, found in groups.items():
        names += [name, *(row.words for row in found)]
        places += range(len(names) - len(found), len(names))
    _rows(axes, names)
    for tick, k in zip(axes.get_yticklabels(), range(len(names)), strict=True):
        tick.set_fontweight("normal" if k in places else "bold")
    for place, (_, row) in zip(places, rows, strict=True):
        sure = row.change.low > 0 or row.change.high < 0
        axes.hlines(place, row.change.low, row.change.high, color=INK, linewidth=2)
        axes.plot(row.change.value, place, marker="o", markersize=8, color=BLUE,
                  markerfacecolor=BLUE if sure else "white")  # fmt: skip
    axes.axvline(0, color=GREY, linewidth=1)
    axes.margins(x=0.08)
    label_axes(axes, x=textwrap.fill(measured, 80))
    return figure


def _rows(axes: Axes, names: Sequence[str]) -> None:
    """Name rows from above to below."""
    style_axes(axes)
    axes.grid(visible=False, axis="y")
    axes.grid(axis="x", color=PALE, linewidth=0.6)
    axes.set_yticks(range(len(names)), [textwrap.fill(name, NAME) for name in names], size=SMALL)
    axes.set_ylim(len(names) - 0.5, -0.5)


def _bar(axes: Axes, place: int, effect: Estimate, *, told: bool) -> None:
    axes.barh(
        place, effect.value, height=0.56, facecolor=BLUE if told else "white",
        edgecolor=BLUE if told else GREY, hatch="" if told else "////",
    )  # fmt: skip
    axes.hlines(place, effect.low, effect.high, color=INK, linewidth=2)


def _patch(label: str, colour: str, hatch: str) -> Patch:

    return Patch(facecolor=colour, edgecolor=GREY, hatch=hatch, label=label)
