"""What of a scenario does nothing, or is not plausible, is told; what does something is not."""

import json

import numpy as np
import pandas as pd
import pytest
from asking import at_once

import experiments.commands.policies
import experiments.commands.runs  # noqa: F401 (adds the commands)
from experiments.runs.idle import idle_parts
from experiments.studies.idle import idle_factors
from sim.declared.remarks import own_remarks, remarks
from sim.declared.scenario import load
from sim.page.session import Memo, Session, Side
from sim.ready.kept import prepared
from sim.ready.notes import notes_of
from sim.running import luck_of, run_arrays


@pytest.fixture
def written(tmp_path):
    """Return a function that gives the remarks on a scenario with some lines of its own."""

    def load_and_remark(text="", **sets):
        path = tmp_path / "own.toml"
        path.write_text(f'base = "synthetic"\nquarters = 12\n{text}', encoding="utf-8")
        given = [f"{name.replace('__', '.')}={value}" for name, value in sets.items()]
        return remarks(load(path, sets=given))

    return load_and_remark


def changes(*parts):
    return "".join(f'[[change]]\nwhen = {day}\nset = {{ "{name}" = {value} }}\n'
                   for day, name, value in parts)  # fmt: skip


def test_a_scenario_that_does_all_it_says_has_no_remark(written):
    assert written() == []
    assert written(changes(("2010-04-01", "grants.setup_pot", 2.0))) == []


