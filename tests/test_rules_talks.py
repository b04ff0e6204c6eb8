"""Talks from the first meeting to the vote, each step against a sum done by hand."""

import math

import pytest
from dealt import opened, table

from sim.core import events as e, noise, state as s

SERVICE, OTHER = 0, 1
T, LUCK = 5, 9
OUTSIDE = 255  # the index of the draw for inviting nobody


@pytest.fixture
def four(rules, typical):
    """Return four typical councils that touch each other; nothing is left to chance."""
    world, p = typical(*[{}] * 4)
    p.search_chance = p.talks_chance = 0.0
    p.talks_patience, p.search_invite, p.talks_leak = 1.0, 90.0, 0.0
    return world, p


def joining(rules, world, scope, guest, door, host, *, stage=s.STUDY, key=78):
    """Return the talks of a guest with a member of the running deal that it would join."""
    d = table(rules, world, scope, (guest, door), stage=stage, key=key)
    world.deals[d].host, world.deals[d].host_number = host, world.deals[host].number
    return d


def happened(world, *kinds):
    rows = world.log[: world.tally[0].happened]
    return [row for row in rows if not kinds or row.kind in kinds]


def kinds(world):
    return [int(row.kind) for row in happened(world)]


def pair(rules, world, i, j):
    return world.pairs[rules.between.pair_of(world, i, j)]


def spoil(rules, world, p, i, j, by):
    """Let two councils trust each other less, so that each weighs the other by so much less."""
    p.weighing_trust = 10.0
    pair(rules, world, i, j).trust -= by / 10.0


# --- the order of a quarter ---------------------------------------------------------------------


def test_talks_first_meet_in_the_quarter_after_they_began(rules, four):
    world, p = four
    p.talks_study_cost, p.talks_study_elasticity, p.talks_pace_service = 0.02, 0.0, 0.0
    table(rules, world, SERVICE, begun=T)
    rules.talks.hold_talks(world, p, T, LUCK)
    assert world.councils.flows.sum() == 0.0
    rules.talks.hold_talks(world, p, T + 1, LUCK)
    assert world.councils.flows[:, s.STUDIES].tolist() == [0.02, 0.02, 0.0, 0.0]


def test_agreements_hold_no_talks(rules, four):
    world, p = four
    p.talks_study_cost = 0.02
    opened(rules, world, SERVICE, (0, 1))
    rules.talks.hold_talks(world, p, T, LUCK)
    assert world.councils.flows.sum() == 0.0


@pytest.mark.parametrize(
    ("stage", "scope", "stages"),
    [
        (s.STUDY, SERVICE, [s.CASE, s.TRANSITION]),
        (s.STUDY, s.MANAGEMENT, [s.CASE, s.TRANSITION]),
    ],
)
def test_talks_go_from_study_to_case_to_terms_and_are_voted_on_in_the_quarter_of_the_terms(
    rules, four, stage, scope, stages
):
    world, p = four
    p.talks_pace = p.talks_pace_service = 1.0
    p.scope_base[scope], p.talks_disagreement, p.talks_optimism = 9.0, 0.0, 0.0
    d = table(rules, world, scope, stage=stage, begun=T)
    seen = []
    for t in range(T + 1, T + 3):
        rules.talks.hold_talks(world, p, t, LUCK)
        seen.append(int(world.deals[d].stage))
    assert seen == stages
    assert world.deals[d].signed == T + 2


@pytest.mark.parametrize(
    ("scope", "name", "months"),
    [(s.MANAGEMENT, "talks_pace", 8.0), (SERVICE, "talks_pace_service", 7.06)],
)
def test_talks_that_nothing_ends_last_six_to_ten_months_on_average(
    rules, four, scope, name, months
):
    world, p = four
    pace, lasted, runs = float(p[name]), [], 400
    p.search_invite = 500.0
    d = table(rules, world, scope, begun=0)
    for key in range(1, runs + 1):
        world.deals[d].key, world.deals[d].stage, t = 1000 * key, s.STUDY, 0
        while world.deals[d].stage != s.VOTING:
            t += 1
            rules.talks.go_on(world, p, t, LUCK, d)
        lasted.append(3 * t)
    assert 3 * 2 / pace == pytest.approx(months, abs=0.01)
    assert sum(lasted) / runs == pytest.approx(months, abs=0.5)
    assert 6 <= months <= 10


def test_talks_lapse_once_they_last_longer_than_talks_do(rules, four):
    world, p = four
    p.talks_longest, p.talks_pace_service, p.weighing_committed = 3.0, 0.0, 10.0
    d = table(rules, world, SERVICE, (1, 0), begun=2)
    for t in (3, 4, 5):
        rules.talks.hold_talks(world, p, t, LUCK)
        assert world.deals[d].stage == s.STUDY
    rules.talks.hold_talks(world, p, 6, LUCK)
    assert world.deals[d].stage == s.EMPTY
    assert kinds(world) == [e.WALKS_AWAY, e.TALKS_FAIL]
    away, failed = happened(world)
    assert (away.council, away.other, away.reason, away.value, away.more) == (1, 0, 2 + 2, -10, 0)
    assert away.terms[e.BUSY] == away.terms.sum() == -10.0
    assert (failed.reason, failed.value) == (e.PEOPLE, 4)


