"""How a difference moves from quarter to quarter, and when it surely crosses zero.

A difference has a sign where its interval holds no zero. Where it holds zero, or where there is no
interval yet, nothing is said of the sign, so nothing of what it crosses or of what is paid back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...sim.declared.scenario import Scenario
from ..words import listed, month, number, or_nan
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
    """Return the quarters at whose end the difference surely has another sign than it had before.

    That is the first such quarter: where it is not sure yet, the mean may have crossed before.
    """
    found, before = [], 0
    for quarter, row in enumerate(course):
        sign = _sign(row)
        if sign and before and sign != before:
            found.append(quarter)
        before = sign or before
    return found


def _sign(row: Mapping[str, Any]) -> int:
    """Return the sign of a difference that is sure of it, 0 for any other."""
    low, high = or_nan(row["low"]), or_nan(row["high"])
    return int(low > 0) - int(high < 0)


def paid_back(course: Sequence[Mapping[str, Any]]) -> int | None:
    """Return the first quarter from which a policy that had cost more is surely ahead to the end.

    None where it never was surely behind, or is not surely ahead at the end.
    """
    signs = [_sign(row) for row in course]
    if min(signs, default=0) >= 0 or signs[-1] <= 0:
        return None
    return max(quarter for quarter, sign in enumerate(signs) if sign <= 0) + 1


def course_in_words(course: Sequence[Mapping[str, Any]], unit: str) -> str:
    """Return the difference year by year, and when it surely crosses zero, if it does."""
    told = [row for row in course[YEAR - 1 :: YEAR]]
    if not told or course[-1] is not told[-1]:
        told.append(course[-1])
    years = ", ".join(f"{number(or_nan(row['difference']))} ({row['ends']})" for row in told)
    return f"Over time, {unit}: {years}.{_crossed(course)}"


def _crossed(course: Sequence[Mapping[str, Any]]) -> str:
    turns, last = crossings(course), _sign(course[-1])
    if turns:
        when = listed([str(course[quarter]["ends"]) for quarter in turns])
        return f" The mean has crossed zero by the end of {when}."
    if last:
        other = "below" if last > 0 else "above"
        return f" In no quarter is it surely {other} zero; --quarters looks further."
    return ""
