"""Outlines of councils from a GeoJSON file that a user supplies, in km of the National Grid."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from math import atan2, atanh, cos, cosh, radians, sin, sinh, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...sim.country.called import codes_of_another_day
from .elsewhere import lying

SHOWN = 12
"""So many names of properties or councils are told at most."""
SHOWN_LETTERS = 24
ALLOWED = (
    "Allowed: a GeoJSON FeatureCollection of Polygon or MultiPolygon features, in longitude and "
    "latitude (WGS84) or in metres of the British National Grid"
)
ASTRAY_KM = 5.0
"""How far outside its outline's box a council's centroid may lie before the file is refused."""

AIRY_A, AIRY_B = 6_377_563.396, 6_356_256.909
GRID_SCALE, GRID_EAST, GRID_NORTH, GRID_LON, GRID_LAT = 0.9996012717, 400.0, -100.0, -2.0, 49.0
"""Ordnance Survey, A guide to coordinate systems in Great Britain: ellipsoid and grid, in km."""
SHIFT_KM = (0.10, -0.05)
"""What the change of datum adds on average over England; it differs by less than 0.06 km."""

Outline = list[np.ndarray]
"""The rings of a council, each (points, 2) in km."""


def read_outlines(path: Path, councils: pd.DataFrame) -> dict[str, Outline]:
    """Return the outlines of those councils that the file knows, by code.

    Codes may stand in any property, and be those of another year where the council is the same.

    Raises ValueError, saying what to do, when the file is not GeoJSON, when no code matches, and
    when the outlines lie elsewhere than the councils.
    """
    features = _read_features(path)
    found = _match_codes(features, [str(code) for code in councils["code"]])
    if not found:
        raise ValueError(f"{path}: {_told_none(features, councils)}")
    raw = {code: _rings(feature, f"{path}: {code}") for code, feature in found.items()}
    outlines = {code: [_in_km(ring) for ring in rings] for code, rings in raw.items()}
    _check_place(path, raw, outlines, councils)
    return outlines


def without_outline(outlines: Iterable[str], councils: pd.DataFrame) -> str:
    """Return in words which councils have no outline in a file; empty where all have one."""
    have = set(outlines)
    lack = [str(code) for code in councils["code"] if code not in have]
    if not lack:
        return ""
    names = dict(zip(councils["code"], councils.get("name", councils["code"]), strict=True))
    shown = [f"{names[code]} ({code})" if names[code] != code else code for code in lack[:SHOWN]]
    more = ", ..." if len(lack) > SHOWN else ""
    return (
        f"the file has no outline of {len(lack)} of {len(names)} councils, drawn without one: "
        f"{', '.join(shown)}{more}; a file of districts has none of county councils, and "
        "one of after 2019 none of those that were united since"
    )


def _told_none(features: list[dict[str, Any]], councils: pd.DataFrame) -> str:
    """Return what is said where no outline belongs to a council: what the properties hold."""
    held: dict[str, str] = {}
    for feature in features:
        for key, value in _about(feature).items():
            if value is not None:
                held.setdefault(key, str(value))
    told = [f"{key} ({value[:SHOWN_LETTERS]})" for key, value in list(held.items())[:SHOWN]]
    return (
        f"none of its {len(features)} outlines belongs to a council of this scenario. "
        f"Codes were looked for in all properties, such as {councils['code'].iloc[0]}; the file "
        f"has {', '.join(told) or 'no properties'}. {ALLOWED}, each with the code of its council "
        "in some property. Add the codes, or take a file of the councils as they were in 2009 to "
        "2019, and of England."
    )


def to_grid(longitude: float, latitude: float) -> tuple[float, float]:
    """Return easting and northing in km of a place on WGS84, right to about 0.1 km in England.

    The transverse Mercator projection of the National Grid by Kruger's series to the third order,
    with the mean shift between the datums in place of a Helmert transformation.
    """
    n = (AIRY_A - AIRY_B) / (AIRY_A + AIRY_B)
    radius = GRID_SCALE * AIRY_A / (1 + n) * (1 + n**2 / 4 + n**4 / 64) / 1000
    east, north = _unit_grid(radians(longitude - GRID_LON), radians(latitude), n)
    _, origin = _unit_grid(0.0, radians(GRID_LAT), n)
    x = GRID_EAST + radius * east + SHIFT_KM[0]
    return x, GRID_NORTH + radius * (north - origin) + SHIFT_KM[1]


def _unit_grid(longitude: float, latitude: float, n: float) -> tuple[float, float]:
    """Return the projection onto a rectifying sphere of radius one (Kruger 1912)."""
    eccentricity = 2 * sqrt(n) / (1 + n)
    t = sinh(atanh(sin(latitude)) - eccentricity * atanh(eccentricity * sin(latitude)))
    xi = atan2(t, cos(longitude))
    eta = atanh(sin(longitude) / sqrt(1 + t * t))
    series = (
        n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16,
        13 * n**2 / 48 - 3 * n**3 / 5,
        61 * n**3 / 240,
    )
    east, north = eta, xi
    for j, factor in enumerate(series, start=1):
        east += factor * cos(2 * j * xi) * sinh(2 * j * eta)
        north += factor * sin(2 * j * xi) * cosh(2 * j * eta)
    return east, north


def _read_features(path: Path) -> list[dict[str, Any]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(
            f"{path}: this is not a GeoJSON file ({error}). {ALLOWED}. Convert the boundaries to "
            "GeoJSON, for example with ogr2ogr, and name the new file."
        ) from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        kind = content.get("type", "no type") if isinstance(content, dict) else "a list or a value"
        raise ValueError(
            f"{path}: the file is JSON, but it holds no list of features ({kind}). {ALLOWED}. "
            "Convert the boundaries to GeoJSON, for example with ogr2ogr, and name the new file."
        )
    return features


def _about(feature: dict[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties")
    return {"id": feature.get("id"), **(properties if isinstance(properties, dict) else {})}


def _match_codes(features: list[dict[str, Any]], codes: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the outlined features by code, from the property that names most councils."""
    known = {code.lower(): code for code in codes}
    known = {old.lower(): code for old, code in codes_of_another_day(codes).items()} | known
    by_property: dict[str, dict[str, dict[str, Any]]] = {}
    for feature in features:
        if not _polygons(feature):
            continue
        for name, value in _about(feature).items():
            code = known.get(str(value).strip().lower())
            if code is not None:
                by_property.setdefault(name, {})[code] = feature
    return max(by_property.values(), key=len, default={})


