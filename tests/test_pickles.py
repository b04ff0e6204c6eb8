"""What is held in Python goes to another process and comes back as it was, or is refused."""

import copy
import io
import json
import multiprocessing
import os
import pickle
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
import pytest

import sim
from experiments.comparing.compare import compare
from experiments.explaining.explain import explain
from experiments.studies.sweep import sweep
from sim.declared.parameters import SECTIONS
from sim.declared.scenario import from_document, load
from sim.errors import InputError
from sim.forks import fork_arrays
from sim.model import CouncilModel
from sim.ready.kept import prepared
from sim.running import luck_of, run_arrays

QUARTERS = 12
MERGING = ("reorganisation.stance=voluntary", "merger.base=6", "merger.interest=4",
           "merger.transition=1", "search.base_management=2", "search.merger=1",
           "search.choosiness=-2", "weighing.strangers=0")  # fmt: skip
STARTS = ["spawn"] if os.name == "nt" else ["spawn", "forkserver"]
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


def pickled(thing):
    return pickle.loads(pickle.dumps(thing))


AGAIN = [pickled, copy.deepcopy, copy.copy]


@pytest.fixture(scope="module")
def scenario():
    """Norfolk's seven districts, where some become one."""
    return load("norfolk-seven", sets=MERGING, quarters=QUARTERS)


@pytest.fixture(scope="module")
def held(scenario):
    return sim.snapshot(scenario, quarter=6, seed=3, replicate=np.int64(2))


def policies(scenario):
    """Return eight policies that begin when the run is held."""
    when = scenario.first_day(6).isoformat()
    tree = scenario.document()
    pots = [{"when": when, "set": {"grants.setup_pot": float(pot)}} for pot in range(8)]
    return [from_document(tree | {"change": [*tree["change"], pot]}) for pot in pots]


def same_run(one, two):
    """Whether two runs have left the same bits in every table."""
    return all(
        getattr(one, table).equals(getattr(two, table))
        for table in ("quarters", "events", "councils", "agreements")
    )


def lived(model):
    """Return what a model collected, lived to its end."""
    while model.running:
        model.step()
    collector = model.datacollector
    return collector.get_model_vars_dataframe(), collector.get_agent_vars_dataframe()


@pytest.mark.parametrize("start", STARTS)
def test_one_snapshot_is_forked_eight_times_in_a_pool_with_the_bits_of_this_process(
    scenario, held, start
):
    asked = policies(scenario)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(start)) as pool:
        there = list(pool.map(partial(sim.fork, held), asked))
    here = [sim.fork(held, policy) for policy in asked]
    assert all(same_run(one, two) for one, two in zip(there, here, strict=True))
    assert not same_run(here[0], here[7])


@pytest.mark.parametrize("again", AGAIN)
def test_a_copied_snapshot_forks_to_the_same_bits_as_the_first(scenario, held, again):
    other = again(held)
    assert (other.seed, other.replicate, other.quarter) == (3, 2, 6)
    for policy in (None, policies(scenario)[5]):
        mine, theirs = (fork_arrays(each, policy)[0] for each in (held, other))
        assert mine.record.tobytes() == theirs.record.tobytes()
        assert mine.events.tobytes() == theirs.events.tobytes()
    assert not np.shares_memory(other.raw.world.councils, held.raw.world.councils)


@pytest.mark.parametrize("quarter", [0, 5, QUARTERS])
@pytest.mark.parametrize("again", AGAIN)
def test_a_model_copied_in_the_middle_goes_on_as_the_one_that_was_not(scenario, again, quarter):
    model = CouncilModel(scenario, seed=3, replicate=1)
    for _ in range(quarter):
        model.step()
    model.note = ["mine"]
    other = again(model)
    assert other.note == ["mine"] and other.quarter == quarter - 1
    assert all(council.model is other for council in other.agents)
    mine = lived(other)
    assert model.quarter == quarter - 1, "the first one was lived on by its copy"
    theirs = lived(model)
    for one, two in zip(mine, theirs, strict=True):
        assert one.equals(two)
    whole = sim.simulate(scenario, seed=3, replicate=1)
    assert mine[0]["net_saving"].equals(whole.quarters["net_saving"])
    assert whole.final["mergers"] > 0
    assert {c.name: c.reserves for c in other.agents} == {c.name: c.reserves for c in model.agents}


