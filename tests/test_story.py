"""The story says what the event table says, in words, and never says what is missing."""

import ast
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from claims import for_all
from steps import NAMES, deep, event

import sim.story
from sim.declared.catalogue import SCOPES, TITLES
from sim.declared.measures import KINDS, REASONS
from sim.declared.scenario import load
from sim.story import decision, failed_deal, in_words, narrative, pair_history, sentence
from sim.story.account import SMALL
from sim.story.decisions import account_of
from sim.story.known import NOTHING
from sim.story.reasons import HOW_TO_READ
from sim.story.sentences import STANCES, TAKES_CONTROL, TELL
from sim.story.wording import count, duration, joined, money
from sim.tables.batch import names_in

PLACEHOLDER = re.compile(r"\b(none|nan|nat|null)\b|<NA>|[{}]|-1\b|  ", re.IGNORECASE)


def broken_courtship():
    """Return the event table of talks that two councils begin and one of them calls off."""
    culture = {"culture": -1.3, "sovereignty": -0.6, "need": 0.9, "chance": -0.2}
    rows = [
        deep("considers", value=0.4, more=1.0, deal=-1, because={"need": 1.1}),
        deep("approaches", "S", "B", deal=-1, because={"size": 0.7}),
        deep("talks_begin", "S", "B", because={"need": 0.8}),
        deep("known", "S", "B"),
        deep("study_grant", "S", value=0.05, quarter=1),
        deep("business_case", "S", value=0.7, more=0.2, quarter=2),
        deep("business_case", "B", value=0.5, more=0.1, quarter=2),
        deep("walks_away", "S", "B", reason="culture", quarter=3, because=culture),
        deep("talks_fail", "B", "S", reason="culture", value=3.0, quarter=3),
        deep("learns", "S", reason="culture", value=0.5, quarter=3),
        event("approaches", "B", "H", scope="management", quarter=5),
    ]
    return pd.DataFrame(rows)


# --- sentences -----------------------------------------------------------------------------------


def test_every_kind_of_event_has_words_and_no_other():
    assert set(TELL) == set(KINDS)


@for_all("kind", KINDS)
def test_a_full_event_of_every_kind_is_one_sentence_that_names_the_council(kind):
    row = event(kind, "S", "B", deal=3, scope="legal", reason="distance", value=1.0, more=2.0)
    told = sentence(row, NAMES)
    assert told[0].isupper() and told.endswith(".") and not PLACEHOLDER.search(told)
    assert ("South Norfolk" in told) is (kind != "stance")
    assert REASONS["distance"] in told


@for_all("kind", KINDS)
@for_all("absent", [None, np.nan, pd.NA, pd.NaT])
def test_what_is_missing_is_never_printed(kind, absent):
    bare = {key: absent for key in event(kind)} | {"kind": kind}
    for row in (bare, {"kind": kind}, pd.Series(bare, dtype=object)):
        told = sentence(row, NAMES) + in_words(account_of(row, NOTHING))
        assert not PLACEHOLDER.search(told)


@for_all("kind", KINDS)
def test_a_table_of_bare_events_can_be_told(kind):
    rows = pd.DataFrame([event(kind, None), event(kind, None, deal=1), event(kind, None, deal=1)])
    rows["date"] = pd.NaT
    told = narrative(rows, NAMES, important_only=False)
    assert told[0] == "Quarter 1 of the run"
    told += [failed_deal(rows, NAMES, 1), *pair_history(rows, NAMES, "S", "B")]
    assert not any(PLACEHOLDER.search(line.strip()) for line in told)


def test_a_kind_without_words_is_refused_with_what_to_do():
    with pytest.raises(ValueError, match=r"'elopes'.*KINDS.*TELL"):
        sentence(event("elopes"), NAMES)


@for_all("scope", SCOPES)
@for_all("kind", ["approaches", "refuses", "talks_fail", "signs", "leaves", "ends"])
def test_every_scope_is_named_by_its_title(kind, scope):
    title = TITLES[scope]
    told = sentence(event(kind, "S", "B", scope=scope), NAMES)
    assert f" {title[0].lower()}{title[1:]}".removesuffix(" only") in told


@for_all("scope", SCOPES)
def test_what_is_one_has_an_article_and_what_is_many_has_none(scope):
    told = sentence(event("approaches", "S", "B", scope=scope), NAMES)
    one = scope in ("chief_executive", "management", "merger")
    assert (" about a " in told) is one and (" about shared " in told) is not one


