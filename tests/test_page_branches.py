"""What was tried can be undone with nothing lost, and policies are kept under names."""

import json
from urllib.parse import quote

import pytest
from test_page_browser import address, chromium, expect, pytestmark, tab
from test_page_http import LAST, begin, seen, web

from sim.declared.scenario import load
from sim.errors import InputError
from sim.page import branches
from sim.page.changes import Act
from sim.page.link import verify_link
from sim.page.session import Session, read_memo

__all__ = ["address", "chromium", "pytestmark", "tab", "web"]  # fixtures

CUT = {"at": 8, "set": {"settlement.shock": -0.1}}
GRANT = {"at": 4, "set": {"grants.setup_pot": 2.0}}


def tell(web, at, what, **more):
    answer = web.post(f"{at}/{what}", json=more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_undo_brings_back_what_a_change_at_an_earlier_date_dropped(web):
    at = begin(web)
    first = seen(web, at)
    tell(web, at, "change", side="a", act=CUT)
    cut = seen(web, at)
    changed = tell(web, at, "change", side="a", act=GRANT)
    assert [act["at"] for act in changed["memo"]["a"]["acts"]] == [4]  # the cut came later
    assert seen(web, at) != cut
    back = tell(web, at, "undo")
    assert (back["memo"]["a"]["acts"], back["since"]) == ([CUT], 4)
    assert seen(web, at) == cut
    back = tell(web, at, "undo")
    assert back["memo"]["a"]["acts"] == [] and "past" not in back["memo"]
    assert seen(web, at) == first
    answer = web.post(f"{at}/undo", json={})
    assert answer.status_code == 400 and "nothing to undo" in answer.json()["error"]


def test_a_second_policy_that_was_taken_away_comes_back_too(web):
    at = begin(web, b={"scenario": "norfolk", "acts": [CUT]})
    both = seen(web, at)
    tell(web, at, "compare", **{"with": None})
    assert "b" not in seen(web, at, 3, 3)[0]
    tell(web, at, "undo")
    assert seen(web, at) == both
    alone = begin(web)
    tell(web, alone, "compare", **{"with": {"scenario": "norfolk"}})
    assert "b" not in tell(web, alone, "undo")["memo"]


def test_policies_are_kept_by_name_and_two_of_them_are_shown(web):
    at = begin(web)
    tell(web, at, "keep", side="a", name="  As it  was ")
    tell(web, at, "change", side="a", act=GRANT)
    granted = [row["a"] for row in seen(web, at)]
    tell(web, at, "keep", side="a", name="A grant")
    tell(web, at, "undo")
    tell(web, at, "change", side="a", act=CUT)
    about = tell(web, at, "keep", side="a", name="A cut")
    assert [each["name"] for each in about["memo"]["kept"]] == ["As it was", "A grant", "A cut"]
    about = tell(web, at, "put", side="b", name="A grant")
    assert [about["sides"][side]["named"] for side in ("a", "b")] == ["A cut", "A grant"]
    assert [row["b"] for row in seen(web, at)] == granted
    about = tell(web, at, "put", side="a", name="As it was")
    assert about["since"] == CUT["at"] and about["sides"]["a"]["named"] == "As it was"
    about = tell(web, at, "forget", name="A cut")
    assert [each["name"] for each in about["memo"]["kept"]] == ["As it was", "A grant"]


def test_the_address_holds_names_and_what_can_be_undone_and_is_verified():
    memo = {
        "seed": 1, "a": {"scenario": "norfolk", "acts": [GRANT]},
        "kept": [{"scenario": "norfolk", "acts": [CUT], "name": "A cut"}],
        "past": [{"side": "a", "was": {"scenario": "norfolk", "acts": [CUT]}}],
    }  # fmt: skip
    assert verify_link(f"http://127.0.0.1/#{quote(json.dumps(memo))}").same


def test_a_session_that_is_begun_from_such_an_address_can_undo_and_show(web):
    past = [{"side": "a", "was": {"scenario": "norfolk", "acts": [CUT]}}]
    kept = [{"scenario": "norfolk", "acts": [CUT], "name": "A cut"}]
    at = begin(web, acts=[GRANT], past=past, kept=kept)
    assert tell(web, at, "put", side="b", name="A cut")["memo"]["b"]["acts"] == [CUT]
    tell(web, at, "undo")
    assert tell(web, at, "undo")["memo"]["a"]["acts"] == [CUT]
    assert seen(web, at, LAST, LAST) == seen(web, begin(web, acts=[CUT]), LAST, LAST)


def test_what_an_address_cannot_hold_is_let_go_the_oldest_first(monkeypatch):
    memo = read_memo({"a": {"scenario": "norfolk"}})
    acts = [Act(at=0, set={"settlement.shock": -k / 1000}) for k in range(60)]
    for k in range(branches.PAST_MOST + 5):
        was = branches.Side(scenario="norfolk", acts=acts[: k + 1])
        memo = memo.model_copy(update={"past": branches.remember(memo, "a", was)})
    assert 1 < len(memo.past) < branches.PAST_MOST and memo.past[-1].was == was
    assert len(memo.model_dump_json(exclude_none=True)) <= branches.LETTERS_MOST + 500
    monkeypatch.setattr(branches, "LETTERS_MOST", 1000)
    huge = branches.Side(scenario="norfolk", acts=acts)
    assert [each.was for each in branches.remember(memo, "a", huge)] == [huge]


@pytest.mark.parametrize(
    ("what", "more", "words"),
    [
        ("keep", {"side": "a", "name": " "}, "give 1 to 40"),
        ("keep", {"side": "a", "name": "x" * 41}, "give 1 to 40"),
        ("keep", {"side": "a", "name": "First"}, "choose another name, or forget that one first"),
        ("keep", {"side": "b", "name": "Second"}, "no side 'b'"),
        ("put", {"side": "c", "name": "First"}, "give a or b"),
        (
            "put",
            {"side": "b", "name": "Frist"},
            "no policy is kept as 'Frist'; did you mean 'First'",
        ),
        ("forget", {"name": "Other"}, "no policy is kept as 'Other'"),
        ("put", {"side": "b"}, "has no 'name'"),
    ],
)
def test_what_cannot_be_kept_or_shown_is_refused_in_words(web, what, more, words):
    at = begin(web)
    tell(web, at, "keep", side="a", name="First")
    answer = web.post(f"{at}/{what}", json=more)
    assert answer.status_code == 400 and words in answer.json()["error"]


def test_so_many_policies_are_kept_at_most(web):
    at = begin(web)
    for k in range(branches.KEPT_MOST):
        tell(web, at, "keep", side="a", name=f"Policy {k}")
    answer = web.post(f"{at}/keep", json={"side": "a", "name": "One more"})
    assert answer.status_code == 400 and "forget it" in answer.json()["error"]


def test_a_policy_of_another_length_is_refused_and_all_stays():
    short = load("norfolk").model_copy(update={"quarters": 8})
    book = {"norfolk": load("norfolk"), "short": short}
    memo = read_memo({"a": {"scenario": "norfolk"}, "b": {"scenario": "norfolk"}})
    session = Session(memo, lambda name: ("norfolk", book[name]))
    before = session.frames(0, LAST)
    with pytest.raises(InputError, match="side by side needs one clock"):
        session.put("a", branches.Side(scenario="short"))
    assert session.frames(0, LAST) == before and session.memo == memo


def test_names_and_undo_are_at_hand_on_the_page_and_in_its_link(tab):
    one = tab()
    page = one.page
    one.go(12)
    page.click("#tab-try")
    page.click("[data-shock=cut]")
    expect(page.locator("#try .done")).to_contain_text("Funding shock")
    one.go(8)
    page.click("[data-shock=grant]")
    expect(page.locator("#try .note")).to_contain_text("Undo brings it back")
    page.get_by_text("Side by side").click()
    page.fill("#keep-name", "Early grant")
    page.click("#keep")
    expect(page.locator("#try .kept")).to_contain_text("Early grant")
    page.click("#undo")
    expect(page.locator("#try .done")).to_contain_text("1 April 2012: Funding shock")
    expect(page.locator("#try .done")).not_to_contain_text("Grants")
    page.get_by_role("button", name="Show Early grant as B").click()
    expect(page.locator("#name-b")).to_have_text("Early grant")
    one.at(8)
    again = tab(page.url)
    again.page.click("#tab-try")
    expect(again.page.locator("#try .kept")).to_contain_text("Early grant")
    again.page.click("#tab-feed")
    again.page.keyboard.press("Control+z")
    expect(again.page.locator("#sides")).to_be_hidden()
    assert one.said == again.said == []
