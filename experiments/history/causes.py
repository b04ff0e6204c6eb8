"""Why deep talks and shared managements fail, by what all contributions add up to."""

from __future__ import annotations

import pandas as pd

from ...sim.declared.catalogue import DEEP
from ...sim.declared.groups import GROUPS
from .targets import LAST_DAY, START, quarter_ending

AGAINST = ("walks_away", "votes_no", "leaves")
"""The events in which a council turns against a deal."""
TOGETHER = {"distance": "people"}
"""What England's list tells as one."""


def shares_of_contributions(events: pd.DataFrame, causes: tuple[str, ...]) -> dict[str, float]:
    """Return of each cause its share of all that spoke against deep deals where they were left.

    Each council that turns against a deal is one decision, to the end of 2014.
    Of each decision only groups that spoke against it count: for a walk-out and a no those below
    zero, for leaving those above. Chance, and what is no cause on record, is left aside.
    """
    known = events["quarter"] <= quarter_ending(LAST_DAY, START)
    left = events[known & events["kind"].isin(AGAINST) & events["scope"].isin(DEEP)]
    sign = left["kind"].map({"leaves": 1.0}).fillna(-1.0).astype(float)
    sums = dict.fromkeys(causes, 0.0)
    for group, told in GROUPS.items():
        cause = TOGETHER.get(group, group)
        if cause in sums:
            pushed = sum(left[f"because_{part}"] for part in told.parts) * sign
            sums[cause] += float(pushed.clip(lower=0.0).sum())
    whole = sum(sums.values())
    return {cause: value / whole if whole else 0.0 for cause, value in sums.items()}
