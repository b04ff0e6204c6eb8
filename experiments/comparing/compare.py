"""Policies compared on the same luck, for as long as it takes to tell whether they differ.

from council_partnering.experiments.comparing.compare import compare

result = compare("norfolk", "set-up-grants", outcome="net_saving", matters=0.5)
print(result.table)  # a row a policy: the difference, its interval, the verdict
result.differences["talks_failed"].hist()  # every outcome, a row a replicate
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from ...sim.declared.measures import as_columns, quarter_dtype
from ...sim.declared.scenario import SHIPPED, Scenario
from ...sim.errors import InputError, given, is_number, nearest, whole
from ...sim.label import Label, labelled
from ...sim.ready.kept import prepared
from ...sim.running import luck_of
from ..ends import Ends, ends_of
from ..estimates import ERROR, Estimate
from ..executors.ordered import Hands, hands_of, ordered
from ..policies.finding import POLICIES, check_alike, find_policy
from ..summary import DECLARED
from ..terminal import progress
from ..words import as_typed, count, interval, number, unit_words
from .course import course_in_words, course_of
from .pairing import paired
from .purse import PUBLIC, public_purse
from .sequences import (
    BURN_IN,
    always_valid,
    differing,
    too_early,
    unseen,
)
from .take_up import is_about_grants

if TYPE_CHECKING:
    import pandas as pd

    from ..terminal import Watch

BUDGET = 2000
BLOCK = 50

Verdict = Literal["higher", "lower", "no difference that matters", "cannot tell"]


class Block(NamedTuple):
    """Some replicates of some scenarios, to be run between two looks."""

    scenarios: dict[str, Scenario]  # by name
    seed: int
    replicates: range
    measures: tuple[str, ...]  # of which the whole course is kept


class Question(NamedTuple):
    """Which policies are compared with which base, on what, and how long at most."""

    base: Scenario
    policies: tuple[Scenario, ...]
    outcome: str
    matters: float  # the smallest difference that anybody would act on, in the outcome's unit
    budget: int  # the most replicates
    block: int  # replicates between two looks
    seed: int

    @property
    def told_over_time(self) -> tuple[str, ...]:
        """The measures of which every quarter is kept: the outcome, and what the public gains."""
        return tuple(dict.fromkeys((self.outcome, PUBLIC)))

    @property
    def error(self) -> float:
        """The chance of error of each interval: shared out over the policies (Bonferroni)."""
        return ERROR / len(self.policies)


Courses = dict[str, np.ndarray]
"""By measure: (replicates, quarters)."""


@labelled
class Comparison(NamedTuple):
    """What came out: a row a policy, and the outcomes of every replicate that was run."""

    question: Question
    rows: list[dict[str, Any]]  # see `row_of`
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
        import pandas as pd

        from ...sim.tables.frames import as_frame

        parts = [
            as_frame(difference_columns(self, policy.name)).assign(policy=policy.name)
            for policy in self.question.policies
        ]
        whole = pd.concat(parts, ignore_index=True)
        return whole[["policy", *(name for name in whole if name != "policy")]]


def compare(
    base: str | Path | Scenario,
    *policies: str | Path | Scenario,
    outcome: str,
    matters: float,
    budget: int = BUDGET,
    block: int = BLOCK,
    seed: int = 1,
    workers: int = 1,
    cluster: str | None = None,
    quarters: int | None = None,
) -> Comparison:
    """Compare policies with a base on the same luck until it is clear whether they differ.

    Args:
        base, policies: names of scenarios or of policies, paths of TOML files, or scenarios.
        outcome: the measure whose value at the end is compared.
        matters: the smallest difference that matters, in the unit of the outcome.
        budget: the most replicates.
        block: after how many replicates one looks again. It decides where the comparison may
            stop, so other blocks can end at other counts, with intervals that hold all the same.
        seed: 0 to 2**32 - 1; replicates 0, 1, 2, ... of it are run.
        workers: processes; they change nothing but the time.
        cluster: the address of a Dask scheduler, or "local" for one that is started here.
        quarters: how long all of them last; as long as the scenarios say if None.

    Raises:
        InputError: something that was given cannot be used; the message says what to do.
    """
    hands = hands_of(workers, cluster)
    question = ask(
        base, policies, outcome, matters,
        budget=budget, block=block, seed=seed, quarters=quarters,
    )  # fmt: skip
    with progress(budget) as watch:
        return answer(question, hands=hands, watch=watch)


def ask(
    base: str | Path | Scenario,
    policies: Sequence[str | Path | Scenario],
    outcome: str,
    matters: float,
    *,
    budget: int = BUDGET,
    block: int = BLOCK,
    seed: int = 1,
    quarters: int | None = None,
) -> Question:
    """Return a checked question; raises InputError where it makes no sense."""
    if outcome not in DECLARED:
        raise InputError(f"--outcome '{outcome}' is no measure: {nearest(outcome, DECLARED)}")
    if not (is_number(matters) and math.isfinite(matters) and matters > 0):
        said = f"{matters:g}" if is_number(matters) else given(matters)
        raise InputError(
            f"--matters is {said}: give the smallest difference that matters, above 0, in "
            f"{DECLARED[outcome].unit}"
        )
    for option, value, least in (("--budget", budget, BURN_IN), ("--block", block, 1)):
        whole(option, value, least)
    luck_of(seed, 0)  # refuses a seed that is out of range
    if not policies:
        raise InputError("there is no policy to compare: name at least one after the base")
    found = tuple(find_policy(policy, quarters) for policy in policies)
    first = find_policy(base, quarters)
    check_alike(first, found)
    return Question(first, found, outcome, float(matters), int(budget), int(block), int(seed))


def answer(
    question: Question, *, hands: Hands | None = None, watch: Watch | None = None
) -> Comparison:
    """Run a question until every policy is settled or the budget is used up.

    A run that raises has no value, and is named. Raises InputError where a policy never runs.
    """
    names = [question.base.name, *(policy.name for policy in question.policies)]
    finals = {name: np.empty(0, dtype=quarter_dtype()) for name in names}
    courses = {name: _no_courses(question) for name in names}
    failures: list[dict[str, Any]] = []
    open_ = set(names)
    with closing(_blocks(question, open_, hands or Hands())) as blocks:
        for block in blocks:
            for name in sorted(open_):
                finals[name] = np.concatenate([finals[name], block[name].records])
                for measure, course in block[name].courses.items():
                    courses[name][measure] = np.concatenate([courses[name][measure], course])
                failures += failures_of(question, name, block[name])
            done = len(finals[names[0]])
            if watch is not None:
                watch("Comparing", done)
            for name in sorted(open_ - {names[0]}):
                if done >= BURN_IN and settled(_interval(question, finals, name), question.matters):
                    open_.discard(name)
            if open_ == {names[0]}:
                break
    rows = [
        row_of(question, finals, policy) | _over_time(question, finals, courses, policy)
        for policy in question.policies
    ]
    return Comparison(question, rows, finals, courses, failures)


def _no_courses(question: Question) -> Courses:
    return {name: np.empty((0, question.base.quarters)) for name in question.told_over_time}


def _over_time(
    question: Question,
    finals: dict[str, np.ndarray],
    courses: dict[str, Courses],
    policy: Scenario,
) -> dict[str, Any]:
    """Return how the difference moves from quarter to quarter, and what the public gains."""
    base, mine = courses[question.base.name], courses[policy.name]
    count = len(mine[PUBLIC])
    outcome, public = (
        course_of(mine[name] - base[name][:count], question.base, error=question.error)
        for name in (question.outcome, PUBLIC)
    )
    unit = unit_words(DECLARED[question.outcome].unit)
    return {
        "course": outcome,
        "course_in_words": course_in_words(outcome, unit),
        "public": public_purse(
            finals[question.base.name],
            finals[policy.name],
            public,
            error=question.error,
            grants=is_about_grants(question.base, policy),
        ),
    }


def failures_of(question: Question, name: str, ends: Ends) -> list[dict[str, Any]]:
    """Return a row a run that raised; raises InputError where all of a block did."""
    policy = question.policies[0].name if name == question.base.name else name
    pair = [_as_named(each) for each in (question.base.name, policy)]
    luck = ["--seed", str(question.seed), "--replicate"]
    rows = [
        {"scenario": name, "replicate": replicate, "error": error,
         "repeat": as_typed(["councils", "explain", *pair, *luck, str(replicate)])}
        for replicate, error in ends.errors.items()
    ]  # fmt: skip
    if rows and len(rows) == len(ends.records):
        raise InputError(
            f"'{name}': each of {len(rows)} runs fails, the first with {rows[0]['error']}; repeat "
            f"it with: {rows[0]['repeat']}"
        )
    return rows


def _as_named(name: str) -> str:
    """Return how one names a scenario to a command: a file of one's own with its ending."""
    known = any((folder / f"{name}.toml").exists() for folder in (SHIPPED, POLICIES))
    return name if known else f"{name}.toml"


