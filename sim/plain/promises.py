"""What a deal promises a council, what setting up should cost, and how far it falls short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .chance import clip, exp, ln
from .council import DISTRICT, Council
from .deal import Deal, Member
from .quarters import A_YEAR
from .scopes import CHIEF_EXECUTIVE, MANAGEMENT, MERGER, is_deep

if TYPE_CHECKING:
    from .model import PlainModel


def base(model: PlainModel, council: Council, scope: int) -> float:
    """Return the part of a council's cost that a deal is reckoned on."""
    part = 1.0 if council.tier == DISTRICT else model.numbers.agreements.corporate
    share: float = model.catalogue[scope].budget_share
    return share * part * max(council.cost, 0.0)


def promised(model: PlainModel, council: Council, scope: int, factor: float = 1.0) -> float:
    """Return the yearly saving that a business case promises a council."""
    typical = 0.0
    for part, sign in saved_with(council, scope).items():
        typical += sign * model.catalogue[part].promised * base(model, council, part)
    return max(typical, 0.0) * factor


def saved_with(council: Council, scope: int) -> dict[int, float]:
    """Return the scopes whose savings a deal brings a council, and with which sign.

    A merger is reckoned beyond sharing: who has managers of its own saves on them too, but not on
    a chief executive that it shares already.
    """
    parts = {scope: 1.0}
    if scope == MERGER and MANAGEMENT not in council.signed:
        parts[MANAGEMENT] = 1.0
        if CHIEF_EXECUTIVE in council.signed:
            parts[CHIEF_EXECUTIVE] = -1.0
    return parts


def planned_bill(model: PlainModel, council: Council, scope: int, factor: float = 1.0) -> float:
    """Return what a council plans to pay for setting up."""
    years: float = model.catalogue[scope].setup_ratio
    return years * promised(model, council, scope, factor)


def study_cost(model: PlainModel, council: Council, scope: int) -> float:
    """Return what a council pays for a quarter of study; of a larger service more, in part."""
    talks = model.numbers.talks
    size = base(model, council, scope) / talks.study_reference
    return float(talks.study_cost * exp(talks.study_elasticity * ln(size)))


def talks_last(model: PlainModel, scope: int) -> float:
    """Return for how many quarters talks are expected to cost money: two stages."""
    talks = model.numbers.talks
    pace = talks.pace if is_deep(scope) else talks.pace_service
    return float(2.0 / max(pace, 2.0 / talks.longest))


def reported(model: PlainModel, deal: Deal) -> float:
    """Return what the members of a deal say that they save a year."""
    ramp: float = min((model.quarter - deal.started) / model.catalogue[deal.scope].ramp, 1.0)
    return sum(member.promise for member in deal.members) * deal.report_factor * ramp


def shortfall(model: PlainModel, deal: Deal, member: Member) -> float:
    """Return how far a deal seems to a member to fall short of its promise."""
    agreements = model.numbers.agreements
    audit: float = agreements.audit
    worked = model.quarter - deal.started
    if worked < A_YEAR * agreements.grace_years or member.promise <= 0:
        return audit
    true = clip(member.worth / member.promise, -1.0, 1.0)
    return clip(1.0 - (1.0 - audit) * deal.report_factor - audit * true)
