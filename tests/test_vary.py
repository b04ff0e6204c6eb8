"""A varied scenario is the one that a file with the same differences makes."""

from datetime import date

import pytest

from sim.declared.scenario import load
from sim.errors import InputError
from sim.ready.varied import vary
from sim.ready.world import prepare
from sim.running import luck_of, run_arrays


def bits(ready):
    return run_arrays(ready, luck=luck_of(3, 0), events=False).record.tobytes()


def test_varied_numbers_are_those_of_a_file_with_them():
    ready = prepare(load("norfolk"))
    other = vary(ready, {"talks.pace": 0.9, "search.fashion": 0.1})
    set_so = prepare(load("norfolk", sets=["talks.pace=0.9", "search.fashion=0.1"]))
    assert bits(other) == bits(set_so) != bits(ready)
    assert other.theory.tobytes() == set_so.theory.tobytes()


def test_varied_from_a_date_is_a_dated_change(tmp_path):
    path = tmp_path / "late.toml"
    path.write_text(
        'base = "norfolk"\n[[change]]\nwhen = 2011-04-01\nset = { "talks.pace" = 0.9 }\n'
    )
    other = vary(prepare(load("norfolk")), {"talks.pace": 0.9}, since=date(2011, 4, 1))
    assert other.theory.tobytes() == prepare(load(path)).theory.tobytes()


def test_varying_the_funding_path_prepares_anew():
    ready = prepare(load("norfolk"))
    flat = vary(ready, {"settlement.path": "flat"})
    assert bits(flat) == bits(prepare(load("norfolk", sets=["settlement.path=flat"])))


def test_varying_the_quarters_before_the_first_day_prepares_anew():
    """What was agreed by then stands where there are such quarters, and only there."""
    ready = prepare(load("england", quarters=4))
    cold = vary(ready, {"talks.before": 0.0})
    set_so = prepare(load("england", quarters=4, sets=["talks.before=0"]))
    assert cold.blank.standing.tolist() == set_so.blank.standing.tolist()
    assert len(cold.blank.standing) < len(ready.blank.standing)
    assert bits(cold) == bits(set_so) != bits(ready)
    again = vary(cold, {"talks.before": 6.0})
    assert again.blank.standing.tolist() == ready.blank.standing.tolist()
    assert bits(again) == bits(ready)


def test_what_cannot_be_varied_is_an_error():
    ready = prepare(load("norfolk"))
    with pytest.raises(InputError, match="pace"):
        vary(ready, {"talks.pace": 9.0})
    with pytest.raises(InputError, match="outside the run"):
        vary(ready, {"talks.pace": 0.9}, since=date(2030, 4, 1))
