"""The run that the page begins with where nobody asks for another: it tells the founding story."""

from __future__ import annotations

from typing import NamedTuple


class Famous(NamedTuple):
    """A run that was picked for what happens in it, and what a room is told of that."""

    scenario: str
    seed: int
    replicate: int
    words: str


FAMOUS = Famous(
    "norfolk",
    1,
    25,
    "In the summer of 2010 South Norfolk walks away from Breckland over culture; by early 2012 "
    "Breckland shares its management with South Holland. This run was picked: about one in thirty "
    "has the first.",
)


def run_to_begin(scenario: str, seed: int | None, replicate: int | None) -> tuple[int, int, str]:
    """Return seed and replicate of the run to begin with, and what is worth watching in it."""
    if scenario == FAMOUS.scenario and seed is None and replicate is None:
        return FAMOUS.seed, FAMOUS.replicate, FAMOUS.words
    return 1 if seed is None else seed, replicate or 0, ""
