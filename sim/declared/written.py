"""How people write numbers and dates, and how a scenario file or a table must write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import pairwise

THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[,' \u00a0\u202f]\d{3})+(?:\.\d+)?")
DECIMAL_COMMA = re.compile(r"\d+,\d+")
CONTINENTAL = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+,\d+")
POUNDS = re.compile(r"^(£|gbp)\s*", re.IGNORECASE)
MILLIONS = re.compile(r"\s*(m|mn|million|£m)$", re.IGNORECASE)
OF_POUNDS = re.compile(r"\s*(million pounds|pounds)$", re.IGNORECASE)
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
DAY = 86_400
FURTHEST = 10_000_000_000
"""Beyond so many seconds since 1970 (the year 2286) milliseconds are meant."""
IN_FIGURES = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
YEAR_FIRST = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})")
IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})[ -,]+(\d{4})", re.IGNORECASE)


def number_meant(text: str, *, millions: bool = False) -> str:
    """Return how a number must be written that people write otherwise; empty where none is seen.

    Args:
        text: such as `1,200`, `13,05`, `£0.5m`, `12%`.
        millions: whether the number is in million pounds, so that an `m` is its unit.
    """
    bare = OF_POUNDS.sub("", POUNDS.sub("", text.strip()))
    sign = "-" if bare[:1] in ("-", "\u2212") else ""
    bare = POUNDS.sub("", bare.lstrip("+-\u2212"))
    percent, bare = bare.endswith("%"), bare.removesuffix("%").strip()
    in_millions, bare = bool(MILLIONS.search(bare)), MILLIONS.sub("", bare)
    plain = _plain(bare)
    if plain is None or text.strip() == sign + plain:
        return ""
    if percent:
        return f"{sign}{float(plain) / 100:.10g}"
    if in_millions and not millions:
        return f"{sign}{float(plain) * 1e6:.15g}"
    return sign + plain


def _plain(text: str) -> str | None:
    """Return a number with a point and without marks for thousands; None where it is none."""
    if CONTINENTAL.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    if THOUSANDS.fullmatch(text):
        return re.sub(r"[^\d.]", "", text)
    if DECIMAL_COMMA.fullmatch(text):
        return text.replace(",", ".")
    return text if re.fullmatch(r"\d+(?:\.\d*)?|\.\d+", text) else None


def day_meant(text: str) -> str:
    """Return a day that people write as `01/04/2010` or `1 April 2010` as 2010-04-01, or nothing.

    Of two numbers the first is the day, as in Britain.
    """
    word = text.strip()
    for pattern, order in ((IN_FIGURES, (2, 1, 0)), (YEAR_FIRST, (0, 1, 2))):
        found = pattern.fullmatch(word)
        if found:
            return _day([int(found[1 + k]) for k in order])
    found = IN_WORDS.fullmatch(word)
    if not found:
        return ""
    month = [k for k, name in enumerate(MONTHS, start=1) if name.startswith(found[2].lower())]
    return _day([int(found[3]), month[0], int(found[1])]) if len(month) == 1 else ""


def day_of(given: object) -> str:
    """Return the day that a word, a year or a number of seconds since 1970 stands for, or none."""
    if isinstance(given, str):
        return day_meant(given)
    if not isinstance(given, int) or isinstance(given, bool):
        return ""
    if 1900 <= given <= 2200:
        return f"{given}-04-01"
    seconds = given / 1000 if given > FURTHEST else given
    if not DAY <= seconds <= FURTHEST:
        return ""
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _day(parts: Sequence[int]) -> str:
    try:
        return date(*parts).isoformat()
    except ValueError:
        return ""


def split_thousands(cells: Sequence[str]) -> list[str]:
    """Return each number that a comma for thousands may have parted into two cells, as it stood."""
    return [
        f"{head.strip()},{tail.strip()}"
        for head, tail in pairwise(cells)
        if re.fullmatch(r"\s*[£-]?[1-9]\d{0,2}", head) and re.fullmatch(r"\d{3}(\.\d+)?\s*", tail)
    ]
