"""Reading a CSV table: what spreadsheets make of one is read, or refused with what to write."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from ..declared.written import number_meant, split_thousands
from ..errors import InputError

SEPARATORS = ",;\t"
WORKBOOKS = {
    b"PK\x03\x04": "an Excel workbook (.xlsx)",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls)",
}
WIDE = (b"\xff\xfe", b"\xfe\xff")
"""How a text of two bytes a letter begins, which Excel calls Unicode text."""
AS_CSV = "save it as 'CSV UTF-8 (Comma delimited)', and name the new file"
BOOKS = (".xlsx", ".xls", ".xlsm", ".ods")
LISTED = 6
"""So many files of a folder are named at most."""
LOOKED_AT = 10
"""So many lines from the top the header is looked for in."""


class Line(NamedTuple):
    """A row of a table, and the line of the file on which it stands."""

    number: int
    row: dict[str, str]


def read_rows(path: Path, *, each: str = "council") -> list[dict[str, str]]:
    """Return the rows of a CSV table, in which every row says something of `each`.

    Raises:
        InputError: see `read_lines`.
    """
    return [line.row for line in read_lines(path, each=each)]


def read_lines(
    path: Path,
    *,
    each: str = "council",
    needs: Sequence[str] = (),
    known: Sequence[str] = (),
) -> list[Line]:
    """Return the rows of a CSV table with their lines; blank lines and blank last columns go.

    Columns may be parted by semicolons or tabs, and those that are known be written in capitals or
    with spaces.

    Args:
        each: what a row says something of.
        needs: the columns that must be there.
        known: the other columns that have a meaning.

    Raises:
        InputError: the file is missing or no CSV in UTF-8, is empty, lacks a column or names one
            twice, or a row has more or fewer fields than the header.
    """
    text = _text_of(path)
    try:
        numbered = list(_cells(text))
    except csv.Error as error:
        raise InputError(f"'{path}' is not a CSV table ({error}): save it as UTF-8 CSV") from None
    if len(numbered) < 2:
        raise InputError(f"'{path}' has no rows: a table needs a header and one row a {each}")
    cells = numbered[0][1]
    header = _named(cells, (*needs, *known))
    _check_header(header, path)
    missing = [column for column in needs if column not in header]
    if missing:
        raise InputError(_without(missing, header, numbered, needs, known, path))
    return [Line(number, _fields(row, header, path, number)) for number, row in numbered[1:]]


def _text_of(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"there is no file '{path}': {_near(path)}") from None
    except IsADirectoryError:
        raise InputError(f"'{path}' is a folder: give the path of a CSV table") from None
    except OSError as error:
        raise InputError(f"'{path}' cannot be read ({error.strerror}): check the path") from None
    for begin, what in WORKBOOKS.items():
        if content.startswith(begin):
            raise InputError(f"'{path}' is {what} and no CSV, whatever its name: {AS_CSV}")
    if content.startswith(WIDE):
        raise InputError(f"'{path}' is Unicode text and not UTF-8: {AS_CSV}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        word = _word_at(content, error.start)
        raise InputError(
            f"'{path}' line {line}: '{word}' is not in UTF-8 (byte {error.start}): in Excel "
            f"{AS_CSV}"
        ) from None


def _near(path: Path) -> str:
    """Return what to write in place of a path that leads nowhere."""
    forward = Path(str(path).replace("\\", "/"))
    if forward != path and forward.is_file():
        return f"write '{forward}', with forward slashes"
    inside = sorted(each.name for each in path.parent.glob("*.csv"))
    named = f" (in that folder: {', '.join(inside[:LISTED])})" if inside else ""
    return f"give the path of a CSV table{named}"


def other_ending(text: str) -> str:
    """Return what to do about the name of a table that does not end in .csv; else nothing."""
    if text.lower().endswith(BOOKS):
        return f": in Excel {AS_CSV}"
    if text.lower().endswith(".csv"):
        return f": let its name end in small letters, {text[:-4]}.csv"
    return ""


def _word_at(content: bytes, place: int) -> str:
    """Return the field in which a byte is that is no UTF-8, as Excel on Windows means it."""
    before, after = content[:place], content[place:]
    start = max(before.rfind(mark) for mark in (b",", b";", b"\t", b"\n")) + 1
    end = re.search(rb"[,;\t\r\n]|$", after)
    field = before[start:] + after[: end.start() if end else len(after)]
    return field.decode("cp1252", errors="replace").strip()


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of a table that are not blank, with their numbers."""
    tops = (line for line in text.splitlines() if any(mark in line for mark in SEPARATORS))
    most = max(SEPARATORS, key=next(tops, "").count)  # of equals the first, the comma
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=most)
    for row in lines:
        if any(cell.strip() for cell in row):
            yield lines.line_num, row


