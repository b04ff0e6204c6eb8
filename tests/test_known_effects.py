"""What factors do to planted outcomes is found again: levels, pairs, halves and whole analyses."""

import json

import numpy as np
import pytest
from planted import planned, planted, retold
from scipy import stats

from experiments.reports import directions, effects
from experiments.sensitivity import analysis as analysing
from experiments.sensitivity.analysis import analyse, document, moves_of
from experiments.sensitivity.indices import luck_share, sizes
from experiments.sensitivity.levels import levels, levels_of, mean_of
from experiments.studies.design import points_of, unit_sample
from experiments.summary import DECLARED
from sim.errors import InputError

TOP = 'scenario = "norfolk-seven"\nquarters = 2\nreplicates = {replicates}\n'
BODY = "outcomes = [{outcomes}]\n[design]\nkind = {kind}\n[uncertainties]\n{factors}"
PACE, LEAK = '"talks.pace" = {}\n', '"talks.leak" = {}\n'


def made(folder, kind, outcome, *, factors=PACE + LEAK, names=("formed",), replicates=6, more="",
         shown=None, size=1000):  # fmt: skip
    """Return a finished study of planted outcomes."""
    said = ", ".join(f'"{name}"' for name in shown or names)
    text = TOP.format(replicates=replicates) + BODY.format(
        outcomes=said, kind=kind, factors=factors
    )
    plan = planned(folder, text + more)
    return planted(folder / "study", plan, outcome, list(names), size=size)


def luck_of(key, replicate, spread=1.0):
    return float(np.random.default_rng([key, replicate]).normal(0, spread))


def student(values, error):
    low, high = stats.t.interval(1 - error, len(values) - 1, np.mean(values), stats.sem(values))
    return pytest.approx((np.mean(values), low, high))


# --- levels ---------------------------------------------------------------------------------------


def test_a_level_is_the_mean_over_its_points_and_a_change_is_on_the_same_luck():
    values = np.random.default_rng(1).normal([0.0, 9.0, 3.0, 1.0], 1.0, (5, 4))
    column = [2.0, 10.0, 2.0, 1.0, 10.0]
    found = levels(column, values)
    assert [(each.level, each.points) for each in found] == [(1.0, 1), (2.0, 2), (10.0, 2)]
    runs = [values[3], values[[0, 2]].mean(axis=0), values[[1, 4]].mean(axis=0)]
    for each, own in zip(found, runs, strict=True):
        assert each.mean == student(own, 0.05)
    assert found[0].change is None
    assert found[1].change == student(runs[1] - runs[0], 0.05)
    assert found[2].change == student(runs[2] - runs[0], 0.05)


def test_numbers_are_in_order_of_size_and_words_and_flags_as_they_come():
    assert levels_of([10, 9.5, 10, 1]) == [1, 9.5, 10]
    assert levels_of(["none", "fixed", "none", "all"]) == ["none", "fixed", "all"]
    assert levels_of([True, False, True]) == [True, False]
    assert levels_of(["b", 1, "a"]) == ["b", 1, "a"]


def test_a_mean_of_one_value_has_no_interval_and_of_none_no_value():
    assert mean_of(np.array([3.0]))[0] == 3.0 and np.isnan(mean_of(np.array([3.0]))[1:]).all()
    assert np.isnan(mean_of(np.array([]))).all()


# --- effects of a grid ----------------------------------------------------------------------------

POLICIES = '[levers]\npolicy = { values = ["base", "set-up-grants", "free-tax"] }\n'
LEVER = '[levers]\n"tax.limits" = { values = ["history", "fixed", "none"] }\n'
TWO = '"talks.pace" = { values = [0.4, 0.8] }\n'


def gained(point, replicate):
    worth = {"history": 0.0, "fixed": 5.0, "none": 1.0}[point.values["tax.limits"]]
    apart = 3.0 * (point.values["talks.pace"] == 0.8) * (worth == 5.0)
    own = luck_of(point.number, replicate) + luck_of(99, replicate, 20.0)
    return {"formed": worth + apart + own}


