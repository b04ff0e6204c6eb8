"""Logarithm, exponential and their kin, written out so that every platform gives the same bits."""

import math

import numpy as np

from .compiled import compiled, inlined

LN2_HIGH = 0.693147180369123816490
LN2_LOW = 1.90821492927058770002e-10
PER_LN2 = 1.4426950408889634
ROOT_HALF = 0.7071067811865476
LN_SERIES = tuple(1.0 / n for n in range(19, 0, -2))
EXP_SERIES = tuple(1.0 / math.factorial(n) for n in range(13, -1, -1))
EXP_MOST = 700.0
HALF = 0.5
LONG = 1e-300

# A double is a sign, 11 bits of exponent and 52 of mantissa (IEEE 754).
MANTISSA_BITS = 52
MANTISSA = (1 << MANTISSA_BITS) - 1
EXPONENT_OF_HALF = 1022
EXPONENT_OF_ONE = 1023
BITS_OF_HALF = EXPONENT_OF_HALF << MANTISSA_BITS

ROUNDING = 1.0 / (1 << MANTISSA_BITS // 2)  # half the digits of a double

CENTRE_REACH = 0.425
CENTRE_SQUARE = 0.180625
TAIL_NEAR = 5.0
TAIL_SHIFT = 1.6
CENTRE_TOP = (
    2509.0809287301226727,
    33430.575583588128105,
    67265.770927008700853,
    45921.953931549871457,
    13731.693765509461125,
    1971.5909503065514427,
    133.14166789178437745,
    3.387132872796366608,
)
CENTRE_BOTTOM = (
    5226.495278852545925,
    28729.085735721942674,
    39307.89580009271061,
    21213.794301586595867,
    5394.1960214247511077,
    687.1870074920579083,
    42.313330701600911252,
    1.0,
)
NEAR_TOP = (
    7.7454501427834140764e-4,
    0.0227238449892691845833,
    0.24178072517745061177,
    1.27045825245236838258,
    3.64784832476320460504,
    5.7694972214606914055,
    4.6303378461565452959,
    1.42343711074968357734,
)
NEAR_BOTTOM = (
    1.05075007164441684324e-9,
    5.475938084995344946e-4,
    0.0151986665636164571966,
    0.14810397642748007459,
    0.68976733498510000455,
    1.6763848301838038494,
    2.05319162663775882187,
    1.0,
)
FAR_TOP = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    0.0012426609473880784386,
    0.026532189526576123093,
    0.29656057182850489123,
    1.7848265399172913358,
    5.4637849111641143699,
    6.6579046435011037772,
)
FAR_BOTTOM = (
    2.04426310338993978564e-15,
    1.4215117583164458887e-7,
    1.8463183175100546818e-5,
    7.868691311456132591e-4,
    0.0148753612908506148525,
    0.13692988092273580531,
    0.59983220655588793769,
    1.0,
)


@compiled
def polynomial(coefficients, x):
    """Return the polynomial at x, highest power first, of an even number of coefficients.

    Horner's scheme on the odd and on the even powers apart: two short sums run side by side.
    """
    square, odd, even = x * x, 0.0, 0.0
    for k in range(0, len(coefficients), 2):
        odd = odd * square + coefficients[k]
        even = even * square + coefficients[k + 1]
    return odd * x + even


@compiled
def ln(x):
    """Return the natural logarithm of x > 0; below 1e-300 it stops falling."""
    bits = np.float64(max(x, LONG)).view(np.int64)
    e = (bits >> MANTISSA_BITS) - EXPONENT_OF_HALF
    m = np.int64((bits & MANTISSA) | BITS_OF_HALF).view(np.float64)
    if m < ROOT_HALF:
        m *= 2.0
        e -= 1
    s = (m - 1.0) / (m + 1.0)
    return 2.0 * s * polynomial(LN_SERIES, s * s) + e * LN2_LOW + e * LN2_HIGH


@inlined
def power_of_two(k):
    """Return two to the power of a whole number k."""
    return np.int64((int(k) + EXPONENT_OF_ONE) << MANTISSA_BITS).view(np.float64)


@inlined
def exponent_of(x):
    """Return the largest whole number to which the power of two is no more than x > 0."""
    return (np.float64(x).view(np.int64) >> MANTISSA_BITS) - EXPONENT_OF_ONE


@compiled
def exp(x):
    """Return e to the x, for x held within -700 to 700."""
    x = min(max(x, -EXP_MOST), EXP_MOST)
    k = math.floor(x * PER_LN2 + HALF)
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    return polynomial(EXP_SERIES, r) * power_of_two(k)


@inlined
def exp_at_most(x):
    """Return a number that e to the x does not exceed, by a sixteenth too large at most.

    Between two powers of two the exponential lies below the straight line that joins them.
    """
    power = min(max(x, -EXP_MOST), EXP_MOST) * PER_LN2 + ROUNDING
    k = math.floor(power)
    return (1.0 + (power - k)) * power_of_two(k)


@inlined
def happens(u, push, years):
    """Return True where draw u lets something happen within `years`; `push` is the log of its rate.

    Most draws are so far above the probability that a rough bound says no.
    """
    return u < exp_at_most(push) * years + ROUNDING and u < chance_within(exp(push), years)


@compiled
def chance_within(rate, years):
    """Return the probability that something with a yearly rate happens within `years`."""
    return 1.0 - exp(-max(rate, 0.0) * years)


@compiled
def normal_quantile(u):
    """Return the standard normal quantile of u in (0, 1).

    Source: Wichura 1988, algorithm AS 241 (PPND16), about 16 digits.
    """
    q = u - HALF
    if abs(q) <= CENTRE_REACH:
        r = CENTRE_SQUARE - q * q
        return q * polynomial(CENTRE_TOP, r) / polynomial(CENTRE_BOTTOM, r)
    r = math.sqrt(-ln(u if q < 0.0 else 1.0 - u))
    if r <= TAIL_NEAR:
        r -= TAIL_SHIFT
        z = polynomial(NEAR_TOP, r) / polynomial(NEAR_BOTTOM, r)
    else:
        r -= TAIL_NEAR
        z = polynomial(FAR_TOP, r) / polynomial(FAR_BOTTOM, r)
    return -z if q < 0.0 else z


@compiled
def clip(x, low, high):
    """Return x held between low and high."""
    return min(max(x, low), high)


@compiled
def rounded(value):
    """Return the whole number that value misses by no more than rounding; else value itself."""
    whole = float(math.floor(value + HALF))
    return whole if is_remainder(abs(value - whole), 1.0) else value


@compiled
def is_remainder(size, whole):
    """Return True where size is so small a share of whole that rounding may have left it."""
    return size <= ROUNDING * whole
