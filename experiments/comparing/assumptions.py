"""What an answer owes to luck and what to assumptions, and on which assumptions it hangs.

Of each world the mean difference over its lucks is one value. How far values of one world lie apart
is luck; what is left of how far worlds lie apart is what the assumptions do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...sim.declared.scenario import Scenario
from ..ensembles.laid import held_fast
from ..split import apart_of, by_world, over_luck, split_of
from .asking import Question
from .pairing import by_lucks
from .sequences import always_valid

THIRD = 1.0 / 3.0
SURE = 4.0
"""A number counts where the difference differs between its thirds by so many standard errors: of
357 numbers one does so by chance in some 4 of 100 comparisons over 201 worlds."""
FEW = 15
"""So many worlds a third must have at least."""
MOST = 8
Condition = dict[str, Any]
"""Of a number, whether it is "at most" or "above" a value."""
LEAF = 0.15
"""The smallest share of worlds that a condition may describe."""


def assumptions(
    question: Question, finals: dict[str, np.ndarray], policy: Scenario
) -> dict[str, Any]:
    """Return what is told of luck and assumptions about one policy."""
    worlds = question.worlds
    if worlds is None:
        raise ValueError("there are no worlds")
    both = finals[question.base.name], finals[policy.name]
    values = by_lucks(*both, question.outcome, worlds.lucks)
    means = by_world(values.ravel(), worlds.lucks)
    known = np.isfinite(means)
    means, numbers = means[known], worlds.ensemble.sets[: len(known)][known]
    found, split = always_valid(means, error=question.error), split_of(values)
    hangs = hangs_on(means, numbers, worlds.ensemble.numbers)
    runs = values[: len(known)][known]
    return {
        "ensemble": worlds.ensemble.name,
        "worlds": len(means),
        "lucks": worlds.lucks,
        "used_up": worlds.used_up(len(finals[policy.name])),
        "mean": found.value,
        "luck": list(over_luck(found, means, split, worlds.lucks)),
        "both": [found.low, found.high],
        **apart_told(values),
        "hangs_on": hangs,
        "would_have_to": conditions(runs, numbers, worlds.ensemble.numbers, hangs),
        "held_fast": held_fast(worlds.ensemble, question.base, policy),
    }


def apart_told(values: np.ndarray) -> dict[str, Any]:
    """Return how worlds lie apart, and single runs, ready for JSON; (worlds, lucks)."""
    apart, known = apart_of(values), values[np.isfinite(values)]
    return {
        "luck_share": list(apart.luck), "worlds_higher": list(apart.higher),
        "worlds_same": apart.same,
        "nine_of_ten": [apart.low, apart.high], "at_most": [apart.least, apart.most],
        "runs_higher": float(np.mean(known > 0)) if len(known) else np.nan,
    }  # fmt: skip


def hangs_on(means: np.ndarray, numbers: np.ndarray, names: Sequence[str]) -> list[dict[str, Any]]:
    """Return the numbers on which the difference hangs most: its mean where each is low and high.

    Low and high are the lower and the upper third of worlds.
    """
    rows: list[dict[str, Any]] = []
    for place, name in enumerate(names):
        low, high = np.quantile(numbers[:, place], [THIRD, 1.0 - THIRD])
        below, above = means[numbers[:, place] <= low], means[numbers[:, place] >= high]
        if low == high or min(len(below), len(above)) < FEW:
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
    runs: np.ndarray, numbers: np.ndarray, names: Sequence[str], hangs: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return what would have to be true: groups of worlds, by the first splits of a tree.

    Of each group its conditions, its share of all worlds (coverage), the mean difference there and
    the share of its single runs in which the policy is higher (density). `runs` are single
    differences, (worlds, lucks).
    """
    from sklearn.tree import DecisionTreeRegressor

    if not hangs:
        return []
    means = np.nanmean(runs, axis=1)
    used = [list(names).index(row["name"]) for row in hangs]
    least = max(int(LEAF * len(means)), 2)
    tree = DecisionTreeRegressor(max_depth=2, min_samples_leaf=least, random_state=0)
    leaves = tree.fit(numbers[:, used], means).apply(numbers[:, used])
    rules = _rules(tree.tree_, [names[place] for place in used])
    return [
        {
            "when": rules[leaf], "coverage": float(np.mean(leaves == leaf)),
            "mean": float(means[leaves == leaf].mean()),
            "density": float(np.mean(runs[leaves == leaf] > 0)),
        }
        for leaf in np.unique(leaves)
    ]  # fmt: skip


def _rules(tree: Any, names: Sequence[str]) -> dict[int, list[Condition]]:
    """Return the conditions on the way to each leaf of a tree, of each number the strictest."""
    found: dict[int, list[Condition]] = {}

    def walk(node: int, way: dict[tuple[str, str], float]) -> None:
        left, right = int(tree.children_left[node]), int(tree.children_right[node])
        if left < 0:
            found[node] = [
                {"name": name, "side": side, "value": value} for (name, side), value in way.items()
            ]
            return
        name, value = names[int(tree.feature[node])], float(tree.threshold[node])
        for child, side in ((left, "at most"), (right, "above")):
            walk(child, {**way, (name, side): value})  # further down it is stricter

    walk(0, {})
    return found
