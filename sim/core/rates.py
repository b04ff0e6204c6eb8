"""Rates that are the same for everybody: their logarithms, taken once a quarter."""

from .compiled import compiled
from .curves import ln
from .state import (
    END_CHIEF,
    END_CONTROL,
    END_OLD,
    END_SERVICE,
    END_SETTLED,
    END_TIER,
    END_YOUNG,
    SEEK_DOORSTEP,
    SEEK_MANAGEMENT,
    SEEK_MATCHED,
    SEEK_MERGER,
    SEEK_RESOLVED,
    SEEK_SERVICE,
    SEEK_STRATEGY,
    SEEK_VACANT,
)  # fmt: skip


@compiled
def take_rates(world, p):
    """Take the logarithms of the rates in force, of looking and of leaving."""
    logs = world.tally[0].logs
    logs[SEEK_MANAGEMENT] = ln(p.search_base_management)
    logs[SEEK_SERVICE] = ln(p.search_base_service)
    logs[SEEK_VACANT] = ln(p.search_vacancy)
    logs[SEEK_STRATEGY] = ln(p.search_strategy)
    logs[SEEK_MATCHED] = ln(1.0 + p.support_matchmaking)
    logs[SEEK_RESOLVED] = ln(p.search_resolve)
    logs[SEEK_DOORSTEP] = ln(p.search_doorstep)
    logs[SEEK_MERGER] = ln(p.search_merger)
    logs[END_SERVICE] = ln(p.endings_service)
    logs[END_YOUNG] = ln(p.endings_young)
    logs[END_SETTLED] = ln(p.endings_settled)
    logs[END_OLD] = ln(p.endings_old)
    logs[END_CONTROL] = ln(p.endings_new_control)
    logs[END_CHIEF] = ln(p.endings_chief_left)
    logs[END_TIER] = ln(p.endings_tier)
