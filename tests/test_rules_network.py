"""The network of partners: links, groups and likeness, each against a sum done by hand."""

import pytest

from sim.core import state as s

DEEP, SERVICE, OTHER = s.MANAGEMENT, 0, 1
KEPT = 7.0  # what an earlier measure, or another rule, left behind


@pytest.fixture
def seven(rules, typical):
    """Return seven councils that share nothing, and scratch that is not clean."""
    world, _ = typical(*[{}] * 7)
    world.tally[0].network[:] = KEPT
    world.options[:], world.root[:], world.linked[:], world.partners[:] = KEPT, 0, 3, 1
    world.bonds[:], world.traits[:], world.trusted[:] = 2, KEPT, KEPT
    return world


def share(rules, world, *members, scope=SERVICE, stage=s.RUNNING):
    """Let councils share a service."""
    d = rules.deals.open_deal(world, 0, scope, 5)
    for i in members:
        rules.deals.add_member(world.deals, d, i)
    world.deals[d].stage = stage
    return d


def partners(world):
    """Return the partners of each council, as they are noted."""
    return [world.partners[i, : world.linked[i]].tolist() for i in range(len(world.councils))]


def measured(rules, world, name):
    """Return one measure of the network as it is now."""
    rules.network.keep_network(world)
    rules.network.measure_network(world)
    return world.tally[0].network[getattr(rules.network, name)]


# --- links --------------------------------------------------------------------------------------


def test_partners_are_in_one_deal_that_is_signed_or_runs(rules, seven):
    for k, stage in enumerate((s.STUDY, s.CASE, s.VOTING, s.TRANSITION, s.RUNNING)):
        share(rules, seven, k, k + 1, scope=k, stage=stage)
    rules.network.link_partners(seven)
    assert partners(seven) == [[], [], [], [4], [3, 5], [4], []]


def test_a_row_that_is_used_no_more_links_nobody(rules, seven):
    d = share(rules, seven, 0, 1)
    share(rules, seven, 2, 3)
    rules.deals.forget(seven, d)
    rules.deals.sweep(seven)
    # A row beyond those in use may still say that it runs.
    seven.deals[d].stage, seven.deals[d].members = s.RUNNING, 2
    seven.deals[d].member[:2] = 0, 1
    rules.network.link_partners(seven)
    assert partners(seven) == [[], [], [3], [2], [], [], []]


def test_all_members_of_a_deal_are_partners_and_once_each(rules, seven):
    share(rules, seven, 0, 2, 5)
    share(rules, seven, 2, 0, scope=OTHER)
    share(rules, seven, 5, 6, scope=DEEP)
    rules.network.link_partners(seven)
    assert [sorted(row) for row in partners(seven)] == [[2, 5], [], [0, 5], [], [], [0, 2, 6], [5]]


@pytest.mark.parametrize(("i", "j"), [(0, 1), (1, 0)])
def test_a_council_whose_list_is_full_is_linked_no_further(rules, seven, i, j):
    seven.linked[:], seven.partners[:] = 0, s.NOBODY
    seven.linked[0], place = s.NEAR_MOST, rules.between.pair_of(seven, 0, 1)
    rules.network.link(seven, i, j, place)
    assert seven.linked[:2].tolist() == [s.NEAR_MOST, 0]
    seven.linked[0] = s.NEAR_MOST - 1
    rules.network.link(seven, i, j, place)
    assert seven.linked[:2].tolist() == [s.NEAR_MOST, 1]
    assert (seven.partners[0, s.NEAR_MOST - 1], seven.partners[1, 0]) == (1, 0)
    assert seven.bonds[0, s.NEAR_MOST - 1] == seven.bonds[1, 0] == place


def test_degree_is_links_over_living_councils(rules, seven):
    share(rules, seven, 0, 1, 2)
    seven.councils.alive[5:] = 0
    # Three councils with two partners each, over five that live.
    assert measured(rules, seven, "DEGREE") == pytest.approx(6 / 5)


@pytest.mark.parametrize(("living", "degree"), [(0, 2.0), (1, 2.0), (2, 1.0)])
def test_a_country_of_nobody_is_measured_as_one_of_one(rules, seven, living, degree):
    share(rules, seven, 0, 1)
    seven.councils.alive[living:] = 0
    assert measured(rules, seven, "DEGREE") == degree
    assert seven.tally[0].network[rules.network.LARGEST] == degree


# --- groups and clustering ----------------------------------------------------------------------


def test_groups_are_of_two_or_more_and_the_largest_is_a_share_of_all(rules, seven):
    share(rules, seven, 0, 6)
    share(rules, seven, 6, 3)
    share(rules, seven, 2, 5)
    # 0-6-3 and 2-5; 1 and 4 are alone, 1 is no more.
    seven.councils.alive[1] = 0
    assert measured(rules, seven, "GROUPS") == 2
    assert measured(rules, seven, "LARGEST") == pytest.approx(3 / 6)


