"""Claims about what two councils know of each other, and how much of it counts where."""

from __future__ import annotations

import math
from collections.abc import Iterator

from .claims import at_event, of_life
from .decisions import CALLS, IN_TALKS, decider, is_own
from .forms import HANDED_OVER, KNOWN_TO_BOTH, SERVICES
from .history import Deal, History
from .life import Event, Life

NEAR = 1e-9
WEIGHED = (*CALLS, *IN_TALKS)


@of_life
def claim_pairs_are_what_the_table_of_councils_says(life: Life) -> Iterator[str]:
    books = life.books[0]
    for (code, far), pair in life.pairs.items():
        one, other = books[code], books[far]
        found = {
            "distance": math.hypot(one["x_km"] - other["x_km"], one["y_km"] - other["y_km"]),
            "border": float(one["county"] != other["county"]),
            "tiers": float(one["tier"] != other["tier"]),
            "ratio": abs(math.log(one["population"] / other["population"])),
        }
        for name, value in found.items():
            if not math.isclose(pair[name], value, rel_tol=NEAR, abs_tol=NEAR):
                yield f"{name} of {code} and {far} is {pair[name]!r}, not {value!r}"
        if life.pairs.get((far, code), {}).get("means") != pair["means"]:
            yield f"{far} sees {code} otherwise"


@at_event
def claim_what_both_knew_weighs_no_more_in_talks_of_two(
    history: History, event: Event
) -> Iterator[str]:
    """Where it counts nothing once they talk, and no running deal is to be joined."""
    deal = history.deal_of(event)
    if event.kind not in ("walks_away", "votes_yes", "votes_no") or deal is None:
        return
    again = history.life.numbers[event.quarter].weighing.again
    if again > 0 or len(deal.members) > 2 or history.host_of(deal) is not None:
        return
    for name in KNOWN_TO_BOTH:
        if name in event.because:
            yield f"{name} weighs {event.because[name]!r} again"


@at_event
def claim_distance_is_named_only_where_it_is_new(history: History, event: Event) -> Iterator[str]:
    deal = history.deal_of(event)
    if event.kind not in ("walks_away", "votes_no") or event.reason != "distance" or deal is None:
        return
    if history.life.numbers[event.quarter].weighing.again > 0:
        yield "it weighs again, and is never named"
    elif len(deal.members) == 2 and history.host_of(deal) is None:
        yield "both knew how far apart they lie"


@at_event
def claim_what_both_know_weighs_by_the_numbers_of_the_pair(
    history: History, event: Event
) -> Iterator[str]:
    """In full before talks; in them between those who did not call each other, else in part.

    Of a service that is handed over between tiers some of it does not count. Only where nobody at
    the table has merged or grown.
    """
    if event.kind not in WEIGHED or (history.life.opens(event) and not event.because):
        return
    if event.kind == "walks_away" and not is_own(event):
        return
    me, others = decider(event), _across(history, event)
    if others is None or history.remade & {history.body.get(code, code) for code in (me, *others)}:
        return
    met = {other: known for other, known in others.items() if (me, other) in history.life.pairs}
    found = dict.fromkeys(KNOWN_TO_BOTH, 0.0)
    for other, known in met.items():
        for name, value in said_of(history, event, me, other).items():
            found[name] += known * value / len(met)
    for name, value in found.items():
        told = event.because.get(name, 0.0)
        if not math.isclose(told, value, rel_tol=NEAR, abs_tol=NEAR):
            yield f"{name} weighs {told!r}, the numbers of {me} and {[*met]} say {value!r}"


def _across(history: History, event: Event) -> dict[str, float] | None:
    """Return the others whom a decision is about, and what counts of what is known of each."""
    if event.kind in CALLS:
        return {str(event.council if event.kind == "talks_begin" else event.other): 1.0}
    deal = history.deal_of(event)
    if deal is None:
        return None
    me, again = history.bodies(event)[0], history.life.numbers[event.quarter].weighing.again
    host = history.host_of(deal)
    room = host if host is not None and me == deal.members[0] else deal
    return {other: again if _asked(deal, me, other) else 1.0
            for other in room.members if other != me}  # fmt: skip


def _asked(deal: Deal, me: str, other: str) -> bool:
    """Return whether one of two called the other to these talks."""
    return deal.members[0] in (me, other) and other in deal.members


def said_of(history: History, event: Event, me: str, other: str) -> dict[str, float]:
    """Return what one council thinks of another by what both know before they talk."""
    numbers, pair = history.life.numbers[event.quarter], history.life.pairs[me, other]
    weighs, scope, row = numbers.weighing, getattr(numbers, str(event.scope)), _row(history, me)
    picky = (1.0 + row["lesson_equal"]) * (1.0 + weighs.strategy * row["marriage"])
    counts = weighs.size_shallow + (1.0 - weighs.size_shallow) * scope.depth
    found = {
        "size": -weighs.size * picky * (pair["ratio"] - weighs.size_typical) * counts,
        "means": -weighs.resources * pair["means"],
        "tier": -weighs.tier * pair["tiers"],
        "border": -weighs.border * pair["border"],
        "distance": 0.0,
    }
    if not pair["adjacent"]:
        found["distance"] = -weighs.apart
        found["distance"] -= max(pair["distance"] - weighs.near, 0.0) / weighs.distance
    if event.scope in SERVICES and pair["tiers"]:
        for name in HANDED_OVER:
            found[name] *= 1.0 - weighs.delegation
    return found


def _row(history: History, code: str) -> dict:
    """Return the books of the morning, when lessons of this quarter are not yet taken in."""
    return history.life.books[history.quarter][code]


@at_event
def claim_only_a_service_is_handed_over(history: History, event: Event) -> Iterator[str]:
    """Where delegation is complete, neither size nor means nor duties weigh between tiers."""
    if event.kind not in CALLS or event.scope not in SERVICES:
        return
    one, other = str(event.council), str(event.other)
    books = history.life.books[event.quarter + 1]
    if history.life.numbers[event.quarter].weighing.delegation < 1:
        return
    if books[one]["tier"] != books[other]["tier"]:
        for name in HANDED_OVER:
            if name in event.because:
                yield f"{name} weighs {event.because[name]!r} though all is handed over"
