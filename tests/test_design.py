"""Designs have the points that they promise: how many, where, and the same every time."""

import math
import time
from contextlib import nullcontext
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from experiments.studies import design
from experiments.studies.design import as_columns, as_points, how_many, points_of, unit_sample
from experiments.studies.plan import Design, Factor, Plan
from experiments.studies.reading import with_size
from sim.declared.parameters import declarations
from sim.errors import InputError

NAMES = ("talks.pace", "search.fashion", "search.reach", "weighing.culture", "weighing.trust")


def plan_with(design, factors, folder="."):
    return Plan(
        name="p", folder=str(folder), title="", about="", scenario="norfolk-seven", seed=1,
        replicates=1, quarters=None, outcomes=("formed",), design=design, factors=tuple(factors),
    )  # fmt: skip


def sized(kind, count=3, **size):
    ranges = [Factor(name=name, role="lever", low=0.0, high=1.0) for name in NAMES[:count]]
    return plan_with(Design(kind=kind, **size), ranges)


@pytest.mark.parametrize(
    ("kind", "size", "count"),
    [
        ("latin", {"points": 7}, 7), ("sobol", {"points": 8}, 8),
        ("saltelli", {"points": 8}, 8 * 5),
        ("saltelli", {"points": 8, "second_order": True}, 8 * 8),
        ("morris", {"trajectories": 6}, 6 * 4), ("grid", {"levels": 4}, 4**3),
    ],
)  # fmt: skip
def test_how_many_points_there_will_be_is_known_before_any_is_drawn(kind, size, count):
    plan = sized(kind, **size)
    assert how_many(plan) == count == len(points_of(plan))


def test_words_count_as_many_levels_as_there_are_words():
    words = Factor(name="tax.limits", role="lever", values=("history", "none"))
    number = Factor(name=NAMES[0], role="lever", low=0.0, high=1.0)
    plan = plan_with(Design(kind="grid", levels=5), [words, number])
    assert how_many(plan) == 2 * 5 == len(points_of(plan))


def test_the_largest_plan_is_let_through_and_one_more_is_not(monkeypatch):
    plan = sized("latin", points=10)
    for most, runs, said in ((10, 30, None), (9, 30, "10 points"), (10, 29, "30 runs")):
        monkeypatch.setattr(design, "MOST_POINTS", most)
        monkeypatch.setattr(design, "MOST_RUNS", runs)
        with pytest.raises(InputError, match=said) if said else nullcontext():
            design.check_size(plan.model_copy(update={"replicates": 3}))


def test_drawn_points_lie_in_the_unit_cube_and_a_screening_has_the_levels_that_are_asked_for():
    for kind, size in (("latin", {"points": 9}), ("saltelli", {"points": 8})):
        unit = unit_sample(sized(kind, **size))
        assert unit.min() >= 0 and unit.max() <= 1 and unit.max() > 0.8
    for levels in (4, 6):
        unit = unit_sample(sized("morris", trajectories=30, levels=levels))
        assert np.unique(unit).tolist() == pytest.approx(np.linspace(0, 1, levels).tolist())


@st.composite
def factors(draw):
    found = []
    for name in NAMES[: draw(st.integers(1, 5))]:
        kind = draw(st.sampled_from(["range", "numbers", "words"]))
        count = draw(st.integers(1, 5))
        if kind == "range":
            low = draw(st.floats(-5, 5))
            found.append(
                Factor(name=name, role="lever", low=low, high=low + draw(st.floats(0.1, 9)))
            )
        elif kind == "numbers":
            values = tuple(float(k) ** 2 for k in range(count))
            found.append(Factor(name=name, role="lever", values=values))
        else:
            values = tuple("abcde"[:count])
            found.append(Factor(name=name, role="lever", values=values))
    return found


DESIGNS = st.one_of(
    st.builds(Design, kind=st.just("grid"), levels=st.integers(2, 4)),
    st.builds(Design, kind=st.just("latin"), points=st.integers(1, 40), seed=st.integers(0, 99)),
    st.builds(Design, kind=st.just("sobol"), points=st.sampled_from([1, 2, 8, 32]),
              seed=st.integers(0, 99)),
    st.builds(Design, kind=st.just("morris"), trajectories=st.integers(2, 5),
              levels=st.sampled_from([4, 6]), seed=st.integers(0, 99)),
    st.builds(Design, kind=st.just("saltelli"), points=st.sampled_from([2, 8]),
              second_order=st.booleans(), seed=st.integers(0, 99)),
)  # fmt: skip


def promised(design, varied):
    """Return how many points docs/studies.md promises of a design."""
    if design.kind == "grid":
        return math.prod(len(factor.values or range(design.levels)) for factor in varied)
    each = {"morris": len(varied) + 1, "saltelli": len(varied) + 2}
    if design.second_order:
        each["saltelli"] = 2 * len(varied) + 2
    return (design.points or design.trajectories) * each.get(design.kind, 1)


