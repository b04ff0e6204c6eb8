"""What the world consists of while it runs: plain arrays, grouped by what they describe.

Each subject is an array of records, so that a rule reads `councils[i].reserves`. Rows of councils
are the councils of the scenario in a fixed order. A council that merges gives up its row, the
merged council lives on in the row of its largest parent under a new identity and lineage, so arrays
never grow. `NOBODY` marks an empty place. Whole numbers are short where they can be: large
countries are slowed by memory, not by arithmetic.
"""

import numpy as np

NOBODY = -1
LONG_AGO = -1000

# The service catalogue: nine services, then the three deep scopes.
SERVICES = 9
CHIEF_EXECUTIVE = 9
MANAGEMENT = 10
MERGER = 11
SCOPES = 12

# The life of a deal.
EMPTY = 0
STUDY = 1
CASE = 2
VOTING = 3
TRANSITION = 4
RUNNING = 5

MEMBERS_MOST = 8
PAIRS_MOST = MEMBERS_MOST * (MEMBERS_MOST - 1) // 2
TALKS_MOST = 4
AXES = 4
LOCALISM = 2
OUTSOURCING = 1

# What is learnt from failure.
LESSONS = 4
LESSON_TRUST = 0
LESSON_EQUAL = 1
LESSON_ALIGN = 2
LESSON_EXIT = 3

# Tiers and parties that rules know, in the order of the tables, which hold others too.
DISTRICT = 0
COUNTY = 1
UNITARY = 2
CONSERVATIVE = 0
LABOUR = 1
NO_CONTROL = 3
PARTIES = 5
UNKNOWN = -1

WHOLE = 0
THIRDS = 1
HALVES = 2

# Government's stance.
NONE = 0
VOLUNTARY = 1
REVIEW = 2
MANDATED = 3

# Limits on a year's rise of council tax.
LIMIT_HISTORY = 0
LIMIT_NONE = 1
LIMIT_FIXED = 2

# places in a year's limits on tax
RISE = 0  # the share by which Band D may rise
POUNDS = 1  # or by so much, where that is more
FROZE = 2  # the share of councils that froze theirs
CARE = 3  # the share that councils with social care may add
CEILING = 4  # the Band D up to which the pounds are allowed

# funding: the path that keeps to history, and what moves money without being a cut
AS_IT_WAS = 0
DUTY = 0
REBATE = 1

QUARTERS = 4  # in a year
MILLION = 1e6

# Money that moves in a quarter, in million pounds. Income, grants, transfers and support come in,
# the rest of the first ten but for the true saving goes out; what residents pay, and what
# government pays to them, passes by the council.
INCOME = 0
SPENDING = 1
STUDIES = 2
SETUP = 3
COORDINATION = 4
EXITS = 5
GRANTS = 6
TRANSFERS = 7
TRUE_SAVING = 8
SUPPORT = 9  # from government besides grants
TAX_PAID = 10  # by residents, less what government pays to them
TAX_SUPPORT = 11  # by government, to residents
FLOWS = 12

# Places in COUNCIL.fixed: what a scenario can fix of a council.
FIXED_AUTONOMY = 0
FIXED_CONTACT = 1
FIXED_MARRIAGE = 2
FIXED_PLATFORM = 3
FIXED_VACANCY = 4
FIXED_ATTENTION = 5
FIXED = 6

# What can happen to a named council at a date fixed by the scenario.
CHIEF_GOES = 0
CONTROL_GOES = 1
SAYS_NO = 2  # this and the two after it are decisions that are taken for a council
SAYS_YES = 3
WALKS_OUT = 4


