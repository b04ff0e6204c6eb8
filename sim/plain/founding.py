"""The first day: what is known of each council, and what must be drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..country.councils import (
    PARTIES,
    TIERS,
    Councils,
    election_calendar,
    lineage,
    settlements,
    tax_bases,
    transfers,
)
from ..declared.scenario import CouncilFact, PairFact, Scenario
from ..errors import InputError
from . import places
from .chance import Purpose, clip, descend
from .council import MOST_TALKS, NEVER, Council, Identity
from .deal import Deal, Member, Stage
from .funding import years_needed
from .money import MILLION, add_up_savings, hear_first, kept_back, reckon
from .pair import AXES, Belief, Pair, culture_distance
from .politics import draw_party
from .promises import planned_bill, promised
from .quarters import A_YEAR
from .scopes import is_deep
from .signing import settle_report, sign_up
from .warming import warm_up

if TYPE_CHECKING:
    from .model import PlainModel

OUTSOURCING, LOCALISM = 1, 2
"""Places of two axes of culture: open to outsourcing, localist."""
LEANING = {"LAB": 0.0, "CON": 1.0}
"""Where two parties stand; the others stand where `culture.party_typical` says."""


def found(model: PlainModel, scenario: Scenario) -> None:
    """Set up councils, pairs and partnerships as they stand on the first day."""
    table = places.table_of(scenario)
    places.check_names(scenario, table)
    councils = settle(model, scenario, table)
    facts = known_facts(scenario, table)
    calendar = election_calendar()
    for k, council in enumerate(councils):
        fact = facts.get(k, CouncilFact(council=council.code))
        draw_control(model, council, table, k, fact)
        settle_calendar(model, council, table, k, calendar)
        draw_character(model, council, fact)
        draw_vacancy(model, council, fact)
        if fact.reserves is not None:
            council.reserves = fact.reserves
    together = places.standing(scenario, table)
    touching = places.touching(table)
    for a, b in places.linked(scenario, table, together):
        meet(model, councils[a], councils[b], (a, b) in touching)
    for pair_fact in scenario.pair:
        know_pair(councils, table, pair_fact)
    for council in councils:
        reckon(model, council)
        usual = council.income - model.numbers.settlement.shock * council.settlement
        council.cost = usual - kept_back(model, council, max(usual, 0.0))
    for partnership in together:
        join_at_start(model, partnership, [councils[k] for k in partnership.members])
    add_up_savings(model)
    for council in councils:
        council.cost += council.true_saving
    warm_up(model)
    for council in councils:
        reckon(model, council)
        hear_first(model, council)


def known_facts(scenario: Scenario, table: Councils) -> dict[int, CouncilFact]:
    """Return what the scenario fixes of councils."""
    return {places.find(table, fact.council): fact for fact in scenario.council}


def settle(model: PlainModel, scenario: Scenario, table: Councils) -> list[Council]:
    """Return the councils with everything about them that the table knows."""
    years, growth = years_needed(scenario), model.numbers.tax.base_growth_most
    paths, bases = settlements(table, years), tax_bases(table, years, growth)
    duties, rebates = transfers(table, years)
    here = model.year - model.first_table_year
    reviewed = {county.lower() for county in scenario.reviewed}
    councils = []
    for k, code in enumerate(table.code):
        tier = TIERS[table.tier[k]]
        identity = Identity(k, code, table.name[k], tier, table.county[k], first_day=True)
        model.identities.append(identity)
        council = Council(model, identity, lineage(code))
        council.x, council.y = float(table.x[k]), float(table.y[k])
        council.population = float(table.population[k])
        council.rural = float(table.rural[k])
        council.means = math.log(table.budget[k] * MILLION / table.population[k])
        council.reviewed = not reviewed or council.county.lower() in reviewed
        council.path, council.path_starts = paths[k].tolist(), model.year
        council.duties, council.rebates = duties[k].tolist(), rebates[k].tolist()
        council.tax_bases = bases[k].tolist()
        council.known_until = int(table.known_until[k])
        council.settlement = council.path[here]
        council.band_d = float(table.band_d[k])
        council.reserves = float(table.reserves[k])
        councils.append(council)
    return councils


def draw_control(
    model: PlainModel, council: Council, table: Councils, k: int, fact: CouncilFact
) -> None:
    """Settle which party runs a council."""
    name, known, later = council.lineage, table.control_known[k], table.control_later[k]
    as_later = model.chance.uniform(Purpose.CONTROL, 0, 0, name, name)
    if fact.control is not None:
        council.control = fact.control
    elif known >= 0:
        council.control = PARTIES[known]
    elif later >= 0 and as_later < model.numbers.politics.persistence:
        council.control = PARTIES[later]
    else:
        u = model.chance.uniform(Purpose.CONTROL, 0, 1, name, name)
        other_than = PARTIES[later] if later >= 0 else ""
        council.control = draw_party(model, council.tier, u, other_than)


def settle_calendar(
    model: PlainModel, council: Council, table: Councils, k: int, calendar: np.ndarray
) -> None:
    """Settle in which years a council votes."""
    if table.cycle[k] >= 0:
        council.cycle, council.phase = int(table.cycle[k]), int(table.phase[k])
        return
    u = model.chance.uniform(Purpose.CYCLE, 0, 0, council.lineage, council.lineage)
    below = 0.0
    for cycle, phase, share in calendar[TIERS.index(council.tier)]:
        if below <= u and share > 0:
            council.cycle, council.phase = int(cycle), int(phase)
        below += share


def draw_character(model: PlainModel, council: Council, fact: CouncilFact) -> None:
    """Settle culture, attachments, quality, strategy, supplier and attention."""
    culture, chance, name = model.numbers.culture, model.chance, council.lineage
    town_or_country = culture.rural_localism * (council.rural - culture.rural_typical)
    shifts = [0.0] * AXES
    shifts[LOCALISM] = town_or_country
    stands = LEANING.get(council.control, culture.party_typical)
    shifts[OUTSOURCING] = culture.party_outsourcing * (stands - culture.party_typical)
    for axis in range(AXES):
        z = chance.normal(Purpose.FIRST_CULTURE, 0, axis, name, name)
        council.culture[axis] = clip(culture.mean + shifts[axis] + culture.spread * z)
    z = chance.normal(Purpose.ATTACHMENT, 0, 0, name, name)
    council.autonomy = clip(culture.autonomy + culture.attachment_spread * z)
    z = chance.normal(Purpose.ATTACHMENT, 0, 1, name, name)
    council.contact = clip(culture.contact + town_or_country + culture.attachment_spread * z)
    council.readiness = culture.readiness * chance.normal(Purpose.READINESS, 0, 0, name, name)
    z = chance.normal(Purpose.QUALITY, 0, 0, name, name)
    council.quality = clip(culture.quality + culture.quality_spread * z)
    council.marriage = chance.uniform(Purpose.FIRST_STRATEGY, 0, 0, name, name) < culture.marriage
    u = chance.uniform(Purpose.PLATFORM, 0, 0, name, name)
    council.supplier = math.floor(u * culture.platforms)
    council.attention = draw_attention(model, council)
    take_known_character(council, fact)


def draw_attention(model: PlainModel, council: Council) -> int:
    """Return how many talks a council's managers can hold at once."""
    culture = model.numbers.culture
    low = math.floor(culture.attention_low)
    span = max(math.floor(culture.attention_high) - low, 0) + 1
    u = model.chance.uniform(Purpose.ATTENTION, 0, 0, council.lineage, council.lineage)
    return int(clip(low + math.floor(u * span), 0, MOST_TALKS))


