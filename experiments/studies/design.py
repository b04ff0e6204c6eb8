"""The points of a study: which values of its factors are tried together.

Everything here is a pure function of the plan: the same plan has the same points, on any machine.
Words and listed values are drawn as equal parts of a unit interval, so they stay factors.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ...sim.country.councils import as_float, read_lines
from ...sim.errors import InputError, nearest
from ...sim.tables.columns import Column, Columns, Words
from .correlated import correlated
from .distributions import quantiles
from .plan import LEVELS, MORRIS_LEVELS, Factor, Plan, Value, file_of
from .trajectories import check_walks, distinct, places

MOST_POINTS, MOST_RUNS = 1_000_000, 100_000_000
"""More than that would take gigabytes of memory before anything runs."""
NUMBER = "point"
"""The column of a table of points that numbers them from 0; a user's own may have it too."""


class Point(NamedTuple):
    """One set of values."""

    number: int
    values: dict[str, Value]  # by factor


def points_of(plan: Plan) -> list[Point]:
    """Return the points of a plan, numbered from 0.

    Raises:
        InputError: there are too many, its table does not fit its factors, or a library that
            draws is missing.
    """
    check_size(plan)
    if plan.design.kind == "grid":
        axes = [_axis(factor, plan.design.levels or LEVELS) for factor in plan.factors]
        rows: Sequence[Sequence[Value]] = list(itertools.product(*axes))
    elif plan.design.kind == "table":
        rows = _from_table(file_of(plan, str(plan.design.table)), plan.factors)
    else:
        rows = from_unit(unit_sample(plan), plan.factors)
    names = [factor.name for factor in plan.factors]
    return [Point(n, dict(zip(names, row, strict=True))) for n, row in enumerate(rows)]


def how_many(plan: Plan) -> int | None:
    """Return how many points a plan has, before any is drawn; None of a table, which is read."""
    size, count = plan.design, len(plan.factors)
    if size.kind == "grid":
        levels = size.levels or LEVELS
        return math.prod(len(f.values) if f.categorical else levels for f in plan.factors)
    if size.kind in ("latin", "sobol"):
        return size.points or 0
    if size.kind == "saltelli":
        return (size.points or 0) * (2 * count + 2 if size.second_order else count + 2)
    if size.kind == "morris":
        return (size.trajectories or 0) * (count + 1)
    return None


def check_size(plan: Plan) -> None:
    """Refuse a plan with more points or runs than can be held.

    Raises:
        InputError: with how many there would be.
    """
    count = how_many(plan)
    if count is not None and count > MOST_POINTS:
        raise InputError(
            f"the plan '{plan.name}' has {count:,} points, and a study holds {MOST_POINTS:,} at "
            "most: give fewer levels or points, or vary fewer numbers"
        )
    if (count or 1) * plan.replicates > MOST_RUNS:
        raise InputError(
            f"the plan '{plan.name}' has {(count or 1) * plan.replicates:,} runs, and a study "
            f"holds {MOST_RUNS:,} at most: give fewer points or replicates"
        )


def unit_sample(plan: Plan) -> np.ndarray:
    """Return the points of a drawn design in the unit cube, (points, factors): latin to saltelli.

    This is what methods of sensitivity need, since categories have no scale of their own. The
    place of a number with a distribution is a quantile of it.
    """
    design, dimensions = plan.design, len(plan.factors)
    if design.kind in ("latin", "sobol"):
        from scipy.stats import qmc

        draw = qmc.LatinHypercube if design.kind == "latin" else qmc.Sobol
        sample: np.ndarray = draw(dimensions, seed=_chance(plan)).random(design.points)
        return correlated(sample, plan.factors)
    problem = {
        "num_vars": dimensions,
        "names": [factor.name for factor in plan.factors],
        "bounds": [[0.0, 1.0]] * dimensions,
    }
    if design.kind == "saltelli":
        return _salib("sobol").sample(  # type: ignore[no-any-return]
            problem, design.points, calc_second_order=design.second_order, seed=_chance(plan)
        )
    if design.kind == "morris":
        return _screening(plan, problem)
    raise ValueError(f"a {design.kind} design is not drawn")


