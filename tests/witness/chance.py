"""The documented generator, written anew: whoever knows the seed knows every draw."""

from __future__ import annotations

import hashlib
from statistics import NormalDist

FIRST_IMPRESSION, FIRST_TRUST, FALL, READY = 10, 11, 48, 49
WORD = 0xFFFFFFFF
TIMES = (0xD2511F53, 0xCD9E8D57)
STEPS = (0x9E3779B9, 0xBB67AE85)
ROUNDS = 10


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, ...]:
    """Return the four words of Philox4x32-10 (Salmon et al. 2011)."""
    a, b, c, d = counter
    one, two = key
    for _ in range(ROUNDS):
        first, second = TIMES[0] * a, TIMES[1] * c
        a, b = (second >> 32) ^ b ^ one, second & WORD
        c, d = (first >> 32) ^ d ^ two, first & WORD
        one, two = (one + STEPS[0]) & WORD, (two + STEPS[1]) & WORD
    return a, b, c, d


def lineage(code: str) -> int:
    """Return the name by which the draws of a council of the table go."""
    return int.from_bytes(hashlib.sha256(code.encode()).digest()[:6], "big")


def uniform(seed: int, purpose: int, quarter: int, one: int, other: int) -> float:
    """Return a draw between 0 and 1 of the first replicate, of index 0."""
    high = (one >> 32 & 0xFFFF) | (other >> 32 & 0xFFFF) << 16
    counter = (purpose | quarter % 65536 << 16, one & WORD, other & WORD, high)
    first, second, *_ = philox(counter, (seed, 0))
    return ((first >> 5) * 2**25 + (second >> 7) + 0.5) * 2.0**-52


def normal(seed: int, purpose: int, quarter: int, one: int, other: int) -> float:
    """Return the same draw as a standard normal number."""
    return NormalDist().inv_cdf(uniform(seed, purpose, quarter, one, other))
