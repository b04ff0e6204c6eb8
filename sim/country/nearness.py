"""Which councils lie nearest to each: by distance between centres, by row where that is equal."""

from __future__ import annotations

import numpy as np

PLAINLY_MOST = 1000
"""Up to so many places every distance is reckoned; beyond, a tree finds those worth reckoning."""
SPARE = 8
"""Places asked of the tree besides those wanted, so that those equally far are among them."""
SLACK = 1e-9
"""By what share squared distances may differ that the tree takes for the same."""


def nearest_places(x: np.ndarray, y: np.ndarray, near: int) -> np.ndarray:
    """Return (places, near): the rows of the places nearest to each, itself left out."""
    if len(x) > PLAINLY_MOST:
        return by_tree(x, y, near)
    return plainly(x, y, near)


def plainly(x: np.ndarray, y: np.ndarray, near: int) -> np.ndarray:
    """Find the nearest by all distances."""
    everybody = np.broadcast_to(np.arange(len(x)), (len(x), len(x)))
    order = np.argsort(_squared(x, y, everybody), axis=1, kind="stable")
    found: np.ndarray = order[:, :near]
    return found


def by_tree(x: np.ndarray, y: np.ndarray, near: int) -> np.ndarray:
    """Find the nearest among those that a tree names, more of them until none can be missing."""
    from scipy.spatial import cKDTree  # here, since it loads slowly and small countries do without

    tree, asked = cKDTree(np.column_stack([x, y])), near + 1
    while True:
        asked = min(asked + SPARE, len(x))
        _, rows = tree.query(np.column_stack([x, y]), k=asked)
        squared = _squared(x, y, rows)
        order = np.lexsort((rows, squared), axis=1)
        rows, squared = (np.take_along_axis(each, order, axis=1) for each in (rows, squared))
        # the last is infinitely far where the place itself is among those named
        edge = np.where(np.isinf(squared[:, -1]), squared[:, -2], squared[:, -1])
        if asked == len(x) or (edge > squared[:, near - 1] * (1 + SLACK)).all():
            found: np.ndarray = rows[:, :near]
            return found


def _squared(x: np.ndarray, y: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the squared distance of each place to some others; to itself it is infinite."""
    own = np.arange(len(x))[:, None]
    across, along = x[rows] - x[:, None], y[rows] - y[:, None]
    squared: np.ndarray = np.where(rows == own, np.inf, across * across + along * along)
    return squared
