"""Which dated parts of a scenario moved not one bit: looked for by living a few runs without them.

A lever can be inert for a reason that no reading shows: nobody asked for the grant that it offers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...sim.declared.scenario import Scenario
from ...sim.errors import InputError
from ...sim.ready.kept import prepared
from ...sim.running import luck_of, run_arrays
from ..words import count

LIVED = 3
"""So many runs are lived again without each part."""
LARGE = 1000
"""With more councils, one run is."""
PARTS = ("change", "happening", "order")


def idle_parts(scenario: Scenario, *, seed: int, runs: int) -> list[str]:
    """Return in words each dated part within the run that moved not one bit.

    Those are [[change]], [[happening]] and [[order]]; an order that others need, such as one of the
    shares of a county, is none.
    """
    many = len(prepared(scenario).table.code) > LARGE
    replicates = range(min(runs, 1 if many else LIVED))
    dated = [
        (kind, fact)
        for kind in PARTS
        for fact in getattr(scenario, kind)
        if scenario.quarter_of(fact.when) < scenario.quarters
    ]
    if not dated:
        return []
    whole = _bits(scenario, seed, replicates)
    return [
        f"{_named(kind, fact)} moved not one bit in {_where(replicates)}"
        for kind, fact in dated
        if _bits_without(scenario, kind, fact, seed, replicates) == whole
    ]


def _bits_without(
    scenario: Scenario, kind: str, fact: Any, seed: int, replicates: Sequence[int]
) -> list[bytes] | None:
    """Return the bits of runs without one part, None where the scenario cannot be without it."""
    try:
        return _bits(_without(scenario, kind, fact), seed, replicates)
    except InputError:
        return None


def _without(scenario: Scenario, kind: str, fact: Any) -> Scenario:
    kept = [each for each in getattr(scenario, kind) if each is not fact]
    return scenario.model_copy(update={kind: kept})


def _bits(scenario: Scenario, seed: int, replicates: Sequence[int]) -> list[bytes]:
    """Return everything that some runs measured, and how they left councils and pairs."""
    ready, found = prepared(scenario), []
    for replicate in replicates:
        raw = run_arrays(ready, luck=luck_of(seed, replicate), events=False)
        for array in (raw.record, raw.world.councils, raw.world.pairs):
            found += [array[name].tobytes() for name in array.dtype.names or ()]  # no padding
    return found


def _named(kind: str, fact: Any) -> str:
    if kind == "change":
        said = ", ".join(f"{name} = {value!r}" for name, value in fact.set.items())
        return f"[[change]] of {fact.when} ({said})"
    if kind == "order":
        return f"[[order]] {fact.name} of {fact.when}"
    return f"[[happening]] to {fact.council} of {fact.when} ({fact.what})"


def _where(replicates: Sequence[int]) -> str:
    many = len(replicates)
    return "the first run" if many == 1 else f"the first {count(many, 'run')}"
