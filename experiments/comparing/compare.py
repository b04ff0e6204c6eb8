"""Policies compared on the same luck, for as long as it takes to tell whether they differ.

from council_partnering.experiments.comparing.compare import compare

result = compare("norfolk", "set-up-grants", outcome="net_saving", matters=0.5)
print(result.table)  # a row a policy: the difference, its interval, the verdict
result.differences["talks_failed"].hist()  # every outcome, a row a replicate
compare("norfolk", "set-up-grants").table  # a scorecard: a row a policy and outcome, eight of them
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import numpy as np

from ...sim.declared.scenario import Scenario
from ...sim.label import Label, labelled
from ..ensembles.ensemble import CALIBRATED
from ..estimates import Estimate
from ..executors.ordered import Hands, hands_of
from ..policies.mistakes import Given
from ..split import by_world
from ..summary import DECLARED
from ..terminal import progress
from ..words import count, interval, number, unit_words
from .asking import BLOCK, Card, Question, ask, ask_card, matters_alone
from .assumptions import assumptions
from .assumptions_words import assumptions_in_words
from .blocks import Courses, Gathered, moved, run_blocks
from .course import course_in_words, course_of
from .differences import differences_frame
from .idle import idle_words
from .mattering import check_size
from .pairing import apart, by_lucks, paired
from .purse import PUBLIC, public_purse
from .ranking import ranking
from .scorecard import Scorecard, score
from .sequences import always_valid
from .take_up import FREEZE, GRANTS, is_about
from .verdicts import of_worlds_said, settled, told_apart, verdict_in_words

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from ..ensembles.ensemble import Ensemble
    from ..terminal import Watch


@labelled
class Comparison(NamedTuple):
    """What came out: a row a policy, and the outcomes of every replicate that was run."""

    question: Question
    rows: list[dict[str, Any]]  # see `row_of`
    ranking: dict[str, Any] | None  # of two policies or more; see `ranking_of`
    finals: dict[str, np.ndarray]  # records of the last quarter, by the scenario's name
    courses: dict[str, Courses]  # of what is told over time, by the scenario's name
    failures: list[dict[str, Any]]  # runs that raised: scenario, replicate, error, repeat

    def _label(self) -> Label:
        asked = self.question
        unit = unit_words(DECLARED[asked.outcome].unit)
        told = {
            row["policy"]: f"{row['verdict']}, {number(row['difference'])} "
            f"({interval(row['low'], row['high'])}), {count(row['replicates'], 'run')}"
            for row in self.rows
        }
        facts = {**told, "outcome": f"{asked.outcome}, {unit}", "seed": asked.seed}
        if self.failures:
            facts["failed"] = count(len(self.failures), "run")
        what = f"Comparison with '{asked.base.name}'"
        return Label(what, facts, ("table", "differences", "question", "failures"))

    @property
    def table(self) -> pd.DataFrame:
        """A row a policy: verdict, difference, interval, shares, replicates, correlation."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    @property
    def differences(self) -> pd.DataFrame:
        """A row a policy and replicate: policy less base in every outcome, on the same luck."""
        return differences_frame(self.question.base, self.question.policies, self.finals)


@overload
def compare(
    base: Given, *policies: Given, outcome: str, matters: float, budget: int | None = None,
    block: int = BLOCK, seed: int = 1, workers: int = 1, cluster: str | None = None,
    quarters: int | None = None, sets: Sequence[str] = (),
    ensemble: str | Path | Ensemble | None = CALIBRATED,
) -> Comparison: ...  # fmt: skip


@overload
def compare(
    base: Given, *policies: Given, outcome: str | None = None, matters: None = None,
    budget: int | None = None, block: int = BLOCK, seed: int = 1, workers: int = 1,
    cluster: str | None = None, quarters: int | None = None, sets: Sequence[str] = (),
    ensemble: str | Path | Ensemble | None = CALIBRATED,
) -> Scorecard: ...  # fmt: skip


def compare(
    base: Given,
    *policies: Given,
    outcome: str | None = None,
    matters: float | None = None,
    budget: int | None = None,
    block: int = BLOCK,
    seed: int = 1,
    workers: int = 1,
    cluster: str | None = None,
    quarters: int | None = None,
    sets: Sequence[str] = (),
    ensemble: str | Path | Ensemble | None = CALIBRATED,
) -> Comparison | Scorecard:
    """Compare policies with a base, and with each other, on the same luck.

    With an outcome and what matters in it, until it is clear whether they differ. Without what
    matters, a scorecard, of eight outcomes or of the one.

    Args:
        base, policies: names of scenarios or of policies, paths of TOML files, or scenarios.
            Policies of the project, and files without a `base`, are laid over the base.
        outcome, matters: the measure that is compared at the end of a run, and the smallest
            difference in it that matters, in its unit.
        budget: the most replicates (2,000); of a scorecard, how many (400). Where it is given, a
            policy that moves nothing uses it up too; otherwise it stops after 100.
        block: after how many replicates one looks again, and so where a comparison may stop.
        seed: 0 to 2**32 - 1; replicates 0, 1, 2, ... of it are run.
        workers, cluster: processes, or the address of a Dask scheduler ("local" to start one);
            they change nothing but the time.
        quarters: how long all of them last, if not as long as they say.
        sets: `section.name=value`, laid over all of them alike.
        ensemble: over which worlds: a name of the project, a file or folder of `councils
            calibrate`, or an `Ensemble`; at the numbers as declared, over luck alone, if None.

    Raises InputError where something that was given cannot be used; it says what to do.
    """
    hands = hands_of(workers, cluster)
    window: dict[str, Any] = {"seed": seed, "quarters": quarters, "sets": sets}
    how: dict[str, Any] = {"budget": budget, "block": block, "ensemble": ensemble, **window}
    if matters is None:
        return _scored(ask_card(base, policies, outcome, **how), hands)
    if outcome is None:
        raise matters_alone(base, policies, matters, ensemble=ensemble, **window)
    return _answered(ask(base, policies, outcome, matters, **how), hands)


