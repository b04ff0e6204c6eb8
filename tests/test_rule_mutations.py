"""The hand-sized tests bite: small faults are planted in the rules one by one, and seen."""

import ast
import importlib
import subprocess
import sys
from types import SimpleNamespace

import mutations
import pytest

LEAST = 0.95  # of the faults; most of those left are ties of two draws, or only cost time
TIERS = [SimpleNamespace(tier=0), SimpleNamespace(tier=1)]  # a district and a county
VOLUNTARY = SimpleNamespace(reorganisation_stance=1)


@pytest.mark.parametrize(("planted", "able"), [(False, [True, False]), (True, [False, True])])
def test_the_fault_that_is_asked_for_is_planted(uncompiled_rules, monkeypatch, planted, able):
    fault = next(
        each
        for each in mutations.faults_of("search", mutations.read("search"))
        if each.rule == "may_merge" and "!= COUNTY" in each.before.replace("state.", "")
        and "== COUNTY" in each.after.replace("state.", "")
    )  # fmt: skip
    if planted:
        monkeypatch.setenv(mutations.CHOSEN, fault.name)
    with uncompiled_rules():
        search = importlib.import_module("council_partnering.sim.core.search")
        assert [search.may_merge(TIERS, VOLUNTARY, i) for i in (0, 1)] == able


def test_a_fault_that_is_not_there_is_an_error(uncompiled_rules, monkeypatch):
    monkeypatch.setenv(mutations.CHOSEN, "search.may_merge.9999")
    with pytest.raises(ValueError, match="no such fault"), uncompiled_rules():
        pass


@pytest.mark.parametrize("file", mutations.files())
def test_every_fault_has_a_name_of_its_own_and_changes_the_rule(file):
    tree = mutations.read(file)
    faults, sound = mutations.faults_of(file, tree), ast.dump(tree)
    assert len({fault.name for fault in faults}) == len(faults) > 0
    mutations.plant(faults[-1])
    assert ast.dump(tree) != sound
    same = [str(fault) for fault in faults if fault.before == fault.after]
    assert same == []


def test_a_constant_gives_way_to_another_of_its_kind_with_another_value():
    names = mutations.names_of(ast.parse("from sim.core.state import LESSONS, NOBODY, QUARTERS\n"))
    assert names.constants == {}
    text = (
        "from sim.core.state import LESSONS, NOBODY, QUARTERS\n[LESSONS, NOBODY, QUARTERS, p.a_b]"
    )
    names = mutations.names_of(ast.parse(text))
    assert names.constants == {"LESSONS": "NOBODY", "NOBODY": "QUARTERS", "QUARTERS": "NOBODY"}
    assert names.numbers == {}  # alone in its section
    text = "from sim.core import state\n[state.LESSONS, state.NOBODY, p.a_b, p.a_c, p.d_e]"
    names = mutations.names_of(ast.parse(text))
    assert names.constants["state.LESSONS"] == "state.NOBODY"
    assert names.numbers == {"a_b": "a_c", "a_c": "a_b"}


@pytest.mark.slow
@pytest.mark.parametrize("file", mutations.files())
def test_the_faults_of_a_file_are_seen(file):
    made = subprocess.run(
        [sys.executable, mutations.__file__, file], capture_output=True, text=True, check=False
    )
    told = made.stdout.splitlines()[-1].split()  # all: so many of so many seen
    seen, total = int(told[1]), int(told[3])
    assert seen >= LEAST * total, made.stdout
