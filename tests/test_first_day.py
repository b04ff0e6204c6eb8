"""The first day: who shared what in April 2009, and how a country opens in a later year."""

import csv
from datetime import date

import numpy as np
import pytest
from asking import at_once
from twins import difference

from sim.country.announced import ALWAYS, known_from
from sim.country.councils import DATA, england, read_rows, tier_gifts
from sim.country.opening import LAST_START, england_in
from sim.country.partnerships import agreed, partnerships
from sim.declared.catalogue import SCOPES
from sim.declared.scenario import from_document, load
from sim.errors import InputError
from sim.plain.places import standing as plainly_standing, table_of as plain_table_of
from sim.ready.older import as_told, older_tables
from sim.ready.places import table_of
from sim.ready.world import prepare

BRECKLAND, FOREST_HEATH, EAST_CAMBRIDGESHIRE = "E07000143", "E07000201", "E07000009"
FENLAND, SUFFOLK_COASTAL, WAVENEY, ST_EDMUNDSBURY = (
    "E07000010", "E07000205", "E07000206", "E07000204",
)  # fmt: skip
BROADLAND, NORWICH, SOUTH_NORFOLK = "E07000144", "E07000148", "E07000149"


def starting_in(name, year, **places):
    document = load(name).document()
    document["start"] = f"{year}-04-01"
    document["places"] |= places
    return from_document(document)


def shares(scope):
    return [{m.code for m in known.members} for known in partnerships() if known.scope == scope]


# --- who shared what in April 2009 ----------------------------------------------------------------


def test_every_member_has_a_year_of_its_own_and_a_document():
    for row in read_rows(DATA / "partnerships.csv"):
        assert 1974 <= int(row["joined"]) <= 2014, row
        assert not row["left"] or int(row["joined"]) <= int(row["left"]) <= 2014, row
        assert row["source"].startswith("http"), row


def test_who_joined_in_2014_shares_nothing_in_2009():
    assert shares("revenues_benefits") == [{BRECKLAND, FOREST_HEATH, EAST_CAMBRIDGESHIRE}]
    assert shares("building_control") == [{BROADLAND, NORWICH, SOUTH_NORFOLK}]


def test_no_member_joined_after_the_first_day_and_founders_come_first():
    for known in partnerships():
        years = [member.year for member in known.members]
        assert years == sorted(years), known
        assert max(years) < 2009, known
        assert len(years) > 1


def test_a_chief_executive_who_was_shared_alone_is_no_management_yet():
    """South Hams 2007, Cotswold 2008, Suffolk Coastal 2008, Redditch 2008: one person for two."""
    alone = {frozenset(each) for each in shares("chief_executive")}
    assert frozenset({SUFFOLK_COASTAL, WAVENEY}) in alone
    assert frozenset({"E07000044", "E07000047"}) in alone
    assert {frozenset(each) for each in shares("management")} == {
        frozenset({"E07000223", "E07000229"}),  # Adur and Worthing: one team from April 2008
        frozenset({"E07000179", "E07000180"}),  # South Oxfordshire and Vale of White Horse
        frozenset({"E07000037", "E07000198"}),  # High Peak and Staffordshire Moorlands
    }


def test_the_founders_lead_in_norfolk_and_the_deal_is_as_old_as_they_are():
    ready = prepare(load("norfolk"))
    rows = ready.blank.standing
    scope = SCOPES.index("revenues_benefits")
    codes = [ready.table.code[k] for k in rows[rows[:, 1] == scope, 3]]
    assert set(codes[:2]) == {BRECKLAND, FOREST_HEATH}
    assert codes[2:] == [EAST_CAMBRIDGESHIRE]
    assert set(rows[rows[:, 1] == scope, 2]) == {4 * (2003 - 2009) + 1}
    table = plain_table_of(load("norfolk"))
    plain = [each for each in plainly_standing(load("norfolk"), table) if each.scope == scope]
    assert [(each.since, [table.code[k] for k in each.members]) for each in plain] == [(-23, codes)]


def test_history_gives_a_year_of_joining_for_each_member_or_for_none():
    for row in read_rows(DATA / "history.csv"):
        joined = row["joined"].split(";") if row["joined"] else []
        assert len(joined) in (0, len(row["members"].split(";"))), row["id"]
        assert all(int(row["start_year"]) <= int(year) <= 2014 for year in joined), row["id"]


