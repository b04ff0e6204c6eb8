"""Every limit of an interval is met from both sides, and its reach is found by another route."""

import warnings

import numpy as np
import pytest
from scipy import optimize, stats

from experiments.comparing import sequences
from experiments.comparing.sequences import always_valid, outside_the_bulk, reach, too_early
from experiments.estimates import Estimate, mean_of, share_of

BULK = np.linspace(-1, 1, 401)


def normal(count, seed=1):
    return np.random.default_rng(seed).normal(2.0, 3.0, count)


# --- Student's ------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [2, 3, 40])
def test_students_reach_is_that_of_scipy(count):
    values = normal(count)
    for error in (0.05, 0.1, 0.01):
        low, high = stats.t.interval(1 - error, count - 1, values.mean(), stats.sem(values))
        found = mean_of(values, error=error)
        assert found == pytest.approx((values.mean(), low, high))
        assert found.half == pytest.approx((high - low) / 2)
        gaps = np.insert(values, 1, np.nan)
        assert mean_of(gaps, error=error) == found
    assert mean_of(values) == pytest.approx(mean_of(values, error=0.05))


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_values_have_no_reach(count):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        values = normal(count)
        found = mean_of(values)
        early = always_valid(values)
    assert np.isnan([found.low, found.high]).all() and not found.sure
    assert (early.low, early.high) == (-np.inf, np.inf)
    expected = [np.nan] if count == 0 else values
    np.testing.assert_equal([found.value], expected)
    np.testing.assert_equal([early.value], expected)


def test_students_interval_misses_in_one_of_twenty_studies_no_fewer_and_no_more():
    values = np.random.default_rng(2).normal(0, 1, (4000, 6))
    missed = [abs(row.mean()) > mean_of(row).half for row in values]
    assert 0.04 < np.mean(missed) < 0.06


# --- how far an always-valid interval reaches -----------------------------------------------------


def prior_at(count, error):
    doubt = -2 * np.log(error)
    return (doubt + np.log(doubt + 1)) / count


@pytest.mark.parametrize("error", [0.05, 0.01])
@pytest.mark.parametrize("count", [30, 100, 300, 2500])
def test_the_reach_is_where_the_bayes_factor_of_a_t_test_is_one_over_the_error(count, error):
    """Rouder et al. (2009) with a normal prior on the effect, solved by bisection."""
    free, grown = count - 1, 1 + count * prior_at(300, error)

    def doubt(half):
        square = count * half**2  # of Student's t
        shrunk = np.log1p(square / free) - np.log1p(square / (free * grown))
        return count / 2 * shrunk - np.log(grown) / 2 + np.log(error)

    expected = optimize.brentq(doubt, 1e-6, 1e3, xtol=1e-14)
    assert reach(np.array([count]), error=error)[0] == pytest.approx(expected, rel=1e-9)


def test_at_three_hundred_no_other_prior_would_be_narrower_by_a_hundredth():
    def width(log_prior):
        grown = 1 + 300 * np.exp(log_prior)
        return np.sqrt(2 * grown / (300**2 * np.exp(log_prior)) * np.log(np.sqrt(grown) / 0.05))

    best = optimize.minimize_scalar(width, bounds=(-9, 3), method="bounded").fun
    chosen = width(np.log(prior_at(300, 0.05)))
    assert best <= chosen < 1.01 * best
    assert reach(np.array([300]))[0] == pytest.approx(best, rel=0.03)  # of a known variance


def test_the_reach_is_infinite_up_to_the_last_count_that_says_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = reach(np.arange(1, 40))
    grown = 1 + np.arange(1, 40) * prior_at(300, 0.05)
    silent = np.exp((np.log(grown) - 2 * np.log(0.05)) / np.arange(1, 40)) >= grown
    assert silent.any() and not silent.all()
    assert np.isinf(found).tolist() == silent.tolist()
    assert (np.diff(found[~silent]) < 0).all()


@pytest.mark.parametrize("error", [0.05, 0.01])
def test_an_interval_reaches_so_many_standard_deviations_either_way(error):
    values = normal(150)
    found = always_valid(values, error=error)
    half = np.sqrt(np.sum((values - values.mean()) ** 2) / 149) * reach(
        np.array([150]), error=error
    )
    assert found.value == pytest.approx(values.mean())
    assert found.high - found.value == pytest.approx(half[0])
    assert found.value - found.low == pytest.approx(half[0])
    assert found.half == pytest.approx(half[0])
    assert always_valid(values) == always_valid(values, error=0.05)


def test_an_always_valid_interval_is_wrong_at_some_look_in_a_few_studies_of_a_hundred():
    """Not more than 5%, which it promises, and not so rarely that it could be narrower."""
    looks = np.arange(100, 2001, 20)
    values = np.random.default_rng(3).normal(0, 1, (2000, looks[-1]))
    sums, squares = np.cumsum(values, axis=1), np.cumsum(values**2, axis=1)
    means = sums[:, looks - 1] / looks
    spreads = np.sqrt((squares[:, looks - 1] - looks * means**2) / (looks - 1))
    wrong = (np.abs(means) > spreads * reach(looks)).any(axis=1).mean()
    assert 0.01 < wrong < 0.05


