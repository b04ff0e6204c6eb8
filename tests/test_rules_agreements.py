"""Signing, setting up, working together and leaving, against sums done by hand."""

import math

import pytest
from dealt import opened, unpair

from sim.core import state as s
from sim.core.events import ACCOUNTS, ENDS, LEAVES, NEW_CONTROL, STARTS, SURVIVES, VACANCY
from sim.running import new_record

SERVICE = 0


@pytest.fixture
def trio(rules, country, world_of):
    """Return a founded world of three councils without chance in what deals are worth."""
    world, p = world_of(country({}, {}, {}))
    rules.founding.found(world, p, 1)
    world.councils.income = 20.0
    world.councils.platform = 1
    p.scope_true_spread[:] = 0.0
    p.agreements_overrun_spread = p.agreements_reported_spread = 0.0
    return world, p


def table(rules, world, scope, members=(0, 1), *, key=77, begun=0):
    """Return a deal under negotiation."""
    return opened(rules, world, scope, members, stage=s.STUDY, key=key, begun=begun)


def signed(rules, world, p, scope, members=(0, 1), *, t=2, key=77):
    d = table(rules, world, scope, members, key=key)
    rules.signing.sign(world, p, t, 1, d)
    return d


def running(rules, world, p, scope, members=(0, 1), *, t=2, key=77):
    d = signed(rules, world, p, scope, members, t=t, key=key)
    world.deals[d].stage, world.deals[d].started = s.RUNNING, t + 1
    world.deals[d].bill[:] = 0.0
    return d


def grow_together(rules, world, p, t, d):
    """Let the first two members of a deal grow together, as `work` does."""
    rules.between.know_pairs(world, d)
    rules.agreements.grow_together(world, p, t, d, 1, 0)


def kinds(world):
    return list(world.log["kind"][: world.tally[0].happened])


def test_a_promise_is_the_catalogues_share_of_the_cost_times_the_business_cases_factor(rules, trio):
    world, p = trio
    p.scope_budget_share[SERVICE], p.scope_promised[SERVICE] = 0.1, 0.15
    d = table(rules, world, SERVICE)
    world.deals[d].factor = 1.5
    rules.signing.sign(world, p, 2, 1, d)
    assert world.deals[d].promise[0] == pytest.approx(20.0 * 0.1 * 0.15 * 1.5)
    assert world.councils[0].agreement[SERVICE] == d
    assert list(world.councils[0].talks) == [s.NOBODY] * s.TALKS_MOST


def test_the_true_saving_has_nothing_to_do_with_the_promise(rules, trio):
    world, p = trio
    p.scope_budget_share[SERVICE], p.scope_true_saving[SERVICE] = 0.1, 0.02
    worth = []
    for factor, key in ((0.5, 77), (3.0, 78)):
        d = table(rules, world, SERVICE, key=key)
        world.deals[d].factor = factor
        rules.signing.sign(world, p, 2, 1, d)
        worth.append(float(world.deals[d].worth[0]))
    # Both councils are above the limit to economies of scale: 20 x 0.1 x 0.02.
    assert worth == pytest.approx([0.04, 0.04])


def test_promised_reported_and_true_are_three_numbers(rules, trio):
    world, p = trio
    p.scope_ramp[SERVICE] = 4.0
    d = running(rules, world, p, SERVICE)
    deal = world.deals[d]
    deal.promise[:2], deal.worth[:2], deal.report, deal.upkeep[:2] = 1.0, 0.1, 0.8, 0.0
    record = new_record(1)
    rules.agreements.run_agreements(world, p, 5)
    rules.observe.measure_deals(world, p, 5, record[0])
    assert record[0].promised == pytest.approx(2.0)
    assert record[0].reported == pytest.approx(2.0 * 0.8 * 2 / 4)
    assert list(world.councils.saving) == pytest.approx([0.05, 0.05, 0.0])
    deal.report = 5.0
    rules.agreements.run_agreements(world, p, 6)
    assert list(world.councils.saving) == pytest.approx([0.075, 0.075, 0.0])


