"""The indices of Sobol' and Morris, and the yardstick of luck that both are measured with."""

import itertools

import numpy as np
import pytest

from experiments.sensitivity import indices as by_sobol, screening as by_morris
from experiments.sensitivity.indices import Saltelli, convergence, indices, sizes, sobol
from experiments.sensitivity.resampling import even, spread
from experiments.sensitivity.screening import Steps, morris, screen, steps_of

FIRST, TOTAL = 0, 1


def ishigami(x):
    angles = np.pi * (2 * x - 1)
    first = np.sin(angles[..., 0]) + 7 * np.sin(angles[..., 1]) ** 2
    return first + 0.1 * angles[..., 2] ** 4 * np.sin(angles[..., 0])


def ishigami_indices():
    """Return the first-order and total indices of Ishigami and Homma (1990), in closed form."""
    of_one = (1 + 0.1 * np.pi**4 / 5) ** 2 / 2
    of_two = 7**2 / 8
    of_both = 0.1**2 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = of_one + of_two + of_both
    return (
        np.array([of_one, of_two, 0]) / whole,
        np.array([of_one + of_both, of_two, of_both]) / whole,
    )


def product_of(x):
    """Two factors that matter only together, one alone and one not at all."""
    y = np.sqrt(12) * (x - 0.5)  # of mean 0 and variance 1
    return 2 * y[..., 0] * y[..., 1] + 3 * y[..., 2]


KNOWN = {
    "ishigami": (ishigami, 3, *ishigami_indices()),
    "linear": (lambda x: x @ np.array([1.0, -2.0, 4.0]), 3, *2 * [np.array([1, 4, 16]) / 21]),
    "product": (product_of, 4, np.array([0, 0, 9, 0]) / 13, np.array([4, 4, 9, 0]) / 13),
}


def sampled(function, factors, bases, luck, chance):
    """Return outcomes of a design of independent base samples; `luck` adds to each run."""
    a, b = chance.random((2, bases, factors))
    ab = np.repeat(a[:, None], factors, axis=1)
    for k in range(factors):
        ab[:, k, k] = b[:, k]
    return Saltelli(*(luck(function(part)[..., None]) for part in (a, b, ab)))


def noisy(chance, own, shared, replicates):
    """Return what adds luck of a run alone, and luck that all runs of a replicate share."""
    common = chance.normal(0, shared, replicates)
    return lambda clean: clean + chance.normal(0, own, (*clean.shape[:-1], replicates)) + common


def at_even_weights(sample):
    return sobol(sample, even(len(sample.a)), even(sample.a.shape[1]))


@pytest.mark.parametrize("name", KNOWN)
def test_under_luck_the_indices_are_those_in_closed_form(name):
    function, factors, first, total = KNOWN[name]
    chance = np.random.default_rng(1)
    found = np.array([
        at_even_weights(sampled(function, factors, 500, noisy(chance, 2.0, 5.0, 6), chance))
        for _ in range(60)
    ])  # fmt: skip
    error = 4 * found.std(axis=0) / np.sqrt(len(found))
    assert error.max() < 0.06
    assert (np.abs(found.mean(axis=0)[FIRST, :-1] - first) < error[FIRST, :-1] + 0.005).all()
    assert (np.abs(found.mean(axis=0)[TOTAL, :-1] - total) < error[TOTAL, :-1] + 0.005).all()
    assert (np.abs(found.mean(axis=0)[:, -1]) < error[:, -1] + 0.002).all()  # the dummy


def loop_product(one, other, w):
    pairs = list(itertools.permutations(range(len(w)), 2))
    unlike = sum(w[r] * w[s] for r, s in pairs)
    return sum(w[r] * w[s] * one[..., r] * other[..., s] for r, s in pairs) / unlike


def loop_sobol(sample, p, w):
    """Return the indices again, with loops over replicates, from the estimators as published."""
    middle = (p @ sample.a + p @ sample.b) / 2
    a, b, ab = sample.a - middle, sample.b - middle, sample.ab - middle
    both = np.concatenate([a, b])
    whole = np.tile(p / 2, 2) @ loop_product(both, both, w)
    rows = []
    for k in range(ab.shape[1]):
        moved = ab[:, k] - a
        rows.append([p @ loop_product(b, moved, w), p @ loop_product(moved, moved, w) / 2])
    halves = range(0, len(w) - 1, 2)
    moved = np.stack([a[:, r + 1] - a[:, r] - p @ (a[:, r + 1] - a[:, r]) for r in halves], axis=1)
    beside = np.stack([(b[:, r + 1] + b[:, r]) / 2 for r in halves], axis=1)
    weights = np.array([w[r] + w[r + 1] for r in halves])
    # half as many replicates make the dummy's squares twice and its products root two as large
    rows.append([
        p @ loop_product(beside, moved, weights) / 2**0.5,
        p @ loop_product(moved, moved, weights) / 2 / 2,
    ])  # fmt: skip
    return np.array(rows).T / whole


