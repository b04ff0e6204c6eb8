"""The report of a comparison says what each policy changes, and of what each sentence is sure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from experiments.comparing import flips
from experiments.comparing.archive import Besides, stored
from experiments.comparing.asking import ask
from experiments.reports.policies_told import differences
from experiments.reports.report import contents_of, report
from experiments.stored.belonging import DIFFERENCES
from experiments.stored.reading import read_record
from experiments.stored.tables import read_table
from experiments.words import number
from sim.declared.scenario import load

PACE = "that talks move on to the next stage: two stages, so 8 months to signature (6 to 10)"
BASE = 'base = "norfolk-seven"\nquarters = 8\n'
SLOW = 'base = "base.toml"\ntitle = "Slower"\n[talks]\npace = 0.4\n'
FAST = 'base = "base.toml"\ntitle = "Faster"\n[talks]\npace = 0.9\n'
PAID = (
    'base = "base.toml"\ntitle = "Paid"\n[[change]]\nwhen = 2009-07-01\n'
    'set = { "grants.setup_pot" = 9.0, "grants.setup_share" = 0.5, "grants.setup_limit" = 1.0, '
    '"grants.staged" = 0.0 }\n'
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("policies")
    for name, text in (("base", BASE), ("slow", SLOW), ("fast", FAST), ("paid", PAID)):
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def compared(files: Path) -> Path:
    """Two policies without a date, with flips over four assumptions."""
    question = ask(
        files / "base.toml", [files / "slow.toml", files / "fast.toml"], "talks", 0.5, budget=100
    )
    some = ("talks.leak", "search.base_service", "search.fashion", "talks.patience")
    whole = flips._assumptions
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(flips, "_assumptions", lambda q, p, names: whole(q, p, some))
        return stored(question, Besides(files / "compared", flips=True)).folder


def test_a_policy_without_a_date_says_which_numbers_it_changes(files, compared):
    rows = contents_of(compared).assumed[0].rows
    assert [row[2] for row in rows] == [
        f"From the start: “{PACE}” (talks.pace): {pace}% a quarter; in the base: 75% a quarter."
        for pace in (40, 90)
    ]
    base, paid = load(str(files / "base.toml")), load(str(files / "paid.toml"))
    said = differences(base, paid)
    assert len(said) == 4 and all(text.startswith("From 1 July 2009: ") for text in said)
    assert said[0].endswith("(grants.setup_pot): 9 million pounds a year; before: 0.25 million "
                            "pounds a year")  # fmt: skip
    gone = differences(paid, base)
    assert len(gone) == 4
    assert gone[0].startswith("Not as in the base: from 1 July 2009: “what is there each year")


def test_facts_that_a_policy_changes_are_said_too(files):
    base = load(str(files / "base.toml"))
    tree = base.document()
    tree["council"] = [*tree["council"][1:]]
    (said,) = differences(base, type(base).model_validate(tree))
    assert said.startswith("Not as in the base: South Norfolk, at the start: its culture is ")


def test_what_turns_the_answer_is_told_policy_by_policy_with_its_own_basis(compared):
    contents = contents_of(compared)
    ranked, *parts = contents.parts
    assert [part.title.split(":")[0] for part in parts] == ["Slower", "Faster"]
    assert ranked.title == "All with each other" and len(ranked.tables[0].rows) == 3
    turned = read_record(compared).answer["flips"]
    # Of each policy the verdict, its course and what the public gains; and nothing of flips.
    assert len(contents.answer) == 2 * 3
    for part, each in zip(parts, turned, strict=True):
        assert part.sentences == each["sentences"]
        assert "fixed beforehand" in part.basis and "replicates 0 to 39" in part.basis
        assert bool(part.tables) == bool(each["rows"])
    page = report(compared).file.read_text(encoding="utf-8")
    assert "Slower: which assumption turns the answer?" in page


def test_a_policy_is_judged_by_what_the_public_gains_not_by_what_councils_keep(files):
    question = ask(files / "base.toml", [files / "paid.toml"], "net_saving", 0.5, budget=100)
    folder = stored(question, Besides(files / "paid")).folder
    table = read_table(folder / DIFFERENCES)
    (row,) = read_record(folder).answer["results"]
    public = row["public"]
    for name, told in (("public_net", public["net"]), ("public_value", public["present_value"])):
        assert told["value"] == pytest.approx(float(table[name].mean()), abs=1e-9)
    # What councils keep, less what residents and government pay, is what the public gains.
    parts = {who: told["value"] for who, told in public["shares"].items()}
    assert parts["government"] > 0
    assert parts["residents"] == pytest.approx(float(table["tax_paid"].mean()), abs=1e-9)
    kept = parts["councils"] - parts["residents"] - parts["government"]
    assert kept == pytest.approx(public["net"]["value"], abs=1e-9)
    net = table["true_total"] - sum(
        table[name] for name in ("study_cost", "setup_cost", "coordination_cost", "exit_cost",
                                 "government_services")
    )  # fmt: skip
    assert public["net"]["value"] == pytest.approx(float(net.mean()), abs=1e-9)
    assert row["difference"] > public["net"]["value"]  # of which grants are a part
    said = contents_of(folder).answer
    assert len(said) == 3 and "Over time, million pounds" in said[2]
    assert said[0].startswith("Net saving since the start, Paid: ")  # of what, and under which
    assert "The public purse (councils, residents and government together)" in said[1]
    shown = next(t for t in contents_of(folder).tables if t.title.startswith("What the public"))
    assert number(public["net"]["value"]) in shown.rows[0]
    assert row["course"][-1]["difference"] == row["difference"]
    assert len(row["course"]) == question.base.quarters


def test_a_comparison_made_from_python_names_a_command_that_makes_it_again(compared):
    contents = contents_of(compared)
    assert contents.commands == [
        "councils compare base slow fast --outcome talks --matters 0.5 --budget 100 --block 50 "
        "--seed 1 --flips --ensemble none"
    ]
    assert "from Python" in contents.again


def test_every_end_that_seems_to_reverse_is_looked_at_again():
    plain = np.array([1.0, 1.2, 0.8, 1.1])
    ends = [plain + 0.01, plain - 3.0, plain + 5.0, plain - 1.5, plain + 2.0]
    turned, moved = flips._seeming(plain, ends, 1.0)
    assert (turned, moved) == ([1, 3], [2, 4])


def test_the_verdict_is_said_in_so_many_words():
    now = flips.Estimate(1.0, 0.5, 1.5)
    assert flips._verdict(now, [], 8).startswith("Nothing reverses the ranking")
    assert flips._verdict(now, [{"sure": True}, {"sure": False}], 8).startswith("2 of 8 ends")
    assert "no clear ranking" in flips._verdict(flips.Estimate(0.1, -1.0, 1.2), [], 8)
