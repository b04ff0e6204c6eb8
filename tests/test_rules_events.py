"""The event log and the reasons it gives, against sums done by hand."""

import numpy as np
import pytest

from sim.core import events as e, state as s


@pytest.fixture
def logged(typical):
    """Return a world with an empty log whose rows hold what an earlier run left behind."""
    world, _ = typical({}, {})
    world.tally[0].happened = 0
    world.log["terms"] = 7.0
    return world


def because(**contributions):
    """Return contributions by name, the others nought."""
    terms = np.zeros(s.TERMS)
    for name, value in contributions.items():
        terms[getattr(e, name)] = value
    return terms


# --- the log ------------------------------------------------------------------------------------

FIELDS = ("quarter", "kind", "council", "other", "deal", "scope", "reason", "value", "more")


def test_an_event_is_kept_with_all_that_is_told_of_it(rules, logged):
    told = (5, e.SIGNS, 1, 2, 33, 4, e.TAX, 0.25, -0.5)
    assert rules.events.note(logged, *told) == 0
    assert rules.events.note(logged, 6, *told[1:]) == 1
    row = logged.log[0]
    assert tuple(row[name] for name in FIELDS) == told
    assert row.terms.tolist() == [0.0] * s.TERMS
    assert (logged.log[1].quarter, logged.tally[0].happened) == (6, 2)
    assert logged.log[2].terms[0] == 7.0


def test_an_event_of_one_council_concerns_nobody_and_no_deal(rules, logged):
    rules.events.note_council(logged, 5, e.CHIEF_FOUND, 1, 0.25, -0.5)
    row, nobody = logged.log[0], s.NOBODY
    told = (5, e.CHIEF_FOUND, 1, nobody, nobody, nobody, nobody, 0.25, -0.5)
    assert tuple(row[name] for name in FIELDS) == told


def test_a_decision_is_kept_with_what_decided_it(rules, logged):
    terms = np.arange(s.TERMS) + 1.0
    rules.events.note_why(logged, 5, e.SIGNS, 1, 2, 33, 4, e.TAX, 0.25, -0.5, terms)
    row = logged.log[0]
    assert tuple(row[name] for name in FIELDS) == (5, e.SIGNS, 1, 2, 33, 4, e.TAX, 0.25, -0.5)
    assert row.terms.tolist() == terms.tolist()


def test_what_finds_no_room_is_counted_and_changes_nothing(rules, logged):
    logged = logged._replace(log=logged.log[:2])
    logged.tally[0].happened = 1
    args = (5, e.SIGNS, 1, 2, 33, 4, e.TAX, 0.25, -0.5)
    assert rules.events.note(logged, *args) == 1
    before = logged.log.copy()
    assert rules.events.note(logged, *args) == s.NOBODY
    rules.events.note_why(logged, *args, np.full(s.TERMS, 3.0))
    assert (logged.log == before).all()
    assert logged.tally[0].happened == 4


# --- reasons ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contributions", "against", "for_"),
    [
        ({}, e.LUCK, e.LUCK),
        ({"TAX_GAP": -0.1}, e.TAX, e.LUCK),
        ({"TAX_GAP": 0.1}, e.LUCK, e.TAX),
        # The group counts, not the strongest of its contributions: -3 against -2 - 2.
        ({"RIVAL": -3.0, "CULTURE": -2.0, "TRUST": -2.0}, e.CULTURE_AND_TRUST, e.LUCK),
        ({"RIVAL": -3.0, "CULTURE": -2.0, "TRUST": 1.0}, e.BETTER_OFFER, e.LUCK),
        ({"RIVAL": -3.0, "TAX_GAP": -2.0, "CULTURE": -2.5, "PARTY": 4.0}, e.BETTER_OFFER, 1),
        ({"CULTURE": -3.0, "RIVAL": -2.0}, e.CULTURE_AND_TRUST, e.LUCK),
        ({"CULTURE": 3.0, "RIVAL": 2.0}, e.LUCK, e.CULTURE_AND_TRUST),
        # Of two that weigh the same the first of the groups is told.
        ({"CULTURE": -3.0, "RIVAL": -3.0}, e.CULTURE_AND_TRUST, e.LUCK),
        # What belongs to no group is no reason.
        ({"BASE": -9.0, "NEED": 9.0, "CHANCE": -9.0, "TIES": 9.0}, e.LUCK, e.LUCK),
    ],
)
def test_the_reason_is_the_group_that_pushed_hardest(rules, contributions, against, for_):
    terms = because(**contributions)
    assert rules.events.reason_against(terms) == against
    assert rules.events.reason_for(terms) == for_


GROUPS = {
    e.CULTURE_AND_TRUST: ("CULTURE", "TRUST", "HISTORY"),
    e.POLITICS: ("PARTY", "NEW_CONTROL", "ELECTION"),
    e.OWN_PRIORITIES: (
        "SOVEREIGNTY", "CONTACT", "SIZE", "MEANS", "TIER", "CROWD", "EXIT_LESSON", "EQUAL_LESSON",
        "READINESS",
    ),
    e.CREDIBILITY: ("SAVINGS", "SET_UP", "GRANT"),
    e.PEOPLE: ("BUSY", "VACANCY", "SYSTEMS"),
    e.FAR: ("DISTANCE", "BORDER"),
    e.TAX: ("TAX_GAP", "TAX_LESSON"),
    e.REORGANISED: ("REVIEW_DOUBT",),
    e.BETTER_OFFER: ("RIVAL",),
    e.LUCK: ("BASE", "NEED", "TIES", "FASHION", "RUMOUR", "STRATEGY", "JOINING", "CHANCE"),
}  # fmt: skip


@pytest.mark.parametrize("group", GROUPS)
def test_every_contribution_belongs_to_its_group(rules, group):
    for name in GROUPS[group]:
        assert rules.events.reason_against(because(**{name: -1.0})) == group, name
        assert rules.events.reason_for(because(**{name: 1.0})) == group, name


@pytest.mark.parametrize("again", [1.0, 1e-9])
def test_talks_do_not_stop_over_how_far_apart_councils_lie_where_that_weighs_again(rules, again):
    terms = because(DISTANCE=-3.0, BORDER=-4.0, ELECTION=-1.0, TAX_GAP=-2.0)
    before = terms.copy()
    assert rules.events.reason_against(terms) == e.FAR
    assert rules.events.reason_to_stop(terms, again) == e.TAX
    assert terms.tolist() == before.tolist()
    for name in ("DISTANCE", "BORDER"):
        assert rules.events.reason_to_stop(because(**{name: -1.0}), again) == e.LUCK
    assert rules.events.reason_to_stop(because(ELECTION=-1.0), again) == e.POLITICS


def test_a_distance_that_is_new_to_a_council_may_be_the_reason_to_stop(rules):
    terms = because(DISTANCE=-3.0, BORDER=-4.0, ELECTION=-1.0, TAX_GAP=-2.0)
    before = terms.copy()
    assert rules.events.reason_to_stop(terms, 0.0) == e.FAR
    assert terms.tolist() == before.tolist()
    for name in ("DISTANCE", "BORDER"):
        assert rules.events.reason_to_stop(because(**{name: -1.0}), 0.0) == e.FAR
    assert rules.events.reason_to_stop(because(ELECTION=-1.0), 0.0) == e.POLITICS
    assert rules.events.reason_to_stop(because(ELECTION=-5.0, BORDER=-4.0), 0.0) == e.POLITICS


def test_a_decision_is_the_sum_of_all_its_contributions(rules):
    assert rules.events.total_of(np.arange(s.TERMS) - 10.0) == sum(range(-10, s.TERMS - 10))
