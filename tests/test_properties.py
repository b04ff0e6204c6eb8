"""What holds in every run, whatever the seed and whatever the numbers."""

import csv
import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from turns import always

from sim.core import state as s
from sim.core.world import fresh
from sim.country.councils import DATA
from sim.declared.measures import KINDS
from sim.declared.parameters import Parameters, declarations, encode
from sim.declared.scenario import changed, load
from sim.errors import InputError
from sim.machine import advance
from sim.ready.blank import new_deals, records
from sim.ready.kept import prepared
from sim.ready.varied import vary
from sim.ready.world import find_council, prepare
from sim.running import luck_of, new_record, run_arrays
from sim.tables.batch import simulate, simulate_many

SEEDS = st.integers(0, 2**32 - 1)
BUSY = (
    "search.base_management=1", "search.base_service=2", "search.choosiness=-2",
    "endings.young=0.3", "endings.service=0.2", "endings.settled=0.3",
)  # fmt: skip
MERGING = (
    *BUSY, "merger.base=4", "merger.interest=3", "merger.transition=1", "search.merger=1",
    "weighing.strangers=0",
)  # fmt: skip
QUIET = settings(derandomize=True, deadline=None, max_examples=15)
POINTS = 3000
SPENT = ("SPENDING", "STUDIES", "SETUP", "COORDINATION", "EXITS")
FLOWS = (*SPENT, "GRANTS", "SUPPORT", "TAX_PAID", "TAX_SUPPORT")


@pytest.fixture(scope="module")
def seven():
    return prepared("norfolk-seven")


@pytest.fixture(scope="module")
def busy():
    return prepared(load("norfolk", sets=BUSY))


@pytest.fixture(scope="module")
def merging():
    return prepared(load("norfolk", sets=MERGING))


def live_world(ready, room=20000):
    rows = 4 * len(ready.blank.deals)
    return fresh(ready.blank, log=records(room, s.EVENT), **new_deals(rows))


def by_quarter(ready, luck):
    """Live quarter by quarter; give the world after each, with the quarter."""
    world, quarters = live_world(ready), len(ready.theory)
    record = new_record(quarters)
    for t in range(quarters):
        advance(world, ready.theory, luck, t, t + 1, record)
        assert world.tally[0].counts[s.FULL] == 0
        yield t, world


def bits(table):
    """Return the bytes of every column; what lies between the columns means nothing."""
    return b"".join(np.ascontiguousarray(table[name]).tobytes() for name in table.dtype.names)


def deals_in(world):
    return [int(d) for d in world.live[: world.tally[0].counts[s.LIVE]]]


def members_of(world, d):
    member = world.deals[d].member
    return [int(i) for i in member[member != s.NOBODY]]


def check_membership(world):
    signed, talking = Counter(), Counter()
    for d in deals_in(world):
        deal, members = world.deals[d], members_of(world, d)
        assert 2 <= len(members) <= s.MEMBERS_MOST
        assert len(set(members)) == len(members), "a council partners itself"
        for i in members:
            assert world.councils[i].alive == 1
            if deal.stage < s.TRANSITION:
                assert list(world.councils[i].talks).count(d) == 1
                talking[i] += 1
            else:
                assert world.councils[i].agreement[deal.scope] == d
                signed[i] += 1
    for i, council in enumerate(world.councils):
        assert int((council.agreement != s.NOBODY).sum()) == signed[i]
        assert int((council.talks != s.NOBODY).sum()) == talking[i] <= council.attention


@pytest.mark.parametrize("which", ["seven", "busy", "merging"])
@QUIET
@given(seed=SEEDS)
def test_membership_is_mutual_and_attention_is_never_exceeded(request, which, seed):
    for _, world in by_quarter(request.getfixturevalue(which), seed):
        check_membership(world)


@QUIET
@given(seed=SEEDS)
def test_a_council_has_one_place_in_the_list_of_pairs_of_each_neighbour(merging, seed):
    for _, world in by_quarter(merging, seed):
        for i, council in enumerate(world.councils):
            mine = [int(e) for e in world.near[i, : council.degree]]
            others = []
            for e in mine:
                ends = [int(world.pairs[e].a), int(world.pairs[e].b)]
                assert i in ends
                ends.remove(i)
                others.append(ends[0])
                assert world.councils[ends[0]].alive == 1
                assert e in world.near[ends[0], : world.councils[ends[0]].degree]
            assert len(set(others)) == len(others)
            assert i not in others


