"""Two stores of one plan, such as shards or the work of two machines, joined into one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from ...sim.errors import InputError
from ..stored.belonging import check_free
from ..stored.reading import holds_result
from .beginnings import changed_inputs, plan_difference
from .design import as_columns, as_points
from .points import stored_points, write_points
from .store import (
    Study,
    add_table,
    finish,
    held,
    left,
    numbers_of,
    open_study,
    survey,
    whole_parts,
    write_study,
)


def merge(folders: list[Path], out: Path) -> Study:
    """Join studies of one plan into a new folder; the old ones stay as they are.

    The result is finished when all runs are there; otherwise `councils sweep` completes it.

    Raises:
        InputError: the studies differ in their plans or in what they were made with, runs that
            both have differ, or the folder is taken.
    """
    studies = [open_study(folder) for folder in folders]
    for other in studies[1:]:
        _check_alike(studies[0], other)
    if holds_result(out):
        raise InputError(f"'{out}' holds a study already: name another folder with --out")
    check_free(out)
    largest = max(studies, key=lambda study: (study.size, study.plan.replicates))
    replicates = max(study.plan.replicates for study in studies)
    plan = largest.plan.model_copy(update={"replicates": replicates})
    notes = [note for study in studies for note in study.gone_on]
    record = largest.record._replace(
        asked=largest.record.asked | {"replicates": replicates, "shard": None},
        made=largest.record.made | {"anyway": notes},
        question=largest.record.question | {"plan": plan.document()},
        answer={}, files={}, former=None,
    )  # fmt: skip
    with held(out):
        joined = Study(out, record)
        factors = plan.factors
        points = as_points(stored_points(largest.folder, largest.plan), factors)[: joined.size]
        write_points(out, as_columns(points, factors))
        seen = np.zeros(0, dtype=np.int64)
        for study in studies:
            seen = _add_runs(joined, study, seen)
        write_study(joined)
        parts = survey(joined)
        return joined if len(left(joined, parts)) else finish(joined, parts)


def _check_alike(one: Study, other: Study) -> None:
    differs = plan_difference(one.plan, other.plan)
    if differs is not None:
        raise InputError(
            f"'{one.folder}' and '{other.folder}' are of different plans ({differs} differs): only "
            "studies of one plan can be joined"
        )
    found = changed_inputs(one.record.asked, other.record.asked)
    if found:
        raise InputError(
            f"'{one.folder}' and '{other.folder}' were made with different {', '.join(found)}: "
            "their runs do not belong together"
        )
    count = min(one.size, other.size)
    factors = one.plan.factors
    first, second = (
        as_points(stored_points(s.folder, s.plan), factors)[:count] for s in (one, other)
    )
    if first != second:
        raise InputError(
            f"'{one.folder}' and '{other.folder}' have different points: only studies of one "
            "design can be joined"
        )


def _add_runs(joined: Study, study: Study, seen: np.ndarray) -> np.ndarray:
    """Copy the runs of a study that are not there yet, and return the numbers of all that are."""
    for _, table in whole_parts(study, mend=False):
        numbers = numbers_of(table)
        new = ~np.isin(numbers, seen)
        if not new.all():
            _check_same(joined, study, table.filter(pa.array(~new)))
        if new.any():
            add_table(joined, table.filter(pa.array(new)))
        seen = np.concatenate([seen, numbers[new]])
    return seen


def _check_same(joined: Study, study: Study, again: pa.Table) -> None:
    """Refuse runs that are there twice and differ: something that was not recorded did."""
    numbers = numbers_of(again)
    order = np.argsort(numbers)
    for _, table in whole_parts(joined, mend=False):
        mine = numbers_of(table)
        both = np.intersect1d(mine, numbers)
        if not len(both):
            continue
        rows = np.argsort(mine)[np.searchsorted(np.sort(mine), both)]
        others = order[np.searchsorted(numbers[order], both)]
        plain = table.replace_schema_metadata().take(rows)
        if not plain.equals(again.replace_schema_metadata().take(others)):
            raise InputError(
                f"'{study.folder}' has runs that another study has too, and they differ: verify "
                "both with councils verify"
            )
