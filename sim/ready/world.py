"""From a scenario to the arrays that the compiled step works on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from ..core import state as s
from ..core.world import World, assemble
from ..country import councils as tables
from ..country.councils import Councils
from ..declared.parameters import encode, theory_dtype
from ..declared.scenario import Scenario, changed
from ..label import Label, labelled
from .blank import new_deals, new_roll, new_scratch, new_tally, records
from .funding import funding_paths, tax_bases, transfers
from .orders import by_quarter, government
from .pairing import across, pairs_of
from .places import in_order, row_of, table_of
from .standing import standing

DEALS_PER_COUNCIL = 4
DEALS_LEAST = 32


@labelled
class Prepared(NamedTuple):
    """A scenario made ready: run it as often as you like."""

    scenario: Scenario
    table: Councils  # in the order of the rows
    blank: World  # the world before the first day; never written
    theory: np.ndarray  # (quarters,) records of numbers in force
    orders: tuple[tuple[str, str], ...]  # code and name of each council made by order, by quarter
    ways: tuple[str, ...]  # names of the funding paths, in the order of `blank.paths`
    contents: Mapping[str, str]  # a hash of each of the user's own tables, as it was read

    def _label(self) -> Label:
        facts = {
            "councils": len(self.table.code),
            "covers": self.scenario.covers,
            "funding paths": ", ".join(self.ways),
        }
        return Label(f"Scenario '{self.scenario.name}' made ready", facts, self._fields)


def find_council(scenario: Scenario, text: str) -> str:
    """Return the code of the council with this name or code; InputError names the nearest."""
    table = table_of(scenario)
    return table.code[row_of(table, text, "the scenario's councils")]


def prepare(scenario: Scenario) -> Prepared:
    """Return the arrays of a scenario.

    Raises:
        InputError: a council, county or table that the scenario names does not exist.
    """
    table = in_order(table_of(scenario))
    paths, ways = funding_paths(scenario, table)
    theory = theory_of(scenario, ways)
    pairs, near = pairs_of(scenario, table)
    councils = _councils(scenario, table)
    councils.settlement = paths[0, :, 0]
    councils.degree = (near != s.NOBODY).sum(axis=1)
    count = len(table.code)
    arrays = {
        "councils": councils,
        "pairs": pairs,
        "near": near,
        "across": across(pairs, near),
        **new_deals(DEALS_PER_COUNCIL * count + DEALS_LEAST),
        "roll": new_roll(table, 2 * count + len(scenario.order) + 1),
        "tally": new_tally(scenario, count),
        "paths": paths,
        "bases": tax_bases(scenario, table, paths.shape[2], theory[0].tax_base_growth_most),
        "transfers": transfers(scenario, table, paths.shape[2]),
        "standing": standing(scenario, table),
        "log": records(0, s.EVENT),
        **government(scenario, table, paths.shape[2]),
        **new_scratch(count, len(pairs), near.shape[1]),
    }
    codes = tuple((order.code, order.name) for order in by_quarter(scenario, scenario.order))
    world = assemble(arrays)
    return Prepared(scenario, table, world, theory, codes, tuple(ways), scenario.contents())


def theory_of(scenario: Scenario, ways: Sequence[str]) -> np.ndarray:
    """Return one record a quarter: the numbers in force, after every change up to its last day."""
    dated = sorted(scenario.change, key=lambda change: change.when)
    due: dict[int, list[Any]] = {0: []}
    for change in dated:
        due.setdefault(max(scenario.quarter_of(change.when), 0), []).append(change)
    parameters: Any = scenario.parameters
    starts = [quarter for quarter in sorted(due) if quarter < scenario.quarters]
    spans = zip(starts, [*starts[1:], scenario.quarters], strict=True)
    found = []
    for quarter, end in spans:
        for change in due[quarter]:
            where = f"{scenario.name}, [[change]] of {change.when}"
            parameters = changed(parameters, change.set, where)
        record = encode(parameters, path=ways.index(parameters.settlement.path))
        found.append(record.tobytes() * (end - quarter))
    return np.frombuffer(bytearray().join(found), dtype=_theory_kind()).view(np.recarray)


@cache
def _theory_kind() -> np.dtype:
    """Return the record of the numbers in force as one whose fields can be read as attributes."""
    return np.dtype((np.record, theory_dtype()))


def _councils(scenario: Scenario, table: Councils) -> Any:
    councils = records(len(table.code), s.COUNCIL)
    counties = sorted(set(table.county))
    councils.identity = np.arange(len(table.code))
    councils.lineage = [tables.lineage(code) for code in table.code]
    councils.alive = 1
    councils.tier = table.tier
    councils.county = [counties.index(county) for county in table.county]
    councils.control_known = table.control_known
    councils.control_later = table.control_later
    councils.cycle, councils.phase = table.cycle, table.phase
    councils.population = table.population
    councils.x, councils.y, councils.rural = table.x, table.y, table.rural
    councils.means = np.log(table.budget * 1e6 / table.population)
    councils.reviewed = [
        not scenario.reviewed or county in scenario.reviewed for county in table.county
    ]
    councils.known_until = table.known_until
    councils.band_d, councils.reserves = table.band_d, table.reserves
    councils.kept, councils.local_contact = 1.0, 1.0
    councils.changed = councils.appointed = councils.merged_at = s.LONG_AGO
    councils.sought = s.LONG_AGO
    councils.pause = s.LONG_AGO
    councils.talks, councils.agreement = s.NOBODY, s.NOBODY
    _state_facts(scenario, table, councils)
    return councils


def _state_facts(scenario: Scenario, table: Councils, councils: Any) -> None:
    councils.culture, councils.fixed = -1.0, -1.0
    for fact in scenario.council:
        council = councils[row_of(table, fact.council, "[[council]]")]
        if fact.culture is not None:
            council.culture[:] = fact.culture
        marriage = None if fact.strategy is None else fact.strategy == "marriage"
        given = (fact.autonomy, fact.contact, marriage, fact.system, fact.vacant, fact.attention)
        for place, value in enumerate(given):
            if value is not None:
                council.fixed[place] = float(value)
        if fact.reserves is not None:
            council.reserves = fact.reserves
        if fact.control is not None:
            council.control_known = tables.PARTIES.index(fact.control)