@pytest.mark.parametrize("which", ["busy", "merging"])
@QUIET
@given(seed=SEEDS)
def test_deep_talks_that_began_failed_or_were_signed_or_are_open(request, which, seed):
    for _, world in by_quarter(request.getfixturevalue(which), seed):
        stages = [(world.deals[d].scope, world.deals[d].stage) for d in deals_in(world)]
        still = sum(scope >= s.SERVICES and stage < s.TRANSITION for scope, stage in stages)
        counted, tally = world.tally[0].history, world.tally[0]
        over = counted[s.DEEP_FAILED] + counted[s.DEEP_SIGNED]
        assert counted[s.DEEP_BEGUN] == over + still
        assert tally.lost.sum() == counted[s.DEEP_FAILED] + counted[s.MANAGEMENTS_BROKEN]
        assert counted[s.SIGNED_BY_TWO] <= counted[s.MANAGEMENTS_SIGNED] <= counted[s.DEEP_SIGNED]
        assert counted[s.SIGNED_BY_TWO] >= 0


@pytest.mark.parametrize("which", ["seven", "merging"])
@QUIET
@given(seed=SEEDS)
def test_a_need_is_never_worse_than_what_was_heard_and_readiness_lasts(request, which, seed):
    first = None
    for _, world in by_quarter(request.getfixturevalue(which), seed):
        councils = world.councils
        first = councils.readiness.copy() if first is None else first
        assert (councils.readiness == first).all()
        living = councils[councils.alive == 1]
        assert (living.news >= 0.0).all() and (living.heard >= 0.0).all()
        made = living.merged_at >= 0  # whose books were reckoned anew after the news
        assert (living.heard >= living.need - 1e-12)[~made].all()


@QUIET
@given(seed=SEEDS)
def test_a_council_that_merged_never_acts_again(merging, seed):
    events = simulate(merging.scenario, seed=seed).events
    gone = {}
    for row in events.itertuples():
        if row.kind in ("merges", "abolished"):
            gone[row.other if row.kind == "merges" else row.council] = row.Index
    acting = events[events["kind"] != "merges"]
    for code, index in gone.items():
        later = acting.loc[index + 1 :]
        assert not (later["council"] == code).any()


def test_the_merging_country_does_merge(merging):
    mergers = simulate_many(merging.scenario, replicates=range(4)).runs["mergers"]
    assert (mergers >= 1).all()


@pytest.mark.parametrize("which", ["seven", "busy", "merging"])
@QUIET
@given(seed=SEEDS)
def test_reserves_move_by_the_flows_and_by_nothing_else(request, which, seed):
    ready = request.getfixturevalue(which)
    before = ready.blank.councils.reserves.copy()
    totals = np.zeros((len(before), s.FLOWS))
    for _, world in by_quarter(ready, seed):
        councils, flows = world.councils, world.councils.flows
        out = flows[:, [s.SPENDING, s.STUDIES, s.SETUP, s.COORDINATION, s.EXITS]].sum(axis=1)
        into = flows[:, [s.INCOME, s.GRANTS, s.SUPPORT, s.TRANSFERS]].sum(axis=1)
        alive = councils.alive == 1
        moved = councils.reserves - before
        np.testing.assert_allclose(moved[alive], (into - out)[alive], atol=1e-9, rtol=0)
        spent = (councils.cost - councils.saving) / s.QUARTERS
        assert np.all(flows[alive, s.INCOME] == councils.income[alive] / s.QUARTERS)
        assert np.all(flows[alive, s.SPENDING] == spent[alive])
        whole = alive & (councils.identity < len(before))
        totals += flows
        np.testing.assert_allclose(councils.totals[whole], totals[whole], atol=1e-9)
        before = councils.reserves.copy()


