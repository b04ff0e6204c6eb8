"""No trajectory is drawn twice, and points with the same values are lived once, to the bit."""

import json
import math
from itertools import permutations, product
from pathlib import Path

import numpy as np
import pytest
from asking import at_once

import experiments.commands.answers
import experiments.commands.studies  # noqa: F401
from experiments.stored.folder import hash_of
from experiments.stored.reading import read_record
from experiments.stored.record import write_record
from experiments.studies import jobs
from experiments.studies.design import points_of, unit_sample
from experiments.studies.equals import Equals, count_lived, first_equals
from experiments.studies.plan import Design, Factor, Plan
from experiments.studies.reading import read_plan
from experiments.studies.store import STEP, open_study
from experiments.studies.sweep import sweep
from experiments.studies.trajectories import how_many_walks
from sim.errors import InputError

MORRIS = """\
scenario = "norfolk-seven"
quarters = 6
replicates = 8
outcomes = ["formed", "talks_begun"]
[design]
kind = "morris"
trajectories = 8
[uncertainties]
"talks.pace" = {}
[levers]
"tax.limits" = { values = ["history", "none"] }
"""
WORDS = """\
scenario = "norfolk-seven"
quarters = 6
replicates = 3
outcomes = ["formed"]
[design]
kind = "saltelli"
points = 8
[levers]
"tax.limits" = { values = ["history", "none"] }
"grants.setup_pot" = { values = [0.0, 2.0] }
"""


def plan_of(folder: Path, text: str) -> Path:
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    return folder / "plan.toml"


@pytest.fixture
def lived(monkeypatch):
    """How many runs are truly lived, one after the other."""
    true, calls = jobs.measured, []

    def counted(ready, **how):
        calls.append(1)
        return true(ready, **how)

    monkeypatch.setattr(jobs, "measured", counted)
    return calls


def factors_of(*sizes):
    """Factors with so many listed values; 0 for a range."""
    names = ("talks.pace", "search.fashion", "search.reach")
    return tuple(
        Factor(name=name, role="lever", values=tuple(float(k) for k in range(size)))
        if size
        else Factor(name=name, role="lever", low=0.0, high=1.0)
        for name, size in zip(names, sizes, strict=False)
    )


def screening(factors, count, levels=4, seed=1):
    return Plan(
        name="p", folder=".", title="", about="", scenario="norfolk-seven", seed=1, replicates=1,
        quarters=None, outcomes=("formed",), factors=factors, distinct=True,
        design=Design(kind="morris", trajectories=count, levels=levels, seed=seed),
    )  # fmt: skip


def walks_by_hand(factors, levels):
    """All trajectories, by walking every one of them, without direction."""
    at, half, found = np.linspace(0, 1, levels), levels // 2, set()

    def value(factor, k):
        many = len(factor.values)
        return min(int(at[k] * many), many - 1) if many else k

    pairs = [(k, k + half) for k in range(half)] + [(k + half, k) for k in range(half)]
    for ways in product(pairs, repeat=len(factors)):
        for order in permutations(range(len(factors))):
            here = [value(f, way[0]) for f, way in zip(factors, ways, strict=True)]
            path = [tuple(here)]
            for k in order:
                here[k] = value(factors[k], ways[k][1])
                path += [tuple(here)] if tuple(here) != path[-1] else []
            found.add(min(tuple(path), tuple(path[::-1])))
    return found - {path for path in found if len(path) < 2}


@pytest.mark.parametrize(
    ("sizes", "levels"),
    [((0,), 4), ((2, 0), 4), ((2, 2, 2), 4), ((3, 5), 6), ((1, 0, 2), 4), ((0, 0), 6), ((1,), 4)],
)
def test_as_many_trajectories_are_counted_as_there_are(sizes, levels):
    factors = factors_of(*sizes)
    assert how_many_walks(factors, levels) == len(walks_by_hand(factors, levels))


