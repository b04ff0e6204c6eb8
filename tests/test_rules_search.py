"""Who looks for a partner, about what and with whom; the call and the answer, by hand."""

import math

import pytest
from dealt import opened

from sim.core import events as e, noise, state as s

SERVICE, OTHER = 0, 1
T, LUCK = 5, 9
OUTSIDE, INTRODUCED = 255, 200  # the indices of draws that docs/model.md names


@pytest.fixture
def four(rules, typical):
    """Return four typical councils that touch each other; nothing is left to chance."""
    world, p = typical(*[{}] * 4)
    p.search_chance = p.talks_chance = 0.0
    p.search_choosiness = 0.5
    rules.rates.take_rates(world, p)
    return world, p


def events(world, kind):
    happened = world.log[: world.tally[0].happened]
    return happened[happened.kind == kind]


def own(rules, world, purpose, i, draw="uniform", *, index=0, t=T):
    who = world.councils[i].lineage
    return getattr(rules.noise, draw)(LUCK, purpose, t, index, who, who)


def pair(rules, world, i, j):
    return world.pairs[rules.between.pair_of(world, i, j)]


# --- whether ------------------------------------------------------------------------------------


def test_what_is_seen_of_the_others_is_a_share_of_all_that_one_could_talk_to(rules, four):
    world, _ = four
    opened(rules, world, s.MANAGEMENT, (1, 2))
    opened(rules, world, 8, (2, 3), key=6)
    world.councils.seen[3] = 1
    rules.search.show_signs(world)
    assert world.signs.tolist() == [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 1]]
    assert rules.search.around(world, 0) == pytest.approx((2 / 3, 2 / 3, 1 / 3))
    assert rules.search.around(world, 2) == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert [rules.search.shares_service(world.councils, i) for i in range(4)] == [0, 0, 1, 1]
    assert world.across[0, 0] == 1
    for known, seen in ((1, (1.0, 0.0, 0.0)), (0, (0.0, 0.0, 0.0))):
        world.councils.degree[0] = known
        assert rules.search.around(world, 0) == seen


def test_a_deal_about_management_alone_is_no_shared_service(rules, four):
    world, _ = four
    opened(rules, world, s.CHIEF_EXECUTIVE, (0, 1))
    assert not rules.search.shares_service(world.councils, 0)


def deep_terms(rules, world, p, i=0, *, t=T, near=(0.0, 0.0, 0.0), met=0.0):
    rules.rates.take_rates(world, p)
    world.terms[:] = 7.0  # what an earlier decision left behind
    push = rules.search.deep_push(world, p, t, i, near, met)
    assert push == pytest.approx(world.terms.sum())
    return {k: float(v) for k, v in enumerate(world.terms) if v}


def service_terms(rules, world, p, i=0, *, near=(0.0, 0.0, 0.0), met=0.0):
    rules.rates.take_rates(world, p)
    world.terms[:] = 7.0
    push = rules.search.service_push(world, p, i, near, met)
    assert push == pytest.approx(world.terms.sum())
    return {k: float(v) for k, v in enumerate(world.terms) if v}


def test_a_council_without_need_looks_at_the_base_rate_times_its_strategy(rules, four):
    world, p = four
    p.search_base_management, p.search_base_service, p.search_strategy = 0.02, 0.1, 2.0
    assert deep_terms(rules, world, p) == pytest.approx(
        {e.BASE: math.log(0.02), e.STRATEGY: -math.log(2)}
    )
    assert service_terms(rules, world, p) == pytest.approx(
        {e.BASE: math.log(0.1), e.STRATEGY: math.log(2)}
    )
    world.councils[0].marriage = 1
    assert deep_terms(rules, world, p)[e.STRATEGY] == pytest.approx(math.log(2))
    assert service_terms(rules, world, p)[e.STRATEGY] == pytest.approx(-math.log(2))


def test_need_adds_to_the_rate_for_each_percent_of_the_gap(rules, four):
    world, p = four
    world.councils[0].need, p.search_news = 0.04, 0.0
    p.search_base_management, p.search_need_management = 0.02, 0.015
    p.search_base_service, p.search_need_service = 0.1, 0.05
    # 0.02 + 4 x 0.015 = 0.08 and 0.1 + 4 x 0.05 = 0.3.
    assert deep_terms(rules, world, p)[e.NEED] == pytest.approx(math.log(4))
    assert service_terms(rules, world, p)[e.NEED] == pytest.approx(math.log(3))


@pytest.mark.parametrize(("follows", "rate"), [(1.0, 0.08), (0.75, 0.14), (0.0, 0.32)])
def test_the_deep_look_follows_news_of_a_worse_gap_and_the_look_for_a_service_the_gap(
    rules, four, follows, rate
):
    world, p = four
    world.councils[0].need, world.councils[0].news, p.search_news = 0.2, 0.04, follows
    p.search_base_management, p.search_need_management = 0.02, 0.015
    p.search_base_service, p.search_need_service = 0.1, 0.05
    # 0.02 and 0.015 for each of 4, of 0.75 x 4 + 0.25 x 20 = 8, and of 20 per cent.
    assert deep_terms(rules, world, p)[e.NEED] == pytest.approx(math.log(rate / 0.02))
    assert service_terms(rules, world, p)[e.NEED] == pytest.approx(math.log(11))


