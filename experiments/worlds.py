"""Runs over the worlds of an ensemble: each world with a few lucks, the same for all policies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..sim.declared.scenario import Scenario
from ..sim.errors import InputError
from ..sim.ready.kept import prepared
from ..sim.ready.varied import vary
from ..sim.ready.world import Prepared
from .ends import Ends, ends_of
from .ensembles.ensemble import NONE, Ensemble, find_ensemble
from .ensembles.laid import Laid, laid_over, ranges_of

FAR_OUT = 0.1
"""From such a share of worlds on it is told that a number lies outside its range."""
LUCKS = 2
"""How often a world is lived: twice tells luck and assumptions apart."""


class Worlds(NamedTuple):
    """In which worlds scenarios are lived: a few replicates in each set, one set after the other.

    Replicate r is lived in set r // lucks, with luck r.
    """

    ensemble: Ensemble
    lucks: int = LUCKS

    def world(self, replicate: int) -> int:
        """Return the number of the set in which a replicate is lived."""
        return replicate // self.lucks

    def used_up(self, replicates: int) -> bool:
        """Return whether so many replicates live each set, so that further ones are no others."""
        return replicates >= self.lucks * len(self.ensemble.sets)

    def spans(self, replicates: range) -> Iterator[range]:
        """Yield the replicates in order, those of one set together."""
        start = replicates.start
        while start < replicates.stop:
            stop = min((start // self.lucks + 1) * self.lucks, replicates.stop)
            yield range(start, stop)
            start = stop

    def over(self, base: Scenario, scenario: Scenario) -> Over:
        """Return a scenario to be lived in these worlds.

        `base` is the scenario that others are held against: what it sets is laid over each world.
        """
        return Over(self, prepared(scenario), laid_over(self.ensemble, base, scenario))

    def check(self, option: str, replicates: int) -> None:
        """Refuse a number of replicates that is no whole number of worlds, or more than there are.

        Raises:
            InputError: it names the option.
        """
        most = self.lucks * len(self.ensemble.sets)
        if replicates > most:
            raise InputError(
                f"{option} is {replicates}: '{self.ensemble.name}' has {len(self.ensemble.sets)} "
                f"worlds of {self.lucks} replicates each, and one that is lived again is no other: "
                f"give at most {most}"
            )
        if replicates % self.lucks:
            raise InputError(
                f"{option} is {replicates}: over an ensemble each world is {self.lucks} "
                f"replicates, so give a multiple of {self.lucks}"
            )

    def check_replicate(self, replicate: int) -> None:
        """Refuse a replicate that no world has.

        Raises:
            InputError: it says how many there are.
        """
        most = self.lucks * len(self.ensemble.sets)
        if replicate >= most:
            raise InputError(
                f"--replicate is {replicate}: in the worlds of '{self.ensemble.name}' there are 0 "
                f"to {most - 1}, {self.lucks} of each"
            )

    def notes(self, scenario: Scenario) -> list[str]:
        """Return what is to be said before a scenario is lived in these worlds."""
        doubt = self.ensemble.doubt
        notes = [] if doubt is None else [f"{doubt}."]
        return notes + self._far_out(scenario) + beyond_in_words(self.told(), scenario)

    def _far_out(self, scenario: Scenario) -> list[str]:
        """Return which numbers that a scenario sets lie outside their ranges in many worlds."""
        low, high = ranges_of(self.ensemble.numbers)
        sets = laid_over(self.ensemble, scenario, scenario).sets
        outside = ((sets < low) | (sets > high)).mean(axis=0)
        return [
            f"{name}, as {scenario.name} sets it, is a difference from the default and laid over "
            f"each world, and so outside its declared range in {share:.0%} of them."
            for name, share in zip(self.ensemble.numbers, outside.tolist(), strict=True)
            if share > FAR_OUT
        ]

    def told(self) -> dict[str, Any]:
        """Return which worlds these are, ready for JSON."""
        until = self.ensemble.last
        return {
            "ensemble": self.ensemble.name, "sets": self.ensemble.digest, "lucks": self.lucks,
            "until": None if until is None else until.isoformat(),
            "most": self.lucks * len(self.ensemble.sets),
        }  # fmt: skip


def beyond_in_words(told: Mapping[str, Any] | None, scenario: Scenario) -> list[str]:
    """Return that a scenario goes beyond the runs by which worlds were found; none if it does not.

    `told` is of `Worlds.told`, or None.
    """
    until = None if told is None else told.get("until")
    if told is None or until is None:
        return []
    last, end = date.fromisoformat(until), scenario.first_day(scenario.quarters) - timedelta(1)
    if end <= last:
        return []
    return [
        f"The worlds of '{told['ensemble']}' were found with runs to {last:%B %Y}; what follows, "
        f"to {end:%B %Y}, is a projection of rules, no forecast."
    ]


class Over(NamedTuple):
    """A scenario laid over worlds."""

    worlds: Worlds
    ready: Prepared
    laid: Laid

    def at(self, replicate: int) -> Prepared:
        """Return the scenario made ready in the world of a replicate."""
        return vary(self.ready, self.laid.values(self.worlds.world(replicate)))


def worlds_in(ensemble: str | Path | Ensemble | None) -> Worlds | None:
    """Return the worlds of an ensemble of the project or a file; None for none.

    Raises:
        InputError: there is no such ensemble.
    """
    if ensemble is None or ensemble == NONE:
        return None
    return Worlds(find_ensemble(ensemble))


def lucks_of(worlds: Worlds | None) -> int:
    """Return how many replicates are one value: one, or as many as a world has lucks."""
    return 1 if worlds is None else worlds.lucks


def worlds_again(told: Mapping[str, Any] | None, file: str) -> Worlds | None:
    """Return the worlds of a stored result; `told` is of `Worlds.told`, or None.

    `file` is the name or the path by which the ensemble was given.

    Raises:
        InputError: the ensemble is gone, or holds other sets now.
    """
    if told is None:
        return None
    found = find_ensemble(file or told["ensemble"])
    if found.digest != told["sets"]:
        raise InputError(
            f"the ensemble '{file or told['ensemble']}' holds other sets than when this was made: "
            "put the earlier file in its place, or ask anew"
        )
    return Worlds(found, told["lucks"])


def in_world(worlds: Worlds | None, base: Scenario, scenario: Scenario, replicate: int) -> Scenario:
    """Return a scenario with the numbers of the world of a replicate; as it is without worlds.

    Its title says which world.

    Raises:
        InputError: there is no such replicate.
    """
    if worlds is None:
        return scenario
    worlds.check_replicate(replicate)
    where = f"in world {worlds.world(replicate)} of '{worlds.ensemble.name}'"
    title = f"{scenario.title or scenario.name}, {where}"
    found = worlds.over(base, scenario).at(replicate).scenario
    return found.model_copy(update={"title": title})


def ready_in(worlds: Worlds | None, base: Scenario, scenario: Scenario, replicate: int) -> Prepared:
    """Return a scenario made ready in the world of a replicate, or at the numbers that it has."""
    return prepared(scenario) if worlds is None else worlds.over(base, scenario).at(replicate)


def ends_over(
    worlds: Worlds | None,
    base: Scenario,
    scenario: Scenario,
    seed: int,
    replicates: range,
    measures: Sequence[str] = (),
) -> Ends:
    """Return how each replicate of a scenario ends, over worlds or at the numbers that it has.

    `base` is the scenario that others are held against: what it sets is laid over each world.
    """
    if worlds is None:
        return ends_of(prepared(scenario), seed, replicates, measures)
    over = worlds.over(base, scenario)
    spans = worlds.spans(replicates)
    return joined([ends_of(over.at(span.start), seed, span, measures) for span in spans])


def joined(found: Sequence[Ends]) -> Ends:
    """Return how runs ended as one, in their order."""
    errors = {replicate: error for each in found for replicate, error in each.errors.items()}
    courses = {
        name: np.concatenate([each.courses[name] for each in found]) for name in found[0].courses
    }
    return Ends(np.concatenate([each.records for each in found]), errors, courses)
