"""Folders of results are whole or absent, and tables have the same bytes however they are made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from experiments.runs.experiment import Experiment
from experiments.runs.headline import headline
from experiments.runs.pairs import add_counts, as_shares, count_pairs
from experiments.stored.asked import fingerprint
from experiments.stored.assembly import ASIDE, NODE, PARTIAL, assembled
from experiments.stored.belonging import check_replaceable
from experiments.stored.folder import RECORD, TABLES, describe_files, hash_of
from experiments.stored.provenance import git_state
from experiments.stored.reading import check_intact, read_record, read_result
from experiments.stored.record import FORMAT, Record, write_record
from experiments.stored.tables import (
    GROUP_ROWS,
    TableWriter,
    read_columns,
    read_groups,
    read_rows,
    read_table,
    write_table,
)
from experiments.summary import MAIN, summarise
from experiments.words import money
from sim.declared.catalogue import SCOPES
from sim.declared.measures import KINDS, MEASURES, REASONS
from sim.declared.scenario import load
from sim.errors import InputError
from sim.tables.columns import Columns, Words
from sim.tables.frames import as_frame

ROWS = 2 * GROUP_ROWS + 1234


@pytest.fixture(scope="module")
def columns() -> Columns:
    rng = np.random.default_rng(1)
    return {
        "replicate": np.arange(ROWS) // 70,
        "date": np.full(ROWS, "2009-04-01", dtype="datetime64[ms]"),
        "kind": Words(rng.integers(-1, 3, ROWS), ["a", "b", "ç"], fixed=True),
        "became": Words(np.where(np.arange(ROWS) < ROWS - 3, -1, 0), ["x"]),
        "value": np.where(rng.random(ROWS) < 0.1, np.nan, rng.random(ROWS)),
        "alive": rng.random(ROWS) < 0.5,
    }


def some_rows(columns: Columns, start: int, end: int) -> Columns:
    """Return the same columns, with fewer rows."""
    return {
        name: column._replace(places=column.places[start:end])
        if isinstance(column, Words)
        else column[start:end]
        for name, column in columns.items()
    }


@pytest.fixture
def dead() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def make_result(folder: Path) -> Path:
    """A folder that is in order, with tiny tables."""
    folder.mkdir()
    for name in TABLES:
        write_table({"replicate": np.array([0, 1])}, folder / f"{name}.parquet")
    asked = {"scenario": "", "seed": 1, "runs": 2, "code": "", "data": {}}
    answer = {"tables": {name: {"rows": 2} for name in TABLES}, "figures": None}
    write_record(folder, Record("run", asked, {}, {"scenario": {}}, answer, describe_files(folder)))
    return folder


# --- tables ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cuts",
    [[1, 5, 70_000], [GROUP_ROWS, 2 * GROUP_ROWS], list(range(0, ROWS, 4_321))],
    ids=["uneven", "at the groups", "many"],
)
def test_pieces_change_no_byte_of_a_table(
    columns: Columns, tmp_path: Path, cuts: list[int]
) -> None:
    write_table(columns, tmp_path / "whole")
    edges = [0, *(cut for cut in cuts if cut), ROWS]
    with TableWriter(tmp_path / "pieces") as writer:
        for start, end in pairwise(edges):
            writer.append(some_rows(columns, start, end))
    assert writer.rows == ROWS
    assert hash_of(tmp_path / "pieces") == hash_of(tmp_path / "whole")


def test_a_table_comes_back_as_it_was(columns: Columns, tmp_path: Path) -> None:
    write_table(columns, tmp_path / "t")
    expected = as_frame(columns).astype({"kind": "str", "became": "str"})
    pd.testing.assert_frame_equal(read_table(tmp_path / "t"), expected)
    pd.testing.assert_frame_equal(as_frame(read_columns(tmp_path / "t")), expected)
    groups = [as_frame(group) for group in read_groups(tmp_path / "t", ["kind", "value"])]
    assert [len(group) for group in groups] == [GROUP_ROWS, GROUP_ROWS, 1234]
    pd.testing.assert_frame_equal(pd.concat(groups, ignore_index=True), expected[["kind", "value"]])


def test_a_table_without_rows_comes_back_with_its_columns(columns: Columns, tmp_path: Path) -> None:
    assert write_table(some_rows(columns, 0, 0), tmp_path / "t") == 0
    back = read_columns(tmp_path / "t")
    assert list(back) == list(columns)
    assert [len(as_frame({name: column})) for name, column in back.items()] == [0] * len(columns)


def test_a_piece_with_other_columns_is_refused(columns: Columns, tmp_path: Path) -> None:
    less = {name: column for name, column in columns.items() if name != "value"}
    with pytest.raises(TypeError, match="do not match"), TableWriter(tmp_path / "t") as writer:
        writer.append(columns)
        writer.append(less)


# --- pairs ----------------------------------------------------------------------------------------


def met(*rows: tuple[object, ...]) -> dict[str, Any]:
    """A log of events: run, kind, council, other, agreement, scope."""
    runs, kinds, councils, others, agreements, scopes = (
        zip(*rows, strict=True) if rows else [()] * 6
    )
    codes = ["C", "B", "A", "B"]  # as they come, and one of them twice
    return {
        "replicate": np.array(runs, dtype=np.int64),
        "agreement": np.array(agreements, dtype=np.int64),
        "kind": Words(np.array([list(KINDS).index(k) for k in kinds], dtype=int), list(KINDS)),
        "scope": Words(np.array([SCOPES.index(s) for s in scopes], dtype=int), SCOPES),
        "council": Words(np.array([codes.index(c) for c in councils], dtype=int), codes),
        "other": Words(np.array([3 if c == "B" else codes.index(c) for c in others], int), codes),
    }


def test_pairs_are_counted_by_run_and_added() -> None:
    first = met(
        (0, "talks_begin", "B", "A", 1, "legal"),
        (0, "invited", "C", "A", 1, "legal"),  # talks of three
        (0, "signs", "A", "B", 1, "legal"),
        (0, "signs", "B", "A", 1, "legal"),  # two of them sign
        (0, "talks_begin", "A", "B", 2, "ict"),
        (0, "talks_fail", "A", "C", 2, "ict"),  # names nobody who talked
        (1, "talks_begin", "A", "B", 1, "legal"),
        (1, "talks_begin", "B", "A", 7, "legal"),  # twice in one run
        (2, "signs", "A", "B", 3, "ict"),  # joins what already runs
    )
    counts = count_pairs(first)
    assert counts == {
        ("A", "B", "ict"): (1, 1, 1),
        ("A", "B", "legal"): (1, 2, 1),
        ("A", "C", "legal"): (0, 1, 1),
        ("B", "C", "legal"): (0, 1, 1),
    }
    add_counts(counts, count_pairs(met((3, "talks_begin", "C", "B", 1, "legal"))))
    add_counts(counts, count_pairs(met()))
    shares = as_shares(counts, 4)
    assert shares["scope"].texts().tolist() == ["ict", "legal", "legal", "legal"]
    assert shares["talked"].tolist() == [0.25, 0.5, 0.25, 0.5]


# --- folders come whole or not at all -------------------------------------------------------------


def test_a_folder_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "new" / "deep" / "result"
    with assembled(target) as folder:
        assert folder.name.startswith(PARTIAL) and str(os.getpid()) in folder.name
        assert folder.parent == target.parent
        (folder / "a").write_text("x")
        assert not target.exists()
    assert [path.name for path in target.parent.iterdir()] == ["result"]
    assert (target / "a").read_text() == "x"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_error_leaves_nothing_not_even_new_parents(
    tmp_path: Path, error: type[BaseException]
) -> None:
    with pytest.raises(error), assembled(tmp_path / "new" / "result") as folder:
        (folder / "a").write_text("x")
        raise error
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_as_an_error_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No space left"), assembled(tmp_path / "result"):
        raise OSError(28, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_appears_meanwhile_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "result"
    with pytest.raises(InputError, match="appeared meanwhile"), assembled(target) as folder:
        (folder / "a").write_text("mine")
        target.mkdir()
        (target / "a").write_text("theirs")
    assert [path.name for path in tmp_path.iterdir()] == ["result"]
    assert (target / "a").read_text() == "theirs"


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "result").mkdir()
    with assembled(tmp_path / "result") as folder:
        (folder / "a").write_text("x")
    assert (tmp_path / "result" / "a").exists()


def test_an_old_result_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    old = make_result(tmp_path / "result")
    before = describe_files(old)
    with pytest.raises(ValueError), assembled(old, replace="run"):
        raise ValueError
    assert describe_files(old) == before
    with assembled(old, replace="run") as folder:
        (folder / RECORD).write_text("{}")
        assert describe_files(old) == before
    assert [path.name for path in tmp_path.iterdir()] == ["result"]
    assert [path.name for path in old.iterdir()] == [RECORD]


def test_what_is_not_of_a_result_is_never_replaced(tmp_path: Path) -> None:
    old = make_result(tmp_path / "result")
    (old / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"notes\.txt"):
        check_replaceable(old, "run")
    with pytest.raises(InputError, match=r"notes\.txt"), assembled(old, replace="run") as folder:
        (folder / RECORD).write_text("{}")
    assert (old / "notes.txt").read_text() == "mine"
    check_intact(old)


def test_leftovers_of_dead_processes_go_and_those_of_others_stay(tmp_path: Path, dead: int) -> None:
    stays = [
        f"{PARTIAL}other@{NODE}@{os.getppid()}",
        f"{PARTIAL}x@elsewhere.org@{dead}",
        ".partial",
    ]
    goes = [f"{PARTIAL}old@{NODE}@{dead}", f"{PARTIAL}old@{NODE}@{os.getpid()}"]
    for name in (*stays, *goes):
        (tmp_path / name).mkdir()
        (tmp_path / name / "runs.parquet").write_text("half")
    with assembled(tmp_path / "result"):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {*stays, "result"}


def test_an_old_result_comes_back_when_its_replacement_was_killed(
    tmp_path: Path, dead: int
) -> None:
    aside = make_result(tmp_path / f"{ASIDE}old@{NODE}@{dead}")
    with assembled(tmp_path / "result"):
        pass
    assert not aside.exists()
    check_intact(tmp_path / "old")


# --- records --------------------------------------------------------------------------------------


def test_a_result_in_order_is_intact_and_can_be_read(tmp_path: Path) -> None:
    folder = make_result(tmp_path / "result")
    assert check_intact(folder).asked["runs"] == 2
    assert list(read_result(folder, "runs")["replicate"]) == [0, 1]
    with pytest.raises(InputError, match="no table 'runz'"):
        read_result(folder, "runz")


@pytest.mark.parametrize("name", [f"{name}.parquet" for name in TABLES])
@pytest.mark.parametrize("harm", ["gone", "shorter", "changed", "not listed"])
def test_every_kind_of_damage_is_named(tmp_path: Path, name: str, harm: str) -> None:
    folder = make_result(tmp_path / "result")
    path = folder / name
    content = path.read_bytes()
    if harm == "gone":
        path.unlink()
    elif harm == "shorter":
        path.write_bytes(content[:-1])
    elif harm == "changed":
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    else:
        record = read_record(folder)
        files = {key: known for key, known in record.files.items() if key != name}
        write_record(folder, record._replace(files=files))
    with pytest.raises(InputError, match=f"{name}.*damaged"):
        check_intact(folder)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "record.json is missing"),
        ("{", "cannot be read"),
        ("[]", "not the record"),
        ('{"format": "something else"}', "not the record"),
        (json.dumps({"format": FORMAT, "kind": "run"}), "lacks 'asked'"),
    ],
)
def test_a_folder_without_a_good_record_is_no_result(
    tmp_path: Path, content: str | None, words: str
) -> None:
    if content is not None:
        (tmp_path / RECORD).write_text(content)
    with pytest.raises(InputError, match=words):
        read_record(tmp_path)


def test_a_users_own_table_is_part_of_the_question(tmp_path: Path) -> None:
    (tmp_path / "path.csv").write_text("year,growth\n2010,-0.1\n")
    (tmp_path / "own.toml").write_text('base = "norfolk-seven"\n[settlement]\npath = "path.csv"\n')
    prints = set()
    for growth in ("-0.1", "-0.2", "-0.1"):
        (tmp_path / "path.csv").write_text(f"year,growth\n2010,{growth}\n")
        prints.add(fingerprint(Experiment(load(str(tmp_path / "own.toml")), 1, 1).asked()))
    assert len(prints) == 2


def test_git_is_told_only_of_the_projects_own_checkout(tmp_path: Path) -> None:
    package = tmp_path / "lib" / "experiments"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    assert git_state(package) is None
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "other"], check=True)
    assert git_state(package) is None, "installed inside a checkout of something else"
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "ours"], check=True)
    state = git_state(package)
    assert state is not None and len(state["commit"]) == 40 and state["dirty"] is False
    (package / "new.py").touch()
    state = git_state(package)
    assert state is not None and state["dirty"] is True


# --- summaries ------------------------------------------------------------------------------------


def finals(**values: list[float]) -> pd.DataFrame:
    """Final values of runs: what is given, and 1 for every other measure."""
    count = len(next(iter(values.values())))
    return pd.DataFrame({m.name: [1.0] * count for m in MEASURES} | values)


def test_a_summary_gives_the_interval_of_students_t() -> None:
    (row,) = summarise(finals(formed=[1.0, 2.0, 3.0, 4.0, 5.0]), ["formed"])
    reach = 2.776445 * np.sqrt(2.5) / np.sqrt(5)  # Student's t of 4 degrees, table value
    assert row["mean"] == 3.0
    assert (row["low"], row["high"]) == pytest.approx((3 - reach, 3 + reach), rel=1e-6)
    assert (row["q05"], row["q95"]) == pytest.approx((1.2, 4.8))
    assert (row["title"], row["unit"]) == ("Agreements signed since the start", "agreements")


def test_an_interval_ends_where_the_measure_ends() -> None:
    few = [0.0] * 7 + [2.0]
    mergers, saving = summarise(finals(mergers=few, net_saving=few), ["mergers", "net_saving"])
    assert mergers["low"] == 0.0 > saving["low"]
    assert mergers["high"] == saving["high"]
    (trust,) = summarise(finals(trust=[0.99, 0.9, 1.0]), ["trust"])
    assert trust["high"] == 1.0


def test_a_summary_shows_every_part_of_the_net_saving() -> None:
    parts = {"true_total", "grants", "study_cost", "setup_cost", "coordination_cost", "exit_cost"}
    parts |= {"support", "tax_support"}
    assert parts | {"net_saving"} <= set(MAIN)


def test_a_summary_leaves_out_what_an_earlier_version_did_not_measure() -> None:
    (row,) = summarise({"formed": [1.0]}, ["formed", "public_net"])
    assert row["name"] == "formed"


def test_one_run_has_no_interval_and_equal_runs_a_narrow_one() -> None:
    one = summarise(finals(formed=[2.0]))
    assert [row["name"] for row in one] == list(MAIN)
    assert np.isnan([(row["low"], row["high"]) for row in one]).all()
    (equal,) = summarise(finals(formed=[2.0, 2.0]), ["formed"])
    assert equal["low"] == equal["high"] == 2.0


def test_runs_without_a_value_are_left_out() -> None:
    some = finals(trust=[np.nan, 0.2, 0.4], formed=[np.nan] * 3)
    trust, formed = summarise(some, ["trust", "formed"])
    assert (trust["runs"], formed["runs"]) == (2, 0)
    assert trust["mean"] == pytest.approx(0.3)
    assert np.isnan(formed["mean"])


def test_the_headline_tells_talks_reasons_and_savings() -> None:
    runs = finals(
        talks_begun=[40.0, 60.0], talks_failed=[10.0, 15.0], promised=[8.5, 8.5],
        reported=[0.34, 0.34], true_saving=[-0.005, -0.005],
        **{f"failed_{key}": [0.0, 0.0] for key in REASONS},
    )  # fmt: skip
    runs["failed_culture"], runs["failed_savings"] = 3.0, 1.0
    told = " ".join(headline(runs, load("norfolk-seven"), 7))
    assert "2 runs of 7 councils" in told
    assert "50 talks begin in each, and 25% of them fail" in told
    assert "culture and trust (75%), savings not credible (25%)." in told
    assert "promise £8.5 million a year; councils report £340,000; -£5,000 reaches" in told


@pytest.mark.parametrize(
    ("million", "words"),
    [(0, "£0"), (0.0004, "£0"), (0.9996, "£1,000,000"), (1.25, "£1.2 million"),
     (-2000, "-£2.00 billion")],
)  # fmt: skip
def test_money_is_told_in_words_of_its_size(million: float, words: str) -> None:
    assert money(million) == words


def test_a_few_rows_are_read_group_by_group(tmp_path):
    """A few rows of a large study are no reason to hold all of it."""
    path, rows = tmp_path / "rows.parquet", np.arange(2 * GROUP_ROWS + 5)
    write_table({"number": rows, "half": rows / 2}, path)
    wanted = np.array([0, GROUP_ROWS - 1, GROUP_ROWS, 2 * GROUP_ROWS + 4])
    assert read_rows(path, wanted).equals(pq.read_table(path).take(wanted).combine_chunks())
    assert read_rows(path, wanted[:0]).num_rows == 0
