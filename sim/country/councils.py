"""The councils of England: read from the project's own tables, checked, held as arrays.

Sources, vintages and repairs of every column stand in `data/SOURCES.md`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .given import as_float as as_float, read_lines as read_lines, read_rows as read_rows

DATA = Path(__file__).parent / "data"
TIERS = ("district", "county", "unitary", "metropolitan", "london")
PARTIES = ("CON", "LAB", "LD", "NOC", "IND")
CYCLES = ("whole", "thirds", "halves")
FIRST_YEAR = 2009
LAST_KNOWN_YEAR = 2020


class Councils(NamedTuple):
    """A table of councils, one place a council; funding by calendar year of April."""

    code: tuple[str, ...]
    name: tuple[str, ...]
    tier: np.ndarray  # place in TIERS
    county: tuple[str, ...]
    x: np.ndarray  # km
    y: np.ndarray  # km
    population: np.ndarray  # people
    rural: np.ndarray  # share of people, 0 to 1
    budget: np.ndarray  # net revenue expenditure, million pounds a year
    band_d: np.ndarray  # pounds a year
    reserves: np.ndarray  # usable, million pounds
    control_known: np.ndarray  # place in PARTIES at the start, -1 where it must be drawn
    control_later: np.ndarray  # place in PARTIES in 2018, -1 where not known
    settlement: np.ndarray  # (councils, known years from FIRST_YEAR), million pounds a year
    bases: np.ndarray  # (councils, known years from FIRST_YEAR), Band D equivalents
    known_until: np.ndarray  # last year of a funding path of its own
    links: np.ndarray  # (links, 2): places of councils that touch
    cycle: np.ndarray  # place in CYCLES, -1 where it must be drawn
    phase: np.ndarray  # a year in which it votes; of thirds the fallow year


ELECTIONS = ("elections", "elections_year")
"""The columns that say how and when a council votes; a user's own table may have them too."""


def lineage(code: str) -> int:
    """Return the 48-bit name by which the draws of a council are keyed."""
    return int.from_bytes(hashlib.sha256(code.encode()).digest()[:6], "big")


def party(text: str | None) -> int:
    """Return the place of a party in PARTIES, -1 where the table leaves it open."""
    word = (text or "").strip().upper()
    if not word:
        return -1
    return PARTIES.index(word) if word in PARTIES else PARTIES.index("IND")


def cycle(text: str | None) -> int:
    """Return the place of an election cycle in CYCLES, -1 where the table leaves it open."""
    word = (text or "").strip().lower()
    return CYCLES.index(word) if word else -1


def column_of(rows: Sequence[dict[str, str]], name: str) -> np.ndarray:
    """Return a column of numbers of checked rows."""
    return np.array([float(row[name]) for row in rows])


@cache
def england() -> Councils:
    """Return all 353 councils of England with their own funding paths."""
    rows = read_rows(DATA / "councils.csv")
    codes = [row["code"] for row in rows]
    cycles = {row["code"]: row for row in read_rows(DATA / "cycles.csv")}
    rows = [row | {key: cycles[row["code"]][key] for key in ELECTIONS} for row in rows]
    return from_rows(rows, *_funding(codes, rows), links=_links(codes))


def from_rows(
    rows: Sequence[dict[str, str]],
    settlement: np.ndarray,
    bases: np.ndarray,
    known_until: np.ndarray,
    *,
    links: np.ndarray,
) -> Councils:
    """Return the table of councils for checked rows and their funding."""
    later = [row.get("control_2018") or row.get("control_2021") for row in rows]
    return Councils(
        code=tuple(row["code"] for row in rows),
        name=tuple(row["name"] for row in rows),
        tier=np.array([TIERS.index(row["tier"]) for row in rows]),
        county=tuple(row.get("county") or "" for row in rows),
        x=column_of(rows, "easting_km"),
        y=column_of(rows, "northing_km"),
        population=column_of(rows, "population"),
        rural=column_of(rows, "rural_share"),
        budget=column_of(rows, "budget_gbp_m"),
        band_d=column_of(rows, "band_d"),
        reserves=column_of(rows, "unallocated_reserves_gbp_m")
        + column_of(rows, "earmarked_reserves_gbp_m"),
        control_known=np.array(
            [party((row.get("control") or "").strip() or row.get("control_2010")) for row in rows]
        ),
        control_later=np.array([party(text) for text in later]),
        settlement=settlement,
        bases=bases,
        known_until=known_until,
        links=links,
        cycle=np.array([cycle(row.get("elections")) for row in rows]),
        phase=np.array([int(row.get("elections_year") or 0) for row in rows]),
    )


