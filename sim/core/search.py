"""Looking for a partner, in two stages: whether to look, then with whom and about what.

All councils choose on what they see at the start of the quarter; then the calls are made in an
order that chance decides, and whoever is called answers.
"""

from . import (
    beliefs,
    between,
    bounds,
    deals as book,
    decided,
    events as why,
    history,
    money,
    noise,
    offers,
    ranking,
    state,
    weighing,
)
from .compiled import compiled, inlined
from .curves import exp, happens, ln

PERCENT = 100.0
MATCHMAKER = 200  # the index of an impression that a matchmaker gives
BEGUN = 100  # the index from which scopes of deals are told apart in lineages


@compiled
def look_for_partners(world, p, t, luck):
    """Every council with managers to spare may look; then the calls are made and answered."""
    councils = world.councils
    show_signs(world)
    calls = 0
    for i in range(councils.shape[0]):
        if councils[i].alive == 0 or weighing.free_attention(councils, i) <= 0:
            continue
        scope = choose_topic(world, p, t, luck, i)
        if scope == state.NOBODY:
            continue
        e = choose_partner(world, p, t, luck, i, scope)
        if e == state.NOBODY:
            continue
        who = councils[i].lineage
        world.calls[calls, 0] = i
        world.calls[calls, 1] = e
        world.calls[calls, 2] = scope
        world.chance[calls] = noise.uniform(luck, noise.PRIORITY, t, 0, who, who)
        calls += 1
    ranking.rank(world.chance, world.root, world.first, calls)
    for n in range(calls):
        k = world.root[n]
        make_call(world, p, t, luck, world.calls[k, 0], world.calls[k, 1], world.calls[k, 2])


@compiled
def choose_topic(world, p, t, luck, i):
    """Return what council i looks for this quarter, NOBODY when it does not look.

    How much a grant would meet hangs on the topic, and only who looks has one: so the draw is first
    held against the rate where grants meet everything, then against the true one.
    """
    councils, quarter = world.councils, 1.0 / state.QUARTERS
    who = councils[i].lineage
    near = around(world, i)
    most = offers.anything_on_offer(world.tally[0].pots, p)
    if t >= councils[i].pause and councils[i].shadow == 0:
        u = noise.uniform(luck, noise.LOOK_DEEP, t, 0, who, who)
        if happens(u, deep_push(world, p, t, i, near, most), quarter):
            scope = deep_topic(world, p, t, luck, i)
            met = met_alone(world, p, i, scope)
            if happens(u, deep_push(world, p, t, i, near, met), quarter):
                note_deep_look(world, p, t, i, near, met)
                return scope
    u = noise.uniform(luck, noise.LOOK_SERVICE, t, 0, who, who)
    if happens(u, service_push(world, p, i, near, most), quarter):
        scope = service_topic(world, p, t, luck, i)
        met = met_alone(world, p, i, scope)
        if happens(u, service_push(world, p, i, near, met), quarter):
            note_service_look(world, p, t, i, near, met)
            return scope
    return state.NOBODY


@compiled
def met_alone(world, p, i, scope):
    """Return what grants would meet of a deal of council i with one like itself, 0 to 1."""
    return 0.0 if scope == state.NOBODY else offers.met_before_talks(world, p, i, i, scope)


@compiled
def note_deep_look(world, p, t, i, near, met):
    """Keep the event that council i starts to look for somebody to share its management with."""
    terms = world.terms
    weigh_deep(terms, world, p, t, i, near, met)
    note_look(world, t, i, 1.0, terms)


@compiled
def note_service_look(world, p, t, i, near, met):
    """Keep the event that council i starts to look for somebody to share a service with."""
    terms = world.terms
    weigh_service(terms, world, p, i, near, met)
    note_look(world, t, i, 0.0, terms)


@compiled
def note_look(world, t, i, deep, terms):
    """Keep the event that council i starts to look, and how often a year it would."""
    who, nobody = world.councils[i].identity, state.NOBODY
    kind, rate = why.CONSIDERS, exp(why.total_of(terms))
    why.note_why(world, t, kind, who, nobody, nobody, nobody, nobody, rate, deep, terms)


@compiled
def deep_push(world, p, t, i, near, met):
    """Return the logarithm of how often a year council i thinks of sharing its management."""
    terms = world.terms
    weigh_deep(terms, world, p, t, i, near, met)
    return why.total_of(terms)


@compiled
def service_push(world, p, i, near, met):
    """Return the logarithm of how often a year council i looks for a service to share."""
    terms = world.terms
    weigh_service(terms, world, p, i, near, met)
    return why.total_of(terms)


