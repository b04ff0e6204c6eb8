"""Beliefs, trust, lessons, and what a failure leaves behind, against sums done by hand."""

import math

import pytest
from dealt import table, unpair

from sim.core import state as s
from sim.core.events import CULTURE_AND_TRUST, LUCK, OWN_PRIORITIES, TAX


@pytest.fixture
def trio(rules, country, world_of):
    """Return a founded world of three councils and a deal of the first two about management."""
    world, p = world_of(country({}, {}, {}))
    rules.founding.found(world, p, 1)
    return world, p, table(rules, world, s.MANAGEMENT, begun=3)


def test_culture_distance_is_the_root_mean_square_over_the_axes(rules, trio):
    world, _, _ = trio
    world.councils.culture[0] = 0.9, 0.1, 0.5, 0.5
    world.councils.culture[1] = 0.1, 0.1, 0.1, 0.5
    expected = math.sqrt((0.64 + 0.16) / 4)
    assert rules.weighing.culture_distance(world.councils, 0, 1) == pytest.approx(expected)
    assert rules.weighing.culture_distance(world.councils, 1, 0) == pytest.approx(expected)


def test_a_first_impression_is_biased_by_courtesy_and_blurred_by_noise(rules, trio):
    world, p, _ = trio
    p.beliefs_first_noise, p.beliefs_courtesy = 0.0, 0.08
    world.councils.culture[0], world.councils.culture[1] = 0.7, 0.2
    e = rules.between.pair_of(world, 0, 1)
    world.pairs[e].belief = -1.0, -1.0
    rules.founding.draw_pair(world, p, 1, e)
    assert list(world.pairs[e].belief) == pytest.approx([0.42, 0.42])
    world.pairs[e].belief = -1.0, 0.15
    rules.founding.draw_pair(world, p, 1, e)
    assert list(world.pairs[e].belief) == pytest.approx([0.42, 0.15])


def test_an_impression_is_weighed_as_a_kalman_filter_weighs_it(rules, trio):
    world, _, _ = trio
    world.councils.culture[0], world.councils.culture[1] = 0.5, 0.3
    e = rules.between.pair_of(world, 0, 1)
    pair = world.pairs[e]
    pair.belief[0], pair.doubt[0] = 0.1, 0.0625
    one, two = world.councils[0].lineage, world.councils[1].lineage
    z = rules.noise.normal(9, rules.noise.IMPRESSION, 5, 3, one, two)
    rules.beliefs.impress(world, 9, 5, 3, 0, 1, e, 0, 0.2)
    weight = 0.0625 / (0.0625 + 0.04)
    assert pair.belief[0] == pytest.approx(0.1 + weight * (0.2 + 0.2 * z - 0.1))
    # Precisions add: 1 / variance = 1 / 0.0625 + 1 / 0.04.
    assert pair.doubt[0] == pytest.approx(1 / (16.0 + 25.0))


@pytest.mark.parametrize("luck", range(4))
def test_a_belief_stays_within_what_cultures_can_differ_by(rules, trio, luck):
    world, _, _ = trio
    e = rules.between.pair_of(world, 0, 1)
    pair = world.pairs[e]
    pair.belief[0], pair.doubt[0] = 0.5, 1e9  # so unsure that the sign alone counts
    z = rules.noise.normal(luck, rules.noise.IMPRESSION, 5, 3, *world.councils.lineage[:2])
    rules.beliefs.impress(world, luck, 5, 3, 0, 1, e, 0, 100.0)
    assert pair.belief[0] == (1.0 if z > 0.0 else 0.0)


def test_in_talks_each_side_learns_from_signs_of_its_own(rules, trio):
    world, p, d = trio
    p.beliefs_talk_noise, p.beliefs_trust_talks = 0.2, 0.02
    world.councils.culture[0], world.councils.culture[1] = 0.5, 0.3
    pair = world.pairs[rules.between.pair_of(world, 0, 1)]
    pair.belief[:], pair.doubt[:] = (0.4, 0.6), (0.0625, 0.04)
    rules.beliefs.get_acquainted(world, p, 5, 9, d)
    one, two = world.councils.lineage[:2]
    for side, (mine, theirs, belief, weight) in enumerate(
        ((one, two, 0.4, 0.0625 / 0.1025), (two, one, 0.6, 0.04 / 0.08))
    ):
        z = rules.noise.normal(9, rules.noise.IMPRESSION, 5, s.MANAGEMENT, mine, theirs)
        assert pair.belief[side] == pytest.approx(belief + weight * (0.2 + 0.2 * z - belief))