def test_terms_say_what_was_agreed_or_what_was_left_out():
    some, none = (deep("agrees_terms", "S", "B", value=value) for value in (3.0, 0.0))
    assert sentence(some, NAMES).endswith(
        "senior management, with an exit strategy and an equal partnership."
    )
    assert sentence(none, NAMES).endswith(
        "without an exit strategy, an equal partnership or a plan to align council tax."
    )


def test_who_writes_terms_is_told_with_names_kept_whole():
    told = sentence(deep("agrees_terms", "B", "K", value=1.0), NAMES)
    assert told.startswith("The talks led by Breckland agree on terms for a shared chief executive")


def test_who_left_for_a_better_offer_draws_lessons_from_the_talks():
    told = sentence(deep("learns", "S", reason="offer"), NAMES)
    assert told == "South Norfolk draws lessons from the talks; why they ended: a better offer."


@for_all("reason", REASONS)
@for_all("kind", ["refuses", "walks_away", "talks_fail", "votes_no", "leaves", "ends"])
def test_every_reason_is_named_by_its_title(kind, reason):
    told = sentence(event(kind, "S", "B", reason=reason), NAMES)
    named = f"luck ({REASONS[reason]})" if reason == "chance" else REASONS[reason]
    assert told.endswith(f"; main reason: {named}.")


def test_a_merger_is_full_and_not_shared():
    told = sentence(event("approaches", "S", "B", scope="merger"), NAMES)
    assert told == "South Norfolk approaches Breckland about a full merger."


def test_a_council_without_a_name_goes_by_its_code():
    assert "E07000143" in sentence(event("chief_leaves", "E07000143"), NAMES)


def test_talks_begin_with_the_council_whose_answer_was_weighed():
    told = sentence(event("talks_begin", "S", "B", scope="legal"), NAMES)
    assert told == "Breckland agrees to talks with South Norfolk about shared legal services."


def test_the_fall_of_a_leader_is_told_by_the_name_of_the_council():
    told = sentence(event("leader_falls", "B", value=0.0), NAMES)
    assert told == "Breckland changes its leader."


@for_all("party", range(len(TAKES_CONTROL)))
def test_each_party_in_control_has_its_own_words(party):
    told = sentence(event("control_changes", value=float(party)), NAMES)
    assert told == TAKES_CONTROL[party].format("South Norfolk") + "."


@for_all("stance", range(len(STANCES)))
def test_each_stance_of_government_has_its_own_words(stance):
    assert sentence(event("stance", None, value=float(stance)), NAMES) == STANCES[stance] + "."


def test_a_value_that_points_nowhere_still_gets_a_sentence():
    assert "changes" in sentence(event("control_changes", value=9.0), NAMES)
    assert "changes" in sentence(event("stance", None, value=-1.0), NAMES)


@for_all(
    ("more", "scope", "aim"),
    [
        (1.0, None, "shared management or a merger"),
        (0.0, None, "a shared service"),
        (1.0, "merger", "a full merger"),
    ],
)
def test_looking_says_what_for_and_how_likely_it_was(more, scope, aim):
    told = sentence(event("considers", value=0.4, more=more, scope=scope), NAMES)
    likely = "the chance of that was about 33% a year"
    assert told == f"South Norfolk starts to look for a partner for {aim}; {likely}."


# --- money, time and number ----------------------------------------------------------------------


@for_all(
    ("million", "words"),
    [
        (0.0, "£0"), (0.00001, "£0"), (0.0004, "£400"), (0.05, "£50,000"), (0.35, "£350,000"),
        (0.3478, "£348,000"), (0.9997, "£1m"), (1.0, "£1m"), (1.2, "£1.2m"), (10.0, "£10m"),
        (123.4, "£123m"), (2000.0, "£2,000m"), (-0.35, "minus £350,000"), (-0.00001, "£0"),
    ],
)  # fmt: skip
def test_money_is_written_as_people_write_it(million, words):
    assert money(million) == words


@for_all(
    ("quarters", "words"),
    [
        (0, "less than 3 months"), (1, "3 months"), (3, "9 months"), (4, "1 year"), (8, "2 years"),
        (5, "1 year and 3 months"), (10, "2 years and 6 months"), (-2, "less than 3 months"),
    ],
)  # fmt: skip
def test_a_length_of_time_has_its_plural_right(quarters, words):
    assert duration(quarters) == words


