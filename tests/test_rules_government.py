"""Pots, stance, happenings, orders and mandates: what government does, by hand."""

import pytest
from dealt import table

from sim.core import events as e, state as s

SERVICE = 0
COUNTY = {
    "tier": "county", "code": "K", "name": "The County", "budget_gbp_m": 500.0,
    "band_d": 1000.0, "tax_base": 150000.0, "population": 300000,
}  # fmt: skip
ORDERS = """
[[order]]
when = 2009-04-01
code = "N1"
name = "One"
councils = ["C0", "C1"]
county = "K"
share = 0.25
[[order]]
when = 2009-04-01
code = "N2"
name = "Two"
councils = ["C2"]
county = "K"
share = 0.75
"""
HAPPENINGS = """
[[happening]]
when = 2009-10-01
council = "C0"
what = "chief_executive_leaves"
until = 2010-07-01
[[happening]]
when = 2009-10-01
council = "C1"
what = "control_changes"
control = "LD"
"""


@pytest.fixture
def trio(rules, typical):
    world, p = typical({}, {}, {}, text=HAPPENINGS)
    return world, p, [int(row.council) for row in world.happenings]


@pytest.fixture
def ordered(rules, typical):
    """Return three districts and a county that become two unitaries, and the rows of each."""
    world, p = typical({}, {"population": 150000}, {}, COUNTY, text=ORDERS)
    rules.money.clear_books(world)
    rows = dict(zip(("C0", "C1", "K", "C2"), map(int, world.orders.council[:4]), strict=True))
    return world, p, rows


def happened(world, *kinds):
    rows = world.log[: world.tally[0].happened]
    return [row for row in rows if not kinds or row.kind in kinds]


# --- pots ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("t", "was", "left"), [(0, 5, 5), (4, 5, 5), (5, 5, 1), (6, 4, 5), (7, 0, 5)]
)
def test_a_pot_is_filled_in_april_and_when_its_own_amount_is_changed(rules, trio, t, was, left):
    world, _, _ = trio
    pots = world.tally[0].pots
    pots[:] = 1, 2, was, 3
    rules.government.fill_pot(pots, t, 0, 5)
    assert pots.tolist() == [left, 2, 5, 3]
    pots[:] = 2, 1, 3, was
    rules.government.fill_pot(pots, t, 1, 5)
    assert pots.tolist() == [2, left, 3, 5]


def test_each_pot_has_an_amount_of_its_own(rules, trio):
    world, p, _ = trio
    p.grants_feasibility_pot, p.grants_setup_pot = 0.3, 2.0
    rules.government.govern(world, p, 0)
    assert world.tally[0].pots.tolist() == [300_000, 2_000_000, 300_000, 2_000_000]


# --- stance -------------------------------------------------------------------------------------


def test_a_change_of_stance_is_noted_and_a_mandate_counts_its_quarters(rules, trio):
    world, p, _ = trio
    counted = []
    stances = (s.NONE, s.NONE, s.MANDATED, s.MANDATED, s.MANDATED, s.REVIEW, s.MANDATED)
    for t, stance in enumerate(stances):
        p.reorganisation_stance = stance
        rules.government.take_stance(world, p, t)
        counted.append(int(world.tally[0].mandate[0]))
    assert counted == [-1, -1, 0, 1, 2, -1, 0]
    rows = happened(world, e.STANCE)
    assert [(r.quarter, r.value) for r in rows] == [
        (0, s.NONE), (2, s.MANDATED), (5, s.REVIEW), (6, s.MANDATED),
    ]  # fmt: skip
    assert {(r.council, r.other, r.deal, r.scope, r.reason, r.more) for r in rows} == {
        (*[s.NOBODY] * 5, 0.0)
    }


def test_government_takes_its_stance_before_it_orders(rules, typical):
    world, p = typical({}, {})
    p.reorganisation_stance, p.reorganisation_notice = s.MANDATED, 0.0
    rules.government.govern(world, p, 0)
    assert [r.kind for r in happened(world)][:1] == [e.STANCE]
    assert world.councils.alive.sum() == 1


# --- happenings ---------------------------------------------------------------------------------


def test_what_a_scenario_dates_happens_in_its_quarter(rules, trio):
    world, p, (one, two) = trio
    for t in (0, 1, 3):
        rules.government.let_happen(world, t)
    assert happened(world) == []
    world.tally[0].mandate[1] = p.reorganisation_stance
    rules.government.govern(world, p, 2)
    rows = [(r.kind, r.quarter, r.council, r.value) for r in happened(world)]
    assert rows == [(e.CHIEF_LEAVES, 2, one, 0.0), (e.CONTROL_CHANGES, 2, two, 2.0)]
    assert world.councils.vacant[one] == 1
    assert world.councils.kept_vacant[[one, two]].tolist() == [5, 0]
    assert (world.councils.control[two], world.councils.changed[two]) == (2, 2)
    assert world.councils.changed[one] == s.LONG_AGO


