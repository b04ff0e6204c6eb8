"""A quarter has all its parts in their order, and a run is its quarters one after another."""

import numpy as np
import pytest
from dealt import opened

from sim.core import events as e, state as s
from sim.running import new_record

SERVICE, LUCK = 0, 9
APRIL = 4  # a quarter in which a year begins


@pytest.fixture
def four(typical):
    """Return four typical councils in which nothing happens by itself, and their numbers."""
    world, p = typical(*[{}] * 4)
    p.search_chance = p.talks_chance = p.politics_chief_leaves = p.politics_chief_found = 0.0
    p.search_base_management = p.search_base_service = p.endings_service = 0.0
    p.politics_change_whole = p.politics_change_thirds = p.talks_leak = 0.0
    p.politics_leader_falls = 0.0
    world.councils.attention = 0  # nobody has time to look for a partner
    world.tally[0].mandate[1] = p.reorganisation_stance
    world.tally[0].happened = 0
    return world, p


def live(rules, world, p, *, t=APRIL):
    rules.step.step(world, p, t, LUCK)


def kinds(world):
    return [int(kind) for kind in world.log.kind[: world.tally[0].happened]]


# --- the parts of a quarter ---------------------------------------------------------------------


def test_the_rates_of_a_quarter_are_those_in_force(rules, four):
    world, p = four
    p.search_merger, world.tally[0].logs = 1.0, 99.0
    live(rules, world, p)
    assert world.tally[0].logs[s.SEEK_MERGER] == 0.0


def test_a_quarter_has_books_of_its_own_that_move_the_reserves(rules, four):
    world, p = four
    world.councils.flows, world.councils.reserves = 9.0, 5.0
    live(rules, world, p, t=5)
    council = world.councils[0]
    assert council.flows[s.INCOME] == pytest.approx(council.income / 4)
    assert council.flows[s.EXITS] == 0.0
    assert council.reserves == pytest.approx(5.0 + (council.income - council.cost) / 4)


def test_the_tax_of_a_year_is_set_in_april(rules, four):
    world, p = four
    p.tax_limits, p.tax_fixed_limit, p.tax_appetite, p.tax_freeze = s.LIMIT_FIXED, 0.1, 1.0, 0.0
    world.councils.band_d = 200.0
    live(rules, world, p, t=3)
    assert world.councils.band_d.tolist() == [200.0] * 4
    live(rules, world, p, t=4)
    assert world.councils.band_d.tolist() == pytest.approx([220.0] * 4)


def test_government_takes_its_stance(rules, four):
    world, p = four
    p.reorganisation_stance, world.tally[0].mandate[1] = s.VOLUNTARY, s.NONE
    live(rules, world, p)
    assert kinds(world) == [e.STANCE]


def test_councils_vote_and_chief_executives_leave_after_it(rules, four):
    world, p = four
    world.councils.phase = 2010
    p.politics_change_whole, p.politics_chief_leaves = 1.0, 1e6
    live(rules, world, p)
    assert kinds(world) == [e.CONTROL_CHANGES] * 4 + [e.CHIEF_LEAVES] * 4


def test_leaders_fall_after_the_elections_and_before_chief_executives_leave(rules, four):
    world, p = four
    world.councils.phase = 2010
    p.politics_change_whole, p.politics_leader_falls, p.politics_chief_leaves = 1.0, 1e6, 1e6
    live(rules, world, p)
    due = [e.CONTROL_CHANGES] * 4 + [e.LEADER_FALLS] * 4 + [e.CHIEF_LEAVES] * 4
    assert kinds(world) == due


def test_news_is_heard_before_councils_look_for_partners(rules, four):
    world, p = four
    p.search_base_management, p.search_need_management, p.search_news = 1e-9, 1e9, 1.0
    p.settlement_shock, world.councils.attention = 0.0, 4
    world.councils.heard, world.councils.pause[1:] = 0.0, 99.0
    p.costs_aside_counts, p.costs_put_aside = 1.0, 0.5
    p.search_base_service, p.search_need_service = 1e-9, 0.0
    live(rules, world, p, t=5)
    looked = world.log[: world.tally[0].happened]
    looked = looked[looked.kind == e.CONSIDERS]
    assert looked.council.tolist() == [0]
    assert world.councils.news[0] == world.councils.need[0] > 0.0


