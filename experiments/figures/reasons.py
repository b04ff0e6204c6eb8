"""Why talks fail and why agreements end."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from ...sim.declared.catalogue import DEEP
from ...sim.declared.measures import REASONS
from .frame import (
    BLUE,
    INK,
    PALE,
    RED,
    SMALL,
    FigureTables,
    Note,
    draw_key,
    label_axes,
    make_frame,
    runs_in,
    say_nothing_to_draw,
    style_axes,
    tell_runs,
)

PANELS: tuple[tuple[str, str, str], ...] = (
    ("talks_fail", "Talks that failed", "No talks failed in any run."),
    ("ends", "Agreements that ended", "No agreement ended in any run."),
)
DEPTHS: tuple[tuple[bool, str, str, str], ...] = (
    (False, "one service", BLUE, ""),
    (True, "shared management or merger", RED, "////"),
)
"""For deep or not: the words, the colour and the hatch of the bar."""

MEANS = "Bar: mean number in a run; black line: middle 90% of runs. Runs with none count as zero."


def count_reasons(events: pd.DataFrame, kind: str, runs: np.ndarray) -> pd.DataFrame:
    """Return how many events of a kind each reason explains: a row a reason and depth.

    Columns: mean, low, high (5th and 95th percentile over runs); runs with none count as zero.
    """
    chosen = events[(events["kind"] == kind) & events["reason"].isin(list(REASONS))]
    depth = chosen["scope"].isin(DEEP).astype(bool)
    index = [(reason, deep) for reason in REASONS for deep in (False, True)]
    rows = {}
    for reason, deep in index:
        replicate = chosen.loc[(chosen["reason"] == reason) & (depth == deep), "replicate"]
        counts = replicate.value_counts().reindex(runs, fill_value=0).to_numpy(dtype=float)
        rows[reason, deep] = (counts.mean(), *np.quantile(counts, (0.05, 0.95)))
    names = pd.MultiIndex.from_tuples(index, names=["reason", "deep"])
    return pd.DataFrame(list(rows.values()), index=names, columns=["mean", "low", "high"])


def draw_reasons(tables: FigureTables, note: Note) -> Figure:
    """Return bars of the reasons for failed talks and for ended agreements, by depth."""
    foot = tell_runs(tables.quarters, note, MEANS)
    runs = runs_in(tables.quarters)
    counts = [count_reasons(tables.events, kind, runs) for kind, _, _ in PANELS]
    size = pd.concat([table["mean"].groupby(level="reason").sum() for table in counts], axis=1)
    order = [reason for reason in size.sum(axis=1).sort_values().index if size.loc[reason].any()]
    height = max(4.2, 2.6 + 0.44 * len(order))
    figure = make_frame(
        "Why talks fail, and why agreements end", note, foot, height=height, key=0.3
    )
    panels = figure.subplots(1, len(PANELS), sharey=True)
    for axes, table, (_, title, none) in zip(panels, counts, PANELS, strict=True):
        _draw_panel(axes, table, order)
        style_axes(axes, title=title)
        label_axes(axes, x="number in a run")
        axes.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
        axes.grid(axis="y", visible=False)
        axes.grid(axis="x", color=PALE, linewidth=0.6)
        if not table["mean"].any():
            say_nothing_to_draw(axes, none, keep_names=True)
    panels[0].set_yticks(range(len(order)), [REASONS[reason] for reason in order], size=SMALL)
    handles = [Patch(facecolor=c, edgecolor="white", hatch=h, label=w) for _, w, c, h in DEPTHS]
    draw_key(figure, handles)
    return figure


def _draw_panel(axes: Axes, table: pd.DataFrame, order: list[str]) -> None:
    places = np.arange(len(order), dtype=float)
    for (deep, _, colour, hatch), shift in zip(DEPTHS, (0.2, -0.2), strict=True):
        rows = table.xs(deep, level="deep").loc[order]
        axes.barh(
            places + shift, rows["mean"], height=0.36, color=colour, hatch=hatch, edgecolor="white"
        )
        axes.hlines(places + shift, rows["low"], rows["high"], color=INK, linewidth=1.5)
    axes.set_xlim(left=0)
    axes.set_ylim(-0.6, max(len(order), 1) - 0.4)
