"""A scorecard: eight outcomes on equal terms, on the same luck, and a kind of result of its own."""

import json
import re
import shlex

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from experiments.commands import policies  # noqa: F401 (adds the commands)
from experiments.commands.app import app
from experiments.comparing.archive import Besides, stored
from experiments.comparing.asking import REPLICATES, ask, ask_card
from experiments.comparing.compare import compare
from experiments.comparing.outcomes import EIGHT, SAVINGS
from experiments.comparing.scorecard import score
from experiments.comparing.scorecard_kept import stored_card
from experiments.comparing.scorecard_words import detail, headline, what_next
from experiments.comparing.sequences import BURN_IN, always_valid, reach
from experiments.comparing.verdicts import verdict
from experiments.estimates import ERROR, Estimate
from experiments.policies.finding import find_policy
from experiments.reliving.of_comparison import verify_comparison
from experiments.reports.report import report
from experiments.stored.belonging import DIFFERENCES
from experiments.stored.reading import read_record
from experiments.stored.tables import read_table
from experiments.summary import DECLARED
from experiments.words import number
from sim.declared.measures import MEASURES
from sim.errors import InputError
from sim.ready.varied import vary
from sim.ready.world import prepare

SMALL = ("--budget", "100", "--ensemble", "none")


@pytest.fixture(scope="module")
def seven():
    return find_policy("norfolk-seven").model_copy(update={"quarters": 8})


def changed(scenario, name, **values):
    numbers = {key.replace("__", "."): value for key, value in values.items()}
    return vary(prepare(scenario), numbers).scenario.model_copy(update={"name": name, "title": ""})


@pytest.fixture(scope="module")
def keen(seven):
    return changed(seven, "keen", search__base_service=0.5)


@pytest.fixture(scope="module")
def idle(seven):
    return changed(seven, "idle", tax__open_limit=0.06)


@pytest.fixture(scope="module")
def card(seven, keen):
    return compare(seven, keen, budget=120, ensemble=None)


def invoke(*words):
    return CliRunner().invoke(app, ["compare", *words])


# --- what it says ---------------------------------------------------------------------------------


def test_the_eight_are_declared_measures_and_savings_stay_apart():
    known = {measure.name for measure in MEASURES}
    assert len(EIGHT) == 8
    assert set(EIGHT) | set(SAVINGS) <= known
    assert all(EIGHT.values())
    assert len(set(SAVINGS)) == 3


def test_a_row_is_what_the_differences_say_by_themselves(card):
    assert [row["outcome"] for row in card.rows] == list(EIGHT)
    frame = card.differences
    for row in card.rows:
        values = frame[row["outcome"]].to_numpy()
        found = always_valid(values, error=ERROR / 8)
        assert row["replicates"] == len(values) == 120
        assert (row["difference"], row["low"], row["high"]) == found
        assert row["verdict"] == verdict(found, values, None)
        assert row["higher"] == np.mean(values > 0)
        assert row["equal"] == np.mean(values == 0)
        assert row["policy_mean"] - row["base_mean"] == pytest.approx(row["difference"])
    assert {row["outcome"]: row["verdict"] for row in card.rows}["agreements"] == "higher"
    pd.testing.assert_frame_equal(card.table, pd.DataFrame(card.rows))


def test_what_is_the_same_in_all_pairs_and_what_cannot_be_told_have_words_without_matters():
    none, wide = Estimate(0.0, -np.inf, np.inf), Estimate(0.0, -1.0, 1.0)
    both = np.tile([1.0, -1.0], 60)
    assert verdict(none, np.zeros(120), None) == "the same in every pair"
    assert verdict(wide, both, None) == "not told apart"
    assert verdict(Estimate(0.001, 1e-9, 0.1), both, None) == "higher"
    assert verdict(Estimate(-0.001, -0.1, -1e-9), both, None) == "lower"
    assert verdict(none, np.zeros(99), None) == "not told apart"


def test_intervals_hold_together_over_all_outcomes_and_pairs_and_say_what_that_costs(seven, keen):
    slow = changed(seven, "slow", talks__pace_service=0.3)
    one, two = ask_card(seven, [keen]), ask_card(seven, [keen, slow])
    assert (one.error, two.error) == (ERROR / 8, ERROR / (8 * 3))
    assert ask_card(seven, [keen], "ended").error == ERROR
    assert one.replicates == REPLICATES
    many = np.array([100])
    wider = reach(many, error=ERROR / 24)[0] / reach(many)[0] - 1
    made = score(two._replace(replicates=100))
    from experiments.comparing.scorecard_words import how_sure

    assert f"{wider:.0%} wider" in how_sure(made.card, 100)
    assert "8 outcomes and 3 pairs" in how_sure(made.card, 100)


