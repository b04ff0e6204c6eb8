"""A council: its people, its money, its character, its politics and its partners."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

import mesa

from .chance import clip
from .scopes import JOINT_POST, SERVICES, is_deep

if TYPE_CHECKING:
    from .deal import Deal
    from .model import PlainModel
    from .pair import Pair

NEVER = -1000
"""A quarter so long ago that nobody remembers it."""
MOST_TALKS = 4
LESSONS = ("trust", "equal", "tax", "exit")
DISTRICT = "district"
COUNTY = "county"
UNITARY = "unitary"


@dataclass(slots=True, eq=False)
class Identity:
    """The name under which a council stands, or stood, in the table of councils."""

    place: int
    code: str
    name: str
    tier: str
    county: str
    became: Identity | None = None
    first_day: bool = False

    def final(self) -> Identity:
        """Return what this council has become by now: itself where it still stands."""
        return self if self.became in (None, self) else self.became.final()


@dataclass(slots=True)
class Books:
    """Money that moved, in million pounds."""

    income: float = 0.0
    spending: float = 0.0
    studies: float = 0.0
    setup: float = 0.0
    coordination: float = 0.0
    exits: float = 0.0
    grants: float = 0.0
    transfers: float = 0.0
    true_saving: float = 0.0
    support: float = 0.0
    tax_paid: float = 0.0
    tax_support: float = 0.0

    def add(self, other: Books, share: float = 1.0) -> None:
        """Add other books, or a share of them."""
        for item in fields(self):
            name = item.name
            setattr(self, name, getattr(self, name) + share * getattr(other, name))

    def left(self) -> float:
        """Return what is left over for the reserves."""
        received = self.income + self.grants + self.support + self.transfers
        return received - self.spending - self.costs()

    def costs(self) -> float:
        """Return every cost of working together."""
        return self.studies + self.setup + self.coordination + self.exits

    def net_saving(self) -> float:
        """Return what the council itself gains: true saving, grants and support less its costs."""
        return self.true_saving + self.grants + self.support - self.costs()


@dataclass(slots=True)
class Lessons:
    """What a council has learnt to ask for, each 0 to 1."""

    trust: float = 0.0
    equal: float = 0.0
    tax: float = 0.0
    exit: float = 0.0

    def mean(self) -> float:
        """Return the mean of the four."""
        return (self.trust + self.equal + self.tax + self.exit) / len(LESSONS)

    def add(self, taught: dict[str, float], share: float = 1.0) -> None:
        """Add up what is taught, or a share of it."""
        for name, amount in taught.items():
            setattr(self, name, getattr(self, name) + share * amount)

    def faded(self, kept: float) -> Lessons:
        """Return what is left of the lessons when some are forgotten."""
        return Lessons(*(kept * getattr(self, name) for name in LESSONS))

    def after(self, taught: dict[str, float]) -> Lessons:
        """Return the lessons after something was taught: a share of what is left to learn."""
        known = {name: getattr(self, name) for name in LESSONS}
        return Lessons(*(x + min(taught[name], 1.0) * (1.0 - x) for name, x in known.items()))


@dataclass(slots=True)
class Merged:
    """What a council saves since it was made of others, once it is in full swing."""

    saving: float = 0.0
    since: int = NEVER

    def by(self, quarter: int, ramp: float) -> float:
        """Return the yearly saving that has come by a quarter."""
        return self.saving * min((quarter - self.since) / ramp, 1.0)


@dataclass(slots=True)
class Changes:
    """What joint work will have changed by the quarter's end, added up."""

    culture: list[float] = field(default_factory=lambda: [0.0] * 4)
    quality: float = 0.0


