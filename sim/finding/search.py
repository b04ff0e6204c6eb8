"""In which runs something happens, how often, and when first: read from their events as arrays."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from ..core.state import NOBODY
from ..declared.catalogue import SCOPES
from ..declared.measures import KINDS, REASONS
from ..ready.world import Prepared
from ..running import Raw, luck_of, run_arrays
from ..story.joining import follow
from ..story.known import known_of
from ..story.sentences import sentence
from ..story.wording import quarter_name, records
from ..tables.columns import roll_of
from ..tables.frames import event_table
from . import words
from .often import wilson
from .sought import Sought

KIND = {name: place for place, name in enumerate(KINDS)}
SIGNED = tuple(
    KIND[kind]
    for kind in ("signs", "starts", "leaves", "ends", "survives", "accounts", "joint_chief_leaves")
)
"""The kinds that are about an agreement, whose members have signed; others are about talks."""
COMES = (KIND["signs"], KIND["invited"])
"""The kinds by which one council comes to what it is in with others."""
MET = ("talks_begin", "invited")
"""The kinds by which councils are in talks."""
TOLD = 5
"""So many of the runs that were found are told in words."""


class Found(NamedTuple):
    """A run in which it happens: when first, how often, and in words where it is one of the few."""

    replicate: int
    quarter: int  # from 0
    when: str  # "April to June 2011"
    times: int
    said: str = ""


class Findings(NamedTuple):
    """What came of looking for something in runs of one scenario and seed."""

    runs: int  # that were lived
    found: tuple[Found, ...]  # by replicate
    stopped: bool  # before all were lived, since the time was up
    standing: bool  # it is so on the first day already, in every run

    @property
    def share(self) -> float:
        """In what share of the runs it happens; 0 where none was lived."""
        return len(self.found) / self.runs if self.runs else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of that share."""
        return wilson(len(self.found), self.runs)


def find(
    ready_at: Callable[[int], Prepared], sought: Sought, *, seed: int, replicates: range,
    seconds: float | None = None,
) -> Findings:  # fmt: skip
    """Live replicates in order and return those in which something happens.

    `ready_at` gives the scenario of a replicate; all have the councils of the first. So many
    `seconds` after the first run, if given, no further one is begun.
    """
    found: list[Found] = []
    end, lived = math.inf, 0
    for replicate in replicates:
        if time.monotonic() > end:
            break
        ready = ready_at(replicate)
        raw = run_arrays(ready, luck=luck_of(seed, replicate))
        lived += 1
        if lived == 1 and seconds is not None:  # before it the rules may have to be compiled
            end = time.monotonic() + seconds
        places = places_of(ready, raw, sought)
        if places:
            found.append(_told(ready, raw, replicate, places, in_words=len(found) < TOLD))
    standing = lived > 0 and _stands(ready_at(replicates.start), sought)
    return Findings(lived, tuple(found), lived < len(replicates), standing)


def places_of(ready: Prepared, raw: Raw, sought: Sought) -> list[int]:
    """Return where in the events of a run it happens, in order."""
    events = np.asarray(raw.events)
    likely = np.isin(events["kind"], [KIND[kind] for kind in sought.kinds])
    if sought.scopes:
        likely &= np.isin(events["scope"], [SCOPES.index(scope) for scope in sought.scopes])
    if sought.reason:
        likely &= events["reason"] == list(REASONS).index(sought.reason)
    if sought.first is not None or sought.last is not None:
        likely &= np.isin(events["quarter"], _quarters(ready, sought))
    who = [ready.table.code.index(code) for code in sought.councils]
    if who and sought.who in (words.FIRST, words.ALONE):
        likely &= events["council"] == who[0]
    run = _Run(ready, raw, events)
    return [place for place in np.flatnonzero(likely).tolist() if run.fits(place, sought, who)]


def _quarters(ready: Prepared, sought: Sought) -> list[int]:
    """Return the quarters that lie in the years that are meant."""
    first = -np.inf if sought.first is None else sought.first
    last = np.inf if sought.last is None else sought.last
    years = [ready.scenario.first_day(t).year for t in range(len(ready.theory))]
    return [t for t, year in enumerate(years) if first <= year <= last]


