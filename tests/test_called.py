"""Names as people write them, and those of another day: understood, or told what to write."""

import re

import pytest

from sim.country.called import MADE, others, row_called, told_unknown
from sim.country.councils import DATA, TIERS, choose, england
from sim.country.given import read_rows
from sim.declared.scenario import load
from sim.errors import InputError
from sim.plain.places import seek
from sim.ready.doubts import doubts
from sim.ready.places import row_of
from sim.ready.world import prepare

ENGLAND = england()


def called(text, table=ENGLAND):
    row = row_called(text, table.code, table.name, table.tier.tolist())
    return None if row is None else (table.name[row], TIERS[table.tier[row]])


WRITTEN = {
    "Norwich City Council": "Norwich",
    "Norwich (City)": "Norwich",
    "norwich cc": "Norwich",
    "City of York": "York",
    "LB Camden": "Camden",
    "London Borough of Camden": "Camden",
    "Hull": "Kingston upon Hull",
    "Kingston upon Hull, City of": "Kingston upon Hull",
    "St Edmundsbury Borough": "St Edmundsbury",
    "St. Edmundsbury BC": "St Edmundsbury",
    "kings lynn & west norfolk": "King's Lynn and West Norfolk",
    "Borough Council of King\u2019s Lynn and West Norfolk": None,
    "Barnsley MBC": "Barnsley",
    "Bristol, City of": "Bristol",
    "Royal Borough of Windsor & Maidenhead": "Windsor and Maidenhead",
    "Herefordshire, County of": "Herefordshire",
    "Durham": "County Durham",
    "Durham County Council": "County Durham",
    "City of London Corporation": "City of London",
    "The Council of the Isles of Scilly": "Isles of Scilly",
    "Shepway": "Folkestone and Hythe",
    "Southend on Sea": "Southend-on-Sea",
    "Suffolk Coastal District Council": "Suffolk Coastal",
    "London": None,
    "Newcastle": None,
    "Leicester County Council": None,
    "Norwich District Council of Norfolk": None,
    "": None,
    "Council": None,
    "City": None,
}


@pytest.mark.parametrize("text", WRITTEN)
def test_a_name_is_understood_where_only_one_council_fits(text):
    found = called(text)
    assert (found and found[0]) == WRITTEN[text]


TITLED = {
    "district": ("{} District Council", "{} Borough Council", "{} City Council", "{} DC"),
    "county": ("{} County Council", "{} (County)", "{} CC"),
    "unitary": ("{} Borough Council", "{} (unitary)", "City of {}", "{} City Council"),
    "metropolitan": ("{} MBC", "{} Metropolitan Borough Council", "{} City Council"),
    "london": ("LB {}", "London Borough of {}", "{} Council"),
}


def test_every_council_is_known_by_its_titles_and_by_no_others():
    for name, tier in zip(ENGLAND.name, ENGLAND.tier.tolist(), strict=True):
        for form in (*TITLED[TIERS[tier]], "{}"):
            assert called(form.format(name).upper()) == (name, TIERS[tier]), form.format(name)
        wrong = "{} County Council" if TIERS[tier] != "county" else "{} District Council"
        found = called(wrong.format(name))
        assert found is None or name in ("County Durham", "Northumberland", "Rutland"), name


def test_what_only_says_council_is_the_county_unless_a_unitary_is_called_so_today():
    assert called("Norfolk Council") == ("Norfolk", "county")
    for name in ("Dorset", "Somerset", "Buckinghamshire", "North Yorkshire"):
        assert called(name) == called(f"{name} County Council") == (name, "county")
        assert called(f"{name} Council") is called(f"{name} (unitary)") is None
        assert f"{name} was made in April" in told_unknown(f"{name} Council", ENGLAND)


MADE_LATER = [each for each in others() if each.kind == MADE]


@pytest.mark.parametrize("made", MADE_LATER, ids=lambda made: made.code)
def test_a_council_made_later_is_told_by_what_it_was_made_of_and_naming_these_works(made, tmp_path):
    path = tmp_path / "own.toml"
    for text in (
        made.code,
        made.code.lower(),
        f"{made.name} Council",
        made.name.replace(" and ", " & "),
    ):
        if called(text) is not None:
            continue  # a county of that name
        path.write_text(f'[places]\ncouncils = ["{text}", "Norwich"]\n')
        with pytest.raises(InputError) as error:
            prepare(load(path))
        said = re.search(r"was made in (\w+ \d{4}) of (.*?): name these", str(error.value))
        assert said[1] == f"April {made.day.year}"
        named = re.split(
            r", | and (?=[A-Z][^,]*$)", said[2].replace("Weymouth and P", "Weymouth & P")
        )
        names = [name.replace(" (the county council)", " County Council") for name in named]
        table = ", ".join(f'"{name}"' for name in (*names, "Norwich"))
        path.write_text(f"[places]\ncouncils = [{table}]\n")
        codes = set(prepare(load(path)).table.code)
        assert codes == {*made.councils, "E07000148"}


