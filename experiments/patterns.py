"""What England did by the end of 2014 and the model is held against: the patterns K1 to K18.

Each pattern says in plain words what it is, how it bears on an outcome, and on which measures; what
England showed stands in `history/targets.csv`. `experiments.validate` counts them in runs of the
model and keeps what it found in `validated.json`, so that whoever tells of an outcome can say what
the model misses there without running England.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ..sim.declared.catalogue import SHARED as SHARED_SCOPES
from ..sim.declared.measures import REASONS

KEPT = Path(__file__).parent / "validated.json"
"""What the last validation found."""

SAVINGS = ("promised", "reported", "true_saving", "reported_total", "true_total")
BALANCE = ("net_saving", "winners", "public_net", "public_value")
COSTS = ("study_cost", "setup_cost", "coordination_cost", "exit_cost")
GOVERNMENT = ("grants", "support", "government_spending", "study_grants", "setup_grants",
              "granted", "pot_empty")  # fmt: skip
PARTNERS = ("partner_km", "partner_adjacent", "partner_county", "alike_size", "alike_tax",
            "alike_party", "alike_culture")  # fmt: skip
NETWORK = ("degree", "components", "largest", "clustering")
SHARED = ("agreements", "services", "formed", "setting_up", "sharing")
DEEP = ("managements", "sharing_management", "active_management", "active_chief_executive")
TROUBLE = ("in_distress", "distressed", "districts_distressed")
FAILED = tuple(f"failed_{reason}" for reason in REASONS)
ENDED = tuple(f"ended_{reason}" for reason in REASONS)
LOST = tuple(f"lost_{reason}" for reason in REASONS)
ACTIVE = tuple(f"active_{scope}" for scope in SHARED_SCOPES)

DISTRICT_BUDGETS = {2010: 3.10, 2011: 2.69, 2012: 2.63, 2013: 2.45, 2014: 2.40}
"""What districts spent in the year from April, billion pounds, with parishes: a restated input."""

Bounds = tuple[tuple[float, float], ...]
"""Of each number of a pattern: from where to where the model's counts as met."""
MET, LOWER, HIGHER = "met", "lower", "higher"
ANY = math.inf


def near(england: Iterable[float], by: float = 0.0, *, share: float = 0.0) -> Bounds:
    """Return bounds around what England shows: so much either way, or such a share of it."""
    return tuple((each - by - share * each, each + by + share * each) for each in england)


class Pattern(NamedTuple):
    """Something that England showed, and the measures that are no surer than it is."""

    words: str
    bears: str  # on what, and why
    measures: tuple[str, ...]
    form: str = ""  # how a number of it is written, where it has targets in the table
    restated: bool = False  # it only restates what was put in, or was set by hand: never counted
    bounds: Bounds = ()  # of several numbers that are in no table
    informed: tuple[str, ...] = ()  # numbers, rules or data that come from the same evidence

    def judged(self, model: Sequence[float]) -> tuple[str, ...]:
        """Return of each number of the model whether it is met, lower or higher."""
        return tuple(
            LOWER if got < low else HIGHER if got > high else MET
            for got, (low, high) in zip(model, self.bounds, strict=True)
        )


