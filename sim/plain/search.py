"""Looking for a partner: whether, about what, with whom; then the call and its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .chance import Purpose, descend, exp, ln, within
from .council import COUNTY, Council
from .counting import count_begun
from .deal import Deal, Member
from .decided import agrees, decided_for, note_overruled
from .log import Contributions, reason_against
from .money import MILLION, pay_grant
from .offers import of_new_deal, study_grant
from .pair import get_impression
from .quarters import A_QUARTER
from .scopes import (
    CHIEF_EXECUTIVE,
    DEEP,
    MANAGEMENT,
    MERGER,
    SERVICES,
    is_deep,
    same_kind,
)
from .weighing import in_doubt, moved, resolved, total, weigh_option, weigh_self

if TYPE_CHECKING:
    from .model import PlainModel

NOBODY = 255
MATCHMAKER = 200
PERCENT = 100
KEYS_A_QUARTER = 100


@dataclass(frozen=True, slots=True)
class Call:
    """A council's wish to talk to another about a scope."""

    caller: Council
    called: Council
    scope: int


def look(model: PlainModel) -> None:
    """Let all councils choose whom to call, then make the calls one after the other."""
    calls = [call for council in list(model.agents) if (call := choose(model, council))]

    def priority(call: Call) -> float:
        name = call.caller.lineage
        return model.chance.uniform(Purpose.PRIORITY, model.quarter, 0, name, name)

    for call in sorted(calls, key=priority):
        make_call(model, call)


def mark_known_talks(model: PlainModel) -> None:
    """Note which councils are known to be in deep talks."""
    model.in_the_news = {
        council
        for deal in model.deals
        if deal.in_talks and deal.known and is_deep(deal.scope)
        for council in deal.councils
    }


def choose(model: PlainModel, council: Council) -> Call | None:
    """Return the call that a council wants to make, if any."""
    if council.free_attention <= 0:
        return None
    if model.quarter >= council.pause_until and not council.to_be_made_new:
        scope = deep_topic(model, council)
        if looks(model, council, scope, deep=True):
            return None if scope is None else find_partner(model, council, scope)
    scope = service_topic(model, council)
    if looks(model, council, scope, deep=False) and scope is not None:
        return find_partner(model, council, scope)
    return None


def looks(model: PlainModel, council: Council, scope: int | None, *, deep: bool) -> bool:
    """Return whether a council looks for a deep partner, or for a service to share.

    `scope` is what it would look for; what grants would meet is reckoned for a partner like itself.
    """
    because = weigh_deep_look(model, council) if deep else weigh_service_look(model, council)
    met = 0.0 if scope is None else of_new_deal(model, council, council, scope)
    because["grant"] = model.numbers.search.grant * met
    purpose = Purpose.LOOK_DEEP if deep else Purpose.LOOK_SERVICE
    rate = exp(total(because))
    u = model.chance.uniform(purpose, model.quarter, 0, council.lineage, council.lineage)
    if u >= within(rate, A_QUARTER):
        return False
    model.log.note("considers", council, value=rate, more=float(deep), because=because)
    return True


def weigh_deep_look(model: PlainModel, council: Council) -> Contributions:
    """Return the log of the yearly rate at which a council looks for a deep partner."""
    search = model.numbers.search
    because = weigh_need(moved(model, council), search.base_management, search.need_management)
    because["fashion"] = search.fashion * share(
        council, [MANAGEMENT in other.signed for other in council.pairs]
    )
    because["rumour"] = search.rumour * share(
        council, [other in model.in_the_news for other in council.pairs]
    )
    because["vacancy"] = ln(search.vacancy) * council.vacant
    because["strategy"] = ln(search.strategy) * (1 if council.marriage else -1)
    because["introduced"] = ln(introduced(model))
    because["strategy"] += ln(search.resolve) * resolved(model, council)
    because["review"] = ln(search.doorstep) * in_doubt(model, council)
    because["joining"] = ln(search.merger) * (MANAGEMENT in council.signed)
    because["readiness"] = council.readiness - model.numbers.culture.readiness**2 / 2
    return because


def weigh_service_look(model: PlainModel, council: Council) -> Contributions:
    """Return the log of the yearly rate at which a council looks for a service to share."""
    search = model.numbers.search
    because = weigh_need(council.need, search.base_service, search.need_service)
    because["fashion"] = search.fashion * share(
        council, [other.shares_service for other in council.pairs]
    )
    because["strategy"] = ln(search.strategy) * (-1 if council.marriage else 1)
    because["introduced"] = ln(introduced(model))
    return because


def introduced(model: PlainModel) -> float:
    """Return by how much more a council looks where a service introduces it to others."""
    more = model.numbers.search.introduced - 1.0
    return float(1.0 + model.numbers.support.matchmaking * more)


def weigh_need(need: float, rate: float, added: float) -> Contributions:
    """Return the log of a yearly rate, and what a council's need adds to it."""
    in_need = rate + added * PERCENT * need
    return {"base": ln(rate), "need": ln(in_need) - ln(rate)}


def share(council: Council, marks: list[bool]) -> float:
    """Return the share of those whom a council could talk to that are marked."""
    return sum(marks) / len(marks) if marks else 0.0


def deep_topic(model: PlainModel, council: Council) -> int | None:
    """Return the deep scope that comes up, if any is open."""
    may_merge = model.stance != "none" and council.tier != COUNTY
    if MANAGEMENT in council.signed:
        return MERGER if may_merge else None
    scopes = [
        scope for scope in DEEP if scope not in council.signed and (may_merge or scope != MERGER)
    ]
    return draw_topic(model, council, scopes)


def service_topic(model: PlainModel, council: Council) -> int | None:
    """Return the service that comes up, of those neither shared nor talked about."""
    busy = set(council.signed) | {deal.scope for deal in council.talks}
    return draw_topic(model, council, [scope for scope in SERVICES if scope not in busy])


