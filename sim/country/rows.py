"""A user's own table of councils: what its rows must say; a mistake is named with its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

import numpy as np

from ..declared.parameters import Costs
from ..declared.written import party_meant
from ..errors import InputError
from .called import TITLES
from .councils import (
    CYCLES,
    ELECTIONS,
    FIRST_YEAR,
    LAST_KNOWN_YEAR,
    PARTIES,
    TIERS,
    Councils,
    column_of,
    from_rows,
    tier_path,
)
from .given import Line, as_float, read_lines
from .placed import check_degrees
from .plausible import check_plausible

BOUNDS = {
    "easting_km": (-20_000, 20_000), "northing_km": (-20_000, 20_000),
    "population": (1, 1e9), "area_km2": (0.001, 1e7), "rural_share": (0, 1),
    "deprivation": (0, 1e5), "budget_gbp_m": (0.001, 1e6), "band_d": (0.01, 1e5),
    "tax_base": (1, 1e9), "unallocated_reserves_gbp_m": (-1e6, 1e6),
    "earmarked_reserves_gbp_m": (-1e6, 1e6),
}  # fmt: skip
"""The least and the most that a number can be of any council, or of a whole country."""
CONTROLS = ("control", "control_2010", "control_2018", "control_2021")

NEEDED = ("code", "name", "tier", *BOUNDS)
"""The columns that a table must have."""
OPTIONAL = ("county", "region", *CONTROLS, *ELECTIONS)
"""The columns that it may have, and that are used."""
IN_OTHER_WORDS = {
    "shire district": ("district",), "non metropolitan district": ("district",),
    "shire county": ("county",), "county": ("county",), "metropolitan district": ("metropolitan",),
    "london": ("london",), "metropolitan": ("metropolitan",),
}  # fmt: skip
"""What a tier is called besides; a borough or a city alone can be of several."""
TOTALS = ("total", "totals", "sum", "average", "mean", "england", "all")
"""Words by which a row is known that sums the others up."""
SHARES = ("rural_share",)
"""Columns between 0 and 1, which people write in percent."""


def from_file(path: Path, *, year: int = FIRST_YEAR, adjacency: str | None = None) -> Councils:
    """Return the councils of a user's own table (columns as in `data/councils.csv`).

    It says how they stand in April of `year`; from there all follow the funding path of their
    tier. What a budget spends is income less what goes into reserves, by the share that is
    declared. Who touches whom is reckoned from the centres unless a table of pairs says so.
    """
    from .adjacency import touching
    from .borders import links_from

    rows = [line.row for line in checked_own(path)]
    years = LAST_KNOWN_YEAR - FIRST_YEAR + 1
    settlement, bases = np.zeros((len(rows), years)), np.zeros((len(rows), years))
    tax = column_of(rows, "tax_base") * column_of(rows, "band_d") / 1e6
    for k, row in enumerate(rows):
        income = float(row["budget_gbp_m"]) / (1.0 - put_aside(row["tier"]))
        settlement[k] = max(income - tax[k], 0.05) * tier_path(row["tier"], year)
        bases[k] = float(row["tax_base"])
    known = np.zeros(len(rows), dtype=np.int64)
    if adjacency is not None:
        links = links_from(Path(adjacency), [row["code"] for row in rows])
    else:
        links = touching(column_of(rows, "easting_km"), column_of(rows, "northing_km"))
    return from_rows(rows, settlement, bases, known, links=links)


def checked_own(path: Path) -> list[Line]:
    """Return the rows of a user's own table; InputError where one cannot be of a council."""
    lines = read_own(path)
    check_rows(lines, path)
    check_plausible(lines, path)
    check_degrees(lines, path)
    return lines


def read_own(path: Path) -> list[Line]:
    """Return the rows of a user's own table, with tiers as they are declared.

    Raises:
        InputError: it is no such table.
    """
    lines = read_lines(path, needs=NEEDED, known=OPTIONAL)
    return [Line(number, row | {"tier": tier_meant(row["tier"])}) for number, row in lines]


def tier_meant(text: str) -> str:
    """Return the tier that people write as `District Council`; the text itself where none fits."""
    word = " ".join(text.lower().replace("-", " ").split())
    if word in TIERS:
        return word
    known = TITLES | IN_OTHER_WORDS
    for each in (word, f"{word} council", word.removesuffix(" council")):
        if len(known.get(each, ())) == 1:
            return known[each][0]
    return text


