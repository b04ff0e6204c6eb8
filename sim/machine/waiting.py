"""What is said while the rules are compiled: how much is done, to whoever waits for it.

On a terminal that is a bar; in a log or a notebook it is one line. The page asks `compiling` and
draws its own; a command that already draws bars takes this one among them by `shown_by`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

WORDS = "Compiling the rules, which is done once"
LONG = "in about half a minute"
WIDTH = 30  # letters of a bar
Teller = Callable[[float | None], None]
"""Is told what share is done, and None when it is over."""


class OnStderr:
    """A bar on a terminal; elsewhere one line when it begins."""

    def __init__(self) -> None:
        """Nothing is written yet."""
        self.written = 0  # letters

    def __call__(self, share: float | None) -> None:
        """Write what is to be written."""
        if sys.stderr is None:  # a program without a window
            return
        if sys.stderr.isatty():
            self._draw(share)
        elif share is not None and not self.written:
            self.written = len(WORDS)
            print(f"{WORDS}, {LONG}.", file=sys.stderr, flush=True)
        if share is None:
            self.written = 0

    def _draw(self, share: float | None) -> None:
        bar = "" if share is None else f"{WORDS} [{'#' * int(WIDTH * share):{WIDTH}}] {share:.0%}"
        back = "\r" if share is None else ""
        print(f"\r{bar:{self.written}}{back}", end="", file=sys.stderr, flush=True)
        self.written = len(bar)


class Wait:
    """How much is done, and who shows it; the page reads it from another thread."""

    share: float | None = None
    teller: Teller = staticmethod(OnStderr())


def compiling() -> float | None:
    """Return what share of the rules is compiled; None while none are being compiled."""
    return Wait.share


def tell(share: float | None) -> None:
    """Take note of what share is done, None when it is over, and show it."""
    begun = Wait.share is not None
    Wait.share = share
    if begun or share is not None:
        Wait.teller(share)


@contextmanager
def shown_by(teller: Teller) -> Iterator[None]:
    """Let something else show what share is done."""
    before, Wait.teller = Wait.teller, staticmethod(teller)
    try:
        yield
    finally:
        Wait.teller = staticmethod(before)
