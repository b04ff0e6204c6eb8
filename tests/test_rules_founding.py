"""The first day: what is drawn, what a scenario fixes, and what stands already, by hand."""

import math

import pytest

from sim.core import noise, state as s

LUCK = 9
LAB, LD = s.LABOUR, 2
SERVICE = 3  # legal
AUTONOMY, CONTACT, MARRIAGE, PLATFORM, VACANCY, ATTENTION = range(s.FIXED)


@pytest.fixture
def trio(country, world_of):
    """Return a world of three councils on which nothing has been drawn yet."""
    return world_of(country({}, {}, {}))


def drawn(rules, world, purpose, i, draw="uniform", *, index=0):
    who = world.councils[i].lineage
    return getattr(rules.noise, draw)(LUCK, purpose, 0, index, who, who)


# --- politics -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "beyond", "later", "party"),
    [(LD, 1e-9, LAB, LD), (s.UNKNOWN, 1e-9, LAB, LAB), (s.UNKNOWN, -1e-9, LAB, s.CONSERVATIVE)],
)
def test_control_is_what_is_known_else_as_later_else_another_party_by_the_weights_of_the_tier(
    rules, trio, known, beyond, later, party
):
    world, p = trio
    world.councils[1].control_known, world.councils[1].control_later = known, later
    p.politics_persistence = drawn(rules, world, noise.CONTROL, 1) + beyond
    world.swings[:] = 0.0
    world.swings[s.DISTRICT, [s.CONSERVATIVE, LAB]] = 1e-9, 1.0  # Labour nearly everywhere
    rules.founding.draw_politics(world, p, LUCK, 1)
    assert world.councils[1].control == party


def test_where_control_is_not_known_later_either_the_weights_decide(rules, trio):
    world, p = trio
    world.councils.control_known = world.councils.control_later = s.UNKNOWN
    p.politics_persistence = 1.0
    u = drawn(rules, world, noise.CONTROL, 2, index=1)
    for weight, party in ((u + 1e-9, s.CONSERVATIVE), (u - 1e-9, LAB)):
        world.swings[s.DISTRICT] = weight, 1.0 - weight, 0.0, 0.0, 0.0
        rules.founding.draw_politics(world, p, LUCK, 2)
        assert world.councils[2].control == party


def test_the_calendar_is_the_last_option_whose_share_below_it_is_not_above_the_draw(rules, trio):
    world, p = trio
    u = drawn(rules, world, noise.CYCLE, 0)
    options = [(s.WHOLE, 2011), (s.THIRDS, 2009), (s.WHOLE, 2010)]
    for shares, expected in (
        ((u + 1e-9, 1.0 - u, 0.0), 0),
        ((u, 1.0 - u, 0.0), 1),
        ((u / 2, u / 2 + 1e-9, 0.5), 1),
        ((u / 2, u / 4, 1.0), 2),
        ((u / 2, 0.0, 1.0), 2),
        ((u / 2, 1.0, 0.0), 1),
        ((u / 2, u / 4, 0.0), 1),
    ):
        for k, (cycle, phase) in enumerate(options):
            world.calendar[s.DISTRICT, k] = cycle, phase, shares[k]
        world.councils[0].cycle = s.UNKNOWN
        rules.founding.draw_politics(world, p, LUCK, 0)
        found = (int(world.councils[0].cycle), int(world.councils[0].phase))
        assert found == options[expected]


def test_a_calendar_that_is_known_is_not_drawn(rules, trio):
    world, p = trio
    world.calendar[:] = 0.0
    world.calendar[s.DISTRICT, 0] = s.WHOLE, 2011, 1.0
    world.councils.cycle[:2], world.councils.phase[:2] = (s.HALVES, s.UNKNOWN), (2010, 0)
    for i in (0, 1):
        rules.founding.draw_politics(world, p, LUCK, i)
    assert world.councils.cycle[:2].tolist() == [s.HALVES, s.WHOLE]
    assert world.councils.phase[:2].tolist() == [2010, 2011]


# --- character ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("control", "lean"), [(s.CONSERVATIVE, 0.1), (s.LABOUR, -0.1), (LD, 0.0), (s.NO_CONTROL, 0.0)]
)
def test_the_country_is_localist_and_a_party_leans_to_outsourcing(rules, trio, control, lean):
    world, p = trio
    p.culture_mean, p.culture_spread = 0.5, 0.05
    p.culture_rural_localism, p.culture_party_outsourcing = 0.4, 0.2
    world.councils.rural, world.councils.control = 0.75, control
    rules.founding.draw_character(world.councils, p, LUCK, 1)
    z = [drawn(rules, world, noise.FIRST_CULTURE, 1, "normal", index=axis) for axis in range(4)]
    shift = [0.0, lean, 0.1, 0.0]
    assert (s.OUTSOURCING, s.LOCALISM) == (1, 2)
    due = [0.5 + shift[axis] + 0.05 * z[axis] for axis in range(4)]
    assert list(world.councils[1].culture) == pytest.approx(due)


