"""What a result answers: a scenario, a seed, a number of runs, and the code and data used."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from ...sim.declared.scenario import Scenario
from ...sim.identity import code_fingerprint, data_hashes
from ..stored.asked import SHORT, fingerprint, user_tables
from ..stored.events import ALL, HAPPENED, Kept
from ..worlds import Worlds, lucks_of


class Experiment(NamedTuple):
    """What is to be run."""

    scenario: Scenario
    seed: int
    runs: int
    worlds: Worlds | None = None  # in which worlds; none for the numbers as the scenario has them
    events: Kept = HAPPENED  # how much of the events of the runs is kept

    @property
    def lucks(self) -> int:
        """How many runs are one value of what is told: one, or as many as a world has lucks."""
        return lucks_of(self.worlds)

    def asked(self) -> dict[str, Any]:
        """Return everything that decides the tables, ready for JSON."""
        return {
            "scenario": self.scenario.fingerprint(),
            "seed": self.seed,
            "runs": self.runs,
            **({} if self.worlds is None else {"worlds": self.worlds.told()}),
            **({} if self.events == ALL else {"events": self.events}),
            "code": code_fingerprint(),
            "data": data_hashes() | user_tables(self.scenario),
        }

    def folder_name(self, asked: dict[str, Any]) -> str:
        """Return the name of the folder in which the result is stored unless told otherwise."""
        name = re.sub(r"[^\w.-]+", "-", self.scenario.name)
        return f"{name}-seed{self.seed}-runs{self.runs}-{fingerprint(asked)[:SHORT]}"
