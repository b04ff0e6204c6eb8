"""What the two newspaper stories describe: each thing happens, and not without its mechanism.

Every test plays the Norfolk scenario (or a tiny one) with the mechanism and without it, on the same
seeds, in times harder than Norfolk's, and reads what happened from the event log; the vignette
alone is played as it stands. Runs are repeatable, so nothing here is a matter of luck; the margins
leave room for changes of the numbers.
"""

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest

from experiments.vignette import BRECKLAND, COUPLE, SOUTH_NORFOLK, vignette
from sim.core import state
from sim.declared.catalogue import DEEP, SCOPES, SERVICES
from sim.declared.scenario import load
from sim.ready.kept import prepared
from sim.running import luck_of, run_arrays
from sim.tables.frames import council_table, event_table, quarter_table

SEED = 1
RUNS = 200
MANY = 400  # runs of the vignette
BROADLAND, NORWICH, SOUTH_HOLLAND = "E07000144", "E07000148", "E07000140"
GREAT_YARMOUTH, KINGS_LYNN, NORTH_NORFOLK = "E07000145", "E07000146", "E07000147"
TRIO = frozenset({GREAT_YARMOUTH, KINGS_LYNN, NORTH_NORFOLK})
NORFOLK = {f"E0700014{k}" for k in range(3, 10)}
SUFFOLK = {"E07000201", "E07000203", "E07000204", "E07000205", "E07000206"}
DEAL = ["replicate", "agreement"]
MARRIAGES = ["chief_executive", "management"]
REVIEW_ENDS = 5  # the quarter from July 2010
POT_CLOSES = 8  # the quarter from April 2011
HARD = ("settlement.depth=2", "search.base_management=0.05")
"""England's numbers leave Norfolk little to look for; here a mechanism has more to act on."""
PAIRS_ONLY = tuple(f"{scope}.most_members=2" for scope in SCOPES)


def played(scenario, runs=RUNS):
    """Return the scenario made ready, and the arrays of its runs."""
    ready = prepared(scenario)
    return ready, [run_arrays(ready, luck=luck_of(SEED, k)) for k in range(runs)]


@lru_cache(maxsize=4)
def tables(*sets, runs=RUNS, scenario="norfolk"):
    """Return event log and table of quarters of many runs in hard times, with some numbers set."""
    ready, raws = played(load(scenario, sets=[*HARD, *sets]), runs)
    numbers = np.arange(runs)
    records = np.stack([raw.record for raw in raws])
    return event_table(ready, numbers, raws), quarter_table(ready, numbers, records)


def log_of(*sets, runs=RUNS):
    return tables(*sets, runs=runs)[0]


@pytest.fixture(scope="module")
def many():
    """The event log of many runs in hard times."""
    return log_of(runs=MANY)


@pytest.fixture(scope="module")
def log(many):
    """The event log of the runs that are compared with runs without a mechanism."""
    return many[many["replicate"] < RUNS]


def kind(events, *kinds):
    return events[events["kind"].isin(kinds)]


def about(events, *scopes):
    return events[events["scope"].isin(scopes)]


def of(events, *councils):
    return events[events["council"].isin(councils)]


def deep(events):
    return about(events, *DEEP)


def looks(events, *, deep):
    """Return the events in which a council starts to look for a deep partner, or for a service."""
    return kind(events, "considers").query("more == @deep")


def members(events):
    """Return the set of councils in each deal among some events."""
    return events.groupby(DEAL)["council"].agg(frozenset)


def first_signed(events):
    """Return the signatures of each deal, and apart from them those of councils that joined it."""
    signs = kind(events, "signs")
    first = signs.groupby(DEAL)["quarter"].transform("min")
    return signs[signs["quarter"] == first], signs[signs["quarter"] > first]


def couple_talks(events):
    """Return the event that began each talk of South Norfolk and Breckland about management."""
    begun = kind(deep(events), "talks_begin")
    return begun[begun["council"].isin(COUPLE) & begun["other"].isin(COUPLE)]