def test_attachments_and_quality_are_drawn_each_for_itself(rules, trio):
    world, p = trio
    p.culture_autonomy, p.culture_contact, p.culture_rural_localism = 0.45, 0.35, 0.2
    p.culture_attachment_spread, p.culture_quality_spread = 0.1, 0.06
    world.councils.rural = 1.0
    rules.founding.draw_character(world.councils, p, LUCK, 1)
    z = [drawn(rules, world, noise.ATTACHMENT, 1, "normal", index=k) for k in (0, 1)]
    assert world.councils[1].autonomy == pytest.approx(0.45 + 0.1 * z[0])
    assert world.councils[1].contact == pytest.approx(0.35 + 0.2 * 0.5 + 0.1 * z[1])
    q = drawn(rules, world, noise.QUALITY, 1, "normal")
    assert world.councils[1].quality == pytest.approx(0.5 + 0.06 * q)


@pytest.mark.parametrize("spread", [1e6, -1e6])
def test_whatever_is_drawn_lies_between_nothing_and_all(rules, trio, spread):
    world, p = trio
    p.culture_spread = p.culture_attachment_spread = p.culture_quality_spread = spread
    p.beliefs_first_noise = p.beliefs_trust_spread = spread
    for i in range(3):
        rules.founding.draw_character(world.councils, p, LUCK, i)
    for name in ("culture", "autonomy", "contact", "quality"):
        assert set(world.councils[name].ravel()) <= {0.0, 1.0}
    for e in range(len(world.pairs)):
        rules.founding.draw_pair(world, p, LUCK, e)
    assert set(world.pairs.trust) | set(world.pairs.belief.ravel()) <= {0.0, 1.0}


def test_what_a_scenario_fixes_is_not_drawn(rules, trio):
    world, p = trio
    council = world.councils[1]
    council.culture[:] = 0.2, -1.0, 0.0, -1.0
    council.fixed[[AUTONOMY, CONTACT, MARRIAGE, PLATFORM]] = 0.3, 0.7, 1.0, 2.0
    council.fixed[[VACANCY, ATTENTION]] = 1.0, 3.0
    p.culture_marriage = p.politics_chief_leaves = 0.0
    p.culture_platforms, p.culture_attention_low, p.culture_attention_high = 1.0, 0.0, 0.0
    rules.founding.draw_character(world.councils, p, LUCK, 1)
    rules.founding.draw_management(world.councils, p, LUCK, 1)
    assert (council.culture[0], council.culture[2]) == (0.2, 0.0)
    assert council.culture[1] > 0.0 and council.culture[3] > 0.0
    assert (council.autonomy, council.contact) == (0.3, 0.7)
    assert (council.marriage, council.platform, council.vacant, council.attention) == (1, 2, 1, 3)


@pytest.mark.parametrize(("fixed", "found"), [(-1.0, 0.4), (-0.01, 0.4), (0.0, 0.0), (0.7, 0.7)])
def test_a_negative_number_fixes_nothing(rules, fixed, found):
    assert rules.founding.given(fixed, 0.4) == found


# --- management ---------------------------------------------------------------------------------


@pytest.mark.parametrize("beyond", [-1e-9, 1e-9])
def test_strategy_and_vacancy_are_drawn_by_their_shares(rules, trio, beyond):
    world, p = trio
    p.culture_marriage = drawn(rules, world, noise.FIRST_STRATEGY, 1) + beyond
    # Of L leaving a year and F found a quarter, L / (L + 4 F) of the posts stand empty.
    share = drawn(rules, world, noise.FIRST_VACANCY, 1) + beyond
    p.politics_chief_found, p.politics_chief_leaves = 0.5, 2.0 * share / (1.0 - share)
    rules.founding.draw_management(world.councils, p, LUCK, 1)
    assert world.councils[1].marriage == (beyond > 0)
    assert world.councils[1].vacant == (beyond > 0)


def test_suppliers_share_the_market_alike(rules, trio):
    world, p = trio
    u = drawn(rules, world, noise.PLATFORM, 1)
    for n in (1, 2, 7):
        p.culture_platforms = n
        rules.founding.draw_management(world.councils, p, LUCK, 1)
        assert world.councils[1].platform == math.floor(u * n)
    p.culture_platforms = (2 - 1e-9) / u
    rules.founding.draw_management(world.councils, p, LUCK, 1)
    assert world.councils[1].platform == 1


