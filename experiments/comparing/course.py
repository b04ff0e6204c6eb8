"""How a difference moves from quarter to quarter, and when it crosses zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...sim.declared.scenario import Scenario
from ..words import NOTHING, month, number, or_nan
from .sequences import always_valid

Course = list[dict[str, Any]]
"""A row a quarter: `ends` (its last month), `difference`, `low`, `high`."""

YEAR = 4
"""Quarters between two values that are told."""


def course_of(differences: np.ndarray, base: Scenario, *, error: float) -> Course:
    """Return the mean difference at the end of each quarter, with its always-valid interval.

    Args:
        differences: (replicates, quarters), policy less base; not a number where it has no value.
        base: the scenario, which says when the quarters are.
        error: the chance that the interval of a quarter is ever wrong.
    """
    rows = []
    for quarter, values in enumerate(differences.T):
        found = always_valid(values[np.isfinite(values)], error=error).document()
        rows.append({
            "ends": month(base, quarter), "difference": found["value"],
            "low": found["low"], "high": found["high"],
        })  # fmt: skip
    return rows


def crossings(course: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the quarters at whose end the mean difference has another sign than it had before."""
    found, before = [], 0.0
    for quarter, row in enumerate(course):
        sign = _sign(row)
        if sign and before and sign != before:
            found.append(quarter)
        before = sign or before
    return found


def _sign(row: Mapping[str, Any]) -> float:
    """Return the sign of a difference; what rounding leaves has none."""
    value = row["difference"] or 0.0
    return float(np.sign(value)) if abs(value) >= NOTHING else 0.0


def paid_back(course: Sequence[Mapping[str, Any]]) -> int | None:
    """Return the first quarter from which a policy that had cost more is ahead to the end.

    None where it never was behind, or is not ahead at the end.
    """
    behind = [quarter for quarter, row in enumerate(course) if _sign(row) < 0]
    last = behind[-1] if behind else None
    return None if last is None or last + 1 >= len(course) else last + 1


def course_in_words(course: Sequence[Mapping[str, Any]], unit: str) -> str:
    """Return the difference year by year, and when it crosses zero, in two sentences."""
    told = [row for row in course[YEAR - 1 :: YEAR]]
    if not told or course[-1] is not told[-1]:
        told.append(course[-1])
    years = ", ".join(f"{number(or_nan(row['difference']))} ({row['ends']})" for row in told)
    turns = crossings(course)
    if turns:
        when = ", ".join(str(course[quarter]["ends"]) for quarter in turns)
        crossed = f"The mean crosses zero by the end of {when}."
    else:
        crossed = "The mean does not cross zero in this time; --quarters looks further."
    return f"Over time, {unit}: {years}. {crossed}"