def test_talks_reveal_the_truth_in_the_end(rules, trio):
    world, p, d = trio
    world.councils.culture[0], world.councils.culture[1] = 0.8, 0.3
    e = rules.between.pair_of(world, 0, 1)
    world.pairs[e].belief[:], world.pairs[e].doubt[:] = 0.0, 0.0625
    for t in range(400):
        rules.beliefs.get_acquainted(world, p, t, 9, d)
    assert list(world.pairs[e].belief) == pytest.approx([0.5, 0.5], abs=0.05)
    assert world.pairs[e].trust == 1.0


def test_a_quarter_of_talks_builds_trust_once_for_a_pair(rules, trio):
    world, p, d = trio
    e = rules.between.pair_of(world, 0, 1)
    other = rules.between.pair_of(world, 0, 2)
    world.pairs.trust = 0.4
    p.beliefs_trust_talks = 0.02
    rules.beliefs.get_acquainted(world, p, 4, 9, d)
    assert world.pairs[e].trust == pytest.approx(0.42)
    assert world.pairs[other].trust == 0.4


def test_a_failure_costs_trust_only_among_those_who_failed(rules, trio):
    world, p, d = trio
    world.pairs.trust = 0.4
    p.beliefs_trust_loss_failure = 0.15
    rules.aftermath.lose_trust(world, p, 0, d)
    assert world.pairs[rules.between.pair_of(world, 0, 1)].trust == pytest.approx(0.25)
    assert world.pairs[rules.between.pair_of(world, 0, 2)].trust == 0.4


def test_trust_that_is_lost_is_not_less_than_none(rules, trio):
    world, p, d = trio
    world.pairs.trust, p.beliefs_trust_loss_failure = 0.1, 0.15
    rules.aftermath.lose_trust(world, p, 0, d)
    assert world.pairs[rules.between.pair_of(world, 0, 1)].trust == 0.0


def test_whoever_left_pauses_longer_than_whoever_was_left(rules, trio):
    world, p, d = trio
    p.talks_cooling_leaver, p.talks_cooling_left = 1.0, 0.2
    pauses = []
    for leaver in (True, False):
        world.councils[0].pause = 0.0
        rules.aftermath.cool_off(world, p, 6, 9, 0, d, leaver)
        pauses.append(world.councils[0].pause - 7.0)
    assert min(pauses) > 0.0
    assert pauses[0] == pytest.approx(5.0 * pauses[1])


def test_a_failed_single_service_does_not_stop_the_search_for_a_deep_partner(rules, trio):
    world, p, d = trio
    world.deals[d].scope = 0
    rules.aftermath.cool_off(world, p, 6, 9, 0, d, True)
    rules.aftermath.part(world, p, 6, 9, d)
    assert world.councils[0].pause == s.LONG_AGO
    assert world.pairs.failures.sum() == 0.0


def test_a_pair_that_failed_stays_apart_for_a_while(rules, trio):
    world, p, d = trio
    rules.aftermath.part(world, p, 6, 9, d)
    e = rules.between.pair_of(world, 0, 1)
    assert world.pairs.failures.tolist().count(1.0) == 1
    assert world.pairs[e].failures == 1.0
    rules.deals.forget(world, d)
    until = world.pairs[e].again
    assert until > 7.0
    for t, able in ((math.floor(until), False), (math.ceil(until), True)):
        assert rules.search.eligible(world, p, t, 0, 1, e, s.CHIEF_EXECUTIVE) == able
        assert rules.search.eligible(world, p, t, 0, 1, e, 0)


@pytest.mark.parametrize(
    ("reason", "ended", "lesson"),
    [
        (CULTURE_AND_TRUST, False, s.LESSON_TRUST),
        (OWN_PRIORITIES, False, s.LESSON_EQUAL),
        (TAX, True, s.LESSON_ALIGN),
        (LUCK, True, s.LESSON_EXIT),
        (LUCK, False, s.LESSON_TRUST),
    ],
)
def test_a_failure_teaches_most_about_what_it_was_about(rules, trio, reason, ended, lesson):
    world, p, d = trio
    p.lessons_gain, p.lessons_focus, p.lessons_spread, p.lessons_fade = 0.5, 0.4, 0.1, 0.0
    p.scope_depth[s.MANAGEMENT] = 1.0
    world.pairs.adjacent = 1
    rules.lessons.learn(world, p, 4, 0, d, reason, ended)
    rules.lessons.take_in(world, p)
    for k in range(s.LESSONS):
        share = 0.5 if k == lesson else 0.2
        assert world.councils[0].lessons[k] == pytest.approx(share)
        assert world.councils[2].lessons[k] == pytest.approx(0.1 * share)


