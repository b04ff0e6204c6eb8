"""Indices are those that are known, luck is told from factors, and noise is never ranked."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from asking import at_once

import experiments.commands.answers
import experiments.commands.studies  # noqa: F401
from experiments.sensitivity.analysis import stored_sensitivity
from experiments.sensitivity.indices import Saltelli, indices, luck_share, sobol
from experiments.sensitivity.levels import levels
from experiments.sensitivity.resampling import even, product, spread
from experiments.sensitivity.screening import screen, steps_of
from experiments.stored.belonging import INDICES
from experiments.stored.folder import RECORD
from experiments.stored.reading import read_record
from experiments.stored.record import write_record
from experiments.studies.store import open_study
from sim.errors import InputError

BASES, REPLICATES = 128, 8
SALib = pytest.importorskip("SALib")


def ishigami(x: np.ndarray) -> np.ndarray:
    angles = np.pi * (2 * x - 1)
    first = np.sin(angles[:, 0]) + 7 * np.sin(angles[:, 1]) ** 2
    return first + 0.1 * angles[:, 2] ** 4 * np.sin(angles[:, 0])


def g(x: np.ndarray) -> np.ndarray:
    a = np.array([0.0, 1.0, 9.0, 99.0])
    return np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=1)


def linear(x: np.ndarray) -> np.ndarray:
    return x @ np.array([3.0, 2.0, 0.0, 0.0])


def g_totals() -> np.ndarray:
    parts = 1 / (3 * (1 + np.array([0.0, 1.0, 9.0, 99.0])) ** 2)
    whole = np.prod(1 + parts) - 1
    return np.array([parts[k] * np.prod(np.delete(1 + parts, k)) / whole for k in range(4)])


TOTALS = {
    ishigami: np.array([0.558, 0.442, 0.244, 0.0]),
    g: g_totals(),
    linear: np.array([9, 4, 0, 0]) / 13,
}


def design(bases: int = BASES, seed: int = 3) -> np.ndarray:
    from SALib.sample import sobol as draw

    problem = {"num_vars": 4, "names": list("abcd"), "bounds": [[0.0, 1.0]] * 4}
    return np.asarray(draw.sample(problem, bases, calc_second_order=False, seed=seed))


def sampled(values: np.ndarray) -> Saltelli:
    blocks = values.reshape(-1, 6, values.shape[1])
    return Saltelli(blocks[:, 0], blocks[:, -1], blocks[:, 1:-1])


def noisy(clean: np.ndarray, times: float, seed: int = 1, replicates: int = REPLICATES):
    """The values with luck of so many times their variance, and luck that all points share."""
    chance = np.random.default_rng(seed)
    size = np.sqrt(times * clean.var())
    own = chance.normal(0, size, (len(clean), replicates))
    return clean[:, None] + own + chance.normal(0, size, replicates)


def even_weights(sample):
    """Return the weights of an estimate without resampling."""
    return even(len(sample.a)), even(sample.a.shape[1])


@pytest.mark.parametrize("function", TOTALS)
def test_without_luck_indices_are_those_of_salib(function):
    from SALib.analyze import sobol as analyse

    values = function(design())
    problem = {"num_vars": 4, "names": list("abcd"), "bounds": [[0.0, 1.0]] * 4}
    known = analyse.analyze(problem, values, calc_second_order=False, seed=1)
    for columns in (1, 5):  # luck that changes nothing changes nothing
        sample = sampled(np.repeat(values[:, None], columns, axis=1))
        found = sobol(sample, *even_weights(sample))
        assert np.allclose(found[0, :4], known["S1"], atol=1e-3)
        assert np.allclose(found[1, :4], known["ST"], atol=1e-3)


@pytest.mark.parametrize("function", TOTALS)
def test_with_luck_the_true_indices_lie_in_their_intervals(function):
    found = indices(sampled(noisy(function(design()), 0.5)))
    for estimate, truth in zip(found.total, TOTALS[function], strict=True):
        assert estimate.low <= truth <= estimate.high
    assert found.dummy_total.low <= 0 <= found.dummy_total.high
    assert not found.refused


def test_luck_does_not_pass_for_an_effect_as_it_does_without_correction():
    sample = sampled(noisy(linear(design()), 4.0))
    plain = sobol(Saltelli(*(part.mean(axis=-1, keepdims=True) for part in sample)),
                  *even_weights(sample)[:1], even(1))  # fmt: skip
    mended = sobol(sample, *even_weights(sample))
    assert plain[1, 3] > 0.2  # a factor without any effect
    assert abs(mended[1, 3]) < 0.1


@pytest.mark.slow
def test_a_factor_that_only_changes_the_luck_is_hardly_ever_ranked():
    ranked = [
        indices(sampled(noisy(linear(design(64, seed)), 1.0, seed))).ranks for seed in range(10)
    ]
    assert sum(rank[k] is not None for rank in ranked for k in (2, 3)) == 0
    assert sum(rank[0] is not None for rank in ranked) >= 8


@pytest.mark.slow
def test_intervals_count_luck_once_and_a_real_factor_is_told_from_the_dummy():
    """Of a sum and a product with total indices 5/6, 1/6, 1/6 and 0, under much luck."""
    values, half, told = [], [], []
    for seed in range(20):
        x = np.sqrt(12) * (design(256, seed) - 0.5)
        clean = 2 * x[:, 0] + x[:, 1] + x[:, 0] * x[:, 2]
        sample = sampled(noisy(clean, 1.5, seed, replicates=12))  # of three standard deviations
        found = spread(lambda p, w, s=sample: sobol(s, p, w), 256, 12, resamples=150)
        totals = [found.estimate(1, k) for k in range(4)]
        values.append([each.value for each in totals])
        half.append([(each.high - each.low) / 2 for each in totals])
        told.append([found.surely_above((1, k), (1, 4)) for k in range(4)])
    spreads = 1.96 * np.std(values, axis=0, ddof=1)
    assert np.abs(np.mean(values, axis=0) - [5 / 6, 1 / 6, 1 / 6, 0]).max() < 0.03
    wide = np.mean(half, axis=0) / spreads
    assert (wide > 0.7).all() and (wide[1:] < 1.6).all()  # 1.4 to 2.8 when luck is counted twice
    assert np.sum(told, axis=0)[:3].min() >= 18 and np.sum(told, axis=0)[3] <= 3


def test_luck_that_moves_a_factor_is_in_its_interval():
    """Replicates differ in how much a factor matters: more base samples do not help."""
    x = design(256) - 0.5
    chance = np.random.default_rng(4)
    slopes = 1 + chance.normal(0, 0.5, 8)
    sample = sampled(x[:, :1] * slopes + 0.5 * x[:, 1:2] + chance.normal(0, 0.01, (len(x), 8)))
    both, alone = (
        spread(lambda p, w: sobol(sample, p, w), 256, 8, resamples=200, vary_replicates=vary)
        for vary in (True, False)
    )
    wide, narrow = (each.estimate(1, 1).high - each.estimate(1, 1).low for each in (both, alone))
    assert wide > 2 * narrow


def test_factors_that_cannot_be_ordered_share_a_rank():
    alike = design() @ np.array([2.0, 2.0, 0.0, 0.0])
    assert indices(sampled(noisy(alike, 0.2))).ranks == [1, 1, None, None]
    apart = design() @ np.array([5.0, 2.0, 0.0, 0.0])
    assert indices(sampled(noisy(apart, 0.2))).ranks == [1, 2, None, None]


@pytest.mark.parametrize(
    ("bases", "replicates", "times", "word"),
    [(16, 8, 0.1, "base samples"), (64, 2, 0.1, "replicates"), (64, 4, 2000.0, "luck")],
)
def test_what_is_too_small_is_not_ranked_and_says_why(bases, replicates, times, word):
    values = noisy(linear(design(bases)), times, replicates=replicates)
    found = indices(sampled(values))
    assert word in found.refused
    assert found.ranks == [None] * 4


@pytest.mark.parametrize("times", [0.25, 1.0, 4.0])
def test_the_share_of_luck_is_right(times):
    chance = np.random.default_rng(5)
    clean = chance.normal(0, 1, 200)
    values = clean[:, None] + chance.normal(0, np.sqrt(times), (200, 10))
    found = luck_share(values, np.arange(200), sampled=True)
    assert found is not None
    truth = times / (1 + times)
    assert found.share.low <= truth <= found.share.high
    assert found.share.high - found.share.low < 0.25
    assert found.left.value == pytest.approx(times / 10 / (1 + times / 10), rel=0.25)


def test_one_replicate_cannot_tell_the_share_of_luck():
    assert luck_share(np.ones((10, 1)), np.arange(10), sampled=True) is None


def test_a_product_of_different_replicates_is_free_of_luck():
    chance = np.random.default_rng(1)
    shared = chance.normal(0, 1, (20_000, 3))
    assert (shared.mean(axis=1) ** 2).mean() == pytest.approx(1 / 3, rel=0.05)
    assert abs(product(shared, shared, even(3)).mean()) < 0.01


def trajectories(count: int = 24, seed: int = 2):
    from SALib.sample import morris as draw

    problem = {"num_vars": 4, "names": list("abcd"), "bounds": [[0.0, 1.0]] * 4}
    points = np.asarray(draw.sample(problem, count, num_levels=4, seed=seed))
    change = np.diff(points.reshape(count, 5, 4), axis=1)
    moved = np.abs(change).argmax(axis=2)
    return points, moved, np.take_along_axis(change, moved[:, :, None], axis=2)[:, :, 0]


def test_screening_finds_slopes_and_leaves_noise_unranked():
    points, moved, length = trajectories()
    values = noisy(points @ np.array([6.0, -3.0, 0.0, 0.0]), 0.05).reshape(24, 5, REPLICATES)
    found = screen(steps_of(values, moved, length))
    for estimate, truth in zip(found.mu, (6, -3), strict=False):
        assert estimate.low <= truth <= estimate.high
    assert found.ranks == [1, 2, None, None]
    assert found.mu_star[1].value == pytest.approx(3, rel=0.1)


def test_screening_without_luck_is_that_of_salib():
    from SALib.analyze import morris as analyse

    points, moved, length = trajectories()
    values = ishigami(points)
    problem = {"num_vars": 4, "names": list("abcd"), "bounds": [[0.0, 1.0]] * 4}
    known = analyse.analyze(problem, points, values, num_levels=4, seed=1)
    found = screen(steps_of(values.reshape(24, 5, 1), moved, length))
    assert np.allclose([each.value for each in found.mu_star], known["mu_star"])
    assert np.allclose([each.value for each in found.sigma], known["sigma"])
    assert "replicates" in found.refused


def test_levels_are_compared_on_the_same_luck():
    chance = np.random.default_rng(4)
    luck = chance.normal(0, 10, 50)
    values = np.array([luck, luck + 1 + chance.normal(0, 0.1, 50)])
    first, second = levels(["base", "other"], values)
    assert first.change is None and second.change is not None
    assert second.change.low <= 1 <= second.change.high
    assert second.change.high - second.change.low < 0.2 < second.mean.high - second.mean.low


# --- the command ----------------------------------------------------------------------------------

PLAN = """
title = "Two numbers & a <word>"
scenario = "norfolk-seven"
quarters = 8
replicates = 16
outcomes = ["talks_begun"]
[design]
kind = "saltelli"
points = 32
[uncertainties]
"search.base_service" = {{ low = 0.0, high = 0.9 }}
{more}
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("studies")
    more = '"talks.leak" = {}\n[levers]\n"tax.limits" = { values = ["history", "none"] }\n'
    more += '[difference]\npolicy = "set-up-grants"'
    (folder / "small.toml").write_text(PLAN.format(more=more), encoding="utf-8")
    status, out, err = at_once(folder, "sensitivity", "small.toml", "--out", "small", "--json")
    # Of the policy as it is laid over this plan's eight quarters; the note goes to stderr alone.
    late = "Note on set-up-grants: the run ends before [[change]] of 2011-04-01.\n"
    assert (status, err) == (0, late)
    assert json.loads(out)["outcomes"][0]["name"] == "talks_begun"
    return folder / "small"


