"""What is said of a scorecard: verdicts, the headline, how sure it is, and what to ask next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..estimates import ERROR
from ..summary import DECLARED
from ..words import count, exact, interval, listed, money, number, percent, unit_words
from .asking import BUDGET, Card
from .outcomes import SAVINGS, TRUE
from .sequences import reach, unseen
from .verdicts import commonest_sign, why_open

if TYPE_CHECKING:
    from .scorecard import Scorecard

GROUPS = {
    "higher": "higher", "lower": "lower", "higher in every pair": "higher in every pair",
    "lower in every pair": "lower in every pair", "nearly always higher": "nearly always higher",
    "nearly always lower": "nearly always lower",
    "nearly always the same": "nearly always the same",
    "the same in every pair": "the same in every pair",
    "not told apart": "not told apart by these runs",
}  # fmt: skip
"""The verdicts in the order in which a sentence tells them, and how it calls them."""
SURE = ("higher", "lower")
"""The verdicts on a mean that is told apart."""
LOOSE = 20
"""In the example of what may matter: one part in so many of what the base has."""
CHANGES = {
    "public_net": ("the public {} better off", "the public {} worse off"),
    "true_saving": ("{} a year more truly saved", "{} a year less truly saved"),
    "agreements": ("{} more agreements in force", "{} fewer agreements in force"),
    "talks_failed": ("{} more talks failed", "{} fewer talks failed"),
    "ended": ("{} more agreements ended", "{} fewer agreements ended"),
    "reserves": ("councils' reserves {} higher", "councils' reserves {} lower"),
    "tax_paid": ("residents pay {} more council tax", "residents pay {} less council tax"),
    "local_contact": ("local contact {} higher", "local contact {} lower"),
}
"""How a headline tells more and less of an outcome."""
OTHERWISE = "{title} {{}} higher", "{title} {{}} lower"
MONEY = "million pounds"


def row_in_words(row: Mapping[str, Any]) -> str:
    """Return the verdict on one outcome, with the outcome's title."""
    return f"{row['outcome_title']}: {GROUPS[row['verdict']]}{row['detail']}"


def detail(row: Mapping[str, Any], values: np.ndarray) -> str:
    """Return what follows the name of an outcome after its verdict: how much, how often, or why."""
    unit, verdict = unit_words(row["unit"]), row["verdict"]
    mean = f"{number(row['difference'])} {unit} on average"
    if verdict in SURE:
        return f" by {_size(row, len(values))}"
    if verdict.startswith("nearly"):
        many = int(np.sum(np.sign(values) == commonest_sign(values)))
        return f" ({many:,} of {len(values):,} pairs; {mean}, {why_open(values)})"
    if verdict.endswith("in every pair") and verdict != "the same in every pair":
        return f" ({mean}, {why_open(values)})"
    if verdict == "not told apart":
        span = interval(row["low"], row["high"])
        return f" (from {span} {unit})" if span != "-" else f" ({mean}, {why_open(values)})"
    return ""


def _size(row: Mapping[str, Any], many: int) -> str:
    """Return how large a difference is that is told apart; where all are alike, in how many."""
    size, unit = number(abs(row["difference"])), unit_words(row["unit"])
    near, far = sorted(abs(row[edge]) for edge in ("low", "high"))
    if np.isfinite(far):
        return f"{size} ({number(near)} to {number(far)}) {unit}"
    rare = f"what is rarer than one in {unseen(many):,} may be missed"
    return f"{size} {unit} in each of {many:,} replicates ({rare})"


