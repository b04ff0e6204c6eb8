"""The network of partners: who is linked to whom, and how alike the linked are."""

import math

from . import between, state
from .compiled import compiled
from .curves import is_remainder, ln, rounded

# Places of the measures.
DEGREE = 0
GROUPS = 1
LARGEST = 2
CLUSTERING = 3
ALIKE_SIZE = 4
ALIKE_TAX = 5
ALIKE_CULTURE = 6
ALIKE_PARTY = 7
PARTNER_KM = 8
PARTNER_ADJACENT = 9
PARTNER_COUNTY = 10
PARTNER_TRUST = 11


@compiled
def watch_network(world, asked):
    """Measure the network where it changed, once it is asked for: as it was on that day."""
    counts = world.tally[0].counts
    if counts[state.CHANGED] == 1:
        keep_network(world)
        counts[state.CHANGED], counts[state.UNMEASURED] = 0, 1
    if asked and counts[state.UNMEASURED] == 1:
        measure_network(world)
        counts[state.UNMEASURED] = 0


@compiled
def keep_network(world):
    """Keep who is whose partner today, what each is like, and how far they trust each other."""
    councils, traits = world.councils, world.traits
    for i in range(councils.shape[0]):
        traits[i, state.TRAIT_TAX] = councils[i].band_d
        traits[i, state.TRAIT_PARTY] = councils[i].control
        for axis in range(state.AXES):
            traits[i, state.TRAIT_CULTURE + axis] = councils[i].culture[axis]
    link_partners(world)


@compiled
def measure_network(world):
    """Measure the network of councils that share anything, signed or running, as it was kept."""
    network, councils = world.tally[0].network, world.councils
    links, alive = 0.0, 0.0
    for i in range(councils.shape[0]):
        links += world.linked[i]
        alive += councils[i].alive
    network[DEGREE] = links / max(alive, 1.0)
    measure_groups(world, alive)
    network[CLUSTERING] = clustering(world)
    measure_likeness(world)
    measure_places(world)


@compiled
def link_partners(world):
    """List each council's partners, once each."""
    councils, deals = world.councils, world.deals
    for i in range(councils.shape[0]):
        world.linked[i] = 0
    for n in range(world.tally[0].counts[state.LIVE]):
        d = world.live[n]
        if deals[d].stage != state.TRANSITION and deals[d].stage != state.RUNNING:
            continue
        between.know_pairs(world, d)
        for k in range(deals[d].members):
            for m in range(k):
                e = between.pair_in(deals, d, k, m)
                link(world, deals[d].member[k], deals[d].member[m], e)


@compiled
def link(world, i, j, e):
    """Note councils i and j of pair e as partners, unless they are noted or the list is full."""
    partners, bonds, pairs = world.partners, world.bonds, world.pairs
    full = max(world.linked[i], world.linked[j]) >= state.NEAR_MOST
    if full or linked(world, i, j):
        return
    partners[i, world.linked[i]], bonds[i, world.linked[i]] = j, e
    world.linked[i] += 1
    partners[j, world.linked[j]], bonds[j, world.linked[j]] = i, e
    world.linked[j] += 1
    if e != state.NOBODY:
        world.trusted[e] = pairs[e].trust


@compiled
def linked(world, i, j):
    """Return True when councils i and j are noted as partners."""
    for k in range(world.linked[i]):
        if world.partners[i, k] == j:
            return True
    return False


@compiled
def measure_groups(world, alive):
    """Count groups of linked councils, and the share of councils in the largest."""
    councils, root, members = world.councils, world.root, world.options
    rows = councils.shape[0]
    for i in range(rows):
        root[i] = i
        members[i] = 0.0
    for i in range(rows):
        for k in range(world.linked[i]):
            a, b = top(root, i), top(root, world.partners[i, k])
            root[max(a, b)] = min(a, b)
    groups, largest = 0.0, 0.0
    for i in range(rows):
        if world.linked[i] > 0:
            a = top(root, i)
            groups += 1.0 if members[a] == 0.0 else 0.0
            members[a] += 1.0
            largest = max(largest, members[a])
    world.tally[0].network[GROUPS] = groups
    world.tally[0].network[LARGEST] = largest / max(alive, 1.0)


