"""Claims about decisions: what they add up to, what spoke for them, which reason is named."""

from __future__ import annotations

import math
from collections.abc import Iterator

from .claims import at_event
from .forms import (
    A_YEAR,
    DEEP,
    GROUPS,
    declines,
    imposed,
    in_review,
    lapses,
    never_named,
    payable,
)
from .history import LONG_AGO, History
from .life import Event

NEAR = 1e-9
SUMS = ("approaches", "refuses", "talks_begin", "invited", "walks_away", "votes_no", "votes_yes")
IN_TALKS = ("walks_away", "votes_no", "votes_yes", "business_case")
CALLS = ("approaches", "refuses", "talks_begin", "invited")
WEIGHED = (*CALLS, *IN_TALKS)
EXP_MOST = 700.0


def total(event: Event) -> float:
    """Return the sum of the contributions to an event."""
    return math.fsum(event.because.values())


def decider(event: Event) -> str:
    """Return the code of the council whose contributions an event shows."""
    return str(event.other if event.kind == "talks_begin" else event.council)


def is_own(event: Event) -> bool:
    """Return whether a walk-out was weighed, and not given by a merger, a lapse or a signature."""
    return not (imposed(event) or lapses(event) or declines(event))


@at_event
def claim_the_value_of_a_decision_is_the_sum_of_its_contributions(
    history: History, event: Event
) -> Iterator[str]:
    value, found = event.value, total(event)
    if event.kind == "considers":
        found = math.exp(min(max(found, -EXP_MOST), EXP_MOST))
    elif event.kind == "leaves":
        value = event.more
    elif event.kind not in SUMS:
        return
    if not math.isclose(value, found, rel_tol=NEAR, abs_tol=NEAR):
        yield f"its contributions add up to {found!r}, and {value!r} is told"


@at_event
def claim_what_was_decided_has_the_sign_of_its_sum(history: History, event: Event) -> Iterator[str]:
    numbers, value = history.life.numbers[event.quarter], event.value
    if history.life.opens(event):
        return
    if event.kind in ("votes_yes", "talks_begin", "invited") and not value > 0:
        yield "a yes whose sum is not above zero"
    elif event.kind == "votes_no" and value > 0:
        yield "a no whose sum is above zero"
    elif event.kind == "walks_away" and is_own(event) and not value < -numbers.talks.patience:
        yield f"it walked away within its patience of {numbers.talks.patience}"
    elif event.kind == "refuses" and value > 0:
        body = history.bodies(event)[0]
        free = attention(history, str(event.council)) - len(history.talks_of(body))
        if free > 0:
            yield "it refused a good call though it had attention to spare"


def attention(history: History, code: str) -> float:
    """Return how many talks a council can hold at once."""
    for books in (history.life.books[history.quarter + 1], history.life.books[history.quarter]):
        if code in books and books[code]["alive"]:
            return float(books[code]["attention"])
    body = history.body.get(code, code)
    return float(history.life.books[0][body]["attention"])


@at_event
def claim_a_named_reason_stands_strongest_in_its_own_list(
    history: History, event: Event
) -> Iterator[str]:
    weighed = event.kind in ("refuses", "votes_no", "leaves")
    if not weighed and not (event.kind == "walks_away" and is_own(event)):
        return
    sign = 1.0 if event.kind == "leaves" else -1.0
    in_talks = event.kind in ("walks_away", "votes_no")
    left_out = never_named(history.life.numbers[event.quarter]) if in_talks else ()
    pushes = {
        group: sign * math.fsum(event.because.get(k, 0.0) for k in names if k not in left_out)
        for group, names in GROUPS.items()
    }
    most = max(pushes.values())
    if event.reason == "chance":
        if most > NEAR:
            yield f"chance is named, and {max(pushes, key=lambda g: pushes[g])} pushed by {most!r}"
    elif event.reason not in pushes:
        yield f"{event.reason} is no reason that can be weighed"
    elif pushes[event.reason] < most - NEAR or pushes[event.reason] <= -NEAR:
        best = max(pushes, key=lambda group: pushes[group])
        yield f"{event.reason} pushed by {pushes[event.reason]!r}, {best} by {most!r}"


