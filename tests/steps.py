"""Planted rows of an event table, for tests of how they are told."""

import numpy as np
import pandas as pd

from sim.declared.measures import CONTRIBUTIONS

NAMES = {
    "S": "South Norfolk",
    "B": "Breckland",
    "N": "North Norfolk",
    "K": "King's Lynn and West Norfolk",
    "H": "South Holland",
    "J": "South Holland and Breckland",
}


def event(kind, council="S", other=None, *, quarter=0, deal=-1, **fields):
    """Return one row of an event table; `because` holds its contributions."""
    month = pd.Timestamp("2009-04-01") + pd.DateOffset(months=3 * quarter)
    plain = {"scope": None, "reason": None, "value": np.nan, "more": np.nan} | fields
    because = plain.pop("because", {})
    pushes = {f"because_{key}": because.get(key, 0.0) for key in CONTRIBUTIONS}
    row = {"quarter": quarter, "date": month, "kind": kind, "council": council, "other": other}
    return row | {"agreement": deal} | plain | pushes


def deep(kind, council="S", other=None, **fields):
    """Return an event about shared management."""
    return event(kind, council, other, **({"scope": "management", "deal": 1} | fields))