def test_promised_reported_and_true_are_told_side_by_side(card):
    (policy,) = card.policies
    for name in SAVINGS:
        base, mine = policy["savings"][name]
        assert base == pytest.approx(card.finals["norfolk-seven"][name].mean())
        assert mine == pytest.approx(card.finals["keen"][name].mean())
    assert policy["savings_in_words"].count("promised") == 2
    assert "true_saving" not in policy["savings_in_words"]


def told_row(outcome, difference, verdict, **more):
    measure = DECLARED[outcome]
    return {
        "policy": "p", "outcome": outcome, "outcome_title": measure.title, "unit": measure.unit,
        "difference": difference, "verdict": verdict, "low": -np.inf, "high": np.inf,
        "base_mean": 0.0, "example": 0.5, "replicates": 120, **more,
    }  # fmt: skip


def test_the_headline_leads_with_what_changes_and_by_how_much(card):
    rows = [
        told_row("public_net", -1.3, "lower"),
        told_row("agreements", 3.0, "higher"),
        told_row("ended", 0.1, "not told apart"),
        told_row("reserves", 0.92, "higher"),
        told_row("tax_paid", 7.7, "higher in every pair"),
        told_row("local_contact", 0.0, "the same in every pair"),
    ]
    policy = {"policy": "p", "title": "Grants", "moved": True}
    said = headline(card._replace(rows=rows, policies=[policy]))
    assert said == (
        "Grants: the public £1.3 million worse off, 3.0 more agreements in force, councils' "
        "reserves £920,000 higher; the sign is clear and the size is not: council tax paid since "
        "the start; the same in all or nearly all pairs: local contact; not told apart: agreements "
        "ended since the start."
    )


def test_a_sign_in_every_pair_is_told_with_its_mean_and_why_that_is_not_settled():
    far = np.r_[np.arange(1.0, 100.0), 1e4]
    said = detail(told_row("reserves", far.mean(), "higher in every pair"), far)
    assert said.startswith(f" ({far.mean():.0f} million pounds on average, not settled: ")
    same = np.full(120, 2.0)
    row = told_row("agreements", 2.0, "higher")
    assert detail(row, same) == (
        " by 2.0 agreements in each of 120 replicates (what is rarer than one in 40 may be missed)"
    )


def test_the_basis_says_up_to_how_many_where_a_policy_was_stopped(seven, keen, idle, tmp_path):
    kept = stored_card(ask_card(seven, [idle, keen], "ended"), tmp_path / "c")
    basis = kept.record.answer["basis"]
    assert basis.startswith(
        "400 replicates of seed 1, each under the base, and up to as many under"
    )
    assert "the least 100" in basis


def test_the_base_of_the_savings_is_that_of_the_most_replicates(seven, keen, idle, tmp_path):
    kept = stored_card(ask_card(seven, [idle, keen]), tmp_path / "c")
    tables = report(kept.folder, None, force=True).contents.tables
    (table,) = [each for each in tables if each.title.startswith("Promised")]
    most = kept.record.answer["policies"][1]
    assert most["replicates"] == REPLICATES
    assert table.rows[0] == ["Base", *(number(most["savings"][name][0]) for name in SAVINGS)]


def test_what_is_next_is_open_says_its_real_share_and_looks_no_earlier_than_the_scorecard(card):
    rows = [
        told_row("public_net", -1.3, "lower", base_mean=-3.0),
        told_row("agreements", 3.0, "higher in every pair", base_mean=29.0, example=1.0),
    ]
    words, command = what_next(
        card.card, card._replace(rows=[r | {"policy": "keen"} for r in rows])
    )
    assert "--outcome agreements --matters 1 --block 120" in command
    assert "1.0 is 3% of that" in words and "who pays whom" in words
    rows = [told_row("mergers", 0.1, "not told apart", policy="keen"), *rows]
    words, command = what_next(card.card, card._replace(rows=rows))
    assert "--outcome mergers" in command and "of that" not in words
    _, command = what_next(card.card._replace(replicates=3000), card._replace(rows=rows))
    assert command.endswith("--block 3000 --budget 3000 --ensemble none")


# --- a policy that does nothing -------------------------------------------------------------------


def test_a_policy_that_moves_no_bit_stops_at_the_first_look_unless_more_is_asked_for(seven, idle):
    found = compare(seven, idle, outcome="net_saving", matters=0.1, ensemble=None)
    (row,) = found.rows
    assert row["replicates"] == len(found.finals["idle"]) == BURN_IN
    assert not row["moved"] and row["verdict"] == "no difference that matters"
    assert "fewer than one of 33 may have been missed" in row["in_words"]
    assert "--budget 2000" in row["in_words"]
    (row,) = compare(seven, idle, outcome="net_saving", matters=0.1, budget=150, ensemble=None).rows
    assert row["replicates"] == 150 and "--budget" not in row["in_words"]


