"""An explanation of why two policies differ, told to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from ...sim.story.wording import joined
from ..summary import DECLARED
from ..terminal import say, say_json, show_table
from ..words import count, number, unit_words
from .explain import Explanation
from .parts import notes_in_words, over_in_words, parts_in_words

SHOWN = 12
"""Steps of the chain that are shown to people."""
MOST_REASONS = 3
"""Contributions that are shown of one decision."""
DIGITS, MOST_DIGITS = 3, 9
"""Decimals with which a contribution is shown; as many more as it takes to see a difference."""


def show(found: Explanation, *, as_json: bool) -> None:
    """Write an explanation for people, or as one JSON value."""
    if as_json:
        say_json(document_of(found))
        return
    titles = [each.title or each.name for each in (found.base, found.policy)]
    say(f"{titles[1]}, against {titles[0]}: seed {found.seed}, replicate {found.replicate}")
    say(f"The policy begins on {found.first_day}.")
    say()
    _show_first(found.first)
    _show_chain(found)
    _show_parts(found)


def document_of(found: Explanation) -> dict[str, Any]:
    """Return an explanation as one value for JSON; `whole` is the gap that is shared out."""
    document = {key: value for key, value in found._asdict().items() if key != "parts"}
    parts = found.parts.document()
    return document | {
        "base": found.base.name, "policy": found.policy.name,
        "shares": found.shares, "whole": parts.pop("gap"), **parts, "over": _runs_of(found),
    }  # fmt: skip


def _show_first(first: Mapping[str, Any] | None) -> None:
    if first is None:
        say("No event differs: whatever differs, differs without anybody deciding otherwise.")
        return
    if first["both"]:
        how = "and happens otherwise" if first["otherwise"] else "but weighed differently"
        say(f"The first event that differs, {first['when']}, is in both runs {how}:")
        say(f"  {first['both']}")
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
    """Return the largest changes; none that would be printed as no change, but for the first."""
    seen = [row for row in weighed if round(row[1], DIGITS) != round(row[2], DIGITS)]
    return ", ".join(_change(*row) for row in (seen or weighed[:1])[:MOST_REASONS])


def _change(words: str, before: float, after: float) -> str:
    digits = next(
        (n for n in range(DIGITS, MOST_DIGITS) if round(before, n) != round(after, n)), MOST_DIGITS
    )
    return f"{words} ({before:+.{digits}f} without, {after:+.{digits}f} with the policy)"


def _show_chain(found: Explanation) -> None:
    opened = found.opened
    until = len(found.gap) if opened is None else opened
    steps = [step for step in found.chain if step["quarter"] <= until]
    say()
    if steps:
        say(f"What happened otherwise, council by council ({len(found.chain)} by the end):")
    told = [list(rows) for _, rows in groupby(steps, key=_same_event)]
    for rows in told[:SHOWN]:
        say(f"  {_rows_in_words(rows)}")
    if len(told) > SHOWN:
        more = count(sum(map(len, told[SHOWN:])), "more council")
        say(f"  and {more}" + ("" if opened is None else " before the gap had opened"))
    if opened is not None:
        unit = unit_words(DECLARED[found.outcome].unit)
        say(
            f"By quarter {opened + 1} of {len(found.gap)} the gap in {found.outcome} had opened: "
            f"{number(found.gap[opened])} {unit}; at the end {number(found.gap[-1])}."
        )


def _same_event(step: Mapping[str, Any]) -> tuple[Any, ...]:
    return step["quarter"], step["side"], step["sentence"]


def _rows_in_words(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return what touched some councils, all of them by one event."""
    step = rows[0]
    names = {row["name"] for row in rows}
    through = next((row["through"] for row in rows if row["through"] not in (None, *names)), None)
    who = joined([row["name"] for row in rows]) + (f", through {through}" if through else "")
    return f"{step['when']}: {who}. {_step_in_words(step)}"


def _step_in_words(step: Mapping[str, Any]) -> str:
    weighed = f" Weighed differently: {_changes(step['weighed'])}." if step["weighed"] else ""
    if step["side"] == "both":
        return f"In both runs, otherwise: {step['sentence']}{weighed}"
    there, elsewhere = "with the policy", "Without it"
    if step["side"] == "base":
        there, elsewhere = "without the policy", "With it"
    instead = f" {elsewhere}: {step['instead']}" if step["instead"] else ""
    return f"Only {there}: {step['sentence']}{instead}{weighed}"


def _show_parts(found: Explanation) -> None:
    outcome, kept = DECLARED[found.outcome], found.parts.document()
    say()
    over = over_in_words(found.parts, unit_words(outcome.unit), _runs_of(found))
    if not parts_in_words(kept, found.shares)[1]:
        say(f"{outcome.title}: {over}; the policy moved nothing that counts in it.")
        return
    say(f"{outcome.title}: a gap of {over}, by mechanism:")
    show_parts(kept, found.shares)
    for note in notes_in_words(kept, found.shares):
        say(note)
    if found.seeds == 1:
        say("Try --seeds 30 for what holds beyond it.")
    say(
        "councils compare with --mechanisms shares out the same gap over replicates of one seed: "
        "other runs, so its numbers differ from these by luck."
    )


def _runs_of(found: Explanation) -> str:
    """Return over which runs the parts were taken."""
    first, last = found.seed, found.seed + found.seeds - 1
    seeds = f"seed {first}" if found.seeds == 1 else f"seeds {first} to {last}"
    return f"replicate {found.replicate} of {seeds}"


def show_parts(kept: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the parts of a gap by mechanism as a table."""
    headings, cells = parts_in_words(kept, rows)
    if cells:
        sides = {name: "right" if place else "left" for place, name in enumerate(headings)}
        show_table("", sides, cells)