class _Run:
    """The events of a run, asked about who was in a deal when."""

    def __init__(self, ready: Prepared, raw: Raw, events: np.ndarray) -> None:
        self.ready, self.raw, self.events = ready, raw, events

    def fits(self, place: int, sought: Sought, who: Sequence[int]) -> bool:
        """Return whether an event of the right kind is about the councils that are named."""
        event = self.events[place]
        signs = int(event["kind"]) == KIND["signs"]
        if sought.what == words.JOINS and not self._there_before(event, "signs"):
            return False
        if sought.what == words.SHARE and signs and not self._there_before(event, "starts"):
            return False
        if not who:
            return True
        if sought.what == "merges":
            return all(int(event["council"]) in self._heirs(one) for one in who)
        there = {int(event["council"]), int(event["other"])} | self._members(event)
        together = sought.who != words.ONE and int(event["kind"]) not in COMES
        return (together or int(event["council"]) in who) and there.issuperset(who)

    def _there_before(self, event: np.void, kind: str) -> bool:
        """Return whether an agreement stood, or an event of a kind was, before that quarter."""
        deal, t = int(event["deal"]), int(event["quarter"])
        return deal in self._standing() or bool(len(self._of(deal, (kind,), t)))

    def _members(self, event: np.void) -> set[int]:
        """Return who is in the deal of an event in its quarter, or left in that quarter."""
        deal, t = int(event["deal"]), int(event["quarter"])
        if deal == NOBODY:
            return set()
        if int(event["kind"]) in SIGNED:
            joined = self._of(deal, ("signs",), t + 1)
            there = set(joined["council"].tolist()) | self._standing().get(deal, set())
            gone = self._of(deal, ("leaves",), t)
        else:
            joined = self._of(deal, MET, t + 1)
            there = {*joined["council"].tolist(), *joined["other"].tolist()}
            gone = self._of(deal, ("walks_away",), t)
        return there - set(gone["council"].tolist())

    def _of(self, deal: int, kinds: Sequence[str], before: int) -> np.ndarray:
        """Return the events of some kinds of a deal before a quarter."""
        events = self.events
        these = (events["deal"] == deal) & (events["quarter"] < before)
        found: np.ndarray = events[these & np.isin(events["kind"], [KIND[k] for k in kinds])]
        return found

    def _standing(self) -> dict[int, set[int]]:
        return {number: who for number, (_, who) in standing_of(self.ready).items()}

    def _heirs(self, council: int) -> set[int]:
        """Return what a council became by and by."""
        roll, found = self.raw.world.roll, set[int]()
        while int(roll.successor[council]) not in (council, NOBODY):
            council = int(roll.successor[council])
            found.add(council)
        return found


def standing_of(ready: Prepared) -> dict[int, tuple[str, set[int]]]:
    """Return the agreements of the first day by number: about what, and whose by row."""
    found: dict[int, tuple[str, set[int]]] = {}
    for place, scope, _, row, _ in ready.blank.standing.tolist():
        found.setdefault(place + 1, (SCOPES[scope], set()))[1].add(row)
    return found


def _stands(ready: Prepared, sought: Sought) -> bool:
    """Return whether councils that are to share something do so on the first day already."""
    if sought.what not in (words.SHARE, "signs") or not sought.councils:
        return False
    who = {ready.table.code.index(code) for code in sought.councils}
    return any(
        members.issuperset(who) and (not sought.scopes or scope in sought.scopes)
        for scope, members in standing_of(ready).values()
    )


def _told(
    ready: Prepared, raw: Raw, replicate: int, places: Sequence[int], *, in_words: bool
) -> Found:
    """Return a run that was found; its first event in a sentence if `in_words`."""
    quarter = int(raw.events["quarter"][places[0]])
    when = quarter_name({"date": ready.scenario.first_day(quarter)})
    found = Found(replicate, quarter, when, len(places))
    return found._replace(said=_said(ready, raw, places[0])) if in_words else found


def _said(ready: Prepared, raw: Raw, place: int) -> str:
    """Return the sentence that tells an event of a run."""
    table = event_table(ready, np.array([0]), [raw])
    rows = follow(records(table.iloc[: place + 1]), known_of(ready))
    codes, names = roll_of(ready, raw.world)
    return sentence(rows[place], dict(zip(codes, names, strict=True)))
