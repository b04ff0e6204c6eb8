"""Mergers and abolitions: several councils become one, with a lineage from its parents."""

import math

from . import between, deals as book, endings, events as why, history, money, noise, state, weighing
from .compiled import compiled
from .curves import exp, ln


@compiled
def merge_members(world, p, t, d):
    """The members of a merger deal become one council, in the row of the largest."""
    councils, deals = world.councils, world.deals
    heir = deals[d].member[0]
    for k in range(1, deals[d].members):
        if larger(councils, deals[d].member[k], heir):
            heir = deals[d].member[k]
    worth = 0.0
    for k in range(deals[d].members):
        worth += deals[d].worth[k]
    first = begin_union(world, t, heir)
    for _ in range(deals[d].members - 1):
        k = 0 if deals[d].member[0] != heir else 1
        absorb(world, p, t, heir, deals[d].member[k], why.MERGED)
    finish_union(world, p, t, heir, first, worth)


@compiled
def finish_union(world, p, t, heir, first, worth):
    """Note the first parent, start the merger's own saving, and reckon the new council's books."""
    councils = world.councils
    note_parent(world, t, heir, first)
    councils[heir].inherited += merged_saving(councils, p, t, heir)
    councils[heir].merging = worth
    councils[heir].merged_at = t
    councils[heir].kept *= 1.0 - p.scope_contact_loss[state.MERGER]
    money.reckon(world, p, t, heir)
    world.tally[0].counts[state.MERGERS] += 1


@compiled
def merged_saving(councils, p, t, i):
    """Return what council i's last merger saves by now, million pounds a year."""
    ramp = min((t - councils[i].merged_at) / p.scope_ramp[state.MERGER], 1.0)
    return councils[i].merging * ramp if councils[i].merging != 0.0 else 0.0


@compiled
def larger(councils, i, j):
    """Return True when council i has more people than j, or as many and the lower lineage."""
    if councils[i].population != councils[j].population:
        return councils[i].population > councils[j].population
    return councils[i].lineage < councils[j].lineage


@compiled
def begin_union(world, t, heir):
    """Give row `heir` a new identity; return the old one."""
    councils, tally, roll = world.councils, world.tally[0], world.roll
    first = councils[heir].identity
    new = tally.counts[state.ROLL]
    tally.counts[state.ROLL] += 1
    roll[first].successor = new
    roll[new].successor = new
    roll[new].row = heir
    roll[new].tier = councils[heir].tier
    roll[new].group = state.NOBODY
    councils[heir].gathered = 1.0
    councils[heir].least_tax = councils[heir].band_d
    councils[heir].identity = new
    councils[heir].lineage = noise.descend(councils[heir].lineage, councils[heir].lineage, t + 1)
    return first


@compiled
def note_parent(world, t, heir, parent):
    """Keep the event that a parent became part of the council in row `heir`."""
    new, people = world.councils[heir].identity, world.councils[heir].population
    deal, scope, reason = state.NOBODY, state.MERGER, state.NOBODY
    why.note(world, t, why.MERGES, new, parent, deal, scope, reason, people, 0.0)


@compiled
def absorb(world, p, t, heir, i, reason):
    """Council i becomes part of the council in row `heir`; its books, ties and pairs go with it."""
    councils = world.councils
    parent = councils[i].identity
    hand_over_deals(world, p, t, heir, i, reason)
    pool(world, p, t, heir, i, 1.0)
    hand_over_pairs(world, heir, i)
    world.roll[parent].successor = councils[heir].identity
    councils[heir].lineage = noise.descend(councils[heir].lineage, councils[i].lineage, t + 1)
    councils[i].alive = 0
    note_parent(world, t, heir, parent)
    world.tally[0].counts[state.CHANGED] = 1


@compiled
def hand_over_deals(world, p, t, heir, i, reason):
    """Talks of council i end; its agreements end, or pass to the heir where it has none."""
    councils, deals = world.councils, world.deals
    for slot in range(state.TALKS_MOST):
        d = councils[i].talks[slot]
        if d != state.NOBODY:
            break_off(world, t, d, i, reason)
    for slot in range(state.TALKS_MOST):
        d = councils[heir].talks[slot]
        if d != state.NOBODY and deals[d].scope >= state.SERVICES:
            break_off(world, t, d, heir, reason)
    for scope in range(state.SCOPES):
        d = councils[i].agreement[scope]
        if d == state.NOBODY:
            continue
        mine = councils[heir].agreement[scope]
        if mine == state.NOBODY and scope < state.SERVICES:
            end_talks_about(world, t, heir, scope, reason)
            succeed(world, d, heir, i)
        else:
            keep_saving(councils, deals, d, heir, i)
            leave_by_merger(world, p, t, d, i, reason)


@compiled
def end_talks_about(world, t, i, scope, reason):
    """Council i is about to have a deal of this scope; its talks about one are over."""
    councils, deals = world.councils, world.deals
    for slot in range(state.TALKS_MOST):
        d = councils[i].talks[slot]
        if d != state.NOBODY and deals[d].scope == scope:
            break_off(world, t, d, i, reason)


