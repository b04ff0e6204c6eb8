"""What a reorganisation costs and saves: each part from a number that is declared."""

import math

import pytest

from sim.core import events as e, state as s
from sim.country.councils import england
from sim.declared.parameters import declarations
from sim.declared.scenario import load
from sim.tables.batch import simulate

NINE = (
    "Bedford", "Central Bedfordshire", "Cheshire East", "Cheshire West and Chester", "Cornwall",
    "County Durham", "Northumberland", "Shropshire", "Wiltshire",
)  # fmt: skip
"""The unitaries of April 2009, whose making cost 135 million pounds in all."""
NUMBERS = {number.name: number for number in declarations()}


def test_a_reorganisation_costs_a_head_what_the_nine_areas_of_2009_paid():
    table = england()
    people = dict(zip(table.name, table.population, strict=True))
    paid = 135e6 / sum(people[name] for name in NINE)
    declared = NUMBERS["reorganisation.transition"]
    assert abs(declared.default - paid) < 0.1
    low, high = declared.plausible
    assert low < declared.default < high


COUNTY = {
    "tier": "county", "code": "K", "name": "The County", "budget_gbp_m": 500.0,
    "band_d": 1000.0, "tax_base": 150000.0, "population": 400000,
}  # fmt: skip
RICH = {"band_d": 300.0}


def orders(*shares, announced="", when="2009-04-01", each=2):
    """Return orders by which districts, so many each, and shares of a county become unitaries."""
    text = ""
    for k, share in enumerate(shares):
        names = ", ".join(f'"C{n}"' for n in range(each * k, each * (k + 1)))
        known = f"announced = {announced}\n" if announced else ""
        text += f'[[order]]\nwhen = {when}\n{known}code = "N{k}"\nname = "New {k}"\n'
        text += f'councils = [{names}]\ncounty = "K"\nshare = {share}\n'
    return text


@pytest.fixture
def reorganised(rules, country, world_of):
    """Return a maker of worlds of six districts and a county that has just become unitaries."""

    def make(*shares, **numbers):
        each = 6 // len(shares)
        world, p = world_of(country(RICH, *[{}] * 5, COUNTY, text=orders(*shares, each=each)))
        for name, value in numbers.items():
            setattr(p, f"reorganisation_{name}", value)
        rules.founding.found(world, p, 1)
        world.councils.cost[world.councils.tier == s.COUNTY] = 500.0
        rules.money.clear_books(world)
        rules.government.govern(world, p, 0)
        return world, p, world.councils[world.councils.alive == 1]

    return make


THIRDS = (0.2, 0.3, 0.5)


@pytest.mark.parametrize(("shares", "more"), [((1.0,), 0), ((0.4, 0.6), 1), (THIRDS, 2)])
def test_a_reorganisation_costs_so_much_a_head_and_for_each_further_successor(
    reorganised, shares, more
):
    _, _, new = reorganised(*shares, transition=40.0, successor=8.0, spread_years=2.0)
    bill = 0.6 * 40.0 + more * 8.0
    assert new.flows[:, s.SETUP].sum() == pytest.approx(bill / 8)
    assert new.owed.sum() == pytest.approx(bill * 7 / 8)


def test_what_a_reorganisation_costs_is_paid_in_equal_quarters_and_then_no_more(rules, reorganised):
    world, _, _ = reorganised(1.0, transition=40.0, spread_years=1.0)
    paid = []
    for t in range(1, 6):
        rules.money.clear_books(world)
        rules.reorganising.pay_for_changes(world, t)
        paid.append(float(world.councils.flows[:, s.SETUP].sum()))
    assert paid == pytest.approx([6.0, 6.0, 6.0, 0.0, 0.0])
    assert world.councils.owed.sum() == 0.0


@pytest.mark.parametrize(("shares", "left"), [((1.0,), 1), ((0.4, 0.6), 2), (THIRDS, 3)])
def test_each_council_less_saves_a_senior_team(reorganised, shares, left):
    _, _, new = reorganised(*shares, core=1.5, saving=0.0, parting=1.0)
    assert new.merging.sum() == pytest.approx(1.5 * (7 - left))


def test_a_county_in_parts_loses_scale_but_not_in_what_stays_hosted(reorganised):
    numbers = {"core": 0.0, "saving": 0.0, "parting": 0.98}
    lost = 500.0 * (sum(q**0.98 for q in THIRDS) - 1.0)
    for hosted in (0.0, 0.5, 1.0):
        _, _, new = reorganised(*THIRDS, hosted=hosted, **numbers)
        assert new.merging.sum() == pytest.approx(-(1.0 - hosted) * lost)
    _, _, new = reorganised(1.0, **numbers)
    assert new.merging.sum() == 0.0


def worth(reorganised, *shares, **numbers):
    _, _, new = reorganised(*shares, **numbers)
    return float(new.merging.sum())


