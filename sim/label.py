"""What a thing says of itself when it is printed, or shown in a notebook: a label, not its content.

Its text has two lines. Its table needs nothing from elsewhere, and takes the colours of the page on
which it stands, light or dark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import NamedTuple, Protocol, TypeVar

LETTERS = 60
"""So many letters of one fact are shown in a line of text."""
FACTS = 120
"""And so many of all of them."""
TABLE = "border-collapse:collapse;color:inherit;background:transparent"
CAPTION = f"{TABLE};caption-side:top;text-align:left;font-weight:bold;padding:.2em .6em"
CELL = (
    f"{TABLE};border-top:1px solid rgba(128,128,128,.5);text-align:left;vertical-align:top;"
    "padding:.2em .6em"
)

C = TypeVar("C", bound=type)


class Label(NamedTuple):
    """What something is, what there is to know of it at a glance, and what can be asked of it."""

    what: str  # "Run of 'norfolk'"
    facts: Mapping[str, object]  # by name; in a line of text the most important come first
    ask: Iterable[str]  # attributes and functions, as one types them


class _Labelled(Protocol):
    def _label(self) -> Label: ...


def labelled(cls: C) -> C:
    """Let a class, whose method `_label` returns its label, be printed and shown as that.

    A decorator, since a named tuple takes no second base.
    """
    for name, way in (("__repr__", as_text), ("__str__", as_text), ("_repr_html_", as_html)):
        setattr(cls, name, _method(name, way))
    return cls


def _method(name: str, way: Callable[[Label], str]) -> Callable[[_Labelled], str]:
    def method(self: _Labelled) -> str:
        return way(self._label())

    method.__name__ = name
    return method


def as_text(label: Label) -> str:
    """Return a label as two lines of text."""
    facts = ", ".join(f"{name} {short(value)}" for name, value in label.facts.items())
    return f"{label.what}: {short(facts, FACTS)}\n  ask: {', '.join(label.ask)}"


def as_html(label: Label) -> str:
    """Return a label as a table of HTML."""
    rows = {**label.facts, "ask": ", ".join(label.ask)}
    cells = "".join(
        f'<tr><th scope="row" style="{CELL}">{escape(name)}</th>'
        f'<td style="{CELL}">{escape(str(value))}</td></tr>'
        for name, value in rows.items()
    )
    caption = f'<caption style="{CAPTION}">{escape(label.what)}</caption>'
    return f'<table style="{TABLE}">{caption}{cells}</table>'


def short(value: object, most: int = LETTERS) -> str:
    """Return something in a line of at most so many letters."""
    line = " ".join(str(value).split())
    return line if len(line) <= most else f"{line[: most - 3]}..."
