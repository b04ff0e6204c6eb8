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
"""All of them undone."""
FORMER: dict[str, float] = {
    "search.base_management": 0.012,
    "search.base_service": 0.10,
    "search.need_management": 0.01,
    "weighing.border": 0.7,
    "endings.young": 0.018,
    "endings.settled": 0.007,
    "endings.old": 0.012,
    "revenues_benefits.base": 2.2,
    "customer_services.base": 1.8,
    "ict.base": 2.0,
    "legal.base": 2.3,
    "back_office.base": 2.1,
    "procurement.base": 2.3,
    "building_control.base": 2.3,
    "environmental_health.base": 2.1,
    "waste.base": 1.7,
    "chief_executive.base": 0.5,
    "management.base": 0.3,
}
"""What other numbers were at that time, since each acts otherwise now: with BEFORE that theory."""
FORMER_RANGES: dict[str, tuple[float, float]] = {
    "search.base_management": (0.005, 0.04),
    "search.need_management": (0.005, 0.04),
    "weighing.apart": (0.8, 3.0),
    "weighing.border": (0.0, 1.5),
    "weighing.tier": (0.0, 2.5),
    "endings.young": (0.008, 0.035),
    "endings.settled": (0.003, 0.014),
    "endings.old": (0.006, 0.025),
    "revenues_benefits.base": (1.2, 3.2),
    "customer_services.base": (0.8, 2.8),
    "ict.base": (1.0, 3.0),
    "legal.base": (1.3, 3.3),
    "back_office.base": (1.1, 3.1),
    "procurement.base": (1.3, 3.3),
    "building_control.base": (1.3, 3.3),
    "environmental_health.base": (1.1, 3.1),
    "waste.base": (0.7, 2.7),
    "chief_executive.base": (-0.5, 1.5),
    "management.base": (-0.7, 1.3),
}
"""From where to where numbers were plausible that are thought to lie elsewhere since."""
