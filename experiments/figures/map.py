"""A schematic map: who partners with whom, and how likely it is over the runs."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .boundaries import read_outlines
from .frame import (
    GREY,
    INK,
    LINE_CHARACTERS,
    PALE,
    SMALL,
    WIDTH,
    FigureTables,
    Note,
    make_frame,
    tell_runs,
)
from .labels import Spot, place_labels, shorten
from .links import (
    along,
    draw_links,
    find_links,
    find_stroke,
    positions,
    tell_left_out,
    thin,
)

MEANS = (
    "Link: share of runs in which the two became partners (for services: in the likeliest one); "
    "no intervals are drawn. Left out: {left_out}."
)
FEW = 40
"""Up to so many councils, each is named; of more, only the LARGEST."""
LARGEST = 24
BOROUGHS = 10
"""From so many London boroughs on, London is drawn again, larger."""
INSET = 0.325
"""Width of the box that shows London, as a share of the map's."""
MAP_INCHES, FLATTEST = 6.2, 0.72
"""Width of the map, and its least height as a share of that."""
FILL = "#c9d7e3"
EXAMPLES = (0.25, 0.5, 1.0)


def draw_map(tables: FigureTables, note: Note, boundaries: Path | None = None) -> Figure:
    """Return a map of the councils and of their likely links.

    `boundaries` names a GeoJSON file of outlines to draw beneath, see `read_outlines`.
    """
    links, least = thin(find_links(tables.pairs))
    means = MEANS.format(left_out=tell_left_out(least))
    if _is_crowded(tables.councils):
        means += " The box at the right shows London, larger."
    foot = tell_runs(tables.quarters, note, means)
    axes = _make_map(tables.councils, note, foot)
    if boundaries is not None:
        for rings in read_outlines(boundaries, tables.councils).values():
            for ring in rings:
                axes.plot(ring[:, 0], ring[:, 1], color="#b3b3b3", linewidth=0.8, zorder=1)
    if tables.adjacency is not None and len(tables.councils) <= FEW:
        _draw_neighbours(axes, tables.councils, tables.adjacency)
    draw_links(axes, tables.councils, links)
    _draw_councils(axes, tables.councils)
    _name_councils(axes, tables.councils, links)
    _draw_scale(axes, tables.councils)
    if _is_crowded(tables.councils):
        _draw_london(axes, tables.councils, links)
    _draw_key(axes, tables)
    return cast(Figure, axes.figure)


def radii(population: np.ndarray) -> np.ndarray:
    """Return the radii in points of circles whose area goes with population."""
    largest, least = (13.0, 1.5) if len(population) <= FEW else (6.5, 1.2)
    return np.asarray(np.maximum(largest * np.sqrt(population / population.max()), least))


def _is_crowded(councils: pd.DataFrame) -> bool:
    """Return True when London is one of many places, and its boroughs lie on top of each other."""
    london = int((councils["tier"] == "london").sum())
    return london >= BOROUGHS and len(councils) - london > FEW


def _make_map(councils: pd.DataFrame, note: Note, foot: str) -> Axes:
    """Return empty axes in a figure, with limits in km that hold every council and its name."""
    x, y = councils["x_km"].to_numpy(dtype=float), councils["y_km"].to_numpy(dtype=float)
    wide, high = max(np.ptp(x), 10.0), max(np.ptp(y), 10.0)
    shape = float(np.clip(high / wide, FLATTEST, 1.0))
    inches = MAP_INCHES * shape
    beneath = 0.26 + 0.18 * len(textwrap.wrap(foot, LINE_CHARACTERS))
    height = inches + beneath + 0.7
    figure = make_frame("Who partners with whom", note, foot, height=height)
    figure.set_layout_engine("none")
    axes = figure.add_axes(
        (0.1 / WIDTH, beneath / height, MAP_INCHES / WIDTH, inches / height), xticks=[], yticks=[]
    )
    axes.spines[:].set_color(PALE)
    half = (0.63 if len(x) <= FEW else 0.53) * max(wide, high / shape)
    middle = ((x.min() + x.max()) / 2, (y.min() + y.max()) / 2)
    axes.set_xlim(middle[0] - half, middle[0] + half)
    axes.set_ylim(middle[1] - half * shape, middle[1] + half * shape)
    axes.set_aspect("equal", adjustable="box")
    return axes


def _draw_neighbours(axes: Axes, councils: pd.DataFrame, adjacency: pd.DataFrame) -> None:
    at = positions(councils)
    for a, b in zip(adjacency["code_a"], adjacency["code_b"], strict=True):
        if a in at and b in at:
            axes.plot(*zip(at[a], at[b], strict=True), color=PALE, linewidth=0.9, zorder=2)


