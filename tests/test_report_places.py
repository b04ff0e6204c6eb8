"""Mistakes of a new user of `councils report`: the help that is given works when followed."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from asking import at_once

import experiments.commands.kept
import experiments.commands.runs
import experiments.commands.studies  # noqa: F401
from experiments.stored.record import write_record
from experiments.studies.store import open_study

PLAN = """
scenario = "norfolk-seven"
quarters = 4
replicates = 2
outcomes = ["talks_begun"]
[design]
kind = "grid"
[levers]
policy = { values = ["base", "set-up-grants"] }
"""
ADVICE = re.compile(
    r"(?:type|go on with|run it with|make one there with|then) (councils .+?)(?=, then |$)"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small result `run` and a small study `study`, and the plan of it."""
    folder = tmp_path_factory.mktemp("made")
    small = ("run", "norfolk-seven", "--quarters", "4", "--runs", "2", "--out", "run")
    assert at_once(folder, *small)[0] == 0
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    assert at_once(folder, "sweep", "plan.toml", "--out", "study")[0] == 0
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to spoil."""
    return Path(shutil.copytree(made, tmp_path / "here"))


def refused(folder: Path, *words: str) -> str:
    """Ask for a report that cannot be; return the one line that is said."""
    before = sorted(path for path in folder.rglob("*"))
    status, out, err = at_once(folder, *words)
    assert (status, out) == (2, "") and err.count("\n") == 1 and err.startswith("Error: ")
    assert sorted(path for path in folder.rglob("*")) == before  # nothing half-written
    return err.strip()


def followed(folder: Path, said: str) -> None:
    """Type what an error says, word for word; every command of it works."""
    commands = ADVICE.findall(said)
    assert commands, said
    for command in commands:
        status, _, err = at_once(folder, *shlex.split(command)[1:])
        assert status == 0, f"{command}: {err}"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("run/record.json",), "is a file of a result, not its folder"),
        (("run/runs.parquet",), "is a file of a result, not its folder"),
        (("run/figures",), "is a part of a result, not its folder"),
        (("run/figures/over_time.png",), "is a file of a result, not its folder"),
        ((".",), "holds no result itself, but folders in it do ('run', 'study')"),
        (("plan.toml",), "is the plan of a study, not its results"),
        (("run", "-o", "study"), "is a folder, and a report is a file"),
        (("run", "-o", "note.pdf"), "does not end in .html"),
        (("run", "-o", "note"), "does not end in .html"),
        (("run", "-o", "nowhere/note.html"), "there is no folder 'nowhere'"),
    ],
)
def test_the_advice_for_a_wrong_place_works_as_it_is_typed(place, words, why):
    said = refused(place, "report", *words)
    assert why in said
    followed(place, said)


def test_an_empty_folder_is_filled_by_what_is_advised_and_then_has_a_report(place):
    (place / "empty").mkdir()
    said = refused(place, "report", "empty")
    assert "'empty' is empty" in said
    followed(place, said)
    assert at_once(place, "report", "empty")[0] == 0


def test_who_stands_in_an_empty_folder_is_told_to_make_a_result_in_one_inside(tmp_path):
    said = refused(tmp_path, "report", ".")
    followed(tmp_path, said)
    assert at_once(tmp_path, "report", "norfolk")[0] == 0


def test_a_report_that_exists_and_differs_goes_elsewhere_or_is_replaced(place):
    (place / "mine.html").write_text("mine", encoding="utf-8")
    said = refused(place, "report", "run", "-o", "mine.html")
    assert "exists and differs" in said and "-o" in said and "--force" in said
    assert at_once(place, "report", "run", "-o", "other.html")[0] == 0
    assert (place / "mine.html").read_text("utf-8") == "mine"
    assert at_once(place, "report", "run", "-o", "mine.html", "--force")[0] == 0


def test_an_unfinished_study_is_gone_on_with_by_the_command_that_is_told(place):
    shutil.move(place / "study", place / "moved")  # the folder that it was begun in is another
    study = open_study(place / "moved")
    (place / "moved" / "runs.parquet").unlink()
    shutil.rmtree(place / "moved" / "parts")
    write_record(study.folder, study.record._replace(answer={}, files={}))
    said = refused(place, "report", "moved")
    assert "the study 'moved' is not finished" in said
    followed(place, said)
    assert (place / "moved" / "report.html").is_file() and not (place / "study").exists()


def test_what_is_no_date_and_no_author_is_refused_with_what_to_give(place):
    assert "give year, month and day" in refused(place, "report", "run", "--date", "30.11.2026")
    assert "give a name" in refused(place, "report", "run", "--author", " ")


def test_two_folders_are_answered_with_one_at_a_time(place):
    status, _, err = at_once(place, "report", "run", "study")
    assert status == 2 and "councils report takes one folder" in err
    assert "A name of several words" not in err


def test_a_short_report_beside_a_result_is_no_foreign_file(place):
    assert at_once(place, "report", "run", "--short")[0] == 0
    assert (place / "run" / "short-report.html").is_file()
    again = ("run", "norfolk-seven", "--quarters", "4", "--runs", "3", "--out", "run", "--force")
    assert at_once(place, *again)[0] == 0
