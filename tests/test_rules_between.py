"""Which pair two councils are, and what a deal notes of it: by hand, and in lives of many mergers.

A deal looks for the pairs of its members once, and again when its members or the pairs changed.
"""

import pytest
from dealt import opened, unpair
from test_once import WORLDS, world as busy

from sim.core import events as e, state as s
from sim.running import begin, go_on, luck_of

SERVICE = 0
T = 5
MARK = 99  # what no pair is called


@pytest.fixture
def four(rules, typical):
    """Return four typical councils that all know each other, and their numbers."""
    world, p = typical(*[{}] * 4)
    rules.money.clear_books(world)
    return world, p


def looked_up(rules, world, i, j):
    return s.NOBODY if i == j else rules.between.pair_of(world, i, j)


def holds(rules, world, d):
    """Know the pairs of a deal; return whether they are those of its members, either way round."""
    rules.between.know_pairs(world, d)
    deal = world.deals[d]
    places = [(k, m) for k in range(deal.members) for m in range(deal.members)]
    return all(
        rules.between.pair_in(world.deals, d, k, m)
        == looked_up(rules, world, deal.member[k], deal.member[m])
        for k, m in places
    )


def mark(rules, world, *deals):
    """Know the pairs of some deals, and put in the place of each what no pair is called."""
    for d in deals:
        rules.between.know_pairs(world, d)
        world.deals[d].pair[:] = MARK


def kept(rules, world, d):
    """Return whether a marked deal does not look for its pairs again."""
    rules.between.know_pairs(world, d)
    return (world.deals[d].pair == MARK).all()


# --- what is noted ------------------------------------------------------------------------------


def test_a_pair_is_found_from_either_side_and_who_is_on_no_list_has_none(rules, four):
    world, _ = four
    place = rules.between.pair_of(world, 1, 2)
    assert place == rules.between.pair_of(world, 2, 1)
    assert {int(world.pairs[place].a), int(world.pairs[place].b)} == {1, 2}
    for i in (1, 2):
        assert world.pairs[place][("a", "b")[rules.between.side_of(world.pairs, place, i)]] == i
    unpair(rules, world, 1, 2)
    assert rules.between.pair_of(world, 1, 2) == rules.between.pair_of(world, 2, 1) == s.NOBODY
    assert rules.between.pair_of(world, 1, 3) != s.NOBODY


def test_two_members_have_a_place_of_their_own_and_an_early_one_keeps_it(rules):
    place = rules.between.place_of_pair
    order = [(k, m) for k in range(s.MEMBERS_MOST) for m in range(k)]
    assert [place(k, m) for k, m in order] == list(range(s.PAIRS_MOST))


@pytest.mark.parametrize("members", [(0, 1), (3, 0, 2), (2, 0, 3, 1)])
def test_a_deal_notes_the_pairs_of_its_members_in_their_order(rules, four, members):
    world, _ = four
    d = opened(rules, world, SERVICE, members)
    world.deals[d].pair[:] = MARK
    assert holds(rules, world, d)
    pairs = len(members) * (len(members) - 1) // 2
    assert (world.deals[d].pair != MARK).tolist() == [k < pairs for k in range(s.PAIRS_MOST)]


def test_as_many_as_there_can_be_are_noted(rules, typical):
    world, _ = typical(*[{}] * s.MEMBERS_MOST)
    d = opened(rules, world, SERVICE, (5, 2, 7, 0, 1, 6, 3, 4))
    assert holds(rules, world, d)
    assert len(set(world.deals[d].pair.tolist())) == s.PAIRS_MOST


def test_two_that_are_no_pair_are_noted_as_that(rules, four):
    world, _ = four
    unpair(rules, world, 0, 2)
    d = opened(rules, world, SERVICE, (2, 1, 0))
    assert holds(rules, world, d)
    assert rules.between.pair_in(world.deals, d, 0, 2) == s.NOBODY
    assert rules.between.pair_in(world.deals, d, 1, 2) != s.NOBODY


def test_a_deal_does_not_look_again_while_nothing_changed(rules, four):
    world, _ = four
    d = opened(rules, world, SERVICE, (0, 1, 2))
    other = opened(rules, world, s.MANAGEMENT, (3, 1), key=6)
    mark(rules, world, d, other)
    rules.deals.add_member(world.deals, other, 2)
    rules.deals.forget(world, opened(rules, world, 1, (0, 3), key=7))
    rules.deals.sweep(world)
    assert kept(rules, world, d)
    assert not kept(rules, world, other)


# --- what renews it -----------------------------------------------------------------------------


