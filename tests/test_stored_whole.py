"""What a study's folder holds is believed only if its hash, its mark and its columns say so."""

import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from planted import begun, planned, planted, retold, rows_of

from experiments.stored.belonging import check_free
from experiments.stored.folder import hash_of
from experiments.stored.record import NEEDED
from experiments.studies import store
from experiments.studies.merging import merge
from experiments.studies.store import (
    Study,
    add_part,
    bytes_of,
    finish,
    held,
    left,
    numbers_of,
    open_study,
    repeat_line,
    survey,
    wanted,
    whole_parts,
    write_study,
)
from sim.declared.scenario import load
from sim.errors import InputError

PLAN = """
scenario = "norfolk-seven"
quarters = 2
replicates = 4
outcomes = ["formed"]
[design]
kind = "grid"
[uncertainties]
"talks.pace" = { values = [0.4, 0.6, 0.8] }
"""
NAMES = ["formed", "trust"]
RUNS = [(point, replicate) for point in range(3) for replicate in range(4)]


def outcome(point, replicate):
    """Return what a run measures: its own numbers, so that any mix-up shows."""
    return {"formed": 100.0 * point.number + replicate, "trust": 0.5}


def values(keys, trust=0.5):
    return {key: {"formed": 100.0 * key[0] + key[1], "trust": trust} for key in keys}


@pytest.fixture
def plan(tmp_path):
    return planned(tmp_path / "plan", PLAN)


@pytest.fixture
def study(tmp_path, plan):
    return planted(tmp_path / "study", plan, outcome, NAMES, size=5)


@pytest.fixture
def empty(tmp_path, plan):
    return begun(tmp_path / "empty", plan, NAMES)


def put(study, path):
    """Return which names of parts are believed when a file lies among them."""
    return [each.name for each, _ in whole_parts(study, mend=False)].count(path.name)


# --- parts ----------------------------------------------------------------------------------------


def test_a_part_is_named_by_its_first_run_and_the_hash_of_its_bytes(empty):
    add_part(empty, rows_of(NAMES, values([(2, 1), (2, 3)])))
    (path,) = (empty.folder / "parts").iterdir()
    assert pq.read_metadata(path).row_group(0).column(0).compression == "ZSTD"
    assert path.name == f"part-000002-000001-{hash_of(path)[:16]}.parquet"
    before = path.stat().st_ino
    add_part(empty, rows_of(NAMES, values([(2, 1), (2, 3)])))  # these very bytes are there
    assert [each.stat().st_ino for each in (empty.folder / "parts").iterdir()] == [before]
    assert pq.read_schema(path).metadata[b"study"] == b"planted"


def test_a_whole_part_under_the_hash_of_another_is_not_believed(empty):
    """Both files are good Parquet of this very study: only the hash tells."""
    add_part(empty, rows_of(NAMES, values([(0, 0)])))
    add_part(empty, rows_of(NAMES, values([(0, 0)], trust=0.75)))
    first, second = sorted((empty.folder / "parts").iterdir())
    second.write_bytes(first.read_bytes())
    assert [path for path, _ in whole_parts(empty, mend=False)] == [first]
    assert second.exists()  # who only reads moves nothing
    assert [part.path for part in survey(empty)] == [first]
    assert (empty.folder / "set-aside" / second.name).exists() and not second.exists()


def part_of(study, table, name=None):
    """Write a table as a part under the name that its bytes ask for."""
    data = bytes_of(table)
    digest = hash_of(write(study.folder / "data", data))[:16]
    (study.folder / "data").unlink()
    return write(study.folder / "parts" / (name or f"part-000000-000000-{digest}.parquet"), data)


def write(path, data):
    path.write_bytes(data)
    return path


def marked(table, mark=b"planted"):
    return table.replace_schema_metadata({b"study": mark})


