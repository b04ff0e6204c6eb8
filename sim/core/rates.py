"""Rates that are the same for everybody: their logarithms, taken once a quarter."""

from . import state
from .compiled import compiled
from .curves import ln


@compiled
def take_rates(world, p):
    """Take the logarithms of the rates in force, of looking and of leaving."""
    logs = world.tally[0].logs
    logs[state.SEEK_MANAGEMENT] = ln(p.search_base_management)
    logs[state.SEEK_SERVICE] = ln(p.search_base_service)
    logs[state.SEEK_VACANT] = ln(p.search_vacancy)
    logs[state.SEEK_STRATEGY] = ln(p.search_strategy)
    logs[state.SEEK_MATCHED] = ln(1.0 + p.support_matchmaking * (p.search_introduced - 1.0))
    logs[state.SEEK_RESOLVED] = ln(p.search_resolve)
    logs[state.SEEK_DOORSTEP] = ln(p.search_doorstep)
    logs[state.SEEK_MERGER] = ln(p.search_merger)
    logs[state.END_SERVICE] = ln(p.endings_service)
    logs[state.END_YOUNG] = ln(p.endings_young)
    logs[state.END_SETTLED] = ln(p.endings_settled)
    logs[state.END_OLD] = ln(p.endings_old)
    logs[state.END_CONTROL] = ln(p.endings_new_control)
    logs[state.END_CHIEF] = ln(p.endings_chief_left)
    logs[state.END_TIER] = ln(p.endings_tier)
