"""A table before any layout, as a page and a terminal both show it; and one in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

NAME, FIGURE, TEXT = "name", "number", "text"
"""Kinds of columns: a name to type, a number, words that may be folded."""


class Table(NamedTuple):
    """A table: headings with their kind of column, and rows of cells."""

    title: str
    columns: list[tuple[str, str]]
    rows: list[list[str]]
    note: str = ""
    dense: bool = False

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.rows)


def cell(text: object) -> str:
    """Return text that may stand in a cell of a Markdown table."""
    return str(text).replace("|", "\\|").replace("\n", " ").strip()


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell(item) for item in line) + " |" for line in lines)
