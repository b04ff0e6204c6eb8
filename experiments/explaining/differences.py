"""Where two runs part: the first event that differs, and how that spreads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from ...sim.declared.groups import CONSTANT, GROUPS, LUCK
from ...sim.declared.measures import CONTRIBUTIONS
from ...sim.story import in_words, sentence
from ...sim.story.alike import Sides, Step, key_of, unlike
from ...sim.story.apart import in_both
from ...sim.story.decisions import Push, account_of
from ...sim.story.known import NOTHING, Known
from ...sim.story.order import Row
from ...sim.story.wording import quarter_name, text

LEAST = 1e-9
"""Contributions that differ by less are the same but for rounding."""
Knowledge = Mapping[str, Known]
"""What is known of either run beside its events, by side; nothing more where a side is missing."""
CALLED = {"policy": "with the policy", "base": "without it"}
"""What the two runs are called, in the order in which they are told."""


def first_difference(
    sides: Sides, names: Mapping[str, str], known: Knowledge = MappingProxyType({})
) -> dict[str, Any] | None:
    """Return the first event that differs, None when the logs are the same.

    `quarter` and `when`; `side`, the run that has it ("base", "policy", or "both" where it is one
    event that happened otherwise, at another time, or was only weighed differently); `both`, where
    it is in both, its telling with the values of either; `otherwise`, whether they differ in more
    than how they were weighed; for `base` and `policy` what that run tells (of what the other does
    not have in that quarter, None where there is no such thing), with what was weighed; and
    `weighed`, the contributions that differ where the two are about the same councils and scope,
    as (words, in the base, with the policy).
    """
    found = unlike(sides)
    if not found:
        return None
    step, near = found[0], None
    pair = {"base": step.base, "policy": step.policy}
    if step.side != "both":
        near, missing = _instead(step, found), "policy" if step.policy is None else "base"
        at_once = [each for each in found if each.side == missing and each.quarter == step.quarter]
        pair[missing] = near or next((each.event for each in at_once), None)
    return {
        "quarter": step.quarter, "when": quarter_name(step.event), "side": step.side,
        "both": _both(step, names), "otherwise": step.otherwise,
        **{name: each and _told(each, names, known.get(name)) for name, each in pair.items()},
        "weighed": _weighed(step.base or near, step.policy or near),
    }  # fmt: skip


def chain_of(
    sides: Sides, names: Mapping[str, str], known: Knowledge = MappingProxyType({})
) -> list[dict[str, Any]]:
    """Return the councils in the order in which they were touched, a row each.

    A council is touched by the first event that concerns it and happened in one run only, or in
    both and otherwise: with other figures, or in another quarter. Each row has the quarter, the
    council, `through` (the council that brought it: one that was touched before and takes part in
    the event; None where it was reached by the policy itself, or by what it sees, hears or can
    afford), the `side` on which the event happened ("base", "policy" or "both"), the `sentence`
    with its `reasons` (of "both": with the values of either), by how many quarters it is `later`
    with the policy, what happened `instead` on the other side, and the contributions that differ.
    """
    found = [step for step in unlike(sides) if step.otherwise]
    touched: set[str] = set()
    steps = []
    for step in found:
        for code in dict.fromkeys(_codes(step.event)):
            if code in touched:
                continue
            via = next((each for each in _codes(step.event) if each in touched), None)
            touched.add(code)
            steps.append({
                "quarter": step.quarter, "when": quarter_name(step.event),
                "council": code, "name": names.get(code, code),
                "through": None if via is None else names.get(via, via),
                **_step_told(step, found, names, known),
            })  # fmt: skip
    return steps


def _step_told(
    step: Step, found: Sequence[Step], names: Mapping[str, str], known: Knowledge
) -> dict[str, Any]:
    """Return what is told of a step, whichever council it touches."""
    both = _both(step, names)
    other = None if both else _instead(step, found)
    base, policy = (each or other for each in (step.base, step.policy))
    told = {"sentence": both, "reasons": ""}
    if not both:
        told = _told(step.event, names, known.get(step.side))
    return {
        "side": step.side, **told, "later": step.later,
        "instead": None if other is None else sentence(other, names),
        "weighed": _weighed(base, policy),
    }  # fmt: skip


def _both(step: Step, names: Mapping[str, str]) -> str | None:
    """Return the telling of a step that both runs have, None of another."""
    if step.base is None or step.policy is None:
        return None
    told = in_both(step.base, step.policy, names, CALLED)
    if not step.later:
        return told
    many = "a quarter" if abs(step.later) == 1 else f"{abs(step.later)} quarters"
    if step.later > 0:
        return f"{told} With the policy {many} later, {_in(step.policy)}."
    return f"{told} With the policy {many} earlier; without it {_in(step.base)}."


def _in(event: Row) -> str:
    when = quarter_name(event)
    return f"in {when[0].lower()}{when[1:]}" if when.startswith("Quarter") else f"in {when}"


def _instead(step: Step, found: Sequence[Step]) -> Row | None:
    """Return what a council did about a scope in the other run instead, None if nothing.

    With the same council on the other side if there is such a thing, else with another.
    """
    _, _, council, _, scope = key_of(step.event)
    others = [
        each.event
        for each in found
        if each.side not in (step.side, "both")
        and each.quarter == step.quarter
        and key_of(each.event)[4] == scope
    ]
    same = [each for each in others if set(_codes(each)) == set(_codes(step.event))]
    own = [each for each in others if key_of(each)[2] == council]
    return next(iter([*same, *own]), None)


def _codes(event: Row) -> list[str]:
    """Return the councils that an event names."""
    return [code for code in (text(event, "council"), text(event, "other")) if code]


def _told(event: Row, names: Mapping[str, str], known: Known | None) -> dict[str, str | None]:
    account = account_of(event, known or NOTHING)
    return {"sentence": sentence(event, names), "reasons": in_words(account)}


def _weighed(base: Row | None, policy: Row | None) -> list[tuple[str, float, float]]:
    """Return what was weighed differently by two events, the largest change first.

    Only between decisions of the same councils: with another partner everything is another matter,
    and what was not decided was not weighed.
    """
    if base is None or policy is None or set(_codes(base)) != set(_codes(policy)):
        return []
    before, after = _pushes(base), _pushes(policy)
    if not before or not after:
        return []
    changed = []
    for name in {**before, **after}:
        one, two = (side[name].push if name in side else 0.0 for side in (before, after))
        if abs(two - one) > LEAST:
            changed.append((_worded(name, before.get(name), after.get(name)), one, two))
    return sorted(changed, key=lambda row: -abs(row[2] - row[1]))


def _pushes(event: Row) -> dict[str, Push]:
    """Return the groups of a decision by key, with luck and the constant as groups of their own."""
    account = account_of(event, NOTHING)
    if account is None:
        return {}
    constant = CONTRIBUTIONS[CONSTANT].title
    alone = (
        Push(LUCK, account.luck, "luck", ()),
        Push(CONSTANT, account.constant, constant, ()),
    )
    return {group.key: group for group in (*account.groups, *alone)}


def _worded(name: str, before: Push | None, after: Push | None) -> str:
    """Return the words of a group by its sign, or those of the only part of it that differs.

    Its title where the sign itself differs.
    """
    known = [group for group in (before, after) if group is not None and group.push]
    if len(known) == 2 and known[0].push * known[1].push < 0:
        return GROUPS[name].title if name in GROUPS else known[0].words
    shown = max(known, key=lambda group: abs(group.push))
    one, two = ({part.key: part.push for part in side.parts} if side else {}
                for side in (before, after))  # fmt: skip
    other = [key for key in {**one, **two} if abs(one.get(key, 0.0) - two.get(key, 0.0)) > LEAST]
    words = [part.words for part in shown.parts if [part.key] == other]
    return words[0] if words else shown.words
