"""When government told councils what they would get in each year: spending reviews, by date."""

from __future__ import annotations

from datetime import date

import numpy as np

from .councils import DATA, read_rows

ALWAYS = -1000
"""The quarter from which a year is known that no review is on record for."""


def known_from(start_year: int, years: int) -> np.ndarray:
    """Return from which quarter each year is known, (years,), both counted from April `start_year`.

    A review is known in the quarter of its day. A year without one has always been known.
    """
    quarters = np.full(years, ALWAYS, dtype=np.int64)
    for row in read_rows(DATA / "reviews.csv"):
        day = date.fromisoformat(row["announced"])
        told = (day.year - start_year) * 4 + (day.month - 1) // 3 - 1
        first, last = int(row["from_year"]) - start_year, int(row["to_year"]) - start_year
        quarters[max(first, 0) : max(last + 1, 0)] = told
    return quarters
