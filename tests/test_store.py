"""What is stored stays good: torn, foreign, twice, changed, extended, joined, verified."""

import json
import shutil

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import experiments.commands.studies  # noqa: F401
from experiments.__main__ import app
from experiments.stored.folder import RECORD, hash_of
from experiments.stored.reading import read_record
from experiments.stored.record import write_record
from experiments.studies.merging import merge
from experiments.studies.outlook import outlook
from experiments.studies.reading import read_plan
from experiments.studies.store import add_table, held, open_study, survey
from experiments.studies.sweep import sweep
from experiments.studies.verify import verify
from sim.declared.measures import MEASURES
from sim.declared.scenario import load
from sim.errors import InputError
from sim.ready.world import prepare

PLAN = """\
scenario = "own.toml"
replicates = 5
outcomes = ["formed", "net_saving"]
[design]
kind = "sobol"
points = 8
[uncertainties]
"talks.pace" = {}
[levers]
"grants.setup_pot" = { values = [0, 2], since = 2009-07-01 }
policy = { values = ["base", "free-tax"] }
"""
OWN = 'base = "norfolk-seven"\nquarters = 6\n[settlement]\npath = "path.csv"\n'


def councils(*words):
    result = CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "100"})
    return result.exit_code, result.stdout, result.stderr


