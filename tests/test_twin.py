"""The fast engine and the plain model live the same lives: every event, every number."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import mesa
import pytest
from twins import difference

from sim.declared.catalogue import SCOPES
from sim.declared.parameters import declarations
from sim.declared.reading import lay_over
from sim.declared.scenario import Scenario, from_document, load
from sim.plain import PlainModel
from sim.plain.deal import Stage
from sim.plain.network import partners
from sim.tables.batch import simulate

ROOT = Path(__file__).parents[1]
SEVEN = "norfolk-seven"
STANCES = ("none", "voluntary", "review", "mandated")


def assert_twins(scenario, *seeds):
    """Fail with the first difference, if there is one for any seed."""
    for seed in seeds or (1,):
        found = difference(scenario, seed=seed)
        assert found is None, f"seed {seed}: {found}"


def altered(base, quarters=12, sets=(), **parts):
    """Return a scenario with other numbers, and with dated and named parts added to its own."""
    document = load(base, sets=sets, quarters=quarters).document()
    document = lay_over(document, parts)
    return from_document(document)


def change(year, month, **numbers):
    """Return a dated change; a number's section and name are joined by two underscores."""
    named = {key.replace("__", "."): value for key, value in numbers.items()}
    return {"when": date(year, month, 1), "set": named}


# --- scenarios that come with the project --------------------------------------------------------


@pytest.mark.parametrize("name", ["norfolk-seven", "norfolk"])
def test_norfolk(name):
    assert_twins(name, 1, 2, 3)


def test_a_replicate():
    assert difference(SEVEN, seed=5, replicate=3) is None


SOUTH = ["Devon", "Somerset", "Dorset", "Cornwall", "Wiltshire", "Hampshire", "Oxfordshire",
         "West Sussex"]  # fmt: skip


def test_sixty_councils_of_england():
    scenario = altered("england-districts", quarters=16, places={"counties": SOUTH, "tiers": []})
    assert len(PlainModel(scenario).agents) == 60
    assert_twins(scenario, 1)


def test_a_country_that_does_not_exist():
    places = {"number": 40, "draw": 3, "neighbours": 6}
    assert_twins(altered("synthetic", quarters=16, places=places), 1, 2)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["england-districts", "england", "synthetic"])
def test_all_of_england(name):
    assert_twins(name, 1)


@pytest.mark.slow
@pytest.mark.parametrize("sets", ["first-day shock", "many mergers"])
def test_fifteen_years_of_england(sets):
    """With many mergers, lists of partners fill up."""
    assert_twins(altered("england", quarters=60, sets=LEVERS[sets]), 2)


KNOWN = {
    "council": [
        {"council": "Broadland", "culture": [0.6, 0.3, 0.5, 0.5], "autonomy": 0.4, "contact": 0.5,
         "strategy": "single", "system": 2, "vacant": True, "attention": 0, "control": "LAB",
         "reserves": 8.5},
        {"council": "norwich", "vacant": False, "reserves": 0.1},
    ],
    "pair": [
        {"between": ["Norwich", "Great Yarmouth"], "trust": 0.7, "belief": [0.1, 0.25]},
        {"between": ["Great Yarmouth", "Breckland"], "belief": [0.9, 0.2]},
    ],
    "partnership": [
        {"scope": "legal", "since": date(2007, 10, 1),
         "councils": ["Broadland", "Norwich", "South Norfolk"]},
        {"scope": "management", "since": date(2003, 1, 1),
         "councils": ["Breckland", "Great Yarmouth"]},
    ],
}  # fmt: skip


def test_what_is_known_of_councils_and_pairs():
    places = {"neighbours": 1}
    assert_twins(altered(SEVEN, quarters=12, places=places, **KNOWN), 1, 2)


@pytest.mark.parametrize("start", [date(2013, 4, 1), date(2019, 4, 1), date(2024, 4, 1)])
def test_a_later_start_of_a_drawn_country(start):
    document = altered("synthetic", quarters=20, places={"number": 12}).document()
    assert_twins(from_document(document | {"start": start}), 1)


@pytest.mark.parametrize("start", [date(2010, 4, 1), date(2013, 4, 1), date(2018, 4, 1)])
def test_a_later_start_of_england(start):
    document = altered("england-districts", quarters=20, places={"counties": ["Kent"]}).document()
    assert_twins(from_document(document | {"start": start}), 1)


