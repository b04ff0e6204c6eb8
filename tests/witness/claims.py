"""What a witness claims of every life: small functions that yield what contradicts them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from .history import History, quarters_of
from .life import Event, Life

AtEvent = Callable[[History, Event], Iterable[str]]
AtQuarter = Callable[[History, int], Iterable[str]]
OfLife = Callable[[Life], Iterable[str]]
AT_EVENT: dict[str, AtEvent] = {}
AT_QUARTER: dict[str, AtQuarter] = {}
OF_LIFE: dict[str, OfLife] = {}
UNREADABLE = "claim_no_code_stands_twice"
MOST = 3
"""Contradictions of one claim that are told."""


def at_event(claim: AtEvent) -> AtEvent:
    """Ask a claim of every event, before it is written into the history."""
    AT_EVENT[claim.__name__] = claim
    return claim


def at_quarter(claim: AtQuarter) -> AtQuarter:
    """Ask a claim at the end of every quarter."""
    AT_QUARTER[claim.__name__] = claim
    return claim


def of_life(claim: OfLife) -> OfLife:
    """Ask a claim once of a whole life."""
    OF_LIFE[claim.__name__] = claim
    return claim


def names() -> list[str]:
    """Return the names of all claims."""
    return [*AT_EVENT, *AT_QUARTER, *OF_LIFE]


def contradictions(life: Life) -> dict[str, list[str]]:
    """Return for each claim that does not hold what contradicts it, in words.

    Where one code stands for two councils the log cannot be read, and only that is said.
    """
    twice = list(OF_LIFE[UNREADABLE](life))
    if twice:
        return {UNREADABLE: twice}
    found: dict[str, list[str]] = {}
    for name, said in _told(life):
        found.setdefault(name, []).append(said)
    return found


def in_words(found: dict[str, list[str]]) -> str:
    """Return contradictions as text, a few of each claim."""
    lines = []
    for name, said in found.items():
        lines += [f"{name}: {len(said)} times", *(f"    {each}" for each in said[:MOST])]
    return "\n".join(lines)


def _told(life: Life) -> Iterator[tuple[str, str]]:
    history = History(life)
    for quarter, events in quarters_of(life):
        history.begin(quarter)
        for event in events:
            history.settle(event)
            for name, claim in AT_EVENT.items():
                for said in claim(history, event):
                    yield name, f"{event}: {said}"
            history.take_in(event)
        history.settle()
        for name, at_end in AT_QUARTER.items():
            for said in at_end(history, quarter):
                yield name, f"quarter {quarter}: {said}"
    for name, whole in OF_LIFE.items():
        for said in whole(life):
            yield name, said
