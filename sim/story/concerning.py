"""Which steps of a run concern a council, or what two councils have with each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .deals import members
from .joining import Row
from .known import Known
from .wording import Event, amount, deal_of, text

OF_ALL = ("stance",)
"""The kinds of event that concern every council."""
LEFT = ("leaves", "walks_away")
"""The kinds by which a council is out of a deal."""
HEIRS = ("merges", "abolished")


def concerning(rows: Iterable[Row], codes: Sequence[str], known: Known) -> list[Row]:
    """Return the steps, in order of time, that concern all the councils of `codes`: one or two.

    A council's steps are its own, those with or towards it, and those of a deal while it is in it
    (but not what others learn from it);
    of two councils they are the steps between them, and those of deals in which both are. Once a
    council becomes part of another, that one's count in its place.
    """
    followed = [_Followed(code, known) for code in codes]
    return [row for row in rows if all([each.takes(row) for each in followed])]


class _Followed:
    """One council, followed through a run: what it is called, and in which deals it is."""

    def __init__(self, code: str, known: Known) -> None:
        self.code = code
        self.until: dict[int, float] = {
            number: float("inf") for number, held in known.standing.items() if code in held.members
        }

    def takes(self, row: Event) -> bool:
        """Return whether a step concerns the council, and follow what it changes."""
        kind, deal, quarter = text(row, "kind"), deal_of(row), amount(row, "quarter") or 0.0
        named = {text(row, "council"), text(row, "other")}
        own = self.code in named
        if deal is not None and self.code in members(row):
            gone = kind in LEFT and text(row, "council") == self.code
            self.until[deal] = quarter if gone else float("inf")
        self.code = _heir(row, self.code)
        there = deal is not None and quarter <= self.until.get(deal, -1.0) and kind != "learns"
        return own or there or kind in OF_ALL


def _heir(row: Event, code: str) -> str:
    """Return what a council is called after a step: another code where it becomes part of one."""
    kind = text(row, "kind")
    if kind not in HEIRS:
        return code
    gone, heir = ("other", "council") if kind == "merges" else ("council", "other")
    return text(row, heir) if text(row, gone) == code and text(row, heir) else code


def heirs(rows: Iterable[Row], codes: Sequence[str]) -> list[str]:
    """Return what councils have become after the steps of a run, by code; each once."""
    now = list(codes)
    for row in rows:
        now = [_heir(row, code) for code in now]
    return list(dict.fromkeys(now))