def test_a_policy_that_begins_after_the_end_is_the_same_and_that_is_no_matter_of_luck():
    found = compare("norfolk-seven", "set-up-grants", quarters=3, ensemble=None)
    (policy,) = found.policies
    assert "none could: nothing in which it differs" in policy["in_words"]
    assert "may have been missed" not in policy["in_words"]
    assert {row["replicates"] for row in found.rows} == {BURN_IN}


def test_in_a_scorecard_it_stops_alone_whatever_the_block(seven, keen, idle):
    found = [compare(seven, idle, keen, block=block, ensemble=None) for block in (50, 70, 10**6)]
    for each in found:
        assert len(each.finals["idle"]) == BURN_IN
        assert len(each.finals["keen"]) == REPLICATES
        assert json.dumps(each.rows) == json.dumps(found[0].rows)
        assert json.dumps(each.rankings) == json.dumps(found[0].rankings)
    alone = [compare(seven, idle, block=block, ensemble=None) for block in (50, 70, 10**6)]
    assert {len(records) for each in alone for records in each.finals.values()} == {BURN_IN}
    assert len(score(ask_card(seven, [idle], budget=130)).finals["idle"]) == 130


def test_workers_change_no_bit_of_a_scorecard(seven, keen, idle):
    one = compare(seven, keen, idle, budget=None, block=60, ensemble=None)
    two = compare(seven, keen, idle, budget=None, block=60, workers=2, ensemble=None)
    assert json.dumps(one.rows) == json.dumps(two.rows)
    for name, records in one.finals.items():
        assert records.tobytes() == two.finals[name].tobytes()


# --- nearly all pairs agree -----------------------------------------------------------------------


def test_where_nearly_all_pairs_are_the_same_that_is_said_and_not_cannot_tell(seven):
    other = changed(seven, "other", search__chance=1.01)
    (row,) = compare(
        seven, other, outcome="net_saving", matters=1e-6, budget=120, block=40, ensemble=None
    ).rows
    assert row["verdict"] == "nearly always the same"
    assert (
        "in 117 of 120 pairs they are the same; in the other 3 the policy is higher"
        in (row["in_words"])
    )
    assert "the mean is not settled" in row["in_words"]
    assert "cannot tell" not in row["in_words"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (np.r_[np.full(97, 1.0), np.full(3, -90.0)], "nearly always higher"),
        (np.r_[np.full(97, -1.0), np.full(3, 90.0)], "nearly always lower"),
        (np.r_[np.zeros(95), np.full(5, 90.0)], "nearly always the same"),
        (np.r_[np.arange(1.0, 100.0), 1e9], "higher in every pair"),
        (np.r_[np.full(94, 1.0), np.full(6, -90.0)], "cannot tell"),
        (np.r_[np.full(96, 1.0), -90.0], "cannot tell"),  # too few
    ],
)
def test_the_sign_of_nearly_all_pairs_is_a_verdict(values, said):
    found = always_valid(values)
    assert not np.isfinite(found.half)
    assert verdict(found, values, 1.0) == said


# --- kept, found again, told ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept(seven, keen, idle, tmp_path_factory):
    return stored_card(
        ask_card(seven, [keen, idle], budget=100), tmp_path_factory.mktemp("a") / "c"
    )


def test_a_scorecard_is_kept_as_one_found_again_and_never_taken_for_a_comparison(kept, seven, keen,
                                                                                 idle):  # fmt: skip
    again = stored_card(ask_card(seven, [keen, idle], budget=100, block=30), kept.folder)
    assert (again.reused, again.record) == (True, kept.record)
    assert kept.record.kind == "scorecard"
    with pytest.raises(InputError, match="holds a scorecard and no comparison"):
        stored(ask(seven, [keen, idle], "budget", 1.0, budget=100), Besides(kept.folder))
    with pytest.raises(InputError, match="other outcomes"):
        stored_card(ask_card(seven, [keen, idle], "ended", budget=100), kept.folder)
    with pytest.raises(InputError, match="another number of replicates"):
        stored_card(ask_card(seven, [keen, idle], budget=101), kept.folder)


def test_a_comparison_is_never_taken_for_a_scorecard(tmp_path, seven, keen):
    stored(ask(seven, [keen], "budget", 99.0, budget=100), Besides(tmp_path / "c"))
    with pytest.raises(InputError, match="holds a comparison and no scorecard"):
        stored_card(ask_card(seven, [keen], "budget", budget=100), tmp_path / "c")


