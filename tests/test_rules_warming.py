"""Before the first day: talks that are under way then, by hand."""

import math

import pytest
from dealt import opened, table

from sim.core import events as e, noise, state as s

SERVICE, OTHER = 0, 1
LUCK, KEY = 9, 77


@pytest.fixture
def four(rules, typical):
    """Return four typical councils that touch; nobody looks, and nothing is left to chance."""
    world, p = typical(*[{}] * 4)
    p.search_chance = p.talks_chance = 0.0
    p.search_base_management = p.search_base_service = 1e-9
    p.search_strategy, p.search_choosiness, p.talks_patience = 1.0, 0.5, 1.0
    p.talks_pace = p.talks_pace_service = 0.0
    p.talks_longest = 20.0
    rules.rates.take_rates(world, p)
    world.tally[0].happened = 0
    return world, p


def everybody_looks(p, *, deep=False):
    """Make every council look each quarter and say yes to anybody."""
    p.scope_base[:] = 9.0
    if deep:
        p.search_base_management = 1e6
    else:
        p.search_base_service = 1e6


def happened(world, *kinds):
    rows = world.log[: world.tally[0].happened]
    return [row for row in rows if not kinds or row.kind in kinds]


def live_deals(world):
    return [world.deals[d] for d in world.live[: world.tally[0].counts[s.LIVE]]]


def seats(world, d):
    return [i for i in range(len(world.councils)) if d in world.councils[i].talks]


# --- whether and when ---------------------------------------------------------------------------


def test_without_quarters_before_the_first_day_nothing_has_happened(rules, four):
    world, p = four
    everybody_looks(p)
    world.tally[0].logs = 99.0
    opened(rules, world, SERVICE, (0, 1))
    rules.warming.warm_up(world, p, LUCK)
    assert world.tally[0].counts[[s.LIVE, s.DEALS, s.TALKS_BEGUN]].tolist() == [1, 1, 0]
    assert world.tally[0].happened == 0
    assert (world.tally[0].logs == 99.0).all()


@pytest.mark.parametrize("quarters", [1, 3, 6])
def test_councils_look_from_so_many_quarters_before_the_first_day_on(rules, four, quarters):
    """One look in all is likely enough: that with the smallest draw, in its own quarter."""
    world, p = four
    p.scope_base[:], p.talks_before = 9.0, quarters
    uniform, lineage = rules.noise.uniform, [int(k) for k in world.councils.lineage]
    draws = sorted(
        (uniform(LUCK, noise.LOOK_DEEP, t, 0, lineage[i], lineage[i]), t, i)
        for t in range(-quarters, 0)
        for i in range(4)
    )
    (least, when, who), second = draws[0], draws[1][0]
    p.search_base_management = -4 * math.log(1 - (least + second) / 2)
    rules.warming.warm_up(world, p, LUCK)
    (deal,) = live_deals(world)
    assert (deal.begun, deal.stage, deal.members, deal.member[0]) == (when, s.STUDY, 2, who)
    other = lineage[int(deal.member[1])]
    key = rules.noise.descend(lineage[who], other, 100 * (when + 1) + int(deal.scope))
    assert deal.key == key
    (row,) = happened(world)
    assert (row.quarter, row.kind, row.reason) == (0, e.TALKS_BEGIN, s.NOBODY)
    assert (row.value, row.more, row.deal) == (0.0, -when, 1)
    assert (row.council, row.other) == (who, deal.member[1])


def test_the_rates_in_force_on_the_first_day_are_those_before_it(rules, four):
    world, p = four
    everybody_looks(p)
    p.talks_before, world.tally[0].logs = 1.0, -99.0
    rules.warming.warm_up(world, p, LUCK)
    assert world.tally[0].logs[s.SEEK_SERVICE] == pytest.approx(math.log(1e6))
    assert len(live_deals(world)) > 0


