"""Verdicts, shares, flips, summaries and survival are those of numbers worked out another way."""

import itertools
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from agreed import agreements_of, counted
from scipy import stats

from experiments.comparing import flips
from experiments.comparing.asking import ask
from experiments.comparing.compare import row_of
from experiments.comparing.pairing import paired
from experiments.comparing.sequences import always_valid
from experiments.comparing.verdicts import settled, verdict, within
from experiments.estimates import Estimate, share_of
from experiments.explaining import shares
from experiments.explaining.differences import first_difference
from experiments.explaining.mechanisms import MECHANISMS
from experiments.explaining.parts import parts_in
from experiments.figures.survival import aalen_johansen, survival_table
from experiments.summary import summarise
from experiments.vignette import BRECKLAND, SOUTH_NORFOLK, vignette
from sim.declared.measures import MEASURES, quarter_dtype
from sim.story.alike import Sides, unlike

# --- when a comparison stops, and what it says ----------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "stops", "lies_within"),
    [
        (-0.999, 0.999, True, True),  # within what matters, though wide
        (-1.0, 0.9, False, False),
        (-0.9, 1.0, False, False),
        (1.0, 9.0, True, False),  # beyond it
        (0.999, 9.0, False, False),
        (-9.0, -1.0, True, False),
        (-9.0, -0.999, False, False),
        (0.5, 1.5, True, False),  # as wide as what matters, wherever it lies
        (0.5, 1.5001, False, False),
        (-np.inf, np.inf, False, False),
        (2.0, np.inf, False, False),
    ],
)
def test_a_comparison_stops_at_its_limits_and_not_before(low, high, stops, lies_within):
    found = Estimate((low + high) / 2, low, high)
    assert (settled(found, 1.0), within(found, 1.0)) == (stops, lies_within)


VALUES = np.arange(-50.0, 50.0)  # of both signs


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-0.9, 0.9, "no difference that matters"),
        (0.1, 0.9, "no difference that matters"),  # higher, and by too little
        (0.1, 1.0, "higher"),
        (0.0, 1.0, "cannot tell"),
        (-1.0, 0.0, "cannot tell"),
        (-1.0, -0.1, "lower"),
    ],
)
def test_a_verdict_is_what_its_interval_leaves_open(low, high, said):
    assert verdict(Estimate(0.5, low, high), VALUES, 1.0) == said


@pytest.mark.parametrize(
    ("value", "said", "but_one"),
    [
        (0.0, "no difference that matters", "nearly always the same"),
        (1.0, "higher", "higher in every pair"),
        (-1.0, "lower", "nearly always lower"),
    ],
)
def test_a_hundred_replicates_that_are_all_the_same_are_taken_at_their_word(value, said, but_one):
    found = Estimate(value, -np.inf, np.inf)
    assert verdict(found, np.full(100, value), 1.0) == said
    assert verdict(found, np.full(99, value), 1.0) == "cannot tell"
    assert verdict(found, np.r_[np.full(99, value), 5.0], 1.0) == but_one
    assert verdict(found, np.r_[np.full(94, value), np.full(6, -value - 1)], 1.0) == "cannot tell"


def records(values, outcome="budget"):
    found = np.zeros(len(values), dtype=quarter_dtype())
    found[outcome] = values
    return found


@pytest.fixture(scope="module")
def question():
    return ask("norfolk", ["set-up-grants"], "budget", 1.0)


