"""The story of South Norfolk and Breckland, counted: talks, collapse, what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..sim.declared.catalogue import DEEP

if TYPE_CHECKING:
    import pandas as pd

SOUTH_NORFOLK = "E07000149"
BRECKLAND = "E07000143"
COUPLE: tuple[str, str] = (SOUTH_NORFOLK, BRECKLAND)

TOLD_BY = ("talks_begin", "signs", "talks_fail", "walks_away", "votes_no")
"""The kinds of event that are counted, all about a scope of DEEP."""
WITHIN = 8
"""Quarters after the collapse in which Breckland finds another partner, or does not."""
COLLAPSE_TARGET = 0.6
"""At least this share of the runs in which they talk should see the talks collapse (judgement)."""
REMATCH_TARGET = 0.5
"""At least this share of the collapsed should see Breckland matched again in time (judgement)."""


class Vignette(NamedTuple):
    """Counts of runs. Each run in which the two talked is one of collapsed, signed and other."""

    talked: int
    collapsed: int
    signed: int
    other: int  # still talking at the end, or one of several partners walked away
    rematched: tuple[int, ...]  # of the collapsed: matched again within 0, 1, ... WITHIN quarters
    cut_short: int  # of the collapsed: the run ended less than WITHIN quarters later
    over_culture: int  # of the collapsed: the reason was culture and trust
    left: int  # of the collapsed: Breckland itself walked away, mostly to somebody else
    found_another: int  # of the others, in which Breckland was left: matched again in time

    @property
    def collapse_share(self) -> float:
        """Share of the runs with talks that collapsed; nan when they never talked."""
        return self.collapsed / self.talked if self.talked else float("nan")

    @property
    def rematch_share(self) -> float:
        """Share of the collapsed in which Breckland was matched again in time; nan when none."""
        return self.rematched[-1] / self.collapsed if self.collapsed else float("nan")

    @property
    def jilted_share(self) -> float:
        """The same among the collapses in which Breckland did not walk away itself."""
        jilted = self.collapsed - self.left
        return self.found_another / jilted if jilted else float("nan")


def vignette(events: pd.DataFrame, *, last_quarter: int | None = None) -> Vignette:
    """Count what became of the first talks of the two councils about shared management, by run.

    Talks belong to the couple when one of them asked the other. They collapsed when the talks
    ended without an agreement, and are signed when both signed. Breckland is matched again when,
    0 to WITHIN quarters after the collapse, it signs another deal about management with anybody
    besides South Norfolk. A run that ends before WITHIN quarters are over counts as not matched;
    `cut_short` says how many do (by `last_quarter`; by the last event where that is not given).
    """
    first = _first_talks(events)
    theirs = events.merge(first, on=["replicate", "agreement"])
    signatures = theirs[(theirs["kind"] == "signs") & theirs["council"].isin(COUPLE)]
    signatories = signatures.groupby("replicate")["council"].nunique()
    signed = signatories.index[signatories == len(COUPLE)]
    collapses = theirs[(theirs["kind"] == "talks_fail") & ~theirs["replicate"].isin(signed)]
    collapses = collapses.drop_duplicates("replicate")[
        ["replicate", "agreement", "quarter", "reason"]
    ]
    waits = _waits(events, collapses)
    left = _left_by_breckland(theirs, collapses)
    in_time = waits[waits <= WITHIN].index
    last = _last_quarter(events) if last_quarter is None else last_quarter
    return Vignette(
        talked=len(first),
        collapsed=len(collapses),
        signed=len(signed),
        other=len(first) - len(collapses) - len(signed),
        rematched=tuple(int((waits <= n).sum()) for n in range(WITHIN + 1)),
        over_culture=int((collapses["reason"] == "culture").sum()),
        left=len(left),
        found_another=len(in_time.difference(left)),
        cut_short=int((collapses["quarter"].to_numpy(dtype=float) + WITHIN > last).sum()),
    )


def _first_talks(events: pd.DataFrame) -> pd.DataFrame:
    """Return replicate and agreement of the first talks of the couple in each run."""
    begun = events[(events["kind"] == "talks_begin") & events["scope"].isin(DEEP)]
    one, two = COUPLE
    asked = (begun["council"] == one) & (begun["other"] == two)
    was_asked = (begun["council"] == two) & (begun["other"] == one)
    theirs = begun[asked | was_asked].sort_values(["quarter", "agreement"], kind="stable")
    return theirs.drop_duplicates("replicate")[["replicate", "agreement"]]


def _left_by_breckland(theirs: pd.DataFrame, collapses: pd.DataFrame) -> pd.Index:
    """Return the runs in which the talks collapsed because Breckland walked away or voted no."""
    out = theirs[theirs["kind"].isin(["walks_away", "votes_no"])]
    out = out.merge(collapses[["replicate", "quarter"]], on=["replicate", "quarter"])
    last = out.drop_duplicates("replicate", keep="last")
    return last.set_index("replicate").query("council == @BRECKLAND").index


def _waits(events: pd.DataFrame, collapses: pd.DataFrame) -> pd.Series:
    """Return the quarters from collapse to Breckland's next match, by run, where there is one."""
    key = ["replicate", "agreement"]
    signs = events[(events["kind"] == "signs") & events["scope"].isin(DEEP)]
    third = ~signs["council"].isin(COUPLE) | (signs["other"].notna() & ~signs["other"].isin(COUPLE))
    with_others = signs.loc[third.astype(bool), key].drop_duplicates()
    breckland = signs.loc[signs["council"] == BRECKLAND, [*key, "quarter"]]
    later = breckland.merge(with_others, on=key).merge(
        collapses, on="replicate", suffixes=("", "_collapsed")
    )
    later = later[later["agreement"] != later["agreement_collapsed"]]
    later = later.assign(wait=later["quarter"] - later["quarter_collapsed"])
    after = later[later["wait"] >= 0]
    return after.groupby("replicate")["wait"].min().astype(float)


def _last_quarter(events: pd.DataFrame) -> float:
    return float(events["quarter"].max()) if len(events) else 0.0
