"""What goes over to the new council when councils become one, piece by piece, by hand."""

import math

import pytest
from dealt import opened

from sim.core import events as e, state as s

SERVICE, OTHER = 0, 1
T = 5


@pytest.fixture
def four(rules, typical):
    """Return four typical councils; the second has three times the people of the others."""
    world, p = typical({}, {}, {}, {})
    world.councils.population = 100000.0, 300000.0, 100000.0, 100000.0
    rules.money.clear_books(world)
    return world, p


def seated(rules, world, scope, members, *, stage=s.STUDY, key=77):
    d = opened(rules, world, scope, members, stage=stage, key=key, begun=2)
    world.deals[d].signed = 1
    return d


def happened(world, *kinds):
    rows = world.log[: world.tally[0].happened]
    return [row for row in rows if not kinds or row.kind in kinds]


# --- who becomes whom ---------------------------------------------------------------------------


def test_the_larger_is_who_has_more_people_and_in_a_tie_the_lower_lineage(rules, four):
    world, _ = four
    larger, councils = rules.mergers.larger, world.councils
    councils.lineage = 4, 3, 2, 1
    assert larger(councils, 1, 0) and not larger(councils, 0, 1)
    assert larger(councils, 2, 0) and not larger(councils, 0, 2)


def test_a_new_council_has_a_new_identity_on_the_roll_in_the_row_of_its_heir(rules, four):
    world, _ = four
    world.councils.tier[1] = world.roll.tier[1] = s.UNITARY
    world.roll.group[4] = world.roll.successor[4] = 7
    lineage = int(world.councils.lineage[1])
    assert rules.mergers.begin_union(world, T, 1) == 1
    assert world.tally[0].counts[s.ROLL] == 5
    assert world.councils.identity.tolist() == [0, 4, 2, 3]
    new = world.roll[4]
    assert (new.successor, new.row, new.tier, new.group) == (4, 1, s.UNITARY, s.NOBODY)
    assert world.roll[1].successor == 4
    assert world.councils.lineage[1] == rules.noise.descend(lineage, lineage, T + 1)


def test_a_parent_is_noted_and_gone(rules, four):
    world, p = four
    world.tally[0].counts[s.CHANGED] = 0
    rules.mergers.absorb(world, p, T, 1, 0, e.MERGED)
    assert world.councils.alive.tolist() == [0, 1, 1, 1]
    assert world.roll[0].successor == world.councils.identity[1]
    row = happened(world)[0]
    assert (row.quarter, row.kind, row.council, row.other) == (T, e.MERGES, 1, 0)
    assert (row.deal, row.scope, row.reason) == (s.NOBODY, s.MERGER, s.NOBODY)
    assert (row.value, row.more) == (400000.0, 0.0)
    assert world.tally[0].counts[s.CHANGED] == 1


def test_the_union_starts_to_save_and_keeps_what_an_earlier_one_saves_by_now(rules, four):
    world, p = four
    p.scope_ramp[s.MERGER], p.scope_contact_loss[s.MERGER] = 10.0, 0.25
    heir = world.councils[1]
    heir.merging, heir.merged_at, heir.inherited, heir.kept = 2.0, 1, 0.5, 0.8
    assert rules.mergers.merged_saving(world.councils, p, T, 1) == pytest.approx(0.8)
    assert rules.mergers.merged_saving(world.councils, p, 99, 1) == 2.0
    assert rules.mergers.merged_saving(world.councils, p, T, 0) == 0.0
    world.councils[2].merging, world.councils[2].merged_at = 1.0, 1
    assert rules.mergers.merged_saving(world.councils, p, T, 2) == pytest.approx(0.4)
    heir.settlement += 1.0
    income = float(heir.income)
    rules.mergers.finish_union(world, p, T, 1, 3, 3.0)
    assert (heir.inherited, heir.merging, heir.merged_at) == (pytest.approx(1.3), 3.0, T)
    assert heir.kept == pytest.approx(0.6)
    assert heir.income == pytest.approx(income + 1.0)  # reckoned anew
    assert world.tally[0].counts[s.MERGERS] == 1
    assert [(r.kind, r.council, r.other) for r in happened(world)] == [(e.MERGES, 1, 3)]


