"""The register of checked sources: for each declared number what its source gives, and how.

One row a number in `sim/declared/sources.csv`. Nothing of it decides a result.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

REGISTER = Path(__file__).parents[1] / "sim" / "declared" / "sources.csv"
VERDICTS = {
    "agrees": "the default lies inside what the source gives",
    "sign": "the source says that it matters and which way; how much is judged",
    "set": "set so that the model shows what the source counts",
    "assumption": "no source: judged, for the reason given",
    "choice": "a lever or a word: what was decided, or off",
    "convention": "a unit or a limit, no estimate",
}
KNOWN_BY = 2014
"""The last year whose partnerships, break-ups, mergers and series may choose a number."""
MAY_BE_LATER = ("study", "cost", "law", "path")
"""Kinds of knowledge that may be of later years: priors, dated, and what government decided."""


class Checked(NamedTuple):
    """What was found when a number was held against its source."""

    name: str
    low: float | None  # what the source gives, where it gives a range or a value
    high: float | None
    arithmetic: str
    source: str
    year: int | None  # of the latest thing that the source knows
    knows: str  # what the source knows about
    verdict: str
    grade: str

    @property
    def given(self) -> str:
        """What the source gives, in words."""
        if self.low is None and self.high is None:
            return "-"
        if self.low is None or self.high is None:
            return f"from {self.low:g}" if self.high is None else f"to {self.high:g}"
        return f"{self.low:g}" if self.low == self.high else f"{self.low:g} to {self.high:g}"

    @property
    def told(self) -> str:
        """The verdict, with the year where the source is of later than the time it is about."""
        prior = self.verdict in ("agrees", "sign") and self.knows in MAY_BE_LATER
        late = prior and self.year is not None and self.year > KNOWN_BY
        return f"{self.verdict}; a prior of {self.year}" if late else self.verdict


def register(path: Path = REGISTER) -> list[Checked]:
    """Return every row of the register, in its order."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_as_row(row) for row in csv.DictReader(file)]


def _as_row(row: dict[str, str]) -> Checked:
    low, high = (float(row[key]) if row[key] else None for key in ("low", "high"))
    year = int(row["year"]) if row["year"] else None
    words = {key: row[key] for key in ("name", "arithmetic", "source", "knows")}
    return Checked(
        low=low, high=high, year=year, verdict=row["verdict"], grade=row["grade"], **words
    )
