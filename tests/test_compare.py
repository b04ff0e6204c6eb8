"""Two policies on the same luck: right at every look, the same however it is computed, and kept."""

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from experiments import ends
from experiments.commands import policies  # noqa: F401 (adds the commands)
from experiments.commands.app import app
from experiments.comparing import compare as comparing
from experiments.comparing.archive import Besides, asked, stored
from experiments.comparing.asking import ask
from experiments.comparing.compare import answer, compare, row_of
from experiments.comparing.pairing import paired
from experiments.comparing.sequences import BURN_IN, always_valid
from experiments.comparing.verdicts import settled, verdict, within
from experiments.ends import finals_of
from experiments.estimates import ERROR, Estimate, mean_of
from experiments.executors.ordered import Hands
from experiments.policies.finding import find_policy
from experiments.stored.belonging import DIFFERENCES
from experiments.stored.folder import RECORD
from experiments.stored.reading import read_record
from experiments.stored.tables import read_table
from experiments.words import number
from sim.declared.measures import MEASURES
from sim.errors import InputError
from sim.ready.kept import prepared
from sim.ready.varied import vary
from sim.ready.world import prepare
from sim.running import luck_of, run_arrays

REPETITIONS = 500
SHOCK = 0.1
# Three councils, no partnership of which could change what councils get or raise.
PLAIN = (
    '[settlement]\npath = "flat"\n[reorganisation]\nstance = "none"\n'
    "[places]\npartnerships = false\n"
)


@pytest.fixture(scope="module")
def seven():
    return find_policy("norfolk-seven").model_copy(update={"quarters": 8})


def changed(scenario, name, **values):
    numbers = {key.replace("__", "."): value for key, value in values.items()}
    return vary(prepare(scenario), numbers).scenario.model_copy(update={"name": name})


# --- right at every look --------------------------------------------------------------------------


def known_effect(country):
    """Return base and policy whose mean difference in budgets is known, though none is sure.

    Settlements of own tables deviate by chance; the shock adds a tenth of whatever they are.
    """
    base = country({}, {}, {}, text=PLAIN, quarters=5)
    income = 20.0 / (1.0 - base.parameters.costs.put_aside)  # of which the budget is spent
    grant = income - 50000 * 200 / 1e6  # less tax base times Band D
    return prepare(base), vary(prepare(base), {"settlement.shock": SHOCK}), 3 * SHOCK * grant


def no_effect(country):
    """Return two worlds of one law, whose councils have other codes and so luck of their own."""
    rows = [{"code": f"D{k}"} for k in range(3)]
    return (
        prepare(country({}, {}, {}, text=PLAIN, quarters=5)),
        prepare(country(*rows, text=PLAIN, quarters=5)),
        0.0,
    )


def share_wrong(values, truth, interval, looks):
    """Return in which share of the repetitions (rows) the interval was wrong at any look."""
    wrong = 0
    for row in values:
        found = (interval(row[:count]) for count in looks)
        wrong += any(not each.low <= truth <= each.high for each in found)
    return wrong / len(values)


@pytest.mark.parametrize("pair", [known_effect, no_effect])
def test_runs_of_the_engine_are_covered_at_every_look(country, pair):
    # Each repetition draws from 1,500 runs, whose own mean is what an interval has to hold.
    one, two, truth = pair(country)
    base, policy = (finals_of(each, 1, range(1500)) for each in (one, two))
    values = np.subtract(*paired(base, policy, "budget")[::-1])
    known = mean_of(values, error=0.001)
    assert known.low <= truth <= known.high
    assert np.std(values) > 0
    picks = np.random.Generator(np.random.Philox(1)).integers(len(values), size=(REPETITIONS, 800))
    looks = range(BURN_IN, 801, 25)
    assert share_wrong(values[picks], values.mean(), always_valid, looks) <= ERROR
    assert share_wrong(values[picks], values.mean(), mean_of, looks) > 3 * ERROR


