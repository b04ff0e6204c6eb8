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
from ...sim.tables.columns import Tables
from ..executors.ordered import Hands
from ..stored.asked import RESULTS
from ..stored.assembly import assembled, cannot_write, check_replaceable
from ..stored.folder import TABLES, check_intact, difference, hash_of
from ..stored.tables import TableWriter, write_table
from ..terminal import Watch
from .conduct import conduct
from .experiment import Experiment
from .manifest import compose, write_manifest
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
    manifest: dict[str, Any]


ABSENT = Found("absent", {})


class Result(NamedTuple):
    """Where a result is, and whether it was there before."""

    folder: Path
    manifest: dict[str, Any]
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
    if found.what == "same":
        return Result(target, found.manifest, reused=True)
    drawing = found.what == "undrawn"
    with assembled(target, replace=delivery.force or drawing) as folder:
        manifest = found.manifest
        if drawing:
            _copy_tables(target, folder)
        else:
            manifest = _make_tables(experiment, asked, folder, delivery, watch)
        if pictures is not None:
            _draw(experiment, folder, delivery, watch)
        manifest = write_manifest(folder, manifest | {"figures": pictures})
    return Result(target, manifest, reused=drawing)


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
    if force or not target.is_dir() or not any(target.iterdir()):
        check_replaceable(target)
        return ABSENT
    try:
        manifest = check_intact(target)
    except InputError as error:
        check_replaceable(target)
        problem = str(error)
    else:
        differs = difference(manifest, asked)
        if differs is None and pictures in (None, manifest["figures"]):
            return Found("same", manifest)
        if differs is None and manifest["figures"] is None:
            check_replaceable(target)
            return Found("undrawn", manifest)
        problem = f"'{target}' holds the result for {differs or 'a map with other boundaries'}"
    raise InputError(f"{problem}: name another folder with --out, or replace it with --force")


def _make_tables(
    experiment: Experiment, asked: Mapping[str, Any], folder: Path, delivery: Delivery, watch: Watch
) -> dict[str, Any]:
    """Run an experiment into the tables of a folder, and return what its manifest says of that."""
    started, clock = datetime.now(UTC), time.perf_counter()
    rows = _store(experiment, folder, delivery.hands, watch)
    return compose(experiment, asked, rows) | {
        "workers": delivery.hands.workers,
        "started": started.isoformat(timespec="seconds"),
        "wall_seconds": round(time.perf_counter() - clock, 3),
    }


def _store(experiment: Experiment, folder: Path, hands: Hands, watch: Watch) -> dict[str, int]:
    """Run everything, write the tables as they come, and return how many rows each has."""
    watch("Preparing", 0)
    counts: Counts = {}
    with ExitStack() as stack:
        writers = {
            name: stack.enter_context(TableWriter(folder / f"{name}.parquet"))
            for name in Tables._fields
        }
        scenario, seed, runs = experiment
        coming = conduct(scenario, seed=seed, runs=runs, hands=hands)
        for lived in stack.enter_context(closing(coming)):
            for name, table in lived.tables._asdict().items():
                writers[name].append(table)
            add_counts(counts, lived.pairs)
            done = writers["runs"].rows
            watch("Running", done)
    rows = {name: writer.rows for name, writer in writers.items()}
    rows["pairs"] = write_table(as_shares(counts, experiment.runs), folder / "pairs.parquet")
    return {name: rows[name] for name in TABLES}


def _draw(experiment: Experiment, folder: Path, delivery: Delivery, watch: Watch) -> None:
    from .illustrate import illustrate

    watch("Drawing figures", experiment.runs)
    illustrate(folder, experiment.scenario, seed=experiment.seed, boundaries=delivery.boundaries)


def _copy_tables(source: Path, folder: Path) -> None:
    for name in TABLES:
        shutil.copyfile(source / f"{name}.parquet", folder / f"{name}.parquet")