def draw_topic(model: PlainModel, council: Council, scopes: list[int]) -> int | None:
    """Return one of some scopes, each with the weight of its interest."""

    def interest(scope: int) -> float:
        name = council.lineage
        chance = model.chance.gumbel(Purpose.TOPIC, model.quarter, scope, name, name)
        return float(model.catalogue[scope].interest + chance)

    return max(scopes, key=interest, default=None)


def is_eligible(model: PlainModel, council: Council, other: Council, scope: int) -> bool:
    """Return whether a council may talk to another about a scope."""
    if any(deal.has(other) and same_kind(deal.scope, scope) for deal in council.talks):
        return False
    deal = other.signed.get(scope)
    if deal is not None and not has_room(model, deal):
        return False
    if not is_deep(scope):
        return True
    if council.to_be_made_new or other.to_be_made_new:
        return False
    if scope == MERGER and council.tier != other.tier:
        return False
    return (
        model.quarter >= council.pairs[other].again
        and is_unattached(council, other, scope)
        and is_unattached(other, council, scope)
    )


def has_room(model: PlainModel, deal: Deal) -> bool:
    """Return whether a further council can join a deal."""
    return deal.runs and len(deal.members) < model.catalogue[deal.scope].most_members


def is_unattached(council: Council, other: Council, scope: int) -> bool:
    """Return whether no deep deal of a council stands in the way of one with another."""
    if MERGER in council.signed:
        return False
    if CHIEF_EXECUTIVE in council.signed and not council.shares_with(other, CHIEF_EXECUTIVE):
        return False
    management = council.signed.get(MANAGEMENT)
    if management is None:
        return True
    if scope == MERGER:
        return management.has(other)
    return scope == MANAGEMENT and management.runs


def find_partner(model: PlainModel, council: Council, scope: int) -> Call | None:
    """Return the call to the best partner, if any is better than nobody."""
    options = [other for other in council.pairs if is_eligible(model, council, other, scope)]
    support, search, t = model.numbers.support, model.numbers.search, model.quarter
    if support.matchmaking > 0:
        noise = model.numbers.beliefs.talk_noise / support.matchmaking
        for other in options:
            get_impression(model, council, other, noise, MATCHMAKER)
    name = council.lineage
    nobody = model.chance.gumbel(Purpose.PARTNER, t, NOBODY, name, name)
    threshold = search.choosiness + search.chance * nobody
    own = weigh_self(model, council, scope)
    pulls = {
        other: total(weigh_option(model, council, other, scope, own))
        + partner_chance(model, council, other, scope)
        for other in options
    }
    best = max(pulls, key=lambda other: pulls[other], default=None)
    if best is None or pulls[best] <= threshold:
        return None
    return Call(council, best, scope)


def partner_chance(model: PlainModel, council: Council, other: Council, scope: int) -> float:
    """Return what decides for or against a partner beyond the reasons in the model."""
    draw = model.chance.gumbel(
        Purpose.PARTNER, model.quarter, scope, council.lineage, other.lineage
    )
    return float(model.numbers.search.chance * draw)


def make_call(model: PlainModel, call: Call) -> None:
    """Call another council, which agrees to talk or refuses."""
    caller, called, scope = call.caller, call.called, call.scope
    if caller.free_attention <= 0 or not is_eligible(model, caller, called, scope):
        return
    because = weigh_option(model, caller, called, scope, weigh_self(model, caller, scope))
    because["chance"] = partner_chance(model, caller, called, scope)
    model.log.note("approaches", caller, called, scope=scope, value=total(because), because=because)
    answer = weigh_answer(model, called, caller, scope)
    draw = model.chance.logistic(
        Purpose.ANSWER, model.quarter, scope, called.lineage, caller.lineage
    )
    answer["chance"] = model.numbers.talks.chance * draw
    own, free = total(answer) > 0, called.free_attention > 0
    told = decided_for(model, called, [caller], scope)
    if free and agrees(told, own) != own:
        note_overruled(model, called, caller, told, total(answer), scope=scope)
    if not (free and agrees(told, own)):
        model.log.note(
            "refuses",
            called,
            caller,
            scope=scope,
            reason=None if free and own else reason_against(answer),
            value=total(answer),
            because=answer,
        )
    else:
        begin_talks(model, call, answer)


def weigh_answer(model: PlainModel, called: Council, caller: Council, scope: int) -> Contributions:
    """Return how a council that is called weighs the caller, chance left out."""
    own = weigh_self(model, called, scope)
    answer = weigh_option(model, called, caller, scope, own)
    if called.free_attention <= 0:
        answer["busy"] -= model.numbers.weighing.committed
    return answer


def begin_talks(model: PlainModel, call: Call, answer: Contributions) -> None:
    """Open a deal in talks; government may pay for the study."""
    caller, called, scope, t = call.caller, call.called, call.scope, model.quarter
    when = KEYS_A_QUARTER * (t + 1) + scope
    deal = Deal(
        number=model.next_number(),
        scope=scope,
        key=descend(caller.lineage, called.lineage, when),
        members=[Member(caller), Member(called)],
        begun=t,
        host=called.signed.get(scope),
    )
    model.deals.append(deal)
    caller.sit_down(deal)
    called.sit_down(deal)
    count_begun(model, deal)
    model.log.note("talks_begin", caller, called, deal=deal, value=total(answer), because=answer)
    limit = study_grant(model)
    if deal.host is None and limit > 0:
        model.study_pot -= limit
        model.paid_out["study"] += limit
        deal.study_grant = limit
        pay_grant(deal, limit)
        model.log.note_deal("study_grant", deal, value=limit / MILLION)
