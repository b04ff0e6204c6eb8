"""What is signed: promises, true worth, upkeep, bills and grants, against sums done by hand."""

import math

import pytest
from dealt import opened

from sim.core import events as e, noise, state as s

SERVICE, OTHER = 0, 1
T, LUCK, KEY = 5, 9, 77


@pytest.fixture
def four(rules, typical):
    """Return four councils of 20 million pounds with one supplier, and no luck in their deals."""
    world, p = typical(*[{}] * 4)
    world.councils.cost, world.councils.platform = 20.0, 1
    p.scope_true_spread[:] = p.scope_ict[:] = 0.0
    p.scope_budget_share[:], p.scope_promised[:], p.scope_true_saving[:] = 0.1, 0.15, 0.02
    p.scope_setup_ratio[:] = 2.0
    p.agreements_overrun_spread = p.agreements_reported_spread = 0.0
    p.agreements_overrun_service, p.agreements_overrun_deep = 1.1, 1.5
    return world, p


def table(rules, world, scope, members=(0, 1), *, key=KEY):
    return opened(rules, world, scope, members, stage=s.VOTING, key=key, begun=1)


def running(rules, world, scope, members=(0, 1), *, key=5):
    d = opened(rules, world, scope, members, key=key)
    world.deals[d].signed, world.deals[d].started = 1, 2
    return d


def happened(world, kind):
    rows = world.log[: world.tally[0].happened]
    return rows[rows.kind == kind]


def drawn(rules, purpose, key=KEY):
    return rules.noise.normal(LUCK, purpose, 0, 0, key, 0)


def test_who_signs_stops_talking_and_is_bound(rules, four):
    world, p = four
    other = table(rules, world, OTHER, (0, 2), key=78)
    d = table(rules, world, SERVICE, (0, 1))
    world.tally[0].counts[s.CHANGED] = 0
    assert rules.signing.sign(world, p, T, LUCK, d) == d
    deal, tally = world.deals[d], world.tally[0]
    assert (deal.stage, deal.signed) == (s.TRANSITION, T)
    assert world.councils.agreement[:, SERVICE].tolist() == [d, d, s.NOBODY, s.NOBODY]
    assert world.councils.talks[:, 0].tolist() == [other, s.NOBODY, other, s.NOBODY]
    assert (world.councils.talks == d).sum() == 0
    assert tally.formed.tolist() == [1.0] + [0.0] * (s.SCOPES - 1)
    assert (tally.counts[s.SIGNED], tally.counts[s.CHANGED]) == (1, 1)


def test_a_signature_is_noted_for_each_member_with_its_promise_and_its_bill(rules, four):
    world, p = four
    d = table(rules, world, SERVICE, (2, 0, 1))
    world.councils.cost[1] = 40.0
    rules.signing.sign(world, p, T, LUCK, d)
    rows = happened(world, e.SIGNS)
    # A tenth of 20 million times 15%; set up at two years of the promise, a tenth more in the end.
    assert [(r.quarter, r.council, r.other) for r in rows] == [(T, 2, 0), (T, 0, 2), (T, 1, 2)]
    assert [(r.deal, r.scope, r.reason) for r in rows] == [(1, SERVICE, s.NOBODY)] * 3
    assert rows.value == pytest.approx([0.3, 0.3, 0.6])
    assert rows.more == pytest.approx([0.66, 0.66, 1.32])
    assert world.deals[d].promise[:4] == pytest.approx([0.3, 0.3, 0.6, 0.0])
    assert world.deals[d].bill[:4] == pytest.approx([0.66, 0.66, 1.32, 0.0])


def test_what_will_be_reported_is_drawn_once_for_the_deal(rules, four):
    world, p = four
    p.agreements_reported_spread = 0.5
    d = table(rules, world, SERVICE)
    rules.signing.sign(world, p, T, LUCK, d)
    z = drawn(rules, noise.REPORTED)
    assert world.deals[d].report == pytest.approx(math.exp(0.5 * z))


