"""The first day: what is not known of a council is drawn, each thing from draws of its own.

Drawn, and by what: culture (rural share, party), attachments (rural share), strategy, supplier of
systems, attention, vacancy, quality of services, control where it is not known (control in 2018,
party weights of the tier), the election calendar (tier); for each pair first impressions and trust.
A scenario may fix any of them for a named council or pair.
"""

import math

from .compiled import compiled
from .curves import clip, exp
from .deals import add_member, open_deal
from .money import reckon
from .noise import (
    ATTACHMENT,
    ATTENTION,
    CONTROL,
    CULTURE,
    CYCLE,
    FIRST_IMPRESSION,
    FIRST_TRUST,
    PLATFORM,
    QUALITY,
    REPORTED,
    STRATEGY,
    TRUE_SAVING,
    VACANCY,
    descend,
    normal,
    uniform,
)  # fmt: skip
from .politics import draw_party
from .signing import scale_gain
from .state import (
    AXES,
    CHANGED,
    CONSERVATIVE,
    LABOUR,
    LOCALISM,
    NOBODY,
    OUTSOURCING,
    QUARTERS,
    RUNNING,
    SERVICES,
    TALKS_MOST,
    UNKNOWN,
)  # fmt: skip
from .weighing import culture_distance, saving_base, setup_bill

HALF = 0.5
ROW = 3  # the column of `standing` that names the council
FIXED_AUTONOMY = 0
FIXED_CONTACT = 1
FIXED_MARRIAGE = 2
FIXED_PLATFORM = 2 + 1
FIXED_VACANCY = 2 + 2
FIXED_ATTENTION = 2 + 2 + 1


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
        reckon(world, p, 0, i)
        councils[i].cost = income_before_shock(councils, p, i)
    found_partnerships(world, p, luck)
    for i in range(councils.shape[0]):
        councils[i].cost = income_before_shock(councils, p, i) + councils[i].saving
        reckon(world, p, 0, i)
    world.tally[0].counts[CHANGED] = 1


@compiled
def income_before_shock(councils, p, i):
    """Return what council i has set its budget by: its income without a shock of the first day."""
    return councils[i].income - p.settlement_shock * councils[i].settlement


@compiled
def draw_politics(world, p, luck, i):
    """Who runs council i in 2009, and when it votes."""
    councils, who = world.councils, world.councils[i].lineage
    party = councils[i].control_known
    if party == UNKNOWN:
        as_later = uniform(luck, CONTROL, 0, 0, who, who) < p.politics_persistence
        if as_later and councils[i].control_later != UNKNOWN:
            party = councils[i].control_later
        else:
            u = uniform(luck, CONTROL, 0, 1, who, who)
            party = draw_party(world.swings[councils[i].tier], u, NOBODY)
    councils[i].control = party
    calendar = world.calendar[councils[i].tier]
    u, reached = uniform(luck, CYCLE, 0, 0, who, who), 0.0
    for option in range(calendar.shape[0]):
        if u >= reached and calendar[option, 2] > 0.0:
            councils[i].cycle = int(calendar[option, 0])
            councils[i].phase = int(calendar[option, 1])
        reached += calendar[option, 2]


@compiled
def draw_character(councils, p, luck, i):
    """The culture of council i and its attachments."""
    who = councils[i].lineage
    rural = councils[i].rural - HALF
    party = 0.0
    if councils[i].control == CONSERVATIVE:
        party = HALF
    elif councils[i].control == LABOUR:
        party = -HALF
    for axis in range(AXES):
        mean = p.culture_mean
        if axis == LOCALISM:
            mean += p.culture_rural_localism * rural
        elif axis == OUTSOURCING:
            mean += p.culture_party_outsourcing * party
        drawn = clip(mean + p.culture_spread * normal(luck, CULTURE, 0, axis, who, who), 0.0, 1.0)
        councils[i].culture[axis] = given(councils[i].culture[axis], drawn)
    spread = p.culture_attachment_spread
    drawn = clip(p.culture_autonomy + spread * normal(luck, ATTACHMENT, 0, 0, who, who), 0.0, 1.0)
    councils[i].autonomy = given(councils[i].fixed[FIXED_AUTONOMY], drawn)
    mean = p.culture_contact + p.culture_rural_localism * rural
    drawn = clip(mean + spread * normal(luck, ATTACHMENT, 0, 1, who, who), 0.0, 1.0)
    councils[i].contact = given(councils[i].fixed[FIXED_CONTACT], drawn)
    drawn = HALF + p.culture_quality_spread * normal(luck, QUALITY, 0, 0, who, who)
    councils[i].quality = clip(drawn, 0.0, 1.0)