def test_economies_of_scale_run_out_at_the_limit(rules, trio):
    world, p = trio
    p.agreements_scale_limit, p.agreements_scale_elasticity = 60000.0, 0.8
    p.scope_ict[SERVICE] = 0.9
    d = table(rules, world, SERVICE)
    for people, gain in ((30000, 0.9 * (1 - 2**-0.2)), (45000, 0.9 * (1 - 0.75**0.2)), (60000, 0)):
        world.councils.population = people
        assert rules.signing.scale_gain(world, p, d, 0, SERVICE) == pytest.approx(gain)


def test_the_bill_grows_by_the_overrun_and_by_a_common_system(rules, trio):
    world, p = trio
    p.scope_budget_share[SERVICE], p.scope_promised[SERVICE] = 0.1, 0.15
    p.scope_setup_ratio[SERVICE], p.scope_ict[SERVICE] = 2.0, 0.5
    p.agreements_overrun_service, p.agreements_system_cost = 1.1, 0.4
    planned = 20.0 * 0.1 * 0.15 * 2.0
    d = table(rules, world, SERVICE)
    assert rules.signing.full_bill(world, p, 1, d, 1, SERVICE) == pytest.approx(planned * 1.1)
    world.councils[1].platform = 2
    for subsidy in (0.0, 0.75, 1.0):  # whoever pays for the system
        p.support_ict_subsidy = subsidy
        bill = rules.signing.full_bill(world, p, 1, d, 1, SERVICE)
        assert bill == pytest.approx(planned * (1.1 + 0.2))


def test_the_bill_is_paid_over_the_transition_and_then_the_work_starts(rules, trio):
    world, p = trio
    p.scope_transition[SERVICE] = 3.0
    d = signed(rules, world, p, SERVICE, t=2)
    world.deals[d].bill[:2] = 3.0, 6.0
    paid = []
    for t in range(2, 7):
        rules.money.clear_books(world)
        rules.agreements.run_agreements(world, p, t)
        paid.append(world.councils.flows[:2, s.SETUP].tolist())
    assert paid == [[0, 0], [1, 2], [1, 2], [1, 2], [0, 0]]
    assert world.deals[d].started == 5
    assert list(world.deals[d].paid[:2]) == [3.0, 6.0]


def test_savings_ramp_up_and_coordination_costs_from_the_first_quarter(rules, trio):
    world, p = trio
    p.scope_ramp[SERVICE] = 4.0
    d = running(rules, world, p, SERVICE)
    world.deals[d].worth[:2], world.deals[d].upkeep[:2] = 0.8, 0.04
    saved = []
    for t in range(4, 9):
        rules.money.clear_books(world)
        rules.agreements.run_agreements(world, p, t)
        saved.append(float(world.councils[0].saving))
        assert world.councils[0].flows[s.COORDINATION] == pytest.approx(0.01)
    assert saved == pytest.approx([0.2, 0.4, 0.6, 0.8, 0.8])


def test_each_further_partner_adds_coordination(rules, trio):
    world, p = trio
    p.scope_coordination[SERVICE], p.agreements_coordination_extra = 0.1, 0.5
    d = signed(rules, world, p, SERVICE, (0, 1, 2))
    pooled = rules.promises.saving_base(world.councils, p, 0, SERVICE)
    assert world.deals[d].upkeep[0] == pytest.approx(0.15 * pooled)


