"""A scenario file as people write it: read as it is meant, or told the very line to write."""

import re

import pytest

from sim.declared.scenario import load
from sim.declared.written import day_meant, number_meant
from sim.errors import InputError

CHANGE = 'base = "norfolk"\n[[change]]\nwhen = {}\nset = {{ "talks.pace" = 0.5 }}\n'
FACT = 'base = "norfolk"\n[[council]]\ncouncil = "Norwich"\n{}\n'
LINES = {
    "a British date": (CHANGE.format("01/04/2010"), "when = 2010-04-01"),
    "a date with points": (CHANGE.format("1.4.2010"), "when = 2010-04-01"),
    "a date in words": (CHANGE.format("1 April 2010"), "when = 2010-04-01"),
    "a date in short": (CHANGE.format("1st Apr 2010"), "when = 2010-04-01"),
    "a date of few figures": (CHANGE.format("2010-4-1"), "when = 2010-04-01"),
    "a year of two figures": (CHANGE.format("13/4/12"), "when = 2012-04-13"),
    "a month": (CHANGE.format("2012-04"), "when = 2012-04-01"),
    "a day that a month has not": (CHANGE.format("2012-04-31"), "when = 2012-04-30"),
    "a party": (FACT.format("control = Conservative"), 'control = "CON"'),
    "thousands of pounds": ('base = "norfolk"\n[grants]\nsetup_pot = £13000k\n', "setup_pot = 13"),
    "less than nothing": ('base = "norfolk"\n[settlement]\nshock = (0.08)\n', "shock = -0.08"),
    "thousands": (FACT.format("reserves = 1,200"), "reserves = 1200"),
    "a unit": (FACT.format("reserves = £8.5m"), "reserves = 8.5"),
    "percent": (
        'base = "norfolk"\n[tax]\nfixed_limit = 3%\nlimits = "fixed"\n',
        "fixed_limit = 0.03",
    ),
    "a name without quotes": ("base = norfolk\n", 'base = "norfolk"'),
    "two words without quotes": (
        FACT.format("vacant = true").replace('"Norwich"', "South Norfolk"),
        'council = "South Norfolk"',
    ),
    "a word in capitals": (FACT.format("vacant = True"), "vacant = true"),
    "quotes of a word processor": ("base = \u201cnorfolk\u201d\n", 'base = "norfolk"'),
    "a colon": ("base: norfolk\n", 'base = "norfolk"'),
    "no equals sign": ('base = "norfolk"\n[talks]\npace 0.5\n', "pace = 0.5"),
    "a semicolon": ('base = "norfolk";\n', 'base = "norfolk"'),
}


def written(folder, text):
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("what", LINES)
def test_a_line_that_is_no_toml_is_told_as_it_should_be_and_then_is_right(tmp_path, what):
    text, line = LINES[what]
    with pytest.raises(InputError) as error:
        load(written(tmp_path, text))
    said = re.search(
        r"'.*own.toml' is not TOML: line (\d+) is '(.*)': write (.*?)(,? with.*)?$",
        str(error.value),
    )
    assert said is not None and said[3] == line
    lines = text.splitlines()
    assert lines[int(said[1]) - 1].strip() == said[2]
    lines[int(said[1]) - 1] = said[3]
    assert load(written(tmp_path, "\n".join(lines))).name == "own"


AMOUNTS = {
    "grants.setup_pot=2,000,000": "2, if pounds are meant (it is in million pounds a year)",
    "grants.setup_pot=2000000": "2, if pounds are meant (it is in million pounds a year)",
    "grants.setup_pot=2000": "2, if thousands of pounds are meant (it is in million pounds a year)",
    "grants.setup_pot=2000k": "2",
    "grants.feasibility_limit=50000": "0.05, if pounds are meant (it is in million pounds a deal)",
    "grants.setup_share=50": "0.5 for 50% (it is a share of the set-up cost)",
    "tax.fixed_limit=5": "0.05 for 5% (it is a share of Band D a year)",
    "settlement.shock=-10": "-0.1 for -10% (it is a share of the settlement)",
    "settlement.depth=20%": "1.2 for 20% more, or 0.2 for 20% of it (1 is no change)",
    "settlement.depth=20": "1.2 for 20% more, or 0.2 for 20% of it (1 is no change)",
}


@pytest.mark.parametrize("text", AMOUNTS)
def test_an_amount_in_another_unit_is_told_with_its_unit_and_what_to_write(text):
    with pytest.raises(InputError) as error:
        load("norfolk", sets=[text])
    assert str(error.value).endswith(f": write {AMOUNTS[text]}")
    key, better = text.split("=")[0], re.split("[ ,]", AMOUNTS[text])[0]
    fixed = ["tax.limits=fixed"] if key == "tax.fixed_limit" else []
    load("norfolk", sets=[f"{key}={better}", *fixed])