def _named(cells: Sequence[str], known: Sequence[str]) -> list[str]:
    """Return the columns of a header: known ones as they are spelled, no blank ones at the end."""
    found = [_as_known(cell, known) for cell in cells]
    while found and not found[-1]:
        found.pop()
    return found


def _as_known(cell: str, known: Sequence[str]) -> str:
    plain = re.sub(r"[\s-]+", "_", cell.strip().lower())
    return plain if plain in known else cell.strip()


def _check_header(header: Sequence[str], path: Path) -> None:
    for column in header:
        if header.count(column) > 1:
            raise InputError(
                f"'{path}': the column '{column}' stands twice in the header; keep one of them"
            )


def _without(
    missing: Sequence[str],
    header: Sequence[str],
    numbered: Sequence[tuple[int, list[str]]],
    needs: Sequence[str],
    known: Sequence[str],
    path: Path,
) -> str:
    """Return what is said of a header that lacks columns: where it is, or what to call them."""
    first, cells = numbered[0]
    columns = (*needs, *known)
    if len(missing) > len(needs) / 2:
        for number, row in numbered[1:LOOKED_AT]:
            if sum(column in _named(row, columns) for column in needs) > len(needs) / 2:
                return (
                    f"'{path}' line {first}: '{','.join(cells).strip(',')}' is no header; it "
                    f"stands on line {number}: delete what stands above it"
                )
    if len(missing) == len(needs) and any(_is_number(cell) for cell in cells):
        return (
            f"'{path}' line {first} names no columns: write above it {','.join(needs)}, in the "
            "order of its fields"
        )
    strange = [column for column in header if column not in columns]
    plural = "columns" if len(missing) > 1 else "column"
    names = ", ".join(f"'{column}'" for column in missing)
    verb = "are" if len(missing) > 1 else "is"
    renamed = _renamed(missing, strange)
    if renamed:
        advice = "rename " + ", ".join(f"'{old}' to {new}" for new, old in renamed.items())
    elif strange:
        listed = ", ".join(f"'{each}'" for each in strange)
        advice = f"add it, or rename what holds it (not known are {listed})"
    else:
        advice = "add it" if len(missing) == 1 else "add them"
    return f"'{path}' line {first}: the {plural} {names} {verb} missing; {advice}"


def _renamed(missing: Sequence[str], strange: Sequence[str]) -> dict[str, str]:
    """Return which unknown columns are probably meant by missing ones."""
    bare = {re.sub(r"[\s(\[].*$|[^a-z0-9_]", "", each.lower()): each for each in strange}
    found = {}
    for column in missing:
        near = get_close_matches(column, list(bare), n=1, cutoff=0.6)
        near = near or [each for each in bare if len(each) > 3 and column.startswith(each)][:1]
        if near:
            found[column] = bare.pop(near[0])
    return found


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _fields(row: Sequence[str], header: Sequence[str], path: Path, number: int) -> dict[str, str]:
    """Return a row by its columns; blank fields beyond the last column are left out."""
    where, extra = f"'{path}' line {number}", row[len(header) :]
    if len(row) < len(header) or any(cell.strip() for cell in extra):
        parted = split_thousands(row)
        advice = "give every column a field, and put a text with a comma in double quotes"
        if len(parted) == 1:
            advice = f"write {parted[0].replace(',', '')}, not {parted[0]}"
        elif parted:
            advice = f"write numbers without commas for thousands, and {advice}"
        raise InputError(
            f"{where}: the row has {len(row)} fields, and the header {len(header)}; {advice}"
        )
    return dict(zip(header, row, strict=False))


def as_float(row: Mapping[str, str], column: str, where: str) -> float:
    """Return a number of a row; raises InputError when it is missing or is not a number."""
    text = row.get(column)
    if text is None:
        raise InputError(f"{where}: the column '{column}' is missing")
    try:
        value = float(text)
    except ValueError:
        better = number_meant(text, millions=column.endswith("gbp_m"))
        advice = f": write {better}" if better else ""
        what = f"'{text}'" if text.strip() else "nothing"
        raise InputError(f"{where}: {what} in column '{column}' is not a number{advice}") from None
    if not math.isfinite(value):
        raise InputError(f"{where}: '{text}' in column '{column}' must be a finite number")
    return value
