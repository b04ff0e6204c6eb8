"""What two runs of the same councils have in common, step by step, and in what they part.

A step of one run is the same step in the other where it is of the same kind, about the same
councils and the same scope: in the same quarter, or in another one within a deal that both have.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

from ..declared.measures import CONTRIBUTIONS
from .apart import told_otherwise
from .opening import age_of
from .order import Row
from .wording import QUARTERS, Event, amount, deal_of, text

Place = tuple[int, int]
"""A quarter, and a place within it in the log of a run."""
Left = list[tuple[Place, Row]]
Key = tuple[int, str, str, str, str]
"""What makes two events the same step: quarter, kind, council, other, scope."""
NEAR = QUARTERS
"""Quarters by which the beginnings of one deal may lie apart; beyond, it is another deal."""
LED_TO = ("considers", "approaches")
"""The kinds of event that lead to talks in the same quarter, before the deal has a number."""


class Sides(NamedTuple):
    """The event logs of the two runs, rows in order of time."""

    base: Sequence[Row]
    policy: Sequence[Row]


class Step(NamedTuple):
    """A step that is not alike in the two runs: in one only, or in both and otherwise."""

    place: Place  # where it first happens
    base: Row | None
    policy: Row | None

    @property
    def quarter(self) -> int:
        """The quarter in which it happens, the first of two."""
        return self.place[0]

    @property
    def side(self) -> str:
        """The run that has it: base, policy or both."""
        if self.base is not None and self.policy is not None:
            return "both"
        return "base" if self.policy is None else "policy"

    @property
    def event(self) -> Row:
        """The event itself; of two the first, and at the same time that of the policy."""
        return min((each for each in (self.policy, self.base) if each is not None), key=quarter_of)

    @property
    def later(self) -> int:
        """By how many quarters it happens later with the policy; below zero: earlier."""
        if self.base is None or self.policy is None:
            return 0
        return quarter_of(self.policy) - quarter_of(self.base)

    @property
    def otherwise(self) -> bool:
        """Whether something else happened, and was not just weighed differently."""
        if self.base is None or self.policy is None or self.later:
            return True
        return told_otherwise(self.base, self.policy)


def quarter_of(event: Event) -> int:
    """Return the quarter of an event, -1 where none is known."""
    quarter = amount(event, "quarter")
    return int(quarter if quarter is not None else -1)


def begun_of(event: Event) -> int:
    """Return the quarter in which a deal was begun, by its first event; before 0 if under way."""
    return quarter_of(event) - age_of(event)


def key_of(event: Event) -> Key:
    """Return what makes an event the same step in another run."""
    kind, council, other, scope = (
        text(event, name) for name in ("kind", "council", "other", "scope")
    )
    return quarter_of(event), kind, council, other, scope


def whole_of(event: Event) -> tuple[Any, ...]:
    """Return all that is told of an event, but for the number of its deal, which is a place."""
    pushes = tuple(amount(event, f"because_{name}") for name in CONTRIBUTIONS)
    told = text(event, "reason"), amount(event, "value"), amount(event, "more")
    return (*key_of(event), *told, *pushes)


def unlike(sides: Sides) -> list[Step]:
    """Return the steps that are not alike in both runs, in order of quarter and place in it."""
    numbers = _Deals(sides.base), _Deals(sides.policy)
    same = _same_deals(*numbers)
    steps, left = _paired(_not_in_both(sides), key_of, key_of)
    more, left = _paired(
        left,
        lambda event: _within(same.get(numbers[0].of(event)), event),
        lambda event: _within(numbers[1].of(event), event),
    )
    steps += more
    steps += [Step(place, event, None) for place, event in left[0]]
    steps += [Step(place, None, event) for place, event in left[1]]
    return sorted(steps, key=lambda step: (step.place, step.base is None))


class _Deals:
    """The deals of one run: who began each, about what and when, and what led to it."""

    def __init__(self, log: Sequence[Row]) -> None:
        """Take the events, in order of time."""
        self.begun: dict[int, Row] = {}
        self.asked: dict[tuple[int, str], int] = {}
        for event in log:
            number = deal_of(event)
            if number is not None and number not in self.begun:
                self.begun[number] = event
                if text(event, "kind") == "talks_begin" and not age_of(event):
                    self.asked[quarter_of(event), text(event, "council")] = number

    def of(self, event: Row) -> int | None:
        """Return the deal of an event; of a search or an approach, that which it led to."""
        number = deal_of(event)
        if number is not None or text(event, "kind") not in LED_TO:
            return number
        found = self.asked.get((quarter_of(event), text(event, "council")))
        if found is None or not text(event, "other"):
            return found
        return found if _about(event) == _about(self.begun[found]) else None


def _same_deals(base: _Deals, policy: _Deals) -> dict[int | None, int]:
    """Return the deals of the base that the policy's run has too, each with its number there.

    A deal is the same where the same councils begin it, about the same scope, at about the same
    time; those that begin nearest to each other belong together.
    """
    by_about = defaultdict(list)
    for number, event in policy.begun.items():
        by_about[_about(event)].append((begun_of(event), number))
    near = []
    for number, event in base.begun.items():
        begun = begun_of(event)
        near += [
            (abs(other - begun), begun, number, theirs)
            for other, theirs in by_about[_about(event)]
            if abs(other - begun) <= NEAR
        ]
    same: dict[int | None, int] = {}
    taken = set()
    for _, _, number, theirs in sorted(near):
        if number not in same and theirs not in taken:
            same[number] = theirs
            taken.add(theirs)
    return same


def _about(event: Row) -> tuple[frozenset[str], str]:
    """Return the two councils that an event names, whoever of them acts, and the scope."""
    return frozenset((text(event, "council"), text(event, "other"))), text(event, "scope")


def _within(deal: int | None, event: Row) -> Hashable:
    """Return what makes an event the same step within a deal, None where there is no deal."""
    return None if deal is None else (deal, *key_of(event)[1:], age_of(event) > 0)


def _not_in_both(sides: Sides) -> tuple[Left, Left]:
    """Return the events of each run that the other one does not have to the last digit."""
    base, policy = ([whole_of(event) for event in log] for log in sides)
    return _less(sides.base, base, policy), _less(sides.policy, policy, base)


def _less(log: Sequence[Row], own: Sequence[Hashable], others: Sequence[Hashable]) -> Left:
    had, seen, left = Counter(others), Counter[int](), []
    for event, whole in zip(log, own, strict=True):
        quarter = quarter_of(event)
        if had[whole] > 0:
            had[whole] -= 1
        else:
            left.append(((quarter, seen[quarter]), event))
        seen[quarter] += 1
    return left


def _paired(
    left: tuple[Left, Left],
    of_base: Callable[[Row], Hashable],
    of_policy: Callable[[Row], Hashable],
) -> tuple[list[Step], tuple[Left, Left]]:
    """Return the steps that both have by their keys, in order, and what is left without one."""
    waiting = defaultdict[Hashable, list[tuple[Place, Row]]](list)
    for placed in reversed(left[1]):
        waiting[of_policy(placed[1])].append(placed)
    waiting[None] = []  # nothing is the same as anything by having no key
    steps, alone, taken = [], [], set()
    for place, event in left[0]:
        found = waiting[of_base(event)]
        if found:
            where, other = found.pop()
            taken.add(where)
            steps.append(Step(min(place, where), event, other))
        else:
            alone.append((place, event))
    return steps, (alone, [placed for placed in left[1] if placed[0] not in taken])