@compiled
def top(root, i):
    """Return the root of council i, shortening the way to it."""
    while root[i] != i:
        root[i] = root[root[i]]
        i = root[i]
    return i


@compiled
def clustering(world):
    """Return the share of pairs of a council's partners that are partners: mean over councils."""
    partner_of, partners = world.first, world.partners
    total, counted = 0.0, 0.0
    for i in range(partner_of.shape[0]):
        partner_of[i] = state.NOBODY
    for i in range(partner_of.shape[0]):
        degree = world.linked[i]
        if degree < 2:
            continue
        for k in range(degree):
            partner_of[partners[i, k]] = i
        closed = 0.0  # each pair twice
        for k in range(degree):
            j = partners[i, k]
            for m in range(world.linked[j]):
                closed += 1.0 if partner_of[partners[j, m]] == i else 0.0
        total += closed / (degree * (degree - 1))
        counted += 1.0
    return total / max(counted, 1.0)


@compiled
def measure_likeness(world):
    """Measure how alike partners are in size, tax, culture and party."""
    councils, options, network = world.councils, world.options, world.tally[0].network
    rows, traits = councils.shape[0], world.traits
    for i in range(rows):
        options[i] = ln(councils[i].population)
    network[ALIKE_SIZE] = correlation(world)
    for i in range(rows):
        options[i] = traits[i, state.TRAIT_TAX]
    network[ALIKE_TAX] = correlation(world)
    total = 0.0
    for axis in range(state.AXES):
        for i in range(rows):
            options[i] = traits[i, state.TRAIT_CULTURE + axis]
        total += correlation(world)
    network[ALIKE_CULTURE] = rounded(total / state.AXES)
    same, links = 0.0, 0.0
    for i in range(rows):
        for k in range(world.linked[i]):
            links += 1.0
            j, party = world.partners[i, k], state.TRAIT_PARTY
            alike = traits[i, party] == traits[j, party]
            same += 1.0 if alike else 0.0
    network[ALIKE_PARTY] = same / max(links, 1.0)


@compiled
def correlation(world):
    """Return the correlation of a quantity over linked councils, each link counted both ways.

    0 where it is the same for all of them, but for a remainder of rounding.
    """
    options = world.options
    links, mean = 0.0, 0.0
    for i in range(options.shape[0]):
        links += world.linked[i]
        mean += world.linked[i] * options[i]
    mean /= max(links, 1.0)
    spread, shared = 0.0, 0.0
    for i in range(options.shape[0]):
        gap = options[i] - mean
        spread += world.linked[i] * gap * gap
        for k in range(world.linked[i]):
            shared += gap * (options[world.partners[i, k]] - mean)
    if is_remainder(math.sqrt(spread / max(links, 1.0)), abs(mean)):
        return 0.0
    return rounded(shared / spread)


@compiled
def measure_places(world):
    """Measure distance, adjacency, county and trust over pairs of partners."""
    councils, pairs = world.councils, world.pairs
    links, km, near, home, trust, known = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(councils.shape[0]):
        for k in range(world.linked[i]):
            j = world.partners[i, k]
            dx, dy = councils[i].x - councils[j].x, councils[i].y - councils[j].y
            links += 1.0
            km += math.sqrt(dx * dx + dy * dy)
            home += 1.0 if councils[i].county == councils[j].county else 0.0
            e = world.bonds[i, k]
            if e != state.NOBODY:
                known += 1.0
                near += pairs[e].adjacent
                trust += world.trusted[e]
    network = world.tally[0].network
    network[PARTNER_KM] = km / max(links, 1.0)
    network[PARTNER_ADJACENT] = near / max(links, 1.0)
    network[PARTNER_COUNTY] = home / max(links, 1.0)
    network[PARTNER_TRUST] = trust / max(known, 1.0)
