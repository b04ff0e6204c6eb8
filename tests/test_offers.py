"""What grants do over whole runs: only whom they can pay, and the more, the more they pay."""

import pytest

from sim.declared.reading import lay_over
from sim.declared.scenario import from_document, load
from sim.ready.kept import prepared
from sim.running import luck_of, run_arrays
from sim.tables.batch import simulate

EAST = {"counties": ["Norfolk", "Suffolk", "Essex"]}


def lived(scenario, seed):
    """Return what came of a run: quarters and events, as bytes."""
    raw = run_arrays(prepared(scenario), luck=luck_of(seed, 0))
    record = raw.record.copy()
    record["pot_empty"] = 0.0  # of the pot alone, not of the world
    return record.tobytes(), raw.events.tobytes()


def east(*sets):
    """Return the districts of three counties, with some numbers set."""
    document = load("england-districts", sets=sets).document()
    return from_document(lay_over(document, {"places": EAST}))


@pytest.mark.parametrize("closed", ["grants.feasibility_pot=0", "grants.feasibility_limit=9"])
def test_where_no_study_is_paid_a_staged_pot_changes_not_a_bit(closed):
    """Only who had a study paid may bid, and nobody can get that: nobody is attracted."""
    without, offered = (east("grants.staged=1", closed, f"grants.setup_pot={n}") for n in (0, 20))
    for seed in range(1, 6):
        assert lived(without, seed) == lived(offered, seed)


@pytest.mark.parametrize(("opens", "somebody"), [(8, True), (12, False)])
def test_a_pot_opened_after_studies_have_stopped_moves_only_who_had_one_paid(opens, somebody):
    """The pot for studies closes in 2011; only talks of before can still bid, while they last."""
    base = load("norfolk")
    change = {"when": base.first_day(opens), "set": {"grants.setup_pot": 2.0}}
    later = from_document(lay_over(base.document(), {"change": [change]}))
    moved = 0
    for seed in range(1, 61):
        differs = lived(base, seed) != lived(later, seed)
        assert not differs or can_bid(simulate(base, seed=seed).events, opens)
        moved += differs
    assert (moved > 0) == somebody
    assert moved < 30


def can_bid(events, opens):
    """Return the talks of before a quarter whose study was paid, and that are not over yet."""
    past = events[events["quarter"] < opens]
    paid = set(past.loc[past["kind"] == "study_grant", "agreement"])
    return paid - set(past.loc[past["kind"].isin(("talks_fail", "signs")), "agreement"])


def test_more_money_attracts_more_until_the_whole_cost_is_met():
    """By how much a grant pushes whoever calls somebody, in the mean."""
    pushes = []
    for pot in (0, 0.001, 0.1, 0.5, 2, 20, 100):
        scenario = east("grants.feasibility_pot=0", "grants.staged=0", "grants.setup_share=1",
                        f"grants.setup_pot={pot}", f"grants.setup_limit={pot}")  # fmt: skip
        logs = [simulate(scenario, seed=seed).events for seed in range(1, 6)]
        calls = [log.loc[log["kind"] == "approaches", "because_grant"] for log in logs]
        pushes.append(sum(map(sum, calls)) / sum(map(len, calls)))
    none, *rising = pushes
    assert none == 0.0
    assert rising[0] < 0.005  # a thousand pounds move next to nobody
    assert rising[0] < rising[1] < rising[2] < rising[3] < rising[4]
    most = scenario.parameters.weighing.grant
    assert 0.4 * most < rising[4] == rising[5] < most  # all but the studies
