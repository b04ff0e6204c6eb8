"""Before the first day: talks under way then, lived for themselves, with nobody in need."""

from . import deals as book, events as why, noise, promises, search, state, talks, weighing
from .compiled import compiled
from .history import count_begun
from .rates import take_rates


@compiled
def warm_up(world, p, luck):
    """Let councils look and talk for some quarters, and keep the talks that are open at their end.

    Nothing else is left of these quarters: they cost nothing, teach nothing, and are in no log.
    What would be signed in them stands in the scenario already, so talks that come to the vote go.
    """
    first = -int(p.talks_before)
    if first == 0:
        return
    take_rates(world, p)
    standing = world.tally[0].counts[state.DEALS]
    for t in range(first, 0):
        carry_on(world, p, t, luck)
        search.look_for_partners(world, p, t, luck)
        book.sweep(world)
    tell_open_talks(world, p, standing)


@compiled
def carry_on(world, p, t, luck):
    """Take every deal under negotiation one quarter further, as far as the vote."""
    deals = world.deals
    for n in range(world.tally[0].counts[state.LIVE]):
        d = world.live[n]
        if not book.is_talk(deals, d) or deals[d].begun == t:
            continue
        if walks_out(world, p, t, luck, d) or t - deals[d].begun > p.talks_longest:
            book.forget(world, d)
            continue
        pace = p.talks_pace if deals[d].scope >= state.SERVICES else p.talks_pace_service
        if noise.uniform(luck, noise.ADVANCE, t, 0, deals[d].key, 0) >= pace:
            continue
        if deals[d].stage == state.CASE:
            book.forget(world, d)
        else:
            talks.make_case(world, p, t, luck, d)


@compiled
def walks_out(world, p, t, luck, d):
    """Return True when a member of the talks finds the deal too far below the line."""
    deals, terms = world.deals, world.terms
    for k in range(deals[d].members - 1, state.NOBODY, -1):
        total = talks.weigh_today(terms, world, p, t, luck, d, k, False)
        if total + p.talks_patience < 0.0:
            return True
    return False


@compiled
def tell_open_talks(world, p, standing):
    """Begin the log with the talks that are open, numbered after what stands; `more`: their age."""
    tally, deals = world.tally[0], world.deals
    tally.happened, tally.history[state.DEEP_BEGUN] = 0, 0.0
    tally.counts[state.TALKS_BEGUN] = 0
    tally.counts[state.DEALS] = standing
    for n in range(tally.counts[state.LIVE]):
        d = world.live[n]
        if not book.is_talk(deals, d):
            continue
        tally.counts[state.DEALS] += 1
        tally.counts[state.TALKS_BEGUN] += 1
        deals[d].number = tally.counts[state.DEALS]
        count_begun(world, deals[d].scope)
        book.note_deal(world, 0, why.TALKS_BEGIN, d, state.NOBODY, 0.0, -deals[d].begun)
        if deals[d].stage == state.CASE:
            tell_case(world, p, d)


@compiled
def tell_case(world, p, d):
    """Tell what the business case of open talks promises each member."""
    deals, councils, terms = world.deals, world.councils, world.terms
    for k in range(deals[d].members):
        i, scope = deals[d].member[k], deals[d].scope
        promise = promises.typical_promise(councils, p, i, scope) * deals[d].factor
        weighing.weigh_deal(terms, world, p, 0, k, d)
        own = promise * deals[d].estimate[k]
        book.note_member(world, 0, why.BUSINESS_CASE, d, k, state.NOBODY, promise, own, terms)
