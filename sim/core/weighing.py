"""How a council weighs a partner and a deal: a sum of named contributions.

The same sum decides whom to approach, what to answer, whether to walk away and how to vote. A
contribution of zero is the typical case, so the reason for a decision is what was unusual in it.
"""

import math

from . import between, deals as book, events as why, offers, promises, purse, state
from .compiled import compiled, inlined
from .curves import clip, ln

LEAST = 1e-6  # million pounds


@compiled
def other_in(pairs, e, i):
    """Return the council on the other side of pair e."""
    return pairs[e].b if pairs[e].a == i else pairs[e].a


@compiled
def culture_distance(councils, i, j):
    """Return the true difference in culture, 0 to 1: root mean square over the axes."""
    total = 0.0
    for k in range(state.AXES):
        gap = councils[i].culture[k] - councils[j].culture[k]
        total += gap * gap
    return math.sqrt(total / state.AXES)


@compiled
def free_attention(councils, i):
    """Return how many more talks the managers of council i can hold."""
    return councils[i].attention - talks_held(councils, i)


@compiled
def talks_held(councils, i):
    """Return how many talks council i is in."""
    held = 0
    for k in range(state.TALKS_MOST):
        if councils[i].talks[k] != state.NOBODY:
            held += 1
    return held


@inlined
def clear(terms):
    """Set all contributions to zero."""
    for k in range(state.TERMS):
        terms[k] = 0.0


@compiled
def burden(councils, p, i, bill):
    """Return how the set-up cost weighs against the reserves that must pay it."""
    return -p.weighing_setup * clip(bill / max(councils[i].reserves, bill, LEAST), 0.0, 1.0)


@compiled
def under_doubt(councils, p, i):
    """Return 1 where council i's place on the map is open or about to go, else 0."""
    open_yet = councils[i].reviewed == 1 and p.reorganisation_stance >= state.REVIEW
    return 1.0 if open_yet or councils[i].shadow == 1 else 0.0


@compiled
def votes_soon(councils, p, i, t, start_year):
    """Return True when council i holds an election within the quarters that make it shy to sign."""
    ahead = state.QUARTERS - t % state.QUARTERS  # quarters until next April
    year = start_year + t // state.QUARTERS + 1
    return ahead <= p.weighing_election_quarters and holds_election(councils, i, year)


@compiled
def holds_election(councils, i, year):
    """Return True when council i holds an election in May of a year."""
    since = year - councils[i].phase
    if councils[i].cycle == state.HALVES:
        return since % 2 == 0
    turn = since % state.QUARTERS == 0
    return turn if councils[i].cycle == state.WHOLE else not turn


@inlined
def weigh_self(terms, world, p, t, i, scope):
    """Write what council i brings to any deal of this scope, whoever the partner."""
    councils = world.councils
    depth = p.scope_depth[scope]
    terms[why.BASE] = p.scope_base[scope]
    moving = moved(councils, p, i) if scope >= state.SERVICES else councils[i].need
    terms[why.NEED] = p.weighing_need * moving
    excess = councils[i].autonomy - p.culture_autonomy
    terms[why.SOVEREIGNTY] = -p.weighing_sovereignty * depth * excess
    terms[why.CONTACT] = -p.weighing_contact * p.scope_contact_loss[scope] * councils[i].contact
    terms[why.SET_UP] = burden(councils, p, i, promises.setup_bill(councils, p, i, scope, 1.0))
    terms[why.REVIEW_DOUBT] = -p.reorganisation_doubt * depth * under_doubt(councils, p, i)
    terms[why.VACANCY] = post_term(councils, p, t, i, scope)
    terms[why.BUSY] = -p.weighing_busy * max(talks_held(councils, i) - 1, 0)
    if scope >= state.SERVICES:
        terms[why.READINESS] = councils[i].readiness
        if resolved(councils, p, i, t):
            terms[why.STRATEGY] = p.weighing_resolve
    if t - councils[i].changed < p.weighing_new_control_years * state.QUARTERS:
        terms[why.NEW_CONTROL] = -p.weighing_new_control * depth
    if votes_soon(councils, p, i, t, world.tally[0].start_year):
        terms[why.ELECTION] = -p.weighing_election * depth


@compiled
def own_worth(world, p, t, i, scope):
    """Return what council i thinks of any deal of this scope, whoever the partner."""
    terms = world.terms
    clear(terms)
    weigh_self(terms, world, p, t, i, scope)
    return why.total_of(terms)


@compiled
def moved(councils, p, i):
    """Return what moves council i towards a deep deal: news of a worse gap, or the gap itself."""
    return p.search_news * councils[i].news + (1.0 - p.search_news) * councils[i].need


@compiled
def resolved(councils, p, i, t):
    """Return True when a deep deal of council i failed so lately that it still wants one."""
    return t - councils[i].sought < p.search_resolve_years * state.QUARTERS


