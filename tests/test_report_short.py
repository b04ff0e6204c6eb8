"""A short report has six printed pages at most, cuts no table, and says what it leaves out."""

from __future__ import annotations

import os
import re
import shutil
from functools import cache, partial
from pathlib import Path

import pytest

from experiments.reports.contents import ANSWERS, SURE, TURNS
from experiments.reports.course_told import course_told
from experiments.reports.imprint import Stamp
from experiments.reports.report import contents_of as told_of, home_of, page, report
from experiments.reports.short import (
    ELSEWHERE,
    OF_A_TABLE,
    ROOM,
    clipped,
    cut,
    fitting,
    rooms,
    shortened,
)
from experiments.told import TEXT, Table

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
BROWSER = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
browser_needed = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")

SHORT = Stamp(short=True)
POLICIES = ["set-up-grants", "match-making", "free-tax"]
PAGES = 6
"""So many printed pages of A4 a short report has at most."""
KINDS = ("run", "long", "flips", "card", "sweep", "orders", "sensitivity", "shared")
A_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
A4_WIDTH, A4_HEIGHT = 680, 994
"""What is left of a sheet between its margins, in pixels of CSS."""
GRID = """
title = "Do set-up grants help more when austerity bites?"
scenario = "norfolk"
quarters = 8
replicates = 2
outcomes = ["public_net", "net_saving", "grants", "true_total"]
[design]
kind = "grid"
[levers]
"settlement.depth" = { values = [0.0, 1.0, 2.0] }
[difference]
policy = "set-up-grants"
"""


contents_of = cache(told_of)
"""The contents of a place, told once for all tests that only read them."""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A result of each kind that there is, small, but with all that a large one tells."""
    from experiments.comparing import flips
    from experiments.comparing.archive import Besides, stored
    from experiments.comparing.asking import ask, ask_card
    from experiments.comparing.scorecard_kept import stored_card
    from experiments.reports.panels import illustrate_sensitivity
    from experiments.runs.experiment import Experiment
    from experiments.runs.result import Delivery, run
    from experiments.sensitivity.analysis import analyse, store
    from experiments.studies.reading import read_plan, with_size
    from experiments.studies.sweep import sweep
    from sim.declared.scenario import load

    folder = tmp_path_factory.mktemp("results")
    short = load("norfolk-seven", quarters=8)
    run(Experiment(short, 1, 2), Delivery(folder / "run"), lambda doing, done: None)
    sets = {"sets": ["tax.limits=none"], "budget": 100}
    long = ask("norfolk", POLICIES, "net_saving", 0.5, quarters=40, **sets)
    stored(long, Besides(folder / "long"))
    stored_card(ask_card("norfolk", POLICIES, budget=100), folder / "card")
    some = ("search.base_service",)
    whole = flips._assumptions
    with pytest.MonkeyPatch.context() as patched:  # all 300 take minutes
        patched.setattr(flips, "_assumptions", lambda q, p, names: whole(q, p, some))
        two = ask("norfolk", POLICIES[:2], "net_saving", 0.5, budget=100, quarters=12)
        stored(two, Besides(folder / "flips", flips=True))
    (folder / "grid.toml").write_text(GRID, encoding="utf-8")
    sweep(folder / "grid.toml", out=folder / "sweep")
    plans = Path(__file__).parents[1] / "experiments" / "plans"
    sweep(plans / "one-or-three.toml", out=folder / "orders", replicates=2, ensemble="none")
    plan = with_size(read_plan(plans / "norfolk-story.toml"), replicates=2, points=8)
    study = sweep(plan, out=folder / "sensitivity")
    analyses = analyse(study)
    store(study, analyses, partial(illustrate_sensitivity, study, analyses))
    found = {name: folder / name for name in KINDS}
    return found | {"shared": Path(__file__).parent / "former" / "shared.toml"}


@pytest.fixture(scope="module")
def printer():
    """Return a printer: how many pages a page of HTML has, and the browser's view of it."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        view = browser.new_page(viewport={"width": A4_WIDTH, "height": A4_HEIGHT})
        view.emulate_media(media="print")

        def print_(html: str):
            view.set_content(html)
            return len(A_PAGE.findall(view.pdf(prefer_css_page_size=True))), view

        yield print_
        browser.close()