def test_a_number_of_things_has_its_plural_right():
    told = [count(number, "approach", "approaches") for number in range(3)]
    assert told == ["no approaches", "1 approach", "2 approaches"]


def test_a_name_with_and_in_it_stays_whole_in_a_list():
    assert joined([]) == "" and joined(["A"]) == "A" and joined(["A", "B"]) == "A and B"
    assert joined(["A", "B", "K and W"]) == "A, B, and K and W"


def test_joint_work_counts_its_members():
    told = sentence(deep("starts", value=1.2, more=3.0), NAMES)
    assert told.endswith("led by South Norfolk: 3 councils, £1.2m a year promised.")


def test_an_agreement_says_how_long_it_lasted():
    assert "ends after 1 year;" in sentence(deep("ends", value=1.0, reason="culture"), NAMES)


def test_leaving_says_what_it_cost_only_when_it_cost_something():
    assert "at a cost of £350,000" in sentence(deep("leaves", value=0.35), NAMES)
    assert "cost" not in sentence(deep("leaves", value=0.0), NAMES)


def test_a_business_case_sets_the_promise_beside_the_estimate():
    told = sentence(deep("business_case", value=0.7, more=0.0), NAMES)
    assert "promises South Norfolk £700,000 a year; its own estimate is £0 a year." in told


# --- the narrative -------------------------------------------------------------------------------


def test_the_narrative_is_dated_and_leaves_out_small_things():
    lines = narrative(broken_courtship(), NAMES)
    headings = [line for line in lines if not line.startswith("  ")]
    assert headings == [
        "April to June 2009", "July to September 2009", "October to December 2009",
        "January to March 2010", "July to September 2010",
    ]  # fmt: skip
    assert not any("look for a partner" in line or "becomes known" in line for line in lines)


def test_small_things_are_told_when_asked_for():
    short = narrative(broken_courtship(), NAMES)
    full = narrative(broken_courtship(), NAMES, important_only=False)
    assert len(full) == len(short) + len(SMALL)
    assert "  It becomes known that South Norfolk is in talks with Breckland about" in full[4]


def test_members_of_one_deal_sign_in_one_sentence():
    rows = [deep("signs", "S", "S", value=0.7), deep("signs", "B", "S", value=0.5)]
    rows.insert(1, event("chief_leaves", "K"))
    assert narrative(pd.DataFrame(rows), NAMES) == [
        "April to June 2009",
        "  South Norfolk and Breckland sign: a shared chief executive and senior management, "
        "promising £1.2m a year.",
        "  The chief executive of King's Lynn and West Norfolk leaves.",
    ]


def test_a_council_that_joins_later_signs_with_the_leader():
    told = sentence(event("signs", "N", "S", scope="legal"), NAMES)
    assert told == "North Norfolk signs with South Norfolk: shared legal services."


def test_the_members_of_one_deal_share_one_business_case():
    told = narrative(broken_courtship(), NAMES)[6]
    assert told == (
        "  The business case for a shared chief executive and senior management promises £1.2m "
        "a year in all: South Norfolk £700,000 (own estimate £200,000) and "
        "Breckland £500,000 (own estimate £100,000)."
    )


def test_different_deals_reasons_and_quarters_stay_apart():
    rows = [
        deep("votes_no", "S", reason="culture"),
        deep("votes_no", "B", reason="tax"),
        deep("votes_no", "N", reason="tax", deal=2),
        deep("votes_no", "K", reason="tax", quarter=1),
    ]
    assert sum("against" in line for line in narrative(pd.DataFrame(rows), NAMES)) == len(rows)


@for_all(
    ("kind", "words"),
    [
        ("invited", "North Norfolk and Breckland join the talks with South Norfolk about"),
        ("votes_yes", "North Norfolk and Breckland vote in favour of"),
        ("leaves", "North Norfolk and Breckland leave the agreement with South Norfolk on"),
        ("setup_grant", "North Norfolk and Breckland receive £600,000 from government towards"),
        ("learns", "North Norfolk and Breckland draw lessons from a failure"),
    ],
)
def test_the_verb_agrees_with_the_number_of_councils(kind, words):
    rows = pd.DataFrame([deep(kind, "N", "S", value=0.3), deep(kind, "B", "S", value=0.3)])
    lines = narrative(rows, NAMES)
    assert len(lines) == 2 and words in lines[1]


