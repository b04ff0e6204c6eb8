"""Every outcome of the model, declared once: title, unit, why, range, source and grade.

`quarter_dtype` is the record that the engine fills each quarter. The names here are the names in
the tables, the listings, the figures and the documentation. The lists of kinds, reasons and
contributions give the engine's event codes their words.
"""

from __future__ import annotations

from functools import cache, partial
from math import inf
from typing import NamedTuple

import numpy as np

from .catalogue import SHARED, TITLES
from .contributions import CONTRIBUTIONS, Contribution

__all__ = [
    "BOUNDS",
    "CONTRIBUTIONS",
    "KINDS",
    "MEASURES",
    "REASONS",
    "Contribution",
    "Measure",
    "as_columns",
    "quarter_dtype",
]


UPWARDS, SHARE, EITHER, ANY = "0 upwards", "0 to 1", "-1 to 1", "any"
BOUNDS: dict[str, tuple[float, float]] = {
    UPWARDS: (0.0, inf),
    SHARE: (0.0, 1.0),
    EITHER: (-1.0, 1.0),
    ANY: (-inf, inf),
}
"""The least and the largest value of each range that a measure can have."""


class Measure(NamedTuple):
    """One outcome, collected every quarter; a run's outcome is its value at the end.

    `range` is a key of BOUNDS. `source` says what the measure is held against or defined by;
    `grade` how good that evidence is: high, medium, low, an assumption without evidence, or
    a definition, which needs none.
    """

    name: str
    title: str
    unit: str
    why: str
    range: str
    source: str
    grade: str

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the largest value that the measure can have."""
        return BOUNDS[self.range]


def _own(
    name: str, title: str, unit: str, *, why: str, range_: str = UPWARDS,
    source: str = "definition", grade: str = "definition",
) -> Measure:  # fmt: skip
    """Declare a measure that nothing outside the model is set beside."""
    return Measure(name, title, unit, why, range_, source, grade)


def _held(
    name: str,
    title: str,
    unit: str,
    *,
    why: str,
    target: str,
    grade: str,
    range_: str = UPWARDS,
) -> Measure:
    """Declare a measure that is held against one of the targets of docs/face-validity.md."""
    source = f"held against {target} in docs/face-validity.md"
    return Measure(name, title, unit, why, range_, source, grade)


REASONS: dict[str, str] = {
    "culture": "culture and trust",
    "politics": "political control and elections",
    "sovereignty": "sovereignty and own priorities",
    "savings": "savings not credible",
    "people": "people and capacity",
    "distance": "distance",
    "tax": "council tax gap",
    "reorganisation": "reorganisation",
    "offer": "a better offer",
    "chance": "nothing the model can name",
    "merger": "the members merged",
    "deepened": "replaced by a deeper agreement",
}

KINDS: dict[str, str] = {
    "considers": "a council starts to look for a partner",
    "approaches": "a council approaches another",
    "refuses": "the other says no",
    "talks_begin": "talks begin",
    "invited": "a further council joins the talks",
    "walks_away": "a council walks away from talks",
    "talks_fail": "talks end without an agreement",
    "study_grant": "government pays for the study",
    "business_case": "the business case promises a saving",
    "votes_no": "a council votes against",
    "votes_yes": "a council votes in favour",
    "signs": "a council signs",
    "setup_grant": "government pays towards setting up",
    "starts": "joint work starts",
    "leaves": "a council leaves an agreement",
    "ends": "an agreement ends",
    "merges": "a council becomes part of another",
    "control_changes": "political control changes",
    "chief_leaves": "a chief executive leaves",
    "chief_found": "a chief executive is appointed",
    "learns": "a council learns from a failure",
    "in_distress": "section 114: a council cannot balance its budget",
    "known": "talks become known",
    "survives": "a shared service outlives shared management",
    "stance": "government changes its stance on reorganisation",
    "joint_chief_leaves": "a joint chief executive leaves",
    "abolished": "a council is abolished by order",
    "agrees_terms": "the terms of a deal are agreed",
    "accounts": "an agreement that ends closes its accounts: reported and true saving a year",
    "announced": "a council learns that it will be made new by order",
    "promises": "a new council is promised to save so much a year, and will in truth",
    "leader_falls": "a leader, or the majority behind a leader, falls between elections",
    "overruled": "a council is made to decide otherwise than it would",
}

_COUNTS = (
    _own("councils", "Councils", "councils", why="mergers make them fewer"),
    _held(
        "agreements",
        "Agreements in force",
        "agreements",
        why="how much is shared",
        target="K5",
        grade="medium",
    ),
    _own("services", "Shared services", "agreements", why="single-service deals in force"),
    _held(
        "managements",
        "Shared managements",
        "agreements",
        why="joint chief executives and joint management teams in force",
        target="K1",
        grade="medium",
    ),
    _own("setting_up", "Agreements being set up", "agreements", why="signed, not yet working"),
    _own("talks", "Talks under way", "talks", why="how much courting goes on"),
    _own("deep_talks", "Talks about management or merger", "talks", why="courting in earnest"),
    _held(
        "sharing",
        "Councils in at least one agreement",
        "councils",
        why="how many share",
        target="K4",
        grade="medium",
    ),
    _own("sharing_management", "Councils that share management", "councils", why="how many marry"),
    _held(
        "talking_management",
        "Councils in talks about management or merger",
        "councils",
        why="the official count of March 2011",
        target="K2",
        grade="medium",
    ),
    _held(
        "members",
        "Members per agreement",
        "councils",
        why="pairs or circles",
        target="K10",
        grade="low",
    ),
    _own("formed", "Agreements signed since the start", "agreements", why="formations"),
    _own(
        "talks_begun", "Talks begun since the start", "talks", why="approaches that were accepted"
    ),
    _held(
        "talks_failed",
        "Talks failed since the start",
        "talks",
        why="how many deals die in talks",
        target="K3",
        grade="medium",
    ),
    _held(
        "ended",
        "Agreements ended since the start",
        "agreements",
        why="how many break up",
        target="K11",
        grade="medium",
    ),
    _own("mergers", "Mergers since the start", "mergers", why="chosen or imposed"),
)

_MONEY = (
    _held(
        "promised",
        "Saving promised",
        "million pounds a year",
        why="what business cases say of the agreements in force",
        target="K12",
        grade="medium",
    ),
    _own("reported", "Saving reported", "million pounds a year", why="what councils say"),
    _held(
        "true_saving",
        "True saving",
        "million pounds a year",
        why="what reaches the budget",
        target="K13",
        grade="medium",
        range_=ANY,
    ),
    _held(
        "reported_total",
        "Reported saving since the start",
        "million pounds",
        why="the figure that associations publish",
        target="K6",
        grade="medium",
    ),
    _own(
        "true_total",
        "True saving since the start",
        "million pounds",
        why="before costs",
        range_=ANY,
    ),
    _own("study_cost", "Cost of studies since the start", "million pounds", why="consultants"),
    _own(
        "setup_cost", "Set-up cost since the start", "million pounds", why="redundancies, systems"
    ),
    _own(
        "coordination_cost",
        "Cost of coordination since the start",
        "million pounds",
        why="two sets of members, one set of managers",
    ),
    _own(
        "exit_cost", "Cost of leaving since the start", "million pounds", why="what divorce costs"
    ),
    _own("grants", "Grants since the start", "million pounds", why="what government paid"),
    _own(
        "net_saving",
        "Net saving since the start",
        "million pounds",
        why="what councils keep: true saving, grants and support less every cost of their own",
        range_=ANY,
    ),
    _held(
        "budget",
        "Net budgets",
        "million pounds a year",
        why="settlement and council tax",
        target="K14",
        grade="high",
    ),
    _own("gap", "Budget gap", "million pounds a year", why="cost less income, where positive"),
    _own(
        "expected_gap",
        "Expected gap",
        "million pounds a year",
        why="what councils see coming, where positive",
    ),
    _held(
        "reserves",
        "Reserves",
        "million pounds",
        why="what is left for bad times",
        target="K15",
        grade="high",
        range_=ANY,
    ),
    _own("in_distress", "Councils in distress", "councils", why="section 114 trouble now"),
    _held(
        "distressed",
        "Section 114 events since the start",
        "events",
        why="how often it came to that",
        target="K16",
        grade="high",
    ),
    _own(
        "winners",
        "Gini of net savings",
        "0 to 1",
        why="whether few councils gain it all",
        range_=SHARE,
        source="Gini 1912, of positive net savings a head",
        grade="definition",
    ),
    _own(
        "support",
        "Support since the start",
        "million pounds",
        why="what government paid besides grants: to councils for a common system, to residents "
        "towards council tax",
    ),
    _own(
        "tax_support",
        "Tax support since the start",
        "million pounds",
        why="the part of the support that went to residents, not to councils",
    ),
    _own(
        "government_services",
        "Government's own services since the start",
        "million pounds",
        why="match-making and published lessons: used up, not passed on",
    ),
    _own(
        "government_spending",
        "Government's spending on partnerships since the start",
        "million pounds",
        why="grants, support and own services; the settlement is not in it",
    ),
    _own(
        "tax_paid",
        "Council tax paid since the start",
        "million pounds",
        why="what residents paid, after tax support: who bears a cap or a freeze",
    ),
    _own(
        "public_net",
        "Public net saving since the start",
        "million pounds",
        why="what councils, government and residents gain together: true saving less studies, "
        "set-up, coordination, exits and government's own services; grants, support and tax "
        "pass from one to the other and cancel",
        range_=ANY,
    ),
    _own(
        "public_value",
        "Present value of the public net saving",
        "million pounds of the first day",
        why="each quarter's public net saving at the prices of the start, discounted to it",
        range_=ANY,
    ),
    _own(
        "study_grants",
        "Grants for studies since the start",
        "million pounds",
        why="what government paid for studies",
    ),
    _own(
        "setup_grants",
        "Grants for setting up since the start",
        "million pounds",
        why="what government paid for setting up",
    ),
    _own(
        "granted",
        "Deals signed with a grant since the start",
        "deals",
        why="who took a grant up, for the study or for setting up",
    ),
    _own(
        "pot_empty",
        "Quarters with an empty pot since the start",
        "quarters",
        why="ends of quarters at which a pot with money this year had too little left for a grant",
    ),
)

_PEOPLE = (
    _own(
        "trust",
        "Trust between partners",
        "0 to 1",
        why="mean over pairs that share something",
        range_=SHARE,
        source="assumption: an index of this model",
        grade="assumption",
    ),
    _own(
        "local_contact",
        "Local contact",
        "index, 1 = all kept",
        why="mean over councils",
        range_=SHARE,
        source="assumption: an index of this model",
        grade="assumption",
    ),
    _own(
        "quality",
        "Quality of services",
        "0 to 1",
        why="best practice spreads apart from savings",
        range_=SHARE,
        source="assumption: an index of this model",
        grade="assumption",
    ),
    _own("degree", "Partners per council", "councils", why="mean number of partners"),
    _own("components", "Groups of linked councils", "groups", why="of two councils or more"),
    _own(
        "largest",
        "Largest group",
        "share of councils",
        why="how connected the map is",
        range_=SHARE,
    ),
    _own(
        "clustering",
        "Clustering",
        "0 to 1",
        why="whether partners' partners are partners",
        range_=SHARE,
        source="Watts and Strogatz 1998",
        grade="definition",
    ),
    _own(
        "alike_size",
        "Alikeness of partners in size",
        "-1 to 1",
        why="correlation of log population over partner pairs",
        range_=EITHER,
        source="Newman 2003, assortative mixing",
        grade="definition",
    ),
    _own(
        "alike_tax",
        "Alikeness of partners in council tax",
        "-1 to 1",
        why="correlation of Band D over partner pairs",
        range_=EITHER,
        source="Newman 2003, assortative mixing",
        grade="definition",
    ),
    _own(
        "alike_culture",
        "Alikeness of partners in culture",
        "-1 to 1",
        why="mean correlation over the four axes",
        range_=EITHER,
        source="Newman 2003; the cultures themselves are drawn",
        grade="assumption",
    ),
    _own(
        "alike_party",
        "Partners of one party",
        "share of pairs",
        why="whether politics matters",
        range_=SHARE,
    ),
    _own("partner_km", "Distance of partners", "km", why="mean over partner pairs"),
    _held(
        "partner_adjacent",
        "Adjacent partners",
        "share of pairs",
        why="whether neighbours marry",
        target="K9",
        grade="medium",
        range_=SHARE,
    ),
    _held(
        "partner_county",
        "Partners in one county",
        "share of pairs",
        why="whether borders hold",
        target="K9",
        grade="medium",
        range_=SHARE,
    ),
)

_HISTORY = (
    _held("deep_begun", "Talks about management or merger begun since the start", "talks",
          why="courting in earnest", target="K3", grade="low"),
    _held("deep_failed", "Talks about management or merger failed since the start", "talks",
          why="how many serious talks die", target="K3", grade="low"),
    _held("deep_signed", "Talks about management or merger that were signed since the start",
          "talks", why="new deals, and joinings of deals at work", target="K3", grade="low"),
    _held("managements_signed", "Shared managements signed since the start", "agreements",
          why="new ones", target="K9", grade="medium"),
    _held("signed_by_two", "Of these: of two councils", "agreements",
          why="pairs or circles", target="K9", grade="medium"),
    _held("signed_adjacent", "Of these: whose first two members touch", "agreements",
          why="whether neighbours marry", target="K9", grade="medium"),
    _held("signed_in_county", "Of these: whose first two members lie in one county", "agreements",
          why="whether borders hold", target="K9", grade="medium"),
    _held("managements_broken", "Shared managements broken up since the start", "agreements",
          why="how many marriages fail", target="K11", grade="medium"),
    _held("management_years", "Years of shared management since the start", "years",
          why="over which they could break up", target="K11", grade="medium"),
    _own("districts", "Districts", "councils", why="mergers make them fewer"),
    _held("district_reserves", "Reserves of districts", "million pounds",
          why="whether they rose while budgets fell", target="K15", grade="high", range_=ANY),
    _held("districts_distressed", "Section 114 events of districts since the start", "events",
          why="how often it came to that", target="K16", grade="high"),
    _held("with_districts", "Agreements in force with a district", "agreements",
          why="who shares with whom", target="K8", grade="high"),
    _held("among_districts", "Agreements in force of districts alone", "agreements",
          why="whether districts join counties and unitaries", target="K8", grade="high"),
)  # fmt: skip

IN_THE_MIX = ("revenues_benefits", "legal", "management", "building_control", "procurement")
"""The scopes whose shares of all deals are known."""
KNOWN_CAUSES = ("politics", "sovereignty", "culture", "savings", "people", "distance", "tax")
"""The reasons whose shares of all failures are estimated."""


def _active(scope: str) -> Measure:
    declare = partial(_held, target="K7", grade="medium") if scope in IN_THE_MIX else _own
    return declare(f"active_{scope}", f"{TITLES[scope]}: in force", "agreements", why="by scope")


def _failures(stem: str, title: str, unit: str, reason: str) -> Measure:
    declare = partial(_held, target="K17", grade="low") if reason in KNOWN_CAUSES else _own
    return declare(f"{stem}_{reason}", f"{title}: {REASONS[reason]}", unit, why="what kills deals")


_BY_SCOPE = tuple(_active(scope) for scope in SHARED)
_BY_REASON = tuple(
    _failures(stem, title, unit, reason)
    for stem, title, unit in (
        ("failed", "Talks that failed since the start", "talks"),
        ("ended", "Agreements that ended since the start", "agreements"),
        (
            "lost",
            "Talks about management or merger, and managements, that came to nothing",
            "deals",
        ),
    )
    for reason in REASONS
)

_PLAIN = _COUNTS + _MONEY + _PEOPLE + _HISTORY
_FIELDS = ("failed", "ended_by", "lost")
"""The fields of a record by reason, in the order of the stems of `_BY_REASON`."""
MEASURES: tuple[Measure, ...] = _PLAIN + _BY_SCOPE + _BY_REASON


@cache
def quarter_dtype() -> np.dtype:
    """Return the record that the engine fills each quarter: one float a measure."""
    columns = [
        ("active", np.float64, (len(_BY_SCOPE),)),
        *((field, np.float64, (len(REASONS),)) for field in _FIELDS),
    ]
    return np.dtype([*((m.name, np.float64) for m in _PLAIN), *columns])


def as_column(records: np.ndarray, name: str) -> np.ndarray:
    """Return one measure of records of `quarter_dtype`, by its name."""
    if name in (records.dtype.names or ()):
        return np.asarray(records[name])
    return as_columns(records)[name]


def as_columns(records: np.ndarray) -> dict[str, np.ndarray]:
    """Return one array a measure from records of `quarter_dtype`, in the order of MEASURES."""
    columns = {m.name: np.asarray(records[m.name]) for m in _PLAIN}
    for k, measure in enumerate(_BY_SCOPE):
        columns[measure.name] = np.asarray(records["active"][..., k])
    for k, measure in enumerate(_BY_REASON):
        field = _FIELDS[k // len(REASONS)]
        columns[measure.name] = np.asarray(records[field][..., k % len(REASONS)])
    return columns
