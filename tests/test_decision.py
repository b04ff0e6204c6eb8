"""One account of a decision: it adds up, its lead is the reason, and words and bars follow it."""

import math
import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from claims import for_all
from steps import NAMES, deep, event
from summed import summed as sums_of

from experiments.figures.decisions import count_weighed, mean_pushes, names_far
from sim.core import events as why
from sim.declared.groups import CONSTANT, GROUPS, LUCK
from sim.declared.measures import CONTRIBUTIONS, KINDS as KINDS_OF_EVENT, REASONS
from sim.declared.scenario import load
from sim.page.bars import ROWS, bars_of
from sim.ready.kept import prepared
from sim.ready.varied import vary
from sim.story import decision, in_words, known_of, narrative, sentence
from sim.story.decisions import FAR, KINDS, LEAST, NAMES_REASON, NEAR, NEW_TO_IT, account_of
from sim.story.joining import follow, joining
from sim.story.known import NOTHING
from sim.story.reasons import name_of, number, summed
from sim.tables.batch import simulate_many

RUNS = range(6)
ENOUGH = 10_000
TOWARDS = re.compile(
    r"((?P<because>because of: )|([^:;]*; )?(strongest reasons?|in favour): )(?P<said>[^;]*)"
)
SUMS = re.compile(
    r"all reasons together (?P<sum>\S+?)"
    r"( \(of it how \w+ a typical council is (?P<typical>\S+)\))?, "
    r"luck (?P<luck>[-+.0-9]+)"
)
"""What an account says first, and last."""


def told(kind, **fields):
    known = {name: fields.pop(name, None) for name in ("patience", "again")}
    return in_words(decision(event(kind, **fields), **known))


# --- the groups ----------------------------------------------------------------------------------


def test_groups_are_those_by_which_the_engine_names_a_reason():
    places = {name: place for place, name in enumerate(CONTRIBUTIONS)}
    reasons = list(REASONS)
    for key, group in GROUPS.items():
        code = reasons.index(key) if key in reasons else why.NOBODY
        assert {why.GROUP_OF[places[name]] for name in group.parts} == {code}, key
    grouped = {key for key in GROUPS if key in REASONS}
    assert grouped == set(reasons[: why.WEIGHED])
    assert [key for key in GROUPS if key in REASONS] == reasons[: why.WEIGHED]


def test_every_contribution_but_the_constant_and_luck_is_told_in_one_group():
    parts = [part for group in GROUPS.values() for part in group.parts]
    assert sorted([*parts, CONSTANT, LUCK]) == sorted(CONTRIBUTIONS)


def test_kinds_of_decision_are_kinds_of_event():
    assert set(KINDS) <= set(KINDS_OF_EVENT) and set(NAMES_REASON) <= set(KINDS)


# --- claims on the event log ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def lived():
    """More than ten thousand decisions as rows, and what is known beside them."""
    return live()


def live(**sets):
    """Return the events of some runs, and what is known beside them."""
    scenario = load("england-districts", sets=[f"weighing.{k}={v}" for k, v in sets.items()])
    events = simulate_many(scenario, seed=3, replicates=RUNS).events
    return events, known_of(prepared(scenario))


@pytest.fixture(scope="module")
def accounts(lived):
    """Each row that was weighed, with its account."""
    found = accounts_of(*lived)
    assert len(found) >= ENOUGH and {row["kind"] for row, _ in found} == set(KINDS)
    return found


def accounts_of(events, known):
    """Return each row that was weighed, with its account."""
    rows = events[events["kind"].isin(list(KINDS))].to_dict("records")
    made = [(row, account_of(row, known)) for row in rows]
    return [(row, account) for row, account in made if account and not account.given]


