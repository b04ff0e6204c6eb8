"""A report speaks plainly: orders, policies, words of the trade, misses, who made it and when."""

from __future__ import annotations

import re
import shutil
import tomllib
from datetime import date
from pathlib import Path

import pytest

from experiments.patterns import PATTERNS, Row, validated
from experiments.reports.contents import assumptions
from experiments.reports.first_use import FirstUse
from experiments.reports.imprint import HOLDERS, LICENCE, Stamp, imprint, stamp
from experiments.reports.misses_told import apart, misses_told
from experiments.reports.orders_told import CHOICES, facts_words, number_words
from experiments.reports.places import folder_of
from experiments.reports.policies_told import differences, told
from experiments.reports.report import contents_of, page, report
from experiments.reports.words import value_words
from experiments.reports.words_told import WORDS, words_told
from experiments.stored.provenance import version_of_program
from sim.declared.parameters import declarations
from sim.declared.scenario import load
from sim.errors import InputError
from sim.identity import code_fingerprint

ROOT = Path(__file__).parents[1]
PLANS = ROOT / "experiments" / "plans" / "policies"
SHIPPED = [*sorted(PLANS.glob("*.toml")), *sorted((ROOT / "experiments/policies").glob("*.toml"))]
ORDERS = """
base = "norfolk-seven"
quarters = 32

[[order]]
when = 2013-04-01
announced = 2011-04-01
code = "X01"
name = "City and Fringe"
councils = ["E07000148"]
parts = [{ council = "Broadland", share = 0.6 }]

[[order]]
when = 2013-04-01
announced = 2011-04-01
code = "X02"
name = "North"
councils = ["North Norfolk"]
parts = [{ council = "Broadland", share = 0.4 }]

[[order]]
when = 2016-05-15
code = "X03"
name = "City and North"
councils = ["City and Fringe", "X02"]

[[happening]]
when = 2010-04-01
council = "Norwich"
what = "control_changes"
control = "LD"

[[happening]]
when = 2010-04-01
council = "Breckland"
what = "chief_executive_leaves"
"""


def test_an_order_says_who_becomes_what_when_and_what_becomes_of_the_county():
    assert facts_words(load(str(PLANS / "two.toml")))[0] == (
        "From 1 April 2013 (known from 1 April 2011) Broadland, Norwich and South Norfolk become "
        "one council, Greater Norwich, by order of government. The county council of Norfolk is "
        "abolished on that day, and 50% of what it does passes to Greater Norwich."
    )
    assert "and all of what it does passes" in facts_words(load(str(PLANS / "one.toml")))[0]


def test_orders_on_parts_and_on_new_councils_are_told_by_name(tmp_path):
    (tmp_path / "orders.toml").write_text(ORDERS, encoding="utf-8")
    said = facts_words(load(str(tmp_path / "orders.toml")))
    assert said[0].startswith(
        "From 1 April 2013 (known from 1 April 2011) Norwich and 60% of Broadland become one "
        "council, City and Fringe, by order"
    )
    # The model takes a day as the first of its quarter, and says so.
    assert said[2] == (
        "From 15 May 2016 (in the model 1 April 2016) City and Fringe and North become one "
        "council, City and North, by order of government."
    )
    assert "On 1 April 2010 control of Norwich passes to the Liberal Democrats." in said
    assert "On 1 April 2010 the chief executive of Breckland leaves." in said


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_policy_that_is_shipped_is_told_without_toml(path):
    said = told(load("norfolk"), load(str(path)))
    assert said != "Nothing." and said.endswith(".")
    assert not re.search(r"\[|\]|=|\d{4}-\d\d-\d\d|0 no, 1 yes|None|\bTrue\b", said)
    for each in re.findall(r"\(([a-z_]+\.[a-z_]+)[):]", said):
        assert any(declared.name == each for declared in declarations())


def test_a_change_says_what_it_replaces_with_units_and_says_so_where_it_changes_nothing():
    said = differences(load("norfolk"), load(str(ROOT / "experiments/policies/set-up-grants.toml")))
    assert said[0] == (
        "From 1 April 2010: “what is there each year to pay for setting up” (grants.setup_pot): "
        "2 million pounds a year; before: 0.25 million pounds a year"
    )
    assert said[1].endswith("(grants.setup_share): 50% of the set-up cost, as before")
    # The second day of the same number is after norfolk's own end of it.
    assert said[-1].startswith("From 1 April 2011: ") and said[-1].endswith(
        "before: 0 million pounds a year"
    )