def test_a_model_goes_through_a_pool_and_back(scenario):
    model = CouncilModel(scenario, seed=3)
    model.step()
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        back = pool.submit(pickled, model).result()
    assert lived(back)[0].equals(lived(model)[0])


def test_a_scenario_a_world_and_what_is_made_ready_are_the_same_again(scenario):
    assert pickled(scenario) == scenario
    assert pickled(scenario).fingerprint() == scenario.fingerprint()
    ready = pickled(prepared(scenario))
    world = ready.blank
    assert world.where[0, 0] == world.councils.ctypes.data
    assert copy.deepcopy(world).where[0, 0] != world.where[0, 0]
    mine, theirs = (run_arrays(r, luck=luck_of(1, 0)) for r in (ready, prepared(scenario)))
    assert mine.record.tobytes() == theirs.record.tobytes()


def test_a_run_a_study_a_comparison_and_an_explanation_are_the_same_again(tmp_path):
    class Mine(sim.Run):
        """A run of somebody's own; it is copied, since another process cannot find it."""

    run = sim.simulate("norfolk-seven", seed=2)
    assert same_run(pickled(run), run) and pickled(run).about == run.about
    assert same_run(copy.deepcopy(Mine(run._lived)), run)
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    study = sweep(tmp_path / "plan.toml", out=tmp_path / "study")
    assert pickled(study) == study and pickled(study).runs.equals(study.runs)
    found = compare(
        "norfolk", "set-up-grants", outcome="net_saving", matters=50.0, budget=100, ensemble=None
    )
    assert pickled(found).table.to_dict("list").keys() == found.table.to_dict("list").keys()
    assert pickled(found).differences.equals(found.differences)
    why = explain("norfolk", "set-up-grants")
    assert pickled(why).table.equals(why.table) and pickled(why).chain == why.chain


def altered(held, **changes):
    """Return how a snapshot is made again, and its bytes, of which some is otherwise."""
    make, (written,) = held.__reduce__()
    with np.load(io.BytesIO(written)) as file:
        arrays = {name: file[name] for name in file.files}
    about = json.loads(str(arrays["about"]))
    file = io.BytesIO()
    np.savez_compressed(file, **(arrays | {"about": np.array(json.dumps(about | changes))}))
    return make, file.getvalue()


def test_a_pickled_snapshot_of_other_code_or_data_is_refused(held):
    for changes, said in (
        ({"code": "other"}, "^a pickled snapshot was written by another version.*take.*again$"),
        ({"data": {"councils.csv": "other"}}, "^a pickled snapshot was lived with other data"),
    ):
        make, written = altered(held, **changes)
        with pytest.raises(InputError, match=said):
            make(written)
    make, written = altered(held)
    assert make(written).quarter == held.quarter


@pytest.mark.parametrize("section", ["talks", "ict"])
def test_declared_numbers_of_another_version_are_refused(section):
    """One that is missing would count as zero in the numbers that the engine reads."""
    numbers = SECTIONS[section]()
    name = next(iter(type(numbers).model_fields))
    made = pickle.dumps(numbers)
    at = made.index(name.encode())
    other = made[:at] + b"x" * len(name) + made[at + len(name) :]
    with pytest.raises(InputError, match=r"another version.*differ in.*x"):
        pickle.loads(other)
    assert pickle.loads(made) == numbers


def test_a_pickled_model_whose_table_was_edited_is_refused(country):
    scenario = country({}, {}, {"population": 90000})
    model = CouncilModel(scenario, seed=1)
    model.step()
    made = pickle.dumps(model)
    assert pickle.loads(made).quarter == 0
    table = scenario.tables()[0]
    table.write_text(table.read_text().replace("90000", "80000"))
    with pytest.raises(InputError, match="was edited since"):
        pickle.loads(made)
