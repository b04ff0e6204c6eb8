"""What a failure teaches, whom, and what is forgotten again, against sums done by hand."""

import math

import pytest

from sim.core import events as e, state as s

T = 6
TRUST, EQUAL, ALIGN, EXIT = s.LESSON_TRUST, s.LESSON_EQUAL, s.LESSON_ALIGN, s.LESSON_EXIT


@pytest.fixture
def trio(rules, typical):
    """Return three councils that touch; the first two have just failed over management."""
    world, p = typical({}, {}, {})
    world.councils.lessons = 0.0
    p.lessons_gain, p.lessons_focus, p.lessons_spread, p.lessons_fade = 0.5, 0.4, 0.1, 0.0
    p.scope_depth[s.MANAGEMENT] = 0.8
    d = rules.deals.open_deal(world, 3, s.MANAGEMENT, 77)
    for i in (0, 1):
        rules.deals.add_member(world.deals, d, i)
    return world, p, d


@pytest.mark.parametrize("reason", range(e.REASONS))
@pytest.mark.parametrize("ended", [False, True])
def test_culture_teaches_trust_sovereignty_equality_tax_alignment_else_exit_or_trust(
    rules, reason, ended
):
    named = {e.CULTURE_AND_TRUST: TRUST, e.OWN_PRIORITIES: EQUAL, e.TAX: ALIGN}
    otherwise = EXIT if ended else TRUST
    assert rules.lessons.lesson_of(reason, ended) == named.get(reason, otherwise)


def test_a_failure_teaches_by_depth_what_it_was_about_and_a_part_of_the_rest(rules, trio):
    world, p, d = trio
    rules.lessons.learn(world, p, T, 0, d, e.TAX, False)
    # 0.5 x 0.8 = 0.4 of the central lesson, 0.4 x 0.4 of the others; a tenth for the neighbours.
    taught = {TRUST: 0.16, EQUAL: 0.16, ALIGN: 0.4, EXIT: 0.16}
    assert dict(enumerate(world.councils[0].taught)) == pytest.approx(taught)
    for j in (1, 2):
        assert list(world.councils[j].taught) == pytest.approx([0.016, 0.016, 0.04, 0.016])
    assert world.councils.lessons.sum() == 0.0


def test_only_who_borders_on_the_learner_hears_of_it_and_publishing_helps(rules, trio):
    world, p, d = trio
    world.pairs[rules.between.pair_of(world, 0, 2)].adjacent = 0
    for published, share in ((0.05, 0.1), (0.6, 0.6)):
        world.councils.taught, p.support_published_lessons = 0.0, published
        rules.lessons.learn(world, p, T, 0, d, e.TAX, False)
        assert world.councils[1].taught[ALIGN] == pytest.approx(0.4 * share)
        assert world.councils[2].taught.sum() == 0.0


def test_two_failures_of_a_quarter_are_both_taught(rules, trio):
    world, p, d = trio
    for reason in (e.TAX, e.CULTURE_AND_TRUST):
        rules.lessons.learn(world, p, T, 0, d, reason, False)
    assert list(world.councils[0].taught) == pytest.approx([0.56, 0.32, 0.56, 0.32])
    assert world.councils[1].taught[ALIGN] == pytest.approx(0.056)


def test_what_is_learnt_is_noted_with_the_mean_of_the_lessons_after_it(rules, trio):
    world, p, d = trio
    world.councils.lessons[0] = 0.5, 0.0, 0.5, 0.0
    rules.lessons.learn(world, p, T, 0, d, e.TAX, True)
    row = world.log[0]
    assert world.tally[0].happened == 1
    assert (row.quarter, row.kind, row.council, row.other) == (T, e.LEARNS, 0, s.NOBODY)
    assert (row.deal, row.scope, row.reason, row.more) == (1, s.MANAGEMENT, e.TAX, 0.0)
    # 0.5 + 0.16 x 0.5, 0.16, 0.5 + 0.4 x 0.5, 0.16
    assert row.value == pytest.approx((0.58 + 0.16 + 0.7 + 0.16) / 4)


def test_at_the_end_of_a_quarter_lessons_fade_and_part_of_what_is_left_is_taken_in(rules, trio):
    world, p, _ = trio
    p.lessons_fade = 0.4
    world.councils.lessons[0] = 0.5, 0.5, 0.0, 1.0
    world.councils.taught[0] = 0.0, 0.2, 0.2, 0.5
    rules.lessons.take_in(world, p)
    kept = math.exp(-0.1)
    assert list(world.councils[0].lessons) == pytest.approx(
        [0.5 * kept, 0.5 * kept + 0.2 * (1 - 0.5 * kept), 0.2, kept + 0.5 * (1 - kept)]
    )
    assert world.councils.taught.sum() == 0.0
    assert world.councils.lessons[1:].sum() == 0.0


def test_nobody_learns_more_than_all_there_is(rules, trio):
    world, p, _ = trio
    world.councils.taught[0] = 1.0, 1.5, 3.0, 0.9
    world.councils.lessons[0, EXIT] = 0.5
    rules.lessons.take_in(world, p)
    assert list(world.councils[0].lessons) == pytest.approx([1.0, 1.0, 1.0, 0.95])


def test_every_council_takes_in_what_it_was_taught(rules, trio):
    world, p, _ = trio
    world.councils.taught = 0.25
    rules.lessons.take_in(world, p)
    assert (world.councils.lessons == 0.25).all()
