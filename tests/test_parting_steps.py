"""Two runs are told step by step: what both have is told once, with the values of either."""

import pytest

from experiments.explaining.differences import CALLED, chain_of, first_difference
from sim.declared.measures import KINDS
from sim.page.parted import Log, told_apart
from sim.story import sentence
from sim.story.alike import NEAR, Sides, key_of, unlike
from sim.story.apart import FIGURES, apart, in_both, told_otherwise

NAMES = {letter: f"Council {letter}" for letter in "ABCDXZ"}


def event(kind, council, other=None, quarter=0, scope="legal", **more):
    return {"quarter": quarter, "kind": kind, "council": council, "other": other, "scope": scope,
            "reason": None, "value": 0.0, "more": 0.0, "agreement": -1, **more}  # fmt: skip


def deal(number, quarter, who="AB", scope="legal", promise=0.082):
    """Return a deal from the first thought to the signature, over three quarters."""
    one, two = who

    def step(kind, council, other, later, **more):
        return event(kind, council, other, quarter + later, scope, agreement=number, **more)

    return [
        event("considers", one, None, quarter, None, value=0.1 + quarter / 100),
        event("approaches", one, two, quarter, scope, value=1.0 + quarter),
        step("talks_begin", one, two, 0),
        step("business_case", one, two, 1, value=promise, more=promise),
        step("signs", one, two, 2, value=promise, more=0.3),
        step("signs", two, one, 2, value=promise, more=0.3),
        step("starts", one, two, 3, value=2 * promise, more=2.0),
    ]


# --- other figures --------------------------------------------------------------------------------


def test_a_promise_that_differs_is_one_event_with_both_values():
    sides = Sides(deal(3, 4), deal(8, 4, promise=0.087))
    steps = unlike(sides)
    assert {step.side for step in steps} == {"both"}
    assert [step.event["kind"] for step in steps] == ["business_case", "signs", "signs", "starts"]
    rows = chain_of(sides, NAMES)
    assert [row["council"] for row in rows] == ["A", "B"]
    assert {row["side"] for row in rows} == {"both"} and rows[0]["instead"] is None
    assert rows[0]["sentence"] == (
        "The business case for shared legal services reaches Council A. Promised a year: with the "
        "policy £87,000, without it £82,000. Its own estimate a year: with the policy £87,000, "
        "without it £82,000."
    )
    found = first_difference(sides, NAMES)
    assert found["both"] == rows[0]["sentence"] and found["otherwise"]
    assert found["side"] == "both"


def test_terms_that_differ_are_one_event_with_both():
    one, two = (event("agrees_terms", "A", "B", value=value) for value in (0.0, 1.0))
    (step,) = unlike(Sides([one], [two]))
    assert step.side == "both" and step.otherwise
    assert in_both(one, two, NAMES, CALLED) == (
        "The talks led by Council A agree on terms for shared legal services. Terms: with the "
        "policy an exit strategy, without it none of those that can be agreed."
    )


def test_what_is_said_in_the_same_words_is_nothing_that_happened_otherwise():
    one = event("signs", "A", "B", value=0.0821, because_trust=0.5)
    for other in ({"value": 0.08214}, {"more": 9.0}, {"because_trust": 0.7}):
        sides = Sides([one], [one | other])
        (step,) = unlike(sides)
        assert step.side == "both" and not step.otherwise
        assert chain_of(sides, NAMES) == [] and not first_difference(sides, NAMES)["otherwise"]
    assert unlike(Sides([one], [one | {"agreement": 7}])) == []


def test_a_search_that_was_only_likelier_is_no_other_deed_but_for_another_depth_it_is():
    one = event("considers", "A", scope=None, value=0.02)
    likelier, deeper = one | {"value": 0.03}, one | {"value": 0.5, "more": 1.0}
    assert not told_otherwise(one, likelier) and told_otherwise(one, deeper)
    told = in_both(one, likelier, NAMES, CALLED)
    assert "with the policy about 3%, without it about 2%" in told
    told = in_both(one, deeper, NAMES, CALLED)
    assert told.startswith("With the policy: Council A starts to look for a partner for shared ma")
    assert "Without it: Council A starts to look for a partner for a shared service" in told
    assert [each.label for each in apart(one, deeper)] == ["for"]  # two chances of other things


def test_another_main_reason_is_told_with_both():
    one, two = (event("votes_no", "A", "B", reason=reason) for reason in ("savings", "tax"))
    assert in_both(one, two, NAMES, {"base": "in A", "policy": "in B"}) == (
        "Council A votes against shared legal services. Main reason: in A savings not credible, "
        "in B council tax gap."
    )


def test_talks_that_lapse_and_a_council_that_walks_away_are_told_each_in_its_own_words():
    lapsed = event("walks_away", "A", "B", reason="people", value=-1.0, because_busy=-1.0)
    walked = lapsed | {"because_busy": -0.4}
    told = in_both(lapsed, walked, NAMES, CALLED)
    assert told_otherwise(lapsed, walked)
    assert told.startswith("With the policy: Council A walks away from the talks")
    assert "Without it: The talks of Council A with Council B" in told


VALUES = {"value": (1.0, 2.0), "more": (1.0, 0.0)}


