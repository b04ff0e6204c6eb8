"""What the room may change: levers and shocks, each from one day on and never before it.

An act becomes a dated `[[change]]` or `[[happening]]` of the scenario, so that what was tried is a
scenario file like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import Field, ValidationError

from ..declared.catalogue import SCOPES
from ..declared.scenario import (
    DECISIONS,
    Change,
    Happening,
    Scenario,
    Strict,
    changed,
    check_lasting,
)
from ..errors import InputError, nearest
from ..story.wording import PARTIES_IN_WORDS, scope_words
from .levers import LEVERS, SHOCKS, Values, choices, declared, in_force_words, listing

__all__ = ["SHOCKS", "Act", "apply_acts", "declared", "listing"]

ACTS_MOST = 200
WHAT = {
    "chief_executive_leaves": "The chief executive of {} leaves",
    "control_changes": "Elections give control of {} to {}",
    "says_no": "{} says no to {} about {}",
    "says_yes": "{} says yes to {} about {}",
    "walks_out": "{} walks away from talks with {} about {}",
}


class Act(Strict):
    """Something that the room does at the beginning of quarter `at`, counted from the start."""

    at: int = Field(ge=0)
    set: dict[str, float | str] | None = Field(None, max_length=len(LEVERS))
    council: str | None = Field(None, max_length=200)
    what: str | None = Field(None, max_length=40)
    control: str | None = Field(None, max_length=10)
    partner: str | None = Field(None, max_length=200)
    scope: str | None = Field(None, max_length=40)


def read_act(given: Any) -> Act:
    """Return an act from JSON or TOML; InputError says what is wrong with it."""
    try:
        return Act.model_validate(given)
    except ValidationError as error:
        raise InputError(in_words(error, "the change")) from None


def in_words(error: ValidationError, where: str) -> str:
    """Return the first thing that a check of a document found, in one line."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    said = PLAINLY.get(first["type"], first["msg"].lower())
    most = first.get("ctx", {}).get("max_length")
    return f"{where}: {place or 'as a whole'}: {said.format(most)}"


PLAINLY = {
    "string_too_short": "it is empty: write something",
    "string_too_long": "give at most {} letters",
    "missing": "it is missing", "int_from_float": "give a whole number",
    "int_type": "give a whole number", "int_parsing": "give a whole number",
    "float_type": "give a number", "float_parsing": "give a number",
    "finite_number": "give a number", "too_long": "give at most {}",
}  # fmt: skip
"""What is said of the mistakes that a form can hold."""


def apply_acts(base: Scenario, acts: Iterable[Act]) -> Scenario:
    """Return the scenario with what the room did, in order of time.

    Raises:
        InputError: an act names what is not known, or a value that is not allowed.
    """
    changes, happenings = list(base.change), list(base.happening)
    for act in sorted(acts, key=lambda act: act.at):
        when = _day_of(base, act)
        if act.set is not None:
            values = _checked(base, act.set)
            check_lasting(base, values, when, "the change")
            changes += _changes(base, when, values)
        else:
            happenings.append(_happening(act, when))
    return base.model_copy(update={"change": changes, "happening": happenings})


def _day_of(base: Scenario, act: Act) -> date:
    """Return the day on which an act takes effect."""
    if act.at >= base.quarters:
        raise InputError(
            f"the run is over after {base.quarters} quarters: go back, then change something"
        )
    if (act.set is None) == (act.what is None):
        raise InputError("the change: give either levers to set, or a council and what befalls it")
    return base.first_day(act.at)


def _checked(base: Scenario, values: Values) -> Values:
    """Return values of levers, each known and within its allowed range."""
    if not values:
        raise InputError("the change: name at least one lever to set")
    for name, value in values.items():
        if name not in LEVERS:
            raise InputError(f"there is no lever '{name}' on the page; {nearest(name, LEVERS)}")
        words = choices(name)
        if words and value not in words:
            raise InputError(f"{name} is {value!r}: choose one of {', '.join(words)}")
        if LEVERS[name].form == "yes" and value not in (0.0, 1.0):
            raise InputError(f"{name} is {value!r}: give 1 for yes or 0 for no")
        low, high = declared()[name].allowed or (None, None)
        if low is not None and high is not None and not _within(value, low, high):
            raise InputError(f"{name} is {value!r}: give a number from {low:g} to {high:g}")
    changed(base.parameters, values, "the change")
    return values


def _within(value: float | str, low: float, high: float) -> bool:
    return isinstance(value, float) and low <= value <= high


def _changes(base: Scenario, when: date, values: Values) -> list[Change]:
    """Return the change and, where the scenario later sets the same lever, the change once more.

    Otherwise a grant that the room offers would end when the scenario's own grant ends.
    """
    again: dict[date, dict[str, float | str]] = {when: dict(values)}
    for later in base.change:
        if later.when > when:
            held = {name: values[name] for name in values if name in later.set}
            if held:
                again.setdefault(later.when, {}).update(held)
    return [Change(when=day, set=dict(held)) for day, held in sorted(again.items())]


def _happening(act: Act, when: date) -> Happening:
    if act.what not in WHAT:
        raise InputError(f"'{act.what}' cannot befall a council; {nearest(str(act.what), WHAT)}")
    if not act.council:
        raise InputError(f"{act.what}: name the council")
    if act.what in DECISIONS and not (act.partner and act.scope in SCOPES):
        raise InputError(f"{act.what}: name the other council, and what the talks are about")
    try:
        return Happening.model_validate({"when": when, **act.model_dump(exclude={"at", "set"})})
    except ValidationError as error:
        raise InputError(in_words(error, act.what)) from None


def told(base: Scenario, act: Act, names: Mapping[str, str]) -> str:
    """Return an act in words: "1 April 2011: Funding shock: 10% of the settlement goes"."""
    day = base.first_day(act.at)
    return f"{day.day} {day:%B %Y}: {what_of(act, names)}"


def what_of(act: Act, names: Mapping[str, str]) -> str:
    """Return what an act does, without its day."""
    if act.set is None:
        name = names.get(act.council or "", act.council or "")
        if act.what in DECISIONS:
            other = names.get(act.partner or "", act.partner or "")
            return WHAT[act.what].format(name, other, scope_words({"scope": act.scope}))
        party = PARTIES_IN_WORDS.get(act.control or "NOC", act.control)
        return WHAT[act.what or ""].format(name, party)
    parts = [f"{LEVERS[name].label}: {in_force_words(name, v)}" for name, v in act.set.items()]
    return "; ".join(parts)


def with_act(acts: Sequence[Act], new: Act) -> list[Act]:
    """Return the acts that hold after a new one: none after its day, and none that it replaces."""
    held = [_left(act, new) for act in acts if act.at <= new.at]
    return [*(act for act in held if act is not None), new]


def _about(act: Act) -> tuple[str | None, ...]:
    """Return what two acts must share for the later to replace the earlier: one decision each."""
    if act.what in DECISIONS:
        return act.council, act.partner, act.scope
    return act.council, act.what


def _left(act: Act, new: Act) -> Act | None:
    """Return what is left of an act when another of the same day sets the same things."""
    if act.at != new.at:
        return act
    if act.set is None or new.set is None:
        return None if _about(act) == _about(new) else act
    left = {name: value for name, value in act.set.items() if name not in new.set}
    return act.model_copy(update={"set": left}) if left else None