def _blocks(
    question: Question, open_: set[str], hands: Hands
) -> Generator[dict[str, Ends], None, None]:
    """Yield the last quarters of each block of replicates, of the scenarios that are still open."""
    scenarios = {each.name: each for each in (question.base, *question.policies)}
    spans = [
        range(first, min(first + question.block, question.budget))
        for first in range(0, question.budget, question.block)
    ]
    blocks = (
        Block(
            {name: scenarios[name] for name in sorted(open_)},
            question.seed,
            span,
            question.told_over_time,
        )
        for span in spans
    )
    few = hands._replace(workers=min(hands.workers, len(spans)))
    yield from ordered(last_quarters, blocks, few)


def last_quarters(block: Block) -> dict[str, Ends]:
    """Return for each scenario of a block, by name, how each of its runs ended."""
    return {
        name: ends_of(prepared(scenario), block.seed, block.replicates, block.measures)
        for name, scenario in block.scenarios.items()
    }


def _interval(question: Question, finals: dict[str, np.ndarray], name: str) -> Estimate:
    a, b = paired(finals[question.base.name], finals[name], question.outcome)
    return always_valid(b - a, error=question.error)


def settled(found: Estimate, matters: float) -> bool:
    """Return whether the comparison may stop.

    When the interval is at most as wide as the difference that matters, or lies wholly on one
    side of what matters: within `matters` either way, or beyond it.
    """
    if not math.isfinite(found.half):
        return False
    narrow = found.half <= matters / 2
    return narrow or within(found, matters) or found.low >= matters or found.high <= -matters