@at_event
def claim_a_grant_attracts_only_where_it_can_be_paid_to_this_deal(
    history: History, event: Event
) -> Iterator[str]:
    if "grant" not in event.because or event.kind not in (*WEIGHED, "considers"):
        return
    numbers = history.life.numbers[event.quarter]
    deal = history.deal_of(event) if event.kind in IN_TALKS else None
    joins = event.kind in CALLS and host_of_call(history, event)
    talks = history.deal_of(event) if event.kind == "invited" else None
    study = talks is not None and talks.study_paid
    if joins or not (study or payable(history, numbers, deal)):
        held = ", ".join(f"{pot} {money}" for pot, money in history.pots.items())
        why = "it would join a running deal" if joins else f"the pots hold {held} pounds"
        yield f"a grant counts {event.because['grant']!r}, and none could be paid: {why}"


def host_of_call(history: History, event: Event) -> bool:
    """Return whether the council that is weighed in a call runs a deal of the scope."""
    code = event.council if event.kind == "talks_begin" else event.other
    return history.shared(history.body.get(str(code), str(code)), event.scope) is not None


@at_event
def claim_a_review_weighs_only_where_one_is(history: History, event: Event) -> Iterator[str]:
    if "review" in event.because and event.kind in (*WEIGHED, "considers"):
        code = decider(event)
        if not in_review(history, event, code):
            yield f"a review weighs on {code}, which none is about"


@at_event
def claim_an_election_weighs_only_shortly_before_april(
    history: History, event: Event
) -> Iterator[str]:
    ahead = A_YEAR - event.quarter % A_YEAR
    most = history.life.numbers[event.quarter].weighing.election_quarters
    if "election" in event.because and event.kind in WEIGHED and ahead > most:
        yield f"an election weighs {ahead} quarters ahead"


@at_event
def claim_new_control_weighs_only_after_a_change(history: History, event: Event) -> Iterator[str]:
    if "new_control" not in event.because:
        return
    numbers, code = history.life.numbers[event.quarter], decider(event)
    leaving = event.kind == "leaves"
    years = (numbers.endings if leaving else numbers.weighing).new_control_years
    changed = history.changed.get(history.body.get(code, code), LONG_AGO)
    if event.quarter - changed >= A_YEAR * years:
        yield f"new control weighs, and {code} has had the same for {years} years"


@at_event
def claim_a_new_chief_executive_weighs_only_after_an_appointment(
    history: History, event: Event
) -> Iterator[str]:
    numbers = history.life.numbers[event.quarter]
    if event.kind in WEIGHED and event.because.get("vacancy", 0.0) < 0:
        code = decider(event)
        since = event.quarter - history.appointed.get(history.body.get(code, code), LONG_AGO)
        if since >= A_YEAR * numbers.weighing.new_chief_years:
            yield f"{code} has appointed no chief executive lately"
    deal = history.deal_of(event)
    if event.kind == "leaves" and "vacancy" in event.because and deal is not None:
        since = event.quarter - deal.chief_left
        if since >= A_YEAR * numbers.endings.chief_left_years:
            yield "no joint chief executive left this deal lately"


@at_event
def claim_resolve_weighs_only_after_a_failure(history: History, event: Event) -> Iterator[str]:
    if event.kind not in WEIGHED or "strategy" not in event.because:
        return
    code, years = decider(event), history.life.numbers[event.quarter].search.resolve_years
    sought = history.sought.get(history.body.get(code, code), LONG_AGO)
    if event.scope not in DEEP or event.quarter - sought >= A_YEAR * years:
        yield f"{code} has seen no deep deal fail lately"


@at_event
def claim_terms_are_missed_only_once_they_are_written(
    history: History, event: Event
) -> Iterator[str]:
    deal = history.deal_of(event)
    for name, term in (("exit_lesson", "exit"), ("equal_lesson", "equal"), ("tax_lesson", "align")):
        if name not in event.because or event.kind not in WEIGHED:
            continue
        if deal is None or event.kind in CALLS or deal.stage != "terms":
            yield f"{name} weighs before terms are written"
        elif deal.terms[term]:
            yield f"{name} weighs though the term is agreed"
        elif name == "tax_lesson" and not deal.deep:
            yield "tax alignment is missed in the sharing of a service"


