"""Every compiled rule matters: one that does nothing, or returns another value, is noticed.

`test_faults.py` plants subtle faults in the text of rules; here each rule of every file has its
turn, one that somebody adds tomorrow too.
"""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from deciding import decided_at_random
from test_faults import BUSY
from twins import difference

import sim.core
import sim.running
from sim.declared.scenario import from_document, load
from sim.plain import PlainModel

CORE = Path(sim.core.__file__).parent
EAST = {"counties": ["Norfolk"], "councils": [], "tiers": []}
ORDERS = [
    {"when": date(2010, 1, 1), "announced": date(2009, 10, 1), "code": "X1", "name": "One",
     "councils": ["Norwich"], "parts": [{"council": "Broadland", "share": 0.6}]},
    {"when": date(2010, 1, 1), "code": "X2", "name": "Two", "councils": ["North Norfolk"],
     "parts": [{"council": "Broadland", "share": 0.4}]},
    {"when": date(2010, 10, 1), "announced": date(2010, 4, 1), "code": "X3", "name": "Three",
     "county": "E10000020", "councils": ["Breckland", "X1", "South Norfolk"], "share": 0.6},
    {"when": date(2010, 10, 1), "code": "X4", "name": "Four", "county": "E10000020", "share": 0.4,
     "councils": ["Great Yarmouth", "X2", "King's Lynn and West Norfolk"]},
]  # fmt: skip
HAPPENINGS = [
    {"when": date(2009, 8, 1), "council": "Norwich", "what": "chief_executive_leaves"},
    {"when": date(2009, 8, 1), "council": "Broadland", "what": "control_changes"},
]
MANDATE = {
    "when": date(2010, 4, 1),
    "set": {"reorganisation.stance": "mandated", "reorganisation.notice": 0.5},
}
MORE = [
    "support.matchmaking=0.4", "support.published_lessons=0.4", "tax.freeze=0.4",
    "settlement.path=flat", "search.chance=2",
]  # fmt: skip
POOR = ["settlement.shock=-0.6", "costs.largest_cut=0", "costs.put_aside=0"]
LONG = [
    *BUSY, "search.base_service=4", "chief_executive.base=5", "chief_executive.interest=2",
    "management.base=4", "management.interest=2", "management.transition=1", "talks.longest=1",
    "talks.pace=0.7", "talks.pace_service=0.7", "legal.most_members=4", "politics.chief_leaves=1",
    "endings.settled=0.5", "endings.services_survive=0.5", "talks.accession=3",
]  # fmt: skip
DEEP = [
    "search.base_management=3", "search.base_service=4", "search.choosiness=-3", "search.merger=0",
    "chief_executive.base=6", "chief_executive.interest=9", "chief_executive.transition=1",
    "management.base=8", "management.interest=3", "management.transition=1", "merger.interest=-9",
    "talks.patience=4", "talks.pace=1", "talks.pace_service=1", "talks.accession=4",
    "talks.rematch=0", "talks.cooling_left=0", "talks.cooling_leaver=0", "terms.minimum=0",
    "endings.young=0.5", "endings.settled=0.5", "endings.service=0",
    "endings.services_survive=0.5", "culture.attention_low=4", "culture.attention_high=4",
]  # fmt: skip
"""Chief executives shared first, then managements; running deals are joined."""
SHARE = 24  # every twenty-fourth rule in every test run, all of them with -m slow
CHANGES_NO_RESULT = {
    "sweep": "frees rows of deals that ended; nobody reads them",
}
"""Rules that may do nothing and change no result."""


