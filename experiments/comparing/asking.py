"""What is asked of policies: one outcome and what would matter in it, or a scorecard of several."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from ...sim.declared.scenario import Scenario
from ...sim.errors import InputError, given as short, is_number, nearest, whole
from ...sim.running import luck_of
from ..estimates import ERROR
from ..policies.finding import find_all
from ..summary import DECLARED
from ..words import as_typed
from .outcomes import EIGHT
from .purse import PUBLIC
from .sequences import BURN_IN

BUDGET = 2000
"""The most replicates on which one outcome is compared, unless told otherwise."""
REPLICATES = 400
"""Replicates of a scorecard, unless told otherwise: a few seconds for a county."""
BLOCK = 50
SIZES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
MILLION, POUNDS = 1e6, "million pounds"
Given = str | Path | Scenario
Pair = tuple[str, str]


class Typed(NamedTuple):
    """How the scenarios were named, to be able to say what to type next."""

    scenarios: tuple[str, ...]  # the base first
    sets: tuple[str, ...] = ()
    quarters: int | None = None
    seed: int = 1

    def command(self, *further: str) -> str:
        """Return a command that compares the same scenarios, with further options."""
        words = ["councils", "compare", *self.scenarios, *further]
        for text in self.sets:
            words += ["--set", text]
        words += [] if self.quarters is None else ["--quarters", str(self.quarters)]
        words += [] if self.seed == 1 else ["--seed", str(self.seed)]
        return as_typed(words)


class Question(NamedTuple):
    """Which policies are compared with which base, on what, and how long at most."""

    base: Scenario
    policies: tuple[Scenario, ...]
    outcome: str
    matters: float  # the smallest difference that anybody would act on, in the outcome's unit
    budget: int  # the most replicates
    block: int  # replicates between two looks
    seed: int
    insist: bool = False  # whether a policy that moves nothing is run to the budget all the same
    typed: Typed = Typed(())

    @property
    def told_over_time(self) -> tuple[str, ...]:
        """The measures of which every quarter is kept: the outcome, and what the public gains."""
        return tuple(dict.fromkeys((self.outcome, PUBLIC)))

    @property
    def pairs(self) -> list[Pair]:
        """All pairs of scenarios, by name: the base with each policy, and policies with others."""
        return pairs_of(self.base, self.policies)

    @property
    def error(self) -> float:
        """The chance of error of each interval: shared out over all pairs (Bonferroni)."""
        return ERROR / len(self.pairs)


class Card(NamedTuple):
    """Which policies are set beside which base on several outcomes, none before the others."""

    base: Scenario
    policies: tuple[Scenario, ...]
    outcomes: tuple[str, ...]
    replicates: int
    block: int  # replicates that a worker does at a time; it decides nothing
    seed: int
    insist: bool = False
    typed: Typed = Typed(())

    @property
    def pairs(self) -> list[Pair]:
        """All pairs of scenarios, by name, as in `Question`."""
        return pairs_of(self.base, self.policies)

    @property
    def error(self) -> float:
        """The chance of error of each interval: shared out over all outcomes and all pairs."""
        return ERROR / (len(self.outcomes) * len(self.pairs))


def pairs_of(base: Scenario, policies: Sequence[Scenario]) -> list[Pair]:
    """Return all pairs of scenarios by name, the base and what was named first before others."""
    return list(combinations([base.name, *(each.name for each in policies)], 2))


def ask(
    base: Given,
    policies: Sequence[Given],
    outcome: str,
    matters: float | str,
    *,
    budget: int | None = None,
    block: int = BLOCK,
    seed: int = 1,
    quarters: int | None = None,
    sets: Sequence[str] = (),
) -> Question:
    """Return a checked question about one outcome; raises InputError where it makes no sense.

    Who gives a `budget` wants it used up, even by a policy that moves nothing.
    """
    _check_outcome(outcome)
    least = smallest(matters, outcome)
    _check_numbers(budget, block, seed)
    first, *others = (each.scenario for each in find_all(
        base, policies, quarters=quarters, sets=sets))  # fmt: skip
    return Question(
        first, tuple(others), outcome, least, BUDGET if budget is None else budget, block, seed,
        budget is not None, _typed(base, policies, sets, quarters, seed),
    )  # fmt: skip


def ask_card(
    base: Given,
    policies: Sequence[Given],
    outcome: str | None = None,
    *,
    budget: int | None = None,
    block: int = BLOCK,
    seed: int = 1,
    quarters: int | None = None,
    sets: Sequence[str] = (),
) -> Card:
    """Return a checked question for a scorecard, of one outcome if it is named.

    `budget` is the number of replicates.
    """
    if outcome is not None:
        _check_outcome(outcome)
    _check_numbers(budget, block, seed)
    first, *others = (each.scenario for each in find_all(
        base, policies, quarters=quarters, sets=sets))  # fmt: skip
    names = tuple(EIGHT) if outcome is None else (outcome,)
    return Card(
        first, tuple(others), names, REPLICATES if budget is None else budget, block, seed,
        budget is not None, _typed(base, policies, sets, quarters, seed),
    )  # fmt: skip


def matters_alone(base: Given, policies: Sequence[Given], matters: float | str) -> InputError:
    """Return the error about a difference that matters without the outcome in which it does."""
    typed = _typed(base, policies, (), None, 1)
    example = typed.command("--outcome", next(iter(EIGHT)), "--matters", str(matters))
    return InputError(
        f"--matters {matters} is without an outcome: say in which with --outcome, for example "
        f"{example} (councils measures lists all outcomes; without both you get a scorecard)"
    )


def _typed(
    base: Given,
    policies: Sequence[Given],
    sets: Sequence[str],
    quarters: int | None,
    seed: int,
) -> Typed:
    names = (each.name if isinstance(each, Scenario) else str(each) for each in (base, *policies))
    return Typed(tuple(names), tuple(sets), quarters, seed)


def _check_outcome(outcome: str) -> None:
    if outcome not in DECLARED:
        raise InputError(
            f"--outcome '{outcome}' is no measure: {nearest(outcome, DECLARED)} (councils "
            "measures lists all)"
        )


def _check_numbers(budget: int | None, block: int, seed: int) -> None:
    for option, value, least in (("--budget", budget, BURN_IN), ("--block", block, 1)):
        if value is not None:
            whole(option, value, least)
    luck_of(seed, 0)  # refuses a seed that is out of range


def smallest(given: float | str, outcome: str) -> float:
    """Return the smallest difference that matters as a number in the unit of the outcome.

    Raises:
        InputError: it is none; the message says what number was probably meant.
    """
    unit = DECLARED[outcome].unit
    if not is_number(given) and not isinstance(given, str):
        raise InputError(f"--matters is {short(given)}: give a number above 0, in {unit}")
    try:
        value = float(given)
    except ValueError:
        raise InputError(f"--matters is '{given}': {_meant(str(given), unit)}") from None
    if not (math.isfinite(value) and value > 0):
        raise InputError(
            f"--matters is {value:g}: give the smallest difference that matters, above 0, in {unit}"
        )
    return value


def _meant(text: str, unit: str) -> str:
    """Return which number somebody means who writes it with a unit or a comma."""
    found = re.search(r"(\d[\d.,]*)\s*([a-z]*)", text.lower())
    number = None if found is None else _without_commas(found[1])
    if found is None or number is None:
        return f"give a number above 0, in {unit}"
    size = SIZES.get(found[2])
    if size is not None and unit.startswith(POUNDS):
        number *= size / MILLION
    elif size is not None:
        number *= size
    elif "%" in text or "percent" in text:
        return (
            f"give a number in {unit}, for per cent have no meaning here; run it without "
            "--matters to see what the base's mean is"
        )
    return f"give the number alone, in {unit}: --matters {number:g}"


def _without_commas(text: str) -> float | None:
    """Return a number with a decimal comma, or with commas between thousands."""
    thousands = re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text)
    plain = text.replace(",", "") if thousands else text.replace(",", ".")
    try:
        return float(plain.rstrip("."))
    except ValueError:
        return None
