"""The answer of a report is about its question, and as sure as it says."""

from __future__ import annotations

import re
import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from experiments.reports.report import contents_of, report
from experiments.words import number, unit_words
from sim.errors import InputError

GRID = """
title = "{title}"
scenario = "norfolk"
quarters = 12
replicates = {replicates}
outcomes = [{outcomes}]
[design]
kind = "grid"
{more}
"""
POLICIES = '[levers]\npolicy = { values = ["base", "set-up-grants", "free-tax"] }\n'


def planned(folder: Path, name: str, more: str, outcomes: str, replicates: int = 8) -> Path:
    """Sweep a small grid and return its folder."""
    from experiments.studies.sweep import sweep

    text = GRID.format(title=name, more=more, outcomes=outcomes, replicates=replicates)
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    sweep(folder / f"{name}.toml", out=folder / name)
    return folder / name


@pytest.fixture(scope="module")
def crossed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three policies crossed with what nobody knows, and a lever of one value."""
    folder = tmp_path_factory.mktemp("crossed")
    more = POLICIES + '"grants.exit_required" = { values = [0.0], since = 2010-04-01 }\n'
    more += '[uncertainties]\n"terms.exit" = { values = [0.1, 0.4] }\n'
    return planned(folder, "crossed", more, '"net_saving", "trust"')


@pytest.fixture(scope="module")
def granted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("granted")
    more = '[levers]\n"settlement.depth" = { values = [0.0, 2.0] }\n'
    more += '[difference]\npolicy = "set-up-grants"\n'
    return planned(folder, "granted", more, '"net_saving"')


def table(contents, title):
    return next(each for each in contents.tables if each.title.startswith(title))


def test_every_two_levels_of_a_lever_are_compared_not_only_each_with_the_first(crossed):
    from experiments.studies.store import open_study

    rows = table(contents_of(crossed), "What changes: Net saving since").rows
    row = next(r for r in rows if r[:2] == ["policy: free tax", "set up grants"])
    study = open_study(crossed)
    runs = study.runs.merge(study.points, on="point")
    means = runs.groupby(["policy", "replicate"])["net_saving"].mean()
    assert row[2] == number(float((means["free-tax"] - means["set-up-grants"]).mean()))


def test_the_answer_is_about_what_somebody_decides(crossed):
    said = contents_of(crossed).answer
    assert said[0].startswith("Net saving since the start: ")
    assert "For the public as a whole: " in said[0]
    assert said[1] == "Compared: the policy: the scenario as it is, set up grants, free tax."
    about = [text for text in said if text.startswith("Net saving since the start:")]
    assert len(about) == 1 and "terms.exit" not in about[0]


def test_changes_are_as_sure_together_as_is_said(crossed):
    """Many comparisons make each interval wider than one of 95% would be."""
    from experiments.estimates import ERROR, mean_of
    from experiments.reports.effects import comparisons, effects_of, series_of
    from experiments.studies.store import open_study

    study = open_study(crossed)
    policy = next(e for e in effects_of(study) if e.factor.name == "policy")
    count = comparisons(study, series_of(study))
    # of each of 3 outcomes: 3 pairs of policies, twice more at one value of terms.exit, and 1
    assert count == 3 * (3 * (1 + 2) + 1)
    held = study.points["policy"].to_numpy()
    values = policy.series.values
    apart = values[held == "set-up-grants"].mean(axis=0) - values[held == "base"].mean(axis=0)
    assert policy.pairs[0].change == mean_of(apart, error=ERROR / count)
    assert f"{count} comparisons share" in contents_of(crossed).basis


def test_a_table_has_what_is_decided_by_what_nobody_knows(crossed):
    found = table(contents_of(crossed), "The same at each level of the others: Net saving since")
    assert [row[0] for row in found.rows] == ["terms.exit: 10%", "terms.exit: 40%"]
    assert [heading for heading, _ in found.columns][1:] == [
        "set up grants less the scenario as it is", "free tax less the scenario as it is",
        "free tax less set up grants",
    ]  # fmt: skip


def test_a_lever_of_one_value_is_not_said_to_be_varied(crossed):
    contents = contents_of(crossed)
    varied = [row[0] for row in table(contents, "What was varied").rows]
    assert varied == ["terms.exit", "policy"]
    fixed = table(contents, "What the plan sets in every run").rows
    assert [row[0] for row in fixed] == ["grants.exit_required"]
    assert fixed[0][3] == "no from 1 April 2010"
    assert "exit_required" not in contents.question


def test_a_net_saving_is_told_from_what_the_public_gains(granted):
    from experiments.studies.store import open_study

    contents = contents_of(granted)
    runs = open_study(granted).runs
    public = runs["difference_public_net"]
    cells = table(contents, "What the policy changes at each level").rows[0]
    assert cells[2].startswith(f"{number(float(public[runs['point'] == 0].mean()))} ")
    assert any(text.startswith("Does the policy pay for itself?") for text in contents.answer)
    laid = next(each for each in contents.assumed if each.title == "The policies").rows
    assert [name for name, _ in laid] == ["Set-up grants from 2010 (set-up-grants)"]
    assert "From 1 April 2010" in laid[0][1] and "From 1 April 2011" in laid[0][1]
    assert "(grants.setup_pot): 2 million pounds a year; before: 0.25 million" in laid[0][1]


def test_a_report_tells_the_scenario_that_was_run_not_its_file_of_today(tmp_path):
    from experiments.studies.sweep import sweep

    text = 'title = "{}"\nbase = "norfolk-seven"\n[talks]\npace = {}\n'
    (tmp_path / "mine.toml").write_text(text.format("Then", 0.7), encoding="utf-8")
    plan = GRID.format(title="a", replicates=2, outcomes='"formed"', more=POLICIES)
    plan = plan.replace('"norfolk"', '"mine.toml"')
    (tmp_path / "plan.toml").write_text(plan, encoding="utf-8")
    sweep(tmp_path / "plan.toml", out=tmp_path / "study")
    (tmp_path / "mine.toml").write_text(text.format("Now", 0.9), encoding="utf-8")
    contents = contents_of(tmp_path / "study")
    assert "“Then”" in contents.question
    row = next(r for each in contents.assumed for r in each.rows if r[0] == "talks.pace")
    assert row[1] == "0.7"
    (tmp_path / "mine.toml").unlink()
    assert contents_of(tmp_path / "study") == contents


def test_a_failed_run_costs_its_replicate_and_nothing_else(crossed, monkeypatch):
    from experiments.reports import effects
    from experiments.studies.store import open_study

    study = open_study(crossed)
    whole = effects._wide

    def broken(study, runs, column):
        values = whole(study, runs, column).copy()
        values[0, 3] = np.nan  # base, terms.exit 0.1
        return values

    monkeypatch.setattr(effects, "_wide", broken)
    policy = next(e for e in effects.effects_of(study) if e.factor.name == "policy")
    assert [pair.runs for pair in policy.pairs] == [7, 7, 8]
    assert all(np.isfinite(pair.change).all() for pair in policy.pairs)
    said = table(contents_of(crossed), "What changes: Net saving since").note
    assert "7 of 8 are left at least" in said


def test_the_command_is_made_of_what_the_study_is_now(crossed, tmp_path):
    from experiments.reports.again import of_study
    from experiments.studies.merging import merge
    from experiments.studies.store import open_study
    from experiments.studies.sweep import sweep

    plan = crossed.parent / "crossed.toml"
    again = "councils sweep crossed.toml --replicates 8"
    commands, note = of_study(open_study(crossed), analysed=True)
    assert commands == [again, "councils sensitivity crossed.toml"]
    assert "from Python" in note and "bit for bit" in note
    grown = sweep(plan, out=tmp_path / "grown", replicates=2)
    shards = [sweep(plan, out=tmp_path / f"{k}", replicates=2, shard=(k, 2)) for k in (1, 2)]
    assert of_study(shards[0], analysed=False)[0][0].endswith("--replicates 2 --shard 1/2")
    joined = merge([each.folder for each in shards], tmp_path / "joined")
    assert of_study(joined, analysed=False)[0] == ["councils sweep crossed.toml --replicates 2"]
    grown = sweep(plan, out=tmp_path / "grown", replicates=3, extend=True)
    made = grown.record.made | {"command": "councils sweep plans/crossed.toml --out here"}
    begun = grown._replace(record=grown.record._replace(made=made))
    commands, note = of_study(begun, analysed=False)
    assert commands == ["councils sweep plans/crossed.toml --replicates 3"]
    assert "Python" not in note


def test_a_share_of_a_study_and_going_on_anyway_are_said_first(crossed, tmp_path):
    from experiments.studies.store import write_study
    from experiments.studies.sweep import sweep

    study = sweep(crossed.parent / "crossed.toml", out=tmp_path / "1", shard=(1, 3))
    contents = contents_of(study.folder)
    assert "share 1 of 3" in contents.cautions[0] and "16 of 48 runs" in contents.cautions[0]
    assert contents.answer == ["A share of a study has no answer of its own."]
    assert "share 1 of 3" in contents.basis
    note = {"changed": ["numpy (1 then, 2 now)"], "before": {}, "command": ""}
    made = study.record.made | {"anyway": [note]}
    write_study(study._replace(record=study.record._replace(made=made)))
    contents = contents_of(study.folder)
    assert "numpy (1 then, 2 now)" in contents.cautions[1]
    assert "bit for bit" not in contents.again
    page = report(study.folder).file.read_text(encoding="utf-8")
    assert page.index("Read this first") < page.index("The question")


def test_a_report_without_one_of_its_figures_is_refused(tmp_path):
    from experiments.reports.panels import illustrate_sensitivity
    from experiments.sensitivity.analysis import analyse, store
    from experiments.studies.store import open_study

    folder = planned(tmp_path, "small", POLICIES, '"formed"', replicates=20)
    study = open_study(folder)
    analyses = analyse(study)
    store(study, analyses, partial(illustrate_sensitivity, study, analyses))
    drawn = folder / "sensitivity" / "figures" / "luck.png"
    assert report(folder).file.is_file()
    data = drawn.read_bytes()
    for spoil in (drawn.unlink, lambda: drawn.write_bytes(data[:3000])):
        spoil()
        with pytest.raises(InputError, match=r"luck\.png'.*damaged"):
            report(folder, force=True)
    drawn.write_bytes(data)
    (folder / "sensitivity" / "figures" / "convergence_formed.svg").unlink()
    with pytest.raises(InputError, match=r"convergence_formed\.svg"):
        report(folder, force=True)


def test_a_number_that_lies_outside_its_own_range_says_so(tmp_path):
    from experiments.studies.sweep import sweep

    text = 'base = "norfolk-seven"\n[culture]\nattention_low = 4.0\n'
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    plan = GRID.format(title="a", replicates=2, outcomes='"formed"', more=POLICIES)
    (tmp_path / "plan.toml").write_text(plan.replace('"norfolk"', '"mine.toml"'), encoding="utf-8")
    sweep(tmp_path / "plan.toml", out=tmp_path / "study")
    log = contents_of(tmp_path / "study").assumed[0]
    row = next(row for row in log.rows if row[0] == "culture.attention_low")
    assert row[1] == "4, outside its range" and row[3] == "1 to 3"
    assert log.note.startswith("1 of these")


def test_all_assumptions_are_on_paper_too(crossed, tmp_path):
    copy = shutil.copytree(crossed, tmp_path / "copy")
    page = report(copy).file.read_text(encoding="utf-8")
    assert "<details" not in page and 'class="small screen"' not in page
    assert page.index("What this cannot tell you") < page.index(">search.rumour<")
    assert 'href="#defaults"' in page and 'id="defaults"' in page


def test_words_of_the_trade_are_left_out(crossed):
    contents = contents_of(crossed)
    said = " ".join([contents.basis, *contents.answer, *(t.title for t in contents.tables)])
    assert "grid design" not in said and " = 0" not in said
    assert "(a loss)" in " ".join(c for t in contents.tables for row in t.rows for c in row)
    figure = next(p for p in contents.pictures if p.name == "levels_net_saving")
    assert "free tax less set up grants" in figure.alt  # changes, not means


@pytest.mark.parametrize(
    ("value", "shown"),
    [(12345.6, "12,346"), (12.34, "12.3"), (0.5, "0.50"), (0.0123, "0.012"),
     (-0.000456, "-0.00046"), (0.0, "0"), (-1e-12, "0"), (0.999, "1.00"), (float("nan"), "-")],
)  # fmt: skip
def test_small_numbers_keep_the_digits_that_say_something(value, shown):
    assert number(value) == shown


def test_a_unit_that_is_a_scale_can_follow_a_number():
    assert unit_words("0 to 1") == "points (on a scale of 0 to 1)"
    assert unit_words("million pounds") == "million pounds"


def test_which_way_a_number_pushes_is_told_and_ties_are_named_together(tmp_path):
    from experiments.sensitivity.findings import index_table, ranking
    from experiments.studies.sweep import sweep

    text = GRID.format(title="lines", replicates=4, outcomes='"talks_begun"', more=(
        "points = 40\n[uncertainties]\n"
        '"search.base_service" = { low = 0.0, high = 0.9 }\n"talks.leak" = {}\n'
    )).replace('"grid"', '"latin"').replace('"norfolk"', '"norfolk-seven"')  # fmt: skip
    (tmp_path / "lines.toml").write_text(text, encoding="utf-8")
    contents = contents_of(sweep(tmp_path / "lines.toml", out=tmp_path / "lines").folder)
    assert contents.answer == [
        "Talks begun since the start: search.base_service, more of it gives more."
    ]
    rows = {row[0]: row[2] for row in table(contents, "Which way each number pushes").rows}
    assert rows == {
        "search.base_service": "more of it gives more", "talks.leak": "which way is not clear",
    }  # fmt: skip
    some = {"value": 0.5, "low": 0.4, "high": 0.6}
    factors = [
        {"factor": name, "rank": rank, "told_apart_from_noise": rank is not None, "total": some}
        for name, rank in (("a.a", 1), ("b.b", 1), ("c.c", 3), ("d.d", None))
    ]
    each = {"title": "T", "difference": False, "luck": None, "refused": "", "factors": factors,
            "dummy": {"total": some}, "method": "saltelli"}  # fmt: skip
    (said,) = ranking(each, {"c.c": "more of it gives less"})
    assert "1. a.a, b.b (no order among these can be told); 3. c.c, more of it gives less;" in said
    assert said.count("1.") == 1
    assert index_table(each, {"c.c": "less"}).rows[2][2] == "less"


def test_a_table_of_points_has_a_row_a_point(tmp_path):
    from experiments.studies.sweep import sweep

    (tmp_path / "rows.csv").write_text("talks.pace,talks.leak\n0.7,0.2\n0.8,0.3\n", "utf-8")
    text = GRID.format(title="rows", replicates=3, outcomes='"formed"', more=(
        'table = "rows.csv"\n[uncertainties]\n"talks.pace" = {}\n"talks.leak" = {}\n'
    )).replace('"grid"', '"table"').replace('"norfolk"', '"norfolk-seven"')  # fmt: skip
    (tmp_path / "rows.toml").write_text(text, encoding="utf-8")
    study = sweep(tmp_path / "rows.toml", out=tmp_path / "rows")
    rows = table(contents_of(study.folder), "Point by point").rows
    mean = study.runs.groupby("point")["formed"].mean()
    assert [row[:3] for row in rows] == [["0", "70%", "20%"], ["1", "80%", "30%"]]
    assert all(re.match(re.escape(number(float(mean[k]))), rows[k][3]) for k in (0, 1))
