"""The engine against the plain model, on the same quarters, turn by turn."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ...sim.declared.scenario import Scenario, from_document, load
from ...sim.measured import measured
from ...sim.ready.world import prepare
from ...sim.running import luck_of, run_arrays

SEED = 1
ENGINE_RUNS = 3
"""Runs of the engine in a turn; the plain model has one. Of both the mean counts."""


class Country(NamedTuple):
    """A world to be timed: its name, its councils, and what the plain model has time for."""

    name: str
    councils: int
    quarters: int
    turns: int


class Ratio(NamedTuple):
    """Seconds of both on the same quarters, and how many times faster the engine was, each turn."""

    name: str
    councils: int
    quarters: int
    engine: float  # seconds, median of turns
    plain: float  # seconds, median of turns
    ratio: float  # median of turns
    low: float
    high: float
    kept: float  # the same ratio where the engine's world is kept, median of turns


def scenario_of(name: str, councils: int, quarters: int) -> Scenario:
    """Return a shipped scenario of so many quarters; synthetic ones of so many councils."""
    loaded = load(name, quarters=quarters)
    if name != "synthetic":
        return loaded
    document = loaded.document()
    document["places"]["number"] = councils
    return from_document(document)


def seconds(work: Callable[[], Any], times: int = 1) -> float:
    """Return how long something takes: the mean of so many times."""
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times


def race(country: Country, watch: Callable[[str], None]) -> Ratio:
    """Time the engine and the plain model on the same quarters, turn by turn.

    Both measure every quarter. The engine lives them as a study does, the first day included; what
    the plain model takes for its first day is not counted.
    """
    from ...sim.plain import PlainModel

    scenario = scenario_of(country.name, country.councils, country.quarters)
    ready = prepare(scenario)
    luck = luck_of(SEED, 0)
    measured(ready, luck=luck)  # loads the rules
    PlainModel(load("norfolk-seven", quarters=2), seed=SEED).run()  # loads what it loads when used
    turns = []
    for turn in range(country.turns):
        watch(f"{country.name}, {country.councils:,} councils, turn {turn + 1}")
        slow = PlainModel(scenario, seed=SEED)
        fast = seconds(lambda: measured(ready, luck=luck), ENGINE_RUNS)
        kept = seconds(lambda: run_arrays(ready, luck=luck, events=False), ENGINE_RUNS)
        turns.append((fast, kept, seconds(slow.run)))
    fasts, _, slows = zip(*turns, strict=True)
    ratios = spread([slow / fast for fast, _, slow in turns])
    against_kept = float(np.median([slow / kept for _, kept, slow in turns]))
    return Ratio(*country[:3], spread(fasts)[0], spread(slows)[0], *ratios, against_kept)


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the median of some values, the least, and the most."""
    return float(np.median(values)), min(values), max(values)


def spread_told(values: list[float]) -> dict[str, float]:
    """Return the same, each by its name."""
    middle, low, high = spread(values)
    return {"median": middle, "low": low, "high": high}
