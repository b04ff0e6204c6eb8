"""The public purse: each pound that government pays, in one book, against sums done by hand."""

import math

import pytest

from sim.core import events as e, state as s
from sim.running import new_record

SERVICE, LUCK, T = 0, 1, 2
COSTS = (s.STUDIES, s.SETUP, s.COORDINATION, s.EXITS)


@pytest.fixture
def trio(rules, country, world_of):
    """Return a founded world of three councils with tax bases of 50,000, nothing left to luck."""
    world, p = world_of(country({}, {}, {}))
    rules.founding.found(world, p, 1)
    world.councils.income, world.councils.platform = 20.0, 1
    world.bases[:] = 50000.0
    p.scope_true_spread[:] = p.scope_base[:] = 0.0
    p.agreements_overrun_spread = p.agreements_reported_spread = 0.0
    return world, p


def deal(rules, world, scope, members=(0, 1)):
    """Return talks of these members."""
    d = rules.deals.open_deal(world, 0, scope, 77)
    for i in members:
        rules.deals.add_member(world.deals, d, i)
        rules.deals.start_talking(world.councils, i, d)
    return d


def running(rules, world, p, scope, members=(0, 1)):
    """Return a deal that works since the first day, with nothing left to pay."""
    d = deal(rules, world, scope, members)
    rules.signing.sign(world, p, 0, LUCK, d)
    row = world.deals[d]
    row.stage, row.started, row.bill[:], row.aid[:] = s.RUNNING, 0, 0.0, 0.0
    return d


# --- a common system ----------------------------------------------------------------------------


@pytest.fixture
def unlike(rules, trio):
    """Return a deal in which a system of 0.12 is common to the two, on a plan of 0.6 each."""
    world, p = trio
    p.scope_budget_share[SERVICE], p.scope_promised[SERVICE] = 0.1, 0.15
    p.scope_setup_ratio[SERVICE], p.scope_ict[SERVICE], p.scope_transition[SERVICE] = 2.0, 0.5, 2.0
    p.agreements_overrun_service, p.agreements_system_cost = 1.0, 0.4
    world.councils.platform[1] = 2
    return world, p, deal(rules, world, SERVICE)


@pytest.mark.parametrize("subsidy", [0.0, 0.75, 1.0])
def test_a_common_system_costs_what_it_costs_whoever_pays(rules, unlike, subsidy):
    world, p, d = unlike
    p.support_ict_subsidy = subsidy
    rules.signing.sign(world, p, T, LUCK, d)
    assert world.deals[d].bill[:2] == pytest.approx([0.6, 0.72])
    assert world.deals[d].aid[:2] == pytest.approx([0.0, 0.12 * subsidy])


def test_government_pays_its_part_of_a_bill_when_the_bill_is_paid(rules, unlike):
    world, p, d = unlike
    p.support_ict_subsidy = 0.5
    rules.signing.sign(world, p, T, LUCK, d)
    paid, helped = [], []
    for t in (T, T + 1, T + 2, T + 3):
        rules.money.clear_books(world)
        rules.agreements.run_agreements(world, p, t)
        paid.append(float(world.councils.flows[1, s.SETUP]))
        helped.append(world.councils.flows[:, s.SUPPORT].tolist())
    assert paid == pytest.approx([0.0, 0.36, 0.36, 0.0])
    assert helped == [pytest.approx([0, each, 0]) for each in (0.0, 0.03, 0.03, 0.0)]
    assert world.deals[d].aid[:2] == pytest.approx([0.0, 0.0])
    assert world.deals[d].paid[1] == pytest.approx(0.72)


def test_a_newcomers_bill_is_helped_too(rules, unlike):
    world, p, d = unlike
    p.support_ict_subsidy = 1.0
    rules.signing.sign(world, p, T, LUCK, d)
    world.deals[d].stage, world.deals[d].started = s.RUNNING, T
    rules.money.clear_books(world)
    rules.agreements.work(world, p, T + 1, d)
    assert world.councils.flows[:2, s.SETUP] == pytest.approx([0.6, 0.72])
    assert world.councils.flows[:2, s.SUPPORT] == pytest.approx([0.0, 0.12])


def test_a_grant_is_a_share_of_what_the_councils_must_pay_themselves(rules, unlike):
    world, p, d = unlike
    p.support_ict_subsidy, p.grants_staged, p.grants_setup_pot = 0.5, 0.0, 5.0
    p.grants_setup_share, p.grants_setup_limit, world.tally[0].pots[1] = 0.5, 9.0, 5_000_000
    rules.signing.sign(world, p, T, LUCK, d)
    assert world.councils.flows[:, s.GRANTS].sum() == pytest.approx(0.5 * (0.6 + 0.72 - 0.06))


# --- tax support --------------------------------------------------------------------------------


