"""The table of targets: what England showed by the end of 2014, and how sure that is.

A target is one number. Its statistic is a measure, or a sum of measures, at the end of a quarter,
over another where it is a share, a rate or a growth; so it can be taken of any run whose every
quarter was measured. A pattern is met where all its targets are.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from math import inf
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...sim.declared.measures import as_columns
from ...sim.declared.scenario import Scenario

TABLE = Path(__file__).parent / "targets.csv"
LAST_DAY = date(2014, 12, 31)
"""Nothing later chooses a rule, a number or a target."""
START = date(2009, 4, 1)
"""The first day of the runs that are held against the targets."""


class Target(NamedTuple):
    """One number of England's history.

    `low` to `high` is from where to where a model counts as near: it was fixed before any run was
    held against it. `standard_error` says how sure the number itself is, `discrepancy` by how much
    the theory may miss it; both are in the unit of `value`.
    """

    name: str
    pattern: str
    over: tuple[str, ...]  # measures, added up
    under: tuple[str, ...]  # measures, added up, by which they are divided; empty for none
    at: date  # at the end of the quarter with this last day
    under_at: date
    value: float
    low: float
    high: float
    standard_error: float
    discrepancy: float
    cases: int | None
    kind: str  # stock or flow
    counted: bool  # not where a pattern restates what was put in
    source: str
    grade: str

    def met(self, model: float) -> bool:
        """Return whether what a model gives is near."""
        return self.low <= model <= self.high

    @property
    def spread(self) -> float:
        """The standard deviation of a miss that error and discrepancy allow."""
        return float(np.hypot(self.standard_error, self.discrepancy))


@cache
def targets() -> tuple[Target, ...]:
    """Return the targets in the order of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(_target(row) for row in csv.DictReader(file))


def _target(row: Mapping[str, str]) -> Target:
    at = date.fromisoformat(row["at"])
    return Target(
        name=row["name"],
        pattern=row["pattern"],
        over=tuple(row["over"].split("+")),
        under=tuple(row["under"].split("+")) if row["under"] else (),
        at=at,
        under_at=date.fromisoformat(row["under_at"]) if row["under_at"] else at,
        value=float(row["value"]),
        low=float(row["low"]) if row["low"] else -inf,
        high=float(row["high"]) if row["high"] else inf,
        standard_error=float(row["standard_error"]),
        discrepancy=float(row["discrepancy"]),
        cases=int(row["cases"]) if row["cases"] else None,
        kind=row["kind"],
        counted=row["counted"] == "yes",
        source=row["source"],
        grade=row["grade"],
    )


def of_england(scenario: Scenario) -> bool:
    """Return whether a scenario is all of England from the day on which its history is counted."""
    places = scenario.places
    narrowed = places.councils or places.counties or places.tiers
    return places.table == "england" and not narrowed and scenario.start == START


@cache
def counted_targets() -> tuple[Target, ...]:
    """Return the targets that count, in the order of the table."""
    return tuple(target for target in targets() if target.counted)


def targets_of(pattern: str) -> tuple[Target, ...]:
    """Return the targets of a pattern, in the order of the table."""
    return tuple(target for target in targets() if target.pattern == pattern)


def counted_patterns() -> tuple[str, ...]:
    """Return the numbers of the patterns that count, in the order of the table."""
    return tuple(dict.fromkeys(target.pattern for target in counted_targets()))


def statistics(records: np.ndarray, start: date = START) -> dict[str, float]:
    """Return the statistic of each target in one run.

    records: (quarters,) of quarter_dtype, one a quarter from `start`. Not a number where the run
    does not reach so far, or where nothing has happened of which a share could be taken.
    """
    columns = as_columns(records)
    return {target.name: _statistic(target, columns, len(records), start) for target in targets()}


def _statistic(
    target: Target, columns: Mapping[str, np.ndarray], quarters: int, start: date
) -> float:
    place, other = quarter_ending(target.at, start), quarter_ending(target.under_at, start)
    if not (0 <= place < quarters and 0 <= other < quarters):
        return float("nan")
    over = sum(float(columns[name][place]) for name in target.over)
    if not target.under:
        return over
    under = sum(float(columns[name][other]) for name in target.under)
    return over / under if under > 0.0 else float("nan")


def quarter_ending(last: date, start: date) -> int:
    """Return the place of the quarter that ends on a day, in a run that begins on another."""
    return (last.year - start.year) * 4 + (last.month - start.month + 1) // 3 - 1