@browser_needed
@pytest.mark.parametrize("kind", KINDS)
def test_a_short_report_has_six_printed_pages_at_most(results, printer, kind):
    place = results[kind]
    html = page(contents_of(place), home_of(place), SHORT)
    pages, view = printer(html)
    assert 1 < pages <= PAGES
    # What may not be broken and is lower than a page is not cut; no heading is left behind.
    for table in view.locator(".wide, figure").all():
        assert table.evaluate("e => getComputedStyle(e.closest('.side-by-side') ?? e).breakInside"
                              ) == "avoid"  # fmt: skip
        assert table.bounding_box()["height"] < 0.7 * A4_HEIGHT
    for heading in view.locator("h2").all():
        assert heading.evaluate("e => getComputedStyle(e).breakAfter") == "avoid"


@browser_needed
def test_in_the_full_report_tables_follow_on_and_no_word_is_broken(results, printer):
    full, view = printer(page(contents_of(results["run"]), home_of(results["run"])))
    assert PAGES < full < 45  # a page is counted where there is one
    cell = view.locator(".appendix td:not(.number)").first
    assert cell.evaluate("e => getComputedStyle(e).overflowWrap") == "break-word"


@browser_needed
@pytest.mark.parametrize("kind", ["run", "flips", "orders"])
def test_the_longest_result_stays_within_six_pages_too(results, printer, kind):
    contents, long = contents_of(results[kind]), "It is a sentence of some length, as many are. "
    rows = [["A policy", "0.5", long * 9] for _ in range(200)]
    table = Table("A long table", [("Policy", TEXT), ("Value", TEXT), ("About", TEXT)], rows)
    longest = contents._replace(
        about=long * 99, answer=[long * k for k in range(1, 40)], tables=[table] * 9,
        assumed=[*contents.assumed, table, table], turns=[long * 5] * 50,
    )  # fmt: skip
    pages, _ = printer(page(longest, home_of(results[kind]), SHORT))
    assert pages <= PAGES


@pytest.mark.parametrize("kind", KINDS)
def test_a_short_report_answers_what_a_committee_asks(results, kind):
    place = results[kind]
    html = page(contents_of(place), home_of(place), SHORT)
    headings = re.findall(r"<h2 [^>]*>(.*?)</h2>", html)
    wanted = ["The question", "The answer", "How sure it is", "What it rests on",
              "What would change it", "What the model is known to miss, and bears on this",
              "What this cannot tell you", "How to make this again"]  # fmt: skip
    assert [heading for heading in headings if heading in wanted] == wanted
    assert "defaults" not in re.findall(r'id="([^"]*)"', html)


def test_both_forms_stand_beside_each_other_and_are_the_same_bytes_again(results):
    full, short = report(results["run"]), report(results["run"], said=SHORT)
    assert {full.file.name, short.file.name} == {"report.html", "short-report.html"}
    before = short.file.read_bytes()
    assert report(results["run"], said=SHORT).file.read_bytes() == before
    assert set(short.figures) <= set(full.figures)


def test_the_flips_are_what_would_change_it_and_are_no_part_of_how_sure_it_is(results):
    contents = contents_of(results["flips"])
    short = shortened(contents)
    turning = [part for part in contents.parts if part.kind == TURNS]
    for part in turning:  # of each policy, and which it is
        assert f"{part.title} {part.sentences[0]}" in short.turns
    assert len(turning) == 2
    assert not set(short.turns) & {*short.answer, *short.sure}
    assert "--flips" in shortened(contents_of(results["long"])).turns[0]


@pytest.mark.parametrize("kind", ["long", "flips", "card"])
def test_how_policies_rank_is_an_answer_and_not_how_sure_it_is(results, kind):
    contents = contents_of(results[kind])
    (ranked,) = [part for part in contents.parts if part.kind == ANSWERS]
    short = shortened(contents)
    assert set(ranked.sentences) <= set(short.answer)
    assert not set(ranked.sentences) & set(short.sure)


def test_what_luck_does_is_how_sure_it_is(results):
    contents = contents_of(results["sweep"])
    for part in contents.parts:
        assert part.kind == SURE and set(part.sentences) <= set(shortened(contents).sure)


