"""One run of a kept result lived again: its outcomes, or the error that it raises."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ...sim.declared.measures import as_columns
from ...sim.declared.scenario import Scenario
from ...sim.errors import InputError
from ...sim.measured import measured
from ...sim.proof import relive
from ...sim.ready.world import Prepared
from ...sim.running import luck_of
from ..stored.record import WHAT, Kind, Record
from ..worlds import Worlds, ready_in
from .of_comparison import scenarios_of
from .of_run import scenario_of, worlds_of

Outcomes = dict[str, float]


class Repeated(NamedTuple):
    """A run lived again, under each scenario that it is about."""

    about: dict[str, Any]  # which run it is
    sides: dict[str, Outcomes]  # by what the outcomes are of
    document: dict[str, Any]  # all of that, ready for JSON


def repeat_run(folder: Path, record: Record, replicate: int) -> Repeated:
    """Live a replicate of the runs of a scenario again; what it raises is raised."""
    check_within(replicate, record.asked["runs"], record.kind)
    scenario, seed = scenario_of(folder, record), record.asked["seed"]
    worlds = worlds_of(record)
    outcomes = _lived(ready_in(worlds, scenario, scenario, replicate), seed, replicate)
    about = {"scenario": scenario.name, "seed": seed, "replicate": replicate}
    about |= _world(worlds, replicate)
    return Repeated(about, {"Value": outcomes}, about | outcomes)


def repeat_comparison(folder: Path, record: Record, replicate: int) -> Repeated:
    """Live a replicate of a comparison again, under the base and under each policy."""
    many = max(int(row["replicates"]) for row in record.answer["results"])
    check_within(replicate, many, record.kind)
    base, *policies = scenarios_of(folder, record)
    seed = record.asked["seed"]
    worlds = worlds_of(record)

    def lived(scenario: Scenario) -> Outcomes:
        return _lived(ready_in(worlds, base, scenario, replicate), seed, replicate)

    before = lived(base)
    after = {each.name: lived(each) for each in policies}
    less = {
        name: {key: value - before[key] for key, value in outcomes.items()}
        for name, outcomes in after.items()
    }
    about = {"base": base.name, "seed": seed, "replicate": replicate} | _world(worlds, replicate)
    sides = {f"Base: {base.name}": before}
    for name, outcomes in after.items():
        sides |= {name: outcomes, f"{name} less base": less[name]}
    document = about | {"base_outcomes": before, "policies": after, "differences": less}
    return Repeated(about, sides, document)


def repeat_file(path: Path) -> Repeated:
    """Live the run of a shared file again; say whether it is the run of the file's proof."""
    lived = relive(path)
    proof = lived.proven.proof
    outcomes = _finals(lived.raw.record)
    about = {"scenario": lived.scenario.name, "seed": proof.seed, "replicate": proof.replicate,
             "same": lived.proven.same}  # fmt: skip
    return Repeated(about, {"Value": outcomes}, about | outcomes)


def _world(worlds: Worlds | None, replicate: int) -> dict[str, Any]:
    """Return in which world of which ensemble a replicate is lived."""
    if worlds is None:
        return {}
    return {"ensemble": worlds.ensemble.name, "world": worlds.world(replicate)}


def check_within(replicate: int, many: int, kind: Kind) -> None:
    """Refuse a replicate that a result does not have."""
    if not 0 <= replicate < many:
        raise InputError(f"--replicate is {replicate}: the {WHAT[kind]} has 0 to {many - 1}")


def _lived(ready: Prepared, seed: int, replicate: int) -> Outcomes:
    luck = luck_of(seed, replicate)
    return _finals(measured(ready, luck=luck, last=True))


def _finals(record: np.ndarray) -> Outcomes:
    return {name: float(np.asarray(column)[0]) for name, column in as_columns(record[-1:]).items()}
