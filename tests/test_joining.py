"""Who joins an agreement that is at work is told so, and who begins something new is not."""

import numpy as np
import pandas as pd
import pytest
from claims import for_all
from steps import NAMES, deep, event

from sim.declared.scenario import load
from sim.page.explain import Telling
from sim.page.frames import events
from sim.ready.kept import prepared
from sim.running import luck_of, run_arrays
from sim.story import failed_deal, known_of, narrative, pair_history, sentence
from sim.story.joining import FOLLOWED, Joining, follow, joining
from sim.story.known import Agreement, Known
from sim.tables.columns import roll_of
from sim.tables.frames import event_table

LEGAL = {"scope": "legal"}
OF_S_AND_B = "joining the agreement on shared legal services of South Norfolk and Breckland"
STANDING = Known(standing={1: Agreement("legal", ("S", "B"))})


def asked(**more):
    """Return the rows in which North Norfolk asks South Norfolk and begins to talk with it."""
    return [
        event("approaches", "N", "S", quarter=5, **LEGAL),
        event("talks_begin", "N", "S", quarter=5, deal=2, **LEGAL),
    ]


def founded():
    """Return the rows in which South Norfolk and Breckland sign an agreement of their own."""
    return [
        event("talks_begin", "S", "B", deal=1, **LEGAL),
        event("signs", "S", "S", quarter=2, deal=1, value=0.1, **LEGAL),
        event("signs", "B", "S", quarter=2, deal=1, value=0.1, **LEGAL),
        event("starts", "S", "B", quarter=3, deal=1, value=0.2, more=2.0, **LEGAL),
    ]


def told(rows, known=Known()):  # noqa: B008
    return [sentence(row, NAMES) for row in follow(rows, known)]


def test_who_asks_a_member_of_a_running_agreement_asks_to_join_it():
    lines = told([*founded(), *asked()])
    assert lines[1] == "South Norfolk signs: shared legal services, promising £100,000 a year."
    assert lines[4] == f"North Norfolk approaches South Norfolk about {OF_S_AND_B}."
    assert lines[5] == f"South Norfolk agrees to talks with North Norfolk about {OF_S_AND_B}."


def test_who_signs_a_running_agreement_joins_it():
    rows = [*founded(), *asked(), event("signs", "N", "S", quarter=7, deal=1, value=0.1, **LEGAL)]
    assert told(rows)[-1] == (
        "North Norfolk joins the agreement on shared legal services of South Norfolk and "
        "Breckland, promising £100,000 a year."
    )
    assert narrative(pd.DataFrame(rows), NAMES)[-1].strip() == told(rows)[-1]


def test_an_agreement_of_the_first_day_is_joined_too():
    rows = [*asked(), event("signs", "N", "S", quarter=7, deal=1, **LEGAL)]
    lines = told(rows, STANDING)
    assert lines[0] == f"North Norfolk approaches South Norfolk about {OF_S_AND_B}."
    assert lines[2].startswith("North Norfolk joins the agreement on shared legal services of ")
    assert narrative(pd.DataFrame(rows), NAMES, known=STANDING)[-1].strip() == lines[2]


def test_without_the_agreements_of_the_first_day_the_leader_is_named():
    rows = [*asked(), event("signs", "N", "S", quarter=7, deal=1, **LEGAL)]
    assert told(rows)[2] == (
        "North Norfolk joins the agreement on shared legal services of South Norfolk."
    )


@for_all(
    ("kind", "who", "words"),
    [
        ("votes_yes", "N", f"North Norfolk votes in favour of {OF_S_AND_B}"),
        ("votes_no", "S", f"South Norfolk votes against North Norfolk {OF_S_AND_B}"),
        ("walks_away", "S", f"South Norfolk walks away from the talks about {OF_S_AND_B}"),
        ("talks_fail", "N", f"The talks of North Norfolk about {OF_S_AND_B} end without"),
        ("agrees_terms", "N", f"The talks led by North Norfolk agree on terms for {OF_S_AND_B}"),
        ("business_case", "N", f"The business case for {OF_S_AND_B} promises North Norfolk"),
        ("known", "N", f"It becomes known that North Norfolk is in talks about {OF_S_AND_B}"),
    ],
)
def test_every_step_of_such_talks_says_what_is_joined(kind, who, words):
    rows = [*founded(), *asked(), event(kind, who, quarter=6, deal=2, value=1.0, **LEGAL)]
    assert told(rows)[-1].startswith(words)


