"""How often it goes this way: 200 runs of other luck to a date, as an array of dots."""

import re
import threading

import pytest
from test_page_browser import address, chromium, expect, pytestmark, tab
from test_page_http import begin, web

import sim
from sim.declared.scenario import load
from sim.finding.often import wilson
from sim.page import often
from sim.page.frames import deals
from sim.page.line import Line
from sim.tables.columns import roll_of

__all__ = ["address", "chromium", "pytestmark", "tab", "web"]  # fixtures

BRECKLAND, SOUTH_NORFOLK = "E07000143", "E07000149"
PAIR = [BRECKLAND, SOUTH_NORFOLK]
CUT = {"at": 2, "set": {"settlement.shock": -0.1}}


def asked(web, at, q, pair=()):
    """Ask until all runs are lived; return every answer."""
    answers = []
    while not answers or answers[-1]["done"] < answers[-1]["of"]:
        answer = web.post(f"{at}/often", json={"q": q, "pair": list(pair)})
        assert answer.status_code == 200, answer.text
        answers.append(answer.json())
    return answers


def sharing(replicate, quarter):
    """Return whether the two share something by what the page draws of such a run."""
    line = Line(load("norfolk"), seed=1, replicate=replicate)
    raw = line.at(quarter)
    drawn = deals(line.ready, raw, roll_of(line.ready, raw.world)[0])
    return any(set(PAIR) <= set(deal["who"]) and deal["kind"] != "talks" for deal in drawn)


def test_the_runs_are_those_of_other_replicates_of_the_seed(web):
    at = begin(web, replicate=1, b={"scenario": "norfolk", "acts": [CUT]})
    found = asked(web, at, 12, PAIR)[-1]
    others = [0, *range(2, 201)]
    assert found["of"] == found["done"] == len(others)
    a = found["sides"]["a"]
    for place in (0, 1, 57):
        run = sim.simulate("norfolk", seed=1, replicate=others[place])
        now = run.quarters.iloc[11]
        for name in ("true_saving", "reserves", "agreements"):
            assert a["values"][name][place] == pytest.approx(now[name], abs=1e-4)
        assert a["values"]["share"][place] == sharing(others[place], 12)
    own = sim.simulate("norfolk", seed=1, replicate=1).quarters.iloc[11]
    assert a["own"]["reserves"] == pytest.approx(own["reserves"], abs=1e-4)
    times, *bounds = a["high"]["share"]
    assert times == sum(a["values"]["share"]) and 0 < times < 200
    assert bounds == pytest.approx(wilson(times, 200), abs=1e-4)
    high = sum(value >= a["own"]["reserves"] for value in a["values"]["reserves"])
    assert a["high"]["reserves"][0] == high
    b = found["sides"]["b"]["values"]["reserves"]
    above = sum(two > one for one, two in zip(a["values"]["reserves"], b, strict=True))
    assert found["above"]["reserves"][0] == above


def test_an_answer_is_bounded_in_time_and_tells_how_far_it_is(web, monkeypatch):
    monkeypatch.setattr(often.Count.live, "__defaults__", (0.02,))
    at = begin(web)
    done = [answer["done"] for answer in asked(web, at, 24)]
    assert done == sorted(set(done)) and len(done) > 2 and done[-1] == 200
    assert web.post(f"{at}/often", json={"q": 24, "pair": []}).json()["done"] == 200


def test_counting_does_not_stop_the_page(web, monkeypatch):
    begun, let_go = threading.Event(), threading.Event()

    def slow(self, seconds=0):
        begun.set()
        let_go.wait(20)

    monkeypatch.setattr(often.Count, "live", slow)
    at = begin(web)
    counting = threading.Thread(target=web.post, args=(f"{at}/often",), kwargs={
        "json": {"q": 4, "pair": []}})  # fmt: skip
    counting.start()
    assert begun.wait(10)
    assert web.get(f"{at}/frames", params={"from": 0, "to": 4}).status_code == 200
    let_go.set()
    counting.join()


def test_too_many_at_once_are_told_to_ask_again(web, monkeypatch):
    monkeypatch.setattr(often, "PATIENCE", 0.05)
    monkeypatch.setattr(often, "_counting", threading.Semaphore(0))
    answer = web.post(f"{begin(web)}/often", json={"q": 4, "pair": []})
    assert answer.status_code == 400 and "ask again" in answer.json()["error"]


