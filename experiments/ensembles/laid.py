"""A set of an ensemble laid over scenarios: what each says itself still counts.

A number that the base sets is a difference from its default, and is laid over each set as such; a
number that a policy sets from the start is what the policy says, in every set.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from ...sim.declared.parameters import Declaration, declarations
from ...sim.declared.scenario import Scenario
from .ensemble import Ensemble


@cache
def _declared() -> dict[str, Declaration]:
    return {each.name: each for each in declarations()}


def ranges_of(names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of the declared ranges of some numbers; infinite where there is none."""
    declared = _declared()
    ends = [declared[name].plausible or (-np.inf, np.inf) for name in names]
    low, high = np.array(ends).T
    return low, high


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


def laid(declared: Declaration, drawn: np.ndarray, own: float) -> np.ndarray:
    """Return drawn values with a scenario's own difference from the default laid over them.

    A drawn default becomes what the scenario says, to the bit.
    """
    if own == declared.default:
        return drawn
    default = float(declared.default)
    values = own * (drawn / default) if scaled(declared) else own + (drawn - default)
    found: np.ndarray = np.clip(values, *(declared.allowed or (-np.inf, np.inf)))
    return found


class Laid(NamedTuple):
    """The numbers of a scenario in each set, but for those that it sets itself."""

    names: tuple[str, ...]
    sets: np.ndarray  # (sets, names)

    def values(self, k: int) -> dict[str, float]:
        """Return the values in set k, by name of the number."""
        return dict(zip(self.names, self.sets[k].tolist(), strict=True))


def laid_over(ensemble: Ensemble, base: Scenario, scenario: Scenario) -> Laid:
    """Return the sets laid over a scenario, without the numbers in which it differs from its base.

    `scenario` is the base itself or a policy laid over it.
    """
    declared, names, columns = _declared(), [], []
    for place, name in enumerate(ensemble.numbers):
        own = number_of(base, name)
        if number_of(scenario, name) == own:
            names.append(name)
            columns.append(laid(declared[name], ensemble.sets[:, place], own))
    return Laid(tuple(names), np.column_stack(columns) if columns else np.empty((0, 0)))


def held_fast(ensemble: Ensemble, base: Scenario, scenario: Scenario) -> list[str]:
    """Return the numbers that no longer vary, since a scenario or a change of it sets them.

    A change by date counts, although the number varies until then.
    """
    later = {name for change in scenario.change for name in change.set}
    found = laid_over(ensemble, base, scenario)
    vary = set()
    if len(found.sets):
        moves = (found.sets != found.sets[0]).any(axis=0)
        vary = {name for name, moving in zip(found.names, moves, strict=True) if moving}
    return [name for name in ensemble.numbers if name in later or name not in vary]
