"""The model held against what was known of England by the end of 2014: targets K1 to K18.

`python -m experiments.validate` runs England and its districts from April 2009 to March 2015 with
the priors and writes `docs/face-validity.md` and `experiments/validated.json` as it comes out.
Nothing is fitted to the targets. What each pattern is and bears on stands in `patterns.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..sim.core import state
from ..sim.core.promises import saving_base
from ..sim.core.signing import care
from ..sim.country.councils import TIERS, england
from ..sim.declared.catalogue import DEEP, MANAGEMENTS as JOINT, SCOPES
from ..sim.declared.scenario import load
from ..sim.identity import code_fingerprint
from ..sim.ready.kept import prepared
from ..sim.tables.batch import Batch, simulate_many
from .durations import find_durations
from .patterns import (
    ARRANGEMENTS,
    CAUSES,
    DISTRICT_BUDGETS,
    FIVE,
    KEPT,
    MANAGEMENTS,
    MET,
    PATTERNS,
    REPORTED,
    SHARING,
    Row,
    Validated,
    side,
    text_of,
)

RUNS, SEED = 20, 1
ADMINISTRATION = ("revenues_benefits", "back_office")
ENDS_OF_YEARS = {2009: 2, 2010: 6, 2011: 10, 2012: 14, 2013: 18, 2014: 22}
MARCH_2011, MARCH_2013, MARCH_2014, MARCH_2015 = 7, 15, 19, 23
MANAGEMENT_PAIRS = (0.95, 0.86, 0.71)
"""Of the 22 shared managements to 2014, the pairs; of the 21 pairs, adjacent, and in one county;
their bounds are exact 95% intervals."""


class Evidence(NamedTuple):
    """The runs that the targets are held against."""

    england: Batch
    districts: Batch
    norfolk: Batch


def at(batch: Batch, quarter: int, measure: str) -> float:
    """Return the mean of a measure over runs at the end of a quarter."""
    table = batch.quarters
    return float(table.loc[table["quarter"] == quarter, measure].mean())


def deep_events(batch: Batch, kind: str) -> pd.DataFrame:
    """Return the events of a kind about shared management or merger."""
    table = batch.events
    return table[(table["kind"] == kind) & table["scope"].isin(DEEP)]


def _row(
    number: str, target: str, told: str, model: Sequence[float], england: Iterable[float]
) -> Row:
    """Return the row of a pattern of several numbers, each held against its bounds."""
    parts = PATTERNS[number].judged(model)
    return Row(number, target, told, side(england, model), set(parts) == {MET}, parts)


def k1(evidence: Evidence) -> list[Row]:
    """Shared managements in force at the end of each year."""
    got = {year: at(evidence.england, q, "managements") for year, q in ENDS_OF_YEARS.items()}
    target = " / ".join(str(n) for n in MANAGEMENTS.values())
    model = " / ".join(f"{n:.0f}" for n in got.values())
    return [_row("K1", target, model, list(got.values()), MANAGEMENTS.values())]


def k2_k3(evidence: Evidence) -> list[Row]:
    """Councils in talks about management, and the share of such talks that fail."""
    talking = at(evidence.england, MARCH_2011, "talking_management")
    begun = len(deep_events(evidence.england, "talks_begin"))
    failed = len(deep_events(evidence.england, "talks_fail")) / max(begun, 1)
    return [
        Row("K2", "61 ± 20", f"{talking:.0f}", side([61], [talking]), abs(talking - 61) <= 20),
        Row("K3", "65% (40 to 80)", f"{failed:.0%}", side([0.65], [failed]), 0.4 <= failed <= 0.8),
    ]


def k4_k6(evidence: Evidence) -> list[Row]:
    """How many councils share, how many arrangements, and what they report."""
    share = [at(evidence.england, q, "sharing") / 353 for q in (13, MARCH_2013, MARCH_2014)]
    counts = [
        at(evidence.england, q, "agreements") for q in (MARCH_2011, 14, MARCH_2013, MARCH_2014)
    ]
    money = [at(evidence.england, q, "reported_total") for q in (13, MARCH_2013, MARCH_2014)]
    rising = all(a < b for a, b in pairwise(counts))
    return [
        _row("K4", "62% (lower bound) / 95% / 96%", " / ".join(f"{s:.0%}" for s in share), share,
             (share[0], *SHARING[1:])),  # of the first only a lower bound is known
        Row("K5", " / ".join(map(str, ARRANGEMENTS)), " / ".join(f"{c:.0f}" for c in counts),
            side(ARRANGEMENTS, counts), rising),
        _row("K6", " / ".join(map(str, REPORTED)) + " ± 30%",
             " / ".join(f"{m:.0f}" for m in money), money, REPORTED),
    ]  # fmt: skip


def signatures(batch: Batch) -> pd.DataFrame:
    """Return one row an agreement signed in a run: scope, number of members and their codes.

    Members are all that ever signed it. Agreements that stood on the first day are none of them,
    whoever joined them later.
    """
    table = batch.agreements
    signed = table.loc[table["signed"] >= 0, ["scope", "members"]].reset_index(drop=True)
    signed["members"] = signed["members"].str.split(";")
    return signed.assign(size=signed["members"].map(len))


def k7_k10(evidence: Evidence) -> list[Row]:
    """Which services, which types of partner, which shape."""
    signed = signatures(evidence.england)
    scope = signed["scope"].astype(str).replace({"chief_executive": "management"})
    mix = scope[scope.isin(FIVE)].value_counts(normalize=True) * 100
    table = england()
    tier = dict(zip(table.code, table.tier, strict=True))
    county = dict(zip(table.code, table.county, strict=True))
    touching = {frozenset((table.code[i], table.code[j])) for i, j in table.links}
    pairs = signed[signed["size"] >= 2]["members"].map(lambda m: m[:2])
    districts = pairs.map(lambda m: sum(tier.get(c, 2) == 0 for c in m))
    both = (districts == 2).sum() / max((districts >= 1).sum(), 1)
    deep = signed[signed["scope"].isin(JOINT) & (signed["size"] >= 2)]
    two = (deep["size"] == 2).mean()
    near = deep["members"].map(lambda m: frozenset(m[:2]) in touching).mean()
    home = deep["members"].map(lambda m: county.get(m[0]) == county.get(m[1])).mean()
    size = signed[~signed["scope"].isin(DEEP)]["size"]
    return [
        _row("K7", "25 / 21 / 20 / 18 / 16 ± 6",
             " / ".join(f"{mix.get(key, 0.0):.0f}" for key in FIVE),
             [mix.get(key, 0.0) for key in FIVE], FIVE.values()),
        Row("K8", "62% ± 10", f"{both:.0%}", side([0.62], [both]), abs(both - 0.62) <= 0.1),
        _row("K9", "95% (≥ 90); 86% (64 to 97); 71% (48 to 89)",
             f"{two:.0%}; {near:.0%}; {home:.0%}", [two, near, home], MANAGEMENT_PAIRS),
        Row("K10", "3 (2 to 3), about 8", f"{size.median():.0f}, {size.max():.0f}",
            side([3], [size.median()]), 2 <= size.median() <= 3),
    ]  # fmt: skip


def k11_k13(evidence: Evidence) -> list[Row]:
    """How many break up, how fast deals pay back, and whether sharing truly saves."""
    lasted = find_durations(evidence.england.agreements, evidence.england.quarters)
    apart = (lasted["group"] == "management") & (lasted["ending"] == "break_up")
    years = evidence.england.quarters["managements"].sum() / 4
    hazard = int(apart.sum()) / max(years, 1e-9)
    signs = deep_events(evidence.england, "signs")
    payback = float((signs["more"] / signs["value"]).median())
    change = unit_cost_change(evidence.england)
    return [
        Row("K11", "4.0% (1.5 to 8)", f"{hazard:.1%}", side([0.04], [hazard]),
            0.015 <= hazard <= 0.08),
        Row("K12", "0.8 (0.5 to 1.5)", f"{payback:.1f}", side([0.8], [payback]),
            0.5 <= payback <= 1.5),
        Row("K13", "about 0 (-3% to 3%)", f"{change:+.1%}", side([0.0], [change]),
            abs(change) <= 0.03),
    ]  # fmt: skip


def unit_cost_change(batch: Batch) -> float:
    """Return the mean change in what a shared service truly costs its members, as a share of it.

    Over agreements about tax collection or the back office that work at the end: what it costs to
    coordinate them less what they save. That is the slope of a regression on sharing, since in
    the model nothing changes for those who do not share.
    """
    table = batch.agreements[batch.agreements["scope"].isin(ADMINISTRATION)]
    table = table[table["ended"].isna() & table["started"].notna()]
    rules, councils = prepared(load("england")).theory[-1], _as_the_rules_know(batch.councils)
    keys = list(zip(batch.councils["replicate"], batch.councils["code"], strict=True))
    place = {key: i for i, key in enumerate(keys)}
    deals = np.zeros(1, state.DEAL).view(np.recarray)
    changes = []
    for _, row in table.iterrows():
        members = [place[row["replicate"], code] for code in row["members"].split(";")]
        deals[0].scope, deals[0].members = SCOPES.index(row["scope"]), len(members)
        spent = sum(saving_base(councils, rules, i, deals[0].scope) for i in members)
        meetings = sum(care(councils, deals, rules, 0, i) for i in members)
        if spent > 0.0:
            changes.append((meetings - row["true_saving"]) / spent)
    return float(np.mean(changes))


def _as_the_rules_know(table: pd.DataFrame) -> np.recarray:
    """Return councils with tier and cost; those that have merged away cost nothing."""
    councils = np.zeros(len(table), state.COUNCIL).view(np.recarray)
    councils["tier"] = [TIERS.index(tier) for tier in table["tier"]]
    councils["cost"] = table["cost"].fillna(0.0)
    return councils


def k14_k16(evidence: Evidence) -> list[Row]:
    """District budgets, reserves and section 114."""
    parish = district_parish()
    got = {year: spending(evidence.districts, year) / 1000 + parish for year in DISTRICT_BUDGETS}
    start, end = (at(evidence.districts, q, "reserves") for q in (MARCH_2011, MARCH_2015))
    per = evidence.districts.runs["distressed"].mean() / (201 * 6)
    return [
        _row("K14", " / ".join(f"{g:.2f}" for g in DISTRICT_BUDGETS.values()) + " ± 5%",
             " / ".join(f"{g:.2f}" for g in got.values()), list(got.values()),
             DISTRICT_BUDGETS.values()),
        Row("K15", "rising (to £2.66bn)", f"£{start / 1000:.2f}bn to £{end / 1000:.2f}bn",
            side([2660.0], [end]), end > start),
        Row("K16", "at most 1 in 2,700 (0 to 2)", "none" if per == 0 else f"1 in {1 / per:,.0f}",
            side([1 / 2700], [per]), per <= 2 / 2700),
    ]  # fmt: skip


def spending(batch: Batch, year: int) -> float:
    """Return what all councils spent in a year from April, million pounds, mean over runs.

    It is their income and grants less what went into reserves: services, and what deals cost. So
    it is compared with outturn without using that income was reckoned from outturn too.
    """
    last = 4 * (year - 2009) + 3
    income = sum(at(batch, quarter, "budget") for quarter in range(last - 3, last + 1)) / 4
    came = at(batch, last, "grants") - at(batch, last - 4, "grants")
    kept = at(batch, last, "reserves") - at(batch, last - 4, "reserves")
    return income + came - kept


def district_parish() -> float:
    """Return the parish precepts of all districts, billion pounds a year (2010-11)."""
    from ..sim.country.councils import DATA, read_rows

    rows = read_rows(DATA / "councils.csv")
    return sum(float(r["parish_gbp_m"]) for r in rows if r["tier"] == "district") / 1000


def k17_k18(evidence: Evidence) -> list[Row]:
    """Why talks and managements fail, and the founding vignette."""
    from .vignette import vignette

    failed = pd.concat(
        [deep_events(evidence.england, "talks_fail"), deep_events(evidence.england, "ends")]
    )
    reasons = failed["reason"].astype(str).replace({"distance": "people"})
    mix = reasons[reasons.isin(CAUSES)].value_counts(normalize=True) * 100
    story = vignette(evidence.norfolk.events, last_quarter=MARCH_2015)
    collapsed = story.collapsed / max(story.talked, 1)
    again = story.rematched[8] / max(story.collapsed, 1)
    return [
        _row("K17", "35 / 20 / 15 / 12 / 10 / 8 ± 12",
             " / ".join(f"{mix.get(key, 0.0):.0f}" for key in CAUSES),
             [mix.get(key, 0.0) for key in CAUSES], CAUSES.values()),
        _row("K18", "≥ 60%; ≥ 50%", f"{collapsed:.0%}; {again:.0%}", [collapsed, again],
             [0.6, 0.5]),
    ]  # fmt: skip


TARGETS: tuple[Callable[[Evidence], list[Row]], ...] = (
    k1, k2_k3, k4_k6, k7_k10, k11_k13, k14_k16, k17_k18,
)  # fmt: skip


def gather(runs: int, seed: int = SEED) -> Evidence:
    """Run England, its districts and Norfolk."""
    few = range(runs)
    return Evidence(
        england=simulate_many("england", seed=seed, replicates=few),
        districts=simulate_many("england-districts", seed=seed, replicates=few),
        norfolk=simulate_many("norfolk", seed=seed, replicates=range(max(20 * runs, 1))),
    )


def page(rows: list[Row], runs: int) -> str:
    """Return the table as a Markdown page; the reading of it stands in `docs/misses.md`."""
    lines = [
        "# Face validity: the priors against England to 2014",
        "",
        f"Made by `python -m experiments.validate {runs}`: {runs} runs each of `england` and "
        f"`england-districts`, {20 * runs} of `norfolk`, April 2009 to March 2015, seed 1. The "
        "numbers are means over runs. Nothing was fitted to these targets beyond the scale of the "
        "search rates; what is missed and why we think so is said in [misses.md](misses.md).",
        "",
        "| | pattern | target | model | within |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        within = "yes" if row.within else "**no**"
        lines.append(f"| {row.number} | {row.pattern} | {row.target} | {row.model} | {within} |")
    return "\n".join([*lines, ""])


def validate(runs: int, seed: int = SEED) -> Validated:
    """Return what the model gives of every pattern."""
    evidence = gather(runs, seed)
    rows = [row for target in TARGETS for row in target(evidence)]
    plain = [row._replace(within=bool(row.within)) for row in rows]  # not a bool of numpy's own
    return Validated(runs, seed, code_fingerprint(), plain)


def main() -> None:
    """Write the page, and what reports read; the number of runs may be given."""
    found = validate(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
    text = page(found.rows, found.runs)
    path = Path(__file__).parent.parent / "docs" / "face-validity.md"
    path.write_text(text, encoding="utf-8")
    KEPT.write_text(text_of(found), encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
