"""The changes to the theory that the targets to 2014 asked for, and the numbers that undo each."""

from __future__ import annotations

from typing import NamedTuple


class Alteration(NamedTuple):
    """A change to the theory: what it is, and the values with which the theory is as before."""

    name: str
    title: str
    neutral: dict[str, float]


ALTERATIONS: tuple[Alteration, ...] = (
    Alteration("T1", "start warm", {"talks.before": 0.0}),
    Alteration("T2", "lasting readiness", {"culture.readiness": 0.0}),
    Alteration("T3", "ask once", {"weighing.again": 1.0}),
    Alteration("T4", "delegation", {"weighing.delegation": 0.0}),
    Alteration("T5", "leaders fall", {"politics.leader_falls": 0.0}),
    Alteration("T6", "a gap is what must be cut", {"costs.aside_counts": 0.0}),
    Alteration("T8", "only what is announced is foreseen", {"costs.announced": 0.0}),
    Alteration("T7", "looking follows news", {"search.news": 0.0}),
)
BEFORE: dict[str, float] = {
    name: value for each in ALTERATIONS for name, value in each.neutral.items()
}
"""The theory as it was before all of them."""