def test_the_command_stores_a_record_a_table_and_figures(study):
    found = stored_sensitivity(open_study(study))
    assert found is not None
    outcome, difference = found["outcomes"]
    assert difference["difference"] and difference["column"] == "difference_talks_begun"
    assert outcome["factors"][0]["rank"] == 1  # how often councils look for services
    listed = {each["factor"]: each["listed_values"] for each in outcome["factors"]}
    assert listed["tax.limits"] and not listed["talks.leak"]
    table = pd.read_parquet(study / "sensitivity" / INDICES)
    row = table.query("outcome == 'talks_begun' and factor == 'search.base_service'")
    assert row.set_index("index").loc["total", "value"] == outcome["factors"][0]["total"]["value"]
    for name in ("luck", "effects_talks_begun", "convergence_talks_begun"):
        for ending in (".png", ".svg"):
            assert (study / "sensitivity" / "figures" / (name + ending)).stat().st_size > 1000


def test_asked_again_the_answer_has_the_same_bytes(study):
    before = (study / "sensitivity" / RECORD).read_bytes()
    status, out, _ = at_once(study.parent, "sensitivity", "small.toml", "--out", "small")
    assert status == 0 and "not told apart" in out
    assert (study / "sensitivity" / RECORD).read_bytes() == before


@pytest.mark.parametrize("place", ["small", "small/sensitivity"])
def test_the_folder_of_a_finished_study_is_as_good_as_its_plan(study, tmp_path, place):
    import shutil

    home = Path(shutil.copytree(study.parent, tmp_path / "all"))
    by_plan = at_once(home, "sensitivity", "small.toml", "--out", "small", "--json")
    by_folder = at_once(home, "sensitivity", place, "--json")
    assert by_folder[0] == 0 and json.loads(by_folder[1]) == json.loads(by_plan[1])
    before = (home / "small" / "sensitivity" / RECORD).read_bytes()
    (home / "small.toml").unlink()
    shutil.rmtree(home / "small" / "sensitivity" / "figures")
    shutil.rmtree(home / "small" / "sensitivity")
    status, out, err = at_once(home, "sensitivity", "small")
    assert (status, err) == (0, "") and "not told apart" in out
    made = json.loads((home / "small" / "sensitivity" / RECORD).read_bytes())
    assert made["answer"] == json.loads(before)["answer"]
    status, out, err = at_once(home, "sensitivity", "small", "--replicates", "3")
    assert (status, out) == (2, "") and "--replicates does not go with 'small'" in err


