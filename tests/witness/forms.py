"""What the claims take from the description of the model in its exact form, all in one place.

A change of the theory that is meant (another book, another group of reasons, another limit) is
made here; everything else that the witness claims should outlive it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.country.councils import FIRST_YEAR, tax_limits
from sim.declared.catalogue import SCOPES

if TYPE_CHECKING:
    from .history import Deal, History
    from .life import Event, Life, Row

SERVICES = SCOPES[:9]
DEEP = SCOPES[9:]
CHIEF, MANAGEMENT, MERGER = DEEP
SUPPORTED = (CHIEF, MANAGEMENT)
"""Deals whose members' residents may receive tax support."""
JOINT = (CHIEF, MANAGEMENT)
"""Deals whose members have one chief executive: shared managements."""
SEATS = 8
A_YEAR = 4
MILLION = 1e6
A_POUND = 1e-6
ROUNDING = 20
"""Pounds that a year's payments may be out by where a pot is not kept in whole pounds."""
IMPOSED = ("merger", "reorganisation")
"""Reasons that are given where a council becomes part of another; the second is weighed too."""

BOOKS = {
    "income": 1, "grants": 1, "transfers": 1, "spending": -1, "studies": -1, "setup": -1,
    "coordination": -1, "exits": -1, "true_saving": 0, "support": 1, "tax_paid": 0,
    "tax_support": 0,
}  # fmt: skip
"""What a book does to the reserves, of all books that there may be."""
COSTS = {"studies": "study_cost", "setup": "setup_cost", "coordination": "coordination_cost",
         "exits": "exit_cost"}  # fmt: skip
"""Books that only grow, and the measure that adds each up."""

GROUPS = {
    "culture": ("culture", "trust", "history"),
    "politics": ("party", "new_control", "election"),
    "sovereignty": ("sovereignty", "contact", "size", "means", "tier", "crowd", "exit_lesson",
                    "equal_lesson", "readiness"),
    "savings": ("savings", "set_up", "grant"),
    "people": ("busy", "vacancy", "systems", "ict_subsidy"),
    "distance": ("distance", "border"),
    "tax": ("tax_gap", "tax_lesson", "tax_support"),
    "reorganisation": ("review",),
    "offer": ("rival",),
}  # fmt: skip
"""The contributions behind each reason, as in the table of reasons."""
UNGROUPED = ("base", "need", "ties", "fashion", "rumour", "strategy", "joining", "chance",
             "introduced")  # fmt: skip
KNOWN_TO_BOTH = ("size", "means", "tier", "distance", "border")
"""What two councils know of each other before they agree to talk."""
HANDED_OVER = ("size", "means", "tier")
"""What counts less where a service is handed over between tiers."""
HOW_FAR = ("distance", "border")
NO_BREAK = ("merger", "deepened", "reorganisation")
"""Reasons for the end of a shared management that are no break-up."""


def never_named(numbers: Any) -> tuple[str, ...]:
    """Return what no walk-out and no vote is put down to."""
    return HOW_FAR if numbers.weighing.again > 0 else ()


def within(quarter: int, since: int, years: float) -> bool:
    """Return whether a quarter is one of the years after an event, that of the event included."""
    return quarter - since < A_YEAR * years


def pounds(millions: float) -> int:
    """Return money in whole pounds."""
    return round(millions * MILLION)


def study_payable(state: History, numbers: Any) -> bool:
    """Return whether the pot for studies could pay for another study now."""
    limit = pounds(numbers.grants.feasibility_limit)
    return limit >= 1 and state.pots["study"] >= limit


def setup_payable(state: History, numbers: Any, *, study: bool, exit_: bool = True) -> bool:
    """Return whether a new deal could be paid anything towards setting up, as things stand."""
    grants = numbers.grants
    offered = state.pots["setup"] >= 1 and pounds(grants.setup_limit) >= 1
    allowed = (grants.staged == 0 or study) and (exit_ or grants.exit_required == 0)
    return offered and allowed and grants.setup_share > 0


def payable(state: History, numbers: Any, deal: Deal | None) -> bool:
    """Return whether a grant could be paid to a deal in talks, or to a new one."""
    if deal is None:
        study = study_payable(state, numbers)
        return study or setup_payable(state, numbers, study=study)
    if state.host_of(deal) is not None:
        return False
    without = deal.stage == "terms" and not deal.terms["exit"]
    return deal.study_paid or setup_payable(
        state, numbers, study=deal.study_paid, exit_=not without
    )


def in_review(history: History, event: Event, code: str) -> bool:
    """Return whether reorganisation may weigh on a council in the quarter of an event."""
    life = history.life
    if history.body.get(code, code) in history.announced:
        return True
    stance = life.numbers[event.quarter].reorganisation.stance
    reviewed = [county.lower() for county in life.scenario.reviewed]
    county = life.books[event.quarter + 1][code]["county"].lower()
    return stance in ("review", "mandated") and (not reviewed or county in reviewed)


def highest_rise(life: Life, quarter: int, row: Row) -> float:
    """Return the most by which a council may raise its tax this April, as a share."""
    tax = life.numbers[quarter].tax
    if tax.limits == "none":
        return float(tax.open_limit * tax.appetite)
    if tax.limits == "fixed":
        return float(tax.fixed_limit * tax.appetite)
    year = life.scenario.start.year + quarter // A_YEAR - FIRST_YEAR
    share, in_pounds, _, *more = tax_limits(year + 1)[year].tolist()
    care, ceiling = more or (0.0, math.inf)
    if row["tier"] != "district":
        share += care
    elif row["band_d"] <= ceiling:
        share = max(share, in_pounds / row["band_d"])
    return float(share * tax.appetite)


def quarters_of_setting_up(numbers: Any, scope: str) -> float:
    """Return how many quarters a deal is set up before it runs, by the numbers in force."""
    return float(getattr(numbers, scope).transition)


def exit_share(numbers: Any, deal: Deal) -> float:
    """Return what a leaver pays, as a share of the set-up cost that it paid."""
    endings = numbers.endings
    return float(endings.cost_strategy if deal.terms["exit"] else endings.cost)


def lapses(event: Event) -> bool:
    """Return whether a walk-out is that of talks that lapse: nobody has the time to go on."""
    return event.reason == "people" and set(event.because) <= {"busy"}


def declines(event: Event) -> bool:
    """Return whether a walk-out is that of a council that has just signed elsewhere."""
    return event.reason == "offer" and set(event.because) <= {"rival"}


def imposed(event: Event) -> bool:
    """Return whether a walk-out is due to a council's becoming part of another."""
    return event.reason in IMPOSED and not event.because
