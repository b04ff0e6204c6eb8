"""The report in six printed pages at most: what a committee reads, cut from the full report.

Nothing is said here that the full report does not say. What is left out is counted, and the full
report is named for it. Room is given in letters, so that the longest result stays within its pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ...sim.declared.parameters import declarations
from ..told import Table
from ..words import count
from .contents import (
    ANSWERS,
    LAID_DOWN,
    SETS,
    SURE,
    TURNS,
    VARIED,
    VARIES,
    WHAT_IT_IS,
    Contents,
    FurtherAnswer,
)
from .words_told import texts_of_table

ELSEWHERE = "in the full report"
ABOUT = 700
"""Letters of what the result is about."""
ROOM = {"answer": 2600, "tables": 2800, "turns": 2400, "sure": 1500, "rests": 2800, "facts": 900}
"""Letters that each part may have."""
SHARING = ("answer", "tables", "turns", "sure")
"""Parts that get what others leave, the first before the last."""
OF_A_TABLE = 160
"""Letters of which the headings of a table take the room."""
LONGEST = 1500
"""Letters of one sentence or one cell."""
MOST_TABLES, MOST_ROWS, MOST_PICTURES = 6, 25, 2
TALLEST = 1.25
"""Height by width of a figure that can still be read when it has a third of a page."""
OF_A_ROW = 60
"""Letters of which a row of a table takes the room, even if it is empty."""
IN_SHORT = ("Number", WHAT_IT_IS, "Value", "Unit", "Evidence")
"""Columns of the log of assumptions that are left."""
NOT_ASKED = {
    "comparison": "It was not asked which assumption would turn the answer: councils compare with "
    "--flips tries every number that nobody knows at both ends of its plausible range.",
    "run": "Runs of one scenario do not say what would change them: councils compare sets "
    "policies side by side, and councils sweep varies numbers.",
    "study": "Nothing that was varied beside what was asked can be told to change the answer; "
    "further numbers go under [uncertainties] of a plan.",
}


class Short(NamedTuple):
    """What a short report says, part by part."""

    about: str
    answer: list[str]
    sure: list[str]
    tables: list[Table]
    rests: list[str]
    assumed: list[Table]
    turns: list[str]

    def texts(self, contents: Contents) -> list[str]:
        """Return all that the short report of some contents says, from above to below."""
        said = [contents.title, self.about, *contents.cautions, *contents.failures]
        said += [contents.question, *self.answer, *self.sure]
        for table in (*self.tables, *self.assumed):
            said += texts_of_table(table)
        return [*said, *self.turns]


def shortened(contents: Contents) -> Short:
    """Return what of a report fits on a few pages."""
    turning = [part for part in contents.parts if part.kind == TURNS]
    turns = [*contents.turns, *_turning(turning)]
    answer, sure = _answer(contents), _sure(contents, turning)
    # What was varied stands in the log of assumptions too, of which the policies are a part.
    tables = [table for table in contents.tables if table.title not in (VARIES, SETS)]
    facts = [table for table in contents.assumed if table.title == LAID_DOWN]
    rests = [_picked(table) for table in contents.assumed if table.title != LAID_DOWN]
    room = rooms({
        "answer": letters(answer), "sure": letters(sure), "turns": letters(turns),
        "tables": size(tables[:MOST_TABLES]), "rests": size(rests), "facts": size(facts),
    })  # fmt: skip
    return Short(
        about=clipped(contents.about, ABOUT),
        answer=fitting(answer, room["answer"]),
        sure=fitting(sure, room["sure"]),
        tables=cut(tables[:MOST_TABLES], room["tables"], len(tables)),
        rests=[graded()],
        assumed=[*cut(rests, room["rests"]), *cut(facts, room["facts"])],
        turns=fitting(turns, room["turns"]) or [NOT_ASKED[_asked_by(contents)]],
    )


def _answer(contents: Contents) -> list[str]:
    """Return the answer: the verdicts, what further answers say, and then all else."""
    said = [text for text in contents.answer if text not in contents.turns]
    said = said or list(contents.answer)  # that of a study of ranges is what pushes it
    return [*said[: contents.leads], *_of_kind(contents, ANSWERS), *said[contents.leads :]]


def _sure(contents: Contents, turning: Sequence[FurtherAnswer]) -> list[str]:
    """Return how sure the answer is, and that of what would turn it."""
    said = [contents.basis, *_of_kind(contents, SURE), *(part.basis for part in turning[:1])]
    return [text for text in said if text]


def _of_kind(contents: Contents, kind: str) -> list[str]:
    return [text for part in contents.parts if part.kind == kind for text in part.sentences]


def _turning(parts: Sequence[FurtherAnswer]) -> list[str]:
    """Return what would turn the answer; of several policies, which is spoken of."""
    if len(parts) < 2:
        return [text for part in parts for text in part.sentences]
    named = [[f"{part.title} {part.sentences[0]}", *part.sentences[1:]] for part in parts]
    return [text for sentences in named for text in sentences]


def rooms(wanted: Mapping[str, int]) -> dict[str, int]:
    """Return how many letters each part may have, from how many it would take."""
    spare = sum(max(0, room - wanted[part]) for part, room in ROOM.items())
    given = dict(ROOM)
    for part in SHARING:
        more = min(spare, max(0, wanted[part] - ROOM[part]))
        given[part] += more
        spare -= more
    return given


def letters(sentences: Sequence[str]) -> int:
    """Return how many letters sentences take."""
    return sum(len(clipped(text)) for text in sentences)


def size(tables: Sequence[Table]) -> int:
    """Return how many letters tables take."""
    rows = sum(_of_row(row) for table in tables for row in table.rows[:MOST_ROWS])
    return rows + OF_A_TABLE * len(tables)


def _of_row(row: Sequence[str]) -> int:
    return max(OF_A_ROW, sum(len(clipped(cell)) for cell in row))


def readable(sizes: Sequence[tuple[int, int]]) -> list[int]:
    """Return which figures are shown, by their places, from width and height of each."""
    low = [k for k, (width, height) in enumerate(sizes) if height <= TALLEST * width]
    return low[:MOST_PICTURES]


def _asked_by(contents: Contents) -> str:
    if contents.kind.startswith("policies"):
        return "comparison"
    return "study" if contents.kind.startswith("a study") else "run"


def graded() -> str:
    """Return how good the evidence is for all that nobody knows."""
    grades = [each.grade for each in declarations() if each.role == "uncertainty"]
    high, medium, low, none = (
        grades.count(grade) for grade in ("high", "medium", "low", "assumption")
    )
    return (
        f"The model has {count(len(grades), 'number')} that nobody knows for sure. The evidence is "
        f"high for {high} of them, medium for {medium} and low for {low}; {none} are plain "
        f"assumptions. Each stands {ELSEWHERE} with its range, its reason and its source."
    )


def clipped(text: str, room: int = LONGEST) -> str:
    """Return a text that is no longer than its room, cut after a sentence where there is one."""
    if len(text) <= room:
        return text
    whole = text[:room].rsplit(". ", 1)
    kept = f"{whole[0]}." if len(whole) > 1 else f"{text[:room].rsplit(' ', 1)[0]} …"
    return f"{kept} (The rest stands {ELSEWHERE}.)"


def fitting(sentences: Sequence[str], room: int) -> list[str]:
    """Return as many sentences as have room, the first in any case, and how many are left out."""
    kept: list[str] = []
    for sentence in sentences:
        text = clipped(sentence)
        if kept and len(text) > room:
            break
        kept.append(text)
        room -= len(text)
    left = len(sentences) - len(kept)
    return kept + ([f"And {left} more: {ELSEWHERE}."] if left else [])


def cut(tables: Sequence[Table], room: int, of: int = 0) -> list[Table]:
    """Return tables with as many rows as have room; what is left out is counted beneath.

    `of` is how many tables there are in all.
    """
    shown: list[Table] = []
    for table in tables:
        rows: list[list[str]] = []
        room -= OF_A_TABLE
        for row in table.rows:
            if _of_row(row) > room or len(rows) == MOST_ROWS:
                break
            room -= _of_row(row)
            rows.append([clipped(cell) for cell in row])
        if rows:
            left = len(table.rows) - len(rows)
            more = [f"{count(left, 'more row')} {ELSEWHERE}."] if left else []
            note = " ".join([text for text in (table.note, *more) if text])
            shown.append(table._replace(rows=rows, note=note, dense=True))
    left = max(of, len(tables)) - len(shown)
    if left and shown:
        note = f"{shown[-1].note} {count(left, 'more table')} {ELSEWHERE}.".strip()
        shown[-1] = shown[-1]._replace(note=note)
    return shown


def _picked(table: Table) -> Table:
    """Return of the log of assumptions what a value is, its unit and its evidence."""
    if table.title != VARIED:
        return table
    headings = [heading for heading, _ in table.columns]
    places = [headings.index(heading) for heading in IN_SHORT]
    return table._replace(
        columns=[table.columns[k] for k in places],
        rows=[[row[k] for k in places] for row in table.rows],
    )
