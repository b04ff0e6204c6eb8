"""Every number was held against its source: each has a row in the register, and agrees with it."""

import re
from collections import Counter

import pandas as pd
from claims import for_all

from experiments.checked import KNOWN_BY, MAY_BE_LATER, VERDICTS, register
from experiments.document import sources_page
from experiments.history.targets import targets
from sim.country.councils import DATA
from sim.declared.parameters import declarations

ROWS = register()
CHECKED = {row.name: row for row in ROWS}
NUMBERS = [each for each in declarations() if each.allowed is not None]
BOTH = [each for each in declarations() if each.name in CHECKED]
ABOUT_LATER = {
    "politics.persistence": "it is how well control in 2018 stands in for control in 2009",
    "settlement.path": "the path of funding is given from outside, up to the years it is told for",
}
"""Numbers that are about later years themselves."""


def test_every_declared_number_has_one_row_and_every_row_is_of_a_declared_number():
    names = [row.name for row in ROWS]
    assert [name for name, times in Counter(names).items() if times > 1] == []
    assert [each.name for each in declarations() if each.name not in CHECKED] == []
    assert sorted(set(names) - {each.name for each in declarations()}) == []


@for_all("row", ROWS)
def test_a_row_says_what_was_found_and_by_what_reckoning(row):
    assert row.verdict in VERDICTS
    assert len(row.arithmetic) > 2
    without = row.verdict in ("assumption", "convention", "choice")
    assert without or len(row.source) > 10
    assert bool(row.source) == (row.year is not None) == (row.knows != "nothing")
    if row.verdict == "agrees":
        assert row.low is not None or row.high is not None


@for_all("number", BOTH)
def test_a_default_lies_inside_what_its_source_gives(number):
    row = CHECKED[number.name]
    assert row.low is None or number.default >= row.low, f"{number.default} below {row.given}"
    assert row.high is None or number.default <= row.high, f"{number.default} above {row.given}"


@for_all("number", NUMBERS)
def test_a_plausible_range_has_a_width_and_the_default_is_not_on_its_edge(number):
    """A lever may be off, and nothing lies beyond what is allowed: a share of all, two members."""
    if number.role == "convention":
        assert number.plausible is None
        return
    low, high = number.plausible
    assert low < high
    if number.role != "lever":
        assert number.default > low or low == number.allowed[0]
        assert number.default < high or high == number.allowed[1]


@for_all("number", BOTH)
def test_a_grade_goes_with_the_verdict(number):
    row = CHECKED[number.name]
    assert row.grade == number.grade
    if number.grade in ("high", "medium"):
        assert row.verdict in ("agrees", "choice")
        assert row.source
        assert not number.source.startswith("assumption")
    if number.grade == "assumption":
        assert row.verdict in ("assumption", "choice", "convention")
    assert (row.verdict == "convention") is (number.role == "convention")
    assert (row.verdict == "choice") is (number.role == "lever")


@for_all("number", BOTH)
def test_nothing_of_after_2014_chooses_a_number_but_dated_studies_costs_and_laws(number):
    row = CHECKED[number.name]
    if number.name in ABOUT_LATER or row.knows in MAY_BE_LATER:
        return
    assert row.year is None or row.year <= KNOWN_BY
    for text in (number.source, row.source, row.arithmetic):
        assert not re.search(r"\b20(1[5-9]|[2-9]\d)\b", text), text
    assert not re.search("Surrey|Somerset West|Hambleton, Breckland", number.source)


def test_what_is_about_later_years_is_declared():
    assert set(ABOUT_LATER) <= set(CHECKED)


def test_the_page_shows_every_row():
    page = sources_page()
    assert all(f"| `{row.name}` |" in page for row in ROWS)
    assert "a prior of 2017" in page


def test_the_pattern_of_shared_managements_is_that_of_2014():
    """Pairs among all; of the pairs, those that touch and those in one county."""
    history = pd.read_csv(DATA / "history.csv")
    councils = pd.read_csv(DATA / "councils.csv").set_index("code")
    links = pd.read_csv(DATA / "adjacency.csv")
    touch = {frozenset(pair) for pair in zip(links["code_a"], links["code_b"], strict=True)}
    deep = history[(history["kind"] == "partnership") & (history["scope"] == "management")]
    members = deep["members"].str.split(";")
    pairs = members[members.str.len() == 2]
    touching = sum(frozenset(pair) in touch for pair in pairs)
    home = sum(councils["county"][a] == councils["county"][b] for a, b in pairs)
    found = (len(pairs) / len(members), touching / len(pairs), home / len(pairs))
    known = [target.value for target in targets() if target.pattern == "K9"]
    assert [round(share, 2) for share in found] == known
