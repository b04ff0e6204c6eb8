"""The model held against England: what districts spend is no income in disguise."""

from types import SimpleNamespace

import pandas as pd
import pytest

from experiments.validate import DISTRICT_BUDGETS, Evidence, district_parish, k14_k16, spending
from sim.country.councils import DATA, read_rows
from sim.tables.batch import simulate_many

FIRST = 1800.0
"""Reserves on the first day, million pounds."""


def outturn():
    """Return net revenue expenditure of districts and their additions to reserves, by year."""
    districts = {row["code"] for row in read_rows(DATA / "councils.csv")
                 if row["tier"] == "district"}  # fmt: skip
    spent, added = dict.fromkeys(range(2009, 2015), 0.0), dict.fromkeys(range(2009, 2015), 0.0)
    for row in read_rows(DATA / "outturn.csv"):
        if row["code"] in districts and int(row["year"]) in spent:
            spent[int(row["year"])] += float(row["net_revenue_expenditure_gbp_m"])
            added[int(row["year"])] += float(row["to_reserves_gbp_m"])
    return spent, added


def districts(*, hoarded=0.0):
    """Return what a run of six years would say of districts as they were, but for their hoard."""
    rows, reserves = [], FIRST
    spent, added = outturn()
    for year in range(2009, 2015):
        income = (spent[year] or 3100.0) - 1000 * district_parish() + added[year]
        for _ in range(4):
            reserves += (added[year] + hoarded * income) / 4
            rows.append({"quarter": len(rows), "budget": income, "reserves": reserves,
                         "grants": 0.0})  # fmt: skip
    batch = SimpleNamespace(quarters=pd.DataFrame(rows), runs=pd.DataFrame({"distressed": [0]}))
    return Evidence(england=batch, districts=batch, norfolk=batch)


@pytest.mark.parametrize(("hoarded", "within"), [(0.0, True), (0.15, False), (-0.15, False)])
def test_k14_is_missed_by_who_gets_what_districts_got_and_does_not_spend_it(hoarded, within):
    k14 = k14_k16(districts(hoarded=hoarded))[0]
    assert k14.number == "K14"
    assert k14.within == within


def test_what_was_spent_is_income_and_grants_less_what_was_kept():
    table = pd.DataFrame({
        "quarter": range(8),
        "budget": [9.0] * 4 + [10.0, 10.0, 12.0, 12.0],
        "reserves": [5.0, 5.0, 5.0, 5.0, 5.0, 6.0, 6.5, 7.0],
        "grants": [0.0, 0.0, 0.0, 0.5, 0.5, 0.5, 0.5, 0.9],
    })  # fmt: skip
    assert spending(SimpleNamespace(quarters=table), 2010) == pytest.approx(11.0 + 0.4 - 2.0)


def test_what_a_run_spends_is_what_its_councils_spend_and_deals_cost():
    batch = simulate_many("norfolk-seven", seed=3, replicates=range(2))
    table = batch.quarters.groupby("quarter").mean(numeric_only=True)
    for year in (2010, 2012):
        last = 4 * (year - 2009) + 3
        costs = [
            table[name][last] - table[name][last - 4]
            for name in ("study_cost", "setup_cost", "coordination_cost", "exit_cost")
        ]
        services = spending(batch, year) - sum(costs)
        assert 0.5 * table["budget"][last] < services < 1.1 * table["budget"][last]


def test_the_budgets_that_were_published_are_those_of_the_table():
    spent, _ = outturn()
    for year, figure in DISTRICT_BUDGETS.items():
        assert spent[year] / 1000 == pytest.approx(figure, abs=0.01)
