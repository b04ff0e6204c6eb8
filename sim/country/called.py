"""Whom a name means: a council's own name or code, as people write it, or one of another day.

A name is understood where only one council fits. This is for reading files only: no rule, number or
target of the model comes from it, nor from its table, `data/today.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

from ..declared.written import MONTHS
from ..errors import nearest
from .councils import DATA, TIERS, Councils
from .given import read_rows

MADE, CALLED, FORMER = "made", "called", "former code"
TITLES = {
    "london borough": ("london",), "metropolitan borough council": ("metropolitan",),
    "metropolitan borough": ("metropolitan",), "metropolitan district council": ("metropolitan",),
    "mbc": ("metropolitan",), "mdc": ("metropolitan",), "county council": ("county",),
    "district council": ("district",), "dc": ("district",), "district": ("district",),
    "unitary authority": ("unitary",), "unitary": ("unitary",),
}  # fmt: skip
"""What people write behind a name, and of which tier the council then is."""
NO_COUNTY = ("city council", "borough council", "city", "borough", "bc", "royal borough", "city of")
"""What they write behind a name that is no county's."""
OF_ANY = ("council", "cc", "county", "corporation", "county of", "the")
"""What they write behind any name."""
BEHIND = sorted((*TITLES, *NO_COUNTY, *OF_ANY), key=len, reverse=True)
BEFORE = {
    "london borough of": ("london",), "lb of": ("london",), "lb": ("london",),
    "metropolitan borough of": ("metropolitan",), "royal borough of": (), "borough of": (),
    "city and county of": (), "city of": (), "county of": (), "district of": ("district",),
    "council of the": (), "county": (), "the": (),
}  # fmt: skip
"""What they write before a name, and of which tier the council then is, where it says so."""
NEW_NAMES = ("council", "unitary", "unitary authority", "city council", "borough council",
             "district council")  # fmt: skip
"""What may stand behind the name of a council that was made later."""


SHOWN = 8
"""So many councils are named at most."""


class Other(NamedTuple):
    """A name or a code of another day, and the councils of the table that it is about."""

    kind: str
    name: str
    code: str
    day: date | None
    councils: tuple[str, ...]


@cache
def others() -> tuple[Other, ...]:
    """Return every name and code of another day."""
    return tuple(
        Other(row["kind"], row["name"], row["code"],
              date.fromisoformat(row["date"]) if row["date"] else None,
              tuple(row["councils"].split(";")))
        for row in read_rows(DATA / "today.csv", each="name or code")
    )  # fmt: skip


@cache
def england_names() -> dict[str, str]:
    """Return the names of England's councils by code."""
    return {row["code"]: row["name"] for row in read_rows(DATA / "councils.csv")}


def row_called(
    text: str, codes: Sequence[str], names: Sequence[str], tiers: Sequence[int]
) -> int | None:
    """Return the row of the council that a text means, None where none or several can be meant.

    Args:
        text: a name or a code, in any case.
        codes, names, tiers: of the councils, by row; a tier is its place in TIERS.
    """
    wanted = text.strip().lower()
    for words in (codes, names):
        for k, known in enumerate(words):
            if known.lower() == wanted:
                return k
    for each in others():
        said = each.name if each.kind == CALLED else each.code
        if each.kind != MADE and said.lower() == wanted and each.councils[0] in codes:
            return codes.index(each.councils[0])
    row = _loosely(text, tuple(names), tuple(tiers))
    if row is not None and TIERS[tiers[row]] == "county" and made_later(text) is not None:
        return None  # such as Somerset Council, which is another than Somerset County Council was
    return row


def made_later(text: str) -> Other | None:
    """Return the council made after those of the tables that a name or a code means."""
    wanted = text.strip().lower()
    alias = {each.name.lower(): each.councils[0] for each in others() if each.kind == CALLED}
    forms = _forms(text)
    for each in others():
        if each.kind != MADE:
            continue
        if each.code.lower() == wanted or each.code in (alias.get(form.name) for form in forms):
            return each
        plain = _spelled(each.name)
        if any(form.name == plain and set(form.behind) <= set(NEW_NAMES) for form in forms):
            return each
    return None


def told_unknown(text: str, table: Councils) -> str:
    """Return what to write in place of a name that no council of a table has."""
    england = england_names()
    if any(code in england for code in table.code):
        made = made_later(text)
        if made is not None:
            return _told_made(made, table)
        tiers = _england_tiers()
        row = row_called(text, tuple(england), tuple(england.values()), tiers)
        if row is not None:
            name = list(england.values())[row]
            return (
                f"{name} is none of this scenario's councils: add it to [places], or take a "
                f"scenario that has it (this one has {_listed(table.name)})"
            )
    begun = [name for name in table.name if _spelled(name).startswith(f"{_spelled(text)} ")]
    if text.strip() and 0 < len(begun) <= SHOWN:
        return f"did you mean {' or '.join(repr(name) for name in begun)}?"
    return nearest(text, table.name)


def is_of_another_day(text: str) -> bool:
    """Return whether a text is a code that a council had before or after those of the tables."""
    wanted = text.strip().lower()
    return any(each.code.lower() == wanted for each in others() if each.kind not in (MADE, CALLED))