CORE, PARTING = (NUMBERS[f"reorganisation.{name}"] for name in ("core", "parting"))


@pytest.mark.parametrize("core", CORE.plausible)
def test_three_unitaries_save_less_than_one_until_parting_a_county_pays(reorganised, core):
    """The sign turns where what parting wins is worth two senior teams, just above one."""
    turn = 1.0 + math.log(1.0 / (1.0 - 2 * core / 500.0)) / math.log(3.0)
    low, high = PARTING.plausible
    assert low < 1.0 < turn < high
    for parting in (low, PARTING.default, 1.0, turn - 1e-4, turn + 1e-4, high):
        one, three = (
            worth(reorganised, *shares, core=core, parting=parting, saving=0.0)
            for shares in ((1.0,), (1 / 3, 1 / 3, 1 - 2 / 3))
        )
        assert (three > one) == (parting > turn)


def test_what_is_promised_is_told_beside_what_is_true(reorganised):
    world, _, new = reorganised(1.0, promised=0.05, core=1.0, saving=0.0)
    rows = world.log[: world.tally[0].happened]
    (told,) = rows[rows.kind == e.PROMISES]
    assert told.council == new.identity[0]
    assert told.value == pytest.approx(0.05 * new.cost[0])
    assert told.more == pytest.approx(6.0)
    promised, true = (NUMBERS[f"reorganisation.{name}"] for name in ("promised", "saving"))
    assert true.default == 0.0 < promised.plausible[0]


def test_council_taxes_come_together_over_years_and_some_income_is_forgone(rules, reorganised):
    world, _, new = reorganised(1.0, levelling=0.5, harmonise_years=4.9)
    heir = int(new.identity[0])
    (i,) = (k for k in range(7) if world.councils.alive[k])
    mean = (300.0 + 5 * 200.0) / 6
    county = float(world.councils.band_d[i]) - mean
    taxes = []
    for _ in range(6):
        rules.money.level_tax(world.councils, i)
        taxes.append(float(world.councils.band_d[i]) - county)
    step = 0.5 * (mean - 200.0) / 4
    assert taxes == pytest.approx([mean - step * k for k in (1, 2, 3, 4, 4, 4)])
    assert world.councils.identity[i] == heir


def test_nobody_who_merges_by_choice_gives_up_any_tax(rules, country, world_of):
    world, p = world_of(country(RICH, {}))
    rules.founding.found(world, p, 1)
    first = rules.mergers.begin_union(world, 0, 0)
    rules.mergers.absorb(world, p, 0, 0, 1, 0)
    rules.mergers.finish_union(world, p, 0, 0, first, 0.0)
    assert world.councils.levelling[0] == world.councils.levels[0] == 0


# --- announcements ------------------------------------------------------------------------------


@pytest.fixture
def announced(rules, typical):
    """Return six districts, a county, and a seventh that is left alone; vesting in two years."""
    text = orders(0.5, 0.5, announced="2009-10-01", when="2011-04-01", each=3)
    world, p = typical(*[{}] * 6, COUNTY, {"county": "There", "code": "F"}, text=text)
    named = {int(order.council) for order in world.orders}
    return world, p, named, ({*range(8)} - named).pop()


def happened(world, kind):
    rows = world.log[: world.tally[0].happened]
    return [
        (int(row.quarter), int(row.council), float(row.value)) for row in rows[rows.kind == kind]
    ]


def test_an_order_binds_those_concerned_from_its_announcement_to_its_day(rules, announced):
    world, p, named, free = announced
    for t in range(10):
        rules.government.govern(world, p, t)
        bound = {i for i in range(8) if world.councils.shadow[i] == 1}
        assert bound == (named if 2 <= t < 8 else set())
    told = happened(world, e.ANNOUNCED)
    assert {who for _, who, _ in told} == named and len(told) == 7
    assert {(t, years) for t, _, years in told} == {(2, 1.5)}
    assert free not in named


def test_who_is_bound_signs_no_deep_deal_but_may_share_services(rules, announced):
    world, p, _, free = announced
    scopes, tiers = (0, s.CHIEF_EXECUTIVE, s.MANAGEMENT, s.MERGER), set()
    for k in range(world.councils[free].degree):
        pair, other = int(world.near[free, k]), int(world.across[free, k])
        district = bool(world.councils.tier[other] == s.DISTRICT)
        tiers.add(int(world.councils.tier[other]))
        eligible = [rules.search.eligible(world, p, 3, free, other, pair, c) for c in scopes]
        assert eligible == [True, True, True, district]  # a county and a district never merge
        world.councils.shadow[other] = 1
        bound = [rules.search.eligible(world, p, 3, free, other, pair, c) for c in scopes]
        assert bound == [True, False, False, False]
        back = [rules.search.eligible(world, p, 3, other, free, pair, c) for c in scopes]
        assert back == [True, False, False, False]
    assert tiers == {s.DISTRICT, s.COUNTY}


