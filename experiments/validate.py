"""The model held against what was known of England by the end of 2014: patterns K1 to K18.

`python -m experiments.validate [RUNS]` runs England, its districts and Norfolk from April 2009 to
March 2015 at the declared defaults, looks widely over their ranges, under the theory as it is and
as it was, and writes `docs/face-validity.md`, `experiments/validated.json` and
`experiments/history/wide.json` as it comes out. `--points 0` leaves the wide look as it is kept.
What each pattern is and bears on stands in `patterns.py`, what England showed in `history/`.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..sim.core import state
from ..sim.core.promises import saving_base
from ..sim.core.signing import care
from ..sim.country.councils import TIERS
from ..sim.declared.catalogue import DEEP, SCOPES
from ..sim.declared.scenario import load
from ..sim.errors import InputError, whole
from ..sim.identity import code_fingerprint
from ..sim.ready.kept import prepared
from ..sim.tables.batch import Batch, simulate_many
from .executors.ordered import Hands, hands_of
from .history.causes import shares_of_contributions
from .history.fan import draw_fan
from .history.look import runs_of
from .history.near import rank_of, score_of
from .history.page import page
from .history.targets import Target, counted_patterns, targets_of
from .history.wide import KEPT as WIDE, look_widely, stored_wide, text_of as text_of_wide
from .patterns import (
    DISTRICT_BUDGETS,
    HIGHER,
    KEPT,
    LOWER,
    MET,
    PATTERNS,
    Row,
    Validated,
    side,
    text_of,
)

RUNS, SEED, POINTS = 100, 1, 1000
FEW = 20
"""How many runs are enough for what is only restated."""
ADMINISTRATION = ("revenues_benefits", "back_office")
MARCH_2015 = 23
CAUSES = ("politics", "sovereignty", "culture", "savings", "people", "tax")
"""The causes of K17, in the order of its targets."""
DOCS = Path(__file__).parents[1] / "docs"


class Evidence(NamedTuple):
    """The runs that the patterns which are not counted are held against."""

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


def counted_row(number: str, runs: pd.DataFrame) -> Row:
    """Return the row of a pattern with targets in the table; `runs` has a statistic a column."""
    held = targets_of(number)
    model = [float(runs[target.name].mean()) for target in held]
    parts = tuple(map(_judged, held, model))
    form = PATTERNS[number].form
    scores = [score_of(t.value, runs[t.name].to_numpy()) / t.spread for t in held]
    return Row(
        number,
        england_told(held, form),
        " / ".join(format(value, form) for value in model),
        side([target.value for target in held], model),
        set(parts) == {MET},
        parts if len(held) > 1 else (),
        tuple(round(rank_of(t.value, runs[t.name].to_numpy()), 3) for t in held),
        round(float(np.mean(scores)), 2),
    )


def _judged(target: Target, model: float) -> str:
    if target.met(model):
        return MET
    return LOWER if model < target.low else HIGHER


def england_told(held: Sequence[Target], form: str) -> str:
    """Return what England showed, and from where to where counts as near."""
    return " / ".join(f"{target.value:{form}} ({_bounds(target, form)})" for target in held)


def _bounds(target: Target, form: str) -> str:
    if not np.isfinite(target.high):
        return f"at least {target.low:{form}}"
    if target.low <= 0.0:
        return f"at most {target.high:{form}}"
    return f"{target.low:{form}} to {target.high:{form}}"


def signatures(batch: Batch) -> pd.DataFrame:
    """Return one row an agreement signed in a run: scope, number of members and their codes.

    Members are all that ever signed it. Agreements that stood on the first day are none of them,
    whoever joined them later.
    """
    table = batch.agreements
    signed = table.loc[table["signed"] >= 0, ["scope", "members"]].reset_index(drop=True)
    signed["members"] = signed["members"].str.split(";")
    return signed.assign(size=signed["members"].map(len))


def restated_rows(evidence: Evidence) -> list[Row]:
    """Return the rows of the patterns that restate what was put in, or were set by hand."""
    return [k10(evidence), k12(evidence), k13(evidence), k14(evidence), k18(evidence)]


def k10(evidence: Evidence) -> Row:
    """How many councils share in one service."""
    signed = signatures(evidence.england)
    size = signed[~signed["scope"].isin(DEEP)]["size"]
    return Row("K10", "3 (2 to 3), about 8", f"{size.median():.0f}, {size.max():.0f}",
               side([3], [size.median()]), bool(2 <= size.median() <= 3))  # fmt: skip


def k12(evidence: Evidence) -> Row:
    """How fast management deals pay back, by their promise."""
    signs = deep_events(evidence.england, "signs")
    payback = float((signs["more"] / signs["value"]).median())
    return Row("K12", "0.8 (0.5 to 1.5)", f"{payback:.1f}", side([0.8], [payback]),
               0.5 <= payback <= 1.5)  # fmt: skip


def k13(evidence: Evidence) -> Row:
    """Whether sharing truly saves."""
    change = unit_cost_change(evidence.england)
    return Row("K13", "about 0 (-3% to 3%)", f"{change:+.1%}", side([0.0], [change]),
               abs(change) <= 0.03)  # fmt: skip


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


def k14(evidence: Evidence) -> Row:
    """What districts spend."""
    parish = district_parish()
    got = [spending(evidence.districts, year) / 1000 + parish for year in DISTRICT_BUDGETS]
    parts = PATTERNS["K14"].judged(got)
    target = " / ".join(f"{g:.2f}" for g in DISTRICT_BUDGETS.values()) + " ± 5%"
    return Row("K14", target, " / ".join(f"{g:.2f}" for g in got),
               side(DISTRICT_BUDGETS.values(), got), set(parts) == {MET}, parts)  # fmt: skip


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


def k18(evidence: Evidence) -> Row:
    """The founding vignette."""
    from .vignette import vignette

    story = vignette(evidence.norfolk.events, last_quarter=MARCH_2015)
    collapsed = story.collapsed / max(story.talked, 1)
    again = story.rematched[8] / max(story.collapsed, 1)
    parts = PATTERNS["K18"].judged([collapsed, again])
    return Row("K18", "≥ 60%; ≥ 50%", f"{collapsed:.0%}; {again:.0%}",
               side([0.6, 0.5], [collapsed, again]), set(parts) == {MET}, parts)  # fmt: skip


def gather(seed: int = SEED) -> Evidence:
    """Run England, its districts and Norfolk for what is only restated."""
    few = range(FEW)
    return Evidence(
        england=simulate_many("england", seed=seed, replicates=few),
        districts=simulate_many("england-districts", seed=seed, replicates=few),
        norfolk=simulate_many("norfolk", seed=seed, replicates=range(20 * FEW)),
    )


def lives(runs: int, seed: int = SEED) -> pd.DataFrame:
    """Return the statistics of runs of England at the declared defaults, one row a run."""
    return runs_of(prepared(load("england")), range(runs), seed)


def validate(statistics: pd.DataFrame, seed: int = SEED) -> Validated:
    """Return what the model gives of every pattern; `statistics` are of `lives`."""
    evidence = gather(seed)
    rows = [counted_row(number, statistics) for number in counted_patterns()]
    rows += restated_rows(evidence)
    order = list(PATTERNS)
    rows.sort(key=lambda row: order.index(row.number))
    shares = shares_of_contributions(evidence.england.events, CAUSES)
    causes = [round(share, 4) for share in shares.values()]
    return Validated(len(statistics), seed, code_fingerprint(), causes, rows)


class Asked(NamedTuple):
    """What is to be validated, and where to."""

    runs: int
    points: int
    hands: Hands
    out: Path | None


def asked(words: Sequence[str] | None = None) -> Asked:
    """Return what a command line asks for; InputError where it cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m experiments.validate", description=__doc__)
    parser.add_argument("runs", nargs="?", type=int, default=RUNS, help="runs of England")
    parser.add_argument("--points", type=int, default=POINTS, help="points of each wide look")
    parser.add_argument("--workers", type=int, default=2, help="processes that share the work")
    parser.add_argument(
        "--out", type=Path, help="a folder for all of it, in place of the project's own files"
    )
    given = parser.parse_args(words)
    if given.out is not None and not given.out.is_dir():
        raise InputError(f"--out: there is no folder '{given.out}': make it first")
    return Asked(
        whole("RUNS", given.runs, 2), whole("--points", given.points, 0),
        hands_of(given.workers), given.out,
    )  # fmt: skip


def main() -> None:
    """Write the page, its figure, and what reports read, once all of it is known."""
    try:
        wanted = asked()
    except InputError as error:
        raise SystemExit(f"validate: {error}") from None
    statistics = lives(wanted.runs)
    found = validate(statistics)
    wide = look_widely(wanted.points, wanted.hands) if wanted.points else stored_wide()
    text = page(found, wide)
    place = wanted.out
    (place / KEPT.name if place else KEPT).write_text(text_of(found), encoding="utf-8")
    (place / WIDE.name if place else WIDE).write_text(text_of_wide(wide), encoding="utf-8")
    draw_fan(statistics, (place or DOCS / "images") / "history.png")
    ((place or DOCS) / "face-validity.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
