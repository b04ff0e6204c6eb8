"""Which answers stand at which horizon: the project's policies over worlds, for ever longer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .comparing.asking import ask_card
from .comparing.scorecard import score
from .ensembles.ensemble import Ensemble
from .executors.ordered import Hands
from .summary import DECLARED
from .told import markdown_table
from .words import interval, number, or_nan, percent

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
    worlds = row["worlds_higher"]
    up = f"{percent(row['higher'])} of runs"
    return f"{shown}; up in {up}" + ("" if worlds is None else f", {percent(worlds)} of worlds")
