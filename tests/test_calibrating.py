"""A calibration, step by step: misses, emulators, waves, inference, plants, runs that are kept."""

import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from experiments.calibrating import stages
from experiments.calibrating.calibrate import (
    EACH_WAVE,
    LUCKS,
    Calibration,
    Declared,
    Wave,
    _filled,
    _noisy,
    _resampled,
    medoid_of,
)
from experiments.calibrating.emulators import (
    Emulator,
    Quadratic,
    additive,
    fit_emulator,
    fit_quadratic,
    important,
    pairs_of,
)
from experiments.calibrating.features import (
    FAR,
    _miss,
    england,
    features_of,
    places,
)
from experiments.calibrating.inference import Posterior, learn, posterior, quantiles
from experiments.calibrating.kept import calibrated, check_calibration, ensemble_of, findings
from experiments.calibrating.page import page
from experiments.calibrating.pictures import draw_all
from experiments.calibrating.plan import (
    PLANS,
    CalibrationPlan,
    Inference,
    Screening,
    Sets,
    Waves,
    read_calibration,
)
from experiments.calibrating.predictive import Predicted, depth_rank, predictions
from experiments.calibrating.recovery import BINS, LEVELS, Recovery, recover
from experiments.calibrating.shown import show
from experiments.calibrating.stages import Ground, live
from experiments.calibrating.waves import implausibility, not_ruled_out
from experiments.ensembles.ensemble import read_ensemble, write_ensemble
from experiments.executors.ordered import Hands
from experiments.history.look import drawn, points_at, uncertain
from experiments.history.targets import counted_patterns, counted_targets, statistics, targets
from sim.declared.scenario import load
from sim.errors import InputError
from sim.ready.kept import prepared
from sim.ready.varied import vary
from sim.running import REPLICATE_MOST, luck_of, run_arrays

ONE = Hands(1)
SURE = 0.05
"""The standard deviation of what a summary of the toys says of a number."""


def chance(key):
    return np.random.Generator(np.random.PCG64(key))


def seen(**values):
    """Return England's own numbers as one run, but for some targets."""
    return np.array([[values.get(target.name, target.value) for target in counted_targets()]])


def missed(noise=None, **values):
    """Return the features of one run by target."""
    names = [target.name for target in counted_targets()]
    added = None
    if noise is not None:
        added = np.array([[noise.get(name, 0.0) for name in names]])
    return dict(zip(names, features_of(seen(**values), added)[0], strict=True))


# --- features -------------------------------------------------------------------------------------


def test_england_misses_nothing():
    assert england().tolist() == [0.0] * len(counted_targets())


def test_features_are_of_the_targets_that_count():
    assert [targets()[k] for k in places()] == list(counted_targets())


def test_a_miss_is_in_spreads_and_cut_off_far_away():
    """By hand: four managements more than 10, of which error 1 and discrepancy 2 are allowed."""
    found = missed(K1_2009=14.0, K2=1000.0, K1_2014=-9.0)
    assert found["K1_2009"] == pytest.approx(4 / 5**0.5)
    assert (found["K2"], found["K1_2014"]) == (FAR, -FAR)
    others = set(found) - {"K1_2009", "K2", "K1_2014"}
    assert {found[name] for name in others} == {0.0}


def test_beyond_a_bound_where_one_side_is_judged_all_is_alike():
    """By hand: K4 of 2012 is at least 0.56, give or take 0.03 twice; K15 at least 1."""
    assert missed(K4_2012=0.9)["K4_2012"] == missed(K4_2012=0.561)["K4_2012"] == 0.0
    assert missed(K4_2012=0.53)["K4_2012"] == pytest.approx(-0.03 / (2 * 0.03**2) ** 0.5)
    assert missed(K15=5.0)["K15"] == 0.0
    assert missed(K15=0.9)["K15"] == pytest.approx(-0.1 / (0.01**2 + 0.1**2) ** 0.5)


def test_where_only_too_much_is_judged_less_is_alike():
    target = next(t for t in counted_targets() if t.name == "K16")._replace(low=-np.inf)
    found = _miss(target, np.array([-3.0, 0.0, 1.0, 2.0]))
    assert found == pytest.approx([0.0, 0.0, 0.0, 1.0 / (0.5**2 + 0.3**2) ** 0.5])


def test_what_is_not_known_tells_nothing():
    found = missed(K9_of_two=np.nan, K1_2009=12.0)
    assert found["K9_of_two"] == 0.0
    assert found["K1_2009"] == pytest.approx(2 / 5**0.5)


def test_noise_is_in_spreads_and_comes_before_the_bound():
    """By hand: England's 0.62 lies the root of 2 spreads above the bound of K4 of 2012."""
    found = missed(noise={"K1_2009": 1.5, "K4_2012": -1.0, "K4_2013": -3.0, "K9_of_two": 0.5},
                   K9_of_two=np.nan)  # fmt: skip
    assert found["K1_2009"] == pytest.approx(1.5)
    assert found["K4_2012"] == 0.0
    assert found["K4_2013"] == pytest.approx(-3.0)  # judged on both sides
    assert found["K9_of_two"] == pytest.approx(0.5)
    assert missed(noise={"K4_2012": -2.0})["K4_2012"] == pytest.approx(2**0.5 - 2.0)