def test_nobody_is_the_leaver_of_talks_that_lapse(rules, four):
    world, p = four
    p.talks_cooling_left, p.talks_cooling_leaver = 0.5, 50.0
    before = world.pairs.trust.copy()
    d = table(rules, world, s.MANAGEMENT, begun=2)
    rules.talks.lapse(world, p, T, LUCK, d)
    assert (world.pairs.trust == before).all()
    for i in (0, 1):
        z = rules.noise.exponential(LUCK, noise.COOLING, T, 0, 77, world.councils[i].lineage)
        assert world.councils[i].pause == pytest.approx(T + 1 + 4 * 0.5 * z)


# --- meeting ------------------------------------------------------------------------------------


def test_when_the_deal_that_was_to_be_joined_is_gone_the_two_go_on_alone(rules, four):
    world, _ = four
    host = opened(rules, world, SERVICE, (1, 2))
    d = joining(rules, world, SERVICE, 0, 1, host)
    deals = world.deals
    rules.talks.check_host(deals, d)
    assert deals[d].host == host
    deals[host].stage = s.EMPTY
    rules.talks.check_host(deals, d)
    assert deals[d].host == s.NOBODY
    deals[host].stage, deals[d].host = s.RUNNING, host
    deals[host].number += 1  # another deal in the same row
    rules.talks.check_host(deals, d)
    assert deals[d].host == s.NOBODY
    deals[d].host, deals[d].host_number = host, deals[host].number
    rules.deals.drop_member(deals, host, 0)
    rules.talks.check_host(deals, d)
    assert deals[d].host == s.NOBODY


def test_a_guest_that_is_in_the_deal_does_not_stand_for_its_host(rules, four):
    world, _ = four
    host = opened(rules, world, SERVICE, (0, 2))
    d = joining(rules, world, SERVICE, 0, 1, host)
    rules.talks.check_host(world.deals, d)
    assert world.deals[d].host == s.NOBODY


def test_talks_check_their_host_before_they_meet(rules, four):
    world, p = four
    p.talks_pace_service = 0.0
    host = opened(rules, world, SERVICE, (1, 2))
    d = joining(rules, world, SERVICE, 0, 1, host)
    world.deals[host].stage = s.EMPTY
    rules.talks.hold_talks(world, p, T, LUCK)
    assert world.deals[d].host == s.NOBODY


def test_every_member_pays_for_its_study_and_learns(rules, four):
    world, p = four
    p.talks_study_cost, p.beliefs_trust_talks = 0.03, 0.02
    p.talks_study_reference, p.talks_study_elasticity, p.scope_budget_share[SERVICE] = 2.0, 0.5, 0.1
    world.councils.cost[:] = 20.0, 80.0, 20.0, 5.0  # services of 2, 8 and half a million
    d = table(rules, world, SERVICE, (0, 1, 3))
    rules.talks.meet(world, p, T, LUCK, d)
    assert world.councils.flows[:, s.STUDIES] == pytest.approx([0.03, 0.06, 0.0, 0.015])
    assert pair(rules, world, 1, 3).trust == pytest.approx(p.beliefs_first_trust + 0.02)
    assert pair(rules, world, 1, 2).trust == p.beliefs_first_trust


@pytest.mark.parametrize(("beyond", "known"), [(-1e-9, False), (1e-9, True)])
def test_talks_become_known_once(rules, four, beyond, known):
    world, p = four
    d = table(rules, world, SERVICE, (1, 0))
    p.talks_leak = rules.noise.uniform(LUCK, noise.LEAK, T, 0, 77, 0) + beyond
    rules.talks.meet(world, p, T, LUCK, d)
    assert world.deals[d].public == known
    told = [(r.council, r.other, r.deal, r.reason, r.value, r.more) for r in happened(world)]
    assert told == [(1, 0, 1, s.NOBODY, 0.0, 0.0)] * known
    rules.talks.meet(world, p, T, LUCK, d)
    assert kinds(world) == [e.KNOWN] * known


# --- walking out --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sum_", "stays"), [(-9.0, False), (-1.01, False), (-1.0, True), (0.5, True)]
)
def test_who_finds_the_deal_too_far_below_the_line_walks_away(rules, four, sum_, stays):
    world, p = four
    p.scope_base[SERVICE] = sum_
    d = table(rules, world, SERVICE)
    rules.talks.walk_out(world, p, T, LUCK, d)
    assert (world.deals[d].stage == s.STUDY) == stays
    assert world.deals[d].members == 2 * stays
    if stays:
        assert world.deals[d].score[:3] == pytest.approx([sum_, sum_, 0.0])
        assert kinds(world) == []
        return
    away, failed = happened(world)
    assert (away.kind, away.council, away.other, away.reason) == (e.WALKS_AWAY, 1, 0, e.LUCK)
    assert (away.value, away.more) == pytest.approx((sum_, 0.0))
    assert (failed.kind, failed.council, failed.other) == (e.TALKS_FAIL, 0, 1)
    assert (failed.value, failed.more) == (T - 1, 0.0)