def test_every_word_that_a_number_may_be_is_told_in_a_sentence():
    for declared in declarations():
        if declared.words:
            assert set(declared.words) <= set(CHOICES[declared.name])
    assert "one council for each county" in number_words("reorganisation.stance", "mandated")
    assert CHOICES["settlement.path"].keys() == {"history", "flat"}  # and a file's name


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("grants.setup_share", 0.5, "50% of the set-up cost"),
        ("settlement.shock", -0.1, "-10% of the settlement"),
        ("settlement.depth", 2.0, "2 times each year's change"),
        ("grants.exit_required", 1.0, "yes"),
        ("support.matchmaking", 1.0, "1 (strength, 0 to 1)"),
        ("reorganisation.notice", 4.0, "4 years"),
        ("settlement.path", "my/own-path.csv", "own path"),
    ],
)
def test_a_value_is_told_with_its_unit(name, value, said):
    assert value_words(name, value) == said


def test_every_default_can_be_told():
    for declared in declarations():
        assert value_words(declared.name, declared.default)


def test_what_a_scenario_lays_down_is_told_in_its_report():
    first, _ = assumptions(load(str(PLANS / "three.toml")))
    facts = next(table for table in first if table.title == "What is assumed of named councils")
    assert facts.rows[0][0].startswith("From 1 April 2013")
    dated = next(t for t in assumptions(load("norfolk"))[0] if "at a date" in t.title)
    assert dated.rows[0] == [
        "1 July 2010",
        "government hears councils that propose to merge (reorganisation.stance: voluntary)",
    ]


def test_a_number_is_said_in_words_where_it_is_first_named_and_only_there():
    first = FirstUse()
    said = first.say(["With talks.leak at 1, and talks.leak at 2.", "By talks.leak; see a.b."])
    assert said[0].count("” (talks.leak)") == 1 and said[0].startswith("With “")
    assert said[1] == "By talks.leak; see a.b."
    other = FirstUse()
    other.note("Over “something” (talks.leak), and talks.pace?")
    assert other.say(["talks.leak; talks.pace"])[0].startswith("talks.leak; “")


def test_a_word_of_the_trade_is_explained_where_it_is_used_and_no_other():
    found = [word.word for word in words_told(["The net saving of replicate 3 (Bonferroni)."])]
    assert found == ["Net saving", "Promised, reported and true saving", "Replicate", "Bonferroni"]
    assert words_told(["Nothing of the kind."]) == []
    assert words_told(["Public net saving."])[0].word == "Public net saving"
    told_of = words_told(["Luck and assumptions: 3.", "What turns it: assumptions of the plan."])
    assert [word.word for word in told_of] == ["Luck", "Assumptions"]
    assert words_told(["Whose assumptions, of the plan?"]) == []
    wider = ("Promised, reported and true saving", "Assumptions")  # of what else is called so
    for word in WORDS:
        assert re.search(word.pattern, word.word, re.IGNORECASE) or word.word in wider
        assert word.meaning.endswith(".")


def test_what_is_missed_and_bears_on_an_outcome_is_told_with_both_numbers():
    rows = {row.number: row for row in validated().rows}
    told_ = misses_told(["net_saving"], validated().code)
    (table,) = told_.tables
    bearing = {n for n, each in PATTERNS.items() if "net_saving" in each.measures}
    missed = [n for n in bearing if not rows[n].within]
    assert missed and len(table.rows) == len(missed)
    for cells in table.rows:
        number = re.search(r"\((K\d+)\)$", cells[0])[1]
        assert cells[1] == rows[number].target
        assert cells[2] == f"{rows[number].model}: {apart(rows[number])}"
        assert cells[3] == PATTERNS[number].bears
    assert (
        f"It misses {sum(not row.within for row in rows.values())} of them." in (told_.sentences[0])
    )
    assert len(told_.sentences) == 1
    assert "other rules" in misses_told(["net_saving"], "another")[0][1]


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (("met", "lower"), "first met, second lower than England"),
        (("met", "higher", "met"), "first and third met, second higher than England"),
        (("higher", "lower", "met"), "third met, second lower, first higher than England"),
        (("lower", "lower"), "lower than England"),
        ((), "lower than England"),
    ],
)
def test_of_several_numbers_those_that_are_met_are_told(parts, told):
    assert apart(Row("K18", "≥ 60%; ≥ 50%", "68%; 17%", "lower", False, parts)) == told


def test_the_founding_story_is_judged_number_by_number():
    assert PATTERNS["K18"].judged([0.68, 0.17]) == ("met", "lower")
    assert PATTERNS["K14"].judged([3.1, 2.9, 2.0, 2.45, 2.4])[:3] == ("met", "higher", "lower")
    (row,) = [row for row in validated().rows if row.number == "K18"]
    assert row.parts == ("met", "lower") and not row.within  # 69% and 44%


