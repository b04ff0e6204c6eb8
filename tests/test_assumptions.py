"""Policies compared over the worlds of an ensemble: what is luck, and what assumptions do."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from asking import at_once
from scipy.special import ndtr

from experiments.comparing.asking import ask
from experiments.comparing.assumptions import (
    MOST,
    assumptions,
    conditions,
    hangs_on,
)
from experiments.comparing.assumptions_words import assumptions_in_words
from experiments.comparing.compare import compare, row_of
from experiments.comparing.sequences import always_valid
from experiments.ensembles.ensemble import Ensemble, write_ensemble
from experiments.policies.finding import find_policy
from experiments.split import apart_of, luck_alone, split_of
from experiments.stored.belonging import DIFFERENCES
from experiments.stored.reading import read_record
from experiments.stored.tables import read_table
from sim.behaviour import behaviour
from sim.declared.measures import quarter_dtype
from sim.declared.parameters import declarations
from sim.errors import InputError
from sim.ready.varied import vary
from sim.ready.world import prepare
from sim.running import luck_of, run_arrays

NUMBERS = ("talks.pace", "costs.growth", "search.base_service", "tax.base_growth_most")
BUDGET = 200


def chance(key):
    return np.random.Generator(np.random.Philox(key))


def drawn(count, key=1):
    """Return an ensemble of sets that are drawn from the plausible ranges of a few numbers."""
    known = {each.name: each.plausible for each in declarations()}
    low, high = np.array([known[name] for name in NUMBERS]).T
    sets = low + (high - low) * chance(key).random((count, len(NUMBERS)))
    return Ensemble("small", NUMBERS, sets, 2, {"behaviour": behaviour()})


def changed(scenario, name, **values):
    numbers = {key.replace("__", "."): value for key, value in values.items()}
    return vary(prepare(scenario), numbers).scenario.model_copy(update={"name": name})


@pytest.fixture(scope="module")
def seven():
    return find_policy("norfolk-seven").model_copy(update={"quarters": 6})


@pytest.fixture(scope="module")
def leaner(seven):
    """A policy with less money, and one of the ensemble's numbers set."""
    return changed(seven, "leaner", settlement__shock=-0.15, talks__pace=0.9)


@pytest.fixture(scope="module")
def found(seven, leaner):
    """A comparison over 200 replicates, and so over the first 100 of 120 worlds."""
    return over(drawn(120), seven, leaner)


def over(ensemble, *scenarios, **how):
    how = {"outcome": "study_cost", "matters": 1e-9, "budget": BUDGET} | how
    return compare(*scenarios, ensemble=ensemble, **how)


def told_of_values(ensemble, seven, leaner, values):
    """Return what is told of a policy whose differences in reserves are these, a value a run."""
    question = ask(seven, [leaner], "reserves", 1.0, ensemble=ensemble)
    base, policy = (np.zeros(len(values), dtype=quarter_dtype()) for _ in range(2))
    policy["reserves"] = values
    return row_of(question, {seven.name: base, "leaner": policy}, leaner)


# --- luck and assumptions -------------------------------------------------------------------------


def test_the_variance_is_split_as_one_does_by_hand():
    # Within: 2, 2 and 0, in the mean 4/3. Of the means 2, 6 and 2 it is 16/3, less half of 4/3.
    values = np.array([[1.0, 3.0], [5.0, 7.0], [2.0, 2.0]])
    assert split_of(values) == pytest.approx((4 / 3, 14 / 3))
    holes = np.vstack([values, [[np.nan, 99.0], [np.nan, np.nan]]])
    assert split_of(holes) == split_of(values)
    # Within: 1 and 4 of three lucks; of the means 2 and 6 it is 8, less a third of 2.5.
    assert split_of(np.array([[1.0, 2.0, 3.0], [4.0, 6.0, 8.0]])) == pytest.approx(
        (2.5, 8 - 2.5 / 3)
    )


