"""How people write numbers and dates, and how a scenario file or a table must write them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import pairwise

THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[,' \u00a0\u202f]\d{3})+(?:\.\d+)?")
DECIMAL_COMMA = re.compile(r"\d+,\d+")
CONTINENTAL = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+,\d+")
POUNDS = re.compile(r"^(£|gbp)\s*", re.IGNORECASE)
SIZED = re.compile(r"\s*£?(k|thousand|m|mn|million|bn|billion)$", re.IGNORECASE)
SIZES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
OF_POUNDS = re.compile(r"\s*(million pounds|pounds)$", re.IGNORECASE)
NO_MILLIONS = 1e5
"""So many pounds and more are pounds, also where million pounds are wanted."""
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
PARTY = {
    "CON": ("conservative", "conservatives", "conservative party", "tory", "tories"),
    "LAB": ("labour", "labour party", "labour and co-operative", "lab co-op"),
    "LD": ("liberal democrat", "liberal democrats", "lib dem", "lib dems", "libdem", "liberal"),
    "NOC": ("no overall control", "hung", "no majority"),
    "IND": ("independent", "independents"),
}
"""What people call those who control a council."""
DAY = 86_400
FURTHEST = 10_000_000_000
"""Beyond so many seconds since 1970 (the year 2286) milliseconds are meant."""
IN_FIGURES = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
MONTH_ALONE = re.compile(r"(\d{4})[/.-](\d{1,2})")
YEAR_FIRST = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})")
IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})[ -,]+(\d{4})", re.IGNORECASE)


def number_meant(text: str, *, millions: bool = False) -> str:
    """Return how a number must be written that people write otherwise; empty where none is seen.

    Args:
        text: such as `1,200`, `13,05`, `£0.5m`, `2000k`, `12%`, or `(0.5)` for less than nothing.
        millions: whether the number is in million pounds, so that an `m` is its unit.
    """
    pounds = "£" in text or "pounds" in text.lower()
    bare = OF_POUNDS.sub("", POUNDS.sub("", text.strip()))
    below = re.fullmatch(r"\((.*)\)", bare)
    bare = POUNDS.sub("", below[1].strip()) if below else bare
    sign = "-" if below or bare[:1] in ("-", "\u2212") else ""
    bare = POUNDS.sub("", bare.lstrip("+-\u2212"))
    percent, bare = bare.endswith("%"), bare.removesuffix("%").strip()
    size, bare = SIZED.search(bare), SIZED.sub("", bare)
    plain = _plain(bare)
    if plain is None or text.strip() == sign + plain:
        return ""
    if percent:
        return f"{sign}{float(plain) / 100:.10g}"
    factor = 1.0 if size is None else SIZES[size[1].lower()] / (1e6 if millions else 1.0)
    if millions and pounds and size is None and float(plain) >= NO_MILLIONS:
        factor = 1e-6
    return sign + (plain if factor == 1 else f"{float(plain) * factor:.15g}")


def _plain(text: str) -> str | None:
    """Return a number with a point and without marks for thousands; None where it is none.

    It begins with a figure and ends with one, and with no 0 too many, or TOML would not read it.
    """
    if CONTINENTAL.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    elif THOUSANDS.fullmatch(text):
        text = re.sub(r"[^\d.]", "", text)
    elif DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    if not re.fullmatch(r"\d+(?:\.\d*)?|\.\d+", text):
        return None
    whole, _, rest = text.partition(".")
    return (whole.lstrip("0") or "0") + (f".{rest}" if rest else "")


def party_meant(text: str) -> str:
    """Return the letters of a party that people write in full or small; nothing of others."""
    word = " ".join(text.lower().split())
    return next((key for key, names in PARTY.items() if word in (key.lower(), *names)), "")


def day_meant(text: str) -> str:
    """Return a day that people write as `01/04/2010` or `1 April 2010` as 2010-04-01, or nothing.

    Of two numbers the first is the day, as in Britain; a year of two figures is of this century. A
    month alone is its first day, and a day that it has not is its last.
    """
    word = text.strip()
    alone = MONTH_ALONE.fullmatch(word)
    if alone:
        return _day([int(alone[1]), int(alone[2]), 1])
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
    year, month, day = parts
    year += 2000 if year < 100 else 0
    if not (1 <= month <= 12 and 1 <= day <= 31 and year >= 1):
        return ""
    return date(year, month, min(day, monthrange(year, month)[1])).isoformat()


def split_thousands(cells: Sequence[str]) -> list[str]:
    """Return each number that a comma for thousands may have parted into two cells, as it stood."""
    return [
        f"{head.strip()},{tail.strip()}"
        for head, tail in pairwise(cells)
        if re.fullmatch(r"\s*[£-]?[1-9]\d{0,2}", head) and re.fullmatch(r"\d{3}(\.\d+)?\s*", tail)
    ]