def test_what_merges_brings_its_reserves_with_it(merging):
    money = merging.blank.councils.reserves.sum()
    for _, world in by_quarter(merging, 3):
        alive = world.councils.alive == 1
        flows = world.councils.flows[alive]
        gone = flows[:, s.TRANSFERS].sum()
        out = flows[:, [s.SPENDING, s.STUDIES, s.SETUP, s.COORDINATION, s.EXITS]].sum()
        moved = flows[:, [s.INCOME, s.GRANTS, s.SUPPORT]].sum() - out
        after = world.councils.reserves[alive].sum()
        assert after - money == pytest.approx(moved, abs=1e-9), gone
        money = after


LEVERS = {
    "terms.tax_support": 1.0, "support.ict_subsidy": 1.0, "support.matchmaking": 1.0,
    "support.published_lessons": 1.0, "grants.setup_pot": 5.0, "settlement.shock": 0.3,
    "tax.freeze": 1.0,
}  # fmt: skip
A_POUND = 1e-6


@st.composite
def policies(draw):
    """Return a policy that pulls every lever which moves money, each as far as chance has it."""
    pulled = {name: most * draw(st.floats(0.0, 1.0)) for name, most in LEVERS.items()}
    stance = draw(st.sampled_from(["voluntary", "mandated"]))
    ordered = {"reorganisation.stance": stance, "reorganisation.notice": 1.0}
    return pulled | ordered | {"grants.staged": 0.0, "talks.pace": 1.0}


def published(events, t):
    """Return how many failures of a quarter teach anybody, by the log alone."""
    kind = {name: place for place, name in enumerate(KINDS)}
    now = events[events["quarter"] == t]
    learns = Counter(now["deal"][now["kind"] == kind["learns"]].tolist())
    leaves = Counter(now["deal"][now["kind"] == kind["leaves"]].tolist())
    failed = set(now["deal"][now["kind"] == kind["talks_fail"]].tolist())
    in_talks = sum(n - (deal in failed) for deal, n in learns.items() if deal not in leaves)
    return in_talks + leaves.total()


@pytest.mark.parametrize("which", ["busy", "merging"])
@QUIET
@given(seed=SEEDS, policy=policies())
def test_every_pound_stands_in_exactly_one_book(request, which, seed, policy):
    ready = vary(request.getfixturevalue(which), policy)
    before, services = ready.blank.councils.reserves.sum(), 0.0
    grants = [list(KINDS).index(name) for name in ("study_grant", "setup_grant")]
    given_away = 0.0
    for t, world in by_quarter(ready, seed):
        councils, p = world.councils[world.councils.alive == 1], ready.theory[t]
        flow = {name: councils.flows[:, getattr(s, name)].sum() for name in FLOWS}
        events = world.log[: world.tally[0].happened]
        granted = events[(events["quarter"] == t) & np.isin(events["kind"], grants)]
        assert flow["GRANTS"] == pytest.approx(granted["value"].sum(), abs=A_POUND)
        due = p.support_matchmaking * p.support_matchmaking_cost * len(councils) / 4
        due += p.support_published_lessons * p.support_publishing_cost * published(events, t)
        assert world.tally[0].services - services == pytest.approx(due, abs=A_POUND)
        services = world.tally[0].services
        # Residents and government pay in; staff and suppliers are paid; the rest is kept.
        settlement = (councils.settlement * (1 + p.settlement_shock)).sum() / 4
        support = flow["GRANTS"] + flow["SUPPORT"] + flow["TAX_SUPPORT"]
        paid_in = flow["TAX_PAID"] + settlement + support + due
        paid_out = sum(flow[name] for name in SPENT) + due
        kept = councils.reserves.sum() - before
        assert kept == pytest.approx(paid_in - paid_out, abs=A_POUND)
        before = councils.reserves.sum()
        given_away += support
        assert world.tally[0].served == pytest.approx(due, abs=A_POUND)
        totals = councils.totals[:, [s.GRANTS, s.SUPPORT, s.TAX_SUPPORT]].sum()
        assert totals == pytest.approx(given_away, abs=A_POUND)