@compiled
def break_off(world, t, d, i, reason):
    """Council i drops out of talks because it ceases to exist, or becomes another."""
    deals, councils, tally = world.deals, world.councils, world.tally[0]
    if not book.is_talk(deals, d):
        return
    if deals[d].members > 2:
        k = book.place_of(deals, d, i)
        terms = world.terms
        weighing.clear(terms)
        book.note_member(world, t, why.WALKS_AWAY, d, k, reason, 0.0, 0.0, terms)
        book.stop_talking(councils, i, d)
        book.drop_member(deals, d, k)
        return
    book.note_deal(world, t, why.TALKS_FAIL, d, reason, t - deals[d].begun, 0.0)
    tally.counts[state.TALKS_FAILED] += 1
    tally.failed[reason] += 1.0
    history.count_failed(world, deals[d].scope, reason)
    book.forget(world, d)


@compiled
def succeed(world, d, heir, i):
    """The heir takes council i's place in deal d."""
    councils, deals = world.councils, world.deals
    deals[d].member[book.place_of(deals, d, i)] = heir
    deals[d].noted = state.NOBODY
    councils[heir].agreement[deals[d].scope] = d
    councils[i].agreement[deals[d].scope] = state.NOBODY


@compiled
def keep_saving(councils, deals, d, heir, i):
    """What council i truly saves in deal d stays saved when heir was its partner in it."""
    k, h = book.place_of(deals, d, i), book.place_of(deals, d, heir)
    if h == state.NOBODY:
        return
    councils[heir].inherited += deals[d].now[k]
    if deals[d].members <= 2:
        councils[heir].inherited += deals[d].now[h]


@compiled
def leave_by_merger(world, p, t, d, i, reason):
    """Council i leaves deal d by ceasing to exist; fewer than two members end it."""
    councils, deals = world.councils, world.deals
    if deals[d].members <= 2:
        endings.close(world, p, t, d, reason)
        return
    councils[i].agreement[deals[d].scope] = state.NOBODY
    book.drop_member(deals, d, book.place_of(deals, d, i))


@compiled
def take_part(world, p, t, heir, i, share):
    """A new council takes over its part of council i, which ceases to exist today."""
    councils = world.councils
    pool(world, p, t, heir, i, share)
    councils[heir].lineage = noise.descend(councils[heir].lineage, councils[i].lineage, t + 1)
    new, old = councils[heir].identity, councils[i].identity
    deal, scope = state.NOBODY, state.MERGER
    why.note(world, t, why.ABOLISHED, old, new, deal, scope, why.REORGANISED, share, 0.0)


@compiled
def pool(world, p, t, heir, i, share):
    """Add a share of council i's people and books to the heir's; views count by population."""
    councils = world.councils
    whole = councils[heir].population + share * councils[i].population
    part = share * councils[i].population / whole
    mine, theirs = exp(councils[heir].means), exp(councils[i].means)
    councils[heir].means = ln(mine + part * (theirs - mine))
    councils[heir].x += part * (councils[i].x - councils[heir].x)
    councils[heir].y += part * (councils[i].y - councils[heir].y)
    for axis in range(state.AXES):
        councils[heir].culture[axis] += part * (
            councils[i].culture[axis] - councils[heir].culture[axis]
        )
    councils[heir].autonomy += part * (councils[i].autonomy - councils[heir].autonomy)
    councils[heir].contact += part * (councils[i].contact - councils[heir].contact)
    councils[heir].quality += part * (councils[i].quality - councils[heir].quality)
    councils[heir].kept += part * (councils[i].kept - councils[heir].kept)
    councils[heir].rural += part * (councils[i].rural - councils[heir].rural)
    councils[heir].population = whole
    for lesson in range(state.LESSONS):
        most = max(councils[i].lessons[lesson], councils[heir].lessons[lesson])
        councils[heir].lessons[lesson] = most
    councils[heir].saving += share * councils[i].saving
    join_taxes(world, t, heir, i, share)
    pool_money(world, heir, i, share)
    kept = councils[i].inherited + merged_saving(councils, p, t, i)
    councils[heir].inherited += share * kept
    councils[heir].vacant = 0
    councils[heir].gathered += share
    councils[heir].owed += share * councils[i].owed
    councils[heir].owed_until = max(councils[heir].owed_until, councils[i].owed_until)


@compiled
def join_taxes(world, t, heir, i, share):
    """One Band D for both, at which they yield what they did; then one tax base."""
    councils, bases = world.councils, world.bases
    theirs = share * money.tax_base(world, t, i)
    part = theirs / (money.tax_base(world, t, heir) + theirs)
    councils[heir].least_tax = min(councils[heir].least_tax, councils[i].band_d)
    councils[heir].band_d += part * (councils[i].band_d - councils[heir].band_d)
    councils[heir].levelling += part * (councils[i].levelling - councils[heir].levelling)
    councils[heir].levels = max(councils[heir].levels, councils[i].levels)
    for y in range(bases.shape[1]):
        bases[heir, y] += share * bases[i, y]


