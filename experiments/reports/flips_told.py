"""Which assumptions turn the answer about one policy: a section of a report of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..comparing.flips import CONFIRMED, SCREENED
from ..told import FIGURE, NAME, TEXT, Table
from ..words import interval, number
from .contents import TURNS, FurtherAnswer
from .words import about_number, value_words


def flips_part(title: str, outcome: Mapping[str, Any], turned: Mapping[str, Any]) -> FurtherAnswer:
    """Return the verdict on one policy, what reverses it, and a table of what moves it."""
    return FurtherAnswer(
        title=f"{title}: which assumption turns the answer?",
        sentences=list(turned["sentences"]),
        basis=_basis(turned),
        tables=[_table(title, outcome, turned)] if turned["rows"] else [],
        kind=TURNS,
    )


def _basis(turned: Mapping[str, Any]) -> str:
    found = turned["found"]
    return (
        f"{turned['tried']:,} ends of plausible ranges, one at a time and in both policies from "
        f"the first day, on replicates {SCREENED[0]} to {SCREENED[-1]}; those that seemed to "
        f"matter again on {len(CONFIRMED)} others ({CONFIRMED[0]} to {CONFIRMED[-1]}), and only "
        "these are believed. Over those the difference at the values in force is "
        f"{number(found['mean'])} ({interval(found['low'], found['high'])}). The number of runs "
        "was fixed beforehand: intervals are by Student's t and, but for that one, hold together "
        "with 95%. They are not the intervals of the answer above, which are right at every look."
    )


def _table(title: str, outcome: Mapping[str, Any], turned: Mapping[str, Any]) -> Table:
    columns = [
        ("Assumption", NAME), ("What it is", TEXT), ("Now", FIGURE), ("Tried at", FIGURE),
        ("Difference there", FIGURE), ("Interval", FIGURE), ("Move", FIGURE), ("Verdict", TEXT),
    ]  # fmt: skip
    rows = [
        [row["assumption"], about_number(row["assumption"]),
         *(value_words(row["assumption"], row[when]) for when in ("now", "end")),
         number(row["difference"]), interval(row["low"], row["high"]), number(row["move"]),
         row["effect"] + ("" if row["sure"] else ", perhaps")]
        for row in turned["rows"]
    ]  # fmt: skip
    name = f"{title}: what turns or moves it ({outcome['title']}, {outcome['unit']})"
    return Table(name, columns, rows, "Reversals first, then by how far they move it.", dense=True)