@pytest.mark.parametrize(
    ("staged", "needs_exit", "study", "has_exit", "paid"),
    [
        (1, 0, 0, 0, False), (1, 0, 1, 0, True), (0, 0, 0, 0, True),
        (0, 1, 0, 0, False), (0, 1, 0, 1, True), (1, 1, 0, 1, False),
    ],
)  # fmt: skip
def test_a_set_up_grant_asks_for_a_paid_study_and_for_an_exit_strategy(
    rules, trio, staged, needs_exit, study, has_exit, paid
):
    world, p = trio
    p.grants_staged, p.grants_exit_required, p.grants_setup_pot = staged, needs_exit, 9.0
    p.grants_setup_share, p.grants_setup_limit = 0.5, 1.0
    world.tally[0].pots[1] = 9_000_000
    d = table(rules, world, SERVICE)
    deal = world.deals[d]
    deal.grant, deal.exit, deal.bill[:2] = study, has_exit, 0.4
    rules.signing.bid_for_setup(world, p, 2, d)
    share = 0.5 * 0.8 / 2 if paid else 0.0
    assert world.councils.flows[:2, s.GRANTS] == pytest.approx([share, share])


def test_no_set_up_grant_exceeds_the_limit_of_a_deal(rules, trio):
    world, p = trio
    p.grants_staged, p.grants_setup_pot = 0.0, 9.0
    p.grants_setup_share, p.grants_setup_limit = 1.0, 0.5
    world.tally[0].pots[1] = 9_000_000
    d = table(rules, world, SERVICE)
    world.deals[d].bill[:2] = 3.0
    rules.signing.bid_for_setup(world, p, 2, d)
    assert world.councils.flows[:, s.GRANTS].sum() == pytest.approx(0.5)
    assert world.tally[0].pots[1] == 8_500_000


def test_who_joins_a_deal_pays_its_bill_in_its_first_quarter(rules, trio):
    world, p = trio
    host = running(rules, world, p, SERVICE)
    d = table(rules, world, SERVICE, (2, 1), key=78, begun=4)
    world.deals[d].host, world.deals[d].host_number = host, world.deals[host].number
    assert rules.signing.sign(world, p, 6, 1, d) == host
    assert world.deals[host].member[:4].tolist() == [0, 1, 2, s.NOBODY]
    assert world.councils[2].agreement[SERVICE] == host
    assert world.deals[d].stage == s.EMPTY
    bill = float(world.deals[host].bill[2])
    rules.money.clear_books(world)
    rules.agreements.run_agreements(world, p, 7)
    assert bill > 0.0
    assert world.councils.flows[:, s.SETUP].tolist() == [0.0, 0.0, bill]


def test_a_full_deal_takes_nobody_more(rules, trio):
    world, p = trio
    p.scope_most_members[SERVICE] = 2.0
    running(rules, world, p, SERVICE)
    assert not rules.search.room_in(world, p, 1, SERVICE)
    p.scope_most_members[SERVICE] = 3.0
    assert rules.search.room_in(world, p, 1, SERVICE)


def test_two_guests_cannot_take_one_last_place(rules, country, world_of):
    world, p = world_of(country(*[{}] * 4))
    rules.founding.found(world, p, 1)
    p.scope_most_members[SERVICE] = 3.0
    host = running(rules, world, p, SERVICE)
    p.scope_base[SERVICE] = 50.0
    for guest, door in ((2, 0), (3, 1)):
        d = table(rules, world, SERVICE, (guest, door), key=80 + guest, begun=3)
        world.deals[d].host, world.deals[d].host_number = host, world.deals[host].number
        world.deals[d].stage = s.VOTING
    rules.talks.hold_talks(world, p, 5, 1)
    assert (world.deals[host].member != s.NOBODY).sum() == 3
    assert (world.councils.agreement[:, SERVICE] == host).sum() == 3


