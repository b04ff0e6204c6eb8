"""How fast it is, measured here and now: the engine against the plain model, on the same work.

Machines differ and are never quiet, so the two are timed in one process, turn by turn, and what is
reported is their ratio with its spread.
"""

from __future__ import annotations

import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments.terminal import say, say_json, show_table
from sim.core.world import FIELDS
from sim.machine import engine
from sim.running import Raw, begin, go_on, luck_of
from sim.scenario import Scenario, from_document, load
from sim.world import Prepared, prepare

SEED = 1
WHOLE = 24  # quarters


class Country(NamedTuple):
    """A world to be timed: its name, its councils, and what the plain model has time for."""

    name: str
    councils: int
    quarters: int
    turns: int


COUNTRIES = (
    Country("norfolk-seven", 7, 24, 7),
    Country("england", 353, 24, 3),
    Country("synthetic", 3_000, 4, 3),
    Country("synthetic", 36_000, 2, 2),
)
GROWTH = (353, 3_000, 36_000)
PLAN = """
title = "Two workers against one"
scenario = "norfolk"
replicates = {replicates}
[design]
kind = "grid"
[levers]
"grants.setup_pot" = {{ values = [0.0, 1.0, 2.0, 3.0] }}
"""
Watch = Callable[[str], None]


class Ratio(NamedTuple):
    """Seconds of both on the same quarters, and how many times faster the engine was, each turn."""

    name: str
    councils: int
    quarters: int
    engine: float  # seconds, median
    plain: float  # seconds, median
    ratio: float  # median over turns
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


