"""Why a deal lives or died, and what two councils had to do with each other, at a date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core import state as s
from ..ready.world import Prepared
from ..running import Raw
from ..story import failed_deal, in_words, known_of
from ..story.deals import members
from ..story.joining import FOLLOWED, JOINS, follow
from ..story.pairs import pair_steps
from ..story.reasons import HOW_TO_READ
from ..story.wording import capital, joined
from ..tables.columns import roll_of
from ..tables.frames import event_table
from . import fate
from .bars import bars_of

if TYPE_CHECKING:
    import pandas as pd

BEFORE, LEGEND = -1, -2
"""The dates of lines that have none: what was there before the run, how to read the numbers."""
FOUNDED = -3
"""The date of rows that only say who is in what was signed before the run."""


Step = dict[str, Any]
"""A line as it is sent: `said`, the account in words (`why`, may be empty), its `bars`,
and which deal (`n`) was decided about."""


class Telling:
    """The event table of a run up to a quarter, asked about deals and pairs."""

    def __init__(
        self, ready: Prepared, raw: Raw, quarter: int | None = None, *, opened: int = 0
    ) -> None:
        """Take a run, and the events before `quarter`, all that were lived when None.

        So many events as were `opened` tell of talks that were under way on the first day.
        """
        table = event_table(ready, np.array([0]), [raw])
        table.loc[table.index < opened, "quarter"] = BEFORE
        end = raw.quarter if quarter is None else quarter
        self.ready = ready
        self.known = known_of(ready)
        lived = table[table["quarter"] < end]
        marked = follow(lived[list(FOLLOWED)].to_dict("records"), self.known)
        marks: list[Any] = [row.get(JOINS) for row in marked]
        self.table: pd.DataFrame = lived.assign(**{JOINS: marks})
        codes, names = roll_of(ready, raw.world)
        self.names: Mapping[str, str] = dict(zip(codes, names, strict=True))
        self.alive = standing_now(ready, raw)
        self.founded = standing_before(ready)

    def deal(self, number: int, quarter: int | None = None) -> str:
        """Return how a deal stands, or what became of it, by the events before a quarter."""
        rows, now = self._rows(number, quarter), self.alive.get(number)
        if number in self.founded:
            return fate.founded(rows, self.names, self.founded[number], now, self.known)
        if not rows:
            return "Nothing is known of this deal at this date."
        if now is not None:
            return fate.under_way(rows, self.names, now, self.known)
        if any(row["kind"] in fate.ENDED for row in rows):
            import pandas as pd

            return failed_deal(pd.DataFrame(rows), self.names, number, known=self.known)
        return fate.over(rows, self.names, self.known)

    def pair(self, a: str, b: str) -> list[Step]:
        """Return all that two councils, given by code, had to do with each other so far."""
        return [step for _, step in self.dated(a, b)]

    def dated(self, a: str, b: str) -> list[tuple[int, Step]]:
        """Return those steps, each with its quarter; `BEFORE` or `LEGEND` where it has none."""
        shared = [deal for deal in self.founded.values() if {a, b} <= set(deal.who)]
        found: list[tuple[int, Step]] = [(BEFORE, _bare(self._already(d, a, b))) for d in shared]
        read = False
        for step in pair_steps(self._about(a, b), self.names, a, b, known=self.known):
            if step.quarter == FOUNDED or (step.quarter is None and shared):
                continue
            said = step.said.replace("never met in this run", "have not met so far")
            why, bars = in_words(step.account), bars_of(step.account)
            told = {"said": said, "why": f"{capital(why)}." if why else ""}
            drawn = {"bars": bars} | ({} if step.deal is None else {"n": step.deal})
            found.append((LEGEND if step.quarter is None else step.quarter,
                          told | (drawn if bars else {})))  # fmt: skip
            read = read or bars is not None
        return [*found, (LEGEND, _bare(HOW_TO_READ))] if read else found

    def _already(self, deal: fate.Founded, a: str, b: str) -> str:
        others = [self.names[code] for code in deal.who if code not in (a, b)]
        beside = f", with {joined(others)}" if others else ""
        return (
            f"Before {deal.before}: {joined([self.names[a], self.names[b]])} {deal.stood} when "
            f"this run began{beside}."
        )

    def members(self, number: int, quarter: int | None = None) -> list[str]:
        """Return the codes of the councils in a deal, or, once it is over, that were ever in it."""
        if number in self.alive:
            return list(self.alive[number].who)
        first = self.founded[number].who if number in self.founded else ()
        later = (code for row in self._rows(number, quarter) for code in members(row))
        return list(dict.fromkeys([*first, *later]))

    def _rows(self, number: int, quarter: int | None) -> list[dict[Any, Any]]:
        rows = self.rows.get(number, [])
        return rows if quarter is None else [row for row in rows if row["quarter"] < quarter]

    @cached_property
    def rows(self) -> dict[int, list[dict[Any, Any]]]:
        """The events of each deal, in order."""
        found: dict[int, list[dict[Any, Any]]] = {}
        for row in self.table[self.table["agreement"] >= 0].to_dict("records"):
            found.setdefault(int(row["agreement"]), []).append(row)
        return found

    def _about(self, a: str, b: str) -> pd.DataFrame:
        """Return the rows that could concern either: its own, and those of its deals."""
        table, pair = self.table, [a, b]
        theirs = table["council"].isin(pair) | table["other"].isin(pair)
        shared = [n for n, deal in self.founded.items() if not set(pair).isdisjoint(deal.who)]
        deals = {*table.loc[theirs & (table["agreement"] >= 0), "agreement"].unique(), *shared}
        fates = table["kind"].isin(["merges", "abolished"])
        rows = table[theirs | table["agreement"].isin(list(deals)) | fates]
        return self._with_founded(rows, shared)

    def _with_founded(self, rows: pd.DataFrame, numbers: list[int]) -> pd.DataFrame:
        """Return rows after others that put the members of founded deals into them."""
        import pandas as pd

        if not numbers:
            return rows
        day = pd.Timestamp(self.ready.scenario.first_day(-1))
        blank: dict[str, Any] = {n: 0.0 for n in rows.columns if n.startswith("because_")}
        blank[JOINS] = None
        first = [
            blank | {"replicate": 0, "quarter": FOUNDED, "date": day, "kind": "starts",
                     "council": code, "other": self.founded[n].who[0], "agreement": n,
                     "scope": self.founded[n].scope, "reason": "", "value": 0.0, "more": 0.0}
            for n in numbers for code in self.founded[n].who
        ]  # fmt: skip
        return pd.concat([pd.DataFrame(first)[list(rows.columns)], rows], ignore_index=True)

    def pairs(self) -> dict[str, list[tuple[int, Step]]]:
        """Return every pair that met or shared a deal, with its dated lines."""
        found: set[tuple[str, str]] = set()
        for number in {*self.rows, *self.founded}:
            ever = {code for row in self.rows.get(number, []) for code in members(row)}
            ever |= set(self.founded[number].who) if number in self.founded else set()
            found |= set(combinations(sorted(ever), 2))
        met = self.table[["council", "other"]].dropna().drop_duplicates()
        for a, b in zip(met["council"], met["other"], strict=True):
            found |= {(min(a, b), max(a, b))} if a != b else set()
        return {"|".join(pair): self.dated(*pair) for pair in sorted(found)}


def _bare(said: str) -> Step:
    return {"said": said, "why": ""}


def deals_by_quarter(
    ready: Prepared, at: Callable[[int], Raw], last: int
) -> dict[int, list[tuple[int, str, list[str]]]]:
    """Return each deal as it stands: from which quarter on, in what words, and who is in it."""
    whole = Telling(ready, at(last), last, opened=at(0).happened)
    before = dict[int, fate.Stands]()
    found: dict[int, list[tuple[int, str, list[str]]]] = {}
    for quarter in range(last + 1):
        raw = at(quarter)
        whole.alive = standing_now(ready, raw)
        touched = raw.events["deal"][raw.events["quarter"] == quarter - 1].tolist()
        moved = {n for n in {*whole.alive, *before} if whole.alive.get(n) != before.get(n)}
        for number in sorted(moved | {n for n in touched if n >= 0}):
            told = (whole.deal(number, quarter), whole.members(number, quarter))
            if not found.get(number) or found[number][-1][1:] != told:
                found.setdefault(number, []).append((quarter, *told))
        before = whole.alive
    return found


def standing_now(ready: Prepared, raw: Raw) -> dict[int, fate.Stands]:
    """Return the deals that are alive, by number."""
    world, codes = raw.world, roll_of(ready, raw.world)[0]
    found = {}
    for d in world.live[: int(world.tally[0].counts[s.LIVE])].tolist():
        deal = world.deals[d]
        rows = deal.member[: int(deal.members)].tolist()
        who = tuple(codes[int(world.councils.identity[row])] for row in rows)
        found[int(deal.number)] = fate.Stands(int(deal.stage), who)
    return found


def standing_before(ready: Prepared) -> dict[int, fate.Founded]:
    """Return the deals that stood when the run began, by number: they are the first ones."""
    known, day = known_of(ready), ready.scenario.first_day(0)
    spoken = f"{day.day} {day:%B %Y}"
    return {
        number: fate.Founded(deal.scope, deal.members, spoken, number in known.agreed)
        for number, deal in known.standing.items()
    }