def test_talks_that_somebody_walks_out_of_do_not_lapse_as_well(rules, four):
    world, p = four
    p.scope_base[SERVICE], p.talks_longest = -9.0, 1.0
    table(rules, world, SERVICE)
    rules.talks.hold_talks(world, p, T, LUCK)
    assert kinds(world) == [e.WALKS_AWAY, e.TALKS_FAIL]


def test_chance_moves_a_walk_out_but_not_the_score(rules, four):
    world, p = four
    d = table(rules, world, OTHER)
    z = rules.noise.logistic(LUCK, noise.WALK, T, OTHER, 77, world.councils[1].lineage)
    p.weighing_need, world.councils.need[0] = 50.0, 1.0  # the other stays, whatever its luck
    p.talks_chance, p.talks_patience = 0.5, -0.5 * z + 0.001
    rules.talks.walk_out(world, p, T, LUCK, d)
    assert kinds(world) == []
    assert world.deals[d].score[:2].tolist() == [50.0, 0.0]
    p.talks_patience = -0.5 * z - 0.001
    rules.talks.walk_out(world, p, T, LUCK, d)
    away = happened(world, e.WALKS_AWAY)[0]
    assert away.council == 1
    assert away.terms[e.CHANCE] == away.value == pytest.approx(0.5 * z)


def test_members_are_asked_from_the_last_to_the_first_and_the_others_go_on(rules, four):
    world, p = four
    p.weighing_sovereignty, p.scope_depth[SERVICE] = 10.0, 0.5
    world.councils.autonomy[[0, 3]] += 0.4  # 10 x 0.5 x 0.4 = 2
    d = table(rules, world, SERVICE, (0, 1, 2, 3))
    rules.talks.walk_out(world, p, T, LUCK, d)
    away = happened(world)
    assert [(r.kind, r.council, r.other) for r in away] == [
        (e.WALKS_AWAY, 3, 0), (e.WALKS_AWAY, 0, 1),
    ]  # fmt: skip
    assert [r.reason for r in away] == [e.OWN_PRIORITIES] * 2
    assert world.deals[d].member[:3].tolist() == [1, 2, s.NOBODY]


def test_how_far_apart_they_lie_is_no_reason_to_walk_away_where_it_weighs_again(rules, four):
    world, p = four
    p.weighing_border, p.weighing_busy, p.talks_patience = 3.0, 0.1, 0.0
    p.weighing_again = 1.0
    world.pairs.border = 1
    d = table(rules, world, SERVICE)
    for scope in (7, 8):
        table(rules, world, scope, (1, 2), key=scope)
    rules.talks.walk_out(world, p, T, LUCK, d)
    assert happened(world)[0].reason == e.PEOPLE


def test_a_distance_that_a_guest_first_meets_in_the_talks_may_end_them_for_it(rules, four):
    world, p = four
    p.weighing_border, p.talks_patience, p.weighing_again = 3.0, 1.0, 0.0
    p.weighing_crowd = 0.0
    world.pairs.border = 1
    d = table(rules, world, SERVICE, (0, 1))
    rules.talks.walk_out(world, p, T, LUCK, d)
    assert happened(world) == []
    assert world.deals[d].score[:2].tolist() == [0.0, 0.0]
    rules.deals.add_member(world.deals, d, 2)
    rules.deals.start_talking(world.councils, 2, d)
    rules.talks.walk_out(world, p, T, LUCK, d)
    # The last guest minds the border to the other guest: half of 3. Then nothing is new.
    away = happened(world, e.WALKS_AWAY)
    assert [(r.council, r.reason, r.value) for r in away] == [(2, e.FAR, -1.5)]
    assert world.deals[d].member[:3].tolist() == [0, 1, s.NOBODY]


def test_two_are_left_when_the_third_goes_and_all_is_over_when_the_second_does(rules, four):
    world, p = four
    p.beliefs_trust_loss_failure, p.talks_cooling_leaver = 0.15, 1.0
    p.lessons_gain = 0.5
    trust = p.beliefs_first_trust
    d = table(rules, world, s.MANAGEMENT, (0, 1, 2), stage=s.CASE)
    rules.talks.quit_talks(world, p, T, LUCK, d, 1, e.TAX)
    assert world.deals[d].member[:3].tolist() == [0, 2, s.NOBODY]
    assert pair(rules, world, 0, 1).trust == pytest.approx(trust - 0.15)
    assert pair(rules, world, 1, 2).trust == pytest.approx(trust - 0.15)
    assert pair(rules, world, 0, 2).trust == trust
    assert world.pairs.failures.sum() == 0.0
    assert kinds(world) == [e.LEARNS]
    assert happened(world)[0].reason == e.TAX
    z = rules.noise.exponential(LUCK, noise.COOLING, T, 0, 77, world.councils[1].lineage)
    never = s.LONG_AGO
    paused = [never, T + 1 + 4 * z, never, never]
    assert world.councils.pause.tolist() == pytest.approx(paused)
    assert (world.councils[1].talks == s.NOBODY).all()
    assert world.councils.talks[[0, 2], 0].tolist() == [d, d]
    assert world.tally[0].counts[s.TALKS_FAILED] == 0


