"""Seats: one a phone, with a name that the server gives; so many at most, the idle go first."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from ...errors import InputError

SEATS_MOST = 100
AWAY_SECONDS = 60.0
"""How long a phone may be silent before another may take its council."""
COLOURS = ("Amber", "Blue", "Bronze", "Coral", "Golden", "Green", "Grey", "Indigo", "Purple",
           "Silver", "Scarlet")  # fmt: skip
ANIMALS = ("badger", "beaver", "curlew", "dormouse", "hare", "heron", "kestrel", "lapwing",
           "otter", "owl", "robin", "wren")  # fmt: skip


@dataclass
class Seat:
    """One phone: its name, the council it holds or watches, and when it was last heard."""

    key: str
    number: int
    council: str | None = None
    holds: bool = False
    stream: int = 0  # which of its streams is the one that counts
    heard: float = field(default_factory=time.monotonic)

    @property
    def name(self) -> str:
        """Return the seat's name: no two of the first 132 are alike."""
        n = self.number - 1
        return f"{COLOURS[n % len(COLOURS)]} {ANIMALS[n % len(ANIMALS)]}"

    @property
    def here(self) -> bool:
        """Return whether the phone was heard of late."""
        return time.monotonic() - self.heard < AWAY_SECONDS


class Seats:
    """All seats of a room; whoever uses them holds the hall's lock."""

    def __init__(self, most: int = SEATS_MOST) -> None:
        """Have room for `most` phones."""
        self.most = most
        self.held: dict[str, Seat] = {}

    def __iter__(self) -> Iterator[Seat]:
        """Return all seats, in the order of their numbers."""
        return iter(sorted(self.held.values(), key=lambda seat: seat.number))

    def sit(self, key: str) -> Seat:
        """Return the seat of a key, or a new one; InputError when the room is full."""
        if key in self.held:
            return self.held[key]
        if len(self.held) >= self.most:
            silent = min(self.held.values(), key=lambda seat: seat.heard)
            if silent.here:
                raise InputError(f"the room is full: {self.most} phones are in it")
            del self.held[silent.key]
        taken = {seat.number for seat in self.held.values()}
        number = next(n for n in range(1, self.most + 1) if n not in taken)
        made = Seat(secrets.token_urlsafe(12), number)
        self.held[made.key] = made
        return made

    def get(self, key: str) -> Seat | None:
        """Return the seat of a key, None when there is none."""
        return self.held.get(key)

    def holder(self, council: str) -> Seat | None:
        """Return who holds a council, and is here."""
        found = (seat for seat in self if seat.holds and seat.council == council and seat.here)
        return next(found, None)

    def take(self, seat: Seat, council: str | None) -> None:
        """Let a seat hold a council, watch it where another holds it, or leave it (None)."""
        holder = None if council is None else self.holder(council)
        if council is not None and holder is None:
            for other in self.held.values():
                if other.council == council:
                    other.holds = False  # it fell silent
        seat.council = council
        seat.holds = council is not None and holder in (None, seat)