def _funding(
    codes: Sequence[str], rows: Sequence[dict[str, str]]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    place = {code: k for k, code in enumerate(codes)}
    years = LAST_KNOWN_YEAR - FIRST_YEAR + 1
    settlement, bases = np.zeros((len(codes), years)), np.zeros((len(codes), years))
    for row in read_rows(DATA / "funding.csv"):
        k, year = place[row["code"]], int(row["year"]) - FIRST_YEAR
        settlement[k, year] = float(row["settlement_gbp_m"])
        bases[k, year] = float(row["tax_base"])
    for k, row in enumerate(rows):
        settlement[k, 0] = settlement[k, 1] / tier_growth(row["tier"], 2)[1]
    bases[:, 0] = bases[:, 1]
    return settlement, bases, np.full(len(codes), LAST_KNOWN_YEAR)


@cache
def _tier_steps(tier: str) -> dict[int, float]:
    rows = [row for row in read_rows(DATA / "paths.csv") if row["tier"] == tier]
    return {int(row["year"]): float(row["settlement_growth"]) for row in rows}


def tier_growth(tier: str, years: int) -> np.ndarray:
    """Return the settlement of a tier against FIRST_YEAR, for `years` years; held at the end."""
    steps = _tier_steps(tier)
    level, levels = 1.0, [1.0]
    for year in range(FIRST_YEAR + 1, FIRST_YEAR + years):
        level *= 1.0 + steps.get(year, steps[max(steps)])
        levels.append(level)
    return np.array(levels)


def tier_gifts(tier: str, years: int) -> np.ndarray:
    """Return the settlement of a tier against FIRST_YEAR without what came for lost tax.

    It is for councils of whose tax base no history is known: theirs loses nothing.
    """
    whole, level, levels = tier_growth(tier, years), 1.0, [1.0]
    for year in range(1, years):
        lost = moves("tax").get((tier, FIRST_YEAR + year), 0.0)
        level *= whole[year] / whole[year - 1] - lost
        levels.append(level)
    return np.array(levels)


@cache
def moves(kind: str) -> dict[tuple[str, int], float]:
    """Return what came with a `duty`, or for lost `tax`: of a tier's settlement the year before."""
    rows = [row for row in read_rows(DATA / "duties.csv") if row["kind"] == kind]
    return {(row["tier"], int(row["year"])): float(row["share"]) for row in rows}


def transfers(councils: Councils, years: int) -> np.ndarray:
    """Return (2, councils, years) from FIRST_YEAR: what came with duties, and for lost tax.

    Both are part of the settlement, million pounds a year, in the year in which they came. Where a
    base grew all the same, nothing was lost.
    """
    found = np.zeros((2, len(councils.code), years))
    path = settlements(councils, years)
    for (tier, year), share in moves("duty").items():
        now, here = year - FIRST_YEAR, councils.tier == TIERS.index(tier)
        if 0 < now < years:
            found[0, here, now] = share * path[here, now - 1]
    for tier, year in moves("tax"):
        now, here = year - FIRST_YEAR, councils.tier == TIERS.index(tier)
        if 0 < now < years:
            lost = np.maximum(councils.bases[here, now - 1] - councils.bases[here, now], 0.0)
            found[1, here, now] = lost * councils.band_d[here] / 1e6
    return found


def price_growth(years: int) -> np.ndarray:
    """Return by what share pay and prices rose into each year from FIRST_YEAR, held at the end."""
    rows = {int(row["year"]): float(row["growth"]) for row in read_rows(DATA / "prices.csv")}
    last = max(rows)
    return np.array([rows[min(FIRST_YEAR + k, last)] for k in range(years)])


def tier_path(tier: str, year: int) -> np.ndarray:
    """Return the settlement of a tier in each known year, against that of the April of `year`.

    It is for councils of which only that April is known; their tax base loses nothing.
    """
    known = LAST_KNOWN_YEAR - FIRST_YEAR + 1
    levels = tier_gifts(tier, max(known, year - FIRST_YEAR + 1))
    path: np.ndarray = levels[:known] / levels[year - FIRST_YEAR]
    return path


def settlements(councils: Councils, years: int) -> np.ndarray:
    """Return the settlement of `years` years from FIRST_YEAR, (councils, years).

    Beyond the last known year it follows the path of the tier.
    """
    known = councils.settlement.shape[1]
    settlement = np.empty((len(councils.code), years))
    for k, tier in enumerate(councils.tier):
        growth = tier_growth(TIERS[tier], max(years, known))
        tail = growth / growth[known - 1]
        own = councils.settlement[k]
        settlement[k] = np.concatenate([own, own[-1] * tail[known:]])[:years]
    return settlement


def tax_bases(councils: Councils, years: int, most: float) -> np.ndarray:
    """Return the tax base of `years` years from FIRST_YEAR, (councils, years).

    Beyond the last known year it grows as it did in the last five known years, but neither grows
    nor shrinks by more than the share `most` a year.
    """
    known = councils.bases.shape[1]
    steps = np.array([(base[-1] / base[-6]) ** 0.2 - 1.0 for base in councils.bases])
    steps = np.minimum(np.maximum(steps, -most), most)
    grown = (1.0 + steps)[:, None] ** np.arange(1, max(years - known, 0) + 1)
    return np.hstack([councils.bases, councils.bases[:, -1:] * grown])[:, :years]


def _links(codes: Sequence[str]) -> np.ndarray:
    place = {code: k for k, code in enumerate(codes)}
    rows = read_rows(DATA / "adjacency.csv")
    return np.array([(place[row["code_a"]], place[row["code_b"]]) for row in rows])


def choose(councils: Councils, keep: Sequence[int]) -> Councils:
    """Return the councils at the given places, in that order, with the links between them."""
    order = np.asarray(keep, dtype=np.int64)
    new_place = np.full(len(councils.code), -1)
    new_place[order] = np.arange(len(order))
    links = new_place[councils.links]
    values: dict[str, Any] = {
        field: (value[order] if isinstance(value, np.ndarray) else tuple(value[k] for k in order))
        for field, value in councils._asdict().items()
        if field != "links"
    }
    return Councils(**values, links=links[(links >= 0).all(axis=1)])


def tax_limits(years: int) -> np.ndarray:
    """Return (years, 5): limit as a share, in pounds, share of councils that froze, care, ceiling.

    Care is what councils with social care may add, as a share; the pounds are for districts whose
    Band D is not above the ceiling. Band D at the start is the figure of 2010-11, so no rise is
    taken before April 2011.
    """
    rows = {int(row["year"]): row for row in read_rows(DATA / "tax_limits.csv")}
    table = np.zeros((years, 5))
    for k in range(years):
        row = rows[min(FIRST_YEAR + k, max(rows))]
        if FIRST_YEAR + k > 2010:
            freeze = float(row["freeze_share"] or 0.0)
            care = float(row["care_pct"] or 0.0) / 100
            pounds, ceiling = float(row["limit_gbp"] or 0.0), float(row["gbp_up_to"] or np.inf)
            table[k] = float(row["limit_pct"]) / 100, pounds, freeze, care, ceiling
    return table


def party_weights() -> np.ndarray:
    """Return (tiers, parties): how often each party runs a council of the tier."""
    table = np.zeros((len(TIERS), len(PARTIES)))
    for row in read_rows(DATA / "shares.csv"):
        table[TIERS.index(row["tier"]), party(row["party"])] += float(row["share"])
    return table


def election_calendar() -> np.ndarray:
    """Return (tiers, options, 3): place in CYCLES, a year of its kind, share of councils."""
    rows = read_rows(DATA / "elections.csv")
    options = max(sum(row["tier"] == tier for row in rows) for tier in TIERS)
    table = np.zeros((len(TIERS), options, 3))
    used = dict.fromkeys(TIERS, 0)
    for row in rows:
        kind = row["cycle"]
        year = float(row["fallow_year"] if kind == "thirds" else row["first_year"])
        option = float(cycle(kind)), year, row["share"]
        table[TIERS.index(row["tier"]), used[row["tier"]]] = option
        used[row["tier"]] += 1
    return table
