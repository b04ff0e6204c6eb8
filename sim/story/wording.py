"""How money, time, councils and scopes are put into words, and how an event's fields are read.

A field that is missing reads as empty or as None, never as a word that would be printed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from ..declared.catalogue import MANAGEMENTS, MERGER, TITLES

if TYPE_CHECKING:
    import pandas as pd

MILLION = 1_000_000
MONTHS = 3  # in a quarter
QUARTERS = 4  # in a year
PARTIES_IN_WORDS = {
    "CON": "the Conservatives", "LAB": "Labour", "LD": "the Liberal Democrats",
    "NOC": "no party", "IND": "the independents",
}  # fmt: skip
QUARTER_NAMES = ("January to March", "April to June", "July to September", "October to December")


class Event(Protocol):
    """One row of the event table: a dictionary or a pandas Series."""

    def get(self, key: str, default: Any = None, /) -> Any:
        """Return the field, or the default where the event has none."""


def text(event: Event, key: str) -> str:
    """Return a field that holds a word or a code, empty when it is missing."""
    value = event.get(key)
    return value if isinstance(value, str) else ""


def amount(event: Event, key: str) -> float | None:
    """Return a field that holds a number, None when it is missing or not finite."""
    try:
        value = float(event.get(key))
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None


def deal_of(event: Event) -> int | None:
    """Return the number of the deal that an event belongs to, None when it belongs to none."""
    number = amount(event, "agreement")
    return None if number is None or number < 0 else int(number)


def records(events: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return the rows in order of time."""
    rows: list[dict[Any, Any]] = events.sort_values("quarter", kind="stable").to_dict("records")
    return rows


def money(million: float) -> str:
    """Return an amount of million pounds: £350,000, £1.2m, £123m."""
    pounds = abs(million) * MILLION
    step = 1000 if pounds >= 10_000 else 100
    near = int(pounds / step + 0.5) * step
    sign = "minus " if million < 0 and near > 0 else ""
    if near < MILLION:
        return f"{sign}£{near:,}"
    digits = 0 if pounds >= 100 * MILLION else 1
    return f"{sign}£{pounds / MILLION:,.{digits}f}m".replace(".0m", "m")


def capital(words: str) -> str:
    """Return words that begin with a capital letter, as a sentence does."""
    return f"{words[:1].upper()}{words[1:]}"


def count(number: int, one: str, many: str) -> str:
    """Return a number of things: "no talks", "1 approach", "3 approaches"."""
    return f"{number or 'no'} {one if number == 1 else many}"


def duration(quarters: float) -> str:
    """Return a length of time: "9 months", "1 year and 3 months", "4 years"."""
    years, rest = divmod(round(max(quarters, 0.0)), QUARTERS)
    parts = [count(years, "year", "years")] if years else []
    if rest:
        parts.append(f"{rest * MONTHS} months")
    return " and ".join(parts) or "less than 3 months"


def quarter_name(event: Event, *, earlier: int = 0) -> str:
    """Return when an event happened, or the time so many quarters earlier: "April to June 2009"."""
    date = event.get("date")
    year, month = getattr(date, "year", None), getattr(date, "month", None)
    if isinstance(year, int) and isinstance(month, int):
        since, place = divmod(QUARTERS * year + (month - 1) // MONTHS - earlier, QUARTERS)
        return f"{QUARTER_NAMES[place]} {since}"
    quarter = amount(event, "quarter")
    if quarter is None:
        return "At an unknown date"
    number = int(quarter) + 1 - earlier
    return f"Quarter {number} of the run" if number > 0 else "Before the run"


def scope_words(event: Event) -> str:
    """Return what is to be shared: "shared legal services", "a shared chief executive"."""
    scope = text(event, "scope")
    title = TITLES.get(scope)
    if title is None:
        return "working together"
    small = (title[0].lower() + title[1:]).removesuffix(" only")
    if scope == MERGER:
        return f"a {small}"
    return f"a shared {small}" if scope in MANAGEMENTS else f"shared {small}"


def joined(words: Sequence[str], last: str = "and") -> str:
    """Return a list for a sentence, with a comma before the last "and" where it is needed."""
    if len(words) < 2:
        return "".join(words)
    comma = "," if any(f" {last} " in word for word in words) else ""
    return f"{', '.join(words[:-1])}{comma} {last} {words[-1]}"