def test_agreements_run_before_any_ends(rules, four):
    world, p = four
    d = opened(rules, world, SERVICE, (0, 1), begun=1)
    world.deals[d].worth[:2], world.deals[d].started = 3.0, -100
    p.endings_service, p.terms_minimum = 1e6, 0.0
    live(rules, world, p)
    # What it saved in this quarter is still booked, and nothing was left to share.
    assert world.councils.flows[:2, s.TRUE_SAVING].min() > 0.0
    assert kinds(world).count(e.ENDS) == 1
    assert world.councils.agreement[:, SERVICE].tolist() == [s.NOBODY] * 4


def test_talks_are_held_and_seen_and_those_that_are_over_leave_the_book(rules, four):
    world, p = four
    p.talks_study_cost, p.talks_patience, p.weighing_committed = 0.02, 1.0, 1.0
    p.talks_pace = 0.0
    d = opened(rules, world, s.MANAGEMENT, (0, 1), stage=s.STUDY, begun=1)
    world.deals[d].public = 1
    live(rules, world, p)
    assert world.councils.seen.tolist() == [1, 1, 0, 0]
    assert (world.councils.flows[:2, s.STUDIES] > 0.0).all()
    assert world.tally[0].counts[s.LIVE] == 1
    p.talks_longest = 1.0
    live(rules, world, p, t=APRIL + 1)
    assert e.TALKS_FAIL in kinds(world)
    assert world.tally[0].counts[s.LIVE] == 0


def test_councils_look_for_partners_last_so_that_a_first_meeting_comes_a_quarter_later(rules, four):
    world, p = four
    p.search_base_service, p.scope_base[: s.SERVICES] = 1e6, 9.0
    p.talks_study_cost, world.councils.attention = 0.02, 4
    live(rules, world, p)
    assert e.TALKS_BEGIN in kinds(world)
    assert world.councils.flows[:, s.STUDIES].tolist() == [0.0] * 4


def test_lessons_are_taken_in(rules, four):
    world, p = four
    p.lessons_fade, world.councils.lessons, world.councils.taught = 0.0, 0.0, 0.5
    live(rules, world, p)
    assert (world.councils.lessons == 0.5).all()
    assert (world.councils.taught == 0.0).all()


# --- a run --------------------------------------------------------------------------------------


@pytest.fixture
def run(rules, country, world_of):
    """Return a world that is not yet founded, numbers for six quarters, and an empty record."""
    world, p = world_of(country({}, {}))
    theory = np.repeat(np.array([p]), 6).view(np.recarray)
    return world, theory, new_record(6)


def test_a_world_is_founded_once_under_the_first_numbers(rules, run):
    world, theory, record = run
    theory.culture_attachment_spread = 0.0
    theory.culture_rural_localism = theory.culture_rural_typical = 0.0
    theory.culture_autonomy = [0.3, 0.6, 0.6, 0.6, 0.6, 0.6]
    rules.step.advance(world, theory, LUCK, 0, 2, record)
    assert world.councils.autonomy.tolist() == pytest.approx([0.3, 0.3])
    assert world.tally[0].counts[s.FOUNDED] == 1
    world.councils.autonomy = 0.9
    rules.step.advance(world, theory, LUCK, 2, 3, record)
    assert world.councils.autonomy.tolist() == [0.9, 0.9]


def test_a_run_lives_and_measures_the_quarters_that_it_is_asked_for(rules, run):
    world, theory, record = run
    theory.search_merger = [1, 2, 3, 4, 5, 6]
    rules.step.advance(world, theory, LUCK, 0, 3, record)
    assert np.isfinite(record.budget).tolist() == [True] * 3 + [False] * 3
    assert world.tally[0].logs[s.SEEK_MERGER] == pytest.approx(np.log(3))
    # Every quarter's income is in the books.
    income = world.councils.totals[:, s.INCOME].sum()
    assert income == pytest.approx(record.budget[:3].sum() / 4)
    rules.step.advance(world, theory, LUCK, 3, 6, record)
    assert np.isfinite(record.budget).all()
    assert world.tally[0].logs[s.SEEK_MERGER] == pytest.approx(np.log(6))


def test_a_run_stops_after_the_quarter_in_which_an_array_is_full(rules, run):
    world, theory, record = run
    rules.step.advance(world, theory, LUCK, 0, 1, record)
    world.tally[0].counts[s.FULL] = 1
    rules.step.advance(world, theory, LUCK, 1, 6, record)
    assert np.isfinite(record.budget).tolist() == [True] * 2 + [False] * 4
    world.tally[0].counts[s.FULL] = 0
    rules.step.advance(world, theory, LUCK, 2, 6, record)
    assert np.isfinite(record.budget).all()
