"""The tables of a report about a study: what was varied, and what came out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np

from ..estimates import ERROR, mean_of
from ..studies.correlated import pairs_of
from ..studies.distributions import distribution_words
from ..studies.factors import DECLARED
from ..studies.plan import Factor
from ..studies.store import Study
from ..told import FIGURE, NAME, TEXT, Table
from ..words import interval, number
from .contents import SETS, VARIES
from .effects import Contrast, Effect, Series
from .orders_told import day
from .words import about_number, level_words, loss

MOST_PAIRS = 15
"""Of a factor with more pairs of levels, only those with the first level get a row."""
IN_THE_VALUES = ("word", "0 no, 1 yes", "multiple")
"""Units that the words of a value say already."""
MOST_OUTCOMES = 4
"""Columns of a table of means."""
TOGETHER = "All intervals of changes in this report hold together with 95%."
MOST_POINTS = 30
"""A study with more points than this has no table with a row a point."""


def varied_table(study: Study) -> list[Table]:
    """Return what was varied, and what the plan set to one value in every run."""
    several: list[list[str]] = []
    one: list[list[str]] = []
    for factor in study.plan.factors:
        fixed = factor.categorical and len(factor.values) == 1
        (one if fixed else several).append(_factor_row(factor))
    columns = [("Number", NAME), ("What it is", TEXT), ("Kind", TEXT), ("Values", TEXT)]
    note = _correlated_note(study.plan.factors)
    tables = [Table(VARIES, columns, several, note)] if several else []
    return tables + ([Table(SETS, columns, one)] if one else [])


def _correlated_note(factors: Sequence[Factor]) -> str:
    """Return which factors were drawn correlated, in a line; nothing where none were."""
    pairs = [f"{each.factor} with {each.other} {each.correlation:g}" for each in pairs_of(factors)]
    if not pairs:
        return ""
    return (
        f"Drawn with rank correlations (Spearman): {', '.join(pairs)}. What seems to come of one "
        "of two such numbers may come of the other."
    )


def _factor_row(factor: Factor) -> list[str]:
    unit = str(DECLARED[factor.name].unit) if factor.name in DECLARED else ""
    kind = "somebody decides it" if factor.role == "lever" else "nobody knows it"
    shown = "" if not unit or unit.startswith(IN_THE_VALUES) else f" ({unit})"
    return [factor.name, about_number(factor.name), kind, range_of(factor) + shown]


def range_of(factor: Factor) -> str:
    """Return which values a factor takes, how likely if not all equally, and from when."""
    if factor.values:
        text = ", ".join(level_words(factor.name, value) for value in factor.values)
    else:
        text = f"{factor.low:g} to {factor.high:g}"
        if factor.distribution is not None:
            text += f", {distribution_words(factor.distribution)}"
    return text + (f" from {day(factor.since)}" if factor.since else "")


def series_title(series: Series) -> str:
    """Return an outcome's title; of a difference, what it is."""
    return f"{series.title}, difference" if series.difference else series.title


def effect_tables(effects: Sequence[Effect]) -> list[Table]:
    """Return what each level gives, then of each outcome what changes with it, and where."""
    tables = []
    for difference in (True, False):
        side = [each for each in effects if each.series.difference == difference]
        columns = list(dict.fromkeys(each.series.column for each in side))
        for first in range(0, len(columns), MOST_OUTCOMES):
            some = columns[first : first + MOST_OUTCOMES]
            tables.append(_means([each for each in side if each.series.column in some]))
        for column in columns:
            mine = [each for each in side if each.series.column == column and each.pairs]
            tables += [_changes(mine)] if mine else []
            tables += [_within(each) for each in mine if each.within]
    return tables


def _means(effects: Sequence[Effect]) -> Table:
    """Return what each level gives: a row a level, a column an outcome."""
    series = {each.series.column: each.series for each in effects}
    columns = [("Level", TEXT)]
    columns += [(f"{each.title} ({each.unit})", FIGURE) for each in series.values()]
    cells: dict[str, list[str]] = {}
    for each in effects:
        for level, mean in zip(each.levels, each.means, strict=True):
            shown = f"{number(mean.value)}{loss(mean.value, each.series.column)}"
            row = cells.setdefault(_level(each, level), [])
            row.append(f"{shown} ({interval(mean.low, mean.high)})")
    first = effects[0].series
    several = len({each.factor.name for each in effects}) > 1
    over = "Averaged over everything else that was varied. " if several else ""
    if first.difference:
        title, sure_of = "What the policy changes at each level", TOGETHER
    else:
        runs = first.values.shape[1]
        title, sure_of = "What each level gives", f"95% intervals, over {runs:,} {first.each}s."
    rows = [[name, *found] for name, found in cells.items()]
    return Table(title, columns, rows, over + sure_of)


