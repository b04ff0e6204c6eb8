"""What the model misses is declared once, kept as it was found, and told of what it bears on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from experiments.history.page import page
from experiments.history.wide import stored_wide
from experiments.patterns import KEPT, PATTERNS, Row, missed, side, text_of, validated
from experiments.validate import RUNS, SEED, lives, validate
from sim.declared.measures import MEASURES

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def found():
    """The validation, run anew."""
    return validate(lives(RUNS))


def test_what_is_kept_is_what_the_validation_finds(found):
    """After a change of the rules: python -m experiments.validate."""
    assert KEPT.read_text(encoding="utf-8") == text_of(found)
    assert validated() == found
    assert (found.runs, found.seed) == (RUNS, SEED)


def test_the_page_of_the_documentation_says_the_same(found):
    assert (ROOT / "docs" / "face-validity.md").read_text("utf-8") == page(found, stored_wide())


def test_what_is_missed_is_explained_in_the_documentation_and_nothing_else():
    told = (ROOT / "docs" / "misses.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"\bK\d+\b", " ".join(re.findall(r"^- \*\*(.+?)\*\*", told, re.M))))
    assert explained == {row.number for row in validated().rows if not row.within}


def test_every_pattern_is_counted_and_bears_on_measures_that_there_are():
    assert [row.number for row in validated().rows] == list(PATTERNS)
    names = {measure.name for measure in MEASURES}
    for pattern in PATTERNS.values():
        assert pattern.measures and set(pattern.measures) <= names
        assert pattern.bears.endswith(".")


@pytest.mark.parametrize("measure", MEASURES, ids=lambda each: each.name)
def test_a_pattern_bears_on_every_measure_that_is_held_against_it(measure):
    for number in re.findall(r"\bK\d+\b", measure.source):
        assert measure.name in PATTERNS[number].measures


@pytest.mark.parametrize(
    ("england", "model", "told"),
    [
        ([10, 20], [7, 12], "lower"),
        ([10, 20], [17, 22], "higher"),
        ([10, 20], [7, 22], "mixed"),
        ([10, 20], [10, 12], "lower"),
    ],
)
def test_the_side_is_that_on_which_the_model_lies(england, model, told):
    assert side(england, model) == told


def test_only_what_is_missed_and_bears_on_the_outcome_is_told():
    rows = [Row(number, "1", "2", "higher", number != "K1") for number in PATTERNS]
    assert [row.number for row in missed(["managements"], rows)] == ["K1"]
    assert missed(["trust"], rows) == []
    assert missed(["budget"], rows) == []


def test_the_kept_file_can_be_read_by_people():
    document = json.loads(KEPT.read_text(encoding="utf-8"))
    assert list(document) == ["runs", "seed", "code", "causes", "rows"]