@pytest.fixture(scope="module")
def grid(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grid")
    return made(folder, '"grid"', gained, factors=TWO, more=LEVER, replicates=30)


def cells(study, name="formed"):
    """Return the values of an outcome by limits, pace and replicate, straight from the file."""
    frame = study.runs.merge(study.points, on="point")
    table = frame.set_index(["tax.limits", "talks.pace", "replicate"])[name].sort_index()
    return {
        limits: np.array([table[limits, pace].to_numpy() for pace in (0.4, 0.8)])
        for limits in ("history", "fixed", "none")
    }


def test_every_pair_of_levels_is_compared_as_surely_as_all_are_together(grid):
    pace, limits = effects.effects_of(grid)
    held = cells(grid)
    # pairs: 3 of limits, again at each of 2 paces; and 1 of paces, which nobody decides
    count = 3 * (1 + 2) + 1
    assert effects.comparisons(grid, effects.series_of(grid)) == count
    assert limits.levels == ["history", "fixed", "none"] and pace.levels == [0.4, 0.8]
    for level, mean in zip(limits.levels, limits.means, strict=True):
        assert mean == student(held[level].mean(axis=0), 0.05)
    pairs = [("fixed", "history"), ("none", "history"), ("none", "fixed")]
    assert [(each.level, each.other) for each in limits.pairs] == pairs
    for each, (one, other) in zip(limits.pairs, pairs, strict=True):
        apart = held[one].mean(axis=0) - held[other].mean(axis=0)
        assert each.change == student(apart, 0.05 / count) and each.runs == 30
        assert each.where is None
    assert [each.where for each in limits.within] == [
        ("talks.pace", place) for place in (0.4, 0.8) for _ in pairs
    ]
    for each in limits.within:
        place = (0.4, 0.8).index(each.where[1])
        apart = held[each.level][place] - held[each.other][place]
        assert each.change == student(apart, 0.05 / count)
    assert pace.within == [] and len(pace.pairs) == 1
    assert (limits.factor.name, pace.factor.name) == ("tax.limits", "talks.pace")
    assert isinstance(effects.comparisons(grid, effects.series_of(grid)), int)
    sure = [each.change.sure for each in limits.pairs]
    assert sure == [True, False, True] or sure == [True, True, True]


def test_a_share_of_a_grid_and_other_designs_have_no_levels_to_compare(grid, tmp_path):
    assert effects.fair(grid)
    part = retold(grid, shard=[1, 2])
    assert not effects.fair(part) and effects.effects_of(part) == []
    drawn = made(tmp_path, '"latin"\npoints = 3', lambda p, r: {"formed": luck_of(p.number, r)})
    assert not effects.fair(drawn) and effects.effects_of(drawn) == []


def test_a_factor_of_thirteen_values_has_no_table_and_one_of_twelve_has(tmp_path):
    many = [round(0.1 + 0.05 * k, 2) for k in range(13)]
    factors = f'"talks.pace" = {{ values = {many[:12]} }}\n"talks.leak" = {{ values = {many} }}\n'
    text = TOP.format(replicates=1) + BODY.format(
        outcomes='"formed"', kind='"grid"', factors=factors + '"terms.exit" = { values = [0.1] }\n'
    )
    study = planted(tmp_path / "s", planned(tmp_path, text), lambda p, r: {"formed": 1.0},
                    ["formed"])  # fmt: skip
    assert [factor.name for factor in effects.varied(study)] == ["talks.pace"]


def test_a_run_without_a_value_costs_its_replicate_in_its_own_comparisons_only(tmp_path):
    def lacking(point, replicate):
        if point.values["tax.limits"] == "none" and replicate == 4:
            return "ValueError: planted"
        return gained(point, replicate)

    study = made(tmp_path, '"grid"', lacking, factors=TWO, more=LEVER, replicates=9)
    _, limits = effects.effects_of(study)
    assert [each.runs for each in limits.pairs] == [9, 8, 8]
    held = cells(study)
    apart = np.delete(held["none"].mean(axis=0) - held["fixed"].mean(axis=0), 4)
    assert limits.pairs[2].change == student(apart, 0.05 / 10)
    assert limits.means[2] == student(np.delete(held["none"].mean(axis=0), 4), 0.05)


def test_an_interval_of_nothing_is_none_and_one_that_touches_zero_is_not_sure():
    assert np.isnan(mean_of(np.array([np.nan, np.nan]), error=0.05)).all()
    one = mean_of(np.array([2.0, np.nan]), error=0.05)
    assert one.value == 2.0 and np.isnan(one[1:]).all()
    shown = [effects.Estimate(1.0, *edges) for edges in ((0, 2), (-1, 0), (0.1, 2), (-2, -0.1))]
    assert [each.sure for each in shown] == [False, False, True, True]


def money(point, replicate):
    grants = 2.0 * (point.values["talks.pace"] == 0.8)
    own = luck_of(1, replicate)
    return {"net_saving": 5.0 + grants + own, "public_net": 5.0 + own,
            "difference_net_saving": 1 + own, "difference_public_net": 1 - grants + own,
            "trust": 0.5, "difference_trust": own}  # fmt: skip


def test_beside_a_net_saving_stands_what_the_public_as_a_whole_gains(tmp_path):
    names = tuple(money(points_free(0.4), 0))
    both = ("net_saving", "trust")
    study = made(tmp_path / "a", '"grid"', money, factors=TWO, names=names, shown=both,
                 more='[difference]\npolicy = "set-up-grants"\n')  # fmt: skip
    series = {each.column: each for each in effects.series_of(study)}
    shown = ("net_saving", "trust", "public_net")
    assert list(series) == [*shown, *(f"difference_{name}" for name in shown)]
    assert [each.difference for each in series.values()] == [False] * 3 + [True] * 3
    assert [(each.name, each.title, each.unit) for each in series.values()] == 2 * [
        (name, DECLARED[name].title, DECLARED[name].unit) for name in shown
    ]
    assert {each.values.dtype for each in series.values()} == {np.dtype(float)}
    found = effects.effects_of(study)
    # a difference has a pair and two levels of its own; nothing else is compared
    assert effects.comparisons(study, list(series.values())) == 3 * (1 + 2)
    assert [len(each.pairs) for each in found] == [0] * 3 + [1] * 3
    mean = found[3].means[0]
    assert mean == student(series["difference_net_saving"].values[0], 0.05 / 9)
    assert found[0].means[0] == student(series["net_saving"].values[0], 0.05)
    former = made(tmp_path / "b", '"grid"', money, factors=TWO, names=("net_saving", "trust"),
                  shown=("net_saving",))  # fmt: skip
    assert [each.column for each in effects.series_of(former)] == ["net_saving"]
    alone = made(tmp_path / "d", '"grid"', money, factors=TWO, names=("trust", "public_net"),
                 shown=("trust",))  # fmt: skip
    assert [each.column for each in effects.series_of(alone)] == ["trust"]


def points_free(pace):
    from experiments.studies.design import Point

    return Point(0, {"talks.pace": pace})


# --- which way a number pushes --------------------------------------------------------------------


def pushed(point, replicate):
    pace = point.values["talks.pace"]
    return {"formed": 10.0 * pace + luck_of(point.number, replicate, 0.5)}


@pytest.mark.parametrize(
    ("kind", "points"),
    [('"latin"\npoints = 40', slice(None)), ('"saltelli"\npoints = 16', [0, 3]),
     ('"saltelli"\npoints = 16\nsecond_order = true', [0, 5])],
)  # fmt: skip
def test_the_upper_half_is_compared_with_the_lower_by_the_test_of_welch(tmp_path, kind, points):
    study = made(tmp_path, kind, pushed)
    (series,) = effects.series_of(study)
    found = {each.factor: each for each in directions.pushes_of(study, series)}
    size = {'"saltelli"\npoints = 16': 4}.get(kind, 6) if "saltelli" in kind else 1
    free = np.isin(np.arange(len(study.points)) % size, points) if size > 1 else slice(None)
    means = series.values.mean(axis=1)[free]
    for name, push in found.items():
        held = study.points[name].to_numpy()[free]
        middle = (held.min() + held.max()) / 2
        low, high = means[held < middle], means[held > middle]
        test = stats.ttest_ind(high, low, equal_var=False)
        interval = test.confidence_interval(1 - 0.05 / 2)
        assert push.change == pytest.approx((high.mean() - low.mean(), interval.low, interval.high))
    assert found["talks.pace"].words == directions.UP
    assert list(directions.words_of(list(found.values()))) == ["talks.pace", "talks.leak"]


def test_a_number_that_is_alone_shares_its_error_with_nobody(tmp_path):
    study = made(tmp_path, '"latin"\npoints = 12', pushed, factors=PACE)
    (series,) = effects.series_of(study)
    (push,) = directions.pushes_of(study, series)
    held, means = study.points["talks.pace"].to_numpy(), series.values.mean(axis=1)
    assert push.change == directions._halves(held, means, 0.05)


def test_half_of_fewer_than_five_points_pushes_nowhere():
    def halves(low, high):
        held = np.r_[np.zeros(low), 0.5, np.ones(high)]
        means = np.r_[np.arange(low), 99.0, 10.0 + np.arange(high)]
        return directions._halves(held, means, 0.05)

    assert halves(4, 5) is None and halves(5, 4) is None and halves(5, 5) is not None
    assert halves(5, 5).value == 10.0  # whoever stands in the middle belongs to neither half
    assert directions._halves(np.array([]), np.array([]), 0.05) is None
    same = directions._halves(np.r_[np.zeros(5), np.ones(5)], np.r_[np.ones(5), np.zeros(5)], 0.05)
    assert same == (-1.0, -1.0, -1.0)


def test_a_push_is_clear_only_where_its_interval_leaves_zero_out():
    words = [
        directions.Push("x", effects.Estimate(0.5, *edges)).words
        for edges in ((0.1, 1), (0, 1), (-1, 0), (-1, -0.1))
    ]
    assert words == [directions.UP, directions.OPEN, directions.OPEN, directions.DOWN]


def test_points_without_a_value_are_left_out_of_both_halves(tmp_path):
    def lacking(point, replicate):
        return "ValueError: x" if point.number == 3 else pushed(point, replicate)

    study = made(tmp_path, '"latin"\npoints = 30', lacking)
    (series,) = effects.series_of(study)
    found = directions.pushes_of(study, series)[0].change
    held = np.delete(study.points["talks.pace"].to_numpy(), 3)
    means = np.delete(series.values, 3, axis=0).mean(axis=1)
    middle = (held.min() + held.max()) / 2
    assert found.value == pytest.approx(means[held > middle].mean() - means[held < middle].mean())


# --- whole analyses -------------------------------------------------------------------------------


def slopes(plan, strengths, spread):
    """Return outcomes that are linear in the unit cube: the strengths of the factors are known."""
    unit = unit_sample(plan)

    def outcome(point, replicate):
        common = luck_of(77, replicate, 4.0)
        own = luck_of(point.number, replicate, spread)
        return {"formed": float(unit[point.number] @ np.array(strengths)) + common + own}

    return outcome


def analysed(folder, kind, *, factors, strengths, spread=0.3, replicates=6):
    text = TOP.format(replicates=replicates) + BODY.format(
        outcomes='"formed"', kind=kind, factors=factors
    )
    plan = planned(folder, text)
    study = planted(folder / "study", plan, slopes(plan, strengths, spread), ["formed"])
    (found,) = analyse(study)
    return study, found


THREE = PACE + LEAK + '"terms.exit" = {}\n'


@pytest.mark.parametrize("more", ["", "\nsecond_order = true"])
def test_a_saltelli_study_gives_the_indices_that_were_planted(tmp_path, more):
    study, found = analysed(
        tmp_path,
        '"saltelli"\npoints = 32' + more,
        factors=THREE,
        strengths=(3.0, -2.0, 0.0),
        spread=0.1,
        replicates=4,
    )
    truth = np.array([9, 4, 0]) / 13
    assert found.method == "saltelli" and found.measured == "total" and not found.refused
    for each, share in zip(found.findings, truth, strict=True):
        assert each.indices["total"].value == pytest.approx(share, abs=0.04)
        assert each.indices["first"].value == pytest.approx(share, abs=0.08)
    assert [each.factor for each in found.findings] == ["talks.pace", "talks.leak", "terms.exit"]
    assert [each.rank for each in found.findings] == [1, 2, None]
    assert [each.told for each in found.findings] == [True, True, False]
    assert set(found.dummy) == {"first", "total"}
    assert abs(found.dummy["total"].value) < 0.03
    assert found.luck.between.value == pytest.approx(13 / 12, rel=0.15)
    size = 8 if more else 5
    values, bases = found.outcome.values, np.repeat(np.arange(32), 2)
    ends = values.reshape(32, size, 4)[:, [0, -1]].reshape(64, 4)
    truth_of_luck = luck_share(ends, bases, sampled=True)
    for one, other in zip(found.luck, truth_of_luck, strict=True):
        assert one == pytest.approx(other, rel=1e-9)
    assert found.luck.between.low != pytest.approx(
        luck_share(ends, bases, sampled=False).between.low, rel=1e-3
    )
    assert found.outcome is not None and found.outcome.values.shape == (32 * size, 4)
    assert [step.points for step in found.steps] == [8 * size, 16 * size, 32 * size]
    assert found.grows == "points in the study"
    assert (
        analysing.clusters_of(study.plan, 3 * size).tolist() == [0] * size + [1] * size + [2] * size
    )


def test_a_morris_study_gives_the_slopes_that_were_planted(tmp_path):
    study, found = analysed(
        tmp_path, '"morris"\ntrajectories = 12', factors=THREE, strengths=(6.0, -3.0, 0.0)
    )
    assert found.method == "morris" and found.measured == "mu_star"
    mu = [each.indices["mu"].value for each in found.findings]
    assert mu == pytest.approx([6.0, -3.0, 0.0], abs=0.25)
    star = [each.indices["mu_star"].value for each in found.findings]
    assert star == pytest.approx([6.0, 3.0, 0.15], abs=0.25)
    assert all(each.indices["sigma"].value < 0.5 for each in found.findings)
    assert [each.rank for each in found.findings] == [1, 2, None]
    assert set(found.dummy) == {"mu_star", "sigma"} and found.dummy["mu_star"].value < 0.4
    values = found.outcome.values
    again = luck_share(values, np.arange(len(values)) // 4, sampled=True)
    assert found.luck == again and len(values) == 48
    moved, length = moves_of(study.plan)
    assert np.sort(moved, axis=1).tolist() == [[0, 1, 2]] * 12
    assert np.abs(length) == pytest.approx(np.full((12, 3), 2 / 3))
    assert {True, False} == set((length > 0).ravel().tolist())


def test_the_points_of_a_screening_vary_by_two_thirds_more_than_points_drawn_evenly(tmp_path):
    """They lie at 0, 1/3, 2/3 and 1 of each range, as docs/sensitivity.md says."""
    even, screened = (
        analysed(tmp_path / kind, f'"{kind}"\n{size}', factors=THREE, strengths=(3.0, -2.0, 0.0))[1]
        for kind, size in (("latin", "points = 60"), ("morris", "trajectories = 15"))
    )
    assert even.luck.between.value == pytest.approx(13 / 12, rel=0.25)
    assert screened.luck.between.value == pytest.approx(5 / 3 * 13 / 12, rel=0.25)


def test_a_factor_of_words_is_no_scale_in_a_screening(tmp_path):
    text = TOP.format(replicates=2) + BODY.format(
        outcomes='"formed"', kind='"morris"\ntrajectories = 9', factors=PACE
    )  # fmt: skip
    plan = planned(tmp_path, text + LEVER)
    moved, length = moves_of(plan)
    assert (length[moved == 1] == 1.0).all()
    assert np.abs(length[moved == 0]) == pytest.approx(np.full(9, 2 / 3))


@pytest.mark.parametrize(
    ("kind", "sampled"),
    [('"sobol"\npoints = 16', True), ('"latin"\npoints = 16', True), ('"grid"\nlevels = 6', False)],
)  # fmt: skip
def test_other_designs_say_how_much_is_luck_and_nothing_of_factors(tmp_path, kind, sampled):
    def outcome(point, replicate):
        pace = point.values["talks.pace"]
        return {"formed": 5 * pace + luck_of(point.number, replicate)}

    study = made(tmp_path, kind, outcome, replicates=16)
    (found,) = analyse(study)
    values = found.outcome.values
    assert found.luck == luck_share(values, np.arange(len(values)), sampled=sampled)
    assert (found.method, found.measured, found.findings, found.dummy) == ("", "share", [], {})
    grown = sizes(len(values) if sampled else 16)
    assert [step.points for step in found.steps] == grown
    parts = [values[:n] if sampled else values[:, :n] for n in grown]
    for step, part in zip(found.steps, parts, strict=True):
        (share,) = step.estimates
        assert share == luck_share(part, np.arange(len(part)), sampled=sampled).share
    assert found.grows == ("points in the study" if sampled else "replicates at each point")


def test_what_lacks_values_is_analysed_from_half_of_its_points_on(tmp_path):
    def short(missing):
        def outcome(point, replicate):
            gone = point.number < missing
            return {"formed": np.nan if gone else luck_of(point.number, replicate)}

        folder = tmp_path / str(missing)
        (found,) = analyse(made(folder, '"latin"\npoints = 10', outcome, replicates=3))
        return found

    enough, few = short(5), short(6)
    assert not enough.refused and enough.outcome.values.shape == (5, 3)
    assert enough.outcome.dropped == 5 and enough.outcome.missing == 15
    assert analysing.left_out(enough.outcome) == {
        "without_value": 15, "runs": 15, "replicates": [], "points": 5,
    }  # fmt: skip
    assert few.refused.startswith("18 runs have no value") and few.luck is None
    assert few.findings == [] and few.steps == []


@pytest.mark.parametrize(
    ("kind", "points", "replicates"),
    [('"grid"\nlevels = 4', [], [4]), ('"latin"\npoints = 16', [3], [])],
)
def test_of_a_grid_a_replicate_is_left_out_and_of_a_sample_the_points(
    tmp_path, kind, points, replicates
):
    def outcome(point, replicate):
        gone = (point.number, replicate) == (3, 4)
        return {"formed": np.nan if gone else luck_of(point.number, replicate)}

    (found,) = analysing.outcomes_of(made(tmp_path, kind, outcome))
    assert np.flatnonzero(~found.kept).tolist() == points == list(range(3, 3 + found.dropped))
    assert found.replicates.tolist() == replicates
    assert found.values.shape == (16 - len(points), 6 - len(replicates))
    measure = DECLARED["formed"]
    assert (found.title, found.unit, found.missing) == (measure.title, measure.unit, 1)


def test_two_points_are_the_fewest_that_say_anything(tmp_path):
    def outcome(point, replicate):
        gone = point.number > 1
        return {"formed": np.nan if gone else luck_of(point.number, replicate)}

    (two,) = analyse(made(tmp_path / "2", '"latin"\npoints = 4', outcome))
    assert two.refused == "" and two.luck is not None and two.outcome.values.shape == (2, 6)
    (one,) = analyse(made(tmp_path / "1", '"latin"\npoints = 2', lambda p, r: outcome(
        p._replace(number=p.number + 1), r)))  # fmt: skip
    assert one.refused and one.outcome.missing == 6 and (one.method, one.dummy) == ("", {})


def test_an_outcome_that_never_moves_is_said_to_be_the_same(tmp_path):
    study = made(tmp_path, '"latin"\npoints = 4', lambda p, r: {"formed": 3.0})
    (found,) = analyse(study)
    assert found.refused == "it is 3.0 in every run" and found.luck is None
    assert found.outcome.name == "formed" and (found.method, found.dummy) == ("", {})
    assert (found.findings, found.steps) == ([], [])


def test_what_was_found_is_stored_for_machines_as_it_is(tmp_path):
    study, found = analysed(
        tmp_path, '"morris"\ntrajectories = 8', factors=THREE, strengths=(6.0, -3.0, 0.0),
        replicates=4,
    )  # fmt: skip
    stored = json.loads(json.dumps(document(study, [found]), allow_nan=False))
    assert (stored["design"], stored["points"], stored["replicates"]) == ("morris", 32, 4)
    assert stored["of"] == study.bits
    (each,) = stored["outcomes"]
    first = each["factors"][0]
    assert first["mu_star"] == found.findings[0].indices["mu_star"].document()
    assert (first["rank"], first["told_apart_from_noise"], first["role"]) == (
        1,
        True,
        "uncertainty",
    )
    assert [step["points"] for step in each["convergence"]] == [32]
    assert each["luck"]["share"]["value"] == found.luck.share.value
    assert each["dummy"]["sigma"]["high"] == found.dummy["sigma"].high


def test_an_unfinished_study_is_not_analysed(tmp_path):
    study = made(tmp_path, '"latin"\npoints = 4', lambda p, r: {"formed": 3.0})
    with pytest.raises(InputError, match="makes it again from what is whole"):
        analyse(study._replace(record=study.record._replace(answer={})))


def test_outcomes_come_in_order_of_points_and_replicates_whatever_the_file_says(tmp_path):
    names = ("formed", "difference_formed", "trust", "difference_trust")

    def outcome(point, replicate):
        return dict(zip(names, (1.0 * point.number, 10.0 * replicate, 0.5, -2.0), strict=True))

    study = made(tmp_path, '"latin"\npoints = 3', outcome, names=names, shown=("formed", "trust"),
                 replicates=2, more='[difference]\npolicy = "free-tax"\n')  # fmt: skip
    found = analysing.outcomes_of(study)
    assert [(each.column, each.name, each.difference) for each in found] == [
        ("formed", "formed", False), ("trust", "trust", False),
        ("difference_formed", "formed", True), ("difference_trust", "trust", True),
    ]  # fmt: skip
    assert found[0].values.tolist() == [[0, 0], [1, 1], [2, 2]]
    assert found[2].values.tolist() == [[0, 10]] * 3
    assert len(points_of(study.plan)) == 3
