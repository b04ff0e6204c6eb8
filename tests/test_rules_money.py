"""Settlement, tax, gaps, cuts, books and grants, each against a sum done by hand."""

import numpy as np
import pytest

from sim.core import events as e, state as s
from sim.declared.scenario import load
from sim.ready.varied import vary
from sim.ready.world import prepare


@pytest.fixture
def pair(country, world_of):
    """Return a world of two councils with 10m of settlement and 10m of tax, and its numbers.

    What every year brings was announced long ago.
    """
    world, p = world_of(country({}, {}))
    world.paths[:] = 10.0
    world.transfers[:] = world.prices[:] = 0.0
    world.councils.settlement = 10.0
    world.councils.cost = 20.0
    world.councils.known_until = 9999
    world.announced[:] = s.LONG_AGO
    return world, p


@pytest.mark.parametrize(("depth", "growth"), [(0.0, 1.0), (1.0, 0.9), (2.0, 0.8), (4.0, 0.6)])
def test_the_depth_of_a_path_multiplies_its_cuts(rules, pair, depth, growth):
    world, p = pair
    world.paths[0, 0, 1:] = 9.0
    p.settlement_depth = depth
    assert rules.money.settlement_growth(world, p, 1, 7, 0) == pytest.approx(growth)
    assert rules.money.settlement_growth(world, p, 2, 7, 0) == 1.0


def test_a_settlement_never_falls_below_the_least_share_of_the_last(rules, pair):
    world, p = pair
    world.paths[0, 0, 1:] = 5.0
    p.settlement_depth, p.costs_foresight, p.costs_horizon, p.costs_growth = 3.0, 1.0, 1.0, 0.0
    p.costs_put_aside, p.costs_aside_counts = 0.05, 1.0
    for least in (0.1, 0.4):
        p.settlement_least_growth = least
        assert rules.money.settlement_growth(world, p, 1, 7, 0) == least
        rules.money.reckon(world, p, 0, 0)
        # What is put aside is a twentieth of an income of 20.
        assert world.councils[0].expected_gap == pytest.approx(10.0 - 10.0 * least + 1.0)


def test_beyond_the_known_years_a_tax_base_grows_by_the_most_that_is_allowed():
    scenario = load("norfolk-seven", quarters=60)
    known = 2020 - scenario.start.year
    ready = prepare(scenario)
    for most in (0.02, 0.004, 0.0):
        varied = vary(ready, {"tax.base_growth_most": most})
        anew = prepare(load("norfolk-seven", quarters=60, sets=[f"tax.base_growth_most={most}"]))
        growth = varied.blank.bases[:, known + 1 :] / varied.blank.bases[:, known:-1] - 1.0
        assert abs(growth).max() <= most + 1e-9
        assert (varied.blank.bases == anew.blank.bases).all()
        assert (varied.blank.bases[:, : known + 1] == ready.blank.bases[:, : known + 1]).all()
    assert abs(ready.blank.bases[:, -1] / ready.blank.bases[:, -2] - 1.0).max() > 0.004


def test_councils_differ_only_where_their_own_path_is_not_known(rules, pair):
    world, p = pair
    p.settlement_spread = 0.05
    assert rules.money.settlement_growth(world, p, 1, 7, 0) == 1.0
    world.councils.known_until = 2009
    who = world.councils[0].lineage
    z = rules.noise.normal(7, rules.noise.SETTLEMENT, 1, 0, who, who)
    assert rules.money.settlement_growth(world, p, 1, 7, 0) == pytest.approx(1.0 + 0.05 * z)


@pytest.mark.parametrize(
    ("kind", "band", "rise"),
    [
        (s.LIMIT_HISTORY, 400.0, 0.8 * 0.02),  # 5 pounds are 1.25%, so the share binds
        (s.LIMIT_HISTORY, 200.0, 0.8 * 0.025),  # 5 pounds are 2.5%
        (s.LIMIT_FIXED, 200.0, 0.8 * 0.03),
        (s.LIMIT_NONE, 200.0, 0.8 * 0.05),
    ],
)
def test_a_council_takes_its_appetites_share_of_the_limit(rules, pair, kind, band, rise):
    world, p = pair
    world.limits[3] = 0.02, 5.0, 0.0, 0.0, np.inf
    world.councils[0].band_d = band
    p.tax_limits, p.tax_appetite, p.tax_fixed_limit, p.tax_open_limit = kind, 0.8, 0.03, 0.05
    assert rules.money.tax_rise(world, p, 12, 7, 0) == pytest.approx(rise)


@pytest.mark.parametrize(("offered", "frozen"), [(1.0, True), (0.0, False)])
def test_a_freeze_grant_stops_the_rise_where_it_is_offered(rules, pair, offered, frozen):
    world, p = pair
    world.limits[3] = 0.02, 0.0, 1.0, 0.0, np.inf
    p.tax_freeze = offered
    assert (rules.money.tax_rise(world, p, 12, 7, 0) == 0.0) == frozen


