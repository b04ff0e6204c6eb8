"""Chance: every random number is a pure function of seed, purpose, who is concerned, and when.

Nothing is drawn from a stream whose place depends on what was drawn before. Who is concerned is
said by lineage, a 48-bit name that a council keeps for life and that a merged council derives from
its parents, so no draw moves when other councils merge, or when a policy changes somebody else.

The generator is Philox4x32-10 (Salmon et al. 2011, SC'11), checked against its published answers.
Its key is (seed, replicate); its counter is purpose, quarter, a small index, and two lineages.
"""

import numpy as np

from .compiled import compiled, inlined
from .curves import HALF, MANTISSA_BITS, exponent_of, ln, normal_quantile

LOW = 0xFFFFFFFF
LOW16 = 0xFFFF
SHIFT = 32
HALF_SHIFT = 16
ROUNDS = 10
MULTIPLY_0 = 0xD2511F53
MULTIPLY_1 = 0xCD9E8D57
BUMP_0 = 0x9E3779B9
BUMP_1 = 0xBB67AE85
TIME_SHIFT = 16
INDEX_SHIFT = 8
HIGH_DROP = 5
LOW_DROP = 7
HIGH_WEIGHT = 33554432.0
STEP = 2.0**-MANTISSA_BITS
LN2_ABOVE = 0.6931472  # a little more than the logarithm of two
STEPS = 64
ERRS = 1e-9  # more than a logarithm of any platform errs
GUMBEL_ABOVE = -np.log(-np.log(np.arange(1, STEPS) / STEPS)) + ERRS
OUTSIDE = 255  # the index of the choice to approach, or to invite, nobody

# What a draw decides. A number once given to a purpose is never given to another.
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
PLACE = 47
FALL = 48
READY = 49


@inlined
def philox(key_0, key_1, c0, c1, c2, c3):
    """Return the four 32-bit words of Philox4x32-10 for a key and a counter of 32-bit words."""
    for _ in range(ROUNDS):
        p0 = MULTIPLY_0 * c0
        p1 = MULTIPLY_1 * c2
        c0, c1, c2, c3 = (
            ((p1 >> SHIFT) & LOW) ^ c1 ^ key_0,
            p1 & LOW,
            ((p0 >> SHIFT) & LOW) ^ c3 ^ key_1,
            p0 & LOW,
        )
        key_0 = (key_0 + BUMP_0) & LOW
        key_1 = (key_1 + BUMP_1) & LOW
    return c0, c1, c2, c3


@inlined
def words(luck, purpose, t, index, a, b):
    """Return four words for one decision: `luck` is replicate and seed, a and b are lineages."""
    luck, t, index, a, b = int(luck), int(t), int(index), int(a), int(b)
    when = purpose | (index << INDEX_SHIFT) | ((t & LOW16) << TIME_SHIFT)
    high = ((a >> SHIFT) & LOW16) | (((b >> SHIFT) & LOW16) << HALF_SHIFT)
    return philox(luck & LOW, (luck >> SHIFT) & LOW, when, a & LOW, b & LOW, high)


@inlined
def uniform(luck, purpose, t, index, a, b):
    """Return a number in (0, 1), never 0 and never 1."""
    w0, w1, _, _ = words(luck, purpose, t, index, a, b)
    return ((w0 >> HIGH_DROP) * HIGH_WEIGHT + (w1 >> LOW_DROP) + HALF) * STEP


@compiled
def draw_each(world, luck, purpose, t, index, i):
    """Fill `draws` with the uniform number of council i and each council that it can talk to.

    Names first, then draws: a loop that does nothing but reckon is done for several at once.
    """
    names, draws, count = world.names, world.draws, world.councils[i].degree
    for k in range(count):
        names[k] = world.councils[world.across[i, k]].lineage
    who = world.councils[i].lineage
    for k in range(count):
        draws[k] = uniform(luck, purpose, t, index, who, names[k])


@compiled
def normal(luck, purpose, t, index, a, b):
    """Return a standard normal number."""
    return normal_quantile(uniform(luck, purpose, t, index, a, b))


@compiled
def logistic(luck, purpose, t, index, a, b):
    """Return a standard logistic number: what decides a yes or no beyond the reasons."""
    return logistic_of(uniform(luck, purpose, t, index, a, b))


@compiled
def logistic_of(u):
    """Return the standard logistic number that belongs to a uniform number."""
    return ln(u) - ln(1.0 - u)


@compiled
def logistic_at_least(u):
    """Return a number that the logistic number of u exceeds, found without a logarithm.

    -ln(1 - u) is above 0, and u is not less than two to the power of its exponent.
    """
    return exponent_of(u) * LN2_ABOVE


@compiled
def gumbel(luck, purpose, t, index, a, b):
    """Return a standard Gumbel number: what decides a choice beyond the reasons."""
    return gumbel_of(uniform(luck, purpose, t, index, a, b))


@compiled
def gumbel_of(u):
    """Return the standard Gumbel number that belongs to a uniform number."""
    return -ln(-ln(u))


@inlined
def gumbel_at_most(u):
    """Return a number that the Gumbel number of u does not exceed, found without a logarithm.

    By a table but for the last step. There, -ln(-ln u) is less than -ln(1 - u), and 1 - u is not
    less than two to the power of its exponent.
    """
    step = int(u * STEPS)
    if step < STEPS - 1:
        return GUMBEL_ABOVE[step]
    return -exponent_of(1.0 - u) * LN2_ABOVE


@compiled
def exponential(luck, purpose, t, index, a, b):
    """Return a waiting time of mean one."""
    return -ln(uniform(luck, purpose, t, index, a, b))


@compiled
def descend(a, b, when):
    """Return the lineage that follows from two lineages, whichever is named first."""
    low, high = min(a, b), max(a, b)
    w0, w1, _, _ = words(0, LINEAGE, when, 0, low, high)
    return (w0 << HALF_SHIFT) | (w1 & LOW16)
