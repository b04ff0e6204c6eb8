"""What a council thinks of a partner and of a deal, and whom it looks for."""

import math

import pytest
from dealt import opened

from sim.core import events as e, state as s

SERVICE = 0


@pytest.fixture
def four(rules, country, world_of):
    world, p = world_of(country(*[{}] * 4))
    rules.founding.found(world, p, 1)
    world.councils.attention, world.councils.vacant = 4, 0
    return world, p


def shared(rules, world, scope, members, *, signed=0, key=5):
    d = opened(rules, world, scope, members, key=key)
    world.deals[d].signed = signed
    return d


def weighed(rules, world, p, i, j, scope, *, t=9):
    rules.weighing.clear(world.terms)
    pair = rules.between.pair_of(world, i, j)
    rules.weighing.weigh_pair(world.terms, 1.0, 1.0, world, p, t, i, pair, scope)
    return world.terms.copy()


def test_culture_counts_by_depth_and_twice_for_who_has_learnt_about_trust(rules, four):
    world, p = four
    p.weighing_culture, p.weighing_culture_typical, p.scope_depth[s.MANAGEMENT] = 4.0, 0.3, 0.8
    pair = rules.between.pair_of(world, 0, 1)
    world.pairs[pair].belief[rules.between.side_of(world.pairs, pair, 0)] = 0.5
    for learnt in (0.0, 1.0):
        world.councils[0].lessons[s.LESSON_TRUST] = learnt
        term = weighed(rules, world, p, 0, 1, s.MANAGEMENT)[e.CULTURE]
        assert term == pytest.approx(-4.0 * 0.8 * 0.2 * (1 + learnt))


def test_trust_and_earlier_failures_count(rules, four):
    world, p = four
    p.weighing_trust, p.beliefs_first_trust = 2.0, 0.4
    p.weighing_history, p.scope_depth[s.MANAGEMENT] = 0.8, 0.5
    pair = world.pairs[rules.between.pair_of(world, 0, 1)]
    pair.trust, pair.failures = 0.9, 2.0
    terms = weighed(rules, world, p, 0, 1, s.MANAGEMENT)
    assert terms[e.TRUST] == pytest.approx(1.0)
    assert terms[e.HISTORY] == pytest.approx(-0.8)


def test_a_gap_in_tax_stands_in_the_way_by_steps_of_fifty_pounds(rules, four):
    world, p = four
    p.scope_tax_weight[s.MANAGEMENT] = 2.0
    world.councils.band_d[:2] = 250.0, 150.0

    def gap():
        return weighed(rules, world, p, 0, 1, s.MANAGEMENT)[e.TAX_GAP]

    assert gap() == pytest.approx(-4.0)
    p.weighing_tax_step = 25.0
    assert gap() == pytest.approx(-8.0)
    p.weighing_tax_step = 50.0
    assert gap() == pytest.approx(-4.0)
    world.councils[0].lessons[s.LESSON_ALIGN] = 1.0
    assert gap() == pytest.approx(-8.0)
    world.pairs.tiers = 1
    assert gap() == 0.0


def test_support_for_council_tax_makes_good_its_share_under_a_name_of_its_own(rules, four):
    world, p = four
    p.scope_tax_weight[s.MANAGEMENT], p.weighing_tax_step = 2.0, 50.0
    world.councils.band_d[:2] = 250.0, 150.0
    for p.terms_tax_support, made_good in ((0.0, 0.0), (0.75, 3.0), (1.0, 4.0)):
        terms = weighed(rules, world, p, 0, 1, s.MANAGEMENT)
        assert (terms[e.TAX_GAP], terms[e.TAX_HELP]) == pytest.approx((-4.0, made_good))
        against = rules.events.reason_against(terms)  # what is made good is no reason any more
        assert (against == e.TAX) == (made_good < 4.0)


def test_only_partners_that_do_not_touch_mind_the_distance(rules, four):
    world, p = four
    p.weighing_apart, p.weighing_near, p.weighing_distance = 1.6, 25.0, 20.0
    pair = world.pairs[rules.between.pair_of(world, 0, 1)]
    pair.distance = 45.0
    for touching, term in ((1, 0.0), (0, -2.6)):
        pair.adjacent = touching
        assert weighed(rules, world, p, 0, 1, SERVICE)[e.DISTANCE] == pytest.approx(term)


