"""What comes with the project as calibrated: of the rules of today, and told as it was found."""

import json
from pathlib import Path

import numpy as np
import pytest

from experiments.credibility import KEPT, page
from experiments.ensembles.ensemble import CALIBRATED, find_ensemble
from experiments.history.look import uncertain
from experiments.history.partners import partners_known, skill
from experiments.history.targets import LAST_DAY, counted_patterns
from sim.declared.parameters import declarations

ROOT = Path(__file__).parents[1]
TOLD = json.loads(KEPT.read_text(encoding="utf-8"))


def test_the_ensemble_is_of_what_the_rules_do_today():
    """After a change that moves a bit: python -m experiments.credibility, some fifteen minutes."""
    found = find_ensemble(CALIBRATED)
    assert found.good
    assert found.about["behaviour"] == TOLD["behaviour"]


def test_its_sets_lie_in_the_declared_ranges_of_all_uncertain_numbers():
    found = find_ensemble(CALIBRATED)
    assert found.numbers == tuple(each.name for each in uncertain())
    count = TOLD["plan"]["ensemble"]["count"]
    assert len(found.sets) == count + 1  # and the declared defaults
    assert 0 <= found.medoid < len(found.sets)
    ranges = {each.name: each.plausible for each in declarations()}
    for name, column in zip(found.numbers, found.sets.T, strict=True):
        low, high = ranges[name]
        slack = 1e-4 * max(abs(low), abs(high))  # values are rounded to five digits
        assert low - slack <= column.min() < column.max() <= high + slack, name


def test_the_page_says_what_is_kept():
    assert page(TOLD) == (ROOT / "docs" / "credibility.md").read_text(encoding="utf-8")


def test_intervals_hold_what_was_planted():
    for row in TOLD["numbers"]:
        assert 0.9 <= row["coverage"]["0.95"] <= 0.98, row["name"]
        assert sum(row["ranks"]) == TOLD["plan"]["inference"]["planted"]


def test_each_pattern_is_told_whether_met_or_not():
    assert [row["pattern"] for row in TOLD["patterns"]] == list(counted_patterns())
    missed = [row["pattern"] for row in TOLD["patterns"] if not row["met"]]
    assert missed == ["K1", "K2"]
    assert sum(row["inside"] for row in TOLD["patterns"]) >= 11


def test_pairs_are_those_that_began_by_2012_and_a_sure_model_would_show():
    pairs = partners_known()
    assert len(pairs) == len(set(pairs)) == TOLD["partners"]["cases"]
    assert LAST_DAY.year >= 2012
    sure = skill(pairs)
    assert sure.model > 1000 and sure.model > sure.rule
    blind = skill([("E07000005", "E07000143")])  # none of them
    assert blind.model == pytest.approx(0.05)
    assert np.isfinite(blind.error)
