"""The split of luck from factors is that of layouts whose variances are known."""

import numpy as np
import pytest

from experiments.estimates import Estimate
from experiments.sensitivity.indices import _parts, luck_share, variance
from experiments.sensitivity.resampling import even, product, spread

BETWEEN, LUCK, SHARED = 4.0, 9.0, 4.0
UNEVEN = np.array([0, 1, 1, 2, 2, 2, 2])
"""Clusters of one, two and four points."""


def parts_of(values, p, w, *, sampled):
    return _parts(values, values**2, p, w, sampled=sampled)


def layout(chance, points, replicates):
    """Return a one-way layout with random effects, and luck that all points share."""
    effects = chance.normal(0, np.sqrt(BETWEEN), (points, 1))
    own = chance.normal(0, np.sqrt(LUCK), (points, replicates))
    return 7.0 + effects + own + chance.normal(0, np.sqrt(SHARED), replicates)


def cluster_weights(clusters):
    """Return equal weights of clusters, each shared out over its points."""
    sizes = np.bincount(clusters)
    return 1 / len(sizes) / sizes[clusters]


@pytest.mark.parametrize("clusters", [np.arange(3), UNEVEN], ids=["alone", "uneven clusters"])
@pytest.mark.parametrize("replicates", [2, 5])
def test_with_few_points_the_variances_are_right_on_average(clusters, replicates):
    chance = np.random.default_rng(1)
    p, w = cluster_weights(clusters), even(replicates)
    found = np.array([
        parts_of(layout(chance, len(clusters), replicates), p, w, sampled=True)[:2]
        for _ in range(12_000)
    ])  # fmt: skip
    error = 3.5 * found.std(axis=0) / np.sqrt(len(found))
    assert (error < [0.5, 1.2]).all()
    assert (np.abs(found.mean(axis=0) - [BETWEEN, LUCK + SHARED]) < error).all()


@pytest.mark.parametrize("sampled", [True, False])
def test_luck_that_all_points_share_is_not_left_in_the_differences_of_their_means(sampled):
    """With many points and replicates every part is near its truth, shared luck or none."""
    values = layout(np.random.default_rng(2), 3000, 40)
    found = luck_share_at_once(values, np.arange(3000), sampled=sampled)
    assert found[0] == pytest.approx(BETWEEN, rel=0.1)
    assert found[1] == pytest.approx(LUCK + values.mean(axis=0).var(ddof=1), rel=0.05)
    assert found[2] == pytest.approx(found[1] / (found[0] + found[1]))
    assert found[3] == pytest.approx(LUCK / 40 / (LUCK / 40 + found[0]), rel=0.02)


def luck_share_at_once(values, clusters, *, sampled):
    return parts_of(values, cluster_weights(clusters), even(values.shape[1]), sampled=sampled)


def by_hand(values, p, w, *, sampled):
    """Return the parts again, each as its textbook says it, with loops over pairs of replicates."""
    points, replicates = values.shape
    luck = own = between = 0.0
    pairs = [(r, s) for r in range(replicates) for s in range(replicates) if r != s]
    unlike = sum(w[r] * w[s] for r, s in pairs)
    middle = [sum(p[i] * values[i, r] for i in range(points)) for r in range(replicates)]
    for i in range(points):
        # the variance within a point is half of the mean squared difference of two replicates
        luck += p[i] * sum(w[r] * w[s] * (values[i, r] - values[i, s]) ** 2 for r, s in pairs) / 2
        apart = values[i] - middle
        own += p[i] * sum(w[r] * w[s] * (apart[r] - apart[s]) ** 2 for r, s in pairs) / 2
        between += p[i] * sum(w[r] * w[s] * apart[r] * apart[s] for r, s in pairs)
    missing = sum(p[i] * p[j] for i in range(points) for j in range(points) if i != j)
    luck, own, between = luck / unlike, own / unlike / replicates, between / unlike
    if sampled:
        own, between = own / missing, between / missing
    explained = max(between, 0.0)
    return [between, luck, luck / (luck + explained), own / (own + explained)]


@pytest.mark.parametrize("sampled", [True, False])
def test_the_parts_are_those_of_a_sum_by_hand_at_any_weights(sampled):
    chance = np.random.default_rng(3)
    for _ in range(5):
        values, p, w = layout(chance, 5, 4), chance.exponential(size=5), chance.exponential(size=4)
        p, w = p / p.sum(), w / w.sum()
        found = parts_of(values, p, w, sampled=sampled)
        assert found == pytest.approx(by_hand(values, p, w, sampled=sampled))


def test_shares_do_not_hang_on_the_unit():
    values = layout(np.random.default_rng(3), 9, 4)
    large, small = (
        luck_share_at_once(values * unit, np.arange(9), sampled=True) for unit in (1.0, 1e-5)
    )
    assert small[2:] == pytest.approx(large[2:])