def test_runs_are_told_with_error_and_discrepancy_and_each_step_with_its_own():
    runs = np.tile([target.value for target in targets()], (2000, 1))
    one, again, other = (_noisy(CalibrationPlan(), runs, stage) for stage in (1, 1, 2))
    two_sided = [k for k, t in enumerate(counted_targets()) if np.isfinite([t.low, t.high]).all()]
    assert one.std(axis=0)[two_sided] == pytest.approx(np.ones(len(two_sided)), abs=0.07)
    assert (one == again).all()
    assert abs(np.corrcoef(one[:, 0], other[:, 0])[0, 1]) < 0.1


# --- emulators ------------------------------------------------------------------------------------


def test_a_quadratic_has_each_number_each_square_and_each_product():
    assert pairs_of(2).tolist() == [[0, -1], [1, -1], [0, 0], [0, 1], [1, 1]]


def test_a_known_quadratic_is_found_where_it_was_not_learnt():
    def known(x):
        return np.column_stack([
            1 + 2 * x[:, 0] - x[:, 1] + 3 * x[:, 0] * x[:, 1], 5 * x[:, 2] ** 2 - 7,
        ])  # fmt: skip

    inputs, others = chance(1).random((500, 3)), chance(2).random((50, 3))
    fit = fit_quadratic(inputs, known(inputs), pairs_of(3))
    assert fit.at(others) == pytest.approx(known(others), abs=0.01)
    straight = fit_quadratic(inputs, known(inputs), pairs_of(3)[:3])
    assert np.abs(straight.at(others) - known(others)).max() > 0.3  # only the terms that are given


def test_an_emulator_says_how_much_of_single_runs_it_accounts_for():
    """By hand: 3 x has variance 0.75, luck 0.25, so 0.75 can be had; of pure luck nothing."""
    rng = chance(3)
    inputs = rng.random((250, 2))
    outputs = np.column_stack([3.0 * inputs[:, 0], np.zeros(250)]) + rng.normal(0, 0.5, (250, 2))
    found = fit_emulator(inputs, outputs)
    assert found.r2 == pytest.approx([0.75, 0.0], abs=0.15)
    assert found.variance == pytest.approx([0.25, 0.25], abs=0.15)
    others = rng.random((100, 2))
    assert found.at(others)[:, 0] == pytest.approx(3.0 * others[:, 0], abs=0.4)
    cut = slice(200, None)  # by hand again, of the fifth that was not learnt from
    left = np.mean((outputs[cut] - found.at(inputs[cut])) ** 2, axis=0)
    assert found.variance == pytest.approx(left)
    assert found.r2 == pytest.approx(1.0 - left / np.var(outputs[cut], axis=0))


def test_an_emulator_is_a_sum_over_numbers_and_their_squares():
    assert additive(2).tolist() == [[0, -1], [1, -1], [0, 0], [1, 1]]
    inputs, others = chance(3).random((400, 2)), chance(4).random((50, 2))

    def bent(x):
        return 3.0 * (x[:, :1] - 0.5) ** 2 + x[:, 1:]

    assert fit_emulator(inputs, bent(inputs)).at(others) == pytest.approx(bent(others), abs=0.01)
    product = fit_emulator(inputs, 9.0 * inputs[:, :1] * inputs[:, 1:])
    assert 0.5 < product.r2[0] < 0.99  # what two numbers do together is left, and counts as luck
    assert product.variance[0] > 0.1


def moved(key, runs, numbers, count):
    """Return points and targets of which numbers 2, 5 and 7 move the first two."""
    rng = chance(key)
    unit = rng.random((runs, numbers))
    features = rng.normal(size=(runs, count))
    features[:, 0] += 4.0 * unit[:, 2] - 1.0 * unit[:, 7]
    features[:, 1] -= 3.0 * unit[:, 5]
    return unit, features


def test_the_numbers_that_move_something_come_first_in_the_order_of_the_table():
    unit, features = moved(4, 2000, 40, 34)
    assert important(unit, features, 3) == [2, 5, 7]
    assert important(unit, features, 2) == [2, 5]  # those that move most
    assert important(unit, features, 1) == [2]


def test_a_number_that_moves_nothing_is_not_important():
    unit, features = moved(4, 2000, 40, 34)
    assert important(unit, features, 40) == [2, 5, 7]


# --- waves ----------------------------------------------------------------------------------------


def emulator_of(slopes, constant, variance):
    """Return an emulator that is linear: slopes, (numbers, targets)."""
    slopes = np.array(slopes, dtype=float)
    numbers, count = slopes.shape
    columns = np.array([(k, -1) for k in range(numbers)])
    fit = Quadratic(columns, np.zeros(numbers), np.ones(numbers), slopes, np.array(constant))
    return Emulator(fit, np.array(variance), np.zeros(count))