@compiled
def around(world, i):
    """Return the shares of council i's possible partners that share management, share, and talk."""
    married, sharing, talking = 0.0, 0.0, 0.0
    for k in range(world.councils[i].degree):
        signs = world.signs[world.across[i, k]]
        married += signs[state.MARRIED]
        sharing += signs[state.SHARES]
        talking += signs[state.TALKS]
    known = max(world.councils[i].degree, 1)
    return married / known, sharing / known, talking / known


@compiled
def show_signs(world):
    """Note what can be seen of each council from outside."""
    councils, signs = world.councils, world.signs
    for i in range(councils.shape[0]):
        married = councils[i].agreement[state.MANAGEMENT] != state.NOBODY
        signs[i, state.MARRIED] = 1.0 if married else 0.0
        signs[i, state.SHARES] = 1.0 if shares_service(councils, i) else 0.0
        signs[i, state.TALKS] = councils[i].seen


@compiled
def shares_service(councils, j):
    """Return True when council j shares any service."""
    for scope in range(state.SERVICES):
        if councils[j].agreement[scope] != state.NOBODY:
            return True
    return False


@inlined
def weigh_deep(terms, world, p, t, i, near, met):
    """Write what pushes council i to think of sharing its management, as logs of yearly rates."""
    councils, logs = world.councils, world.tally[0].logs
    weighing.clear(terms)
    moving = PERCENT * weighing.moved(councils, p, i)
    rate = p.search_base_management + p.search_need_management * moving
    terms[why.BASE] = logs[state.SEEK_MANAGEMENT]
    terms[why.NEED] = ln(rate) - terms[why.BASE]
    terms[why.FASHION] = p.search_fashion * near[0]
    terms[why.RUMOUR] = p.search_rumour * near[2]
    terms[why.VACANCY] = logs[state.SEEK_VACANT] * councils[i].vacant
    terms[why.GRANT] = p.search_grant * met
    bent = logs[state.SEEK_STRATEGY]
    terms[why.STRATEGY] = bent if councils[i].marriage == 1 else -bent
    terms[why.INTRODUCED] = logs[state.SEEK_MATCHED]
    if weighing.resolved(councils, p, i, t):
        terms[why.STRATEGY] += logs[state.SEEK_RESOLVED]
    terms[why.REVIEW_DOUBT] = logs[state.SEEK_DOORSTEP] * weighing.under_doubt(councils, p, i)
    if councils[i].agreement[state.MANAGEMENT] != state.NOBODY:
        terms[why.JOINING] = logs[state.SEEK_MERGER]
    spread = p.culture_readiness
    terms[why.READINESS] = councils[i].readiness - spread * spread / 2.0  # as often in the mean


@inlined
def weigh_service(terms, world, p, i, near, met):
    """Write what pushes council i to look for a service to share, as logs of yearly rates."""
    councils, logs = world.councils, world.tally[0].logs
    weighing.clear(terms)
    rate = p.search_base_service + p.search_need_service * PERCENT * councils[i].need
    terms[why.BASE] = logs[state.SEEK_SERVICE]
    terms[why.NEED] = ln(rate) - terms[why.BASE]
    terms[why.FASHION] = p.search_fashion * near[1]
    terms[why.GRANT] = p.search_grant * met
    bent = logs[state.SEEK_STRATEGY]
    terms[why.STRATEGY] = -bent if councils[i].marriage == 1 else bent
    terms[why.INTRODUCED] = logs[state.SEEK_MATCHED]


@compiled
def deep_topic(world, p, t, luck, i):
    """Return which deep scope council i looks for."""
    councils = world.councils
    who = councils[i].lineage
    if councils[i].agreement[state.MANAGEMENT] != state.NOBODY:
        return state.MERGER if may_merge(councils, p, i) else state.NOBODY
    best, most = state.NOBODY, 0.0
    for scope in range(state.CHIEF_EXECUTIVE, state.SCOPES):
        shut = scope == state.MERGER and not may_merge(councils, p, i)
        if shut or councils[i].agreement[scope] != state.NOBODY:
            continue
        u = noise.uniform(luck, noise.TOPIC, t, scope, who, who)
        interest = p.scope_interest[scope]
        if best != state.NOBODY and interest + noise.gumbel_at_most(u) <= most:
            continue
        pull = interest + noise.gumbel_of(u)
        if best == state.NOBODY or pull > most:
            best, most = scope, pull
    return best


@compiled
def may_merge(councils, p, i):
    """Return True when council i could merge by choice; a county could not without an order."""
    return p.reorganisation_stance != state.NONE and councils[i].tier != state.COUNTY


@compiled
def service_topic(world, p, t, luck, i):
    """Return which service council i looks for, of those it neither shares nor talks about."""
    councils = world.councils
    who = councils[i].lineage
    best, most = state.NOBODY, 0.0
    for scope in range(state.SERVICES):
        if councils[i].agreement[scope] != state.NOBODY or book.in_talks_about(world, i, scope):
            continue
        u = noise.uniform(luck, noise.TOPIC, t, scope, who, who)
        interest = p.scope_interest[scope]
        if best != state.NOBODY and interest + noise.gumbel_at_most(u) <= most:
            continue
        pull = interest + noise.gumbel_of(u)
        if best == state.NOBODY or pull > most:
            best, most = scope, pull
    return best


