"""The assumption that turns an answer is found, and so is the value at which it does."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from experiments.commands import policies  # noqa: F401 (adds the command)
from experiments.commands.app import app
from experiments.comparing import flips
from experiments.comparing.asking import ask
from experiments.comparing.flips import (
    CONFIRMED,
    HALVINGS,
    SCREENED,
    Trial,
    Tries,
    differences,
    find_flips,
    in_force,
)
from experiments.estimates import mean_of
from experiments.executors.ordered import Hands
from sim.declared.parameters import declarations
from sim.errors import InputError

FIXED = 0.045
"""The limit on council tax of the base; without a limit councils raise `tax.open_limit`."""
OPEN = "tax.open_limit"
SPAN = {each.name: each for each in declarations()}[OPEN]


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Return a question whose answer hangs on one assumption, and turns where both limits meet.

    Freezes strike both sides alike, and nothing else moves what councils raise.
    """
    folder = tmp_path_factory.mktemp("planted")
    (folder / "limited.toml").write_text(
        f'base = "norfolk-seven"\nquarters = 8\n[tax]\nlimits = "fixed"\nfixed_limit = {FIXED}\n',
        encoding="utf-8",
    )
    (folder / "free.toml").write_text(
        'base = "limited.toml"\n[[change]]\nwhen = 2010-04-01\nset = { "tax.limits" = "none" }\n',
        encoding="utf-8",
    )
    return ask(folder / "limited.toml", [folder / "free.toml"], "budget", 0.2)


def test_the_planted_flip_is_found_where_it_was_planted(planted):
    others = ("talks.pace", "search.fashion", "tax.appetite", "endings.young")
    found = find_flips(planted, planted.policies[0], names=(OPEN, *others))
    turned = [row for row in found.rows if row["effect"] == "reverses"]
    assert [row["assumption"] for row in turned] == [OPEN]
    (row,) = turned
    low = SPAN.plausible[0]
    near = (SPAN.default - low) / 2**HALVINGS
    assert row["flips_at"] == pytest.approx(FIXED, abs=near)
    assert (row["now"], row["end"], row["sure"]) == (SPAN.default, low, True)
    assert row["high"] < 0 < found.found.low
    assert "reverse the ranking" in found.sentences[0]
    assert f"The ranking flips when {OPEN} falls below 0.045" in found.sentences[1]
    moved = [row["assumption"] for row in found.rows if row["effect"] == "moves"]
    assert OPEN in moved  # the other end of its range makes the difference larger
    assert "talks.pace" not in moved
    assert found.tried == 2 * (1 + len(others))


def test_a_ranking_that_nothing_turns_is_said_to_stand(planted):
    found = find_flips(planted, planted.policies[0], names=("talks.pace", "search.fashion"))
    assert found.rows == []
    assert "Nothing reverses the ranking" in found.sentences[0]
    assert "No single assumption" in found.sentences[-1]


def test_a_difference_without_a_ranking_has_nothing_to_reverse(planted):
    question = planted._replace(outcome="talks_failed", matters=100.0)
    found = find_flips(question, question.policies[0], names=(OPEN, "talks.pace"))
    assert found.found.low <= 0 <= found.found.high
    assert "no clear ranking" in found.sentences[0]
    assert found.rows == []


def test_workers_change_nothing(planted):
    names = (OPEN, "talks.pace", "weighing.trust")
    alone = find_flips(planted, planted.policies[0], names=names)
    together = find_flips(planted, planted.policies[0], names=names, hands=Hands(2))
    assert json.dumps(alone) == json.dumps(together)


def test_ends_are_believed_on_fresh_replicates_only(planted):
    assert set(SCREENED).isdisjoint(CONFIRMED)
    found = find_flips(planted, planted.policies[0], names=(OPEN,))
    row = next(row for row in found.rows if row["end"] == SPAN.plausible[1])
    pair = (planted.base, planted.policies[0])
    fresh = differences(Trial(pair, [{OPEN: row["end"]}], "budget", 1, CONFIRMED))[0]
    assert row["difference"] == np.mean(fresh)
    assert (row["low"], row["high"]) == mean_of(fresh, error=0.025)[1:]


def test_what_was_not_looked_at_again_is_counted_and_said(planted, monkeypatch):
    monkeypatch.setattr(flips, "MOST", 2)
    told = []
    question = planted._replace(matters=0.0001)
    names = (OPEN, "tax.appetite")
    found = find_flips(
        question, planted.policies[0], names=names, watch=lambda *words: told.append(words)
    )
    assert (found.policy, found.tried, len(found.rows), found.left) == ("free", 4, 2, 2)
    assert "2 of 4 that seemed to matter" in found.sentences[-1]
    assert told == [("Trying assumptions", 4, 4), ("Trying assumptions", 6, 6)]
    monkeypatch.setattr(flips, "MOST", 4)
    assert find_flips(question, planted.policies[0], names=names).left == 0


def test_the_numbers_in_which_a_policy_consists_are_not_tried(planted):
    base, free = planted.base, planted.policies[0]
    tree = free.document()
    tree["change"].append({"when": "2011-04-01", "set": {"talks.pace": 0.9}})
    tree["parameters"]["search"]["fashion"] = 1.0
    policy = type(base).model_validate(tree)
    names = ("talks.pace", "search.fashion", "search.rumour")
    assert find_flips(planted, policy, names=names).tried == 2
    assert in_force(policy, "search.fashion") == 1.0


def test_one_assumption_moves_both_sides_on_the_same_luck(planted):
    tries = Tries(planted, planted.policies[0], Hands(), None)
    assert tries.at(OPEN, SPAN.default, range(5)).tolist() == tries.plain(range(5)).tolist()
    same = tries.at(OPEN, FIXED, range(5))
    assert same == pytest.approx(np.zeros(5), abs=1e-9)


def test_an_unknown_assumption_is_named_with_its_nearest(planted):
    with pytest.raises(InputError, match=r"did you mean 'talks\.pace'"):
        find_flips(planted, planted.policies[0], names=("talks.pase",))
    with pytest.raises(InputError, match="no declared uncertainty"):
        find_flips(planted, planted.policies[0], names=("tax.fixed_limit",))


@pytest.mark.slow
def test_the_command_tells_what_turns_the_answer(tmp_path, monkeypatch, planted):
    monkeypatch.chdir(tmp_path)
    for each, text in (
        ("a", f'base = "norfolk-seven"\nquarters = 8\n[tax]\nlimits = "fixed"\n'
              f"fixed_limit = {FIXED}\n"),
        ("b", 'base = "a.toml"\n[[change]]\nwhen = 2010-04-01\nset = { "tax.limits" = "none" }\n'),
    ):  # fmt: skip
        (tmp_path / f"{each}.toml").write_text(text, encoding="utf-8")
    words = ["compare", "a.toml", "b.toml", "--outcome", "budget", "--matters", "0.5"]
    told = CliRunner().invoke(app, [*words, "--budget", "100", "--flips"])
    assert told.exit_code == 0, told.stderr
    assert f"The ranking flips when {OPEN} falls below 0.045" in told.stdout
    again = CliRunner().invoke(app, [*words, "--budget", "100", "--flips"])  # kept with the rest
    assert again.stdout.replace(" (from an earlier run)", "") == told.stdout != again.stdout
