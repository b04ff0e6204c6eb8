"""A calibration in its folder: the ensemble, what it found as one JSON value, and its page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from ...sim.behaviour import behaviour
from ...sim.declared.parameters import Declaration
from ...sim.declared.scenario import Scenario
from ...sim.whole import write_whole
from ..ensembles.ensemble import Ensemble, write_ensemble
from ..executors.ordered import Hands
from ..history.look import points_at
from ..history.near import met_patterns
from ..history.targets import counted_targets, targets
from ..split import by_world
from ..stored.belonging import LOCK, PARTS, check_holds_only
from ..stored.folder import FIGURES
from ..studies.store import held
from ..terminal import Watch
from ..words import as_typed
from .calibrate import LEAST_LEARNT, SEEDS, Calibration, carry_out, medoid_of
from .features import places
from .page import page
from .pictures import draw_all
from .plan import CalibrationPlan, scenario_of
from .predictive import Predicted, predictions
from .recovery import LEVELS

TOLD = "calibration.json"
OWN = {TOLD, "calibration.md", "ensemble.parquet", FIGURES, PARTS, LOCK}
"""What lies in the folder of a calibration."""

DIGITS = 5
"""Significant digits of a value in the file: more would only say how it was drawn."""
IDENTIFIED = 0.9
"""A number is identified where its posterior is less than so wide as its prior, and where runs
that were not learnt from showed that England's numbers say something of it."""
MOVED = 0.1
"""By which share of its range the middle of the sets lies off the middle of the range."""


def calibrated(
    plan: CalibrationPlan, typed: str, folder: Path, hands: Hands, watch: Watch | None = None
) -> dict[str, Any]:
    """Return what a calibration finds, run or completed in its folder and kept there.

    `typed` is how the plan was named.

    Raises:
        InputError: the folder holds something else, or cannot be written.
    """
    check_calibration(folder)
    again, name = as_typed(["councils", "calibrate", typed]), Path(typed).stem
    with held(folder), threadpool_limits(1):  # sums in one order, however many cores there are
        found = carry_out(plan, folder / PARTS, hands, watch)
        told = findings(found)
        write_ensemble(folder / "ensemble.parquet", ensemble_of(found, name, again), replace=True)
        draw_all(told, _runs(found), folder / FIGURES)
        write_text(folder / "calibration.md", page(told, again))
        write_text(folder / TOLD, json.dumps(told, indent=1) + "\n")
    return told


def check_calibration(folder: Path) -> None:
    """Refuse a folder that holds anything but a calibration.

    Raises:
        InputError: it does.
    """
    check_holds_only(folder, OWN, "a calibration")


def ensemble_of(found: Calibration, name: str, again: str) -> Ensemble:
    """Return the ensemble of a calibration; `again` is the command that makes it anew.

    Besides the sets that were drawn the declared defaults are one, at a random place.
    """
    values = np.array([list(p.values()) for p in points_at(found.factors, found.sets)])
    rounded = np.array([[float(f"{v:.{DIGITS}g}") for v in row] for row in values])
    low, high = np.array([_allowed(each) for each in found.factors]).T
    sets = with_declared(np.clip(rounded, low, high), found.factors, found.plan.seed)
    about = {
        "title": found.plan.title, "plan": found.plan.model_dump(mode="json"),
        "behaviour": behaviour(), "again": again, "asked": found.names,
        "until": _last_day(scenario_of(found.plan)).isoformat(),
    }  # fmt: skip
    names = tuple(each.name for each in found.factors)
    return Ensemble(name, names, sets, medoid_of(sets[:, found.asked]), about)


def with_declared(sets: np.ndarray, factors: Sequence[Declaration], seed: int) -> np.ndarray:
    """Return sets, (sets, numbers), with the declared defaults as one more, at a random place."""
    chance = np.random.Generator(np.random.PCG64(seed + SEEDS["declared"]))
    place = int(chance.integers(len(sets) + 1))
    return np.insert(sets, place, [float(each.default) for each in factors], axis=0)


def _last_day(scenario: Scenario) -> date:
    return scenario.first_day(scenario.quarters) - timedelta(1)


def _allowed(declared: Declaration) -> tuple[float, float]:
    return declared.allowed or (-np.inf, np.inf)


def findings(found: Calibration) -> dict[str, Any]:
    """Return everything that is told of a calibration, ready for JSON."""
    predicted = predictions(found.predicted[:, :, places()], found.prior[:, places()])
    return {
        "plan": found.plan.model_dump(mode="json"),
        "behaviour": behaviour(),
        "runs": found.plan.runs,
        "uncertain": len(found.factors),
        "numbers": number_rows(found),
        "waves": [wave_row(found, k) for k in range(len(found.waves))],
        "correlations": correlations(found),
        "patterns": [pattern_row(each) for each in predicted],
        "joint": joint(found),
        "declared_numbers": declared_told(found),
    }


