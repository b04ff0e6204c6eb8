"""How agreements end: who is pushed out by what, and what is left behind, by hand."""

import math

import pytest
from dealt import opened, unpair

from sim.core import events as e, noise, state as s

SERVICE, OTHER = 0, 1
T, LUCK, KEY = 40, 9, 77
PARTING = (e.LEARNS, e.ACCOUNTS, e.ENDS)


@pytest.fixture
def four(rules, typical):
    """Return four typical councils; nothing but the base rate pushes anybody out of a deal."""
    world, p = typical(*[{}] * 4)
    p.endings_service, p.endings_young, p.endings_settled, p.endings_old = 0.01, 0.02, 0.03, 0.04
    p.terms_minimum = 0.0
    p.scope_ramp[:] = 1.0
    rules.rates.take_rates(world, p)
    return world, p


def running(rules, world, p, scope, members=(0, 1), *, signed=4, key=KEY):
    """Return a deal that runs, and falls short just as much as an audit expects."""
    d = opened(rules, world, scope, members, key=key, begun=signed - 3)
    world.deals[d].signed, world.deals[d].started = signed, signed + 1
    return d


def happened(world, *kinds):
    rows = world.log[: world.tally[0].happened]
    return [row for row in rows if not kinds or row.kind in kinds]


def pair(rules, world, i, j):
    return world.pairs[rules.between.pair_of(world, i, j)]


def pushes(rules, world, p, d, k=0, *, t=T):
    rules.rates.take_rates(world, p)
    world.terms[:] = 7.0
    rules.endings.push_to_leave(world.terms, world, p, t, d, k)
    return {k: float(v) for k, v in enumerate(world.terms) if abs(v) > 1e-12 and k != e.BASE}


# --- the rate -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "age", "rate"),
    [
        (s.SERVICES - 1, 0, 0.01), (s.SERVICES - 1, 80, 0.01), (s.SERVICES, 0, 0.02),
        (s.SERVICES, 7, 0.02), (s.SERVICES, 8, 0.03), (s.MANAGEMENT, 23, 0.03),
        (s.MANAGEMENT, 24, 0.04), (s.MANAGEMENT, 400, 0.04),
    ],
)  # fmt: skip
def test_a_deep_deal_is_young_for_two_years_and_settled_until_six(rules, four, scope, age, rate):
    world, p = four
    base = rules.endings.base_rate(p, world.tally[0].logs, scope, age)
    assert base == pytest.approx(math.log(rate))
    d = running(rules, world, p, scope, signed=T - age)
    rules.endings.push_to_leave(world.terms, world, p, T, d, 0)
    assert world.terms[e.BASE] == base


def test_nothing_pushes_a_typical_council_out_of_a_typical_deal(rules, four):
    world, p = four
    for scope in (SERVICE, s.CHIEF_EXECUTIVE, s.MANAGEMENT):
        d = running(rules, world, p, scope, key=KEY + scope)
        assert pushes(rules, world, p, d) == {}


def test_a_new_majority_pushes_for_eight_quarters(rules, four):
    world, p = four
    p.endings_new_control = 5.0
    d = running(rules, world, p, SERVICE)
    world.councils[0].changed = 20
    for t, due in (
        (20, {e.NEW_CONTROL: math.log(5)}),
        (27, {e.NEW_CONTROL: math.log(5)}),
        (28, {}),
    ):
        assert pushes(rules, world, p, d, t=t) == pytest.approx(due)
        assert pushes(rules, world, p, d, 1, t=t) == {}


def test_the_year_after_a_joint_chief_executive_left_is_dangerous_for_all(rules, four):
    world, p = four
    p.endings_chief_left = 3.0
    d = running(rules, world, p, s.MANAGEMENT)
    world.deals[d].chief_left = 20
    for t, due in ((20, {e.VACANCY: math.log(3)}), (23, {e.VACANCY: math.log(3)}), (24, {})):
        for k in (0, 1):
            assert pushes(rules, world, p, d, k, t=t) == pytest.approx(due)


def test_a_saving_that_falls_short_by_more_than_expected_pushes(rules, four):
    world, p = four
    p.endings_shortfall, p.agreements_audit = 2.0, 0.25
    d = running(rules, world, p, SERVICE)
    deal = world.deals[d]
    deal.promise[:2], deal.worth[:2], deal.report = 1.0, (0.2, 1.0), 0.8
    # Seen are 0.75 x 0.8 + 0.25 x 0.2 = 0.65 and 0.85: short by 0.35 and 0.15.
    assert pushes(rules, world, p, d, 0) == pytest.approx({e.SAVINGS: 2.0 * 0.10})
    assert pushes(rules, world, p, d, 1) == pytest.approx({e.SAVINGS: 2.0 * -0.10})


