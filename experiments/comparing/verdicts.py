"""What the differences of many replicates say: a verdict, and the same in a sentence."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np

from ..estimates import Estimate
from ..split import by_world
from ..words import exact, number
from .sequences import BURN_IN, always_valid, differing, too_early, unseen

Verdict = Literal[
    "higher", "lower", "no difference that matters", "the same in every pair",
    "higher in every pair", "lower in every pair",
    "nearly always higher", "nearly always lower", "nearly always the same",
    "cannot tell", "not told apart",
]  # fmt: skip
NEARLY = 0.95
"""Where so large a share of pairs is of one sign, or equal, that is said although their mean is not
settled."""
SIGNS = {1: "higher", -1: "lower", 0: "the same"}


def settled(found: Estimate, matters: float) -> bool:
    """Return whether the comparison may stop.

    When the interval is at most as wide as the difference that matters, or lies wholly on one
    side of what matters: within `matters` either way, or beyond it.
    """
    if not math.isfinite(found.half):
        return False
    narrow = found.half <= matters / 2
    return narrow or within(found, matters) or found.low >= matters or found.high <= -matters


def within(found: Estimate, matters: float) -> bool:
    """Return whether an interval lies wholly between -matters and matters."""
    return -matters < found.low and found.high < matters


def verdict(found: Estimate, values: np.ndarray, matters: float | None) -> Verdict:
    """Return what an interval of the differences `values` says, in plain words.

    Where nobody said what matters (None), no difference is small, and zero is said to be zero.
    """
    if always_alike(values):
        found = Estimate(found.value, found.value, found.value)
        if matters is None and found.value == 0:
            return "the same in every pair"
    if matters is not None and within(found, matters):
        return "no difference that matters"
    if found.low > 0:
        return "higher"
    if found.high < 0:
        return "lower"
    sign = commonest_sign(values)
    if sign is None:
        return "not told apart" if matters is None else "cannot tell"
    if sign == 0:
        return "nearly always the same"
    if np.all(np.sign(values) == sign):
        return "higher in every pair" if sign > 0 else "lower in every pair"
    return "nearly always higher" if sign > 0 else "nearly always lower"


def always_alike(values: np.ndarray) -> bool:
    """Return whether enough replicates were run and all have the same difference."""
    return len(values) >= BURN_IN and differing(values) == 0


def commonest_sign(values: np.ndarray) -> int | None:
    """Return the sign of nearly all differences, None where there is no such, or too few."""
    if len(values) < BURN_IN:
        return None
    shares = {sign: float(np.mean(np.sign(values) == sign)) for sign in SIGNS}
    sign = max(shares, key=lambda each: shares[each])
    return sign if shares[sign] >= NEARLY else None


def told_apart(
    runs: np.ndarray, matters: float | None, *, error: float, lucks: int = 1
) -> dict[str, Any]:
    """Return what the differences of single replicates say by themselves.

    Where so many of them (`lucks`) are of one world, interval and verdict are by the means of
    worlds; the shares in which the policy is higher, equal and lower are of replicates all the
    same, since which sign a mean of a few lucks has is mostly luck.

    Args:
        runs: (replicates,), not a number where there is no value.
        matters: the smallest difference that matters, if it was said.
        error: the chance that the interval is ever wrong.
    """
    means = by_world(runs, lucks)
    values, single = means[np.isfinite(means)], runs[np.isfinite(runs)]
    found, count = always_valid(values, error=error), len(single)
    return {
        "verdict": verdict(found, values, matters),
        "difference": found.value,
        "low": found.low,
        "high": found.high,
        "higher": float(np.mean(single > 0)) if count else np.nan,
        "equal": float(np.mean(single == 0)) if count else np.nan,
        "lower": float(np.mean(single < 0)) if count else np.nan,
    }


def verdict_in_words(values: np.ndarray, row: dict[str, Any], unit: str, matters: float) -> str:
    """Return the verdict on one outcome as a sentence or two; `row` is of `told_apart`."""
    mean, low, high = row["difference"], row["low"], row["high"]
    span = f"{number(low)} to {number(high)}"
    if always_alike(values):
        return (
            f"{row['verdict']}; the difference is {number(mean)} {unit} in each of "
            f"{len(values):,} replicates (what happens in fewer than one of "
            f"{unseen(len(values)):,} may have been missed)."
        )
    if row["verdict"] == "no difference that matters":
        return (
            f"no difference that matters; it is {number(mean)} {unit} ({span}), less than "
            f"{exact(matters)} {unit} either way."
        )
    if row["verdict"] == "cannot tell":
        why = too_early(values)
        shown = f"the difference may be anything from {span} {unit}" if why is None else why
        return f"the model cannot tell the two apart in {len(values):,} replicates: {shown}."
    if row["verdict"] in ("higher", "lower"):
        near = min(abs(low), abs(high))
        doubt = f" Whether by the {exact(matters)} {unit} that matters is open." * (near < matters)
        size = f"{number(abs(mean))} {unit} ({number(near)} to {number(max(abs(low), abs(high)))})"
        return f"{row['verdict']} by {size}.{doubt}"
    return f"{nearly_in_words(values, unit)}."


def of_worlds_said(text: str, lucks: int) -> str:
    """Return what is said of replicates, of worlds where a value is the mean of a world."""
    return text if lucks == 1 else text.replace("replicate", "world").replace("pair", "world")


def nearly_in_words(values: np.ndarray, unit: str) -> str:
    """Return what is known where nearly all pairs agree and their mean is not settled."""
    counts = {sign: int(np.sum(np.sign(values) == sign)) for sign in SIGNS}
    most = max(counts, key=lambda each: counts[each])
    others = {sign: many for sign, many in counts.items() if sign != most and many}
    is_it = {1: "the policy is higher", -1: "the policy is lower", 0: "they are the same"}
    first = f"in {counts[most]:,} of {len(values):,} pairs {is_it[most]}"
    if not others:
        return f"{first}; by how much on average is not settled ({_why(values, unit)})"
    rest = " and ".join(
        f"{is_it[sign]}" if len(others) == 1 else f"{is_it[sign]} in {many:,}"
        for sign, many in others.items()
    )
    many = sum(others.values())
    return f"{first}; in the other {many:,} {rest}; the mean is not settled ({_why(values, unit)})"


def why_open(values: np.ndarray) -> str:
    """Return that a mean is not settled, and why."""
    return f"not settled: {too_early(values) or 'its interval holds zero'}"


def _why(values: np.ndarray, unit: str) -> str:
    return too_early(values) or f"it is {number(float(np.mean(values)))} {unit}, and may be zero"