def test_the_gap_that_is_expected_looks_ahead_with_limited_foresight(rules, pair):
    world, p = pair
    world.paths[0, 0] = [10.0 * 0.9**year for year in range(world.paths.shape[2])]
    p.costs_growth, p.costs_horizon, p.costs_foresight = 0.02, 2.0, 0.5
    p.costs_put_aside, p.costs_aside_counts = 0.05, 0.75
    world.councils[0].saving = 0.3
    rules.money.reckon(world, p, 0, 0)
    council = world.councils[0]
    assert council.income == pytest.approx(20.0)
    assert council.gap == pytest.approx(20.0 - 0.3 - 20.0)
    # Costs rise to 20.808; of two cuts of 10% each half is foreseen: 10 x 0.95 x 0.95 = 9.025.
    # Of a million that is put aside, a twentieth of 20, three quarters count.
    assert council.expected_gap == pytest.approx(20.808 - 0.3 - 9.025 - 10.0 + 0.75)
    assert council.need == pytest.approx(2.233 / 20.0)


@pytest.mark.parametrize(("counts", "share"), [(1.0, 1.0), (0.75, 0.75), (0.0, 0.0)])
def test_a_gap_is_what_must_be_cut_to_go_on_putting_money_aside(rules, pair, counts, share):
    world, p = pair
    p.costs_growth, p.costs_horizon, p.costs_aside_counts = 0.0, 0.0, counts
    p.costs_put_aside, p.costs_put_aside_upper = 0.05, 0.02
    world.councils.tier[1] = s.COUNTY
    for i, aside in ((0, 1.0), (1, 0.4)):
        rules.money.reckon(world, p, 0, i)
        assert world.councils[i].gap == pytest.approx(0.0)
        assert world.councils[i].expected_gap == pytest.approx(share * aside)
        assert world.councils[i].need == pytest.approx(share * aside / 20.0)
    # Nothing is put aside of an income below nothing: 20 to spend, and 12 to pay back.
    world.councils.settlement, world.councils.band_d = -12.0, 0.0
    rules.money.reckon(world, p, 0, 0)
    assert world.councils[0].expected_gap == pytest.approx(32.0)


@pytest.mark.parametrize(
    ("announced", "before", "after"), [(0.0, 1.536, 1.536), (0.5, 1.168, 1.536), (1.0, 0.8, 1.536)]
)
def test_a_year_that_no_review_has_told_of_is_foreseen_less(rules, pair, announced, before, after):
    world, p = pair
    world.paths[:, 0] = [10.0 * 0.9**year for year in range(world.paths.shape[2])]
    p.costs_growth, p.costs_horizon, p.costs_foresight = 0.0, 2.0, 0.8
    p.costs_aside_counts, p.costs_announced, world.announced[2] = 0.0, announced, 6
    # Of two cuts of a tenth eight tenths are foreseen, 10 x 0.92 x 0.92 = 8.464; of a second one
    # that is not announced half as much, 9.2 x 0.96 = 8.832, or nothing, 9.2.
    rules.money.reckon(world, p, 0, 0)
    assert world.councils[0].expected_gap == pytest.approx(before)
    world.announced[2] = 0
    rules.money.reckon(world, p, 0, 0)
    assert world.councils[0].expected_gap == pytest.approx(after)
    world.announced[2], p.settlement_path = 6, 1
    rules.money.reckon(world, p, 0, 0)
    assert world.councils[0].expected_gap == pytest.approx(after)


def test_a_year_is_known_from_the_quarter_of_its_review_on_and_always_on_another_path(rules, pair):
    world, p = pair
    world.announced[:3] = -6, 6, 9
    told, last = rules.money.told, len(world.announced) - 1
    for year, since in ((0, -6), (1, 6), (2, 9)):
        assert [bool(told(world, p, since + k, year)) for k in (-1, 0, 1)] == [False, True, True]
    world.announced[last] = 500
    assert not told(world, p, 499, last)
    assert told(world, p, 0, last + 1)
    p.settlement_path = 1
    assert told(world, p, 5, 1)


def test_what_a_duty_brings_is_known_before_it_is_announced(rules, pair):
    """A duty of 3 comes with its money in a year without news: no gap, and no cut to foresee."""
    world, p = pair
    p.costs_growth, p.costs_foresight, p.costs_horizon = 0.0, 1.0, 1.0
    p.costs_aside_counts, p.costs_announced, world.announced[1] = 0.0, 1.0, 6
    world.paths[0, :, 1:] = 12.0  # a duty of 3 comes, and a cut of 1
    world.transfers[s.DUTY, :, 1] = 3.0
    rules.money.reckon(world, p, 0, 0)
    assert world.councils[0].expected_gap == pytest.approx(0.0)
    world.announced[1] = 0
    rules.money.reckon(world, p, 0, 0)
    assert world.councils[0].expected_gap == pytest.approx(1.0)


