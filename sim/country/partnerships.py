"""The partnerships that stood in April 2009, and the year in which each of their members joined."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from .councils import DATA, FIRST_YEAR, read_rows

MID_YEAR = 7
"""The month in which a member is taken to have joined of which only the year is known."""


class Joined(NamedTuple):
    """A member of a partnership."""

    code: str
    year: int


class Partnership(NamedTuple):
    """A partnership that stands at the start, those who joined first coming first."""

    scope: str
    members: tuple[Joined, ...]


def partnerships(year: int = FIRST_YEAR) -> list[Partnership]:
    """Return the partnerships in place on 1 April of a year, with those who were members then.

    Only those of April 2009 were looked for; of a later year none is returned, since what began
    and ended in between is known of the visible ones only.
    """
    if year != FIRST_YEAR:
        return []
    day, found = date(year, 4, 1), dict[str, list[Joined]]()
    scopes: dict[str, str] = {}
    for row in read_rows(DATA / "partnerships.csv", each="member of a partnership"):
        scopes[row["id"]] = row["scope"]
        if _by(row["joined"], day) and not _by(row["left"], day):
            found.setdefault(row["id"], []).append(Joined(row["code"], int(row["joined"])))
    return [
        Partnership(scopes[name], tuple(sorted(members, key=lambda member: member.year)))
        for name, members in found.items()
        if len(members) > 1
    ]


def agreed(year: int = FIRST_YEAR) -> list[Partnership]:
    """Return the partnerships that began to work in a year, agreed but not in place on its 1 April.

    Ten shared managements were at work by October 2009, seven of them in April: to set one up takes
    half a year, so the other three had been agreed by then. Later members are left out.
    """
    if year != FIRST_YEAR:
        return []
    found: dict[str, list[Joined]] = {}
    scopes: dict[str, str] = {}
    for row in read_rows(DATA / "partnerships.csv", each="member of a partnership"):
        scopes[row["id"]] = row["scope"]
        if row["joined"] and int(row["joined"]) <= year:
            found.setdefault(row["id"], []).append(Joined(row["code"], int(row["joined"])))
    return [
        Partnership(scopes[name], tuple(members))
        for name, members in found.items()
        if len(members) > 1 and sorted(m.year for m in members)[1] == year
    ]


def _by(year: str, day: date) -> bool:
    """Return whether what happened in a year, blank where it never did, was before a day."""
    return bool(year) and date(int(year), MID_YEAR, 1) < day