def test_a_folder_that_is_no_finished_study_is_refused(study, tmp_path):
    import shutil

    home = Path(shutil.copytree(study.parent, tmp_path / "all"))
    runs = (home / "small" / "runs.parquet").read_bytes()
    (home / "small" / "runs.parquet").unlink()
    status, out, err = at_once(home, "sensitivity", "small")
    assert (status, out) == (2, "") and "makes it again from what is whole" in err
    (home / "small" / "runs.parquet").write_bytes(runs)
    record = read_record(home / "small")
    record.asked["code"] = "older"
    write_record(home / "small", record)
    assert "the simulation's code changed" in at_once(home, "sensitivity", "small")[2]
    status, out, err = at_once(home, "sensitivity", ".")
    assert (status, out) == (2, "") and "holds no study" in err


def test_a_finished_study_is_analysed_whatever_changed_but_its_scenario(study, tmp_path):
    import shutil

    shutil.copytree(study.parent, tmp_path / "all")
    folder = tmp_path / "all" / "small"
    record = read_record(folder)
    record.asked["code"] = "older"
    record.asked["libraries"]["numpy"] = "1.0"
    write_record(folder, record)
    status, out, err = at_once(folder.parent, "sensitivity", "small.toml", "--out", "small")
    assert status == 0 and "told apart" in out
    assert "the simulation's code, numpy (1.0 then" in err and "changed." in err
    stored = read_record(folder)
    assert stored.asked == record.asked and not stored.made["anyway"]
    record.question["ground"]["scenarios"]["base"]["parameters"]["talks"]["leak"] = 0.31
    write_record(folder, record)
    status, _, err = at_once(folder.parent, "sensitivity", "small.toml", "--out", "small")
    assert status == 2 and "the scenario" in err


