"""What is wrong with a value of a scenario file, in one line: where it is and what is allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from ..errors import nearest
from .amounts import amount_meant
from .written import day_of, party_meant

Models = Mapping[str, type[BaseModel]]
NAMED_BY = {
    "change": ("when",),
    "council": ("council",),
    "pair": ("between",),
    "partnership": ("scope", "since"),
    "happening": ("when", "council"),
    "order": ("when", "name"),
}
"""By which of its keys one of many tables is known."""
NO_NUMBER = "no_number"
NO_DAY = "no_day"
WRONG_NUMBERS = (
    "less_than_equal", "greater_than_equal", "finite_number", "float_parsing", "float_type",
    "int_parsing", "int_parsing_size", "int_type", "int_from_float", NO_NUMBER,
)  # fmt: skip


def in_words(
    error: ValidationError,
    where: str,
    top: type[BaseModel],
    models: Models,
    tree: Any,
    *,
    within: str = "",
) -> str:
    """Return what is wrong first.

    Args:
        where: the file, or the option of the command line.
        top, models: what declares the keys of the file, and those of its tables.
        tree: what was checked.
        within: the section that `top` declares, where that was checked alone.
    """
    first = error.errors()[0]
    path = tuple(first["loc"])
    place = ".".join(filter(None, (within, place_of(path, tree))))
    if first["type"] == "extra_forbidden":
        known = models[str(path[0])].model_fields
        return f"'{where}': unknown key '{place}'; {nearest(str(path[-1]), known)}"
    given = first.get("input")
    brief = first["type"] == NO_NUMBER or not isinstance(given, dict | list)
    shown = f" (given: {given!r})" if brief else ""
    field = _field(path, top, models)
    if field is not None and first["type"] in WRONG_NUMBERS:
        hint = _number_hint(given, field, place)
        return f"'{where}': {place}: it must be {range_of(field)}{shown}{hint}"
    if first["type"] == NO_DAY or first["type"].startswith("date"):
        day = day_of(given) or "year-month-day, without quotes"
        return f"'{where}': {place}: it must be a day such as 2010-04-01{shown}: write {day}"
    if first["type"] == "missing":
        return f"'{where}': {place} is missing: add it"
    if first["type"] in ("list_type", "tuple_type") and isinstance(given, str):
        return f"'{where}': {place}: it must be a list{shown}: write [\"{given}\"]"
    if first["type"] == "literal_error":
        words = first["ctx"]["expected"]
        return f"'{where}': {place}: it must be {words}{shown}{_word_hint(given)}"
    return f"'{where}': {place}: {first['msg'].lower()}{shown}"


def _word_hint(given: Any) -> str:
    """Return which word was meant by a party's name in full; empty where none is seen."""
    party = party_meant(given) if isinstance(given, str) else ""
    return f': write "{party}"' if party else ""


def _number_hint(given: Any, field: FieldInfo, place: str) -> str:
    """Return how a number must be written that was written otherwise; empty where none is seen."""
    if isinstance(given, dict):
        section, _, name = place.partition(".")
        return f": write [{section}], and beneath it {name} = a number"
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return ""
    better = amount_meant(given, field)
    return "" if better is None else f": write {better}"


def place_of(path: Sequence[str | int], tree: Any) -> str:
    """Return where a value stands; one of many tables goes by its name, not by its number."""
    if len(path) < 2 or path[0] not in NAMED_BY or not isinstance(path[1], int):
        return ".".join(str(part) for part in path)
    rows = tree.get(path[0], [])
    row = rows[path[1]] if path[1] < len(rows) else None
    name = called(str(path[0]), row) or f"number {path[1] + 1}, those of its base counted"
    rest = [f"number {part + 1}" if isinstance(part, int) else part for part in path[2:]]
    return ": ".join([f"[[{path[0]}]] {name}", *([", ".join(rest)] if rest else [])])


def called(table: str, row: Any) -> str:
    """Return by what one of many tables is known: `South Norfolk`, `2010-04-01, Norwich`."""
    known = [row.get(key) for key in NAMED_BY[table]] if isinstance(row, dict) else []
    texts = [" and ".join(map(str, v)) if isinstance(v, list) else str(v) for v in known if v]
    return ", ".join(texts)


def range_of(field: FieldInfo) -> str:
    """Return what a declared number may be: `a whole number from 1 to 400`."""
    inside = list(parts_of(field))
    low = next((part.ge for part in inside if hasattr(part, "ge")), None)
    high = next((part.le for part in inside if hasattr(part, "le")), None)
    kind = "a number" if float in inside else "a whole number"
    if low is None or high is None:
        return kind if low is None else f"{kind} from {low:g} upwards"
    return f"{kind} from {low:g} to {high:g}"


def parts_of(declared: Any) -> Iterator[Any]:
    """Yield all that a type is made of, with its bounds."""
    yield declared
    inner = [*getattr(declared, "metadata", ()), *get_args(declared)]
    if isinstance(declared, FieldInfo):
        inner.append(declared.annotation)
    for part in inner:
        yield from parts_of(part)


def _field(path: Sequence[str | int], top: type[BaseModel], models: Models) -> FieldInfo | None:
    keys = [part for part in path if isinstance(part, str)]
    if len(keys) == 1:
        return top.model_fields.get(keys[0])
    return models[keys[0]].model_fields.get(keys[1]) if keys[0] in models else None