@pytest.mark.parametrize("members", [(0, 1), (0, 1, 2)])
def test_talks_that_fail_over_nothing_special_teach_most_about_trust(rules, four, members):
    world, p = four
    d = table(rules, world, s.MANAGEMENT, members, stage=s.CASE)
    rules.talks.quit_talks(world, p, T, LUCK, d, 1, e.PEOPLE)
    assert world.councils[1].taught.argmax() == s.LESSON_TRUST


def test_who_quits_a_study_has_learnt_nothing_yet(rules, four):
    world, p = four
    d = table(rules, world, s.MANAGEMENT, (0, 1, 2))
    rules.talks.quit_talks(world, p, T, LUCK, d, 1, e.TAX)
    assert kinds(world) == []
    assert world.councils.taught.sum() == 0.0


@pytest.mark.parametrize(("stage", "learnt"), [(s.STUDY, 0), (s.CASE, 2), (s.VOTING, 2)])
def test_a_failure_is_counted_by_its_reason_and_teaches_from_the_case_on(
    rules, four, stage, learnt
):
    world, p = four
    p.beliefs_trust_loss_failure, p.talks_cooling_leaver, p.talks_cooling_left = 0.15, 1.0, 0.2
    p.talks_rematch = 3.0
    trust = p.beliefs_first_trust
    d = table(rules, world, s.MANAGEMENT, (2, 1), stage=stage, begun=2)
    rules.talks.fail(world, p, T, LUCK, d, 0, e.TAX)
    assert kinds(world) == [e.TALKS_FAIL] + [e.LEARNS] * learnt
    failed = happened(world)[0]
    assert (failed.council, failed.other, failed.reason) == (2, 1, e.TAX)
    assert (failed.value, failed.more) == (3, 0.0)
    assert world.tally[0].counts[s.TALKS_FAILED] == world.tally[0].failed[e.TAX] == 1
    assert world.tally[0].failed.sum() == 1
    exponential, lineage = rules.noise.exponential, world.councils.lineage
    for i, mean in ((2, 1.0), (1, 0.2)):
        z = exponential(LUCK, noise.COOLING, T, 0, 77, lineage[i])
        assert world.councils[i].pause == pytest.approx(T + 1 + 4 * mean * z)
    known = pair(rules, world, 1, 2)
    assert known.trust == pytest.approx(trust - 0.15)
    z = exponential(LUCK, noise.REMATCH, T, 0, 77, 0)
    assert known.again == pytest.approx(T + 1 + 4 * 3.0 * z)
    assert world.deals[d].stage == s.EMPTY
    assert (world.councils.talks == s.NOBODY).all()


# --- going on -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("beyond", "moves"), [(-1e-9, False), (1e-9, True)])
@pytest.mark.parametrize("scope", [s.SERVICES - 1, s.SERVICES])
@pytest.mark.parametrize("doubt", [0, 1])
def test_talks_move_on_by_their_pace_and_a_review_of_any_member_slows_them(
    rules, four, beyond, moves, scope, doubt
):
    world, p = four
    u = rules.noise.uniform(LUCK, noise.ADVANCE, T, 0, 77, 0)
    p.reorganisation_delay = 0.4
    world.councils.reviewed = 0
    world.councils.reviewed[0], p.reorganisation_stance = doubt, s.REVIEW
    due = (u + beyond) / (0.6 if doubt else 1.0)
    p.talks_pace, p.talks_pace_service = (0.0, due) if scope < s.SERVICES else (due, 0.0)
    d = table(rules, world, scope)
    rules.talks.go_on(world, p, T, LUCK, d)
    assert (world.deals[d].stage == s.CASE) == moves


def test_a_case_goes_to_terms_and_invites_nobody_more(rules, four):
    world, p = four
    p.talks_pace_service, p.search_invite = 1.0, -90.0
    p.scope_base[SERVICE] = 9.0
    d = table(rules, world, SERVICE, stage=s.CASE)
    rules.talks.go_on(world, p, T, LUCK, d)
    assert world.deals[d].stage == s.VOTING
    assert kinds(world) == [e.AGREES_TERMS]


def test_a_study_invites_before_it_moves_on_but_not_where_a_deal_is_joined(rules, four):
    world, p = four
    p.talks_pace_service, p.search_invite, p.scope_base[:] = 0.0, -90.0, 9.0
    d = table(rules, world, SERVICE)
    rules.talks.go_on(world, p, T, LUCK, d)
    assert kinds(world) == [e.INVITED]
    host = opened(rules, world, OTHER, (1, 2))
    d = joining(rules, world, OTHER, 0, 1, host)
    rules.talks.go_on(world, p, T, LUCK, d)
    assert kinds(world) == [e.INVITED]


# --- the business case --------------------------------------------------------------------------


