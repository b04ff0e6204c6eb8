"""How sure a mean is: Student's interval, for a number of values that was fixed before."""

from __future__ import annotations

import numpy as np


def student_reach(values: np.ndarray, *, error: float = 0.05) -> float:
    """Return how far the interval of the mean reaches either way; not a number for fewer than two.

    The interval misses the true mean with probability `error` where values are normal.
    """
    count = len(values)
    if count < 2:
        return float("nan")
    from scipy.special import stdtrit  # here, since it loads slowly and one value does without

    return float(stdtrit(count - 1, 1 - error / 2) * np.std(values, ddof=1) / np.sqrt(count))
