"""What a step of two runs is told with: its figures, side by side where the two differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from .order import Row
from .reasons import reason_named, reason_of
from .sentences import DONE_FOR, STANCES, TAKES_CONTROL, TELL, TERMS, YEAR, Group, label_of, percent
from .wording import amount, capital, duration, joined, money, text


class Figure(NamedTuple):
    """A field of a kind of event that its sentence tells, and its own words."""

    field: str
    label: str
    words: Callable[[float], str]
    weighed: bool = False  # it says how hard something was weighed, not what was done


class Apart(NamedTuple):
    """A figure that differs: its field, its label, and its words in either run."""

    field: str
    label: str
    base: str
    policy: str
    weighed: bool


def _terms(agreed: float) -> str:
    return joined([words for place, words in enumerate(TERMS) if int(agreed) >> place & 1]) or (
        "none of those that can be agreed"
    )


def _years(years: float) -> str:
    return "a year" if years == 1 else f"{years:g} years"


def _of(words: tuple[str, ...]) -> Callable[[float], str]:
    """Return the words that a value points at."""

    def chosen(value: float) -> str:
        found = words[int(value)] if 0 <= value < len(words) else "something else"
        return found.removesuffix(" in {}").removesuffix(" of {}")

    return chosen


PROMISED = Figure("value", "promised a year", money)
PAID = Figure("value", "paid", money)
FIGURES: dict[str, tuple[Figure, ...]] = {
    "considers": (
        Figure("more", "for", lambda deep: "a deep deal" if deep else "a shared service"),
        Figure("value", "chance of that a year", lambda rate: f"about {percent(rate)}%", True),
    ),
    "talks_begin": (Figure("more", "under way for", duration),),
    "talks_fail": (Figure("value", "after", duration),),
    "study_grant": (PAID,),
    "business_case": (PROMISED, Figure("more", "its own estimate a year", money)),
    "signs": (PROMISED,),
    "setup_grant": (PAID,),
    "starts": (Figure("more", "councils", lambda many: f"{many:g}"), PROMISED),
    "leaves": (Figure("value", "cost of leaving", money),),
    "ends": (Figure("value", "after", lambda years: duration(years * YEAR)),),
    "control_changes": (Figure("value", "who wins", _of(TAKES_CONTROL)),),
    "overruled": (Figure("more", "decided", _of(tuple(done for done, _ in DONE_FOR))),),
    "stance": (Figure("value", "what it says", _of(STANCES)),),
    "agrees_terms": (Figure("value", "terms", _terms),),
    "announced": (Figure("value", "in", _years),),
    "promises": (PROMISED, Figure("more", "saved a year in truth", money)),
    "accounts": (
        Figure("value", "reported a year", money),
        Figure("more", "saved a year in truth", money),
    ),
}  # fmt: skip
"""By kind, what its sentence tells besides who, with whom, about what, and why."""

BLANK: dict[str, Callable[[Group], str]] = {
    "talks_begin": lambda g: f"{g.council} and {g.other} talk about {g.scope}",
    "agrees_terms": lambda g: f"the talks led by {g.council} agree on terms for {g.scope}",
    "overruled": lambda g: f"it is decided for {g.council} about {g.scope}",
    "announced": lambda g: f"{g.council} learns that it will be made new",
    "promises": lambda g: f"{g.council} is promised a saving",
    "accounts": lambda g: f"{_both(g)} close the accounts of {g.scope}",
}
"""The kinds whose own sentence would say something else without their figures."""


def apart(base: Row, policy: Row) -> list[Apart]:
    """Return the figures, and the main reason, in which two events of one kind are told apart."""
    found = []
    for each in FIGURES.get(text(base, "kind"), ()):
        one, two = (_figure(each, event) for event in (base, policy))
        if one != two:
            found.append(Apart(each.field, each.label, one, two, each.weighed))
    if any(not each.weighed for each in found):  # two things that were weighed do not compare
        found = [each for each in found if not each.weighed]
    one, two = (reason_of(event) or "none" for event in (base, policy))
    if one != two:
        found.append(Apart("reason", "main reason", one, two, weighed=False))
    return found


def told_otherwise(base: Row, policy: Row) -> bool:
    """Return whether two events of one kind are told apart in more than how they were weighed."""
    different = apart(base, policy)
    return any(not each.weighed for each in different) or (
        _deed(base, different, {}) != _deed(policy, different, {})
    )


def in_both(base: Row, policy: Row, names: Mapping[str, str], sides: Mapping[str, str]) -> str:
    """Return one telling of a step that both runs have, each figure that differs with both values.

    Parameters: the two events, of one kind and about the same councils; the names of councils; and
    what each run is called ("with the policy"), by "base" and "policy", in the order of telling.
    """
    different, both = apart(base, policy), {"base": base, "policy": policy}
    deeds = {side: _deed(event, different, names) for side, event in both.items()}
    if deeds["base"] != deeds["policy"]:
        whole = {side: _deed(event, [], names) + _why(event, []) for side, event in both.items()}
        return " ".join(f"{capital(words)}: {whole[side]}." for side, words in sides.items())
    told = [f"{deeds['policy']}{_why(policy, different)}."]
    for each in different:
        values = ", ".join(f"{words} {getattr(each, side)}" for side, words in sides.items())
        told.append(f"{capital(each.label)}: {values}.")
    return " ".join(told)


def _figure(figure: Figure, event: Row) -> str:
    value = amount(event, figure.field)
    return "nothing told" if value is None else figure.words(value)


def _deed(event: Row, different: list[Apart], names: Mapping[str, str]) -> str:
    """Return the sentence of an event without its reason and the figures that differ."""
    fields = {each.field for each in different} - {"reason"}
    kind = text(event, "kind")
    tell = BLANK.get(kind, TELL[kind]) if fields else TELL[kind]
    return capital(tell(Group([{**event, **dict.fromkeys(fields)}], names)))


def _why(event: Row, different: list[Apart]) -> str:
    return (
        ""
        if any(each.field == "reason" for each in different)
        else reason_named(event, label_of(event))
    )


def _both(group: Group) -> str:
    return joined(list(dict.fromkeys([*group.all("council"), *group.all("other")]))) or "a council"
