"""Whether the centres of a user's own councils lie where councils can: told, or refused.

Where the rules use distances, kilometres are meant; degrees would put all of England at one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from ..errors import InputError
from .councils import DATA
from .given import Line, read_rows

DEGREES = ((-7.0, 2.0), (49.0, 56.0))
"""Between which degrees of longitude and latitude England lies."""
AWAY_KM = 40.0
"""How far a centre may lie from that of the same council in the tables.

The centre of an area can be measured in several ways, and a council that joined with others lies at
another place; the largest districts are 70 km long.
"""
OFF_KM = 100.0
"""How far a centre may lie from England's nearest one; no council is so far from its neighbours."""


@cache
def england_places() -> tuple[dict[str, int], np.ndarray]:
    """Return England's councils: rows by code and by name, and (councils, 2) centres in km."""
    rows = read_rows(DATA / "councils.csv")
    known = {row[key].lower(): k for k, row in enumerate(rows) for key in ("name", "code")}
    centres = [(float(row["easting_km"]), float(row["northing_km"])) for row in rows]
    return known, np.array(centres)


def check_degrees(lines: Sequence[Line], path: Path) -> None:
    """Raise InputError where all centres are longitudes and latitudes of England."""
    x, y = _centres(lines).T
    for east, north, order in ((x, y, ""), (y, x, ", and swapped")):
        inside = [
            ((low <= values) & (values <= high)).all()
            for values, (low, high) in zip((east, north), DEGREES, strict=True)
        ]
        if all(inside) and (np.mod(x, 1) != 0).any():
            raise InputError(
                f"{path.name} line {lines[0].number}: easting_km {x[0]:g} and northing_km {y[0]:g} "
                f"of {lines[0].row['name']}, and all others, look like degrees of longitude and "
                f"latitude{order}: give km of the British National Grid, as Norwich's 621.8 and "
                "309.0 (ogr2ogr or a map program converts them: EPSG:4326 to EPSG:27700)"
            )


def misplaced(lines: Sequence[Line], path: Path) -> list[str]:
    """Return a remark where councils lie elsewhere than they are known to, or off England."""
    known, england = england_places()
    centres = _centres(lines)
    rows = [known.get(line.row["code"].lower(), -1) for line in lines]
    own = np.array([known.get(line.row["name"].lower(), -1) if row < 0 else row
                    for line, row in zip(lines, rows, strict=True)])  # fmt: skip
    away, turned = (_away(each, own, england) for each in (centres, centres[:, ::-1]))
    limits = np.where(own >= 0, AWAY_KM, OFF_KM)
    far = np.flatnonzero(away > limits)
    if not len(far):
        return []
    first = lines[far[0]]
    also = f" (and {len(far) - 1} more)" if len(far) > 1 else ""
    where = f"{path.name} line {first.number}{also}: {first.row['name']} at easting_km "
    where += f"{centres[far[0], 0]:g} and northing_km {centres[far[0], 1]:g} lies "
    of = "England's council of that name or code" if own[far[0]] >= 0 else "England's nearest"
    where += f"{away[far[0]]:,.0f} km from {of}"
    if (turned[far] <= limits[far]).all():
        return [f"{where}: easting_km and northing_km look swapped"]
    return [f"{where}: give km of the British National Grid, if it is in England"]


def _centres(lines: Sequence[Line]) -> np.ndarray:
    return np.array([(float(row["easting_km"]), float(row["northing_km"])) for _, row in lines])


def _away(centres: np.ndarray, own: np.ndarray, england: np.ndarray) -> np.ndarray:
    """Return how far each lies from England's council that it is, or else from the nearest."""
    apart = np.hypot(*(centres[:, None, k] - england[None, :, k] for k in (0, 1)))
    found: np.ndarray = np.where(own >= 0, apart[np.arange(len(own)), own], apart.min(axis=1))
    return found
