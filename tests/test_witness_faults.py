"""What both models do wrong alike the third witness finds, and only it."""

import importlib
from types import SimpleNamespace

import pytest
from test_faults import BUSY
from twice import CORE, FAULTS, PLAIN, plain_of, planted
from twins import difference
from witness.witness import contradictions, life_of_engine, life_of_plain, names

import sim.core
import sim.running
from sim.declared.reading import lay_over
from sim.declared.scenario import from_document, load

QUARTERS = 12
SEEDS = range(1, 9)
SHARE = 6  # every sixth fault in every test run, all of them with -m slow
STEP = "council_partnering.sim.core.step"


def by_turns():
    """Return every fault; five of six wait for the slow tests."""
    return [
        pytest.param(name, marks=[pytest.mark.slow] if k % SHARE else [])
        for k, name in enumerate(FAULTS)
    ]


def faulty(fault, folder, uncompiled_rules, monkeypatch):
    """Plant a fault in both models; return the plain one."""
    planted(folder / "core", CORE, fault.core)
    planted(folder / "plain", PLAIN, fault.plain)
    monkeypatch.setattr(sim.core, "__path__", [str(folder / "core")])
    with uncompiled_rules():
        monkeypatch.setattr(sim.running, "advance", importlib.import_module(STEP).advance)
    with plain_of(folder / "plain") as model:
        return model


def lived(model):
    """Return what the comparison asks of a plain life."""
    return SimpleNamespace(
        events=model.events, quarters=model.quarters, councils_table=model.councils_table,
        agents=model.agents, deals=model.deals,
    )  # fmt: skip


def test_there_are_ten_faults_and_more_and_claims_that_find_them():
    assert len(FAULTS) >= 10
    assert {fault.claim for fault in FAULTS.values()} <= set(names())


@pytest.mark.parametrize("name", by_turns())
def test_a_fault_in_both_models_is_found_by_the_witness_alone(
    name, uncompiled_rules, tmp_path, monkeypatch
):
    fault = FAULTS[name]
    scenario = busy_with(fault)
    model = faulty(fault, tmp_path, uncompiled_rules, monkeypatch)
    for seed in SEEDS:
        plain = lived(model(scenario, seed=seed).run())
        assert difference(scenario, seed=seed, plain=plain) is None
        found = contradictions(life_of_plain(scenario, seed, make=model))
        if fault.claim in found:
            break
    assert fault.claim in found, found
    assert fault.claim in contradictions(life_of_engine(scenario, seed))


def busy_with(fault):
    """Return a busy world in which a fault shows."""
    own = {each.split("=")[0] for each in fault.sets}
    sets = [each for each in BUSY if each.split("=")[0] not in own] + fault.sets
    base = "england-districts" if fault.england else "norfolk-seven"
    document = load(base, sets=sets, quarters=QUARTERS).document()
    parts = {"order": list(fault.orders), "places": fault.england or {}}
    return from_document(lay_over(document, parts))