@compiled
def choose_partner(world, p, t, luck, i, scope):
    """Return the pair with the best partner for a scope, NOBODY when nobody is good enough."""
    councils = world.councils
    own = weighing.own_worth(world, p, t, i, scope)
    who = councils[i].lineage
    best = state.NOBODY
    z = noise.gumbel(luck, noise.PARTNER, t, noise.OUTSIDE, who, who)
    most = p.search_choosiness + p.search_chance * z
    grants = offers.anything_on_offer(world.tally[0].pots, p)
    ideal = own + bounds.of_ideal_partner(world, p, i, scope)
    noise.draw_each(world, luck, noise.PARTNER, t, scope, i)
    for k in range(world.councils[i].degree):
        e, j, u = world.near[i, k], world.across[i, k], world.draws[k]
        if p.support_matchmaking > 0.0 and eligible(world, p, t, i, j, e, scope):
            introduce(world, p, t, luck, i, j, e)
        lucky = p.search_chance * noise.gumbel_at_most(u)
        if bounds.of_partner(world, p, i, e, scope, ideal) + lucky <= most:
            continue  # no sum is needed to see that another is better
        if not eligible(world, p, t, i, j, e, scope):
            continue
        fair = own + option_worth(world, p, t, i, j, e, scope, grants)
        if fair + lucky <= most:
            continue  # neither a logarithm nor a grant is needed
        if grants > 0.0:
            met = offers.met_before_talks(world, p, i, j, scope)
            fair = own + option_worth(world, p, t, i, j, e, scope, met)
        pull = fair + p.search_chance * noise.gumbel_of(u)
        if pull > most:
            best, most = e, pull
    return best


@compiled
def introduce(world, p, t, luck, i, j, e):
    """A matchmaker tells council i about council j: one impression, as good as the service is."""
    error = p.beliefs_talk_noise / p.support_matchmaking
    beliefs.impress(world, luck, t, MATCHMAKER, i, j, e, between.side_of(world.pairs, e, i), error)


@inlined
def option_worth(world, p, t, i, j, e, scope, met):
    """Return what council i thinks of j, were grants to meet that part of a new deal's cost."""
    terms = world.terms
    weighing.clear(terms)
    weigh_option(terms, world, p, t, i, j, e, scope, met)
    return why.total_of(terms)


@inlined
def weigh_option(terms, world, p, t, i, j, e, scope, met):
    """Write what council i thinks of j; grants meet that part of the cost of a new deal, 0 to 1."""
    councils = world.councils
    weighing.weigh_pair(terms, 1.0, 1.0, world, p, t, i, e, scope)
    terms[why.BUSY] -= p.weighing_busy * weighing.talks_held(councils, j)
    host = councils[j].agreement[scope]
    if host != state.NOBODY:
        terms[why.JOINING] = p.talks_accession
        others = world.deals[host].members - 1
        terms[why.CROWD] = -p.weighing_crowd * p.scope_depth[scope] * others
    elif councils[i].agreement[scope] == state.NOBODY:
        terms[why.GRANT] = p.weighing_grant * met


@compiled
def eligible(world, p, t, i, j, e, scope):
    """Return True when councils i and j could begin to talk about a scope."""
    pairs = world.pairs
    if book.already_talking(world, i, j, scope):
        return False
    if not room_in(world, p, j, scope):
        return False
    if scope < state.SERVICES:
        return True
    if world.councils[i].shadow == 1 or world.councils[j].shadow == 1:
        return False
    if t < pairs[e].again or (scope == state.MERGER and pairs[e].tiers == 1):
        return False
    return unattached(world, i, j, scope) and unattached(world, j, i, scope)


@compiled
def room_in(world, p, j, scope):
    """Return True when council j has no deal of this scope, or one that others can join."""
    deals = world.deals
    d = world.councils[j].agreement[scope]
    if d == state.NOBODY:
        return True
    return deals[d].stage == state.RUNNING and deals[d].members < p.scope_most_members[scope]


@compiled
def unattached(world, i, j, scope):
    """Return True when no deep deal of council i with others stands in the way of one with j."""
    councils, deals = world.councils, world.deals
    if councils[i].agreement[state.MERGER] != state.NOBODY:
        return False
    head = councils[i].agreement[state.CHIEF_EXECUTIVE]
    if head != state.NOBODY and book.place_of(deals, head, j) == state.NOBODY:
        return False
    union = councils[i].agreement[state.MANAGEMENT]
    if union == state.NOBODY:
        return True
    if book.place_of(deals, union, j) != state.NOBODY:
        return scope == state.MERGER
    return scope == state.MANAGEMENT and deals[union].stage == state.RUNNING


