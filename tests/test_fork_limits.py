"""A fork begins exactly at its quarter: what acts then is the policy's, what acts before is not."""

import json

import numpy as np
import pytest

import sim
from sim.declared.scenario import from_document, load
from sim.errors import InputError
from sim.forks import adopt, before, fork_arrays
from sim.ready.kept import prepared
from sim.running import luck_of, run_arrays

QUARTER = 4


@pytest.fixture(scope="module")
def base():
    return load("norfolk-seven", quarters=10)


@pytest.fixture(scope="module")
def held(base):
    return sim.snapshot(base, quarter=QUARTER, seed=5, replicate=3)


def policy_of(base, **differences):
    return from_document(base.document() | differences)


def day(base, quarter):
    return base.first_day(quarter).isoformat()


def acts(base, kind, quarter):
    """Return a policy in which something of a kind acts in a quarter."""
    when = day(base, quarter)
    facts = {
        "change": {"when": when, "set": {"search.base_service": 3.0}},
        "happening": {"when": when, "council": "Norwich", "what": "chief_executive_leaves"},
        "order": {"when": when, "code": "NEW", "name": "New", "councils": ["Norwich", "Broadland"]},
    }
    return policy_of(base, **{kind: [*base.document()[kind], facts[kind]]})


def alike(raw, policy, seed=5, replicate=3):
    whole = run_arrays(prepared(policy), luck=luck_of(seed, replicate))
    return (raw.record.tobytes(), raw.events.tobytes()) == (
        whole.record.tobytes(), whole.events.tobytes(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "said"), [("change", "declared numbers differ"), ("happening", "happenings differ"),
                       ("order", "orders differ")],
)  # fmt: skip
def test_what_acts_at_the_fork_is_the_policys_and_a_quarter_earlier_is_refused(
    base, held, kind, said
):
    policy = acts(base, kind, QUARTER)
    assert alike(fork_arrays(held, policy)[0], policy)
    early = acts(base, kind, QUARTER - 1)
    with pytest.raises(InputError, match=f"from quarter 4: {said} before that"):
        fork_arrays(held, early)
    own, ready = prepared(base), prepared(early)
    differ = [
        {what for what, mine, theirs in before(own, ready, quarter) if mine != theirs}
        for quarter in (0, QUARTER - 1, QUARTER)
    ]
    assert [len(each) for each in differ] == [0, 0, 1]


def test_a_fork_goes_on_from_what_is_held_and_does_not_live_it_again(base, held):
    taken = adopt(held, prepared(base))
    assert taken.quarter == QUARTER
    assert taken.record[:QUARTER].tobytes() == held.raw.record[:QUARTER].tobytes()
    assert np.isnan(taken.record["budget"][QUARTER:]).all()
    now, then = (world.councils["reserves"] for world in (taken.world, held.raw.world))
    assert now.tolist() == then.tolist()


def test_limits_on_tax_and_councils_made_by_order_are_those_of_the_policy(base, held):
    when = day(base, QUARTER)
    free = {"when": when, "set": {"tax.limits": "none", "tax.freeze": 0.0}}
    ordered = acts(base, "order", QUARTER)
    for policy in (policy_of(base, change=[*base.document()["change"], free]), ordered):
        assert alike(fork_arrays(held, policy)[0], policy)
        assert not alike(fork_arrays(held, policy)[0], base)
    run, whole = sim.fork(held, ordered), sim.simulate(ordered, seed=5, replicate=3)
    assert run.councils.equals(whole.councils) and run.events.equals(whole.events)


@pytest.mark.parametrize("quarter", [0, 10])
def test_a_run_is_held_at_its_first_day_and_after_its_last(base, quarter):
    held = sim.snapshot(base, quarter=quarter, seed=5, replicate=3)
    assert held.quarter == quarter
    raw, _ = fork_arrays(held)
    assert alike(raw, base)


@pytest.mark.parametrize("quarter", [-1, 11])
def test_a_run_is_held_nowhere_else(base, quarter):
    with pytest.raises(InputError, match=f"quarter is {quarter}: give a whole number from 0 to 10"):
        sim.snapshot(base, quarter=quarter)


