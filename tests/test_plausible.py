"""Numbers in the wrong unit, or under the wrong column, are told or refused, and say which."""

import re

import pytest
from four_towns import PLAIN, given, prepared, table, times

from sim.country.councils import DATA
from sim.country.given import read_rows
from sim.country.plausible import IMPOSSIBLE, QUANTITIES, UNUSUAL, check_plausible, unusual, usual
from sim.country.rows import read_own, tier_meant
from sim.declared.scenario import load
from sim.errors import InputError
from sim.ready.doubts import doubts
from sim.ready.world import prepare

REFUSED = {
    "budgets in thousands": (
        table(budget_gbp_m=times("budget_gbp_m", 1e3)),
        "all rows, line 2: budget_gbp_m of Ashby is 13000 .*thousands of pounds; write 13$",
    ),
    "a budget in thousands": (
        PLAIN.replace("17.5", "17500"),
        "line 3: .*Birch is 17500 .*thousands of pounds; write 17.5",
    ),
    "budgets in pounds": (
        table(budget_gbp_m=times("budget_gbp_m", 1e6)),
        "line 2: .*looks like pounds; write 13$",
    ),
    "population in thousands": (
        table(population=times("population", 1e-3)),
        "population of Ashby is 95 .*write 95000$",
    ),
    "tax base in thousands": (
        table(tax_base=times("tax_base", 1e-3)),
        "tax_base of Ashby is 34 .*write 34000$",
    ),
    "reserves in thousands": (
        table(unallocated_reserves_gbp_m=times("unallocated_reserves_gbp_m", 1e3)),
        "unallocated_reserves_gbp_m of Ashby is 2000 .*budgets.*write 2$",
    ),
    "Band D in pence": (table(band_d=times("band_d", 200)), "band_d of Ashby is 30000 .*pence"),
    "Band D under tax base": (
        table(band_d=lambda row: row["tax_base"], tax_base=lambda row: row["band_d"]),
        "tax_base and band_d look swapped",
    ),
    "rural share in percent": (PLAIN.replace("0.40", "40"), "line 2: .*percent; write 0.4$"),
    "metres": (
        table(easting_km=times("easting_km", 1e3)),
        "line 2: easting_km is 400000.*metres; write 400$",
    ),
    "degrees": (
        PLAIN.replace("400,300", "-1.9,52.6")
        .replace("415,306", "-1.7,52.7")
        .replace("408,322", "-1.8,52.8")
        .replace("431,318", "-1.5,52.8"),
        "line 2: .*all others, look like degrees of longitude and latitude: give km",
    ),
    "degrees, swapped": (
        PLAIN.replace("400,300", "52.6,-1.9")
        .replace("415,306", "52.7,-1.7")
        .replace("408,322", "52.8,-1.8")
        .replace("431,318", "52.8,-1.5"),
        "degrees of longitude and latitude, and swapped",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_is_refused_with_its_line_and_what_it_looks_like(tmp_path, what):
    text, words = REFUSED[what]
    with pytest.raises(InputError) as error:
        prepared(tmp_path, text)
    assert str(error.value).startswith("own.csv ") and "\n" not in str(error.value)
    assert re.search(words, str(error.value))


TOLD = {
    "an area's Band D": (
        table(band_d=lambda row: float(row["band_d"]) + 1400),
        "band_d of Ashby is 1550 .*£115 to 245: it looks like the Band D of the whole area",
    ),
    "a county's tax base": (
        table(tax_base=lambda row: 270_000),
        "tax base of the whole county; give the district's",
    ),
    "people and tax base swapped": (
        table(population=lambda row: row["tax_base"], tax_base=lambda row: row["population"]),
        "population and tax_base look swapped",
    ),
    "reserves of many budgets": (
        table(earmarked_reserves_gbp_m=lambda row: 100),
        r"7\.7 budgets.* usual .*0\.18 to 1\.3",
    ),
    "tax that yields more than is spent": (
        table(budget_gbp_m=lambda row: 5.0),
        r"line 2 \(and 2 more\): the tax of Ashby yields £5.1m",
    ),
    "off England": (
        table(easting_km=lambda row: float(row["easting_km"]) - 900),
        "nearest: give km",
    ),
    "a known council elsewhere": (
        PLAIN.replace("T1,Ashby", "E07000148,Ashby"),
        "that name or code: give km",
    ),
    "a known council, swapped": (
        PLAIN.replace("T1,Ashby", "T1,Norwich").replace("400,300", "309,621.8"),
        "look swapped",
    ),
    "columns that nothing reads": (
        PLAIN.replace("control_2010", "contrl"),
        "nothing reads the column 'contrl' .*'control'",
    ),
}


@pytest.mark.parametrize("what", TOLD)
def test_what_is_not_usual_is_a_remark_that_says_what_is(tmp_path, what):
    text, words = TOLD[what]
    path = given(tmp_path, text)
    prepare(load(path))
    said = doubts(load(path))
    assert len(said) == 1 and re.search(words, said[0])


SLIPS = {
    "a comma for thousands": (
        PLAIN.replace("95000", '"95,000"'),
        "line 2: '95,000' .*write 95000$",
    ),
    "a unit": (PLAIN.replace("13.0", "£13.0m"), "line 2: '£13.0m' .*write 13.0$"),
    "a thousand of pounds": (PLAIN.replace("13.0", "£13000k"), "line 2: .*write 13$"),
    "a blank": (PLAIN.replace("17.5", ""), "line 3: nothing in column 'budget_gbp_m'"),
    "not available": (PLAIN.replace("17.5", "n/a"), "line 3: 'n/a' in column 'budget_gbp_m'"),
    "decimal commas": (
        PLAIN.replace(",", ";").replace("13.0", "13,0").replace("0.40", "0,40"),
        "line 2: '0,40' .*write 0.40$",
    ),
    "a party in full": (
        PLAIN.replace("4.0,CON", "4.0,Conservative"),
        "line 2: control_2010 is 'Conservative'; .*write CON$",
    ),
    "a total": (PLAIN + ",Total,,,,,,404000,,,,56.2,,,,,\n", "line 6: .*a total.*delete the row"),
    "a tier of several": (
        PLAIN.replace("T2,Birch,district", "T2,Birch,borough"),
        "line 3: tier 'borough' is not known; .*write which of these it is$",
    ),
    "no tier": (PLAIN.replace("T2,Birch,district", "T2,Birch,"), "line 3: tier '' is not known"),
}


@pytest.mark.parametrize("what", SLIPS)
def test_a_slip_in_a_table_is_told_once_whoever_asks_first(tmp_path, what):
    text, words = SLIPS[what]
    path = given(tmp_path, text)
    with pytest.raises(InputError, match=words) as asked:
        doubts(load(path))
    with pytest.raises(InputError) as ran:
        prepare(load(path))
    assert str(asked.value) == str(ran.value)


def test_budgets_in_thousands_are_an_error_and_no_remark_besides(tmp_path):
    with pytest.raises(InputError, match="thousands of pounds"):
        doubts(load(given(tmp_path, REFUSED["budgets in thousands"][0])))


@pytest.mark.parametrize("words", ["District", "DISTRICT", "District Council", "shire district"])
def test_a_tier_in_other_words_is_read_where_one_fits(tmp_path, words):
    path = given(tmp_path, PLAIN.replace(",district,", f",{words},"))
    assert doubts(load(path)) == []
    assert prepare(load(path)).table.tier.tolist() == [0, 0, 0, 0]


def test_the_tiers_that_are_understood():
    told = {
        "County Council": "county", "Unitary Authority": "unitary", "London Borough": "london",
        "London Borough Council": "london", "Metropolitan District": "metropolitan",
        "metropolitan borough council": "metropolitan", "Non-metropolitan district": "district",
    }  # fmt: skip
    assert {words: tier_meant(words) for words in told} == told
    for words in ("borough", "Borough Council", "City", "", "parish"):
        assert tier_meant(words) == words


def test_a_small_place_with_what_is_usual_a_head_is_told_of_and_runs(tmp_path):
    names = ("population", "tax_base", "budget_gbp_m", "unallocated_reserves_gbp_m",
             "earmarked_reserves_gbp_m")  # fmt: skip
    village = table(**{name: times(name, 420 / 95000) for name in names})
    path = given(tmp_path, village)
    (said,) = doubts(load(path))
    assert re.search(r"population of Ashby is 420 .*those of so many people", said)
    assert "thousand" not in said
    assert prepare(load(path)).table.population.min() < 420
    with pytest.raises(InputError, match=r"population of Ashby is 95 .*write 95000"):
        both = {name: times(name, 1e-3) for name in names[:2]}
        doubts(load(given(tmp_path, table(**both))))


def test_a_usual_table_has_no_remark(tmp_path):
    assert doubts(load(given(tmp_path, PLAIN))) == []


def test_of_englands_own_councils_only_those_like_no_other_are_told():
    path = DATA / "councils.csv"
    lines = read_own(path)
    check_plausible(lines, path)
    odd = [line.row["name"] for line in lines if unusual([line], path)]
    assert odd == ["Rutland", "Isles of Scilly", "City of London"][-len(odd) :]


def test_the_limits_are_those_of_the_tables_and_leave_room_for_every_slip():
    assert len(usual()) == len(QUANTITIES) * 5
    for low, middle, high in usual().values():
        assert 0 < low < middle < high
        assert high / low < 1000 / UNUSUAL  # or a slip of a thousand could hide within the range
    assert UNUSUAL < IMPOSSIBLE < 1000


def test_reserves_that_a_scenario_states_are_held_against_the_budget(tmp_path):
    path = tmp_path / "rich.toml"
    path.write_text('base = "norfolk"\n[[council]]\ncouncil = "Norwich"\nreserves = 8500\n')
    (said,) = doubts(load(path))
    assert re.search(r"\[\[council\]\] Norwich: reserves of £8,500m .*usual: give million", said)
    path.write_text('base = "norfolk"\n[[council]]\ncouncil = "Norwich"\nreserves = 8.5\n')
    assert doubts(load(path)) == []


def test_what_is_about_a_drawn_country_is_told_where_there_is_none(tmp_path):
    path = tmp_path / "number.toml"
    path.write_text("[places]\nnumber = 50\n")
    (said,) = doubts(load(path))
    assert said == 'places.number can do nothing: it is for table = "synthetic"'
    path.write_text('[places]\nnumber = 50\ntable = "synthetic"\n')
    assert doubts(load(path)) == []


PATHS = {
    "percent": ("year,growth\n2010,2\n2011,-0.8\n2012,0.5\n", "line 2: growth 2, .*write 0.02$"),
    "percent far below": ("year,growth\n2010,0.1\n2011,-8\n", "line 3: .*percent; write -0.08$"),
    "an index": ("year,growth\n2010,1.02\n2011,0.97\n", "line 2: growth 1.02, .*write 0.02$"),
    "a sign": ("year,growth\n2010,-2%\n", "line 2: '-2%' .*write -0.02$"),
    "a financial year": ("year,growth\n2011-12,0.02\n", "line 2: year '2011-12': write 2011,"),
    "a decimal comma": ("year;growth\n2010;-0,02\n", "line 2: '-0,02' .*write -0.02$"),
}


@pytest.mark.parametrize("what", PATHS)
def test_a_funding_path_in_percent_or_as_an_index_is_refused(tmp_path, what):
    text, words = PATHS[what]
    (tmp_path / "path.csv").write_text(text)
    path = tmp_path / "own.toml"
    path.write_text('base = "norfolk-seven"\n[settlement]\npath = "path.csv"\n')
    with pytest.raises(InputError, match=words):
        prepare(load(path))


def test_a_funding_path_out_of_the_usual_or_of_other_years_is_told(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text('base = "norfolk-seven"\n[settlement]\npath = "path.csv"\n')
    (tmp_path / "path.csv").write_text("year,growth\n2010,0.6\n2011,-0.02\n")
    (said,) = doubts(load(path))
    assert re.search(r"growth 0\.6 of 2010 .*\(-0\.24 to 0\.31\)", said)
    (tmp_path / "path.csv").write_text("year,growth\n2009,-0.1\n2040,-0.02\n")
    (said,) = doubts(load(path))
    assert "none of its years lies within the run" in said
    (tmp_path / "path.csv").write_text("year,growth\n2010,-0.1\n")
    assert doubts(load(path)) == []


def test_the_furthest_step_of_a_tier_is_that_of_its_table():
    from sim.ready.growth import usual_steps

    steps = [float(row["settlement_growth"]) for row in read_rows(DATA / "paths.csv")]
    assert usual_steps() == (min(steps), max(steps))