def test_of_two_dates_until_which_a_post_is_kept_vacant_the_later_holds(rules, trio):
    world, _, (one, _) = trio
    world.councils.vacant[one] = 1
    for before, after in ((3, 5), (9, 9)):
        world.councils.kept_vacant[one] = before
        rules.government.let_happen(world, 2)
        assert world.councils.kept_vacant[one] == after
    # Where the post is vacant nobody goes.
    assert happened(world, e.CHIEF_LEAVES) == []


@pytest.mark.parametrize("scope", [s.CHIEF_EXECUTIVE, s.MANAGEMENT])
def test_nothing_happens_to_a_post_that_is_shared(rules, trio, scope):
    world, _, (one, _) = trio
    world.councils.agreement[one, scope] = 0
    rules.government.let_happen(world, 2)
    assert world.councils.vacant[one] == world.councils.kept_vacant[one] == 0
    assert happened(world, e.CHIEF_LEAVES) == []


def test_what_is_dated_happens_to_the_council_that_the_named_one_has_become(rules, trio):
    world, p, (one, two) = trio
    heir = ({0, 1, 2} - {one, two}).pop()
    first = rules.mergers.begin_union(world, 1, heir)
    rules.mergers.absorb(world, p, 1, heir, two, e.MERGED)
    rules.mergers.finish_union(world, p, 1, heir, first, 0.0)
    assert [rules.successors.living_row(world.roll, k) for k in (two, heir, 3)] == [heir] * 3
    assert rules.successors.living_row(world.roll, one) == one
    world.councils.alive[one] = 0  # abolished
    rules.government.let_happen(world, 2)
    assert world.councils.control[heir] == 2
    assert world.councils.vacant[one] == 0
    assert happened(world, e.CHIEF_LEAVES) == []


# --- orders -------------------------------------------------------------------------------------


def test_an_order_unites_into_the_largest_and_shares_out_the_county(rules, ordered):
    world, p, rows = ordered
    councils = world.councils
    p.reorganisation_saving, p.reorganisation_transition = 0.02, 15.0
    p.reorganisation_core = p.reorganisation_successor = p.reorganisation_spread_years = 0.0
    p.reorganisation_parting = 1.0
    cost = {code: float(councils.cost[row]) for code, row in rows.items()}
    band, base = councils.band_d.copy(), world.bases[:, 0].copy()
    rules.government.govern(world, p, 0)
    one, two = rows["C1"], rows["C2"]
    assert councils.alive.tolist() == [int(i in (one, two)) for i in range(4)]
    assert councils.population[[one, two]].tolist() == [250000, 100000]
    assert councils.tier[[one, two]].tolist() == [s.UNITARY] * 2
    # Fifteen pounds a head, of its people.
    assert councils.flows[[one, two], s.SETUP] == pytest.approx([3.75, 1.5])
    saves = [
        0.02 * (cost["C0"] + cost["C1"] + cost["K"] / 4),
        0.02 * (cost["C2"] + 0.75 * cost["K"]),
    ]
    assert councils.merging[[one, two]] == pytest.approx(saves)
    assert councils.merged_at[[one, two]].tolist() == [0, 0]
    county = 0.75 * base[rows["K"]] * band[rows["K"]]
    assert councils.band_d[two] == pytest.approx(band[two] + county / base[two])
    told = [(r.kind, r.council, r.other) for r in happened(world, e.MERGES, e.ABOLISHED)]
    new = councils.identity[[one, two]].tolist()
    assert told == [
        (e.MERGES, new[0], rows["C0"]), (e.MERGES, new[0], one), (e.ABOLISHED, rows["K"], new[0]),
        (e.MERGES, new[1], two), (e.ABOLISHED, rows["K"], new[1]),
    ]  # fmt: skip
    assert [world.roll[k].tier for k in new] == [s.UNITARY] * 2
    assert [world.roll[k].group for k in new] == [0, 1]
    pair = world.pairs[rules.between.pair_of(world, one, two)]
    assert pair.tiers == 0


def test_orders_wait_for_their_day(rules, ordered):
    world, p, _ = ordered
    world.orders.quarter = 3
    for t in (0, 2, 4):
        rules.orders.carry_out_orders(world, p, t)
        assert world.councils.alive.sum() == 4
    rules.orders.carry_out_orders(world, p, 3)
    assert world.councils.alive.sum() == 2