def names_of_rules():
    """Return file and name of every compiled rule."""
    found = []
    for path in sorted(CORE.glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            marks = map(ast.unparse, getattr(node, "decorator_list", ()))
            if not {"compiled", "inlined"}.isdisjoint(marks):
                found.append((path.stem, node.name))
    return found


def by_turns():
    """Return every rule; all others wait for the slow tests."""
    return [
        pytest.param(*rule, marks=[pytest.mark.slow] if k % SHARE else [])
        for k, rule in enumerate(names_of_rules())
    ]


def moved(value):
    """Return another value of the same kind."""
    if isinstance(value, tuple):
        return tuple(moved(each) for each in value)
    if isinstance(value, bool | np.bool_):
        return not value
    return value + 1 if isinstance(value, int | np.integer) else value * 1.125 + 0.125


def faults(rule):
    """Return faulty rules: one that does nothing and, where it returns a value, another value."""
    tree = ast.parse(Path(rule.__code__.co_filename).read_text(encoding="utf-8"))
    body = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == rule.__name__)
    returns = any(isinstance(n, ast.Return) and n.value is not None for n in ast.walk(body))
    idle = [lambda *_: 0]
    return [lambda *given: moved(rule(*given)), *idle] if returns else idle


def lived(scenario, seed):
    """Return what the comparison asks of a plain life, made once."""
    model = PlainModel(scenario, seed=seed).run()
    return SimpleNamespace(
        events=model.events, quarters=model.quarters, councils_table=model.councils_table,
        agents=model.agents, deals=model.deals,
    )  # fmt: skip


@pytest.fixture(scope="module")
def lives():
    """Return scenarios in which every rule is called, each with seeds and its plain lives."""
    busy = load("norfolk-seven", sets=BUSY, quarters=9)
    tree = load("england-districts", sets=[*BUSY, *MORE], quarters=9).document()
    tree |= {"places": tree["places"] | EAST, "happening": HAPPENINGS}
    ordered = from_document(tree | {"order": ORDERS})
    mandated = from_document(tree | {"change": [MANDATE]})
    far = tree["places"] | {"counties": ["Norfolk", "Suffolk"], "neighbours": 1}
    apart = from_document(tree | {"places": far, "change": [MANDATE]})
    long = load("norfolk-seven", sets=LONG, quarters=16)
    deep = load("norfolk-seven", sets=DEEP, quarters=12)
    first = load("norfolk-seven", sets=BUSY, quarters=2)
    poor = load("norfolk-seven", sets=POOR, quarters=9)
    told = decided_at_random("norfolk-seven", seed=1, quarters=9, sets=BUSY)
    tree = load("synthetic", sets=BUSY, quarters=9).document()
    drawn = from_document(tree | {"places": tree["places"] | {"number": 6}})
    return [
        (scenario, seed, lived(scenario, seed))
        for scenario, seed in (
            (first, 1), (busy, 1), (ordered, 1), (mandated, 2), (long, 2), (apart, 1), (deep, 8),
            (deep, 2), (deep, 1), (drawn, 1), (poor, 1), (told, 1),
        )
    ]  # fmt: skip


def notices(lives):
    """Return whether the comparison finds a fault, by a difference or by a crash."""
    try:
        return any(difference(scenario, seed, plain=plain) for scenario, seed, plain in lives)
    except Exception:  # whatever a faulty rule runs into
        return True


def everywhere(rules, rule):
    """Return the modules that know a rule, under its own name."""
    modules = [module for name, module in vars(rules).items()]
    return [module for module in modules if getattr(module, rule.__name__, None) is rule]


def test_without_a_fault_there_is_no_difference(rules, lives, monkeypatch):
    monkeypatch.setattr(sim.running, "advance", rules.step.advance)
    assert [difference(scenario, seed, plain=plain) for scenario, seed, plain in lives] == [
        None for _ in lives
    ]


@pytest.mark.parametrize(("file", "name"), by_turns())
def test_a_rule_that_fails_is_noticed(file, name, rules, lives, monkeypatch):
    rule = getattr(getattr(rules, file), name)
    modules, noticed = everywhere(rules, rule), False
    for fault in faults(rule):
        for module in modules:
            monkeypatch.setattr(module, name, fault)
        monkeypatch.setattr(sim.running, "advance", rules.step.advance)
        noticed = noticed or notices(lives)
    assert noticed != (name in CHANGES_NO_RESULT), CHANGES_NO_RESULT.get(name)
