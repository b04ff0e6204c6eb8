"""Chance: every draw depends on who, what and when, and on nothing else that happens.

The generator is Philox4x32-10 (Salmon et al. 2011), written out in whole numbers.
"""

from __future__ import annotations

import math
from enum import IntEnum
from statistics import NormalDist

WORD = 0xFFFFFFFF
HALF = 0xFFFF
ROUNDS = 10
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
STEPS = (0x9E3779B9, 0xBB67AE85)
SMALLEST = 1e-300
"""The logarithm is not asked for anything smaller."""
LARGEST_EXPONENT = 700.0
NORMAL = NormalDist()

Words = tuple[int, int, int, int]


class Purpose(IntEnum):
    """What a draw decides."""

    LINEAGE = 1
    FIRST_CULTURE = 2
    ATTACHMENT = 3
    FIRST_STRATEGY = 4
    PLATFORM = 5
    CONTROL = 6
    CYCLE = 7
    FIRST_VACANCY = 8
    QUALITY = 9
    FIRST_IMPRESSION = 10
    FIRST_TRUST = 11
    SETTLEMENT = 12
    FREEZE = 13
    CHANGE_AT_ELECTION = 14
    NEXT_PARTY = 15
    CHIEF_QUITS = 16
    CHIEF_COMES = 17
    LOOK_DEEP = 18
    LOOK_SERVICE = 19
    TOPIC = 20
    PARTNER = 21
    PRIORITY = 23
    ANSWER = 24
    IMPRESSION = 25
    WALK = 26
    ADVANCE = 27
    LEAK = 28
    PROMISE = 29
    ESTIMATE = 30
    TERM_EXIT = 31
    TERM_EQUAL = 32
    TERM_ALIGN = 33
    VOTE = 34
    INVITE = 35
    ANSWER_INVITED = 36
    TRUE_SHARE = 37
    REPORTED = 38
    OVERRUN = 39
    LEAVE = 40
    JOINT_CHIEF = 41
    SURVIVE = 42
    COOLING = 43
    REMATCH = 44
    ATTENTION = 46
    LEADER_FALLS = 48
    READINESS = 49


def ln(x: float) -> float:
    """Return the natural logarithm, held at its value for a tiny number."""
    return math.log(max(x, SMALLEST))


def exp(x: float) -> float:
    """Return the exponential of a number held within a range that a float can bear."""
    return math.exp(clip(x, -LARGEST_EXPONENT, LARGEST_EXPONENT))


def clip(x: float, low: float = 0.0, high: float = 1.0) -> float:
    """Return a number held between two bounds."""
    return min(max(x, low), high)


def within(rate: float, years: float) -> float:
    """Return the probability that something of a yearly rate happens within some years."""
    return 1.0 - exp(-max(rate, 0.0) * years)


def philox(counter: Words, key: tuple[int, int]) -> Words:
    """Return the four words that belong to a counter and a key."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(ROUNDS):
        first, second = MULTIPLIERS[0] * c0, MULTIPLIERS[1] * c2
        c0, c1, c2, c3 = (
            (second >> 32) ^ c1 ^ k0,
            second & WORD,
            (first >> 32) ^ c3 ^ k1,
            first & WORD,
        )
        k0, k1 = (k0 + STEPS[0]) & WORD, (k1 + STEPS[1]) & WORD
    return c0, c1, c2, c3


class Chance:
    """The luck of one run: the same seed and replicate give the same draws."""

    def __init__(self, seed: int, replicate: int) -> None:
        self.key = (seed & WORD, replicate & WORD)

    def words(self, purpose: Purpose, quarter: int, index: int, a: int, b: int) -> Words:
        """Return the raw words of a draw about two lineages."""
        counter = (
            purpose | index << 8 | (quarter & HALF) << 16,
            a & WORD,
            b & WORD,
            (a >> 32 & HALF) | (b >> 32 & HALF) << 16,
        )
        return philox(counter, self.key)

    def uniform(self, purpose: Purpose, quarter: int, index: int, a: int, b: int) -> float:
        """Return a draw between 0 and 1, neither of which it reaches."""
        w0, w1, _, _ = self.words(purpose, quarter, index, a, b)
        return ((w0 >> 5) * 2.0**25 + (w1 >> 7) + 0.5) * 2.0**-52

    def normal(self, purpose: Purpose, quarter: int, index: int, a: int, b: int) -> float:
        """Return a standard normal draw."""
        return NORMAL.inv_cdf(self.uniform(purpose, quarter, index, a, b))

    def logistic(self, purpose: Purpose, quarter: int, index: int, a: int, b: int) -> float:
        """Return a standard logistic draw."""
        u = self.uniform(purpose, quarter, index, a, b)
        return ln(u) - ln(1.0 - u)

    def gumbel(self, purpose: Purpose, quarter: int, index: int, a: int, b: int) -> float:
        """Return a standard Gumbel draw."""
        return -ln(-ln(self.uniform(purpose, quarter, index, a, b)))

    def exponential(self, purpose: Purpose, quarter: int, index: int, a: int, b: int) -> float:
        """Return a standard exponential draw."""
        return -ln(self.uniform(purpose, quarter, index, a, b))


NAMES = Chance(0, 0)
"""Lineages are named alike in every run."""


def descend(a: int, b: int, when: int) -> int:
    """Return the lineage of what two lineages make at a time."""
    w0, w1, _, _ = NAMES.words(Purpose.LINEAGE, when, 0, min(a, b), max(a, b))
    return (w0 << 16) | (w1 & HALF)