def test_a_study_that_was_extended_is_analysed_as_it_is(tmp_path):
    text = PLAN.format(more="").replace("replicates = 16", "replicates = 4")
    (tmp_path / "p.toml").write_text(text.replace("quarters = 8", "quarters = 2"))
    words = ("p.toml", "--out", "s")
    assert at_once(tmp_path, "sweep", *words)[0] == 0
    assert at_once(tmp_path, "sensitivity", *words, "--replicates", "5")[0] == 2  # --extend
    assert at_once(tmp_path, "sensitivity", *words, "--replicates", "5", "--extend")[0] == 0
    for more in ((), ("--replicates", "5")):
        status, out, _ = at_once(tmp_path, "sensitivity", *words, *more, "--json")
        assert status == 0 and json.loads(out)["replicates"] == 5
    status, _, err = at_once(tmp_path, "sensitivity", *words, "--replicates", "4")
    assert status == 2 and "does not shrink" in err


def test_a_full_disk_is_one_error_and_no_answer_is_left(study, tmp_path, monkeypatch):
    import shutil

    shutil.copytree(study.parent, tmp_path / "all")
    shutil.rmtree(tmp_path / "all" / "small" / "sensitivity")

    def full(*rest):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("experiments.figures.write", full)
    words = ("sensitivity", "small.toml", "--out", "small")
    status, _, err = at_once(tmp_path / "all", *words)
    note, error = err.splitlines()  # of the policy, before anything was tried
    assert status == 2 and note.startswith("Note on ") and "No space left on device" in error
    assert not (tmp_path / "all" / "small" / "sensitivity").exists()


