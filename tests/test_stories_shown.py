"""docs/stories.md: each command finds, plays or tells the run that its row says."""

import json
import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from experiments.__main__ import app
from sim import simulate
from sim.declared.scenario import load
from sim.page import lesson, session
from sim.ready.kept import prepared
from sim.story import known_of, narrative
from sim.tables.batch import names_in

PAGE = (Path(__file__).parents[1] / "docs" / "stories.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| (S\d+) \| (.*) \|$", PAGE, re.MULTILINE))
COMMAND = re.compile(r"`councils ([^`]+)`")
SAID = re.compile(r"“([^”]+)”")
UNTRIED = ("sweep", "run")
"""Commands that take long, and are tried elsewhere."""


def told(words):
    """Return what a command of the table shows; of the page, the story of its run."""
    if words[0] == "page":
        replicate = int(words[words.index("--replicate") + 1])
        run = simulate(words[1], seed=int(words[words.index("--seed") + 1]), replicate=replicate)
        lines = narrative(run.events, names_in(run), important_only=False,
                          known=known_of(prepared(words[1])))  # fmt: skip
        return "\n".join(lines)
    shown = CliRunner().invoke(app, words)
    assert shown.exit_code == 0, shown.stderr
    return shown.stdout


def found(words):
    """Return the replicates in which a command finds what it seeks, and their seed."""
    answer = json.loads(told([*words, "--json"]))
    assert answer["found"], words
    return answer["seed"], [each["replicate"] for each in answer["found"]]


def run_of(words):
    """Return the seed and the replicate that a command plays or tells."""
    options = dict(pairwise(words))
    return int(options.get("--seed", 1)), int(options.get("--replicate", 0))


def test_there_is_a_row_for_each_of_twenty_things():
    assert list(ROWS) == [f"S{number}" for number in range(1, 21)]


@pytest.mark.parametrize("name", ROWS)
def test_a_row_shows_what_it_says(name):
    commands = [shlex.split(each) for each in COMMAND.findall(ROWS[name])]
    for words, shows in pairwise(commands):
        if words[0] == "find":
            seed, replicates = found(words)
            assert run_of(shows)[0] == seed and run_of(shows)[1] in replicates
    output = "\n".join(told(words) for words in commands if words[0] not in ("find", *UNTRIED))
    for said in SAID.findall(ROWS[name]):
        assert said in output, said


def test_south_norfolk_talks_with_four_at_once_in_the_run_that_is_named():
    line = session.Line(load("norfolk"), seed=1, replicate=35)
    deals = json.loads(line.frame(21))["deals"]  # after April to June 2014
    talks = [deal for deal in deals if deal["kind"] == "talks" and "E07000149" in deal["who"]]
    assert len(talks) == 4 and "four at once" in ROWS["S18"]


def test_the_lessons_that_rows_name_are_there():
    titles = {lesson.parse(path).title for path in lesson.shipped()}
    named = set(re.findall(r"lesson \*([^*]+)\*", PAGE))
    assert named and named <= titles


def test_the_run_that_tells_most_of_it_does():
    story = told(shlex.split("story norfolk --seed 1 --replicate 25 --short --council Breckland"))
    assert "South Norfolk walks away; main reason: culture and trust" in story
    assert "South Holland and Breckland sign" in story
