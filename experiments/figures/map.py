"""A schematic map: who partners with whom, and how likely it is over the runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple, cast

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from experiments.figures.boundaries import read_outlines
from experiments.figures.frame import (
    BLUE,
    DEEP,
    GREY,
    INK,
    PALE,
    RED,
    SMALL,
    WIDTH,
    Note,
    Tables,
    make_frame,
    tell_runs,
)
from experiments.figures.labels import Spot, place_labels, shorten

MEANS = (
    "Link: share of runs in which the two became partners (for services: in the likeliest one); "
    "no intervals are drawn. Links below {least:.0%} are left out."
)
LEAST = 0.05
"""The smallest share of runs that is drawn as a link."""
FEW = 40
"""Up to so many councils, each is named; of more, only the LARGEST."""
LARGEST = 24
MAP_INCHES, FLATTEST = 6.2, 0.72
"""Width of the map, and its least height as a share of that."""
BEND = 0.14
"""Links of services are bent, so that a link of management does not hide them."""
FILL = "#c9d7e3"
EXAMPLES = (0.25, 0.5, 1.0)


def draw_map(tables: Tables, note: Note, boundaries: Path | None = None) -> Figure:
    """Return a map of the councils and of their likely links.

    `boundaries` names a GeoJSON file of outlines to draw beneath, see `read_outlines`.
    """
    foot = tell_runs(tables.quarters, note, MEANS.format(least=LEAST))
    axes = _make_map(tables.councils, note, foot)
    if boundaries is not None:
        for rings in read_outlines(boundaries, tables.councils).values():
            for ring in rings:
                axes.plot(ring[:, 0], ring[:, 1], color="#b3b3b3", linewidth=0.8, zorder=1)
    if tables.adjacency is not None:
        _draw_neighbours(axes, tables.councils, tables.adjacency)
    links = find_links(tables.pairs)
    _draw_links(axes, tables.councils, links)
    _draw_councils(axes, tables.councils, links)
    _draw_scale(axes, tables.councils)
    _draw_key(axes, tables)
    return cast(Figure, axes.figure)


def find_links(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return a row a pair and depth: code_a, code_b, deep, share of runs (its likeliest scope)."""
    deep = pairs["scope"].isin(DEEP).astype(bool)
    keyed = pairs.assign(deep=deep, share=pairs["partnered"].astype(float))
    links = keyed.groupby(["code_a", "code_b", "deep"])["share"].max().reset_index()
    return links[links["share"] >= LEAST].sort_values("share", ignore_index=True)


def radii(population: np.ndarray) -> np.ndarray:
    """Return the radii in points of circles whose area goes with population."""
    largest = 13.0 if len(population) <= FEW else 9.0
    return np.asarray(np.maximum(largest * np.sqrt(population / population.max()), 1.5))


def _make_map(councils: pd.DataFrame, note: Note, foot: str) -> Axes:
    """Return empty axes in a figure, with limits in km that hold every council and its name."""
    x, y = councils["x_km"].to_numpy(dtype=float), councils["y_km"].to_numpy(dtype=float)
    wide, high = max(np.ptp(x), 10.0), max(np.ptp(y), 10.0)
    shape = float(np.clip(high / wide, FLATTEST, 1.0))
    inches = MAP_INCHES * shape
    height = inches + 1.5
    figure = make_frame("Who partners with whom", note, foot, height=height)
    figure.set_layout_engine("none")
    axes = figure.add_axes(
        (0.1 / WIDTH, 0.8 / height, MAP_INCHES / WIDTH, inches / height), xticks=[], yticks=[]
    )
    axes.spines[:].set_color(PALE)
    half = (0.63 if len(x) <= FEW else 0.53) * max(wide, high / shape)
    middle = ((x.min() + x.max()) / 2, (y.min() + y.max()) / 2)
    axes.set_xlim(middle[0] - half, middle[0] + half)
    axes.set_ylim(middle[1] - half * shape, middle[1] + half * shape)
    axes.set_aspect("equal", adjustable="box")
    return axes


def _positions(councils: pd.DataFrame) -> dict[str, tuple[float, float]]:
    rows = zip(councils["code"], councils["x_km"], councils["y_km"], strict=True)
    return {code: (float(x), float(y)) for code, x, y in rows}


