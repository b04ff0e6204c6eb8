"""What the panel explains: deals under way, at work and over, and what was there before the run."""

import json
import re

import pytest

from sim.core import state as s
from sim.declared.scenario import load
from sim.page import explain, session
from sim.story.wording import joined

LAST = 24
WRONG = ("It had not failed when the record stops", "No deal in this run", "never met in this run")


@pytest.fixture(scope="module")
def line():
    memo = session.Memo(seed=1, a=session.Side(scenario="norfolk"))
    held = session.Session(memo, lambda name: (name, load(name))).lines["a"]
    held.at(LAST)
    return held


@pytest.fixture(scope="module")
def england():
    """England's districts: on the first day some have agreed to share, and some talk about it."""
    memo = session.Memo(seed=1, a=session.Side(scenario="england-districts"))
    return session.Session(memo, lambda name: (name, load(name))).lines["a"]


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


def begun_before(line):
    """Return the talks that were under way on the first day, as they are drawn then, by number."""
    return {n: deal for n, deal in drawn(line, 0).items() if deal["kind"] == "talks"}


def test_talks_under_way_on_the_first_day_are_drawn_and_told_as_such_by_those_who_talk(england):
    talks, telling = begun_before(england), england.telling(0)
    assert any(deal["stage"] == "the business case is on the table" for deal in talks.values())
    for number, deal in talks.items():
        both, text = joined([telling.names[who] for who in deal["who"]]), telling.deal(number)
        assert text.startswith(f"{both} are in talks about ") and deal["since"] < 0
        assert re.search(r"the talks began in (\w+ to \w+ 200[78]|January to March 2009)\.", text)
        assert ("The business case promises" in text) is ("promised" in deal)
        said = [step["said"] for step in telling.pair(*deal["who"])]
        assert any(f"{both} have been in talks about" in each for each in said)
        assert not any("approach" in each for each in said)


def test_the_news_of_the_first_day_is_of_talks_under_way_and_is_told_once(england):
    first, second = (json.loads(england.frame(q)) for q in (0, 1))
    begun = [event for event in first["events"] if event["kind"] == "talks_begin"]
    assert {event["deal"] for event in begun} == set(begun_before(england))
    assert {event["kind"] for event in first["events"]} == {"talks_begin", "business_case"}
    assert all(" have been in talks about " in event["said"] for event in begun)
    later = [event["said"] for event in second["events"]]
    assert not any("have been in talks" in said for said in later)
    assert not {event["said"] for event in first["events"]} & set(later)


def test_a_file_to_take_home_knows_the_talks_of_the_first_day_on_the_first_day(line):
    told = explain.deals_by_quarter(line.ready, line.at, LAST)
    pairs = line.telling(LAST).pairs()
    for number, deal in begun_before(line).items():
        assert told[number][0] == (0, line.telling(0).deal(number), deal["who"])
        lines = pairs["|".join(sorted(deal["who"]))]
        here = [step for t, step in lines if t < 0 and t != explain.LEGEND]
        assert here == line.telling(0).pair(*deal["who"])


def test_where_only_one_side_begins_with_talks_under_way_it_is_told():
    sides = {"warm": load("norfolk"), "cold": load("norfolk", sets=["talks.before=0"])}
    memo = session.Memo(seed=1, a=session.Side(scenario="cold"), b=session.Side(scenario="warm"))
    held = session.Session(memo, lambda name: (name, sides[name]))
    parted = held.parted(1)
    under_way = [said for said in parted["only_b"] if "have been in talks about" in said]
    assert len(under_way) == len(begun_before(held.lines["b"])) > 0
    assert not any("have been in talks" in said for said in parted["only_a"])


def test_what_was_agreed_before_the_first_day_is_told_and_drawn_as_being_set_up(england):
    telling = england.telling(0)
    founded = {n: d for n, d in telling.founded.items() if d.agreed}
    assert founded
    for number, deal in founded.items():
        shown, text = drawn(england, 0)[number], telling.deal(number)
        assert shown["stage"] == "signed, being set up" and shown["since"] == -2
        assert re.search(r" had agreed on (a )?shared .* and were setting it up when", text)
        assert text.endswith("It is signed and being set up.")
        pair = telling.pair(*deal.who[:2])
        (said,) = [step["said"] for step in pair if "agreed" in step["said"]]
        assert said.startswith("Before 1 April 2009: ") and "at work" not in said
    started = {n for q in (1, 2, 3) for n, deal in drawn(england, q).items()
               if n in founded and deal["stage"] == "at work"}  # fmt: skip
    assert started == set(founded)
    news = [event["said"] for q in (1, 2, 3) for event in json.loads(england.frame(q))["events"]
            if event["kind"] == "starts" and event["deal"] in founded]  # fmt: skip
    assert len(news) == len(founded) and all(" work starts on " in n for n in news)


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
    assert left
    for number, who in left:
        assert f"{telling.names[who]} left" in telling.deal(number)
        steps = [row["kind"] for row in telling.rows[number] if row["council"] == who]
        back = "signs" in steps and steps[::-1].index("signs") < steps[::-1].index("leaves")
        if number in telling.alive:
            assert (who in telling.members(number)) is back


def test_councils_that_have_not_met_are_told_so_for_the_time_being(line):
    a, b = code(line, "Boston"), code(line, "Waveney")
    (step,) = line.telling(1).pair(a, b)
    assert step["said"].startswith("Boston and Waveney have not met so far")


def test_a_deal_that_nobody_knows_yet_is_not_told(line):
    later = max(explain.standing_now(line.ready, line.at(LAST)))
    assert "Nothing is known" in line.telling(1).deal(later)
