"""What is measured at the end of a quarter, each measure against a sum done by hand."""

import pytest
from dealt import opened

from sim.core import events as e, state as s
from sim.running import new_record

SERVICE, OTHER = 0, 1
T = 5
FLOWS = {  # power of two for each flow, so that a sum tells what is in it
    s.TRUE_SAVING: 1.0, s.GRANTS: 2.0, s.STUDIES: 4.0, s.SETUP: 8.0, s.COORDINATION: 16.0,
    s.EXITS: 32.0, s.INCOME: 64.0, s.SPENDING: 128.0, s.TRANSFERS: 256.0,
}  # fmt: skip
NETWORK = {
    "degree": "DEGREE", "components": "GROUPS", "largest": "LARGEST", "clustering": "CLUSTERING",
    "alike_size": "ALIKE_SIZE", "alike_tax": "ALIKE_TAX", "alike_culture": "ALIKE_CULTURE",
    "alike_party": "ALIKE_PARTY", "partner_km": "PARTNER_KM",
    "partner_adjacent": "PARTNER_ADJACENT", "partner_county": "PARTNER_COUNTY",
    "trust": "PARTNER_TRUST",
}  # fmt: skip


@pytest.fixture
def five(typical):
    """Return five councils that share nothing, their numbers, and an empty record."""
    world, p = typical(*[{}] * 5)
    return world, p, new_record(1)[0]


# --- the whole record ---------------------------------------------------------------------------


def test_every_measure_of_a_quarter_is_filled(rules, five):
    world, p, row = five
    rules.observe.observe(world, p, T, row)
    for name in row.dtype.names:
        assert (row[name] == row[name]).all(), f"{name} is not a number"


def test_counts_of_the_quarter_go_each_to_its_measure(rules, five):
    world, p, row = five
    places = {
        "talks_begun": s.TALKS_BEGUN, "talks_failed": s.TALKS_FAILED, "formed": s.SIGNED,
        "ended": s.AGREEMENTS_ENDED, "mergers": s.MERGERS, "distressed": s.DISTRESSED,
    }  # fmt: skip
    for k, place in enumerate(places.values()):
        world.tally[0].counts[place] = 20 + k
    rules.observe.observe(world, p, T, row)
    assert [row[name] for name in places] == [20, 21, 22, 23, 24, 25]


def test_failures_and_ends_are_told_by_reason(rules, five):
    world, p, row = five
    world.tally[0].failed[:] = range(e.REASONS)
    world.tally[0].ended[:] = range(100, 100 + e.REASONS)
    rules.observe.observe(world, p, T, row)
    assert row.failed.tolist() == list(range(e.REASONS))
    assert row.ended_by.tolist() == list(range(100, 100 + e.REASONS))


def test_the_network_is_measured_anew_only_in_a_quarter_that_changed_it(rules, five):
    world, p, row = five
    world.tally[0].network[:] = 0.0
    opened(rules, world, SERVICE, (0, 1))
    for changed, degree in ((0, 0.0), (2, 0.0), (1, 2 / 5)):
        world.tally[0].counts[s.CHANGED] = changed
        rules.observe.observe(world, p, T, row)
        assert row.degree == pytest.approx(degree)
    assert world.tally[0].counts[s.CHANGED] == 0


def test_before_the_quarter_that_is_asked_for_network_and_winners_are_not_measured(rules, five):
    world, p, row = five
    opened(rules, world, SERVICE, (0, 1))
    world.tally[0].counts[[s.CHANGED, s.ASKED]] = 1, T
    long_ = ("winners", *NETWORK)
    rules.observe.observe(world, p, T - 1, row)
    empty = [name for name in row.dtype.names if (row[name] != row[name]).any()]
    assert sorted(empty) == sorted(long_)
    rules.observe.observe(world, p, T, row)
    assert (row.degree, row.winners) == (2 / 5, 0.0)


