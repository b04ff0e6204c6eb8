"""Claims about the life of a deal, from the first call to its end."""

from __future__ import annotations

import math
from collections.abc import Iterator

from .claims import at_event, at_quarter, of_life
from .decisions import attention
from .forms import A_YEAR, CHIEF, DEEP, MANAGEMENT, SEATS, lapses
from .history import STAGES, TALKS, Deal, History
from .life import Event, Life

NEAR = 1e-9
NEEDS = {
    "invited": ("study",), "known": ("study", "case", "terms"), "study_grant": ("study",),
    "walks_away": ("study", "case", "terms"), "business_case": ("study", "case"),
    "agrees_terms": ("case",), "votes_yes": ("terms",), "votes_no": ("terms",),
    "talks_fail": ("study", "case", "terms"), "signs": ("terms", "transition", "running"),
    "setup_grant": ("transition",), "starts": ("transition",), "leaves": ("running",),
    "accounts": ("running",), "ends": ("transition", "running"), "survives": ("running",),
    "joint_chief_leaves": ("running",),
}  # fmt: skip
"""The stages in which each kind of event can befall a deal."""
OF_MEMBERS = ("walks_away", "business_case", "votes_yes", "votes_no", "leaves")
OF_DEALS = ("known", "agrees_terms", "talks_fail", "starts", "ends", "accounts", "survives",
            "joint_chief_leaves", "study_grant", "setup_grant")  # fmt: skip
AT_THE_TABLE = ("business_case", "agrees_terms", "votes_yes", "votes_no", "invited")


@at_event
def claim_a_deal_lives_one_life_in_order(history: History, event: Event) -> Iterator[str]:
    deal = history.deal_of(event)
    if event.kind == "talks_begin":
        if history.life.opens(event):
            return
        if event.deal in history.deals:
            yield "its number was given before"
        elif event.deal != max(history.deals, default=0) + 1:
            yield "its number does not follow the last"
    elif event.kind in NEEDS:
        if deal is None:
            yield "a deal that never began"
        elif deal.stage not in NEEDS[event.kind]:
            yield f"its stage is {deal.stage}"
        elif deal.scope != event.scope:
            yield f"its scope is {deal.scope}"


@at_event
def claim_who_is_named_sits_where_it_is_said(history: History, event: Event) -> Iterator[str]:
    deal = history.deal_of(event)
    if deal is None or event.kind not in (*OF_MEMBERS, *OF_DEALS):
        return
    named, members = history.bodies(event), deal.members
    if event.kind in OF_DEALS and named != members[:2]:
        yield f"the first two are {members[:2]}"
    elif event.kind in OF_MEMBERS:
        if named[0] not in members:
            yield f"{event.council} is no member: {members}"
        elif named[1:] != [members[1] if named[0] == members[0] else members[0]]:
            yield f"across from {event.council} in {members} sits another"


@at_event
def claim_deals_have_two_members_or_more_and_no_more_than_allowed(
    history: History, event: Event
) -> Iterator[str]:
    deal = history.deal_of(event)
    if deal is None:
        return
    most = getattr(history.life.numbers[event.quarter], deal.scope).most_members
    grows = event.kind == "invited" or (event.kind == "signs" and deal.stage == "running")
    if grows and (len(deal.members) >= most or len(deal.members) >= SEATS):
        yield f"a further member of a deal of {len(deal.members)}, {most} being the most"
    if len(set(deal.members)) != len(deal.members):
        yield f"one council sits twice: {deal.members}"


@at_event
def claim_nobody_holds_more_talks_than_it_has_attention_for(
    history: History, event: Event
) -> Iterator[str]:
    if event.kind not in ("talks_begin", "invited"):
        return
    codes = [event.council, event.other] if event.kind == "talks_begin" else [event.council]
    for code in codes:
        talks = history.talks_of(history.body.get(str(code), str(code)))
        held = sum(deal.number < event.deal or event.kind == "invited" for deal in talks)
        if held >= attention(history, str(code)):
            yield f"{code} holds {held} talks already"


@at_event
def claim_talks_go_on_no_longer_than_the_longest(history: History, event: Event) -> Iterator[str]:
    deal = history.deal_of(event)
    if deal is None:
        return
    age, longest = event.quarter - deal.begun, history.life.numbers[event.quarter].talks.longest
    if event.kind in AT_THE_TABLE and age - history.life.opens(event) > longest:
        yield f"the talks have lasted {age} quarters, {longest} being the longest"
    if event.kind in AT_THE_TABLE[:4] and age < 1:
        yield "on the day of the first call"
    if event.kind == "talks_fail" and event.value != age:
        yield f"the talks lasted {age} quarters"


