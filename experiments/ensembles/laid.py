"""A set of an ensemble laid over scenarios: what each says itself still counts.

A number that the base sets is a difference from its default, and is laid over each set as such; a
number that a policy sets from the start is what the policy says, in every set.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from ...sim.declared.parameters import Declaration, declarations
from ...sim.declared.scenario import Scenario
from .ensemble import Ensemble


@cache
def _declared() -> dict[str, Declaration]:
    return {each.name: each for each in declarations()}


def number_of(scenario: Scenario, name: str) -> Any:
    """Return the value of a number from the first day on."""
    section, _, key = name.partition(".")
    return getattr(getattr(scenario.parameters, section), key)


def scaled(declared: Declaration) -> bool:
    """Return whether a difference from the default is a ratio; otherwise it is a shift.

    A ratio where a number cannot be negative and its default is not nothing.
    """
    low = declared.allowed[0] if declared.allowed else -1.0
    return low >= 0.0 and declared.default > 0.0


def laid(declared: Declaration, drawn: float, own: float) -> float:
    """Return a drawn value with a scenario's own difference from the default laid over it."""
    if own == declared.default:
        return drawn
    default = float(declared.default)
    value = drawn * own / default if scaled(declared) else drawn + own - default
    low, high = declared.allowed or (value, value)
    return min(max(value, low), high)


def values_of(ensemble: Ensemble, k: int, base: Scenario, scenario: Scenario) -> dict[str, float]:
    """Return the numbers of a scenario in set k, but for those in which it differs from its base.

    `scenario` is the base itself or a policy laid over it.
    """
    declared, found = _declared(), {}
    for name, drawn in ensemble.values(k).items():
        own = number_of(base, name)
        if number_of(scenario, name) == own:
            found[name] = laid(declared[name], drawn, own)
    return found


def held_fast(ensemble: Ensemble, base: Scenario, scenario: Scenario) -> list[str]:
    """Return the numbers that no longer vary, since a scenario or a change of it sets them.

    A change by date counts, although the number varies until then.
    """
    later = {name for change in scenario.change for name in change.set}
    each = [values_of(ensemble, k, base, scenario) for k in range(len(ensemble.sets))]
    return [
        name
        for name in ensemble.numbers
        if name in later or len({values.get(name) for values in each}) == 1
    ]