@pytest.mark.parametrize("spread", [0.0, 0.6, 1.2])
def test_readiness_is_drawn_once_for_each_council_around_nothing(rules, trio, spread):
    world, p = trio
    p.culture_readiness = spread
    for i in range(3):
        rules.founding.draw_management(world.councils, p, LUCK, i)
    z = [drawn(rules, world, noise.READY, i, "normal") for i in range(3)]
    assert world.councils.readiness == pytest.approx([spread * one for one in z])
    assert len(set(z)) == 3


@pytest.mark.parametrize(
    ("low", "high", "least", "span"),
    [(1.0, 4.0, 1, 4), (2.9, 3.9, 2, 2), (3.0, 1.0, 3, 1), (0.0, 0.0, 0, 1)],
)
def test_attention_lies_between_low_and_high_with_whole_talks_alike(
    rules, trio, low, high, least, span
):
    world, p = trio
    p.culture_attention_low, p.culture_attention_high = low, high
    for i in range(3):
        rules.founding.draw_management(world.councils, p, LUCK, i)
        u = drawn(rules, world, noise.ATTENTION, i)
        assert world.councils[i].attention == least + math.floor(u * span)


def test_nobody_talks_at_more_tables_than_there_are_seats(rules, trio):
    world, p = trio
    for fixed, held in ((9.0, s.TALKS_MOST), (4.0, 4), (0.0, 0)):
        world.councils.fixed[:, ATTENTION] = fixed
        rules.founding.draw_management(world.councils, p, LUCK, 0)
        assert world.councils[0].attention == held


# --- pairs --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "two"), [(5000, 7000), (7000, 5000)])
def test_each_side_has_a_first_impression_of_its_own_and_trust_is_one_for_both(
    rules, trio, one, two
):
    world, p = trio
    p.beliefs_first_noise, p.beliefs_courtesy = 0.05, 0.08
    p.beliefs_first_trust, p.beliefs_trust_spread = 0.4, 0.05
    a, b = int(world.pairs[0].a), int(world.pairs[0].b)
    world.councils.culture[a], world.councils.culture[b] = 0.2, 0.7
    world.councils.lineage[[a, b]] = one, two
    rules.founding.draw_pair(world, p, LUCK, 0)
    normal = rules.noise.normal
    for side, (me, them) in enumerate(((one, two), (two, one))):
        z = normal(LUCK, noise.FIRST_IMPRESSION, 0, 0, me, them)
        assert world.pairs[0].belief[side] == pytest.approx(0.5 - 0.08 + 0.05 * z)
        assert world.pairs[0].doubt[side] == pytest.approx(0.0025)
    z = normal(LUCK, noise.FIRST_TRUST, 0, 0, 5000, 7000)
    assert world.pairs[0].trust == pytest.approx(0.4 + 0.05 * z)


def test_a_scenario_can_fix_trust_and_what_one_side_believes(rules, trio):
    world, p = trio
    world.pairs[0].trust, world.pairs[0].belief[:] = 0.9, (-1.0, 0.15)
    rules.founding.draw_pair(world, p, LUCK, 0)
    assert (world.pairs[0].trust, world.pairs[0].belief[1]) == (0.9, 0.15)
    assert world.pairs[0].belief[0] >= 0.0


# --- money --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tier", "kept"), [(s.DISTRICT, 0.07), (s.COUNTY, 0.02), (s.UNITARY, 0.02)]
)
def test_everybody_starts_with_a_budget_that_is_in_balance_with_what_is_put_aside(
    rules, trio, tier, kept
):
    world, p = trio
    p.costs_put_aside, p.costs_put_aside_upper = 0.07, 0.02
    world.councils.tier = tier
    rules.founding.found(world, p, LUCK)
    income = world.councils.income.copy()
    assert world.councils.cost == pytest.approx((1.0 - kept) * income)
    assert world.councils.gap == pytest.approx(-kept * income)
    # All that is expected was known before; what is put aside is a part of what must be cut.
    assert world.councils.heard == pytest.approx(world.councils.need)
    assert (world.councils.news == 0.0).all()
    rules.money.balance(world.councils, p, 0)  # nothing to cut, nothing to spend
    assert world.councils[0].cost == pytest.approx((1.0 - kept) * income[0])
    assert world.councils.settlement + 10.0 == pytest.approx(world.councils.income)
    assert world.tally[0].counts[s.CHANGED] == 1


