"""The real councils: complete, consistent, and each table explained."""

import csv
import re
from collections import Counter

import numpy as np
import pytest

from sim.country.councils import (
    CYCLES,
    DATA,
    LAST_KNOWN_YEAR,
    PARTIES,
    TIERS,
    election_calendar,
    england,
    lineage,
    moves,
    party_weights,
    price_growth,
    read_rows,
    settlements,
    tax_bases,
    tax_limits,
    tier_gifts,
    tier_growth,
    transfers,
)  # fmt: skip
from sim.country.plausible import check_plausible
from sim.country.rows import check_rows, read_own
from sim.declared.catalogue import SCOPES
from sim.declared.scenario import load

TABLES = sorted(DATA.glob("*.csv"))
BLANKS = {"control_2010", "control_2018", "control_2021"}


def rows(name):
    return read_rows(DATA / f"{name}.csv")


def test_there_are_353_councils_in_five_tiers():
    assert Counter(row["tier"] for row in rows("councils")) == {
        "district": 201, "county": 27, "unitary": 56, "metropolitan": 36, "london": 33,
    }  # fmt: skip


def test_no_cell_of_the_table_of_councils_is_blank_but_for_control():
    for row in rows("councils"):
        blank = {column for column, text in row.items() if not text.strip()}
        assert blank <= BLANKS, row["name"]


def test_the_table_is_one_that_a_user_could_give():
    path = DATA / "councils.csv"
    check_rows(read_own(path), path)
    check_plausible(read_own(path), path)


def test_codes_names_and_lineages_are_unique():
    table = england()
    assert len(set(table.code)) == len(set(table.name)) == 353
    assert len({lineage(code) for code in table.code}) == 353


def test_adjacency_names_each_pair_once_and_never_a_council_with_itself():
    pairs = [frozenset((row["code_a"], row["code_b"])) for row in rows("adjacency")]
    assert all(len(pair) == 2 for pair in pairs)
    assert len(set(pairs)) == len(pairs)
    codes = set(england().code)
    assert all(pair <= codes for pair in pairs)


def test_every_council_but_the_islands_touches_another():
    table = england()
    touched = {table.name[k] for k in table.links.ravel()}
    assert set(table.name) - touched == {"Isle of Wight", "Isles of Scilly"}


def test_neighbours_are_near():
    table = england()
    a, b = table.links[:, 0], table.links[:, 1]
    assert np.hypot(table.x[a] - table.x[b], table.y[a] - table.y[b]).max() < 150


def test_every_council_has_a_funding_path_of_its_own():
    years = Counter(row["code"] for row in rows("funding"))
    assert set(years) == set(england().code)
    assert set(years.values()) == {LAST_KNOWN_YEAR - 2009}
    table = england()
    assert table.settlement.shape == table.bases.shape == (353, LAST_KNOWN_YEAR - 2009 + 1)
    assert (table.settlement > 0).all()
    assert (table.bases > 0).all()


@pytest.mark.parametrize("years", [3, 12, 40])
def test_funding_goes_on_beyond_what_is_known(years):
    settlement, bases = settlements(england(), years), tax_bases(england(), years, 0.02)
    assert settlement.shape == bases.shape == (353, years)
    assert np.isfinite(settlement).all()
    assert (settlement > 0).all()
    assert (bases > 0).all()


def test_the_budget_is_settlement_and_tax_and_parishes():
    for row in rows("councils"):
        tax = float(row["band_d"]) * float(row["tax_base"]) / 1e6
        assert tax == pytest.approx(float(row["council_tax_gbp_m"]), rel=0.01, abs=0.02)


