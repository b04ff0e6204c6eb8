"""Folders of results are whole or absent, and tables have the same bytes however they are made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.assembly import ASIDE, NODE, PARTIAL, assembled, check_replaceable
from experiments.folder import (
    FORMAT,
    MANIFEST,
    TABLES,
    check_intact,
    describe_files,
    hash_of,
    read_manifest,
    read_result,
)
from experiments.headline import headline, money
from experiments.provenance import git_state
from experiments.question import Question, fingerprint
from experiments.summary import MAIN, summarise
from experiments.tables import ROWS_PER_GROUP, TableWriter, read_table, write_table
from sim.errors import InputError
from sim.measures import MEASURES, REASONS
from sim.scenario import load

ROWS = 2 * ROWS_PER_GROUP + 1234


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    words = pd.Categorical.from_codes(rng.integers(-1, 3, ROWS), categories=["a", "b", "c"])
    return pd.DataFrame(
        {
            "replicate": np.arange(ROWS) // 70,
            "date": pd.DatetimeIndex(["2009-04-01"] * ROWS).as_unit("ms"),
            "kind": words,
            "became": [None] * (ROWS - 3) + ["x"] * 3,
            "value": np.where(rng.random(ROWS) < 0.1, np.nan, rng.random(ROWS)),
            "alive": rng.random(ROWS) < 0.5,
        }
    )


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
        write_table(pd.DataFrame({"replicate": [0, 1]}), folder / f"{name}.parquet")
    asked: dict[str, object] = {"seed": 1, "runs": 2}
    about = {"format": FORMAT, "asked": asked, "figures": None, "scenario": {}, "seed": 1}
    about |= {"runs": 2, "tables": {}, "files": describe_files(folder)}
    (folder / MANIFEST).write_text(json.dumps(about))
    return folder


# --- tables ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cuts",
    [[1, 5, 70_000], [ROWS_PER_GROUP, 2 * ROWS_PER_GROUP], list(range(0, ROWS, 4_321))],
    ids=["uneven", "at the groups", "many"],
)
def test_pieces_change_no_byte_of_a_table(
    frame: pd.DataFrame, tmp_path: Path, cuts: list[int]
) -> None:
    write_table(frame, tmp_path / "whole")
    edges = [0, *(cut for cut in cuts if cut), ROWS]
    with TableWriter(tmp_path / "pieces") as writer:
        for start, end in pairwise(edges):
            writer.append(frame.iloc[start:end])
    assert writer.rows == ROWS
    assert hash_of(tmp_path / "pieces") == hash_of(tmp_path / "whole")


def test_a_table_comes_back_as_it_was(frame: pd.DataFrame, tmp_path: Path) -> None:
    write_table(frame, tmp_path / "t")
    back = read_table(tmp_path / "t")
    expected = frame.assign(kind=frame["kind"].astype("str"), became=frame["became"].astype("str"))
    pd.testing.assert_frame_equal(back, expected)


def test_a_piece_with_other_columns_is_refused(frame: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="do not match"), TableWriter(tmp_path / "t") as writer:
        writer.append(frame.head())
        writer.append(frame.head().drop(columns="value"))


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
    with pytest.raises(ValueError), assembled(old, replace=True):
        raise ValueError
    assert describe_files(old) == before
    with assembled(old, replace=True) as folder:
        (folder / MANIFEST).write_text("{}")
        assert describe_files(old) == before
    assert [path.name for path in tmp_path.iterdir()] == ["result"]
    assert [path.name for path in old.iterdir()] == [MANIFEST]


def test_what_is_not_of_a_result_is_never_replaced(tmp_path: Path) -> None:
    old = make_result(tmp_path / "result")
    (old / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"notes\.txt"):
        check_replaceable(old)
    with pytest.raises(InputError, match=r"notes\.txt"), assembled(old, replace=True) as folder:
        (folder / MANIFEST).write_text("{}")
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


# --- manifests ------------------------------------------------------------------------------------


def test_a_result_in_order_is_intact_and_can_be_read(tmp_path: Path) -> None:
    folder = make_result(tmp_path / "result")
    assert check_intact(folder)["runs"] == 2
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
        manifest = json.loads((folder / MANIFEST).read_text())
        del manifest["files"][name]
        (folder / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(InputError, match=f"{name}.*damaged"):
        check_intact(folder)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "holds no manifest.json"),
        ("{", "cannot be read"),
        ("[]", "not the manifest"),
        ('{"format": "something else"}', "not the manifest"),
        (json.dumps({"format": FORMAT}), "lacks 'asked'"),
    ],
)
def test_a_folder_without_a_good_manifest_is_no_result(
    tmp_path: Path, content: str | None, words: str
) -> None:
    if content is not None:
        (tmp_path / MANIFEST).write_text(content)
    with pytest.raises(InputError, match=words):
        read_manifest(tmp_path)


def test_a_users_own_table_is_part_of_the_question(tmp_path: Path) -> None:
    (tmp_path / "path.csv").write_text("year,growth\n2010,-0.1\n")
    (tmp_path / "own.toml").write_text('base = "norfolk-seven"\n[settlement]\npath = "path.csv"\n')
    prints = set()
    for growth in ("-0.1", "-0.2", "-0.1"):
        (tmp_path / "path.csv").write_text(f"year,growth\n2010,{growth}\n")
        prints.add(fingerprint(Question(load(str(tmp_path / "own.toml")), 1, 1).asked()))
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
    row = summarise(finals(formed=[1.0, 2.0, 3.0, 4.0, 5.0]), ["formed"]).iloc[0]
    reach = 2.776445 * np.sqrt(2.5) / np.sqrt(5)  # Student's t of 4 degrees, table value
    assert row["mean"] == 3.0
    assert (row["low"], row["high"]) == pytest.approx((3 - reach, 3 + reach), rel=1e-6)
    assert (row["q05"], row["q95"]) == pytest.approx((1.2, 4.8))
    assert (row["title"], row["unit"]) == ("Agreements signed since the start", "agreements")


def test_one_run_has_no_interval_and_equal_runs_a_narrow_one() -> None:
    one = summarise(finals(formed=[2.0])).set_index("name")
    assert list(one.index) == list(MAIN)
    assert one["low"].isna().all() and one["high"].isna().all()
    equal = summarise(finals(formed=[2.0, 2.0]), ["formed"]).iloc[0]
    assert equal["low"] == equal["high"] == 2.0


def test_runs_without_a_value_are_left_out() -> None:
    table = summarise(finals(trust=[np.nan, 0.2, 0.4], formed=[np.nan] * 3), ["trust", "formed"])
    assert list(table["runs"]) == [2, 0]
    assert table["mean"].iloc[0] == pytest.approx(0.3)
    assert np.isnan(table["mean"].iloc[1])


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
