"""A comparison, or a scorecard, lived again: a sample of replicates, and what all of them say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ...sim.declared.measures import as_columns
from ...sim.declared.scenario import Scenario
from ..comparing.archive import FORMAT
from ..comparing.ranking import pair_rows
from ..comparing.scorecard_kept import FORMAT as OF_CARD
from ..comparing.verdicts import told_apart
from ..split import by_world
from ..stored.asked import user_tables
from ..stored.belonging import DIFFERENCES
from ..stored.reading import check_intact, stored_scenario
from ..stored.record import Record
from ..stored.rules import other_rules
from ..stored.tables import as_arrow, unlike_columns
from ..terminal import plain
from ..worlds import ends_over
from .confirmed import Confirmed, Deviation, repeat_line, some_of
from .of_run import worlds_of

FORMATS = (FORMAT, OF_CARD)
"""The methods by which the verdicts of now were given."""


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
        record.kind, len(picked), differing + _results(record, stored) + _ranked(record, stored),
        changed, _notes(record),
    )  # fmt: skip


def scenarios_of(folder: Path, record: Record) -> list[Scenario]:
    """Return the base and the policies of a comparison, as they are stored."""
    return [stored_scenario(folder, each) for each in record.question["scenarios"]]


def _replicates(record: Record) -> int:
    """Return how many replicates were run of the policy that was run longest."""
    return max(int(row["replicates"]) for row in record.answer["results"])


def differences(record: Record, scenarios: list[Scenario], replicate: int) -> dict[str, pa.Table]:
    """Return for each policy its differences from the base in one replicate, lived again."""
    span, worlds = range(replicate, replicate + 1), worlds_of(record)
    base, *policies = (
        as_columns(ends_over(worlds, scenarios[0], each, record.asked["seed"], span).records)
        for each in scenarios
    )
    number = {"replicate": np.array([replicate])}
    return {
        scenario.name: as_arrow(number | {key: mine[key] - base[key] for key in base})
        for scenario, mine in zip(scenarios[1:], policies, strict=True)
    }


def _lucks(record: Record) -> int:
    return int(record.asked.get("worlds", {}).get("lucks", 1))


def _results(record: Record, stored: pa.Table) -> list[Deviation]:
    """Return for each policy what its stored differences do not say as the record does."""
    found = []
    for row in record.answer["results"]:
        outcome = row["outcome"]
        runs, lucks = _values(stored, row["policy"], outcome), _lucks(record)
        means = by_world(runs, lucks)
        again: dict[str, Any] = told_apart(
            runs, record.asked.get("matters"), error=record.answer["error_each"], lucks=lucks
        ) | {"replicates": len(runs), "without_value": int((~np.isfinite(means)).sum())}
        if record.asked.get("format") not in FORMATS:
            del again["verdict"]  # which other verdicts there were then
        unlike = [key for key, value in plain(again).items() if row[key] != value]
        if unlike:
            about = f", {outcome}" if record.kind == "scorecard" else ""
            where = f"what is told of {row['policy']}{about}, from {DIFFERENCES}"
            found.append(Deviation(where, unlike))
    return found


def _values(stored: pa.Table, policy: str, outcome: str) -> np.ndarray:
    mine = stored.filter(pc.field("policy") == policy)
    return np.asarray(mine[outcome].fill_null(np.nan), dtype=float)


def _ranked(record: Record, stored: pa.Table) -> list[Deviation]:
    """Return of which outcomes the stored differences rank pairs of policies otherwise."""
    one, found = record.answer.get("ranking"), []
    rankings = record.answer.get("rankings") or []
    rankings = [one | {"outcome": record.asked["outcome"]}] if one else rankings
    (base,) = record.asked["base"]
    for each in rankings:
        pairs = [(row["one"], row["other"]) for row in each["pairs"]]
        values = {name: _values(stored, name, each["outcome"]) for name in record.asked["policies"]}
        again = pair_rows(
            values, base, pairs, record.asked.get("matters"), error=record.answer["error_each"],
            lucks=_lucks(record),
        )  # fmt: skip
        unlike = [
            f"{row['one']} and {row['other']}"
            for row, mine in zip(each["pairs"], again, strict=True)
            if plain(mine) != row
        ]
        if unlike:
            found.append(Deviation(f"the ranking in {each['outcome']}", unlike))
    return found


def _notes(record: Record) -> list[str]:
    """Return what was not found again, since it takes runs that are not stored."""
    asked = [name for name in ("flips", "mechanisms") if record.answer.get(name)]
    if not asked:
        return []
    return [f"What is said by {' and '.join(asked)} was not found again: compare anew for that."]