def test_what_is_shared_already_helps_to_go_deeper_up_to_a_limit(rules, four):
    world, p = four
    p.weighing_ties, p.weighing_ties_most = 0.4, 2.0
    for scope, term in ((0, 0.4), (1, 0.8), (2, 0.8)):
        shared(rules, world, scope, (0, 1), key=50 + scope)
        assert weighed(rules, world, p, 0, 1, s.MANAGEMENT)[e.TIES] == pytest.approx(term)
    assert weighed(rules, world, p, 0, 1, 5)[e.TIES] == 0.0


def test_strangers_do_not_merge_but_years_of_shared_management_lead_there(rules, four):
    world, p = four
    p.weighing_partnership, p.weighing_strangers = 0.3, 2.5
    assert weighed(rules, world, p, 0, 1, s.MERGER)[e.TIES] == pytest.approx(-2.5)
    shared(rules, world, s.MANAGEMENT, (0, 1), signed=1)
    assert weighed(rules, world, p, 0, 1, s.MERGER, t=21)[e.TIES] == pytest.approx(0.3 * 5)


def test_the_same_software_helps_where_the_work_hangs_on_it(rules, four):
    world, p = four
    p.weighing_ict, p.scope_ict[SERVICE] = 0.8, 0.5
    world.councils.platform[:2] = 1, 1
    assert weighed(rules, world, p, 0, 1, SERVICE)[e.SYSTEMS] == pytest.approx(0.2)
    world.councils.platform[:2] = 1, 2
    assert weighed(rules, world, p, 0, 1, SERVICE)[e.SYSTEMS] == pytest.approx(-0.2)
    p.weighing_ict_typical = 0.25  # one in four has the same: unlike is usual, alike is a find
    assert weighed(rules, world, p, 0, 1, SERVICE)[e.SYSTEMS] == pytest.approx(-0.1)
    world.councils.platform[:2] = 1, 1
    assert weighed(rules, world, p, 0, 1, SERVICE)[e.SYSTEMS] == pytest.approx(0.3)


def test_a_part_of_the_weight_of_size_counts_by_the_depth_of_the_deal(rules, four):
    world, p = four
    p.weighing_size, p.weighing_size_typical, p.weighing_strategy = 2.0, 0.3, 0.0
    world.pairs[rules.between.pair_of(world, 0, 1)].ratio = 0.8
    p.scope_depth[SERVICE] = 0.2
    for shallow, counts in ((0.5, 0.6), (1.0, 1.0), (0.0, 0.2)):
        p.weighing_size_shallow = shallow
        term = weighed(rules, world, p, 0, 1, SERVICE)[e.SIZE]
        assert term == pytest.approx(-2.0 * 0.5 * counts)


def test_the_same_party_helps_by_how_unusual_it_is(rules, four):
    world, p = four
    p.weighing_party = 0.4
    for typical in (0.5, 0.8):
        p.weighing_party_typical = typical
        for party, same in ((s.LABOUR, 1.0), (s.CONSERVATIVE, 0.0)):
            world.councils.control[:2] = s.LABOUR, party
            term = weighed(rules, world, p, 0, 1, SERVICE)[e.PARTY]
            assert term == pytest.approx(0.4 * (same - typical))


def test_a_vacant_post_on_the_other_side_counts_in_part(rules, four):
    world, p = four
    p.weighing_vacancy = 1.2
    for part in (0.5, 1.0):
        p.weighing_vacancy_partner = part
        for vacant in (0, 1):
            world.councils[1].vacant = vacant
            term = weighed(rules, world, p, 0, 1, s.MANAGEMENT)[e.VACANCY]
            assert term == pytest.approx(1.2 * part * vacant)


@pytest.mark.parametrize(
    ("field", "number", "term"),
    [
        ("sought", "search_resolve_years", e.STRATEGY),
        ("changed", "weighing_new_control_years", e.NEW_CONTROL),
        ("appointed", "weighing_new_chief_years", e.VACANCY),
    ],
)
def test_what_has_happened_is_felt_for_its_years_and_no_longer(rules, four, field, number, term):
    world, p = four
    world.councils.phase = 2  # no election is near
    world.councils.cycle = s.WHOLE
    world.councils[0][field] = 8

    def felt(t):
        rules.weighing.clear(world.terms)
        rules.weighing.weigh_self(world.terms, world, p, t, 0, s.MANAGEMENT)
        return world.terms[term] != 0.0

    for years, last in ((1.0, 11), (2.0, 15), (2.5, 17)):
        p[number] = years
        assert [t for t in range(8, 24) if felt(t)] == list(range(8, last + 1))