def test_a_refusal_says_what_was_not_joined():
    rows = [*founded(), asked()[0], event("refuses", "S", "N", quarter=5, **LEGAL)]
    assert told(rows)[-1] == f"South Norfolk says no to North Norfolk about {OF_S_AND_B}."


def test_talks_go_on_alone_when_the_agreement_has_ended():
    rows = [*founded(), *asked(), event("ends", "S", "B", quarter=6, deal=1, value=1.0, **LEGAL),
            event("votes_yes", "N", "S", quarter=7, deal=2, **LEGAL),
            event("signs", "N", "N", quarter=7, deal=2, **LEGAL),
            event("signs", "S", "N", quarter=7, deal=2, **LEGAL)]  # fmt: skip
    assert told(rows)[-3:] == [
        "North Norfolk votes in favour of shared legal services.",
        "North Norfolk signs: shared legal services.",
        "South Norfolk signs with North Norfolk: shared legal services.",
    ]
    assert "talked with South Norfolk about shared legal services" in failed_deal(
        pd.DataFrame(rows), NAMES, 2
    )


def test_a_member_that_left_is_asked_for_something_new():
    rows = [*founded(), event("signs", "K", "S", quarter=4, deal=1, **LEGAL),
            event("leaves", "S", quarter=4, deal=1, **LEGAL), *asked()]  # fmt: skip
    assert told(rows)[-2] == "North Norfolk approaches South Norfolk about shared legal services."


@for_all(("who", "joins"), [("S", False), ("B", True)])
def test_talks_go_on_alone_when_the_member_that_was_asked_has_left_the_agreement(who, joins):
    rows = [*founded(), event("signs", "K", "S", quarter=4, deal=1, **LEGAL), *asked(),
            event("leaves", who, quarter=6, deal=1, **LEGAL),
            event("votes_yes", "N", "S", quarter=7, deal=2, **LEGAL)]  # fmt: skip
    assert (joining(follow(rows)[-1]) is not None) is joins


def test_talks_under_way_on_the_first_day_may_be_about_joining_what_is_at_work():
    row = event("talks_begin", "N", "S", deal=2, value=0.0, more=2.0, **LEGAL)
    assert told([row], STANDING) == [
        f"North Norfolk and South Norfolk have been in talks about {OF_S_AND_B} since October to "
        "December 2008."
    ]


def test_what_was_followed_before_stays_as_it_is_without_the_rows_between():
    rows = follow([*founded(), event("signs", "K", "S", quarter=4, deal=1, **LEGAL), *asked(),
                   event("leaves", "S", quarter=6, deal=1, **LEGAL),
                   event("votes_yes", "N", "S", quarter=7, deal=2, **LEGAL)])  # fmt: skip
    table = [{"joins": None} | row for row in rows]
    mine = [row for row in table if row["agreement"] == 2 or row["kind"] == "signs"]
    assert [joining(row) for row in follow(mine)] == [joining(row) for row in mine]


def test_another_scope_is_something_new():
    row = event("approaches", "N", "S", quarter=5, scope="payroll")
    assert joining(follow([*founded(), row])[-1]) is None


def test_an_heir_stands_in_the_agreement_of_a_parent():
    rows = [*founded(), event("merges", "J", "S", quarter=4),
            event("approaches", "N", "J", quarter=5, **LEGAL)]  # fmt: skip
    assert joining(follow(rows)[-1]) == Joining("N", ("J", "B"))


