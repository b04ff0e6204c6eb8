"""Which measure is wanted: by its name, or what to say to somebody who calls it otherwise."""

from __future__ import annotations

import re
from typing import Any

from ..sim.declared.measures import MEASURES
from ..sim.errors import InputError, given, nearest

TITLES = {measure.name: measure.title for measure in MEASURES}
SPOKEN = {
    "saving": ("true_saving", "net_saving", "public_net"),
    "money": ("public_net", "net_saving", "reserves"),
    "cost": ("setup_cost", "coordination_cost", "government_spending"),
    "failure": ("talks_failed", "ended", "distressed"),
    "bankruptcy": ("distressed", "in_distress", "reserves"),
    "deal": ("formed", "agreements", "talks_failed"),
    "partnership": ("agreements", "formed", "sharing"),
}
"""What people call several measures alike, and the measures that they most often mean."""
MOST = 3
"""So many measures are offered at most."""


def check_measure(where: str, wanted: Any) -> None:
    """Refuse what is the name of no measure.

    Args:
        where: what the message begins with, such as `--outcome`.
        wanted: what was given.

    Raises:
        InputError: it is none; the message offers those that are meant, as far as can be seen.
    """
    if isinstance(wanted, str) and wanted in TITLES:
        return
    shown = f"'{wanted}'" if isinstance(wanted, str) else given(wanted)
    raise InputError(f"{where} {shown} is no measure: {_meant(wanted)} (councils measures lists "
                     "all)")  # fmt: skip


def _meant(wanted: Any) -> str:
    """Return which measures are meant, by what people say, by titles, and by spelling."""
    words = _words(str(wanted))
    same = [name for name, title in TITLES.items() if words in (_words(name), _words(title))]
    said = [name for word in words for name in SPOKEN.get(word, ())] if len(words) == 1 else []
    titled = [name for name, title in TITLES.items() if words and set(words) <= set(_words(title))]
    found = [f"'{name}'" for name in (same or said or titled)[:MOST]]
    if not found:
        return nearest(wanted, TITLES)
    first = ", ".join(found[:-1])
    return f"did you mean {first}{' or ' if first else ''}{found[-1]}?"


def _words(text: str) -> list[str]:
    """Return the words of a name or a title, each in the singular."""
    singular = (re.sub("ies$", "y", each) for each in re.findall("[a-z]+", text.lower()))
    return [each.removesuffix("s") for each in singular]