def test_who_is_ready_looks_deep_more_often_and_all_together_as_often_as_before(rules, four):
    world, p = four
    p.culture_readiness = 1.2
    world.councils.readiness[:2] = 0.9, -2.4
    for i, term in ((0, 0.9 - 0.72), (1, -2.4 - 0.72), (2, -0.72)):
        assert deep_terms(rules, world, p, i)[e.READINESS] == pytest.approx(term)
        assert e.READINESS not in service_terms(rules, world, p, i)
    p.culture_readiness = 2.0
    assert deep_terms(rules, world, p)[e.READINESS] == pytest.approx(0.9 - 2.0)


def test_what_the_neighbours_do_becomes_the_thing_to_do(rules, four):
    world, p = four
    p.search_fashion, p.search_rumour = 0.5, 0.8
    near = (0.2, 0.4, 0.75)  # share management, share a service, are known to talk
    terms = deep_terms(rules, world, p, near=near)
    assert (terms[e.FASHION], terms[e.RUMOUR]) == pytest.approx((0.1, 0.6))
    terms = service_terms(rules, world, p, near=near)
    assert terms[e.FASHION] == pytest.approx(0.2)
    assert e.RUMOUR not in terms


@pytest.mark.parametrize("met", [0.0, 0.25, 1.0])
def test_a_grant_makes_councils_look_by_what_it_would_meet(rules, four, met):
    world, p = four
    p.search_grant = 0.7
    for look in (deep_terms, service_terms):
        assert look(rules, world, p, met=met).get(e.GRANT, 0.0) == pytest.approx(0.7 * met)


def test_a_vacant_post_makes_a_council_look_for_a_deep_partner_only(rules, four):
    world, p = four
    p.search_vacancy = 4.0
    world.councils[0].vacant = 1
    assert deep_terms(rules, world, p)[e.VACANCY] == pytest.approx(math.log(4))
    assert e.VACANCY not in service_terms(rules, world, p)


def test_a_matchmaker_makes_councils_look_more_often(rules, four):
    world, p = four
    p.search_strategy, p.support_matchmaking, p.search_introduced = 1.0, 0.5, 1.8
    for look in (deep_terms, service_terms):
        terms = look(rules, world, p)
        assert terms[e.INTRODUCED] == pytest.approx(math.log(1.4))  # half of the way to 1.8
        assert e.STRATEGY not in terms
    p.support_matchmaking = 0.0
    assert e.INTRODUCED not in deep_terms(rules, world, p)


def test_who_failed_looks_again_for_eight_quarters(rules, four):
    world, p = four
    p.search_strategy, p.search_resolve = 1.0, 6.0
    world.councils[0].sought = 3
    for t, term in ((3, math.log(6)), (10, math.log(6)), (11, 0.0)):
        assert deep_terms(rules, world, p, t=t).get(e.STRATEGY, 0.0) == pytest.approx(term)
    assert e.STRATEGY not in service_terms(rules, world, p)


@pytest.mark.parametrize(
    ("stance", "kept"), [(s.NONE, 1), (s.VOLUNTARY, 1), (s.REVIEW, 0.5), (s.MANDATED, 0.5)]
)
def test_a_review_keeps_from_looking_where_it_is_held(rules, four, stance, kept):
    world, p = four
    p.search_doorstep, p.reorganisation_stance = 0.5, stance
    world.councils.reviewed[:2] = 1, 0
    here, elsewhere = (deep_terms(rules, world, p, i) for i in (0, 1))
    assert here.get(e.REVIEW_DOUBT, 0.0) == pytest.approx(math.log(kept))
    assert e.REVIEW_DOUBT not in elsewhere
    assert e.REVIEW_DOUBT not in service_terms(rules, world, p)


def test_who_shares_management_seldom_thinks_of_a_merger(rules, four):
    world, p = four
    p.search_merger = 0.15
    opened(rules, world, s.MANAGEMENT, (0, 1), stage=s.TRANSITION)
    opened(rules, world, s.CHIEF_EXECUTIVE, (2, 3), key=6)
    assert deep_terms(rules, world, p)[e.JOINING] == pytest.approx(math.log(0.15))
    assert e.JOINING not in deep_terms(rules, world, p, 2)
    assert e.JOINING not in service_terms(rules, world, p)


# --- about what ---------------------------------------------------------------------------------


def rate_at(u):
    """Return the yearly rate at which something happens in a quarter with probability u."""
    return -4 * math.log(1 - u)


@pytest.mark.parametrize(("share", "looks"), [(0.999, False), (1.001, True)])
def test_a_council_looks_deep_when_a_draw_of_its_own_lies_below_the_chance(
    rules, four, share, looks
):
    world, p = four
    p.search_base_service, p.search_strategy = 1e-9, 1.0
    u = own(rules, world, noise.LOOK_DEEP, 2)
    p.search_base_management = share * rate_at(u)
    rules.rates.take_rates(world, p)
    topic = rules.search.choose_topic(world, p, T, LUCK, 2)
    assert (topic >= s.SERVICES) == looks
    seen = events(world, e.CONSIDERS)
    assert len(seen) == looks
    for row in seen:
        assert (row.council, row.more) == (world.councils[2].identity, 1.0)
        assert (row.other, row.deal, row.scope, row.reason) == (s.NOBODY,) * 4
        assert row.value == pytest.approx(p.search_base_management)
        assert row.terms[e.BASE] == pytest.approx(math.log(p.search_base_management))


