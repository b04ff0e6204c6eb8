"""Parts of a gap are told as shares only where that says what is so, and say over what they are."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from experiments import ends
from experiments.__main__ import app  # with all its commands
from experiments.commands import policies  # noqa: F401 (adds the commands)
from experiments.comparing.archive import Besides, stored
from experiments.comparing.compare import ask
from experiments.explaining.explain import explain
from experiments.explaining.mechanisms import MECHANISMS
from experiments.explaining.parts import (
    FORMER,
    MINUS,
    notes_in_words,
    over_in_words,
    parts_in,
    parts_in_words,
)
from experiments.explaining.shares import shares_over
from sim.declared.scenario import Change, load
from sim.ready.kept import prepared
from sim.running import luck_of

COUNT = len(MECHANISMS)
SPREAD = np.linspace(-1.0, 1.0, 12)


def gap_of(*first, direct=0.0, spread=0.0):
    """Return the parts of 12 runs: those of the first mechanisms, the others 0, and direct."""
    parts = np.zeros((12, COUNT + 1))
    parts[:, : len(first)] = first
    parts[:, -1] = direct + spread * SPREAD
    return parts


def told(parts):
    return notes_in_words(parts.document(), parts.rows)


def shares(parts):
    return [row["share"] for row in parts.rows]


def test_a_gap_that_is_told_apart_from_0_is_shared_out_by_size():
    parts = parts_in(gap_of(3.0, 1.0, direct=6.0, spread=0.5))
    assert shares(parts)[:3] == pytest.approx([0.6, 0.3, 0.1])
    assert parts.no_share == "" and parts.document()["no_share"] is None
    assert [row[-1] for row in parts_in_words(parts.document(), parts.rows)[1]] == [
        "60%", "30%", "10%",
    ]  # fmt: skip
    assert sum(shares(parts)) == pytest.approx(1.0) and MINUS not in told(parts)
    assert parts.gap.value == pytest.approx(10.0) and parts.gap.sure


def test_a_gap_that_may_be_0_has_parts_with_intervals_and_no_shares():
    parts = parts_in(gap_of(3.0, -2.8, spread=2.0))
    assert parts.gap.low < 0 < parts.gap.high
    assert set(shares(parts)) == {None}
    assert "over these 12 runs the gap is not told apart from 0" in parts.no_share
    assert parts.no_share == told(parts)[0]
    headings, cells = parts_in_words(parts.document(), parts.rows)
    assert headings == ["Mechanism", "Part", "95% interval"]
    assert [row[1] for row in cells] == ["3.0", "-2.8"]


def test_parts_larger_than_the_gap_are_no_shares_of_it():
    parts = parts_in(gap_of(-4.0, direct=10.0))
    assert set(shares(parts)) == {None} and "larger than the whole gap" in parts.no_share
    mirrored = parts_in(gap_of(4.0, direct=-10.0))
    assert mirrored.no_share == parts.no_share
    against = parts_in(gap_of(-12.0, 11.5, 11.5))  # 1.05 either way, and -1.09
    assert "larger than the whole gap" in against.no_share


def test_a_part_that_works_against_the_gap_but_is_within_it_has_a_share_with_a_minus():
    parts = parts_in(gap_of(-2.0, 4.0, 8.0))
    assert shares(parts)[:3] == pytest.approx([0.8, 0.4, -0.2])
    assert MINUS in told(parts)


def test_one_run_has_shares_only_where_all_parts_point_one_way():
    one = parts_in(gap_of(1.0, 3.0)[:1])
    assert shares(one)[:2] == [0.75, 0.25] and "One run is one story" in told(one)[-1]
    assert one.document()["gap"] == {"value": 4.0, "low": None, "high": None}
    mixed = parts_in(gap_of(-1.0, 3.0)[:1])
    assert set(shares(mixed)) == {None} and "work against each other" in mixed.no_share
    rounded = parts_in(gap_of(-1e-15, 3.0)[:1])
    assert rounded.no_share == ""


@pytest.mark.parametrize("runs", [1, 12])
def test_no_gap_has_no_shares(runs):
    parts = parts_in(gap_of(-1.0, 1.0)[:runs])
    assert set(shares(parts)) == {None} and "the gap is 0" in parts.no_share


@pytest.mark.parametrize(("size", "said"), [(0.0, "0 agreements"), (2.0, "2.0 agreements")])
def test_a_gap_that_is_the_same_in_all_runs_has_no_interval(size, said):
    parts = parts_in(gap_of(size, 0.1, direct=-0.1)[:5])
    over = over_in_words(parts, "agreements", "seeds 1 to 5")
    assert over == f"{said} (the same in all 5; no interval) over seeds 1 to 5"
    assert "95% interval" in over_in_words(parts_in(gap_of(3.0, spread=0.5)), "agreements", "all")


def test_an_index_is_told_in_points(capsys):
    from experiments.explaining.shown import show

    show(explain("norfolk-seven", "set-up-grants", outcome="local_contact"), as_json=False)
    said = capsys.readouterr().out
    assert "points (1 = all kept)" in said and "index, 1 = all kept" not in said


def test_what_an_earlier_version_kept_is_shown_without_shares():
    rows = [{"mechanism": "trust", "words": "trust", "effect": 2.0, "low": 1.0, "high": 3.0,
             "share": 1.37}]  # fmt: skip
    kept = {"parts": rows, "seeds": 30}
    assert parts_in_words(kept, rows)[1] == [["trust", "2.0", "1.0 to 3.0"]]
    assert notes_in_words(kept, rows)[0] == FORMER
    assert notes_in_words({"parts": []}, []) == []


# --- the two commands -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seven():
    return load("norfolk-seven", sets=["search.base_management=0.2"], quarters=8)


@pytest.fixture(scope="module")
def grants(seven):
    when = seven.first_day(4)
    change = Change(when=when, set={"grants.setup_pot": 2.0, "grants.staged": 0.0})
    return seven.model_copy(update={"name": "grants", "change": [*seven.change, change]})


def kept_of(folder, seven, grants, many, seed=1):
    question = ask(seven, [grants], "net_saving", 9.0, budget=100, seed=seed)
    found = stored(question, Besides(folder, mechanisms=many))
    return found.record.answer["mechanisms"][0]


def test_both_commands_give_the_same_numbers_for_the_same_runs(tmp_path, seven, grants):
    kept = kept_of(tmp_path / "c", seven, grants, 1, seed=6)
    found = explain(seven, grants, outcome="net_saving", seed=6)
    assert any(row["effect"] for row in found.shares)
    assert [row["effect"] for row in kept["parts"]] == [row["effect"] for row in found.shares]
    assert kept["gap"] == found.parts.gap.document()
    assert kept["no_share"] == found.parts.document()["no_share"]
    pair, since = (prepared(seven), prepared(grants)), 4
    assert found.first_day == seven.first_day(since).isoformat()
    over = explain(seven, grants, outcome="net_saving", seed=6, seeds=3, replicate=2)
    runs = [(6, 2), (7, 2), (8, 2)]
    assert over.parts == shares_over(pair, "net_saving", since, runs)
    replicates = shares_over(pair, "net_saving", since, [(6, 0), (6, 1), (6, 2)])
    again = kept_of(tmp_path / "d", seven, grants, 3, seed=6)
    assert [row["effect"] for row in again["parts"]] == [row["effect"] for row in replicates.rows]


def test_each_says_over_which_runs_it_is_and_that_the_other_may_differ(
    tmp_path, seven, grants, capsys
):
    from experiments.explaining.shown import show

    kept = kept_of(tmp_path / "c", seven, grants, 3)
    assert "over replicates 0 to 2 of seed 1, the mean difference there." in kept["in_words"]
    assert "councils explain" in kept["in_words"] and "by luck" in kept["in_words"]
    assert "seeds" not in kept and kept["runs"] == 3
    show(explain(seven, grants, seed=4, seeds=3, replicate=2), as_json=False)
    said = capsys.readouterr().out
    assert "over replicate 2 of seeds 4 to 6, by mechanism" in said
    assert "councils compare" in said and "differ from these by luck" in said
    show(explain(seven, grants, seed=4, seeds=3), as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert document["over"] == "replicate 0 of seeds 4 to 6" and document["runs"] == 3
    assert set(document["whole"]) == {"value", "low", "high"}
    assert document["no_share"] and {row["share"] for row in document["shares"]} == {None}


def test_runs_without_a_value_are_counted_and_not_said_to_be_in_the_mean(
    tmp_path, seven, grants, monkeypatch
):
    lived, broken = ends.measured, luck_of(6, 1)

    def at_times(ready, *, luck, **how):
        if luck == broken:
            raise ZeroDivisionError("planted")
        return lived(ready, luck=luck, **how)

    monkeypatch.setattr(ends, "measured", at_times)
    pair = prepared(seven), prepared(grants)
    parts = shares_over(pair, "net_saving", 4, [(6, 0), (6, 1), (6, 2)])
    assert (parts.runs, parts.without_value) == (2, 1)
    kept = kept_of(tmp_path / "c", seven, grants, 3, seed=6)
    assert "1 run without a value left out" in kept["in_words"] and kept["runs"] == 2


def test_a_stored_comparison_tells_its_mechanisms_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.toml").write_text('base = "norfolk-seven"\nquarters = 6\n', encoding="utf-8")
    (tmp_path / "b.toml").write_text(
        'base = "a.toml"\n[[change]]\nwhen = 2009-10-01\n'
        'set = { "grants.setup_pot" = 2.0, "grants.staged" = 0.0 }\n',
        encoding="utf-8",
    )
    words = ["compare", "a.toml", "b.toml", "--outcome", "net_saving", "--matters", "9",
             "--budget", "100", "--ensemble", "none", "--mechanisms", "2",
             "--out", "c"]  # fmt: skip
    first = CliRunner().invoke(app, words)
    again = CliRunner().invoke(app, words)
    assert first.exit_code == again.exit_code == 0, first.stderr
    assert "By what mechanisms: b" in again.stdout
    assert again.stdout == first.stdout.replace("Stored in c", "Stored in c (from an earlier run)")
    kept = json.loads((tmp_path / "c" / "record.json").read_text(encoding="utf-8"))["answer"]
    assert kept["mechanisms"][0]["runs"] == 2


def test_explain_takes_as_many_quarters_as_the_comparison_did(seven, grants):
    longer = [each.model_copy(update={"quarters": 12}) for each in (seven, grants)]
    found = explain(seven, grants, outcome="net_saving", seed=6, quarters=12)
    same = explain(*longer, outcome="net_saving", seed=6)
    assert [row["effect"] for row in found.shares] == [row["effect"] for row in same.shares]
    assert len(found.gap) == 12 != len(explain(seven, grants, seed=6).gap)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--seed", "4294967295", "--seeds", "2"],
         "--seeds is 2, but --seed 4294967295 is the last there is: give at most 1"),
        (["--seeds", "0"], "--seeds is 0: give a whole number from 1 upwards"),
        (["--seeds", "two"], "--seeds is 'two': give a whole number from 1 upwards"),
        (["--quarters", "0"], "--quarters is 0: give a whole number from 1 to 400"),
        (["--outcome", "net_savin"], "did you mean 'net_saving'"),
        (["--replicate", "-1"], "--replicate is -1: give a whole number from 0 upwards"),
    ],
)  # fmt: skip
def test_a_mistake_in_explain_gets_one_error_about_the_option_that_was_given(words, said):
    found = CliRunner().invoke(app, ["explain", "norfolk", "set-up-grants", *words])
    assert found.exit_code == 2 and found.stdout == ""
    assert said in found.stderr and found.stderr.count("\n") == 1
