"""The mechanisms of the model that can be switched off, to see what a difference hangs on.

Each is a set of declared numbers and the values at which it does nothing. Switched off in both
runs from the policy's first day, whatever of the difference disappears went through it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from ...sim.declared.catalogue import SCOPES
from ...sim.declared.scenario import Change
from ...sim.ready.varied import vary
from ...sim.ready.world import Prepared


class Mechanism(NamedTuple):
    """Something that passes an effect on, and how it is kept from doing so."""

    name: str
    words: str
    off: dict[str, float]  # declared numbers and their neutral values


MECHANISMS = (
    Mechanism(
        "offers", "grants on offer make councils look and agree",
        {"search.grant": 0.0, "weighing.grant": 0.0},
    ),
    Mechanism(
        "setup", "the burden of set-up costs on reserves",
        {"weighing.setup": 0.0},
    ),
    Mechanism(
        "need", "budget gaps drive the search and soften demands",
        {"search.need_management": 0.0, "search.need_service": 0.0, "weighing.need": 0.0},
    ),
    Mechanism(
        "rumours", "rumours of others' talks",
        {"search.rumour": 0.0},
    ),
    Mechanism(
        "fashion", "what neighbours do becomes the thing to do",
        {"search.fashion": 0.0},
    ),
    Mechanism(
        "culture", "what councils believe of each other's culture",
        {"weighing.culture": 0.0, "endings.culture": 0.0, "agreements.converge": 0.0},
    ),
    Mechanism(
        "trust", "trust between councils",
        {"weighing.trust": 0.0, "endings.trust": 0.0},
    ),
    Mechanism(
        "lessons", "lessons drawn from failures",
        {"lessons.gain": 0.0, "weighing.lesson": 0.0},
    ),
    Mechanism(
        "failures", "pauses and second attempts after a failure",
        {
            "weighing.history": 0.0, "weighing.resolve": 0.0, "search.resolve": 1.0,
            "talks.rematch": 0.0, "talks.cooling_leaver": 0.0, "talks.cooling_left": 0.0,
        },
    ),
    Mechanism(
        "ties", "sharing a little leads to sharing more",
        {"weighing.ties": 0.0, "weighing.partnership": 0.0},
    ),
    Mechanism(
        "circles", "invitations, and joining what already runs",
        {f"{scope}.most_members": 2.0 for scope in SCOPES},
    ),
    Mechanism(
        "attention", "busy managers and rival offers",
        {"weighing.busy": 0.0, "weighing.rival": 0.0},
    ),
    Mechanism(
        "tax_gap", "differences in council tax between partners, and support for council tax",
        {f"{scope}.tax_weight": 0.0 for scope in SCOPES},
    ),
    Mechanism(
        "politics", "party control, elections and leaders who fall",
        {
            "weighing.party": 0.0, "weighing.new_control": 0.0, "weighing.election": 0.0,
            "endings.new_control": 1.0,
        },
    ),
    Mechanism(
        "vacancies", "vacant chief executives' posts",
        {"search.vacancy": 1.0, "weighing.vacancy": 0.0, "endings.chief_left": 1.0},
    ),
    Mechanism(
        "doubt", "doubt about reorganisation",
        {"reorganisation.doubt": 0.0, "reorganisation.delay": 0.0, "search.doorstep": 1.0},
    ),
    Mechanism(
        "introduced", "the match-making service makes councils look",
        {"search.introduced": 1.0},
    ),
    Mechanism(
        "systems", "unlike computer systems, and support for a common one",
        {"weighing.ict": 0.0},
    ),
)  # fmt: skip
"""In the order in which they are shown where their shares are equal."""

BY_NAME = {mechanism.name: mechanism for mechanism in MECHANISMS}


def without(ready: Prepared, names: Collection[str], *, since: date) -> Prepared:
    """Return a prepared scenario in which some mechanisms do nothing from a day on.

    Later changes of the scenario to the same numbers are kept from switching them on again.
    """
    values: dict[str, Any] = {}
    for name in names:
        values |= BY_NAME[name].off
    if not values:
        return ready
    scenario = ready.scenario
    later = [_less(change, values) if change.when > since else change for change in scenario.change]
    kept = ready._replace(scenario=scenario.model_copy(update={"change": later}))
    return vary(kept, values, since=since)


def _less(change: Change, values: Collection[str]) -> Change:
    """Return a dated change without those of its numbers that are switched off."""
    kept = {name: value for name, value in change.set.items() if name not in values}
    return change.model_copy(update={"set": kept})
