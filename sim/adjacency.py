"""Who touches whom where no map says so: places that no third place comes between."""

from __future__ import annotations

import numpy as np
from scipy.spatial import Delaunay

LONGEST_LINK = 2.2


def touching(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return (links, 2): pairs of places that are neighbours, without the long edges."""
    count = len(x)
    if count < 2:
        return np.zeros((0, 2), dtype=np.int64)
    if count < 4:
        return np.array([(i, j) for i in range(count) for j in range(i + 1, count)])
    triangles = Delaunay(np.column_stack([x, y]), qhull_options="Qbb QJ Pp").simplices
    edges = np.sort(np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]]))
    edges = np.unique(edges, axis=0)
    length = np.hypot(x[edges[:, 0]] - x[edges[:, 1]], y[edges[:, 0]] - y[edges[:, 1]])
    short: np.ndarray = edges[length <= LONGEST_LINK * np.median(length)]
    return short
