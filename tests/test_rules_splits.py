"""Splits and chains: a council that is shared out among orders, and orders upon orders."""

import pytest

from sim.core import events as e, state as s
from sim.errors import InputError
from sim.ready.world import prepare
from sim.tables.batch import simulate

COUNTY = {
    "tier": "county", "code": "K", "name": "The County", "budget_gbp_m": 500.0,
    "band_d": 1000.0, "tax_base": 150000.0, "population": 400000,
}  # fmt: skip
BIG = {"population": 200000, "budget_gbp_m": 30.0, "band_d": 300.0}


def order(code, councils, *, when="2009-04-01", parts="", county="", name=None):
    """Return an order of a file; parts and county as they are written there."""
    names = ", ".join(f'"{each}"' for each in councils)
    text = f'[[order]]\nwhen = {when}\ncode = "{code}"\nname = "{name or "Made " + code}"\n'
    parts = f"parts = [{parts}]\n" if parts else ""
    return f"{text}councils = [{names}]\n{parts}{county}\n"


def part(council, share):
    return f'{{ council = "{council}", share = {share} }}'


SPLIT = order("N1", ["C0"], parts=part("C1", 0.25)) + order("N2", ["C2"], parts=part("C1", 0.75))


@pytest.fixture
def split(rules, country, world_of):
    """Return C0, C1 and C2, of which C1 will be shared out one to three, and the row of each."""
    world, p = world_of(country({}, BIG, {}, text=SPLIT))
    rules.founding.found(world, p, 1)
    rules.money.clear_books(world)
    named = zip(("C0", "C1", "C2", "C1"), world.orders.council, strict=True)
    return world, p, {code: int(row) for code, row in named}


def summed(world, name):
    return float(world.councils[name][world.councils.alive == 1].sum())


def test_a_split_shares_out_people_and_money_by_population_and_loses_nothing(rules, split):
    world, p, row = split
    councils = world.councils
    councils.totals[row["C1"], s.GRANTS] = 8.0
    councils.inherited[row["C1"]] = 0.4
    names = ("population", "settlement", "cost", "inherited", "income")
    before = {name: summed(world, name) for name in names}
    reserves, granted = summed(world, "reserves"), float(councils.totals[:, s.GRANTS].sum())
    bases = world.bases.sum(axis=0).copy()
    paths = world.paths.sum(axis=1).copy()
    rules.orders.carry_out_orders(world, p, 0)
    one, two = row["C0"], row["C2"]
    assert councils.alive.tolist() == [int(i in (one, two)) for i in range(3)]
    assert councils.population[[one, two]].tolist() == [150000, 250000]
    assert {name: summed(world, name) for name in names} == pytest.approx(before)
    moved = summed(world, "reserves") + councils.flows[[one, two], s.TRANSFERS].sum()
    assert moved == pytest.approx(reserves)
    assert councils.totals[[one, two], s.GRANTS].tolist() == pytest.approx([2.0, 6.0])
    assert sum(councils.totals[[one, two], s.GRANTS]) == pytest.approx(granted)
    assert world.bases[[one, two]].sum(axis=0) == pytest.approx(bases)
    assert world.paths[:, [one, two]].sum(axis=1) == pytest.approx(paths)


def test_each_successor_of_a_split_has_luck_that_descends_from_its_parents(rules, split):
    world, p, row = split
    old = {code: int(world.councils.lineage[k]) for code, k in row.items()}
    rules.orders.carry_out_orders(world, p, 0)
    descend = rules.noise.descend
    for code in ("C0", "C2"):
        own = descend(old[code], old[code], 1)
        assert world.councils.lineage[row[code]] == descend(own, old["C1"], 1)


def test_a_split_is_told_with_its_shares_and_is_followed_to_the_largest_part(rules, split):
    world, p, row = split
    rules.orders.carry_out_orders(world, p, 0)
    rows = world.log[: world.tally[0].happened]
    new = [int(world.councils.identity[row[code]]) for code in ("C0", "C2")]
    told = [(r.council, r.other, r.value) for r in rows if r.kind == e.ABOLISHED]
    assert told == [(row["C1"], new[0], 0.25), (row["C1"], new[1], 0.75)]
    assert rules.successors.living_row(world.roll, row["C1"]) == row["C2"]


