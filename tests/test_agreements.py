"""The table of agreements: one row each, and the same sums as the outcomes of the run."""

import numpy as np
import pytest

import sim
from sim.declared.scenario import load


def brittle():
    """Return a Norfolk in which deals are quick to end."""
    return load("norfolk", sets=["endings.young=0.2", "endings.service=0.1"])


@pytest.fixture(scope="module")
def run():
    return sim.simulate(brittle(), seed=1)


def test_what_stands_at_the_end_adds_up_to_the_outcomes(run):
    table = run.agreements
    running = table[table["ended"].isna() & table["started"].notna() & (table["scope"] != "merger")]
    assert len(running) == run.final["agreements"]
    assert running["promised"].sum() == pytest.approx(run.final["promised"])
    assert running["reported"].sum() == pytest.approx(run.final["reported"])
    preparing = table[table["ended"].isna() & table["started"].isna()]
    assert len(preparing) == run.final["setting_up"]


def test_formations_and_endings_are_those_of_the_run(run):
    table = run.agreements
    assert (table["signed"] >= 0).sum() == run.final["formed"]
    assert table["ended"].notna().sum() == run.final["ended"]
    assert table["reason"].notna().sum() == run.final["ended"]
    assert table["agreement"].is_unique and table["agreement"].is_monotonic_increasing


def test_an_agreement_that_ended_keeps_its_three_savings(run):
    ended = run.agreements[run.agreements["ended"].notna()]
    worked = ended[ended["started"].notna() & (ended["scope"] != "merger")]
    assert len(worked) > 0
    assert worked[["reported", "true_saving"]].notna().all(axis=None)
    accounts = run.events[run.events["kind"] == "accounts"].set_index("agreement")
    closed = worked.set_index("agreement").sort_index()
    assert closed["reported"].to_numpy() == pytest.approx(accounts.sort_index()["value"].to_numpy())


def test_agreements_of_the_first_day_name_their_members(run):
    first = run.agreements[run.agreements["signed"] < 0]
    assert len(first) == 4
    assert first["members"].str.count(";").min() >= 1


def test_satisfaction_is_known_of_what_runs_and_of_nothing_else(run):
    table = run.agreements
    runs = table["ended"].isna() & table["started"].notna()
    assert table.loc[runs, "satisfaction"].notna().all()
    assert table.loc[~runs, "satisfaction"].isna().all()
    assert np.isfinite(table.loc[runs, "satisfaction"]).all()


def test_without_a_log_only_what_still_stands_is_known(run):
    table = sim.simulate(brittle(), seed=1, events=False).agreements
    stands = run.agreements[run.agreements["ended"].isna()]
    assert (run.agreements.query("signed < 0")["ended"] >= 0).any()
    assert table["agreement"].tolist() == stands["agreement"].tolist()
    both = table.merge(stands, on="agreement", suffixes=("", "_logged"))
    assert both["true_saving"].to_numpy() == pytest.approx(
        both["true_saving_logged"].to_numpy(), nan_ok=True
    )