@pytest.mark.parametrize("replicates", [4, 5, 9])
def test_at_any_weights_the_indices_are_those_of_sums_by_hand(replicates):
    chance = np.random.default_rng(2)
    sample = sampled(ishigami, 3, 12, noisy(chance, 2.0, 4.0, replicates), chance)
    for _ in range(5):
        p, w = chance.exponential(size=12), chance.exponential(size=replicates)
        p, w = p / p.sum(), w / w.sum()
        assert sobol(sample, p, w) == pytest.approx(loop_sobol(sample, p, w))


@pytest.mark.parametrize("replicates", [1, 2, 3])
def test_fewer_than_four_replicates_have_no_dummy(replicates):
    chance = np.random.default_rng(3)
    sample = sampled(ishigami, 3, 40, noisy(chance, 1.0, 0.0, replicates), chance)
    found = at_even_weights(sample)
    assert np.isnan(found[:, 3]).all() and np.isfinite(found[:, :3]).all()


# --- the yardstick --------------------------------------------------------------------------------


@pytest.mark.parametrize("replicates", [8, 16])
def test_the_dummy_is_as_uncertain_as_a_factor_that_only_changes_the_luck(replicates):
    """Neither narrower, or luck would pass for a factor, nor wider, or factors for luck."""
    chance = np.random.default_rng(4)
    found = np.array([
        at_even_weights(sampled(
            lambda x: 3 * x[..., 0], 2, 40, noisy(chance, 1.5, 3.0, replicates), chance
        ))
        for _ in range(2500)
    ])  # fmt: skip
    spreads = found.std(axis=0)
    first, total = spreads[:, 2] / spreads[:, 1]
    assert first == pytest.approx(1.0, abs=0.08)
    # the pairs of half as many replicates are fewer still by (R - 2) / (R - 1)
    assert total == pytest.approx(np.sqrt((replicates - 1) / (replicates - 2)), abs=0.08)


def test_the_dummys_interval_is_as_wide_as_it_differs_from_study_to_study():
    chance = np.random.default_rng(5)
    values, widths = [], []
    for _ in range(40):
        sample = sampled(lambda x: 3 * x[..., 0], 2, 60, noisy(chance, 1.5, 3.0, 8), chance)
        found = spread(lambda p, w, s=sample: sobol(s, p, w), 60, 8, resamples=80)
        each = found.estimate(TOTAL, 2)
        values.append(each.value)
        widths.append(each.high - each.low)
    assert 0.65 < np.mean(widths) / (2 * 1.96 * np.std(values)) < 1.6


def test_a_factor_is_told_from_luck_where_it_is_as_large_as_luck_could_be():
    """A factor of some standard errors of the dummy is told in most studies, one of none hardly."""
    chance = np.random.default_rng(6)
    told = []
    for _ in range(40):
        sample = sampled(
            lambda x: np.sqrt(12) * (x @ np.array([2.0, 1.0, 0.0])), 3, 64,
            noisy(chance, 1.5, 3.0, 8), chance,
        )  # fmt: skip
        found = spread(lambda p, w, s=sample: sobol(s, p, w), 64, 8, resamples=80)
        told.append([found.surely_above((TOTAL, k), (TOTAL, 3)) for k in range(3)])
    assert np.mean(told, axis=0)[0] > 0.95
    assert np.mean(told, axis=0)[1] > 0.6
    assert np.mean(told, axis=0)[2] < 0.1


def null_steps(chance, replicates, length, trajectories=3000, own=1.5):
    """Return the steps of one factor that changes nothing but the luck, from uneven starts."""
    common = chance.normal(0, 4.0, replicates)
    starts = chance.normal(0, own, (trajectories, replicates)) + common
    ends = chance.normal(0, own, (trajectories, replicates)) + common
    return Steps(((ends - starts) / length)[:, None], starts, length)


