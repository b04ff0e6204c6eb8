"""Figures of a calibration: where numbers lie, how planted ones were found, England among runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ..figures.frame import BLUE, DPI, GREY, INK, LARGE, PALE, RED, SMALL, WIDTH
from ..history.fan import draw_fan
from ..history.targets import targets

ROW = 0.27
COLUMNS = 6


def draw_all(found: Mapping[str, Any], runs: np.ndarray, folder: Path) -> None:
    """Write the figures of a calibration; `runs` are of its sets, (runs, targets)."""
    folder.mkdir(parents=True, exist_ok=True)
    _numbers(found["numbers"], folder / "numbers.png")
    _ranks(found, folder / "ranks.png")
    table = pd.DataFrame(runs, columns=[target.name for target in targets()])
    sets = found["plan"]["ensemble"]["count"]
    draw_fan(table, folder / "predictive.png", f"runs of {sets} sets that history allows")


def _numbers(rows: list[dict[str, Any]], path: Path) -> None:
    """Draw where each number lies within its declared range."""
    ordered = sorted(rows, key=lambda row: -row["width"])
    figure = _figure(ROW * len(rows) + 1.3)
    axes = figure.subplots()
    for place, row in enumerate(ordered):
        low, high = row["range"]
        at = [(value - low) / (high - low) for value in (*row["quantiles"], row["default"])]
        colour = BLUE if row["identified"] else GREY
        axes.plot([0, 1], [place] * 2, color=PALE, linewidth=6, solid_capstyle="butt")
        axes.plot([at[0], at[4]], [place] * 2, color=colour, alpha=0.4, linewidth=6,
                  solid_capstyle="butt")  # fmt: skip
        axes.plot([at[1], at[3]], [place] * 2, color=colour, linewidth=6, solid_capstyle="butt")
        axes.plot([at[5]], [place], "|", color=RED, markersize=11, markeredgewidth=2)
    axes.set_yticks(range(len(rows)), [row["name"] for row in ordered], fontsize=SMALL - 2)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.set_xticks([0, 0.5, 1], ["low end", "declared range", "high end"], fontsize=SMALL - 2)
    axes.spines[["top", "right", "left"]].set_visible(False)
    _titled(figure, "Where history puts each number within its declared range",
            "Dark: middle 50% of sets; light: middle 90%; grey: not identified; red: the default.",
            path)  # fmt: skip


def _ranks(found: Mapping[str, Any], path: Path) -> None:
    """Draw how the ranks of planted values spread: level where intervals are right."""
    rows = found["numbers"]
    lines = -(-len(rows) // COLUMNS)
    figure = _figure(1.15 * lines + 1.0)
    grid = figure.subplots(lines, COLUMNS, squeeze=False).ravel()
    planted, bins = found["plan"]["inference"]["planted"], len(rows[0]["ranks"])
    level, error = planted / bins, (planted / bins * (1 - 1 / bins)) ** 0.5
    for axes, row in zip(grid, rows, strict=False):
        axes.axhspan(level - 2 * error, level + 2 * error, color=PALE, alpha=0.6)
        axes.bar(range(bins), row["ranks"], color=BLUE, width=0.9)
        axes.set_title(row["name"].replace(".", ".\n", 1), fontsize=SMALL - 4, loc="left")
        axes.set_xticks([])
        axes.set_yticks([])
        axes.spines[["top", "right", "left"]].set_visible(False)
    for axes in grid[len(rows) :]:
        axes.set_axis_off()
    _titled(figure, "Planted values among what was inferred of them",
            f"How many of {planted:,} planted values lie in each twentieth of their posterior: "
            "level where intervals are right (grey: two standard errors).", path)  # fmt: skip


def _figure(height: float) -> Figure:
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def _titled(figure: Figure, title: str, foot: str, path: Path) -> None:
    figure.suptitle(title, color=INK, fontsize=LARGE, x=0.01, ha="left")
    figure.supxlabel(foot, fontsize=SMALL - 2, color=GREY, x=0.01, ha="left")
    figure.savefig(path, metadata={"Software": None})
