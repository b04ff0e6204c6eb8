"""What is measured at the end of each quarter. A measure's place in the record is its name."""

from .compiled import compiled
from .deals import is_talk
from .events import REASONS
from .network import (
    ADJACENT,
    ALIKE_CULTURE,
    ALIKE_PARTY,
    ALIKE_SIZE,
    ALIKE_TAX,
    CLUSTERING,
    COUNTY,
    DEGREE,
    GROUPS,
    KM,
    LARGEST,
    TRUST,
    measure_network,
)  # fmt: skip
from .ranking import rank
from .state import (
    AGREEMENTS_ENDED,
    CHANGED,
    CHIEF_EXECUTIVE,
    COORDINATION,
    DISTRESSED,
    EXITS,
    GRANTS,
    LIVE,
    MANAGEMENT,
    MERGER,
    MERGERS,
    NOBODY,
    QUARTERS,
    RUNNING,
    SCOPES,
    SERVICES,
    SETUP,
    SIGNED,
    STUDIES,
    TALKS_BEGUN,
    TALKS_FAILED,
    TALKS_MOST,
    TRANSITION,
    TRUE_SAVING,
)  # fmt: skip


@compiled
def observe(world, p, t, row):
    """Fill the record of the quarter."""
    counts = world.tally[0].counts
    measure_deals(world, p, t, row)
    measure_money(world, row)
    measure_councils(world, row)
    if counts[CHANGED] == 1:
        measure_network(world)
        counts[CHANGED] = 0
    copy_network(world.tally[0].network, row)
    row.talks_begun = counts[TALKS_BEGUN]
    row.talks_failed = counts[TALKS_FAILED]
    row.formed = counts[SIGNED]
    row.ended = counts[AGREEMENTS_ENDED]
    row.mergers = counts[MERGERS]
    row.distressed = counts[DISTRESSED]
    for k in range(REASONS):
        row.failed[k] = world.tally[0].failed[k]
        row.ended_by[k] = world.tally[0].ended[k]


@compiled
def measure_deals(world, p, t, row):
    """Count deals by stage and scope, and add up what they promise and report."""
    deals = world.deals
    for k in range(SCOPES - 1):
        row.active[k] = 0.0
    row.talks, row.deep_talks, row.setting_up, members = 0.0, 0.0, 0.0, 0.0
    row.promised, row.reported = 0.0, 0.0
    for n in range(world.tally[0].counts[LIVE]):
        d = world.live[n]
        if is_talk(deals, d):
            row.talks += 1.0
            row.deep_talks += 1.0 if deals[d].scope >= SERVICES else 0.0
        elif deals[d].stage == TRANSITION:
            row.setting_up += 1.0
        elif deals[d].stage == RUNNING:
            row.active[deals[d].scope] += 1.0
            members += deals[d].members
            add_claims(deals, p, t, d, row)
    row.services = 0.0
    for k in range(SERVICES):
        row.services += row.active[k]
    row.managements = row.active[CHIEF_EXECUTIVE] + row.active[MANAGEMENT]
    row.agreements = row.services + row.managements
    row.members = members / max(row.agreements, 1.0)


@compiled
def add_claims(deals, p, t, d, row):
    """Add what a running deal promises, and what its members report by now."""
    ramp = min((t - deals[d].started) / p.scope_ramp[deals[d].scope], 1.0)
    for k in range(deals[d].members):
        row.promised += deals[d].promise[k]
        row.reported += deals[d].promise[k] * deals[d].report * ramp


@compiled
def measure_money(world, row):
    """Add up budgets, gaps and reserves, and every flow since the start."""
    councils = world.councils
    row.budget, row.gap, row.expected_gap, row.reserves = 0.0, 0.0, 0.0, 0.0
    row.true_saving, row.true_total, row.in_distress = 0.0, 0.0, 0.0
    row.study_cost, row.setup_cost, row.coordination_cost = 0.0, 0.0, 0.0
    row.exit_cost, row.grants = 0.0, 0.0
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
        row.true_total += totals[TRUE_SAVING]
        row.study_cost += totals[STUDIES]
        row.setup_cost += totals[SETUP]
        row.coordination_cost += totals[COORDINATION]
        row.exit_cost += totals[EXITS]
        row.grants += totals[GRANTS]
    costs = row.study_cost + row.setup_cost + row.coordination_cost + row.exit_cost
    row.net_saving = row.true_total + row.grants - costs
    world.tally[0].claimed += row.reported / QUARTERS
    row.reported_total = world.tally[0].claimed


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
        for scope in range(SCOPES):
            if councils[i].agreement[scope] != NOBODY:
                any_deal = True
                deep_deal = deep_deal or (SERVICES <= scope < MERGER)
        sharing += 1.0 if any_deal else 0.0
        married += 1.0 if deep_deal else 0.0
        talking += 1.0 if talks_deep(world, i) else 0.0
        contact += councils[i].local_contact
        quality += councils[i].quality
    row.councils, row.sharing, row.sharing_management = alive, sharing, married
    row.talking_management = talking
    row.local_contact, row.quality = contact / alive, quality / alive
    row.winners = gini(world, alive)


@compiled
def talks_deep(world, i):
    """Return True when council i talks about management or merger."""
    councils, deals = world.councils, world.deals
    for slot in range(TALKS_MOST):
        d = councils[i].talks[slot]
        if d != NOBODY and deals[d].scope >= SERVICES:
            return True
    return False


@compiled
def gini(world, alive):
    """Return the Gini coefficient of positive net savings a head; 0 when nobody gains."""
    councils, options, n = world.councils, world.options, 0
    for i in range(councils.shape[0]):
        if councils[i].alive == 1:
            flows = councils[i].totals
            cost = flows[STUDIES] + flows[SETUP] + flows[COORDINATION] + flows[EXITS]
            net = flows[TRUE_SAVING] + flows[GRANTS] - cost
            options[n] = max(net, 0.0) / councils[i].population
            n += 1
    rank(options, world.root, world.first, n)
    total, ranked = 0.0, 0.0
    for k in range(n):
        value = options[world.root[k]]
        total += value
        ranked += (k + 1) * value
    if total <= 0.0:
        return 0.0
    return 2.0 * ranked / (alive * total) - (alive + 1.0) / alive


@compiled
def copy_network(network, row):
    """Copy the last network measures into the record."""
    row.degree = network[DEGREE]
    row.components = network[GROUPS]
    row.largest = network[LARGEST]
    row.clustering = network[CLUSTERING]
    row.alike_size = network[ALIKE_SIZE]
    row.alike_tax = network[ALIKE_TAX]
    row.alike_culture = network[ALIKE_CULTURE]
    row.alike_party = network[ALIKE_PARTY]
    row.partner_km = network[KM]
    row.partner_adjacent = network[ADJACENT]
    row.partner_county = network[COUNTY]
    row.trust = network[TRUST]
