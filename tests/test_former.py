"""What earlier versions kept, each kind in a form of its own, can be read by every command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from asking import at_once

from experiments.reports.panels import illustrate_sensitivity
from experiments.sensitivity.analysis import analyse, stored_sensitivity
from experiments.stored.folder import RECORD
from experiments.stored.reading import check_intact, read_record
from experiments.studies.merging import merge
from experiments.studies.store import open_study
from experiments.studies.sweep import sweep
from sim.errors import InputError

FORMER = Path(__file__).parent / "former"
FILES = {
    "run": "manifest.json", "comparison": "comparison.json", "study": "study.json",
    "sensitivity-study": "study.json", "sensitivity-study/sensitivity": "sensitivity.json",
}  # fmt: skip
"""The places, and the file of each that says what a record says now."""
SHARED = "shared.toml"
REPEAT = {
    "run": ("--replicate", "2"), "comparison": ("--replicate", "99"),
    "study": ("--point", "3"), "sensitivity-study": ("--point", "15", "--replicate", "2"),
    "sensitivity-study/sensitivity": ("--point", "15"), SHARED: (),
}  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of the folders of former times."""
    return Path(shutil.copytree(FORMER, tmp_path / "former"))


def files_of(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {".lock"}


@pytest.mark.parametrize("place", FILES)
def test_a_folder_of_former_times_is_a_record_like_any_other(place):
    record = check_intact(FORMER / place, read_record(FORMER / place))
    assert record.former == FILES[place]
    assert record.kind == place.rpartition("/")[2].replace("sensitivity-study", "study")
    assert record.asked and record.answer
    if record.kind != "sensitivity":
        assert len(record.asked["code"]) == 64 and record.made["command"].startswith("councils ")
        assert record.question and record.files


@pytest.mark.parametrize("place", [*FILES, SHARED])
def test_it_is_verified_and_said_to_be_made_by_other_rules(place):
    status, out, err = at_once(FORMER, "verify", place)
    assert err == ""
    assert "Made by other rules" in out
    assert "the form in which results are kept" in out or place == SHARED
    # Rules may change; what is said and the exit status have to agree.
    assert status == (0 if "every bit" in out else 1)


@pytest.mark.parametrize("place", REPEAT)
def test_one_run_of_it_can_be_lived_again(place):
    status, out, err = at_once(FORMER, "repeat", place, *REPEAT[place], "--json")
    assert '"net_saving": ' in out
    # Rules and data may change; a proof then says so, and the exit status has to agree.
    same = '"same": false' not in out
    assert (status, "This is not the run" in err) == ((0, False) if same else (1, True))
    assert same or place == SHARED


@pytest.mark.parametrize("place", [*FILES, SHARED])
def test_it_can_be_reported(home, place):
    if place.startswith("sensitivity-study"):  # whose figures are not kept here: they are large
        study = open_study(home / "sensitivity-study")
        illustrate_sensitivity(study, analyse(study), study.folder)
    status, out, err = at_once(home, "report", place, "-o", "page.html", "--json")
    assert (status, err) == (0, "")
    text = (home / "page.html").read_text(encoding="utf-8")
    assert f">{json.loads(out)['title']}</h1>" in text.replace("&#39;", "'")
    if place == "study":
        assert "study.json holds all that it says" in text


def test_its_numbers_are_read_as_they_were(home):
    study = open_study(home / "study")
    assert study.finished and len(study.runs) == 8 and study.failed == 0
    assert [factor.name for factor in study.plan.factors] == ["search.fashion", "settlement.shock"]
    found = stored_sensitivity(open_study(home / "sensitivity-study"))
    assert found is not None and found["outcomes"][0]["column"] == "talks_begun"


def test_a_finished_study_is_shown_and_analysed_as_it_is(home):
    before = (home / "study" / "study.json").read_bytes()
    status, out, _ = at_once(home, "sweep", "two-by-two.toml", "--out", "study", "--anyway")
    assert status == 0 and "8 runs at 4 points" in out and "were not run again" in out
    assert (home / "study" / "study.json").read_bytes() == before
    assert RECORD not in files_of(home / "study")
    words = ("sensitivity", "what-matters.toml", "--out", "sensitivity-study")
    # Its scenario has other numbers now: that is said, and it is analysed when asked for.
    status, _, err = at_once(home, *words)
    assert status == 2 and "the simulation's code" in err and "--anyway" in err
    assert at_once(home, *words, "--anyway")[0] == 0
    found = stored_sensitivity(open_study(home / "sensitivity-study"))
    assert found == read_record(home / "sensitivity-study" / "sensitivity").answer
    assert read_record(home / "sensitivity-study" / "sensitivity").former is None


@pytest.mark.parametrize("lacks", ["runs", "replicates"])
def test_more_runs_of_it_are_refused_with_what_to_do(home, lacks):
    words = ["sweep", "two-by-two.toml", "--out", "study", "--anyway"]
    if lacks == "runs":
        (home / "study" / "runs.parquet").unlink()
        next((home / "study" / "parts").iterdir()).unlink()
    else:
        words += ["--replicates", "3", "--extend"]
    before = files_of(home / "study")
    status, out, err = at_once(home, *words)
    assert (status, out) == (2, "") and err.count("\n") == 1
    assert "was begun by an earlier version (study.json)" in err and "--out" in err
    assert files_of(home / "study") == before


def test_studies_of_former_times_are_merged_with_their_like_only(home):
    study = home / "study"
    other = Path(shutil.copytree(study, home / "other"))
    parts = sorted((other / "parts").iterdir())
    parts[0].unlink()
    joined = merge([other, study], home / "joined")
    assert joined.finished and (joined.folder / RECORD).is_file()
    assert joined.bits == open_study(study).bits
    out = at_once(home, "verify", "joined")[1]
    assert "Made by other rules" in out and "the simulation's code" in out
    fresh = sweep(home / "two-by-two.toml", out=home / "fresh")
    with pytest.raises(InputError, match="made with different the simulation's code"):
        merge([study, fresh.folder], home / "mixed")


def test_the_place_of_a_former_result_is_refused_and_replaced_only_when_asked(home):
    words = ("run", "norfolk-seven", "--quarters", "4", "--runs", "3", "--no-figures")
    status, _, err = at_once(home, *words, "--out", "run")
    assert status == 2 and "another version of the simulation's code" in err and "--force" in err
    assert "manifest.json" in files_of(home / "run")
    assert at_once(home, *words, "--out", "run", "--force")[0] == 0
    assert RECORD in files_of(home / "run") and "manifest.json" not in files_of(home / "run")


@pytest.mark.parametrize("place", FILES)
@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "cannot be read"), ("[]", "is not the record"), ('{"format": 1}', "can read")],
)
def test_a_damaged_one_is_one_clear_error(home, place, content, said):
    name = FILES[place]
    folder = home / place
    (folder if folder.exists() else folder.parent).joinpath(name).write_text(content)
    status, out, err = at_once(home, "verify", place)
    assert (status, out) == (2, "") and name in err and said in err and err.count("\n") == 1