def _draw_councils(axes: Axes, councils: pd.DataFrame, *, times: float = 1.0) -> None:
    ordered = councils.sort_values("population", ascending=False)
    radius = times * radii(ordered["population"].to_numpy(dtype=float))
    county = (ordered["tier"] == "county").to_numpy(dtype=bool)
    for tier, face, edge in ((county, "none", GREY), (~county, FILL, INK)):
        axes.scatter(
            ordered["x_km"][tier], ordered["y_km"][tier], s=(2 * radius[tier]) ** 2,
            facecolor=face, edgecolor=edge, linewidth=0.9, zorder=5,
        )  # fmt: skip


def _name_councils(axes: Axes, councils: pd.DataFrame, links: pd.DataFrame) -> None:
    ordered = councils.sort_values("population", ascending=False)
    radius = radii(ordered["population"].to_numpy(dtype=float))
    names = [shorten(name) for name in ordered["name"]]
    columns = (ordered["x_km"], ordered["y_km"], radius, names)
    spots = [Spot(float(x), float(y), float(r), n) for x, y, r, n in zip(*columns, strict=True)]
    few = len(spots) <= FEW
    passed = along(councils, links)
    place_labels(axes, spots if few else spots[:LARGEST], avoid=passed, keep_all=few)


def _draw_london(axes: Axes, councils: pd.DataFrame, links: pd.DataFrame) -> None:
    """Draw London again in a box at the right, as large as the room beneath the key allows."""
    london = councils[councils["tier"] == "london"]
    x, y = london["x_km"].to_numpy(dtype=float), london["y_km"].to_numpy(dtype=float)
    half = 0.58 * max(np.ptp(x), np.ptp(y))
    middle = ((x.min() + x.max()) / 2, (y.min() + y.max()) / 2)
    room = axes.get_position()
    shape = room.width * WIDTH / (room.height * cast(Figure, axes.figure).get_figheight())
    inset = axes.inset_axes((1.02, 0.0, INSET, INSET * shape), xticks=[], yticks=[])
    inset.set_xlim(middle[0] - half, middle[0] + half)
    inset.set_ylim(middle[1] - half, middle[1] + half)
    inset.spines[:].set_color(GREY)
    inset.set_title("London", size=SMALL, loc="left", color=INK, pad=3)
    draw_links(inset, councils, links)
    _draw_councils(inset, councils, times=1.3)
    bounds = (middle[0] - half, middle[1] - half, 2 * half, 2 * half)
    axes.indicate_inset(bounds, edgecolor=GREY, alpha=1.0, zorder=7)


def _draw_scale(axes: Axes, councils: pd.DataFrame) -> None:
    """Draw a bar of a round length, about a fifth of the map's width, in the emptier corner."""
    (left, right), low = axes.get_xlim(), axes.get_ylim()[0]
    wanted = (right - left) / 5
    unit = 10 ** np.floor(np.log10(wanted))
    length = unit * max(step for step in (1, 2, 5) if step * unit <= wanted)
    margin = 0.03 * (right - left)
    y = low + margin
    corners = (left + margin, right - margin - length)
    x = max(corners, key=lambda x: np.hypot(councils["x_km"] - x, councils["y_km"] - y).min())
    axes.plot([x, x + length], [y, y], color=INK, linewidth=3, solid_capstyle="butt", zorder=8)
    axes.annotate(
        f"{length:g} km", (x + length / 2, y), xytext=(0, 4), textcoords="offset points",
        size=SMALL, ha="center", va="bottom", color=INK, zorder=8,
    )  # fmt: skip


def _draw_key(axes: Axes, tables: FigureTables) -> None:
    handles: list[Artist] = []
    words: list[str] = []
    for deep, title in (
        (True, "Shared management\nor merger, solid:"),
        (False, "Services, dashed:"),
    ):
        handles.append(Line2D([], [], linestyle="none"))
        words.append(title)
        for share in EXAMPLES:
            stroke = find_stroke(deep, share)
            handles.append(
                Line2D([], [], color=stroke.colour, linewidth=stroke.width, linestyle=stroke.line)
            )
            words.append(f"{share:.0%} of runs")
    if tables.adjacency is not None and len(tables.councils) <= FEW:
        handles.append(Line2D([], [], color=PALE, linewidth=0.9))
        words.append("neighbours")
    population = tables.councils["population"].to_numpy(dtype=float)
    example = 10 ** np.floor(np.log10(population.max()))
    radius = radii(np.append(population, example))[-1]
    kinds = [(FILL, INK, f"{example:,.0f}\nresidents"), ("none", GREY, "county council")]
    for face, edge, title in kinds[: 1 + int((tables.councils["tier"] == "county").any())]:
        circle = Line2D([], [], marker="o", linestyle="none", markersize=2 * radius)
        circle.set_markerfacecolor(face)
        circle.set_markeredgecolor(edge)
        handles.append(circle)
        words.append(title)
    axes.legend(
        handles, words, loc="upper left", bbox_to_anchor=(1.01, 1.02), frameon=False,
        fontsize=SMALL, handlelength=1.8, labelspacing=0.55,
    )  # fmt: skip