def test_cultures_grow_together_and_keep_their_middle(rules, trio):
    world, p = trio
    p.agreements_converge, p.scope_depth[s.MANAGEMENT] = 0.4, 0.5
    world.councils.culture[0], world.councils.culture[1] = 0.2, 0.8
    d = running(rules, world, p, s.MANAGEMENT)
    grow_together(rules, world, p, 4, d)
    rules.agreements.settle(world)
    # A year closes 0.4 x 0.5 of the difference, a quarter a fourth of that, half from each side.
    step = 0.4 * 0.5 / 4 / 2 * 0.6
    assert world.councils.culture[0] == pytest.approx([0.2 + step] * 4)
    assert world.councils.culture[1] == pytest.approx([0.8 - step] * 4)


def test_a_deal_that_delivers_builds_trust_and_one_that_fails_destroys_it(rules, trio):
    world, p = trio
    p.agreements_trust_gain, p.agreements_trust_loss, p.agreements_audit = 0.08, 0.4, 0.5
    d = running(rules, world, p, SERVICE)
    e = rules.between.pair_of(world, 0, 1)
    deal = world.deals[d]
    deal.promise[:2], deal.report, deal.equal = 1.0, 1.0, 1
    for worth, change in ((1.0, 0.08), (0.0, 0.04 - 0.2)):
        world.pairs[e].trust, deal.worth[:2] = 0.5, worth
        grow_together(rules, world, p, 20, d)
        rules.agreements.settle(world)
        assert world.pairs[e].trust == pytest.approx(0.5 + change / 4)


@pytest.mark.parametrize(("equal", "slighted"), [(0, 0.05), (1, 0.0)])
def test_a_larger_partner_costs_trust_unless_the_deal_says_that_they_are_equal(
    rules, trio, equal, slighted
):
    world, p = trio
    p.agreements_trust_gain, p.agreements_fairness, p.agreements_audit = 0.08, 0.1, 0.0
    d = running(rules, world, p, SERVICE)
    pair = world.pairs[rules.between.pair_of(world, 0, 1)]
    pair.trust, pair.ratio, world.deals[d].equal = 0.5, 0.5, equal
    grow_together(rules, world, p, 4, d)
    rules.agreements.settle(world)
    assert pair.trust == pytest.approx(0.5 + (0.08 - slighted) / 4)


@pytest.mark.parametrize(("align", "felt"), [(0, 1.0), (1, 0.9 * 0.9)])
def test_a_plan_to_align_council_tax_makes_the_gap_felt_less_year_by_year(rules, trio, align, felt):
    world, p = trio
    p.agreements_tax_alignment = 0.4
    d = running(rules, world, p, SERVICE)
    world.deals[d].align = align
    for t in (4, 5):
        grow_together(rules, world, p, t, d)
    assert world.pairs[rules.between.pair_of(world, 0, 1)].felt_gap == pytest.approx(felt)
    assert world.pairs[rules.between.pair_of(world, 0, 2)].felt_gap == 1.0


def test_the_weaker_service_learns_from_the_better_one(rules, trio):
    world, p = trio
    p.agreements_practice, p.scope_budget_share[SERVICE] = 0.4, 0.5
    world.councils.quality = [0.4, 0.8, 0.1]
    d = running(rules, world, p, SERVICE)
    rules.agreements.share_practice(world, p, d)
    rules.agreements.settle(world)
    assert list(world.councils.quality) == pytest.approx([0.4 + 0.4 * 0.5 / 4 * 0.4, 0.8, 0.1])


def test_a_shortfall_is_seen_by_report_and_by_audit(rules, trio):
    world, p = trio
    d = running(rules, world, p, SERVICE)
    deal = world.deals[d]
    p.agreements_audit = 0.25
    deal.promise[0], deal.worth[0], deal.report = 1.0, 0.2, 0.8
    short = rules.endings.shortfall(p, world.deals, 20, d, 0)
    assert short == pytest.approx(1.0 - (0.75 * 0.8 + 0.25 * 0.2))
    assert rules.endings.shortfall(p, world.deals, 4, d, 0) == 0.25


