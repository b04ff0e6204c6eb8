"""The words in which something can be sought in runs: what happens, about what, for which reason.

Each kind of event has its phrases here; all its words must stand in the sentence, in this order,
whatever stands between them. A word is known with or without an s at its end.
"""

from __future__ import annotations

from typing import NamedTuple

from ..declared.catalogue import DEEP, MANAGEMENTS, MERGER, SCOPES, SERVICES, TITLES
from ..declared.measures import KINDS, REASONS

ALL, ONE, FIRST, ALONE, NOBODY = "all", "one", "first", "alone", "nobody"
"""Who of the councils that are named does it: all together; any of them, with the others; the one
named first, with or to the others; a single one, without others; none, since government does."""
JOINS, SHARE, TALK = "joins", "share", "talk"
"""What can be sought and is no kind of event by itself: a council signs an agreement that is signed
already; joint work starts among some, or one of them joins what the others do already; the same of
talks."""


class Phrases(NamedTuple):
    """How something that happens is said: who does it, and in which words."""

    who: str
    said: tuple[str, ...]


HAPPENS: dict[str, Phrases] = {
    SHARE: Phrases(ALL, ("share", "work together")),
    "signs": Phrases(ONE, ("sign", "signed")),
    JOINS: Phrases(FIRST, ("join", "joined")),
    "merges": Phrases(ALL, ("merge", "merged", "become one")),
    "leaves": Phrases(FIRST, ("leave", "left", "quit")),
    "ends": Phrases(ALL, ("end", "break up", "part", "part company", "agreement ends")),
    TALK: Phrases(ALL, ("talk", "are in talks")),
    "talks_begin": Phrases(ALL, ("talks begin", "begin talks", "start talks")),
    "talks_fail": Phrases(ALL, ("talks fail", "talks collapse", "talks end", "end talks", "fail")),
    "walks_away": Phrases(
        FIRST, ("walk away", "walk out", "call off", "drop out", "leave talks", "quit talks")
    ),
    "starts": Phrases(ALL, ("joint work starts",)),
    "approaches": Phrases(FIRST, ("approach", "ask", "court")),
    "refuses": Phrases(FIRST, ("refuse", "reject", "turn down", "say no")),
    "invited": Phrases(FIRST, ("join talks", "invited")),
    "considers": Phrases(ALONE, ("look for partner", "start to look", "consider")),
    "votes_no": Phrases(FIRST, ("vote against", "vote no")),
    "votes_yes": Phrases(FIRST, ("vote for", "vote in favour", "vote yes")),
    "business_case": Phrases(ONE, ("business case",)),
    "agrees_terms": Phrases(ALL, ("agree terms", "agree on terms")),
    "study_grant": Phrases(ONE, ("grant study", "paid for study")),
    "setup_grant": Phrases(ONE, ("grant setting up", "grant set up")),
    "in_distress": Phrases(ALONE, ("distress", "section 114", "cannot balance budget")),
    "chief_leaves": Phrases(ALONE, ("chief executive leaves", "loses chief executive")),
    "chief_found": Phrases(ALONE, ("chief executive found", "appoint chief executive")),
    "joint_chief_leaves": Phrases(ALL, ("joint chief executive leaves",)),
    "control_changes": Phrases(ALONE, ("control changes", "changes control", "changes hands")),
    "leader_falls": Phrases(ALONE, ("leader falls", "changes leader", "loses leader")),
    "learns": Phrases(ALONE, ("learn", "draw lessons")),
    "known": Phrases(ALL, ("talks become known", "become known")),
    "survives": Phrases(ALL, ("survive", "keep sharing", "outlive")),
    "accounts": Phrases(ALL, ("close accounts",)),
    "announced": Phrases(ALONE, ("made new", "told of order", "announced")),
    "abolished": Phrases(ALONE, ("abolished",)),
    "promises": Phrases(ALONE, ("new council promised", "promised to save")),
    "overruled": Phrases(FIRST, ("overruled", "made to decide")),
    "stance": Phrases(NOBODY, ("stance changes", "changes stance", "government changes mind")),
}
"""What can be sought; the key is a kind of event, or one of those above."""
SAID = {
    **KINDS,
    "merges": "councils become one",
    SHARE: "councils come to work together",
    JOINS: "a council joins an agreement that is signed already",
    TALK: "councils come to talk with each other",
}
"""What can be sought, in words."""

REASONED = (
    "refuses", "walks_away", "talks_fail", "votes_no", "leaves", "ends", "learns",
)  # fmt: skip
"""The kinds of event that are kept with a reason."""
WITHOUT_SCOPE = (
    "considers", "control_changes", "chief_leaves", "chief_found", "leader_falls", "stance",
    "announced", "in_distress", "promises", "abolished", "merges",
)  # fmt: skip
"""The kinds that are about no service, or about a merger and nothing else."""

ABOUT: dict[str, tuple[str, ...]] = {
    "management": MANAGEMENTS,
    "managements": MANAGEMENTS,
    "a chief executive": MANAGEMENTS,
    "chief executive": MANAGEMENTS,
    "service": SERVICES,
    "services": SERVICES,
    "single service": SERVICES,
    "anything deep": DEEP,
    "senior management": ("management",),
    "merger": (MERGER,),
    "merging": (MERGER,),
    "payroll": ("back_office",),
    "benefits": ("revenues_benefits",),
    "revenues": ("revenues_benefits",),
    "it": ("ict",),
    "environmental services": ("environmental_health",),
    **{key.replace("_", " "): (key,) for key in SCOPES if key not in MANAGEMENTS},
    **{TITLES[key].lower(): (key,) for key in SCOPES},
}
"""What can be shared, as it is said; `management` is either way to have one chief executive."""

BECAUSE: dict[str, str] = {
    **{key: key for key in REASONS},
    **{words: key for key, words in REASONS.items()},
    "cultural differences": "culture", "trust": "culture", "elections": "politics",
    "an election": "politics", "own priorities": "sovereignty", "autonomy": "sovereignty",
    "money": "savings", "capacity": "people", "council tax": "tax", "a better offer": "offer",
    "luck": "chance", "nothing": "chance", "a merger": "merger", "a deeper agreement": "deepened",
}  # fmt: skip
"""Reasons, as they are said, and their keys."""

SAYING_NOTHING = (
    "a an the and of with from to for both their its it they is are be been being has have will "
    "which that there in on at about between into by as each other together shared sharing joint "
    "agreement agreements deal deals partnership partner partners council councils district "
    "somebody anybody any two one show me run where when who come comes get gets receive receives "
    "government talks over"
)
IDLE = frozenset(SAYING_NOTHING.split())
"""Words that say nothing of their own where all others are understood."""