def test_promises_spread_around_the_median_and_estimates_around_the_promise(rules, four):
    world, p = four
    p.talks_optimism, p.talks_disagreement = 0.5, 0.25
    p.scope_budget_share[SERVICE], p.scope_promised[SERVICE] = 0.1, 0.25
    world.councils.cost[:2] = 20.0, 40.0
    d = table(rules, world, SERVICE)
    deal, normal = world.deals[d], rules.noise.normal
    rules.talks.make_case(world, p, T, LUCK, d)
    factor = math.exp(0.5 * normal(LUCK, noise.PROMISE, 0, 0, 77, 0))
    own = [
        math.exp(0.25 * normal(LUCK, noise.ESTIMATE, 0, 0, 77, world.councils[i].lineage))
        for i in (0, 1)
    ]
    assert deal.stage == s.CASE
    assert abs(math.log(factor)) > 0.01
    assert deal.factor == pytest.approx(factor)
    assert deal.estimate[:3] == pytest.approx([*own, 1.0])
    # A promise of a quarter of a tenth of the budget: 0.5 and 1 million pounds, times the factor.
    rows = happened(world, e.BUSINESS_CASE)
    assert [(r.council, r.other, r.reason) for r in rows] == [(0, 1, s.NOBODY), (1, 0, s.NOBODY)]
    assert [r.value for r in rows] == pytest.approx([0.5 * factor, 1.0 * factor])
    assert [r.more for r in rows] == pytest.approx([0.5 * factor * own[0], 1.0 * factor * own[1]])
    hope = [p.weighing_savings * math.log(factor * each) for each in own]
    assert [r.terms[e.SAVINGS] for r in rows] == pytest.approx(hope)


def test_without_spread_every_promise_is_the_catalogues_and_all_agree(rules, four):
    world, p = four
    p.talks_optimism = p.talks_disagreement = 0.0
    d = table(rules, world, SERVICE)
    rules.talks.make_case(world, p, T, LUCK, d)
    assert world.deals[d].factor == 1.0
    assert world.deals[d].estimate[:2].tolist() == [1.0, 1.0]


# --- the terms ----------------------------------------------------------------------------------


def drawn(rules, purpose):
    return rules.noise.uniform(LUCK, purpose, 0, 0, 77, 0)


@pytest.mark.parametrize("beyond", [-1e-9, 1e-9])
def test_each_term_is_agreed_by_a_draw_of_its_own(rules, four, beyond):
    world, p = four
    p.terms_exit = drawn(rules, noise.TERM_EXIT) + beyond
    p.terms_equal = drawn(rules, noise.TERM_EQUAL) - beyond
    p.terms_align = drawn(rules, noise.TERM_ALIGN) + beyond
    d = table(rules, world, s.CHIEF_EXECUTIVE, (1, 0), stage=s.CASE)
    rules.talks.settle_terms(world, p, T, LUCK, d)
    deal, agreed = world.deals[d], beyond > 0
    assert (deal.exit, deal.equal, deal.align) == (agreed, not agreed, agreed)
    assert deal.stage == s.VOTING
    row = happened(world)[0]
    assert (row.kind, row.council, row.other, row.reason) == (e.AGREES_TERMS, 1, 0, s.NOBODY)
    assert (row.value, row.more) == (1 + 4 if agreed else 2, 0.0)


def test_nobody_aligns_council_tax_to_share_a_service(rules, four):
    world, p = four
    p.terms_exit = p.terms_equal = p.terms_align = 1.0
    d = table(rules, world, s.SERVICES - 1, stage=s.CASE)
    rules.talks.write_terms(world, p, LUCK, d)
    assert (world.deals[d].exit, world.deals[d].equal, world.deals[d].align) == (1, 1, 0)


def test_each_lesson_presses_for_its_own_term(rules, four):
    world, p = four
    p.terms_exit = p.terms_equal = p.terms_align = 0.0
    lessons = (s.LESSON_EXIT, s.LESSON_EQUAL, s.LESSON_ALIGN)
    for k, lesson in enumerate(lessons):
        world.councils.lessons = 0.0
        world.councils.lessons[1, lesson] = 1.0
        d = table(rules, world, s.MANAGEMENT, stage=s.CASE, key=77 + k)
        rules.talks.write_terms(world, p, LUCK, d)
        deal = world.deals[d]
        assert [deal.exit, deal.equal, deal.align] == [k == 0, k == 1, k == 2]


@pytest.mark.parametrize(
    ("required", "pot", "staged", "grant", "certain"),
    [(1, 1, 0, 0, 1), (0, 1, 0, 0, 0), (1, 0, 0, 0, 0), (1, 1, 1, 0, 0), (1, 1, 1, 1, 1)],
)
def test_an_exit_strategy_is_written_where_a_set_up_grant_asks_for_one(
    rules, four, required, pot, staged, grant, certain
):
    world, p = four
    p.grants_exit_required, p.grants_setup_pot, p.grants_staged = required, pot, staged
    p.terms_exit = p.terms_equal = 0.0
    d = table(rules, world, SERVICE, stage=s.CASE)
    world.deals[d].grant = grant
    rules.talks.write_terms(world, p, LUCK, d)
    assert (world.deals[d].exit, world.deals[d].equal) == (certain, 0)