def test_what_cannot_be_parted_goes_to_the_largest_part(rules, country, world_of):
    world, p = world_of(country({}, BIG, {}, {"county": "There"}, text=SPLIT))
    rules.founding.found(world, p, 1)
    named = zip(("C0", "C1", "C2", "C1"), world.orders.council, strict=True)
    row = {code: int(council) for code, council in named}
    other = ({0, 1, 2, 3} - set(row.values())).pop()
    d = rules.deals.open_deal(world, 0, 0, 5)
    for i in (row["C1"], other):
        rules.deals.add_member(world.deals, d, i)
        world.councils[i].agreement[0] = d
    world.deals[d].stage = s.RUNNING
    rules.orders.carry_out_orders(world, p, 0)
    assert world.deals[d].member[:2].tolist() == [row["C2"], other]
    assert rules.between.pair_of(world, row["C2"], other) != s.NOBODY
    assert rules.between.pair_of(world, row["C1"], other) == s.NOBODY


def test_two_councils_that_are_split_and_merged_before_share_out_all_that_they_have(
    rules, country, world_of
):
    text = order("N1", ["C0"], parts=f"{part('C1', 0.2)}, {part('C3', 0.5)}")
    text += order("N2", ["C2"], parts=f"{part('C3', 0.5)}, {part('C1', 0.8)}")
    world, p = world_of(country({}, {}, {}, {}, text=text))
    rules.founding.found(world, p, 1)
    rules.money.clear_books(world)
    row = {int(o.council) for o in world.orders if o.part == 1}
    first = rules.mergers.begin_union(world, -1, min(row))
    rules.mergers.absorb(world, p, -1, min(row), max(row), 0)
    rules.mergers.finish_union(world, p, -1, min(row), first, 0.0)
    rules.orders.carry_out_orders(world, p, 0)
    alive = world.councils.alive == 1
    assert sorted(world.councils.population[alive]) == pytest.approx([170000, 230000])


def test_an_order_names_a_council_that_an_earlier_order_made(country):
    text = order("N1", ["C0", "C1"]) + order("N2", ["n1", "C2"], when="2009-10-01")
    text += order("N3", ["Made N2", "C3"], when="2010-04-01")
    councils = simulate(country({}, {}, {}, {}, text=text)).councils.set_index("code")
    became = {code: councils.loc[code, "became"] for code in ("C0", "C2", "C3", "N1", "N2")}
    assert became == {"C0": "N1", "C2": "N2", "C3": "N3", "N1": "N2", "N2": "N3"}
    assert councils.loc["N3", "population"] == 400000
    assert councils["alive"].tolist().count(True) == 1


def test_a_name_that_a_county_and_a_new_council_share_is_the_new_one_s(country):
    text = order("N1", ["C0", "C1"], county='county = "K"', name="The County")
    text += order("N2", ["The County", "C2"], when="2010-04-01")
    scenario = country({}, {}, {"county": "There"}, COUNTY, text=text)
    councils = simulate(scenario).councils.set_index("code")
    assert councils.loc["N1", "became"] == "N2"


def test_no_two_councils_of_a_run_have_one_code(country):
    text = '[reorganisation]\nstance = "mandated"\nnotice = 0.5\n'
    codes = simulate(country({}, {"county": "There"}, text=text)).councils["code"]
    assert codes.is_unique
    assert "C0+" in set(codes)


