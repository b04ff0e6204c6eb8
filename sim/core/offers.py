"""What grants would meet of a deal's cost: only the grant that this very deal could get today.

Pots and grants are whole pounds; what a deal costs is in million pounds.
"""

from . import money, promises, state
from .compiled import compiled
from .curves import clip


@compiled
def study_on_offer(pots, p):
    """Return what the study of a new deal gets today, pounds: the whole limit, or nothing."""
    limit = money.pounds(p.grants_feasibility_limit)
    return limit if pots[state.STUDIES_POT] >= limit else 0


@compiled
def setup_grant(pots, p, bills):
    """Return what a deal with these bills gets today if it may bid, pounds."""
    wanted = money.pounds(min(p.grants_setup_share * bills, p.grants_setup_limit))
    return max(min(wanted, pots[state.SETUP_POT]), 0)


@compiled
def may_bid(p, deals, d):
    """Return True when deal d may bid for set-up money: a new deal, and if staged a paid study."""
    there = min(money.pounds(p.grants_setup_pot), money.pounds(p.grants_setup_limit)) > 0
    new = deals[d].host == state.NOBODY and there and p.grants_setup_share > 0.0
    return new and (p.grants_staged == 0.0 or deals[d].grant > 0)


@compiled
def anything_on_offer(pots, p):
    """Return 1 while some new deal could get a grant today, else 0."""
    unstaged = p.grants_staged == 0.0 and pots[state.SETUP_POT] > 0
    return 1.0 if unstaged or study_on_offer(pots, p) > 0 else 0.0


@compiled
def met_before_talks(world, p, i, j, scope):
    """Return the part of the cost of a new deal of i with j that grants would meet, 0 to 1.

    Before it knows with whom, a council thinks of a partner like itself: j is i.
    """
    pots = world.tally[0].pots
    if anything_on_offer(pots, p) == 0.0:
        return 0.0
    councils = world.councils
    bills = promises.setup_bill(councils, p, i, scope, 1.0)
    bills += promises.setup_bill(councils, p, j, scope, 1.0)
    study = promises.study_cost(councils, p, i, scope) + promises.study_cost(councils, p, j, scope)
    grant = study_on_offer(pots, p)
    if p.grants_staged == 0.0 or grant > 0:
        grant += setup_grant(pots, p, bills)
    return part_met(grant, study * promises.study_quarters(p, scope) + bills)


@compiled
def part_met(grant, cost):
    """Return the part of a cost in million pounds that a grant of so many pounds meets, 0 to 1."""
    return clip(grant / max(cost * state.MILLION, 1.0), 0.0, 1.0)


@compiled
def planned_bills(world, p, d, guest):
    """Return the planned set-up bills of those who talk about d, and of a guest or NOBODY."""
    councils, deals = world.councils, world.deals
    scope, factor = deals[d].scope, deals[d].factor
    bills = 0.0
    for k in range(deals[d].members):
        bills += promises.setup_bill(councils, p, deals[d].member[k], scope, factor)
    if guest != state.NOBODY:
        bills += promises.setup_bill(councils, p, guest, scope, factor)
    return bills


@compiled
def setup_ahead(world, p, d, guest):
    """Return the set-up grant that talks d can expect as things stand, pounds.

    Whoever must have an exit strategy for it writes one in; once the terms stand without, no bid.
    """
    deals = world.deals
    settled = deals[d].stage >= state.VOTING and deals[d].exit == 0
    if not may_bid(p, deals, d) or (settled and p.grants_exit_required > 0.0):
        return 0
    return setup_grant(world.tally[0].pots, p, planned_bills(world, p, d, guest))


@compiled
def met_in_talks(world, p, d, guest):
    """Return the part of the cost of talks d, with a guest or NOBODY, that grants meet, 0 to 1."""
    councils, deals = world.councils, world.deals
    grant = deals[d].grant + setup_ahead(world, p, d, guest)
    if deals[d].host != state.NOBODY or grant == 0:
        return 0.0
    scope, study = deals[d].scope, 0.0
    for k in range(deals[d].members):
        study += promises.study_cost(councils, p, deals[d].member[k], scope)
    if guest != state.NOBODY:
        study += promises.study_cost(councils, p, guest, scope)
    bills = planned_bills(world, p, d, guest)
    return part_met(grant, study * promises.study_quarters(p, scope) + bills)


@compiled
def run_dry(pots, p):
    """Return True when a pot with money for a grant this year has too little left for one."""
    limit = money.pounds(p.grants_feasibility_limit)
    studies, setup = pots[state.STUDIES_POT], pots[state.SETUP_POT]
    dry = limit > 0 and pots[state.POT_KINDS + state.STUDIES_POT] >= limit and studies < limit
    return dry or (pots[state.POT_KINDS + state.SETUP_POT] > 0 and setup == 0)
