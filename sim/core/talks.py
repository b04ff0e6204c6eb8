"""Talks: study, business case, vote. Each quarter costs, reveals the partner, and may end it."""

from . import (
    aftermath,
    bounds,
    deals as book,
    decided,
    events as why,
    history,
    lessons,
    money,
    noise,
    offers,
    promises,
    state,
    weighing,
)
from .beliefs import get_acquainted
from .compiled import compiled
from .curves import exp
from .search import answer, eligible
from .signing import sign


@compiled
def hold_talks(world, p, t, luck):
    """Take every deal under negotiation one quarter further, the oldest first."""
    deals = world.deals
    for n in range(world.tally[0].counts[state.LIVE]):
        d = world.live[n]
        if not book.is_talk(deals, d) or deals[d].begun == t:
            continue
        check_host(deals, d)
        meet(world, p, t, luck, d)
        walk_out(world, p, t, luck, d)
        if not book.is_talk(deals, d):
            continue
        if t - deals[d].begun > p.talks_longest:
            lapse(world, p, t, luck, d)
            continue
        go_on(world, p, t, luck, d)
        if deals[d].stage == state.VOTING:
            vote(world, p, t, luck, d)


@compiled
def check_host(deals, d):
    """When the deal to be joined is gone, or its side has left it, the two go on alone."""
    host = deals[d].host
    if host == state.NOBODY:
        return
    gone = deals[host].stage != state.RUNNING or deals[host].number != deals[d].host_number
    if gone or book.place_of(deals, host, deals[d].member[1]) == state.NOBODY:
        deals[d].host = state.NOBODY


@compiled
def meet(world, p, t, luck, d):
    """Pay for the quarter, learn about the others, and perhaps be seen together."""
    councils, deals = world.councils, world.deals
    for k in range(deals[d].members):
        i = deals[d].member[k]
        cost = promises.study_cost(councils, p, i, deals[d].scope)
        money.spend(councils, i, state.STUDIES, cost)
    get_acquainted(world, p, t, luck, d)
    if deals[d].public == 1:
        return
    if noise.uniform(luck, noise.LEAK, t, 0, deals[d].key, 0) < p.talks_leak:
        deals[d].public = 1
        book.note_deal(world, t, why.KNOWN, d, state.NOBODY, 0.0, 0.0)


@compiled
def walk_out(world, p, t, luck, d):
    """Every side weighs the deal; whoever finds it too far below the line walks away."""
    deals, terms = world.deals, world.terms
    for k in range(deals[d].members - 1, state.NOBODY, -1):
        told = decided.in_talks(world, t, d, k)
        total = weigh_today(terms, world, p, t, luck, d, k, told == state.WALKS_OUT)
        own = total + p.talks_patience < 0.0
        if decided.leaves(told, own) != own:
            decided.note_in_talks(world, t, d, k, told, total)
        if decided.leaves(told, own):
            reason = why.reason_to_stop(terms, p.weighing_again) if own else state.NOBODY
            book.note_member(world, t, why.WALKS_AWAY, d, k, reason, total, 0.0, terms)
            quit_talks(world, p, t, luck, d, k, reason)
            if not book.is_talk(deals, d):
                return


@compiled
def weigh_today(terms, world, p, t, luck, d, k, exactly):
    """Note how member k weighs the talks d, and return its sum today, chance included.

    Who clearly stays has no need of logarithms, unless it is asked for `exactly`: then a bound from
    below is returned, and `terms` are not written.
    """
    deals = world.deals
    worth = weighing.deal_worth(world, p, t, k, d)
    key, who = deals[d].key, world.councils[deals[d].member[k]].lineage
    u = noise.uniform(luck, noise.WALK, t, deals[d].scope, key, who)
    total = worth + p.talks_chance * noise.logistic_at_least(u)
    if exactly or total + p.talks_patience <= bounds.SURE:
        weighing.weigh_deal(terms, world, p, t, k, d)
        terms[why.CHANCE] = p.talks_chance * noise.logistic_of(u)
        total = why.total_of(terms)
    deals[d].score[k] = worth
    return total