class Council(mesa.Agent):
    """One council. Money is in million pounds, Band D in pounds."""

    def __init__(self, model: PlainModel, identity: Identity, lineage: int) -> None:
        super().__init__(model)
        self.identity = identity
        self.lineage = lineage
        self.alive = True
        self.tier = identity.tier
        self.county = identity.county
        self.x = self.y = 0.0
        self.population = 0.0
        self.rural = 0.0
        self.means = 0.0
        self.reviewed = False
        self.to_be_made_new = False
        self._start_money()
        self._start_character()
        self._start_politics()
        self._start_partnership()

    def _start_money(self) -> None:
        self.settlement = self.band_d = self.cost = self.reserves = 0.0
        self.path: list[float] = []
        self.path_starts = 0
        self.duties: list[float] = []
        self.rebates: list[float] = []
        self.tax_bases: list[float] = []
        self.known_until = 0
        self.income = self.gap = self.expected_gap = self.need = self.true_saving = 0.0
        self.news = self.heard = 0.0
        self.inherited = 0.0
        self.merged = Merged()
        self.change_bill = 0.0
        self.change_paid_by = 0
        self.tax_to_give_up = 0.0
        self.tax_steps = 0
        self.books = Books()
        self.totals = Books()
        self.distress = False

    def _start_character(self) -> None:
        self.culture = [0.0] * 4
        self.autonomy = self.contact = self.quality = self.readiness = 0.0
        self.marriage = False
        self.supplier = 0
        self.attention = 0

    def _start_politics(self) -> None:
        self.control = ""
        self.control_changed = NEVER
        self.cycle = 0
        self.phase = 0
        self.vacant = False
        self.appointed = NEVER
        self.kept_vacant_until = NEVER

    def _start_partnership(self) -> None:
        self.pairs: dict[Council, Pair] = {}
        self.seats: list[Deal | None] = [None] * MOST_TALKS
        self.signed: dict[int, Deal] = {}
        self.pause_until: float = NEVER
        self.deep_failure = NEVER
        self.lessons = Lessons()
        self.taught = Lessons()
        self.contact_kept = self.local_contact = 1.0
        self.changes = Changes()

    @property
    def code(self) -> str:
        """Return the code under which it now stands."""
        return self.identity.code

    @property
    def name(self) -> str:
        """Return the name under which it now stands."""
        return self.identity.name

    @property
    def talks(self) -> list[Deal]:
        """Return the talks in which it sits, by seat."""
        return [deal for deal in self.seats if deal is not None]

    @property
    def free_attention(self) -> int:
        """Return how many more talks its managers could hold."""
        return self.attention - len(self.talks)

    @property
    def deep_talks(self) -> list[Deal]:
        """Return its talks about chief executive, management or merger."""
        return [deal for deal in self.talks if is_deep(deal.scope)]

    def sit_down(self, deal: Deal) -> None:
        """Take part in talks, on the first free seat."""
        self.seats[self.seats.index(None)] = deal

    def get_up(self, deal: Deal) -> None:
        """Take part in talks no more; the seat is free for others."""
        self.seats[self.seats.index(deal)] = None

    @property
    def shares_chief(self) -> bool:
        """Return whether it has signed a deal that makes its chief executive a joint one."""
        return any(scope in self.signed for scope in JOINT_POST)

    @property
    def shares_service(self) -> bool:
        """Return whether it has signed a deal about any service."""
        return any(scope in self.signed for scope in SERVICES)

    def shares_with(self, other: Council, scope: int) -> bool:
        """Return whether the two are members of one signed deal of a scope."""
        deal = self.signed.get(scope)
        return deal is not None and other.signed.get(scope) is deal

    def services_with(self, other: Council) -> int:
        """Return how many services the two share with each other."""
        return sum(self.shares_with(other, scope) for scope in SERVICES)

    def apply_changes(self) -> None:
        """Take over what joint work changed in culture and quality."""
        self.culture = [
            clip(value + change)
            for value, change in zip(self.culture, self.changes.culture, strict=True)
        ]
        self.quality = clip(self.quality + self.changes.quality)
        self.changes = Changes()
