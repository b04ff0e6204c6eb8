"""A run as a story to read, and the story of one council or of two: true, whole and short."""

import json
from functools import lru_cache

import pytest
from typer.testing import CliRunner

from experiments.__main__ import app
from sim import simulate
from sim.ready.kept import prepared
from sim.story import known_of, narrative
from sim.story.concerning import concerning
from sim.story.joining import follow
from sim.story.order import in_telling_order
from sim.story.short import SENTENCES, whole_story
from sim.story.wording import records
from sim.tables.batch import names_in

SOUTH, BRECKLAND, HOLLAND = "E07000149", "E07000143", "E07000140"
REPLICATES = (25, 40, 48, 7)
ENDS = ("ends", "talks_fail")


@lru_cache(maxsize=8)
def lived(replicate):
    run = simulate("norfolk", seed=1, replicate=replicate)
    return run.events, names_in(run), known_of(prepared("norfolk"))


def told(replicate, *codes):
    return whole_story(*lived(replicate), codes)


def rows_of(replicate, *codes):
    events, _, known = lived(replicate)
    rows = in_telling_order(follow(records(events), known))
    return concerning(rows, codes, known) if codes else rows


@pytest.mark.parametrize("replicate", REPLICATES)
@pytest.mark.parametrize("codes", [(), (BRECKLAND,), (BRECKLAND, SOUTH)])
def test_a_year_has_few_sentences_and_each_year_comes_once(replicate, codes):
    years = told(replicate, *codes).years
    assert [each.year for each in years] == sorted({each.year for each in years})
    assert all(1 <= len(each.sentences) <= SENTENCES for each in years)


def counted(sentences):
    """Return how many ends a year tells, one by one and summed up."""
    one = [said for said in sentences if "; main reason: " in said and (
        " end without an agreement" in said or " come to nothing" in said or ", ends after" in said
    )]  # fmt: skip
    summed = [said for said in sentences if said.startswith("Beside this, ")]
    many = 0
    for said in summed:
        words = said.replace(",", "").split()
        many += sum(int(words[k - 1]) for k, word in enumerate(words) if word in
                    ("ends", "end", "round", "rounds") and words[k - 1].isdigit())  # fmt: skip
    return len(one) + many


@pytest.mark.parametrize("replicate", REPLICATES)
@pytest.mark.parametrize("codes", [(), (BRECKLAND,), (SOUTH,), (BRECKLAND, SOUTH)])
def test_every_end_of_a_deal_is_told_with_its_reason_or_summed_up(replicate, codes):
    ends = dict[int, int]()
    for row in rows_of(replicate, *codes):
        if row["kind"] in ENDS:
            ends[row["date"].year] = ends.get(row["date"].year, 0) + 1
    found = {each.year: counted(each.sentences) for each in told(replicate, *codes).years}
    assert {year: many for year, many in found.items() if many} == ends


def test_the_end_of_a_courtship_is_told_with_who_ended_it_and_why():
    (year,) = [each for each in told(25, BRECKLAND, SOUTH).years if each.year == 2010]
    assert (
        "The talks of Breckland with South Norfolk about a shared chief executive and senior "
        "management end without an agreement after 3 months: South Norfolk walks away; "
        "main reason: culture and trust."
    ) in year.sentences
    seasons = ("In the winter, ", "In the spring, ", "In the summer, ", "In the autumn, ")
    assert any(said.startswith(seasons) for said in year.sentences)


def test_an_agreement_that_ends_says_what_it_saved():
    (end,) = [said for each in told(25).years for said in each.sentences if "Forest Heath leaves it"
              in said]  # fmt: skip
    assert "It was said to save £42,000 a year, and in truth cost £5,300." in end


def test_first_and_last_day_are_those_of_the_run():
    story = told(25, BRECKLAND)
    assert story.first == (
        "On the first day Breckland is in 1 agreement: shared revenues and benefits with Forest "
        "Heath and East Cambridgeshire."
    )
    assert "a shared chief executive and senior management with South Holland" in story.last
    agreements = simulate("norfolk", seed=1, replicate=25).agreements
    stand = agreements["ended"].isna()
    assert f"At the end {stand.sum()} agreements stand" in told(25).last
    theirs = stand & agreements["members"].str.contains(BRECKLAND)
    assert f"Breckland is in {theirs.sum()} agreements" in story.last


