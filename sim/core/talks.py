"""Talks: study, business case, vote. Each quarter costs, reveals the partner, and may end it."""

from .aftermath import cool_off, lose_trust, part
from .beliefs import get_acquainted
from .compiled import compiled
from .curves import exp
from .deals import (
    add_member,
    drop_member,
    forget,
    is_talk,
    note_deal,
    note_member,
    place_of,
    start_talking,
    stop_talking,
)  # fmt: skip
from .events import (
    AGREES_TERMS,
    BETTER_OFFER,
    BUSINESS_CASE,
    BUSY,
    CHANCE,
    INVITED,
    KNOWN,
    PEOPLE,
    RIVAL,
    TALKS_FAIL,
    VOTES_NO,
    VOTES_YES,
    WALKS_AWAY,
    reason_to_stop,
    total_of,
)  # fmt: skip
from .lessons import learn
from .money import spend
from .noise import (
    ADVANCE,
    ESTIMATE,
    INVITE,
    LEAK,
    PROMISE,
    TERM_ALIGN,
    TERM_EQUAL,
    TERM_EXIT,
    VOTE,
    WALK,
    gumbel,
    gumbel_at_most,
    gumbel_of,
    logistic,
    normal,
    uniform,
)  # fmt: skip
from .noise import (
    INVITED as ANSWERED,
)
from .search import answer, eligible
from .signing import sign
from .state import (
    CASE,
    LESSON_ALIGN,
    LESSON_EQUAL,
    LESSON_EXIT,
    LIVE,
    NOBODY,
    RUNNING,
    SERVICES,
    STUDIES,
    STUDY,
    TALKS_FAILED,
    TALKS_MOST,
    VOTING,
)  # fmt: skip
from .weighing import (
    clear,
    free_attention,
    may_bid,
    other_in,
    same_depth,
    saving_base,
    under_doubt,
    weigh_deal,
    weigh_pair,
    weigh_self,
)  # fmt: skip

OUTSIDE = 255  # the index of the choice to invite nobody


@compiled
def hold_talks(world, p, t, luck):
    """Take every deal under negotiation one quarter further, the oldest first."""
    deals = world.deals
    for n in range(world.tally[0].counts[LIVE]):
        d = world.live[n]
        if not is_talk(deals, d) or deals[d].begun == t:
            continue
        check_host(deals, d)
        meet(world, p, t, luck, d)
        walk_out(world, p, t, luck, d)
        if not is_talk(deals, d):
            continue
        if t - deals[d].begun > p.talks_longest:
            lapse(world, p, t, luck, d)
        elif deals[d].stage == VOTING:
            vote(world, p, t, luck, d)
        else:
            go_on(world, p, t, luck, d)


@compiled
def check_host(deals, d):
    """When the deal to be joined is gone, or its side has left it, the two go on alone."""
    host = deals[d].host
    if host == NOBODY:
        return
    gone = deals[host].stage != RUNNING or deals[host].number != deals[d].host_number
    if gone or place_of(deals, host, deals[d].member[1]) == NOBODY:
        deals[d].host = NOBODY


@compiled
def meet(world, p, t, luck, d):
    """Pay for the quarter, learn about the others, and perhaps be seen together."""
    councils, deals = world.councils, world.deals
    for k in range(deals[d].members):
        spend(councils, deals[d].member[k], STUDIES, p.talks_study_cost)
    get_acquainted(world, p, t, luck, d)
    if deals[d].public == 0 and uniform(luck, LEAK, t, 0, deals[d].key, 0) < p.talks_leak:
        deals[d].public = 1
        note_deal(world, t, KNOWN, d, NOBODY, 0.0, 0.0)


@compiled
def walk_out(world, p, t, luck, d):
    """Every side weighs the deal; whoever finds it too far below the line walks away."""
    councils, deals, terms = world.councils, world.deals, world.terms
    for k in range(deals[d].members - 1, NOBODY, -1):
        i = deals[d].member[k]
        weigh_deal(terms, world, p, t, k, d)
        deals[d].score[k] = total_of(terms)
        luckily = logistic(luck, WALK, t, deals[d].scope, deals[d].key, councils[i].lineage)
        terms[CHANCE] = p.talks_chance * luckily
        total = total_of(terms)
        if total + p.talks_patience < 0.0:
            reason = reason_to_stop(terms)
            note_member(world, t, WALKS_AWAY, d, k, reason, total, 0.0, terms)
            quit_talks(world, p, t, luck, d, k, reason)
            if not is_talk(deals, d):
                return


@compiled
def quit_talks(world, p, t, luck, d, k, reason):
    """Member k leaves the talks; with fewer than two left, they fail."""
    councils, deals = world.councils, world.deals
    i = deals[d].member[k]
    if deals[d].members <= 2:
        fail(world, p, t, luck, d, k, reason)
        return
    lose_trust(world, p, i, d)
    if deals[d].stage >= CASE:
        learn(world, p, t, i, d, reason, False)
    cool_off(world, p, t, luck, i, d, True)
    stop_talking(councils, i, d)
    drop_member(deals, d, k)