@pytest.mark.parametrize(("share", "looks"), [(0.999, False), (1.001, True)])
def test_who_does_not_look_deep_may_look_for_a_service(rules, four, share, looks):
    world, p = four
    p.search_base_management, p.search_strategy = 1e-9, 1.0
    u = own(rules, world, noise.LOOK_SERVICE, 2)
    p.search_base_service = share * rate_at(u)
    rules.rates.take_rates(world, p)
    topic = rules.search.choose_topic(world, p, T, LUCK, 2)
    assert (0 <= topic < s.SERVICES) == looks
    assert (topic == s.NOBODY) == (not looks)
    seen = events(world, e.CONSIDERS)
    assert [(row.council, row.more) for row in seen] == [(2, 0.0)] * looks
    assert seen.value == pytest.approx([p.search_base_service] * looks)


def test_who_looks_deep_looks_for_no_service_and_who_pauses_does_not_look_deep(rules, four):
    world, p = four
    p.search_base_management = p.search_base_service = 1e6
    rules.rates.take_rates(world, p)
    world.councils[1].pause = T
    assert rules.search.choose_topic(world, p, T, LUCK, 1) >= s.SERVICES
    assert rules.search.choose_topic(world, p, T - 1, LUCK, 1) < s.SERVICES
    assert events(world, e.CONSIDERS).more.tolist() == [1.0, 0.0]


def test_the_deep_scope_is_the_one_that_interests_most_of_those_that_are_open(rules, four):
    world, p = four
    councils = world.councils
    p.scope_interest[s.SERVICES :] = 0.3, 0.1, 0.2
    pulls = {
        scope: p.scope_interest[scope] + own(rules, world, noise.TOPIC, 0, "gumbel", index=scope)
        for scope in range(s.SERVICES, s.SCOPES)
    }
    order = sorted(pulls, key=pulls.get, reverse=True)
    assert rules.search.deep_topic(world, p, T, LUCK, 0) == order[0]
    p.scope_interest[s.SERVICES :] = -80.0, -60.0, -40.0
    assert rules.search.deep_topic(world, p, T, LUCK, 0) == s.MERGER
    p.reorganisation_stance = s.NONE
    assert rules.search.deep_topic(world, p, T, LUCK, 0) == s.MANAGEMENT
    p.scope_interest[s.SERVICES :] = -20.0, -60.0, -40.0
    assert rules.search.deep_topic(world, p, T, LUCK, 0) == s.CHIEF_EXECUTIVE
    councils[0].agreement[s.CHIEF_EXECUTIVE] = 3
    assert rules.search.deep_topic(world, p, T, LUCK, 0) == s.MANAGEMENT


def test_with_a_shared_management_there_is_only_the_merger_left_to_look_for(rules, four):
    world, p = four
    p.scope_interest[s.MERGER] = -90.0
    opened(rules, world, s.MANAGEMENT, (0, 1))
    assert rules.search.deep_topic(world, p, T, LUCK, 0) == s.MERGER
    p.reorganisation_stance = s.NONE
    assert rules.search.deep_topic(world, p, T, LUCK, 0) == s.NOBODY


def test_nobody_merges_by_choice_where_no_proposal_is_heard_and_no_county_ever(rules, four):
    world, p = four
    world.councils.tier[:3] = s.DISTRICT, s.UNITARY, s.COUNTY
    for stance, able in ((s.NONE, [0, 0, 0]), (s.VOLUNTARY, [1, 1, 0]), (s.MANDATED, [1, 1, 0])):
        p.reorganisation_stance = stance
        assert [rules.search.may_merge(world.councils, p, i) for i in range(3)] == able


def test_the_service_is_the_one_that_interests_most_of_those_neither_shared_nor_talked_about(
    rules, four
):
    world, p = four
    p.scope_interest[: s.SERVICES] = 0.1
    for i in range(4):
        pulls = [
            own(rules, world, noise.TOPIC, i, "gumbel", index=scope) for scope in range(s.SERVICES)
        ]
        assert rules.search.service_topic(world, p, T, LUCK, i) == pulls.index(max(pulls))
    p.scope_interest[: s.SERVICES] = [-30.0 - 20 * scope for scope in range(s.SERVICES)]
    assert rules.search.service_topic(world, p, T, LUCK, 0) == 0
    opened(rules, world, 0, (0, 1), stage=s.TRANSITION)
    assert rules.search.service_topic(world, p, T, LUCK, 0) == 1
    opened(rules, world, 1, (0, 1), stage=s.STUDY, key=6)
    assert rules.search.service_topic(world, p, T, LUCK, 0) == 2
    assert rules.search.service_topic(world, p, T, LUCK, 3) == 0
    world.councils[0].agreement[: s.SERVICES] = 7
    assert rules.search.service_topic(world, p, T, LUCK, 0) == s.NOBODY


# --- with whom ----------------------------------------------------------------------------------


def chosen(rules, world, p, i=0, scope=SERVICE):
    found = rules.search.choose_partner(world, p, T, LUCK, i, scope)
    return s.NOBODY if found == s.NOBODY else rules.weighing.other_in(world.pairs, found, i)