def test_talks_of_the_quarters_before_leave_no_trace_but_themselves(rules, four):
    world, p = four
    everybody_looks(p)
    p.talks_before, p.talks_leak, p.search_invite, p.talks_study_cost = 3.0, 1.0, -90.0, 5.0
    p.grants_feasibility_pot, p.talks_pace_service = 9.0, 0.5
    p.beliefs_talk_noise = 0.01
    councils, pairs = world.councils.copy(), world.pairs.copy()
    rules.warming.warm_up(world, p, LUCK)
    assert len(live_deals(world)) > 0
    assert all(deal.members == 2 for deal in live_deals(world))  # nobody is invited
    assert all(deal.public == 0 and deal.grant == 0 for deal in live_deals(world))
    for name in world.councils.dtype.names:
        if name != "talks":
            assert (world.councils[name] == councils[name]).all(), name
    for name in world.pairs.dtype.names:
        assert (world.pairs[name] == pairs[name]).all(), name
    tally = world.tally[0]
    assert tally.failed.sum() == tally.lost.sum() == tally.formed.sum() == 0.0
    begun = tally.counts[s.TALKS_BEGUN]
    assert tally.counts.sum() == begun + tally.counts[s.LIVE] + tally.counts[s.DEALS] + 4 + 1
    assert tally.counts[[s.ROLL, s.CHANGED]].tolist() == [4, 1]


# --- what becomes of them -----------------------------------------------------------------------


def carried(rules, world, p, d, *, t=-2):
    rules.warming.carry_on(world, p, t, LUCK)
    return int(world.deals[d].stage)


@pytest.mark.parametrize(("scope", "deep"), [(SERVICE, False), (s.MANAGEMENT, True)])
@pytest.mark.parametrize("beyond", [-1e-9, 0.0, 1e-9])
def test_a_study_becomes_a_case_when_its_draw_lies_below_the_pace(rules, four, scope, deep, beyond):
    world, p = four
    d = table(rules, world, scope, begun=-3)
    p.talks_optimism, p.talks_disagreement = 0.3, 0.2
    pace = rules.noise.uniform(LUCK, noise.ADVANCE, -2, 0, KEY, 0) + beyond
    p.talks_pace, p.talks_pace_service = (pace, 0.0) if deep else (0.0, pace)
    assert carried(rules, world, p, d) == (s.CASE if beyond > 0 else s.STUDY)
    if beyond > 0:
        z = rules.noise.normal(LUCK, noise.PROMISE, 0, 0, KEY, 0)
        assert world.deals[d].factor == pytest.approx(math.exp(0.3 * z))
        for k in (0, 1):
            who = int(world.councils.lineage[k])
            z = rules.noise.normal(LUCK, noise.ESTIMATE, 0, 0, KEY, who)
            assert world.deals[d].estimate[k] == pytest.approx(math.exp(0.2 * z))


@pytest.mark.parametrize("beyond", [-1e-9, 1e-9])
def test_a_case_that_comes_to_the_vote_is_forgotten_since_what_was_signed_stands(
    rules, four, beyond
):
    world, p = four
    d = table(rules, world, SERVICE, begun=-3, stage=s.CASE)
    trust = world.pairs.trust.copy()
    p.talks_pace_service = rules.noise.uniform(LUCK, noise.ADVANCE, -2, 0, KEY, 0) + beyond
    gone = beyond > 0
    assert carried(rules, world, p, d) == (s.EMPTY if gone else s.CASE)
    assert seats(world, d) == ([] if gone else [0, 1])
    assert happened(world) == []
    assert (world.councils.agreement == s.NOBODY).all()
    assert (world.pairs.trust == trust).all() and world.pairs.failures.sum() == 0.0


def test_talks_that_have_just_begun_and_deals_at_work_are_left_alone(rules, four):
    world, p = four
    p.scope_base[:], p.talks_pace_service = -99.0, 1.0
    new = table(rules, world, SERVICE, begun=-2)
    for stage, scope in ((s.TRANSITION, 4), (s.RUNNING, 5)):
        d = opened(rules, world, scope, (2, 3), key=scope, stage=stage, begun=-9)
        assert carried(rules, world, p, d) == stage
    assert world.deals[new].stage == s.STUDY
    assert carried(rules, world, p, new, t=-1) == s.EMPTY


def test_talks_that_last_too_long_are_forgotten(rules, four):
    world, p = four
    p.talks_longest = 3.0
    d = table(rules, world, SERVICE, begun=-6)
    assert carried(rules, world, p, d, t=-3) == s.STUDY
    assert carried(rules, world, p, d, t=-2) == s.EMPTY
    assert (world.councils.talks == s.NOBODY).all()
    assert world.councils.pause.tolist() == [s.LONG_AGO] * 4


