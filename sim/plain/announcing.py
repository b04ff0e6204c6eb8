"""Who knows that it will be made new, and what it must leave alone until then."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .council import COUNTY, DISTRICT, Council
from .mergers import REORGANISATION, end_talks
from .orders import named_now
from .quarters import A_YEAR

if TYPE_CHECKING:
    from .model import PlainModel


def announce(model: PlainModel) -> None:
    """Tell councils that they will be made new; those who hear it today end their deep talks."""
    days = days_known(model)
    for council in model.agents:
        heard, council.to_be_made_new = council.to_be_made_new, council in days
        if council in days and not heard:
            years = (days[council] - model.quarter) / A_YEAR
            model.log.note("announced", council, value=years)
            end_talks(model, council, council.deep_talks, REORGANISATION)


def days_known(model: PlainModel) -> dict[Council, int]:
    """Return the quarter in which each council that is concerned will be made new."""
    days: dict[Council, int] = {}
    now = model.quarter
    for order in model.plan.order:
        first, known = (
            model.plan.quarter_of(day) for day in (order.when, order.announced or order.when)
        )
        if not known <= now < first:
            continue
        words = [*order.councils, *(part.council for part in order.parts)]
        for word in [*words, *([order.county] if order.county else [])]:
            council = named_now(model, word, today=True)
            if council is not None:
                days[council] = min(days.get(council, first), first)
    if model.stance == "mandated":
        notice = math.floor(A_YEAR * model.numbers.reorganisation.notice)
        first = max(model.stance_since + notice, now + 1)
        for council in covered(model):
            days[council] = min(days.get(council, first), first)
    return days


def covered(model: PlainModel) -> list[Council]:
    """Return the districts that a mandate is about, and their counties."""
    districts = [c for c in model.agents if c.tier == DISTRICT and c.reviewed]
    counties = {district.county for district in districts}
    return [*districts, *(c for c in model.agents if c.tier == COUNTY and c.county in counties)]
