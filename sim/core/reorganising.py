"""Reorganising: what a new unitary costs and saves, and how its council tax is brought together."""

from . import events as why, mergers, money, state
from .compiled import compiled
from .curves import exp, ln


@compiled
def found_unitary(world, p, t, heir, first):
    """The new unitary owes for the change, saves senior teams, and brings its taxes together."""
    councils = world.councils
    councils[heir].tier = state.UNITARY
    councils[heir].reviewed = 0
    world.roll[councils[heir].identity].tier = state.UNITARY
    cores = p.reorganisation_core * (councils[heir].gathered - 1.0)
    worth = cores + p.reorganisation_saving * max(councils[heir].cost, 0.0)
    mergers.finish_union(world, p, t, heir, first, worth)
    mergers.measure_pairs(world, heir)
    owe(
        councils,
        p,
        t,
        heir,
        p.reorganisation_transition * councils[heir].population / state.MILLION,
    )
    forgone = councils[heir].band_d - councils[heir].least_tax
    councils[heir].levelling = p.reorganisation_levelling * forgone
    councils[heir].levels = int(p.reorganisation_harmonise_years)


@compiled
def take_county(world, p, t, heir, county, share, heirs):
    """The new unitary takes over its share of a county council, of which there are `heirs`.

    It saves its share of the county's senior team; the county's services cost more in parts.
    """
    councils = world.councils
    mergers.inherit_county(world, p, t, heir, county, share)
    cost = max(councils[county].cost, 0.0)
    saved = share * (p.reorganisation_core + p.reorganisation_saving * cost)
    councils[heir].merging += saved - loss_of_scale(p, cost, share)
    owe(councils, p, t, heir, p.reorganisation_successor * (heirs - 1) * share)


@compiled
def loss_of_scale(p, cost, share):
    """Return what a share of a county's services costs more on its own, million pounds a year."""
    if share <= 0.0:
        return 0.0
    apart = (1.0 - p.reorganisation_hosted) * cost
    return apart * (exp(p.reorganisation_parting * ln(share)) - share)


@compiled
def owe(councils, p, t, i, amount):
    """Council i has to pay an amount in equal quarters over the years that a change takes."""
    councils[i].owed += amount
    until = t + int(p.reorganisation_spread_years * state.QUARTERS)
    councils[i].owed_until = max(councils[i].owed_until, until)


@compiled
def pay_for_changes(world, t):
    """Every council pays this quarter's part of what it owes for its reorganisation."""
    councils = world.councils
    for i in range(councils.shape[0]):
        if councils[i].alive == 1 and councils[i].owed > 0.0:
            due = councils[i].owed / max(councils[i].owed_until - t, 1)
            councils[i].owed -= due
            money.spend(councils, i, state.SETUP, due)


@compiled
def promise(world, p, t, heir):
    """Keep what government promises that a new unitary saves a year, and what it will in truth."""
    councils = world.councils
    promised = p.reorganisation_promised * max(councils[heir].cost, 0.0)
    who, true = councils[heir].identity, councils[heir].merging
    why.note_council(world, t, why.PROMISES, who, promised, true)
