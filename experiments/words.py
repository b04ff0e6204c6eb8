"""Numbers, counts, periods, intervals and commands, as people read them."""

from __future__ import annotations

import math
import shlex
from collections.abc import Sequence
from pathlib import Path

from ..sim.declared.scenario import Scenario

HUNDRED = 100

NOTHING = 5e-7
"""What is smaller is shown as 0: rounding in sums, no effect."""

POINTS = {
    "0 to 1": "points (on a scale of 0 to 1)",
    "-1 to 1": "points (on a scale of -1 to 1)",
    "index, 1 = all kept": "points (1 = all kept)",
    "share of councils": "of all councils (as a share)",
    "share of pairs": "of all pairs (as a share)",
}
"""Units that cannot follow a number as they stand."""

NOT_IN_DOUBLE = set('"$`\\!')
"""What keeps a meaning between double quotes."""


def or_nan(value: float | None) -> float:
    """Return a stored value, which is None where there is none."""
    return float("nan") if value is None else value


def number(value: float) -> str:
    """Return a number with as many digits as one reads: 12,300; 123; 12.3; 0.12; 0.0012; 0."""
    if not math.isfinite(value):
        return "-"
    size = abs(value)
    if size >= HUNDRED:
        return f"{value:,.0f}"
    if size >= 1:
        return f"{value:.1f}"
    if size < NOTHING:
        return "0"  # and no minus before it
    return f"{value:.{max(2, 1 - math.floor(math.log10(size)))}f}"


def exact(value: float) -> str:
    """Return a number with all its digits, as one types it: 0.5; 200000; 1234567."""
    return repr(float(value)).removesuffix(".0")


def percent(share: float | None) -> str:
    """Return a share in per cent; one that is not quite none or all is not told as that."""
    if share is None or not math.isfinite(share):
        return "-"
    if 0 < share < 1 and round(share * HUNDRED) in (0, HUNDRED):
        return "<1%" if share < 1 / 2 else ">99%"
    return f"{share:.0%}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return words as a sentence lists them: 'a', 'a and b', 'a, b and c'; or with another last."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def unit_words(unit: str) -> str:
    """Return a unit as it follows a number in a sentence: of a scale, its points."""
    return POINTS.get(unit, unit)


def interval(low: float, high: float) -> str:
    """Return an interval: '1.2 to 3.4'; a dash when there is none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "-"
    return f"{number(low)} to {number(high)}"


def shorten(folder: Path) -> str:
    """Return a path as one would type it here."""
    here = Path.cwd()
    return str(folder.relative_to(here) if folder.is_relative_to(here) else folder)


def as_typed(words: Sequence[str]) -> str:
    """Return a command as one types it; in double quotes, which every shell knows, if they do."""
    return " ".join(_quote(word) for word in words)


def _quote(word: str) -> str:
    quoted = shlex.quote(word)
    return quoted if quoted == word or NOT_IN_DOUBLE & set(word) else f'"{word}"'


MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip


def period(scenario: Scenario) -> str:
    """Return what a scenario covers: '24 quarters from April 2009'."""
    start = f"{MONTHS[scenario.start.month - 1]} {scenario.start.year}"
    return f"{count(scenario.quarters, 'quarter')} from {start}"


def month(scenario: Scenario, quarter: int) -> str:
    """Return the month with which a quarter of a scenario ends: 'March 2015'."""
    last = scenario.first_day(quarter + 1)
    return f"{MONTHS[last.month - 2]} {last.year if last.month > 1 else last.year - 1}"


def count(number: int, thing: str) -> str:
    """Return a number of things: '1 run', '1,200 runs'."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def money(million: float) -> str:
    """Return an amount in words that fit its size: '£2.1 million', '£340,000', '-£5,000'."""
    sign, size = ("-" if million < 0 else ""), abs(million)
    if size >= 1e3:
        return f"{sign}£{size / 1e3:,.2f} billion"
    if size >= 1:
        return f"{sign}£{size:,.1f} million"
    pounds = 1000 * round(size * 1000)
    return f"{sign}£{pounds:,}" if pounds else "£0"