@pytest.mark.parametrize("members", [(1, 0), (0, 1)])
def test_nobody_but_the_members_of_a_merger_is_absorbed_whoever_leads(rules, four, members):
    world, p = four
    d = seated(rules, world, s.MERGER, members, stage=s.RUNNING)
    rules.mergers.merge_members(world, p, T, d)
    assert world.councils.alive.tolist() == [0, 1, 1, 1]
    assert world.councils.population[1] == 400000.0


# --- talks and agreements -----------------------------------------------------------------------


def test_talks_of_two_fail_when_one_of_them_ceases_to_exist(rules, four):
    world, _ = four
    d = seated(rules, world, SERVICE, (0, 2))
    rules.mergers.break_off(world, T, d, 0, e.REORGANISED)
    rows = happened(world)
    assert [(r.kind, r.council, r.other, r.reason) for r in rows] == [
        (e.TALKS_FAIL, 0, 2, e.REORGANISED)
    ]
    assert (rows[0].value, rows[0].more) == (3.0, 0.0)
    assert world.tally[0].counts[s.TALKS_FAILED] == world.tally[0].failed[e.REORGANISED] == 1
    assert world.deals[d].stage == s.EMPTY
    assert (world.councils.pause == s.LONG_AGO).all()
    assert world.councils.taught.sum() == 0.0


def test_talks_of_three_go_on_without_the_one(rules, four):
    world, _ = four
    d = seated(rules, world, SERVICE, (3, 0, 2), stage=s.CASE)
    world.terms[:] = 7.0
    rules.mergers.break_off(world, T, d, 0, e.MERGED)
    rows = happened(world)
    assert [(r.kind, r.council, r.other, r.reason) for r in rows] == [
        (e.WALKS_AWAY, 0, 3, e.MERGED)
    ]
    assert (rows[0].value, rows[0].more, rows[0].terms.sum()) == (0.0, 0.0, 0.0)
    assert world.deals[d].member[:3].tolist() == [3, 2, s.NOBODY]
    assert (world.councils.talks[0] == s.NOBODY).all()
    assert world.tally[0].counts[s.TALKS_FAILED] == 0


def test_only_talks_are_broken_off(rules, four):
    world, _ = four
    d = seated(rules, world, SERVICE, (0, 2), stage=s.RUNNING)
    rules.mergers.break_off(world, T, d, 0, e.MERGED)
    assert happened(world) == []


def test_all_talks_of_who_is_absorbed_end_and_the_deep_ones_of_the_heir(rules, four):
    world, p = four
    theirs = [seated(rules, world, 7, (0, 2)), seated(rules, world, s.CHIEF_EXECUTIVE, (0, 3))]
    own = seated(rules, world, 8, (1, 2))
    deep = seated(rules, world, s.SERVICES, (1, 3))
    rules.mergers.hand_over_deals(world, p, T, 1, 0, e.MERGED)
    assert [int(world.deals[d].stage) for d in (*theirs, own, deep)] == [0, 0, s.STUDY, 0]
    assert [r.reason for r in happened(world)] == [e.MERGED] * 3


def test_of_deep_talks_of_three_it_is_the_heir_that_drops_out(rules, four):
    world, p = four
    d = seated(rules, world, s.CHIEF_EXECUTIVE, (2, 1, 3))
    rules.mergers.hand_over_deals(world, p, T, 1, 0, e.MERGED)
    assert world.deals[d].member[:3].tolist() == [2, 3, s.NOBODY]
    assert [(r.kind, r.council, r.other) for r in happened(world)] == [(e.WALKS_AWAY, 1, 2)]


@pytest.mark.parametrize("stage", [s.STUDY, s.RUNNING])
@pytest.mark.parametrize("scope", [SERVICE, s.CHIEF_EXECUTIVE])
def test_an_empty_seat_and_an_empty_place_belong_to_no_deal_of_others(rules, four, stage, scope):
    world, p = four
    rows = [rules.deals.open_deal(world, 2, scope, 70) for _ in range(len(world.deals))]
    last = max(rows)  # what an empty place would point to
    for i in (2, 3):
        rules.deals.add_member(world.deals, last, i)
    world.deals[last].stage = stage
    rules.mergers.hand_over_deals(world, p, T, 1, 0, e.MERGED)
    rules.mergers.end_talks_about(world, T, 1, scope, e.MERGED)
    rules.mergers.abolish(world, p, T, 0)
    assert (world.deals[last].stage, world.deals[last].members) == (stage, 2)
    assert happened(world) == []


