"""Which pair two councils are. A deal notes the pairs of its members, and need not look again."""

from . import state
from .compiled import compiled, inlined


@compiled
def pair_of(world, i, j):
    """Return the pair of councils i and j, NOBODY when they are too far apart to talk."""
    for k in range(world.councils[i].degree):
        if world.across[i, k] == j:
            return world.near[i, k]
    return state.NOBODY


@inlined
def side_of(pairs, e, i):
    """Return which side of pair e council i is."""
    return 0 if pairs[e].a == i else 1


@inlined
def know_pairs(world, d):
    """Let `pair_in` know the pairs of deal d: looked for anew where members or pairs changed."""
    if world.deals[d].noted != world.tally[0].counts[state.REDRAWN]:
        note_pairs(world, d)


@compiled
def note_pairs(world, d):
    """Look for the pairs of the members of deal d, and note them."""
    deals = world.deals
    for k in range(deals[d].members):
        for m in range(k):
            found = pair_of(world, deals[d].member[k], deals[d].member[m])
            deals[d].pair[place_of_pair(k, m)] = found
    deals[d].noted = world.tally[0].counts[state.REDRAWN]


@inlined
def pair_in(deals, d, k, m):
    """Return the pair of members k and m of a deal whose pairs are known, NOBODY for one member."""
    return state.NOBODY if k == m else deals[d].pair[place_of_pair(max(k, m), min(k, m))]


@inlined
def place_of_pair(k, m):
    """Return the place of members k and m, m < k, in DEAL.pair: those of early members first."""
    return ((k * (k - 1)) >> 1) + m
