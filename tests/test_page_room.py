"""The page from the back of a room: low screens, large letters, a clicker, first minutes."""

import re
import sys

import numpy as np
import pytest
from test_page_browser import (
    BROWSER,
    PHONE,
    SMALL,
    Tab,
    address,
    chromium,
    expect,
    start,
    stop,
    tab,
)

from sim.declared.scenario import load
from sim.page.land import land_of, places_of
from sim.page.replay import as_html
from sim.page.session import Memo, Session, Side
from sim.ready.kept import prepared

__all__ = ["address", "chromium", "tab"]

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")

LOW = {
    "1366 at 150%": (911, 512),
    "1920 at 200%": (960, 540),
    "1366 at 125%": pytest.param((1093, 614), marks=pytest.mark.slow),
}
GAPS = {"large": 0.15, "middle": 0.1, "small": 0.05}
TAKE_HOME_BYTES = 205_000

NAMES = """() => all('#map-a .labels > g').map((one) => {
    const box = one.querySelector('text').getBoundingClientRect();
    const sides = [box.left, box.top, box.right, box.bottom];
    return [one.dataset.name, sides.map((v) => Math.round(4 * v) / 4)];
})"""
HIDDEN = """() => {
    const bad = [], map = byId('map-a').getBoundingClientRect();
    const boxes = (each, key, part) => all(each).map((one) =>
        [one.dataset[key], one.querySelector(part).getBoundingClientRect()]);
    const circles = boxes('#map-a .council', 'code', '.disc');
    const names = boxes('#map-a .labels > g', 'name', 'text');
    for (const [code, name] of names) {
        const cut = [map.left - name.left, name.right - map.right, map.top - name.top,
            name.bottom - map.bottom];
        if (Math.max(...cut) > 0) bad.push(`${code} is cut`);
        for (const [other, { left, top, width }] of circles) {
            const r = width / 2, [x, y] = [left + r, top + r];
            const aside = Math.max(name.left - x, 0, x - name.right);
            const above = Math.max(name.top - y, 0, y - name.bottom);
            if (other !== code && Math.hypot(aside, above) < r - 1) bad.push(`${code} on ${other}`);
        }
        for (const [other, box] of names.filter(([other]) => other < code)) {
            const wide = Math.min(name.right, box.right) - Math.max(name.left, box.left);
            const high = Math.min(name.bottom, box.bottom) - Math.max(name.top, box.top);
            if (wide > 2 && high > 6) bad.push(`${code} over ${other}`);
        }
    }
    return bad;
}"""
INSIDE = """which => {
    const map = byId('map-a').getBoundingClientRect(), { places } = room.player.maps.a.land;
    const here = room.player.frame.councils.filter((c) => places[c.code].includes(which));
    return here.every((c) => {
        const disc = all(`#map-a [data-code="${c.code}"] .disc`)[0].getBoundingClientRect();
        return disc.left >= map.left && disc.right <= map.right
            && disc.top >= map.top && disc.bottom <= map.bottom;
    });
}"""
FULL = """() => all('#map-a .council').map((one) => {
    const high = (part) => one.querySelector(part)?.getBBox().height ?? 0;
    return [one.getAttribute('aria-label'), high('.gap') / high('.disc')];
})"""


@pytest.mark.parametrize("size", LOW.values(), ids=LOW)
def test_on_a_low_screen_the_map_keeps_its_room_and_every_name(tab, size):
    one = tab(size=dict(zip(("width", "height"), size, strict=True)))
    one.go(8)
    assert one.page.locator("#map-a").bounding_box()["height"] >= 0.55 * size[1]
    assert len(one.page.evaluate(NAMES)) == 17
    assert one.page.evaluate(HIDDEN) == []
    assert one.page.evaluate("document.documentElement.scrollHeight") <= size[1]
    expect(one.page.locator("#legend")).to_be_hidden()
    one.page.click("#signs")
    expect(one.page.locator("#legend")).to_be_visible()
    expect(one.page.locator("#legend")).to_contain_text("15% of budget")


def test_names_are_placed_once_and_never_jump_while_it_plays(tab):
    one = tab()
    first = one.page.evaluate(NAMES)
    assert len(first) == 17
    for quarter in range(1, 25):
        one.page.keyboard.press(".")
        one.at(quarter)
        assert one.page.evaluate(NAMES) == first, quarter
        assert one.page.evaluate(HIDDEN) == [], quarter