def test_a_long_run():
    assert_twins(altered(SEVEN, quarters=100), 1)


AGREED = {"counties": ["Essex", "Hampshire", "Lancashire"], "tiers": []}


@pytest.mark.parametrize("before", [0.0, 0.4, 3.7, 6.0])
def test_talks_and_deals_under_way_on_the_first_day(before):
    """Three partnerships were agreed here; one gives way to what the scenario says."""
    known = [{"scope": "back_office", "since": date(2008, 1, 1),
              "councils": ["South Ribble", "Lancaster"]}]  # fmt: skip
    sets = [f"talks.before={before}", "search.base_service=1", "search.base_management=1"]
    scenario = altered("england-districts", quarters=6, sets=sets, places=AGREED, partnership=known)
    assert_twins(scenario, 1, 2)
    model = PlainModel(scenario)
    stages = Counter(deal.stage for deal in model.deals)
    assert stages[Stage.TRANSITION] == (2 if before > 0 else 0)
    assert bool(stages[Stage.STUDY]) == bool(stages[Stage.CASE]) == (before >= 1)


def test_a_table_of_ones_own(country):
    towns = [
        {"control_2010": party, "population": 60_000 + 9_000 * k, "county": county, "tier": tier}
        for k, (party, county, tier) in enumerate(
            zip(
                ["CON", "LAB", "", "NOC", "", "LD"],
                ["Here", "There"] * 3,
                ["district"] * 4 + ["london", "metropolitan"],
                strict=True,
            )
        )
    ]
    assert_twins(country(*towns, sets=["search.base_management=1"], quarters=20), 1, 2)


# --- levers --------------------------------------------------------------------------------------

