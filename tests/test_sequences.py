"""Always-valid intervals hold at all looks together; ordinary ones that are peeked at fail."""

import numpy as np
import pytest
from scipy import stats
from turns import always

from experiments.comparing.sequences import (
    BURN_IN,
    ERROR,
    FEW,
    NARROWEST,
    always_valid,
    differing,
    reach,
    skewness,
    too_early,
)
from experiments.estimates import mean_of

REPETITIONS = 500
MOST = 1000
LOOKS = range(BURN_IN, MOST + 1, 50)


def chance(key):
    return np.random.Generator(np.random.Philox(key))


def share_wrong(draw, mean, interval, looks=LOOKS):
    """Return the share of repetitions in which the interval was ever wrong."""
    wrong = 0
    for _ in range(REPETITIONS):
        values = draw(MOST)
        found = (interval(values[:count]) for count in looks)
        wrong += any(not each.low <= mean <= each.high for each in found)
    return wrong / REPETITIONS


def test_normal_values_are_covered_at_every_count_and_not_only_after_the_burn_in():
    values = chance(1).normal(3.0, 2.0, size=(4000, MOST)) - 3.0
    counts = np.arange(1, MOST + 1)
    means = np.cumsum(values, axis=1) / counts
    squares = np.cumsum(values**2, axis=1) - counts * means**2
    spreads = np.sqrt(squares[:, 1:] / (counts[1:] - 1))
    wrong = np.abs(means[:, 1:]) > spreads * reach(counts[1:])
    assert 0.02 < wrong.any(axis=1).mean() <= ERROR


LAWS = {
    "normal": (lambda rng, n: rng.normal(size=n), 0.0),
    "heavy tails": (lambda rng, n: rng.standard_t(3, size=n), 0.0),
    "lopsided": (lambda rng, n: rng.exponential(size=n), 1.0),
    "very lopsided": (lambda rng, n: rng.lognormal(0, 1, size=n), float(np.exp(0.5))),
    "rare": (lambda rng, n: 1.0 * (rng.random(n) < 0.05), 0.05),
    "very rare": (lambda rng, n: 1.0 * (rng.random(n) < 0.01), 0.01),
    "whole numbers, mostly none": (lambda rng, n: np.round(rng.normal(0.1, 0.5, size=n)), None),
}


def true_mean(law):
    mean = LAWS[law][1]
    if mean is not None:
        return mean
    steps = np.arange(-6, 7)
    edges = stats.norm.cdf([steps - 0.5, steps + 0.5], 0.1, 0.5)
    return float(steps @ (edges[1] - edges[0]))


@pytest.mark.parametrize("law", always(("normal", "rare"), LAWS))
def test_the_interval_is_right_at_all_looks_together(law):
    rng = chance(2)
    wrong = share_wrong(lambda n: LAWS[law][0](rng, n), true_mean(law), always_valid)
    assert wrong <= ERROR + 0.01


@pytest.mark.parametrize("law", ["normal", "lopsided"])
def test_an_ordinary_interval_that_is_peeked_at_is_wrong_far_more_often(law):
    rng = chance(3)
    wrong = share_wrong(lambda n: LAWS[law][0](rng, n), true_mean(law), mean_of)
    assert wrong > 3 * ERROR


def test_the_interval_is_where_the_evidence_against_a_mean_reaches_one_over_the_error():
    # The Bayes factor of Rouder et al. (2009) with a normal prior on the effect.
    values = chance(4).normal(0.3, 1.0, size=150)
    count, found = len(values), always_valid(values)
    doubt = -2 * np.log(ERROR)
    prior = (doubt + np.log(doubt + 1)) / NARROWEST
    t = (found.value - found.low) / (np.std(values, ddof=1) / np.sqrt(count))
    free, grown = count - 1, 1 + count * prior
    evidence = grown**-0.5 * ((1 + t**2 / free) / (1 + t**2 / (free * grown))) ** (count / 2)
    assert evidence == pytest.approx(1 / ERROR)


