"""The service catalogue: what councils can share, from one service to a full merger.

Each row is a scope. The numbers are shares of a stand-alone district's net budget, from the
studies and cases named in the source column; depth and contact loss are judgements.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from pydantic import create_model

from .declare import Grade, Section, check_pickled, number

Range = tuple[float, float, float]
"""A default with its plausible low and high."""

ELSTON = "Elston, Bel & Wang 2023 PAR; Dixon & Elston 2019 PMM"
MIX = "map of shared services, March 2011 (LGC), mix of the five most common kinds"
LEAST_WIDTH = 0.05
"""How far a judged share that is nothing may be from nothing: a range has a width."""
JUDGED = "assumption"
CASES = "table of savings cases"
STUDIED = f"{ELSTON}: net about nothing; 2% gross less 2% of coordination"
PROFESSIONAL = "Dixon & Elston, LSE 2019: sharing professional work costs a little more"
TIER = (
    "senior teams of districts: nine managers to six; a third promised, tiers alone 0.09 to 0.28 "
    "million pounds a year for two councils"
)
LINCOLNSHIRE = "Procurement Lincolnshire 2008 to 2011, eight councils (Drummond MacFarlane 2012)"
POOLED = "Elston & Dixon 2020: sharing costs a little to coordinate; 0 to 6% of what is pooled"


class Term(NamedTuple):
    """What one column of the catalogue means."""

    unit: str
    why: str
    source: str
    grade: Grade
    allowed: tuple[float, float] | None = None


class Cell(NamedTuple):
    """A number of one scope that has a source and a grade of its own; its unit where that differs.

    Where nothing is said, the column's word holds.
    """

    row: Range
    source: str
    grade: Grade
    unit: str = ""
    why: str = ""


TERMS: dict[str, Term] = {
    "interest": Term(
        "log weight",
        why="how often this scope comes up first when a council looks for something to share",
        source=MIX,
        grade="low",
        allowed=(-10.0, 10.0),
    ),
    "base": Term(
        "logit",
        why="how ready a typical council is to go on with a typical deal of this scope",
        source="set so that about a quarter of service talks and two thirds of management talks "
        "fail (in England's runs 0.19 and 0.62)",
        grade="low",
        allowed=(-10.0, 10.0),
    ),
    "budget_share": Term(
        "share of net budget",
        why="the part of the net budget that the saving is reckoned on",
        source="district budgets: 3.10 billion pounds over 201 of them in 2010-11; parts judged",
        grade="low",
    ),
    "promised": Term(
        "share of that cost a year",
        why="the median saving that business cases promise",
        source="table of savings cases; map of shared services",
        grade="low",
        allowed=(0.0, 1.0),
    ),
    "true_saving": Term(
        "share of that cost a year",
        why="the mean saving that reaches the budget in the long run, before coordination",
        source=CASES,
        grade="low",
        allowed=(-1.0, 1.0),
    ),
    "true_spread": Term(
        "share of that cost a year",
        why="how much the true saving differs from deal to deal (standard deviation)",
        source="assumption: about a third of the range of the mean",
        grade="assumption",
        allowed=(0.0, 1.0),
    ),
    "setup_ratio": Term(
        "years of promised saving",
        why="what it costs to set up, against the yearly saving that is promised",
        source="Drummond MacFarlane & LGA 2012; table of savings cases",
        grade="low",
    ),
    "depth": Term(
        "share of autonomy given up, 0 to 1",
        why="how far the deal reaches into who runs the council",
        source=JUDGED,
        grade="assumption",
    ),
    "contact_loss": Term(
        "share of local contact lost, 0 to 1",
        why="how much of the contact with residents moves away",
        source=JUDGED,
        grade="assumption",
    ),
    "ict": Term(
        "share of the work that hangs on one system, 0 to 1",
        why="how much the same software matters",
        source=JUDGED,
        grade="assumption",
    ),
    "tax_weight": Term(
        "logit for each step of Band D (weighing.tax_step)",
        why="how much a difference in council tax stands in the way",
        source="Babergh and Mid Suffolk ballots 2011; Miyashita 2011; Weese 2015 (sign)",
        grade="low",
    ),
    "transition": Term(
        "quarters",
        why="time from signature to the first day of joint work",
        source="table of savings cases",
        grade="low",
        allowed=(1.0, 20.0),
    ),
    "ramp": Term(
        "quarters",
        why="time from the first day to the full saving",
        source="table of savings cases",
        grade="low",
        allowed=(1.0, 40.0),
    ),
    "most_members": Term(
        "councils",
        why="the largest number of councils in one deal",
        source="shared services known in 2014: median 3, largest about 8",
        grade="low",
        allowed=(2.0, 8.0),
    ),
    "coordination": Term(
        "share of that cost a year",
        why="meetings, two sets of members, one set of managers: what working for two councils "
        "costs a pair, each of them, of the staff that are pooled",
        source=POOLED,
        grade="low",
        allowed=(0.0, 1.0),
    ),
}


class Entry(NamedTuple):
    """One scope: its key, its title, why it is shared, and its row of numbers."""

    key: str
    title: str
    why: str
    rows: dict[str, Range]
    cells: dict[str, Cell]


def _entry(key: str, title: str, *values: Range | Cell | float | None, why: str) -> Entry:
    """Return an entry with a value for each column; None where the column means nothing to it."""
    given = {n: value for n, value in zip(TERMS, values, strict=True) if value is not None}
    rows = {name: _as_range(name, value) for name, value in given.items()}
    own = {name: value for name, value in given.items() if isinstance(value, Cell)}
    return Entry(key, title, why, rows, own)


def _as_range(name: str, value: Range | Cell | float) -> Range:
    if isinstance(value, Cell):
        return value.row
    if isinstance(value, tuple):
        return value
    if name in ("interest", "base"):
        return value, value - 1.0, value + 1.0
    if name == "transition":
        return value, max(1.0, value * 0.5), value * 1.5
    if name == "most_members":
        return value, max(2.0, value - 2.0), min(8.0, value + 2.0)
    if name in ("depth", "contact_loss", "ict"):
        return value, value * 0.5, min(1.0, max(value * 1.5, LEAST_WIDTH))
    return value, value * 0.5, value * 1.5


# fmt: off
STAFF = (0.02, 0.0, 0.06)
"""What it costs to coordinate staff that work for several councils, as a share of their cost."""

CATALOGUE: tuple[Entry, ...] = (
    #       key, title,
    #       interest, base, budget_share, promised, true_saving, true_spread, setup_ratio,
    #       depth, contact_loss, ict, tax_weight, transition, ramp, most_members, coordination, why
    _entry("revenues_benefits", "Revenues and benefits",
           1.2, 1.8, (0.10, 0.07, 0.14), (0.15, 0.10, 0.22),
           Cell((0.02, -0.05, 0.10), STUDIED, "high"), 0.05,
           (0.6, 0.2, 1.5), 0.15, 0.15, 0.9, (0.0, 0.0, 0.2), 3.0, 6.0, 7.0, STAFF,
           why="collects tax and pays benefit: the same rules everywhere, one large system"),
    _entry("customer_services", "Customer services",
           0.0, 1.4, Cell((0.04, 0.02, 0.06), JUDGED, "assumption"),
           Cell((0.10, 0.05, 0.17), JUDGED, "assumption"),
           Cell((0.01, -0.05, 0.06), JUDGED, "assumption"), 0.05,
           Cell((0.6, 0.2, 1.2), JUDGED, "assumption"),
           0.15, 0.40, 0.6, (0.0, 0.0, 0.2), 2.0, 6.0, 4.0, STAFF,
           why="answers the telephone and the counter: nearest to the residents"),
    _entry("ict", "Information technology",
           0.4, 1.6, (0.05, 0.03, 0.07), (0.15, 0.10, 0.20),
           Cell((0.04, -0.05, 0.12), "West Suffolk: 1.7 million pounds in six years", "low"), 0.06,
           (1.5, 0.5, 3.0), 0.15, 0.02, 1.0, (0.0, 0.0, 0.2), 4.0, 8.0, 5.0, STAFF,
           why="one set of systems; costly to join, and it makes later sharing easier"),
    _entry("legal", "Legal services",
           1.1, 1.9, (0.02, 0.01, 0.03), (0.10, 0.05, 0.15),
           Cell((0.0, -0.05, 0.05), PROFESSIONAL, "medium"), 0.03,
           (0.3, 0.1, 0.8), 0.10, 0.02, 0.2, (0.0, 0.0, 0.2), 2.0, 4.0, 5.0, STAFF,
           why="small teams of professionals who cover for each other"),
    _entry("back_office", "Personnel, payroll, finance and audit",
           0.6, 1.7, (0.06, 0.04, 0.08), (0.15, 0.10, 0.20),
           Cell((0.02, -0.05, 0.10), STUDIED, "high"), 0.05,
           (0.8, 0.3, 1.5), 0.15, 0.02, 0.7, (0.0, 0.0, 0.2), 3.0, 6.0, 5.0, STAFF,
           why="transactions that residents never see"),
    _entry("procurement", "Procurement",
           0.8, 1.9,
           Cell((0.36, 0.30, 0.45),
                LINCOLNSHIRE + ": 194 million pounds of spend a year against net budgets of 544",
                "low", unit="spend on purchases as a share of net budget",
                why="the spend that buying together acts on: this service saves on purchases, not "
                "on its own staff"),
           Cell((0.018, 0.015, 0.025), LINCOLNSHIRE + ": 3.5 million pounds a year of 194", "low"),
           Cell((0.010, 0.0, 0.02), "assumption: a little over half of what one case reports",
                "low"), 0.008,
           (0.09, 0.04, 0.2), 0.05, 0.0, 0.2, (0.0, 0.0, 0.2), 1.0, 6.0, 8.0,
           Cell((0.0006, 0.0002, 0.001),
                LINCOLNSHIRE + ": staff cost rose by a fifth; a team of some 15, or 0.3% of spend "
                "(judged)", "low",
                why="of the spend: only the team that buys is pooled, not what it buys"),
           why="buys together; cheap to set up"),
    _entry("building_control", "Building control",
           0.5, 1.9, (0.01, 0.005, 0.02), Cell((0.10, 0.05, 0.15), JUDGED, "assumption"),
           Cell((0.03, -0.05, 0.10), JUDGED + ": cover for each other is the main motive",
                "assumption"), 0.05,
           (0.3, 0.1, 0.8), 0.10, 0.05, 0.2, (0.0, 0.0, 0.2), 2.0, 4.0, 6.0, STAFF,
           why="a small team that competes with private firms and needs cover"),
    _entry("environmental_health", "Environmental health and regulation",
           0.3, 1.7, (0.05, 0.03, 0.07), (0.13, 0.10, 0.17),
           Cell((0.03, -0.05, 0.10), "Worcestershire Regulatory Services; size judged", "low"),
           0.05,
           (0.6, 0.2, 1.2), 0.15, 0.15, 0.3, (0.0, 0.0, 0.2), 2.0, 6.0, 7.0, STAFF,
           why="inspectors and licences: professional work with local knowledge"),
    _entry("waste", "Waste and recycling",
           -0.4, 1.3, (0.25, 0.18, 0.32), (0.04, 0.02, 0.06),
           Cell((0.03, 0.0, 0.08), "West Suffolk: 0.3 million pounds a year for two", "low"), 0.02,
           (0.5, 0.2, 1.2), 0.25, 0.20, 0.1, (0.0, 0.0, 0.2), 4.0, 8.0, 4.0, STAFF,
           why="lorries and depots: the largest service of a district, and the most visible"),
    _entry("chief_executive", "Chief executive only",
           -0.3, 0.2, (0.008, 0.006, 0.012), (0.45, 0.40, 0.50),
           Cell((0.45, 0.35, 0.50), "a real post goes: Suffolk Coastal and Waveney 2009, 90,000 "
                "pounds for both", "medium"), 0.05,
           (0.3, 0.1, 1.0), 0.55, 0.05, 0.0, (0.15, 0.0, 0.5), 1.0, 2.0, 2.0, STAFF,
           why="one head of two staffs: a real post saved, and a first step"),
    _entry("management", "Chief executive and senior management",
           0.6, 0.0, Cell((0.04, 0.03, 0.06), TIER, "low"),
           Cell((0.33, 0.25, 0.40), TIER, "medium"),
           Cell((0.20, 0.10, 0.33), "a tier that really goes, less what an audit found of one "
                "promise (a third)", "low"), 0.10,
           (0.8, 0.4, 1.3), 0.80, 0.10, 0.2, (0.3, 0.0, 1.0), 3.0, 12.0, 3.0, STAFF,
           why="one senior team for two or more councils that keep their members"),
    _entry("merger", "Full merger",
           -0.2, -0.3, (1.0, 0.9, 1.0),
           Cell((0.025, 0.01, 0.04), "0.5 to 0.8 million pounds a year beyond sharing, four cases",
                "low"),
           Cell((0.015, 0.0, 0.03), "three fifths of that, as with senior teams", "low"), 0.01,
           (1.5, 0.65, 3.7), 1.0, 0.35, 0.4, (2.0, 1.0, 4.0), 6.0, 12.0, 4.0,
           None,  # one council has nobody to coordinate with
           why="one council instead of two or more: what that saves beyond sharing"),
)
# fmt: on

SCOPES: tuple[str, ...] = tuple(entry.key for entry in CATALOGUE)
SERVICES: tuple[str, ...] = SCOPES[:9]
MANAGEMENTS: tuple[str, ...] = SCOPES[9:11]
"""The scopes in which the members have one chief executive."""
MERGER: str = SCOPES[11]
DEEP: tuple[str, ...] = (*MANAGEMENTS, MERGER)
"""The scopes that reach into who runs the council."""
SHARED: tuple[str, ...] = (*SERVICES, *MANAGEMENTS)
"""The scopes that a partnership can be about; after a merger there is nobody left to share."""
TITLES: dict[str, str] = {entry.key: entry.title for entry in CATALOGUE}


def _declared(name: str, row: Range, cell: Cell | None) -> tuple[type, Any]:
    term = TERMS[name]
    default, low, high = row
    field = number(
        default,
        (cell.unit if cell else "") or term.unit,
        (low, high),
        why=(cell.why if cell else "") or term.why,
        source=cell.source if cell else term.source,
        grade=cell.grade if cell else term.grade,
        allowed=term.allowed,
    )
    return float, field


class ScopeSection(Section):
    """The section of declared numbers for one scope; made by `scope_section`, so pickled by key."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how another process makes the same section."""
        return _section, (type(self).__name__, self.model_dump())


def _section(key: str, values: dict[str, float]) -> Section:
    cls = SCOPE_SECTIONS[key]
    check_pickled(cls, values)
    return cls.model_construct(None, **values)


def scope_section(entry: Entry) -> type[Section]:
    """Return the section of declared numbers for one scope of the catalogue."""
    fields: dict[str, Any] = {
        name: _declared(name, row, entry.cells.get(name)) for name, row in entry.rows.items()
    }
    made = create_model(
        entry.key, __base__=ScopeSection, __doc__=f"{entry.title}: {entry.why}.", **fields
    )
    return made


SCOPE_SECTIONS: dict[str, type[Section]] = {entry.key: scope_section(entry) for entry in CATALOGUE}