def test_a_second_failure_teaches_part_of_what_is_left_and_lessons_fade(rules, trio):
    world, p, d = trio
    p.lessons_gain, p.lessons_focus, p.lessons_spread, p.lessons_fade = 0.5, 1.0, 0.0, 0.0
    p.scope_depth[s.MANAGEMENT] = 1.0
    for _ in range(2):
        rules.lessons.learn(world, p, 4, 0, d, LUCK, True)
        rules.lessons.take_in(world, p)
    assert world.councils[0].lessons[s.LESSON_EXIT] == pytest.approx(0.75)
    p.lessons_fade = 0.4
    for _ in range(s.QUARTERS):
        rules.lessons.take_in(world, p)
    assert world.councils[0].lessons[s.LESSON_EXIT] == pytest.approx(0.75 * math.exp(-0.4))


def test_published_lessons_reach_the_neighbours(rules, trio):
    world, p, d = trio
    p.lessons_gain, p.lessons_spread, p.support_published_lessons = 0.5, 0.1, 0.6
    p.scope_depth[s.MANAGEMENT] = 1.0
    world.pairs.adjacent = 1
    world.pairs[rules.between.pair_of(world, 0, 2)].adjacent = 0
    rules.lessons.learn(world, p, 4, 0, d, LUCK, True)
    assert world.councils[1].taught[s.LESSON_EXIT] == pytest.approx(0.3)
    assert world.councils[2].taught[s.LESSON_EXIT] == 0.0  # it does not border on the learner


def test_the_failure_of_a_shallow_deal_teaches_little(rules, trio):
    world, p, d = trio
    p.lessons_gain, p.lessons_focus = 0.5, 1.0
    p.scope_depth[s.MANAGEMENT] = 0.2
    rules.lessons.learn(world, p, 4, 0, d, LUCK, True)
    assert world.councils[0].taught[s.LESSON_EXIT] == pytest.approx(0.1)


@pytest.mark.parametrize(("scope", "deep"), [(s.SERVICES - 1, 0), (s.SERVICES, 1), (s.MERGER, 1)])
def test_who_failed_over_anything_deep_pauses_and_is_known_to_have_wanted_it(
    rules, trio, scope, deep
):
    world, p, d = trio
    world.deals[d].scope, p.talks_cooling_left = scope, 0.5
    z = rules.noise.exponential(9, rules.noise.COOLING, 6, 0, 77, world.councils[0].lineage)
    rules.aftermath.cool_off(world, p, 6, 9, 0, d, False)
    assert world.councils[0].sought == (6 if deep else s.LONG_AGO)
    assert world.councils[0].pause == pytest.approx(7 + 2 * z if deep else s.LONG_AGO)
    rules.aftermath.part(world, p, 6, 9, d)
    assert world.pairs.failures.sum() == deep
    world.councils[0].pause = 500.0  # a longer pause holds
    rules.aftermath.cool_off(world, p, 6, 9, 0, d, False)
    assert world.councils[0].pause == 500.0


def test_a_pair_waits_until_the_later_of_two_dates(rules, trio):
    world, p, d = trio
    p.talks_rematch = 3.0
    pair = world.pairs[rules.between.pair_of(world, 0, 1)]
    z = rules.noise.exponential(9, rules.noise.REMATCH, 6, 0, 77, 0)
    for before, after in ((0.0, 7 + 12 * z), (500.0, 500.0)):
        pair.again = before
        rules.aftermath.part(world, p, 6, 9, d)
        assert pair.again == pytest.approx(after)


def test_what_happens_to_two_that_are_no_pair_happens_to_no_other_pair(rules, trio):
    world, p, d = trio
    before, place = world.pairs.copy(), rules.between.pair_of(world, 0, 1)
    rules.beliefs.get_acquainted(world, p, 4, 9, d)
    assert [k for k in range(len(before)) if world.pairs[k] != before[k]] == [place]
    unpair(rules, world, 0, 1)
    before = world.pairs.copy()
    rules.aftermath.lose_trust(world, p, 0, d)
    rules.aftermath.stay_apart(world, 9.0, 0, 1)
    assert (world.pairs == before).all()
    world.deals[d].member[0] = 2  # the pair of 2 and 1 alone gets acquainted
    world.deals[d].noted = s.NOBODY
    place = rules.between.pair_of(world, 2, 1)
    rules.beliefs.get_acquainted(world, p, 4, 9, d)
    assert [k for k in range(len(before)) if world.pairs[k] != before[k]] == [place]
