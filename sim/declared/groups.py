"""In which groups the parts of a decision are told: first those of the reasons, then the others.

The engine groups in the same way when it names a reason (`GROUP_OF` in `sim/core/events.py`; a test
holds the two against each other); how groups are told moves no bit of a run.
"""

from __future__ import annotations

from typing import NamedTuple


class Told(NamedTuple):
    """Contributions that are told as one: what they are about, and which they are."""

    title: str
    parts: tuple[str, ...]  # keys of CONTRIBUTIONS


GROUPS: dict[str, Told] = {
    "culture": Told("culture and trust", ("culture", "trust", "history")),
    "politics": Told("political control and elections", ("party", "new_control", "election")),
    "sovereignty": Told(
        "sovereignty and own priorities",
        (
            "sovereignty",
            "contact",
            "size",
            "means",
            "tier",
            "crowd",
            "exit_lesson",
            "equal_lesson",
            "readiness",
        ),
    ),
    "savings": Told("savings and what they cost", ("savings", "set_up", "grant")),
    "people": Told("people and capacity", ("busy", "vacancy", "systems", "ict_subsidy")),
    "distance": Told("distance and borders", ("distance", "border")),
    "tax": Told("council tax", ("tax_gap", "tax_lesson", "tax_support")),
    "reorganisation": Told("reorganisation", ("review",)),
    "offer": Told("offers elsewhere", ("rival",)),
    "need": Told("worry about a budget gap ahead", ("need",)),
    "ties": Told("what they share already", ("ties",)),
    "fashion": Told("what neighbours do", ("fashion",)),
    "rumour": Told("rumours of others' talks", ("rumour",)),
    "introduced": Told("the match-making service", ("introduced",)),
    "strategy": Told("its strategy", ("strategy",)),
    "joining": Told("joining what already runs", ("joining",)),
}
"""The groups, by the key of the reason (REASONS) where they are one, else by their only part."""

CONSTANT = "base"
"""The contribution that is the same for every council of its kind: counted, never a reason."""
LUCK = "chance"
"""The contribution that differs from day to day, and the reason of what nothing named decided."""