def test_a_row_tells_shares_correlation_and_what_the_same_luck_was_worth(question):
    chance = np.random.default_rng(1)
    a = chance.normal(10, 3, 200)
    b = a + np.round(chance.normal(1, 2, 200))
    a[5], b[9] = np.nan, np.nan
    names = (question.base.name, question.policies[0].name)
    row = row_of(question, dict(zip(names, map(records, (a, b)), strict=True)),
                 question.policies[0])  # fmt: skip
    known = np.isfinite(a) & np.isfinite(b)
    a, b = a[known], b[known]
    d = b - a
    assert (row["replicates"], row["without_value"]) == (200, 2)
    assert (row["difference"], row["low"], row["high"]) == pytest.approx(always_valid(d))
    assert [row[key] for key in ("higher", "equal", "lower")] == pytest.approx(
        [(d > 0).mean(), (np.abs(d) == 0).mean(), (d < 0).mean()]
    )
    assert row["correlation"] == pytest.approx(stats.pearsonr(a, b).statistic)
    # so many of each that independent means would differ with the same standard error
    needed = (a.var() + b.var()) / (d.var() / len(d))
    assert row["independent"] == pytest.approx(needed)
    assert (row["base_mean"], row["policy_mean"]) == pytest.approx((a.mean(), b.mean()))
    shorter = paired(records(a), records(b[:50]), "budget")
    assert shorter[0].tolist() == a[:50].tolist() and shorter[1].tolist() == b[:50].tolist()


def test_a_row_of_small_numbers_is_told_as_that_of_large_ones_and_in_words(question):
    chance = np.random.default_rng(2)
    a = chance.normal(0, 0.01, 100)
    b = a + chance.normal(0.002, 0.001, 100)
    names = (question.base.name, question.policies[0].name)
    row = row_of(question, dict(zip(names, map(records, (a, b)), strict=True)),
                 question.policies[0])  # fmt: skip
    assert row["correlation"] == pytest.approx(stats.pearsonr(a, b).statistic)
    assert (row["outcome"], row["title"]) == ("budget", question.policies[0].title)
    assert row["in_words"].startswith(f"{row['title']}: no difference that matters; it is 0.0")
    assert "million pounds a year (0.0" in row["in_words"] and "less than 1" in row["in_words"]


def test_a_row_of_nothing_and_of_what_never_moves_has_no_numbers(question):
    names = (question.base.name, question.policies[0].name)
    none = row_of(question, {name: records([np.nan]) for name in names}, question.policies[0])
    missing = ("difference", "higher", "equal", "lower", "independent", "correlation",
               "base_mean", "policy_mean")  # fmt: skip
    assert np.isnan([none[key] for key in missing]).all() and none["without_value"] == 1
    still = row_of(question, {name: records(np.ones(120)) for name in names}, question.policies[0])
    assert np.isnan([still["correlation"], still["independent"]]).all() and still["equal"] == 1.0
    moving = dict(zip(names, (records(np.ones(120)), records(np.arange(120.0))), strict=True))
    one = row_of(question, moving, question.policies[0])
    assert np.isnan(one["correlation"]) and one["independent"] == pytest.approx(120)


# --- shared out over mechanisms -------------------------------------------------------------------

COUNT = len(MECHANISMS)


class Game:
    """A gap that is known: what each mechanism adds alone, and what some add only together."""

    def __init__(self, alone, together, rest=3.0):
        self.alone, self.together, self.rest = alone, together, rest
        self.asked = set()

    def at(self, off, seed, replicate):
        """Return the gap with these mechanisms off."""
        self.asked.add((seed, replicate))
        on = {k for k, each in enumerate(MECHANISMS) if each.name not in off}
        added = sum(self.alone[k] for k in on)
        return self.rest + added + sum(v for pair, v in self.together.items() if set(pair) <= on)


def test_a_share_is_a_mechanisms_own_part_and_half_of_what_two_do_together():
    """Shapley values of a game of pairs: an order and its reverse give them exactly."""
    alone = np.random.default_rng(1).normal(size=COUNT)
    together = {(0, 3): 8.0, (3, 5): -2.0, (1, 2): 1.0}
    game = Game(alone, together)
    expected = alone.copy()
    for pair, value in together.items():
        expected[list(pair)] += value / 2
    for orders in (2, 6):
        found = shares._parts(game, 4, 7, orders)
        assert found[:-1] == pytest.approx(expected) and found[-1] == pytest.approx(3.0)
        assert found.sum() == pytest.approx(game.at([], 4, 7))
    assert game.asked == {(4, 7)}


