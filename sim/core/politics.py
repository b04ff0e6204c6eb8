"""Elections, changes of control, and chief executives who come and go."""

from . import events as why, noise, state, weighing
from .compiled import compiled
from .curves import chance_within


@compiled
def hold_elections(world, p, t, luck):
    """Each May: in councils that vote, control may change."""
    if t % state.QUARTERS != 0:
        return
    councils = world.councils
    year = world.tally[0].start_year + t // state.QUARTERS
    for i in range(councils.shape[0]):
        if councils[i].alive == 0 or not weighing.holds_election(councils, i, year):
            continue
        whole = councils[i].cycle == state.WHOLE
        risk = p.politics_change_whole if whole else p.politics_change_thirds
        who = councils[i].lineage
        if noise.uniform(luck, noise.CHANGE_AT_ELECTION, t, 0, who, who) < risk:
            u = noise.uniform(luck, noise.NEXT_PARTY, t, 0, who, who)
            swings = world.swings[councils[i].tier]
            change_control(world, i, draw_party(swings, u, councils[i].control), t)


@compiled
def lose_leaders(world, p, t, luck):
    """In any quarter a leader may fall, or the majority behind one."""
    chance = chance_within(p.politics_leader_falls, 1.0 / state.QUARTERS)
    if chance <= 0.0:
        return
    councils = world.councils
    for i in range(councils.shape[0]):
        if councils[i].alive == 0:
            continue
        who = councils[i].lineage
        if noise.uniform(luck, noise.FALL, t, 0, who, who) < chance:
            councils[i].changed = t
            why.note_council(world, t, why.LEADER_FALLS, councils[i].identity, 0.0, 0.0)


@compiled
def draw_party(weights, u, but):
    """Return a party drawn by its weight, any but `but`."""
    total = 0.0
    for party in range(state.PARTIES):
        if party != but:
            total += weights[party]
    reached, last = 0.0, but
    for party in range(state.PARTIES):
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
    why.note_council(world, t, why.CONTROL_CHANGES, councils[i].identity, party, 0.0)


@compiled
def shares_chief(councils, i):
    """Return the deal, signed or running, whose joint chief executive is council i's, or NOBODY."""
    d = councils[i].agreement[state.MANAGEMENT]
    return d if d != state.NOBODY else councils[i].agreement[state.CHIEF_EXECUTIVE]


@compiled
def move_chiefs(world, p, t, luck):
    """Chief executives leave; vacant posts are filled; joint posts are filled jointly."""
    councils = world.councils
    leaves = chance_within(p.politics_chief_leaves, 1.0 / state.QUARTERS)
    flees = chance_within(p.politics_chief_leaves * p.reorganisation_leaving, 1.0 / state.QUARTERS)
    for i in range(councils.shape[0]):
        if councils[i].alive == 0 or shares_chief(councils, i) != state.NOBODY:
            continue
        who = councils[i].lineage
        if councils[i].vacant == 0:
            chance = flees if councils[i].shadow == 1 else leaves
            if noise.uniform(luck, noise.CHIEF_QUITS, t, 0, who, who) < chance:
                lose_chief(world, i, t)
        elif t < councils[i].kept_vacant:
            continue
        elif noise.uniform(luck, noise.CHIEF_COMES, t, 0, who, who) < p.politics_chief_found:
            appoint_chief(world, i, t)
    move_joint_chiefs(world, t, luck, leaves, flees)


@compiled
def lose_chief(world, i, t):
    """Council i's chief executive leaves."""
    councils = world.councils
    councils[i].vacant = 1
    why.note_council(world, t, why.CHIEF_LEAVES, councils[i].identity, 0.0, 0.0)


@compiled
def appoint_chief(world, i, t):
    """Council i appoints a chief executive of its own."""
    councils = world.councils
    councils[i].vacant = 0
    councils[i].appointed = t
    why.note_council(world, t, why.CHIEF_FOUND, councils[i].identity, 0.0, 0.0)


@compiled
def move_joint_chiefs(world, t, luck, leaves, flees):
    """A joint chief executive may leave: a dangerous year for the deal."""
    councils, deals = world.councils, world.deals
    for n in range(world.tally[0].counts[state.LIVE]):
        d = world.live[n]
        scope = deals[d].scope
        if deals[d].stage != state.RUNNING or scope < state.SERVICES:
            continue
        chance = leaves
        for k in range(deals[d].members):
            if councils[deals[d].member[k]].shadow == 1:
                chance = flees
        if noise.uniform(luck, noise.JOINT_CHIEF, t, 0, deals[d].key, 0) < chance:
            deals[d].chief_left = t
            leader = councils[deals[d].member[0]].identity
            second = councils[deals[d].member[1]].identity
            number, reason, kind = deals[d].number, state.NOBODY, why.JOINT_CHIEF_LEAVES
            why.note(world, t, kind, leader, second, number, scope, reason, 0.0, 0.0)