def test_what_assumptions_give_is_not_below_nothing_and_one_world_says_nothing():
    assert split_of(np.array([[0.0, 10.0], [10.0, 0.0]])) == (50.0, 0.0)
    assert split_of(np.array([[1.0, 1.0], [3.0, 3.0]])) == (0.0, 2.0)  # luck gives nothing
    assert np.isnan(split_of(np.array([[1.0, 3.0]]))).all()
    assert np.isnan(split_of(np.empty((0, 2)))).all()


@pytest.mark.parametrize(("lucks", "luck", "worlds"), [(2, 9.0, 4.0), (4, 1.0, 4.0), (2, 9.0, 0.0)])
def test_known_variances_are_found_in_simulated_values(lucks, luck, worlds):
    count, rng = 4000, chance(3)
    means = rng.normal(5.0, np.sqrt(worlds), size=(count, 1))
    split = split_of(means + rng.normal(0.0, np.sqrt(luck), size=(count, lucks)))
    between = worlds + luck / lucks  # four standard errors of variances of normal values
    assert split.luck == pytest.approx(luck, abs=4 * luck * np.sqrt(2 / (count * (lucks - 1))))
    assert split.assumptions == pytest.approx(worlds, abs=6 * between * np.sqrt(2 / count))


@pytest.mark.parametrize("spread", [
    lambda rng, size: rng.normal(size=size),
    lambda rng, size: rng.standard_t(5, size=size) / np.sqrt(5 / 3),
], ids=["normal", "long tails"])  # fmt: skip
@pytest.mark.parametrize(("luck", "worlds"), [(9.0, 4.0), (1.0, 4.0), (9.0, 1.0)])
def test_intervals_of_how_worlds_lie_apart_hold_what_was_planted(spread, luck, worlds):
    """By the bootstrap nearly as often as they say: 88% at least, of 150 tries with 200 worlds."""
    rng, tries, held = chance(6), 150, np.zeros(2)
    share, higher = luck / (luck + worlds), ndtr(1.0 / np.sqrt(worlds))
    for _ in range(tries):
        means = 1.0 + np.sqrt(worlds) * rng.normal(size=(200, 1))
        found = apart_of(means + np.sqrt(luck) * spread(rng, (200, 2)))
        for k, (told, true) in enumerate(((found.luck, share), (found.higher, higher))):
            held[k] += told.low <= true <= told.high
            assert 0.0 <= told.low <= told.value <= told.high <= 1.0
    assert (held / tries >= 0.88).all()


def test_the_share_of_worlds_that_are_higher_is_with_luck_taken_out():
    """Worlds lie around 1 by 1, so in 84% of them it is above 0; fewer means are seen to be."""
    rng, count = chance(9), 4000
    means = rng.normal(1.0, 1.0, size=(count, 1))
    values = means + rng.normal(0.0, 3.0, size=(count, 2))
    found = apart_of(values)
    assert found.higher.value == pytest.approx(0.8413, abs=0.03)
    assert np.mean(values.mean(axis=1) > 0) < 0.7
    assert (found.low, found.high) == pytest.approx((1 - 1.645, 1 + 1.645), abs=0.25)
    assert found.least < found.low < found.high < found.most
    assert apart_of(values, zero=2.0).higher.value == pytest.approx(1 - 0.8413, abs=0.03)


def test_worlds_that_are_all_alike_are_on_one_side_and_it_is_said_how_sure_that_is():
    alike = chance(11).normal(0.05, 3.0, size=(200, 2))
    found = apart_of(alike)
    assert found.luck.high == 1.0 and found.higher.low < 0.35 < 0.65 < found.higher.high


def test_worlds_in_which_nothing_changes_are_told_apart_from_the_bell():
    values = np.zeros((100, 2))
    values[:40] = 2.0 + chance(3).normal(0.0, 0.2, size=(40, 2))
    found = apart_of(values)
    assert (found.higher.value, found.same) == pytest.approx((0.4, 0.6))
    assert apart_of(np.zeros((100, 2))).same == 1.0


