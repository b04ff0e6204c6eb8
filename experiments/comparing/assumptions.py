"""What an answer owes to luck and what to assumptions, and on which assumptions it hangs.

Of each world the mean difference over its lucks is one value. How far values of one world lie apart
is luck; what is left of how far worlds lie apart is what the assumptions do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ...sim.declared.measures import as_column
from ...sim.declared.scenario import Scenario
from ..ensembles.laid import held_fast
from ..worlds import Worlds, by_world
from .asking import Question
from .sequences import always_valid

THIRD = 1.0 / 3.0
SURE = 4.0
"""A number counts where the difference differs between its thirds by so many standard errors: of
some hundred numbers that would happen by chance to none."""
MOST = 8
RANGE = (0.05, 0.95)
LEAF = 0.15
"""The smallest share of worlds that a condition may describe."""


class Split(NamedTuple):
    """The variance of single differences: what luck gives and what assumptions give."""

    luck: float
    assumptions: float


def assumptions(
    question: Question, finals: dict[str, np.ndarray], policy: Scenario
) -> dict[str, Any]:
    """Return what is told of luck and assumptions about one policy."""
    worlds = question.worlds
    if worlds is None:
        raise ValueError("there are no worlds")
    values, means = _differences(question, finals, policy, worlds)
    split = split_of(values)
    found = always_valid(means, error=question.error)
    spread = float(np.var(means, ddof=1)) if len(means) > 1 else np.nan
    share = split.luck / values.shape[1] / spread if spread > 0 else np.nan
    half = found.half * float(np.sqrt(min(share, 1.0))) if np.isfinite(found.half) else np.inf
    steady = shrunken(means, split, values.shape[1])
    numbers = numbers_of(worlds, len(finals[policy.name]))[_known(values)]
    hangs = hangs_on(means, numbers, worlds.ensemble.numbers)
    return {
        "ensemble": worlds.ensemble.name,
        "worlds": len(means),
        "lucks": worlds.lucks,
        "used_up": worlds.used_up(len(finals[policy.name])),
        "mean": found.value,
        "luck": [found.value - half, found.value + half],
        "both": [found.low, found.high],
        "range": [float(v) for v in np.quantile(steady, RANGE)] if len(steady) else [],
        "better": float(np.mean(steady > 0)) if len(steady) else np.nan,
        "share_of_luck": split.luck / (split.luck + split.assumptions)
        if split.luck + split.assumptions > 0 else np.nan,
        "hangs_on": hangs,
        "would_have_to": conditions(means, numbers, worlds.ensemble.numbers, hangs),
        "held_fast": held_fast(worlds.ensemble, question.base, policy),
    }  # fmt: skip


def _differences(
    question: Question, finals: dict[str, np.ndarray], policy: Scenario, worlds: Worlds
) -> tuple[np.ndarray, np.ndarray]:
    """Return differences (worlds, lucks) and their means, of worlds with all their values."""
    base, mine = finals[question.base.name], finals[policy.name]
    count = min(len(base), len(mine)) // worlds.lucks * worlds.lucks
    a, b = (as_column(each[:count], question.outcome) for each in (base, mine))
    values = (b - a).reshape(-1, worlds.lucks)
    return values, by_world(b - a, worlds.lucks)[_known(values)]


def _known(values: np.ndarray) -> np.ndarray:
    known: np.ndarray = np.isfinite(values).any(axis=1)
    return known


def split_of(values: np.ndarray) -> Split:
    """Return the variance that luck and assumptions give to a single difference, (worlds, lucks).

    One-way analysis of variance with random worlds; what assumptions give is not below nothing.
    """
    whole = values[np.isfinite(values).all(axis=1)]
    if len(whole) < 2:
        return Split(np.nan, np.nan)
    luck = float(np.var(whole, axis=1, ddof=1).mean())
    between = float(np.var(whole.mean(axis=1), ddof=1)) - luck / whole.shape[1]
    return Split(luck, max(between, 0.0))


def shrunken(means: np.ndarray, split: Split, lucks: int) -> np.ndarray:
    """Return the means of worlds without what luck adds to how far they lie apart."""
    whole = split.assumptions + split.luck / lucks
    share = np.sqrt(split.assumptions / whole) if whole > 0 else 0.0
    middle = float(np.mean(means)) if len(means) else np.nan
    steady: np.ndarray = middle + share * (means - middle)
    return steady


def numbers_of(worlds: Worlds, replicates: int) -> np.ndarray:
    """Return the values of each world that so many replicates live, (worlds, numbers)."""
    count = replicates // worlds.lucks
    sets: np.ndarray = worlds.ensemble.sets[np.arange(count) % len(worlds.ensemble.sets)]
    return sets


def hangs_on(means: np.ndarray, numbers: np.ndarray, names: Sequence[str]) -> list[dict[str, Any]]:
    """Return the numbers on which the difference hangs most: its mean where each is low and high.

    Low and high are the lower and the upper third of worlds.
    """
    rows: list[dict[str, Any]] = []
    for place, name in enumerate(names):
        low, high = np.quantile(numbers[:, place], [THIRD, 1.0 - THIRD])
        below, above = means[numbers[:, place] <= low], means[numbers[:, place] >= high]
        if low == high or min(len(below), len(above)) < 2:
            continue
        error = float(np.sqrt(below.var(ddof=1) / len(below) + above.var(ddof=1) / len(above)))
        move = float(above.mean() - below.mean())
        if error > 0 and abs(move) > SURE * error:
            rows.append({
                "name": name, "low": float(low), "high": float(high), "move": move,
                "error": error, "below": float(below.mean()), "above": float(above.mean()),
            })  # fmt: skip
    return sorted(rows, key=lambda row: -abs(row["move"]))[:MOST]


def conditions(
    means: np.ndarray, numbers: np.ndarray, names: Sequence[str], hangs: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return what would have to be true: groups of worlds, by the first splits of a tree.

    Of each group its conditions, its share of all worlds (coverage), the mean difference there and
    the share of its worlds in which the policy is better (density).
    """
    from sklearn.tree import DecisionTreeRegressor

    if not hangs:
        return []
    used = [list(names).index(row["name"]) for row in hangs]
    least = max(int(LEAF * len(means)), 2)
    tree = DecisionTreeRegressor(max_depth=2, min_samples_leaf=least, random_state=0)
    leaves = tree.fit(numbers[:, used], means).apply(numbers[:, used])
    rules = _rules(tree.tree_, [names[place] for place in used])
    return [
        {
            "when": rules[leaf], "coverage": float(np.mean(leaves == leaf)),
            "mean": float(means[leaves == leaf].mean()),
            "density": float(np.mean(means[leaves == leaf] > 0)),
        }
        for leaf in np.unique(leaves)
    ]  # fmt: skip


def _rules(tree: Any, names: Sequence[str]) -> dict[int, list[str]]:
    """Return the conditions on the way to each leaf of a tree."""
    found: dict[int, list[str]] = {}

    def walk(node: int, way: list[str]) -> None:
        left, right = int(tree.children_left[node]), int(tree.children_right[node])
        if left < 0:
            found[node] = way
            return
        name, value = names[int(tree.feature[node])], float(tree.threshold[node])
        walk(left, [*way, f"{name} at most {value:.3g}"])
        walk(right, [*way, f"{name} above {value:.3g}"])

    walk(0, [])
    return found
