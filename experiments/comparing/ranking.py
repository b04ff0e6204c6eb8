"""Policies ranked with each other, not only with the base: all pairs, on the same luck.

The interval of a pair holds at every count, so it also holds at the count at which the first of the
two was stopped, whenever that was. Together the intervals of all pairs are wrong with 5% at most,
since each has its share of that (Bonferroni).

A policy that moved nothing is the base, bit for bit: that is said in a sentence, and it is in no
pair. The shares stay those of all pairs that were asked about: which are left out was seen in the
results, and an error shared out anew after that would no longer be the one that was promised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...sim.declared.scenario import Scenario
from ..words import count, listed
from .asking import Pair, pairs_of
from .blocks import moved
from .differences import Finals, difference_columns
from .verdicts import told_apart

OF_PAIR = {
    "no difference that matters": "{} differ by nothing that matters",
    "the same in every pair": "{} the same in every pair",
    "nearly always the same": "{} nearly always the same",
}
"""How a verdict on two that are not ranked is told of both."""
OF_ORDER = {
    "higher in every pair": "{} above {} in every pair",
    "nearly always higher": "{} nearly always above {}",
}
"""How it is told of the higher and the lower of two whose mean difference is not settled."""
NOT_APART = "{} not told apart"
BASE = "the base"


def ranking(
    base: Scenario,
    policies: Sequence[Scenario],
    finals: Finals,
    outcome: str,
    matters: float | None,
    *,
    error: float,
    lucks: int = 1,
) -> dict[str, Any]:
    """Return how the base and the policies rank among each other in an outcome.

    `pairs`: a row a pair (see `pair_rows`) of the base and the policies that moved anything;
    `in_words`: the order in a sentence, and one about the others.

    Args:
        base, policies: the scenarios.
        finals: records of the last quarter, a row a replicate, by the scenario's name.
        outcome, matters: in what they rank, and the smallest difference that matters, if known.
        error: the chance that the interval of a pair is ever wrong.
        lucks: how many replicates are one world.
    """
    going = [each for each in policies if moved(finals[base.name], finals[each.name])]
    values = {each.name: difference_columns(base, each, finals)[outcome] for each in going}
    pairs = pairs_of(base, going)
    rows = pair_rows(values, base.name, pairs, matters, error=error, lucks=lucks)
    called = {each.name: f"“{each.title}”" if each.title else each.name for each in policies}
    called[base.name] = BASE
    known = {name: called[name] for name in (base.name, *(each.name for each in going))}
    said = ranking_in_words(rows, known) if going else ""
    idle = " ".join(
        f"{called[each.name]} is the base, bit for bit, in "
        f"{count(len(finals[each.name]), 'replicate')}."
        for each in policies if each not in going
    )  # fmt: skip
    return {"pairs": rows, "in_words": f"{said} {idle}".strip()}


def pair_rows(
    differences: Mapping[str, np.ndarray],
    base: str,
    pairs: Sequence[Pair],
    matters: float | None,
    *,
    error: float,
    lucks: int = 1,
) -> list[dict[str, Any]]:
    """Return a row a pair: `one` and `other`, and what the other gives more than the one.

    Args:
        differences: of each policy from the base, a value a replicate, not a number without one.
        base: its name; it differs from itself by nothing.
        pairs: which two are compared, on the replicates that both have.
        matters: the smallest difference that matters, if it was said.
        error: the chance that the interval of a pair is ever wrong.
        lucks: how many replicates are one world.
    """
    return [
        {"one": one, "other": other, **told_apart(runs, matters, error=error, lucks=lucks),
         "replicates": len(runs)}
        for one, other in pairs
        for runs in [_between(differences, base, one, other)]
    ]  # fmt: skip


def _between(differences: Mapping[str, np.ndarray], base: str, one: str, other: str) -> np.ndarray:
    if one == base:
        return differences[other]
    count = min(len(differences[one]), len(differences[other]))
    between: np.ndarray = differences[other][:count] - differences[one][:count]
    return between


def ranking_in_words(rows: Sequence[Mapping[str, Any]], called: Mapping[str, str]) -> str:
    """Return the order of all, by what is sure of each pair: 'a above b; b and c not told apart'.

    Args:
        rows: of `pair_rows`.
        called: by name, how the base and then each policy is called in the sentence.
    """
    above = _above(rows)
    tiers = _tiers(_ordered(rows, list(called)), above)
    parts = _order_in_words(tiers, above, called) if above else []
    for row in rows:
        pair = row["one"], row["other"]
        if pair not in above and pair[::-1] not in above:
            parts.append(_unranked_in_words(row, called))
    return "; ".join(parts) + "."


def _order_in_words(
    tiers: Sequence[Sequence[str]], above: set[Pair], called: Mapping[str, str]
) -> list[str]:
    """Return which tiers are above which, in as few words as say all of it."""
    words = [listed([called[name] for name in tier]) for tier in tiers]

    def is_above(one: int, other: int) -> bool:
        return (tiers[one][0], tiers[other][0]) in above

    places = range(len(tiers))
    if all(is_above(place, place + 1) for place in places[:-1]):
        return [" above ".join(words)]
    parts = []
    for one in places:
        below = [
            words[other] for other in places if is_above(one, other)
            and not any(is_above(one, k) and is_above(k, other) for k in places)
        ]  # fmt: skip
        parts += [f"{words[one]} above {listed(below)}"] if below else []
    return parts


def _unranked_in_words(row: Mapping[str, Any], called: Mapping[str, str]) -> str:
    one, other, verdict = called[row["one"]], called[row["other"]], str(row["verdict"])
    if verdict in OF_ORDER:
        return OF_ORDER[verdict].format(other, one)
    turned = verdict.replace("lower", "higher")
    if turned in OF_ORDER:
        return OF_ORDER[turned].format(one, other)
    return OF_PAIR.get(verdict, NOT_APART).format(listed([one, other]))


def _above(rows: Sequence[Mapping[str, Any]]) -> set[Pair]:
    """Return the pairs whose first is surely higher than their second."""
    found = set()
    for row in rows:
        if row["verdict"] == "higher":
            found.add((row["other"], row["one"]))
        elif row["verdict"] == "lower":
            found.add((row["one"], row["other"]))
    return found


def _tiers(order: Sequence[str], above: set[Pair]) -> list[list[str]]:
    """Return those together that are above and below the very same others."""
    tiers: dict[tuple[frozenset[str], frozenset[str]], list[str]] = {}
    for name in order:
        under = frozenset(each for each in order if (name, each) in above)
        over = frozenset(each for each in order if (each, name) in above)
        tiers.setdefault((under, over), []).append(name)
    return list(tiers.values())


def _ordered(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[str]:
    """Return all names, the highest mean first; ties as they were named."""
    means = {names[0]: 0.0} | {
        row["other"]: float(row["difference"]) for row in rows if row["one"] == names[0]
    }
    known = {name: -np.inf if np.isnan(mean) else mean for name, mean in means.items()}
    return sorted(names, key=lambda name: -known[name])
