"""Places names on a map so that none covers another."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import NamedTuple, cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.text import Annotation

from .frame import GREY, INK, SMALL

LONG = 13
"""Characters of a name above which it is shortened, then broken over two lines."""
DIRECTIONS: tuple[tuple[float, float], ...] = (
    (1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1),
    (0.5, -1), (-0.5, -1), (0.5, 1), (-0.5, 1),
)  # fmt: skip
RINGS = (2.0, 10.0, 22.0, 38.0, 58.0)
"""Points between a circle and its name, nearest first; beyond the first a line leads to it."""
MARGIN = 2.0
"""Pixels kept free around a name."""
FARTHER, PER_POINT = 150.0, 12.0
"""What a ring farther out costs, and a point of a link that is covered; a pixel of a circle: 1."""

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in pixels."""


class Spot(NamedTuple):
    """A circle with a name: where it is in data units, its radius in points, what it is called."""

    x: float
    y: float
    radius: float
    name: str


def shorten(name: str) -> str:
    """Return a short name: "King's Lynn and West Norfolk" becomes "King's Lynn"."""
    if len(name) > LONG:
        name = re.split(r",| and | upon |-upon-|-in-|-on-", name)[0]
    whole = name.replace("St ", "St\u00a0")  # a space at which no line is broken
    return "\n".join(textwrap.wrap(whole, LONG, break_long_words=False))


def place_labels(
    axes: Axes, spots: Sequence[Spot], *, avoid: np.ndarray, keep_all: bool
) -> list[Annotation]:
    """Name the spots, in their order, each where it covers least; return the texts.

    `avoid` holds points (points, 2) in data units that names should rather not cover. Call it when
    the limits of the axes are final. Without `keep_all`, names stay next to their circles, and
    one that would cover another is left out.
    """
    figure = cast(Figure, axes.figure)
    pixels = figure.dpi / 72
    centres = axes.transData.transform([(spot.x, spot.y) for spot in spots])
    circles = [_around(c, spot.radius * pixels) for c, spot in zip(centres, spots, strict=True)]
    page = _Page(_extent(axes), circles, axes.transData.transform(avoid.reshape(-1, 2)), [])
    texts: list[Annotation] = []
    for spot, centre in zip(spots, centres, strict=True):
        text = _write(axes, spot)
        extent = _extent(text)
        size = (extent[2] - extent[0] + 2 * MARGIN, extent[3] - extent[1] + 2 * MARGIN)
        rings = RINGS if keep_all else RINGS[:1]
        ring, box = _find_place(
            page, centre, size, spot.radius * pixels, [r * pixels for r in rings]
        )
        if not keep_all and any(_overlap(box, other) > 0 for other in page.taken):
            text.remove()
            continue
        middle = ((box[0] + box[2]) / 2 - centre[0], (box[1] + box[3]) / 2 - centre[1])
        text.set_position((middle[0] / pixels, middle[1] / pixels))
        if ring > 0:
            _lead(axes, spot, text)
        page.taken.append(box)
        texts.append(text)
    return texts


class _Page(NamedTuple):
    """What is on the map already, in pixels."""

    limits: Box
    circles: list[Box]
    points: np.ndarray  # (points, 2)
    taken: list[Box]


def _extent(artist: Axes | Annotation) -> Box:
    canvas = cast(FigureCanvasAgg, cast(Figure, artist.figure).canvas)
    box = artist.get_window_extent(canvas.get_renderer())  # type: ignore[no-untyped-call]
    return (float(box.x0), float(box.y0), float(box.x1), float(box.y1))


def _find_place(
    page: _Page,
    centre: np.ndarray,
    size: tuple[float, float],
    radius: float,
    gaps: Sequence[float],
) -> tuple[int, Box]:
    """Return the cheapest place of a name: which gap it takes, and its box."""
    options = []
    for ring, gap in enumerate(gaps):
        for k, way in enumerate(DIRECTIONS):
            box = _box(centre, size, radius, gap, way)
            options.append((_cost(page, box) + FARTHER * ring + k, ring, box))
    _, ring, box = min(options)
    return ring, box


def _write(axes: Axes, spot: Spot) -> Annotation:
    return axes.annotate(
        spot.name, (spot.x, spot.y), xytext=(0, 0), textcoords="offset points", size=SMALL,
        ha="center", va="center", color=INK, zorder=9, linespacing=0.95,
        path_effects=[withStroke(linewidth=2.5, foreground="white")],
    )  # fmt: skip


def _lead(axes: Axes, spot: Spot, text: Annotation) -> None:
    axes.annotate(
        "", (spot.x, spot.y), xytext=text.get_position(), textcoords="offset points", zorder=8,
        arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.8, "shrinkA": 4,
                    "shrinkB": spot.radius},
    )  # fmt: skip


def _around(centre: np.ndarray, radius: float) -> Box:
    return (centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius)


def _box(
    centre: np.ndarray,
    size: tuple[float, float],
    radius: float,
    gap: float,
    way: tuple[float, float],
) -> Box:
    """Return the box of a name that lies in a direction from its circle."""
    reach = radius + gap
    slant = 0.75 if way[0] and way[1] else 1.0
    x = centre[0] + way[0] * (reach * slant + size[0] / 2)
    y = centre[1] + way[1] * (reach * slant + size[1] / 2)
    return (x - size[0] / 2, y - size[1] / 2, x + size[0] / 2, y + size[1] / 2)


def _overlap(a: Box, b: Box) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return max(0.0, width) * max(0.0, height)


def _cost(page: _Page, box: Box) -> float:
    """Return how bad a place is: covering names is worst, then leaving the map, then circles."""
    outside = (box[2] - box[0]) * (box[3] - box[1]) - _overlap(box, page.limits)
    names = sum(_overlap(box, other) for other in page.taken)
    discs = sum(_overlap(box, other) for other in page.circles)
    x, y = page.points[:, 0], page.points[:, 1]
    covered = np.count_nonzero((x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3]))
    return (1e6 if names else 0.0) + names + 10.0 * outside + discs + PER_POINT * covered