@pytest.mark.parametrize("replicates", [4, 7, 8, 20])
@pytest.mark.parametrize("length", [2 / 3, 0.5])
def test_the_dummy_of_a_screening_is_what_luck_alone_would_give(replicates, length):
    found = morris(
        null_steps(np.random.default_rng(7), replicates, length), even(3000), even(replicates)
    )
    pairs = replicates // 2
    size = 1.5 * np.sqrt(2 / (2 * pairs)) / length  # of a mean over so many pairs of runs
    assert found[by_morris.MU_STAR, 1] == pytest.approx(size * np.sqrt(2 / np.pi), rel=0.05)
    assert found[by_morris.SIGMA, 1] == pytest.approx(size, rel=0.05)
    assert abs(found[by_morris.MU, 1]) < 4 * size / np.sqrt(3000)
    if replicates % 2 == 0:
        assert found[by_morris.MU_STAR, 1] == pytest.approx(found[by_morris.MU_STAR, 0], rel=0.06)
        assert found[by_morris.SIGMA, 1] == pytest.approx(found[by_morris.SIGMA, 0], rel=0.06)


def test_one_replicate_has_no_dummy_and_two_have_one():
    chance = np.random.default_rng(8)
    alone, two = (morris(null_steps(chance, r, 0.5, 10), even(10), even(r)) for r in (1, 2))
    assert np.isnan(alone[:, 1]).all() and np.isfinite(alone[:, 0]).all()
    assert np.isfinite(two).all()


# --- Morris ---------------------------------------------------------------------------------------


def trajectories(count, factors, chance, length=2 / 3):
    """Return points (count, factors + 1, factors), which factor each step moves, and how far."""
    points = np.empty((count, factors + 1, factors))
    moved = np.array([chance.permutation(factors) for _ in range(count)])
    far = np.empty((count, factors))
    for row in range(count):
        x = chance.choice([0.0, 1 / 3], factors)
        up = chance.random(factors) < 0.5
        x = np.where(up, x, x + length)
        points[row, 0] = x
        for step, k in enumerate(moved[row]):
            far[row, step] = length if up[k] else -length
            x = x.copy()
            x[k] += far[row, step]
            points[row, step + 1] = x
    return points, moved, far


def test_the_slopes_of_an_additive_function_are_found_and_do_not_differ():
    chance = np.random.default_rng(9)
    slopes = np.array([3.0, -5.0, 0.0])
    points, moved, far = trajectories(12, 3, chance)
    values = (points @ slopes)[..., None] + chance.normal(0, 9, 4)  # luck that all points share
    steps = steps_of(values, moved, far)
    found = morris(steps, even(12), even(4))
    assert found[:, :3] == pytest.approx(np.array([slopes, np.abs(slopes), 0 * slopes]), abs=1e-9)
    assert steps.length == pytest.approx(2 / 3)
    assert np.array_equal(steps.starts, values[:, 0])


def test_effects_that_hang_on_another_factor_have_its_spread():
    """The effect of one factor of a product is the value of the other."""
    chance = np.random.default_rng(10)
    points, moved, far = trajectories(40, 2, chance)
    values = (2 * points[..., 0] * (points[..., 1] - 0.5))[..., None] + np.zeros(3)
    steps = steps_of(values, moved, far)
    other = np.empty((40, 2))
    for row, step in itertools.product(range(40), range(2)):
        k = moved[row, step]
        still = points[row, step]
        other[row, k] = 2 * (still[1] - 0.5) if k == 0 else 2 * still[0]
    assert steps.effects == pytest.approx(np.repeat(other[..., None], 3, axis=2))
    found = morris(steps, even(40), even(3))
    assert found[by_morris.MU, :2] == pytest.approx(other.mean(axis=0))
    assert found[by_morris.MU_STAR, :2] == pytest.approx(np.abs(other).mean(axis=0))
    assert found[by_morris.SIGMA, :2] == pytest.approx(other.std(axis=0, ddof=1))
    p = chance.exponential(size=40)
    p /= p.sum()
    mu = p @ other
    pairs = sum(
        p[i] * p[j] * (other[i] - other[j]) ** 2 / 2
        for i, j in itertools.permutations(range(40), 2)
    ) / (1 - (p**2).sum())
    found = morris(steps, p, even(3))
    assert found[by_morris.MU, :2] == pytest.approx(mu)
    assert found[by_morris.MU_STAR, :2] == pytest.approx(p @ np.abs(other))
    assert found[by_morris.SIGMA, :2] == pytest.approx(np.sqrt(pairs))