def couple_events(events):
    """Return everything that happened in those talks."""
    return events.merge(couple_talks(events)[DEAL], on=DEAL)


def culture_failures(events):
    """Return in how many runs the couple's first talks failed over culture."""
    first = couple_talks(events).drop_duplicates("replicate")
    failed = kind(events, "talks_fail").merge(first[DEAL], on=DEAL)
    return (failed["reason"] == "culture").sum()


# --- a trio of councils --------------------------------------------------------------------------


def test_s01_three_councils_explore_one_service_together(many, log):
    circles = members(first_signed(about(many, *SERVICES))[0])
    assert len(kind(many, "invited")) > MANY
    assert (circles.map(len) >= 3).sum() > MANY
    benefits = members(kind(about(many, "revenues_benefits"), "business_case"))
    assert benefits.map(TRIO.issubset).sum() >= 10
    assert (kind(log, "business_case")["because_crowd"] < 0).any()

    alone = log_of(*PAIRS_ONLY)
    assert kind(alone, "invited").empty
    assert members(kind(alone, "signs")).map(len).max() == 2
    assert (kind(alone, "business_case")["because_crowd"] == 0).all()


def test_s02_a_regional_grant_from_a_limited_pot_pays_for_the_study(many, log):
    grants = kind(many, "study_grant")
    year = grants["quarter"] // 4
    assert grants["value"].eq(0.05).all()
    assert grants.groupby([grants["replicate"], year])["value"].sum().max() == pytest.approx(0.10)
    assert grants["quarter"].max() < POT_CLOSES
    cases = kind(many, "business_case").merge(grants[DEAL], on=DEAL)
    assert (cases["because_grant"] > 0).all()
    benefits = members(about(cases, "revenues_benefits"))
    assert benefits.map(TRIO.issubset).any()

    scarce = kind(log_of("grants.feasibility_pot=0.05"), "study_grant")
    assert 0 < len(scarce) < 0.7 * len(kind(log, "study_grant"))
    assert kind(log_of("grants.feasibility_pot=0"), "study_grant").empty
    without = log_of("grants.feasibility_pot=0", "grants.setup_pot=0")
    assert kind(without, "study_grant", "setup_grant").empty
    assert (without["because_grant"] == 0).all()


def test_s03_they_share_services_but_no_merger_for_the_loss_of_autonomy_grows_with_depth(many, log):
    norwich = of(kind(many, "approaches", "business_case"), NORWICH)
    felt = norwich.groupby("scope", observed=True)["because_sovereignty"].mean()
    assert felt["merger"] < felt["management"] < felt["chief_executive"] < felt["legal"] < 0
    assert len(kind(about(many, "merger"), "signs")) < 0.1 * len(kind(many, "signs"))

    def refused(events):
        calls = kind(deep(events), "approaches")
        refusals = of(kind(deep(events), "refuses"), NORWICH)
        return len(refusals) / (calls["other"] == NORWICH).sum()

    without = log_of("weighing.sovereignty=0")
    assert (without["because_sovereignty"].where(without["kind"] != "leaves", 0.0) == 0).all()
    assert refused(log) > refused(without) + 0.05
    signed, unbound = (of(kind(deep(e), "signs"), NORWICH) for e in (log, without))
    assert signed["replicate"].nunique() < unbound["replicate"].nunique()


def test_s04_a_gap_expected_in_two_years_makes_a_council_act_early():
    log, quarters = tables()
    calm = quarters.query("quarter < 4 and gap < 1e-6")
    assert len(calm) > RUNS and calm["expected_gap"].min() > 1.0
    looking = kind(log, "considers").merge(calm[["replicate", "quarter"]])
    assert (looking["because_need"] > 0.1).mean() > 0.3
    assert (of(looking, *TRIO)["because_need"] > 0.1).any()

    blind, book = tables("costs.horizon=0", "costs.aside_counts=0")
    unaware = kind(blind, "considers").merge(book.query("gap < 1e-6")[["replicate", "quarter"]])
    assert (unaware["because_need"] < 1e-3).all()
    first_year = [len(kind(e[e["quarter"] < 4], "considers")) for e in (log, blind)]
    assert first_year[1] < 0.95 * first_year[0]