def write_plan(folder, old="", new=""):
    assert old in PLAN
    folder.mkdir(exist_ok=True)
    (folder / "path.csv").write_text("year,growth\n2010,-0.1\n")
    (folder / "own.toml").write_text(OWN)
    (folder / "plan.toml").write_text(PLAN.replace(old, new) if old else PLAN)
    return folder / "plan.toml"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the folder of a plan and of its finished study, not to be changed."""
    folder = tmp_path_factory.mktemp("made")
    sweep(write_plan(folder), out=folder / "study")
    return folder


@pytest.fixture
def study(made, tmp_path):
    """Return a copy of that study, to be harmed."""
    shutil.copytree(made, tmp_path / "copy")
    sweep(tmp_path / "copy" / "plan.toml", out=tmp_path / "copy" / "study")  # it has moved
    return tmp_path / "copy" / "study"


def bits(folder):
    return hash_of(folder / "runs.parquet")


def test_a_study_holds_every_run_with_the_bits_of_a_bare_one(made):
    found = open_study(made / "study")
    assert found.finished and found.failures.empty
    assert list(found.points) == ["point", "talks.pace", "grants.setup_pot", "policy"]
    runs = found.runs
    assert list(runs) == ["point", "replicate", "error", *(m.name for m in MEASURES)]
    assert list(zip(runs["point"], runs["replicate"], strict=True)) == [
        (point, replicate) for point in range(8) for replicate in range(5)
    ]
    assert runs["error"].isna().all()
    point = next(row for row in found.points.to_dict("records") if row["policy"] == "free-tax")
    file = made / "bare.toml"
    file.write_text(
        f'base = "own.toml"\n[talks]\npace = {point["talks.pace"]!r}\n'
        '[[change]]\nwhen = 2010-04-01\nset = { "tax.limits" = "none", "tax.freeze" = 0.0 }\n'
        f'[[change]]\nwhen = 2009-07-01\nset = {{ "grants.setup_pot" = '
        f"{point['grants.setup_pot']} }}\n"
    )
    from sim.declared.measures import as_columns
    from sim.running import luck_of, run_arrays

    raw = run_arrays(prepare(load(file)), luck=luck_of(1, 3), events=False)
    expected = as_columns(raw.record[-1:])
    row = runs.query(f"point == {point['point']} and replicate == 3").iloc[0]
    for measure in MEASURES:
        np.testing.assert_equal(row[measure.name], expected[measure.name][0])


def test_a_difference_is_policy_minus_scenario_on_the_same_luck(made, tmp_path):
    only = 'policy = { values = ["base", "free-tax"] }\n'
    plan = write_plan(tmp_path / "d", only, '[difference]\npolicy = "free-tax"\n')
    runs = sweep(plan, out=tmp_path / "s").runs
    assert [name for name in runs if name.startswith("difference_")] == [
        f"difference_{m.name}" for m in MEASURES
    ]
    values = 'values = ["base", "free-tax"]'
    apart = [
        sweep(
            write_plan(tmp_path / name, values, f'values = ["{name}"]'), out=tmp_path / f"s{name}"
        )
        for name in ("base", "free-tax")
    ]
    # another number of factors draws other points, so only the policies are compared here
    assert apart[0].points["talks.pace"].equals(apart[1].points["talks.pace"])
    moved = (runs["difference_reserves"] != 0).mean()
    assert 0.5 < moved <= 1


def test_pandas_polars_and_duckdb_read_the_folder_as_it_is(made):
    folder = made / "study"
    expected = open_study(folder).runs["net_saving"].mean()
    frame = pd.read_parquet(folder / "parts")
    assert frame["net_saving"].mean() == pytest.approx(expected)
    assert pd.read_parquet(folder / "runs.parquet").shape == (40, 3 + len(MEASURES))
    polars = pytest.importorskip("polars")
    joined = polars.read_parquet(folder / "runs.parquet").join(
        polars.read_parquet(folder / "points.parquet"), on="point"
    )
    assert joined["net_saving"].mean() == pytest.approx(expected)
    assert joined["policy"].n_unique() == 2
    duckdb = pytest.importorskip("duckdb")
    query = f"""select avg(net_saving) from '{folder}/runs.parquet'
                join '{folder}/points.parquet' using (point)"""
    assert duckdb.sql(query).fetchall()[0][0] == pytest.approx(expected)


def test_parts_that_are_torn_changed_foreign_or_missing_are_done_again(study, tmp_path):
    before, plan = bits(study), study.parent / "plan.toml"
    parts = sorted((study / "parts").iterdir())
    content = parts[0].read_bytes()
    parts[0].write_bytes(content[: len(content) // 2])  # torn
    foreign = sweep(write_plan(tmp_path / "o", "replicates", "seed = 2\nreplicates"),
                    out=tmp_path / "f")  # fmt: skip
    other = sorted((foreign.folder / "parts").iterdir())[-1]
    shutil.copy(other, study / "parts")
    (study / "parts" / "notes.txt").write_text("mine")
    flipped = bytearray(parts[-1].read_bytes())
    flipped[len(flipped) // 3] ^= 1
    parts[-1].write_bytes(flipped)
    (study / "parts" / ".part.1.partial").write_bytes(b"half")
    (study / "runs.parquet").write_bytes(b"PAR1")
    assert not open_study(study).finished
    assert len(open_study(study).runs) < 40
    assert sweep(plan, out=study).finished
    assert bits(study) == before
    aside = {path.name for path in (study / "set-aside").iterdir()}
    assert aside == {parts[0].name, parts[-1].name, other.name, "notes.txt"}
    assert not list((study / "parts").glob(".*"))


def test_the_same_command_on_a_finished_study_writes_nothing(study):
    before = {path: path.stat().st_mtime_ns for path in study.rglob("*") if path.is_file()}
    assert sweep(study.parent / "plan.toml", out=study).finished
    after = {path: path.stat().st_mtime_ns for path in study.rglob("*") if path.is_file()}
    before.pop(study / ".lock"), after.pop(study / ".lock")
    assert before == after


def test_two_processes_do_not_work_on_one_study(study):
    plan = study.parent / "plan.toml"
    with held(study), pytest.raises(InputError, match="another process is at work"):
        sweep(plan, out=study)
    assert sweep(plan, out=study).finished


@pytest.mark.parametrize(
    ("key", "name", "words"),
    [
        ("code", None, "the simulation's code"),
        ("data", "councils.csv", "the table councils.csv"),
        ("libraries", "numpy", "numpy (1.0 then"),
        ("libraries", "python", "python (1.0 then"),
    ],
)
def test_what_changed_is_refused_by_name_unless_anyway(study, key, name, words):
    record = read_record(study)
    if name is None:
        record.asked[key] = "1.0"
    else:
        record.asked[key][name] = "1.0"
    write_record(study, record)
    plan, before = study.parent / "plan.toml", (study / RECORD).read_bytes()
    status, _, told = councils("sweep", plan, "--out", study)
    assert status == 2 and words in told and "--anyway" in told
    assert councils("sweep", plan, "--out", study, "--anyway")[0] == 0
    assert (study / RECORD).read_bytes() == before  # of runs that are all there, still true
    (study / "runs.parquet").unlink()
    next((study / "parts").iterdir()).unlink()
    assert councils("sweep", plan, "--out", study, "--anyway")[0] == 0
    (note,) = open_study(study).gone_on
    assert words in note["changed"][0]
    assert councils("sweep", plan, "--out", study)[0] == 0


def test_a_changed_scenario_is_named_and_so_is_its_table(study):
    plan, before = study.parent / "plan.toml", bits(study)
    (study.parent / "path.csv").write_text("year,growth\n2010,-0.3\n")
    with pytest.raises(InputError, match=r"the scenario, .*policy 'free-tax'.* changed"):
        sweep(plan, out=study)
    verdict = verify(study, sample=40, seed=1)
    assert verdict.differing and verdict.changed[0] == "the scenario"
    assert bits(study) == before


def test_another_plan_or_a_folder_of_something_else_is_refused(study, tmp_path):
    for k, (old, new, words) in enumerate([
        ("replicates", "seed = 2\nreplicates", "seed differs"),
        ('"talks.pace" = {}', '"talks.pace" = { high = 0.8 }', "factors differs"),
        ('"sobol"', '"latin"', "design differs"),
        ("replicates", "quarters = 4\nreplicates", "quarters differs"),
    ]):  # fmt: skip
        plan = write_plan(tmp_path / str(k), old, new)
        with pytest.raises(InputError, match=words):
            sweep(plan, out=study)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.doc").write_text("mine")
    plan = study.parent / "plan.toml"
    with pytest.raises(InputError, match=r"thesis\.doc"):
        sweep(plan, out=tmp_path / "other")
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["thesis.doc"]
    with pytest.raises(InputError, match="is a file"):
        sweep(plan, out=tmp_path / "other" / "thesis.doc")
    with pytest.raises(InputError, match="cannot be written"):
        sweep(plan, out=tmp_path / "other" / "thesis.doc" / "deep")


def test_a_study_that_grows_has_the_bits_of_one_made_large(study, tmp_path):
    plan = study.parent / "plan.toml"
    for sizes in ({"replicates": 7}, {"points": 16}):
        with pytest.raises(InputError, match="give --extend"):
            sweep(plan, out=study, **sizes)
    with pytest.raises(InputError, match="does not shrink"):
        sweep(plan, out=study, replicates=4)
    old = {path: path.read_bytes() for path in (study / "parts").iterdir()}
    grown = sweep(plan, out=study, replicates=7, points=16, extend=True)
    assert grown.finished and len(grown.runs) == 7 * 16 and len(grown.points) == 16
    large = sweep(plan, out=tmp_path / "large", replicates=7, points=16)
    assert bits(study) == bits(large.folder)
    assert hash_of(study / "points.parquet") == hash_of(large.folder / "points.parquet")
    assert all(path.read_bytes() == content for path, content in old.items())


def test_a_latin_design_grows_in_replicates_only(tmp_path):
    plan = write_plan(tmp_path / "l", '"sobol"', '"latin"')
    out = tmp_path / "study"
    sweep(plan, out=out)
    assert sweep(plan, out=out, replicates=6, extend=True).finished
    with pytest.raises(InputError, match="its first 8 points are others"):
        sweep(plan, out=out, replicates=6, points=9, extend=True)
    assert open_study(out).finished and len(open_study(out).points) == 8


def test_shards_are_joined_to_the_same_bits(made, tmp_path):
    plan = made / "plan.toml"
    shards = [sweep(plan, out=tmp_path / str(i), shard=(i, 3)).folder for i in (1, 2, 3)]
    assert sum(len(open_study(shard).runs) for shard in shards) == 40
    part = merge(shards[:2], tmp_path / "part")
    assert not part.finished and len(part.runs) == 26
    assert bits(sweep(plan, out=part.folder).folder) == bits(made / "study")
    assert bits(merge(shards, tmp_path / "all").folder) == bits(made / "study")
    twice = merge([shards[0], made / "study", part.folder], tmp_path / "twice")
    assert bits(twice.folder) == bits(made / "study")
    with pytest.raises(InputError, match="is a shard"):
        sweep(plan, out=shards[0], shard=(1, 3), replicates=6, extend=True)


def test_what_does_not_belong_together_is_not_joined(made, study, tmp_path):
    seed = sweep(write_plan(tmp_path / "o", "replicates", "seed = 2\nreplicates"),
                 out=tmp_path / "f")  # fmt: skip
    with pytest.raises(InputError, match=r"of different plans \(seed differs"):
        merge([study, seed.folder], tmp_path / "no")
    with pytest.raises(InputError, match="holds a study already"):
        merge([study, made / "study"], study)
    tamper(study)
    with pytest.raises(InputError, match="they differ: verify"):
        merge([made / "study", study], tmp_path / "differ")
    record = read_record(study)
    record.asked["code"] = "other"
    write_record(study, record)
    with pytest.raises(InputError, match="different the simulation's code"):
        merge([study, made / "study"], tmp_path / "no")
    assert not (tmp_path / "no").exists()


def tamper(folder):
    """Change one outcome of one stored run, so well that only living it again can tell."""
    study = open_study(folder)
    path = survey(study)[-1].path
    table = pq.read_table(path)
    place = table.column_names.index("reserves")
    values = table["reserves"].to_numpy().copy()
    values[-1] = np.nextafter(values[-1], np.inf)
    path.unlink()
    add_table(study, table.set_column(place, table.schema.field(place), [values]))
    (folder / "runs.parquet").unlink()
    sweep(folder.parent / "plan.toml", out=folder)


def test_verify_finds_one_bit(study):
    assert verify(study, sample=40, seed=1)._asdict() == {
        "checked": 40, "differing": [], "changed": [], "edited": [], "missing": 0, "harmed": [],
    }  # fmt: skip
    status, told, _ = councils("verify", study, "--sample", 5)
    assert status == 0 and "every bit is as it is stored" in told
    tamper(study)
    (found,) = verify(study, sample=40, seed=1).differing
    assert (found.point, found.replicate, found.columns) == (7, 4, ["reserves"])
    status, told, _ = councils("verify", study, "--sample", 40)
    assert status == 1 and "1 of 40 runs lived again differ" in told and found.repeat in told
    status, told, _ = councils(*found.repeat.split()[1:], "--json")
    runs = open_study(study).runs
    assert json.loads(told)["reserves"] == np.nextafter(runs["reserves"].iloc[-1], -np.inf)


def test_verify_says_that_a_scenario_was_edited_since_though_it_lives_its_copy(study):
    own = study.parent / "own.toml"
    own.write_text(own.read_text() + "[talks]\nleak = 0.9\n")
    verdict = verify(study, sample=5, seed=1)
    assert not verdict.differing and not verdict.changed
    assert verdict.edited == ["the scenario", "the scenario under the policy 'free-tax'"]
    status, told, _ = councils("verify", study, "--sample", 2)
    assert status == 0 and "lives the copy that it keeps" in " ".join(told.split())
    own.unlink()
    assert verify(study, sample=1, seed=1).edited == []


def test_points_that_are_torn_or_gone_are_made_again(study):
    path = study / "points.parquet"
    before = path.read_bytes()
    for harm in (lambda: path.write_bytes(before[: len(before) // 2]), path.unlink):
        for words in (["verify", study], ["sweep", study.parent / "plan.toml", "--out", study]):
            harm()
            assert councils(*words)[0] == 0
            assert path.read_bytes() == before
        harm()
        assert len(open_study(study).points) == 8


def test_points_of_a_table_that_are_gone_are_told_in_a_line(study, tmp_path):
    rows = "talks.pace,grants.setup_pot,policy\n0.7,0,base\n0.8,2,free-tax\n"
    plan = write_plan(tmp_path / "t", '"sobol"\npoints = 8', '"table"\ntable = "mine.csv"')
    (tmp_path / "t" / "mine.csv").write_text(rows)
    sweep(plan, out=tmp_path / "s")
    (tmp_path / "s" / "points.parquet").unlink()
    status, _, told = councils("verify", tmp_path / "s")
    assert status == 2 and "'mine.csv', which may have changed" in told


def test_a_dry_run_counts_and_writes_nothing(made, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, told, _ = councils("sweep", made / "plan.toml", "--dry-run", "--json")
    found = json.loads(told)
    assert status == 0 and list(tmp_path.iterdir()) == []
    assert (found["points"], found["replicates"], found["runs"]) == (8, 5, 40)
    assert found["seconds"] > 0
    stored = sum(path.stat().st_size for path in (made / "study").rglob("*.parquet"))
    assert found["megabytes"] * 1e6 == pytest.approx(stored, rel=0.5)
    assert outlook(read_plan(made / "plan.toml"), workers=1, shards=3).runs == 14


@pytest.mark.parametrize("words", [["--shard", "3/2"], ["--shard", "x"], ["--workers", "0"]])
def test_options_that_make_no_sense_are_refused(made, tmp_path, words):
    status, _, told = councils("sweep", made / "plan.toml", "--out", tmp_path / "s", *words)
    assert status == 2 and words[0] in told and not (tmp_path / "s").exists()


def test_what_is_no_study_is_told(tmp_path):
    for command in (["verify", tmp_path], ["repeat", tmp_path, "--point", "0"],
                    ["merge", tmp_path, tmp_path, "--out", tmp_path / "x"]):  # fmt: skip
        status, _, told = councils(*command)
        what = "study" if command[0] == "merge" else "result"
        assert status == 2 and f"holds no {what}" in told
    for name in ("study.json", "record.json"):
        (tmp_path / name).write_text("{}")
        with pytest.raises(InputError, match=f"{name}' is not .* this version can read"):
            open_study(tmp_path)