def test_the_network_changes_when_a_council_is_abolished(rules, four):
    world, p = four
    world.tally[0].counts[:] = 0
    rules.mergers.abolish(world, p, T, 0)
    assert [k for k in range(s.COUNTS) if world.tally[0].counts[k]] == [s.CHANGED, s.REDRAWN]
    assert world.tally[0].counts[[s.CHANGED, s.REDRAWN]].tolist() == [1, 1]


def test_taxes_are_joined_on_the_last_base_that_is_known(rules, four):
    world, _ = four
    years = world.bases.shape[1]
    world.bases[:2], world.bases[:2, -1] = 50000.0, (10000.0, 30000.0)
    world.councils.band_d[:2] = 100.0, 200.0
    rules.mergers.join_taxes(world, 4 * years + 40, 1, 0, 1.0)
    assert world.councils.band_d[1] == pytest.approx(200.0 - 100.0 / 4)
    assert world.bases[1].tolist() == [100000.0] * (years - 1) + [40000.0]


@pytest.mark.parametrize("service", [OTHER, s.SERVICES - 1])
def test_a_service_passes_to_an_heir_that_has_none_and_ends_its_talks_about_it(
    rules, four, service
):
    world, p = four
    d = seated(rules, world, service, (2, 0), stage=s.RUNNING)
    same, another = (seated(rules, world, scope, (1, 3)) for scope in (service, 5))
    rules.mergers.hand_over_deals(world, p, T, 1, 0, e.MERGED)
    assert world.deals[d].member[:2].tolist() == [2, 1]
    assert world.councils.agreement[:, service].tolist() == [s.NOBODY, d, d, s.NOBODY]
    assert [int(world.deals[k].stage) for k in (d, same, another)] == [s.RUNNING, s.EMPTY, s.STUDY]


def test_from_a_service_that_the_heir_has_already_the_other_drops_out(rules, four):
    world, p = four
    mine = seated(rules, world, OTHER, (1, 2), stage=s.RUNNING)
    theirs = seated(rules, world, OTHER, (0, 3), stage=s.RUNNING, key=78)
    rules.mergers.hand_over_deals(world, p, T, 1, 0, e.MERGED)
    assert world.councils.agreement[:, OTHER].tolist() == [s.NOBODY, mine, mine, s.NOBODY]
    ends = happened(world, e.ENDS)
    assert [(r.deal, r.reason) for r in ends] == [(2, e.MERGED)]
    assert world.deals[theirs].stage == s.EMPTY
    assert world.councils.inherited.sum() == 0.0


def test_no_deep_deal_passes_to_the_heir(rules, four):
    world, p = four
    d = seated(rules, world, s.SERVICES, (0, 2), stage=s.RUNNING)
    rules.mergers.hand_over_deals(world, p, T, 1, 0, e.REORGANISED)
    assert world.deals[d].stage == s.EMPTY
    assert (world.councils.agreement[:, s.SERVICES] == s.NOBODY).all()
    assert [r.reason for r in happened(world, e.ENDS)] == [e.REORGANISED]


@pytest.mark.parametrize(("members", "kept"), [((0, 1), 0.75), ((0, 1, 2), 0.25), ((0, 2), 0.0)])
def test_what_was_saved_with_the_heir_stays_saved(rules, four, members, kept):
    world, _ = four
    d = seated(rules, world, OTHER, members, stage=s.RUNNING)
    world.deals[d].now[:3] = 0.25, 0.5, 1.0
    rules.mergers.keep_saving(world.councils, world.deals, d, 1, 0)
    assert world.councils.inherited.tolist() == [0.0, kept, 0.0, 0.0]


def test_three_go_on_as_two_when_one_leaves_by_merger(rules, four):
    world, p = four
    d = seated(rules, world, OTHER, (2, 0, 3), stage=s.RUNNING)
    rules.mergers.leave_by_merger(world, p, T, d, 0, e.MERGED)
    assert world.deals[d].member[:3].tolist() == [2, 3, s.NOBODY]
    assert world.councils.agreement[:, OTHER].tolist() == [s.NOBODY, s.NOBODY, d, d]
    assert happened(world) == []
    rules.mergers.leave_by_merger(world, p, T, d, 2, e.MERGED)
    assert world.deals[d].stage == s.EMPTY
    assert world.deals[d].members == 0


# --- people, views and money --------------------------------------------------------------------


