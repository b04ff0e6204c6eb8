"""The nearest councils are the same ones however they are found, and ties go by row."""

import numpy as np
import pytest

from sim.nearness import PLAINLY_MOST, by_tree, nearest_places, plainly
from sim.synthetic import draw_districts


@pytest.mark.parametrize("grid", [3, 0, -1], ids=["as they are", "whole km", "tens of km"])
@pytest.mark.parametrize("count", [2, 3, 30, 353, PLAINLY_MOST + 1])
def test_a_tree_finds_the_same_as_all_distances(count, grid):
    table = draw_districts(count, seed=count)
    x, y = np.round(table.x, grid), np.round(table.y, grid)  # the coarser, the more are equally far
    for near in {1, min(20, count - 1), min(60, count - 1)}:
        found = plainly(x, y, near)
        assert np.array_equal(found, by_tree(x, y, near))
        assert np.array_equal(found, nearest_places(x, y, near))
        assert not (found == np.arange(count)[:, None]).any()


def test_of_places_equally_far_the_first_rows_are_taken():
    x, y = np.array([0.0, 1.0, -1.0, 0.0, 0.0, 3.0]), np.array([0.0, 0.0, 0.0, 1.0, -1.0, 0.0])
    for find in (plainly, by_tree):
        assert find(x, y, 3)[0].tolist() == [1, 2, 3]


def test_many_in_one_place_are_found_by_row():
    x, y = np.zeros(40), np.zeros(40)
    for find in (plainly, by_tree):
        assert find(x, y, 4)[[0, 2, 39]].tolist() == [[1, 2, 3, 4], [0, 1, 3, 4], [0, 1, 2, 3]]
