"""What the commands write: tables and sentences on stdout, progress and errors on stderr."""

from __future__ import annotations

import json
import math
import shutil
import sys
import textwrap
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

LINE_SECONDS = 30.0
"""How often progress is told where there is no terminal."""
WIDEST = 100
"""Characters; a table is not made wider, so that lines stay short enough to read."""


class Watch(Protocol):
    """Is told what is being done, how much of it is done, and of how much where that is new."""

    def __call__(self, doing: str, done: int, total: int | None = None, /) -> None:
        """Take note."""


def say(text: str = "") -> None:
    """Write a paragraph, folded to the terminal; a pipe gets it in one line."""
    if sys.stdout.isatty():
        width = min(shutil.get_terminal_size().columns, WIDEST)
        inset = text[: len(text) - len(text.lstrip())] + "  "
        text = textwrap.fill(
            text, width, subsequent_indent=inset, break_long_words=False, break_on_hyphens=False
        )
    print(text)


def say_json(value: Any) -> None:
    """Write one JSON value; numbers that do not exist become null."""
    print(json.dumps(plain(value), indent=1, ensure_ascii=False, allow_nan=False))


def plain(value: Any) -> Any:
    """Return a value as JSON knows it; numbers that do not exist become nothing."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value


def show_table(
    title: str, columns: Mapping[str, str], rows: Sequence[Sequence[str]], *, note: str = ""
) -> None:
    """Write a table; `columns` says of each heading whether it is "left", "right" or "word".

    Only what is "left" is folded where the terminal is narrow, never a number or a name to type:
    a table that would have to cut those is written row by row instead.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, markup=False, emoji=False)
    console.width = min(console.width, WIDEST)
    if title:
        console.print(Text(title, style="bold"))
    if _narrowest(columns, rows) > console.width:
        _stack(columns, rows)
        if note:
            console.print(Text(note))
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for heading, kind in columns.items():
        table.add_column(
            heading,
            justify="right" if kind == "right" else "left",
            no_wrap=kind != "left",
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)
    if note:
        console.print(Text(note))


def _narrowest(columns: Mapping[str, str], rows: Sequence[Sequence[str]]) -> int:
    """Return the fewest characters in which a table can stand with nothing cut."""
    widths = []
    for place, (heading, kind) in enumerate(columns.items()):
        cells = [heading, *(row[place] for row in rows)]
        parts = [part for cell in cells for part in (cell.split() if kind == "left" else [cell])]
        widths.append(max(map(len, parts), default=0) + 2)
    return sum(widths) + 1


def _stack(columns: Mapping[str, str], rows: Sequence[Sequence[str]]) -> None:
    """Write a row as a few lines: its first cell, then each other beneath its heading."""
    first, *others = columns
    print(f"  {first}")
    for row in rows:
        print(f"  {row[0]}")
        for heading, cell in zip(others, row[1:], strict=True):
            if cell:
                print(f"    {heading}: {cell}")


@contextmanager
def progress(total: int) -> Iterator[Watch]:
    """Provide a function that shows what is done and how long it will take.

    A terminal gets a bar; a log or a notebook a line now and then, if it takes long enough.
    """
    if not sys.stderr.isatty():
        yield _Lines(total).tell
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn as TimeLeftColumn,
    )

    from ..sim.machine.waiting import WORDS, shown_by

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[what]}, left"),
        TimeLeftColumn(),
    )
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("Preparing", total=total, what="runs")
    rules = bar.add_task(WORDS, total=100, what="%", visible=False)

    def compiled(share: float | None) -> None:
        percent = 100 if share is None else round(100 * share)
        bar.update(rules, completed=percent, visible=share is not None)

    with bar, shown_by(compiled):
        yield lambda doing, done, total=None: bar.update(
            task, description=doing, completed=done, total=total
        )


class _Lines:
    """Writes a line to stderr every so often."""

    def __init__(self, total: int) -> None:
        """Begin to count the time."""
        self.total, self.first = total, time.monotonic()
        self.last, self.begun, self.doing = self.first, self.first, ""

    def tell(self, doing: str, done: int, total: int | None = None) -> None:
        """Take note of what is done; write it if nothing was written for a while."""
        now, self.total = time.monotonic(), total or self.total
        if doing != self.doing:
            self.doing, self.begun = doing, now
        if now - self.last < LINE_SECONDS:
            return
        self.last = now
        left = ""
        if 0 < done < self.total:
            minutes = (now - self.begun) / done * (self.total - done) / 60
            few = f"at most {minutes:,.0f} minutes" if minutes >= 1 else "less than a minute"
            left = f", {few} left"
        print(f"{doing}: {done:,} of {self.total:,}{left}", file=sys.stderr, flush=True)