def test_a_part_needs_the_mark_and_the_columns_of_its_study(study, empty):
    _, table = next(whole_parts(study, mend=False))
    assert put(empty, part_of(empty, marked(table))) == 1
    for other in (
        marked(table, b"other"),
        table.replace_schema_metadata(),
        marked(table.drop_columns(["trust"])),
        marked(table.select(["point", "replicate", "error", "trust", "formed"])),
        marked(table.set_column(4, "trust", table["trust"].cast(pa.float32()))),
    ):
        path = part_of(empty, other)
        assert put(empty, path) == 0
        path.unlink()
    good = part_of(empty, marked(table))
    for name in (f"x{good.name}", f"{good.name}.old", good.name.replace("part-0", "part-x")):
        assert put(empty, write(good.with_name(name), good.read_bytes())) == 0
    hidden = write(good.with_name(".part.partial"), b"half")
    assert len(survey(empty)) == 1 and hidden.exists()  # hidden files are nobody's
    torn = write(good.with_name(good.name), good.read_bytes()[:-1])
    assert put(empty, torn) == 0
    nothing = b""
    path = write(good.with_name("part-000000-000000-e3b0c44298fc1c14.parquet"), nothing)
    assert put(empty, path) == 0  # the hash is right, and it is no Parquet


# --- all runs in order ----------------------------------------------------------------------------


def test_runs_come_in_order_whatever_the_order_and_number_of_parts(tmp_path, plan, study):
    expected = hash_of(study.folder / "runs.parquet")
    shuffled = np.random.default_rng(1).permutation(len(RUNS))
    for size in (1, 5, 12):  # more parts than are held in memory at a time, some, one
        other = begun(tmp_path / f"by{size}", plan, NAMES)
        for first in range(0, len(RUNS), size):
            keys = [RUNS[k] for k in shuffled[first : first + size]]
            add_part(other, rows_of(NAMES, values(keys)))
        done = finish(other, survey(other))
        assert hash_of(other.folder / "runs.parquet") == expected
        assert done.record.answer == {"runs": 12, "failed": 0} and done.bits == expected
        assert done.finished and open_study(other.folder) == done
    runs = open_study(study.folder).runs
    assert runs["formed"].tolist() == [100.0 * point + replicate for point, replicate in RUNS]


def test_a_clean_study_has_no_failed_run_and_every_error_counts_once(tmp_path, plan, monkeypatch):
    monkeypatch.setattr(store, "GATHERED", 5)

    def some(point, replicate):
        failed = (point.number + replicate) % 3 == 0
        return ("ValueError: b", "KeyError: a")[replicate % 2] if failed else outcome(point, 0)

    clean = planted(tmp_path / "clean", plan, outcome, NAMES)
    assert clean.failed == 0 and clean.failures.empty
    harmed = planted(tmp_path / "harmed", plan, some, NAMES, size=7)
    expected = [key for key in RUNS if sum(key) % 3 == 0]
    assert harmed.failed == len(expected) == 4
    failures = harmed.failures
    assert list(zip(failures["point"], failures["replicate"], strict=True)) == expected
    errors = [("ValueError: b", "KeyError: a")[replicate % 2] for _, replicate in expected]
    assert failures["error"].tolist() == errors
    assert failures["talks.pace"].tolist() == [(0.4, 0.6, 0.8)[point] for point, _ in expected]
    assert failures["repeat"].tolist() == [repeat_line(harmed.folder, *key) for key in expected]
    assert np.isnan(harmed.runs.loc[harmed.runs["error"].notna(), NAMES]).all(axis=None)


def test_a_run_that_is_there_twice_is_stored_once_and_one_too_many_is_left_out(empty):
    add_part(empty, rows_of(NAMES, values(RUNS[:8])))
    add_part(empty, rows_of(NAMES, values(RUNS[4:])))
    add_part(empty, rows_of(NAMES, values([(0, 4), (3, 0)])))  # beyond the study
    done = finish(empty, survey(empty))
    assert done.record.answer["runs"] == 12
    assert done.runs[["point", "replicate"]].to_numpy().tolist() == [list(key) for key in RUNS]


def test_the_command_that_repeats_a_run_can_be_typed():
    words = repeat_line(store.Path("my studies/x"), 12, 3)
    assert words == "councils repeat 'my studies/x' --point 12 --replicate 3"


# --- what is left ---------------------------------------------------------------------------------


def test_every_run_is_in_one_shard_and_the_number_of_a_run_says_which_it_is(empty):
    step = 2**31
    whole = [point * step + replicate for point, replicate in RUNS]
    assert wanted(empty).tolist() == whole
    for shards in (2, 5, 12):
        found = [wanted(retold(empty, shard=[k, shards])).tolist() for k in range(1, shards + 1)]
        assert [number for each in found for number in each] == whole
        assert max(map(len, found)) - min(map(len, found)) <= 1
    table = pa.table({"point": [2, 0], "replicate": [3, 1]})
    assert numbers_of(table).tolist() == [2 * step + 3, 1]


