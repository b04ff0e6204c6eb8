"""Mergers, orders and mandates: nothing is lost, and everybody knows who became whom."""

import pytest
from dealt import opened

from sim.core import state as s
from sim.ready.kept import prepared
from sim.running import run_arrays
from sim.tables.batch import simulate

SERVICE = 0
RICH = {"budget_gbp_m": 30.0, "band_d": 300.0, "tax_base": 40000.0, "population": 150000}


@pytest.fixture
def trio(rules, country, world_of):
    world, p = world_of(country({}, RICH, {}))
    rules.founding.found(world, p, 1)
    return world, p


def unite(rules, world, p, t, heir, *others):
    first = rules.mergers.begin_union(world, t, heir)
    for i in others:
        rules.mergers.absorb(world, p, t, heir, i, 0)
    rules.mergers.finish_union(world, p, t, heir, first, 0.0)


def shared(rules, world, scope, members, *, key, worth):
    d = opened(rules, world, scope, members, key=key)
    for k in range(len(members)):
        world.deals[d].now[k] = world.deals[d].worth[k] = worth[k]
    return d


def test_people_money_and_tax_yield_are_the_sums_of_the_parents(rules, trio):
    world, p = trio
    councils = world.councils
    before = {name: councils[name][:2].sum() for name in ("population", "settlement", "cost")}
    reserves = councils.reserves[1]
    income = councils.income[:2].sum()
    paths = world.paths[:, :2].sum(axis=1)
    unite(rules, world, p, 0, 0, 1)
    for name, total in before.items():
        assert councils[name][0] == pytest.approx(total)
    assert councils.income[0] == pytest.approx(income)
    assert councils.flows[0, s.TRANSFERS] == pytest.approx(reserves)
    assert rules.money.tax_yield(world, 0, 0) == pytest.approx(10.0 + 12.0)
    assert councils.band_d[0] == pytest.approx(22e6 / 90000)
    assert world.paths[:, 0] == pytest.approx(paths)
    assert councils.alive.tolist() == [1, 0, 1]


def test_an_heir_keeps_its_own_readiness_and_what_it_has_heard(rules, trio):
    world, p = trio
    world.councils.readiness[:2], world.councils.news[:2] = (0.3, -0.9), (0.01, 0.02)
    world.councils.heard[:2] = 0.4, 0.9
    unite(rules, world, p, 0, 0, 1)
    heir = world.councils[0]
    assert (heir.readiness, heir.news, heir.heard) == (0.3, 0.01, 0.4)


def test_place_and_views_are_the_mean_by_people(rules, trio):
    world, p = trio
    world.councils.culture[0], world.councils.culture[1] = 0.2, 0.7
    world.councils.autonomy[:2] = 0.9, 0.4
    unite(rules, world, p, 0, 0, 1)
    assert world.councils.culture[0] == pytest.approx([0.5] * 4)
    assert world.councils.autonomy[0] == pytest.approx(0.6)
    assert world.councils.x[0] == pytest.approx(506.0)


def test_a_merged_council_has_a_lineage_that_descends_from_its_parents(rules, trio):
    world, p = trio
    one, two, three = (int(c.lineage) for c in world.councils)
    unite(rules, world, p, 4, 1, 0)
    descend = rules.noise.descend
    assert world.councils[1].lineage == descend(descend(two, two, 5), one, 5)
    assert world.councils[1].identity == 3
    assert world.councils[2].lineage == three
    assert [rules.successors.living_row(world.roll, k) for k in range(4)] == [1, 1, 2, 1]


