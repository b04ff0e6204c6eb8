"""How a difference moves over time: where it crosses zero, and when a policy has paid back."""

from datetime import date

import numpy as np
import pytest

from experiments.comparing.course import course_in_words, course_of, crossings, paid_back
from experiments.comparing.purse import public_purse
from experiments.comparing.sequences import always_valid
from experiments.words import month
from sim.declared.measures import quarter_dtype
from sim.declared.scenario import load


def rows(*values, doubt=0.0):
    """Return a course whose interval reaches so far either way, without one where it is None."""

    def edge(value, way):
        return None if value is None or doubt is None else value + way * doubt

    return [
        {"ends": f"quarter {k}", "difference": value, "low": edge(value, -1),
         "high": edge(value, 1)}
        for k, value in enumerate(values)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "turns", "back"),
    [
        ((0.0, -1.0, -2.0, -0.5, 0.5, 1.0), [4], 4),
        ((0.0, -1.0, 0.0, 1.0), [3], 3),
        ((0.0, 1.0, -1.0, 2.0, 3.0), [2, 3], 3),
        ((0.0, 1.0, 2.0), [], None),  # never behind
        ((0.0, -1.0, -0.1), [], None),  # never ahead
        ((-1.0, 1.0, -1.0), [1, 2], None),  # behind again at the end
        ((0.0, 0.0), [], None),
        ((None, -1.0, 1.0), [2], 2),
    ],
)
def test_where_the_mean_crosses_zero_and_from_when_it_stays_ahead(values, turns, back):
    assert crossings(rows(*values)) == turns
    assert paid_back(rows(*values)) == back


def test_each_quarter_has_the_mean_and_the_always_valid_interval_of_its_own_differences():
    differences = np.random.default_rng(1).normal([0, 1, -3], 1.0, (400, 3))
    differences[7, 1] = np.nan
    course = course_of(differences, load("norfolk-seven", quarters=3), error=0.05)
    assert [row["ends"] for row in course] == ["June 2009", "September 2009", "December 2009"]
    known = differences[np.isfinite(differences[:, 1]), 1]
    for row, values in zip(course, (differences[:, 0], known, differences[:, 2]), strict=True):
        assert (row["difference"], row["low"], row["high"]) == tuple(always_valid(values))


def test_the_months_with_which_quarters_end():
    scenario = load("norfolk-seven")
    assert scenario.start == date(2009, 4, 1)
    assert [month(scenario, k) for k in (0, 2, 3, 23)] == [
        "June 2009", "December 2009", "March 2010", "March 2015",
    ]  # fmt: skip


def test_the_course_is_told_year_by_year_with_its_crossing():
    said = course_in_words(rows(0, 0, 0, -1.0, -2.0, 3.0), "million pounds")
    assert said.startswith("Over time, million pounds: -1.0 (quarter 3), 3.0 (quarter 5).")
    assert said.endswith("The mean has crossed zero by the end of quarter 5.")
    assert "In no quarter is it surely below zero" in course_in_words(rows(0, 1.0), "councils")


@pytest.mark.parametrize("doubt", [5.0, None])
def test_of_what_may_be_zero_no_crossing_and_no_payback_is_told(doubt):
    unsure = rows(0.0, -1.0, -2.0, 1.0, doubt=doubt)
    assert (crossings(unsure), paid_back(unsure)) == ([], None)
    assert course_in_words(unsure, "councils") == "Over time, councils: 1.0 (quarter 3)."


def test_it_has_paid_for_itself_only_from_when_that_is_sure():
    course = rows(-3.0, -2.0, 1.0, 2.0, 3.0, doubt=1.5)
    assert (crossings(course), paid_back(course)) == ([3], 3)


def test_the_public_purse_says_nothing_of_payback_that_is_not_sure():
    records = np.zeros(200, dtype=quarter_dtype())
    policy = records.copy()
    chance = np.random.default_rng(1).normal(0.0, 3.0, 200)
    chance += 0.1 - chance.mean()
    policy["public_net"] = policy["net_saving"] = chance
    courses = np.array([chance - 4, chance]).T
    course = course_of(courses, load("norfolk-seven", quarters=2), error=0.05)
    found = public_purse(records, policy, course, error=0.05, grants=False, freeze=False)
    assert course[0]["high"] < 0 < course[1]["difference"] and course[1]["low"] < 0
    assert found["break_even"] is None
    assert "paid for itself" not in found["in_words"] and "behind" not in found["in_words"]
    told = public_purse(records, policy, course, error=0.05, grants=False, freeze=True)["in_words"]
    assert "Freeze grants are not" in told and "Freeze grants" not in found["in_words"]
