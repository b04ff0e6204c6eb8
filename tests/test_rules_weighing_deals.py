"""Each contribution to a decision by hand: of a council, of a partner, of a deal in talks."""

import math

import pytest
from dealt import opened, table, unpair

from sim.core import events as e, state as s

SERVICE, OTHER = 0, 1
T = 5
DEEP = (s.CHIEF_EXECUTIVE, s.MANAGEMENT, s.MERGER)
POSTS = (s.CHIEF_EXECUTIVE, s.MANAGEMENT)


@pytest.fixture
def four(typical):
    """Return four typical councils that touch each other."""
    world, p = typical(*[{}] * 4)
    p.scope_depth[SERVICE], p.scope_depth[s.MANAGEMENT] = 0.1, 0.8
    return world, p


def brings(rules, world, p, scope=SERVICE, i=0, *, t=T):
    world.terms[:] = 0.0
    rules.weighing.weigh_self(world.terms, world, p, t, i, scope)
    return {k: float(v) for k, v in enumerate(world.terms) if abs(v) > 1e-12}


def thinks(rules, world, p, scope=SERVICE, i=0, j=1, *, t=T, share=1.0, known=1.0):
    world.terms[:] = 0.0
    e_ = rules.between.pair_of(world, i, j)
    rules.weighing.weigh_pair(world.terms, share, known, world, p, t, i, e_, scope)
    return {k: float(v) for k, v in enumerate(world.terms) if abs(v) > 1e-12}


def weighs(rules, world, p, d, k=0, *, t=T):
    world.terms[:] = 7.0
    rules.weighing.weigh_deal(world.terms, world, p, t, k, d)
    return {k: float(v) for k, v in enumerate(world.terms) if abs(v) > 1e-12}


def pair(rules, world, i, j):
    return world.pairs[rules.between.pair_of(world, i, j)]


# --- what a council brings ----------------------------------------------------------------------


def test_a_typical_council_brings_the_base_of_the_scope_and_nothing_else(rules, four):
    world, p = four
    p.scope_base[:] = range(1, s.SCOPES + 1)
    for scope in range(s.SCOPES):
        assert brings(rules, world, p, scope) == {e.BASE: scope + 1.0}


@pytest.mark.parametrize("scope", [SERVICE, *DEEP])
def test_need_speaks_for_any_deal(rules, four, scope):
    world, p = four
    world.councils[0].need, p.weighing_need, p.search_news = 0.2, 3.0, 0.0
    assert brings(rules, world, p, scope) == pytest.approx({e.NEED: 0.6})
    assert brings(rules, world, p, scope, 1) == {}
    d = table(rules, world, scope)
    assert weighs(rules, world, p, d, 0)[e.NEED] == pytest.approx(0.6)
    known = rules.between.pair_of(world, 0, 1)
    rules.search.answer(world.terms, world, p, T, 9, 0, 1, known, scope)
    assert world.terms[e.NEED] == pytest.approx(0.6)


@pytest.mark.parametrize(("follows", "term"), [(1.0, 0.15), (0.75, 0.2625), (0.0, 0.6)])
def test_a_deep_deal_is_moved_by_news_of_a_worse_gap_and_a_service_by_the_gap(
    rules, four, follows, term
):
    world, p = four
    council = world.councils[0]
    council.need, council.news, p.weighing_need, p.search_news = 0.2, 0.05, 3.0, follows
    # Three times 0.05, of the mean with 0.2 that weighs news three times as much, and 0.2.
    for scope in DEEP:
        assert brings(rules, world, p, scope) == pytest.approx({e.NEED: term})
    for scope in (SERVICE, s.SERVICES - 1):
        assert brings(rules, world, p, scope) == pytest.approx({e.NEED: 0.6})


def test_a_council_is_ready_for_deep_deals_or_not_whoever_the_partner(rules, four):
    world, p = four
    world.councils.readiness[:2] = -0.7, 1.1
    p.culture_readiness = 1.2
    for scope in DEEP:
        assert brings(rules, world, p, scope) == pytest.approx({e.READINESS: -0.7})
        assert brings(rules, world, p, scope, 1) == pytest.approx({e.READINESS: 1.1})
        assert brings(rules, world, p, scope, 2) == {}
        assert thinks(rules, world, p, scope, 2, 0) == {}
        assert thinks(rules, world, p, scope, 2, 1) == {}
    for scope in (SERVICE, s.SERVICES - 1):
        assert brings(rules, world, p, scope) == {}
    d = table(rules, world, s.MANAGEMENT)
    assert weighs(rules, world, p, d, 0) == pytest.approx({e.READINESS: -0.7})
    assert weighs(rules, world, p, d, 1) == pytest.approx({e.READINESS: 1.1})


