"""Orders: what government makes of councils, counties and parts of councils on a dated day."""

from . import events as why, mergers, reorganising, splits, state, successors
from .compiled import compiled


@compiled
def carry_out_orders(world, p, t):
    """Dated orders: each group of districts becomes one unitary and takes its share of a county."""
    orders = world.orders
    due = False
    for n in range(orders.shape[0]):
        if orders[n].quarter == t:
            due = True
            if n == 0 or orders[n].group != orders[n - 1].group:
                unite_group(world, p, t, orders[n].group)
    if not due:
        return
    for n in range(orders.shape[0]):
        i = successors.named_row(world, n)
        if orders[n].quarter != t:
            continue
        if successors.living_county(world.councils, i):
            mergers.abolish(world, p, t, i)
        elif orders[n].part == 1 and splits.can_split(world, t, i):
            group = splits.group_of_most(world, t, i)
            heir = largest_named(world, t, group, True)
            if heir != state.NOBODY:
                splits.close_split(world, p, t, heir, i)


@compiled
def unite_group(world, p, t, group):
    """Carry out one order: the largest district is the heir."""
    councils, orders = world.councils, world.orders
    heir = largest_named(world, t, group, False)
    united = heir == state.NOBODY
    if united:
        heir = largest_named(world, t, group, True)  # all of it went with another order today
    elif changes_anything(world, t, group, heir):
        first = mergers.begin_union(world, t, heir)
        world.roll[councils[heir].identity].group = group
        for n in range(orders.shape[0]):
            i = successors.named_row(world, n)
            whole = orders[n].group == group and orders[n].part == 0
            if whole and i != heir and can_unite(councils, t, i):
                mergers.absorb(world, p, t, heir, i, why.REORGANISED)
        splits.take_parts(world, p, t, heir, group)
        reorganising.found_unitary(world, p, t, heir, first)
    if united and heir != state.NOBODY:
        splits.take_parts(world, p, t, heir, group)
    take_counties(world, p, t, heir, group)
    if heir != state.NOBODY and not united and councils[heir].merged_at == t:
        reorganising.promise(world, p, t, heir)


@compiled
def take_counties(world, p, t, heir, group):
    """The council of an order takes over its share of each county that the order names."""
    councils, orders = world.councils, world.orders
    for n in range(orders.shape[0]):
        i = successors.named_row(world, n)
        if (
            orders[n].group == group
            and heir != state.NOBODY
            and successors.living_county(councils, i)
        ):
            heirs = takers_of(world, t, i)
            reorganising.take_county(world, p, t, heir, i, orders[n].share, heirs)


@compiled
def takers_of(world, t, county):
    """Return how many orders of today share out a county."""
    orders, found = world.orders, 0
    for n in range(orders.shape[0]):
        if orders[n].quarter == t and successors.named_row(world, n) == county:
            found += 1
    return found


@compiled
def can_unite(councils, t, i):
    """Return True when council i can be united by an order: no county, and not united today."""
    alive = councils[i].alive == 1 and councils[i].tier != state.COUNTY
    return alive and councils[i].merged_at != t


@compiled
def largest_named(world, t, group, united):
    """Return the largest council that an order names and can unite, or that was `united` today."""
    councils, orders, found = world.councils, world.orders, state.NOBODY
    for n in range(orders.shape[0]):
        i = successors.named_row(world, n)
        if orders[n].group != group or orders[n].part == 1:
            continue
        if councils[i].alive == 0 or councils[i].tier == state.COUNTY:
            continue
        first = found == state.NOBODY
        if can_unite(councils, t, i) != united and (first or mergers.larger(councils, i, found)):
            found = i
    return found


@compiled
def changes_anything(world, t, group, heir):
    """Return True when an order has a second council to unite, or a county to share out."""
    councils, orders = world.councils, world.orders
    for n in range(orders.shape[0]):
        i = successors.named_row(world, n)
        usable = can_unite(councils, t, i) or successors.living_county(councils, i)
        if orders[n].part == 1:
            usable = splits.can_split(world, t, i)
        if orders[n].group == group and i != heir and usable:
            return True
    return False