def test_s05_the_same_software_helps_and_a_bid_for_a_system_follows_a_paid_study(many):
    cases = kind(about(many, "revenues_benefits"), "business_case").query("because_joining == 0")
    ours = members(cases).map(TRIO.issuperset)
    ours = cases.set_index(DEAL).loc[ours.index[ours], "because_systems"]
    assert len(ours) > 10 and (ours > 0.1).all()
    assert (cases["because_systems"] < -0.1).any()
    studies, systems = kind(many, "study_grant"), kind(many, "setup_grant")
    staged = systems.merge(studies, on=DEAL, suffixes=("", "_study"))
    assert len(staged) == len(systems) > 50
    assert (staged["quarter"] > staged["quarter_study"]).all()

    assert (log_of("weighing.ict=0")["because_systems"] == 0).all()
    assert kind(log_of("grants.feasibility_pot=0"), "setup_grant").empty
    unstaged = log_of("grants.feasibility_pot=0", "grants.staged=0")
    assert len(kind(unstaged, "setup_grant")) > 50


def test_s06_sharing_customer_services_costs_local_contact_which_councils_fear():
    log, quarters = tables()
    end = quarters[quarters["quarter"] == 23]
    shared = end["active_customer_services"] >= 2
    assert end.loc[shared, "local_contact"].mean() < end.loc[~shared, "local_contact"].mean() - 0.02
    calls = kind(about(log, "customer_services"), "approaches", "refuses", "business_case")
    fear = calls.groupby("council")["because_contact"].mean()
    assert fear.max() < 0 and fear[NORTH_NORFOLK] == fear.min()
    assert about(log, "customer_services")["because_contact"].min() < -0.4
    assert (kind(about(log, "procurement"), "approaches")["because_contact"] == 0).all()

    kept = tables(*(f"{scope}.contact_loss=0" for scope in SCOPES))[1]
    assert (kept["local_contact"] == 1.0).all()
    fearless, fearful = log_of("weighing.contact=0"), log_of("weighing.contact=6")
    assert (fearless["because_contact"] == 0).all()
    some, more, few = (
        len(kind(about(e, "customer_services"), "signs")) for e in (log, fearless, fearful)
    )
    assert few < 0.8 * some < some < more


def test_s07_sharing_knowledge_improves_performance_apart_from_any_saving():
    log, quarters = tables()
    unlearning, same = tables("agreements.practice=0")
    first, last = (quarters[quarters["quarter"] == t]["quality"].to_numpy() for t in (0, 23))
    start, stuck = (same[same["quarter"] == t] for t in (0, 23))
    assert (last - first).mean() > 0.01
    assert (last > stuck["quality"]).all()
    unmerged = (stuck["mergers"] == 0).to_numpy()
    assert unmerged.any()
    assert (stuck["quality"].to_numpy() == start["quality"].to_numpy())[unmerged].all()
    assert log.equals(unlearning)
    assert quarters.drop(columns="quality").equals(same.drop(columns="quality"))


