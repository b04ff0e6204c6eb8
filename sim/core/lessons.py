"""What a council learns from a failure: trust, equal partnership, aligned tax, an exit strategy."""

from . import events as why, state
from .compiled import compiled
from .curves import exp


@compiled
def lesson_of(reason, ended):
    """Return the lesson a failure is most about; an ended agreement teaches to plan the exit."""
    if reason == why.CULTURE_AND_TRUST:
        return state.LESSON_TRUST
    if reason == why.OWN_PRIORITIES:
        return state.LESSON_EQUAL
    if reason == why.TAX:
        return state.LESSON_ALIGN
    return state.LESSON_EXIT if ended else state.LESSON_TRUST


@compiled
def learn(world, p, t, i, d, reason, ended):
    """Council i learns from a failed deal, the deeper the more; a little whoever borders on it."""
    councils, deals = world.councils, world.deals
    central = lesson_of(reason, ended)
    spread = max(p.lessons_spread, p.support_published_lessons)
    gain, level = p.lessons_gain * p.scope_depth[deals[d].scope], 0.0
    for lesson in range(state.LESSONS):
        share = gain * (1.0 if lesson == central else p.lessons_focus)
        councils[i].taught[lesson] += share
        level += councils[i].lessons[lesson] + share * (1.0 - councils[i].lessons[lesson])
    for k in range(world.councils[i].degree):
        if world.pairs[world.near[i, k]].adjacent == 1:
            taught = councils[world.across[i, k]].taught
            for lesson in range(state.LESSONS):
                share = gain * (1.0 if lesson == central else p.lessons_focus)
                taught[lesson] += spread * share
    who, other = councils[i].identity, state.NOBODY
    number, scope, mean = deals[d].number, deals[d].scope, level / state.LESSONS
    why.note(world, t, why.LEARNS, who, other, number, scope, reason, mean, 0.0)


@compiled
def publish(world, p):
    """One failure is written up at government's cost, for others to learn from."""
    world.tally[0].served += p.support_published_lessons * p.support_publishing_cost


@compiled
def take_in(world, p):
    """At the end of a quarter take in what was taught, and forget a little."""
    councils = world.councils
    kept = exp(-p.lessons_fade / state.QUARTERS)
    for i in range(councils.shape[0]):
        for lesson in range(state.LESSONS):
            share = min(councils[i].taught[lesson], 1.0)
            now = councils[i].lessons[lesson] * kept
            councils[i].lessons[lesson] = now + share * (1.0 - now)
            councils[i].taught[lesson] = 0.0
