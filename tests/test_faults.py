"""The comparison with the plain model bites: a fault planted in any rule is found."""

import importlib
import shutil
from datetime import date
from pathlib import Path

import pytest
from deciding import decided_at_random
from twins import difference

import sim.core
import sim.running
from sim.declared.scenario import from_document, load

CORE = Path(sim.core.__file__).parent
BUSY = [
    "search.base_management=2", "search.merger=1", "search.choosiness=-2", "search.invite=-3",
    "merger.base=5", "merger.interest=3", "merger.transition=1", "weighing.strangers=0",
    "endings.young=0.5", "endings.service=0.2", "reorganisation.stance=voluntary",
    "grants.setup_pot=2", "grants.feasibility_pot=1", "grants.staged=0", "terms.minimum=0",
    "settlement.shock=-0.3", "terms.tax_support=0.4",
]  # fmt: skip
QUARTERS = 14
SEEDS = (1, 2, 3, 4)

COUNTY, SPRING = "E10000020", date(2010, 4, 1)
ORDERS = [
    {"when": SPRING, "announced": date(2009, 10, 1), "code": "X1", "name": "One", "county": COUNTY,
     "councils": ["Norwich", "South Norfolk"], "share": 0.4,
     "parts": [{"council": "Broadland", "share": 0.7}]},
    {"when": SPRING, "code": "X2", "name": "Two", "county": COUNTY, "share": 0.6,
     "councils": ["Breckland", "Great Yarmouth", "North Norfolk", "King's Lynn and West Norfolk"],
     "parts": [{"council": "Broadland", "share": 0.3}]},
    {"when": date(2010, 10, 1), "code": "X3", "name": "Three", "councils": ["X1", "Two"]},
]  # fmt: skip
"""Two unitaries, a district in parts, then one of both."""

FAULTS = {
    "aftermath": ("t + 1.0 + mean * state.QUARTERS * z", "t + 2.0 + mean * state.QUARTERS * z"),
    "agreements": ("deals[d].worth[k] * ramp", "deals[d].promise[k] * ramp"),
    "announcing": ("orders[n].quarter <= t or", "orders[n].quarter < t or"),
    "beliefs": ("pairs[e].doubt[side] *= 1.0 - weight", "pairs[e].doubt[side] *= weight"),
    "between": ("state.NOBODY if k == m else", "state.NOBODY if k == 0 else"),
    "bounds": (
        "most -= weighing.far_off(world.pairs, p, e)",
        "most -= 9.0 * weighing.far_off(world.pairs, p, e)",
    ),
    "curves": ("r = (x - k * LN2_HIGH) - k * LN2_LOW", "r = x - k * LN2_HIGH"),
    "deals": ("deals[d].worth[m] = deals[d].worth[m + 1]", "deals[d].worth[m] = 0.0"),
    "decided": (
        "return own if told == state.NOBODY else told",
        "return own if told < 0 else told + 1",
    ),
    "endings": ("p.endings_crowd * (deals[d].members - 2)", "p.endings_crowd * deals[d].members"),
    "events": ("GROUP_OF[k] == group", "GROUP_OF[k] >= group"),
    "founding": ("true - p.beliefs_courtesy + error", "true + p.beliefs_courtesy + error"),
    "government": ("    mandate[1] = stance", "    mandate[1] = state.NOBODY"),
    "history": ("row.district_reserves += councils[i].reserves", "row.district_reserves += 1.0"),
    "lessons": ("kept = exp(-p.lessons_fade / state.QUARTERS)", "kept = exp(-p.lessons_fade)"),
    "mergers": ("councils[heir].kept *= 1.0 -", "councils[heir].kept *= 0.5 -"),
    "money": (
        "grant *= max(p.settlement_least_growth,",
        "grant = max(p.settlement_least_growth,",
    ),
    "network": ("network[PARTNER_KM] = km / max(links, 1.0)", "network[PARTNER_KM] = km"),
    "noise": ("(w0 >> HIGH_DROP) * HIGH_WEIGHT + (w1", "(w1 >> HIGH_DROP) * HIGH_WEIGHT + (w0"),
    "observe": (
        "totals[state.SETUP]\n        row.coord",
        "totals[state.STUDIES]\n        row.coord",
    ),
    "offers": ("grant += setup_grant(pots, p, bills)", "grant = setup_grant(pots, p, bills)"),
    "orders": ("            found += 1\n", "            found += 2\n"),
    "politics": ("if u * total < reached:", "if u * total <= weights[party]:"),
    "promises": ("return 2.0 / max(pace", "return 1.0 / max(pace"),
    "purse": ("a_year = ln(1.0 + p.appraisal_prices) +", "a_year ="),
    "ranking": (
        "keys[order[left]] <= keys[order[right]]",
        "keys[order[left]] >= keys[order[right]]",
    ),
    "rates": ("logs[state.SEEK_VACANT] = ln(p.search_vacancy)", "logs[state.SEEK_VACANT] = 0.0"),
    "reorganising": ("(heirs - 1) * share", "heirs * share"),
    "search": ("others = world.deals[host].members - 1", "others = world.deals[host].members"),
    "signing": ("max(deals[d].members - 2, 0)", "max(deals[d].members - 1, 0)"),
    "splits": ("if share > most:", "if share < most or most == 0.0:"),
    "step": ("    agreements.run_agreements(world, p, t)\n", ""),
    "successors": ("if made != state.NOBODY:", "if made == state.NOBODY:"),
    "talks": ("total + p.talks_patience < 0.0", "total + p.talks_patience < -0.2"),
    "warming": ("for t in range(first, 0):", "for t in range(first, -1):"),
    "weighing": ("max(post_term(councils, p, t, j, scope), 0.0)", "0.0"),
}
"""For each file of rules a passage, and the fault that takes its place."""
BY_ORDER = ("announcing", "orders", "reorganising", "splits", "successors")
"""Files of rules that only government's orders call."""
PLAIN = ("compiled", "state", "world")
"""Files of the core that hold no rule."""


