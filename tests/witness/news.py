"""What each council of the first day has heard of its gap, as the description has it.

The books tell the gap that it expects. What merged, grew or was parted is a new council in the
books, and is not followed.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .forms import A_YEAR

if TYPE_CHECKING:
    from .life import Life, Row

LEAST_INCOME = 1e-6


def need_of(row: Row) -> float:
    """Return the gap that a council expects as a share of its income."""
    return float(max(row["expected_gap"], 0.0) / max(row["budget"], LEAST_INCOME))


class News:
    """By code: the need, the news, and the worst need that is recalled."""

    def __init__(self, life: Life) -> None:
        self.life = life
        shock = life.numbers[0].settlement.shock
        self.need: dict[str, float] = {}
        self.news: dict[str, float] = {}
        self.heard: dict[str, float] = {}
        for code, row in life.living(0).items():
            cut = max(-shock * row["settlement"], 0.0) / max(row["budget"], LEAST_INCOME)
            self.need[code], self.news[code] = need_of(row), 0.0
            self.heard[code] = max(self.need[code] - cut, 0.0)

    def hear(self, quarter: int) -> None:
        """Take in the gaps that are reckoned in a quarter."""
        search = self.life.numbers[quarter].search
        lasts = math.exp(-search.news_fade / A_YEAR)
        recalled = math.exp(-search.news_forgotten / A_YEAR)
        stayed = {code: after for code, _, after in self.life.stayed(quarter)}
        for code in [code for code in self.need if code not in stayed]:
            del self.need[code], self.news[code], self.heard[code]
        for code in self.need:
            need = need_of(stayed[code])
            worse = max(need - self.heard[code], 0.0)
            self.need[code] = need
            self.news[code] = lasts * self.news[code] + worse
            self.heard[code] = max(need, recalled * self.heard[code])

    def moving(self, code: str, search: Any, *, deep: bool) -> float | None:
        """Return what moves a council towards a deal; None where it is not followed."""
        if code not in self.need:
            return None
        if not deep:
            return self.need[code]
        return float(search.news * self.news[code] + (1.0 - search.news) * self.need[code])