def test_implausibility_is_of_the_worst_target_under_the_worst_emulator():
    """By hand: 4 x - 2 over the root of 3 + 1, 6 y over that of 8 + 1, 5 over that of 24 + 1."""
    one = emulator_of([[4, 0], [0, 6]], [-2.0, 0.0], [3.0, 8.0])
    two = emulator_of([[0], [0]], [5.0], [24.0])
    inputs = np.array([[0.0, 0.0], [0.5, 0.25], [1.0, 0.75]])
    assert implausibility([one], inputs) == pytest.approx([1.0, 0.5, 1.5])
    assert implausibility([one, two], inputs) == pytest.approx([1.0, 1.0, 1.5])


BAND = emulator_of([[10], [10]], [-10.0], [0.0])
"""Rules out all but a band around x + y = 1: at a cutoff of 1, 0.1 to either side."""


def test_points_are_not_ruled_out_lie_in_the_cube_and_depend_on_the_seed_alone():
    starts = chance(5).random((200, 2))
    points = not_ruled_out([BAND], starts, 500, 1.0, 7)
    assert points.shape == (500, 2)
    assert implausibility([BAND], points).max() <= 1.0
    assert ((points >= 0.0) & (points <= 1.0)).all()
    assert (points == not_ruled_out([BAND], starts, 500, 1.0, 7)).all()
    assert not (points == not_ruled_out([BAND], starts, 500, 1.0, 8)).all()


def test_points_spread_evenly_over_what_is_left():
    """Along the band and across it."""
    points = not_ruled_out([BAND], chance(6).random((2000, 2)), 2000, 1.0, 7)
    along = np.histogram(points[:, 0] - points[:, 1], 4, (-1.0, 1.0))[0] / len(points)
    across = np.histogram(points.sum(axis=1), 4, (0.9, 1.1))[0] / len(points)
    assert along == pytest.approx(np.full(4, 0.25), abs=0.06)
    assert across == pytest.approx(np.full(4, 0.25), abs=0.06)


def test_points_leave_the_few_that_they_start_from():
    """Nothing is ruled out, and walkers start from nine points of a square of 16 fields."""
    points = not_ruled_out([BAND], chance(6).random((9, 2)), 2000, 100.0, 7)
    fields = np.histogram2d(*points.T, 4, [(0.0, 1.0)] * 2)[0] / len(points)
    assert fields == pytest.approx(np.full((4, 4), 1 / 16), abs=0.04)


def test_points_are_not_looked_for_where_all_are_ruled_out():
    with pytest.raises(InputError, match=r"all of 9 points are ruled out at 1.*raise waves"):
        not_ruled_out([BAND], np.zeros((9, 2)), 5, 1.0, 7)


# --- inference ------------------------------------------------------------------------------------


def test_weighted_quantiles_lie_between_the_middles_of_weights():
    """By hand: 1, 2 and 3 have a half, a quarter and a quarter: their middles are 1/4, 5/8, 7/8."""
    values = np.array([[3.0, 30.0], [1.0, 10.0], [2.0, 20.0]])
    found = quantiles(values, np.array([0.25, 0.5, 0.25]), np.array([0.1, 0.25, 0.5, 0.75, 0.99]))
    by_hand = np.array([1.0, 1.0, 1.0 + 2 / 3, 2.5, 3.0])
    assert found == pytest.approx(np.column_stack([by_hand, 10 * by_hand]))


def test_the_nearest_runs_are_kept_and_weigh_by_nearness():
    """By hand: at 0, 1 and 2 away the third is the reach; so 1 and 3/4, over 7/4."""
    summaries = np.array([[9.0], [4.0], [5.0], [6.0], [-8.0]])
    found = posterior(summaries, np.array([4.0]), np.full((5, 1), 0.5), 2)
    assert found.kept.tolist() == [1, 2]
    assert found.weights == pytest.approx([4 / 7, 3 / 7])
    assert found.moved == pytest.approx(np.full((2, 1), 0.5), abs=1e-3)


@pytest.mark.parametrize("keep", [500, 4000])
def test_the_posterior_of_a_normal_number_is_the_known_one(keep):
    """By hand: N(1/2, 0.12) seen with an error of 0.05: the mean goes 0.852 of the way."""
    rng = chance(8)
    unit = np.clip(rng.normal(0.5, 0.12, (20_000, 2)), 0.0, 1.0)
    summaries = unit + rng.normal(0, SURE, unit.shape)
    way = 0.12**2 / (0.12**2 + SURE**2)
    mean, spread = 0.5 + way * np.array([0.1, -0.06]), SURE * way**0.5
    found = posterior(summaries, np.array([0.6, 0.44]), unit, keep)
    own = found.weights @ found.moved
    assert found.weights.sum() == pytest.approx(1.0)
    assert own == pytest.approx(mean, abs=0.008)
    assert np.sqrt(found.weights @ (found.moved - own) ** 2) == pytest.approx(spread, rel=0.1)
    ends = quantiles(found.moved, found.weights, np.array([0.025, 0.975]))
    assert ends == pytest.approx(stats.norm.ppf([[0.025], [0.975]], mean, spread), abs=0.02)