def test_s08_economies_of_scale_are_for_the_small_and_run_out(country):
    rows = [{"population": 20_000 if k < 4 else 200_000} for k in range(8)]
    only = ["revenues_benefits.base=8", "revenues_benefits.interest=9", "search.base_service=8",
            "revenues_benefits.true_saving=0", "revenues_benefits.true_spread=0",
            "search.base_management=0", "search.need_management=0",
            *(f"{s}.base=-10" for s in SERVICES[1:])]  # fmt: skip

    def savings(*sets):
        ready, raws = played(country(*rows, sets=(*only, *sets), quarters=20), runs=20)
        ends = pd.concat([council_table(ready, k, raw.world) for k, raw in enumerate(raws)])
        log = event_table(ready, np.arange(len(raws)), raws)
        assert members(kind(log, "signs")).size > 20
        return (ends.loc[ends["population"] == n, "true_saving"] for n in (20_000, 200_000))

    tiny, large = savings()
    assert (tiny > 0).mean() > 0.5 and tiny.min() >= 0
    assert large.abs().max() < 1e-12
    tiny, large = savings("agreements.scale_elasticity=1")
    assert max(tiny.abs().max(), large.abs().max()) < 1e-12


def test_s09_speculation_about_who_is_talking_makes_others_look(many, log):
    heard = kind(many, "considers").query("because_rumour > 0")
    assert len(heard) > MANY
    known = kind(deep(many), "known").groupby("replicate")["quarter"].min()
    assert (heard["quarter"] > heard["replicate"].map(known)).all()

    discreet = log_of("talks.leak=0")
    assert kind(discreet, "known").empty
    assert (discreet["because_rumour"] == 0).all()
    assert len(looks(log, deep=1)) > 1.01 * len(looks(discreet, deep=1))


def test_s10_a_stalled_review_of_the_map_delays_and_deters_deals(many, log):
    doubted = kind(many, "considers", "approaches", "refuses", "votes_no")
    doubted = doubted[doubted["because_review"] < 0]
    assert set(doubted["council"]) == NORFOLK | SUFFOLK
    assert doubted["quarter"].max() == REVIEW_ENDS - 1
    assert (kind(many, "stance").query("quarter > 0")["quarter"] == REVIEW_ENDS).all()

    def courting(events):
        begun = kind(deep(events), "talks_begin").query("quarter < @REVIEW_ENDS")
        case = kind(events, "business_case").groupby(DEAL)["quarter"].min().rename("case")
        reached = begun.merge(case, on=DEAL)
        return len(begun), (reached["case"] - reached["quarter"]).mean()

    clear = log_of("reorganisation.doubt=0", "reorganisation.delay=0", "search.doorstep=1")
    assert (clear["because_review"] == 0).all()
    (few, slow), (more, quick) = courting(log), courting(clear)
    assert few < 0.8 * more
    assert slow > quick + 0.1


def test_s11_a_union_saves_for_ever_after_an_initial_investment(country):
    willing = ["merger.base=9", "merger.interest=9", "weighing.strangers=0", "merger.true_spread=0",
               "search.base_management=4", *(f"{s}.base=-10" for s in SERVICES)]  # fmt: skip

    def union(*sets):
        scenario = country({}, {}, sets=(*willing, *sets), quarters=40)
        ready, raws = played(scenario, runs=1)
        log = event_table(ready, np.arange(1), raws)
        [start] = kind(about(log, "merger"), "starts")["quarter"]
        assert len(kind(log, "merges")) == 2
        signed = kind(about(log, "merger"), "signs")["quarter"].min()
        return signed, start, quarter_table(ready, np.arange(1), np.stack([raws[0].record]))

    signed, start, book = union()
    cost, saving = (book[name].to_numpy() for name in ("setup_cost", "true_saving"))
    assert start == signed + 6
    assert (np.diff(cost[signed : start + 1]) > 0).all() and (saving[: start + 1] == 0).all()
    assert (cost[start:] == cost[start]).all()
    assert (np.diff(saving[start : start + 12]) > 0).all()
    assert saving[-1] > 0 and saving[start + 13 :] == pytest.approx(saving[-1])
    assert union("merger.setup_ratio=0")[2]["setup_cost"].max() == 0
    # Strangers save the senior team that one council needs less, too; without either, nothing.
    team = union("merger.true_saving=0", "management.true_spread=0")[2]["true_saving"]
    assert 0 < team.max() < 0.7 * saving.max()
    neither = ("merger.true_saving=0", "management.true_saving=0", "management.true_spread=0")
    alone = union(*neither, "management.ict=0", "merger.ict=0")[2]
    assert alone["true_saving"].max() == 0


