"""What is explained on one screen: a council's card, what two believe of each other, a promise."""

import math
import re

import numpy as np
import pytest
from test_page_browser import address, chromium, expect, pytestmark, tab
from test_page_http import begin, run_in, seen, web

from sim.declared.scenario import load
from sim.page.command import replay
from sim.page.line import Line

__all__ = ["address", "chromium", "pytestmark", "tab", "web"]  # fixtures

BRECKLAND, SOUTH_NORFOLK = "E07000143", "E07000149"


@pytest.fixture(scope="module")
def line():
    return Line(load("norfolk"), seed=2, replicate=0)


def row_of(line, raw, code):
    who = list(line.ready.table.code).index(code)
    return int(raw.world.roll[who].row)


def test_a_frame_tells_what_the_engine_knows_of_a_council(web, line):
    at = begin(web, seed=2)
    paused = 0
    for drawn in seen(web, at):
        raw = line.at(drawn["q"])
        for row in drawn["a"]["councils"]:
            own = raw.world.councils[row_of(line, raw, row["code"])]
            assert (row["marriage"], row["system"]) == (own.marriage, own.platform + 1)
            assert [row["contact"], row["local"]] == pytest.approx(
                [own.contact, own.local_contact], abs=0.006
            )
            until = line.scenario.first_day(max(math.ceil(own.pause), 0))
            assert row["pause"] == (f"{until.day} {until:%B %Y}" if own.pause > drawn["q"] else "")
            paused += bool(row["pause"])
    assert paused


def test_two_councils_are_told_what_each_believes_and_what_is_so(web, line):
    at = begin(web, seed=2)
    for quarter in (0, 9, 24):
        raw = line.at(quarter)
        rows = [row_of(line, raw, code) for code in (BRECKLAND, SOUTH_NORFOLK)]
        pairs = raw.world.pairs
        (place,) = [e for e in range(len(pairs)) if {pairs[e].a, pairs[e].b} == set(rows)]
        sides = [0, 1] if pairs[place].a == rows[0] else [1, 0]
        asked = {"side": "a", "q": quarter, "one": BRECKLAND, "two": SOUTH_NORFOLK}
        mind = web.get(f"{at}/pair", params=asked).json()["mind"]
        assert mind["believed"] == pytest.approx(pairs[place].belief[sides].tolist(), abs=0.006)
        assert np.square(mind["doubt"]) == pytest.approx(pairs[place].doubt[sides], abs=0.006)
        cultures = raw.world.councils.culture[rows]
        assert mind["true"] == pytest.approx(np.sqrt(np.mean(np.diff(cultures, axis=0) ** 2)), 0.05)
        turned = asked | {"one": SOUTH_NORFOLK, "two": BRECKLAND}
        back = web.get(f"{at}/pair", params=turned).json()["mind"]
        assert back == {**mind, **{key: mind[key][::-1] for key in ("believed", "doubt")}}


def test_a_file_to_take_home_is_small_and_knows_the_beliefs_of_every_date(tmp_path, line):
    out = tmp_path / "run.html"
    replay("norfolk", seed=2, replicate=0, out=out)
    made = out.read_bytes()
    assert len(made) < 205_000
    from sim.page.minds import Minds

    minds = run_in(made)["stories"]["a"]["minds"]
    assert minds
    for quarter in (0, 12, 24):
        now = Minds(line.ready, line.at(quarter))
        for pair, told in minds.items():
            assert [what for since, what in told if since <= quarter][-1] == now.of(
                *pair.split("|")
            )


def test_every_card_of_a_council_fits_one_screen(tab):
    one = tab()
    for quarter in (4, 24):
        one.go(quarter)
        for code in one.page.evaluate("room.player.frame.councils.map((one) => one.code)"):
            one.page.evaluate(f"room.player.explain({{ council: '{code}' }})")
            over = "(box) => box.scrollHeight - box.clientHeight"
            assert one.page.locator("#explain").evaluate(over) <= 0, (quarter, code)


