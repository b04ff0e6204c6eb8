"""What the panel explains: deals under way, at work and over, and what was there before the run."""

import json

import pytest

from sim.core import state as s
from sim.declared.scenario import load
from sim.page import explain, session

LAST = 24
WRONG = ("It had not failed when the record stops", "No deal in this run", "never met in this run")


@pytest.fixture(scope="module")
def line():
    memo = session.Memo(seed=1, a=session.Side(scenario="norfolk"))
    held = session.Session(memo, lambda name: (name, load(name))).lines["a"]
    held.at(LAST)
    return held


def code(line, name):
    return line.ready.table.code[line.ready.table.name.index(name)]


def drawn(line, quarter):
    return {deal["n"]: deal for deal in json.loads(line.frame(quarter))["deals"]}


def test_a_deal_older_than_the_run_was_at_work_already(line):
    telling = line.telling(0)
    a, b = code(line, "Suffolk Coastal"), code(line, "Waveney")
    mine = [n for n, deal in drawn(line, 0).items() if {a, b} <= set(deal["who"])]
    assert mine
    for number in mine:
        assert "already when this run began, on 1 April 2009" in telling.deal(number)
    lines = telling.pair(a, b)
    assert len(lines) == len(mine)
    said = [step["said"] for step in lines]
    assert all("at work" in each and "Before 1 April 2009" in each for each in said)


@pytest.mark.parametrize("quarter", [0, 1, 6, 10, 17, LAST])
def test_every_deal_on_the_map_is_told_as_it_stands_by_those_who_are_in_it(line, quarter):
    telling, shown = line.telling(quarter), drawn(line, quarter)
    assert set(telling.alive) == set(shown)
    for number, deal in shown.items():
        text = telling.deal(number)
        assert telling.members(number) == deal["who"]
        assert not any(words in text for words in (*WRONG, "ended without")), text
        assert ("It is at work at this date" in text) == (
            deal["kind"] != "talks" and deal["stage"] == "at work"
        )
        if "promised" not in deal:
            assert "business case promise" not in text


def test_what_a_business_case_promises_is_what_its_events_say(line):
    found = 0
    for quarter in range(LAST + 1):
        telling = line.telling(quarter)
        for number, deal in drawn(line, quarter).items():
            if telling.alive[number].stage in (s.CASE, s.VOTING):
                cases = {row["council"]: row["value"] for row in telling.rows[number]
                         if row["kind"] == "business_case"}  # fmt: skip
                promised = sum(cases[who] for who in deal["who"])
                assert deal["promised"] == pytest.approx(promised, abs=1e-3)
                assert promised > 0
                found += 1
    assert found > 10


def test_who_left_a_deal_older_than_the_run_is_told_and_is_no_member(line):
    telling = line.telling(LAST)
    left = [
        (number, row["council"]) for number in telling.founded
        for row in telling.rows.get(number, []) if row["kind"] == "leaves"
    ]  # fmt: skip
    for number, who in left:
        assert f"{telling.names[who]} left" in telling.deal(number)
        if number in telling.alive:
            assert who not in telling.members(number)


def test_councils_that_have_not_met_are_told_so_for_the_time_being(line):
    a, b = code(line, "Boston"), code(line, "Waveney")
    (step,) = line.telling(1).pair(a, b)
    assert step["said"].startswith("Boston and Waveney have not met so far")


def test_a_deal_that_nobody_knows_yet_is_not_told(line):
    later = max(explain.standing_now(line.ready, line.at(LAST)))
    assert "Nothing is known" in line.telling(1).deal(later)
