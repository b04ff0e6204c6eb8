"""What history counted of England, counted here alike: how deep talks end, who shares with whom."""

from . import between, state
from .compiled import compiled


@compiled
def is_joint(scope):
    """Return True for a scope in which the members have one chief executive."""
    return state.SERVICES <= scope < state.MERGER


@compiled
def count_begun(world, scope):
    """Count deep talks that begin."""
    if scope >= state.SERVICES:
        world.tally[0].history[state.DEEP_BEGUN] += 1.0


@compiled
def count_failed(world, scope, reason):
    """Count deep talks that fail, by reason."""
    if scope >= state.SERVICES:
        world.tally[0].history[state.DEEP_FAILED] += 1.0
        if reason != state.NOBODY:
            world.tally[0].lost[reason] += 1.0


@compiled
def count_broken(world, scope, reason):
    """Count a shared management that breaks up, by reason."""
    if is_joint(scope):
        world.tally[0].history[state.MANAGEMENTS_BROKEN] += 1.0
        world.tally[0].lost[reason] += 1.0


@compiled
def count_signed(world, d):
    """Count deep talks that end in a signature, and what the shared management looks like.

    Asked before a joint chief executive is replaced: one that grows into a joint management was
    counted when it was signed, and is counted on, if it was a pair, for as long as it is one.
    """
    deals, councils, history = world.deals, world.councils, world.tally[0].history
    if deals[d].scope < state.SERVICES:
        return
    history[state.DEEP_SIGNED] += 1.0
    if not is_joint(deals[d].scope):
        return
    one, two = deals[d].member[0], deals[d].member[1]
    pair = 1 if deals[d].members <= 2 else 0
    before = councils[one].agreement[state.CHIEF_EXECUTIVE]
    if before != state.NOBODY and before == councils[two].agreement[state.CHIEF_EXECUTIVE]:
        deals[d].paired = deals[before].paired * pair
        history[state.SIGNED_BY_TWO] += deals[d].paired - deals[before].paired
        return
    e = between.pair_of(world, one, two)
    history[state.MANAGEMENTS_SIGNED] += 1.0
    deals[d].paired = pair
    history[state.SIGNED_BY_TWO] += pair
    history[state.SIGNED_ADJACENT] += 0.0 if e == state.NOBODY else world.pairs[e].adjacent
    history[state.SIGNED_IN_COUNTY] += 1.0 if councils[one].county == councils[two].county else 0.0


@compiled
def count_joined(world, d):
    """Count deep talks that end in joining deal d; a pair signed in the run is one no more."""
    deals, history = world.deals, world.tally[0].history
    if deals[d].scope < state.SERVICES:
        return
    history[state.DEEP_SIGNED] += 1.0
    if deals[d].members > 2:
        history[state.SIGNED_BY_TWO] -= deals[d].paired
        deals[d].paired = 0


@compiled
def observe_history(world, row):
    """Fill what is held against history, beside what other measures tell."""
    tally, councils = world.tally[0], world.councils
    history = tally.history
    history[state.MANAGEMENT_YEARS] += row.managements / state.QUARTERS
    row.deep_begun = history[state.DEEP_BEGUN]
    row.deep_failed = history[state.DEEP_FAILED]
    row.deep_signed = history[state.DEEP_SIGNED]
    row.managements_signed = history[state.MANAGEMENTS_SIGNED]
    row.signed_by_two = history[state.SIGNED_BY_TWO]
    row.signed_adjacent = history[state.SIGNED_ADJACENT]
    row.signed_in_county = history[state.SIGNED_IN_COUNTY]
    row.managements_broken = history[state.MANAGEMENTS_BROKEN]
    row.management_years = history[state.MANAGEMENT_YEARS]
    row.districts_distressed = history[state.DISTRICTS_DISTRESSED]
    row.districts, row.district_reserves = 0.0, 0.0
    for i in range(councils.shape[0]):
        if councils[i].alive == 1 and councils[i].tier == state.DISTRICT:
            row.districts += 1.0
            row.district_reserves += councils[i].reserves
    row.with_districts, row.among_districts = 0.0, 0.0
    for n in range(tally.counts[state.LIVE]):
        count_districts(world, world.live[n], row)
    for k in range(tally.lost.shape[0]):
        row.lost[k] = tally.lost[k]


@compiled
def count_districts(world, d, row):
    """Count deal d, if it runs, by whether districts share in it, and whether they are alone."""
    deals = world.deals
    if deals[d].stage != state.RUNNING or deals[d].scope == state.MERGER:
        return
    districts = 0
    for k in range(deals[d].members):
        districts += 1 if world.councils[deals[d].member[k]].tier == state.DISTRICT else 0
    row.with_districts += 1.0 if districts > 0 else 0.0
    row.among_districts += 1.0 if districts == deals[d].members else 0.0