def test_who_joins_takes_over_the_terms_of_the_running_deal(rules, four):
    world, p = four
    p.terms_exit = p.terms_equal = p.terms_align = 0.5
    for n, terms in enumerate(((1, 0, 0), (0, 1, 0), (0, 0, 1))):
        host = opened(rules, world, n, (1, 2), key=20 + n)
        world.deals[host].exit, world.deals[host].equal, world.deals[host].align = terms
        d = joining(rules, world, n, 0, 1, host, stage=s.CASE, key=30 + n)
        rules.talks.settle_terms(world, p, T, LUCK, d)
        deal = world.deals[d]
        assert (deal.exit, deal.equal, deal.align) == terms
        assert happened(world, e.AGREES_TERMS)[-1].value == 1 << n


# --- the vote -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("sum_", "yes"), [(0.0, False), (0.01, True)])
def test_who_votes_yes_above_zero_signs(rules, four, sum_, yes):
    world, p = four
    p.scope_base[SERVICE] = sum_
    d = table(rules, world, SERVICE, stage=s.VOTING)
    rules.talks.vote(world, p, T, LUCK, d)
    assert (world.deals[d].stage == s.TRANSITION) == yes
    told = [(r.kind, r.council, r.other, r.reason) for r in happened(world)[:2]]
    if yes:
        assert told == [(e.VOTES_YES, 1, 0, s.NOBODY), (e.VOTES_YES, 0, 1, s.NOBODY)]
    else:
        # With the first no the talks of two are over.
        assert told == [(e.VOTES_NO, 1, 0, e.LUCK), (e.TALKS_FAIL, 0, 1, e.LUCK)]
        assert kinds(world).count(e.VOTES_NO) == 1
    assert [happened(world)[0].value, happened(world)[0].more] == pytest.approx([sum_, 0.0])


def test_a_vote_has_a_chance_of_its_own(rules, four):
    world, p = four
    p.talks_chance, p.scope_base[OTHER] = 0.5, 9.0
    d = table(rules, world, OTHER, stage=s.VOTING)
    z = rules.noise.logistic(LUCK, noise.VOTE, T, OTHER, 77, world.councils[1].lineage)
    rules.talks.vote(world, p, T, LUCK, d)
    row = happened(world)[0]
    assert row.value == pytest.approx(9.0 + 0.5 * z)
    assert row.terms[[e.BASE, e.CHANCE]] == pytest.approx([9.0, 0.5 * z])


def test_two_in_favour_sign_without_the_third(rules, four):
    world, p = four
    p.scope_base[SERVICE], p.weighing_border = 1.0, 3.0
    p.weighing_sovereignty, p.scope_depth[SERVICE] = 10.0, 0.5
    world.councils.autonomy[1] += 0.4
    d = table(rules, world, SERVICE, (0, 1, 2), stage=s.VOTING)
    rules.talks.vote(world, p, T, LUCK, d)
    assert kinds(world)[:4] == [e.VOTES_YES, e.VOTES_NO, e.LEARNS, e.VOTES_YES]
    assert happened(world, e.VOTES_NO)[0].reason == e.OWN_PRIORITIES
    assert world.deals[d].stage == s.TRANSITION
    assert world.deals[d].member[:3].tolist() == [0, 2, s.NOBODY]


@pytest.mark.parametrize(("again", "reason"), [(0.0, e.FAR), (0.5, e.LUCK)])
def test_a_vote_against_is_put_down_to_a_border_between_guests_unless_borders_weigh_again(
    rules, four, again, reason
):
    world, p = four
    p.weighing_border, p.weighing_crowd, p.scope_base[SERVICE] = 3.0, 0.0, 1.0
    p.weighing_again = again
    pair(rules, world, 1, 2).border = 1
    d = table(rules, world, SERVICE, (0, 1, 2), stage=s.VOTING)
    rules.talks.vote(world, p, T, LUCK, d)
    found = [(r.council, r.reason, r.value) for r in happened(world, e.VOTES_NO)]
    assert found == [(2, reason, -0.5)]  # 1, less half of 3


def test_the_last_place_may_be_gone_by_the_vote(rules, four):
    world, p = four
    p.scope_base[SERVICE] = 9.0
    host = opened(rules, world, SERVICE, (1, 2))
    for most, full in ((2.0, True), (3.0, False)):
        p.scope_most_members[SERVICE] = most
        d = joining(rules, world, SERVICE, 0, 1, host, stage=s.VOTING)
        assert rules.talks.host_full(p, world.deals, d) == full
        rules.talks.vote(world, p, T, LUCK, d)
        assert (world.councils[0].agreement[SERVICE] == host) != full
    assert kinds(world)[:4] == [e.VOTES_YES, e.VOTES_YES, e.WALKS_AWAY, e.TALKS_FAIL]
    assert not rules.talks.host_full(p, world.deals, table(rules, world, SERVICE, (2, 3)))


