"""Runs as plain columns: for each table the names of its columns and an array for each.

The data frames of `sim.tables.frames` and the stored tables of `councils run` are made from these.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..core import state
from ..core.state import NOBODY
from ..core.world import World
from ..country.councils import TIERS
from ..declared.catalogue import SCOPES
from ..declared.measures import CONTRIBUTIONS, KINDS, REASONS, as_columns
from ..declared.scenario import Scenario
from ..ready.world import Prepared
from ..running import Raw
from .names import names_of

AXES = ("member_led", "outsourcing", "localist", "bold")
LESSONS = ("trust", "equal", "tax", "exit")
FLOWS = ("income", "spending", "studies", "setup", "coordination", "exits", "grants", "transfers",
         "true_saving", "support", "tax_paid", "tax_support")  # fmt: skip
COUNCIL_COLUMNS = {
    "x_km": "x", "y_km": "y", "population": "population", "budget": "income", "cost": "cost",
    "settlement": "settlement", "band_d": "band_d", "reserves": "reserves", "gap": "gap",
    "expected_gap": "expected_gap", "true_saving": "saving", "autonomy": "autonomy",
    "contact": "contact", "quality": "quality", "local_contact": "local_contact",
    "control": "control", "attention": "attention", "marriage": "marriage", "vacant": "vacant",
    "distress": "distress",
}  # fmt: skip

ALONE = "+"
"""Ends the code of a council that a mandate made of a single one."""


class Words(NamedTuple):
    """A column of words: for each row a place in a list, -1 where there is no word."""

    places: np.ndarray
    known: Sequence[str]
    fixed: bool = False  # whether the list is that of the theory, the same for every run

    def texts(self) -> np.ndarray:
        """Return the words themselves, None where there is none."""
        found: np.ndarray = np.array([*self.known, None], dtype=object)[self.places]
        return found

    def are(self, word: str) -> np.ndarray:
        """Return for each row whether it holds this word."""
        found: np.ndarray = np.array([*(each == word for each in self.known), False])[self.places]
        return found


Column = np.ndarray | Words
Columns = dict[str, Column]


class Tables(NamedTuple):
    """Many runs of one scenario as columns, each table with a column `replicate`."""

    runs: Columns
    quarters: Columns
    events: Columns
    councils: Columns
    agreements: Columns


def run_columns(seed: int, replicates: np.ndarray, records: np.ndarray) -> Columns:
    """Return one row a run, with what was measured in its last quarter."""
    columns: Columns = {"replicate": replicates, "seed": np.full(len(replicates), seed)}
    return columns | as_columns(records[:, -1])


def dates_of(scenario: Scenario, quarters: int) -> np.ndarray:
    """Return the first day of each quarter."""
    return np.array([scenario.first_day(t) for t in range(quarters)], dtype="datetime64[ms]")


def quarter_columns(ready: Prepared, replicates: np.ndarray, records: np.ndarray) -> Columns:
    """Return one row a run and quarter; `records` is (runs, quarters)."""
    runs, quarters = records.shape
    columns: Columns = {
        "replicate": np.repeat(replicates, quarters),
        "quarter": np.tile(np.arange(quarters), runs),
        "date": np.tile(dates_of(ready.scenario, quarters), runs),
    }
    return columns | {name: values.reshape(-1) for name, values in as_columns(records).items()}


def roll_of(ready: Prepared, world: World) -> tuple[list[str], list[str]]:
    """Return code and name of every council there ever was in a run, by identity."""
    roll, count = world.roll, int(world.tally[0].counts[state.ROLL])
    codes = list(ready.table.code)
    groups, successors = roll.group[:count].tolist(), roll.successor[:count].tolist()
    for new in range(len(codes), count):
        if groups[new] != NOBODY:
            codes.append(ready.orders[groups[new]][0])
        else:
            parents = [k for k in range(new) if successors[k] == new]
            alone = ALONE if len(parents) == 1 else ""
            codes.append("+".join(sorted(codes[k] for k in parents)) + alone)
    return codes, names_of(ready, world)


def event_columns(ready: Prepared, replicates: np.ndarray, raws: Sequence[Raw]) -> Columns:
    """Return one row an event, with codes, words and contributions."""
    rows = np.concatenate([np.asarray(raw.events) for raw in raws])
    sizes = [len(raw.events) for raw in raws]
    rolls = [roll_of(ready, raw.world)[0] for raw in raws]
    codes = [code for roll in rolls for code in roll]
    before = np.repeat(_starts(rolls), sizes)
    columns: Columns = {
        "replicate": np.repeat(replicates, sizes),
        "quarter": rows["quarter"].astype(np.int64),
        "date": dates_of(ready.scenario, len(ready.theory))[rows["quarter"]],
        "kind": Words(rows["kind"], list(KINDS), fixed=True),
        "council": Words(_shifted(rows["council"], before), codes),
        "other": Words(_shifted(rows["other"], before), codes),
        "agreement": rows["deal"].astype(np.int64),
        "scope": Words(rows["scope"], list(SCOPES), fixed=True),
        "reason": Words(rows["reason"], list(REASONS), fixed=True),
        "value": rows["value"],
        "more": rows["more"],
    }
    return columns | {
        f"because_{name}": rows["terms"][:, k] for k, name in enumerate(CONTRIBUTIONS)
    }


def _starts(parts: Sequence[Sequence[object]]) -> np.ndarray:
    """Return how many things stand before each part when the parts stand one after the other."""
    found: np.ndarray = np.cumsum([0, *map(len, parts)])[:-1]
    return found


def _shifted(places: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Return places in lists that stand one after the other; nobody stays nobody."""
    return np.where(places == NOBODY, NOBODY, places + before)