def test_the_largest_group_need_not_be_the_last_or_the_first(rules, seven):
    share(rules, seven, 0, 1)
    share(rules, seven, 2, 3)
    share(rules, seven, 3, 4)
    share(rules, seven, 5, 6)
    assert measured(rules, seven, "GROUPS") == 3
    assert measured(rules, seven, "LARGEST") == pytest.approx(3 / 7)


@pytest.mark.parametrize(
    "links",
    [
        [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6)],
        [(6, 5), (5, 4), (4, 3), (3, 2), (2, 1), (1, 0)],
        [(0, 6), (5, 6), (5, 1), (4, 1), (4, 2), (3, 2)],
        [(3, 4), (2, 5), (1, 6), (4, 5), (6, 4), (0, 6)],
    ],
)
def test_a_chain_is_one_group_in_whatever_order_it_is_forged(rules, seven, links):
    for link in links:
        share(rules, seven, *link)
    assert measured(rules, seven, "GROUPS") == 1
    assert measured(rules, seven, "LARGEST") == 1.0


def test_a_link_joins_groups_whichever_of_its_ends_stands_in_the_older_group(rules, seven):
    # By the time that 2 meets 6 its partner belongs to 1, and when 6 meets 2 that belongs to 0.
    for link in ((1, 6), (2, 6), (0, 3), (2, 3)):
        share(rules, seven, *link)
    assert measured(rules, seven, "GROUPS") == 1
    assert measured(rules, seven, "LARGEST") == pytest.approx(5 / 7)


def test_clustering_is_the_mean_share_of_partners_that_are_partners(rules, seven):
    share(rules, seven, 0, 1, 2)
    share(rules, seven, 2, 3)
    share(rules, seven, 3, 4)
    # 0 and 1: their two partners are partners; 2: one of three pairs; 3: none; 4 has one partner.
    assert measured(rules, seven, "CLUSTERING") == pytest.approx((1 + 1 + 1 / 3 + 0) / 4)


def test_a_chain_has_no_clustering_nor_has_a_pair(rules, seven):
    share(rules, seven, 3, 4)
    assert measured(rules, seven, "CLUSTERING") == 0.0
    share(rules, seven, 4, 5)
    assert measured(rules, seven, "CLUSTERING") == 0.0


def test_a_single_triangle_is_wholly_closed(rules, seven):
    share(rules, seven, 4, 5, 6)
    assert measured(rules, seven, "CLUSTERING") == 1.0


def test_one_council_with_two_partners_is_the_whole_mean(rules, seven):
    share(rules, seven, 0, 1)
    share(rules, seven, 0, 2)
    rules.network.link_partners(seven)
    seven.linked[1:] = 0  # so that it alone is counted, and its partners are not closed
    assert rules.network.clustering(seven) == 0.0
    seven.linked[1], seven.partners[1, 0] = 1, 2
    seven.linked[2], seven.partners[2, 0] = 1, 1
    assert rules.network.clustering(seven) == 1.0


# --- likeness -----------------------------------------------------------------------------------


def chain(rules, world):
    """Link 0 with 1 and 1 with 2."""
    share(rules, world, 0, 1)
    share(rules, world, 1, 2)


# Over the links of a chain of 0, 1 and 3, each counted from both ends, the mean is
# (0 + 2 x 1 + 3) / 4 = 5/4 and the gaps -5/4, -1/4 and 7/4; so the spread is
# 25/16 + 2 x 1/16 + 49/16 = 76/16, and what is shared 2 x (5/16 - 7/16) = -4/16.
AS_0_1_3 = -4 / 76
AS_0_1_2 = 0.0  # what is shared is 2 x (-1 x 0 + 0 x 1)
AS_0_1_0 = -1.0  # gaps of -1/2, 1/2 and -1/2: unlike across every link
AS_0_0_1 = -1 / 3  # mean 1/4, gaps -1/4, -1/4, 3/4: (2/16 - 6/16) / (1/16 + 2/16 + 9/16)


@pytest.mark.parametrize(
    ("values", "alike"),
    [((0, 1, 3), AS_0_1_3), ((0, 1, 2), AS_0_1_2), ((0, 1, 0), AS_0_1_0), ((0, 0, 1), AS_0_0_1)],
)
def test_likeness_is_a_correlation_over_links_counted_from_both_ends(rules, seven, values, alike):
    chain(rules, seven)
    rules.network.link_partners(seven)
    seven.options[:3], seven.options[3:] = values, 99.0
    assert rules.network.correlation(seven) == pytest.approx(alike)


