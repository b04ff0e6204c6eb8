"""Elections, changes of control, and chief executives who come and go."""

import math
from collections import Counter

import pytest
from dealt import opened

from sim.core import events as e, noise, state as s
from sim.tables.batch import simulate


@pytest.fixture
def four(rules, country, world_of):
    world, p = world_of(country(*[{}] * 4))
    rules.founding.found(world, p, 1)
    world.councils.vacant = 0
    return world, p


def test_a_council_votes_every_fourth_year_in_three_years_of_four_or_in_every_other(rules, four):
    world, _ = four
    world.councils.phase[:2] = 2011, 2009
    world.councils.cycle[:2] = s.WHOLE, s.THIRDS
    votes = rules.weighing.holds_election
    whole = [y for y in range(2009, 2020) if votes(world.councils, 0, y)]
    thirds = [y for y in range(2009, 2017) if votes(world.councils, 1, y)]
    assert whole == [2011, 2015, 2019]
    assert thirds == [2010, 2011, 2012, 2014, 2015, 2016]
    world.councils.cycle[2], world.councils.phase[2] = s.HALVES, 2010
    halves = [y for y in range(2009, 2017) if votes(world.councils, 2, y)]
    assert halves == [2010, 2012, 2014, 2016]


def test_control_changes_in_april_of_an_election_year_and_to_another_party(rules, four):
    world, p = four
    p.politics_change_whole = 1.0
    world.councils.cycle, world.councils.phase = s.WHOLE, 2011
    before = world.councils.control.copy()
    for t in range(12):
        rules.politics.hold_elections(world, p, t, 1)
        assert (world.councils.changed == 8).all() == (t >= 8)
    assert (world.councils.control != before).all()


def test_a_party_is_drawn_by_its_weight_and_never_the_one_that_lost(rules):
    weights = (2.0, 1.0, 0.0, 1.0, 4.0)
    drawn = Counter(rules.politics.draw_party(weights, (k + 0.5) / 400, 4) for k in range(400))
    assert drawn == {0: 200, 1: 100, 3: 100}


def test_of_two_parties_the_later_wins_from_its_share_on_and_one_without_weight_never(rules):
    weights = (1.0, 0.0, 0.0, 1.0, 0.0)
    drawn = [rules.politics.draw_party(weights, u, 1) for u in (0.499, 0.5, 0.999, 1.0)]
    assert drawn == [0, 3, 3, 3]


def test_control_changes_by_how_a_council_votes_and_only_where_it_lives(rules, four):
    world, p = four
    world.councils.cycle = s.WHOLE, s.THIRDS, s.HALVES, s.THIRDS
    world.councils.phase = 2010, 2009, 2010, 2009  # a fallow year of thirds is 2009
    world.councils.alive[3:] = 0
    for whole, thirds, changed in ((1.0, 0.0, [0]), (0.0, 1.0, [1, 2])):
        world.councils.changed = s.LONG_AGO
        p.politics_change_whole, p.politics_change_thirds = whole, thirds
        rules.politics.hold_elections(world, p, 4, 9)
        assert [i for i in range(4) if world.councils.changed[i] == 4] == changed


def test_who_draws_the_very_chance_is_spared(rules, four):
    world, p = four
    councils, key = world.councils, int(world.councils.lineage[0])
    councils.cycle, councils.phase, councils.alive[1:] = s.WHOLE, 2010, 0
    uniform = rules.noise.uniform
    p.politics_change_whole = uniform(9, noise.CHANGE_AT_ELECTION, 4, 0, key, key)
    rules.politics.hold_elections(world, p, 4, 9)
    assert councils.changed[0] == s.LONG_AGO
    councils.vacant[0], p.politics_chief_leaves = 1, 0.0
    p.politics_chief_found = uniform(9, noise.CHIEF_COMES, 4, 0, key, key)
    rules.politics.move_chiefs(world, p, 4, 9)
    assert councils.vacant[0] == 1
    d = opened(rules, world, s.MANAGEMENT, (2, 1), key=5)
    rules.politics.move_joint_chiefs(world, 4, 9, uniform(9, noise.JOINT_CHIEF, 4, 0, 5, 0), 0.0)
    assert world.deals[d].chief_left == s.LONG_AGO