def test_a_file_of_somebody_else_is_left_alone_before_anything_runs(tmp_path):
    (tmp_path / "small.toml").write_text(PLAN.format(more=""), encoding="utf-8")
    (tmp_path / "mine" / "sensitivity").mkdir(parents=True)
    (tmp_path / "mine" / "sensitivity" / "notes.txt").write_text("mine", encoding="utf-8")
    status, _, err = at_once(tmp_path, "sensitivity", "small.toml", "--out", "mine")
    assert status == 2 and "notes.txt" in err
    assert [path.name for path in (tmp_path / "mine").rglob("*")] == ["sensitivity", "notes.txt"]


def test_an_answer_about_other_runs_is_refused(study, tmp_path):
    import shutil

    copy = Path(shutil.copytree(study, tmp_path / "copy"))
    record = read_record(copy / "sensitivity")
    record.asked["of"] = "other"
    write_record(copy / "sensitivity", record)
    with pytest.raises(InputError, match="other runs"):
        stored_sensitivity(open_study(copy))


def test_every_recipe_can_be_read():
    from experiments.policies.finding import POLICIES
    from experiments.studies.reading import read_plan

    recipes = sorted((POLICIES.parent / "plans").glob("*.toml"))
    assert len(recipes) == 7
    for path in recipes:
        assert path.read_text(encoding="utf-8").startswith("# Shows ")
        assert read_plan(path).title