@at_quarter
def claim_a_case_is_told_to_each_member_once(history: History, quarter: int) -> Iterator[str]:
    for deal in history.deals.values():
        twice = len(set(deal.saw)) < len(deal.saw)
        if deal.stage in ("case", "terms") and (twice or not set(deal.members) <= set(deal.saw)):
            yield f"the case of deal {deal.number} of {deal.members} was told to {deal.saw}"


@at_event
def claim_nobody_is_bound_without_a_vote(history: History, event: Event) -> Iterator[str]:
    deal = history.deal_of(event)
    if event.kind != "signs" or deal is None:
        return
    body, talks = history.bodies(event)[0], deal
    if deal.stage == "running":
        joined = history.joining(deal, body)
        if joined is None or joined.stage != "terms":
            yield "it joins without talks"
            return
        talks = joined
    for member in talks.members:
        if talks.yes.get(member) != event.quarter:
            yield f"{member} has not voted for it this quarter"
    if body in deal.signers and deal.stage == "transition":
        yield "it signs twice"


@at_quarter
def claim_all_members_sign_what_is_signed(history: History, quarter: int) -> Iterator[str]:
    for deal in history.deals.values():
        if deal.signed == quarter and deal.in_force and deal.signers != deal.members:
            yield f"deal {deal.number} of {deal.members} is signed by {deal.signers}"


@at_event
def claim_nobody_signs_two_deals_of_one_kind(history: History, event: Event) -> Iterator[str]:
    deal = history.deal_of(event)
    if event.kind != "signs" or deal is None:
        return
    body = history.bodies(event)[0]
    for other in history.signed_of(body):
        if other is deal:
            continue
        if other.scope == deal.scope:
            yield f"it has deal {other.number} about this scope"
        elif {other.scope, deal.scope} == {CHIEF, MANAGEMENT}:
            yield f"it shares a chief executive in deal {other.number}"


@at_event
def claim_who_is_bound_deeply_talks_deeply_with_its_partners_alone(
    history: History, event: Event
) -> Iterator[str]:
    if event.kind != "talks_begin" or event.scope not in DEEP:
        return
    caller, called = history.bodies(event)
    for body, other in ((caller, called), (called, caller)):
        for deal in history.signed_of(body):
            joins = body == called and deal.scope == event.scope
            if deal.deep and other not in deal.members and not joins:
                yield f"{body} is bound to others by deal {deal.number}, which is deep too"


@at_quarter
def claim_a_deal_starts_when_it_is_set_up(history: History, quarter: int) -> Iterator[str]:
    for deal in history.deals.values():
        due = deal.number in history.due
        if due and deal.started != quarter and deal.ended != quarter:
            yield f"deal {deal.number}, signed in quarter {deal.signed}, should start by now"
        if deal.started == quarter and not due:
            yield f"deal {deal.number}, signed in quarter {deal.signed}, starts too early"


@at_event
def claim_a_start_promises_what_was_signed(history: History, event: Event) -> Iterator[str]:
    deal = history.deal_of(event)
    if event.kind != "starts" or deal is None or history.unions:
        return
    promised = math.fsum(deal.promise.get(body, 0.0) for body in deal.members)
    if not math.isclose(event.value, promised, rel_tol=NEAR, abs_tol=NEAR):
        yield f"{promised!r} was signed"
    if event.more != len(deal.members):
        yield f"it has {len(deal.members)} members"


@at_event
def claim_nobody_leaves_within_the_minimum_term(history: History, event: Event) -> Iterator[str]:
    deal = history.deal_of(event)
    if event.kind == "leaves" and deal is not None:
        age, least = event.quarter - deal.signed, history.life.numbers[event.quarter].terms.minimum
        if age < A_YEAR * least:
            yield f"{age} quarters after signature, {least} years being the minimum"


@at_event
def claim_an_end_has_the_reason_of_who_ended_it(history: History, event: Event) -> Iterator[str]:
    deal = history.deal_of(event)
    if deal is None or event.kind not in ("talks_fail", "ends") or history.given(event, deal):
        return
    if event.kind == "talks_fail" and event.reason != deal.last_quit:
        yield f"who left gave {deal.last_quit}"
    if event.kind == "ends":
        if event.reason not in {"deepened", *_reasons_to_end(history, deal)}:
            yield "nobody left for this reason"
        if not math.isclose(event.value, (event.quarter - deal.signed) / A_YEAR):
            yield f"it was signed in quarter {deal.signed}"


