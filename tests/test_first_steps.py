"""Somebody's first calls from Python: what goes wrong is one error that says what to give."""

import numpy as np
import pandas as pd
import pytest

import sim
from experiments.comparing.compare import compare
from experiments.explaining.explain import explain
from experiments.policies.finding import find_all
from experiments.studies.store import open_study
from experiments.studies.sweep import sweep
from sim.errors import InputError

SEVEN, GRANTS = "norfolk-seven", "set-up-grants"
TABLE = pd.DataFrame({"council": ["Breckland", "Norwich"]})
SCENARIO = 'give the name of one, such as "norfolk"'
WHOLE = "give a whole number from"
PLAN = """\
scenario = "norfolk-seven"
quarters = 4
replicates = 2
[design]
kind = "latin"
points = 2
[uncertainties]
"talks.pace" = {}
"""


def compared(*scenarios, **given):
    usual = {"outcome": "net_saving", "matters": 5.0, "budget": 100, "ensemble": None}
    return compare(*scenarios, **(usual | given))


def held():
    return sim.snapshot(SEVEN, quarter=2)


def model(*scenario, **given):
    return sim.CouncilModel(*scenario, **given)


MISTAKES = {
    "a typo": (lambda: sim.simulate("norfok"), "did you mean 'norfolk'"),
    "a table": (lambda: sim.simulate(TABLE), f"the scenario is a DataFrame: {SCENARIO}"),
    "nothing": (lambda: sim.simulate(None), f"the scenario is None: {SCENARIO}"),
    "a run": (lambda: sim.simulate(sim.simulate(SEVEN)), "the scenario is a Run"),
    "seed in quotes": (
        lambda: sim.simulate(SEVEN, seed="1"),
        f"seed is '1': {WHOLE} 0 to 4294967295",
    ),
    "seed as a fraction": (lambda: sim.simulate(SEVEN, seed=1.0), f"seed is 1.0: {WHOLE} 0"),
    "seed below": (lambda: sim.simulate(SEVEN, seed=-1), f"seed is -1: {WHOLE} 0"),
    "replicate in quotes": (
        lambda: sim.simulate(SEVEN, replicate="0"),
        f"replicate is '0': {WHOLE} 0",
    ),
    "no replicates": (
        lambda: sim.simulate_many(SEVEN, replicates=0),
        r"replicates is 0: give a range",
    ),
    "so many replicates": (lambda: sim.simulate_many(SEVEN, replicates=200), r"range\(200\)"),
    "a replicate twice": (
        lambda: sim.simulate_many(SEVEN, replicates=[1, 1]),
        "replicate 1 is asked for twice",
    ),
    "half of a replicate": (
        lambda: sim.simulate_many(SEVEN, replicates=np.array([0.0, 0.5])),
        f"replicate is 0.0: {WHOLE} 0",
    ),
    "an empty range": (lambda: sim.simulate_many(SEVEN, replicates=range(0)), "at least one run"),
    "quarters in quotes": (
        lambda: sim.load(SEVEN, quarters="8"),
        f"quarters is '8': {WHOLE} 1 to 400",
    ),
    "sets as a text": (
        lambda: sim.load(SEVEN, sets="talks.pace=2"),
        "sets is 'talks.pace=2': give a list",
    ),
    "sets as pairs": (lambda: sim.load(SEVEN, sets=[("talks.pace", 2)]), "give a list of texts"),
    "no sets": (lambda: sim.load(SEVEN, sets=None), "sets is None: give a list of texts"),
    "sets by section": (
        lambda: sim.load(SEVEN, sets={"grants": {"setup_pot": 2.0}}),
        "sets: grants is {'setup_pot': 2.0}: give a number",
    ),
    "sets of no number": (
        lambda: sim.load(SEVEN, sets={"grants.setup_pots": 2.0}),
        "did you mean 'grants.setup_pot'",
    ),
    "quarter in quotes": (
        lambda: sim.snapshot(SEVEN, quarter="5"),
        f"quarter is '5': {WHOLE} 0 to 24",
    ),
    "half a quarter": (
        lambda: sim.snapshot(SEVEN, quarter=2.5),
        f"quarter is 2.5: {WHOLE} 0 to 24",
    ),
    "one policy": (
        lambda: sim.snapshot(SEVEN, quarter=2, policies=GRANTS),
        "give a list, even of one",
    ),
    "a fork of a name": (
        lambda: sim.fork(SEVEN),
        "the snapshot is 'norfolk-seven': give one, as sim",
    ),
    "a fork to a table": (
        lambda: sim.fork(held(), TABLE),
        f"the scenario is a DataFrame: {SCENARIO}",
    ),
    "a fork to a policy by name": (
        lambda: sim.fork(held(), GRANTS),
        r"a fork takes whole scenarios.* find_all\(held.scenario, \['set-up-grants'\]\)\[1\].scena",
    ),
    "a run saved": (lambda: sim.save(sim.simulate(SEVEN), "held.npz"), "the snapshot is a Run"),
    "saved nowhere": (lambda: sim.save(held(), None), "the file is None: give the path"),
    "loaded from a number": (lambda: sim.load_snapshot(5), "the snapshot is 5: give the path"),
    "loaded from nowhere": (lambda: sim.load_snapshot("no.npz"), "there is no file 'no.npz'"),
    "a model of nothing": (lambda: model(seed=1), f"there is no scenario: {SCENARIO}"),
    "a model of a table": (lambda: model(TABLE), f"the scenario is a DataFrame: {SCENARIO}"),
    "a model's seed": (lambda: model(SEVEN, "1"), f"seed is '1': {WHOLE} 0"),
    "a council's number": (lambda: model(SEVEN, seed=1).council(5), "there is no council '5'"),
    "compared with a table": (
        lambda: compared("norfolk", TABLE),
        f"policy is a DataFrame: {SCENARIO}",
    ),
    "a list of policies": (
        lambda: compared("norfolk", [GRANTS]),
        f"is \\['{GRANTS}'\\]: {SCENARIO}",
    ),
    "matters in quotes": (
        lambda: compared("norfolk", GRANTS, matters="half"),
        "matters is 'half': give a number",
    ),
    "an outcome of a number": (
        lambda: compared("norfolk", GRANTS, outcome=3),
        "--outcome 3 is no measure",
    ),
    "no outcome to explain": (
        lambda: explain("norfolk", GRANTS, outcome=None),
        "--outcome None is no measure",
    ),
    "half a seed": (lambda: explain("norfolk", GRANTS, seeds=1.5), f"seeds is 1.5: {WHOLE} 1"),
    "a seed beyond": (
        lambda: explain("norfolk", GRANTS, seed=2**32 + 5),
        f"seed is {2**32 + 5}: {WHOLE} 0 to {2**32 - 1}",
    ),
    "half a replicate": (
        lambda: compared("norfolk", GRANTS, budget=100.5),
        f"is 100.5: {WHOLE} 100",
    ),
    "no workers": (lambda: compared("norfolk", GRANTS, workers=0), f"workers is 0: {WHOLE} 1"),
    "seeds in quotes": (lambda: explain("norfolk", GRANTS, seeds="3"), f"seeds is '3': {WHOLE} 1"),
    "explained seed": (lambda: explain("norfolk", GRANTS, seed="3"), f"seed is '3': {WHOLE} 0"),
    "a plan of a table": (lambda: sweep(TABLE), "the plan is a DataFrame: give its name, the path"),
    "a study of a table": (lambda: open_study(TABLE), "is a DataFrame: give its path"),
}
OF_A_STUDY = {
    "no workers": ({"workers": 0}, f"workers is 0: {WHOLE} 1"),
    "replicates in quotes": ({"replicates": "3"}, f"replicates is '3': {WHOLE} 1"),
    "half a replicate": ({"replicates": 1.5}, f"replicates is 1.5: {WHOLE} 1"),
    "points in quotes": ({"points": "3"}, f"points is '3': {WHOLE} 1"),
    "one shard": ({"shard": 1}, r"shard is 1: give \(1, 8\)"),
    "half a shard": ({"shard": (1.5, 2)}, r"shard is \(1.5, 2\): give"),
    "a shard beyond": ({"shard": (3, 2)}, r"shard is \(3, 2\): give"),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_says_what_to_give(what):
    call, said = MISTAKES[what]
    with pytest.raises(InputError, match=said) as raised:
        call()
    assert "\n" not in str(raised.value) and len(str(raised.value)) < 300


def test_a_share_in_numbers_of_numpy_is_one_in_pythons(tmp_path):
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    shard = tuple(np.array([1, 2]))
    study = sweep(tmp_path / "plan.toml", out=tmp_path / "study", shard=shard)
    assert study.shard == (1, 2)


@pytest.mark.parametrize("what", OF_A_STUDY)
def test_a_mistake_about_a_study_says_what_to_give_and_leaves_nothing(what, tmp_path):
    given, said = OF_A_STUDY[what]
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        sweep(tmp_path / "plan.toml", out=tmp_path / "study", **given)
    assert not (tmp_path / "study").exists()


def test_numbers_of_numpy_are_whole_numbers_and_are_kept_as_pythons(tmp_path):
    one = np.int64(1)
    run = sim.simulate(SEVEN, seed=one, replicate=one)
    assert run.quarters.equals(sim.simulate(SEVEN, seed=1, replicate=1).quarters)
    sim.save(sim.snapshot(SEVEN, quarter=one, seed=one, replicate=one), tmp_path / "held.npz")
    assert sim.load_snapshot(tmp_path / "held.npz").seed == 1
    model = sim.CouncilModel(SEVEN, seed=one, replicate=one)
    model.step()
    model.save(tmp_path / "model.npz")


def test_what_can_be_asked_for_is_listed_and_is_there():
    assert {"load", "simulate", "fork", "InputError"} <= set(dir(sim)) == set(sim.__all__)
    assert all(hasattr(sim, name) for name in dir(sim)) and sim.InputError is InputError


def test_a_cell_that_saves_can_be_run_again(tmp_path):
    for save in (lambda path, **how: sim.save(held(), path, **how), model(SEVEN, seed=2).save):
        path = tmp_path / "held.npz"
        path.unlink(missing_ok=True)
        save(path)
        before = path.stat().st_ino
        with pytest.raises(InputError, match=r"exists already: .* give force=True"):
            save(path)
        save(path, force=True)
        assert path.stat().st_ino != before and sim.load_snapshot(path).quarter in (0, 2)


def test_what_is_no_snapshot_is_said_in_our_own_words(tmp_path):
    (tmp_path / "grants.toml").write_text('base = "norfolk"', encoding="utf-8")
    with pytest.raises(InputError, match="is not a snapshot, or it is damaged: give") as raised:
        sim.load_snapshot(tmp_path / "grants.toml")
    assert "pickle" not in str(raised.value)


def test_numbers_by_name_are_the_same_as_texts():
    typed = sim.load(SEVEN, sets=["grants.setup_pot=0.1", "settlement.path=flat"])
    assert sim.load(SEVEN, sets={"grants.setup_pot": 0.1, "settlement.path": "flat"}) == typed


def test_equal_scenarios_have_one_hash():
    change = {"when": "2010-04-01", "set": {"grants.setup_pot": 2}}
    one, two = (sim.load(SEVEN).model_dump() for _ in range(2))
    one["change"], two["change"] = [change], [change | {"set": {"grants.setup_pot": 2.0}}]
    first, second = sim.Scenario(**one), sim.Scenario(**two)
    assert first == second and len({first, second}) == 1
    assert len({sim.load(name) for name in (SEVEN, "norfolk", SEVEN)}) == 2


def test_what_a_fork_asks_for_instead_of_a_part_can_be_forked(tmp_path):
    (tmp_path / "bare.toml").write_text(
        '[[change]]\nwhen = 2010-01-01\nset = { "grants.setup_pot" = 2.0 }\n', encoding="utf-8"
    )
    kept = held()
    with pytest.raises(InputError, match=r"write base = .* a fork takes whole scenarios"):
        sim.fork(kept, tmp_path / "bare.toml")
    policy = find_all(kept.scenario, [tmp_path / "bare.toml"])[1].scenario
    forked, scratch = sim.fork(kept, policy), sim.simulate(policy)
    assert forked.quarters.equals(scratch.quarters)
