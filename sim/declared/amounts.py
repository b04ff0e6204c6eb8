"""Amounts in another form or unit than is declared: which number was meant, and what it stands for.

A pot in pounds where millions are wanted, or a share in percent, is out of range; to say so is not
enough for who does not know of the unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from pydantic.fields import FieldInfo

from .declare import detail
from .parameters import SECTIONS
from .written import number_meant

MONEY = ((1e3, "thousands of pounds"), (1e6, "pounds"))
"""What people give in place of million pounds, and by what it is divided; the first fits if any."""


class Amount(NamedTuple):
    """A number as it must be written, and what is to be said of it."""

    number: str
    why: str = ""

    def __str__(self) -> str:
        """Return what to write, in words."""
        return f"{self.number}{self.why}"


def amount_meant(given: Any, field: FieldInfo) -> Amount | None:
    """Return which number was meant by one that cannot be used; None where that is not seen.

    Args:
        given: a number out of its range, or a text that is none, such as `2,000,000` or `20%`.
        field: what declares it.
    """
    unit = str(detail(field, "unit") or field.description or "")
    text = str(given)
    better = number_meant(text, millions="million" in unit) or text
    try:
        value = float(better)
    except ValueError:
        return None
    if unit.startswith("multiple") and ("%" in text or _within(value / 100, field)):
        return _multiple(value * 100 if "%" in text else value, field)
    if _within(value, field):
        return None if better == text else Amount(better)
    if "million pounds" in unit:
        return _money(value, unit, field, MONEY[1:] if "£" in text else MONEY)
    if unit.startswith(("share", "probability")) and _within(value / 100, field):
        return Amount(f"{value / 100:.10g}", f" for {value:.10g}% (it is a {unit})")
    return None


def field_called(key: str) -> FieldInfo | None:
    """Return what declares a number by its name, with its section or alone where one has it."""
    section, dot, name = key.rpartition(".")
    if dot:
        return SECTIONS[section].model_fields.get(name) if section in SECTIONS else None
    homes = [each.model_fields[name] for each in SECTIONS.values() if name in each.model_fields]
    return homes[0] if len(homes) == 1 else None


def _multiple(percent: float, field: FieldInfo) -> Amount | None:
    """Return what a percentage can mean where 1 is no change."""
    share = percent / 100
    readings = [
        (f"{1 + share:.10g}", f"for {percent:.10g}% more"),
        (f"{share:.10g}", f"for {percent:.10g}% of it"),
    ]
    fit = [each for each in readings if _within(float(each[0]), field)]
    if not fit:
        return None
    first, *others = fit
    besides = "".join(f", or {number} {why}" for number, why in others)
    return Amount(first[0], f" {first[1]}{besides} (1 is no change)")


def _money(
    value: float, unit: str, field: FieldInfo, sizes: Sequence[tuple[float, str]]
) -> Amount | None:
    low, high = detail(field, "plausible") or (0.0, 0.0)
    for factor, what in sizes:
        if low <= value / factor <= high:
            return Amount(f"{value / factor:.10g}", f", if {what} are meant (it is in {unit})")
    return None


def _within(value: float, field: FieldInfo) -> bool:
    """Return whether a number is allowed; where nothing bounds it, any is."""
    low = next((each.ge for each in field.metadata if hasattr(each, "ge")), value)
    high = next((each.le for each in field.metadata if hasattr(each, "le")), value)
    return bool(low <= value <= high)
