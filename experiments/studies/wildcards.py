"""Many uncertainties named at once: all, those of a section, or those with evidence of a grade."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from ...sim.declared.parameters import Declaration, declarations
from ...sim.errors import InputError, nearest
from .plan import Given

ALL, SECTION, GRADE = "*", ".*", "grade:"
GRADES = ("high", "medium", "low", "assumption")


def is_wildcard(name: str) -> bool:
    """Return whether a name stands for many numbers."""
    return name == ALL or name.endswith(SECTION) or name.startswith(GRADE)


def spread_out(named: Mapping[str, Given], levers: Collection[str], path: Path) -> dict[str, Given]:
    """Return uncertainties with each wildcard replaced by the numbers that it stands for.

    A number that is named by itself keeps what is said of it; so does a lever.

    Raises:
        InputError: a wildcard stands for nothing, or is told what can only be said of one number.
    """
    found: dict[str, Given] = {}
    own = {name for name in named if not is_wildcard(name)} | set(levers)
    for name, given in named.items():
        if not is_wildcard(name):
            found[name] = given
            continue
        where = f"'{path}', [uncertainties], \"{name}\""
        if given != Given():
            raise InputError(
                f"{where} stands for many numbers, each over its declared range: write {{}}, and "
                "name by itself what is to have another range or a distribution"
            )
        matched = _matched(name, where)
        found |= {each: Given() for each in matched if each not in own}
    return found


def _matched(name: str, where: str) -> list[str]:
    known = [each for each in declarations() if each.role == "uncertainty" and each.plausible]
    matched = [each.name for each in known if _fits(name, each)]
    if matched:
        return matched
    if name.startswith(GRADE):
        raise InputError(f"{where}: {nearest(name.removeprefix(GRADE), GRADES)}")
    sections = list(dict.fromkeys(each.name.partition(".")[0] for each in known))
    raise InputError(f"{where}: {nearest(name.removesuffix(SECTION), sections)}")


def _fits(name: str, declared: Declaration) -> bool:
    if name.startswith(GRADE):
        return declared.grade == name.removeprefix(GRADE)
    return name == ALL or declared.name.startswith(name.removesuffix("*"))