def test_what_partners_saved_together_stays_saved_when_they_merge(rules, trio):
    world, p = trio
    shared(rules, world, SERVICE, (0, 1), key=5, worth=(0.3, 0.5))
    shared(rules, world, 1, (0, 1, 2), key=6, worth=(0.1, 0.2, 0.4))
    rules.agreements.gather_savings(world, p, 3)
    before = world.councils.saving.sum()
    unite(rules, world, p, 4, 0, 1)
    rules.agreements.gather_savings(world, p, 4)
    assert world.councils.saving[[0, 2]].sum() == pytest.approx(before)
    assert world.councils[0].agreement[SERVICE] == s.NOBODY
    assert world.councils[0].agreement[1] == world.councils[2].agreement[1] != s.NOBODY


def test_the_gap_of_a_merged_council_counts_what_both_parents_saved(rules, trio):
    world, p = trio
    shared(rules, world, SERVICE, (0, 1), key=5, worth=(0.3, 0.5))
    rules.agreements.gather_savings(world, p, 3)
    for i in range(2):
        rules.money.reckon(world, p, 3, i)
    gap = world.councils.gap[:2].sum()
    unite(rules, world, p, 3, 0, 1)
    assert world.councils.gap[0] == pytest.approx(gap)


def test_the_heir_takes_the_place_of_its_parent_in_services_with_others(rules, trio):
    world, p = trio
    d = shared(rules, world, SERVICE, (1, 2), key=5, worth=(0.3, 0.5))
    unite(rules, world, p, 4, 0, 1)
    assert world.deals[d].member[:3].tolist() == [0, 2, s.NOBODY]
    assert world.councils.agreement[:, SERVICE].tolist() == [d, s.NOBODY, d]


def test_an_heir_that_takes_over_an_agreement_stops_talking_about_the_same_service(rules, trio):
    world, p = trio
    shared(rules, world, SERVICE, (1, 2), key=5, worth=(0.3, 0.5))
    d = rules.deals.open_deal(world, 3, SERVICE, 6)
    for i in (0, 2):
        rules.deals.add_member(world.deals, d, i)
        rules.deals.start_talking(world.councils, i, d)
    unite(rules, world, p, 4, 0, 1)
    assert world.deals[d].stage == s.EMPTY


def test_whoever_could_talk_to_a_parent_can_talk_to_the_heir(rules, country, world_of):
    world, p = world_of(country(*[{"easting_km": 500.0 + 30 * k} for k in range(5)]))
    unite(rules, world, p, 0, 0, 4)
    for i in (1, 2, 3):
        assert rules.between.pair_of(world, 0, i) == rules.between.pair_of(world, i, 0)
        assert rules.between.pair_of(world, i, 4) == s.NOBODY
    e = rules.between.pair_of(world, 0, 2)
    dx = world.councils.x[0] - world.councils.x[2]
    dy = world.councils.y[0] - world.councils.y[2]
    assert world.pairs[e].distance == pytest.approx((dx * dx + dy * dy) ** 0.5)


def test_members_of_a_merger_become_one_in_the_row_of_the_largest(rules, trio):
    world, p = trio
    d = rules.deals.open_deal(world, 0, s.MERGER, 5)
    for i in (0, 1, 2):
        rules.deals.add_member(world.deals, d, i)
        world.councils[i].agreement[s.MERGER] = d
    world.deals[d].stage, world.deals[d].worth[:3] = s.TRANSITION, (0.1, 0.2, 0.3)
    rules.mergers.merge_members(world, p, 4, d)
    heir = world.councils[1]
    assert world.councils.alive.tolist() == [0, 1, 0]
    assert heir.population == 350000
    assert heir.merging == pytest.approx(0.6)
    assert heir.agreement[s.MERGER] == s.NOBODY
    assert world.deals[d].stage == s.EMPTY
    p.scope_ramp[s.MERGER] = 12.0
    rules.agreements.gather_savings(world, p, 7)
    assert heir.saving == pytest.approx(0.6 * 3 / 12)


