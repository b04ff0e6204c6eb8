"""What is said of luck and assumptions: two lines, and on what the answer hangs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..words import count, interval, listed, number, or_nan, percent

HANGS_TOLD = 5


def assumptions_in_words(told: Mapping[str, Any], unit: str) -> list[str]:
    """Return the sentences about luck and assumptions; `told` is of `assumptions`."""
    worlds = count(told["worlds"], "world")
    mean = number(or_nan(told["mean"]))
    said = [
        f"Luck: {mean} {unit} ({_span(told['luck'])} over luck, in these {worlds} of "
        f"'{told['ensemble']}').",
        f"Luck and assumptions: {mean} {unit} ({_span(told['both'])} over luck and worlds).",
    ]
    if told["range"]:
        low, high = told["range"]
        said[1] += (
            f" Nine of ten worlds lie between {number(low)} and {number(high)}; in "
            f"{percent(told['better'])} of worlds the policy is higher."
        )
    else:
        said[1] += " How far worlds lie apart is not seen: no further than luck alone puts them."
    share = or_nan(told["share_of_luck"])
    if share == share:
        said[1] += (
            f" Of the variance of single pairs {percent(share)} is luck, {percent(1 - share)} "
            "assumptions."
        )
    if told["used_up"]:
        said.append(
            f"Every world of '{told['ensemble']}' was lived: more replicates add luck, so this is "
            "over these sets only."
        )
    return [*said, *_hangs(told["hangs_on"]), *_would_have_to(told["would_have_to"])]


def _span(ends: Sequence[float]) -> str:
    return interval(or_nan(ends[0]), or_nan(ends[1]))


def _hangs(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    if not rows:
        return ["On no number does it surely hang."]
    told = [
        f"{row['name']} ({number(row['below'])} where it is at most {row['low']:.3g}, "
        f"{number(row['above'])} where it is at least {row['high']:.3g})"
        for row in rows[:HANGS_TOLD]
    ]
    return [f"It hangs most on {listed(told)}."]


def _would_have_to(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    if len(rows) < 2:
        return []
    best, worst = (pick(rows, key=lambda row: row["mean"]) for pick in (max, min))
    return [
        f"What would have to be true for {told}: {listed(row['when'])}. So it is in "
        f"{percent(row['coverage'])} of worlds, where it is {number(row['mean'])} in the mean and "
        f"the policy higher in {percent(row['density'])}."
        for told, row in (("the most", best), ("the least", worst))
    ]
