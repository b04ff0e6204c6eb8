"""A comparison lived again: both sides of a sample of replicates, and what all of them say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ...sim.declared.measures import as_columns
from ...sim.declared.scenario import Scenario
from ...sim.ready.kept import prepared
from ..comparing.compare import told_apart
from ..ends import finals_of
from ..stored.asked import user_tables
from ..stored.belonging import DIFFERENCES
from ..stored.reading import check_intact, stored_scenario
from ..stored.record import Record
from ..stored.rules import other_rules
from ..stored.tables import as_arrow, unlike_columns
from ..terminal import plain
from .confirmed import Confirmed, Deviation, repeat_line, some_of


def verify_comparison(folder: Path, *, sample: int, seed: int) -> Confirmed:
    """Live some replicates of the base and of each policy again; compare differences to the bit.

    The results are found again from all stored differences.

    Raises:
        InputError: the folder is no comparison, or a file of it has changed.
    """
    record = check_intact(folder)
    scenarios = scenarios_of(folder, record)
    stored = pq.read_table(folder / DIFFERENCES)
    picked = some_of(_replicates(record), sample, seed)
    differing = []
    for replicate in picked:
        mine = stored.filter(pc.field("replicate") == replicate)
        for policy, again in differences(record, scenarios, replicate).items():
            row = mine.filter(pc.field("policy") == policy)
            unlike = unlike_columns(row.drop_columns("policy"), again) if len(row) else []
            if unlike:
                where = f"replicate {replicate}, policy {policy}"
                differing.append(Deviation(where, unlike, repeat_line(folder, replicate)))
    tables = {name: text for each in scenarios for name, text in user_tables(each).items()}
    changed = other_rules(record, tables)
    return Confirmed(
        "comparison", len(picked), differing + _results(record, stored), changed, _notes(record)
    )


def scenarios_of(folder: Path, record: Record) -> list[Scenario]:
    """Return the base and the policies of a comparison, as they are stored."""
    return [stored_scenario(folder, each) for each in record.question["scenarios"]]


def _replicates(record: Record) -> int:
    """Return how many replicates were run of the policy that was run longest."""
    return max(int(row["replicates"]) for row in record.answer["results"])


def differences(record: Record, scenarios: list[Scenario], replicate: int) -> dict[str, pa.Table]:
    """Return for each policy its differences from the base in one replicate, lived again."""
    span = range(replicate, replicate + 1)
    base, *policies = (
        as_columns(finals_of(prepared(each), record.asked["seed"], span)) for each in scenarios
    )
    number = {"replicate": np.array([replicate])}
    return {
        scenario.name: as_arrow(number | {key: mine[key] - base[key] for key in base})
        for scenario, mine in zip(scenarios[1:], policies, strict=True)
    }


def _results(record: Record, stored: pa.Table) -> list[Deviation]:
    """Return for each policy what its stored differences do not say as the record does."""
    outcome, found = record.asked["outcome"], []
    for row in record.answer["results"]:
        mine = stored.filter(pc.field("policy") == row["policy"])
        values = np.asarray(mine[outcome].fill_null(np.nan), dtype=float)
        known = values[np.isfinite(values)]
        again: dict[str, Any] = told_apart(
            known, record.asked["matters"], error=record.answer["error_each"]
        ) | {"replicates": len(values), "without_value": len(values) - len(known)}
        unlike = [key for key, value in plain(again).items() if row[key] != value]
        if unlike:
            where = f"what is told of {row['policy']}, from {DIFFERENCES}"
            found.append(Deviation(where, unlike))
    return found


def _notes(record: Record) -> list[str]:
    """Return what was not found again, since it takes runs that are not stored."""
    asked = [name for name in ("flips", "mechanisms") if record.answer[name]]
    if not asked:
        return []
    return [f"What is said by {' and '.join(asked)} was not found again: compare anew for that."]
