"""Splits: a council is shared out by population among those that government makes of its area."""

from . import events as why, mergers, money, state, successors
from .compiled import compiled


@compiled
def can_split(world, t, i):
    """Return True when council i stands, is no county, and no order of today takes it whole."""
    councils, orders = world.councils, world.orders
    if councils[i].alive == 0 or councils[i].tier == state.COUNTY:
        return False
    for n in range(orders.shape[0]):
        whole = orders[n].quarter == t and orders[n].part == 0
        if whole and successors.named_row(world, n) == i:
            return False
    return True


@compiled
def share_named(world, t, i, group):
    """Return the shares of council i that an order takes today, or that all take, for NOBODY."""
    orders, found = world.orders, 0.0
    for n in range(orders.shape[0]):
        asked = group == state.NOBODY or orders[n].group == group
        if asked and orders[n].quarter == t and orders[n].part == 1:
            found += orders[n].share if successors.named_row(world, n) == i else 0.0
    return found


@compiled
def named_before(world, t, n, i, group):
    """Return True when an entry before n names a part of council i too, in its order or in any."""
    orders = world.orders
    for m in range(n):
        asked = group == state.NOBODY or orders[m].group == group
        part = asked and orders[m].quarter == t and orders[m].part == 1
        if part and successors.named_row(world, m) == i:
            return True
    return False


@compiled
def take_parts(world, p, t, heir, group):
    """The new council takes its part of every council that its order names in part.

    Two such councils that merged before are one: their shares count together.
    """
    orders = world.orders
    for n in range(orders.shape[0]):
        if orders[n].group != group or orders[n].part == 0:
            continue
        i = successors.named_row(world, n)
        if named_before(world, t, n, i, group) or not can_split(world, t, i):
            continue
        everything = share_named(world, t, i, state.NOBODY)
        if everything > 0.0:
            share = share_named(world, t, i, group) / everything
            mergers.take_part(world, p, t, heir, i, share)
            money.reckon(world, p, t, heir)


@compiled
def close_split(world, p, t, heir, i):
    """What cannot be parted goes to the heir of the largest part: agreements and neighbours."""
    councils = world.councils
    mergers.hand_over_deals(world, p, t, heir, i, why.REORGANISED)
    mergers.hand_over_pairs(world, heir, i)
    world.roll[councils[i].identity].successor = councils[heir].identity
    councils[i].alive = 0
    world.tally[0].counts[state.CHANGED] = 1


@compiled
def group_of_most(world, t, i):
    """Return the order that takes the largest part of council i today; of equal ones the first."""
    orders, most, found = world.orders, 0.0, state.NOBODY
    for n in range(orders.shape[0]):
        if orders[n].quarter == t and orders[n].part == 1:
            share = share_named(world, t, i, orders[n].group)
            if share > most:
                most, found = share, orders[n].group
    return found