def test_how_many_patterns_bear_is_told_as_one_speaks():
    def said(*outcomes: str) -> str:
        return misses_told(outcomes, code_fingerprint()).sentences[0]

    met = [row.number for row in validated().rows if row.within]
    single = next(
        name for number in met for name in PATTERNS[number].measures
        if sum(name in PATTERNS[each].measures for each in met) == 1
    )  # fmt: skip
    assert "one bears on this outcome (K" in said(single)
    assert "bear on these outcomes (K" in said("net_saving", "talks_failed")
    assert "none bears on these outcomes" in said("trust", "trust")


def test_a_number_within_a_command_is_left_as_it_is_typed():
    typed = "With --set tax.limits=none it is another; tax.limits alone is told."
    said = FirstUse().say(["councils compare norfolk --set tax.limits=none", typed])
    assert said[0] == "councils compare norfolk --set tax.limits=none"
    assert said[1].startswith("With --set tax.limits=none it is another; “")


def test_an_outcome_that_nothing_is_held_against_says_so():
    told_ = misses_told(["trust"], code_fingerprint())
    assert told_.tables == []
    assert "none bears on this outcome" in told_.sentences[0]
    assert told_.sentences[0].endswith("None of those that it misses does.")


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from experiments.runs.experiment import Experiment
    from experiments.runs.result import Delivery, run

    folder = tmp_path_factory.mktemp("results") / "run"
    scenario = load("norfolk-seven", quarters=4)
    run(Experiment(scenario, 1, 2), Delivery(folder), lambda doing, done: None)
    return folder


@pytest.mark.parametrize("short", [False, True])
def test_both_forms_say_when_by_whom_and_with_what_they_were_made(result, short):
    contents = contents_of(result)
    said = stamp("A. Name, Norwich", "2026-12-01", short=short)
    html = page(contents, result, said)
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    started = date.fromisoformat(contents.origin.started[:10])
    for text in (f"{started.day} ", f"{started.year} (UTC", "1 December 2026", "A. Name, Norwich",
                 contents.origin.fingerprint, contents.origin.code, contents.origin.commit,
                 f"council-partnering {version_of_program()}", "MIT licence"):  # fmt: skip
        assert text in plain
    assert ("--short" in plain) is short
    assert '--author "A. Name, Norwich" --date 2026-12-01'.replace('"', "&#34;") in html
    silent = page(contents, result, Stamp(short=short))
    assert "A. Name" not in silent and "Author" not in silent and "byline" not in (
        silent.split("</style>")[1]
    )  # fmt: skip
    assert silent == page(contents_of(result), result, Stamp(short=short))


def test_the_date_of_a_result_is_its_own_and_not_that_of_the_clock(result):
    contents = contents_of(result)
    old = contents._replace(origin=contents.origin._replace(started="2019-02-03T23:59:00+00:00"))
    rows = dict(imprint(old, Stamp()).rows)
    assert rows["Result made on"].startswith("3 February 2019")
    gone = contents._replace(origin=contents.origin._replace(started=""))
    assert "does not say" in dict(imprint(gone, Stamp()).rows)["Result made on"]


def test_the_author_is_never_markup(result):
    html = page(contents_of(result), result, Stamp("<b>N</b>"))
    assert "<b>N" not in html and "&lt;b&gt;N" in html


def test_the_licence_is_what_the_project_declares():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == LICENCE
    assert HOLDERS in (ROOT / "LICENSE").read_text(encoding="utf-8")
    sources = (ROOT / "sim" / "country" / "data" / "SOURCES.md").read_text(encoding="utf-8")
    assert "Open Government Licence v3.0" in sources


def test_who_says_no_date_is_told_how(result):
    with pytest.raises(InputError, match="--date 2026-11-30"):
        stamp(None, "1 December", short=False)
    for given in ("29/11/2026", "29 November 2026"):
        with pytest.raises(InputError, match="--date 2026-11-29"):  # the day that was meant
            stamp(None, given, short=False)
    with pytest.raises(InputError, match="the author is empty"):
        stamp("  ", None, short=False)


def test_a_report_of_a_result_made_elsewhere_names_the_command_that_makes_it_again(result):
    html = report(result, said=Stamp(short=True)).file.read_text(encoding="utf-8")
    assert "councils report run --short" in html and "run is the folder" in html


@pytest.mark.parametrize(
    ("folder", "commands", "named"),
    [
        ("results/p-on-england", ["councils sweep p --scenario england"], "results/p-on-england"),
        ("results/p-shard-1-of-2", ["councils sweep p --shard 1/2"], "results/p-shard-1-of-2"),
        ("elsewhere/p", ["councils sweep p"], "p"),
        ("elsewhere/p", ["councils run norfolk --out old/p"], "old/p"),
        ("elsewhere/moved", ["councils run norfolk --out old/p"], "moved"),
    ],
)
def test_the_folder_of_a_report_is_the_real_one(result, tmp_path, folder, commands, named):
    place = tmp_path / folder
    shutil.copytree(result, place)
    assert folder_of(place, commands) == named