@compiled
def fail(world, p, t, luck, d, k, reason):
    """Talks end without an agreement because of member k, or of nobody (NOBODY)."""
    deals, tally = world.deals, world.tally[0]
    note_deal(world, t, TALKS_FAIL, d, reason, t - deals[d].begun, 0.0)
    tally.counts[TALKS_FAILED] += 1
    tally.failed[reason] += 1.0
    leaver = deals[d].member[k] if k != NOBODY else NOBODY
    for m in range(deals[d].members):
        i = deals[d].member[m]
        if deals[d].stage >= CASE:
            learn(world, p, t, i, d, reason, False)
        cool_off(world, p, t, luck, i, d, i == leaver)
    if leaver != NOBODY:
        lose_trust(world, p, leaver, d)
    part(world, p, t, luck, d)
    forget(world, d)


@compiled
def lapse(world, p, t, luck, d):
    """Talks that lead nowhere end: nobody has the time to go on."""
    terms = world.terms
    clear(terms)
    terms[BUSY] = -p.weighing_committed
    note_member(world, t, WALKS_AWAY, d, 0, PEOPLE, -p.weighing_committed, 0.0, terms)
    fail(world, p, t, luck, d, NOBODY, PEOPLE)


@compiled
def go_on(world, p, t, luck, d):
    """Perhaps invite others to the study; perhaps move on, slower under a review in doubt."""
    councils, deals = world.councils, world.deals
    if deals[d].stage == STUDY and deals[d].host == NOBODY:
        invite(world, p, t, luck, d)
    doubt = 0.0
    for k in range(deals[d].members):
        doubt = max(doubt, under_doubt(councils, p, deals[d].member[k]))
    pace = p.talks_pace if deals[d].scope >= SERVICES else p.talks_pace_service
    pace *= 1.0 - p.reorganisation_delay * doubt
    if uniform(luck, ADVANCE, t, 0, deals[d].key, 0) < pace:
        if deals[d].stage == STUDY:
            make_case(world, p, t, luck, d)
        else:
            settle_terms(world, p, t, luck, d)


@compiled
def make_case(world, p, t, luck, d):
    """The business case: one promise for all, and each side's own estimate of it."""
    councils, deals, terms = world.councils, world.deals, world.terms
    scope, key = deals[d].scope, deals[d].key
    deals[d].stage = CASE
    deals[d].factor = exp(p.talks_optimism * normal(luck, PROMISE, 0, 0, key, 0))
    for k in range(deals[d].members):
        i = deals[d].member[k]
        z = normal(luck, ESTIMATE, 0, 0, key, councils[i].lineage)
        deals[d].estimate[k] = exp(p.talks_disagreement * z)
    for k in range(deals[d].members):
        i = deals[d].member[k]
        promise = p.scope_promised[scope] * saving_base(councils, p, i, scope) * deals[d].factor
        weigh_deal(terms, world, p, t, k, d)
        own = promise * deals[d].estimate[k]
        note_member(world, t, BUSINESS_CASE, d, k, NOBODY, promise, own, terms)


@compiled
def settle_terms(world, p, t, luck, d):
    """The terms are written, or taken over from the deal that is to be joined; then all vote."""
    deals, host = world.deals, world.deals[d].host
    deals[d].stage = VOTING
    if host != NOBODY:
        deals[d].exit = deals[host].exit
        deals[d].equal = deals[host].equal
        deals[d].align = deals[host].align
    else:
        write_terms(world, p, luck, d)
    agreed = deals[d].exit + 2 * deals[d].equal + 2 * 2 * deals[d].align
    note_deal(world, t, AGREES_TERMS, d, NOBODY, agreed, 0.0)


@compiled
def write_terms(world, p, luck, d):
    """Bargain the terms: what somebody has learnt to want is likelier to be written in."""
    deals, key = world.deals, world.deals[d].key
    paid_for = p.grants_exit_required > 0.0 and may_bid(p, deals, d)
    wanted = 1.0 if paid_for else p.terms_exit
    chance = pressed(world, d, wanted, LESSON_EXIT)
    deals[d].exit = 1 if uniform(luck, TERM_EXIT, 0, 0, key, 0) < chance else 0
    chance = pressed(world, d, p.terms_equal, LESSON_EQUAL)
    deals[d].equal = 1 if uniform(luck, TERM_EQUAL, 0, 0, key, 0) < chance else 0
    if deals[d].scope >= SERVICES:  # nobody aligns council tax to share a payroll
        chance = pressed(world, d, p.terms_align, LESSON_ALIGN)
        deals[d].align = 1 if uniform(luck, TERM_ALIGN, 0, 0, key, 0) < chance else 0


@compiled
def pressed(world, d, base, lesson):
    """Return the probability of a term, from its base and from what the members have learnt."""
    councils, deals = world.councils, world.deals
    without = 1.0 - base
    for k in range(deals[d].members):
        without *= 1.0 - councils[deals[d].member[k]].lessons[lesson]
    return 1.0 - without