COUNTY = {
    "tier": "county", "code": "K", "name": "The County", "budget_gbp_m": 500.0,
    "band_d": 1000.0, "tax_base": 150000.0, "population": 300000, "county": "Here",
    "unallocated_reserves_gbp_m": 40.0, "earmarked_reserves_gbp_m": 0.0,
}  # fmt: skip
ORDERS = """
[settlement]
path = "flat"
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


def test_a_county_is_split_by_its_shares(rules, country, world_of):
    world, p = world_of(country({}, RICH, {}, COUNTY, text=ORDERS))
    rules.founding.found(world, p, 1)
    rules.money.clear_books(world)
    names = {code: k for k, code in enumerate(("C0", "C1", "C2", "K"))}
    rows = {code: int(world.orders[k].council) for k, code in enumerate(("C0", "C1"))}
    rows["K"], rows["C2"] = int(world.orders[2].council), int(world.orders[3].council)
    assert len(names) == len(rows) == len(set(rows.values()))
    councils = world.councils
    parts = {code: float(councils.settlement[row]) for code, row in rows.items()}
    income, reserves = councils.income.sum(), councils.reserves.sum()
    rules.orders.carry_out_orders(world, p, 0)
    one, two = rows["C1"], rows["C2"]
    assert councils.settlement[one] == pytest.approx(parts["C0"] + parts["C1"] + 0.25 * parts["K"])
    assert councils.settlement[two] == pytest.approx(parts["C2"] + 0.75 * parts["K"])
    assert councils.income[[one, two]].sum() == pytest.approx(income)
    assert councils.flows[one, s.TRANSFERS] == pytest.approx(5.0 + 0.25 * 40.0)
    kept = councils.reserves[[one, two]].sum() + councils.flows[[one, two], s.TRANSFERS].sum()
    assert kept == pytest.approx(reserves)
    assert councils.tier[[one, two]].tolist() == [s.UNITARY] * 2
    assert councils.alive.sum() == 2
    head = p.reorganisation_transition * 250000 / 1e6 + 0.25 * p.reorganisation_successor
    assert councils.owed[one] == pytest.approx(head)


@pytest.mark.parametrize(("second", "left"), [('["C2", "C3"]', 2), ('["C2"]', 1)])
def test_orders_that_overlap_lose_nothing_and_swallow_no_new_council(
    rules, country, world_of, second, left
):
    """C1 and C2 merged by choice; one order then names C1, the other C2."""
    text = ORDERS.replace('["C2"]', second)
    there = {} if "C3" in second else {"county": "There"}
    world, p = world_of(country({}, {}, {}, there, COUNTY, text=text))
    rules.founding.found(world, p, 1)
    rules.money.clear_books(world)
    councils, row = world.councils, {}
    for n, code in enumerate(("C0", "C1", "K", "C2")):
        row[code] = int(world.orders[n].council)
    loner = next(i for i in range(5) if i not in row.values())
    unite(rules, world, p, -1, row["C1"], row["C2"])
    before = [councils[name][councils.alive == 1].sum() for name in ("settlement", "cost")]
    rules.orders.carry_out_orders(world, p, 0)
    alive = councils.alive == 1
    assert [councils[n][alive].sum() for n in ("settlement", "cost")] == pytest.approx(before)
    unitaries = alive & (councils.tier == s.UNITARY)
    assert unitaries.sum() == left and not (alive & (councils.tier == s.COUNTY)).any()
    assert councils.population[unitaries].max() == 300000
    assert councils.alive[loner] == 1
    assert world.tally[0].counts[s.MERGERS] == 1 + left


def test_an_order_that_finds_nothing_left_to_unite_does_nothing(rules, country, world_of):
    text = '[[order]]\nwhen = 2009-04-01\ncode = "N1"\nname = "One"\ncouncils = ["C0", "C1"]\n'
    world, p = world_of(country({}, {}, {}, text=text))
    rules.founding.found(world, p, 1)
    rows = [int(order.council) for order in world.orders]
    unite(rules, world, p, -1, *rows)
    who = world.councils.identity[rows[0]]
    rules.orders.carry_out_orders(world, p, 0)
    assert world.councils.identity[rows[0]] == who
    assert world.councils.tier[rows[0]] == s.DISTRICT


def test_counties_and_councils_of_unlike_tiers_do_not_merge_by_choice(rules, country, world_of):
    world, p = world_of(country({}, {}, {"tier": "unitary"}, COUNTY))
    rules.founding.found(world, p, 1)
    councils = world.councils
    able = [bool(rules.search.may_merge(councils, p, i)) for i in range(4)]
    assert able == [tier != s.COUNTY for tier in councils.tier]
    for e, pair in enumerate(world.pairs):
        like = councils.tier[pair.a] == councils.tier[pair.b]
        assert rules.search.eligible(world, p, 0, pair.a, pair.b, e, s.MERGER) == like
        assert rules.search.eligible(world, p, 0, pair.a, pair.b, e, s.MANAGEMENT)


def test_a_new_unitary_has_other_duties_than_the_districts_around_it(rules, country, world_of):
    text = '[[order]]\nwhen = 2009-04-01\ncode = "N1"\nname = "One"\ncouncils = ["C0", "C1"]\n'
    world, p = world_of(country({}, {}, {}, text=text))
    rules.founding.found(world, p, 1)
    rules.orders.carry_out_orders(world, p, 0)
    heir = int(rules.successors.living_row(world.roll, world.orders[0].council))
    other = next(i for i in range(3) if i != heir and world.councils[i].alive)
    e = rules.between.pair_of(world, heir, other)
    assert world.pairs[e].tiers == 1


def test_the_council_that_an_order_makes_has_its_code_and_its_name(country):
    councils = simulate(country({}, RICH, {}, COUNTY, text=ORDERS)).councils.set_index("code")
    assert councils.loc["N1", "name"] == "One"
    assert councils.loc["C0", "became"] == "N1"
    assert councils.loc["N2", "alive"]
    assert councils.loc["N2", "tier"] == "unitary"


MANDATE = """
reviewed = ["Here"]
[reorganisation]
stance = "mandated"
notice = 0.5
"""


def test_a_mandate_makes_one_council_of_the_districts_of_each_county_under_review(country):
    there = [{"county": "There", "code": f"T{k}", "easting_km": 560.0 + 10 * k} for k in range(3)]
    scenario = country({}, RICH, {}, COUNTY, *there, text=MANDATE)
    run = simulate(scenario)
    assert run.quarters["councils"].tolist() == [7, 7, *[4] * 6]
    left = run.councils[run.councils["alive"]]
    assert sorted(left["tier"]) == ["district"] * 3 + ["unitary"]
    unitary = left[left["tier"] == "unitary"].iloc[0]
    assert unitary["code"] == "C0+C1+C2"
    assert unitary["population"] == 350000
    assert (run.events["kind"] == "abolished").sum() == 1


def test_a_mandate_that_is_withdrawn_in_time_merges_nobody(country):
    text = MANDATE + '[[change]]\nwhen = 2009-07-01\nset = { "reorganisation.stance" = "none" }\n'
    run = simulate(country({}, {}, {}, text=text))
    assert run.quarters["mergers"].iloc[-1] == 0
    stances = run.events[run.events["kind"] == "stance"]["value"].tolist()
    assert stances == [s.MANDATED, s.NONE]


def test_nobody_merges_where_mergers_are_not_heard(country):
    sets = ("search.base_management=4", "merger.base=9", "merger.interest=9", "talks.pace=1")
    heard = country(*[{}] * 4, sets=sets, quarters=20)
    barred = country(*[{}] * 4, sets=(*sets, "reorganisation.stance=none"), quarters=20)
    assert run_arrays(prepared(heard), luck=1).record["mergers"][-1] > 0
    assert run_arrays(prepared(barred), luck=1).record["mergers"][-1] == 0