def test_one_world_and_one_luck_say_nothing_of_how_worlds_lie_apart():
    for few in (np.array([[1.0, 2.0]]), np.ones((9, 1)) * 2.0, np.empty((0, 2))):
        assert np.isnan(apart_of(few).luck.value) and np.isnan(apart_of(few).high)


def test_luck_alone_is_what_runs_of_one_world_at_one_point_differ_by():
    rng = chance(10)
    worlds = rng.normal(0.0, 2.0, size=(1, 400, 1)) + rng.normal(0.0, 1.0, size=(50, 1, 1))
    runs = (worlds + rng.normal(0.0, 2.0, size=(50, 400, 2))).reshape(50, 800)
    assert luck_alone(runs, 2) == pytest.approx(4 / 9, abs=0.03)
    holes = np.array([[1.0, 3.0, np.nan, 9.0], [2.0, 4.0, 5.0, 7.0]])  # 9 is left out with it
    assert luck_alone(holes, 2) == pytest.approx(2.0 / np.var([1.0, 3.0, 2.0, 4.0, 5.0, 7.0]))
    assert luck_alone(runs, 1) is None
    assert luck_alone(np.ones((3, 4)), 2) is None
    assert luck_alone(np.full((3, 4), np.nan), 2) is None


# --- on what it hangs -----------------------------------------------------------------------------


def test_a_number_counts_from_four_standard_errors_between_its_thirds_on():
    """Thirds of thirty, half of each one below its mean and half one above: errors of root 1/29."""
    numbers = np.repeat(np.arange(1.0, 7.0), 15)[:, None]

    def apart(move):
        return np.repeat([1.0, 3.0, 9.0, -9.0, 1.0 + move, 3.0 + move], 15)

    error = np.sqrt(2 / 29)  # of the difference: 0.263
    (row,) = hangs_on(apart(1.06), numbers, ["a"])
    assert row.pop("name") == "a"
    assert row == pytest.approx(
        {"low": 8 / 3, "high": 13 / 3, "move": 1.06, "error": error, "below": 2.0, "above": 3.06},
        rel=0.02,
    )
    assert hangs_on(apart(1.04), numbers, ["a"]) == []
    assert hangs_on(apart(9.0)[::2], numbers[::2], ["a"]) != []
    assert hangs_on(apart(9.0)[::3], numbers[::3], ["a"]) == []  # thirds of ten are too few


def test_planted_numbers_are_found_and_no_others():
    names = [f"n{k}" for k in range(100)]
    for key in range(10):
        rng = chance(key)
        numbers = rng.random((200, len(names)))
        means = 3.0 * numbers[:, 7] - 2.0 * numbers[:, 40] + rng.normal(0.0, 0.5, size=200)
        rows = hangs_on(means, numbers, names)
        assert [row["name"] for row in rows] == ["n7", "n40"]  # the widest move first
        assert rows[0]["below"] < rows[0]["above"] and rows[1]["below"] > rows[1]["above"]
        assert hangs_on(rng.normal(size=200), numbers, names) == []


def test_what_never_varies_is_no_reason_and_only_the_first_few_are_told():
    numbers = np.tile(np.arange(60.0)[:, None], (1, MOST + 2))
    numbers[:, 0] = 5.0
    names = [f"n{k}" for k in range(MOST + 2)]
    assert [row["name"] for row in hangs_on(np.arange(60.0), numbers, names)] == names[1 : MOST + 1]
    assert hangs_on(np.empty(0), np.empty((0, 1))[:0], []) == []


def grid():
    """Return 100 worlds, of two numbers that are 0.05, 0.15, ..., 0.95, and of one by chance."""
    a, b = np.meshgrid(np.arange(10) / 10 + 0.05, np.arange(10) / 10 + 0.05)
    return np.column_stack([chance(5).random(100), a.ravel(), b.ravel()]), ["c", "a", "b"]


def at(name, side, value):
    """Return a condition as it is told, alone."""
    return [{"name": name, "side": side, "value": pytest.approx(value)}]


