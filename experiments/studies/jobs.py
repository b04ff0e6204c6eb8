"""What a worker of a study is given and gives back: some runs, and their rows."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from importlib.metadata import version
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from pydantic import BaseModel, field_validator

from ...sim.core.state import NOBODY
from ...sim.declared.measures import as_columns, quarter_dtype
from ...sim.declared.scenario import Scenario
from ...sim.identity import code_fingerprint
from ...sim.measured import measured
from ...sim.ready.kept import prepared
from ...sim.ready.varied import vary
from ...sim.ready.world import Prepared
from ...sim.running import luck_of
from ...sim.tables.columns import Columns, Words
from ..ends import raised
from ..ensembles.laid import laid_over
from ..executors.pace import Pace
from ..history.targets import of_england, statistics, targets
from ..stored.former import as_known
from ..stored.rules import DECISIVE
from ..worlds import Worlds, worlds_again
from .plan import AS_IT_IS, FUNDING, POLICY, Value

DIFFERENCE = "difference_"
"""Begins the name of an outcome as policy minus scenario, on the same luck."""


class Ground(BaseModel):
    """What all points of a study have in common."""

    seed: int
    scenarios: dict[str, Scenario]  # by policy; "base" is the scenario as it is
    difference: Scenario | None
    since: dict[str, date]  # of dated levers
    files: dict[str, str]  # where the files lie that values of a factor name
    content: str = ""  # a hash of all files, so that nothing made of older ones is used again
    worlds: dict[str, Any] | None = None  # see `Worlds.told`; none for the numbers as they are
    ensemble: str = ""  # by which name or file it was given

    @field_validator("scenarios", "difference", mode="before")
    @classmethod
    def _as_known(cls, kept: Any) -> Any:
        """Take scenarios that earlier versions stored, with numbers that are gone."""
        if isinstance(kept, dict) and "parameters" not in kept:
            return {name: as_known(each) for name, each in kept.items()}
        return as_known(kept)


class Span(NamedTuple):
    """Replicates `first` to before `stop` of one point."""

    point: int
    values: dict[str, Value]
    first: int
    stop: int


class Job(NamedTuple):
    """A batch of runs."""

    ground: Ground
    spans: tuple[Span, ...]

    @property
    def runs(self) -> int:
        """How many runs."""
        return sum(span.stop - span.first for span in self.spans)


class Done(NamedTuple):
    """What came of a batch: a row a run, in the order of the job."""

    points: np.ndarray
    replicates: np.ndarray
    errors: list[str | None]
    records: np.ndarray  # (runs,) of quarter_dtype: the last quarter; not a number after an error
    others: np.ndarray | None  # the same under the policy of a [difference]
    history: np.ndarray | None  # (runs, targets): what England's history is held against
    seconds: float
    made: str  # with which code and libraries


def live(job: Job) -> Done:
    """Live the runs of a job; one that raises becomes a row with its error."""
    start = time.perf_counter()
    ground = job.ground
    done, row = blank(job), 0
    for span in job.spans:
        for together in _together(ground, range(span.first, span.stop)):
            sides = _prepared_or_error(ground, span.values, together.start)
            for replicate in together:
                done.errors[row] = _live_one(sides, ground.seed, replicate, done, row)
                row += 1
    return done._replace(seconds=time.perf_counter() - start)


def blank(job: Job, error: str | None = None) -> Done:
    """Return the rows of a job before any of it is lived, or when it never will be."""
    points = np.repeat([s.point for s in job.spans], [s.stop - s.first for s in job.spans])
    replicates = np.concatenate([np.arange(s.first, s.stop) for s in job.spans])
    records = np.full(job.runs, np.nan, dtype=quarter_dtype())
    others = records.copy() if job.ground.difference is not None else None
    known = any(map(of_england, job.ground.scenarios.values()))
    history = np.full((job.runs, len(targets())), np.nan) if known else None
    errors = [error] * job.runs
    return Done(points, replicates, errors, records, others, history, 0.0, made_with())


def lost(job: Job, error: str) -> Done:
    """Return the rows of a job whose workers die each time that it is tried."""
    return blank(job, error)


def _live_one(
    sides: list[Prepared] | str, seed: int, replicate: int, done: Done, row: int
) -> str | None:
    if isinstance(sides, str):
        return sides
    try:
        luck = luck_of(seed, replicate)
        last = done.history is None
        lived = [measured(ready, luck=luck, last=last) for ready in sides]
    except Exception as error:  # whatever it is, the study goes on and the row tells
        return raised(error)
    done.records[row] = lived[0][-1]
    if done.others is not None:
        done.others[row] = lived[1][-1]
    if done.history is not None and of_england(sides[0].scenario):
        done.history[row] = list(statistics(lived[0]).values())
    return None


def _together(ground: Ground, replicates: range) -> Iterator[range]:
    """Yield replicates that are lived with the same numbers: all, or those of each world."""
    worlds = worlds_of(ground)
    return iter([replicates]) if worlds is None else worlds.spans(replicates)


def worlds_of(ground: Ground) -> Worlds | None:
    """Return in which worlds a study is lived; none where at the numbers as they are.

    Raises:
        InputError: its ensemble is gone, or holds other sets now.
    """
    return None if ground.worlds is None else _kept_worlds(ground.ensemble, **ground.worlds)


@lru_cache(maxsize=1)
def _kept_worlds(file: str, **told: Any) -> Worlds | None:
    return worlds_again(told, file)


def _prepared_or_error(
    ground: Ground, values: dict[str, Value], replicate: int
) -> list[Prepared] | str:
    try:
        return ready_at(ground, values, replicate)
    except Exception as error:  # as above, for all runs of the point
        return raised(error)


def ready_at(ground: Ground, values: dict[str, Value], replicate: int = 0) -> list[Prepared]:
    """Return the scenario of a point made ready; with a [difference], then the policy's too.

    Over an ensemble it is in the world of the replicate, but for what the point sets.

    Raises:
        InputError: a table that the scenario needs is gone, or a value is not allowed.
    """
    policy, path = str(values.get(POLICY, AS_IT_IS)), values.get(FUNDING)
    numbers = {name: v for name, v in values.items() if name not in (POLICY, FUNDING)}
    which = [policy] if ground.difference is None else [policy, None]
    sides = [_ready(ground, each, None if path is None else str(path)) for each in which]
    return [
        _at(ready, _of_world(ground, ready, replicate), numbers, ground.since) for ready in sides
    ]


def _of_world(ground: Ground, ready: Prepared, replicate: int) -> Mapping[str, Value]:
    """Return the numbers of the world of a replicate, laid over the scenario as it is."""
    worlds = worlds_of(ground)
    if worlds is None:
        return {}
    laid = laid_over(worlds.ensemble, ground.scenarios[AS_IT_IS], ready.scenario)
    return laid.values(worlds.world(replicate))


def _at(
    ready: Prepared,
    world: Mapping[str, Value],
    numbers: dict[str, Value],
    since: dict[str, date],
) -> Prepared:
    """Return a prepared scenario with the numbers of a world and of a point, these also by date."""
    dates = sorted({since[name] for name in numbers if name in since})
    for when in (None, *dates):
        due = {name: value for name, value in numbers.items() if since.get(name) == when}
        if when is None:
            due = {**world, **due}
        if due:
            ready = vary(ready, due, since=when)
    return ready


def _ready(ground: Ground, policy: str | None, path: str | None) -> Prepared:
    """Return a scenario made ready under a policy (None: that of the difference) and a path."""
    scenario = ground.difference if policy is None else ground.scenarios[policy]
    if scenario is None:
        raise ValueError("the plan has no difference")
    ready = prepared(scenario)
    if path is not None:
        where = ground.files.get(path, path)
        ready = vary(ready, {FUNDING: where}, since=ground.since.get(FUNDING))
    return ready


def columns_of(done: Done) -> Columns:
    """Return rows as the columns in which they are stored."""
    known = list(dict.fromkeys(error for error in done.errors if error is not None))
    places = [NOBODY if error is None else known.index(error) for error in done.errors]
    columns: Columns = {
        "point": done.points.astype(np.int64),
        "replicate": done.replicates.astype(np.int64),
        "error": Words(np.array(places, dtype=np.int64), known),
    }
    measured = as_columns(done.records)
    columns |= measured
    if done.others is not None:
        other = as_columns(done.others)
        columns |= {f"{DIFFERENCE}{name}": other[name] - measured[name] for name in measured}
    if done.history is not None:
        columns |= {each.name: done.history[:, k] for k, each in enumerate(targets())}
    return columns


@lru_cache(maxsize=1)
def made_with() -> str:
    """Return a short text that differs wherever a worker's code or libraries do."""
    return " ".join([code_fingerprint()[:16], *(f"{n}-{version(n)}" for n in DECISIVE)])