def test_where_councils_merge_the_others_keep_their_places_whichever_way_one_came(tab):
    mandated = {"at": 2, "set": {"reorganisation.stance": "mandated"}}
    memo = {"seed": 1, "a": {"scenario": "norfolk", "acts": [mandated]}}
    one, other = tab(), tab()
    for each in (one, other):
        each.page.evaluate("memo => room.begin(memo)", memo)
    before = dict(one.page.evaluate(NAMES))
    one.page.select_option("#speed", "0")
    one.page.click("#play")
    one.at(24)
    other.go(24)
    after = one.page.evaluate(NAMES)
    assert after == other.page.evaluate(NAMES)
    assert one.page.evaluate(HIDDEN) == []
    assert {code: box for code, box in after if code in before}.items() <= before.items()
    assert {code for code, _ in after} - set(before)
    other.go(4)
    assert other.page.evaluate(HIDDEN) == []
    other.go(0)
    assert dict(other.page.evaluate(NAMES)) == before


def test_a_gap_fills_the_circle_in_three_steps_and_words(tab):
    one = tab()
    one.go(20)
    told = one.page.evaluate(FULL)
    shares = one.page.evaluate(
        "room.player.frame.councils.map((c) => [c.name, c.expected / c.income])"
    )
    seen = set()
    for name, share in shares:
        words, full = next(each for each in told if each[0].startswith(name))
        step = next((word for word, least in GAPS.items() if share >= least), "")
        seen.add(step)
        assert (f"expects a {step} gap" in words) if step else "gap" not in words
        assert full == pytest.approx(
            {"": 0, "small": 0.33, "middle": 0.66, "large": 1}[step], abs=0.1
        )
    assert {"small", "middle", "large"} <= seen


def test_the_room_view_shows_date_map_and_one_chart_in_large_letters(tab):
    one = tab()
    one.go(12)
    one.page.keyboard.press("r")
    expect(one.page.locator("#room-view")).to_have_attribute("aria-pressed", "true")
    expect(one.page.locator(".panel")).to_be_hidden()
    expect(one.page.locator(".chart:visible")).to_have_count(1)
    expect(one.page.locator(".chart:visible svg")).to_have_attribute(
        "aria-label", re.compile("Saving")
    )
    one.page.select_option("#room-chart", label="Talks under way")
    expect(one.page.locator(".chart:visible")).to_contain_text("Talks under way")
    small = one.page.evaluate(
        "() => [...document.querySelectorAll('body *')].filter(e => e.getClientRects().length"
        " && !e.closest('.unseen, .skip, option') && [...e.childNodes].some(n => n.nodeType === 3"
        " && n.textContent.trim()) && parseFloat(getComputedStyle(e).fontSize) < 28)"
        ".map(e => e.outerHTML.slice(0, 90))"
    )
    assert small == []
    assert len(one.page.evaluate(NAMES)) == 17
    assert one.page.evaluate(HIDDEN) == []
    chart = one.page.locator(".chart:visible svg").bounding_box()
    assert chart["height"] > 300
    assert one.page.evaluate("document.documentElement.scrollHeight") <= SMALL["height"]
    one.page.keyboard.press("r")
    expect(one.page.locator(".panel")).to_be_visible()


