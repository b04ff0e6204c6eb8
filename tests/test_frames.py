"""Tables of runs are made when they are asked for, and are those that pandas makes by itself."""

import copy
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.errors import InputError
from sim.tables.columns import Words

ROOT = Path(__file__).parents[1]
MERGING = ("reorganisation.stance=voluntary", "merger.base=4", "merger.interest=3",
           "search.base_management=0.1")  # fmt: skip
ONE = ("quarters", "events", "councils", "agreements")
MANY = ("runs", *ONE)


@pytest.fixture(scope="module", params=[(), MERGING], ids=["nobody merges", "councils merge"])
def scenario(request):
    """Norfolk's seven districts; with `MERGING` some become one, in most runs."""
    return sim.load("norfolk-seven", sets=request.param, quarters=16)


def by_pandas(columns):
    """Return a frame made column by column, as pandas understands it."""

    def one(column):
        if not isinstance(column, Words):
            return column
        if column.fixed:
            return pd.Categorical.from_codes(column.places.astype(np.int64), list(column.known))
        return column.texts()

    return pd.DataFrame({name: one(column) for name, column in columns.items()})


def expected(lived, table):
    """Return the table of some runs, made in the plainest way."""
    if table == "councils":  # run by run: a column without any word has another type
        ends = [lived._replace(replicates=[k], raws=[raw]).councils()
                for k, raw in zip(lived.replicates, lived.raws, strict=True)]  # fmt: skip
        return pd.concat([by_pandas(each) for each in ends], ignore_index=True)
    frame = by_pandas(getattr(lived, table)())
    return frame.astype({"council": "str", "other": "str"}) if table == "events" else frame


def assert_same(one, two):
    """Compare two frames to the bit, with types, categories and index."""
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    assert list(one.dtypes) == list(two.dtypes)


@pytest.mark.parametrize("events", [True, False])
def test_the_tables_of_many_runs_are_those_that_pandas_makes_of_their_columns(scenario, events):
    batch = sim.simulate_many(scenario, seed=2, replicates=range(1, 17), events=events)
    merging = scenario.parameters.reorganisation.stance == "voluntary"
    assert set(batch.runs["mergers"] > 0) == ({True, False} if merging else {False})
    for table in MANY:
        assert_same(getattr(batch, table), expected(batch._lived, table))


@pytest.mark.parametrize("events", [True, False])
def test_the_tables_of_one_run_are_the_same_without_its_number(scenario, events):
    run = sim.simulate(scenario, seed=2, replicate=1, events=events)
    for table in ONE:
        assert_same(getattr(run, table), expected(run._lived, table).drop(columns="replicate"))


def test_what_is_known_at_the_end_is_the_last_quarter(scenario):
    run = sim.simulate(scenario, seed=2)
    last = run.quarters.drop(columns=["quarter", "date"]).iloc[-1]
    assert repr(run.final) == repr({name: float(value) for name, value in last.items()})


def test_no_table_is_made_before_it_is_asked_for_and_then_it_is_kept():
    program = (
        "import sys, sim; run = sim.simulate('norfolk-seven'); run.final['budget']; "
        "many = sim.simulate_many('norfolk-seven', replicates=range(2)); "
        "print('pandas' in sys.modules); "
        "print(run.events is run.events, many.runs is many.runs, 'quarters' in vars(run))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["False", "True", "True", "False"]


@pytest.mark.parametrize("again", [copy.copy, lambda run: pickle.loads(pickle.dumps(run))])
def test_a_run_is_copied_and_stored_as_its_tables(scenario, again):
    run = sim.simulate(scenario, seed=4)
    many = sim.simulate_many(scenario, seed=4, replicates=range(2))
    for whole, tables in ((run, ONE), (many, MANY)):
        back = again(again(whole))
        for table in tables:
            assert_same(getattr(back, table), getattr(whole, table))
        assert set(vars(back)) == {"about", *tables, *(["final"] if whole is run else [])}
    assert again(run).final == pytest.approx(run.final, rel=0, abs=0, nan_ok=True)


def test_no_replicate_is_an_error_of_the_caller():
    with pytest.raises(InputError, match="at least one run"):
        sim.simulate_many("norfolk-seven", replicates=range(0))
