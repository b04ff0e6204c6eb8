"""What a folder of results refuses, and in which words: each names the place and what to do."""

import hashlib

import pytest

from experiments.stored.already import answering, difference, here_already
from experiments.stored.belonging import check_free, check_replaceable, foreign_files
from experiments.stored.former import FORMS
from experiments.stored.reading import check_intact, read_record
from experiments.stored.record import Record, check_record, write_record
from sim.errors import InputError

TABLE = "differences.parquet"
ANSWER = {"outcome": {}, "error": 0.05, "error_each": 0.05, "results": [], "failures": [],
          "flips": [], "mechanisms": []}  # fmt: skip


def record(folder, **others):
    """Return the record of a comparison whose one table is in the folder."""
    folder.mkdir(exist_ok=True)
    (folder / TABLE).write_bytes(b"rows")
    known = {"bytes": 4, "sha256": hashlib.sha256(b"rows").hexdigest()}
    asked = {"base": {}, "policies": {}, "outcome": "formed", "matters": 1.0, "budget": 100,
             "block": 50, "seed": 1, "code": "one", "data": {}, "mood": 3}  # fmt: skip
    whole = {"asked": asked, "made": {}, "question": {"scenarios": []}, "answer": ANSWER,
             "files": {TABLE: known}} | others  # fmt: skip
    return Record("comparison", **whole)


@pytest.fixture
def kept(tmp_path):
    folder = tmp_path / "kept"
    write_record(folder, record(folder))
    return folder


def refused(call, *args):
    with pytest.raises(InputError) as found:
        call(*args)
    return str(found.value)


def test_what_is_no_folder_of_results_is_named_with_what_would_be_one(tmp_path, kept):
    (tmp_path / "file").write_text("")
    assert refused(read_record, tmp_path / "file").endswith(
        "is a file, not a folder of results: give the folder of a result"
    )
    gone = tmp_path / "gone"
    assert refused(read_record, gone) == (
        f"there is no folder '{gone}': give the folder of a result; near it: {kept}"
    )
    (tmp_path / "empty").mkdir()
    said = refused(read_record, tmp_path / "empty")
    assert "holds no result (record.json is missing)" in said and "councils run" in said
    assert "holds no study (" in refused(read_record, tmp_path / "empty", "study")
    assert refused(read_record, kept, "study").endswith("holds a comparison and no study")


def test_a_table_that_is_gone_changed_or_not_listed_is_named(kept, tmp_path):
    assert check_intact(kept).kind == "comparison"
    (kept / TABLE).write_bytes(b"more rows")
    assert f"{TABLE}' has 9 bytes where 4 were written: the result is damaged" in refused(
        check_intact, kept
    )
    (kept / TABLE).write_bytes(b"rowz")
    assert f"{TABLE}' has changed since it was written" in refused(check_intact, kept)
    (kept / TABLE).unlink()
    assert f"{TABLE}' is missing: the result is damaged" in refused(check_intact, kept)
    bare = tmp_path / "bare"
    write_record(bare, record(bare, files={}))
    assert f"record.json' does not list {TABLE}: the result is damaged" in refused(
        check_intact, bare
    )


def test_a_record_holds_numbers_only_and_says_which_key_it_lacks(tmp_path):
    folder = tmp_path / "kept"
    folder.mkdir()
    write_record(folder, record(folder, made={"seconds": float("nan")}))
    assert read_record(folder).made == {"seconds": None}  # what does not exist is null
    answer = {key: value for key, value in ANSWER.items() if key != "results"}
    lacking = record(folder, answer=answer)
    assert "lacks 'answer.results'" in refused(check_record, folder / "record.json", lacking)
    lacking = record(folder, files={TABLE: {"bytes": 4}})
    assert f"lacks 'files.{TABLE}.sha256'" in refused(check_record, folder / "x", lacking)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"seed": 2}, "another seed (1, not 2)"),
        ({"code": "two"}, "another version of the simulation's code"),  # whose hashes say nothing
        ({"data": {"a": "b"}}, "other data tables"),
        ({"mood": 4}, "another mood (3, not 4)"),
        ({"seed": 2, "code": "two"}, "another seed (1, not 2)"),
        # A version that knows more numbers has another fingerprint of the same scenario.
        ({"scenario": "s", "code": "two"}, "another version of the simulation's code"),
        ({"scenario": "s"}, "another scenario or other numbers"),
    ],
)
def test_two_questions_differ_in_what_is_told_first(kept, changed, said):
    stored = read_record(kept)
    asked = stored.asked | changed
    assert difference(stored, asked) == said
    assert difference(stored, stored.asked) is None
    assert refused(here_already, kept, "comparison", asked, "go elsewhere") == (
        f"'{kept}' holds the comparison for {said}: go elsewhere"
    )


def test_a_folder_answers_its_own_kind_of_question_only(kept, tmp_path):
    asked = read_record(kept).asked
    assert answering(kept, "comparison", asked).asked == asked
    assert answering(kept, "run", asked) is None
    assert answering(tmp_path / "gone", "comparison", asked) is None
    said = refused(here_already, kept, "run", asked, "go elsewhere")
    assert f"not of a result of councils run ({TABLE})" in said
    (kept / TABLE).unlink()
    assert answering(kept, "comparison", asked) is None
    assert refused(here_already, kept, "comparison", asked, "go elsewhere").endswith("go elsewhere")


def test_only_a_result_is_replaced_and_never_the_folder_one_stands_in(kept, tmp_path, monkeypatch):
    assert check_replaceable(kept, "comparison") is None
    assert check_replaceable(tmp_path / "gone", "comparison") is None
    for name in "dcba":
        (kept / name).write_text("")
    said = refused(check_replaceable, kept, "comparison")
    assert "not of a" in said and "(a, b, c)" in said and said.endswith("another folder with --out")
    assert "is a file: name a folder with --out" in refused(
        check_replaceable, kept / "a", "comparison"
    )
    monkeypatch.chdir(kept)
    assert "is the folder you are in, or above it" in refused(check_replaceable, tmp_path, "run")


def test_the_file_of_an_earlier_version_belongs_to_its_own_kind(tmp_path):
    for name, form in FORMS.items():
        (tmp_path / name).write_text("")
        assert name not in foreign_files(tmp_path, form[0])
        other = next(kind for kind in ("run", "comparison") if kind != form[0])
        assert name in foreign_files(tmp_path, other)
        (tmp_path / name).unlink()


def test_a_study_begins_where_nothing_is_but_what_one_that_was_killed_left(tmp_path):
    assert check_free(tmp_path / "gone") is None
    for name in ("parts", "points.parquet", ".lock", "runs.parquet.partial"):
        (tmp_path / name).write_text("")
    assert check_free(tmp_path) is None
    for name in ("notes.txt", "b", "c", "d"):
        (tmp_path / name).write_text("")
    said = refused(check_free, tmp_path)
    assert "not of a study (b, c, d)" in said and said.endswith("name another folder with --out")
    assert "is a file: name a folder with --out" in refused(check_free, tmp_path / "b")