def put_aside(tier: str) -> float:
    """Return the share of its income that a council of a tier puts into reserves, as declared."""
    costs = Costs()
    return costs.put_aside if tier == "district" else costs.put_aside_upper


def check_rows(lines: Sequence[Line], path: Path) -> None:
    """Raise InputError on a code or name that stands twice, or a word or number that cannot be."""
    for line, row in lines:
        where = f"{path.name} line {line}"
        for column in ("code", "name"):
            if not (row.get(column) or "").strip():
                raise InputError(f"{where}: the {column} is empty; {_empty_hint(row)}")
        if row.get("tier") not in TIERS:
            raise InputError(
                f"{where}: tier '{row.get('tier', '')}' is not known; "
                f"allowed are {', '.join(TIERS)}{_tier_hint(row.get('tier', ''))}"
            )
        _check_numbers(row, where)
        _check_controls(row, where)
        _check_elections(row, where)
    _check_once(lines, "code", path)
    _check_once(lines, "name", path)


def _empty_hint(row: Mapping[str, str]) -> str:
    """Return what to do about a row without a code or a name: it may be none of a council."""
    words = " ".join((row.get(column) or "") for column in ("code", "name")).lower().split()
    if any(word.strip(":") in TOTALS for word in words):
        return "it looks like a total and no council: delete the row"
    return "every council needs one of its own"


def _tier_hint(text: str) -> str:
    """Return which tier is meant by a misspelt one, or could be by a borough; else nothing."""
    word = text.strip().lower()
    if "borough" in word or "city" in word:
        return ": write which of these it is"
    near = get_close_matches(word, TIERS, n=1, cutoff=0.5)
    return f": write {near[0]}" if near else ""


def _check_numbers(row: Mapping[str, str], where: str) -> None:
    for column, (low, high) in BOUNDS.items():
        value = as_float(row, column, where)
        if not low <= value <= high:
            raise InputError(
                f"{where}: {column} is {value:g}; it must lie between {low:,g} and {high:,g}"
                f"{_unit_hint(column, value)}"
            )


def _unit_hint(column: str, value: float) -> str:
    """Return what to write where a number is in another unit, as far as that can be seen."""
    if column in SHARES and 1 < value <= 100:
        return f": it looks like percent; write {value / 100:g}"
    if column in ("easting_km", "northing_km") and 0 < value <= 700_000:
        return f": it looks like metres; write {value / 1000:g}"
    if column.endswith("gbp_m") and value > 1e6:
        return f": it looks like pounds; write {value / 1e6:.10g}"
    return ""


def _check_controls(row: Mapping[str, str], where: str) -> None:
    for column in CONTROLS:
        text = (row.get(column) or "").strip()
        if text and text.upper() not in PARTIES:
            raise InputError(
                f"{where}: {column} is '{text}'; allowed are {', '.join(PARTIES)}, "
                f"or nothing: it is drawn then{_party_hint(text)}"
            )


def _party_hint(text: str) -> str:
    party = party_meant(text)
    return f"; write {party}" if party else ""


def _check_elections(row: Mapping[str, str], where: str) -> None:
    kind, year = ((row.get(column) or "").strip() for column in ELECTIONS)
    if kind and kind.lower() not in CYCLES:
        raise InputError(
            f"{where}: elections is '{kind}'; allowed are {', '.join(CYCLES)}, or nothing: it is "
            "drawn then"
        )
    if bool(kind) != bool(year) or not (year.isdecimal() or not year):
        raise InputError(
            f"{where}: elections is '{kind}' and elections_year '{year}'; give both or neither, "
            "the year as a number: one in which it votes, or by thirds one in which it does not"
        )


def _check_once(lines: Sequence[Line], column: str, path: Path) -> None:
    """Refuse a code or a name that two rows have, for a council is asked for by either."""
    seen: dict[str, int] = {}
    for line, row in lines:
        text = row[column].strip()
        key = text.lower()
        if key in seen:
            raise InputError(
                f"{path.name} line {line}: {column} '{text}' stands on line {seen[key]} too; "
                f"{column}s must differ, and not in upper and lower case only"
            )
        seen[key] = line