@pytest.mark.parametrize(("base", "gone"), [(-1.0, False), (-1.01, True)])
def test_who_finds_the_deal_too_far_below_the_line_ends_the_talks(rules, four, base, gone):
    world, p = four
    p.scope_base[s.MANAGEMENT] = base
    d = table(rules, world, s.MANAGEMENT, begun=-3)
    trust = world.pairs.trust.copy()
    assert carried(rules, world, p, d) == (s.EMPTY if gone else s.STUDY)
    assert seats(world, d) == ([] if gone else [0, 1])
    # The last member is asked first; where it goes the other is not asked any more.
    assert world.deals[d].score[:2].tolist() == pytest.approx([0.0 if gone else base, base])
    assert (world.pairs.trust == trust).all()
    assert world.councils.taught.sum() == world.pairs.failures.sum() == 0.0
    assert world.councils.sought.tolist() == [s.LONG_AGO] * 4
    assert world.tally[0].counts[s.TALKS_FAILED] == world.tally[0].failed.sum() == 0
    assert happened(world) == []


@pytest.mark.parametrize("t", [-6, -1])
def test_a_member_walks_out_by_a_draw_of_its_own_in_that_quarter(rules, four, t):
    world, p = four
    p.talks_chance, p.scope_base[OTHER] = 0.5, 0.0
    d = table(rules, world, OTHER, begun=t - 1)
    logistic = rules.noise.logistic
    z = [logistic(LUCK, noise.WALK, t, OTHER, KEY, int(world.councils.lineage[k])) for k in (0, 1)]
    for beyond, out in ((1e-9, False), (-1e-9, True)):
        p.talks_patience = -0.5 * min(z) + beyond
        assert rules.warming.walks_out(world, p, t, LUCK, d) == out
    assert noise.uniform(LUCK, noise.WALK, t, OTHER, KEY, 5) == noise.uniform(
        LUCK, noise.WALK, 65536 + t, OTHER, KEY, 5
    )


def test_a_review_does_not_slow_talks_before_the_first_day(rules, four):
    world, p = four
    p.reorganisation_stance, p.reorganisation_delay = s.REVIEW, 1.0
    p.reorganisation_doubt, p.talks_pace_service = 0.0, 1.0
    world.councils.reviewed = 1
    assert carried(rules, world, p, table(rules, world, SERVICE, begun=-3)) == s.CASE


# --- how the log begins -------------------------------------------------------------------------


def test_the_log_begins_with_the_open_talks_numbered_after_what_stands(rules, four):
    world, p = four
    opened(rules, world, 4, (0, 1), key=4, begun=-8)
    standing = int(world.tally[0].counts[s.DEALS])
    table(rules, world, OTHER, (2, 3), begun=-5, key=79)
    over = table(rules, world, SERVICE, (0, 3), begun=-4, key=80)
    table(rules, world, s.MANAGEMENT, (1, 2), begun=-1, key=81)
    world.tally[0].happened, world.tally[0].history[s.DEEP_BEGUN] = 55, 7.0
    world.tally[0].counts[s.TALKS_BEGUN] = 8
    world.terms[:] = 7.0  # what an earlier decision left behind
    rules.deals.forget(world, over)
    rules.deals.sweep(world)
    rules.warming.tell_open_talks(world, p, standing)
    assert [deal.number for deal in live_deals(world)] == [1, 2, 3]
    told = [
        (r.quarter, r.kind, r.council, r.other, r.deal, r.scope, r.value, r.more)
        for r in happened(world)
    ]
    assert told == [
        (0, e.TALKS_BEGIN, 2, 3, 2, OTHER, 0.0, 5.0),
        (0, e.TALKS_BEGIN, 1, 2, 3, s.MANAGEMENT, 0.0, 1.0),
    ]
    assert all(row.reason == s.NOBODY and not row.terms.any() for row in happened(world))
    assert world.tally[0].counts[[s.TALKS_BEGUN, s.DEALS, s.LIVE]].tolist() == [2, 3, 3]
    assert world.tally[0].history[s.DEEP_BEGUN] == 1.0


