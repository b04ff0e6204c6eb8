"""The councils of a scenario as at its start, and which of them touch."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...sim.country.councils import TIERS
from ...sim.declared.scenario import Scenario
from ...sim.ready.kept import prepared


def starting_councils(scenario: Scenario) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the councils of a scenario as at its start, and the pairs of them that touch."""
    table = prepared(scenario).table
    councils = pd.DataFrame(
        {
            "code": table.code,
            "name": table.name,
            "tier": [TIERS[tier] for tier in table.tier],
            "county": table.county,
            "x_km": table.x,
            "y_km": table.y,
            "population": table.population,
        }
    )
    links = np.asarray(table.links, dtype=np.int64).reshape(-1, 2)
    codes = np.array(table.code)
    return councils, pd.DataFrame({"code_a": codes[links[:, 0]], "code_b": codes[links[:, 1]]})
