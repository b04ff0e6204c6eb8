"""Every kind of kept result says the same things of itself, and can be trusted by them alone."""

from __future__ import annotations

import errno
import json
import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from asking import at_once

from experiments.comparing.archive import Besides, stored
from experiments.comparing.asking import ask
from experiments.reports.panels import illustrate_sensitivity
from experiments.runs.experiment import Experiment
from experiments.runs.result import Delivery, run
from experiments.sensitivity.analysis import analyse, store
from experiments.stored.belonging import check_replaceable, foreign_files
from experiments.stored.folder import RECORD, describe, hash_of
from experiments.stored.reading import check_intact, read_record
from experiments.stored.record import PARTS, SEAL, write_record
from experiments.studies.store import held, open_study
from experiments.studies.sweep import sweep
from experiments.studies.verify import verify
from sim.declared.scenario import load
from sim.errors import InputError
from sim.identity import code_fingerprint
from sim.page import changes, session

PLAN = """
scenario = "norfolk-seven"
quarters = 4
replicates = 3
outcomes = ["talks_begun"]
[design]
kind = "latin"
points = 6
[uncertainties]
"search.fashion" = {}
"""
POLICY = 'base = "base.toml"\n[grants]\nsetup_pot = 2.0\n[settlement]\nshock = 0.1\n'
KINDS = ("run", "comparison", "study", "sensitivity")
SHARED = "shared file"
PLACES = {kind: kind for kind in KINDS} | {"sensitivity": "study/sensitivity", SHARED: "own.toml"}
AGAIN = {
    "run": ("run", "norfolk-seven", "--quarters", "4", "--runs", "4", "--out", "run"),
    "comparison": ("compare", "base.toml", "policy.toml", "--outcome", "budget", "--matters", "1",
                   "--budget", "100", "--ensemble", "none", "--out", "comparison"),
    "study": ("sweep", "plan.toml", "--out", "study"),
    "sensitivity": ("sensitivity", "plan.toml", "--out", "study"),
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small result of each kind, not to be changed."""
    home = tmp_path_factory.mktemp("made")
    (home / "base.toml").write_text('base = "norfolk-seven"\nquarters = 4\n', encoding="utf-8")
    (home / "policy.toml").write_text(POLICY, encoding="utf-8")
    (home / "plan.toml").write_text(PLAN, encoding="utf-8")
    scenario = load("norfolk-seven", quarters=4)
    run(Experiment(scenario, 1, 4), Delivery(home / "run"), lambda doing, done, *rest: None)
    question = ask(home / "base.toml", [home / "policy.toml"], "budget", 1.0, budget=100)
    stored(question, Besides(home / "comparison"))
    study = sweep(home / "plan.toml", out=home / "study")
    analyses = analyse(study)
    store(study, analyses, partial(illustrate_sensitivity, study, analyses))
    cut = changes.read_act({"at": 8, "set": {"settlement.shock": -0.1}})
    memo = session.Memo(seed=7, replicate=2, a=session.Side(scenario="norfolk-seven", acts=[cut]))
    tried = session.Session(memo, lambda name: (name, load(name)))
    (home / "own.toml").write_text(tried.toml("a"), encoding="utf-8")
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """A copy of all of it, to be harmed."""
    return Path(shutil.copytree(made, tmp_path / "home"))


def flip(path: Path) -> None:
    """Change one byte of a file in its middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def nudge(folder: Path, name: str, column: str) -> None:
    """Change the last bit of a number in a table, and make the record fit it."""
    table = pq.read_table(folder / name)
    values = table[column].to_numpy().copy()
    values[-1] = np.nextafter(values[-1], np.inf)
    place = table.column_names.index(column)
    pq.write_table(table.set_column(place, column, pa.array(values)), folder / name)
    record = read_record(folder)
    write_record(folder, record._replace(files=record.files | {name: describe(folder / name)}))


def times_of(folder: Path) -> dict[Path, int]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]
    return {path: path.stat().st_mtime_ns for path in files}


# --- what it says of itself -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_folder_says_what_was_asked_with_what_it_was_made_and_what_came_out(made, kind):
    folder = made / PLACES[kind]
    record = read_record(folder)
    document = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    assert list(document) == ["format", "kind", "fingerprint", *PARTS, SEAL]
    assert (record.kind, document["fingerprint"]) == (kind, record.fingerprint)
    if kind != "sensitivity":  # which is decided by the runs, whatever made them
        assert record.asked["code"] == code_fingerprint()
    assert {"program", "python", "libraries", "platform", "git", "command", "workers", "started",
            "seconds"} <= set(record.made)  # fmt: skip
    assert record.question and record.answer and record.former is None
    assert all(hash_of(folder / name) == known["sha256"] for name, known in record.files.items())


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_that_a_command_wrote_is_in_the_record(made, kind):
    folder = made / PLACES[kind]
    apart = ("parts/", "sensitivity/", ".lock", RECORD)  # of their own names, and of their own
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {name for name in names if not name.startswith(apart)} == set(read_record(folder).files)