@compiled
def post_term(councils, p, t, i, scope):
    """Return what the chief executive's post says to sharing it: yes when vacant, no when new."""
    if scope != state.CHIEF_EXECUTIVE and scope != state.MANAGEMENT:
        return 0.0
    if councils[i].vacant == 1:
        return p.weighing_vacancy
    new = t - councils[i].appointed < p.weighing_new_chief_years * state.QUARTERS
    return -p.weighing_vacancy if new else 0.0


@compiled
def pair_worth(world, p, t, i, e, scope):
    """Return what council i thinks of the other side of pair e, before they talk."""
    terms = world.terms
    clear(terms)
    weigh_pair(terms, 1.0, 1.0, world, p, t, i, e, scope)
    return why.total_of(terms)


@inlined
def weigh_pair(terms, share, known, world, p, t, i, e, scope):
    """Add what council i thinks of the other side of pair e, times `share` (1 / others).

    What both know before they talk counts times `known` besides.
    """
    councils, pairs = world.councils, world.pairs
    j = other_in(pairs, e, i)
    depth = p.scope_depth[scope]
    known *= share
    kept = known * (1.0 - delegated(pairs, p, e, scope))
    lessons = councils[i].lessons
    believed = pairs[e].belief[between.side_of(pairs, e, i)]
    gap = p.weighing_culture_typical - believed
    wary = 1.0 + lessons[state.LESSON_TRUST]
    terms[why.CULTURE] += share * p.weighing_culture * depth * wary * gap
    terms[why.TRUST] += share * p.weighing_trust * (pairs[e].trust - p.beliefs_first_trust)
    terms[why.HISTORY] -= share * p.weighing_history * pairs[e].failures * depth
    picky, excess = picky_of(councils, p, i), pairs[e].ratio - p.weighing_size_typical
    terms[why.SIZE] -= kept * p.weighing_size * picky * excess * size_counts(p, depth)
    terms[why.MEANS] -= kept * p.weighing_resources * pairs[e].means
    terms[why.TIER] -= kept * p.weighing_tier * pairs[e].tiers
    alike = councils[i].control == councils[j].control and councils[i].control != state.NO_CONTROL
    same = 1.0 if alike else 0.0
    terms[why.PARTY] += share * p.weighing_party * (same - p.weighing_party_typical)
    if pairs[e].adjacent == 0:
        terms[why.DISTANCE] -= known * far_off(pairs, p, e)
    terms[why.BORDER] -= known * p.weighing_border * pairs[e].border
    hindrance = share * tax_hindrance(councils, pairs, p, i, j, e, scope)
    terms[why.TAX_GAP] -= hindrance
    terms[why.TAX_HELP] += hindrance * purse.helps_with_tax(p, scope)
    counts = share * p.weighing_ict * p.scope_ict[scope]
    if councils[i].platform == councils[j].platform:
        terms[why.SYSTEMS] += counts * (1.0 - p.weighing_ict_typical)
    else:
        terms[why.SYSTEMS] -= counts * p.weighing_ict_typical
        terms[why.ICT_SUBSIDY] += counts * p.weighing_ict_typical * p.support_ict_subsidy
    terms[why.TIES] += share * ties_term(councils, world.deals, p, t, i, j, scope)
    vacant = max(post_term(councils, p, t, j, scope), 0.0)
    terms[why.VACANCY] += share * p.weighing_vacancy_partner * vacant


@inlined
def picky_of(councils, p, i):
    """Return how much more than others council i minds an unlike size."""
    learnt = 1.0 + councils[i].lessons[state.LESSON_EQUAL]
    return learnt * (1.0 + p.weighing_strategy * councils[i].marriage)


@inlined
def size_counts(p, depth):
    """Return which part of the weight of size counts at a depth."""
    return p.weighing_size_shallow + (1.0 - p.weighing_size_shallow) * depth


@inlined
def far_off(pairs, p, e):
    """Return what speaks against partners that do not touch, by how far they lie apart."""
    return p.weighing_apart + max(pairs[e].distance - p.weighing_near, 0.0) / p.weighing_distance


@compiled
def delegated(pairs, p, e, scope):
    """Return the share of size, means and duties that does not count: a service is handed over."""
    return p.weighing_delegation * pairs[e].tiers if scope < state.SERVICES else 0.0


@compiled
def tax_hindrance(councils, pairs, p, i, j, e, scope):
    """Return how much the gap in council tax stands in the way; only like tiers compare."""
    if pairs[e].tiers == 1:
        return 0.0
    gap = abs(councils[i].band_d - councils[j].band_d) / p.weighing_tax_step * pairs[e].felt_gap
    learnt = 1.0 + councils[i].lessons[state.LESSON_ALIGN]
    return p.scope_tax_weight[scope] * gap * learnt


@compiled
def ties_term(councils, deals, p, t, i, j, scope):
    """Return what working together already says for going deeper."""
    if scope < state.SERVICES:
        return 0.0
    term = p.weighing_ties * min(shared_services(councils, i, j), p.weighing_ties_most)
    if scope == state.MERGER:
        d = councils[i].agreement[state.MANAGEMENT]
        if d != state.NOBODY and d == councils[j].agreement[state.MANAGEMENT]:
            term += p.weighing_partnership * (t - deals[d].signed) / state.QUARTERS
        else:
            term -= p.weighing_strangers
    return term


