"""What comes of a task in another process: its result, or its error in a form that can be sent."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from traceback import format_exc
from typing import Any, TypeVar

from ...sim.story.wording import capital

WIDTH = 60
"""So many letters are told of each part of a task."""

T = TypeVar("T")
R = TypeVar("R")
Answer = tuple[bool, Any]
"""Whether the task was done, and what came of it or the error that it raised."""


def answer(function: Callable[[T], R], task: T) -> Answer:
    """Return what came of a task, or the error that it raised, which can be sent."""
    try:
        return True, function(task)
    except Exception as error:
        return False, _sendable(error, task)


def packed(found: Answer, task: T) -> bytes:
    """Return an answer as bytes; where its result cannot be sent, the error that says so."""
    try:
        return pickle.dumps(found)
    except Exception as error:
        said = f"what came of {told(task)} cannot be sent from a worker process: {named(error)}"
        return pickle.dumps((False, RuntimeError(said)))


def unpacked(data: bytes) -> Answer:
    """Return the answer of another process; an error where its result cannot be read here."""
    try:
        found: Answer = pickle.loads(data)
    except Exception as error:
        said = f"what a worker process sent cannot be read here: {named(error)}"
        return False, RuntimeError(said)
    return found


def _sendable(error: Exception, task: object) -> Exception:
    """Return an error that another process reads as it is, or else one that tells all of it.

    Python sends an error as its type and its arguments, from which many cannot be made again.
    """
    where = f"in a worker process, at {told(task)}"
    error.add_note(f"{capital(where)}: {format_exc()}")
    try:
        again = pickle.loads(pickle.dumps(error))
        why = None if (type(again), str(again)) == (type(error), str(error)) else "it changes"
    except Exception as refused:
        why = named(refused)
    if why is None:
        return error
    stand_in = RuntimeError(f"{named(error)} ({where}; the error itself cannot be sent: {why})")
    for note in error.__notes__:
        stand_in.add_note(note)
    return stand_in


def named(error: Exception) -> str:
    """Return type and message of an error."""
    return f"{type(error).__name__}: {error}"


def told(task: object) -> str:
    """Return a task in a line: each of its parts, as far as there is room."""
    names = getattr(task, "_fields", None)
    if names is None:
        return _short(task)
    parts = (f"{name}={_short(getattr(task, name))}" for name in names)
    return f"{type(task).__name__}({', '.join(parts)})"


def _short(value: object) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 3]}..."