def test_three_together_share_alike_over_many_orders_which_differ_from_seed_to_seed():
    game = Game(np.zeros(COUNT), {(2, 6, 9): 6.0})
    few = [shares._parts(game, seed, 0, 2)[[2, 6, 9]] for seed in range(300)]
    assert len(np.unique(few, axis=0)) > 1
    assert np.mean(few, axis=0) == pytest.approx([2, 2, 2], abs=0.5)
    assert (np.sum(few, axis=1) == pytest.approx(6.0)) and game.rest == 3.0
    again = shares._parts(game, 3, 0, 2)
    assert again.tolist() == shares._parts(game, 3, 0, 2).tolist()
    assert any(again.tolist() != shares._parts(game, 3, k, 2).tolist() for k in range(1, 6))


def test_shares_are_ranked_by_size_with_students_interval_over_the_runs():
    parts = (
        np.random.default_rng(2).normal(0, 1, (12, COUNT + 1))
        + np.r_[np.zeros(COUNT - 1), 30.0, 90.0]
    )
    rows = parts_in(parts).rows
    assert [row["mechanism"] for row in rows[:2]] == ["direct", MECHANISMS[-1].name]
    assert [abs(row["effect"]) for row in rows] == sorted(
        (abs(row["effect"]) for row in rows), reverse=True
    )
    first = parts[:, -1]
    low, high = stats.t.interval(0.95, 11, first.mean(), stats.sem(first))
    found = [rows[0][key] for key in ("effect", "low", "high")]
    assert found == pytest.approx([first.mean(), low, high])
    assert rows[0]["share"] == pytest.approx(first.mean() / parts.sum(axis=1).mean())
    assert sum(row["share"] for row in rows) == pytest.approx(1.0)
    assert rows[1]["words"] == MECHANISMS[-1].words
    none = parts_in(np.tile(np.r_[1.0, -1.0, np.zeros(COUNT - 1)], (4, 1))).rows
    assert all(row["share"] is None for row in none) and none[0]["effect"] == 1.0
    small = parts_in(np.full((4, COUNT + 1), 1e-8)).rows
    assert small[0]["share"] == pytest.approx(1 / (COUNT + 1))


# --- what turns the answer ------------------------------------------------------------------------


def test_an_end_is_looked_at_again_within_one_standard_error_of_a_reversal_or_of_what_matters():
    apart = np.array([-1.0, 1.0, -1.0, 1.0])
    error = stats.sem(apart)
    plain = np.full(4, 5.0)

    def end(mean):
        return mean + apart

    ends = [end(0.99 * error), end(1.01 * error), end(-3.0), end(5.0 + 2 - 1.01 * error),
            end(5.0 + 2 - 0.99 * error), end(5.0 - 2 + 0.99 * error), end(9.0)]  # fmt: skip
    turned, moved = flips._seeming(plain, ends, 2.0)
    assert turned == [2, 0]  # the one that moves it most comes first
    assert moved == [1, 6, 4, 5] or moved == [1, 6, 5, 4]
    mirrored = flips._seeming(-plain, [-values for values in ends], 2.0)
    assert mirrored == (turned, moved)
    assert flips._seeming(plain, [plain], 2.0) == ([], [])
    assert flips._seeming(np.zeros(4), [np.zeros(4)], 2.0) == ([], [])  # what stays turns nothing


def test_a_mean_has_its_standard_error_over_what_has_a_value():
    values = np.array([1.0, np.nan, 4.0, 4.0])
    assert flips._with_error(values) == pytest.approx((3.0, stats.sem([1.0, 4.0, 4.0])))
    assert flips._with_error(np.array([1.0, np.nan])) == (0.0, 0.0)
    assert flips._with_error(np.array([1.0, 2.0])) == pytest.approx((1.5, 0.5))
    found = flips.mean_of(values, error=0.1)
    low, high = stats.t.interval(0.9, 2, 3.0, stats.sem([1.0, 4.0, 4.0]))
    assert found == pytest.approx((3.0, low, high))