@pytest.mark.parametrize("field", VALUES)
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_a_sentence_tells_is_told_with_both_values_and_nothing_else(kind, field):
    scope = None if kind == "considers" else "legal"
    one = event(kind, "A", "B", scope=scope, value=0.5, more=1.0)
    one, two = (one | {field: value} for value in VALUES[field])
    same = sentence(one, NAMES) == sentence(two, NAMES)
    assert (apart(one, two) == []) == same
    told = in_both(one, two, NAMES, CALLED)
    assert (told == sentence(two, NAMES)) == same
    for each in apart(one, two):
        assert f"with the policy {each.policy}, without it {each.base}" in told
        assert each.field in {figure.field for figure in FIGURES[kind]}


# --- another quarter ------------------------------------------------------------------------------


def test_a_deal_that_comes_a_quarter_later_is_one_deal_with_one_line_a_council():
    sides = Sides(deal(3, 4), deal(8, 5))
    steps = unlike(sides)
    assert {(step.side, step.later) for step in steps} == {("both", 1)}
    assert len(steps) == len(deal(3, 4))
    rows = chain_of(sides, NAMES)
    assert [(row["council"], row["quarter"], row["later"]) for row in rows] == [
        ("A", 4, 1), ("B", 4, 1),
    ]  # fmt: skip
    assert all(
        row["sentence"].endswith("With the policy a quarter later, in quarter 6 of the run.")
        for row in rows
    )
    back = chain_of(Sides(*reversed(sides)), NAMES)[0]["sentence"]
    assert back.endswith("With the policy a quarter earlier; without it in quarter 6 of the run.")
    assert "in both" not in back and "Only" not in back


def test_a_deal_that_is_later_and_promises_otherwise_is_told_with_all_of_it():
    late = unlike(Sides(deal(3, 4), deal(8, 6, promise=0.087)))
    case = next(step for step in late if step.event["kind"] == "business_case")
    assert case.later == 2
    rows = chain_of(Sides(deal(3, 4)[2:], deal(8, 6, promise=0.087)[2:]), NAMES)
    assert "With the policy 2 quarters later" in rows[0]["sentence"]


def test_a_deal_of_others_about_something_else_or_much_later_is_another_deal():
    for other in (deal(3, 5, "AC"), deal(3, 5, scope="ict"), deal(3, 4 + NEAR + 1)):
        steps = unlike(Sides(deal(3, 4), other))
        assert {step.side for step in steps} == {"base", "policy"}
    assert {step.side for step in unlike(Sides(deal(3, 4), deal(3, 4 + NEAR)))} == {"both"}


def test_of_two_deals_each_belongs_to_that_which_begins_nearest():
    sides = Sides(deal(1, 2) + deal(2, 6), deal(4, 6) + deal(5, 7))
    steps = unlike(sides)
    began = [(step.side, step.later) for step in steps if step.event["kind"] == "talks_begin"]
    assert began == [("base", 0), ("policy", 0)]  # 6 and 6 are the same; 2 and 7 are far apart
    sides = Sides(deal(1, 3) + deal(2, 6), deal(4, 6) + deal(5, 7))
    began = [step.later for step in unlike(sides) if step.event["kind"] == "talks_begin"]
    assert began == [4]


def test_who_looks_again_without_a_deal_does_not_look_later():
    one, two = (event("considers", "A", None, quarter, None) for quarter in (3, 4))
    assert [step.side for step in unlike(Sides([one], [two]))] == ["base", "policy"]


def test_a_step_that_only_one_run_of_a_deal_has_stays_in_one_run():
    grant = event("setup_grant", "A", "B", 6, agreement=8, value=0.1)
    steps = unlike(Sides(deal(3, 4), [*deal(8, 4), grant]))
    assert [(step.side, step.event["kind"]) for step in steps] == [("policy", "setup_grant")]


def test_the_order_is_that_of_the_quarters_and_then_of_the_log():
    sides = Sides(deal(3, 4), deal(8, 4, promise=0.087) + deal(9, 1, "CD"))
    steps = unlike(sides)
    assert [step.place for step in steps] == sorted(step.place for step in steps)
    assert steps[0].event["council"] == "C" and key_of(steps[0].event)[0] == 1


# --- on the page ----------------------------------------------------------------------------------


def test_the_page_tells_one_event_with_both_values_once():
    mine = Log([event("signs", "A", "B", value=0.082), event("considers", "C", scope=None)], NAMES)
    other = Log([event("signs", "A", "B", value=0.087), event("known", "D", "X")], NAMES)
    told = told_apart([mine, other])
    assert told["both"] == [
        "Council A signs with Council B: shared legal services. Promised a year: in A £82,000, "
        "in B £87,000."
    ]
    assert len(told["only_a"]) == len(told["only_b"]) == 1 and told["weighed"] == 0
    assert "Council C" in told["only_a"][0] and "Council D" in told["only_b"][0]
    weighed = Log([mine.rows[0] | {"because_trust": 1.0}], NAMES)
    told = told_apart([Log(mine.rows[:1], NAMES), weighed])
    assert told == {"only_a": [], "only_b": [], "both": [], "weighed": 1}