@compiled
def pool_money(world, heir, i, share):
    """Move a share of council i's budget, funding path, reserves and bills to the heir."""
    councils, paths = world.councils, world.paths
    councils[heir].settlement += share * councils[i].settlement
    councils[heir].cost += share * councils[i].cost
    for k in range(state.FLOWS):
        councils[heir].flows[k] += share * councils[i].flows[k]
        councils[heir].totals[k] += share * councils[i].totals[k]
    councils[heir].flows[state.TRANSFERS] += share * councils[i].reserves
    for path in range(paths.shape[0]):
        for year in range(paths.shape[2]):
            paths[path, heir, year] += share * paths[path, i, year]
    transfers = world.transfers
    for kind in range(transfers.shape[0]):
        for year in range(transfers.shape[2]):
            transfers[kind, heir, year] += share * transfers[kind, i, year]


@compiled
def inherit_county(world, p, t, heir, county, share):
    """A new unitary takes over its share of an abolished county: duties, money, and its tax."""
    councils = world.councils
    yielded = share * money.tax_base(world, t, county) * councils[county].band_d
    councils[heir].band_d += yielded / money.tax_base(world, t, heir)
    pool_money(world, heir, county, share)
    people = councils[county].population / councils[heir].population
    means = exp(councils[heir].means) + share * people * exp(councils[county].means)
    councils[heir].means = ln(means)
    councils[heir].saving += share * councils[county].saving
    kept = councils[county].inherited + merged_saving(councils, p, t, county)
    councils[heir].inherited += share * kept
    money.reckon(world, p, t, heir)
    measure_pairs(world, heir)
    new, old = councils[heir].identity, councils[county].identity
    deal, scope = state.NOBODY, state.MERGER
    why.note(world, t, why.ABOLISHED, old, new, deal, scope, why.REORGANISED, share, 0.0)


@compiled
def abolish(world, p, t, i):
    """Council i ceases to exist; what it had has gone to others."""
    councils = world.councils
    for slot in range(state.TALKS_MOST):
        d = councils[i].talks[slot]
        if d != state.NOBODY:
            break_off(world, t, d, i, why.REORGANISED)
    for scope in range(state.SCOPES):
        d = councils[i].agreement[scope]
        if d != state.NOBODY:
            leave_by_merger(world, p, t, d, i, why.REORGANISED)
    for k in range(world.councils[i].degree):
        strike(world, world.across[i, k], world.near[i, k])
    world.councils[i].degree = 0
    world.tally[0].counts[state.REDRAWN] += 1
    councils[i].alive = 0
    world.tally[0].counts[state.CHANGED] = 1


@compiled
def hand_over_pairs(world, heir, i):
    """Whoever could talk to council i can now talk to the heir."""
    pairs = world.pairs
    shared = between.pair_of(world, heir, i)
    if shared != state.NOBODY:
        strike(world, heir, shared)
    for k in range(world.councils[i].degree):
        e, j = world.near[i, k], world.across[i, k]
        if j == heir:
            continue
        known = between.pair_of(world, heir, j)
        if known != state.NOBODY or world.councils[heir].degree >= world.near.shape[1]:
            if known != state.NOBODY:
                pairs[known].adjacent = max(pairs[known].adjacent, pairs[e].adjacent)
                pairs[known].border = min(pairs[known].border, pairs[e].border)
            strike(world, j, e)
            continue
        if pairs[e].a == i:
            pairs[e].a = heir
        else:
            pairs[e].b = heir
        world.near[heir, world.councils[heir].degree] = e
        world.across[heir, world.councils[heir].degree] = j
        world.councils[heir].degree += 1
        readdress(world, j, e, heir)
    world.councils[i].degree = 0
    world.tally[0].counts[state.REDRAWN] += 1
    measure_pairs(world, heir)


@compiled
def strike(world, j, e):
    """Take pair e off council j's list; the others keep their order."""
    kept = 0
    for k in range(world.councils[j].degree):
        if world.near[j, k] != e:
            world.near[j, kept] = world.near[j, k]
            world.across[j, kept] = world.across[j, k]
            kept += 1
    world.councils[j].degree = kept


@compiled
def readdress(world, j, e, heir):
    """On council j's list, the council across pair e is now the heir."""
    for k in range(world.councils[j].degree):
        if world.near[j, k] == e:
            world.across[j, k] = heir


@compiled
def measure_pairs(world, heir):
    """Renew what is fixed for a pair: distance, ratio of sizes, ratio of means, tiers."""
    councils, pairs = world.councils, world.pairs
    for k in range(world.councils[heir].degree):
        e = world.near[heir, k]
        a, b = pairs[e].a, pairs[e].b
        dx, dy = councils[a].x - councils[b].x, councils[a].y - councils[b].y
        pairs[e].distance = math.sqrt(dx * dx + dy * dy)
        pairs[e].ratio = abs(ln(councils[a].population / councils[b].population))
        pairs[e].means = abs(councils[a].means - councils[b].means)
        pairs[e].tiers = 1 if councils[a].tier != councils[b].tier else 0
