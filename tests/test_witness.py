"""Every life that either model tells keeps to what the third witness claims.

The points are those that both models are compared on, drawn anew: COUNCILS_WITNESS_FIRST gives the
number of the first, COUNCILS_WITNESS_POINTS how many. A point's number is its seed too.
"""

import inspect
import os

import pandas as pd
import pytest
import witness.claims as listed
from test_faults import BUSY
from test_twin import LEVERS, ORDERS, altered, point
from witness import forms
from witness.witness import SUBJECTS, contradictions, in_words, life_of_engine, life_of_plain, names

from sim.declared.contributions import CONTRIBUTIONS
from sim.declared.measures import REASONS
from sim.declared.scenario import load

FIRST = int(os.environ.get("COUNCILS_WITNESS_FIRST", "100000"))
POINTS = int(os.environ.get("COUNCILS_WITNESS_POINTS", "25"))
PLAIN_EVERY = 5
MANY = 2000
SEVEN = "norfolk-seven"
GRANTS = "claim_a_grant_attracts_only_where_it_can_be_paid_to_this_deal"
CODES = "claim_no_code_stands_twice"


def broken(life):
    """Return in words what contradicts a life."""
    return in_words(contradictions(life))


def claims_broken_at(number):
    """Return what contradicts the lives of one point, in words."""
    scenario = point(number)
    found = broken(life_of_engine(scenario, number))
    if not found and number % PLAIN_EVERY == 0:
        found = broken(life_of_plain(scenario, number))
    return found and f"point {number}, seed {number}:\n{found}"


def test_every_claim_is_on_the_list():
    written = {name for subject in SUBJECTS for name, each in vars(subject).items()
               if name.startswith("claim_") and inspect.isfunction(each)}  # fmt: skip
    assert written == set(names()) and len(written) >= 25
    assert listed.UNREADABLE in written


def test_the_witness_knows_every_contribution_reason_and_book():
    grouped = {name for group in forms.GROUPS.values() for name in group}
    assert grouped.isdisjoint(forms.UNGROUPED)
    assert {*grouped, *forms.UNGROUPED} >= set(CONTRIBUTIONS)
    assert {*forms.GROUPS, "chance", "merger", "deepened"} == set(REASONS)
    row = next(iter(life_of_engine(load(SEVEN, quarters=1), 1).books[0].values()))
    kept = {name.removeprefix("total_") for name in row if name.startswith("total_")}
    assert kept <= set(forms.BOOKS)


@pytest.mark.parametrize("live", [life_of_engine, life_of_plain])
@pytest.mark.parametrize("name", [SEVEN, "norfolk"])
def test_the_founding_story_keeps_to_every_claim(name, live):
    assert not broken(live(load(name), 1))


@pytest.mark.parametrize("sets", LEVERS.values(), ids=LEVERS.keys())
def test_no_lever_breaks_a_claim(sets):
    assert not broken(life_of_engine(altered(SEVEN, quarters=16, sets=sets), 1))


def test_orders_break_no_claim():
    places = {"counties": ["Norfolk", "Suffolk"], "councils": [], "tiers": []}
    scenario = altered("england-districts", quarters=14, places=places, sets=BUSY, order=ORDERS)
    assert not broken(life_of_engine(scenario, 1))
    assert not broken(life_of_plain(scenario, 1))


def test_fresh_points_of_the_box_break_no_claim():
    found = filter(None, map(claims_broken_at, range(FIRST, FIRST + POINTS)))
    assert not "\n".join(found)


@pytest.mark.slow
def test_two_thousand_fresh_points_break_no_claim():
    first = FIRST + POINTS
    found = filter(None, map(claims_broken_at, range(first, first + MANY)))
    assert not "\n".join(found)


# --- a witness that can be believed --------------------------------------------------------------


def test_a_pound_that_moves_alone_is_missed():
    life = life_of_engine(load(SEVEN, quarters=6), 1)
    assert not broken(life)
    code = next(iter(life.living(4)))
    life.books[4][code]["reserves"] += 1e-6
    assert "claim_reserves_move_by_the_books" in broken(life)


@pytest.mark.parametrize("kind", ["votes_yes", "talks_begin", "merges", "starts", "signs"])
def test_an_event_that_is_left_out_is_missed(kind):
    life = life_of_engine(load(SEVEN, sets=BUSY, quarters=12), 1)
    assert not broken(life)
    gone = next(event for event in life.events if event.kind == kind)
    left = [event for event in life.events if event is not gone]
    life.events = [event._replace(place=place) for place, event in enumerate(left)]
    assert broken(life)


def test_a_missing_word_is_none_and_a_missing_contribution_is_not_told():
    life = life_of_engine(load(SEVEN, quarters=1), 1)
    event = next(event for event in life.events if event.kind == "considers")
    assert event.other is None and not any(pd.isna(value) for value in event.because.values())
    assert all(event.because.values()) and event.because


# --- what was broken once ------------------------------------------------------------------------


@pytest.mark.parametrize("live", [life_of_engine, life_of_plain])
def test_an_empty_pot_attracts_nobody(live):
    """Ten grants of 0.05 out of 0.5 leave nothing, though not in floating point."""
    places = {"counties": ["Kent", "Surrey"]}
    scenario = altered("england-districts", quarters=6, places=places,
                       sets=["search.base_service=1", "grants.setup_pot=0"])  # fmt: skip
    found = contradictions(live(scenario, 1)).get(GRANTS, [])
    assert [said for said in found if "the pots hold study 0, setup 0" in said] == []


def test_an_offer_attracts_only_whom_it_can_pay():
    assert GRANTS not in contradictions(life_of_engine(load("norfolk"), 1))


@pytest.mark.parametrize("live", [life_of_engine, life_of_plain])
def test_a_lone_district_under_a_mandate_does_not_become_a_second_of_its_code(live):
    places = {"counties": ["Norfolk"], "councils": ["Norwich", "Norfolk"], "tiers": []}
    sets = ["reorganisation.stance=mandated", "reorganisation.notice=0.5"]
    scenario = altered("england-districts", quarters=5, places=places, sets=sets)
    assert CODES not in contradictions(live(scenario, 1))