def effect(found, now, move=0.0, matters=1.0):
    end = flips.RangeEnd("x", 0.0, 1.0, Estimate(found, found, found), Estimate(move, move, move))
    return flips._effect(end, now, matters)


def test_an_end_reverses_only_a_ranking_that_is_clear():
    clear, other, open_ = Estimate(2, 0.1, 4), Estimate(-2, -4, -0.1), Estimate(2, 0, 4)
    assert [effect(-0.1, each) for each in (clear, other, open_)] == ["reverses", None, None]
    assert [effect(0.1, each) for each in (clear, other, open_)] == [None, "reverses", None]
    assert effect(0.0, clear) is None
    assert effect(0.0, Estimate(-2, -4, 0)) is None and effect(1.0, Estimate(-2, -4, 0)) is None
    moves = [effect(3.0, clear, move=each) for each in (1.0, 1.01, -1.0, -1.01)]
    assert moves == [None, "moves", None, "moves"]


class Line:
    """A difference that changes in a straight line with an assumption, from -1 at 0 to 1 at 1."""

    def at(self, name, value, replicates):
        """Return the differences at a value: their interval reaches 0.2 either way."""
        assert name == "x" and replicates == flips.CONFIRMED
        spread = np.array([-1.0, 1.0] * 100)
        reach = stats.t.interval(0.95, 199, 0, stats.sem(spread))[1]
        return 2 * value - 1 + spread * 0.2 / reach


@pytest.mark.parametrize(("now", "end"), [(0.0, 1.0), (1.0, 0.0), (0.9, 0.0)])
def test_the_value_at_which_a_ranking_flips_is_found_to_a_hundredth_of_the_span(now, end):
    place = flips.RangeEnd("x", now, end, Estimate(0, 0, 0), Estimate(0, 0, 0))
    found = [
        flips._flip(Line(), place, of)
        for of in (lambda f: f.value, lambda f: f.low, lambda f: f.high)
    ]
    assert found == pytest.approx([0.5, 0.6, 0.4], abs=abs(end - now) / 2**8 + 1e-9)
    assert flips._flip(Line(), place._replace(value=now + 0.01), lambda f: f.value) == now + 0.01


class Even:
    """Differences of some mean, as 200 replicates that reach a spread either way of it."""

    question = SimpleNamespace(matters=1.0, base=None)
    spread = np.array([-1.0, 1.0] * 100)

    def __init__(self, now, slope=-1.0):
        self.now, self.slope = now, slope

    def plain(self, replicates):
        """Return the differences at the values in force."""
        assert replicates == flips.CONFIRMED
        return self.now + self.spread

    def at(self, name, value, replicates):
        """Return the differences at a value, in a straight line through `now` at 0."""
        return self.plain(replicates) + self.slope * value


def rows(tries, monkeypatch, **ends):
    """Return the rows of some ends, each with its mean and how its replicates spread about it."""
    monkeypatch.setattr(flips, "in_force", lambda base, name: 0.0)
    confirmed = [mean + spread * tries.spread for mean, spread in ends.values()]
    places = [(name, 5.0) for name in ends]
    return {row["assumption"]: row for row in flips._rows(tries, places, confirmed, Even.question)}


@pytest.mark.parametrize("sign", [1, -1])
def test_ends_are_told_by_what_they_do_then_by_how_sure_then_by_how_far(monkeypatch, sign):
    found = rows(
        Even(sign * 2.0, -sign), monkeypatch,
        moves_little=(sign * 3.5, 1.0), may_move=(sign * 9.0, 400.0),
        moves=(sign * 6.0, 1.0), may_turn=(sign * -0.1, 40.0), turns=(sign * -1.0, 1.0),
        stays=(sign * 2.9, 1.0),
    )  # fmt: skip
    assert list(found) == ["turns", "may_turn", "moves", "moves_little", "may_move"]
    assert [row["sure"] for row in found.values()] == [True, False, True, True, False]
    assert [row["effect"] for row in found.values()] == ["reverses"] * 2 + ["moves"] * 3
    assert found["moves"]["move"] == pytest.approx(sign * 4.0)
    assert found["moves"]["flips_at"] is None and found["moves"]["doubt"] is None
    near, far = found["turns"]["doubt"]
    assert near < found["turns"]["flips_at"] < far and found["turns"]["flips_at"] == pytest.approx(
        2.0, abs=5 / 2**8
    )