def test_views_and_places_become_means_by_people(rules, four):
    world, p = four
    names = ("x", "y", "autonomy", "contact", "quality", "kept", "rural")
    for n, name in enumerate(names):
        world.councils[name][:2] = n / 10, n / 10 + 0.2
    world.councils.culture[:2] = [0.1, 0.2, 0.3, 0.4], [0.5, 0.4, 0.3, 0.2]
    world.councils.means[:2] = math.log(100.0), math.log(200.0)
    rules.mergers.pool(world, p, T, 1, 0, 1.0)
    heir = world.councils[1]
    # A quarter of the people come from the other.
    for n, name in enumerate(names):
        assert heir[name] == pytest.approx(n / 10 + 0.15)
    assert list(heir.culture) == pytest.approx([0.4, 0.35, 0.3, 0.25])
    assert heir.means == pytest.approx(math.log(175.0))
    assert heir.population == 400000.0


def test_savings_add_up_lessons_are_the_larger_and_the_post_is_filled(rules, four):
    world, p = four
    p.scope_ramp[s.MERGER] = 10.0
    one, heir = world.councils[0], world.councils[1]
    one.lessons[:], heir.lessons[:] = (0.1, 0.6, 0.0, 0.2), (0.3, 0.2, 0.0, 0.2)
    one.saving, heir.saving = 0.25, 0.5
    one.inherited, one.merging, one.merged_at, heir.inherited = 0.125, 2.0, 1, 0.5
    one.vacant = heir.vacant = 1
    rules.mergers.pool(world, p, T, 1, 0, 1.0)
    assert list(heir.lessons) == pytest.approx([0.3, 0.6, 0.0, 0.2])
    assert heir.saving == pytest.approx(0.75)
    assert heir.inherited == pytest.approx(0.5 + 0.125 + 0.8)
    assert heir.vacant == 0


def test_one_band_d_yields_what_both_did(rules, four):
    world, _ = four
    world.bases[:2] = 0.0
    world.bases[0, :3], world.bases[1, :3] = (10000, 20000, 30000), (30000, 20000, 10000)
    world.councils.band_d[:2] = 200.0, 100.0
    rules.mergers.join_taxes(world, T, 1, 0, 1.0)  # the second year: bases alike
    assert world.councils.band_d[1] == pytest.approx(150.0)
    assert world.bases[1, :3].tolist() == [40000, 40000, 40000]
    world.bases[2:], world.bases[2, -1], world.bases[3, -1] = 0.0, 10000.0, 30000.0
    world.councils.band_d[2:] = 200.0, 100.0
    rules.mergers.join_taxes(world, 4000, 3, 2, 1.0)  # beyond the last year that is known
    assert world.councils.band_d[3] == pytest.approx(125.0)


def test_a_share_of_the_books_goes_over(rules, four):
    world, _ = four
    one, heir = world.councils[0], world.councils[1]
    one.settlement, one.cost, one.reserves = 8.0, 16.0, 4.0
    heir.settlement, heir.cost, heir.reserves = 1.0, 2.0, 3.0
    one.flows[:], one.totals[:] = range(s.FLOWS), range(10, 10 + s.FLOWS)
    heir.flows[:], heir.totals[:] = 1.0, 2.0
    world.paths[:, 0], world.paths[:, 1] = 4.0, 1.0
    world.paths[-1, 0, -1] = 8.0
    world.transfers[:, 0], world.transfers[:, 1] = 4.0, 1.0
    world.transfers[-1, 0, -1] = 8.0
    rules.mergers.pool_money(world, 1, 0, 0.25)
    assert world.transfers[-1, 1, -1] == 3.0
    assert (world.transfers[0, 1, :-1] == 2.0).all()
    assert (heir.settlement, heir.cost, heir.reserves) == (3.0, 6.0, 3.0)
    flows = [1.0 + k / 4 for k in range(s.FLOWS)]
    flows[s.TRANSFERS] += 1.0
    assert heir.flows.tolist() == flows
    assert heir.totals.tolist() == [2.0 + k / 4 for k in range(10, 10 + s.FLOWS)]
    assert world.paths[-1, 1, -1] == 3.0
    assert (world.paths[0, 1, :-1] == 2.0).all()
    assert one.settlement == 8.0


