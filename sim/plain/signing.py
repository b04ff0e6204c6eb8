"""Signature: what is promised, what it will truly be worth, what it costs, who pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .chance import Purpose, exp, ln
from .council import Council
from .counting import count_joined, count_signed
from .deal import PAIR, Deal, Member, Stage
from .endings import end
from .money import MILLION, pay_grant
from .offers import may_bid, setup_grant
from .promises import base, planned_bill, promised, saved_with
from .scopes import CHIEF_EXECUTIVE, JOINT_POST, MANAGEMENT, MERGER, is_deep

if TYPE_CHECKING:
    from .model import PlainModel

TYPICAL = 0.0
"""The satisfaction of those who have not worked together yet."""


def sign(model: PlainModel, deal: Deal) -> list[Council]:
    """Sign a deal, a new one or the joining of one that runs; return who is newly bound."""
    if deal.host is not None:
        return [join(model, deal, deal.host)]
    sign_new(model, deal)
    return deal.councils


def sign_new(model: PlainModel, deal: Deal) -> None:
    """Sign a new deal, and bid for a grant where it may."""
    deal.stage = Stage.TRANSITION
    deal.signed = model.quarter
    model.counts["formed"] += 1
    settle_report(model, deal)
    count_signed(model, deal)
    for member in deal.members:
        council = member.council
        council.get_up(deal)
        if deal.scope == MANAGEMENT and CHIEF_EXECUTIVE in council.signed:
            end(model, council.signed[CHIEF_EXECUTIVE], "deepened")
        member.promise = promised(model, council, deal.scope, deal.promise_factor)
        settle_bill(model, deal, member, deal.promise_factor)
        member.score = TYPICAL
        enter(model, deal, council)
        sign_up(model, deal, member)
        note_signature(model, deal, member)
    model.counts["granted"] += deal.study_paid
    bid(model, deal)


def enter(model: PlainModel, deal: Deal, council: Council) -> None:
    """Put a signed deal among those of a council."""
    council.signed[deal.scope] = deal
    model.network_changed = True
    if deal.scope in JOINT_POST:
        council.vacant = False


def note_signature(model: PlainModel, deal: Deal, member: Member) -> None:
    """Log that a member signs."""
    model.log.note(
        "signs",
        member.council,
        deal.opposite(member.council),
        deal=deal,
        value=member.promise,
        more=member.bill,
    )


def settle_report(model: PlainModel, deal: Deal) -> None:
    """Settle, once for all its life, what a deal reports against its promise."""
    z = model.chance.normal(Purpose.REPORTED, 0, 0, deal.key, 0)
    deal.report_factor = exp(model.numbers.agreements.reported_spread * z)


def sign_up(model: PlainModel, deal: Deal, member: Member) -> None:
    """Settle what a deal is worth to a member who signs, and what its coordination costs."""
    member.worth = true_worth(model, deal, member.council)
    if deal.scope == MERGER:
        return
    beyond = max(len(deal.members) - PAIR, 0)
    extra = model.numbers.agreements.coordination_extra * beyond
    rate: float = model.catalogue[deal.scope].coordination * (1.0 + extra)
    member.upkeep = rate * base(model, member.council, deal.scope)


def true_worth(model: PlainModel, deal: Deal, council: Council) -> float:
    """Return what a member truly saves a year in the long run."""
    agreements = model.numbers.agreements
    z = model.chance.normal(Purpose.TRUE_SHARE, 0, 0, deal.key, 0)
    limit = agreements.scale_limit
    together = min(sum(other.population for other in deal.councils), limit)
    alone = min(council.population, limit)
    growth = exp((agreements.scale_elasticity - 1.0) * ln(together / alone))
    worth = 0.0
    for scope, sign in saved_with(council, deal.scope).items():
        entry = model.catalogue[scope]
        scale = entry.ict * (1.0 - growth)
        share = entry.true_saving + entry.true_spread * z + scale
        worth += sign * base(model, council, scope) * float(share)
    return worth


def settle_bill(model: PlainModel, deal: Deal, member: Member, factor: float) -> None:
    """Settle what setting up will cost a member, and how much of that government bears."""
    agreements, scope = model.numbers.agreements, deal.scope
    planned = planned_bill(model, member.council, scope, factor)
    deep = is_deep(scope)
    median = agreements.overrun_deep if deep else agreements.overrun_service
    z = model.chance.normal(Purpose.OVERRUN, 0, 0, deal.key, 0)
    own = planned * median * exp(agreements.overrun_spread * z)
    alike = member.council.supplier == deal.leader.supplier
    system = 0.0 if alike else planned * agreements.system_cost * model.catalogue[scope].ict
    member.bill = own + system
    member.subsidy = model.numbers.support.ict_subsidy * system


def bid(model: PlainModel, deal: Deal) -> None:
    """Ask government for part of the set-up cost."""
    grants = model.numbers.grants
    if not may_bid(model, deal) or (grants.exit_required > 0 and not deal.terms.exit):
        return
    bills = sum(member.bill - member.subsidy for member in deal.members)
    paid = setup_grant(model, bills)
    if paid > 0:
        model.setup_pot -= paid
        model.paid_out["setup"] += paid
        model.counts["granted"] += not deal.study_paid
        pay_grant(deal, paid)
        model.log.note_deal("setup_grant", deal, value=paid / MILLION)


def join(model: PlainModel, talks: Deal, host: Deal) -> Council:
    """Let the newcomer of some talks join the deal that runs."""
    for council in talks.councils:
        council.get_up(talks)
    talks.stage = Stage.ENDED
    council = talks.leader
    newcomer = Member(council)
    newcomer.promise = promised(model, council, host.scope, talks.promise_factor)
    settle_bill(model, host, newcomer, talks.promise_factor)
    host.members.append(newcomer)
    count_joined(model, host)
    enter(model, host, council)
    sign_up(model, host, newcomer)
    note_signature(model, host, newcomer)
    return council
