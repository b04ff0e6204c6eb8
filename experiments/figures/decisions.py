"""What decides: the mean push of each group of reasons where something was stopped or left."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from ...sim.declared.groups import GROUPS, LUCK
from ...sim.story.decisions import (
    FAR,
    KINDS,
    LEAST,
    LEAVING,
    NAMES_REASON,
)
from ..stored.decided import PARTS, PUSH
from .frame import (
    BLUE,
    GREY,
    INK,
    PALE,
    RED,
    SMALL,
    FigureTables,
    Note,
    draw_key,
    label_axes,
    make_frame,
    say_nothing_to_draw,
    style_axes,
    tell_runs,
)

TITLES: dict[str, str] = {
    "refuses": "Approaches refused",
    "walks_away": "Walked away from talks",
    "votes_no": "Votes against",
    LEAVING: "Left an agreement",
}
"""The title of the panel of each kind that names its reason."""

MEANS = (
    "Bar: mean push over all such decisions (logit; for leaving, logarithm of how many times the "
    "usual rate); black line: middle 90% of runs, by their own means. What was not weighed (talks "
    "that lapse, a signature elsewhere, a merger) and how ready a typical council is are left out. "
    "Dotted: in these talks how far apart they lie counts, and is never named as the reason. "
    "Leaving has no luck of its own."
)


def mean_pushes(decisions: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return the mean push of each group over the decisions of a kind: a row a group, luck last.

    Parameters: decisions summed by run (`stored.decided`). Columns: mean, low, high (5th and 95th
    percentile of the means of single runs); all zero where there is no such decision.
    """
    rows = decisions[(decisions["kind"] == kind) & (decisions["decisions"] > 0)]
    sums = rows[[f"{PUSH}{key}" for key in PARTS]].set_axis(list(PARTS), axis=1)
    if sums.empty:
        return pd.DataFrame(0.0, index=list(PARTS), columns=["mean", "low", "high"])
    runs = sums.div(rows["decisions"], axis=0)
    low, high = runs.quantile(0.05), runs.quantile(0.95)
    mean = sums.sum() / rows["decisions"].sum()
    return pd.DataFrame({"mean": mean, "low": low, "high": high})


def count_weighed(decisions: pd.DataFrame, kind: str) -> int:
    """Return how many decisions of a kind were weighed, in all runs."""
    return int(decisions.loc[decisions["kind"] == kind, "decisions"].sum())


def draw_decisions(tables: FigureTables, note: Note) -> Figure:
    """Return bars from a middle line: what spoke for and against each kind of decision."""
    foot = tell_runs(tables.quarters, note, MEANS)
    decisions = tables.decisions
    counts = [count_weighed(decisions, kind) for kind in NAMES_REASON]
    found = [mean_pushes(decisions, kind) for kind in NAMES_REASON]
    most = pd.concat([table["mean"].abs() for table in found], axis=1).max(axis=1)
    groups = [key for key in most.drop(LUCK).sort_values().index if most[key] >= LEAST]
    order = [LUCK, *groups]
    height = 3.4 + 2 * max(1.6, 0.3 * len(order))
    figure = make_frame("What decides, and what luck adds", note, foot, height=height, key=0.3)
    panels = figure.subplots(2, 2, sharey=True).ravel()
    for axes, table, kind, count in zip(panels, found, NAMES_REASON, counts, strict=True):
        left, right = KINDS[kind].ends
        aside = KINDS[kind].in_talks and not names_far(decisions, kind)
        _draw_panel(axes, table.loc[order], KINDS[kind].sign, aside=aside)
        style_axes(axes, title=f"{TITLES[kind]} (n = {count:,})", wrap=34)
        label_axes(axes, x=f"\N{LEFTWARDS ARROW} {left}          {right} \N{RIGHTWARDS ARROW}")
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6))
        axes.grid(axis="y", visible=False)
        axes.grid(axis="x", color=PALE, linewidth=0.6)
        if count == 0:
            say_nothing_to_draw(axes, "None in any run.", keep_names=True)
    names = [GROUPS[key].title if key in GROUPS else "luck" for key in order]
    panels[0].set_yticks(range(len(order)), names, size=SMALL)
    draw_key(figure, [
        Patch(facecolor=RED, edgecolor="white", label="towards it"),
        Patch(facecolor=BLUE, edgecolor="white", label="away from it"),
        Patch(facecolor="white", edgecolor=GREY, linestyle=":", label="how far apart, not named"),
        Patch(facecolor="white", edgecolor=GREY, hatch="////", label="luck"),
    ])  # fmt: skip
    return figure


def names_far(decisions: pd.DataFrame, kind: str) -> bool:
    """Return whether any decision of a kind has how far apart they lie as its reason."""
    return bool(decisions.loc[decisions["kind"] == kind, "far"].any())


def _draw_panel(axes: Axes, table: pd.DataFrame, sign: float, *, aside: bool) -> None:
    for place, (key, row) in enumerate(table.iterrows()):
        plain = {"color": RED if row["mean"] * sign > 0 else BLUE, "edgecolor": "white"}
        dotted = {"color": "white", "edgecolor": GREY, "linestyle": ":", "linewidth": 1.5}
        hatched = {"color": "white", "edgecolor": GREY, "hatch": "////"}
        look = hatched if key == LUCK else dotted if aside and key == FAR else plain
        axes.barh(place, row["mean"], height=0.7, **look)
    places = np.arange(len(table))
    axes.hlines(places, table["low"], table["high"], color=INK, linewidth=1.2)
    axes.axvline(0, color=INK, linewidth=1.0)
    axes.set_ylim(-0.6, len(table) - 0.4)
    reach = max(LEAST, float(table.abs().to_numpy().max())) * 1.05
    axes.set_xlim(-reach, reach)