@pytest.mark.parametrize(
    ("q", "pair", "words"),
    [
        (0, [], "nothing is measured before a quarter has passed"),
        (25, [], "give 1 to 24"),
        ("4", [], "give a whole number"),
        (4, ["E07000143", "nowhere"], "no council 'nowhere' on the first day"),
        (4, ["E07000143"], "the codes of two councils"),
        (4, None, "the codes of two councils"),
    ],
)
def test_a_count_that_cannot_be_is_refused_in_words(web, q, pair, words):
    answer = web.post(f"{begin(web)}/often", json={"q": q, "pair": pair})
    assert answer.status_code == 400 and words in answer.json()["error"]


def test_two_councils_that_became_one_share_something():
    line = Line(load("norfolk-seven"), seed=1, replicate=0)
    raw = line.at(1)
    assert not often.share(raw, 0, 1) or raw.world.councils.agreement[:2].max() >= 0
    raw.world.roll[0].successor = raw.world.roll[1].successor = 2
    assert often.share(raw, 0, 1)


def test_dots_and_a_sentence_tell_how_often_two_share_something(tab):
    one = tab()
    one.go(12)
    one.page.evaluate(f"room.player.explain({{ pair: {PAIR} }})")
    one.page.get_by_role("button", name="How often do they share something?").click()
    box = one.page.locator("#often")
    said = re.compile(
        r"In (\d+) of 200 runs \(\d+% to \d+%\) Breckland and South Norfolk share something by "
        r"then; here they do\."
    )
    expect(box.locator(".sum")).to_have_text(said, timeout=30_000)
    times = int(said.match(box.locator(".sum").inner_text())[1])
    expect(box.locator(".dots .full")).to_have_count(times)
    expect(box.locator(".dots .empty")).to_have_count(200 - times)
    dots, mark = (box.locator(at).bounding_box() for at in (".dots svg", ".dots .own"))
    assert mark["x"] > dots["x"] + dots["width"] * (1 - times / 200)
    expect(box).to_contain_text("only luck differs")
    box.locator("select").select_option("reserves")
    expect(box.locator(".sum")).to_contain_text("Reserves: as high as here (£")
    one.page.keyboard.press(".")
    one.page.click("#often-close")
    one.at(12)


def test_of_two_policies_each_has_its_dots_and_they_are_compared(tab):
    one = tab()
    acts = [{"at": 2, "set": {"settlement.shock": -0.1}}]
    one.page.evaluate(
        "room.begin({ seed: 1, a: { scenario: 'norfolk', acts: [] },"
        f" b: {{ scenario: 'norfolk', acts: {acts} }} }}, 8)"
    )
    one.at(8)
    one.page.evaluate("room.changing.then(() => true)")
    one.page.click("#tab-try")
    one.page.click("#often-open")
    box = one.page.locator("#often")
    expect(box.locator(".dots")).to_have_count(2, timeout=30_000)
    box.locator("select").select_option("gap")
    expect(box.locator("> div > .sum")).to_have_text(
        re.compile(r"B lies above A in \d+ of 200 runs \(\d+% to \d+%\)\."), timeout=30_000
    )


@pytest.mark.slow
def test_what_is_new_to_the_eye_can_be_read_and_reached_by_all(tab):
    axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright")
    axe, one = axe_playwright.Axe(), tab()
    acts = [{"at": 4, "set": {"grants.setup_pot": 2, "grants.staged": 0}}]
    kept = [{"name": "A grant", "scenario": "norfolk", "acts": acts}]
    one.page.evaluate(
        "room.begin({ seed: 7, a: { scenario: 'norfolk', acts: [] },"
        f" b: {{ scenario: 'norfolk', acts: {acts} }}, kept: {kept} }}, 20)"
    )
    one.at(20)
    one.page.evaluate("room.changing.then(() => true)")
    one.page.get_by_label("both in one").check()

    def look():
        found = axe.run(one.page).response["violations"]
        assert not found, [(f["id"], [node["html"][:120] for node in f["nodes"]]) for f in found]
        small = one.page.evaluate(
            "() => [...document.querySelectorAll('body *')].filter(e => e.getClientRects().length"
            " && !e.closest('.unseen, .skip, option') && [...e.childNodes].some(n =>"
            " n.nodeType === 3 && n.textContent.trim())"
            " && parseFloat(getComputedStyle(e).fontSize) < 16).map(e => e.outerHTML.slice(0, 90))"
        )
        assert small == []

    one.page.click("#chain-next")
    expect(one.page.locator("#chain-line button")).to_be_visible()
    one.page.click("#charts-turn")
    look()
    one.page.click("#tab-try")
    one.page.get_by_text("Side by side").click()
    look()
    one.page.evaluate(f"room.player.explain({{ pair: {PAIR} }})")
    expect(one.page.locator("#explain .minds")).to_be_visible()
    look()
    one.page.click("#tab-try")
    one.page.click("#often-open")
    expect(one.page.locator(".dots").last).to_be_visible(timeout=30_000)
    look()
