"""The engine against the plain model, on the same quarters, turn by turn."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ...sim.declared.scenario import Scenario, from_document, load
from ...sim.ready.world import prepare
from ...sim.running import begin, go_on, luck_of

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
    """Time the engine and the plain model on the same quarters, turn by turn."""
    from ...sim.plain import PlainModel

    scenario = scenario_of(country.name, country.councils, country.quarters)
    ready = prepare(scenario)
    luck = luck_of(SEED, 0)
    first_day = go_on(begin(ready), ready, luck=luck, until=0)  # loads the rules
    PlainModel(load("norfolk-seven", quarters=2), seed=SEED).run()  # loads what it loads when used
    turns = []
    for turn in range(country.turns):
        watch(f"{country.name}, {country.councils:,} councils, turn {turn + 1}")
        slow = PlainModel(scenario, seed=SEED)
        fast = seconds(lambda: go_on(first_day, ready, luck=luck), ENGINE_RUNS)
        turns.append((fast, seconds(slow.run)))
    fast_ones, slow_ones = zip(*turns, strict=True)
    middle, low, high = spread([slow / fast for fast, slow in turns])
    return Ratio(
        *country[:3], float(np.median(fast_ones)), float(np.median(slow_ones)), middle, low, high
    )


def spread(values: list[float]) -> tuple[float, float, float]:
    """Return the median of some values, the least, and the most."""
    return float(np.median(values)), min(values), max(values)


def spread_told(values: list[float]) -> dict[str, float]:
    """Return the same, each by its name."""
    middle, low, high = spread(values)
    return {"median": middle, "low": low, "high": high}
