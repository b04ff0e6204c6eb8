"""What a report says, whatever it is about: sentences, tables and figures, before any layout."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ...sim.declared.parameters import SECTIONS, Declaration, declarations
from ...sim.declared.scenario import Scenario
from ..stored.folder import FIGURES
from ..told import FIGURE, NAME, TEXT, Table
from ..words import interval, number
from .orders_told import facts_words, from_day, number_words

SHORT_COMMIT = 12
WHAT_IT_IS = "What it is"
VARIES, SETS = "What was varied", "What the plan sets in every run"
LAID_DOWN = "What is assumed of named councils"
VARIED = "Numbers that are varied or differ from their defaults"


class Picture(NamedTuple):
    """A figure by the name of its file, with words for who cannot see it."""

    name: str
    title: str
    alt: str
    caption: str
    folder: str = FIGURES  # in that of the result


ANSWERS, SURE, TURNS = "answers", "sure", "turns"
"""What a further answer does: it answers too, says how sure that is, or what would turn it."""


class FurtherAnswer(NamedTuple):
    """A further answer under a heading of its own, with what its intervals are, and a table."""

    title: str
    sentences: list[str]
    basis: str
    tables: list[Table]
    kind: str = ANSWERS


class Origin(NamedTuple):
    """When and with what a result was made, as its folder says."""

    started: str  # ISO 8601; empty where nothing says it
    program: str
    commit: str
    fingerprint: str  # of all that was asked
    code: str  # fingerprint of the rules


class Contents(NamedTuple):
    """Everything that a report says."""

    kind: str
    title: str
    about: str
    failures: list[str]
    question: str
    answer: list[str]
    basis: str  # how many runs, which seeds, what the intervals are
    tables: list[Table]
    pictures: list[Picture]
    assumed: list[Table]  # what was varied or differs from the defaults
    defaults: list[Table]  # a table a section
    commands: list[str]
    again: str  # what is to be known of the commands
    made: Table  # with what
    origin: Origin
    outcomes: Sequence[str]  # the measures that the answer is about
    turns: Sequence[str]  # what would change the answer, as far as it was asked
    cautions: Sequence[str] = ()  # what has to be known before any number is read
    parts: Sequence[FurtherAnswer] = ()  # further answers, each with its own basis
    leads: int = 1  # so many sentences of the answer are verdicts, each told in bold
    worlds: str = ""  # the ensemble in whose worlds it was lived; none at the numbers declared
    folder: str = ""  # of the result, as one types it; of a shared run its file


def summary_table(title: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    """Return the table of `experiments.summary.summarise`."""
    columns = [
        ("Outcome at the end", TEXT), ("Mean", FIGURE), ("95% interval of the mean", FIGURE),
        ("Middle 90% of runs", FIGURE), ("Runs", FIGURE), ("Unit", TEXT),
    ]  # fmt: skip
    cells = [
        [row["title"], number(row["mean"]), interval(row["low"], row["high"]),
         interval(row["q05"], row["q95"]), f"{row['runs']:,}", row["unit"]]
        for row in rows
    ]  # fmt: skip
    note = (
        "Interval: by Student's t over the runs, within what is possible. "
        "Runs without a value are left out."
    )
    return Table(title, columns, cells, note)


def assumptions(
    scenario: Scenario, varied: Mapping[str, str] | None = None
) -> tuple[list[Table], list[Table]]:
    """Return the log of assumptions: what differs from the defaults first, then the rest.

    `varied` says of the numbers that a study varies which values they take.
    """
    varied = varied or {}
    values = scenario.parameters.model_dump(mode="json")
    changed, plain, outside = [], [], 0
    for declared in declarations():
        section, key = declared.name.split(".")
        value = values[section][key]
        if declared.name in varied:
            changed.append(_row(declared, varied[declared.name]))
        elif value != declared.default:
            out = _outside(declared, value)
            outside += out
            mark = ", outside its range" if out else ""
            changed.append(_row(declared, _value(value) + mark))
        else:
            plain.append((section, _row(declared, _value(value))))
    first = []
    if changed:
        note = (
            f"{outside} of these are set outside the range in which they were thought to lie: the "
            "scenario tells a special case there, or the range is too narrow."
            if outside
            else ""
        )
        first.append(_log(VARIED, changed)._replace(note=note))
    first += _dated(scenario) + _facts(scenario)
    rest = [
        _without_default(_log(f"{section}: {SECTIONS[section].__doc__ or ''}", rows))
        for section in SECTIONS
        if (rows := [row for name, row in plain if name == section])
    ]
    return first, rest


def _outside(declared: Declaration, value: Any) -> bool:
    """Return whether a number lies outside its own plausible range."""
    low, high = declared.plausible or (-math.inf, math.inf)
    return isinstance(value, int | float) and not low <= value <= high


def _log(title: str, rows: list[list[str]]) -> Table:
    columns = [
        ("Number", NAME), ("Value", FIGURE), ("Default", FIGURE), ("Range", TEXT), ("Unit", TEXT),
        (WHAT_IT_IS, TEXT), ("Source", TEXT), ("Evidence", NAME),
    ]  # fmt: skip
    return Table(title, columns, rows, dense=True)


def _without_default(log: Table) -> Table:
    """Return a log without the column of defaults, for numbers that are all at theirs."""
    rows = [[*row[:2], *row[3:]] for row in log.rows]
    return log._replace(columns=[*log.columns[:2], *log.columns[3:]], rows=rows)


def _row(declared: Declaration, value: str) -> list[str]:
    low_high = declared.plausible
    spoken = " or ".join(declared.words) or (declared.role if declared.allowed else "")
    span = spoken if low_high is None else " to ".join(map(_value, low_high))
    return [declared.name, value, _value(declared.default), span, declared.unit or "",
            declared.why, declared.source, declared.grade]  # fmt: skip


def _dated(scenario: Scenario) -> list[Table]:
    rows = [
        [from_day(scenario, change.when), number_words(name, value)]
        for change in scenario.change
        for name, value in change.set.items()
    ]
    columns = [("From", NAME), ("What holds from then on", TEXT)]
    return [Table("Numbers that change at a date", columns, rows)] if rows else []


def _facts(scenario: Scenario) -> list[Table]:
    """Return what the scenario fixes of named councils, and what government orders."""
    rows = [[text] for text in facts_words(scenario)]
    columns = [("What is laid down, and not drawn by chance", TEXT)]
    return [Table(LAID_DOWN, columns, rows, dense=True)] if rows else []


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(_value(each) for each in value)
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")


def origin_of(stored: Mapping[str, Any], *, fingerprint: str, code: str) -> Origin:
    """Return when and with what a result was made, from what its folder says."""
    git, program = stored.get("git") or {}, stored.get("program") or {}
    commit = str(git.get("commit") or "not known (outside a checkout)")[: 4 * SHORT_COMMIT]
    if git.get("dirty"):
        commit += ", with changes that were not committed"
    name = f"{program.get('name', '')} {program.get('version', '')}".strip()
    return Origin(str(stored.get("started") or ""), name, commit, fingerprint, code)


def made_of(stored: Mapping[str, Any], fingerprints: Mapping[str, str]) -> Table:
    """Return with what a result was made, from what its folder says."""
    origin = origin_of(stored, fingerprint="", code="")
    rows = [
        ["Program", origin.program],
        ["Commit", origin.commit],
        ["Python", str(stored.get("python", "not known"))],
        ["Libraries", ", ".join(
            f"{name} {version}" for name, version in (stored.get("libraries") or {}).items()
            if version
        )],
        ["Machine", str((stored.get("platform") or {}).get("system", "not known"))],
        *([name, text] for name, text in fingerprints.items()),
    ]  # fmt: skip
    return Table(
        "With what it was made", [("What", NAME), ("Which", TEXT)], [r for r in rows if r[1]]
    )