NEUTRAL = {
    "talks.before": 0.0, "culture.readiness": 0.0, "weighing.again": 1.0,
    "weighing.delegation": 0.0, "politics.leader_falls": 0.0, "costs.aside_counts": 0.0,
    "search.news": 0.0, "costs.announced": 0.0,
}  # fmt: skip
"""Values at which a rule says nothing."""
LEVERS = {
    "as it was before": [f"{name}={value}" for name, value in NEUTRAL.items()],
    "shock": ["settlement.shock=-0.25", "settlement.depth=1.8"],
    "flat": ["settlement.path=flat"],
    "open tax": ["tax.limits=none", "tax.freeze=0.3"],
    "fixed tax": ["tax.limits=fixed", "tax.fixed_limit=0.04"],
    "no freeze": ["tax.freeze=0"],
    "studies": ["grants.feasibility_pot=1.0", "grants.feasibility_limit=0.2"],
    "setting up": ["grants.setup_pot=0.6", "grants.setup_limit=0.2", "grants.staged=0"],
    "staged": ["grants.setup_pot=3", "grants.feasibility_pot=2", "grants.staged=1"],
    "exit required": [
        "grants.setup_pot=3", "grants.feasibility_pot=2", "grants.exit_required=1",
    ],
    "exit required of all": [
        "grants.setup_pot=3", "grants.staged=0", "grants.exit_required=1", "terms.exit=0",
    ],
    "minimum term": ["terms.minimum=3", "endings.young=0.6", "endings.service=0.5"],
    "break-ups": ["endings.young=0.9", "endings.settled=0.9", "endings.service=0.3"],
    "tax support": ["terms.tax_support=0.8"],
    "ict subsidy": ["support.ict_subsidy=0.7"],
    "match-making": ["support.matchmaking=0.6", "search.base_management=0.3"],
    "published lessons": ["support.published_lessons=0.7"],
    "the public purse": [
        "terms.tax_support=0.6", "support.ict_subsidy=0.5", "support.matchmaking=0.4",
        "support.published_lessons=0.3", "grants.setup_pot=2", "grants.staged=0",
        "search.base_management=1", "endings.young=0.4", "talks.pace=1",
        "appraisal.prices=0.015", "appraisal.discount=0.05",
    ],
    "stance none": ["reorganisation.stance=none", "search.base_management=1"],
    "stance voluntary": ["reorganisation.stance=voluntary", "search.base_management=1"],
    "stance mandated": ["reorganisation.stance=mandated", "reorganisation.notice=1.5"],
    "many mergers": [
        "search.base_management=2", "search.merger=1", "search.choosiness=-2", "merger.base=6",
        "merger.interest=4", "merger.transition=1", "weighing.strangers=0",
        "reorganisation.stance=voluntary",
    ],
    "circles": ["search.invite=-3", "search.base_service=4", "search.chance=2"],
    "empty pots": ["grants.feasibility_pot=0", "grants.feasibility_limit=0"],
    "nobody has time": ["culture.attention_low=0", "culture.attention_high=0"],
    "no chance": ["talks.chance=0", "search.chance=0", "search.base_service=2"],
    "rates of nothing": [
        "search.base_management=0", "search.need_management=0", "endings.service=0",
        "search.merger=0", "talks.pace=0",
    ],
    "small circles": ["search.invite=-5", "legal.most_members=2", "procurement.most_members=3.5"],
    "first-day shock": ["settlement.shock=-0.3", "search.need_management=0.1"],
    "lessons": [
        "lessons.gain=0.9", "weighing.lesson=4", "terms.exit=0.1", "terms.equal=0.1",
        "terms.align=0.1", "talks.pace=1", "talks.patience=0", "search.base_management=1",
    ],
    "other windows": [
        "endings.young=0.5", "endings.settled=0.9", "endings.young_years=1.3",
        "endings.settled_years=2.1", "endings.new_control_years=0.6",
        "endings.chief_left_years=2.2", "agreements.grace_years=0.3", "search.resolve_years=0.8",
        "search.base_management=1", "weighing.new_control_years=1.7",
        "weighing.new_chief_years=2.4", "weighing.election_quarters=2",
    ],
    "other halves": [
        "weighing.size_shallow=0.1", "weighing.party_typical=0.8", "weighing.ict_typical=0.2",
        "weighing.vacancy_partner=1.5", "weighing.tax_step=20", "culture.rural_typical=0.2",
        "culture.party_typical=0.3", "culture.quality=0.7", "search.base_management=1",
    ],
    "deep cuts, and a floor": ["settlement.depth=4", "settlement.least_growth=0.8"],
    "all asked again": ["weighing.again=0.7", "search.base_management=1", "search.invite=-3"],
    "leaders fall": ["politics.leader_falls=3", "endings.young=0.3"],
    "by news in part": [
        "search.news=0.4", "search.news_fade=0.5", "search.news_forgotten=2", "costs.announced=1",
        "costs.aside_counts=0.5",
    ],
    "many are ready": ["culture.readiness=3", "search.base_management=0.3"],
    "a warm start": [
        "talks.before=12", "support.matchmaking=0.5", "search.base_service=2",
        "search.base_management=2", "reorganisation.stance=review", "search.doorstep=0.2",
        "search.vacancy=4", "search.strategy=3",
    ],
    "poor councils": ["settlement.shock=-0.6", "costs.largest_cut=0", "costs.put_aside=0"],
}  # fmt: skip


@pytest.mark.parametrize("sets", LEVERS.values(), ids=LEVERS.keys())
def test_a_lever(sets):
    assert_twins(altered(SEVEN, quarters=16, sets=sets), 1, 2)


def test_a_funding_path_of_ones_own(tmp_path):
    path = tmp_path / "path.csv"
    path.write_text("year,growth\n2010,0.03\n2011,-0.2\n2013,-0.1\n2014,0.05\n", encoding="utf-8")
    changes = [change(2012, 4, settlement__path=str(path))]
    assert_twins(altered(SEVEN, quarters=20, sets=[f"settlement.path={path}"]), 1)
    assert_twins(altered(SEVEN, quarters=20, change=changes), 1)
    assert_twins(altered("synthetic", places={"number": 12}, change=changes), 1)


def test_dated_changes_of_levers():
    changes = [
        change(2009, 5, grants__feasibility_pot=0.7),
        change(2010, 2, settlement__shock=-0.2, grants__setup_pot=2.0),
        change(2010, 8, grants__feasibility_pot=0.2, support__matchmaking=0.5),
        change(2011, 4, settlement__shock=0.0, terms__minimum=2.0, search__fashion=0.1),
        change(2011, 4, grants__setup_pot=0.0),
    ]
    assert_twins(altered(SEVEN, quarters=14, change=changes), 1, 2)


