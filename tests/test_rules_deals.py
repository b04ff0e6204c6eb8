"""The book of deals: rows opened and given back, members in and out, seats at tables, by hand."""

import pytest

from sim.core import events as e, state as s

OF_MEMBERS = (
    "member", "estimate", "score", "promise", "worth", "now", "upkeep", "bill", "paid", "aid",
)  # fmt: skip


@pytest.fixture
def world(typical):
    return typical(*[{}] * 4)[0]


def opened(rules, world, scope=0, members=(), *, key=77, begun=1):
    d = rules.deals.open_deal(world, begun, scope, key)
    for i in members:
        rules.deals.add_member(world.deals, d, i)
    return d


def spoil(world, d):
    """Leave in a row what an earlier deal left in it."""
    for name in world.deals.dtype.names:
        world.deals[name][d] = 3


def test_a_fresh_deal_is_blank_whatever_was_in_its_row(rules, world):
    first = int(world.free[-1])
    spoil(world, first)
    d = opened(rules, world, 8, key=123, begun=6)
    deal = world.deals[d]
    assert d == first
    assert (deal.stage, deal.scope, deal.key, deal.begun, deal.number) == (s.STUDY, 8, 123, 6, 1)
    assert (deal.members, deal.host, deal.host_number) == (0, s.NOBODY, s.NOBODY)
    assert (deal.signed, deal.started, deal.chief_left) == (s.LONG_AGO,) * 3
    assert (deal.factor, deal.report) == (1.0, 1.0)
    assert deal.noted == s.NOBODY
    assert (deal.exit, deal.equal, deal.align, deal.grant, deal.public) == (0,) * 5
    assert (deal.member == s.NOBODY).all() and (deal.estimate == 1.0).all()
    for name in ("score", "promise", "worth", "now", "upkeep", "bill", "paid", "aid", "going"):
        assert (deal[name] == 0).all()


def test_deals_are_counted_up_and_stand_oldest_first(rules, world):
    found = [opened(rules, world) for _ in range(3)]
    assert world.live[:3].tolist() == found
    assert len(set(found)) == 3
    assert [int(world.deals[d].number) for d in found] == [1, 2, 3]
    assert world.tally[0].counts[[s.LIVE, s.DEALS, s.FULL]].tolist() == [3, 3, 0]


def test_a_full_book_takes_no_deal_and_asks_for_room(rules, world):
    rows = len(world.deals)
    found = [opened(rules, world) for _ in range(rows)]
    assert sorted(found) == list(range(rows))
    assert world.tally[0].counts[s.FULL] == 0
    assert opened(rules, world) == s.NOBODY
    assert world.tally[0].counts[[s.LIVE, s.DEALS, s.FULL]].tolist() == [rows, rows, 1]


def test_rows_of_deals_that_ended_are_used_again_and_the_others_keep_their_order(rules, world):
    rows = len(world.deals)
    found = [opened(rules, world) for _ in range(5)]
    for d in (found[1], found[3]):
        rules.deals.forget(world, d)
    rules.deals.sweep(world)
    assert world.tally[0].counts[s.LIVE] == 3
    assert world.live[:3].tolist() == [found[0], found[2], found[4]]
    again = [opened(rules, world) for _ in range(rows - 3)]
    assert sorted([*world.live[:3].tolist(), *again]) == list(range(rows))
    assert {found[1], found[3]} == set(again[:2])
    # A number is never given again.
    assert [int(world.deals[d].number) for d in again] == list(range(6, 6 + rows - 3))


def test_a_newcomer_takes_the_last_place_and_brings_nothing(rules, world):
    d = opened(rules, world, 0, (2, 0))
    spoil_from, deals = world.deals[d], world.deals
    for name in OF_MEMBERS[1:]:
        spoil_from[name][2] = 9.0
    deals[d].going[2] = 1
    rules.deals.add_member(deals, d, 3)
    assert deals[d].members == 3
    assert deals[d].member[:4].tolist() == [2, 0, 3, s.NOBODY]
    assert [float(deals[d][name][2]) for name in OF_MEMBERS[1:]] == [1.0] + [0.0] * 8
    assert deals[d].going[2] == 0


@pytest.mark.parametrize(("k", "left"), [(0, [1, 2, 3]), (1, [0, 2, 3]), (3, [0, 1, 2])])
def test_who_drops_out_takes_its_numbers_along_and_the_others_keep_theirs(rules, world, k, left):
    d = opened(rules, world, 0, (0, 1, 2, 3))
    deal = world.deals[d]
    for n, name in enumerate(OF_MEMBERS[1:]):
        deal[name][:4] = [10.0 * n + place + 2.0 for place in range(4)]
    deal.going[:4] = [1, 0, 1, 0] if k else [0, 1, 0, 1]
    going = [int(deal.going[place]) for place in left]
    rules.deals.drop_member(world.deals, d, k)
    assert deal.members == 3
    assert deal.member[:4].tolist() == [*left, s.NOBODY]
    for n, name in enumerate(OF_MEMBERS[1:]):
        blank = 1.0 if name == "estimate" else 0.0
        assert deal[name][:4].tolist() == [*(10.0 * n + place + 2.0 for place in left), blank]
    assert deal.going[:4].tolist() == [*going, 0]


def test_a_council_has_one_place_in_a_deal_or_none(rules, world):
    d = opened(rules, world, 0, (2, 0, 3))
    world.deals[d].member[3] = 1  # beyond the members
    assert [rules.deals.place_of(world.deals, d, i) for i in range(4)] == [1, s.NOBODY, 0, 2]