@pytest.mark.parametrize("value", [0.0, 6.0])
def test_a_change_of_the_first_quarter_decides_what_was_agreed_by_then(value):
    """Dated on the first day it does what it does undated: talks and agreed deals are of one."""
    other = 6.0 - value
    undated = load("england", quarters=2, sets=[f"talks.before={value}"])
    tree = load("england", quarters=2, sets=[f"talks.before={other}"]).document()
    change = {"when": undated.start, "set": {"talks.before": value}}
    dated = from_document(tree | {"change": [change]})
    assert dated.at_first("talks.before") == value
    one, two = (prepare(each) for each in (undated, dated))
    assert one.blank.standing.tolist() == two.blank.standing.tolist()
    assert len(one.blank.standing) != len(prepare(from_document(tree)).blank.standing)
    assert difference(dated, seed=1) is None


# --- what was agreed by then ---------------------------------------------------------------------

AGREED = [
    ("back_office", {"E07000102", "E07000103"}),  # Three Rivers and Watford
    ("back_office", {"E07000118", "E07000126"}),  # Chorley and South Ribble
    ("management", {"E07000068", "E10000012"}),  # Brentwood and Essex
    ("management", {"E07000085", "E07000090"}),  # East Hampshire and Havant
    ("management", {"E07000164", "E07000166"}),  # Hambleton and Richmondshire
]


def agreed_in(ready):
    """Return scope, members and signed quarter of what is agreed on the first day, in order."""
    found = {}
    for place, scope, signed, row, is_agreed in ready.blank.standing.tolist():
        if is_agreed:
            key = (place, SCOPES[scope], signed)
            found.setdefault(key, set()).add(ready.table.code[row])
    return [(scope, members, signed) for (_, scope, signed), members in found.items()]


def test_what_began_to_work_in_2009_had_been_agreed_by_april():
    found = agreed()
    assert [(known.scope, {m.code for m in known.members}) for known in found] == AGREED
    assert {m.year for known in found for m in known.members} == {2009}
    assert agreed(2013) == []


def test_in_england_it_stands_after_all_that_is_at_work():
    warm = prepare(load("england"))
    cold = prepare(load("england", sets=["talks.before=0"]))
    assert agreed_in(warm) == [(scope, members, -2) for scope, members in AGREED]
    assert agreed_in(cold) == []
    rows = warm.blank.standing
    at_work = rows[rows[:, 4] == 0]
    assert at_work.tolist() == cold.blank.standing.tolist() == rows[: len(at_work)].tolist()
    assert sorted(set(rows[:, 0].tolist())) == list(range(len(set(rows[:, 0].tolist()))))


def test_what_is_agreed_with_a_council_that_is_not_in_the_country_is_left_out():
    districts = [each for each in AGREED if "E10000012" not in each[1]]
    found = agreed_in(prepare(load("england-districts")))
    assert found == [(scope, members, -2) for scope, members in districts]
    near = prepare(starting_in("england-districts", 2009, counties=["Hampshire"]))
    assert agreed_in(near) == [("management", {"E07000085", "E07000090"}, -2)]


def test_nothing_is_agreed_at_a_later_start_or_where_no_partnership_is_asked_for():
    for scenario in (
        starting_in("england", 2013),
        starting_in("england", 2009, partnerships=False),
        load("synthetic"),
    ):
        assert agreed_in(prepare(scenario)) == []


OTHERWISE = """
base = "england-districts"
quarters = 2

[places]
counties = ["Hampshire", "North Yorkshire"]

[[partnership]]
scope = "{scope}"
since = 2008-10-01
councils = ["Havant", "{other}"]
"""


@pytest.mark.parametrize(
    ("scope", "left"), [("management", [AGREED[4]]), ("legal", [AGREED[3], AGREED[4]])]
)
def test_what_the_scenario_says_of_a_council_and_a_scope_comes_first(tmp_path, scope, left):
    path = tmp_path / "otherwise.toml"
    path.write_text(OTHERWISE.format(scope=scope, other="Fareham"))
    assert agreed_in(prepare(load(path))) == [(kind, members, -2) for kind, members in left]
    assert difference(load(path)) is None


# --- when government told what ------------------------------------------------------------------


def test_a_year_is_known_from_the_quarter_in_which_its_review_was_published():
    """October 2007, 20 October 2010, 26 June 2013, 25 November 2015, and so on."""
    found = known_from(2009, 20).tolist()
    assert found[:2] == [-6, -6]  # the review of 2007 told of 2009 and 2010
    assert found[2:6] == [6] * 4
    assert found[6:7] == [16]
    assert found[7:11] == [26] * 4
    assert found[11:16] == [41, 46, 50, 50, 50]
    assert found[16:] == [ALWAYS] * 4
    assert known_from(2015, 3).tolist() == [-8, 2, 2]
    assert known_from(2030, 2).tolist() == [ALWAYS] * 2
    ready = prepare(starting_in("england-districts", 2013))
    assert ready.blank.announced[:4].tolist() == [-10, -10, 0, 10]


# --- a later start of England --------------------------------------------------------------------


