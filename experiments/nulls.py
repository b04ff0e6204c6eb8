"""Whether comparisons over worlds keep their promise where there is nothing to be found.

A null policy has the same past and, from a date on, other luck: whatever differs is chance. An
interval over worlds that leaves out zero at any look is wrong, and that may happen in 5 of 100
comparisons at most.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from ..sim.declared.scenario import load
from ..sim.running import begin, go_on, luck_of
from .comparing.pairing import apart
from .comparing.sequences import BURN_IN, always_valid
from .ensembles.ensemble import Ensemble
from .executors.ordered import Hands, ordered
from .worlds import LUCKS, Worlds

SCENARIO, QUARTERS, PARTED = "norfolk-seven", 16, 8
"""What is lived, and the quarter from which the luck is another."""
OUTCOMES = ("agreements", "talks_failed", "true_saving", "net_saving")
COMPARISONS = 500
EVERY = 5
"""After so many further worlds one looks again."""


class Task(NamedTuple):
    """One comparison, of two seeds in the same worlds."""

    ensemble: Ensemble
    seed: int


def nulls(ensemble: Ensemble, hands: Hands, count: int = COMPARISONS) -> dict[str, Any]:
    """Return how many of `count` comparisons of null policies are ever wrong, by outcome."""
    tasks = (Task(ensemble, seed) for seed in range(1, count + 1))
    found = np.array(list(ordered(wrong, tasks, hands)))  # (comparisons, outcomes, 2)
    wrongs, never = found.sum(axis=0).T.tolist()
    return {
        "comparisons": count, "scenario": SCENARIO, "worlds": len(ensemble.sets),
        "wrong": dict(zip(OUTCOMES, wrongs, strict=True)),
        "never": dict(zip(OUTCOMES, never, strict=True)),  # without an interval at any look
    }  # fmt: skip


def wrong(task: Task) -> list[tuple[bool, bool]]:
    """Return for each outcome whether an interval ever leaves out zero, or there is never one."""
    base, policy = lived(task.ensemble, task.seed)
    looks = range(BURN_IN, len(task.ensemble.sets) + 1, EVERY)
    return [ever_wrong(apart(base, policy, name, LUCKS), looks) for name in OUTCOMES]


def ever_wrong(values: np.ndarray, looks: Iterable[int]) -> tuple[bool, bool]:
    """Return whether an interval of the first values ever leaves out zero, and if there is none."""
    found = [always_valid(values[:look]) for look in looks]
    return any(each.sure for each in found), not any(np.isfinite(each.half) for each in found)


def lived(ensemble: Ensemble, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return records of the last quarter, (worlds * lucks,): of the base, and of the null policy.

    The null policy has the luck of another seed from a quarter on.
    """
    scenario = load(SCENARIO, quarters=QUARTERS)
    over = Worlds(ensemble).over(scenario, scenario)
    sides: tuple[list[np.void], list[np.void]] = ([], [])
    for replicate in range(len(ensemble.sets) * LUCKS):
        if replicate % LUCKS == 0:
            ready = over.at(replicate)
        held = go_on(begin(ready), ready, luck=luck_of(seed, replicate), until=PARTED)
        for found, later in zip(sides, (seed, seed + COMPARISONS), strict=True):
            luck = luck_of(later, replicate)
            found.append(go_on(held, ready, luck=luck, until=QUARTERS).record[-1])
    return np.array(sides[0]), np.array(sides[1])
