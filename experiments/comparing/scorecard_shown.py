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
         "policies", "results", "rankings", "next", "beyond")  # fmt: skip
KINDS = {"Outcome": "word", "Verdict": "left"}
"""Of each column how it stands, where that is not to the right."""


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
        if policy.get("worlds_in_words"):
            say(f"  {policy['worlds_in_words']}")
        rows = [row for row in document["results"] if row["policy"] == policy["policy"]]
        cells = [_cells(row) for row in rows]
        columns = {name: KINDS.get(name, "right") for name in cells[0]}
        show_table("", columns, [tuple(each.values()) for each in cells])
        if policy["savings_in_words"]:
            say(policy["savings_in_words"])
    if any(policy["moved"] for policy in document["policies"]):
        _show_rankings(document["rankings"])
        _show_legend(document["results"], document["outcomes"])
        say()
        say(f"{document['basis']} {how_to_read(document)}")
    say()
    say(document["next"]["in_words"])
    if document["next"]["command"]:
        print(f"  {document['next']['command']}")
    again = " (from an earlier run)" if found.reused else ""
    say(f"Stored in {shorten(found.folder)}{again}")
    say_report(found.folder)
    return failed


def how_to_read(document: Mapping[str, Any]) -> str:
    """Return what the columns of a scorecard are."""
    said = ""
    if "worlds" in document["asked"]:
        said = (
            "Over luck: how sure the mean over these very worlds is. Luck, worlds: how sure it is "
            "over all worlds of that kind. "
        )
    return (
        f"Change: policy less base. {said}Up/same/down: in what share of pairs, "
        "each on the same luck, the policy is "
        "higher than, equal to and lower than the base. Higher is not always better: of talks "
        "failed, agreements ended and tax paid it may be worse. That is for you to say."
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
        base = number(or_nan(row["base_mean"]))
        say(f"  {name}: {row['outcome_title'].lower()}, {row['unit']} (base {base}); {row['why']}")


def _cells(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the cells of a row by column; over worlds also how sure it is over luck alone.

    Then the verdict is left to the sentences above, so that it stays a table of 80 characters.
    """
    known = {key: or_nan(row[key]) for key in ("base_mean", "policy_mean", "difference", "low",
                                               "high")}  # fmt: skip
    first, change = {"Outcome": row["outcome"]}, {"Change": number(known["difference"])}
    sure = interval(known["low"], known["high"])
    shares = "/".join(percent(row[key]) for key in ("higher", "equal", "lower"))
    last = {"Up/same/down": shares}
    if "luck_low" not in row:
        means = {"Base": number(known["base_mean"]), "Policy": number(known["policy_mean"])}
        return first | means | change | {"Interval": sure} | last | {"Verdict": row["verdict"]}
    luck = interval(or_nan(row["luck_low"]), or_nan(row["luck_high"]))
    return first | change | {"Over luck": luck, "Luck, worlds": sure} | last
