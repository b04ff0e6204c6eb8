"""What a stored sensitivity analysis says: shares of luck, factors by rank, and their ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from ..studies.idle import BITS, ROUNDING, Idle
from ..told import FIGURE, NAME, TEXT, Table
from ..words import interval, number
from .indices import ALL_LUCK

NOT_TOLD = "not told apart"
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
    if low is None or high is None:
        return shown
    return f"{shown} ({max(low, 0.0):.0%} to {min(high, 1.0):.0%})"


def luck_words(
    title: str, luck: Mapping[str, Mapping[str, float | None]], *, hopeless: bool = False,
    alone: float | None = None,
) -> str:  # fmt: skip
    """Return how much of an outcome is luck, and what that does not mean.

    `hopeless`: averages of this study tell nothing either, as is said elsewhere. `alone`: of a
    study over worlds, luck's part of the variance of single runs.
    """
    share, left = luck["share"], luck["left"]["value"]
    if share["value"] is None:
        return f"{title}: it does not vary at all."
    if alone is not None:
        return (
            f"{title}: {percent(share)} of the variance between worlds and points is luck and "
            f"assumptions that the plan does not vary; of single runs {alone:.0%} is luck alone."
        )
    more = ""
    if share["value"] >= MOSTLY:
        averages = "; averages over many runs on the same luck still can"
        still = hopeless or left is None or left >= MOSTLY
        more = f" Single runs tell next to nothing{'' if still else averages}."
    return f"{title}: {percent(share)} of the variance over all runs is luck.{more}"


def alike_words(title: str, alike: str, *, luck: bool) -> str:
    """Return what follows where all points of a study gave the same; `luck`: runs differ."""
    gave = "the same but for rounding" if alike == ROUNDING else "the same bits"
    all_luck = ", and all its variance over the runs is luck" if luck else ""
    return (
        f"{title}: all points gave {gave}, replicate by replicate. Nothing that was varied "
        f"moved it{all_luck}; more points or replicates will not change that, only other factors, "
        "wider ranges or a longer run can."
    )


def idle_found(found: Mapping[str, Any]) -> Idle:
    """Return which factors moved nothing; an analysis of a former form does not say."""
    everywhere = found.get("idle_everywhere", [])
    return Idle([name for name in found.get("idle", []) if name not in everywhere], everywhere)


def enough_words(title: str, each: Mapping[str, Any], design: str) -> str:
    """Return how large a study would be enough to rank something, where nothing is ranked."""
    enough = each["enough"]
    if enough is None:
        return (
            f"{title}: what the factors do is so little beside the luck, if it is anything, that "
            "no study that can be run would tell it; wider ranges or other factors may."
        )
    about = "it would take more than" if enough["at_least"] else "it would take about"
    why = ", which finds no effect at all" if enough["at_least"] else ""
    return (
        f"{title}: as far as this study tells{why}, {about} {_sizes(enough, design)}, to tell "
        "apart a factor that has half of all effects. The number is rough: under heavy luck about "
        f"half of the studies that are grown to it still tell nothing.{_beyond(enough, design)}"
    )


def _sizes(enough: Mapping[str, Any], design: str) -> str:
    """Return the sizes that can be had, each with how to give it."""
    points, how = "points", "--points with --extend"
    if design == "morris":
        points, how = "trajectories", "in the plan, and another folder with --out"
    sizes = []
    if enough["replicates"] is not None:
        sizes.append(f"{enough['replicates']:,} replicates (--replicates with --extend)")
    if enough["points"] is not None:
        sizes.append(f"{points} = {enough['points']:,} ({how})")
    return ", or ".join(sizes)


def _beyond(enough: Mapping[str, Any], design: str) -> str:
    """Return which of the two sizes cannot be had, as a sentence; nothing where both can."""
    points = "trajectories" if design == "morris" else "points"
    for size, what in (("points", points), ("replicates", "replicates")):
        if enough[size] is None:
            return f" So many {what} that these alone would do cannot be had."
    return ""


def ranking(
    each: Mapping[str, Any],
    directions: Mapping[str, str] | None = None,
    *,
    design: str = "saltelli",
) -> list[str]:
    """Return what a sensitivity analysis says of an outcome, in a sentence or two.

    `directions` says of factors which way they push.
    """
    title, luck = title_of(each), each["luck"]
    if each.get("alike"):  # an analysis of an earlier version says nothing of it
        lucky = luck is not None and bool(luck["share"]["value"])
        return [alike_words(title, each["alike"], luck=lucky)]
    told = sorted(
        (f for f in each["factors"] if f["told_apart_from_noise"]), key=lambda f: f["rank"]
    )
    all_luck = each["refused"] == ALL_LUCK
    drowned = all_luck or (not each["refused"] and bool(each["factors"]) and not told)
    reckoned = [enough_words(title, each, design)] if drowned and "enough" in each else []
    said = []
    if luck is not None and luck["share"]["value"] is not None:
        hopeless = all_luck or (bool(reckoned) and each["enough"] is None)
        said.append(luck_words(title, luck, hopeless=hopeless, alone=each.get("luck_alone")))
    if each["refused"]:
        why = f"{title}: nothing is ranked, because {each['refused']}."
        return [*said, why, *reckoned]
    if not each["factors"]:
        return said
    still = each.get("still", [])
    rest = [f["factor"] for f in each["factors"] if not f["told_apart_from_noise"]]
    rest = [name for name in rest if name not in still]
    moved = f" Moved not one bit of it: {', '.join(still)}." if still else ""
    if not told:
        none = f"{title}. No factor is told apart from noise.{moved}"
        return [*said, none, *reckoned]
    missing = f"; not told apart from noise: {', '.join(rest)}" if rest else ""
    return [*said, f"{title}. Ranked: {_in_order(told, directions or {})}{missing}.{moved}"]


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


def over_worlds_in_words(found: Mapping[str, Any]) -> list[str]:
    """Return that what is called luck is luck and assumptions, where a study is over worlds."""
    worlds = found.get("worlds")
    if worlds is None:
        return []
    return [
        f"Lived in the worlds of '{worlds['ensemble']}', {worlds['lucks']} replicates in each, the "
        "same at every point: so what is called luck here is luck and all assumptions that the "
        "plan does not vary itself."
    ]


def luck_table(found: Mapping[str, Any]) -> Table:
    """Return the shares of luck that a sensitivity analysis stored."""
    columns = [
        ("Outcome", TEXT), ("Share of luck", FIGURE), ("Still luck in the averages", FIGURE),
    ]  # fmt: skip
    rows = [
        [title_of(each), percent(each["luck"]["share"]), _left(each)]
        for each in found["outcomes"]
        if each["luck"] is not None and each["luck"]["share"]["value"] is not None
    ]
    note = (
        "Share of luck: of the variance over all runs, what differs between runs of one point. "
        "Still luck in the averages: of what differs between the points' averages, how much is "
        "luck all the same."
    )
    if found.get("worlds"):
        note += " Of a run stands a world, the mean of its runs; luck is luck and assumptions."
    return Table("How much is luck", columns, rows, note)


def _left(each: Mapping[str, Any]) -> str:
    """Return how much of the differences between averages is luck; where there are none, that."""
    if each.get("alike") == BITS:
        return "no differences: the same bits"
    return "no differences" if each.get("alike") else percent(each["luck"]["left"])


def index_table(each: Mapping[str, Any], directions: Mapping[str, str] | None = None) -> Table:
    """Return the factors of one outcome of a stored analysis, by rank, and the dummy."""
    names = [key for key in INDICES if key in each["factors"][0]]
    columns = [("Factor", NAME), ("Rank", FIGURE)]
    columns += [("Which way", TEXT)] if directions is not None else []
    columns += [(f"{INDICES[key]} and 95% interval", FIGURE) for key in names]
    ordered = sorted(each["factors"], key=lambda f: f["rank"] or len(each["factors"]) + 1)
    still = each.get("still", [])
    rows = [
        [f["factor"], "moved no bit" if f["factor"] in still else str(f["rank"] or NOT_TOLD),
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
