"""How long a study would take and how large it would be, told from a few real runs of it."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..executors.pace import BATCH_SECONDS, LONG_SECONDS, MANY_BATCHES
from ..stored.tables import as_arrow
from .beginnings import check_ready, ground_of
from .design import Point, points_of
from .equals import first_equals
from .finding import told_as_laid
from .jobs import (
    Done,
    Ground,
    Job,
    Span,
    columns_of,
    live,
    ready_at,
)
from .plan import Plan
from .store import bytes_of

TIMED_SECONDS = 3.0
"""How long runs are tried; at least one is, however long it takes."""
POINTS_TIMED = 40
"""At most so many points are tried, spread over the design."""
FILES = 4
"""Files that even the smallest study has: the first two runs one by one, the rest, all in order."""
MEGA = 1e6


class Outlook(NamedTuple):
    """What a study would take."""

    points: int
    replicates: int
    runs: int
    lived: int  # the others equal one of these
    seconds_a_run: float
    seconds: float  # by the clock, with the workers asked for
    megabytes: float


def outlook(plan: Plan, *, workers: int, shards: int = 1) -> Outlook:
    """Return how long a study (or one of its shards) would take; nothing is written."""
    points, ground = points_of(plan), ground_of(plan)
    with told_as_laid(plan.name, None if plan.written is None else plan.scenario):
        check_ready(ground, points)
    a_point, a_run, rows = _tried(ground, points, plan.replicates)
    distinct = len(np.unique(first_equals(point.values.values() for point in points)))
    runs, lived = (-(-count * plan.replicates // shards) for count in (len(points), distinct))
    work = a_point * -(-distinct // shards) + a_run * lived
    hands = min(workers, os.cpu_count() or 1)
    return Outlook(
        len(points),
        plan.replicates,
        runs,
        lived,
        a_run,
        work / hands,
        _size(rows, runs, work) / MEGA,
    )


def _tried(
    ground: Ground, points: Sequence[Point], replicates: int
) -> tuple[float, float, list[Done]]:
    """Return the seconds that a point takes, those that a run takes, and the runs tried."""
    live(Job(ground, (Span(0, points[0].values, 0, 1),)))  # loads and compiles
    picked = np.linspace(0, len(points) - 1, min(POINTS_TIMED, len(points))).astype(int)
    preparing, rows, start = [], [], time.perf_counter()
    for replicate in range(replicates):
        for k in picked.tolist():
            if replicate == 0:
                before = time.perf_counter()
                ready_at(ground, points[k].values)
                preparing.append(time.perf_counter() - before)
            rows.append(live(Job(ground, (Span(k, points[k].values, replicate, replicate + 1),))))
            if time.perf_counter() - start > TIMED_SECONDS:
                break
        else:
            continue
        break
    a_point = float(np.mean(preparing))
    lived = float(np.mean([done.seconds for done in rows]))
    return a_point, max(lived - a_point, 0.0), rows


def _size(rows: Sequence[Done], runs: int, seconds: float) -> float:
    """Return the bytes of parts and ordered runs together."""
    whole = _bytes(rows)
    half = _bytes(rows[: max(len(rows) // 2, 1)])
    a_row = (whole - half) / max(len(rows) - len(rows) // 2, 1) or whole / len(rows)
    a_file = max(whole - a_row * len(rows), 0.0)
    batch = LONG_SECONDS if seconds > MANY_BATCHES * BATCH_SECONDS else BATCH_SECONDS
    return 2 * a_row * runs + a_file * (FILES + seconds / batch)


def _bytes(rows: Sequence[Done]) -> int:
    first, others = rows[0], [done.others for done in rows if done.others is not None]
    histories = [done.history for done in rows if done.history is not None]
    together = first._replace(
        points=np.concatenate([done.points for done in rows]),
        replicates=np.concatenate([done.replicates for done in rows]),
        errors=[error for done in rows for error in done.errors],
        records=np.concatenate([done.records for done in rows]),
        others=np.concatenate(others) if others else None,
        history=np.concatenate(histories) if histories else None,
    )
    return len(bytes_of(as_arrow(columns_of(together))))