ONE = order("N1", ["C0", "C1"])
REFUSED = {
    "a council in two orders of one quarter": (
        ONE + order("N2", ["C1", "C2"], when="2009-05-01"), "'C1' is in .*Made N1.*split it"
    ),
    "an order of one council": (order("N1", ["C0"]), "Made N1.*changes nothing"),
    "an order of counties only": (order("N1", ["K"]), "no district or unitary as a whole"),
    "a code that exists": (order("c2", ["C0", "C1"]), "'c2' is the code of Council 2 already"),
    "a code that stands twice": (
        ONE + order("n1", ["C2", "C3"]), r"'n1' is the code of \[\[order\]\] Made N1 already"
    ),
    "a code with a plus": (order("A+B", ["C0", "C1"]), "holds a \\+"),
    "a council named twice": (order("N1", ["C0", "council 0"]), "one council by then"),
    "a council named twice by what it became": (
        ONE + order("N2", ["N1", "C0"], when="2010-04-01"), "'C0' and 'N1' are one council"
    ),
    "a council that is not made yet": (
        order("N2", ["N1", "C2"]) + order("N1", ["C0", "C1"], when="2010-04-01"),
        "'N1' is made on 2010-04-01 only",
    ),
    "a council that is made the same day": (
        ONE + order("N2", ["N1", "C2"]), "'N1' is made on 2009-04-01 only"
    ),
    "a stranger": (order("N1", ["C0", "Counsil 1"]), "did you mean 'Council 1'"),
    "no county for a county": (order("N1", ["C0"], county='county = "C1"'), "no county council"),
    "a part of a county": (order("N1", ["C0"], parts=part("K", 0.5)), "county and share"),
    "parts that leave some": (order("N1", ["C0"], parts=part("C1", 0.5)), "to 0.5; .*the rest"),
    "parts of too much": (
        order("N1", ["C0"], parts=part("C1", 0.5)) + order("N2", ["C2"], parts=part("C1", 0.6)),
        "C1 add up to 1.1; .*smaller",
    ),
    "a part of what goes whole": (
        order("N1", ["C0", "C1"]) + order("N2", ["C2"], parts=part("C1", 0.5)),
        "goes as a whole with .*Made N1",
    ),
    "a district that is forgotten": (
        order("N1", ["C0", "C1", "C2"], county='county = "K"'), "Council 3 would stay a district"
    ),
    "a county that is forgotten": (
        order("N1", ["C0", "C1"]) + order("N2", ["C2", "C3"]), 'county stays; .*county = "K"'
    ),
    "two tables of one council": (
        '[[council]]\ncouncil = "C0"\nsystem = 1\n[[council]]\ncouncil = "Council 0"\nsystem = 2\n',
        "'Council 0' and .*'C0' are one council",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_orders_that_contradict_are_refused_in_one_sentence(country, what):
    text, words = REFUSED[what]
    with pytest.raises(InputError, match=words) as error:
        prepare(country({}, {}, {}, {}, COUNTY, text=text))
    assert "\n" not in str(error.value)


UNREADABLE = {
    "an empty code": (order(" ", ["C0", "C1"]), "code: it is empty"),
    "an empty name": (order("N1", ["C0", "C1"], name=" "), "name: it is empty"),
    "a share of no county": (order("N1", ["C0", "C1"], county="share = 0.5"), "of no county"),
    "a part of all": (order("N1", ["C0"], parts=part("C1", 1.0)), "less than 1"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_orders_that_say_nothing_are_refused_when_they_are_read(country, what):
    text, words = UNREADABLE[what]
    with pytest.raises(InputError, match=words):
        country({}, {}, {}, {}, COUNTY, text=text)


def test_codes_that_differ_in_case_only_are_refused(country):
    with pytest.raises(InputError, match="'c0' stands on line 2 too"):
        prepare(country({}, {"code": "c0"}))


def test_a_file_says_more_of_a_council_than_its_base_and_is_not_refused(tmp_path):
    from sim.declared.scenario import load

    path = tmp_path / "mine.toml"
    path.write_text('base = "norfolk"\n[[council]]\ncouncil = "norwich"\nattention = 2\n')
    norwich = [f for f in load(path).council if f.council.lower() == "norwich"]
    assert [(f.attention, f.autonomy) for f in norwich] == [(2, 0.9)]
    prepare(load(path))


@pytest.mark.parametrize(
    ("names", "words"),
    [(("New", "new"), "two orders give this name"), (("Place 4", "Other"), "of this name goes on")],
)
def test_no_new_council_takes_the_name_of_another(country, names, words):
    text = ""
    for k, name in enumerate(names):
        text += f'[[order]]\nwhen = 2010-04-01\ncode = "N{k}"\nname = "{name}"\n'
        text += f'councils = ["C{2 * k}", "C{2 * k + 1}"]\n'
    rows = [{"name": f"Place {k}"} for k in range(5)]
    with pytest.raises(InputError, match=words):
        prepare(country(*rows, text=text))