# --- news ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("need", "news", "heard"),
    [
        (0.3, 0.5 * 0.08 + 0.1, 0.3),  # a tenth worse than any recalled
        (0.2, 0.04, 0.2),  # as bad as the worst: no news
        (0.19, 0.04, 0.19),  # still worse than what is recalled of 0.2
        (0.1, 0.04, 0.18),
        (0.0, 0.04, 0.18),
    ],
)
def test_a_need_worse_than_any_that_is_recalled_is_news(rules, pair, need, news, heard):
    world, _ = pair
    council = world.councils[0]
    council.need, council.news, council.heard = need, 0.08, 0.2
    rules.money.hear(world.councils, 0, 0.5, 0.9)
    assert (council.news, council.heard) == pytest.approx((news, heard))
    assert world.councils[1].news == world.councils[1].heard == 0.0


@pytest.mark.parametrize(
    ("shock", "need", "income", "heard"),
    [
        (0.0, 0.25, 20.0, 0.25),
        (-0.2, 0.25, 20.0, 0.15),  # a cut of 2 of an income of 20
        (-0.2, 0.05, 20.0, 0.0),
        (0.2, 0.25, 20.0, 0.25),  # what comes on top is no cut
        (-0.2, 0.25, 0.0, 0.0),
    ],
)
def test_all_was_known_on_the_first_day_but_a_cut_of_that_day(
    rules, pair, shock, need, income, heard
):
    world, p = pair
    council = world.councils[0]
    p.settlement_shock, council.need, council.income = shock, need, income
    rules.money.hear_first(world.councils, p, 0)
    assert (council.news, council.heard) == pytest.approx((0.0, heard))


def test_news_fades_and_what_was_heard_is_forgotten_by_rates_a_year(rules, pair):
    world, p = pair
    p.search_news_fade, p.search_news_forgotten, p.costs_aside_counts = 1.5, 0.4, 0.0
    p.costs_growth = p.costs_horizon = p.costs_put_aside = 0.0
    p.tax_limits, p.tax_fixed_limit, world.bases[:] = s.LIMIT_FIXED, 0.0, 50000.0
    one, gone = world.councils
    world.councils.news, world.councils.heard, gone.alive = 0.08, 0.5, 0
    for t in range(3, 7):  # four quarters, one of which is April's
        rules.money.open_books(world, p, t, 7)
    assert one.need == 0.0
    assert one.news == pytest.approx(0.08 * np.exp(-1.5))
    assert one.heard == pytest.approx(0.5 * np.exp(-0.4))
    assert (gone.news, gone.heard) == (0.08, 0.5)


def test_what_april_cuts_away_is_no_news(rules, pair):
    world, p = pair
    p.costs_growth = p.costs_horizon = p.costs_put_aside = p.costs_reserves_floor = 0.0
    p.costs_largest_cut, p.costs_aside_counts = 1.0, 0.0
    p.tax_limits, p.tax_fixed_limit, world.bases[:] = s.LIMIT_FIXED, 0.0, 50000.0
    world.paths[0, :, 1:] = 8.0
    for p.costs_cut_pace, left in ((1.0, 0.0), (0.25, 1.5)):
        one = world.councils[0]
        one.cost, one.settlement, one.news, one.heard = 20.0, 10.0, 0.0, 0.0
        rules.money.open_books(world, p, 4, 7)
        # Of 20 million 18 come in: what is not cut of the gap of 2 is news.
        assert one.news == one.heard == one.need == pytest.approx(left / 18.0)


def test_a_cut_of_the_first_day_is_news_in_the_first_quarter(rules, pair):
    world, p = pair
    p.settlement_shock, p.costs_horizon, p.costs_growth = -0.2, 0.0, 0.0
    p.costs_put_aside, p.costs_aside_counts = 0.0, 0.0
    rules.founding.found(world, p, 1)
    grant, income = world.councils.settlement.copy(), world.councils.income.copy()
    assert (world.councils.news == 0.0).all()
    rules.money.open_books(world, p, 0, 7)
    # Budgets were set before the shock: all that is missing is the shock, and all of it is news.
    assert world.councils.need == pytest.approx(0.2 * grant / income)
    assert world.councils.news == pytest.approx(0.2 * grant / income)
    rules.money.open_books(world, p, 1, 7)
    faded = np.exp(-p.search_news_fade / 4)
    assert world.councils.news == pytest.approx(0.2 * grant / income * faded)


def test_a_gap_two_years_away_is_seen_before_it_arrives(rules, pair):
    world, p = pair
    world.paths[0, 0] = 10.0
    world.paths[0, 0, 2:] = 7.0
    p.costs_growth, p.costs_foresight, p.costs_put_aside = 0.0, 1.0, 0.0
    p.costs_horizon = 1.0
    rules.money.reckon(world, p, 0, 0)
    assert world.councils[0].need == 0.0
    p.costs_horizon = 2.0
    rules.money.reckon(world, p, 0, 0)
    assert world.councils[0].gap == 0.0
    assert world.councils[0].need == pytest.approx(3.0 / 20.0)