def test_districts_budgets_fall_as_published():
    """Sum of district net budgets, billion pounds with parish precepts: 2010-11 to 2014-15."""
    districts = {row["code"] for row in rows("councils") if row["tier"] == "district"}
    total = Counter()
    for row in rows("outturn"):
        if row["code"] in districts and row["net_revenue_expenditure_gbp_m"]:
            total[int(row["year"])] += float(row["net_revenue_expenditure_gbp_m"]) / 1000
    published = dict(zip(range(2010, 2015), (3.10, 2.69, 2.63, 2.45, 2.40), strict=True))
    for year, figure in published.items():
        assert total[year] == pytest.approx(figure, rel=0.05), year


def year_of(row):
    """Return what a council had to live on but for its tax, as outturn has it, million pounds."""
    spent, parish, added, band = (
        float(row[name])
        for name in ("net_revenue_expenditure_gbp_m", "parish_gbp_m", "to_reserves_gbp_m", "band_d")
    )
    return spent - parish + added, band


@pytest.fixture(scope="module")
def identity():
    """Return for each council and year: settlement, own tax, what both must make, and its basis."""
    tier = {row["code"]: row["tier"] for row in rows("councils")}
    known = {(row["code"], row["year"]): row for row in rows("outturn")}
    found = []
    for row in rows("funding"):
        outturn = known.get((row["code"], row["year"]))
        if outturn and outturn["net_revenue_expenditure_gbp_m"]:
            due, band = year_of(outturn)
            tax = float(row["tax_base"]) * band / 1e6
            got = float(row["settlement_gbp_m"])
            found.append((tier[row["code"]], int(row["year"]), got, tax, due, row["basis"]))
    return found


def test_income_is_spending_and_what_goes_into_reserves_in_every_tier_and_year(identity):
    got, due = Counter(), Counter()
    for tier, year, settlement, tax, income, _ in identity:
        got[tier, year] += settlement + tax
        due[tier, year] += income
    assert len(got) == 5 * 8
    for key, income in due.items():
        assert got[key] == pytest.approx(income, rel=0.002), key


def test_income_is_spending_and_what_goes_into_reserves_of_every_council_not_repaired(identity):
    """The repairs of some are taken from the rest of the tier: up to 4%, and 1% as a rule."""
    off = []
    for tier, year, settlement, tax, income, basis in identity:
        if basis == "outturn":
            assert settlement == pytest.approx(income - tax, rel=0.04, abs=0.01), (tier, year)
            off.append(abs(settlement / (income - tax) - 1.0))
    assert len(off) == 2620
    assert np.median(off) < 0.001


def test_districts_settlement_is_the_published_grant_and_rates():
    """Revenue Support Grant and business rates of 201 districts, million pounds, RS."""
    published = {2010: 1654, 2011: 1260, 2012: 1140, 2013: 1331, 2014: 1143, 2015: 1078}
    table = england()
    districts = table.tier == TIERS.index("district")
    for year, figure in published.items():
        got = table.settlement[districts, year - 2009].sum()
        assert got == pytest.approx(figure, rel=0.015), year


def test_the_path_of_a_tier_is_that_of_its_councils():
    table = england()
    for k, tier in enumerate(TIERS):
        total = table.settlement[table.tier == k].sum(axis=0)
        assert tier_growth(tier, 12) / tier_growth(tier, 12)[1] == pytest.approx(
            total / total[1], rel=0.001
        )


def test_what_is_put_aside_is_what_outturn_says_and_stands_on_no_edge():
    from sim.declared.parameters import Costs, declarations

    added, spent = Counter(), Counter()
    tier = {row["code"]: row["tier"] for row in rows("councils")}
    for row in rows("outturn"):
        if row["net_revenue_expenditure_gbp_m"]:
            upper = tier[row["code"]] != "district"
            added[upper, int(row["year"])] += float(row["to_reserves_gbp_m"])
            spent[upper, int(row["year"])] += float(row["net_revenue_expenditure_gbp_m"])
    known = {d.name: d for d in declarations()}
    for upper, name in ((False, "put_aside"), (True, "put_aside_upper")):
        yearly = {year: added[upper, year] / spent[upper, year] for year in range(2010, 2018)}
        to_2014 = sum(added[upper, year] for year in range(2010, 2015))
        to_2014 /= sum(spent[upper, year] for year in range(2010, 2015))
        assert getattr(Costs(), name) == pytest.approx(to_2014, abs=0.007)
        low, high = known[f"costs.{name}"].plausible
        assert low < min(yearly.values()) <= max(yearly.values()) < high