@pytest.mark.parametrize(
    ("promise", "worth", "report", "age", "short"),
    [
        (1.0, 0.2, 0.8, 4, 0.35),
        (4.0, 0.8, 0.8, 4, 0.35),
        (1.0, 0.2, 0.8, 3, 0.25),  # nothing is known in the first year
        (0.0, 0.2, 0.8, 4, 0.25),  # nor where nothing was promised
        (2.0, -9.0, 0.8, 4, 0.65),  # a loss counts as no more than the promise
        (2.0, 9.0, 0.8, 4, 0.15),  # nor does a gain
        (1.0, 1.0, 3.0, 4, 0.0),
        (1.0, -1.0, 0.0, 4, 1.0),
    ],
)
def test_a_shortfall_is_what_is_seen_of_the_promise(
    rules, four, promise, worth, report, age, short
):
    world, p = four
    p.agreements_audit = 0.25
    d = running(rules, world, p, SERVICE, signed=T - age - 1)
    deal = world.deals[d]
    deal.promise[1], deal.worth[1], deal.report = promise, worth, report
    assert rules.endings.shortfall(p, world.deals, T, d, 1) == pytest.approx(short)


def test_attachment_to_independence_pushes_by_depth(rules, four):
    world, p = four
    p.endings_sovereignty, p.culture_autonomy = 1.5, 0.5
    world.councils.autonomy[:2] = 0.9, 0.4
    p.scope_depth[SERVICE], p.scope_depth[s.MANAGEMENT] = 0.1, 0.8
    for scope, depth in ((SERVICE, 0.1), (s.MANAGEMENT, 0.8)):
        d = running(rules, world, p, scope, key=KEY + scope)
        assert pushes(rules, world, p, d, 0) == pytest.approx({e.SOVEREIGNTY: 1.5 * depth * 0.4})
        assert pushes(rules, world, p, d, 1) == pytest.approx({e.SOVEREIGNTY: 1.5 * depth * -0.1})


def test_each_member_beyond_two_pushes(rules, four):
    world, p = four
    p.endings_crowd = 0.25
    d = running(rules, world, p, SERVICE, (0, 1, 2, 3))
    assert pushes(rules, world, p, d) == pytest.approx({e.CROWD: 0.5})


def test_trust_and_culture_are_means_over_the_partners_that_one_knows(rules, four):
    world, p = four
    p.endings_trust, p.beliefs_first_trust = 2.0, 0.4
    p.endings_culture, p.weighing_culture_typical = 3.0, 0.3
    p.scope_depth[SERVICE] = 0.5
    d = running(rules, world, p, SERVICE, (1, 0, 2))
    side = {
        j: rules.between.side_of(world.pairs, rules.between.pair_of(world, 1, j), 1) for j in (0, 2)
    }
    pair(rules, world, 1, 0).trust, pair(rules, world, 1, 2).trust = 0.1, 0.5
    pair(rules, world, 1, 0).belief[side[0]] = 0.7
    pair(rules, world, 1, 2).belief[side[2]] = 0.3
    pair(rules, world, 0, 2).trust = 0.0
    due = {e.TRUST: 2.0 * (0.4 - 0.3), e.CULTURE: 3.0 * 0.5 * (0.5 - 0.3), e.CROWD: p.endings_crowd}
    assert pushes(rules, world, p, d) == pytest.approx(due)
    # A partner that it has no pair with is left out of the mean.
    unpair(rules, world, 1, 2)
    due |= {e.TRUST: 2.0 * (0.4 - 0.1), e.CULTURE: 3.0 * 0.5 * (0.7 - 0.3)}
    assert pushes(rules, world, p, d) == pytest.approx(due)


def test_who_knows_no_partner_is_not_pushed_by_any(rules, four):
    world, p = four
    world.pairs.trust, world.pairs.tiers = 0.0, 1
    d = running(rules, world, p, SERVICE)
    world.councils[:2].degree = 0
    assert pushes(rules, world, p, d) == {}