def test_attachments_speak_against_by_depth_and_by_the_contact_that_is_lost(rules, four):
    world, p = four
    p.weighing_sovereignty, p.weighing_contact = 3.0, 1.5
    p.scope_contact_loss[s.MANAGEMENT] = 0.2
    world.councils[0].autonomy, world.councils[0].contact = p.culture_autonomy + 0.25, 0.5
    assert brings(rules, world, p, s.MANAGEMENT) == pytest.approx(
        {e.SOVEREIGNTY: -3.0 * 0.8 * 0.25, e.CONTACT: -1.5 * 0.2 * 0.5}
    )


def test_a_council_that_had_decided_still_wants_to_for_eight_quarters(rules, four):
    world, p = four
    p.weighing_resolve = 1.6
    world.councils[0].sought = 2
    for t, due in ((2, {e.STRATEGY: 1.6}), (9, {e.STRATEGY: 1.6}), (10, {})):
        for scope in DEEP:
            assert brings(rules, world, p, scope, t=t) == pytest.approx(due)
        assert brings(rules, world, p, s.SERVICES - 1, t=t) == {}
        assert brings(rules, world, p, s.MANAGEMENT, 1, t=t) == {}
    d = table(rules, world, s.MANAGEMENT)
    assert weighs(rules, world, p, d)[e.STRATEGY] == pytest.approx(1.6)


def test_a_vacant_post_is_easy_to_share_and_a_new_chief_executive_hard(rules, four):
    world, p = four
    p.weighing_vacancy = 1.0
    world.councils[0].vacant, world.councils[1].appointed = 1, 2
    for scope in range(s.SCOPES):
        here = 1.0 if scope in POSTS else 0.0
        assert brings(rules, world, p, scope).get(e.VACANCY, 0.0) == here
        for t, new in ((2, 1), (5, 1), (6, 0)):
            found = brings(rules, world, p, scope, 1, t=t).get(e.VACANCY, 0.0)
            assert found == -here * new
        # A partner's vacant post counts half, its new chief executive not at all.
        assert thinks(rules, world, p, scope, 2, 0).get(e.VACANCY, 0.0) == here / 2
        assert thinks(rules, world, p, scope, 2, 1) == {}


def test_a_new_majority_looks_hard_for_four_quarters(rules, four):
    world, p = four
    p.weighing_new_control = 2.0
    world.councils[0].changed = 2
    for t, due in ((2, {e.NEW_CONTROL: -1.6}), (5, {e.NEW_CONTROL: -1.6}), (6, {})):
        assert brings(rules, world, p, s.MANAGEMENT, t=t) == pytest.approx(due)


def test_nobody_likes_a_deep_deal_in_the_quarter_before_its_election(rules, four):
    world, p = four
    p.weighing_election = 0.3
    world.councils.phase[:2] = 2010, 2011  # years from April 2009 on: quarters 4 and 8
    found = {
        i: [t for t in range(12) if brings(rules, world, p, s.MANAGEMENT, i, t=t)] for i in (0, 1)
    }
    assert found == {0: [3], 1: [7]}
    assert brings(rules, world, p, s.MANAGEMENT, t=3) == pytest.approx({e.ELECTION: -0.24})
    votes = rules.weighing.votes_soon
    assert [bool(votes(world.councils, p, 0, t, 2009)) for t in (2, 3, 4)] == [False, True, False]
    world.councils[0].cycle = s.THIRDS
    assert [bool(votes(world.councils, p, 0, t, 2009)) for t in (3, 7)] == [False, True]


def test_every_talk_but_the_first_makes_a_council_busy(rules, four):
    world, p = four
    p.weighing_busy = 0.2
    for n, busy in enumerate((0.0, 0.2, 0.4)):
        table(rules, world, n, (0, 1), key=n + 5)
        assert rules.weighing.talks_held(world.councils, 0) == n + 1
        assert rules.weighing.free_attention(world.councils, 0) == 3 - n
        assert brings(rules, world, p, 8).get(e.BUSY, 0.0) == pytest.approx(-busy)


# --- what it thinks of a partner ----------------------------------------------------------------


def test_nothing_is_thought_of_a_typical_partner(rules, four):
    world, p = four
    for scope in range(s.SCOPES):
        assert thinks(rules, world, p, scope) == {}