def test_what_is_left_is_what_no_whole_part_holds(empty):
    assert left(empty, survey(empty)).tolist() == wanted(empty).tolist()
    add_part(empty, rows_of(NAMES, values([RUNS[3], RUNS[10]])))
    add_part(empty, rows_of(NAMES, values([RUNS[0]])))
    missing = [number for k, number in enumerate(wanted(empty)) if k not in (0, 3, 10)]
    assert left(empty, survey(empty)).tolist() == missing


def test_of_an_unfinished_study_the_runs_that_there_are_can_be_read_in_order(empty, study):
    assert empty.runs.empty and list(empty.runs) == empty.columns
    add_part(empty, rows_of(NAMES, values([RUNS[9], RUNS[2]])))
    add_part(empty, rows_of(NAMES, values([RUNS[2], RUNS[0]], trust=0.75)))  # one of them again
    (empty.folder / "parts" / "notes.txt").write_text("mine")
    assert not empty.finished
    runs = empty.runs
    assert runs[["point", "replicate"]].to_numpy().tolist() == [
        list(RUNS[k]) for k in (0, 2, 9)
    ]  # fmt: skip
    assert runs["formed"].tolist() == [0.0, 2.0, 201.0] and runs.index.tolist() == [0, 1, 2]
    assert list(study.read(["trust", "point"])) == ["trust", "point"]
    assert list(empty.read(["point", "replicate", "trust"])) == ["point", "replicate", "trust"]
    assert (empty.folder / "parts" / "notes.txt").exists()  # who reads moves nothing


def test_a_study_is_finished_while_its_runs_are_all_there_with_the_bytes_that_it_says(study):
    assert open_study(study.folder).finished
    record = study.record
    for other in (
        record._replace(answer={}),
        record._replace(answer=record.answer | {"runs": 11}),
        record._replace(files=record.files | {"runs.parquet": {"sha256": "0" * 64}}),
        retold(study, plan=study.plan.model_copy(update={"replicates": 5})).record,
        retold(study, points=4).record,
    ):
        assert not Study(study.folder, other).finished
    path = study.folder / "runs.parquet"
    path.rename(study.folder / "kept")
    assert not study.finished
    path.mkdir()
    assert not study.finished


def test_only_the_points_of_the_study_are_its_points(study):
    assert study.points["talks.pace"].tolist() == [0.4, 0.6, 0.8]
    fewer = retold(study, points=2)
    assert fewer.points["point"].tolist() == [0, 1]


# --- what is no study -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "holds no study"),
        ("{", "cannot be read"),
        ("[]", "is not the record of a result that this version can read"),
        ('{"format": "council-partnering record 2"}', "that this version can read"),
    ],
)
def test_a_folder_that_holds_no_study_says_why(tmp_path, text, said):
    if text is not None:
        (tmp_path / "record.json").write_text(text)
    with pytest.raises(InputError, match=said):
        open_study(tmp_path)


@pytest.mark.parametrize(
    ("part", "key"), [(part, key) for part, keys in NEEDED["study"].items() for key in keys]
)
def test_a_study_without_something_it_needs_is_told_what(study, part, key):
    assert open_study(str(study.folder)) == study
    kept = {name: value for name, value in getattr(study.record, part).items() if name != key}
    write_study(study._replace(record=study.record._replace(**{part: kept})))
    with pytest.raises(InputError, match=f"lacks '{part}.{key}', so it is no complete result"):
        open_study(study.folder)


def test_a_folder_is_free_where_nothing_or_only_a_first_attempt_lies(tmp_path):
    check_free(tmp_path / "absent")
    for name in (".lock", "points.parquet", ".record.json.7.partial"):
        (tmp_path / name).touch()
    (tmp_path / "parts").mkdir()
    check_free(tmp_path)
    for name in ("d", "b", "a", "c"):
        (tmp_path / name).touch()
    with pytest.raises(InputError, match=r"not of a study \(a, b, c\)"):
        check_free(tmp_path)
    with pytest.raises(InputError, match="is a file: name a folder"):
        check_free(tmp_path / "a")