@pytest.mark.parametrize("replicate", REPLICATES)
def test_a_councils_story_is_a_part_of_the_whole_and_lacks_nothing_of_its_own(replicate):
    rows = rows_of(replicate, BRECKLAND)
    everything = rows_of(replicate)
    assert all(row in everything for row in rows)
    own = [row for row in everything if BRECKLAND in (row["council"], row["other"])]
    assert own and all(row in rows for row in own)
    assert len(rows) < len(everything) / 2


def test_a_council_that_has_left_for_good_is_told_no_more_of_what_it_left():
    checked = 0
    for replicate in range(10):
        rows = rows_of(replicate)
        for left in (row for row in rows if row["kind"] == "leaves"):
            code, deal, quarter = left["council"], left["agreement"], left["quarter"]
            later = [row for row in rows if row["agreement"] == deal and row["quarter"] > quarter]
            if later and not any(code in (row["council"], row["other"]) for row in later):
                assert not [row for row in rows_of(replicate, code) if row in later]
                checked += 1
    assert checked


def test_a_merged_councils_story_goes_on_as_that_of_what_it_became():
    for replicate in range(60):
        merges = [row for row in rows_of(replicate) if row["kind"] == "merges"]
        if not merges:
            continue
        gone, heir = merges[0]["other"], merges[0]["council"]
        rows = rows_of(replicate, gone)
        assert merges[0] in rows
        assert all(row in rows for row in rows_of(replicate) if row["council"] == heir)
        pair = whole_story(*lived(replicate), [row["other"] for row in merges[:2]])
        assert pair.last.startswith("At the end they are one council, ")
        return
    raise AssertionError("nobody merges in sixty runs")


# --- the command ---------------------------------------------------------------------------------


def story(*words):
    return CliRunner().invoke(app, ["story", "norfolk", "--replicate", "25", *words])


def test_the_short_story_has_a_heading_and_a_paragraph_a_year():
    shown = story("--short")
    assert (shown.exit_code, shown.stderr) == (0, "")
    lines = shown.stdout.splitlines()
    years = [k for k, line in enumerate(lines) if line.isdigit()]
    assert [lines[k] for k in years] == [str(year) for year in range(2009, 2016)]
    assert all(lines[k - 1] == lines[k + 2] == "" for k in years)
    answer = json.loads(story("--short", "--json", "--council", "Breckland").stdout)
    whole = told(25, BRECKLAND)
    assert [each["sentences"] for each in answer["years"]] == [
        list(each.sentences) for each in whole.years
    ]
    assert (answer["first"], answer["last"]) == (whole.first, whole.last)
    assert answer["councils"] == [{"code": BRECKLAND, "name": "Breckland"}]


def test_a_story_of_one_council_or_two_is_told_by_name_or_code():
    events, names, known = lived(25)
    one = story("--council", "breckland district council").stdout.splitlines()[1:]
    assert one == narrative(events, names, known=known, about=[BRECKLAND])
    two = story("--pair", "South Norfolk", BRECKLAND).stdout.splitlines()[1:]
    assert two == narrative(events, names, known=known, about=[SOUTH, BRECKLAND])
    assert two == story("--pair", "Breckland", "South Norfolk").stdout.splitlines()[1:]
    assert "  Breckland approaches South Norfolk" in "\n".join(two)


def test_a_kept_result_is_told_short_too(tmp_path):
    out = str(tmp_path / "kept")
    made = CliRunner().invoke(
        app, ["run", "norfolk", "--runs", "3", "--no-figures", "-o", out, "--json"]
    )
    assert made.exit_code == 0, made.stderr
    words = ["--replicate", "2", "--short", "--pair", "Breckland", "Norwich"]
    shown = CliRunner().invoke(app, ["story", out, *words])
    assert shown.exit_code == 0, shown.stderr
    assert shown.stdout == CliRunner().invoke(app, ["story", "norfolk", *words]).stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--council", "Norwick"], "Norwich"),
        (["--pair", "Norwich", "Norwick"], "Norwich"),
        (["--pair", "Norwich", "E07000148"], "are one council"),
        (["--pair", "Norwich", "Breckland", "--council", "Norwich"], "give only one"),
        (["--short", "--all"], "give only one"),
    ],
)
def test_a_mistake_is_one_line(words, said):
    shown = story(*words)
    assert shown.exit_code == 2 and shown.stdout == ""
    assert shown.stderr.startswith("Error: ") and shown.stderr.count("\n") == 1
    assert said in shown.stderr