def test_what_is_moved_stays_within_its_range():
    rng = chance(9)
    unit = rng.random((2000, 1))
    summaries = unit + rng.normal(0, SURE, unit.shape)
    found = posterior(summaries, np.array([1.05]), unit, 200)
    assert ((found.moved >= 0.0) & (found.moved <= 1.0)).all()
    assert found.weights @ found.moved > 0.93


def test_few_runs_are_widened_by_what_the_regression_took():
    """Five numbers and a constant, learnt from 10 runs, would leave too little of them."""
    rng = chance(10)
    spreads = []
    for _ in range(200):
        unit = np.clip(rng.normal(0.5, SURE, (11, 1)), 0.0, 1.0)
        found = posterior(rng.normal(size=(11, 5)), np.zeros(5), unit, 10)
        own = found.weights @ found.moved
        spreads.append(found.weights @ (found.moved - own) ** 2)
    assert np.mean(spreads) == pytest.approx(SURE**2, rel=0.35)


def test_summaries_are_learnt_and_how_well_is_told_of_other_runs():
    """By hand: a tenth of a feature, and luck of a tenth: half of the variance; and nothing."""
    rng = chance(11)
    features = rng.normal(size=(2000, 3))
    unit = 0.5 + rng.normal(0, 0.1, (2000, 2))
    unit[:, 0] += 0.1 * features[:, 1]
    found = learn(features, unit)
    assert found.r2 == pytest.approx([0.5, 0.0], abs=0.15)
    assert found.at(np.array([[0.0, 2.0, 0.0]]))[0] == pytest.approx([0.7, 0.5], abs=0.03)


# --- recovery -------------------------------------------------------------------------------------


def test_planted_numbers_are_found_again_as_often_as_their_intervals_say():
    """Of even numbers seen with an error: 1 - 12 s^2 is told, but for the ends of the range."""
    rng = chance(12)
    unit = rng.random((2500, 2))
    summaries = unit + rng.normal(0, [0.05, 0.15], unit.shape)
    planted = rng.permutation(2500)[:200]
    found = recover(summaries, unit, planted, 150)
    assert found.planted == 200
    assert (found.coverage[0.95] >= 0.85).all()
    assert (found.coverage[0.95] <= 1.0).all()
    assert found.coverage[0.5] == pytest.approx([0.5, 0.5], abs=0.12)
    assert found.r2 == pytest.approx([1 - 12 * 0.05**2, 1 - 12 * 0.15**2], abs=0.05)
    assert found.width == pytest.approx(np.array([0.05, 0.15]) * 12**0.5, rel=0.2)
    assert found.ranks.shape == (2, BINS)
    assert (found.ranks.sum(axis=1) == 200).all()
    assert found.ranks.max() < 25  # level but for luck: 10 in each


def test_a_wrong_posterior_is_told_by_its_coverage_and_its_ranks():
    """Numbers that are all in truth higher than summaries of the other runs have it."""
    rng = chance(13)
    unit = 0.3 + 0.3 * rng.random((600, 1))
    summaries = unit + rng.normal(0, SURE, unit.shape)
    planted = np.arange(5)
    unit[planted] += 0.3
    found = recover(summaries, unit, planted, 60)
    assert found.coverage[0.95][0] == 0.0
    assert found.ranks[0].tolist() == [0] * (BINS - 1) + [5]
    assert found.r2[0] < 0.0


def test_a_planted_run_tells_nothing_of_itself():
    """Two runs lie far from all others: of its own number each would be the best witness."""
    unit = np.full((60, 1), 0.2)
    unit[:2, 0] = 0.8, 0.9
    summaries = chance(14).normal(size=(60, 1))
    summaries[:2, 0] = 1000.0, -1000.0
    found = recover(summaries, unit, np.arange(2), 2)
    assert found.coverage[0.95][0] == 0.0


# --- predictive -----------------------------------------------------------------------------------


def test_england_has_a_rank_among_runs_of_one_number():
    runs = np.array([[-2.0], [-1.0], [0.0], [1.0]])
    assert depth_rank(runs) == pytest.approx(0.625)


def test_of_many_numbers_the_rank_is_of_how_far_out_england_lies():
    """By hand: four corners of a square around a centre, and England seen from there."""
    corners = np.array([[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, 1.0]]) * [1.0, 10.0]
    assert depth_rank(corners) == 0.0  # in the middle
    assert depth_rank(corners - [1.0, 10.0]) == 0.5  # as far out as all
    assert depth_rank(corners - [0.0, 13.0]) == 0.0
    assert depth_rank(corners - [1.5, 0.0]) == 1.0


def test_numbers_that_go_together_count_once():
    """A run that breaks what all others have in common lies far out, usual as each number is."""
    rng = chance(21)
    both = rng.normal(size=(500, 1))
    runs = np.hstack([both, both]) + rng.normal(0.0, 0.1, (500, 2))
    assert depth_rank(runs - [1.0, 1.0]) < 0.9
    assert depth_rank(runs - [1.0, -1.0]) == 1.0


@pytest.mark.parametrize(
    ("rank", "inside"), [(0.04, False), (0.05, True), (0.5, True), (0.95, True), (0.96, False)]
)
def test_england_is_inside_the_middle_nine_tenths(rank, inside):
    assert Predicted("K2", [61.0], True, False, rank, 0.5, 0.1, 1.0, 1.0).inside == inside