@compiled
def vote(world, p, t, luck, d):
    """The formal vote: who votes no drops out; two or more in favour sign."""
    councils, deals, terms = world.councils, world.deals, world.terms
    for k in range(deals[d].members - 1, NOBODY, -1):
        i = deals[d].member[k]
        weigh_deal(terms, world, p, t, k, d)
        luckily = logistic(luck, VOTE, t, deals[d].scope, deals[d].key, councils[i].lineage)
        terms[CHANCE] = p.talks_chance * luckily
        total = total_of(terms)
        if total > 0.0:
            note_member(world, t, VOTES_YES, d, k, NOBODY, total, 0.0, terms)
            continue
        reason = reason_to_stop(terms)
        note_member(world, t, VOTES_NO, d, k, reason, total, 0.0, terms)
        quit_talks(world, p, t, luck, d, k, reason)
        if not is_talk(deals, d):
            return
    if host_full(p, deals, d):
        lapse(world, p, t, luck, d)
        return
    guest = deals[d].member[0] if deals[d].host != NOBODY else NOBODY
    signed = sign(world, p, t, luck, d)
    for k in range(deals[signed].members):
        i = deals[signed].member[k]
        if guest == NOBODY or guest == i:
            leave_other_tables(world, p, t, luck, signed, i)


@compiled
def host_full(p, deals, d):
    """Return True when the deal that talks d want to join has no place left."""
    host = deals[d].host
    return host != NOBODY and deals[host].members >= p.scope_most_members[deals[d].scope]


@compiled
def leave_other_tables(world, p, t, luck, d, i):
    """Council i, which has signed d, leaves its other talks of that kind; hosts stay hosts."""
    councils, deals = world.councils, world.deals
    for slot in range(TALKS_MOST):
        other = councils[i].talks[slot]
        if other == NOBODY or not same_depth(deals[other].scope, deals[d].scope):
            continue
        m = place_of(deals, other, i)
        if deals[other].host != d or m == 0:
            decline(world, p, t, luck, other, m)


@compiled
def decline(world, p, t, luck, d, k):
    """Member k leaves talks because it has signed elsewhere."""
    terms = world.terms
    clear(terms)
    terms[RIVAL] = -p.weighing_committed
    note_member(world, t, WALKS_AWAY, d, k, BETTER_OFFER, -p.weighing_committed, 0.0, terms)
    quit_talks(world, p, t, luck, d, k, BETTER_OFFER)


@compiled
def invite(world, p, t, luck, d):
    """The leader may ask one more council to join the study; it answers at once."""
    councils, deals, terms = world.councils, world.deals, world.terms
    scope, lead = deals[d].scope, deals[d].member[0]
    if deals[d].members >= p.scope_most_members[scope]:
        return
    clear(terms)
    weigh_self(terms, world, p, t, lead, scope)
    crowd = p.weighing_crowd * p.scope_depth[scope] * (deals[d].members - 1)
    own = total_of(terms) - crowd
    who = councils[lead].lineage
    best = NOBODY
    most = p.search_invite + p.search_chance * gumbel(luck, INVITE, t, OUTSIDE, who, deals[d].key)
    for k in range(world.councils[lead].degree):
        e, j = world.near[lead, k], world.across[lead, k]
        if not invitable(world, p, t, d, lead, j, e, scope):
            continue
        clear(terms)
        weigh_pair(terms, 1.0, world, p, t, lead, e, scope)
        u = uniform(luck, INVITE, t, scope, who, councils[j].lineage)
        fair = own + total_of(terms)
        if fair + p.search_chance * gumbel_at_most(u) <= most:
            continue
        pull = fair + p.search_chance * gumbel_of(u)
        if pull > most:
            best, most = e, pull
    if best != NOBODY:
        welcome(world, p, t, luck, d, lead, best)


@compiled
def invitable(world, p, t, d, lead, j, e, scope):
    """Return True when council j could join the study d."""
    councils, deals = world.councils, world.deals
    if free_attention(councils, j) <= 0 or councils[j].agreement[scope] != NOBODY:
        return False
    if not eligible(world, p, t, lead, j, e, scope):
        return False
    for k in range(deals[d].members):
        if deals[d].member[k] == j:
            return False
    return True


@compiled
def welcome(world, p, t, luck, d, lead, e):
    """The invited council says yes or no."""
    councils, deals, terms = world.councils, world.deals, world.terms
    j = other_in(world.pairs, e, lead)
    scope = deals[d].scope
    answer(world, p, t, luck, j, lead, e, scope)
    z = logistic(luck, ANSWERED, t, scope, deals[d].key, councils[j].lineage)
    terms[CHANCE] = p.talks_chance * z
    total = total_of(terms)
    if total <= 0.0:
        return
    add_member(deals, d, j)
    start_talking(councils, j, d)
    note_member(world, t, INVITED, d, deals[d].members - 1, NOBODY, total, 0.0, terms)
