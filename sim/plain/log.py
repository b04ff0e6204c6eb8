"""The event log: everything that councils do, and the contributions that made them do it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..declared.catalogue import SCOPES
from ..declared.measures import CONTRIBUTIONS, KINDS, REASONS
from .council import Council, Identity

if TYPE_CHECKING:
    from ..declared.scenario import Scenario
    from .deal import Deal

Contributions = dict[str, float]
NO_DEAL = -1


@dataclass(slots=True)
class Event:
    """One line of the log."""

    quarter: int
    kind: str
    council: str | None
    other: str | None
    agreement: int
    scope: str | None
    reason: str | None
    value: float
    more: float
    because: Contributions


@dataclass(slots=True)
class Log:
    """The events of a run, in order of happening."""

    quarter: int = 0
    events: list[Event] = field(default_factory=list)

    def note(
        self,
        kind: str,
        council: Council | Identity | None = None,
        other: Council | Identity | None = None,
        *,
        deal: Deal | None = None,
        scope: int | None = None,
        reason: str | None = None,
        value: float = 0.0,
        more: float = 0.0,
        because: Contributions | None = None,
    ) -> None:
        """Write one line; the scope is that of the deal where there is one."""
        place = deal.scope if deal is not None else scope
        self.events.append(
            Event(
                quarter=self.quarter,
                kind=kind,
                council=council.code if council else None,
                other=other.code if other else None,
                agreement=deal.number if deal else NO_DEAL,
                scope=None if place is None else SCOPES[place],
                reason=reason,
                value=value,
                more=more,
                because=because or {},
            )
        )

    def note_deal(
        self,
        kind: str,
        deal: Deal,
        *,
        reason: str | None = None,
        value: float = 0.0,
        more: float = 0.0,
    ) -> None:
        """Write a line about a whole deal: its leader and its second member."""
        leader, second = deal.councils[:2]
        self.note(kind, leader, second, deal=deal, reason=reason, value=value, more=more)

    def table(self, scenario: Scenario) -> pd.DataFrame:
        """Return the log as a table."""
        events = self.events
        days = [pd.Timestamp(scenario.first_day(event.quarter)) for event in events]
        columns: dict[str, Any] = {
            "quarter": pd.array([event.quarter for event in events], dtype="int64"),
            "date": pd.Series(days, dtype="datetime64[ms]"),
            "kind": pd.Categorical([e.kind for e in events], categories=list(KINDS)),
            "council": pd.Series([e.council for e in events], dtype="str"),
            "other": pd.Series([e.other for e in events], dtype="str"),
            "agreement": pd.array([e.agreement for e in events], dtype="int64"),
            "scope": pd.Categorical([e.scope for e in events], categories=list(SCOPES)),
            "reason": pd.Categorical([e.reason for e in events], categories=list(REASONS)),
            "value": [e.value for e in events],
            "more": [e.more for e in events],
        }
        for name in CONTRIBUTIONS:
            columns[f"because_{name}"] = [e.because.get(name, 0.0) for e in events]
        return pd.DataFrame(columns)


APART = ("distance", "border")
GROUPS: dict[str, tuple[str, ...]] = {
    "culture": ("culture", "trust", "history"),
    "politics": ("party", "new_control", "election"),
    "sovereignty": (
        "sovereignty", "contact", "size", "means", "tier", "crowd", "exit_lesson", "equal_lesson",
        "readiness",
    ),
    "savings": ("savings", "set_up", "grant"),
    "people": ("busy", "vacancy", "systems", "ict_subsidy"),
    "distance": APART,
    "tax": ("tax_gap", "tax_lesson", "tax_support"),
    "reorganisation": ("review",),
    "offer": ("rival",),
}  # fmt: skip


def reason_against(because: Contributions) -> str:
    """Return the group that pushed hardest against a deal."""
    return reason_for({name: -value for name, value in because.items()})


def reason_to_stop(because: Contributions, again: float) -> str:
    """Return the same for talks; how far apart they lie is not named where it weighs `again`.

    Where it does not, only those who have not weighed it before put it in the balance.
    """
    if again > 0:
        because = {name: value for name, value in because.items() if name not in APART}
    return reason_against(because)


def reason_for(because: Contributions) -> str:
    """Return the group that pushed hardest towards leaving; in a tie the first."""
    strongest, most = "chance", 0.0
    for reason, names in GROUPS.items():
        push = sum(because.get(name, 0.0) for name in names)
        if push > most:
            strongest, most = reason, push
    return strongest