def test_the_measures_of_the_network_are_told_by_name(rules, five):
    world, _, row = five
    world.tally[0].network[:] = range(s.NETWORK)
    rules.observe.copy_network(world.tally[0].network, row)
    assert {name: row[name] for name in NETWORK} == {
        name: getattr(rules.network, place) for name, place in NETWORK.items()
    }


# --- deals --------------------------------------------------------------------------------------


def test_deals_are_counted_by_what_has_become_of_them(rules, five):
    world, p, row = five
    for scope, stage in ((0, s.STUDY), (5, s.CASE), (s.SERVICES - 1, s.VOTING)):
        opened(rules, world, scope, (0, 1), stage=stage)
    opened(rules, world, s.CHIEF_EXECUTIVE, (2, 3), stage=s.STUDY)
    opened(rules, world, s.MERGER, (2, 4), stage=s.CASE)
    opened(rules, world, 3, (0, 1), stage=s.TRANSITION)
    opened(rules, world, 4, (0, 1))
    rules.observe.measure_deals(world, p, T, row)
    assert (row.talks, row.deep_talks, row.setting_up, row.agreements) == (5, 2, 1, 1)


def test_running_deals_are_counted_by_scope_and_by_kind(rules, five):
    world, p, row = five
    scopes = [0, 0, 8, s.CHIEF_EXECUTIVE, s.MANAGEMENT, s.MANAGEMENT]
    for scope in scopes:
        opened(rules, world, scope, (0, 1))
    rules.observe.measure_deals(world, p, T, row)
    assert row.active.tolist() == [2, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2]
    assert (row.services, row.managements, row.agreements) == (3, 3, 6)


def test_a_row_that_is_used_no_more_is_not_counted(rules, five):
    world, p, row = five
    over, swept = opened(rules, world, OTHER, (0, 1)), opened(rules, world, SERVICE, (0, 1))
    rules.deals.forget(world, swept)
    rules.deals.sweep(world)
    world.deals[swept].stage = s.RUNNING
    world.deals[over].stage = s.EMPTY
    rules.observe.measure_deals(world, p, T, row)
    assert (row.agreements, row.members, row.talks, row.promised) == (0, 0, 0, 0)


def test_the_mean_size_is_over_running_deals(rules, five):
    world, p, row = five
    opened(rules, world, SERVICE, (0, 1))
    rules.observe.measure_deals(world, p, T, row)
    assert row.members == 2.0
    opened(rules, world, OTHER, (0, 1, 2, 3, 4))
    opened(rules, world, 2, (0, 1, 2), stage=s.TRANSITION)
    rules.observe.measure_deals(world, p, T, row)
    assert row.members == pytest.approx((2 + 5) / 2)


def test_a_promise_counts_in_full_and_a_report_as_far_as_the_work_has_come(rules, five):
    world, p, row = five
    p.scope_ramp[SERVICE], p.scope_ramp[OTHER] = 8.0, 3.0
    young, old = opened(rules, world, SERVICE, (0, 1)), opened(rules, world, OTHER, (2, 3, 4))
    for d, started in ((young, T - 2), (old, T - 4)):
        world.deals[d].started = started
    world.deals[young].promise[:2], world.deals[young].report = (1.0, 2.0), 0.5
    world.deals[old].promise[:3], world.deals[old].report = (4.0, 5.0, 6.0), 2.0
    rules.observe.measure_deals(world, p, T, row)
    assert row.promised == 18.0
    # Two of eight quarters: (1 + 2) x 0.5 x 2/8; four of three are all: (4 + 5 + 6) x 2 x 1.
    assert row.reported == pytest.approx(0.375 + 30.0)


# --- money --------------------------------------------------------------------------------------


def test_budgets_reserves_and_savings_add_up_over_living_councils(rules, five):
    world, _, row = five
    councils = world.councils
    councils.income, councils.reserves = (1, 2, 4, 8, 16), (32, 64, 128, 256, 512)
    councils.saving, councils.distress = (0.5, 0.25, 1, 2, 4), (1, 0, 1, 0, 1)
    councils.alive[1] = 0
    rules.observe.measure_money(world, row)
    assert (row.budget, row.reserves, row.true_saving) == (29.0, 928.0, 7.5)
    assert row.in_distress == 3


