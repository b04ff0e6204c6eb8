"""Who met whom: in how many runs each two councils talked, signed, or talked and never signed."""

from __future__ import annotations

import numpy as np
import pandas as pd

PAIR = ["code_a", "code_b", "scope"]
FOUND = ["partnered", "talked", "failed"]
MEETING = ("talks_begin", "invited", "signs")
"""The kinds of event that name the members of talks or of an agreement."""
DEAL = ["replicate", "agreement"]


def count_pairs(events: pd.DataFrame) -> pd.DataFrame:
    """Return in how many runs each pair met: columns of PAIR, then of FOUND, sorted by PAIR.

    Partners are fellow members at signature. `failed` counts the runs in which the two talked
    about the scope and never signed it together.
    """
    some = events[events["kind"].isin(MEETING)]
    codes, members = _members(some)
    both = members.merge(members, on=[*DEAL, "signed"], suffixes=("_a", "_b"))
    both = both[both["code_a"] < both["code_b"]]
    scopes = some.drop_duplicates(DEAL)[[*DEAL, "scope"]].astype({"scope": "str"})
    met = both.merge(scopes, on=DEAL)[["replicate", *PAIR, "signed"]].drop_duplicates()
    signed = met.groupby(["replicate", *PAIR])["signed"]
    partnered, talked = signed.max(), ~signed.min()
    fate = pd.DataFrame({"partnered": partnered, "talked": talked, "failed": talked & ~partnered})
    counts = fate.groupby(level=PAIR)[FOUND].sum().reset_index()
    for column in ("code_a", "code_b"):
        counts[column] = pd.array(codes[counts[column].to_numpy(dtype=np.int64)], dtype="str")
    return counts.astype(dict.fromkeys(FOUND, np.int64) | {"scope": "str"})


def _members(some: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
    """Return the sorted codes, and a row a member of talks (or agreement): its place in them."""
    signed = (some["kind"] == "signs").to_numpy(dtype=bool)
    sides = [
        some[DEAL].assign(signed=signed, code=some[side].astype("object"))
        for side in ("council", "other")
    ]
    long = pd.concat(sides, ignore_index=True).dropna(subset=["code"])
    codes, places = np.unique(long["code"].to_numpy(dtype=str), return_inverse=True)
    return codes, long.assign(code=places).drop_duplicates(ignore_index=True)


def add_counts(counts: pd.DataFrame | None, more: pd.DataFrame) -> pd.DataFrame:
    """Return two counts added: whole numbers, exact in any order."""
    if counts is None:
        return more
    added: pd.DataFrame = pd.concat([counts, more]).groupby(PAIR, as_index=False)[FOUND].sum()
    return added


def as_shares(counts: pd.DataFrame, runs: int) -> pd.DataFrame:
    """Return counts as shares of the runs."""
    shares = counts.astype(dict.fromkeys(FOUND, np.float64))
    shares[FOUND] /= runs
    return shares
