"""Errors that a user can act on: what is wrong, where, what is allowed, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class InputError(ValueError):
    """Something that the user gave cannot be used; the message says what to do about it."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known word, or the first few when none is near."""
    choices = list(known)
    lowered = {choice.lower(): choice for choice in choices}
    found = get_close_matches(word.lower(), list(lowered), n=1, cutoff=0.5)
    if found:
        return f"did you mean '{lowered[found[0]]}'?"
    return "known are: " + ", ".join(choices[:12]) + (", ..." if len(choices) > 12 else "")