# --- when there is none yet -----------------------------------------------------------------------


def test_there_is_no_interval_at_ninety_nine_replicates_and_one_at_a_hundred():
    assert too_early(normal(99)) == "there are 99 replicates, and 100 are needed"
    assert too_early(normal(100)) is None
    assert np.isinf(always_valid(normal(99)).half) and np.isfinite(always_valid(normal(100)).half)


def test_twenty_nine_that_differ_are_too_few_and_thirty_are_enough():
    some = [np.r_[np.ones(count), np.zeros(100)] for count in (29, 30)]
    assert too_early(some[0]) == (
        "all but 29 of 129 replicates are the same, and 30 must differ for an interval"
    )
    assert too_early(some[1]) is None


@pytest.mark.parametrize("count", [100, 250])
def test_values_are_too_lopsided_below_twenty_five_times_the_squared_skewness(count):
    middles = stats.norm.ppf((np.arange(count) + 0.5) / count)
    sides = set()
    for spread in np.arange(0.3, 2.0, 0.01):
        values = np.exp(spread * middles)
        early = count < 25 * stats.skew(values) ** 2
        sides.add(bool(early))
        assert ("not settled yet" in (too_early(values) or "")) == early
    assert sides == {True, False}


def test_what_is_lopsided_the_other_way_is_too_early_as_well():
    values = -np.exp(1.5 * stats.norm.ppf((np.arange(150) + 0.5) / 150))
    assert too_early(values) == (
        "a few of 150 replicates differ so much that their mean is not settled yet"
    )


def far_pair(size):
    return np.r_[BULK, size, -size]


def test_a_value_is_outside_beyond_five_robust_standard_deviations():
    values = far_pair(10.0)
    robust = (np.quantile(values, 0.75) - np.quantile(values, 0.25)) / 2 / stats.norm.ppf(0.75)
    assert outside_the_bulk(far_pair(4.999 * robust))[0] == 0
    found, share = outside_the_bulk(far_pair(5.001 * robust))
    assert found == 2
    squares = 2 * (5.001 * robust) ** 2
    assert share == pytest.approx(squares / (squares + (BULK**2).sum()))


def test_what_is_outside_is_told_from_the_median_and_not_from_zero():
    small, share = outside_the_bulk(far_pair(10.0) / 1e4)
    assert small == 2 and share == pytest.approx(outside_the_bulk(far_pair(10.0))[1])
    for shift in (-7.0, 100.0):
        assert outside_the_bulk(far_pair(10.0) + shift) == pytest.approx(
            outside_the_bulk(far_pair(10.0))
        )


def test_where_most_are_the_same_the_spread_is_that_of_the_others():
    limit = 5 / stats.norm.ppf(0.75)
    for size, count in ((0.999 * limit, 0), (1.001 * limit, 1)):
        values = np.r_[np.zeros(400), np.full(20, 1.0), np.full(20, -1.0), size]
        assert outside_the_bulk(values)[0] == count
    others = np.r_[np.full(20, 0.5), np.full(20, -2.0)]
    values = np.r_[np.zeros(400), others[:-1], 0.9, 9.4]
    apart = np.median(np.abs(values[values != 0]))
    limit = 5 * apart / stats.norm.ppf(0.75)
    far = np.abs(values) > limit
    found = outside_the_bulk(values)
    assert found[0] == far.sum()
    assert found[1] == pytest.approx((values[far] ** 2).sum() / (values**2).sum())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert outside_the_bulk(np.full(200, 3.0)) == (0, 0.0)


def test_a_few_far_away_may_make_up_a_quarter_of_the_variance_and_no_more():
    even = np.sqrt((BULK**2).sum() / 6)  # two of these are a quarter of all squares
    assert too_early(far_pair(0.999 * even)) is None
    assert too_early(far_pair(1.001 * even)) == (
        "2 of 403 replicates lie far outside the rest and make up 25% of the variance, and 30 such "
        "are needed for an interval"
    )


def test_thirty_far_away_are_enough_and_twenty_nine_are_not():
    sides = [np.r_[BULK, np.full(15, 50.0), np.full(count, -50.0)] for count in (14, 15)]
    assert "29 of 430 replicates" in too_early(sides[0])
    assert too_early(sides[1]) is None


def test_the_rule_of_three_and_the_count_of_what_differs():
    assert [sequences.unseen(count) for count in (299, 300, 302, 303)] == [99, 100, 100, 101]
    assert sequences.differing(np.array([])) == 0
    assert sequences.differing(np.array([4.0])) == 0
    assert sequences.differing(np.array([4.0, 5.0])) == 1
    assert sequences.differing(np.array([2.0, 1.0, 1.0, 3.0, 3.0, 3.0])) == 3


def test_what_does_not_exist_is_null_in_a_document():
    there = Estimate(1.5, -np.inf, np.nan).document()
    assert there == {"value": 1.5, "low": None, "high": None}
    assert Estimate(np.float64(1), 0, 2).document() == {"value": 1.0, "low": 0.0, "high": 2.0}
    assert np.isnan(share_of(0, 0).value)
