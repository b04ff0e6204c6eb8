"""A scenario is a small file of differences, and a mistake in it is answered in one sentence."""

import importlib.util
import json
import re
import tomllib

import pytest

from sim.declared.parameters import declarations
from sim.declared.scenario import SHIPPED, Scenario, from_document, load, schema, shipped
from sim.declared.undone import undone
from sim.errors import InputError
from sim.ready.world import prepare
from sim.tables.batch import simulate

HEADER = (
    "code,name,tier,county,region,easting_km,northing_km,population,area_km2,rural_share,"
    "deprivation,budget_gbp_m,band_d,tax_base,unallocated_reserves_gbp_m,"
    "earmarked_reserves_gbp_m\n"
)
ROW = "{code},{code} Town,{tier},Here,East,{x},300,{people},400,0.5,20,20,200,50000,4,1\n"


@pytest.fixture
def write(tmp_path):
    def to_file(text, name="mine.toml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return to_file


def rows(*differences):
    plain = {"tier": "district", "people": 100000}
    return HEADER + "".join(
        ROW.format(**(plain | {"code": f"C{k}", "x": 500 + 10 * k} | own))
        for k, own in enumerate(differences)
    )


def with_columns(names, words):
    """Return a table of as many councils as there are words, with these in columns of their own."""
    head, *lines = rows(*({} for _ in words)).splitlines()
    both = zip(lines, words, strict=True)
    return "\n".join([f"{head},{names}", *(f"{line},{word}" for line, word in both)]) + "\n"


def with_control(*words):
    """Return a table of as many councils, with the party that runs each in 2010."""
    return with_columns("control_2010", words)


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_shipped_scenario_loads_and_has_a_title(name):
    scenario = load(name)
    assert scenario.title
    assert scenario.about
    assert scenario == from_document(json.loads(json.dumps(scenario.document())))


def test_the_shipped_scenarios_hold_the_councils_that_they_promise():
    sizes = {"norfolk-seven": 7, "norfolk": 17, "england-districts": 201, "england": 353}
    for name, size in sizes.items():
        assert len(prepare(load(name)).table.code) == size


def test_a_file_is_laid_over_its_base_table_by_table(write):
    path = write(
        'base = "norfolk-seven"\ntitle = "Mine"\n[grants]\nsetup_pot = 1.5\n'
        '[[change]]\nwhen = 2012-04-01\nset = { "talks.pace" = 0.5 }\n'
    )
    mine, base = load(path), load("norfolk-seven")
    assert mine.title == "Mine"
    assert mine.name == "mine"
    assert mine.quarters == base.quarters
    assert mine.parameters.grants.setup_pot == 1.5
    assert mine.parameters.grants.feasibility_pot == base.parameters.grants.feasibility_pot
    assert mine.places == base.places
    assert mine.change[:-1] == base.change
    assert mine.change[-1].set == {"talks.pace": 0.5}


def test_a_file_is_read_as_it_now_is_however_often(write):
    text = 'base = "norfolk-seven"\nquarters = 8\n[settlement]\npath = "path.csv"\n'
    path = write(text)
    first = load(path, sets=["talks.pace=0.5"])
    assert load(path) == load(path) != first
    assert load(path).parameters.settlement.path == str(path.parent / "path.csv")
    write(text.replace("8", "9"))
    assert load(path).quarters == 9


def test_bases_can_be_chained_and_the_nearest_file_wins(write):
    write('base = "norfolk"\nquarters = 8\n[talks]\npace = 0.5\nleak = 0.3\n', "one.toml")
    last = load(write('base = "one.toml"\n[talks]\nleak = 0.4\n', "two.toml"))
    assert (last.quarters, last.parameters.talks.pace, last.parameters.talks.leak) == (8, 0.5, 0.4)
    assert len(last.places.councils) == 17


def test_a_value_from_the_command_line_wins_over_the_file(write):
    path = write('base = "norfolk"\nquarters = 8\n[talks]\npace = 0.5\n')
    scenario = load(path, sets=["talks.pace=0.7", "tax.limits=none"], quarters=3)
    assert scenario.parameters.talks.pace == 0.7
    assert scenario.parameters.tax.limits == "none"
    assert scenario.quarters == 3


def test_a_fingerprint_does_not_tell_where_a_table_lies(write, tmp_path):
    for folder, growth in (("a", "-0.1"), ("b", "-0.1"), ("c", "0.2")):
        (tmp_path / folder).mkdir()
        write(f"year,growth\n2010,{growth}\n", f"{folder}/path.csv")
        write('base = "norfolk-seven"\n[settlement]\npath = "path.csv"', f"{folder}/mine.toml")
    one, moved, other = (load(tmp_path / f / "mine.toml").fingerprint() for f in "abc")
    assert one == moved
    assert one != other


def test_what_is_dated_after_the_end_is_said(write):
    path = write(
        'base = "norfolk-seven"\nquarters = 8\n'
        '[[change]]\nwhen = 2011-04-01\nset = { "talks.pace" = 0.5 }\n'
        '[[change]]\nwhen = 2011-03-31\nset = { "talks.pace" = 0.4 }\n'
    )
    assert load(path).beyond()[0] == "[[change]] of 2011-04-01"
    assert load(path, quarters=400).beyond() == []


UNDONE = {
    "a stance before the base's own": (
        '[[change]]\nwhen = 2010-01-01\nset = { "reorganisation.stance" = "mandated" }', (),
        ["reorganisation.stance is 'mandated' from 2010-01-01 only until 2010-07-01, when "
         "[[change]] in norfolk-seven sets it to 'voluntary'"],
    ),
    "a date in quotes": (
        '[[change]]\nwhen = "2010-01-01"\nset = { "reorganisation.stance" = "mandated" }', (),
        ["reorganisation.stance"],
    ),
    "a section": ("[grants]\nsetup_pot = 2.0", (), ["grants.setup_pot is 2.0 from 2009-04-01"]),
    "the command line": ("", ("grants.setup_pot=2",), ["only until 2011-04-01"]),
    "one's own later change": (
        '[[change]]\nwhen = 2012-01-01\nset = { "talks.pace" = 0.5 }', ("talks.pace=1",),
        ["talks.pace is 1.0 from 2009-04-01 only until 2012-01-01, when [[change]] in mine"],
    ),
    "on the same day": (
        '[[change]]\nwhen = 2010-07-01\nset = { "reorganisation.stance" = "mandated" }', (), []
    ),
    "set again on that day": (
        '[[change]]\nwhen = 2010-01-01\nset = { "reorganisation.stance" = "mandated" }\n'
        '[[change]]\nwhen = 2010-07-01\nset = { "reorganisation.stance" = "mandated" }', (), []
    ),
    "later than the base's own": (
        '[[change]]\nwhen = 2010-08-01\nset = { "reorganisation.stance" = "mandated" }', (), []
    ),
    "to the same value": (
        '[[change]]\nwhen = 2010-01-01\nset = { "reorganisation.stance" = "voluntary" }', (), []
    ),
    "of a run that ends before": ("quarters = 4\n[grants]\nsetup_pot = 2.0", (), []),
    "nothing": ("", (), []),
}  # fmt: skip


@pytest.mark.parametrize("what", UNDONE)
def test_what_a_later_change_undoes_is_said(write, what):
    text, sets, expected = UNDONE[what]
    path = write(f'base = "norfolk"\n{text}')
    found = undone(load(path, sets=sets), path, sets=sets)
    assert len(found) == len(expected)
    assert all(words in told for words, told in zip(expected, found, strict=True))


@pytest.mark.parametrize("name", sorted(shipped()))
def test_nothing_is_undone_in_a_shipped_scenario(name):
    assert undone(load(name), name) == []


def test_a_bad_value_on_the_command_line_is_said_to_be_there():
    with pytest.raises(InputError, match=r"'--set': talks\.pace"):
        load("norfolk", sets=["talks.pace=7"])


def test_a_fingerprint_is_of_what_decides_the_results(write):
    plain = load("norfolk")
    retitled = load(write('base = "norfolk"\ntitle = "Another"\n'))
    other = load("norfolk", sets=["talks.pace=0.7"])
    assert retitled.fingerprint() == plain.fingerprint()
    assert other.fingerprint() != plain.fingerprint()


def test_a_quarter_begins_on_its_first_day():
    scenario = load("norfolk")
    for quarter in range(40):
        day = scenario.first_day(quarter)
        assert scenario.quarter_of(day) == quarter
        assert scenario.quarter_of(day.replace(day=28)) == quarter


def test_a_dated_change_is_in_force_from_its_quarter_on(write):
    path = write('base = "norfolk"\n[[change]]\nwhen = 2010-04-01\nset = { "talks.pace" = 0.5 }\n')
    theory = prepare(load(path)).theory
    assert set(theory["talks_pace"][:4]) == {load("norfolk").parameters.talks.pace}
    assert set(theory["talks_pace"][4:]) == {0.5}


def test_a_funding_path_of_ones_own_multiplies_the_settlement(write):
    write("year,growth\n2010,-0.5\n2011,0.0\n2012,0.1\n", "path.csv")
    ready = prepare(load(write('base = "norfolk"\n[settlement]\npath = "path.csv"\n')))
    path = ready.blank.paths[int(ready.theory[0].settlement_path)]
    assert path[:, 1] / path[:, 0] == pytest.approx(0.5)
    assert path[:, 2] / path[:, 0] == pytest.approx(0.5)
    assert path[:, 3] / path[:, 0] == pytest.approx(0.55)
    assert path[:, 0] == pytest.approx(ready.blank.paths[0, :, 0])


BAD = {
    "not TOML": ("quarters = = 3", "not TOML"),
    "not UTF-8": (b'title = "Caf\xe9"', "UTF-8"),
    "unknown section": ("[tolks]\npace = 0.5", "did you mean 'talks'"),
    "unknown number": ("[talks]\npaces = 0.5", "did you mean 'talks.pace'"),
    "unknown top key": ("quarter = 5", "did you mean 'quarters'"),
    "unknown number in a change": (
        '[[change]]\nwhen = 2010-04-01\nset = { "talks.pase" = 0.5 }', "did you mean 'talks.pace'"
    ),
    "unknown section in a change": (
        '[[change]]\nwhen = 2010-04-01\nset = { "tolks.pace" = 0.5 }', "did you mean 'talks'"
    ),
    "unknown key of places": ('[places]\ntabel = "england"', "did you mean 'table'"),
    "unknown key of a council": (
        '[[council]]\ncouncil = "Norwich"\nautonmy = 0.5', "did you mean 'autonomy'"
    ),
    "wrong type": ('[talks]\npace = "fast"', r"talks.pace.*number from 0 to 1.*'fast'"),
    "a section that is no table": ("talks = 3", "must be a table"),
    "a table where there are many": ('[change]\nwhen = 2010-04-01', "double brackets"),
    "out of range": ("[talks]\npace = 1.5", r"talks.pace: it must be a number from 0 to 1 .*: 1.5"),
    "below the range": ("[talks]\npace = -0.5", r"talks.pace: .* number from 0 to 1 .*: -0.5"),
    "not a number": ("[talks]\npace = nan", "talks.pace: it must be a number from 0 to 1.*nan"),
    "infinite": ("[search]\nfashion = inf", "search.fashion"),
    "out of range in a change": (
        '[[change]]\nwhen = 2010-04-01\nset = { "talks.pace" = 2 }', "2010-04-01.*pace: .*0 to"
    ),
    "a change without settings": ("[[change]]\nwhen = 2010-04-01\nset = 5", "set"),
    "a change without a date": ('[[change]]\nset = { "talks.pace" = 0.5 }', "when"),
    "a change before the start": (
        '[[change]]\nwhen = 2008-04-01\nset = { "talks.pace" = 0.5 }', "2008-04-01.*start"
    ),
    "a happening before the start": (
        '[[happening]]\nwhen = 2008-04-01\ncouncil = "Norwich"\nwhat = "chief_executive_leaves"',
        "happening.*2008-04-01.*start",
    ),
    "an order before the start": (
        '[[order]]\nwhen = 2008-04-01\ncode = "X"\nname = "X"\ncouncils = ["Norwich"]',
        "order.*2008-04-01.*start",
    ),
    "no quarters": ("quarters = 0", "quarters: it must be a whole number from 1 to 400.*given: 0"),
    "too many quarters": ("quarters = 401", "quarters.*400"),
    "true quarters": ("quarters = true", "quarters: it must be a whole number.*given: True"),
    "a true number": ("[grants]\nsetup_pot = true", "grants.setup_pot: it must be a number.*True"),
    "a true number in a change": (
        '[[change]]\nwhen = 2010-04-01\nset = { "talks.pace" = false }', "2010-04-01.*pace.*False"
    ),
    "a true number of councils": ('[places]\nnumber = true', "places.number: it must be.*True"),
    "a true axis of culture": (
        '[[council]]\ncouncil = "Norwich"\nculture = [true, 0.5, 0.5, 0.5]', "culture.*True"
    ),
    "a council among those of its base": (
        '[[council]]\ncouncil = "Norwich"\nculture = [0.5, 0.5, 1.5, 0.5]',
        r"\[\[council\]\] Norwich: culture, number 3: it must be a number from 0 to 1 .*1\.5",
    ),
    "a pair among those of its base": (
        '[[pair]]\nbetween = ["Norwich", "Boston"]\ntrust = 2', "Norwich and Boston: trust: .*0 to"
    ),
    "a happening among those of its base": (
        '[[happening]]\nwhen = 2010-04-01\ncouncil = "Boston"\nwhat = "snow"',
        r"\[\[happening\]\] 2010-04-01, Boston: what: .*'snow'",
    ),
    "a nameless one among those of its base": (
        "[[council]]\nautonomy = 0.5", "number .*, those of its base counted: council"
    ),
    "a fixed limit without its law": ("[tax]\nfixed_limit = 0.03", "tax.limits is 'fixed'"),
    "a share below nought": (
        '[[council]]\ncouncil = "Norwich"\nreserves = -1', "reserves: it must be a number from 0 up"
    ),
    "an unknown stance": ('[reorganisation]\nstance = "maybe"', "stance.*'voluntary'"),
    "a culture of three axes": (
        '[[council]]\ncouncil = "Norwich"\nculture = [0.5, 0.5, 0.5]', "culture.*4"
    ),
    "a share above one": ('[[council]]\ncouncil = "Norwich"\nautonomy = 1.5', "autonomy"),
    "a base that is no name": ("base = 3", "base must be"),
    "an unknown base": ('base = "norfok"', "did you mean 'norfolk'"),
    "a base that leads back": ('base = "mine.toml"', "leads back"),
}  # fmt: skip


def whole(text):
    """Return a file that says which councils take part, if this one does not."""
    says = isinstance(text, bytes) or "base" in text or "[places]" in text
    return text if says else f'base = "norfolk"\n{text}'


def one_sentence(error):
    text = str(error.value)
    assert "\n" not in text
    assert len(text) > 20
    return text


@pytest.mark.parametrize("what", BAD)
def test_a_mistake_in_a_file_is_answered_in_one_sentence(write, what):
    text, words = BAD[what]
    with pytest.raises(InputError) as error:
        load(write(whole(text)))
    assert re.search(words, one_sentence(error))


def orders_of(*parts):
    """Return a file in which orders of some dates take over some shares of Norfolk's county."""
    text = '[places]\ncounties = ["Norfolk"]\n'
    parts = zip(parts, ("Norwich", "Breckland"), ("Norfolk", "E10000020"), strict=False)
    for (when, share), council, county in parts:
        text += f'[[order]]\nwhen = {when}\ncode = "{council}"\nname = "New {council}"\n'
        text += f'councils = ["{council}"]\ncounty = "{county}"\nshare = {share}\n'
    return text


UNUSABLE = {
    "an unknown council": ('[places]\ncouncils = ["Norwch"]', "did you mean 'Norwich'"),
    "a council named twice": ('[places]\ncouncils = ["Norwich", "norwich"]', "twice"),
    "one council only": ('[places]\ncouncils = ["Norwich"]', "at least two"),
    "no council at all": ('[places]\ntiers = ["london"]\ncounties = ["Norfolk"]', "at least two"),
    "an unknown tier": ('[places]\ntiers = ["districts"]', "did you mean 'district'"),
    "an unknown county": ('[places]\ncounties = ["Norflok"]', "did you mean 'Norfolk'"),
    "an unknown county under review": ('reviewed = ["Norflok"]', "did you mean 'Norfolk'"),
    "an unknown table": ('[places]\ntable = "wales"', "england, synthetic"),
    "a missing table": ('[places]\ntable = "none.csv"', "there is no file"),
    "an unknown funding path": ('[settlement]\npath = "histroy"', "history, flat"),
    "a missing funding path": ('[settlement]\npath = "none.csv"', "there is no file"),
    "a start in autumn": ("start = 2010-10-01\n[places]", "1 April"),
    "a start too early": ("start = 2008-04-01", "1 April, of 2009"),
    "facts of an unknown council": (
        '[[council]]\ncouncil = "Norwch"\nvacant = true', "did you mean 'Norwich'"
    ),
    "a pair of one": ('[[pair]]\nbetween = ["Norwich", "Norwich"]\ntrust = 0.5', "two councils"),
    "a pair with a stranger": ('[[pair]]\nbetween = ["Norwich", "Norwch"]\ntrust = 0.5', "Norwich"),
    "an unknown scope": (
        '[[partnership]]\nscope = "legl"\nsince = 2007-04-01\ncouncils = ["Norwich", "Breckland"]',
        r"mine\.toml'.*Norwich and Breckland.*'legl'; did you mean 'legal'",
    ),
    "a partnership with oneself": (
        '[[partnership]]\nscope = "legal"\nsince = 2007-04-01\ncouncils = ["Norwich", "Norwich"]',
        "twice",
    ),
    "a partnership of the future": (
        '[[partnership]]\nscope = "legal"\nsince = 2011-04-01\ncouncils = ["Norwich", "Breckland"]',
        "before the start",
    ),
    "two partnerships of one kind": (
        '[[partnership]]\nscope = "legal"\nsince = 2007-04-01\ncouncils = ["Norwich", "Boston"]\n'
        '[[partnership]]\nscope = "legal"\nsince = 2008-04-01\ncouncils = ["Norwich", "Broadland"]',
        "Norwich is in two partnerships",
    ),
    "something that happens to a stranger": (
        '[[happening]]\nwhen = 2010-04-01\ncouncil = "Norwch"\nwhat = "chief_executive_leaves"',
        "did you mean 'Norwich'",
    ),
    "shares of a county that leave some of it": (
        orders_of(("2010-04-01", 0.5), ("2010-04-01", 0.4)), "Norfolk .*to 0.9; .*must be 1: add an"
    ),
    "a share that leaves some of its county": (orders_of(("2010-04-01", 0.5)), "add up to 0.5"),
    "shares of a county that are more than all of it": (
        orders_of(("2010-04-01", 1.0), ("2010-04-01", 1.0)), "add up to 2; .*make them smaller"
    ),
    "a county that is abolished twice": (
        orders_of(("2010-04-01", 0.5), ("2010-07-01", 0.5)),
        "Norfolk .*on 2010-04-01 and 2010-07-01.*one date",
    ),
    "an order for a stranger": (
        '[[order]]\nwhen = 2010-04-01\ncode = "X"\nname = "X"\ncouncils = ["Norwch"]',
        "did you mean 'Norwich'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", UNUSABLE)
def test_what_does_not_exist_is_answered_in_one_sentence(write, what):
    text, words = UNUSABLE[what]
    with pytest.raises(InputError) as error:
        prepare(load(write(whole(text))))
    assert re.search(words, one_sentence(error))


TABLES = {
    "a duplicate code": (rows({}, {"code": "C0"}, {}), "line 3.*'C0'.*line 2"),
    "no code": (rows({}, {"code": ""}), "line 3.*code is empty"),
    "a negative population": (rows({}, {"people": -5}), "line 3.*population is -5"),
    "a population in words": (rows({}, {"people": "many"}), "line 3.*'many'.*population"),
    "an infinite population": (rows({}, {"people": "inf"}), "line 3.*finite"),
    "an unknown tier": (rows({}, {"tier": "borough"}), "line 3.*'borough'.*district"),
    "no rows": (HEADER, "no rows"),
    "nothing": ("", "no rows"),
    "a missing column": (rows({}, {}).replace("population", "people"), "'population' is missing"),
    "no names": (
        rows({}, {}).replace("code,name", "code,title"),
        "line 1: the column 'name' is missing.*'title'",
    ),
    "a short row": (rows({}, {}) + "C9,Short,district,Here\n", "line 4.*4 fields.*header 16"),
    "a long row": (rows({}, {}) + rows({"code": "C9"})[len(HEADER) : -1] + ",7\n", "line 4.*17 f"),
    "a column twice": (
        rows({}, {}).replace("population", "band_d"),
        "column 'band_d' stands twice.*keep one",
    ),
    "a name twice": (
        rows({}, {}, {}).replace("C2 Town", "c0 town"),
        "line 4: name 'c0 town'.*line 2.*differ",
    ),
    "a huge population": (rows({}, {"people": 1e300}), r"line 3.*1e\+300.*between 1 and 1e\+09"),
    "a place on the moon": (rows({}, {"x": 384400}), "easting_km is 384400.*-20,000 and 20,000"),
    "a party of one's own": (
        with_control("LAB", "XYZ"),
        "line 3: control_2010 is 'XYZ'; allowed are CON, LAB",
    ),
    "a calendar of one's own": (
        with_columns("elections,elections_year", ["whole,2011", "quarters,2011"]),
        "line 3: elections is 'quarters'; allowed are whole, thirds, halves",
    ),
    "a calendar without a year": (
        with_columns("elections,elections_year", ["whole,2011", "thirds,"]),
        "line 3: elections is 'thirds' and elections_year ''; give both or neither",
    ),
    "not CSV": (rows({}, {}).replace("C1 Town", "x" * 200_000), "not a CSV table"),
    "not UTF-8": (rows({}, {}).replace("C1 Town", "Café").encode("latin-1"), "UTF-8"),
    "one council": (rows({}), "at least two"),
}


@pytest.mark.parametrize("what", TABLES)
def test_a_mistake_in_a_table_names_its_line(write, what):
    text, words = TABLES[what]
    write(text, "own.csv")
    with pytest.raises(InputError) as error:
        prepare(load(write('[places]\ntable = "own.csv"\n')))
    assert re.search(words, one_sentence(error))


def test_a_table_of_ones_own_is_read(write):
    write(rows({}, {}, {}), "own.csv")
    ready = prepare(load(write('[places]\ntable = "own.csv"\n')))
    assert sorted(ready.table.name) == ["C0 Town", "C1 Town", "C2 Town"]


def test_parties_may_be_written_in_any_case(write):
    write(with_control("con", "Lab", " ", "NOC "), "own.csv")
    table = prepare(load(write('[places]\ntable = "own.csv"\n'))).table
    known = dict(zip(table.code, table.control_known.tolist(), strict=True))
    assert known == {"C0": 0, "C1": 1, "C2": -1, "C3": 3}


PATHS = {
    "growth in words": ("year,growth\n2010,much\n", "line 2.*'much'"),
    "growth in percent": ("year,growth\n2010,0.1\n2011,-12\n", "line 3.*between -0.9 and 5"),
    "a year twice": ("year,growth\n2010,0.1\n2011,0\n2010,0.2\n", "line 4.*2010.*twice"),
    "half a year": ("year,growth\n2010.5,0.1\n", "line 2.*2010.5.*whole"),
    "no years": ("year,growth\n", "no rows.*one row a year"),
    "no growth": ("year,change\n2010,0.1\n", "'growth' is missing"),
}


@pytest.mark.parametrize("what", PATHS)
def test_a_mistake_in_a_funding_path_names_its_line(write, what):
    text, words = PATHS[what]
    write(text, "own.csv")
    with pytest.raises(InputError) as error:
        prepare(load(write('base = "norfolk"\n[settlement]\npath = "own.csv"\n')))
    assert re.search(words, one_sentence(error))


@pytest.mark.parametrize("text", ["", 'title = "Mine"', "quarters = 8\n[talks]\npace = 0.5"])
def test_a_file_that_does_not_say_which_councils_is_refused(write, text):
    write(text, "own.toml")
    for path in (write(text), write('base = "own.toml"', "top.toml")):
        with pytest.raises(InputError) as error:
            load(path)
        assert re.search(r'write base = "norfolk".*\[places\]', one_sentence(error))
    assert len(prepare(load(write("[places]"))).table.code) == 353


@pytest.mark.parametrize("name", ["norflok", "missing.toml", "", "nowhere/missing.toml"])
def test_a_scenario_that_is_not_there_is_an_error(name):
    with pytest.raises(InputError) as error:
        load(name)
    assert "there is no scenario" in one_sentence(error)


@pytest.mark.parametrize("text", ["talks.pace", "pace=1", "a.b.c=1", "=1", "talks.pase=1"])
def test_a_setting_that_cannot_be_read_is_an_error(text):
    with pytest.raises(InputError) as error:
        load("norfolk", sets=[text])
    assert "--set" in one_sentence(error)


def test_a_number_that_is_set_twice_is_an_error():
    with pytest.raises(InputError, match=r"--set 'talks.pace=0.5': talks.pace is given twice"):
        load("norfolk", sets=["talks.pace=0.4", "talks.leak=0.1", "talks.pace=0.5"])


@pytest.mark.parametrize("quarters", [0, 401])
def test_quarters_that_cannot_be_are_not_blamed_on_the_file(quarters):
    with pytest.raises(InputError, match=f"^quarters is {quarters}: .* from 1 to 400"):
        load("norfolk", quarters=quarters)


def test_the_schema_knows_every_section_and_every_number():
    made = schema()
    assert made["additionalProperties"] is False
    names = {number.name for number in declarations()}
    found = set()
    for section, entry in made["properties"].items():
        if "." in section or "$ref" not in json.dumps(entry):
            continue
        reference = re.search(r'"#/\$defs/(\w+)"', json.dumps(entry)).group(1)
        fields = made["$defs"][reference]["properties"]
        found |= {f"{section}.{field}" for field in fields}
    assert names <= found


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_the_schema_holds_for_every_shipped_scenario(path):
    tree = tomllib.loads(path.read_text(encoding="utf-8"))
    made = schema()
    assert set(tree) <= set(made["properties"])
    if importlib.util.find_spec("jsonschema"):
        import jsonschema

        jsonschema.validate(json.loads(json.dumps(tree, default=str)), made)


def test_shares_of_a_county_may_miss_one_by_a_rounding(write):
    third = round(1 / 3, 12)
    text = orders_of(("2010-04-01", third), ("2010-04-01", 2 * third))
    few = 'councils = ["Norwich", "Breckland", "E10000020"]'
    text = text.replace('counties = ["Norfolk"]', few)
    assert len(prepare(load(write(text))).orders) == 2


def test_a_scenario_cannot_be_changed_by_accident():
    scenario = load("norfolk")
    with pytest.raises(ValueError, match="frozen"):
        scenario.quarters = 3
    with pytest.raises(ValueError, match="frozen"):
        scenario.parameters.talks.pace = 0.1
    assert isinstance(scenario, Scenario)


def test_a_table_that_is_edited_in_place_is_read_again(write):
    table = write("year,growth\n2010,-0.1\n", "path.csv")
    mine = write('base = "norfolk-seven"\nquarters = 8\n[settlement]\npath = "path.csv"')
    before = simulate(mine, seed=1).final["budget"]
    table.write_text("year,growth\n2010,0.2\n", encoding="utf-8")
    assert simulate(mine, seed=1).final["budget"] > before


def test_a_document_that_dates_a_change_before_the_start_is_refused():
    document = load("norfolk-seven").document()
    document["change"] = [{"when": "2009-02-01", "set": {"talks.pace": 0.9}}]
    with pytest.raises(InputError, match="lies before the start"):
        from_document(document)