def test_a_partner_must_offer_more_than_a_council_is_choosy(rules, four):
    world, p = four
    p.search_choosiness, p.weighing_trust = 0.5, 1.0
    assert chosen(rules, world, p) == s.NOBODY
    p.scope_base[SERVICE] = 0.5
    assert chosen(rules, world, p) == s.NOBODY
    pair(rules, world, 0, 2).trust += 0.02
    assert chosen(rules, world, p) == 2
    pair(rules, world, 0, 3).trust += 0.03
    assert chosen(rules, world, p) == 3
    pair(rules, world, 0, 1).trust -= 0.5
    assert chosen(rules, world, p) == 3


def test_a_choice_is_the_fair_sum_and_a_gumbel_draw_against_the_draw_for_nobody(rules, four):
    world, p = four
    p.search_chance, p.weighing_trust = 1.0, 1.0
    gumbel, lineage = rules.noise.gumbel, world.councils.lineage
    drawn = {j: gumbel(LUCK, noise.PARTNER, T, SERVICE, lineage[0], lineage[j]) for j in (1, 2, 3)}
    outside = own(rules, world, noise.PARTNER, 0, "gumbel", index=OUTSIDE)
    best = max(drawn, key=drawn.get)
    for beyond, found in ((0.001, best), (-0.001, s.NOBODY)):
        p.search_choosiness = drawn[best] - outside - beyond
        assert chosen(rules, world, p) == found
    second = sorted(drawn, key=drawn.get)[1]
    p.search_choosiness = -20.0
    for beyond, found in ((-0.001, best), (0.001, second)):
        pair(rules, world, 0, second).trust = (
            p.beliefs_first_trust + drawn[best] - drawn[second] + beyond
        )
        assert chosen(rules, world, p) == found


@pytest.mark.parametrize("luck", range(12))
def test_with_much_left_to_chance_the_best_is_still_found(rules, four, luck):
    world, p = four
    p.search_chance, p.search_choosiness, p.weighing_trust = 3.0, -90.0, 1.0
    lineage, pulls = world.councils.lineage, {}
    for j in (0, 1, 3):
        known = pair(rules, world, 2, j)
        known.trust = p.beliefs_first_trust + j / 10
        z = rules.noise.gumbel(luck, noise.PARTNER, T, OTHER, lineage[2], lineage[j])
        pulls[j] = j / 10 + 3.0 * z
    found = rules.search.choose_partner(world, p, T, luck, 2, OTHER)
    assert rules.weighing.other_in(world.pairs, found, 2) == max(pulls, key=pulls.get)


def test_the_choice_is_by_ones_own_belief_and_by_how_busy_each_other_is(rules, four):
    world, p = four
    p.search_choosiness, p.weighing_culture, p.scope_depth[SERVICE] = -9.0, 4.0, 0.5
    place = rules.between.pair_of(world, 0, 1)
    side = rules.between.side_of(world.pairs, place, 0)
    world.pairs.belief[place, side] -= 0.10  # council 0 thinks well of 1
    world.pairs.belief[place, 1 - side] += 0.20
    assert chosen(rules, world, p) == 1
    p.weighing_busy = 0.3
    for n, partner in enumerate((2, 3)):
        opened(rules, world, n + 5, (1, partner), stage=s.STUDY, key=6 + n)
    opened(rules, world, 8, (2, 3), stage=s.STUDY, key=9)
    # 1 is in two talks: 0.2 less 0.6; 2 and 3 are in two each: less 0.6.
    assert chosen(rules, world, p) == 1
    opened(rules, world, 7, (1, 2), stage=s.STUDY, key=10)
    assert chosen(rules, world, p) == 3


def test_who_talks_about_it_with_others_can_still_be_called_and_call(rules, four):
    world, p = four
    p.search_choosiness = -5.0
    opened(rules, world, SERVICE, (0, 3), stage=s.STUDY)
    opened(rules, world, SERVICE, (1, 2), stage=s.STUDY, key=6)
    pair(rules, world, 0, 1).trust += 0.1
    assert chosen(rules, world, p) == 1


def test_only_who_is_open_is_thought_of_and_only_they_are_introduced(rules, four):
    world, p = four
    p.search_choosiness, p.support_matchmaking = -5.0, 0.5
    opened(rules, world, SERVICE, (1, 2), stage=s.TRANSITION)
    world.pairs.belief, due = 0.3, {}
    before, place = world.pairs.copy(), rules.between.pair_of(world, 0, 3)
    side = rules.between.side_of(world.pairs, place, 0)
    rules.search.introduce(world, p, T, LUCK, 0, 3, place)
    due[place] = float(world.pairs.belief[place, side])
    world.pairs[:] = before
    assert chosen(rules, world, p) == 3
    changed = zip(*(world.pairs.doubt != before.doubt).nonzero(), strict=True)
    assert [(int(k), int(one)) for k, one in changed] == [(place, side)]
    assert world.pairs.belief[place, side] == due[place] != 0.3


def test_a_matchmaker_gives_one_impression_as_good_as_the_service_is(rules, four):
    world, p = four
    p.beliefs_talk_noise, p.support_matchmaking = 0.2, 0.5
    world.councils.culture[0], world.councils.culture[3] = 0.4, 0.6
    place = rules.between.pair_of(world, 0, 3)
    known, side = world.pairs[place], rules.between.side_of(world.pairs, place, 0)
    known.belief[:], known.doubt[:] = 0.1, 0.16
    rules.search.introduce(world, p, T, LUCK, 0, 3, place)
    lineage = world.councils.lineage
    z = rules.noise.normal(LUCK, noise.IMPRESSION, T, INTRODUCED, lineage[0], lineage[3])
    # The noise is 0.2 / 0.5 = 0.4, its variance 0.16 as the doubt before: both count half.
    assert known.belief[side] == pytest.approx((0.1 + 0.2 + 0.4 * z) / 2)
    assert known.doubt[side] == pytest.approx(0.08)
    assert (known.belief[1 - side], known.doubt[1 - side]) == (0.1, 0.16)


