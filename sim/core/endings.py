"""How agreements end: one member leaves, all part, or something deeper takes their place."""

from . import (
    aftermath,
    between,
    deals as book,
    events as why,
    history,
    lessons,
    money,
    noise,
    promises,
    state,
    weighing,
)
from .compiled import compiled, inlined
from .curves import clip, happens


@compiled
def end_agreements(world, p, t, luck):
    """First every member decides whether to leave, on the same state; then the leavers leave."""
    deals = world.deals
    count = world.tally[0].counts[state.LIVE]
    for n in range(count):
        d = world.live[n]
        if deals[d].stage == state.RUNNING and deals[d].scope != state.MERGER:
            decide_to_leave(world, p, t, luck, d)
    for n in range(count):
        d = world.live[n]
        if deals[d].stage == state.RUNNING and deals[d].scope != state.MERGER:
            let_leave(world, p, t, luck, d)


@compiled
def decide_to_leave(world, p, t, luck, d):
    """Mark the members of deal d that leave this quarter, and how content each is with it."""
    councils, deals, terms = world.councils, world.deals, world.terms
    in_term = t - deals[d].signed < p.terms_minimum * state.QUARTERS
    for k in range(deals[d].members):
        deals[d].going[k] = 0
        push_to_leave(terms, world, p, t, d, k)
        push = why.total_of(terms)
        deals[d].score[k] = terms[why.BASE] - push
        if in_term:
            continue
        who = councils[deals[d].member[k]].lineage
        u = noise.uniform(luck, noise.LEAVE, t, deals[d].scope, deals[d].key, who)
        if happens(u, push, 1.0 / state.QUARTERS):
            deals[d].going[k] = 1


@compiled
def base_rate(p, logs, scope, age):
    """Return the logarithm of the yearly rate at which a member leaves, before any trigger."""
    if scope < state.SERVICES:
        return logs[state.END_SERVICE]
    if age < p.endings_young_years * state.QUARTERS:
        return logs[state.END_YOUNG]
    settled = age < p.endings_settled_years * state.QUARTERS
    return logs[state.END_SETTLED] if settled else logs[state.END_OLD]


@inlined
def push_to_leave(terms, world, p, t, d, k):
    """Write what pushes member k out of deal d, as contributions to the log of the yearly rate."""
    councils, deals = world.councils, world.deals
    i, scope = deals[d].member[k], deals[d].scope
    depth = p.scope_depth[scope]
    weighing.clear(terms)
    logs = world.tally[0].logs
    terms[why.BASE] = base_rate(p, logs, scope, t - deals[d].signed)
    if t - councils[i].changed < p.endings_new_control_years * state.QUARTERS:
        terms[why.NEW_CONTROL] = logs[state.END_CONTROL]
    if t - deals[d].chief_left < p.endings_chief_left_years * state.QUARTERS:
        terms[why.VACANCY] = logs[state.END_CHIEF]
    terms[why.SAVINGS] = p.endings_shortfall * (shortfall(p, deals, t, d, k) - p.agreements_audit)
    excess = councils[i].autonomy - p.culture_autonomy
    terms[why.SOVEREIGNTY] = p.endings_sovereignty * depth * excess
    terms[why.CROWD] = p.endings_crowd * (deals[d].members - 2)
    push_of_partners(terms, world, p, d, k, depth)


@inlined
def push_of_partners(terms, world, p, d, k, depth):
    """Add what member k thinks of the others by now: trust, culture, other duties."""
    deals, pairs = world.deals, world.pairs
    i, met, trust, culture, tiers = deals[d].member[k], 0, 0.0, 0.0, 0
    between.know_pairs(world, d)
    for m in range(deals[d].members):
        e = between.pair_in(deals, d, k, m)
        if e != state.NOBODY:
            met += 1
            trust += pairs[e].trust
            culture += pairs[e].belief[between.side_of(pairs, e, i)]
            tiers = max(tiers, pairs[e].tiers)
    if met == 0:
        return
    terms[why.TRUST] = p.endings_trust * (p.beliefs_first_trust - trust / met)
    terms[why.CULTURE] = p.endings_culture * depth * (culture / met - p.weighing_culture_typical)
    terms[why.TIER] = world.tally[0].logs[state.END_TIER] * tiers * depth