def test_it_is_verified_from_its_differences_and_a_number_that_was_edited_is_found(kept, tmp_path):
    from experiments.stored.record import write_record

    assert verify_comparison(kept.folder, sample=3, seed=1).differing == []
    frame = read_table(kept.folder / DIFFERENCES)
    assert frame.groupby("policy").size().to_dict() == {"keen": 100, "idle": 100}
    record = read_record(kept.folder)
    rows = json.loads(json.dumps(record.answer["results"]))
    rows[2]["low"] += 1.0
    rankings = json.loads(json.dumps(record.answer["rankings"]))
    (pair,) = rankings[2]["pairs"]  # the other policy moved nothing
    pair["verdict"] = "lower"
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / DIFFERENCES).write_bytes((kept.folder / DIFFERENCES).read_bytes())
    answer = record.answer | {"results": rows, "rankings": rankings}
    write_record(bad, record._replace(answer=answer))
    first, second = verify_comparison(bad, sample=1, seed=1).differing
    assert "keen, agreements" in first.where and first.columns == ["low"]
    assert "agreements" in second.where and second.columns == ["norfolk-seven and keen"]


def test_its_report_stands_by_itself_and_tells_all_eight(kept):
    made = report(kept.folder, None, force=True)
    text = made.file.read_text(encoding="utf-8")
    contents = made.contents
    assert [path.name for path in made.figures] == ["scorecard.png", "scorecard.svg"]
    titles = {measure.name: measure.title for measure in MEASURES}
    assert all(titles[name] in text for name in EIGHT)
    assert "before anybody says what would matter" in contents.question
    assert "idle: not one bit moved" in contents.answer[0]
    assert [part.title for part in contents.parts] == ["All with each other", "What to do next"]
    assert contents.commands[0].startswith("councils compare norfolk-seven keen idle")


# --- what a newcomer sees -------------------------------------------------------------------------


def test_compare_without_an_outcome_shows_a_scorecard_and_its_next_step_works(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    seen = ("norfolk-seven", "set-up-grants", "--quarters", "8", *SMALL)
    told = invoke(*seen)
    assert told.exit_code == 0, told.stderr
    assert all(name in told.stdout for name in EIGHT)
    assert "Bonferroni" in told.stdout and "Higher is not always better" in told.stdout
    (line,) = [line for line in told.stdout.splitlines() if line.startswith("  councils compare")]
    words = shlex.split(line)[2:]
    assert "--quarters" in words and "--matters" in words
    assert words[words.index("--ensemble") + 1] == "none"
    further = invoke(*words, "--budget", "100")
    assert further.exit_code == 0, further.stderr
    assert "Set-up grants from 2010" in further.stdout
    found = json.loads(invoke(*seen, "--json").stdout)
    assert (found["kind"], found["reused"]) == ("scorecard", True)
    assert [row["outcome"] for row in found["results"]] == list(EIGHT)


def test_an_outcome_alone_is_a_scorecard_of_it_with_what_is_needed_to_say_what_matters(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    told = invoke("norfolk-seven", "set-up-grants", "--outcome", "agreements", *SMALL)
    assert told.exit_code == 0, told.stderr
    assert re.search(r"--outcome agreements --matters [\d.]+", told.stdout)
    assert re.search(r"agreements in force is [\d.]+ agreements in the base", told.stdout)
    assert "public_net" not in told.stdout and "Savings of" not in told.stdout


def test_what_matters_alone_and_flips_without_an_outcome_say_what_to_give(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = invoke("norfolk", "set-up-grants", "--matters", "0.5")
    assert told.exit_code == 2
    assert (
        "councils compare norfolk set-up-grants --outcome public_net --matters 0.5" in told.stderr
    )
    with pytest.raises(InputError, match="--matters 2 is without an outcome"):
        compare("norfolk", "set-up-grants", matters=2)
    for option in (["--flips"], ["--mechanisms", "3"]):
        told = invoke("norfolk", "set-up-grants", *option)
        assert told.exit_code == 2 and "give --outcome and --matters too" in told.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("one", [(), ("--outcome", "agreements", "--matters", "0.5")])
def test_numbers_that_were_set_in_all_are_named_in_the_heading(tmp_path, monkeypatch, one):
    monkeypatch.chdir(tmp_path)
    told = invoke("norfolk-seven", "match-making", "--quarters", "8", *SMALL, *one,
                  "--set", "tax.limits=none", "--set", "talks.pace=0.7")  # fmt: skip
    assert told.exit_code == 0, told.stderr
    heading = told.stdout.splitlines()[0]
    assert heading.endswith("with tax.limits = none and talks.pace = 0.7 in all")
