"""What is not TOML in a scenario file, and how it must be written: the line, corrected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .written import day_meant, number_meant

PLACE = re.compile(r"at line (\d+), column (\d+)")
ASSIGNED = re.compile(r'^\s*("?[\w.-]+"?)\s*=\s*(.*?)\s*(?:#.*)?$')
IN_BRACES = re.compile(r'("?[\w.-]+"?)\s*=\s*([^,{}]+(?:,\d{3}(?!\d)[^,{}]*)*)')
QUOTED_KEYS = "write the name in quotes, the value after an equals sign"
NO_ESCAPE = "a backslash in double quotes is no part of a path"
WORD = re.compile(r"[A-Za-z][\w ./'&:\\-]*")


def told(text: str, error: Exception) -> str:
    """Return what is wrong with a text that is not TOML, with its line as it should be.

    Args:
        text: what stands in the file.
        error: what the reader of TOML says of it.
    """
    found = PLACE.search(str(error))
    lines = text.splitlines()
    number = min(int(found[1]), len(lines)) if found else len(lines)
    for place in (number, number - 1):  # a line that goes on is found wrong on the next one
        if 1 <= place <= len(lines):
            meant = _meant(lines[place - 1])
            if meant:
                return f"line {place} is '{lines[place - 1].strip()}': {meant}"
    return str(error)


def _meant(line: str) -> str:
    """Return what to write in place of a line; empty where that is not known."""
    bare = line.strip()
    if "\u201c" in bare or "\u201d" in bare:
        straight = re.sub("[\u201c\u201d]", '"', bare)
        return f"write {straight} with straight quotes"
    if re.fullmatch(r"\[\[?[^\]]*\]?", bare) and not re.fullmatch(r"\[\[[^\]]+\]\]|\[[^\]]+\]", bare):
        name = bare.strip("[] ")
        return f"write [{name}], or [[{name}]], with as many brackets at its end"
    colon = re.match(r'^([\w.-]+)\s*:\s*(.+)$', bare)
    if colon and "=" not in bare:
        return f"write {colon[1]} = {colon[2]}, with an equals sign"
    if "\\" in bare:
        return _slashes(bare)
    whole = ASSIGNED.match(line)
    pairs = [] if whole is None else [(whole[1], whole[2])]
    if whole is not None and whole[2].startswith("{"):
        pairs = [(found[1], found[2].strip()) for found in IN_BRACES.finditer(whole[2])]
    for key, value in pairs:
        better = _value(value)
        if better:
            return f"write {key} = {better}"
    return ""


def _value(value: str) -> str:
    """Return a value as TOML has it: a day, a number, or a word in quotes; empty where it is."""
    if re.match(r"""["'\[{]""", value):
        return ""
    day = day_meant(value)
    if day:
        return day
    number = number_meant(value, millions=True)
    if number:
        return number
    if re.fullmatch(r"true|false|inf|nan", value):
        return ""
    if value.lower() in ("true", "false"):
        return value.lower()
    return f'"{value}"' if WORD.fullmatch(value) else ""


def _slashes(bare: str) -> str:
    better = re.sub(r"\\+", "/", bare)
    return f"{NO_ESCAPE}; write {better}"


def no_path(value: str) -> str:
    """Return what is wrong with a path whose backslashes were read as something else, or nothing."""
    if not re.search(r"[\x00-\x1f]", value):
        return ""
    names = {"\t": "\\t", "\n": "\\n", "\r": "\\r", "\f": "\\f", "\b": "\\b"}
    seen = "".join(names.get(letter, letter) for letter in value).replace("\\", "/")
    return f"{NO_ESCAPE}: write '{seen}', with forward slashes"


def flat(values: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Return the numbers of a `set` by name: a dot outside quotes makes tables of what is one name.

    `set = { talks.pace = 0.5 }` means what `set = { "talks.pace" = 0.5 }` does.
    """
    found: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{before}{key}.")
        else:
            found[f"{before}{key}"] = value
    return found
