"""Countries of a few councils whose numbers fit on a page, and the rules in plain Python."""

import csv
import importlib
import sys
from contextlib import contextmanager
from types import SimpleNamespace

import numba
import pytest
from mutations import planted

from sim.core import state
from sim.core.world import fresh
from sim.declared.scenario import load
from sim.machine import ladder
from sim.ready.blank import new_deals, records
from sim.ready.kept import prepared
from sim.ready.world import prepare
from sim.running import new_record

RULES = (
    "curves", "noise", "events", "weighing", "aftermath", "beliefs", "lessons", "money", "deals",
    "politics", "endings", "mergers", "agreements", "government", "signing", "founding", "search",
    "talks", "ranking", "rates", "network", "observe", "step", "promises", "offers", "purse",
    "orders", "splits", "successors", "announcing", "reorganising", "history", "warming", "between",
    "bounds", "decided",
)  # fmt: skip
COLUMNS = {
    "code": "", "name": "", "tier": "district", "county": "Here", "region": "East",
    "easting_km": 500.0, "northing_km": 300.0, "population": 100000, "area_km2": 400.0,
    "rural_share": 0.5, "deprivation": 20.0, "budget_gbp_m": 20.0, "band_d": 200.0,
    "tax_base": 50000.0, "unallocated_reserves_gbp_m": 4.0, "earmarked_reserves_gbp_m": 1.0,
    "control_2010": "CON", "control_2018": "CON",
}  # fmt: skip
ROOM = 2000
CORE = "council_partnering.sim.core"


def pytest_addoption(parser):
    """Let a long run compare more points of the box of numbers with the plain model."""
    parser.addoption("--twin-points", type=int, default=25, help="points that both models live")
    parser.addoption("--twin-first", type=int, default=0, help="the number of the first point")


def pytest_sessionstart(session):
    """Compile the rules before there are workers: once, and no test hears of it."""
    if not hasattr(session.config, "workerinput"):
        ladder.machine(prepared("norfolk-seven").theory.dtype, new_record(1).dtype)


@contextmanager
def uncompiled():
    """Import rules without compiling them; afterwards everything is as it was."""
    names = [f"{CORE}.{rule}" for rule in RULES]
    kept = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    core = sys.modules[CORE]
    # A rule asks `from . import noise`: what the package still holds would be taken for it.
    attributes = {rule: vars(core).pop(rule) for rule in RULES if rule in vars(core)}
    before, numba.config.DISABLE_JIT = numba.config.DISABLE_JIT, 1
    try:
        with planted():
            yield names
    finally:
        numba.config.DISABLE_JIT = before
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(kept)
        for rule, module in attributes.items():
            setattr(core, rule, module)


@pytest.fixture(scope="session")
def uncompiled_rules():
    """Return `uncompiled`, in whose block rules are imported anew and left as plain Python."""
    return uncompiled


@pytest.fixture(scope="session")
def rules():
    """Return every rule in plain Python, by file: `rules.money.tax_rise`."""
    with uncompiled() as names:
        found = {rule: importlib.import_module(n) for rule, n in zip(RULES, names, strict=True)}
    return SimpleNamespace(**found)


@pytest.fixture
def country(tmp_path):
    """Return a maker of scenarios: rows of councils that differ from a plain one, and TOML."""
    made = []

    def make(*councils, text="", sets=(), quarters=8):
        folder = tmp_path / f"country{len(made)}"
        folder.mkdir()
        made.append(folder)
        with (folder / "councils.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(COLUMNS))
            writer.writeheader()
            for k, differences in enumerate(councils):
                place = {"code": f"C{k}", "name": f"Council {k}", "easting_km": 500.0 + 10.0 * k}
                place["northing_km"] = 300.0 + 3 * (k % 2)
                writer.writerow(COLUMNS | place | differences)
        path = folder / "small.toml"
        top = f"quarters = {quarters}\n" if "quarters" not in text else ""
        if "[places]" not in text:
            text += "\n[places]\n"
        body = text.replace("[places]\n", '[places]\ntable = "councils.csv"\n')
        path.write_text(top + body, encoding="utf-8")
        return load(path, sets=sets)

    return make


@pytest.fixture
def world_of():
    """Return a maker of worlds: (world, numbers in force), not yet founded, free to be changed.

    Unless a test says so, no talks are under way on the first day: `talks.before` is 0.
    """

    def make(scenario):
        ready = prepare(scenario)
        room = new_deals(len(ready.blank.deals))
        world = fresh(ready.blank, log=records(ROOM, state.EVENT), **room)
        p = ready.theory.copy().view(type(ready.theory))[0]
        p.talks_before = 0.0
        return world, p

    return make


@pytest.fixture
def typical(rules, country, world_of):
    """Return a maker of founded worlds in which every contribution to a decision is zero."""

    def make(*councils, text=""):
        world, p = world_of(country(*councils, text=text))
        rules.founding.found(world, p, 1)
        councils, pairs = world.councils, world.pairs
        councils.autonomy, councils.contact, councils.need = p.culture_autonomy, 0.0, 0.0
        councils.readiness = councils.news = councils.heard = 0.0
        councils.attention, councils.vacant, councils.marriage = 4, 0, 0
        councils.control, councils.cycle, councils.phase = state.NO_CONTROL, state.WHOLE, 2012
        pairs.belief, pairs.trust = p.weighing_culture_typical, p.beliefs_first_trust
        pairs.ratio, pairs.adjacent = p.weighing_size_typical, 1
        p.scope_base[:] = p.scope_setup_ratio[:] = 0.0
        p.weighing_party = p.weighing_ict = p.weighing_strangers = p.culture_readiness = 0.0
        return world, p

    return make
