"""A stored run that differs by one bit is found wherever it stands, finished or not."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from planted import planned, retold

from experiments.stored.folder import describe
from experiments.studies import jobs, verify as verifying
from experiments.studies.design import check_size, how_many, points_of
from experiments.studies.finished import standing
from experiments.studies.reading import read_plan
from experiments.studies.store import (
    RUNS,
    add_table,
    open_study,
    repeat_line,
    survey,
    whole_parts,
    write_study,
)
from experiments.studies.sweep import sweep
from experiments.studies.verify import repeat, verify
from sim.errors import InputError
from sim.running import luck_of

PLAN = """
scenario = "norfolk-seven"
quarters = 3
replicates = 4
outcomes = ["formed"]
[design]
kind = "grid"
[uncertainties]
"talks.pace" = { values = [0.4, 0.6, 0.8] }
"""
RUNS_THERE = [(point, replicate) for point in range(3) for replicate in range(4)]


@pytest.fixture
def study(tmp_path):
    planned(tmp_path, PLAN)
    return sweep(tmp_path / "plan.toml", out=tmp_path / "s")


def moved(table, row, name):
    """Return a table in which one number of one run is the next larger one."""
    values = table[name].to_numpy().copy()
    values[row] = np.nextafter(values[row], np.inf)
    place = table.column_names.index(name)
    return table.set_column(place, table.schema.field(place), [pa.array(values)])


def harm_runs(study, *runs):
    """Change runs in `runs.parquet` so well that its hash is right."""
    path = study.folder / RUNS
    table = pq.read_table(path)
    for run, name in runs:
        table = moved(table, RUNS_THERE.index(run), name)
    pq.write_table(table, path)
    files = study.record.files | {RUNS: describe(path)}
    write_study(study._replace(record=study.record._replace(files=files)))


@pytest.mark.parametrize("run", [(0, 0), (1, 2), (2, 3)])
def test_every_bit_of_every_run_is_compared(study, run):
    assert verify(study.folder, sample=99, seed=1).differing == []
    harm_runs(study, (run, "reserves"), (run, "trust"))
    (found,) = verify(study.folder, sample=99, seed=1).differing
    assert (found.point, found.replicate) == run
    assert sorted(found.columns) == ["reserves", "trust"]
    assert found.repeat == repeat_line(study.folder, *run)
    assert verify(study.folder, sample=99, seed=1).checked == 12


def test_a_sample_is_of_so_many_different_runs_and_moves_with_its_seed(study):
    harm_runs(study, *((run, "reserves") for run in RUNS_THERE))
    seen = set()
    for seed in range(6):
        verdict = verify(study.folder, sample=2, seed=seed)
        keys = [(each.point, each.replicate) for each in verdict.differing]
        assert verdict.checked == 2 and keys == sorted(set(keys)) and len(keys) == 2
        again = verify(study.folder, sample=2, seed=seed).differing
        assert keys == [(each.point, each.replicate) for each in again]
        seen |= set(keys)
    assert len(seen) > 4


def test_of_an_unfinished_study_the_parts_are_compared_and_torn_ones_are_not(study):
    (study.folder / RUNS).unlink()
    parts = survey(study)
    table = pa.concat_tables([table for _, table in whole_parts(study, mend=False)])
    for part in parts:
        part.path.unlink()
    clean = table.replace_schema_metadata()
    add_table(study, clean.take([9, 1]))  # out of order, and some are missing
    add_table(study, moved(clean.take([5, 0]), 0, "reserves"))
    torn = next((study.folder / "parts").iterdir()).with_name("part-000000-000000-0.parquet")
    torn.write_bytes(b"PAR1")
    verdict = verify(study.folder, sample=99, seed=1)
    assert verdict.checked == 4
    assert [(each.point, each.replicate) for each in verdict.differing] == [RUNS_THERE[5]]
    assert torn.exists()


def test_a_part_under_the_hash_of_another_is_not_verified_for_it(study):
    """The bytes of a good part in another's place say nothing about the other's runs."""
    (study.folder / RUNS).unlink()
    table = pa.concat_tables([table for _, table in whole_parts(study, mend=False)])
    table = table.replace_schema_metadata()
    for part in survey(study):
        part.path.unlink()
    add_table(study, table.take([0]))
    (one,) = (study.folder / "parts").iterdir()
    add_table(study, table.take([7]))
    (other,) = set((study.folder / "parts").iterdir()) - {one}
    other.write_bytes(one.read_bytes())
    assert verify(study.folder, sample=99, seed=1).checked == 1
    one.unlink()
    with pytest.raises(InputError, match="has no runs yet"):
        verify(study.folder, sample=99, seed=1)


def test_what_changed_since_is_named_though_every_bit_is_the_same(study):
    write_study(retold(study, code="older"))
    verdict = verify(study.folder, sample=1, seed=1)
    assert verdict.changed == ["the simulation's code"] and verdict.differing == []


def test_one_run_is_repeated_with_the_bits_that_are_stored(study):
    runs = study.runs.set_index(["point", "replicate"])
    for key in ((0, 0), (2, 3)):
        found = repeat(study.folder, point=key[0], replicate=key[1])
        assert found["factors"] == {"talks.pace": (0.4, 0.6, 0.8)[key[0]]}
        assert (found["point"], found["replicate"], found["error"]) == (*key, None)
        np.testing.assert_equal(found["reserves"], runs.loc[key, "reserves"])


@pytest.mark.parametrize(
    ("point", "replicate", "said"),
    [(-1, 0, "--point is -1: the study has 0 to 2"), (3, 0, "--point is 3: the study has 0 to 2"),
     (0, -1, "--replicate is -1: the study has 0 to 3"),
     (0, 4, "--replicate is 4: the study has 0 to 3")],
)  # fmt: skip
def test_a_run_that_is_not_of_the_study_is_not_repeated(study, point, replicate, said):
    with pytest.raises(InputError, match=said):
        repeat(study.folder, point=point, replicate=replicate)


def test_a_run_that_raised_raises_again_and_no_other_does(study, monkeypatch):
    true = jobs.measured

    def faulty(ready, *, luck, **how):
        if ready.theory["talks_pace"][0] == 0.6 and luck == luck_of(1, 2):
            raise ZeroDivisionError("planted")
        return true(ready, luck=luck, **how)

    monkeypatch.setattr(jobs, "measured", faulty)
    monkeypatch.setattr(verifying, "measured", faulty)
    assert repeat(study.folder, point=1, replicate=1)["error"] is None
    assert repeat(study.folder, point=2, replicate=2)["error"] is None
    with pytest.raises(ZeroDivisionError, match="planted"):
        repeat(study.folder, point=1, replicate=2)
    (found,) = verify(study.folder, sample=99, seed=1).differing
    assert (found.point, found.replicate) == (1, 2) and "error" in found.columns


def test_a_scenario_that_was_edited_since_is_named_and_its_points_are_made_again(tmp_path):
    (tmp_path / "own.toml").write_text('base = "norfolk-seven"\n', encoding="utf-8")
    planned(tmp_path, PLAN.replace('"norfolk-seven"', '"own.toml"'))
    study = sweep(tmp_path / "plan.toml", out=tmp_path / "s")
    (study.folder / "points.parquet").unlink()
    assert verify(study.folder, sample=2, seed=1)._asdict() == {
        "checked": 2, "differing": [], "changed": [], "edited": [], "missing": 0, "harmed": [],
    }  # fmt: skip
    text = 'base = "norfolk-seven"\n[talks]\nleak = 0.9\n'
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    assert verify(study.folder, sample=2, seed=1).edited == ["the scenario"]
    (tmp_path / "own.toml").unlink()
    assert verify(study.folder, sample=2, seed=1).edited == []


# --- a finished study that stands -----------------------------------------------------------------


def test_a_study_stands_for_as_much_as_it_has_and_for_its_own_question(study, tmp_path):
    plan, folder = read_plan(tmp_path / "plan.toml"), study.folder

    def stands(asked=None, **other):
        return standing(plan.model_copy(update=other), folder, replicates=asked) is not None

    assert stands() and stands(asked=4) and stands(title="new words")
    assert open_study(folder).plan.title == "new words"
    assert [stands(asked=count) for count in (3, 5)] == [False, False]
    assert [stands(replicates=count) for count in (3, 4, 5)] == [True, True, False]
    assert not stands(seed=2) and not stands(quarters=4)
    assert standing(plan, tmp_path / "absent", replicates=None) is None
    fewer = plan.factors[0].model_copy(update={"values": (0.4, 0.6)})
    assert not stands(factors=(fewer,))


def test_what_a_standing_study_was_made_with_is_told_and_its_scenario_is_part_of_it(
    study, tmp_path
):
    plan = read_plan(tmp_path / "plan.toml")

    def said(**decides):
        write_study(retold(study, **decides))
        return standing(plan, study.folder, replicates=None)

    assert said().changed == []
    assert said(code="older").changed == ["the simulation's code"]
    # An older version knew fewer numbers, so that it had another fingerprint of the same scenario.
    older = said(code="older", scenarios={"base": "of fewer numbers"})
    assert older.changed == ["the simulation's code"]
    assert said(scenarios={"base": "other"}) is None
    assert said(shard=[1, 2]) is None
    write_study(study._replace(record=study.record._replace(answer={})))
    assert standing(plan, study.folder, replicates=None) is None


def test_a_study_of_other_measures_stands_and_takes_no_more_runs(study, tmp_path):
    write_study(retold(study, code="older", columns=study.columns[:-1]))
    plan = tmp_path / "plan.toml"
    assert sweep(plan, out=study.folder, anyway=True).reused
    with pytest.raises(InputError, match=r"begun by an earlier version \(other measures.*--out"):
        sweep(plan, out=study.folder, anyway=True, extend=True, replicates=5)


# --- how large a design may be --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("design", "count"),
    [
        ('kind = "grid"\nlevels = 7', 7 * 7 * 2),
        ('kind = "grid"', 5 * 5 * 2),
        ('kind = "latin"\npoints = 9', 9),
        ('kind = "sobol"\npoints = 16', 16),
        ('kind = "saltelli"\npoints = 16', 16 * 5),
        ('kind = "saltelli"\npoints = 16\nsecond_order = true', 16 * 8),
        ('kind = "morris"\ntrajectories = 6', 6 * 4),
    ],
)
def test_a_plan_knows_its_number_of_points_before_any_is_drawn(tmp_path, design, count):
    text = PLAN.replace('kind = "grid"', design).replace(
        '{ values = [0.4, 0.6, 0.8] }', '{}\n"talks.leak" = {}\n"terms.exit" = { values = [0, 1] }'
    )  # fmt: skip
    plan = planned(tmp_path, text)
    assert how_many(plan) == count
    points = points_of(plan)
    assert len(points) == count and [point.number for point in points] == list(range(count))


@pytest.mark.parametrize(
    ("points", "replicates", "said"),
    [(1_000_000, 100, None), (1_000_001, 1, "1,000,001 points"),
     (1_000_000, 101, "101,000,000 runs"), (10, 10_000_000, None)],
)  # fmt: skip
def test_a_study_of_a_million_points_or_a_hundred_million_runs_is_the_largest(
    tmp_path, points, replicates, said
):
    plan = planned(tmp_path, PLAN.replace('"grid"', '"latin"\npoints = 9'))
    design = plan.design.model_copy(update={"points": points})
    plan = plan.model_copy(update={"design": design, "replicates": replicates})
    if said is None:
        check_size(plan)
        return
    with pytest.raises(InputError, match=said):
        check_size(plan)
