"""Policy less base in every outcome, a row a replicate: the raw material of all that is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...sim.declared.measures import as_columns
from ...sim.declared.scenario import Scenario
from ...sim.tables.columns import Columns, Words

if TYPE_CHECKING:
    import pandas as pd

Finals = Mapping[str, np.ndarray]
"""Records of the last quarter, a row a replicate, by the scenario's name."""


def difference_columns(base: Scenario, policy: Scenario, finals: Finals) -> dict[str, Any]:
    """Return policy less base in every outcome, by name, for the replicates that both ran."""
    count = min(len(finals[base.name]), len(finals[policy.name]))
    a, b = (as_columns(finals[each.name][:count]) for each in (base, policy))
    return {"replicate": np.arange(count)} | {key: b[key] - a[key] for key in a}


def all_differences(base: Scenario, policies: Sequence[Scenario], finals: Finals) -> Columns:
    """Return a row a policy and replicate, the policy's name first, as it is stored."""
    parts = [difference_columns(base, policy, finals) for policy in policies]
    places = np.repeat(np.arange(len(policies)), [len(part["replicate"]) for part in parts])
    columns: Columns = {"policy": Words(places, [policy.name for policy in policies])}
    return columns | {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}


def differences_frame(base: Scenario, policies: Sequence[Scenario], finals: Finals) -> pd.DataFrame:
    """Return the same as a frame of pandas."""
    import pandas as pd

    from ...sim.tables.frames import as_frame

    parts = [
        as_frame(difference_columns(base, policy, finals)).assign(policy=policy.name)
        for policy in policies
    ]
    whole = pd.concat(parts, ignore_index=True)
    return whole[["policy", *(name for name in whole if name != "policy")]]
