"""A calibration from its plan: which values of the uncertain numbers England to 2014 allows.

`kept.calibrated` does it in a folder. Deterministic by the seed of the plan, for any number of
workers. Killed at any moment, the same call goes on from where it was.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...sim.declared.parameters import Declaration
from ...sim.errors import InputError
from ..executors.ordered import Hands
from ..history.look import drawn, ranges, uncertain
from ..history.targets import targets
from ..terminal import Watch
from .emulators import Emulator, fit_emulator, important
from .features import england, features_of, places
from .inference import Learned, Posterior, learn, posterior
from .plan import DECLARED_LUCKS, CalibrationPlan, scenario_of
from .recovery import Recovery, recover
from .stages import Ground, live
from .waves import implausibility, not_ruled_out

LUCKS = {"screening": 0, "wave": 10_000_000, "learning": 100_000_000, "inference": 200_000_000,
         "ensemble": 400_000_000, "declared": 500_000_000}  # fmt: skip
"""The first replicate of each step: no two runs of a calibration have the same luck."""
EACH_WAVE = 10_000_000
LEAST_LEARNT = 0.02
"""A summary of a number counts if it tells so much of its variance; others would only add noise."""
SEEDS = {"noise": 17, "others": 23, "waves": 31, "planted": 41, "sets": 43,
         "declared": 47}  # fmt: skip
"""What is added to the seed of the plan for each thing that is drawn."""


class Wave(NamedTuple):
    """What a wave found."""

    points: int
    emulator: Emulator
    left: float  # the share of its points that are not ruled out


class Declared(NamedTuple):
    """How the declared defaults stand, which are put among the sets without being drawn."""

    implausibility: float  # the largest of all waves
    beyond: float  # the share of the drawn sets that a wave would rule out, too, as they were moved
    runs: np.ndarray  # (lucks, targets)


class Calibration(NamedTuple):
    """Everything that came out."""

    plan: CalibrationPlan
    factors: tuple[Declaration, ...]  # all uncertain numbers
    asked: tuple[int, ...]  # the places of those that are asked about
    prior: np.ndarray  # (runs, targets): of the screening, over all ranges
    waves: list[Wave]
    learned: Learned
    recovery: Recovery
    found: Posterior  # of England
    before: np.ndarray  # (runs, asked): the values among which it was inferred
    sets: np.ndarray  # (sets, numbers): in the unit cube
    predicted: np.ndarray  # (sets, lucks, targets)
    declared: Declared

    @property
    def names(self) -> list[str]:
        """The names of the numbers that are asked about."""
        return [self.factors[k].name for k in self.asked]


def carry_out(
    plan: CalibrationPlan, folder: Path, hands: Hands, watch: Watch | None = None
) -> Calibration:
    """Run a checked plan, or what is left of it, in a folder."""
    ground = Ground(scenario_of(plan), tuple(uncertain()), plan.seed, folder, hands)
    unit = drawn(ground.factors, plan.screening.points, plan.seed)
    prior = live(ground, "screening", unit, LUCKS["screening"], watch)
    asked = important(unit, _features(prior), plan.screening.numbers)
    _check_enough(len(asked), "of the screening move England's numbers", "screening.points")
    waves, inside = _match(plan, ground, asked, unit, prior, watch)
    emulators = [wave.emulator for wave in waves]

    def within(stage: str, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        picked = not_ruled_out(emulators, inside, count, plan.waves.cutoff, seed)
        points = _filled(plan, ground, asked, picked, seed)
        return points, live(ground, stage, points, LUCKS[stage], watch)

    seed = plan.seed + SEEDS["waves"]
    taught, told = within("learning", plan.inference.learning, seed + 1_000)
    points, runs = within("inference", plan.inference.runs, seed + 2_000)
    learned = learn(_noisy(plan, told, 1), taught[:, asked])
    used = learned.r2 >= LEAST_LEARNT
    _check_enough(int(used.sum()), "can be told from England's numbers", "inference.learning")
    summaries = learned.at(_noisy(plan, runs, 2))[:, used]
    seen = learned.at(england()[None, :])[0, used]
    keep = int(plan.inference.keep * len(runs))
    found = posterior(summaries, seen, points[:, asked], keep)
    chance = np.random.Generator(np.random.PCG64(plan.seed + SEEDS["planted"]))
    planted = chance.permutation(len(runs))[: plan.inference.planted]
    recovery = recover(summaries, points[:, asked], planted, keep)
    sets = _resampled(plan, found, points, asked)
    return Calibration(
        plan, ground.factors, tuple(asked), prior, waves, learned, recovery, found,
        points[:, asked], sets, _looked_at(plan, ground, sets, watch),
        _declared(plan, ground, sets, asked, emulators),
    )  # fmt: skip


def _declared(
    plan: CalibrationPlan, ground: Ground, sets: np.ndarray, asked: list[int],
    emulators: list[Emulator],
) -> Declared:  # fmt: skip
    """Return how the declared defaults stand by the rule of the waves, and in runs."""
    low, high = ranges(ground.factors)
    unit = (np.array([float(each.default) for each in ground.factors]) - low) / (high - low)
    worst = float(implausibility(emulators, unit[None, asked])[0])
    beyond = implausibility(emulators, sets[:, asked]) > plan.waves.cutoff
    runs = live(ground, "declared", np.tile(unit, (DECLARED_LUCKS, 1)), LUCKS["declared"])
    return Declared(worst, float(beyond.mean()), runs)


def _check_enough(count: int, what: str, key: str) -> None:
    """Refuse to go on with fewer than two numbers: there is nothing to be inferred."""
    if count < 2:
        raise InputError(f"only {count} of the uncertain numbers {what}: raise {key} in the plan")


def _match(
    plan: CalibrationPlan,
    ground: Ground,
    asked: list[int],
    unit: np.ndarray,
    runs: np.ndarray,
    watch: Watch | None,
) -> tuple[list[Wave], np.ndarray]:
    """Return the waves, and points of the asked numbers that none of them rules out."""
    waves: list[Wave] = []
    inside = unit[:, asked]
    for number in range(plan.waves.count):
        seed = plan.seed + SEEDS["waves"] + number
        if number:
            emulators = [wave.emulator for wave in waves]
            picked = not_ruled_out(emulators, inside, plan.waves.points, plan.waves.cutoff, seed)
            unit = _filled(plan, ground, asked, picked, seed)
            first = LUCKS["wave"] + number * EACH_WAVE
            runs = live(ground, f"wave-{number + 1}", unit, first, watch)
        fitted = fit_emulator(unit[:, asked], _features(runs))
        values = unit[:, asked]
        fits = implausibility([*(w.emulator for w in waves), fitted], values) <= plan.waves.cutoff
        waves.append(Wave(len(unit), fitted, float(fits.mean())))
        inside = values[fits]
        if not len(inside):
            raise InputError(
                f"wave {number + 1} rules out all of its {len(values):,} points: history allows "
                "nothing within the declared ranges; raise waves.cutoff, or give more points"
            )
    return waves, inside


def _filled(
    plan: CalibrationPlan, ground: Ground, asked: list[int], picked: np.ndarray, seed: int
) -> np.ndarray:
    """Return points of all numbers: those that are asked about as picked, all others drawn."""
    found = drawn(ground.factors, len(picked), seed + SEEDS["others"])
    found[:, asked] = picked
    return found


def _features(runs: np.ndarray) -> np.ndarray:
    return features_of(runs[:, places()])


def _noisy(plan: CalibrationPlan, runs: np.ndarray, stage: int) -> np.ndarray:
    """Return features of runs as they would be told, with error and discrepancy."""
    chance = np.random.Generator(np.random.PCG64([plan.seed + SEEDS["noise"], stage]))
    seen = runs[:, places()]
    return features_of(seen, chance.normal(size=seen.shape))


def _resampled(
    plan: CalibrationPlan, found: Posterior, points: np.ndarray, asked: list[int]
) -> np.ndarray:
    """Return sets of equal weight in random order, (sets, numbers), by systematic resampling."""
    chance = np.random.Generator(np.random.PCG64(plan.seed + SEEDS["sets"]))
    count = plan.ensemble.count
    order = chance.permutation(len(found.kept))
    reached = np.cumsum(found.weights[order])
    at = (np.arange(count) + chance.random()) / count * reached[-1]
    rows = order[np.minimum(np.searchsorted(reached, at), len(order) - 1)]
    sets = points[found.kept[rows]].copy()
    sets[:, asked] = found.moved[rows]
    shuffled: np.ndarray = sets[chance.permutation(count)]
    return shuffled


def medoid_of(values: np.ndarray) -> int:
    """Return the place of the set that lies nearest to all others, in standard deviations."""
    scaled = values / np.maximum(values.std(axis=0), 1e-9)
    apart = np.sqrt(((scaled[:, None, :] - scaled[None, :, :]) ** 2).sum(axis=2))
    return int(np.argmin(apart.sum(axis=1)))


def _looked_at(
    plan: CalibrationPlan, ground: Ground, sets: np.ndarray, watch: Watch | None
) -> np.ndarray:
    """Return England's numbers in runs of each set, (sets, lucks, targets)."""
    lucks = plan.ensemble.lucks
    runs = live(ground, "ensemble", np.repeat(sets, lucks, axis=0), LUCKS["ensemble"], watch)
    return runs.reshape(len(sets), lucks, len(targets()))