# --- the altar -----------------------------------------------------------------------------------


def test_s12_both_sides_of_the_management_deal_reckon_the_promised_saving_apart(many):
    cases = of(kind(couple_events(many), "business_case"), *COUPLE)
    cases = about(cases, "management")
    assert set(cases["council"]) == set(COUPLE)
    # What a senior team of one district promises: about 0.2 million pounds a year, each.
    assert 0.1 < cases["value"].median() < 0.3
    assert cases["value"].between(0.01, 3).all()
    ratio = np.log(cases["more"] / cases["value"])
    assert ratio.std() > 0.3
    assert np.corrcoef(cases["because_savings"], np.log(cases["more"]))[0, 1] > 0.8
    own = (cases["more"] / cases["value"]).groupby([cases[name] for name in DEAL])
    apart = own.max() / own.min()
    assert apart.median() > 1.4 and apart.max() > 4

    agreed = kind(deep(log_of("talks.disagreement=0")), "business_case")
    assert len(agreed) > 100
    assert agreed["more"].to_numpy() == pytest.approx(agreed["value"].to_numpy())


def test_s13_belief_updating_in_talks_ends_a_deal_that_looked_good_from_outside(many):
    begun = couple_talks(many).drop_duplicates("replicate")
    assert begun["because_culture"].median() > 0.2
    walks = of(kind(couple_events(many), "walks_away", "votes_no"), *COUPLE)
    dumped = walks[walks["reason"] == "culture"]
    assert len(dumped) >= 20
    assert (dumped["because_culture"] < 0).mean() > 0.9
    assert dumped["because_culture"].median() < -0.8

    assert culture_failures(many) >= 20
    never_learn = log_of("beliefs.first_noise=0", runs=MANY)
    assert culture_failures(never_learn) < 0.4 * culture_failures(many)
    indifferent = log_of("weighing.culture=0", runs=MANY)
    talks = kind(couple_events(indifferent), "walks_away", "votes_no", "votes_yes")
    assert (talks["because_culture"] == 0).all()
    assert culture_failures(indifferent) < 0.4 * culture_failures(many)


def test_s14_after_a_pause_the_council_that_broke_off_is_looking_again(many):
    def waits(events):
        failed = kind(couple_events(events), "talks_fail").drop_duplicates("replicate")
        failed = failed[failed["council"].isin(COUPLE) & failed["other"].isin(COUPLE)]
        failed = failed.set_index("replicate")["quarter"]
        failed = failed[failed < 16]
        again = of(looks(events, deep=1), SOUTH_NORFOLK)
        wait = again["quarter"] - again["replicate"].map(failed)
        wait = wait[wait >= 0].groupby(again["replicate"]).min()
        return wait.reindex(failed.index).fillna(99)

    waited = waits(many)
    assert len(waited) > 50 and waited.min() >= 1
    assert (waited <= 8).mean() > 0.5
    again = of(looks(many, deep=1), SOUTH_NORFOLK)
    assert again["because_strategy"].max() > 1.5 * again["because_strategy"].min() > 0

    at_once = waits(log_of("talks.cooling_leaver=0", "talks.cooling_left=0", runs=MANY))
    assert (at_once <= 2).mean() > (waited <= 2).mean() + 0.2
    irresolute = waits(log_of("search.resolve=1", runs=MANY))
    assert (irresolute <= 8).mean() < (waited <= 8).mean() - 0.1