def test_one_link_of_unlike_councils_is_wholly_unlike(rules, seven):
    share(rules, seven, 1, 4)
    rules.network.link_partners(seven)
    seven.options[:] = range(7)
    assert rules.network.correlation(seven) == pytest.approx(-1.0)


def test_without_links_or_without_a_spread_likeness_is_nought(rules, seven):
    rules.network.link_partners(seven)
    assert rules.network.correlation(seven) == 0.0
    chain(rules, seven)
    rules.network.link_partners(seven)
    seven.options[:] = 4.0
    assert rules.network.correlation(seven) == 0.0


@pytest.mark.parametrize("value", [0.1, 0.3, 0.7, 11.5, 211.37])
def test_likeness_is_nought_where_all_are_alike_but_for_rounding(rules, seven, value):
    """The mean of equal numbers is not one of them: gaps of 1e-17 are no likeness of 1."""
    share(rules, seven, 0, 1, 2, 3, 4, 5, 6)
    rules.network.link_partners(seven)
    seven.options[:] = value
    assert rules.network.correlation(seven) == 0.0
    seven.options[::2] *= 1 + 1e-15
    assert rules.network.correlation(seven) == 0.0


def test_partners_that_differ_by_little_are_unlike_all_the_same(rules, seven):
    share(rules, seven, 1, 4)
    seven.councils.population[[1, 4]] = 100_000, 100_001
    seven.councils.band_d[[1, 4]] = 1500.0, 1500.01
    assert measured(rules, seven, "ALIKE_SIZE") == measured(rules, seven, "ALIKE_TAX") == -1.0


def test_likenesses_of_culture_that_cancel_leave_nothing(rules, seven):
    share(rules, seven, 0, 1)
    share(rules, seven, 2, 3)
    ones, others = (0.1, 0.1, 0.7, 0.7), (0.1, 0.7, 0.1, 0.7)  # as alike, and as unlike, as can be
    seven.councils.culture[:4] = list(zip(ones, others, others, ones, strict=True))
    assert measured(rules, seven, "ALIKE_CULTURE") == 0.0


def test_one_link_counts_as_one_and_no_link_as_nought(rules, seven):
    # A list that only one side keeps: mean 3, gaps 0 and 2; nothing is shared by the first.
    seven.linked[:], seven.linked[0], seven.partners[0, 0] = 0, 1, 1
    seven.options[:2] = 3.0, 5.0
    assert rules.network.correlation(seven) == 0.0


def test_size_is_compared_by_logarithm_and_tax_by_the_pound(rules, seven):
    chain(rules, seven)
    seven.councils.population[:3] = 1e5, 1e6, 1e8  # one, two and four noughts: as 0, 1 and 3
    seven.councils.band_d[:3] = 200.0, 300.0, 200.0
    assert measured(rules, seven, "ALIKE_SIZE") == pytest.approx(AS_0_1_3)
    assert measured(rules, seven, "ALIKE_TAX") == pytest.approx(AS_0_1_0)


def test_partners_are_alike_when_large_goes_with_large(rules, seven):
    share(rules, seven, 0, 1)
    share(rules, seven, 2, 3)
    seven.councils.population[:4] = 5e4, 5e4, 2e5, 2e5
    seven.councils.band_d[:4] = 100.0, 300.0, 100.0, 300.0
    assert measured(rules, seven, "ALIKE_SIZE") == pytest.approx(1.0)
    assert measured(rules, seven, "ALIKE_TAX") == pytest.approx(-1.0)


def test_likeness_of_culture_is_the_mean_over_its_four_axes(rules, seven):
    chain(rules, seven)
    axes = [(0, 1, 3), (0, 1, 2), (0, 1, 0), (0, 0, 1)]
    for axis, values in enumerate(axes):
        seven.councils.culture[:3, axis] = [v / 4 for v in values]
    mean = (AS_0_1_3 + AS_0_1_2 + AS_0_1_0 + AS_0_0_1) / 4
    assert measured(rules, seven, "ALIKE_CULTURE") == pytest.approx(mean)


def test_likeness_of_party_is_the_share_of_links_between_councils_of_one_control(rules, seven):
    assert measured(rules, seven, "ALIKE_PARTY") == 0.0
    share(rules, seven, 0, 1, 2)
    seven.councils.control[:3] = s.LABOUR, s.LABOUR, s.CONSERVATIVE
    assert measured(rules, seven, "ALIKE_PARTY") == pytest.approx(2 / 6)
    # A link that only one side keeps is one link.
    seven.linked[:], seven.linked[0], seven.partners[0, 0] = 0, 1, 1
    rules.network.measure_likeness(seven)
    assert seven.tally[0].network[rules.network.ALIKE_PARTY] == 1.0


# --- places -------------------------------------------------------------------------------------


