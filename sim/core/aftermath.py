"""What a failure leaves behind: lost trust, a pause, and pairs that stay apart."""

from . import between, noise, state
from .compiled import compiled
from .curves import clip


@compiled
def lose_trust(world, p, i, d):
    """Council i and the others in deal d trust each other less."""
    deals, pairs = world.deals, world.pairs
    for k in range(deals[d].members):
        j = deals[d].member[k]
        e = between.pair_of(world, i, j) if j != i else state.NOBODY
        if e != state.NOBODY:
            pairs[e].trust = clip(pairs[e].trust - p.beliefs_trust_loss_failure, 0.0, 1.0)


@compiled
def cool_off(world, p, t, luck, i, d, leaver):
    """After a deep deal failed a council pauses, whoever left for longer."""
    councils, deals = world.councils, world.deals
    if deals[d].scope < state.SERVICES:
        return
    mean = p.talks_cooling_leaver if leaver else p.talks_cooling_left
    z = noise.exponential(luck, noise.COOLING, t, 0, deals[d].key, councils[i].lineage)
    councils[i].sought = t
    councils[i].pause = max(councils[i].pause, t + 1.0 + mean * state.QUARTERS * z)


@compiled
def part(world, p, t, luck, d):
    """Pairs whose deep deal failed remember it, and stay apart for a while."""
    deals = world.deals
    if deals[d].scope < state.SERVICES:
        return
    z = noise.exponential(luck, noise.REMATCH, t, 0, deals[d].key, 0)
    wait = p.talks_rematch * state.QUARTERS * z
    for k in range(deals[d].members):
        for m in range(k):
            stay_apart(world, t + 1.0 + wait, deals[d].member[k], deals[d].member[m])


@compiled
def stay_apart(world, until, i, j):
    """Councils i and j remember a failure and do not try again before `until`."""
    e = between.pair_of(world, i, j)
    if e != state.NOBODY:
        pairs = world.pairs
        pairs[e].failures += 1.0
        pairs[e].again = max(pairs[e].again, until)
