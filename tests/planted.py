"""Studies whose outcomes are planted and not simulated, stored as any other: quick, and known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from experiments.stored.record import Record
from experiments.studies.design import Point, as_columns, points_of
from experiments.studies.plan import Plan
from experiments.studies.points import write_points
from experiments.studies.reading import read_plan
from experiments.studies.store import Study, add_part, finish, held, survey, write_study
from sim.core.state import NOBODY
from sim.tables.columns import Columns, Words

Outcomes = Mapping[str, float] | str
"""What a run measures, by column, or the error that it raised."""
PRINTS: dict[str, Any] = {"code": "c", "data": {}, "scenarios": {}, "libraries": {}}


def planned(folder: Path, text: str) -> Plan:
    """Return the plan of a text."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return read_plan(path)


def begun(folder: Path, plan: Plan, columns: list[str], **asked: Any) -> Study:
    """Return a study in which nothing has been run; `asked` changes what it says was asked."""
    points = points_of(plan)
    (folder / "parts").mkdir(parents=True)
    write_points(folder, as_columns(points, plan.factors))
    said = PRINTS | {
        "study": "planted", "points": len(points), "replicates": plan.replicates, "shard": None,
        "columns": ["point", "replicate", "error", *columns],
    }  # fmt: skip
    question = {"plan": plan.document(), "ground": {}}
    record = Record("study", said | asked, {"anyway": [], "command": ""}, question, {}, {})
    return write_study(Study(folder, record))


def retold(study: Study, *, plan: Plan | None = None, anyway: Any = (), **asked: Any) -> Study:
    """Return a study that says something else was asked, and with what it went on."""
    record, question = study.record, dict(study.record.question)
    if plan is not None:
        question["plan"] = plan.document()
        asked = {"replicates": plan.replicates} | asked
    made = record.made | {"anyway": [*study.gone_on, *anyway]}
    record = record._replace(asked=record.asked | asked, made=made, question=question)
    return study._replace(record=record)


def rows_of(names: list[str], runs: Mapping[tuple[int, int], Outcomes]) -> Columns:
    """Return runs, by point and replicate, as the columns in which they are stored."""
    errors = [found if isinstance(found, str) else None for found in runs.values()]
    known = sorted({error for error in errors if error is not None})
    places = [NOBODY if error is None else known.index(error) for error in errors]
    keys = np.array(list(runs), dtype=np.int64).reshape(-1, 2)
    columns: Columns = {
        "point": np.ascontiguousarray(keys[:, 0]), "replicate": np.ascontiguousarray(keys[:, 1]),
        "error": Words(np.array(places, dtype=np.int64), known),
    }  # fmt: skip
    for name in names:
        values = [np.nan if isinstance(found, str) else found[name] for found in runs.values()]
        columns[name] = np.array(values, dtype=np.float64)
    return columns


def planted(
    folder: Path,
    plan: Plan,
    outcome: Callable[[Point, int], Outcomes],
    names: list[str],
    *,
    size: int = 1000,
    **asked: Any,
) -> Study:
    """Return the finished study of a plan whose runs come out as `outcome` says, in small parts."""
    study = begun(folder, plan, names, **asked)
    runs = {
        (point.number, replicate): outcome(point, replicate)
        for point in points_of(plan)
        for replicate in range(plan.replicates)
    }
    keys = list(runs)
    for first in range(0, len(keys), size):
        add_part(study, rows_of(names, {key: runs[key] for key in keys[first : first + size]}))
    with held(folder):
        return finish(study, survey(study))