@compiled
def given(fixed, drawn):
    """Return what the scenario fixes, or what was drawn when it fixes nothing."""
    return drawn if fixed < 0.0 else fixed


@compiled
def draw_management(councils, p, luck, i):
    """Strategy, systems, attention, and whether the chief executive's post is vacant."""
    who = councils[i].lineage
    bent = 1.0 if uniform(luck, STRATEGY, 0, 0, who, who) < p.culture_marriage else 0.0
    councils[i].marriage = int(given(councils[i].fixed[FIXED_MARRIAGE], bent))
    supplier = math.floor(uniform(luck, PLATFORM, 0, 0, who, who) * p.culture_platforms)
    councils[i].platform = int(given(councils[i].fixed[FIXED_PLATFORM], supplier))
    low = math.floor(p.culture_attention_low)
    range_of = max(math.floor(p.culture_attention_high) - low, 0) + 1
    hold = low + math.floor(uniform(luck, ATTENTION, 0, 0, who, who) * range_of)
    hold = given(councils[i].fixed[FIXED_ATTENTION], hold)
    councils[i].attention = int(clip(hold, 0.0, TALKS_MOST))
    empty = p.politics_chief_leaves / (p.politics_chief_leaves + QUARTERS * p.politics_chief_found)
    vacant = 1.0 if uniform(luck, VACANCY, 0, 0, who, who) < empty else 0.0
    councils[i].vacant = int(given(councils[i].fixed[FIXED_VACANCY], vacant))


@compiled
def draw_pair(world, p, luck, e):
    """First impressions of each other's culture, and first trust."""
    councils, pairs = world.councils, world.pairs
    a, b = pairs[e].a, pairs[e].b
    true = culture_distance(councils, a, b)
    for side in range(2):
        me = councils[a if side == 0 else b].lineage
        them = councils[b if side == 0 else a].lineage
        error = p.beliefs_first_noise * normal(luck, FIRST_IMPRESSION, 0, 0, me, them)
        drawn = clip(true - p.beliefs_courtesy + error, 0.0, 1.0)
        pairs[e].belief[side] = given(pairs[e].belief[side], drawn)
        pairs[e].doubt[side] = p.beliefs_first_noise * p.beliefs_first_noise
    low = min(councils[a].lineage, councils[b].lineage)
    high = max(councils[a].lineage, councils[b].lineage)
    drawn = p.beliefs_first_trust + p.beliefs_trust_spread * normal(
        luck, FIRST_TRUST, 0, 0, low, high
    )
    pairs[e].trust = given(pairs[e].trust, clip(drawn, 0.0, 1.0))


@compiled
def found_partnerships(world, p, luck):
    """Open the deals that stand at the start, set up long ago and paid for."""
    deals, standing, n = world.deals, world.standing, 0
    while n < standing.shape[0]:
        last = n
        while last + 1 < standing.shape[0] and standing[last + 1, 0] == standing[n, 0]:
            last += 1
        scope, signed = standing[n, 1], standing[n, 2]
        one, two = (
            world.councils[standing[n, ROW]].lineage,
            world.councils[standing[n + 1, ROW]].lineage,
        )
        d = open_deal(world, signed, scope, descend(one, two, scope))
        if d == NOBODY:
            return
        deals[d].stage = RUNNING
        deals[d].signed = signed
        deals[d].started = signed
        z = normal(luck, REPORTED, 0, 0, deals[d].key, 0)
        deals[d].report = exp(p.agreements_reported_spread * z)
        for k in range(n, last + 1):
            add_member(deals, d, standing[k, ROW])
        for k in range(deals[d].members):
            stand(world, p, luck, d, k)
        n = last + 1


@compiled
def stand(world, p, luck, d, k):
    """Fix what a deal that stands at the start is worth to member k."""
    councils, deals = world.councils, world.deals
    i, scope = deals[d].member[k], deals[d].scope
    base = saving_base(councils, p, i, scope)
    deals[d].promise[k] = p.scope_promised[scope] * base
    z = normal(luck, TRUE_SAVING, 0, 0, deals[d].key, 0)
    share = p.scope_true_saving[scope] + p.scope_true_spread[scope] * z
    deals[d].worth[k] = base * (share + scale_gain(world, p, d, i, scope))
    ramp = min(-deals[d].started / p.scope_ramp[scope], 1.0)
    deals[d].now[k] = deals[d].worth[k] * ramp
    councils[i].saving += deals[d].now[k]
    care = p.agreements_coordination + p.agreements_coordination_extra * (deals[d].members - 2)
    deals[d].upkeep[k] = care * deals[d].promise[k]
    deals[d].paid[k] = setup_bill(councils, p, i, scope, 1.0)
    councils[i].agreement[scope] = d
    if scope >= SERVICES:
        councils[i].vacant = 0
