"""Agreements at work: what they promise, set up, save and cost, and how partners grow together."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from .council import Council
from .deal import Deal, Member, Stage
from .mergers import merge_by_agreement
from .money import add_up_savings
from .pair import AXES, Pair
from .promises import shortfall
from .purse import support_taxes
from .quarters import A_QUARTER
from .scopes import MERGER, is_deep

if TYPE_CHECKING:
    from .model import PlainModel

CULTURE_SHARE = 8
"""Each side moves half of a quarter of the yearly share."""


def work(model: PlainModel) -> None:
    """Set up what was signed, start what is ready, and work together in what runs."""
    for deal in list(model.deals):
        if deal.stage == Stage.TRANSITION and deal.signed < model.quarter:
            set_up(model, deal)
        elif deal.runs:
            work_together(model, deal)
    for council in model.agents:
        council.apply_changes()
        for pair in council.pairs.values():
            pair.apply_changes()
    add_up_savings(model)


def pay_bill(member: Member, parts: float) -> None:
    """Pay one of some equal parts of a set-up bill, and receive what government bears of it."""
    amount, subsidy = member.bill / parts, member.subsidy / parts
    member.bill -= amount
    member.setup_paid += amount
    member.council.books.setup += amount
    member.subsidy -= subsidy
    member.council.books.support += subsidy


def set_up(model: PlainModel, deal: Deal) -> None:
    """Pay this quarter's part of the bills; the last quarter is the first day."""
    gone = model.quarter - deal.signed - 1
    left = max(model.catalogue[deal.scope].transition - gone, 1.0)
    for member in deal.members:
        pay_bill(member, left)
    if left > 1.0:
        return
    deal.stage = Stage.RUNNING
    deal.started = model.quarter
    model.log.note_deal(
        "starts",
        deal,
        value=sum(member.promise for member in deal.members),
        more=len(deal.members),
    )
    if deal.scope == MERGER:
        merge_by_agreement(model, deal)


def work_together(model: PlainModel, deal: Deal) -> None:
    """Save, pay for coordination, and grow together."""
    ramp = min((model.quarter - deal.started) / model.catalogue[deal.scope].ramp, 1.0)
    for member in deal.members:
        pay_bill(member, 1.0)
        member.saves = member.worth * ramp
        member.council.books.coordination += member.upkeep * A_QUARTER
    support_taxes(model, deal)
    for one, other in combinations(deal.councils, 2):
        converge(model, deal, one, other)
    for pair in deal.pairs():
        change_trust(model, deal, pair)
        if deal.terms.aligned:
            pair.tax_felt *= 1.0 - model.numbers.agreements.tax_alignment * A_QUARTER
    if not is_deep(deal.scope):
        spread_practice(model, deal)


def converge(model: PlainModel, deal: Deal, one: Council, other: Council) -> None:
    """Let two cultures grow together."""
    depth = model.catalogue[deal.scope].depth
    share = model.numbers.agreements.converge * depth / CULTURE_SHARE
    for axis in range(AXES):
        step = share * (other.culture[axis] - one.culture[axis])
        one.changes.culture[axis] += step
        other.changes.culture[axis] -= step


def change_trust(model: PlainModel, deal: Deal, pair: Pair) -> None:
    """Let trust grow where a deal delivers and is fair, and fall where it does not."""
    agreements = model.numbers.agreements
    short = sum(shortfall(model, deal, deal.member(c)) for c in (pair.first, pair.second)) / 2
    unfair = 0.0 if deal.terms.equal else agreements.fairness * pair.size
    gain = agreements.trust_gain * (1.0 - short) - agreements.trust_loss * short - unfair
    pair.trust_change += gain * A_QUARTER


def spread_practice(model: PlainModel, deal: Deal) -> None:
    """Let the weaker services learn from the best."""
    best = max(council.quality for council in deal.councils)
    share = model.numbers.agreements.practice * model.catalogue[deal.scope].budget_share
    for council in deal.councils:
        council.changes.quality += share * A_QUARTER * (best - council.quality)
