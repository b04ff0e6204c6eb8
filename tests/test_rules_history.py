"""What is counted as history counted it: how deep talks end, and who shares with whom, by hand."""

import pytest
from dealt import opened, table

from sim.core import events as e, state as s
from sim.running import new_record

SERVICE = 0
T, LUCK = 5, 9
DEEP = (s.CHIEF_EXECUTIVE, s.MANAGEMENT, s.MERGER)
JOINT = (s.CHIEF_EXECUTIVE, s.MANAGEMENT)
EVERY = (SERVICE, s.SERVICES - 1, *DEEP)


@pytest.fixture
def five(rules, typical):
    """Return five typical councils that say yes to anything, and their numbers."""
    world, p = typical(*[{}] * 5)
    p.search_chance = p.talks_chance = 0.0
    p.scope_base[:] = 9.0
    rules.money.clear_books(world)
    return world, p


def counted(world):
    """Return what has been counted, without what is nothing."""
    names = {
        s.DEEP_BEGUN: "begun", s.DEEP_FAILED: "failed", s.DEEP_SIGNED: "signed",
        s.MANAGEMENTS_SIGNED: "managements", s.SIGNED_BY_TWO: "pairs",
        s.SIGNED_ADJACENT: "adjacent", s.SIGNED_IN_COUNTY: "in county",
        s.MANAGEMENTS_BROKEN: "broken", s.MANAGEMENT_YEARS: "years",
        s.DISTRICTS_DISTRESSED: "distressed",
    }  # fmt: skip
    return {names[k]: float(v) for k, v in enumerate(world.tally[0].history) if v}


def lost(world):
    return {k: float(v) for k, v in enumerate(world.tally[0].lost) if v}


def running(rules, world, scope, members=(0, 1), *, key=5, signed=1):
    d = opened(rules, world, scope, members, key=key)
    world.deals[d].signed, world.deals[d].started = signed, signed + 1
    return d


# --- talks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", EVERY)
def test_deep_talks_that_begin_are_counted(rules, five, scope):
    world, p = five
    rules.search.begin_talks(world.terms, world, p, T, 0, 1, scope)
    rules.search.begin_talks(world.terms, world, p, T, 2, 3, scope)
    assert counted(world) == ({"begun": 2.0} if scope in DEEP else {})


@pytest.mark.parametrize("scope", EVERY)
def test_deep_talks_that_fail_are_counted_once_by_their_reason(rules, five, scope):
    world, p = five
    d = table(rules, world, scope, (0, 1, 2))
    rules.talks.quit_talks(world, p, T, LUCK, d, 2, e.TAX)
    assert counted(world) == lost(world) == {}  # two go on
    rules.talks.quit_talks(world, p, T, LUCK, d, 1, e.CREDIBILITY)
    deep = scope in DEEP
    assert counted(world) == ({"failed": 1.0} if deep else {})
    assert lost(world) == ({e.CREDIBILITY: 1.0} if deep else {})
    assert world.tally[0].failed[e.CREDIBILITY] == 1.0
    rules.talks.lapse(world, p, T, LUCK, table(rules, world, scope, (3, 4), key=78))
    assert counted(world) == ({"failed": 2.0} if deep else {})
    assert lost(world) == ({e.CREDIBILITY: 1.0, e.PEOPLE: 1.0} if deep else {})


@pytest.mark.parametrize("scope", EVERY)
def test_talks_that_a_reorganisation_ends_have_failed_too(rules, five, scope):
    world, _ = five
    d = table(rules, world, scope, (0, 2, 3))
    rules.mergers.break_off(world, T, d, 0, e.REORGANISED)
    assert counted(world) == lost(world) == {}
    rules.mergers.break_off(world, T, d, 2, e.REORGANISED)
    assert counted(world) == ({"failed": 1.0} if scope in DEEP else {})
    assert lost(world) == ({e.REORGANISED: 1.0} if scope in DEEP else {})


# --- signatures ---------------------------------------------------------------------------------


def signed(rules, world, p, scope, members, *, key=77):
    d = table(rules, world, scope, members, stage=s.VOTING, key=key)
    rules.signing.sign(world, p, T, LUCK, d)
    return d


