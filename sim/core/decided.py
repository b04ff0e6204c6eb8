"""Decisions that a scenario takes for a council: yes, no, or away from the table.

They hold in one quarter, towards one other council, about one scope. A council weighs as ever, and
chance is drawn as ever; what it would have done itself stands in the event that it was overruled.
"""

from . import events as why, state, successors
from .compiled import compiled


@compiled
def towards(world, t, i, j, scope):
    """Return what is decided for council i towards j about a scope, NOBODY where it decides."""
    happenings, roll, found = world.happenings, world.roll, state.NOBODY
    for n in range(happenings.shape[0]):
        fact = happenings[n]
        if fact.quarter != t or fact.what < state.SAYS_NO or fact.scope != scope:
            continue
        if successors.living_row(roll, fact.council) != i:
            continue
        if successors.living_row(roll, fact.other) == j:
            found = fact.what
    return found


@compiled
def in_talks(world, t, d, k):
    """Return what is decided for member k of the talks d, NOBODY where it decides."""
    deals = world.deals
    if world.happenings.shape[0] == 0:
        return state.NOBODY
    for m in range(deals[d].members):
        if m == k:
            continue
        i, j = deals[d].member[k], deals[d].member[m]
        told = towards(world, t, i, j, deals[d].scope)
        if told != state.NOBODY:
            return told
    return state.NOBODY


@compiled
def agrees(told, own):
    """Return whether a council says yes, where `own` is what it would say itself."""
    return own if told == state.NOBODY else told == state.SAYS_YES


@compiled
def leaves(told, own):
    """Return whether a council walks out, where `own` is what it would do itself."""
    if told == state.WALKS_OUT:
        return True
    return own and told != state.SAYS_YES


@compiled
def note_overruled(world, t, i, j, deal, scope, told, score):
    """Keep the event that a council is made to do what it would not, and how it weighs it."""
    who, other = world.councils[i].identity, world.councils[j].identity
    said = told - state.SAYS_NO
    why.note(world, t, why.OVERRULED, who, other, deal, scope, state.NOBODY, score, said)


@compiled
def note_in_talks(world, t, d, k, told, score):
    """Keep the same of member k of the talks d."""
    deals = world.deals
    m = 1 if k == 0 else 0
    i, j = deals[d].member[k], deals[d].member[m]
    note_overruled(world, t, i, j, deals[d].number, deals[d].scope, told, score)