@compiled
def make_call(world, p, t, luck, i, e, scope):
    """Council i calls the council across pair e; that council answers."""
    councils, terms = world.councils, world.terms
    j = weighing.other_in(world.pairs, e, i)
    if weighing.free_attention(councils, i) <= 0 or not eligible(world, p, t, i, j, e, scope):
        return
    weighing.clear(terms)
    weighing.weigh_self(terms, world, p, t, i, scope)
    met = offers.met_before_talks(world, p, i, j, scope)
    weigh_option(terms, world, p, t, i, j, e, scope, met)
    me, them = councils[i].lineage, councils[j].lineage
    terms[why.CHANCE] = p.search_chance * noise.gumbel(luck, noise.PARTNER, t, scope, me, them)
    one, other = councils[i].identity, councils[j].identity
    score = why.total_of(terms)
    deal, reason, kind = state.NOBODY, state.NOBODY, why.APPROACHES
    why.note_why(world, t, kind, one, other, deal, scope, reason, score, 0.0, terms)
    answer(terms, world, p, t, luck, j, i, e, scope)
    score = why.total_of(terms)
    told, own = decided.towards(world, t, j, i, scope), score > 0.0
    free = weighing.free_attention(councils, j) > 0
    if free and decided.agrees(told, own) != own:
        decided.note_overruled(world, t, j, i, deal, scope, told, score)
    if not free or not decided.agrees(told, own):
        reason = state.NOBODY if free and own else why.reason_against(terms)
        why.note_why(world, t, why.REFUSES, other, one, deal, scope, reason, score, 0.0, terms)
        return
    begin_talks(terms, world, p, t, i, j, scope)


@compiled
def answer(terms, world, p, t, luck, j, i, e, scope):
    """Write what council j says to council i's call; yes when the sum is positive."""
    councils = world.councils
    weighing.clear(terms)
    weighing.weigh_self(terms, world, p, t, j, scope)
    met = offers.met_before_talks(world, p, j, i, scope)
    weigh_option(terms, world, p, t, j, i, e, scope, met)
    if weighing.free_attention(councils, j) <= 0:
        terms[why.BUSY] -= p.weighing_committed
    them, me = councils[i].lineage, councils[j].lineage
    terms[why.CHANCE] = p.talks_chance * noise.logistic(luck, noise.ANSWER, t, scope, me, them)


@compiled
def begin_talks(terms, world, p, t, i, j, scope):
    """Open talks between i, who asked, and j; or about i's joining the deal that j runs."""
    councils, deals = world.councils, world.deals
    when = BEGUN * (t + 1) + scope
    key = noise.descend(councils[i].lineage, councils[j].lineage, when)
    d = book.open_deal(world, t, scope, key)
    if d == state.NOBODY:
        return
    deals[d].host = councils[j].agreement[scope]
    if deals[d].host != state.NOBODY:
        deals[d].host_number = deals[deals[d].host].number
    book.add_member(deals, d, i)
    book.add_member(deals, d, j)
    book.start_talking(councils, i, d)
    book.start_talking(councils, j, d)
    world.tally[0].counts[state.TALKS_BEGUN] += 1
    history.count_begun(world, scope)
    one, other = councils[i].identity, councils[j].identity
    number, reason, score = deals[d].number, state.NOBODY, why.total_of(terms)
    kind = why.TALKS_BEGIN
    why.note_why(world, t, kind, one, other, number, scope, reason, score, 0.0, terms)
    ask_for_study(world, p, t, d)


@compiled
def ask_for_study(world, p, t, d):
    """Apply for a grant to pay for the study; first come, first served, until the pot is empty."""
    deals, councils, tally = world.deals, world.councils, world.tally[0]
    amount = offers.study_on_offer(tally.pots, p)
    if deals[d].host != state.NOBODY or amount == 0:
        return
    deals[d].grant = money.pay_grant(world, d, state.STUDIES_POT, amount)
    leader, second = councils[deals[d].member[0]].identity, councils[deals[d].member[1]].identity
    number, scope, reason = deals[d].number, deals[d].scope, state.NOBODY
    paid = amount / state.MILLION
    why.note(world, t, why.STUDY_GRANT, leader, second, number, scope, reason, paid, 0.0)


@compiled
def show_talks(world):
    """Mark the councils that are known to talk about a deep deal."""
    councils, deals = world.councils, world.deals
    for i in range(councils.shape[0]):
        councils[i].seen = 0
    for n in range(world.tally[0].counts[state.LIVE]):
        d = world.live[n]
        if deals[d].public == 1 and book.is_talk(deals, d) and deals[d].scope >= state.SERVICES:
            for k in range(deals[d].members):
                councils[deals[d].member[k]].seen = 1
