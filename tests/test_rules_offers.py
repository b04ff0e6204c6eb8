"""What grants would meet of a deal, by hand: only what this deal could get, and in whole pounds."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, strategies as st

from sim.core import events as e, noise, state as s

SERVICE, T, LUCK = 0, 5, 9


@pytest.fixture
def four(rules, typical):
    """Return four councils with services of a million; a study of 3 quarters at 10,000 a quarter.

    A deal of two costs 2 x 30,000 to study and 2 x 200,000 to set up: 460,000 pounds.
    """
    world, p = typical(*[{}] * 4)
    p.search_chance = p.talks_chance = 0.0
    world.councils.cost, world.councils.reserves = 10.0, 9.0
    p.scope_budget_share[:], p.scope_promised[:], p.scope_setup_ratio[:] = 0.1, 0.2, 1.0
    p.talks_pace_service = p.talks_pace = 2 / 3
    p.talks_study_cost, p.talks_study_reference, p.talks_study_elasticity = 0.01, 1.0, 0.5
    p.grants_feasibility_limit, p.grants_staged, p.grants_exit_required = 0.05, 1.0, 0.0
    p.grants_setup_pot, p.grants_setup_share, p.grants_setup_limit = 5.0, 0.5, 1.0
    p.weighing_grant, p.search_grant, p.weighing_setup = 0.5, 0.7, 0.0
    rules.rates.take_rates(world, p)
    return world, p


def opened(rules, world, members, *, stage=s.STUDY, paid=0, scope=SERVICE, key=5):
    d = rules.deals.open_deal(world, 0, scope, key)
    for i in members:
        rules.deals.add_member(world.deals, d, i)
        rules.deals.start_talking(world.councils, i, d)
    world.deals[d].stage, world.deals[d].grant = stage, paid
    return d


def met(rules, world, p, i=0, j=1, scope=SERVICE):
    return float(rules.offers.met_before_talks(world, p, i, j, scope))


# --- before talks -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pots", "staged", "grant"),
    [
        ((50_000, 0), 1, 50_000),  # the study alone
        ((49_999, 5_000_000), 1, 0),  # no whole study is left, and only after one comes the rest
        ((0, 5_000_000), 1, 0),
        ((50_000, 5_000_000), 1, 250_000),  # and half of bills of 400,000
        ((0, 5_000_000), 0, 200_000),
        ((0, 30_000), 0, 30_000),
        ((0, 0), 0, 0),
    ],
)
def test_a_new_deal_is_offered_what_it_could_get_today(rules, four, pots, staged, grant):
    world, p = four
    p.grants_staged = staged
    world.tally[0].pots[:2] = pots
    assert met(rules, world, p) == pytest.approx(grant / 460_000)


def test_the_offer_is_held_against_the_cost_of_both(rules, four):
    world, p = four
    world.tally[0].pots[:2] = 50_000, 0
    world.councils.cost[1] = 40.0  # its study costs twice as much, its bill four times
    assert met(rules, world, p) == pytest.approx(50_000 / (3 * 30_000 + 5 * 200_000))
    assert met(rules, world, p, 1, 1) == pytest.approx(50_000 / (4 * 30_000 + 8 * 200_000))


def test_the_offer_rises_with_the_money_and_ends_where_the_whole_cost_is_met(rules, four):
    world, p = four
    p.grants_staged, p.grants_setup_share = 0.0, 1.0
    found = []
    for pot in (1_000, 100_000, 500_000, 2_000_000, 20_000_000):
        world.tally[0].pots[:2] = 0, pot
        p.grants_setup_pot = p.grants_setup_limit = pot / 1e6
        found.append(met(rules, world, p))
    assert found[:2] == pytest.approx([1_000 / 460_000, 100_000 / 460_000])
    assert found[2:] == pytest.approx([400_000 / 460_000] * 3)
    world.tally[0].pots[0] = 5_000_000
    p.grants_feasibility_limit = 5.0
    assert met(rules, world, p) == 1.0


def test_ten_grants_empty_a_pot_of_ten_and_attract_nobody_afterwards(rules, typical):
    world, p = typical(*[{}] * 22)
    p.grants_feasibility_pot, p.grants_feasibility_limit, p.grants_setup_pot = 0.5, 0.05, 0.0
    p.weighing_grant = 0.5

    def offered():
        rules.weighing.clear(world.terms)
        pair = rules.between.pair_of(world, 20, 21)
        part = rules.offers.met_before_talks(world, p, 20, 21, SERVICE)
        rules.search.weigh_option(world.terms, world, p, 1, 20, 21, pair, SERVICE, part)
        return world.terms[e.GRANT]

    rules.government.govern(world, p, 0)
    for i in range(0, 20, 2):
        assert offered() > 0.0
        rules.search.begin_talks(world.terms, world, p, 0, i, i + 1, SERVICE)
    assert world.tally[0].pots[0] == 0
    assert offered() == 0.0


def test_no_grant_attracts_to_a_running_deal_whoever_asks(rules, four):
    """Of a council that would join, or whom one that would join has called."""
    world, p = four
    p.grants_staged, p.talks_accession = 0.0, 0.0
    world.tally[0].pots[:] = 0, 5_000_000, 0, 5_000_000
    pair = rules.between.pair_of(world, 0, 1)

    def pushes():
        found = []
        for asked, other in ((0, 1), (1, 0)):
            rules.weighing.clear(world.terms)
            part = rules.offers.met_before_talks(world, p, asked, other, SERVICE)
            rules.search.weigh_option(world.terms, world, p, 1, asked, other, pair, SERVICE, part)
            found.append(float(world.terms[e.GRANT]))
        return found

    assert min(pushes()) > 0.0
    d = opened(rules, world, (1, 2), stage=s.RUNNING)
    world.councils.agreement[[1, 2], SERVICE] = d
    assert pushes() == [0.0, 0.0]


def test_a_council_looks_by_what_grants_would_meet_of_its_own_topic(rules, four):
    world, p = four
    world.councils.pause = T + 1.0
    p.search_need_service, p.search_strategy, p.search_grant = 0.0, 1.0, 3.0
    who = world.councils[0].lineage
    u = rules.noise.uniform(LUCK, noise.LOOK_SERVICE, T, 0, who, who)
    world.tally[0].pots[:2] = 50_000, 0  # a ninth of the cost
    p.search_base_service = -4.0 * np.log(1.0 - u) / np.exp(1.5)  # enough, were half of it met
    rules.rates.take_rates(world, p)
    assert rules.search.choose_topic(world, p, T, LUCK, 0) == s.NOBODY
    assert world.tally[0].happened == 0
    p.grants_setup_share, world.tally[0].pots[1] = 1.0, 5_000_000
    assert 0 <= rules.search.choose_topic(world, p, T, LUCK, 0) < s.SERVICES
    row = world.log[0]
    assert (row.kind, row.terms[e.GRANT]) == (e.CONSIDERS, pytest.approx(3.0 * 450 / 460))
    assert row.value == pytest.approx(np.exp(world.log[0].terms.sum()))


# --- in talks -----------------------------------------------------------------------------------


def test_in_talks_a_paid_study_and_the_bid_to_come_count(rules, four):
    world, p = four
    d = opened(rules, world, (0, 1))

    def in_talks(guest=s.NOBODY):
        return float(rules.offers.met_in_talks(world, p, d, guest)) * 460_000

    world.tally[0].pots[:2] = 9_000_000, 5_000_000
    assert in_talks() == 0.0  # its study was not paid, and it gets no second chance
    world.deals[d].grant = 50_000
    assert in_talks() == pytest.approx(250_000)
    world.tally[0].pots[1] = 1_000
    assert in_talks() == pytest.approx(51_000)
    p.grants_setup_pot = 0.0
    assert in_talks() == pytest.approx(50_000)
    assert in_talks(2) == pytest.approx(50_000 * 2 / 3)  # a third one, and a larger cost
    world.deals[d].host = 0
    assert in_talks() == 0.0


def test_terms_that_lack_the_exit_strategy_asked_for_leave_no_hope_of_a_bid(rules, four):
    world, p = four
    world.tally[0].pots[:2] = 0, 5_000_000
    p.grants_exit_required = 1.0
    for stage, has_exit, hope in ((s.CASE, 0, 200_000), (s.VOTING, 1, 200_000), (s.VOTING, 0, 0)):
        d = opened(rules, world, (0, 1), stage=stage, paid=50_000)
        world.deals[d].exit = has_exit
        assert rules.offers.setup_ahead(world, p, d, s.NOBODY) == hope
        rules.deals.forget(world, d)


@pytest.mark.parametrize(("name", "value"), [("share", 0.0), ("limit", 0.0), ("pot", 0.0)])
def test_nobody_may_bid_for_nothing(rules, four, name, value):
    world, p = four
    d = opened(rules, world, (0, 1), paid=50_000)
    assert rules.offers.may_bid(p, world.deals, d)
    setattr(p, f"grants_setup_{name}", value)
    assert not rules.offers.may_bid(p, world.deals, d)


def test_who_is_invited_weighs_the_grant_of_the_talks_it_would_join(rules, four):
    world, p = four
    world.tally[0].pots[:2] = 9_000_000, 0
    p.scope_base[SERVICE], p.search_invite = 2.0, -9.0
    for paid in (0, 50_000):
        d = opened(rules, world, (0, 1), paid=paid)
        rules.talks.welcome(world, p, T, LUCK, d, 0, rules.between.pair_of(world, 0, 2))
        row = world.log[world.tally[0].happened - 1]
        assert row.kind == e.INVITED
        assert row.terms[e.GRANT] == pytest.approx(0.5 * paid / 690_000)
        rules.deals.forget(world, d)
        world.councils.talks = s.NOBODY


# --- what studies cost --------------------------------------------------------------------------


def test_a_study_of_one_department_by_three_councils_costs_what_the_story_tells(rules, typical):
    world, p = typical(*[{}] * 3)
    world.councils.cost = p.talks_study_reference / p.scope_budget_share[SERVICE]
    a_quarter = sum(rules.promises.study_cost(world.councils, p, i, SERVICE) for i in range(3))
    assert 3 * a_quarter == pytest.approx(0.050, rel=0.02)  # three quarters, in million pounds
    assert 2.0 < rules.promises.study_quarters(p, SERVICE) < 3.0  # and talks on one take about so


@pytest.mark.parametrize(("pace", "quarters"), [(1.0, 2.0), (0.5, 4.0), (0.1, 8.0), (0.0, 8.0)])
def test_talks_cost_by_their_pace_and_no_longer_than_they_can_last(rules, four, pace, quarters):
    _, p = four
    p.talks_pace_service, p.talks_pace, p.talks_longest = pace, 0.25, 8.0
    assert rules.promises.study_quarters(p, SERVICE) == pytest.approx(quarters)
    assert rules.promises.study_quarters(p, s.MANAGEMENT) == pytest.approx(8.0)


def test_nothing_costs_nothing_to_study(rules, four):
    world, p = four
    world.councils.cost[0] = -3.0
    assert rules.promises.study_cost(world.councils, p, 0, SERVICE) == pytest.approx(0.0)


def test_a_merger_promises_and_costs_no_less_than_nothing(rules, four):
    world, p = four
    p.scope_budget_share[:] = 0.1
    for scope, share in ((s.MERGER, 0.02), (s.MANAGEMENT, 0.03), (s.CHIEF_EXECUTIVE, 0.09)):
        p.scope_promised[scope] = share
    world.councils.agreement[0, s.CHIEF_EXECUTIVE] = 7  # it has saved more than that already
    promised = [rules.promises.typical_promise(world.councils, p, i, s.MERGER) for i in (0, 1)]
    assert promised == pytest.approx([0.0, 0.05])
    assert rules.promises.setup_bill(world.councils, p, 0, s.MERGER, 1.5) == 0.0


# --- pots ---------------------------------------------------------------------------------------


@given(
    amount=st.decimals("0", "1000", places=3).map(float),
    limit=st.decimals("0.001", "100", places=3).map(float),
    members=st.integers(2, s.MEMBERS_MOST),
    asked=st.lists(st.integers(0, 30_000_000), max_size=6),
)
def test_what_leaves_a_pot_is_booked_to_the_pound(rules, amount, limit, members, asked):
    councils, deals = np.zeros(members, s.COUNCIL), np.zeros(1, s.DEAL)
    deals["members"], deals["member"][0, :members] = members, range(members)
    world = SimpleNamespace(
        councils=councils.view(np.recarray), deals=deals.view(np.recarray),
        tally=np.zeros(1, s.TALLY).view(np.recarray),
    )  # fmt: skip
    pots = world.tally[0].pots
    pots[0] = rules.money.pounds(amount)
    assert pots[0] == round(amount * 1e6)
    for wanted in [rules.money.pounds(limit)] * 10 + asked:
        before = int(pots[0])
        paid = rules.money.pay_grant(world, 0, 0, wanted)
        assert paid == min(wanted, before) == before - pots[0]
    booked = sum(round(flow * 1e6) for flow in councils["flows"][:, s.GRANTS])
    assert booked == world.tally[0].paid_out[0] == round(amount * 1e6) - pots[0]
    assert np.ptp(councils["flows"][:, s.GRANTS]) * 1e6 < 1.5 * (10 + len(asked))


def test_a_remainder_goes_to_the_first_members(rules, four):
    world, _ = four
    d = opened(rules, world, (2, 0, 1))
    world.tally[0].pots[1] = 50_000
    assert rules.money.pay_grant(world, d, 1, 50_000) == 50_000
    got = [round(flow * 1e6) for flow in world.councils.flows[:, s.GRANTS]]
    assert got == [16_667, 16_666, 16_667, 0]


@pytest.mark.parametrize(
    ("pots", "limit", "dry"),
    [
        ((0, 0, 100_000, 0), 0.05, True),
        ((49_999, 0, 100_000, 0), 0.05, True),
        ((50_000, 0, 100_000, 0), 0.05, False),
        ((0, 0, 40_000, 0), 0.05, False),  # it never could
        ((0, 0, 0, 0), 0.05, False),
        ((0, 0, 100_000, 0), 0.0, False),
        ((0, 0, 0, 9), 0.05, True),
        ((0, 1, 0, 9), 0.05, False),
    ],
)
def test_a_pot_has_run_dry_when_what_could_pay_a_grant_this_year_no_longer_can(
    rules, four, pots, limit, dry
):
    world, p = four
    world.tally[0].pots[:] = pots
    p.grants_feasibility_limit = limit
    assert rules.offers.run_dry(world.tally[0].pots, p) == dry


# --- what else hangs on money -------------------------------------------------------------------


@pytest.mark.parametrize(("missing", "thin"), [(0.0, False), (1e-9, False), (1e-3, True)])
def test_no_cut_hangs_on_the_last_bit_of_the_reserves(rules, four, missing, thin):
    world, p = four
    p.costs_reserves_floor, p.costs_cut_pace, p.costs_put_aside = 0.1, 0.5, 0.0
    p.costs_largest_cut = 1.0
    council = world.councils[0]
    council.income = 10.0
    council.reserves, council.gap, council.cost = 1.0 - missing, 2.0, 20.0
    rules.money.balance(world.councils, p, 0)
    assert council.cost == pytest.approx(18.0 if thin else 19.0)


@pytest.mark.parametrize(("reserves", "distress"), [(-1e-9, 0), (0.0, 0), (-1e-3, 1)])
def test_reserves_a_rounding_below_nothing_are_no_distress(rules, four, reserves, distress):
    world, p = four
    world.councils[0].reserves, world.councils[0].gap = reserves, 1.0
    rules.money.watch(world, p, T, 0)
    assert world.councils[0].distress == distress


def test_a_remainder_of_sums_makes_no_winner(rules, four):
    world, p = four
    world.councils.totals[:, s.TRUE_SAVING], world.councils.totals[:, s.GRANTS] = -0.3, 0.0
    for amount in (0.1, 0.1, 0.1):
        world.councils.totals[1, s.GRANTS] += amount  # 0.30000000000000004
    assert 0.0 < world.councils.totals[1].sum() < 1e-15
    assert rules.observe.gini(world, p, 4.0) == 0.0
