"""A table before any layout: what a page and a terminal both show."""

from __future__ import annotations

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