def test_a_fork_may_be_as_short_as_what_was_lived_and_as_long_as_the_run_and_no_longer(base, held):
    for quarters in (QUARTER, 5, 10):
        policy = policy_of(base, quarters=quarters)
        raw, ready = fork_arrays(held, policy)
        assert len(raw.record) == len(ready.theory) == quarters and alike(raw, policy)
    for quarters in (QUARTER - 1, 11):
        with pytest.raises(InputError, match=f"it lasts {quarters} quarters, and must last from 4 "
                                             "to 10"):  # fmt: skip
            fork_arrays(held, policy_of(base, quarters=quarters))


def test_a_fork_lived_in_part_has_nothing_to_tell_of_the_rest(base, held):
    raw, _ = fork_arrays(held, until=7)
    whole = run_arrays(prepared(base), luck=luck_of(5, 3))
    assert raw.quarter == 7
    assert raw.record[:7].tobytes() == whole.record[:7].tobytes()
    assert np.isnan(raw.record["budget"][7:]).all()


def test_a_fork_is_told_under_the_seed_and_replicate_of_its_snapshot(base, held):
    run, whole = sim.fork(held), sim.simulate(base, seed=5, replicate=3)
    assert run.quarters.equals(whole.quarters) and run.events.equals(whole.events)
    assert run.agreements.equals(whole.agreements)
    other = sim.fork(sim.snapshot(base, quarter=QUARTER, seed=5, replicate=2))
    assert not other.quarters.equals(whole.quarters)
    policy = acts(base, "change", QUARTER)
    assert not sim.fork(held, policy).quarters.equals(whole.quarters)
    assert sim.fork(held, policy).quarters.equals(
        sim.simulate(policy, seed=5, replicate=3).quarters
    )


def test_a_run_held_without_its_events_goes_on_without_them(base, tmp_path):
    silent = sim.snapshot(base, quarter=QUARTER, seed=5, replicate=3, events=False)
    raw, _ = fork_arrays(silent)
    assert len(raw.events) == 0
    assert raw.record.tobytes() == run_arrays(prepared(base), luck=luck_of(5, 3)).record.tobytes()
    sim.save(silent, tmp_path / "held.npz")
    assert sim.load_snapshot(tmp_path / "held.npz").events is False


@pytest.fixture
def ways(base, tmp_path):
    """Return policies that switch to two funding paths of their own at the fork."""
    made = []
    for name, growth in (("hard", -0.3), ("soft", -0.01)):
        path = tmp_path / f"{name}.csv"
        path.write_text(f"year,growth\n2010,{growth}\n2011,{growth}\n", encoding="utf-8")
        change = {"when": day(base, QUARTER), "set": {"settlement.path": str(path)}}
        made.append(policy_of(base, change=[*base.document()["change"], change]))
    return made


def test_a_snapshot_carries_the_paths_of_all_policies_that_are_named(base, ways, tmp_path):
    both = sim.snapshot(base, quarter=QUARTER, seed=5, replicate=3, policies=[*ways, ways[0]])
    assert len(both.ways) == len(set(both.ways)) == len(prepared(base).ways) + 2
    assert both.raw.world.paths.shape[0] == len(both.ways)
    sim.save(both, tmp_path / "held.npz")
    for kept in (both, sim.load_snapshot(tmp_path / "held.npz")):
        for policy in (*ways, base):
            assert alike(fork_arrays(kept, policy)[0], policy)
    hard, soft = (fork_arrays(both, policy)[0].record["budget"][-1] for policy in ways)
    assert hard < soft
    one = sim.snapshot(base, quarter=QUARTER, policies=ways[1:])
    with pytest.raises(InputError, match=r"no funding path '.*hard\.csv'; name the policy among"):
        fork_arrays(one, ways[0])


def test_a_policy_about_other_councils_adds_no_path_and_is_refused(base, ways):
    other = load("norfolk", quarters=10)
    change = ways[0].document()["change"]
    strange = from_document(other.document() | {"change": change})
    held = sim.snapshot(base, quarter=QUARTER, policies=[strange])
    assert held.ways == prepared(base).ways
    with pytest.raises(InputError, match="places differs, and that acts from the start"):
        fork_arrays(held, strange)


