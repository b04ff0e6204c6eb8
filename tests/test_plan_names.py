"""A plan goes by name and over any scenario; each mistake is answered with what works."""

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from asking import at_once

import experiments.commands.answers
import experiments.commands.kept
import experiments.commands.listings
import experiments.commands.runs
import experiments.commands.studies
import experiments.sensitivity.analysis
from experiments.reports.report import contents_of
from experiments.sensitivity.analysis import analyse, store
from experiments.studies.finding import PLANS, shipped_plans
from experiments.studies.notes import notes_on
from experiments.studies.policies import under_policy
from experiments.studies.reading import read_plan
from experiments.studies.store import open_study, write_study
from experiments.studies.sweep import sweep
from sim.declared.scenario import load, shipped
from sim.errors import InputError

SMALL = """\
scenario = "norfolk-seven"
quarters = 4
replicates = 2
outcomes = ["formed"]
[design]
kind = "grid"
levels = 2
[uncertainties]
"talks.pace" = {}
"""
TRIED = ("--dry-run", "--replicates", "2")
NEEDS_ITS_OWN = ("one-or-three",)
"""Plans that name councils, which are in few scenarios only."""


@pytest.fixture
def here(tmp_path):
    (tmp_path / "plan.toml").write_text(SMALL)
    (tmp_path / "mine.toml").write_text('base = "norfolk-seven"\nquarters = 4\n')
    return tmp_path


def refused(folder, *words):
    status, out, err = at_once(folder, *words)
    *notes, said = err.splitlines(keepends=True)
    assert (status, out) == (2, "") and said.startswith("Error: ")
    assert all(note.startswith("Note on ") for note in notes)
    return said


# --- by name, over any scenario -------------------------------------------------------------------


@pytest.mark.parametrize("name", shipped_plans())
def test_a_plan_of_the_project_is_named_without_a_path(name):
    assert read_plan(name) == read_plan(PLANS / f"{name}.toml")


def test_the_plans_of_the_project_are_listed(tmp_path):
    status, out, _ = at_once(tmp_path, "plans")
    assert status == 0 and all(name in out for name in shipped_plans())


def test_a_scenario_that_only_a_plan_has_is_listed_as_such_with_how_to_run_it(tmp_path):
    told = at_once(tmp_path, "plans")[1]
    run = shlex.split(re.search(r"By itself:\s+(councils run .+)", told)[1])
    assert "county *" in told
    assert at_once(tmp_path, *run[1:], "--runs", "1", "--quarters", "1", "--no-figures")[0] == 0
    own = {row["name"]: row["scenario_file"] for row in json.loads(
        at_once(tmp_path, "plans", "--json")[1])}  # fmt: skip
    assert own.pop("one-or-three") == run[-1] and not any(own.values())


@pytest.mark.parametrize("scenario", [*shipped(), "mine.toml"])
@pytest.mark.parametrize("name", [name for name in shipped_plans() if name not in NEEDS_ITS_OWN])
def test_a_plan_can_be_laid_over_any_scenario(here, monkeypatch, name, scenario):
    monkeypatch.chdir(here)
    (here / "mine.toml").write_text(
        'base = "norfolk"\n[[change]]\nwhen = 2012-04-01\nset = { "grants.setup_pot" = 0.1 }\n'
    )
    plan = read_plan(name, scenario=scenario)
    own = read_plan(name)
    assert [factor.values for factor in plan.factors] == [f.values for f in own.factors]
    for factor in plan.factors:
        if factor.role == "lever" and factor.name != "policy":
            assert factor.since is None or all(
                factor.name not in change.set or change.when <= factor.since
                for change in load(scenario).change
            )
    assert plan.name == f"{name}-on-{Path(scenario).stem}"
    assert f"“{Path(scenario).stem}”" in plan.about


def test_a_lever_that_the_scenario_sets_later_holds_from_then_on_and_that_is_told():
    plan = read_plan("how-much-grant", scenario="norfolk")
    pot = next(factor for factor in plan.factors if factor.name == "grants.setup_pot")
    days = [c.when for c in load("norfolk").change if "grants.setup_pot" in c.set]
    assert pot.since == max(days)
    assert any(f"hold from {pot.since} on" in note for note in notes_on(plan))


