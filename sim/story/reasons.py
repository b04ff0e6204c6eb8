"""Why a council decided as it did: the things that pushed hardest, each with its push."""

from __future__ import annotations

from ..declared.measures import CONTRIBUTIONS, REASONS
from .wording import Event, amount, text

SAYS_NO = ("refuses", "walks_away", "talks_fail", "votes_no")
"""The kinds of event that were decided by pushes against the deal; others by pushes for it."""

LEAVING = "leaves"
"""The kind of event that was decided by pushes to leave: a plus sign speaks against sharing."""

LEAST = 0.05
"""The smallest push that is worth a word: less would be printed as 0.0."""

LEGEND = (
    "How to read the numbers: each says how hard something pushed; a plus sign speaks for the "
    "step that was weighed, a minus sign against it."
)


def reasons_in_words(event: Event, most: int = 3) -> str:
    """Return the strongest contributions to a decision, those that decided it first.

    Parameters: one event with its `because_*` fields, and how many contributions to name at most.
    Each is worded by its sign, so that "similar size" speaks for a deal and "difference in size"
    against it. Returns for example "because of: distance (-1.2); in favour: a grant (+0.5)", and
    an empty string for an event that was not weighed.
    """
    deciding = -1.0 if text(event, "kind") in SAYS_NO else 1.0
    chosen = _strongest(event, most, deciding)
    sides = (
        ("because of", [push for push in chosen if push[1] * deciding > 0]),
        ("in favour" if deciding < 0 else "against", [p for p in chosen if p[1] * deciding < 0]),
    )
    return "; ".join(f"{label}: {_listed(pushes)}" for label, pushes in sides if pushes)


def _strongest(event: Event, most: int, deciding: float) -> list[tuple[str, float]]:
    """Return contributions, strongest first, with at least one that speaks for the decision."""
    leaving = text(event, "kind") == LEAVING
    pushes = [(each, amount(event, f"because_{key}")) for key, each in CONTRIBUTIONS.items()]
    told = [
        (each.words(push, leaving=leaving), push)
        for each, push in pushes
        if push is not None and abs(push) >= LEAST
    ]
    ranked = sorted(told, key=lambda p: -abs(p[1]))
    chosen, rest = ranked[: max(most, 0)], ranked[max(most, 0) :]
    decisive = [p for p in rest if p[1] * deciding > 0]
    if chosen and decisive and not any(p[1] * deciding > 0 for p in chosen):
        chosen[-1] = decisive[0]
    return chosen


def _listed(pushes: list[tuple[str, float]]) -> str:
    return ", ".join(f"{words} ({push:+.1f})" for words, push in pushes)


def main_reason(event: Event, label: str = "main reason") -> str:
    """Return "; main reason: distance", or an empty string for an event without a reason."""
    words = REASONS.get(text(event, "reason"))
    return f"; {label}: {words}" if words else ""


def in_brackets(event: Event) -> str:
    """Return " (because of: ...)", or an empty string for an event that was not weighed."""
    words = reasons_in_words(event)
    return f" ({words})" if words else ""
