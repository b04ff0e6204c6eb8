"""How agreements end: who leaves, what that costs, and what becomes of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .aftermath import learn, lose_trust, part, pause
from .chance import Purpose, exp, ln, within
from .council import Council
from .counting import count_broken
from .deal import PAIR, Deal, Stage
from .log import Contributions, reason_for
from .promises import reported, shortfall
from .purse import publish_lessons
from .quarters import A_QUARTER, A_YEAR
from .scopes import MANAGEMENT, MERGER, SERVICES, is_deep

if TYPE_CHECKING:
    from .model import PlainModel


def consider_leaving(model: PlainModel) -> None:
    """Let all members of running deals decide, then let the leavers leave."""
    leavers = [
        (deal, [council for council in deal.councils if wants_out(model, deal, council)])
        for deal in model.deals
        if deal.runs
    ]
    for deal, councils in leavers:
        for council in reversed(councils):
            if deal.runs:
                leave(model, deal, council)


def wants_out(model: PlainModel, deal: Deal, council: Council) -> bool:
    """Return whether a member decides to leave this quarter; note how content it is."""
    because = weigh_leaving(model, deal, council)
    deal.member(council).score = satisfaction(because)
    age = model.quarter - deal.signed
    if age < A_YEAR * model.numbers.terms.minimum:
        return False
    rate = exp(sum(because.values()))
    u = model.chance.uniform(Purpose.LEAVE, model.quarter, deal.scope, deal.key, council.lineage)
    return u < within(rate, A_QUARTER)


def weigh_leaving(model: PlainModel, deal: Deal, council: Council) -> Contributions:
    """Return the log of the yearly rate at which a member leaves."""
    endings, numbers, t = model.numbers.endings, model.numbers, model.quarter
    depth = model.catalogue[deal.scope].depth
    short = shortfall(model, deal, deal.member(council))
    because = {
        "base": ln(base_rate(model, deal)),
        "savings": endings.shortfall * (short - numbers.agreements.audit),
        "sovereignty": endings.sovereignty * depth * (council.autonomy - numbers.culture.autonomy),
        "crowd": endings.crowd * (len(deal.members) - PAIR),
    }
    if t - council.control_changed < A_YEAR * endings.new_control_years:
        because["new_control"] = ln(endings.new_control)
    if t - deal.chief_left < A_YEAR * endings.chief_left_years:
        because["vacancy"] = ln(endings.chief_left)
    pairs = [council.pairs[o] for o in deal.others(council) if o in council.pairs]
    if pairs:
        trust = sum(pair.trust for pair in pairs) / len(pairs)
        belief = sum(pair.beliefs[council].distance for pair in pairs) / len(pairs)
        because["trust"] = endings.trust * (numbers.beliefs.first_trust - trust)
        because["culture"] = endings.culture * depth * (belief - numbers.weighing.culture_typical)
    if any(pair.other_tier for pair in pairs):
        because["tier"] = ln(endings.tier) * depth
    return because


def satisfaction(because: Contributions) -> float:
    """Return how content a member is: 0 is typical, below 0 it is drawn away."""
    return -sum(value for name, value in because.items() if name != "base")


def base_rate(model: PlainModel, deal: Deal) -> float:
    """Return the yearly rate at which members leave before any trigger."""
    endings = model.numbers.endings
    years = (model.quarter - deal.signed) / A_YEAR
    if not is_deep(deal.scope):
        rate = endings.service
    elif years < endings.young_years:
        rate = endings.young
    elif years < endings.settled_years:
        rate = endings.settled
    else:
        rate = endings.old
    return float(rate)


def leave(model: PlainModel, deal: Deal, council: Council) -> None:
    """Let a member leave; where two worked together, that is the end."""
    endings = model.numbers.endings
    because = weigh_leaving(model, deal, council)
    reason = reason_for(because)
    share = endings.cost_strategy if deal.terms.exit else endings.cost
    cost = deal.member(council).setup_paid * share
    council.books.exits += cost
    model.log.note(
        "leaves",
        council,
        deal.opposite(council),
        deal=deal,
        reason=reason,
        value=cost,
        more=sum(because.values()),
        because=because,
    )
    if len(deal.members) > PAIR:
        lose_trust(model, council, deal.others(council))
        learn(model, council, deal, reason)
        publish_lessons(model)
        pause(model, council, deal, leaver=True)
        drop_out(model, deal, council)
    else:
        break_up(model, deal, council, reason)


def drop_out(model: PlainModel, deal: Deal, council: Council) -> None:
    """Strike a council from a deal that goes on."""
    deal.drop(council)
    del council.signed[deal.scope]
    model.network_changed = True


def break_up(model: PlainModel, deal: Deal, leaver: Council, reason: str) -> None:
    """End a deal of two, with all that this leaves behind."""
    publish_lessons(model)
    for council in deal.councils:
        learn(model, council, deal, reason)
        pause(model, council, deal, leaver=council is leaver)
    lose_trust(model, leaver, deal.others(leaver))
    part(model, deal)
    if deal.scope == MANAGEMENT:
        part_services(model, deal, reason)
    end(model, deal, reason)


def part_services(model: PlainModel, management: Deal, reason: str) -> None:
    """Let the services that two councils shared outlive their shared management, or not."""
    one, other = management.councils
    for scope in SERVICES:
        deal = one.signed.get(scope)
        if deal is None or not deal.runs or deal.others(one) != [other]:
            continue
        u = model.chance.uniform(Purpose.SURVIVE, model.quarter, scope, deal.key, 0)
        if u < model.numbers.endings.services_survive:
            model.log.note_deal("survives", deal)
        else:
            end(model, deal, reason)


def close_accounts(model: PlainModel, deal: Deal) -> None:
    """Log what the members say that they save a year, and what they truly save."""
    true = sum(member.saves for member in deal.members)
    model.log.note_deal("accounts", deal, value=reported(model, deal), more=true)


def end(model: PlainModel, deal: Deal, reason: str) -> None:
    """End an agreement; of one that works the accounts are closed first."""
    if deal.runs and deal.scope != MERGER:
        close_accounts(model, deal)
    years = (model.quarter - deal.signed) / A_YEAR
    model.log.note_deal("ends", deal, reason=reason, value=years)
    model.counts["ended"] += 1
    model.counts[f"ended_{reason}"] += 1
    count_broken(model, deal, reason)
    deal.stage = Stage.ENDED
    for council in deal.councils:
        del council.signed[deal.scope]
    model.network_changed = True
