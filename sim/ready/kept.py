"""A scenario made ready to run, and kept for whoever asks for it next: the one such store."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ..declared.scenario import Scenario, load
from .world import Prepared, prepare

MOST = 32
"""How many are kept: a worker of a study needs one for each policy and funding path."""


def as_scenario(scenario: str | Path | Scenario) -> Scenario:
    """Return the scenario of a name, of a path, or as it is."""
    return scenario if isinstance(scenario, Scenario) else load(scenario)


def prepared(scenario: str | Path | Scenario) -> Prepared:
    """Return the scenario made ready to run; kept for the next call with the same content.

    Raises:
        InputError: the scenario, or a council, county or table that it names, cannot be used.
    """
    return _kept(_Content(as_scenario(scenario)))


class _Content:
    """A scenario that equals another where all of it, and of the user's own tables, is the same."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.whole = (scenario.model_dump_json(), *scenario.contents().items())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and self.whole == other.whole

    def __hash__(self) -> int:
        return hash(self.whole)


@lru_cache(maxsize=MOST)
def _kept(content: _Content) -> Prepared:
    return prepare(content.scenario)
