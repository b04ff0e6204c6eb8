"""Councils that come into being in a run have short names of their own."""

from types import SimpleNamespace

import pytest

import sim
from sim.core import state
from sim.core.state import COUNTY, DISTRICT, NOBODY, UNITARY
from sim.ready.blank import records
from sim.tables.names import names_of

TABLE = SimpleNamespace(
    code=("b", "s", "k", "n", "c"),
    name=("Breckland", "South Norfolk", "King's Lynn and West Norfolk", "Norwich", "Norfolk"),
    tier=(DISTRICT, DISTRICT, DISTRICT, DISTRICT, COUNTY),
    county=("Norfolk",) * 5,
)


def names(*unions, orders=(), tier=DISTRICT):
    """Return the names of a run in which councils became one; the first of each lives on."""
    count = len(TABLE.code) + len(unions)
    roll = records(count, state.ROLL_ENTRY)
    roll.tier[: len(TABLE.tier)] = TABLE.tier
    roll.successor = range(count)
    roll.row[: len(TABLE.code)] = range(len(TABLE.code))
    roll.group = NOBODY
    for new, parents in enumerate(unions, len(TABLE.code)):
        roll.successor[list(parents)] = new
        roll.row[new], roll.tier[new] = roll.row[parents[0]], tier
        roll.group[new] = 0 if orders else NOBODY
    counts = [0] * (state.ROLL + 1)
    counts[state.ROLL] = count
    world = SimpleNamespace(roll=roll, tally=[SimpleNamespace(counts=counts)])
    ready = SimpleNamespace(table=TABLE, orders=orders)
    return names_of(ready, world)


def test_two_councils_that_merge_keep_both_names():
    assert names((1, 0))[5:] == ["Breckland and South Norfolk"]


def test_more_than_two_are_called_after_the_one_that_took_them_over():
    assert names((1, 0, 3))[5:] == ["South Norfolk and 2 others"]


def test_a_merged_council_that_merges_again_counts_all_that_it_is_made_of():
    told = names((1, 0), (5, 2), (6, 3))
    assert told[5:] == [
        "Breckland and South Norfolk", "South Norfolk and 2 others", "South Norfolk and 3 others",
    ]  # fmt: skip
    assert len(set(told)) == len(told)


def test_a_mandated_unitary_has_the_name_of_its_county_and_the_county_council_its_own():
    told = names((0, 1, 2, 3), tier=UNITARY)
    assert told[4:] == ["Norfolk County Council", "Norfolk (unitary)"]


def test_a_council_made_by_order_has_the_name_of_the_order():
    told = names((0, 1, 2, 3), tier=UNITARY, orders=(("e", "Norfolk"),))
    assert told[4:] == ["Norfolk County Council", "Norfolk"]


def test_no_two_names_are_alike():
    told = names((0,), (5,), tier=UNITARY, orders=(("e", "Breckland"),))
    assert told[5:] == ["Breckland (2)", "Breckland (3)"]


def test_without_a_namesake_a_county_goes_by_its_own_name():
    assert names((0, 1))[4] == "Norfolk"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_story_under_a_mandate_is_told_in_short_names(tmp_path, seed):
    path = tmp_path / "mandate.toml"
    change = 'when = 2011-04-01\nset = { "reorganisation.stance" = "mandated" }\n'
    path.write_text(f'base = "norfolk"\n[[change]]\n{change}', encoding="utf-8")
    councils = sim.simulate(path, seed=seed).councils
    assert "Norfolk (unitary)" in set(councils["name"])
    assert councils["name"].is_unique and councils["name"].str.len().max() < 45
