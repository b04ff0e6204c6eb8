"""Logarithm, exponential and their kin against what Python has, and by hand."""

import math
from statistics import NormalDist

import pytest

ROOT_HALF = 0.7071067811865476
NEAR_ONE = (1 - 2.0**-53, 1 + 2.0**-52, 0.999, 1.001)
AROUND = (math.nextafter(ROOT_HALF, 0), ROOT_HALF, math.nextafter(ROOT_HALF, 1))
SMALL_AND_LARGE = (1e-300, 1e-20, 1e-3, 0.1, 0.5, 0.6, 1.0, 1.4, 1.5, 2.0, 10.0, 1e6, 1e20, 1e300)


@pytest.mark.parametrize("x", [*SMALL_AND_LARGE, *NEAR_ONE, *AROUND])
def test_the_logarithm_is_right_to_the_last_bit_but_one(rules, x):
    assert abs(rules.curves.ln(x) - math.log(x)) <= 2 * math.ulp(math.log(x))


@pytest.mark.parametrize("x", [1e-301, 1e-320, 0.0, -5.0])
def test_the_logarithm_stops_falling(rules, x):
    assert rules.curves.ln(x) == rules.curves.ln(1e-300)


@pytest.mark.parametrize("x", [-700, -31.4, -1, -0.35, -1e-9, 0, 1e-9, 0.34, 0.35, 1, 31.4, 700])
def test_the_exponential_is_right_to_the_last_bits(rules, x):
    assert rules.curves.exp(float(x)) == pytest.approx(math.exp(x), rel=1e-15, abs=0)


def test_the_exponential_is_one_at_nought_and_held_within_bounds(rules):
    assert rules.curves.exp(0.0) == 1.0
    assert rules.curves.exp(-1e9) == rules.curves.exp(-700.0) > 0.0
    assert rules.curves.exp(1e9) == rules.curves.exp(700.0) < math.inf


def test_the_exponential_reduces_to_the_nearest_multiple_of_the_logarithm_of_two(rules):
    for k in range(-40, 41):
        for x in (k * math.log(2) / 2, (k + 0.45) * math.log(2), (k + 0.55) * math.log(2)):
            assert rules.curves.exp(x) == pytest.approx(math.exp(x), rel=1e-15, abs=0)


def test_a_polynomial_begins_with_the_highest_power(rules):
    polynomial = rules.curves.polynomial
    assert polynomial((1.0, 2.0, 3.0, 4.0), 10.0) == 1234.0
    assert polynomial((1.0, 2.0, 3.0, 4.0, 5.0, 6.0), 10.0) == 123456.0
    assert polynomial((3.0, 5.0), 0.5) == 6.5


def test_a_rate_becomes_a_chance_by_how_long_it_lasts(rules):
    chance = rules.curves.chance_within
    assert chance(math.log(2), 1.0) == pytest.approx(1 / 2)
    assert chance(math.log(2), 2.0) == pytest.approx(3 / 4)
    assert chance(0.5, 0.25) == pytest.approx(1 - math.exp(-0.125))
    assert chance(0.0, 3.0) == chance(-2.0, 3.0) == 0.0


LN2 = math.log(2)
SIXTEENTH = 1 + 1 / 16


def beside(x):
    return math.nextafter(x, -math.inf), x, math.nextafter(x, math.inf)


EVENLY = [k / 8 for k in range(-5600, 5601)]
POWERS = [sign * two for k in range(-60, 10) for two in beside(2.0**k) for sign in (-1.0, 1.0)]
MULTIPLES = [x for k in range(-1009, 1010) for x in beside(k * LN2)]


def test_the_bound_of_an_exponential_is_never_below_it_and_by_a_sixteenth_above_at_most(rules):
    at_most = rules.curves.exp_at_most
    for x in (*EVENLY, *POWERS, *MULTIPLES, *beside(0.0)):
        assert math.exp(x) <= at_most(x) <= SIXTEENTH * math.exp(x) * (1 + 2.0**-52), x
        assert rules.curves.exp(x) <= at_most(x), x