def test_what_a_user_dates_after_the_end_is_named_and_not_what_a_base_does(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text('base = "norfolk"\n' + changes(("2012-04-01", "talks.leak", 0.4)))
    said = ["the run ends before [[change]] of 2012-04-01"]
    assert own_remarks(load(path, quarters=12), path) == said
    assert own_remarks(load(path, quarters=13), path) == []
    assert load("norfolk", quarters=4).beyond() != []
    assert own_remarks(load("norfolk", quarters=4), "norfolk") == []


def test_to_change_what_a_base_changes_on_its_own_day_is_no_slip(tmp_path):
    path, base = tmp_path / "own.toml", load("norfolk").change[0]
    name = next(iter(base.set))
    path.write_text('base = "norfolk"\n' + changes((base.when, name, '"none"')))
    assert own_remarks(load(path), path) == []
    path.write_text('base = "norfolk"\n' + changes((base.when, name, '"none"'),
                                                   (base.when, name, '"review"')))  # fmt: skip
    assert "never holds" in own_remarks(load(path), path)[0]


def test_a_number_of_a_base_is_not_remarked_on_as_the_users_own(tmp_path):
    path, sets = tmp_path / "own.toml", ["tax.open_limit=0.06"]
    path.write_text('base = "norfolk"\n[talks]\nleak = 0.1')
    said = own_remarks(load(path, sets=sets), path)
    assert [each.split()[0] for each in said] == ["tax.open_limit", "talks.leak"]
    assert own_remarks(load("norfolk"), "norfolk") == []


def test_of_two_changes_of_one_number_in_one_quarter_the_first_never_holds(written):
    (said,) = written(changes(("2010-04-01", "talks.leak", 0.4), ("2010-06-30", "talks.leak", 0.6)))
    assert said.startswith("talks.leak = 0.4 of 2010-04-01 never holds") and "0.6" in said
    later = changes(("2010-04-01", "talks.leak", 0.4), ("2010-07-01", "talks.leak", 0.6))
    assert written(later) == []
    same = changes(("2010-04-01", "talks.leak", 0.4), ("2010-05-01", "talks.leak", 0.4))
    assert written(same) == []


def test_a_number_outside_its_plausible_range_is_told_with_the_range(written):
    low, high = 0.2, 0.8
    assert written(talks__leak=low) == [] and written(talks__leak=high) == []
    assert written(talks__leak=0.81) == [
        "talks.leak is 0.81, outside its plausible range 0.2 to 0.8"
    ]
    (said,) = written(changes(("2010-04-01", "talks.leak", 0.1)))
    assert said.startswith("talks.leak is 0.1 from 2010-04-01, outside")


@pytest.mark.parametrize(
    ("sets", "named"),
    [
        ({"grants__exit_required": 1, "grants__setup_pot": 0}, "grants.exit_required"),
        ({"grants__setup_limit": 0.3, "grants__setup_pot": 0}, "grants.setup_limit"),
        ({"grants__feasibility_pot": 0.04, "grants__feasibility_limit": 0.05},
         "grants.feasibility_pot"),
        ({"tax__open_limit": 0.06}, "tax.open_limit"),
        ({"settlement__depth": 1.5, "settlement__path": "flat"}, "settlement.depth"),
        ({"reorganisation__notice": 1}, "reorganisation.notice"),
    ],
)  # fmt: skip
def test_a_lever_that_can_do_nothing_is_told_and_does_nothing(written, sets, named):
    said = [each for each in written(**sets) if "can do nothing" in each]
    assert len(said) == 1 and said[0].startswith(named)
    given = [f"{name.replace('__', '.')}={value}" for name, value in sets.items()]
    instead = ["grants.feasibility_pot=0"] if named == "grants.feasibility_pot" else []
    few = load("synthetic").places.model_copy(update={"number": 40})
    with_it, without = (
        load("synthetic", sets=each, quarters=12).model_copy(update={"places": few})
        for each in (given, [*(each for each in given if not each.startswith(named)), *instead])
    )
    assert with_it.parameters != without.parameters
    runs = [run_arrays(prepared(each), luck=luck_of(1, 0)).record for each in (with_it, without)]
    assert runs[0].tobytes() == runs[1].tobytes()


@pytest.mark.parametrize(
    "sets",
    [
        {"tax__freeze": 0.5, "tax__limits": "fixed"},
        {"support__published_lessons": 1, "lessons__gain": 0},
    ],
)
def test_a_lever_that_costs_or_holds_something_all_the_same_is_not_told(written, sets):
    assert not any("can do nothing" in each for each in written(**sets))


def test_a_lever_that_can_do_something_at_some_time_is_not_told(written):
    opened = changes(("2010-04-01", "grants.setup_pot", 2.0))
    assert written(opened, grants__exit_required=1) == []
    closed = changes(("2010-04-01", "grants.setup_pot", 0.0),
                     ("2011-04-01", "grants.exit_required", 1.0))  # fmt: skip
    assert "grants.exit_required can do nothing" in written(closed, grants__setup_pot=2)[0]
    assert written(grants__setup_pot=0) == []  # to close a pot is to want nothing of it


IDLE = 'base = "norfolk-seven"\n' + changes(("2012-04-01", "grants.exit_required", 1.0))


def test_a_change_that_moved_not_one_bit_is_found_by_living_without_it(tmp_path):
    (tmp_path / "idle.toml").write_text(IDLE, encoding="utf-8")
    scenario = load(tmp_path / "idle.toml")
    (said,) = idle_parts(scenario, seed=1, runs=2)
    assert said == (
        "[[change]] of 2012-04-01 (grants.exit_required = 1.0) moved not one bit in "
        "the first 2 runs"
    )
    assert idle_parts(load("norfolk-seven"), seed=1, runs=2) == []


ORDER = """
[[order]]
when = 2013-04-01
code = "X1"
name = "City and Fringe"
councils = ["Norwich", "Broadland"]
"""
UNITED = """
[reorganisation]
stance = "mandated"
notice = 0.25
"""


def test_an_order_that_moved_not_one_bit_is_found_and_one_that_moved_some_is_not(tmp_path):
    path = tmp_path / "own.toml"
    base = 'base = "norfolk-seven"\nquarters = 20\n'
    path.write_text(base + UNITED + ORDER)  # a mandate has made them one by then
    said = idle_parts(load(path), seed=1, runs=2)
    assert "[[order]] City and Fringe of 2013-04-01 moved not one bit in the first 2 runs" in said
    path.write_text(base + ORDER)
    assert not [each for each in idle_parts(load(path), seed=1, runs=2) if "[[order]]" in each]


def test_orders_that_need_each_other_are_not_idle(tmp_path):
    halves = "".join(
        f'[[order]]\nwhen = 2010-04-01\ncode = "X{k}"\nname = "Half {k}"\n'
        f'councils = ["{council}"]\nparts = [{{ council = "Broadland", share = 0.5 }}]\n'
        for k, council in enumerate(("Norwich", "North Norfolk"))
    )
    path = tmp_path / "own.toml"
    path.write_text(f'base = "norfolk-seven"\nquarters = 6\n{halves}')
    assert not [each for each in idle_parts(load(path), seed=1, runs=1) if "[[order]]" in each]


def test_what_run_writes_as_json_is_what_it_tells(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        'base = "norfolk-seven"\nquarters = 9\n[places]\nnumber = 9\n'
        '[reorganisation]\nstance = "mandated"\n[talks]\npace = 0.2\n'
        '[[change]]\nwhen = 2012-04-01\nset = { "talks.leak" = 0.4 }\n'
    )
    words = ("run", "own.toml", "--runs", "2", "--no-figures", "--json")
    _, out, err = at_once(tmp_path, *words)
    told = [line.removeprefix("Note on own: ") for line in err.splitlines()
            if line.startswith("Note on own: ")]  # fmt: skip
    assert json.loads(out)["remarks"] == told == notes_of(load(path), path)
    for kind in ("only until", "outside its plausible", "run ends before", "number can do"):
        assert any(kind in each for each in told), kind
    session = Session(Memo(seed=1, a=Side(scenario="own")), lambda name: (str(path), load(path)))
    assert len(session.about()["sides"]["a"]["remarks"]) == len(told)


def test_run_and_compare_tell_it(tmp_path):
    (tmp_path / "idle.toml").write_text(IDLE, encoding="utf-8")
    words = ("run", "idle.toml", "--runs", "2", "--no-figures", "--out", "r")
    status, out, err = at_once(tmp_path, *words)
    assert status == 0 and "Nothing came of it: [[change]] of 2012-04-01" in " ".join(out.split())
    assert "Note on idle: grants.exit_required can do nothing" in " ".join(err.split())
    status, out, _ = at_once(tmp_path, *words, "--json")
    told = json.loads(out)
    assert len(told["idle"]) == 1 and any("exit_required" in each for each in told["remarks"])
    words = ("compare", "norfolk-seven", "idle.toml", "--outcome", "net_saving", "--matters", "1",
             "--budget", "100", "--ensemble", "none", "--out", "c")  # fmt: skip
    status, out, _ = at_once(tmp_path, *words)
    assert status == 0 and "moved not one bit of any measure in 100 replicates" in out


def test_a_factor_is_idle_where_points_that_differ_in_it_alone_are_the_same():
    points = pd.DataFrame({"a": [0, 0, 1, 1], "b": [0, 1, 0, 1]})
    by_a = np.array([[1.0, 2.0], [1.0, 2.0], [3.0, 2.0], [3.0, 2.0]])
    assert idle_factors(points, ["a", "b"], [by_a]) == ["b"]
    assert idle_factors(points, ["a", "b"], [by_a, by_a[::-1] * [[1], [2], [1], [1]]]) == []
    lacking = np.where(np.arange(2) == 1, np.nan, by_a)
    assert idle_factors(points, ["a", "b"], [lacking]) == ["b"]
    spread = pd.DataFrame({"a": [0.1, 0.6, 0.3], "b": [0.2, 0.9, 0.5]})
    other = np.array([[1.0, 2.0], [1.0, 2.0], [1.0, 3.0]])
    assert idle_factors(spread, ["a", "b"], [other]) == []  # nothing differs alone
    assert idle_factors(spread, ["a", "b"], [np.ones((3, 2))]) == ["a", "b"]  # nor anything at all
    assert idle_factors(spread[["a"]], ["a"], [np.ones((3, 2))]) == ["a"]
