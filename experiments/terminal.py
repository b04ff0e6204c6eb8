"""What the commands write: tables and sentences on stdout, progress and errors on stderr."""

from __future__ import annotations

import json
import math
import shutil
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.runs.run import Watch

WIDEST = 100
"""Characters; a table is not made wider, so that lines stay short enough to read."""


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

    Only what is "left" is folded where the terminal is narrow, never a number or a name to type.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, markup=False, emoji=False)
    console.width = min(console.width, WIDEST)
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
    if title:
        console.print(Text(title, style="bold"))
    console.print(table)
    if note:
        console.print(Text(note))


@contextmanager
def progress(total: int) -> Iterator[Watch]:
    """Provide a function that shows, on a terminal only, what is done and how long it will take."""
    if not sys.stderr.isatty():
        yield lambda doing, done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeftColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("runs, left"),
        TimeLeftColumn(),
    )
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("Preparing", total=total)
    with bar:
        yield lambda doing, done: bar.update(task, description=doing, completed=done)
