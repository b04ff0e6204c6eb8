"""What a deal promises a council and reports, and what study and setting up should cost."""

from . import state
from .compiled import compiled
from .curves import exp, ln


@compiled
def saving_base(councils, p, i, scope):
    """Return the cost that a saving of this scope is reckoned on, million pounds a year.

    The catalogue is a district's; of a larger council's budget only a part is of that kind.
    """
    part = 1.0 if councils[i].tier == state.DISTRICT else p.agreements_corporate
    return p.scope_budget_share[scope] * part * max(councils[i].cost, 0.0)


@compiled
def has_own_team(councils, i, scope):
    """Return True where this scope is a merger and council i has a senior team that goes with it.

    What is said of a merger is what it saves beyond sharing; who shares no management saves that
    too, and who shares a chief executive has saved that part already.
    """
    return scope == state.MERGER and councils[i].agreement[state.MANAGEMENT] == state.NOBODY


@compiled
def typical_promise(councils, p, i, scope):
    """Return what a typical business case promises council i, million pounds a year."""
    promise = p.scope_promised[scope] * saving_base(councils, p, i, scope)
    if has_own_team(councils, i, scope):
        team, chief = state.MANAGEMENT, state.CHIEF_EXECUTIVE
        promise += p.scope_promised[team] * saving_base(councils, p, i, team)
        if councils[i].agreement[chief] != state.NOBODY:
            promise -= p.scope_promised[chief] * saving_base(councils, p, i, chief)
    return max(promise, 0.0)


@compiled
def ramp_of(deals, p, t, d):
    """Return which part of its full saving deal d brings by quarter t."""
    return min((t - deals[d].started) / p.scope_ramp[deals[d].scope], 1.0)


@compiled
def reported(deals, p, t, d, k):
    """Return what member k of deal d says by now that it saves, million pounds a year."""
    return deals[d].promise[k] * deals[d].report * ramp_of(deals, p, t, d)


@compiled
def setup_bill(councils, p, i, scope, factor):
    """Return the planned set-up cost of council i, million pounds."""
    return p.scope_setup_ratio[scope] * typical_promise(councils, p, i, scope) * factor


@compiled
def study_cost(councils, p, i, scope):
    """Return what a quarter of studying a scope costs council i, million pounds.

    A larger service takes longer to study, but not in proportion.
    """
    size = saving_base(councils, p, i, scope) / p.talks_study_reference
    return p.talks_study_cost * exp(p.talks_study_elasticity * ln(size))


@compiled
def study_quarters(p, scope):
    """Return how many quarters talks can be expected to cost: those of study and business case."""
    pace = p.talks_pace if scope >= state.SERVICES else p.talks_pace_service
    return 2.0 / max(pace, 2.0 / p.talks_longest)
