"""The page opens on a run that is worth watching, and finds others in which something happens."""

import pytest
from test_page_browser import (
    BROWSER,
    Tab,
    chromium,  # noqa: F401 (a fixture)
    start,
    stop,
)

from sim.declared.scenario import load
from sim.finding.search import find
from sim.finding.sought import Options, read_sought
from sim.page.famous import FAMOUS, run_to_begin
from sim.ready.kept import prepared

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")

WATCHED = {
    "South Norfolk walks away from Breckland over culture in 2010": "July to September 2010",
    "Breckland and South Holland share management": "January to March 2012",
}
"""What is said of the run that the page begins with, and when it happens."""


@pytest.mark.parametrize(("sentence", "when"), WATCHED.items())
def test_the_run_that_is_shown_first_tells_the_founding_story(sentence, when):
    scenario = load(FAMOUS.scenario)
    ready = prepared(scenario)
    sought = read_sought(sentence, Options(), scenario, ready.table)
    runs = range(FAMOUS.replicate, FAMOUS.replicate + 1)
    (found,) = find(lambda replicate: ready, sought, seed=FAMOUS.seed, replicates=runs).found
    assert found.when == when


def test_what_is_said_of_how_often_it_goes_so_is_so():
    scenario = load(FAMOUS.scenario)
    ready = prepared(scenario)
    sentence = "South Norfolk walks away from Breckland over culture"
    sought = read_sought(sentence, Options(), scenario, ready.table)
    found = find(lambda replicate: ready, sought, seed=FAMOUS.seed, replicates=range(1000))
    assert 1 / 40 < found.share < 1 / 24, "the words say: one in thirty"


@pytest.mark.parametrize(
    ("given", "run"),
    [
        (("norfolk", None, None), (1, 25)), (("norfolk", 1, None), (1, 0)),
        (("norfolk", None, 3), (1, 3)), (("england", None, None), (1, 0)),
        (("norfolk", 4, 2), (4, 2)),
    ],
)  # fmt: skip
def test_who_asks_for_a_run_gets_it(given, run):
    *begun, words = run_to_begin(*given)
    assert tuple(begun) == run
    assert bool(words) == (run == (FAMOUS.seed, FAMOUS.replicate))


@pytest.fixture(scope="module")
def address():
    process, address = start(luck=())
    yield address
    stop(process)


def test_the_card_says_what_is_worth_watching_and_finds_a_run(chromium, address):  # noqa: F811
    tab = Tab(chromium, address, opening=True)
    page = tab.page
    page.wait_for_selector("body[data-ready]")
    assert page.inner_text("#opening-watch") == FAMOUS.words
    page.fill("#opening-sought", "Norwich and South Norfolk share benefits")
    page.press("#opening-sought", "Enter")
    page.wait_for_selector("#opening-find li button")
    assert " of 200 runs (" in page.inner_text("#opening-find")
    said = page.inner_text("#opening-find li button")
    page.click("#opening-find li button")
    page.wait_for_selector("body[data-left]")
    page.wait_for_timeout(1500)
    assert not page.is_visible("#opening")
    when = said.split(":")[0]
    for _ in range(4):
        if page.inner_text("#date") == when:
            break
        page.click("#step")
        page.wait_for_timeout(300)
    assert page.inner_text("#date") == when
    page.select_option("#feed-council", label="Norwich")  # what is small is folded without it
    assert said.partition(": ")[2] in page.text_content("#feed")
    assert tab.said == []
    tab.context.close()


def test_what_is_not_understood_is_said_in_the_card(chromium, address):  # noqa: F811
    tab = Tab(chromium, address, opening=True)
    tab.page.wait_for_selector("body[data-ready]")
    tab.page.fill("#opening-sought", "Atlantis merges")
    tab.page.press("#opening-sought", "Enter")
    tab.page.wait_for_selector("#opening-find .wrong")
    assert "Atlantis" in tab.page.inner_text("#opening-find .wrong")
    tab.context.close()