def groups_in_words(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return which outcomes are higher, which lower, and so on, in a few words each."""
    parts = []
    for verdict, words in GROUPS.items():
        mine = [row for row in rows if row["verdict"] == verdict]
        if mine:
            told = [f"{row['outcome_title'].lower()}{row['detail']}" for row in mine]
            parts.append(f"{words}: {'; '.join(told)}")
    return parts


def savings_in_words(title: str, savings: Mapping[str, Sequence[float]]) -> str:
    """Return what was promised, reported and true under both, with how far they are apart."""
    unit = DECLARED[SAVINGS[0]].unit
    sides = [
        ", ".join(f"{name.replace('_', ' ').replace(' saving', '')} {number(means[side])}"
                  for name, means in savings.items())
        for side in (0, 1)
    ]  # fmt: skip
    apart = [savings["promised"][side] - savings[TRUE][side] for side in (0, 1)]
    return (
        f"Savings of the agreements in force, {unit}, on average (not tested here): base "
        f"{sides[0]}; {title} {sides[1]}. Promised less true: {number(apart[0])} and "
        f"{number(apart[1])}."
    )


def worlds_in_words(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return for which outcomes of a policy assumptions surely count beside luck.

    Of each how much of the variance of single differences they are; nothing without worlds.
    """
    known = [row for row in rows if np.isfinite(row.get("luck_share", [np.nan])[0])]
    if not known:
        return ""
    told = [
        f"{row['outcome_title'].lower()} ({percent(1 - row['luck_share'][0])} of the variance)"
        for row in known
        if row["luck_share"][2] < 1
    ]
    if not told:
        return "All that is seen is luck: in no outcome do worlds surely differ."
    rest = "" if len(told) == len(rows) else "; in the others worlds are not seen to differ"
    return f"Assumptions count beside luck for {listed(told)}{rest}."


def headline(made: Scorecard) -> str:
    """Return what each policy changes by how much, as far as it is told apart, then what is not."""
    return " ".join(
        _change_of(policy, [row for row in made.rows if row["policy"] == policy["policy"]])
        for policy in made.policies
    )


def _change_of(policy: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    if not policy["moved"]:
        return f"{policy['title']}: not one bit moved."
    sure = [_change(row) for row in rows if row["verdict"] in SURE]
    parts = [", ".join(sure) if sure else "no mean is told apart from the base's"]
    for words, verdicts in OPEN.items():
        titles = [row["outcome_title"].lower() for row in rows if row["verdict"] in verdicts]
        parts += [f"{words} {listed(titles)}"] if titles else []
    return f"{policy['title']}: {'; '.join(parts)}."


OPEN = {
    "the sign is clear and the size is not:": (
        "higher in every pair", "lower in every pair", "nearly always higher",
        "nearly always lower",
    ),
    "the same in all or nearly all pairs:": ("nearly always the same", "the same in every pair"),
    "not told apart:": ("not told apart",),
}  # fmt: skip
"""How a headline calls those whose mean is not told apart, and their verdicts."""


def _change(row: Mapping[str, Any]) -> str:
    """Return how much more or less of an outcome there is, in plain words."""
    title, unit = row["outcome_title"].lower(), row["unit"]
    size = abs(row["difference"])
    known = CHANGES.get(row["outcome"]) or [each.format(title=title) for each in OTHERWISE]
    if unit.startswith(MONEY):
        shown = money(size)
    elif row["outcome"] in CHANGES and unit in ("agreements", "talks"):
        shown = number(size)
    else:
        shown = f"{number(size)} {unit_words(unit)}"
    return known[0 if row["difference"] > 0 else 1].format(shown)


def how_sure(card: Card, most: int, least: int | None = None) -> str:
    """Return what the intervals are, and what it costs that there are several.

    Args:
        card: what was asked.
        most, least: replicates of the scenario that was run longest, and of the one run least.
    """
    pairs, outcomes = len(card.pairs), len(card.outcomes)
    many = count(outcomes, "outcome") + (f" and {pairs} pairs" if pairs > 1 else "")
    under = "each under the base and every policy"
    if least is not None and least < most:
        under = f"each under the base, and up to as many under every policy (the least {least:,})"
    basis = f"{_lived(card, most)} of seed {card.seed}, {under}."
    if outcomes * pairs == 1:
        return f"{basis} Interval: right with {1 - ERROR:.0%}, however often one looks."
    counts = np.array([most // card.lucks])
    wide = float(reach(counts, error=card.error)[0] / reach(counts)[0]) - 1
    return (
        f"{basis} Intervals: all right together with {1 - ERROR:.0%}, over {many} (Bonferroni), "
        f"however often one looks. That makes each {wide:.0%} wider than if one outcome of one "
        "policy alone had been asked about."
    )


def _lived(card: Card, most: int) -> str:
    """Return how many replicates were run, and in how many worlds."""
    if card.worlds is None:
        return f"{most:,} replicates"
    count_of = f"{most // card.lucks:,} worlds of '{card.worlds.ensemble.name}'"
    return f"{count_of}, {card.lucks} replicates in each,"


def example_of(row: Mapping[str, Any]) -> float | None:
    """Return a round number for `--matters`: near a twentieth of the base's, or the difference."""
    for value in (row["base_mean"], row["difference"]):
        size = abs(value) / LOOSE
        if np.isfinite(size) and size > 0:
            return float(f"{size:.1g}")
    return None


def what_next(card: Card, made: Scorecard) -> tuple[str, str | None]:
    """Return how to go on from a scorecard: what to decide, and the command that asks it."""
    going = {each["policy"] for each in made.policies if each["moved"]}
    rows = [row for row in made.rows if row["policy"] in going]
    if not rows:
        return "Nothing moved, so no outcome is worth a closer look before that is mended.", None
    row = _worth_a_look(rows)
    example = row["example"] or 1.0
    words = (
        "No outcome decides by itself. To ask about one until it is clear, say with --matters the "
        "smallest difference in it that you would act on, in its unit; no statistics can know it. "
        "That also tells how the difference moves from year to year, when it has paid for itself, "
        f"and who pays whom. {_scale(row, example)} Put your own outcome and number into:"
    )
    many = card.replicates
    further = ["--outcome", row["outcome"], "--matters", exact(example), "--block", str(many)]
    further += ["--budget", str(many)] if many > BUDGET else []
    return words, card.typed.command(*further)


def _worth_a_look(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the first row that is open, else one whose size is, else one that is told apart."""
    for verdicts in (OPEN["not told apart:"], next(iter(OPEN.values())), SURE):
        found = next((row for row in rows if row["verdict"] in verdicts), None)
        if found is not None:
            return found
    return rows[0]


def _scale(row: Mapping[str, Any], example: float) -> str:
    """Return how large an outcome is in the base, and of that the example, for a sense of it."""
    base, half = row["base_mean"], (row["high"] - row["low"]) / 2
    share = f", and {number(example)} is {percent(example / abs(base))} of that" if base else ""
    apart = ""
    if np.isfinite(half):
        apart = (
            f"; here {row['replicates']:,} replicates leave a doubt of {number(half)} either way"
        )
    return (
        f"For scale: {row['outcome_title'].lower()} is {number(base)} {unit_words(row['unit'])} in "
        f"the base{share}{apart}."
    )
