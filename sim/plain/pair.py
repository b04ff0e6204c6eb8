"""Two councils that could talk: how far apart they are, and what they think of each other."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .chance import Purpose, clip
from .council import NEVER

if TYPE_CHECKING:
    from .council import Council
    from .model import PlainModel

AXES = 4


@dataclass(slots=True)
class Belief:
    """The culture distance that one council believes, and how unsure it is."""

    distance: float
    variance: float


@dataclass(slots=True, eq=False)
class Pair:
    """What lies between two councils."""

    first: Council
    second: Council
    touches: bool
    border: bool
    km: float = 0.0
    other_tier: bool = False
    size: float = 0.0
    means: float = 0.0
    trust: float = 0.0
    trust_change: float = 0.0
    failures: int = 0
    again: float = NEVER
    tax_felt: float = 1.0
    beliefs: dict[Council, Belief] = field(default_factory=dict)

    def measure(self) -> None:
        """Reckon distance, likeness in size and means, and whether the two have other duties."""
        one, other = self.first, self.second
        self.km = math.hypot(one.x - other.x, one.y - other.y)
        self.size = abs(math.log(one.population) - math.log(other.population))
        self.means = abs(one.means - other.means)
        self.other_tier = one.tier != other.tier

    def replace(self, old: Council, new: Council) -> None:
        """Put a council that absorbed another in that one's place."""
        if self.first is old:
            self.first = new
        else:
            self.second = new
        self.beliefs[new] = self.beliefs.pop(old)

    def gain_trust(self, change: float) -> None:
        """Let trust rise, or fall where the change is negative."""
        self.trust = clip(self.trust + change)

    def apply_changes(self) -> None:
        """Take over what joint work changed in trust."""
        self.gain_trust(self.trust_change)
        self.trust_change = 0.0


def culture_distance(one: Council, other: Council) -> float:
    """Return how far apart two cultures truly are, 0 to 1."""
    squares = ((a - b) ** 2 for a, b in zip(one.culture, other.culture, strict=True))
    return math.sqrt(sum(squares) / AXES)


def get_impression(
    model: PlainModel, council: Council, other: Council, noise: float, index: int
) -> None:
    """Let a council see something of another's culture, and believe a little less wrongly."""
    pair = council.pairs.get(other)
    if pair is None:
        return
    z = model.chance.normal(
        Purpose.IMPRESSION, model.quarter, index, council.lineage, other.lineage
    )
    sign = culture_distance(council, other) + noise * z
    belief = pair.beliefs[council]
    weight = belief.variance / (belief.variance + noise**2)
    belief.distance = clip(belief.distance + weight * (sign - belief.distance))
    belief.variance *= 1.0 - weight
