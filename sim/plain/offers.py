"""Offers: what a deal could get of the grants today, and how much of its whole cost that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .council import Council
from .deal import Deal, Stage
from .money import MILLION, to_pounds
from .promises import planned_bill, study_cost, talks_last

if TYPE_CHECKING:
    from .model import PlainModel


def study_grant(model: PlainModel) -> int:
    """Return the pounds that the study of a new deal gets: the limit where the pot holds it."""
    limit = to_pounds(model.numbers.grants.feasibility_limit)
    return limit if model.study_pot >= limit else 0


def setup_grant(model: PlainModel, bills: float) -> int:
    """Return the pounds that a deal that may bid gets towards its bills."""
    grants = model.numbers.grants
    wanted = to_pounds(min(grants.setup_share * bills, grants.setup_limit))
    return max(min(wanted, model.setup_pot), 0)


def may_bid(model: PlainModel, deal: Deal) -> bool:
    """Return whether a deal may bid for money to set up."""
    grants = model.numbers.grants
    anything = to_pounds(grants.setup_pot) > 0 and to_pounds(grants.setup_limit) > 0
    told_to = grants.staged == 0 or deal.study_paid
    return deal.host is None and anything and grants.setup_share > 0 and told_to


def of_new_deal(model: PlainModel, one: Council, other: Council, scope: int) -> float:
    """Return the share of the cost of a new deal of two that grants would meet."""
    bills = sum(planned_bill(model, council, scope) for council in (one, other))
    met = study_grant(model)
    if met > 0 or model.numbers.grants.staged == 0:
        met += setup_grant(model, bills)
    return share_met(model, [one, other], scope, bills, met)


def bid_ahead(model: PlainModel, deal: Deal, guests: tuple[Council, ...] = ()) -> int:
    """Return the set-up grant that those in talks can hope for as things stand, in pounds."""
    missing = deal.stage == Stage.TERMS and not deal.terms.exit
    if not may_bid(model, deal) or (missing and model.numbers.grants.exit_required > 0):
        return 0
    return setup_grant(model, _bills(model, deal, guests))


def of_talks(model: PlainModel, deal: Deal, guests: tuple[Council, ...] = ()) -> float:
    """Return the share of the cost of a deal in talks that grants meet, with guests or without."""
    if deal.host is not None:
        return 0.0
    met = deal.study_grant + bid_ahead(model, deal, guests)
    bills = _bills(model, deal, guests)
    return share_met(model, [*deal.councils, *guests], deal.scope, bills, met)


def share_met(
    model: PlainModel, councils: list[Council], scope: int, bills: float, met: int
) -> float:
    """Return what share of studies and bills some pounds meet, at most all."""
    a_quarter = sum(study_cost(model, council, scope) for council in councils)
    cost = a_quarter * talks_last(model, scope) + bills
    return float(min(met / max(cost * MILLION, 1.0), 1.0))


def pot_is_dry(model: PlainModel) -> bool:
    """Return whether a pot that pays grants this year has too little left for one."""
    limit = to_pounds(model.numbers.grants.feasibility_limit)
    studies, setup = model.pot_amounts
    no_study = 0 < limit <= studies and model.study_pot < limit
    return no_study or (setup > 0 and model.setup_pot == 0)


def _bills(model: PlainModel, deal: Deal, guests: tuple[Council, ...]) -> float:
    councils = (*deal.councils, *guests)
    return sum(planned_bill(model, one, deal.scope, deal.promise_factor) for one in councils)