def test_a_shock_lasts_as_long_as_it_is_in_force(rules, pair):
    world, p = pair
    p.settlement_shock = -0.2
    rules.money.reckon(world, p, 0, 0)
    assert world.councils[0].income == pytest.approx(18.0)
    p.settlement_shock = 0.0
    rules.money.reckon(world, p, 0, 0)
    assert world.councils[0].income == pytest.approx(20.0)


@pytest.mark.parametrize(
    ("gap", "reserves", "largest", "change"),
    [
        (2.0, 5.0, 1.0, -0.5 * 2.2),  # half of the gap and of what is put aside
        (2.0, 0.5, 1.0, -2.2),  # thin reserves: all at once
        (2.0, 5.0, 0.03, -0.03 * 22.0),  # not faster than people can leave
        (-3.0, 5.0, 1.0, 0.5 * 2.8),  # of a surplus half goes back into services
    ],
)
def test_a_council_cuts_a_part_of_its_gap_each_april(rules, pair, gap, reserves, largest, change):
    world, p = pair
    council = world.councils[0]
    council.cost, council.income, council.gap, council.reserves = 22.0, 20.0, gap, reserves
    p.costs_cut_pace, p.costs_put_aside, p.costs_reserves_floor = 0.5, 0.01, 0.1
    p.costs_largest_cut, p.costs_restore = largest, 0.5
    rules.money.balance(world.councils, p, 0)
    assert council.cost == pytest.approx(22.0 + change)


def test_nothing_is_settled_outside_april(rules, pair):
    world, p = pair
    world.paths[0, :, 1:] = 8.0
    for t in (1, 2, 3):
        rules.money.open_books(world, p, t, 7)
        assert world.councils[0].settlement == 10.0
        assert world.councils[0].band_d == 200.0
        assert world.councils[0].cost == 20.0
    rules.money.open_books(world, p, 4, 7)
    assert world.councils[0].settlement == pytest.approx(8.0)


def test_a_quarter_moves_the_reserves_by_what_came_in_less_what_went_out(rules, pair):
    world, p = pair
    council = world.councils[0]
    council.income, council.cost, council.saving, council.reserves = 20.0, 24.0, 2.0, 5.0
    council.flows[[s.STUDIES, s.SETUP, s.COORDINATION, s.EXITS]] = 0.1, 0.2, 0.3, 0.4
    council.flows[[s.GRANTS, s.TRANSFERS]] = 0.5, 1.0
    rules.money.close_books(world, p, 0)
    # 5 + 20/4 - 22/4 - (0.1 + 0.2 + 0.3 + 0.4) + 0.5 + 1.0
    assert council.reserves == pytest.approx(5.0)
    assert council.totals[s.TRUE_SAVING] == pytest.approx(0.5)


def test_distress_needs_both_a_gap_and_empty_reserves_and_ends_with_the_reserves_back(rules, pair):
    world, p = pair
    council = world.councils[0]
    seen = []
    for reserves, gap in ((1.0, 2.0), (-1.0, -2.0), (-1.0, 2.0), (-1.0, -2.0), (1.0, 2.0)):
        council.reserves, council.gap, council.income = reserves, gap, 20.0
        rules.money.watch(world, p, 3, 0)
        seen.append(int(council.distress))
    assert seen == [0, 0, 1, 1, 0]
    assert world.tally[0].counts[s.DISTRESSED] == 1


def test_a_grant_is_shared_alike_and_never_exceeds_the_pot(rules, pair):
    world, _p = pair
    d = rules.deals.open_deal(world, 0, 0, 1)
    for i in range(2):
        rules.deals.add_member(world.deals, d, i)
    world.tally[0].pots[1] = 500_000
    assert rules.money.pay_grant(world, d, 1, 300_000) == 300_000
    assert rules.money.pay_grant(world, d, 1, 300_000) == 200_000
    assert rules.money.pay_grant(world, d, 1, 300_000) == 0
    assert world.councils.flows[:, s.GRANTS] == pytest.approx([0.25, 0.25])
    assert world.tally[0].paid_out.tolist() == [0, 500_000]


def test_pots_are_filled_in_april_and_when_the_amount_changes(rules, pair):
    world, p = pair
    pots = world.tally[0].pots
    p.grants_feasibility_pot, p.grants_setup_pot = 0.1, 0.4
    rules.government.govern(world, p, 0)
    pots[0], pots[1] = 0, 100_000
    rules.government.govern(world, p, 1)
    assert list(pots[:2]) == [0, 100_000]
    rules.government.govern(world, p, 4)
    assert list(pots[:2]) == [100_000, 400_000]
    pots[0], pots[1] = 30_000, 0
    p.grants_setup_pot = 0.6
    rules.government.govern(world, p, 5)
    assert list(pots[:2]) == [30_000, 600_000]