@pytest.mark.parametrize("sampled", [True, False])
def test_each_cluster_counts_once_however_many_points_it_has(sampled):
    values = layout(np.random.default_rng(4), len(UNEVEN), 6)
    names = np.array([70, 5, 5, 31, 31, 31, 31])  # clusters are names, not places
    found = luck_share(values, names, sampled=sampled)
    expected = by_hand(values, cluster_weights(UNEVEN), even(6), sampled=sampled)
    assert [each.value for each in found] == pytest.approx(expected)
    for each in found:
        assert each.low <= each.high


def test_a_grid_varies_in_its_luck_only_and_a_sample_in_its_points_too():
    values = layout(np.random.default_rng(5), 8, 30)
    grid, sample = (luck_share(values, np.arange(8), sampled=each) for each in (False, True))
    assert sample.between.high - sample.between.low > 2 * (grid.between.high - grid.between.low)


def test_the_share_of_luck_is_one_where_nothing_is_explained_and_none_where_nothing_moves():
    alike = np.tile([1.0, 4.0, 2.0], (6, 1))  # luck alone, the same at every point
    found = luck_share(alike, np.arange(6), sampled=True)
    assert found.between.value == pytest.approx(0.0)
    assert found.luck.value == pytest.approx(np.var([1.0, 4.0, 2.0], ddof=1))
    assert found.share.value == pytest.approx(1.0)
    still = luck_share(np.zeros((6, 3)), np.arange(6), sampled=True)
    assert (still.between.value, still.luck.value) == (0.0, 0.0)
    assert np.isnan(still.share.value) and np.isnan(still.left.value)
    fixed = luck_share(np.arange(6.0)[:, None] + np.zeros(3), np.arange(6), sampled=True)
    assert (fixed.share.value, fixed.left.value) == pytest.approx((0.0, 0.0))
    assert fixed.between.value == pytest.approx(np.var(np.arange(6.0), ddof=1))


def test_an_estimate_of_less_than_nothing_counts_as_nothing_in_the_shares():
    chance = np.random.default_rng(6)
    drawn = [chance.normal(0, 1, (4, 3)) for _ in range(50)]
    parts = [luck_share_at_once(values, np.arange(4), sampled=True) for values in drawn]
    found = next(each for each in parts if each[0] < -0.1)
    assert found[2:].tolist() == [1.0, 1.0]


@pytest.mark.parametrize("shape", [(10, 1), (1, 10)])
def test_one_replicate_or_one_point_says_nothing(shape):
    assert luck_share(np.ones(shape), np.arange(shape[0]), sampled=True) is None
    two = tuple(max(each, 2) for each in shape)
    assert luck_share(np.random.default_rng(1).normal(size=two), np.arange(two[0]), sampled=True)


# --- the tools beneath ----------------------------------------------------------------------------


def test_a_product_adds_up_pairs_of_different_replicates_at_any_weights():
    chance = np.random.default_rng(7)
    one, other, w = chance.normal(2, 1, (3, 5)), chance.normal(-1, 3, (3, 5)), np.arange(1.0, 6.0)
    w /= w.sum()
    pairs = [(r, s) for r in range(5) for s in range(5) if r != s]
    unlike = sum(w[r] * w[s] for r, s in pairs)
    expected = sum(w[r] * w[s] * one[:, r] * other[:, s] for r, s in pairs) / unlike
    assert product(one, other, w) == pytest.approx(expected)
    assert product(one[:, :1], other[:, :1], even(1)) == pytest.approx(one[:, 0] * other[:, 0])
    p = np.array([0.5, 0.2, 0.3])
    apart = one - p @ one
    assert variance(one, p, w) == pytest.approx(p @ product(apart, apart, w))


def crossed(chance, points, replicates, spreads):
    """Return values of points crossed with replicates: effects of both, and of each run alone."""
    of_points, of_runs, own = spreads
    return (
        chance.normal(0, of_points, (points, 1))
        + chance.normal(0, of_runs, replicates)
        + chance.normal(0, own, (points, replicates))
    )


def covered(spreads, points=30, replicates=20, **how):
    """Return how often the interval of a plain mean holds its expected value, and its width.

    The width is over that of an interval from the variance of the mean, which is known.
    """
    chance = np.random.default_rng(8)
    known = spreads[0] ** 2 / points + spreads[1] ** 2 / replicates
    known += spreads[2] ** 2 / points / replicates
    hits, wide = [], []
    for _ in range(250):
        values = crossed(chance, points, replicates, spreads)
        found = spread(
            lambda p, w, v=values: np.array([p @ v @ w]), points, replicates, resamples=200, **how
        ).estimate(0)
        hits.append(found.low <= 0 <= found.high)
        wide.append(found.high - found.low)
    return np.mean(hits), np.mean(wide) / (2 * 1.96 * np.sqrt(known))


@pytest.mark.parametrize(
    "spreads", [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)],
    ids=["points", "replicates", "runs", "all"],
)  # fmt: skip
def test_an_interval_holds_the_truth_in_nineteen_of_twenty_studies(spreads):
    hits, wide = covered(spreads)
    assert 0.89 <= hits <= 0.98
    assert 0.9 < wide < 1.1


