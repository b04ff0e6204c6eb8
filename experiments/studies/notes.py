"""What is to be noted of a plan before it runs: its scenario, its policies, and its factors."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ...sim.declared.scenario import Scenario, load
from ...sim.ready.notes import notes_of
from ..words import listed
from ..worlds import worlds_in
from .overruled import laid_over
from .plan import AS_IT_IS, Plan
from .policies import as_laid, in_full

NAMED = 6
"""So many factors are named in one note."""


def notes_on(plan: Plan) -> list[str]:
    """Return notes on a checked plan, each with what it is about.

    A policy is told of as it is laid over the plan's scenario, by its file's name; what is true of
    the scenario without it is said of the scenario alone.
    """
    path = in_full(plan.scenario, plan.folder)
    base = load(path, quarters=plan.quarters)
    of_base = notes_of(base, path)
    said = [f"Note on {base.name}: {note}" for note in of_base]
    policies = [policy for policy in laid_over(plan) if policy != AS_IT_IS]
    with tempfile.TemporaryDirectory() as folder:
        for policy in policies:
            laid = as_laid(plan, policy, Path(folder))
            scenario = load(laid, quarters=plan.quarters)
            notes = [note for note in notes_of(scenario, laid) if note not in of_base]
            said += [f"Note on {scenario.name}: {note}" for note in notes]
    return said + _of_factors(plan, base) + _of_worlds(plan, base)


def _of_worlds(plan: Plan, base: Scenario) -> list[str]:
    """Return what is to be noted of the worlds of a plan, and what varies otherwise than there."""
    worlds = worlds_in(plan.ensemble)
    if worlds is None:
        return []
    said = [f"Note on {plan.name}: {note}" for note in worlds.notes(base)]
    both = [each.name for each in plan.factors if each.name in worlds.ensemble.numbers]
    if both:
        said.append(
            f"Note on {plan.name}: {_few(both)} {'varies' if len(both) == 1 else 'vary'} as the "
            f"plan says, and not as in the worlds of '{worlds.ensemble.name}'."
        )
    return said


def _few(names: list[str]) -> str:
    """Return names as a sentence lists them, of many the first and how many more."""
    more = len(names) - NAMED
    return listed(names) if more <= 0 else f"{', '.join(names[:NAMED])} and {more} more"


def _of_factors(plan: Plan, base: Scenario) -> list[str]:
    """Return what is to be noted of factors: one value only, a day that the scenario decides."""
    said = [
        f"Note on {plan.name}: {factor.name} has one value, {factor.values[0]}: it is set in every "
        "run, and nothing is found out about it. To vary it, give more values."
        for factor in plan.factors
        if factor.fixed
    ]
    if plan.written is None:
        return said
    days = {(name, change.when) for change in base.change for name in change.set}
    return said + [
        f"Note on {plan.name}: the plan's values of {factor.name} hold from {factor.since} on, the "
        f"last day on which {base.name} sets it itself."
        for factor in plan.factors
        if (factor.name, factor.since) in days
    ]
