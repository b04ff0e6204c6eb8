"""A deal between councils, from the first talk through signature to its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from itertools import combinations
from typing import TYPE_CHECKING

from .council import NEVER

if TYPE_CHECKING:
    from .council import Council
    from .pair import Pair

PAIR = 2
"""Members that a deal cannot do without."""


class Stage(IntEnum):
    """How far a deal has come."""

    STUDY = 0
    CASE = 1
    TERMS = 2
    TRANSITION = 3
    RUNNING = 4
    ENDED = 5


@dataclass(slots=True, eq=False)
class Member:
    """A council's place in a deal: its estimate, its promise, what it saves and pays."""

    council: Council
    estimate: float = 1.0
    score: float = 0.0
    """How it weighs the deal in talks; once the deal runs, its satisfaction."""
    promise: float = 0.0
    worth: float = 0.0
    saves: float = 0.0
    upkeep: float = 0.0
    bill: float = 0.0
    setup_paid: float = 0.0
    subsidy: float = 0.0
    """Government's part of the bill that is left."""


@dataclass(slots=True)
class Terms:
    """What is written into a deal."""

    exit: bool = False
    equal: bool = False
    aligned: bool = False


@dataclass(slots=True, eq=False)
class Deal:
    """Two to eight councils that talk about working together, or do so."""

    number: int
    scope: int
    key: int
    members: list[Member]
    begun: int
    stage: Stage = Stage.STUDY
    host: Deal | None = None
    signed: int = NEVER
    started: int = NEVER
    known: bool = False
    study_grant: int = 0
    """Pounds that government paid for the study."""
    promise_factor: float = 1.0
    report_factor: float = 1.0
    terms: Terms = field(default_factory=Terms)
    chief_left: int = NEVER
    is_pair: bool = False
    """A shared management that two signed in this run, and that nobody has joined."""

    @property
    def in_talks(self) -> bool:
        """Return whether nothing is signed yet."""
        return self.stage <= Stage.TERMS

    @property
    def study_paid(self) -> bool:
        """Return whether government paid for the study."""
        return self.study_grant > 0

    @property
    def runs(self) -> bool:
        """Return whether the members work together."""
        return self.stage == Stage.RUNNING

    @property
    def in_force(self) -> bool:
        """Return whether it is signed and has not ended."""
        return self.stage in (Stage.TRANSITION, Stage.RUNNING)

    @property
    def ended(self) -> bool:
        """Return whether it is over."""
        return self.stage == Stage.ENDED

    def hosted_by(self, council: Council) -> bool:
        """Return whether these are talks to join a running deal, for which a council speaks."""
        return self.host is not None and self.members[1].council is council

    @property
    def councils(self) -> list[Council]:
        """Return the members, the leader first."""
        return [member.council for member in self.members]

    @property
    def leader(self) -> Council:
        """Return the council that leads."""
        return self.members[0].council

    def has(self, council: Council) -> bool:
        """Return whether a council is a member."""
        return any(member.council is council for member in self.members)

    def member(self, council: Council) -> Member:
        """Return a council's place in the deal."""
        return next(member for member in self.members if member.council is council)

    def others(self, council: Council) -> list[Council]:
        """Return the other members."""
        return [member.council for member in self.members if member.council is not council]

    def opposite(self, council: Council) -> Council:
        """Return the leader, or for the leader the second member."""
        return self.members[1].council if council is self.leader else self.leader

    def drop(self, council: Council) -> None:
        """Strike a council from the members."""
        self.members = [member for member in self.members if member.council is not council]

    def pairs(self) -> list[Pair]:
        """Return the pairs that the members make, where they know each other."""
        met = (one.pairs.get(other) for one, other in combinations(self.councils, 2))
        return [pair for pair in met if pair is not None]
