"""Chance keeps its promises, and never repeats itself by accident."""

import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy import stats

import sim.core.noise as compiled_noise

WORD = st.integers(0, 2**32 - 1)
LINEAGE = st.integers(0, 2**48 - 1)
LUCK = st.integers(0, 2**63 - 1)
DRAWS = 20000
FULL = 0xFFFFFFFF
OFTEN = settings(derandomize=True, deadline=None, max_examples=200)


@pytest.mark.parametrize("draw", ["uniform", "normal", "logistic", "gumbel", "exponential"])
def test_the_compiled_draw_has_the_bits_of_the_plain_one(rules, draw):
    for k in range(200):
        luck = k * 0x1234567 % 2**31 << 32 | k * 0x9E3779B9 % 2**32
        key = (luck, k % 47 + 1, k, k % 256, k * 0x5DEECE66D % 2**48, k * 0xBB67AE85 % 2**48)
        plain = getattr(rules.noise, draw)(*key)
        assert float(getattr(compiled_noise, draw)(*key)).hex() == float(plain).hex()


@pytest.mark.parametrize("word", [0, 1, 31, 127, FULL - 127, FULL])
def test_a_uniform_number_is_never_nought_or_one_even_for_extreme_words(rules, monkeypatch, word):
    monkeypatch.setattr(rules.noise, "words", lambda *key: (word, word, word, word))
    for draw in ("uniform", "normal", "logistic", "gumbel", "exponential"):
        assert math.isfinite(getattr(rules.noise, draw)(1, 2, 3, 4, 5, 6))
    assert 0.0 < rules.noise.uniform(1, 2, 3, 4, 5, 6) < 1.0


@given(LUCK, st.integers(1, 255), st.integers(0, 65535), st.integers(0, 255), LINEAGE, LINEAGE)
@OFTEN
def test_a_uniform_number_lies_between_nought_and_one(rules, luck, purpose, t, index, a, b):
    assert 0.0 < rules.noise.uniform(luck, purpose, t, index, a, b) < 1.0


@given(
    LUCK, st.integers(1, 255), st.integers(0, 65535), st.integers(0, 255), LINEAGE, LINEAGE,
    st.integers(0, 5), st.integers(0, 62),
)  # fmt: skip
@OFTEN
def test_every_bit_of_the_key_counts(rules, luck, purpose, t, index, a, b, which, bit):
    key = [luck, purpose, t, index, a, b]
    widths = (63, 8, 16, 8, 48, 48)
    other = list(key)
    other[which] ^= 1 << bit % widths[which]
    assert rules.noise.words(*key) != rules.noise.words(*other)


def test_seeds_replicates_and_purposes_share_no_numbers(rules):
    lucks = [seed | replicate << 32 for seed in range(6) for replicate in range(6)]
    seen = [
        rules.noise.uniform(luck, purpose, t, 0, 11, 12)
        for luck in lucks
        for purpose in range(1, 8)
        for t in range(8)
    ]
    assert len(set(seen)) == len(seen)


def test_who_asks_and_who_is_asked_draw_apart(rules):
    assert rules.noise.words(1, 2, 3, 4, 5, 6) != rules.noise.words(1, 2, 3, 4, 6, 5)


SHAPES = {
    "uniform": (stats.uniform(), 0.5, 1 / 12),
    "normal": (stats.norm(), 0.0, 1.0),
    "logistic": (stats.logistic(), 0.0, math.pi**2 / 3),
    "gumbel": (stats.gumbel_r(), np.euler_gamma, math.pi**2 / 6),
    "exponential": (stats.expon(), 1.0, 1.0),
}