def test_the_true_saving_is_drawn_once_and_is_a_share_of_each_members_cost(rules, four):
    world, p = four
    p.scope_true_spread[SERVICE] = 0.5
    world.councils.cost[1] = 40.0
    d = table(rules, world, SERVICE)
    world.deals[d].factor = 3.0  # the promise has nothing to do with it
    rules.signing.sign(world, p, T, LUCK, d)
    share = 0.02 + 0.5 * drawn(rules, noise.TRUE_SHARE)
    assert world.deals[d].worth[:3] == pytest.approx([2.0 * share, 4.0 * share, 0.0])
    assert world.deals[d].promise[:2] == pytest.approx([0.9, 1.8])


def test_a_larger_council_saves_on_a_part_of_its_budget_only(rules, four):
    world, p = four
    p.agreements_corporate = 0.25
    world.councils.tier[1] = s.COUNTY
    d = table(rules, world, SERVICE)
    rules.signing.sign(world, p, T, LUCK, d)
    assert world.deals[d].promise[:2] == pytest.approx([0.3, 0.075])


def test_size_saves_up_to_a_limit_by_the_work_that_hangs_on_one_system(rules, four):
    world, p = four
    p.agreements_scale_limit, p.agreements_scale_elasticity = 60000.0, 0.75
    p.scope_ict[SERVICE] = 0.5
    world.councils.population = 15000, 5000, 1000, 20000
    d = table(rules, world, SERVICE, (0, 1))
    gain = rules.signing.scale_gain
    # With its partner the first is 4/3 times as large, the second four times: 4 ** -0.25.
    assert gain(world, p, d, 1, SERVICE) == pytest.approx(0.5 * (1 - 4**-0.25))
    assert gain(world, p, d, 0, SERVICE) == pytest.approx(0.5 * (1 - (4 / 3) ** -0.25))
    world.councils.population = 30000, 50000, 1000, 20000
    assert gain(world, p, d, 0, SERVICE) == pytest.approx(0.5 * (1 - 2**-0.25))
    world.councils.population = 70000, 90000, 1000, 20000
    assert gain(world, p, d, 0, SERVICE) == pytest.approx(0.0)
    world.councils.population = 30000, 30000, 1000, 20000
    rules.signing.sign(world, p, T, LUCK, d)
    assert world.deals[d].worth[0] == pytest.approx(2.0 * (0.02 + 0.5 * (1 - 2**-0.25)))


@pytest.mark.parametrize(("members", "care"), [((0, 1), 0.02), ((0, 1, 2, 3), 0.04)])
def test_coordination_is_a_share_of_what_is_pooled_and_more_with_more_partners(
    rules, four, members, care
):
    world, p = four
    p.scope_coordination[SERVICE], p.scope_coordination[OTHER] = 0.02, 0.5
    p.agreements_coordination_extra = 0.5
    d = table(rules, world, SERVICE, members)
    world.deals[d].factor = 3.0  # whatever is promised: meetings cost what they cost
    rules.signing.sign(world, p, T, LUCK, d)
    assert world.deals[d].upkeep[: len(members)] == pytest.approx([2.0 * care] * len(members))