@compiled
def shared_services(councils, i, j):
    """Return how many services councils i and j share with each other."""
    shared = 0
    for scope in range(state.SERVICES):
        d = councils[i].agreement[scope]
        if d != state.NOBODY and d == councils[j].agreement[scope]:
            shared += 1
    return shared


@inlined
def weigh_deal(terms, world, p, t, k, d):
    """Write how member k of the talks d weighs the deal as it stands; chance is not yet in it."""
    councils, deals = world.councils, world.deals
    i, scope = deals[d].member[k], deals[d].scope
    clear(terms)
    weigh_self(terms, world, p, t, i, scope)
    weigh_members(terms, world, p, t, k, d, scope)
    terms[why.CROWD] = -p.weighing_crowd * p.scope_depth[scope] * (circle(deals, d) - 2)
    if deals[d].host != state.NOBODY:
        terms[why.JOINING] = p.talks_accession
    terms[why.GRANT] = p.weighing_grant * offers.met_in_talks(world, p, d, state.NOBODY)
    if deals[d].stage >= state.CASE:
        hope = deals[d].estimate[k] * deals[d].factor
        terms[why.SAVINGS] = p.weighing_savings * ln(hope)
        bill = promises.setup_bill(councils, p, i, scope, deals[d].factor)
        part = offers.setup_ahead(world, p, d, state.NOBODY) / state.MILLION / deals[d].members
        terms[why.SET_UP] = burden(councils, p, i, max(bill - part, 0.0))
    if deals[d].stage >= state.VOTING:
        weigh_terms(terms, councils, deals, p, i, d)
    terms[why.RIVAL] = -p.weighing_rival * better_offer(councils, deals, i, d, k)


@compiled
def deal_worth(world, p, t, k, d):
    """Return what member k of the talks d thinks of the deal as it stands, but for chance."""
    terms = world.terms
    weigh_deal(terms, world, p, t, k, d)
    return why.total_of(terms)


@compiled
def circle(deals, d):
    """Return how many councils the deal would have, with those that already run it."""
    host = deals[d].host
    return deals[d].members if host == state.NOBODY else deals[host].members + 1


@inlined
def weigh_members(terms, world, p, t, k, d, scope):
    """Add what member k thinks of the others in deal d, each counting alike.

    Who leads a deal has chosen each of the others, and each has answered: they have weighed each
    other once. The others meet each other here for the first time.
    """
    deals, i = world.deals, world.deals[d].member[k]
    between.know_pairs(world, d)
    room = d if deals[d].host == state.NOBODY or deals[d].member[0] != i else deals[d].host
    met = 0
    for m in range(deals[room].members):
        met += 1 if pair_with(world, d, k, room, m) != state.NOBODY else 0
    for m in range(deals[room].members):
        e = pair_with(world, d, k, room, m)
        if e != state.NOBODY:
            j = deals[room].member[m]
            asked = deals[d].member[0] == i or deals[d].member[0] == j
            known = p.weighing_again if asked and book.place_of(deals, d, j) >= 0 else 1.0
            weigh_pair(terms, 1.0 / met, known, world, p, t, i, e, scope)


@inlined
def pair_with(world, d, k, room, m):
    """Return the pair of member k of d and member m of the deal room, which may be another."""
    deals = world.deals
    if room == d:
        return between.pair_in(deals, d, k, m)
    i, j = deals[d].member[k], deals[room].member[m]
    return between.pair_of(world, i, j) if j != i else state.NOBODY


@inlined
def weigh_terms(terms, councils, deals, p, i, d):
    """Write what council i, by its lessons, misses in the written terms of deal d."""
    lessons, weight = councils[i].lessons, p.weighing_lesson
    terms[why.EXIT_LESSON] = -weight * lessons[state.LESSON_EXIT] * (1 - deals[d].exit)
    terms[why.EQUAL_LESSON] = -weight * lessons[state.LESSON_EQUAL] * (1 - deals[d].equal)
    if deals[d].scope >= state.SERVICES:
        terms[why.TAX_LESSON] = -weight * lessons[state.LESSON_ALIGN] * (1 - deals[d].align)


@compiled
def better_offer(councils, deals, i, d, k):
    """Return by how much another table of the same depth looked better last quarter."""
    best = 0.0
    for slot in range(state.TALKS_MOST):
        other = councils[i].talks[slot]
        if other == state.NOBODY or other == d:
            continue
        if not same_depth(deals[other].scope, deals[d].scope):
            continue
        for m in range(deals[other].members):
            if deals[other].member[m] == i:
                best = max(best, deals[other].score[m] - deals[d].score[k])
    return best


@compiled
def same_depth(one, another):
    """Return True when two scopes rule each other out: one service, or any two deep scopes."""
    return one == another or (one >= state.SERVICES and another >= state.SERVICES)