def test_a_study_has_a_record_from_its_beginning_whose_answer_is_nothing_yet(home, monkeypatch):
    def stop(*rest, **how):
        raise KeyboardInterrupt

    monkeypatch.setattr("council_partnering.experiments.studies.sweep.live", stop)
    with pytest.raises(KeyboardInterrupt):
        sweep(home / "plan.toml", out=home / "new")
    record = read_record(home / "new", "study")
    assert record.answer == {} and record.files == {} and not open_study(home / "new").finished


def test_a_study_that_grows_takes_back_its_answer_until_all_runs_are_there(home, monkeypatch):
    def stop(*rest, **how):
        raise KeyboardInterrupt

    with monkeypatch.context() as here:
        here.setattr("council_partnering.experiments.studies.sweep.live", stop)
        with pytest.raises(KeyboardInterrupt):
            sweep(home / "plan.toml", out=home / "study", replicates=4, extend=True)
    record = read_record(home / "study")
    assert record.answer == {} and record.files == {} and record.asked["replicates"] == 4
    assert at_once(home, "verify", "study")[0] == 0  # the runs that there are
    grown = sweep(home / "plan.toml", out=home / "study", replicates=4)
    assert grown.record.answer == {"runs": 24, "failed": 0}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda text: text[: len(text) // 2], "cannot be read"),
        (lambda text: "[]", "is not the record"),
        (lambda text: text.replace("record 1", "record 99"), "is not the record"),
        (lambda text: text.replace('"answer"', '"anwser"'), "lacks 'answer'"),
        (lambda text: text.replace('"sha256"', '"sha255"'), "sha256"),
        (lambda text: text.replace('"seed"', '"sede"').replace('"of"', '"fo"'), "lacks"),
        (lambda text: text.replace('"fingerprint": "', '"fingerprint": "0'), "is not as it was"),
        (lambda text: text.replace('"machine": "', '"machine": "z'), "is not as it was written"),
    ],
    ids=[
        "torn",
        "a list",
        "another version",
        "no answer",
        "no hash",
        "no key",
        "by hand",
        "a word",
    ],
)
def test_a_damaged_record_is_one_clear_error(home, kind, harm, said):
    path = home / PLACES[kind] / RECORD
    path.write_text(harm(path.read_text(encoding="utf-8")), encoding="utf-8")
    status, out, err = at_once(home, "verify", PLACES[kind])
    assert (status, out) == (2, "") and err.count("\n") == 1
    assert "record.json" in err or "keeps a question" in err
    assert said in err or kind == "study"  # whose plan is asked for its seed


# --- lived again ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*KINDS, SHARED])
def test_verify_needs_nothing_but_the_place(home, kind):
    for name in ("plan.toml", "base.toml", "policy.toml"):
        (home / name).unlink()
    status, out, err = at_once(home, "verify", PLACES[kind])
    assert (status, err) == (0, "")
    assert "every bit" in out and "other rules" not in out


@pytest.mark.parametrize("kind", KINDS)
def test_hashes_are_checked_before_anything_is_lived(made, tmp_path, kind):
    for name in read_record(made / PLACES[kind]).files:
        home = Path(shutil.copytree(made, tmp_path / name.replace("/", "-")))
        flip(home / PLACES[kind] / name)
        status, out, err = at_once(home, "verify", PLACES[kind])
        if name == "points.parquet":  # which is made again from the plan where it is torn
            assert (status, "every bit" in out) in [(0, True), (2, False)]
            continue
        assert (status, out) == (2, "") and name in err and "damaged" in err


@pytest.mark.parametrize(
    ("kind", "table", "column"),
    [
        ("run", "runs.parquet", "reserves"),
        ("run", "quarters.parquet", "reserves"),
        ("run", "events.parquet", "trust"),
        ("run", "councils.parquet", "budget_gbp_m"),
        ("run", "pairs.parquet", "talked"),
        ("comparison", "differences.parquet", "reserves"),
        ("comparison", "differences.parquet", "budget"),
        ("study", "runs.parquet", "reserves"),
        ("sensitivity", "indices.parquet", "value"),
    ],
)
def test_verify_finds_one_bit_in_any_table(home, kind, table, column):
    folder = home / PLACES[kind]
    names = pq.read_schema(folder / table).names
    column = column if column in names else next(
        field.name for field in pq.read_schema(folder / table) if field.type == pa.float64()
    )  # fmt: skip
    nudge(folder, table, column)
    status, out, err = at_once(home, "verify", PLACES[kind], "--sample", "100")
    assert (status, err) == (1, "")
    assert "suspect the stored files" in out