# Beyond sharing, a merger saves 2 million pounds by its promise and 0.4 truly for each; a shared
# senior team 0.6 and 0.25; a joint chief executive 0.5 and 0.1 of that.
@pytest.mark.parametrize(
    ("shares", "promise", "worth"),
    [
        (None, 2.0 + 0.6, 0.4 + 0.25),
        (s.MANAGEMENT, 2.0, 0.4),
        (s.CHIEF_EXECUTIVE, 2.0 + 0.6 - 0.5, 0.4 + 0.25 - 0.1),
        (SERVICE, 2.0 + 0.6, 0.4 + 0.25),
    ],
)
def test_a_merger_of_strangers_saves_the_senior_team_too_and_of_partners_only_what_is_more(
    rules, four, shares, promise, worth
):
    world, p = four
    deep = [s.MERGER, s.MANAGEMENT, s.CHIEF_EXECUTIVE]
    p.scope_budget_share[deep] = 1.0, 0.05, 0.05
    p.scope_promised[deep], p.scope_true_saving[deep] = (0.1, 0.6, 0.5), (0.02, 0.25, 0.1)
    if shares is not None:
        running(rules, world, shares)
    d = table(rules, world, s.MERGER)
    world.deals[d].factor = 2.0
    rules.signing.sign(world, p, T, LUCK, d)
    assert world.deals[d].promise[:2] == pytest.approx([2.0 * promise] * 2)
    assert world.deals[d].worth[:2] == pytest.approx([worth] * 2)
    assert world.deals[d].bill[:2] == pytest.approx([2.0 * 2.0 * promise * 1.5] * 2)


def test_the_senior_team_that_a_merger_saves_has_the_luck_and_the_scale_of_the_deal(rules, four):
    world, p = four
    p.scope_true_spread[[s.MERGER, s.MANAGEMENT]] = 0.01, 0.1
    p.scope_ict[s.MANAGEMENT], world.councils.population = 0.5, 30000
    p.agreements_scale_limit, p.agreements_scale_elasticity = 60000.0, 0.75
    d = table(rules, world, s.MERGER)
    rules.signing.sign(world, p, T, LUCK, d)
    z = drawn(rules, noise.TRUE_SHARE)
    larger = 0.5 * (1 - 2**-0.25)
    share = (0.02 + 0.01 * z) + (0.02 + 0.1 * z + larger)
    assert world.deals[d].worth[:2] == pytest.approx([2.0 * share] * 2)


@pytest.mark.parametrize(
    ("scope", "median"), [(s.SERVICES - 1, 1.1), (s.CHIEF_EXECUTIVE, 1.5), (s.MANAGEMENT, 1.5)]
)
def test_a_bill_overruns_by_its_kind_and_by_luck(rules, four, scope, median):
    world, p = four
    p.agreements_overrun_spread = 0.5
    d = table(rules, world, scope)
    world.deals[d].factor = 2.0
    z = drawn(rules, noise.OVERRUN)
    bill = rules.signing.full_bill(world, p, LUCK, d, 0, scope)
    assert bill == pytest.approx(2 * 0.3 * 2.0 * median * math.exp(0.5 * z))


@pytest.mark.parametrize(("subsidy", "aid"), [(0.0, 0.0), (0.75, 0.09), (1.0, 0.12)])
def test_a_common_system_costs_whoever_has_not_the_leaders(rules, four, subsidy, aid):
    world, p = four
    p.agreements_system_cost, p.scope_ict[SERVICE], p.support_ict_subsidy = 0.4, 0.5, subsidy
    world.councils.platform[:3] = 2, 2, 1
    d = table(rules, world, SERVICE, (0, 1, 2))
    rules.signing.sign(world, p, T, LUCK, d)
    assert world.deals[d].bill[:3] == pytest.approx([0.66, 0.66, 0.6 * (1.1 + 0.2)])
    assert world.deals[d].aid[:3] == pytest.approx([0.0, 0.0, aid])


@pytest.mark.parametrize(
    ("scope", "filled"),
    [(SERVICE, 0), (s.CHIEF_EXECUTIVE, 1), (s.MANAGEMENT, 1), (s.MERGER, 0)],
)
def test_a_shared_chief_executive_fills_the_posts(rules, four, scope, filled):
    world, p = four
    world.councils.vacant = 1
    appointed = world.councils.appointed.copy()
    d = table(rules, world, scope)
    rules.signing.sign(world, p, T, LUCK, d)
    assert world.councils.vacant.tolist() == [1 - filled, 1 - filled, 1, 1]
    assert (world.councils.appointed == appointed).all()


