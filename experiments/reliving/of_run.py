"""The runs of a scenario lived again: all rows of a sample in all tables, and who met whom."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ...sim.core.state import NOBODY
from ...sim.declared.catalogue import SCOPES
from ...sim.declared.scenario import Scenario
from ...sim.tables.columns import Words
from ..runs.lived import live_some
from ..runs.pairs import Counts, add_counts, as_shares, count_pairs
from ..stored.asked import user_tables
from ..stored.events import ALL, NONE, PAIRS, in_words, kept_in
from ..stored.reading import check_intact, stored_scenario
from ..stored.record import Record
from ..stored.rules import other_rules
from ..stored.tables import as_arrow, read_replicates, unlike_columns
from ..worlds import Worlds, ready_in, worlds_again
from .confirmed import Confirmed, Deviation, repeat_line, some_of

MET = ("replicate", "agreement", "kind", "scope", "council", "other")
"""What of an event says who met whom."""
AT_ONCE = 20
"""Replicates whose events are held in memory while pairs are counted again."""


def verify_run(folder: Path, *, sample: int, seed: int) -> Confirmed:
    """Live a random sample of the replicates again, compare every row in every table to the bit.

    Who met whom is counted again over all stored events.

    Raises:
        InputError: the folder is no result of councils run, or a file of it has changed.
    """
    record = check_intact(folder)
    scenario = scenario_of(folder, record)
    worlds = worlds_of(record)
    kept = kept_in(record.asked)
    picked = some_of(record.asked["runs"], sample, seed)
    stored = {
        name: pq.read_table(folder / f"{name}.parquet", filters=[("replicate", "in", picked)])
        for name in record.answer["tables"]
        if name != PAIRS
    }
    differing = []
    for replicate in picked:
        span = range(replicate, replicate + 1)
        ready = ready_in(worlds, scenario, scenario, replicate)
        (lived,) = live_some(ready, record.asked["seed"], span, kept)
        for name, whole in stored.items():
            mine = whole.filter(pc.field("replicate") == replicate)
            unlike = unlike_columns(mine, as_arrow(lived.tables[name]))
            if unlike:
                where = f"replicate {replicate}, {name}.parquet"
                differing.append(Deviation(where, unlike, repeat_line(folder, replicate)))
    changed = other_rules(record, user_tables(scenario))
    differing += [] if kept == NONE else _pairs(folder, record)
    left_out = [] if kept == ALL else [in_words(record)]
    return Confirmed("run", len(picked), differing, changed, left_out)


def scenario_of(folder: Path, record: Record) -> Scenario:
    """Return the scenario of a result of councils run, as it is stored."""
    return stored_scenario(folder, record.question["scenario"])


def worlds_of(record: Record) -> Worlds | None:
    """Return in which worlds a result was made; none where it was at the numbers declared.

    Raises:
        InputError: its ensemble is gone, or holds other sets now.
    """
    return worlds_again(record.asked.get("worlds"), record.question.get("ensemble", ""))


def _pairs(folder: Path, record: Record) -> list[Deviation]:
    """Return whether pairs.parquet is what the stored events say."""
    counts: Counts = {}
    runs = record.asked["runs"]
    for first in range(0, runs, AT_ONCE):
        span = range(first, min(first + AT_ONCE, runs))
        events = read_replicates(folder / "events.parquet", MET, span)
        add_counts(counts, count_pairs(events | {"scope": _declared(events["scope"])}))
    again = as_arrow(as_shares(counts, runs))
    unlike = unlike_columns(pq.read_table(folder / "pairs.parquet"), again)
    return [Deviation("pairs.parquet, counted from events.parquet", unlike)] if unlike else []


def _declared(scopes: Words) -> Words:
    """Return scopes by their places among those declared, not among those that were read."""
    places = np.array([*(SCOPES.index(word) for word in scopes.known), NOBODY])
    return Words(places[scopes.places], SCOPES)