def test_verify_finds_an_answer_that_the_stored_numbers_do_not_give(home):
    record = read_record(home / "comparison")
    record.answer["results"][0]["difference"] += 1e-9
    write_record(home / "comparison", record)
    status, out, _ = at_once(home, "verify", "comparison", "--sample", "1")
    assert status == 1 and "what is told of policy" in out and "difference" in out
    record = read_record(home / "study" / "sensitivity")
    record.answer["outcomes"][0]["luck"]["share"]["value"] += 1e-9
    write_record(home / "study" / "sensitivity", record)
    status, out, _ = at_once(home, "verify", "study/sensitivity")
    assert status == 1 and "luck" in out


@pytest.mark.parametrize("kind", KINDS)
def test_other_rules_are_named_though_all_bits_agree(home, kind):
    record = read_record(home / PLACES[kind])
    asked = dict(record.asked)
    made = record.made | {"libraries": record.made["libraries"] | {"numpy": "1.0"}}
    if kind == "study":
        asked["libraries"] = asked["libraries"] | {"numpy": "1.0"}
    if "code" in asked:
        asked |= {"code": "other", "data": asked["data"] | {"councils.csv": "other"}}
    write_record(home / PLACES[kind], record._replace(asked=asked, made=made))
    status, out, _ = at_once(home, "verify", PLACES[kind])
    assert status == 0 and "Made by other rules" in out and "numpy (1.0 then" in out
    if "code" in asked:
        assert "the simulation's code" in out and "the table councils.csv" in out


def test_a_shared_file_that_was_changed_is_not_the_run_of_its_proof(home):
    text = (home / "own.toml").read_text(encoding="utf-8")
    (home / "own.toml").write_text(text.replace("-0.1", "-0.2"), encoding="utf-8")
    for words in (("verify", "own.toml"), ("report", "own.toml")):
        status, out, _ = at_once(home, *words)
        assert status == (1 if words[0] == "verify" else 0)
        assert "Made by other rules" in out and "scenario" in out
    assert json.loads(at_once(home, "repeat", "own.toml", "--json")[1])["same"] is False


def test_repeat_gives_the_numbers_that_are_stored(home):
    def told(*words):
        return json.loads(at_once(home, "repeat", *words, "--json")[1])

    runs = pq.read_table(home / "run" / "runs.parquet").to_pylist()
    assert told("run", "--replicate", "2").items() >= {
        key: value for key, value in runs[2].items() if key not in ("seed", "replicate")
    }.items()  # fmt: skip
    rows = pq.read_table(home / "comparison" / "differences.parquet").to_pylist()
    both, row = told("comparison", "--replicate", "7"), rows[7]
    assert both["differences"]["policy"]["budget"] == row["budget"] != 0
    for name, less in both["differences"]["policy"].items():
        assert less == both["policies"]["policy"][name] - both["base_outcomes"][name] == row[name]
    point = told("study", "--point", "3", "--replicate", "1")
    assert point == told("study/sensitivity", "--point", "3", "--replicate", "1")
    stored_runs = open_study(home / "study").runs.query("point == 3 and replicate == 1")
    assert point["talks_begun"] == stored_runs["talks_begun"].item()
    assert told("own.toml")["same"] is True


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("run", "--point", "1"), "--point does not go with 'run'"),
        (("comparison", "--point", "1"), "--point does not go with 'comparison'"),
        (("own.toml", "--replicate", "1"), "--replicate does not go with 'own.toml'"),
        (("study",), "--point, from 0 to 5"),
        (("study", "--point", "6"), "--point is 6"),
        (("run", "--replicate", "4"), "--replicate is 4: the result of councils run has 0 to 3"),
        (("comparison", "--replicate", "100"), "--replicate is 100: the comparison has 0 to 99"),
    ],
)
def test_an_option_that_does_not_go_with_a_kind_is_refused_by_name(made, words, named):
    status, out, err = at_once(made, "repeat", *words)
    assert (status, out) == (2, "") and named in err and err.count("\n") == 1


@pytest.mark.parametrize("kind", [*KINDS, SHARED])
def test_every_kind_has_a_report(home, kind):
    status, out, err = at_once(home, "report", PLACES[kind])
    assert (status, err) == (0, "")
    page = Path(out.rpartition("Report: ")[2].strip())
    text = (home / page).read_text(encoding="utf-8")
    for heading in ("The question", "The answer", "What is assumed", "How to make this again"):
        assert f">{heading}</h2>" in text
    if kind == SHARED:
        assert page.name == "own.html" and "every bit is as the file says" in text
        assert "councils story own.toml --seed 7 --replicate 2" in text


# --- it is here already ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_question_is_answered_from_its_folder_and_nothing_is_run(home, kind):
    at_once(home, *AGAIN["study"])  # the plan of the study has moved
    before = times_of(home)
    status, out, err = at_once(home, *AGAIN[kind])
    assert (status, err) == (0, "")
    assert "before" in out or "from an earlier run" in out
    assert times_of(home) == before