def test_a_plan_that_itself_names_such_a_scenario_is_still_refused(here):
    text = SMALL.replace('"norfolk-seven"\nquarters = 4', '"norfolk"').partition("[unc")[0]
    (here / "plan.toml").write_text(
        text + '[levers]\n"grants.setup_pot" = { values = [0.0, 1.0] }\n'
    )
    assert "would not be in force" in refused(here, "sweep", "plan.toml")


@pytest.mark.parametrize("scenario", ["norfolk-seven", "synthetic", "england-districts"])
def test_a_plan_that_names_councils_which_are_not_there_says_so_before_anything_runs(
    tmp_path, scenario
):
    words = ("sweep", "one-or-three", "--scenario", scenario, "--out", "s")
    told = refused(tmp_path, *words)
    assert told.startswith(
        f"Error: the plan 'one-or-three' cannot be laid over the scenario '{scenario}': "
    )
    assert "unknown council" in told and "leave --scenario out" in told
    assert not list(tmp_path.iterdir())
    if scenario == "synthetic":  # left out, it runs
        assert at_once(tmp_path, "sweep", "one-or-three", *TRIED)[0] == 0


def test_what_is_laid_over_another_scenario_runs_goes_on_and_is_reported(here):
    words = ("reorganisation-early-or-late", "--scenario", "norfolk-seven", "--replicates", "2")
    assert at_once(here, "sensitivity", *words, "--out", "s")[0] == 0
    study = open_study(here / "s")
    assert study.plan.scenario == "norfolk-seven" and study.plan.written == "norfolk"
    status, out, _ = at_once(here, "sweep", *words, "--out", "s")
    assert status == 0 and "were not run again" in out
    assert at_once(here, "verify", "s", "--sample", "3")[0] == 0
    assert at_once(here, "report", "s", "-o", "page.html")[0] == 0
    page = (here / "page.html").read_text(encoding="utf-8")
    again = re.search(r"councils sweep [a-z-]+ --scenario norfolk-seven --replicates 2", page)
    assert again
    assert at_once(here, *shlex.split(again[0])[1:], "--out", "t")[0] == 0
    assert open_study(here / "t").bits == study.bits


# --- what is noted --------------------------------------------------------------------------------


def test_a_policy_is_noted_as_it_is_laid_over_the_plans_scenario(here):
    """Its own base leaves the grant alone; the plan's scenario takes it back a year later."""
    (here / "giving.toml").write_text(
        'base = "england-districts"\n'
        '[[change]]\nwhen = 2010-04-01\nset = { "grants.setup_pot" = 2.0 }\n'
    )
    plan = SMALL.replace('"norfolk-seven"\nquarters = 4', '"norfolk"\nquarters = 20')
    plan += '[levers]\npolicy = { values = ["base", "giving.toml"] }\n'
    (here / "plan.toml").write_text(plan)
    _, _, err = at_once(here, "sweep", "plan.toml", "--dry-run")
    assert err.startswith("Note on giving: grants.setup_pot is 2.0 from 2010-04-01 only until 20")
    over = ("--scenario", "synthetic")
    assert "Note on giving" not in at_once(here, "sweep", "plan.toml", "--dry-run", *over)[2]


def test_what_is_true_of_the_scenario_alone_is_noted_once(here):
    (here / "mine.toml").write_text('base = "norfolk-seven"\nquarters = 4\n[talks]\nleak = 0.1\n')
    plan = SMALL.replace('"norfolk-seven"', '"mine.toml"')
    plan += '[levers]\npolicy = { values = ["base", "match-making"] }\n'
    (here / "plan.toml").write_text(plan)
    _, _, err = at_once(here, "sweep", "plan.toml", "--dry-run")
    assert err.count("talks.leak is 0.1, outside its plausible range") == 1
    assert "Note on mine:" in err


