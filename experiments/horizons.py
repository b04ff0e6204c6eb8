"""Which answers stand at which horizon: the project's policies over worlds, for ever longer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..sim.declared.measures import as_column
from ..sim.declared.scenario import load
from .comparing.asking import ask_card
from .comparing.scorecard import score
from .ensembles.ensemble import Ensemble
from .executors.ordered import Hands
from .split import apart_of
from .summary import DECLARED
from .told import markdown_table
from .words import interval, number, or_nan, percent
from .worlds import Worlds, ends_over

SCENARIO, POLICIES = "norfolk", ("set-up-grants", "match-making", "free-tax")
HORIZONS = (12, 24, 48)
"""Quarters from April 2009: to March 2012, 2015 and 2021."""
OUTCOMES = ("public_net", "true_saving", "agreements", "talks_failed", "ended", "reserves")


def answers(ensemble: Ensemble, hands: Hands) -> list[dict[str, Any]]:
    """Return a row a policy, outcome and horizon: what a scorecard of all worlds says."""
    return [
        {key: row[key] for key in ("policy", "title", "outcome", "difference", "low", "high",
                                   "higher", "worlds_higher", "verdict")} | {"quarters": quarters}
        for quarters in HORIZONS for row in _card(ensemble, quarters, hands)
        if row["outcome"] in OUTCOMES
    ]  # fmt: skip


def _card(ensemble: Ensemble, quarters: int, hands: Hands) -> list[dict[str, Any]]:
    return score(
        ask_card(SCENARIO, POLICIES, quarters=quarters, ensemble=ensemble), hands=hands
    ).rows


def declared_among(ensemble: Ensemble) -> list[dict[str, Any]]:
    """Return a row an outcome: what comes out at the declared numbers, and in all worlds.

    The rank is the share of worlds below, luck taken out of how far worlds lie apart.
    """
    scenario, worlds = load(SCENARIO), Worlds(ensemble)
    many = range(worlds.lucks * len(ensemble.sets))
    here, there = (ends_over(each, scenario, scenario, 1, many).records for each in (None, worlds))
    rows = []
    for name in OUTCOMES:
        values = as_column(there, name).reshape(-1, worlds.lucks)
        declared = float(as_column(here, name).mean())
        rows.append({
            "outcome": name, "declared": declared, "worlds": float(values.mean()),
            "rank": 1.0 - apart_of(values, declared).higher.value,
        })  # fmt: skip
    return rows


def declared_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return `declared_among` as a table."""
    head = ("outcome", "at the declared numbers", "mean over worlds", "share of worlds below")
    return markdown_table(head, (
        [f"{DECLARED[row['outcome']].title} ({DECLARED[row['outcome']].unit})",
         number(row["declared"]), number(row["worlds"]), percent(row["rank"])]
        for row in rows
    ))  # fmt: skip


def answers_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the answers as a table: a line a policy and outcome, a column a horizon."""
    lines: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        measure = DECLARED[row["outcome"]]
        line = lines.setdefault((row["title"], f"{measure.title} ({measure.unit})"), [])
        line.append(_cell(row))
    ends = [f"to March {2009 + quarters // 4}" for quarters in HORIZONS]
    head = ("policy", "outcome", *ends)
    return markdown_table(head, ([*names, *cells] for names, cells in lines.items()))


def _cell(row: Mapping[str, Any]) -> str:
    sure = row["verdict"] in ("higher", "lower")
    span = interval(or_nan(row["low"]), or_nan(row["high"]))
    said = number(or_nan(row["difference"])) + (f" ({span})" if span != "-" else "")
    shown = f"**{said}**" if sure else said
    share, low, high = (percent(or_nan(each)) for each in row["worlds_higher"])
    return f"{shown}; up in {percent(row['higher'])} of runs, {share} ({low} to {high}) of worlds"
