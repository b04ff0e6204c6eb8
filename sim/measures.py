"""Every outcome of the model, declared once: title, unit and why anybody would ask for it.

`quarter_dtype` is the record that the engine fills each quarter. The names here are the names in
the tables, the listings, the figures and the documentation. The lists of kinds, reasons and
contributions give the engine's event codes their words.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.catalogue import SCOPES, TITLES


class Measure(NamedTuple):
    """One outcome, collected every quarter; a run's outcome is its value at the end."""

    name: str
    title: str
    unit: str
    why: str


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


class Contribution(NamedTuple):
    """A part of a decision: what it is about, and what it is called when it speaks for or against.

    To leave an agreement is a decision against sharing, so a push to leave is said as `con`,
    unless leaving has words of its own.
    """

    title: str
    pro: str
    con: str
    leave: str = ""
    stay: str = ""

    def words(self, push: float, *, leaving: bool = False) -> str:
        """Return the words for a push towards (plus) or against (minus) what was weighed."""
        if leaving:
            return (self.leave or self.con) if push > 0 else (self.stay or self.pro)
        return self.pro if push > 0 else self.con


CONTRIBUTIONS: dict[str, Contribution] = {
    "base": Contribution(
        "how ready a typical council is", "how ready a typical council is",
        "how wary a typical council is", "how often such deals break up",
        "how seldom such deals break up",
    ),
    "need": Contribution(
        "the gap it expects", "the budget gap it expects", "no budget gap ahead"
    ),
    "savings": Contribution(
        "the saving, by its own estimate", "a good saving, by its own estimate",
        "a poor saving, by its own estimate", "a saving that falls short of the promise",
        "a saving near the promise",
    ),
    "set_up": Contribution(
        "set-up cost against its reserves", "little to pay for setting up",
        "set-up cost against its reserves",
    ),
    "grant": Contribution("a grant", "a grant", "no grant"),
    "culture": Contribution(
        "believed difference in culture", "a culture believed to be like its own",
        "a culture believed to be different",
    ),
    "trust": Contribution("trust", "trust", "little trust"),
    "history": Contribution(
        "earlier failures with this partner", "no earlier failure with this partner",
        "earlier failures with this partner",
    ),
    "sovereignty": Contribution(
        "attachment to independence", "little attachment to independence",
        "strong attachment to independence",
    ),
    "contact": Contribution(
        "fear of losing local contact", "little fear of losing local contact",
        "fear of losing local contact",
    ),
    "size": Contribution("difference in size", "similar size", "difference in size"),
    "means": Contribution("difference in means", "similar means", "difference in means"),
    "tier": Contribution("different duties", "the same duties", "different duties"),
    "party": Contribution(
        "party in control", "the same party in control", "no party in control of both"
    ),
    "new_control": Contribution("a new majority", "a settled majority", "a new majority"),
    "election": Contribution("an election ahead", "no election ahead", "an election ahead"),
    "distance": Contribution("distance", "nearness", "distance"),
    "border": Contribution(
        "county border", "no county border between them", "a county border between them"
    ),
    "tax_gap": Contribution("gap in council tax", "similar council tax", "a gap in council tax"),
    "review": Contribution(
        "reorganisation in doubt", "reorganisation at the door", "reorganisation in doubt"
    ),
    "rival": Contribution(
        "a better offer elsewhere", "no better offer elsewhere", "a better offer elsewhere"
    ),
    "busy": Contribution("stretched managers", "managers with time", "stretched managers"),
    "vacancy": Contribution(
        "the chief executive's post", "a vacant chief executive's post",
        "a chief executive new in post", "a joint chief executive who left",
        "a joint chief executive who stays",
    ),
    "ties": Contribution(
        "what they share already", "what they share already", "too little shared so far"
    ),
    "systems": Contribution(
        "computer systems", "the same computer systems", "different computer systems"
    ),
    "crowd": Contribution("number of partners", "few partners", "many partners"),
    "lesson": Contribution(
        "lessons not heeded", "lessons heeded in the terms", "lessons not heeded in the terms"
    ),
    "fashion": Contribution(
        "what neighbours do", "what neighbours do", "neighbours that hold back"
    ),
    "rumour": Contribution(
        "rumours of others' talks", "rumours of others' talks", "rumours that put it off"
    ),
    "strategy": Contribution(
        "its strategy", "a strategy that seeks this", "a strategy that seeks something else"
    ),
    "joining": Contribution(
        "joining what already runs", "joining what already runs", "being in a deal already"
    ),
    "chance": Contribution("chance", "chance", "chance"),
}  # fmt: skip

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
}

_COUNTS = (
    Measure("councils", "Councils", "councils", "mergers make them fewer"),
    Measure("agreements", "Agreements in force", "agreements", "how much is shared"),
    Measure("services", "Shared services", "agreements", "single-service deals in force"),
    Measure("managements", "Shared managements", "agreements",
            "joint chief executives and joint management teams in force"),
    Measure("setting_up", "Agreements being set up", "agreements", "signed, not yet working"),
    Measure("talks", "Talks under way", "talks", "how much courting goes on"),
    Measure("deep_talks", "Talks about management or merger", "talks", "courting in earnest"),
    Measure("sharing", "Councils in at least one agreement", "councils", "how many share"),
    Measure("sharing_management", "Councils that share management", "councils", "how many marry"),
    Measure("talking_management", "Councils in talks about management or merger", "councils",
            "the official count of March 2011"),
    Measure("members", "Members per agreement", "councils", "pairs or circles"),
    Measure("formed", "Agreements signed since the start", "agreements", "formations"),
    Measure("talks_begun", "Talks begun since the start", "talks", "approaches that were accepted"),
    Measure("talks_failed", "Talks failed since the start", "talks", "how many deals die in talks"),
    Measure("ended", "Agreements ended since the start", "agreements", "how many break up"),
    Measure("mergers", "Mergers since the start", "mergers", "chosen or imposed"),
)  # fmt: skip