@compiled
def shortfall(p, deals, t, d, k):
    """Return by what share member k sees its saving fall short of the promise, 0 to 1.

    A council sees mostly what is reported and, by the weight of its audit, what is true.
    """
    promise = deals[d].promise[k]
    early = t - deals[d].started < p.agreements_grace_years * state.QUARTERS
    if promise <= 0.0 or early:
        return p.agreements_audit
    true = clip(deals[d].worth[k] / promise, -1.0, 1.0)
    seen = (1.0 - p.agreements_audit) * deals[d].report + p.agreements_audit * true
    return clip(1.0 - seen, 0.0, 1.0)


@compiled
def let_leave(world, p, t, luck, d):
    """Take the leavers out of deal d; with fewer than two members left it ends."""
    deals, terms = world.deals, world.terms
    for k in range(deals[d].members - 1, state.NOBODY, -1):
        if deals[d].going[k] == 0:
            continue
        push_to_leave(terms, world, p, t, d, k)
        reason = why.reason_for(terms)
        share = p.endings_cost_strategy if deals[d].exit == 1 else p.endings_cost
        cost = share * deals[d].paid[k]
        money.spend(world.councils, deals[d].member[k], state.EXITS, cost)
        book.note_member(world, t, why.LEAVES, d, k, reason, cost, why.total_of(terms), terms)
        if deals[d].members <= 2:
            break_up(world, p, t, luck, d, k, reason)
            return
        step_out(world, p, t, luck, d, k, reason)


@compiled
def step_out(world, p, t, luck, d, k, reason):
    """Member k leaves; the others go on."""
    councils, deals = world.councils, world.deals
    i = deals[d].member[k]
    aftermath.lose_trust(world, p, i, d)
    lessons.learn(world, p, t, i, d, reason, True)
    lessons.publish(world, p)
    aftermath.cool_off(world, p, t, luck, i, d, True)
    councils[i].agreement[deals[d].scope] = state.NOBODY
    book.drop_member(deals, d, k)
    world.tally[0].counts[state.CHANGED] = 1


@compiled
def break_up(world, p, t, luck, d, k, reason):
    """The last two part because member k leaves; services they share may outlive it."""
    deals = world.deals
    leaver = deals[d].member[k]
    lessons.publish(world, p)
    for m in range(deals[d].members):
        i = deals[d].member[m]
        lessons.learn(world, p, t, i, d, reason, True)
        aftermath.cool_off(world, p, t, luck, i, d, i == leaver)
    aftermath.lose_trust(world, p, leaver, d)
    aftermath.part(world, p, t, luck, d)
    if deals[d].scope == state.MANAGEMENT:
        unpick(world, p, t, luck, deals[d].member[0], deals[d].member[1], reason)
    close(world, p, t, d, reason)


@compiled
def unpick(world, p, t, luck, i, j, reason):
    """When shared management ends, each service shared by just these two survives or not."""
    councils, deals = world.councils, world.deals
    for scope in range(state.SERVICES):
        d = councils[i].agreement[scope]
        shared = d != state.NOBODY and d == councils[j].agreement[scope]
        if not shared or deals[d].stage != state.RUNNING or deals[d].members > 2:
            continue
        u = noise.uniform(luck, noise.SURVIVE, t, scope, deals[d].key, 0)
        if u < p.endings_services_survive:
            book.note_deal(world, t, why.SURVIVES, d, state.NOBODY, 0.0, 0.0)
        else:
            close(world, p, t, d, reason)


@compiled
def note_accounts(world, p, t, d):
    """Keep what deal d reports and what it truly saves a year, where it has begun to work."""
    deals = world.deals
    if deals[d].stage != state.RUNNING or deals[d].scope == state.MERGER:
        return
    told, true = 0.0, 0.0
    for k in range(deals[d].members):
        told += promises.reported(deals, p, t, d, k)
        true += deals[d].now[k]
    book.note_deal(world, t, why.ACCOUNTS, d, state.NOBODY, told, true)


@compiled
def close(world, p, t, d, reason):
    """End deal d, and close its accounts."""
    deals, tally = world.deals, world.tally[0]
    note_accounts(world, p, t, d)
    book.note_deal(world, t, why.ENDS, d, reason, (t - deals[d].signed) / state.QUARTERS, 0.0)
    tally.ended[reason] += 1.0
    broke = reason != why.MERGED and reason != why.DEEPENED and reason != why.REORGANISED
    if broke:
        history.count_broken(world, deals[d].scope, reason)
    tally.counts[state.AGREEMENTS_ENDED] += 1
    tally.counts[state.CHANGED] = 1
    book.forget(world, d)
