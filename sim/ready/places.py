"""Which councils a scenario is about, and in which order they stand in the arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..country import councils as tables
from ..country.called import row_called, told_unknown
from ..country.councils import Councils
from ..country.given import other_ending
from ..country.opening import england_in
from ..country.rows import from_file
from ..declared.scenario import Scenario
from ..errors import InputError, nearest


def table_of(scenario: Scenario) -> Councils:
    """Return the table of the councils that a scenario chooses.

    Raises:
        InputError: a table, council, county or tier is not known, fewer than two are left, or
            England is not known as it was at the start.
    """
    places, year = scenario.places, scenario.start.year
    if places.table == "synthetic":
        from ..country.synthetic import draw_districts

        return draw_districts(places.number, seed=places.draw, year=year)
    if places.table == "england":
        whole = england_in(year)
    elif places.table.endswith(".csv"):
        whole = from_file(Path(places.table), year=year, adjacency=places.adjacency)
    else:
        raise InputError(
            f"places.table '{places.table}' is not known: england, synthetic, or a file in .csv"
            f"{other_ending(places.table)}"
        )
    keep = _chosen(scenario, whole)
    if len(keep) < 2:
        raise InputError(
            f"the scenario has {len(keep)} council(s): at least two are needed to partner; "
            "widen [places]"
        )
    return tables.choose(whole, keep)


def _chosen(scenario: Scenario, whole: Councils) -> list[int]:
    places = scenario.places
    for tier in places.tiers:
        if tier not in tables.TIERS:
            raise InputError(f"places.tiers: unknown tier '{tier}'; {nearest(tier, tables.TIERS)}")
    known = sorted(set(whole.county))
    for county in (*places.counties, *scenario.reviewed):
        if county not in known:
            raise InputError(f"unknown county '{county}'; {nearest(county, known)}")
    keep = list(range(len(whole.code)))
    if places.councils:
        keep = [row_of(whole, text, "places.councils") for text in places.councils]
        if len(set(keep)) < len(keep):
            raise InputError("places.councils names a council twice; name each once")
    if places.tiers:
        keep = [k for k in keep if tables.TIERS[whole.tier[k]] in places.tiers]
    if places.counties:
        keep = [k for k in keep if whole.county[k] in places.counties]
    return keep


def row_of(table: Councils, text: str, where: str) -> int:
    """Return the row of the council that a name or a code means; InputError says what to write."""
    row = row_called(text, table.code, table.name, table.tier.tolist())
    if row is None:
        raise InputError(f"{where}: unknown council '{text}'; {told_unknown(text, table)}")
    return row


def in_order(table: Councils) -> Councils:
    """Councils in an order that depends on places and lineages, never on the table's order."""
    x = np.clip((table.x - table.x.min()).astype(np.int64), 0, 2**16 - 1) // 4
    y = np.clip((table.y - table.y.min()).astype(np.int64), 0, 2**16 - 1) // 4
    along = [_interleave(int(a), int(b)) for a, b in zip(x, y, strict=True)]
    lineages = [tables.lineage(code) for code in table.code]
    if len(set(lineages)) < len(lineages):
        raise InputError("two councils have the same code, or codes too alike to tell apart")
    order = sorted(range(len(along)), key=lambda k: (along[k], lineages[k]))
    return tables.choose(table, order)


def _interleave(a: int, b: int) -> int:
    """Return the place along a Z-order curve, so that near councils stand near in memory."""
    along = 0
    for bit in range(16):
        along |= (a >> bit & 1) << (2 * bit) | (b >> bit & 1) << (2 * bit + 1)
    return along