def terms_and_lessons(*sets):
    """Return how often each term is in a deep deal that was signed, the lessons, and the log."""
    ready, raws = played(load("norfolk", sets=[*HARD, *sets]), runs=100)
    signed = []
    for raw in raws:
        deals = raw.world.deals
        new = (deals["stage"] >= state.TRANSITION) & (deals["signed"] >= 0)
        signed.append(deals[new & (deals["scope"] >= state.SERVICES)])
    signed = np.concatenate(signed)
    ends = pd.concat([council_table(ready, k, raw.world) for k, raw in enumerate(raws)])
    lessons = ends[["lesson_trust", "lesson_equal", "lesson_tax", "lesson_exit"]]
    terms = {name: signed[name].mean() for name in ("exit", "equal", "align")}
    return terms, lessons, event_table(ready, np.arange(len(raws)), raws)


def test_s15_failures_teach_trust_equality_tax_and_exit_and_the_lessons_change_the_terms():
    terms, lessons, log = terms_and_lessons()
    assert (lessons.mean() > 0.05).all()
    taught = of(kind(couple_events(log), "learns"), SOUTH_NORFOLK)
    assert len(taught) > 5 and (taught["value"] > 0).all()
    missed = ["because_exit_lesson", "because_equal_lesson", "because_tax_lesson"]
    assert (kind(log, "votes_no", "votes_yes", "walks_away")[missed] < 0).any().all()
    assert (kind(log, "business_case")[missed] == 0).all(axis=None)  # no terms are written yet
    assert (kind(about(log, *SERVICES), "agrees_terms")["value"] < 4).all()  # no tax to align

    plain, nothing, unlearnt = terms_and_lessons("lessons.gain=0")
    assert (nothing.dropna() == 0).all(axis=None)
    assert (unlearnt[missed] == 0).all(axis=None)
    assert plain["exit"] == pytest.approx(0.2, abs=0.06)
    assert all(terms[name] > plain[name] + 0.03 for name in terms)


def ends_of(*sets):
    """Return exit costs since the start, and the pairs' felt share of their tax gap, over runs."""
    raws = played(load("norfolk", sets=[*HARD, *sets]), runs=100)[1]
    spent = sum(float(raw.record["exit_cost"][-1]) for raw in raws)
    return spent, np.concatenate([raw.world.pairs["felt_gap"] for raw in raws])


def test_s15_an_exit_strategy_makes_leaving_cheaper_and_a_tax_plan_closes_the_gap():
    spent, felt = ends_of("terms.exit=1", "terms.align=1")
    without, unaligned = ends_of("terms.exit=0", "terms.align=0", "lessons.gain=0")
    assert 0 < spent < 0.75 * without
    assert felt.min() < 0.9 and (unaligned == 1).all()


def test_s15_a_council_that_learnt_trust_weighs_culture_more():
    def push(*sets):
        calls = of(kind(deep(log_of(*sets)), "approaches", "refuses"), *COUPLE)
        return calls.groupby("quarter")["because_culture"].apply(lambda c: c.abs().mean())

    learnt, unlearnt = push("lessons.gain=1"), push("lessons.gain=0")
    assert learnt[:4].mean() == pytest.approx(unlearnt[:4].mean(), rel=0.1)
    assert learnt[12:].mean() > 1.15 * unlearnt[12:].mean()


def test_s16_a_council_joins_a_partnership_that_runs_already(many, log):
    joined = first_signed(many)[1]
    assert len(joined) > 100
    assert len(of(joined, SOUTH_NORFOLK)) >= 10
    calls = kind(many, "approaches")
    assert (calls["because_joining"] > 0).sum() > 100
    health = members(kind(about(many, "environmental_health"), "signs"))
    assert health.map({SOUTH_NORFOLK, BROADLAND}.issubset).sum() >= 10

    eager = log_of("talks.accession=4", "revenues_benefits.interest=2", runs=MANY)
    first, later = first_signed(about(eager, "revenues_benefits"))
    hosts = members(first)
    hosts = hosts[hosts.map(lambda found: len(found & TRIO) >= 2)]
    assert len(of(later, SOUTH_NORFOLK).merge(hosts.rename("hosts").reset_index(), on=DEAL)) >= 3

    closed = log_of(*PAIRS_ONLY)
    assert first_signed(closed)[1].empty
    assert (kind(closed, "approaches", "business_case")["because_joining"] == 0).all()