def test_where_places_leaves_them_out_that_is_said():
    norfolk = choose(ENGLAND, [k for k, c in enumerate(ENGLAND.county) if c == "Norfolk"])
    with pytest.raises(
        InputError, match=r"of Suffolk Coastal and Waveney: name these; .*leaves out"
    ):
        row_of(norfolk, "East Suffolk", "[[council]]")
    with pytest.raises(
        InputError, match=r"Leeds is none of this scenario's councils: add it to \["
    ):
        row_of(norfolk, "Leeds City Council", "[[council]]")


def test_a_table_of_ones_own_with_the_councils_of_today_knows_them():
    own = choose(ENGLAND, [0, 1])._replace(
        code=("E07000244", "E06000059"), name=("East Suffolk", "Dorset")
    )
    assert called("East Suffolk Council", own)[0] == "East Suffolk"
    assert called("Dorset Council", own)[0] == called("E06000059", own)[0] == "Dorset"


def test_the_begun_name_of_several_names_them():
    assert told_unknown("Newcastle", ENGLAND) == (
        "did you mean 'Newcastle-under-Lyme' or 'Newcastle upon Tyne'?"
    )
    assert told_unknown("Norwhich", ENGLAND) == "did you mean 'Norwich'?"


CODES = {
    "E07000097": "E07000242",
    "E07000101": "E07000243",
    "E07000104": "E07000241",
    "E07000100": "E07000240",
    "E06000048": "E06000057",
    "E08000020": "E08000037",
    "e08000038": "E08000016",
    "E08000039": "E08000019",
}


@pytest.mark.parametrize("code", CODES)
def test_a_code_of_another_day_is_read_as_the_same_council_with_a_remark(code, tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(f'[places]\ncouncils = ["{code}", "Norwich"]\n')
    assert set(prepare(load(path)).table.code) == {CODES[code], "E07000148"}
    (said,) = doubts(load(path))
    assert said.startswith(code.upper()) and f"it is read as {CODES[code]}, which is the" in said


def test_a_county_council_that_is_called_as_a_later_council_is_read_with_a_remark(tmp_path):
    path = tmp_path / "own.toml"
    places = '[places]\ncouncils = ["{}", "Norfolk"]\n'
    for name, since in (("Dorset", "April 2019"), ("Buckinghamshire", "April 2020")):
        path.write_text(places.format(name))
        (said,) = doubts(load(path))
        assert said.startswith(f"{name} is read as the county council of that name; ")
        assert f"since {since} was made of" in said
        path.write_text(places.format(f"{name} County Council"))
        assert doubts(load(path)) == []
    path.write_text(places.format("Suffolk"))
    assert doubts(load(path)) == []


def test_the_table_agrees_with_that_of_reorganisations_and_with_the_codes_of_2009():
    merged: dict[str, set[str]] = {}
    for row in read_rows(DATA / "reorganisations.csv"):
        if row["predecessor_code"][:3] != "E10":
            merged.setdefault(row["successor_code"], set()).add(row["predecessor_code"])
    mine = {each.code: {c for c in each.councils if c[:3] != "E10"} for each in MADE_LATER}
    assert mine | merged == mine
    names = {
        row["successor_code"]: (row["successor_name"], row["date"])
        for row in read_rows(DATA / "reorganisations.csv")
    }
    for each in MADE_LATER:
        if each.code in names:
            assert names[each.code] == (each.name, each.day.isoformat())
    former = {each.code: each.councils[0] for each in others() if each.kind == "former code"}
    changed = {
        row["code_2009"]: row["code"]
        for row in read_rows(DATA / "councils.csv")
        if row["code"] != row["code_2009"]
    }
    assert former == changed
    known = {*ENGLAND.code, *(each.code for each in MADE_LATER)}
    assert {code for each in others() for code in each.councils} <= known
    assert not {each.code for each in others() if each.code} & set(ENGLAND.code)


def test_every_part_of_a_scenario_understands_them_and_so_does_the_plain_model(tmp_path):
    plain, titled = tmp_path / "plain.toml", tmp_path / "titled.toml"
    text = """
quarters = 6
[places]
councils = ["{0}", "{1}", "{2}"]
partnerships = false
[[council]]
council = "{0}"
vacant = true
[[pair]]
between = ["{0}", "{1}"]
trust = 0.7
[[partnership]]
scope = "legal"
since = 2007-10-01
councils = ["{1}", "{2}"]
[[happening]]
when = 2009-07-01
council = "{2}"
what = "control_changes"
control = "LD"
[[order]]
when = 2010-04-01
code = "X1"
name = "Both"
councils = ["{0}", "{1}"]
"""
    plain.write_text(text.format("Norwich", "Broadland", "Stevenage"))
    titled.write_text(text.format("Norwich City Council", "BROADLAND DC", "E07000101"))
    one, other = (prepare(load(path)) for path in (plain, titled))
    for part in ("councils", "pairs", "orders", "happenings"):
        assert getattr(one.blank, part).tobytes() == getattr(other.blank, part).tobytes()
    from sim.plain.model import PlainModel

    lived = []
    for path in (plain, titled):
        model = PlainModel(load(path), seed=1)
        for _ in range(6):
            model.step()
        lived.append([str(each) for each in model.log.events])
    assert lived[0] == lived[1]
    assert ENGLAND.name[seek(ENGLAND, "Norwich City Council")] == "Norwich"
