"""The first day: what is not known of a council is drawn, each thing from draws of its own.

Drawn, and by what: culture (rural share, party), attachments (rural share), strategy, supplier of
systems, attention, vacancy, quality of services, control where it is not known (control in 2018,
party weights of the tier), the election calendar (tier); for each pair first impressions and trust.
A scenario may fix any of them for a named council or pair.
"""

import math

from . import deals as book, money, noise, politics, promises, signing, state, weighing
from .compiled import compiled
from .curves import clip, exp
from .warming import warm_up

# Columns of `standing`, a row for each member of a deal that stands at the start.
PARTNERSHIP = 0  # which deal
WHAT = 1  # its scope
SINCE = 2  # the quarter in which it was signed
ROW = 3  # the council
AGREED = 4  # 1 where it is agreed, but not yet at work


@compiled
def found(world, p, luck):
    """Draw what is not known, open the books, set up what stands at the start."""
    councils = world.councils
    for i in range(councils.shape[0]):
        draw_politics(world, p, luck, i)
        draw_character(councils, p, luck, i)
        draw_management(councils, p, luck, i)
    for e in range(world.pairs.shape[0]):
        draw_pair(world, p, luck, e)
    for i in range(councils.shape[0]):
        money.reckon(world, p, 0, i)
        councils[i].cost = first_budget(councils, p, i)
    found_partnerships(world, p, luck)
    for i in range(councils.shape[0]):
        councils[i].cost = first_budget(councils, p, i) + councils[i].saving
    warm_up(world, p, luck)
    for i in range(councils.shape[0]):
        money.reckon(world, p, 0, i)
        money.hear_first(councils, p, i)
    world.tally[0].counts[state.CHANGED] = 1


@compiled
def first_budget(councils, p, i):
    """Return what council i spends on the first day: what it keeps of an income without a shock.

    The rest goes into reserves, as in every later April (`money.balance`).
    """
    income = councils[i].income - p.settlement_shock * councils[i].settlement
    return income - money.put_aside(councils, p, i) * max(income, 0.0)


@compiled
def draw_politics(world, p, luck, i):
    """Who runs council i in 2009, and when it votes."""
    councils, who = world.councils, world.councils[i].lineage
    party, later = councils[i].control_known, councils[i].control_later
    if party == state.UNKNOWN:
        as_later = noise.uniform(luck, noise.CONTROL, 0, 0, who, who) < p.politics_persistence
        if as_later and later != state.UNKNOWN:
            party = later
        else:
            u = noise.uniform(luck, noise.CONTROL, 0, 1, who, who)
            party = politics.draw_party(world.swings[councils[i].tier], u, later)
    councils[i].control = party
    if councils[i].cycle == state.UNKNOWN:
        draw_cycle(world, luck, i)


@compiled
def draw_cycle(world, luck, i):
    """When council i votes, by the shares of its tier."""
    councils, who = world.councils, world.councils[i].lineage
    calendar = world.calendar[councils[i].tier]
    u, reached = noise.uniform(luck, noise.CYCLE, 0, 0, who, who), 0.0
    for option in range(calendar.shape[0]):
        if u >= reached and calendar[option, 2] > 0.0:
            councils[i].cycle = int(calendar[option, 0])
            councils[i].phase = int(calendar[option, 1])
        reached += calendar[option, 2]


@compiled
def draw_character(councils, p, luck, i):
    """The culture of council i and its attachments."""
    who = councils[i].lineage
    rural = councils[i].rural - p.culture_rural_typical
    party = 0.0
    if councils[i].control == state.CONSERVATIVE:
        party = 1.0 - p.culture_party_typical
    elif councils[i].control == state.LABOUR:
        party = -p.culture_party_typical
    for axis in range(state.AXES):
        mean = p.culture_mean
        if axis == state.LOCALISM:
            mean += p.culture_rural_localism * rural
        elif axis == state.OUTSOURCING:
            mean += p.culture_party_outsourcing * party
        z = noise.normal(luck, noise.FIRST_CULTURE, 0, axis, who, who)
        drawn = clip(mean + p.culture_spread * z, 0.0, 1.0)
        councils[i].culture[axis] = given(councils[i].culture[axis], drawn)
    spread = p.culture_attachment_spread
    z = noise.normal(luck, noise.ATTACHMENT, 0, 0, who, who)
    drawn = clip(p.culture_autonomy + spread * z, 0.0, 1.0)
    councils[i].autonomy = given(councils[i].fixed[state.FIXED_AUTONOMY], drawn)
    mean = p.culture_contact + p.culture_rural_localism * rural
    z = noise.normal(luck, noise.ATTACHMENT, 0, 1, who, who)
    drawn = clip(mean + spread * z, 0.0, 1.0)
    councils[i].contact = given(councils[i].fixed[state.FIXED_CONTACT], drawn)
    z = noise.normal(luck, noise.QUALITY, 0, 0, who, who)
    councils[i].quality = clip(p.culture_quality + p.culture_quality_spread * z, 0.0, 1.0)


@compiled
def given(fixed, drawn):
    """Return what the scenario fixes, or what was drawn when it fixes nothing."""
    return drawn if fixed < 0.0 else fixed