def test_conditions_describe_a_planted_step():
    numbers, names = grid()
    means = np.where(numbers[:, 1] > 0.6, 2.0, -1.0)
    rows = conditions(
        means[:, None], numbers, names, hangs_on(means + numbers[:, 1] / 1e9, numbers, names)
    )
    assert rows == [
        {"when": at("a", "at most", 0.6), "coverage": 0.6, "mean": -1.0, "density": 0.0},
        {"when": at("a", "above", 0.6), "coverage": 0.4, "mean": 2.0, "density": 1.0},
    ]
    assert conditions(means[:, None], numbers, names, []) == []


def test_conditions_describe_two_steps_and_no_group_is_smaller_than_it_may_be():
    numbers, names = grid()
    both = (numbers[:, 1] > 0.5) & (numbers[:, 2] > 0.4)
    rows = conditions(
        np.where(both, 5.0, -1.0)[:, None], numbers, names, [{"name": "b"}, {"name": "a"}]
    )
    best = max(rows, key=lambda row: row["mean"])
    assert sorted(best["when"], key=lambda each: each["name"]) == [
        *at("a", "above", 0.5), *at("b", "above", 0.4)
    ]  # fmt: skip
    assert (best["coverage"], best["mean"], best["density"]) == (0.3, 5.0, 1.0)
    assert sum(row["coverage"] for row in rows) == pytest.approx(1.0)
    rare = np.where(numbers[:, 1] > 0.9, 5.0, -1.0)  # a tenth, where 0.15 is the least
    rows = conditions(rare[:, None], numbers, names, [{"name": "a"}])
    assert min(row["coverage"] for row in rows) >= 0.15


def test_of_a_number_that_is_split_twice_the_strictest_condition_is_told():
    numbers, names = grid()
    place = numbers[:, 1]
    means = np.where(place > 0.8, 9.0, np.where(place > 0.5, 5.0, -1.0))
    rows = conditions(means[:, None], numbers, names, [{"name": "a"}])
    found = [(len(row["when"]), row["mean"]) for row in rows]
    assert sorted(found, key=lambda each: each[1]) == [(1, -1.0), (2, 5.0), (1, 9.0)]
    middle = next(row["when"] for row in rows if row["mean"] == 5.0)
    assert middle == [*at("a", "above", 0.5), *at("a", "at most", 0.8)]


# --- in words -------------------------------------------------------------------------------------


MEANING = {each.name: f"{each.name} ({each.why})" for each in declarations()}


def above(name, value):
    return [{"name": name, "side": "above", "value": value}]


def at_most(name, value):
    return [{"name": name, "side": "at most", "value": value}]


def told(**other):
    return {
        "ensemble": "small", "worlds": 100, "lucks": 2, "used_up": False, "mean": 1.5,
        "luck": [1.25, 1.75], "both": [1.0, 2.0], "nine_of_ten": [-0.5, 3.5],
        "at_most": [-1.5, 4.5], "worlds_higher": [0.85, 0.8, 0.9], "worlds_same": 0.0,
        "runs_higher": 0.7, "luck_share": [0.25, 0.2, 0.31], "hangs_on": [], "would_have_to": [],
        "held_fast": [],
    } | other  # fmt: skip


def test_it_is_said_over_what_each_interval_is():
    luck, both, hangs = assumptions_in_words(told(), "agreements")
    assert luck == ("Luck: 1.5 agreements (1.2 to 1.8 over luck, in these 100 worlds of 'small').")
    assert both.startswith("Luck and assumptions: 1.5 agreements (1.0 to 2.0 over luck and worlds)")
    assert (
        "Luck taken out, the policy is higher in 85% of worlds (80% to 90%); nine of ten lie "
        "between -0.50 and 3.5, or as far apart as -1.5 to 4.5 (as if worlds were spread like a "
        "bell). Of single runs it is higher in 70%; of how far they lie apart 25% is luck (20% to "
        "31%), the rest assumptions."
    ) in both
    some = assumptions_in_words(told(worlds_same=0.1), "agreements")[1]
    assert "85% of worlds (80% to 90%) and the same in 10%; nine" in some
    assert hangs == "No single number moves it beyond doubt."
    assert "only" not in luck + both