def test_the_first_two_studies_empty_a_pot_of_two_grants(rules, country, world_of):
    world, p = world_of(country(*[{}] * 6))
    world.councils.attention = 4
    p.grants_feasibility_pot, p.grants_feasibility_limit = 0.10, 0.05
    rules.government.govern(world, p, 0)
    for i in (0, 2, 4):
        rules.search.begin_talks(world.terms, world, p, 0, i, i + 1, 0)
    paid = world.councils.flows[:, s.GRANTS]
    assert paid == pytest.approx([0.025] * 4 + [0.0] * 2)
    assert [int(world.deals[d].grant) for d in world.live[:3]] == [50_000, 50_000, 0]
    assert world.tally[0].pots[0] == 0


@pytest.mark.parametrize("shock", [-0.3, 0.0, 0.2])
def test_budgets_were_set_before_a_shock_of_the_first_day(rules, pair, shock):
    world, p = pair
    p.settlement_shock = shock
    rules.founding.found(world, p, 1)
    kept = p.costs_put_aside * (world.councils.income - shock * world.councils.settlement)
    assert world.councils.gap == pytest.approx(-shock * world.councils.settlement - kept)


def test_april_renews_settlement_tax_and_costs_then_cuts_and_reckons_anew(rules, pair):
    world, p = pair
    world.paths[0, :, 1], world.paths[0, :, 2:] = 9.0, 7.2
    world.bases[:], world.limits[:, 2] = 50000.0, 0.0
    p.tax_limits, p.tax_fixed_limit, p.tax_appetite, p.costs_growth = s.LIMIT_FIXED, 0.05, 1.0, 0.02
    p.costs_cut_pace, p.costs_largest_cut = 0.5, 1.0
    p.costs_put_aside = p.costs_reserves_floor = p.costs_horizon = 0.0
    one, gone = world.councils[0], world.councils[1]
    gone.alive = 0
    one.cost = 30.0
    rules.money.open_books(world, p, 0, 7)  # nothing is renewed or cut on the first day
    assert (one.settlement, one.band_d, one.cost, one.gap) == (10.0, 200.0, 30.0, 10.0)
    one.cost = 20.0
    rules.money.open_books(world, p, 4, 7)
    # 9 and 10.5 come in; costs of 20.4 leave a gap of 0.9, half of which is cut.
    assert (one.settlement, one.band_d) == pytest.approx((9.0, 210.0))
    assert (one.income, one.cost, one.gap) == pytest.approx((19.5, 19.95, 0.45))
    rules.money.open_books(world, p, 5, 7)
    assert (one.settlement, one.band_d, one.cost) == pytest.approx((9.0, 210.0, 19.95))
    rules.money.open_books(world, p, 8, 7)
    # 7.2 and 11.025 come in; 19.95 becomes 20.349, of the gap of 2.124 half is cut.
    assert (one.income, one.cost, one.gap) == pytest.approx((18.225, 19.287, 1.062))
    assert (gone.settlement, gone.band_d, gone.cost, gone.income) == (10.0, 200.0, 20.0, 0.0)


def test_the_last_year_that_is_known_is_not_drawn(rules, pair):
    world, p = pair
    p.settlement_spread = 0.05
    world.councils.known_until = 2010
    grown = [rules.money.settlement_growth(world, p, year, 7, 0) != 1.0 for year in (1, 2)]
    assert grown == [False, True]


def test_pounds_are_a_limit_for_districts_alone_and_the_last_limit_goes_on(rules, pair):
    world, p = pair
    world.limits[:] = 0.0
    world.limits[-1] = 0.02, 5.0, 0.0, 0.0, np.inf
    p.tax_limits, p.tax_appetite = s.LIMIT_HISTORY, 1.0
    world.councils.tier[1] = s.COUNTY
    late = 4 * (len(world.limits) + 7)
    rises = [float(rules.money.tax_rise(world, p, late, 7, i)) for i in (0, 1)]
    assert rises == pytest.approx([5.0 / 200.0, 0.02])
    assert rules.money.tax_rise(world, p, late - 4 * 8 - 4, 7, 0) == 0.0


@pytest.mark.parametrize(
    ("gap", "change"), [(2.0, -0.5 * 2.0), (0.5, -0.25), (0.0, 0.0), (-0.5, 0.125), (-2.0, 0.5)]
)
def test_a_gap_is_cut_by_one_pace_and_a_surplus_spent_by_another(rules, pair, gap, change):
    world, p = pair
    council = world.councils[0]
    council.cost, council.income, council.gap, council.reserves = 22.0, 20.0, gap, 5.0
    p.costs_cut_pace, p.costs_restore, p.costs_largest_cut = 0.5, 0.25, 1.0
    p.costs_put_aside, p.costs_reserves_floor = 0.0, 0.1
    rules.money.balance(world.councils, p, 0)
    assert council.cost == pytest.approx(22.0 + change)