@pytest.mark.parametrize(
    ("lesson", "marriage", "picky"), [(0.0, 0, 1.0), (0.5, 0, 1.5), (0.0, 1, 1.4), (0.5, 1, 2.1)]
)
def test_unlike_size_counts_more_for_who_has_learnt_about_equality_or_is_bent_on_marriage(
    rules, four, lesson, marriage, picky
):
    world, p = four
    p.weighing_size, p.weighing_size_typical, p.weighing_strategy = 2.0, 0.3, 0.4
    pair(rules, world, 0, 1).ratio = 0.5
    world.councils[0].lessons[s.LESSON_EQUAL] = lesson
    world.councils[0].marriage = marriage
    for scope, depth in ((SERVICE, 0.1), (s.MANAGEMENT, 0.8)):
        due = -2.0 * picky * (0.5 - 0.3) * (1 + depth) / 2
        assert thinks(rules, world, p, scope)[e.SIZE] == pytest.approx(due)
        # The other learnt nothing, and is not bent on marriage.
        assert thinks(rules, world, p, scope, 1, 0)[e.SIZE] == pytest.approx(due / picky)


def test_other_means_other_duties_and_another_county_count(rules, four):
    world, p = four
    p.weighing_resources, p.weighing_tier, p.weighing_border = 0.64, 1.2, 0.7
    p.weighing_delegation = 0.0
    known = pair(rules, world, 0, 1)
    known.means, known.tiers, known.border = 0.5, 1, 1
    due = {e.MEANS: -0.32, e.TIER: -1.2, e.BORDER: -0.7}
    assert thinks(rules, world, p) == pytest.approx(due)
    half = {k: v / 2 for k, v in due.items()}
    assert thinks(rules, world, p, share=0.5) == pytest.approx(half)


@pytest.mark.parametrize(("delegated", "kept"), [(0.0, 1.0), (0.75, 0.25), (1.0, 0.0)])
def test_a_service_is_handed_over_between_tiers_and_differences_count_less(
    rules, four, delegated, kept
):
    world, p = four
    p.weighing_size, p.weighing_size_typical, p.weighing_size_shallow = 2.0, 0.3, 1.0
    p.weighing_resources, p.weighing_tier, p.weighing_border = 0.64, 1.2, 0.7
    p.weighing_delegation = delegated
    apart = pair(rules, world, 0, 1)
    apart.ratio, apart.means, apart.border = 0.5, 0.5, 1
    differences = {e.SIZE: -0.4, e.MEANS: -0.32, e.BORDER: -0.7}
    for scope in (SERVICE, s.SERVICES - 1, *DEEP):
        assert thinks(rules, world, p, scope) == pytest.approx(differences)
    apart.tiers = 1
    for scope in DEEP:
        assert thinks(rules, world, p, scope) == pytest.approx({e.TIER: -1.2} | differences)
    due = {e.SIZE: -0.4 * kept, e.MEANS: -0.32 * kept, e.TIER: -1.2 * kept}
    left = {k: v for k, v in due.items() if v}
    for scope in (SERVICE, s.SERVICES - 1):
        assert thinks(rules, world, p, scope) == pytest.approx({e.BORDER: -0.7} | left)


def test_what_both_knew_before_they_talked_counts_by_its_share(rules, four):
    world, p = four
    p.weighing_size, p.weighing_size_typical, p.weighing_size_shallow = 2.0, 0.3, 1.0
    p.weighing_resources, p.weighing_tier, p.weighing_border = 0.64, 1.2, 0.7
    p.weighing_apart, p.weighing_near, p.weighing_distance = 1.6, 25.0, 20.0
    p.weighing_trust, p.weighing_delegation = 2.0, 0.5
    apart = pair(rules, world, 0, 1)
    apart.ratio, apart.means, apart.border, apart.tiers = 0.5, 0.5, 1, 1
    apart.adjacent, apart.distance, apart.trust = 0, 35.0, p.beliefs_first_trust + 0.2
    whole = {e.SIZE: -0.4, e.MEANS: -0.32, e.TIER: -1.2, e.DISTANCE: -2.1, e.BORDER: -0.7}
    for known in (1.0, 0.25):
        due = {k: v * known for k, v in whole.items()} | {e.TRUST: 0.4}
        assert thinks(rules, world, p, s.MANAGEMENT, known=known) == pytest.approx(due)
        # Half of what is left of size, means and tier, where a service is handed over.
        due |= {k: due[k] / 2 for k in (e.SIZE, e.MEANS, e.TIER)}
        assert thinks(rules, world, p, known=known) == pytest.approx(due)
        half = {k: v / 2 for k, v in due.items()}
        assert thinks(rules, world, p, known=known, share=0.5) == pytest.approx(half)
    assert thinks(rules, world, p, known=0.0) == pytest.approx({e.TRUST: 0.4})


