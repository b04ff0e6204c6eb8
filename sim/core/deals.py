"""The book of deals: opening a row, taking members in and out, closing it."""

from . import events as why, state
from .compiled import compiled


@compiled
def open_deal(world, t, scope, key):
    """Return a fresh row at the first stage, NOBODY when there is no room (FULL is then set)."""
    deals, counts = world.deals, world.tally[0].counts
    if counts[state.LIVE] >= deals.shape[0]:
        counts[state.FULL] = 1
        return state.NOBODY
    d = world.free[deals.shape[0] - counts[state.LIVE] - 1]
    world.live[counts[state.LIVE]] = d
    counts[state.LIVE] += 1
    counts[state.DEALS] += 1
    wipe(deals, d)
    deals[d].number = counts[state.DEALS]
    deals[d].stage = state.STUDY
    deals[d].scope = scope
    deals[d].key = key
    deals[d].begun = t
    return d


@compiled
def wipe(deals, d):
    """Set a row to its blank state."""
    deals[d].members = 0
    deals[d].host = state.NOBODY
    deals[d].host_number = state.NOBODY
    deals[d].signed = state.LONG_AGO
    deals[d].paired = 0
    deals[d].started = state.LONG_AGO
    deals[d].factor = 1.0
    deals[d].report = 1.0
    deals[d].exit = 0
    deals[d].equal = 0
    deals[d].align = 0
    deals[d].grant = 0
    deals[d].public = 0
    deals[d].chief_left = state.LONG_AGO
    deals[d].noted = state.NOBODY
    for k in range(state.MEMBERS_MOST):
        deals[d].member[k] = state.NOBODY
        blank_member(deals, d, k)
    for k in range(state.PAIRS_MOST):
        deals[d].pair[k] = state.NOBODY


@compiled
def blank_member(deals, d, k):
    """Set the numbers of one place in a deal to those of a newcomer."""
    deals[d].estimate[k] = 1.0
    deals[d].score[k] = 0.0
    deals[d].promise[k] = 0.0
    deals[d].worth[k] = 0.0
    deals[d].now[k] = 0.0
    deals[d].upkeep[k] = 0.0
    deals[d].bill[k] = 0.0
    deals[d].paid[k] = 0.0
    deals[d].aid[k] = 0.0
    deals[d].going[k] = 0


@compiled
def add_member(deals, d, i):
    """Give council i the last place in deal d."""
    k = deals[d].members
    deals[d].member[k] = i
    blank_member(deals, d, k)
    deals[d].members = k + 1
    deals[d].noted = state.NOBODY


@compiled
def drop_member(deals, d, k):
    """Take member k out of deal d; the others keep their order."""
    last = deals[d].members - 1
    for m in range(k, last):
        deals[d].member[m] = deals[d].member[m + 1]
        deals[d].estimate[m] = deals[d].estimate[m + 1]
        deals[d].score[m] = deals[d].score[m + 1]
        deals[d].promise[m] = deals[d].promise[m + 1]
        deals[d].worth[m] = deals[d].worth[m + 1]
        deals[d].now[m] = deals[d].now[m + 1]
        deals[d].upkeep[m] = deals[d].upkeep[m + 1]
        deals[d].bill[m] = deals[d].bill[m + 1]
        deals[d].paid[m] = deals[d].paid[m + 1]
        deals[d].aid[m] = deals[d].aid[m + 1]
        deals[d].going[m] = deals[d].going[m + 1]
    deals[d].member[last] = state.NOBODY
    blank_member(deals, d, last)
    deals[d].members = last
    deals[d].noted = state.NOBODY


@compiled
def place_of(deals, d, i):
    """Return the place of council i in deal d, NOBODY when it is not in it."""
    for k in range(deals[d].members):
        if deals[d].member[k] == i:
            return k
    return state.NOBODY


@compiled
def start_talking(councils, i, d):
    """Note in council i's diary that it talks about deal d."""
    for slot in range(state.TALKS_MOST):
        if councils[i].talks[slot] == state.NOBODY:
            councils[i].talks[slot] = d
            return


@compiled
def stop_talking(councils, i, d):
    """Strike deal d from council i's diary."""
    for slot in range(state.TALKS_MOST):
        if councils[i].talks[slot] == d:
            councils[i].talks[slot] = state.NOBODY


@compiled
def in_talks_about(world, i, scope):
    """Return True when council i already talks about exactly this scope."""
    councils, deals = world.councils, world.deals
    for slot in range(state.TALKS_MOST):
        d = councils[i].talks[slot]
        if d != state.NOBODY and deals[d].scope == scope:
            return True
    return False


@compiled
def already_talking(world, i, j, scope):
    """Return True when councils i and j talk with each other about this scope, or as deep."""
    councils, deals = world.councils, world.deals
    for slot in range(state.TALKS_MOST):
        d = councils[i].talks[slot]
        if d == state.NOBODY or place_of(deals, d, j) == state.NOBODY:
            continue
        if deals[d].scope == scope or min(deals[d].scope, scope) >= state.SERVICES:
            return True
    return False


@compiled
def is_talk(deals, d):
    """Return True while deal d is under negotiation."""
    return state.EMPTY < deals[d].stage < state.TRANSITION


@compiled
def forget(world, d):
    """Take deal d off every member's books and mark its row as empty; `sweep` frees it."""
    councils, deals = world.councils, world.deals
    for k in range(deals[d].members):
        i = deals[d].member[k]
        if is_talk(deals, d):
            stop_talking(councils, i, d)
        elif councils[i].agreement[deals[d].scope] == d:
            councils[i].agreement[deals[d].scope] = state.NOBODY
    deals[d].stage = state.EMPTY
    deals[d].members = 0


@compiled
def sweep(world):
    """Give back the rows of the deals that ended; the others keep their order."""
    deals, counts = world.deals, world.tally[0].counts
    rows = deals.shape[0]
    kept = 0
    for n in range(counts[state.LIVE]):
        d = world.live[n]
        if deals[d].stage == state.EMPTY:
            world.free[rows - counts[state.LIVE] + n - kept] = d
        else:
            world.live[kept] = d
            kept += 1
    counts[state.LIVE] = kept


@compiled
def note_deal(world, t, kind, d, reason, value, more):
    """Keep an event of deal d in the names of its first two members."""
    councils, deals = world.councils, world.deals
    one = councils[deals[d].member[0]].identity
    two = councils[deals[d].member[1]].identity if deals[d].members > 1 else state.NOBODY
    why.note(world, t, kind, one, two, deals[d].number, deals[d].scope, reason, value, more)


@compiled
def note_member(world, t, kind, d, k, reason, value, more, terms):
    """Keep an event of member k of deal d, with its contributions; the other is whoever leads."""
    councils, deals = world.councils, world.deals
    i = councils[deals[d].member[k]].identity
    lead = state.NOBODY
    if deals[d].members > 1:
        lead = councils[deals[d].member[0 if k > 0 else 1]].identity
    number, scope = deals[d].number, deals[d].scope
    why.note_why(world, t, kind, i, lead, number, scope, reason, value, more, terms)
