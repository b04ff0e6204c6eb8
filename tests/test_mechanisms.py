"""A mechanism that is off does nothing under the rules as they are, and none is forgotten."""

import math

import numpy as np
import pytest

from experiments.explaining.mechanisms import BY_NAME, MECHANISMS, without
from sim.declared.measures import CONTRIBUTIONS, KINDS
from sim.declared.scenario import load
from sim.ready.kept import prepared
from sim.running import luck_of, run_arrays

SINCE = 4
NAMES = list(CONTRIBUTIONS)
PUSHES = {
    "offers": ("grant",),
    "setup": ("set_up",),
    "need": ("need",),
    "rumours": ("rumour",),
    "fashion": ("fashion",),
    "culture": ("culture",),
    "trust": ("trust",),
    "lessons": ("exit_lesson", "equal_lesson", "tax_lesson"),
    "failures": ("history",),
    "ties": ("ties",),
    "circles": ("joining",),
    "attention": ("busy", "rival"),
    "tax_gap": ("tax_gap", "tax_support"),
    "politics": ("party", "new_control", "election"),
    "vacancies": ("vacancy",),
    "doubt": ("review",),
    "introduced": ("introduced",),
    "systems": ("systems", "ict_subsidy"),
}
"""What each mechanism contributes to decisions, by the names of the contributions."""
DIRECT = {
    "base", "savings", "sovereignty", "contact", "size", "means", "tier", "distance", "border",
    "crowd", "strategy", "chance", "readiness",
}  # fmt: skip
"""What no mechanism contributes: it is told as direct, and everything else."""
LEFT = {"ties": "weighing.strangers", "busy": "weighing.committed", "rival": "weighing.committed"}
"""What a contribution may be with its mechanism off: minus this number, or twice that."""
ALL_ON = [
    "support.matchmaking=1", "support.ict_subsidy=0.5", "terms.tax_support=0.5",
    "reorganisation.stance=review", "search.base_management=0.1", "grants.setup_pot=50",
    "grants.feasibility_pot=50",
]  # fmt: skip


@pytest.fixture(scope="module")
def england():
    """England with all that a mechanism can carry: a service, grants, support, and doubt."""
    return load("england", sets=ALL_ON, quarters=16)


def lived(ready, seed=1):
    return run_arrays(ready, luck=luck_of(seed, 0))


def pushed(raw, name):
    """Return the pushes of a contribution since the mechanisms are off.

    A search for a merger is no joining; and talks about joining that had begun before go on.
    """
    events = raw.events[raw.events["quarter"] >= SINCE]
    if name == "joining":
        before = raw.events["deal"][raw.events["quarter"] < SINCE]
        search = events["kind"] == list(KINDS).index("considers")
        events = events[~search & ~np.isin(events["deal"], before)]
    return events["terms"][:, NAMES.index(name)]


def bits(raw):
    """Return all that was measured and all that happened; a zero is a zero, whatever its sign."""
    fields = [raw.events[name] for name in raw.events.dtype.names if name != "terms"]
    return [each.tobytes() for each in (raw.record, *fields, raw.events["terms"] + 0.0)]


def test_every_contribution_goes_through_a_mechanism_or_is_direct():
    assert list(PUSHES) == list(BY_NAME)
    named = [name for names in PUSHES.values() for name in names]
    assert len(named) == len(set(named))
    assert set(named) | DIRECT == set(CONTRIBUTIONS) and not set(named) & DIRECT


@pytest.mark.parametrize("name", BY_NAME)
def test_a_mechanism_that_is_off_contributes_nothing_to_any_decision_in_england(england, name):
    ready = prepared(england)
    off = lived(without(ready, [name], since=england.first_day(SINCE)))
    on, numbers = lived(ready), england.parameters.model_dump()
    for push in PUSHES[name]:
        assert pushed(on, push).any()  # with it on there is something to be seen
        values = pushed(off, push)
        section, number = LEFT.get(push, "weighing.strangers").split(".")
        left = numbers[section][number] if push in LEFT else 0.0
        allowed = np.array([0.0, left, 2 * left])
        assert np.abs(-values[:, None] - allowed).min(axis=1).max() < 1e-9


def test_with_everything_off_only_what_is_direct_is_left(england):
    off = lived(without(prepared(england), list(BY_NAME), since=england.first_day(SINCE)))
    bent = math.log(england.parameters.search.strategy)
    strategy = pushed(off, "strategy")
    assert np.abs(np.abs(strategy) - bent)[strategy != 0].max() < 1e-9  # no resolve is in it
    heard = [name for name in CONTRIBUTIONS if np.abs(pushed(off, name)).max() > 1e-9]
    assert set(heard) <= DIRECT | set(LEFT)
    assert len(heard) > len(DIRECT) / 2


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda each: each.name)
def test_switching_off_what_is_neutral_already_moves_no_bit(mechanism):
    sets = [f"{name}={value:g}" for name, value in mechanism.off.items()]
    neutral = load("norfolk", sets=sets, quarters=16)
    ready = prepared(neutral)
    off = without(ready, [mechanism.name], since=neutral.first_day(SINCE))
    assert bits(lived(off)) == bits(lived(ready))
    plain = load("norfolk", quarters=16)
    moved = without(prepared(plain), [mechanism.name], since=plain.first_day(SINCE))
    if mechanism.name not in ("introduced", "doubt"):  # which are not at work in Norfolk
        assert any(bits(lived(moved, k)) != bits(lived(prepared(plain), k)) for k in range(5))


IDLE = {
    "introduced": [],
    "offers": ["grants.setup_pot=0", "grants.feasibility_pot=0"],
    "doubt": ["reorganisation.stance=voluntary"],
}


@pytest.mark.parametrize("name", IDLE)
def test_switching_off_what_has_nothing_to_carry_moves_no_bit(name):
    idle = load("norfolk", sets=IDLE[name], quarters=16)
    ready = prepared(idle)
    off = without(ready, [name], since=idle.first_day(SINCE))
    assert off.theory.tobytes() != ready.theory.tobytes()
    for seed in range(1, 6):
        assert bits(lived(off, seed)) == bits(lived(ready, seed))
