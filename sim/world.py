"""From a scenario to the arrays that the compiled step works on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim import councils as tables
from sim.catalogue import SCOPES
from sim.core import state as s
from sim.core.world import World, assemble
from sim.councils import Councils
from sim.errors import InputError, nearest
from sim.nearness import nearest_places
from sim.parameters import encode
from sim.scenario import Change, Order, Scenario, changed

YEARS_AHEAD = 6
PAIR_SLACK = 12
DEALS_PER_COUNCIL = 4
DEALS_LEAST = 32
WAYS = ("history", "flat")


class Prepared(NamedTuple):
    """A scenario made ready: run it as often as you like."""

    scenario: Scenario
    table: Councils  # in the order of the rows
    blank: World  # the world before the first day; never written
    theory: np.ndarray  # (quarters,) records of numbers in force
    orders: tuple[tuple[str, str], ...]  # code and name of each council made by order, by quarter
    ways: tuple[str, ...]  # names of the funding paths, in the order of `blank.paths`


def find_council(scenario: Scenario, text: str) -> str:
    """Return the code of the council with this name or code; InputError names the nearest."""
    table = _table(scenario)
    return table.code[_place(table, text, "the scenario's councils")]


def prepare_cached(scenario: Scenario) -> Prepared:
    """Return `prepare` of a scenario; kept for the next call with the same content."""
    return _prepare_once(scenario.model_dump_json(), scenario.fingerprint())


def prepare_document(document: str) -> Prepared:
    """Return `prepare_cached` of a scenario in JSON."""
    return prepare_cached(_scenario_of(document))


@lru_cache(maxsize=16)
def _scenario_of(document: str) -> Scenario:
    return Scenario.model_validate_json(document)


@lru_cache(maxsize=16)
def _prepare_once(document: str, content: str) -> Prepared:
    """Prepare a scenario; `content` differs where a user's table was edited in place."""
    return prepare(Scenario.model_validate_json(document))


def prepare(scenario: Scenario) -> Prepared:
    """Return the arrays of a scenario.

    Raises:
        InputError: a council, county or table that the scenario names does not exist.
    """
    table = _in_order(_table(scenario))
    paths, ways = _paths(scenario, table)
    theory = _theory(scenario, ways)
    pairs, near = _pairs(scenario, table)
    councils = _councils(scenario, table)
    councils.settlement = paths[0, :, 0]
    councils.degree = (near != s.NOBODY).sum(axis=1)
    count = len(table.code)
    arrays = {
        "councils": councils,
        "pairs": pairs,
        "near": near,
        "across": _across(pairs, near),
        **new_deals(DEALS_PER_COUNCIL * count + DEALS_LEAST),
        "roll": _roll(table, 2 * count + len(scenario.order) + 1),
        "tally": _tally(scenario, count),
        "paths": paths,
        "standing": _standing(scenario, table),
        "log": records(0, s.EVENT),
        **_government(scenario, table, paths.shape[2]),
        **_scratch(count, len(pairs)),
    }
    codes = tuple((order.code, order.name) for order in _by_quarter(scenario, scenario.order))
    return Prepared(scenario, table, assemble(arrays), theory, codes, tuple(ways))


def vary(ready: Prepared, values: Mapping[str, Any], *, since: date | None = None) -> Prepared:
    """Return a prepared scenario with some declared numbers changed, from a date or from the start.

    Much faster than preparing it anew: only the numbers in force are written again.

    Raises:
        InputError: a value is not allowed, or the date lies outside the run.
    """
    scenario = ready.scenario
    if "settlement.path" in values:
        return prepare(_varied(scenario, values, since))
    other = _varied(scenario, values, since)
    return ready._replace(scenario=other, theory=_theory(other, ready.ways))


def _varied(scenario: Scenario, values: Mapping[str, Any], since: date | None) -> Scenario:
    if since is None:
        parameters = changed(scenario.parameters, values, scenario.name)
        return scenario.model_copy(update={"parameters": parameters})
    if not scenario.start <= since < scenario.first_day(scenario.quarters):
        raise InputError(
            f"{scenario.name}: {since} lies outside the run, which lasts from {scenario.start} to "
            f"before {scenario.first_day(scenario.quarters)}"
        )
    change = Change(when=since, set=dict(values))
    return scenario.model_copy(update={"change": [*scenario.change, change]})


