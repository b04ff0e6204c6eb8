"""How large a study would be enough, and what is said of it beside the share of luck."""

import json

import numpy as np
import pytest
from asking import at_once
from test_same_bits import DOES, IDLE, NOTHING
from test_sensitivity import design, linear, noisy, sampled

from experiments.estimates import Estimate
from experiments.sensitivity.analysis import limits_of
from experiments.sensitivity.enough import Limits, enough_for, enough_walks
from experiments.sensitivity.findings import ranking
from experiments.sensitivity.indices import ALL_LUCK, Saltelli, indices
from experiments.sensitivity.screening import Steps, screen
from experiments.studies.reading import read_plan


def test_what_is_enough_is_where_an_effect_is_as_many_errors_above_the_dummy():
    """Where (2 s / R + v) / sqrt(N) is v / 2.8, by hand."""
    found = enough_for(Estimate(2.0, -1.0, 5.0), 9.0, points=64, replicates=8)
    error = 1.0 / 2.8
    by_points = (2 * 9 / 8 + 1.0) / np.sqrt(found.points)
    assert by_points <= error < by_points * np.sqrt(2)  # the next power of two
    sure = [(2 * 9 / r + 1.0) / 8 <= error for r in (found.replicates - 1, found.replicates)]
    assert sure == [False, True] and not found.at_least
    less = enough_for(Estimate(-1.0, -2.0, 2.0), 9.0, points=64, replicates=8)
    assert less == found._replace(at_least=True)
    assert enough_for(Estimate(-1.0, -2.0, -0.5), 9.0, points=64, replicates=8) is None


@pytest.mark.slow
def test_followed_what_is_said_to_be_enough_tells_a_factor_from_luck():
    """Of small studies that rank nothing, most rank something at either size that they name."""
    tried, by_replicates, by_points = 0, 0, 0
    for seed in range(6):
        found = indices(sampled(noisy(linear(design(32, seed)), 8.0, seed, 8)))
        if any(found.told):
            continue
        tried += 1
        more, larger = found.enough.replicates, found.enough.points
        assert 8 < more < 100 and 32 < larger < 2048
        again = noisy(linear(design(32, seed)), 8.0, seed + 100, more)
        by_replicates += any(indices(sampled(again)).told)
        again = noisy(linear(design(larger, seed)), 8.0, seed + 200, 8)
        by_points += any(indices(sampled(again)).told)
    assert tried >= 3
    assert by_replicates >= 0.7 * tried and by_points >= 0.7 * tried


def walks(count, replicates, seed, slope=3.0, spread=6.0):
    chance = np.random.default_rng(seed)
    own = chance.normal(0, spread, (count, 3, replicates))
    slopes = np.array([slope, 0.0])[None, :, None]
    return Steps(slopes + np.diff(own, axis=1) * 1.5, own[:, 0], 2 / 3)


def test_a_screening_says_how_many_replicates_or_trajectories_would_be_enough():
    tried, more, larger = 0, 0, 0
    for seed in range(12):
        found = screen(walks(10, 8, seed))
        if any(found.told) or found.enough.at_least:
            continue
        tried += 1
        more += screen(walks(10, found.enough.replicates, seed + 100)).told[0]
        larger += screen(walks(found.enough.points, 8, seed + 200)).told[0]
    assert tried >= 3 and more >= 0.6 * tried and larger >= 0.6 * tried
    assert enough_walks(np.zeros((9, 2, 4))) is None


def test_of_two_sizes_the_one_that_can_be_had_is_named_and_none_only_where_neither_can():
    steps = walks(10, 8, 0)
    both = enough_walks(steps.effects)
    limits = Limits(both.points - 1, both.replicates)
    assert enough_walks(steps.effects, limits) == both._replace(points=None)
    limits = Limits(both.points, both.replicates - 1)
    assert enough_walks(steps.effects, limits) == both._replace(replicates=None)
    assert enough_walks(steps.effects, Limits(both.points - 1, both.replicates - 1)) is None
    between, sizes = Estimate(2.0, -1.0, 5.0), {"points": 64, "replicates": 8}
    both = enough_for(between, 9.0, **sizes)
    limits = Limits(both.points - 1, both.replicates)  # though less than this power of two would do
    assert enough_for(between, 9.0, **sizes, limits=limits) == both._replace(points=None)
    tiny = Estimate(1e-300, 0.0, 1e-300)
    assert enough_for(tiny, 9.0, **sizes) is None


