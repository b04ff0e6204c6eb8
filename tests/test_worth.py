"""As many processes as the work is worth, where nobody says how many."""

import os

import pytest
from asking import at_once

import experiments.commands.runs  # noqa: F401
from experiments.executors import pace
from experiments.executors.ordered import AS_WORTH, Hands
from experiments.runs import conduct as conducting
from experiments.runs.conduct import conduct
from sim.declared.scenario import load
from sim.tables.columns import Words


def test_little_work_is_done_here_and_much_by_every_core(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda who: {0, 3, 5}, raising=False)
    assert (pace.worth(pace.WORTH_SECONDS - 0.1), pace.worth(pace.WORTH_SECONDS)) == (1, 3)


def bits(pieces):
    found = []
    for lived in pieces:
        for table in lived.tables.values():
            for name, column in table.items():
                told = column.texts() if isinstance(column, Words) else column
                found += [f"{name} {value!r}" for value in told.tolist()]
    return sorted(found)


@pytest.mark.parametrize("enough", [0.0, 1e9])
def test_however_many_it_is_worth_the_runs_are_the_same(monkeypatch, enough):
    asked = []

    def worth(seconds):
        asked.append(seconds)
        return 2 if seconds >= enough else 1

    monkeypatch.setattr(conducting, "worth", worth)
    scenario = load("norfolk-seven", quarters=4)
    found = bits(conduct(scenario, seed=1, runs=9, hands=Hands(AS_WORTH)))
    assert len(asked) == 1 and 0 < asked[0] < 60
    assert found == bits(conduct(scenario, seed=1, runs=9))


def test_one_run_asks_for_nobody(tmp_path):
    words = ("run", "norfolk-seven", "--runs", "1", "--quarters", "2", "--no-figures")
    assert at_once(tmp_path, *words)[0] == 0
    status, _, err = at_once(tmp_path, *words, "--workers", "0", "--out", "w")
    assert status == 2 and "--workers is 0: give a whole number from 1 upwards" in err