@compiled
def quit_talks(world, p, t, luck, d, k, reason):
    """Member k leaves the talks; with fewer than two left, they fail."""
    councils, deals = world.councils, world.deals
    i = deals[d].member[k]
    if deals[d].members <= 2:
        fail(world, p, t, luck, d, k, reason)
        return
    aftermath.lose_trust(world, p, i, d)
    if deals[d].stage >= state.CASE:
        lessons.learn(world, p, t, i, d, reason, False)
        lessons.publish(world, p)
    aftermath.cool_off(world, p, t, luck, i, d, True)
    book.stop_talking(councils, i, d)
    book.drop_member(deals, d, k)


@compiled
def fail(world, p, t, luck, d, k, reason):
    """Talks end without an agreement because of member k, or of nobody (NOBODY).

    The reason is NOBODY where it was decided for that member.
    """
    deals, tally = world.deals, world.tally[0]
    book.note_deal(world, t, why.TALKS_FAIL, d, reason, t - deals[d].begun, 0.0)
    tally.counts[state.TALKS_FAILED] += 1
    if reason != state.NOBODY:
        tally.failed[reason] += 1.0
    history.count_failed(world, deals[d].scope, reason)
    leaver = deals[d].member[k] if k != state.NOBODY else state.NOBODY
    if deals[d].stage >= state.CASE:
        lessons.publish(world, p)
    for m in range(deals[d].members):
        i = deals[d].member[m]
        if deals[d].stage >= state.CASE:
            lessons.learn(world, p, t, i, d, reason, False)
        aftermath.cool_off(world, p, t, luck, i, d, i == leaver)
    if leaver != state.NOBODY:
        aftermath.lose_trust(world, p, leaver, d)
    aftermath.part(world, p, t, luck, d)
    book.forget(world, d)


@compiled
def lapse(world, p, t, luck, d):
    """Talks that lead nowhere end: nobody has the time to go on."""
    terms = world.terms
    weighing.clear(terms)
    terms[why.BUSY] = -p.weighing_committed
    book.note_member(world, t, why.WALKS_AWAY, d, 0, why.PEOPLE, -p.weighing_committed, 0.0, terms)
    fail(world, p, t, luck, d, state.NOBODY, why.PEOPLE)


@compiled
def go_on(world, p, t, luck, d):
    """Perhaps invite others to the study; perhaps move on, slower under a review in doubt."""
    councils, deals = world.councils, world.deals
    if deals[d].stage == state.STUDY and deals[d].host == state.NOBODY:
        invite(world, p, t, luck, d)
    doubt = 0.0
    for k in range(deals[d].members):
        doubt = max(doubt, weighing.under_doubt(councils, p, deals[d].member[k]))
    pace = p.talks_pace if deals[d].scope >= state.SERVICES else p.talks_pace_service
    pace *= 1.0 - p.reorganisation_delay * doubt
    if noise.uniform(luck, noise.ADVANCE, t, 0, deals[d].key, 0) < pace:
        if deals[d].stage == state.STUDY:
            make_case(world, p, t, luck, d)
        else:
            settle_terms(world, p, t, luck, d)


@compiled
def make_case(world, p, t, luck, d):
    """The business case: one promise for all, and each side's own estimate of it."""
    councils, deals, terms = world.councils, world.deals, world.terms
    scope, key = deals[d].scope, deals[d].key
    deals[d].stage = state.CASE
    deals[d].factor = exp(p.talks_optimism * noise.normal(luck, noise.PROMISE, 0, 0, key, 0))
    for k in range(deals[d].members):
        i = deals[d].member[k]
        z = noise.normal(luck, noise.ESTIMATE, 0, 0, key, councils[i].lineage)
        deals[d].estimate[k] = exp(p.talks_disagreement * z)
    for k in range(deals[d].members):
        i = deals[d].member[k]
        promise = promises.typical_promise(councils, p, i, scope) * deals[d].factor
        weighing.clear(terms)
        if why.is_kept(world):
            weighing.weigh_deal(terms, world, p, t, k, d)
        own = promise * deals[d].estimate[k]
        book.note_member(world, t, why.BUSINESS_CASE, d, k, state.NOBODY, promise, own, terms)


