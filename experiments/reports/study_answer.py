"""What a grid of levels says, in sentences: about what somebody decides, and where it depends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...sim.story.wording import capital
from ..estimates import Estimate
from ..studies.plan import POLICY
from ..words import interval, number, unit_words
from .effects import PUBLIC, Contrast, Effect
from .words import level_words, named, value_words

MOST_PAIRS = 3
"""Of more pairs of levels only the widest is told in a sentence; all are in the tables."""
SAME = "no difference that can be told from luck"


def asked_of(effects: Sequence[Effect]) -> list[Effect]:
    """Return the effects that answer the question: of levers if there are any, on differences."""
    levers = [each for each in effects if each.factor.role == "lever"] or list(effects)
    differences = [each for each in levers if each.series.difference]
    return differences or levers


def answer(effects: Sequence[Effect], policy: str | None) -> list[str]:
    """Return the answer of a grid; `policy` is that of its differences."""
    asked = asked_of(effects)
    said = lead(asked, policy) + compared(asked)
    for each in asked:
        if policy is not None:
            said.append(_of_policy(each, policy))
        elif each is not asked[0]:  # which leads
            said.append(_of_levels(each))
        said += where(each)
        if each.series.name == PUBLIC and policy is not None:
            said.append(_pays(each))
    return said


def lead(asked: Sequence[Effect], policy: str | None) -> list[str]:
    """Return the answer in a sentence: the first outcome, and what the public as a whole gains."""
    if not asked:
        return []
    first, public = asked[0], [each for each in asked[1:] if each.series.name == PUBLIC]
    title = first.series.title
    if policy is not None:
        title = f"What the policy “{policy}” adds to “{title}”"
    said = f"{title}: {_told(first)}."
    if public and first.factor.name == public[0].factor.name:
        said += f" For the public as a whole: {_told(public[0])}."
    return [said]


def compared(asked: Sequence[Effect]) -> list[str]:
    """Return what is compared, once for each factor, so that its name is known from there on."""
    factors = {each.factor.name: each for each in asked}
    return [
        f"Compared: {named(name)}: {', '.join(_levels(name, each.levels))}."
        for name, each in factors.items()
    ]


def _levels(name: str, levels: Sequence[Any]) -> list[str]:
    """Return levels in words; the last with the unit of all."""
    return [*(level_words(name, each) for each in levels[:-1]), value_words(name, levels[-1])]


def _of_policy(each: Effect, policy: str) -> str:
    """Return what a policy changes at each level, and whether the level makes a difference."""
    name, unit = each.factor.name, unit_words(each.series.unit)
    parts = [
        f"{signed(mean)} at {level_words(name, level)}"
        for level, mean in zip(each.levels, each.means, strict=True)
    ]
    return (
        f"{each.series.title}: the policy “{policy}” changes it, in {unit}, by {', '.join(parts)}. "
        f"Between these levels of {name}: {_told(each)}."
    )


def _of_levels(each: Effect) -> str:
    name = "" if each.factor.name == POLICY else f", by {each.factor.name}"
    return f"{each.series.title}{name}: {_told(each)}."


def _told(each: Effect) -> str:
    """Return which levels surely differ, and by how much."""
    pairs = each.pairs
    told = [pair for pair in pairs if pair.change.sure]
    if not told:
        most = max((abs(e) for p in pairs for e in p.change[1:] if np.isfinite(e)), default=np.nan)
        if most == 0:
            return "the same everywhere"
        bound = "" if np.isnan(most) else f"; if there is one, it is below {_size(each, most)}"
        return f"{SAME}{bound}"
    shown = pairs if len(pairs) <= MOST_PAIRS else [max(told, key=lambda p: abs(p.change.value))]
    sentences = "; ".join(pair_words(each, pair) for pair in shown)
    count = (
        "" if shown is pairs else f" ({len(told)} of {len(pairs)} pairs of levels differ surely)"
    )
    return f"{sentences}{count}"


def pair_words(each: Effect, pair: Contrast) -> str:
    """Return what one level gives more or less than another, with its interval."""
    one, other = (value_words(each.factor.name, level) for level in (pair.level, pair.other))
    if not pair.change.sure:
        return f"between {one} and {other} {SAME} ({interval(*pair.change[1:])})"
    near, far = sorted(abs(edge) for edge in pair.change[1:])
    more = "more" if pair.change.value > 0 else "less"
    size = _size(each, abs(pair.change.value))
    return f"{one} gives {size} {more} than {other} ({interval(near, far)})"


def _size(each: Effect, value: float) -> str:
    return f"{number(value)} {unit_words(each.series.unit)}"


def signed(found: Estimate) -> str:
    """Return a change with its sign and its interval."""
    plus = "+" if found.value > 0 and number(found.value) != "0" else ""
    return f"{plus}{number(found.value)} ({interval(found.low, found.high)})"


def where(each: Effect) -> list[str]:
    """Return whether the widest change holds at every level of each other factor."""
    if not each.within:
        return []
    chief = max(each.pairs, key=lambda p: abs(p.change.value))
    others: dict[str, list[Contrast]] = {}
    for pair in each.within:
        if pair.where is not None and (pair.level, pair.other) == (chief.level, chief.other):
            others.setdefault(pair.where[0], []).append(pair)
    one, other = (level_words(each.factor.name, level) for level in (chief.level, chief.other))
    return [
        f"{each.series.title}, {one} less {other}: {_verdict(cells)} {named(name)}: "
        + "; ".join(f"{signed(c.change)} at {level_words(*c.where)}" for c in cells if c.where)
        + "."
        for name, cells in others.items()
        if chief.change.sure or any(cell.change.sure for cell in cells)
    ]


def _verdict(cells: Sequence[Contrast]) -> str:
    ways = {np.sign(cell.change.value) if cell.change.sure else 0 for cell in cells}
    if ways in ({1.0}, {-1.0}):
        return "the same sign at every value of"
    if ways == {0}:
        return "sure on average, but not at any single value of"
    return "the sign changes with" if {1.0, -1.0} <= ways else "sure at some values only of"


def _pays(each: Effect) -> str:
    """Return whether a policy brings the public more than it costs."""
    ways = {np.sign(mean.value) if mean.sure else 0 for mean in each.means}
    said = {
        frozenset({1.0}): "yes, at every level that was tried",
        frozenset({-1.0}): "no, at none of the levels that were tried",
        frozenset({0}): "that cannot be told from luck",
    }.get(frozenset(ways), "that depends on the level")
    return (
        f"Does the policy pay for itself? {capital(said)}. What councils, residents "
        "and government pay each other cancels in the public net; what is left was truly gained."
    )
