"""Agreements at work: setting up, savings that grow, coordination, trust, culture and practice.

What one agreement changes in trust, culture or quality is added up over all agreements on the
state at the start of the quarter and applied at the end, so that their order does not matter.
"""

from . import (
    between,
    deals as book,
    endings,
    events as why,
    mergers,
    money,
    promises,
    purse,
    state,
)
from .compiled import compiled
from .curves import clip

YEAR = 1.0 / state.QUARTERS


@compiled
def run_agreements(world, p, t):
    """Set up what was signed, run what works, and reckon what reaches each budget."""
    deals = world.deals
    for n in range(world.tally[0].counts[state.LIVE]):
        d = world.live[n]
        if deals[d].stage == state.TRANSITION:
            set_up(world, p, t, d)
        elif deals[d].stage == state.RUNNING:
            work(world, p, t, d)
    settle(world)
    gather_savings(world, p, t)


@compiled
def set_up(world, p, t, d):
    """Pay this quarter's part of the set-up cost; on the first day joint work starts."""
    deals = world.deals
    if deals[d].signed == t:
        return
    left = max(p.scope_transition[deals[d].scope] - (t - deals[d].signed - 1), 1.0)
    for k in range(deals[d].members):
        pay_bill(world, d, k, left)
    if left > 1.0:
        return
    deals[d].stage = state.RUNNING
    deals[d].started = t
    total = 0.0
    for k in range(deals[d].members):
        total += deals[d].promise[k]
    book.note_deal(world, t, why.STARTS, d, state.NOBODY, total, deals[d].members)
    if deals[d].scope == state.MERGER:
        mergers.merge_members(world, p, t, d)


@compiled
def pay_bill(world, d, k, left):
    """Member k pays one part of `left` of its bill; government pays it the part that it bears."""
    councils, deals = world.councils, world.deals
    part, aid = deals[d].bill[k] / left, deals[d].aid[k] / left
    deals[d].bill[k] -= part
    deals[d].aid[k] -= aid
    deals[d].paid[k] += part
    money.spend(councils, deals[d].member[k], state.SETUP, part)
    councils[deals[d].member[k]].flows[state.SUPPORT] += aid


@compiled
def work(world, p, t, d):
    """A quarter of joint work."""
    councils, deals = world.councils, world.deals
    scope = deals[d].scope
    ramp = promises.ramp_of(deals, p, t, d)
    for k in range(deals[d].members):
        i = deals[d].member[k]
        if deals[d].bill[k] > 0.0:
            pay_bill(world, d, k, 1.0)
        deals[d].now[k] = deals[d].worth[k] * ramp
        money.spend(councils, i, state.COORDINATION, deals[d].upkeep[k] * YEAR)
    purse.support_taxes(world, p, t, d)
    between.know_pairs(world, d)
    for k in range(deals[d].members):
        for m in range(k):
            grow_together(world, p, t, d, k, m)
    if scope < state.SERVICES:
        share_practice(world, p, d)


@compiled
def grow_together(world, p, t, d, k, m):
    """Two members grow nearer, and trust each other more or less."""
    councils, deals, pairs = world.councils, world.deals, world.pairs
    i, j = deals[d].member[k], deals[d].member[m]
    pace = p.agreements_converge * p.scope_depth[deals[d].scope] * YEAR / 2.0
    for axis in range(state.AXES):
        step = pace * (councils[j].culture[axis] - councils[i].culture[axis])
        councils[i].drift[axis] += step
        councils[j].drift[axis] -= step
    e = between.pair_in(deals, d, k, m)
    if e == state.NOBODY:
        return
    short = (endings.shortfall(p, deals, t, d, k) + endings.shortfall(p, deals, t, d, m)) / 2.0
    change = p.agreements_trust_gain * (1.0 - short) - p.agreements_trust_loss * short
    if deals[d].equal == 0:
        change -= p.agreements_fairness * pairs[e].ratio
    world.trusting[e] += change * YEAR
    if deals[d].align == 1:
        pairs[e].felt_gap *= 1.0 - p.agreements_tax_alignment * YEAR


@compiled
def share_practice(world, p, d):
    """The weaker services learn from the best of the members."""
    councils, deals = world.councils, world.deals
    best = 0.0
    for k in range(deals[d].members):
        best = max(best, councils[deals[d].member[k]].quality)
    for k in range(deals[d].members):
        i = deals[d].member[k]
        share = p.agreements_practice * p.scope_budget_share[deals[d].scope] * YEAR
        councils[i].learning += share * (best - councils[i].quality)


@compiled
def settle(world):
    """Apply what the quarter changed in trust, culture and quality."""
    councils, pairs, trusting = world.councils, world.pairs, world.trusting
    for e in range(trusting.shape[0]):
        if trusting[e] != 0.0:
            pairs[e].trust = clip(pairs[e].trust + trusting[e], 0.0, 1.0)
            trusting[e] = 0.0
    for i in range(councils.shape[0]):
        for axis in range(state.AXES):
            moved = councils[i].culture[axis] + councils[i].drift[axis]
            councils[i].culture[axis] = clip(moved, 0.0, 1.0)
            councils[i].drift[axis] = 0.0
        councils[i].quality = clip(councils[i].quality + councils[i].learning, 0.0, 1.0)
        councils[i].learning = 0.0


@compiled
def gather_savings(world, p, t):
    """Add up what each council truly saves, and what contact with residents it keeps."""
    councils, deals = world.councils, world.deals
    for i in range(councils.shape[0]):
        councils[i].saving = councils[i].inherited + mergers.merged_saving(councils, p, t, i)
        councils[i].local_contact = councils[i].kept
    for n in range(world.tally[0].counts[state.LIVE]):
        d = world.live[n]
        if deals[d].stage != state.RUNNING:
            continue
        for k in range(deals[d].members):
            i = deals[d].member[k]
            councils[i].saving += deals[d].now[k]
            councils[i].local_contact *= 1.0 - p.scope_contact_loss[deals[d].scope]