@pytest.mark.parametrize("text", ["grants.setup_pot=much", "search.fashion=900", "culture.mean=7"])
def test_where_nothing_is_seen_nothing_is_advised(text):
    with pytest.raises(InputError, match=r"\(given: [^)]*\)$"):
        load("norfolk", sets=[text])


def test_an_amount_that_is_no_toml_is_told_in_the_unit_of_its_section(tmp_path):
    text = 'base = "norfolk"\n[settlement]\ndepth = 20%\n'
    with pytest.raises(InputError, match=r"write depth = 1\.2 for 20% more, or 0\.2 for 20% of it"):
        load(written(tmp_path, text))
    text = 'base = "norfolk"\n[grants]\nsetup_pot = 2,000,000\n'
    with pytest.raises(InputError, match=r"write setup_pot = 2, if pounds are meant"):
        load(written(tmp_path, text))


def test_a_party_in_full_is_told_in_the_letters_that_are_allowed(tmp_path):
    with pytest.raises(InputError, match=r"'CON', .*\(given: 'Labour'\): write \"LAB\"$"):
        load(written(tmp_path, FACT.format('control = "Labour"')))


PATHS = {
    "letters": 'base = "norfolk"\n[settlement]\npath = "data\\own.csv"\n',
    "a tab": 'base = "norfolk"\n[settlement]\npath = "data\\table.csv"\n',
    "a new line": 'base = "norfolk"\n[settlement]\npath = "data\\new.csv"\n',
    "a table": '[places]\ntable = "data\\table.csv"\n',
    "in a change": 'base = "norfolk"\n[[change]]\nwhen = 2010-04-01\n'
    'set = { "settlement.path" = "data\\new.csv" }\n',
    "of a base": 'base = "data\\table.toml"\n',
}


@pytest.mark.parametrize("what", PATHS)
def test_backslashes_in_double_quotes_are_told_with_the_path_to_write(tmp_path, what):
    with pytest.raises(InputError) as error:
        load(written(tmp_path, PATHS[what]))
    better = re.search(r"data/(own|new|table)\.(csv|toml)", str(error.value))
    assert better is not None and "backslash in double quotes" in str(error.value)
    assert "\n" not in str(error.value) and "\t" not in str(error.value)
    again = re.sub(r"data\\\w+\.\w+", better[0], PATHS[what])
    if what != "of a base":
        load(written(tmp_path, again))


TOLD = {
    "a quoted British date": (CHANGE.format('"01/04/2010"'), "when: .*write 2010-04-01$"),
    "a quoted date in words": (CHANGE.format('"1 April 2010"'), "when: .*write 2010-04-01$"),
    "seconds since 1970": (CHANGE.format("1270080000"), "when: .*write 2010-04-01$"),
    "milliseconds": (CHANGE.format("1270080000000"), "when: .*write 2010-04-01$"),
    "a year": ('base = "norfolk"\nstart = 2010\n', "start: .*write 2010-04-01$"),
    "no date at all": (CHANGE.format("0"), "when: .* such as 2010-04-01 .*year-month-day"),
    "a truth for a date": (CHANGE.format("true"), "when: it must be a day"),
    "quoted thousands": (FACT.format('reserves = "1,200"'), "reserves: .*write 1200$"),
    "a quoted unit": (
        'base = "norfolk"\n[grants]\nsetup_pot = "0.5m"\n',
        "setup_pot: .*write 0.5$",
    ),
    "quoted percent": (FACT.format('autonomy = "40%"'), "autonomy: .*write 0.4$"),
    "a name for a list": ('[places]\ncouncils = "Norwich"\n', r'councils: .*write \["Norwich"\]$'),
    "a number as a table": (
        'base = "norfolk"\n[talks.pace]\nvalue = 0.5\n',
        r"write \[talks\], and beneath it pace =",
    ),
    "a dotted name in quotes": (
        'base = "norfolk"\n"talks.pace" = 0.5\n',
        r"write \[talks\], and beneath it pace = 0.5$",
    ),
    "a number without its section": (
        'base = "norfolk"\nfashion = 0.2\n',
        r"write \[search\], and beneath it fashion = 0.2$",
    ),
    "a number of another section": (
        'base = "norfolk"\n[talks]\nfashion = 0.2\n',
        r"it is of \[search\]: .*search.fashion$",
    ),
    "councils at the top": (
        'councils = ["Norwich"]\n',
        r'write \[places\], and beneath it councils = \["Norwich"\]$',
    ),
    "quarters beneath a section": (
        'base = "norfolk"\n[talks]\npace = 0.5\nquarters = 8\n',
        "above the first line in brackets",
    ),
    "a section twice in brackets": (
        'base = "norfolk"\n[[talks]]\npace = 0.5\n',
        r"write \[talks\] with single brackets",
    ),
    "a bracket too few": (
        'base = "norfolk"\n[[change]\n',
        r"line 2 is '\[\[change\]': write .*\[\[",
    ),
    "a quote too few": ('base = "norfolk\n', "line 1 is .*a quote is missing"),
    "braces on several lines": (
        CHANGE.format("2010-04-01").replace("{ ", "{\n").replace(" }", "\n}"),
        "line 4 .*on one line",
    ),
    "a key twice": ('base = "norfolk"\nbase = "norfolk"\n', "line 2 is .*keep one"),
    "a change of nothing": (
        'base = "norfolk"\n[[change]]\nwhen = 2010-04-01\nset = {}\n',
        r"\[\[change\]\] of 2010-04-01 sets nothing: .*or leave the \[\[change\]\] out",
    ),
    "a change without a set": (
        'base = "norfolk"\n[[change]]\nwhen = 2010-04-01\n',
        "of 2010-04-01 sets nothing",
    ),
    "a council of which nothing is said": (
        FACT.format(""),
        r"\[\[council\]\] Norwich says nothing",
    ),
    "a party of a chief executive": (
        'base = "norfolk"\n[[happening]]\nwhen = 2010-04-01\ncouncil = "Norwich"\n'
        'what = "chief_executive_leaves"\ncontrol = "LAB"\n',
        "control goes with control_changes only",
    ),
}


