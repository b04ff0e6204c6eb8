"""Whether two scenarios can stand side by side: of the same councils, and on one clock."""

from __future__ import annotations

from ..declared.scenario import Scenario
from .kept import prepared


def unlike(one: Scenario, other: Scenario) -> tuple[str, ...]:
    """Return in what two scenarios differ that would make a comparison mean nothing.

    Those of "start", "quarters" and "councils" that are not the same; councils go by their codes.

    Raises:
        InputError: either, or a council, county or table that it names, cannot be used.
    """
    here, there = (sorted(prepared(each).table.code) for each in (one, other))
    same = {
        "start": one.start == other.start,
        "quarters": one.quarters == other.quarters,
        "councils": here == there,
    }
    return tuple(what for what, alike in same.items() if not alike)