@settings(max_examples=80, deadline=None)
@given(DESIGNS, factors())
def test_a_design_has_its_points_in_range_and_the_same_every_time(design, varied):
    plan = plan_with(design, varied)
    points = points_of(plan)
    assert [point.number for point in points] == list(range(promised(design, varied)))
    for point in points:
        assert list(point.values) == [factor.name for factor in varied]
        for factor in varied:
            value = point.values[factor.name]
            if factor.categorical:
                assert value in factor.values
            else:
                assert factor.low <= value <= factor.high
    assert points_of(plan) == points
    assert as_points(as_columns(points, varied), varied) == points


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.integers(0, 99), factors())
def test_a_latin_design_hits_each_stratum_once(count, seed, varied):
    plan = plan_with(Design(kind="latin", points=count, seed=seed), varied)
    unit = unit_sample(plan)
    for column in unit.T:
        assert sorted(np.floor(column * count).astype(int)) == list(range(count))
    for factor in varied:
        if factor.categorical:
            values = [point.values[factor.name] for point in points_of(plan)]
            times = [values.count(value) for value in factor.values]
            # a part of the unit interval holds its share of the strata, cut at both ends
            share = count / len(factor.values)
            assert all(abs(each - share) < 2 for each in times)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["sobol", "saltelli"]), st.integers(0, 99), factors())
def test_designs_that_grow_keep_their_points(kind, seed, varied):
    small = plan_with(Design(kind=kind, points=4, seed=seed), varied)
    large = with_size(small, replicates=None, points=16)
    assert points_of(large)[: len(points_of(small))] == points_of(small)


def test_a_grid_is_the_product():
    varied = [
        Factor(name="talks.pace", role="uncertainty", low=0.0, high=1.0),
        Factor(name="tax.limits", role="lever", values=("none", "history")),
        Factor(name="grants.setup_pot", role="lever", values=(3.0, 1.0)),
    ]
    found = points_of(plan_with(Design(kind="grid", levels=3), varied))
    expected = product([0.0, 0.5, 1.0], ["none", "history"], [3.0, 1.0])
    assert [tuple(point.values.values()) for point in found] == list(expected)


def test_morris_changes_one_factor_at_a_time():
    varied = [Factor(name=name, role="uncertainty", low=0.0, high=1.0) for name in NAMES]
    plan = plan_with(Design(kind="morris", trajectories=6), varied)
    steps = np.diff(unit_sample(plan).reshape(6, len(NAMES) + 1, len(NAMES)), axis=1)
    assert ((steps != 0).sum(axis=2) == 1).all() and ((steps != 0).sum(axis=1) == 1).all()


TABLE = [
    Factor(name="talks.pace", role="uncertainty", low=0.4, high=0.9),
    Factor(name="grants.setup_pot", role="lever", values=(0.0, 2.0)),
    Factor(name="policy", role="lever", values=("base", "mine.toml")),
]
ROWS = "policy,talks.pace,grants.setup_pot\nbase,0.5,0\nmine.toml,0.9,2\n"


def from_table(folder, text):
    (folder / "mine.csv").write_text(text)
    return points_of(plan_with(Design(kind="table", table="mine.csv"), TABLE, folder))


def test_a_table_gives_the_points_that_it_lists_and_grows_by_rows(tmp_path):
    found = from_table(tmp_path, ROWS)
    assert [tuple(point.values.values()) for point in found] == [
        (0.5, 0.0, "base"), (0.9, 2.0, "mine.toml"),
    ]  # fmt: skip
    assert from_table(tmp_path, ROWS + "base,0.6,2\n")[:2] == found
    assert from_table(tmp_path, "\ufeff" + ROWS) == found  # as Excel saves "CSV UTF-8"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("talks.pace", "talks.pase", "did you mean 'talks.pace'"),
        (ROWS, "policy,talks.pace\nbase,0.5\n", "'grants.setup_pot' is missing"),
        ("0.5,0", "0.5,0,1", "line 2: the row has 4 fields, and the header 3"),
        ("0.5,0", "0.5", "line 2: the row has 2 fields, and the header 3"),
        ("0.5,0", "0.3,0", "line 2: talks.pace is 0.3; .* between 0.4 and 0.9"),
        ("0.5,0", "0.5,1", "line 2: grants.setup_pot is 1; .* 0, 2"),
        ("0.5,0", "x,0", "'x' in column 'talks.pace' is not a number"),
        ("mine.toml,", "mien.toml,", "line 3: .*did you mean 'mine.toml'"),
        ("base,0.5,0\nmine.toml,0.9,2\n", "", "has no rows.*one row a point"),
        (ROWS, "policy,talks.pace,grants.setup_pot,talks.pace\nbase,0.5,0,0.6\n", "pace.*twice"),
    ],
)
def test_every_mistake_in_a_table_is_told(tmp_path, old, new, words):
    assert old in ROWS
    with pytest.raises(InputError, match=words):
        from_table(tmp_path, ROWS.replace(old, new))


@pytest.mark.parametrize(
    ("size", "factors", "count"),
    [
        ({"kind": "grid", "levels": 1000}, 3, "1,000,000,000 points"),
        ({"kind": "grid"}, 40, "points"),
        ({"kind": "saltelli", "points": 2**20}, 3, "5,242,880 points"),
        ({"kind": "morris", "trajectories": 1_000_000}, 3, "4,000,000 points"),
    ],
)
def test_a_design_too_large_for_memory_is_refused_before_it_is_made(size, factors, count):
    names = [each.name for each in declarations() if each.plausible][:factors]
    varied = tuple(Factor(name=name, role="uncertainty", low=0.0, high=1.0) for name in names)
    before = time.perf_counter()
    with pytest.raises(InputError, match=count):
        points_of(plan_with(Design(**size), varied))
    assert time.perf_counter() - before < 1


def test_a_number_of_runs_too_large_for_memory_is_refused():
    plan = plan_with(Design(kind="sobol", points=1024), TABLE[:2])
    with pytest.raises(InputError, match="1,024,000,000 runs"):
        points_of(plan.model_copy(update={"replicates": 1_000_000}))
    assert how_many(plan) == len(points_of(plan)) == 1024