def supported(rules, world, p, d, t=4):
    """Return what government pays the residents of each council in a quarter of deal d."""
    rules.money.clear_books(world)
    rules.agreements.work(world, p, t, d)
    return world.councils.flows[:, s.TAX_SUPPORT].tolist()


def test_government_makes_good_a_share_of_the_tax_above_the_lowest_partners(rules, trio):
    world, p = trio
    p.terms_tax_support = 0.5
    world.councils.band_d = 220.0, 140.0, 180.0
    d = running(rules, world, p, s.MANAGEMENT, (0, 1, 2))
    # Half of 80 pounds on 50,000 homes is two million a year.
    assert supported(rules, world, p, d) == pytest.approx([0.5, 0.0, 0.25])
    world.councils.tier[1] = s.COUNTY  # only like tiers compare
    assert supported(rules, world, p, d) == pytest.approx([0.25, 0.0, 0.0])


@pytest.mark.parametrize("scope", [SERVICE, s.CHIEF_EXECUTIVE, s.MANAGEMENT])
def test_only_who_shares_a_management_is_paid_and_only_where_tax_matters(rules, trio, scope):
    world, p = trio
    p.terms_tax_support, world.councils.band_d[0] = 1.0, 240.0
    d = running(rules, world, p, scope)
    deep = scope != SERVICE
    for weight in (0.0, 0.1):
        p.scope_tax_weight[:] = weight
        paid = 40.0 * 50000 / 1e6 / 4 if deep and weight else 0.0
        assert supported(rules, world, p, d) == pytest.approx([paid, 0.0, 0.0])


@pytest.mark.parametrize("scope", [SERVICE, s.CHIEF_EXECUTIVE, s.MANAGEMENT, s.MERGER])
def test_tax_support_weighs_only_where_it_is_paid(rules, trio, scope):
    world, p = trio
    p.scope_tax_weight[:], world.councils.band_d[0] = 0.1, 250.0
    felt = []
    for share in (0.0, 0.75):
        p.terms_tax_support = share
        for k in range(s.TERMS):
            world.terms[k] = 0.0
        pair = rules.between.pair_of(world, 0, 1)
        rules.weighing.weigh_pair(world.terms, 1.0, 1.0, world, p, T, 0, pair, scope)
        felt.append((float(world.terms[e.TAX_GAP]), float(world.terms[e.TAX_HELP])))
    paid = scope in (s.CHIEF_EXECUTIVE, s.MANAGEMENT)
    assert felt[0] == pytest.approx((-0.1, 0.0))
    assert felt[1] == pytest.approx((-0.1, 0.075 if paid else 0.0))


def test_residents_pay_band_d_on_their_base_less_what_government_pays_them(rules, trio):
    world, p = trio
    world.councils.band_d = 200.0, 240.0, 100.0
    world.councils.alive[2] = 0
    rules.money.clear_books(world)
    world.councils.flows[1, s.TAX_SUPPORT] = 0.5
    reserves = world.councils.reserves.copy()
    world.councils.cost = world.councils.income + world.councils.saving
    rules.money.close_books(world, p, T)
    assert world.councils.flows[:, s.TAX_PAID] == pytest.approx([2.5, 2.5, 0.0])
    assert world.councils.totals[:, s.TAX_PAID] == pytest.approx([2.5, 2.5, 0.0])
    assert world.councils.reserves == pytest.approx(reserves)  # residents' money is not councils'


def test_support_for_a_council_reaches_its_reserves(rules, trio):
    world, p = trio
    rules.money.clear_books(world)
    world.councils.cost = world.councils.income + world.councils.saving
    reserves = float(world.councils.reserves[0])
    world.councils.flows[0, s.SUPPORT], world.councils.flows[0, s.SETUP] = 0.25, 0.375
    rules.money.close_books(world, p, T)
    assert world.councils.reserves[0] == pytest.approx(reserves - 0.125)


# --- own services -------------------------------------------------------------------------------


def test_matchmaking_costs_by_its_strength_and_by_the_councils_it_serves(rules, trio):
    world, p = trio
    p.support_matchmaking, p.support_matchmaking_cost = 0.5, 0.08
    for alive, spent in ((3, 0.03), (2, 0.05)):
        world.councils.alive[alive:] = 0
        rules.money.clear_books(world)
        rules.purse.close_purse(world, p, T)
        assert world.tally[0].services == pytest.approx(spent)


def failing(rules, world, d, stage):
    """Return the deal as it stands before it fails."""
    world.deals[d].stage = stage
    for k in range(world.deals[d].members):
        world.councils[world.deals[d].member[k]].agreement[s.MANAGEMENT] = d
    return d