def test_what_is_signed_is_counted_by_what_it_is(rules, five):
    world, p = five
    for scope in (SERVICE, s.SERVICES - 1):
        signed(rules, world, p, scope, (0, 1), key=scope + 20)
    assert counted(world) == {}
    signed(rules, world, p, s.MERGER, (2, 3))
    assert counted(world) == {"signed": 1.0}


@pytest.mark.parametrize("scope", JOINT)
@pytest.mark.parametrize(("members", "pairs"), [((0, 1), 1.0), ((0, 1, 2), 0.0)])
@pytest.mark.parametrize(("adjacent", "county"), [(1, 0), (0, 1), (0, 0), (1, 1)])
def test_a_shared_management_is_counted_by_its_size_and_its_first_two_members(
    rules, five, scope, members, pairs, adjacent, county
):
    world, p = five
    world.councils.county = 1, 1 if county else 2, 1, 1, 1
    for i, j in ((0, 2), (1, 2)):  # what the third is to the others does not count
        world.pairs[rules.between.pair_of(world, i, j)].adjacent = 1 - adjacent
    world.pairs[rules.between.pair_of(world, 0, 1)].adjacent = adjacent
    d = signed(rules, world, p, scope, members)
    due = {"signed": 1.0, "managements": 1.0, "pairs": pairs, "adjacent": adjacent}
    due["in county"] = county
    assert counted(world) == {name: number for name, number in due.items() if number}
    assert world.deals[d].paired == pairs


def test_members_that_are_no_pair_do_not_touch(rules, five):
    world, p = five
    rules.mergers.strike(world, 0, rules.between.pair_of(world, 0, 1))
    signed(rules, world, p, s.MANAGEMENT, (0, 1))
    assert "adjacent" not in counted(world)


def join(rules, world, p, scope, guest, door, host, *, key=78):
    d = table(rules, world, scope, (guest, door), stage=s.VOTING, key=key)
    world.deals[d].host, world.deals[d].host_number = host, world.deals[host].number
    assert rules.signing.sign(world, p, T, LUCK, d) == host


@pytest.mark.parametrize("scope", JOINT)
def test_a_pair_that_a_third_joins_is_a_pair_no_more(rules, five, scope):
    world, p = five
    host = signed(rules, world, p, scope, (0, 1))
    world.deals[host].stage = s.RUNNING
    before = counted(world)
    assert before["pairs"] == 1.0
    join(rules, world, p, scope, 2, 1, host)
    after = {name: number for name, number in before.items() if name != "pairs"}
    assert counted(world) == after | {"signed": 2.0}
    assert world.deals[host].paired == 0
    join(rules, world, p, scope, 3, 1, host, key=79)
    assert counted(world) == after | {"signed": 3.0}


def test_a_pair_counts_down_once_though_the_third_leaves_and_another_comes(rules, five):
    world, p = five
    host = signed(rules, world, p, s.MANAGEMENT, (0, 1))
    world.deals[host].stage = s.RUNNING
    for guest, key in ((2, 78), (3, 79)):
        join(rules, world, p, s.MANAGEMENT, guest, 1, host, key=key)
        rules.endings.step_out(world, p, T, LUCK, host, 2, e.TAX)
    assert world.deals[host].members == 2
    assert "pairs" not in counted(world)
    assert counted(world)["signed"] == 3.0


def test_who_joins_the_last_but_one_of_a_pair_makes_a_pair_again(rules, five):
    world, p = five
    host = signed(rules, world, p, s.MANAGEMENT, (0, 1))
    world.deals[host].stage = s.RUNNING
    rules.deals.drop_member(world.deals, host, 1)
    rules.history.count_joined(world, host)
    assert (counted(world)["pairs"], world.deals[host].paired) == (1.0, 1)


@pytest.mark.parametrize(("scope", "due"), [(SERVICE, {}), (s.MANAGEMENT, {"signed": 1.0})])
def test_a_pair_that_stood_before_was_never_counted_and_does_not_count_down(
    rules, five, scope, due
):
    world, p = five
    host = running(rules, world, scope, (0, 1), signed=-3)
    join(rules, world, p, scope, 2, 1, host)
    assert counted(world) == due


