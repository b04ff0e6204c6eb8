"""Who took the grants of a policy up, and how many of these deals would have come without one."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import numpy as np

from ...sim.declared.scenario import Scenario
from ..words import number
from .pairing import paired

COUNTED = ("granted", "formed", "pot_empty")
GRANTS, FREEZE = "grants", "tax.freeze"


def is_about(what: str, base: Scenario, policy: Scenario) -> bool:
    """Return whether a policy sets a number otherwise than its base does.

    Args:
        what: the name of a number, or of a section, which is all numbers in it.
        base, policy: the two scenarios.
    """
    return _numbers(what, base) != _numbers(what, policy)


def _numbers(what: str, scenario: Scenario) -> list[Any]:
    dated = [
        (change.when, name, value)
        for change in scenario.change
        for name, value in sorted(change.set.items())
        if f"{name}.".startswith(f"{what}.")
    ]
    return [attrgetter(what)(scenario.parameters), *dated]


def take_up(base: np.ndarray, policy: np.ndarray) -> dict[str, Any]:
    """Return how many more deals got a grant, and how many of them came because of the policy.

    Args:
        base, policy: records of the last quarter, a row a replicate, on the same luck.
    """
    more = {name: _more(base, policy, name) for name in COUNTED}
    return more | {"anyway": min(max(more["granted"] - more["formed"], 0.0), more["granted"])}


def _more(base: np.ndarray, policy: np.ndarray, name: str) -> float:
    before, after = paired(base, policy, name)
    return float(np.mean(after - before))


def take_up_in_words(found: dict[str, Any]) -> str:
    """Return that in a sentence or two; empty where no more deals got a grant."""
    if not found["granted"] > 0:
        return ""
    formed, empty = found["formed"], found["pot_empty"]
    dry = f" A pot is empty in {number(empty)} more quarters." if empty > 0 else ""
    return (
        f" Grants go to {number(found['granted'])} more deals a run; about "
        f"{number(found['anyway'])} of those would have come anyway. In all {number(abs(formed))} "
        f"{'more' if formed >= 0 else 'fewer'} are signed.{dry}"
    )