def test_what_government_spends_is_what_others_receive_and_its_own_services(merging):
    free = {"appraisal.prices": 0.0, "appraisal.discount": 0.0, "reorganisation.notice": 3.0}
    ready = vary(merging, LEVERS | free | {"reorganisation.stance": "mandated"})
    for luck in range(3):
        raw = run_arrays(ready, luck=luck)
        row, living = raw.record[-1], raw.world.councils[raw.world.councils.alive == 1]
        received = living.totals[:, [s.GRANTS, s.SUPPORT, s.TAX_SUPPORT]].sum(axis=0)
        assert row.grants > 0 and row.support > row.tax_support > 0 and row.councils < 17
        assert row.government_services > 0
        spent = received.sum() + row.government_services
        assert row.government_spending == pytest.approx(spent, abs=A_POUND)
        # Without prices and discount the present value is the sum itself, mergers or not.
        assert raw.record.public_value == pytest.approx(raw.record.public_net, abs=A_POUND)


@pytest.mark.parametrize("which", ["seven", "busy", "merging"])
@QUIET
@given(seed=SEEDS)
def test_a_councils_saving_is_the_sum_of_its_deals_and_of_its_mergers(request, which, seed):
    ready = request.getfixturevalue(which)
    ramp = float(ready.theory[0].scope_ramp[s.MERGER])
    before = np.full((len(ready.blank.councils), s.SCOPES), s.NOBODY)
    checked = 0
    for t, world in by_quarter(ready, seed):
        for i, council in enumerate(world.councils):
            steady = np.array_equal(council.agreement, before[i])
            before[i] = council.agreement
            if t == 0 or council.alive == 0 or not steady:
                continue
            due = council.inherited
            if council.merging != 0.0:
                due += council.merging * min((t - council.merged_at) / ramp, 1.0)
            for d in deals_in(world):
                members = members_of(world, d)
                if world.deals[d].stage == s.RUNNING and i in members:
                    due += world.deals[d].now[members.index(i)]
            assert council.saving == pytest.approx(due, abs=1e-9)
            checked += 1
    assert checked > 0


@QUIET
@given(seed=SEEDS, replicate=st.integers(0, 2**31 - 1))
def test_the_event_log_only_listens(busy, seed, replicate):
    luck = luck_of(seed, replicate)
    loud, mute = (run_arrays(busy, luck=luck, events=events) for events in (True, False))
    assert len(loud.events) > 0
    assert len(mute.events) == 0
    assert bits(loud.record) == bits(mute.record)
    assert bits(loud.world.councils) == bits(mute.world.councils)
    assert bits(loud.world.pairs) == bits(mute.world.pairs)


def numbers_in(array):
    for name in array.dtype.names:
        if array.dtype[name].base.kind == "f":
            yield name, np.asarray(array[name])


def random_parameters(dice):
    """Return a point of the box of all allowed values; half of the coordinates at a corner."""
    values = {}
    for number in declarations():
        if number.words:
            values[number.name] = dice.choice(number.words)
        elif number.allowed is not None:
            low, high = number.allowed
            roll = dice.random()
            if roll < 0.25:
                values[number.name] = low
            elif roll < 0.5:
                values[number.name] = high
            else:
                values[number.name] = dice.uniform(low, high)
    return changed(Parameters(), values, "the box")


