"""How a difference moves, as a report tells it: no options to type, no list of all years."""

from __future__ import annotations

FURTHER = "; --quarters looks further"
"""What the command line adds for whoever may ask again."""
MOST_YEARS, EVERY = 8, 3
"""Of more years than so many the first, every so many and the last are told; the figure has all."""


def for_readers(text: str) -> str:
    """Return a stored sentence without what only somebody at the command line can use."""
    return text.replace(FURTHER, "")


def course_told(text: str) -> str:
    """Return how a difference moves, in no more years than one reads."""
    opening, _, rest = for_readers(text).partition(": ")
    values, _, crossed = f"{rest} ".partition("). ")  # nothing may be said of crossing
    years = values.split("), ")
    if len(years) <= MOST_YEARS:
        return for_readers(text)
    kept = [*years[:-1:EVERY], years[-1]]
    return f"{opening}, every {EVERY} years: {'), '.join(kept)}). {crossed}".rstrip()
