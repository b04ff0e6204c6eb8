"""Event tables as data frames made into what a result keeps of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.stored.decided import sum_decisions
from sim.tables.columns import Columns, Words
from sim.tables.frames import as_frame

WORDS = ("kind", "reason", "scope", "council", "other")


def as_columns(events: pd.DataFrame) -> Columns:
    """Return an event table as the plain columns from which it could have been made."""
    found: Columns = {name: events[name].to_numpy() for name in events if name not in WORDS}
    for name in WORDS:
        places, known = pd.factorize(events[name].astype(object))
        found[name] = Words(places, [str(each) for each in known])
    return found


def summed(events: pd.DataFrame) -> pd.DataFrame:
    """Return the sums of decisions that a result keeps of an event table."""
    ordered = events.sort_values("replicate", kind="stable")
    columns = as_columns(ordered)
    columns["replicate"] = np.asarray(columns["replicate"], dtype=np.int64)
    return as_frame(sum_decisions(columns))