@at_event
def claim_savings_weigh_only_from_the_business_case_on(
    history: History, event: Event
) -> Iterator[str]:
    deal = history.deal_of(event)
    if "savings" not in event.because or event.kind not in (*CALLS, *IN_TALKS[:3]):
        return
    if event.kind in CALLS or deal is None or deal.stage not in ("case", "terms"):
        yield "savings weigh before there is a business case"


@at_event
def claim_joining_weighs_only_where_something_runs(history: History, event: Event) -> Iterator[str]:
    if "joining" not in event.because:
        return
    deal = history.deal_of(event)
    if event.kind == "considers":
        body = history.bodies(event)[0]
        if history.shared(body, "management") is None:
            yield "it shares no management that could become a merger"
    elif event.kind in CALLS and not host_of_call(history, event):
        yield "the other runs no deal of this scope"
    elif event.kind in IN_TALKS and (deal is None or history.host_of(deal) is None):
        yield "there is no running deal that these talks would join"


@at_event
def claim_a_better_offer_is_at_another_table(history: History, event: Event) -> Iterator[str]:
    deal = history.deal_of(event)
    if "rival" not in event.because or event.kind not in IN_TALKS or deal is None:
        return
    body = history.bodies(event)[0]
    others = [d for d in (*history.talks_of(body), *history.signed_of(body)) if d is not deal]
    if declines(event):
        others = [d for d in others if d.signed == event.quarter or body in d.signers]
    if not any(d.scope == deal.scope or (d.deep and deal.deep) for d in others):
        yield "there is no other table of the kind"


@at_event
def claim_rumours_and_fashion_have_a_ground(history: History, event: Event) -> Iterator[str]:
    if event.kind != "considers":
        return
    if "rumour" in event.because and not history.rumours:
        yield "no deep talks were known this quarter"
    if "fashion" in event.because:
        deep = event.more > 0
        kinds = [d.scope == "management" if deep else not d.deep
                 for d in history.deals.values() if d.in_force]  # fmt: skip
        if not any(kinds):
            yield "nobody has signed anything of the kind"


@at_event
def claim_who_looks_has_time_and_looks_once(history: History, event: Event) -> Iterator[str]:
    if event.kind != "considers":
        return
    body = history.bodies(event)[0]
    if body in history.looked:
        yield "it looks twice in a quarter"
    if len(history.talks_of(body)) >= attention(history, str(event.council)):
        yield "it looks though its managers have no time"


@at_event
def claim_nobody_looks_deep_in_the_quarter_of_a_deep_failure(
    history: History, event: Event
) -> Iterator[str]:
    if event.kind != "considers" or event.more <= 0:
        return
    if history.sought.get(history.bodies(event)[0]) == event.quarter:
        yield "a deep deal of its own failed this very quarter"


@at_event
def claim_who_calls_has_looked_and_is_answered_at_once(
    history: History, event: Event
) -> Iterator[str]:
    events = history.life.events
    if event.kind in ("refuses", "talks_begin") and not history.life.opens(event):
        asked = (event.other, event.council) if event.kind == "refuses" else event[3:5]
        before = events[event.place - 1]
        if (before.kind, before.council, before.other, before.scope) != (
            "approaches", *asked, event.scope,
        ):  # fmt: skip
            yield "an answer to no call"
    if event.kind != "approaches":
        return
    look = history.looked.get(history.bodies(event)[0])
    if look is None:
        yield "it calls without having looked"
    elif (look.more > 0) != (event.scope in DEEP):
        yield "it looked for something else"
    after = events[event.place + 1] if event.place + 1 < len(events) else None
    if after is None or after.kind not in ("refuses", "talks_begin"):
        yield "a call without an answer"


@at_event
def claim_mergers_by_choice_are_open_to_those_who_may(
    history: History, event: Event
) -> Iterator[str]:
    if event.kind != "approaches" or event.scope != "merger":
        return
    stance = history.life.numbers[event.quarter].reorganisation.stance
    books = history.life.books[event.quarter + 1]
    tiers = {books[str(code)]["tier"] for code in (event.council, event.other)}
    if stance == "none":
        yield "government has no ear for mergers"
    if len(tiers) > 1 or "county" in tiers:
        yield f"a merger of {' and '.join(sorted(tiers))}"