def test_the_books_of_a_quarter_are_added_to_all_before(rules, pair):
    world, p = pair
    council, gone = world.councils[0], world.councils[1]
    gone.alive = 0
    council.income, council.cost, council.saving, council.reserves = 20.0, 16.0, 2.0, 5.0
    council.totals[:] = 1.0
    for quarters in (1, 2):
        rules.money.close_books(world, p, 0)
        # A quarter of 20 comes in, a quarter of 16 - 2 goes out.
        assert council.reserves == pytest.approx(5.0 + 1.5 * quarters)
        assert council.totals[s.INCOME] == pytest.approx(1.0 + 5.0 * quarters)
        assert council.totals[s.SPENDING] == pytest.approx(1.0 + 3.5 * quarters)
        assert council.totals[s.TRUE_SAVING] == pytest.approx(1.0 + 0.5 * quarters)
        assert council.totals[s.STUDIES] == 1.0
    assert gone.totals.sum() == gone.reserves - 5.0 == 0.0


def test_distress_is_noted_once_with_what_is_missing(rules, pair):
    world, p = pair
    council = world.councils[1]
    council.reserves, council.gap, council.income = -0.5, 5.0, 20.0
    for _quarter in range(2):
        rules.money.watch(world, p, 3, 1)
    row = world.log[0]
    assert world.tally[0].happened == world.tally[0].counts[s.DISTRESSED] == 1
    assert (row.quarter, row.kind, row.council, row.value, row.more) == (
        3, e.IN_DISTRESS, 1, -0.5, 0.25,
    )  # fmt: skip
    assert (row.other, row.deal, row.scope, row.reason) == (s.NOBODY,) * 4
    council.reserves = 0.0
    rules.money.watch(world, p, 3, 1)
    assert council.distress == 0


# --- duties, lost tax, prices, care -------------------------------------------------------------


def test_a_duty_that_leaves_with_its_money_leaves_no_gap(rules, pair):
    """2011: of a settlement of 10 the 1.5 of concessionary travel go to the county, and no more."""
    world, p = pair
    p.costs_growth = p.costs_put_aside = p.settlement_shock = 0.0
    p.settlement_depth, p.costs_foresight, p.costs_horizon = 2.0, 0.7, 2.0
    p.tax_limits, p.tax_fixed_limit = s.LIMIT_FIXED, 0.0
    world.bases[:] = 50000.0
    world.paths[0, :, 2:] = 8.5
    world.transfers[s.DUTY, :, 2] = -1.5
    one = world.councils[0]
    for t in range(9):
        rules.money.open_books(world, p, t, 7)
        assert (one.gap, one.expected_gap, one.need) == pytest.approx((0.0, 0.0, 0.0))
    assert (one.settlement, one.cost) == pytest.approx((8.5, 18.5))


def test_a_duty_that_comes_takes_its_money_with_it_and_hides_no_cut(rules, pair):
    world, p = pair
    p.costs_growth, p.costs_foresight, p.costs_horizon = 0.0, 1.0, 1.0
    p.costs_put_aside = 0.0
    world.paths[0, :, 1:] = 12.0  # a duty of 3 comes, and a cut of 1
    world.transfers[s.DUTY, :, 1] = 3.0
    rules.money.reckon(world, p, 0, 0)
    assert world.councils[0].expected_gap == pytest.approx(1.0)
    for depth, growth in ((1.0, 1.2), (2.0, 1.1), (0.0, 1.3)):
        p.settlement_depth = depth
        assert rules.money.settlement_growth(world, p, 1, 7, 0) == pytest.approx(growth)


@pytest.mark.parametrize("shock", [-0.2, 0.0, 0.3])
def test_with_a_duty_goes_what_was_paid_for_it_shock_and_all(rules, pair, shock):
    world, p = pair
    p.costs_growth, p.costs_horizon, p.settlement_shock = 0.0, 0.0, shock
    p.costs_put_aside, p.costs_cut_pace, p.costs_restore = 0.0, 0.0, 0.0
    p.costs_reserves_floor = 0.0
    p.tax_limits, p.tax_fixed_limit = s.LIMIT_FIXED, 0.0
    world.bases[:] = 50000.0
    world.paths[0, :, 1:] = 8.0
    world.transfers[s.DUTY, :, 1] = -2.0
    rules.money.reckon(world, p, 0, 0)
    before = float(world.councils[0].gap)
    rules.money.open_books(world, p, 4, 7)
    assert world.councils[0].gap == pytest.approx(before)


def test_on_any_other_path_no_duty_moves(rules, pair):
    world, p = pair
    world.transfers[s.DUTY, :, 1] = -2.0
    p.settlement_path = 1
    assert rules.money.settlement_growth(world, p, 1, 7, 0) == 1.0
    rules.money.open_books(world, p, 4, 7)
    assert rules.money.transfer(world, p, 1, 0, s.DUTY) == 0.0