def test_letters_and_colours_can_be_chosen_and_are_kept_for_the_next_visit(tab):
    one = tab(color_scheme="dark")
    dark = "document.documentElement.hasAttribute('data-dark')"
    assert one.page.evaluate(dark)
    one.page.emulate_media(color_scheme="light")
    expect(one.page.locator(":root[data-dark]")).to_have_count(0)
    size = "parseFloat(getComputedStyle(byId('map-a')).fontSize)"
    before = one.page.evaluate(size)
    one.page.click("#view summary")
    one.page.check("#view [value='1.4']")
    one.page.check("#view [value=dark]")
    assert one.page.evaluate(size) == pytest.approx(1.4 * before)
    assert one.page.locator("#map-a").bounding_box()["height"] >= 0.5 * SMALL["height"]
    one.page.reload()
    one.page.wait_for_selector("body[data-ready]")
    assert one.page.evaluate(dark)
    assert one.page.evaluate(size) == pytest.approx(1.4 * before)
    expect(one.page.locator("#view [value='1.4']")).to_be_checked()
    one.page.click("#view summary")
    one.page.keyboard.press("Escape")
    expect(one.page.locator("#view .box")).to_be_hidden()


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.slow), "dark"])
def test_axe_finds_nothing_in_any_view_nor_on_the_opening_card(tab, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    one = tab(opening=True, color_scheme=scheme, reduced_motion="reduce")
    found = axe.run(one.page).response["violations"]
    one.page.keyboard.press("Escape")
    one.go(12)
    for view in ("feed", "explain", "try", "lesson", "room"):
        one.page.evaluate("view => view === 'room' ? showRoom(true) : showTab(view)", view)
        if view == "explain":
            one.page.evaluate("room.player.explain({ council: 'E07000143' })")
            one.page.wait_for_selector("#explain .council-card")
        found += axe.run(one.page).response["violations"]
    assert not [(f["id"], [node["html"][:120] for node in f["nodes"]]) for f in found]


def test_a_clicker_steps_quarters_and_in_a_lesson_its_steps(tab):
    one = tab()
    one.page.keyboard.press("PageDown")
    one.at(1)
    one.page.locator("#feed").focus()
    one.page.keyboard.press("PageDown")
    one.at(2)
    one.page.keyboard.press("PageUp")
    one.at(1)
    one.lesson("norfolk")
    one.page.keyboard.press("PageDown")
    expect(one.page.locator("#lesson")).to_contain_text("step 2 of")
    one.page.keyboard.press("PageUp")
    expect(one.page.locator("#lesson")).to_contain_text("step 1 of")


def test_b_blanks_the_screen_and_brings_it_back(tab):
    one = tab()
    one.page.click("#play")
    one.page.keyboard.press("b")
    black = one.page.locator("#blank")
    expect(black).to_be_visible()
    assert black.bounding_box() == {"x": 0, "y": 0, **SMALL}
    expect(black).to_have_css("background-color", "rgb(0, 0, 0)")
    expect(one.page.locator("#play")).to_have_text("Play")
    one.page.keyboard.press("b")
    expect(black).to_be_hidden()
    one.page.click("#view summary")
    one.page.click("#blank-now")
    expect(black).to_be_visible()
    one.page.mouse.click(300, 300)
    expect(black).to_be_hidden()


def test_space_plays_and_pauses_after_a_click_on_anything(tab):
    one = tab()
    play = one.page.locator("#play")
    for pressed in (
        "#step",
        "#tab-try",
        "#nearer",
        "[data-shock=review]",
        "#room-view",
        "#room-view",
    ):
        one.page.click(pressed)
        one.page.evaluate("room.changing?.then(() => true)")
        one.page.keyboard.press(" ")
        expect(play).to_have_text("Pause")
        one.page.keyboard.press(" ")
        expect(play).to_have_text("Play")
    one.page.keyboard.press("?")
    for words in ("Page Down", "black screen", "Room view", "play, pause"):
        expect(one.page.locator("#help")).to_contain_text(words)


def test_a_button_that_was_reached_by_the_keyboard_is_pressed_by_space(tab):
    one = tab()
    one.page.keyboard.press("Tab")
    one.page.locator("#room-view").focus()
    one.page.keyboard.press(" ")
    expect(one.page.locator("#room-view")).to_have_attribute("aria-pressed", "true")
    expect(one.page.locator("#play")).to_have_text("Play")


WATCH = """() => {
    window.moved = [];
    for (const name of ['travel', 'thicken', 'snap']) {
        const old = window[name];
        window[name] = (...given) => { moved.push(name); return old(...given); };
    }
}"""


def test_motion_tells_what_happened_and_is_soon_over(tab):
    one = tab()
    one.go(11)
    one.page.evaluate(WATCH)
    one.page.keyboard.press(".")
    one.at(12)
    assert set(one.page.evaluate("moved")) == {"travel", "thicken", "snap"}
    lasts = one.page.evaluate("document.getAnimations().map((a) => a.effect.getTiming().duration)")
    assert max(lasts, default=0) <= 500
    expect(one.page.locator("#map-a .motion > *")).to_have_count(0)


def test_nothing_moves_at_the_fastest_nor_where_less_motion_is_asked_for(tab):
    still, fast = tab(reduced_motion="reduce"), tab()
    fast.page.select_option("#speed", "0")
    for one in (still, fast):
        one.go(11)
        one.page.evaluate(WATCH)
        one.page.evaluate("room.player.move(1)")
        one.at(12)
        assert one.page.evaluate("moved") == []


def test_the_opening_card_offers_lessons_and_keeps_the_focus(tab):
    one = tab(opening=True)
    card = one.page.locator("#opening")
    expect(card).to_be_visible()
    expect(card.locator("[data-open]")).to_have_count(6)
    expect(card.locator("[data-open=norfolk]")).to_contain_text("A courtship in Norfolk 45 minutes")
    assert one.page.locator("#opening-find").count() == 1
    for _ in range(8):
        one.page.keyboard.press("Tab")
        assert one.page.evaluate(
            "[document.body, ...all('#opening, #opening *')].includes(document.activeElement)"
        )
    expect(one.page.locator("body")).not_to_have_attribute("data-q", "0", timeout=10_000)
    card.locator("[data-open=norfolk]").click()
    expect(card).to_be_hidden()
    expect(one.page.locator("#lesson")).to_contain_text("step 1 of")
    one.at(0)
    assert one.said == []


def test_just_play_plays_from_the_first_day_and_an_address_with_a_run_has_no_card(tab):
    one = tab(opening=True)
    one.page.click("#just-play")
    expect(one.page.locator("#play")).to_have_text("Pause")
    one.at(1)
    two = tab(one.page.url, opening=True)
    expect(two.page.locator("#opening")).to_be_hidden()
    two.at(0)


def test_nothing_moves_behind_the_card_where_less_motion_is_asked_for(tab):
    one = tab(opening=True, reduced_motion="reduce")
    one.page.wait_for_timeout(400)
    one.at(0)
    assert one.page.evaluate("room.player.rows.length") == 1


def test_the_card_says_how_far_the_rules_are_compiled_and_play_waits(chromium, address):
    context = chromium.new_context(viewport=SMALL)
    page = context.new_page()
    page.route("**/api/machine", lambda route: route.fulfill(json={"compiling": 0.4}))
    held = []
    page.route("**/api/session", lambda route: held.append(route))
    page.goto(address)
    expect(page.locator("#compiled")).to_be_visible()
    expect(page.locator("#compiled")).to_have_js_property("value", 0.4)
    expect(page.locator("#compiled-said")).to_have_text("40%")
    expect(page.locator("#just-play")).to_be_disabled()
    expect(page.locator("#play")).to_be_disabled()
    held[0].continue_()
    expect(page.locator("#just-play")).to_be_enabled()
    expect(page.locator("#opening-wait")).to_be_hidden()
    expect(page.locator("#play")).to_be_enabled()
    context.close()


@pytest.mark.slow
def test_in_england_a_council_a_county_or_a_region_is_found_and_drawn_nearer(chromium):
    process, own = start(None, "--seed", "1", scenario="england")
    try:
        one = Tab(chromium, own)
        one.page.keyboard.press("/")
        one.page.keyboard.type("great yarm")
        one.page.keyboard.press("Enter")
        expect(one.page.locator("#explain h2")).to_have_text("Great Yarmouth")
        factor = "room.player.maps.a.lens.zoom.factor"
        near = one.page.evaluate(factor)
        assert near > 3
        for place in ("1 East Midlands", "0 Kent"):
            one.page.select_option("#find-area", place)
            assert one.page.evaluate(INSIDE, place[2:])
            assert one.page.evaluate(factor) > 1
        one.page.select_option("#find-area", "")
        assert one.page.evaluate(factor) == 1
        one.page.fill("#find-council", "atlantis")
        one.page.keyboard.press("Enter")
        expect(one.page.locator("#find-said")).to_have_text("No council here has that name.")
        one.context.close()
    finally:
        stop(process)


def test_each_centre_lies_in_its_cell_and_counties_touch():
    table = prepared(load("norfolk")).table
    land = land_of(table)
    assert len(land["cells"]) == 17
    for ring, x, y in zip(land["cells"], table.x, table.y, strict=True):
        a, b = np.array(ring), np.roll(np.array(ring), -1, axis=0)
        turns = (b[:, 0] - a[:, 0]) * (y - a[:, 1]) - (b[:, 1] - a[:, 1]) * (x - a[:, 0])
        assert (turns > 0).all()
    assert land["borders"]
    places = places_of(table)
    assert places["E07000148"] == ["Norfolk", "East of England", "Norwich"]


def test_the_land_needs_no_scipy(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy", None)
    assert land_of(prepared(load("norfolk-seven")).table)["cells"]


def test_the_file_to_take_home_has_the_land_and_the_views_but_no_card_and_stays_small(
    tab, tmp_path
):
    held = Session(Memo(seed=1, a=Side(scenario="norfolk")), lambda name: (name, load(name)))
    made = as_html(held)
    assert len(made) < TAKE_HOME_BYTES
    assert b"opening" not in made
    path = tmp_path / "story.html"
    path.write_bytes(made)
    one = tab(path.as_uri(), offline=True)
    assert one.page.locator("#map-a .land").get_attribute("d")
    one.page.keyboard.press("r")
    expect(one.page.locator(".panel")).to_be_hidden()
    assert one.said == []


@pytest.mark.slow
def test_on_a_phone_the_head_covers_nothing(tab):
    one = tab(size=PHONE)
    boxes = [one.page.locator(at).bounding_box() for at in ("#date", "#title", ".tools")]
    for k, a in enumerate(boxes):
        for b in boxes[k + 1 :]:
            apart = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
            assert apart or a["y"] + a["height"] <= b["y"] + 1 or b["y"] + b["height"] <= a["y"] + 1
    one.page.click("#view summary")
    box = one.page.locator("#view .box").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