@for_all(
    ("one", "another", "words"),
    [
        (("merges", "J", "H"), ("merges", "J", "B"),
         "South Holland and Breckland become part of South Holland and Breckland."),
        (("abolished", "S", "J"), ("abolished", "N", "J"),
         "South Norfolk and North Norfolk are abolished by order; their successor is "
         "South Holland and Breckland."),
        (("chief_leaves", "S"), ("chief_leaves", "N"),
         "The chief executives of South Norfolk and North Norfolk leave."),
        (("chief_found", "S"), ("chief_found", "N"),
         "South Norfolk and North Norfolk each appoint a chief executive."),
        (("leader_falls", "S"), ("leader_falls", "N"),
         "South Norfolk and North Norfolk change their leaders."),
    ],
)  # fmt: skip
def test_what_happens_to_several_councils_alike_is_told_once(one, another, words):
    lines = narrative(pd.DataFrame([event(*one), event(*another)]), NAMES)
    assert lines[1:] == [f"  {words}"]


def under_way(**fields):
    """Return how the record begins where two councils have talked for three quarters already."""
    return deep("talks_begin", "S", "B", value=0.0, more=3.0, **fields)


def test_talks_under_way_on_the_first_day_are_told_so_and_nobody_is_said_to_have_asked():
    whose = "South Norfolk and Breckland have been in talks about a shared chief executive and"
    told = narrative(pd.DataFrame([under_way()]), NAMES)
    assert told == [
        "April to June 2009", f"  {whose} senior management since July to September 2008."
    ]  # fmt: skip
    assert decision(under_way()) is None
    undated = sentence(under_way() | {"date": pd.NaT}, NAMES)
    assert undated == f"{whose} senior management for 9 months already."


def test_talks_that_begin_in_the_run_are_told_by_who_agreed_to_them():
    for more in (0.0, np.nan):
        told = sentence(deep("talks_begin", "S", "B", value=1.2, more=more), NAMES)
        assert told.startswith("Breckland agrees to talks with South Norfolk about a shared chief")


def test_talks_that_were_under_way_are_dated_back_to_their_beginning():
    over = deep("talks_fail", "S", "B", reason="culture", value=5.0, quarter=2)
    rows = pd.DataFrame([under_way(), over])
    assert failed_deal(rows, NAMES, 1).startswith(
        "July to September 2008: South Norfolk talked with Breckland about a shared chief "
        "executive and senior management for 1 year and 3 months. It never came to a business "
        "case. "
    )
    rows["date"] = pd.NaT
    assert failed_deal(rows, NAMES, 1).startswith("Before the run: South Norfolk talked with")
    met = pair_history(rows, NAMES, "S", "B")
    assert len(met) == 2 and "have been in talks" in met[0]
    (stranger,) = pair_history(rows, NAMES, "S", "N")
    assert "South Norfolk made no approaches, took part in 1 round of talks" in stranger


@pytest.mark.parametrize("before", [0, 6])
def test_a_run_begins_with_the_talks_that_were_under_way_and_with_no_search_that_was_not(before):
    scenario = load("norfolk", sets=[f"talks.before={before}"])
    run = sim.simulate(scenario, seed=1)
    begun = run.events[run.events["kind"] == "talks_begin"]
    open_ = begun[begun["more"] > 0]
    assert (len(open_) > 0) is (before > 0) and (open_["quarter"] == 0).all()
    lines = narrative(run.events, names_in(run), important_only=False)
    told = [line for line in lines if "have been in talks about" in line]
    assert len(told) == len(open_) and (lines[1] in told) is (before > 0)
    agreed = [line for line in lines if " agrees to talks with " in line]
    assert len(agreed) == len(begun) - len(open_)
    for row in open_.itertuples():
        (said, *_) = pair_history(run.events, names_in(run), row.council, row.other)
        assert "have been in talks about" in said and " since " in said


def test_a_run_in_which_nothing_happens_has_no_lines():
    assert narrative(broken_courtship().head(0), NAMES) == []


def test_telling_leaves_the_table_as_it_was():
    table = broken_courtship()
    narrative(table, NAMES), pair_history(table, NAMES, "S", "B"), failed_deal(table, NAMES, 1)
    pd.testing.assert_frame_equal(table, broken_courtship())


# --- the order of telling ------------------------------------------------------------------------