def test_a_held_folder_is_free_of_what_a_killed_process_left_and_is_let_go(tmp_path):
    folder = tmp_path / "new" / "deep"
    with held(folder):
        assert (folder / "parts").is_dir()
        with pytest.raises(InputError, match="another process is at work"), held(folder):
            pass
    halves = [folder / ".record.json.1.partial", folder / "parts" / ".part.2.partial"]
    kept = [folder / "record.json.partial", folder / "parts" / ".other"]
    for path in (*halves, *kept):
        path.touch()
    with held(folder):
        assert [path.exists() for path in (*halves, *kept)] == [False, False, True, True]
    with pytest.raises(ValueError, match="inside"), held(folder):
        raise ValueError("inside")
    with held(folder):
        pass
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be written"), held(tmp_path / "file" / "x"):
        pass


def test_what_is_said_of_a_study_is_kept_in_any_letters_and_never_as_no_number(study):
    def note(said):
        made = study.record.made | {"note": said}
        return write_study(study._replace(record=study.record._replace(made=made)))

    note("Kesteven and żółw")
    assert "żółw" in (study.folder / "record.json").read_text(encoding="utf-8")
    assert open_study(study.folder).record.made["note"] == "Kesteven and żółw"
    assert note(float("nan")).record.made["note"] is None
    assert open_study(study.folder).record.made["note"] is None


# --- points that are made again -------------------------------------------------------------------


def test_points_that_are_torn_or_gone_are_made_again_with_the_same_bytes(study):
    path = study.folder / "points.parquet"
    before = path.read_bytes()
    for harm in (lambda: path.write_bytes(before[:-9]), path.unlink):
        harm()
        assert study.points["talks.pace"].tolist() == [0.4, 0.6, 0.8]
        assert path.read_bytes() == before


def test_points_of_a_table_cannot_be_made_again(tmp_path):
    (tmp_path / "mine.csv").write_text("talks.pace\n0.4\n0.6\n")
    text = PLAN.replace('"grid"', '"table"\ntable = "mine.csv"')
    study = planted(tmp_path / "s", planned(tmp_path, text), outcome, NAMES)
    assert study.points["talks.pace"].tolist() == [0.4, 0.6]
    (study.folder / "points.parquet").unlink()
    with pytest.raises(InputError, match=r"'mine\.csv', which may have changed"):
        _ = study.points


# --- joined ---------------------------------------------------------------------------------------


@pytest.fixture
def halves(tmp_path, plan):
    """Return the folders of two shares of the study's runs, some of them in both."""
    made = []
    for name, keys in (("one", RUNS[:7]), ("two", RUNS[5:])):
        each = begun(tmp_path / name, plan, NAMES, shard=[len(made) + 1, 2])
        for first in range(0, len(keys), 4):
            backwards = keys[first : first + 4][::-1]  # a part need not be in order
            add_part(each, rows_of(NAMES, values(backwards)))
        made.append(each)
    return made


def changed(study, **said):
    return write_study(retold(study, **said))


def test_joined_shares_are_the_study(halves, study, tmp_path):
    (halves[0].folder / "parts" / "notes.txt").write_text("mine")
    whole = merge([each.folder for each in halves], tmp_path / "all")
    assert whole.finished and whole.shard is None
    assert (halves[0].folder / "parts" / "notes.txt").exists()  # the old ones stay as they are
    assert hash_of(tmp_path / "all" / "runs.parquet") == hash_of(study.folder / "runs.parquet")
    assert len(survey(whole)) == 4 and sum(len(part.numbers) for part in survey(whole)) == 12
    assert (tmp_path / "all" / "points.parquet").read_bytes() == (
        study.folder / "points.parquet"
    ).read_bytes()
    part = merge([halves[1].folder], tmp_path / "part")
    assert not part.finished and part.record.answer == {}
    assert left(part, survey(part)).tolist() == wanted(study)[:5].tolist()


@pytest.mark.parametrize("run", [5, 6])
def test_a_run_that_is_in_both_and_differs_is_refused(halves, tmp_path, plan, run):
    other = begun(tmp_path / "other", plan, NAMES)
    harmed = values(RUNS[5:])
    harmed[RUNS[run]]["trust"] = np.nextafter(0.5, 1)
    add_part(other, rows_of(NAMES, harmed))
    with pytest.raises(InputError, match="has runs that another study has too, and they differ"):
        merge([halves[0].folder, other.folder], tmp_path / "all")
    harmed[RUNS[run]]["trust"] = 0.5
    harmed[RUNS[9]]["trust"] = 0.7  # which only one of them has
    shutil.rmtree(other.folder)
    other = begun(tmp_path / "other", plan, NAMES)
    add_part(other, rows_of(NAMES, harmed))
    whole = merge([halves[0].folder, other.folder], tmp_path / "fine")
    assert whole.runs["trust"].tolist() == [0.7 if k == 9 else 0.5 for k in range(12)]