COUNCIL = np.dtype(
    [
        # What is looked at whenever a council is weighed stands together, in few lines of memory.
        ("lineage", np.int64),  # 48-bit name that draws are keyed by
        ("control", np.int32),
        ("platform", np.int32),
        ("vacant", np.int32),
        ("appointed", np.int32),  # quarter of the last appointment of a chief executive
        ("attention", np.int32),
        ("alive", np.int32),
        ("talks", np.int32, (TALKS_MOST,)),  # deals under negotiation
        ("agreement", np.int32, (SCOPES,)),  # signed deals
        ("band_d", np.float64),  # pounds
        ("autonomy", np.float64),
        ("contact", np.float64),
        ("marriage", np.int32),
        ("changed", np.int32),  # quarter of the last change of control, or of the leader
        ("kept_vacant", np.int32),  # quarter before which the post is not filled
        ("sought", np.int32),  # quarter in which its last deep deal failed
        ("need", np.float64),  # expected gap as a share of income, 0 where none
        ("news", np.float64),  # by how much it grew of late, fading
        ("heard", np.float64),  # the worst need that it recalls
        ("readiness", np.float64),  # lasting priorities: what it adds to every deep deal
        ("income", np.float64),  # million pounds a year
        ("reserves", np.float64),  # million pounds
        ("identity", np.int32),  # place in the roll of all councils there ever were
        ("tier", np.int32),
        ("county", np.int32),
        ("control_known", np.int32),  # party in 2009, UNKNOWN where it is drawn
        ("control_later", np.int32),  # party in 2018, a hint for the draw
        ("population", np.float64),
        ("x", np.float64),  # km
        ("y", np.float64),  # km
        ("rural", np.float64),  # 0..1
        ("means", np.float64),  # log of net budget a head
        ("reviewed", np.int32),  # 1 where the government's stance applies
        ("known_until", np.int32),  # last year of its own funding path
        ("fixed", np.float64, (FIXED,)),  # what the scenario fixes; negative where it is drawn
        ("cycle", np.int32),  # WHOLE, THIRDS or HALVES; UNKNOWN where it must be drawn
        ("phase", np.int32),  # a year in which it votes, or the fallow year of thirds
        ("settlement", np.float64),  # million pounds a year, before a shock
        ("cost", np.float64),  # million pounds a year, before savings from deals
        ("gap", np.float64),  # million pounds a year, now
        ("expected_gap", np.float64),  # million pounds a year, at the horizon
        ("saving", np.float64),  # million pounds a year from deals, true, this quarter
        ("inherited", np.float64),  # million pounds a year kept from deals that ended in a merger
        ("merging", np.float64),  # million pounds a year that a merger will save in full
        ("merged_at", np.int32),  # quarter of the last merger
        ("distress", np.int32),  # 1 in section 114 trouble
        ("flows", np.float64, (FLOWS,)),  # this quarter
        ("totals", np.float64, (FLOWS,)),  # since the start
        ("culture", np.float64, (AXES,)),  # negative: to be drawn
        ("drift", np.float64, (AXES,)),  # change to be applied
        ("quality", np.float64),
        ("learning", np.float64),  # change of quality to be applied
        ("kept", np.float64),  # local contact kept through mergers, 1 when nothing has moved away
        ("local_contact", np.float64),  # index, 1 when nothing has moved away
        ("lessons", np.float64, (LESSONS,)),
        ("taught", np.float64, (LESSONS,)),  # change to be applied
        ("pause", np.float64),  # quarter until which no deep partner is sought
        ("seen", np.int32),  # known to be talking about a deep deal
        ("degree", np.int32),  # pairs of this council
        ("shadow", np.int32),  # 1 from the announcement of an order or a mandate to its day
        ("gathered", np.float64),  # councils that the last union made one, parts by their share
        ("least_tax", np.float64),  # the lowest Band D among these, pounds
        ("levelling", np.float64),  # Band D still to be given up in bringing taxes together, pounds
        ("levels", np.int32),  # Aprils over which it is given up
        ("owed_until", np.int32),  # quarter by which a reorganisation is paid
        ("owed", np.float64),  # million pounds still to be paid for it
    ],
    align=True,
)
"""One council; its row is its place in the arrays."""

PAIR = np.dtype(
    [
        ("a", np.int32),
        ("b", np.int32),
        ("distance", np.float64),  # km
        ("adjacent", np.int32),
        ("border", np.int32),  # 1 across a county border
        ("tiers", np.int32),  # 1 across tiers
        ("ratio", np.float64),  # absolute log ratio of populations
        ("means", np.float64),  # absolute log ratio of budgets a head
        ("belief", np.float64, (2,)),  # believed culture distance, by side; negative: to be drawn
        ("doubt", np.float64, (2,)),  # variance of that belief
        ("trust", np.float64),  # negative: to be drawn
        ("failures", np.float64),
        ("again", np.float64),  # quarter from which deep talks may be tried again
        ("felt_gap", np.float64),  # share of the tax gap that is still felt
    ],
    align=True,
)
"""Two councils that could plausibly talk; sides 0 and 1 are `a` and `b`."""