def test_a_case_that_is_open_is_told_to_each_member_as_it_weighs_on_the_first_day(rules, four):
    world, p = four
    p.scope_budget_share[SERVICE], p.scope_promised[SERVICE] = 0.1, 0.25
    p.weighing_savings, p.weighing_election, p.scope_depth[SERVICE] = 0.8, 0.5, 0.2
    world.councils.cost, world.councils.phase[1] = (20.0, 40.0, 20.0, 20.0), 2010
    d = table(rules, world, SERVICE, begun=-3, stage=s.CASE)
    deal = world.deals[d]
    deal.factor, deal.estimate[:2] = 1.5, (0.5, 2.0)
    world.tally[0].happened = 0
    rules.warming.tell_open_talks(world, p, 0)
    begins, *cases = happened(world)
    assert (begins.kind, begins.more) == (e.TALKS_BEGIN, 3.0)
    # A tenth of 20 and 40 million, of that a quarter, half as much again; and what each believes.
    told = [(r.quarter, r.kind, r.council, r.other, r.deal, r.value, r.more) for r in cases]
    assert told == [
        (0, e.BUSINESS_CASE, 0, 1, 1, pytest.approx(0.75), pytest.approx(0.375)),
        (0, e.BUSINESS_CASE, 1, 0, 1, pytest.approx(1.5), pytest.approx(3.0)),
    ]
    # In the first quarter no election is near, as one would have been in the last before it.
    for row, hope in zip(cases, (0.75, 3.0), strict=True):
        found = {k: float(v) for k, v in enumerate(row.terms) if v}
        assert found == pytest.approx({e.SAVINGS: 0.8 * math.log(hope)})


def test_rows_of_talks_that_came_to_nothing_are_used_again(rules, four):
    world, p = four
    everybody_looks(p)
    p.talks_before, p.talks_longest = 6.0, 1.0
    world.councils.attention = 1
    rules.warming.warm_up(world, p, LUCK)
    # Talks live for two quarters: what is open at the end began in one of the last two.
    assert {int(deal.begun) for deal in live_deals(world)} <= {-2, -1}
    assert len(live_deals(world)) <= 2
    free = len(world.deals) - world.tally[0].counts[s.LIVE]
    assert len(set(world.free[:free].tolist()) | set(world.live[: len(live_deals(world))])) == len(
        world.deals
    )


# --- as a part of the first day -----------------------------------------------------------------

STANDING = """
[[partnership]]
scope = "legal"
since = 2008-04-01
councils = ["C0", "C1"]
"""


@pytest.fixture
def unfounded(country, world_of):
    """Return a world of four councils, two of which share a service, and numbers for it."""
    world, p = world_of(country(*[{}] * 4, text=STANDING))
    p.talks_before, p.politics_leader_falls = 6.0, 0.0
    p.talks_patience, p.search_choosiness = 99.0, -99.0
    p.search_base_service, p.talks_pace_service, p.talks_longest = 1e6, 0.0, 20.0
    return world, p


def test_nobody_is_in_need_before_the_first_day(rules, unfounded):
    world, p = unfounded
    p.search_chance = p.talks_chance = 0.0
    p.talks_patience, p.search_choosiness, p.scope_base[:] = 0.0, 0.5, -50.0
    p.weighing_need = 1e6
    rules.founding.found(world, p, LUCK)
    assert (world.councils.need > 0.0).all()  # what is put aside, at the least
    assert world.tally[0].counts[s.LIVE] == 1
    assert (world.councils.news == 0.0).all()
    assert world.councils.heard == pytest.approx(world.councils.need)


def test_talks_that_are_open_on_the_first_day_go_on_in_the_first_quarter(rules, unfounded):
    world, p = unfounded
    rules.founding.found(world, p, LUCK)
    talks = [deal for deal in live_deals(world) if deal.stage == s.STUDY]
    assert len(talks) == world.tally[0].counts[s.TALKS_BEGUN] == world.tally[0].happened > 0
    assert [deal.number for deal in live_deals(world)] == list(range(1, len(talks) + 2))
    assert world.councils.flows.sum() == world.councils.totals.sum() == 0.0
    paying = {int(i) for deal in talks for i in deal.member[:2]}
    p.search_base_service = p.search_base_management = 1e-9
    rules.step.step(world, p, 0, LUCK)
    assert {i for i in range(4) if world.councils.flows[i, s.STUDIES] > 0.0} == paying


def test_what_is_spent_on_the_first_day_does_not_hang_on_the_talks_before_it(
    rules, country, world_of
):
    found = []
    for quarters in (0.0, 6.0):
        world, p = world_of(country(*[{}] * 4, text=STANDING))
        p.talks_before, p.search_base_service = quarters, 1e6
        rules.founding.found(world, p, LUCK)
        names = ("cost", "saving", "reserves", "income", "gap", "need", "heard", "readiness")
        found.append([world.councils[name].tolist() for name in names])
    assert found[0] == found[1]
