"""The land under the councils: a cell about each centre, and where counties touch.

The project carries no outlines. Of two councils each has what lies nearer to its own centre, and
none reaches farther than its neighbours are away. It is a sketch, and is drawn faintly.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from ..country.councils import DATA, TIERS, Councils
from ..country.given import read_rows

NO_LAND: dict[str, Any] = {"cells": [], "borders": []}
CORNERS = 24
"""So many corners has the circle from which a cell is cut."""
NEIGHBOURS = 4
REACH = 0.72
"""How far a cell reaches, as a share of the mean distance to so many neighbours."""
REACH_KM = (2.0, 22.0)
"""A cell reaches at least and at most so far."""

Point = tuple[float, float]
Corner = tuple[Point, int]
"""A corner of a cell, and which council lies beyond the edge that begins there; -1 for none."""


def land_of(table: Councils) -> dict[str, Any]:
    """Return the rings of cells and the borders of counties, in km, plain for JSON.

    Counties have no cell, since their districts have. With fewer than three councils there is none.
    """
    own = np.flatnonzero(table.tier != TIERS.index("county")).tolist()
    if len(own) < 3:
        return NO_LAND
    centres = [(float(table.x[k]), float(table.y[k])) for k in own]
    cells = [_cell(k, centres) for k in range(len(own))]
    county = [table.county[k] for k in own]
    return {
        "cells": [[_rounded(point) for point, _ in cell] for cell in cells if cell],
        "borders": [
            [_rounded(cell[place][0]), _rounded(cell[(place + 1) % len(cell)][0])]
            for k, cell in enumerate(cells)
            for place, (_, beyond) in enumerate(cell)
            if beyond > k and county[beyond] != county[k]
        ],
    }


def places_of(table: Councils) -> dict[str, list[str]]:
    """Return county, region and name of each council by code; only England's have a region."""
    regions = _regions()
    rows = zip(table.code, table.county, table.name, strict=True)
    return {code: [county, regions.get(code, ""), name] for code, county, name in rows}


@cache
def _regions() -> dict[str, str]:
    """Return the region of each of England's councils by code."""
    return {row["code"]: row["region"] for row in read_rows(DATA / "councils.csv")}


def _cell(own: int, centres: Sequence[Point]) -> list[Corner]:
    """Return the corners of the cell of one centre."""
    x, y = centres[own]
    far = sorted((math.dist((x, y), other), k) for k, other in enumerate(centres) if k != own)
    near = [distance for distance, _ in far[:NEIGHBOURS]]
    reach = min(max(REACH * sum(near) / len(near), REACH_KM[0]), REACH_KM[1])
    turns = [2 * math.pi * k / CORNERS for k in range(CORNERS)]
    cell: list[Corner] = [((x + reach * math.cos(a), y + reach * math.sin(a)), -1) for a in turns]
    for distance, k in far:
        if distance > 2 * reach:
            break
        cell = _cut(cell, (x, y), centres[k], k)
    return cell


def _cut(cell: list[Corner], own: Point, other: Point, beyond: int) -> list[Corner]:
    """Return what of a cell is nearer to its own centre than to another."""
    way = (other[0] - own[0], other[1] - own[1])
    middle = ((own[0] + other[0]) / 2, (own[1] + other[1]) / 2)

    def over(point: Point) -> float:
        return (point[0] - middle[0]) * way[0] + (point[1] - middle[1]) * way[1]

    kept: list[Corner] = []
    for place, (point, edge) in enumerate(cell):
        after = cell[(place + 1) % len(cell)][0]
        here, there = over(point), over(after)
        if here <= 0:
            kept.append((point, edge))
        if (here <= 0) != (there <= 0):
            part = here / (here - there)
            meets = (
                point[0] + part * (after[0] - point[0]),
                point[1] + part * (after[1] - point[1]),
            )
            kept.append((meets, beyond if here <= 0 else edge))
    return kept


def _rounded(point: Point) -> list[float]:
    return [round(point[0], 1), round(point[1], 1)]