def jobs_of(ground: Ground, spans: Sequence[Span], pace: Pace) -> Iterator[Job]:
    """Yield runs as jobs, each as long as it should be when it is asked for."""
    left = sum(span.stop - span.first for span in spans)
    waiting = deque(spans)
    while left:
        size = pace.size(left)
        left -= size
        yield Job(ground, tuple(_cut(waiting, size)))


def _cut(waiting: deque[Span], size: int) -> Iterator[Span]:
    """Yield so many runs off the front of some spans."""
    while size:
        span = waiting.popleft()
        stop = min(span.stop, span.first + size)
        if stop < span.stop:
            waiting.appendleft(span._replace(first=stop))
        size -= stop - span.first
        yield span._replace(stop=stop)


def spans_of(keys: np.ndarray, values: Sequence[dict[str, Any]], step: int) -> list[Span]:
    """Return runs, sorted numbers `point * step + replicate`, as spans of replicates."""
    if not len(keys):
        return []
    points, replicates = keys // step, keys % step
    cuts = np.flatnonzero((np.diff(keys) != 1) | (np.diff(points) != 0)) + 1
    edges = [0, *cuts.tolist(), len(keys)]
    return [
        Span(int(points[a]), values[int(points[a])], int(replicates[a]), int(replicates[b - 1]) + 1)
        for a, b in pairwise(edges)
    ]
