"""Elections, changes of control, and chief executives who come and go."""

from .compiled import compiled
from .curves import chance_within
from .events import (
    CHIEF_FOUND as FOUND,
)
from .events import (
    CHIEF_LEAVES as LEAVES,
)
from .events import (
    CONTROL_CHANGES,
    JOINT_CHIEF_LEAVES,
    note,
)
from .noise import CHIEF_FOUND, CHIEF_LEAVES, ELECTION, JOINT_CHIEF, NEW_CONTROL, uniform
from .state import (
    CHIEF_EXECUTIVE,
    LIVE,
    MANAGEMENT,
    NOBODY,
    PARTIES,
    QUARTERS,
    RUNNING,
    SERVICES,
    WHOLE,
)  # fmt: skip
from .weighing import holds_election


@compiled
def hold_elections(world, p, t, luck):
    """Each May: in councils that vote, control may change."""
    if t % QUARTERS != 0:
        return
    councils = world.councils
    year = world.tally[0].start_year + t // QUARTERS
    for i in range(councils.shape[0]):
        if councils[i].alive == 0 or not holds_election(councils, i, year):
            continue
        whole = councils[i].cycle == WHOLE
        risk = p.politics_change_whole if whole else p.politics_change_thirds
        who = councils[i].lineage
        if uniform(luck, ELECTION, t, 0, who, who) < risk:
            u = uniform(luck, NEW_CONTROL, t, 0, who, who)
            swings = world.swings[councils[i].tier]
            change_control(world, i, draw_party(swings, u, councils[i].control), t)


@compiled
def draw_party(weights, u, but):
    """Return a party drawn by its weight, any but `but`."""
    total = 0.0
    for party in range(PARTIES):
        if party != but:
            total += weights[party]
    reached, last = 0.0, but
    for party in range(PARTIES):
        if party == but or weights[party] <= 0.0:
            continue
        reached += weights[party]
        last = party
        if u * total < reached:
            return party
    return last


@compiled
def change_control(world, i, party, t):
    """Give council i a new majority."""
    councils = world.councils
    councils[i].control = party
    councils[i].changed = t
    note(
        world, t, CONTROL_CHANGES, councils[i].identity, NOBODY, NOBODY, NOBODY, NOBODY, party, 0.0
    )


@compiled
def shares_chief(councils, i):
    """Return the running deal whose joint chief executive serves council i, or NOBODY."""
    d = councils[i].agreement[MANAGEMENT]
    return d if d != NOBODY else councils[i].agreement[CHIEF_EXECUTIVE]


@compiled
def move_chiefs(world, p, t, luck):
    """Chief executives leave; vacant posts are filled; joint posts are filled jointly."""
    councils = world.councils
    leaves = chance_within(p.politics_chief_leaves, 1.0 / QUARTERS)
    for i in range(councils.shape[0]):
        if councils[i].alive == 0 or shares_chief(councils, i) != NOBODY:
            continue
        who = councils[i].lineage
        if councils[i].vacant == 0:
            if uniform(luck, CHIEF_LEAVES, t, 0, who, who) < leaves:
                lose_chief(world, i, t)
        elif t < councils[i].kept_vacant:
            continue
        elif uniform(luck, CHIEF_FOUND, t, 0, who, who) < p.politics_chief_found:
            appoint_chief(world, i, t)
    move_joint_chiefs(world, t, luck, leaves)


@compiled
def lose_chief(world, i, t):
    """Council i's chief executive leaves."""
    councils = world.councils
    councils[i].vacant = 1
    note(world, t, LEAVES, councils[i].identity, NOBODY, NOBODY, NOBODY, NOBODY, 0.0, 0.0)


@compiled
def appoint_chief(world, i, t):
    """Council i appoints a chief executive of its own."""
    councils = world.councils
    councils[i].vacant = 0
    councils[i].appointed = t
    note(world, t, FOUND, councils[i].identity, NOBODY, NOBODY, NOBODY, NOBODY, 0.0, 0.0)


@compiled
def move_joint_chiefs(world, t, luck, leaves):
    """A joint chief executive may leave: a dangerous year for the deal."""
    councils, deals = world.councils, world.deals
    for n in range(world.tally[0].counts[LIVE]):
        d = world.live[n]
        scope = deals[d].scope
        if deals[d].stage != RUNNING or scope < SERVICES:
            continue
        if uniform(luck, JOINT_CHIEF, t, 0, deals[d].key, 0) < leaves:
            deals[d].chief_left = t
            leader = councils[deals[d].member[0]].identity
            second = councils[deals[d].member[1]].identity
            note(
                world,
                t,
                JOINT_CHIEF_LEAVES,
                leader,
                second,
                deals[d].number,
                scope,
                NOBODY,
                0.0,
                0.0,
            )
