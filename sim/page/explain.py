"""Why a deal lived or died, and what two councils had to do with each other: the words of `why`."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.batch import event_table
from sim.columns import roll_of
from sim.running import Raw
from sim.story import failed_deal, pair_history
from sim.story.deals import members
from sim.story.wording import quarter_name
from sim.world import Prepared

if TYPE_CHECKING:
    import pandas as pd


class Telling:
    """The event table of a run up to a quarter, asked about deals and pairs."""

    def __init__(self, ready: Prepared, raw: Raw, quarter: int | None = None) -> None:
        """Take the events before `quarter`, all that were lived when None."""
        table = event_table(ready, np.array([0]), [raw])
        end = raw.quarter if quarter is None else quarter
        self.table: pd.DataFrame = table[table["quarter"] < end]
        codes, names = roll_of(ready, raw.world)
        self.names: Mapping[str, str] = dict(zip(codes, names, strict=True))
        self.periods = {
            quarter_name({"date": ready.scenario.first_day(t)}): t for t in range(raw.quarter)
        }

    def deal(self, number: int) -> str:
        """Return what became of a deal."""
        return failed_deal(self._of_deal(number), self.names, number)

    def pair(self, a: str, b: str) -> list[str]:
        """Return all that two councils, given by code, had to do with each other."""
        return pair_history(self._about(a, b), self.names, a, b)

    def dated(self, lines: list[str]) -> list[tuple[int, str]]:
        """Return lines with the quarter in which each happened; -1 for those without a date."""
        return [(self.periods.get(line.split(":")[0], -1), line) for line in lines]

    def members(self, number: int) -> list[str]:
        """Return the codes of the councils that were ever in a deal, in order."""
        rows: list[dict[Any, Any]] = self._of_deal(number).to_dict("records")
        return list(dict.fromkeys(code for row in rows for code in members(row)))

    def _of_deal(self, number: int) -> pd.DataFrame:
        return self.table[self.table["agreement"] == number]

    def _about(self, a: str, b: str) -> pd.DataFrame:
        """Return the rows that could concern either: its own, and those of its deals."""
        table, pair = self.table, [a, b]
        theirs = table["council"].isin(pair) | table["other"].isin(pair)
        deals = table.loc[theirs & (table["agreement"] >= 0), "agreement"].unique()
        fates = table["kind"].isin(["merges", "abolished"])
        return table[theirs | table["agreement"].isin(deals) | fates]

    def everything(self) -> dict[str, Any]:
        """Return every deal and every pair that met, for a page without a server."""
        numbers = [int(n) for n in self.table["agreement"].unique() if n >= 0]
        deals, pairs = {}, set()
        for number in numbers:
            who = self.members(number)
            last = int(self._of_deal(number)["quarter"].max())
            deals[number] = {"text": self.deal(number), "who": who, "last": last}
            pairs |= {tuple(sorted(pair)) for pair in combinations(who, 2)}
        met = self.table[["council", "other"]].dropna()
        for a, b in zip(met["council"], met["other"], strict=True):
            pairs |= {tuple(sorted((a, b)))} if a != b else set()
        told = {"|".join(pair): self.dated(self.pair(*pair)) for pair in sorted(pairs)}
        return {"deals": deals, "pairs": told}