@pytest.mark.parametrize(("rank", "inside"), [(0.0, True), (0.95, True), (0.96, False)])
def test_of_many_numbers_england_may_lie_nearer_to_the_middle_than_any_run(rank, inside):
    assert Predicted("K1", [10.0, 15.0], True, True, rank, 0.5, 0.1, 1.0, 1.0).inside == inside


@pytest.mark.parametrize(
    ("score", "prior", "constant", "better"),
    [(0.5, 0.8, 0.9, True), (0.65, 0.8, 0.9, False), (0.75, 0.9, 0.8, False), (0.5, 0.5, 1, False)],
)
def test_runs_are_better_where_they_beat_both(score, prior, constant, better):
    """By two of its standard errors, of 0.1 each."""
    found = Predicted("K2", [61.0], True, False, 0.5, score, 0.1, prior, constant)
    assert found.better == better and not found.worse
    assert found._replace(score=prior + 0.21).worse


def test_patterns_stand_among_runs_as_by_hand():
    """K2 of 51 and 71 scores 5 of the root of 25 + 81; all others are England's own in each run.

    Over all ranges every run is one spread above England, so that the score and the miss are 1, but
    where all beyond a bound is alike.
    """
    own = np.array([target.value for target in counted_targets()])
    spread = np.array([target.spread for target in counted_targets()])
    names = [target.name for target in counted_targets()]
    runs, prior = np.tile(own, (2, 1, 1)), np.tile(own + spread, (3, 1))
    runs[:, 0, names.index("K2")] = 51.0, 71.0
    runs[1, 0, names.index("K9_of_two")] = np.nan
    runs[:, 0, names.index("K16")] = 2.0
    found = {each.pattern: each for each in predictions(runs, prior)}
    assert tuple(found) == counted_patterns()
    assert found["K2"].mean == [61.0] and found["K2"].met
    assert found["K2"].score == pytest.approx(5 / 106**0.5)
    assert found["K2"].score_error > 0.0
    assert found["K16"].mean == [2.0] and not found["K16"].met
    assert found["K1"].mean == [10, 15, 17, 20, 19, 18]
    assert (found["K9"].mean[0], found["K9"].met) == (0.95, True)
    for each in found.values():
        beyond = {"K4": 2 / 3, "K15": 0.0}.get(each.pattern, 1.0)
        assert each.prior_score == pytest.approx(beyond)
        assert each.constant_score == pytest.approx(beyond)
        assert each.better == (each.pattern not in ("K16", "K15"))


# --- sets -----------------------------------------------------------------------------------------


def test_the_medoid_is_the_set_nearest_to_all_others():
    """By hand: 2 is the middle one of 10, 0, 2, 1, 3, unless it lies far out in another number.

    The other is small, but not in standard deviations; the unit of a number counts for nothing.
    """
    line = np.array([[10.0], [0.0], [2.0], [1.0], [3.0]])
    assert medoid_of(line) == 2
    assert medoid_of(np.column_stack([line, np.full(5, 0.3)])) == 2
    plane = np.column_stack([line, [0.0, 0.1, 1.0, 0.1, 0.1]])
    assert medoid_of(plane) == medoid_of(plane * [1000.0, 1.0]) == 3


def made_plan(count=20, **others):
    return CalibrationPlan(ensemble=Sets(count=count, lucks=2), **others)


def test_sets_of_equal_weight_are_drawn_by_weight():
    found = Posterior(
        np.array([3, 1, 4]), np.array([0.5, 0.26, 0.24]), np.array([[0.1], [0.2], [0.3]])
    )
    points = np.array([[0.0, 9.0], [0.01, 9.0], [0.02, 9.0], [0.03, 9.0], [0.04, 9.0]])
    sets = _resampled(made_plan(100), found, points, [1])
    values, counts = np.unique(sets[:, 1], return_counts=True)
    assert values.tolist() == [0.1, 0.2, 0.3]
    assert counts == pytest.approx([50, 26, 24], abs=1)
    others = dict(zip([0.1, 0.2, 0.3], [0.03, 0.01, 0.04], strict=True))
    assert [others[value] for value in sets[:, 1]] == sets[:, 0].tolist()
    assert (points[:, 1] == 9.0).all()  # the runs themselves stay as they are
    assert (sets == _resampled(made_plan(100), found, points, [1])).all()
    changes = np.count_nonzero(np.diff(sets[:, 1]))
    assert changes > 40  # in random order, so that the first are a sample of all: 62 of 99


def test_numbers_that_are_not_asked_about_are_drawn_from_their_whole_ranges(tmp_path):
    ground = Ground(load("england"), tuple(uncertain()), 1, tmp_path, ONE)
    picked = np.full((50, 2), 0.75)
    found = _filled(CalibrationPlan(), ground, [4, 2], picked, 3)
    assert found.shape == (50, len(ground.factors))
    assert (found[:, [2, 4]] == 0.75).all()
    assert sorted(np.floor(found[:, 3] * 50)) == list(range(50))


