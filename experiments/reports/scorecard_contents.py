"""What the report of a scorecard says: eight outcomes on equal terms, and what to ask next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...sim.declared.scenario import Scenario
from .. import figures
from ..comparing.archive import told_of
from ..comparing.outcomes import SAVINGS
from ..comparing.scorecard_shown import how_to_read
from ..figures.frame import Note
from ..figures.scorecard import Mark, Row, draw_scorecard
from ..stored.folder import FIGURES
from ..stored.reading import check_intact, stored_scenario
from ..summary import DECLARED
from ..told import FIGURE, NAME, TEXT, Table
from ..words import interval, listed, month, number, or_nan, percent, period
from .again import of_scorecard
from .contents import TURNS, Contents, FurtherAnswer, Picture
from .policies_told import about_policies

PICTURE = "scorecard"
LUCK = ("luck_low", "luck_high")
"""Between what the mean is sure over luck alone, where there are worlds."""


def contents_of_scorecard(folder: Path) -> Contents:
    """Return the report of a scorecard.

    Raises:
        InputError: the folder is damaged, or of another version.
    """
    record = check_intact(folder)
    stored = told_of(record)
    scenarios = [stored_scenario(folder, each) for each in stored["scenarios"]]
    base = scenarios[0]
    _draw(folder, stored, base)
    return Contents(
        **about_policies(record, scenarios, of_scorecard(record)),
        kind="policies on a scorecard, on the same luck",
        failures=_missing(stored),
        question=_question(stored, scenarios),
        answer=_answer(stored),
        parts=_further(stored),
        basis=f"{stored['basis']} {how_to_read(stored)}",
        tables=[*_tables(stored), *_savings(stored), _legend(stored)],
        pictures=_picture(stored),
        outcomes=stored["outcomes"],
    )


def _question(stored: Mapping[str, Any], scenarios: Sequence[Scenario]) -> str:
    base, *others = scenarios
    titles = listed([f"“{each.title or each.name}”" for each in others])
    many = len(stored["outcomes"])
    what = f"{many} outcomes" if many > 1 else DECLARED[stored["outcomes"][0]].title.lower()
    do = "do" if len(others) > 1 else "does"
    return (
        f"What {do} {titles} change in {what}, over {period(base)} (to "
        f"{month(base, base.quarters - 1)}), before anybody says what would matter?"
    )


def _missing(stored: Mapping[str, Any]) -> list[str]:
    return [
        f"{row['title']}, {row['outcome_title'].lower()}: {row['without_value']:,} of "
        f"{row['replicates']:,} replicates had no value and were left out."
        for row in stored["results"]
        if row["without_value"]
    ]


def _answer(stored: Mapping[str, Any]) -> list[str]:
    """Return how many outcomes each policy moves, then a sentence a policy and kind of verdict."""
    said = [stored["in_words"]]
    for policy in stored["policies"]:
        if policy["moved"]:
            said += [f"{policy['title']}: {group}." for group in policy["groups"]]
            over = policy.get("worlds_in_words")
            said += [f"{policy['title']}: {over}"] if over else []
        else:
            said.append(policy["in_words"])
    return said


def _further(stored: Mapping[str, Any]) -> list[FurtherAnswer]:
    """Return how the policies rank with each other, and how one goes on."""
    parts = []
    if stored["rankings"]:
        said = [
            f"{DECLARED[each['outcome']].title}: {each['in_words']}" for each in stored["rankings"]
        ]
        basis = (
            "Higher first. A pair stands above another where the interval of their own difference "
            f"on the same luck holds no zero. {stored['basis']}"
        )
        parts.append(FurtherAnswer("All with each other", said, basis, []))
    command = stored["next"]["command"]
    said = [stored["next"]["in_words"], *([command] if command else [])]
    parts.append(FurtherAnswer("What to do next", said, "", [], TURNS))
    return parts


def _tables(stored: Mapping[str, Any]) -> list[Table]:
    over = ["Over luck", "Over luck and worlds"] if "worlds" in stored["asked"] else ["Interval"]
    figures_of = ["Base", "Policy", "Change", *over, "Up / same / down"]
    columns = [
        ("Outcome", TEXT), ("Unit", TEXT), *((name, FIGURE) for name in figures_of),
        ("Verdict", TEXT),
    ]  # fmt: skip
    return [
        Table(policy["title"], columns, [
            _cells(row) for row in stored["results"] if row["policy"] == policy["policy"]
        ])
        for policy in stored["policies"] if policy["moved"]
    ]  # fmt: skip


def _cells(row: Mapping[str, Any]) -> list[str]:
    base, policy, change, low, high = (
        or_nan(row[key]) for key in ("base_mean", "policy_mean", "difference", "low", "high")
    )
    shares = " / ".join(percent(row[key]) for key in ("higher", "equal", "lower"))
    luck = [interval(*(or_nan(row[key]) for key in LUCK))] if LUCK[0] in row else []
    return [row["outcome_title"], row["unit"], number(base), number(policy), number(change),
            *luck, interval(low, high), shares, row["verdict"]]  # fmt: skip


def _legend(stored: Mapping[str, Any]) -> Table:
    first = stored["policies"][0]["policy"]
    rows = [
        [row["outcome"], row["outcome_title"], row["why"]]
        for row in stored["results"] if row["policy"] == first
    ]  # fmt: skip
    columns = [("Name", NAME), ("Outcome", TEXT), ("What it tells", TEXT)]
    return Table("What the outcomes are", columns, rows)


def _savings(stored: Mapping[str, Any]) -> list[Table]:
    """Return what was promised, reported and true, if true saving is asked about."""
    policies = [each for each in stored["policies"] if each["savings_in_words"]]
    if not policies:
        return []
    columns = [("", TEXT), *((DECLARED[name].title, FIGURE) for name in SAVINGS)]
    base = max(policies, key=lambda each: int(each["replicates"]))["savings"]
    rows = [["Base", *(number(or_nan(base[name][0])) for name in SAVINGS)]]
    rows += [
        [each["title"], *(number(or_nan(each["savings"][name][1])) for name in SAVINGS)]
        for each in policies
    ]
    title = f"Promised, reported and true ({DECLARED[SAVINGS[0]].unit}, of agreements in force)"
    return [Table(title, columns, rows, "Means over replicates. They are not tested here.")]


def _picture(stored: Mapping[str, Any]) -> list[Picture]:
    alt = "; ".join(f"{row['title']}, {row['in_words']}" for row in stored["results"])
    return [Picture(
        PICTURE, "What the policies change, outcome by outcome",
        f"A row an outcome, each on its own scale. {alt}.", stored["basis"],
    )]  # fmt: skip


def _draw(folder: Path, stored: Mapping[str, Any], base: Scenario) -> None:
    """Draw the scorecard into the folder, unless it stands there already."""
    place = folder / FIGURES
    if all((place / f"{PICTURE}{end}").is_file() for end in (".png", ".svg")):
        return
    rows = [
        Row(DECLARED[name].title, DECLARED[name].unit, [
            Mark(row["policy"], or_nan(row["difference"]), or_nan(row["low"]), or_nan(row["high"]),
                 row["verdict"])
            for row in stored["results"] if row["outcome"] == name
        ])
        for name in stored["outcomes"]
    ]  # fmt: skip
    most = max(row["replicates"] for row in stored["results"])
    last = base.first_day(base.quarters - 1)
    note = Note(base.title or base.name, most, stored["asked"]["seed"], base.start, last)
    about = (
        "Policy less base, each outcome on its own scale, zero in the middle. Diamond: the mean, "
        f"with its interval; hollow where there is none. {stored['basis']}"
    )
    figures.write({PICTURE: draw_scorecard(rows, note, about=about)}, place)
