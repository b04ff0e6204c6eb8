"""The runs of a calibration, kept as they come: killed at any moment, none is lived twice.

Every run has a luck of its own, since England's history is one history and nobody knows its luck.
Runs are kept in parts of some hundred; the name of a part holds a hash of what decides it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...sim.behaviour import behaviour
from ...sim.declared.parameters import Declaration
from ...sim.declared.scenario import Scenario
from ...sim.errors import InputError
from ...sim.measured import measured
from ...sim.ready.kept import prepared
from ...sim.ready.varied import vary
from ...sim.running import luck_of
from ...sim.whole import write_whole
from ..executors.ordered import Hands, ordered
from ..history.look import points_at
from ..history.targets import statistics, targets
from ..terminal import Watch

BATCH, PART = 16, 256
"""Runs that a worker does at a time, and runs in a file."""


class Ground(NamedTuple):
    """What all runs of a calibration have in common."""

    scenario: Scenario
    factors: tuple[Declaration, ...]  # the numbers that vary, in the order of the points
    seed: int
    folder: Path
    hands: Hands


class _Job(NamedTuple):
    scenario: Scenario
    points: tuple[dict[str, float], ...]
    seed: int
    first: int  # replicate of the first point


def live(
    ground: Ground, stage: str, unit: np.ndarray, first: int, watch: Watch | None = None
) -> np.ndarray:
    """Return England's numbers in a run at each point, (points, targets); kept ones are read.

    Args:
        ground: what all runs have in common.
        stage: what the runs are for, in a word; it begins the names of their files.
        unit: points in the unit cube of the ranges, (points, numbers).
        first: the replicate of the first point; each point has the next one.
        watch: who is told how many are done.
    """
    spans = [range(k, min(k + PART, len(unit))) for k in range(0, len(unit), PART)]
    decides = _decides(ground)
    paths = [
        ground.folder / _name(decides, stage, unit[s.start : s.stop], first + s.start)
        for s in spans
    ]
    missing = [k for k, path in enumerate(paths) if _read(path, len(spans[k])) is None]
    done = len(unit) - sum(len(spans[k]) for k in missing)
    jobs = _jobs(ground, unit, first, [spans[k] for k in missing])
    with closing(ordered(_live, jobs, ground.hands)) as coming:
        for k in missing:
            rows = [next(coming) for _ in range(-(-len(spans[k]) // BATCH))]
            _write(paths[k], np.vstack(rows))
            done += len(spans[k])
            if watch is not None:
                watch(stage.capitalize(), done, len(unit))
    found = [_read(path, len(span)) for path, span in zip(paths, spans, strict=True)]
    gone = [path for path, each in zip(paths, found, strict=True) if each is None]
    if gone:
        raise InputError(f"'{gone[0]}' was taken away: give the same command again")
    return np.vstack([each for each in found if each is not None])


def _jobs(ground: Ground, unit: np.ndarray, first: int, spans: Sequence[range]) -> Iterator[_Job]:
    for span in spans:
        for start in range(span.start, span.stop, BATCH):
            stop = min(start + BATCH, span.stop)
            points = tuple(points_at(ground.factors, unit[start:stop]))
            yield _Job(ground.scenario, points, ground.seed, first + start)


def _live(job: _Job) -> np.ndarray:
    """Return England's numbers in one run of each point of a job, (points, targets)."""
    ready = prepared(job.scenario)
    rows = []
    for place, point in enumerate(job.points):
        luck = luck_of(job.seed, job.first + place)
        record = measured(vary(ready, point), luck=luck)
        rows.append(list(statistics(record).values()))
    return np.array(rows)


def _decides(ground: Ground) -> list[str]:
    """Return what decides any run, but for its point and its luck."""
    decides = [
        behaviour(),
        ground.scenario.fingerprint(),
        *(f"{t.name} {t.over} {t.under} {t.at} {t.under_at}" for t in targets()),
    ]
    return [*decides, *(f"{f.name} {f.plausible}" for f in ground.factors), str(ground.seed)]


def _name(decides: Sequence[str], stage: str, unit: np.ndarray, first: int) -> str:
    """Return the name of a part, with a hash of all that decides its runs."""
    digest = hashlib.sha256("\n".join([*decides, str(first)]).encode())
    digest.update(np.ascontiguousarray(unit).tobytes())
    return f"{stage}-{first:07d}-{digest.hexdigest()[:16]}.npy"


def _read(path: Path, rows: int) -> np.ndarray | None:
    """Return the runs of a part; nothing where it is missing or torn."""
    try:
        found: np.ndarray = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return found if found.shape == (rows, len(targets())) else None


def _write(path: Path, rows: np.ndarray) -> None:
    with write_whole(path, replace=True) as file:
        np.save(file, rows)
