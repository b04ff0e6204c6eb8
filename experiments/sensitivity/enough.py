"""How large a study would have to be for what it could not tell apart from luck."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from ..estimates import Estimate

TOLD, POWER = 1.96, 0.84
"""An effect is told when it is so many standard errors above nothing; so many more, and it is told
in four of five studies."""


class Enough(NamedTuple):
    """Either of two sizes that would do; both are reckoned from what a study suggests."""

    points: int  # base samples or trajectories, as the plan says them
    replicates: int
    at_least: bool  # the study suggests no effect at all: even its upper end would need so many

    def document(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return self._asdict()


def enough_for(
    effect: Estimate, *, points: int, replicates: int, by_two: bool = False
) -> Enough | None:
    """Return how many points, or how many replicates, would tell an effect from nothing.

    The error falls with the root of the points. Where luck decides it, it falls with the
    replicates themselves, since effects are products of two different ones.

    Args:
        effect: what is to be above nothing, with its 95% interval.
        points: base samples or trajectories of the study.
        replicates: of each point.
        by_two: whether points are a power of two.

    None where even the upper end of the interval is not above nothing.
    """
    size = effect.value if effect.value > 0 else effect.high
    if not (math.isfinite(effect.half) and math.isfinite(size) and size > 0):
        return None
    ratio = max((TOLD + POWER) * effect.half / TOLD / size, 1.0)
    many = math.ceil(points * ratio**2)
    if by_two:
        many = 1 << (many - 1).bit_length()
    return Enough(many, math.ceil(replicates * ratio), effect.value <= 0)
