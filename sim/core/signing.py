"""Signature: who promises what, what it will truly be worth, and what it costs to set up."""

from . import deals as book, endings, events as why, history, money, noise, offers, promises, state
from .compiled import compiled
from .curves import exp, ln


@compiled
def sign(world, p, t, luck, d):
    """Sign deal d, or take its guest into the deal it was to join; return the deal in force."""
    deals = world.deals
    if deals[d].host != state.NOBODY:
        return admit(world, p, t, luck, d)
    councils, scope = world.councils, deals[d].scope
    for k in range(deals[d].members):
        book.stop_talking(councils, deals[d].member[k], d)
    deals[d].stage = state.TRANSITION
    deals[d].signed = t
    deals[d].report = exp(
        p.agreements_reported_spread * noise.normal(luck, noise.REPORTED, 0, 0, deals[d].key, 0)
    )
    history.count_signed(world, d)
    for k in range(deals[d].members):
        replace_shallower(world, p, t, deals[d].member[k], scope)
        settle_member(world, p, t, luck, d, k)
    world.tally[0].formed[scope] += 1.0
    world.tally[0].counts[state.SIGNED] += 1
    world.tally[0].counts[state.CHANGED] = 1
    world.tally[0].counts[state.GRANTED] += 1 if deals[d].grant > 0 else 0
    bid_for_setup(world, p, t, d)
    return d


@compiled
def admit(world, p, t, luck, d):
    """The guest of talks d joins the deal that runs already, on that deal's terms."""
    deals = world.deals
    host, guest = deals[d].host, deals[d].member[0]
    factor = deals[d].factor
    book.forget(world, d)
    book.add_member(deals, host, guest)
    history.count_joined(world, host)
    kept = deals[host].factor
    deals[host].factor = factor
    replace_shallower(world, p, t, guest, deals[host].scope)
    settle_member(world, p, t, luck, host, deals[host].members - 1)
    deals[host].factor = kept
    world.tally[0].counts[state.CHANGED] = 1
    return host


@compiled
def replace_shallower(world, p, t, i, scope):
    """A joint management takes the place of a joint chief executive."""
    d = world.councils[i].agreement[state.CHIEF_EXECUTIVE]
    if scope == state.MANAGEMENT and d != state.NOBODY:
        endings.close(world, p, t, d, why.DEEPENED)


@compiled
def settle_member(world, p, t, luck, d, k):
    """Fix what the deal promises, costs and is truly worth to member k."""
    councils, deals = world.councils, world.deals
    i, scope, key = deals[d].member[k], deals[d].scope, deals[d].key
    deals[d].promise[k] = promises.typical_promise(councils, p, i, scope) * deals[d].factor
    z = noise.normal(luck, noise.TRUE_SHARE, 0, 0, key, 0)
    deals[d].worth[k] = true_worth(world, p, d, i, z)
    deals[d].upkeep[k] = care(councils, deals, p, d, i)
    deals[d].bill[k] = full_bill(world, p, luck, d, i, scope)
    deals[d].aid[k] = p.support_ict_subsidy * system_bill(world, p, d, i, scope)
    deals[d].score[k] = 0.0  # satisfaction is reckoned once the deal runs
    councils[i].agreement[scope] = d
    if scope in (state.CHIEF_EXECUTIVE, state.MANAGEMENT):
        councils[i].vacant = 0
    me, lead = councils[i].identity, councils[deals[d].member[0 if k > 0 else 1]].identity
    number, bill = deals[d].number, deals[d].bill[k]
    why.note(world, t, why.SIGNS, me, lead, number, scope, state.NOBODY, deals[d].promise[k], bill)


@compiled
def true_worth(world, p, d, i, z):
    """Return what deal d truly saves council i in the long run, million pounds a year.

    A merger of councils with senior teams of their own saves these too, with the same luck.
    """
    councils, scope = world.councils, world.deals[d].scope
    worth = scope_worth(world, p, d, i, scope, z)
    if promises.has_own_team(councils, i, scope):
        worth += scope_worth(world, p, d, i, state.MANAGEMENT, z)
        if councils[i].agreement[state.CHIEF_EXECUTIVE] != state.NOBODY:
            worth -= scope_worth(world, p, d, i, state.CHIEF_EXECUTIVE, z)
    return worth


@compiled
def scope_worth(world, p, d, i, scope, z):
    """Return what the members of deal d would save council i with an agreement of this scope."""
    share = p.scope_true_saving[scope] + p.scope_true_spread[scope] * z
    share += scale_gain(world, p, d, i, scope)
    return promises.saving_base(world.councils, p, i, scope) * share


@compiled
def care(councils, deals, p, d, i):
    """Return what coordination costs council i in deal d: a share of what is pooled, £m a year."""
    scope, others = deals[d].scope, max(deals[d].members - 2, 0)
    share = p.scope_coordination[scope] * (1.0 + p.agreements_coordination_extra * others)
    return share * promises.saving_base(councils, p, i, scope)


@compiled
def scale_gain(world, p, d, i, scope):
    """Return the saving from size alone, as a share of cost; none above the limit.

    Source: cost elasticity below the limit, Niaounakis & Blank 2017; it holds for the part of the
    work that hangs on one system.
    """
    councils, deals = world.councils, world.deals
    pooled = 0.0
    for k in range(deals[d].members):
        pooled += councils[deals[d].member[k]].population
    limit = p.agreements_scale_limit
    ratio = min(pooled, limit) / min(councils[i].population, limit)
    cost = exp((p.agreements_scale_elasticity - 1.0) * ln(ratio))
    return p.scope_ict[scope] * (1.0 - cost)


@compiled
def full_bill(world, p, luck, d, i, scope):
    """Return what setting up will cost council i, with overruns and a common system, £m."""
    councils, deals = world.councils, world.deals
    planned = promises.setup_bill(councils, p, i, scope, deals[d].factor)
    median = p.agreements_overrun_deep if scope >= state.SERVICES else p.agreements_overrun_service
    z = noise.normal(luck, noise.OVERRUN, 0, 0, deals[d].key, 0)
    bill = planned * median * exp(p.agreements_overrun_spread * z)
    return bill + system_bill(world, p, d, i, scope)


@compiled
def system_bill(world, p, d, i, scope):
    """Return what it will cost council i to come over to the leader's system, whoever pays, £m."""
    councils, deals = world.councils, world.deals
    if councils[i].platform == councils[deals[d].member[0]].platform:
        return 0.0
    planned = promises.setup_bill(councils, p, i, scope, deals[d].factor)
    return planned * (p.agreements_system_cost * p.scope_ict[scope])


@compiled
def bid_for_setup(world, p, t, d):
    """Bid for money to set up: staged grants ask for a paid study, some for an exit strategy."""
    deals, tally = world.deals, world.tally[0]
    if not offers.may_bid(p, deals, d) or (p.grants_exit_required > 0.0 and deals[d].exit == 0):
        return
    bill = 0.0
    for k in range(deals[d].members):
        bill += deals[d].bill[k] - deals[d].aid[k]
    wanted = offers.setup_grant(tally.pots, p, bill)
    paid = money.pay_grant(world, d, state.SETUP_POT, wanted)
    if paid > 0:
        tally.counts[state.GRANTED] += 1 if deals[d].grant == 0 else 0
        book.note_deal(world, t, why.SETUP_GRANT, d, state.NOBODY, paid / state.MILLION, 0.0)