# --- government ----------------------------------------------------------------------------------

EAST = {"counties": ["Norfolk", "Suffolk", "Cambridgeshire"], "councils": [], "tiers": []}
ORDERS = [
    {"when": date(2011, 4, 1), "code": "X01", "name": "Greater Norwich",
     "councils": ["Norwich", "Broadland", "South Norfolk"], "county": "E10000020", "share": 0.44},
    {"when": date(2011, 4, 1), "code": "X02", "name": "Norfolk Coast and Country",
     "councils": ["Breckland", "Great Yarmouth", "King's Lynn and West Norfolk", "North Norfolk"],
     "county": "E10000020", "share": 0.56},
    {"when": date(2011, 7, 15), "code": "X03", "name": "West Suffolk",
     "councils": ["E07000201", "St Edmundsbury"]},
    {"when": date(2012, 1, 1), "code": "X04", "name": "All Suffolk", "county": "Suffolk",
     "councils": ["Babergh", "Ipswich", "Mid Suffolk", "Waveney",
                  "Forest Heath", "Suffolk Coastal"]},
]  # fmt: skip


def test_orders_make_unitaries_and_abolish_counties():
    scenario = altered("england-districts", quarters=16, places=EAST, order=ORDERS)
    assert_twins(scenario, 1, 2)
    assert simulate(scenario).final["mergers"] > 3


def test_orders_after_mergers_by_agreement():
    orders = [{**order, "when": date(2012, 4, 1), "county": None} for order in ORDERS[1::-1]]
    scenario = altered(SEVEN, quarters=16, sets=LEVERS["many mergers"], order=orders)
    assert_twins(scenario, 1, 2)


NORWICH = ["Norwich", "Broadland", "South Norfolk"]
COAST = ["Breckland", "Great Yarmouth", "King's Lynn and West Norfolk", "North Norfolk"]
NORFOLK, SPRING, SUMMER = "E10000020", date(2012, 4, 1), date(2012, 7, 1)


def order(when, code, councils, county=None, share=1.0, parts=(), announced=None):
    """Return an order of government; `parts` are pairs of a council and a share."""
    parts = [{"council": council, "share": part} for council, part in parts]
    return {"when": when, "code": code, "name": f"Made {code}", "councils": councils,
            "county": county, "share": share, "parts": parts, "announced": announced}  # fmt: skip


OVERLAPS = {
    "all": [order(SPRING, "X1", NORWICH, NORFOLK, 0.4), order(SPRING, "X2", COAST, NORFOLK, 0.6)],
    "some": [
        order(SPRING, "X1", NORWICH[:2]), order(SPRING, "X2", ["South Norfolk", "Breckland"]),
        order(SPRING, "X3", ["Great Yarmouth", "North Norfolk"]),
    ],
    "later": [
        order(SPRING, "X1", NORWICH),
        order(SUMMER, "X2", ["Norwich", "Great Yarmouth"], NORFOLK, 0.7),
        order(SUMMER, "X3", ["Breckland", *COAST[2:]], NORFOLK, 0.3),
    ],
    "the county is gone": [
        order(SPRING, "X1", [*COAST, *NORWICH], NORFOLK),
        order(SUMMER, "X2", ["Breckland", "Ipswich"]),
    ],
    "a county among them": [
        order(SPRING, "X1", [NORFOLK, *NORWICH]), order(SPRING, "X2", [*COAST, "Ipswich"]),
    ],
    "a chain": [
        order(SPRING, "X1", NORWICH), order(SUMMER, "X2", ["x1", *COAST], NORFOLK),
        order(date(2013, 1, 1), "X3", ["Made X2", "Waveney"]),
    ],
    "a chain of a split": [
        order(SPRING, "X1", NORWICH[:1], parts=[("Broadland", 0.6)]),
        order(SPRING, "X2", ["North Norfolk"], parts=[("Broadland", 0.4)]),
        order(SUMMER, "X3", ["X1", "X2", "South Norfolk", *COAST[:3]], NORFOLK),
    ],
    "a split": [
        order(SPRING, "X1", NORWICH[:2], NORFOLK, 0.35, [("South Norfolk", 0.3)]),
        order(SPRING, "X2", COAST, NORFOLK, 0.65, [("South Norfolk", 0.7)]),
    ],
    "announced": [
        order(SPRING, "X1", NORWICH, NORFOLK, 0.4, announced=date(2010, 1, 1)),
        order(SPRING, "X2", COAST, NORFOLK, 0.6, announced=date(2011, 4, 1)),
        order(SUMMER, "X3", ["X1", "Made X2"], announced=date(2010, 7, 1)),
    ],
    "two splits": [
        order(SPRING, "X1", ["Norwich"], parts=[("Broadland", 0.6), ("South Norfolk", 0.2)]),
        order(SPRING, "X2", COAST[1:2], parts=[("South Norfolk", 0.8), ("Broadland", 0.4)]),
    ],
}  # fmt: skip