@pytest.fixture(scope="module")
def busy():
    """A small country in which much is signed, merged and broken up."""
    return load("norfolk-seven", sets=BUSY, quarters=QUARTERS)


@pytest.fixture(scope="module")
def told():
    """The same country, in which it is decided for councils."""
    return decided_at_random("norfolk-seven", seed=1, quarters=QUARTERS, sets=BUSY)


@pytest.fixture(scope="module")
def ordered():
    """A county that becomes two unitaries, then one."""
    tree = load("england-districts", sets=BUSY, quarters=8).document()
    places = tree["places"] | {"counties": ["Norfolk"], "councils": [], "tiers": []}
    return from_document(tree | {"places": places, "order": ORDERS})


def planted(folder, file, passage, fault):
    """Return a copy of the rules with a fault in it."""
    shutil.copytree(CORE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / f"{file}.py"
    text = path.read_text(encoding="utf-8")
    assert text.count(passage) == 1, f"{file}.py no longer holds the passage: {passage}"
    path.write_text(text.replace(passage, fault), encoding="utf-8")


def test_every_file_of_rules_has_a_fault_planted_in_it():
    rules = {path.stem for path in CORE.glob("*.py")} - {"__init__", *PLAIN}
    assert rules == set(FAULTS)


@pytest.mark.parametrize("file", [None, *FAULTS])
def test_a_planted_fault_is_caught(
    file, busy, ordered, told, uncompiled_rules, tmp_path, monkeypatch
):
    scenario = ordered if file in BY_ORDER else told if file == "decided" else busy
    if file is not None:
        planted(tmp_path / "core", file, *FAULTS[file])
        monkeypatch.setattr(sim.core, "__path__", [str(tmp_path / "core")])
    with uncompiled_rules():
        faulty = importlib.import_module("council_partnering.sim.core.step").advance
    monkeypatch.setattr(sim.running, "advance", faulty)
    found = next(filter(None, (difference(scenario, seed=seed) for seed in SEEDS)), None)
    assert (found is not None) == (file is not None), found