def test_it_is_said_when_each_world_was_lived_and_what_varies_in_none():
    said = assumptions_in_words(told(used_up=True), "agreements")
    assert said[2].startswith("Over these sets only: every world of 'small' was lived; for more")
    fast = assumptions_in_words(told(held_fast=[f"a.n{k}" for k in range(8)]), "agreements")[2]
    assert fast.endswith("sets it: a.n0, a.n1, a.n2, a.n3, a.n4, a.n5 and 2 more.")


def test_an_interval_that_is_not_there_is_a_dash_stored_or_not():
    for none in ([-np.inf, np.inf], [None, None]):
        luck, both, _ = assumptions_in_words(
            told(luck=none, both=none, mean=None, luck_share=[None, None, None]), "talks"
        )
        assert luck.startswith("Luck: - talks (- over luck, in")
        assert both == (
            "Luck and assumptions: - talks (- over luck and worlds). How far worlds lie apart "
            "cannot be told."
        )


def test_five_numbers_are_told_and_what_would_have_to_be_true_for_the_most_and_the_least():
    names = [*NUMBERS, "talks.leak", "search.invite", "weighing.again"]
    a, b = NUMBERS[:2]
    hangs = [{"name": name, "low": 0.25, "high": 0.75, "below": -k, "above": 1.5}
             for k, name in enumerate(names)]  # fmt: skip
    groups = [
        {"when": [*at_most(a, 0.6), *above(b, 2.0)], "coverage": 0.2, "mean": -1.0, "density": 0.1},
        {"when": above(a, 0.6), "coverage": 0.5, "mean": 2.0, "density": 0.9},
        {"when": [*at_most(a, 0.6), *at_most(b, 2.0)], "coverage": 0.3, "mean": 1.0,
         "density": 0.5},
    ]  # fmt: skip
    said = assumptions_in_words(told(hangs_on=hangs, would_have_to=groups), "talks")[2:]
    assert said[0].startswith(
        f"It hangs most on {MEANING[a]}: 0 where that is at most 0.25, 1.5 where it is at least "
        "0.75;"
    )
    assert f"{MEANING[names[4]]}: -4.0 where that" in said[0] and MEANING[names[5]] not in said[0]
    assert said[1] == (
        f"What would have to be true for the most: {MEANING[a]} above 0.6. So it is in 50% of "
        "worlds, where it is 2.0 in the mean (as seen in the worlds that it was looked for in, so "
        "too far out) and of single runs the policy is higher in 90%."
    )
    assert said[2].startswith(
        f"What would have to be true for the least: {MEANING[a]} at most 0.6 and {MEANING[b]} "
        "above 2. So it is in 20% of"
    )
    assert len(assumptions_in_words(told(would_have_to=groups[:1]), "talks")) == 3


# --- compared -------------------------------------------------------------------------------------


def differences_of(found, outcome):
    return found.differences[outcome].to_numpy()