@pytest.mark.parametrize("orders", OVERLAPS.values(), ids=OVERLAPS.keys())
@pytest.mark.parametrize("sets", [[], LEVERS["many mergers"]], ids=["apart", "merging"])
def test_orders_that_overlap(orders, sets):
    mandate = change(2010, 4, reorganisation__stance="mandated", reorganisation__notice=2.0)
    for changes in ([], [mandate]):
        assert_twins(
            altered("england-districts", quarters=18, places=EAST, sets=sets, order=orders,
                    change=changes), 1,
        )  # fmt: skip


def test_nobody_merges_by_choice_across_tiers_nor_counties():
    """In a country of all tiers where everybody wants to merge, the merged are of one tier."""
    scenario = altered("england-districts", places=EAST, sets=LEVERS["many mergers"])
    assert_twins(scenario, 1)
    councils = simulate(scenario).councils
    tiers = {}
    for row in councils.itertuples():
        tiers.setdefault(row.became, set()).add(row.tier)
    merged = [kinds for code, kinds in tiers.items() if isinstance(code, str)]
    assert merged and all(len(kinds) == 1 and "county" not in kinds for kinds in merged)


@pytest.mark.parametrize("reviewed", [[], ["Suffolk", "Norfolk"], ["Norfolk"]])
def test_a_mandate_is_carried_out(reviewed):
    changes = [
        change(2010, 1, reorganisation__stance="review"),
        change(2010, 10, reorganisation__stance="mandated", reorganisation__notice=1.0),
        change(2012, 1, reorganisation__stance="voluntary"),
    ]
    scenario = altered(
        "england-districts", quarters=16, places=EAST, change=changes, reviewed=reviewed
    )
    assert_twins(scenario, 1)
    assert simulate(scenario).final["mergers"] > 0


def test_happenings():
    happenings = [
        {"when": date(2009, 8, 1), "council": "Norwich", "what": "chief_executive_leaves"},
        {"when": date(2009, 12, 1), "council": "E07000148", "what": "chief_executive_leaves"},
        {"when": date(2010, 5, 6), "council": "north norfolk", "what": "control_changes"},
        {"when": date(2010, 5, 6), "council": "Broadland", "what": "control_changes",
         "control": "LAB"},
        {"when": date(2012, 5, 6), "council": "Broadland", "what": "control_changes",
         "control": "LD"},
        {"when": date(2012, 6, 1), "council": "Breckland", "what": "chief_executive_leaves"},
        {"when": date(2031, 5, 6), "council": "Broadland", "what": "control_changes"},
    ]  # fmt: skip
    assert_twins(altered(SEVEN, quarters=16, happening=happenings), 1)
    merging = altered(SEVEN, quarters=16, sets=LEVERS["many mergers"], happening=happenings)
    assert_twins(merging, 1, 2, 3)


def test_a_post_is_kept_vacant():
    """A later happening without a day, or with an earlier one, does not lift it."""
    leaves = "chief_executive_leaves"
    happenings = [
        {"when": date(2009, 8, 1), "council": "Norwich", "what": leaves, "until": date(2011, 2, 1)},
        {"when": date(2010, 2, 1), "council": "Norwich", "what": leaves},
        {"when": date(2009, 8, 1), "council": "Broadland", "what": leaves,
         "until": date(2012, 2, 1)},
        {"when": date(2010, 2, 1), "council": "Broadland", "what": leaves,
         "until": date(2010, 7, 1)},
    ]  # fmt: skip
    scenario = altered(SEVEN, quarters=16, happening=happenings)
    assert_twins(scenario, 1, 2, 3)
    assert_twins(
        altered(SEVEN, quarters=16, sets=LEVERS["many mergers"], happening=happenings), 1, 2
    )
    events = simulate(scenario).events
    found = events[(events["kind"] == "chief_found") & (events["council"] == "E07000148")]
    assert not (found["quarter"] < scenario.quarter_of(date(2011, 2, 1))).any()


