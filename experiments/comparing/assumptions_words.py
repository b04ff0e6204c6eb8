"""What is said of luck and assumptions: two lines, and on what the answer hangs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from ...sim.declared.parameters import declarations
from ..words import count, interval, listed, number, or_nan, percent

HANGS_TOLD, FAST_TOLD = 5, 6


def assumptions_in_words(told: Mapping[str, Any], unit: str) -> list[str]:
    """Return the sentences about luck and assumptions; `told` is of `assumptions`."""
    worlds = count(told["worlds"], "world")
    mean = number(or_nan(told["mean"]))
    said = [
        f"Luck: {mean} {unit} ({_span(told['luck'])} over luck, in these {worlds} of "
        f"'{told['ensemble']}').",
        f"Luck and assumptions: {mean} {unit} ({_span(told['both'])} over luck and worlds).",
    ]
    said[1] += _apart(told)
    if told["used_up"]:
        said.append(
            f"Over these sets only: every world of '{told['ensemble']}' was lived; for more, "
            "calibrate with more sets (ensemble.count)."
        )
    if told["held_fast"]:
        few = told["held_fast"][:FAST_TOLD]
        more = len(told["held_fast"]) - len(few)
        others = f" and {more} more" if more else ""
        said.append(
            f"The same in all worlds, since the scenario or the policy sets it: {', '.join(few)}"
            f"{others}."
        )
    return [*said, *_hangs(told["hangs_on"]), *_would_have_to(told["would_have_to"])]


def _apart(told: Mapping[str, Any]) -> str:
    """Return how worlds lie apart, luck taken out, and what of single runs is luck."""
    share, low, high = (or_nan(each) for each in told["luck_share"])
    if share != share:
        return " How far worlds lie apart cannot be told."
    higher, least, most = (percent(or_nan(each)) for each in told["worlds_higher"])
    same = or_nan(told["worlds_same"])
    alike = f" and the same in {percent(same)}" if same > 0 else ""
    near, far = (_span(told[key]) for key in ("nine_of_ten", "at_most"))
    return (
        f" Luck taken out, the policy is higher in {higher} of worlds ({least} to {most}){alike}; "
        f"nine of ten lie between {near.replace(' to ', ' and ')}, or as far apart as {far} (as if "
        f"worlds were spread like a bell). Of single runs it is higher in "
        f"{percent(or_nan(told['runs_higher']))}; of how far they lie apart {percent(share)} is "
        f"luck ({percent(low)} to {percent(high)}), the rest assumptions."
    )


def _span(ends: Sequence[float]) -> str:
    return interval(or_nan(ends[0]), or_nan(ends[1]))


def _hangs(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    if not rows:
        return ["No single number moves it beyond doubt."]
    told = [
        f"{in_plain_words(row['name'])}: {number(row['below'])} where that is at most "
        f"{row['low']:.3g}, {number(row['above'])} where it is at least {row['high']:.3g}"
        for row in rows[:HANGS_TOLD]
    ]
    return [f"It hangs most on {'; on '.join(told)}."]


@cache
def _meanings() -> dict[str, str]:
    return {each.name: each.why for each in declarations()}


def in_plain_words(name: str) -> str:
    """Return the name by which a number is set, and what it says."""
    return f"{name} ({_meanings()[name]})"


def _conditions(row: Mapping[str, Any]) -> list[str]:
    return [
        f"{in_plain_words(each['name'])} {each['side']} {each['value']:.3g}" for each in row["when"]
    ]


def _would_have_to(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    if len(rows) < 2:
        return []
    best, worst = (pick(rows, key=lambda row: row["mean"]) for pick in (max, min))
    return [
        f"What would have to be true for {told}: {listed(_conditions(row))}. So it is in "
        f"{percent(row['coverage'])} of worlds, where it is {number(row['mean'])} in the mean (as "
        f"seen in the worlds that it was looked for in, so too far out) and of single runs the "
        f"policy is higher in {percent(row['density'])}."
        for told, row in (("the most", best), ("the least", worst))
    ]