def test_the_error_is_shared_out_over_all_ends_that_are_looked_at_again(monkeypatch):
    for many in (1, 2, 5):
        ends = {f"end{k}": (6.0, 1.0) for k in range(many)}
        row = rows(Even(2.0), monkeypatch, **ends)["end0"]
        low, high = stats.t.interval(1 - 0.05 / many, 199, 6.0, stats.sem(Even.spread))
        assert (row["difference"], row["low"], row["high"]) == pytest.approx((6.0, low, high))


def test_what_is_sure_about_a_move_is_reckoned_with_the_shared_error(monkeypatch):
    alone = stats.t.interval(0.95, 199, 0, stats.sem(Even.spread))[1]
    shared = stats.t.interval(1 - 0.05 / 5, 199, 0, stats.sem(Even.spread))[1]
    spread = 4.0 / ((alone + shared) / 2)  # told from nothing alone, and not as one of five
    ends = {f"end{k}": (6.0, 1.0 + spread) for k in range(5)}
    assert not rows(Even(2.0), monkeypatch, **ends)["end0"]["sure"]
    assert rows(Even(2.0), monkeypatch, end0=(6.0, 1.0 + spread))["end0"]["sure"]


# --- where two logs part --------------------------------------------------------------------------


def event(quarter, kind="talks_begin", council="A", other="B", scope="legal", **more):
    return {"quarter": quarter, "kind": kind, "council": council, "other": other,
            "scope": scope, "date": "2010-04-01"} | more  # fmt: skip


def test_an_event_that_one_log_has_twice_and_the_other_once_is_unlike_once():
    same, extra = event(3), event(1, council="C")
    found = unlike(Sides([same, same, extra], [same]))
    assert [(each.side, each.quarter) for each in found] == [("base", 1), ("base", 3)]
    found = unlike(Sides([same], [same, event(2)]))
    assert [each.side for each in found] == ["policy"]
    assert first_difference(Sides([same], [same]), {}) is None


# --- summaries ------------------------------------------------------------------------------------


def test_a_summary_is_students_interval_cut_off_at_the_bounds_of_its_measure():
    values = np.r_[np.random.default_rng(3).gamma(2.0, 1.0, 40), np.nan]
    (row,) = summarise({"net_saving": values - 9}, ["net_saving"])
    known = values[:-1] - 9
    low, high = stats.t.interval(0.95, 39, known.mean(), stats.sem(known))
    declared = next(each for each in MEASURES if each.name == "net_saving")
    assert (row["name"], row["title"], row["unit"]) == ("net_saving", declared.title, declared.unit)
    assert (row["runs"], row["mean"]) == (40, pytest.approx(known.mean()))
    assert (row["low"], row["high"]) == pytest.approx((low, high))
    assert (row["q05"], row["q95"]) == pytest.approx(tuple(np.percentile(known, (5, 95))))
    (cut,) = summarise({"trust": [0.0, 1.0]}, ["trust"])
    assert (cut["low"], cut["high"]) == (0.0, 1.0)
    (none,) = summarise({"trust": [np.nan]}, ["trust"])
    assert np.isnan([none[key] for key in ("mean", "low", "high", "q05", "q95")]).all()


@pytest.mark.parametrize(
    "counts", [(0, 10), (1, 10), (5, 10), (8, 10), (10, 10), (64, 100), (1, 1)]
)
def test_wilsons_interval_is_that_of_scipy(counts):
    known = stats.binomtest(*counts).proportion_ci(0.95, method="wilson")
    share = counts[0] / counts[1]
    assert share_of(*counts) == pytest.approx((share, known.low, known.high), abs=1e-7)


