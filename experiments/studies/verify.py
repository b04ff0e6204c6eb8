"""Whether a stored study can be trusted: some of its runs lived again and compared bit by bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from ...sim.errors import InputError
from ...sim.measured import measured
from ...sim.running import luck_of
from ..stored.belonging import PARTS, RUNS
from ..stored.reading import check_intact, understood
from ..stored.rules import form_of
from ..stored.tables import as_arrow, read_rows
from .beginnings import (
    as_now,
    asked_of,
    changed_inputs,
    fingerprints,
    ground_of,
    in_words,
    scenarios_of,
)
from .design import Point, as_points
from .jobs import Done, Ground, Job, Span, columns_of, live, ready_at
from .points import stored_points
from .store import (
    Study,
    numbers_of,
    open_study,
    repeat_line,
    wanted,
    whole_parts,
)


class Differing(NamedTuple):
    """A run that does not come out as it is stored."""

    point: int
    replicate: int
    columns: list[str]
    repeat: str


class Checked(NamedTuple):
    """What came of living some runs again."""

    checked: int
    differing: list[Differing]
    changed: list[str]  # inputs that are not what they were
    edited: list[str]  # scenarios whose files say something else than the copies that are kept
    missing: int  # runs of the plan that are not there
    harmed: list[str]  # files that are gone, torn or changed

    @property
    def whole(self) -> bool:
        """Whether every bit that was looked at is as it was stored, and nothing is harmed."""
        return not self.differing and not self.harmed


def verify(folder: str | Path, *, sample: int, seed: int) -> Checked:
    """Live a random sample of a study's runs again and compare every bit.

    Raises:
        InputError: the folder holds no study, or one without runs, or a file of it has changed.
    """
    study = open_study(folder)
    points, ground = _points(study), _ground(study)  # points are made again where they are gone
    _check_files(study)
    harmed = _harmed(study)
    runs = study.read(["point", "replicate"])
    if runs.empty:
        raise InputError(f"'{folder}' has no runs yet: complete it with councils sweep")
    chance = np.random.Generator(np.random.PCG64(seed))
    rows = np.sort(chance.choice(len(runs), size=min(sample, len(runs)), replace=False))
    keys = [(int(runs["point"][row]), int(runs["replicate"][row])) for row in rows.tolist()]
    stored = _stored(study, rows)
    again = as_arrow(columns_of(live(_job(ground, points, keys))))
    found = [
        Differing(*key, columns, repeat_line(study.folder, *key))
        for row, key in enumerate(keys)
        if (columns := _differing(stored, again, row))
    ]
    changed = form_of(study.record) + changed_inputs(asked_of(study), fingerprints(ground))
    missing = len(wanted(study)) - len(runs)
    return Checked(len(keys), found, changed, _edited(study), missing, harmed)


def _harmed(study: Study) -> list[str]:
    """Return which files of the record are gone, and which parts are torn or changed."""
    gone = [name for name in study.record.files if not (study.folder / name).exists()]
    whole = {path for path, _ in whole_parts(study, mend=False)}
    parts = [path for path in (study.folder / PARTS).glob("*") if not path.name.startswith(".")]
    torn = sorted(path.name for path in parts if path not in whole)
    return [*(f"{name} is gone" for name in gone),
            *(f"{PARTS}/{name} is torn or changed" for name in torn)]  # fmt: skip


def _check_files(study: Study) -> None:
    """Refuse a study whose files have changed; without `runs.parquet` it is one that goes on."""
    there = {
        name: known for name, known in study.record.files.items() if (study.folder / name).exists()
    }
    check_intact(study.folder, study.record._replace(files=there))


def _edited(study: Study) -> list[str]:
    """Return which scenarios of the plan's own files are not those of the study any more.

    A study lives its own copies, so this changes no run of it. Files that are gone say nothing.
    """
    try:
        now = scenarios_of(ground_of(study.plan))
    except InputError:
        return []
    kept = scenarios_of(Ground.model_validate(study.ground))
    return [in_words(name) for name in now if now[name] != kept.get(name)]


def _stored(study: Study, rows: np.ndarray) -> pa.Table:
    """Return some runs of a study, by their place in its order, as they are stored."""
    if study.finished:
        return read_rows(study.folder / RUNS, rows)
    table = pa.concat_tables([table for _, table in whole_parts(study, mend=False)])
    _, order = np.unique(numbers_of(table), return_index=True)
    return table.take(pa.array(order[rows]))


def _differing(stored: pa.Table, again: pa.Table, row: int) -> list[str]:
    """Return the columns of a run that differ; what an earlier version did not keep cannot."""
    return [
        name
        for name in stored.column_names
        if stored[name][row].as_py() != again[name][row].as_py()  # missing ones are None in both
    ]


def _points(study: Study) -> list[Point]:
    return as_points(stored_points(study.folder, study.plan), study.plan.factors)


def _ground(study: Study) -> Ground:
    with understood(study.folder):
        return as_now(Ground.model_validate(study.ground))


def _job(ground: Ground, points: list[Point], keys: list[tuple[int, int]]) -> Job:
    spans = tuple(Span(point, points[point].values, k, k + 1) for point, k in keys)
    return Job(ground, spans)


def repeat(folder: str | Path, *, point: int, replicate: int) -> dict[str, Any]:
    """Live one run of a study again and return its outcomes; what it raises is raised.

    Raises:
        InputError: there is no such point or replicate in the study.
    """
    study = open_study(folder)
    points, ground = _points(study), _ground(study)
    for name, value, count in (
        ("--point", point, study.size),
        ("--replicate", replicate, study.plan.replicates),
    ):
        if not 0 <= value < count:
            raise InputError(f"{name} is {value}: the study has 0 to {count - 1}")
    job = _job(ground, points, [(point, replicate)])
    done: Done = live(job)
    if done.errors[0] is not None:  # once more, with the error itself
        for ready in ready_at(job.ground, points[point].values):
            measured(ready, luck=luck_of(ground.seed, replicate))
    columns = as_arrow(columns_of(done))
    outcomes = {name: columns[name][0].as_py() for name in columns.column_names}
    return {"factors": points[point].values, **outcomes}