def is_called_again(text: str) -> bool:
    """Return whether a council made later has the very name of one of the tables."""
    wanted, known = text.strip().lower(), {name.lower() for name in england_names().values()}
    return wanted in known and any(
        each.name.lower() == wanted for each in others() if each.kind == MADE
    )


def told_name(text: str, names: Sequence[str]) -> str:
    """Return in words that a county council is read where one made later is called so too."""
    wanted = text.strip().lower()
    if wanted not in (name.lower() for name in names):
        return ""
    for each in others():
        if each.kind == MADE and each.name.lower() == wanted and each.day is not None:
            return (
                f"{each.name} is read as the county council of that name; the council that is "
                f"called so since {_month(each.day)} was made of "
                f"{_listed(_parts_of(each))}"
            )
    return ""


def codes_of_another_day(codes: Sequence[str]) -> dict[str, str]:
    """Return the code of a council by each code that the same council had on another day."""
    return {
        each.code: each.councils[0]
        for each in others()
        if each.kind not in (MADE, CALLED) and each.councils[0] in codes
    }


def told_code(text: str, codes: Sequence[str]) -> str:
    """Return in words that a code is one of another day, and as which it is read; else nothing."""
    wanted = text.strip().lower()
    if wanted in (code.lower() for code in codes):
        return ""
    for each in others():
        if each.kind in (MADE, CALLED) or each.code.lower() != wanted:
            continue
        if each.councils[0] in codes and each.day is not None:
            was = "was" if each.kind == FORMER else "is"
            since = "until" if each.kind == FORMER else "since"
            return (
                f"{each.code} {was} the code of {each.name} {since} {_month(each.day)}; it is read "
                f"as {each.councils[0]}, which is the same council"
            )
    return ""


def _told_made(made: Other, table: Councils) -> str:
    england, parts = england_names(), _parts_of(made)
    names = [england[code] for code in made.councils]
    assert made.day is not None
    told = f"{made.name} was made in {_month(made.day)} of {_listed(parts)}: name these"
    if made.name in england.values() and not any("county council" in part for part in parts):
        told += f" (the county council that stood before is '{made.name}')"
    absent = [name for code, name in zip(made.councils, names, strict=True)
              if code not in table.code]  # fmt: skip
    return f"{told}; [places] leaves out {_listed(absent)}, so add them there" if absent else told


def _parts_of(made: Other) -> list[str]:
    """Return the names of the councils that one made later was made of; a county's is told."""
    england = england_names()
    tiers = dict(zip(england, _england_tiers(), strict=True))
    return [
        f"{england[code]} (the county council)" if TIERS[tiers[code]] == "county" else england[code]
        for code in made.councils
    ]


def _month(day: date) -> str:
    return f"{MONTHS[day.month - 1].title()} {day.year}"


def _listed(names: Sequence[str]) -> str:
    shown = list(names[:SHOWN])
    if len(names) > SHOWN:
        return f"{', '.join(shown)}, ..."
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else ", ".join(shown)


@cache
def _england_tiers() -> tuple[int, ...]:
    return tuple(TIERS.index(row["tier"]) for row in read_rows(DATA / "councils.csv"))


class Form(NamedTuple):
    """A name without some of what people add to it, and what that was."""

    name: str
    behind: tuple[str, ...]
    tiers: frozenset[str]  # of which the council can be


def _spelled(text: str) -> str:
    """Return a name in small letters, with one spelling of marks and of `and`."""
    plain = re.sub(r"[.'\u2019`]", "", text.lower().replace("&", " and "))
    return " ".join(re.sub(r"[,()/_-]", " ", plain).split())


def _forms(text: str) -> list[Form]:
    """Return a name as it is spelled, and with one addition after another taken away."""
    found = [Form(_spelled(text), (), frozenset(TIERS))]
    for more in (_less_behind, _less_before):
        form = more(found[-1])
        while form is not None:
            found.append(form)
            form = more(form)
    return found


def _less_behind(form: Form) -> Form | None:
    for word in BEHIND:
        if form.name.endswith(f" {word}"):
            tiers = set(TITLES.get(word, TIERS)) - ({"county"} if word in NO_COUNTY else set())
            name = form.name.removesuffix(f" {word}")
            return Form(name, (*form.behind, word), form.tiers & tiers)
    return None


def _less_before(form: Form) -> Form | None:
    for word, tiers in BEFORE.items():
        if form.name.startswith(f"{word} "):
            return Form(form.name.removeprefix(f"{word} "), form.behind,
                        form.tiers & set(tiers or TIERS))  # fmt: skip
    return None


@lru_cache(maxsize=8)
def _spellings(names: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return how each name can be spelled: a county's that is called so also without that word."""
    plain = [_spelled(name) for name in names]
    return tuple((each, each.removeprefix("county ")) for each in plain)


def _loosely(text: str, names: tuple[str, ...], tiers: tuple[int, ...]) -> int | None:
    """Return the one council whose name is a text's without what people add; None for several."""
    for form in _forms(text):
        rows = [
            k
            for k, spellings in enumerate(_spellings(names))
            if form.name in spellings and TIERS[tiers[k]] in form.tiers
        ]
        if rows:
            return rows[0] if len(rows) == 1 else None
    return None
