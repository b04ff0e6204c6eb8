"""What a report says of itself: when, by whom and with what it was made, and who may share it."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from ...sim.declared.written import day_meant
from ...sim.errors import InputError
from ..stored.provenance import version_of_program
from ..told import NAME, TEXT, Table
from ..words import as_typed
from .contents import Contents
from .orders_told import day

LICENCE, HOLDERS = "MIT", "The Council Partnering authors"
"""As pyproject.toml and LICENSE declare them; a test holds these against those."""
RIGHTS = (
    f"The program is under the {LICENCE} licence (copyright {HOLDERS}): it may be used, changed "
    "and passed on with its licence. Its data tables are under the Open Government Licence v3.0 "
    "where their list of sources says nothing else. No further terms are declared for reports, "
    "their text or their figures: the project sets no limit of its own on sharing this page."
)


class Stamp(NamedTuple):
    """What somebody says of a report that they make, and which form of it they want."""

    author: str = ""
    dated: date | None = None
    short: bool = False


NOTHING_SAID = Stamp()


def stamp(author: str | None, dated: str | None, *, short: bool) -> Stamp:
    """Return what is said of a report, checked.

    Raises:
        InputError: the author is empty, or the date is none.
    """
    if author is not None and not author.strip():
        raise InputError(
            'the author is empty: give a name, as in --author "A. Name, Norwich", or leave it out'
        )
    try:
        when = None if dated is None else date.fromisoformat(dated)
    except ValueError:
        raise InputError(
            f"the date is '{dated}': give year, month and day, as in --date "
            f"{day_meant(dated or '') or '2026-11-30'}, or leave it out"
        ) from None
    return Stamp(" ".join((author or "").split()), when, short)


def imprint(contents: Contents, said: Stamp) -> Table:
    """Return when, by whom and with what a report was made; all of it is stored or given."""
    origin = contents.origin
    written = f"council-partnering {version_of_program()}"
    rows = [
        ["Result made on", _day_of(origin.started)],
        ["Report made on", "not said (--date says it): the same result gives the same page"
         if said.dated is None else day(said.dated)],
        ["Author", said.author],
        ["Made with", f"{origin.program}, commit {origin.commit}"],
        ["Report written by", written],
        ["Fingerprint of what was asked", origin.fingerprint],
        ["Fingerprint of the rules", origin.code],
        ["Licence", RIGHTS],
    ]  # fmt: skip
    columns = [("What", NAME), ("Which", TEXT)]
    return Table("About this report", columns, [row for row in rows if row[1]])


def _day_of(started: str) -> str:
    """Return the day on which a result was begun, as its record says (UTC)."""
    try:
        return f"{day(datetime.fromisoformat(started).date())} (UTC, when its first run began)"
    except ValueError:
        return "not known: its folder does not say"


def report_command(contents: Contents, said: Stamp) -> str:
    """Return the command that makes the report again from the result, as one types it."""
    more = ["--short"] if said.short else []
    more += ["--author", said.author] if said.author else []
    more += ["--date", str(said.dated)] if said.dated else []
    return as_typed(["councils", "report", contents.folder, *more])