def test_groups_constant_and_luck_add_up_to_what_decided(accounts):
    for row, account in accounts:
        total = account.constant + sum(g.push for g in account.groups) + account.luck
        assert math.isclose(total, account.total, abs_tol=1e-9)
        assert math.isclose(account.together + account.luck, account.total, abs_tol=1e-9)
        kept = {"considers": math.log(max(row["value"], 1e-300)), "leaves": row["more"]}
        assert math.isclose(account.total, kept.get(row["kind"], row["value"]), abs_tol=1e-9)
        for group in account.groups:
            assert math.isclose(group.push, sum(p.push for p in group.parts), abs_tol=1e-12)


def test_the_leading_group_is_the_reason_of_the_event(accounts):
    named = [(row, account) for row, account in accounts if row["kind"] in NAMES_REASON]
    for row, account in named:
        assert account.lead == (row["reason"] if row["reason"] != "chance" else "")
        if account.lead:
            assert account.groups[0].key == account.lead
            assert account.groups[0].push * account.rule.sign > 0
    assert len({account.lead for _, account in named}) >= 7


def test_without_the_reason_of_the_event_the_account_finds_the_same(accounts):
    for row, account in accounts:
        bare = decision(row | {"reason": None}, patience=account.patience, again=0.0)
        assert bare.lead == account.lead and bare.groups == account.groups


def test_no_other_reason_pushed_harder_towards_what_was_decided(accounts):
    for row, account in accounts:
        if row["kind"] not in NAMES_REASON or not account.lead:
            continue
        most = account.groups[0].push * account.rule.sign
        for group in account.groups[1:]:
            if group.key in REASONS and not group.aside:
                assert group.push * account.rule.sign <= most


def test_what_is_no_reason_of_the_model_but_pushed_harder_is_told_next():
    pushes = {"ties": -1.2, "size": -0.4, "culture": 2.0}
    row = event("refuses", reason="sovereignty", scope="merger", because=pushes | {"chance": -1.0})
    assert [group.key for group in decision(row).groups] == ["sovereignty", "ties", "culture"]
    listed = "difference in size -0.4, too little shared so far -1.2; in favour"
    assert listed in in_words(decision(row))


IN_TALKS = ("walks_away", "votes_no", "votes_yes")


def test_only_how_far_they_lie_whom_a_council_did_not_choose_counts_in_talks(lived, accounts):
    led = 0
    with_others = more_than_two(*lived)
    for row, account in accounts:
        for group in account.groups:
            assert group.new is (row["kind"] in IN_TALKS and group.key == FAR) and not group.aside
            if group.new:
                assert (row["replicate"], row["agreement"]) in with_others
                assert name_of(group) == NEW_TO_IT
        led += account.rule.in_talks and account.lead == FAR
    assert led > 20


def more_than_two(events, known):
    """Return the talks that a third council was in, by run and number: invited, or joined."""
    found = set()
    for replicate, rows in events.groupby("replicate"):
        for row in follow(rows.to_dict("records"), known):
            if row["kind"] == "invited" or joining(row):
                found.add((replicate, row["agreement"]))
    return found


def test_where_it_weighs_again_how_far_apart_they_lie_never_leads_what_happens_in_talks():
    far, events = 0, live(again=0.25)
    for row, account in accounts_of(*events):
        for group in account.groups:
            assert group.aside is (row["kind"] in IN_TALKS and group.key == FAR) and not group.new
            far += group.aside
        assert not (account.rule.in_talks and account.lead == FAR)
    assert far > ENOUGH / 20 and not names_far(sums_of(events[0]), "walks_away")


def test_whether_it_weighs_again_is_that_of_the_quarter_and_shows_in_the_reason_if_unknown():
    ready = prepared(load("norfolk"))
    known = known_of(vary(ready, {"weighing.again": 0.2}, since=date(2010, 4, 1)))
    again = [known.again_at(event("votes_no", quarter=t)) for t in (3, 4, 10_000)]
    assert again == [0.0, 0.2, None]
    pushes = {"distance": -1.0, "trust": -0.5}
    assert told("votes_no", because=pushes, reason="distance").startswith(
        f"because of: {NEW_TO_IT} -1.0, little trust -0.5; "
    )
    assert told("votes_no", because=pushes, reason="culture").startswith(
        "because of: little trust -0.5; beside that, how far apart they lie: distance -1.0; "
    )
    pushes |= {"border": -0.2}
    assert f"{NEW_TO_IT} -1.2 (distance -1.0, a county border between them -0.2)" in told(
        "walks_away", because=pushes, again=0.0
    )