# --- points of the box of declared numbers -------------------------------------------------------

LIVELY = {
    "search.base_management": (0.2, 3.0), "search.base_service": (0.5, 4.0),
    "search.choosiness": (-3.0, 0.0), "search.invite": (-3.0, 0.0), "search.merger": (0.5, 1.0),
    "talks.pace": (0.8, 1.0), "talks.pace_service": (0.8, 1.0), "talks.patience": (0.0, 4.0),
    "chief_executive.base": (1.0, 6.0), "management.base": (1.0, 6.0), "merger.base": (1.0, 6.0),
    "chief_executive.interest": (-1.0, 2.0), "merger.interest": (-2.0, 2.0),
    "management.transition": (1.0, 3.0), "merger.transition": (1.0, 3.0),
    "endings.young": (0.0, 1.0), "endings.settled": (0.0, 1.0), "endings.service": (0.0, 0.5),
    "terms.minimum": (0.0, 1.0), "weighing.strangers": (0.0, 1.0), "talks.rematch": (0.0, 1.0),
    "talks.cooling_leaver": (0.0, 1.0), "culture.attention_low": (2.0, 4.0),
    "politics.chief_leaves": (0.1, 1.0), "costs.put_aside": (0.0, 0.05),
}  # fmt: skip
"""Bounds of numbers in worlds in which much is signed, merged and broken up."""
IS_NEUTRAL = 0.3
COUNTIES = (["Norfolk", "Suffolk"], ["Cumbria"], ["Dorset", "Somerset"], ["Surrey", "Kent"])


def drawn_numbers(luck, manner):
    """Return every declared number, drawn: from its plausible or allowed range, or livelier."""
    limits = luck.choice(["history", "none", "fixed"])
    sets = [f"tax.limits={limits}", f"settlement.path={luck.choice(['history', 'flat'])}"]
    sets.append(f"reorganisation.stance={luck.choice(STANCES)}")
    for declared in declarations():
        value = drawn_value(luck, declared, manner)
        if value is not None and (declared.name != "tax.fixed_limit" or limits == "fixed"):
            sets.append(f"{declared.name}={value!r}")
    return sets


