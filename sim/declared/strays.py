"""Keys of a scenario file that stand at the wrong place, and tables that say nothing."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from .parameters import SECTIONS


def keys_astray(key: str, value: Any, of_places: Container[str]) -> str:
    """Return where an unknown key of the file's top belongs; empty where that is not known."""
    section, dot, field = key.partition(".")
    if dot and section in SECTIONS and field in SECTIONS[section].model_fields:
        return f"write [{section}], and beneath it {field} = {_shown(value)}"
    if key in of_places:
        return f"write [places], and beneath it {key} = {_shown(value)}"
    home = home_of(key)
    return f"write [{home}], and beneath it {key} = {_shown(value)}" if home else ""


def number_astray(section: str, field: str, top: Container[str]) -> str:
    """Return where a key belongs that stands beneath a section, and is none of its numbers."""
    if field in (*_words(top), "base"):
        return f"{field} is of the whole file: write it above the first line in brackets"
    home = home_of(field)
    return f"it is of [{home}]: write it beneath that, {home}.{field}" if home else ""


def home_of(key: str) -> str:
    """Return the only section that has a number of this name; nothing where none or several do."""
    homes = [name for name, section in SECTIONS.items() if key in section.model_fields]
    return homes[0] if len(homes) == 1 else ""


def option_astray(key: str, value: str, top: Container[str]) -> str:
    """Return what to write for a `--set` that has no section, or no value."""
    if not value:
        return "write section.name=value, for example search.fashion=0.2 (no space around the =)"
    if key == "quarters":
        return f"give it with its own option: --quarters {value}"
    home = home_of(key)
    if home:
        return f"write {home}.{key}={value}"
    if key in (*_words(top), "base") or key.split(".")[0] == "places":
        return (
            "--set is for numbers; write this into a scenario file (a .toml with base = and "
            "this), and name that"
        )
    return "write section.name=value, for example search.fashion=0.2"


def _words(top: Container[str]) -> list[str]:
    words = ("title", "about", "start", "quarters", "reviewed")
    return [word for word in words if word in top]


def empty(table: str, row: Mapping[str, Any]) -> str:
    """Return what is to be said of a [[change]] or a [[council]] that does nothing, or nothing."""
    if table == "change" and row.get("set", {}) == {}:
        return (
            f"[[change]] of {row.get('when', 'no date')} sets nothing: name a number in it, as in "
            'set = { "search.fashion" = 0.2 }, or leave the [[change]] out'
        )
    if table == "council" and set(row) == {"council"}:
        return (
            f"[[council]] {row['council']} says nothing: write beneath it what is known of the "
            "council, as in vacant = true, or leave it out"
        )
    return ""


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value).replace("'", '"')
