"""Errors that a user can act on: what is wrong, where, what is allowed, and what to do."""

from __future__ import annotations

import os
from collections.abc import Iterable
from difflib import get_close_matches
from numbers import Integral, Real
from typing import Any

SHORT = 40
"""So many letters of what was given are told."""
A_SCENARIO = (
    'give the name of one, such as "norfolk", the path of a file in .toml, or a Scenario, which '
    "sim.load gives"
)


class InputError(ValueError):
    """Something that the user gave cannot be used; the message says what to do about it."""


def nearest(word: Any, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known word, or the first few when none is near."""
    word, choices = str(word), list(known)
    lowered = {choice.lower(): choice for choice in choices}
    found = get_close_matches(word.lower(), list(lowered), n=1, cutoff=0.5)
    if found:
        return f"did you mean '{lowered[found[0]]}'?"
    return "known are: " + ", ".join(choices[:12]) + (", ..." if len(choices) > 12 else "")


def given(value: Any) -> str:
    """Return what somebody gave, in few words: itself where it is short, else what it is."""
    text = repr(value)
    return text if len(text) <= SHORT and "\n" not in text else f"a {type(value).__name__}"


def as_text(what: str, value: Any, give: str) -> str:
    """Return a name or a path as text; InputError where it is something else."""
    if not isinstance(value, str | os.PathLike):
        raise InputError(f"{what} is {given(value)}: {give}")
    return str(value)


def whole(what: str, value: Any, least: int, most: int | None = None) -> int:
    """Return a whole number; InputError where it is none, or lies outside its limits."""
    fits = isinstance(value, Integral) and not isinstance(value, bool)
    if not fits or value < least or (most is not None and value > most):
        limits = f"from {least} upwards" if most is None else f"from {least} to {most}"
        raise InputError(f"{what} is {given(value)}: give a whole number {limits}")
    return int(value)


def is_number(value: Any) -> bool:
    """Return whether something is a number, whole or not."""
    return isinstance(value, Real) and not isinstance(value, bool)