def option(rules, world, p, i, j, scope):
    rules.weighing.clear(world.terms)
    rules.weighing.weigh_self(world.terms, world, p, T, i, scope)
    place = rules.between.pair_of(world, i, j)
    met = rules.offers.met_before_talks(world, p, i, j, scope)
    rules.search.weigh_option(world.terms, world, p, T, i, j, place, scope, met)
    return {k: float(v) for k, v in enumerate(world.terms) if v}


def test_of_a_typical_council_one_thinks_nothing_in_particular(rules, four):
    world, p = four
    for scope in range(s.SCOPES):
        assert option(rules, world, p, 0, 1, scope) == {}


@pytest.mark.parametrize("again", [0.0, 1.0])
def test_choosing_and_answering_weigh_in_full_what_is_known_before(rules, four, again):
    world, p = four
    p.weighing_again, p.weighing_resources, p.weighing_border = again, 0.8, 0.7
    pair(rules, world, 0, 1).means, pair(rules, world, 0, 1).border = 0.5, 1
    due = {e.MEANS: -0.4, e.BORDER: -0.7}
    assert option(rules, world, p, 0, 1, SERVICE) == pytest.approx(due)
    place = rules.between.pair_of(world, 0, 1)
    rules.search.answer(world.terms, world, p, T, LUCK, 1, 0, place, SERVICE)
    assert {k: v for k, v in enumerate(world.terms) if v} == pytest.approx(due)


def test_an_option_is_seen_with_ones_own_eyes(rules, four):
    world, p = four
    p.weighing_trust, p.weighing_culture, p.scope_depth[SERVICE] = 2.0, 4.0, 0.5
    place = rules.between.pair_of(world, 0, 1)
    side = rules.between.side_of(world.pairs, place, 0)
    world.pairs.belief[place, side] += 0.1
    assert option(rules, world, p, 0, 1, SERVICE) == pytest.approx({e.CULTURE: -0.2})
    assert option(rules, world, p, 1, 0, SERVICE) == {}


def test_how_busy_the_other_is_counts_against_it(rules, four):
    world, p = four
    p.weighing_busy = 0.2
    for n, partner in enumerate((2, 3)):
        opened(rules, world, n, (1, partner), stage=s.STUDY, key=6 + n)
    assert option(rules, world, p, 0, 1, 8) == pytest.approx({e.BUSY: -0.4})
    assert option(rules, world, p, 0, 2, 8) == pytest.approx({e.BUSY: -0.2})
    # Its own talks count too, but the first of them.
    assert option(rules, world, p, 1, 0, 8) == pytest.approx({e.BUSY: -0.2})


def test_a_grant_makes_a_partner_welcome_only_for_a_deal_that_could_get_it(rules, four):
    world, p = four
    p.weighing_grant, p.talks_accession, p.weighing_crowd = 0.5, 0.0, 0.0
    p.grants_feasibility_limit = 0.05
    assert option(rules, world, p, 0, 1, SERVICE) == {}
    world.tally[0].pots[0] = 50_000
    met = rules.offers.met_before_talks(world, p, 0, 1, SERVICE)
    assert 0.0 < met <= 1.0
    assert option(rules, world, p, 0, 1, SERVICE) == pytest.approx({e.GRANT: 0.5 * met})
    opened(rules, world, SERVICE, (1, 2))  # to join a running deal gets no grant
    assert option(rules, world, p, 0, 1, SERVICE) == {}
    assert e.GRANT in option(rules, world, p, 0, 3, SERVICE)


def test_a_running_deal_can_be_joined_and_each_of_its_members_is_one_more(rules, four):
    world, p = four
    p.talks_accession, p.weighing_crowd, p.scope_depth[SERVICE] = 0.4, 0.7, 0.2
    opened(rules, world, SERVICE, (1, 2, 3))
    found = option(rules, world, p, 0, 1, SERVICE)
    assert found == pytest.approx({e.JOINING: 0.4, e.CROWD: -0.7 * 0.2 * 2})
    assert option(rules, world, p, 0, 1, OTHER) == {}


def able(rules, world, p, i, j, scope, t=T):
    place = rules.between.pair_of(world, i, j)
    return bool(rules.search.eligible(world, p, t, i, j, place, scope))


def test_two_who_talk_about_a_service_do_not_begin_to_talk_about_it_again(rules, four):
    world, p = four
    opened(rules, world, SERVICE, (0, 1), stage=s.STUDY)
    assert not able(rules, world, p, 0, 1, SERVICE)
    assert able(rules, world, p, 0, 1, OTHER)
    assert able(rules, world, p, 0, 1, s.MANAGEMENT)
    assert able(rules, world, p, 0, 2, SERVICE)


def test_two_who_talk_about_anything_deep_begin_no_other_deep_talks(rules, four):
    world, p = four
    opened(rules, world, s.CHIEF_EXECUTIVE, (0, 1), stage=s.VOTING)
    for scope in range(s.SERVICES, s.SCOPES):
        assert not able(rules, world, p, 0, 1, scope)
        assert able(rules, world, p, 0, 2, scope)