def test_a_day_of_another_order_abolishes_no_county_of_this_one(rules, ordered):
    world, p, rows = ordered
    world.orders.quarter[world.orders.group == 1] = 3
    world.orders.quarter[world.orders.council == rows["K"]] = 3
    rules.orders.carry_out_orders(world, p, 0)
    assert world.councils.alive[rows["K"]] == 1


def test_the_heir_is_the_largest_of_the_order_and_in_a_tie_the_lower_lineage(rules, ordered):
    world, _, rows = ordered
    largest = rules.orders.largest_named
    assert largest(world, 0, 0, False) == rows["C1"]
    world.councils.population[[rows["C0"], rows["C1"]]] = 100000
    both = sorted((int(world.councils.lineage[rows[c]]), rows[c]) for c in ("C0", "C1"))
    assert largest(world, 0, 0, False) == both[0][1]
    world.councils.population[rows["C0"]] = 100001
    assert largest(world, 0, 0, False) == rows["C0"]
    world.councils.alive[rows["C0"]] = 0
    assert largest(world, 0, 0, False) == rows["C1"]
    # Of those that were united today only who is asked for them hears.
    world.councils.merged_at[rows["C1"]] = 0
    assert largest(world, 0, 0, False) == s.NOBODY
    assert largest(world, 0, 0, True) == rows["C1"]
    assert largest(world, 0, 1, False) == rows["C2"]


def test_what_can_be_united_is_alive_no_county_and_not_of_today(rules, ordered):
    world, _, rows = ordered
    councils = world.councils
    can = rules.orders.can_unite
    assert [bool(can(councils, 5, rows[c])) for c in ("C0", "C1", "C2", "K")] == [1, 1, 1, 0]
    councils.merged_at[rows["C0"]], councils.merged_at[rows["C1"]] = 5, 4
    councils.alive[rows["C2"]] = 0
    assert [bool(can(councils, 5, rows[c])) for c in ("C0", "C1", "C2")] == [0, 1, 0]
    county = rules.successors.living_county
    assert [bool(county(councils, rows[c])) for c in ("C0", "K")] == [0, 1]
    councils.alive[rows["K"]] = 0
    assert not county(councils, rows["K"])


def test_an_order_of_one_council_without_a_county_changes_nothing(rules, ordered):
    world, p, rows = ordered
    changes = rules.orders.changes_anything
    assert changes(world, 0, 0, rows["C1"])
    assert changes(world, 0, 1, rows["C2"])  # it takes over a part of the county
    world.councils.alive[rows["K"]] = 0
    assert changes(world, 0, 0, rows["C1"])
    assert not changes(world, 0, 1, rows["C2"])
    who = world.councils.identity[rows["C2"]]
    rules.orders.unite_group(world, p, 0, 1)
    assert world.councils.identity[rows["C2"]] == who
    assert world.councils.tier[rows["C2"]] == s.DISTRICT
    assert happened(world) == []


def test_an_order_whose_councils_went_with_another_passes_on_its_share_alone(rules, ordered):
    world, p, rows = ordered
    councils = world.councils
    rules.orders.unite_group(world, p, 0, 0)
    heir = rows["C1"]
    world.roll[rows["C2"]].successor = councils.identity[heir]
    councils.alive[rows["C2"]] = 0
    who, people = councils.identity[heir], councils.population[heir]
    settlement = float(councils.settlement[heir])
    rules.orders.unite_group(world, p, 0, 1)
    assert (councils.identity[heir], councils.population[heir]) == (who, people)
    county = float(councils.settlement[rows["K"]])
    assert councils.settlement[heir] == pytest.approx(settlement + 0.75 * county)


def test_an_order_without_anybody_left_does_nothing(rules, ordered):
    world, p, rows = ordered
    world.councils.alive[rows["C2"]] = 0
    rules.orders.unite_group(world, p, 0, 1)
    assert happened(world) == []


def test_a_council_that_costs_nothing_saves_nothing_by_a_new_map(rules, ordered):
    world, p, rows = ordered
    world.councils.cost, p.reorganisation_core = -5.0, 0.0
    p.reorganisation_saving = 0.02
    rules.orders.unite_group(world, p, 0, 0)
    assert world.councils.merging[rows["C1"]] == 0.0


# --- the mandate --------------------------------------------------------------------------------


@pytest.fixture
def mandated(rules, typical):
    """Return two counties under a mandate: one with a county council, and one without."""
    there = [{"county": "There", "easting_km": 560.0 + 10 * k, "code": f"T{k}"} for k in range(2)]
    there[1]["population"] = 50000
    world, p = typical({}, {"population": 150000}, COUNTY, *there)
    rules.money.clear_books(world)
    p.reorganisation_stance, p.reorganisation_notice = s.MANDATED, 0.5
    world.tally[0].mandate[:] = 2, s.MANDATED
    return world, p