def test_the_usual_step_is_the_median_and_its_direction_does_not_count():
    values = np.arange(18.0).reshape(3, 3, 2)
    far = np.array([[0.5, -0.5], [-0.5, 1.0], [1.0, 0.5]])
    steps = steps_of(values, np.array([[0, 1], [1, 0], [0, 1]]), far)
    assert steps.length == 0.5
    assert steps.effects[:, :, 0].tolist() == [[4.0, -4.0], [2.0, -4.0], [2.0, 4.0]]
    part = steps.first(2)
    assert part.effects.tolist() == steps.effects[:2].tolist()
    assert part.starts.tolist() == steps.starts[:2].tolist() and part.length == 0.5


def test_one_trajectory_has_no_spread():
    found = morris(null_steps(np.random.default_rng(11), 4, 0.5, 1), even(1), even(4))
    assert np.isnan(found[by_morris.SIGMA]).all() and np.isfinite(found[by_morris.MU_STAR]).all()


def screening(count, replicates, own=0.3, seed=12):
    chance = np.random.default_rng(seed)
    points, moved, far = trajectories(count, 3, chance)
    luck = chance.normal(0, own, (count, 4, replicates))
    values = (points @ np.array([-6.0, 3.0, 0.0]))[..., None] + luck
    return steps_of(values, moved, far)


def test_a_screening_says_what_its_estimates_say_and_ranks_what_is_told_from_luck():
    steps = screening(8, 4)
    found = screen(steps)
    plain = morris(steps, even(8), even(4))
    for row, name in enumerate(("mu", "mu_star", "sigma")):
        assert [each.value for each in getattr(found, name)] == pytest.approx(plain[row, :3])
    assert found.dummy.value == plain[1, 3] and found.dummy_sigma.value == plain[2, 3]
    assert (found.refused, found.told, found.ranks) == ("", [True, True, False], [1, 2, None])


@pytest.mark.parametrize(
    ("count", "replicates", "said"),
    [
        (7, 4, "7 trajectories are too few to rank factors: give 8 or more"),
        (8, 3, "3 replicates a point are too few to know what luck alone would give: give 4 or "
               "more"),
    ],
)  # fmt: skip
def test_a_screening_below_either_limit_is_not_ranked(count, replicates, said):
    found = screen(screening(count, replicates))
    assert (found.refused, found.told, found.ranks) == (said, [False] * 3, [None] * 3)


def test_intervals_of_a_screening_hold_what_other_trajectories_and_other_luck_would_give():
    """Luck decides how much a factor matters: more trajectories do not help; formerly a fifth."""

    def study(seed):
        chance = np.random.default_rng(seed)
        points, moved, far = trajectories(12, 3, chance)
        slopes = np.array([3.0, 1.0, 0.0])[:, None] + chance.normal(0, 1.5, 8)
        return steps_of(points @ slopes + chance.normal(0, 0.5, (12, 4, 8)), moved, far)

    values = [morris(study(seed), even(12), even(8)) for seed in range(400)]
    truth = np.mean(values, axis=0)[:, :3]
    held = []
    for seed in range(30):
        found = screen(study(seed))
        held.append([
            [each.low <= true <= each.high for each, true in zip(row, truth[k], strict=True)]
            for k, row in enumerate((found.mu, found.mu_star, found.sigma))
        ])  # fmt: skip
    assert np.mean(held, axis=0).min() >= 0.7 and np.mean(held) >= 0.8


# --- ranks, refusals and the growing study --------------------------------------------------------


def linear(bases, replicates, own=0.3, slopes=(4.0, 2.0, 0.0), seed=13):
    chance = np.random.default_rng(seed)
    return sampled(
        lambda x: x @ np.array(slopes), len(slopes), bases, noisy(chance, own, 1.0, replicates),
        chance,
    )  # fmt: skip


def test_indices_say_what_their_estimates_say():
    sample = linear(32, 4)
    found, plain = indices(sample), at_even_weights(sample)
    assert [each.value for each in found.first] == pytest.approx(plain[FIRST, :3])
    assert [each.value for each in found.total] == pytest.approx(plain[TOTAL, :3])
    assert [found.dummy_first.value, found.dummy_total.value] == pytest.approx(plain[:, 3])
    assert (found.refused, found.told, found.ranks) == ("", [True, True, False], [1, 2, None])
    again = spread(lambda p, w: sobol(sample, p, w), 32, 4)
    assert found.first[1] == again.estimate(FIRST, 1) and found.total[2] == again.estimate(TOTAL, 2)
    assert found.dummy_first == again.estimate(FIRST, 3)


@pytest.mark.parametrize(
    ("bases", "replicates", "said"),
    [
        (31, 4, "31 base samples are too few to rank factors: give 32 or more"),
        (32, 3, "3 replicates a point are too few to know what luck alone would give: give 4 or "
                "more"),
    ],
)  # fmt: skip
def test_indices_below_either_limit_are_not_ranked(bases, replicates, said):
    found = indices(linear(bases, replicates))
    assert (found.refused, found.told, found.ranks) == (said, [False] * 3, [None] * 3)