def test_a_part_of_the_leading_group_is_printed(accounts):
    for _, account in accounts:
        if account.lead:
            towards = re.match(TOWARDS, in_words(account))
            assert towards and bool(towards["because"]) is account.by_reasons
            words = [name_of(account.groups[0]), *(p.words for p in account.groups[0].parts)]
            assert any(each in towards["said"] for each in words)


def test_no_constant_and_no_luck_stands_among_the_reasons(accounts):
    for _, account in accounts:
        keys = {part.key for group in account.groups for part in group.parts}
        assert not keys & {CONSTANT, LUCK}
        constants = CONTRIBUTIONS[CONSTANT]
        listed = in_words(account).split("all reasons together")[0]
        assert not any(each in listed for each in (constants.pro, constants.con, constants.leave))


def test_luck_is_said_to_turn_exactly_what_it_turned(accounts):
    turned = 0
    for row, account in accounts:
        words = in_words(account)
        line = {"walks_away": -1.6}.get(row["kind"], 0.0)
        crossed = (account.together > line) != (account.total > line)
        held = row["kind"] not in ("considers", "approaches", "leaves")
        assert ("another day" in words or "other day" in words) is (held and crossed)
        turned += held and crossed
    assert turned > ENOUGH / 50


def test_every_decision_lies_on_its_side_of_the_line(accounts):
    for row, account in accounts:
        if account.line is not None and not account.no_hands:
            assert (account.total - account.line) * account.rule.sign >= 0, row


def test_the_decisions_of_a_run_are_the_rows_that_hold_pushes(lived):
    events, _ = lived
    pushes = events.filter(regex="^because_").ne(0).any(axis=1)
    held = set(events.loc[pushes, "kind"].unique()) - {"business_case"}
    assert held == set(KINDS)
    cases = events[events["kind"] == "business_case"].to_dict("records")
    assert cases and all(decision(row) is None for row in cases)


# --- what is said --------------------------------------------------------------------------------


def test_the_leading_group_comes_first_with_its_parts_and_luck_last():
    pushes = {"culture": -0.6, "trust": -0.5, "size": -0.8, "need": 0.9, "distance": -3.0,
              "base": 0.7, "chance": -0.5}  # fmt: skip
    assert told("votes_no", reason="culture", because=pushes) == (
        "because of: culture and trust -1.1 (a culture believed to be different -0.6, little trust "
        "-0.5); in favour: worry about a budget gap ahead +0.9; beside that, how far apart they "
        "lie: distance -3.0; smaller reasons together -0.8; all reasons together -3.3 (of it how "
        "ready a typical council is +0.7), luck -0.5"
    )


def test_what_luck_turned_is_told_so():
    pushes = {"base": 1.0, "trust": -0.6, "chance": -2.8}
    assert told("votes_no", reason="culture", because=pushes) == (
        "strongest reason: little trust -0.6; all reasons together +0.4 (of it how ready a typical "
        "council is +1.0), luck -2.8: on another day it might have voted in favour"
    )
    pushes |= {"base": 4.0, "chance": -6.0}
    far_off = decision(event("votes_no", reason="culture", because=pushes))
    assert in_words(far_off).endswith("on almost any other day it would have voted in favour")
    pushes |= {"chance": -3.5}  # by a hair, and yet a freak
    assert not decision(event("votes_no", reason="culture", because=pushes)).near


def test_where_the_named_reasons_speak_the_other_way_they_are_not_said_to_have_decided():
    words = told("votes_yes", because={"base": 2.0, "need": 0.1, "savings": -0.4, "chance": 0.2})
    assert words.startswith("it is what a typical council does; in favour: worry about a budg")
    words = told("leaves", reason="savings", because={"base": -3.0, "savings": 0.01, "trust": -0.4})
    assert words.startswith("such agreements break up now and then; strongest reason: a saving th")