def test_a_unitary_takes_over_a_share_of_what_a_county_is_and_saves(rules, four):
    world, p = four
    p.scope_ramp[s.MERGER], p.reorganisation_saving = 10.0, 0.02
    p.reorganisation_core, p.reorganisation_parting = 0.0, 1.0
    county, heir = world.councils[0], world.councils[1]
    county.saving, county.inherited, county.merging, county.merged_at = 0.5, 1.0, 2.0, 1
    heir.saving, heir.inherited, heir.merging = 0.25, 0.5, 0.125
    county.cost, county.band_d, heir.band_d = 100.0, 1000.0, 200.0
    county.means, heir.means = math.log(900.0), math.log(200.0)
    world.bases[:2] = 1.0
    world.bases[:2, 1] = 40000.0, 80000.0  # T lies in the second year
    heir.x, heir.y = 0.0, 0.0
    rules.reorganising.take_county(world, p, T, 1, 0, 0.25, 1)
    assert heir.band_d == pytest.approx(200.0 + 0.25 * 40000 * 1000 / 80000)
    assert heir.saving == pytest.approx(0.375)
    assert heir.inherited == pytest.approx(0.5 + 0.25 * (1.0 + 0.8))
    assert heir.merging == pytest.approx(0.125 + 0.02 * 0.25 * 100.0)
    # A quarter of the county's budget, over a third as many people.
    assert heir.means == pytest.approx(math.log(200.0 + 0.25 * 900.0 / 3))
    assert heir.income == pytest.approx(heir.settlement + 80000 * float(heir.band_d) / 1e6)
    known = world.pairs[rules.between.pair_of(world, 1, 2)]
    assert known.distance == pytest.approx(math.hypot(world.councils[2].x, world.councils[2].y))
    row = happened(world)[0]
    assert (row.quarter, row.kind, row.council, row.other) == (T, e.ABOLISHED, 0, 1)
    assert (row.deal, row.scope, row.reason) == (s.NOBODY, s.MERGER, e.REORGANISED)
    assert (row.value, row.more) == (0.25, 0.0)
    county.cost = -100.0
    before, band = float(heir.merging), float(heir.band_d)
    world.bases[:2, -1] = 10000.0, 40000.0
    rules.mergers.inherit_county(world, p, 4000, 1, 0, 0.5)  # after the last year that is known
    assert heir.merging == before
    assert heir.band_d == pytest.approx(band + 0.5 * 10000 * 1000 / 40000)


def test_who_is_abolished_leaves_every_table_deal_and_list(rules, four):
    world, p = four
    world.tally[0].counts[s.CHANGED] = 0
    talks = seated(rules, world, 7, (0, 2))
    last = seated(rules, world, s.MANAGEMENT, (0, 3))
    deals = [
        seated(rules, world, scope, (0, 1, 2), stage=s.RUNNING, key=20 + scope) for scope in (0, 8)
    ]
    union = seated(rules, world, s.SERVICES, (0, 3), stage=s.RUNNING, key=19)
    rules.mergers.abolish(world, p, T, 0)
    assert [int(world.deals[d].stage) for d in (talks, last, union)] == [s.EMPTY] * 3
    assert [r.reason for r in happened(world, e.TALKS_FAIL)] == [e.REORGANISED] * 2
    assert [r.reason for r in happened(world, e.ENDS)] == [e.REORGANISED]
    assert [world.deals[d].member[:3].tolist() for d in deals] == [[1, 2, s.NOBODY]] * 2
    assert (world.councils.agreement[0] == s.NOBODY).all()
    assert world.councils.degree.tolist() == [0, 2, 2, 2]
    assert 0 not in [int(world.across[i, k]) for i in (1, 2, 3) for k in (0, 1)]
    assert world.councils.alive.tolist() == [0, 1, 1, 1]
    assert world.tally[0].counts[s.CHANGED] == 1


# --- pairs --------------------------------------------------------------------------------------


@pytest.fixture
def chain(rules, typical):
    """Return a row of five councils of which each knows only its neighbours."""
    world, p = typical(*[{}] * 5)
    for i in range(5):
        for j in range(5):
            if abs(i - j) > 1:
                rules.mergers.strike(world, i, rules.between.pair_of(world, i, j))
    return world, p


def knows(world, i):
    return world.across[i, : world.councils[i].degree].tolist()


def test_a_pair_is_struck_and_the_others_keep_their_order(rules, four):
    world, _ = four
    assert knows(world, 0) == [1, 2, 3]
    kept = world.near[0, [0, 2]].tolist()
    rules.mergers.strike(world, 0, world.near[0, 1])
    assert knows(world, 0) == [1, 3]
    assert world.near[0, :2].tolist() == kept


