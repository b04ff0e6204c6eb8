"""The logarithms of rates in force, each in its place."""

import math

import pytest

from sim.core import state as s

RATES = {
    s.SEEK_MANAGEMENT: "search_base_management",
    s.SEEK_SERVICE: "search_base_service",
    s.SEEK_VACANT: "search_vacancy",
    s.SEEK_STRATEGY: "search_strategy",
    s.SEEK_RESOLVED: "search_resolve",
    s.SEEK_DOORSTEP: "search_doorstep",
    s.SEEK_MERGER: "search_merger",
    s.END_SERVICE: "endings_service",
    s.END_YOUNG: "endings_young",
    s.END_SETTLED: "endings_settled",
    s.END_OLD: "endings_old",
    s.END_CONTROL: "endings_new_control",
    s.END_CHIEF: "endings_chief_left",
    s.END_TIER: "endings_tier",
}


def test_each_rate_has_its_logarithm_in_its_place(rules, typical):
    world, p = typical({}, {})
    for k, name in enumerate(RATES.values()):
        setattr(p, name, 2.0 + k)
    p.support_matchmaking, p.search_introduced = 0.6, 1.5
    rules.rates.take_rates(world, p)
    logs = world.tally[0].logs
    assert [logs[place] for place in RATES] == pytest.approx([math.log(2 + k) for k in range(14)])
    # Three fifths of the way to the multiple that a service at full strength has.
    assert logs[s.SEEK_MATCHED] == pytest.approx(math.log(1.3))
    assert len(RATES) + 1 == s.LOGS