def test_a_deal_can_be_joined_once_it_runs_and_while_it_has_room(rules, four):
    world, p = four
    d = opened(rules, world, SERVICE, (1, 2), stage=s.TRANSITION)
    p.scope_most_members[SERVICE] = 3.0
    assert not able(rules, world, p, 0, 1, SERVICE)
    world.deals[d].stage = s.RUNNING
    assert able(rules, world, p, 0, 1, SERVICE)
    p.scope_most_members[SERVICE] = 2.0
    assert not able(rules, world, p, 0, 1, SERVICE)
    assert rules.search.room_in(world, p, 0, SERVICE)


def test_a_pair_waits_before_it_tries_a_deep_deal_again(rules, four):
    world, p = four
    pair(rules, world, 0, 1).again = 6.0
    for t, ready in ((5, False), (6, True)):
        for scope in range(s.SERVICES, s.SCOPES):
            assert able(rules, world, p, 0, 1, scope, t) == ready
        for scope in range(s.SERVICES):
            assert able(rules, world, p, 0, 1, scope, t)


def test_only_councils_of_one_tier_merge_by_choice(rules, four):
    world, p = four
    pair(rules, world, 0, 1).tiers = 1
    assert not able(rules, world, p, 0, 1, s.MERGER)
    assert able(rules, world, p, 0, 1, s.MANAGEMENT)
    assert able(rules, world, p, 0, 2, s.MERGER)


DEEP = (s.CHIEF_EXECUTIVE, s.MANAGEMENT, s.MERGER)


@pytest.mark.parametrize(
    ("bond", "stage", "with_each_other", "with_others"),
    [
        (s.CHIEF_EXECUTIVE, s.RUNNING, [1, 1, 1], [0, 0, 0]),
        (s.MANAGEMENT, s.RUNNING, [0, 0, 1], [0, 1, 0]),
        (s.MANAGEMENT, s.TRANSITION, [0, 0, 1], [0, 0, 0]),
        (s.MERGER, s.TRANSITION, [0, 0, 0], [0, 0, 0]),
    ],
)
def test_who_is_bound_deeply_is_free_for_little_else(
    rules, four, bond, stage, with_each_other, with_others
):
    world, p = four
    p.scope_most_members[:] = 8.0
    opened(rules, world, bond, (0, 1), stage=stage)
    free = rules.search.unattached
    assert [bool(free(world, 0, 1, scope)) for scope in DEEP] == with_each_other
    assert [bool(free(world, 0, 2, scope)) for scope in DEEP] == with_others
    assert [bool(free(world, 2, 0, scope)) for scope in DEEP] == [1, 1, 1]
    for i, j in ((0, 2), (2, 0)):
        open_ = [able(rules, world, p, i, j, scope) for scope in DEEP]
        assert open_ == [bool(x) for x in with_others]


# --- the call and the answer --------------------------------------------------------------------


def call(rules, world, p, i, j, scope=SERVICE):
    place = rules.between.pair_of(world, i, j)
    rules.search.make_call(world, p, T, LUCK, i, place, scope)
    return [int(k) for k in world.log.kind[: world.tally[0].happened]]


@pytest.fixture
def unlike(rules, four):
    """Return councils 0 and 1 of unlike need, of which each believes something else."""
    world, p = four
    p.scope_base[SERVICE], p.scope_depth[SERVICE] = 0.75, 0.5
    p.weighing_need, p.weighing_culture, p.weighing_busy = 3.0, 4.0, 0.2
    world.councils.need[:2] = 0.1, 0.2
    place = rules.between.pair_of(world, 0, 1)
    side = rules.between.side_of(world.pairs, place, 0)
    world.pairs.belief[place, side] += 0.15
    world.pairs.belief[place, 1 - side] += 0.05
    for n, members in enumerate(((0, 2), (0, 3), (1, 2))):
        opened(rules, world, 6 + n, members, stage=s.STUDY, key=20 + n)
    world.terms[:] = 7.0  # what an earlier decision left behind
    return world, p


def test_a_call_is_noted_with_the_callers_sum_and_its_chance(rules, unlike):
    world, p = unlike
    p.search_chance, p.search_choosiness = 0.5, 99.0
    lineage = world.councils.lineage
    z = rules.noise.gumbel(LUCK, noise.PARTNER, T, SERVICE, lineage[0], lineage[1])
    assert call(rules, world, p, 0, 1) == [e.APPROACHES, e.TALKS_BEGIN]
    row = world.log[0]
    assert (row.quarter, row.council, row.other, row.scope) == (T, 0, 1, SERVICE)
    assert (row.deal, row.reason, row.more) == (s.NOBODY, s.NOBODY, 0.0)
    # It is in two talks, of which one counts, and the other in one.
    due = {e.BASE: 0.75, e.NEED: 0.3, e.CULTURE: -0.3, e.BUSY: -0.4, e.CHANCE: 0.5 * z}
    assert row.value == pytest.approx(sum(due.values()))
    assert row.terms[list(due)] == pytest.approx(list(due.values()))