def test_savings_are_held_against_the_promise_once_the_years_of_grace_are_over(rules, trio):
    world, p = trio
    d = running(rules, world, p, SERVICE, t=2)
    deal = world.deals[d]
    deal.promise[0], deal.worth[0], deal.report = 1.0, 0.0, 0.5
    for years, first in ((1.0, 7), (2.0, 11), (0.5, 5), (0.0, 3)):
        p.agreements_grace_years = years
        seen = [rules.endings.shortfall(p, world.deals, t, d, 0) for t in range(3, 20)]
        assert [value != p.agreements_audit for value in seen] == [t >= first for t in range(3, 20)]


def test_local_contact_is_lost_deal_by_deal(rules, trio):
    world, p = trio
    p.scope_contact_loss[[SERVICE, 1]] = 0.2, 0.5
    for scope in (SERVICE, 1):
        running(rules, world, p, scope, key=90 + scope)
    rules.agreements.run_agreements(world, p, 4)
    assert list(world.councils.local_contact) == pytest.approx([0.4, 0.4, 1.0])


def test_nobody_leaves_before_the_minimum_term(rules, trio):
    world, p = trio
    d = running(rules, world, p, SERVICE, t=2)
    p.endings_service, p.terms_minimum = 1e6, 2.0
    rules.endings.decide_to_leave(world, p, 9, 1, d)
    assert world.deals[d].going.sum() == 0
    rules.endings.decide_to_leave(world, p, 10, 1, d)
    assert world.deals[d].going.sum() == 2


@pytest.mark.parametrize(("strategy", "share"), [(0, 0.5), (1, 0.1)])
def test_leaving_costs_less_with_an_exit_strategy(rules, trio, strategy, share):
    world, p = trio
    p.endings_cost, p.endings_cost_strategy = 0.5, 0.1
    d = running(rules, world, p, s.MANAGEMENT)
    deal = world.deals[d]
    deal.exit, deal.paid[:2], deal.going[0] = strategy, (2.0, 4.0), 1
    rules.endings.let_leave(world, p, 9, 1, d)
    assert list(world.councils.flows[:, s.EXITS]) == pytest.approx([share * 2.0, 0.0, 0.0])
    assert LEAVES in kinds(world)
    assert ENDS in kinds(world)
    assert (world.councils.agreement == s.NOBODY).all()
    assert world.councils[0].lessons.sum() == 0.0
    assert world.councils[0].taught[s.LESSON_EXIT] > 0.0


def test_an_agreement_that_ends_closes_its_accounts(rules, trio):
    world, p = trio
    d = running(rules, world, p, SERVICE, t=0)
    deal = world.deals[d]
    deal.promise[:2], deal.now[:2], deal.report = (2.0, 4.0), (0.5, -0.25), 0.5
    p.scope_ramp[SERVICE] = 8.0
    rules.endings.close(world, p, 4, d, 0)
    found = next(row for row in world.log if row.kind == ACCOUNTS)
    assert (found.value, found.more) == pytest.approx((0.5 * 6.0 * (4 - deal.started) / 8, 0.25))


def test_satisfaction_is_what_does_not_push_out_of_a_deal(rules, trio):
    world, p = trio
    d = running(rules, world, p, s.MANAGEMENT)
    world.councils.autonomy[0], world.councils.autonomy[1] = p.culture_autonomy, 1.0
    p.endings_trust = p.endings_culture = p.endings_shortfall = 0.0
    rules.endings.decide_to_leave(world, p, 4, 1, d)
    push = p.endings_sovereignty * p.scope_depth[s.MANAGEMENT] * (1.0 - p.culture_autonomy)
    assert list(world.deals[d].score[:2]) == pytest.approx([0.0, -push])


