"""What is not TOML in a scenario file, and how it must be written: the line, corrected."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .amounts import amount_meant, field_called
from .written import day_meant, number_meant, party_meant

PLACE = re.compile(r"at line (\d+), column (\d+)")
ASSIGNED = re.compile(r'^\s*("?[\w.-]+"?)\s*=\s*(.*?)\s*(?:#.*)?$')
IN_BRACES = re.compile(r'("?[\w.-]+"?)\s*=\s*([^,{}]+(?:,\d{3}(?!\d)[^,{}]*)*)')
TWICE = ("Cannot overwrite", "Cannot declare")
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
    if str(error).startswith(TWICE) and 1 <= number <= len(lines):
        again = lines[number - 1].strip()
        return f"line {number} is '{again}': it says again what stands above it; keep one"
    for place in (number, number - 1):  # a line that goes on is found wrong on the next one
        if 1 <= place <= len(lines):
            meant = _meant(lines[place - 1], _section_of(lines[:place]))
            if meant:
                return f"line {place} is '{lines[place - 1].strip()}': {meant}"
    return str(error)


def _section_of(lines: Sequence[str]) -> str:
    """Return the section in which the last of some lines stands; empty where it is in none."""
    headers = (re.match(r"\s*(\[+)\s*([\w.]+)", line) for line in reversed(lines))
    first = next(filter(None, headers), None)
    return first[2] if first is not None and first[1] == "[" else ""


def _meant(line: str, section: str) -> str:
    """Return what to write in place of a line; empty where that is not known."""
    bare = line.strip()
    for told in (_of_marks(bare), _of_brackets(bare), _of_equals(bare, section)):
        if told:
            return told
    if "\\" in bare:
        return _slashes(bare)
    whole = ASSIGNED.match(line)
    if whole is None:
        return ""
    if whole[2] == "{":
        return f"write {whole[1]} = {{ ... }} on one line, with commas between what is in it"
    braces = whole[2].startswith("{")
    pairs = IN_BRACES.findall(whole[2]) if braces else [(whole[1], whole[2])]
    for key, value in pairs:
        better = _of_key(key.strip('"'), value.strip(), section)
        if better:
            return f"write {key} = {better}"
    return ""


def _of_marks(bare: str) -> str:
    if "\u201c" in bare or "\u201d" in bare:
        straight = re.sub("[\u201c\u201d]", '"', bare)
        return f"write {straight} with straight quotes"
    if bare.endswith(";"):
        return f"write {bare.rstrip(';')}, without the ; at its end"
    if bare.count('"') % 2 and '"""' not in bare and "'" not in bare:
        return "a quote is missing: begin and end each text with one"
    return ""


def _of_brackets(bare: str) -> str:
    found = re.fullmatch(r"(\[+)\s*([^\[\]]+?)\s*(\]*)", bare)
    if found is None or found[1] == found[3].replace("]", "["):
        return ""
    name = found[2]
    return (
        f"write [{name}], or [[{name}]] where there can be many, with as many brackets at its end"
    )


def _of_equals(bare: str, section: str) -> str:
    found = re.fullmatch(r"([\w.-]+)(?:\s*:\s*|\s+)([^=:]+)", bare)
    if found is None or bare.startswith(("#", "[", "{")):
        return ""
    value = _of_key(found[1], found[2], section) or found[2]
    return f"write {found[1]} = {value}, with an equals sign"


def _of_key(key: str, value: str, section: str) -> str:
    """Return the value of a key as TOML has it, in the unit in which that is declared."""
    field = field_called(f"{section}.{key}") or field_called(key)
    amount = amount_meant(value, field) if field is not None else None
    if amount is not None:
        return str(amount)
    party = party_meant(value) if key == "control" else ""
    return f'"{party}"' if party else _value(value)


def _value(value: str) -> str:
    """Return a value as TOML has it: a day, a number, or a word in quotes; empty where it is."""
    if re.match(r"""["'\[{]""", value):
        return ""
    better = day_meant(value) or number_meant(value, millions=True)
    if better or re.fullmatch(r"true|false|inf|nan", value):
        return "" if better == value else better
    if value.lower() in ("true", "false"):
        return value.lower()
    return f'"{value}"' if WORD.fullmatch(value) else ""


def _slashes(bare: str) -> str:
    better = re.sub(r"\\+", "/", bare)
    return f"{NO_ESCAPE}; write {better}"


def no_path(value: str) -> str:
    """Return what is wrong with a path whose backslashes were read as other letters, or nothing."""
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