def test_each_policy_has_its_verdict_in_bold_with_what_it_is_about(results):
    html = page(contents_of(results["long"]), home_of(results["long"]), SHORT)
    leads = re.findall(r'<p class="lead">(.*?)</p>', html)
    assert len(leads) == len(POLICIES)
    assert all(lead.startswith("Net saving since the start, ") for lead in leads)


@pytest.mark.parametrize("short", [SHORT, Stamp()])
def test_a_report_has_no_option_to_type_but_in_its_commands(results, short):
    html = page(contents_of(results["long"]), home_of(results["long"]), short)
    commands = re.findall(r"<pre><code>(.*?)</code></pre>", html)
    assert "--set tax.limits=none" in commands[0] and "--quarters 40" in commands[0]
    assert "--quarters" not in re.sub(r"<pre>.*?</pre>", "", html)


def test_all_that_was_asked_stands_in_a_short_report(results):
    contents, short = contents_of(results["card"]), shortened(contents_of(results["card"]))
    titles = [table.title for table in short.tables]
    assert titles[:4] == [table.title for table in contents.tables][:4]
    assert titles[3].startswith("Promised, reported and true")
    assert all(len(table.rows) == 8 for table in short.tables[:3])
    answer = shortened(contents_of(results["long"])).answer
    assert sum("The public purse" in text for text in answer) == len(POLICIES)


def test_of_many_years_the_first_the_last_and_some_between_are_told():
    years = ", ".join(f"{1000 * k:,} (March {2010 + k})" for k in range(18))
    said = course_told(f"Over time, pounds: {years}. It ends; --quarters looks further.")
    assert said == (
        "Over time, pounds, every 3 years: 0 (March 2010), 3,000 (March 2013), 6,000 (March 2016), "
        "9,000 (March 2019), 12,000 (March 2022), 15,000 (March 2025), 17,000 (March 2027). It "
        "ends."
    )
    assert course_told(f"Over time, pounds: {years}.").endswith(", 17,000 (March 2027).")
    few = "Over time, pounds: 0 (March 2010), 0.5 (March 2011). The mean does not cross zero."
    assert course_told(few) == few


def test_what_a_part_leaves_of_its_room_others_get():
    full = {part: room * 2 for part, room in ROOM.items()}
    assert rooms(full) == ROOM
    some = rooms(full | {"turns": 0, "sure": 0})
    spare = ROOM["turns"] + ROOM["sure"]
    assert some["answer"] - ROOM["answer"] + some["tables"] - ROOM["tables"] == spare
    assert some["answer"] == 2 * ROOM["answer"]


def test_where_a_study_depends_is_what_would_change_it(results):
    short = shortened(contents_of(results["orders"]))
    assert any("the sign changes with" in text for text in short.turns)
    assert not any("the sign changes with" in text for text in short.answer)


@pytest.mark.parametrize("kind", ["sweep", "orders", "sensitivity"])
def test_a_short_report_of_a_study_shows_what_came_out_and_not_twice_what_was_varied(results, kind):
    contents = contents_of(results[kind])
    titles = [table.title for table in shortened(contents).tables]
    assert titles and "What was varied" not in titles
    assert "What was varied" in [table.title for table in contents.tables]


def test_what_is_left_out_is_counted():
    assert fitting(["a" * 50, "b" * 50, "c" * 50], 100) == [
        "a" * 50, "b" * 50, f"And 1 more: {ELSEWHERE}."
    ]  # fmt: skip
    assert fitting(["a" * 200], 100) == ["a" * 200]  # the first is said in any case
    assert clipped("One. Two. Three is longer.", 12) == f"One. Two. (The rest stands {ELSEWHERE}.)"
    assert clipped("One. Two.", 12) == "One. Two."
    table = Table("T", [("A", TEXT)], [["x" * 100] for _ in range(10)], note="As it is.")
    (shown,) = cut([table], OF_A_TABLE + 450)
    assert len(shown.rows) == 4 and shown.note == f"As it is. 6 more rows {ELSEWHERE}."
    (shown,) = cut([table, table], OF_A_TABLE + 1000)
    assert shown.note == f"As it is. 1 more table {ELSEWHERE}."
    assert cut([table], OF_A_TABLE + 1000) == [table._replace(dense=True)]