def _polygons(feature: dict[str, Any]) -> list[Any]:
    geometry = feature.get("geometry") or {}
    kinds = {"Polygon": [geometry.get("coordinates")], "MultiPolygon": geometry.get("coordinates")}
    return kinds.get(geometry.get("type", "")) or []


def _rings(feature: dict[str, Any], where: str) -> Outline:
    """Return the rings of a council as they stand; ValueError when they are not made of points."""
    try:
        rings = [ring for polygon in _polygons(feature) for ring in polygon]
        found = [np.array([point[:2] for point in ring], dtype=float) for ring in rings]
    except (TypeError, ValueError):
        found = []
    good = all(ring.ndim == 2 and ring.shape[1] == 2 and np.isfinite(ring).all() for ring in found)
    if not found or not good:
        raise ValueError(
            f"{where}: its outline is not made of rings of points, each two numbers. {ALLOWED}. "
            "Repair the file, for example with ogr2ogr -makevalid, or leave this council out."
        )
    return found


def _in_km(ring: np.ndarray) -> np.ndarray:
    return np.array([_to_km(x, y) for x, y in ring.tolist()], dtype=float)


def _to_km(x: float, y: float) -> tuple[float, float]:
    """Return a point in km; numbers too large for degrees are metres of the National Grid."""
    return to_grid(x, y) if abs(x) <= 180 and abs(y) <= 90 else (x / 1000, y / 1000)


def _check_place(
    path: Path, raw: dict[str, Outline], outlines: dict[str, Outline], councils: pd.DataFrame
) -> None:
    """Refuse outlines that lie elsewhere than the centroids of their councils."""
    rows = councils.set_index("code")
    centres = {code: rows.loc[code, ["x_km", "y_km"]].to_numpy(dtype=float) for code in outlines}
    astray = []
    for code, rings in outlines.items():
        points, centroid = np.concatenate(rings), centres[code]
        outside = np.maximum(points.min(axis=0) - centroid, centroid - points.max(axis=0))
        astray.append(max(0.0, float(outside.max())))
    if np.median(astray) > ASTRAY_KM:
        points_of = {code: np.concatenate(rings) for code, rings in raw.items()}
        x, y = next(iter(points_of.values()))[0].tolist()
        told = lying(points_of, centres, _to_km, ASTRAY_KM) or (
            "the file is probably in another projection: convert it to WGS84 (with "
            "ogr2ogr, add -t_srs EPSG:4326), and name the new file"
        )
        raise ValueError(
            f"{path}: the outlines lie about {np.median(astray):,.0f} km away from their councils "
            f"(the first point is {x:g}, {y:g}). {ALLOWED}. What to do: {told}."
        )