@pytest.mark.parametrize("shock", [-0.3, 0.2])
def test_budgets_were_set_before_a_shock_of_the_first_day(rules, trio, shock):
    world, p = trio
    p.settlement_shock = shock
    world.councils.settlement, world.councils.income = 12.0, 30.0
    p.costs_put_aside = 0.1
    before = rules.founding.first_budget(world.councils, p, 1)
    assert before == pytest.approx(0.9 * (30.0 - 12.0 * shock))


# --- what stands already ------------------------------------------------------------------------

STANDING = """
[settlement]
path = "flat"
[[partnership]]
scope = "legal"
since = 2008-04-01
councils = ["C0", "C1", "C2"]
[[partnership]]
scope = "management"
since = 2008-10-01
councils = ["C0", "C1"]
"""


@pytest.fixture
def standing(rules, country, world_of):
    """Return three councils with a shared service of three and a management shared by two."""
    world, p = world_of(country({}, {}, {}, text=STANDING))
    p.scope_budget_share[:], p.scope_promised[:], p.scope_true_saving[:] = 0.1, 0.2, 0.05
    p.scope_ict[:], p.scope_setup_ratio[:], p.scope_ramp[:] = 0.0, 2.0, 8.0
    p.scope_coordination[:], p.agreements_coordination_extra = 0.02, 0.5
    p.scope_true_spread[:], p.agreements_reported_spread = 0.01, 0.5
    p.politics_chief_leaves, p.politics_chief_found = 1.0, 0.0  # every post is vacant
    return world, p


def test_partnerships_of_the_first_day_run_in_the_scenarios_order(rules, standing):
    world, p = standing
    rules.founding.found(world, p, LUCK)
    assert world.tally[0].counts[[s.LIVE, s.DEALS]].tolist() == [2, 2]
    legal, union = (world.deals[world.live[n]] for n in (0, 1))
    assert [deal.number for deal in (legal, union)] == [1, 2]
    for deal, scope, signed in ((legal, SERVICE, -4), (union, s.MANAGEMENT, -2)):
        assert (deal.scope, deal.stage) == (scope, s.RUNNING)
        assert (deal.begun, deal.signed, deal.started) == (signed,) * 3
        assert (deal.exit, deal.equal, deal.align) == (0, 0, 0)
        lineages = [int(world.councils[i].lineage) for i in deal.member[: deal.members]]
        assert lineages == sorted(lineages)
        assert deal.key == rules.noise.descend(*lineages[:2], scope)
        z = rules.noise.normal(LUCK, noise.REPORTED, 0, 0, deal.key, 0)
        assert deal.report == pytest.approx(math.exp(0.5 * z))
    assert (legal.members, union.members) == (3, 2)
    assert world.councils.agreement[:, SERVICE].tolist() == [world.live[0]] * 3
    partners = {int(i) for i in union.member[:2]}
    for i in range(3):
        bound = i in partners
        assert (world.councils[i].agreement[s.MANAGEMENT] == world.live[1]) == bound
        assert world.councils[i].vacant == (not bound)


def test_what_stands_is_promised_saved_and_paid_for_as_if_signed_long_ago(rules, standing):
    world, p = standing
    p.costs_put_aside = 0.0
    rules.founding.found(world, p, LUCK)
    legal, union = (world.deals[world.live[n]] for n in (0, 1))
    income = float(world.councils[0].income)
    due = [0.0] * 3
    # A tenth of the budget, of that a fifth; two members cost 2% of it to coordinate, three 3%.
    for deal, ramp, care in ((legal, 4 / 8, 0.03), (union, 2 / 8, 0.02)):
        assert deal.upkeep[: deal.members] == pytest.approx([care * 0.1 * income] * deal.members)
        n = deal.members
        z = rules.noise.normal(LUCK, noise.TRUE_SHARE, 0, 0, deal.key, 0)
        worth = 0.1 * income * (0.05 + 0.01 * z)
        assert deal.promise[:n] == pytest.approx([0.02 * income] * n)
        assert deal.worth[:n] == pytest.approx([worth] * n)
        assert deal.now[:n] == pytest.approx([worth * ramp] * n)
        assert deal.paid[:n] == pytest.approx([0.04 * income] * n)
        assert deal.bill[:n] == pytest.approx([0.0] * n)
        for i in deal.member[:n]:
            due[i] += worth * ramp
    assert world.councils.saving == pytest.approx(due)
    assert world.councils.cost == pytest.approx([income + saved for saved in due])
    assert world.councils.gap == pytest.approx([0.0] * 3)


