"""Announcements: what binds councils between the day an order is made known and its first day."""

from . import events as why, mergers, state, successors
from .compiled import compiled


@compiled
def announce(world, p, t):
    """Renew who is to be made new; whoever hears of it today gives up its deep talks."""
    councils, until = world.councils, world.first
    for i in range(councils.shape[0]):
        until[i] = state.NOBODY
    hear_orders(world, t)
    hear_mandate(world, p, t)
    for i in range(councils.shape[0]):
        heard = councils[i].shadow == 1
        councils[i].shadow = 1 if until[i] != state.NOBODY else 0
        if councils[i].shadow == 0 or heard:
            continue
        who, left = councils[i].identity, (until[i] - t) / state.QUARTERS
        why.note_council(world, t, why.ANNOUNCED, who, left, 0.0)
        for slot in range(state.TALKS_MOST):
            d = councils[i].talks[slot]
            if d != state.NOBODY and world.deals[d].scope >= state.SERVICES:
                mergers.break_off(world, t, d, i, why.REORGANISED)


@compiled
def hear_orders(world, t):
    """Note the first day of the next order about each council, of those that are announced."""
    councils, orders, until = world.councils, world.orders, world.first
    for n in range(orders.shape[0]):
        if orders[n].announced > t or orders[n].quarter <= t or not is_made(orders, t, n):
            continue
        i = successors.named_row(world, n)
        if councils[i].alive == 1:
            first = until[i] == state.NOBODY
            until[i] = orders[n].quarter if first else min(until[i], orders[n].quarter)


@compiled
def is_made(orders, t, n):
    """Return False while the council that entry n names is still to be made by another order."""
    for m in range(orders.shape[0]):
        if orders[m].group == orders[n].made and orders[m].quarter > t:
            return False
    return True


@compiled
def hear_mandate(world, p, t):
    """Note the day of a mandate for each council that it covers, once it is decided."""
    councils, until, marked = world.councils, world.first, world.root
    waited = world.tally[0].mandate[0]
    if waited == state.NOBODY:
        return
    day = t + max(int(p.reorganisation_notice * state.QUARTERS) - waited, 1)
    for c in range(councils.shape[0]):
        marked[c] = 0
    for i in range(councils.shape[0]):
        if mandated(councils, i):
            marked[councils[i].county] = 1
    for i in range(councils.shape[0]):
        county = successors.living_county(councils, i)
        named = mandated(councils, i) or (county and marked[councils[i].county] == 1)
        if named:
            until[i] = day if until[i] == state.NOBODY else min(until[i], day)


@compiled
def mandated(councils, i):
    """Return True when council i is a district that the mandate covers."""
    district = councils[i].alive == 1 and councils[i].tier == state.DISTRICT
    return district and councils[i].reviewed == 1