def within(found: Estimate, matters: float) -> bool:
    """Return whether an interval lies wholly between -matters and matters."""
    return -matters < found.low and found.high < matters


def verdict(found: Estimate, values: np.ndarray, matters: float) -> Verdict:
    """Return what an interval of the differences `values` says, in plain words."""
    if len(values) >= BURN_IN and differing(values) == 0:
        found = Estimate(found.value, found.value, found.value)
    if within(found, matters):
        return "no difference that matters"
    if found.low > 0:
        return "higher"
    return "lower" if found.high < 0 else "cannot tell"


def row_of(question: Question, finals: dict[str, np.ndarray], policy: Scenario) -> dict[str, Any]:
    """Return what is told of one policy.

    Difference (policy less base) and its interval, the shares of replicates in which it is
    higher, equal and lower, the number of replicates, how many of each independent seeds would
    have needed for the same precision, and the correlation on the same luck. What does not exist
    is not a number.
    """
    a, b = paired(finals[question.base.name], finals[policy.name], question.outcome)
    values, count = b - a, len(a)
    apart, together = (np.var(a) + np.var(b), np.var(values)) if count else (np.nan, np.nan)
    bends = count > 0 and min(np.var(a), np.var(b)) > 0
    row = {
        "policy": policy.name,
        "title": policy.title or policy.name,
        "outcome": question.outcome,
        **told_apart(values, question.matters, error=question.error),
        "replicates": len(finals[policy.name]),
        "without_value": len(finals[policy.name]) - count,
        "independent": float(count * apart / together) if together > 0 else np.nan,
        "correlation": float(np.corrcoef(a, b)[0, 1]) if bends else np.nan,
        "base_mean": float(np.mean(a)) if count else np.nan,
        "policy_mean": float(np.mean(b)) if count else np.nan,
    }
    row["moved"] = _moved(finals[question.base.name], finals[policy.name])
    return row | {"in_words": in_words(question, row, values)}


def _moved(base: np.ndarray, policy: np.ndarray) -> bool:
    """Return whether a policy moved a bit of any measure at the end of any replicate."""
    count = min(len(base), len(policy))
    return count == 0 or base[:count].tobytes() != policy[:count].tobytes()


def told_apart(values: np.ndarray, matters: float, *, error: float) -> dict[str, Any]:
    """Return what the differences of single replicates say by themselves."""
    found, count = always_valid(values, error=error), len(values)
    return {
        "verdict": verdict(found, values, matters),
        "difference": found.value,
        "low": found.low,
        "high": found.high,
        "higher": float(np.mean(values > 0)) if count else np.nan,
        "equal": float(np.mean(values == 0)) if count else np.nan,
        "lower": float(np.mean(values < 0)) if count else np.nan,
    }


def in_words(question: Question, row: dict[str, Any], values: np.ndarray) -> str:
    """Return the verdict on one policy as one or two sentences."""
    unit, matters = unit_words(DECLARED[question.outcome].unit), question.matters
    mean, low, high = row["difference"], row["low"], row["high"]
    span = f"{number(low)} to {number(high)}"
    rare = f"what happens in fewer than one of {unseen(len(values)):,} may have been missed"
    if not row["moved"]:
        return (
            f"{row['title']}: the policy moved not one bit of any measure in {len(values):,} "
            f"replicates ({rare}). Is it about something that never comes about here?"
        )
    if len(values) >= BURN_IN and differing(values) == 0:
        return (
            f"{row['title']}: {row['verdict']}; the difference is {number(mean)} {unit} in each of "
            f"{len(values):,} replicates ({rare})."
        )
    if row["verdict"] == "no difference that matters":
        return (
            f"{row['title']}: no difference that matters; it is {number(mean)} {unit} ({span}), "
            f"less than {matters:g} either way."
        )
    if row["verdict"] == "cannot tell":
        why = too_early(values)
        shown = f"the difference may be anything from {span} {unit}" if why is None else why
        return (
            f"{row['title']}: the model cannot tell the two apart at this budget, "
            f"{row['replicates']:,} replicates: {shown}."
        )
    near = min(abs(low), abs(high))
    doubt = f" Whether by the {matters:g} that matters is open." if near < matters else ""
    size = f"{number(abs(mean))} {unit} ({number(near)} to {number(max(abs(low), abs(high)))})"
    return f"{row['title']}: {row['verdict']} by {size}.{doubt}"


def difference_columns(comparison: Comparison, name: str) -> dict[str, Any]:
    """Return policy less base in every outcome, a row a replicate."""
    base, policy = comparison.finals[comparison.question.base.name], comparison.finals[name]
    a, b = as_columns(base[: len(policy)]), as_columns(policy)
    return {"replicate": np.arange(len(policy))} | {key: b[key] - a[key] for key in a}
