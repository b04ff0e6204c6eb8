"""What `councils run` shows when it is done: sentences, a table, and what to try next."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ...sim.ready.kept import prepared
from ...sim.ready.older import older_tables
from ..stored.events import NONE, in_words, kept_in
from ..stored.folder import FIGURES
from ..stored.reading import read_result
from ..stored.tables import read_groups
from ..summary import summarise
from ..terminal import say, say_json, show_table
from ..vignette import COUPLE
from ..words import as_typed, count, interval, number, shorten
from ..worlds import Worlds
from .experiment import Experiment
from .headline import headline
from .idle import idle_parts
from .result import Result

ENDS = ("code_a", "code_b")
AS_DECLARED = (
    "It is over luck alone, at the numbers as declared; --ensemble calibrated is over assumptions "
    "too."
)


class Telling(NamedTuple):
    """Everything that is shown of a result."""

    headline: list[str]
    summary: list[dict[str, Any]]
    next: list[str]
    idle: list[str]  # dated parts that moved not one bit
    notes: list[str]  # what was said of the scenario before it ran


def gather(
    experiment: Experiment, result: Result, options: Sequence[str], notes: Sequence[str]
) -> Telling:
    """Return what to show.

    Args:
        options: those of the command that other commands need too.
        notes: what was said of the scenario before it ran.
    """
    runs = read_result(result.folder, "runs")
    table = prepared(experiment.scenario).table
    names = dict(zip(table.code, table.name, strict=True))
    return Telling(
        headline=headline(runs, experiment.scenario, len(names), experiment.worlds),
        summary=summarise(runs, lucks=experiment.lucks),
        next=_next(experiment, result.folder, names, options),
        idle=idle_parts(
            experiment.scenario,
            seed=experiment.seed,
            runs=experiment.runs,
            worlds=experiment.worlds,
        ),
        notes=list(notes),
    )


def show_result(experiment: Experiment, result: Result, shown: Telling) -> None:
    """Write a result for people."""
    for sentence in shown.headline:
        say(sentence)
    say()
    _show_summary(shown.summary, experiment.worlds)
    beyond = experiment.scenario.beyond()
    if beyond:
        say(f"Dated after the run's end, so not reached: {'; '.join(beyond)}.")
    left_out = in_words(result.record)
    if left_out:
        say(left_out)
    for each in shown.idle:
        say(f"Nothing came of it: {each}.")
    place = shorten(result.folder)
    if result.reused:
        say(f"These runs were made before; they were not run again. Results: {place}")
    else:
        say(f"Results of {count(experiment.runs, 'run')}, seed {experiment.seed}: {place}")
    pair = ", and why two councils did or did not team up" if len(shown.next) > 1 else ""
    say(f"Next, one run told in words{pair}:")
    for line in shown.next:
        print(f"  {line}")


def _show_summary(summary: Sequence[Mapping[str, Any]], worlds: Worlds | None) -> None:
    """Write the main outcomes as a table; over worlds with an interval over luck alone too."""
    intervals = {"95% interval": ("low", "high")}
    if worlds is not None:
        intervals = {"Over luck": ("luck_low", "luck_high"), "Luck, worlds": ("low", "high")}
    columns = {
        "At the end of a run": "left", "Mean": "right", **dict.fromkeys(intervals, "right"),
        "Middle 90%": "right", "Unit": "word",
    }  # fmt: skip
    rows = [
        (
            row["title"],
            number(row["mean"]),
            *(interval(row[low], row[high]) for low, high in intervals.values()),
            interval(row["q05"], row["q95"]),
            row["unit"].replace("million pounds", "£m"),
        )
        for row in summary
    ]
    if worlds is not None:  # narrower, so that it stays a table
        columns.pop("Middle 90%")
        rows = [(*row[:-2], row[-1]) for row in rows]
    show_table("", columns, rows)
    of_a_count = "a count is never below 0"
    if worlds is None:
        say(
            f"95% interval: of the mean, by the differences between runs; {of_a_count}. "
            f"{AS_DECLARED}"
        )
    else:
        say(
            f"Over luck, and over luck and worlds: 95% intervals of the mean, in these worlds of "
            f"'{worlds.ensemble.name}' and over all of that kind; {of_a_count}."
        )
    middle = "Middle 90%: of the runs. " * (worlds is None)
    say(
        f"{middle}Net saving: true saving, grants and support of councils, less the four costs "
        "above it."
    )


def show_json(experiment: Experiment, result: Result, shown: Telling) -> None:
    """Write a result for programs: one JSON object."""
    figures = sorted(path.name for path in (result.folder / FIGURES).glob("*"))
    say_json(
        {
            "folder": str(result.folder),
            "reused": result.reused,
            "fingerprint": result.record.fingerprint,
            "scenario": experiment.scenario.name,
            "seed": experiment.seed,
            "runs": experiment.runs,
            "worlds": None if experiment.worlds is None else experiment.worlds.told(),
            "quarters": experiment.scenario.quarters,
            "headline": shown.headline,
            "not_reached": experiment.scenario.beyond(),
            "older_tables": older_tables(experiment.scenario),
            "remarks": shown.notes,
            "idle": shown.idle,
            "summary": shown.summary,
            "tables": result.record.answer["tables"],
            "events": kept_in(result.record.asked),
            "events_told": in_words(result.record),
            "figures": figures,
            "next": shown.next,
        }
    )


def _next(
    experiment: Experiment, folder: Path, names: Mapping[str, str], options: Sequence[str]
) -> list[str]:
    name = options[0]
    story = ["councils", "story", name, "--seed", str(experiment.seed), *options[1:]]
    lines = [as_typed(story)]
    pair = None if experiment.events == NONE else _unlucky(folder, names)
    if pair is not None:
        a, b, replicate = pair
        why = ["councils", "why", names[a], names[b], "--scenario", name]
        why += ["--seed", str(experiment.seed), "--replicate", str(replicate), *options[1:]]
        lines.append(as_typed(why))
    return lines


def _unlucky(folder: Path, codes: Container[str]) -> tuple[str, str, int] | None:
    """Return two councils whose talks failed, and the first run in which they talked.

    The two of the founding story where theirs failed, else those whose talks failed in most runs.
    """
    pairs = read_result(folder, "pairs", (*ENDS, "scope", "failed"))
    failed, scope = pairs["failed"], pairs["scope"].texts()
    one, other = (pairs[end].texts() for end in ENDS)
    known = [
        k
        for k in np.argsort(-failed, kind="stable").tolist()
        if failed[k] > 0 and one[k] in codes and other[k] in codes
    ]
    couple = [k for k in known if {one[k], other[k]} == set(COUPLE)]
    for k in (couple or known)[:1]:
        replicate = _first_talks(folder / "events.parquet", one[k], other[k], scope[k])
        return None if replicate is None else (one[k], other[k], replicate)
    return None


def _first_talks(path: Path, one: str, other: str, scope: str) -> int | None:
    """Return the first run in which two councils began talks about a scope."""
    for events in read_groups(path, ("replicate", "kind", "scope", "council", "other")):
        asks, asked = events["council"], events["other"]
        they = (asks.are(one) & asked.are(other)) | (asks.are(other) & asked.are(one))
        found = they & events["kind"].are("talks_begin") & events["scope"].are(scope)
        if found.any():
            return int(events["replicate"][found][0])
    return None
