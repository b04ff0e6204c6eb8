"""England's history drawn into the fan of runs, pattern by pattern."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from ..figures.frame import BLUE, DPI, GREY, INK, LARGE, PALE, RED, SMALL, WIDTH
from ..patterns import PATTERNS
from .targets import Target, counted_patterns, targets_of

COLUMNS, PANEL_HEIGHT = 3, 2.3
SHORT = {
    "K1": "K1 shared managements",
    "K2": "K2 councils in talks, March 2011",
    "K3": "K3 deep talks that fail",
    "K4": "K4 councils that share",
    "K5": "K5 growth of agreements",
    "K6": "K6 saving reported, £m",
    "K7": "K7 mix of five kinds, 2011",
    "K8": "K8 of districts alone, 2011",
    "K9": "K9 shared managements",
    "K11": "K11 break-ups a year",
    "K15": "K15 growth of reserves",
    "K16": "K16 section 114, districts",
    "K17": "K17 causes of failure",
}
LABELS = {
    "K7_revenues": "tax", "K7_legal": "legal", "K7_management": "mgmt.",
    "K7_regulatory": "build.", "K7_procurement": "buying", "K9_of_two": "of two",
    "K9_adjacent": "touch", "K9_in_county": "county", "K17_politics": "polit.",
    "K17_sovereignty": "sover.", "K17_culture": "cult.", "K17_savings": "sav.",
    "K17_people": "people", "K17_tax": "tax", "K5_from_2011": "from 2011",
    "K5_from_2013": "from 2013",
}  # fmt: skip
NOTE = (
    "Dots: England; thin bars beside them: from where to where a model counts as near (an arrow: "
    "and beyond).\n"
    "Blue bars: middle 50% and 90% of {runs:,} {of}; white mark: median."
)


def draw_fan(runs: pd.DataFrame, path: Path, of: str = "runs at the declared defaults") -> None:
    """Write the figure of runs, one row a run and one column a target, as a picture.

    `of` says what runs they are.
    """
    patterns = counted_patterns()
    rows = -(-len(patterns) // COLUMNS)
    figure = Figure(figsize=(WIDTH, PANEL_HEIGHT * rows + 0.9), dpi=DPI, layout="constrained")
    grid = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    for axes, pattern in zip(grid, patterns, strict=False):
        _panel(axes, pattern, runs)
    for axes in grid[len(patterns) :]:
        axes.set_axis_off()
    head = {"x": 0.01, "ha": "left"}
    figure.suptitle("England to 2014 among runs of the model", color=INK, fontsize=LARGE, **head)
    note = NOTE.format(runs=len(runs), of=of)
    figure.supxlabel(note, fontsize=SMALL - 2, color=GREY, **head)
    figure.savefig(path, metadata={"Software": None})


def _panel(axes: Axes, pattern: str, runs: pd.DataFrame) -> None:
    held = targets_of(pattern)
    for place, target in enumerate(held):
        _spread(axes, place, runs[target.name].dropna().to_numpy())
    values = [target.value for target in held]
    joined = "-" if len(held) > 1 and held[0].name[-4:].isdigit() and pattern != "K5" else ""
    axes.plot(range(len(held)), values, f"{joined}o", color=RED, markersize=5, zorder=4)
    beside = 0.05 * len(held) + 0.03
    for place, target in enumerate(held):
        low, high = _shown(target)
        axes.plot([place + beside] * 2, [low, high], color=RED, linewidth=1.2, zorder=3)
        for end, bound, mark in ((low, target.low, "v"), (high, target.high, "^")):
            if not np.isfinite(bound):  # it goes on
                axes.plot([place + beside], [end], mark, color=RED, markersize=4, zorder=3)
    axes.set_title(SHORT[pattern], loc="left", fontsize=SMALL - 1, color=INK)
    axes.set_xticks(range(len(held)), [_label(t) for t in held], fontsize=SMALL - 3)
    axes.set_xlim(-0.6, len(held) - 0.4)
    axes.tick_params(axis="y", labelsize=SMALL - 3)
    form = PATTERNS[pattern].form
    decimals = 0 if form.endswith("f") and pattern in ("K1", "K2", "K6") else None
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: _number(v, form, decimals)))
    axes.grid(axis="y", color=PALE, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)


def _number(value: float, form: str, decimals: int | None) -> str:
    if decimals is not None:
        return f"{value:.{decimals}f}"
    return f"{value:.0%}" if form.endswith("%") and value * 100 % 1 < 1e-6 else format(value, form)


def _spread(axes: Axes, place: int, values: np.ndarray) -> None:
    """Draw the middle 90% and 50% of runs, and their median."""
    if not values.size:
        return
    low, quarter, middle, three, high = np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95])
    axes.plot([place] * 2, [low, high], color=BLUE, alpha=0.35, linewidth=7, solid_capstyle="butt")
    axes.plot([place] * 2, [quarter, three], color=BLUE, linewidth=7, solid_capstyle="butt")
    axes.plot([place], [middle], "_", color="white", markersize=9, zorder=3)


def _shown(target: Target) -> tuple[float, float]:
    """Return the ends of the bar of what counts as near; an open end goes a little way."""
    far = 0.25 * max(abs(target.value), 1.0 if target.value > 2 else 0.2)
    low = target.low if np.isfinite(target.low) else target.value - far
    high = target.high if np.isfinite(target.high) else target.value + far
    return low, high


def _label(target: Target) -> str:
    if target.name in LABELS:
        return LABELS[target.name]
    last = target.name.rpartition("_")[2]
    return last if last.isdigit() else ""
