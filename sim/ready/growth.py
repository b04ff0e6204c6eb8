"""A funding path of a user's own: the change of each year, checked, and what is doubtful in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from ..country.councils import DATA
from ..country.given import Line, as_float, read_lines, read_rows
from ..errors import InputError

LEAST, MOST = -0.9, 5.0
"""What a change of one year can be: next to nothing may be left, and much may be given."""
PERCENT = 0.25
"""From which change on every year of a path is taken for percent, where one is 1 or more.

A path of shares of which each is a quarter or more, one of them 100%, no government ever laid down;
2, 0.5 and -1 are changes in percent.
"""
INDEX = (0.7, 1.3)
"""Between which values all changes of a path are taken for an index, in which 1 is no change."""


def steps_of(path: Path) -> dict[int, float]:
    """Return the change of each year that a user's funding path lists.

    Raises:
        InputError: it is no table of years and shares, or its numbers are percent, or an index.
    """
    lines = read_lines(path, each="year", needs=("year", "growth"))
    steps: dict[int, float] = {}
    for line, row in lines:
        where = f"'{path}' line {line}"
        year, growth = _year(row, where), as_float(row, "growth", where)
        if not LEAST <= growth <= MOST:
            hint = f": it looks like percent; write {growth / 100:g}" if growth < LEAST else ""
            raise InputError(
                f"{where}: growth {growth:g} must be a share between {LEAST:g} and {MOST:g}{hint}"
            )
        if year in steps:
            raise InputError(f"{where}: the year {year} stands there twice; give each year once")
        steps[year] = growth
    _check_unit(steps, lines, path)
    return steps


def _year(row: Mapping[str, str], where: str) -> int:
    found = re.fullmatch(r"\s*(\d{4})\s*[-/\u2013]\s*(\d{2}|\d{4})\s*", row["year"])
    if found:
        raise InputError(
            f"{where}: year '{row['year'].strip()}': write {found[1]}, the year in which it starts"
        )
    year = as_float(row, "year", where)
    if not year.is_integer():
        raise InputError(f"{where}: year {year:g} must be a whole number, 2011 for 2011-12")
    return int(year)


def _check_unit(steps: Mapping[int, float], lines: Sequence[Line], path: Path) -> None:
    """Refuse changes in percent, and an index."""
    moved = [growth for growth in steps.values() if growth]
    if not moved:
        return
    first, year = next(
        (line.number, int(float(line.row["year"]))) for line in lines
        if float(line.row["growth"])
    )  # fmt: skip
    where = f"'{path}' line {first}: growth {steps[year]:g}"
    if len(moved) == len(steps) and all(INDEX[0] <= growth <= INDEX[1] for growth in moved):
        raise InputError(
            f"{where}, and all others, look like an index, in which 1 is no change: give the "
            f"change as a share; write {steps[year] - 1:.6g}"
        )
    if max(map(abs, moved)) >= 1 and min(map(abs, moved)) >= PERCENT:
        raise InputError(
            f"{where}, and all others, look like percent: give the change as a share; write "
            f"{steps[year] / 100:.6g}"
        )


@cache
def usual_steps() -> tuple[float, float]:
    """Return the least and the largest change of a year that a tier of England's councils had."""
    found = [float(row["settlement_growth"]) for row in read_rows(DATA / "paths.csv")]
    return min(found), max(found)


def doubts_on_path(path: Path, first: int, last: int) -> list[str]:
    """Return remarks on a funding path, for a run from one financial year to another."""
    steps, (low, high) = steps_of(path), usual_steps()
    found = [
        f"{path.name}: growth {growth:g} of {year} is further than any tier of England's councils "
        f"went in a year ({low:.2g} to {high:.2g}): it is a share, 0.02 for 2%"
        for year, growth in steps.items()
        if not low <= growth <= high
    ]
    if not any(first < year <= last for year in steps):
        found.append(
            f"{path.name}: none of its years lies within the run, which takes changes of "
            f"{first + 1} to {last}: it is a flat path here"
        )
    return found
