"""How a council weighs a deal: named contributions that add up to a yes or a no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .chance import clip, ln
from .council import Council
from .deal import PAIR, Deal, Stage
from .log import Contributions
from .money import MILLION
from .offers import bid_ahead, of_new_deal, of_talks
from .pair import Pair
from .politics import votes_in
from .promises import planned_bill
from .quarters import A_YEAR
from .scopes import JOINT_POST, MANAGEMENT, MERGER, is_deep, same_kind

if TYPE_CHECKING:
    from .model import PlainModel

NO_CONTROL = "NOC"
SMALLEST_RESERVES = 1e-6


def total(because: Contributions) -> float:
    """Return the sum of all contributions."""
    return sum(because.values())


def add(because: Contributions, more: Contributions, share: float = 1.0) -> None:
    """Add further contributions, or a share of each."""
    for name, value in more.items():
        because[name] = because.get(name, 0.0) + share * value


def in_doubt(model: PlainModel, council: Council) -> bool:
    """Return whether reorganisation hangs over a council."""
    review = council.reviewed and model.stance in ("review", "mandated")
    return review or council.to_be_made_new


def resolved(model: PlainModel, council: Council) -> bool:
    """Return whether a deep deal of the council failed so lately that it still wants one."""
    lasts = A_YEAR * model.numbers.search.resolve_years
    return bool(model.quarter - council.deep_failure < lasts)


def moved(model: PlainModel, council: Council) -> float:
    """Return what moves a council to a deep deal: news that its need is worse, or the need."""
    news = model.numbers.search.news
    return float(news * council.news + (1.0 - news) * council.need)


def weigh_self(model: PlainModel, council: Council, scope: int) -> Contributions:
    """Return what a council brings whoever the partner."""
    weighing, entry, t = model.numbers.weighing, model.catalogue[scope], model.quarter
    autonomy = council.autonomy - model.numbers.culture.autonomy
    need = moved(model, council) if is_deep(scope) else council.need
    because = {
        "base": entry.base,
        "need": weighing.need * need,
        "sovereignty": -weighing.sovereignty * entry.depth * autonomy,
        "contact": -weighing.contact * entry.contact_loss * council.contact,
        "set_up": weigh_bill(model, council, planned_bill(model, council, scope)),
        "busy": -weighing.busy * max(len(council.talks) - 1, 0),
    }
    if is_deep(scope):
        because["readiness"] = council.readiness
        because["strategy"] = weighing.resolve * resolved(model, council)
    if in_doubt(model, council):
        because["review"] = -model.numbers.reorganisation.doubt * entry.depth
    if scope in JOINT_POST:
        if council.vacant:
            because["vacancy"] = weighing.vacancy
        elif t - council.appointed < A_YEAR * weighing.new_chief_years:
            because["vacancy"] = -weighing.vacancy
    if t - council.control_changed < A_YEAR * weighing.new_control_years:
        because["new_control"] = -weighing.new_control * entry.depth
    if votes_soon(model, council):
        because["election"] = -weighing.election * entry.depth
    return because


def votes_soon(model: PlainModel, council: Council) -> bool:
    """Return whether the council has an election so soon that it is shy to sign."""
    next_april = A_YEAR * (model.quarter // A_YEAR + 1)
    near = next_april - model.quarter <= model.numbers.weighing.election_quarters
    return near and votes_in(council, model.year + 1)


def weigh_bill(model: PlainModel, council: Council, bill: float) -> float:
    """Return how a set-up cost weighs against the reserves that must pay it."""
    share = bill / max(council.reserves, bill, SMALLEST_RESERVES)
    return float(-model.numbers.weighing.setup * clip(share))


def weigh_pair(
    model: PlainModel,
    council: Council,
    other: Council,
    pair: Pair,
    scope: int,
    fresh: float = 1.0,
) -> Contributions:
    """Return what a council thinks of a partner; of the facts that both know `fresh` weighs."""
    weighing, entry = model.numbers.weighing, model.catalogue[scope]
    belief = pair.beliefs[council].distance
    alike = fresh * likeness_counts(model, pair, scope)
    return {
        "culture": weighing.culture
        * entry.depth
        * (1.0 + council.lessons.trust)
        * (weighing.culture_typical - belief),
        "trust": weighing.trust * (pair.trust - model.numbers.beliefs.first_trust),
        "history": -weighing.history * pair.failures * entry.depth,
        "size": alike * _weigh_size(model, council, pair, entry.depth),
        "means": alike * -weighing.resources * pair.means,
        "tier": alike * -weighing.tier * pair.other_tier,
        "party": _weigh_party(model, council, other),
        "distance": fresh * _weigh_distance(model, pair),
        "border": fresh * -weighing.border * pair.border,
        **_weigh_tax_gap(model, council, other, pair, scope),
        **_weigh_systems(model, council, other, entry.ict),
        "ties": _weigh_ties(model, council, other, scope),
        "vacancy": _weigh_vacancy(model, other) if scope in JOINT_POST else 0.0,
    }


def likeness_counts(model: PlainModel, pair: Pair, scope: int) -> float:
    """Return how much it counts that two are unlike; less where one hands a service over."""
    if is_deep(scope) or not pair.other_tier:
        return 1.0
    return float(1.0 - model.numbers.weighing.delegation)


def _weigh_size(model: PlainModel, council: Council, pair: Pair, depth: float) -> float:
    weighing = model.numbers.weighing
    minds = (1.0 + council.lessons.equal) * (1.0 + weighing.strategy * council.marriage)
    difference = pair.size - weighing.size_typical
    part = weighing.size_shallow
    return float(-weighing.size * minds * difference * (part + (1.0 - part) * depth))


def _weigh_party(model: PlainModel, council: Council, other: Council) -> float:
    alike = council.control == other.control and council.control != NO_CONTROL
    weighing = model.numbers.weighing
    return float(weighing.party * (alike - weighing.party_typical))


def _weigh_vacancy(model: PlainModel, other: Council) -> float:
    weighing = model.numbers.weighing
    return float(weighing.vacancy_partner * weighing.vacancy) if other.vacant else 0.0


def _weigh_distance(model: PlainModel, pair: Pair) -> float:
    weighing = model.numbers.weighing
    if pair.touches:
        return 0.0
    return float(-weighing.apart - max(pair.km - weighing.near, 0.0) / weighing.distance)


def _weigh_tax_gap(
    model: PlainModel, council: Council, other: Council, pair: Pair, scope: int
) -> Contributions:
    if pair.other_tier:
        return {}
    gap = abs(council.band_d - other.band_d) / model.numbers.weighing.tax_step
    felt = gap * pair.tax_felt * (1.0 + council.lessons.tax)
    hinders = float(model.catalogue[scope].tax_weight * felt)
    support = model.numbers.terms.tax_support if scope in JOINT_POST else 0.0
    return {"tax_gap": -hinders, "tax_support": hinders * support}


def _weigh_systems(
    model: PlainModel, council: Council, other: Council, ict: float
) -> Contributions:
    weighing = model.numbers.weighing
    if council.supplier == other.supplier:
        return {"systems": weighing.ict * ict * (1.0 - weighing.ict_typical)}
    hinders = weighing.ict * ict * weighing.ict_typical
    return {"systems": -hinders, "ict_subsidy": hinders * model.numbers.support.ict_subsidy}


def _weigh_ties(model: PlainModel, council: Council, other: Council, scope: int) -> float:
    if not is_deep(scope):
        return 0.0
    weighing = model.numbers.weighing
    ties = weighing.ties * min(council.services_with(other), weighing.ties_most)
    if scope == MERGER:
        if council.shares_with(other, MANAGEMENT):
            years = (model.quarter - council.signed[MANAGEMENT].signed) / A_YEAR
            ties += weighing.partnership * years
        else:
            ties -= weighing.strangers
    return float(ties)


def weigh_option(
    model: PlainModel, council: Council, other: Council, scope: int, own: Contributions
) -> Contributions:
    """Return what a council thinks of calling another, or of its call; `own` is what it brings."""
    weighing = model.numbers.weighing
    because = dict(own)
    add(because, weigh_pair(model, council, other, council.pairs[other], scope))
    because["busy"] -= weighing.busy * len(other.talks)
    deal = other.signed.get(scope)
    if deal is not None:
        beyond = len(deal.members) - 1
        because["joining"] = model.numbers.talks.accession
        because["crowd"] = -weighing.crowd * model.catalogue[scope].depth * beyond
    elif scope not in council.signed:
        because["grant"] = weighing.grant * of_new_deal(model, council, other, scope)
    return because


def across_the_table(deal: Deal, council: Council) -> list[Council]:
    """Return those whom a council in talks thinks of as its partners to be."""
    if deal.host is None:
        return deal.others(council)
    return deal.others(council) if deal.hosted_by(council) else deal.host.councils


def still_weighs(model: PlainModel, deal: Deal, council: Council, other: Council) -> float:
    """Return how much of what two know of each other weighs in talks.

    The leader has chosen each of the others at the table and each has answered it: these have
    weighed it once. All others have not.
    """
    asked = deal.leader in (council, other) and deal.has(other)
    return float(model.numbers.weighing.again) if asked else 1.0


def weigh_deal(model: PlainModel, council: Council, deal: Deal) -> Contributions:
    """Return how a member weighs a deal in talks, chance left out."""
    weighing, entry = model.numbers.weighing, model.catalogue[deal.scope]
    because = weigh_self(model, council, deal.scope)
    partners = [other for other in across_the_table(deal, council) if other in council.pairs]
    for other in partners:
        fresh = still_weighs(model, deal, council, other)
        thought = weigh_pair(model, council, other, council.pairs[other], deal.scope, fresh)
        add(because, thought, 1.0 / len(partners))
    size = len(deal.members) if deal.host is None else len(deal.host.members) + 1
    because["crowd"] = -weighing.crowd * entry.depth * (size - PAIR)
    if deal.host is not None:
        because["joining"] = model.numbers.talks.accession
    because["grant"] = weighing.grant * of_talks(model, deal)
    if deal.stage >= Stage.CASE:
        _weigh_case(model, council, deal, because)
    if deal.stage >= Stage.TERMS:
        because |= _weigh_terms(model, council, deal)
    because["rival"] = _weigh_rivals(model, council, deal, deal.member(council).score)
    return because


def _weigh_case(model: PlainModel, council: Council, deal: Deal, because: Contributions) -> None:
    weighing = model.numbers.weighing
    estimate = deal.member(council).estimate
    because["savings"] = weighing.savings * ln(estimate * deal.promise_factor)
    bill = planned_bill(model, council, deal.scope, deal.promise_factor)
    part = bid_ahead(model, deal) / MILLION / len(deal.members)
    because["set_up"] = weigh_bill(model, council, max(bill - part, 0.0))


def _weigh_terms(model: PlainModel, council: Council, deal: Deal) -> Contributions:
    weight, lessons, terms = -model.numbers.weighing.lesson, council.lessons, deal.terms
    because = {
        "exit_lesson": weight * lessons.exit * (not terms.exit),
        "equal_lesson": weight * lessons.equal * (not terms.equal),
    }
    if is_deep(deal.scope):
        because["tax_lesson"] = weight * lessons.tax * (not terms.aligned)
    return because


def _weigh_rivals(model: PlainModel, council: Council, deal: Deal, own: float) -> float:
    scores = [
        other.member(council).score
        for other in council.talks
        if other is not deal and same_kind(other.scope, deal.scope)
    ]
    if not scores:
        return 0.0
    return float(-model.numbers.weighing.rival * max(0.0, max(scores) - own))
