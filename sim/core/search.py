"""Looking for a partner, in two stages: whether to look, then with whom and about what.

All councils choose on what they see at the start of the quarter; then the calls are made in an
order that chance decides, and whoever is called answers.
"""

from .beliefs import impress
from .compiled import compiled
from .curves import chance_within, exp, ln
from .deals import (
    add_member,
    already_talking,
    in_talks_about,
    is_talk,
    open_deal,
    place_of,
    start_talking,
)  # fmt: skip
from .events import (
    APPROACHES,
    BASE,
    BUSY,
    CHANCE,
    CONSIDERS,
    CROWD,
    FASHION,
    GRANT,
    JOINING,
    NEED,
    REFUSES,
    REVIEW_DOUBT,
    RUMOUR,
    STRATEGY,
    STUDY_GRANT,
    TALKS_BEGIN,
    VACANCY,
    note,
    note_why,
    reason_against,
    total_of,
)  # fmt: skip
from .money import pay_grant
from .noise import (
    ANSWER,
    LOOK_DEEP,
    LOOK_SERVICE,
    PARTNER,
    PRIORITY,
    TOPIC,
    descend,
    gumbel,
    gumbel_at_most,
    gumbel_of,
    logistic,
    uniform,
)  # fmt: skip
from .ranking import rank
from .state import (
    CHIEF_EXECUTIVE,
    COUNTY,
    LIVE,
    MANAGEMENT,
    MARRIED,
    MERGER,
    NOBODY,
    NONE,
    QUARTERS,
    RUNNING,
    SCOPES,
    SEEK_DOORSTEP,
    SEEK_MANAGEMENT,
    SEEK_MATCHED,
    SEEK_MERGER,
    SEEK_RESOLVED,
    SEEK_SERVICE,
    SEEK_STRATEGY,
    SEEK_VACANT,
    SERVICES,
    SHARES,
    TALKS,
    TALKS_BEGUN,
)  # fmt: skip
from .weighing import (
    clear,
    free_attention,
    other_in,
    side_of,
    talks_held,
    under_doubt,
    weigh_pair,
    weigh_self,
)  # fmt: skip

PERCENT = 100.0
OUTSIDE = 255  # the index of the choice to make no approach
INTRODUCED = 200  # the index of an impression that a matchmaker gives
FOUNDED = 100  # the index from which scopes of deals are told apart in lineages


@compiled
def look_for_partners(world, p, t, luck):
    """Every council with managers to spare may look; then the calls are made and answered."""
    councils = world.councils
    show_signs(world)
    calls = 0
    for i in range(councils.shape[0]):
        if councils[i].alive == 0 or free_attention(councils, i) <= 0:
            continue
        scope = choose_topic(world, p, t, luck, i)
        if scope == NOBODY:
            continue
        e = choose_partner(world, p, t, luck, i, scope)
        if e == NOBODY:
            continue
        who = councils[i].lineage
        world.calls[calls, 0] = i
        world.calls[calls, 1] = e
        world.calls[calls, 2] = scope
        world.chance[calls] = uniform(luck, PRIORITY, t, 0, who, who)
        calls += 1
    rank(world.chance, world.root, world.first, calls)
    for n in range(calls):
        k = world.root[n]
        make_call(world, p, t, luck, world.calls[k, 0], world.calls[k, 1], world.calls[k, 2])


@compiled
def choose_topic(world, p, t, luck, i):
    """Return what council i looks for this quarter, NOBODY when it does not look."""
    councils = world.councils
    who = councils[i].lineage
    near = around(world, i)
    if t >= councils[i].pause:
        rate = deep_rate(world.terms, world, p, t, i, near)
        if uniform(luck, LOOK_DEEP, t, 0, who, who) < chance_within(rate, 1.0 / QUARTERS):
            note_look(world, t, i, rate, 1.0, world.terms)
            return deep_topic(world, p, t, luck, i)
    rate = service_rate(world.terms, world, p, i, near)
    if uniform(luck, LOOK_SERVICE, t, 0, who, who) < chance_within(rate, 1.0 / QUARTERS):
        note_look(world, t, i, rate, 0.0, world.terms)
        return service_topic(world, p, t, luck, i)
    return NOBODY


