"""The sessions of all tabs: so many and so much at most, the one unused longest goes first."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict

from .session import Session

SESSIONS_MOST = 60
IDLE_SECONDS = 2 * 60 * 60
BYTES_MOST = 500_000_000
"""How much all sessions together may hold, besides what each cannot do without."""


class Gone(LookupError):
    """A session that was put away, or never was."""


class Sessions:
    """The sessions of all tabs: so many and so much at most, the one unused longest goes first."""

    def __init__(
        self, most: int = SESSIONS_MOST, idle: float = IDLE_SECONDS, size: int = BYTES_MOST
    ) -> None:
        """Hold `most` sessions of `size` bytes, each for `idle` seconds after its last use."""
        self.most, self.idle, self.size = most, idle, size
        self.lock = threading.Lock()
        self.held: OrderedDict[str, tuple[Session, float]] = OrderedDict()

    def add(self, session: Session) -> str:
        """Hold a session; return its key."""
        key = secrets.token_urlsafe(16)
        with self.lock:
            self._evict()
            while len(self.held) >= self.most:
                self.held.popitem(last=False)
            self.held[key] = (session, time.monotonic())
        return key

    def get(self, key: str) -> Session:
        """Return a session; Gone when it was put away."""
        with self.lock:
            self._evict()
            if key not in self.held:
                raise Gone(key)
            session = self.held[key][0]
            self.held[key] = (session, time.monotonic())
            self.held.move_to_end(key)
            while len(self.held) > 1 and self._bytes() > self.size:
                self.held.popitem(last=False)
            return session

    def drop(self, key: str) -> None:
        """Put a session away; nothing when it is gone already."""
        with self.lock:
            self.held.pop(key, None)

    def _bytes(self) -> int:
        return sum(
            line.bytes for held, _ in self.held.values() for line in list(held.lines.values())
        )

    def _evict(self) -> None:
        late = time.monotonic() - self.idle
        while self.held and next(iter(self.held.values()))[1] < late:
            self.held.popitem(last=False)