def test_what_is_not_to_be_varied_is_not_in_the_interval():
    values = crossed(np.random.default_rng(9), 12, 12, (1, 1, 0))

    def mean(p, w):
        return np.array([p @ values @ w])

    def width(**how):
        found = spread(mean, 12, 12, **how).estimate(0)
        return found.high - found.low

    points, runs = width(vary_replicates=False), width(vary_clusters=False)
    assert points == pytest.approx(4 * values.mean(axis=1).std() / np.sqrt(13), rel=0.12)
    assert runs == pytest.approx(4 * values.mean(axis=0).std() / np.sqrt(13), rel=0.12)
    assert width() == pytest.approx(np.hypot(points, runs), rel=0.12)
    assert width(vary_clusters=False, vary_replicates=False) == 0.0


def test_one_replicate_has_no_luck_to_vary():
    chance = np.random.default_rng(10)
    values = chance.normal(size=(9, 1))
    found = spread(lambda p, w: np.array([p @ values @ w]), 9, 1)
    alone = spread(lambda p, w: np.array([p @ values @ w]), 9, 1, vary_replicates=False)
    assert found.estimate(0) == alone.estimate(0)
    assert found.known()


def test_two_replicates_have_luck_to_vary():
    values = np.array([[0.0, 1.0], [0.0, 1.0]])
    found = spread(lambda p, w: np.array([p @ values @ w]), 2, 2, vary_clusters=False)
    assert found.estimate(0)[1:] == pytest.approx((0.025, 0.975), abs=0.02)  # an even weight


def test_each_number_of_a_table_has_its_own_interval():
    values = np.random.default_rng(12).normal(0, [[0.1, 1, 50], [1, 5, 2]], (30, 5, 2, 3))
    found = spread(lambda p, w: np.einsum("i,ijkl,j->kl", p, values, w), 30, 5, resamples=200)
    for row, column in np.ndindex(2, 3):
        alone = spread(
            lambda p, w, v=values[:, :, row, column]: np.array([p @ v @ w]), 30, 5, resamples=200
        )
        assert found.estimate(row, column) == pytest.approx(alone.estimate(0))
    values[:, :, 1, 0] += 9
    found = spread(lambda p, w: np.einsum("i,ijkl,j->kl", p, values, w), 30, 5, resamples=200)
    assert found.surely_above((1, 0), (0, 0)) and not found.surely_above((0, 0), (1, 0))


def test_an_interval_is_as_lopsided_as_its_statistic_and_to_the_same_side():
    points, runs = np.random.default_rng(13).normal(0, 1, (2, 12))
    for lopsided in (
        spread(lambda p, w: np.exp([4 * p @ points]), 12, 12, vary_replicates=False),
        spread(lambda p, w: np.exp([4 * w @ runs]), 12, 12, vary_clusters=False),
        spread(lambda p, w: np.array([np.exp(4 * p @ points) + w @ runs]), 12, 12),
        spread(lambda p, w: np.array([np.exp(4 * w @ runs) + p @ points / 9]), 12, 12),
    ):
        found = lopsided.estimate(0)
        assert found.high - found.value > 1.5 * (found.value - found.low) > 0


def test_a_statistic_is_known_where_it_has_a_value_at_every_weight_and_at_even_ones():
    found = spread(lambda p, w: np.array([1.0]), 3, 3, resamples=9)
    assert found.known()
    assert not found._replace(value=np.array([np.nan])).known()
    found.resampled[4] = np.nan
    assert not found.known()


def test_an_interval_leaves_two_and_a_half_of_a_hundred_on_either_side():
    values = np.random.default_rng(11).normal(size=(40, 8))
    found = spread(lambda p, w: np.array([p @ values @ w, np.nan]), 40, 8)
    assert found.resampled.shape == (1000, 2)
    low, high = np.sort(found.resampled[:, 0])[[25, 974]]
    assert found.estimate(0)[1:] == pytest.approx((low, high), abs=0.01)
    assert found.estimate(0).value == pytest.approx(values.mean())
    assert np.isnan(found.estimate(1)).all() and not found.known()
    again = spread(lambda p, w: np.array([p @ values @ w, np.nan]), 40, 8)
    assert again.estimate(0) == found.estimate(0)
    found.resampled[3, 0] = np.inf
    assert np.isnan(found.estimate(0)[1:]).all() and np.isfinite(found.estimate(0).value)


def test_one_number_is_surely_above_another_in_all_but_one_of_forty_resamples():
    apart = np.r_[np.full(24, -1.0), np.full(976, 1.0)]
    found = spread(lambda p, w: np.zeros(2), 3, 3)._replace(
        value=np.array([1.0, 0.0]), resampled=np.stack([apart, np.zeros(1000)], axis=1)
    )
    assert found.surely_above((0,), (1,)) and not found.surely_above((1,), (0,))
    found.resampled[24:27, 0] = -1.0
    assert not found.surely_above((0,), (1,))
    found.resampled[:, 0] = 0.0
    assert not found.surely_above((0,), (1,))


def test_what_does_not_exist_is_null_in_a_document():
    found = Estimate(np.float64(2.0), np.nan, np.inf).document()
    assert found == {"value": 2.0, "low": None, "high": None}
    assert type(found["value"]) is float