def rows_of(world, tier):
    alive = world.councils.alive == 1
    return [int(i) for i in range(len(alive)) if alive[i] and world.councils.tier[i] == tier]


@pytest.mark.parametrize(
    ("notice", "quarters", "due"),
    [(0.5, 1, False), (0.5, 2, True), (0.7, 2, True), (0.75, 2, False), (2.0, 7, False), (2, 8, 1)],
)
def test_a_mandate_is_carried_out_once_its_notice_has_run_out(
    rules, mandated, notice, quarters, due
):
    world, p = mandated
    p.reorganisation_notice, world.tally[0].mandate[0] = notice, quarters
    rules.government.carry_out_mandate(world, p, 6)
    assert (world.councils.alive.sum() == 2) == due


def test_the_districts_of_each_county_become_one_and_the_county_passes_to_it_whole(rules, mandated):
    world, p = mandated
    councils = world.councils
    p.reorganisation_saving, p.reorganisation_core = 0.02, 0.0
    settled, cost = councils.settlement.sum(), councils.cost.sum()
    identities = councils.identity.copy()
    largest = {
        int(councils.county[i]): i for i in sorted(range(5), key=lambda i: councils.population[i])
        if councils.tier[i] == s.DISTRICT
    }  # fmt: skip
    county = rows_of(world, s.COUNTY)[0]
    rules.government.carry_out_mandate(world, p, 6)
    heirs = rows_of(world, s.UNITARY)
    assert sorted(heirs) == sorted(largest.values())
    assert councils.alive.sum() == 2
    assert sorted(councils.population[heirs]) == [150000, 250000]
    assert councils.settlement[heirs].sum() == pytest.approx(settled)
    assert councils.merging[heirs].sum() == pytest.approx(0.02 * cost)
    gone = happened(world, e.ABOLISHED)
    assert [(r.council, r.value) for r in gone] == [(identities[county], 1.0)]
    # The new ones begin in the alphabetical order of their counties.
    by_county = sorted(heirs, key=lambda i: councils.county[i])
    assert [int(councils.identity[i]) for i in by_county] == [5, 6]
    parents = happened(world, e.MERGES)
    last = [int(r.other) for r in parents[-2:]]
    assert last == [int(identities[i]) for i in by_county]
    assert {r.reason for r in parents} == {s.NOBODY}
    rules.government.carry_out_mandate(world, p, 7)
    assert councils.identity[by_county].tolist() == [5, 6]


def test_a_mandate_leaves_alone_where_no_review_is_held_and_who_is_no_district(rules, mandated):
    world, p = mandated
    councils = world.councils
    covered = rules.announcing.mandated
    district = rows_of(world, s.DISTRICT)
    assert [bool(covered(councils, i)) for i in district] == [True] * 4
    assert not covered(councils, rows_of(world, s.COUNTY)[0])
    councils.reviewed[councils.county == 0] = 0
    councils.alive[district[-1]] = 0
    kept = [i for i in district if councils.county[i] == 0]
    assert [bool(covered(councils, i)) for i in kept] == [False] * len(kept)
    assert not covered(councils, district[-1])
    rules.government.carry_out_mandate(world, p, 6)
    assert len(rows_of(world, s.COUNTY)) == 1
    assert [i for i in rows_of(world, s.DISTRICT) if councils.county[i] == 0] == kept


def test_a_county_that_is_gone_already_passes_nothing_on(rules, mandated):
    world, p = mandated
    world.councils.alive[rows_of(world, s.COUNTY)[0]] = 0
    rules.government.carry_out_mandate(world, p, 6)
    assert len(rows_of(world, s.UNITARY)) == 2
    assert happened(world, e.ABOLISHED) == []


def test_talks_of_who_is_united_by_government_end_for_that_reason(rules, mandated):
    world, p = mandated
    one, two = (i for i in rows_of(world, s.DISTRICT) if world.councils.county[i] == 0)
    for key, scope in ((5, SERVICE), (6, s.MANAGEMENT)):
        table(rules, world, scope, (one, two), key=key, begun=3)
    rules.government.carry_out_mandate(world, p, 6)
    assert [r.reason for r in happened(world, e.TALKS_FAIL)] == [e.REORGANISED] * 2


def test_talks_of_who_is_united_by_an_order_end_for_that_reason(rules, ordered):
    world, p, rows = ordered
    table(rules, world, s.MANAGEMENT, (rows["C0"], rows["C1"]), key=5, begun=0)
    rules.orders.carry_out_orders(world, p, 0)
    assert [r.reason for r in happened(world, e.TALKS_FAIL)] == [e.REORGANISED]
