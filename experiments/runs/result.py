"""From an experiment to its stored result: run it, or find that it has been run before."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from ...sim.errors import InputError
from ..early import is_whole
from ..executors.ordered import Hands
from ..stored.already import here_already
from ..stored.asked import RESULTS
from ..stored.assembly import assembled, cannot_write
from ..stored.belonging import check_replaceable
from ..stored.events import NONE, PAIRS, tables_kept
from ..stored.folder import describe_files, hash_of
from ..stored.provenance import provenance
from ..stored.record import Record, write_record
from ..stored.tables import TableWriter, write_table
from ..terminal import Watch
from .conduct import conduct
from .experiment import Experiment
from .pairs import Counts, add_counts, as_shares


class Delivery(NamedTuple):
    """How a result is made and where it goes; nothing here changes a table."""

    out: Path | None = None
    hands: Hands = Hands()
    figures: bool = True
    boundaries: Path | None = None
    force: bool = False


class Found(NamedTuple):
    """What stands at the place of a result: nothing, the same result, or that less its figures."""

    what: Literal["absent", "same", "undrawn"]
    record: Record | None = None


ABSENT = Found("absent")
ADVICE = "name another folder with --out, or replace it with --force"


class Result(NamedTuple):
    """Where a result is, and whether it was there before."""

    folder: Path
    record: Record
    reused: bool


def run(experiment: Experiment, delivery: Delivery, watch: Watch) -> Result:
    """Return the result of an experiment, run now unless its folder holds it already.

    Raises:
        InputError: the place is taken by something else, or cannot be written.
    """
    asked = experiment.asked()
    target = (delivery.out or RESULTS / experiment.folder_name(asked)).resolve()
    pictures = _pictures(experiment, delivery)
    try:
        found = _standing(target, asked, pictures, force=delivery.force)
    except OSError as error:
        raise cannot_write(target, error) from None
    if found.record is not None and found.what == "same":
        is_whole(target)
        return Result(target, found.record, reused=True)
    replace: Literal["run"] | None = "run" if delivery.force or found.record else None
    with assembled(target, replace=replace) as folder:
        if found.record is None:
            record = _make_tables(experiment, asked, folder, delivery, watch)
        else:
            record = found.record._replace(former=None)
            _copy_tables(target, folder, record)
        if pictures is not None:
            _draw(experiment, folder, delivery, watch)
        answer = record.answer | {"figures": pictures}
        record = record._replace(answer=answer, files=describe_files(folder))
        record = write_record(folder, record)
    return Result(target, record, reused=found.record is not None)


def _pictures(experiment: Experiment, delivery: Delivery) -> dict[str, str | None] | None:
    """Return what the figures depend on besides the tables, None when none are wanted."""
    if delivery.boundaries is not None:
        from .illustrate import check_boundaries

        check_boundaries(delivery.boundaries, experiment.scenario)
    if not delivery.figures:
        return None
    return {"boundaries": hash_of(delivery.boundaries) if delivery.boundaries else None}


def _standing(target: Path, asked: Mapping[str, Any], pictures: object, *, force: bool) -> Found:
    """Return what stands at a place; raises InputError when it is neither the result nor free."""
    if force:
        check_replaceable(target, "run")
        return ABSENT
    record = here_already(target, "run", asked, ADVICE)
    if record is None:
        return ABSENT
    drawn = record.answer["figures"]
    if pictures in (None, drawn):
        return Found("same", record)
    if drawn is not None:
        raise InputError(f"'{target}' holds the result for a map with other boundaries: {ADVICE}")
    check_replaceable(target, "run")
    return Found("undrawn", record)


def _make_tables(
    experiment: Experiment, asked: dict[str, Any], folder: Path, delivery: Delivery, watch: Watch
) -> Record:
    """Run an experiment into the tables of a folder, and return its record but for the files."""
    started, clock = datetime.now(UTC), time.perf_counter()
    rows = _store(experiment, folder, delivery.hands, watch)
    made = provenance() | {
        "workers": delivery.hands.workers or "as many as were worth it",
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - clock, 3),
    }
    answer = {"tables": {name: {"rows": count} for name, count in rows.items()}}
    question: dict[str, Any] = {"scenario": experiment.scenario.document()}
    if experiment.worlds is not None:
        question["ensemble"] = experiment.worlds.ensemble.file
    return Record("run", asked, made, question, answer, {})


def _store(experiment: Experiment, folder: Path, hands: Hands, watch: Watch) -> dict[str, int]:
    """Run everything, write the tables as they come, and return how many rows each has."""
    watch("Preparing", 0)
    counts: Counts = {}
    with ExitStack() as stack:
        writers = {
            name: stack.enter_context(TableWriter(folder / f"{name}.parquet", tight=True))
            for name in tables_kept(experiment.events)
            if name != PAIRS
        }
        scenario, seed, runs, worlds, kept = experiment
        coming = conduct(scenario, seed=seed, runs=runs, hands=hands, worlds=worlds, kept=kept)
        for lived in stack.enter_context(closing(coming)):
            for name, table in lived.tables.items():
                writers[name].append(table)
            add_counts(counts, lived.pairs)
            done = writers["runs"].rows
            watch("Running", done)
    rows = {name: writer.rows for name, writer in writers.items()}
    if experiment.events != NONE:
        rows[PAIRS] = write_table(as_shares(counts, experiment.runs), folder / f"{PAIRS}.parquet")
    return {name: rows[name] for name in tables_kept(experiment.events)}


def _draw(experiment: Experiment, folder: Path, delivery: Delivery, watch: Watch) -> None:
    from .illustrate import illustrate

    watch("Drawing figures", experiment.runs)
    illustrate(
        folder, experiment.scenario, seed=experiment.seed, boundaries=delivery.boundaries,
        kept=experiment.events,
    )  # fmt: skip


def _copy_tables(source: Path, folder: Path, record: Record) -> None:
    for name in record.answer["tables"]:
        shutil.copyfile(source / f"{name}.parquet", folder / f"{name}.parquet")