def test_no_two_runs_of_the_largest_calibration_have_the_same_luck():
    plan = CalibrationPlan(
        screening=Screening(points=1_000_000), waves=Waves(count=8, points=100_000),
        inference=Inference(learning=10_000_000, runs=10_000_000, keep=0.5),
        ensemble=Sets(count=5_000, lucks=1000),
    )  # fmt: skip
    waves = [LUCKS["wave"] + k * EACH_WAVE for k in range(1, plan.waves.count)]
    spans = [(LUCKS["screening"], plan.screening.points)]
    spans += [(first, plan.waves.points) for first in waves]
    spans += [(LUCKS["learning"], plan.inference.learning), (LUCKS["inference"],
              plan.inference.runs), (LUCKS["ensemble"], 5_000 * 1000),
              (LUCKS["declared"], 100)]  # fmt: skip
    ends = [first + count for first, count in spans]
    assert all(end <= first for end, (first, _) in zip(ends[:-1], spans[1:], strict=True))
    assert ends[-1] - 1 <= REPLICATE_MOST
    assert plan.runs == sum(count for _, count in spans)


# --- plans ----------------------------------------------------------------------------------------


@pytest.fixture
def written(tmp_path):
    """Return a maker of plans: the path of a file with a text."""

    def write(text, name="mine.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_plan_of_the_project_is_found_by_its_name():
    plan, path = read_calibration("calibrated")
    assert path == PLANS / "calibrated.toml"
    assert (plan.scenario, plan.inference.planted) == ("england", 500)
    assert plan.runs == 3000 + 2 * 1200 + 6000 + 20_000 + 200 * 4 + 100


def test_a_plan_says_what_differs(written):
    plan, path = read_calibration(written("seed = 7\n[ensemble]\nlucks = 3\n"))
    assert path.name == "mine.toml"
    assert plan == CalibrationPlan(seed=7, ensemble=Sets(lucks=3))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sead = 3", "unknown key 'sead'; did you mean 'seed'"),
        ("[waves]\ncutof = 3.0", "waves.cutof"),
        ("[waves]\ncutoff = 0.5", "waves.cutoff: input should be greater than or equal to 1"),
        ("[screening]\npoints = 10", "screening.points: input should be greater"),
        ("[screening]\nnumbers = 'all'", "screening.numbers"),
        ("[inference]\nkeep = nan", "inference.keep"),
        ("screening = 5", "screening: "),
        ("seed = -1", "seed: "),
        ("seed = ", "is not TOML"),
        ('scenario = "norfolk"', "scenario is 'norfolk': a calibration is held against"),
        ('scenario = "nowhere"', "nowhere"),
        (
            "[inference]\nruns = 1000\nkeep = 0.05\nplanted = 20",
            "inference.keep of 1,000 runs are 50, fewer than the 200 sets",
        ),
        (
            "[inference]\nruns = 1000\nkeep = 0.5\nplanted = 1001",
            "inference.planted is 1,001, of 1,000 runs: give fewer",
        ),
    ],
)
def test_a_mistake_in_a_plan_is_told_in_one_line(written, text, words):
    with pytest.raises(InputError) as told:
        read_calibration(written(text))
    assert words in str(told.value)
    assert "\n" not in str(told.value)
    if "nowhere" not in text:
        assert "mine.toml" in str(told.value)


def test_a_plan_that_does_not_exist_is_told(tmp_path):
    for given in ("nothing", tmp_path / "nothing.toml", tmp_path):
        with pytest.raises(InputError, match=r"there is no plan '.*': give 'calibrated', or"):
            read_calibration(given)


def test_england_that_ends_before_its_history_does_is_refused(written):
    short = written('base = "england"\nquarters = 22\n', "short.toml")
    whole = written('base = "england"\nquarters = 23\n', "whole.toml")
    with pytest.raises(InputError, match="to the end of 2014"):
        read_calibration(written(f"scenario = '{short}'"))
    assert read_calibration(written(f"scenario = '{whole}'"))[0].scenario == str(whole)


# --- runs that are kept ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def factors():
    return tuple(uncertain())


@pytest.fixture(scope="module")
def unit(factors):
    """Return four points, the first two of them the same."""
    points = drawn(factors, 3, 5)
    return points[[0, 0, 1, 2]]


@pytest.fixture
def small(monkeypatch):
    """Let a part be of two runs, each a job of its own: England takes long."""
    monkeypatch.setattr(stages, "BATCH", 1)
    monkeypatch.setattr(stages, "PART", 2)


@pytest.fixture
def ground(tmp_path, factors):
    return Ground(load("england"), factors, 3, tmp_path, ONE)


def parts_of(ground):
    return {path.name: path.read_bytes() for path in ground.folder.iterdir()}


