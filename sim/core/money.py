"""Money: settlement, council tax, costs, own cuts, reserves, and the gap that a council expects.

In each quarter reserves change by income less spending, studies, set-up, coordination and exit
costs, plus grants, support and what a merger brings in. Nothing else touches them. What residents
pay, and what government pays to them, stands beside that in books of its own.
"""

import math

from . import events as why, noise, state
from .compiled import compiled
from .curves import HALF, exp


@compiled
def clear_books(world):
    """Start a new page for the quarter."""
    councils = world.councils
    for i in range(councils.shape[0]):
        for k in range(state.FLOWS):
            councils[i].flows[k] = 0.0
    world.tally[0].served = 0.0


@compiled
def open_books(world, p, t, luck):
    """In April set the year's settlement, tax and cuts; every quarter reckon income and gaps."""
    councils = world.councils
    lasts = exp(-p.search_news_fade / state.QUARTERS)
    recalled = exp(-p.search_news_forgotten / state.QUARTERS)
    for i in range(councils.shape[0]):
        if councils[i].alive == 0:
            continue
        if t % state.QUARTERS == 0 and t > 0:
            year, grant = t // state.QUARTERS, councils[i].settlement * (1.0 + p.settlement_shock)
            councils[i].settlement *= settlement_growth(world, p, year, luck, i)
            councils[i].band_d *= 1.0 + tax_rise(world, p, t, luck, i)
            level_tax(councils, i)
            councils[i].cost *= 1.0 + cost_growth(world, p, year)
            councils[i].cost += grant * transfer(world, p, year, i, state.DUTY)
        reckon(world, p, t, i)
        if t % state.QUARTERS == 0 and t > 0:
            balance(councils, p, i)
            reckon(world, p, t, i)
        hear(councils, i, lasts, recalled)


@compiled
def hear_first(councils, p, i):
    """On the first day all that council i expects was known before, but for a cut of that day."""
    cut = max(-p.settlement_shock * councils[i].settlement, 0.0)
    before = councils[i].need - cut / max(councils[i].income, 1.0 / state.MILLION)
    councils[i].heard = max(before, 0.0)


@compiled
def hear(councils, i, lasts, recalled):
    """A need worse than any that council i recalls is news, beside what lasts of older news."""
    worse = max(councils[i].need - councils[i].heard, 0.0)
    councils[i].news = councils[i].news * lasts + worse
    councils[i].heard = max(councils[i].need, councils[i].heard * recalled)


@compiled
def settlement_growth(world, p, year, luck, i):
    """Return this year's settlement against last year's, on the path in force."""
    growth = path_growth(world, p, year, i)
    councils = world.councils
    if world.tally[0].start_year + year > councils[i].known_until:
        who = councils[i].lineage
        growth += p.settlement_spread * noise.normal(luck, noise.SETTLEMENT, year, 0, who, who)
    return max(p.settlement_least_growth, growth)


@compiled
def path_growth(world, p, year, i):
    """Return the growth of council i's settlement into `year` on the path in force, 1 = none.

    What comes or goes with a duty, or in the place of tax, is no cut: depth leaves it as it is.
    """
    path = world.paths[int(p.settlement_path), i]
    last = path.shape[0] - 1
    now, before = path[min(year, last)], path[min(year, last + 1) - 1]
    moved = transfer(world, p, year, i, state.DUTY) + transfer(world, p, year, i, state.REBATE)
    return 1.0 + p.settlement_depth * (now / before - 1.0 - moved) + moved


@compiled
def transfer(world, p, year, i, kind):
    """Return what comes to council i with a duty or for lost tax, as a share of its settlement."""
    path = world.paths[int(p.settlement_path), i]
    if year < 1 or year >= path.shape[0]:
        return 0.0
    if kind == state.DUTY and int(p.settlement_path) != state.AS_IT_WAS:
        return 0.0
    return world.transfers[kind, i, year] / path[year - 1]


@compiled
def cost_growth(world, p, year):
    """Return by what share costs rise into `year`: pay and prices, and what is put on top."""
    return world.prices[min(year, world.prices.shape[0] - 1)] + p.costs_growth