def test_a_policy_without_a_title_is_called_by_its_file(here):
    (here / "giving.toml").write_text('base = "norfolk"\n[grants]\nsetup_pot = 2.0\n')
    plan = SMALL + '[levers]\npolicy = { values = ["base", "giving.toml", "set-up-grants"] }\n'
    (here / "plan.toml").write_text(plan)
    read = read_plan(here / "plan.toml")
    laid, known = (under_policy(read, policy) for policy in ("giving.toml", "set-up-grants"))
    assert (laid.name, laid.title) == ("giving", "")
    assert (known.name, known.title) == ("set-up-grants", "Set-up grants from 2010")
    assert laid.about == ""
    assert at_once(here, "sweep", "plan.toml", "--out", "s")[0] == 0
    assert at_once(here, "report", "s", "-o", "page.html")[0] == 0
    page = (here / "page.html").read_text(encoding="utf-8")
    assert ">giving</td>" in page and "Set-up grants from 2010 (set-up-grants)" in page


# --- mistakes, each answered with what works ------------------------------------------------------


def test_an_unknown_plan_is_answered_with_the_nearest(here):
    meant_by = {"how-much-grants": "how-much-grant", "plan": "plan.toml",
                "norfolk-stroy": "norfolk-story", "plam.toml": "plan.toml"}  # fmt: skip
    for given, meant in meant_by.items():
        told = refused(here, "sweep", given)
        assert f"did you mean '{meant}'" in told
        assert read_plan(here / meant if meant.endswith(".toml") else meant).factors
    told = refused(here, "sensitivity", "how-much-grant.toml")
    assert told.rstrip().endswith("is called how-much-grant")
    told = refused(here, "sweep", str(here / "elsewhere" / "how-much-grant.toml"))
    assert "is called how-much-grant" in told
    assert "ends in .toml" in refused(here, "sweep", _text_file(here))


def _text_file(folder):
    shutil.copy(folder / "plan.toml", folder / "plan.txt")
    return "plan.txt"


@pytest.mark.parametrize("given", ["mine.toml", "norfolk-seven"])
def test_a_scenario_given_as_a_plan_is_answered_with_what_can_be_done_with_it(here, given):
    told = refused(here, "sweep", given)
    assert f"'{given}' is a scenario and no plan" in told
    ran = re.search(r"(councils run \S+) runs it", told)[1]
    assert at_once(here, *shlex.split(ran)[1:], "--runs", "2", "--quarters", "2")[0] == 0
    (written,) = re.findall(r'scenario = "[^"]+"', told)
    (here / "plan.toml").write_text(SMALL.replace('scenario = "norfolk-seven"', written))
    assert at_once(here, "sweep", "plan.toml", *TRIED)[0] == 0
    laid = re.search(r"councils sweep \S+ --scenario \S+", told)[0]
    assert at_once(here, *shlex.split(laid)[1:], *TRIED)[0] == 0


@pytest.mark.parametrize("command", ["sweep", "sensitivity"])
def test_a_plan_of_a_pattern_or_of_nothing_is_one_error_that_names_no_other_command(here, command):
    for given in ("**", "[", "nosuch", "a/../**"):
        told = refused(here, command, given)
        assert f"there is no plan '{given}'" in told and "councils sweep" not in told
        assert ("the folder of a finished study" in told) is (command == "sensitivity")
    assert "the plan has no name" in refused(here, command, "")


def test_a_mistake_of_the_plan_itself_is_no_fault_of_the_scenario_it_is_laid_over(here):
    (here / "plan.toml").write_text(SMALL.replace('["formed"]', '["net_savng"]'))
    told = refused(here, "sweep", "plan.toml", "--scenario", "synthetic")
    assert "'net_savng' is no measure: did you mean 'net_saving'?" in told
    assert "cannot be laid over" not in told and "?." not in told
    (here / "plan.toml").write_text(SMALL.replace("talks.pace", "talks.pase"))
    told = refused(here, "sweep", "plan.toml", "--scenario", "synthetic")
    assert "did you mean 'talks.pace'" in told and "cannot be laid over" not in told


