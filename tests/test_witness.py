"""Every life that either model tells keeps to what the third witness claims.

The points are those that both models are compared on, drawn anew: COUNCILS_WITNESS_FIRST gives the
number of the first, COUNCILS_WITNESS_POINTS how many. A point's number is its seed too.
"""

import inspect
import os
from dataclasses import replace

import pandas as pd
import pytest
import witness.claims as listed
from test_faults import BUSY
from test_twin import LEVERS, ORDERS, altered, point
from witness import chance, forms
from witness.witness import SUBJECTS, contradictions, in_words, life_of_engine, life_of_plain, names

from sim.declared.catalogue import SCOPES
from sim.declared.contributions import CONTRIBUTIONS
from sim.declared.measures import REASONS
from sim.declared.scenario import load

FIRST = int(os.environ.get("COUNCILS_WITNESS_FIRST", "100000"))
POINTS = int(os.environ.get("COUNCILS_WITNESS_POINTS", "25"))
PLAIN_EVERY = 5
MANY = 2000
SEVEN = "norfolk-seven"
DEEP = SCOPES[9:]
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


def test_england_with_what_it_had_agreed_breaks_no_claim():
    life = life_of_engine(load("england-districts", quarters=6), 1)
    assert {row["stage"] for row in life.first_deals} >= {0, 1, 3, 4}  # studies, cases, agreed, run
    assert not broken(life)


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


def without(life, event):
    """Return a life as if an event had not been told."""
    left = [each for each in life.events if each is not event]
    return replace(life, events=[each._replace(place=k) for k, each in enumerate(left)])


KINDS = ["votes_yes", "talks_begin", "merges", "starts", "signs", "leader_falls", "business_case"]


def test_the_generator_gives_the_published_answers():
    """Those that came with Salmon et al. 2011, for a counter and a key of zeros and of ones."""
    most = 2**32 - 1
    zeros, ones = chance.philox((0, 0, 0, 0), (0, 0)), chance.philox((most,) * 4, (most,) * 2)
    assert zeros == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
    assert ones == (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_that_is_left_out_is_missed(kind):
    sets = [*BUSY, "politics.leader_falls=0.5"]
    life = life_of_engine(load(SEVEN, sets=sets, quarters=12), 1)
    assert not broken(life)
    gone = next(event for event in life.events if event.kind == kind)
    assert broken(without(life, gone))


@pytest.mark.parametrize("column", ["expected_gap", "control"])
def test_a_book_that_is_changed_is_missed(column):
    life = life_of_engine(load(SEVEN, quarters=6), 1)
    code = next(iter(life.living(4)))
    life.books[4][code][column] = (life.books[4][code][column] + 1.0) % 3.0
    assert broken(life)


@pytest.mark.parametrize("name", ["deep_begun", "lost_culture", "with_districts", "signed_by_two",
                                  "management_years", "district_reserves"])  # fmt: skip
def test_a_measure_of_history_that_is_out_by_one_is_missed(name):
    life = life_of_engine(load(SEVEN, quarters=6), 1)
    life.quarters[3][name] += 1.0
    assert broken(life)


def test_talks_that_open_the_log_and_are_left_out_are_missed():
    life = life_of_engine(load(SEVEN, quarters=6), 1)
    assert life.opening and not broken(life)
    found = broken(without(life, life.opening[0]))
    assert "claim_the_log_opens_with_the_talks_that_are_under_way" in found


WEIGHED = {
    "need": "claim_need_weighs_by_news_where_it_is_deep_else_by_the_gap",
    "readiness": "claim_own_priorities_are_kept_for_life_and_are_about_deep_deals",
    "new_control": "claim_new_control_and_a_new_leader_weigh_alike",
    "distance": "claim_what_both_know_weighs_by_the_numbers_of_the_pair",
}
"""Contributions that are reckoned anew, and by which claim."""


@pytest.mark.parametrize(("term", "claim"), WEIGHED.items())
def test_a_contribution_that_is_changed_is_missed(term, claim):
    """The sum is changed with it, so that it goes on adding up."""
    life = life_of_engine(load(SEVEN, sets=BUSY, quarters=12), 1)
    event = next(event for event in life.events
                 if event.kind == "approaches" and event.scope in DEEP)  # fmt: skip
    because = event.because | {term: event.because.get(term, 0.0) + 1e-3}
    life.events[event.place] = event._replace(because=because, value=event.value + 1e-3)
    assert claim in contradictions(life)


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
