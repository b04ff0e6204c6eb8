"""Where two policies part, how that spreads, and that a planted cause is the one that is named."""

import json
from datetime import date

import numpy as np
import pytest
from typer.testing import CliRunner

from experiments.__main__ import app  # with all its commands
from experiments.commands import policies  # noqa: F401 (adds the command)
from experiments.explaining.differences import chain_of, first_difference
from experiments.explaining.explain import explain, first_quarter, when_opened
from experiments.explaining.mechanisms import BY_NAME, MECHANISMS, without
from experiments.explaining.parts import DIRECT
from experiments.explaining.shares import ORDERS, ORDERS_ALONE, Gaps, shares_of
from sim.declared.parameters import declarations
from sim.declared.scenario import Change, load
from sim.errors import InputError
from sim.ready.kept import prepared
from sim.ready.world import prepare
from sim.running import luck_of, run_arrays
from sim.story.alike import Sides, key_of, unlike, whole_of
from sim.story.wording import records
from sim.tables.batch import simulate

DAY = date(2010, 4, 1)
BASE = "norfolk-seven"
SHORT = 12


@pytest.fixture(scope="module")
def base():
    """Norfolk's seven districts, busier than they are, so that much can be explained."""
    readier = ["search.base_management=0.2", "search.need_management=0.1", "talks.leak=0.9"]
    return load(BASE, sets=[*readier, "culture.attention_low=3"], quarters=SHORT)


def policy_of(base, name, **values):
    """Return the base with some numbers changed from the second year on."""
    numbers = {key.replace("__", "."): value for key, value in values.items()}
    change = Change(when=DAY, set=numbers)
    return base.model_copy(update={"name": name, "change": [*base.change, change]})


# --- mechanisms -----------------------------------------------------------------------------------


def test_mechanisms_are_made_of_declared_numbers_and_share_none():
    allowed = {each.name: each.allowed for each in declarations()}
    seen = [name for mechanism in MECHANISMS for name in mechanism.off]
    assert len(seen) == len(set(seen))
    for mechanism in MECHANISMS:
        for name, value in mechanism.off.items():
            low, high = allowed[name]
            assert low <= value <= high
    assert len(BY_NAME) == len(MECHANISMS)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_mechanism_is_off_from_the_day_on_and_not_before(base, name):
    ready = prepared(base)
    off = without(ready, [name], since=DAY)
    for number, value in BY_NAME[name].off.items():
        section, field = number.split(".")
        if section in ("search", "weighing", "talks", "endings", "lessons", "agreements"):
            numbers = off.theory[f"{section}_{field}"]
            assert (numbers[4:] == value).all()
            assert (numbers[:4] == ready.theory[f"{section}_{field}"][:4]).all()
    assert off.theory[:4].tobytes() == ready.theory[:4].tobytes()
    assert off.theory[4:].tobytes() != ready.theory[4:].tobytes()


def test_a_later_change_does_not_switch_a_mechanism_on_again(base):
    later = Change(when=date(2011, 1, 1), set={"search.rumour": 3.0, "talks.pace": 0.9})
    ready = prepare(base.model_copy(update={"change": [*base.change, later]}))
    off = without(ready, ["rumours"], since=DAY)
    assert (off.theory["search_rumour"][4:] == 0.0).all()
    assert (off.theory["talks_pace"] == ready.theory["talks_pace"]).all()
    assert without(ready, [], since=DAY) is ready


# --- planted causes -------------------------------------------------------------------------------