def test_a_card_tells_strategy_system_contact_quality_lessons_and_pause(tab):
    one = tab()
    one.page.evaluate("room.begin({ seed: 2, a: { scenario: 'norfolk', acts: [] } }, 24)")
    one.at(24)
    frames = one.page.evaluate("room.player.sideFrames")
    frame, paused = next((f, c) for f in frames for c in f["councils"] if c["pause"])
    one.go(frame["q"])
    one.page.evaluate(f"room.player.explain({{ council: '{paused['code']}' }})")
    card = one.page.locator("#explain .council-card")
    said = "seeks a marriage" if paused["marriage"] else "keeps to single services"
    for words in (said, f"Computer system {paused['system']}", paused["pause"], *paused["lessons"]):
        expect(card).to_contain_text(words)
    kept = card.locator(".traits li").filter(has_text="Contact kept")
    expect(kept.locator("b")).to_have_text(str(math.floor(100 * paused["local"] + 0.5)))
    wide = kept.locator(".fill").evaluate("(one) => one.offsetWidth / one.parentNode.offsetWidth")
    assert wide == pytest.approx(paused["local"], abs=0.02)


def test_beliefs_are_drawn_against_the_truth_and_said(tab):
    one = tab()
    one.go(12)
    one.page.evaluate(f"room.player.explain({{ pair: ['{BRECKLAND}', '{SOUTH_NORFOLK}'] }})")
    lines = one.page.locator("#explain .minds li")
    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text(
        re.compile(r"Breckland (thinks|sees) South Norfolk .*it believes \d+")
    )
    spots = [lines.nth(k).locator(".mark-true").bounding_box()["x"] for k in (0, 1)]
    assert spots[0] == spots[1]


def test_what_is_missing_of_a_promise_is_drawn_and_valued(tab):
    one = tab()
    one.go(20)
    deal = one.page.evaluate(
        "room.player.frame.deals.filter((one) => one.true > 0 && one.promised > 2 * one.true)[0]"
    )
    one.page.evaluate(f"room.player.explain({{ deal: {deal['n']} }})")
    said = one.page.locator("#explain .sum").last.inner_text()
    pounds = [int(part.replace(",", "")) for part in re.findall(r"£([\d,]+)", said)]
    assert re.fullmatch(r".* a year was promised; .* arrives by now; .* has not arrived\.", said)
    assert len(pounds) == 3 and pounds[0] == pounds[1] + pounds[2]
    box = "(one) => { const { left, right } = one.getBoundingClientRect(); return [left, right]; }"
    promised, true, missing = (
        one.page.locator(f"#explain .savings .{kind}").evaluate(box)
        for kind in ("promised", "true", "missing")
    )
    assert [missing[0], missing[1]] == pytest.approx([true[1], promised[1]], abs=1.5)
    assert one.page.evaluate("savingsSaid(9, 1.2, 'culture')") == (
        "£9m a year was promised; £1.2m arrived; £7.8m never did."
    )


def test_net_saving_and_the_public_purse_are_among_the_charts(tab):
    one = tab()
    one.go(12)
    one.page.click("#charts-turn")
    drawn = one.page.locator("#charts")
    for words in ("Net saving so far", "Public net so far"):
        expect(drawn.locator("figure").filter(has_text=words)).to_be_visible()
    one.go(13)
    expect(drawn).to_contain_text("Net saving so far")


def test_why_a_deal_died_is_one_picture_on_one_screen_with_details_on_request(tab):
    one = tab()
    one.page.evaluate("room.begin({ seed: 2, a: { scenario: 'norfolk', acts: [] } }, 24)")
    one.at(24)
    one.page.locator("#feed-list .kind-talks_fail button").first.click()
    decided = one.page.locator("#explain .decided")
    expect(decided.locator(".sum")).to_contain_text("main reason: ")
    rows = decided.locator("li:visible")
    assert 2 <= rows.count() <= 5
    last = rows.last.locator(".track span")
    expect(rows.last).to_contain_text("luck")
    assert "repeating-linear-gradient" in last.evaluate("(one) => getComputedStyle(one).background")
    panel, picture = one.page.locator("#explain").bounding_box(), rows.last.bounding_box()
    assert picture["y"] + picture["height"] <= panel["y"] + panel["height"]
    expect(decided.locator("figcaption")).to_be_hidden()
    decided.get_by_role("button").click()
    expect(decided.locator("figcaption")).to_contain_text("All reasons together")
    expect(decided.locator("figcaption")).to_contain_text("luck")