def test_an_answer_has_a_chance_of_its_own(rules, unlike):
    world, p = unlike
    p.talks_chance, p.scope_base[SERVICE] = 0.5, 9.0
    lineage = world.councils.lineage
    z = rules.noise.logistic(LUCK, noise.ANSWER, T, SERVICE, lineage[1], lineage[0])
    call(rules, world, p, 0, 1)
    row = world.log[1]
    assert (row.kind, row.council, row.other, row.scope) == (e.TALKS_BEGIN, 0, 1, SERVICE)
    due = {e.BASE: 9.0, e.NEED: 0.6, e.CULTURE: -0.1, e.BUSY: -0.4, e.CHANCE: 0.5 * z}
    assert row.value == pytest.approx(sum(due.values()))
    assert row.terms[list(due)] == pytest.approx(list(due.values()))


@pytest.mark.parametrize(("sum_", "yes"), [(-0.01, False), (0.0, False), (0.01, True)])
def test_the_called_council_says_yes_above_zero(rules, four, sum_, yes):
    world, p = four
    p.scope_base[SERVICE] = sum_
    kinds = call(rules, world, p, 0, 1)
    assert kinds == [e.APPROACHES, e.TALKS_BEGIN if yes else e.REFUSES]
    assert (world.tally[0].counts[s.LIVE] == 1) == yes
    row = world.log[1]
    one, other = (0, 1) if yes else (1, 0)
    assert (row.council, row.other, row.scope) == (one, other, SERVICE)
    assert (row.value, row.more) == pytest.approx((sum_, 0.0))


def test_a_refusal_names_what_spoke_most_against(rules, four):
    world, p = four
    p.weighing_busy, p.scope_base[SERVICE] = 0.2, -0.1
    opened(rules, world, OTHER, (0, 2), stage=s.STUDY)
    call(rules, world, p, 0, 1)
    row = world.log[1]
    assert (row.kind, row.reason, row.deal) == (e.REFUSES, e.PEOPLE, s.NOBODY)
    assert row.terms[[e.BASE, e.BUSY]] == pytest.approx([-0.1, -0.2])


def test_who_has_no_managers_to_spare_cannot_say_yes(rules, four):
    world, p = four
    p.weighing_committed, p.scope_base[SERVICE] = 10.0, 50.0
    world.councils[1].attention = 0
    assert call(rules, world, p, 0, 1) == [e.APPROACHES, e.REFUSES]
    assert world.log[1].terms[e.BUSY] == pytest.approx(-10.0)
    assert world.log[1].value == pytest.approx(40.0)


def test_a_call_is_dropped_when_the_caller_is_busy_or_the_other_taken_by_now(rules, four):
    world, p = four
    p.scope_base[SERVICE] = 1.0
    world.councils[0].attention = 0
    assert call(rules, world, p, 0, 1) == []
    world.councils[0].attention = 1
    opened(rules, world, SERVICE, (1, 2), stage=s.TRANSITION)
    assert call(rules, world, p, 0, 1) == []
    assert call(rules, world, p, 0, 3) == [e.APPROACHES, e.TALKS_BEGIN]


def test_talks_have_a_name_of_their_own_and_a_seat_in_both_diaries(rules, four):
    world, p = four
    world.terms[:] = 0.0
    world.terms[e.TRUST] = 0.25
    rules.search.begin_talks(world.terms, world, p, T, 2, 1, 4)
    d = world.live[0]
    deal = world.deals[d]
    lineage = world.councils.lineage
    assert deal.key == rules.noise.descend(lineage[1], lineage[2], 100 * (T + 1) + 4)
    assert (deal.stage, deal.scope, deal.begun, deal.members) == (s.STUDY, 4, T, 2)
    assert deal.member[:2].tolist() == [2, 1]
    assert (deal.host, deal.host_number, deal.grant) == (s.NOBODY, s.NOBODY, 0)
    assert world.councils.talks[:, 0].tolist() == [s.NOBODY, d, d, s.NOBODY]
    assert world.tally[0].counts[s.TALKS_BEGUN] == 1
    row = world.log[0]
    assert (row.kind, row.council, row.other, row.deal) == (e.TALKS_BEGIN, 2, 1, deal.number)
    assert (row.scope, row.reason, row.more) == (4, s.NOBODY, 0.0)
    assert (row.value, row.terms[e.TRUST]) == (0.25, 0.25)


def test_who_calls_a_member_of_a_running_deal_asks_to_join_it(rules, four):
    world, p = four
    opened(rules, world, OTHER, (1, 3), key=4)
    host = opened(rules, world, SERVICE, (1, 2))
    rules.search.begin_talks(world.terms, world, p, T, 0, 1, SERVICE)
    d = world.live[2]
    assert (world.deals[d].host, world.deals[d].host_number) == (host, world.deals[host].number)
    assert world.deals[d].host_number == 2


def test_talks_for_which_there_is_no_room_do_not_begin_and_room_is_asked_for(rules, four):
    world, p = four
    world.tally[0].counts[s.LIVE] = len(world.deals)
    rules.search.begin_talks(world.terms, world, p, T, 0, 1, SERVICE)
    assert world.tally[0].counts[s.FULL] == 1
    assert world.tally[0].counts[s.TALKS_BEGUN] == 0
    assert (world.councils.talks == s.NOBODY).all()


