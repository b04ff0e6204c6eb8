"""The Mesa face: the same bits as the batch face, and what Mesa's own tools make of it."""

import inspect

import mesa
import numpy as np
import pytest

from sim.declared.measures import MEASURES
from sim.declared.scenario import load
from sim.errors import InputError
from sim.model import Council, CouncilModel
from sim.tables.batch import simulate, simulate_many

MERGING = """
base = "norfolk-seven"
quarters = 16
[search]
base_management = 2.0
merger = 1.0
choosiness = -2.0
[merger]
base = 6.0
interest = 4.0
transition = 1.0
[weighing]
strangers = 0.0
[[change]]
when = 2009-07-01
set = { "reorganisation.stance" = "voluntary" }
"""


@pytest.fixture(scope="module")
def merging(tmp_path_factory):
    """The path of a scenario in which councils merge."""
    path = tmp_path_factory.mktemp("scenario") / "merging.toml"
    path.write_text(MERGING, encoding="utf-8")
    return path


def lived(scenario, seed=1, **numbers):
    """Return a model at the end of its scenario."""
    model = CouncilModel(scenario, seed=seed, **numbers)
    while model.running:
        model.step()
    return model


def collected(model):
    """Return what the model collected each quarter, in the order of the measures."""
    frame = model.datacollector.get_model_vars_dataframe()
    return frame[[m.name for m in MEASURES]].to_numpy(dtype=float)


def measured(run):
    """Return the same of a run of the batch face."""
    return run.quarters[[m.name for m in MEASURES]].to_numpy(dtype=float)


def by_mesa(model_class, parameters, runs, **more):
    """Return the rows of Mesa's batch_run, asked for `runs` runs as this Mesa wants to be asked."""
    known = inspect.signature(mesa.batch_run).parameters
    how = {"rng": list(range(1, runs + 1))} if "rng" in known else {"iterations": runs}
    return mesa.batch_run(
        model_class, parameters, display_progress=False, number_processes=1, **how, **more
    )


@pytest.mark.parametrize("seed", [1, 7])
def test_both_faces_give_the_same_bits(seed):
    model = lived("norfolk-seven", seed)
    assert np.array_equal(
        collected(model), measured(simulate("norfolk-seven", seed=seed)), equal_nan=True
    )


def test_both_faces_give_the_same_bits_through_mergers(merging):
    model, run = lived(merging), simulate(merging, seed=1)
    assert run.final["mergers"] > 0
    assert np.array_equal(collected(model), measured(run), equal_nan=True)
    alive = run.councils[run.councils["alive"]]
    assert {c.code: c.reserves for c in model.councils} == dict(
        zip(alive["code"], alive["reserves"], strict=True)
    )


def test_a_replicate_and_a_changed_number_are_those_of_the_batch_face():
    model = CouncilModel("norfolk-seven", seed=3, replicate=2, weighing_ties=2.0)
    while model.running:
        model.step()
    scenario = load("norfolk-seven", sets=["weighing.ties=2.0"])
    batch = simulate_many(scenario, seed=3, replicates=range(2, 3), events=False)
    assert np.array_equal(collected(model), measured(batch), equal_nan=True)


def test_agent_sets_select_sort_aggregate_and_get():
    model = CouncilModel("norfolk-seven", seed=1)
    councils = model.councils
    assert len(councils) == 7 and all(isinstance(c, Council) for c in councils)
    large = councils.select(lambda c: c.population > 125_000)
    assert {c.name for c in large} >= {"King's Lynn and West Norfolk", "Breckland"}
    assert next(iter(councils.sort("population"))).name == "King's Lynn and West Norfolk"
    assert councils.agg("reserves", sum) == pytest.approx(sum(c.reserves for c in councils))
    assert set(councils.get("tier")) == {"district"}
    assert set(councils.groupby("county").groups) == {"Norfolk"}


def test_the_collector_keeps_each_quarter_of_the_model_and_of_the_councils():
    model = lived("norfolk-seven")
    frame = model.datacollector.get_model_vars_dataframe()
    assert len(frame) == model.quarters == 24
    assert {m.name for m in MEASURES} <= set(frame.columns)
    assert set(frame["seed"]) == {1}
    agents = model.datacollector.get_agent_vars_dataframe()
    assert set(agents.columns) >= {"code", "name", "own_reserves", "band_d"}
    last = agents.loc[24].set_index("code")
    assert last["own_reserves"].to_dict() == {c.code: c.reserves for c in model.councils}
    assert model.measures == frame.iloc[-1][[m.name for m in MEASURES]].to_dict()


def test_both_frames_say_their_quarter_and_date_and_are_of_the_same_moment(merging):
    model = CouncilModel(merging, seed=1)
    seen = []
    while model.running:
        model.step()
        seen.append({council.code: council.reserves for council in model.councils})
    frame = model.datacollector.get_model_vars_dataframe()
    agents = model.datacollector.get_agent_vars_dataframe()
    run = simulate(merging, seed=1)
    for name in ("quarter", "date"):
        assert frame[name].tolist() == run.quarters[name].tolist()
        assert frame[name].dtype == agents[name].dtype == run.quarters[name].dtype
    for quarter, rows in agents.groupby("quarter"):
        assert dict(zip(rows["code"], rows["own_reserves"], strict=True)) == seen[quarter]
        assert len(rows) == frame.loc[frame["quarter"] == quarter, "councils"].item()
        assert set(rows["date"]) == set(frame.loc[frame["quarter"] == quarter, "date"])
    assert sorted(set(agents["quarter"])) == list(range(model.quarters))