def outturn(year, column):
    rows = read_rows(DATA / "outturn.csv")
    return {row["code"]: float(row[column] or 0) for row in rows if int(row["year"]) == year}


@pytest.mark.parametrize("model", [table_of, plain_table_of])
def test_reserves_at_a_start_of_2013_are_those_of_the_outturn(model):
    table, opening = model(starting_in("england-districts", 2013)), england()
    added = [outturn(year, "to_reserves_gbp_m") for year in (2010, 2011, 2012)]
    for code, reserves in zip(table.code, table.reserves, strict=True):
        before = opening.reserves[opening.code.index(code)]
        assert reserves == pytest.approx(before + sum(each[code] for each in added), abs=1e-9)


def test_districts_have_the_reserves_of_march_2015_at_a_start_of_2015():
    """£1,818m in April 2010, £2,655m in March 2015."""
    assert table_of(starting_in("england-districts", 2010)).reserves.sum() == pytest.approx(
        1818, abs=1
    )
    assert table_of(starting_in("england-districts", 2015)).reserves.sum() == pytest.approx(
        2655, rel=0.01
    )


def test_band_d_tax_base_and_settlement_are_those_of_the_year_of_the_start():
    ready, known = prepare(starting_in("england-districts", 2014)), outturn(2014, "band_d")
    councils = ready.blank.councils
    assert councils.band_d.tolist() == [known[code] for code in ready.table.code]
    funding = {r["code"]: r for r in read_rows(DATA / "funding.csv") if r["year"] == "2014"}
    for k, code in enumerate(ready.table.code):
        assert councils.settlement[k] == pytest.approx(float(funding[code]["settlement_gbp_m"]))
        assert ready.blank.bases[k, 0] == pytest.approx(float(funding[code]["tax_base"]))


def test_net_budgets_are_those_of_the_year_of_the_start_where_they_can_be():
    table, spent = england_in(2014), outturn(2014, "net_revenue_expenditure_gbp_m")
    own = [table.budget[k] == spent[code] for k, code in enumerate(table.code)]
    assert np.mean(own) > 0.9
    assert (table.budget > 0).all()


def test_a_start_of_2009_or_2010_opens_as_the_table_says():
    assert england_in(2009) is england_in(2010) is england()


def test_control_is_that_of_2018_for_a_start_of_2018_and_drawn_where_that_is_not_known():
    rows, table = read_rows(DATA / "councils.csv"), england_in(2018)
    known = [bool(row["control_2018"]) for row in rows]
    assert (table.control_known >= 0).tolist() == known
    assert (table.control_known[known] == england().control_later[known]).all()
    assert (england_in(2017).control_known == england().control_known).all()


@pytest.mark.parametrize("model", [table_of, plain_table_of])
@pytest.mark.parametrize("year", [2019, 2025])
def test_england_does_not_start_when_its_map_is_another(model, year):
    with pytest.raises(InputError, match=r"March 2019.*start on 2018-04-01 at the latest"):
        model(starting_in("england-districts", year))


def test_the_last_start_is_the_last_april_of_the_map():
    first = min(row["date"] for row in read_rows(DATA / "reorganisations.csv"))
    assert date(LAST_START, 4, 1) < date.fromisoformat(first) <= date(LAST_START + 1, 4, 1)


SINCE = """
base = "england-districts"
start = 2013-04-01
quarters = 8

[places]
counties = ["Norfolk"]

[[partnership]]
scope = "management"
since = 2010-10-01
councils = ["Breckland", "Broadland"]
"""


def test_at_a_later_start_only_the_partnerships_stand_that_the_user_names(tmp_path):
    path = tmp_path / "since.toml"
    path.write_text(SINCE)
    ready = prepare(load(path))
    assert ready.blank.standing[:, 1:3].tolist() == [[SCOPES.index("management"), -10]] * 2
    assert len(prepare(starting_in("england", 2013)).blank.standing) == 0
    assert difference(load(path)) is None


def test_what_is_older_than_the_start_is_named_with_its_year():
    assert older_tables(load("england")) == {}
    assert as_told(load("england")) == ""
    assert older_tables(starting_in("england", 2013)) == {
        "party control where known": 2010, "population and rural shares": 2011,
    }  # fmt: skip
    assert older_tables(starting_in("england", 2018)) == {
        "Band D": 2017, "population and rural shares": 2011,
    }  # fmt: skip
    assert older_tables(starting_in("synthetic", 2025)) == {
        "sizes, budgets, taxes and reserves": 2010, "the parties' weights": 2018,
    }  # fmt: skip
    told = as_told(starting_in("england", 2013))
    assert "rural shares (2011)" in told
    assert "April 2009 are left out" in told


