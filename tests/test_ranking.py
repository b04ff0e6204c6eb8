"""Policies ranked with each other: all pairs on the same luck, right together, told in words."""

import numpy as np
import pytest

from experiments.comparing.asking import ask
from experiments.comparing.compare import answer, compare
from experiments.comparing.ranking import pair_rows, ranking_in_words
from experiments.comparing.sequences import BURN_IN, always_valid
from experiments.comparing.verdicts import settled
from experiments.estimates import ERROR
from experiments.policies.finding import find_policy
from sim.ready.varied import vary
from sim.ready.world import prepare

NAMES = ["base", "a", "b", "c"]


def rows_of(**verdicts):
    """Return a row a pair; `a_b="higher"` says that b is higher than a."""
    means = {"a": 3.0, "b": 2.0, "c": 1.0}
    return [
        {"one": key.split("_")[0], "other": key.split("_")[1], "verdict": said.replace("_", " "),
         "difference": means[key.split("_")[1]]}
        for key, said in verdicts.items()
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (
            {"base_a": "higher", "base_b": "higher", "a_b": "lower"},
            "a above b above the base.",
        ),
        (
            {"base_a": "higher", "base_b": "higher", "a_b": "cannot tell"},
            "a and b above the base; a and b not told apart.",
        ),
        (
            {"base_a": "higher", "base_b": "cannot tell", "a_b": "lower"},
            "a above b and the base; the base and b not told apart.",
        ),
        (  # what follows from two others is not said again
            {"base_a": "higher", "base_b": "not told apart", "a_b": "not told apart"},
            "a above the base; the base and b not told apart; a and b not told apart.",
        ),
        (
            {"base_a": "lower", "base_b": "lower", "a_b": "the same in every pair"},
            "the base above a and b; a and b the same in every pair.",
        ),
        (
            {"base_a": "cannot tell", "base_b": "cannot tell",
             "a_b": "no difference that matters"},
            "the base and a not told apart; the base and b not told apart; a and b differ by "
            "nothing that matters.",
        ),
        (
            {"base_a": "nearly always higher", "base_b": "lower in every pair", "a_b": "lower"},
            "a above b; a nearly always above the base; the base above b in every pair.",
        ),
    ],
)  # fmt: skip
def test_the_order_says_all_that_is_sure_and_nothing_else(verdicts, said):
    rows = rows_of(**verdicts)
    assert ranking_in_words(rows, {"base": "the base", "a": "a", "b": "b"}) == said


def test_a_pair_is_compared_on_the_replicates_that_both_have():
    chance = np.random.Generator(np.random.Philox(1))
    one, two = chance.normal(size=400), chance.normal(1.0, size=150)
    two[3] = np.nan
    pairs = [("base", "a"), ("base", "b"), ("a", "b")]
    rows = pair_rows({"a": one, "b": two}, "base", pairs, 0.5, error=ERROR / 3)
    between = (two - one[:150])[np.isfinite(two)]
    found = always_valid(between, error=ERROR / 3)
    assert [row["replicates"] for row in rows] == [400, 150, 150]
    assert (rows[2]["difference"], rows[2]["low"], rows[2]["high"]) == found
    assert rows[2]["higher"] == np.mean(between > 0)


def test_all_pairs_are_right_together_although_each_policy_stops_when_it_is_settled():
    """In 95 of 100 comparisons; Student's intervals would be wrong far oftener."""
    from experiments.estimates import mean_of

    truth, matters, most, repetitions = {"a": 0.0, "b": 0.0, "c": 0.3}, 0.5, 600, 300
    pairs = [(one, two) for k, one in enumerate(NAMES) for two in NAMES[k + 1 :]]
    real = {"base": 0.0} | truth
    chance = np.random.Generator(np.random.Philox(7))
    wrong = plain = 0
    for _ in range(repetitions):
        shared = chance.normal(size=most)
        drawn = {name: mean + 0.5 * shared + chance.normal(size=most)
                 for name, mean in truth.items()}  # fmt: skip
        stopped = {}
        for name, values in drawn.items():
            looks = range(BURN_IN, most + 1, 50)
            ends = (
                n
                for n in looks
                if settled(always_valid(values[:n], error=ERROR / len(pairs)), matters)
            )
            stopped[name] = values[: next(ends, most)]
        rows = pair_rows(stopped, "base", pairs, matters, error=ERROR / len(pairs))
        missed = [not row["low"] <= real[row["other"]] - real[row["one"]] <= row["high"]
                  for row in rows]  # fmt: skip
        wrong += any(missed)
        found = [mean_of(stopped[name]) for name in truth]
        plain += any(not each.low <= truth[name] <= each.high
                     for name, each in zip(truth, found, strict=True))  # fmt: skip
    assert wrong / repetitions <= ERROR
    assert plain / repetitions > 2 * ERROR


def test_two_policies_are_ranked_with_each_other_and_one_is_not():
    seven = find_policy("norfolk-seven").model_copy(update={"quarters": 8})

    def changed(name, **values):
        numbers = {key.replace("__", "."): value for key, value in values.items()}
        return vary(prepare(seven), numbers).scenario.model_copy(update={"name": name})

    keen, slow = changed("keen", search__base_service=0.5), changed("slow", talks__pace_service=0.3)
    found = answer(ask(seven, [keen, slow], "services", 0.4, budget=300))
    pairs = found.ranking["pairs"]
    assert [(row["one"], row["other"]) for row in pairs] == found.question.pairs
    assert found.ranking["in_words"] == "keen above the base above slow."
    for row, mine in zip(pairs, found.rows, strict=False):
        assert (row["low"], row["high"], row["verdict"]) == (
            mine["low"], mine["high"], mine["verdict"],
        )  # fmt: skip
    count = min(row["replicates"] for row in found.rows)
    ends = [found.finals[name]["services"][:count] for name in ("keen", "slow")]
    assert pairs[2]["replicates"] == count
    assert pairs[2]["difference"] == pytest.approx((ends[1] - ends[0]).mean())
    assert compare(seven, keen, outcome="services", matters=50, ensemble=None).ranking is None
    card = compare(seven, keen, slow, budget=100, ensemble=None)
    assert {each["outcome"]: each["in_words"] for each in card.rankings}["agreements"].startswith(
        "keen above"
    )


def test_a_policy_that_moved_nothing_is_in_no_pair_and_policies_are_called_by_their_titles():
    seven = find_policy("norfolk-seven").model_copy(update={"quarters": 8})

    def changed(name, title, **values):
        numbers = {key.replace("__", "."): value for key, value in values.items()}
        own = {"name": name, "title": title}
        return vary(prepare(seven), numbers).scenario.model_copy(update=own)

    keen = changed("keen", "Eager", search__base_service=0.5)
    idle = changed("idle", "Nothing", tax__open_limit=0.06)
    card = compare(seven, keen, idle, budget=150, ensemble=None)
    found = {each["outcome"]: each for each in card.rankings}["agreements"]
    assert found["in_words"] == (
        "“Eager” above the base. “Nothing” is the base, bit for bit, in 150 replicates."
    )
    (pair,) = found["pairs"]
    (row,) = (r for r in card.rows if (r["policy"], r["outcome"]) == ("keen", "agreements"))
    assert (pair["low"], pair["high"]) == (row["low"], row["high"])
    assert card.card.error == ERROR / (8 * 3)
    alone = compare(
        seven, idle, changed("none", "None", tax__open_limit=0.07), budget=100, ensemble=None
    )
    assert alone.rankings[0]["pairs"] == []
    assert alone.rankings[0]["in_words"].count("bit for bit") == 2
