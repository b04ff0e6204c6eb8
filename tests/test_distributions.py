"""A plan says how likely the values of its ranges are, and which of them go together."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from asking import at_once
from hypothesis import given, settings, strategies as st
from scipy import stats
from scipy.stats import qmc

import experiments.commands.answers
import experiments.commands.kept
import experiments.commands.studies  # noqa: F401
from experiments.reports.study_tables import range_of
from experiments.stored.folder import hash_of
from experiments.studies.correlated import correlated, pairs_of
from experiments.studies.design import points_of, unit_sample
from experiments.studies.distributions import quantiles
from experiments.studies.merging import merge
from experiments.studies.plan import Design, Distribution, Factor, Plan, plan_of
from experiments.studies.reading import read_plan, with_size
from experiments.studies.store import open_study
from experiments.studies.sweep import sweep
from sim.errors import InputError

TRIANGULAR = Distribution(kind="triangular", mode=4.0)
NORMAL = Distribution(kind="normal", mean=1.6, sd=0.4)
LOGUNIFORM = Distribution(kind="loguniform")
FACTORS = (
    Factor(name="weighing.culture", role="uncertainty", low=1.0, high=8.0, distribution=TRIANGULAR),
    Factor(name="weighing.trust", role="uncertainty", low=0.5, high=4.0,
           correlations={"weighing.culture": 0.5}),
    Factor(name="tax.limits", role="lever", values=("history", "none")),
    Factor(name="talks.patience", role="uncertainty", low=0.5, high=3.0, distribution=NORMAL,
           correlations={"weighing.culture": -0.3, "weighing.trust": 0.4}),
    Factor(name="search.chance", role="lever", low=0.1, high=2.0, distribution=LOGUNIFORM),
)  # fmt: skip
ASKED = [(0, 1, 0.5), (0, 3, -0.3), (1, 3, 0.4)]
SCIPY = {
    "weighing.culture": stats.triang(3 / 7, 1.0, 7.0),
    "weighing.trust": stats.uniform(0.5, 3.5),
    "talks.patience": stats.truncnorm(-2.75, 3.5, 1.6, 0.4),
    "search.chance": stats.loguniform(0.1, 2.0),
}
DRAWN = {
    "latin": {"points": 30, "seed": 3}, "sobol": {"points": 32, "seed": 3},
    "saltelli": {"points": 8, "seed": 3}, "morris": {"trajectories": 7, "seed": 3},
}  # fmt: skip
GOOD = """\
scenario = "norfolk-seven"
replicates = 1
quarters = 8
outcomes = ["talks_begun"]

[design]
kind = "sobol"
points = 8

[uncertainties]
"weighing.culture" = { distribution = "triangular", mode = 4.0 }
"talks.patience" = { distribution = "normal", mean = 1.6, sd = 0.4 }
"weighing.trust" = { low = 0.5, high = 3.5 }
"tax.limits" = {}

[levers]
"search.chance" = { distribution = "loguniform", low = 0.25, high = 2.0, since = 2010-01-01 }

[correlations]
"weighing.culture" = { "weighing.trust" = 0.5, "search.chance" = -0.25 }
"""
MANY = """\
"talks.*" = {}
[correlations]
"talks.pace" = { "weighing.culture" = 0.1 }
"""


def plan_with(kind, factors, **size):
    return Plan(
        name="p", folder=".", title="", about="", scenario="norfolk-seven", seed=1, replicates=1,
        quarters=None, outcomes=("formed",), design=Design(kind=kind, **size),
        factors=tuple(factors),
    )  # fmt: skip


def plain(factors):
    """Return factors of which nothing is said but their ranges or values."""
    return [f.model_copy(update={"distribution": None, "correlations": {}}) for f in factors]


def independent(factors):
    return [factor.model_copy(update={"correlations": {}}) for factor in factors]


@pytest.fixture
def plan(tmp_path):
    """Return a maker of plans: the good one with some text replaced."""

    def make(old="", new=""):
        assert old in GOOD
        path = tmp_path / "plan.toml"
        path.write_text(GOOD.replace(old, new) if old else GOOD)
        return read_plan(path)

    return make


# --- distributions --------------------------------------------------------------------------------


@st.composite
def distributions(draw):
    """Return a low, a high, a distribution between them, and the same of SciPy's."""
    width = draw(st.floats(0.01, 100))
    low = draw(st.floats(-50, 50))
    kind = draw(st.sampled_from(["triangular", "normal", "loguniform"]))
    if kind == "loguniform":
        low = abs(low) + 0.01
    high = low + width
    between = min(low + draw(st.floats(0, 1)) * width, high)
    if kind == "loguniform":
        return low, high, LOGUNIFORM, stats.loguniform(low, high)
    if kind == "triangular":
        scipys = stats.triang(min((between - low) / width, 1.0), low, width)
        return low, high, Distribution(kind=kind, mode=between), scipys
    sd = draw(st.floats(0.05, 3)) * width
    scipys = stats.truncnorm((low - between) / sd, (high - between) / sd, between, sd)
    return low, high, Distribution(kind=kind, mean=between, sd=sd), scipys


