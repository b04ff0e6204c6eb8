"""What the levels of a study's factors change: every pair of levels, on the same luck.

A replicate that lacks a value on one side of a comparison is left out of that comparison alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..estimates import ERROR, Estimate, mean_of
from ..sensitivity.levels import MOST_LEVELS, levels_of
from ..split import by_world
from ..stored.tables import columns_of
from ..studies.plan import Factor
from ..studies.store import Study
from ..summary import DECLARED

DIFFERENCE = "difference_"
NET, PUBLIC = "net_saving", "public_net"


class Series(NamedTuple):
    """An outcome of every run, (points, replicates); not a number where it has no value.

    Over an ensemble a world stands for a replicate: the mean of those that live it.
    """

    name: str  # of the measure
    column: str
    title: str
    unit: str
    difference: bool  # whether it is policy minus scenario
    values: np.ndarray
    each: str = "replicate"  # of what there is a value at each point


class Contrast(NamedTuple):
    """What one level gives more than another, paired on the same luck."""

    level: Any
    other: Any
    change: Estimate
    runs: int  # replicates that have a value on both sides
    where: tuple[str, Any] | None = None  # only at this level of another factor


class Effect(NamedTuple):
    """What the levels of one factor do to one outcome."""

    series: Series
    factor: Factor
    levels: list[Any]
    means: list[Estimate]
    pairs: list[Contrast]
    within: list[Contrast]  # the pairs again, at each level of each other factor


def series_of(study: Study) -> list[Series]:
    """Return the outcomes of a study, its differences last; with net saving, public net beside it.

    What councils gain may be what government or residents lose: an answer about net saving has to
    say what all of them gain together.
    """
    from ..stored.tables import read_table

    sides = [""] if study.plan.difference is None else ["", DIFFERENCE]
    path = study.folder / "runs.parquet"
    wanted = list(study.plan.outcomes)
    stored = set(columns_of(path))
    if NET in wanted and PUBLIC not in wanted and PUBLIC in stored:
        wanted.append(PUBLIC)
    columns = [side + name for side in sides for name in wanted]
    runs = read_table(path, ["point", "replicate", *columns])
    return [
        _series(study, name, side, _wide(study, runs, side + name))
        for side in sides for name in wanted
    ]  # fmt: skip


def _wide(study: Study, runs: pd.DataFrame, column: str) -> np.ndarray:
    wide = runs.pivot(index="point", columns="replicate", values=column)
    values = wide.reindex(study.points["point"]).to_numpy(dtype=float)
    return by_world(values.T, study.lucks, whole_only=True).T


def _series(study: Study, name: str, side: str, values: np.ndarray) -> Series:
    measure, each = DECLARED[name], "replicate" if study.lucks == 1 else "world"
    return Series(name, side + name, measure.title, measure.unit, bool(side), values, each)


def fair(study: Study) -> bool:
    """Return whether the means of levels can be compared: all meet the same other levels."""
    return study.plan.design.kind == "grid" and study.shard is None


def varied(study: Study) -> list[Factor]:
    """Return the factors that take two values or more, but not too many for a table."""
    points = study.points
    return [f for f in study.plan.factors if 1 < points[f.name].nunique() <= MOST_LEVELS]


def effects_of(study: Study) -> list[Effect]:
    """Return what the levels of each factor of a grid do to each outcome; none for other designs.

    The intervals of all changes hold together (Bonferroni); those of means are 95% each. Where a
    policy is compared with the scenario, changes are of that difference only.
    """
    if not fair(study):
        return []
    series, factors, points = series_of(study), varied(study), study.points
    error = ERROR / max(comparisons(study, series), 1)
    found = [_effect(each, factor, factors, points, error) for each in series for factor in factors]
    if study.plan.difference is None:
        return found
    return [
        each if each.series.difference else each._replace(pairs=[], within=[]) for each in found
    ]


def comparisons(study: Study, series: Sequence[Series]) -> int:
    """Return among how many intervals the chance of error is shared out."""
    counts = {factor.name: study.points[factor.name].nunique() for factor in varied(study)}
    levers = {factor.name for factor in varied(study) if factor.role == "lever"}
    total = 0
    wanted = [each for each in series if each.difference or study.plan.difference is None]
    for name, count in counts.items():
        within = sum(counts.values()) - count if name in levers else 0
        pairs = count * (count - 1) // 2 * (1 + within)
        total += sum(pairs + (count if each.difference else 0) for each in wanted)
    return total


def _effect(
    series: Series, factor: Factor, factors: Sequence[Factor], points: pd.DataFrame, error: float
) -> Effect:
    levels = levels_of(points[factor.name].tolist())
    held = points[factor.name].to_numpy()
    at = [_mean_over(series.values[held == level]) for level in levels]
    own = error if series.difference else ERROR
    within = [
        pair._replace(where=(other.name, place))
        for other in factors
        if other is not factor and factor.role == "lever"
        for place in levels_of(points[other.name].tolist())
        for pair in _pairs(levels, [
            _mean_over(series.values[(held == level) & (points[other.name] == place).to_numpy()])
            for level in levels
        ], error)
    ]  # fmt: skip
    means = [mean_of(runs, error=own) for runs in at]
    return Effect(series, factor, levels, means, _pairs(levels, at, error), within)


def _mean_over(values: np.ndarray) -> np.ndarray:
    """Return the mean over points of each replicate; not a number where one lacks a value."""
    return np.asarray(values.mean(axis=0))


def _pairs(levels: Sequence[Any], at: Sequence[np.ndarray], error: float) -> list[Contrast]:
    found = []
    for one, other in combinations(range(len(levels)), 2):
        apart = at[other] - at[one]
        known = int(np.isfinite(apart).sum())
        found.append(Contrast(levels[other], levels[one], mean_of(apart, error=error), known))
    return found