@pytest.mark.slow
@pytest.mark.parametrize("pair", [known_effect, no_effect])
def test_fresh_runs_of_the_engine_are_covered_at_every_look(country, pair):
    one, two, truth = pair(country)
    count, looks = 300, range(BURN_IN, 301, 10)
    wrong = {always_valid: 0.0, mean_of: 0.0}
    for repetition in range(REPETITIONS):
        span = range(repetition * count, (repetition + 1) * count)
        base, policy = (finals_of(each, 2, span) for each in (one, two))
        values = np.subtract(*paired(base, policy, "budget")[::-1])
        for interval in wrong:
            wrong[interval] += share_wrong([values], truth, interval, looks) / REPETITIONS
    assert wrong[always_valid] <= ERROR
    assert wrong[mean_of] > 2 * ERROR


# --- when it stops and what it says ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "stops", "says"),
    [
        (-0.2, 0.2, True, "no difference that matters"),
        (0.1, 0.4, True, "no difference that matters"),
        (0.8, 1.2, True, "higher"),
        (-1.2, -0.8, True, "lower"),
        (0.2, 1.1, True, "higher"),
        (1.1, 9.0, True, "higher"),
        (0.2, 1.9, False, "higher"),
        (-1.9, -0.2, False, "lower"),
        (-0.5, 1.5, False, "cannot tell"),
        (-np.inf, np.inf, False, "cannot tell"),
    ],
)
def test_it_stops_when_it_is_clear_and_says_what_the_interval_says(low, high, stops, says):
    found = Estimate(0.0 if np.isinf(low) else (low + high) / 2, low, high)
    assert settled(found, 1.0) == stops
    assert verdict(found, np.arange(-100.0, 100.0), 1.0) == says
    assert within(found, 1.0) == (says == "no difference that matters")


def test_a_clear_difference_ends_it_early_and_the_row_says_all(seven):
    keen = changed(seven, "keen", search__base_service=0.5)
    result = compare(seven, keen, outcome="services", matters=0.4, budget=400, ensemble=None)
    (row,) = result.rows
    values = result.differences["services"].to_numpy()
    found = always_valid(values)
    assert row["verdict"] == "higher"
    assert row["replicates"] == len(values) < 400
    assert (row["difference"], row["low"], row["high"]) == found
    assert row["higher"] == np.mean(values > 0) > row["lower"]
    a, b = (result.finals[name]["services"] for name in (seven.name, "keen"))
    expected = len(a) * (a.var() + b.var()) / values.var()
    assert row["independent"] == pytest.approx(expected)
    assert row["correlation"] == pytest.approx(np.corrcoef(a, b)[0, 1])
    assert "higher by" in row["in_words"]


def test_it_stops_at_the_first_look_from_the_hundredth_replicate_on(seven):
    keen = changed(seven, "keen", search__base_service=0.5)
    for block, last in ((50, 100), (30, 120), (100, 100)):
        found = compare(seven, keen, outcome="services", matters=50, block=block, ensemble=None)
        assert found.rows[0]["replicates"] == len(found.finals["keen"]) == last
        assert found.question.block == block and found.question.seed == 1


def test_whoever_watches_is_told_how_many_replicates_are_done(seven):
    keen = changed(seven, "keen", search__base_service=0.5)
    told = []
    question = ask(seven, [keen], "services", 50.0, block=60)
    answer(question, watch=lambda *words: told.append(words))
    assert told == [("Comparing", 60), ("Comparing", 120)]


def test_it_stops_by_the_interval_that_it_shows(seven):
    """With the error shared out over all three pairs, of policy less base."""
    both = [changed(seven, f"keen{k}", search__base_service=k) for k in (0.3, 0.5)]
    question = ask(seven, both, "services", 50.0, budget=BURN_IN)
    found = answer(question)
    for row, policy in zip(found.rows, both, strict=True):
        shown = comparing._interval(question, found.finals, policy.name)
        assert (row["difference"], row["low"], row["high"]) == shown
        values = found.differences.query("policy == @policy.name")["services"].to_numpy()
        assert shown == always_valid(values, error=0.05 / 3) != always_valid(values)


