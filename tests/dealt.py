"""Deals of some councils as they stand at a stage, made by the rules themselves."""

from sim.core import state as s


def table(rules, world, scope, members=(0, 1), *, stage=s.STUDY, key=77, begun=1):
    """Return a deal under negotiation."""
    d = rules.deals.open_deal(world, begun, scope, key)
    for i in members:
        rules.deals.add_member(world.deals, d, i)
        rules.deals.start_talking(world.councils, i, d)
    world.deals[d].stage = stage
    return d


def running(rules, world, scope, members, *, key=5):
    d = rules.deals.open_deal(world, 0, scope, key)
    for i in members:
        rules.deals.add_member(world.deals, d, i)
        world.councils[i].agreement[scope] = d
    world.deals[d].stage = s.RUNNING
    return d
