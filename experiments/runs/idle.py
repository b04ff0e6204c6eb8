"""Which dated parts of a scenario moved not one bit: looked for by living a few runs without them.

A lever can be inert for a reason that no reading shows: nobody asked for the grant that it offers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ...sim.declared.scenario import Scenario
from ...sim.errors import InputError
from ...sim.ready.kept import prepared
from ...sim.running import luck_of, run_arrays
from ..words import count
from ..worlds import Worlds, ready_in

LIVED = 3
"""So many runs are lived again without each part."""
LARGE = 1000
"""With more councils, one run is."""
PARTS = ("change", "happening", "order")


def idle_parts(
    scenario: Scenario, *, seed: int, runs: int, worlds: Worlds | None = None
) -> list[str]:
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
    lives = Lives(scenario, seed, replicates, worlds)
    whole = _bits(lives, scenario)
    return [
        f"{_named(kind, fact)} moved not one bit in {_where(replicates)}"
        for kind, fact in dated
        if _bits_without(lives, kind, fact) == whole
    ]


class Lives(NamedTuple):
    """Which runs are lived: of which scenario, and in which worlds."""

    scenario: Scenario
    seed: int
    replicates: range
    worlds: Worlds | None


def _bits_without(lives: Lives, kind: str, fact: Any) -> list[bytes] | None:
    """Return the bits of runs without one part, None where the scenario cannot be without it."""
    try:
        return _bits(lives, _without(lives.scenario, kind, fact))
    except InputError:
        return None


def _without(scenario: Scenario, kind: str, fact: Any) -> Scenario:
    kept = [each for each in getattr(scenario, kind) if each is not fact]
    return scenario.model_copy(update={kind: kept})


def _bits(lives: Lives, scenario: Scenario) -> list[bytes]:
    """Return everything that some runs measured, and how they left councils and pairs."""
    found = []
    for replicate in lives.replicates:
        ready = ready_in(lives.worlds, lives.scenario, scenario, replicate)
        raw = run_arrays(ready, luck=luck_of(lives.seed, replicate), events=False)
        for array in (raw.record, raw.world.councils, raw.world.pairs):
            found += [array[name].tobytes() for name in array.dtype.names or ()]  # no padding
    return found


def _named(kind: str, fact: Any) -> str:
    if kind == "change":
        said = ", ".join(f"{name} = {value!r}" for name, value in fact.set.items())
        return f"[[change]] of {fact.when} ({said})"
    if kind == "order":
        return f"[[order]] {fact.name} of {fact.when}"
    about = "" if fact.partner is None else f" to {fact.partner} about {fact.scope}"
    return f"[[happening]] to {fact.council} of {fact.when} ({fact.what}{about})"


def _where(replicates: Sequence[int]) -> str:
    many = len(replicates)
    return "the first run" if many == 1 else f"the first {count(many, 'run')}"