def test_what_moved_with_duties_is_what_the_like_for_like_change_leaves(identity):
    income, grant = Counter(), Counter()
    for tier, year, settlement, tax, _, _ in identity:
        income[tier, year] += settlement + tax
        grant[tier, year] += settlement
    for row in rows("duties"):
        if row["kind"] == "duty":
            tier, year, like = row["tier"], int(row["year"]), float(row["like_for_like"])
            moved = income[tier, year] / (1.0 + like) - income[tier, year - 1]
            share = moved / grant[tier, year - 1]
            assert float(row["share"]) == pytest.approx(share, abs=0.0006), row


def test_what_came_for_lost_tax_is_what_the_tax_base_lost():
    table, years = england(), 6
    duty, lost = transfers(table, years)
    assert (lost[:, :4] == 0).all()
    for k, tier in enumerate(TIERS):
        here = table.tier == k
        share = lost[here, 4].sum() / table.settlement[here, 3].sum()
        assert moves("tax")[tier, 2013] == pytest.approx(share, abs=0.0006)
        gifts, growth = tier_gifts(tier, years), tier_growth(tier, years)
        assert gifts[4] / gifts[3] == pytest.approx(growth[4] / growth[3] - share, abs=0.001)
        for year in (2011, 2013):
            came = duty[here, year - 2009].sum() / table.settlement[here, year - 2010].sum()
            assert came == pytest.approx(moves("duty").get((tier, year), 0.0))


@pytest.mark.parametrize("tier", ["district", "county", "unitary"])
def test_a_table_of_ones_own_spends_its_budget_on_the_first_day(rules, country, world_of, tier):
    world, p = world_of(country({"tier": tier}, {"tier": tier, "budget_gbp_m": 30.0}))
    rules.founding.found(world, p, 1)
    assert world.councils.cost == pytest.approx([20.0, 30.0])
    assert (world.councils.income > world.councils.cost).all()


def test_a_drawn_country_spends_its_budgets_on_the_first_day(rules, world_of):
    world, p = world_of(load("synthetic"))
    rules.founding.found(world, p, 1)
    budgets = np.exp(world.councils.means) * world.councils.population / 1e6
    assert world.councils.cost == pytest.approx(budgets, rel=1e-4)


def test_a_table_of_ones_own_gets_nothing_for_tax_that_it_does_not_lose(country, world_of):
    world, _ = world_of(country({}, {}, quarters=24))
    growth = world.paths[0, :, 4] / world.paths[0, :, 3]
    expected = 1.0 + tier_growth("district", 5)[4] / tier_growth("district", 5)[3] - 1.0 - 0.119
    assert growth == pytest.approx([expected] * 2)
    assert (world.transfers[1] == 0.0).all()
    assert world.transfers[0, :, 2] == pytest.approx(-0.150 * world.paths[0, :, 1])


def test_what_a_base_loses_comes_on_a_flat_path_too(world_of):
    world, _ = world_of(load("norfolk-seven", sets=["settlement.path=flat"]))
    lost = (world.bases[:, 3] - world.bases[:, 4]) * world.councils.band_d / 1e6
    assert (lost > 0).all()
    assert world.paths[1, :, 4] - world.paths[1, :, 3] == pytest.approx(lost)
    assert world.paths[1, :, 3] == pytest.approx(world.paths[1, :, 0])


def test_prices_rise_by_the_year_and_go_on_as_in_the_last():
    growth = price_growth(30)
    assert growth[2:12] == pytest.approx([0.02] * 10)
    assert growth[12:16] == pytest.approx([0.05, 0.05, 0.05, 0.03])
    assert (growth[18:] == growth[17]).all()