def log_of(*rows):
    names = ["replicate", "quarter", "kind", "council", "other", "agreement", "scope", "reason"]
    return pd.DataFrame([dict(zip(names, row, strict=False)) for row in rows], columns=names)


def collapsed(run, leaver, *, kind="walks_away", later=None, reason="tax"):
    """Return a run in which their talks end in quarter 4, and Breckland signs later with others."""
    talk = ("management",)
    rows = [
        (run, 1, "talks_begin", SOUTH_NORFOLK, BRECKLAND, 1, *talk),
        (run, 4, kind, leaver, None, 1, *talk, reason),
        (run, 4, "talks_fail", SOUTH_NORFOLK, BRECKLAND, 1, *talk, reason),
    ]
    if later is not None:
        rows += [(run, later, "signs", each, BRECKLAND, 2, *talk) for each in (BRECKLAND, "X")]
    return rows


def test_who_left_and_who_was_left_are_counted_apart():
    events = log_of(
        *collapsed(0, BRECKLAND, later=5),
        *collapsed(1, SOUTH_NORFOLK, later=4, reason="culture"),
        *collapsed(2, SOUTH_NORFOLK, later=12),
        *collapsed(3, SOUTH_NORFOLK, kind="votes_no", later=13),
        *collapsed(4, BRECKLAND, kind="votes_no", reason="culture"),
    )
    found = vignette(events, last_quarter=12)
    assert (found.talked, found.collapsed, found.left) == (5, 5, 2)
    assert found.found_another == 2 and found.over_culture == 2
    assert found.jilted_share == pytest.approx(2 / 3)
    assert found.rematched == (1, 2, 2, 2, 2, 2, 2, 2, 3)
    assert found.rematch_share == pytest.approx(3 / 5) and found.collapse_share == 1.0
    assert found.cut_short == 0 and vignette(events, last_quarter=11).cut_short == 5
    assert vignette(events).cut_short == 0  # the last event is of quarter 13
    assert np.isnan(vignette(log_of(*collapsed(0, BRECKLAND))).jilted_share)


def test_only_the_first_talks_of_the_two_about_management_are_counted_once_a_run():
    def begins(run, quarter, one, two, agreement, scope="management"):
        return run, quarter, "talks_begin", one, two, agreement, scope

    both = (SOUTH_NORFOLK, BRECKLAND)
    events = log_of(
        begins(0, 5, *both, 9), begins(0, 2, *both[::-1], 3),  # who asked first, in any order
        (0, 3, "talks_fail", *both[::-1], 3, "management", "tax"),
        (0, 4, "talks_fail", *both[::-1], 3, "management", "culture"),  # told twice
        (0, 6, "signs", SOUTH_NORFOLK, SOUTH_NORFOLK, 9, "management"),
        (0, 6, "signs", BRECKLAND, SOUTH_NORFOLK, 9, "management"),
        begins(1, 1, *both, 1), begins(2, 1, *both, 1, "merger"),  # one signs, one goes on
        (1, 2, "signs", SOUTH_NORFOLK, SOUTH_NORFOLK, 1, "management"),
        (1, 2, "signs", BRECKLAND, SOUTH_NORFOLK, 1, "management"),
        (2, 2, "signs", SOUTH_NORFOLK, SOUTH_NORFOLK, 1, "merger"),
        begins(3, 1, SOUTH_NORFOLK, "X", 1), begins(4, 1, BRECKLAND, "X", 1),
        begins(5, 1, "X", SOUTH_NORFOLK, 1), begins(6, 1, "X", BRECKLAND, 1),
        begins(7, 1, *both, 1, "legal"),
        begins(8, 1, *both, 1), (8, 2, "signs", SOUTH_NORFOLK, BRECKLAND, 1, "management"),
        (8, 2, "signs", "X", BRECKLAND, 1, "management"),  # with another, and then it fails
        (8, 3, "talks_fail", *both, 1, "management", "people"),
    )  # fmt: skip
    found = vignette(events, last_quarter=20)
    assert (found.talked, found.collapsed, found.signed, found.other) == (4, 2, 1, 1)
    assert (found.over_culture, found.left, found.rematched[-1]) == (0, 0, 0)
    assert found.collapse_share == 0.5 and found.jilted_share == 0.0
    assert share_of(0, 0)[1:] == (0.0, 1.0)