def test_a_partner_far_away_counts_by_the_distance_beyond_the_near_ones(rules, four):
    world, p = four
    p.weighing_apart, p.weighing_near, p.weighing_distance = 1.6, 25.0, 20.0
    known = pair(rules, world, 0, 1)
    known.adjacent = 0
    for km, due in ((10.0, 1.6), (25.0, 1.6), (35.0, 2.1)):
        known.distance = km
        assert thinks(rules, world, p) == pytest.approx({e.DISTANCE: -due})


@pytest.mark.parametrize(
    ("one", "other", "term"),
    [(0, 0, 0.2), (0, 1, -0.2), (s.NO_CONTROL, s.NO_CONTROL, -0.2), (1, s.NO_CONTROL, -0.2)],
)
def test_the_same_party_helps_but_no_control_is_no_party(rules, four, one, other, term):
    world, p = four
    p.weighing_party = 0.4
    world.councils.control[:2] = one, other
    assert thinks(rules, world, p) == pytest.approx({e.PARTY: term})


def test_unlike_systems_hinder_less_where_they_are_subsidised(rules, four):
    world, p = four
    p.weighing_ict, p.scope_ict[SERVICE] = 0.8, 0.5
    world.councils.platform[:2] = 1, 2
    for p.support_ict_subsidy, term in ((0.0, 0.0), (0.75, 0.15), (1.0, 0.2)):
        found = thinks(rules, world, p)
        assert found[e.SYSTEMS] == pytest.approx(-0.2)
        assert found.get(e.ICT_SUBSIDY, 0.0) == pytest.approx(term)
    world.councils.platform[1] = 1
    assert thinks(rules, world, p) == pytest.approx({e.SYSTEMS: 0.2})


def test_a_gap_in_tax_that_an_aligned_deal_has_narrowed_is_felt_less(rules, four):
    world, p = four
    p.scope_tax_weight[s.MANAGEMENT] = 0.5
    world.councils.band_d[:2] = 150.0, 250.0
    pair(rules, world, 0, 1).felt_gap = 0.6
    # Two steps of fifty pounds, of which three fifths are felt.
    assert thinks(rules, world, p, s.MANAGEMENT) == pytest.approx({e.TAX_GAP: -0.5 * 2 * 0.6})
    world.councils[0].lessons[s.LESSON_ALIGN] = 0.5
    assert thinks(rules, world, p, s.MANAGEMENT)[e.TAX_GAP] == pytest.approx(-0.9)
    assert thinks(rules, world, p, s.MANAGEMENT, 1, 0)[e.TAX_GAP] == pytest.approx(-0.6)


def test_culture_is_what_this_side_believes(rules, four):
    world, p = four
    p.weighing_culture, p.weighing_culture_typical = 4.0, 0.3
    known = pair(rules, world, 0, 1)
    for i, j in ((0, 1), (1, 0)):
        side = rules.between.side_of(world.pairs, rules.between.pair_of(world, 0, 1), i)
        known.belief[side], known.belief[1 - side] = 0.5, 0.3
        due = {e.CULTURE: -4.0 * 0.8 * 0.2}
        assert thinks(rules, world, p, s.MANAGEMENT, i, j) == pytest.approx(due)
        assert thinks(rules, world, p, s.MANAGEMENT, j, i) == {}


def test_trust_and_failures_count_for_one_of_several_partners_by_its_share(rules, four):
    world, p = four
    p.weighing_trust, p.weighing_history = 2.0, 0.5
    known = pair(rules, world, 0, 1)
    known.trust, known.failures = p.beliefs_first_trust - 0.25, 3.0
    due = {e.TRUST: -0.5 / 4, e.HISTORY: -0.5 * 3 * 0.8 / 4}
    assert thinks(rules, world, p, s.MANAGEMENT, share=0.25) == pytest.approx(due)