def _table(scenario: Scenario) -> Councils:
    places = scenario.places
    if places.table == "synthetic":
        from sim.synthetic import draw_districts

        return draw_districts(places.number, seed=places.draw)
    if places.table == "england":
        whole = tables.england()
    elif places.table.endswith(".csv"):
        whole = tables.from_file(Path(places.table))
    else:
        raise InputError(
            f"places.table '{places.table}' is not known: england, synthetic, or a file in .csv"
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
        keep = [_place(whole, text, "places.councils") for text in places.councils]
        if len(set(keep)) < len(keep):
            raise InputError("places.councils names a council twice; name each once")
    if places.tiers:
        keep = [k for k in keep if tables.TIERS[whole.tier[k]] in places.tiers]
    if places.counties:
        keep = [k for k in keep if whole.county[k] in places.counties]
    return keep


def _place(table: Councils, text: str, where: str) -> int:
    lowered = text.strip().lower()
    for names in (table.code, table.name):
        for k, name in enumerate(names):
            if name.lower() == lowered:
                return k
    raise InputError(f"{where}: unknown council '{text}'; {nearest(text, table.name)}")


def _in_order(table: Councils) -> Councils:
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


def _theory(scenario: Scenario, ways: Sequence[str]) -> np.ndarray:
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
    return np.frombuffer(bytearray().join(found), dtype=record.dtype).view(np.recarray)


def _paths(scenario: Scenario, table: Councils) -> tuple[np.ndarray, list[str]]:
    """Return the funding paths in use, (paths, councils, years), and their names."""
    wanted = [scenario.parameters.settlement.path]  # type: ignore[attr-defined]
    wanted += [c.set["settlement.path"] for c in scenario.change if "settlement.path" in c.set]
    ways = [*WAYS, *dict.fromkeys(w for w in wanted if w not in WAYS)]
    years = -(-scenario.quarters // s.QUARTERS) + YEARS_AHEAD
    first = scenario.start.year - tables.FIRST_YEAR
    if first < 0 or scenario.start.month != 4 or scenario.start.day != 1:
        raise InputError(f"start is {scenario.start}: it must be a 1 April, of 2009 or later")
    settlement, _ = tables.extend(table, years + first)
    history = settlement[:, first:]
    stack = [history, np.repeat(history[:, :1], years, axis=1)]
    stack += [history[:, :1] * _user_path(way, scenario.start.year, years) for way in ways[2:]]
    return np.ascontiguousarray(stack), ways


def _user_path(path: str, start: int, years: int) -> np.ndarray:
    if not path.endswith(".csv"):
        raise InputError(f"settlement.path '{path}' is not known: history, flat, or a file in .csv")
    rows = tables.read_rows(Path(path))
    steps: dict[int, float] = {}
    for line, row in enumerate(rows, start=2):
        where = f"{path} line {line}"
        year, growth = tables.as_float(row, "year", where), tables.as_float(row, "growth", where)
        if not -0.9 <= growth <= 5.0:
            raise InputError(f"{where}: growth {growth:g} must be a share between -0.9 and 5")
        steps[int(year)] = growth
    level, levels = 1.0, [1.0]
    for year in range(start + 1, start + years):
        level *= 1.0 + steps.get(year, 0.0)
        levels.append(level)
    return np.array(levels)


def records(count: int, kind: np.dtype) -> Any:
    """Return `count` blank records of a kind, whose fields can be read as attributes."""
    return np.zeros(count, dtype=kind).view(np.recarray)


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
    councils.talks, councils.agreement = s.NOBODY, s.NOBODY
    _state_facts(scenario, table, councils)
    return councils


def _state_facts(scenario: Scenario, table: Councils, councils: Any) -> None:
    councils.culture, councils.fixed = -1.0, -1.0
    for fact in scenario.council:
        council = councils[_place(table, fact.council, "[[council]]")]
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


def _candidates(scenario: Scenario, table: Councils) -> np.ndarray:
    """Return (pairs, 2): councils that touch, the nearest ones, and those that work together."""
    count = len(table.code)
    near = min(scenario.places.neighbours, count - 1)
    found = nearest_places(table.x, table.y, near)
    wide = np.column_stack([np.repeat(np.arange(count), near), found.ravel()])
    extra = [
        (i, j) for _, members, _ in _starting(scenario, table) for i in members for j in members
    ]
    extra += [
        (_place(table, fact.between[0], "[[pair]]"), _place(table, fact.between[1], "[[pair]]"))
        for fact in scenario.pair
    ]
    both = np.vstack([table.links.reshape(-1, 2), wide, np.array(extra).reshape(-1, 2)])
    both = np.sort(both.astype(np.int64), axis=1)
    both = both[both[:, 0] != both[:, 1]]
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    again = (both[1:] == both[:-1]).all(axis=1)
    once: np.ndarray = both[np.concatenate([[True], ~again])]
    return once


def _pairs(scenario: Scenario, table: Councils) -> tuple[Any, np.ndarray]:
    """Return the pairs that could talk, and (councils, width) the pairs of each council."""
    ends = _candidates(scenario, table)
    a, b = ends[:, 0], ends[:, 1]
    county, means = np.array(table.county), np.log(table.budget * 1e6 / table.population)
    touching = {tuple(sorted(link)) for link in table.links.tolist()}
    pairs = records(len(ends), s.PAIR)
    pairs.a, pairs.b = a, b
    pairs.distance = np.hypot(table.x[a] - table.x[b], table.y[a] - table.y[b])
    pairs.adjacent = [(i, j) in touching for i, j in ends.tolist()]
    pairs.border = county[a] != county[b]
    pairs.tiers = table.tier[a] != table.tier[b]
    pairs.ratio = np.abs(np.log(table.population[a] / table.population[b]))
    pairs.means = np.abs(means[a] - means[b])
    pairs.again, pairs.felt_gap = s.LONG_AGO, 1.0
    pairs.belief, pairs.trust = _pair_facts(scenario, table, ends)
    return pairs, _lists(ends, len(table.code))


def _lists(ends: np.ndarray, count: int) -> np.ndarray:
    degree = np.bincount(ends.ravel(), minlength=count)
    near = np.full((count, int(degree.max()) + PAIR_SLACK), s.NOBODY, dtype=np.int32)
    filled = [0] * count
    for e, (i, j) in enumerate(ends.tolist()):
        near[i, filled[i]] = near[j, filled[j]] = e
        filled[i] += 1
        filled[j] += 1
    return near


def _across(pairs: Any, near: np.ndarray) -> np.ndarray:
    """Return the council on the other side of each pair in `near`."""
    own = np.arange(len(near))[:, None]
    found: np.ndarray = np.where(pairs.a[near] == own, pairs.b[near], pairs.a[near])
    found[near == s.NOBODY] = s.NOBODY
    return found


def _pair_facts(
    scenario: Scenario, table: Councils, ends: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    belief, trust = np.full((len(ends), 2), -1.0), np.full(len(ends), -1.0)
    place = {tuple(end): e for e, end in enumerate(ends.tolist())}
    for fact in scenario.pair:
        i = _place(table, fact.between[0], "[[pair]]")
        j = _place(table, fact.between[1], "[[pair]]")
        if i == j:
            raise InputError(f"[[pair]] names '{fact.between[0]}' twice; name two councils")
        e = place[min(i, j), max(i, j)]
        if fact.trust is not None:
            trust[e] = fact.trust
        if fact.belief is not None:
            belief[e] = fact.belief if i < j else fact.belief[::-1]
    return belief, trust


def _starting(scenario: Scenario, table: Councils) -> list[tuple[int, list[int], int]]:
    """Return scope, members and signed quarter of each partnership that stands at the start."""
    place = {code: k for k, code in enumerate(table.code)}
    found: list[tuple[int, list[int], int]] = []
    if scenario.places.partnerships and scenario.places.table == "england":
        for known in tables.partnerships():
            members = [place[code] for code in known.members if code in place]
            signed = (known.start_year - scenario.start.year) * s.QUARTERS + 1
            if len(members) >= 2:
                found.append((SCOPES.index(known.scope), members, signed))
    for fact in scenario.partnership:
        if fact.scope not in SCOPES[:11]:
            raise InputError(f"[[partnership]]: unknown scope; {nearest(fact.scope, SCOPES[:11])}")
        members = [_place(table, text, "[[partnership]]") for text in fact.councils]
        if len(set(members)) < len(members):
            raise InputError("[[partnership]] names a council twice; name each once")
        found.append((SCOPES.index(fact.scope), members, scenario.quarter_of(fact.since)))
    _check_single(found, table)
    return found


def _check_single(found: Sequence[tuple[int, list[int], int]], table: Councils) -> None:
    seen: set[tuple[int, int]] = set()
    for scope, members, signed in found:
        if signed >= 0:
            raise InputError("[[partnership]]: since must lie before the start of the scenario")
        for k in members:
            if (scope, k) in seen:
                raise InputError(
                    f"[[partnership]]: {table.name[k]} is in two partnerships about "
                    f"{SCOPES[scope]}; a council can be in one of each kind"
                )
            seen.add((scope, k))


def _standing(scenario: Scenario, table: Councils) -> np.ndarray:
    rows = [
        (number, scope, signed, k)
        for number, (scope, members, signed) in enumerate(_starting(scenario, table))
        for k in sorted(members, key=lambda k: tables.lineage(table.code[k]))
    ]
    return np.array(rows, dtype=np.int64).reshape(-1, 4)


def new_deals(rows: int) -> dict[str, Any]:
    """Return an empty book of deals with room for so many."""
    return {
        "deals": records(rows, s.DEAL),
        "live": np.zeros(rows, dtype=np.int64),
        "free": np.arange(rows)[::-1].copy(),
    }


def more_deals(world: World, rows: int) -> dict[str, Any]:
    """Return a copy of a book of deals with room for so many, at least as many as it had."""
    book, had = new_deals(rows), len(world.deals)
    used = int(world.tally[0].counts[s.LIVE])
    if world.tally[0].counts[s.DEALS] == 0:
        return book  # nothing to copy; untouched memory costs nothing
    book["deals"][:had], book["live"][:had] = world.deals, world.live
    book["free"][: rows - had] = np.arange(rows - 1, had - 1, -1)
    book["free"][rows - had : rows - used] = world.free[: had - used]
    return book


def _government(scenario: Scenario, table: Councils, years: int) -> dict[str, Any]:
    first = scenario.start.year - tables.FIRST_YEAR
    _, bases = tables.extend(table, years + first)
    happenings = records(len(scenario.happening), s.HAPPENING)
    for row, fact in zip(happenings, _by_quarter(scenario, scenario.happening), strict=True):
        leaves = fact.what == "chief_executive_leaves"
        row.quarter = scenario.quarter_of(fact.when)
        row.what = s.CHIEF_GOES if leaves else s.CONTROL_GOES
        row.council = _place(table, fact.council, "[[happening]]")
        row.party = tables.PARTIES.index(fact.control or "NOC")
    return {
        "bases": bases[:, first:].copy(),
        "limits": tables.tax_limits(years + first)[first:].copy(),
        "swings": tables.party_weights(),
        "calendar": tables.election_calendar(),
        "orders": _orders(scenario, table),
        "happenings": happenings,
    }


def _by_quarter(scenario: Scenario, facts: Sequence[Any]) -> list[Any]:
    """Return dated facts by quarter; those of one quarter keep the scenario's order."""
    return sorted(facts, key=lambda fact: scenario.quarter_of(fact.when))


def _orders(scenario: Scenario, table: Councils) -> Any:
    rows = []
    for group, order in enumerate(_by_quarter(scenario, scenario.order)):
        when = scenario.quarter_of(order.when)
        for text in order.councils:
            rows.append((when, group, _place(table, text, "[[order]]"), 1.0))
        if order.county is not None:
            _check_named_once(order, table)
            county = _place(table, order.county, "[[order]]")
            rows.append((when, group, county, order.share))
    return np.array(rows, dtype=s.ORDER).view(np.recarray)


def _check_named_once(order: Order, table: Councils) -> None:
    """Raise InputError where an order names a county twice: it would be taken over twice."""
    county = _place(table, str(order.county), "[[order]]")
    if county in [_place(table, text, "[[order]]") for text in order.councils]:
        raise InputError(
            f"[[order]] {order.name}: '{order.county}' is among its councils and its county; "
            "name it as the county only"
        )


def _roll(table: Councils, most: int) -> Any:
    roll, count = records(most, s.ROLL_ENTRY), len(table.code)
    roll.tier[:count] = table.tier
    roll.successor = np.arange(most)
    roll.row[:count] = np.arange(count)
    roll.group = s.NOBODY
    return roll


def _tally(scenario: Scenario, count: int) -> Any:
    tally = records(1, s.TALLY)
    tally.counts[0, s.ROLL] = count
    tally.start_year = scenario.start.year
    tally.mandate = s.NOBODY
    return tally


def _scratch(count: int, pairs: int) -> dict[str, np.ndarray]:
    return {
        "terms": np.zeros(s.TERMS),
        "options": np.zeros(count),
        "calls": np.zeros((count, 3), dtype=np.int64),
        "chance": np.zeros(count),
        "root": np.zeros(count, dtype=np.int64),
        "first": np.zeros(count, dtype=np.int64),
        "partners": np.zeros((count, s.NEAR_MOST), dtype=np.int32),
        "linked": np.zeros(count, dtype=np.int64),
        "trusting": np.zeros(pairs),
        "signs": np.zeros((count, s.SIGNS)),
    }
