"""How much of the events a result of runs keeps changes nothing else that it says."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from asking import at_once

from experiments.durations import stored_durations
from experiments.executors.ordered import Hands
from experiments.runs import lived
from experiments.runs.conduct import conduct
from experiments.runs.experiment import Experiment
from experiments.runs.result import Delivery, run
from experiments.stored.decided import PARTS, PUSH
from experiments.stored.events import ALL, HAPPENED, NONE, OF_EVENTS, WEIGHED
from experiments.stored.folder import TABLES, describe_files
from experiments.stored.reading import read_record, read_result
from experiments.stored.record import write_record
from experiments.stored.tables import TableWriter, as_arrow, rows_per_group, same_bits
from experiments.vignette import TOLD_BY, vignette
from sim.declared.catalogue import DEEP
from sim.declared.scenario import load
from sim.errors import InputError
from sim.story import decision, in_words, pair_history
from sim.story.decisions import BECAUSE, KINDS as DECISIONS, LEFT_OUT
from sim.tables.batch import simulate_many

SCENARIO, SEED, RUNS = load("norfolk", quarters=16), 3, 6
KEPT = (ALL, HAPPENED, NONE)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One result that keeps all, one without what was weighed, and one without events."""
    home = tmp_path_factory.mktemp("kept")
    for kept in KEPT:
        experiment = Experiment(SCENARIO, SEED, RUNS, None, kept)
        run(experiment, Delivery(home / kept, Hands(1), False), lambda doing, done: None)
    return home


def table(folder: Path, name: str) -> pa.Table:
    return pq.read_table(folder / f"{name}.parquet")


def test_all_that_is_kept_is_what_the_runs_were(made):
    batch = simulate_many(SCENARIO, seed=SEED, replicates=range(RUNS))
    events = table(made / ALL, "events").to_pandas()
    assert list(events) == list(batch.events)
    for name in events:
        mine, theirs = events[name], batch.events[name]
        if mine.dtype.kind in "fiM":
            np.testing.assert_array_equal(mine.to_numpy(), theirs.to_numpy())
        else:
            assert mine.isna().equals(theirs.isna())
            assert mine.dropna().astype(str).tolist() == theirs.dropna().astype(str).tolist()


@pytest.mark.parametrize("kept", [HAPPENED, NONE])
def test_no_other_table_depends_on_how_much_of_the_events_is_kept(made, kept):
    names = [name for name in TABLES if kept != NONE or name not in OF_EVENTS]
    assert sorted(path.stem for path in (made / kept).glob("*.parquet")) == sorted(names)
    assert list(read_record(made / kept).answer["tables"]) == names
    for name in set(names) - {"events"}:
        assert table(made / kept, name).equals(table(made / ALL, name)), name


def test_a_decision_stored_without_what_was_weighed_says_so_and_how_to_get_it(made):
    whole, less = (table(made / kept, "events").to_pandas() for kept in (ALL, HAPPENED))
    decided = less["kind"].isin(list(DECISIONS))
    for kind in less["kind"][decided].unique():
        row = less[less["kind"] == kind].iloc[0]
        for stored in (row, row.to_dict()):
            with pytest.raises(InputError, match=r"what was weighed.* --full-events, or li"):
                decision(stored)
        with pytest.raises(InputError, match="without what was weighed"):
            decision({"kind": kind})
    assert all(decision(row) is None for _, row in less[~decided].head(20).iterrows())
    assert any(in_words(decision(row)) for _, row in whole[decided].head(20).iterrows())


def test_a_history_of_two_from_stored_events_says_that_it_lacks_what_decided(made):
    for kept, lacking in ((ALL, False), (HAPPENED, True)):
        events = table(made / kept, "events").to_pandas().query("replicate == 0")
        a, b = events.query("kind == 'refuses'").iloc[0][["council", "other"]]
        lines = pair_history(events, {}, a, b)
        assert (LEFT_OUT in lines[-1]) is lacking


def test_only_what_was_weighed_is_left_out_of_an_event(made):
    whole, less = table(made / ALL, "events"), table(made / HAPPENED, "events")
    assert set(whole.column_names) - set(less.column_names) == {
        name for name in whole.column_names if name.startswith(BECAUSE)
    }
    kinds = whole["kind"]
    weighed = pc.is_in(kinds, pa.array(WEIGHED))
    pushes = np.any([whole[n].to_numpy() != 0 for n in whole.column_names if BECAUSE in n], axis=0)
    assert set(kinds.filter(pa.array(pushes)).unique().to_pylist()) <= set(WEIGHED)
    for name in less.column_names:
        if name in ("value", "more"):
            plain = pc.invert(weighed)
            assert same_bits(less[name].filter(plain), whole[name].filter(plain))
            assert less[name].filter(weighed).null_count == pc.sum(weighed).as_py() > 0
        else:
            assert same_bits(less[name], whole[name]), name


def test_the_sums_of_decisions_are_those_of_the_contributions(made):
    events = table(made / ALL, "events").to_pandas()
    sums = table(made / HAPPENED, "decisions").to_pandas().set_index(["replicate", "kind"])
    for replicate, kind in sums.index:
        rows = events[(events["replicate"] == replicate) & (events["kind"] == kind)]
        pushes = rows.filter(like=BECAUSE)
        lone = pushes[[f"{BECAUSE}busy", f"{BECAUSE}rival"]].ne(0).any(axis=1)
        given = (kind == "walks_away") & lone & (pushes.ne(0).sum(axis=1) == 1)
        rows = rows[pushes.ne(0).any(axis=1) & ~given]
        assert sums.loc[(replicate, kind), "decisions"] == len(rows)
        for key, parts in PARTS.items():
            mine = rows[[f"{BECAUSE}{part}" for part in parts]].to_numpy().sum()
            assert sums.loc[(replicate, kind), f"{PUSH}{key}"] == pytest.approx(mine, abs=1e-9)
    assert sums["decisions"].sum() > 50


