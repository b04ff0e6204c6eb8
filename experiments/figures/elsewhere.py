"""What outlines look like that lie elsewhere than their councils, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import atan, degrees, exp, pi

import numpy as np

Points = np.ndarray
To = Callable[[float, float], tuple[float, float]]

EARTH_M = 6_378_137.0
"""Radius of the sphere of Web Mercator (EPSG:3857), metres."""
TRIED = 40
"""So many points of an outline are enough to see where it lies."""


def lying(
    points: Mapping[str, Points], centres: Mapping[str, np.ndarray], to_km: To, near_km: float
) -> str:
    """Return what the coordinates are that lie elsewhere, and what to do; empty if not to be seen.

    Args:
        points: of each outline, (points, 2) as they stand in the file, by code.
        centres: of each council in km, by code.
        to_km: how points are read.
        near_km: within which distance of its council an outline lies right.
    """
    tries: tuple[tuple[str, To], ...] = (
        (
            "latitude stands before longitude, or northing before easting: GeoJSON has longitude "
            "or easting first, so swap the two numbers of each point",
            lambda x, y: to_km(y, x),
        ),
        (
            "they are km: give metres of the British National Grid, that is 1000 times as much",
            lambda x, y: (x, y),
        ),
        (
            "they are Web Mercator (EPSG:3857): convert them, for example with ogr2ogr -s_srs "
            "EPSG:3857 -t_srs EPSG:4326 NEW.geojson OLD.geojson, and name the new file",
            lambda x, y: to_km(*_from_mercator(x, y)),
        ),
    )
    for told, way in tries:
        if _astray(points, centres, way) < near_km:
            return told
    return ""


def _astray(points: Mapping[str, Points], centres: Mapping[str, np.ndarray], way: To) -> float:
    """Return how far outlines lie outside the boxes of their councils, the median in km."""
    found = []
    for code, each in points.items():
        chosen = each[:: max(len(each) // TRIED, 1)]
        moved = np.array([way(float(x), float(y)) for x, y in chosen])
        outside = np.maximum(moved.min(axis=0) - centres[code], centres[code] - moved.max(axis=0))
        found.append(max(0.0, float(outside.max())))
    return float(np.median(found))


def _from_mercator(x: float, y: float) -> tuple[float, float]:
    if max(abs(x), abs(y)) > pi * EARTH_M:
        return 0.0, 0.0
    return degrees(x / EARTH_M), degrees(2 * atan(exp(y / EARTH_M)) - pi / 2)
