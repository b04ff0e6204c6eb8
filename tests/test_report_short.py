"""A short report has six printed pages at most, cuts no table, and says what it leaves out."""

from __future__ import annotations

import os
import re
import shutil
from functools import partial
from pathlib import Path

import pytest

from experiments.reports.imprint import Stamp
from experiments.reports.report import contents_of, home_of, page, report
from experiments.reports.short import ELSEWHERE, PAGES, clipped, cut, fitting, shortened
from experiments.told import TEXT, Table

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
BROWSER = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
browser_needed = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")

SHORT = Stamp(short=True)
POLICIES = ["set-up-grants", "match-making", "free-tax"]
KINDS = ("run", "one", "three", "sweep", "orders", "sensitivity", "shared")
A_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
A4_WIDTH, A4_HEIGHT = 680, 994
"""What is left of a sheet between its margins, in pixels of CSS."""
GRID = """
title = "Do set-up grants help more when austerity bites?"
scenario = "norfolk"
replicates = 3
outcomes = ["public_net", "net_saving", "grants", "true_total"]
[design]
kind = "grid"
[levers]
"settlement.depth" = { values = [0.0, 0.5, 1.0, 1.5, 2.0] }
[difference]
policy = "set-up-grants"
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A result of each kind that there is, small, but with all that a large one tells."""
    from experiments.comparing import flips
    from experiments.comparing.archive import Besides, stored
    from experiments.comparing.compare import ask
    from experiments.reports.panels import illustrate_sensitivity
    from experiments.runs.experiment import Experiment
    from experiments.runs.result import Delivery, run
    from experiments.sensitivity.analysis import analyse, store
    from experiments.studies.reading import read_plan, with_size
    from experiments.studies.sweep import sweep
    from sim.declared.scenario import load

    folder = tmp_path_factory.mktemp("results")
    run(Experiment(load("norfolk"), 1, 4), Delivery(folder / "run"), lambda doing, done: None)
    stored(ask("norfolk", POLICIES[:1], "net_saving", 0.5, budget=100), Besides(folder / "one"))
    some = ("talks.leak", "search.base_service", "search.introduced", "costs.horizon")
    whole = flips._assumptions
    with pytest.MonkeyPatch.context() as patched:  # all 300 take minutes
        patched.setattr(flips, "_assumptions", lambda q, p, names: whole(q, p, some))
        three = ask("norfolk", POLICIES, "net_saving", 0.5, budget=100)
        stored(three, Besides(folder / "three", flips=True))
    (folder / "grid.toml").write_text(GRID, encoding="utf-8")
    sweep(folder / "grid.toml", out=folder / "sweep")
    plans = Path(__file__).parents[1] / "experiments" / "plans"
    sweep(plans / "one-or-three.toml", out=folder / "orders", replicates=2)
    plan = with_size(read_plan(plans / "norfolk-story.toml"), replicates=2, points=16)
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
    full, _ = printer(page(contents_of(place), home_of(place)))
    assert full > PAGES  # a page is counted where there is one
    view.set_content(html)
    # What may not be broken and is lower than a page is not cut; no heading is left behind.
    for table in view.locator(".wide, figure").all():
        assert table.evaluate("e => getComputedStyle(e.closest('.side-by-side') ?? e).breakInside"
                              ) == "avoid"  # fmt: skip
        assert table.bounding_box()["height"] < 0.7 * A4_HEIGHT
    for heading in view.locator("h2").all():
        assert heading.evaluate("e => getComputedStyle(e).breakAfter") == "avoid"


@browser_needed
@pytest.mark.parametrize("kind", ["run", "three", "orders"])
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
    full, short = report(results["one"]), report(results["one"], said=SHORT)
    assert {full.file.name, short.file.name} == {"report.html", "short-report.html"}
    before = short.file.read_bytes()
    assert report(results["one"], said=SHORT).file.read_bytes() == before
    assert set(short.figures) <= set(full.figures)


def test_the_flips_are_what_would_change_it_and_are_no_part_of_how_sure_it_is(results):
    contents = contents_of(results["three"])
    short = shortened(contents)
    assert short.turns[0] == contents.parts[0].sentences[0]
    assert not set(short.turns) & {*short.answer, *short.sure}
    assert "--flips" in shortened(contents_of(results["one"])).turns[0]


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
    (shown,) = cut([table], 450)
    assert len(shown.rows) == 4 and shown.note == f"As it is. 6 more rows {ELSEWHERE}."
    (shown,) = cut([table, table], 1000)
    assert shown.note == f"As it is. 1 more table {ELSEWHERE}."
    assert cut([table], 2000) == [table._replace(dense=True)]
