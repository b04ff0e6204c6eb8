"""What a reorganisation costs and saves, what it promises, and how taxes are brought together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .council import UNITARY, Council
from .mergers import complete, measure_pairs, take_county_share
from .money import MILLION
from .quarters import A_YEAR

if TYPE_CHECKING:
    from .model import PlainModel


def become_unitary(model: PlainModel, heir: Council, gathered: float, least_tax: float) -> None:
    """Let an imposed council begin, made of so many councils, the lowest of their taxes given."""
    reorganisation = model.numbers.reorganisation
    heir.tier = UNITARY
    heir.identity.tier = UNITARY
    heir.reviewed = False
    saving = reorganisation.core * (gathered - 1.0)
    saving += reorganisation.saving * max(heir.cost, 0.0)
    complete(model, heir, saving)
    measure_pairs(heir)
    owe(model, heir, reorganisation.transition * heir.population / MILLION)
    heir.tax_to_give_up = reorganisation.levelling * (heir.band_d - least_tax)
    heir.tax_steps = math.floor(reorganisation.harmonise_years)


def take_county(
    model: PlainModel, heir: Council, county: Council, share: float, takers: int
) -> None:
    """Let a new unitary take over its share of a county that so many share out."""
    reorganisation = model.numbers.reorganisation
    take_county_share(model, heir, county, share)
    cost = max(county.cost, 0.0)
    alone = share**reorganisation.parting if share > 0 else 0.0
    dearer = (1.0 - reorganisation.hosted) * cost * (alone - share)
    heir.merged.saving += share * reorganisation.core + share * reorganisation.saving * cost
    heir.merged.saving -= dearer
    owe(model, heir, reorganisation.successor * (takers - 1) * share)


def owe(model: PlainModel, council: Council, amount: float) -> None:
    """Let a council pay an amount over the years that a change takes."""
    council.change_bill += amount
    by = model.quarter + math.floor(A_YEAR * model.numbers.reorganisation.spread_years)
    council.change_paid_by = max(council.change_paid_by, by)


def pay_for_changes(model: PlainModel) -> None:
    """Let every council pay this quarter's part of what its reorganisation costs."""
    for council in model.agents:
        if council.change_bill > 0:
            part = council.change_bill / max(council.change_paid_by - model.quarter, 1)
            council.change_bill -= part
            council.books.setup += part


def promise(model: PlainModel, heir: Council) -> None:
    """Log what a new unitary is promised to save a year, and what it will in truth."""
    promised = model.numbers.reorganisation.promised * max(heir.cost, 0.0)
    model.log.note("promises", heir, value=promised, more=heir.merged.saving)
