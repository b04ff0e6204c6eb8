"""Who is near and who touches: the same councils however they are found, in whatever order."""

import numpy as np
import pytest

from sim.country.adjacency import MOST_AT_ONE_PLACE, touching
from sim.country.nearness import PLAINLY_MOST, by_tree, nearest_places, plainly
from sim.country.synthetic import draw_districts
from sim.errors import InputError


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


LINE = [(10.0 * k, 5.0 * k) for k in range(9)]
GRID = [(10.0 * (k % 4), 10.0 * (k // 4)) for k in range(12)]
SHAPES = {
    "a grid": GRID,
    "a line": LINE,
    "a line north": [(400.0, 10.0 * k) for k in range(9)],
    "one place": [(3.0, 4.0)] * 6,
    "two places": [(0.0, 0.0)] * 3 + [(10.0, 0.0)] * 2,
    "a grid with places twice": [*GRID, *GRID[:3]],
    "a line with a place twice": [*LINE, LINE[4]],
}


def links_of(places):
    x, y = np.array(places).T
    return {tuple(link) for link in touching(x, y).tolist()}


@pytest.mark.parametrize("shape", SHAPES)
def test_who_touches_whom_does_not_depend_on_the_order_of_the_rows(shape):
    places, dice = SHAPES[shape], np.random.default_rng(1)
    expected = links_of(places)
    for _ in range(20):
        order = dice.permutation(len(places))
        found = links_of([places[k] for k in order])
        assert {tuple(sorted((order[a], order[b]))) for a, b in found} == expected


def test_on_a_line_those_next_to_each_other_touch():
    assert links_of(LINE) == {(k, k + 1) for k in range(8)}


def test_rows_at_one_place_touch_each_other_and_the_same_neighbours():
    assert links_of([(0.0, 0.0)] * 4) == {(a, b) for b in range(4) for a in range(b)}
    links = links_of(SHAPES["a line with a place twice"])
    assert {(4, 9), (3, 9), (5, 9)} <= links
    assert len(links) == 8 + 3


def test_too_many_rows_at_one_place_are_refused():
    places = np.zeros(MOST_AT_ONE_PLACE + 1)
    with pytest.raises(InputError, match=r"501 councils lie at one place.*centre"):
        touching(places, places)
