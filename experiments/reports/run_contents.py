"""What the report of a scenario's runs says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...sim.declared.scenario import Scenario
from ...sim.ready.kept import prepared
from ..runs.headline import headline
from ..stored.events import HAPPENED, NONE, in_words, kept_in
from ..stored.reading import check_intact, read_result, stored_scenario
from ..stored.record import Record
from ..summary import summarise
from ..words import count, interval, number, period
from ..worlds import beyond_in_words
from .again import of_run
from .contents import Contents, Picture, assumptions, made_of, origin_of, summary_table

TITLES = {
    "over_time": "How the main outcomes develop",
    "map": "Who partners with whom",
    "reasons": "Why talks fail and agreements end",
    "decisions": "What decides, and what luck adds",
    "survival": "How long agreements last",
    "savings": "Savings promised, reported and true",
    "first_contact": "South Norfolk and Breckland",
}
ALTS = {
    "over_time": "Small charts of main outcomes by quarter, each a line for the mean of the runs "
    "with bands for the middle of the runs.",
    "map": "A map of the councils, with links between partners; thicker links are more probable.",
    "reasons": "Bars of the reasons for which talks fail and agreements end, by number in a run.",
    "decisions": "Bars from a middle line: how hard each group of reasons spoke for and against in "
    "refusals, walk-outs, votes against and leavings, with luck last.",
    "survival": "Curves of the share of agreements that has ended in each way, by years since "
    "signing.",
    "savings": "Lines of the savings that are promised, reported and true, by quarter.",
    "first_contact": "Bars of how talks between South Norfolk and Breckland end, and a curve of "
    "how soon Breckland finds another partner.",
}


def contents_of_run(folder: Path) -> Contents:
    """Return the report of a result of `councils run`.

    Raises:
        InputError: the folder is no complete result, or a file in it was changed.
    """
    record = check_intact(folder)
    scenario, asked = stored_scenario(folder, record.question["scenario"]), record.asked
    runs, total = read_result(folder, "runs"), asked["runs"]
    councils = len(prepared(scenario).table.code)
    worlds = asked.get("worlds")
    summary = summarise(runs, lucks=worlds["lucks"] if worlds else 1)
    first, rest = assumptions(scenario)
    found = len(runs["replicate"])
    basis = (
        f"{count(found, 'run')} of seed {asked['seed']} (replicates 0 to {total - 1}), "
        f"{period(scenario)}. Intervals: 95%, of the mean, {_over(worlds)}."
    )
    commands, again = of_run(record, scenario.name)
    again += f" {in_words(record)}" if kept_in(record.asked) == HAPPENED else ""
    return Contents(
        kind="runs of a scenario",
        title=scenario.title or scenario.name,
        about=scenario.about,
        cautions=[*beyond_in_words(worlds, scenario), *_without_events(record)],
        worlds=worlds["ensemble"] if worlds else "",
        failures=[] if found == total else [f"{total - found} of {total} runs failed."],
        question=_question(scenario, councils),
        answer=[*headline(runs, scenario, councils), _net_saving(summary)],
        basis=basis,
        tables=[summary_table("Main outcomes at the end of a run", summary)],
        pictures=[_picture(folder, name, basis) for name in TITLES if _drawn(folder, name)],
        assumed=first,
        defaults=rest,
        commands=commands,
        again=again,
        made=made_of(record.made, {
            "Fingerprint of the question": record.fingerprint,
            "Fingerprint of the scenario": asked["scenario"],
            "Fingerprint of the code": asked["code"],
        }),
        origin=origin_of(record.made, fingerprint=record.fingerprint, code=asked["code"]),
        outcomes=[row["name"] for row in summary],
        turns=[],
    )  # fmt: skip


def _without_events(record: Record) -> list[str]:
    """Return that no events were kept, where none were: some figures are missing then."""
    return [in_words(record)] if kept_in(record.asked) == NONE else []


def _over(worlds: dict[str, Any] | None) -> str:
    """Return over what intervals are."""
    if worlds is None:
        return "over luck at one set of numbers, by the differences between runs"
    return (
        f"over luck and worlds: {worlds['lucks']} runs in each world of “{worlds['ensemble']}”, by "
        "the differences between worlds"
    )


def _question(scenario: Scenario, councils: int) -> str:
    return (
        f"What becomes of {councils:,} councils that look for partners, {period(scenario)}, under "
        f"the scenario “{scenario.title or scenario.name}”?"
    )


def _net_saving(summary: list[dict[str, Any]]) -> str:
    row = next(row for row in summary if row["name"] == "net_saving")
    spread = interval(row["q05"], row["q95"])
    kind = "saving" if row["mean"] >= 0 else "loss"
    low, high = sorted((abs(row["low"]), abs(row["high"])))
    shown = interval(low, high)
    if kind == "loss":
        spread += " (below 0: a loss)"
    if row["low"] < 0 < row["high"]:
        shown = interval(row["low"], row["high"]) + ", so that it may be a saving or a loss"
    return (
        f"After all costs and grants, the net {kind} since the start is {number(abs(row['mean']))} "
        f"million pounds on average (95% interval {shown}); in the middle 90% of runs the net "
        f"saving is {spread}."
    )


def _drawn(folder: Path, name: str) -> bool:
    return (folder / "figures" / f"{name}.png").is_file()


def _picture(folder: Path, name: str, basis: str) -> Picture:
    return Picture(name, TITLES[name], ALTS[name], f"{basis} What bands and lines are, is said "
                   "beneath the figure.")  # fmt: skip
