"""Government: grant pots, its stance on the map of councils, and what it orders."""

from . import events as why, mergers, money, politics, state
from .compiled import compiled


@compiled
def govern(world, p, t):
    """Open the pots, change stance, let happen what the scenario dates, and carry out orders."""
    pots = world.tally[0].pots
    fill_pot(pots, t, state.STUDIES_POT, money.pounds(p.grants_feasibility_pot))
    fill_pot(pots, t, state.SETUP_POT, money.pounds(p.grants_setup_pot))
    take_stance(world, p, t)
    let_happen(world, t)
    carry_out_orders(world, p, t)
    carry_out_mandate(world, p, t)


@compiled
def fill_pot(pots, t, pot, amount):
    """Fill one pot with the year's pounds, in April and whenever its own amount is changed."""
    if t % state.QUARTERS == 0 or pots[state.POT_KINDS + pot] != amount:
        pots[pot] = amount
        pots[state.POT_KINDS + pot] = amount


@compiled
def take_stance(world, p, t):
    """Note a change of stance, and count the quarters of a mandate."""
    mandate = world.tally[0].mandate
    stance = int(p.reorganisation_stance)
    if stance != mandate[1]:
        why.note_council(world, t, why.STANCE, state.NOBODY, stance, 0.0)
    mandate[1] = stance
    mandate[0] = mandate[0] + 1 if stance == state.MANDATED else state.NOBODY


@compiled
def let_happen(world, t):
    """What the scenario fixes for a named council at a date."""
    happenings = world.happenings
    for n in range(happenings.shape[0]):
        if happenings[n].quarter != t:
            continue
        i = living_row(world.roll, happenings[n].council)
        if world.councils[i].alive == 0:
            continue
        if happenings[n].what == state.CHIEF_GOES:
            if politics.shares_chief(world.councils, i) == state.NOBODY:
                if world.councils[i].vacant == 0:
                    politics.lose_chief(world, i, t)
                kept = world.councils[i].kept_vacant
                world.councils[i].kept_vacant = max(kept, happenings[n].until)
        elif happenings[n].what == state.CONTROL_GOES:
            politics.change_control(world, i, happenings[n].party, t)


@compiled
def living_row(roll, identity):
    """Return the row of the council that a council of the start has become."""
    while roll[identity].successor != identity:
        identity = roll[identity].successor
    return roll[identity].row


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
        i = living_row(world.roll, orders[n].council)
        if orders[n].quarter == t and living_county(world.councils, i):
            mergers.abolish(world, p, t, i)


@compiled
def unite_group(world, p, t, group):
    """Carry out one order: the largest district is the heir."""
    councils, orders = world.councils, world.orders
    heir = largest_named(world, t, group, False)
    if heir == state.NOBODY:
        heir = largest_named(world, t, group, True)  # all of it went with another order today
    elif changes_anything(world, t, group, heir):
        first = mergers.begin_union(world, t, heir)
        world.roll[councils[heir].identity].group = group
        for n in range(orders.shape[0]):
            i = living_row(world.roll, orders[n].council)
            if orders[n].group == group and i != heir and can_unite(councils, t, i):
                mergers.absorb(world, p, t, heir, i, why.REORGANISED)
        found_unitary(world, p, t, heir, first)
    for n in range(orders.shape[0]):
        i = living_row(world.roll, orders[n].council)
        if orders[n].group == group and heir != state.NOBODY and living_county(councils, i):
            mergers.inherit_county(world, p, t, heir, i, orders[n].share)


@compiled
def can_unite(councils, t, i):
    """Return True when council i can be united by an order: no county, and not united today."""
    alive = councils[i].alive == 1 and councils[i].tier != state.COUNTY
    return alive and councils[i].merged_at != t


@compiled
def living_county(councils, i):
    """Return True when council i is a county that still exists."""
    return councils[i].alive == 1 and councils[i].tier == state.COUNTY


@compiled
def largest_named(world, t, group, united):
    """Return the largest council that an order names and can unite, or that was `united` today."""
    councils, orders, found = world.councils, world.orders, state.NOBODY
    for n in range(orders.shape[0]):
        i = living_row(world.roll, orders[n].council)
        if orders[n].group != group or councils[i].alive == 0 or councils[i].tier == state.COUNTY:
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
        i = living_row(world.roll, orders[n].council)
        usable = can_unite(councils, t, i) or living_county(councils, i)
        if orders[n].group == group and i != heir and usable:
            return True
    return False


@compiled
def found_unitary(world, p, t, heir, first):
    """The new unitary pays for the change and starts to save what such changes save."""
    councils = world.councils
    councils[heir].tier = state.UNITARY
    world.roll[councils[heir].identity].tier = state.UNITARY
    worth = p.reorganisation_saving * max(councils[heir].cost, 0.0)
    mergers.finish_union(world, p, t, heir, first, worth)
    mergers.measure_pairs(world, heir)
    cost = p.reorganisation_transition * councils[heir].population / state.MILLION
    money.spend(councils, heir, state.SETUP, cost)


@compiled
def carry_out_mandate(world, p, t):
    """Once the notice has run out: one unitary for the districts of each county.

    Afterwards no district is left that the mandate covers, and there is nothing more to do.
    """
    councils = world.councils
    if world.tally[0].mandate[0] < int(p.reorganisation_notice * state.QUARTERS):
        return
    heirs, firsts = world.root, world.first
    rows = councils.shape[0]
    for c in range(rows):
        heirs[c] = state.NOBODY
    for i in range(rows):
        c = councils[i].county
        first = heirs[c] == state.NOBODY
        if mandated(councils, i) and (first or mergers.larger(councils, i, heirs[c])):
            heirs[c] = i
    for c in range(rows):
        if heirs[c] != state.NOBODY:
            firsts[c] = mergers.begin_union(world, t, heirs[c])
    for i in range(rows):
        heir = heirs[councils[i].county]
        if mandated(councils, i) and heir != i:
            mergers.absorb(world, p, t, heir, i, why.REORGANISED)
    for c in range(rows):
        if heirs[c] != state.NOBODY:
            found_unitary(world, p, t, heirs[c], firsts[c])
    for i in range(rows):
        heir = heirs[councils[i].county]
        if councils[i].alive == 1 and councils[i].tier == state.COUNTY and heir != state.NOBODY:
            mergers.inherit_county(world, p, t, heir, i, 1.0)
            mergers.abolish(world, p, t, i)


@compiled
def mandated(councils, i):
    """Return True when council i is a district that the mandate covers."""
    district = councils[i].alive == 1 and councils[i].tier == state.DISTRICT
    return district and councils[i].reviewed == 1