def council_columns(ready: Prepared, replicates: np.ndarray, worlds: Sequence[World]) -> Columns:
    """Return one row a council as it is at the end, and one for each that has merged away."""
    rolls = [roll_of(ready, world) for world in worlds]
    codes = [code for roll, _ in rolls for code in roll]
    sizes = [len(roll) for roll, _ in rolls]
    before = np.repeat(_starts([roll for roll, _ in rolls]), sizes)
    ends = [_ends_of(world, size) for world, size in zip(worlds, sizes, strict=True)]
    end = {name: np.concatenate([each[name] for each in ends]) for name in ends[0]}
    columns: Columns = {
        "replicate": np.repeat(replicates, sizes),
        "code": Words(np.arange(len(codes)), codes),
        "name": Words(np.arange(len(codes)), [name for _, names in rolls for name in names]),
        "alive": end.pop("alive"),
        "became": Words(_shifted(end.pop("became"), before), codes),
        "tier": Words(end.pop("tier"), TIERS),
        "county": Words(end.pop("row"), ready.table.county),
    }
    return columns | end


def _ends_of(world: World, count: int) -> dict[str, np.ndarray]:
    """Return what is known at the end of a run of each council there ever was."""
    c, rows, successor = world.councils, world.roll.row[:count], world.roll.successor[:count]
    alive = (c.identity[rows] == np.arange(count)) & (c.alive[rows] == 1)
    became = np.where(alive, NOBODY, successor)
    found = {
        "alive": alive, "became": became, "tier": world.roll.tier[:count], "row": rows,
    }  # fmt: skip
    wide = (
        ("culture", AXES, c.culture),
        ("lesson", LESSONS, c.lessons),
        ("total", FLOWS, c.totals),
    )
    plain = {name: getattr(c, field)[rows] for name, field in COUNCIL_COLUMNS.items()}
    for stem, names, values in wide:
        plain |= {f"{stem}_{name}": values[rows, k] for k, name in enumerate(names)}
    return found | {
        name: np.where(alive, values.astype(float), np.nan) for name, values in plain.items()
    }
