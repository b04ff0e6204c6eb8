"""A scorecard: policies beside a base on several outcomes, before anybody says what matters.

The number of replicates is fixed beforehand. The intervals are those that hold at every look all
the same, since somebody who is shown "not told apart" may ask for more replicates afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...sim.declared.measures import as_column
from ...sim.declared.scenario import Scenario
from ...sim.label import Label, labelled
from ..estimates import ERROR
from ..executors.ordered import Hands
from ..summary import DECLARED
from ..words import count, interval, number, unit_words
from .asking import Card
from .blocks import blocks_of, gathered_none, moved, take
from .differences import difference_columns, differences_frame
from .idle import idle_words
from .outcomes import EIGHT, SAVINGS, TRUE
from .pairing import paired
from .ranking import pair_rows, ranking_in_words
from .sequences import BURN_IN, reach, too_early
from .verdicts import commonest_sign, told_apart

if TYPE_CHECKING:
    import pandas as pd

    from ..terminal import Watch

GROUPS = {
    "higher": "higher", "lower": "lower", "higher in every pair": "higher in every pair",
    "lower in every pair": "lower in every pair", "nearly always higher": "nearly always higher",
    "nearly always lower": "nearly always lower",
    "nearly always the same": "nearly always the same",
    "the same in every pair": "the same in every pair",
    "not told apart": "not told apart at this budget",
}  # fmt: skip
"""The verdicts in the order in which a sentence tells them, and how it calls them."""
LOOSE = 20
"""In the example of what may matter: one part in so many of what the base has."""


@labelled
class Scorecard(NamedTuple):
    """What came out: a row a policy and outcome, and the outcomes of every replicate."""

    card: Card
    rows: list[dict[str, Any]]  # see `_row`
    policies: list[dict[str, Any]]  # a row a policy: title, whether it moved, in words, savings
    rankings: list[dict[str, Any]]  # a row an outcome, where there are two policies or more
    finals: dict[str, np.ndarray]  # records of the last quarter, by the scenario's name
    failures: list[dict[str, Any]]  # runs that raised: scenario, replicate, error, repeat

    def _label(self) -> Label:
        facts = {row["policy"]: row["in_words"] for row in self.policies}
        facts |= {"outcomes": ", ".join(self.card.outcomes), "seed": self.card.seed}
        if self.failures:
            facts["failed"] = count(len(self.failures), "run")
        ask = ("table", "differences", "policies", "rankings", "failures")
        return Label(f"Scorecard beside '{self.card.base.name}'", facts, ask)

    @property
    def table(self) -> pd.DataFrame:
        """A row a policy and outcome: means, difference, interval, shares, verdict."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    @property
    def differences(self) -> pd.DataFrame:
        """A row a policy and replicate: policy less base in every outcome, on the same luck."""
        return differences_frame(self.card.base, self.card.policies, self.finals)


def score(card: Card, *, hands: Hands | None = None, watch: Watch | None = None) -> Scorecard:
    """Run the replicates of a scorecard, and tell what they say.

    A policy that moved not one bit of any measure in the first 100 is run no further, unless the
    card insists. A run that raises has no value, and is named.

    Raises:
        InputError: every run of a scenario fails.
    """
    base = card.base.name
    found = gathered_none(card)
    open_ = {base, *(policy.name for policy in card.policies)}
    with closing(blocks_of(card, card.replicates, open_, hands or Hands())) as blocks:
        for block in blocks:
            take(card, found, block)
            done = len(found.finals[base])
            if watch is not None:
                watch("Comparing", done)
            if done >= BURN_IN and not card.insist:
                open_ -= {name for name in open_ - {base} if _is_idle(found.finals, base, name)}
            if open_ == {base}:
                break
    finals = _cut(card, found.finals)
    many = {policy.name: len(finals[policy.name]) for policy in card.policies}
    failures = [
        each for each in found.failures
        if each["replicate"] < many.get(each["scenario"], len(finals[base]))
    ]  # fmt: skip
    rows = [_row(card, finals, policy, name) for policy in card.policies for name in card.outcomes]
    told = [_of_policy(card, finals, policy, rows) for policy in card.policies]
    return Scorecard(card, rows, told, _rankings(card, finals), finals, failures)


def _is_idle(finals: dict[str, np.ndarray], base: str, name: str) -> bool:
    return not moved(finals[base][:BURN_IN], finals[name][:BURN_IN])


