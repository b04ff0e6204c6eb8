"""What is measured at the end of each quarter. A measure's place in the record is its name."""

from . import (
    deals as book,
    events as why,
    money,
    network as links,
    offers,
    promises,
    ranking,
    state,
)
from .compiled import compiled
from .curves import rounded
from .history import observe_history


@compiled
def observe(world, p, t, row):
    """Fill the record of the quarter; what takes long only from the quarter that is asked for."""
    counts = world.tally[0].counts
    asked = t >= counts[state.ASKED]
    measure_deals(world, p, t, row)
    measure_money(world, row)
    measure_grants(world, p, row)
    measure_councils(world, row)
    links.watch_network(world, asked)
    if asked:
        row.winners = gini(world, p, row.councils)
        copy_network(world.tally[0].network, row)
    row.talks_begun = counts[state.TALKS_BEGUN]
    row.talks_failed = counts[state.TALKS_FAILED]
    row.formed = counts[state.SIGNED]
    row.ended = counts[state.AGREEMENTS_ENDED]
    row.mergers = counts[state.MERGERS]
    row.distressed = counts[state.DISTRESSED]
    observe_history(world, row)
    for k in range(why.REASONS):
        row.failed[k] = world.tally[0].failed[k]
        row.ended_by[k] = world.tally[0].ended[k]


@compiled
def measure_deals(world, p, t, row):
    """Count deals by stage and scope, and add up what they promise and report."""
    deals = world.deals
    for k in range(state.SCOPES - 1):
        row.active[k] = 0.0
    row.talks, row.deep_talks, row.setting_up, members = 0.0, 0.0, 0.0, 0.0
    row.promised, row.reported = 0.0, 0.0
    for n in range(world.tally[0].counts[state.LIVE]):
        d = world.live[n]
        if book.is_talk(deals, d):
            row.talks += 1.0
            row.deep_talks += 1.0 if deals[d].scope >= state.SERVICES else 0.0
        elif deals[d].stage == state.TRANSITION:
            row.setting_up += 1.0
        elif deals[d].stage == state.RUNNING:
            row.active[deals[d].scope] += 1.0
            members += deals[d].members
            add_claims(deals, p, t, d, row)
    row.services = 0.0
    for k in range(state.SERVICES):
        row.services += row.active[k]
    row.managements = row.active[state.CHIEF_EXECUTIVE] + row.active[state.MANAGEMENT]
    row.agreements = row.services + row.managements
    row.members = members / max(row.agreements, 1.0)


@compiled
def add_claims(deals, p, t, d, row):
    """Add what a running deal promises, and what its members report by now."""
    for k in range(deals[d].members):
        row.promised += deals[d].promise[k]
        row.reported += promises.reported(deals, p, t, d, k)


@compiled
def measure_money(world, row):
    """Add up budgets, gaps and reserves, and every flow since the start."""
    councils = world.councils
    row.budget, row.gap, row.expected_gap, row.reserves = 0.0, 0.0, 0.0, 0.0
    row.true_saving, row.true_total, row.in_distress = 0.0, 0.0, 0.0
    row.study_cost, row.setup_cost, row.coordination_cost = 0.0, 0.0, 0.0
    row.exit_cost, row.grants, row.support, row.tax_support, row.tax_paid = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(councils.shape[0]):
        if councils[i].alive == 0:
            continue
        row.budget += councils[i].income
        row.gap += max(councils[i].gap, 0.0)
        row.expected_gap += max(councils[i].expected_gap, 0.0)
        row.reserves += councils[i].reserves
        row.true_saving += councils[i].saving
        row.in_distress += councils[i].distress
        totals = councils[i].totals
        row.true_total += totals[state.TRUE_SAVING]
        row.study_cost += totals[state.STUDIES]
        row.setup_cost += totals[state.SETUP]
        row.coordination_cost += totals[state.COORDINATION]
        row.exit_cost += totals[state.EXITS]
        row.grants += totals[state.GRANTS]
        row.support += totals[state.SUPPORT] + totals[state.TAX_SUPPORT]
        row.tax_support += totals[state.TAX_SUPPORT]
        row.tax_paid += totals[state.TAX_PAID]
    world.tally[0].claimed += row.reported / state.QUARTERS
    row.reported_total = world.tally[0].claimed
    measure_gain(world.tally[0], row)


