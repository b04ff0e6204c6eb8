"""Who talks about joining an agreement that is at work already, and who joins it.

The record keeps the joining of an agreement as it keeps a new one: talks with a number of their
own, then a signature under the number of the agreement. Which is which follows from what came
before: an agreement's members are those that stood in it on the first day or signed it since.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from .known import NOTHING, Agreement, Known
from .wording import Event, amount, deal_of, text

Row = dict[Any, Any]
JOINS = "joins"
"""The mark of a step that is about joining an agreement that is at work."""
ASKS = ("approaches", "talks_begin")
MOVES = ("signs", "leaves", "ends", "merges", "abolished", "talks_begin", "talks_fail")
"""The kinds of event that change who is in an agreement, or in talks about joining it."""
FOLLOWED = ("quarter", "kind", "council", "other", "agreement", "scope")
"""The columns of the event table that are read."""


class Joining(NamedTuple):
    """An agreement that somebody would join: the newcomer, and who is in it, by code."""

    guest: str
    members: tuple[str, ...]


def joining(event: Event) -> Joining | None:
    """Return what a step is about joining, None where it is about something new."""
    found = event.get(JOINS)
    return found if isinstance(found, Joining) else None


class Asked(NamedTuple):
    """Talks about joining an agreement: its number, the newcomer, and the member it has asked."""

    number: int
    guest: str
    member: str


class Running:
    """The agreements at work at a moment, and the talks about joining them."""

    def __init__(self, known: Known = NOTHING) -> None:
        """Begin with the agreements that stood on the first day."""
        self.agreements: dict[int, Agreement] = dict(known.standing)
        self.signed: dict[int, float | None] = dict.fromkeys(known.standing)
        self.begun: set[int] = set()
        self.hosts: dict[int, Asked] = {}  # by talks

    def follow(self, rows: Iterable[Row]) -> list[Row]:
        """Return rows in order of happening, those about joining marked with what is joined.

        Who has a place for the mark was followed before, and stays as it is.
        """
        marked = []
        for row in rows:
            found = joining(row) if JOINS in row else self._about(row)
            marked.append(row | {JOINS: found} if found else row)
            self._move(row)
        return marked

    def _about(self, row: Row) -> Joining | None:
        kind, scope, deal = text(row, "kind"), text(row, "scope"), deal_of(row)
        one, other = text(row, "council"), text(row, "other")
        if kind in ASKS:
            return self._as_joining(self._of(other, scope), one)
        if kind == "refuses":
            return self._as_joining(self._of(one, scope), other)
        if kind == "signs" and deal is not None:
            return self._signs(row, deal, one, other)
        asked = self.hosts.get(deal if deal is not None else -1)
        return None if asked is None else self._as_joining(asked.number, asked.guest)

    def _signs(self, row: Row, deal: int, one: str, other: str) -> Joining | None:
        """Return what is joined where the agreement was at work before this quarter."""
        if deal in self.agreements:
            new = deal in self.signed and self.signed[deal] == amount(row, "quarter")
            return None if new else self._as_joining(deal, one)
        stood = bool(self.begun) and deal < min(self.begun)
        return Joining(one, (other,)) if stood and other != one else None

    def _as_joining(self, number: int | None, guest: str) -> Joining | None:
        if number is None or number not in self.agreements:
            return None
        members = tuple(code for code in self.agreements[number].members if code != guest)
        return Joining(guest, members) if members else None

    def _of(self, council: str, scope: str) -> int | None:
        """Return the number of the council's agreement of a scope, None where it has none."""
        for number, agreement in self.agreements.items():
            if agreement.scope == scope and council in agreement.members:
                return number
        return None

    def _move(self, row: Row) -> None:
        """Take over what a step changes."""
        kind, deal, scope = text(row, "kind"), deal_of(row), text(row, "scope")
        one, other = text(row, "council"), text(row, "other")
        if kind == "talks_begin" and deal is not None:
            self.begun.add(deal)
            host = self._of(other, scope)
            if host is not None:
                self.hosts[deal] = Asked(host, one, other)
        elif kind == "signs" and deal is not None:
            held = self.agreements.get(deal)
            if held is None:
                self.signed[deal] = amount(row, "quarter")
            members = (*(held.members if held else ()), one)
            self.agreements[deal] = Agreement(scope, tuple(dict.fromkeys(members)))
        elif kind == "leaves" and deal in self.agreements:
            self._replace(deal, one, "")
            self._alone(deal, one)
        elif kind in ("ends", "talks_fail") and deal is not None:
            self.agreements.pop(deal, None)
            self.hosts.pop(deal, None)
        elif kind in ("merges", "abolished"):
            self._succeed(*((other, one) if kind == "merges" else (one, other)))

    def _replace(self, number: int, gone: str, heir: str) -> None:
        scope, members = self.agreements[number]
        new = [heir if code == gone else code for code in members]
        self.agreements[number] = Agreement(scope, tuple(dict.fromkeys(c for c in new if c)))

    def _alone(self, number: int, gone: str) -> None:
        """Where the member that was asked has left the agreement, talks are about something new."""
        for deal, asked in list(self.hosts.items()):
            if asked.number == number and asked.member == gone:
                del self.hosts[deal]

    def _succeed(self, gone: str, heir: str) -> None:
        """An heir takes the place of a council that is gone, where it has no agreement of that."""
        for number, (scope, members) in list(self.agreements.items()):
            if gone in members:
                free = bool(heir) and self._of(heir, scope) is None
                self._replace(number, gone, heir if free else "")


def follow(rows: Iterable[Row], known: Known = NOTHING) -> list[Row]:
    """Return the rows of a run from its first day, those about joining marked."""
    return Running(known).follow(rows)