def test_each_replicate_is_lived_in_its_world_under_the_base_and_the_policy(seven, leaner, found):
    values = drawn(120).values(37 // 2)
    base = prepare(changed(seven, "there", **values))
    del values["talks.pace"]  # the policy says what it is
    policy = prepare(changed(leaner, "there", **values))
    ends = [run_arrays(each, luck=luck_of(1, 37)).record[-1]["reserves"] for each in (base, policy)]
    assert differences_of(found, "reserves")[37] == ends[1] - ends[0]


def test_intervals_are_of_the_means_of_worlds(found):
    (row,) = found.rows
    values = differences_of(found, "study_cost")
    assert len(values) == row["replicates"] == BUDGET
    means = (values[0::2] + values[1::2]) / 2
    by_hand = always_valid(means)
    assert np.isfinite(by_hand.half)
    assert (row["difference"], row["low"], row["high"]) == pytest.approx(by_hand)
    assert row["high"] - row["low"] != pytest.approx(2 * always_valid(values).half)
    shares = [np.mean(values > 0), np.mean(values == 0), np.mean(values < 0)]  # of single runs
    assert [row["higher"], row["equal"], row["lower"]] == shares
    assert row["assumptions"]["runs_higher"] == shares[0] != np.mean(means > 0)
    assert row["without_value"] == 0
    course, last = row["course"], row["course"][-1]
    assert len(course) == 6
    assert (last["difference"], last["low"], last["high"]) == pytest.approx(by_hand)
    paid = differences_of(found, "government_spending")
    paid, told = always_valid((paid[0::2] + paid[1::2]) / 2), row["public"]["shares"]["government"]
    assert (told["value"], told["low"], told["high"]) == pytest.approx(paid)


def test_luck_and_assumptions_are_told_of_the_same_values(found):
    (row,) = found.rows
    values = differences_of(found, "study_cost").reshape(-1, 2)
    split, means = split_of(values), values.mean(axis=1)
    about = row["assumptions"]
    assert (about["worlds"], about["lucks"], about["used_up"]) == (100, 2, False)
    assert about["mean"] == pytest.approx(row["difference"])
    assert about["both"] == pytest.approx([row["low"], row["high"]])
    half = (row["high"] - row["low"]) / 2
    half *= min(np.sqrt(split.luck / 2 / np.var(means, ddof=1)), 1.0)
    assert about["luck"] == pytest.approx([about["mean"] - half, about["mean"] + half])
    assert about["luck_share"][0] == pytest.approx(split.luck / (split.luck + split.assumptions))
    assert about["luck_share"] == list(apart_of(values).luck)
    assert about["held_fast"] == ["talks.pace"]
    assert "in these 100 worlds of 'small'" in row["assumptions_in_words"][0]


def test_neither_workers_nor_blocks_change_the_table(seven, leaner, found):
    plain = json.dumps(found.rows)
    for how in ({"workers": 2, "block": 33}, {"block": 20}):  # 33: a look amid a world
        again = over(drawn(120), seven, leaner, **how)
        assert json.dumps(again.rows) == plain
        pd.testing.assert_frame_equal(again.table, found.table)
        pd.testing.assert_frame_equal(again.differences, found.differences)


def test_a_policy_that_moves_nothing_is_told_so(seven):
    idle = changed(seven, "idle", tax__open_limit=0.06)
    (row,) = over(drawn(120), seven, idle, budget=None).rows
    assert row["replicates"] == 100 and not row["moved"]
    assert "moved not one bit of any measure in 100 replicates, so it was run no" in row["in_words"]
    assert "assumptions" not in row


def test_it_is_told_when_each_world_was_lived(seven, leaner):
    for runs, used_up in ((199, False), (200, True)):
        row = told_of_values(drawn(100), seven, leaner, chance(1).normal(size=runs))
        about, said = row["assumptions"], " ".join(row["assumptions_in_words"])
        assert about["used_up"] == ("every world of" in said) == used_up
        assert about["worlds"] == runs // 2


def test_the_number_that_decides_is_found_in_runs_and_in_values(seven, leaner, found):
    """How much larger gaps will be is a share of what is spent, so it hangs on growth of costs."""
    gaps = found.question._replace(outcome="expected_gap")
    about = assumptions(gaps, found.finals, leaner)
    assert [row["name"] for row in about["hangs_on"]] == ["costs.growth"]
    assert about["luck_share"][0] < 0.1
    assert {each["name"] for row in about["would_have_to"] for each in row["when"]} == {
        "costs.growth"
    }
    made, place = drawn(120), NUMBERS.index("search.base_service")
    effect = 10.0 * np.repeat(made.sets[:, place] - 0.275, 2)
    values = 1.0 + effect + chance(2).normal(0.0, 0.5, size=240)
    about = told_of_values(made, seven, leaner, values)["assumptions"]
    assert [row["name"] for row in about["hangs_on"]] == ["search.base_service"]
    steady = 1.0 + 10.0 * (made.sets[:, place] - 0.275)
    assert about["worlds_higher"][0] == pytest.approx(np.mean(steady > 0), abs=0.1)  # no bell
    assert about["runs_higher"] == np.mean(values > 0)


def test_several_policies_and_a_scorecard_are_over_worlds_too(seven, leaner, found):
    cut = changed(seven, "cut", settlement__shock=-0.1)
    card = over(drawn(120), seven, leaner, cut, outcome=None, matters=None)
    assert card.finals["leaner"].tobytes() == found.finals["leaner"].tobytes()
    means = {}
    for name in ("leaner", "cut"):
        values = card.differences.query("policy == @name")["agreements"].to_numpy()
        means[name] = (values[0::2] + values[1::2]) / 2
        row = card.table.set_index(["policy", "outcome"]).loc[name, "agreements"]
        by_hand = always_valid(means[name], error=0.05 / 24)
        assert (row["difference"], row["low"], row["high"]) == pytest.approx(by_hand)
        assert (row["replicates"], row["without_value"]) == (BUDGET, 0)
    ranking = next(each for each in card.rankings if each["outcome"] == "agreements")
    pair = next(row for row in ranking["pairs"] if {row["one"], row["other"]} == means.keys())
    by_hand = always_valid(means[pair["other"]] - means[pair["one"]], error=0.05 / 24)
    assert (pair["difference"], pair["low"], pair["high"]) == pytest.approx(by_hand)


def test_without_an_ensemble_nothing_is_said_of_assumptions(seven, leaner):
    for none in (None, "none"):
        (row,) = over(none, seven, leaner, budget=100).rows
        assert "assumptions" not in row and row["moved"]


# --- kept -----------------------------------------------------------------------------------------


@pytest.fixture
def asked(tmp_path):
    """Return an asker of commands in a folder with an ensemble, a base and a policy."""
    write_ensemble(tmp_path / "small.parquet", drawn(100))
    for name, text in (("base", ""), ("leaner", "[settlement]\nshock = -0.15\n")):
        top = 'base = "norfolk-seven"\nquarters = 6\n'
        (tmp_path / f"{name}.toml").write_text(top + text, encoding="utf-8")

    def answer(*words):
        return at_once(tmp_path, *words)

    return answer


COMPARED = ("compare", "base.toml", "leaner.toml", "--ensemble", "small.parquet", "--budget", "200")
ONE = ("--outcome", "services", "--matters", "50")


def test_a_comparison_over_worlds_is_kept_and_found_again(asked, tmp_path):
    first = json.loads(asked(*COMPARED, *ONE, "--json")[1])
    assert not first["reused"]
    assert first["asked"]["worlds"] == {
        "ensemble": "small", "sets": drawn(100).digest, "lucks": 2, "until": None,
        "most": 200,
    }  # fmt: skip
    again = json.loads(asked(*COMPARED, *ONE, "--json")[1])
    assert again["reused"] and again["folder"] == first["folder"]
    assert again["results"] == first["results"]
    status, out, _ = asked(*COMPARED, *ONE)
    assert status == 0 and "(from an earlier run)" in out
    assert "over luck and worlds)" in " ".join(out.split())
    plain = ["none" if word == "small.parquet" else word for word in COMPARED]
    other = json.loads(asked(*plain, *ONE, "--json")[1])
    assert not other["reused"] and "worlds" not in other["asked"]
    assert other["folder"] != first["folder"]
    write_ensemble(tmp_path / "small.parquet", drawn(100, key=2), replace=True)
    third = json.loads(asked(*COMPARED, *ONE, "--json")[1])
    assert not third["reused"] and third["asked"]["worlds"]["sets"] == drawn(100, key=2).digest


@pytest.mark.parametrize("words", [ONE, ()])
def test_what_is_kept_is_confirmed_to_the_bit(asked, words):
    assert asked(*COMPARED, *words, "--out", "kept")[0] == 0
    status, out, _ = asked("verify", "kept", "--sample", "4")
    assert status == 0, out
    assert "every bit" in out


def test_other_sets_in_its_place_and_an_ensemble_that_is_gone_are_said_by_verify(asked, tmp_path):
    asked(*COMPARED, *ONE, "--out", "kept")
    assert read_record(tmp_path / "kept").asked["worlds"]["sets"] == drawn(100).digest
    path = tmp_path / "small.parquet"
    write_ensemble(path, drawn(100, key=2), replace=True)
    status, _, err = asked("verify", "kept", "--sample", "4")
    assert status == 2 and err.count("\n") == 1
    assert "'small.parquet' holds other sets than when this was made" in err
    path.unlink()
    status, _, err = asked("verify", "kept", "--sample", "4")
    assert status == 2 and "there is no ensemble 'small.parquet'" in err
    write_ensemble(path, drawn(100))
    assert asked("verify", "kept", "--sample", "4")[0] == 0


def test_an_ensemble_of_other_rules_is_noted_and_one_that_is_not_there_refused(asked, tmp_path):
    assert "ensemble" not in asked(*COMPARED, *ONE)[2]
    made = drawn(100)._replace(about={"behaviour": "other"})
    write_ensemble(tmp_path / "small.parquet", made, replace=True)
    status, _, err = asked(*COMPARED, *ONE)
    assert status == 0
    assert "the ensemble 'small' was found with rules that did other things" in " ".join(
        err.split()
    )
    status, _, err = asked(*COMPARED[:4], "smal", *ONE)
    assert status == 2 and "there is no ensemble 'smal'" in err and err.count("\n") == 1


# --- what was not right at first ------------------------------------------------------------------


def test_no_world_is_lived_twice(seven, leaner):
    """A set that is lived again is no other world: so many replicates are refused."""
    assert ask(seven, [leaner], "reserves", 1.0, ensemble=drawn(120)).budget == 240
    with pytest.raises(InputError, match=r"'small' has 120 worlds of 2 replicates.*at most 240"):
        ask(seven, [leaner], "reserves", 1.0, ensemble=drawn(120), budget=300)


def test_runs_in_which_nothing_changes_are_neither_higher_nor_lower(seven, leaner):
    values = np.zeros(240)
    values[:96] = 2.0 + chance(3).normal(0.0, 0.2, size=96)
    row = told_of_values(drawn(120), seven, leaner, values)
    assert [row["higher"], row["equal"], row["lower"]] == pytest.approx([0.4, 0.6, 0.0])
    assert row["assumptions"]["runs_higher"] == pytest.approx(0.4)
    assert row["assumptions"]["worlds_higher"][0] == pytest.approx(0.4)
    assert row["assumptions"]["worlds_same"] == pytest.approx(0.6)


def test_the_next_command_of_a_scorecard_is_over_the_same_worlds(asked):
    out = json.loads(asked(*COMPARED, "--json")[1])
    assert re.search(r"--ensemble small\.parquet", out["next"]["command"])


def test_too_few_worlds_are_not_told_as_too_few_replicates(seven, leaner):
    row = told_of_values(drawn(100), seven, leaner, chance(1).normal(size=100))
    assert "there are 50 replicates" not in row["in_words"]


def test_what_is_not_told_apart_is_not_surely_higher_in_all_worlds(seven, leaner):
    values = chance(1).normal(0.01, 30.0, size=200)
    row = told_of_values(drawn(100), seven, leaner, values)
    assert row["verdict"] == "cannot tell"
    _, low, high = row["assumptions"]["worlds_higher"]
    assert low < 0.2 and high > 0.8


def test_mechanisms_are_of_the_runs_that_were_compared(asked, tmp_path):
    status, out, err = asked(*COMPARED, *ONE, "--mechanisms", "2", "--json", "--out", "kept")
    assert status == 0, err
    (shared,) = json.loads(out)["mechanisms"]
    compared = read_table(tmp_path / "kept" / DIFFERENCES)["services"]
    assert shared["sum"] == pytest.approx(compared[:2].mean())