def test_a_shared_chief_executive_is_nobodys_own(rules, four):
    world, p = four
    opened(rules, world, s.MANAGEMENT, (0, 1), key=5)
    p.politics_chief_leaves = 1e6
    rules.politics.move_chiefs(world, p, 3, 1)
    assert world.councils.vacant.tolist() == [0, 0, 1, 1]
    kinds = world.log["kind"][: world.tally[0].happened].tolist()
    assert kinds.count(e.JOINT_CHIEF_LEAVES) == 1
    p.politics_chief_leaves, p.politics_chief_found = 0.0, 1.0
    rules.politics.move_chiefs(world, p, 4, 1)
    assert world.councils.vacant.tolist() == [0, 0, 0, 0]
    assert world.councils.appointed.tolist() == [s.LONG_AGO, s.LONG_AGO, 4, 4]


@pytest.mark.parametrize(("beyond", "comes"), [(-1e-9, 0), (1e-9, 1)])
def test_elections_and_chief_executives_are_decided_by_draws_of_their_own(
    rules, four, beyond, comes
):
    world, p = four
    councils, t, luck = world.councils, 4, 9
    councils.cycle, councils.phase = s.WHOLE, 2012
    councils.phase[2:], councils.alive[3] = 2010, 0
    who = int(councils.lineage[2])

    def drawn(purpose):
        return rules.noise.uniform(luck, purpose, t, 0, who, who)

    p.politics_change_whole, p.politics_change_thirds = (
        drawn(noise.CHANGE_AT_ELECTION) + beyond,
        1.0,
    )
    before = councils.control.copy()
    rules.politics.hold_elections(world, p, t, luck)
    swings = world.swings[s.DISTRICT]
    party = rules.politics.draw_party(swings, drawn(noise.NEXT_PARTY), before[2])
    assert councils.control.tolist() == [*before[:2], party if comes else before[2], before[3]]
    rows = world.log[: world.tally[0].happened]
    told = [(r.quarter, r.kind, r.council, r.value, r.more) for r in rows]
    assert told == [(t, e.CONTROL_CHANGES, 2, party, 0.0)] * comes
    councils.alive[:2] = 0
    councils.vacant[2] = 0
    p.politics_chief_leaves = -4 * math.log(1 - drawn(noise.CHIEF_QUITS)) + 4 * beyond
    rules.politics.move_chiefs(world, p, t, luck)
    assert councils.vacant[2] == comes
    councils.vacant[2], p.politics_chief_leaves = 1, 1e6
    p.politics_chief_found = drawn(noise.CHIEF_COMES) + beyond
    rules.politics.move_chiefs(world, p, t, luck)
    assert (councils.vacant[2], councils.appointed[2] == t) == (1 - comes, comes)
    rows = world.log[: world.tally[0].happened]
    later = [(r.kind, r.council, r.value, r.more) for r in rows][comes:]
    due = [(e.CHIEF_LEAVES, 2, 0.0, 0.0), (e.CHIEF_FOUND, 2, 0.0, 0.0)]
    assert later == due * comes
    assert {(r.other, r.deal, r.scope, r.reason) for r in rows} <= {(s.NOBODY,) * 4}


@pytest.mark.parametrize("t", [3, 4])
@pytest.mark.parametrize(("beyond", "fallen"), [(-1e-9, 0), (1e-9, 1)])
def test_a_leader_falls_in_any_quarter_by_a_draw_of_its_own(rules, four, t, beyond, fallen):
    world, p = four
    councils, luck = world.councils, 9
    draws = [
        rules.noise.uniform(luck, noise.FALL, t, 0, int(who), int(who)) for who in councils.lineage
    ]
    order = sorted(range(4), key=draws.__getitem__)
    councils.alive[order[0]] = 0  # nobody leads it any more
    falls = order[1]
    # A chance of u within a quarter is a rate of -4 ln(1 - u) a year.
    p.politics_leader_falls = -4 * math.log(1 - draws[falls]) + 4 * beyond
    before = councils.copy()
    rules.politics.lose_leaders(world, p, t, luck)
    assert [i for i in range(4) if councils.changed[i] == t] == [falls] * fallen
    councils.changed = s.LONG_AGO
    assert (councils == before).all()  # control, above all, stays as it was
    rows = world.log[: world.tally[0].happened]
    told = [(r.quarter, r.kind, r.council, r.value, r.more) for r in rows]
    assert told == [(t, e.LEADER_FALLS, falls, 0.0, 0.0)] * fallen
    assert {(r.other, r.deal, r.scope, r.reason) for r in rows} <= {(s.NOBODY,) * 4}


