"""Who a council has become by now, whether the scenario or an earlier order brought it about."""

from . import state
from .compiled import compiled


@compiled
def living_row(roll, identity):
    """Return the row of the council that a council of the start has become."""
    while roll[identity].successor != identity:
        identity = roll[identity].successor
    return roll[identity].row


@compiled
def named_row(world, n):
    """Return the row of the council that entry n of the orders names, as it is by now.

    Where the order that was to make it made nobody, it is what its first council has become.
    """
    roll, made = world.roll, world.orders[n].made
    if made != state.NOBODY:
        for identity in range(world.tally[0].counts[state.ROLL]):
            if roll[identity].group == made:
                return living_row(roll, identity)
    return living_row(roll, world.orders[n].council)


@compiled
def living_county(councils, i):
    """Return True when council i is a county that still exists."""
    return councils[i].alive == 1 and councils[i].tier == state.COUNTY