def test_one_of_several_partners_counts_by_its_share_in_everything(rules, four):
    world, p = four
    p.weighing_border = 0.7
    known = pair(rules, world, 0, 1)
    known.belief, known.trust, known.failures, known.ratio, known.means = 0.9, 0.9, 2.0, 0.9, 0.9
    known.distance, known.adjacent, known.border = 90.0, 0, 1
    world.councils.band_d[:2], world.councils.vacant[1] = (150.0, 250.0), 1
    p.weighing_party, p.weighing_ict = 0.4, 0.8
    opened(rules, world, SERVICE, (0, 1))
    whole = thinks(rules, world, p, s.MANAGEMENT)
    expected = {
        e.CULTURE, e.TRUST, e.HISTORY, e.SIZE, e.MEANS, e.PARTY, e.DISTANCE, e.BORDER, e.TAX_GAP,
        e.SYSTEMS, e.TIES, e.VACANCY,
    }  # fmt: skip
    assert set(whole) == expected
    part = {k: v / 4 for k, v in whole.items()}
    assert thinks(rules, world, p, s.MANAGEMENT, share=0.25) == pytest.approx(part)
    before = (e.SIZE, e.MEANS, e.DISTANCE, e.BORDER)
    again = {k: v * (0.5 if k in before else 1.0) for k, v in whole.items()}
    assert thinks(rules, world, p, s.MANAGEMENT, known=0.5) == pytest.approx(again)
    assert thinks(rules, world, p, s.MANAGEMENT, share=0.25) == pytest.approx(part)
    # It adds to what is thought of the others.
    e_ = rules.between.pair_of(world, 0, 1)
    rules.weighing.weigh_pair(world.terms, 0.75, 1.0, world, p, T, 0, e_, s.MANAGEMENT)
    assert {k: world.terms[k] for k in whole} == pytest.approx(whole)


def test_ties_are_services_shared_with_each_other_and_years_of_shared_management(rules, four):
    world, p = four
    p.weighing_ties, p.weighing_ties_most = 0.5, 0.5
    p.weighing_partnership, p.weighing_strangers = 0.5, 2.0
    assert thinks(rules, world, p, s.MERGER) == pytest.approx({e.TIES: -2.0})
    for scope, members in ((0, (0, 2)), (1, (1, 3)), (s.SERVICES - 1, (0, 1))):
        opened(rules, world, scope, members, key=20 + scope)
    assert rules.weighing.shared_services(world.councils, 0, 1) == 1
    for scope, due in (
        (s.SERVICES - 1, {}), (s.CHIEF_EXECUTIVE, {e.TIES: 0.25}), (s.MERGER, {e.TIES: -1.75}),
    ):  # fmt: skip
        assert thinks(rules, world, p, scope) == pytest.approx(due)
    union = opened(rules, world, s.MANAGEMENT, (0, 1))
    world.deals[union].signed = 1
    assert thinks(rules, world, p, s.MERGER, t=7) == pytest.approx({e.TIES: 0.25 + 0.5 * 1.5})
    world.councils[1].agreement[s.MANAGEMENT] = 7
    assert thinks(rules, world, p, s.MERGER) == pytest.approx({e.TIES: -1.75})


# --- a deal in talks ----------------------------------------------------------------------------


def test_a_typical_deal_in_talks_weighs_nothing(rules, four):
    world, p = four
    for scope in range(s.SCOPES):
        d = table(rules, world, scope, key=20 + scope)
        assert weighs(rules, world, p, d) == {}
        rules.deals.forget(world, d)


def test_the_other_members_count_alike_for_the_leader_too(rules, four):
    world, p = four
    p.weighing_trust, p.weighing_crowd = 2.0, 0.0
    for i, j, trust in ((0, 1, 0.3), (0, 2, 0.0), (0, 3, -0.1), (1, 2, 0.1), (2, 3, 0.4)):
        pair(rules, world, i, j).trust += trust
    d = table(rules, world, SERVICE, (1, 0, 2))
    assert weighs(rules, world, p, d, 0) == pytest.approx({e.TRUST: 2.0 * (0.3 + 0.1) / 2})
    assert weighs(rules, world, p, d, 1) == pytest.approx({e.TRUST: 2.0 * 0.3 / 2})
    assert weighs(rules, world, p, d, 2) == pytest.approx({e.TRUST: 2.0 * 0.1 / 2})
    # Whom it has no pair with it has no view of.
    unpair(rules, world, 0, 2)
    assert weighs(rules, world, p, d, 1) == pytest.approx({e.TRUST: 2.0 * 0.3})


