"""The batch face: one run, or many runs of one scenario, as tables.

pandas is loaded when somebody asks for data frames; columns do without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..core.world import World
from ..declared.scenario import Scenario
from ..errors import InputError
from ..ready.kept import prepared
from ..ready.world import Prepared
from ..running import Raw, luck_of, run_arrays
from .agreements import agreement_columns
from .columns import (
    Column,
    Columns,
    Tables,
    Words,
    council_columns,
    event_columns,
    quarter_columns,
    run_columns,
)

if TYPE_CHECKING:
    import pandas as pd


class Run(NamedTuple):
    """One run: tables of quarters, events, councils, agreements, and the outcomes at the end."""

    quarters: pd.DataFrame
    events: pd.DataFrame
    councils: pd.DataFrame
    final: Mapping[str, float]
    agreements: pd.DataFrame


class Batch(NamedTuple):
    """Many runs of one scenario: the same tables with a column `replicate`."""

    runs: pd.DataFrame
    quarters: pd.DataFrame
    events: pd.DataFrame
    councils: pd.DataFrame
    agreements: pd.DataFrame


def simulate(
    scenario: str | Path | Scenario, *, seed: int = 1, replicate: int = 0, events: bool = True
) -> Run:
    """Run a scenario once.

    Args:
        scenario: a shipped name ("norfolk"), the path of a TOML file, or a `Scenario`.
        seed: 0 to 2**32 - 1; with `replicate` it decides every draw.
        replicate: which of the runs of this seed.
        events: keep the event log; the other results have the same bits without it.

    Raises:
        InputError: the scenario or the seed cannot be used.
    """
    batch = simulate_many(
        scenario, seed=seed, replicates=range(replicate, replicate + 1), events=events
    )
    return only_run(batch)


def only_run(batch: Batch) -> Run:
    """Return the one run of a batch."""
    quarters, happened, councils, agreements = (
        table.drop(columns="replicate")
        for table in (batch.quarters, batch.events, batch.councils, batch.agreements)
    )
    last = quarters.iloc[-1]
    final = {
        name: float(last[name]) for name in quarters.columns if name not in ("quarter", "date")
    }
    return Run(quarters, happened, councils, final, agreements)


def simulate_many(
    scenario: str | Path | Scenario, *, seed: int = 1, replicates: range, events: bool = True
) -> Batch:
    """Run replicates of a scenario; the same bits whatever the batch they are run in."""
    ready = prepared(scenario)
    raws = _live(ready, seed, replicates, events=events)
    return as_frames(ready, raws, seed=seed, replicates=replicates)


def as_frames(ready: Prepared, raws: Sequence[Raw], *, seed: int, replicates: range) -> Batch:
    """Return runs as data frames."""
    import pandas as pd

    numbers, records = np.array(replicates), np.stack([raw.record for raw in raws])
    councils = [council_table(ready, n, raw.world) for n, raw in zip(numbers, raws, strict=True)]
    return Batch(
        runs=as_frame(run_columns(seed, numbers, records)),
        quarters=quarter_table(ready, numbers, records),
        events=event_table(ready, numbers, raws),
        councils=pd.concat(councils, ignore_index=True),
        agreements=as_frame(agreement_columns(ready, numbers, raws)),
    )


def run_many(scenario: str | Path | Scenario, *, seed: int = 1, replicates: range) -> Tables:
    """Run replicates as `simulate_many` does, and return the same tables as plain columns."""
    ready = prepared(scenario)
    raws = _live(ready, seed, replicates)
    numbers, records = np.array(replicates), np.stack([raw.record for raw in raws])
    return Tables(
        runs=run_columns(seed, numbers, records),
        quarters=quarter_columns(ready, numbers, records),
        events=event_columns(ready, numbers, raws),
        councils=council_columns(ready, numbers, [raw.world for raw in raws]),
        agreements=agreement_columns(ready, numbers, raws),
    )


def _live(ready: Prepared, seed: int, replicates: range, *, events: bool = True) -> list[Raw]:
    if not replicates:
        raise InputError("runs is 0: at least one run is needed")
    return [run_arrays(ready, luck=luck_of(seed, k), events=events) for k in replicates]


def quarter_table(ready: Prepared, replicates: np.ndarray, records: np.ndarray) -> pd.DataFrame:
    """Return one row a run and quarter; `records` is (runs, quarters)."""
    return as_frame(quarter_columns(ready, replicates, records))


def event_table(ready: Prepared, replicates: np.ndarray, raws: Sequence[Raw]) -> pd.DataFrame:
    """Return one row an event, with codes, words and contributions."""
    frame = as_frame(event_columns(ready, replicates, raws))
    return frame.astype({"council": "str", "other": "str"})  # also where there is none at all


def council_table(ready: Prepared, replicate: int, world: World) -> pd.DataFrame:
    """Return one row a council as it is at the end, and one for each that has merged away."""
    return as_frame(council_columns(ready, np.array([replicate]), [world]))


def as_frame(columns: Columns) -> pd.DataFrame:
    """Return columns as a data frame."""
    import pandas as pd

    def as_pandas(column: Column) -> Any:
        if not isinstance(column, Words):
            return column
        if column.fixed:
            known = pd.Index(list(column.known))
            return pd.Categorical.from_codes(column.places.astype(np.int64), categories=known)
        return column.texts()

    return pd.DataFrame({name: as_pandas(column) for name, column in columns.items()})


def names_in(run: Run) -> dict[str, str]:
    """Return the name of every council there was in a run, by code."""
    return dict(zip(run.councils["code"], run.councils["name"], strict=True))