def test_no_leader_falls_where_none_ever_does(rules, four):
    world, p = four
    p.politics_leader_falls = 0.0
    for t in range(40):
        rules.politics.lose_leaders(world, p, t, 9)
    assert (world.councils.changed == s.LONG_AGO).all()
    assert world.tally[0].happened == 0


def test_a_fallen_leader_weighs_like_new_control(rules, four):
    world, p = four
    p.politics_leader_falls, p.weighing_new_control, p.endings_new_control = 1e6, 2.0, 4.0
    p.weighing_new_control_years, p.scope_depth[s.MANAGEMENT] = 1.0, 0.8
    d = opened(rules, world, s.MANAGEMENT, (0, 1))
    found = []
    for t in (5, 6):
        if t == 6:
            rules.politics.lose_leaders(world, p, 6, 9)
        rules.rates.take_rates(world, p)
        rules.weighing.clear(world.terms)
        rules.weighing.weigh_self(world.terms, world, p, 6, 0, s.MANAGEMENT)
        weighs = float(world.terms[e.NEW_CONTROL])
        rules.endings.push_to_leave(world.terms, world, p, 6, d, 0)
        found.append((weighs, float(world.terms[e.NEW_CONTROL])))
    assert found[0] == (0.0, 0.0)
    assert found[1] == pytest.approx((-1.6, math.log(4)))


def test_the_last_party_of_the_table_can_win_too(rules):
    assert [rules.politics.draw_party((1.0, 0, 0, 0, 3.0), u, 1) for u in (0.24, 0.26)] == [0, 4]


def test_a_post_is_filled_from_the_quarter_on_until_which_it_is_kept_vacant(rules, four):
    world, p = four
    p.politics_chief_found = 1.0
    world.councils.vacant, world.councils.kept_vacant = 1, (5, 6, 7, 0)
    rules.politics.move_chiefs(world, p, 6, 1)
    assert world.councils.vacant.tolist() == [0, 0, 1, 0]


@pytest.mark.parametrize(("scope", "joint"), [(s.SERVICES - 1, 0), (s.SERVICES, 1), (10, 1)])
def test_a_joint_chief_executives_leaving_is_kept_with_the_deal(rules, four, scope, joint):
    world, _ = four
    d = opened(rules, world, scope, (2, 1), key=5)
    early = opened(rules, world, s.MERGER, (0, 3), key=6)
    world.deals[early].stage = s.TRANSITION
    for luck in range(3):
        u = rules.noise.uniform(luck, noise.JOINT_CHIEF, 7, 0, 5, 0)
        for leaves, gone in ((u - 1e-9, 0), (u + 1e-9, joint)):
            world.deals.chief_left, world.tally[0].happened = s.LONG_AGO, 0
            rules.politics.move_joint_chiefs(world, 7, luck, leaves, leaves)
            assert (world.deals[d].chief_left == 7) == gone
            assert world.deals[early].chief_left == s.LONG_AGO
            rows = world.log[: world.tally[0].happened]
            told = [(r.kind, r.council, r.other, r.deal, r.scope, r.reason) for r in rows]
            assert told == [(e.JOINT_CHIEF_LEAVES, 2, 1, 1, scope, s.NOBODY)] * gone
            assert [(r.value, r.more) for r in rows] == [(0.0, 0.0)] * gone


EMPTY_POST = """
[politics]
chief_found = 1.0
chief_leaves = 0.0
[[happening]]
when = 2009-10-01
council = "C1"
what = "chief_executive_leaves"
until = 2010-07-01
"""


CALM = ("search.base_management=0.001", "talks.before=0")


def test_a_post_that_is_kept_vacant_is_filled_when_its_time_is_over(country):
    run = simulate(country({}, {}, text=EMPTY_POST, sets=CALM))
    chiefs = run.events[run.events["kind"].isin(["chief_leaves", "chief_found"])]
    theirs = chiefs[chiefs["council"] == "C1"]
    told = list(zip(theirs["kind"], theirs["quarter"], strict=True))
    assert told[-2:] == [("chief_leaves", 2), ("chief_found", 5)]