def test_resolve_drives_the_search_for_as_long_as_it_lasts(rules, four):
    world, p = four
    p.search_resolve, world.councils[0].sought = 6.0, 8
    rules.rates.take_rates(world, p)

    def rate(t):
        return math.exp(rules.search.deep_push(world, p, t, 0, (0.0, 0.0, 0.0), 0.0))

    for years, last in ((2.0, 15), (0.5, 9)):
        p.search_resolve_years = years
        assert rate(last) == pytest.approx(6.0 * rate(last + 1))


@pytest.mark.parametrize(("quarters", "shy"), [(0.0, []), (1.0, [15]), (2.0, [14, 15])])
def test_nobody_likes_to_sign_so_many_quarters_before_an_election(rules, four, quarters, shy):
    world, p = four
    world.councils.cycle = s.WHOLE
    world.councils.phase = world.tally[0].start_year + 4
    p.weighing_election_quarters = quarters

    def term(t):
        rules.weighing.clear(world.terms)
        rules.weighing.weigh_self(world.terms, world, p, t, 0, s.MANAGEMENT)
        return world.terms[e.ELECTION]

    assert [t for t in range(20) if term(t) != 0.0] == shy


def test_a_review_in_doubt_speaks_against_deep_deals_where_it_is_held(rules, four):
    world, p = four
    p.reorganisation_doubt, p.scope_depth[s.MANAGEMENT] = 1.5, 0.8
    world.councils[1].reviewed = 0
    for stance, here in ((s.VOLUNTARY, 0.0), (s.REVIEW, -1.2), (s.MANDATED, -1.2)):
        p.reorganisation_stance = stance
        for i, due in ((0, here), (1, 0.0)):
            rules.weighing.clear(world.terms)
            rules.weighing.weigh_self(world.terms, world, p, 9, i, s.MANAGEMENT)
            assert world.terms[e.REVIEW_DOUBT] == pytest.approx(due)


def test_a_bill_weighs_by_the_share_of_the_reserves_that_it_takes(rules, four):
    world, p = four
    p.weighing_setup = 2.0
    bill = float(rules.promises.setup_bill(world.councils, p, 0, s.MANAGEMENT, 1.0))
    for reserves, share in ((4 * bill, 0.25), (bill, 1.0), (bill / 2, 1.0), (-1.0, 1.0)):
        world.councils[0].reserves = reserves
        rules.weighing.weigh_self(world.terms, world, p, 9, 0, s.MANAGEMENT)
        assert world.terms[e.SET_UP] == pytest.approx(-2.0 * share)


def test_a_deal_without_a_bill_weighs_nothing_even_on_empty_reserves(rules, four):
    world, p = four
    p.scope_setup_ratio[:] = 0.0
    for reserves in (0.0, -1.0, 1.0):
        world.councils[0].reserves = reserves
        rules.weighing.weigh_self(world.terms, world, p, 9, 0, s.MANAGEMENT)
        assert world.terms[e.SET_UP] == 0.0


def test_the_reason_is_the_group_that_pushed_hardest_against(rules, four):
    world, _ = four
    terms = world.terms
    rules.weighing.clear(terms)
    assert rules.events.reason_against(terms) == e.LUCK
    terms[e.CULTURE], terms[e.TRUST], terms[e.TAX_GAP] = -0.6, -0.5, -1.0
    assert rules.events.reason_against(terms) == e.CULTURE_AND_TRUST
    terms[e.TRUST] = 0.5
    assert rules.events.reason_against(terms) == e.TAX
    assert rules.events.reason_for(terms) == e.LUCK
    terms[e.DISTANCE] = -9.0
    assert rules.events.reason_against(terms) == e.FAR
    assert rules.events.reason_to_stop(terms, 1.0) == e.TAX
    assert rules.events.reason_to_stop(terms, 0.0) == e.FAR
    assert terms[e.DISTANCE] == -9.0


def test_need_and_a_vacant_post_drive_the_search_for_a_deep_partner(rules, four):
    world, p = four
    council = world.councils[0]
    council.need, council.news, council.marriage, council.sought = 0.2, 0.05, 1, s.LONG_AGO
    council.readiness = p.culture_readiness = 0.0
    p.search_news = 1.0
    p.search_base_management, p.search_need_management, p.search_strategy = 0.02, 0.03, 1.0
    p.search_vacancy, p.reorganisation_stance = 4.0, s.VOLUNTARY
    world.tally[0].pots[0] = 0.0

    rules.rates.take_rates(world, p)

    def rate():
        return math.exp(rules.search.deep_push(world, p, 9, 0, (0.0, 0.0, 0.0), 0.0))

    assert rate() == pytest.approx(0.02 + 0.03 * 5)
    council.vacant = 1
    assert rate() == pytest.approx(4 * 0.17)
    p.search_fashion, p.search_rumour = 0.5, 0.8
    rates = [
        math.exp(rules.search.deep_push(world, p, 9, 0, near, 0.0))
        for near in ((0.4, 0.0, 0.0), (0.0, 0.0, 0.25))
    ]
    assert rates == pytest.approx([0.68 * math.exp(0.2)] * 2)