def test_one_member_can_leave_while_the_others_go_on(rules, trio):
    world, p = trio
    d = running(rules, world, p, SERVICE, (0, 1, 2))
    world.deals[d].promise[:3] = 1.0, 2.0, 3.0
    world.deals[d].going[1] = 1
    rules.endings.let_leave(world, p, 9, 1, d)
    assert world.deals[d].stage == s.RUNNING
    assert world.deals[d].member[:3].tolist() == [0, 2, s.NOBODY]
    assert world.deals[d].promise[:3].tolist() == [1.0, 3.0, 0.0]
    assert world.councils.agreement[:, SERVICE].tolist() == [d, s.NOBODY, d]


@pytest.mark.parametrize(("chance", "kind"), [(1.0, SURVIVES), (0.0, ENDS)])
def test_a_shared_service_may_outlive_shared_management(rules, trio, chance, kind):
    world, p = trio
    p.endings_services_survive = chance
    service = running(rules, world, p, SERVICE)
    d = running(rules, world, p, s.MANAGEMENT, key=78)
    world.deals[d].going[1] = 1
    rules.endings.let_leave(world, p, 9, 1, d)
    assert kind in kinds(world)
    assert (world.deals[service].stage == s.RUNNING) == (chance == 1.0)
    assert world.councils[0].agreement[s.MANAGEMENT] == s.NOBODY


def test_the_rate_of_leaving_is_the_product_of_its_triggers(rules, trio):
    world, p = trio
    d = running(rules, world, p, s.MANAGEMENT, t=2)
    p.endings_young, p.endings_settled, p.endings_old = 0.02, 0.01, 0.03
    p.endings_new_control, p.endings_chief_left = 4.0, 2.5
    for name in ("shortfall", "sovereignty", "crowd", "trust", "culture"):
        p[f"endings_{name}"] = 0.0
    council = world.councils[0]

    def rate(t):
        rules.rates.take_rates(world, p)
        rules.endings.push_to_leave(world.terms, world, p, t, d, 0)
        return math.exp(world.terms.sum())

    assert rate(9) == pytest.approx(0.02)
    assert rate(10) == pytest.approx(0.01)
    assert rate(26) == pytest.approx(0.03)
    council.changed = 9
    assert rate(10) == pytest.approx(0.04)
    world.deals[d].chief_left = 8
    assert rate(10) == pytest.approx(0.10)
    council.changed = world.deals[d].chief_left = s.LONG_AGO
    assert rate(10) == pytest.approx(0.01)


@pytest.mark.parametrize(("years", "last"), [(2.0, 17), (1.0, 13), (2.5, 19)])
@pytest.mark.parametrize(
    ("number", "term"), [("new_control_years", NEW_CONTROL), ("chief_left_years", VACANCY)]
)
def test_a_trigger_is_felt_for_its_years_and_no_longer(rules, trio, number, term, years, last):
    world, p = trio
    d = running(rules, world, p, s.MANAGEMENT, t=2)
    rules.rates.take_rates(world, p)
    world.councils[0].changed = world.deals[d].chief_left = 10
    p.endings_new_control_years = p.endings_chief_left_years = 4.0
    p[f"endings_{number}"] = years

    def triggered(t):
        rules.endings.push_to_leave(world.terms, world, p, t, d, 0)
        return world.terms[term] != 0.0

    assert [t for t in range(10, 30) if triggered(t)] == list(range(10, last + 1))


@pytest.mark.parametrize(("young", "settled"), [(2.0, 6.0), (1.0, 3.0), (0.5, 0.5)])
def test_shared_management_is_young_then_settled_then_old(rules, trio, young, settled):
    world, p = trio
    p.endings_young, p.endings_settled, p.endings_old = 0.02, 0.01, 0.03
    p.endings_young_years, p.endings_settled_years = young, settled
    rules.rates.take_rates(world, p)
    logs = world.tally[0].logs
    rates = [math.exp(rules.endings.base_rate(p, logs, s.MANAGEMENT, age)) for age in range(30)]
    expected = [
        0.02 if age < 4 * young else 0.01 if age < 4 * settled else 0.03 for age in range(30)
    ]
    assert rates == pytest.approx(expected)