def test_the_differences_are_those_of_the_same_luck(seven):
    rich = changed(seven, "rich", settlement__shock=0.2)
    result = compare(
        seven, rich, outcome="budget", matters=1e-6, budget=BURN_IN, seed=9, ensemble=None
    )
    frame = result.differences
    assert list(frame["replicate"]) == list(range(BURN_IN))
    assert {measure.name for measure in MEASURES} <= set(frame.columns)
    ends = [
        run_arrays(prepare(each), luck=luck_of(9, 7)).record[-1]["reserves"]
        for each in (seven, rich)
    ]
    assert frame["reserves"][7] == ends[1] - ends[0]


def test_a_policy_that_does_nothing_is_no_difference_but_what_is_rare_is_not_denied(seven):
    idle = changed(seven, "idle", tax__open_limit=0.06)
    (row,) = compare(seven, idle, outcome="net_saving", matters=0.1, budget=150, ensemble=None).rows
    assert row["verdict"] == "no difference that matters"
    assert row["equal"] == 1.0
    assert row["replicates"] == 150
    assert np.isinf(row["high"])
    assert "moved not one bit of any measure in 150 replicates" in row["in_words"]
    assert "fewer than one of 50 may have been missed" in row["in_words"]


def test_the_budget_ends_it_and_it_says_that_it_cannot_tell(seven):
    other = changed(seven, "other", search__chance=1.3)
    (row,) = compare(
        seven, other, outcome="net_saving", matters=1e-6, budget=120, block=40, ensemble=None
    ).rows
    assert row["replicates"] == 120
    assert row["verdict"] == "cannot tell"
    assert "cannot tell the two apart in 120 replicates" in row["in_words"]


def test_several_policies_share_the_error_and_each_stops_by_itself(seven):
    keen = changed(seven, "keen", search__base_service=0.5)
    slow = changed(seven, "slow", talks__pace_service=0.3)
    one = compare(seven, keen, outcome="services", matters=0.4, budget=300, ensemble=None)
    both = compare(seven, keen, slow, outcome="services", matters=0.4, budget=300, ensemble=None)
    assert both.question.error == ERROR / 3  # base and keen, base and slow, keen and slow
    wide, narrow = both.rows[0], one.rows[0]
    assert wide["replicates"] >= narrow["replicates"]
    values = both.differences.query("policy == 'keen'")["services"].to_numpy()
    assert (wide["difference"], wide["low"], wide["high"]) == always_valid(values, error=ERROR / 3)
    assert both.table["policy"].tolist() == ["keen", "slow"]
    assert both.table["verdict"].tolist() == ["higher", "lower"]
    assert both.differences.groupby("policy").size()["slow"] == both.rows[1]["replicates"]


def test_outcomes_without_a_value_are_left_out_and_counted(seven):
    question = ask(seven, [changed(seven, "rich", settlement__shock=0.2)], "budget", 1.0)
    finals = {each: finals_of(prepared(seven), 1, range(4)) for each in (seven.name, "rich")}
    finals["rich"]["budget"] += [1.0, 2.0, np.nan, 6.0]
    row = row_of(question, finals, question.policies[0])
    assert (row["without_value"], row["replicates"], row["difference"]) == (1, 4, 3.0)


# --- the same however it is computed --------------------------------------------------------------