def test_what_was_found_of_other_outcomes_is_no_answer_and_is_found_anew(home):
    text = PLAN.replace("talks_begun", "budget")
    (home / "plan.toml").write_text(text, encoding="utf-8")
    status, out, _ = at_once(home, *AGAIN["sensitivity"])
    assert status == 0 and "were not analysed again" not in out
    record = read_record(home / PLACES["sensitivity"])
    assert [each["name"] for each in record.answer["outcomes"]] == ["budget"]
    assert not list(home.rglob("effects_talks_begun.*"))
    check_intact(home / PLACES["sensitivity"], record)


@pytest.mark.parametrize(
    ("kind", "more", "named"),
    [
        ("run", ("--seed", "2"), "another seed (1, not 2)"),
        ("run", ("--runs", "5"), "another number of runs (4, not 5)"),
        ("comparison", ("--seed", "2"), "another seed (1, not 2)"),
        ("comparison", ("--outcome", "formed"), "another outcome (budget, not formed)"),
        ("study", ("--replicates", "4"), "has 3 replicates, and 4 are asked for"),
        ("study", ("--shard", "1/2"), "its shard differs"),
        ("sensitivity", ("--replicates", "2"), "has 3 replicates, and 2 are asked for"),
    ],
)
def test_another_question_is_refused_with_what_differs_and_what_to_do(home, kind, more, named):
    before = times_of(home)
    status, out, err = at_once(home, *AGAIN[kind], *more)
    assert (status, out) == (2, "") and err.count("\n") == 1
    assert named in " ".join(err.split()) and "--out" in err
    assert times_of(home) == before


@pytest.mark.parametrize("kind", ["run", "comparison", "study"])
def test_the_place_of_another_kind_is_refused(home, kind):
    for other in {"run", "comparison", "study"} - {kind}:
        words = [other if word == kind else word for word in AGAIN[kind]]
        words = [words[0].replace(other, AGAIN[kind][0]), *words[1:]]
        before = times_of(home)
        status, _, err = at_once(home, *words)
        assert status == 2 and err.count("\n") == 1
        assert times_of(home) == before


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_of_a_result_is_known_by_its_name_for_every_kind(home, kind):
    folder = home / PLACES[kind]
    at_once(home, "report", "study" if kind == "sensitivity" else PLACES[kind])
    assert foreign_files(folder, kind) == []
    (folder / "figures").mkdir(exist_ok=True)
    (folder / "figures" / "thesis.doc").write_text("mine", encoding="utf-8")
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    assert foreign_files(folder, kind) == ["figures/thesis.doc", "notes.txt"]
    with pytest.raises(InputError, match=r"figures/thesis\.doc, notes\.txt"):
        check_replaceable(folder, kind)
    check_intact(folder)


# --- one process at a time ------------------------------------------------------------------------


def test_where_there_are_no_locks_nobody_is_kept_away(home, monkeypatch):
    fcntl = pytest.importorskip("fcntl")

    def none(*rest):
        raise OSError(errno.ENOSYS, "no locks here")

    with held(home / "study"), pytest.raises(InputError, match="another process is at work"), \
            held(home / "study"):  # fmt: skip
        pass
    monkeypatch.setattr(fcntl, "flock", none)
    with held(home / "study"), held(home / "study"):
        pass
    monkeypatch.undo()
    with held(home / "study"):
        pass


def test_a_study_that_lacks_what_its_record_names_is_not_certified(home: Path) -> None:
    part = sorted((home / "study" / "parts").glob("*.parquet"))[0]
    part.write_bytes(part.read_bytes()[:-10])
    found = verify(home / "study", sample=2, seed=1)
    assert (found.whole, found.missing) == (False, 0)
    assert found.harmed == [f"parts/{part.name} is torn or changed"]
    (home / "study" / "runs.parquet").unlink()
    found = verify(home / "study", sample=2, seed=1)
    assert "runs.parquet is gone" in found.harmed and not found.whole and found.missing > 0


def test_another_kind_of_result_is_left_as_it_is_by_a_sweep(home: Path) -> None:
    before = sorted(path.name for path in (home / "comparison").iterdir())
    with pytest.raises(InputError, match="holds a comparison and no study"):
        sweep(home / "plan.toml", out=home / "comparison")
    assert sorted(path.name for path in (home / "comparison").iterdir()) == before


def test_a_shared_file_whose_scenario_was_changed_is_not_repeated_in_silence(home: Path) -> None:
    file = home / "own.toml"
    file.write_text(file.read_text().replace("-0.1", "-0.12"))
    found = at_once(home, "repeat", "own.toml")
    assert found[0] == 1 and "not the run whose proof" in found[2]
