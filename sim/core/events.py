"""The event log: what happened to whom, and the named contributions that decided it.

Every decision is the sum of its contributions; the reason is the group of contributions that
pushed hardest towards what was decided. The log only listens: a run without it has the same bits.
"""

from .compiled import compiled, inlined
from .state import NOBODY, TERMS

# Contributions to a decision, by place.
BASE = 0
NEED = 1
SAVINGS = 2
SET_UP = 3
GRANT = 4
CULTURE = 5
TRUST = 6
HISTORY = 7
SOVEREIGNTY = 8
CONTACT = 9
SIZE = 10
MEANS = 11
TIER = 12
PARTY = 13
NEW_CONTROL = 14
ELECTION = 15
DISTANCE = 16
BORDER = 17
TAX_GAP = 18
REVIEW_DOUBT = 19
RIVAL = 20
BUSY = 21
VACANCY = 22
TIES = 23
SYSTEMS = 24
CROWD = 25
EXIT_LESSON = 26
FASHION = 27
RUMOUR = 28
STRATEGY = 29
JOINING = 30
CHANCE = 31
EQUAL_LESSON = 32
TAX_LESSON = 33
INTRODUCED = 34
TAX_HELP = 35  # told as tax_support; that name is a book of residents
ICT_SUBSIDY = 36
READINESS = 37

# Groups of reasons.
CULTURE_AND_TRUST = 0
POLITICS = 1
OWN_PRIORITIES = 2
CREDIBILITY = 3
PEOPLE = 4
FAR = 5
TAX = 6
REORGANISED = 7
BETTER_OFFER = 8
LUCK = 9
MERGED = 10
DEEPENED = 11
REASONS = 12
WEIGHED = 9  # the groups that contributions can belong to

GROUP_OF = (
    NOBODY, NOBODY, CREDIBILITY, CREDIBILITY, CREDIBILITY, CULTURE_AND_TRUST, CULTURE_AND_TRUST,
    CULTURE_AND_TRUST, OWN_PRIORITIES, OWN_PRIORITIES, OWN_PRIORITIES, OWN_PRIORITIES,
    OWN_PRIORITIES, POLITICS, POLITICS, POLITICS, FAR, FAR, TAX, REORGANISED, BETTER_OFFER,
    PEOPLE, PEOPLE, NOBODY, PEOPLE, OWN_PRIORITIES, OWN_PRIORITIES, NOBODY, NOBODY, NOBODY,
    NOBODY, NOBODY, OWN_PRIORITIES, TAX, NOBODY, TAX, PEOPLE, OWN_PRIORITIES,
)  # fmt: skip

# Kinds of event.
CONSIDERS = 0
APPROACHES = 1
REFUSES = 2
TALKS_BEGIN = 3
INVITED = 4
WALKS_AWAY = 5
TALKS_FAIL = 6
STUDY_GRANT = 7
BUSINESS_CASE = 8
VOTES_NO = 9
VOTES_YES = 10
SIGNS = 11
SETUP_GRANT = 12
STARTS = 13
LEAVES = 14
ENDS = 15
MERGES = 16
CONTROL_CHANGES = 17
CHIEF_LEAVES = 18
CHIEF_FOUND = 19
LEARNS = 20
IN_DISTRESS = 21
KNOWN = 22
SURVIVES = 23
STANCE = 24
JOINT_CHIEF_LEAVES = 25
ABOLISHED = 26
AGREES_TERMS = 27
ACCOUNTS = 28
ANNOUNCED = 29
PROMISES = 30
LEADER_FALLS = 31
OVERRULED = 32
KINDS = 33

# What AGREES_TERMS is worth: the sum of the terms that were agreed.
WITH_EXIT = 1
WITH_EQUAL = 2
WITH_ALIGN = 4


@compiled
def note(world, t, kind, council, other, deal, scope, reason, value, more):
    """Keep an event without contributions; return its row, NOBODY when there is no room."""
    log, tally = world.log, world.tally[0]
    place = tally.happened
    tally.happened += 1
    if place >= log.shape[0]:
        return NOBODY
    row = log[place]
    row.quarter = t
    row.kind = kind
    row.council = council
    row.other = other
    row.deal = deal
    row.scope = scope
    row.reason = reason
    row.value = value
    row.more = more
    for k in range(TERMS):
        row.terms[k] = 0.0
    return place


@compiled
def is_kept(world):
    """Return True while there is room for another event: else nobody asks for its contributions."""
    return world.tally[0].happened < world.log.shape[0]


@compiled
def note_council(world, t, kind, council, value, more):
    """Keep an event that concerns one council alone, or none."""
    note(world, t, kind, council, NOBODY, NOBODY, NOBODY, NOBODY, value, more)


@compiled
def note_why(world, t, kind, council, other, deal, scope, reason, value, more, terms):
    """Keep an event with the contributions that decided it."""
    place = note(world, t, kind, council, other, deal, scope, reason, value, more)
    if place != NOBODY:
        row = world.log[place]
        for k in range(TERMS):
            row.terms[k] = terms[k]


@compiled
def reason_against(terms):
    """Return the group of contributions that spoke most against, LUCK when none did."""
    return strongest(terms, -1.0)


@compiled
def reason_to_stop(terms, again):
    """Return the same for talks, where how far apart they lie is not named if it weighs again.

    Else only a distance weighs that is new to a council, and that may be the reason.
    """
    if again <= 0.0:
        return reason_against(terms)
    distance, border = terms[DISTANCE], terms[BORDER]
    terms[DISTANCE], terms[BORDER] = 0.0, 0.0
    reason = reason_against(terms)
    terms[DISTANCE], terms[BORDER] = distance, border
    return reason


@compiled
def reason_for(terms):
    """Return the group of contributions that spoke most in favour, LUCK when none did."""
    return strongest(terms, 1.0)


@compiled
def strongest(terms, sign):
    """Return the group whose contributions, times `sign`, add up to most; LUCK when to nothing."""
    best, most = LUCK, 0.0
    for group in range(WEIGHED):
        total = 0.0
        for k in range(TERMS):
            if GROUP_OF[k] == group:
                total += terms[k]
        if sign * total > most:
            best, most = group, sign * total
    return best


@inlined
def total_of(terms):
    """Return the sum of the contributions."""
    total = 0.0
    for k in range(TERMS):
        total += terms[k]
    return total
