"""What every way of having the rules gives: a function that lives quarters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from ..core.world import World

Step = Callable[[World, np.ndarray, int, int, int, np.ndarray], None]
"""What lives from one quarter to before another; see `ladder.advance`."""

CARRIED = Path(__file__).with_name("carried")
"""The folder of what came with an installation; a clone has none."""