@pytest.mark.parametrize("sizes", [(2, 0), (2, 2, 2), (1, 0, 2)])
def test_every_trajectory_there_is_can_be_drawn_and_none_is_drawn_twice(sizes):
    factors = factors_of(*sizes)
    there = how_many_walks(factors, 4)
    points = points_of(screening(factors, there))
    size, seen = len(factors) + 1, set()
    for first in range(0, len(points), size):
        path = [tuple(p.values.values()) for p in points[first : first + size]]
        path = [step for k, step in enumerate(path) if k == 0 or step != path[k - 1]]
        seen.add(min(tuple(path), tuple(path[::-1])))
    assert len(seen) == there
    with pytest.raises(InputError, match=rf"only {there} that differ: give trajectories = {there}"):
        points_of(screening(factors, there + 1))


def test_trajectories_stay_those_that_were_drawn_first():
    factors = factors_of(0, 0, 0)
    plan = screening(factors, 20, seed=3)
    drawn = unit_sample(plan.model_copy(update={"distinct": False})).reshape(20, 4, 3)
    kept = unit_sample(plan).reshape(20, 4, 3)
    assert (kept[:10] == drawn[:10]).all()  # three ranges have 192, so few are drawn twice
    assert math.prod(kept.shape) == 240


def test_equal_points_are_lived_once_and_the_stored_bits_are_as_if_all_were(tmp_path, lived):
    path = plan_of(tmp_path, MORRIS)
    study = sweep(path, out=tmp_path / "s")
    distinct = study.points.drop(columns="point").drop_duplicates()
    assert len(study.points) == 24 and len(distinct) == 8
    assert len(lived) == 8 * 8 and study.copied == 16 * 8
    runs = study.runs.drop(columns="error")
    again = jobs.live(jobs.Job(
        jobs.Ground.model_validate(study.ground),
        tuple(jobs.Span(p.number, p.values, 0, 8) for p in points_of(study.plan)),
    ))  # fmt: skip
    every = jobs.columns_of(again)
    for name in runs.columns:
        assert np.array_equal(runs[name].to_numpy(), every[name], equal_nan=True), name


@pytest.mark.parametrize("kind", ['"saltelli"\npoints = 8', '"sobol"\npoints = 16',
                                  '"latin"\npoints = 12'])  # fmt: skip
def test_drawn_words_are_lived_once_in_every_design(tmp_path, lived, kind):
    study = sweep(plan_of(tmp_path, WORDS.replace('"saltelli"\npoints = 8', kind)),
                  out=tmp_path / "s")  # fmt: skip
    assert len(lived) == 4 * 3  # two levers of two values
    assert study.copied == (len(study.points) - 4) * 3
    assert len(study.runs) == len(study.points) * 3 and study.runs["formed"].notna().all()


def test_a_grid_has_no_equal_points_and_a_table_may(tmp_path, lived):
    grid = WORDS.replace('"saltelli"\npoints = 8', '"grid"')
    assert sweep(plan_of(tmp_path, grid), out=tmp_path / "g").copied == 0 and len(lived) == 12
    (tmp_path / "t.csv").write_text("tax.limits,grants.setup_pot\nnone,0\nnone,2\nnone,0\n")
    table = WORDS.replace('"saltelli"\npoints = 8', '"table"\ntable = "t.csv"')
    assert sweep(plan_of(tmp_path, table), out=tmp_path / "t").copied == 3 and len(lived) == 18
    (tmp_path / "t.csv").write_text("tax.limits,grants.setup_pot\nnone,0\nnone,2\nnone,0\nnone,2\n")
    grown = sweep(tmp_path / "plan.toml", out=tmp_path / "t", extend=True)
    assert len(lived) == 18 and grown.copied == 6  # of points that were there before, none again
    first, last = (grown.runs.query("point == @k").drop(columns="point") for k in (1, 3))
    assert first.reset_index(drop=True).equals(last.reset_index(drop=True))


