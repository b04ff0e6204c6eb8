"""What the report of a comparison of policies says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ...sim.declared.scenario import Scenario
from .. import figures
from ..comparing.archive import told_of
from ..comparing.purse import SHARES
from ..comparing.shown import shared_out
from ..explaining.parts import notes_in_words, parts_in_words
from ..figures.course import Line, draw_course
from ..figures.differences import Shift, draw_differences
from ..figures.frame import Note
from ..split import by_world
from ..stored.belonging import DIFFERENCES
from ..stored.folder import FIGURES
from ..stored.reading import check_intact, stored_scenario
from ..stored.tables import read_columns
from ..told import FIGURE, TEXT, Table
from ..words import exact, interval, listed, month, number, or_nan, percent, period
from .again import of_comparison
from .contents import Contents, FurtherAnswer, Picture
from .course_told import course_told, for_readers
from .flips_told import flips_part
from .policies_told import about_policies
from .worlds_told import lines_of, tornado_of, tornado_pictures, worlds_tables

PICTURE, COURSE = "differences", "course"
MONTHS_A_YEAR = 12


def contents_of_comparison(folder: Path) -> Contents:
    """Return the report of a comparison of policies on the same luck.

    Raises:
        InputError: the folder is damaged, or of another version.
    """
    record = check_intact(folder)
    stored = told_of(record)
    scenarios = [stored_scenario(folder, each) for each in stored["scenarios"]]
    base = scenarios[0]
    _draw(folder, stored, base)
    return Contents(
        **about_policies(record, scenarios, of_comparison(record)),
        kind="policies compared on the same luck",
        failures=_missing(stored),
        question=_question(stored, scenarios),
        answer=_answer(stored),
        leads=len(stored["results"]),
        parts=[*_ranking(stored), *_flips(stored)],
        basis=_basis(stored, base),
        tables=[
            _table(stored),
            *worlds_tables(stored),
            *_purse(stored),
            _shares(stored),
            *_mechanisms(stored),
        ],
        pictures=[
            _picture(stored, base),
            *tornado_pictures(stored, _basis(stored, base)),
            *_course_picture(stored, base),
        ],
        outcomes=[stored["outcome"]["name"], "public_net"],
    )


def _title(scenario: Scenario) -> str:
    return scenario.title or scenario.name


def _question(stored: Mapping[str, Any], scenarios: list[Scenario]) -> str:
    outcome, names = stored["outcome"], [f"“{_title(each)}”" for each in scenarios[1:]]
    return (
        f"Does {listed(names, 'or')} change “{outcome['title'].lower()}” by "
        f"{exact(stored['asked']['matters'])} {outcome['unit']} or more, over "
        f"{period(scenarios[0])} (to "
        f"{month(scenarios[0], scenarios[0].quarters - 1)})?"
    )


def _missing(stored: Mapping[str, Any]) -> list[str]:
    return [
        f"{row['title']}: {row['without_value']:,} of {row['replicates']:,} replicates had no "
        "value and were left out."
        for row in stored["results"]
        if row["without_value"]
    ]


def _basis(stored: Mapping[str, Any], base: Scenario) -> str:
    most = max(row["replicates"] for row in stored["results"])
    share = shared_out(stored)
    lived, over = f"Up to {most:,} replicates", ""
    if worlds := stored["asked"].get("worlds"):
        lived = f"Up to {most // worlds['lucks']:,} worlds of “{worlds['ensemble']}”"
        lived += f", {worlds['lucks']} replicates in each,"
        over = ", over luck and worlds,"
    return (
        f"{lived} of seed {stored['asked']['seed']}, {period(base)}, the same luck under each "
        f"policy. Intervals{over} are right at every look with {1 - stored['error']:.0%}{share}."
    )


def _table(stored: Mapping[str, Any]) -> Table:
    outcome = stored["outcome"]
    columns = [
        ("Policy", TEXT), ("Verdict", TEXT), ("Difference", FIGURE), ("Interval", FIGURE),
        ("Mean of the base", FIGURE), ("Mean of the policy", FIGURE), ("Replicates", FIGURE),
    ]  # fmt: skip
    rows = [
        [row["title"], row["verdict"], number(or_nan(row["difference"])),
         interval(or_nan(row["low"]), or_nan(row["high"])), number(or_nan(row["base_mean"])),
         number(or_nan(row["policy_mean"])), f"{row['replicates']:,}"]
        for row in stored["results"]
    ]  # fmt: skip
    note = (
        f"Differences of less than {exact(stored['asked']['matters'])} {outcome['unit']} either "
        "way were said beforehand not to matter."
    )
    return Table(f"{outcome['title']} ({outcome['unit']}), policy less base", columns, rows, note)


def _shares(stored: Mapping[str, Any]) -> Table:
    columns = [
        ("Policy", TEXT), ("Higher", FIGURE), ("Equal", FIGURE), ("Lower", FIGURE),
        ("Alike on the same luck (correlation)", FIGURE),
        ("Replicates that separate seeds would need", FIGURE),
    ]  # fmt: skip
    rows = [
        [row["title"], *(percent(row[key]) for key in ("higher", "equal", "lower")),
         number(or_nan(row["correlation"])), number(or_nan(row["independent"]))]
        for row in stored["results"]
    ]  # fmt: skip
    return Table("In how many replicates the policy is higher or lower", columns, rows)


def _mechanisms(stored: Mapping[str, Any]) -> list[Table]:
    """Return for each policy through which mechanisms its difference comes about."""
    titles = {row["policy"]: row["title"] for row in stored["results"]}
    tables = []
    for shared in stored["mechanisms"]:
        headings, cells = parts_in_words(shared, shared["parts"])
        columns = [(name, FIGURE if place else TEXT) for place, name in enumerate(headings)]
        said = [shared["in_words"], *notes_in_words(shared, shared["parts"])]
        tables.append(Table(
            f"{titles[shared['policy']]}: by what mechanisms ({stored['outcome']['unit']})",
            columns, cells,
            "A part is what the mechanism adds to the difference when it is switched on, averaged "
            f"over orders of switching. {' '.join(said)}",
        ))  # fmt: skip
    return tables


def _flips(stored: Mapping[str, Any]) -> list[FurtherAnswer]:
    """Return for each policy which assumptions turn the answer, if that was asked."""
    titles = {row["policy"]: row["title"] for row in stored["results"]}
    return [
        flips_part(titles[turned["policy"]], stored["outcome"], turned)
        for turned in stored["flips"]
    ]


def _ranking(stored: Mapping[str, Any]) -> list[FurtherAnswer]:
    """Return how the base and the policies rank with each other, where there are several."""
    ranking = stored.get("ranking")
    if not ranking:  # of a single policy, or of a folder of a former form
        return []
    columns = [
        ("Of these two", TEXT), ("Verdict on the second", TEXT), ("Second less first", FIGURE),
        ("Interval", FIGURE), ("Replicates of both", FIGURE),
    ]  # fmt: skip
    rows = [
        [f"{row['one']}, {row['other']}", row["verdict"], number(or_nan(row["difference"])),
         interval(or_nan(row["low"]), or_nan(row["high"])), f"{row['replicates']:,}"]
        for row in ranking["pairs"]
    ]  # fmt: skip
    outcome = stored["outcome"]
    basis = (
        "Higher first. Two that were run for a different time are compared on the replicates that "
        f"both have. Intervals are right at every look with {1 - stored['error']:.0%}"
        f"{shared_out(stored)}."
    )
    table = Table(f"All pairs ({outcome['title']}, {outcome['unit']})", columns, rows)
    said = f"{outcome['title']}: {ranking['in_words']}"
    return [FurtherAnswer("All with each other", [said], basis, [table])]


def _answer(stored: Mapping[str, Any]) -> list[str]:
    """Return the verdict on each policy, what of it is luck and what assumptions, what it costs."""
    rows, title = stored["results"], stored["outcome"]["title"]
    verdicts = [
        f"{title}, {row['title']}: {row['in_words'].removeprefix(row['title'] + ': ')}"
        for row in rows
    ]
    moved = [row for row in rows if "course" in row and row["moved"]]  # a former form has none
    public = [f"{row['title']}: {for_readers(row['public']['in_words'])}" for row in moved]
    courses = [f"{title}, {row['title']}: {course_told(row['course_in_words'])}" for row in moved]
    return [*verdicts, *(line for row in rows for line in lines_of(row)), *public, *courses]


def _purse(stored: Mapping[str, Any]) -> list[Table]:
    """Return who gains and who pays under each policy, and what is left when that cancels."""
    rows = [row for row in stored["results"] if "public" in row]
    if not rows:
        return []
    columns = [("Policy", TEXT), *((words.capitalize(), FIGURE) for words, *_ in SHARES.values()),
               ("Public net", FIGURE), ("Interval", FIGURE), ("Present value", FIGURE),
               ("Paid back by the end of", TEXT)]  # fmt: skip
    cells = [
        [row["title"],
         *(number(or_nan(row["public"]["shares"][name]["value"])) for name in SHARES),
         number(or_nan(row["public"]["net"]["value"])),
         interval(or_nan(row["public"]["net"]["low"]), or_nan(row["public"]["net"]["high"])),
         number(or_nan(row["public"]["present_value"]["value"])),
         row["public"]["break_even"] or _never(row["public"]["net"])]
        for row in rows
    ]  # fmt: skip
    note = (
        "Policy less base, million pounds since the start. What councils, residents and government "
        "pay each other cancels in the public net, which is true saving less the cost of studies, "
        "setting up, coordination, leaving, and of government's own services."
    )
    return [Table("What the public gains, and who pays whom", columns, cells, note)]


def _never(net: Mapping[str, float | None]) -> str:
    """Return what is sure where there is no quarter from which a policy has paid for itself."""
    if or_nan(net["high"]) < 0:
        return "not in this time"
    return "never surely behind" if or_nan(net["low"]) > 0 else "not told apart"


def _draw(folder: Path, stored: Mapping[str, Any], base: Scenario) -> None:
    """Draw the differences into the folder, unless they stand there already."""
    place = folder / FIGURES
    hanging = [each.name for each in tornado_pictures(stored, "")]
    wanted = [PICTURE, *hanging, *(COURSE for row in stored["results"][:1] if "course" in row)]
    if all((place / f"{name}{end}").is_file() for name in wanted for end in (".png", ".svg")):
        return
    outcome = stored["outcome"]
    columns = read_columns(folder / DIFFERENCES, ["policy", outcome["name"]])
    lucks = stored["asked"].get("worlds", {}).get("lucks", 1)
    each = "replicates" if lucks == 1 else "worlds"

    def values(policy: str) -> np.ndarray:
        runs = np.asarray(columns[outcome["name"]])[columns["policy"].are(policy)]
        return by_world(runs, lucks)

    shifts = [
        Shift(row["title"], values(row["policy"]),
              *(or_nan(row[key]) for key in ("difference", "low", "high")))
        for row in stored["results"]
    ]  # fmt: skip
    most = max(row["replicates"] for row in stored["results"])
    last = base.first_day(base.quarters - 1)
    note = Note(_title(base), most, stored["asked"]["seed"], base.start, last)
    about = (
        f"{_basis(stored, base)} Bars: {each} by their difference. Diamond: the mean, with its "
        "interval. Grey: differences that do not matter."
    )
    measured = f"{outcome['title']}, policy less base ({outcome['unit']})"
    matters = stored["asked"]["matters"]
    drawn = draw_differences(
        shifts, note, measured=measured, matters=matters, about=about, each=each
    )
    made = {PICTURE: drawn, **tornado_of(stored, note, measured, _basis(stored, base))}
    if COURSE in wanted:
        made[COURSE] = draw_course(_lines(stored, base), note, unit=outcome["unit"], about=(
            f"{outcome['title']}, policy less base, at the end of each quarter. "
            f"{_basis(stored, base)} Bars: the interval in each quarter, where there is one yet."
        ))  # fmt: skip
    figures.write(made, place)


def _lines(stored: Mapping[str, Any], base: Scenario) -> list[Line]:
    days = [base.first_day(quarter + 1) for quarter in range(base.quarters)]
    years = np.array([day.year + (day.month - 1) / MONTHS_A_YEAR for day in days])
    return [
        Line(row["title"], years, *(
            np.array([or_nan(each[key]) for each in row["course"]])
            for key in ("difference", "low", "high")
        ))
        for row in stored["results"]
    ]  # fmt: skip


def _course_picture(stored: Mapping[str, Any], base: Scenario) -> list[Picture]:
    rows = [row for row in stored["results"] if "course" in row]
    alt = " ".join(f"{row['title']}: {for_readers(row['course_in_words'])}" for row in rows)
    title = "How the difference moves over time"
    picture = Picture(COURSE, title, f"Lines with intervals. {alt}", _basis(stored, base))
    return [picture] if rows else []


def _picture(stored: Mapping[str, Any], base: Scenario) -> Picture:
    alt = "; ".join(
        f"{row['title']}: mean {number(or_nan(row['difference']))}, interval "
        f"{interval(or_nan(row['low']), or_nan(row['high']))}"
        for row in stored["results"]
    )
    return Picture(
        PICTURE, "What the policies change, replicate by replicate",
        f"Histograms of the differences between replicates. {alt}.", _basis(stored, base),
    )  # fmt: skip