@compiled
def note_look(world, t, i, rate, deep, terms):
    """Keep the event that council i starts to look."""
    who = world.councils[i].identity
    note_why(world, t, CONSIDERS, who, NOBODY, NOBODY, NOBODY, NOBODY, rate, deep, terms)


@compiled
def around(world, i):
    """Return the shares of council i's possible partners that share management, share, and talk."""
    married, sharing, talking = 0.0, 0.0, 0.0
    for k in range(world.councils[i].degree):
        signs = world.signs[world.across[i, k]]
        married += signs[MARRIED]
        sharing += signs[SHARES]
        talking += signs[TALKS]
    known = max(world.councils[i].degree, 1)
    return married / known, sharing / known, talking / known


@compiled
def show_signs(world):
    """Note what can be seen of each council from outside."""
    councils, signs = world.councils, world.signs
    for i in range(councils.shape[0]):
        signs[i, MARRIED] = 1.0 if councils[i].agreement[MANAGEMENT] != NOBODY else 0.0
        signs[i, SHARES] = 1.0 if shares_service(councils, i) else 0.0
        signs[i, TALKS] = councils[i].seen


@compiled
def shares_service(councils, j):
    """Return True when council j shares any service."""
    for scope in range(SERVICES):
        if councils[j].agreement[scope] != NOBODY:
            return True
    return False


@compiled
def deep_rate(terms, world, p, t, i, near):
    """Return how often a year council i thinks of sharing its management; fill the log pushes."""
    councils, logs = world.councils, world.tally[0].logs
    clear(terms)
    rate = p.search_base_management + p.search_need_management * PERCENT * councils[i].need
    terms[BASE] = logs[SEEK_MANAGEMENT]
    terms[NEED] = ln(rate) - terms[BASE]
    terms[FASHION] = p.search_fashion * near[0]
    terms[RUMOUR] = p.search_rumour * near[2]
    terms[VACANCY] = logs[SEEK_VACANT] * councils[i].vacant
    terms[GRANT] = p.search_grant * pot_open(world.tally[0].pots)
    bent = logs[SEEK_STRATEGY]
    terms[STRATEGY] = bent if councils[i].marriage == 1 else -bent
    terms[STRATEGY] += logs[SEEK_MATCHED]
    if t - councils[i].sought < 2 * QUARTERS:
        terms[STRATEGY] += logs[SEEK_RESOLVED]
    terms[REVIEW_DOUBT] = logs[SEEK_DOORSTEP] * under_doubt(councils, p, i)
    if councils[i].agreement[MANAGEMENT] != NOBODY:
        terms[JOINING] = logs[SEEK_MERGER]
    return rate_of(terms)


@compiled
def service_rate(terms, world, p, i, near):
    """Return how often a year council i looks for a service to share; fill the log pushes."""
    councils, logs = world.councils, world.tally[0].logs
    clear(terms)
    rate = p.search_base_service + p.search_need_service * PERCENT * councils[i].need
    terms[BASE] = logs[SEEK_SERVICE]
    terms[NEED] = ln(rate) - terms[BASE]
    terms[FASHION] = p.search_fashion * near[1]
    terms[GRANT] = p.search_grant * pot_open(world.tally[0].pots)
    bent = logs[SEEK_STRATEGY]
    terms[STRATEGY] = -bent if councils[i].marriage == 1 else bent
    terms[STRATEGY] += logs[SEEK_MATCHED]
    return rate_of(terms)


@compiled
def rate_of(terms):
    """Return the yearly rate whose logarithm is the sum of the pushes."""
    return exp(total_of(terms))


@compiled
def pot_open(pots):
    """Return 1 while there is money for studies or for setting up, else 0."""
    return 1.0 if pots[0] > 0.0 or pots[1] > 0.0 else 0.0


@compiled
def deep_topic(world, p, t, luck, i):
    """Return which deep scope council i looks for."""
    councils = world.councils
    who = councils[i].lineage
    if councils[i].agreement[MANAGEMENT] != NOBODY:
        return MERGER if may_merge(councils, p, i) else NOBODY
    best, most = NOBODY, 0.0
    for scope in range(CHIEF_EXECUTIVE, SCOPES):
        shut = scope == MERGER and not may_merge(councils, p, i)
        if shut or councils[i].agreement[scope] != NOBODY:
            continue
        pull = p.scope_interest[scope] + gumbel(luck, TOPIC, t, scope, who, who)
        if best == NOBODY or pull > most:
            best, most = scope, pull
    return best