@settings(max_examples=200, deadline=None)
@given(distributions(), st.lists(st.floats(0, 1 - 1e-4), min_size=1, max_size=20))
def test_quantiles_are_those_of_scipy(case, shares):
    low, high, distribution, scipys = case
    unit = np.array(shares)
    found = quantiles(unit, low, high, distribution)
    assert found == pytest.approx(scipys.ppf(unit), rel=1e-12, abs=1e-12 * (high - low))


@settings(max_examples=200, deadline=None)
@given(distributions(), st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_values_never_leave_their_range_and_reach_its_ends(case, shares):
    low, high, distribution, _ = case
    found = quantiles(np.array([0.0, *sorted(shares), 1.0]), low, high, distribution)
    assert found[0] == low == found.min() and found[-1] == high == found.max()
    assert np.diff(found).min() >= -1e-12 * (high - low)


def test_the_upper_tail_of_a_normal_distribution_is_as_exact_as_the_lower():
    unit = 2.0 ** -np.arange(2, 50)  # such shares less than 1 are exact
    lower = quantiles(unit, -6.0, 9.0, Distribution(kind="normal", mean=0.0, sd=1.0))
    upper = quantiles(1 - unit, -9.0, 6.0, Distribution(kind="normal", mean=0.0, sd=1.0))
    assert upper == pytest.approx(-lower, rel=1e-13)


@pytest.mark.parametrize("kind", DRAWN)
def test_each_drawn_design_has_the_distributions_that_are_asked_for(kind):
    factors = independent(FACTORS)
    drawn = plan_with(kind, factors, **DRAWN[kind])
    unit, points = unit_sample(drawn), points_of(drawn)
    for k, factor in enumerate(factors):
        if not factor.categorical:
            found = [point.values[factor.name] for point in points]
            assert found == pytest.approx(SCIPY[factor.name].ppf(unit[:, k]).tolist(), rel=1e-12)


def test_a_screening_tries_the_ends_of_a_distribution():
    drawn = plan_with("morris", independent(FACTORS), trajectories=20)
    for factor in FACTORS:
        if not factor.categorical:
            found = {point.values[factor.name] for point in points_of(drawn)}
            assert (min(found), max(found), len(found)) == (factor.low, factor.high, 4)


# --- correlations ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "near"), [("sobol", 0.002), ("latin", 0.06)])
def test_points_have_the_rank_correlations_that_are_asked_for(kind, near):
    points = points_of(plan_with(kind, FACTORS, points=4096))
    ranges = [factor.name for factor in FACTORS if not factor.categorical]
    values = np.array([[point.values[name] for name in ranges] for point in points])
    found = stats.spearmanr(values).statistic
    wanted = np.eye(4)
    for a, b, correlation in [(0, 1, 0.5), (0, 2, -0.3), (1, 2, 0.4)]:
        wanted[a, b] = wanted[b, a] = correlation
    assert np.abs(found - wanted).max() < near


def test_each_factor_keeps_its_own_distribution():
    points = points_of(plan_with("sobol", FACTORS, points=4096))
    for name, scipys in SCIPY.items():
        values = [point.values[name] for point in points]
        assert stats.kstest(values, scipys.cdf).statistic < 0.01


def test_only_those_that_follow_another_are_moved():
    unit = unit_sample(plan_with("sobol", plain(FACTORS), points=64))
    found = correlated(unit, FACTORS)
    moved = (found != unit).any(axis=0).tolist()
    assert moved == [False, True, False, True, False]


def test_places_at_the_ends_stay_in_the_unit_interval():
    ends = np.array([[0.0, 1.0, 0.0, 0.0, 1.0], [1.0, 0.0, 1.0, 1.0, 0.0], [1.0] * 5])
    found = correlated(ends, FACTORS)
    assert np.isfinite(found).all() and found.min() >= 0 and found.max() <= 1


@pytest.mark.parametrize("correlation", [-0.999, 0.999])
def test_numbers_may_almost_follow_each_other(correlation):
    pair = [
        Factor(name="talks.pace", role="uncertainty", low=0.0, high=1.0),
        Factor(name="talks.patience", role="uncertainty", low=0.0, high=1.0,
               correlations={"talks.pace": correlation}),
    ]  # fmt: skip
    unit = unit_sample(plan_with("sobol", pair, points=1024))
    assert stats.spearmanr(unit).statistic == pytest.approx(correlation, abs=1e-3)


def test_a_design_that_grows_keeps_its_points():
    small = plan_with("sobol", FACTORS, points=4)
    large = points_of(with_size(small, replicates=None, points=4096))
    for count in (4, 32, 1024):
        some = points_of(with_size(small, replicates=None, points=count))
        assert some == large[:count]


SHOWN = """
import sys
sys.path[:0] = [sys.argv[1]]
from pathlib import Path
from experiments.studies.design import points_of
from experiments.studies.plan import Plan
import hashlib
plan = Plan.model_validate_json(Path(sys.argv[2]).read_text())
print(hashlib.sha256(repr(points_of(plan)).encode()).hexdigest())
"""


def test_points_have_the_same_bits_on_another_kind_of_processor(tmp_path):
    """Without the instructions that only some processors have, as on an older node of a cluster."""
    from numpy._core._multiarray_umath import __cpu_dispatch__

    drawn = plan_with("sobol", FACTORS, points=1024)
    (tmp_path / "plan.json").write_text(json.dumps(drawn.document()))
    older = {
        "NPY_DISABLE_CPU_FEATURES": ",".join(__cpu_dispatch__),
        "OPENBLAS_CORETYPE": "Prescott",
    }
    words = [
        "-W",
        "ignore",
        "-c",
        SHOWN,
        str(Path(__file__).parents[1]),
        str(tmp_path / "plan.json"),
    ]
    run = subprocess.run(
        [sys.executable, *words], env=os.environ | older, capture_output=True, text=True, check=True
    )
    here = hashlib.sha256(repr(points_of(drawn)).encode()).hexdigest()
    assert run.stdout.strip() == here


# --- where nothing is said ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["latin", "sobol"])
def test_without_them_points_are_what_they_were_to_the_bit(kind):
    factors = plain(FACTORS)
    draw = {"latin": qmc.LatinHypercube, "sobol": qmc.Sobol}[kind]
    size = DRAWN[kind]
    chance = np.random.Generator(np.random.PCG64(size["seed"]))
    unit = draw(len(factors), seed=chance).random(size["points"])
    points = points_of(plan_with(kind, factors, **size))
    for k, factor in enumerate(factors):
        if not factor.categorical:
            found = np.clip(
                factor.low + unit[:, k] * (factor.high - factor.low), factor.low, factor.high
            )
            assert [point.values[factor.name] for point in points] == found.tolist()


def test_a_plan_that_says_nothing_of_them_is_kept_as_before(plan):
    read = plan(GOOD[GOOD.index("[uncertainties]") :], '[uncertainties]\n"talks.pace" = {}\n')
    document = read.document()
    assert "correlations" not in document
    assert [set(each) for each in document["factors"]] == [
        {"name", "role", "low", "high", "values", "since"}
    ]
    said = plan(
        GOOD[GOOD.index("[uncertainties]") :],
        '[uncertainties]\n"talks.pace" = { distribution = "uniform" }\n[correlations]\n',
    )
    assert said.document() == document


def test_a_plan_that_says_something_is_read_again_from_its_document(plan):
    read = plan()
    assert plan_of(read.document()) == read
    assert plan_of(json.loads(json.dumps(read.document()))) == read
    culture, patience, trust, limits, chance = read.factors
    assert (culture.distribution, patience.distribution) == (TRIANGULAR, NORMAL)
    assert (culture.low, culture.high) == (1.0, 8.0)  # as declared
    assert (trust.distribution, limits.distribution) == (None, None)
    assert chance.distribution == LOGUNIFORM
    assert pairs_of(read.factors) == [
        ("weighing.culture", "weighing.trust", 0.5), ("weighing.culture", "search.chance", -0.25),
    ]  # fmt: skip


def test_it_does_not_matter_which_of_two_is_named_first(plan):
    pairs = '"weighing.culture" = { "weighing.trust" = 0.5, "search.chance" = -0.25 }'
    other = (
        '"search.chance" = { "weighing.culture" = -0.25, "talks.patience" = 0 }\n'
        '"weighing.trust" = { "weighing.culture" = 0.5 }'
    )
    assert plan(pairs, other) == plan()


def test_a_number_that_a_wildcard_stands_for_can_be_correlated(plan):
    read = plan(GOOD[GOOD.index('"tax.limits"') :], MANY)
    assert pairs_of(read.factors) == [("weighing.culture", "talks.pace", 0.1)]


# --- what is refused ------------------------------------------------------------------------------

CULTURE = '{ distribution = "triangular", mode = 4.0 }'
PATIENCE = '{ distribution = "normal", mean = 1.6, sd = 0.4 }'
TRUST = "{ low = 0.5, high = 3.5 }"
PAIRS = '"weighing.culture" = { "weighing.trust" = 0.5, "search.chance" = -0.25 }'
SOBOL = 'kind = "sobol"\npoints = 8'
MISTAKES = {
    "unknown": (CULTURE, '{ distribution = "triangle" }', "weighing.culture: unknown distribution "
                "'triangle'; did you mean 'triangular'"),
    "no word": (CULTURE, "{ distribution = 3 }", "culture.distribution: .*valid string"),
    "no mode": (CULTURE, '{ distribution = "triangular" }', "triangular distribution needs 'mode'"),
    "no sd": (PATIENCE, '{ distribution = "normal", mean = 1.6 }', "distribution needs 'sd'"),
    "not told": (PATIENCE, '{ distribution = "normal", mean = 1, sd = 1, mode = 1 }',
                 "is not told 'mode'; it takes mean and sd"),
    "uniform with a mode": (CULTURE, '{ distribution = "uniform", mode = 4 }',
                            "is not told 'mode'; it takes nothing but low and high"),
    "mode alone": (CULTURE, "{ mode = 4 }", 'mode is said, and no .*distribution = "triangular"'),
    "sd alone": (PATIENCE, "{ sd = 4 }", 'sd is said, and no distribution.*"normal"'),
    "mode outside": (CULTURE, CULTURE.replace("4.0", "9"), "mode is 9: .*low and high, 1 to 8"),
    "mean outside": (PATIENCE, PATIENCE.replace("1.6", "0.4"), "mean is 0.4: .*, 0.5 to 3"),
    "no width": (PATIENCE, PATIENCE.replace("0.4", "0"), "sd is 0: it must be above 0"),
    "below 0": (PATIENCE, PATIENCE.replace("0.4", "-1"), "sd is -1: it must be above 0"),
    "too wide": (PATIENCE, PATIENCE.replace("0.4", "251"), "sd is 251: .*250 at most"),
    "no number": (PATIENCE, PATIENCE.replace("0.4", "nan"), "talks.patience.sd: .*finite number"),
    "true": (PATIENCE, PATIENCE.replace("0.4", "true"), "true and false are no numbers"),
    "from 0": ("low = 0.25", "low = 0.0", "chance: low is 0: a loguniform .* a low above 0"),
    "listed": (TRUST, '{ values = [1, 2], distribution = "loguniform" }',
               "weighing.trust: listed values are all equally likely: leave distribution out"),
    "listed with a mode": (TRUST, "{ values = [1, 2], mode = 1 }", "leave mode out"),
    "a word": ('"tax.limits" = {}', '"tax.limits" = { distribution = "uniform" }',
               "tax.limits: words are all equally likely: leave distribution out"),
    "policy": ("[levers]", '[levers]\npolicy = { values = ["base"], distribution = "uniform" }',
               "policy: give values = .* and nothing else"),
    "wildcard": ('"tax.limits" = {}', '"talks.*" = { distribution = "uniform" }',
                 "stands for many numbers.* another range or a distribution"),
    "grid": (SOBOL, 'kind = "grid"', "a grid design has levels and no chances, and "
             "weighing.culture has a triangular distribution: give kind"),
    "table": (SOBOL, 'kind = "table"\ntable = "mine.csv"', "a table design has the points that it "
              "lists and no chances, and weighing.culture"),
    "saltelli": (SOBOL, 'kind = "saltelli"\npoints = 8', r"\[correlations\]: the indices of a "
                 'saltelli design suppose .*independent: give kind = "latin" or "sobol"'),
    "morris": (SOBOL, 'kind = "morris"\ntrajectories = 8', r"\[correlations\]: the steps of a "
               "morris design .*independent"),
    "no pair": (PAIRS, '"weighing.culture" = 0.5', "weighing.culture: name the other factor"),
    "no quotes": (PAIRS, 'weighing.culture = { "weighing.trust" = 0.5 }',
                  'name in quotes: "weighing.culture"'),
    "no quotes inside": (PAIRS, '"weighing.culture" = { weighing.trust = 0.5 }',
                         'name in quotes: "weighing.trust"'),
    "rho a word": (PAIRS, PAIRS.replace("0.5", '"high"'), "trust is 'high', which is no number"),
    "rho true": (PAIRS, PAIRS.replace("0.5", "true"), "trust is True, which is no number"),
    "rho nan": (PAIRS, PAIRS.replace("0.5", "nan"), "weighing.trust: .*finite number"),
    "rho 1": (PAIRS, PAIRS.replace("0.5", "1"), "culture with weighing.trust is 1: .*-1 and 1"),
    "rho -1": (PAIRS, PAIRS.replace("0.5", "-1.0"), "is -1: a rank correlation must lie between"),
    "not varied": (PAIRS, PAIRS.replace("weighing.trust", "talks.pace"),
                   "'talks.pace' is not varied by this plan: name it under"),
    "mistyped": (PAIRS, PAIRS.replace("weighing.trust", "weighing.thrust"),
                 "did you mean 'weighing.trust'"),
    "many": (PAIRS, PAIRS.replace("weighing.trust", "weighing.*"), "name each by itself"),
    "words correlated": (PAIRS, PAIRS.replace("weighing.trust", "tax.limits"),
                         "tax.limits has listed values, which are no scale"),
    "itself": (PAIRS, PAIRS.replace("weighing.trust", "weighing.culture"),
               "weighing.culture with itself: name two that differ"),
    "twice": (PAIRS, PAIRS + '\n"weighing.trust" = { "weighing.culture" = 0.5 }',
              "weighing.trust with weighing.culture is there twice; say it once"),
    "impossible": (PAIRS, '"weighing.culture" = { "weighing.trust" = 0.9, "search.chance" = 0.9 }\n'
                   '"weighing.trust" = { "search.chance" = -0.9 }', "not positive definite"),
    "singular": (PAIRS, '"weighing.culture" = { "weighing.trust" = 0.999999999999999 }',
                 "not positive definite"),
}  # fmt: skip


@pytest.mark.parametrize("key", MISTAKES)
def test_every_mistake_is_told_in_a_line(plan, key):
    old, new, words = MISTAKES[key]
    with pytest.raises(InputError, match=words) as error:
        plan(old, new)
    assert "\n" not in str(error.value) and "plan.toml" in str(error.value)


def test_correlations_that_are_no_table_are_told(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text("correlations = 0.5\n" + GOOD[: GOOD.index("[correlations]")])
    with pytest.raises(InputError, match=r"\[correlations\] must be a table"):
        read_plan(path)


@pytest.mark.parametrize(
    ("kind", "words"),
    [('"grid"', "every combination"), ('"table"\ntable = "mine.csv"', "nothing is drawn")],
)
def test_designs_that_draw_nothing_have_no_correlations(tmp_path, kind, words):
    text = GOOD.replace(SOBOL, f"kind = {kind}").replace(CULTURE, "{}").replace(PATIENCE, "{}")
    path = tmp_path / "plan.toml"
    path.write_text(text.replace('distribution = "loguniform", ', ""))
    with pytest.raises(InputError, match=rf"\[correlations\]: a \w+ design has .*{words}"):
        read_plan(path)


# --- a whole study --------------------------------------------------------------------------------


def bits(study):
    return hash_of(study.folder / "runs.parquet"), hash_of(study.folder / "points.parquet")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    (folder / "plan.toml").write_text(GOOD)
    return sweep(folder / "plan.toml", out=folder / "s")


def test_a_study_goes_on_with_the_same_bits(whole, tmp_path):
    text = whole.folder.parent / "plan.toml"
    begun = sweep(text, out=tmp_path / "s")
    for path in list((begun.folder / "parts").glob("*.parquet"))[1:]:
        path.unlink()
    (begun.folder / "runs.parquet").unlink()
    (begun.folder / "points.parquet").unlink()
    resumed = sweep(text, out=tmp_path / "s")
    assert resumed.finished and not resumed.reused and bits(resumed) == bits(whole)
    assert resumed.id == whole.id


def test_a_study_is_extended_and_joined_with_the_same_bits(whole, tmp_path):
    text = whole.folder.parent / "plan.toml"
    sweep(text, out=tmp_path / "four", points=4)
    grown = sweep(text, out=tmp_path / "four", extend=True)
    assert bits(grown) == bits(whole)
    shards = [sweep(text, out=tmp_path / str(k), shard=(k, 2)).folder for k in (1, 2)]
    assert bits(merge(shards, tmp_path / "joined")) == bits(whole)


@pytest.mark.parametrize(
    ("old", "new"),
    [("mode = 4.0", "mode = 4.5"), ('trust" = 0.5', 'trust" = 0.4'), (PAIRS, "")],
)
def test_a_study_with_other_chances_is_another_study(whole, tmp_path, old, new):
    path = tmp_path / "plan.toml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(InputError, match=r"another study \(its factors differs\)"):
        sweep(path, out=whole.folder)


def test_what_is_stored_can_be_opened_verified_and_reported(whole, tmp_path):
    study = open_study(whole.folder)
    assert study.plan.factors == whole.plan.factors
    assert study.points["weighing.culture"].between(1.0, 8.0).all()
    assert at_once(tmp_path, "verify", str(whole.folder), "--sample", "3")[0] == 0
    assert at_once(tmp_path, "report", str(whole.folder), "-o", "page.html")[0] == 0
    page = " ".join((tmp_path / "page.html").read_text(encoding="utf-8").split())
    assert "1 to 8, triangular with mode 4" in page
    assert "0.5 to 3, normal with mean 1.6 and sd 0.4, cut there" in page
    assert "0.25 to 2, loguniform" in page
    assert "weighing.culture with weighing.trust 0.5, weighing.culture with search.chance" in page


def test_a_range_of_which_nothing_is_said_is_told_as_before():
    assert range_of(plain(FACTORS)[0]) == "1 to 8"


@pytest.mark.parametrize("design", ['"saltelli"\npoints = 32', '"morris"\ntrajectories = 8'])
def test_sensitivity_is_found_with_distributions(tmp_path, design):
    text = GOOD[: GOOD.index("[correlations]")].replace(SOBOL, f"kind = {design}")
    (tmp_path / "plan.toml").write_text(text.replace("replicates = 1", "replicates = 4"))
    status, out, _ = at_once(tmp_path, "sensitivity", "plan.toml", "--out", "s", "--json")
    (found,) = json.loads(out)["outcomes"]
    assert status == 0 and [each["factor"] for each in found["factors"]] == [
        "weighing.culture", "talks.patience", "weighing.trust", "tax.limits", "search.chance",
    ]  # fmt: skip
