"""The real councils: complete, consistent, and each table explained."""

import csv
import re
from collections import Counter

import numpy as np
import pytest

from sim.country.councils import (
    DATA,
    LAST_KNOWN_YEAR,
    PARTIES,
    TIERS,
    election_calendar,
    england,
    lineage,
    party_weights,
    read_rows,
    settlements,
    tax_bases,
    tax_limits,
    tier_growth,
)  # fmt: skip
from sim.country.rows import check_rows
from sim.declared.catalogue import SCOPES

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
    check_rows(rows("councils"), DATA / "councils.csv")


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