def test_who_asked_and_who_answered_have_weighed_each_other_and_the_others_have_not(rules, four):
    world, p = four
    p.weighing_resources, p.weighing_crowd = 0.8, 0.0
    for i, j in ((0, 1), (0, 2), (1, 2)):
        pair(rules, world, i, j).means = 1.0
    d = table(rules, world, s.MANAGEMENT, (1, 0, 2))
    for p.weighing_again, leads, follows in ((0.25, 0.25, 0.625), (1.0, 1.0, 1.0), (0.0, 0.0, 0.5)):
        due = {e.MEANS: -0.8 * leads} if leads else {}
        assert weighs(rules, world, p, d, 0) == pytest.approx(due)
        # The leader counts by half of its share, the other guest by half in full.
        for k in (1, 2):
            assert weighs(rules, world, p, d, k) == pytest.approx({e.MEANS: -0.8 * follows})


def test_a_newcomer_asked_one_member_of_the_deal_and_meets_the_others(rules, four):
    world, p = four
    p.weighing_resources, p.weighing_again = 0.8, 0.25
    p.weighing_crowd = p.talks_accession = 0.0
    host = opened(rules, world, s.MANAGEMENT, (1, 2))
    d = table(rules, world, s.MANAGEMENT, (0, 1))
    world.deals[d].host = host
    pair(rules, world, 0, 1).means = 1.0
    assert weighs(rules, world, p, d, 0) == pytest.approx({e.MEANS: -0.8 * 0.25 / 2})
    assert weighs(rules, world, p, d, 1) == pytest.approx({e.MEANS: -0.8 * 0.25})
    pair(rules, world, 0, 1).means, pair(rules, world, 0, 2).means = 0.0, 1.0
    pair(rules, world, 1, 2).means = 1.0
    assert weighs(rules, world, p, d, 0) == pytest.approx({e.MEANS: -0.8 / 2})
    assert weighs(rules, world, p, d, 1) == {}


def test_a_member_sees_the_others_with_its_own_eyes(rules, four):
    world, p = four
    p.weighing_culture = 4.0
    place = rules.between.pair_of(world, 0, 1)
    world.pairs.belief[place, rules.between.side_of(world.pairs, place, 0)] += 0.1
    d = table(rules, world, s.MANAGEMENT)
    assert weighs(rules, world, p, d, 0) == pytest.approx({e.CULTURE: -4.0 * 0.8 * 0.1})
    assert weighs(rules, world, p, d, 1) == {}


def test_who_would_join_thinks_of_all_members_and_who_hosts_of_the_newcomer(rules, four):
    world, p = four
    p.weighing_trust, p.weighing_crowd, p.talks_accession = 2.0, 0.0, 0.4
    host = opened(rules, world, SERVICE, (1, 2))
    d = table(rules, world, SERVICE, (0, 1))
    world.deals[d].host = host
    pair(rules, world, 0, 1).trust += 0.1
    pair(rules, world, 0, 2).trust += 0.3
    pair(rules, world, 1, 2).trust += 0.4
    due = {e.JOINING: 0.4, e.TRUST: 2.0 * (0.1 + 0.3) / 2}
    assert weighs(rules, world, p, d, 0) == pytest.approx(due)
    assert weighs(rules, world, p, d, 1) == pytest.approx({e.JOINING: 0.4, e.TRUST: 2.0 * 0.1})


def test_members_beyond_two_are_a_crowd_those_of_the_deal_to_be_joined_too(rules, four):
    world, p = four
    p.weighing_crowd, p.talks_accession = 0.5, 0.0
    d = table(rules, world, SERVICE, (0, 1, 2, 3))
    assert rules.weighing.circle(world.deals, d) == 4
    assert weighs(rules, world, p, d) == pytest.approx({e.CROWD: -0.5 * 0.1 * 2})
    rules.deals.forget(world, d)
    host = opened(rules, world, SERVICE, (1, 2))
    d = table(rules, world, SERVICE, (0, 1), key=78)
    world.deals[d].host = host
    assert rules.weighing.circle(world.deals, d) == 3
    assert weighs(rules, world, p, d) == pytest.approx({e.CROWD: -0.5 * 0.1})