def test_neither_workers_nor_blocks_change_what_was_run(seven):
    rich = changed(seven, "rich", settlement__shock=0.2)
    grants = changed(seven, "grants", grants__setup_pot=2.0)

    def run(**how):
        return compare(
            seven, rich, grants, outcome="net_saving", matters=0.6, budget=240, **how, ensemble=None
        )

    alone, many = run(), run(workers=2)
    assert json.dumps(alone.rows) == json.dumps(many.rows)
    pd.testing.assert_frame_equal(alone.differences, many.differences)
    whole = run(block=240)
    fewer = run(block=60)
    for name, records in fewer.finals.items():
        assert records.tobytes() == whole.finals[name][: len(records)].tobytes()
    # Blocks that lead to a look at the same counts lead to the same answer.
    assert run(block=10**6).rows == whole.rows


def test_a_run_that_raises_has_no_value_and_is_named(tmp_path, monkeypatch):
    """One run in a hundred is made to fail, under the policy only."""
    true = ends.measured

    def faulty(ready, *, luck, **how):
        if ready.scenario.name == "set-up-grants" and luck == luck_of(1, 41):
            raise ValueError("planted")
        return true(ready, luck=luck, **how)

    monkeypatch.setattr(ends, "measured", faulty)
    monkeypatch.chdir(tmp_path)
    words = ["norfolk", "set-up-grants", "--outcome", "budget", "--matters", "99",
             "--ensemble", "none"]  # fmt: skip
    found = CliRunner().invoke(app, ["compare", *words, "--budget", "100", "--out", "c"])
    assert found.exit_code == 1
    told = found.stdout.splitlines()
    assert told[0].startswith("1 run failed") and "replicate 41: ValueError: planted" in told[1]
    repeat = "councils explain norfolk set-up-grants --seed 1 --replicate 41"
    assert told[2].strip() == repeat
    assert "1 replicate without a value left out" in found.stdout
    answer = read_record(tmp_path / "c").answer
    assert answer["results"][0]["without_value"] == len(answer["failures"]) == 1
    monkeypatch.setattr(ends, "measured", lambda *rest, **how: 1 / 0)
    found = CliRunner().invoke(app, ["compare", *words, "--budget", "100", "--out", "d"])
    assert found.exit_code == 2 and found.stderr.count("\n") == 1
    assert "each of 50 runs fails" in found.stderr and "ZeroDivisionError" in found.stderr


# --- shared out over mechanisms -------------------------------------------------------------------


def test_mechanisms_share_out_the_replicates_that_were_compared(tmp_path, seven):
    grants = changed(seven, "grants", grants__setup_pot=2.0, grants__staged=0.0)
    question = ask(seven, [grants], "net_saving", 9.0, budget=100, seed=2**32 - 1)
    done = []
    how = Besides(tmp_path / "one", mechanisms=3)
    first = stored(question, how, watch=lambda doing, count, *rest: done.append((doing, count)))
    (shared,) = first.record.answer["mechanisms"]
    compared = read_table(first.folder / DIFFERENCES)["net_saving"]
    assert shared["sum"] == pytest.approx(compared[:3].mean())
    assert shared["sum"] == pytest.approx(sum(part["effect"] for part in shared["parts"]))
    assert f"Over all 100 that were compared it is {number(compared.mean())}." in shared["in_words"]
    assert [count for doing, count in done if doing == "Sharing out"] == [1, 2, 3]
    with_two = stored(question, Besides(tmp_path / "two", mechanisms=3, hands=Hands(2)))
    assert with_two.record.answer["mechanisms"] == first.record.answer["mechanisms"]


def test_an_idle_policy_is_compared_all_the_same_when_mechanisms_are_asked_for(tmp_path, seven):
    idle = seven.model_copy(update={"name": "idle"})
    question = ask(seven, [idle], "net_saving", 9.0, budget=100)
    (shared,) = stored(question, Besides(tmp_path / "s", mechanisms=2)).record.answer["mechanisms"]
    assert shared["parts"] == [] and "are the same for all 8 quarters" in shared["in_words"]