def test_talks_take_the_first_free_seat_and_give_it_back(rules, world):
    talks = world.councils.talks
    for d in (7, 8, 9):
        rules.deals.start_talking(world.councils, 1, d)
    rules.deals.stop_talking(world.councils, 1, 8)
    assert talks[1].tolist() == [7, s.NOBODY, 9, s.NOBODY]
    for d in (5, 6, 4):
        rules.deals.start_talking(world.councils, 1, d)
    assert talks[1].tolist() == [7, 5, 9, 6]
    rules.deals.stop_talking(world.councils, 1, 6)
    rules.deals.stop_talking(world.councils, 1, 1)
    assert talks[1].tolist() == [7, 5, 9, s.NOBODY]
    assert (talks[[0, 2, 3]] == s.NOBODY).all()


def seated(rules, world, scope, members, *, key=77):
    d = opened(rules, world, scope, members, key=key)
    for i in members:
        rules.deals.start_talking(world.councils, i, d)
    return d


def test_who_talks_about_what_is_read_off_all_four_seats(rules, world):
    about = rules.deals.in_talks_about
    for n, scope in enumerate((3, 5, 7, s.MANAGEMENT)):
        seated(rules, world, scope, (0, 1 + n % 3), key=n)
    assert [scope for scope in range(s.SCOPES) if about(world, 0, scope)] == [3, 5, 7, s.MANAGEMENT]
    assert [scope for scope in range(s.SCOPES) if about(world, 2, scope)] == [5]
    both = rules.deals.already_talking
    for i, j, talked in ((0, 1, [3, 9, 10, 11]), (1, 0, [3, 9, 10, 11]), (0, 2, [5]), (1, 2, [])):
        assert [scope for scope in range(s.SCOPES) if both(world, i, j, scope)] == talked


def test_an_empty_seat_is_at_no_table(rules, world):
    rows = [opened(rules, world) for _ in range(len(world.deals))]
    last = max(rows)  # what an empty seat would point to
    rules.deals.add_member(world.deals, last, 1)
    assert not rules.deals.already_talking(world, 0, 1, world.deals[last].scope)


@pytest.mark.parametrize(
    ("stage", "talks"),
    [(s.EMPTY, 0), (s.STUDY, 1), (s.CASE, 1), (s.VOTING, 1), (s.TRANSITION, 0), (s.RUNNING, 0)],
)
def test_talks_are_what_is_begun_and_not_signed(rules, world, stage, talks):
    d = opened(rules, world)
    world.deals[d].stage = stage
    assert rules.deals.is_talk(world.deals, d) == talks


def test_a_deal_that_is_forgotten_is_on_nobodys_books(rules, world):
    talks = seated(rules, world, 3, (0, 1))
    other = seated(rules, world, 4, (0, 2))
    world.councils.agreement[0, 3] = 9  # signed with others
    rules.deals.forget(world, talks)
    assert (world.deals[talks].stage, world.deals[talks].members) == (s.EMPTY, 0)
    assert world.councils.talks[:, 0].tolist() == [s.NOBODY, s.NOBODY, other, s.NOBODY]
    assert world.councils.talks[0].tolist() == [s.NOBODY, other, s.NOBODY, s.NOBODY]
    assert world.councils.agreement[0, 3] == 9


def test_an_agreement_that_is_forgotten_is_struck_only_where_it_is_the_one_in_force(rules, world):
    d = opened(rules, world, 3, (0, 1))
    world.deals[d].stage = s.RUNNING
    world.councils.agreement[:2, 3] = d, 9
    rules.deals.forget(world, d)
    assert world.councils.agreement[:2, 3].tolist() == [s.NOBODY, 9]
    assert (world.deals[d].stage, world.deals[d].members) == (s.EMPTY, 0)


def test_an_event_of_a_deal_names_its_first_two_members(rules, world):
    d = opened(rules, world, 3, (2, 0, 1))
    rules.deals.note_deal(world, 6, e.STARTS, d, e.TAX, 0.5, 2.0)
    row = world.log[0]
    assert (row.quarter, row.kind, row.council, row.other) == (6, e.STARTS, 2, 0)
    assert (row.deal, row.scope, row.reason, row.value, row.more) == (1, 3, e.TAX, 0.5, 2.0)
    assert (row.terms == 0.0).all()
    rules.deals.note_deal(world, 6, e.STARTS, opened(rules, world, 3, (1,)), e.TAX, 0.5, 2.0)
    assert (world.log[1].council, world.log[1].other) == (1, s.NOBODY)


def test_an_event_of_a_member_names_the_leader_and_of_the_leader_the_second(rules, world):
    d = opened(rules, world, 3, (2, 0, 1))
    world.terms[:] = range(s.TERMS)
    for k in range(3):
        rules.deals.note_member(world, 6, e.SIGNS, d, k, e.TAX, 0.5, 2.0, world.terms)
    rows = world.log[:3]
    assert [(row.council, row.other) for row in rows] == [(2, 0), (0, 2), (1, 2)]
    assert {(r.quarter, r.kind, r.deal, r.scope, r.reason) for r in rows} == {(6, e.SIGNS, 1, 3, 6)}
    assert [(row.value, row.more) for row in rows] == [(0.5, 2.0)] * 3
    assert (rows.terms == world.terms).all()
    alone = opened(rules, world, 3, (1,))
    rules.deals.note_member(world, 6, e.SIGNS, alone, 0, e.TAX, 0.5, 2.0, world.terms)
    assert (world.log[3].council, world.log[3].other) == (1, s.NOBODY)