def _draw_neighbours(axes: Axes, councils: pd.DataFrame, adjacency: pd.DataFrame) -> None:
    at = _positions(councils)
    for a, b in zip(adjacency["code_a"], adjacency["code_b"], strict=True):
        if a in at and b in at:
            axes.plot(*zip(at[a], at[b], strict=True), color=PALE, linewidth=0.9, zorder=2)


class Stroke(NamedTuple):
    """How a link is drawn."""

    colour: tuple[float, float, float]
    width: float
    line: tuple[float, Sequence[float]] | Literal["-"]


def _find_stroke(deep: bool, share: float) -> Stroke:
    """Return the stroke of a link: the likelier, the broader and the nearer to full colour."""
    full = np.array(to_rgb(RED if deep else BLUE))
    red, green, blue = 1 - (1 - full) * (0.3 + 0.7 * share)
    width = 1.0 + 6.0 * share if deep else 0.9 + 2.2 * share
    return Stroke((red, green, blue), width, "-" if deep else (0, (3.0, 1.8)))


def _draw_links(axes: Axes, councils: pd.DataFrame, links: pd.DataFrame) -> None:
    at = _positions(councils)
    for row in links.itertuples(index=False):
        a, b, deep = str(row.code_a), str(row.code_b), bool(row.deep)
        if a not in at or b not in at:
            continue
        bend = f"arc3,rad={0.0 if deep else BEND}"
        stroke = _find_stroke(deep, float(str(row.share)))
        axes.add_patch(
            FancyArrowPatch(
                at[a], at[b], arrowstyle="-", connectionstyle=bend, shrinkA=0, shrinkB=0,
                zorder=4 if deep else 3, color=stroke.colour, linewidth=stroke.width,
                linestyle=stroke.line,
            )
        )  # fmt: skip


def _draw_councils(axes: Axes, councils: pd.DataFrame, links: pd.DataFrame) -> None:
    ordered = councils.sort_values("population", ascending=False)
    radius = radii(ordered["population"].to_numpy(dtype=float))
    county = (ordered["tier"] == "county").to_numpy(dtype=bool)
    for tier, face, edge in ((county, "none", GREY), (~county, FILL, INK)):
        axes.scatter(
            ordered["x_km"][tier], ordered["y_km"][tier], s=(2 * radius[tier]) ** 2,
            facecolor=face, edgecolor=edge, linewidth=0.9, zorder=5,
        )  # fmt: skip
    names = [shorten(name) for name in ordered["name"]]
    columns = (ordered["x_km"], ordered["y_km"], radius, names)
    spots = [Spot(float(x), float(y), float(r), n) for x, y, r, n in zip(*columns, strict=True)]
    few = len(spots) <= FEW
    along = _along(councils, links)
    place_labels(axes, spots if few else spots[:LARGEST], avoid=along, keep_all=few)


def _along(councils: pd.DataFrame, links: pd.DataFrame) -> np.ndarray:
    """Return points along the links, (points, 2) in km."""
    at = _positions(councils)
    known = links[links["code_a"].isin(at) & links["code_b"].isin(at)]
    start = np.array([at[code] for code in known["code_a"]]).reshape(-1, 1, 2)
    end = np.array([at[code] for code in known["code_b"]]).reshape(-1, 1, 2)
    across = (end - start)[..., ::-1] * (1, -1)
    bend = np.where(known["deep"].to_numpy(dtype=bool), 0.0, BEND)[:, None, None]
    control = (start + end) / 2 + bend * across
    t = np.linspace(0, 1, 40)[:, None]
    return np.asarray((1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end).reshape(-1, 2)


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


def _draw_key(axes: Axes, tables: Tables) -> None:
    handles: list[Artist] = []
    words: list[str] = []
    for deep, title in (
        (True, "Shared management\nor merger, solid:"),
        (False, "Services, dashed:"),
    ):
        handles.append(Line2D([], [], linestyle="none"))
        words.append(title)
        for share in EXAMPLES:
            stroke = _find_stroke(deep, share)
            handles.append(
                Line2D([], [], color=stroke.colour, linewidth=stroke.width, linestyle=stroke.line)
            )
            words.append(f"{share:.0%} of runs")
    if tables.adjacency is not None:
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
