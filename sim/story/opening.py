"""Talks that were under way on the first day of a run: the record begins with them as they stand.

Who asked whom, and why, was before the record. It keeps them as talks that begin in the first
quarter, with their age in quarters and with nothing that was weighed.
"""

from __future__ import annotations

from .wording import Event, amount, duration, quarter_name, text


def age_of(event: Event) -> int:
    """Return how many quarters before the first day the talks began; 0 for all else."""
    if text(event, "kind") != "talks_begin":
        return 0
    return max(int(amount(event, "more") or 0), 0)


def begun_name(event: Event) -> str:
    """Return when talks began, from the event that opens them: "October to December 2008"."""
    return quarter_name(event, earlier=age_of(event))


def how_long(event: Event) -> str:
    """Return "since October to December 2008", or for how long where no date is known."""
    if isinstance(getattr(event.get("date"), "year", None), int):
        return f"since {begun_name(event)}"
    return f"for {duration(age_of(event))} already"