def seconds(work: Callable[[], Any]) -> float:
    """Return how long something takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def race(country: Country, watch: Watch) -> Ratio:
    """Time the engine and the plain model on the same quarters, turn by turn."""
    from sim.plain import PlainModel

    scenario = scenario_of(country.name, country.councils, country.quarters)
    ready = prepare(scenario)
    luck = luck_of(SEED, 0)
    first_day = go_on(begin(ready), ready, luck=luck, until=0)
    turns = []
    for turn in range(country.turns):
        watch(f"{country.name}, {country.councils:,} councils, turn {turn + 1}")
        slow = PlainModel(scenario, seed=SEED)
        fast = min(seconds(lambda: go_on(first_day, ready, luck=luck)) for _ in range(3))
        turns.append((fast, seconds(slow.run)))
    fast_ones, slow_ones = zip(*turns, strict=True)
    ratios = sorted(slow / fast for fast, slow in turns)
    middle = float(np.median(ratios))
    return Ratio(
        *country[:3], float(np.median(fast_ones)), float(np.median(slow_ones)),
        middle, ratios[0], ratios[-1],
    )  # fmt: skip


def growth(watch: Watch) -> dict[str, Any]:
    """Return what a council and quarter cost in countries of several sizes, and the exponent."""
    costs, state = {}, {}
    for councils in GROWTH:
        watch(f"growth, {councils:,} councils")
        ready = prepare(scenario_of("synthetic", councils, WHOLE))
        whole = min(seconds(lambda r=ready: _live(r)) for _ in range(5 if councils < 10_000 else 2))  # type: ignore[misc]
        costs[councils] = whole / (councils * WHOLE)
        state[councils] = sum(getattr(ready.blank, name).nbytes for name in FIELDS) / 2**20
    least, most = GROWTH[0], GROWTH[-1]
    exponent = 1 + math.log(costs[most] / costs[least]) / math.log(most / least)
    return {
        "microseconds_per_council_quarter": {n: 1e6 * c for n, c in costs.items()},
        "council_quarters_per_second": {n: 1 / c for n, c in costs.items()},
        "exponent": exponent,
        "state_megabytes": state,
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _live(ready: Prepared) -> Raw:
    return go_on(begin(ready), ready, luck=luck_of(SEED, 0), events=False)


def compile_seconds() -> float:
    """Return how long it takes to compile the rules where they were never compiled."""
    ready = prepare(load("norfolk-seven", quarters=1))
    record = begin(ready).record
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "rules.o"
        return seconds(lambda: engine.make(place, ready.theory.dtype, record.dtype))


def start(turns: int = 7) -> dict[str, float]:
    """Return seconds of a warm `councils run` of one run, and of an empty `import numpy`."""
    runs, empty = [], []
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "experiments", "run", "norfolk", "--runs", "1"]
        for turn in range(turns + 1):
            out = str(Path(folder) / str(turn))
            runs.append(seconds(lambda o=out: _quiet([*command, "--no-figures", "--out", o])))  # type: ignore[misc]
            empty.append(seconds(lambda: _quiet([sys.executable, "-c", "import numpy"])))
    ours, theirs = float(np.median(runs[1:])), float(np.median(empty[1:]))
    return {"command": ours, "import_numpy": theirs, "ratio": ours / theirs}


def _quiet(command: list[str]) -> None:
    root = str(Path(__file__).parents[1])
    paths = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = os.environ | {"PYTHONPATH": paths}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as it is where people install it
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)


def workers(runs: int = 4000) -> dict[str, float]:
    """Return the runs a second of one and of two workers, what it takes to start left out."""
    rates = {}
    for number in (1, 2):
        few, many = (_sweep_seconds(number, size) for size in (runs, 3 * runs))
        rates[number] = 2 * runs / (many - few)
    return {"one": rates[1], "two": rates[2], "ratio": rates[2] / rates[1]}


def _sweep_seconds(number: int, runs: int) -> float:
    """Return how long a study of Norfolk takes with so many workers."""
    from experiments.studies.sweep import sweep

    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "plan.toml"
        plan.write_text(PLAN.format(replicates=runs // 4), encoding="utf-8")
        return seconds(lambda: sweep(plan, out=Path(folder) / "study", workers=number))


def bench(watch: Watch, *, countries: tuple[Country, ...] = COUNTRIES) -> dict[str, Any]:
    """Measure everything and return it, ready for JSON."""
    watch("compiling the rules anew")
    found: dict[str, Any] = {"compile_seconds": compile_seconds()}
    watch("starting warm")
    found["start"] = start()
    watch("two workers against one")
    found["workers"] = workers()
    found["growth"] = growth(watch)
    found["races"] = [race(country, watch)._asdict() for country in countries]
    return found


def show_bench(found: dict[str, Any], *, as_json: bool) -> None:
    """Write what was measured."""
    if as_json:
        say_json(found)
        return
    _show_races(found["races"])
    _show_growth(found["growth"])
    begun, pace = found["start"], found["workers"]
    say(f"Compiling the rules, once: {found['compile_seconds']:.0f} s.")
    say(
        f"A warm `councils run norfolk --runs 1 --no-figures`: {begun['command']:.2f} s, "
        f"{begun['ratio']:.1f} times `python -c 'import numpy'`."
    )
    say(f"Two workers: {pace['ratio']:.2f} times the runs of one ({pace['one']:.0f} a second).")


def _show_races(races: list[dict[str, Any]]) -> None:
    headings = ("Councils", "Quarters", "Engine", "Plain model", "Ratio", "Spread")
    rows = [
        (
            f"{race['councils']:,}",
            str(race["quarters"]),
            f"{1e3 * race['engine']:.3g} ms",
            f"{race['plain']:.3g} s",
            f"{race['ratio']:.0f}",
            f"{race['low']:.0f} to {race['high']:.0f}",
        )
        for race in races
    ]
    title = "The engine against the plain model, one core, turn by turn"
    show_table(title, dict.fromkeys(headings, "right"), rows)


def _show_growth(larger: dict[str, Any]) -> None:
    headings = ("Councils", "A council-quarter", "Council-quarters a second", "State")
    costs = larger["microseconds_per_council_quarter"]
    rows = [
        (f"{n:,}", f"{cost:.2f} us", f"{1e6 / cost:,.0f}", f"{larger['state_megabytes'][n]:.1f} MB")
        for n, cost in costs.items()
    ]
    show_table("The engine as the country grows", dict.fromkeys(headings, "right"), rows)
    say(f"Exponent of growth {GROWTH[0]} to {GROWTH[-1]:,}: {larger['exponent']:.3f}.")
    say(f"Peak memory of this process: {larger['peak_megabytes']:.0f} MB.")