def test_a_paid_study_speaks_for_the_deal_by_what_it_meets(rules, four):
    world, p = four
    p.weighing_grant, p.talks_pace_service, p.talks_longest = 0.5, 2 / 3, 8.0
    p.talks_study_cost, p.talks_study_elasticity = 0.01, 0.0
    d = table(rules, world, SERVICE)
    world.tally[0].pots[:] = 9_000_000
    assert weighs(rules, world, p, d) == {}
    # Two members, three quarters, 10,000 pounds each, and nothing to set up.
    world.deals[d].grant = 15_000
    assert weighs(rules, world, p, d) == pytest.approx({e.GRANT: 0.5 * 0.25})
    world.deals[d].grant = 90_000
    assert weighs(rules, world, p, d) == pytest.approx({e.GRANT: 0.5})


def test_savings_are_weighed_by_its_own_estimate_once_there_is_a_case(rules, four):
    world, p = four
    p.weighing_savings = 0.8
    d = table(rules, world, SERVICE)
    deal = world.deals[d]
    deal.factor, deal.estimate[:2] = 1.5, (0.5, 2.0)
    assert weighs(rules, world, p, d) == {}
    for stage in (s.CASE, s.VOTING):
        deal.stage = stage
        assert weighs(rules, world, p, d, 0) == pytest.approx({e.SAVINGS: 0.8 * math.log(0.75)})
        assert weighs(rules, world, p, d, 1) == pytest.approx({e.SAVINGS: 0.8 * math.log(3.0)})


@pytest.fixture
def costly(rules, four):
    """Return a case whose bill of 1 million is an eighth of reserves of 8 million."""
    world, p = four
    p.scope_budget_share[SERVICE], p.scope_promised[SERVICE] = 0.1, 0.25
    p.scope_setup_ratio[SERVICE], p.weighing_setup = 2.0, 4.0
    world.councils.cost, world.councils.reserves = 20.0, 8.0
    p.grants_setup_pot, p.grants_setup_share, p.grants_staged = 5.0, 0.75, 0.0
    p.grants_setup_limit, p.weighing_grant = 2.0, 0.0
    return world, p, table(rules, world, SERVICE, stage=s.CASE)


def test_a_saving_is_reckoned_on_what_services_cost_and_not_on_what_goes_into_reserves(
    rules, costly
):
    world, p, _ = costly
    for income in (10.0, 30.0):
        world.councils.income = income
        assert rules.promises.saving_base(world.councils, p, 0, SERVICE) == pytest.approx(2.0)


def test_the_bill_of_a_district_is_years_of_the_promise_on_its_whole_budget(rules, costly):
    world, p, _ = costly
    p.agreements_corporate = 0.25
    assert rules.promises.saving_base(world.councils, p, 0, SERVICE) == pytest.approx(2.0)
    assert rules.promises.setup_bill(world.councils, p, 0, SERVICE, 3.0) == pytest.approx(3.0)
    world.councils.tier[0], world.councils.cost[1] = s.UNITARY, -4.0
    assert rules.promises.saving_base(world.councils, p, 0, SERVICE) == pytest.approx(0.5)
    assert rules.promises.saving_base(world.councils, p, 1, SERVICE) == 0.0


def test_the_burden_grows_with_the_promise_from_the_case_on(rules, costly):
    world, p, d = costly
    p.weighing_savings = 0.0
    world.deals[d].factor = 2.0
    assert weighs(rules, world, p, d) == pytest.approx({e.SET_UP: -4.0 * 2 / 8})
    world.deals[d].stage = s.STUDY
    assert weighs(rules, world, p, d) == pytest.approx({e.SET_UP: -4.0 * 1 / 8})


def test_a_grant_that_can_be_expected_lightens_the_burden_from_the_case_on(rules, costly):
    world, p, d = costly
    deal, pots = world.deals[d], world.tally[0].pots
    # Bills of 1 million each: three quarters of both are 1.5 million, of which each gets a half.
    for pot, limit, each in (
        (5_000_000, 2.0, 0.75), (1_000_000, 2.0, 0.5), (5_000_000, 0.4, 0.2), (1, 2.0, 5e-7),
        (0, 2.0, 0.0),
    ):  # fmt: skip
        pots[1], p.grants_setup_limit = pot, limit
        burden = -4.0 * (1.0 - each) / 8
        assert weighs(rules, world, p, d) == pytest.approx({e.SET_UP: burden}, abs=1e-12)
    pots[1], deal.stage = 5_000_000, s.STUDY
    assert weighs(rules, world, p, d) == pytest.approx({e.SET_UP: -0.5})


