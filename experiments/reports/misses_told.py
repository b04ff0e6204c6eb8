"""What the model is known to miss of England, and what of that bears on the outcome of a report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...sim.story.wording import capital
from ..patterns import HIGHER, LOWER, MET, PATTERNS, Row, bearing, missed, validated
from ..told import TEXT, Table
from ..words import count, listed

TITLE = "What the model is known to miss, and bears on this"
SIDES = {
    "lower": "lower than England",
    "higher": "higher than England",
    "mixed": "partly lower, partly higher than England",
}
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
NOTE = (
    "England: what was counted or published there; after ±, ≥ or in brackets: how near would count "
    "as met. A slash stands between numbers in the order in which they are named."
)


class Misses(NamedTuple):
    """What is said of the model's misses: an introduction and, if any bears on it, a table."""

    sentences: list[str]
    tables: list[Table]


def misses_told(outcomes: Sequence[str], code: str) -> Misses:
    """Return which missed patterns bear on some measures, with the model's numbers and England's.

    `code` is the fingerprint of the rules that made the result.
    """
    found = validated()
    rows = missed(outcomes, found.rows)
    met = [row.number for row in bearing(outcomes, found.rows) if row.within]
    theirs = "this outcome" if len(outcomes) == 1 else "these outcomes"
    out = sum(not row.within for row in found.rows)
    said = [
        f"The model was held against {count(len(found.rows), 'pattern')} of what England did to "
        f"the end of 2014 ({count(found.runs, 'run')} with all numbers at their defaults; none "
        f"was found by a search, some were set by hand). It misses {out} of them. No interval in "
        f"this report covers that. "
        f"{_met(met, theirs)}{_missed(len(rows))}"
    ]
    if found.code != code:
        said.append(
            "That was counted with other rules of the model than those that made this result, so "
            "the numbers of the model may have moved since."
        )
    return Misses(said, [_table(rows)] if rows else [])


def apart(row: Row) -> str:
    """Return on which side of England the model lies; of several numbers, which are met."""
    groups = {
        what: [ORDINALS[k] for k, part in enumerate(row.parts) if part == what]
        for what in (MET, LOWER, HIGHER)
    }
    said = [f"{listed(places)} {what}" for what, places in groups.items() if places]
    if len(said) < 2:
        return SIDES[row.side]
    return f"{', '.join(said)}{'' if said[-1].endswith(MET) else ' than England'}"


def _met(numbers: Sequence[str], theirs: str) -> str:
    """Return what there is to say for the outcomes."""
    if not numbers:
        return f"Of those that it meets none bears on {theirs}. "
    bear = "one bears" if len(numbers) == 1 else f"{len(numbers)} bear"
    return f"Of those that it meets, {bear} on {theirs} ({', '.join(numbers)}). "


def _missed(some: int) -> str:
    if not some:
        return "None of those that it misses does."
    return f"Of those that it misses, {'this one does' if some == 1 else f'these {some} do'}:"


def _table(rows: Sequence[Row]) -> Table:
    columns = [("What", TEXT), ("England", TEXT), ("The model", TEXT), ("Why it matters", TEXT)]
    cells = [
        [f"{capital(row.pattern)} ({row.number})", row.target,
         f"{row.model}: {apart(row)}", PATTERNS[row.number].bears]
        for row in rows
    ]  # fmt: skip
    return Table("England and the model", columns, cells, NOTE, dense=True)
