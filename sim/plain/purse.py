"""What government pays besides grants, what it uses up itself, and what is left for the public."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from .money import MILLION
from .quarters import A_YEAR
from .scopes import JOINT_POST

if TYPE_CHECKING:
    from .deal import Deal
    from .model import PlainModel


def support_taxes(model: PlainModel, deal: Deal) -> None:
    """Pay residents part of what they pay above those of the lowest partner of their tier."""
    share = model.numbers.terms.tax_support
    if deal.scope not in JOINT_POST or model.catalogue[deal.scope].tax_weight <= 0:
        return
    taxes: dict[str, list[float]] = defaultdict(list)
    for council in deal.councils:
        taxes[council.tier].append(council.band_d)
    for council in deal.councils:
        above = council.band_d - min(taxes[council.tier])
        homes = council.tax_bases[model.table_year]
        council.books.tax_support += share * above * homes / MILLION / A_YEAR


def publish_lessons(model: PlainModel) -> None:
    """Write up one failure."""
    support = model.numbers.support
    model.services_now += support.published_lessons * support.publishing_cost


def close_purse(model: PlainModel) -> None:
    """Pay for match-making, and value what the quarter brought to the public."""
    support, appraisal = model.numbers.support, model.numbers.appraisal
    councils = list(model.agents)
    model.services_now += support.matchmaking * support.matchmaking_cost * len(councils) / A_YEAR
    model.services_total += model.services_now
    gained = sum(council.books.true_saving - council.books.costs() for council in councils)
    a_year = (1.0 + appraisal.prices) * (1.0 + appraisal.discount)
    model.public_value += (gained - model.services_now) / a_year ** (model.quarter / A_YEAR)