@pytest.mark.parametrize(("own", "seed", "enough"), [(2.0, 9, True), (3.0, 8, False)])
def test_what_all_factors_explain_must_surely_be_more_than_nothing(own, seed, enough):
    """In other points too, though with these it would be; each pair of bases is drawn as one."""
    sample = linear(40, 4, own=own, slopes=(2.5, 2.5), seed=seed)
    both = np.concatenate([sample.a, sample.b])
    between = by_sobol.luck_share(both, np.r_[:40, :40], sampled=True).between
    assert between.value > 0 and (between.low > 0) == enough
    assert by_sobol.luck_share(both, np.r_[:40, :40], sampled=False).between.low > 0
    assert by_sobol.why_refused(sample) == ("" if enough else by_sobol.ALL_LUCK)


def test_indices_that_some_resamples_do_not_have_are_not_ranked():
    """Though what all factors explain is surely more than nothing."""
    sample = linear(40, 4, own=3.0, slopes=(2.5, 2.5), seed=5)
    assert by_sobol.why_refused(sample) == ""
    assert not spread(lambda p, w: sobol(sample, p, w), 40, 4).known()
    found = indices(sample)
    assert found.refused == by_sobol.ALL_LUCK
    assert (found.told, found.ranks) == ([False] * 2, [None] * 2)


def test_indices_do_not_hang_on_the_unit():
    sample = linear(40, 4)
    small = Saltelli(*(part * 1e-5 for part in sample))
    assert at_even_weights(small) == pytest.approx(at_even_weights(sample))


def explained(sample):
    """Return the variance of expected values over both base samples."""
    both = np.concatenate([sample.a, sample.b])
    apart = both - both.mean(axis=0)
    return loop_product(apart, apart, even(sample.a.shape[1])).mean()


def test_a_variance_that_is_not_positive_has_no_indices():
    chance = np.random.default_rng(14)
    still = Saltelli(*(np.zeros(shape) for shape in ((40, 4), (40, 4), (40, 2, 4))))
    assert np.isnan(at_even_weights(still)).all() and at_even_weights(still).shape == (2, 3)
    drawn = [sampled(lambda x: 0 * x[..., 0], 2, 6, noisy(chance, 1, 0, 4), chance)
             for _ in range(50)]  # fmt: skip
    sample = next(each for each in drawn if explained(each) < 0)
    assert np.isnan(at_even_weights(sample)).all()


def test_a_rank_is_one_more_than_there_are_others_that_are_surely_larger():
    chance = np.random.default_rng(15)
    resampled = np.array([9.0, 5.0, 5.0, 1.0, 7.0]) + chance.normal(0, 0.1, (1000, 5))
    found = spread(lambda p, w: np.zeros(5), 2, 2)._replace(
        value=resampled.mean(axis=0), resampled=resampled
    )
    places = [(k,) for k in range(5)]
    assert by_sobol.ranked(found, places, [True] * 5) == [1, 3, 3, 5, 2]
    told = [True, True, True, False, False]
    assert by_sobol.ranked(found, places, told) == [1, 2, 2, None, None]


def test_a_growing_study_is_doubled_from_an_eighth_on_but_never_below_eight():
    expected = {64: [8, 16, 32, 64], 63: [15, 31, 63], 100: [12, 25, 50, 100], 16: [8, 16],
                15: [15], 3: [3], 800: [100, 200, 400, 800]}  # fmt: skip
    assert {whole: sizes(whole) for whole in expected} == expected


def test_each_step_of_a_growing_study_is_that_of_its_first_part_alone():
    sample = linear(32, 4)
    steps = convergence(sample)
    assert [step.points for step in steps] == [8 * 5, 16 * 5, 32 * 5]
    for step, count in zip(steps, (8, 16, 32), strict=True):
        part = Saltelli(sample.a[:count], sample.b[:count], sample.ab[:count])
        assert [each.value for each in step.estimates] == pytest.approx(
            at_even_weights(part)[TOTAL]
        )
    grown = by_morris.convergence(screening(16, 4))
    assert [step.points for step in grown] == [8 * 4, 16 * 4]
    for step, count in zip(grown, (8, 16), strict=True):
        plain = morris(screening(16, 4).first(count), even(count), even(4))
        assert [each.value for each in step.estimates] == pytest.approx(plain[by_morris.MU_STAR])
