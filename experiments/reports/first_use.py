"""Names of numbers in sentences: each is said in words where it first stands."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..studies.factors import DECLARED
from .words import named

NAMED = re.compile(r"(?P<known>” \()?\b(?P<name>[a-z_]+\.[a-z_]+)\b(?!=)")
"""A name as one types it; `known` where its words stand before it. Before = it is to be typed."""
COMMAND = "councils "
"""A sentence that begins with it is a command, in which nothing is told."""


class FirstUse:
    """Says each number in words where it is first named, from above to below on a page."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def say(self, sentences: Iterable[str]) -> list[str]:
        """Return sentences in which what is named for the first time stands with its words."""
        return [
            sentence if sentence.startswith(COMMAND) else NAMED.sub(self._one, sentence)
            for sentence in sentences
        ]

    def _one(self, found: re.Match[str]) -> str:
        name = found["name"]
        new = name in DECLARED and name not in self.seen
        self.seen.add(name)
        return named(name) if new and not found["known"] else found[0]

    def note(self, sentence: str) -> None:
        """Remember which numbers a sentence says in words already."""
        self.seen |= {found["name"] for found in NAMED.finditer(sentence) if found["known"]}