def test_satisfaction_starts_anew_when_the_talks_are_over(rules, four):
    world, p = four
    d = table(rules, world, SERVICE)
    world.deals[d].score[:2] = 3.0, -1.0
    rules.signing.sign(world, p, T, LUCK, d)
    assert world.deals[d].score[:2].tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("had", "signs", "ends"),
    [
        (s.CHIEF_EXECUTIVE, s.MANAGEMENT, True),
        (s.CHIEF_EXECUTIVE, SERVICE, False),
        (SERVICE, s.MANAGEMENT, False),
    ],
)
def test_a_joint_management_takes_the_place_of_a_joint_chief_executive(
    rules, four, had, signs, ends
):
    world, p = four
    old = running(rules, world, had)
    d = table(rules, world, signs)
    rules.signing.sign(world, p, T, LUCK, d)
    assert (world.deals[old].stage == s.EMPTY) == ends
    assert (world.councils[0].agreement[had] == s.NOBODY) == ends
    rows = happened(world, e.ENDS)
    assert [(r.deal, r.reason, r.value) for r in rows] == [(1, e.DEEPENED, 1.0)] * ends
    assert world.councils[0].agreement[signs] == d


# --- joining ------------------------------------------------------------------------------------


@pytest.fixture
def guest(rules, four):
    """Return talks of council 3 with a member of a running deal of two, ready to be signed."""
    world, p = four
    host = running(rules, world, SERVICE)
    deal = world.deals[host]
    deal.factor, deal.report = 1.5, 0.7
    deal.promise[:2], deal.worth[:2], deal.upkeep[:2] = 1.0, 0.5, 0.25
    d = table(rules, world, SERVICE, (3, 1))
    talks = world.deals[d]
    talks.host, talks.host_number, talks.factor = host, deal.number, 2.0
    return world, p, host, d


def test_a_newcomer_promises_by_its_own_talks_and_saves_by_the_deals_luck(rules, guest):
    world, p, host, d = guest
    p.scope_true_spread[SERVICE], p.agreements_overrun_spread = 0.5, 0.5
    p.scope_coordination[SERVICE], p.agreements_coordination_extra = 0.2, 0.1
    world.tally[0].counts[[s.SIGNED, s.CHANGED]] = 0
    assert rules.signing.sign(world, p, T, LUCK, d) == host
    deal = world.deals[host]
    share = 0.02 + 0.5 * drawn(rules, noise.TRUE_SHARE, 5)
    over = 1.1 * math.exp(0.5 * drawn(rules, noise.OVERRUN, 5))
    assert deal.member[:4].tolist() == [0, 1, 3, s.NOBODY]
    assert deal.promise[:3] == pytest.approx([1.0, 1.0, 0.6])
    assert deal.worth[:3] == pytest.approx([0.5, 0.5, 2.0 * share])
    assert deal.upkeep[:3] == pytest.approx([0.25, 0.25, 2.0 * 0.2 * 1.1])
    assert deal.bill[:3] == pytest.approx([0.0, 0.0, 1.2 * over])
    assert (deal.factor, deal.report, deal.stage, deal.signed) == (1.5, 0.7, s.RUNNING, 1)
    assert world.councils[3].agreement[SERVICE] == host
    assert world.deals[d].stage == s.EMPTY
    assert (world.councils.talks == s.NOBODY).all()
    # A newcomer is no new deal, but the network is another.
    assert (world.tally[0].counts[s.SIGNED], world.tally[0].counts[s.CHANGED]) == (0, 1)
    assert world.tally[0].formed.sum() == 0.0


def test_a_newcomer_to_a_joint_management_gives_up_its_joint_chief_executive(rules, four):
    world, p = four
    old = running(rules, world, s.CHIEF_EXECUTIVE, (2, 3), key=4)
    host = running(rules, world, s.MANAGEMENT)
    d = table(rules, world, s.MANAGEMENT, (3, 1))
    world.deals[d].host, world.deals[d].host_number = host, world.deals[host].number
    rules.signing.sign(world, p, T, LUCK, d)
    assert world.deals[old].stage == s.EMPTY
    assert world.councils[3].agreement[s.MANAGEMENT] == host