_MONEY = (
    Measure("promised", "Saving promised", "million pounds a year",
            "what business cases say of the agreements in force"),
    Measure("reported", "Saving reported", "million pounds a year", "what councils say"),
    Measure("true_saving", "True saving", "million pounds a year", "what reaches the budget"),
    Measure("reported_total", "Reported saving since the start", "million pounds",
            "the figure that associations publish"),
    Measure("true_total", "True saving since the start", "million pounds", "before costs"),
    Measure("study_cost", "Cost of studies since the start", "million pounds", "consultants"),
    Measure("setup_cost", "Set-up cost since the start", "million pounds", "redundancies, systems"),
    Measure("coordination_cost", "Cost of coordination since the start", "million pounds",
            "two sets of members, one set of managers"),
    Measure("exit_cost", "Cost of leaving since the start", "million pounds", "what divorce costs"),
    Measure("grants", "Grants since the start", "million pounds", "what government paid"),
    Measure("net_saving", "Net saving since the start", "million pounds",
            "true saving and grants less every cost"),
    Measure("budget", "Net budgets", "million pounds a year", "settlement and council tax"),
    Measure("gap", "Budget gap", "million pounds a year", "cost less income, where positive"),
    Measure("expected_gap", "Expected gap", "million pounds a year",
            "what councils see coming, where positive"),
    Measure("reserves", "Reserves", "million pounds", "what is left for bad times"),
    Measure("in_distress", "Councils in distress", "councils", "section 114 trouble now"),
    Measure("distressed", "Section 114 events since the start", "events",
            "how often it came to that"),
    Measure("winners", "Gini of net savings", "0 to 1", "whether few councils gain it all"),
)  # fmt: skip

_PEOPLE = (
    Measure("trust", "Trust between partners", "0 to 1", "mean over pairs that share something"),
    Measure("local_contact", "Local contact", "index, 1 = all kept", "mean over councils"),
    Measure("quality", "Quality of services", "0 to 1", "best practice spreads apart from savings"),
    Measure("degree", "Partners per council", "councils", "mean number of partners"),
    Measure("components", "Groups of linked councils", "groups", "of two councils or more"),
    Measure("largest", "Largest group", "share of councils", "how connected the map is"),
    Measure("clustering", "Clustering", "0 to 1", "whether partners' partners are partners"),
    Measure("alike_size", "Alikeness of partners in size", "-1 to 1",
            "correlation of log population over partner pairs"),
    Measure("alike_tax", "Alikeness of partners in council tax", "-1 to 1",
            "correlation of Band D over partner pairs"),
    Measure("alike_culture", "Alikeness of partners in culture", "-1 to 1",
            "mean correlation over the four axes"),
    Measure("alike_party", "Partners of one party", "share of pairs", "whether politics matters"),
    Measure("partner_km", "Distance of partners", "km", "mean over partner pairs"),
    Measure("partner_adjacent", "Adjacent partners", "share of pairs", "whether neighbours marry"),
    Measure("partner_county", "Partners in one county", "share of pairs", "whether borders hold"),
)  # fmt: skip

_BY_SCOPE = tuple(
    Measure(f"active_{scope}", f"{TITLES[scope]}: in force", "agreements", "by scope")
    for scope in SCOPES[:11]
)
_BY_REASON = tuple(
    Measure(f"{stem}_{key}", f"{title}: {words}", unit, "what kills deals")
    for stem, title, unit in (
        ("failed", "Talks that failed since the start", "talks"),
        ("ended", "Agreements that ended since the start", "agreements"),
    )
    for key, words in REASONS.items()
)

MEASURES: tuple[Measure, ...] = _COUNTS + _MONEY + _PEOPLE + _BY_SCOPE + _BY_REASON


def quarter_dtype() -> np.dtype:
    """Return the record that the engine fills each quarter: one float a measure."""
    plain = _COUNTS + _MONEY + _PEOPLE
    columns = [
        ("active", np.float64, (len(_BY_SCOPE),)),
        ("failed", np.float64, (len(REASONS),)),
        ("ended_by", np.float64, (len(REASONS),)),
    ]
    return np.dtype([*((m.name, np.float64) for m in plain), *columns])


def as_columns(records: np.ndarray) -> dict[str, np.ndarray]:
    """Return one array a measure from records of `quarter_dtype`, in the order of MEASURES."""
    plain = [m.name for m in _COUNTS + _MONEY + _PEOPLE]
    columns = {name: np.asarray(records[name]) for name in plain}
    for k, measure in enumerate(_BY_SCOPE):
        columns[measure.name] = np.asarray(records["active"][..., k])
    half = len(REASONS)
    for k, measure in enumerate(_BY_REASON):
        field = "failed" if k < half else "ended_by"
        columns[measure.name] = np.asarray(records[field][..., k % half])
    return columns