@compiled
def draw_management(councils, p, luck, i):
    """Strategy, systems, attention, and whether the chief executive's post is vacant."""
    who = councils[i].lineage
    u = noise.uniform(luck, noise.FIRST_STRATEGY, 0, 0, who, who)
    bent = 1.0 if u < p.culture_marriage else 0.0
    councils[i].marriage = int(given(councils[i].fixed[state.FIXED_MARRIAGE], bent))
    supplier = math.floor(noise.uniform(luck, noise.PLATFORM, 0, 0, who, who) * p.culture_platforms)
    councils[i].platform = int(given(councils[i].fixed[state.FIXED_PLATFORM], supplier))
    low = math.floor(p.culture_attention_low)
    range_of = max(math.floor(p.culture_attention_high) - low, 0) + 1
    hold = low + math.floor(noise.uniform(luck, noise.ATTENTION, 0, 0, who, who) * range_of)
    hold = given(councils[i].fixed[state.FIXED_ATTENTION], hold)
    councils[i].attention = int(clip(hold, 0.0, state.TALKS_MOST))
    leaves, comes = p.politics_chief_leaves, state.QUARTERS * p.politics_chief_found
    u = noise.uniform(luck, noise.FIRST_VACANCY, 0, 0, who, who)
    vacant = 1.0 if u < leaves / (leaves + comes) else 0.0
    councils[i].vacant = int(given(councils[i].fixed[state.FIXED_VACANCY], vacant))
    z = noise.normal(luck, noise.READY, 0, 0, who, who)
    councils[i].readiness = p.culture_readiness * z


@compiled
def draw_pair(world, p, luck, e):
    """First impressions of each other's culture, and first trust."""
    councils, pairs = world.councils, world.pairs
    a, b = pairs[e].a, pairs[e].b
    true = weighing.culture_distance(councils, a, b)
    for side in range(2):
        me = councils[a if side == 0 else b].lineage
        them = councils[b if side == 0 else a].lineage
        error = p.beliefs_first_noise * noise.normal(luck, noise.FIRST_IMPRESSION, 0, 0, me, them)
        drawn = clip(true - p.beliefs_courtesy + error, 0.0, 1.0)
        pairs[e].belief[side] = given(pairs[e].belief[side], drawn)
        pairs[e].doubt[side] = p.beliefs_first_noise * p.beliefs_first_noise
    low = min(councils[a].lineage, councils[b].lineage)
    high = max(councils[a].lineage, councils[b].lineage)
    z = noise.normal(luck, noise.FIRST_TRUST, 0, 0, low, high)
    drawn = clip(p.beliefs_first_trust + p.beliefs_trust_spread * z, 0.0, 1.0)
    pairs[e].trust = given(pairs[e].trust, drawn)


@compiled
def found_partnerships(world, p, luck):
    """Open the deals that stand at the start, set up long ago and paid for."""
    deals, standing, n = world.deals, world.standing, 0
    while n < standing.shape[0]:
        last, one_deal = n, standing[n, PARTNERSHIP]
        while last + 1 < standing.shape[0] and standing[last + 1, PARTNERSHIP] == one_deal:
            last += 1
        scope, signed = standing[n, WHAT], standing[n, SINCE]
        one, two = (
            world.councils[standing[n, ROW]].lineage,
            world.councils[standing[n + 1, ROW]].lineage,
        )
        d = book.open_deal(world, signed, scope, noise.descend(one, two, scope))
        if d == state.NOBODY:
            return
        agreed = standing[n, AGREED] == 1
        deals[d].stage = state.TRANSITION if agreed else state.RUNNING
        deals[d].signed = signed
        deals[d].started = state.LONG_AGO if agreed else signed
        z = noise.normal(luck, noise.REPORTED, 0, 0, deals[d].key, 0)
        deals[d].report = exp(p.agreements_reported_spread * z)
        for k in range(n, last + 1):
            book.add_member(deals, d, standing[k, ROW])
        for k in range(deals[d].members):
            stand(world, p, luck, d, k)
        n = last + 1


@compiled
def stand(world, p, luck, d, k):
    """Fix what a deal that stands at the start is worth to member k."""
    councils, deals = world.councils, world.deals
    i, scope = deals[d].member[k], deals[d].scope
    deals[d].promise[k] = promises.typical_promise(councils, p, i, scope)
    z = noise.normal(luck, noise.TRUE_SHARE, 0, 0, deals[d].key, 0)
    deals[d].worth[k] = signing.true_worth(world, p, d, i, z)
    deals[d].upkeep[k] = signing.care(councils, deals, p, d, i)
    planned = promises.setup_bill(councils, p, i, scope, 1.0)
    if deals[d].stage == state.TRANSITION:
        deals[d].bill[k] = planned
    else:
        deals[d].paid[k] = planned
        deals[d].now[k] = deals[d].worth[k] * promises.ramp_of(deals, p, 0, d)
        councils[i].saving += deals[d].now[k]
    councils[i].agreement[scope] = d
    if scope >= state.SERVICES:
        councils[i].vacant = 0
