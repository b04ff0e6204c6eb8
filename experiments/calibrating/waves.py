"""Points that emulators do not rule out: history matching (Vernon, Goldstein and Bower 2010)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...sim.errors import InputError
from .emulators import Emulator

CHAINS, STEPS, THIN = 400, 60, 6
"""How many walkers look for points that are not ruled out, how far, and which steps are taken."""
STRIDE = 0.3
"""The share of the way to another walker's difference that a step goes, as in differential
evolution; each walker moves some numbers at a time."""
MOVED = 0.3


def implausibility(emulators: Sequence[Emulator], inputs: np.ndarray) -> np.ndarray:
    """Return how badly each point misses: its worst target under any of the emulators.

    Targets are in spreads of error and discrepancy, so 1 is added to the variance of a run, which
    is luck, what the emulator does not know, and what the numbers do that are left to vary.
    """
    worst = np.zeros(len(inputs))
    for each in emulators:
        missed = np.abs(each.at(inputs)) / np.sqrt(each.variance + 1.0)
        worst = np.maximum(worst, missed.max(axis=1))
    return worst


def not_ruled_out(
    emulators: Sequence[Emulator], starts: np.ndarray, count: int, cutoff: float, seed: int
) -> np.ndarray:
    """Return so many points of the unit cube, spread over what is not ruled out.

    Walkers start at points that are not, evenly if these lie so, and go on with steps that lead to
    no other; a step along the difference of two other walkers is as likely as the one back (ter
    Braak 2006).
    """
    chance = np.random.Generator(np.random.PCG64(seed))
    inside = starts[implausibility(emulators, starts) <= cutoff]
    if not len(inside):
        raise InputError(
            f"all of {len(starts)} points are ruled out at {cutoff:g}: history allows nothing "
            "within the declared ranges; raise waves.cutoff, or give more points"
        )
    walkers = inside[chance.integers(len(inside), size=CHAINS)]
    found: list[np.ndarray] = []
    taken = 0
    step = 0
    while taken < count:
        walkers = _stepped(emulators, walkers, cutoff, chance)
        step += 1
        if step > STEPS and step % THIN == 0:
            found.append(walkers)
            taken += len(walkers)
    points = np.vstack(found)
    picked: np.ndarray = points[chance.permutation(len(points))[:count]]
    return picked


def _stepped(
    emulators: Sequence[Emulator], walkers: np.ndarray, cutoff: float, chance: np.random.Generator
) -> np.ndarray:
    count = len(walkers)
    one, other = (walkers[chance.integers(count, size=count)] for _ in range(2))
    moves = chance.random(walkers.shape) < MOVED
    stride = np.where(chance.random((count, 1)) < 0.1, 1.0, STRIDE)
    aims = walkers + moves * (stride * (one - other) + chance.normal(0.0, 0.01, walkers.shape))
    aims = np.abs(aims)  # reflected at both ends of the range
    aims = 1.0 - np.abs(1.0 - aims)
    fits = ((aims >= 0.0) & (aims <= 1.0)).all(axis=1)
    fits[fits] = implausibility(emulators, aims[fits]) <= cutoff
    stepped: np.ndarray = np.where(fits[:, None], aims, walkers)
    return stepped
