"""Deals of some councils as they stand at a stage, made by the rules themselves."""

from sim.core import state as s


def opened(rules, world, scope, members=(0, 1), *, stage=s.RUNNING, key=5, begun=0):
    """Return a deal that its members know of: they talk about it, or they have signed it."""
    d = rules.deals.open_deal(world, begun, scope, key)
    for i in members:
        rules.deals.add_member(world.deals, d, i)
        if stage < s.TRANSITION:
            rules.deals.start_talking(world.councils, i, d)
        else:
            world.councils[i].agreement[scope] = d
    world.deals[d].stage = stage
    return d


def unpair(rules, world, i, j):
    """Take the pair of councils i and j off both lists, as who redraws the map does."""
    place = rules.between.pair_of(world, i, j)
    for one in (i, j):
        rules.mergers.strike(world, one, place)
    world.tally[0].counts[s.REDRAWN] += 1


def table(rules, world, scope, members=(0, 1), *, stage=s.STUDY, key=77, begun=1):
    """Return a deal under negotiation."""
    return opened(rules, world, scope, members, stage=stage, key=key, begun=begun)