def test_one_partner_with_other_duties_pushes_by_depth(rules, four):
    world, p = four
    p.endings_tier, p.endings_crowd, p.scope_depth[s.MANAGEMENT] = 4.0, 0.0, 0.8
    d = running(rules, world, p, s.MANAGEMENT, (0, 1, 2))
    pair(rules, world, 0, 1).tiers = 1
    for k, due in ((0, {e.TIER: 0.8 * math.log(4)}), (1, {e.TIER: 0.8 * math.log(4)}), (2, {})):
        assert pushes(rules, world, p, d, k) == pytest.approx(due)


# --- deciding -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("share", "goes"), [(0.999, 0), (1.001, 1)])
def test_a_member_leaves_when_its_draw_lies_below_the_chance_of_a_quarter(rules, four, share, goes):
    world, p = four
    d = running(rules, world, p, OTHER, (1, 0))
    who = world.councils[1].lineage
    u = rules.noise.uniform(LUCK, noise.LEAVE, T, OTHER, KEY, who)
    p.endings_service = -4 * math.log(1 - u) * share
    rules.rates.take_rates(world, p)
    world.deals[d].going[0] = 1 - goes
    rules.endings.decide_to_leave(world, p, T, LUCK, d)
    assert world.deals[d].going[0] == goes


@pytest.mark.parametrize(("minimum", "goes"), [(9.0, 1), (9.25, 0)])
def test_nobody_leaves_before_the_minimum_term_but_all_know_how_content_they_are(
    rules, four, minimum, goes
):
    world, p = four
    p.endings_service, p.endings_sovereignty, p.terms_minimum = 1e6, 2.0, minimum
    p.scope_depth[SERVICE] = 0.5
    world.councils.autonomy[:2] = p.culture_autonomy + 0.25, p.culture_autonomy - 0.1
    rules.rates.take_rates(world, p)
    d = running(rules, world, p, SERVICE, signed=T - 36)
    world.deals[d].going[:2] = 1
    rules.endings.decide_to_leave(world, p, T, LUCK, d)
    assert world.deals[d].going[:2].tolist() == [goes, goes]
    assert world.deals[d].score[:2] == pytest.approx([-0.25, 0.1])


def certain(rules, world, p):
    p.endings_service = p.endings_young = p.endings_settled = p.endings_old = 1e6
    rules.rates.take_rates(world, p)


def test_all_decide_on_the_same_state_before_anybody_leaves(rules, four):
    world, p = four
    certain(rules, world, p)
    running(rules, world, p, s.MANAGEMENT, (0, 1, 2))
    running(rules, world, p, SERVICE, (0, 1), key=5)
    world.deals[0].chief_left = T
    rules.endings.end_agreements(world, p, T, LUCK)
    leavers = happened(world, e.LEAVES)
    # Of three the last goes, then the second ends it; the last of two ends the other deal.
    assert [(r.deal, r.council, r.other) for r in leavers] == [(1, 2, 0), (1, 1, 0), (2, 1, 0)]
    assert (world.deals[:2].stage == s.EMPTY).all()
    assert (world.councils.agreement == s.NOBODY).all()


def test_what_is_not_at_work_or_is_becoming_one_council_does_not_end(rules, four):
    world, p = four
    certain(rules, world, p)
    early = running(rules, world, p, SERVICE)
    merger = running(rules, world, p, s.MERGER, (2, 3), key=5)
    world.deals[early].stage = s.TRANSITION
    for d in (early, merger):
        world.deals[d].going[:2], world.deals[d].score[:2] = 1, 0.5
    rules.endings.end_agreements(world, p, T, LUCK)
    assert happened(world) == []
    assert [int(world.deals[d].stage) for d in (early, merger)] == [s.TRANSITION, s.RUNNING]
    assert world.deals.score[[early, merger], :2].tolist() == [[0.5, 0.5]] * 2


# --- leaving ------------------------------------------------------------------------------------


def test_leaving_costs_a_share_of_the_set_up_and_names_the_strongest_push(rules, four):
    world, p = four
    p.endings_cost, p.endings_cost_strategy, p.endings_tier = 0.5, 0.1, 3.0
    p.endings_sovereignty, p.endings_crowd, p.scope_depth[SERVICE] = 1.5, 0.0, 1.0
    world.councils[2].autonomy = p.culture_autonomy + 0.2
    world.councils[2].changed = T
    p.endings_new_control = 2.0
    d = running(rules, world, p, SERVICE, (0, 1, 2))
    deal = world.deals[d]
    deal.paid[:3], deal.going[2] = (1.0, 2.0, 4.0), 1
    rules.rates.take_rates(world, p)
    rules.endings.let_leave(world, p, T, LUCK, d)
    assert world.councils.flows[:, s.EXITS].tolist() == [0.0, 0.0, 2.0, 0.0]
    row = happened(world, e.LEAVES)[0]
    assert (row.council, row.other, row.deal, row.reason) == (2, 0, 1, e.POLITICS)
    assert row.value == 2.0
    assert row.more == pytest.approx(math.log(0.01) + math.log(2) + 0.3)
    assert row.terms[[e.NEW_CONTROL, e.SOVEREIGNTY]] == pytest.approx([math.log(2), 0.3])
    deal.exit, deal.going[0] = 1, 1
    rules.endings.let_leave(world, p, T, LUCK, d)
    assert world.councils.flows[:, s.EXITS] == pytest.approx([0.1, 0.0, 2.0, 0.0])
    assert happened(world, e.LEAVES)[1].reason == e.LUCK