@compiled
def measure_gain(tally, row):
    """Set against each other what is saved and what it cost: to councils, and to the public."""
    costs = row.study_cost + row.setup_cost + row.coordination_cost + row.exit_cost
    received = row.grants + row.support - row.tax_support
    row.net_saving = row.true_total + received - costs
    row.government_services = tally.services
    row.government_spending = row.grants + row.support + tally.services
    row.public_net = row.true_total - costs - tally.services
    row.public_value = tally.value


@compiled
def measure_grants(world, p, row):
    """Tell grants by what they were for, how many deals got any, and how often a pot ran dry."""
    tally = world.tally[0]
    if offers.run_dry(tally.pots, p):
        tally.counts[state.POT_EMPTY] += 1
    row.study_grants = tally.paid_out[state.STUDIES_POT] / state.MILLION
    row.setup_grants = tally.paid_out[state.SETUP_POT] / state.MILLION
    row.granted = tally.counts[state.GRANTED]
    row.pot_empty = tally.counts[state.POT_EMPTY]


@compiled
def measure_councils(world, row):
    """Count the councils that share and talk, and average contact and quality."""
    councils = world.councils
    alive, sharing, married, talking, contact, quality = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(councils.shape[0]):
        if councils[i].alive == 0:
            continue
        alive += 1.0
        any_deal, deep_deal = False, False
        for scope in range(state.SCOPES):
            if councils[i].agreement[scope] != state.NOBODY:
                any_deal = True
                deep_deal = deep_deal or (state.SERVICES <= scope < state.MERGER)
        sharing += 1.0 if any_deal else 0.0
        married += 1.0 if deep_deal else 0.0
        talking += 1.0 if talks_deep(world, i) else 0.0
        contact += councils[i].local_contact
        quality += councils[i].quality
    row.councils, row.sharing, row.sharing_management = alive, sharing, married
    row.talking_management = talking
    row.local_contact, row.quality = contact / alive, quality / alive


@compiled
def talks_deep(world, i):
    """Return True when council i talks about management or merger."""
    councils, deals = world.councils, world.deals
    for slot in range(state.TALKS_MOST):
        d = councils[i].talks[slot]
        if d != state.NOBODY and deals[d].scope >= state.SERVICES:
            return True
    return False


@compiled
def gini(world, p, alive):
    """Return the Gini coefficient of positive net savings a head; 0 when nobody gains."""
    councils, options, n = world.councils, world.options, 0  # those that gain
    for i in range(councils.shape[0]):
        if councils[i].alive == 1:
            flows = councils[i].totals
            received = flows[state.GRANTS] + flows[state.SUPPORT]
            net = flows[state.TRUE_SAVING] + received - money.costs_of(flows)
            if net > p.costs_tolerance:  # no remainder of sums is a gain
                options[n] = net / councils[i].population
                n += 1
    ranking.rank(options, world.root, world.first, n)
    total, ranked = 0.0, 0.0
    for k in range(n):
        value = options[world.root[k]]
        total += value
        ranked += (alive - n + k + 1.0) * value
    if total <= 0.0:
        return 0.0
    return rounded(2.0 * ranked / (alive * total) - (alive + 1.0) / alive)


@compiled
def copy_network(network, row):
    """Copy the last network measures into the record."""
    row.degree = network[links.DEGREE]
    row.components = network[links.GROUPS]
    row.largest = network[links.LARGEST]
    row.clustering = network[links.CLUSTERING]
    row.alike_size = network[links.ALIKE_SIZE]
    row.alike_tax = network[links.ALIKE_TAX]
    row.alike_culture = network[links.ALIKE_CULTURE]
    row.alike_party = network[links.ALIKE_PARTY]
    row.partner_km = network[links.PARTNER_KM]
    row.partner_adjacent = network[links.PARTNER_ADJACENT]
    row.partner_county = network[links.PARTNER_COUNTY]
    row.trust = network[links.PARTNER_TRUST]
