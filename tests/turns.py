"""Cases of one test of which some run always, and all with the slow ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pytest


def always(kept: Collection[object], cases: Iterable[object]) -> list[object]:
    """Return the cases as parameters; those that are not `kept` wait for `-m slow`."""
    assert kept, "some case must run always"
    return [
        pytest.param(case, marks=[] if case in kept else [pytest.mark.slow], id=str(case))
        for case in cases
    ]
