"""Mistakes on the commands about kept results: what the error advises is done, and it works."""

import re

import pytest
from asking import at_once

RUN = ("run", "norfolk-seven", "--runs", "2", "--quarters", "2", "--no-figures", "--out")


@pytest.fixture
def desk(tmp_path):
    """Return a folder with a result `r`, and another beside it in a folder `more`."""
    (tmp_path / "more").mkdir()
    for name in ("r", "more/other"):
        assert at_once(tmp_path, *RUN, name)[0] == 0
    return tmp_path


def refused(desk, *words):
    status, out, err = at_once(desk, *words)
    assert (status, out) == (2, ""), err
    return " ".join(err.split())


ELSEWHERE = {
    "a file of a result": ("r/runs.parquet", r"give '(\S+)', the result"),
    "a name that is not there": ("nothere", r"near it: (\S+)"),
    "a folder of results": ("more", r"near it: (\S+)"),
    "the folder one stands in": (".", r"near it: (\S+)"),
}


@pytest.mark.parametrize("command", [("verify",), ("repeat", "--replicate", "1")])
@pytest.mark.parametrize("place", ELSEWHERE)
def test_a_place_that_is_no_result_is_answered_with_one_that_is(desk, command, place):
    given, advice = ELSEWHERE[place]
    found = re.search(advice, refused(desk, *command, given))
    assert found and at_once(desk, *command, found[1])[0] == 0


def test_a_replicate_that_is_not_there_is_answered_with_those_that_are(desk):
    last = re.search(r"has 0 to (\d+)", refused(desk, "repeat", "r", "--replicate", "9"))[1]
    assert at_once(desk, "repeat", "r", "--replicate", last)[0] == 0


def test_what_is_no_page_is_answered_with_the_name_of_one(desk):
    replay = ("replay", "norfolk-seven", "-o")
    name = re.search(r"name it (\S+)", refused(desk, *replay, "story"))[1]
    assert name == "story.html" and at_once(desk, *replay, name)[0] == 0
    assert refused(desk, *replay, "new/story.html").endswith("no folder 'new'; make it first")
    (desk / "new").mkdir()
    assert at_once(desk, *replay, "new/story.html")[0] == 0
