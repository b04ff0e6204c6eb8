"""The batch face: one run, or many runs of one scenario, as tables."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim import councils as tables
from sim.catalogue import SCOPES
from sim.core import state
from sim.core.world import World
from sim.errors import InputError
from sim.measures import CONTRIBUTIONS, KINDS, REASONS, as_columns
from sim.running import Raw, luck_of, run_arrays
from sim.scenario import Scenario, load
from sim.world import Prepared, prepare_cached


class Run(NamedTuple):
    """One run: tables of quarters, events and councils, and the outcomes at the end."""

    quarters: pd.DataFrame
    events: pd.DataFrame
    councils: pd.DataFrame
    final: Mapping[str, float]


class Batch(NamedTuple):
    """Many runs of one scenario: the same tables with a column `replicate`."""

    runs: pd.DataFrame
    quarters: pd.DataFrame
    events: pd.DataFrame
    councils: pd.DataFrame


def as_scenario(scenario: str | Path | Scenario) -> Scenario:
    """Return the scenario of a name, of a path, or as it is."""
    return scenario if isinstance(scenario, Scenario) else load(scenario)


def prepared(scenario: str | Path | Scenario) -> Prepared:
    """Return the scenario made ready to run; kept for the next call."""
    return prepare_cached(as_scenario(scenario).model_dump_json())


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
    quarters, happened, councils = (
        table.drop(columns="replicate") for table in (batch.quarters, batch.events, batch.councils)
    )
    last = quarters.iloc[-1]
    final = {
        name: float(last[name]) for name in quarters.columns if name not in ("quarter", "date")
    }
    return Run(quarters, happened, councils, final)


def simulate_many(
    scenario: str | Path | Scenario, *, seed: int = 1, replicates: range, events: bool = True
) -> Batch:
    """Run replicates of a scenario; the same bits whatever the batch they are run in."""
    ready = prepared(scenario)
    raws = [
        run_arrays(ready, luck=luck_of(seed, replicate), events=events) for replicate in replicates
    ]
    if not raws:
        raise InputError("runs is 0: at least one run is needed")
    return as_tables(ready, raws, seed=seed, replicates=replicates)


def as_tables(ready: Prepared, raws: list[Raw], *, seed: int, replicates: range) -> Batch:
    """Return runs as tables."""
    numbers = np.array(replicates)
    quarters = quarter_table(ready, numbers, np.stack([raw.record for raw in raws]))
    last = quarters.groupby("replicate", sort=False).tail(1).drop(columns=["quarter", "date"])
    last.insert(1, "seed", seed)
    return Batch(
        runs=last.reset_index(drop=True),
        quarters=quarters,
        events=event_table(ready, numbers, raws),
        councils=pd.concat(
            [council_table(ready, n, raw.world) for n, raw in zip(numbers, raws, strict=True)],
            ignore_index=True,
        ),
    )


def dates_of(scenario: Scenario, quarters: int) -> pd.DatetimeIndex:
    """Return the first day of each quarter."""
    return pd.DatetimeIndex([scenario.first_day(t) for t in range(quarters)]).as_unit("ms")


def quarter_table(ready: Prepared, replicates: np.ndarray, records: np.ndarray) -> pd.DataFrame:
    """Return one row a run and quarter; `records` is (runs, quarters)."""
    runs, quarters = records.shape
    frame: dict[str, Any] = {
        "replicate": np.repeat(replicates, quarters),
        "quarter": np.tile(np.arange(quarters), runs),
        "date": np.tile(dates_of(ready.scenario, quarters).to_numpy(), runs),
    }
    flat = {name: values.reshape(-1) for name, values in as_columns(records).items()}
    return pd.DataFrame(frame | flat)


def roll_of(ready: Prepared, world: World) -> tuple[list[str], list[str]]:
    """Return code and name of every council there ever was in a run, by identity."""
    roll, count = world.roll, int(world.tally[0].counts[state.ROLL])
    codes, names = list(ready.table.code), list(ready.table.name)
    for new in range(len(codes), count):
        group = int(roll[new].group)
        if group != state.NOBODY:
            code, name = ready.orders[group]
        else:
            parents = [k for k in range(new) if roll[k].successor == new]
            code = "+".join(sorted(codes[k] for k in parents))
            name = " and ".join(names[k] for k in parents)
        codes.append(code)
        names.append(name)
    return codes, names


def event_table(ready: Prepared, replicates: np.ndarray, raws: list[Raw]) -> pd.DataFrame:
    """Return one row an event, with codes, words and contributions."""
    rows = np.concatenate([np.asarray(raw.events) for raw in raws])
    sizes = [len(raw.events) for raw in raws]
    rolls = [[*roll_of(ready, raw.world)[0], None] for raw in raws]
    council = [rolls[k][i] for k, raw in enumerate(raws) for i in raw.events["council"]]
    other = [rolls[k][i] for k, raw in enumerate(raws) for i in raw.events["other"]]
    dates = dates_of(ready.scenario, len(ready.theory)).to_numpy()
    frame: dict[str, Any] = {
        "replicate": np.repeat(replicates, sizes),
        "quarter": rows["quarter"].astype(np.int64),
        "date": dates[rows["quarter"]],
        "kind": _words(rows["kind"], list(KINDS)),
        "council": pd.array(council, dtype="str"),
        "other": pd.array(other, dtype="str"),
        "agreement": rows["deal"].astype(np.int64),
        "scope": _words(rows["scope"], list(SCOPES)),
        "reason": _words(rows["reason"], list(REASONS)),
        "value": rows["value"],
        "more": rows["more"],
    }
    because = {f"because_{name}": rows["terms"][:, k] for k, name in enumerate(CONTRIBUTIONS)}
    return pd.DataFrame(frame | because)


def _words(codes: np.ndarray, words: list[str]) -> Any:
    return pd.Categorical.from_codes(codes.astype(np.int64), categories=pd.Index(words))


def council_table(ready: Prepared, replicate: int, world: World) -> pd.DataFrame:
    """Return one row a council as it is at the end, and one for each that has merged away."""
    c, count = world.councils, int(world.tally[0].counts[state.ROLL])
    codes, names = roll_of(ready, world)
    rows = world.roll.row[:count]
    alive = np.array([c.identity[rows[k]] == k and c.alive[rows[k]] == 1 for k in range(count)])
    now = np.where(alive, world.roll.successor[:count], -1)
    frame: dict[str, Any] = {
        "replicate": replicate,
        "code": codes,
        "name": names,
        "alive": alive,
        "became": [None if alive[k] else codes[world.roll.successor[k]] for k in range(count)],
        "tier": [tables.TIERS[k] for k in c.tier[rows]],
        "county": [ready.table.county[k] for k in rows],
    }
    for column, field in COUNCIL_COLUMNS.items():
        frame[column] = np.where(now >= 0, getattr(c, field)[rows].astype(float), np.nan)
    for k, axis in enumerate(AXES):
        frame[f"culture_{axis}"] = np.where(now >= 0, c.culture[rows, k], np.nan)
    for k, lesson in enumerate(LESSONS):
        frame[f"lesson_{lesson}"] = np.where(now >= 0, c.lessons[rows, k], np.nan)
    for k, flow in enumerate(FLOWS):
        frame[f"total_{flow}"] = np.where(now >= 0, c.totals[rows, k], np.nan)
    return pd.DataFrame(frame)


AXES = ("member_led", "outsourcing", "localist", "bold")
LESSONS = ("trust", "equal", "tax", "exit")
FLOWS = ("income", "spending", "studies", "setup", "coordination", "exits", "grants", "transfers",
         "true_saving")  # fmt: skip
COUNCIL_COLUMNS = {
    "x_km": "x", "y_km": "y", "population": "population", "budget": "income", "cost": "cost",
    "settlement": "settlement", "band_d": "band_d", "reserves": "reserves", "gap": "gap",
    "expected_gap": "expected_gap", "true_saving": "saving", "autonomy": "autonomy",
    "contact": "contact", "quality": "quality", "local_contact": "local_contact",
    "control": "control", "attention": "attention", "marriage": "marriage", "vacant": "vacant",
    "distress": "distress",
}  # fmt: skip


def code_fingerprint() -> str:
    """Return a hash of every source file of the simulation."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for path in sorted(here.rglob("*.py")):
        digest.update(str(path.relative_to(here)).encode() + path.read_bytes())
    return digest.hexdigest()


def data_hashes() -> dict[str, str]:
    """Return a hash of every data table."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(tables.DATA.glob("*.csv"))
    }