def test_what_stands_for_longer_than_its_ramp_saves_in_full(rules, standing):
    world, p = standing
    p.scope_ramp[:] = 3.0
    p.scope_ict[:], world.councils.population = 0.5, 30000
    p.agreements_scale_limit, p.agreements_scale_elasticity = 60000.0, 0.75
    p.scope_true_spread[:] = 0.0
    rules.founding.found(world, p, LUCK)
    legal, union = (world.deals[world.live[n]] for n in (0, 1))
    assert legal.now[:3] == pytest.approx(legal.worth[:3])
    assert union.now[:2] == pytest.approx(union.worth[:2] * 2 / 3)
    base = 0.1 * (1.0 - p.costs_put_aside) * float(world.councils[0].income)
    share = 0.05 + 0.5 * (1 - 2**-0.25)
    assert union.worth[:2] == pytest.approx([base * share] * 2)


def test_what_is_agreed_but_not_yet_at_work_is_set_up_and_paid_for_in_the_first_quarters(
    rules, standing
):
    world, p = standing
    p.costs_put_aside, p.scope_transition[s.MANAGEMENT] = 0.0, 2.0
    world.standing[3:, rules.founding.AGREED] = 1
    rules.founding.found(world, p, LUCK)
    legal, union = (world.deals[world.live[n]] for n in (0, 1))
    income = float(world.councils[0].income)
    assert (legal.stage, union.stage) == (s.RUNNING, s.TRANSITION)
    assert (union.signed, union.started, union.members) == (-2, s.LONG_AGO, 2)
    z = rules.noise.normal(LUCK, noise.TRUE_SHARE, 0, 0, union.key, 0)
    assert union.promise[:2] == pytest.approx([0.02 * income] * 2)
    assert union.worth[:2] == pytest.approx([0.1 * income * (0.05 + 0.01 * z)] * 2)
    # The planned bill, two years of the promise, is still to be paid, and nothing is saved yet.
    assert union.bill[:2] == pytest.approx([0.04 * income] * 2)
    assert union.paid[:2].tolist() == union.now[:2].tolist() == [0.0, 0.0]
    z = rules.noise.normal(LUCK, noise.TRUE_SHARE, 0, 0, legal.key, 0)
    saved = 0.1 * income * (0.05 + 0.01 * z) * 4 / 8
    assert world.councils.saving == pytest.approx([saved] * 3)
    members = [int(i) for i in union.member[:2]]
    assert world.councils.agreement[members, s.MANAGEMENT].tolist() == [world.live[1]] * 2
    assert world.councils.vacant[members].tolist() == [0, 0]
    bills = []
    for t in (0, 1):
        rules.money.clear_books(world)
        rules.agreements.run_agreements(world, p, t)
        bills.append(float(world.councils.flows[members[0], s.SETUP]))
    assert sum(bills) == pytest.approx(0.04 * income)
    assert (union.stage, union.started) == (s.RUNNING, 0)


def test_where_there_is_no_room_for_what_stands_more_is_asked_for(rules, standing):
    world, p = standing
    world.tally[0].counts[s.LIVE] = len(world.deals)
    rules.founding.found_partnerships(world, p, LUCK)
    assert world.tally[0].counts[s.FULL] == 1
    assert (world.councils.agreement == s.NOBODY).all()
    assert (world.deals.stage == s.EMPTY).all()


@pytest.mark.parametrize(("scope", "filled"), [(s.SERVICES - 1, 0), (s.SERVICES, 1)])
def test_who_shares_a_chief_executive_has_no_vacant_post(rules, standing, scope, filled):
    world, p = standing
    world.standing[:3, 1] = scope
    rules.founding.draw_management(world.councils, p, LUCK, 0)
    assert world.councils.vacant[0] == 1
    rules.founding.found(world, p, LUCK)
    single = set(range(3)) - {int(i) for i in world.standing[3:, 3]}
    assert [int(world.councils.vacant[i]) for i in single] == [1 - filled]


def test_every_council_and_every_pair_is_founded(rules, trio):
    world, p = trio
    p.culture_platforms = 4.0
    world.councils.control = world.councils.cycle = s.UNKNOWN
    rules.founding.found(world, p, LUCK)
    councils, pairs = world.councils, world.pairs
    assert (councils.culture >= 0.0).all() and (councils.quality > 0.0).all()
    assert (councils.control >= 0).all() and (councils.cycle >= 0).all()
    assert (councils.attention >= 2).all()
    assert (pairs.belief >= 0.0).all() and (pairs.trust > 0.0).all()