def test_who_signs_leaves_its_other_talks_of_that_kind(rules, four):
    world, p = four
    p.scope_base[:] = 9.0
    p.weighing_committed = 10.0
    deep = table(rules, world, s.CHIEF_EXECUTIVE, (1, 2), key=80)
    service = table(rules, world, SERVICE, (1, 3), key=81)
    d = table(rules, world, s.MANAGEMENT, (0, 1), stage=s.VOTING)
    rules.talks.vote(world, p, T, LUCK, d)
    assert world.deals[deep].stage == s.EMPTY
    assert world.deals[service].stage == s.STUDY
    away = happened(world, e.WALKS_AWAY)
    assert [(r.council, r.other, r.reason) for r in away] == [(1, 2, e.BETTER_OFFER)]
    assert (away[0].value, away[0].more, away[0].terms[e.RIVAL]) == (-10.0, 0.0, -10.0)
    assert away[0].terms.sum() == -10.0
    assert [r.reason for r in happened(world, e.TALKS_FAIL)] == [e.BETTER_OFFER]


def test_a_council_leaves_the_table_of_its_last_seat_too_and_none_that_is_not_there(rules, four):
    world, p = four
    p.scope_base[:] = 9.0
    for n, partner in enumerate((2, 3, 2)):
        table(rules, world, 5 + n, (1, partner), key=80 + n)
    rival = table(rules, world, SERVICE, (1, 3), key=84)
    assert world.councils[1].talks.tolist() == [0, 1, 2, rival]
    d = table(rules, world, SERVICE, (0, 2), stage=s.VOTING, key=85)
    rules.talks.vote(world, p, T, LUCK, d)
    assert happened(world, e.WALKS_AWAY) == []
    rules.talks.leave_other_tables(world, p, T, LUCK, d, 1)
    assert [int(world.deals[k].stage) for k in range(4)] == [s.STUDY] * 3 + [s.EMPTY]


def test_a_host_keeps_its_seat_with_guests_of_the_very_deal_and_a_guest_does_not(rules, four):
    world, p = four
    host = opened(rules, world, SERVICE, (1, 2))
    d = joining(rules, world, SERVICE, 0, 1, host)
    rules.talks.leave_other_tables(world, p, T, LUCK, host, 1)
    assert world.deals[d].stage == s.STUDY
    rules.talks.leave_other_tables(world, p, T, LUCK, host, 0)
    assert world.deals[d].stage == s.EMPTY
    elsewhere = opened(rules, world, SERVICE, (2, 3), key=6)
    d = joining(rules, world, SERVICE, 0, 3, elsewhere, key=79)
    rules.talks.leave_other_tables(world, p, T, LUCK, host, 3)
    assert world.deals[d].stage == s.EMPTY


def test_when_a_guest_is_let_in_the_others_stay_at_their_tables(rules, four):
    world, p = four
    p.scope_base[:] = 9.0
    host = opened(rules, world, SERVICE, (1, 2))
    theirs = table(rules, world, SERVICE, (2, 3), key=80)
    own = table(rules, world, SERVICE, (0, 3), key=81)
    d = joining(rules, world, SERVICE, 0, 1, host, stage=s.VOTING)
    rules.talks.vote(world, p, T, LUCK, d)
    assert world.deals[host].member[:3].tolist() == [1, 2, 0]
    assert world.deals[theirs].stage == s.STUDY
    assert world.deals[own].stage == s.EMPTY


# --- inviting -----------------------------------------------------------------------------------


def invited(rules, world, p, d):
    before = int(world.deals[d].members)
    world.terms[:] = 7.0  # what an earlier decision left behind
    rules.talks.invite(world, p, T, LUCK, d)
    return world.deals[d].member[before : world.deals[d].members].tolist()


def test_the_leader_invites_whom_it_likes_best_beyond_a_threshold(rules, four):
    world, p = four
    p.search_invite, p.scope_base[SERVICE], p.weighing_crowd = 0.4, 1.0, 1.0
    p.scope_depth[SERVICE], p.weighing_trust, p.weighing_busy = 0.5, 1.0, 0.2
    d = table(rules, world, SERVICE, (1, 0))
    # 1 - 1 x 0.5 x (2 - 1) = 0.5 is above 0.4; council 2 is trusted a little more.
    pair(rules, world, 1, 2).trust += 0.05
    assert invited(rules, world, p, d) == [2]
    row = happened(world)[0]
    assert (row.kind, row.council, row.other, row.reason, row.more) == (e.INVITED, 2, 1, -1, 0)
    # To whom is asked, the leader is busy with these very talks.
    assert row.value == pytest.approx(1.0 + 0.05 - 0.2)
    assert row.terms[[e.BASE, e.TRUST, e.BUSY]] == pytest.approx([1.0, 0.05, -0.2])
    assert d in world.councils[2].talks
    # The fourth would be the third besides the leader: 1 - 0.5 x 2 = 0 is not enough.
    assert invited(rules, world, p, d) == []


@pytest.mark.parametrize(("invite", "found"), [(0.5, []), (0.499, [2])])
def test_an_option_at_the_threshold_is_not_enough(rules, four, invite, found):
    world, p = four
    p.search_invite, p.scope_base[SERVICE], p.weighing_crowd = invite, 0.5, 0.0
    p.weighing_trust = 1.0
    for i in (1, 0):
        pair(rules, world, i, 3).trust -= 0.1
    d = table(rules, world, SERVICE)
    assert invited(rules, world, p, d) == found