PLANTED = {
    "rumours": ({"search__rumour": 5.0}, "deep_begun"),
    "fashion": ({"search__fashion": 5.0}, "talks_begun"),
    "trust": ({"weighing__trust": 10.0}, "talks_failed"),
    "attention": ({"weighing__busy": 3.0}, "talks_begun"),
    "vacancies": ({"search__vacancy": 20.0}, "talks_begun"),
    "culture": ({"weighing__culture": 20.0}, "talks_failed"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_without_the_channel_of_a_policy_nothing_is_left_of_it(base, name):
    values, outcome = PLANTED[name]
    gaps = Gaps((prepared(base), prepared(policy_of(base, name, **values))), outcome, 4)
    others = [each for each in BY_NAME if each != name]
    found = [[gaps.at(off, seed, 0) for seed in range(12)] for off in ([], [name], others)]
    assert any(found[0])  # the policy does something
    assert found[1] == [0.0] * 12  # and nothing with its channel off
    assert any(found[2])  # but does it with all else off


@pytest.mark.parametrize("name", ["rumours", "fashion"])
def test_the_planted_cause_is_first_in_the_ranking(base, name):
    values, outcome = PLANTED[name]
    pair = prepared(base), prepared(policy_of(base, name, **values))
    found = shares_of(pair, outcome, 4, range(1, 31), 0, orders=2)
    rows = found.rows
    assert rows[0]["mechanism"] == name
    assert rows[0]["low"] * rows[0]["high"] > 0
    (direct,) = [row for row in rows if row["mechanism"] == DIRECT]
    assert direct["effect"] == 0.0
    assert sum(row["effect"] for row in rows) == pytest.approx(found.gap.value)


def test_money_that_goes_through_nobodys_decision_is_direct(base):
    taxed = policy_of(base, "taxed", tax__limits="none", tax__freeze=0.0)
    rows = shares_of((prepared(base), prepared(taxed)), "budget", 4, range(1, 4), 0, orders=2).rows
    assert rows[0]["mechanism"] == DIRECT
    assert rows[0]["share"] == pytest.approx(1.0)
    assert all(abs(row["effect"]) < 1e-9 for row in rows[1:])


def test_one_run_is_shared_out_over_more_orders_than_each_of_many(base):
    pair = prepared(base), prepared(policy_of(base, "rumours", search__rumour=1.5))

    def parts(seeds, **orders):
        rows = shares_of(pair, "net_saving", 4, seeds, 2, **orders).rows
        return {row["mechanism"]: (row["effect"], row["high"]) for row in rows}

    assert ORDERS < ORDERS_ALONE
    alone, many = range(5, 6), range(5, 7)
    assert repr(parts(alone)) == repr(parts(alone, orders=ORDERS_ALONE))
    assert repr(parts(many)) == repr(parts(many, orders=ORDERS))
    assert repr(parts(alone)) != repr(parts(alone, orders=ORDERS))


def test_the_gap_is_that_of_the_replicate_that_is_asked_for(base):
    other = policy_of(base, "rumours", search__rumour=1.5)
    gaps = Gaps((prepared(base), prepared(other)), "net_saving", 4)
    for replicate in range(3):
        one, two = (simulate(each, seed=3, replicate=replicate).final for each in (base, other))
        assert gaps.at([], 3, replicate) == two["net_saving"] - one["net_saving"]


def test_the_parts_add_up_to_the_gap_that_the_runs_have(base):
    grants = policy_of(base, "grants", grants__setup_pot=5.0, grants__staged=0.0)
    found = explain(base, grants, outcome="net_saving", seed=3, seeds=3)
    ends = [
        [simulate(each, seed=seed).final["net_saving"] for each in (base, grants)]
        for seed in (3, 4, 5)
    ]
    gaps = np.diff(ends)[:, 0]
    assert sum(row["effect"] for row in found.shares) == pytest.approx(np.mean(gaps))
    assert found.gap[-1] == pytest.approx(gaps[0])
    assert found.table["effect"].sum() == pytest.approx(np.mean(gaps))


# --- where they part ------------------------------------------------------------------------------


def test_the_first_event_of_a_policy_that_changes_one_weight_names_that_weight(base):
    busy = policy_of(base, "busy", weighing__busy=0.2001)
    found = explain(base, busy, outcome="talks_begun", seed=1)
    assert found.first["quarter"] >= 4
    weighed = [words for words, _, _ in found.first["weighed"]]
    assert weighed[0] == "stretched managers"
    # What other tables offer hangs on the same weight; nothing else does.
    assert set(weighed) <= {"stretched managers", "a better offer elsewhere"}
    assert found.first_day == "2010-04-01"


def test_the_chain_begins_with_the_first_that_happened_otherwise(base):
    rumours = policy_of(base, "rumours", search__rumour=5.0)
    runs = [simulate(each, seed=12) for each in (base, rumours)]
    sides = Sides(*(records(run.events) for run in runs))
    steps = chain_of(sides, {})
    keys = [{key_of(event) for event in side} for side in sides]
    first = min(key[0] for key in keys[0] ^ keys[1])
    assert steps[0]["quarter"] == first >= 4
    codes = [step["council"] for step in steps]
    assert len(codes) == len(set(codes))
    assert steps == sorted(steps, key=lambda step: step["quarter"])
    for place, step in enumerate(steps):
        assert step["through"] is None or step["through"] in codes[:place]


def event(kind, council, other=None, quarter=0, scope="legal", **more):
    return {"quarter": quarter, "kind": kind, "council": council, "other": other, "scope": scope,
            "reason": None, "value": 0.0, "more": 0.0, **more}  # fmt: skip


def test_the_chain_goes_from_council_to_council():
    base = [event("votes_no", "C", "B", 2, reason="people", because_base=0.1)]
    policy = [
        event("considers", "A"),
        event("approaches", "A", "B", 1),
        event("votes_yes", "C", "B", 2, because_base=0.1, because_grant=0.5),
        event("considers", "D", quarter=3),
    ]
    steps = chain_of(Sides(base, policy), {"A": "Ashby"})
    told = [(step["council"], step["through"], step["side"]) for step in steps]
    assert told == [
        ("A", None, "policy"), ("B", "Ashby", "policy"), ("C", "B", "base"), ("D", None, "policy"),
    ]  # fmt: skip
    assert "in favour" in steps[2]["instead"]
    assert steps[2]["weighed"] == [("a grant", 0.0, 0.5)]


def under_way(number, age=2.0):
    """Return how a record begins where A and B have been in talks for `age` quarters already."""
    return event("talks_begin", "A", "B", more=age, agreement=number)


def begins(number, quarter):
    return event("talks_begin", "A", "B", quarter, agreement=number, because_base=1.0)


def test_no_search_of_the_run_is_taken_for_what_led_to_talks_that_were_under_way_before_it():
    base = [under_way(1), event("considers", "A")]
    policy = [event("considers", "A", quarter=1), event("approaches", "A", "B", 1), begins(1, 1)]
    steps = unlike(Sides(base, policy))
    assert {step.side for step in steps} == {"base", "policy"} and len(steps) == 5


def test_talks_that_were_under_way_are_no_later_or_earlier_beginning_of_others():
    base, policy = [under_way(1)], [begins(1, 2)]
    first = first_difference(Sides(base, policy), {"A": "Ashby", "B": "Barton"})
    assert first["side"] == "base" and first["both"] is None and not first["base"]["reasons"]
    assert first["base"]["sentence"].startswith("Ashby and Barton have been in talks about")
    fails = [event("talks_fail", "A", "B", quarter, agreement=1) for quarter in (3, 4)]
    steps = unlike(Sides([*base, fails[0]], [*policy, fails[1]]))
    assert [(step.side, step.later) for step in steps] == [("base", 0), ("policy", 0), ("both", 1)]
    old = [under_way(1, age=4.0)]  # begun six quarters earlier: other talks altogether
    steps = unlike(Sides([*old, fails[0]], [*policy, fails[1]]))
    assert {step.side for step in steps} == {"base", "policy"}


def test_talks_under_way_are_the_same_whatever_their_number_and_told_with_either_age():
    assert unlike(Sides([under_way(5)], [under_way(9)])) == []
    first = first_difference(Sides([under_way(5)], [under_way(5, age=3.0)]), NAMES)
    assert first["side"] == "both" and first["otherwise"]
    assert first["both"].endswith("Under way for: with the policy 9 months, without it 6 months.")


def test_talks_that_were_under_way_may_part_two_runs_before_anything_is_lived():
    none, some = (load(BASE, sets=[f"talks.before={n}"], quarters=SHORT) for n in (0, 6))
    found = explain(none, some.model_copy(update={"name": "warm"}), seed=6)
    assert found.first["quarter"] == 0
    assert "have been in talks about" in found.first["policy"]["sentence"]
    assert not found.first["policy"]["reasons"]


def test_an_event_is_the_same_by_all_that_is_told_of_it_but_its_number():
    told = event("signs", "A", "B", 3, agreement=7, reason="offer", value=1.0, more=2.0,
                 because_trust=0.5)  # fmt: skip
    assert key_of(told) == (3, "signs", "A", "B", "legal")
    for name, other in (("kind", "leaves"), ("council", "C"), ("other", "C"), ("scope", "ict"),
                        ("quarter", 4)):  # fmt: skip
        assert key_of(told | {name: other}) != key_of(told)
    assert whole_of(told | {"agreement": 8}) == whole_of(told)
    for name in ("reason", "value", "more", "because_trust"):
        other = "culture" if name == "reason" else 9.0
        assert whole_of(told | {name: other}) != whole_of(told)
        assert key_of(told | {name: other}) == key_of(told)


def test_the_same_event_weighed_otherwise_is_told_once():
    base = [event("considers", "A"), event("approaches", "A", "B", because_trust=0.2)]
    policy = [event("considers", "A"), event("approaches", "A", "B", because_trust=0.7)]
    found = first_difference(Sides(base, policy), {})
    assert found["side"] == "both" and not found["otherwise"]
    assert found["weighed"] == [("trust", 0.2, 0.7)]
    assert chain_of(Sides(base, policy), {}) == []
    assert first_difference(Sides(base, base), {}) is None


def test_what_was_not_decided_is_not_held_against_what_was():
    walks = event("walks_away", "A", "B", because_base=1.7, because_trust=-4.0)
    agrees = event("agrees_terms", "A", "B", value=1.0)
    found = first_difference(Sides([walks], [agrees]), {})
    assert found["base"]["reasons"] and not found["policy"]["reasons"]
    assert found["weighed"] == []


def test_an_event_that_one_side_lacks_stands_against_nothing():
    found = first_difference(Sides([], [event("considers", "A")]), {"A": "Ashby"})
    assert found["base"] is None
    assert "Ashby starts to look" in found["policy"]["sentence"]
    assert found["weighed"] == []


NAMES = {letter: f"Council {letter}" for letter in "ABCXZ"}


def test_against_an_event_stands_what_happened_otherwise_in_that_quarter():
    both, theirs = (event("considers", letter, scope="ict") for letter in "BX")
    mine = event("considers", "A")
    found = first_difference(Sides([theirs], [mine]), NAMES)
    assert "Council X" in found["base"]["sentence"] and "Council A" in found["policy"]["sentence"]
    found = first_difference(Sides([both, theirs], [mine, both]), NAMES)
    assert "Council X" in found["base"]["sentence"] and "Council A" in found["policy"]["sentence"]
    assert found["both"] is None and found["weighed"] == []
    later = event("considers", "X", quarter=1)
    assert first_difference(Sides([later], [mine]), NAMES)["base"] is None


def test_what_the_same_council_did_instead_is_nearer_than_what_others_did():
    both, other = event("considers", "B", scope="ict"), event("considers", "Z", scope="ict")
    one, two = event("approaches", "A", "B"), event("approaches", "A", "C")
    found = first_difference(Sides([both, other, two], [one, both]), NAMES)
    assert "Council C" in found["base"]["sentence"] and "Council B" in found["policy"]["sentence"]


@pytest.mark.parametrize(
    ("gap", "opened"),
    [([0, 1, 4, 6], 2), ([0, -1, -2, -2], 1), ([5, 0, -4], 2), ([0, 1, 0], None)],
)
def test_the_gap_opens_when_half_of_it_is_there(gap, opened):
    assert when_opened(np.array(gap, dtype=float)) == opened


# --- the first day --------------------------------------------------------------------------------


def test_the_first_day_is_that_of_whatever_differs_first(base):
    ready = prepared(base)
    assert first_quarter(ready, prepared(policy_of(base, "p", talks__pace=0.9))) == 4
    tree = base.document()
    tree["happening"].append(
        {"when": "2011-01-15", "council": "Norwich", "what": "control_changes", "control": "LD"}
    )
    assert first_quarter(ready, prepare(type(base).model_validate(tree))) == 7
    norwich = next(fact for fact in tree["council"] if fact["council"] == "Norwich")
    norwich["contact"] = 0.9
    assert first_quarter(ready, prepare(type(base).model_validate(tree))) == 0
    assert run_arrays(prepared(base), luck=luck_of(1, 0)).quarter == SHORT


def test_what_cannot_be_explained_is_refused(base):
    with pytest.raises(InputError, match="nothing to explain"):
        explain(base, base.model_copy(update={"name": "same"}))
    with pytest.raises(InputError, match="did you mean 'net_saving'"):
        explain(base, policy_of(base, "p", talks__pace=0.9), outcome="net_savin")
    with pytest.raises(InputError, match="--seeds is 0"):
        explain(base, policy_of(base, "p", talks__pace=0.9), seeds=0)


def test_the_command_tells_it_in_words_or_as_json(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.toml").write_text(f'base = "{BASE}"\nquarters = 8\n', encoding="utf-8")
    (tmp_path / "b.toml").write_text(
        'base = "a.toml"\ntitle = "Grants"\n[[change]]\nwhen = 2010-04-01\n'
        'set = { "grants.setup_pot" = 2.0, "grants.staged" = 0.0, "grants.feasibility_pot" = 5 }\n',
        encoding="utf-8",
    )
    words = ["explain", "a.toml", "b.toml", "--seed", "1", "--seeds", "2"]
    told = CliRunner().invoke(app, words, env={"COLUMNS": "80"})
    assert told.exit_code == 0, told.stderr
    assert "The policy begins on 2010-04-01." in told.stdout
    assert "direct, and everything else" in told.stdout
    found = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert {"first", "chain", "gap", "shares"} <= set(found)
    assert len(found["gap"]) == 8
    wrong = CliRunner().invoke(app, ["explain", "a.toml", "b.toml", "--seeds", "0"])
    assert wrong.exit_code == 2
