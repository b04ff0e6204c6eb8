"""Chance, bit by bit: the published generator, what it is asked, and what becomes of its words."""

import math
import random

import pytest

from sim.core import noise as purposes

FULL = 0xFFFFFFFF
LUCK = (3 << 32) + 7  # replicate 3 of seed 7
ONE, OTHER = (5 << 32) + 11, (6 << 32) + 13  # two lineages of 48 bits
KEY = (LUCK, 38, 9, 2, ONE, OTHER)

KNOWN = [
    ((0, 0), (0, 0, 0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((FULL, FULL), (FULL,) * 4, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0xA4093822, 0x299F31D0),
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
"""Key, counter and answer: kat_vectors of Random123 (Salmon et al. 2011), philox4x32 10."""


@pytest.mark.parametrize(("key", "counter", "answer"), KNOWN)
def test_the_generator_gives_its_published_answers(rules, key, counter, answer):
    assert rules.noise.philox(*key, *counter) == answer


def test_a_decision_is_written_into_key_and_counter(rules):
    """Key: seed, replicate. Counter: purpose, index and quarter; both lineages; their high bits."""
    when = 38 + 2 * 2**8 + 9 * 2**16
    expected = rules.noise.philox(7, 3, when, 11, 13, 5 + 6 * 2**16)
    assert rules.noise.words(*KEY) == expected


def test_every_part_has_its_own_room_and_what_is_beyond_it_is_dropped(rules):
    words = rules.noise.words(LUCK, 38, 9, 255, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFF)
    assert words == rules.noise.philox(7, 3, 38 + 255 * 2**8 + 9 * 2**16, FULL, FULL, FULL)
    # A quarter has 16 bits, a lineage 48, luck 64.
    assert rules.noise.words(*KEY) == rules.noise.words(
        LUCK + 2**64, 38, 9 + 2**16, 2, ONE + 2**48, OTHER + 2**48
    )
    low = rules.noise.words(0x100000002, 1, 0xFFFF, 0, 0, 0)
    assert low == rules.noise.philox(2, 1, 1 + 0xFFFF * 2**16, 0, 0, 0)
    wide = rules.noise.words(0x8765432112345678, 1, 0, 0, 0x123487654321, 0x9876ABCDEF01)
    high = 0x98761234
    assert wide == rules.noise.philox(0x12345678, 0x87654321, 1, 0x87654321, 0xABCDEF01, high)


@pytest.mark.parametrize(
    ("first", "second", "number"),
    [
        (0, 0, 2.0**-53),  # half a step above nought
        (FULL, FULL, 1 - 2.0**-53),
        (1 << 31, 0, 0.5 + 2.0**-53),
        (1 << 5, 0, 2.0**-27 + 2.0**-53),  # of the first word 27 bits count
        (31, 127, 2.0**-53),
        (0, 1 << 7, 2.0**-52 + 2.0**-53),  # of the second 25
        (0, 1 << 31, 2.0**-28 + 2.0**-53),
    ],
)
def test_a_uniform_number_is_27_bits_of_one_word_and_25_of_the_next(
    rules, monkeypatch, first, second, number
):
    monkeypatch.setattr(rules.noise, "words", lambda *_: (first, second, 99, 99))
    assert rules.noise.uniform(*KEY) == number


def test_a_uniform_number_is_made_of_the_first_two_words(rules):
    first, second, *_ = rules.noise.words(*KEY)
    expected = ((first // 32) * 2**25 + second // 128 + 0.5) / 2**52
    assert rules.noise.uniform(*KEY) == expected


def test_each_kind_of_number_is_made_of_one_uniform_number(rules):
    u = rules.noise.uniform(*KEY)
    assert rules.noise.normal(*KEY) == rules.curves.normal_quantile(u)
    assert rules.noise.logistic(*KEY) == pytest.approx(math.log(u / (1 - u)), rel=1e-14)
    assert rules.noise.gumbel(*KEY) == pytest.approx(-math.log(-math.log(u)), rel=1e-14)
    assert rules.noise.exponential(*KEY) == pytest.approx(-math.log(u), rel=1e-14)


@pytest.mark.parametrize("u", [0.001, 0.25, 0.5, 0.75, 0.875, 0.98, 0.985, 0.99, 1 - 2.0**-50])
def test_a_gumbel_number_does_not_exceed_what_is_known_of_it_beforehand(rules, u):
    most = rules.noise.gumbel_at_most(u)
    assert rules.noise.gumbel_of(u) == pytest.approx(-math.log(-math.log(u)), rel=1e-12)
    assert rules.noise.gumbel_of(u) < most
    step = math.floor(64 * u) + 1
    if step < 64:  # that of the next 64th
        assert most == pytest.approx(-math.log(-math.log(step / 64)), abs=1e-8)
        return
    # 1 - u is not less than two to the power of -k: k times the logarithm of two, and no more.
    k = math.ceil(-math.log2(1 - u))
    assert most == pytest.approx(k * math.log(2), rel=1e-6)


MARKS = (
    *(k / 64 for k in range(1, 64)),
    *(2.0**-k for k in range(1, 54)),
    *(1 - 2.0**-k for k in range(2, 54)),
)
"""Where the steps of a bound begin, and the ends of what is drawn."""


def draws(count):
    """Return so many numbers as `uniform` gives them, many of them near an end or a step."""
    chance = random.Random(5)
    for u in MARKS:
        yield from (v for v in (math.nextafter(u, 0), u, math.nextafter(u, 1)) if v < 1)
    for _ in range(count):
        u = (chance.randrange(2**52) + 0.5) / 2**52
        yield u
        small = (chance.randrange(2 ** chance.randint(1, 52)) + 0.5) / 2**52
        yield from (small, 1 - small)


def test_no_gumbel_number_exceeds_its_bound(rules):
    of, most = rules.noise.gumbel_of, rules.noise.gumbel_at_most
    assert [u for u in draws(3000) if of(u) > most(u)] == []


def test_every_logistic_number_exceeds_its_bound(rules):
    of, least = rules.noise.logistic_of, rules.noise.logistic_at_least
    assert [u for u in draws(3000) if of(u) <= least(u)] == []


@pytest.mark.parametrize(("u", "k"), [(0.75, 1), (0.5, 1), (0.49, 2), (0.25, 2), (2.0**-53, 53)])
def test_the_bound_of_a_logistic_number_is_a_power_of_two_not_above_u(rules, u, k):
    assert rules.noise.logistic_at_least(u) == pytest.approx(-k * math.log(2), rel=1e-6)


@pytest.mark.parametrize("t", [-1, -6, -20])
def test_a_quarter_before_the_first_has_draws_of_its_own(rules, t):
    early = (LUCK, 38, t, 2, ONE, OTHER)
    assert rules.noise.words(*early) == rules.noise.words(LUCK, 38, 65536 + t, 2, ONE, OTHER)
    assert rules.noise.words(*early) != rules.noise.words(LUCK, 38, -t, 2, ONE, OTHER)


def test_a_lineage_that_descends_is_48_bits_of_two_words(rules):
    for a, b in ((ONE, OTHER), (OTHER, ONE)):
        first, second, *_ = rules.noise.words(0, purposes.LINEAGE, 9, 0, ONE, OTHER)
        assert rules.noise.descend(a, b, 9) == first * 2**16 + second % 2**16