def test_a_restored_model_goes_on_with_the_number_of_the_quarter():
    model = CouncilModel("norfolk-seven", seed=1)
    for _ in range(5):
        model.step()
    restored = CouncilModel.restore(model.snapshot())
    assert restored.quarter == model.quarter == 4
    restored.step()
    collector = restored.datacollector
    assert collector.get_model_vars_dataframe()["quarter"].tolist() == [5]
    assert set(collector.get_agent_vars_dataframe()["quarter"]) == {5}


def test_merged_councils_leave_the_stage_and_the_new_one_enters(merging):
    model = CouncilModel(merging, seed=1)
    before = {c.code: c for c in model.councils}
    while model.running and len(model.councils) == 7:
        model.step()
    now = {c.code: c for c in model.councils}
    new, gone = set(now) - set(before), set(before) - set(now)
    assert new and len(gone) > len(new)
    assert {code for union in new for code in union.split("+")} == gone
    for union in new:
        people = model.ready.table.population[np.isin(model.ready.table.code, union.split("+"))]
        assert now[union].population == sum(people)
        assert " and " in now[union].name
        assert model.council(now[union].name) is now[union]
    assert all(before[code] not in model.agents for code in gone)
    assert now.keys() == {c.code for c in model.agents}


def test_talks_agreements_and_partners_are_the_same_from_both_sides(merging):
    for scenario in ("norfolk-seven", merging):
        model, met = CouncilModel(scenario, seed=2), 0
        while model.running:
            model.step()
            for council in model.councils:
                for what in ("talks", "agreements"):
                    for deal in getattr(council, what):
                        assert council not in deal.others and deal.others
                        met += 1
                        for other in deal.others:
                            assert deal.number in [d.number for d in getattr(other, what)]
                assert all(council in other.partners for other in council.partners)
        assert met > 50


def test_a_seed_comes_as_seed_or_as_rng_and_none_is_drawn_and_kept():
    plain = CouncilModel("norfolk-seven", seed=5)
    assert plain.seed_used == CouncilModel("norfolk-seven", rng=5).seed_used == 5
    drawn = CouncilModel("norfolk-seven").seed_used
    assert 0 <= drawn < 2**32
    generators = [CouncilModel("norfolk-seven", rng=np.random.default_rng(4)) for _ in range(2)]
    assert generators[0].seed_used == generators[1].seed_used
    sequence = CouncilModel("norfolk-seven", rng=np.random.SeedSequence(9)).seed_used
    assert 0 <= sequence < 2**32


@pytest.mark.parametrize("given", [{"seed": 1, "rng": 2}, {"seed": "one"}, {"rng": 2.5},
                                   {"seed": True}, {"seed": -1}, {"seed": 2**32}])  # fmt: skip
def test_a_seed_that_cannot_be_used_is_an_error(given):
    with pytest.raises(InputError, match=r"seed"):
        CouncilModel("norfolk-seven", **given)


def test_an_unknown_number_or_council_is_an_error_that_names_the_nearest():
    with pytest.raises(InputError, match="weighing_ties"):
        CouncilModel("norfolk-seven", weighing_tie=1.0)
    with pytest.raises(InputError, match="Breckland"):
        CouncilModel("norfolk-seven", seed=1).council("Brekland")


def test_a_model_past_its_last_quarter_stands_still():
    model = lived("norfolk-seven")
    final = model.measures
    model.step()
    assert not model.running and model.measures == final
    assert len(model.datacollector.get_model_vars_dataframe()) == model.quarters


@pytest.mark.parametrize("period", [-1, 1])
def test_in_a_row_of_mesas_batch_the_council_and_the_measures_are_of_one_quarter(period):
    short = load("norfolk-seven", quarters=4)
    rows = by_mesa(CouncilModel, {"scenario": [short]}, runs=1, data_collection_period=period)
    seed = int(rows[0]["seed"])
    run = simulate(short, seed=seed).quarters.set_index("quarter")
    model, own = CouncilModel(short, seed=seed), {}
    while model.running:
        model.step()
        own |= {(model.quarter, c.code): c.reserves for c in model.councils}
    assert len(rows) == 7 * (4 if period == 1 else 1)
    for row in rows:
        assert row["own_reserves"] == own[row["quarter"], row["code"]]
        assert row["budget"] == run["budget"][row["quarter"]]


def test_mesa_runs_batches_of_it():
    ties = [0.0, 3.0]
    short = load("norfolk-seven", quarters=8)
    rows = by_mesa(CouncilModel, {"scenario": [short], "weighing_ties": ties}, runs=2)
    found = {(row["weighing_ties"], row["seed"]): row for row in rows}
    assert len(found) == 2 * len(ties)
    assert {row["code"] for row in rows} >= {"E07000143", "E07000149"}
    for (tie, seed), row in found.items():
        scenario = load("norfolk-seven", sets=[f"weighing.ties={tie}"], quarters=8)
        final = simulate(scenario, seed=int(seed)).final
        assert all(row[name] == final[name] for name in ("agreements", "talks_begun", "budget"))