def test_only_positive_gaps_add_up(rules, five):
    world, _, row = five
    world.councils.gap, world.councils.expected_gap = (1, -2, 4, 0, 0.5), (-1, 2, 0, 8, 0.25)
    rules.observe.measure_money(world, row)
    assert (row.gap, row.expected_gap) == (5.5, 10.25)


def test_each_flow_since_the_start_goes_to_its_measure(rules, five):
    world, _, row = five
    world.councils.alive[2:] = 0
    for flow, amount in FLOWS.items():
        world.councils.totals[:2, flow] = amount, 1000 * amount
        world.councils.totals[2:, flow] = 9e9
    rules.observe.measure_money(world, row)
    names = ("true_total", "grants", "study_cost", "setup_cost", "coordination_cost", "exit_cost")
    assert [row[name] for name in names] == [1001 * amount for amount in list(FLOWS.values())[:6]]
    assert row.net_saving == 1001 * (1 + 2 - 4 - 8 - 16 - 32)


def test_reports_of_a_year_add_up_quarter_by_quarter(rules, five):
    world, _, row = five
    world.tally[0].claimed, row.reported = 3.0, 2.0
    rules.observe.measure_money(world, row)
    assert row.reported_total == 3.0 + 2.0 / 4
    rules.observe.measure_money(world, row)
    assert row.reported_total == 4.0


# --- councils -----------------------------------------------------------------------------------


def test_councils_that_share_are_counted_once_and_deep_ones_apart(rules, five):
    world, _, row = five
    opened(rules, world, SERVICE, (0, 1))
    opened(rules, world, s.SERVICES - 1, (0, 1))
    opened(rules, world, s.CHIEF_EXECUTIVE, (1, 2), stage=s.TRANSITION)
    rules.observe.measure_councils(world, row)
    assert (row.councils, row.sharing, row.sharing_management) == (5, 3, 2)
    opened(rules, world, s.MANAGEMENT, (3, 4))
    rules.observe.measure_councils(world, row)
    assert (row.sharing, row.sharing_management) == (5, 4)
    world.councils.alive[4] = 0
    rules.observe.measure_councils(world, row)
    assert (row.councils, row.sharing, row.sharing_management) == (4, 4, 3)


def test_a_merger_that_is_signed_is_shared_but_is_no_shared_management(rules, five):
    world, _, row = five
    opened(rules, world, s.MERGER, (1, 2), stage=s.TRANSITION)
    rules.observe.measure_councils(world, row)
    assert (row.sharing, row.sharing_management) == (2, 0)


def test_a_deep_deal_counts_whatever_else_is_shared_after_it(rules, five):
    world, _, row = five
    world.councils[0].agreement[s.CHIEF_EXECUTIVE] = 0
    world.councils[0].agreement[s.MERGER] = 0
    rules.observe.measure_councils(world, row)
    assert (row.sharing, row.sharing_management) == (1, 1)


def test_councils_that_talk_of_deep_deals_are_counted(rules, five):
    world, _, row = five
    opened(rules, world, SERVICE, (0, 4), stage=s.STUDY)
    opened(rules, world, s.CHIEF_EXECUTIVE, (0, 1), stage=s.STUDY)
    opened(rules, world, s.MERGER, (1, 2), stage=s.CASE)
    rules.observe.measure_councils(world, row)
    assert row.talking_management == 3
    world.councils.alive[2] = 0
    rules.observe.measure_councils(world, row)
    assert row.talking_management == 2


def test_the_last_seat_at_a_table_counts_too_and_an_empty_seat_does_not(rules, five):
    world, _, _ = five
    for scope in range(s.SERVICES - s.TALKS_MOST + 1, s.SERVICES):
        opened(rules, world, scope, (0, 1), stage=s.STUDY)
    world.deals[len(world.deals) - 1].scope = s.MERGER  # what an empty seat would point to
    assert not rules.observe.talks_deep(world, 0)
    opened(rules, world, s.MANAGEMENT, (0, 2), stage=s.STUDY)
    assert rules.observe.talks_deep(world, 0)
    assert not rules.observe.talks_deep(world, 1)


