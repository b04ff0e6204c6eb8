"""What is asked of policies: one outcome and what would matter in it, or a scorecard of several."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from ...sim.declared.scenario import Scenario
from ...sim.errors import InputError, is_number, whole
from ...sim.running import luck_of
from ..ensembles.ensemble import CALIBRATED, NONE, Ensemble
from ..ensembles.laid import number_of
from ..estimates import ERROR
from ..policies.finding import Found, find_all
from ..policies.mistakes import Given
from ..wanted import check_measure
from ..words import as_typed, exact, listed
from ..worlds import LUCKS, Worlds, lucks_of, worlds_in
from .mattering import smallest
from .outcomes import EIGHT
from .purse import PUBLIC
from .sequences import BURN_IN

BUDGET = 2000
"""The most replicates on which one outcome is compared, unless told otherwise."""
REPLICATES = 400
"""Replicates of a scorecard, unless told otherwise: a few seconds for a county."""
NEARLY = 1.1
"""A few replicates more than usual are run where that lives every world there is."""
BLOCK = 50
Pair = tuple[str, str]


class Typed(NamedTuple):
    """How the scenarios were named, to be able to say what to type next, and what was found."""

    scenarios: tuple[str, ...]  # the base first
    sets: tuple[str, ...] = ()
    quarters: int | None = None
    seed: int = 1
    found: tuple[Found, ...] = ()  # the same scenarios, with what they were made of
    ensemble: str | None = None

    def command(self, *further: str) -> str:
        """Return a command that compares the same scenarios, with further options."""
        words = ["councils", "compare", *self.scenarios, *further]
        for text in self.sets:
            words += ["--set", text]
        words += [] if self.quarters is None else ["--quarters", str(self.quarters)]
        words += [] if self.seed == 1 else ["--seed", str(self.seed)]
        words += ensemble_typed(self.ensemble)
        return as_typed(words)


def ensemble_typed(file: str | None) -> list[str]:
    """Return the option that compares over an ensemble; the usual one needs none."""
    return [] if file == CALIBRATED else ["--ensemble", file or NONE]


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
    worlds: Worlds | None = None  # in which worlds; none for the numbers as declared

    @property
    def lucks(self) -> int:
        """How many replicates are one world, and so one value of what is told."""
        return lucks_of(self.worlds)

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
    worlds: Worlds | None = None  # as in `Question`

    @property
    def lucks(self) -> int:
        """How many replicates are one world, and so one value of what is told."""
        return lucks_of(self.worlds)

    @property
    def pairs(self) -> list[Pair]:
        """All pairs of scenarios, by name, as in `Question`."""
        return pairs_of(self.base, self.policies)

    @property
    def error(self) -> float:
        """The chance of error of each interval: shared out over all outcomes and all pairs."""
        return ERROR / (len(self.outcomes) * len(self.pairs))


def worlds_of(ensemble: str | Path | Ensemble | None, budget: int | None = None) -> Worlds | None:
    """Return the worlds of an ensemble of the project or a file; none for none.

    Raises:
        InputError: there is no such ensemble, or too few replicates to say anything of worlds.
    """
    found = worlds_in(ensemble)
    if found is None:
        return None
    least, sets = LUCKS * BURN_IN, len(found.ensemble.sets)
    if sets < BURN_IN:
        raise InputError(
            f"the ensemble '{found.ensemble.name}' has {sets} worlds, and an interval over worlds "
            f"needs {BURN_IN}: give one of more sets, or compare with --ensemble none"
        )
    if budget is not None and budget < least:
        raise InputError(
            f"--budget is {budget}: over an ensemble each world is {LUCKS} replicates, and an "
            f"interval needs {BURN_IN} worlds: give at least {least}; or compare at the numbers as "
            "declared, with --ensemble none"
        )
    try:
        found.check("--budget", least if budget is None else budget)
    except InputError as error:
        raise InputError(f"{error}; or compare with --ensemble none") from None
    return found


def _most(budget: int | None, usual: int, worlds: Worlds | None) -> int:
    """Return how many replicates there are at most: as asked, or as usual, and each world once."""
    if budget is not None:
        return budget
    if worlds is None:
        return usual
    every = worlds.lucks * len(worlds.ensemble.sets)
    return every if every <= usual * NEARLY else usual // worlds.lucks * worlds.lucks


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
    ensemble: str | Path | Ensemble | None = None,
) -> Question:
    """Return a checked question about one outcome; raises InputError where it makes no sense.

    Who gives a `budget` wants it used up, even by a policy that moves nothing.
    """
    check_measure("--outcome", outcome)
    least = smallest(matters, outcome)
    worlds = worlds_of(ensemble, budget)  # says more of a budget than the check of numbers
    _check_numbers(budget, block, seed)
    typed = _found(base, policies, sets, quarters, seed, worlds)
    first, *others = (each.scenario for each in typed.found)
    return Question(
        first, tuple(others), outcome, least, _most(budget, BUDGET, worlds), block, seed,
        budget is not None, typed, worlds,
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
    ensemble: str | Path | Ensemble | None = None,
) -> Card:
    """Return a checked question for a scorecard, of one outcome if it is named.

    `budget` is the number of replicates.
    """
    if outcome is not None:
        check_measure("--outcome", outcome)
    worlds = worlds_of(ensemble, budget)  # says more of a budget than the check of numbers
    _check_numbers(budget, block, seed)
    typed = _found(base, policies, sets, quarters, seed, worlds)
    first, *others = (each.scenario for each in typed.found)
    names = tuple(EIGHT) if outcome is None else (outcome,)
    return Card(
        first, tuple(others), names, _most(budget, REPLICATES, worlds), block, seed,
        budget is not None, typed, worlds,
    )  # fmt: skip


def matters_alone(
    base: Given,
    policies: Sequence[Given],
    matters: float | str,
    *,
    seed: int = 1,
    quarters: int | None = None,
    sets: Sequence[str] = (),
    ensemble: str | Path | Ensemble | None = CALIBRATED,
) -> InputError:
    """Return the error about a difference that matters without the outcome in which it does."""
    file = ensemble.file if isinstance(ensemble, Ensemble) else ensemble and str(ensemble)
    typed = Typed(_names(base, policies), tuple(sets), quarters, seed, ensemble=file or NONE)
    shown = exact(float(matters)) if is_number(matters) else str(matters)
    example = typed.command("--outcome", next(iter(EIGHT)), "--matters", shown)
    return InputError(
        f"--matters {shown} is without an outcome: say in which with --outcome, for example "
        f"{example} (councils measures lists all outcomes; without both you get a scorecard)"
    )


def _found(
    base: Given,
    policies: Sequence[Given],
    sets: Sequence[str],
    quarters: int | None,
    seed: int,
    worlds: Worlds | None,
) -> Typed:
    """Return the scenarios that were named, found, with how they were named."""
    found = find_all(base, policies, quarters=quarters, sets=sets)
    if worlds is not None:
        found = [found[0], *(with_same_as_base(found[0], each, worlds) for each in found[1:])]
    file = None if worlds is None else worlds.ensemble.file or worlds.ensemble.name
    return Typed(_names(base, policies), tuple(sets), quarters, seed, tuple(found), file)


def with_same_as_base(base: Found, policy: Found, worlds: Worlds) -> Found:
    """Return a policy with a note on numbers that it sets to what the base has.

    They are no difference, so that they go with the base from world to world.
    """
    own = policy.layers[-1][0] if policy.layers else {}
    alike = [
        name
        for name in worlds.ensemble.numbers
        for section, _, key in [name.partition(".")]
        if isinstance(own.get(section), dict)
        and own[section].get(key) is not None
        and number_of(policy.scenario, name) == number_of(base.scenario, name)
    ]
    if not alike:
        return policy
    note = (
        f"it sets {listed(alike)} to what the base has, which is no difference: in the worlds it "
        "goes with the base. To hold it fast, give it from the first day in a [[change]]"
    )
    return policy._replace(notes=[*policy.notes, note])


def _names(base: Given, policies: Sequence[Given]) -> tuple[str, ...]:
    named = (base, *policies)
    return tuple(each.name if isinstance(each, Scenario) else str(each) for each in named)


def _check_numbers(budget: int | None, block: int, seed: int) -> None:
    for option, value, least in (("--budget", budget, BURN_IN), ("--block", block, 1)):
        if value is not None:
            whole(option, value, least)
    luck_of(seed, 0)  # refuses a seed that is out of range
