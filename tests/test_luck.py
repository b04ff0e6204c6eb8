"""The same luck for two policies: equal until they part, and beyond a policy's reach for ever."""

import random

import numpy as np
import pytest

from experiments.luck import OUTCOMES, POLICIES, SHOWN, finals, table, worth
from sim.declared.parameters import declarations
from sim.declared.scenario import from_document, load
from sim.ready.kept import prepared
from sim.running import begin, go_on, luck_of, run_arrays

ISLANDS = "[places]\nneighbours = 3\npartnerships = false\n[grants]\nfeasibility_pot = 0.0\n"
QUARTERS = 16
NO_POTS = {"grants.feasibility_pot": 0.0, "grants.setup_pot": 0.0}


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


WORLDS = ("councils", "pairs", "deals", "live", "roll", "tally", "near", "across")
"""The arrays that hold the state of a run."""
LEVERS = {
    d.name: d.plausible
    for d in declarations()
    if d.plausible and not d.once and d.name[:4] != "tax."
}


def drawn_changes(luck, scenario, first):
    """Return dated changes of any declared numbers, the first of them in quarter `first`."""
    quarters = [first, *(luck.randrange(first, QUARTERS) for _ in range(luck.randrange(3)))]
    names = [luck.sample(sorted(LEVERS), luck.choice([1, 3, 20])) for _ in quarters]
    return [
        {"when": scenario.first_day(quarter), "set": {n: luck.uniform(*LEVERS[n]) for n in some}}
        for quarter, some in zip(quarters, names, strict=True)
    ]


def drawn_meddling(luck, scenario):
    """Return happenings and orders to some of the first five councils."""

    def day():
        return scenario.first_day(luck.randrange(1, QUARTERS))

    happenings = [
        {"when": day(), "council": f"C{luck.randrange(5)}", "what": what}
        for what in luck.choices(("chief_executive_leaves", "control_changes"), k=3)
    ]
    named = [f"C{k}" for k in luck.sample(range(5), luck.randint(2, 4))]
    return {"happening": happenings,
            "order": [{"when": day(), "code": "N", "name": "New", "councils": named}]}  # fmt: skip


def told(run, ours):
    """Return the events of some councils, but for the numbers of deals."""
    return [
        (e["quarter"], e["kind"], e["council"], e["other"], e["value"], e["terms"].tobytes())
        for e in run.events
        if int(e["council"]) in ours
    ]


@pytest.mark.parametrize("number", range(24))
def test_councils_beyond_a_policys_reach_keep_their_draws(islands, number):
    """Two random policies, each with happenings and orders of its own on one island."""
    scenario, here = islands
    luck = random.Random(number)
    changes = drawn_changes(luck, scenario, luck.randrange(1, QUARTERS))
    no_pots = [{"when": scenario.start, "set": NO_POTS}]
    for change in changes:
        change["set"] |= NO_POTS  # a pot is what binds two ends of a country
    seed = luck.randrange(2**32)
    one, two = (
        run_arrays(prepared(from_document(scenario.document() | drawn_meddling(luck, scenario)
                                          | {"change": no_pots + changes})),
                   luck=luck_of(seed, number))
        for _ in range(2)
    )  # fmt: skip
    for field in one.world.councils.dtype.names:
        if field in ("talks", "agreement", "identity"):
            continue  # rows in the book of deals and in the roll, not what they stand for
        a, b = one.world.councils[field], two.world.councils[field]
        assert a[~here].tobytes() == b[~here].tobytes(), field
    far = ~here[one.world.pairs.a]
    for field in one.world.pairs.dtype.names:
        a, b = one.world.pairs[field], two.world.pairs[field]
        assert a[far].tobytes() == b[far].tobytes(), field
    assert one.world.councils[here].tobytes() != two.world.councils[here].tobytes()
    ours = {int(k) for k, far in enumerate(~here) if far}
    assert told(one, ours) == told(two, ours)


@pytest.mark.parametrize("policy", SHOWN)
def test_before_the_first_change_every_bit_is_the_same(policy):
    one, two = (
        run_arrays(prepared(s), luck=luck_of(3, 1))
        for s in ("norfolk", POLICIES / f"{policy}.toml")
    )
    assert one.record[:4].tobytes() == two.record[:4].tobytes()
    assert one.record[4:].tobytes() != two.record[4:].tobytes()


@pytest.mark.parametrize("number", range(24))
def test_random_pairs_of_policies_are_one_life_until_they_part(number):
    """Record, events and the whole state have the same bits up to the first change."""
    luck = random.Random(number)
    base = load(luck.choice(["norfolk-seven", "norfolk", "synthetic"]), quarters=QUARTERS)
    if base.name == "synthetic":
        places = base.places.model_copy(update={"number": 12, "draw": number})
        base = base.model_copy(update={"places": places})
    parting = luck.randrange(1, QUARTERS)
    seed, replicate = luck.randrange(2**32), luck.randrange(5)
    sides = [
        prepared(from_document(base.document() | {"change": drawn_changes(luck, base, parting)}))
        for _ in range(2)
    ]
    key = luck_of(seed, replicate)
    one, two = (go_on(begin(side), side, luck=key, until=parting) for side in sides)
    assert one.record.tobytes() == two.record.tobytes()
    assert one.events.tobytes() == two.events.tobytes()
    for name in WORLDS:
        mine, theirs = getattr(one.world, name), getattr(two.world, name)
        for field in mine.dtype.names or [None]:
            a, b = (x if field is None else x[field] for x in (mine, theirs))
            assert a.tobytes() == b.tobytes(), (name, field)
    ends = [run_arrays(side, luck=key) for side in sides]
    for begun, end in zip((one, two), ends, strict=True):  # a whole life begins with the same bits
        assert end.record[:parting].tobytes() == begun.record[:parting].tobytes()
        assert end.events[: begun.happened].tobytes() == begun.events.tobytes()


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