def test_the_last_two_go_on_while_the_third_leaves(rules, four):
    world, p = four
    p.beliefs_trust_loss_failure, p.talks_cooling_leaver = 0.15, 1.0
    trust = p.beliefs_first_trust
    world.tally[0].counts[s.CHANGED] = 0
    d = running(rules, world, p, s.MANAGEMENT, (0, 1, 2))
    rules.endings.step_out(world, p, T, LUCK, d, 1, e.TAX)
    assert world.deals[d].member[:3].tolist() == [0, 2, s.NOBODY]
    assert world.deals[d].stage == s.RUNNING
    assert world.councils.agreement[:, s.MANAGEMENT].tolist() == [d, s.NOBODY, d, s.NOBODY]
    known = [float(pair(rules, world, *ends).trust) for ends in ((0, 1), (1, 2), (0, 2))]
    assert known == pytest.approx([trust - 0.15, trust - 0.15, trust])
    assert world.pairs.failures.sum() == 0.0
    z = rules.noise.exponential(LUCK, noise.COOLING, T, 0, KEY, world.councils[1].lineage)
    never = s.LONG_AGO
    paused = [never, T + 1 + 4 * z, never, never]
    assert world.councils.pause.tolist() == pytest.approx(paused)
    rows = happened(world)
    assert [(r.kind, r.council, r.reason) for r in rows] == [(e.LEARNS, 1, e.TAX)]
    assert world.tally[0].counts[s.CHANGED] == 1
    assert world.tally[0].counts[s.AGREEMENTS_ENDED] == 0


def test_who_steps_out_has_learnt_that_a_deal_can_end(rules, four):
    world, p = four
    d = running(rules, world, p, s.MANAGEMENT, (0, 1, 2))
    rules.endings.step_out(world, p, T, LUCK, d, 1, e.PEOPLE)
    taught = world.councils[1].taught
    assert taught.argmax() == s.LESSON_EXIT


def test_when_two_part_both_learn_and_pause_and_the_pair_stays_apart(rules, four):
    world, p = four
    p.beliefs_trust_loss_failure, p.talks_rematch = 0.15, 3.0
    p.talks_cooling_leaver, p.talks_cooling_left = 1.0, 0.2
    d = running(rules, world, p, s.MANAGEMENT, (2, 1), signed=T - 10)
    rules.endings.break_up(world, p, T, LUCK, d, 1, e.PEOPLE)
    lineage, exponential = world.councils.lineage, rules.noise.exponential
    for i, mean in ((2, 0.2), (1, 1.0)):
        z = exponential(LUCK, noise.COOLING, T, 0, KEY, lineage[i])
        assert world.councils[i].pause == pytest.approx(T + 1 + 4 * mean * z)
        assert world.councils[i].taught.argmax() == s.LESSON_EXIT
    known = pair(rules, world, 1, 2)
    z = exponential(LUCK, noise.REMATCH, T, 0, KEY, 0)
    assert known.again == pytest.approx(T + 1 + 4 * 3.0 * z)
    assert (known.failures, world.pairs.failures.sum()) == (1.0, 1.0)
    assert known.trust == pytest.approx(p.beliefs_first_trust - 0.15)
    rows = happened(world)
    assert [(r.kind, r.council, r.reason) for r in rows] == [
        (e.LEARNS, 2, e.PEOPLE), (e.LEARNS, 1, e.PEOPLE), (e.ACCOUNTS, 2, s.NOBODY),
        (e.ENDS, 2, e.PEOPLE),
    ]  # fmt: skip