# --- money to set up ----------------------------------------------------------------------------


@pytest.fixture
def bidder(rules, four):
    """Return a deal with bills of 0.4 and 0.8 and a pot of five million that pays half."""
    world, p = four
    d = table(rules, world, SERVICE, (2, 0))
    world.deals[d].bill[:2] = 0.4, 0.8
    p.grants_setup_pot, p.grants_setup_share, p.grants_setup_limit = 5.0, 0.5, 1.0
    p.grants_staged = p.grants_exit_required = 0.0
    world.tally[0].pots[1] = 5_000_000
    return world, p, d


def bid(rules, world, p, d):
    rules.signing.bid_for_setup(world, p, T, d)
    return float(world.councils.flows[:, s.GRANTS].sum())


def test_a_grant_pays_a_share_of_all_bills_in_equal_parts(rules, bidder):
    world, p, d = bidder
    assert bid(rules, world, p, d) == pytest.approx(0.6)
    assert world.councils.flows[:, s.GRANTS] == pytest.approx([0.3, 0.0, 0.3, 0.0])
    assert world.tally[0].pots[:2].tolist() == [0, 4_400_000]
    assert world.tally[0].paid_out.tolist() == [0, 600_000]
    assert world.deals[d].bill[:2] == pytest.approx([0.4, 0.8])
    row = happened(world, e.SETUP_GRANT)[0]
    assert (row.council, row.other, row.deal, row.reason) == (2, 0, 1, s.NOBODY)
    assert (row.value, row.more) == pytest.approx((0.6, 0.0))


@pytest.mark.parametrize(
    ("limit", "pot", "paid"), [(0.5, 5_000_000, 0.5), (1.0, 200_000, 0.2), (9, 0, 0)]
)
def test_no_grant_exceeds_the_limit_of_a_deal_or_the_pot(rules, bidder, limit, pot, paid):
    world, p, d = bidder
    p.grants_setup_limit, world.tally[0].pots[1] = limit, pot
    assert bid(rules, world, p, d) == pytest.approx(paid)
    assert len(happened(world, e.SETUP_GRANT)) == (paid > 0)


@pytest.mark.parametrize(
    ("study", "pot", "counted"),
    [(0, 0, 0), (50_000, 0, 1), (0, 5_000_000, 1), (50_000, 5_000_000, 1)],
)
def test_a_deal_that_is_signed_with_any_grant_counts_once(rules, bidder, study, pot, counted):
    world, p, d = bidder
    world.deals[d].grant, world.tally[0].pots[1] = study, pot
    rules.signing.sign(world, p, T, LUCK, d)
    assert world.tally[0].counts[s.GRANTED] == counted


def test_only_a_new_deal_that_meets_the_conditions_bids(rules, bidder):
    world, p, d = bidder
    deal = world.deals[d]
    p.grants_exit_required = 1.0
    assert bid(rules, world, p, d) == 0.0
    p.grants_exit_required, p.grants_staged = 0.0, 1.0
    assert bid(rules, world, p, d) == 0.0
    p.grants_staged, deal.host = 0.0, 7
    assert bid(rules, world, p, d) == 0.0
    deal.host, p.grants_setup_pot = s.NOBODY, 0.0
    assert bid(rules, world, p, d) == 0.0
    p.grants_setup_pot, p.grants_exit_required, p.grants_staged = 5.0, 1.0, 1.0
    deal.exit = deal.grant = 1
    assert bid(rules, world, p, d) == pytest.approx(0.6)


def test_who_signs_bids(rules, bidder):
    world, p, d = bidder
    rules.signing.sign(world, p, T, LUCK, d)
    assert world.councils.flows[:, s.GRANTS] == pytest.approx([0.33, 0.0, 0.33, 0.0])