def test_runs_are_lived_once_with_a_luck_of_their_own(small, ground, unit):
    """Four runs, and three of other calibrations: none takes the runs of another for its own."""
    told = []
    first = live(ground, "learning", unit, 100, lambda *what: told.append(what))
    assert first.shape == (4, len(targets()))
    assert told == [("Learning", 2, 4), ("Learning", 4, 4)]
    assert not np.array_equal(first[0], first[1], equal_nan=True)  # one point, two lucks
    before = parts_of(ground)
    assert len(before) == 2
    assert all(name.startswith("learning-0000") for name in before)
    again = live(ground, "learning", unit, 100, lambda *what: told.append(what))
    assert len(told) == 2  # nothing was lived
    np.testing.assert_array_equal(again, first)
    point, luck = points_at(ground.factors, unit)[3], luck_of(ground.seed, 103)
    record = run_arrays(vary(prepared(ground.scenario), point), luck=luck, events=False).record
    np.testing.assert_array_equal(first[3], list(statistics(record).values()))
    one = unit[:1]
    for other, at in ((ground, 101), (ground._replace(seed=4), 100)):
        found = live(other, "learning", one, at)
        assert not np.array_equal(found, first[:1], equal_nan=True)
    assert np.array_equal(live(ground, "learning", one, 101), first[1:2], equal_nan=True)
    assert len(parts_of(ground)) == 4
    assert before.items() <= parts_of(ground).items()


def test_a_part_that_is_lost_or_torn_is_made_again_with_the_same_bits(small, ground, unit):
    """Seven runs: two workers make what one made, and the other way about."""
    told = []
    first = live(ground, "wave-2", unit[:3], 50)
    kept = parts_of(ground)
    lost, torn = sorted(ground.folder.iterdir())
    lost.unlink()
    torn.write_bytes(torn.read_bytes()[:-20])
    two = ground._replace(hands=Hands(2))
    again = live(two, "wave-2", unit[:3], 50, lambda *what: told.append(what))
    np.testing.assert_array_equal(again, first)
    assert parts_of(ground) == kept
    assert told == [("Wave-2", 2, 3), ("Wave-2", 3, 3)]
    torn.write_bytes(b"")
    np.testing.assert_array_equal(live(ground, "wave-2", unit[:3], 50), first)
    assert parts_of(ground) == kept


# --- the folder of a calibration ------------------------------------------------------------------


def test_a_folder_that_holds_something_else_is_refused(tmp_path):
    check_calibration(tmp_path / "new")
    for name in ("calibration.json", "ensemble.parquet", ".calibration.md.7.partial", ".lock"):
        (tmp_path / name).touch()
    (tmp_path / "parts").mkdir()
    check_calibration(tmp_path)
    for name in ("letters.txt", "runs.parquet"):
        (tmp_path / name).touch()
    with pytest.raises(InputError, match=r"\(letters.txt, runs.parquet\): name another folder"):
        check_calibration(tmp_path)
    with pytest.raises(InputError, match="is a file: name a folder"):
        check_calibration(tmp_path / "letters.txt")
    assert (tmp_path / "letters.txt").exists()


@pytest.fixture(scope="module")
def made(factors):
    """Return what a calibration might find: 20 sets, in which England comes out as it was.

    Of two numbers that are asked about, number 3 lies in a fifth of its range, number 5 anywhere,
    and both rise together.
    """
    own = np.array([target.value for target in targets()])
    spread = np.array([target.spread for target in targets()])
    sets = drawn(factors, 20, 9)
    sets[:, 3] = 0.4 + 0.2 * (np.arange(20) + 0.5) / 20
    sets[:, 5] = (np.arange(20) + 0.5) / 20
    before = np.column_stack([np.linspace(0.3, 0.7, 20), np.linspace(0, 1, 20)])
    emulator = emulator_of(np.zeros((2, len(own))), np.zeros(len(own)), np.ones(len(own)))
    ranks = np.full((2, BINS), 25)
    coverage = {level: np.array([level, level - 0.01]) for level in LEVELS}
    recovery = Recovery(500, np.array([0.8, 0.1]), coverage, ranks, np.array([0.3, 1.0]))
    rng = chance(15)
    features = rng.normal(size=(100, 1))
    learned = learn(features, 0.5 + 0.1 * np.column_stack([features, rng.normal(size=100)]))
    runs = own + 0.3 * spread * rng.normal(size=(20, 2, len(own)))
    runs[:] -= runs.mean(axis=(0, 1)) - own
    runs[7, :, 0] = 60.0  # one set misses K1
    plan = made_plan(title="Made up")
    return Calibration(
        plan, factors, (3, 5), np.tile(own + 2 * spread, (30, 1)), [Wave(200, emulator, 0.25)],
        learned, recovery, Posterior(np.arange(20), np.full(20, 0.05), sets[:, [3, 5]]), before,
        sets, runs, Declared(3.5, 0.16, np.tile(own, (4, 1))),
    )  # fmt: skip


