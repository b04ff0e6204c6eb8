"""Putting things in order, by hand."""

from itertools import product

import numpy as np
import pytest


def ranked(rules, keys, n=None):
    """Return the places of the first n keys in order, and what lies beyond them."""
    n = len(keys) if n is None else n
    order, spare = np.full(n + 3, 77), np.full(n + 3, 88)
    rules.ranking.rank(np.array([*keys, 0.0]), order, spare, n)
    assert order[n:].tolist() == [77] * 3
    return order[:n].tolist()


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        ([], []),
        ([5], [0]),
        ([5, 3], [1, 0]),
        ([3, 5], [0, 1]),
        ([3, 1, 2], [1, 2, 0]),
        ([4, 3, 2, 1, 0], [4, 3, 2, 1, 0]),
        ([0, 1, 2, 3, 4], [0, 1, 2, 3, 4]),
        ([6, 2, 9, 1, 7, 3, 8], [3, 1, 5, 0, 4, 6, 2]),
    ],
)
def test_the_smallest_comes_first(rules, keys, order):
    assert ranked(rules, keys) == order


def test_what_is_equal_keeps_its_order(rules):
    assert ranked(rules, [1, 0, 1, 0, 1]) == [1, 3, 0, 2, 4]
    assert ranked(rules, [2, 2, 2, 2, 2, 2]) == [0, 1, 2, 3, 4, 5]


def test_all_short_lists_of_a_few_values_are_put_in_order(rules):
    for n in range(7):
        for keys in product(range(3), repeat=n):
            assert ranked(rules, keys) == sorted(range(n), key=lambda k, keys=keys: keys[k])


def test_keys_beyond_the_first_few_do_not_count(rules):
    assert ranked(rules, [3, 2, 1, -5, -6], n=3) == [2, 1, 0]


def test_two_runs_are_merged_into_one(rules):
    keys, order, spare = np.array([9.0, 1, 4, 2, 3, 0]), np.arange(6), np.full(6, 88)
    rules.ranking.merge_runs(keys, order, spare, 1, 3, 5)
    assert spare.tolist() == [88, 1, 3, 4, 2, 88]