def test_a_saved_snapshot_is_all_that_was_held(base, held, ways, tmp_path):
    sim.save(held, tmp_path / "held.npz")
    back = sim.load_snapshot(tmp_path / "held.npz")
    for name in ("scenario", "seed", "replicate", "ways", "events", "contents", "quarter"):
        assert getattr(back, name) == getattr(held, name), name
    assert back.raw.record.tobytes() == held.raw.record.tobytes()
    named = sim.snapshot(base, quarter=1, policies=ways)
    assert len(named.contents) == 2
    sim.save(named, tmp_path / "named.npz")
    assert sim.load_snapshot(str(tmp_path / "named.npz")).contents == named.contents


def test_seed_and_replicate_are_those_of_a_run_unless_said_otherwise(base):
    held = sim.snapshot(base, quarter=QUARTER)
    assert (held.seed, held.replicate, held.events) == (1, 0, True)
    assert sim.fork(held).quarters.equals(sim.simulate(base).quarters)


def test_a_policy_that_is_named_may_be_shorter_and_its_path_reaches_as_far(base, ways):
    short = policy_of(ways[0], quarters=5)
    held = sim.snapshot(base, quarter=QUARTER, seed=5, replicate=3, policies=[short])
    assert held.raw.world.paths.shape[2] == prepared(base).blank.paths.shape[2]
    for policy in (short, ways[0]):
        assert alike(fork_arrays(held, policy)[0], policy)


def test_what_is_not_known_of_tables_is_kept_as_not_known_and_nothing_is_refused_for_it(
    base, ways, tmp_path
):
    named = sim.snapshot(base, quarter=QUARTER, seed=5, replicate=3, policies=ways)
    sim.save(named._replace(contents=None), tmp_path / "held.npz")
    back = sim.load_snapshot(tmp_path / "held.npz")
    assert back.contents is None
    assert alike(fork_arrays(back, ways[0])[0], ways[0])


class Opens:
    """Creates a file when it is read by pickle."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (self.path, "w")


def test_a_file_that_would_run_something_when_read_is_no_snapshot(held, tmp_path):
    sim.save(held, tmp_path / "held.npz")
    with np.load(tmp_path / "held.npz") as file:
        arrays = {name: file[name] for name in file.files}
    bad = np.array([Opens(str(tmp_path / "created"))], dtype=object)
    np.savez_compressed(tmp_path / "bad.npz", **(arrays | {"record": bad}))
    with pytest.raises(InputError, match="is not a snapshot"):
        sim.load_snapshot(tmp_path / "bad.npz")
    assert not (tmp_path / "created").exists()


def test_a_snapshot_of_other_rules_or_data_is_refused(held, tmp_path):
    sim.save(held, tmp_path / "held.npz")
    with np.load(tmp_path / "held.npz") as file:
        arrays = {name: file[name] for name in file.files}
    about = json.loads(str(arrays["about"]))
    for key, value, said in (
        ("code", "other", "another version of this program.*: take the snapshot again$"),
        (
            "data",
            about["data"] | {"councils.csv": "other"},
            "with other data.*: take the snapshot again$",
        ),
    ):
        changed = arrays | {"about": np.array(json.dumps(about | {key: value}))}
        np.savez_compressed(tmp_path / f"{key}.npz", **changed)
        with pytest.raises(InputError, match=said):
            sim.load_snapshot(tmp_path / f"{key}.npz")
    with pytest.raises(InputError, match=r"there is no file '.*absent\.npz'"):
        sim.load_snapshot(tmp_path / "absent.npz")


def test_forks_leave_the_snapshot_and_each_other_alone(base, held):
    first = fork_arrays(held)[0]
    before_now = {name: first.record.tobytes() for name in ("record",)}
    fork_arrays(held, acts(base, "order", QUARTER))
    fork_arrays(held, acts(base, "happening", QUARTER))
    assert first.record.tobytes() == before_now["record"]
    assert alike(fork_arrays(held)[0], base)