def test_the_precept_for_care_kept_to_what_the_law_allowed():
    """At most 3 points a year, and six in the three years from April 2017."""
    care = tax_limits(16)[:, 3]
    assert (care[:7] == 0).all()
    assert care.max() <= 0.03
    assert care[8:11].sum() == pytest.approx(0.06)


def test_pounds_were_for_the_lowest_quarter_of_taxes_in_2013_and_then_for_all():
    limits = tax_limits(18)
    bands = [float(row["band_d"]) for row in rows("outturn")
             if row["year"] == "2013" and row["code"].startswith("E07")]  # fmt: skip
    assert limits[4, 1] == 5.0
    assert limits[4, 4] == pytest.approx(np.quantile(bands, 0.25))
    assert np.isinf(limits[7:, 4]).all()


def test_districts_lost_settlement_in_the_years_of_cuts():
    growth = tier_growth("district", 10)
    assert growth[0] == 1.0
    assert growth[9] < growth[1]
    table = england()
    districts = table.tier == TIERS.index("district")
    assert table.settlement[districts, 6].sum() < table.settlement[districts, 1].sum()


def test_shares_of_parties_and_of_election_cycles_add_up_to_one():
    assert party_weights().shape == (len(TIERS), len(PARTIES))
    assert party_weights().sum(axis=1) == pytest.approx([1.0] * 5, abs=0.01)
    assert election_calendar()[:, :, 2].sum(axis=1) == pytest.approx([1.0] * 5, abs=1e-9)


def test_tax_limits_bite_after_2010_only():
    limits = tax_limits(30)
    assert (limits[:2] == 0).all()
    assert (limits[2:, 0] > 0).all()
    assert (limits[:, 2] <= 1).all()


def test_every_partnership_has_members_that_exist_and_a_scope_of_the_catalogue():
    codes, members, scopes = set(england().code), {}, {}
    for row in rows("partnerships"):
        members.setdefault(row["id"], []).append(row["code"])
        assert scopes.setdefault(row["id"], row["scope"]) == row["scope"] in SCOPES, row
    for name, found in members.items():
        assert len(found) == len(set(found)) >= 2, name
        assert set(found) <= codes, name
    for row in rows("history"):
        found = row["members"].split(";")
        assert len(found) == len(set(found)) >= 2, row["id"]


def test_reorganisations_name_councils_that_exist_and_share_out_the_whole():
    codes, shares = set(england().code), Counter()
    for row in rows("reorganisations"):
        assert row["predecessor_code"] in codes, row
        shares[row["predecessor_code"]] += float(row["share"])
    assert all(total == pytest.approx(1.0, abs=1e-6) for total in shares.values())


def test_every_council_has_a_calendar_and_the_shares_of_each_kind_are_counted_from_it():
    table, drawn = england(), election_calendar()
    assert (table.cycle >= 0).all() and (table.phase > 2000).all()
    for tier in range(len(TIERS)):
        for kind in range(len(CYCLES)):
            share = drawn[tier][drawn[tier][:, 0] == kind, 2].sum()
            assert (table.cycle[table.tier == tier] == kind).mean() == pytest.approx(
                share, abs=5e-4
            )
    votes = {name: k for k, name in enumerate(table.name)}
    kinds = [table.cycle[votes[n]] for n in ("Norwich", "Breckland", "Oxford")]
    assert kinds == [CYCLES.index(word) for word in ("thirds", "whole", "halves")]


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_table_and_every_column_has_a_source(path):
    sources = (DATA / "SOURCES.md").read_text(encoding="utf-8")
    assert path.name in sources
    with path.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    missing = [name for name in columns if not re.search(rf"\b{re.escape(name)}\b", sources)]
    assert missing == []


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_row_is_as_wide_as_the_header(path):
    with path.open(encoding="utf-8", newline="") as file:
        widths = {len(row) for row in csv.reader(file)}
    assert len(widths) == 1