def test_what_replaces_lost_tax_is_no_gift_on_any_path(rules, pair):
    """2013: a discount takes a fifth of the tax base, and a grant comes for it."""
    world, p = pair
    p.costs_growth, p.costs_foresight, p.costs_horizon = 0.0, 1.0, 1.0
    p.costs_put_aside, p.settlement_depth = 0.0, 2.0
    p.tax_limits, p.tax_fixed_limit = s.LIMIT_FIXED, 0.0
    world.bases[:, 0], world.bases[:, 1:] = 50000.0, 40000.0
    world.paths[:, :, 1:] = 12.0
    world.transfers[s.REBATE, :, 1] = 2.0
    for path, i in ((0, 0), (1, 1)):
        p.settlement_path = path
        rules.money.reckon(world, p, 0, i)
        assert world.councils[i].expected_gap == pytest.approx(0.0)
        rules.money.open_books(world, p, 4, 7)
        assert world.councils[i].gap == pytest.approx(0.0)
        world.councils.settlement, world.councils.cost = 10.0, 20.0


def test_costs_rise_by_the_prices_of_the_year_and_what_is_put_on_top(rules, pair):
    world, p = pair
    world.prices[:4] = 0.0, 0.02, 0.05, 0.03
    p.costs_growth, p.costs_horizon, p.costs_put_aside = 0.01, 2.0, 0.0
    growth = [float(rules.money.cost_growth(world, p, year)) for year in (1, 2, 3, 999)]
    assert growth == pytest.approx([0.03, 0.06, 0.04, 0.01])
    rules.money.reckon(world, p, 0, 0)
    assert world.councils[0].expected_gap == pytest.approx(20.0 * 1.03 * 1.06 - 20.0)


@pytest.mark.parametrize(
    ("tier", "kind", "limit"),
    [
        (s.DISTRICT, s.LIMIT_HISTORY, 0.02),
        (s.COUNTY, s.LIMIT_HISTORY, 0.05),
        (s.UNITARY, s.LIMIT_HISTORY, 0.05),
        (s.COUNTY, s.LIMIT_FIXED, 0.04),
    ],
)
def test_who_cares_for_adults_may_raise_a_precept_for_it(rules, pair, tier, kind, limit):
    world, p = pair
    world.limits[3] = 0.02, 0.0, 0.0, 0.03, np.inf
    world.councils.tier = tier
    p.tax_limits, p.tax_appetite, p.tax_fixed_limit = kind, 1.0, 0.04
    assert rules.money.tax_rise(world, p, 12, 7, 0) == pytest.approx(limit)


@pytest.mark.parametrize(("band", "rise"), [(100.0, 0.05), (143.0, 5.0 / 143.0), (144.0, 0.02)])
def test_the_pounds_were_for_the_lowest_taxes_only(rules, pair, band, rise):
    world, p = pair
    world.limits[3] = 0.02, 5.0, 0.0, 0.0, 143.0
    world.councils[0].band_d = band
    p.tax_limits, p.tax_appetite = s.LIMIT_HISTORY, 1.0
    assert rules.money.tax_rise(world, p, 12, 7, 0) == pytest.approx(rise)


# --- the edges ----------------------------------------------------------------------------------


def test_a_quarter_begins_with_an_empty_page(rules, pair):
    world, _ = pair
    world.councils.flows = 9.0
    rules.money.clear_books(world)
    assert (world.councils.flows == 0.0).all()


def test_a_settlement_follows_its_own_path_to_the_last_year_and_no_further(rules, pair):
    world, p = pair
    p.settlement_depth, p.settlement_path = 1.0, 1
    last = world.paths.shape[2] - 1
    world.paths[0, 0], world.paths[1, 0] = 10.0, [10.0 * 2**year for year in range(last + 1)]
    growth = [rules.money.path_growth(world, p, year, 0) for year in (1, last, last + 1, last + 9)]
    assert growth == [2.0, 2.0, 1.0, 1.0]


def test_the_settlement_of_a_year_is_that_of_its_own_year(rules, pair):
    world, p = pair
    p.settlement_depth = 1.0
    world.paths[0, 0, :5] = 10.0, 10.0, 10.0, 8.0, 2.0
    rules.money.open_books(world, p, 12, 1)
    assert world.councils[0].settlement == pytest.approx(10.0 * 0.8)


@pytest.mark.parametrize(("beyond", "frozen"), [(-1e-9, False), (0.0, False), (1e-9, True)])
def test_a_freeze_is_decided_by_a_draw_of_its_own(rules, pair, beyond, frozen):
    world, p = pair
    p.tax_limits, p.tax_fixed_limit, p.tax_appetite, p.tax_freeze = s.LIMIT_FIXED, 0.1, 1.0, 1.0
    who = int(world.councils.lineage[0])
    world.limits[1, 2] = rules.noise.uniform(9, rules.noise.FREEZE, 4, 0, who, who) + beyond
    assert rules.money.tax_rise(world, p, 4, 9, 0) == (0.0 if frozen else 0.1)


