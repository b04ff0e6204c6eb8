"""The tables of agreements and of quarters that belong to a made-up log."""

from __future__ import annotations

import pandas as pd

KEY = ["replicate", "agreement"]


def agreements_of(events: pd.DataFrame) -> pd.DataFrame:
    """Return a row an agreement that was signed in a log: none stood before its first day."""
    signs = events[events["kind"] == "signs"].groupby(KEY)
    ends = events[events["kind"] == "ends"].groupby(KEY)
    table = signs.agg(scope=("scope", "first"), signed=("quarter", "min"))
    ended = ends.agg(ended=("quarter", "min"), reason=("reason", "first"))
    return table.join(ended).reset_index()


def counted(quarters: pd.DataFrame, agreements: pd.DataFrame) -> pd.DataFrame:
    """Return quarters that know how many agreements were signed, have ended, and are in force."""
    found = quarters.copy()
    for measure, when in (("formed", "signed"), ("ended", "ended")):
        known = agreements[agreements[when] >= 0]
        found[measure] = [
            float(((known["replicate"] == run) & (known[when] <= quarter)).sum())
            for run, quarter in zip(quarters["replicate"], quarters["quarter"], strict=True)
        ]
    before = [(agreements["replicate"] == run) & (agreements["signed"] < 0)
              for run in quarters["replicate"]]  # fmt: skip
    found["agreements"] = [float(old.sum()) for old in before] + found["formed"] - found["ended"]
    found["setting_up"] = 0.0
    return found