def test_an_invitation_is_decided_by_gumbel_draws_of_the_leader(rules, four):
    world, p = four
    p.search_chance, p.scope_base[SERVICE], p.weighing_crowd = 1.0, 9.0, 0.0
    gumbel, lineage = rules.noise.gumbel, world.councils.lineage
    drawn = {j: gumbel(LUCK, noise.INVITE, T, SERVICE, lineage[0], lineage[j]) for j in (2, 3)}
    outside = gumbel(LUCK, noise.INVITE, T, OUTSIDE, lineage[0], 77)
    best = max(drawn, key=drawn.get)
    p.weighing_trust = 1.0
    pair(rules, world, 0, best).trust += 0.2
    for beyond, found in ((-1e-3, []), (1e-3, [best])):
        p.search_invite = 9.2 + drawn[best] - outside - beyond
        d = table(rules, world, SERVICE)
        assert invited(rules, world, p, d) == found
        rules.deals.forget(world, d)


def test_with_much_left_to_chance_the_best_is_still_invited(rules, four):
    world, p = four
    p.search_chance, p.search_invite, p.scope_base[OTHER] = 3.0, -90.0, 9.0
    lineage, gumbel = world.councils.lineage, rules.noise.gumbel
    for luck in range(60):
        drawn = {j: gumbel(luck, noise.INVITE, T, OTHER, lineage[2], lineage[j]) for j in (0, 1)}
        d = table(rules, world, OTHER, (2, 3))
        rules.talks.invite(world, p, T, luck, d)
        assert world.deals[d].member[2] == max(drawn, key=drawn.get)
        rules.deals.forget(world, d)
        rules.deals.sweep(world)


def test_a_full_study_invites_nobody(rules, four):
    world, p = four
    p.search_invite, p.scope_base[SERVICE] = -9.0, 9.0
    p.scope_most_members[SERVICE] = 2.0
    d = table(rules, world, SERVICE)
    assert invited(rules, world, p, d) == []
    p.scope_most_members[SERVICE] = 3.0
    assert len(invited(rules, world, p, d)) == 1


def test_nobody_is_invited_who_is_there_is_busy_or_has_such_a_deal(rules, four):
    world, p = four
    d = table(rules, world, SERVICE)

    def can(j, scope=SERVICE):
        place = rules.between.pair_of(world, 0, j)
        return bool(rules.talks.invitable(world, p, T, d, 0, j, place, scope))

    assert [can(j) for j in (1, 2, 3)] == [False, True, True]
    world.councils[2].attention = 0
    opened(rules, world, SERVICE, (3,))
    assert [can(j) for j in (2, 3)] == [False, False]
    world.councils[2].attention = 1
    pair(rules, world, 0, 2).again = T + 1
    assert can(2)
    assert not can(2, s.MANAGEMENT)


def test_a_member_that_the_leader_does_not_talk_with_elsewhere_is_not_invited_again(rules, four):
    world, p = four
    d = table(rules, world, SERVICE, (0, 1))
    world.councils[0].talks[:] = s.NOBODY  # so that only the list of members speaks
    place = rules.between.pair_of(world, 0, 1)
    assert not rules.talks.invitable(world, p, T, d, 0, 1, place, SERVICE)


@pytest.mark.parametrize("again", [0.0, 1.0])
def test_who_is_invited_is_weighed_in_full(rules, four, again):
    world, p = four
    p.search_invite, p.weighing_crowd, p.weighing_again = -0.35, 0.0, again
    p.weighing_resources = 0.8
    d = table(rules, world, SERVICE, (1, 0))
    pair(rules, world, 1, 2).means, pair(rules, world, 1, 3).means = 0.5, 0.4
    # -0.32 is above -0.35, -0.4 is not; but council 3 says no, for the same reason.
    assert invited(rules, world, p, d) == []
    assert rules.events.total_of(world.terms) == pytest.approx(-0.32 - p.weighing_busy)
    assert world.terms[e.MEANS] == pytest.approx(-0.32)


@pytest.mark.parametrize(("sum_", "comes"), [(0.0, False), (0.01, True)])
def test_the_invited_council_comes_when_its_own_sum_is_above_zero(rules, four, sum_, comes):
    world, p = four
    p.scope_base[SERVICE], p.weighing_busy = sum_, 0.0
    d = table(rules, world, SERVICE)
    rules.talks.welcome(world, p, T, LUCK, d, 0, rules.between.pair_of(world, 0, 3))
    assert (world.deals[d].members == 3) == comes
    assert kinds(world) == [e.INVITED] * comes
    assert (d in world.councils[3].talks) == comes


def test_the_answer_to_an_invitation_has_a_chance_of_its_own(rules, four):
    world, p = four
    p.talks_chance, p.scope_base[OTHER], p.weighing_busy = 0.5, 9.0, 0.0
    d = table(rules, world, OTHER)
    rules.talks.welcome(world, p, T, LUCK, d, 0, rules.between.pair_of(world, 0, 3))
    z = rules.noise.logistic(LUCK, noise.ANSWER_INVITED, T, OTHER, 77, world.councils[3].lineage)
    row = happened(world)[0]
    assert row.value == pytest.approx(9.0 + 0.5 * z)
    assert row.terms[e.CHANCE] == pytest.approx(0.5 * z)
