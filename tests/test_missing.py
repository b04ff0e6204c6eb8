"""A run that failed takes no more with it than it must, and what it takes is counted."""

import json

import numpy as np
import pytest
from asking import at_once

import experiments.commands.answers  # noqa: F401
from experiments.sensitivity.missing import kept_of
from experiments.studies import jobs

PLAN = """\
scenario = "norfolk-seven"
quarters = 8
replicates = 10
outcomes = ["formed", "net_saving"]
[design]
kind = "grid"
[uncertainties]
"talks.pace" = { values = [0.4, 0.6, 0.8] }
"""
HOLES = np.nan


def test_one_failed_run_costs_its_replicate_in_a_grid_and_its_cluster_in_a_large_sample():
    grid = np.zeros((12, 100))
    grid[7, 30] = HOLES
    kept = kept_of(grid, np.arange(12), sampled=False)
    assert kept.points.all() and kept.runs == 1200 - 12
    assert np.flatnonzero(~kept.replicates).tolist() == [30]
    drawn = np.zeros((2560, 12))
    drawn[25, 3] = HOLES  # of the third base sample
    kept = kept_of(drawn, np.arange(2560) // 10, sampled=True)
    assert kept.replicates.all() and np.flatnonzero(~kept.points).tolist() == list(range(20, 30))


def test_what_is_never_there_at_a_point_costs_the_point():
    values = np.zeros((40, 20))
    values[3] = HOLES  # there is nothing to measure at these numbers
    values[9, 5] = HOLES
    for sampled in (True, False):  # the other point is cheaper to lose than a replicate of all
        kept = kept_of(values, np.arange(40), sampled=sampled)
        assert np.flatnonzero(~kept.points).tolist() == [3, 9] and kept.replicates.all()


@pytest.mark.parametrize("sampled", [False, True])
def test_nothing_missing_is_left_and_what_is_whole_stays(sampled):
    chance = np.random.default_rng(1)
    for share in (0.0, 0.01, 0.3, 1.0):
        values = np.where(chance.random((30, 8)) < share, HOLES, 1.0)
        kept = kept_of(values, np.arange(30) // 3, sampled=sampled)
        assert np.isfinite(values[kept.points][:, kept.replicates]).all()
        assert share > 0 or kept.runs == 240


def test_the_command_counts_truly_and_says_that_a_run_failed(tmp_path, monkeypatch):
    true = jobs.measured
    calls = []

    def faulty(ready, **how):
        calls.append(1)
        if len(calls) == 17:
            raise ValueError("planted")
        return true(ready, **how)

    monkeypatch.setattr(jobs, "measured", faulty)
    (tmp_path / "plan.toml").write_text(PLAN)
    status, out, _ = at_once(tmp_path, "sensitivity", "plan.toml", "--out", "s")
    assert status == 1
    assert "1 of 30 runs failed." in out
    assert "1 run without a value" in out
    assert "3 runs had to be left out (1 replicate at every point)" in out
    found = json.loads((tmp_path / "s" / "sensitivity" / "record.json").read_text())["answer"][
        "outcomes"
    ][0]
    assert found["dropped"] == 0 and found["left_out"]["runs"] == 3
    assert found["luck"]["share"]["value"] is not None
    status, out, _ = at_once(tmp_path, "sensitivity", "plan.toml", "--out", "s", "--json")
    assert status == 1 and json.loads(out)["failed"] == 1


def test_what_is_the_same_in_every_run_is_said_to_be(tmp_path):
    text = PLAN.replace('"formed", ', '"ended", ').replace("quarters = 8", "quarters = 1")
    (tmp_path / "plan.toml").write_text(text)
    status, out, _ = at_once(tmp_path, "sensitivity", "plan.toml", "--out", "s")
    assert status == 0 and "because it is 0 in every run" in " ".join(out.split())
