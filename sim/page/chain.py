"""The chain of differences between two sides: one line each, with its date, what matters first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..story import sentence
from ..story.alike import Sides, Step, unlike
from ..story.apart import in_both
from ..story.order import Row
from ..story.wording import deal_of, text
from .parted import CALLED, Log, bits_of_quarter

if TYPE_CHECKING:
    from .line import Line

WEIGHT = (
    "merges", "abolished", "stance", "announced", "in_distress", "ends", "talks_fail", "leaves",
    "signs", "starts", "walks_away", "votes_no", "refuses", "talks_begin", "invited",
)  # fmt: skip
"""What matters most of what happens on one side only, in order; all else comes after it."""
LEFT_OUT = ("considers", "known")
"""Who only looks, and what becomes known, is no link of the chain."""
QUARTER_MOST = 4
"""So many differences of a quarter are told, the weightiest; the last says how many more."""
KEPT_MOST = 200
"""So many differences a file to take home holds at most."""

Difference = dict[str, Any]
"""One link: `q` (when it is shown), `period`, and `line`, a sentence that names its side."""


class Chain:
    """The differences of two sides, found as far as anybody has asked."""

    def __init__(self, a: Line, b: Line) -> None:
        """Take the two sides; nothing is compared yet."""
        self.sides, self.quarter = (a, b), 0
        self.found: list[Difference] = []
        self.told: set[int] = set()

    def link(self, number: int) -> Difference | None:
        """Return a difference by its number, from 0; None where there are not so many."""
        while len(self.found) <= number and self.quarter < self.sides[0].quarters:
            self._compare(self.quarter)
            self.quarter += 1
        return self.found[number] if number < len(self.found) else None

    def kept(self) -> list[Difference]:
        """Return the first differences, as many as a file to take home holds."""
        self.link(KEPT_MOST - 1)
        return self.found[:KEPT_MOST]

    def _compare(self, quarter: int) -> None:
        own, others = (bits_of_quarter(side.at(quarter + 1), quarter) for side in self.sides)
        if own == others:
            return
        logs = [side.happened(quarter) for side in self.sides]
        period = self.sides[0].period(quarter + 1)
        for line in self._lines(logs):
            self.found.append({"q": quarter + 1, "period": period, "line": line})

    def _lines(self, logs: Sequence[Log]) -> list[str]:
        """Return the lines of a quarter: what happens otherwise, then what differs in a figure."""
        names = {**logs[1].names, **logs[0].names}
        steps = [each for each in unlike(Sides(logs[0].rows, logs[1].rows)) if each.otherwise
                 and text(each.event, "kind") not in LEFT_OUT]  # fmt: skip
        one_sided = [each for each in steps if each.side != "both"]
        lines = [_told(facing, names) for facing in _facing(_headlines(one_sided))]
        for each in steps:
            deal = None if each.base is None else deal_of(each.base)
            if each.base is None or each.policy is None or deal in self.told:
                continue
            self.told |= set() if deal is None else {deal}
            lines.append(in_both(each.base, each.policy, names, CALLED))
        return _few(list(dict.fromkeys(lines)))


def _few(lines: list[str]) -> list[str]:
    more = len(lines) - QUARTER_MOST
    if more <= 0:
        return lines
    kept = lines[:QUARTER_MOST]
    return [*kept[:-1], f"{kept[-1]} And {more} more in this quarter."]


def _headlines(steps: Sequence[Step]) -> list[Step]:
    """Return one step of each deal on a side, the one that matters most, in order of weight."""
    best: dict[Any, Step] = {}
    for step in sorted(steps, key=_weight):
        deal = deal_of(step.event)
        best.setdefault((step.side, id(step) if deal is None else deal), step)
    return list(best.values())


def _weight(step: Step) -> int:
    kind = text(step.event, "kind")
    return WEIGHT.index(kind) if kind in WEIGHT else len(WEIGHT)


def _facing(steps: Sequence[Step]) -> list[list[Step]]:
    """Return steps one by one; what faces each other on two sides stands together."""
    found: dict[Any, list[Step]] = {}
    for step in steps:
        about: Any = (_councils(step.event), text(step.event, "scope"))
        there = found.get(about, [])
        if any(each.side == step.side for each in there):
            about = id(step)
        found.setdefault(about, []).append(step)
    return list(found.values())


def _councils(event: Row) -> frozenset[str]:
    return frozenset((text(event, "council"), text(event, "other")))


def _told(facing: Sequence[Step], names: Mapping[str, str]) -> str:
    """Return what happens on one side only, or on each, as one line without reasons."""
    said = {each.side: _short(sentence(each.event, names)) for each in facing}
    if len(said) == 2:
        return f"In A: {said['base']} In B: {said['policy']}"
    (side, words), = said.items()  # fmt: skip
    return f"Only {CALLED[side]}: {words}"


def _short(words: str) -> str:
    return f"{words.partition(';')[0].rstrip('.')}."
