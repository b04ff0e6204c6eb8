"""What councils believe of each other: first impressions, and what talks reveal."""

from . import between, noise, state, weighing
from .compiled import compiled
from .curves import clip


@compiled
def impress(world, luck, t, index, i, j, e, side, error):
    """Council i sees a noisy sign of j's culture and weighs it by how unsure it was.

    `error` is the standard deviation of what is wrong with the sign.
    """
    councils, pairs = world.councils, world.pairs
    z = noise.normal(luck, noise.IMPRESSION, t, index, councils[i].lineage, councils[j].lineage)
    sign = weighing.culture_distance(councils, i, j) + error * z
    weight = pairs[e].doubt[side] / (pairs[e].doubt[side] + error * error)
    pairs[e].belief[side] = clip(
        pairs[e].belief[side] + weight * (sign - pairs[e].belief[side]), 0.0, 1.0
    )
    pairs[e].doubt[side] *= 1.0 - weight


@compiled
def get_acquainted(world, p, t, luck, d):
    """A quarter of talks: every side learns about the others, and meeting builds some trust."""
    deals, pairs = world.deals, world.pairs
    index = deals[d].scope
    between.know_pairs(world, d)
    for k in range(deals[d].members):
        i = deals[d].member[k]
        for m in range(deals[d].members):
            j, e = deals[d].member[m], between.pair_in(deals, d, k, m)
            if e == state.NOBODY:
                continue
            side = between.side_of(pairs, e, i)
            impress(world, luck, t, index, i, j, e, side, p.beliefs_talk_noise)
            if k < m:
                pairs[e].trust = clip(pairs[e].trust + p.beliefs_trust_talks, 0.0, 1.0)
