"""Numbers, levels and designs of a study in words that need no knowledge of the program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..studies.factors import DECLARED
from ..studies.plan import AS_IT_IS, POLICY
from ..words import HUNDRED

DESIGNS = {
    "grid": "every combination of the values",
    "latin": "drawn as a Latin hypercube",
    "sobol": "drawn as a Sobol' sequence",
    "morris": "on paths that change one number at a time (Morris)",
    "saltelli": "drawn for shares of the variance (Saltelli)",
    "table": "as listed in a table",
}
BARE = ("exponent", "elasticity", "cost elasticity", "logit", "times")
"""Units that follow a number in brackets only."""


def about_number(name: str) -> str:
    """Return what a varied number is: its declared reason."""
    return DECLARED[name].why if name in DECLARED else "which policy is in force"


def named(name: str) -> str:
    """Return a varied number as it is named in a sentence: what it is, and its name to type."""
    return "the policy" if name == POLICY else f"“{about_number(name)}” ({name})"


def level_words(name: str, value: object) -> str:
    """Return a value of a number as one reads it: yes for 1 of a switch, 20% for a share of 0.2."""
    if isinstance(value, str):
        stem = Path(value).stem.replace("-", " ").replace("_", " ")
        return "the scenario as it is" if name == POLICY and value == AS_IT_IS else stem
    if not isinstance(value, int | float):
        return str(value)
    unit = DECLARED[name].unit if name in DECLARED else ""
    if unit == "0 no, 1 yes" and value in (0, 1):
        return "yes" if value else "no"
    if unit.startswith(("share", "probability")) and 0 <= value <= 1:
        return f"{HUNDRED * value:g}%"
    times = " time" if value == 1 else " times"
    return f"{value:g}{times if unit.startswith('multiple') else ''}"


def value_words(name: str, value: Any) -> str:
    """Return a value with its unit: 50% of the set-up cost; 2 million pounds a year; yes."""
    told = level_words(name, value)
    if isinstance(value, str) or told in ("yes", "no"):
        return told
    unit = DECLARED[name].unit
    for kind in ("share", "probability"):
        if unit.split(",")[0].split(" ")[0] == kind:
            return f"{share_words(value)}{unit.removeprefix(kind)}"
    if unit.startswith("multiple of "):
        return f"{told} {unit.removeprefix('multiple of ')}"
    return f"{told} ({unit})" if "," in unit or unit in BARE else f"{told} {unit}"


def share_words(share: float) -> str:
    """Return a share in percent with all its digits: 12.5%."""
    return f"{HUNDRED * share:.6g}%"


def loss(value: float, column: str) -> str:
    """Return a mark for a net saving below nothing, which is a loss."""
    return " (a loss)" if column.startswith("net_saving") and value < 0 else ""
