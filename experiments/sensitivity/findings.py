"""What a stored sensitivity analysis says: shares of luck, factors by rank, and their ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from ..told import FIGURE, NAME, TEXT, Table
from ..words import interval, number

MOSTLY = 0.9
"""From this share of luck on, it is said what that does not mean."""
INDICES = {
    "first": "Share alone", "total": "Share with all interplays", "mu": "Mean effect",
    "mu_star": "Mean size of the effect", "sigma": "How much it differs",
}  # fmt: skip
HOW_TO_READ = {
    "saltelli": (
        "Shares of what the factors explain of the variance: by the factor alone (first-order "
        "index), and with all its interplays with others (total index). Luck that is left in the "
        "averages has been taken out, so small values may fall below 0."
    ),
    "morris": (
        "Mean effect (mu) of a step over the whole range; mean size of it (mu*); how much it "
        "differs with the other factors and by luck (sigma). Listed values have no direction."
    ),
}


def title_of(each: Mapping[str, Any]) -> str:
    """Return the title of an outcome of a stored analysis."""
    return str(each["title"]) + (", difference" if each["difference"] else "")


def percent(found: Mapping[str, float | None]) -> str:
    """Return a share with its interval."""
    value, low, high = (found[key] for key in ("value", "low", "high"))
    if value is None:
        return "no share"
    shown = f"{value:.0%}"
    return shown if low is None or high is None else f"{shown} ({low:.0%} to {high:.0%})"


def luck_words(title: str, share: Mapping[str, float | None]) -> str:
    """Return how much of an outcome is luck, and what that does not mean."""
    more = (
        " Single runs tell next to nothing; averages over many runs on the same luck still can."
        if (share["value"] or 0) >= MOSTLY
        else ""
    )
    if share["value"] is None:
        return f"{title}: it does not vary at all."
    return f"{title}: {percent(share)} of the variance over all runs is luck.{more}"


def ranking(each: Mapping[str, Any], directions: Mapping[str, str] | None = None) -> list[str]:
    """Return what a sensitivity analysis says of an outcome, in a sentence or two.

    `directions` says of factors which way they push.
    """
    title, luck = title_of(each), each["luck"]
    said = (
        [] if luck is None or luck["share"]["value"] is None else [luck_words(title, luck["share"])]
    )
    if each["refused"]:
        return [*said, f"{title}: nothing is ranked, because {each['refused']}."]
    if not each["factors"]:
        return said
    told = sorted(
        (f for f in each["factors"] if f["told_apart_from_noise"]), key=lambda f: f["rank"]
    )
    rest = [f["factor"] for f in each["factors"] if not f["told_apart_from_noise"]]
    if not told:
        return [*said, f"{title}. No factor is told apart from noise."]
    missing = f"; not told apart from noise: {', '.join(rest)}" if rest else ""
    return [*said, f"{title}. Ranked: {_in_order(told, directions or {})}{missing}."]


def _in_order(told: Sequence[Mapping[str, Any]], directions: Mapping[str, str]) -> str:
    """Return factors by rank; those that share one are named together."""
    parts = []
    for rank, group in groupby(told, key=lambda f: f["rank"]):
        names = [_pushing(f["factor"], directions) for f in group]
        alike = " (no order among these can be told)" if len(names) > 1 else ""
        parts.append(f"{rank}. {', '.join(names)}{alike}")
    return "; ".join(parts)


def _pushing(name: str, directions: Mapping[str, str]) -> str:
    way = directions.get(name, "")
    return f"{name}, {way}" if way and len(directions) else name


def luck_table(found: Mapping[str, Any]) -> Table:
    """Return the shares of luck that a sensitivity analysis stored."""
    columns = [
        ("Outcome", TEXT), ("Share of luck", FIGURE), ("Still luck in the averages", FIGURE),
    ]  # fmt: skip
    rows = [
        [title_of(each), percent(each["luck"]["share"]), percent(each["luck"]["left"])]
        for each in found["outcomes"]
        if each["luck"] is not None and each["luck"]["share"]["value"] is not None
    ]
    note = (
        "Share of luck: of the variance over all runs, what differs between runs of one point. "
        "Still luck in the averages: of what differs between the points' averages, how much is "
        "luck all the same."
    )
    return Table("How much is luck", columns, rows, note)


def index_table(each: Mapping[str, Any], directions: Mapping[str, str] | None = None) -> Table:
    """Return the factors of one outcome of a stored analysis, by rank, and the dummy."""
    names = [key for key in INDICES if key in each["factors"][0]]
    columns = [("Factor", NAME), ("Rank", FIGURE)]
    columns += [("Which way", TEXT)] if directions is not None else []
    columns += [(f"{INDICES[key]} and 95% interval", FIGURE) for key in names]
    ordered = sorted(each["factors"], key=lambda f: f["rank"] or len(each["factors"]) + 1)
    rows = [
        [f["factor"], str(f["rank"] or "not told apart"),
         *([directions.get(f["factor"], "-")] if directions is not None else []),
         *(estimate_words(f.get(k)) for k in names)]
        for f in ordered
    ]  # fmt: skip
    blank = [""] if directions is not None else []
    dummy = [estimate_words(each["dummy"].get(k)) for k in names]
    rows.append(["dummy (only luck)", "", *blank, *dummy])
    note = HOW_TO_READ[each["method"]]
    return Table(f"What each factor does to: {title_of(each)}", columns, rows, note)


def estimate_words(found: Mapping[str, float | None] | None) -> str:
    """Return a number with its interval; a dash for none."""
    if found is None or found["value"] is None:
        return "-"
    if found["low"] is None or found["high"] is None:
        return number(found["value"])
    return f"{number(found['value'])} ({interval(found['low'], found['high'])})"