def _reasons_to_end(history: History, deal: Deal) -> set[str | None]:
    """Return why a deal may end: its own, or that of the management that its members shared."""
    management = history.shared(deal.members[0], MANAGEMENT) if deal.members else None
    left = [each for each in (deal, management) if each and each.left == history.quarter]
    return {each.last_quit for each in left}


@at_event
def claim_accounts_are_closed_where_a_working_deal_ends(
    history: History, event: Event
) -> Iterator[str]:
    deal, events = history.deal_of(event), history.life.events
    if event.kind == "accounts":
        after = events[event.place + 1] if event.place + 1 < len(events) else None
        if after is None or (after.kind, after.deal) != ("ends", event.deal):
            yield "accounts are closed, and the deal goes on"
    if event.kind == "ends" and deal is not None and deal.stage == "running":
        before = events[event.place - 1]
        closed = (before.kind, before.deal) == ("accounts", event.deal)
        if closed == (deal.scope == "merger"):
            yield "it ends without accounts" if not closed else "a merger has no accounts"


@at_event
def claim_lessons_are_those_of_a_failure(history: History, event: Event) -> Iterator[str]:
    deal = history.deal_of(event)
    if event.kind != "learns" or deal is None:
        return
    if not 0.0 <= event.value <= 1.0:
        yield "a lesson is between 0 and 1"
    if event.reason not in (deal.reason, deal.last_quit):
        yield f"who left gave {deal.last_quit}"
    if deal.in_talks and deal.stage == "study":
        yield "a mere study teaches nothing"


@at_event
def claim_only_lapsing_talks_fail_with_three_at_the_table(
    history: History, event: Event
) -> Iterator[str]:
    deal = history.deal_of(event)
    if event.kind != "talks_fail" or deal is None or len(deal.members) <= 2:
        return
    before = [e for e in history.life.events[max(0, event.place - SEATS) : event.place]
              if e.deal == event.deal]  # fmt: skip
    if not before or before[-1].kind != "walks_away" or not lapses(before[-1]):
        yield f"{len(deal.members)} were at the table"


@of_life
def claim_the_table_of_agreements_says_what_the_log_says(life: Life) -> Iterator[str]:
    if life.agreements is None:
        return
    signed: dict[int, list[Event]] = {}
    for event in life.events:
        if event.kind == "signs":
            signed.setdefault(event.deal, []).append(event)
    ends = {event.deal: event for event in life.events if event.kind == "ends"}
    starts = {event.deal: event for event in life.events if event.kind == "starts"}
    stood = {int(str(row["deal"]).split(",")[0]) for row in life.first_deals
             if STAGES[int(row["stage"])] not in TALKS}  # fmt: skip
    told = {int(row["agreement"]): row for row in life.agreements}
    if set(told) != {*signed, *stood}:
        yield f"agreements {sorted(set(told) ^ {*signed, *stood})} stand in one of the two only"
    for number, row in told.items():
        end, start = ends.get(number), starts.get(number)
        if row["ended"] != (end and end.quarter) or row["reason"] != (end and end.reason):
            yield f"agreement {number} ends otherwise in the table: {row['ended']}"
        if start is not None and row["started"] != start.quarter:
            yield f"agreement {number} starts otherwise in the table"
        if number not in stood and row["signed"] != signed[number][0].quarter:
            yield f"agreement {number} is signed otherwise in the table"
        paid = math.fsum(e.value for e in life.events
                         if e.deal == number and e.kind.endswith("_grant"))  # fmt: skip
        if not math.isclose(row["grants"] or 0.0, paid, rel_tol=NEAR, abs_tol=NEAR):
            yield f"agreement {number} had {paid!r} of grants, the table says {row['grants']!r}"


@of_life
def claim_what_stands_at_the_end_is_what_the_log_leaves(life: Life) -> Iterator[str]:
    begun = {e.deal for e in life.events if e.kind == "talks_begin"}
    begun |= {int(str(row["deal"]).split(",")[0]) for row in life.first_deals}
    over = {e.deal for e in life.events if e.kind in ("ends", "talks_fail")}
    standing = {int(str(row["deal"]).split(",")[0]) for row in life.last_deals}
    if not standing <= begun - over:
        yield f"deals {sorted(standing - (begun - over))} stand though they ended or never began"
