"""The page as a person sees it: a real browser plays, scrubs, changes, compares and reads."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from urllib.parse import unquote

import pytest
from turns import always

import sim
from sim.page import lesson
from sim.ready.kept import prepared
from sim.story import failed_deal, known_of, pair_history
from sim.story.account import told_together
from sim.story.decisions import KINDS
from sim.story.joining import follow
from sim.story.order import in_telling_order
from sim.story.wording import records

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

ROOT = Path(__file__).parents[1]
BROWSER = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
PROGRAM = "import experiments.commands.page; from experiments.commands.app import app; app()"
SMALL, PHONE = {"width": 1280, "height": 720}, {"width": 390, "height": 844}
FIRST_RUN_SECONDS = 180  # the rules may have to be compiled

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")


def start(port=None, *more, scenario="norfolk", luck=("--seed", "1")):
    """Start `councils page`; return the process and the address that it says."""
    given = ["page", scenario, "--no-browser", *more]
    given += [] if {"--seed", "--replicate"} & set(more) else luck
    given += ["--port", str(port)] if port else []
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *given], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    return process, re.search(r"http://\S+", process.stdout.readline())[0]


def stop(process):
    process.terminate()
    process.wait(30)
    process.stdout.close()


@pytest.fixture(scope="module")
def address():
    process, address = start()
    yield address
    stop(process)


@pytest.fixture(scope="module")
def chromium():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield browser
        browser.close()


class Tab:
    """A tab with the page open, and all that it asked for and complained of."""

    def __init__(self, chromium, url, size=SMALL, opening=False, **more):
        self.context = chromium.new_context(viewport=size, accept_downloads=True, **more)
        self.page = self.context.new_page()
        self.asked, self.said = [], []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(url)
        self.page.wait_for_selector("body[data-ready]", timeout=1000 * FIRST_RUN_SECONDS)
        if not opening and self.page.locator("#opening[open]").count():
            self.page.keyboard.press("Escape")
            self.page.wait_for_selector("body[data-left]")

    def at(self, quarter):
        expect(self.page.locator("body")).to_have_attribute("data-q", str(quarter), timeout=30_000)

    def go(self, quarter):
        self.page.locator("#time").fill(str(quarter))
        self.at(quarter)

    def lesson(self, name, step=1):
        """Begin a lesson and go on to one of its steps."""
        self.page.click("#tab-lesson")
        self.page.click(f"[data-lesson={name}]")
        for at in range(1, step + 1):
            expect(self.page.locator("#lesson")).to_contain_text(f"step {at} of")
            if at < step:
                self.page.click("#step-next")

    def debrief(self):
        """Ask for the sheet to print; return it."""
        self.page.evaluate("window.print = () => {}")
        self.page.get_by_role("button", name="Print a debrief").first.click()
        return self.page.locator("#debrief")

    def picture(self):
        """Return all that is drawn of a quarter: map, charts, news."""
        return [self.page.locator(at).inner_html() for at in ("#map-a", "#charts", "#feed-list")]


@pytest.fixture
def tab(chromium, address):
    made = []

    def open_tab(url=address, **more):
        made.append(Tab(chromium, url, **more))
        return made[-1]

    yield open_tab
    for one in made:
        one.context.close()


@pytest.fixture(scope="module")
def norfolk():
    return sim.simulate("norfolk", seed=1)


def names_in(run):
    return dict(zip(run.councils["code"], run.councils["name"], strict=True))


def marked(events):
    """Return the rows of a run of Norfolk, those about joining an agreement marked."""
    return follow(records(events), known_of(prepared("norfolk")))


def test_the_page_opens_without_another_host_and_without_complaint(tab, address):
    one = tab()
    one.page.click("#step")
    one.at(1)
    assert one.page.locator("#map-a .council").count() == 17
    assert one.asked and all(url.startswith(address) or url == "data:," for url in one.asked)
    assert one.said == []


def test_play_step_and_scrub_give_the_same_picture(tab):
    one = tab()
    one.page.select_option("#speed", "0")
    one.page.click("#play")
    one.at(24)
    expect(one.page.locator("#play")).to_have_text("Play")
    played = one.picture()
    one.go(9)
    scrubbed = one.picture()
    one.page.click("#back")
    one.at(8)
    one.page.click("#step")
    one.at(9)
    assert one.picture() == scrubbed != played
    one.go(24)
    assert one.picture() == played
    assert one.said == []


def test_a_shock_changes_the_future_only_and_says_so(tab):
    one = tab()
    one.go(24)
    before = one.picture()
    one.go(8)
    eighth = one.picture()
    one.page.click("#tab-try")
    one.page.click("[data-shock=cut]")
    expect(one.page.locator("#try .note")).to_contain_text("A new branch from 1 April 2011")
    expect(one.page.locator("#try .done")).to_contain_text(
        "1 April 2011: Funding shock: 10% of the settlement goes"
    )
    expect(one.page.locator("[id='lever-settlement.shock']")).to_have_value("-0.1")
    assert one.picture() == eighth
    one.go(24)
    assert one.picture() != before
    one.go(3)
    third = one.picture()
    other = tab()
    other.go(24)
    other.go(3)
    assert other.picture() == third


def one_run(one):
    """Check that every frame the page holds stands in its place and belongs to the run it shows."""
    held = one.page.evaluate(
        "async () => { const p = room.player; await p.settled();"
        "const fresh = await (await fetch('/api/session', { method: 'POST',"
        "  headers: { 'Content-Type': 'application/json' },"
        "  body: JSON.stringify(p.about.memo) })).json();"
        "const told = await (await fetch(`/api/session/${fresh.key}/frames?from=0"
        "&to=${p.rows.length - 1}`)).json();"
        "return { rows: JSON.stringify(p.rows), fresh: JSON.stringify(told.frames),"
        "  title: p.about.sides.a.title, shown: byId('title').textContent }; }"
    )
    assert held["rows"] == held["fresh"]
    assert held["title"] == held["shown"]
    assert one.said == []
    expect(one.page.locator("#notice")).to_be_hidden()


DURING = {
    "a shock": ("try", "byId('try').querySelector('[data-shock=cut]').click()"),
    "another scenario": ("try", "byId('scenario').value = 'norfolk-seven'; byId('begin').click()"),
    "side by side": ("try", "byId('compare').click()"),
    "a lesson": ("lesson", "byId('step-next').click()"),
}


@pytest.mark.parametrize("what", always(("a shock", "side by side"), DURING))
def test_whatever_is_done_while_it_plays_at_its_fastest_the_run_stays_whole(tab, what):
    one = tab()
    panel, act = DURING[what]
    one.page.click(f"#tab-{panel}")
    if panel == "lesson":
        one.lesson("norfolk")
    one.page.select_option("#speed", "0")
    for late in (0, 3, 7):
        one.page.evaluate("room.player.go(0)")
        one.page.evaluate("byId('play').click()")
        one.page.evaluate(
            "late => new Promise(done => { const look = () =>"
            " room.player.q >= late ? done() : setTimeout(look, 1); look(); })",
            late,
        )
        one.page.evaluate(act)
        one.page.evaluate("byId('step').click()")
        one.page.evaluate("room.changing.then(() => true)")
        one_run(one)
        expect(one.page.locator("#play")).to_have_text("Play")


def test_steps_and_changes_that_follow_fast_are_done_one_after_another(tab):
    one = tab()
    one.page.evaluate(
        "() => { for (let k = 0; k < 6; k += 1) byId('step').click();"
        "byId('try').querySelector('[data-shock=cut]').click();"
        "byId('try').querySelector('[data-shock=review]').click(); byId('step').click(); }"
    )
    one.at(7)
    one.page.evaluate("room.changing.then(() => true)")
    one_run(one)
    assert [act["at"] for act in one.page.evaluate("room.player.about.memo.a.acts")] == [6, 6]


def test_what_does_nothing_is_told_and_two_that_never_part_are_said_to_be_alike(tab):
    one = tab()
    one.go(20)
    one.page.click("#tab-try")
    assert one.page.locator("#remarks").inner_text() == ""
    one.page.evaluate("room.act({ set: { 'grants.setup_pot': 0, 'grants.exit_required': 1 } })")
    remarks = one.page.locator("#remarks")
    expect(remarks).to_contain_text("“Only with an exit strategy” can do nothing")
    one.page.evaluate("room.act({ set: { 'grants.setup_pot': 0, 'grants.exit_required': 0 } })")
    expect(remarks).to_have_text("")
    one.page.evaluate("room.compare('copy')")
    one.go(23)
    expect(one.page.locator("#parted")).to_be_hidden()
    one.go(24)
    expect(one.page.locator("#parted")).to_contain_text("The two never part")
    one.go(3)
    expect(one.page.locator("#parted")).to_be_hidden()
    assert one.said == []


def test_two_tabs_do_not_touch_each_other(tab):
    one, two = tab(), tab()
    two.go(12)
    before = two.picture()
    one.go(4)
    one.page.click("#tab-try")
    one.page.click("[data-shock=review]")
    expect(one.page.locator("#try .done")).to_contain_text("review")
    two.go(0)
    two.go(12)
    assert two.picture() == before


def test_a_slider_and_an_event_act_from_the_next_quarter(tab):
    one = tab()
    one.go(4)
    one.page.click("#tab-try")
    one.page.get_by_text("Levers: money").click()
    for value in ("1.2", "1.4", "1.5"):
        one.page.locator("[id='lever-settlement.depth']").fill(value)
    expect(one.page.locator("#try .done")).to_have_text(
        "1 April 2010: Depth of the cuts: 1.5 times what was planned"
    )
    one.page.get_by_text("Something happens to a council").click()
    one.page.select_option("#befalls", label="Norwich")
    one.page.select_option("#party", "LD")
    one.page.click("#election")
    expect(one.page.locator("#try .done")).to_contain_text(
        "control of Norwich to the Liberal Democrats"
    )
    one.page.click("#tab-feed")
    one.page.click("#step")
    one.at(5)
    expect(one.page.locator("#feed-list .tried").first).to_contain_text("You tried: Depth")
    one.page.locator("#feed-list .rest summary").first.click()
    expect(one.page.locator("#feed-list")).to_contain_text(
        "The Liberal Democrats take control of Norwich"
    )


def test_side_by_side_agrees_with_both_runs_and_names_the_first_difference(tab):
    one = tab()
    one.page.click("#tab-try")
    one.page.get_by_text("Side by side").click()
    one.page.select_option("#other", "set-up-grants")
    one.page.click("#compare")
    expect(one.page.locator(".map[data-side=b]")).to_be_visible()
    one.go(24)
    rows = one.page.evaluate("room.player.rows.map(({a, b}) => [a.measures, b.measures])")
    policy = ROOT / "experiments" / "policies" / "set-up-grants.toml"
    for side, scenario in enumerate(("norfolk", policy)):
        quarters = sim.simulate(scenario, seed=1).quarters
        for q in range(1, 25):
            for name, value in rows[q][side].items():
                assert value == pytest.approx(float(quarters.iloc[q - 1][name]), abs=5e-5)
    one.page.click("#tab-feed")
    expect(one.page.locator("#parted h3")).to_contain_text("The two part")
    expect(one.page.locator("#marks .parting")).to_have_count(1)


def test_what_both_sides_do_is_not_told_as_a_thing_of_one(tab):
    one = tab()
    one.page.click("#tab-feed")
    drawn = """(told) => drawParted(room.player.about,
        { q: 1, period: 'April', only_a: [], only_b: [], ...told }, false)"""
    one.page.evaluate(
        drawn, {"both": ["They sign.", "They <b>part</b>."], "weighed": 3, "moved": []}
    )
    parted = one.page.locator("#parted")
    expect(parted.locator("p").first).to_have_text("In both, otherwise: They sign.")
    one.page.locator("#parted summary").click()
    expect(parted.locator("details li")).to_have_text("They <b>part</b>.")
    one.page.evaluate(drawn, {"both": [], "weighed": 3, "moved": []})
    expect(parted.locator("p")).to_have_text(
        "In that quarter the same things happen; 3 steps were weighed differently."
    )
    later = {"period": "July", "only_a": ["They sign."], "only_b": [], "both": [], "weighed": 0}
    one.page.evaluate(drawn, {"both": [], "weighed": 1, "moved": [], "then": later})
    expect(parted.locator("h4")).to_have_text("What first happens otherwise: July")
    expect(parted.locator("p").last).to_have_text("Only in A: They sign.")
    one.page.evaluate(drawn, {"both": [], "weighed": 0, "moved": ["reserves"]})
    expect(parted.locator("p")).to_have_text(
        re.compile("In that quarter the same things happen; what differs is .*reserves")
    )


def tells(one, history):
    """Check that the panel tells a history, besides what the two shared before the run."""
    steps = one.page.locator("#explain p.line, #explain div.line > p").all_inner_texts()
    if "were at work on" in steps[0]:
        steps = steps[1:]
    assert len(steps) == len(history)
    assert all(line.startswith(step) for step, line in zip(steps, history, strict=True))
    sums = one.page.locator("#explain .line figcaption").all_text_contents()
    weighed = [line for line in history if "ll reasons together" in line]
    assert sums and all(
        line.lower().endswith(each.lower()) for line, each in zip(weighed[:-1], sums, strict=True)
    )


def test_a_click_on_a_failed_deal_shows_the_words_of_why(tab, norfolk):
    one = tab()
    one.go(24)
    fails = norfolk.events[norfolk.events["kind"] == "talks_fail"]
    fail = fails.iloc[-1]
    names, known = names_in(norfolk), known_of(prepared("norfolk"))
    pattern = re.compile(rf"The talks of {names[fail.council]}.*{names[fail.other]}")
    one.page.locator("#feed-list .kind-talks_fail button").filter(has_text=pattern).first.click()
    told = failed_deal(norfolk.events, names, int(fail.agreement), known=known)
    expect(one.page.locator("#explain .fate")).to_have_text(told)
    tells(one, pair_history(norfolk.events, names, fail.council, fail.other, known=known))


def test_what_decided_is_drawn_as_bars_that_can_be_read_and_unfolded(tab, norfolk):
    one = tab()
    one.go(24)
    one.page.locator("#feed-list .kind-talks_fail button").first.click()
    drawn = one.page.locator("#explain figure.account:visible").first
    expect(drawn).to_have_attribute("aria-label", "What decided it")
    rows = drawn.locator("li:visible")
    assert rows.count() <= 5
    expect(rows.last).to_contain_text("luck")
    for row in rows.all():
        assert re.search(r"[-+][0-9]+\.[0-9]$|\(hardly\)$", row.inner_text())
        bar, track = row.locator(".track span").bounding_box(), row.locator(".track").bounding_box()
        middle, push = track["x"] + track["width"] / 2, row.locator(".push").inner_text()
        left = bar["x"] + bar["width"] <= middle + 1
        assert left if push.startswith("-") else bar["x"] >= middle - 1 or left
    more = one.page.locator("#explain figure.account:visible").filter(
        has=one.page.locator("li.more")
    )
    full = more.first
    few = full.locator("li:visible").count()
    full.get_by_role("button").click()
    expect(full.get_by_role("button")).to_have_text("Show less")
    assert full.locator("li:visible").count() > few
    folded = one.page.locator("#explain details.why").first
    expect(folded.locator("figure")).to_be_hidden()
    folded.locator("summary").click()
    expect(folded.locator("figure")).to_be_visible()


def test_a_click_on_the_map_explains_a_council_and_a_link(tab, norfolk):
    one = tab()
    one.go(24)
    one.page.locator(".council[aria-label^=Waveney]").click()
    expect(one.page.locator("#explain h2")).to_have_text("Waveney")
    link = one.page.locator("#map-a .link.management").first
    pair = link.get_attribute("data-ends").split("|")
    link.dispatch_event("click")
    expect(one.page.locator("#explain")).to_contain_text("What they had to do with each other")
    known = known_of(prepared("norfolk"))
    tells(one, pair_history(norfolk.events, names_in(norfolk), *pair, known=known))
    assert one.page.locator("#map-a .council.chosen").count() == 2


def told_of(rows, run):
    """Return what the feed tells of some steps: decisions one by one, the rest together."""
    known = known_of(prepared("norfolk"))
    quarters = groupby(rows, key=itemgetter("quarter"))
    return {
        said
        for _, quarter in quarters
        for _, said in told_together(quarter, names_in(run), known, apart=KINDS)
    }


def test_news_is_filtered_by_council_and_by_kind(tab, norfolk):
    one = tab()
    one.go(24)
    one.page.select_option("#feed-council", label="Breckland")
    told = one.page.locator("#feed-list .said").all_inner_texts()
    theirs = norfolk.events[["council", "other"]].eq("E07000143").any(axis=1)
    deals = one.page.evaluate(
        "room.player.sideFrames.flatMap(f => f.deals)"
        ".filter(d => d.who.includes('E07000143')).map(d => d.n)"
    )
    chosen = (theirs | norfolk.events.agreement.isin(deals)).tolist()
    rows = marked(norfolk.events)
    about = [row for row, mine in zip(rows, chosen, strict=True) if mine]
    said = told_of(about, norfolk)
    assert told and set(told) < said
    signed = [row for row in rows if row["agreement"] in deals and row["kind"] == "signs"]
    assert told_of(signed, norfolk) <= set(told)
    one.page.click("#feed summary")
    for box in one.page.locator("#feed-kinds input").all():
        box.set_checked(box.get_attribute("data-news") == "failures")
    kinds = one.page.locator("#feed-list li").evaluate_all("all => all.map(li => li.className)")
    assert kinds and set(kinds) <= {
        "kind-talks_fail", "kind-walks_away", "kind-votes_no", "kind-leaves", "kind-ends",
        "kind-survives", "kind-accounts",
    }  # fmt: skip


def test_everything_can_be_done_from_the_keyboard(tab):
    one = tab()
    press = one.page.keyboard.press
    press(".")
    press(".")
    one.at(2)
    press(",")
    one.at(1)
    one.page.locator("#map-a .links [tabindex='0']").focus()
    one.page.keyboard.press("ArrowRight")
    one.page.keyboard.press("Enter")
    expect(one.page.locator("#explain h2")).to_be_focused()
    assert one.page.evaluate("room.player.explanation.subject.pair.length") == 2
    press("Escape")
    assert one.page.evaluate("document.activeElement.closest('#map-a') !== null")
    one.page.locator("#map-a .councils [tabindex='0']").focus()
    before = one.page.evaluate("document.activeElement.dataset.code")
    press("ArrowUp")
    after = one.page.evaluate("document.activeElement.dataset.code")
    assert after and after != before
    press("Enter")
    chosen = one.page.evaluate("room.player.explanation.subject.council")
    assert chosen == after
    expect(one.page.locator("#explain h2")).to_be_focused()
    one.page.locator("#tab-explain").focus()
    press("ArrowRight")
    expect(one.page.locator("#try")).to_be_visible()
    one.page.locator("#title").click()
    press("Home")
    one.at(0)
    one.page.select_option("#speed", "0")
    one.page.locator("body").focus()
    one.page.evaluate("document.activeElement.blur()")
    press(" ")
    one.at(24)
    one.page.locator("#time").focus()
    press(",")
    one.at(23)
    press("?")
    expect(one.page.locator("#help")).to_be_visible()
    expect(one.page.locator("#help")).to_contain_text("one quarter back")
    press("Escape")
    expect(one.page.locator("#help")).to_be_hidden()
    press("4")
    expect(one.page.locator("#lesson")).to_be_visible()


def test_the_clock_comes_before_the_news_when_one_goes_by_tab(tab):
    one = tab()
    one.page.evaluate("room.player.go(12)")
    order = []
    for _ in range(30):
        one.page.keyboard.press("Tab")
        order.append(
            one.page.evaluate("document.activeElement.id || document.activeElement.className")
        )
    assert (
        order.index("play")
        < order.index("time")
        < order.index("feed-council")
        < order.index("said")
    )


def test_the_feed_shows_what_matters_and_folds_the_rest(tab, norfolk):
    one = tab()
    one.go(7)
    shown = one.page.locator("#feed-list > div > ul:nth-of-type(1) > li")
    kinds = shown.evaluate_all("all => all.map(li => li.className)")
    assert 0 < len(kinds) <= 8
    heads = {
        "signs",
        "talks_fail",
        "ends",
        "leaves",
        "merges",
        "abolished",
        "stance",
        "in_distress",
    }
    assert set(kinds) <= {f"kind-{kind}" for kind in heads}
    fold = one.page.locator("#feed-list .rest").first
    expect(fold.locator("li")).to_have_count(0)
    fold.locator("summary").click()
    expect(fold.locator("li")).not_to_have_count(0)
    said = fold.locator(".said").all_inner_texts()
    expect(fold.locator("summary")).to_have_text(f"and {len(said)} smaller items")
    told = in_telling_order([row for row in marked(norfolk.events) if row["quarter"] == 6])
    assert set(said) < told_of(told, norfolk)
    one.page.keyboard.press(".")
    one.at(8)
    expect(one.page.locator("#feed-list .rest[open]")).to_have_count(1)


def test_nothing_is_too_small_for_the_back_of_a_room(tab):
    one = tab()
    one.go(8)
    one.page.evaluate("room.compare('copy')")
    expect(one.page.locator(".map[data-side=b]")).to_be_visible()
    one.go(12)
    for name in ("feed", "explain", "try", "lesson"):
        one.page.click(f"#tab-{name}")
        if name == "explain":
            one.page.evaluate("room.player.explain({ council: 'E07000143' })")
            one.page.wait_for_selector("#explain .council-card")
        small = one.page.evaluate(
            "() => [...document.querySelectorAll('body *')].filter(e => e.getClientRects().length"
            " && !e.closest('.unseen, .skip') && [...e.childNodes].some(n => n.nodeType === 3"
            " && n.textContent.trim()) && parseFloat(getComputedStyle(e).fontSize) < 16)"
            ".map(e => e.outerHTML.slice(0, 90))"
        )
        assert small == []


def test_a_chief_executive_who_is_shared_cannot_leave_one_council(tab):
    one = tab()
    one.go(4)
    one.page.click("#tab-try")
    one.page.get_by_text("Something happens to a council").click()
    one.page.select_option("#befalls", label="Waveney")
    expect(one.page.locator("#chief")).to_be_disabled()
    expect(one.page.locator("#chief-why")).to_contain_text("shares its chief executive")


def test_a_council_that_was_chosen_and_has_merged_stays_chosen_as_what_it_became(tab):
    one = tab()
    mandated = {"at": 2, "set": {"reorganisation.stance": "mandated"}}
    memo = {"seed": 1, "a": {"scenario": "norfolk", "acts": [mandated]}}
    one.page.evaluate("memo => room.begin(memo)", memo)
    one.page.click("#tab-try")
    one.page.get_by_text("Something happens to a council").click()
    one.go(24)
    was = one.page.evaluate("room.player.frame.councils.find(c => c.was.length > 1).was.at(-1)")
    one.go(0)
    one.page.select_option("#befalls", was)
    one.go(24)
    became = one.page.evaluate(
        "was => room.player.frame.councils.find(c => c.was.includes(was)).was[0]", was
    )
    expect(one.page.locator("#befalls")).to_have_value(became)


def test_both_sides_are_named_by_what_was_changed(tab):
    one = tab()
    one.go(4)
    one.page.evaluate("room.act({ set: { 'settlement.shock': -0.1 } })")
    one.page.evaluate("room.compare('copy')")
    expect(one.page.locator("#name-b")).to_have_text("a copy of A")
    one.page.check("input[name=side][value=b]")
    one.go(6)
    one.page.evaluate("room.act({ set: { 'support.matchmaking': 1 } })")
    expect(one.page.locator("#name-a")).to_have_text(
        "only Funding shock: 10% of the settlement goes"
    )
    expect(one.page.locator("#name-b")).to_have_text("also Match-making: full strength")
    one.go(24)
    one.page.click("#tab-feed")
    parted = one.page.locator("#parted")
    expect(parted).to_contain_text("Changed in B: 1 October 2010: Match-making")
    one.page.locator("#parted summary").last.click()
    expect(parted.locator("details[open] li").first).to_be_visible()


def test_going_back_says_what_is_no_longer_tried(tab):
    one = tab()
    one.go(12)
    one.page.click("#tab-try")
    one.page.click("[data-shock=cut]")
    expect(one.page.locator("#try .done")).to_contain_text("Funding shock")
    one.go(8)
    one.page.click("[data-shock=review]")
    expect(one.page.locator("#try .note")).to_contain_text(
        "No longer tried, since it came later: 1 April 2012: Funding shock"
    )


def test_a_screen_reader_hears_a_summary_a_year_and_not_a_flood(tab):
    one = tab()
    one.page.evaluate(
        "() => { window.heard = []; "
        "new MutationObserver(() => heard.push(byId('spoken').textContent))"
        ".observe(byId('spoken'), { childList: true }); }"
    )
    one.page.select_option("#speed", "0")
    one.page.click("#play")
    one.at(24)
    heard = one.page.evaluate("heard")
    assert len(heard) == 6
    assert heard[0].startswith("The year to 1 April 2010: ")
    assert "agreements in force" in heard[-1]


@pytest.mark.parametrize("size", [SMALL, PHONE], ids=["projector", "phone"])
def test_accessibility_has_no_serious_finding(tab, size):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    one = tab(size=size)
    one.go(12)
    for name in ("feed", "explain", "try", "lesson"):
        one.page.click(f"#tab-{name}")
        if name == "explain":
            one.page.evaluate("room.player.explain({ council: 'E07000143' })")
            one.page.wait_for_selector("#explain .council-card")
        found = axe.run(one.page).response["violations"]
        bad = [f for f in found if f["impact"] in ("serious", "critical")]
        assert not bad, [(f["id"], [node["html"][:120] for node in f["nodes"]]) for f in bad]


def test_on_a_phone_nothing_sticks_out(tab):
    one = tab(size=PHONE)
    for name in ("feed", "explain", "try", "lesson"):
        one.page.click(f"#tab-{name}")
        assert one.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_link_gives_the_same_run_again(tab):
    one = tab()
    one.go(8)
    one.page.click("#tab-try")
    one.page.click("[data-shock=cut]")
    expect(one.page.locator("#try .done")).to_contain_text("Funding shock")
    one.go(24)
    two = tab(one.page.url)
    two.go(24)
    assert two.picture() == one.picture()


def test_the_address_holds_the_run_from_the_start_and_follows_a_pasted_link(tab):
    one = tab()
    assert '"seed":1' in one.page.evaluate("decodeURIComponent(location.hash)")
    other = one.page.evaluate(
        "encodeURIComponent(JSON.stringify({ seed: 5, a: { scenario: 'norfolk-seven' } }))"
    )
    one.page.evaluate("hash => { location.hash = hash; }", other)
    expect(one.page.locator("#title")).not_to_have_text("Norfolk and its neighbours")
    one.page.evaluate("location.hash = 'garbage'")
    expect(one.page.locator("#notice")).to_contain_text("names no run that can be read")
    assert '"seed":5' in one.page.evaluate("decodeURIComponent(location.hash)")
    one.page.locator(".skip").focus()
    one.page.keyboard.press("Enter")
    expect(one.page.locator("#feed")).to_be_focused()
    assert '"seed":5' in one.page.evaluate("decodeURIComponent(location.hash)")


def test_an_address_that_cannot_be_used_offers_to_start_afresh(tab, address):
    one = tab(f"{address}#garbage")
    expect(one.page.locator("#notice")).to_contain_text("names no run that can be read")
    page = one.context.new_page()
    page.goto(f'{address}#{{"seed":-3,"a":{{"scenario":"norfolk"}}}}')
    expect(page.locator("#notice")).to_contain_text("seed is -3")
    page.click("#afresh")
    page.wait_for_selector("body[data-ready]")
    page.keyboard.press("Escape")
    expect(page.locator("#date")).to_contain_text("Before 1 April 2009")


def memo_in(link):
    return json.loads(unquote(link.split("#")[1]))


def test_a_link_and_a_file_open_at_the_date_they_were_made_at(tab, tmp_path):
    one = tab()
    one.go(5)
    date = one.page.inner_text("#date")
    one.page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    one.page.click("#tab-try")
    one.page.get_by_text("To take home").click()
    one.page.click("#copy-link")
    link = one.page.locator("#link").input_value()
    with one.page.expect_download() as saved:
        one.page.click("#save-story")
    saved.value.save_as(tmp_path / "story.html")
    for address in (link, (tmp_path / "story.html").as_uri()):
        page = one.context.new_page()
        page.goto(address)
        page.wait_for_selector("body[data-ready]")
        expect(page.locator("#date")).to_have_text(date)
    assert memo_in(page.context.pages[-2].url) == memo_in(one.page.url)  # the address holds no date


def test_where_nothing_may_be_copied_the_link_stands_in_a_field(tab):
    one = tab()
    one.page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    one.page.click("#tab-try")
    one.page.get_by_text("To take home").click()
    one.page.click("#copy-link")
    assert memo_in(one.page.locator("#link").input_value()) == memo_in(one.page.url) | {"at": 0}
    expect(one.page.locator("#link")).to_be_focused()


def test_a_page_that_is_loaded_anew_stands_where_it_stood(tab):
    one = tab()
    one.lesson("norfolk", step=2)
    expect(one.page.locator("#lesson h2")).to_be_focused()
    one.go(6)
    one.page.reload()
    one.page.wait_for_selector("body[data-ready]")
    one.at(6)
    expect(one.page.locator("#lesson")).to_be_visible()
    expect(one.page.locator("#lesson")).to_contain_text("step 2 of 6")
    assert one.said == []


def test_a_lesson_sets_asks_and_reveals(tab):
    one = tab()
    one.lesson("norfolk")
    quarters = [step.quarter for step in lesson.parse(lesson.SHIPPED / "norfolk.toml").step]
    for k, quarter in enumerate(quarters):
        expect(one.page.locator("#lesson")).to_contain_text(f"step {k + 1} of {len(quarters)}")
        one.at(quarter)
        expect(one.page.locator("#lesson .question")).to_be_visible()
        if k < len(quarters) - 1:
            one.page.click("#step-next")
    expect(one.page.locator("#lesson")).to_contain_text("cultural differences")
    reveal = one.page.locator("#lesson .reveal")
    expect(reveal).to_be_hidden()
    one.page.click("#reveal")
    expect(reveal).to_contain_text("South Holland")
    sheet = one.debrief()
    one.page.emulate_media(media="print")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("What failed or ended, and why")
    expect(one.page.locator("main")).to_be_hidden()


def test_a_debrief_tells_both_sides(tab):
    one = tab()
    one.lesson("shock", step=2)
    one.go(24)
    sheet = one.debrief().text_content()
    assert "A: Funding shock: 10% of the settlement goes" in sheet
    assert "B: as it was" in sheet
    for words in ("Press Play.", "million pounds", "the members merged"):
        assert words not in sheet


def test_text_from_a_link_is_never_read_as_html(tab, address):
    memo = '{"seed":1,"a":{"scenario":"<img src=x onerror=alert(1)>","acts":[]}}'
    context = tab().context
    page = context.new_page()
    page.goto(f"{address}#{memo}")
    expect(page.locator("#notice")).to_contain_text("<img src=x")
    assert page.locator("#notice img").count() == 0


def test_the_file_to_take_home_opens_from_the_disk_and_scrubs(tab, chromium, tmp_path):
    one = tab()
    one.go(24)
    drawn = one.picture()
    one.page.click("#tab-try")
    one.page.get_by_text("To take home").click()
    with one.page.expect_download() as download:
        one.page.click("#save-story")
    path = tmp_path / "story.html"
    download.value.save_as(path)
    assert path.stat().st_size < 1_000_000
    home = tab(path.as_uri(), offline=True)
    home.go(24)
    assert home.picture() == drawn
    home.go(6)
    home.page.select_option("#speed", "0")
    home.page.click("#play")
    home.at(24)
    home.page.locator("#feed-list .kind-talks_fail button").first.click()
    expect(home.page.locator("#explain .fate")).to_contain_text("ended without an agreement")
    assert [url for url in home.asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert home.said == []
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(home.page).response["violations"]
    assert [f["id"] for f in found if f["impact"] in ("serious", "critical")] == []


def test_when_the_program_stops_the_page_says_so_and_offers_to_go_on(tab, address):
    process, own = start()
    port = int(own.rstrip("/").rsplit(":", 1)[1])
    try:
        one = tab(own)
        one.go(5)
        before = one.picture()
        stop(process)
        one.page.click("#step")
        expect(one.page.locator("#notice")).to_contain_text("Connection lost")
        expect(one.page.locator("#play")).to_have_text("Play")
        assert one.picture() == before
        process, _ = start(port)
        one.page.click("#go-on")
        expect(one.page.locator("#notice")).to_be_hidden()
        one.at(5)
        one.page.click("#step")
        one.at(6)
    finally:
        stop(process)


def test_a_session_that_was_put_away_is_begun_again(tab):
    one = tab()
    one.go(3)
    one.page.evaluate("fetch(`/api/session/${room.server.key}`, { method: 'DELETE' })")
    one.page.click("#step")
    expect(one.page.locator("#notice")).to_contain_text("no longer held")
    one.page.click("#go-on")
    expect(one.page.locator("#notice")).to_be_hidden()
    one.page.click("#step")
    one.at(4)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["norfolk", "england"])
def test_how_fast_the_page_is(chromium, scenario):
    """Say how long it takes to a drawn map, and how many quarters are drawn a second."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "page", scenario, "--no-browser"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        address = re.search(r"http://\S+", process.stdout.readline())[0]
        one = Tab(chromium, address)
        drawn = time.perf_counter() - begun
        one.page.select_option("#speed", "0")
        begun = time.perf_counter()
        one.page.click("#play")
        one.at(24)
        rate = 24 / (time.perf_counter() - begun)
        one.context.close()
    finally:
        stop(process)
    print(
        f"{scenario}: {drawn:.1f} s from the command to a drawn map; {rate:.1f} quarters a second"
    )
    assert rate > 1


def test_a_debrief_tells_both_sides_in_pounds_and_without_what_to_press(tab):
    one = tab()
    one.lesson("shock", step=2)
    expect(one.page.locator("#lesson")).to_contain_text("Press Play")
    one.page.click("#step-next")
    one.at(24)
    text = one.debrief().text_content()
    assert "Press Play" not in text
    assert "million pounds" not in text
    assert "the members merged" not in text
    assert one.page.locator("#debrief thead th").all_text_contents() == ["A", "B"]
    assert len(one.page.locator("#debrief h3").all_text_contents()) == 4
    row = one.page.locator("#debrief tr", has_text="Reserves").locator("td").all_text_contents()
    assert len(row) == 2
    assert all("£" in value for value in row)