def test_who_joins_is_noted(rules, four):
    world, _ = four
    d = opened(rules, world, SERVICE, (2, 0))
    for i in (3, 1):
        mark(rules, world, d)
        rules.deals.add_member(world.deals, d, i)
        assert holds(rules, world, d)


@pytest.mark.parametrize("k", range(4))
def test_who_leaves_takes_its_pairs_along(rules, four, k):
    world, _ = four
    d = opened(rules, world, SERVICE, (2, 0, 3, 1))
    mark(rules, world, d)
    rules.deals.drop_member(world.deals, d, k)
    assert holds(rules, world, d)


def test_a_guest_that_a_running_deal_admits_is_noted(rules, four):
    world, p = four
    host = opened(rules, world, SERVICE, (2, 0))
    d = opened(rules, world, SERVICE, (3, 0), stage=s.VOTING, key=78)
    world.deals[d].host, world.deals[d].host_number = host, world.deals[host].number
    mark(rules, world, host, d)
    assert rules.signing.sign(world, p, T, 9, d) == host
    assert world.deals[host].member[:3].tolist() == [2, 0, 3]
    assert holds(rules, world, host)


def test_a_row_that_is_used_again_notes_the_pairs_of_its_new_members(rules, four):
    world, _ = four
    d = opened(rules, world, SERVICE, (0, 1))
    mark(rules, world, d)
    rules.deals.forget(world, d)
    rules.deals.sweep(world)
    assert opened(rules, world, SERVICE, (2, 3), key=6) == d
    assert holds(rules, world, d)


def test_who_succeeds_a_member_is_noted_in_its_place(rules, four):
    world, p = four
    d = opened(rules, world, SERVICE, (0, 2, 3))
    mark(rules, world, d)
    rules.mergers.hand_over_deals(world, p, T, 1, 0, e.MERGED)
    assert world.deals[d].member[:3].tolist() == [1, 2, 3]
    assert holds(rules, world, d)


def test_when_councils_merge_every_deal_looks_again(rules, four):
    """Council 1 did not know 2 or 3; it takes over the pairs of 0, which did."""
    world, p = four
    for j in (2, 3):
        unpair(rules, world, 1, j)
    old = opened(rules, world, SERVICE, (0, 2))
    now = opened(rules, world, 1, (1, 3), key=6)
    apart = opened(rules, world, 2, (2, 3), key=7)
    mark(rules, world, old, now, apart)
    rules.mergers.absorb(world, p, T, 1, 0, e.MERGED)
    assert all(holds(rules, world, d) for d in (old, now, apart))
    assert world.deals[old].member[:2].tolist() == [1, 2]
    for d in (old, now):
        assert rules.between.pair_in(world.deals, d, 0, 1) != s.NOBODY


def test_when_a_council_is_abolished_every_deal_looks_again(rules, four):
    world, p = four
    left = opened(rules, world, SERVICE, (0, 1, 2))
    apart = opened(rules, world, 1, (2, 3), key=6)
    mark(rules, world, left, apart)
    rules.mergers.abolish(world, p, T, 0)
    assert world.deals[left].member[:2].tolist() == [1, 2]
    assert all(holds(rules, world, d) for d in (left, apart))


# --- lives --------------------------------------------------------------------------------------


def pairs_of(world):
    """Return the pair of each two councils, whichever is named first."""
    found = {}
    for i in range(len(world.councils)):
        known = world.councils[i].degree
        for j, place in zip(world.across[i, :known], world.near[i, :known], strict=True):
            assert (i, int(j)) not in found  # `pair_of` finds no other
            found[i, int(j)] = int(place)
    assert all(found.get((j, i)) == place for (i, j), place in found.items())
    return found


@pytest.mark.parametrize("name", WORLDS)
def test_what_a_deal_knows_is_right_after_every_quarter_of_a_life_of_many_mergers(rules, name):
    ready, luck = busy(name), luck_of(5, 0)
    raw, sizes = begin(ready), set()
    for t in range(len(ready.theory)):
        raw = go_on(raw, ready, luck=luck, until=t + 1, events=False)
        world, known = raw.world, pairs_of(raw.world)
        counts = world.tally[0].counts
        for d in world.live[: counts[s.LIVE]]:
            deal = world.deals[d]
            if deal.noted != counts[s.REDRAWN]:
                assert deal.noted < counts[s.REDRAWN]  # it will look again
                continue
            members = deal.member[: deal.members].tolist()
            for k, i in enumerate(members):
                for m, j in enumerate(members):
                    noted = rules.between.pair_in(world.deals, d, k, m)
                    assert noted == known.get((i, j), s.NOBODY), (t, members)
            sizes.add(len(members))
    assert counts[s.REDRAWN] > 1
    assert {2, 3, 4} <= sizes