def _screening(plan: Plan, problem: dict[str, Any]) -> np.ndarray:
    """Return the points of trajectories; a plan of an earlier version may have some twice."""
    design, chance = plan.design, _chance(plan)
    count, levels = design.trajectories or 0, design.levels or MORRIS_LEVELS

    def draw() -> np.ndarray:
        sample = _salib("morris").sample(problem, count, num_levels=levels, seed=chance)
        return np.asarray(sample)

    if not plan.distinct:
        return draw()
    check_walks(plan.factors, count, levels, f"'{plan.name}', [design]")
    return distinct(draw, plan.factors, count)


def _chance(plan: Plan) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(plan.design.seed))


def _salib(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(f"SALib.sample.{name}")
    except ImportError:
        raise InputError(
            "designs of the kinds morris and saltelli need SALib: pip install SALib"
        ) from None


def from_unit(sample: np.ndarray, factors: Sequence[Factor]) -> list[tuple[Value, ...]]:
    """Return the values of points of the unit cube, (points, factors)."""
    columns = [_values(sample[:, k], factor) for k, factor in enumerate(factors)]
    return list(zip(*columns, strict=True))


def _values(unit: np.ndarray, factor: Factor) -> list[Value]:
    if factor.categorical:
        return [factor.values[place] for place in places(unit, factor).tolist()]
    low, high = _range(factor)
    if factor.distribution is not None:
        return list(quantiles(unit, low, high, factor.distribution).tolist())
    found = np.clip(low + unit * (high - low), low, high)  # rounding must not lead outside
    return list(found.tolist())


def _range(factor: Factor) -> tuple[float, float]:
    if factor.low is None or factor.high is None:
        raise ValueError(f"{factor.name} has no range")
    return factor.low, factor.high


def _axis(factor: Factor, levels: int) -> list[Value]:
    if factor.categorical:
        return list(factor.values)
    return list(np.linspace(*_range(factor), levels).tolist())


def _from_table(path: Path, factors: Sequence[Factor]) -> list[tuple[Value, ...]]:
    """Return the points of a user's CSV table: a row a point, a column a factor."""
    lines = read_lines(path, each="point")
    names = [factor.name for factor in factors]
    for column in lines[0].row:
        if column not in (*names, NUMBER):
            raise InputError(f"'{path}': unknown column '{column}'; {nearest(column, names)}")
    for name in names:
        if name not in lines[0].row:
            raise InputError(f"'{path}': the column '{name}' is missing; the plan varies it")
    return [
        tuple(_cell(line.row, factor, f"'{path}' line {line.number}") for factor in factors)
        for line in lines
    ]


def _cell(row: dict[str, str], factor: Factor, where: str) -> Value:
    if factor.wordy:
        text = (row[factor.name] or "").strip()
        known = {Path(str(value)).name: value for value in factor.values}
        known |= {str(value): value for value in factor.values}
        if text not in known:
            raise InputError(
                f"{where}: '{text}' is no value of {factor.name}; {nearest(text, known)}"
            )
        return known[text]
    value = as_float(row, factor.name, where)
    if factor.categorical:
        if value not in factor.values:
            given = ", ".join(f"{known:g}" for known in factor.values)
            raise InputError(f"{where}: {factor.name} is {value:g}; the plan's values are {given}")
        return value
    low, high = _range(factor)
    if not low <= value <= high:
        raise InputError(
            f"{where}: {factor.name} is {value:g}; the plan lets it lie between {low:g} and "
            f"{high:g}"
        )
    return value


def as_columns(points: Sequence[Point], factors: Sequence[Factor]) -> Columns:
    """Return points as the columns of a stored table: `point`, then one per factor."""
    columns: Columns = {NUMBER: np.array([point.number for point in points], dtype=np.int64)}
    return columns | {factor.name: _column(points, factor) for factor in factors}


def _column(points: Sequence[Point], factor: Factor) -> Column:
    values = [point.values[factor.name] for point in points]
    if not factor.wordy:
        return np.array(values, dtype=np.float64)
    known = [str(value) for value in factor.values]
    return Words(np.array([known.index(str(value)) for value in values], dtype=np.int64), known)


def as_points(columns: Columns, factors: Sequence[Factor]) -> list[Point]:
    """Return the points of stored columns."""
    lists: list[Sequence[Value]] = []
    for factor in factors:
        column = columns[factor.name]
        lists.append(column.texts().tolist() if isinstance(column, Words) else column.tolist())
    names = [factor.name for factor in factors]
    return [
        Point(n, dict(zip(names, row, strict=True)))
        for n, row in enumerate(zip(*lists, strict=True))
    ]
