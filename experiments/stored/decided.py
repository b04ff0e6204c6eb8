"""What decided, summed: how hard each group of reasons pushed in the decisions of each run.

Counted when runs are lived, so that it is known of results that keep no contributions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...sim.declared.groups import GROUPS, LUCK
from ...sim.declared.measures import CONTRIBUTIONS
from ...sim.story.decisions import BECAUSE, FAR, GIVEN, NAMES_REASON, given_by
from ...sim.tables.columns import Columns, Words

PARTS: dict[str, tuple[str, ...]] = {key: tuple(group.parts) for key, group in GROUPS.items()}
PARTS[LUCK] = (LUCK,)
"""The contributions that make each group, luck last."""
PUSH = "push_"
"""Begins the names of the columns that hold the sum of a group."""


def sum_decisions(events: Mapping[str, Any]) -> Columns:
    """Return a row a run and kind that names its reason, in order of the runs.

    Columns: `replicate`, `kind`; `decisions`, how many were weighed; `far`, how many of all had how
    far apart they lie as their reason; `push_` with the name of a group: the sum of its pushes over
    the weighed ones (logit; of leaving, logarithm of a rate).
    """
    runs, first = np.unique(events["replicate"], return_index=True)
    found = [_of_kind(events, kind, np.sort(first)) for kind in NAMES_REASON]
    rows = np.arange(len(runs) * len(NAMES_REASON)) % len(NAMES_REASON)
    columns: Columns = {
        "replicate": np.repeat(runs, len(NAMES_REASON)),
        "kind": Words(rows, list(NAMES_REASON), fixed=True),
    }
    return columns | {name: np.stack([each[name] for each in found]).T.ravel() for name in found[0]}


def _of_kind(events: Mapping[str, Any], kind: str, first: np.ndarray) -> dict[str, np.ndarray]:
    """Return counts and sums over the decisions of a kind, a number a run.

    What stops without a reason was decided by the scenario, and counts for nothing.
    """
    places = np.flatnonzero(events["kind"].are(kind))
    run = np.searchsorted(first, places, side="right") - 1
    pushes = {name: events[f"{BECAUSE}{name}"][places] for name in CONTRIBUTIONS}
    weighed = _weighed(kind, pushes) & (events["reason"].places[places] >= 0)
    far = events["reason"].are(FAR)[places]
    found = {"decisions": _count(run, weighed, first), "far": _count(run, far, first)}
    for key, parts in PARTS.items():
        push = sum(
            pushes[part] for part in parts
        )  # one after the other: the same bits in any batch
        sums = np.bincount(run, np.where(weighed, push, 0.0), minlength=len(first))
        found[f"{PUSH}{key}"] = sums.astype(np.float64)  # NumPy counts nothing in whole numbers
    return found


def _count(run: np.ndarray, which: np.ndarray, first: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.bincount(run[which], minlength=len(first)).astype(np.int64)
    return found


def _weighed(kind: str, pushes: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return which decisions of a kind were weighed, and not given."""
    pushed = np.stack([each != 0 for each in pushes.values()])
    alone = pushed.sum(axis=0) == 1
    lone = [pushes[part] != 0 for part in GIVEN if given_by(kind, (part,))]
    given = alone & np.logical_or.reduce(lone) if lone else np.zeros_like(alone)
    found: np.ndarray = pushed.any(axis=0) & ~given
    return found