def test_a_large_agreement_is_told_by_two_members_and_a_number():
    large = Known(standing={1: Agreement("legal", ("S", "B", "H", "K", "J"))})
    (line,) = told([event("approaches", "N", "S", **LEGAL)], large)
    assert line.endswith("of South Norfolk, Breckland and 3 others.")


def test_the_history_of_two_councils_and_of_a_deal_say_it_too():
    rows = pd.DataFrame([*founded(), *asked(),
                         event("talks_fail", "N", "S", quarter=8, deal=2, value=3.0, **LEGAL),
                         event("signs", "K", "S", quarter=9, deal=1, **LEGAL)])  # fmt: skip
    history = pair_history(rows, NAMES, "N", "S")
    assert len(history) == 3 and all(OF_S_AND_B in line for line in history)
    assert f"talked with South Norfolk about {OF_S_AND_B} for 9 months" in failed_deal(
        rows, NAMES, 2
    )
    assert "King's Lynn and West Norfolk joined (July to September 2011)" in failed_deal(
        rows, NAMES, 1
    )


def test_telling_a_marked_row_again_keeps_the_mark():
    rows = follow([*founded(), *asked()])
    assert follow(rows[-1:]) == rows[-1:]


def test_following_leaves_rows_as_they_were():
    rows = [*founded(), *asked()]
    follow(rows)
    assert "joins" not in rows[-1]


def test_a_deep_agreement_is_joined_as_well():
    rows = [deep("signs", "S", "S"), deep("signs", "B", "S"),
            event("approaches", "N", "B", quarter=5, scope="management")]  # fmt: skip
    assert joining(follow(rows)[-1]) == Joining("N", ("S", "B"))


# --- against the engine --------------------------------------------------------------------------

WORLDS = [
    ("england-districts", ()),
    ("england", ()),
    ("norfolk", ("reorganisation.stance=review",)),
]


@pytest.fixture(scope="module", params=WORLDS, ids=lambda world: "-".join((world[0], *world[1])))
def lived(request):
    name, sets = request.param
    ready = prepared(load(name, sets=list(sets)))
    return ready, [run_arrays(ready, luck=luck_of(5, k)) for k in range(2)]


def test_joining_is_told_exactly_where_the_engine_weighed_it(lived):
    ready, raws = lived
    weighed = 0
    for raw in raws:
        rows = follow(event_table(ready, np.array([0]), [raw]).to_dict("records"), known_of(ready))
        for row in rows:
            if row["kind"] in ("approaches", "votes_yes", "votes_no"):
                assert (joining(row) is not None) is (row["because_joining"] != 0.0), row
                weighed += row["because_joining"] != 0.0
    assert weighed


def test_a_signature_joins_exactly_where_the_agreement_was_signed_before(lived):
    ready, raws = lived
    for raw in raws:
        rows = follow(event_table(ready, np.array([0]), [raw]).to_dict("records"), known_of(ready))
        signs = [row for row in rows if row["kind"] == "signs"]
        first = {}
        for row in signs:
            first.setdefault(row["agreement"], row["quarter"])
            old = row["agreement"] in known_of(ready).standing
            old = old or first[row["agreement"]] < row["quarter"]
            assert (joining(row) is not None) is old


def test_the_page_tells_a_quarter_as_the_whole_run_is_told(lived):
    ready, raws = lived
    raw = raws[0]
    codes, names = roll_of(ready, raw.world)
    known = dict(zip(codes, names, strict=True))
    table = event_table(ready, np.array([0]), [raw])
    whole = follow(table[list(FOLLOWED)].to_dict("records"), known_of(ready))
    joins = [k for k, row in enumerate(whole) if row["kind"] == "signs" and joining(row)]
    assert joins
    since = joins[-1]
    said = [row["said"] for row in events(ready, raw, since, known) if row["kind"] == "signs"]
    assert said[0].split(", promising")[0] + "." == sentence(whole[since], known)
    telling = Telling(ready, raw)
    guest, deal = whole[since]["council"], whole[since]["agreement"]
    assert f"{known[guest]} joined (" in telling.deal(deal)