def test_what_is_printed_adds_up(accounts):
    """All groups, the constant and luck are what is printed as their sums, to the last digit."""
    for _, account in accounts[::9]:
        words = in_words(account, most=len(GROUPS))
        if account.by_rate or account.given:
            continue
        shown = re.search(SUMS, words)
        groups = sum(group.push for group in account.groups)
        assert abs(groups + account.constant - account.together) < 1e-9
        assert abs(float(shown["sum"]) - account.together) <= 0.051
        assert abs(float(shown["luck"]) - account.luck) <= 0.051
        assert abs(float(shown["typical"] or 0.0) - account.constant) <= 0.051


@for_all(
    ("kind", "pushes", "otherwise"),
    [
        ("refuses", {"trust": -0.2, "base": 1.0, "chance": -2.0}, "said yes"),
        ("walks_away", {"trust": -0.2, "base": -0.4, "chance": -1.8}, "stayed"),
        ("votes_yes", {"need": 0.2, "base": -1.0, "chance": 2.0}, "voted against"),
        ("talks_begin", {"need": 0.2, "base": -1.0, "chance": 2.0}, "said no"),
        ("invited", {"need": 0.2, "base": -1.0, "chance": 2.0}, "said no"),
    ],
)
def test_another_day_is_told_in_the_words_of_the_decision(kind, pushes, otherwise):
    words = told(kind, because=pushes, patience=1.6)
    assert words.endswith(f"on another day it might have {otherwise}")


def test_a_near_thing_is_one_close_to_its_line():
    for total, near in ((-0.99 * NEAR, True), (-1.01 * NEAR, False)):
        account = decision(event("refuses", because={"trust": total}))
        assert account.near is near and ("a near thing" in in_words(account)) is near


def test_the_line_of_a_walk_out_is_its_patience():
    row = event("walks_away", reason="culture", because={"trust": -1.0, "chance": -0.8})
    at_once = decision(row, patience=1.6)
    assert at_once.near and at_once.luck_turned and at_once.line == -1.6
    assert in_words(at_once).endswith(
        "all reasons together -1.0, luck -0.8, in all -1.8 (talks end for a council below -1.6): a "
        "near thing; on another day it might have stayed"
    )
    long_before = decision(row, patience=0.5)
    assert not long_before.near and not long_before.luck_turned
    unknown = decision(row)
    assert not unknown.near and not unknown.luck_turned and unknown.line is None
    assert in_words(unknown).endswith("all reasons together -1.0, luck -0.8")


def test_patience_is_that_of_the_quarter():
    ready = prepared(load("norfolk", sets=["talks.patience=2.5"]))
    known = known_of(vary(ready, {"talks.patience": 0.5}, since=date(2010, 4, 1)))
    patience = [known.patience_at(event("walks_away", quarter=t)) for t in (3, 4, 10_000)]
    assert patience == [2.5, 0.5, None]


def test_leaving_is_told_as_a_rate_and_without_luck():
    pushes = {"base": -3.0, "new_control": 0.7, "trust": -0.2}
    assert told("leaves", reason="politics", because=pushes) == (
        "because of: a new majority or a new leader +0.7; against: trust -0.2; "
        "all reasons together made leaving 1.6 times as likely as is usual"
    )


def test_leaving_without_a_named_push_happens_now_and_then():
    words = told("leaves", reason="chance", because={"base": -3.0, "savings": -0.4})
    assert words.startswith("nothing named pushed it: such agreements break up now and then; ")
    assert "another day" not in words and "luck" not in words


def test_looking_is_told_as_a_rate():
    words = told("considers", value=0.3, because={"base": -2.3, "need": 1.1})
    assert words == (
        "because of: worry about a budget gap ahead +1.1; "
        "all reasons together made this 3.0 times as likely as is usual"
    )