def test_the_end_of_a_deal_is_counted_by_its_reason_and_noted_with_its_age(rules, four):
    world, p = four
    tally = world.tally[0]
    tally.counts[s.CHANGED] = 0
    d = running(rules, world, p, SERVICE, (2, 1), signed=T - 10)
    rules.endings.close(world, p, T, d, e.TAX)
    assert (tally.ended[e.TAX], tally.ended.sum()) == (1, 1)
    assert (tally.counts[s.AGREEMENTS_ENDED], tally.counts[s.CHANGED]) == (1, 1)
    assert world.deals[d].stage == s.EMPTY
    assert (world.councils.agreement == s.NOBODY).all()
    row = happened(world, e.ENDS)[0]
    assert (row.council, row.other, row.deal, row.reason) == (2, 1, 1, e.TAX)
    assert (row.value, row.more) == (2.5, 0.0)


@pytest.mark.parametrize(
    ("scope", "stage", "kept"),
    [(SERVICE, s.RUNNING, 1), (SERVICE, s.TRANSITION, 0), (s.MERGER, s.RUNNING, 0)],
)
def test_accounts_are_closed_of_what_was_at_work(rules, four, scope, stage, kept):
    world, p = four
    p.scope_ramp[scope] = 8.0
    d = running(rules, world, p, scope, (2, 1), signed=T - 3)
    deal = world.deals[d]
    deal.stage, deal.promise[:2], deal.report = stage, (1.0, 3.0), 0.5
    deal.now[:2] = 0.5, -0.125
    rules.endings.note_accounts(world, p, T, d)
    told = [(r.kind, r.council, r.other, r.reason, r.value, r.more) for r in happened(world)]
    # Two of eight quarters of the ramp: a quarter of half of four million.
    assert told == [(e.ACCOUNTS, 2, 1, s.NOBODY, 0.5, 0.375)] * kept
    p.scope_ramp[scope] = 1.0
    rules.endings.note_accounts(world, p, T, d)
    assert [r.value for r in happened(world)[1:]] == [2.0] * kept


# --- services that outlive shared management ----------------------------------------------------


@pytest.mark.parametrize(("beyond", "survives"), [(1e-9, True), (-1e-9, False)])
def test_a_service_outlives_shared_management_by_a_draw_of_its_own(rules, four, beyond, survives):
    world, p = four
    d = running(rules, world, p, OTHER, (1, 0), key=5)
    u = rules.noise.uniform(LUCK, noise.SURVIVE, T, OTHER, 5, 0)
    p.endings_services_survive = u + beyond
    rules.endings.unpick(world, p, T, LUCK, 0, 1, e.TAX)
    assert (world.deals[d].stage == s.RUNNING) == survives
    told = [(r.kind, r.council, r.other, r.reason) for r in happened(world)]
    if survives:
        assert told == [(e.SURVIVES, 1, 0, s.NOBODY)]
        assert (happened(world)[0].value, happened(world)[0].more) == (0.0, 0.0)
    else:
        assert told == [(e.ACCOUNTS, 1, 0, s.NOBODY), (e.ENDS, 1, 0, e.TAX)]


def test_only_services_at_work_between_just_these_two_are_in_question(rules, four):
    world, p = four
    p.endings_services_survive = 0.0
    three = running(rules, world, p, 0, (0, 1, 2), key=5)
    early = running(rules, world, p, 1, (0, 1), key=6)
    world.deals[early].stage = s.TRANSITION
    apart = [running(rules, world, p, 2, (0, 2), key=7), running(rules, world, p, 2, (1, 3), key=8)]
    deep = running(rules, world, p, s.CHIEF_EXECUTIVE, (0, 1), key=9)
    last = running(rules, world, p, s.SERVICES - 1, (0, 1), key=10)
    rules.endings.unpick(world, p, T, LUCK, 0, 1, e.TAX)
    ended = [d for d in (three, early, *apart, deep, last) if world.deals[d].stage == s.EMPTY]
    assert ended == [last]


@pytest.mark.parametrize(("scope", "asked"), [(s.MANAGEMENT, 1), (s.CHIEF_EXECUTIVE, 0)])
def test_only_the_end_of_shared_management_puts_services_in_question(rules, four, scope, asked):
    world, p = four
    p.endings_services_survive = 1.0
    for n, members in enumerate(((0, 1), (0, 2), (1, 3), (1, 2))):
        running(rules, world, p, n, members, key=5 + n)
    d = running(rules, world, p, scope)
    rules.endings.break_up(world, p, T, LUCK, d, 0, e.TAX)
    assert len(happened(world, e.SURVIVES)) == asked
    assert world.deals[d].stage == s.EMPTY
