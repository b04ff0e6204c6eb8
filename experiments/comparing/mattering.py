"""What matters: the smallest difference that anybody would act on, and whether it can be meant."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import numpy as np

from ...sim.declared.measures import as_column
from ...sim.declared.written import SIZES, number_meant
from ...sim.errors import InputError, given as short, is_number
from ..summary import DECLARED
from ..words import exact, number

MILLION, UNIT = 1e6, "million pounds"
WRITTEN = re.compile(r"([-\u2212]?)\s*(?:£|gbp)?\s*(\d[\d.,' \u00a0\u202f]*)([^\d-]*)")
"""A sign, a number, and what is said after it."""
BARE = 1000.0
"""From so many upwards, a number without a size that is written like money is in pounds."""
FAR = 1000.0
"""What matters may be so many times what the outcome is, or how much it differs from run to run."""


def smallest(given: float | str, outcome: str) -> float:
    """Return the smallest difference that matters as a number in the unit of the outcome.

    Raises:
        InputError: it is none; the message says what number was probably meant.
    """
    unit = DECLARED[outcome].unit
    if not is_number(given) and not isinstance(given, str):
        raise InputError(f"--matters is {short(given)}: give a number above 0, in {unit}")
    try:
        value = float(given)
    except ValueError:
        raise InputError(f"--matters is '{given}': {_meant(str(given), unit)}") from None
    if not (math.isfinite(value) and value > 0):
        raise InputError(
            f"--matters is {value:g}: give the smallest difference that matters, above 0, in {unit}"
        )
    return value


def _meant(text: str, unit: str) -> str:
    """Return which number somebody means who writes it with a unit or a comma."""
    found = WRITTEN.fullmatch(text.strip().lower())
    value = None if found is None else _plain(found[2].strip().rstrip("."))
    if found is None or value is None or value == 0:
        return f"give a number above 0, in {unit}"
    if found[1]:
        return f"give the smallest difference that matters, above 0, in {unit}; it counts both ways"
    word = re.match("[a-z]*", found[3].strip())
    size = SIZES.get(word[0] if word else "")
    if size is None and ("%" in text or "percent" in text):
        return (
            f"give a number in {unit}, for per cent have no meaning here; run it without "
            "--matters to see what the base's mean is"
        )
    in_millions = unit.startswith(UNIT)
    if size is None and in_millions and value >= BARE:
        size = 1.0
    if size is not None:
        value = value * size / (MILLION if in_millions else 1.0)
    return f"give the number alone, in {unit}: --matters {exact(value)}"


def _plain(digits: str) -> float | None:
    """Return the number that somebody writes with commas or spaces, None where it is none."""
    try:
        return float(number_meant(digits) or digits)
    except ValueError:
        return None


def check_size(matters: float, outcome: str, finals: Mapping[str, np.ndarray]) -> None:
    """Refuse what matters if it is so large that it cannot be meant in this unit.

    Args:
        matters: the smallest difference that matters.
        outcome: in which it does.
        finals: records of the last quarter, by the scenario's name, the base first.

    Raises:
        InputError: it is far beyond what the outcome is under any of them, and how much it differs.
    """
    known = {name: as_column(records, outcome) for name, records in finals.items()}
    known = {name: values[np.isfinite(values)] for name, values in known.items()}
    sizes = [max(abs(float(np.mean(each))), float(np.std(each)))
             for each in known.values() if len(each)]  # fmt: skip
    most = max(sizes, default=0.0)
    if most == 0 or matters <= FAR * most:
        return
    unit, base = DECLARED[outcome].unit, next(iter(known.values()))
    meant = ""
    if unit.startswith(UNIT):
        meant = f"is that £{matters:,.0f}? Then give --matters {exact(matters / MILLION)}; or "
    raise InputError(
        f"--matters is {exact(matters)}, in {unit}, which is more than {FAR:,.0f} times what "
        f"'{outcome}' is here ({number(float(np.mean(base)))} in the base, on average): {meant}"
        "give the smallest difference that you would act on"
    )