@pytest.mark.parametrize("draw", SHAPES)
@pytest.mark.parametrize("axis", ["luck", "time", "lineage"])
def test_draws_follow_their_distribution_along_every_axis(draw, axis):
    whole, mean, variance = SHAPES[draw]
    rule = getattr(compiled_noise, draw)
    if axis == "luck":
        drawn = [rule(k, 5, 0, 0, 1, 1) for k in range(DRAWS)]
    elif axis == "time":
        drawn = [rule(1, 5, k, 0, 1, 1) for k in range(DRAWS)]
    else:
        drawn = [rule(1, 5, 0, 0, k, k) for k in range(DRAWS)]
    drawn = np.array(drawn)
    assert drawn.mean() == pytest.approx(mean, abs=4 * math.sqrt(variance / DRAWS))
    assert drawn.var() == pytest.approx(variance, rel=0.06)
    assert stats.kstest(drawn, whole.cdf).pvalue > 1e-4
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 4 / math.sqrt(DRAWS)


def test_two_seeds_are_not_correlated(rules):
    one, two = ([rules.noise.uniform(s, 5, k, 0, 1, 1) for k in range(4000)] for s in (1, 2))
    assert abs(np.corrcoef(one, two)[0, 1]) < 4 / math.sqrt(4000)


@given(LINEAGE, LINEAGE, st.integers(0, 65535))
@OFTEN
def test_a_merged_councils_lineage_does_not_depend_on_who_is_named_first(rules, a, b, when):
    child = rules.noise.descend(a, b, when)
    assert child == rules.noise.descend(b, a, when)
    assert 0 <= child < 2**48
    assert child not in (a, b)


def test_lineages_that_descend_are_all_different(rules):
    made = {rules.noise.descend(a, b, t) for a in range(20) for b in range(a) for t in range(10)}
    assert len(made) == 190 * 10


def test_a_purpose_has_a_number_of_its_own_that_fits_its_place(rules):
    named = {
        name: value
        for name, value in vars(rules.noise).items()
        if name.isupper() and isinstance(value, int)
    }
    first = list(named).index("LINEAGE")
    purposes = dict(list(named.items())[first:])
    assert len(purposes) > 40
    assert len(set(purposes.values())) == len(purposes)
    assert all(0 < value < 256 for value in purposes.values())


@given(st.floats(1e-299, 1e300))
@OFTEN
def test_the_logarithm_is_the_logarithm(rules, x):
    assert rules.curves.ln(x) == pytest.approx(math.log(x), rel=4e-16, abs=4e-16)


@given(st.floats(-700, 700))
@OFTEN
def test_the_exponential_is_the_exponential(rules, x):
    assert rules.curves.exp(x) == pytest.approx(math.exp(x), rel=5e-16)


@given(st.floats(1e-290, 0.5))
@OFTEN
def test_the_normal_quantile_is_the_quantile(rules, u):
    assert rules.curves.normal_quantile(u) == pytest.approx(stats.norm.ppf(u), rel=1e-13, abs=1e-15)


@given(st.floats(1e-9, 0.5))
@OFTEN
def test_the_normal_quantile_is_symmetric(rules, u):
    upper = rules.curves.normal_quantile(1.0 - u)
    assert upper == pytest.approx(-stats.norm.ppf(u), rel=1e-6, abs=1e-9)


def test_the_logarithm_of_nothing_is_finite(rules):
    assert rules.curves.ln(0.0) == rules.curves.ln(1e-300)
    assert rules.curves.exp(1e9) == rules.curves.exp(700.0)


def test_a_rate_of_one_a_year_happens_within_a_year_in_63_of_100_cases(rules):
    assert rules.curves.chance_within(1.0, 1.0) == pytest.approx(1 - 1 / math.e)
    assert rules.curves.chance_within(0.2, 0.25) == pytest.approx(1 - math.exp(-0.05))
    assert rules.curves.chance_within(-1.0, 1.0) == 0.0


@given(u=st.floats(2.0**-53, 1.0, exclude_max=True))
def test_the_bound_of_a_gumbel_number_is_never_below_it(rules, u):
    assert rules.noise.gumbel_of(u) <= rules.noise.gumbel_at_most(u)
    assert rules.noise.gumbel_at_most(u) - 0.7 <= -math.log1p(-u) + 1e-6
