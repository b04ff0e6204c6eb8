"""Before the first day: some quarters lived for their talks alone, so that it finds talks open."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .chance import Purpose
from .counting import count_begun
from .deal import Deal, Stage
from .scopes import is_deep
from .search import look
from .talks import add_chance, close_talks, tell_case, write_case
from .weighing import total, weigh_deal

if TYPE_CHECKING:
    from .model import PlainModel


def warm_up(model: PlainModel) -> None:
    """Let councils look and talk before the first day, and keep nothing but the open talks."""
    numbered = model.deals_opened
    for quarter in range(-math.floor(model.numbers.talks.before), 0):
        model.quarter = quarter
        carry_on(model)
        look(model)
        model.deals = [deal for deal in model.deals if not deal.ended]
    model.quarter = 0
    model.deals_opened = numbered
    model.counts.clear()
    model.log.events.clear()
    for deal in model.deals:
        if deal.in_talks:
            tell(model, deal)


def carry_on(model: PlainModel) -> None:
    """Hold a round of every talk that did not begin this quarter; what ends leaves no trace."""
    for deal in list(model.deals):
        if deal.in_talks and deal.begun < model.quarter and not goes_on(model, deal):
            close_talks(deal)


def goes_on(model: PlainModel, deal: Deal) -> bool:
    """Return whether talks go on; those that would come to a vote do not.

    What would be signed in these quarters stands in the scenario already.
    """
    talks = model.numbers.talks
    if has_walker(model, deal) or model.quarter - deal.begun > talks.longest:
        return False
    pace = talks.pace if is_deep(deal.scope) else talks.pace_service
    u = model.chance.uniform(Purpose.ADVANCE, model.quarter, 0, deal.key, 0)
    if u >= pace:
        return True
    if deal.stage == Stage.CASE:
        return False
    write_case(model, deal)
    return True


def has_walker(model: PlainModel, deal: Deal) -> bool:
    """Ask the members from last to first, and return whether one has had enough."""
    for member in reversed(deal.members):
        because = weigh_deal(model, member.council, deal)
        member.score = total(because)
        add_chance(model, member.council, deal, because, Purpose.WALK)
        if total(because) < -model.numbers.talks.patience:
            return True
    return False


def tell(model: PlainModel, deal: Deal) -> None:
    """Number open talks anew, and begin the log with them and with how old they are."""
    deal.number = model.next_number()
    count_begun(model, deal)
    model.log.note_deal("talks_begin", deal, more=-deal.begun)
    if deal.stage == Stage.CASE:
        tell_case(model, deal)