def test_the_heir_knows_whom_its_parent_knew_last_on_its_list(rules, chain):
    world, _ = chain
    ends = {j: rules.between.pair_of(world, 3, j) for j in (2, 4)}
    rules.mergers.hand_over_pairs(world, 0, 3)
    assert [knows(world, i) for i in range(5)] == [[1, 2, 4], [0, 2], [1, 0], [], [0]]
    for j, place in ends.items():
        assert rules.between.pair_of(world, 0, j) == rules.between.pair_of(world, j, 0) == place
        assert {int(world.pairs[place].a), int(world.pairs[place].b)} == {0, j}


def test_who_knew_both_parents_knows_the_heir_once(rules, chain):
    world, _ = chain
    place = rules.between.pair_of(world, 1, 2)
    known, lost = world.pairs[rules.between.pair_of(world, 0, 1)], world.pairs[place]
    known.adjacent, known.border, lost.adjacent, lost.border = 0, 1, 1, 0
    rules.mergers.hand_over_pairs(world, 0, 2)
    assert [knows(world, i) for i in range(5)] == [[1, 3], [0], [], [4, 0][::-1], [3]]
    assert (known.adjacent, known.border) == (1, 0)


@pytest.mark.parametrize("lost", [(0, 1), (1, 0)])
@pytest.mark.parametrize("known", [(0, 1), (1, 0)])
def test_the_heir_touches_whom_either_parent_touched_and_is_across_a_border_only_if_both_were(
    rules, chain, known, lost
):
    world, _ = chain
    heirs, theirs = (world.pairs[rules.between.pair_of(world, i, 1)] for i in (0, 2))
    heirs.adjacent, heirs.border = known
    theirs.adjacent, theirs.border = lost
    rules.mergers.hand_over_pairs(world, 0, 2)
    assert (heirs.adjacent, heirs.border) == (max(known[0], lost[0]), min(known[1], lost[1]))


def test_where_a_short_list_is_full_no_other_pair_is_changed(rules, chain):
    world, _ = chain
    world = world._replace(near=world.near[:, :2].copy(), across=world.across[:, :2].copy())
    world.near[0], world.across[0], world.councils.degree[0] = world.near[0, 0], 1, 2
    lost = rules.between.pair_of(world, 2, 3)
    world.pairs.adjacent, world.pairs.border = 0, 1
    world.pairs[lost].adjacent, world.pairs[lost].border = 1, 0
    rules.mergers.hand_over_pairs(world, 0, 2)
    assert world.councils.degree[0] == 2
    assert [k for k in range(len(world.pairs)) if world.pairs.adjacent[k]] == [lost]
    assert [k for k in range(len(world.pairs)) if not world.pairs.border[k]] == [lost]


def test_where_the_heirs_list_is_full_the_pair_is_lost(rules, chain):
    world, _ = chain
    width = world.near.shape[1]
    spare = rules.between.pair_of(world, 0, 1)
    world.near[0], world.across[0], world.councils.degree[0] = spare, 1, width
    rules.mergers.hand_over_pairs(world, 0, 3)
    assert world.councils.degree[0] == width
    assert knows(world, 2) == [1]
    assert knows(world, 4) == []


def test_parents_that_knew_each_other_do_no_longer(rules, chain):
    world, _ = chain
    rules.mergers.hand_over_pairs(world, 1, 2)
    assert [knows(world, i) for i in range(5)] == [[1], [0, 3], [], [1, 4], [3]]


def test_what_is_fixed_for_a_pair_is_measured_anew(rules, four):
    world, _ = four
    councils = world.councils
    councils.x, councils.y = (0.0, 3.0, 0.0, 9.0), (0.0, 4.0, 5.0, 9.0)
    councils.means = 5.0, 5.5, 4.0, 5.0
    councils.tier[2] = s.UNITARY
    rules.mergers.measure_pairs(world, 0)
    found = {}
    for j in (1, 2, 3):
        known = world.pairs[rules.between.pair_of(world, 0, j)]
        found[j] = [float(known[name]) for name in ("distance", "ratio", "means", "tiers")]
    assert found[1] == pytest.approx([5.0, math.log(3), 0.5, 0])
    assert found[2] == pytest.approx([5.0, 0.0, 1.0, 1])
    assert found[3] == pytest.approx([math.sqrt(162), 0.0, 0.0, 0])
    assert world.pairs[rules.between.pair_of(world, 1, 2)].tiers == 0