def test_what_is_kept_of_events_is_enough_for_the_founding_story(made):
    events = table(made / ALL, "events").to_pandas()
    told = events[events["kind"].isin(TOLD_BY) & events["scope"].isin(DEEP)]
    found = vignette(events, last_quarter=15)
    assert found.talked and vignette(told, last_quarter=15) == found


@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize("workers", [1, 2])
def test_how_many_runs_are_made_into_tables_at_once_changes_no_bit(
    monkeypatch, made, tmp_path, kept, workers
):
    if workers == 1:
        monkeypatch.setattr(lived, "AT_ONCE", 1)
        alone = list(conduct(SCENARIO, seed=SEED, runs=RUNS, kept=kept))
        assert [len(each.tables["runs"]["replicate"]) for each in alone] == [1] * RUNS
    experiment = Experiment(SCENARIO, SEED, RUNS, None, kept)
    run(experiment, Delivery(tmp_path / "r", Hands(workers), False), lambda doing, done: None)
    assert describe_files(tmp_path / "r") == describe_files(made / kept)


def test_a_writer_holds_no_more_than_a_group_and_few_pieces(tmp_path):
    columns = {f"c{k}": np.random.default_rng(k).random(3) for k in range(200)}
    group = rows_per_group(as_arrow(columns).schema)
    with TableWriter(tmp_path / "t", tight=True) as writer:
        for _ in range(group):
            writer.append(columns)
            assert len(writer._waiting) < 64
            assert sum(map(len, writer._waiting)) < group
    assert pq.read_metadata(tmp_path / "t").num_rows == 3 * group


def test_what_needs_events_says_in_a_line_that_none_were_kept(made):
    for name in OF_EVENTS:
        with pytest.raises(InputError, match=f"no table '{name}'.*--no-events.*again"):
            read_result(made / NONE, name)
    with pytest.raises(InputError, match=r"no table 'agreements'.*--no-events"):
        stored_durations(made / NONE)
    with pytest.raises(InputError, match="no table 'dreams'"):
        read_result(made / NONE, "dreams")


@pytest.mark.parametrize("kept", KEPT)
def test_a_result_is_lived_again_as_it_keeps_its_events(made, kept):
    status, out, err = at_once(made, "verify", kept, "--sample", "3", "--json")
    found = json.loads(out)
    assert (status, err, found["checked"], found["differing"]) == (0, "", 3, [])
    assert bool(found["notes"]) == (kept != ALL)


def test_a_result_without_sums_of_decisions_is_of_an_earlier_version_and_read(made, tmp_path):
    import shutil

    old = Path(shutil.copytree(made / ALL, tmp_path / "old"))
    (old / "decisions.parquet").unlink()
    record = read_record(old)
    tables = {name: of for name, of in record.answer["tables"].items() if name != "decisions"}
    files = {name: of for name, of in record.files.items() if name != "decisions.parquet"}
    write_record(old, record._replace(answer=record.answer | {"tables": tables}, files=files))
    assert at_once(tmp_path, "verify", "old", "--sample", "2")[0] == 0
    assert len(stored_durations(old)) > 0
    with pytest.raises(InputError, match="an earlier version made it"):
        read_result(old, "decisions")


def test_the_command_says_what_it_leaves_out(tmp_path):
    words = ("run", "norfolk-seven", "--runs", "3", "--quarters", "4")
    status, out, err = at_once(tmp_path, *words, "--no-events", "--out", "none", "--json")
    told = json.loads(out)
    assert (status, err) == (0, "")
    assert told["events"] == NONE and "--no-events" in told["events_told"]
    assert set(told["tables"]) == {"runs", "quarters", "councils"}
    assert told["figures"] == [f"{n}.{e}" for n in ("over_time", "savings") for e in ("png", "svg")]
    assert len(told["next"]) == 1
    assert read_record(tmp_path / "none").asked["events"] == NONE
    out = at_once(tmp_path, *words, "--no-events", "--out", "none")[1]
    assert "not run again" in out and "No events were kept (--no-events)" in out
    status, out, err = at_once(tmp_path, *words, "--out", "none")
    assert (status, out) == (2, "") and "of the events (--no-events, not as usual)" in err
    out = at_once(tmp_path, "report", "none")[1]
    assert "No events were kept" in (tmp_path / "none" / "report.html").read_text()
    full = json.loads(at_once(tmp_path, *words, "--full-events", "--no-figures", "--json")[1])
    assert full["events"] == ALL and full["events_told"] == ""
    usual = json.loads(at_once(tmp_path, *words, "--no-figures", "--json")[1])
    assert usual["events"] == HAPPENED and "--full-events" in usual["events_told"]
    for told_of, left_out in ((usual, True), (full, False)):
        assert ("--full-events" in at_once(tmp_path, "verify", told_of["folder"])[1]) is left_out
        assert at_once(tmp_path, "report", told_of["folder"])[0] == 0
        page = (tmp_path / told_of["folder"] / "report.html").read_text(encoding="utf-8")
        assert ("Events are stored without what was weighed" in page) is left_out
    assert usual["summary"] == full["summary"] == told["summary"]
    assert len({full["folder"], usual["folder"], told["folder"]}) == 3


@pytest.mark.parametrize(
    "words",
    [("--no-events", "--full-events"), ("--no-events", "--boundaries", "x.geojson")],
)
def test_options_that_contradict_are_refused(tmp_path, words):
    status, out, err = at_once(tmp_path, "run", "norfolk-seven", "--runs", "1", *words)
    assert (status, out) == (2, "") and "give only one" in err and not list(tmp_path.iterdir())
