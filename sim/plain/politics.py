"""Politics: elections, who runs a council, and chief executives who come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..country.councils import CYCLES, PARTIES, TIERS
from .chance import Purpose, within
from .council import Council
from .quarters import A_QUARTER
from .scopes import is_deep

if TYPE_CHECKING:
    from .model import PlainModel

WHOLE, HALVES = CYCLES.index("whole"), CYCLES.index("halves")
CYCLE_YEARS = 4
HALF_YEARS = 2


def votes_in(council: Council, year: int) -> bool:
    """Return whether a council has an election in a year."""
    years = year - council.phase
    if council.cycle == HALVES:
        return years % HALF_YEARS == 0
    is_phase = years % CYCLE_YEARS == 0
    return is_phase if council.cycle == WHOLE else not is_phase


def draw_party(model: PlainModel, tier: str, u: float, without: str = "") -> str:
    """Return the party at a place on the scale of the tier's weights."""
    weights = {
        party: float(weight)
        for party, weight in zip(PARTIES, model.party_weights[TIERS.index(tier)], strict=True)
        if party != without
    }
    mark, running = u * sum(weights.values()), 0.0
    for party, weight in weights.items():
        running += weight
        if mark < running:
            return party
    return next(reversed(weights))


def hold_elections(model: PlainModel) -> None:
    """Let the councils vote whose year it is; some change control."""
    politics = model.numbers.politics
    for council in model.agents:
        if not votes_in(council, model.year):
            continue
        whole = council.cycle == WHOLE
        chance = politics.change_whole if whole else politics.change_thirds
        name = council.lineage
        if model.chance.uniform(Purpose.CHANGE_AT_ELECTION, model.quarter, 0, name, name) < chance:
            u = model.chance.uniform(Purpose.NEXT_PARTY, model.quarter, 0, name, name)
            change_control(model, council, draw_party(model, council.tier, u, council.control))


def change_control(model: PlainModel, council: Council, party: str) -> None:
    """Put another party in control."""
    council.control = party
    council.control_changed = model.quarter
    model.log.note("control_changes", council, value=PARTIES.index(party))


def lose_leaders(model: PlainModel) -> None:
    """Let leaders fall between elections, which unsettles a council as new control does."""
    chance = within(model.numbers.politics.leader_falls, A_QUARTER)
    for council in model.agents:
        name = council.lineage
        if model.chance.uniform(Purpose.LEADER_FALLS, model.quarter, 0, name, name) < chance:
            council.control_changed = model.quarter
            model.log.note("leader_falls", council)


def move_chief_executives(model: PlainModel) -> None:
    """Let chief executives leave and be found, then joint ones leave."""
    for council in model.agents:
        if not council.shares_chief:
            _move_own_chief(model, council)
    for deal in model.deals:
        if deal.runs and is_deep(deal.scope):
            u = model.chance.uniform(Purpose.JOINT_CHIEF, model.quarter, 0, deal.key, 0)
            if u < leaving(model, deal.councils):
                deal.chief_left = model.quarter
                model.log.note_deal("joint_chief_leaves", deal)


def _move_own_chief(model: PlainModel, council: Council) -> None:
    politics, name = model.numbers.politics, council.lineage
    if council.vacant:
        u = model.chance.uniform(Purpose.CHIEF_COMES, model.quarter, 0, name, name)
        if u < politics.chief_found and model.quarter >= council.kept_vacant_until:
            council.vacant = False
            council.appointed = model.quarter
            model.log.note("chief_found", council)
    else:
        u = model.chance.uniform(Purpose.CHIEF_QUITS, model.quarter, 0, name, name)
        if u < leaving(model, [council]):
            lose_chief(model, council)


def leaving(model: PlainModel, councils: list[Council]) -> float:
    """Return the chance that a chief executive leaves; a council that will go is soon left."""
    rate = model.numbers.politics.chief_leaves
    if any(council.to_be_made_new for council in councils):
        rate *= model.numbers.reorganisation.leaving
    return within(rate, A_QUARTER)


def lose_chief(model: PlainModel, council: Council) -> None:
    """Let a chief executive go."""
    council.vacant = True
    model.log.note("chief_leaves", council)