# --- ends ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", EVERY)
@pytest.mark.parametrize("reason", range(e.REASONS))
def test_a_shared_management_is_broken_unless_it_became_something_else(rules, five, scope, reason):
    world, p = five
    d = running(rules, world, scope)
    rules.endings.close(world, p, T, d, reason)
    onwards = reason in (e.MERGED, e.DEEPENED, e.REORGANISED)
    broken = scope in JOINT and not onwards
    assert counted(world) == ({"broken": 1.0} if broken else {})
    assert lost(world) == ({reason: 1.0} if broken else {})
    assert world.tally[0].ended[reason] == 1.0


def test_a_member_that_leaves_two_others_has_not_broken_the_deal(rules, five):
    world, p = five
    d = running(rules, world, s.MANAGEMENT, (0, 1, 2))
    rules.endings.step_out(world, p, T, LUCK, d, 1, e.TAX)
    assert counted(world) == lost(world) == {}


def test_a_joint_chief_executive_that_becomes_a_joint_management_is_not_broken(rules, five):
    world, p = five
    running(rules, world, s.CHIEF_EXECUTIVE)
    signed(rules, world, p, s.MANAGEMENT, (0, 1))
    assert "broken" not in counted(world)
    assert world.tally[0].ended[e.DEEPENED] == 1.0


def test_a_joint_chief_executive_that_becomes_a_joint_management_is_one_shared_management(
    rules, five
):
    """England's list of 22 has each once, and as a pair for as long as it is one."""
    world, p = five
    world.deals[signed(rules, world, p, s.CHIEF_EXECUTIVE, (0, 1))].stage = s.RUNNING
    before = counted(world)
    assert before["managements"] == before["pairs"] == 1.0
    d = signed(rules, world, p, s.MANAGEMENT, (0, 1), key=21)
    assert counted(world) == before | {"signed": 2.0}
    assert world.deals[d].paired == 1
    world.deals[d].stage = s.RUNNING
    join(rules, world, p, s.MANAGEMENT, 2, 1, d)
    assert "pairs" not in counted(world)


def test_a_pair_that_deepens_with_a_third_is_a_pair_no_more(rules, five):
    world, p = five
    world.deals[signed(rules, world, p, s.CHIEF_EXECUTIVE, (0, 1))].stage = s.RUNNING
    before = counted(world)
    d = signed(rules, world, p, s.MANAGEMENT, (0, 1, 2), key=21)
    after = {name: number for name, number in before.items() if name != "pairs"}
    assert counted(world) == after | {"signed": 2.0}
    assert world.deals[d].paired == 0


def test_what_stood_before_and_deepens_was_never_counted(rules, five):
    world, p = five
    running(rules, world, s.CHIEF_EXECUTIVE)
    d = signed(rules, world, p, s.MANAGEMENT, (0, 1))
    assert counted(world) == {"signed": 1.0}
    assert world.deals[d].paired == 0


def test_a_management_of_two_with_chief_executives_shared_elsewhere_is_a_new_one(rules, five):
    world, p = five
    running(rules, world, s.CHIEF_EXECUTIVE, (0, 2))
    running(rules, world, s.CHIEF_EXECUTIVE, (1, 3), key=6)
    signed(rules, world, p, s.MANAGEMENT, (0, 1))
    assert counted(world)["managements"] == 1.0


# --- districts and years ------------------------------------------------------------------------


@pytest.mark.parametrize(("tier", "due"), [(s.DISTRICT, {"distressed": 1.0}), (s.COUNTY, {})])
def test_the_distress_of_a_district_is_counted_once_each_time(rules, five, tier, due):
    world, p = five
    council = world.councils[1]
    council.tier, council.reserves, council.gap = tier, -0.5, 5.0
    for _quarter in range(2):
        rules.money.watch(world, p, T, 1)
    assert counted(world) == due
    council.reserves = 1.0
    rules.money.watch(world, p, T, 1)
    council.reserves = -1.0
    rules.money.watch(world, p, T, 1)
    assert counted(world) == {name: 2.0 for name in due}
    assert world.tally[0].counts[s.DISTRESSED] == 2