@compiled
def settle_terms(world, p, t, luck, d):
    """The terms are written, or taken over from the deal that is to be joined; all vote on them."""
    deals, host = world.deals, world.deals[d].host
    deals[d].stage = state.VOTING
    if host != state.NOBODY:
        deals[d].exit = deals[host].exit
        deals[d].equal = deals[host].equal
        deals[d].align = deals[host].align
    else:
        write_terms(world, p, luck, d)
    agreed = why.WITH_EXIT * deals[d].exit + why.WITH_EQUAL * deals[d].equal
    agreed += why.WITH_ALIGN * deals[d].align
    book.note_deal(world, t, why.AGREES_TERMS, d, state.NOBODY, agreed, 0.0)


@compiled
def write_terms(world, p, luck, d):
    """Bargain the terms: what somebody has learnt to want is likelier to be written in."""
    deals, key = world.deals, world.deals[d].key
    paid_for = p.grants_exit_required > 0.0 and offers.may_bid(p, deals, d)
    wanted = 1.0 if paid_for else p.terms_exit
    chance = pressed(world, d, wanted, state.LESSON_EXIT)
    deals[d].exit = 1 if noise.uniform(luck, noise.TERM_EXIT, 0, 0, key, 0) < chance else 0
    chance = pressed(world, d, p.terms_equal, state.LESSON_EQUAL)
    deals[d].equal = 1 if noise.uniform(luck, noise.TERM_EQUAL, 0, 0, key, 0) < chance else 0
    if deals[d].scope >= state.SERVICES:  # nobody aligns council tax to share a payroll
        chance = pressed(world, d, p.terms_align, state.LESSON_ALIGN)
        deals[d].align = 1 if noise.uniform(luck, noise.TERM_ALIGN, 0, 0, key, 0) < chance else 0


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
    for k in range(deals[d].members - 1, state.NOBODY, -1):
        i = deals[d].member[k]
        weighing.weigh_deal(terms, world, p, t, k, d)
        key, who = deals[d].key, councils[i].lineage
        z = noise.logistic(luck, noise.VOTE, t, deals[d].scope, key, who)
        terms[why.CHANCE] = p.talks_chance * z
        total = why.total_of(terms)
        told, own = decided.in_talks(world, t, d, k), total > 0.0
        if decided.agrees(told, own) != own:
            decided.note_in_talks(world, t, d, k, told, total)
        if decided.agrees(told, own):
            book.note_member(world, t, why.VOTES_YES, d, k, state.NOBODY, total, 0.0, terms)
            continue
        reason = state.NOBODY if own else why.reason_to_stop(terms, p.weighing_again)
        book.note_member(world, t, why.VOTES_NO, d, k, reason, total, 0.0, terms)
        quit_talks(world, p, t, luck, d, k, reason)
        if not book.is_talk(deals, d):
            return
    if host_full(p, deals, d):
        lapse(world, p, t, luck, d)
        return
    guest = deals[d].member[0] if deals[d].host != state.NOBODY else state.NOBODY
    signed = sign(world, p, t, luck, d)
    for k in range(deals[signed].members):
        i = deals[signed].member[k]
        if guest == state.NOBODY or guest == i:
            leave_other_tables(world, p, t, luck, signed, i)


