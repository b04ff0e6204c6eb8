"""The room as people see it: a trainer's page and phones, in a real browser."""

import re
import signal
import subprocess
import sys
import time

import pytest
from test_page_browser import (
    BROWSER,
    PHONE,
    PROGRAM,
    ROOT,
    SMALL as PROJECTOR,
    chromium,  # noqa: F401 (a fixture)
    expect,
)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")


class Program:
    """`councils page`, its addresses and, with a room, its letters."""

    def __init__(self, *given):
        command = [sys.executable, "-c", PROGRAM, "page", "norfolk", "--seed", "1", "--no-browser"]
        command += given
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.said = self.process.stdout.readline()
        self.trainer = re.search(r"http://\S+", self.said)[0]
        self.base = self.trainer.split("/?")[0]
        if "--room" in given:
            self.said += self.process.stdout.readline()
            self.code = re.search(r"type (\w{4})", self.said)[1]

    def stop(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        self.process.wait(30)
        for pipe in (self.process.stdout, self.process.stderr):
            pipe.close()


@pytest.fixture(scope="module")
def program():
    made = Program("--room", "--host", "127.0.0.1")
    yield made
    made.stop()


@pytest.fixture
def opened(chromium):  # noqa: F811
    """Open pages, each as another device; at the end nothing may have complained."""
    contexts, said = [], []

    def open_page(size=PROJECTOR, **more):
        contexts.append(chromium.new_context(viewport=size, accept_downloads=True, **more))
        page = contexts[-1].new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield open_page
    for each in contexts:
        each.close()
    assert [words for words in said if "net::" not in words] == []


def begun(page, address):
    """Open the trainer's page, past whatever it opens with."""
    page.goto(address)
    page.wait_for_selector("body[data-ready]", timeout=180_000)
    if page.locator("#opening").evaluate("card => card.open"):
        page.keyboard.press("Escape")
        page.wait_for_selector("body[data-left]")
    return page


@pytest.fixture
def trainer(opened, program):
    return begun(opened(), program.trainer)


@pytest.fixture
def phone(opened, program):
    def come_in(**more):
        page = opened(PHONE, **more)
        page.goto(program.base)
        page.fill("#code", program.code.lower())
        page.keyboard.press("Enter")
        page.wait_for_selector("body[data-heard]")
        return page

    return come_in


def go(page, quarter):
    page.locator("#time").fill(str(quarter))
    expect(page.locator("body")).to_have_attribute("data-q", str(quarter), timeout=30_000)


def faults(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page).response["violations"]
    return [(f["id"], [node["html"][:120] for node in f["nodes"]]) for f in found]


def test_a_room_bets_decides_and_sees_what_came_of_it(trainer, phone):
    assert "token" not in trainer.url
    go(trainer, 10)
    one, two = phone(), phone()
    expect(one.locator(".date")).to_have_text("July to September 2011")
    trainer.click("#tab-room")
    expect(trainer.locator("#room-count")).to_have_text("2 phones are here.")
    trainer.select_option("#bet-one", label="South Norfolk")
    trainer.select_option("#bet-two", label="Breckland")
    trainer.click("#bet-send")
    one.get_by_role("button", name="Yes", exact=True).click()
    two.get_by_role("button", name="No", exact=True).click()
    expect(trainer.locator("#bets .count")).to_have_text(["1", "1"])
    trainer.get_by_label("Hands up for: No").fill("3")
    expect(trainer.locator("#bets .count")).to_have_text(["1", "4"])
    one.get_by_role("button", name="Breckland").click()
    one.get_by_role("button", name="Walk away").first.click()
    expect(one.get_by_role("button", name="Walk away").first).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(trainer.locator(".league")).to_contain_text("Breckland, 1 decision")
    trainer.click("#step")
    expect(trainer.locator("body")).to_have_attribute("data-q", "11")
    assert "walks_out" in trainer.evaluate("decodeURIComponent(location.hash)")
    expect(one.locator("#came")).to_contain_text("though it would have stayed")
    expect(one.locator("#bet")).to_contain_text("Closed. What happens?")
    for page in (trainer, one):
        assert faults(page) == []
    go(trainer, 14)
    expect(trainer.locator("#bets .came")).to_contain_text("this happened")
    expect(two.locator("#head")).to_contain_text("of 1 bet right")
    for page in (one, two):
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_targets_are_drawn_and_tables_spend_their_cards(trainer, phone):
    go(trainer, 4)
    one = phone()
    trainer.click("#tab-room")
    trainer.get_by_text("Targets and cards").click()
    trainer.get_by_label("Target 1: outcome").select_option("reserves")
    trainer.get_by_label("Target 1: value").fill("120")
    trainer.get_by_label("Target 2: outcome").select_option("mergers")
    trainer.get_by_label("Target 2: at least or at most").select_option("most")
    trainer.click("#aim-set")
    expect(trainer.locator("#charts .aim")).to_have_count(1)
    for card in ("Match-making", "Published lessons", "Minimum term"):
        one.locator("#cards button", has_text=card).click()
        expect(one.locator("#cards button", has_text=card)).to_have_attribute(
            "aria-pressed", "true"
        )
    expect(one.locator("#cards button", has_text="No mergers")).to_be_disabled()
    trainer.click("#aim-play")
    expect(one.locator("#cards")).to_contain_text("on the same luck", timeout=30_000)
    expect(one.locator("#cards li").first).to_contain_text("reached")
    expect(trainer.locator("#cards-league")).to_contain_text("Match-making")
    assert faults(trainer) == [] and faults(one) == []
    small = trainer.evaluate(
        "() => [...document.querySelectorAll('#room *, #bets *')].filter(e => e.innerText"
        " && !e.closest('.unseen') && parseFloat(getComputedStyle(e).fontSize) < 16).length"
    )
    assert small == 0


def test_playing_goes_on_when_the_room_has_decided(trainer, phone):
    go(trainer, 10)
    one = phone()
    one.get_by_role("button", name="North Norfolk").click()
    one.get_by_role("button", name="Walk away").first.click()
    expect(one.get_by_role("button", name="Walk away").first).to_have_attribute(
        "aria-pressed", "true"
    )
    trainer.select_option("#speed", "0")
    trainer.click("#play")
    expect(trainer.locator("body")).to_have_attribute("data-q", "24", timeout=30_000)
    assert "walks_out" in trainer.evaluate("decodeURIComponent(location.hash)")
    expect(one.locator(".date")).to_have_text("January to March 2015")
    expect(one.locator("#asked")).to_have_text("The run is over.")


def test_the_code_is_shown_large_and_by_keyboard(trainer, program):
    trainer.keyboard.press("5")
    trainer.locator("#show-door").focus()
    trainer.keyboard.press("Enter")
    expect(trainer.locator("#door .code")).to_have_text(program.code)
    expect(trainer.locator("#door .address")).to_contain_text(program.base.removeprefix("http://"))
    size = trainer.locator("#door img").bounding_box()
    assert size["width"] > 350
    expect(trainer.locator("#door img")).to_have_js_property("complete", True)
    assert faults(trainer) == []
    trainer.keyboard.press("Escape")
    expect(trainer.locator("#door")).to_be_hidden()


def test_a_phone_says_that_the_program_is_silent_and_goes_on_by_itself(opened):
    own = Program("--room", "--host", "127.0.0.1")
    try:
        page, trainer = opened(PHONE), opened()
        begun(trainer, own.trainer)
        page.clock.install()
        page.goto(own.base)
        page.fill("#code", own.code)
        page.keyboard.press("Enter")
        page.wait_for_selector("body[data-heard]")
        expect(page.locator(".silent")).to_be_hidden()
        own.process.send_signal(signal.SIGSTOP)
        page.clock.fast_forward(15_000)
        expect(page.locator(".silent")).to_be_visible()
        own.process.send_signal(signal.SIGCONT)
        page.clock.fast_forward(6_000)
        expect(page.locator(".silent")).to_be_hidden(timeout=15_000)
    finally:
        own.stop()


def test_without_phones_hands_are_counted_and_the_file_to_take_home_asks(opened, tmp_path):
    own = Program()
    try:
        page = begun(opened(), own.trainer)
        go(page, 2)
        page.click("#tab-room")
        expect(page.locator("#show-door")).to_have_count(0)
        page.select_option("#bet-kind", "outcome")
        page.fill("#bet-above", "2")
        page.locator("#bet-outcome").select_option("promised")
        page.click("#bet-send")
        page.get_by_label("Hands up for: Yes").fill("7")
        expect(page.locator("#bets .count")).to_have_text(["7", "0"])
        go(page, 7)
        expect(page.locator("#bets .came")).to_be_visible()
        came = page.locator("#bets .came .answer").text_content()
        page.click("#tab-try")
        page.get_by_text("To take home").click()
        with page.expect_download() as download:
            page.click("#save-story")
        path = tmp_path / "story.html"
        download.value.save_as(path)
    finally:
        own.stop()
    home = opened()
    home.goto(path.as_uri())
    home.wait_for_selector("body[data-ready]")
    go(home, 0)  # it opens at the date it was made at
    expect(home.locator("#bets")).to_be_hidden()
    home.select_option("#speed", "0")
    home.click("#play")
    expect(home.locator("body")).to_have_attribute("data-q", "2")
    home.get_by_role("button", name=f"Bet: {came}").click()
    assert faults(home) == []
    home.click("#play")
    expect(home.locator("#bets")).to_contain_text("You were right 1 of 1 times.", timeout=20_000)


LESSON = """
title = "Whose figures?"
minutes = 20
[[step]]
heading = "One"
quarter = 4
notes = "Let them argue."
question = "Whom do you believe?"
reveal = "Nobody."
bet = { ask = "Who leaves?", answers = ["Norwich", "nobody"] }
[[step]]
heading = "Two"
quarter = 8
"""


def test_the_trainers_window_has_what_the_projector_does_not_show(opened, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(LESSON, encoding="utf-8")
    own = Program("--lesson", str(path))
    try:
        page = begun(opened(), own.trainer)
        expect(page.locator("#lesson")).to_contain_text("Whom do you believe?")
        assert "Let them argue." not in page.content()
        page.click("#tab-room")
        with page.expect_popup() as popup:
            page.click("#open-desk")
        desk = popup.value
        expect(desk.locator("#desk")).to_contain_text("Let them argue.")
        expect(desk.locator("#desk")).to_contain_text("Nobody.")
        expect(desk.locator("#desk")).to_contain_text("0 of 20 minutes")
        expect(desk.locator("#desk")).to_contain_text("Next: Two")
        expect(desk.locator("#desk")).to_contain_text("Bet: Who leaves?")
        assert faults(desk) == []
        page.click("#tab-lesson")
        desk.get_by_role("button", name="Show the answer to the room").click()
        expect(page.locator("#lesson .reveal")).to_be_visible()
        desk.keyboard.press("ArrowRight")
        expect(page.locator("body")).to_have_attribute("data-q", "8")
        expect(desk.locator("#desk")).to_contain_text("This is the last step.")
        desk.keyboard.press("ArrowLeft")
        expect(page.locator("body")).to_have_attribute("data-q", "4")
        desk.keyboard.press(".")
        expect(page.locator("body")).to_have_attribute("data-q", "5")
        for shown in (True, False):
            desk.keyboard.press("b")
            expect(page.locator("#blank")).to_be_visible(visible=shown)
        page.select_option("#speed", "0")
        desk.locator("body").click()
        desk.keyboard.press(" ")
        expect(page.locator("body")).to_have_attribute("data-q", "24", timeout=30_000)
    finally:
        own.stop()


@pytest.mark.slow
@pytest.mark.parametrize(("count", "seconds"), [(10, 20)])
def test_ten_phones_follow_a_playing_page(trainer, phone, count, seconds):
    phones = [phone() for _ in range(count)]
    end, q = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        q = (q + 1) % 25
        go(trainer, q)
        shown = trainer.locator("#date").text_content()
        for page in phones:
            expect(page.locator(".date")).to_have_text(shown, timeout=5000)
    assert not any(page.locator(".silent").is_visible() for page in phones)


def test_what_moves_behind_the_opening_card_is_not_shown_to_the_room(opened, program, phone):
    page = opened()
    page.goto(program.trainer)
    page.wait_for_selector("body[data-ready]", timeout=180_000)
    page.wait_for_timeout(3_500)  # a quarter or two
    assert page.locator("body").get_attribute("data-q") != "0"
    page.keyboard.press("Escape")
    page.wait_for_selector("body[data-left]")
    one = phone()
    one.get_by_role("button", name="Breckland").click()
    expect(one.locator("body")).to_contain_text("Breckland")
    expect(one.locator("body")).not_to_contain_text("looks back")