def _cut(card: Card, finals: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return what was run, of policies that were stopped only what they were stopped for.

    So any block gives the same: in a large one they were run a while longer.
    """
    base = card.base.name
    names = {policy.name for policy in card.policies}
    idle = set() if card.insist else {name for name in names if _is_idle(finals, base, name)}
    short = idle | {base} if idle == names else idle
    return {name: each[:BURN_IN] if name in short else each for name, each in finals.items()}


def _row(
    card: Card, finals: dict[str, np.ndarray], policy: Scenario, outcome: str
) -> dict[str, Any]:
    """Return what is told of one policy and one outcome.

    The means of both, the difference with its interval, the shares of pairs in which the policy is
    higher, equal and lower, the verdict, and a sentence.
    """
    a, b = paired(finals[card.base.name], finals[policy.name], outcome)
    row: dict[str, Any] = {
        "policy": policy.name,
        "title": policy.title or policy.name,
        "outcome": outcome,
        "outcome_title": DECLARED[outcome].title,
        "unit": DECLARED[outcome].unit,
        "why": EIGHT.get(outcome, DECLARED[outcome].why),
        "base_mean": float(np.mean(a)) if len(a) else np.nan,
        "policy_mean": float(np.mean(b)) if len(b) else np.nan,
        **told_apart(b - a, None, error=card.error),
        "replicates": len(finals[policy.name]),
        "without_value": len(finals[policy.name]) - len(a),
    }
    row["example"] = example_of(row)
    row["detail"] = _detail(row, b - a)
    return row | {"in_words": f"{row['outcome_title']}: {GROUPS[row['verdict']]}{row['detail']}"}


def _detail(row: dict[str, Any], values: np.ndarray) -> str:
    """Return what follows the name of an outcome after its verdict: how much, how often, or why."""
    unit, sign = unit_words(row["unit"]), commonest_sign(values)
    if row["verdict"] in ("higher", "lower"):
        return f" by {_size(row)}"
    if row["verdict"].startswith("nearly"):
        return f" ({int(np.sum(np.sign(values) == sign)):,} of {len(values):,} pairs)"
    if row["verdict"] == "not told apart":
        span = f"from {interval(row['low'], row['high'])} {unit}"
        return f" ({too_early(values) or span})"
    return ""


def _size(row: dict[str, Any]) -> str:
    near, far = sorted(abs(row[edge]) for edge in ("low", "high"))
    span = "" if not np.isfinite(far) else f" ({number(near)} to {number(far)})"
    return f"{number(abs(row['difference']))}{span} {unit_words(row['unit'])}"


def _of_policy(
    card: Card, finals: dict[str, np.ndarray], policy: Scenario, rows: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Return what is told of one policy over all outcomes."""
    mine = [row for row in rows if row["policy"] == policy.name]
    title, runs = policy.title or policy.name, len(finals[policy.name])
    has_moved = moved(finals[card.base.name], finals[policy.name])
    groups = _groups_in_words(mine) if has_moved else []
    said = " ".join(f"{group[0].upper()}{group[1:]}." for group in groups)
    if not has_moved:
        stopped = runs < card.replicates and not card.insist
        said = idle_words(card.base, policy, runs, stopped=stopped, most=card.replicates)
    savings = {
        name: [_mean(finals[each.name][:runs], name) for each in (card.base, policy)]
        for name in SAVINGS
    }  # fmt: skip
    return {
        "policy": policy.name, "title": title, "replicates": runs, "moved": has_moved,
        "groups": groups, "in_words": f"{title}: {said}", "savings": savings,
        "savings_in_words": _savings_in_words(title, savings) if TRUE in card.outcomes else "",
    }  # fmt: skip


def _groups_in_words(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Return which outcomes are higher, which lower, and so on, in a few words each."""
    parts = []
    for verdict, words in GROUPS.items():
        mine = [row for row in rows if row["verdict"] == verdict]
        if mine:
            told = [f"{row['outcome_title'].lower()}{row['detail']}" for row in mine]
            parts.append(f"{words}: {'; '.join(told)}")
    return parts


def _mean(records: np.ndarray, name: str) -> float:
    values = as_column(records, name)
    known = values[np.isfinite(values)]
    return float(np.mean(known)) if len(known) else np.nan


def _savings_in_words(title: str, savings: dict[str, list[float]]) -> str:
    """Return what was promised, reported and true under both, with how far they are apart."""
    unit = DECLARED[SAVINGS[0]].unit
    sides = [
        ", ".join(f"{name.replace('_', ' ').replace(' saving', '')} {number(means[side])}"
                  for name, means in savings.items())
        for side in (0, 1)
    ]  # fmt: skip
    apart = [savings["promised"][side] - savings[TRUE][side] for side in (0, 1)]
    return (
        f"Savings of the agreements in force, {unit}, on average (not tested here): base "
        f"{sides[0]}; {title} {sides[1]}. Promised less true: {number(apart[0])} and "
        f"{number(apart[1])}."
    )


def _rankings(card: Card, finals: dict[str, np.ndarray]) -> list[dict[str, Any]]:
    """Return for each outcome how the base and the policies rank; nothing for a single policy."""
    if len(card.policies) == 1:
        return []
    names = [card.base.name, *(each.name for each in card.policies)]
    columns = {each.name: difference_columns(card.base, each, finals) for each in card.policies}
    found = []
    for outcome in card.outcomes:
        values = {name: column[outcome] for name, column in columns.items()}
        rows = pair_rows(values, card.base.name, card.pairs, None, error=card.error)
        found.append({
            "outcome": outcome, "pairs": rows, "in_words": ranking_in_words(rows, names),
        })  # fmt: skip
    return found


def example_of(row: dict[str, Any]) -> float | None:
    """Return a round number for `--matters`: a twentieth of what the base has, or of the spread."""
    for value in (row["base_mean"], row["difference"]):
        size = abs(value) / LOOSE
        if np.isfinite(size) and size > 0:
            return float(f"{size:.1g}")
    return None


def headline(made: Scorecard) -> str:
    """Return how many outcomes go which way under each policy, in one sentence."""
    parts = []
    for policy in made.policies:
        mine = [row["verdict"] for row in made.rows if row["policy"] == policy["policy"]]
        counts = [f"{mine.count(verdict)} {words}" for verdict, words in GROUPS.items()
                  if verdict in mine]  # fmt: skip
        moves = ", ".join(counts) if policy["moved"] else "not one bit moved"
        parts.append(f"{policy['title']}: {moves}")
    many = count(len(made.card.outcomes), "outcome")
    return f"Of {many}, none of which decides: {'; '.join(parts)}."


def how_sure(card: Card, most: int) -> str:
    """Return what the intervals are, and what it costs that there are several."""
    pairs, outcomes = len(card.pairs), len(card.outcomes)
    many = count(outcomes, "outcome") + (f" and {pairs} pairs" if pairs > 1 else "")
    basis = f"{most:,} replicates of seed {card.seed}, each under the base and every policy."
    if outcomes * pairs == 1:
        return f"{basis} Interval: right with {1 - ERROR:.0%}, however often one looks."
    counts = np.array([most])
    wide = float(reach(counts, error=card.error)[0] / reach(counts)[0]) - 1
    return (
        f"{basis} Intervals: all right together with {1 - ERROR:.0%}, over {many} (Bonferroni), "
        f"however often one looks. That makes each {wide:.0%} wider than if one outcome of one "
        "policy alone had been asked about."
    )


def what_next(card: Card, made: Scorecard) -> tuple[str, str | None]:
    """Return how to go on from a scorecard: what to decide, and the command that asks it."""
    going = {each["policy"] for each in made.policies if each["moved"]}
    rows = [row for row in made.rows if row["policy"] in going]
    if not rows:
        return "Nothing moved, so no outcome is worth a closer look before that is mended.", None
    row = next((each for each in rows if each["verdict"] == "not told apart"), rows[0])
    unit, example = unit_words(row["unit"]), row["example"] or 1.0
    half = (row["high"] - row["low"]) / 2
    apart = (
        f"; here {row['replicates']:,} replicates leave a doubt of {number(half)} either way"
        * (bool(np.isfinite(half)))
    )
    words = (
        "No outcome decides by itself. To ask about one until it is clear, say with --matters the "
        "smallest difference in it that you would act on, in its unit; no statistics can know it. "
        f"For scale: {row['outcome_title'].lower()} is {number(row['base_mean'])} {unit} in the "
        f"base, and {number(example)} is about a twentieth of that{apart}. Put your own outcome "
        "and number into:"
    )
    typed = card.typed.command("--outcome", row["outcome"], "--matters", f"{example:g}")
    return words, typed
