"""Which declared numbers move anything that the model is held against, one at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...sim.declared.parameters import Declaration
from ..executors.ordered import Hands
from .look import lived
from .targets import counted_targets

REPLICATES = range(6)
LEAST = 0.25
"""By how much of what error and discrepancy allow a target must move, for a number to count."""


def movers(factors: Sequence[Declaration], hands: Hands) -> list[Declaration]:
    """Return the numbers of which one end of the range moves some target that counts.

    Both ends are lived with the same luck as the defaults, all else as declared.
    """
    ends = [{each.name: end} for each in factors for end in each.plausible or ()]
    found = lived([{}, *ends], REPLICATES, hands)
    moved = _moves(found.iloc[1:], found.iloc[0]).max(axis=1) >= LEAST
    either = moved.reshape(-1, 2).any(axis=1)
    return [each for each, some in zip(factors, either, strict=True) if some]


def _moves(points: pd.DataFrame, defaults: pd.Series) -> np.ndarray:
    """Return by how much of its spread each target that counts moves, (points, targets)."""
    names = [target.name for target in counted_targets()]
    spreads = np.array([target.spread for target in counted_targets()])
    apart = np.abs(points[names].to_numpy() - defaults[names].to_numpy()) / spreads
    known: np.ndarray = np.nan_to_num(apart)
    return known
