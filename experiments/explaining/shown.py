"""An explanation of why two policies differ, told to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..summary import DECLARED
from ..terminal import say, say_json, show_table
from ..words import interval, number
from .explain import Explanation

SHOWN = 12
"""Steps of the chain that are shown to people."""
MOST_REASONS = 3
"""Contributions that are shown of one decision."""


def show(found: Explanation, *, as_json: bool) -> None:
    """Write an explanation for people, or as one JSON value."""
    if as_json:
        document = found._asdict()
        say_json(document | {"base": found.base.name, "policy": found.policy.name})
        return
    titles = [each.title or each.name for each in (found.base, found.policy)]
    say(f"{titles[1]}, against {titles[0]}: seed {found.seed}, replicate {found.replicate}")
    say(f"The policy begins on {found.first_day}.")
    say()
    _show_first(found.first)
    _show_chain(found)
    _show_shares(found)


def _show_first(first: Mapping[str, Any] | None) -> None:
    if first is None:
        say("No event differs: whatever differs, differs without anybody deciding otherwise.")
        return
    if first["same"]:
        say(f"The first event that differs, {first['when']}, is in both but weighed differently:")
        say(f"  {first['base']['sentence']}")
    else:
        say(f"The first event that differs, {first['when']}:")
        for side, words in (("base", "without the policy"), ("policy", "with it")):
            say(f"  {words}: {_with_reasons(first[side])}")
    if first["weighed"]:
        say(f"  Weighed differently: {_changes(first['weighed'])}.")


def _with_reasons(told: Mapping[str, Any] | None) -> str:
    if told is None:
        return "nothing of the kind."
    return f"{told['sentence']} ({told['reasons']})" if told["reasons"] else str(told["sentence"])


def _changes(weighed: Sequence[tuple[str, float, float]]) -> str:
    return ", ".join(
        f"{words} ({before:+.3f} without, {after:+.3f} with the policy)"
        for words, before, after in weighed[:MOST_REASONS]
    )


def _show_chain(found: Explanation) -> None:
    opened = found.opened
    until = len(found.gap) if opened is None else opened
    steps = [step for step in found.chain if step["quarter"] <= until]
    say()
    if steps:
        say(f"What happened otherwise, council by council ({len(found.chain)} by the end):")
    for step in steps[:SHOWN]:
        say(f"  {_step_in_words(step)}")
    if len(steps) > SHOWN:
        say(f"  and {len(steps) - SHOWN} more before the gap had opened")
    if opened is not None:
        unit = DECLARED[found.outcome].unit
        say(
            f"By quarter {opened + 1} of {len(found.gap)} the gap in {found.outcome} had opened: "
            f"{number(found.gap[opened])} {unit}; at the end {number(found.gap[-1])}."
        )


def _step_in_words(step: Mapping[str, Any]) -> str:
    through = f", through {step['through']}" if step["through"] else ""
    there, elsewhere = "with the policy", "without it"
    if step["side"] == "base":
        there, elsewhere = "without the policy", "with it"
    instead = (
        f" {elsewhere[0].upper()}{elsewhere[1:]}: {step['instead']}" if step["instead"] else ""
    )
    weighed = f" Weighed differently: {_changes(step['weighed'])}." if step["weighed"] else ""
    return (
        f"{step['when']}: {step['name']}{through}. Only {there}: {step['sentence']}"
        f"{instead}{weighed}"
    )


def _show_shares(found: Explanation) -> None:
    outcome, rows = DECLARED[found.outcome], found.shares
    whole = sum(row["effect"] for row in rows)
    over = f"over {found.seeds} seeds" if found.seeds > 1 else "in this one run"
    say()
    if not parts_in_words(rows):
        say(f"{outcome.title}: no gap {over}; the policy moved nothing that counts in it.")
        return
    say(f"{outcome.title}: a gap of {number(whole)} {outcome.unit} {over}, by mechanism:")
    show_parts(rows)
    if found.seeds == 1:
        say("One run is one story: try --seeds 30 for what holds beyond it.")


def parts_in_words(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str, str]]:
    """Return words, part, interval and share of every mechanism that has a part."""
    found = []
    for row in rows:
        low, high, share = (
            np.nan if row[key] is None else float(row[key]) for key in ("low", "high", "share")
        )
        shown = f"{share:.0%}" if np.isfinite(share) else "-"
        if row["effect"]:
            found.append((row["words"], number(row["effect"]), interval(low, high), shown))
    return found


def show_parts(rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the parts of a gap by mechanism as a table."""
    headings = {"Mechanism": "left", "Part": "right", "95% interval": "right", "Share": "right"}
    cells = parts_in_words(rows)
    if cells:
        show_table("", headings, cells)