# --- what cannot be asked -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["norfolk", "set-up-grant"], "did you mean 'set-up-grants'"),
        (["norfolk", "absent.toml"], "no scenario file"),
        (["norfolk", "set-up-grants", "--outcome", "net_savings"], "did you mean 'net_saving'"),
        (["norfolk", "set-up-grants", "--matters", "0"], "smallest difference that matters"),
        (["norfolk", "set-up-grants", "--matters", "nan"], "smallest difference that matters"),
        (["norfolk", "set-up-grants", "--budget", "99"], "--budget is 99"),
        (["norfolk", "set-up-grants", "--block", "0"], "--block is 0"),
        (["norfolk", "set-up-grants", "--seed", "-1"], "--seed is -1"),
        (["norfolk", "set-up-grants", "--workers", "0"], "--workers is 0"),
        (["norfolk", "norfolk"], "'norfolk' is the base already"),
        (["norfolk", "england-districts"], "it is about other councils"),
        (["norfolk", "other.toml"], "covers 4 quarters"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.toml").write_text('base = "norfolk"\nquarters = 4\n', encoding="utf-8")
    options = ["--outcome", "budget"] * ("--outcome" not in words)
    options += ["--matters", "1"] * ("--matters" not in words)
    found = CliRunner().invoke(app, ["compare", *words, *options])
    assert found.exit_code == 2
    assert said in found.stderr
    assert found.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["other.toml"]


# --- kept -----------------------------------------------------------------------------------------


def test_a_comparison_is_kept_whole_found_again_and_never_written_over(tmp_path, seven):
    rich = changed(seven, "rich", settlement__shock=0.2)
    question = ask(seven, [rich], "budget", 1.0, budget=100)
    first = stored(question, Besides(tmp_path / "kept"))
    assert sorted(path.name for path in first.folder.iterdir()) == [DIFFERENCES, RECORD]
    record = read_record(first.folder)
    assert record == first.record
    assert record.asked == asked(question, Besides())
    assert record.question["scenarios"][1]["parameters"]["settlement"]["shock"] == 0.2
    assert {"program", "python", "git", "command"} <= set(record.made)
    frame = read_table(first.folder / DIFFERENCES)
    assert frame["budget"].mean() == pytest.approx(record.answer["results"][0]["difference"])
    times = [path.stat().st_mtime_ns for path in sorted(first.folder.iterdir())]
    again = stored(question, Besides(tmp_path / "kept", hands=Hands(2)))
    assert (again.reused, again.record) == (True, first.record)
    assert times == [path.stat().st_mtime_ns for path in sorted(first.folder.iterdir())]
    with pytest.raises(InputError, match=r"another seed \(1, not 2\)"):
        stored(question._replace(seed=2), Besides(tmp_path / "kept"))
    (first.folder / DIFFERENCES).write_bytes(b"")
    with pytest.raises(InputError, match="0 bytes where"):
        stored(question, Besides(tmp_path / "kept"))


def test_a_folder_of_something_else_is_left_alone(tmp_path, seven):
    question = ask(seven, [changed(seven, "rich", settlement__shock=0.2)], "budget", 1.0)
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.txt"):
        stored(question, Besides(tmp_path))
    with pytest.raises(InputError, match="is a file"):
        stored(question, Besides(tmp_path / "mine.txt"))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_command_prints_verdicts_or_json(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["compare", "norfolk", "set-up-grants", "free-tax", "--outcome", "budget"]
    words += ["--matters", "5", "--budget", "100", "--ensemble", "none"]
    told = CliRunner().invoke(app, words, env={"COLUMNS": "80"})
    assert told.exit_code == 0, told.stderr
    assert "No limit on council tax from 2010: higher by" in told.stdout
    assert "in 97 of 100 pairs they are the same" in " ".join(told.stdout.split())
    assert "Bonferroni" in told.stdout
    assert "free-tax" in told.stdout
    found = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert found["reused"]
    assert [row["policy"] for row in found["results"]] == ["set-up-grants", "free-tax"]
    assert (tmp_path / "results").is_dir()
    assert RECORD in [path.name for path in next((tmp_path / "results").iterdir()).iterdir()]