def test_an_approach_is_held_against_others_and_never_against_a_line():
    words = told("approaches", because={"need": 0.1, "base": -1.0, "chance": 1.0})
    assert words.endswith("luck +1.0, weighed against other partners and against waiting")


def test_where_nothing_named_spoke_for_it_luck_is_the_reason():
    row = event("votes_no", reason="chance", because={"base": 1.0, "need": 0.4, "chance": -3.0})
    assert sentence(row, NAMES).endswith("; main reason: luck (nothing the model can name).")
    assert in_words(decision(row)) == (
        "because of: luck alone, as nothing named spoke against it; in favour: worry about a "
        "budget gap ahead +0.4; all reasons together +1.4 (of it how ready a typical council is "
        "+1.0), luck -3.0: on another day it might have voted in favour"
    )


def test_how_far_apart_they_lie_is_not_called_nothing():
    pushes = {"base": 2.0, "distance": -1.0, "chance": -3.0}
    assert told("votes_no", reason="chance", because=pushes).startswith(
        "because of: luck alone, as nothing but how far apart they lie spoke against it; beside "
        "that, how far apart they lie: distance -1.0; "
    )


def test_what_a_typical_council_does_is_not_put_down_to_luck():
    words = told("votes_yes", because={"base": 2.0, "trust": -0.4, "chance": 0.3})
    assert words.startswith("nothing named spoke for it: it is what a typical council does; ")


def test_who_says_no_for_want_of_managers_is_not_said_to_be_against_it():
    words = told("refuses", reason="people", because={"busy": -10.0, "need": 12.0, "chance": 0.5})
    assert words.endswith("luck +0.5: it would have said yes, but had no manager free")


@for_all(
    ("reason", "key", "words"),
    [
        ("people", "busy", "because the talks lapsed and nobody broke them off"),
        ("offer", "rival", "because it has signed elsewhere"),
    ],
)
def test_what_was_given_and_not_weighed_is_told_without_pushes(reason, key, words):
    row = deep("walks_away", reason=reason, value=-10.0, because={key: -10.0})
    account = decision(row)
    assert in_words(account) == words and account.groups == () and bars_of(account) is None
    assert not account.near and not account.luck_turned and summed(account) == ""


@for_all("kind", sorted(set(KINDS_OF_EVENT) - set(KINDS)))
def test_what_is_no_decision_is_not_explained_by_pushes(kind):
    assert decision(event(kind, reason="culture", because={"culture": -1.0, "base": 0.5})) is None


@for_all("kind", KINDS)
def test_a_decision_without_pushes_has_no_account(kind):
    assert decision(event(kind)) is None and account_of({"kind": kind}, NOTHING) is None
    assert in_words(None) == ""


@for_all("key", sorted(set(CONTRIBUTIONS) - {CONSTANT, LUCK}))
def test_every_contribution_is_worded_by_its_sign(key):
    each = CONTRIBUTIONS[key]
    yes, no = (told("approaches", because={key: push}) for push in (1.0, -1.0))
    assert yes.startswith(f"because of: {each.pro} +1.0;") and f"against: {each.con} -1.0;" in no
    go, stay = (told("leaves", because={key: push}) for push in (1.0, -1.0))
    assert f"{each.leave or each.con} +1.0;" in go and f"{each.stay or each.pro} -1.0;" in stay


def test_a_group_is_named_as_its_reason_where_it_speaks_against_sharing():
    pushes = {"savings": 0.8, "set_up": 0.3}
    against = {key: -push for key, push in pushes.items()}
    assert "savings not credible -1.1 (" in told("votes_no", because=against)
    assert "savings and what they cost +1.1 (" in told("votes_yes", because=pushes)
    assert "savings not credible +1.1 (" in told("leaves", because=pushes)


def test_what_hardly_pushed_leads_with_all_its_digits():
    words = told("votes_no", reason="culture", because={"trust": -0.01, "chance": -2.0})
    assert words.startswith("because of: little trust -0.01; ")
    assert number(0.04) == "+0.04" and number(-0.06) == "-0.1" and number(-0.001) == "0.0"