@pytest.mark.parametrize("what", TOLD)
def test_what_cannot_be_meant_otherwise_is_told_with_what_to_write(tmp_path, what):
    text, words = TOLD[what]
    with pytest.raises(InputError) as error:
        load(written(tmp_path, text))
    assert "own.toml" in str(error.value) and "\n" not in str(error.value)
    assert re.search(words, str(error.value)), str(error.value)


@pytest.mark.parametrize(
    "form",
    [
        "set = { talks.pace = 0.5, settlement.shock = -0.1 }",
        "[change.set]\ntalks.pace = 0.5\nsettlement.shock = -0.1",
        'set = { talks = { pace = 0.5 }, "settlement.shock" = -0.1 }',
    ],
)
def test_names_with_a_dot_outside_quotes_are_the_same_numbers(tmp_path, form):
    text = 'base = "norfolk"\n[[change]]\nwhen = 2010-04-01\n'
    quoted = 'set = { "talks.pace" = 0.5, "settlement.shock" = -0.1 }'
    meant = load(written(tmp_path, text + quoted))
    assert load(written(tmp_path, text + form)) == meant


def test_a_misspelt_name_outside_quotes_is_told_as_one_in_quotes_is(tmp_path):
    with pytest.raises(InputError, match=r"'talks.pase'; did you mean 'talks.pace'\?"):
        load(written(tmp_path, CHANGE.format("2010-04-01").replace('"talks.pace"', "talks.pase")))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,200", "1200"),
        ("1 200.5", "1200.5"),
        ("1.200,5", "1200.5"),
        ("0,5", "0.5"),
        ("0,125", "0.125"),
        ("0,402", "0.402"),
        ("-0,125", "-0.125"),
        ("0.125,5", ""),
        ("0125", "125"),
        (".5", "0.5"),
        ("2.", "2"),
        ("2000k", "2"),
        ("£13000k", "13"),
        ("£1.5bn", "1500"),
        ("500 thousand", "0.5"),
        ("(0.08)", "-0.08"),
        ("(£2.5m)", "-2.5"),
        ("\u22120.5m", "-0.5"),
        ("£2", "2"),
        ("12.5%", "0.125"),
        ("3 million pounds", "3"),
        ("0.5", ""),
        ("much", ""),
        ("", ""),
        ("1,2,3", ""),
    ],
)
def test_numbers_of_people(text, number):
    assert number_meant(text, millions=True) == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/12/2010", "2010-12-31"),
        ("12/31/2010", ""),
        ("1 Mai 2010", ""),
        ("2 of May", ""),
        ("29 February 2011", "2011-02-28"),
        ("2012-04-31", "2012-04-30"),
        ("2012-04", "2012-04-01"),
        ("2012-13", ""),
        ("13/4/12", "2012-04-13"),
        ("32/4/12", ""),
        ("5 ma 2010", ""),
        ("3rd June, 2012", "2012-06-03"),
    ],
)
def test_days_of_people(text, day):
    assert day_meant(text) == day