@compiled
def may_merge(councils, p, i):
    """Return True when council i could merge by choice; a county could not without an order."""
    return p.reorganisation_stance != NONE and councils[i].tier != COUNTY


@compiled
def service_topic(world, p, t, luck, i):
    """Return which service council i looks for, of those it neither shares nor talks about."""
    councils = world.councils
    who = councils[i].lineage
    best, most = NOBODY, 0.0
    for scope in range(SERVICES):
        if councils[i].agreement[scope] != NOBODY or in_talks_about(world, i, scope):
            continue
        pull = p.scope_interest[scope] + gumbel(luck, TOPIC, t, scope, who, who)
        if best == NOBODY or pull > most:
            best, most = scope, pull
    return best


@compiled
def choose_partner(world, p, t, luck, i, scope):
    """Return the pair with the best partner for a scope, NOBODY when nobody is good enough."""
    councils, terms = world.councils, world.terms
    clear(terms)
    weigh_self(terms, world, p, t, i, scope)
    own = total_of(terms)
    who = councils[i].lineage
    best = NOBODY
    most = p.search_choosiness + p.search_chance * gumbel(luck, PARTNER, t, OUTSIDE, who, who)
    for k in range(world.councils[i].degree):
        e, j = world.near[i, k], world.across[i, k]
        if not eligible(world, p, t, i, j, e, scope):
            continue
        if p.support_matchmaking > 0.0:
            introduce(world, p, t, luck, i, j, e)
        clear(terms)
        weigh_option(terms, world, p, t, i, j, e, scope)
        u = uniform(luck, PARTNER, t, scope, who, councils[j].lineage)
        fair = own + total_of(terms)
        if fair + p.search_chance * gumbel_at_most(u) <= most:
            continue  # no logarithm is needed to see that this option is not the best
        pull = fair + p.search_chance * gumbel_of(u)
        if pull > most:
            best, most = e, pull
    return best


@compiled
def introduce(world, p, t, luck, i, j, e):
    """A matchmaker tells council i about council j: one impression, as good as the service is."""
    noise = p.beliefs_talk_noise / p.support_matchmaking
    impress(world, luck, t, INTRODUCED, i, j, e, side_of(world.pairs, e, i), noise)


@compiled
def weigh_option(terms, world, p, t, i, j, e, scope):
    """Write what council i thinks of approaching j about a scope."""
    councils = world.councils
    weigh_pair(terms, 1.0, world, p, t, i, e, scope)
    terms[BUSY] -= p.weighing_busy * talks_held(councils, j)
    terms[GRANT] = p.weighing_grant * pot_open(world.tally[0].pots)
    host = councils[j].agreement[scope]
    if host != NOBODY:
        terms[JOINING] = p.talks_accession
        terms[CROWD] = -p.weighing_crowd * p.scope_depth[scope] * (world.deals[host].members - 1)


@compiled
def eligible(world, p, t, i, j, e, scope):
    """Return True when councils i and j could begin to talk about a scope."""
    pairs = world.pairs
    if already_talking(world, i, j, scope):
        return False
    if not room_in(world, p, j, scope):
        return False
    if scope < SERVICES:
        return True
    if t < pairs[e].again or (scope == MERGER and pairs[e].tiers == 1):
        return False
    return unattached(world, i, j, scope) and unattached(world, j, i, scope)


@compiled
def room_in(world, p, j, scope):
    """Return True when council j has no deal of this scope, or one that others can join."""
    deals = world.deals
    d = world.councils[j].agreement[scope]
    if d == NOBODY:
        return True
    return deals[d].stage == RUNNING and deals[d].members < p.scope_most_members[scope]


@compiled
def unattached(world, i, j, scope):
    """Return True when no deep deal of council i with others stands in the way of one with j."""
    councils, deals = world.councils, world.deals
    if councils[i].agreement[MERGER] != NOBODY:
        return False
    head = councils[i].agreement[CHIEF_EXECUTIVE]
    if head != NOBODY and place_of(deals, head, j) == NOBODY:
        return False
    union = councils[i].agreement[MANAGEMENT]
    if union == NOBODY:
        return True
    if place_of(deals, union, j) != NOBODY:
        return scope == MERGER
    return scope == MANAGEMENT and deals[union].stage == RUNNING


