"""The two doors of a room: the trainer's with all rights, and the room's, by QR code or letters."""

from __future__ import annotations

import io
import secrets
import threading
import time
from typing import NamedTuple

import segno

from ...errors import InputError

LETTERS = "CDGHJMNPRTWX"
"""No vowels, so that no word arises, and none that looks like another letter or a digit."""
LENGTH = 4
TRIES_MOST, TRIES_SECONDS = 30, 60.0
"""How many wrong codes are heard in how long, from all phones together."""


class Doors(NamedTuple):
    """What opens the page to the trainer, and the phones' page to the room."""

    trainer: str
    room: str
    code: str


def new_doors() -> Doors:
    """Return doors that nobody can guess; the code is short, so guesses are counted (`Tries`)."""
    left = list(LETTERS)
    code = "".join(left.pop(secrets.randbelow(len(left))) for _ in range(LENGTH))
    return Doors(secrets.token_urlsafe(9), secrets.token_urlsafe(9), code)


class Tries:
    """Counts wrong codes, and hears none for a while when there were too many."""

    def __init__(self, most: int = TRIES_MOST, seconds: float = TRIES_SECONDS) -> None:
        """Hear `most` wrong codes in `seconds`."""
        self.most, self.seconds, self.lock = most, seconds, threading.Lock()
        self.wrong: list[float] = []

    def check(self, given: str, code: str) -> None:
        """Refuse a wrong code, and any when too many were wrong of late."""
        now = time.monotonic()
        with self.lock:
            self.wrong = [when for when in self.wrong if now - when < self.seconds]
            if len(self.wrong) >= self.most:
                raise InputError("too many wrong codes: wait a minute, or scan the square code")
            if secrets.compare_digest(given.strip().upper().encode(), code.encode()):
                return
            self.wrong.append(now)
        raise InputError(f"'{given.strip()[:20]}' is not the code of this room: four letters")


def square(address: str) -> bytes:
    """Return an address as a QR code, drawn as SVG, dark on white with its margin."""
    made = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        made, kind="svg", border=3, dark="#000", light="#fff", xmldecl=False, omitsize=True
    )
    return made.getvalue()