def test_each_failure_that_is_published_costs_once(rules, trio):
    world, p = trio
    p.support_published_lessons, p.support_publishing_cost = 0.5, 0.04
    reason, spent = e.CULTURE_AND_TRUST, []
    for fails in (
        lambda: rules.talks.fail(world, p, T, LUCK, talks((0, 1), s.STUDY), 0, reason),
        lambda: rules.talks.fail(world, p, T, LUCK, talks((0, 1), s.CASE), 0, reason),
        lambda: rules.talks.quit_talks(world, p, T, LUCK, talks((0, 1, 2), s.STUDY), 2, reason),
        lambda: rules.talks.quit_talks(world, p, T, LUCK, talks((0, 1, 2), s.CASE), 2, reason),
        lambda: rules.endings.step_out(world, p, T, LUCK, runs((0, 1, 2)), 2, reason),
        lambda: rules.endings.break_up(world, p, T, LUCK, runs((0, 1)), 1, reason),
    ):

        def talks(members, stage):
            d = deal(rules, world, s.MANAGEMENT, members)
            world.deals[d].stage = stage
            return d

        def runs(members):
            return failing(rules, world, talks(members, s.STUDY), s.RUNNING)

        rules.money.clear_books(world)
        fails()
        spent.append(float(world.tally[0].served))
    assert spent == pytest.approx([0.0, 0.02, 0.0, 0.02, 0.02, 0.02])


def test_a_service_that_nobody_asked_for_costs_nothing(rules, trio):
    world, p = trio
    rules.lessons.publish(world, p)
    rules.purse.close_purse(world, p, T)
    assert world.tally[0].services == 0.0


# --- what it is worth to the public -------------------------------------------------------------


def quarter(rules, world, p, t, **flows):
    """Live the money of one quarter by hand."""
    rules.money.clear_books(world)
    for name, amount in flows.items():
        world.councils[0].flows[getattr(s, name.upper())] = amount
    rules.purse.close_purse(world, p, t)


def test_a_pound_of_a_year_hence_counts_less_by_prices_and_discount(rules, trio):
    world, p = trio
    p.appraisal_prices, p.appraisal_discount = 0.02, 0.05
    quarter(rules, world, p, 0, true_saving=10.0)
    assert world.tally[0].value == pytest.approx(10.0)
    quarter(rules, world, p, 4, true_saving=10.0)
    assert world.tally[0].value == pytest.approx(10.0 + 10.0 / (1.02 * 1.05))
    quarter(rules, world, p, 6, true_saving=10.0)
    later = 10.0 / math.sqrt(1.02 * 1.05) ** 3
    assert world.tally[0].value == pytest.approx(10.0 + 10.0 / (1.02 * 1.05) + later)


def test_to_the_public_transfers_are_nothing_and_every_cost_counts(rules, trio):
    world, p = trio
    p.appraisal_prices = p.appraisal_discount = 0.0
    quarter(
        rules, world, p, 0, grants=64.0, support=128.0, tax_support=256.0, tax_paid=512.0,
        transfers=1024.0, true_saving=32.0, studies=1.0, setup=2.0, coordination=4.0, exits=8.0,
    )  # fmt: skip
    assert world.tally[0].value == pytest.approx(32.0 - 1.0 - 2.0 - 4.0 - 8.0)
    p.support_matchmaking, p.support_matchmaking_cost = 1.0, 4.0
    quarter(rules, world, p, 1)  # three councils, a quarter of four million each
    assert world.tally[0].value == pytest.approx(17.0 - 3.0)


def test_the_measures_of_the_purse_are_sums_of_the_books(rules, trio):
    world, _ = trio
    row, totals, tally = new_record(1)[0], world.councils.totals, world.tally[0]
    world.councils.alive[2], totals[2] = 0, 9e9
    flows = (s.TRUE_SAVING, s.GRANTS, *COSTS, s.SUPPORT, s.TAX_SUPPORT, s.TAX_PAID)
    for k, flow in enumerate(flows):
        totals[:2, flow] = 2.0**k, 1000 * 2.0**k
    tally.services, tally.value, row.reported = 0.5, -3.0, 0.0
    rules.observe.measure_money(world, row)
    whole = 1001
    costs = whole * (4 + 8 + 16 + 32)
    assert (row.support, row.tax_support) == (whole * (64 + 128), whole * 128)
    assert row.tax_paid == whole * 256
    assert row.government_services == 0.5
    assert row.government_spending == whole * (2 + 64 + 128) + 0.5
    assert row.net_saving == whole * (1 + 2 + 64) - costs
    assert row.public_net == whole - costs - 0.5
    assert row.public_value == -3.0


def test_what_a_council_gains_includes_the_support_that_it_had(rules, trio):
    world, p = trio
    world.councils.totals, world.councils.population = 0.0, 10.0
    world.councils.totals[0, s.SUPPORT] = world.councils.totals[1, s.TRUE_SAVING] = 10.0
    world.councils.totals[2, s.TAX_SUPPORT] = 10.0  # its residents', not its own
    assert rules.observe.gini(world, p, 3.0) == pytest.approx(1 / 3)
