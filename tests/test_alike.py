"""A true nought or one is no remainder of rounding: indices of small countries, in both models."""

import pytest

from sim.declared.measures import BOUNDS, MEASURES
from sim.plain import PlainModel
from sim.tables.batch import simulate

EAGER = ["search.base_management=2", "search.base_service=2", "weighing.strangers=0",
         "talks.pace=0.9", "talks.pace_service=0.9"]  # fmt: skip
INDICES = [m for m in MEASURES if BOUNDS[m.range] in ((0.0, 1.0), (-1.0, 1.0))]
ALL_ALIKE = ["culture.spread=0", "reorganisation.stance=none"]  # a merger is larger than the rest
LIKENESS = ["alike_size", "alike_culture"]
ODD = {"population": 123457, "budget_gbp_m": 13.7, "band_d": 201.37}
COUNTRIES = {
    "two alike": [{}] * 2,
    "five alike": [{}] * 5,
    "odd and alike": [ODD] * 5,
    "unlike": [{"population": 100_000 + 7919 * k, "band_d": 200.1 + k} for k in range(5)],
}
WORLDS = {
    "eager": EAGER,
    "breaking up": [*EAGER, "endings.young=0.9", "endings.service=0.6"],
    "growing together": [*EAGER, "agreements.converge=1"],
    "merging": [*EAGER, "merger.base=5", "merger.interest=3", "search.merger=1",
                "reorganisation.stance=voluntary"],
}  # fmt: skip


def lives(scenario, seed):
    """Return the quarters of a run as both models live it."""
    yield simulate(scenario, seed=seed).quarters
    yield PlainModel(scenario, seed=seed, replicate=0).run().quarters


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("councils", [COUNTRIES["five alike"], COUNTRIES["odd and alike"]])
def test_where_all_councils_are_alike_partners_are_neither_like_nor_unlike(country, councils, seed):
    scenario = country(*councils, sets=[*EAGER, *ALL_ALIKE], quarters=24)
    for quarters in lives(scenario, seed):
        assert quarters["degree"].max() > 1
        assert (quarters[LIKENESS] == 0.0).all(axis=None)


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("councils", COUNTRIES)
def test_an_index_is_in_its_range_and_misses_no_end_of_it_by_rounding(country, councils, world):
    scenario = country(*COUNTRIES[councils], sets=WORLDS[world], quarters=24)
    for quarters in lives(scenario, 2):
        for measure in INDICES:
            values, (low, high) = quarters[measure.name], BOUNDS[measure.range]
            assert values.dropna().between(low, high).all(), measure.name
            for end in (-1.0, 0.0, 1.0):
                missed = values[(values != end) & ((values - end).abs() < 1e-9)]
                assert missed.empty, (measure.name, missed.tolist())