def pair(rules, world, i, j):
    return world.pairs[rules.between.pair_of(world, i, j)]


def test_distance_is_by_the_crow_and_a_mean_over_links(rules, seven):
    chain(rules, seven)
    seven.councils.x[:3], seven.councils.y[:3] = (10.0, 13.0, 13.0), (20.0, 24.0, 36.0)
    assert measured(rules, seven, "PARTNER_KM") == pytest.approx((5 + 12) / 2)  # 3-4-5, 0-12-12


def test_partners_touch_and_share_a_county_by_shares_of_links(rules, seven):
    share(rules, seven, 0, 1, 2)
    seven.councils.county[:3] = 4, 5, 5
    pair(rules, seven, 0, 1).adjacent = 0
    assert measured(rules, seven, "PARTNER_COUNTY") == pytest.approx(1 / 3)
    assert measured(rules, seven, "PARTNER_ADJACENT") == pytest.approx(2 / 3)


def test_trust_is_a_mean_over_partners_that_could_talk_and_no_others(rules, seven):
    share(rules, seven, 0, 1, 2)
    for (i, j), trust in {(0, 1): 0.2, (1, 2): 0.6}.items():
        pair(rules, seven, i, j).trust = trust
    # 0 and 2 are partners of old, too far apart to talk.
    for i, j in ((0, 2), (2, 0)):
        seven.across[i, seven.across[i] == j] = 6
    assert measured(rules, seven, "PARTNER_TRUST") == pytest.approx((0.2 + 0.6) / 2)
    # What is not known to touch does not.
    assert measured(rules, seven, "PARTNER_ADJACENT") == pytest.approx(2 / 3)


def test_a_country_without_links_has_noughts_everywhere(rules, seven):
    rules.network.keep_network(seven)
    rules.network.measure_network(seven)
    assert seven.tally[0].network.tolist() == [0.0] * s.NETWORK


def test_a_link_that_one_side_keeps_is_one_link(rules, seven):
    seven.linked[:], seven.linked[0], seven.partners[0, 0] = 0, 1, 1
    seven.bonds[0, 0] = place = rules.between.pair_of(seven, 0, 1)
    seven.councils.x[:2], seven.councils.y[:2] = (0.0, 3.0), (0.0, 4.0)
    seven.trusted[place] = 0.3
    rules.network.measure_places(seven)
    names = ("PARTNER_KM", "PARTNER_ADJACENT", "PARTNER_COUNTY", "PARTNER_TRUST")
    got = [seven.tally[0].network[getattr(rules.network, name)] for name in names]
    assert got == pytest.approx([5.0, 1.0, 1.0, 0.3])


def test_the_twelve_measures_have_twelve_places(rules):
    named = {name: value for name, value in vars(rules.network).items() if name.isupper()}
    last = list(named).index("PARTNER_TRUST") + 1
    assert sorted(list(named.values())[:last]) == list(range(s.NETWORK))


# --- when ---------------------------------------------------------------------------------------


def changed(world):
    return world.tally[0].counts[[s.CHANGED, s.UNMEASURED]].tolist()


def test_a_network_that_is_asked_for_later_is_measured_as_on_the_day_it_changed(rules, seven):
    chain(rules, seven)
    councils, network = seven.councils, seven.tally[0].network
    councils.control, councils.culture[:, 2] = range(7), [v / 8 for v in range(7)]
    councils.band_d = 200.0, 300.0, 200.0, 400.0, 100.0, 150.0, 250.0
    pair(rules, seven, 0, 1).trust, pair(rules, seven, 1, 2).trust = 0.2, 0.6
    seven.tally[0].counts[s.CHANGED] = 1
    rules.network.watch_network(seven, True)
    assert changed(seven) == [0, 0]
    due = network.tolist()
    network[:], seven.tally[0].counts[s.CHANGED] = KEPT, 1
    rules.network.watch_network(seven, False)
    assert (changed(seven), network.tolist()) == ([0, 1], [KEPT] * s.NETWORK)
    # What changes from day to day, and does not change who shares with whom.
    councils.control, councils.culture, councils.band_d = 0, 0.5, councils.band_d[::-1].copy()
    seven.pairs.trust = 0.9
    for _quarter in range(2):
        rules.network.watch_network(seven, False)
    assert (changed(seven), network.tolist()) == ([0, 1], [KEPT] * s.NETWORK)
    rules.network.watch_network(seven, True)
    assert (changed(seven), network.tolist()) == ([0, 0], due)


def test_a_network_that_did_not_change_is_not_measured(rules, seven):
    chain(rules, seven)
    for asked in (False, True):
        seven.tally[0].counts[s.CHANGED] = 0
        rules.network.watch_network(seven, asked)
        assert seven.tally[0].network.tolist() == [KEPT] * s.NETWORK