DEAL = np.dtype(
    [
        ("stage", np.int32),
        ("scope", np.int32),
        ("key", np.int64),  # 48-bit lineage of the deal
        ("number", np.int32),  # for the event log: counts up from 1
        ("members", np.int32),  # how many
        ("member", np.int32, (MEMBERS_MOST,)),  # rows of councils, the leader first
        ("host", np.int32),  # the running deal that is to be joined, or NOBODY
        ("host_number", np.int32),  # the number of that deal, since rows are used again
        ("begun", np.int32),  # quarter of the first talk
        ("signed", np.int32),
        ("paired", np.int32),  # 1 while no third has joined a shared management of two
        ("started", np.int32),  # quarter of the first day of joint work
        ("report", np.float64),  # reported against promised
        ("exit", np.int32),  # terms: 1 where agreed
        ("equal", np.int32),
        ("align", np.int32),
        ("grant", np.int32),  # pounds that government pays for the study, 0 for none
        ("public", np.int32),
        ("chief_left", np.int32),  # quarter in which the joint chief executive left
        ("factor", np.float64),  # promise against the median promise
        ("estimate", np.float64, (MEMBERS_MOST,)),  # own estimate against the promise
        ("score", np.float64, (MEMBERS_MOST,)),  # how the member weighs it; signed: satisfaction
        ("promise", np.float64, (MEMBERS_MOST,)),  # million pounds a year
        ("worth", np.float64, (MEMBERS_MOST,)),  # true, million pounds a year at full ramp
        ("now", np.float64, (MEMBERS_MOST,)),  # true, million pounds a year this quarter
        ("upkeep", np.float64, (MEMBERS_MOST,)),  # coordination, million pounds a year
        ("bill", np.float64, (MEMBERS_MOST,)),  # set-up cost still to pay, million pounds
        ("paid", np.float64, (MEMBERS_MOST,)),  # set-up cost paid, million pounds
        ("aid", np.float64, (MEMBERS_MOST,)),  # what government will pay of the bill
        ("going", np.int32, (MEMBERS_MOST,)),  # 1 when the member leaves this quarter
        ("noted", np.int32),  # TALLY.counts[REDRAWN] when `pair` was noted, or NOBODY
        ("pair", np.int32, (PAIRS_MOST,)),  # of any two members, or NOBODY; see between.py
    ],
    align=True,
)
"""One deal, from the first talk to its end."""

ROLL_ENTRY = np.dtype(
    [
        ("successor", np.int64),  # the council that this one became, or itself
        ("row", np.int64),  # the row that it has or had
        ("tier", np.int64),
        ("group", np.int64),  # the order of government that made it, or NOBODY
    ],
    align=True,
)
"""One council of all there ever were; its place is its identity."""

ORDER = np.dtype(
    [
        ("quarter", np.int64),
        ("announced", np.int64),  # the quarter in which it becomes known
        ("group", np.int64),
        ("council", np.int64),  # identity at the start
        ("share", np.float64),  # of an abolished county, or of a council that is split
        ("part", np.int64),  # 1 where only that share of a council is named, no county
        ("made", np.int64),  # the group whose council is meant, NOBODY where it is of the start
    ],
    align=True,
)
"""One council named in an order of government; orders of one group stand together."""

HAPPENING = np.dtype(
    [
        ("quarter", np.int64),
        ("what", np.int64),
        ("council", np.int64),
        ("party", np.int64),
        ("until", np.int64),  # the quarter before which a post is not filled
        ("other", np.int64),  # whom a decision concerns, by identity
        ("scope", np.int64),  # and about what
    ],
    align=True,
)
"""Something that the scenario dates for a named council."""

# Places in TALLY.counts.
LIVE = 0  # live deals
DEALS = 1  # deals ever begun
ROLL = 2  # councils ever
FULL = 3  # 1 when an array was too small: run again with more room
CHANGED = 4  # 1 when the network must be measured again
TALKS_BEGUN = 5
MERGERS = 6
DISTRESSED = 7
SIGNED = 8
TALKS_FAILED = 9
AGREEMENTS_ENDED = 10
FOUNDED = 11  # 1 once the first day is past
GRANTED = 12  # signed deals that got any grant
POT_EMPTY = 13  # quarters in which a pot had run dry
REDRAWN = 14  # how often it changed who can talk to whom
UNMEASURED = 15  # 1 while the network that is kept is not measured
ASKED = 16  # the first quarter in which network and winners are measured
COUNTS = 17

