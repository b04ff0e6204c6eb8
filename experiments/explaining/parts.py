"""The parts of a gap by mechanism: how sure the gap is, and whether they are shares of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..estimates import ERROR, Estimate, mean_of
from ..words import NOTHING, count, interval, number, or_nan
from .mechanisms import MECHANISMS

DIRECT = "direct"
DIRECT_WORDS = "direct, and everything else"
MINUS = (
    "Parts work against each other: a share with a minus is of what makes the gap smaller, and the "
    "others add up to more than 100%."
)
LEAST = 1e-9
"""What is smaller is rounding in sums, no effect."""
HEADINGS = ("Mechanism", "Part", "95% interval", "Share")
FORMER = "No shares: an earlier version did not look whether the gap is told apart from 0."
"""Of parts that were kept without the reason."""


class Parts(NamedTuple):
    """The parts of the mean gap between two policies over some runs, and what they are over."""

    rows: list[dict[str, Any]]  # a row a mechanism, the largest part first; see `parts_in`
    gap: Estimate  # the mean gap in the outcome's unit, with Student's interval over the runs
    runs: int  # in which the outcome has a value
    without_value: int  # further runs, in which it has none
    no_share: str  # why the parts are not told as shares of the gap; empty where they are

    def document(self) -> dict[str, Any]:
        """Return what goes with the rows in JSON."""
        return {
            "gap": self.gap.document(), "runs": self.runs, "without_value": self.without_value,
            "no_share": self.no_share or None,
        }  # fmt: skip


def parts_in(found: np.ndarray, *, without_value: int = 0) -> Parts:
    """Return the parts of a gap; `found` is (runs, mechanisms + 1), in the outcome's unit.

    Each row has: mechanism, words, effect (mean part of the gap) with its 95% interval over runs,
    and share (of the mean gap; None where that would say what is not so, see `no_share`).
    """
    gap = mean_of(found.sum(axis=1), error=ERROR)
    means = found.mean(axis=0)
    no_share = _no_share(gap, means, len(found))
    known = [(each.name, each.words) for each in MECHANISMS] + [(DIRECT, DIRECT_WORDS)]
    rows: list[dict[str, Any]] = []
    for place, (name, words) in enumerate(known):
        part = mean_of(found[:, place], error=ERROR)
        share = None if no_share else part.value / gap.value
        rows.append({
            "mechanism": name, "words": words, "effect": part.value, "low": part.low,
            "high": part.high, "share": share,
        })  # fmt: skip
    rows.sort(key=lambda row: -abs(row["effect"]))
    return Parts(rows, gap, len(found), without_value, no_share)


def _no_share(gap: Estimate, means: np.ndarray, runs: int) -> str:
    """Return why the parts are no shares of the gap, an empty string if they are."""
    if abs(gap.value) < LEAST:
        return "No shares: the gap is 0, and nothing is a share of that."
    if runs > 1 and not gap.sure:
        return (
            f"No shares: over these {runs:,} runs the gap is not told apart from 0 (95% interval "
            f"{interval(gap.low, gap.high)}), so nobody knows of what a part would be a share."
        )
    shares = means / gap.value
    against = shares.min() < -LEAST
    if against and (runs == 1 or shares.max() > 1 or shares.min() < -1):
        return (
            "No shares: parts work against each other, "
            + ("" if runs == 1 else "some are larger than the whole gap, ")
            + "so read them in their own unit."
        )
    return ""


def over_in_words(parts: Parts, unit: str, runs: str) -> str:
    """Return the gap that is shared out, how sure it is, and over which runs it was taken."""
    gap, sure = parts.gap, ""
    if parts.runs > 1:
        alike = gap.high - gap.low < LEAST  # as far as rounding in sums allows
        sure = (
            f" (the same in all {parts.runs:,}; no interval)" if alike
            else f" (95% interval {interval(gap.low, gap.high)})"
        )  # fmt: skip
    gone = parts.without_value
    left = f", {count(gone, 'run')} without a value left out" if gone else ""
    return f"{number(gap.value)} {unit}{sure} {'over' if parts.runs > 1 else 'in'} {runs}{left}"


def notes_in_words(kept: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the sentences that a table of parts needs, from what was kept of them."""
    if not rows:
        return []
    notes = [FORMER if "gap" not in kept else kept["no_share"]]
    if not notes[0] and any(or_nan(row["share"]) < 0 for row in rows):
        notes.append(MINUS)
    if kept.get("runs", 2) > 1:
        notes.append("A part whose interval holds 0 has not been shown to matter.")
    else:
        notes.append("One run is one story: there is no interval, and another run may differ.")
    return [note for note in notes if note]


def parts_in_words(
    kept: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> tuple[list[str], list[list[str]]]:
    """Return headings and cells of every mechanism that has a part, without empty columns."""
    cells = []
    for row in rows:
        low, high = or_nan(row["low"]), or_nan(row["high"])
        share = or_nan(row["share"]) if "gap" in kept else np.nan
        shown = f"{share:.0%}".replace("-0%", "0%") if np.isfinite(share) else "-"
        if abs(row["effect"]) >= NOTHING:
            cells.append([row["words"], number(row["effect"]), interval(low, high), shown])
    told = [n for n in range(len(HEADINGS)) if any(row[n] != "-" for row in cells)]
    return [HEADINGS[n] for n in told], [[row[n] for n in told] for row in cells]