def test_a_sixteenth_is_needed_between_two_powers_of_two_and_nothing_at_them(rules):
    at_most = rules.curves.exp_at_most
    for k in (-900, -3, 0, 1, 40, 900):
        assert at_most(k * LN2) == pytest.approx(2.0**k, rel=1e-7)
        x = k * LN2 + 1 - LN2  # where the curve lies farthest below the line
        assert at_most(x) == pytest.approx(1.06148 * math.exp(x), rel=1e-5)


def test_the_bound_of_an_exponential_is_held_within_the_same_bounds(rules):
    at_most = rules.curves.exp_at_most
    assert at_most(-1e9) == at_most(-700.0) >= math.exp(-700)
    assert at_most(1e9) == at_most(700.0) >= math.exp(700)


def draws_about(chance):
    """Return the numbers that `uniform` can give next to a probability, and some farther off."""
    near = math.floor(chance * 2.0**52)
    steps = {near + k for k in (-2, -1, 0, 1)} | {int(near * x) for x in (0.5, 0.97, 1.03, 1.07, 2)}
    return [(k + 0.5) / 2**52 for k in sorted({*steps, 0, 1, 2**52 - 1}) if 0 <= k < 2**52]


@pytest.mark.parametrize("years", [0.25, 1.0])
def test_a_rate_lets_happen_what_its_probability_lets_happen(rules, years):
    happens, chance_of = rules.curves.happens, rules.curves.chance_within
    whole = [k * LN2 for k in range(-60, 12)]
    told = set()
    for push in (*whole, *(k / 16 for k in range(-16 * 40, 16 * 6)), -700.0, 700.0):
        chance = chance_of(rules.curves.exp(push), years)
        for u in draws_about(chance):
            told.add(bool(u < chance))
            assert bool(happens(u, push, years)) == (u < chance), (push, u)
    assert told == {False, True}


def test_a_draw_just_below_the_probability_lets_it_happen_and_one_just_above_does_not(rules):
    for push in (-9.3, -4.0, -1.5, 0.0, 0.7, 1.9):
        chance = rules.curves.chance_within(rules.curves.exp(push), 0.25)
        for u, due in zip(beside(chance), (True, False, False), strict=True):
            assert bool(rules.curves.happens(u, push, 0.25)) == due


FAR = math.exp(-25.0)  # beyond it the third of three formulas holds
TAILS = (0.49, 0.3, 0.075, 0.074, 0.01, 1e-5, FAR * 1.01, FAR * 0.99, 1e-15, 1e-100, 1e-300)


@pytest.mark.parametrize("u", TAILS)
def test_a_normal_quantile_has_fifteen_digits_in_both_tails(rules, u):
    expected = NormalDist().inv_cdf(u)
    assert rules.curves.normal_quantile(u) == pytest.approx(expected, rel=1e-15)
    over = 1.0 - u
    if over < 1.0:
        expected = NormalDist().inv_cdf(over)
        assert rules.curves.normal_quantile(over) == pytest.approx(expected, rel=1e-15)


def test_the_middle_of_the_normal_curve_is_nought(rules):
    assert rules.curves.normal_quantile(0.5) == 0.0


@pytest.mark.parametrize(("x", "held"), [(-3.0, 1.0), (1.0, 1.0), (2.5, 2.5), (4.0, 4.0), (9, 4.0)])
def test_what_is_clipped_lies_between_two_bounds(rules, x, held):
    assert rules.curves.clip(x, 1.0, 4.0) == held


@pytest.mark.parametrize("whole", [-1.0, 0.0, 1.0])
def test_a_remainder_of_rounding_is_taken_off_and_nothing_else_is(rules, whole):
    for beside in (0.0, 1e-17, -1e-16, 2.3e-16, -1e-9, 2.0**-26):
        assert rules.curves.rounded(whole + beside) == whole
    for value in (whole + 2e-8, whole - 2e-8, whole + 0.3, whole - 0.5):
        assert rules.curves.rounded(value) == value


def test_half_the_digits_of_a_double_are_the_limit_of_a_remainder(rules):
    remainder = rules.curves.is_remainder
    assert remainder(0.0, 0.0) and remainder(1e-17, 1.0) and remainder(2.0**-26, 1.0)
    assert not remainder(2.0**-25, 1.0) and not remainder(1e-17, 0.0)
    assert remainder(1e-6, 200.0) and not remainder(1e-5, 200.0)