def test_at_most_three_groups_are_named():
    pushes = {"trust": -1.0, "need": 0.9, "ties": 0.8, "tax_gap": -0.7, "review": -0.6}
    words = told("refuses", reason="culture", because=pushes)
    assert "; smaller reasons together -1.3; all reasons together" in words
    assert words.count(";") == 3 and "council tax" not in words and "reorganisation" not in words


def test_the_account_reads_a_series_as_a_dictionary():
    row = event("refuses", reason="culture", because={"trust": -1.0, "chance": -0.2})
    assert decision(pd.Series(row)) == decision(row)


# --- the story -----------------------------------------------------------------------------------


def test_the_story_says_where_luck_turned_a_vote():
    turned, sure = ({"base": 1.0, "trust": -0.6, "chance": luck} for luck in (-2.8, -0.1))
    rows = [deep("votes_no", "S", reason="culture", because=turned),
            deep("votes_no", "B", reason="culture", because=sure | {"base": -1.0}),
            deep("votes_no", "N", reason="culture", because=turned)]  # fmt: skip
    lines = narrative(pd.DataFrame(rows), NAMES)
    about = "vote against a shared chief executive and senior management; main reason: culture and"
    assert lines[1:] == [
        f"  South Norfolk and North Norfolk {about} trust; luck turned it.",
        f"  Breckland {about.replace('vote', 'votes', 1)} trust.",
    ]


# --- pictures ------------------------------------------------------------------------------------


def test_bars_are_the_groups_of_the_account_with_luck_last(accounts):
    for _, account in accounts[::7]:
        bars = bars_of(account)
        told_of = [g for g in account.groups if g.key == account.lead or abs(g.push) >= LEAST]
        luck = [] if account.by_rate else [account.luck]
        if bars is None:
            assert not told_of and not luck
            continue
        pushes = [row["push"] for row in bars["rows"]]
        assert pushes == [round(push, 3) for push in [*(g.push for g in told_of), *luck]]
        assert [row.get("luck", False) for row in bars["rows"]][-1] is bool(luck)
        assert sum(not row.get("more") for row in bars["rows"]) <= ROWS
        assert bars["most"] >= max(map(abs, pushes)) and summed(account)[1:] in bars["sum"]


def test_bars_say_what_is_at_both_ends_and_what_is_never_named():
    row = event("votes_no", because={"distance": -1.0, "trust": -0.5})
    vote = bars_of(decision(row, again=0.2))
    assert vote["ends"] == ["against", "in favour"] and vote["open"]
    assert [row["said"] for row in vote["rows"]] == [
        "little trust", "beside that, how far apart they lie: distance", "luck",
    ]  # fmt: skip
    new = bars_of(decision(row, again=0.0))
    assert [row["said"] for row in new["rows"]] == [NEW_TO_IT, "little trust", "luck"]
    leave = bars_of(decision(event("leaves", because={"trust": 0.5, "history": 0.4})))
    assert leave["ends"] == ["to stay", "to leave"] and "luck" not in leave["rows"][-1]
    assert "little trust +0.5" in leave["rows"][0]["parts"]
    assert "open" not in bars_of(decision(event("votes_yes", because={"need": 1.0})))


@for_all("kind", NAMES_REASON)
def test_the_figure_draws_the_mean_of_the_accounts(kind, lived, accounts):
    decisions = sums_of(lived[0])
    mine = [account for row, account in accounts if row["kind"] == kind]
    assert count_weighed(decisions, kind) == len(mine)
    means = mean_pushes(decisions, kind)["mean"]
    for key in GROUPS:
        pushes = [sum(g.push for g in account.groups if g.key == key) for account in mine]
        assert math.isclose(means[key], np.mean(pushes), abs_tol=1e-9)
    assert math.isclose(means[LUCK], np.mean([account.luck for account in mine]), abs_tol=1e-9)