def test_for_many_values_it_is_the_normal_mixture_with_the_running_variance():
    count = 100_000
    doubt = -2 * np.log(ERROR)
    prior = (doubt + np.log(doubt + 1)) / NARROWEST
    grown = count * prior + 1
    robbins = np.sqrt(2 * grown / (count**2 * prior) * np.log(np.sqrt(grown) / ERROR))
    assert reach(np.array([count]))[0] == pytest.approx(robbins, rel=1e-3)


def test_it_is_relatively_narrowest_where_it_is_meant_to_be():
    counts = np.arange(30, 3000)
    relative = reach(counts) * np.sqrt(counts)
    assert NARROWEST / 2 < counts[np.argmin(relative)] < NARROWEST * 2


def test_less_error_makes_it_wider_and_too_few_values_say_nothing():
    counts = np.array([2, 3, 100, 1000])
    assert (reach(counts, error=0.01)[2:] > reach(counts)[2:]).all()
    assert np.isinf(reach(counts)[:2]).all()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.arange(BURN_IN - 1.0), f"{BURN_IN} are needed"),
        (np.zeros(500), f"{FEW} must differ"),
        (np.r_[np.ones(FEW - 1), np.zeros(500)], f"all but {FEW - 1} of 529"),
        (np.r_[np.arange(FEW * 2.0), np.full(3, 1e4), np.zeros(300)], "not settled"),
        (
            np.r_[np.linspace(-0.1, 0.1, 400), 20.0, 20.0, -20.0, -20.0],
            "4 of 404 replicates lie far outside the rest and make up 100%",
        ),
        (
            np.r_[np.zeros(400), np.linspace(-0.1, 0.1, 40), 9.0, -9.0],
            "2 of 442 replicates lie far",
        ),
    ],
)
def test_values_that_do_not_look_normal_yet_have_no_interval(values, words):
    found = always_valid(values)
    assert words in too_early(values)
    assert np.isinf(found.low)
    assert np.isinf(found.high)
    assert found.value == pytest.approx(values.mean())


@pytest.mark.parametrize(("rate", "size"), [(0.01, 30.0), (0.02, 20.0)])
def test_rare_large_differences_mislead_only_while_they_have_not_happened_once(rate, size):
    """A small jitter hides them from a count of the values that differ; they are counted apart."""
    rng, looks = chance(8), (100, 150, 200, 300, 500)
    wrong = unaware = 0
    for _ in range(200):
        happens = rng.random(max(looks)) < rate
        values = rng.normal(0, 0.1, max(looks)) + size * happens
        misled = [
            n
            for n in looks
            if abs((found := always_valid(values[:n])).value - rate * size) > found.half
        ]
        wrong += any(happens[:n].any() for n in misled)
        unaware += any(not happens[:n].any() for n in misled)
    assert wrong / 200 <= ERROR
    assert abs(unaware / 200 - (1 - rate) ** 100) < 0.1  # which nothing in the values can tell


def test_heavy_tails_wait_for_enough_of_what_is_far_away():
    rng, mean = chance(9), float(np.exp(1.125))
    wrong = share_wrong(
        lambda n: rng.lognormal(0, 1.5, n), mean, always_valid, looks=range(100, 1001, 100)
    )
    assert wrong <= ERROR + 0.01
    early = [too_early(rng.normal(size=BURN_IN)) for _ in range(100)]
    assert sum(each is None for each in early) >= 98  # and what is normal does not wait


def test_what_is_counted_and_how_lopsided_it_is():
    values = chance(5).gamma(2.0, size=400)
    assert skewness(values) == pytest.approx(stats.skew(values))
    assert differing(np.array([1.0, 1.0, 2.0, 3.0])) == 2
    assert too_early(chance(6).normal(size=BURN_IN)) is None


def test_the_ordinary_interval_is_students():
    values = chance(7).normal(size=12)
    low, high = stats.t.interval(0.9, 11, loc=values.mean(), scale=stats.sem(values))
    found = mean_of(values, error=0.1)
    assert (found.low, found.high) == pytest.approx((low, high))
    assert found.half == pytest.approx((high - low) / 2)
    assert np.isnan(mean_of(values[:1]).high)
