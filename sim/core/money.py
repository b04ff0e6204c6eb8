"""Money: settlement, council tax, costs, own cuts, reserves, and the gap that a council expects.

In each quarter reserves change by income less spending, studies, set-up, coordination and exit
costs, plus grants, support and what a merger brings in. Nothing else touches them. What residents
pay, and what government pays to them, stands beside that in books of its own.
"""

from . import events as why, noise, state
from .compiled import compiled
from .curves import clip

A_POUND = 1e-6  # in million pounds: a smaller gap is none


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
    for i in range(councils.shape[0]):
        if councils[i].alive == 0:
            continue
        if t % state.QUARTERS == 0 and t > 0:
            councils[i].settlement *= settlement_growth(world, p, t // state.QUARTERS, luck, i)
            councils[i].band_d *= 1.0 + tax_rise(world, p, t, luck, i)
            councils[i].cost *= 1.0 + p.costs_growth
        reckon(world, p, t, i)
        if t % state.QUARTERS == 0 and t > 0:
            balance(councils, p, i)
            reckon(world, p, t, i)


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
    """Return the growth of council i's settlement into `year` on the path in force, 1 = none."""
    path = world.paths[int(p.settlement_path), i]
    last = path.shape[0] - 1
    now, before = path[min(year, last)], path[min(year, last + 1) - 1]
    return 1.0 + p.settlement_depth * (now / before - 1.0)


@compiled
def tax_rise(world, p, t, luck, i):
    """Return the rise in Band D that council i takes this April, as a share."""
    councils, limits = world.councils, world.limits
    year = min(t // state.QUARTERS, limits.shape[0] - 1)
    limit = limits[year, 0]
    if p.tax_limits == state.LIMIT_NONE:
        limit = p.tax_open_limit
    elif p.tax_limits == state.LIMIT_FIXED:
        limit = p.tax_fixed_limit
    elif councils[i].tier == state.DISTRICT:
        limit = max(limit, limits[year, 1] / councils[i].band_d)
    who = councils[i].lineage
    froze = noise.uniform(luck, noise.FREEZE, t, 0, who, who) < limits[year, 2] * p.tax_freeze
    return 0.0 if froze else limit * p.tax_appetite


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
    ahead, rise = 1.0, 1.0
    for k in range(int(p.costs_horizon)):
        rise *= 1.0 + p.costs_growth
        step = path_growth(world, p, t // state.QUARTERS + k + 1, i) - 1.0
        ahead *= max(p.settlement_least_growth, 1.0 + p.costs_foresight * step)
    later = councils[i].cost * rise - councils[i].saving - (grant * ahead + tax)
    councils[i].expected_gap = later
    councils[i].need = max(later, 0.0) / max(councils[i].income, 1.0 / state.MILLION)


@compiled
def balance(councils, p, i):
    """Each April close part of the gap by own cuts, or spend part of a surplus."""
    income = max(councils[i].income, 0.0)
    thin = councils[i].reserves < p.costs_reserves_floor * income
    aim = councils[i].gap + p.costs_put_aside * income
    pace = 1.0 if thin else p.costs_cut_pace
    if aim > 0.0:
        change = -min(pace * aim, p.costs_largest_cut * councils[i].cost)
    else:
        change = -p.costs_restore * aim
    councils[i].cost += change


@compiled
def close_books(world, t):
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
        watch(world, t, i)


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
def watch(world, t, i):
    """Section 114: reserves are gone and the budget does not balance."""
    councils, counts = world.councils, world.tally[0].counts
    broke = councils[i].reserves < 0.0 and councils[i].gap > A_POUND
    if broke and councils[i].distress == 0:
        counts[state.DISTRESSED] += 1
        who = councils[i].identity
        share = councils[i].gap / max(councils[i].income, 1.0 / state.MILLION)
        why.note_council(world, t, why.IN_DISTRESS, who, councils[i].reserves, share)
    councils[i].distress = (
        1 if councils[i].reserves < 0.0 and (broke or councils[i].distress) else 0
    )


@compiled
def spend(councils, i, what, amount):
    """Book an outgoing of council i this quarter, million pounds."""
    councils[i].flows[what] += amount


@compiled
def pay_grant(world, d, pot, amount):
    """Share a grant from a pot among the members of deal d; return what was paid."""
    councils, deals, pots = world.councils, world.deals, world.tally[0].pots
    paid = clip(amount, 0.0, pots[pot])
    pots[pot] -= paid
    for k in range(deals[d].members):
        councils[deals[d].member[k]].flows[state.GRANTS] += paid / deals[d].members
    return paid
