"""Numbers that a plan varies and its scenarios set too: a point must be what its row says."""

from __future__ import annotations

from collections.abc import Iterable

from ...sim.declared.scenario import Change, Scenario
from ...sim.errors import InputError
from .plan import AS_IT_IS, POLICY, Factor, Plan
from .policies import own_numbers, under_policy


def check_in_force(plan: Plan, policies: Iterable[str], where: str) -> None:
    """Refuse a factor whose values would not be in force at all points of a plan.

    Raises:
        InputError: a dated change takes a varied number back, or a varied number overrules what
            a policy consists in.
    """
    for policy in policies:
        scenario = under_policy(plan, policy)
        for factor in plan.factors:
            if factor.name == POLICY:
                continue
            later = _later(scenario, factor)
            if later is not None:
                raise InputError(_taken_back(policy, factor, later, where))
            if factor.since is None and factor.name in own_numbers(plan, policy):
                raise InputError(
                    f"{where}: {factor.name} is varied, and the policy '{policy}' sets it from the "
                    "start: the policy's own value would never be in force. Vary only one of them"
                )


def dated(plan: Plan) -> Plan:
    """Return a plan whose levers hold from the last day on which its scenarios set them.

    For a plan that is laid over a scenario which it was not written for.
    """
    laid = [under_policy(plan, policy) for policy in laid_over(plan)]
    factors = []
    for factor in plan.factors:
        days = [
            change.when
            for scenario in laid
            for change in _changes(scenario, factor)
            if factor.role == "lever" and factor.name != POLICY
        ]
        factors.append(factor.model_copy(update={"since": max(days)}) if days else factor)
    return plan.model_copy(update={"factors": tuple(factors)})


def _later(scenario: Scenario, factor: Factor) -> Change | None:
    """Return the first change within the run that sets a number after a factor has set it."""
    return min(_changes(scenario, factor), key=lambda change: change.when, default=None)


def _changes(scenario: Scenario, factor: Factor) -> list[Change]:
    """Return all changes within the run that set a number after a factor has set it."""
    return [
        change
        for change in scenario.change
        if factor.name in change.set
        and scenario.quarter_of(change.when) < scenario.quarters
        and (factor.since is None or change.when > factor.since)
    ]


def _taken_back(policy: str, factor: Factor, later: Change, where: str) -> str:
    value, day = later.set[factor.name], later.when
    whose = "the scenario" if policy == AS_IT_IS else f"the scenario under the policy '{policy}'"
    if factor.role == "lever":
        advice = f"give it since = {day} or later, or take that change out"
    else:
        advice = "take that change out, or vary another number"
    return (
        f"{where}: {factor.name} is varied, but {whose} sets it to {value} on {day}: the values "
        f"of the points would not be in force from then on; {advice}"
    )


def laid_over(plan: Plan) -> list[str]:
    """Return the policies under which a plan runs: "base", its lever's, that of a difference."""
    varied = {factor.name: factor for factor in plan.factors}
    named = varied[POLICY].values if POLICY in varied else (AS_IT_IS,)
    found = [str(policy) for policy in named]
    return found if plan.difference is None else [*found, plan.difference]