def take_known_character(council: Council, fact: CouncilFact) -> None:
    """Put what the scenario knows in the place of what was drawn."""
    if fact.culture is not None:
        council.culture = list(fact.culture)
    if fact.autonomy is not None:
        council.autonomy = fact.autonomy
    if fact.contact is not None:
        council.contact = fact.contact
    if fact.strategy is not None:
        council.marriage = fact.strategy == "marriage"
    if fact.system is not None:
        council.supplier = fact.system
    if fact.attention is not None:
        council.attention = fact.attention


def draw_vacancy(model: PlainModel, council: Council, fact: CouncilFact) -> None:
    """Settle whether the chief executive's post is vacant."""
    politics = model.numbers.politics
    leaves, found_in_a_year = politics.chief_leaves, A_YEAR * politics.chief_found
    u = model.chance.uniform(Purpose.FIRST_VACANCY, 0, 0, council.lineage, council.lineage)
    total = leaves + found_in_a_year
    council.vacant = total > 0 and u < leaves / total
    if fact.vacant is not None:
        council.vacant = fact.vacant


def meet(model: PlainModel, one: Council, other: Council, touches: bool) -> None:
    """Let two councils know each other, as little as they do on the first day."""
    beliefs, chance = model.numbers.beliefs, model.chance
    pair = Pair(one, other, touches, one.county != other.county)
    pair.measure()
    low, high = sorted((one.lineage, other.lineage))
    z = chance.normal(Purpose.FIRST_TRUST, 0, 0, low, high)
    pair.trust = clip(beliefs.first_trust + beliefs.trust_spread * z)
    true = culture_distance(one, other)
    for council, seen in ((one, other), (other, one)):
        z = chance.normal(Purpose.FIRST_IMPRESSION, 0, 0, council.lineage, seen.lineage)
        distance = clip(true - beliefs.courtesy + beliefs.first_noise * z)
        pair.beliefs[council] = Belief(distance, beliefs.first_noise**2)
    one.pairs[other] = other.pairs[one] = pair


def know_pair(councils: list[Council], table: Councils, fact: PairFact) -> None:
    """Put what the scenario knows of two councils in the place of what was drawn."""
    one, other = (councils[places.find(table, word)] for word in fact.between)
    pair = one.pairs[other]
    if fact.trust is not None:
        pair.trust = fact.trust
    if fact.belief is not None:
        pair.beliefs[one].distance, pair.beliefs[other].distance = fact.belief


def join_at_start(model: PlainModel, partnership: places.Standing, councils: list[Council]) -> None:
    """Set up a partnership that has run for some time on the first day, or that is agreed."""
    scope = partnership.scope
    for council in councils:
        if scope in council.signed:
            raise InputError(f"{council.name} is in two partnerships of one scope at the start")
    deal = Deal(
        number=model.next_number(),
        scope=scope,
        key=descend(councils[0].lineage, councils[1].lineage, scope),
        members=[Member(council) for council in councils],
        begun=partnership.since,
        stage=Stage.RUNNING if partnership.at_work else Stage.TRANSITION,
        signed=partnership.since,
        started=partnership.since if partnership.at_work else NEVER,
    )
    model.deals.append(deal)
    ramp = min(-partnership.since / model.catalogue[scope].ramp, 1.0)
    settle_report(model, deal)
    for member in deal.members:
        member.promise = promised(model, member.council, scope)
        sign_up(model, deal, member)
        planned = planned_bill(model, member.council, scope)
        if partnership.at_work:
            member.setup_paid = planned
            member.saves = member.worth * ramp
        else:
            member.bill = planned
        member.council.signed[scope] = deal
        if is_deep(scope):
            member.council.vacant = False