def test_joined_studies_are_of_one_plan_and_made_with_the_same(halves, tmp_path, plan):
    folders = [each.folder for each in halves]
    second = halves[1]
    for about, said in (
        ({"code": "d"}, "were made with different the simulation's co"),
        ({"data": {"x.csv": "1"}}, "different the table x.csv"),
        ({"plan": plan.model_copy(update={"seed": 2})}, r"\(seed differs\)"),
    ):
        changed(second, **about)
        with pytest.raises(InputError, match=said):
            merge(folders, tmp_path / "all")
        assert not (tmp_path / "all").exists()
    changed(second)
    points = pq.read_table(second.folder / "points.parquet")
    moved = points.set_column(1, "talks.pace", pa.array([0.4, 0.6, 0.7]))
    pq.write_table(moved, second.folder / "points.parquet")
    with pytest.raises(InputError, match="have different points"):
        merge(folders, tmp_path / "all")


def test_joined_studies_have_the_points_and_replicates_of_the_largest_and_all_notes(
    halves, tmp_path, plan
):
    larger = plan.model_copy(update={"replicates": 6})
    changed(halves[0], anyway=[{"changed": ["a"]}])
    changed(halves[1], plan=larger, anyway=[{"changed": ["b"]}])
    whole = merge([each.folder for each in halves], tmp_path / "all")
    assert whole.plan.replicates == 6 and not whole.finished
    assert whole.gone_on == [{"changed": ["a"]}, {"changed": ["b"]}]
    assert len(left(whole, survey(whole))) == 6
    changed(halves[0], points=2)  # it had not grown so far
    again = merge([each.folder for each in halves], tmp_path / "again")
    assert again.size == 3 and len(again.points) == 3


@pytest.mark.parametrize("first", [0, 1])
def test_points_are_those_of_one_and_replicates_those_of_another(study, tmp_path, plan, first):
    """Neither of the two has all runs, though the larger one is finished for itself."""
    more = plan.model_copy(update={"replicates": 6})
    other = begun(tmp_path / "a", plan, NAMES)
    changed(other, plan=more, points=2)
    points = pq.read_table(other.folder / "points.parquet")
    pq.write_table(points.slice(0, 2), other.folder / "points.parquet")
    add_part(other, rows_of(NAMES, values([(1, 5)])))
    folders = [study.folder, other.folder]
    whole = merge([folders[first], folders[1 - first]], tmp_path / "all")
    assert (whole.size, whole.plan.replicates) == (3, 6)
    assert whole.record.answer == open_study(whole.folder).record.answer == {}
    assert len(whole.points) == 3 and len(left(whole, survey(whole))) == 5


def test_studies_are_joined_into_a_new_folder_only(halves, study, tmp_path):
    folders = [each.folder for each in halves]
    with pytest.raises(InputError, match="holds a study already"):
        merge(folders, study.folder)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis").touch()
    with pytest.raises(InputError, match="not of a study"):
        merge(folders, tmp_path / "mine")


def test_the_plan_that_is_planted_is_one_that_can_be_read(plan):
    assert load(plan.scenario).name == "norfolk-seven" and plan.replicates == 4


def test_the_time_that_a_study_took_adds_up_over_its_attempts(tmp_path):
    text = 'scenario = "norfolk-seven"\nquarters = 2\nreplicates = 2\noutcomes = ["formed"]\n'
    plan = planned(tmp_path, text + '[design]\nkind = "grid"\n[uncertainties]\n"talks.pace" = {}\n')
    study = planted(tmp_path / "study", plan, lambda point, replicate: {"formed": 1.0}, ["formed"])
    before = study.record.made.get("seconds", 0.0)
    again = finish(study, survey(study), seconds=2.5)
    assert again.record.made["seconds"] == before + 2.5
    assert finish(again, survey(again), seconds=0.0004).record.made["seconds"] == before + 2.5
    assert {**study.record.made, "seconds": 0} == {**again.record.made, "seconds": 0}