PATTERNS: dict[str, Pattern] = {
    "K1": Pattern(
        "shared managements at the end of 2009 to 2014",
        "One chief executive or one team of managers for two councils or more is the deepest "
        "deal and the one that saves most, so savings and their costs hang on how many there are.",
        (*DEEP, "agreements", "formed", "members", *SAVINGS, *BALANCE, *COSTS, *GOVERNMENT),
        form=".0f",
        informed=("search.base_management",),
    ),
    "K2": Pattern(
        "councils in talks about shared management, March 2011",
        "How many talk says how many could sign, and how many talks could fail.",
        ("talking_management", "deep_talks", "talks", "talks_begun", "talks_failed", "formed",
         "study_cost", "study_grants"),
        form=".0f",
        informed=("search.need_management",),
    ),
    "K3": Pattern(
        "talks about shared management that fail",
        "How many talks die decides how many deals there are.",
        ("talks_failed", "formed", "managements", "deep_talks", "study_cost", "deep_begun",
         "deep_failed", "deep_signed"),
        form=".0%",
        informed=("management.base", "chief_executive.base"),
    ),
    "K4": Pattern(
        "councils in at least one shared service, 2012 / 2013 / 2014",
        "How many councils share at all bounds how many partners, deals and savings there can be.",
        (*SHARED, *NETWORK, *SAVINGS, *BALANCE),
        form=".0%",
    ),
    "K5": Pattern(
        "growth of agreements to share to April 2014: from March 2011 / from January 2013 (times)",
        "How many agreements there are and how they grow.",
        (*SHARED, *ACTIVE),
        form=".2f",
        informed=("search.base_service", "search.need_service"),
    ),
    "K6": Pattern(
        "saving that councils reported, added up to 2012 / 2013 / 2014, in million pounds",
        "It is the one sum of savings that was published, so every amount of money saved is no "
        "surer than it.",
        (*SAVINGS, *BALANCE),
        form=".0f",
    ),
    "K7": Pattern(
        "mix of five kinds of agreement in force, March 2011: tax collection and benefits / legal "
        "services / management / building control / procurement",
        "Kinds differ in what they save and what they cost, so a wrong mix moves both.",
        (*ACTIVE, "services", "managements", *SAVINGS, *BALANCE, "setup_cost",
         "coordination_cost"),
        form=".0%",
        informed=("revenues_benefits.interest", "legal.interest", "building_control.interest",
                  "procurement.interest"),
    ),
    "K8": Pattern(
        "agreements in force with a district that are of districts alone, March 2011",
        "It says who teams up with whom: whether districts join counties and unitaries or only "
        "each other.",
        (*PARTNERS, *NETWORK, "sharing", "members", "with_districts", "among_districts"),
        form=".0%",
        informed=("weighing.delegation",),
    ),
    "K9": Pattern(
        "shared managements: of two councils; of neighbours; in one county",
        "It says how far apart partners lie, and whether a county's border keeps them apart.",
        (*PARTNERS, *DEEP, "managements_signed", "signed_by_two", "signed_adjacent",
         "signed_in_county"),
        form=".0%",
        informed=("weighing.apart", "weighing.border"),
    ),
    "K10": Pattern(
        "councils in one shared service: the middle one, the largest",
        "More members share more cost and have more to coordinate.",
        ("members", *NETWORK, "coordination_cost"),
        restated=True,
    ),
    "K11": Pattern(
        "shared managements that break up in a year",
        "How long a deal lasts decides for how long it saves, and how often leaving costs.",
        ("ended", *ENDED, "exit_cost", *DEEP, "managements_broken", "management_years",
         "true_total", "net_saving", "public_net",
         "public_value"),
        form=".1%",
        informed=("endings.young", "endings.settled", "endings.old"),
    ),
    "K12": Pattern(
        "years until a management deal has paid back what it cost, by its promise: the middle one",
        "It sets the promised saving against the cost of setting up.",
        ("promised", "setup_cost", "net_saving", "public_net", "public_value"),
        restated=True,
    ),
    "K13": Pattern(
        "change in what tax collection or the back office truly costs when it is shared",
        "It says whether sharing saves in truth, whatever is promised or reported.",
        ("true_saving", "true_total", "coordination_cost", *BALANCE),
        restated=True,
    ),
    "K14": Pattern(
        "what districts spend, 2010-11 to 2014-15, in billion pounds, with parishes",
        "What councils have and spend decides who sees a gap, and who sees a gap looks for a "
        "partner.",
        ("budget", "gap", "expected_gap", "reserves", "tax_paid", *TROUBLE, "talks_begun"),
        bounds=near(DISTRICT_BUDGETS.values(), share=0.05),
        restated=True,
    ),
    "K15": Pattern(
        "growth of what districts hold in reserve, March 2011 to March 2014 (times)",
        "Reserves keep a council from distress and pay for setting up.",
        ("reserves", *TROUBLE, "district_reserves"),
        form=".2f",
        informed=("costs.put_aside",),
    ),
    "K16": Pattern(
        "districts that cannot balance their budget (section 114), to the end of 2014",
        "It is how often money runs out altogether.",
        TROUBLE,
        form=".1f",
    ),
    "K17": Pattern(
        "causes for which deep talks and managements fail: politics / sovereignty / culture / "
        "savings / people and distance / council tax",
        "A policy that works on one cause does as much as the model lets that cause weigh.",
        (*FAILED, *ENDED, *LOST, "talks_failed", "ended"),
        form=".0%",
        informed=("politics.leader_falls",),
    ),
    "K18": Pattern(
        "Norfolk: talks of South Norfolk and Breckland that collapse; Breckland finds another "
        "partner within two years",
        "It is the story the model began with: what happens after a failure, and how soon "
        "somebody else is found.",
        ("talks_failed", "talks_begun", "managements", "failed_culture"),
        bounds=((0.6, ANY), (0.5, ANY)),
        restated=True,
    ),
}  # fmt: skip


class Row(NamedTuple):
    """One pattern, what the model gives, on which side of England, and whether that is near."""

    number: str
    target: str
    model: str
    side: str  # of what England shows: lower, higher, mixed
    within: bool
    parts: tuple[str, ...] = ()  # of several numbers each: met, lower, higher
    ranks: tuple[float, ...] = ()  # of each number: the share of runs below England
    score: float | None = None  # how far runs lie from England, in what error and discrepancy allow

    @property
    def pattern(self) -> str:
        """What the pattern is, in words."""
        return PATTERNS[self.number].words


class Validated(NamedTuple):
    """What the last validation found, and with how many runs of which rules."""

    runs: int
    seed: int
    code: str  # fingerprint of the rules
    causes: list[float]  # of each cause of K17: its share of all that spoke against
    rows: list[Row]


def side(england: Iterable[float], model: Iterable[float]) -> str:
    """Return whether the model lies below England, above it, or here below and there above."""
    apart = [got - known for known, got in zip(england, model, strict=True)]
    if all(each <= 0 for each in apart):
        return "lower"
    return "higher" if all(each >= 0 for each in apart) else "mixed"


def text_of(found: Validated) -> str:
    """Return what a validation found as it is kept: one JSON value, the same for the same runs."""
    document: dict[str, Any] = found._asdict() | {"rows": [row._asdict() for row in found.rows]}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def validated() -> Validated:
    """Return what the last validation found."""
    document = json.loads(KEPT.read_text(encoding="utf-8"))
    return Validated(**document | {"rows": [_row(row) for row in document["rows"]]})


def _row(document: dict[str, Any]) -> Row:
    lists = {name: tuple(document[name]) for name in ("parts", "ranks")}
    return Row(**document | lists)


def bearing(names: Sequence[str], rows: Sequence[Row]) -> list[Row]:
    """Return the patterns that bear on some of these measures, met or missed."""
    return [row for row in rows if set(PATTERNS[row.number].measures) & set(names)]


def missed(names: Sequence[str], rows: Sequence[Row]) -> list[Row]:
    """Return the patterns that the model misses and that bear on some of these measures."""
    return [row for row in bearing(names, rows) if not row.within]