def test_a_study_that_lost_a_part_goes_on_to_the_same_bits(tmp_path, lived):
    study = sweep(plan_of(tmp_path, WORDS), out=tmp_path / "s")
    bits = hash_of(study.folder / "runs.parquet")
    many = len(lived)
    for part in sorted((study.folder / "parts").glob("part-*"))[::2]:
        part.unlink()
    (study.folder / "runs.parquet").unlink()
    again = sweep(tmp_path / "plan.toml", out=tmp_path / "s")
    assert hash_of(again.folder / "runs.parquet") == bits
    assert len(lived) < 2 * many


def test_shares_of_a_study_join_to_the_whole(tmp_path):
    from experiments.studies.merging import merge

    path = plan_of(tmp_path, WORDS)
    whole = sweep(path, out=tmp_path / "s")
    shares = [sweep(path, out=tmp_path / str(i), shard=(i, 3)) for i in (1, 2, 3)]
    assert all(share.copied > 0 for share in shares)
    joined = merge([share.folder for share in shares], tmp_path / "all")
    assert joined.bits == whole.bits


def test_which_runs_are_lived_is_told(tmp_path):
    plan_of(tmp_path, MORRIS)
    status, out, _ = at_once(tmp_path, "sweep", "plan.toml", "--out", "s", "--dry-run")
    assert status == 0 and "192 runs." in out and "Of these 64 are lived" in out
    told = "128 runs of points that equal others were copied from their equals"
    for command in ("sweep", "sensitivity"):
        status, out, err = at_once(tmp_path, command, "plan.toml", "--out", "s")
        assert (status, err) == (0, "") and told in " ".join(out.split())
        assert json.loads(at_once(tmp_path, command, "plan.toml", "--out", "s", "--json")[1])[
            "copied"
        ] == 128  # fmt: skip


def test_a_screening_of_an_earlier_version_goes_on_with_its_own_trajectories(tmp_path, monkeypatch):
    """Its record does not say that they differ; then they are drawn as they were."""
    path = plan_of(tmp_path, MORRIS.replace("replicates = 8", "replicates = 4"))
    plan = read_plan(path)
    former = plan.model_copy(update={"distinct": False})
    assert points_of(former) != points_of(plan)
    study = sweep(former, out=tmp_path / "s")
    record = read_record(study.folder)
    del record.question["plan"]["distinct"]
    del record.made["equal_points"]
    write_record(study.folder, record)
    assert open_study(study.folder).copied == 0  # each was lived then
    before = study.points
    (study.folder / "points.parquet").unlink()
    status, out, err = at_once(tmp_path, "sweep", "plan.toml", "--out", "s")
    assert (status, err) == (0, "") and "were not run again" in out
    words = ("plan.toml", "--out", "s", "--replicates", "5", "--extend")
    assert at_once(tmp_path, "sweep", *words)[0] == 0
    grown = open_study(study.folder)
    assert grown.finished and grown.points.equals(before)
    assert at_once(tmp_path, "sensitivity", *words[:5])[0] == 0


def test_runs_that_are_wanted_are_lived_or_copied_each_once():
    first = first_equals([[1], [2], [1], [1], [2]])
    assert first.tolist() == [0, 1, 0, 0, 1]
    keys = np.array([1 * STEP, 2 * STEP, 2 * STEP + 1, 3 * STEP + 1, 4 * STEP])
    equals = Equals(keys, first, STEP)
    assert equals.lived.tolist() == [1 * STEP, 2 * STEP, 2 * STEP + 1]
    assert count_lived(keys, first, STEP) == 3
    import pyarrow as pa

    table = pa.table({"point": [1, 2, 2], "replicate": [0, 0, 1], "x": [0.5, 0.6, 0.7]})
    (copied,) = equals.copies(table)
    assert copied.to_pydict() == {"point": [4, 3], "replicate": [0, 1], "x": [0.5, 0.7]}