def test_the_limits_of_a_screening_are_the_trajectories_that_differ(tmp_path):
    more = '"talks.pace" = { values = [0.5, 0.6] }\n' + DOES + NOTHING.replace("[levers]\n", "")
    text = IDLE.format(kind='"morris"\ntrajectories = 8', more="[uncertainties]\n" + more)
    (tmp_path / "plan.toml").write_text(text)
    assert limits_of(read_plan(tmp_path / "plan.toml")).points == 24  # 3! orders of 2**3 / 2
    (tmp_path / "plan.toml").write_text(text.replace("= 8", "= 25"))
    status, _, err = at_once(tmp_path, "sensitivity", "plan.toml", "--out", "s")
    assert status == 2 and "only 24 that differ" in err


STORED = {
    "title": "Trust", "difference": False, "alike": "", "refused": "", "still": [],
    "luck": {"share": {"value": 0.96, "low": 0.89, "high": 1.01},
             "left": {"value": 0.5, "low": 0.2, "high": 0.9}},
    "factors": [{"factor": "a.b", "told_apart_from_noise": False, "rank": None}],
}  # fmt: skip
HOPE = "averages over many runs on the same luck still can"


@pytest.mark.parametrize(
    ("enough", "said", "hope"),
    [
        ({"points": 32, "replicates": 40, "at_least": False},
         "40 replicates (--replicates with --extend), or trajectories = 32 (in the plan", True),
        ({"points": None, "replicates": 40, "at_least": False},
         "So many trajectories that these alone would do cannot be had.", True),
        ({"points": 32, "replicates": None, "at_least": True},
         "So many replicates that these alone would do cannot be had.", True),
        (None, "no study that can be run would tell it", False),
    ],
)  # fmt: skip
def test_what_would_be_enough_and_what_luck_means_do_not_contradict_each_other(enough, said, hope):
    told = " ".join(ranking(STORED | {"enough": enough}, design="morris"))
    assert said in told and (HOPE in told) == hope
    assert (
        "96% (89% to 100%) of the variance" in told and "Single runs tell next to nothing" in told
    )
    assert ("The number is rough" in told) == hope
    assert ("trajectories =" in told) == (enough is not None and enough["points"] is not None)


def test_averages_are_no_hope_where_they_are_luck_or_all_is_refused_as_luck():
    enough = {"points": 32, "replicates": 40, "at_least": False}
    refused = STORED | {"refused": ALL_LUCK, "enough": enough}
    assert HOPE not in " ".join(ranking(refused))
    left = STORED["luck"] | {"left": {"value": 1.0, "low": 0.9, "high": 1.1}}
    assert HOPE not in " ".join(ranking(STORED | {"luck": left, "enough": enough}))


def test_nothing_is_reckoned_where_something_is_ranked_or_the_study_is_below_the_limits():
    clear = indices(sampled(noisy(linear(design(64)), 0.5, 1, 8)))
    assert any(clear.told) and clear.enough is None
    values = noisy(linear(design(64)), 0.5, 1, 3)
    blocks = values.reshape(-1, 6, 3)[:16]
    few = indices(Saltelli(blocks[:, 0], blocks[:, -1], blocks[:, 1:-1]))
    assert few.enough is None
    assert few.refused.startswith("16 base samples are too few to rank factors: give 32 or more")
    assert "and 3 replicates a point are too few" in few.refused


def test_the_command_says_how_many_would_be_enough(tmp_path):
    more = '[uncertainties]\n"talks.pace" = {}\n"talks.leak" = {}\n"search.base_service" = {}\n'
    text = IDLE.format(kind='"saltelli"\npoints = 32', more=more)
    text = text.replace("talks_begun", "trust").replace("quarters = 6", "quarters = 8")
    (tmp_path / "plan.toml").write_text(text)
    words = ("sensitivity", "plan.toml", "--out", "s")
    status, out, _ = at_once(tmp_path, *words)
    (outcome,) = json.loads(at_once(tmp_path, *words, "--json")[1])["outcomes"]
    assert status == 0 and outcome["enough"] is not None
    told, more = " ".join(out.split()), outcome["enough"]["replicates"]
    assert f"about {more:,} replicates (--replicates with --extend), or points = " in told
    words = ("sweep", *words[1:], "--replicates", str(min(more, 8)), "--extend")
    assert at_once(tmp_path, *words)[0] == 0