# Places in TALLY.history: what history counted of England, since the start.
DEEP_BEGUN = 0  # talks about management or merger
DEEP_FAILED = 1
DEEP_SIGNED = 2  # a new deal, or the joining of one
MANAGEMENTS_SIGNED = 3  # new shared managements
SIGNED_BY_TWO = 4  # of these: of two councils
SIGNED_ADJACENT = 5  # whose first two members touch
SIGNED_IN_COUNTY = 6  # whose first two members lie in one county
MANAGEMENTS_BROKEN = 7  # shared managements that broke up
MANAGEMENT_YEARS = 8  # years that shared managements were in force, added up
DISTRICTS_DISTRESSED = 9
COUNTED = 10

# Places in TALLY.logs: logarithms of rates that are the same for everybody, taken once a quarter.
SEEK_MANAGEMENT = 0
SEEK_SERVICE = 1
SEEK_VACANT = 2
SEEK_STRATEGY = 3
SEEK_MATCHED = 4
SEEK_RESOLVED = 5
SEEK_DOORSTEP = 6
SEEK_MERGER = 7
END_SERVICE = 8
END_YOUNG = 9
END_SETTLED = 10
END_OLD = 11
END_CONTROL = 12
END_CHIEF = 13
END_TIER = 14
LOGS = 15

# Places in `traits`: what changes of a council while the network stays as it is.
TRAIT_TAX = 0
TRAIT_PARTY = 1
TRAIT_CULTURE = 2  # and the places after it, an axis each
TRAITS = TRAIT_CULTURE + AXES

# Places in `signs`: what can be seen of a council from outside.
MARRIED = 0
SHARES = 1
TALKS = 2
SIGNS_SEEN = 3

# Places in TALLY.pots and TALLY.paid_out.
STUDIES_POT = 0
SETUP_POT = 1
POT_KINDS = 2  # each pot's amount of the year stands so many places after what is left
POTS = 4
TERMS = 38  # contributions to a decision
NETWORK = 12  # measures of the network
REASONS_MOST = 12
NEAR_MOST = 64

EVENT = np.dtype(
    [
        ("quarter", np.int32),
        ("kind", np.int32),
        ("council", np.int32),
        ("other", np.int32),
        ("scope", np.int32),
        ("reason", np.int32),
        ("deal", np.int64),
        ("value", np.float64),
        ("more", np.float64),
        ("terms", np.float64, (TERMS,)),
    ],
    align=True,
)
"""One event; words for its codes stand in `sim.declared.measures`."""

TALLY = np.dtype(
    [
        ("counts", np.int64, (COUNTS,)),
        ("happened", np.int64),  # events, whether kept or not
        ("start_year", np.int64),  # calendar year of the first quarter
        # Whole pounds: left for studies, for setting up; the year's two amounts.
        ("pots", np.int64, (POTS,)),
        ("paid_out", np.int64, (POT_KINDS,)),  # pounds from each pot, since the start
        ("mandate", np.int64, (2,)),  # quarters since the mandate began, or NOBODY; the last stance
        ("formed", np.float64, (SCOPES,)),  # signed, since the start
        ("failed", np.float64, (REASONS_MOST,)),  # talks that failed, since the start
        ("ended", np.float64, (REASONS_MOST,)),  # agreements that ended, since the start
        ("lost", np.float64, (REASONS_MOST,)),  # deep talks and deals that came to nothing
        ("history", np.float64, (COUNTED,)),
        ("network", np.float64, (NETWORK,)),  # as last measured, renewed when deals change
        ("logs", np.float64, (LOGS,)),
        ("claimed", np.float64),  # reported savings since the start, million pounds
        ("served", np.float64),  # government's own services this quarter, million pounds
        ("services", np.float64),  # government's own services since the start, million pounds
        ("value", np.float64),  # public net since the start, at the first day's prices, discounted
    ],
    align=True,
)
"""What is the same for everybody, and counts and sums that go on from quarter to quarter."""
