"""What is printed, and shown in a notebook, is a label and not all that a thing holds."""

import pickle
from html.parser import HTMLParser

import numpy as np
import pytest

import sim
from experiments.comparing.compare import compare
from experiments.explaining.explain import explain
from experiments.studies.store import open_study
from experiments.studies.sweep import sweep
from sim.ready.kept import prepared

LETTERS, LINES = 240, 3
PLAN = """\
scenario = "norfolk-seven"
quarters = 4
replicates = 3
[design]
kind = "latin"
points = 2
[uncertainties]
"talks.pace" = {}
"""
MARKUP = "<script>alert('&')</script>"


@pytest.fixture(scope="module")
def things(tmp_path_factory):
    """Whatever a user holds in Python, by name."""
    folder = tmp_path_factory.mktemp("study")
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    study = sweep(folder / "plan.toml", out=folder / "s")
    model = sim.CouncilModel("norfolk", seed=7)
    model.step()
    found = compare("norfolk", "set-up-grants", "free-tax", outcome="net_saving", matters=9.0,
                    budget=100, seed=7, ensemble=None)  # fmt: skip
    return {
        "scenario": sim.load("norfolk"),
        "england": sim.load("england"),
        "marked up": sim.load("norfolk").model_copy(update={"name": MARKUP, "title": MARKUP * 9}),
        "snapshot": sim.snapshot("norfolk", quarter=5, seed=7),
        "prepared": prepared("norfolk"),
        "run": sim.simulate("norfolk", seed=7, replicate=3),
        "batch": sim.simulate_many("norfolk", seed=7, replicates=range(2, 6)),
        "some": sim.simulate_many("norfolk-seven", seed=7, replicates=np.array([0, 5, 9])),
        "model": model,
        "comparison": found,
        "explanation": explain("norfolk", "set-up-grants", seed=7),
        "study": study,
        "opened": open_study(study.folder),
        "record": study.record,
    }


KNOWN = {
    "scenario": ("Scenario 'norfolk'", "24 quarters from 2009-04-01", "17 councils"),
    "snapshot": ("Snapshot of 'norfolk'", "seed 7", "before quarter 5 (2010-07-01) of 24"),
    "prepared": ("'norfolk'", "councils 17", "24 quarters"),
    "run": ("Run of 'norfolk'", "seed 7", "replicate 3", "24 quarters", "final, agreements"),
    "batch": ("4 runs of 'norfolk'", "seed 7", "replicate 2 to 5", "24 quarters", "runs"),
    "some": ("Batch of 3 runs of 'norfolk-seven'", "replicate 0, 5, 9"),
    "model": ("'norfolk'", "seed 7", "lived 1 of 24 quarters", "councils 17", "step()"),
    "comparison": ("'norfolk'", "set-up-grants", "100 runs", "table"),
    "explanation": ("'set-up-grants' differs from 'norfolk'", "seed 7", "net_saving", "chain"),
    "study": ("Study 's'", "points 2", "replicates 3", "runs 6", "failed 0"),
}


@pytest.mark.parametrize("name", [*KNOWN, "england", "marked up", "opened", "record"])
def test_a_thing_prints_as_two_short_lines_that_say_what_it_is(things, name):
    text = repr(things[name])
    assert str(things[name]) == f"{things[name]}" == text
    assert len(text) <= LETTERS and len(text.splitlines()) <= LINES
    for words in KNOWN.get(name, ()):
        assert words in text or words in things[name]._repr_html_()


@pytest.mark.parametrize("name", [*KNOWN, "england"])
def test_what_it_says_can_be_asked_can_be_asked(things, name):
    asked = repr(things[name]).splitlines()[1].removeprefix("  ask: ").split(", ")
    asked = [each.partition("(")[0] for each in asked if not each.startswith("sim.")]
    assert [each for each in asked if each.isidentifier() and not hasattr(things[name], each)] == []


class Read(HTMLParser):
    """The tags of a page, its attributes, and its text."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.styles, self.text = set(), "", ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert {name for name, _ in attrs} <= {"style", "scope"}
        self.styles += "".join(value for name, value in attrs if name == "style")

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("name", [*KNOWN, "england", "marked up", "opened", "record"])
def test_in_a_notebook_it_is_a_small_table_in_the_colours_of_the_page(things, name):
    page = Read(things[name]._repr_html_())
    assert page.tags == {"table", "caption", "tr", "th", "td"}
    assert "url" not in page.styles and "http" not in page.styles
    assert "color:inherit" in page.styles and "#" not in page.styles
    assert len(page.text) < 600
    if name == "marked up":
        assert MARKUP in page.text


def test_fields_equality_and_a_tuple_are_as_before(things):
    held, why = things["snapshot"], things["explanation"]
    assert held._fields[:3] == ("scenario", "seed", "replicate")
    assert tuple(held)[1:3] == (7, 0)
    assert held._replace(seed=8) != held and why._replace() == why


def test_what_a_run_says_of_itself_stays_when_it_is_pickled(things):
    for name in ("run", "batch", "some"):
        assert repr(pickle.loads(pickle.dumps(things[name]))) == repr(things[name])


def test_an_unfinished_study_says_so(things):
    study = things["study"]
    record = study.record._replace(answer={}, files={})
    assert "not all there yet" in repr(study._replace(record=record))
