"""Which way each number pushes an outcome: its upper half of values against its lower half."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ..estimates import ERROR, Estimate
from ..studies.store import Study
from ..told import FIGURE, NAME, TEXT, Table
from ..words import interval, number
from .effects import Series
from .words import about_number

FEWEST = 5
"""Points in each half, for an interval."""
UP, DOWN, OPEN = "more of it gives more", "more of it gives less", "which way is not clear"


class Push(NamedTuple):
    """What the upper half of a number's values gives more than the lower half."""

    factor: str
    change: Estimate

    @property
    def words(self) -> str:
        """Which way it pushes."""
        if self.change.low > 0:
            return UP
        return DOWN if self.change.high < 0 else OPEN


def pushes_of(study: Study, series: Series) -> list[Push]:
    """Return which way each number pushes an outcome; the intervals hold together.

    Points that were drawn independently are compared; of a Saltelli design those are the two base
    samples, since its other points repeat their values.
    """
    free = _independent(study)
    values = np.where(free[:, None], series.values, 0)
    some = np.isfinite(values).any(axis=1)  # at the other points every run failed
    means = np.full(len(values), np.nan)
    means[some] = np.nanmean(values[some], axis=1)
    if some.any():
        means -= means[some][
            0
        ]  # so that points that are the same differ by nothing, not by rounding
    scales = [factor for factor in study.plan.factors if not factor.wordy]
    found = []
    for factor in scales:
        held = study.points[factor.name].to_numpy(dtype=float)
        known = free & np.isfinite(means)
        change = _halves(held[known], means[known], ERROR / max(len(scales), 1))
        if change is not None:
            found.append(Push(factor.name, change))
    return found


def _independent(study: Study) -> np.ndarray:
    count, design = len(study.points), study.plan.design
    if design.kind != "saltelli":
        return np.ones(count, dtype=bool)
    factors = len(study.plan.factors)
    size = 2 * factors + 2 if design.second_order else factors + 2
    return np.isin(np.arange(count) % size, (0, size - 1))


def _halves(held: np.ndarray, means: np.ndarray, error: float) -> Estimate | None:
    """Return upper half less lower half with Welch's interval; None where there is no half."""
    if not len(held):
        return None
    middle = (held.min() + held.max()) / 2
    low, high = means[held < middle], means[held > middle]
    if min(len(low), len(high)) < FEWEST:
        return None
    from scipy.special import stdtrit

    parts = [np.var(side, ddof=1) / len(side) for side in (low, high)]
    whole = sum(parts)
    if whole == 0:
        change = float(high.mean() - low.mean())
        return Estimate(change, change, change)
    freedom = whole**2 / sum(p**2 / (len(s) - 1) for p, s in zip(parts, (low, high), strict=True))
    reach = float(stdtrit(freedom, 1 - error / 2) * np.sqrt(whole))
    change = float(high.mean() - low.mean())
    return Estimate(change, change - reach, change + reach)


def push_table(series: Series, title: str, pushes: list[Push]) -> Table:
    """Return which way each number pushes an outcome, the strongest first."""
    columns = [
        ("Number", NAME), ("What it is", TEXT), ("Which way", TEXT),
        ("Upper less lower half", FIGURE), ("Interval", FIGURE),
    ]  # fmt: skip
    ordered = sorted(pushes, key=lambda push: -abs(push.change.value))
    rows = [
        [push.factor, about_number(push.factor), push.words, number(push.change.value),
         interval(push.change.low, push.change.high)]
        for push in ordered
    ]  # fmt: skip
    note = (
        "The mean over the points in the upper half of a number's values, less that in the lower "
        f"half ({series.unit}). The intervals hold together with 95%."
    )
    return Table(f"Which way each number pushes: {title}", columns, rows, note)


def words_of(pushes: list[Push]) -> Mapping[str, str]:
    """Return which way each number pushes, by its name."""
    return {push.factor: push.words for push in pushes}