# --- survival -------------------------------------------------------------------------------------


def exact_incidence(lives):
    """Return the incidence of each ending by 5 steps, as products over lives one by one."""
    found, in_force = np.zeros((2, 5)), 1.0
    for t in range(5):
        at_risk = sum(duration >= t for duration, _ in lives)
        ended = [sum(life == (t, way) for life in lives) for way in (0, 1)]
        before = found[:, t - 1] if t else np.zeros(2)
        found[:, t] = before + (in_force * np.array(ended) / at_risk if at_risk else 0)
        in_force *= 1 - sum(ended) / at_risk if at_risk else 1
    return found


@pytest.mark.parametrize("seed", range(5))
def test_the_incidence_of_competing_endings_is_the_product_limit(seed):
    chance = np.random.default_rng(seed)
    lives = [(int(t), [0, 1, None][way]) for t, way in chance.integers(0, [5, 3], (9, 2))]
    ended, left = np.zeros((2, 5)), np.zeros(5)
    for duration, way in lives:
        left[duration] += 1
        if way is not None:
            ended[way, duration] += 1
    found = aalen_johansen(ended, left)
    assert found == pytest.approx(exact_incidence(lives))
    stacked = aalen_johansen(np.stack([ended, 2 * ended]), np.stack([left, 2 * left]))
    assert stacked == pytest.approx(np.stack([found, found]))


def test_incidence_under_censoring_is_that_of_known_hazards():
    """Of lives with constant hazards, whatever cuts their observation short."""
    chance, (first, second), lives = np.random.default_rng(9), (0.10, 0.05), 40_000
    ended, left = np.zeros((2, 20)), np.zeros(20)
    durations = chance.geometric(first + second, lives) - 1
    ways = (chance.random(lives) >= first / (first + second)).astype(int)
    cut = chance.integers(0, 25, lives)
    seen = np.minimum(np.minimum(durations, cut), 19)
    np.add.at(left, seen, 1)
    whole = (durations <= cut) & (durations <= 19)
    np.add.at(ended, (ways[whole], seen[whole]), 1)
    truth = np.array([[first], [second]]) / 0.15 * (1 - 0.85 ** np.arange(1, 21))
    assert aalen_johansen(ended, left) == pytest.approx(truth, abs=0.015)


@pytest.mark.slow
def test_the_interval_of_survival_is_as_wide_as_it_differs_from_sample_to_sample():
    def sample(seed, runs=60):
        chance = np.random.default_rng(seed)
        rows = []
        for run, k in itertools.product(range(runs), range(3)):
            rows.append((run, 0, "signs", "A", "A", k, "legal"))
            end = int(chance.geometric(0.12))
            if end < 12:
                rows.append((run, end, "ends", "A", None, k, "legal", "politics"))
        quarters = pd.DataFrame({"replicate": np.repeat(np.arange(runs), 12),
                                 "quarter": np.tile(np.arange(12), runs)})  # fmt: skip
        agreements = agreements_of(log_of(*rows))
        table = survival_table(agreements, counted(quarters, agreements))
        return table[(table["ending"] == "break_up") & (table["group"] == "services")]

    found = [sample(seed).iloc[8] for seed in range(20)]
    assert found[0]["years"] == 2.0
    assert np.mean([each["incidence"] for each in found]) == pytest.approx(1 - 0.88**8, abs=0.03)
    width = np.mean([each["high"] - each["low"] for each in found])
    assert 0.7 < width / (2 * 1.96 * np.std([each["incidence"] for each in found], ddof=1)) < 1.45