def test_s17_a_council_bent_on_marriage_looks_for_one_deep_partner_of_its_size(log):
    def lean(events, council):
        return len(of(looks(events, deep=1), council)) / len(of(looks(events, deep=0), council))

    def push(events, council, wanted):
        return of(looks(events, deep=wanted), council)["because_strategy"]

    def of_like_size(events):
        calls = of(kind(about(events, "management"), "approaches"), SOUTH_NORFOLK)
        return calls[calls["other"] == BRECKLAND]["because_size"].max()

    assert push(log, SOUTH_NORFOLK, 1).min() > 0 > push(log, SOUTH_NORFOLK, 0).max()
    assert push(log, KINGS_LYNN, 1).min() < 0 < push(log, KINGS_LYNN, 0).min()
    even = log_of("search.strategy=1", "search.resolve=1", "weighing.strategy=0")
    assert (looks(even, deep=1)["because_strategy"] == 0).all()
    assert lean(log, SOUTH_NORFOLK) > 2 * lean(even, SOUTH_NORFOLK)
    assert lean(log, KINGS_LYNN) < 0.6 * lean(even, KINGS_LYNN)
    assert of_like_size(log) > 1.2 * of_like_size(even) > 0


def parallel(events, council):
    """Return how many pairs of talks that one council began or was asked to overlap in time."""
    begun = kind(events, "talks_begin")
    begun = begun[(begun["council"] == council) | (begun["other"] == council)]
    over = kind(events, "talks_fail", "votes_yes", "votes_no")
    own = of(kind(events, "walks_away"), council)
    end = pd.concat([over, own]).groupby(DEAL)["quarter"].min().rename("end").reset_index()
    talks = begun[[*DEAL, "quarter"]].merge(end, on=DEAL)
    both = talks.merge(talks, on="replicate", suffixes=("", "_later"))
    return len(both.query("agreement < agreement_later and quarter_later < end"))


def test_s18_conversations_with_several_potential_partners_within_the_limit_of_attention(
    many, tmp_path
):
    assert parallel(deep(many), SOUTH_NORFOLK) > 20
    assert parallel(deep(many), BRECKLAND) > 20
    assert (of(kind(many, "approaches"), SOUTH_NORFOLK)["because_busy"] < 0).any()

    names = ("South Norfolk", "Breckland", "South Holland")
    text = 'base = "norfolk"\n[culture]\nattention_low = 1\nattention_high = 1\n'
    text += "".join(f'[[council]]\ncouncil = "{name}"\nattention = 1\n' for name in names)
    (tmp_path / "narrow.toml").write_text(text, encoding="utf-8")
    narrow = tables(scenario=tmp_path / "narrow.toml")[0]
    assert len(kind(deep(narrow), "talks_begin")) > 100
    assert [parallel(narrow, council) for council in (*COUPLE, BROADLAND, NORWICH)] == [0] * 4


def after_sharing(events):
    """Return the marriages signed by pairs that shared a service before, and all marriages."""
    services = kind(about(events, *SERVICES), "signs")[[*DEAL, "council", "quarter"]]
    both = services.merge(services, on=DEAL, suffixes=("", "_other")).query(
        "council != council_other"
    )
    both = both.assign(since=both[["quarter", "quarter_other"]].max(axis=1))
    shared = both.groupby(["replicate", "council", "council_other"])["since"].min().reset_index()
    marriages = kind(about(events, *MARRIAGES), "signs")
    shared = shared.rename(columns={"council_other": "other"})
    earlier = marriages.merge(shared, on=["replicate", "council", "other"])
    return (earlier["since"] < earlier["quarter"]).sum(), len(marriages)