def test_what_was_signed_this_quarter_is_not_set_up_yet_and_the_last_quarter_pays_the_rest(
    rules, trio
):
    world, p = trio
    p.scope_transition[SERVICE] = 0.5  # shorter than a quarter is a quarter
    d = signed(rules, world, p, SERVICE, (1, 0), t=2)
    world.deals[d].bill[:2], world.deals[d].promise[:2] = (3.0, 6.0), (0.5, 0.25)
    before = world.tally[0].happened
    rules.agreements.set_up(world, p, 2, d)
    assert world.deals[d].stage == s.TRANSITION
    rules.agreements.set_up(world, p, 3, d)
    deal = world.deals[d]
    assert (deal.stage, deal.started) == (s.RUNNING, 3)
    assert (list(deal.paid[:2]), list(deal.bill[:2])) == ([3.0, 6.0], [0.0, 0.0])
    row = world.log[before]
    assert (row.quarter, row.kind, row.council, row.other) == (3, STARTS, 1, 0)
    assert (row.deal, row.scope, row.reason) == (1, SERVICE, s.NOBODY)
    assert (row.value, row.more) == (0.75, 2.0)


def test_a_bill_that_comes_late_is_paid_at_once_and_counts_as_paid(rules, trio):
    world, p = trio
    d = running(rules, world, p, SERVICE)
    deal = world.deals[d]
    deal.bill[1], deal.paid[:2] = 2.0, 1.0
    rules.money.clear_books(world)
    rules.agreements.work(world, p, 9, d)
    assert world.councils.flows[:, s.SETUP].tolist() == [0.0, 2.0, 0.0]
    assert (list(deal.bill[:2]), list(deal.paid[:2])) == ([0.0, 0.0], [1.0, 3.0])


def test_a_quarter_of_work_brings_every_two_members_nearer(rules, trio):
    world, p = trio
    p.agreements_converge, p.scope_depth[SERVICE] = 0.8, 0.5
    world.councils.culture[:] = [[0.2] * 4, [0.4] * 4, [0.9] * 4]
    world.councils.quality = 0.6, 0.4, 0.2
    p.agreements_practice, p.scope_budget_share[SERVICE] = 0.8, 0.5
    running(rules, world, p, SERVICE, (0, 1, 2))
    rules.agreements.run_agreements(world, p, 4)
    # Each two close 0.8 x 0.5 / 8 of what lies between them from either side.
    due = [0.2 + 0.05 * (0.2 + 0.7), 0.4 + 0.05 * (0.5 - 0.2), 0.9 - 0.05 * (0.7 + 0.5)]
    assert world.councils.culture[:, 0] == pytest.approx(due)
    assert world.councils.quality == pytest.approx([0.6, 0.4 + 0.1 * 0.2, 0.2 + 0.1 * 0.4])
    assert world.councils.drift.sum() == world.councils.learning.sum() == 0.0
    assert (world.trusting == 0.0).all()


@pytest.mark.parametrize(("scope", "learnt"), [(s.SERVICES - 1, 0.01), (s.SERVICES, 0.0)])
def test_only_services_share_their_practice(rules, trio, scope, learnt):
    world, p = trio
    p.agreements_practice, p.scope_budget_share[:] = 0.4, 0.5
    world.councils.quality = 0.2, 0.4, 0.6
    running(rules, world, p, scope)
    rules.agreements.run_agreements(world, p, 4)
    # A quarter of 0.4 x 0.5 of what the other does better.
    assert world.councils.quality.tolist() == pytest.approx([0.2 + learnt, 0.4, 0.6])


def test_what_a_quarter_changed_is_applied_once(rules, trio):
    world, _ = trio
    world.pairs.trust, world.trusting[:2] = 0.0, (1.0, 0.25)
    world.councils.culture, world.councils.drift, world.councils.learning = 0.5, 0.125, 0.25
    world.councils.quality = 0.25
    for _ in range(2):
        rules.agreements.settle(world)
        assert world.pairs.trust[:2].tolist() == [1.0, 0.25]
        assert (world.councils.culture == 0.625).all()
        assert world.councils.quality.tolist() == [0.5] * 3