def _scored(card: Card, hands: Hands) -> Scorecard:
    with progress(card.replicates) as watch:
        return score(card, hands=hands, watch=watch)


def _answered(question: Question, hands: Hands) -> Comparison:
    with progress(question.budget) as watch:
        return answer(question, hands=hands, watch=watch)


def answer(
    question: Question, *, hands: Hands | None = None, watch: Watch | None = None
) -> Comparison:
    """Run a question until every policy is settled or the budget is used up.

    A policy that moved not one bit of any measure at a look is run no further, unless the question
    insists. A run that raises has no value, and is named. Raises InputError where a policy never
    runs, and where what matters cannot be meant in the outcome's unit.
    """
    found = run_blocks(
        question, question.budget, partial(_is_done, question),
        hands=hands, watch=watch, measures=question.told_over_time,
    )  # fmt: skip
    rows = [
        row_of(question, found.finals, policy) | _over_time(question, found, policy)
        for policy in question.policies
    ]
    ranking = ranking_of(question, found.finals)
    return Comparison(question, rows, ranking, *found)


def _is_done(question: Question, found: Gathered, name: str) -> bool:
    """Return whether a policy needs no further replicates.

    Raises:
        InputError: what matters is so large that it cannot be meant in the outcome's unit.
    """
    check_size(question.matters, question.outcome, found.finals)
    base, policy = found.finals[question.base.name], found.finals[name]
    if not moved(base, policy):
        return not question.insist
    return settled(_interval(question, found.finals, name), question.matters)


def _interval(question: Question, finals: dict[str, np.ndarray], name: str) -> Estimate:
    values = apart(finals[question.base.name], finals[name], question.outcome, question.lucks)
    return always_valid(values, error=question.error)


def ranking_of(question: Question, finals: dict[str, np.ndarray]) -> dict[str, Any] | None:
    """Return how the base and the policies rank among each other; None for a single policy.

    See `ranking`.
    """
    if len(question.policies) == 1:
        return None
    return ranking(
        question.base, question.policies, finals, question.outcome, question.matters,
        error=question.error, lucks=question.lucks,
    )  # fmt: skip


def _over_time(question: Question, found: Gathered, policy: Scenario) -> dict[str, Any]:
    """Return how the difference moves from quarter to quarter, and what the public gains."""
    base, mine = found.courses[question.base.name], found.courses[policy.name]
    count = len(mine[PUBLIC])
    outcome, public = (
        course_of(
            by_world(mine[name] - base[name][:count], question.lucks),
            question.base,
            error=question.error,
        )
        for name in (question.outcome, PUBLIC)
    )
    unit = unit_words(DECLARED[question.outcome].unit)
    return {
        "course": outcome,
        "course_in_words": course_in_words(outcome, unit),
        "public": public_purse(
            found.finals[question.base.name],
            found.finals[policy.name],
            public,
            error=question.error,
            lucks=question.lucks,
            grants=is_about(GRANTS, question.base, policy),
            freeze=is_about(FREEZE, question.base, policy),
        ),
    }


def row_of(question: Question, finals: dict[str, np.ndarray], policy: Scenario) -> dict[str, Any]:
    """Return what is told of one policy.

    Difference (policy less base) and its interval, the shares of replicates in which it is
    higher, equal and lower, the number of replicates, how many of each independent seeds would
    have needed for the same precision, and the correlation on the same luck. What does not exist
    is not a number.
    """
    both = finals[question.base.name], finals[policy.name], question.outcome, question.lucks
    (a, b), values = paired(*both), apart(*both)
    count = len(values)
    alone, together = (np.var(a) + np.var(b), np.var(values)) if count else (np.nan, np.nan)
    bends = count > 0 and min(np.var(a), np.var(b)) > 0
    row = {
        "policy": policy.name,
        "title": policy.title or policy.name,
        "outcome": question.outcome,
        **told_apart(
            by_lucks(*both[:3], 1).ravel(), question.matters, error=question.error,
            lucks=question.lucks,
        ),
        "replicates": len(finals[policy.name]),
        "without_value": len(finals[policy.name]) // question.lucks - count,
        "independent": float(count * alone / together) if together > 0 else np.nan,
        "correlation": float(np.corrcoef(a, b)[0, 1]) if bends else np.nan,
        "base_mean": float(np.mean(a)) if count else np.nan,
        "policy_mean": float(np.mean(b)) if count else np.nan,
    }  # fmt: skip
    row["moved"] = moved(finals[question.base.name], finals[policy.name])
    if question.worlds is not None and row["moved"]:
        told = assumptions(question, finals, policy)
        unit = unit_words(DECLARED[question.outcome].unit)
        row |= {"assumptions": told, "assumptions_in_words": assumptions_in_words(told, unit)}
    return row | {"in_words": f"{row['title']}: {_in_words(question, row, values, policy)}"}


def _in_words(question: Question, row: dict[str, Any], values: np.ndarray, policy: Scenario) -> str:
    """Return the verdict on one policy in a sentence or two, without its title."""
    if not row["moved"]:
        count, most = row["replicates"], question.budget
        stopped = count < most and not question.insist
        return idle_words(question.base, policy, count, stopped=stopped, most=most)
    unit = unit_words(DECLARED[question.outcome].unit)
    return of_worlds_said(verdict_in_words(values, row, unit, question.matters), question.lucks)