def test_s19_marriage_comes_easier_to_councils_that_share_services_already(log):
    weighed = kind(about(log, *MARRIAGES), "approaches", "votes_yes", "votes_no")
    assert (weighed["because_ties"] > 0).sum() > 100
    assert (about(log, *SERVICES)["because_ties"] == 0).all()

    unmoved = log_of("weighing.ties=0")
    assert (about(unmoved, *MARRIAGES)["because_ties"] == 0).all()
    (among, total), (among_less, total_less) = after_sharing(log), after_sharing(unmoved)
    assert among > 1.2 * among_less
    assert among / total > among_less / total_less + 0.03


def test_s20_the_jilted_partner_finds_another_in_the_next_county_without_a_common_border(many, log):
    def married(events):
        pairs = members(kind(about(events, *MARRIAGES), "signs"))
        return pairs.map({BRECKLAND, SOUTH_HOLLAND}.issubset).sum()

    def jilted(events):
        """Return when South Norfolk's first talks with Breckland failed, by run."""
        first = couple_talks(events).drop_duplicates("replicate")
        failed = kind(events, "talks_fail").merge(first[DEAL], on=DEAL)
        return failed.set_index("replicate")["quarter"]

    def married_after(events):
        signs = of(kind(about(events, *MARRIAGES), "signs"), BRECKLAND)
        pairs = members(kind(about(events, *MARRIAGES), "signs"))
        wed = pairs[pairs.map({BRECKLAND, SOUTH_HOLLAND}.issubset)].index
        signs = signs[signs.set_index(DEAL).index.isin(wed)]
        return (signs["quarter"] >= signs["replicate"].map(jilted(events))).sum()

    # With England's rates, and over a common border that is not there, it happens but seldom.
    assert 1 <= married(many) < 0.1 * MANY
    pledged = kind(about(many, *MARRIAGES), "votes_yes")
    theirs = pledged[pledged["council"].isin([BRECKLAND, SOUTH_HOLLAND])
                     & pledged["other"].isin([BRECKLAND, SOUTH_HOLLAND])]  # fmt: skip
    assert (theirs["because_border"] == 0).mean() > 0.5  # it was weighed in choosing
    asked = kind(about(many, *MARRIAGES), "approaches")
    asked = asked[asked["council"].isin([BRECKLAND, SOUTH_HOLLAND])
                  & asked["other"].isin([BRECKLAND, SOUTH_HOLLAND])]  # fmt: skip
    assert (asked["because_border"] < 0).all() and (asked["because_distance"] < -1).all()
    assert (theirs["value"] > 0).all()
    assert married_after(many) <= married(many)
    assert (theirs[["because_trust", "because_culture"]].sum(axis=1) > 0).mean() > 0.9

    near = log_of("weighing.apart=0", "weighing.border=0")
    assert married(near) >= 3 and married_after(near) >= 1
    assert married(near) > 2 * married(log)
    assert married(log_of("weighing.apart=8", "weighing.border=5")) == 0


def as_told(*sets):
    """Return how the couple fares in many runs of the scenario as it stands, some numbers set."""
    ready, raws = played(load("norfolk", sets=sets), MANY)
    return vignette(event_table(ready, np.arange(MANY), raws), last_quarter=23)


def test_the_vignette_the_couple_parts_and_its_cultures_are_among_the_reasons():
    story = as_told()
    assert story.talked > 0.2 * MANY
    assert story.collapse_share >= 0.6
    assert story.over_culture >= 0.1 * story.collapsed
    assert as_told("weighing.culture=0").collapse_share < story.collapse_share - 0.05


def test_the_vignette_is_missed_where_breckland_should_marry_again_in_two_years():
    """The story asks for half; over 400 runs fewer find one: `docs/misses.md` says how many."""
    story = as_told()
    assert 0.1 < story.rematch_share < 0.5 and 0.1 < story.jilted_share < 0.5
