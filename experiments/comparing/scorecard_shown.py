"""What `councils compare` writes when nobody said what matters: a scorecard, and what is next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..summary import DECLARED
from ..terminal import say, say_json, show_table
from ..words import interval, number, or_nan, percent, shorten
from .archive import Stored, told_of
from .shown import against, say_failures, say_report

SHOWN = ("failures", "fingerprint", "asked", "outcomes", "error", "error_each", "in_words", "basis",
         "policies", "results", "rankings", "next")  # fmt: skip
COLUMNS = {
    "Outcome": "word", "Base": "right", "Policy": "right", "Change": "right", "Interval": "right",
    "Up/same/down": "right", "Verdict": "left",
}  # fmt: skip


def show_card(found: Stored, *, as_json: bool) -> int:
    """Write a scorecard for people, or as one JSON value; return how many runs failed."""
    document = told_of(found.record)
    failed = len(document["failures"])
    if as_json:
        say_json(
            {"kind": "scorecard", "folder": str(found.folder), "reused": found.reused}
            | {key: document[key] for key in SHOWN}
        )
        return failed
    say_failures(document["failures"])
    say(f"Scorecard {against(document)}")
    say(document["in_words"])
    for policy in document["policies"]:
        say()
        if not policy["moved"]:
            say(policy["in_words"])
            continue
        say(f"{policy['title']}, less the base:")
        for group in policy["groups"]:
            say(f"  {group}")
        rows = [row for row in document["results"] if row["policy"] == policy["policy"]]
        show_table("", COLUMNS, [_cells(row) for row in rows])
        if policy["savings_in_words"]:
            say(policy["savings_in_words"])
    if any(policy["moved"] for policy in document["policies"]):
        _show_rankings(document["rankings"])
        _show_legend(document["results"], document["outcomes"])
        say()
        say(f"{document['basis']} {READING}")
    say()
    say(document["next"]["in_words"])
    if document["next"]["command"]:
        print(f"  {document['next']['command']}")
    again = " (from an earlier run)" if found.reused else ""
    say(f"Stored in {shorten(found.folder)}{again}")
    say_report(found.folder)
    return failed


READING = (
    "Change: policy less base. "
    "Up/same/down: in what share of pairs, each on the same luck, the policy is higher than, equal "
    "to and lower than the base. Higher is not always better: of talks failed, agreements "
    "ended and tax paid it may be worse. That is for you to say."
)


def _show_rankings(rankings: Sequence[Mapping[str, Any]]) -> None:
    if not rankings:
        return
    say()
    say("All with each other, higher first:")
    for each in rankings:
        say(f"  {DECLARED[each['outcome']].title}: {each['in_words']}")


def _show_legend(rows: Sequence[Mapping[str, Any]], outcomes: Sequence[str]) -> None:
    say()
    say("What each is:")
    for name in outcomes:
        row = next(each for each in rows if each["outcome"] == name)
        say(f"  {name}: {row['outcome_title'].lower()}, {row['unit']}; {row['why']}")


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    known = {key: or_nan(row[key]) for key in ("base_mean", "policy_mean", "difference", "low",
                                               "high")}  # fmt: skip
    return (
        row["outcome"],
        number(known["base_mean"]),
        number(known["policy_mean"]),
        number(known["difference"]),
        interval(known["low"], known["high"]),
        "/".join(percent(row[key]) for key in ("higher", "equal", "lower")),
        verdict_words(row),
    )


def verdict_words(row: Mapping[str, Any]) -> str:
    """Return a verdict as a table tells it."""
    return str(row["verdict"])