def test_only_a_deal_that_may_bid_expects_a_grant(rules, costly):
    world, p, d = costly
    deal = world.deals[d]
    world.tally[0].pots[:2] = 1_000_000, 5_000_000
    for p.grants_setup_pot, p.grants_staged, deal.grant, deal.host, bids in (
        (0.0, 0.0, 0, s.NOBODY, False), (5.0, 1.0, 0, s.NOBODY, False),
        (5.0, 1.0, 50_000, s.NOBODY, True), (5.0, 0.0, 0, 0, False),
    ):  # fmt: skip
        assert rules.offers.may_bid(p, world.deals, d) == bids
        assert (rules.offers.setup_ahead(world, p, d, s.NOBODY) > 0) == bids
        burden = -0.5 * (0.25 if bids else 1.0)
        assert weighs(rules, world, p, d)[e.SET_UP] == pytest.approx(burden)


@pytest.mark.parametrize(
    ("bill", "reserves", "share"),
    [(1.0, 4.0, 0.25), (1.0, 0.5, 1.0), (1.0, -2.0, 1.0), (0.0, 0.0, 0.0), (0.0, -1.0, 0.0)],
)
def test_a_burden_is_the_share_of_the_reserves_that_the_bill_takes(
    rules, four, bill, reserves, share
):
    world, p = four
    p.weighing_setup = 2.0
    world.councils[1].reserves = reserves
    assert rules.weighing.burden(world.councils, p, 1, bill) == pytest.approx(-2.0 * share)


@pytest.mark.parametrize("scope", [SERVICE, s.SERVICES - 1, s.SERVICES, s.MANAGEMENT])
def test_who_has_learnt_misses_each_term_that_is_not_written(rules, four, scope):
    world, p = four
    p.weighing_lesson, p.weighing_size = 0.8, 0.0
    world.councils[0].lessons[[s.LESSON_EXIT, s.LESSON_EQUAL, s.LESSON_ALIGN]] = 0.5, 0.25, 1.0
    d = table(rules, world, scope, stage=s.VOTING)
    deal = world.deals[d]
    missed = {e.EXIT_LESSON: -0.4, e.EQUAL_LESSON: -0.2}
    if scope >= s.SERVICES:
        missed |= {e.TAX_LESSON: -0.8}
    assert weighs(rules, world, p, d, 0) == pytest.approx(missed)
    assert weighs(rules, world, p, d, 1) == {}
    for term, name in ((e.EXIT_LESSON, "exit"), (e.EQUAL_LESSON, "equal"), (e.TAX_LESSON, "align")):
        deal[name] = 1
        due = {k: v for k, v in missed.items() if k != term}
        assert weighs(rules, world, p, d, 0) == pytest.approx(due)
        deal[name] = 0
    deal.stage = s.CASE
    assert weighs(rules, world, p, d, 0) == {}


def test_another_table_of_the_same_depth_that_looked_better_draws_away(rules, four):
    world, p = four
    p.weighing_rival = 0.5
    d = table(rules, world, s.MANAGEMENT, (0, 1))
    other = table(rules, world, s.CHIEF_EXECUTIVE, (2, 0), key=78)
    service = table(rules, world, SERVICE, (3, 0), key=79)
    deals = world.deals
    deals[d].score[:2], deals[other].score[:2] = (0.2, 0.5), (9.0, 1.0)
    deals[service].score[:2] = 9.0
    assert weighs(rules, world, p, d) == pytest.approx({e.RIVAL: -0.5 * 0.8, e.BUSY: -0.4})
    assert e.RIVAL not in weighs(rules, world, p, d, 1)
    assert e.RIVAL not in weighs(rules, world, p, other, 1)
    assert e.RIVAL not in weighs(rules, world, p, service, 1)


def test_services_are_rivals_of_the_same_service_and_deep_deals_of_all_deep_ones(rules):
    same = rules.weighing.same_depth
    assert same(3, 3) and not same(3, 4)
    assert same(s.SERVICES, s.MERGER) and same(s.MERGER, s.SERVICES)
    assert not same(s.SERVICES - 1, s.SERVICES) and not same(s.SERVICES, s.SERVICES - 1)


def test_a_pair_is_found_by_either_council_and_knows_both(rules, four):
    world, _ = four
    for i in range(4):
        for j in range(4):
            if i == j:
                assert rules.between.pair_of(world, i, j) == s.NOBODY
                continue
            place = rules.between.pair_of(world, i, j)
            known = world.pairs[place]
            assert {int(known.a), int(known.b)} == {i, j}
            assert rules.weighing.other_in(world.pairs, place, i) == j
            assert rules.between.side_of(world.pairs, place, i) == (known.b == i)