def _level(each: Effect, level: object) -> str:
    return f"{each.factor.name}: {level_words(each.factor.name, level)}"


def _changes(effects: Sequence[Effect]) -> Table:
    columns = [
        ("Level", TEXT), ("Compared with", TEXT), ("Change", FIGURE), ("Interval", FIGURE),
        ("Is it sure?", TEXT),
    ]  # fmt: skip
    rows = [
        [_level(each, pair.level), level_words(each.factor.name, pair.other),
         number(pair.change.value), interval(*pair.change[1:]),
         "yes" if pair.change.sure else "no"]
        for each in effects
        for pair in shown_pairs(each)
    ]  # fmt: skip
    series = effects[0].series
    lacking = sorted({pair.runs for each in effects for pair in each.pairs})
    total = series.values.shape[1]
    left = (
        f" Where a run failed or had no value, that {series.each} is left out of the comparison "
        f"alone: {lacking[0]:,} of {total:,} are left at least."
        if lacking and lacking[0] < total
        else ""
    )
    note = (
        f"On the same luck: each {series.each} under one level less the same under the other. "
        f"{TOGETHER}{left}"
    )
    return Table(f"What changes: {series_title(series)} ({series.unit})", columns, rows, note)


def shown_pairs(each: Effect) -> list[Contrast]:
    """Return the pairs of levels that are shown: all, or those with the first."""
    if len(each.pairs) <= MOST_PAIRS:
        return each.pairs
    return [pair for pair in each.pairs if pair.other == each.levels[0]]


def _within(each: Effect) -> Table:
    """Return what a lever changes at each level of the other factors, a column a pair."""
    pairs = shown_pairs(each)
    name = each.factor.name
    columns = [("Where", TEXT)]
    columns += [
        (f"{level_words(name, p.level)} less {level_words(name, p.other)}", FIGURE) for p in pairs
    ]
    wanted = [(pair.level, pair.other) for pair in pairs]
    rows = []
    for where, group in groupby(each.within, key=lambda pair: pair.where):
        if where is not None:
            cells = {(p.level, p.other): p.change for p in group}
            found = [cells[key] for key in wanted]
            shown = [f"{number(e.value)} ({interval(e.low, e.high)})" for e in found]
            rows.append([f"{where[0]}: {level_words(*where)}", *shown])
    title = (
        f"The same at each level of the others: {series_title(each.series)} ({each.series.unit})"
    )
    return Table(title, columns, rows, "Change and interval, on the same luck.", dense=True)


def overall(series: Sequence[Series]) -> Table:
    """Return mean, least and most of the points' means of each outcome."""
    columns = [("Outcome", TEXT), ("Mean", FIGURE), ("Least of the points' means", FIGURE),
               ("Most", FIGURE), ("Unit", TEXT)]  # fmt: skip
    rows = []
    for each in series:
        known = [row[np.isfinite(row)].mean() for row in each.values if np.isfinite(row).any()]
        if known:
            shown = [float(np.mean(known)), min(known), max(known)]
            rows.append([series_title(each),
                         *(number(value) + loss(value, each.column) for value in shown),
                         each.unit])  # fmt: skip
    return Table("Outcomes over all points", columns, rows)


def point_table(study: Study, series: Sequence[Series]) -> list[Table]:
    """Return a table with a row a point, if there are few."""
    if len(study.points) > MOST_POINTS:
        return []
    names = [factor.name for factor in study.plan.factors]
    columns = [("Point", FIGURE), *((name, TEXT) for name in names)]
    columns += [(f"{series_title(each)} ({each.unit})", FIGURE) for each in series]
    rows = []
    for k, point in enumerate(study.points.to_dict("records")):
        found = [mean_of(each.values[k], error=ERROR) for each in series]
        rows.append([
            str(point["point"]), *(_plain(name, point[name]) for name in names),
            *(f"{number(e.value)} ({interval(e.low, e.high)})" for e in found),
        ])  # fmt: skip
    each = series[0].each
    note = f"Mean and 95% interval of each point, by the differences between its {each}s."
    return [Table("Point by point", columns, rows, note, dense=True)]


def _plain(name: str, value: object) -> str:
    if isinstance(value, str) and value.endswith(".csv"):
        return Path(value).stem
    return level_words(name, value if isinstance(value, str) else float(value))  # type: ignore[arg-type]
