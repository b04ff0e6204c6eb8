"""A fork has the bits of a run from scratch whose policy starts at that quarter."""

import random
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import sim
from sim.core import state
from sim.declared.parameters import declarations
from sim.declared.scenario import Scenario, from_document, load
from sim.errors import InputError
from sim.forks import fork_arrays
from sim.model import CouncilModel
from sim.ready.kept import prepared
from sim.running import luck_of, run_arrays

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
[reorganisation]
stance = "voluntary"
"""
MANDATE = """
base = "norfolk"
quarters = 16
[reorganisation]
notice = 0.5
[[change]]
when = 2011-04-01
set = { "reorganisation.stance" = "mandated" }
"""
LEVERS = {d.name: d.allowed for d in declarations() if d.allowed and not d.once}


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forks")
    made = {}
    for name, text in {"merging": MERGING, "mandate": MANDATE}.items():
        path = folder / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        made[name] = load(path)
    return made | {"norfolk-seven": load("norfolk-seven", quarters=16)}


def with_change(scenario: Scenario, quarter: int, values: dict[str, object]) -> Scenario:
    """Return the scenario with some numbers changed from a quarter on."""
    when = scenario.first_day(quarter).isoformat()
    tree = scenario.document()
    tree["change"] = [*tree["change"], {"when": when, "set": values}]
    return from_document(tree)


def assert_same(one, two):
    """Compare everything that two runs have left behind but scratch, to the bit."""
    assert one.record.tobytes() == two.record.tobytes()
    assert one.events.tobytes() == two.events.tobytes()
    live = int(one.world.tally[0].counts[state.LIVE])
    rows = [run.world.live[:live] for run in (one, two)]
    for field in state.DEAL.names:
        a, b = (run.world.deals[rows[k]][field] for k, run in enumerate((one, two)))
        assert a.tobytes() == b.tobytes(), ("deals", field)
    for name in ("councils", "pairs", "roll", "tally", "near", "across", "bases"):
        mine, theirs = getattr(one.world, name), getattr(two.world, name)
        for field in mine.dtype.names or [None]:
            a, b = (x if field is None else x[field] for x in (mine, theirs))
            assert a.tobytes() == b.tobytes(), (name, field)


@settings(
    max_examples=60, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(data=st.data())
def test_a_fork_has_the_bits_of_a_run_from_scratch(scenarios, data):
    name = data.draw(st.sampled_from(sorted(scenarios)))
    quarter = data.draw(st.integers(0, 16))
    seed = data.draw(st.integers(0, 50))
    levers = data.draw(st.lists(st.sampled_from(sorted(LEVERS)), max_size=3, unique=True))
    values = {lever: data.draw(st.floats(*LEVERS[lever])) for lever in levers}
    held = sim.snapshot(scenarios[name], quarter=quarter, seed=seed)
    policy = scenarios[name]
    if values and quarter < 16:
        policy = with_change(scenarios[name], quarter, values)
    forked, _ = fork_arrays(held, policy)
    assert_same(forked, run_arrays(prepared(policy), luck=luck_of(seed, 0)))


@pytest.mark.parametrize("name", ["merging", "mandate"])
def test_there_are_mergers_on_both_sides_of_a_fork(scenarios, name):
    counts = run_arrays(prepared(scenarios[name]), luck=luck_of(1, 0)).record["mergers"]
    later = [run_arrays(prepared(scenarios[name]), luck=luck_of(k, 0)).record["mergers"]
             for k in range(8)]  # fmt: skip
    assert counts[-1] > 0
    if name == "merging":
        assert any(0 < run[8] < run[-1] for run in later)


def test_many_policies_go_on_from_one_snapshot_which_stays_as_it_is(scenarios):
    base = scenarios["merging"]
    held = sim.snapshot(base, quarter=8, seed=3)
    before = held.raw.world.councils.tobytes()
    first = sim.fork(held)
    for pot in (0.0, 1.0, 5.0):
        sim.fork(held, with_change(base, 8, {"grants.setup_pot": pot}))
    assert held.raw.world.councils.tobytes() == before
    again = sim.fork(held)
    assert first.quarters.equals(again.quarters)
    assert first.events.equals(again.events)
    whole = sim.simulate(base, seed=3)
    assert first.quarters.equals(whole.quarters)
    assert first.events.equals(whole.events)
    assert first.councils.equals(whole.councils)


def test_a_saved_snapshot_goes_on_with_the_same_bits(scenarios, tmp_path):
    held = sim.snapshot(scenarios["merging"], quarter=9, seed=2, replicate=4)
    sim.save(held, tmp_path / "held.npz")
    back = sim.load_snapshot(tmp_path / "held.npz")
    assert (back.seed, back.replicate, back.quarter) == (2, 4, 9)
    assert_same(fork_arrays(back)[0], fork_arrays(held)[0])
    with pytest.raises(InputError, match="exists already"):
        sim.save(held, tmp_path / "held.npz")


def test_a_mesa_model_is_saved_and_restored(scenarios, tmp_path):
    model = CouncilModel(scenarios["merging"], seed=3)
    for _ in range(7):
        model.step()
    model.save(tmp_path / "model.npz")
    restored = CouncilModel.restore(tmp_path / "model.npz")
    assert {c.name for c in restored.agents} == {c.name for c in model.agents}
    while model.running:
        model.step()
        restored.step()
        assert restored.measures == pytest.approx(model.measures, nan_ok=True, rel=0, abs=0)
    assert not restored.running
    assert {c.name: c.reserves for c in restored.agents} == {
        c.name: c.reserves for c in model.agents
    }
    whole = sim.simulate(scenarios["merging"], seed=3)
    assert model.measures["net_saving"] == whole.final["net_saving"]


def test_a_restored_model_goes_on_under_a_policy(scenarios):
    base = scenarios["norfolk-seven"]
    policy = with_change(base, 6, {"search.base_service": 3.0})
    model = CouncilModel(base, seed=3)
    for _ in range(6):
        model.step()
    changed = CouncilModel.restore(model.snapshot(), policy)
    while changed.running:
        changed.step()
    assert changed.measures["talks_begun"] == sim.simulate(policy, seed=3).final["talks_begun"]


def test_a_fork_to_another_funding_path_survives_mergers(scenarios, tmp_path):
    (tmp_path / "path.csv").write_text("year,growth\n2012,-0.2\n2013,0.1\n", encoding="utf-8")
    base = scenarios["merging"]
    policy = with_change(base, 10, {"settlement.path": str(tmp_path / "path.csv")})
    seeds = [k for k in range(12) if sim.simulate(base, seed=k).quarters["mergers"][9] > 0]
    assert seeds
    for seed in seeds:
        held = sim.snapshot(base, quarter=10, seed=seed, policies=[policy])
        forked, _ = fork_arrays(held, policy)
        assert_same(forked, run_arrays(prepared(policy), luck=luck_of(seed, 0)))
    with pytest.raises(InputError, match=r"no funding path.*policies"):
        sim.fork(sim.snapshot(base, quarter=10), policy)


def test_a_policy_named_to_a_snapshot_may_be_shorter_than_it(scenarios, tmp_path):
    (tmp_path / "path.csv").write_text("year,growth\n2011,-0.2\n2012,-0.1\n", encoding="utf-8")
    base = scenarios["merging"]
    policy = with_change(base, 6, {"settlement.path": str(tmp_path / "path.csv")})
    policy = from_document(policy.document() | {"quarters": 9})
    held = sim.snapshot(base, quarter=6, seed=4, policies=[policy])
    forked, _ = fork_arrays(held, policy)
    whole = run_arrays(prepared(policy), luck=luck_of(4, 0))
    assert forked.record.tobytes() == whole.record.tobytes()
    assert forked.events.tobytes() == whole.events.tobytes()


def test_a_table_edited_after_the_snapshot_is_refused(country, tmp_path):
    base = country(*[{}] * 4)
    table = next(iter(base.tables()))
    way = tmp_path / "way.csv"
    way.write_text("year,growth\n2010,-0.2\n", encoding="utf-8")
    policy = with_change(base, 4, {"settlement.path": str(way)})
    held = sim.snapshot(base, quarter=4, policies=[policy])
    sim.save(held, tmp_path / "held.npz")
    kept = sim.load_snapshot(tmp_path / "held.npz")
    models = [CouncilModel.restore(held), CouncilModel.restore(str(tmp_path / "held.npz"))]
    sim.fork(kept, policy)
    way.write_text("year,growth\n2010,-0.3\n", encoding="utf-8")
    for each in (held, kept):
        sim.fork(each)
        with pytest.raises(InputError, match=r"way\.csv' was edited since"):
            sim.fork(each, policy)
    before = [model.snapshot() for model in models]
    table.write_text(table.read_text("utf-8").replace("100000", "110000"), encoding="utf-8")
    for each in (held, kept, *before):
        with pytest.raises(InputError, match=r"councils\.csv' was edited since"):
            sim.fork(each)


def test_a_saved_snapshot_of_other_data_is_refused(scenarios, tmp_path, monkeypatch):
    sim.save(sim.snapshot(scenarios["merging"], quarter=3), tmp_path / "held.npz")
    monkeypatch.setattr("sim.forks.data_hashes", lambda: {"funding.csv": "another"})
    with pytest.raises(InputError, match="other data"):
        sim.load_snapshot(tmp_path / "held.npz")


def test_a_model_restored_at_the_first_day_is_founded(scenarios):
    fresh = CouncilModel(scenarios["merging"], seed=5)
    again = CouncilModel.restore(fresh.snapshot())
    assert [c.budget for c in again.agents] == [c.budget for c in fresh.agents]
    assert min(c.budget for c in again.agents) > 0
    assert again.world.tally[0].counts[state.FOUNDED] == 1


def test_happenings_and_orders_after_a_fork_are_part_of_a_policy(scenarios):
    base = scenarios["norfolk-seven"]
    tree = base.document()
    when = base.first_day(8).isoformat()
    tree["happening"] += [
        {"when": when, "council": "Norwich", "what": "control_changes", "control": "LAB"}
    ]
    tree["order"] = [
        {"when": when, "code": "NEW", "name": "New", "councils": ["Norwich", "Broadland"]}
    ]
    policy = from_document(tree)
    held = sim.snapshot(base, quarter=8, seed=1)
    assert_same(fork_arrays(held, policy)[0], run_arrays(prepared(policy), luck=luck_of(1, 0)))
    assert sim.fork(held, policy).final["mergers"] == 1


REFUSED = {
    "numbers": ({"change": [{"when": "2010-04-01", "set": {"talks.pace": 0.9}}]}, "numbers"),
    "councils": ({"council": [{"council": "Norwich", "autonomy": 0.9}]}, "council differs"),
    "length": ({"quarters": 4}, "lasts 4 quarters"),
    "happenings": (
        {"happening": [{"when": "2010-04-01", "council": "Norwich",
                        "what": "chief_executive_leaves"}]},
        "happenings",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(REFUSED))
def test_a_policy_that_acts_before_the_fork_is_refused(scenarios, what):
    base = scenarios["norfolk-seven"]
    differences, said = REFUSED[what]
    policy = from_document(base.document() | differences)
    held = sim.snapshot(base, quarter=8)
    with pytest.raises(InputError, match=said):
        sim.fork(held, policy)


def test_a_snapshot_outside_the_run_and_a_file_that_is_none_are_errors(scenarios, tmp_path):
    with pytest.raises(InputError, match="from 0 to 16"):
        sim.snapshot(scenarios["merging"], quarter=17)
    (tmp_path / "no.npz").write_text("no", encoding="utf-8")
    with pytest.raises(InputError, match="not a snapshot"):
        sim.load_snapshot(tmp_path / "no.npz")


def test_a_broken_snapshot_is_an_error_in_words(scenarios, tmp_path):
    good, bad = tmp_path / "held.npz", tmp_path / "bad.npz"
    sim.save(sim.snapshot(scenarios["merging"], quarter=3), good)
    whole = good.read_bytes()
    luck = random.Random(1)
    broken = [b"", whole[:100], whole[: len(whole) // 2], whole[:-1]]
    for _ in range(30):
        place = luck.randrange(len(whole))
        broken.append(whole[:place] + bytes(luck.randrange(256) for _ in range(40)) + whole[place:])
    for text in broken:
        bad.write_bytes(text)
        with suppress(InputError):  # a comment of the zip may be broken, and nobody minds
            assert isinstance(sim.load_snapshot(bad), sim.Snapshot)
    for text in broken[:3]:
        bad.write_bytes(text)
        with pytest.raises(InputError, match="not a snapshot"):
            sim.load_snapshot(bad)
    np.save(tmp_path / "array.npy", np.zeros(3))
    with pytest.raises(InputError, match="not a snapshot"):
        sim.load_snapshot(tmp_path / "array.npy")