def test_what_a_calibration_found_is_told_by_number(made):
    told = findings(made)
    assert told["declared_numbers"] == {"implausibility": 3.5, "beyond": 0.16, "met": 13.0}
    narrow, wide = told["numbers"]
    declared = made.factors[3]
    low, high = declared.plausible
    middle = low + 0.5 * (high - low)
    assert (narrow["name"], narrow["range"]) == (declared.name, [low, high])
    assert narrow["quantiles"][2] == pytest.approx(middle, rel=0.01)
    assert narrow["width"] == pytest.approx(0.2, abs=0.01)
    assert narrow["width_in_waves"] == pytest.approx(0.5, abs=0.05)
    assert (narrow["identified"], wide["identified"]) == (True, False)
    assert wide["width"] == pytest.approx(1.0, abs=0.01)
    assert narrow["coverage"] == {"0.5": 0.5, "0.95": 0.95}
    assert told["correlations"] == [[narrow["name"], wide["name"], 1.0]]
    assert told["waves"][0]["left"] == 0.25
    assert told["runs"] == made.plan.runs
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_sets_meet_patterns_by_the_mean_of_their_runs(made):
    """One set of 20 misses K1; what luck does to others is in the mean and in nothing else."""
    told = findings(made)
    both = told["joint"]["both"]
    assert 15 <= both <= 19
    assert told["joint"]["best"] <= len(counted_patterns())
    still = made._replace(predicted=np.repeat(made.predicted[:1], 20, axis=0) * 0 + [
        target.value for target in targets()])  # fmt: skip
    assert findings(still)["joint"] == {"mean": 13.0, "best": 13, "both": 20}


def test_the_page_and_the_command_tell_what_was_found(made, capsys):
    told = findings(made)
    text = page(told, "councils calibrate mine")
    assert text.startswith("# Calibration: Made up\n")
    assert f"Made by `councils calibrate mine`: {made.plan.runs:,} runs of `england`" in text
    assert f"*Not identified*: `{made.names[1]}`." in text
    assert "| 1 | 200 | 25% |" in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    for above, line in pairwise(tables):
        if line.startswith("| ---"):
            assert above.count("|") == line.count("|")
    show(told, Path("results/mine"), as_json=False)
    shown = capsys.readouterr().out
    assert made.names[0] in shown
    assert "--ensemble results/mine" in shown
    show(told, Path("results/mine"), as_json=True)
    value = json.loads(capsys.readouterr().out)
    assert (value["kind"], value["joint"]) == ("calibration", told["joint"])


def test_the_figures_of_a_calibration_are_drawn(made, tmp_path):
    draw_all(findings(made), made.predicted.reshape(40, -1), tmp_path / "figures")
    found = sorted(path.name for path in (tmp_path / "figures").iterdir())
    assert found == ["numbers.png", "predictive.png", "ranks.png"]


def declared_in(ensemble, factors):
    """Return the place of the set that has the default of every number, to the bit."""
    defaults = np.array([each.default for each in factors], dtype=float)
    (place,) = np.flatnonzero((ensemble.sets == defaults).all(axis=1))
    return int(place)


def test_the_ensemble_of_a_calibration_is_in_declared_units_and_allowed(made, tmp_path):
    made_of = ensemble_of(made, "mine", "councils calibrate mine")
    write_ensemble(tmp_path / "ensemble.parquet", made_of)
    read = read_ensemble(tmp_path / "ensemble.parquet")
    assert (read.name, read.good, len(read.sets)) == ("mine", True, 21)
    assert read.medoid == medoid_of(read.sets[:, [3, 5]])
    drawn_ones = np.delete(read.sets, declared_in(read, made.factors), axis=0)
    for found, values in zip(drawn_ones, points_at(made.factors, made.sets), strict=True):
        assert found == pytest.approx(list(values.values()), rel=1e-4)
    assert read.about["asked"] == made.names
    assert read.last == date(2015, 3, 31)  # of the runs of england, to the end of 24 quarters


def test_the_declared_defaults_are_one_of_the_sets_anywhere_by_the_seed_of_the_plan(made):
    places = []
    for seed in range(40):
        plan = made.plan.model_copy(update={"seed": seed})
        found = ensemble_of(made._replace(plan=plan), "mine", "again")
        places.append(declared_in(found, made.factors))
        assert found.medoid == medoid_of(found.sets[:, [3, 5]])
    assert 0 <= min(places) < 7 and 13 < max(places) <= 20 and len(set(places)) > 10
    again = ensemble_of(made, "mine", "again")
    assert again.digest == ensemble_of(made, "other", "again").digest


@pytest.mark.slow
def test_a_whole_calibration_is_completed_and_comes_out_the_same_again(tmp_path):
    """The smallest one that a plan allows, about 1,700 runs."""
    plan = CalibrationPlan(
        screening=Screening(points=200, numbers=3), waves=Waves(count=2, points=200, cutoff=6.0),
        inference=Inference(learning=500, runs=1000, keep=0.1, planted=20),
        ensemble=Sets(count=20, lucks=1),
    )  # fmt: skip
    folder = tmp_path / "small"
    told = calibrated(plan, "small", folder, Hands(2))
    parts = sorted((folder / "parts").iterdir())
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert len(told["numbers"]) == 3
    assert sum(len(np.load(path)) for path in parts) == plan.runs == 2020
    ensemble = read_ensemble(folder / "ensemble.parquet")
    assert ensemble.sets.shape == (21, told["uncertain"])
    assert ensemble.good
    parts[0].unlink()
    assert calibrated(plan, "small", folder, ONE) == told
    assert {path: path.read_bytes() for path in before} == before