def lapsed_talks():
    """Return the event table of talks that nobody had the time to go on with."""
    rows = [
        deep("talks_begin", "S", "B"),
        deep("walks_away", "S", "B", quarter=9, reason="people", value=-5.0,
             because={"busy": -5.0}),
        deep("talks_fail", "S", "B", quarter=9, reason="people", value=9.0),
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_talks_that_lapse_come_to_nothing_and_nobody_walks_away():
    sharing = "about a shared chief executive and senior management"
    over = f"The talks of South Norfolk with Breckland {sharing} come to nothing"
    told = narrative(lapsed_talks(), NAMES)
    assert told[2:] == [
        "July to September 2011",
        f"  {over} after 2 years and 3 months; main reason: people and capacity.",
    ]
    history = " ".join(pair_history(lapsed_talks(), NAMES, "S", "B"))
    assert over in history and "walks away" not in history
    deal = failed_deal(lapsed_talks(), NAMES, 1)
    assert "The talks came to nothing (July to September 2011)" in deal and "walked" not in deal
    assert sentence(lapsed_talks().iloc[1], NAMES) == f"{over}; main reason: people and capacity."


def test_who_weighed_more_than_its_time_walks_away():
    weighed = {"busy": -2.0, "chance": -0.4}
    row = deep("walks_away", "S", "B", reason="people", value=-2.4, because=weighed)
    assert "walks away" in sentence(row, NAMES)


def test_a_merger_is_told_before_the_talks_that_it_ends():
    gone = {"reason": "reorganisation", "value": 0.0}
    rows = [
        event("chief_leaves", "K"),
        deep("walks_away", "B", "J", deal=2, **gone),
        deep("talks_fail", "N", "H", deal=3, **gone),
        event("merges", "J", "B"),
        event("merges", "J", "H"),
        event("in_distress", "J"),
    ]
    assert narrative(pd.DataFrame(rows), NAMES)[1:] == [
        "  The chief executive of King's Lynn and West Norfolk leaves.",
        "  Breckland and South Holland become part of South Holland and Breckland.",
        "  Breckland drops out of talks about a shared chief executive and senior management; "
        "main reason: reorganisation.",
        "  The talks of North Norfolk with South Holland about a shared chief executive and senior "
        "management end without an agreement after less than 3 months; "
        "main reason: reorganisation.",
        "  South Holland and Breckland cannot balance its budget (section 114).",
    ]


# --- pairs ---------------------------------------------------------------------------------------


def test_a_pair_history_has_each_step_with_what_decided_it():
    lines = pair_history(broken_courtship(), NAMES, "B", "S")
    assert len(lines) == 10 and lines[-1] == HOW_TO_READ
    assert lines[0].endswith(
        " management. Because of: similar size +0.7; all reasons together +0.7, luck 0.0, weighed "
        "against other partners and against waiting."
    )
    assert lines[6] == (
        "January to March 2010: South Norfolk walks away from the talks with Breckland about "
        "a shared chief executive and senior management; main reason: culture and trust. "
        "Because of: a culture believed to be different -1.3, strong attachment to "
        "independence -0.6; in favour: worry about a budget gap ahead +0.9; "
        "all reasons together -1.0, luck -0.2."
    )
    assert not any("South Holland" in line for line in lines)


def test_a_pair_history_is_in_order_of_time():
    table = broken_courtship().iloc[::-1].sort_values("quarter", ascending=False, kind="stable")
    dates = [line.split(":")[0] for line in pair_history(table, NAMES, "S", "B")[:-1]]
    assert dates[0] == "April to June 2009" and dates[-1] == "January to March 2010"


def test_councils_that_meet_in_the_deal_of_a_third_have_a_history():
    rows = [
        deep("talks_begin", "N", "S"),
        deep("votes_yes", "N", quarter=1),
        deep("invited", "B", "N", quarter=2),
        deep("votes_yes", "N", quarter=3),
        deep("leaves", "S", quarter=4, reason="tax"),
        deep("learns", "S", quarter=4, reason="tax"),
        deep("ends", "N", quarter=9, reason="offer", value=1.0),
    ]
    told = pair_history(pd.DataFrame(rows), NAMES, "S", "B")
    assert [line.split(": ")[0] for line in told] == [
        "October to December 2009",
        "January to March 2010",
        "April to June 2010",
        "April to June 2010",
    ]


def test_councils_that_were_in_one_deal_at_different_times_never_met():
    rows = [
        deep("talks_begin", "N", "S"),
        deep("leaves", "S", quarter=2),
        deep("invited", "B", "N", quarter=3),
    ]
    (told,) = pair_history(pd.DataFrame(rows), NAMES, "S", "B")
    assert "never met" in told


def test_the_other_side_still_votes_when_one_has_voted_no():
    rows = [
        deep("talks_begin", "S", "B"),
        deep("votes_no", "S", quarter=1, reason="politics"),
        deep("votes_yes", "B", quarter=1),
        deep("talks_fail", "S", "B", quarter=1, reason="politics", value=1.0),
    ]
    assert len(pair_history(pd.DataFrame(rows), NAMES, "S", "B")) == len(rows)


def test_councils_that_become_one_have_that_in_common():
    rows = pd.DataFrame([event("merges", "J", "H"), event("merges", "J", "B")])
    assert len(pair_history(rows, NAMES, "H", "B")) == 2
    assert len(pair_history(rows, NAMES, "J", "B")) == 1


def test_councils_that_never_met_get_one_sentence_on_what_each_did_instead():
    rows = [
        event("approaches", "S", "B", scope="legal"),
        event("approaches", "S", "N", scope="legal"),
        event("refuses", "B", "S", scope="legal"),
        event("talks_begin", "S", "N", scope="legal", deal=4),
        event("signs", "S", "N", scope="legal", deal=4, quarter=2),
        event("signs", "N", "N", scope="legal", deal=4, quarter=2),
    ]
    assert pair_history(pd.DataFrame(rows), NAMES, "S", "K") == [
        "South Norfolk, and King's Lynn and West Norfolk never met in this run: "
        "South Norfolk made 2 approaches, took part in 1 round of talks and signed 1 agreement; "
        "King's Lynn and West Norfolk made no approaches, took part in no rounds of talks "
        "and signed no agreements."
    ]


def test_a_council_has_no_history_with_itself():
    told = pair_history(broken_courtship(), NAMES, "S", "S")
    assert told == ["South Norfolk is one council; a history needs two."]


# --- deals ---------------------------------------------------------------------------------------


def test_a_failed_deal_says_who_what_how_long_how_much_and_why():
    assert failed_deal(broken_courtship(), NAMES, 1) == (
        "April to June 2009: South Norfolk talked with Breckland about a shared chief executive "
        "and senior management for 9 months. Government paid £50,000 for the study. "
        "The business case promised South Norfolk £700,000 a year (its own estimate was "
        "£200,000 a year) and Breckland £500,000 a year (its own estimate was £100,000 a year). "
        "South Norfolk walked away (January to March 2010); main reason: culture and trust "
        "(because of: a culture believed to be different -1.3, strong attachment to "
        "independence -0.6; in favour: worry about a budget gap ahead +0.9; "
        "all reasons together -1.0, luck -0.2). "
        "The talks ended without an agreement (January to March 2010); "
        "main reason: culture and trust."
    )


def test_a_deal_that_fails_early_had_no_business_case():
    rows = [
        deep("talks_begin", "S", "B"),
        deep("talks_fail", "S", "B", quarter=1, value=1.0, reason="offer"),
    ]
    told = failed_deal(pd.DataFrame(rows), NAMES, 1)
    assert "for 3 months. It never came to a business case. The talks ended" in told


def test_a_deal_that_was_signed_is_told_to_its_end():
    rows = [
        deep("talks_begin", "S", "B"),
        deep("signs", "S", "S", quarter=2),
        deep("signs", "B", "S", quarter=2),
        deep("leaves", "B", quarter=14, value=0.35, reason="politics"),
        deep("ends", "S", quarter=14, value=3.0, reason="politics"),
    ]
    told = failed_deal(pd.DataFrame(rows), NAMES, 1)
    assert "Breckland left at a cost of £350,000 (October to December 2012)" in told
    assert "The agreement ended after 3 years" in told and "not failed" not in told
    assert failed_deal(pd.DataFrame(rows[:3]), NAMES, 1).endswith("when the record stops.")


def test_a_deal_that_is_not_there_is_said_not_to_be_there():
    assert failed_deal(broken_courtship(), NAMES, 9) == "No deal in this run has the number 9."


# --- the wall ------------------------------------------------------------------------------------


def test_the_story_needs_only_the_declarations():
    allowed = {"declared.catalogue", "declared.groups", "declared.measures", "errors"}
    for path in Path(sim.story.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level > 1:
                typed = node.module == "ready.world" and path.name == "known.py"
                assert node.level == 2 and (node.module in allowed or typed), path.name
            if isinstance(node, ast.Import):
                assert {name.name for name in node.names} <= {"math", "pandas"}, path.name