def test_trust_culture_and_quality_stay_between_nothing_and_all(rules, trio):
    world, _ = trio
    world.trusting[:2] = 5.0, -5.0
    world.councils.drift[:2] = [[5.0] * 4, [-5.0] * 4]
    world.councils.learning[:2] = 5.0, -5.0
    rules.agreements.settle(world)
    assert world.pairs.trust[:2].tolist() == [1.0, 0.0]
    assert world.councils.culture[:2, 3].tolist() == world.councils.quality[:2].tolist() == [1, 0]


def test_a_saving_is_what_was_inherited_what_a_merger_saves_by_now_and_every_running_deal(
    rules, trio
):
    world, p = trio
    p.scope_ramp[s.MERGER], p.scope_contact_loss[:2] = 8.0, (0.2, 0.5)
    one = world.councils[0]
    one.inherited, one.merging, one.merged_at, one.kept = 0.5, 2.0, 2, 0.75
    world.councils.saving = 9.0
    for scope in (SERVICE, 1):
        d = running(rules, world, p, scope, key=90 + scope)
        world.deals[d].now[:2] = 0.25, 0.125
    early = signed(rules, world, p, 2, key=95)
    world.deals[early].now[:2] = 7.0
    rules.agreements.gather_savings(world, p, 4)
    assert world.councils.saving.tolist() == [0.5 + 2 * 2 / 8 + 0.5, 0.25, 0.0]
    assert world.councils.local_contact == pytest.approx([0.75 * 0.4, 0.4, 1.0])
    rules.agreements.gather_savings(world, p, 99)
    assert one.saving == 3.0


def test_trust_follows_the_mean_shortfall_of_the_two_and_only_a_pair_has_any(rules, trio):
    world, p = trio
    p.agreements_trust_gain, p.agreements_trust_loss, p.agreements_audit = 0.08, 0.4, 1.0
    d = running(rules, world, p, SERVICE)
    deal, place = world.deals[d], rules.between.pair_of(world, 0, 1)
    deal.promise[:2], deal.worth[:2], deal.equal = 1.0, (0.5, 0.75), 1
    grow_together(rules, world, p, 20, d)
    short = (0.5 + 0.25) / 2
    assert world.trusting[place] == pytest.approx((0.08 * (1 - short) - 0.4 * short) / 4)
    world.trusting[:], deal.align = 0.0, 1
    unpair(rules, world, 1, 0)
    grow_together(rules, world, p, 20, d)
    assert (world.trusting == 0.0).all()
    assert (world.pairs.felt_gap == 1.0).all()


def test_talks_cost_no_coordination_and_save_nothing(rules, trio):
    world, p = trio
    d = table(rules, world, SERVICE)
    world.deals[d].worth[:2] = world.deals[d].upkeep[:2] = world.deals[d].now[:2] = 4.0
    rules.money.clear_books(world)
    rules.agreements.run_agreements(world, p, 4)
    assert world.councils.flows.sum() == world.councils.saving.sum() == 0.0


def test_on_the_first_day_of_a_merger_its_members_become_one(rules, trio):
    world, p = trio
    world.councils.population = 300000.0, 100000.0, 100000.0
    d = signed(rules, world, p, s.MERGER, (0, 1))
    rules.agreements.set_up(world, p, 99, d)
    assert world.councils.alive.tolist() == [1, 0, 1]  # in the row of the largest, the first here
    assert world.councils.population[0] == 400000.0
    other = signed(rules, world, p, SERVICE, (0, 2), key=78)
    rules.agreements.set_up(world, p, 99, other)
    assert world.councils.alive.tolist() == [1, 0, 1]