def test_a_folder_of_results_given_as_a_plan_is_answered_with_what_shows_it(here):
    assert at_once(here, "sweep", "plan.toml", "--out", "s")[0] == 0
    told = refused(here, "sweep", "s")
    assert "'s' holds a study and is no plan" in told
    shown, checked = re.findall(r"councils (?:report|verify) \S+", told)
    assert at_once(here, *shown.split()[1:])[0] == 0
    assert at_once(here, *checked.split()[1:], "--sample", "2")[0] == 0
    assert "give its plan (plan) and --out s" in told
    assert at_once(here, "sensitivity", "plan.toml", "--out", "s")[0] == 0
    assert "such as plan.toml" in refused(here, "sweep", ".").replace("mine.toml", "plan.toml")


def test_what_is_no_finished_study_is_answered_with_what_sensitivity_takes(here):
    assert at_once(here, "run", "norfolk-seven", "--runs", "2", "--quarters", "2", "--no-figures",
                   "--out", "ran")[0] == 0  # fmt: skip
    (here / "empty").mkdir()
    takes = "a plan (councils plans lists those of the project) or the folder of a finished study"
    assert takes in refused(here, "sensitivity", "empty")
    assert "in it is plan.toml" in refused(here, "sensitivity", ".").replace("mine", "plan")
    told = refused(here, "sensitivity", "ran")
    assert "holds a result of councils run and no study" in told and takes in told
    assert "give 'ran'" in refused(here, "sensitivity", "ran/record.json")
    assert "near it: ran" in refused(here, "sensitivity", "rum")


def test_a_share_of_a_study_is_told_from_the_whole_and_says_how_it_is_joined(here):
    for k in (1, 2):
        words = ("sweep", "plan.toml", "--shard", f"{k}/2", "--out", str(k))
        status, out, _ = at_once(here, *words)
        assert status == 0 and f"share {k} of 2 and tells nothing of the whole" in out
        assert json.loads(at_once(here, *words, "--json")[1])["shard"] == [k, 2]
    told = refused(here, "sensitivity", "1")
    assert "'1' is share 1 of 2" in told and "councils merge 1 OTHERS... --out WHOLE" in told
    with pytest.raises(InputError, match="is share 1 of 2"):
        analyse(open_study(here / "1"))
    assert at_once(here, "merge", "1", "2", "--out", "both")[0] == 0
    assert at_once(here, "sensitivity", "both")[0] == 0
    alone = at_once(here, "sweep", "plan.toml", "--shard", "1/1", "--out", "alone")
    assert alone[0] == 0 and "share" not in alone[1]
    assert at_once(here, "sensitivity", "alone")[0] == 0


def test_what_an_earlier_version_found_in_a_share_is_in_no_report(here, monkeypatch):
    """Then a share was analysed as if it were the whole."""
    share = sweep(here / "plan.toml", out=here / "1", shard=(1, 2))
    with monkeypatch.context() as before:
        before.setattr(experiments.sensitivity.analysis, "check_no_share", lambda study: None)
        store(share, analyse(share))
    assert contents_of(here / "1").kind == "a study"


def test_an_unfinished_study_is_answered_with_the_command_that_goes_on_with_it(here):
    words = ("sweep", "plan.toml", "--shard", "1/2", "--ensemble", "calibrated", "--out", "1")
    assert at_once(here, *words)[0] == 0
    typed = open_study(here / "1")
    made = typed.record.made | {"command": shlex.join(["councils", *words])}
    write_study(typed._replace(record=typed.record._replace(made=made)))
    told = at_once(here, "merge", "1", "1", "--out", "half")[1]
    go_on = "councils sweep plan.toml --ensemble calibrated --replicates 2 --out half"
    assert f"still to be done: {go_on}" in told
    told = refused(here, "sensitivity", "half")
    assert f"'half' is not finished: go on with {go_on}; then councils sensitivity half" in told
    assert at_once(here, *go_on.split()[1:])[0] == 0
    assert at_once(here, "sensitivity", "half")[0] == 0
    (here / "half" / "runs.parquet").unlink()
    assert f"{go_on} makes it again" in refused(here, "sensitivity", "half")