def test_rumours_are_of_deep_talks_that_are_known(rules, four):
    world, _ = four
    for scope, public, seen in ((SERVICE, 1, 0), (s.MANAGEMENT, 0, 0), (s.MANAGEMENT, 1, 1)):
        d = rules.deals.open_deal(world, 0, scope, 5)
        for i in (0, 1):
            rules.deals.add_member(world.deals, d, i)
        world.deals[d].public = public
        rules.search.show_talks(world)
        assert world.councils.seen.tolist() == [seen, seen, 0, 0]


def test_a_council_that_shares_management_can_deepen_that_but_not_marry_another(rules, four):
    world, p = four
    shared(rules, world, s.MANAGEMENT, (0, 1))
    p.scope_most_members[s.MANAGEMENT] = 2.0
    pair = {j: rules.between.pair_of(world, 0, j) for j in (1, 2)}
    eligible = rules.search.eligible
    assert eligible(world, p, 9, 0, 1, pair[1], s.MERGER)
    assert not eligible(world, p, 9, 0, 2, pair[2], s.MERGER)
    assert not eligible(world, p, 9, 2, 0, pair[2], s.MANAGEMENT)
    p.scope_most_members[s.MANAGEMENT] = 3.0
    assert eligible(world, p, 9, 2, 0, pair[2], s.MANAGEMENT)
    assert eligible(world, p, 9, 0, 2, pair[2], SERVICE)


def test_a_council_without_managers_to_spare_refuses(rules, four):
    world, p = four
    p.scope_base[SERVICE] = 8.0
    pair = rules.between.pair_of(world, 0, 1)
    world.councils[1].attention = 0
    rules.search.make_call(world, p, 9, 1, 0, pair, SERVICE)
    last = world.log[world.tally[0].happened - 1]
    assert (last.kind, last.reason) == (e.REFUSES, e.PEOPLE)
    world.councils[1].attention = 1
    rules.search.make_call(world, p, 9, 1, 0, pair, SERVICE)
    assert e.TALKS_BEGIN in world.log["kind"][: world.tally[0].happened]


def test_a_lesson_learnt_is_likelier_to_be_written_into_the_terms(rules, four):
    world, _p = four
    d = rules.deals.open_deal(world, 0, s.MANAGEMENT, 5)
    for i in (0, 1):
        rules.deals.add_member(world.deals, d, i)
    world.councils.lessons[:2, s.LESSON_EXIT] = 0.5, 0.2
    chance = rules.talks.pressed(world, d, 0.1, s.LESSON_EXIT)
    assert chance == pytest.approx(1 - 0.9 * 0.5 * 0.8)


def test_talks_cost_each_side_a_study_every_quarter_and_lapse_in_the_end(rules, four):
    world, p = four
    p.talks_study_cost, p.talks_longest, p.talks_pace, p.talks_patience = 0.02, 3.0, 0.0, 500.0
    p.search_invite, p.talks_study_elasticity, p.talks_pace_service = 500.0, 0.0, 0.0
    rules.search.begin_talks(world.terms, world, p, 0, 0, 1, SERVICE)
    for t in range(1, 7):
        rules.talks.hold_talks(world, p, t, 1)
    assert world.councils.flows[:, s.STUDIES] == pytest.approx([0.08, 0.08, 0.0, 0.0])
    assert (world.councils.talks == s.NOBODY).all()
    assert world.tally[0].failed[e.PEOPLE] == 1


def test_believed_differences_in_culture_end_talks_for_that_reason(rules, four):
    world, p = four
    p.talks_chance, p.talks_patience, p.weighing_culture = 0.0, 1.0, 20.0
    p.beliefs_talk_noise = 0.01
    world.councils.culture[0], world.councils.culture[1] = 1.0, 0.0
    rules.search.begin_talks(world.terms, world, p, 0, 0, 1, s.MANAGEMENT)
    rules.talks.hold_talks(world, p, 1, 1)
    assert world.tally[0].failed[e.CULTURE_AND_TRUST] == 1
    pair = world.pairs[rules.between.pair_of(world, 0, 1)]
    assert pair.failures == 1.0
    assert min(pair.belief) == pytest.approx(1.0, abs=0.1)