def test_a_command_says_what_is_older_than_the_start(tmp_path):
    (tmp_path / "since.toml").write_text(SINCE)
    status, out, err = at_once(tmp_path, "run", "since.toml", "--runs", "1", "--json")
    assert status == 0
    assert "Older than the start of 2013-04-01: party control where known (2010)" in err
    assert '"population and rural shares": 2011' in out


# --- a table of one's own ------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2009, 2015, 2020, 2025, 2040])
def test_an_own_table_has_its_own_grant_in_the_year_of_its_own_start(country, year):
    """An income of which £20m are spent, less 50,000 at £200: then it follows the tier."""
    plan = country({}, {"tier": "county"}, text=f"start = {year}-04-01\n[places]\n")
    ready, path = prepare(plan), tier_gifts("district", year - 2009 + 2)
    costs, district = plan.parameters.costs, ready.table.tier.tolist().index(0)
    grants = 20.0 / (1.0 - np.array([costs.put_aside, costs.put_aside_upper])) - 10.0
    assert ready.blank.councils.settlement == pytest.approx(
        grants if district == 0 else grants[::-1], abs=1e-6
    )
    assert ready.blank.paths[0, district, 1] == pytest.approx(grants[0] * path[-1] / path[-2])


def test_an_own_table_lives_alike_in_both_models_from_a_start_of_2025(country):
    plan = country({}, {}, {}, text="start = 2025-04-01\n[places]\n", quarters=12)
    assert difference(plan) is None


def test_a_drawn_country_has_what_was_drawn_in_the_year_of_its_start():
    early, late = (prepare(starting_in("synthetic", year, number=30)) for year in (2009, 2025))
    assert late.blank.councils.settlement == pytest.approx(early.blank.councils.settlement)


@pytest.fixture
def bordered(country):
    """Return a maker of three councils on a line, of which a table of pairs says who touch."""

    def make(*pairs, header=("code_a", "code_b")):
        plan = country({}, {}, {}, text="[places]\nneighbours = 1\n")
        folder = next(iter(plan.tables())).parent
        with (folder / "borders.csv").open("w", newline="") as file:
            csv.writer(file).writerows([header, *pairs])
        path = folder / "small.toml"
        path.write_text(path.read_text().replace("[places]\n", BORDERS))
        return load(path)

    return make


BORDERS = '[places]\nadjacency = "borders.csv"\n'


@pytest.mark.parametrize("model", [table_of, plain_table_of])
def test_an_own_table_can_say_who_touches_whom(bordered, model):
    table = model(bordered(("C2", "C0")))
    assert {frozenset(table.code[k] for k in link) for link in table.links} == {
        frozenset({"C0", "C2"})
    }


def test_a_map_of_neighbours_is_one_of_the_tables_that_decide_a_result(bordered):
    one, other = bordered(("C0", "C1")), bordered(("C0", "C2"))
    assert {path.name for path in one.tables()} == {"councils.csv", "borders.csv"}
    assert one.fingerprint() != other.fingerprint()
    assert difference(one) is None


WRONG_BORDERS = {
    "a code that is not known": ([("C0", "C9")], "borders.csv line 2: unknown code 'C9' in code_b"),
    "a council and itself": ([("C0", "C1"), ("C1", "C1")], "borders.csv line 3: 'C1' is named"),
    "a pair twice": ([("C0", "C1"), ("C1", "C0")], "line 3: 'C0' and 'C1' stand on line 2 too"),
}


@pytest.mark.parametrize("wrong", WRONG_BORDERS)
def test_a_mistake_in_a_map_of_neighbours_is_named_with_its_line(bordered, wrong):
    pairs, words = WRONG_BORDERS[wrong]
    with pytest.raises(InputError, match=words):
        prepare(bordered(*pairs))


def test_a_map_of_neighbours_without_a_column_says_which(bordered):
    with pytest.raises(InputError, match="column 'code_b' is missing"):
        prepare(bordered(("C0", "C1"), header=("code_a", "code_c")))


def test_a_map_of_neighbours_goes_with_a_table_of_ones_own(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text('[places]\nadjacency = "borders.csv"\n')
    with pytest.raises(InputError, match="table of your own"):
        load(path)


def test_control_in_an_own_table_needs_no_year_in_its_name(tmp_path, country):
    plan = country({"control_2010": "LAB"}, {"control_2010": ""})
    path = next(iter(plan.tables()))
    text = path.read_text().replace("control_2018", "control")  # CON for both
    path.write_text(text)
    assert prepare(plan).blank.councils.control_known.tolist() == [0, 0]
    path.write_text(text.replace(",CON", ",GREEN"))
    with pytest.raises(InputError, match="line 2: control is 'GREEN'"):
        prepare(plan)