FACTORS = {
    # what is wrong in the plan, what is told, and what is written in its place
    '"talks.pase" = {}': ("did you mean 'talks.pace'", '"talks.pace" = {}'),
    '"talks.pace" = { low = 0.8, high = 0.5 }': (
        "low must lie below high", '"talks.pace" = { low = 0.5, high = 0.8 }'),
    '"talks.pace" = { low = 0.5, high = 0.5 }': (
        "values = [0.5]", '"talks.pace" = { values = [0.5] }'),
    '"talks.pace" = { low = -1, high = 0.5 }': (
        "talks.pace: it must be", '"talks.pace" = { low = 0.1, high = 0.5 }'),
    '"talks.pace" = { values = [] }': ("at least one", '"talks.pace" = { values = [0.5] }'),
    '"talks.study_reference" = {}': (
        "give low and high, or values", '"talks.study_reference" = { low = 0.5, high = 1 }'),
}  # fmt: skip


@pytest.mark.parametrize("wrong", FACTORS)
@pytest.mark.parametrize("command", ["sweep", "sensitivity"])
def test_a_factor_with_a_mistake_is_answered_with_what_works(here, wrong, command):
    told, right = FACTORS[wrong]
    (here / "plan.toml").write_text(SMALL.replace('"talks.pace" = {}', wrong))
    assert told in refused(here, command, "plan.toml", "--out", "s")
    assert not (here / "s").exists()
    (here / "plan.toml").write_text(SMALL.replace('"talks.pace" = {}', right))
    assert at_once(here, command, "plan.toml", "--out", "s")[0] == 0


def test_an_unknown_outcome_is_answered_with_the_nearest(here):
    (here / "plan.toml").write_text(SMALL.replace('"formed"', '"fromed"'))
    assert "did you mean 'formed'" in refused(here, "sweep", "plan.toml")


def test_a_drawn_design_in_which_nothing_varies_is_answered_with_a_grid(here):
    one = SMALL.replace('"talks.pace" = {}', '"talks.pace" = { values = [0.5] }')
    drawn = one.replace('"grid"\nlevels = 2', '"saltelli"\npoints = 32')
    (here / "plan.toml").write_text(drawn)
    told = refused(here, "sensitivity", "plan.toml", "--out", "s")
    assert "each factor has one value" in told and 'kind = "grid" for this one point' in told
    (here / "plan.toml").write_text(one)
    assert at_once(here, "sweep", "plan.toml", "--out", "s")[0] == 0


def test_a_folder_that_holds_something_else_is_answered_with_another(here):
    (here / "taken").mkdir()
    (here / "taken" / "letter.txt").write_text("mine")
    for command in ("sweep", "sensitivity"):
        assert "name another folder with --out" in refused(here, command, "plan.toml", "--out",
                                                           "taken")  # fmt: skip
        assert at_once(here, command, "plan.toml", "--out", f"free-{command}")[0] == 0
    (here / "other.toml").write_text(SMALL.replace("talks.pace", "talks.leak"))
    told = refused(here, "sweep", "other.toml", "--out", "free-sweep")
    assert "holds another study" in told and "--out" in told
    told = refused(here, "merge", "free-sweep", "free-sensitivity", "--out", "free-sweep")
    assert "name another folder with --out" in told
    assert at_once(here, "merge", "free-sweep", "free-sensitivity", "--out", "both")[0] == 0


@pytest.mark.parametrize("command", [("verify",), ("report",), ("repeat", "--point", "0")])
def test_a_plan_given_in_place_of_its_study_is_answered_with_its_folder(here, command):
    told = refused(here, command[0], "plan.toml", *command[1:])
    assert "plan" in told
    told = refused(here, command[0], "nowhere", *command[1:])
    assert "give the folder of a result" in told
    assert at_once(here, "sweep", "plan.toml", "--out", "s")[0] == 0
    assert at_once(here, command[0], "s", *command[1:])[0] == 0