def drawn_orders(luck, councils, quarters):
    """Return orders that contradict nothing: a county parted, perhaps a split, then a chain."""
    counties = [council for council in councils if council.tier == "county"]
    county = luck.choice(counties) if counties else None
    own = [c.code for c in councils if c.tier == "district"]
    if county is not None:
        own = [c.code for c in councils if c.tier == "district" and c.county == county.county]
    luck.shuffle(own)
    number = luck.randint(1, min(3, len(own) // 2))
    split = own.pop() if number > 1 and luck.random() < 0.7 else None
    day, later = sorted(luck.sample(quarters, 2))
    shares, parts = ([luck.uniform(0.1, 1.0) for _ in range(number)] for _ in range(2))
    orders = []
    for k in range(number):
        part = [(split, parts[k] / sum(parts))] if split else []
        mine = (county.code, shares[k] / sum(shares)) if county else (None, 1.0)
        known = luck.choice([None, day.replace(year=day.year - 1)])
        orders.append(order(day, f"X{k}", own[k::number], *mine, part, known))
    orders = [each for each in orders if county or split or len(each["councils"]) > 1]
    codes = [each["code"] for each in orders]
    return [*orders, order(later, "Y", codes)] if len(codes) > 1 else orders


def drawn_government(luck, councils):
    """Return dated changes, happenings and orders that are drawn."""
    quarters = [date(2009 + k // 4, k % 4 * 3 + 1, 1) for k in range(2, 14)]
    codes = [council.code for council in councils]
    names = ("settlement.shock", "support.matchmaking", "terms.tax_support")
    changes = [
        {"when": luck.choice(quarters), "set": {"reorganisation.stance": luck.choice(STANCES)}}
        for _ in range(2)
    ]
    changes += [
        {"when": luck.choice(quarters), "set": {name: luck.uniform(0.0, 0.3)}} for name in names
    ]
    pots = {"grants.setup_pot": luck.uniform(0, 5), "grants.feasibility_pot": luck.uniform(0, 2)}
    changes.append({"when": luck.choice(quarters), "set": pots})
    happenings = [
        {"when": luck.choice(quarters), "council": luck.choice(codes), "what": what}
        for what in ("chief_executive_leaves", "control_changes") * 2
    ]
    for happening in happenings[::2]:
        happening["until"] = luck.choice([None, date(2012, 8, 1), date(2014, 1, 1)])
    orders = drawn_orders(luck, councils, quarters)
    return {"change": changes, "happening": happenings, "order": orders}


def drawn_partnerships(luck, codes):
    """Return partnerships of the first day that are drawn, of scopes in which there is none."""
    scopes = luck.sample(["legal", "waste", "ict", "chief_executive"], 3)
    return [
        {"scope": scope, "since": date(luck.randint(2000, 2008), 5, 1),
         "councils": luck.sample(codes, luck.randint(2, 3))}
        for scope in scopes
    ]  # fmt: skip


def drawn_value(luck, declared, manner):
    """Return a value that a declared number may have, drawn in a manner, or its neutral one."""
    if declared.name in NEUTRAL and luck.random() < IS_NEUTRAL:
        return NEUTRAL[declared.name]
    bounds = declared.allowed if manner == "allowed" else declared.plausible
    if manner == "lively":
        bounds = LIVELY.get(declared.name, bounds)
    return None if bounds is None else luck.uniform(*bounds)


def drawn_changes(luck, quarters, manner):
    """Return dated changes of any declared numbers and words, on any days."""
    words = {"settlement.path": ("history", "flat"), "reorganisation.stance": STANCES,
             "tax.limits": ("history", "none", "fixed")}  # fmt: skip
    changes = []
    for _ in range(luck.randint(1, 3)):
        values = {}
        later = [declared for declared in declarations() if not declared.once]
        for declared in luck.sample(later, luck.choice([1, 1, 2, 20])):
            value = drawn_value(luck, declared, manner)
            if value is not None:
                values[declared.name] = value
            elif declared.name in words:
                values[declared.name] = luck.choice(words[declared.name])
        months = luck.randrange(quarters * 3)
        when = date(2009 + (months + 3) // 12, (months + 3) % 12 + 1, luck.randint(1, 28))
        changes.append({"when": when, "set": values})
    return changes


def point(number):
    """Return a small scenario with every declared number drawn anew, and some changed later."""
    luck = random.Random(number)
    manner = ("plausible", "allowed", "lively")[number % 3]
    sets = drawn_numbers(luck, manner)
    places = {"neighbours": luck.choice([2, 5, 20]), "partnerships": manner != "lively"}
    base = luck.choice([SEVEN, "synthetic", "england-districts"])
    if base == "synthetic":
        places |= {"number": luck.randint(5, 16), "draw": luck.randrange(1000)}
    elif base != SEVEN:
        places |= {"tiers": [], "counties": luck.choice(COUNTIES)}
    scenario = altered(base, quarters=luck.randint(12, 20), sets=sets, places=places)
    councils = sorted(PlainModel(scenario).agents, key=lambda council: council.code)
    codes = [council.code for council in councils]
    parts = drawn_government(luck, councils)
    if manner == "lively":
        parts["partnership"] = drawn_partnerships(luck, codes)
    parts["change"] += drawn_changes(luck, scenario.quarters, manner)
    return from_document(scenario.document() | parts)


def test_points_of_the_box(request):
    """Live a sample of points; `--twin-points N` asks for more, `--twin-first K` for later ones."""
    count = request.config.getoption("--twin-points")
    first = request.config.getoption("--twin-first")
    for number in range(first, first + count):
        found = difference(point(number), seed=number)
        assert found is None, f"point {number}: {found}"


# --- what two lives once parted over -------------------------------------------------------------


@pytest.mark.parametrize("pot", ["grants__feasibility_pot", "grants__setup_pot"])
def test_a_change_of_one_pot_refills_nothing_of_the_other(pot):
    sets = ["grants.feasibility_pot=0.3", "grants.setup_pot=0.6", "grants.staged=0",
            "search.base_management=1"]  # fmt: skip
    changes = [change(2010, 8, **{pot: 0.2}), change(2012, 11, **{pot: 0.4})]
    assert_twins(altered(SEVEN, quarters=16, sets=sets, change=changes), 1, 2, 3)


@pytest.mark.parametrize("notice", [0.25, 0.75, 1.0])
def test_a_notice_that_is_shortened_when_it_has_run_out_runs_out_now(notice):
    changes = [
        change(2011, 4, reorganisation__stance="mandated", reorganisation__notice=1.5),
        change(2012, 4, reorganisation__notice=notice),
    ]
    scenario = altered("england-districts", quarters=20, places=EAST, change=changes)
    assert_twins(scenario, 1)
    mergers = simulate(scenario).quarters["mergers"]
    assert mergers[11] == 0 and mergers[12] > 0


def test_a_mandate_taken_back_begins_anew():
    changes = [
        change(2010, 4, reorganisation__stance="mandated", reorganisation__notice=1.5),
        change(2011, 4, reorganisation__stance="review"),
        change(2012, 1, reorganisation__stance="mandated", reorganisation__notice=1.25),
        change(2013, 10, reorganisation__notice=0.25),
    ]
    scenario = altered("england-districts", quarters=20, places=EAST, change=changes)
    assert_twins(scenario, 1)
    mergers = simulate(scenario).quarters["mergers"]
    assert mergers[15] == 0 and mergers[16] > 0


def test_a_joined_deal_reports_as_it_did():
    changes = [change(2010, 7, agreements__reported_spread=0.64)]
    scenario = altered(SEVEN, quarters=20, sets=["search.base_service=3"], change=changes)
    assert_twins(scenario, 1, 2, 3)


def test_a_council_has_at_most_sixty_four_partners():
    scopes = [*SCOPES[:9], "management"]
    codes = [council.code for council in PlainModel(crowd()).agents]
    circles = [
        {"scope": scope, "since": date(2008, 5, 1), "councils": [codes[0], *codes[7 * k + 1 :][:7]]}
        for k, scope in enumerate(scopes)
    ]
    scenario = crowd(partnership=circles)
    assert_twins(scenario, 1)
    graph = partners(list((model := PlainModel(scenario)).agents), model.deals)
    assert max(degree for _, degree in graph.degree) == 64


def crowd(**parts):
    """Return a country of seventy-one councils with some parts of its own."""
    return altered("synthetic", quarters=2, places={"number": 71}, **parts)


def test_the_plain_model_runs_without_the_compiler_and_the_rules_it_compiles():
    code = (
        "import sys; from sim.plain import PlainModel; PlainModel('norfolk-seven').step(); "
        "sim = 'council_partnering.sim.'; shut = (sim + 'machine', sim + 'core', sim + 'ready'); "
        "sys.exit(any(name == 'numba' or name.startswith(shut) "
        "for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


# --- the plain model as a Mesa model -------------------------------------------------------------


def test_councils_are_mesas_agents():
    model = PlainModel(altered(SEVEN, quarters=16, sets=LEVERS["many mergers"]))
    assert isinstance(model, mesa.Model) and len(model.agents) == 7
    before = {council.code for council in model.agents}
    model.run()
    now = {council.code for council in model.agents}
    table = model.councils_table
    assert now - before and set(table["code"][table["alive"]]) == now
    assert set(model.agents.get("tier")) == {"district"}


def test_a_model_past_its_last_quarter_stands_still():
    model = PlainModel(altered(SEVEN, quarters=3)).run()
    model.step()
    assert not model.running and len(model.quarters) == 3


def test_mesa_runs_batches_of_it():
    short = altered(SEVEN, quarters=4)
    assert isinstance(short, Scenario)
    rows = mesa.batch_run(
        PlainModel,
        {"scenario": [short], "replicate": [0, 1]},
        display_progress=False,
        number_processes=1,
    )
    assert [row["budget"] for row in rows] == [
        simulate(short, replicate=k).final["budget"] for k in (0, 1)
    ]