def test_contact_and_quality_are_means_over_living_councils(rules, five):
    world, _, row = five
    world.councils.local_contact, world.councils.quality = (1, 0.5, 9, 0.9, 0.6), (0, 1, 9, 1, 1)
    world.councils.alive[2] = 0
    rules.observe.measure_councils(world, row)
    assert row.local_contact == pytest.approx(3.0 / 4)
    assert row.quality == pytest.approx(3 / 4)


# --- how evenly savings are spread --------------------------------------------------------------


def saved(world, *amounts):
    """Give the first councils true savings a head, the others none."""
    world.councils.totals, world.councils.population = 0.0, 10.0
    for i, amount in enumerate(amounts):
        world.councils[i].totals[s.TRUE_SAVING] = 10.0 * amount


@pytest.mark.parametrize(
    ("amounts", "winners"),
    [
        ((1, 1, 1, 1, 1), 0.0),
        ((0, 0, 7, 0, 0), 4 / 5),  # one has all: (n - 1) / n
        # 2 x (1x0 + 2x1 + 3x2 + 4x3 + 5x4) / (5 x 10) - 6/5, in whatever order they stand.
        ((3, 1, 4, 0, 2), 2 / 5),
        ((0, 0, 0, 0, 0), 0.0),
        # Who loses counts as one that gains nothing.
        ((3, 1, 4, -9, 2), 2 / 5),
    ],
)
def test_winners_is_the_gini_of_gains_a_head(rules, five, amounts, winners):
    world, p, row = five
    saved(world, *amounts)
    rules.observe.observe(world, p, T, row)
    assert row.winners == pytest.approx(winners)


def test_small_gains_are_as_uneven_as_large_ones(rules, five):
    world, p, _ = five
    saved(world, 0.03, 0.01, 0.04, 0.0, 0.02)
    assert rules.observe.gini(world, p, 5.0) == pytest.approx(2 / 5)


@pytest.mark.parametrize("living", [2, 3, 4, 5])
@pytest.mark.parametrize("gain", [0.1, 0.3, 1 / 3, 7.7])
def test_where_all_gain_alike_none_wins(rules, five, living, gain):
    world, p, _ = five
    saved(world, *[gain] * living)
    world.councils.alive[living:] = 0
    assert rules.observe.gini(world, p, float(living)) == 0.0


def test_gains_are_counted_a_head(rules, five):
    world, p, _ = five
    saved(world, 1, 1, 1, 1, 1)
    world.councils.population[0] = 5.0  # half the people: twice as much a head
    # 2 x (1 + 2 + 3 + 4 + 5 x 2) / (5 x 6) - 6/5
    assert rules.observe.gini(world, p, 5.0) == pytest.approx(4 / 3 - 6 / 5)


def test_a_council_that_is_no_more_wins_nothing(rules, five):
    world, p, row = five
    saved(world, 1, 50, 3, 0, 0)
    world.councils.alive[1] = world.councils.alive[3] = 0
    rules.observe.observe(world, p, T, row)
    assert row.winners == pytest.approx(2 * (2 * 1 + 3 * 3) / (3 * 4) - 4 / 3)


def test_a_gain_is_what_is_saved_and_granted_less_every_cost(rules, five):
    world, p, _ = five
    saved(world)
    # 0 gains 100 + 60 - 10 - 20 - 40 - 50 = 40; 1 gains 40: two equal of five.
    flows = {s.TRUE_SAVING: 100, s.GRANTS: 60, s.STUDIES: 10, s.SETUP: 20, s.COORDINATION: 40}
    for flow, amount in (flows | {s.EXITS: 50, s.INCOME: 999, s.SPENDING: 777}).items():
        world.councils[0].totals[flow] = amount
    world.councils[1].totals[s.TRUE_SAVING] = 40
    assert rules.observe.gini(world, p, 5.0) == pytest.approx(3 / 5)
