"""A sensitivity found again from the stored runs of its study, and compared."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow.parquet as pq

from ...sim.errors import InputError
from ..sensitivity.analysis import analyse, asked, document, says_too_little, write_indices
from ..stored.already import difference
from ..stored.belonging import INDICES
from ..stored.reading import check_intact, read_record
from ..stored.record import Record
from ..stored.rules import changed_libraries, form_of, rules_now, rules_of
from ..stored.tables import unlike_columns
from ..studies.store import Study, open_study
from ..terminal import plain
from .confirmed import Confirmed, Deviation


def verify_sensitivity(folder: Path) -> Confirmed:
    """Find again from the stored runs what an analysis found, and compare it to the bit.

    Raises:
        InputError: the folder holds no analysis, its study has other runs by now, or a file of
            either has changed.
    """
    record = check_intact(folder, read_record(folder, "sensitivity"))
    study = open_study(folder.parent)
    check_intact(study.folder, study.record)
    now = {key: value for key, value in asked(study).items() if key in record.asked}
    differs = difference(record, now)
    if differs is not None:
        raise InputError(
            f"'{folder}' holds the sensitivity for {differs}: run councils sensitivity on the plan "
            "again"
        )
    many, unlike = len(record.answer["outcomes"]), _unlike(study, record, folder)
    note = "The runs of its study were not lived again: verify the study for that."
    return Confirmed("sensitivity", many, unlike, _changed(record), [note])


def _unlike(study: Study, record: Record, folder: Path) -> list[Deviation]:
    analyses = analyse(study)
    again, found = plain(document(study, analyses)), []
    for had, has in zip(record.answer["outcomes"], again["outcomes"], strict=True):
        unlike = [key for key in had if had[key] != has.get(key)]
        if unlike:
            found.append(Deviation(had["title"], unlike))
    if record.former is None:
        with tempfile.TemporaryDirectory() as place:
            write_indices(Path(place) / INDICES, analyses)
            tables = [pq.read_table(each / INDICES) for each in (folder, Path(place))]
        unlike = unlike_columns(*tables)
        found += [Deviation(INDICES, unlike)] if unlike else []
    return found


def _changed(record: Record) -> list[str]:
    """Return what has changed of that which decides an analysis: its form and the libraries."""
    if record.former is not None:
        return form_of(record)
    if says_too_little(record.answer):
        return ["what is said of points that are alike to the bit"]
    had = rules_of(record._replace(asked=record.asked | {"code": "", "data": {}}))
    return changed_libraries(had, rules_now({}))
