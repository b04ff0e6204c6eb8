"""The same luck for two policies: equal until they part, and beyond a policy's reach for ever."""

import numpy as np
import pytest

from experiments.luck import OUTCOMES, POLICIES, SHOWN, finals, table, worth
from sim.batch import prepared
from sim.running import luck_of, run_arrays
from sim.scenario import from_document

ISLANDS = "[places]\nneighbours = 3\npartnerships = false\n[grants]\nfeasibility_pot = 0.0\n"
QUARTERS = 16


@pytest.fixture
def islands(country):
    """Two groups of five councils, too far apart to talk to each other."""
    rows = [
        {
            "easting_km": 300.0 + 10 * (k % 5) + 400.0 * (k // 5),
            "northing_km": 300.0 + 3.0 * (k % 2),
        }
        for k in range(10)
    ]
    scenario = country(*rows, text=ISLANDS, quarters=QUARTERS)
    pairs = prepared(scenario).blank.pairs
    here = prepared(scenario).table.x < 500
    assert all(here[pair.a] == here[pair.b] for pair in pairs)
    return scenario, here


@pytest.mark.parametrize("seed", range(6))
def test_councils_beyond_a_policys_reach_keep_their_draws(islands, seed):
    scenario, here = islands
    tree = scenario.document()
    tree["happening"] = [
        {"when": "2010-04-01", "council": "C1", "what": "chief_executive_leaves"},
        {"when": "2010-04-01", "council": "C2", "what": "control_changes", "control": "LAB"},
    ]
    tree["order"] = [{"when": "2011-04-01", "code": "N", "name": "New", "councils": ["C3", "C4"]}]
    one, two = (
        run_arrays(prepared(s), luck=luck_of(seed, 0)) for s in (scenario, from_document(tree))
    )
    for field in one.world.councils.dtype.names:
        if field in ("talks", "agreement", "identity"):
            continue  # rows in the book of deals and in the roll, not what they stand for
        a, b = one.world.councils[field], two.world.councils[field]
        assert a[~here].tobytes() == b[~here].tobytes(), field
    assert one.world.councils[here].tobytes() != two.world.councils[here].tobytes()
    ours = {int(k) for k, far in enumerate(~here) if far}
    told = [
        [(e["quarter"], e["kind"], e["council"], e["other"], e["value"], e["terms"].tobytes())
         for e in run.events if int(e["council"]) in ours]
        for run in (one, two)
    ]  # fmt: skip
    assert told[0] == told[1]


@pytest.mark.parametrize("policy", SHOWN)
def test_before_the_first_change_every_bit_is_the_same(policy):
    one, two = (
        run_arrays(prepared(s), luck=luck_of(3, 1))
        for s in ("norfolk", POLICIES / f"{policy}.toml")
    )
    assert one.record[:4].tobytes() == two.record[:4].tobytes()
    assert one.record[4:].tobytes() != two.record[4:].tobytes()


@pytest.mark.parametrize("correlation", [0.0, 0.9])
def test_the_worth_of_pairing_is_what_it_is_known_to_be(correlation):
    chance = np.random.Generator(np.random.Philox(7))
    base, other, apart = chance.normal(size=(3, 4000))
    paired = correlation * base + np.sqrt(1 - correlation**2) * other + 1.0
    found = worth("gap", base, paired, apart)
    assert found.low < 1 / (1 - correlation) < found.high
    assert found.difference == pytest.approx(1.0, abs=0.1)
    assert found.correlation == pytest.approx(correlation, abs=0.05)


def test_pairing_saves_runs_for_every_main_outcome():
    for row in table("set-up-grants", 120):
        assert row.outcome in OUTCOMES
        assert row.low > 1.0


def test_the_last_quarter_is_what_is_compared():
    rows = finals("norfolk-seven", range(3))
    assert len(rows) == 3
    whole = run_arrays(prepared("norfolk-seven"), luck=luck_of(1, 2))
    assert rows[2]["net_saving"] == whole.record[-1]["net_saving"]
