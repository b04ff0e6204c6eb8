"""The public purse: help with council tax, government's own services, and what the public gains.

Grants, a subsidy and help with taxes pass from one purse to another; what government's own
services cost is used up, as are studies, setting up, coordination and leaving.
"""

import math

from . import money, state
from .compiled import compiled
from .curves import exp, ln


@compiled
def helps_with_tax(p, scope):
    """Return the share of a gap in tax that government makes good under a deal of this scope.

    Services leave taxes alone, and merged councils have one tax: there is nothing to make good.
    """
    return p.terms_tax_support if state.SERVICES <= scope < state.MERGER else 0.0


@compiled
def support_taxes(world, p, t, d):
    """Pay the residents of each member of deal d a part of their tax above the lowest member's."""
    councils, deals = world.councils, world.deals
    share = helps_with_tax(p, deals[d].scope)
    if share == 0.0 or p.scope_tax_weight[deals[d].scope] <= 0.0:
        return
    for k in range(deals[d].members):
        i = deals[d].member[k]
        gap = councils[i].band_d - lowest_tax(councils, deals, d, councils[i].tier)
        a_year = share * gap * money.tax_base(world, t, i) / state.MILLION
        councils[i].flows[state.TAX_SUPPORT] += a_year / state.QUARTERS


@compiled
def lowest_tax(councils, deals, d, tier):
    """Return the lowest Band D of deal d's members of a tier; only like tiers compare."""
    lowest = math.inf
    for k in range(deals[d].members):
        i = deals[d].member[k]
        if councils[i].tier == tier:
            lowest = min(lowest, councils[i].band_d)
    return lowest


@compiled
def close_purse(world, p, t):
    """Pay for match-making, and add up what the quarter was worth to the public."""
    councils, alive, net = world.councils, 0, 0.0
    for i in range(councils.shape[0]):
        if councils[i].alive == 1:
            alive += 1
            net += councils[i].flows[state.TRUE_SAVING] - money.costs_of(councils[i].flows)
    adviser = p.support_matchmaking * p.support_matchmaking_cost * alive
    world.tally[0].served += adviser / state.QUARTERS
    world.tally[0].services += world.tally[0].served
    world.tally[0].value += (net - world.tally[0].served) * present_worth(p, t)


@compiled
def present_worth(p, t):
    """Return what a pound of quarter t was worth on the first day, without its loss of value."""
    a_year = ln(1.0 + p.appraisal_prices) + ln(1.0 + p.appraisal_discount)
    return exp(-a_year * t / state.QUARTERS)