@pytest.mark.parametrize(("pot", "paid"), [(50_000, 1), (49_999, 0), (0, 0)])
def test_a_study_is_paid_whole_or_not_at_all(rules, four, pot, paid):
    world, p = four
    p.grants_feasibility_limit = 0.05
    world.tally[0].pots[0] = pot
    rules.search.begin_talks(world.terms, world, p, T, 2, 1, SERVICE)
    deal = world.deals[world.live[0]]
    assert deal.grant == 50_000 * paid
    assert world.tally[0].pots[0] == pot - 50_000 * paid
    assert world.tally[0].paid_out.tolist() == [50_000 * paid, 0]
    assert world.tally[0].counts[s.GRANTED] == 0  # it counts once the deal is signed
    assert world.councils.flows[:, s.GRANTS] == pytest.approx([0, 0.025 * paid, 0.025 * paid, 0])
    rows = events(world, e.STUDY_GRANT)
    told = [(r.council, r.other, r.deal, r.scope, r.reason, r.value, r.more) for r in rows]
    assert told == [(2, 1, deal.number, SERVICE, s.NOBODY, 0.05, 0.0)] * paid


def test_no_study_is_paid_for_who_joins_a_running_deal_nor_where_none_is_offered(rules, four):
    world, p = four
    p.grants_feasibility_limit = 0.05
    world.tally[0].pots[0] = 1_000_000
    opened(rules, world, SERVICE, (1, 3))
    rules.search.begin_talks(world.terms, world, p, T, 0, 1, SERVICE)
    p.grants_feasibility_limit = 0.0
    rules.search.begin_talks(world.terms, world, p, T, 0, 1, OTHER)
    assert world.tally[0].pots[0] == 1_000_000
    assert len(events(world, e.STUDY_GRANT)) == 0
    assert world.deals.grant.sum() == 0


@pytest.mark.parametrize(
    ("scope", "stage", "public", "seen"),
    [
        (s.SERVICES - 1, s.STUDY, 1, 0),
        (s.CHIEF_EXECUTIVE, s.STUDY, 1, 1),
        (s.CHIEF_EXECUTIVE, s.STUDY, 0, 0),
        (s.MERGER, s.VOTING, 1, 1),
        (s.MERGER, s.TRANSITION, 1, 0),
    ],
)
def test_who_is_known_to_be_in_deep_talks_is_marked_anew_each_quarter(
    rules, four, scope, stage, public, seen
):
    world, _ = four
    world.councils.seen = 1
    d = opened(rules, world, scope, (1, 3), stage=stage)
    world.deals[d].public = public
    rules.search.show_talks(world)
    assert world.councils.seen.tolist() == [0, seen, 0, seen]


# --- all together -------------------------------------------------------------------------------


@pytest.fixture
def eager(rules, four):
    """Return four councils that all look for one service; all like council 2 best, that one 1."""
    world, p = four
    p.search_base_management, p.search_base_service = 1e-9, 1e6
    p.scope_interest[WANTED], p.scope_base[WANTED] = 90.0, 1.0
    for j in (0, 1, 3):
        pair(rules, world, 2, j).trust = 0.9 if j == 1 else 0.8
    rules.rates.take_rates(world, p)
    return world, p


WANTED = 4


def told(world):
    """Return who called whom, in order."""
    calls = events(world, e.APPROACHES)
    assert set(calls.scope) <= {WANTED}
    return [(int(row.council), int(row.other)) for row in calls]


@pytest.mark.parametrize("luck", range(6))
def test_calls_are_made_in_an_order_that_chance_decides(rules, eager, luck):
    world, p = eager
    rules.search.look_for_partners(world, p, T, luck)
    draw = rules.noise.uniform
    order = sorted(
        range(4), key=lambda i: draw(luck, noise.PRIORITY, T, 0, *[world.councils[i].lineage] * 2)
    )
    wishes = [(i, 1 if i == 2 else 2) for i in order]
    # The later one of 1 and 2 finds that the two already talk.
    late = next(wish for wish in reversed(wishes) if wish in ((2, 1), (1, 2)))
    assert told(world) == [wish for wish in wishes if wish != late]
    assert [row.council for row in events(world, e.CONSIDERS)] == [0, 1, 2, 3]


def test_all_choose_before_anybody_calls(rules, eager):
    world, p = eager
    world.councils.attention = 1
    rules.search.look_for_partners(world, p, T, LUCK)
    # Whoever is called second has no attention left: it was free when it was chosen.
    assert len(events(world, e.CONSIDERS)) == 4
    assert len(events(world, e.REFUSES)) == 2


def test_who_is_gone_or_has_no_managers_to_spare_does_not_look(rules, eager):
    world, p = eager
    world.councils.attention[1], world.councils.alive[3] = 0, 0
    rules.search.look_for_partners(world, p, T, LUCK)
    assert [row.council for row in events(world, e.CONSIDERS)] == [0, 2]


def test_who_finds_no_topic_or_nobody_good_enough_calls_nobody(rules, eager):
    world, p = eager
    p.scope_base[s.MERGER] = 90.0  # a merger would be welcome, but nobody looks for one
    world.councils.agreement[1, : s.SERVICES] = 0
    pair(rules, world, 2, 0).trust = p.beliefs_first_trust
    p.search_choosiness = 1.5
    rules.search.look_for_partners(world, p, T, LUCK)
    assert [sorted(call) for call in told(world)] == [[2, 3]]


def test_looking_takes_the_signs_of_this_quarter(rules, eager):
    world, p = eager
    p.search_fashion = 0.6
    opened(rules, world, OTHER, (1, 2))
    world.signs[:] = 5.0
    rules.search.look_for_partners(world, p, T, LUCK)
    assert events(world, e.CONSIDERS)[0].terms[e.FASHION] == pytest.approx(0.6 * 2 / 3)
