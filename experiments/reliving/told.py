"""A run of a kept result that is to be told: its scenario as it is kept, and its seed."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ...sim.declared.scenario import Scenario
from ..stored.asked import user_tables
from ..stored.reading import read_record
from ..stored.rules import other_rules
from ..worlds import in_world
from .of_run import scenario_of, worlds_of
from .repeat import check_within


class ToTell(NamedTuple):
    """What it takes to live a run of a kept result again."""

    scenario: Scenario  # in the world of the replicate, where the result is over worlds
    seed: int
    changed: list[str]  # by what other rules it would be lived now


def run_of_result(folder: Path, replicate: int) -> ToTell:
    """Return a run of a result of councils run.

    Raises:
        InputError: it is of another kind or damaged, or has no such replicate.
    """
    record = read_record(folder, "run")
    check_within(replicate, record.asked["runs"], record.kind)
    scenario = scenario_of(folder, record)
    changed = other_rules(record, user_tables(scenario))
    found = in_world(worlds_of(record), scenario, scenario, replicate)
    return ToTell(found, record.asked["seed"], changed)
