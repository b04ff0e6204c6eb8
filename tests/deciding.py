"""Scenarios that decide for councils at random: seldom what they would do themselves."""

from __future__ import annotations

import random

from sim.declared.catalogue import SCOPES
from sim.declared.reading import lay_over
from sim.declared.scenario import DECISIONS, Scenario, from_document, load
from sim.ready.kept import prepared


def decided_at_random(name: str, *, seed: int, quarters: int, sets=()) -> Scenario:
    """Return a scenario in which every council is told something about each other and scope."""
    plain = load(name, sets=sets, quarters=quarters)
    codes, luck = prepared(plain).table.code, random.Random(seed)
    told = [
        {
            "when": plain.first_day(luck.randrange(quarters)), "council": a, "partner": b,
            "scope": scope, "what": luck.choice(DECISIONS),
        }
        for a in codes for b in codes if a != b for scope in SCOPES for _ in range(quarters // 4)
    ]  # fmt: skip
    return from_document(lay_over(plain.document(), {"happening": told}))
