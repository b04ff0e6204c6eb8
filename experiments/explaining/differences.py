"""Where two runs part: the first event that differs, and how that spreads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ...sim.declared.measures import CONTRIBUTIONS, Contribution
from ...sim.story import decision, in_words, sentence
from ...sim.story.decisions import LEAVING
from ...sim.story.wording import Event, amount, quarter_name, text

LEAST = 1e-9
"""Contributions that differ by less are the same but for rounding."""
Key = tuple[int, str, str, str, str]
"""What makes two events the same event: quarter, kind, council, other, scope."""


class Sides(NamedTuple):
    """The event logs of the two runs, rows in order of time."""

    base: Sequence[Event]
    policy: Sequence[Event]


def first_difference(sides: Sides, names: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the first event that differs, None when the logs are the same.

    `when`; for `base` and `policy` what that run tells and the other does not (None where there is
    no such thing in that quarter), with what was weighed; `same`, whether both tell of one event
    that was only weighed differently; and `weighed`, the contributions that differ where the two
    are about the same councils and scope, as (words, in the base, with the policy).
    """
    found = unlike(sides, whole_of)
    if not found:
        return None
    side, event = found[0]
    quarter = key_of(event)[0]
    rest = [each for where, each in found if where != side and key_of(each)[0] == quarter]
    twins = [each for each in rest if key_of(each) == key_of(event)]
    near = next(iter(twins), None) or _counterpart(side, event, found)
    both = {side: event, ("policy" if side == "base" else "base"): near or next(iter(rest), None)}
    return {
        "quarter": quarter, "when": quarter_name(event), "same": bool(twins),
        **{name: each and _told(each, names) for name, each in both.items()},
        "weighed": _weighed(side, event, near),
    }  # fmt: skip


def chain_of(sides: Sides, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the councils in the order in which they were touched, a row each.

    A council is touched by the first event that concerns it and happened in one run only. Each row
    has the quarter, the council, `through` (the council that brought it: one that was touched
    before and takes part in the event; None where it was reached by the policy itself, or by what
    it sees, hears or can afford), the `side` on which the event happened, the `sentence` with its
    `reasons`, what happened `instead` on the other side, and the contributions that differ.
    """
    found = unlike(sides, key_of)
    touched: set[str] = set()
    steps = []
    for side, event in found:
        members = [code for code in (text(event, "council"), text(event, "other")) if code]
        for code in dict.fromkeys(members):
            if code in touched:
                continue
            via = next((each for each in members if each in touched), None)
            touched.add(code)
            other = _counterpart(side, event, found)
            steps.append({
                "quarter": key_of(event)[0], "when": quarter_name(event),
                "council": code, "name": names.get(code, code),
                "through": None if via is None else names.get(via, via),
                "side": side, **_told(event, names),
                "instead": None if other is None else sentence(other, names),
                "weighed": _weighed(side, event, other),
            })  # fmt: skip
    return steps


def key_of(event: Event) -> Key:
    """Return what makes an event the same event in another run."""
    quarter = amount(event, "quarter")
    words = (text(event, name) for name in ("kind", "council", "other", "scope"))
    kind, council, other, scope = words
    return int(quarter if quarter is not None else -1), kind, council, other, scope


def whole_of(event: Event) -> tuple[Any, ...]:
    """Return all that is told of an event, but for the number of its deal, which is a place."""
    pushes = tuple(amount(event, f"because_{name}") for name in CONTRIBUTIONS)
    told = text(event, "reason"), amount(event, "value"), amount(event, "more")
    return (*key_of(event), *told, *pushes)


def unlike(sides: Sides, of: Callable[[Event], Any]) -> list[tuple[str, Event]]:
    """Return the events that one run has and the other has not, each with its side.

    `of` says what is compared of an event (`key_of` or `whole_of`). In order of quarter, and
    within it of the place in the log.
    """
    counts = [Counter(map(of, log)) for log in sides]
    found: list[tuple[int, int, str, Event]] = []
    for side, log, others in zip(Sides._fields, sides, reversed(counts), strict=True):
        left = Counter(others)
        for place, event in _numbered(log):
            if left[of(event)] > 0:
                left[of(event)] -= 1
            else:
                found.append((key_of(event)[0], place, side, event))
    found.sort(key=lambda row: row[:3])
    return [(side, event) for _, _, side, event in found]


def _numbered(log: Sequence[Event]) -> list[tuple[int, Event]]:
    """Return events with their place within their quarter."""
    seen: Counter[int] = Counter()
    numbered = []
    for event in log:
        quarter = key_of(event)[0]
        numbered.append((seen[quarter], event))
        seen[quarter] += 1
    return numbered


def _counterpart(side: str, event: Event, found: Sequence[tuple[str, Event]]) -> Event | None:
    """Return what a council did about a scope in the other run instead, None if nothing.

    With the same council on the other side if there is such a thing, else with another.
    """
    quarter, _, council, _, scope = key_of(event)
    others = [
        each
        for where, each in found
        if where != side and key_of(each)[0] == quarter and key_of(each)[4] == scope
    ]
    same = [each for each in others if _parties(each) == _parties(event)]
    own = [each for each in others if key_of(each)[2] == council]
    return next(iter([*same, *own]), None)


def _parties(event: Event) -> set[str]:
    """Return the councils that an event names."""
    return {text(event, "council"), text(event, "other")}


def _told(event: Event, names: Mapping[str, str]) -> dict[str, str]:
    return {"sentence": sentence(event, names), "reasons": in_words(decision(event))}


def _weighed(side: str, event: Event, other: Event | None) -> list[tuple[str, float, float]]:
    """Return the contributions that differ from the other run's event, the largest change first.

    Only between events of the same councils: with another partner everything is another matter.
    """
    if other is None or _parties(event) != _parties(other):
        return []
    base, policy = (event, other) if side == "base" else (other, event)
    leaving = text(base, "kind") == text(policy, "kind") == LEAVING
    both = []
    for name, each in CONTRIBUTIONS.items():
        before, after = (amount(one, f"because_{name}") or 0.0 for one in (base, policy))
        both.append((_worded(each, before, after, leaving), before, after))
    changed = [row for row in both if abs(row[2] - row[1]) > LEAST]
    return sorted(changed, key=lambda row: -abs(row[2] - row[1]))


def _worded(each: Contribution, before: float, after: float, leaving: bool) -> str:
    """Return the words of a contribution by its sign; its title where the sign itself differs."""
    if before * after < 0:
        return each.title
    return each.words(before or after, leaving=leaving)