def declared_told(found: Calibration) -> dict[str, float]:
    """Return how the declared defaults stand: by the rule of the waves, and how many they meet.

    Patterns are met by means of as many runs as a set has.
    """
    met = [sum(each.values()) for each in _met(found.declared.runs, found.predicted.shape[1])]
    return {
        "implausibility": round(found.declared.implausibility, 2),
        "beyond": round(found.declared.beyond, 3), "met": round(float(np.mean(met)), 2),
    }  # fmt: skip


def _met(runs: np.ndarray, lucks: int) -> list[dict[str, bool]]:
    """Return which patterns each set meets by the mean of its runs, (sets * lucks, targets)."""
    names = [target.name for target in targets()]
    means = by_world(runs, lucks)
    return [met_patterns(dict(zip(names, map(float, row), strict=True))) for row in means]


def _runs(found: Calibration) -> np.ndarray:
    sets, lucks, targets = found.predicted.shape
    return found.predicted.reshape(sets * lucks, targets)


def number_rows(found: Calibration) -> list[dict[str, Any]]:
    """Return a row a number that was asked about: where it lies, and how well it is found."""
    rows = []
    recovery = found.recovery
    for k, place in enumerate(found.asked):
        declared, values = found.factors[place], found.sets[:, place]
        low, high = declared.plausible or (0.0, 1.0)
        ends = low + np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95]) * (high - low)
        width = float(values.std() / found.before[:, k].std())
        learned = float(found.learned.r2[k])
        prior = float(values.std() * np.sqrt(12.0))
        rows.append({
            "name": declared.name, "default": declared.default, "range": [low, high],
            "quantiles": _rounded(ends), "width": round(prior, 3),
            "width_in_waves": round(width, 3),
            "identified": bool(prior < IDENTIFIED and learned >= LEAST_LEARNT),
            "moved": bool(abs(np.median(values) - 0.5) > MOVED),
            "r2": round(float(recovery.r2[k]), 3),
            "learned_r2": round(learned, 3),
            "coverage": {str(lv): round(float(recovery.coverage[lv][k]), 3) for lv in LEVELS},
            "ranks": [int(n) for n in recovery.ranks[k]],
        })  # fmt: skip
    return rows


def _rounded(values: np.ndarray) -> list[float]:
    return [float(f"{value:.3g}") for value in values]


def wave_row(found: Calibration, k: int) -> dict[str, Any]:
    """Return what a wave found: how well its emulators do, and what they leave."""
    wave = found.waves[k]
    names = [target.name for target in counted_targets()]
    return {
        "points": wave.points, "left": round(wave.left, 4),
        "r2": {
            n: round(float(v), 2) for n, v in zip(names, wave.emulator.r2, strict=True) if v == v
        },
    }  # fmt: skip


def correlations(found: Calibration, most: int = 12) -> list[list[Any]]:
    """Return the pairs of numbers that are most correlated over the sets."""
    values = found.sets[:, found.asked]
    matrix = np.corrcoef(values.T)
    one, other = np.triu_indices(len(found.asked), 1)
    order = np.argsort(-np.abs(matrix[one, other]), kind="stable")[:most]
    return [
        [found.names[one[k]], found.names[other[k]], round(float(matrix[one[k], other[k]]), 2)]
        for k in order
    ]


def pattern_row(each: Predicted) -> dict[str, Any]:
    """Return how a pattern stands among runs of the sets."""
    return {
        "pattern": each.pattern, "mean": [round(value, 4) for value in each.mean],
        "met": each.met, "rank": round(each.rank, 3), "inside": each.inside,
        "score": round(each.score, 3), "score_error": round(each.score_error, 3),
        "worse": each.worse, "prior_score": round(each.prior_score, 3),
        "constant_score": round(each.constant_score, 3), "better": each.better,
    }  # fmt: skip


def joint(found: Calibration) -> dict[str, float]:
    """Return how many patterns the sets meet together, each by the mean of its runs."""
    met = _met(_runs(found), found.predicted.shape[1])
    counts = np.array([sum(each.values()) for each in met])
    both = np.array([each["K1"] and each["K2"] for each in met])
    return {
        "mean": round(float(counts.mean()), 2), "best": int(counts.max()),
        "both": int(both.sum()),
    }  # fmt: skip


def write_text(path: Path, text: str) -> None:
    """Write a text, whole or not at all, in place of an earlier one."""
    with write_whole(path, replace=True) as file:
        file.write(text.encode())