def observed(rules, world, row, *, managements=0.0):
    row.managements = managements
    rules.history.observe_history(world, row)
    return row


def test_years_of_shared_management_add_up_quarter_by_quarter(rules, five):
    world, _ = five
    row = new_record(1)[0]
    for managements, years in ((3.0, 0.75), (5.0, 2.0), (0.0, 2.0)):
        assert observed(rules, world, row, managements=managements).management_years == years


def test_years_count_what_is_in_force_at_the_end_of_the_quarter(rules, five):
    world, p = five
    running(rules, world, s.MANAGEMENT, (0, 1))
    running(rules, world, s.CHIEF_EXECUTIVE, (2, 3), key=6)
    row = new_record(1)[0]
    for quarter in (1, 2):
        rules.observe.observe(world, p, T, row)
        assert row.management_years == row.managements * quarter / 4
    assert row.managements > 0


def test_each_count_goes_to_its_measure(rules, five):
    world, _ = five
    names = {
        s.DEEP_BEGUN: "deep_begun", s.DEEP_FAILED: "deep_failed", s.DEEP_SIGNED: "deep_signed",
        s.MANAGEMENTS_SIGNED: "managements_signed", s.SIGNED_BY_TWO: "signed_by_two",
        s.SIGNED_ADJACENT: "signed_adjacent", s.SIGNED_IN_COUNTY: "signed_in_county",
        s.MANAGEMENTS_BROKEN: "managements_broken", s.MANAGEMENT_YEARS: "management_years",
        s.DISTRICTS_DISTRESSED: "districts_distressed",
    }  # fmt: skip
    assert sorted(names) == list(range(len(world.tally[0].history)))
    world.tally[0].history[:] = range(20, 20 + len(names))
    world.tally[0].lost[:] = range(50, 50 + s.REASONS_MOST)
    row = observed(rules, world, new_record(1)[0])
    assert {place: float(row[name]) for place, name in names.items()} == {
        place: 20.0 + place for place in names
    }
    assert row.lost.tolist() == list(range(50, 50 + e.REASONS))


def test_districts_are_those_that_stand_with_what_they_have(rules, five):
    world, _ = five
    world.councils.tier = s.DISTRICT, s.COUNTY, s.DISTRICT, s.UNITARY, s.DISTRICT
    world.councils.reserves, world.councils.alive[4] = (1.0, 20.0, 2.5, 40.0, 80.0), 0
    row = observed(rules, world, new_record(1)[0])
    assert (row.districts, row.district_reserves) == (2.0, 3.5)
    world.councils.alive = 0
    row = observed(rules, world, row)
    assert (row.districts, row.district_reserves) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("scope", "stage", "members", "due"),
    [
        (SERVICE, s.RUNNING, (0, 1), (1.0, 1.0)),
        (SERVICE, s.RUNNING, (0, 1, 2), (1.0, 1.0)),
        (SERVICE, s.RUNNING, (0, 3), (1.0, 0.0)),
        (s.MANAGEMENT, s.RUNNING, (3, 0, 1), (1.0, 0.0)),
        (s.MANAGEMENT, s.RUNNING, (3, 4), (0.0, 0.0)),
        (SERVICE, s.TRANSITION, (0, 1), (0.0, 0.0)),
        (SERVICE, s.STUDY, (0, 1), (0.0, 0.0)),
        (s.MERGER, s.RUNNING, (0, 1), (0.0, 0.0)),
    ],
)
def test_running_agreements_are_counted_by_whether_districts_share_and_are_alone(
    rules, five, scope, stage, members, due
):
    world, _ = five
    world.councils.tier[3:] = s.COUNTY, s.UNITARY
    opened(rules, world, scope, members, stage=stage)
    row = observed(rules, world, new_record(1)[0])
    assert (row.with_districts, row.among_districts) == due
    opened(rules, world, 4, (0, 2), key=6)
    row = observed(rules, world, row)
    assert (row.with_districts, row.among_districts) == (due[0] + 1, due[1] + 1)
