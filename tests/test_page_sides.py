"""Two policies by eye: one map of both, how far they lie apart, the chain of differences."""

from itertools import count

import pytest
from test_page_browser import address, chromium, expect, pytestmark, tab
from test_page_http import LAST, POLICIES, begin, run_in, seen, web

from sim.page.book import Book
from sim.page.command import replay
from sim.page.session import Session, read_memo

__all__ = ["address", "chromium", "pytestmark", "tab", "web"]  # fixtures

MINUS = "\N{MINUS SIGN}"
GRANTS = next(path for path in POLICIES if path.stem == "set-up-grants")
GRANT = {"at": 4, "set": {"grants.setup_pot": 2, "grants.staged": 0}}
B = {"scenario": "norfolk", "acts": [GRANT]}
MEMO = f"{{ seed: 7, a: {{ scenario: 'norfolk', acts: [] }}, b: {B} }}"


def links(policy, seed):
    """Return every difference between Norfolk and a policy, in order."""
    memo = {"seed": seed, "a": {"scenario": "norfolk"}, "b": policy}
    session = Session(read_memo(memo), Book("norfolk", POLICIES))
    numbers = count()
    return list(iter(lambda: session.difference(next(numbers)), None))


@pytest.fixture
def sides(tab):
    one = tab()
    one.page.evaluate(f"room.begin({MEMO}, 24)")
    one.at(24)
    one.page.evaluate("room.changing.then(() => true)")
    return one


def test_the_chain_tells_each_difference_once_with_its_date_and_what_happens_first(web):
    at, found = begin(web, seed=7, b=B), links(B, 7)
    for n in (0, len(found) - 1):
        assert web.get(f"{at}/apart", params={"n": n}).json()["difference"] == found[n]
    over = web.get(f"{at}/apart", params={"n": len(found)})
    assert over.json()["difference"] is None
    parted = web.get(f"{at}/frames", params={"from": LAST, "to": LAST}).json()["parted"]
    first = parted["then"] or parted
    assert found[0]["period"] == first["period"] and found[0]["line"].startswith("Only in B: ")
    quarters = [link["q"] for link in found]
    assert quarters == sorted(quarters) and len(set(quarters)) > 5
    periods = {row["q"]: row["a"]["period"] for row in seen(web, at)}
    assert all(link["period"] == periods[link["q"]] for link in found)
    for q in set(quarters):
        lines = [link["line"] for link in found if link["q"] == q]
        otherwise = [line.startswith(("Only in ", "In A: ")) for line in lines]
        assert otherwise == sorted(otherwise, reverse=True) and len(set(lines)) == len(lines)
    assert any(line["line"].startswith("In A: ") and " In B: " in line["line"] for line in found)


def test_a_deal_that_differs_in_a_figure_is_one_link():
    first = links({"scenario": "set-up-grants"}, 38)[0]["line"]
    assert first == (
        "St Edmundsbury receives a grant from government towards setting up shared information "
        "technology. Paid: in A £250,000, in B £254,000."
    )


@pytest.mark.parametrize(("n", "words"), [("-1", "give 0 or more"), ("x", "whole number")])
def test_a_difference_that_cannot_be_is_refused_in_words(web, n, words):
    answer = web.get(f"{begin(web, b=B)}/apart", params={"n": n})
    assert answer.status_code == 400 and words in answer.json()["error"]
    alone = web.get(f"{begin(web)}/apart", params={"n": 0})
    assert alone.status_code == 400 and "put another policy beside it" in alone.json()["error"]


def test_the_box_moves_on_through_the_differences_and_goes_to_their_dates(sides):
    found = links(B, 7)
    page = sides.page
    for link in found[:4]:
        page.click("#chain-next")
        sides.at(link["q"])
        expect(page.locator("#chain-line")).to_contain_text(f"{link['period']}: {link['line']}")
    page.click("#chain-back")
    expect(page.locator("#chain-line")).to_contain_text(found[2]["line"])
    sides.go(20)
    page.click("#chain-line button")
    sides.at(found[2]["q"])
    for _ in range(3):
        page.click("#chain-back")
    expect(page.locator("#chain-line")).to_have_text("What came of it, step by step:")
    expect(page.locator("#chain-back")).to_be_disabled()


def shared(frame, kind):
    deals = (deal for deal in frame["deals"] if deal["kind"] == kind)
    return {frozenset((a, b)) for deal in deals for a in deal["who"] for b in deal["who"] if a < b}


def test_one_map_tells_what_is_only_in_a_only_in_b_and_in_both(sides):
    page = sides.page
    row = page.evaluate("room.player.rows[24]")
    page.get_by_label("both in one").check()
    expect(page.locator(".map[data-side=b]")).to_be_hidden()
    seen_kinds = set()
    for link in page.locator("#map-a .link").all():
        kind, pair = link.get_attribute("data-key").split(" ")[1:]
        ends = frozenset(pair.split("|"))
        in_a, in_b = (ends in shared(row[side], kind) for side in ("a", "b"))
        words = "Only in A" if not in_b else "Only in B" if not in_a else "In both"
        assert f": {words}: " in link.get_attribute("aria-label")
        letter = link.locator("text").all_text_contents()
        assert letter == {"Only in A": ["A"], "Only in B": ["B"], "In both": []}[words]
        seen_kinds.add(words)
    assert seen_kinds == {"Only in A", "Only in B", "In both"}
    legend = page.locator("#legend")
    for words in ("Only in A: whole line", "Only in B: broken line", "In both: plain line"):
        expect(legend).to_contain_text(words)
    page.get_by_label("A", exact=True).and_(page.locator("[name=view]")).check()
    expect(legend).to_contain_text("Talks under way")
    expect(page.locator("#map-a .letter")).to_have_count(0)


def test_every_chart_tells_the_difference_at_every_date_in_its_unit(sides):
    page = sides.page
    for quarter in (2, 16, 24):
        sides.go(quarter)
        now = page.evaluate(f"room.player.rows[{quarter}]")
        said = page.locator("#charts .apart").all_inner_texts()
        agreements = now["b"]["measures"]["agreements"] - now["a"]["measures"]["agreements"]
        off = f"{agreements:+.0f}".replace("-", MINUS) if agreements else "the same"
        assert said[1] == f"B {MINUS} A: {off}"
        pounds = 1e6 * (now["b"]["measures"]["reserves"] - now["a"]["measures"]["reserves"])
        if pounds and abs(pounds) < 999_500:
            sign = "+" if pounds > 0 else MINUS
            assert said[3] == f"B {MINUS} A: {sign}£{round(abs(pounds) / 1000) * 1000:,}"
    assert said[3] != f"B {MINUS} A: the same"


def test_a_file_to_take_home_has_the_chain_too(tmp_path):
    out = tmp_path / "two.html"
    replay("norfolk", seed=1, replicate=0, out=out, policy=str(GRANTS))
    kept = run_in(out.read_bytes())["chain"]
    assert kept == links({"scenario": "set-up-grants"}, 1)[:200]