@compiled
def host_full(p, deals, d):
    """Return True when the deal that talks d want to join has no place left."""
    host = deals[d].host
    return host != state.NOBODY and deals[host].members >= p.scope_most_members[deals[d].scope]


@compiled
def leave_other_tables(world, p, t, luck, d, i):
    """Council i, which has signed d, leaves its other talks of that kind; hosts stay hosts."""
    councils, deals = world.councils, world.deals
    for slot in range(state.TALKS_MOST):
        other = councils[i].talks[slot]
        if other == state.NOBODY or not weighing.same_depth(deals[other].scope, deals[d].scope):
            continue
        m = book.place_of(deals, other, i)
        if deals[other].host != d or m == 0:
            decline(world, p, t, luck, other, m)


@compiled
def decline(world, p, t, luck, d, k):
    """Member k leaves talks because it has signed elsewhere."""
    terms = world.terms
    weighing.clear(terms)
    terms[why.RIVAL] = -p.weighing_committed
    reason, score = why.BETTER_OFFER, -p.weighing_committed
    book.note_member(world, t, why.WALKS_AWAY, d, k, reason, score, 0.0, terms)
    quit_talks(world, p, t, luck, d, k, reason)


@compiled
def invite(world, p, t, luck, d):
    """The leader may ask one more council to join the study; it answers at once."""
    councils, deals = world.councils, world.deals
    scope, lead = deals[d].scope, deals[d].member[0]
    if deals[d].members >= p.scope_most_members[scope]:
        return
    crowd = p.weighing_crowd * p.scope_depth[scope] * (deals[d].members - 1)
    own = weighing.own_worth(world, p, t, lead, scope) - crowd
    who = councils[lead].lineage
    best = state.NOBODY
    z = noise.gumbel(luck, noise.INVITE, t, noise.OUTSIDE, who, deals[d].key)
    most = p.search_invite + p.search_chance * z
    ideal = own + bounds.of_ideal_partner(world, p, lead, scope)
    noise.draw_each(world, luck, noise.INVITE, t, scope, lead)
    for k in range(world.councils[lead].degree):
        e, j, u = world.near[lead, k], world.across[lead, k], world.draws[k]
        lucky = p.search_chance * noise.gumbel_at_most(u)
        if bounds.of_partner(world, p, lead, e, scope, ideal) + lucky <= most:
            continue
        if not invitable(world, p, t, d, lead, j, e, scope):
            continue
        fair = own + weighing.pair_worth(world, p, t, lead, e, scope)
        if fair + lucky <= most:
            continue
        pull = fair + p.search_chance * noise.gumbel_of(u)
        if pull > most:
            best, most = e, pull
    if best != state.NOBODY:
        welcome(world, p, t, luck, d, lead, best)


@compiled
def invitable(world, p, t, d, lead, j, e, scope):
    """Return True when council j could join the study d."""
    councils, deals = world.councils, world.deals
    if weighing.free_attention(councils, j) <= 0 or councils[j].agreement[scope] != state.NOBODY:
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
    j = weighing.other_in(world.pairs, e, lead)
    scope = deals[d].scope
    answer(terms, world, p, t, luck, j, lead, e, scope)
    terms[why.GRANT] = p.weighing_grant * offers.met_in_talks(world, p, d, j)
    z = noise.logistic(luck, noise.ANSWER_INVITED, t, scope, deals[d].key, councils[j].lineage)
    terms[why.CHANCE] = p.talks_chance * z
    total = why.total_of(terms)
    told, own = decided.towards(world, t, j, lead, scope), total > 0.0
    if decided.agrees(told, own) != own:
        decided.note_overruled(world, t, j, lead, deals[d].number, scope, told, total)
    if not decided.agrees(told, own):
        return
    book.add_member(deals, d, j)
    book.start_talking(councils, j, d)
    k, reason = deals[d].members - 1, state.NOBODY
    book.note_member(world, t, why.INVITED, d, k, reason, total, 0.0, terms)
