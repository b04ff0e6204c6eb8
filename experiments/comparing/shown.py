"""What `councils compare` writes of one outcome: verdicts, a table, the order of all."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...sim.declared.scenario import from_document
from ..explaining.parts import notes_in_words
from ..explaining.shown import show_parts
from ..stored.former import as_known
from ..terminal import say, say_json, show_table
from ..words import as_typed, count, interval, listed, month, number, percent, period, shorten
from .archive import Stored, told_of
from .sequences import unseen

FAILURES_SHOWN = 3


def show(found: Stored, *, as_json: bool) -> int:
    """Write a comparison for people, or as one JSON value; return how many runs failed."""
    document = told_of(found.record)
    failed = len(document["failures"])
    if as_json:
        shown = ("failures", "fingerprint", "asked", "outcome", "error", "error_each", "results",
                 "ranking", "flips", "mechanisms", "beyond")  # fmt: skip
        say_json(
            {"kind": "comparison", "folder": str(found.folder), "reused": found.reused}
            | {key: document.get(key) for key in shown}
        )
        return failed
    say_failures(document["failures"])
    rows, outcome = document["results"], document["outcome"]
    say(f"{outcome['title']} ({outcome['unit']}) {against(document)}")
    for row in rows:
        say(row["in_words"])
        for sentence in row.get("assumptions_in_words", ()):
            say(f"  {sentence}")
        if "course" in row and row["moved"]:  # a folder of a former form has none
            say(f"  {row['course_in_words']}")
            say(f"  {row['public']['in_words']}")
    if document.get("ranking"):
        say(f"With each other, higher first: {document['ranking']['in_words']}")
    say()
    _show_rows(rows)
    say(_how_to_read(document))
    for turned in document["flips"]:
        say()
        say(f"Which assumptions turn the answer about {turned['policy']}:")
        for sentence in turned["sentences"]:
            say(f"  {sentence}")
    for shared in document["mechanisms"]:
        say()
        say(f"By what mechanisms: {shared['policy']}")
        show_parts(shared, shared["parts"])
        for sentence in (shared["in_words"], *notes_in_words(shared, shared["parts"])):
            say(sentence)
    again = " (from an earlier run)" if found.reused else ""
    say(f"Stored in {shorten(found.folder)}{again}")
    say_report(found.folder)
    return failed


def say_report(folder: Path) -> None:
    """Write the command that makes a page of a result."""
    say("To show it to others:")
    print(f"  {as_typed(['councils', 'report', shorten(folder), '--short'])}")


def shared_out(document: Mapping[str, Any]) -> str:
    """Return over how many pairs the chance of error is shared out; nothing for one."""
    pairs = round(document["error"] / document["error_each"])
    return f", shared out over {pairs} pairs (Bonferroni)" if pairs > 1 else ""


def horizon(document: Mapping[str, Any]) -> str:
    """Return the window that an answer is about: it may be another one in a longer one."""
    scenario = from_document(as_known(document))
    return f"after {period(scenario)} (to {month(scenario, scenario.quarters - 1)})"


def against(document: Mapping[str, Any]) -> str:
    """Return when and against what policies are compared, and what was changed in all of them."""
    base = document["scenarios"][0]
    sets = [" = ".join(text.split("=", 1)) for text in document["sets"]]
    changed = f", with {listed(sets)} in all" if sets else ""
    return f"{horizon(base)}, against: {base['title'] or base['name']}{changed}"


def say_failures(failures: list[dict[str, Any]]) -> None:
    """Write which runs failed, and how to repeat the first of them."""
    if not failures:
        return
    say(f"{count(len(failures), 'run')} failed and are without a value. To repeat the first of "
        "them:")  # fmt: skip
    for each in failures[:FAILURES_SHOWN]:
        say(f"  {each['scenario']}, replicate {each['replicate']}: {each['error']}")
        print(f"    {each['repeat']}")


def _show_rows(rows: list[dict[str, Any]]) -> None:
    columns = {
        "Policy": "left", "By": "right", "Interval": "right", "Up/same/down": "right",
        "Runs": "right", "Runs apart": "right", "Corr.": "right",
    }  # fmt: skip
    show_table("", columns, [_cells(row) for row in rows])


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    some = {key: math.nan if value is None else value for key, value in row.items()}
    apart = some["independent"]
    return (
        row["policy"],
        number(some["difference"]),
        interval(some["low"], some["high"]),
        "/".join(percent(row[key]) for key in ("higher", "equal", "lower")),
        f"{row['replicates']:,}",
        f"{apart:,.0f}" if math.isfinite(apart) else "-",
        f"{some['correlation']:.2f}" if math.isfinite(some["correlation"]) else "-",
    )


def _how_to_read(document: Mapping[str, Any]) -> str:
    share = shared_out(document)
    rare = unseen(min(row["replicates"] for row in document["results"]))
    missing = sum(row["without_value"] for row in document["results"])
    worlds = "worlds" in document["asked"]
    each = "world" if worlds else "replicate"
    gone = f" {count(missing, each)} without a value left out." if missing else ""
    over = " over luck and worlds; of a value a world, the mean of its replicates" * worlds
    said = (
        f"Interval{over}: right at every look with {1 - document['error']:.0%}{share}, but for "
        f"what is rarer than one replicate in {rare:,} and may not have happened yet. "
        "Up/same/down: replicates in which the policy is higher than, equal to and lower than the "
        "base. Runs apart: how many replicates separate seeds would have needed to be as sure. "
        f"Corr.: how alike the two are on the same luck.{gone}"
    )
    return said