@compiled
def tax_rise(world, p, t, luck, i):
    """Return the rise in Band D that council i takes this April, as a share."""
    councils, limits = world.councils, world.limits
    year = min(t // state.QUARTERS, limits.shape[0] - 1)
    limit = limits[year, state.RISE]
    if p.tax_limits == state.LIMIT_NONE:
        limit = p.tax_open_limit
    elif p.tax_limits == state.LIMIT_FIXED:
        limit = p.tax_fixed_limit
    elif councils[i].tier == state.DISTRICT:
        if councils[i].band_d <= limits[year, state.CEILING]:
            limit = max(limit, limits[year, state.POUNDS] / councils[i].band_d)
    else:
        limit += limits[year, state.CARE]
    who = councils[i].lineage
    freezes = limits[year, state.FROZE] * p.tax_freeze
    froze = noise.uniform(luck, noise.FREEZE, t, 0, who, who) < freezes
    return 0.0 if froze else limit * p.tax_appetite


@compiled
def level_tax(councils, i):
    """A council made of several gives up a step of Band D towards the lowest of theirs."""
    if councils[i].levels > 0:
        step = councils[i].levelling / councils[i].levels
        councils[i].band_d -= step
        councils[i].levelling -= step
        councils[i].levels -= 1


@compiled
def tax_yield(world, t, i):
    """Return council i's council tax, million pounds a year."""
    return tax_base(world, t, i) * world.councils[i].band_d / state.MILLION


@compiled
def tax_base(world, t, i):
    """Return on how many homes of Band D council i's tax is paid."""
    bases = world.bases
    return bases[i, min(t // state.QUARTERS, bases.shape[1] - 1)]


@compiled
def reckon(world, p, t, i):
    """Reckon council i's income, gap, and the gap it expects at the horizon."""
    councils = world.councils
    grant = councils[i].settlement * (1.0 + p.settlement_shock)
    tax = tax_yield(world, t, i)
    councils[i].income = grant + tax
    councils[i].gap = councils[i].cost - councils[i].saving - councils[i].income
    cost = councils[i].cost
    for k in range(int(p.costs_horizon)):
        year = t // state.QUARTERS + k + 1
        duty = transfer(world, p, year, i, state.DUTY)
        rebate = transfer(world, p, year, i, state.REBATE)
        step = path_growth(world, p, year, i) - 1.0 - duty - rebate
        seen = p.costs_foresight * (1.0 if told(world, p, t, year) else 1.0 - p.costs_announced)
        cost = cost * (1.0 + cost_growth(world, p, year)) + grant * duty
        grant *= max(p.settlement_least_growth, 1.0 + seen * step + duty)
    later = cost - councils[i].saving - (grant + tax)
    later += p.costs_aside_counts * put_aside(councils, p, i) * max(councils[i].income, 0.0)
    councils[i].expected_gap = later
    councils[i].need = max(later, 0.0) / max(councils[i].income, 1.0 / state.MILLION)


@compiled
def told(world, p, t, year):
    """Return True where it is known what a year brings; a path other than history always is."""
    ahead = year < world.announced.shape[0] and t < world.announced[year]
    return not (ahead and int(p.settlement_path) == state.AS_IT_WAS)


@compiled
def balance(councils, p, i):
    """Each April close part of the gap by own cuts, or spend part of a surplus."""
    income = max(councils[i].income, 0.0)
    thin = p.costs_reserves_floor * income - councils[i].reserves > p.costs_tolerance
    aim = councils[i].gap + put_aside(councils, p, i) * income
    pace = 1.0 if thin else p.costs_cut_pace
    if aim > 0.0:
        change = -min(pace * aim, p.costs_largest_cut * councils[i].cost)
    else:
        change = -p.costs_restore * aim
    councils[i].cost += change


@compiled
def put_aside(councils, p, i):
    """Return the share of its income that council i plans to put into reserves."""
    if councils[i].tier == state.DISTRICT:
        return p.costs_put_aside
    return p.costs_put_aside_upper


@compiled
def close_books(world, p, t):
    """Pay the quarter's bills out of the quarter's income; the rest moves the reserves."""
    councils = world.councils
    for i in range(councils.shape[0]):
        if councils[i].alive == 0:
            continue
        flows = councils[i].flows
        flows[state.INCOME] = councils[i].income / state.QUARTERS
        flows[state.TRUE_SAVING] = councils[i].saving / state.QUARTERS
        flows[state.SPENDING] = (councils[i].cost - councils[i].saving) / state.QUARTERS
        flows[state.TAX_PAID] = tax_yield(world, t, i) / state.QUARTERS - flows[state.TAX_SUPPORT]
        councils[i].reserves += surplus(flows)
        for k in range(state.FLOWS):
            councils[i].totals[k] += flows[k]
        watch(world, p, t, i)


@compiled
def surplus(flows):
    """Return what a quarter adds to the reserves, million pounds."""
    out = flows[state.SPENDING] + flows[state.STUDIES] + flows[state.SETUP]
    out = out + flows[state.COORDINATION] + flows[state.EXITS]
    paid = flows[state.GRANTS] + flows[state.SUPPORT]
    return flows[state.INCOME] + paid + flows[state.TRANSFERS] - out


@compiled
def costs_of(flows):
    """Return what studies, setting up, coordination and leaving cost together, million pounds."""
    cost = flows[state.STUDIES] + flows[state.SETUP]
    return cost + flows[state.COORDINATION] + flows[state.EXITS]


@compiled
def watch(world, p, t, i):
    """Section 114: reserves are gone and the budget does not balance."""
    councils, counts = world.councils, world.tally[0].counts
    gone = councils[i].reserves < -p.costs_tolerance
    broke = gone and councils[i].gap > p.costs_tolerance
    if broke and councils[i].distress == 0:
        counts[state.DISTRESSED] += 1
        if councils[i].tier == state.DISTRICT:
            world.tally[0].history[state.DISTRICTS_DISTRESSED] += 1.0
        who = councils[i].identity
        share = councils[i].gap / max(councils[i].income, 1.0 / state.MILLION)
        why.note_council(world, t, why.IN_DISTRESS, who, councils[i].reserves, share)
    councils[i].distress = 1 if gone and (broke or councils[i].distress) else 0


@compiled
def spend(councils, i, what, amount):
    """Book an outgoing of council i this quarter, million pounds."""
    councils[i].flows[what] += amount


@compiled
def pounds(amount):
    """Return an amount in million pounds as whole pounds, the nearest."""
    return math.floor(amount * state.MILLION + HALF)


@compiled
def pay_grant(world, d, pot, amount):
    """Share a grant from a pot among the members of deal d, in whole pounds; return it.

    What cannot be shared alike goes to the first members, a pound each.
    """
    councils, deals, tally = world.councils, world.deals, world.tally[0]
    paid = max(min(amount, tally.pots[pot]), 0)
    tally.pots[pot] -= paid
    tally.paid_out[pot] += paid
    each = paid // deals[d].members
    for k in range(deals[d].members):
        part = each + 1 if k < paid - each * deals[d].members else each
        councils[deals[d].member[k]].flows[state.GRANTS] += part / state.MILLION
    return paid