@pytest.mark.parametrize("part", always((0,), range(3)))
def test_nothing_is_ever_without_a_value_anywhere_in_the_allowed_box(seven, part):
    dice = random.Random(part)
    blank = seven.blank
    for point in range(POINTS // 3):
        parameters = random_parameters(dice)
        theory = np.repeat(encode(parameters, path=dice.randrange(2)), 8).view(np.recarray)
        ready = seven._replace(theory=theory)
        raw = run_arrays(ready, luck=luck_of(point, 0))
        where = f"part {part}, point {point}"
        live = raw.world.deals[deals_in(raw.world)]
        assert ((live.member != s.NOBODY).sum(axis=1) >= 2).all(), where
        for table in (raw.record, raw.world.councils, raw.world.pairs, live, raw.events):
            for name, values in numbers_in(table):
                assert np.isfinite(values).all(), f"{where}: {name}"
    assert bits(blank.councils) == bits(prepare(seven.scenario).blank.councils)


@QUIET
@given(seed=SEEDS)
def test_shares_and_beliefs_stay_between_nought_and_one(busy, seed):
    for _, world in by_quarter(busy, seed):
        for array in (
            world.councils.culture, world.councils.quality, world.councils.lessons,
            world.councils.local_contact, world.pairs.belief, world.pairs.trust,
            world.pairs.felt_gap,
        ):  # fmt: skip
            assert array.min() >= 0.0
            assert array.max() <= 1.0


POLICIES = {
    "grants.feasibility_pot": 5.0, "search.base_management": 2.0,
    "reorganisation.stance": "mandated", "settlement.shock": -0.3, "support.matchmaking": 1.0,
    "talks.pace": 1.0,
}  # fmt: skip


@pytest.mark.parametrize("key", POLICIES)
@pytest.mark.parametrize("quarter", [1, 9])
def test_a_policy_changes_nothing_before_it_starts(tmp_path, key, quarter):
    plain = load("norfolk", sets=MERGING)
    day = plain.first_day(quarter)
    value = f'"{POLICIES[key]}"' if isinstance(POLICIES[key], str) else POLICIES[key]
    path = tmp_path / "policy.toml"
    text = f'base = "norfolk"\n[[change]]\nwhen = {day}\nset = {{ "{key}" = {value} }}\n'
    path.write_text(text, encoding="utf-8")
    later = "reorganisation.notice=0.5"
    with_policy = prepared(load(path, sets=(*MERGING, later)))
    without = prepared(load("norfolk", sets=(*MERGING, later)))
    differs = False
    for replicate in range(3):
        one, two = (run_arrays(r, luck=luck_of(7, replicate)) for r in (with_policy, without))
        assert bits(one.record[:quarter]) == bits(two.record[:quarter])
        early = [raw.events[raw.events["quarter"] < quarter] for raw in (one, two)]
        assert bits(early[0]) == bits(early[1])
        differs = differs or bits(one.record) != bits(two.record)
    assert differs, "the policy never does anything"


def test_an_order_changes_nothing_before_it_is_carried_out(tmp_path):
    path = tmp_path / "order.toml"
    path.write_text(
        'base = "norfolk"\n[[order]]\nwhen = 2011-04-01\ncode = "X1"\nname = "East Norfolk"\n'
        'councils = ["Norwich", "Broadland"]\n',
        encoding="utf-8",
    )
    one, two = (run_arrays(prepared(load(x)), luck=5) for x in (path, "norfolk"))
    assert bits(one.record[:8]) == bits(two.record[:8])
    early = [raw.events[raw.events["quarter"] < 8] for raw in (one, two)]
    assert len(early[0]) > 0
    assert bits(early[0]) == bits(early[1])
    assert one.record["councils"][8] == two.record["councils"][8] - 1


def as_bytes(frame):
    return frame.to_csv(index=False, float_format=float.hex)


def test_a_replicate_is_the_same_whatever_the_batch_it_is_run_in():
    whole = simulate_many("norfolk-seven", seed=4, replicates=range(6))
    parts = [simulate_many("norfolk-seven", seed=4, replicates=range(k, k + 2)) for k in (4, 0, 2)]
    for name in ("quarters", "events", "councils", "runs"):
        table = getattr(whole, name)
        for part in parts:
            own = getattr(part, name)
            mine = table[table["replicate"].isin(own["replicate"].unique())]
            assert as_bytes(mine) == as_bytes(own)
    assert as_bytes(simulate("norfolk-seven", seed=4, replicate=3).quarters) == as_bytes(
        whole.quarters[whole.quarters["replicate"] == 3].drop(columns="replicate")
    )


def test_replicates_and_seeds_differ():
    keys = [(seed, replicate) for seed in range(4) for replicate in range(4)]
    runs = {simulate("norfolk-seven", seed=a, replicate=b).quarters.to_csv() for a, b in keys}
    assert len(runs) == len(keys)


@given(SEEDS, st.integers(0, 2**31 - 1), SEEDS, st.integers(0, 2**31 - 1))
@settings(derandomize=True, deadline=None)
def test_no_two_seeds_and_replicates_have_one_key(a, m, b, n):
    assert (luck_of(a, m) == luck_of(b, n)) == ((a, m) == (b, n))
    assert 0 <= luck_of(a, m) < 2**63


@pytest.mark.parametrize("seed", [-1, 2**32, 1.0, True, "1", None])
def test_a_seed_that_cannot_be_used_is_an_error(seed):
    with pytest.raises(InputError, match="seed"):
        luck_of(seed, 0)


def copy_of_england(path, *, order, rename=lambda row: row):
    """Write the districts of four counties to a table of one's own, in a given order."""
    with (DATA / "councils.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    counties = ("Norfolk", "Suffolk", "Essex", "Cambridgeshire")
    rows = [row for row in rows if row["county"] in counties and row["tier"] == "district"]
    random.Random(order).shuffle(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rename(dict(row)) for row in rows)
    scenario = path.with_suffix(".toml")
    scenario.write_text(f'quarters = 16\n[places]\ntable = "{path.name}"\n', encoding="utf-8")
    return load(scenario, sets=MERGING)


def test_the_order_of_the_table_of_councils_changes_nothing(tmp_path):
    runs = []
    for order in range(3):
        scenario = copy_of_england(tmp_path / f"own{order}.csv", order=order)
        runs.append(simulate_many(scenario, seed=9, replicates=range(3)))
    assert runs[0].runs["mergers"].sum() > 0
    for other in runs[1:]:
        for name in ("quarters", "events", "councils"):
            assert as_bytes(getattr(other, name)) == as_bytes(getattr(runs[0], name))


PLACES = {
    "a grid": lambda k: (500.0 + 10 * (k % 4), 300.0 + 10 * (k // 4)),
    "a line": lambda k: (500.0 + 10 * k, 300.0),
    "one place": lambda k: (500.0, 300.0),
}


@pytest.mark.parametrize("shape", PLACES)
def test_nor_does_it_where_places_are_regular(country, shape):
    where = [PLACES[shape](k) for k in range(12)]
    towns = [
        {"code": f"T{k}", "name": f"Town {k}", "easting_km": x, "northing_km": y}
        for k, (x, y) in enumerate(where)
    ]
    runs = []
    for order in range(4):
        random.Random(order).shuffle(towns)
        scenario = country(*towns, sets=BUSY, text="[places]\nneighbours = 3\n")
        runs.append(simulate(scenario, seed=2))
    assert len(runs[0].events) > 0
    for other in runs[1:]:
        assert as_bytes(other.events) == as_bytes(runs[0].events)
        assert as_bytes(other.quarters) == as_bytes(runs[0].quarters)


def test_the_names_of_councils_change_nothing(tmp_path):
    def rename(row):
        return row | {"name": f"Place {row['code'][::-1]}", "region": "Elsewhere"}

    plain = copy_of_england(tmp_path / "plain.csv", order=0)
    renamed = copy_of_england(tmp_path / "renamed.csv", order=0, rename=rename)
    one, two = (simulate_many(each, seed=9, replicates=range(3)) for each in (plain, renamed))
    assert as_bytes(one.quarters) == as_bytes(two.quarters)
    assert as_bytes(one.events) == as_bytes(two.events)
    assert one.councils["name"].tolist() != two.councils["name"].tolist()
    kept = [frame.councils.drop(columns="name") for frame in (one, two)]
    assert as_bytes(kept[0]) == as_bytes(kept[1])


def test_a_council_far_away_changes_nothing_for_those_it_cannot_talk_to(country):
    near = [{"easting_km": 500.0 + 8 * k, "northing_km": 300.0 + 5 * (k % 3)} for k in range(8)]
    far = [
        {"easting_km": 5000.0 + 8 * k, "northing_km": 900.0 + 5 * (k % 3), "code": f"F{k}"}
        for k in range(8)
    ]
    sets = (*BUSY, "grants.feasibility_pot=0")
    text = "[places]\nneighbours = 5\n"
    alone = country(*near, sets=sets, text=text, quarters=16)
    both = country(*near, *far, sets=sets, text=text, quarters=16)
    tables = [simulate(each, seed=3).councils.set_index("code") for each in (alone, both)]
    columns = ["reserves", "true_saving", "quality", "culture_bold", "total_setup", "control"]
    here = tables[0].index
    assert tables[1].loc[here, columns].equals(tables[0].loc[here, columns])
    assert (tables[0]["total_setup"] > 0).any()


def test_a_council_can_be_found_by_its_name_and_by_its_code():
    scenario = load("norfolk")
    assert find_council(scenario, "breckland") == find_council(scenario, "E07000143")
