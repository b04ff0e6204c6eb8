"""A scorecard: policies beside a base on several outcomes, before anybody says what matters.

The number of replicates is fixed beforehand. The intervals are those that hold at every look all
the same, since somebody who is shown "not told apart" may ask for more replicates afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...sim.declared.measures import as_column
from ...sim.declared.scenario import Scenario
from ...sim.label import Label, labelled
from ...sim.story.wording import capital
from ..executors.ordered import Hands
from ..split import over_luck, split_of
from ..summary import DECLARED
from ..words import count
from .asking import Card
from .assumptions import apart_told
from .blocks import Gathered, moved, run_blocks
from .differences import differences_frame
from .idle import idle_words
from .outcomes import EIGHT, SAVINGS, TRUE
from .pairing import apart, by_lucks, paired
from .ranking import ranking
from .scorecard_words import (
    detail,
    example_of,
    groups_in_words,
    row_in_words,
    savings_in_words,
    worlds_in_words,
)
from .sequences import BURN_IN, always_valid
from .verdicts import of_worlds_said, told_apart

if TYPE_CHECKING:
    import pandas as pd

    from ..terminal import Watch


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

    def is_done(so_far: Gathered, name: str) -> bool:
        return not card.insist and _is_idle(so_far.finals, base, name)

    found = run_blocks(card, card.replicates, is_done, hands=hands, watch=watch)
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
    both = finals[card.base.name], finals[policy.name]
    a, b = paired(*both, outcome, card.lucks)
    values = apart(*both, outcome, card.lucks)
    row: dict[str, Any] = {
        "policy": policy.name,
        "title": policy.title or policy.name,
        "outcome": outcome,
        "outcome_title": DECLARED[outcome].title,
        "unit": DECLARED[outcome].unit,
        "why": EIGHT.get(outcome, DECLARED[outcome].why),
        "base_mean": float(np.mean(a)) if len(a) else np.nan,
        "policy_mean": float(np.mean(b)) if len(b) else np.nan,
        **told_apart(by_lucks(*both, outcome, 1).ravel(), None, error=card.error, lucks=card.lucks),
        "replicates": len(finals[policy.name]),
        "without_value": len(finals[policy.name]) // card.lucks - len(a),
    } | _of_luck(card, both, outcome)
    row["example"] = example_of(row)
    row["detail"] = of_worlds_said(detail(row, values), card.lucks)
    return row | {"in_words": row_in_words(row)}


def _of_luck(card: Card, both: tuple[np.ndarray, np.ndarray], outcome: str) -> dict[str, Any]:
    """Return the interval over luck alone, and how worlds lie apart; nothing without worlds."""
    if card.worlds is None:
        return {}
    values = by_lucks(*both, outcome, card.lucks)
    means = apart(*both, outcome, card.lucks)
    found = always_valid(means, error=card.error)
    low, high = over_luck(found, means, split_of(values), card.lucks)
    return {"luck_low": low, "luck_high": high, **apart_told(values)}


def _of_policy(
    card: Card, finals: dict[str, np.ndarray], policy: Scenario, rows: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Return what is told of one policy over all outcomes."""
    mine = [row for row in rows if row["policy"] == policy.name]
    title, runs = policy.title or policy.name, len(finals[policy.name])
    has_moved = moved(finals[card.base.name], finals[policy.name])
    groups = groups_in_words(mine) if has_moved else []
    said = " ".join(f"{capital(group)}." for group in groups)
    if not has_moved:
        stopped = runs < card.replicates and not card.insist
        said = idle_words(card.base, policy, runs, stopped=stopped, most=card.replicates)
    savings = {
        name: [_mean(finals[each.name][:runs], name) for each in (card.base, policy)]
        for name in SAVINGS
    }  # fmt: skip
    return {
        "policy": policy.name, "title": title, "replicates": runs, "moved": has_moved,
        "groups": groups, "worlds_in_words": worlds_in_words(mine) if has_moved else "",
        "in_words": f"{title}: {said}", "savings": savings,
        "savings_in_words": savings_in_words(title, savings) if TRUE in card.outcomes else "",
    }  # fmt: skip


def _mean(records: np.ndarray, name: str) -> float:
    values = as_column(records, name)
    known = values[np.isfinite(values)]
    return float(np.mean(known)) if len(known) else np.nan


def _rankings(card: Card, finals: dict[str, np.ndarray]) -> list[dict[str, Any]]:
    """Return for each outcome how the base and the policies rank; nothing for a single policy."""
    if len(card.policies) == 1:
        return []
    return [
        {"outcome": name}
        | ranking(card.base, card.policies, finals, name, None, error=card.error, lucks=card.lucks)
        for name in card.outcomes
    ]
