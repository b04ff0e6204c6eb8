"""Who touches whom where no map says so: places that no third place comes between."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
from scipy.spatial import Delaunay

from ..errors import InputError

LONGEST_LINK = 2.2
"""How many times the median a link may be long; longer ones run along the edge of the country."""
METRES = 3
"""Decimals of a kilometre to which places are told apart."""
LINE_KM = 0.001
"""How far places may lie off a line and still be on it."""
MOST_AT_ONE_PLACE = 500


def touching(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return (links, 2): pairs of rows that are neighbours, without the long links.

    Rows at one place touch each other. In which order the rows come makes no difference: where
    several triangulations are right, as on a grid, the order of the places decides.

    Raises:
        InputError: too many rows are at one place to be centres of areas.
    """
    rounded = np.round(np.column_stack([x, y]), METRES) + 0.0  # no minus before a zero
    places, at, sizes = np.unique(rounded, axis=0, return_inverse=True, return_counts=True)
    if sizes.max(initial=0) > MOST_AT_ONE_PLACE:
        east, north = places[sizes.argmax()]
        raise InputError(
            f"{sizes.max()} councils lie at one place, {east:g} km east and {north:g} km north; "
            f"at most {MOST_AT_ONE_PLACE} can: give each the centre of its own area"
        )
    rows = np.split(np.argsort(at.ravel(), kind="stable"), np.cumsum(sizes)[:-1])
    return _of_rows(_short(_between(places), places), rows)


def _between(places: np.ndarray) -> np.ndarray:
    """Return the links between different places, which come in order of place."""
    count = len(places)
    if count < 4:
        return _pairs(list(combinations(range(count), 2)))
    centred = places - places.mean(axis=0)
    along, off = (centred @ axis for axis in np.linalg.svd(centred, full_matrices=False)[2])
    if np.abs(off).max() < LINE_KM:
        order = np.argsort(along)
        return np.column_stack([order[:-1], order[1:]])
    triangles = Delaunay(places, qhull_options="Qbb QJ Pp").simplices
    return np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]])


def _short(links: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return each link once, without those that are long; few places are all neighbours."""
    links = np.unique(np.sort(links, axis=1), axis=0)
    if len(places) < 4:
        return links
    apart = places[links[:, 0]] - places[links[:, 1]]
    length = np.hypot(apart[:, 0], apart[:, 1])
    short: np.ndarray = links[length <= LONGEST_LINK * np.median(length)]
    return short


def _of_rows(links: np.ndarray, rows: list[np.ndarray]) -> np.ndarray:
    """Return the links between rows: those of their places, and those within one place."""
    if all(len(here) == 1 for here in rows):
        return np.unique(np.sort(np.concatenate(rows)[links], axis=1), axis=0)
    found = [pair for a, b in links.tolist() for pair in product(rows[a], rows[b])]
    found += [pair for here in rows for pair in combinations(here, 2)]
    return np.unique(np.sort(_pairs(found), axis=1), axis=0)


def _pairs(found: list[tuple[int, int]]) -> np.ndarray:
    return np.array(found, dtype=np.int64).reshape(-1, 2)