def test_tax_is_raised_on_the_base_of_the_year_and_beyond_all_years_of_the_last(rules, pair):
    world, _ = pair
    years = world.bases.shape[1]
    world.bases[0], world.councils.band_d = [1000.0 * k for k in range(1, years + 1)], 200.0
    got = [rules.money.tax_yield(world, t, 0) for t in (3, 4, 11, 4 * years - 1, 4 * years + 40)]
    assert got == pytest.approx([0.2, 0.4, 0.6, 0.2 * years, 0.2 * years])


def test_the_gap_that_is_expected_looks_ahead_from_the_year_that_it_is(rules, pair):
    world, p = pair
    p.settlement_depth = p.costs_foresight = 1.0
    p.costs_horizon, p.costs_growth, p.settlement_least_growth = 2.0, 0.0, 0.1
    p.costs_put_aside = 0.0
    world.paths[0, 0, :6] = 10.0, 10.0, 10.0, 10.0, 5.0, 4.0
    world.bases[0] = 50000.0
    for t, later in ((4, 0.0), (8, 5.0), (11, 5.0), (12, 6.0), (15, 6.0)):
        # A cost of 20, a tax of 50000 x £200, and of the settlement of 10 what is left by then.
        rules.money.reckon(world, p, t, 0)
        assert world.councils[0].expected_gap == pytest.approx(later)
        assert world.councils[0].need == pytest.approx(later / 20.0)


def test_who_expects_a_surplus_needs_nothing_and_who_has_no_income_needs_very_much(rules, pair):
    world, p = pair
    p.settlement_depth = p.costs_growth = p.costs_put_aside = 0.0
    world.councils.cost = 12.0
    rules.money.reckon(world, p, 0, 0)
    assert world.councils[0].expected_gap == pytest.approx(-8.0)
    assert world.councils[0].need == 0.0
    for grant, income in ((0.0, 1e-6), (0.5, 0.5)):
        world.councils.settlement, world.councils.band_d = grant, 0.0
        rules.money.reckon(world, p, 0, 0)
        assert world.councils[0].need == pytest.approx((12.0 - grant) / income)


def test_an_income_below_nothing_asks_for_no_reserves(rules, pair):
    world, p = pair
    council = world.councils[0]
    p.costs_reserves_floor, p.costs_put_aside, p.costs_cut_pace = 0.05, 0.1, 0.5
    p.costs_largest_cut = 1.0
    council.income, council.gap, council.reserves = -5.0, 4.0, 0.01
    rules.money.balance(world.councils, p, 0)
    assert council.cost == pytest.approx(20.0 - 0.5 * 4.0)


def test_reserves_at_their_floor_are_not_thin(rules, pair):
    world, p = pair
    council = world.councils[0]
    p.costs_reserves_floor, p.costs_put_aside, p.costs_cut_pace = 0.125, 0.0, 0.5
    p.costs_largest_cut = 1.0
    for reserves, cut in ((1.0, 2.0), (0.99, 4.0)):
        council.cost, council.income, council.gap, council.reserves = 20.0, 8.0, 4.0, reserves
        rules.money.balance(world.councils, p, 0)
        assert council.cost == pytest.approx(20.0 - cut)


def test_closing_the_books_shows_who_is_in_distress(rules, pair):
    world, p = pair
    world.councils.reserves, world.councils.gap = (-50.0, 50.0), 1.0
    rules.money.close_books(world, p, 5)
    assert world.councils.distress.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("reserves", "gap", "distress"),
    [(-0.01, 0.01, 1), (0.0, 1.0, 0), (0.5, 1.0, 0), (-1.0, 1e-6, 0), (-1.0, 2e-6, 1)],
)
def test_distress_begins_below_nothing_and_with_more_than_a_pound_missing(
    rules, pair, reserves, gap, distress
):
    world, p = pair
    world.councils.reserves, world.councils.gap = reserves, gap
    rules.money.watch(world, p, 5, 0)
    assert world.councils[0].distress == distress
    assert world.tally[0].counts[s.DISTRESSED] == world.tally[0].happened == distress


@pytest.mark.parametrize(("income", "share"), [(0.5, 4.0), (0.0, 2e6), (-3.0, 2e6)])
def test_what_is_missing_is_told_as_a_share_of_an_income_of_a_pound_or_more(
    rules, pair, income, share
):
    world, p = pair
    council = world.councils[0]
    council.reserves, council.gap, council.income = -1.0, 2.0, income
    rules.money.watch(world, p, 5, 0)
    assert (world.log[0].kind, world.log[0].value) == (e.IN_DISTRESS, -1.0)
    assert world.log[0].more == pytest.approx(share)
