"""Government: grant pots, its stance on the map of councils, and what it orders."""

from . import (
    announcing,
    events as why,
    mergers,
    money,
    orders,
    politics,
    reorganising,
    state,
    successors,
)
from .compiled import compiled


@compiled
def govern(world, p, t):
    """Open the pots, change stance, let happen what the scenario dates, and carry out orders."""
    pots = world.tally[0].pots
    fill_pot(pots, t, state.STUDIES_POT, money.pounds(p.grants_feasibility_pot))
    fill_pot(pots, t, state.SETUP_POT, money.pounds(p.grants_setup_pot))
    take_stance(world, p, t)
    let_happen(world, t)
    orders.carry_out_orders(world, p, t)
    carry_out_mandate(world, p, t)
    announcing.announce(world, p, t)
    reorganising.pay_for_changes(world, t)


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
        i = successors.living_row(world.roll, happenings[n].council)
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
        if announcing.mandated(councils, i) and (first or mergers.larger(councils, i, heirs[c])):
            heirs[c] = i
    for c in range(rows):
        if heirs[c] != state.NOBODY:
            firsts[c] = mergers.begin_union(world, t, heirs[c])
    for i in range(rows):
        heir = heirs[councils[i].county]
        if announcing.mandated(councils, i) and heir != i:
            mergers.absorb(world, p, t, heir, i, why.REORGANISED)
    for c in range(rows):
        if heirs[c] != state.NOBODY:
            reorganising.found_unitary(world, p, t, heirs[c], firsts[c])
    for i in range(rows):
        heir = heirs[councils[i].county]
        if successors.living_county(councils, i) and heir != state.NOBODY:
            reorganising.take_county(world, p, t, heir, i, 1.0, 1)
            mergers.abolish(world, p, t, i)
    for c in range(rows):
        if heirs[c] != state.NOBODY:
            reorganising.promise(world, p, t, heirs[c])