def test_an_announcement_ends_deep_talks_and_leaves_the_others(rules, announced):
    world, p, named, free = announced
    i = min(named)
    deals = []
    for scope, key in ((s.MANAGEMENT, 5), (0, 6)):
        d = rules.deals.open_deal(world, 0, scope, key)
        for who in (i, free):
            rules.deals.add_member(world.deals, d, who)
            rules.deals.start_talking(world.councils, who, d)
        world.deals[d].stage = s.CASE
        deals.append(d)
    rules.government.govern(world, p, 2)
    assert [int(world.deals[d].stage) for d in deals] == [s.EMPTY, s.CASE]
    (row,) = [r for r in world.log[: world.tally[0].happened] if r.kind == e.TALKS_FAIL]
    assert (row.scope, row.reason) == (s.MANAGEMENT, e.REORGANISED)


def test_talks_of_those_bound_are_slower_whatever_the_stance(rules, announced):
    world, p, named, free = announced
    p.reorganisation_stance = s.NONE
    world.councils.shadow[min(named)] = 1
    assert rules.weighing.under_doubt(world.councils, p, min(named)) == 1.0
    assert rules.weighing.under_doubt(world.councils, p, free) == 0.0


@pytest.mark.parametrize("stance", [s.REVIEW, s.MANDATED])
def test_doubt_ends_on_the_first_day_whatever_the_stance_says(rules, reorganised, stance):
    world, p, _ = reorganised(1.0)
    p.reorganisation_stance = stance
    (i,) = (k for k in range(7) if world.councils.alive[k])
    assert rules.weighing.under_doubt(world.councils, p, i) == 0.0


def test_a_mandate_binds_its_districts_and_their_county_until_its_day(rules, typical):
    text = 'reviewed = ["Here"]\n'
    world, p = typical({}, {}, COUNTY, {"county": "There", "code": "F"}, text=text)
    p.reorganisation_stance, p.reorganisation_notice = s.MANDATED, 0.5
    bound = []
    for t in range(4):
        rules.government.govern(world, p, t)
        bound.append(int(world.councils.shadow.sum()))
    assert bound == [3, 3, 0, 0]
    assert {years for _, _, years in happened(world, e.ANNOUNCED)} == {0.5}


def test_a_mandate_that_is_withdrawn_binds_nobody_any_more(rules, typical):
    world, p = typical({}, {}, COUNTY)
    p.reorganisation_notice = 2.0
    for t, stance in enumerate((s.MANDATED, s.REVIEW)):
        p.reorganisation_stance = stance
        rules.government.govern(world, p, t)
    assert world.councils.shadow.sum() == 0


def test_chief_executives_leave_likelier_before_the_first_day(rules, announced):
    world, p, named, free = announced
    p.politics_chief_leaves, p.reorganisation_leaving = 0.4, 3.0
    gone = {i: 0 for i in (min(named), free)}
    world.councils.shadow[min(named)] = 1
    for luck in range(400):
        world.councils.vacant = 0
        rules.politics.move_chiefs(world, p, 3, luck)
        for i in gone:
            gone[i] += int(world.councils.vacant[i])
    within = [400 * (1.0 - math.exp(-rate / 4)) for rate in (1.2, 0.4)]
    assert list(gone.values()) == pytest.approx(within, abs=30)


def test_an_order_is_announced_before_its_day(country):
    from sim.errors import InputError

    with pytest.raises(InputError, match="announced 2010-04-01 lies after when 2009-10-01"):
        country({}, {}, text=orders(1.0, announced="2010-04-01", when="2009-10-01"))


def test_an_announcement_that_nothing_follows_from_in_a_run_is_still_told(country):
    text = orders(1.0, announced="2009-10-01", when="2019-04-01")
    events = simulate(country({}, {}, COUNTY, text=text)).events
    assert (events["kind"] == "announced").sum() == 3
    assert load("norfolk").order == []


def test_who_was_made_today_hears_today_of_the_next_order_about_it(rules, typical):
    """Two become one in a year, and one with a third in two; both are announced at once."""
    text = (
        '[[order]]\nwhen = 2010-04-01\nannounced = 2009-04-01\ncode = "N0"\nname = "New 0"\n'
        'councils = ["C0", "C1"]\n'
        '[[order]]\nwhen = 2011-04-01\nannounced = 2009-04-01\ncode = "N1"\nname = "New 1"\n'
        'councils = ["N0", "C2"]\n'
    )
    world, p = typical(*[{}] * 4, text=text)
    shadows = []
    for t in range(6):
        rules.government.govern(world, p, t)
        living = {i for i in range(4) if world.councils.alive[i] == 1}
        shadows.append(sum(int(world.councils.shadow[i]) for i in living))
    # Before: the two and the third. From the day on which they are one: that one and the third.
    assert shadows == [3, 3, 3, 3, 2, 2]