@compiled
def make_call(world, p, t, luck, i, e, scope):
    """Council i calls the council across pair e; that council answers."""
    councils, terms = world.councils, world.terms
    j = other_in(world.pairs, e, i)
    if free_attention(councils, i) <= 0 or not eligible(world, p, t, i, j, e, scope):
        return
    clear(terms)
    weigh_self(terms, world, p, t, i, scope)
    weigh_option(terms, world, p, t, i, j, e, scope)
    me, them = councils[i].lineage, councils[j].lineage
    terms[CHANCE] = p.search_chance * gumbel(luck, PARTNER, t, scope, me, them)
    one, other = councils[i].identity, councils[j].identity
    score = total_of(terms)
    note_why(world, t, APPROACHES, one, other, NOBODY, scope, NOBODY, score, 0.0, terms)
    answer(world, p, t, luck, j, i, e, scope)
    score = total_of(terms)
    if score <= 0.0 or free_attention(councils, j) <= 0:
        why = reason_against(terms)
        note_why(world, t, REFUSES, other, one, NOBODY, scope, why, score, 0.0, terms)
        return
    begin_talks(world, p, t, i, j, scope)


@compiled
def answer(world, p, t, luck, j, i, e, scope):
    """Write what council j says to council i's call; yes when the sum is positive."""
    councils, terms = world.councils, world.terms
    clear(terms)
    weigh_self(terms, world, p, t, j, scope)
    weigh_option(terms, world, p, t, j, i, e, scope)
    if free_attention(councils, j) <= 0:
        terms[BUSY] -= p.weighing_committed
    them, me = councils[i].lineage, councils[j].lineage
    terms[CHANCE] = p.talks_chance * logistic(luck, ANSWER, t, scope, me, them)


@compiled
def begin_talks(world, p, t, i, j, scope):
    """Open talks between i, who asked, and j; or about i's joining the deal that j runs."""
    councils, deals, terms = world.councils, world.deals, world.terms
    when = FOUNDED * (t + 1) + scope
    key = descend(councils[i].lineage, councils[j].lineage, when)
    d = open_deal(world, t, scope, key)
    if d == NOBODY:
        return
    deals[d].host = councils[j].agreement[scope]
    deals[d].host_number = deals[deals[d].host].number if deals[d].host != NOBODY else NOBODY
    add_member(deals, d, i)
    add_member(deals, d, j)
    start_talking(councils, i, d)
    start_talking(councils, j, d)
    world.tally[0].counts[TALKS_BEGUN] += 1
    one, other = councils[i].identity, councils[j].identity
    number = deals[d].number
    note_why(world, t, TALKS_BEGIN, one, other, number, scope, NOBODY, total_of(terms), 0.0, terms)
    ask_for_study(world, p, t, d)


@compiled
def ask_for_study(world, p, t, d):
    """Apply for a grant to pay for the study; first come, first served, until the pot is empty."""
    deals, councils, pots = world.deals, world.councils, world.tally[0].pots
    if deals[d].host != NOBODY or pots[0] < p.grants_feasibility_limit:
        return
    amount = pay_grant(world, d, 0, p.grants_feasibility_limit)
    if amount <= 0.0:
        return
    deals[d].grant = 1
    leader, second = councils[deals[d].member[0]].identity, councils[deals[d].member[1]].identity
    scope = deals[d].scope
    note(world, t, STUDY_GRANT, leader, second, deals[d].number, scope, NOBODY, amount, 0.0)


@compiled
def show_talks(world):
    """Mark the councils that are known to talk about a deep deal."""
    councils, deals = world.councils, world.deals
    for i in range(councils.shape[0]):
        councils[i].seen = 0
    for n in range(world.tally[0].counts[LIVE]):
        d = world.live[n]
        if deals[d].public == 1 and is_talk(deals, d) and deals[d].scope >= SERVICES:
            for k in range(deals[d].members):
                councils[deals[d].member[k]].seen = 1
